"""Keys drawn as caps, with what they do behind them: what the line and F1 show of the one table of keys."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from triage.qt.parts.accessible import Heard, Words

_ROLE = QPalette.ColorRole
_PAD, _GAP, _APART = 5, 4, 14
Keyed = tuple[tuple[str, str], ...]


class Caps(QWidget):
    """A row of keys and words; a screen reader hears them as its name.

    Parameters
    ----------
    shown
        Pairs of keys, with blanks between, and words.
    """

    heard: type[Heard] = Words

    def __init__(self, shown: Keyed = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.shown: Keyed = ()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.show_keys(shown)

    def show_keys(self, shown: Keyed) -> None:
        """Show other keys."""
        if shown != self.shown:
            self.shown = shown
            self.setAccessibleName(", ".join(f"{keys} {words}".strip() for keys, words in shown))
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(round(self._set(None)) + 2, self.fontMetrics().height() + 4)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._set(painter)
        painter.end()

    def _set(self, painter: QPainter | None) -> float:
        """Set the keys and words, and return how wide they are; without a painter only measure."""
        bold = QFont(self.font())
        bold.setWeight(QFont.Weight.Bold)
        bold.setPointSizeF(bold.pointSizeF() * 0.9)
        cap, plain = QFontMetricsF(bold), QFontMetricsF(self.font())
        x, high = 1.0, self.height()
        for at, (keys, words) in enumerate(self.shown):
            x += _APART if at else 0
            for key in keys.split(" "):
                width = max(cap.horizontalAdvance(key) + 2 * _PAD, cap.height())
                if painter is not None:
                    box = QRectF(x, (high - cap.height() - 2) / 2, width, cap.height() + 2)
                    painter.setPen(QPen(self.palette().color(_ROLE.PlaceholderText), 1))
                    painter.drawRoundedRect(box, 3, 3)
                    painter.setFont(bold)
                    painter.setPen(self.palette().color(_ROLE.Text))
                    painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), key)
                x += width + _GAP
            width = plain.horizontalAdvance(words)
            if painter is not None and words:
                painter.setFont(self.font())
                painter.setPen(self.palette().color(_ROLE.PlaceholderText))
                box = QRectF(x, 0, width + 1, high)
                painter.drawText(box, int(Qt.AlignmentFlag.AlignVCenter), words)
            x += width if words else -_GAP
        return x
