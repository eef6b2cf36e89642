"""Fields that are as wide as what is typed into them, in whatever size the text is."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication, QWidget


class Wide(QObject):
    """Keeps a widget as wide as so many letters of the usual text.

    Parameters
    ----------
    widget
        The widget.
    letters
        How many it holds.
    around
        Pixels beside them.
    """

    def __init__(self, widget: QWidget, letters: int, around: int = 0) -> None:
        super().__init__(widget)
        self._letters, self._around = letters, around
        self._fit(widget)
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FontChange and isinstance(watched, QWidget):
            self._fit(watched)
        return False

    def _fit(self, widget: QWidget) -> None:
        letter = QFontMetrics(QApplication.font()).averageCharWidth()
        widget.setFixedWidth(letter * self._letters + self._around)
