"""One truth about numbers and days of a case: reference range, newest, outside, old, age, what cannot be.

Rules, letter and screen ask here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from triage.content.entry import measured_text, parse_quantity, quantity_text
from triage.content.form import AGE, BORN, DATE, SEX, Form, in_default_unit
from triage.content.identifiers import IDENTIFIERS, check_digits
from triage.content.schema import Question, WordBand
from triage.content.units import can_be
from triage.errors import EntryError
from triage.expr.interval import INFINITY, Doubtful, Interval, bounded
from triage.model.dates import OLDEST_YEARS, PartialDate, whole_years
from triage.model.numbers import plain, spelled
from triage.model.values import (
    Choice,
    Date,
    Finding,
    Measurement,
    Quantity,
    Result,
    Table,
    Value,
)

Values = Mapping[str, Value]
_ANY = Interval(-INFINITY, INFINITY, False, False)
# "About six months" is as good as any memory: a quarter more or less.
_ABOUT = Decimal("0.25")


# -- amounts --------------------------------------------------------------------------------------


def quantity_interval(question: Question, quantity: Quantity) -> Interval | None:
    """Return the numbers that an amount stands for, in the default unit; None if the form knows them no more."""
    if quantity.value is None:
        return _word_interval(question, quantity.word)
    ends = [
        in_default_unit(question, end, quantity.unit)
        for end in (quantity.value, quantity.high)
        if end is not None
    ]
    low, high = ends[0], ends[-1]
    if low is None or high is None:
        return None
    if quantity.comparator == "~":
        span = Interval(low - abs(low) * _ABOUT, high + abs(high) * _ABOUT)
    elif len(ends) == 2:
        span = Interval(low, high)
    else:
        span = bounded(quantity.comparator, low)
    return span if _is_possible(question, quantity) else Doubtful(*span)


def _word_interval(question: Question, word: str) -> Interval | None:
    means = question.words.get(word)
    try:
        return (
            None if means is None else quantity_interval(question, parse_quantity(question, means))
        )
    except EntryError:
        return None


def _is_possible(question: Question, quantity: Quantity) -> bool:
    numbers = [n for n in (quantity.value, quantity.high) if n is not None]
    return all(can_be(question, number, quantity.unit) for number in numbers)


# -- age ------------------------------------------------------------------------------------------


def age(case: Values, day: date) -> Interval | None:
    """Return the age in years that the birth date gives on `day`; None without one, or if no one has that age.

    It goes before an age that was typed, which may be no more than "adult".
    """
    born = case.get(BORN)
    if not isinstance(born, Date):
        return None
    span = Interval(
        Decimal(whole_years(born.date.latest, day)), Decimal(whole_years(born.date.earliest, day))
    )
    return span if span.high >= 0 and span.low <= OLDEST_YEARS else None


def age_of(form: Form, case: Values, day: date) -> Interval | None:
    """Return the one age of a case on `day`: from the birth date, else as typed if anyone can have it."""
    typed = case.get(AGE)
    if (span := age(case, day)) is None and isinstance(typed, Quantity):
        span = quantity_interval(form.questions[AGE], typed)
    return None if isinstance(span, Doubtful) else span


# -- results --------------------------------------------------------------------------------------


def newest(result: Result, day: date) -> list[Measurement]:
    """Return the measurements of the newest date, of a number only the last; pending ones are none.

    Without a date a result counts as of `day`, the date of the case. One that is dated later than the case
    is only taken where there is no other.
    """
    done = [item for item in result.items if not item.pending]
    done = [item for item in done if not _is_later(item, day)] or done
    if not done:
        return []
    last = max(_taken(item, day) for item in done)
    found = [item for item in done if _taken(item, day) == last]
    return found if found[0].option else found[-1:]


def earlier(result: Result, item: Measurement, day: date) -> Measurement | None:
    """Return the newest measurement of a day that is surely before that of `item`; of one day the last entered.

    Which of two of one day came first nobody knows.
    """
    start = day if item.date is None else item.date.earliest
    before = [
        (other.date.latest, n, other)
        for n, other in enumerate(result.items)
        if not other.pending and other.date is not None and other.date.latest < start
    ]
    return max(before)[2] if before else None


def by_age(result: Result, day: date) -> list[Measurement]:
    """Return the measurements that are there, oldest first, in the order in which they were entered."""
    done = [item for item in result.items if not item.pending]
    return sorted(done, key=lambda item: _taken(item, day))


def _taken(item: Measurement, day: date) -> date:
    return day if item.date is None else min(item.date.latest, max(day, item.date.earliest))


def _is_later(item: Measurement, day: date) -> bool:
    return item.date is not None and item.date.earliest > day


def is_old(question: Question, item: Measurement, day: date) -> bool:
    """Whether a result may be too old to reassure."""
    if item.date is None or not question.old_after_days:
        return False
    return day - item.date.earliest > timedelta(days=question.old_after_days)


def result_interval(
    question: Question, item: Measurement, band: WordBand | None, day: date
) -> Interval | None:
    """Return the numbers that a result stands for, in the default unit; None if it is no number."""
    if item.value is None:
        return word_interval(band, item.reported) if item.reported else None
    value = in_default_unit(question, item.value, item.unit)
    if value is None:
        return None
    span = bounded(item.comparator, value)
    doubtful = not can_be(question, item.value, item.unit) or _is_later(item, day)
    return Doubtful(*span) if doubtful else span


class Limits(NamedTuple):
    """A reference range, ends included; None where there is none."""

    low: Decimal | None
    high: Decimal | None


def reference_range(question: Question, item: Measurement, sex: object) -> Limits:
    """Return the range in the default unit: the laboratory's where it was given, else the form's for that sex.

    A laboratory's range whose lower limit stands above the upper one is none.
    """
    usual = question.by_sex.get(sex) if isinstance(sex, str) else None  # type: ignore[call-overload]
    ends: dict[str, Decimal | None] = {}
    for end in ("low", "high"):
        given: Decimal | None = None if is_reversed(item) else getattr(item, end)
        if given is not None:
            ends[end] = in_default_unit(question, given, item.unit)
        else:
            own: Decimal | None = getattr(usual, end, None)
            ends[end] = getattr(question, end) if own is None else own
    return Limits(ends["low"], ends["high"])


def is_reversed(item: Measurement) -> bool:
    """Whether the laboratory's lower limit stands above its upper one."""
    return item.low is not None and item.high is not None and item.low > item.high


def crossed(question: Question, item: Measurement, sex: object) -> tuple[str, bool | None]:
    """Return which limit a number may cross (``low``, ``high`` or neither), and whether it does.

    True is "it does", False "it does not", None "cannot say": ``<300`` against a limit of 200.
    """
    span = result_interval(question, item, None, date.max)
    range_ = reference_range(question, item, sex)
    if span is None:
        return "", None
    open_end = ""
    for end, op, limit in (("high", ">", range_.high), ("low", "<", range_.low)):
        beyond = False if limit is None else Interval(*span).compare(op, limit)
        if beyond:
            return end, True
        if beyond is None:
            open_end = end
    return open_end, None if open_end else False


def outside(question: Question, item: Measurement, sex: object) -> bool | None:
    """Return whether a result lies outside its range, or is no normal word or option; None: cannot say.

    Of a number with a word, either is enough to lie outside.
    """
    if item.option:
        return item.option not in normal_options(question)
    if item.reported is not None and (item.value is None or item.reported != "normal"):
        return item.reported != "normal"
    return crossed(question, item, sex)[1]


def is_normal(question: Question, item: Measurement, sex: object) -> bool:
    """Whether a result surely lies inside a range that has at least one limit."""
    range_ = reference_range(question, item, sex)
    if item.value is not None and range_.low is None and range_.high is None:
        return False
    return outside(question, item, sex) is False


def normal_options(question: Question) -> tuple[str, ...]:
    """Return the options of a test, or of a grid, that are normal."""
    return (question.normal,) if isinstance(question.normal, str) else question.normal


def word_interval(band: WordBand | None, word: str) -> Interval:
    """Return the numbers that a word may stand for; all of them where the content does not say.

    Plain low and high reach to the reference limit and no further is known of them. Where the range has
    only its other limit, they are on this side of it: a low CK is not a raised one.
    """
    if band is None:
        return _ANY
    low, high = band.low_below, band.high_above
    if word == "very_low" and band.very_low_below is not None:
        return Interval(-INFINITY, band.very_low_below, False, False)
    if word == "very_high" and band.very_high_from is not None:
        return Interval(band.very_high_from, INFINITY, True, False)
    if word in ("low", "very_low") and low is not None:
        return Interval(-INFINITY, low, False, False)
    if word in ("high", "very_high") and high is not None:
        return Interval(high, INFINITY, False, False)
    if word in ("low", "very_low"):
        low = None
    elif word in ("high", "very_high"):
        high = None
    return Interval(
        -INFINITY if low is None else low,
        INFINITY if high is None else high,
        low is not None,
        high is not None,
    )


# -- what cannot be -------------------------------------------------------------------------------


class ToCheck(NamedTuple):
    """Something recorded that cannot be, or hardly: kept as typed, to be looked at again.

    Parameters
    ----------
    key
        Where it stands.
    says
        What is odd about it, in one sentence.
    beside
        The other answer that it cannot stand beside; empty where it is odd by itself.
    """

    key: str
    says: str
    beside: str = ""


_NEVER_ODD = (Finding, Choice)
# What is odd, and the other answer that it cannot stand beside.
_Remark = tuple[str, str]
# By the key of an answer: the answer, the key of the one that it is told together with, that one, and what was found.
Checked = dict[str, tuple[Value, str, Value | None, list[ToCheck]]]


def to_check(
    form: Form, case: Values, day: date, kept: Checked | None = None
) -> tuple[ToCheck, ...]:
    """Return what in `case` cannot be, as of its date `day`: numbers, limits, dates, check digits, two ages.

    `kept` remembers for the next reading, of the same day, date of birth and sex, what was found of each answer.
    """
    kept = {} if kept is None else kept
    found: list[ToCheck] = []
    # Most of a case is findings and choices, and none of them is odd.
    for key, value in [each for each in case.items() if type(each[1]) not in _NEVER_ODD]:
        known = kept.get(key)
        if known is None or known[0] is not value or case.get(known[1]) is not known[2]:
            if (slot := form.slot(key)) is None:
                continue
            pair = slot.question.pair
            remarks = [ToCheck(key, *remark) for remark in _odd(slot.question, value, case, day)]
            known = kept[key] = value, pair, case.get(pair), remarks
        found += known[3]
    return tuple(found)


def odd(question: Question, value: Value, case: Values, day: date) -> Iterator[str]:
    """Yield what is odd about one answer of `case`, a sentence each."""
    return (says for says, _ in _odd(question, value, case, day))


def is_unused(question: Question) -> bool:
    """Whether no rule uses what is odd about an answer.

    None reads a day (only whether there is one), nor what a patient is known by, and a birth date that cannot be gives
    no age. A number that cannot be is used: it alarms where it would, and reassures of nothing.
    """
    return question.kind == "date" or question.id == IDENTIFIERS


def _odd(question: Question, value: Value, case: Values, day: date) -> Iterator[_Remark]:
    """Yield what is odd about one answer, and the other answer that it cannot stand beside."""
    name = question.label
    match value:
        case Result(items=items):
            for item in items:
                yield from _odd_result(question, item, case, day)
            if isinstance(other := case.get(question.pair), Result):
                yield from _odd_pair(question, value, other, day)
        case Quantity() if question.id == AGE and (born := age(case, day)) is not None:
            span = quantity_interval(question, value)
            if span is not None and not _overlap(span, born):
                yield (
                    f"{name}: {quantity_text(value)} does not fit the date of birth, which counts.",
                    BORN,
                )
        case Quantity() if value.value is not None and not _is_possible(question, value):
            yield (
                f"{name}: {quantity_text(value)} is outside what can be ({_possible(question)}), kept as typed.",
                "",
            )
        case Date(date=given) if question.id == BORN:
            if given.earliest > day:
                yield f"{name}: {given.words()} is after the date of this case.", ""
            elif age(case, day) is None:
                yield (
                    f"{name}: {given.words()} makes the patient older than {OLDEST_YEARS} years.",
                    "",
                )
        case Date(date=given) if question.id != DATE:
            yield from _odd_day(name, given, case, day)
        case Table() if question.id == IDENTIFIERS:
            yield from ((says, "") for says in dict.fromkeys(check_digits(question, value)))
        case Table(rows=rows):
            dated = [column for column in question.columns if column.kind == "date"]
            for row in rows:
                for column in dated:
                    cell = _cell(row.get(column.id), day)
                    if cell is not None:
                        yield from _odd_day(f"{name}, {column.label.lower()}", cell, case, day)


def _odd_result(
    question: Question, item: Measurement, case: Values, day: date
) -> Iterator[_Remark]:
    name = question.label
    if item.value is not None and not can_be(question, item.value, item.unit):
        said = measured_text(item, unit=True)
        yield f"{name}: {said} is outside what can be ({_possible(question)}), kept as typed.", ""
    sex = case.get(SEX)
    if unlike := unlike_word(question, item, sex.option if isinstance(sex, Choice) else None):
        yield f"{name}: {measured_text(item, unit=True)}: {unlike}.", ""
    if is_reversed(item):
        yield (
            f"{name}: the laboratory's lower limit stands above the upper one; neither is used.",
            "",
        )
    if item.date is not None:
        yield from _odd_day(name, item.date, case, day)


def unlike_word(question: Question, item: Measurement, sex: object) -> str:
    """Return in which way a number and the word beside it do not agree; empty where they may, or one is missing."""
    if item.value is None or item.reported is None:
        return ""
    span = result_interval(question, item, None, date.max)
    if span is None:
        return ""
    number, range_ = Interval(*span), reference_range(question, item, sex)
    is_above = None if range_.high is None else number.compare(">", range_.high)
    is_below = None if range_.low is None else number.compare("<", range_.low)
    if item.reported in ("high", "very_high") and is_above is False:
        return f"the word says high, and the number is not above {plain(range_.high or Decimal(0))}"
    if item.reported in ("low", "very_low") and is_below is False:
        return f"the word says low, and the number is not below {plain(range_.low or Decimal(0))}"
    if item.reported == "normal" and (is_above or is_below):
        return "the word says normal, and the number is outside its range"
    return ""


def _odd_pair(question: Question, upper: Result, lower: Result, day: date) -> Iterator[_Remark]:
    """Yield that of two numbers told together the first does not stand above the second ("80/120")."""
    high, low = (
        result_interval(question, found[0], None, day) if (found := newest(each, day)) else None
        for each in (upper, lower)
    )
    if high is not None and low is not None and high.high <= low.low:
        yield (
            f"{question.label}: {measured_text(newest(upper, day)[0], unit=True)} does not stand above "
            f"{measured_text(newest(lower, day)[0], unit=True)}: was one typed for the other?",
            "",
        )


def _odd_day(name: str, given: PartialDate, case: Values, day: date) -> Iterator[_Remark]:
    born = case.get(BORN)
    if given.earliest > day:
        yield f"{name}: {given.words()} is after the date of this case.", ""
    elif isinstance(born, Date) and given.latest < born.date.earliest:
        yield f"{name}: {given.words()} is before the date of birth.", BORN


@lru_cache(maxsize=256)
def _cell(text: object, day: date) -> PartialDate | None:
    try:
        return PartialDate.parse(text, day) if isinstance(text, str) and text else None
    except EntryError:
        return None


def _possible(question: Question) -> str:
    low, high = question.range or (Decimal(0), Decimal(0))
    return f"{spelled(low)} to {spelled(high)} {question.unit}".strip()


def _overlap(one: Interval, other: Interval) -> bool:
    return one.low <= other.high and other.low <= one.high
