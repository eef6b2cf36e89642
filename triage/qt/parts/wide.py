"""Fields that are as wide as what is typed into them, in whatever size the text is."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication, QWidget


class Wide(QObject):
    """Keeps a widget as wide as so many letters of the usual text. Whoever sizes the text has it fitted.

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
        self._widget = widget
        self._letters, self._around = letters, around
        self.fit()

    def fit(self) -> None:
        """Give the widget its width in the size that the text has now."""
        letter = QFontMetrics(QApplication.font()).averageCharWidth()
        self._widget.setFixedWidth(letter * self._letters + self._around)
