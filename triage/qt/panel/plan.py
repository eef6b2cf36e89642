"""What to consider meanwhile: options of management, the team, and the safety net."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from triage.letter.words.said import plan as said
from triage.letter.words.said.trail import Trail
from triage.qt.panel.tests import DecisionGroup
from triage.qt.parts.lines import Group
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
    """

    question_requested = Signal(str)

    def __init__(self, session: Session, trail: Trail, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._trail = trail
        self.none = QLabel(said.NONE, self)
        self.none.setWordWrap(True)
        self.none.setContentsMargins(6, 4, 6, 8)
        set_role(self.none, "muted")
        self.consider = DecisionGroup(said.CONSIDER, session, self)
        self.check_first = DecisionGroup(said.CHECK_FIRST, session, self)
        self.barred = Group("", self)
        self.team = Group("", self)
        self.safety = Group("", self)
        self.safety_net = Group("", self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 6, 6, 6)
        layout.setSpacing(2)
        layout.addWidget(self.none)
        for group in (self.consider, self.check_first, self.barred):
            layout.addWidget(group)
            group.question_requested.connect(self.question_requested)
        for lines in (self.team, self.safety, self.safety_net):
            layout.addWidget(lines)
        layout.addStretch(1)

    def show_assessment(self, assessment: Assessment) -> None:
        """Show an assessment."""
        trail, case = self._trail, self._session.case
        self.none.setHidden(bool(assessment.plan))
        self.consider.show_suggestions(said.options(trail, assessment, case, "consider"))
        self.check_first.show_suggestions(said.options(trail, assessment, case, "check_first"))
        self.barred.show_part(said.barred(trail, assessment, case))
        self.team.show_part(said.team(trail, assessment))
        self.safety.show_part(said.safety(trail, assessment))
        self.safety_net.show_part(said.safety_net(assessment))
