"""The first page of the panel: exits, reasons, what could not be excluded, what would change the advice."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from triage.letter.words.said import urgency as said
from triage.letter.words.said.line import Part
from triage.letter.words.said.trail import Trail
from triage.qt.panel.call import CallForm
from triage.qt.panel.contradictions import ContradictionGroup
from triage.qt.panel.page import Page
from triage.qt.panel.row import RowGroup
from triage.qt.parts.line import FoldLine
from triage.qt.parts.lines import Lines
from triage.rules.assessment import Assessment
from triage.session import Session
from triage.session.progress import Path


class UrgencyView(Page):
    """Shows why the urgency is what it is, every line a way to its question."""

    def __init__(self, session: Session, trail: Trail, parent: QWidget | None = None) -> None:
        super().__init__(session, trail, parent)
        self._exits_chosen: bool | None = None
        self._rest_open = False
        self._path = Path(session)
        self.call = CallForm(session, self)
        self.exits_head = FoldLine(self)
        self.exits = Lines(self)
        self.chosen = RowGroup(session, trail, self)
        self.reasons = RowGroup(session, trail, self)
        self.who = RowGroup(session, trail, self)
        self.alarms = RowGroup(session, trail, self)
        self.not_excluded = RowGroup(session, trail, self)
        self.rest_head = FoldLine(self)
        self.rest = RowGroup(session, trail, self)
        self.changes = RowGroup(session, trail, self)
        self.contradictions = ContradictionGroup(session, trail, self)
        self.checks = RowGroup(session, trail, self)
        self.measure = RowGroup(session, trail, self)
        self.wait = RowGroup(session, trail, self)
        self.place(
            *(self.call, self.exits_head, self.exits, self.alarms, self.chosen, self.reasons),
            *(self.measure, self.who, self.contradictions, self.checks, self.not_excluded),
            *(self.rest_head, self.rest, self.changes, self.wait),
        )
        self.rest_head.fold_requested.connect(self._on_rest_fold_requested)
        self.exits_head.fold_requested.connect(self._on_exits_fold_requested)

    def show_assessment(self, assessment: Assessment, *, fresh: bool = False) -> None:
        """Show an assessment; if `fresh`, what changed since the last one is marked."""
        trail, case = self._trail, self._session.case
        self.call.refresh()
        self._show_exits(assessment)
        self.measure.show_part(said.measure_now(trail, assessment), fresh=fresh)
        self._show_waiting(assessment)
        self.alarms.show_part(said.alarms(assessment), fresh=fresh)
        self.chosen.show_part(said.chosen(case), fresh=fresh)
        self.reasons.show_part(said.reasons(trail, assessment, case), fresh=fresh)
        self.who.show_part(said.services(trail, assessment), fresh=fresh)
        self.contradictions.show_contradictions(assessment.contradictions)
        self.checks.show_part(said.checks(assessment), fresh=fresh)
        self._show_not_excluded(assessment, fresh=fresh)
        self.changes.show_part(said.changes(trail, assessment, case), fresh=fresh)

    def _show_waiting(self, assessment: Assessment) -> None:
        is_emergency = assessment.urgency.level == "emergency"
        open_ = self._path.waiting() if is_emergency else ()
        sections = self._session.form.sections
        titles = list(dict.fromkeys(sections[question.section].title for question in open_))
        self.wait.show_part(said.can_wait(titles, len(open_)))

    def _show_exits(self, assessment: Assessment) -> None:
        exits = said.exits(assessment)
        if assessment.urgency.level == "emergency":
            # It is one already.
            exits = exits._replace(lines=())
        quiet = not assessment.urgency.reasons and not any(
            n.answers for n in assessment.not_excluded
        )
        is_open = quiet if self._exits_chosen is None else self._exits_chosen
        self.exits_head.set_part(exits, is_open=is_open)
        self.exits.set_lines(exits.lines)
        self.exits.setHidden(not is_open)

    def _show_not_excluded(self, assessment: Assessment, *, fresh: bool = False) -> None:
        """Show first what an answer speaks for; the rest, which only waits for answers, on demand."""
        found = said.not_excluded(self._trail, assessment, self._session.case)
        self.not_excluded.show_part(found.hinted, fresh=fresh)
        self.rest_head.set_part(found.rest, is_open=self._rest_open)
        self.rest.show_part(Part("", found.rest.lines if self._rest_open else ()))

    @Slot(bool)
    def _on_exits_fold_requested(self, is_open: bool) -> None:
        self._exits_chosen = is_open
        self._show_exits(self._session.assessment)

    @Slot(bool)
    def _on_rest_fold_requested(self, is_open: bool) -> None:
        self._rest_open = is_open
        self._show_not_excluded(self._session.assessment)
