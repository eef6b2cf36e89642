"""Widgets for columns of any width: lines that wrap like words, and a label with its input.

They are widgets and not layouts, and keep no lists: when Python clears a tree of widgets, Qt still
asks a layout for its items, and one that is written in Python has lost them by then.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QEvent, QObject, QRect, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QLayout, QSizePolicy, QWidget


class Wrapped(QWidget):
    """Base of widgets that place their parts by themselves, and are as high as these need."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        # What it said last that it wants.
        self._wanted = QSize()
        # Whether its parts are to be placed, even if it keeps its size.
        self.is_due = False

    def parts(self) -> list[QWidget]:
        """Return the parts in sight, in order."""
        return [part for part in self.children() if _is_shown(part)]  # type: ignore[misc]

    def place(self, width: int, *, moving: bool) -> int:
        """Set the parts into `width` pixels if `moving`; return the height that they need."""
        raise NotImplementedError

    def wanted(self) -> QSize:
        """Return the size that it needs in one line."""
        raise NotImplementedError

    def sizeHint(self) -> QSize:
        self._wanted = self.wanted()
        return self._wanted

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self.place(width, moving=False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.is_due = False
        self.place(self.width(), moving=True)

    def event(self, event: QEvent) -> bool:
        # A part came, went or changed its size.
        if event.type() == QEvent.Type.LayoutRequest:
            high, said = self.place(self.width(), moving=True), self._wanted
            # Else all around it would be laid out anew, and that again for each part of a part.
            if high != self.height() or self.sizeHint() != said:
                self.updateGeometry()
        return super().event(event)


class Column(QWidget):
    """Holds a layout of lines: as wide as there is room, and as high as they need at that width.

    How high they would be at the width that they like best nobody needs to know, and Qt works out at each change.
    """

    def sizeHint(self) -> QSize:
        return QSize(0, 0)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, 0)


class Flow(Wrapped):
    """Sets its parts from left to right and wraps.

    Parameters
    ----------
    gap, line_gap
        Pixels between parts and between lines.
    """

    gap = 4
    line_gap = 4

    def __init__(self, parent: QWidget | None = None, *, gap: int = 4, line_gap: int = 4) -> None:
        super().__init__(parent)
        self.gap = gap
        self.line_gap = line_gap

    def add(self, part: QWidget) -> None:
        """Set `part` behind the others."""
        part.setParent(self)
        if self.isVisible():
            part.show()

    def wanted(self) -> QSize:
        """Return the size that all parts need in one line."""
        hints = [hint_of(part) for part in self.parts()]
        if not hints:
            return QSize(0, 0)
        width = sum(hint.width() for hint in hints) + self.gap * (len(hints) - 1)
        return QSize(width, max(hint.height() for hint in hints))

    def minimumSizeHint(self) -> QSize:
        least = QSize(0, 0)
        for part in self.parts():
            least = least.expandedTo(least_of(part))
        return least

    def place(self, width: int, *, moving: bool) -> int:
        """Set the parts into `width` pixels if `moving`; return the height that they need."""
        x, y, tallest = 0, 0, 0
        line: list[tuple[QWidget, QRect]] = []
        for part in self.parts():
            hint = hint_of(part)
            if x > 0 and x + hint.width() > width:
                _set(line, tallest)
                x, y, tallest = 0, y + tallest + self.line_gap, 0
            across = min(hint.width(), max(width, 1))
            # A part for which even a whole line is too short wraps by itself.
            high = hint.height() if across == hint.width() else height_of(part, across)
            if moving:
                line.append((part, QRect(x, y, across, high)))
            x += across + self.gap
            tallest = max(tallest, high)
        _set(line, tallest)
        return y + tallest


def _set(line: list[tuple[QWidget, QRect]], tallest: int) -> None:
    """Set the parts of a line, each in the middle of its height."""
    for part, place in line:
        part.setGeometry(place.translated(0, (tallest - place.height()) // 2))
    line.clear()


class Head(Wrapped):
    """Sets answers on an axis right of their label or, where the room is narrow, below it.

    All of them in a column begin on the same line, and none goes on where the eye would lose it.

    Parameters
    ----------
    gutter
        What stands in front of the label.
    words, side
        Where the label stands, and where the answers.
    """

    def __init__(self, gutter: QWidget, words: QLayout, side: QLayout) -> None:
        super().__init__()
        gutter.setParent(self)
        self.setAttribute(Qt.WidgetAttribute.WA_StaticContents)
        for layout in (words, side):
            part = QWidget(self)
            part.setAttribute(Qt.WidgetAttribute.WA_StaticContents)
            part.setLayout(layout)

    def wanted(self) -> QSize:
        """Return no size: as a `Column`, it is as wide as there is room."""
        return QSize(0, 0)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, 0)

    def _three(self) -> tuple[QWidget, QWidget, QWidget]:
        gutter, words, side = (part for part in self.children() if isinstance(part, QWidget))
        return gutter, words, side

    def place(self, width: int, *, moving: bool) -> int:
        """Set the parts into `width` pixels if `moving`; return the height that they need."""
        gutter, words, side = self._three()
        lead = hint_of(gutter).width()
        width = min(width, scaled(self, _WIDEST))
        axis = axis_of(self, width)
        across = max(width - (axis or lead), 1)
        label = max((axis or width) - lead, 1)
        high, low = height_of(words, label), height_of(side, across)
        if moving:
            gutter.setGeometry(0, 0, lead, hint_of(gutter).height() + 4)
            words.setGeometry(lead, 0, label, high)
            side.setGeometry(axis or lead, 0 if axis else high, across, low)
        return max(high, low) if axis else high + low


# How wide a column of questions is, and where its answers then begin, in pixels at the usual size of the text.
_AXES = ((860, 300), (560, 260), (430, 224))
_WIDEST = 920
_USUAL = 17
# From a button to its page, at most.
_DEPTH = 10


def place_pending() -> None:
    """Place now whatever asked for it, before anything is painted.

    A part that was placed may ask what it stands in to be placed, and so on outwards; Qt does one step at a time and
    paints in between.
    """
    for _ in range(_DEPTH):
        QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)


def drop_pending(kind: QEvent.Type) -> None:
    """Have nothing come of the events of a kind that wait: it is done already."""
    # Its stub asks for a receiver, and None means all.
    QApplication.removePostedEvents(None, kind)  # type: ignore[arg-type]


def scaled(widget: QWidget, pixels: int) -> int:
    """Return a length at the usual size of the text as it is at that of a widget."""
    return round(pixels * widget.fontMetrics().height() / _USUAL)


def axis_of(widget: QWidget, width: int) -> int:
    """Return where answers begin in a column of that width; 0 where they stand below their labels."""
    return next((scaled(widget, at) for least, at in _AXES if width >= scaled(widget, least)), 0)


# What parts want, while all of a page is placed.
_hints: dict[QWidget, QSize] = {}
_placing = 0


@contextmanager
def placed_at_once() -> Iterator[None]:
    """Ask each part once what size it wants: while all of a page is placed no part comes to want another."""
    global _placing
    _placing += 1
    try:
        yield
    finally:
        _placing -= 1
        if not _placing:
            _hints.clear()


def hint_of(part: QWidget) -> QSize:
    """Return the size that a part wants, within its bounds."""
    hint = _hints.get(part)
    if hint is None:
        wanted = part.sizeHint().expandedTo(part.minimumSizeHint())
        hint = wanted.boundedTo(part.maximumSize()).expandedTo(part.minimumSize())
        if _placing:
            _hints[part] = hint
    return hint


def least_of(part: QWidget) -> QSize:
    """Return the least size of a part."""
    fixed = part.sizePolicy().horizontalPolicy() == QSizePolicy.Policy.Fixed
    least = part.sizeHint() if fixed else part.minimumSizeHint()
    return least.boundedTo(part.maximumSize()).expandedTo(part.minimumSize())


def height_of(part: QWidget, width: int) -> int:
    """Return the height that a part needs at a width."""
    needed = part.heightForWidth(width) if part.hasHeightForWidth() else part.sizeHint().height()
    return max(needed, part.minimumHeight())


def _is_shown(part: QObject) -> bool:
    return isinstance(part, QWidget) and not part.isHidden()
