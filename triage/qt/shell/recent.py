"""The menu of the cases that were changed last."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from triage.qt.parts.menu import Menu
from triage.qt.parts.words import tr

if TYPE_CHECKING:
    from triage.store import DraftInfo


class RecentMenu(Menu):
    """Offers cases. Whoever is told that it opens says which (`show_cases`).

    Signals
    -------
    chosen : str
        The user wants the case of this id.
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(tr("&Recent cases"), parent)
        self.triggered.connect(self._on_triggered)
        # Once the choice was heard: no name stays in a menu that nobody looks at.
        self.aboutToHide.connect(self._on_hidden, Qt.ConnectionType.QueuedConnection)

    def show_cases(self, cases: Iterable[DraftInfo]) -> None:
        """Show these cases, each with its digit: who, and where it stands."""
        self.clear()
        for at, info in enumerate(cases, start=1):
            born = tr("born {day}", day=info.born.words()) if info.born else ""
            text = ", ".join(filter(None, (info.name, born, info.stands))).replace("&", "&&")
            self.addAction(f"&{at} {text}").setData(info.id)
        if self.isEmpty():
            self.addAction(tr("No other cases")).setEnabled(False)

    @Slot()
    def _on_hidden(self) -> None:
        self.clear()

    @Slot(QAction)
    def _on_triggered(self, action: QAction) -> None:
        self.chosen.emit(str(action.data()))
