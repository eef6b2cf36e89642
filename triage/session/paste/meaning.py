"""What a result of a report means: every reading of its number, unit and day, beside what the case holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from triage.content.entry import measured_text, order_of, parse_measurement, split_pair
from triage.content.form import Form, in_default_unit
from triage.content.ranges import crossed, odd
from triage.content.schema import Question
from triage.content.units import can_be, find_unit, units_for
from triage.errors import AskError, EntryError
from triage.letter.words.results import sex_of
from triage.model.dates import Order, PartialDate
from triage.model.values import Measurement, Result, Unable, Value
from triage.session.paste.days import with_year
from triage.session.paste.lines import Said
from triage.session.paste.names import words
from triage.session.paste.report import Entry, Meaning, Take

# As many as there are digits to answer with.
MOST_MEANINGS = 9
# No test has a longer name; a sentence has.
_MOST_WORDS = 8
# A minus sign, or only the dash between name and number.
_DASHES = "-−–"
_TOO_MUCH = "not read: it can mean too much; type it in its field"
_NOT_READ = "not read: no number, and no word that is a result"
Items = list[tuple[tuple[Question, Measurement], ...]]


@dataclass(frozen=True, slots=True)
class Days:
    """The days that a date may mean; None: no date is known.

    Parameters
    ----------
    days
        One, or several.
    asks
        Whether it has to be asked, even of one: its numbers stand in the other order.
    """

    days: tuple[PartialDate | None, ...] = (None,)
    asks: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where a report is read.

    Parameters
    ----------
    form
        The form.
    case
        What is recorded.
    today
        The day on which it is read.
    day
        The date of the case, for which an undated result stands.
    profile
        The guideline profile, which orders units and the parts of a date.
    is_mixed
        Whether the report has dates that cannot be in that order: then both orders are asked of the others.
    """

    form: Form
    case: Mapping[str, Value]
    today: date
    day: date
    profile: str
    is_mixed: bool = False

    def read_days(self, spelled: Sequence[str]) -> Days:
        """Return the days that dates may mean: one where the order of the profile gives one that can be.

        Raises
        ------
        EntryError
            If one of them is no date.
        """
        found: list[PartialDate | None] = []
        asks = False
        usual = order_of(self.profile)
        for text in spelled:
            # Of a month alone the year is not said.
            if (dated := with_year(text, self.today)) != text:
                found += [*days_in(dated, self.today, usual), None]
                continue
            days = days_in(text, self.today, usual)
            if not days:
                raise EntryError("this is not a date")
            asks = asks or is_other_order(text, self.today, usual)
            found += days
            if self.is_mixed:
                found += days_in(text, self.today, "dmy" if usual == "mdy" else "mdy")
        unique = tuple(dict.fromkeys(found))
        return Days(unique, asks or len(unique) > 1)

    @property
    def sex(self) -> str:
        """The recorded sex, on which a reference range may depend."""
        return sex_of(self.case)


def days_in(spelled: str, today: date, order: Order) -> list[PartialDate]:
    """Return the days that a date may mean; none if it is no date."""
    try:
        return [PartialDate.parse(spelled, today, order)]
    except AskError as asked:
        return [day for _, day in asked.readings if isinstance(day, PartialDate)]
    except EntryError:
        return []


def is_other_order(spelled: str, today: date, order: Order) -> bool:
    """Whether a date has one reading, and that in the other order than `order`."""
    try:
        PartialDate.parse(spelled, today, order)
    except AskError as asked:
        return len(asked.readings) == 1
    except EntryError:
        return False
    return False


def read_said(line: int, text: str, said: Said, dated: Days, place: Place) -> Entry:
    """Return what one result becomes: recorded, asked, or left with the reason.

    Parameters
    ----------
    line, text
        The line as it was pasted.
    said
        What it says.
    dated
        The days that it may be of.
    place
        Where it is read.
    """
    if said.named is None:
        is_test = len(words(said.name)) <= _MOST_WORDS and not said.is_crowded
        return Entry(line, text, "left", "not on this form" if is_test else "not a result")
    if said.is_crowded:
        return Entry(line, text, "left", "not read: more than one number on the line")
    asks, found = said.named.asks, []
    faults: list[str] = []
    for question in said.named.questions:
        try:
            why, items = _items(question, said, place)
        except EntryError as error:
            faults.append(str(error))
            continue
        asks = asks or why
        found += items
    if not found:
        return Entry(line, text, "left", faults[0])
    asks = asks or ("Which day?" if dated.asks else "")
    several = bool(said.named.asks)
    meanings = [
        Meaning(
            _says(items, day, several, len(found) > 1, dated.asks),
            tuple(_taken(question, item, day, said) for question, item in items),
        )
        for items in found
        for day in dated.days
    ]
    # What is said alike is one and the same to whoever chooses.
    meanings = list({meaning.says: meaning for meaning in meanings}.values())
    if len(meanings) > MOST_MEANINGS:
        return Entry(line, text, "left", _TOO_MUCH)
    if asks:
        return Entry(line, text, "asks", asks, tuple(meanings), said=said.comment)
    checks = tuple(_checks(meanings[0].takes, said, place))
    return Entry(line, text, "records", "", tuple(meanings), checks, said.comment)


def _taken(question: Question, item: Measurement, day: PartialDate | None, said: Said) -> Take:
    is_bare = bool(item.unit) and not said.unit
    return Take(question, item.model_copy(update={"date": day}), is_bare=is_bare)


def _says(
    items: tuple[tuple[Question, Measurement], ...],
    day: PartialDate | None,
    named: bool,
    numbered: bool,
    dated: bool,
) -> str:
    """Return what tells one reading from the others."""
    parts = []
    for question, item in items:
        odd_mark = "" if _is_possible(question, item) else " (outside what can be)"
        text = _option(question, item) or measured_text(item, unit=True)
        parts.append(f"{question.label} {text}{odd_mark}" if named else f"{text}{odd_mark}")
    says = " and ".join(parts) if numbered or named or not dated else ""
    when = (day.words() if day else "no date") if dated else ""
    return ", ".join(filter(None, (says, when)))


def _option(question: Question, item: Measurement) -> str:
    return next((o.label for o in question.options if o.id == item.option), "")


# -- number and unit ------------------------------------------------------------------------------


def _items(question: Question, said: Said, place: Place) -> tuple[str, Items]:
    """Return what has to be asked of a result, and its readings.

    Raises
    ------
    EntryError
        If it cannot be read.
    """
    if said.is_worded or question.options:
        return _worded(question, said, place)
    if (pair := split_pair(question, said.value)) is not None:
        return _paired(question, pair, said, place)
    asks, readings = _measured(question, said, place)
    return asks, [((question, item),) for item in readings]


def _worded(question: Question, said: Said, place: Place) -> tuple[str, Items]:
    try:
        if not question.options and any(c.isdigit() for c in said.value):
            raise EntryError(_NOT_READ)
        item = parse_measurement(question, said.value, place.today, profile=place.profile)
    except EntryError:
        if not question.options or not said.is_worded or len(question.options) > MOST_MEANINGS:
            raise EntryError(_NOT_READ) from None
        options = [Measurement(option=option.id) for option in question.options]
        return "Which result?", [((question, item),) for item in options]
    return "", [((question, item),)]


def _paired(
    question: Question, pair: tuple[str, str], said: Said, place: Place
) -> tuple[str, Items]:
    both = []
    for each, number in zip((question, place.form.questions[question.pair]), pair, strict=True):
        asks, readings = _measured(each, replace(said, value=number, limits=""), place)
        if asks or len(readings) != 1:
            raise EntryError("not read: type the two numbers in their fields")
        both.append((each, readings[0]))
    return "", [tuple(both)]


def _measured(question: Question, said: Said, place: Place) -> tuple[str, list[Measurement]]:
    asks, units = _unit(question, said, place)
    readings: list[Measurement] = []
    for value in _values(said):
        for unit in units:
            asked, found = _parsed(question, value, unit, said.limits, place)
            asks = asks or asked
            readings += found
    if len(readings) > 1:
        asks = asks or "Which is meant?"
    if said.flag and not said.unit and not any(_is_possible(question, one) for one in readings):
        # "FVC 2.1 L" is no low percentage.
        asks = asks or "It cannot be in the usual unit. Is it meant?"
    return asks, readings


def _unit(question: Question, said: Said, place: Place) -> tuple[str, tuple[str, ...]]:
    """Return what has to be asked of the unit, and the units that it may be."""
    known = units_for(question, place.profile)
    if not said.unit:
        if said.unknown_unit and known != ("",):
            return f"“{said.unknown_unit}” is no unit of this test. Which unit?", known
        return "", ("",)
    unit = find_unit(known, said.unit)
    if unit is None:
        return f"“{said.unit}” is no unit of this test. Which unit?", known
    # "mg/dL", where the form also knows "mg/dL urea": the same words for two units.
    qualified = tuple(other for other in known if other == unit or other.startswith(f"{unit} "))
    return ("Which unit?", qualified) if len(qualified) > 1 else ("", (said.unit,))


def _values(said: Said) -> tuple[str, ...]:
    """Return the value, and what else its blanks or its sign can mean."""
    value = said.value
    if said.is_spaced:
        # One number in groups of three, or the first of two columns.
        bound = value[: len(value) - len(value.lstrip("<>≤≥= "))]
        return value, bound + value[len(bound) :].split(" ")[0]
    if value[0] in _DASHES:
        return (value, value.lstrip(_DASHES))
    return (value,)


def _parsed(
    question: Question, value: str, unit: str, limits: str, place: Place
) -> tuple[str, list[Measurement]]:
    for behind in dict.fromkeys((f" ({limits})" if limits else "", "")):
        try:
            # "6.2 10^9/L" would be one long number.
            times = "x" if unit[:1].isdigit() else ""
            text = f"{value} {times}{unit}{behind}"
            item = parse_measurement(question, text, place.today, profile=place.profile)
        except AskError as asked:
            items = [reading for _, reading in asked.readings if isinstance(reading, Measurement)]
            return "Which is meant?", items
        except EntryError:
            continue
        return "", [item]
    raise EntryError("not read: the signs between the digits fit no number")


def _is_possible(question: Question, item: Measurement) -> bool:
    return item.value is None or can_be(question, item.value, item.unit)


# -- what is odd, and what is there already -------------------------------------------------------


def _checks(takes: Iterable[Take], said: Said, place: Place) -> Iterable[str]:
    for take in takes:
        question, item = take.question, take.item
        yield from odd(question, Result(items=(item,)), place.case, place.today)
        if isinstance(place.case.get(question.id), Unable):
            yield f"{question.label}: recorded as unable until now."
        given = (item.low, item.high) != (None, None)
        if said.limits and not given and item.value is not None:
            yield f"{question.label}: the laboratory's range is not read; type it in its field."
        if said.flag and given:
            side, beyond = crossed(question, item, place.sex)
            if not (beyond and side == said.flag):
                yield f"{question.label}: marked {said.flag} in the text, and not outside its range."


class Recorded:
    """The results that are there: in the case, and on the lines above.

    Parameters
    ----------
    place
        Where a report is read.
    """

    def __init__(self, place: Place) -> None:
        self._today = PartialDate.of(place.day)
        self._by_day: dict[tuple[str, PartialDate], list[Measurement]] = {}
        self._pending: dict[str, list[Measurement]] = {}
        for question, value in place.case.items():
            for item in value.items if isinstance(value, Result) else ():
                self._add(question, item)

    def add(self, take: Take) -> None:
        """Count a result of a line as there."""
        self._add(take.question.id, take.item)

    def _add(self, question: str, item: Measurement) -> None:
        if item.pending:
            self._pending.setdefault(question, []).append(item)
        else:
            self._by_day.setdefault((question, self.day(item)), []).append(item)

    def day(self, item: Measurement) -> PartialDate:
        """Return the day of a result; without one it is of the day of the case."""
        return item.date or self._today

    def of_day(self, take: Take) -> list[Measurement]:
        """Return the results of the same test and day."""
        return self._by_day.get((take.question.id, self.day(take.item)), [])

    def twin(self, take: Take) -> Measurement | None:
        """Return the same result of the same day, in whatever unit."""
        wanted = _amount(take.question, take.item)
        there = self.waiting(take) if take.item.pending else self.of_day(take)
        return next((item for item in there if _amount(take.question, item) == wanted), None)

    def rival(self, take: Take) -> Measurement | None:
        """Return a result of the same day with another value."""
        if take.item.pending or self.twin(take) is not None:
            return None
        return next(iter(self.of_day(take)), None)

    def waiting(self, take: Take) -> list[Measurement]:
        """Return what is recorded as pending of the same test, for its day or for none."""
        pending = self._pending.get(take.question.id, [])
        return [item for item in pending if item.date in (None, take.item.date)]


def beside(entry: Entry, recorded: Recorded) -> Entry:
    """Return `entry` as it stands beside results that are there: equal ones are left, others of the day ask.

    Parameters
    ----------
    entry
        A result that would be recorded, or asks.
    recorded
        What is there.
    """
    takes = entry.meanings[0].takes
    if entry.state == "records" and all(recorded.twin(take) for take in takes):
        when = recorded.day(takes[0].item).words()
        says = f"left out: the same result of {when} is there already"
        return replace(entry, state="left", says=says, meanings=(), checks=())
    meanings: list[Meaning] = []
    asks = ""
    for meaning in entry.meanings:
        rival = next(filter(None, map(recorded.rival, meaning.takes)), None)
        if rival is None:
            instead = (_instead_of_pending(take, recorded) for take in meaning.takes)
            meanings.append(replace(meaning, takes=tuple(instead)))
            continue
        there = measured_text(rival, unit=True)
        asks = f"{there} is there for the same day. A repeat, or a correction?"
        correcting = tuple(replace(take, replaces=recorded.rival(take)) for take in meaning.takes)
        meanings += (
            replace(meaning, says=f"{meaning.says}: repeat, both are kept"),
            replace(meaning, says=f"{meaning.says}: correction, {there} goes", takes=correcting),
        )
    if len(meanings) > MOST_MEANINGS:
        return replace(entry, state="left", says=_TOO_MUCH, meanings=())
    if not asks:
        return replace(entry, meanings=tuple(meanings))
    says = asks if entry.state == "records" else f"{entry.says} {asks}"
    return replace(entry, state="asks", says=says, meanings=tuple(meanings))


def _instead_of_pending(take: Take, recorded: Recorded) -> Take:
    waiting = [] if take.item.pending else recorded.waiting(take)
    return replace(take, replaces=waiting[0]) if waiting else take


def _amount(question: Question, item: Measurement) -> tuple[object, ...]:
    """Return what a result says, whatever unit it is in."""
    number = None
    if item.value is not None:
        number = in_default_unit(question, item.value, item.unit)
    word = item.reported if number is None else None
    return number, item.comparator, word, item.option, item.pending
