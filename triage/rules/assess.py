"""The assessment of a case: urgency, differential, investigations, plan, and why."""

from __future__ import annotations

from datetime import date

from triage.collector import without_collector
from triage.content.form import AGE
from triage.content.load import Content
from triage.content.symbols import outcome_symbols
from triage.expr import tree
from triage.expr.evaluate import Known3
from triage.expr.explain import Explainer
from triage.model.case import Case
from triage.rules.assessment import (
    Assessment,
    ContentMark,
    Item,
    Line,
    ScopeNote,
    UrgencyFinding,
)
from triage.rules.compiled import compiled
from triage.rules.contradictions import ContradictionReader, Recorded
from triage.rules.differential import DifferentialReader
from triage.rules.facts import CaseFacts, FactReader
from triage.rules.items import ItemReader
from triage.rules.kept import Kept
from triage.rules.plan import PlanReader
from triage.rules.preflight import PreflightReader
from triage.rules.resting import RestingReader
from triage.rules.services import ServiceReader
from triage.rules.tests import InvestigationReader
from triage.rules.urgency import UrgencyReader, changes


class Assessor:
    """Compiles a content once and assesses cases with it.

    Parameters
    ----------
    content
        The clinical content.
    """

    @without_collector()
    def __init__(self, content: Content) -> None:
        self.content = content
        self._explainer = Explainer(
            content.findings,
            content.numbers,
            {c.record.id: (c.gate, *c.for_, *c.against) for c in content.conditions},
            frozenset(symbol.id for symbol in outcome_symbols()),
        )
        explained = self._explainer.explained
        items, self._kept = ItemReader(content), Kept()
        self._facts = FactReader(content, self._explainer)
        self._recorded = ContradictionReader(
            content.form,
            compiled(content.contradictions, explained),
            compiled(content.elsewhere, explained),
        )
        self._urgency = UrgencyReader(content, explained, items, self._kept)
        self._differential = DifferentialReader(content, explained, items, self._kept)
        self._investigations = InvestigationReader(content, explained, items, self._kept)
        self._services = ServiceReader(content, explained, self._kept)
        self._plan = PlanReader(content, explained, items, self._kept)
        self.preflight = PreflightReader(content, explained)
        self.resting = RestingReader(content)
        self._exits = tuple(Line(record.id, record.says) for record in content.urgency.exit)
        self._mark = ContentMark(content.form.id, content.form.version, content.fingerprint)

    def read(self, case: Case, day: date) -> CaseFacts:
        """Return the facts of `case` as of `day`."""
        return self._facts.read(case, day)

    def forget(self) -> None:
        """Keep nothing of the case that was read last; otherwise the next reading begins with what has not changed."""
        self._facts.forget()
        self._recorded.forget()
        self._kept.forget()

    def assess(
        self,
        case: Case,
        day: date,
        read: CaseFacts | None = None,
        recorded: Recorded | None = None,
    ) -> Assessment:
        """Return what the content says of `case` as of `day`.

        Parameters
        ----------
        case, day
            The case and the date to which ages and results are reckoned.
        read
            The facts of that case and day, if they were read already; they gain entries.
        recorded
            What it says of itself, if that was read already.
        """
        read = read or self.read(case, day)
        recorded = recorded or self.recorded(case, day, read)
        scope = self._scope(read)
        if not scope.ok:
            return _nothing(scope, self._urgency.recorded(read), recorded, self._mark)
        self._kept.turn(read)
        profile = self.content.form.profile_of(case)
        urgency, not_excluded = self._urgency.urgency(read)
        conditions = self._differential.conditions(urgency, read)
        tests, left_open = self._investigations.tests(urgency, read)
        services = self._services.services(urgency, tests, read)
        return Assessment(
            scope=scope,
            exits=self._exits,
            urgency=urgency._replace(act=self._services.act(urgency, services)),
            recorded_red_flags=(),
            services=services,
            not_excluded=not_excluded,
            conditions=conditions,
            investigations=tests,
            left_open=left_open,
            protocols=self._investigations.protocols(read),
            safety=self._investigations.safety(profile, read),
            plan=self._plan.options(urgency, profile, read),
            team=self._plan.team(urgency, read),
            safety_net=self._plan.safety_net(profile, read),
            contradictions=recorded.contradictions,
            to_check=recorded.to_check,
            elsewhere=recorded.elsewhere,
            what_would_change=changes(not_excluded),
            content=self._mark,
        )

    def recorded(self, case: Case, day: date, read: CaseFacts | None = None) -> Recorded:
        """Return what in `case` cannot be as of `day`: contradictions, and values to check."""
        read = read or self.read(case, day)
        # What may be taken is denied by no one unseen: the doubt is settled first.
        wide = self._facts.read(case, day, doubted=True) if read.doubted else read
        return self._recorded.read(read, wide, case, day)

    def truth(self, node: tree.Node, read: CaseFacts) -> Known3:
        """Return whether a condition of the content holds, in facts that were assessed."""
        return self._explainer.explained(node).truth(read.facts)

    def _scope(self, read: CaseFacts) -> ScopeNote:
        age = read.facts.get(AGE)
        file = self.content.form.file
        if age is None:
            return ScopeNote(True, "")
        if age.high < file.min_age:  # type: ignore[attr-defined]
            says = file.too_young or f"Not designed for patients under {file.min_age} years."
            return ScopeNote(False, says)
        if age.high < file.adult_age:  # type: ignore[attr-defined]
            return ScopeNote(
                True, f"Under {file.adult_age} years: check each suggestion against local practice."
            )
        return ScopeNote(True, "")


def _nothing(
    scope: ScopeNote, alarms: tuple[Item, ...], recorded: Recorded, mark: ContentMark
) -> Assessment:
    """Return an assessment that concludes nothing: only what the record says of itself."""
    return Assessment(
        scope=scope,
        exits=(),
        urgency=UrgencyFinding(None, None, False, (), ()),
        recorded_red_flags=alarms,
        services=(),
        not_excluded=(),
        conditions=(),
        investigations=(),
        left_open=0,
        protocols=(),
        safety=(),
        plan=(),
        team=(),
        safety_net=(),
        contradictions=recorded.contradictions,
        to_check=recorded.to_check,
        elsewhere=(),
        what_would_change=(),
        content=mark,
    )
