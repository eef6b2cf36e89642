"""A page of the assessment: groups of lines under one another."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QWidget

from triage.letter.words.said.trail import Trail
from triage.qt.parts.laying import vertical
from triage.qt.parts.theme import set_role
from triage.rules.assessment import Assessment
from triage.session import Session


class Page(QWidget):
    """What all pages share. A subclass makes its groups, hands them to `place`, and shows an assessment in them.

    Parameters
    ----------
    session
        The case.
    trail
        Says what a line rests on.

    Signals
    -------
    question_requested : str
        The question of a line that was clicked.
    told : str
        What a key did.
    advised : str
        A key recorded nothing here, and why.
    decided
        A key recorded a decision: on to the next line.
    """

    question_requested = Signal(str)
    told = Signal(str)
    advised = Signal(str)
    decided = Signal()

    def __init__(self, session: Session, trail: Trail, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._trail = trail
        self._column = vertical(self, 6, 6, 6, 6, spacing=2)

    def show_assessment(self, assessment: Assessment, *, fresh: bool = False) -> None:
        """Show an assessment; if `fresh`, what changed since the last one is marked."""
        raise NotImplementedError

    def place(self, *parts: QWidget) -> None:
        """Set parts under one another, and pass on what those tell that have something to tell."""
        for part in parts:
            self._column.addWidget(part)
            for name in ("question_requested", "told", "advised", "decided"):
                if signal := getattr(part, name, None):
                    signal.connect(getattr(self, name))
        self._column.addStretch(1)

    def remark(self, text: str, role: str = "muted") -> QLabel:
        """Return a few words that stand between the groups."""
        label = QLabel(text, self)
        label.setWordWrap(True)
        label.setContentsMargins(6, 4, 6, 8)
        set_role(label, role)
        return label
