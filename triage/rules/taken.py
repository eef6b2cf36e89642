"""What answers say, each by itself. At a key press one of thousands has changed, and only that one is looked at."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import compress
from operator import is_not
from typing import assert_never

from triage.content.form import Form, Slot, nothing_key
from triage.content.ranges import quantity_interval
from triage.content.retired import is_whole, parted, renewed
from triage.expr.evaluate import vague_key
from triage.expr.interval import INFINITY, Doubtful, Interval
from triage.model.case import Case
from triage.model.values import (
    Choice,
    Date,
    Decision,
    Finding,
    Names,
    Quantity,
    Result,
    Rewritten,
    Table,
    Text,
    Unable,
    Urgency,
    Value,
)

# Of more answers that changed all are taken anew.
_FEW = 50
_PLAIN = {Finding, Choice}
# An answer of these says more than one thing.
_MANIFOLD = {Names, Table}


@dataclass
class Taken:
    """What the answers of a case say.

    Parameters
    ----------
    case
        The answers that the form asks, under their present names.
    facts
        What is known, by name; of results nothing.
    origins
        For facts that were not recorded under their own key: the keys that they come from.
    results
        The results, by their key.
    """

    case: Case = field(default_factory=Case)
    facts: dict[str, object] = field(default_factory=dict)
    origins: dict[str, tuple[str, ...]] = field(default_factory=dict)
    results: dict[str, Result] = field(default_factory=dict)


class AnswerReader:
    """Reads single answers; made once for a form.

    Parameters
    ----------
    form
        The form.
    """

    def __init__(self, form: Form) -> None:
        self._form = form
        # The answers that the form knows whole, and what numbers mean, from one reading to the next.
        self._whole: dict[str, Value] = {}
        self._spans: dict[str, tuple[Quantity, Interval | None]] = {}
        # The case that was read last, whether the form knows all of it whole, and what it said.
        self._values: dict[str, Value] = {}
        self._is_whole = True
        self._taken = Taken()

    def forget(self) -> None:
        """Keep nothing of the case that was read last."""
        self._whole, self._spans = {}, {}
        self._values, self._is_whole, self._taken = {}, True, Taken()

    def take(self, case: Case) -> Taken:
        """Return what the answers of `case` say. It is looked at, and not changed."""
        values = self._values
        fresh = list(
            compress(case.items(), map(is_not, map(values.get, case.keys()), case.values()))
        )
        if not self._goes_on(case, fresh):
            self._begin(case)
        return self._taken

    def _begin(self, case: Case) -> None:
        """Take all answers."""
        self._values = dict(case.items())
        asked, _ = parted(renewed(case, self._form, self._whole), self._form, self._whole)
        self._is_whole = asked is case
        self._taken = Taken(asked)
        facts = self._taken.facts
        for key, value in asked.items():
            # Most of a case is findings and grades.
            if type(value) is Finding:
                facts[key] = value.present
            elif type(value) is Choice:
                facts[key] = value.option
            else:
                self._take(key, value)

    def _goes_on(self, case: Case, fresh: list[tuple[str, Value]]) -> bool:
        """Take what changed since the last case, if that comes to the same as taking all; return whether it does."""
        values = self._values
        if not self._is_whole or len(fresh) > _FEW:
            return False
        added = sum(key not in values for key, _ in fresh)
        gone = values.keys() - case.keys() if len(values) + added != len(case) else set()
        pairs: list[tuple[Value | None, Value | None]]
        pairs = [(values.get(key), value) for key, value in fresh]
        pairs += [(values[key], None) for key in gone]
        if not all(_is_like(old, new) for old, new in pairs):
            return False
        if not all(is_whole(key, value, self._form) for key, value in fresh):
            return False
        for key in gone:
            del values[key]
        values.update(fresh)
        # What follows from the facts follows in the order of the answers.
        if list(values) != list(case):
            return False
        self._taken.case = case
        self._drop(gone)
        for key, value in fresh:
            self._take(key, value)
        return True

    def _drop(self, gone: Iterable[str]) -> None:
        taken = self._taken
        for key in gone:
            taken.facts.pop(key, None)
            taken.facts.pop(vague_key(key), None)
            taken.results.pop(key, None)

    def _take(self, key: str, value: Value) -> None:
        """Take an answer, in the place of what stood there."""
        taken, slot = self._taken, self._form.slots.get(key)
        match value:
            case Finding():
                taken.facts[key] = value.present
            case Choice():
                taken.facts[key] = value.option
            case Names():
                taken.facts.update({f"{key}.{name}": True for name in value.names})
            case Result() if slot is not None:
                taken.results[key] = value
            case Quantity() if slot is not None:
                self._quantity(slot, value)
            case Table() if slot is not None:
                taken.facts[key] = value
                self._nothing(slot, value)
            case Text() | Date() if slot is not None:
                taken.facts[key] = value
            case Result() | Quantity() | Table() | Text() | Date() | Unable():
                # The form does not ask it, or nothing is known.
                pass
            case Decision() | Urgency() | Rewritten():
                # No fact of the patient.
                pass
            case _:
                assert_never(value)

    def _quantity(self, slot: Slot, value: Quantity) -> None:
        self._drop((slot.key,))
        facts = self._taken.facts
        kept = self._spans.get(slot.key)
        if kept is None or kept[0] is not value:
            kept = self._spans[slot.key] = value, quantity_interval(slot.question, value)
        if (span := kept[1]) is None:
            return
        facts[slot.key] = span
        is_vague = isinstance(span, Doubtful)
        if value.word and span.high == INFINITY and value.word not in self._form.file.amounts:
            is_vague = True
        if is_vague:
            facts[vague_key(slot.key)] = True

    def _nothing(self, slot: Slot, table: Table) -> None:
        if slot.question.nothing is not None and (table.rows or table.closed):
            name = nothing_key(slot.question)
            self._taken.facts[name] = not table.rows
            self._taken.origins[name] = (slot.key,)


def _is_like(old: Value | None, new: Value | None) -> bool:
    """Whether what one says takes the place of what the other said."""
    kinds = {type(value) for value in (old, new) if value is not None}
    return kinds <= _PLAIN or (len(kinds) == 1 and kinds.isdisjoint(_MANIFOLD))
