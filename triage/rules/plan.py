"""What may be done, whom to involve, and what the patient is told to look out for."""

from __future__ import annotations

from typing import NamedTuple

from triage.content.load import Content
from triage.content.schema import Profile, Treatment
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
from triage.rules.urgency import called_by, called_for, is_serious


class _Treatment(NamedTuple):
    """An option of management with its conditions, compiled."""

    record: Treatment
    when: Explained
    contraindicated: tuple[Ground, ...]
    caution: tuple[Ground, ...]


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
    """

    def __init__(self, content: Content, explained: Explain, items: ItemReader) -> None:
        self._items = items
        self._treatments = tuple(
            _Treatment(
                rule.record,
                explained(rule.when),
                grounds(rule.record, rule.contraindicated, explained),
                grounds(rule.record, rule.caution, explained),
            )
            for rule in content.treatments
        )
        self._team = compiled(content.team, explained)
        self._safety_net = compiled(content.safety_net, explained)

    def options(
        self, urgency: UrgencyFinding, profile: Profile, read: CaseFacts
    ) -> tuple[PlanFinding, ...]:
        """Return the options of management; no drug for a symptom beside what is urgent."""
        serious = is_serious(urgency.level)
        return tuple(
            self._option(treatment, urgency, read)
            for treatment in self._treatments
            if called_for(treatment.record, treatment.when, urgency, read)
            and profile.id in (treatment.record.profiles or (profile.id,))
            and not (treatment.record.symptom_drug and serious)
        )

    def _option(
        self, treatment: _Treatment, urgency: UrgencyFinding, read: CaseFacts
    ) -> PlanFinding:
        record, facts = treatment.record, read.facts
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
        return tuple(
            TeamFinding(record.id, record.who, record.note, record.source)
            for record, when in self._team
            if called_for(record, when, urgency, read)
        )

    def safety_net(self, profile: Profile, read: CaseFacts) -> tuple[Line, ...]:
        """Return what the patient is told to look out for."""
        return tuple(Line(r.id, profile.said(r.says)) for r in holding(self._safety_net, read))
