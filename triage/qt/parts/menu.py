"""A menu whose entries are read whole, however large the text is, and whose shortcuts fold it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget


class Menu(QMenu):
    """Is wide enough for its entries, and folds before one of them acts by its shortcut.

    The style sets the text as far in as a box to tick is wide, which grows with the text, and does not reckon with it.
    """

    def __init__(self, title: str, parent: QWidget) -> None:
        super().__init__(title, parent)
        self.aboutToShow.connect(self._make_room)

    @Slot()
    def _make_room(self) -> None:
        self.setMinimumWidth(0)
        self.setMinimumWidth(self.sizeHint().width() + self.fontMetrics().height())

    def event(self, event: QEvent) -> bool:
        # By itself Qt acts behind the menu, which stays, and takes a shortcut without Shift for the one with it.
        if isinstance(event, QKeyEvent) and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            if event.type() == QEvent.Type.KeyPress:
                self._take(QKeySequence(event.keyCombination()))
            event.accept()
            return True
        return super().event(event)

    def _take(self, pressed: QKeySequence) -> None:
        """Do what an entry has this shortcut for; that of another menu does nothing here."""
        for action in self.actions():
            if action.isEnabled() and pressed in action.shortcuts():
                self.close()
                action.trigger()
                return
