"""The question at a start where the cases can only be read."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from triage.qt.parts.box import Box
from triage.qt.parts.words import tr


class ReadOnlyBox(Box):
    """Asks whether to read them, or to work in another folder."""

    def __init__(self, parent: QWidget | None = None) -> None:
        asks = tr(
            "The cases can be read but not changed: the folder is read-only. Read only, or choose another folder?"
        )
        super().__init__(tr("Cases"), asks, parent=parent)
        self.read = self.add_harmless(tr("Read only"))
        self.choose = self.add_act(tr("Choose…"))
        self.shut = self.add_act(tr("Close"))
