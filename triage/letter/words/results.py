"""Results in words: value, unit, limit where it is outside, date; what is pending by name."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple

from triage.content.form import DATE, SEX
from triage.content.ranges import (
    by_age,
    crossed,
    is_normal,
    is_reversed,
    outside,
    reference_range,
)
from triage.content.schema import Question
from triage.letter.words.phrase import Phrase, listed
from triage.model.case import Case
from triage.model.dates import PartialDate
from triage.model.numbers import plain
from triage.model.values import TAKEN, Choice, Date, Measurement, Result, Value

# How a result is told: with limit and date; with its date alone; without either, where these stand elsewhere.
Detail = Literal["whole", "dated", "bare"]


def measurement_text(
    question: Question, item: Measurement, sex: str = "", name: str = "", detail: Detail = "whole"
) -> str:
    """Return one result without its date: ``CK 412 U/L (limit 320), during an attack``."""
    said = _said(question, item, sex, name or question.phrase, detail)
    return f"{said}, {TAKEN[item.taken]}" if item.taken else said


def _said(question: Question, item: Measurement, sex: str, name: str, detail: Detail) -> str:
    if item.pending:
        return f"{name} pending"
    if item.option:
        return f"{name}: {_option(question, item.option)}"
    word = (item.reported or "").replace("_", " ")
    if item.value is None:
        return f"{name} {word} (as reported)" if word else name
    said = f", reported as {word}" if word else ""
    limit = _limit(question, item, sex) if detail == "whole" else ""
    return f"{name} {_number(question, item)}{limit}{said}"


def _limit(question: Question, item: Measurement, sex: str) -> str:
    limit = crossed_limit(question, item, sex)
    return f" ({limit})" if limit else ""


def crossed_limit(question: Question, item: Measurement, sex: str) -> str:
    """Return the limit that a result surely crosses: the laboratory's in its unit, or the usual one."""
    end, beyond = crossed(question, item, sex)
    if not beyond:
        return ""
    word = "limit" if end == "high" else "lower limit"
    own: Decimal | None = None if is_reversed(item) else getattr(item, end)
    if own is not None:
        return f"{word} {plain(own)}"
    usual: Decimal = getattr(reference_range(question, item, sex), end)
    return f"usual {word} {plain(_as_reported(question, item, usual))}"


def times_beyond(question: Question, item: Measurement, sex: str) -> Decimal:
    """Return how many times beyond its limit a result is; 1 if it crosses none, or is no number."""
    end, beyond = crossed(question, item, sex)
    if not beyond or item.value is None:
        return Decimal(1)
    own: Decimal | None = None if is_reversed(item) else getattr(item, end)
    usual = getattr(reference_range(question, item, sex), end)
    limit = own if own is not None else _as_reported(question, item, usual)
    over, under = (item.value, limit) if end == "high" else (limit, item.value)
    return over / under if under > 0 else Decimal("Infinity")


def _as_reported(question: Question, item: Measurement, limit: Decimal) -> Decimal:
    """Return a limit in the unit of a result: with its decimals, or more where it would read as no limit crossed."""
    unit = next((u for u in question.units if u.unit == item.unit), None)
    if unit is None or item.value is None:
        return limit
    exact = (limit - unit.offset) / unit.factor
    for places in range(_places(item.value), _places(item.value) + 4):
        rounded = round(exact, places)
        if (rounded < item.value) is (exact < item.value) and rounded != item.value:
            return rounded
    return exact


def _places(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def result_phrases(
    question: Question, key: str, value: Result, case: Case, name: str, detail: Detail = "whole"
) -> list[Phrase]:
    """Return what is said of one test, by its name, in running text: each result with its date, oldest first."""
    sex = sex_of(case)
    parts: list[str] = []
    pending = [[item] for item in value.items if item.pending]
    for n, found in enumerate((*pending, *together(by_age(value, _day(case))))):
        text = _measured(question, found, sex, name, detail)
        if n:
            text = text.removeprefix(name).lstrip(": ")
        parts.append(text if detail == "bare" else _dated(text, found[0].date, _day(case)))
    normal = all(is_normal(question, item, sex) for item in value.items if not item.pending)
    odd = _any_outside(question, value, sex)
    return [Phrase(", then ".join(parts), (key,), positive=odd, normal=normal and not pending)]


def _dated(text: str, when: PartialDate | None, day: date | None) -> str:
    """Return a result with its date, in the bracket of its limit if it has one; one of the letter's day needs none."""
    if when is None or when.earliest == when.latest == day:
        return text
    return f"{text[:-1]}; {when.words()})" if text.endswith(")") else f"{text} ({when.words()})"


def together(items: list[Measurement]) -> list[list[Measurement]]:
    """Return results as they are told: what one report found stands together, each number by itself."""
    found: list[list[Measurement]] = []
    for item in items:
        last = found[-1][0] if found else None
        is_same = last is not None and (last.date, last.taken) == (item.date, item.taken)
        if item.option and is_same and last is not None and last.option:
            found[-1].append(item)
        else:
            found.append([item])
    return found


def _measured(
    question: Question, found: list[Measurement], sex: str, name: str, detail: Detail
) -> str:
    """Return one result, or what one report found, without the date."""
    if len(found) == 1:
        return measurement_text(question, found[0], sex, name, detail)
    said = f"{name}: {_options(question, found)}"
    return f"{said}, {TAKEN[found[0].taken]}" if found[0].taken else said


def _options(question: Question, found: list[Measurement]) -> str:
    return listed([_option(question, item.option) for item in found], "and")


class Told(NamedTuple):
    """What a record tells of one test.

    Parameters
    ----------
    limit
        The limit that the newest result crosses; empty if it crosses none.
    text
        The results, newest first.
    outside
        Whether one of them lies outside its range.
    day
        Of the newest.
    done
        Whether there is a result yet.
    is_word
        Whether the newest is a word as reported, without a figure.
    """

    limit: str
    text: str
    outside: bool
    day: PartialDate | None
    done: bool
    is_word: bool


def result_told(question: Question, value: Result, case: Case) -> Told:
    """Return a test as a record tells it: ``412 U/L, earlier 300 U/L (2 May 2026)``; the newest without its day."""
    sex = sex_of(case)
    *earlier, last = together(by_age(value, _day(case))) or [[]]
    limit = crossed_limit(question, last[0], sex) if last else ""
    parts = [_figure(question, last)] if last else []
    parts += [f"earlier {_earlier(question, found)}" for found in reversed(earlier)]
    for item in value.items:
        if item.pending:
            parts.append(f"pending (sent {item.date.words()})" if item.date else "pending")
    return Told(
        limit,
        ", ".join(parts),
        _any_outside(question, value, sex),
        last[0].date if last else None,
        bool(last),
        bool(last) and last[0].value is None and not last[0].option,
    )


def newest_of(value: Result, case: Case) -> list[Measurement]:
    """Return the newest result, or all that one report found; empty while all are pending."""
    return (together(by_age(value, _day(case))) or [[]])[-1]


def _number(question: Question, item: Measurement) -> str:
    unit = item.unit or question.unit
    # 240 10^9/L would be misread.
    times = "×" if unit.startswith("10^") else ""
    value = plain(item.value) if item.value is not None else ""
    return f"{item.comparator}{value} {times}{unit}".strip()


def _earlier(question: Question, found: list[Measurement]) -> str:
    text, when = _figure(question, found), found[0].date
    return f"{text} ({when.words()})" if when else text


def _figure(question: Question, found: list[Measurement]) -> str:
    """Return a result, or what one report found, without name, limit and day."""
    item = found[0]
    if item.option:
        text = _options(question, found)
    elif item.value is None:
        text = (item.reported or "").replace("_", " ")
    else:
        word = f" reported as {item.reported.replace('_', ' ')}" if item.reported else ""
        text = f"{_number(question, item)}{word}"
    return f"{text} {TAKEN[item.taken]}" if item.taken else text


def sex_of(case: Mapping[str, Value]) -> str:
    """Return the recorded sex at birth, or an empty text."""
    value = case.get(SEX)
    return value.option if isinstance(value, Choice) else ""


def _day(case: Case) -> date:
    recorded = case.get(DATE)
    return recorded.date.earliest if isinstance(recorded, Date) else date.max


def _any_outside(question: Question, value: Result, sex: str) -> bool:
    return any(outside(question, item, sex) for item in value.items if not item.pending)


def _option(question: Question, option: str) -> str:
    return next((o.phrase for o in question.options if o.id == option), option)
