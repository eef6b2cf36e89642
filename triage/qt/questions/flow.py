"""Layouts for columns of any width: lines that wrap like words, and a label with its input."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget


class FlowLayout(QLayout):
    """Sets its widgets from left to right and wraps.

    Parameters
    ----------
    gap, line_gap
        Pixels between widgets and between lines.
    """

    def __init__(self, parent: QWidget | None = None, *, gap: int = 4, line_gap: int = 4) -> None:
        super().__init__(parent)
        self._gap = gap
        self._line_gap = line_gap
        self._placed: list[QLayoutItem] = []
        self._heights: dict[int, int] = {}
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:
        self._placed.append(item)
        self.invalidate()

    def count(self) -> int:
        return len(self._placed)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._placed[index] if 0 <= index < len(self._placed) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        self.invalidate()
        return self._placed.pop(index) if 0 <= index < len(self._placed) else None

    def invalidate(self) -> None:
        self._heights.clear()
        super().invalidate()

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        # Asked for many times in one pass over a page.
        if width not in self._heights:
            self._heights[width] = self._place(QRect(0, 0, width, 0), moving=False)
        return self._heights[width]

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._place(rect, moving=True)

    def sizeHint(self) -> QSize:
        hints = [item.sizeHint() for item in self._placed if not item.isEmpty()]
        if not hints:
            return QSize(0, 0)
        width = sum(hint.width() for hint in hints) + self._gap * (len(hints) - 1)
        return QSize(width, max(hint.height() for hint in hints))

    def minimumSize(self) -> QSize:
        least = QSize(0, 0)
        for item in self._placed:
            if not item.isEmpty():
                least = least.expandedTo(item.minimumSize())
        return least

    def _place(self, rect: QRect, *, moving: bool) -> int:
        """Set the widgets into `rect` if `moving`; return the height that they need."""
        x, y, tallest = rect.x(), rect.y(), 0
        for item in self._placed:
            if item.isEmpty():
                continue
            hint = item.sizeHint()
            if x > rect.x() and x + hint.width() > rect.right() + 1:
                x, y, tallest = rect.x(), y + tallest + self._line_gap, 0
            size = QSize(min(hint.width(), max(rect.width(), 1)), hint.height())
            if moving:
                item.setGeometry(QRect(QPoint(x, y), size))
            x += size.width() + self._gap
            tallest = max(tallest, size.height())
        return y + tallest - rect.y()


class HeadLayout(QLayout):
    """Sets an input right of its label or, where that takes less room, below it.

    Parameters
    ----------
    gutter, label, side
        What stands in front, the label, and the input.
    """

    def __init__(self, gutter: QWidget, label: QLayout, side: QLayout) -> None:
        super().__init__()
        self._heights: dict[int, int] = {}
        self._items: list[QLayoutItem] = []
        self.setContentsMargins(0, 0, 0, 0)
        self.addWidget(gutter)
        for part in (label, side):
            self.addChildLayout(part)
            self.addItem(part)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)
        self.invalidate()

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        self.invalidate()
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def invalidate(self) -> None:
        self._heights.clear()
        super().invalidate()

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation.Horizontal

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        if width not in self._heights:
            self._heights[width] = self._place(QRect(0, 0, width, 0), moving=False)
        return self._heights[width]

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._place(rect, moving=True)

    def sizeHint(self) -> QSize:
        gutter, label, side = (item.sizeHint() for item in self._items)
        height = max(label.height(), side.height())
        return QSize(gutter.width() + label.width() + side.width(), height)

    def minimumSize(self) -> QSize:
        gutter, label, side = (item.minimumSize() for item in self._items)
        width = gutter.width() + max(label.width(), side.width())
        return QSize(width, max(label.height(), side.height()))

    def _place(self, rect: QRect, *, moving: bool) -> int:
        """Set the parts into `rect` if `moving`; return the height that they need."""
        gutter, label, side = self._items
        lead = gutter.sizeHint().width()
        whole = max(rect.width() - lead, 1)
        wanted = side.sizeHint().width()
        room = whole - wanted
        narrow = _height(label, room) if room >= label.minimumSize().width() else _NEVER
        beside = max(narrow, _height(side, wanted))
        wide, low = _height(label, whole), _height(side, min(wanted, whole))
        below = wide + low
        stands_beside = beside <= below
        if moving:
            x, y = rect.x() + lead, rect.y()
            gutter.setGeometry(QRect(rect.x(), y, lead, min(gutter.sizeHint().height(), wide)))
            if stands_beside:
                label.setGeometry(QRect(x, y, room, narrow))
                side.setGeometry(QRect(x + room, y, wanted, max(beside, rect.height())))
            else:
                label.setGeometry(QRect(x, y, whole, wide))
                width = min(wanted, whole)
                side.setGeometry(QRect(x + whole - width, y + wide, width, low))
        return min(beside, below)


_NEVER = 1 << 20


def _height(item: QLayoutItem, width: int) -> int:
    if item.hasHeightForWidth():
        return item.heightForWidth(width)
    return item.sizeHint().height()
