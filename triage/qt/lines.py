"""Pools of lines: texts change, widgets stay."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from triage.qt.line import PAD_X, Line, LineText
from triage.qt.theme import set_role


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
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)

    def set_lines(self, lines: Sequence[LineText]) -> None:
        """Show `lines`."""
        while len(self._lines) < len(lines):
            line = Line(self)
            line.question_requested.connect(self.question_requested)
            self._layout.addWidget(line)
            self._lines.append(line)
        for line, text in zip(self._lines, lines, strict=False):
            line.set_line(text)
            line.setHidden(False)
        for line in self._lines[len(lines) :]:
            line.setHidden(True)

    @property
    def shown(self) -> tuple[LineText, ...]:
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

    def __init__(self, title: str, parent: QWidget | None = None, *, note: str = "") -> None:
        super().__init__(parent)
        self._title = title
        self.heading = QLabel(title, self)
        set_role(self.heading, "heading")
        self.lines = Lines(self)
        self._note = QLabel(note, self)
        self._note.setWordWrap(True)
        self._note.setVisible(bool(note))
        set_role(self._note, "small")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 8)
        layout.setSpacing(1)
        for label in (self.heading, self._note):
            label.setContentsMargins(PAD_X, 0, PAD_X, 2)
            layout.addWidget(label)
        layout.addWidget(self.lines)
        self.lines.question_requested.connect(self.question_requested)

    def set_lines(self, lines: Sequence[LineText], title: str = "") -> None:
        """Show `lines`, perhaps under another heading."""
        if title and title != self.heading.text():
            self.heading.setText(title)
        self.lines.set_lines(lines)
        self.setHidden(not lines)
