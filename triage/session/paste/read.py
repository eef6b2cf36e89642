"""A pasted report, line by line: what each becomes, which day and which patient it is of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from triage.content.entry import order_of
from triage.content.form import DATE, Form
from triage.errors import EntryError
from triage.model.dates import PartialDate
from triage.model.values import Value
from triage.session.days import full_day
from triage.session.paste import hl7
from triage.session.paste.days import REPORT, TAKEN, Heading, heading_of
from triage.session.paste.lines import (
    LONGEST_LINE,
    Said,
    flag_of,
    limits_of,
    mark_days,
    read_line,
    read_value,
    take_days,
    tidy,
)
from triage.session.paste.meaning import (
    Days,
    Place,
    Recorded,
    beside,
    is_other_order,
    read_said,
)
from triage.session.paste.names import Named, Names
from triage.session.paste.person import (
    Person,
    agrees,
    bare_name,
    differs,
    has_name,
    is_same,
    names_case,
    person_in,
    person_of,
)
from triage.session.paste.report import Entry, Key, Meaning, Reading
from triage.session.paste.tables import Head, head_of, is_rule, read_row

LARGEST_TEXT = 200_000
MOST_LINES = 5_000
_TOO_LARGE = f"The text is longer than {LARGEST_TEXT // 1000} KB or {MOST_LINES:,} lines: paste the report in parts."


def read_report(
    text: str,
    form: Form,
    case: Mapping[str, Value],
    today: date,
    profile: str,
    *,
    answers: Mapping[Key, str] | None = None,
) -> Reading:
    """Read a pasted report: what each line would record, what it asks, or why it is left.

    Parameters
    ----------
    text
        What was pasted.
    form, case
        The form, and what is recorded.
    today
        The day on which it is pasted.
    profile
        The guideline profile, which orders units and the parts of a date.
    answers
        What was answered to the lines that ask, in the words of the reading that was chosen.

    Raises
    ------
    EntryError
        If the text is too large.
    """
    lines = text.splitlines()
    if len(text) > LARGEST_TEXT or len(lines) > MOST_LINES:
        raise EntryError(_TOO_LARGE)
    day = full_day(case.get(DATE)) or today
    place = Place(form, case, today, day, profile, _is_mixed(lines, today, profile))
    reader = _Reader(place, names_of(form), answers or {})
    for number, line in enumerate(lines, start=1):
        reader.read(number, line)
        if reader.stopped:
            return Reading(stopped=reader.stopped)
    reader.end()
    return Reading(_beside(reader.entries, place), names=reader.named)


def _is_mixed(lines: Iterable[str], today: date, profile: str) -> bool:
    """Whether a day in the text cannot be in the order of the profile, and can in the other one."""
    spelled = {day for line in lines for day in take_days(line[:LONGEST_LINE])[1]}
    return any(is_other_order(day, today, order_of(profile)) for day in spelled)


@lru_cache(maxsize=2)
def names_of(form: Form) -> Names:
    """Return the names of the tests of a form, made once."""
    return Names(form)


def _is_undated(entry: Entry) -> bool:
    takes = [take for meaning in entry.meanings for take in meaning.takes]
    return bool(takes) and not any(take.item.date or take.item.pending for take in takes)


def _of_day(entry: Entry, day: PartialDate) -> Entry:
    """Return an entry with a day for its results."""
    meanings = tuple(
        replace(
            meaning,
            takes=tuple(
                replace(take, item=take.item.model_copy(update={"date": day}))
                for take in meaning.takes
            ),
        )
        for meaning in entry.meanings
    )
    return replace(entry, meanings=meanings)


def _beside(entries: Sequence[Entry], place: Place) -> tuple[Entry, ...]:
    """Return the entries beside what the case holds and the lines above them say."""
    recorded = Recorded(place)
    found = []
    for entry in entries:
        if entry.state in ("records", "asks"):
            entry = beside(entry, recorded)
            for take in entry.chosen.takes if entry.chosen else ():
                recorded.add(take)
        found.append(entry)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Dated:
    """The day that the lines below a heading are of: one, several that are asked, or none."""

    line: int
    rank: int
    days: Days


_UNDATED = _Dated(0, 0, Days())


class _Reader:
    """Reads line after line, and keeps what a line sets for those below it."""

    def __init__(self, place: Place, names: Names, answers: Mapping[Key, str]) -> None:
        self.entries: list[Entry] = []
        self.stopped = ""
        self.named = ""
        self._place = place
        self._names = names
        self._answers = answers
        self._persons: set[Person] = set()
        self._paired = [q for q in place.form.questions.values() if q.pair]
        self._dated = _UNDATED
        # Whether results stand under that date already: the next heading is of another block.
        self._is_used = False
        self._head: Head | None = None
        # A test whose result may stand on the next line, and a result whose range may.
        self._open: tuple[str, Named] | None = None
        # Whether several names stand one below the other: a number below them is of none for sure.
        self._is_stacked = False
        self._last: Said | None = None
        self._line, self._text = 0, ""

    def read(self, line: int, text: str) -> None:
        """Read one line."""
        self._line, self._text = line, text
        if not text.strip():
            if self._head is not None and self._head.by == "  ":
                self._head = None
            return
        if len(text) > LONGEST_LINE:
            self._leave("not read: longer than any result")
        elif (segment := hl7.segment_of(text)) is not None:
            self._read_segment(segment)
        elif is_rule(text):
            self._leave("a line of the table")
        elif (head := head_of(text, self._names)) is not None:
            self._head = head
            self._serve("headings of the table below")
            self._set_columns(head)
        elif self._head is None or not self._read_row(self._head):
            self._read_free(tidy(text))

    def end(self) -> None:
        """Let a date at the foot, with no result below it, ask whether it is of the undated results above it."""
        foot, days = self._dated, [day for day in self._dated.days.days if day]
        at = next((n for n, e in enumerate(self.entries) if e.line == foot.line), None)
        above = [n for n, e in enumerate(self.entries[:at]) if _is_undated(e)]
        if not days or self._is_used or at is None or not above:
            return
        entry = self.entries[at]
        meanings = (*(Meaning(day.words(), day=day) for day in days), Meaning("no date"))
        answer = self._answers.get(entry.key, "")
        says = "Are the lines above of this day?"
        asked = replace(entry, state="asks", says=says, meanings=meanings, answer=answer)
        self.entries[at] = asked
        for n in above:
            one = self.entries[n]
            if asked.chosen is None:
                waits = f"waits for the day of line {foot.line}"
                self.entries[n] = Entry(one.line, one.text, "waits", waits, part=one.part)
            elif asked.chosen.day:
                self.entries[n] = _of_day(one, asked.chosen.day)

    # -- one kind of line each ------------------------------------------------------------------

    def _read_segment(self, segment: hl7.Segment) -> None:
        match segment.kind:
            case "PID":
                self._meet(person_in(segment, self._place))
            case "OBX" if why := hl7.withdrawn(segment):
                self._leave(f"left out: {why}")
            case "OBX":
                self._take(hl7.read_observation(segment, self._names))
                if hl7.is_preliminary(segment) and self.entries[-1].meanings:
                    check = "The laboratory has not confirmed it yet."
                    entry = self.entries[-1]
                    self.entries[-1] = replace(entry, checks=(*entry.checks, check))
            case "OBR" | "SPM":
                day = hl7.specimen_day(segment)
                self._dated = _UNDATED if segment.kind == "OBR" else self._dated
                if day:
                    self._set_day(Heading(TAKEN, (day,)))
                else:
                    self._leave("not a result")
            case _:
                self._leave("not a result")

    def _read_row(self, head: Head) -> bool:
        found = read_row(self._text, head, self._names)
        if found is None or (
            found and not any(said.named for said in found) and self._is_heading()
        ):
            return False
        if not found:
            self._leave("no result")
        for said in found:
            self._take(said)
        return True

    def _set_columns(self, head: Head) -> None:
        """Let a line below that fits not into the columns ask which of their days it is of."""
        days = list(filter(None, head.days))
        if len(days) < 2:
            return
        try:
            dated = self._place.read_days(days)
        except EntryError:
            return
        self._dated = _Dated(self._line, TAKEN, replace(dated, asks=True))

    def _is_heading(self) -> bool:
        """Whether a line in the cells of a table is a heading or names the patient."""
        person, rest = person_of(tidy(self._text), self._place)
        return person is not None or heading_of(rest, labelled=True) is not None

    def _read_free(self, text: str) -> None:
        opened, self._open = self._open, None
        stacked, self._is_stacked = self._is_stacked, False
        last, self._last = self._last, None
        found = read_line(text, self._names)
        if found and all(said.named for said in found):
            for said in found:
                self._take(said)
            return
        person, rest = person_of(text, self._place)
        if person is None and not found:
            person = self._bare_person(text)
        heading = heading_of(rest, labelled=bool(found))
        named = self._names.find(text.strip(" :"))
        below = self._below(opened, text) if opened else self._nameless(text)
        if person is not None:
            self._meet(person, heading)
        elif heading is not None:
            self._set_day(heading)
        elif below is not None:
            if opened:
                above = self.entries[-1]
                self.entries[-1] = replace(above, state="serves", says="the test of the line below")
            self._take(below)
        elif last is not None and (flag_of(text) is not None or limits_of(text)):
            self._serve("belongs to the line above")
            if not last.limits and limits_of(text):
                self._read_again(replace(last, limits=limits_of(text)))
        elif named is not None and not named.asks:
            self._is_stacked = stacked or opened is not None
            self._open = None if self._is_stacked else (text.strip(" :"), named)
            self._leave("no result")
        elif found:
            self._take(found[0])
        else:
            self._leave("not a result")

    def _below(self, opened: tuple[str, Named], text: str) -> Said | None:
        """Return the result of the test that the line above names."""
        return read_value(*opened, mark_days(text))

    def _nameless(self, text: str) -> Said | None:
        """Return two numbers in the unit of the first test of the form that has two: ``138/82 mmHg``."""
        if not self._paired or not text[:1].isdigit():
            return None
        said = read_value("", Named((self._paired[0],)), mark_days(text))
        return said if said and said.unit and "/" in said.value else None

    # -- results --------------------------------------------------------------------------------

    def _take(self, said: Said) -> None:
        before = self.entries[-1] if self.entries else None
        part = before.part + 1 if before and before.line == self._line else 0
        entry = self._entry(said, part)
        self._is_used = self._is_used or bool(entry.meanings) or entry.state == "waits"
        self._last = said
        self.entries.append(entry)

    def _read_again(self, said: Said) -> None:
        """Read the result above the last line once more, with what this line adds."""
        line, text = self._line, self._text
        before = self.entries[-2]
        self._line, self._text = before.line, before.text
        self.entries[-2] = self._entry(said, before.part)
        self._line, self._text = line, text

    def _entry(self, said: Said, part: int) -> Entry:
        line, text, place = self._line, self._text, self._place
        dated = self._dated.days
        if said.days or said.late:
            try:
                dated = place.read_days(said.days or said.late)
            except EntryError:
                return Entry(line, text, "left", "not read: its date is none that can be")
            if not said.days:
                # Of the result, or of what is said behind it.
                dated = Days((*dated.days, *self._dated.days.days), asks=True)
        elif dated.asks and said.named is not None:
            answer = self._ask_day()
            if answer is None:
                return Entry(line, text, "waits", f"waits for the day of line {self._dated.line}")
            dated = Days((answer,))
        entry = read_said(line, text, said, dated, place)
        return replace(entry, part=part, answer=self._answers.get((line, part), ""))

    # -- day and patient ------------------------------------------------------------------------

    def _set_day(self, heading: Heading, also: str = "") -> None:
        """Take the date of a heading for the lines below it."""
        try:
            dated = self._place.read_days(heading.days)
        except EntryError:
            self._dated = _UNDATED
            self._leave("not read: its date is none that can be")
            return
        above = self._dated
        if heading.rank < above.rank:
            if not self._is_used:
                self._serve(also or f"not used: the day of line {above.line} counts")
                return
            # The foot of the block above, or the head of the next one.
            days = tuple(dict.fromkeys((*above.days.days, *dated.days)))
            dated = Days(days, above.days.asks or dated.asks or len(days) > 1)
        self._dated, self._is_used = _Dated(self._line, heading.rank, dated), False
        says = " or ".join(day.words() if day else "none" for day in dated.days)
        late = any(day is not None and day.earliest > self._place.today for day in dated.days)
        checks = ("This day is still to come.",) if late else ()
        says = "; ".join(filter(None, (f"date of the lines below: {says}", also)))
        self.entries.append(Entry(self._line, self._text, "serves", says, checks=checks))

    def _ask_day(self) -> PartialDate | None:
        """Let the heading above ask which day it means, as a result stands under it; return the answer."""
        at = next(n for n, entry in enumerate(self.entries) if entry.line == self._dated.line)
        entry = self.entries[at]
        if entry.state == "serves":
            days = (day for day in self._dated.days.days if day is not None)
            entry = replace(
                entry,
                state="asks",
                says="Which day are the lines below of?",
                meanings=tuple(Meaning(day.words(), day=day) for day in days),
                answer=self._answers.get(entry.key, ""),
            )
            self.entries[at] = entry
        return entry.chosen.day if entry.chosen else None

    def _bare_person(self, text: str) -> Person | None:
        """Return a patient whom a line names without saying so: beside a date, or as ``SAMPLE, Nora``."""
        body, days = take_days(text)
        if names_case(body, self._place):
            return Person(name=body.strip(" ,"))
        name = bare_name(body, REPORT | self._names.words)
        return Person(name=name) if name and (days or "," in name) else None

    def _meet(self, person: Person, heading: Heading | None = None) -> None:
        other = differs(person, self._place)
        if other:
            self.stopped = f"The text names another patient: {other}. Nothing was read."
            return
        if not all(is_same(person, before, self._place) for before in self._persons):
            self.stopped = "The text names more than one patient. Nothing was read."
            return
        self._persons.add(person)
        says = "agrees with the patient" if agrees(person, self._place) else "about the patient"
        if person.spelled and not has_name(self._place):
            self.named = f"The text names {person.spelled}."
            says = f"names {person.spelled}; the case has no name yet"
        if heading is not None:
            self._set_day(heading, says)
        else:
            self._serve(says)

    # -- entries --------------------------------------------------------------------------------

    def _serve(self, says: str) -> None:
        self.entries.append(Entry(self._line, self._text, "serves", says))

    def _leave(self, says: str) -> None:
        self.entries.append(Entry(self._line, self._text, "left", says))
