"""What may be done, whom to involve, and what the patient is told to look out for."""

from __future__ import annotations

from typing import NamedTuple

from triage.content.form import PROFILE
from triage.content.load import Content, TreatmentRule
from triage.content.schema import Profile, Team, Treatment
from triage.expr.explain import Explained, missing
from triage.rules.assessment import (
    Line,
    OptionStatus,
    PlanFinding,
    Reason,
    TeamFinding,
    UrgencyFinding,
)
from triage.rules.compiled import Explain, Ground, compiled, grounds, holding
from triage.rules.differential import standing_of
from triage.rules.facts import CaseFacts
from triage.rules.items import ItemReader
from triage.rules.kept import Cell, Kept
from triage.rules.urgency import called_by, called_for, is_serious, rests_for_now


class _Treatment(NamedTuple):
    """An option of management with its conditions, compiled."""

    record: Treatment
    when: Explained
    contraindicated: tuple[Ground, ...]
    caution: tuple[Ground, ...]
    cell: Cell[PlanFinding | None]


class PlanReader:
    """Finds what may be done for a patient; made once for a content.

    Parameters
    ----------
    content
        The content.
    explained
        Compiles a condition.
    items
        Names what is missing.
    kept
        Keeps what each option and team came to.
    """

    def __init__(self, content: Content, explained: Explain, items: ItemReader, kept: Kept) -> None:
        self._items = items
        self._treatments = tuple(_treatment(rule, explained, kept) for rule in content.treatments)
        self._team: tuple[tuple[Team, Explained, Cell[TeamFinding | None]], ...] = tuple(
            (record, when, kept.cell([when], rests_for_now(record)))
            for record, when in compiled(content.team, explained)
        )
        self._safety_net = compiled(content.safety_net, explained)

    def options(
        self, urgency: UrgencyFinding, profile: Profile, read: CaseFacts
    ) -> tuple[PlanFinding, ...]:
        """Return the options of management; no drug for a symptom beside what is urgent."""
        found = (t.cell.get(self._option, t, urgency, profile, read) for t in self._treatments)
        return tuple(filter(None, found))

    def _option(
        self, treatment: _Treatment, urgency: UrgencyFinding, profile: Profile, read: CaseFacts
    ) -> PlanFinding | None:
        record, facts = treatment.record, read.facts
        if (
            not called_for(record, treatment.when, urgency, read)
            or profile.id not in (record.profiles or (profile.id,))
            or (record.symptom_drug and is_serious(urgency.level))
        ):
            return None
        barred = [g for g in treatment.contraindicated if g.when.truth(facts)]
        cautions = [g for g in treatment.caution if g.when.truth(facts)]
        needed: dict[str, None] = {}
        for ground in treatment.contraindicated:
            missing(ground.when, facts, needed)
        status: OptionStatus = (
            "contraindicated" if barred else "check_first" if needed else "consider"
        )
        answers = called_by(record, treatment.when, urgency, read)
        return PlanFinding(
            id=record.id,
            option=record.name,
            treats=tuple(name for name in record.treats if standing_of(name, read).leads()),
            status=status,
            stage=record.stage,
            note=record.note,
            cautions=tuple(ground.says for ground in (barred or cautions)),
            missing=self._items.items(needed) if status == "check_first" else (),
            reasons=(Reason(record.name, record.id, answers, record.source),),
        )

    def team(self, urgency: UrgencyFinding, read: CaseFacts) -> tuple[TeamFinding, ...]:
        """Return the teams to involve."""
        found = (cell.get(_team, team, when, urgency, read) for team, when, cell in self._team)
        return tuple(filter(None, found))

    def safety_net(self, profile: Profile, read: CaseFacts) -> tuple[Line, ...]:
        """Return what the patient is told to look out for."""
        return tuple(Line(r.id, profile.said(r.says)) for r in holding(self._safety_net, read))


def _treatment(rule: TreatmentRule, explained: Explain, kept: Kept) -> _Treatment:
    record, when = rule.record, explained(rule.when)
    contraindicated = grounds(record, rule.contraindicated, explained)
    caution = grounds(record, rule.caution, explained)
    nodes = [when, *(ground.when for ground in (*contraindicated, *caution))]
    cell = kept.cell(nodes, rests_for_now(record), (PROFILE,))
    return _Treatment(record, when, contraindicated, caution, cell)


def _team(
    record: Team, when: Explained, urgency: UrgencyFinding, read: CaseFacts
) -> TeamFinding | None:
    if not called_for(record, when, urgency, read):
        return None
    return TeamFinding(record.id, record.who, record.note, record.source)
