"""The details of a patient, as a record system shows and copies them, beside what the case holds."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from triage.content.entry import order_of
from triage.content.form import BORN, SEX
from triage.content.identifiers import check_digits, kinds_of
from triage.content.ranges import odd
from triage.errors import AskError, EntryError
from triage.letter.words.said.line import counted
from triage.model.dates import OLDEST_YEARS, PartialDate
from triage.model.values import Choice, Date, Row, Table, Text, Value
from triage.session.paste.meaning import Place
from triage.session.paste.names import listed
from triage.session.paste.person import (
    DAY,
    FAMILY,
    GIVEN,
    IDENTIFIERS,
    TITLES,
    Person,
    differs,
    is_name,
    is_same,
    label_of,
    parts_of,
    person_of,
)
from triage.session.paste.preview import Preview
from triage.session.paste.report import Entry, Key, Meaning, Reading, State
from triage.session.session import Session

PHONE, ADDRESS = "patient.phone", "patient.address"
# What is read: pasted into one of these it is shown, in any other field it is text.
DETAILS = frozenset((FAMILY, GIVEN, IDENTIFIERS, BORN, SEX, PHONE, ADDRESS))
# A line that is about somebody else: whoever is named or phoned there is not the patient.
_OTHERS = re.compile(
    r"\s*(?:next of kin|nok|emergency contact|carer|mother|father|parent|guardian|husband|wife|partner|usual gp|gp|"
    r"registered gp|named gp|doctor|clinician|consultant|surgery|practice|referr(?:er|ed by)|employer)\b",
    re.IGNORECASE,
)
_DOCTOR = re.compile(r"\s*(?:dr|prof)\b", re.IGNORECASE)
_SEX = re.compile(
    r"\b(?P<label>sex(?: at birth)?|gender)\s{0,3}[:=\t]?\s{0,3}(?P<sex>[a-z]+)\b", re.IGNORECASE
)
_BARE_SEX = re.compile(
    r"(?:(?<=[\t|;(),])|(?<=  )|^)\s{0,3}(?P<sex>female|male|f|m)\s{0,3}(?=[\t|;),]|  |\sNHS|$)",
    re.IGNORECASE,
)
_PHONE = re.compile(
    r"\b(?:tel(?:ephone)?|phone|mobile|mob|cell|ph)\b(?:\s(?:no|number|home|work|mobile)|\s?\([a-z]{1,6}\))?\.?"
    r"\s{0,3}[:=\t]?\s{0,3}"
    r"(?P<phone>\+?\(?\d(?:[ ()./-]{0,2}\d){6,14})(?!\d)",
    re.IGNORECASE,
)
_ADDRESS = re.compile(
    r"(?<!mail )\b(?:address|addr)\s{0,3}(?:[:=\t]|$)\s{0,3}(?P<address>.*)$", re.IGNORECASE
)
# With its age behind it a day is a birth date, also without a word.
_AGED_DAY = re.compile(
    r"(?<!\d)(?P<day>\d{1,2}[-/. ](?:\d{1,2}|[^\W\d]{3,9})[-/. ]\d{4})(?=\s{0,2}\(\d{1,3}\s?y)",
    re.IGNORECASE,
)
_LABEL = re.compile(r"\s*[^\W\d][\w .'/-]{0,30}[:=\t]")
_POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}$|\b[A-Z]{2}\s\d{5}(?:-\d{4})?$", re.I)
_HOUSE = re.compile(r"\d{1,5}[a-z]?,?\s+[a-z]", re.IGNORECASE)
# How a letter begins, and the cell of a table: a name comes.
_NAME_COMES = re.compile(r"^\s*(?:(?:re|regarding)\s?:|name\t)", re.IGNORECASE)
_PARTED = re.compile(r"\t|\s{2,}|\s?[|;]\s?")
_WORD = re.compile(r"[^\W\d_]+|\d{4,}")
# What names a detail, and says nothing by itself.
_SAYS_NOTHING = listed(
    """a, address, age, and, at, birth, born, chi, date, day, dob, d, o, b, f, family, female, first, forename,
    forenames, full, gender, given, h, home, hosp, hospital, last, m, male, mob, mobile, name, names, nhs, no, num,
    number, of, old, patient, patients, ph, phone, re, regarding, s, sex, surname, tel, telephone, title, yr, yrs,
    year, years, y, work"""
)
_MOST_LINES = 6
# The details of one patient are no longer.
_LONGEST = 4000
_ABOVE = "part of the address"
_LEFT, _SAME, _OTHER = "not recorded", "as recorded", "another one: type it where it belongs"
_INSTEAD, _WHICH = "Instead of what is recorded?", "Which is meant?"
_WHOSE = "Is it the patient's?"
_MORE = "The text names more than one patient. Nothing was read."


class _Meant(NamedTuple):
    """One reading of a detail: its lines as they are shown, and what it records."""

    lines: tuple[tuple[str, str, str], ...]
    changes: Mapping[str, Value]


class _Detail(NamedTuple):
    """One detail of a line, with its readings; with one it is certain, unless it `asks`."""

    readings: tuple[_Meant, ...]
    asks: str = ""


class _Read(NamedTuple):
    """A line that is not blank: whom it names, the details in it, and for what it serves where another holds them."""

    number: int
    person: Person | None = None
    details: tuple[_Detail, ...] = ()
    serves: str = ""


def is_patient(session: Session, text: str) -> bool:
    """Whether a text, or its greater part, holds the details of a patient, two of them at least."""
    if len(text) > _LONGEST:
        return False
    texts = text.splitlines()
    lines = list(_read(texts, _place(session)))
    unread = sum(len(_unread(texts[line.number - 1], line)) for line in lines)
    every = sum(len(_WORD.findall(line)) for line in texts)
    # Much in several lines may be of no use; one line with much else is a sentence.
    most = every // 2 if len(texts) > 1 else every // 4
    return sum(len(line.details) for line in lines) > 1 and unread <= most


class PatientPreview(Preview):
    """The pasted details of a patient that are not recorded yet.

    A name, a birth date or a number that is another than that of the case stops it.
    """

    def _read(self) -> None:
        place = _place(self._session)
        self._changes: dict[tuple[Key, str], Mapping[str, Value]] = {}
        lines = list(_read(self._lines, place))
        persons = [line.person for line in lines if line.person is not None]
        stopped = next(
            (f"The text names another patient: {d}." for p in persons if (d := differs(p, place))),
            "",
        )
        if stopped or not all(is_same(one, other, place) for one in persons for other in persons):
            stopped = f"{stopped} Nothing was read." if stopped else _MORE
            self.reading = Reading(stopped=stopped)
            return
        is_named = any(
            line.person is not None and not _DOCTOR.match(self._lines[line.number - 1])
            for line in lines
        )
        taken: dict[str, Value] = {}
        entries: list[Entry] = []
        for line in lines:
            text = self._lines[line.number - 1]
            for part, detail in enumerate(line.details):
                is_of_it = {PHONE, ADDRESS}.issuperset(detail.readings[0].changes)
                if _DOCTOR.match(text) or (is_of_it and not is_named):
                    # Perhaps of a doctor or a practice.
                    detail = detail._replace(asks=detail.asks or _WHOSE)
                entries.append(self._entry((line.number, part), text, detail, taken))
            if line.details:
                entries[-1] = replace(entries[-1], said=" ".join(_unread(text, line)))
            if not line.details:
                state: State = "serves" if line.serves else "left"
                entries.append(Entry(line.number, text, state, line.serves or _LEFT))
        self.reading = Reading(tuple(entries))

    def _entry(self, key: Key, text: str, detail: _Detail, taken: dict[str, Value]) -> Entry:
        case, (number, part) = self._session.case, key
        first = detail.readings[0].changes
        if all(case.get(k) == v or _has_rows(case.get(k), v) for k, v in first.items()):
            return Entry(number, text, "serves", _SAME, part=part)
        if any(taken.get(k, v) != v for k, v in first.items() if k != IDENTIFIERS):
            return Entry(number, text, "left", _OTHER, part=part)
        is_instead = any(k in case and case[k] != v for k, v in first.items() if k != IDENTIFIERS)
        asks = _INSTEAD if is_instead else detail.asks
        meanings = []
        for reading in detail.readings:
            if len(detail.readings) == 1:
                reading = _new(reading, case)
            says = ", ".join(value for _, value, _ in reading.lines)
            meanings.append(Meaning(says, lines=reading.lines))
            self._changes[key, says] = reading.changes
        state: State = "asks" if asks else "records"
        answer = self._answers.get(key, "")
        entry = Entry(number, text, state, asks, tuple(meanings), part=part, answer=answer)
        if entry.chosen is not None and key not in self._out:
            taken |= self._changes[key, entry.chosen.says]
        return entry

    # -- what is decided, and recording ---------------------------------------------------------

    def leave_out(self, at: int) -> None:
        """Leave out what would be recorded, or take it in again."""
        super().leave_out(at)
        self._read()

    def changes(self) -> Mapping[str, Value | None]:
        """Return what recording would write.

        Raises
        ------
        EntryError
            If the notes would be too long.
        """
        found: dict[str, Value] = {}
        for at, entry in enumerate(self.entries):
            if self.shown(at) != "records" or entry.chosen is None:
                continue
            for key, value in self._changes[entry.key, entry.chosen.says].items():
                before = found.get(key, self._session.case.get(key))
                found[key] = _with_rows(before, value)
        return {**found, **self._notes_with_lines()}

    @property
    def does(self) -> str:
        """What recording would do, in words; empty if nothing."""
        number = sum(len(entry.chosen.lines) for at, entry in self._recorded if entry.chosen)
        parts = [counted(number, "detail")] if number else []
        parts += ["the rest to the notes"] if self._noted else []
        return ", ".join(parts)

    @property
    def _recorded(self) -> list[tuple[int, Entry]]:
        return [(at, e) for at, e in enumerate(self.entries) if self.shown(at) == "records"]

    @property
    def remark(self) -> str:
        """Nothing: a number that cannot be is said beside it."""
        return ""

    @property
    def title(self) -> str:
        """What was read, in a line."""
        if self.reading.stopped:
            return "Details of the patient: nothing was read"
        asks = sum(self.shown(at) == "asks" for at in range(len(self.entries)))
        return f"Details of the patient: {len(self._recorded)} read" + (
            f", {asks} to answer" if asks else ""
        )


def _place(session: Session) -> Place:
    return Place(session.form, session.case, session.today, session.day, session.profile)


# -- lines ----------------------------------------------------------------------------------------


def _read(lines: list[str], place: Place) -> Iterator[_Read]:
    """Read each line that is not blank."""
    at, is_first = 0, True
    while at < len(lines):
        line, number = lines[at], at + 1
        at += 1
        if not line.strip():
            continue
        if _OTHERS.match(line):
            yield _Read(number)
            continue
        line = _NAME_COMES.sub("Full name:", line)
        person, rest = person_of(line, place)
        if is_first and (person is None or not person.spelled):
            person = _with_bare_name(person, rest)
        is_first = False
        details = list(_of_person(person, place)) if person is not None else []
        if person is None or not person.born:
            details += _aged_day(rest, place)
        phones = [_text(PHONE, m["phone"].strip(), place) for m in _PHONE.finditer(line)]
        # Of (H) and (M) behind a telephone none is a sex.
        details += _sex(rest, place, is_alone=not phones)
        more: list[int] = []
        if (match := _ADDRESS.search(rest)) and ADDRESS in place.form.questions:
            address = [_PARTED.split(match["address"].strip())[0]]
            while at < len(lines) and _goes_on(address, lines[at], place):
                address.append(lines[at].strip())
                at += 1
                more.append(at)
            if text := ", ".join(part.strip(" ,") for part in address if part.strip(" ,")):
                details.append(_text(ADDRESS, text, place))
            rest = rest[: match.start()] + rest[match.start() + len(match["address"]) :]
        details += phones
        if not details and person is None and ADDRESS in place.form.questions:
            details += _bare_address(line, place)
        yield _Read(number, person, tuple(details))
        for number in more:
            yield _Read(number, serves=_ABOVE)


def _unread(text: str, line: _Read) -> list[str]:
    """Return the words of a line that are in none of its details."""
    if line.serves:
        return []
    shown = [value for d in line.details for m in d.readings for _, value, _ in m.lines]
    said = {word.lower() for value in shown for word in _WORD.findall(value)}
    digits = " ".join("".join(filter(str.isdigit, value)) for value in shown)
    if any(BORN in m.changes for d in line.details for m in d.readings):
        text = DAY.sub(" ", text)
    return [
        word
        for word in _WORD.findall(text)
        if word.lower() not in said | _SAYS_NOTHING | TITLES and word not in digits
    ]


def _goes_on(address: list[str], line: str, place: Place) -> bool:
    """Whether a line is a further one of an address."""
    if not line.strip() or len(address) >= _MOST_LINES or _POSTCODE.search(address[-1].strip()):
        return False
    return not (_LABEL.match(line) or _OTHERS.match(line) or person_of(line, place)[0])


def _bare_address(line: str, place: Place) -> Iterator[_Detail]:
    """Yield an address that nothing calls so: it begins with a number and ends with a postcode; whose it is asks."""
    text = line.strip()
    if _HOUSE.match(text) and _POSTCODE.search(text):
        yield _text(ADDRESS, text, place)._replace(asks=_WHOSE)


def _of_person(person: Person, place: Place) -> Iterator[_Detail]:
    if person.name:
        yield from _whole_name(person.name, place)
    elif person.spelled:
        own = ((FAMILY, person.family), (GIVEN, person.given))
        yield _Detail((_meant({key: name for key, name in own if name}, place),))
    if person.born:
        yield from _born(person.born, place)
    for label, number in person.numbers:
        yield from _number(label, number, place)


def _whole_name(name: str, place: Place) -> Iterator[_Detail]:
    """Yield a name as family and given name; asked where nothing says which is which."""
    readings = parts_of(name)
    meant = tuple(_meant({FAMILY: family, GIVEN: given}, place) for family, given in readings)
    if meant:
        yield _Detail(meant, _WHICH if len(meant) > 1 else "")


def _with_bare_name(person: Person | None, line: str) -> Person | None:
    """Return a person with the name that a heading begins with, its family in capitals: ``SPECIMEN, Edwin (Mr)``."""
    first = re.split(r"[\d(]", _PARTED.split(line.strip())[0])[0].strip(" ,")
    readings = parts_of(first)
    if not is_name(first) or len(readings) != 1:
        return person
    # A name, a comma and a name may be anything, unless the line ends there.
    if not readings[0][0].isupper() and first != line.strip():
        return person
    family, given = readings[0]
    return replace(person or Person(), family=family, given=given)


def _aged_day(line: str, place: Place) -> Iterator[_Detail]:
    if match := _AGED_DAY.search(line):
        yield from _born(match["day"], place)


def _born(spelled: str, place: Place) -> Iterator[_Detail]:
    question = place.form.questions[BORN]
    try:
        order = order_of(place.profile)
        day = PartialDate.parse(spelled, place.today, order, years=OLDEST_YEARS)
        days, asks = [day], ""
    except AskError as asked:
        days = [day for _, day in asked.readings if isinstance(day, PartialDate)]
        asks = _WHICH
    except EntryError:
        return
    if days:
        asks = asks and (_WHICH if len(days) > 1 else f"{question.label}?")
        yield _Detail(
            tuple(
                _Meant(((question.label, d.words(), _odd(d, place)),), {BORN: Date(date=d)})
                for d in days
            ),
            asks,
        )


def _odd(day: PartialDate, place: Place) -> str:
    question, value = place.form.questions[BORN], Date(date=day)
    return " ".join(odd(question, value, {**place.case, BORN: value}, place.day))


def _sex(line: str, place: Place, *, is_alone: bool) -> Iterator[_Detail]:
    """Yield the sex at birth, with its label or `is_alone`; asked where it may be the gender."""
    question = place.form.questions.get(SEX)
    match = _SEX.search(line) or (_BARE_SEX.search(line) if is_alone else None)
    if question is None or match is None:
        return
    said, label = match["sex"].lower(), (match.groupdict().get("label") or "").lower()
    fitting = [o for o in question.options if o.label.lower() == said or o.label[0].lower() == said]
    if len(fitting) == 1:
        option = fitting[0]
        line_ = question.label, option.label.lower(), ""
        asks = "" if label.startswith("sex") else f"{question.label}?"
        yield _Detail((_Meant((line_,), {SEX: Choice(option=option.id)}),), asks)


def _number(label: str, number: str, place: Place) -> Iterator[_Detail]:
    question = place.form.questions[IDENTIFIERS]
    kinds = kinds_of(question).values()
    if kind := next((kind for kind in kinds if label_of(kind.label) == label), None):
        table = Table(rows=(Row(cells=(("kind", kind.id), ("value", number))),))
        note = " ".join(check_digits(question, table))
        yield _Detail((_Meant(((kind.label, number, note),), {IDENTIFIERS: table}),))


def _text(key: str, text: str, place: Place) -> _Detail:
    return _Detail((_meant({key: text}, place),))


def _meant(texts: Mapping[str, str], place: Place) -> _Meant:
    questions = place.form.questions
    return _Meant(
        tuple((questions[key].label, text, "") for key, text in texts.items()),
        {key: Text(text=text) for key, text in texts.items()},
    )


def _new(meant: _Meant, case: Mapping[str, Value]) -> _Meant:
    """Return a reading without what is recorded already."""
    pairs = zip(meant.lines, meant.changes.items(), strict=True)
    new = [(line, change) for line, change in pairs if case.get(change[0]) != change[1]]
    return _Meant(tuple(line for line, _ in new), dict(change for _, change in new))


def _has_rows(before: Value | None, value: Value) -> bool:
    if not isinstance(before, Table) or not isinstance(value, Table):
        return False
    return set(map(_plain, value.rows)) <= set(map(_plain, before.rows))


def _with_rows(before: Value | None, value: Value) -> Value:
    """Return a value; a table with the rows that were there."""
    if not isinstance(before, Table) or not isinstance(value, Table):
        return value
    known = set(map(_plain, before.rows))
    new = tuple(row for row in value.rows if _plain(row) not in known)
    return before.model_copy(update={"rows": (*before.rows, *new)})


def _plain(row: Row) -> tuple[object, str]:
    return row.get("kind"), "".join(c for c in str(row.get("value")).upper() if c.isalnum())
