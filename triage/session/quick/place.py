"""Where a line is read: the case with what the line says so far, and how its answers are shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from triage.content.entry import measured_text, quantity_text
from triage.content.form import MIDLINE, Slot
from triage.content.ranges import crossed, odd
from triage.content.schema import Question
from triage.letter.words.results import sex_of
from triage.model.case import Case
from triage.model.dates import PartialDate
from triage.model.numbers import plain
from triage.model.values import (
    Choice,
    Date,
    Decision,
    Finding,
    Measurement,
    Quantity,
    Text,
    Unable,
    Value,
)
from triage.session.quick.names import Hit, Names, names_in
from triage.session.quick.preview import Changes, Goal, Line, Meaning
from triage.session.session import Session


@dataclass(frozen=True, slots=True)
class Place:
    """Where a line is read.

    Parameters
    ----------
    session
        The case as it is recorded.
    case
        The same, with what the line says before.
    names
        What can be named.
    commands
        What the program can do besides.
    """

    session: Session
    case: Case
    names: Names
    commands: tuple[Goal, ...] = ()

    @classmethod
    def of(cls, session: Session, commands: Iterable[Goal]) -> Place:
        """Return the place of a line that begins."""
        return cls(session, session.case, names_in(session.form), tuple(commands))

    def with_(self, changes: Changes) -> Place:
        """Return the place behind an item that records `changes`."""
        return replace(self, case=self.case.with_(changes)) if changes else self

    @property
    def today(self) -> date:
        """The day on which it is typed."""
        return self.session.today

    @property
    def profile(self) -> str:
        """The guideline profile, which orders units and the parts of a date."""
        return self.session.profile

    def slots(self, question: Question, part: object) -> list[Slot]:
        """Return the keys of a question, or of one row or option of it."""
        every = self.session.form.slots_of(question.id)
        if part is None:
            return list(every)
        return [slot for slot in every if slot.row is part or slot.option is part]

    def meaning(
        self,
        values: Mapping[str, Value],
        *,
        gone: Iterable[str] = (),
        remarks: Iterable[str] = (),
        hit: Hit | None = None,
    ) -> Meaning:
        """Return what recording `values` would be, each as the field of its question records it; `gone` gives way."""
        slots = self.session.form.slots
        lines, changes, odd_ones = [], {}, list(remarks)
        after = self.case.with_(values)
        for key, value in values.items():
            slot, old = slots[key], self.case.get(key)
            if is_same(old, value):
                note = "recorded before"
            else:
                changes[key] = value
                note = f"was {self.shown(slot, old)}" if old is not None else ""
            lines.append(Line(named(slot), self.shown(slot, value), note))
            odd_ones += odd(slot.question, value, after, self.session.day)
        removed = {key: None for key in gone if key in self.case and key not in values}
        found = Meaning(tuple(lines), {**removed, **changes}, tuple(odd_ones))
        return by_name(found, hit) if hit else found

    def shown(self, slot: Slot, value: Value) -> str:
        """Return a value in words."""
        match value:
            case Finding(present=present, text=text):
                return ("present" if present else "absent") + (f", “{text}”" if text else "")
            case Choice(option=option):
                return next((o.label for o in slot.options if o.id == option), option)
            case Quantity(typed=typed):
                said = quantity_text(value)
                return f"{said} (“{typed}”)" if typed and typed != said else said
            case Date(date=day):
                return day.words()
            case Text(text=text):
                return f"“{text}”"
            case Unable(reason=reason):
                return f"unable: {reason}" if reason else "unable"
        return ""

    def measured(self, question: Question, item: Measurement) -> str:
        """Return a result in words: its value, the laboratory's range, whether it is high or low, and its day."""
        said = next((o.label for o in question.options if o.id == item.option), "")
        said = said or measured_text(item, unit=True)
        if item.pending:
            return said
        day = item.date or PartialDate.of(self.session.day)
        end, beyond = crossed(question, item, sex_of(self.case) or None)
        ends = [plain(limit) for limit in (item.low, item.high) if limit is not None]
        range_ = f" ({'-'.join(ends)})" if ends else ""
        return f"{said}{range_}{f', {end}' if beyond else ''}, {day.words()}"


def by_name(meaning: Meaning, hit: Hit) -> Meaning:
    """Return a meaning with what the name says that it rests on."""
    target = hit.target
    return replace(meaning, is_exact=hit.is_exact, is_whole=target.part is None, place=target.place)


def is_same(old: Value | None, new: Value) -> bool:
    """Whether `new` says no more than what is recorded; a finding keeps the words beside it."""
    if isinstance(old, Finding) and isinstance(new, Finding) and not new.text:
        return old.present == new.present
    if isinstance(old, Choice) and isinstance(new, Choice) and not new.text:
        return old.option == new.option
    return old == new and repr(old) == repr(new)


def named(slot: Slot) -> str:
    """Return how a preview names what stands under a key: ``First dorsal interosseous, right``."""
    question = slot.question
    name = question.label.rstrip("?")
    if slot.row is not None:
        name = slot.row.phrase if question.alone else f"{question.phrase} {slot.row.phrase}"
    elif slot.option is not None:
        name = f"{question.phrase}: {slot.option.phrase}"
    name = name[:1].upper() + name[1:]
    side = "" if slot.side == MIDLINE and slot.row is not None else slot.side
    return f"{name}, {side}" if side else name


def decided(decision: Decision) -> str:
    """Return a decision in words."""
    said = {"accept": "accepted", "decline": "declined", "defer": "left out"}[decision.decision]
    return f"{said}: {decision.reason}" if decision.reason else said
