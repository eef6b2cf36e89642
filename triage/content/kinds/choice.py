"""A choice: one of several options, which may be the grades of a scale."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from triage.content.form import Form, Slot
from triage.content.kinds.kind import Kind, lasting_faults
from triage.content.raw import CaseFile, boolean, fields, option, string, without_blanks
from triage.content.schema import OptionRecord, Question
from triage.errors import did_you_mean
from triage.expr.symbols import Kind as Sort
from triage.expr.symbols import Symbol
from triage.model.values import Choice, Value

# What a block records for a choice that does not say otherwise.
_NONE = "none"


class ChoiceKind(Kind):
    """One option."""

    keys = frozenset(
        {
            "options",
            "ordered",
            "also",
            "text",
            "sided",
            "block_value",
            "default",
            "implied",
            "lasts",
        }
    )
    needs = frozenset({"options"})

    def stands(self, question: Question) -> str:
        """Return the type of the value under each key."""
        return "choice"

    def faults(self, question: Question, form: Form) -> Iterator[str]:
        """Yield options that are not there."""
        options = [record.id for record in question.options]
        for key, value in (
            ("block_value", question.block_value),
            ("default", question.default),
            *(("implied", entry.value) for entry in question.implied),
        ):
            if value and value not in options:
                yield f"{key}: there is no option {value!r}{did_you_mean(value, options)}"
        yield from scale_faults(question.options)
        yield from lasting_faults(question, form)
        other = form.questions.get(question.also)
        if question.also and other is None:
            yield f"also: there is no question {question.also!r}{form.closest(question.also)}"
        elif other is not None and (
            other is question or not {record.id for record in other.options} <= set(options)
        ):
            yield f"also: {question.also!r} must be another question, with options of this one"

    def symbol(self, question: Question, name: str) -> Symbol:
        """Return a choice with the rank of each option."""
        symbols = choice_symbols(
            [name], Scale.of(question.options), question.ordered, question.also
        )
        return next(symbols)

    def read(self, slot: Slot, raw: object, file: CaseFile) -> Value:
        """Return an option, or ``{"value": option, "text": …}``."""
        given = fields(
            raw if isinstance(raw, dict) else {"value": raw}, ("value", "text", "block"), file
        )
        options = [record.id for record in slot.options]
        return Choice(
            option=option(given.get("value"), options, slot.question.id, file),
            text=string(given.get("text", ""), "text"),
            block=boolean(given.get("block", False)),
        )

    def write(self, value: Value) -> object:
        """Return the bare option, or an object where there is more to say."""
        assert isinstance(value, Choice)
        if not value.text and not value.block:
            return value.option
        return without_blanks({"value": value.option, "text": value.text, "block": value.block})

    def block_values(self, question: Question, slots: tuple[Slot, ...]) -> dict[str, Value]:
        """Return what `block_value` says, else *none* where that is an option."""
        wanted = question.block_value or _NONE
        return {
            slot.key: Choice(option=wanted, block=True)
            for slot in slots
            if not slot.is_whole and any(record.id == wanted for record in slot.options)
        }

    def renewed(self, value: Value, question: Question, form: Form) -> Value:
        """Return the option that took the place of a retired one."""
        assert isinstance(value, Choice)
        name = form.now(question.id, value.option)
        return value if name == value.option else value.model_copy(update={"option": name})

    def parted(self, value: Value, slot: Slot, form: Form) -> tuple[Value | None, Value | None]:
        """Return the choice as known if its option still is."""
        assert isinstance(value, Choice)
        known = any(record.id == value.option for record in slot.options)
        return (value, None) if known else (None, value)


class Scale(NamedTuple):
    """The options of a choice: the rank of each, and between which two one lies that has no rank of its own."""

    ranks: Mapping[str, int | None]
    spans: Mapping[str, tuple[str, str]]

    @classmethod
    def of(cls, options: Iterable[OptionRecord]) -> Scale:
        """Return the scale that `options` are."""
        ranks: dict[str, int | None] = {}
        for record in options:
            graded = not record.from_
            ranks[record.id] = sum(rank is not None for rank in ranks.values()) if graded else None
        spans = {
            record.id: (record.from_, record.to)
            for record in options
            if record.from_ in ranks and record.to in ranks
        }
        return cls(ranks, spans)


def choice_symbols(
    names: Iterable[str], scale: Scale, ordered: bool, also: str = ""
) -> Iterator[Symbol]:
    """Yield symbols of choices of the same options."""
    for name in names:
        yield Symbol(name, Sort.CHOICE, (), scale.ranks, scale.spans, ordered, also=also)


def scale_faults(options: tuple[OptionRecord, ...]) -> Iterator[str]:
    """Yield options that stand between grades, or tick others, which are not there."""
    ids = [record.id for record in options]
    for record in options:
        for name in (record.from_, record.to, *record.ticks):
            if name and name not in ids:
                yield f"option {record.id!r}: there is no option {name!r}{did_you_mean(name, ids)}"
        if record.id in (record.from_, record.to, *record.ticks):
            yield f"option {record.id!r} names itself: take it out"
        ends = [ids.index(name) for name in (record.from_, record.to) if name in ids]
        if bool(record.from_) != bool(record.to) or ends != sorted(ends):
            yield f"option {record.id!r}: from and to are the lower and the upper grade: give both"
