"""From the answers of a case to the facts that conditions read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from triage.content.form import AGE, BORN, SIDES, Slot, in_default_unit
from triage.content.load import Content
from triage.content.medicines import row_readers
from triage.content.schema import Bounds, Question, WordBand
from triage.expr.evaluate import (
    Amounts,
    Truth,
    compile_number,
    compile_truth,
    ratio_key,
    reported_key,
    vague_key,
)
from triage.expr.interval import INFINITY, Interval, bounded, point
from triage.expr.tree import TimesUpper
from triage.model.case import Case
from triage.model.dates import PartialDate, whole_years
from triage.model.values import (
    Choice,
    Date,
    Finding,
    Measurement,
    Names,
    Quantity,
    Result,
    Table,
    Value,
)

SEX = "patient.sex_at_birth"
_ANY = Interval(-INFINITY, INFINITY, False, False)


@dataclass
class CaseFacts:
    """The facts of one case.

    Parameters
    ----------
    facts
        What is known, by name (see `triage.expr.evaluate`).
    origins
        For facts that were not recorded under their own key: the keys that they come from.
    old
        Results that are older than they may be.
    senseless
        Answered questions that make no sense beside other answers (`show_when` is false).
    """

    facts: dict[str, object] = field(default_factory=dict)
    origins: dict[str, tuple[str, ...]] = field(default_factory=dict)
    old: set[str] = field(default_factory=set)
    senseless: list[str] = field(default_factory=list)


class FactReader:
    """Reads facts out of cases; made once for a content.

    Parameters
    ----------
    content
        The clinical content.
    """

    def __init__(self, content: Content) -> None:
        self._form = content.form
        self._bands = content.word_bands
        self._show = [
            (name, tuple(slot.key for slot in self._form.slots_of(name)), compile_truth(node))
            for name, node in content.show.items()
            if name in self._form.questions
        ]
        self._implied = {
            name: tuple((value, compile_truth(node)) for value, node in entries)
            for name, entries in content.implied.items()
        }
        self._derived: list[tuple[str, Truth | Amounts]] = [
            (name, compile_truth(content.findings[name]))
            if name in content.findings
            else (name, compile_number(content.numbers[name]))
            for name in content.order
            if name in content.findings or name in content.numbers
        ]
        # A result's ratio to its upper limit has words of its own, kept under the number's id.
        self._ratio_bands = {
            number.id: self._bands.get(name)
            for name, number in content.numbers.items()
            if isinstance(number, TimesUpper)
        }
        self._whole = dict(_sided(self._form.slots.values()))
        self._part_of = {part: whole for whole, parts in self._whole.items() for part in parts}
        self._ticks = {
            f"{q.id}.{option.id}": tuple(f"{q.id}.{other}" for other in option.ticks)
            for q in self._form.questions.values()
            for option in q.options
            if option.ticks
        }
        self._rows = row_readers(self._form, content.medicines)
        self._covers = {
            f"{q.id}.{row.id}": (q.spread, tuple(row.covers))
            for q in self._form.questions.values()
            for row in q.rows
            if row.covers
        }

    def read(self, case: Case, day: date) -> CaseFacts:
        """Return the facts of `case` as of `day`, named findings and numbers included."""
        found = CaseFacts()
        facts = found.facts
        slots = self._form.slots
        results: list[tuple[Question, Result]] = []
        for key, value in case.items():
            # Most of a case is findings and grades. Their exact type is asked, because isinstance
            # on a pydantic model runs Python code.
            if type(value) is Finding:
                facts[key] = value.present
            elif type(value) is Choice:
                facts[key] = value.option
            elif type(value) is Names:
                facts.update({f"{key}.{name}": True for name in value.names})
            elif (slot := slots.get(key)) is None:
                continue
            elif type(value) is Result:
                results.append((slot.question, value))
            else:
                self._take(slot, value, found)
        self._age(case, day, found)
        for question, result in results:
            self._result(question, result, day, found)
        self._drop_senseless(found)
        self._spread(found)
        self._join_sides(found)
        self._tick(found)
        for name, entries in self._implied.items():
            if facts.get(name) is None:
                for implied, truth in entries:
                    if truth(facts):
                        facts[name] = True if implied == "present" else implied
                        break
        for name, derive in self._derived:
            facts[name] = derive(facts)
        return found

    # -- single answers -------------------------------------------------------------------------

    def _take(self, slot: Slot, value: Value, found: CaseFacts) -> None:
        match value:
            case Quantity(word=word) if word:
                spelled = slot.question.words.get(word, "")
                comparator = spelled.rstrip("0123456789.")
                found.facts[slot.key] = bounded(comparator, Decimal(spelled.lstrip("<>=")))
                found.facts[vague_key(slot.key)] = True
            case Quantity(value=Decimal() as number, unit=unit):
                converted = in_default_unit(slot.question, number, unit)
                if converted is not None:
                    found.facts[slot.key] = point(converted)
            case Date() | Table():
                found.facts[slot.key] = value
            case _ if value.type == "text":
                found.facts[slot.key] = value

    def _age(self, case: Case, day: date, found: CaseFacts) -> None:
        born = case.get(BORN)
        if isinstance(born, Date):
            # It goes before an age that was typed earlier, which may be no more than "adult".
            found.facts[AGE] = age_on(born.date, day)
            found.facts.pop(vague_key(AGE), None)
            found.origins[AGE] = (BORN,)

    # -- results --------------------------------------------------------------------------------

    def _result(self, question: Question, result: Result, day: date, found: CaseFacts) -> None:
        newest = newest_items(result)
        if not newest:
            return
        name = question.id
        sex = found.facts.get(SEX)
        bounds = [reference_range(question, item, sex) for item in newest]
        values = [self._interval(question, item) for item in newest]
        if is_old(question, newest[0], day):
            if all(
                _is_normal(question, item, value, range_)
                for item, value, range_ in zip(newest, values, bounds, strict=True)
            ):
                return
            found.old.add(name)
        if question.options:
            found.facts[name] = frozenset(item.option for item in newest)
            return
        item, value, range_ = newest[0], values[0], bounds[0]
        if value is None:
            return
        found.facts[name] = value
        found.facts[reported_key(name)] = item.reported or ""
        if item.reported:
            band = self._ratio_bands.get(name)
            found.facts[ratio_key(name)] = word_interval(band, item.reported)
        elif range_.high and range_.high > 0:
            found.facts[ratio_key(name)] = value.divided(range_.high)

    def _interval(self, question: Question, item: Measurement) -> Interval | None:
        if item.reported:
            return word_interval(self._bands.get(question.id), item.reported)
        if item.value is None:
            return None
        value = in_default_unit(question, item.value, item.unit)
        return None if value is None else bounded(item.comparator, value)

    # -- answers that follow from others --------------------------------------------------------

    def _drop_senseless(self, found: CaseFacts) -> None:
        for name, keys, shown in self._show:
            if any(key in found.facts for key in keys) and shown(found.facts) is False:
                found.senseless.append(name)
                for key in keys:
                    found.facts.pop(key, None)

    def _spread(self, found: CaseFacts) -> None:
        for row, (grade, covered) in self._covers.items():
            for side in SIDES:
                cell = f"{row}.{side}"
                if found.facts.get(cell) != grade:
                    continue
                for other in covered:
                    name = f"{other}.{side}"
                    if name not in found.facts:
                        found.facts[name] = grade
                        found.origins[name] = (cell,)

    def _join_sides(self, found: CaseFacts) -> None:
        facts = found.facts
        wholes = {self._part_of[name] for name in facts if name in self._part_of}
        for whole in wholes:
            parts = self._whole[whole]
            here = [part for part in parts if part in facts]
            if facts.get(whole) is True or any(facts[part] is True for part in here):
                facts[whole] = True
                origin = [part for part in here if facts[part] is True]
            elif whole not in facts and len(here) == len(parts):
                facts[whole] = False
                origin = here
            else:
                continue
            if origin:
                found.origins[whole] = tuple(origin)

    def _tick(self, found: CaseFacts) -> None:
        for question, reader in self._rows.items():
            table = found.facts.get(question)
            rows = table.rows if isinstance(table, Table) else ()
            readings = [reader.read(row) for row in rows]
            for name in dict.fromkeys(name for reading in readings for name in reading.says):
                if found.facts.get(name) is not True:
                    # A row that is there outweighs "nothing else" of the list that it ticks.
                    found.facts[name] = True
                    found.origins[name] = (question,)
            for name in (name for reading in readings for name in reading.asks):
                if found.facts.get(name) is False:
                    # "Warfarin, stopped?": neither there nor denied until it was asked.
                    del found.facts[name]
        for name, ticked in self._ticks.items():
            if found.facts.get(name) is True:
                for other in ticked:
                    # "All" outweighs the rest of the list, which its closing line set to absent.
                    found.facts[other] = True
                    found.origins[other] = (name,)


def age_on(born: PartialDate, day: date) -> Interval:
    """Return the age in years on `day`, as an interval where only a part of the date is known."""
    return Interval(
        Decimal(whole_years(born.latest, day)), Decimal(whole_years(born.earliest, day))
    )


def newest_items(result: Result) -> list[Measurement]:
    """Return the measurements that rules read: those of the newest date; an undated one only if alone."""
    done = [item for item in result.items if not item.pending]
    dated = [item for item in done if item.date is not None]
    if not dated:
        return done if len(done) == 1 or any(item.option for item in done) else []
    last = max(item.date.latest for item in dated if item.date)
    newest = [item for item in dated if item.date and item.date.latest == last]
    return newest if newest[0].option else newest[-1:]


def is_old(question: Question, item: Measurement, day: date) -> bool:
    """Whether a result may be too old to reassure. Without a date it counts as of the case's date."""
    if item.date is None or not question.old_after_days:
        return False
    return day - item.date.earliest > timedelta(days=question.old_after_days)


def reference_range(question: Question, item: Measurement, sex: object) -> Bounds:
    """Return the laboratory's range where it was given, else the form's default for that sex."""
    default = question.by_sex.get(sex) if isinstance(sex, str) else None  # type: ignore[call-overload]
    ends: dict[str, Decimal | None] = {}
    for end in ("low", "high"):
        given: Decimal | None = getattr(item, end)
        if given is not None:
            ends[end] = in_default_unit(question, given, item.unit)
        else:
            ends[end] = getattr(default, end, None) or getattr(question, end)
    return Bounds(low=ends["low"], high=ends["high"])


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


def _is_normal(
    question: Question, item: Measurement, value: Interval | None, range_: Bounds
) -> bool:
    if item.option:
        return item.option in question.normal
    if item.reported:
        return item.reported == "normal"
    if value is None or (range_.low is None and range_.high is None):
        return False
    above = range_.low is None or value.compare(">=", range_.low) is True
    below = range_.high is None or value.compare("<=", range_.high) is True
    return above and below


def _sided(slots: Iterable[Slot]) -> Iterator[tuple[str, tuple[str, ...]]]:
    wholes: dict[str, list[str]] = {}
    for slot in slots:
        if slot.side and slot.kind == "finding":
            wholes.setdefault(slot.key.rpartition(".")[0], []).append(slot.key)
    for whole, parts in wholes.items():
        yield whole, tuple(parts)
