"""What changed between two cases of one patient, in words: of the earlier visit, and of this one.

It works on what was recorded, not on what letters told of it. What was not asked is never taken for gone, and what was
not asked then never for new: both are named apart.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple

from triage.content.form import SIDES, Form, Slot, in_default_unit
from triage.content.listed import RowReader
from triage.content.ranges import newest, quantity_interval
from triage.content.schema import AnswerWords, Question
from triage.letter.statements import unmarked
from triage.letter.words.answers import Speaker, joined_by
from triage.letter.words.described import describe
from triage.letter.words.phrase import listed, sentence
from triage.letter.words.recorded import option_of, recorded_text, says_no, spaced
from triage.letter.words.results import measurement_text
from triage.letter.words.said.line import counted
from triage.letter.words.tables import Tables
from triage.model.case import Case
from triage.model.dates import PartialDate
from triage.model.values import (
    Choice,
    Finding,
    Measurement,
    Quantity,
    Result,
    Row,
    Table,
    Text,
    Unable,
    Value,
    is_present,
)

# In this order they are told.
Kind = Literal[
    "spread", "new", "changed", "gone", "begun", "stopped", "level", "not_then", "not_again"
]
_HEADS: dict[Kind, str] = {
    "spread": "spread: ",
    "new": "new: ",
    "changed": "",
    "gone": "no longer: ",
    "begun": "begun: ",
    "stopped": "stopped: ",
    "level": "",
}
# Of a text no longer than this what it was and what it is are told.
_LONG = 60
# A month has no whole number of days.
_EXACT = Decimal("0.01")


class Change(NamedTuple):
    """One thing that is not as it was.

    Parameters
    ----------
    kind
        What happened to it.
    says
        It in words, without its kind.
    keys
        The keys of the case that it tells of.
    """

    kind: Kind
    says: str
    keys: tuple[str, ...]


class Since(NamedTuple):
    """What changed since an earlier visit.

    Parameters
    ----------
    day
        Of the earlier visit.
    changes
        What changed, in the order in which it is told.
    not_then, not_again
        What is there and was not asked then; what was there and is open now.
    open
        How many answers of that day that told of nothing are open now.
    """

    day: date
    changes: tuple[Change, ...]
    not_then: tuple[Change, ...] = ()
    not_again: tuple[Change, ...] = ()
    open: int = 0

    @property
    def head(self) -> str:
        """Since when."""
        return f"Since {PartialDate.of(self.day).words()}"

    def news(self, most: int | None = None) -> str:
        """Return what changed and what was not asked then as one paragraph.

        No more than `most` changes are named, and half as many of what was not asked.
        """
        parts = [sentence(part) for part in _by_kind(self.changes, most)] or ["Nothing changed."]
        if self.not_then:
            parts.append(sentence(f"not asked then: {_some(self.not_then, _half(most))}"))
        return " ".join(parts)

    def words(self, most: int | None = None) -> str:
        """Return all of it as one paragraph: also what was not asked again."""
        parts = [self.news(most)]
        if self.not_again or self.open:
            others = f"{counted(self.open, 'answer')} without a finding" if self.open else ""
            named = _some(self.not_again, _half(most))
            again = "; also ".join(part for part in (named, others) if part)
            parts.append(sentence(f"not asked again: {again}"))
        return " ".join(parts)


def _by_kind(changes: Sequence[Change], most: int | None) -> Iterator[str]:
    left = len(changes) if most is None else most
    for kind, head in _HEADS.items():
        those = [change.says for change in changes if change.kind == kind]
        told, left = those[:left], max(0, left - len(those))
        if told:
            yield f"{head}{'; '.join(told) if not head else listed(told)}"
    if most is not None and (more := len(changes) - most) > 0:
        yield f"{more} more"


def _half(most: int | None) -> int | None:
    return None if most is None else most // 2


def _some(changes: Sequence[Change], most: int | None) -> str:
    told = [change.says for change in changes[:most]]
    if more := len(changes) - len(told):
        told.append(f"{more} more")
    return listed(told)


class Levels(NamedTuple):
    """The levels of both visits as they are called; empty where there was none."""

    was: str = ""
    now: str = ""


_NO_LEVELS = Levels()


def since(
    form: Form,
    was: Case,
    now: Case,
    days: tuple[date, date],
    words: Mapping[str, AnswerWords],
    readers: Mapping[str, RowReader],
    levels: Levels = _NO_LEVELS,
    held: Collection[str] = (),
) -> Since:
    """Return what changed between two cases of one patient.

    Parameters
    ----------
    was, now
        The cases, each answer under the name that the form has for it now.
    days
        The day of each.
    words
        How letters tell of answers, by question.
    readers
        Who reads the rows of a table, by its id.
    levels
        How urgent it was, and is.
    held
        Keys of which nothing is told.
    """
    known = {key for q in _compared(form) for s in form.slots_of(q.id) for key in (s.key,)} - {
        *held
    }
    work = _Comparison(
        form,
        Case({key: value for key, value in was.items() if key in known}),
        Case({key: value for key, value in now.items() if key in known}),
        days,
        words,
        readers,
    )
    # What a person typed bears no marks.
    found = [change._replace(says=unmarked(change.says)) for change in work.changes()]
    if levels.was and levels.now and levels.was != levels.now:
        found.append(Change("level", f"level: {levels.was} to {levels.now}", ()))
    return Since(
        days[0],
        tuple(c for kind in _HEADS for c in found if c.kind == kind),
        tuple(c for c in found if c.kind == "not_then"),
        tuple(c for c in found if c.kind == "not_again"),
        len(work.open),
    )


def _compared(form: Form) -> Iterator[Question]:
    """Yield the questions of which a change is news: not who the patient is, and not what is asked of whom."""
    for question in form.questions.values():
        if form.sections[question.section].person != "administrative":
            yield question


class _Comparison:
    """Two cases side by side."""

    def __init__(
        self,
        form: Form,
        was: Case,
        now: Case,
        days: tuple[date, date],
        words: Mapping[str, AnswerWords],
        readers: Mapping[str, RowReader],
    ) -> None:
        self._form, self._was, self._now, self._days = form, was, now, days
        self._words, self._readers = words, readers
        self._joined = joined_by(form, words)
        # What the rows of a table told already, by the key that stands for it elsewhere.
        self._in_rows: set[str] = set()
        # Answers of no news that are open now.
        self.open: list[str] = []

    def changes(self) -> Iterator[Change]:
        """Yield every change, by question."""
        questions = [q for q in _compared(self._form) if self._differs(q)]
        # What a row of medicines says is not told again by the list of their classes.
        questions.sort(key=lambda q: q.id not in self._readers)
        found = {q.id: list(self._of(q)) for q in questions}
        for name in self._form.questions:
            yield from found.get(name, ())

    def _differs(self, question: Question) -> bool:
        slots = self._form.slots_of(question.id)
        return any(not _same(self._was.get(s.key), self._now.get(s.key)) for s in slots)

    def _of(self, question: Question) -> Iterator[Change]:
        slots = [
            slot
            for slot in self._form.slots_of(question.id)
            if not _same(self._was.get(slot.key), self._now.get(slot.key))
        ]
        asked: list[Slot] = []
        for slot in slots:
            was, now = self._was.get(slot.key), self._now.get(slot.key)
            if isinstance(now, Unable):
                if was is not None and not isinstance(was, Unable):
                    yield Change("changed", f"{self._name(slot)} {recorded_text(now)}", (slot.key,))
            else:
                asked.append(slot)
        if question.kind in ("finding", "choices"):
            yield from self._findings(question, asked)
        elif question.kind == "table":
            yield from self._table(question)
        else:
            yield from self._values(question, asked)

    # -- findings ---------------------------------------------------------------------------------

    def _findings(self, question: Question, slots: Sequence[Slot]) -> Iterator[Change]:
        then = _Asked(self._form, question, self._was)
        today = _Asked(self._form, question, self._now)
        # Only a list of places spreads, and only from a place that is there still.
        words = self._words.get(question.id)
        spreads = words is not None and bool(words.plurals)
        spreads = spreads and any(
            is_present(self._was.get(slot.key)) and is_present(self._now.get(slot.key))
            for slot in self._form.slots_of(question.id)
        )
        keys: dict[Kind, list[str]] = {"spread": [], "new": [], "gone": []}
        keys |= {"not_then": [], "not_again": []}
        for slot in slots:
            key, was, now = slot.key, self._was.get(slot.key), self._now.get(slot.key)
            if key in self._in_rows or self._only_its_side(slot):
                continue
            if is_present(was) and is_present(now):
                if _plain(was.text) != _plain(now.text):
                    yield self._told_anew(slot, was, now)
            elif is_present(now):
                # What was not ticked in a list that was closed is new; who closes one today denies no other side.
                asked = then.closed or then.of(slot)
                keys["not_then" if not asked else "spread" if spreads else "new"].append(key)
            elif is_present(was):
                keys["gone" if today.of(slot) else "not_again"].append(key)
            elif was is not None and not today.of(slot):
                self.open.append(key)
        for kind, those in keys.items():
            case = self._was if kind in ("gone", "not_again") else self._now
            yield from self._spoken(kind, question, case, those)

    def _only_its_side(self, slot: Slot) -> bool:
        """Whether only the side of what is there was recorded, or is no more."""
        name = slot.key.rpartition(".")[0] if slot.side else slot.key
        names = (name, *(f"{name}.{side}" for side in SIDES))
        if slot.key not in names or not (slot.side or slot.question.sided):
            return False
        if slot.side:
            whole = self._was.get(name) if self._was.get(slot.key) is None else self._now.get(name)
            return is_present(whole) and None in (self._was.get(slot.key), self._now.get(slot.key))
        other = self._now if self._now.get(name) is None else self._was
        return any(is_present(other.get(key)) for key in names[1:])

    def _told_anew(self, slot: Slot, was: Value | None, now: Value | None) -> Change:
        texts = [v.text for v in (was, now) if isinstance(v, Finding)]
        return Change("changed", _from_to(self._name(slot), *map(unmarked, texts)), (slot.key,))

    def _spoken(
        self, kind: Kind, question: Question, case: Case, keys: Sequence[str]
    ) -> Iterator[Change]:
        """Yield some answers of a question as letters tell them."""
        told = Case({key: _brief(case[key]) for key in keys})
        speaker = Speaker(
            self._form,
            told,
            self._words,
            self._readers,
            brief=True,
            detail="dated",
            joined=self._joined,
        )
        for phrase in speaker.phrases(question):
            yield Change(kind, unmarked(phrase.text), phrase.keys)

    # -- grades, choices, numbers, results ---------------------------------------------------------

    def _values(self, question: Question, slots: Sequence[Slot]) -> Iterator[Change]:
        keys: dict[Kind, list[str]] = {"not_then": [], "not_again": []}
        pairs: dict[tuple[str, str], list[Slot]] = {}
        for slot in slots:
            was, now = self._was.get(slot.key), self._now.get(slot.key)
            if now is None:
                if self._is_news(slot, was):
                    keys["not_again"].append(slot.key)
                elif was is not None:
                    self.open.append(slot.key)
            elif was is None or isinstance(was, Unable):
                if self._is_news(slot, now):
                    keys["not_then"].append(slot.key)
            elif isinstance(was, Result) and isinstance(now, Result):
                yield from self._result(slot, was, now)
            elif not _is_as_long(slot.question, was, now):
                pairs.setdefault((self._value(slot, was), self._value(slot, now)), []).append(slot)
        yield from self._pairs(pairs)
        for kind, those in keys.items():
            case = self._was if kind == "not_again" else self._now
            for key in those:
                slot = self._form.slots[key]
                says = unmarked(describe(case, self._form, key))
                yield Change(kind, says if len(says) <= _LONG * 2 else self._name(slot), (key,))

    def _pairs(self, pairs: Mapping[tuple[str, str], Sequence[Slot]]) -> Iterator[Change]:
        """Yield what rose or fell; of what did so on both sides once."""
        for (was, now), slots in pairs.items():
            rows: dict[str, list[Slot]] = {}
            for slot in slots:
                rows.setdefault(slot.row.id if slot.row else "", []).append(slot)
            for those in rows.values():
                if {*SIDES} == {slot.side for slot in those}:
                    names = [f"{self._bare(those[0])} on both sides"]
                    groups = [those]
                else:
                    names, groups = [self._name(s) for s in those], [[s] for s in those]
                for name, group in zip(names, groups, strict=True):
                    yield Change("changed", _from_to(name, was, now), tuple(s.key for s in group))

    def _is_news(self, slot: Slot, value: Value | None) -> bool:
        """Whether an answer says more than that something is as it should be."""
        if value is None or says_no(value):
            return False
        if isinstance(value, Choice):
            option = option_of(slot.options, value.option)
            return value.option not in slot.question.normal and not (option and option.denies)
        return True

    def _value(self, slot: Slot, value: Value) -> str:
        if isinstance(value, Choice):
            option = option_of(slot.options, value.option)
            said = option.phrase if option else spaced(value.option)
            return f"{said} ({unmarked(value.text)})" if value.text else said
        return unmarked(recorded_text(value))

    def _result(self, slot: Slot, was: Result, now: Result) -> Iterator[Change]:
        old, new = newest(was, self._days[0]), newest(now, self._days[1])
        name = self._bare(slot)
        if new and (any(item in was.items for item in new) or self._is_older(new, old)):
            # What is newest was known then, or is from before that.
            return
        if len(old) == len(new) == 1 and _is_as_much(slot.question, old[0], new[0]):
            return
        before, says = self._measured(slot, name, old), self._measured(slot, name, new)
        if says != before:
            before += f" ({_when(old, self._days[0])})" if old else ""
            says += f" ({_when(new, self._days[1])})" if new else ""
            yield Change("changed", f"{name} {before} to {says}", (slot.key,))

    def _is_older(self, new: Sequence[Measurement], old: Sequence[Measurement]) -> bool:
        """Whether what is newest now is surely older than what was newest then."""
        last = new[-1].date
        start = min((i.date.earliest if i.date else self._days[0] for i in old), default=None)
        return last is not None and start is not None and last.latest < start

    @staticmethod
    def _measured(slot: Slot, name: str, items: Sequence[Measurement]) -> str:
        told = [measurement_text(slot.question, i, name=name, detail="bare") for i in items]
        return listed([text.removeprefix(name).lstrip(": ") for text in told]) or "pending"

    # -- names -------------------------------------------------------------------------------------

    def _bare(self, slot: Slot) -> str:
        """Return how a letter names what stands at `slot`, without its side."""
        if slot.row is not None:
            speaker = Speaker(self._form, Case(), self._words, self._readers, joined=self._joined)
            return speaker.grid(slot.question).name(slot.row)
        words = self._words.get(slot.question.id)
        if slot.question.kind == "result" and words is not None and words.page:
            return words.page
        name = slot.question.phrase
        return f"{name}: {slot.option.phrase}" if slot.option else name

    def _name(self, slot: Slot) -> str:
        name = self._bare(slot)
        return f"{slot.side} {name}" if slot.side in SIDES else name

    # -- tables ------------------------------------------------------------------------------------

    def _table(self, question: Question) -> Iterator[Change]:
        key = question.id
        was, now = self._was.get(key), self._now.get(key)
        if not isinstance(was, Table):
            if isinstance(now, Table) and now.rows:
                yield from self._spoken("not_then", question, self._now, [key])
            return
        if not isinstance(now, Table):
            if was.rows:
                yield from self._spoken("not_again", question, self._was, [key])
            else:
                self.open.append(key)
            return
        reader = self._readers.get(key)
        pairs, gone, come = self._paired(question, was.rows, now.rows)
        for old, new in pairs:
            stopped = self._is_stopped(reader, old), self._is_stopped(reader, new)
            if stopped == (False, False):
                yield from self._row_changes(question, old, new)
            elif stopped == (False, True):
                yield self._row(question, "stopped", old)
            elif stopped == (True, False):
                yield self._row(question, "begun", new)
        # A list that is not closed says nothing of what is not on it.
        for row in (one for one in come if not self._is_stopped(reader, one)):
            known = was.closed or self._is_denied(reader, row, self._was)
            yield self._row(question, "begun" if known else "not_then", row)
        for row in (one for one in gone if not self._is_stopped(reader, one)):
            known = now.closed or self._is_denied(reader, row, self._now)
            yield self._row(question, "stopped" if known else "not_again", row)

    def _paired(
        self, question: Question, was: Iterable[Row], now: Iterable[Row]
    ) -> tuple[list[tuple[Row, Row]], list[Row], list[Row]]:
        """Return the rows that are of the same, of both visits; and those of then and of now that are of nothing else.

        Of two of one name the likeliest are taken together.
        """
        reader = self._readers.get(question.id)
        pairs, gone, come = list[tuple[Row, Row]](), list(was), list(now)
        likenesses: tuple[Callable[[Row], object], ...] = (
            lambda row: [(column, _plain(str(cell))) for column, cell in row.cells],
            lambda row: (self._row_name(question, row).casefold(), self._is_stopped(reader, row)),
            lambda row: self._row_name(question, row).casefold(),
            lambda row: [one.name for one in reader.match(row).found] if reader else [],
        )
        for likeness in likenesses:
            for row in list(come):
                like = likeness(row)
                mate = next((one for one in gone if like and likeness(one) == like), None)
                if mate is not None:
                    pairs.append((mate, row))
                    gone.remove(mate)
                    come.remove(row)
        return pairs, gone, come

    def _row(self, question: Question, kind: Kind, row: Row) -> Change:
        told, reader = self._told_apart(question, row), self._readers.get(question.id)
        if reader is None:
            plain: dict[Kind, Kind] = {"begun": "new", "stopped": "gone"}
            return Change(plain.get(kind, kind), f"{question.phrase}: {told}", (question.id,))
        return Change(kind, told, (question.id, *self._says(reader, row)))

    @staticmethod
    def _is_denied(reader: RowReader | None, row: Row, case: Case) -> bool:
        """Whether a case says elsewhere that what a row names is not taken."""
        said = [case.get(key) for key in (reader.read(row).says if reader else ())]
        return any(isinstance(value, Finding) and not value.present for value in said)

    def _told_apart(self, question: Question, row: Row) -> str:
        """Return how a row is called: by its dose as well where another of its name stands beside it."""
        name, reader = self._row_name(question, row), self._readers.get(question.id)
        tables = (case.get(question.id) for case in (self._was, self._now))
        names = [
            [self._row_name(question, one).casefold() for one in table.rows]
            for table in tables
            if isinstance(table, Table)
        ]
        is_twice = any(those.count(name.casefold()) > 1 for those in names)
        return reader.named(row, dose=True) if reader is not None and is_twice else name

    def _row_name(self, question: Question, row: Row) -> str:
        reader = self._readers.get(question.id)
        if reader is not None and (named := reader.named(row)):
            return named
        cells = Tables(self._form, Case(), self._readers).cells(question, row)[0]
        return next((cell for cell in cells.values() if cell), question.phrase)

    @staticmethod
    def _is_stopped(reader: RowReader | None, row: Row) -> bool:
        return reader is not None and reader.read(row).stopped

    def _says(self, reader: RowReader | None, row: Row) -> tuple[str, ...]:
        """Return the keys beside the table that change with a row: its classes."""
        if reader is None:
            return ()
        keys = reader.read(row).says
        changed = [key for key in keys if not _same(self._was.get(key), self._now.get(key))]
        self._in_rows.update(changed)
        return tuple(changed)

    def _row_changes(self, question: Question, was: Row, now: Row) -> Iterator[Change]:
        tables = Tables(self._form, Case(), self._readers)
        old, new = tables.cells(question, was)[0], tables.cells(question, now)[0]
        name = self._row_name(question, now)
        parts = [
            _from_to(column.label[:1].lower() + column.label[1:], old[column.id], new[column.id])
            for column in question.columns
            if _plain(old[column.id]) != _plain(new[column.id])
        ]
        if parts:
            yield Change("changed", f"{name}, {', '.join(parts)}", (question.id,))


def _is_as_much(question: Question, was: Measurement, now: Measurement) -> bool:
    """Whether a result is the one from before in another unit, as far as both are written out."""
    if was.unit == now.unit or was.comparator != now.comparator or was.option or now.option:
        return False
    ends = [_in_default_unit(question, item) for item in (was, now)]
    return all(ends) and abs(ends[0][0] - ends[1][0]) <= max(ends[0][1], ends[1][1])  # type: ignore[index]


def _in_default_unit(question: Question, item: Measurement) -> tuple[Decimal, Decimal] | None:
    """Return the number of a result in the usual unit, and how much its last digit leaves open."""
    if item.value is None:
        return None
    half = Decimal(5).scaleb(int(item.value.as_tuple().exponent) - 1)
    number, more = (
        in_default_unit(question, value, item.unit) for value in (item.value, item.value + half)
    )
    return None if number is None or more is None else (number, abs(more - number))


def _is_as_long(question: Question, was: Value, now: Value) -> bool:
    """Whether an amount is the same one in another unit."""
    if not (isinstance(was, Quantity) and isinstance(now, Quantity)) or was.unit == now.unit:
        return False
    one, other = quantity_interval(question, was), quantity_interval(question, now)
    return (
        one is not None
        and other is not None
        and was.comparator == now.comparator
        and all(
            abs(a - b) <= abs(a) * _EXACT for a, b in ((one.low, other.low), (one.high, other.high))
        )
    )


class _Asked:
    """What of a question a case answers: by itself, or with its side left open.

    Parameters
    ----------
    question
        A finding, or a list of them.
    case
        The case.
    """

    def __init__(self, form: Form, question: Question, case: Case) -> None:
        self._case = case
        slots = form.slots_of(question.id)
        answered = {_whole(slot) for slot in slots if isinstance(case.get(slot.key), Finding)}
        # Whether it is a list of which each option is answered.
        self.closed = question.kind == "choices" and all(_whole(slot) in answered for slot in slots)

    def of(self, slot: Slot) -> bool:
        """Whether it is said of what stands at `slot` whether it is there."""
        whole, case = _whole(slot), self._case
        if any(isinstance(case.get(key), Finding) for key in (slot.key, whole)):
            return True
        return not slot.side and all(
            isinstance(case.get(f"{whole}.{side}"), Finding) for side in SIDES
        )


def _whole(slot: Slot) -> str:
    """Return the key of what stands at `slot`, whatever its side."""
    return slot.key.rpartition(".")[0] if slot.side else slot.key


def _when(items: Sequence[Measurement], day: date) -> str:
    return (items[-1].date or PartialDate.of(day)).words()


def _from_to(name: str, was: str, now: str) -> str:
    if len(was) + len(now) > _LONG:
        return f"{name}: told anew"
    if not was or not now:
        return f"{name}: {now or 'not said'} (was: {was or 'not said'})"
    return f"{name} {was} to {now}"


def _same(was: Value | None, now: Value | None) -> bool:
    """Whether two answers say the same, however they came to be recorded."""
    if was == now:
        return True
    if was is None or now is None or was.type != now.type:
        return False
    return _said(was) == _said(now)


def _said(value: Value) -> Value:
    """Return an answer without how it was recorded, and without how its words are written."""
    plain: dict[str, object] = {"block": False} if isinstance(value, Finding | Choice) else {}
    if isinstance(value, Finding | Choice | Text):
        plain["text"] = _plain(value.text)
    if isinstance(value, Quantity):
        plain["typed"] = ""
    return value.model_copy(update=plain) if plain else value


def _brief(value: Value) -> Value:
    """Return a finding without what was typed of it, where that is long: it is never cut inside."""
    if isinstance(value, Finding) and len(value.text) > _LONG:
        return value.model_copy(update={"text": ""})
    return value


def _plain(text: str) -> str:
    """Return words without case and blanks: of these nobody asks who reads what changed."""
    return "".join(text.casefold().split())
