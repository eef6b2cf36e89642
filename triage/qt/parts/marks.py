"""Small drawn signs. Lato has no triangle, tick or box, and a colour alone must never carry a meaning."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from triage.letter.words.said.line import Mark
from triage.qt.parts.accessible import Sign
from triage.qt.parts.colours import Colours, colours


def draw_mark(
    painter: QPainter,
    mark: Mark,
    box: QRectF,
    c: Colours,
    ink: QColor | None = None,
    paper: QColor | None = None,
) -> None:
    """Draw `mark` into the square `box`; `ink` and `paper` replace its own colours."""
    if mark is Mark.NONE:
        return
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    colour = ink or QColor(getattr(c, _COLOURS.get(mark, "ink")))
    pen = QPen(colour, 1.5)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.translate(box.topLeft())
    painter.scale(box.width() / 12, box.height() / 12)
    painter.setPen(pen)
    _SHAPES[mark](painter, colour, paper or QColor(c.paper))
    painter.restore()


def _octagon(painter: QPainter, colour: QColor, paper: QColor) -> None:
    painter.setBrush(colour)
    painter.drawPolygon(
        _polygon((4, 1), (8, 1), (11, 4), (11, 8), (8, 11), (4, 11), (1, 8), (1, 4))
    )
    painter.setPen(QPen(paper, 1.7))
    painter.drawLine(QPointF(6, 3.2), QPointF(6, 6.6))
    painter.drawPoint(QPointF(6, 8.9))


def _hollow_octagon(painter: QPainter, colour: QColor, paper: QColor) -> None:
    painter.drawPolygon(
        _polygon((4, 1), (8, 1), (11, 4), (11, 8), (8, 11), (4, 11), (1, 8), (1, 4))
    )
    painter.drawLine(QPointF(6, 3.4), QPointF(6, 6.4))
    painter.drawPoint(QPointF(6, 8.7))


def _triangle(painter: QPainter, colour: QColor, paper: QColor) -> None:
    painter.setBrush(colour)
    painter.drawPolygon(_polygon((6, 1.2), (11.2, 10.6), (0.8, 10.6)))
    painter.setPen(QPen(paper, 1.5))
    painter.drawLine(QPointF(6, 4.6), QPointF(6, 7))
    painter.drawPoint(QPointF(6, 9))


def _half(painter: QPainter, colour: QColor, paper: QColor) -> None:
    painter.drawEllipse(QPointF(6, 6), 4.6, 4.6)
    painter.setBrush(colour)
    painter.drawPie(QRectF(1.4, 1.4, 9.2, 9.2), 90 * 16, -180 * 16)


def _ring(painter: QPainter, colour: QColor, paper: QColor) -> None:
    painter.drawEllipse(QPointF(6, 6), 4.2, 4.2)


def _plus(painter: QPainter, colour: QColor, paper: QColor) -> None:
    painter.drawLine(QPointF(2.5, 6), QPointF(9.5, 6))
    painter.drawLine(QPointF(6, 2.5), QPointF(6, 9.5))


def _minus(painter: QPainter, colour: QColor, paper: QColor) -> None:
    painter.drawLine(QPointF(2.5, 6), QPointF(9.5, 6))


def _dots(painter: QPainter, colour: QColor, paper: QColor) -> None:
    painter.setPen(QPen(colour, 1.2, Qt.PenStyle.DotLine))
    painter.drawRoundedRect(QRectF(2, 2, 8, 8), 1.5, 1.5)


def _hollow_triangle(painter: QPainter, colour: QColor, paper: QColor) -> None:
    painter.drawPolygon(_polygon((6, 1.6), (10.9, 10.4), (1.1, 10.4)))
    painter.drawLine(QPointF(6, 4.8), QPointF(6, 7.2))
    painter.drawPoint(QPointF(6, 9))


def _right(painter: QPainter, colour: QColor, paper: QColor) -> None:
    painter.drawPolyline(_polygon((4.5, 2.8), (8, 6), (4.5, 9.2)))


def _down(painter: QPainter, colour: QColor, paper: QColor) -> None:
    painter.drawPolyline(_polygon((2.8, 4.5), (6, 8), (9.2, 4.5)))


def _tick(painter: QPainter, colour: QColor, paper: QColor) -> None:
    painter.drawPolyline(_polygon((2, 6.4), (4.8, 9.2), (10, 3.2)))


def _bar(painter: QPainter, colour: QColor, paper: QColor) -> None:
    painter.drawEllipse(QPointF(6, 6), 4.6, 4.6)
    painter.drawLine(QPointF(2.9, 9.1), QPointF(9.1, 2.9))


def _unequal(painter: QPainter, colour: QColor, paper: QColor) -> None:
    painter.drawLine(QPointF(2, 4.2), QPointF(10, 4.2))
    painter.drawLine(QPointF(2, 7.8), QPointF(10, 7.8))
    painter.drawLine(QPointF(4, 10.6), QPointF(8, 1.4))


def _flag(painter: QPainter, colour: QColor, paper: QColor) -> None:
    painter.drawLine(QPointF(3, 1.4), QPointF(3, 11))
    painter.setBrush(colour)
    painter.drawPolygon(_polygon((3, 1.8), (10, 4.2), (3, 6.6)))


def _padlock(painter: QPainter, colour: QColor, paper: QColor) -> None:
    painter.drawArc(QRectF(3.2, 1, 5.6, 8), 0, 180 * 16)
    painter.setBrush(colour)
    painter.drawRoundedRect(QRectF(2, 5.4, 8, 5.4), 0.8, 0.8)


def _box(painter: QPainter, colour: QColor, paper: QColor) -> None:
    painter.setPen(QPen(colour, 1))
    painter.drawRoundedRect(QRectF(0.5, 0.5, 11, 11), 1.5, 1.5)


def _filled(painter: QPainter, colour: QColor, paper: QColor) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawRoundedRect(QRectF(0.2, 0.2, 11.6, 11.6), 1.5, 1.5)
    painter.setPen(QPen(paper, 1.5))


def _accepted(painter: QPainter, colour: QColor, paper: QColor) -> None:
    _filled(painter, colour, paper)
    painter.drawPolyline(_polygon((2.8, 6.2), (5, 8.4), (9.3, 3.8)))


def _declined(painter: QPainter, colour: QColor, paper: QColor) -> None:
    _filled(painter, colour, paper)
    painter.drawLine(QPointF(4, 4), QPointF(8, 8))
    painter.drawLine(QPointF(8, 4), QPointF(4, 8))


def _later(painter: QPainter, colour: QColor, paper: QColor) -> None:
    _box(painter, colour, paper)
    painter.setBrush(colour)
    painter.drawEllipse(QPointF(6, 6), 1.6, 1.6)


def _polygon(*points: tuple[float, float]) -> QPolygonF:
    return QPolygonF([QPointF(x, y) for x, y in points])


_SHAPES = {
    Mark.EMERGENCY: _octagon,
    Mark.MAYBE_EMERGENCY: _hollow_octagon,
    Mark.URGENT: _triangle,
    Mark.MAYBE_URGENT: _hollow_triangle,
    Mark.SOON: _half,
    Mark.ROUTINE: _ring,
    Mark.PLUS: _plus,
    Mark.MINUS: _minus,
    Mark.OPEN: _dots,
    Mark.CAUTION: _hollow_triangle,
    Mark.CLOSED_GROUP: _right,
    Mark.OPEN_GROUP: _down,
    Mark.DONE: _tick,
    Mark.NOT: _bar,
    Mark.UNEQUAL: _unequal,
    Mark.FLAG: _flag,
    Mark.LOCKED: _padlock,
    Mark.BOX: _box,
    Mark.BOX_ACCEPTED: _accepted,
    Mark.BOX_DECLINED: _declined,
    Mark.BOX_LATER: _later,
}
_COLOURS = {
    Mark.EMERGENCY: "alarm",
    Mark.MAYBE_EMERGENCY: "alarm",
    Mark.CAUTION: "caution",
    Mark.UNEQUAL: "alarm",
    Mark.FLAG: "caution",
    Mark.BOX_ACCEPTED: "chosen",
}


class MarkLabel(QWidget):
    """A sign by itself, as large as the text beside it.

    Parameters
    ----------
    mark
        The sign.
    factor
        Size in heights of a capital letter's line.
    """

    heard = Sign

    def __init__(
        self, parent: QWidget | None = None, mark: Mark = Mark.NONE, factor: float = 0.85
    ) -> None:
        super().__init__(parent)
        self._mark = mark
        self._factor = factor
        self._alarm = False
        self.setVisible(mark is not Mark.NONE)

    @property
    def mark(self) -> Mark:
        """The sign that is shown."""
        return self._mark

    def set_mark(self, mark: Mark, *, alarm: bool = False) -> None:
        """Show another sign; `alarm` if it stands on the colour of alarm."""
        if (mark, alarm) != (self._mark, self._alarm):
            self._mark, self._alarm = mark, alarm
            self.setVisible(mark is not Mark.NONE)
            self.update()

    def sizeHint(self) -> QSize:
        """Return the size that shows everything."""
        side = round(self.fontMetrics().height() * self._factor)
        return QSize(side, side)

    def minimumSizeHint(self) -> QSize:
        """Return the smallest size that is of use."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint."""
        side = min(self.width(), self.height())
        box = QRectF((self.width() - side) / 2, (self.height() - side) / 2, side, side)
        c = colours(self.palette())
        ink, paper = (QColor(c.on_alarm), QColor(c.alarm)) if self._alarm else (None, None)
        painter = QPainter(self)
        draw_mark(painter, self._mark, box.adjusted(0.5, 0.5, -0.5, -0.5), c, ink, paper)
        painter.end()
