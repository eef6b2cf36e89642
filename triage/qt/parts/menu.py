"""A menu whose entries are read whole, however large the text is."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QMenu, QWidget


class Menu(QMenu):
    """Is wide enough for its entries.

    The style sets the text as far in as a box to tick is wide, which grows with the text, and does not reckon with it.
    """

    def __init__(self, title: str, parent: QWidget) -> None:
        super().__init__(title, parent)
        self.aboutToShow.connect(self._make_room)

    @Slot()
    def _make_room(self) -> None:
        self.setMinimumWidth(0)
        self.setMinimumWidth(self.sizeHint().width() + self.fontMetrics().height())
