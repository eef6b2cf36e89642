"""What to consider meanwhile: options of management, the team, and the safety net."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from triage.letter.words.said import plan as said
from triage.letter.words.said.trail import Trail
from triage.qt.panel.decision_row import DecisionGroup
from triage.qt.panel.row import RowGroup
from triage.qt.parts.theme import set_role
from triage.rules.assessment import Assessment
from triage.session import Session


class PlanView(QWidget):
    """Shows the plan of an assessment and records what is decided on its options.

    Parameters
    ----------
    session
        The case.

    Signals
    -------
    question_requested : str
        The question of a line that was clicked.
    told : str
        What a key did.
    decided
        A key recorded a decision: on to the next line.
    """

    question_requested = Signal(str)
    told = Signal(str)
    decided = Signal()

    def __init__(self, session: Session, trail: Trail, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._trail = trail
        self.none = QLabel(said.NONE, self)
        self.none.setWordWrap(True)
        self.none.setContentsMargins(6, 4, 6, 8)
        set_role(self.none, "muted")
        self.consider = DecisionGroup(session, trail, self)
        self.check_first = DecisionGroup(session, trail, self)
        self.barred = RowGroup(session, trail, self)
        self.team = RowGroup(session, trail, self)
        self.safety = RowGroup(session, trail, self)
        self.safety_net = RowGroup(session, trail, self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 6, 6, 6)
        layout.setSpacing(2)
        layout.addWidget(self.none)
        groups: tuple[RowGroup, ...] = (self.consider, self.check_first, self.barred)
        for group in (*groups, self.team, self.safety, self.safety_net):
            layout.addWidget(group)
            group.question_requested.connect(self.question_requested)
        for decisions in (self.consider, self.check_first):
            decisions.told.connect(self.told)
            decisions.decided.connect(self.decided)
        layout.addStretch(1)

    def show_assessment(self, assessment: Assessment, *, fresh: bool = False) -> None:
        """Show an assessment; if `fresh`, what changed since the last one is marked."""
        trail, case = self._trail, self._session.case
        self.none.setHidden(bool(assessment.plan))
        options = said.options(trail, assessment, case, "consider")
        self.consider.show_suggestions(said.CONSIDER, options, fresh=fresh)
        options = said.options(trail, assessment, case, "check_first")
        self.check_first.show_suggestions(said.CHECK_FIRST, options, fresh=fresh)
        self.barred.show_part(said.barred(trail, assessment, case), fresh=fresh)
        self.team.show_part(said.team(trail, assessment), fresh=fresh)
        self.safety.show_part(said.safety(trail, assessment), fresh=fresh)
        self.safety_net.show_part(said.safety_net(assessment), fresh=fresh)
