"""How much a question matters, and the sign in front of it that says so."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QWidget

from triage.letter.words.said.line import Mark
from triage.qt.parts.accessible import Sign
from triage.qt.parts.colours import colours
from triage.qt.parts.marks import draw_mark
from triage.qt.parts.words import tr


class Need(Enum):
    """How much a question matters."""

    NONE = ""
    CORE = tr("Core path")
    SAFETY = tr("Minimum safety set: while this is open, the urgency is provisional")


class NeedMark(QWidget):
    """A star for the minimum safety set, a dot for the core path; in their place a sign of what is recorded."""

    heard = Sign

    def __init__(self, need: Need, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._need = need
        self.sign = Mark.NONE
        self.setToolTip(need.value)
        self.setFixedWidth(20)

    def sizeHint(self) -> QSize:
        return QSize(20, self.fontMetrics().height() + 8)

    def show_sign(self, sign: Mark) -> None:
        """Show the sign of what is recorded, or again how much the question matters."""
        if sign is not self.sign:
            self.sign = sign
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self.sign is not Mark.NONE:
            side = self.fontMetrics().height() * 0.8
            box = QRectF(0, 0, side, side)
            box.moveCenter(QPointF(10, 8 + self.fontMetrics().height() / 2))
            draw_mark(painter, self.sign, box, colours(self.palette()))
            painter.end()
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours(self.palette()).ink2))
        painter.translate(10, 8 + self.fontMetrics().height() / 2)
        if self._need is Need.CORE:
            painter.drawEllipse(QPointF(0, 0), 2.2, 2.2)
        elif self._need is Need.SAFETY:
            painter.drawPolygon(_STAR)
        painter.end()


_STAR = QPolygonF(
    [
        QPointF(x, y)
        for x, y in (
            (0, -4.6),
            (1.2, -1.5),
            (4.5, -1.4),
            (1.9, 0.6),
            (2.8, 3.8),
            (0, 2),
            (-2.8, 3.8),
            (-1.9, 0.6),
            (-4.5, -1.4),
            (-1.2, -1.5),
        )
    ]
)
