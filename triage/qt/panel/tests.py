"""The investigations: essential, helpful, not indicated and done, each with its answer."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from triage.content.form import DECISION
from triage.letter.words.said import tests as said
from triage.letter.words.said.line import Said, Suggestion
from triage.letter.words.said.trail import Trail
from triage.qt.panel.decision_row import DecisionRow
from triage.qt.parts.inputs import Button
from triage.qt.parts.line import FoldLine
from triage.qt.parts.lines import Group
from triage.qt.parts.theme import set_role
from triage.rules.assessment import Assessment
from triage.session import Session


class DecisionGroup(QWidget):
    """Suggestions, perhaps under a heading; rows are kept and change their text.

    Signals
    -------
    question_requested : str
        A suggestion was clicked.
    """

    question_requested = Signal(str)

    def __init__(self, title: str, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._rows: list[DecisionRow] = []
        heading = QLabel(title, self)
        heading.setContentsMargins(6, 0, 6, 2)
        heading.setVisible(bool(title))
        set_role(heading, "heading")
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 4)
        self._layout.setSpacing(0)
        self._layout.addWidget(heading)

    def show_suggestions(self, suggestions: Sequence[Suggestion]) -> None:
        """Show `suggestions`; nothing at all while there are none."""
        while len(self._rows) < len(suggestions):
            row = DecisionRow(self._session, self)
            row.question_requested.connect(self.question_requested)
            self._layout.addWidget(row)
            self._rows.append(row)
        for row, suggestion in zip(self._rows, suggestions, strict=False):
            row.show_suggestion(suggestion)
            row.setHidden(False)
        for row in self._rows[len(suggestions) :]:
            row.setHidden(True)
        self.setHidden(not suggestions)

    @property
    def rows(self) -> tuple[DecisionRow, ...]:
        """The rows that are in use."""
        return tuple(row for row in self._rows if not row.isHidden())


class TestsView(QWidget):
    """Shows the investigations of an assessment and records what is decided on them.

    Parameters
    ----------
    session
        The case.

    Signals
    -------
    question_requested : str
        The question of a line that was clicked.
    """

    __test__ = False  # not a test case, whatever its name says to pytest
    question_requested = Signal(str)

    def __init__(self, session: Session, trail: Trail, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._trail = trail
        self.none = QLabel(said.NONE, self)
        self.none.setWordWrap(True)
        self.none.setContentsMargins(6, 4, 6, 8)
        set_role(self.none, "muted")
        self._helpful_open = False
        self._helpful: list[Suggestion] = []
        self.essential = DecisionGroup(said.ESSENTIAL, session, self)
        self.accept_all = Button("Accept all essential", self)
        self.leave_rest = Button("Leave the rest out", self)
        self._at_once = QWidget(self)
        at_once = QHBoxLayout(self._at_once)
        at_once.setContentsMargins(6, 0, 6, 8)
        at_once.setSpacing(3)
        for button in (self.accept_all, self.leave_rest):
            set_role(button, "choice")
            at_once.addWidget(button)
        at_once.addStretch(1)
        self.helpful_head = FoldLine(self)
        self.helpful = DecisionGroup("", session, self)
        self.open = Group("", self)
        self.not_indicated = DecisionGroup(said.AGAINST, session, self)
        self.done = Group("", self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 6, 6, 6)
        layout.setSpacing(2)
        layout.addWidget(self.none)
        groups = (self.helpful, self.open, self.done)
        # What not to do is advice of the same rank as what to do.
        for part in (self.essential, self._at_once, self.not_indicated, self.helpful_head, *groups):
            layout.addWidget(part)
        for group in (self.essential, self.not_indicated, *groups):
            group.question_requested.connect(self.question_requested)
        self.helpful_head.fold_requested.connect(self._on_fold_requested)
        self.accept_all.clicked.connect(self._on_accept_all)
        self.leave_rest.clicked.connect(self._on_leave_rest)
        layout.addStretch(1)

    def show_assessment(self, assessment: Assessment) -> None:
        """Show an assessment."""
        essential = said.essential(self._trail, assessment)
        self._helpful = said.helpful(self._trail, assessment)
        self.none.setHidden(bool(essential or self._helpful))
        self.essential.show_suggestions(essential)
        self._at_once.setHidden(not self._session.undecided())
        for button in (self.accept_all, self.leave_rest):
            button.setEnabled(not self._session.read_only)
        self._show_helpful()
        self.open.show_part(said.undecided(self._trail, assessment, self._session.case))
        self.not_indicated.show_suggestions(list(said.against(self._trail, assessment)))
        self.done.show_part(said.done(self._trail, assessment))

    def _show_helpful(self) -> None:
        """Show the tests that change nothing now: on demand, but for those that were decided on."""
        tests, is_open = self._helpful, self._helpful_open
        decided = [test for test in tests if f"{DECISION}{test.rule}" in self._session.case]
        names = ", ".join(test.name for test in tests)
        title = f"{said.HELPFUL} ({len(tests)})"
        self.helpful_head.setHidden(not tests)
        line = Said(title, "" if is_open else names, strong=True)
        self.helpful_head.set_fold(line, is_open=is_open)
        self.helpful.show_suggestions(tests if is_open else decided)

    @Slot(bool)
    def _on_fold_requested(self, is_open: bool) -> None:
        self._helpful_open = is_open
        self._show_helpful()

    @Slot()
    def _on_accept_all(self) -> None:
        self._session.accept_essential()

    @Slot()
    def _on_leave_rest(self) -> None:
        self._session.leave_rest_out()
