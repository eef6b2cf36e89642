"""Where the Tab key and the arrows go: as the eye goes, whenever a widget was made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from PySide6.QtCore import QEvent, QPoint, QRect, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QStackedWidget, QWidget

from triage.qt.parts.flow import drop_pending

_LINE = 10
_ALONG: dict[int, int] = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}
_ACROSS: dict[int, int] = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
T = TypeVar("T", bound=QWidget)


def watch_focus(heard: Callable[[QWidget | None, QWidget | None], None]) -> None:
    """Call a bound method wherever the focus goes, with where it was and where it is."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    app.focusChanged.connect(heard)


def stops_in(widget: QWidget) -> list[QWidget]:
    """Return the Tab stops in sight inside `widget`, line by line from left to right."""
    if is_stop(widget):
        return [widget]
    return as_read(widget, filter(is_stop, widget.findChildren(QWidget)))


def as_read(widget: QWidget, parts: Iterable[T]) -> list[T]:
    """Return parts of `widget` line by line from left to right."""

    def place(part: QWidget) -> tuple[int, int]:
        middle = part.mapTo(widget, QPoint(0, part.height() // 2))
        # Widgets of one line are rarely centred to the pixel.
        return middle.y() // _LINE, middle.x()

    return sorted(parts, key=place)


def is_stop(widget: QWidget) -> bool:
    """Whether Tab stops at `widget`."""
    return (
        bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
        and widget.isEnabled()
        and widget.isVisible()
        and widget.focusProxy() is None
    )


def next_stop(
    stops: Sequence[QWidget], focused: QWidget | None, *, forward: bool
) -> QWidget | None:
    """Return the stop after (or before) the focused one; None beyond the last, or if it is none of them."""
    if focused not in stops:
        return None
    at = stops.index(focused) + (1 if forward else -1)
    return stops[at] if 0 <= at < len(stops) else None


def tab_to(target: QWidget, *, forward: bool) -> None:
    """Put the focus on a stop as the Tab key does, or Shift+Tab."""
    reason = Qt.FocusReason.TabFocusReason
    target.setFocus(reason if forward else Qt.FocusReason.BacktabFocusReason)


def beside(parts: Sequence[T], here: T, event: QKeyEvent) -> T | None:
    """Return where an arrow key, Home or End leads among `parts` in sight.

    None if it is another key, or if it leads out at the top or the bottom.
    """
    if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
        return None
    key, at = event.key(), parts.index(here)
    if key == Qt.Key.Key_Home:
        return parts[0]
    if key == Qt.Key.Key_End:
        return parts[-1]
    if step := _ALONG.get(key):
        return parts[max(0, min(at + step, len(parts) - 1))]
    if step := _ACROSS.get(key):
        return _in_next_line(parts, here, step)
    return None


def _in_next_line(parts: Sequence[T], here: T, step: int) -> T | None:
    """Return the nearest part in the line below (1) or above (-1)."""
    boxes = {part: QRect(part.mapToGlobal(QPoint()), part.size()) for part in parts}
    mine = boxes[here].center()
    beyond = [p for p in parts if (boxes[p].center().y() - mine.y()) * step > _LINE]
    if not beyond:
        return None
    line = min(abs(boxes[p].center().y() - mine.y()) for p in beyond)
    nearest = [p for p in beyond if abs(boxes[p].center().y() - mine.y()) < line + _LINE]
    return min(nearest, key=lambda p: abs(boxes[p].center().x() - mine.x()))


def turn_to(stack: QStackedWidget, page: QWidget) -> None:
    """Show a page of a stack, and leave it to whoever turns where the focus goes."""
    focus = QApplication.focusWidget()
    if focus is not None and page is not stack.currentWidget() and stack.isAncestorOf(focus):
        # What is hidden would hand it on to whatever comes next: it is read aloud, and a line of the pane opens.
        focus.clearFocus()
    later = QEvent.Type.UpdateLater
    QApplication.sendPostedEvents(None, later)
    stack.setCurrentWidget(page)
    # Each part of the page asks to be painted, which it is with the page.
    drop_pending(later)
    page.update()
