"""Pools of lines: texts change, widgets stay."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QLayout, QWidget

from triage.letter.words.said.line import Part, Said
from triage.qt.parts.laying import vertical
from triage.qt.parts.line import PAD_X, Line
from triage.qt.parts.theme import set_role


@contextmanager
def resting(layout: QLayout | None) -> Iterator[None]:
    """Place what comes into sight once at the end, and not all of it anew for each widget that does."""
    assert layout is not None
    layout.setEnabled(False)
    try:
        yield
    finally:
        layout.setEnabled(True)
        layout.activate()


class Lines(QWidget):
    """A pool of lines: texts change, widgets stay.

    Signals
    -------
    question_requested : str
        A line was clicked.
    """

    question_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: list[Line] = []
        self._layout = vertical(self, 0, 0, 0, 0, spacing=0)

    def set_lines(self, lines: Sequence[Said]) -> None:
        """Show `lines`."""
        while len(self._lines) < len(lines):
            line = Line(self)
            line.question_requested.connect(self.question_requested)
            self._layout.addWidget(line)
            self._lines.append(line)
        with resting(self._layout):
            for line, text in zip(self._lines, lines, strict=False):
                line.set_line(text)
                line.setHidden(False)
            for line in self._lines[len(lines) :]:
                line.setHidden(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move to the line above or below."""
        lines = [line for line in self.widgets if line.focusPolicy() != Qt.FocusPolicy.NoFocus]
        here = next((at for at, line in enumerate(lines) if line.hasFocus()), None)
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()), 0)
        if step and here is not None and 0 <= here + step < len(lines):
            lines[here + step].setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            super().keyPressEvent(event)

    @property
    def shown(self) -> tuple[Said, ...]:
        """What is shown."""
        return tuple(line.line for line in self._lines if not line.isHidden())

    @property
    def widgets(self) -> tuple[Line, ...]:
        """The lines that are in use."""
        return tuple(line for line in self._lines if not line.isHidden())


class Group(QWidget):
    """A heading with lines below it; out of sight while it has none.

    Signals
    -------
    question_requested : str
        A line was clicked.
    """

    question_requested = Signal(str)

    def __init__(self, title: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.heading = QLabel(title, self)
        set_role(self.heading, "heading")
        self.lines = Lines(self)
        layout = vertical(self, 0, 0, 0, 8, spacing=1)
        self.heading.setIndent(PAD_X)
        layout.addWidget(self.heading)
        layout.addWidget(self.lines)
        self.lines.question_requested.connect(self.question_requested)

    def show_part(self, part: Part) -> None:
        """Show lines under their heading."""
        if part.title != self.heading.text():
            self.heading.setText(part.title)
        self.set_lines(part.lines)

    def set_lines(self, lines: Sequence[Said]) -> None:
        """Show `lines`."""
        self.lines.set_lines(lines)
        self.setHidden(not lines)
