"""The tag of a level of urgency, as the letter prints it: shape and weight carry it, no colour."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from triage.letter.words.said.line import Mark
from triage.qt.parts.accessible import Heard, Words
from triage.qt.parts.colours import Colours, colours

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

    def sizeHint(self) -> QSize:
        """Return the size that shows everything."""
        return size_of(self._text, tag_font(self.font()))

    def minimumSizeHint(self) -> QSize:
        """Return the smallest size that is of use."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box, font = QRectF(self.rect()), tag_font(self.font())
        paint_tag(painter, box, self._text, self._mark, font, colours(self.palette()))
        painter.end()


def tag_font(font: QFont) -> QFont:
    """Return in which font a tag is set beside text in `font`."""
    made = QFont(font)
    made.setWeight(QFont.Weight.Black)
    made.setLetterSpacing(QFont.SpacingType.PercentageSpacing, 104)
    return made


def size_of(text: str, font: QFont) -> QSize:
    """Return the size of a tag in the font of tags."""
    metrics = QFontMetrics(font)
    return QSize(metrics.horizontalAdvance(text) + 2 * _PAD_X, metrics.height() + 2 * _PAD_Y)


def paint_tag(
    painter: QPainter, box: QRectF, text: str, mark: Mark, font: QFont, c: Colours
) -> None:
    """Paint a level, in capitals, into a box."""
    grounds = {
        Mark.EMERGENCY: (c.alarm, c.on_alarm),
        Mark.URGENT: (c.ink, c.paper),
        Mark.SOON: (c.absent, c.on_absent),
    }
    ground, ink = grounds.get(mark, ("", c.ink))
    if ground:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(ground))
        painter.drawRoundedRect(box, 2, 2)
    else:
        dash = Qt.PenStyle.SolidLine if mark is Mark.ROUTINE else Qt.PenStyle.DashLine
        painter.setPen(QPen(QColor(c.ink), 1.5, dash))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 2, 2)
    painter.setFont(font)
    painter.setPen(QColor(ink))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
