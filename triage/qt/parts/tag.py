"""The tag of a level of urgency, as the letter prints it: shape and weight carry it, no colour."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from triage.letter.words.said.line import Mark
from triage.qt.parts.accessible import Heard, Words
from triage.qt.parts.theme import colours

_PAD_X, _PAD_Y = 8, 2


class LevelTag(QWidget):
    """A level in capitals: white on alarm, paper on ink, on grey, framed, or dashed while nothing is sure."""

    heard: type[Heard] = Words

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = ""
        self._mark = Mark.OPEN
        policy = QSizePolicy.Policy
        self.setSizePolicy(policy.Fixed, policy.Fixed)

    def text(self) -> str:
        """Return what it says."""
        return self._text

    def set_tag(self, text: str, mark: Mark) -> None:
        """Show a level: its name, and the sign that stands for it."""
        if (text.upper(), mark) != (self._text, self._mark):
            self._text, self._mark = text.upper(), mark
            self.setAccessibleName(text)
            self.updateGeometry()
            self.update()

    def _font(self) -> QFont:
        font = QFont(self.font())
        font.setWeight(QFont.Weight.Black)
        font.setLetterSpacing(QFont.SpacingType.PercentageSpacing, 104)
        return font

    def sizeHint(self) -> QSize:
        """Return the size that shows everything."""
        metrics = QFontMetrics(self._font())
        wide = metrics.horizontalAdvance(self._text) + 2 * _PAD_X
        return QSize(wide, metrics.height() + 2 * _PAD_Y)

    def minimumSizeHint(self) -> QSize:
        """Return the smallest size that is of use."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint."""
        c = colours(self.palette())
        grounds = {
            Mark.EMERGENCY: (c.alarm, c.on_alarm),
            Mark.URGENT: (c.ink, c.paper),
            Mark.SOON: (c.absent, c.on_absent),
        }
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect())
        ground, ink = grounds.get(self._mark, ("", c.ink))
        if ground:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(ground))
            painter.drawRoundedRect(box, 2, 2)
        else:
            dash = Qt.PenStyle.SolidLine if self._mark is Mark.ROUTINE else Qt.PenStyle.DashLine
            painter.setPen(QPen(QColor(c.ink), 1.5, dash))
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 2, 2)
        painter.setFont(self._font())
        painter.setPen(QColor(ink))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self._text)
        painter.end()
