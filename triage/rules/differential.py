"""The conditions that the findings speak for, by what speaks for and against each."""

from __future__ import annotations

from typing import NamedTuple

from triage.content.load import ConditionRule, Content
from triage.content.schema import Condition, Feature
from triage.expr import tree
from triage.expr.evaluate import LIKELY, POSSIBLE, Standing, support_key
from triage.expr.explain import Explained, missing
from triage.rules.assessment import ConditionFinding, Reason, Support, UrgencyFinding
from triage.rules.compiled import Explain
from triage.rules.facts import CaseFacts
from triage.rules.items import ItemReader
from triage.rules.kept import Cell, Kept
from triage.rules.urgency import is_serious

# A condition leads if none is better supported by more points than this.
_NEAR = 2
# A must-not-miss condition is shown from this score even if its gate was never assessed.
_MUST_NOT_MISS = 2


class _Item(NamedTuple):
    """An item for or against a condition, compiled."""

    says: str
    weight: int
    when: Explained


class _Scored(NamedTuple):
    """A condition's gate and items, compiled, each item with its weight."""

    record: Condition
    key: str
    gate: Explained
    for_: tuple[_Item, ...]
    against: tuple[_Item, ...]
    cell: Cell[tuple[Standing, ConditionFinding | None]]


class DifferentialReader:
    """Finds how well each condition is supported; made once for a content.

    Parameters
    ----------
    content
        The content.
    explained
        Compiles a condition.
    items
        Names what is missing.
    kept
        Keeps what each condition came to.
    """

    def __init__(self, content: Content, explained: Explain, items: ItemReader, kept: Kept) -> None:
        self._items = items
        self._kept = kept
        self._conditions = tuple(_scored(rule, explained, kept) for rule in content.conditions)

    def conditions(self, urgency: UrgencyFinding, read: CaseFacts) -> tuple[ConditionFinding, ...]:
        """Return the conditions that are shown, the best supported first; the facts gain where each stands."""
        serious = is_serious(urgency.level)
        found = [(c, *c.cell.get(self._weighed, c, read)) for c in self._conditions]
        # What leads is found anew, and what was read before stays as it was.
        standings = [(c, Standing(s.gate, s.score, s.best)) for c, s, _ in found]
        for condition, standing in standings:
            read.facts[condition.key] = standing
        _lead(
            [
                standing
                for condition, standing in standings
                if standing.gate and not (serious and condition.record.benign)
            ]
        )
        self._kept.conclude("standings", {c.record.id: s.told for c, s in standings})
        return tuple(
            sorted(
                (finding for _, _, finding in found if finding is not None),
                key=lambda c: (
                    # At a serious level a benign condition yields by one group, and to no condition without a point.
                    (c.benign and serious) - _tier(c.score),
                    c.benign and serious,
                    -c.score,
                    not c.must_not_miss,
                    c.name,
                ),
            )
        )

    def _weighed(
        self, condition: _Scored, read: CaseFacts
    ) -> tuple[Standing, ConditionFinding | None]:
        standing = _standing(condition, read)
        is_shown = _is_shown(condition.record, standing)
        return standing, self._finding(condition, standing, read) if is_shown else None

    def _finding(self, condition: _Scored, standing: Standing, read: CaseFacts) -> ConditionFinding:
        record = condition.record
        support: Support = "cannot_say" if standing.gate is None else _support(standing.score)
        needed = missing(condition.gate, read.facts)
        for item in condition.for_:
            missing(item.when, read.facts, needed)
        return ConditionFinding(
            record.id,
            record.name,
            record.family,
            support,
            standing.score,
            record.must_not_miss,
            record.benign,
            _reasons(record, condition.for_, read),
            _reasons(record, condition.against, read),
            self._items.items(needed),
            record.source,
        )


def standing_of(condition: str, read: CaseFacts) -> Standing:
    """Return where a condition stands, in facts that the differential was found in."""
    standing = read.facts[support_key(condition)]
    assert isinstance(standing, Standing)
    return standing


def _scored(rule: ConditionRule, explained: Explain, kept: Kept) -> _Scored:
    def items(features: tuple[Feature, ...], nodes: tuple[tree.Node, ...]) -> tuple[_Item, ...]:
        return tuple(
            _Item(feature.says, feature.weight, explained(node))
            for feature, node in zip(features, nodes, strict=True)
        )

    record, gate = rule.record, explained(rule.gate)
    for_, against = items(record.for_, rule.for_), items(record.against, rule.against)
    cell = kept.cell([gate, *(item.when for item in (*for_, *against))])
    return _Scored(record, support_key(record.id), gate, for_, against, cell)


def _standing(condition: _Scored, read: CaseFacts) -> Standing:
    facts = read.facts
    score = best = 0
    gate = condition.gate.truth(facts)
    if gate is False:
        # Neither shown nor supported, whatever its points.
        return Standing(gate, score, best)
    for item in condition.for_:
        got = item.when.truth(facts)
        if got is not False:
            best += item.weight
            if got:
                score += item.weight
    for item in condition.against:
        if item.when.truth(facts):
            score -= item.weight
            best -= item.weight
    return Standing(gate, score, best)


def _lead(standings: list[Standing]) -> None:
    """Mark the best supported of what may lead, near ties included; a benign condition leads nothing that is urgent."""
    least = max((standing.score for standing in standings), default=0) - _NEAR
    for standing in standings:
        standing.first = standing.score >= least


def _is_shown(record: Condition, standing: Standing) -> bool:
    if standing.gate is not None:
        return standing.gate
    return standing.score >= (_MUST_NOT_MISS if record.must_not_miss else POSSIBLE)


def _reasons(record: Condition, items: tuple[_Item, ...], read: CaseFacts) -> tuple[Reason, ...]:
    return tuple(
        Reason(item.says, record.id, read.answers(item.when), record.source)
        for item in items
        if item.when.truth(read.facts)
    )


def _tier(score: int) -> int:
    return (score >= LIKELY) + (score >= POSSIBLE) + (score > 0)


def _support(score: int) -> Support:
    return ("against", "little", "possible", "well_supported")[_tier(score)]
