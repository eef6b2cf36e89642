"""The conditions: what speaks for each, against it, and what is not known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from triage.letter.words.said.line import Mark, Said
from triage.letter.words.said.trail import Trail
from triage.model.case import Case
from triage.rules.assessment import Assessment, ConditionFinding, Reason, Support

_RANK = "Rank is a count of recorded features, not a probability."
_NOTHING = "Nothing recorded so far speaks for a condition."
# In the order in which they are listed.
SUPPORTS: Mapping[Support, str] = {
    "well_supported": "Well supported",
    "possible": "Possible",
    "little": "Little support",
    "cannot_say": "Cannot say yet",
    "against": "Against",
}
# Shown only when asked for: they are many and say little.
CLOSED: tuple[Support, ...] = ("against",)
_MOST_MISSING = 6


def about(assessment: Assessment) -> str:
    """Return what the order of the conditions means, or that there are none."""
    return _RANK if assessment.conditions else _NOTHING


def supported(assessment: Assessment, support: Support) -> tuple[ConditionFinding, ...]:
    """Return the conditions of one degree of support."""
    return tuple(c for c in assessment.conditions if c.support == support)


def condition(trail: Trail, found: ConditionFinding) -> Said:
    """Return a condition, with how much is recorded of it."""
    parts = (("for", found.for_), ("against", found.against), ("not known", found.missing))
    counted = " · ".join(f"{len(part)} {word}" for word, part in parts if part)
    watch = "must not be missed · " if found.must_not_miss else ""
    return Said(
        found.name, f"{watch}{counted}", tip=trail.tip(found.source), strong=found.must_not_miss
    )


def features(trail: Trail, found: ConditionFinding, case: Case) -> Iterator[Said]:
    """Yield what speaks for a condition, what against it, and what is not known."""
    for mark, reasons in ((Mark.PLUS, found.for_), (Mark.MINUS, found.against)):
        for reason in reasons:
            yield _feature(trail, mark, reason)
    for item in found.missing[:_MOST_MISSING]:
        keys = trail.wanted([item], case)
        yield Said(f"not known: {item.label}", "", Mark.OPEN, keys, indent=1)
    if (more := len(found.missing) - _MOST_MISSING) > 0:
        yield Said(f"and {more} more that are not known", indent=1)
    yield Said("", trail.note(found.id, found.source), indent=1)


def _feature(trail: Trail, mark: Mark, reason: Reason) -> Said:
    found = trail.labels(reason.answers)
    # A rule may name several things; what was recorded is one of them.
    note = "" if found.casefold() in reason.says.casefold() else f"recorded: {found}"
    return Said(reason.says, note, mark, trail.targets(reason.answers), indent=1)
