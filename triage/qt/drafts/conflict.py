"""The question of a file of cases that another computer left beside ours."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from triage.qt.parts.box import Box
from triage.qt.parts.words import tr


class ConflictBox(Box):
    """Asks whether its cases are to be taken over.

    Parameters
    ----------
    name, holds
        The name of the file, and in words what in it is not here.
    count
        How many cases that is.
    """

    def __init__(self, name: str, holds: str, count: int, parent: QWidget | None = None) -> None:
        asks = tr(
            "Another computer, or a synchronising program, left a second file of cases: {name}",
            name=name,
        )
        rest = (
            tr(
                " Cases with other edits or letters become cases of their own. Nothing is overwritten or deleted."
            )
            if count
            else tr(" Setting it aside keeps it under another name.")
        )
        says = tr("It holds {holds}.{rest}", holds=holds, rest=rest)
        super().__init__(tr("Another file of cases"), asks, says, parent)
        self.yes = self.add_act(tr("Take over its cases") if count else tr("Set it aside"))
        self.no = self.add_harmless(tr("Not now"))
