"""A quantity: a number with a unit, a limit, a range, or one of the form's words for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import TypeVar, get_args

from triage.content.entry import bare_unit, parse_quantity
from triage.content.form import PROFILE, Form, Slot, units_of
from triage.content.kinds.kind import Kind
from triage.content.raw import LONGEST_LINE, CaseFile, fields, string, without_blanks
from triage.content.schema import Question
from triage.content.units import find_unit
from triage.errors import EntryError, did_you_mean
from triage.expr.symbols import Kind as Sort
from triage.expr.symbols import Symbol
from triage.model.numbers import exact
from triage.model.values import Bound, Comparator, Measurement, Quantity, Value

C = TypeVar("C", bound=str)
COMPARATORS: tuple[Comparator, ...] = get_args(Comparator)
_BOUNDS: tuple[Bound, ...] = get_args(Bound)


class QuantityKind(Kind):
    """A number."""

    keys = frozenset({"unit", "units", "range", "integer", "words", "sided", "block_value"})

    def stands(self, question: Question) -> str:
        """Return the type of the value under each key."""
        return "quantity"

    def faults(self, question: Question, form: Form) -> Iterator[str]:
        """Yield numbers and units that cannot be meant."""
        if question.block_value and not question.block_value.isdecimal():
            yield "block_value: what a block records for a number is a number"
        # The words for amounts that all quantities share are looked at once, with the form.
        for word, means in question.words.items() - form.file.amounts.items():
            yield from word_faults(question, word, means)
        yield from unit_faults(question, form)

    def symbol(self, question: Question, name: str) -> Symbol:
        """Return a number with its unit."""
        return Symbol(name, Sort.QUANTITY, unit=question.unit)

    def read(self, slot: Slot, raw: object, file: CaseFile) -> Value:
        """Return a number, what typed text means, or ``{"value": …, "unit": …}``."""
        question = slot.question
        if not isinstance(raw, dict):
            raw = {"value": raw}
        given = fields(raw, ("value", "comparator", "high", "unit", "typed"), file)
        unit = unit_in(given, question)
        comparator = comparator_in(given, _BOUNDS)
        value = given.get("value")
        if isinstance(value, str):
            text = comparator + file.form.now(question.id, string(value, "value", LONGEST_LINE))
            read = parse_quantity(question, text, unit=unit, profile=file.profile)
            said_once(read, given, unit)
        else:
            given_number = number(value, "value")
            if question.integer and given_number != given_number.to_integral_value():
                raise EntryError("value: give a whole number")
            read = Quantity(
                value=given_number,
                comparator=comparator,
                unit=unit or bare_unit(question, given_number, file.profile),
            )
        if given.get("high") is not None:
            high = number(given["high"], "high")
            if read.value is None or read.comparator not in ("", "~") or high <= read.value:
                raise EntryError("high is the upper end of a range: it needs a smaller value")
            read = read.model_copy(update={"high": high})
        return with_typed(read, given)

    def write(self, value: Value) -> object:
        """Return the word, or an object with the number."""
        assert isinstance(value, Quantity)
        if value.value is None and not value.typed:
            return value.word
        return without_blanks(
            {
                "value": value.word if value.value is None else value.value,
                "comparator": value.comparator,
                "high": value.high,
                "unit": "" if value.value is None else value.unit,
                "typed": value.typed,
            }
        )

    def block_values(self, question: Question, slots: tuple[Slot, ...]) -> dict[str, Value]:
        """Return the number that `block_value` gives, if it gives one."""
        if not question.block_value:
            return {}
        amount = Quantity(value=Decimal(question.block_value), unit=question.unit)
        return {slot.key: amount for slot in slots}

    def renewed(self, value: Value, question: Question, form: Form) -> Value:
        """Return the word that took the place of a retired one."""
        assert isinstance(value, Quantity)
        if not value.word:
            return value
        word = form.now(question.id, value.word)
        return value if word == value.word else value.model_copy(update={"word": word})

    def parted(self, value: Value, slot: Slot, form: Form) -> tuple[Value | None, Value | None]:
        """Return the quantity as known if its word or its unit still is."""
        assert isinstance(value, Quantity)
        question = slot.question
        known = (
            value.word in question.words
            if value.value is None
            else value.unit in ("", *units_of(question))
        )
        return (value, None) if known else (None, value)


# -- shared with results --------------------------------------------------------------------------


def number(raw: object, what: str) -> Decimal:
    """Return a JSON number exactly as it is spelled."""
    if isinstance(raw, bool) or not isinstance(raw, int | Decimal):
        raise EntryError(f"{what}: this must be a number")
    return exact(raw, what)


def comparator_in(given: dict[str, object], known: tuple[C, ...]) -> C:
    """Return the comparator that a file gives beside a number; empty if none."""
    for comparator in known:
        if given.get("comparator", "") == comparator:
            return comparator
    raise EntryError(f"the comparator is one of {', '.join(known[1:])}")


def unit_in(given: dict[str, object], question: Question) -> str:
    """Return the unit that a file gives beside a number; empty if none."""
    spelled = string(given.get("unit", ""), "unit", LONGEST_LINE)
    unit = find_unit(units_of(question), spelled) if spelled else ""
    if unit is None:
        raise EntryError(f"the unit is one of {', '.join(units_of(question))}")
    return unit


def said_once(read: Quantity | Measurement, given: Mapping[str, object], unit: str) -> None:
    """Refuse a text that says what the file gives beside it too: nobody knows which of the two is meant.

    Parameters
    ----------
    read
        What the text means.
    given
        What stands beside it.
    unit
        The unit that stands beside it; the same one may stand twice.
    """
    if unit and read.value is not None and read.unit != unit:
        raise EntryError("unit: the value has another unit in its text: keep one of the two")
    for key in ("high", "low", "date", "reported"):
        if given.get(key) is not None and getattr(read, key, None) is not None:
            raise EntryError(
                f"{key}: this stands in the text of the value too: keep one of the two"
            )


def with_typed(value: Quantity, given: dict[str, object]) -> Quantity:
    """Return `value` with the text that was typed for it, if the file gives that."""
    typed = string(given.get("typed", ""), "typed", LONGEST_LINE)
    return value.model_copy(update={"typed": typed}) if typed else value


def word_faults(question: Question, word: str, means: str) -> Iterator[str]:
    """Yield what is wrong with a word that stands for a number of `question`."""
    try:
        parse_quantity(question.model_copy(update={"words": {}}), means)
    except EntryError:
        yield f"words: write what {word!r} stands for as it would be typed, such as '>=18'"
    if word != word.strip().lower():
        yield f"words: {word!r} is only ever compared in lower case: write it so"


def unit_faults(question: Question, form: Form) -> Iterator[str]:
    """Yield units and ranges that cannot be meant."""
    known: set[str] = {question.unit}
    profile = form.questions.get(PROFILE)
    profiles = [option.id for option in profile.options] if profile else []
    for unit in question.units:
        if unit.unit in known:
            yield f"the unit {unit.unit!r} stands here twice"
        known.add(unit.unit)
        if unit.factor == 0:
            yield f"unit {unit.unit!r} needs a factor that is not zero"
        elif unit.factor < 0:
            yield f"unit {unit.unit!r}: a factor is above 0"
        for name in unit.first:
            if name not in profiles:
                yield f"unit {unit.unit!r}: there is no profile {name!r}{did_you_mean(name, profiles)}"
    for name in profiles:
        if sum(name in unit.first for unit in question.units) > 1:
            yield f"units: two of them come first in the profile {name!r}: keep one"
    ends: Iterable[tuple[str, tuple[Decimal | None, Decimal | None]]] = (
        ("range", question.range or (None, None)),
        ("low and high", (question.low, question.high)),
        *((f"by_sex.{sex}", (b.low, b.high)) for sex, b in question.by_sex.items()),
    )
    for what, (low, high) in ends:
        if low is not None and high is not None and low > high:
            yield f"{what}: the lower end is above the upper end"
