"""Whom the findings ask for, within how many days, and the line that says both."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import inf

from triage.content.load import Content
from triage.content.schema import Service, ServiceReason
from triage.expr.explain import Explained
from triage.model.values import LEVELS
from triage.rules.assessment import (
    ActFinding,
    Fired,
    InvestigationFinding,
    Reason,
    ServiceFinding,
    UrgencyFinding,
)
from triage.rules.compiled import Explain
from triage.rules.facts import CaseFacts
from triage.rules.kept import Cell, Kept

_Ground = tuple[ServiceReason, Explained, Cell[Reason | None]]


class ServiceReader:
    """Finds the services that a case asks for; made once for a content.

    Parameters
    ----------
    content
        The content.
    explained
        Compiles a condition.
    kept
        Keeps what each reason came to.
    """

    def __init__(self, content: Content, explained: Explain, kept: Kept) -> None:
        self._services = tuple(
            (
                rule.record,
                tuple(_ground(g.record, explained(g.when), kept) for g in rule.reasons),
            )
            for rule in content.services
        )
        self._none = content.no_service
        self._flags = {rule.record.id: rule.record for rule in content.red_flags}
        self._levels = content.levels

    def services(
        self,
        urgency: UrgencyFinding,
        tests: Sequence[InvestigationFinding],
        read: CaseFacts,
    ) -> tuple[ServiceFinding, ...]:
        """Return the services that are asked for, the soonest first; in an emergency those for it alone."""
        fired, by_rule = urgency.reasons, {flag.rule: flag for flag in urgency.reasons}
        found: list[tuple[Service, list[Reason], int]] = []
        for record, grounds in self._services:
            reasons = list(self._reasons(record, grounds, by_rule, tests, read))
            rules = {reason.rule for reason in reasons}
            ranks = [LEVELS.index(f.level) for f in fired if f.rule in rules]
            if reasons:
                found.append((record, reasons, max(ranks, default=0)))
        now = [entry for entry in found if entry[0].takes == urgency.level]
        if not now and not found:
            now = list(self._nobody(fired))
        ordered = sorted(now or found, key=lambda entry: -entry[2])
        return tuple(
            ServiceFinding(record.id, record.name, tuple(reasons), record.primary)
            for record, reasons, _ in ordered
        )

    def _reasons(
        self,
        record: Service,
        grounds: Sequence[_Ground],
        fired: Mapping[str, Fired],
        tests: Sequence[InvestigationFinding],
        read: CaseFacts,
    ) -> Iterator[Reason]:
        for flag in fired.values():
            own = record.own and flag.to == "pc" and flag.level != "routine"
            if own or record.takes == flag.level or flag.rule in record.flags:
                yield Reason(*flag[:4])
        for ground, when, cell in grounds:
            if reason := cell.get(_reason, record, ground, when, fired, read):
                yield reason
        for test in tests:
            if test.id in record.tests and test.status == "recommended":
                yield from test.reasons

    def _nobody(self, fired: Sequence[Fired]) -> Iterator[tuple[Service, list[Reason], int]]:
        """Yield the own practice, where nobody else is asked for, with what lets it rest there."""
        for record, _ in self._services:
            if record.own:
                reasons = [Reason(*flag[:4]) for flag in fired]
                yield record, reasons or [Reason(self._none, record.id, (), record.source)], 0

    # -- when -----------------------------------------------------------------------------------

    def act(self, urgency: UrgencyFinding, services: Sequence[ServiceFinding]) -> ActFinding:
        """Return the soonest of what the fired rules ask for, and by whom."""
        assert urgency.level is not None
        # What is as soon is done by those who take it, the most urgent alone.
        days = min(map(self._days, urgency.reasons), default=inf)
        tied = [flag for flag in urgency.reasons if self._days(flag) == days]
        tied = [flag for flag in tied if flag.level == tied[0].level]
        if days == inf:
            record = self._levels[urgency.level]
            act_by, who, rule = record.within_days, record.who, ""
        else:
            act_by, rule = int(days), tied[0].rule
            names = dict.fromkeys(name for flag in tied for name in self._who(flag, services))
            # Who acts "with a doctor" is not named without one as well.
            who = " or ".join(n for n in names if not any(o.startswith(f"{n}, ") for o in names))
            who = who or self._levels[tied[0].level].who
        refers = any(flag.to != "pc" and flag.level != "routine" for flag in tied)
        rest = "" if refers else self._referral(urgency, services)
        return ActFinding(act_by, who, act_words(act_by, who, rest), rule)

    def _days(self, flag: Fired) -> float:
        days = self._flags[flag.rule].within_days
        if days is None:
            days = self._levels[flag.level].within_days
        return inf if days is None else days

    def _who(self, flag: Fired, services: Sequence[ServiceFinding]) -> list[str]:
        """Return who acts on a rule: as it says, else the services that take it."""
        if who := self._flags[flag.rule].who:
            return [who]
        return [inside(s.name) for s in services if any(r.rule == flag.rule for r in s.reasons)]

    def _referral(self, urgency: UrgencyFinding, services: Sequence[ServiceFinding]) -> str:
        others = " or ".join(inside(service.name) for service in services if not service.primary)
        if urgency.referral is None:
            return "" if others else "no referral suggested"
        when = days_words(self._levels[urgency.referral].within_days)
        return f"referral {when}: {others}" if others else f"referral {when}"


def _ground(record: ServiceReason, when: Explained, kept: Kept) -> _Ground:
    return record, when, kept.cell([when], {record.flag})


def _reason(
    record: Service,
    ground: ServiceReason,
    when: Explained,
    fired: Mapping[str, Fired],
    read: CaseFacts,
) -> Reason | None:
    if not when.truth(read.facts) or (ground.flag and ground.flag not in fired):
        return None
    rule, source = ground.flag or record.id, record.source
    if ground.flag:
        source = fired[ground.flag].source
    return Reason(ground.says, rule, read.answers(when), source)


def act_words(days: int | None, who: str, rest: str = "") -> str:
    """Return by when and by whom, in one line without a full stop."""
    when = days_words(days)
    line = f"{who[:1].upper()}{who[1:]}, {when}" if days is None else f"Act {when}: {inside(who)}"
    return "; ".join(part for part in (line if who else "", rest) if part)


def days_words(days: int | None) -> str:
    """Return a number of days as it is said."""
    if days is None:
        return "in routine time"
    if days < 2:
        return ("today", "today or tomorrow")[days]
    return f"within {days // 7} weeks" if days >= 14 and days % 7 == 0 else f"within {days} days"


def inside(name: str) -> str:
    """Return a name as it stands inside a sentence."""
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]
