"""How much a question matters, and the sign in front of it that says so."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPolygonF
from PySide6.QtWidgets import QWidget

_ROLE = QPalette.ColorRole


class Need(Enum):
    """How much a question matters."""

    NONE = ""
    CORE = "Core path"
    SAFETY = "Minimum safety set: while this is open, the urgency is provisional"


class NeedMark(QWidget):
    """A star for the minimum safety set, a dot for the core path."""

    def __init__(self, need: Need, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._need = need
        self.setToolTip(need.value)
        self.setFixedWidth(12)

    def sizeHint(self) -> QSize:
        return QSize(12, self.fontMetrics().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        middle = min(self.height(), self.fontMetrics().height()) / 2 + 1
        painter.translate(4, middle + 2)
        if self._need is Need.CORE:
            painter.setBrush(self.palette().color(_ROLE.PlaceholderText))
            painter.drawEllipse(QPointF(0, 0), 2.2, 2.2)
        elif self._need is Need.SAFETY:
            painter.setBrush(self.palette().color(_ROLE.Highlight))
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
