"""What to consider meanwhile: options of management, the team, and the safety net."""

from __future__ import annotations

from triage.letter.words.said import plan as said
from triage.letter.words.said.trail import Trail
from triage.qt.panel.decision_row import DecisionGroup
from triage.qt.panel.page import Page
from triage.qt.panel.row import RowGroup
from triage.rules.assessment import Assessment
from triage.session import Session


class PlanView(Page):
    """Shows the plan of an assessment and records what is decided on its options."""

    def __init__(self, session: Session, trail: Trail) -> None:
        super().__init__(session, trail)
        self.none = self.remark(said.NONE)
        self.consider = DecisionGroup(session, trail, self)
        self.check_first = DecisionGroup(session, trail, self)
        self.barred = RowGroup(session, trail, self)
        self.team = RowGroup(session, trail, self)
        self.safety = RowGroup(session, trail, self)
        self.safety_net = RowGroup(session, trail, self)
        self.place(
            *(self.none, self.consider, self.check_first, self.barred),
            *(self.team, self.safety, self.safety_net),
        )

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
