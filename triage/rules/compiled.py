"""The rules of a content with their conditions compiled."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeVar

from triage.content.load import Reason, Rule
from triage.content.schema import Investigation, Named, Treatment
from triage.expr.explain import Explained
from triage.expr.tree import Node
from triage.rules.facts import CaseFacts

R = TypeVar("R", bound=Named)
# Compiles a condition.
Explain = Callable[[Node], Explained]
# Records, each with when it holds.
Compiled = tuple[tuple[R, Explained], ...]

_ALWAYS = Explained(lambda _: True)


class Ground(NamedTuple):
    """A reason against something, with the rule that gives it and its sources."""

    rule: str
    says: str
    instead: str
    source: tuple[str, ...]
    when: Explained


def compiled(rules: tuple[Rule[R], ...], explained: Explain) -> Compiled[R]:
    """Return each record with its condition; one without always holds."""
    return tuple(
        (rule.record, _ALWAYS if rule.when is None else explained(rule.when)) for rule in rules
    )


def grounds(
    record: Investigation | Treatment, reasons: tuple[Reason, ...], explained: Explain
) -> tuple[Ground, ...]:
    """Return the reasons that a record gives against itself."""
    return tuple(
        Ground(record.id, r.record.says, r.record.instead, record.source, explained(r.when))
        for r in reasons
    )


def holding(rules: Compiled[R], read: CaseFacts) -> list[R]:
    """Return the records that hold in a case."""
    return [record for record, when in rules if when.truth(read.facts)]
