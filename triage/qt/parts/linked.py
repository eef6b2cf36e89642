"""Words with links in them."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtWidgets import QLabel, QWidget


class Linked(QLabel):
    """Rich text whose links have the colour of the scheme. They are for the mouse: keys have ways of their own.

    It takes the width that it is given, and is as high as it needs at that.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.LinksAccessibleByMouse)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        # How high it is by its width: Qt lays rich text out anew each time it is asked.
        self._heights: dict[int, int] = {}

    def setText(self, text: str) -> None:
        self._heights.clear()
        super().setText(text)

    def sizeHint(self) -> QSize:
        return QSize(0, 0)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, 0)

    def heightForWidth(self, width: int) -> int:
        if width not in self._heights:
            self._heights[width] = super().heightForWidth(width)
        return self._heights[width]

    def changeEvent(self, event: QEvent) -> None:
        """Give the links another colour: Qt keeps that of the moment at which a text was set."""
        self._heights.clear()
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and (text := self.text()):
            self.setText("")
            self.setText(text)
