"""Where the Tab key goes: as the eye goes, whenever a widget was made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QWidget

_LINE = 10


def stops_in(widget: QWidget) -> list[QWidget]:
    """Return the Tab stops in sight inside `widget`, line by line from left to right."""
    if is_stop(widget):
        return [widget]
    found = [part for part in widget.findChildren(QWidget) if is_stop(part)]

    def place(part: QWidget) -> tuple[int, int]:
        middle = part.mapTo(widget, QPoint(0, part.height() // 2))
        # Widgets of one line are rarely centred to the pixel.
        return middle.y() // _LINE, middle.x()

    return sorted(found, key=place)


def is_stop(widget: QWidget) -> bool:
    """Whether Tab stops at `widget`."""
    return (
        bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
        and widget.isEnabled()
        and widget.isVisible()
        and widget.focusProxy() is None
    )


def next_stop(rows: Iterable[QWidget], focused: QWidget | None, *, forward: bool) -> QWidget | None:
    """Return the stop after (or before) the focused widget; None beyond the last one."""
    stops = list(_all(rows))
    if focused not in stops:
        return None
    at = stops.index(focused) + (1 if forward else -1)
    return stops[at] if 0 <= at < len(stops) else None


def stop_outside(page: QWidget, *, forward: bool) -> QWidget | None:
    """Return the first stop of the window after (or before) `page`."""
    other = page
    while True:
        found = other.nextInFocusChain() if forward else other.previousInFocusChain()
        if found is None or found is page:
            return None
        other = found
        if is_stop(other) and not page.isAncestorOf(other):
            return other


def _all(rows: Iterable[QWidget]) -> Iterator[QWidget]:
    for row in rows:
        yield from stops_in(row)
