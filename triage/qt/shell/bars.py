"""The bars between the line and the form: what is asked or told of the whole case, in the order of reading."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from triage.qt.parts.laying import vertical
from triage.qt.parts.stops import next_stop, stops_in, tab_to


class Bars(QWidget):
    """Stacks bars; Tab goes through their buttons and on.

    Parameters
    ----------
    bars
        From top to bottom. Each shows itself where it has something to say.

    Signals
    -------
    left : bool
        Tab leads out: forward if true.
    """

    left = Signal(bool)

    def __init__(self, *bars: QWidget) -> None:
        super().__init__()
        self._layout = vertical(self, 0, 0, 0, 0, spacing=0)
        for bar in bars:
            self.add(bar)

    def add(self, bar: QWidget) -> None:
        """Put a bar below the others."""
        self._layout.addWidget(bar)

    def enter(self, *, forward: bool = True) -> bool:
        """Put the focus on the first button, or on the last; false if there is none."""
        stops = stops_in(self)
        if stops:
            tab_to(stops[0 if forward else -1], forward=forward)
        return bool(stops)

    def focusNextPrevChild(self, forward: bool) -> bool:
        target = next_stop(stops_in(self), self.focusWidget(), forward=forward)
        if target is None:
            self.left.emit(forward)
        else:
            tab_to(target, forward=forward)
        return True
