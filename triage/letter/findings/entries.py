"""What the record of findings says of each question: an item, and beside it what was recorded of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from triage.content.entry import amount_text, quantity_text
from triage.content.form import SIDES, Form, Slot
from triage.content.listed import RowReader
from triage.content.ranges import quantity_interval
from triage.content.schema import ANY, AnswerWords, GridRow, Question
from triage.letter.statements import unmarked
from triage.letter.words.phrase import listed
from triage.letter.words.places import Place, places_text, side_of
from triage.letter.words.recorded import recorded_text, says_no
from triage.letter.words.results import Told, result_told
from triage.letter.words.said.line import begun
from triage.letter.words.tables import Tables, row_words
from triage.letter.words.wording import render_wording
from triage.model.case import Case
from triage.model.values import (
    Choice,
    Date,
    Finding,
    Quantity,
    Result,
    Row,
    Table,
    Text,
    Unable,
    Value,
    is_present,
)

# The option of a choice that says that there is nothing of it.
NONE = "none"
PRESENT, ABSENT = "present", "absent"
_NO_WORDS = AnswerWords(id="")
# What an entry is about comes first, then what is absent, then what is absent as part of a block.
Rank = Literal[0, 1, 2]


@dataclass(frozen=True, slots=True)
class Answer:
    """What was recorded of an item.

    Parameters
    ----------
    item, text
        Its name, and what stands beside it.
    keys
        The keys of the case that it tells of.
    strong
        Whether it is present or abnormal.
    rank
        0 for what is there or has a value, 1 for what is absent, 2 for what is absent as part of a block.
    result
        The test that it tells of, as far as its section says more of it: day, and whether it is a word as reported.
    """

    item: str
    text: str
    keys: tuple[str, ...]
    strong: bool = False
    rank: Rank = 0
    result: Told | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table with sides: what it is about, its cells, which are abnormal, and its keys.

    `plain` if it says no more than a grade for each side: no typed word, and no answer without its side.
    """

    question: str
    row: str
    item: str
    cells: Mapping[str, str]
    strong: frozenset[str]
    keys: tuple[str, ...]
    plain: bool
    rank: Rank = 0


@dataclass(frozen=True, slots=True)
class RecordWords:
    """The wordings of the record, filled in but for what differs from answer to answer."""

    yes: str
    no: str
    block: str
    one_of: str
    unable: str
    since: str
    both: str
    no_side: str
    left: str
    right: str
    none_elsewhere: str
    none_looked: str
    unclear: str


class Answers:
    """The answers of one case, as its record tells them.

    Parameters
    ----------
    form, case
        What it is about.
    keys
        What of it is to be told.
    words
        The words of answers, by id.
    readers
        Who reads the rows of a table, by its id.
    said
        The wordings.
    """

    def __init__(
        self,
        form: Form,
        case: Case,
        keys: Iterable[str],
        words: Mapping[str, AnswerWords],
        readers: Mapping[str, RowReader],
        said: RecordWords,
    ) -> None:
        self._form = form
        self._case = case
        self._words = words
        self._said = said
        self._tables = Tables(form, case, readers)
        self._keys: dict[str, list[Slot]] = {}
        for key in keys:
            slot = form.slots[key]
            self._keys.setdefault(slot.question.id, []).append(slot)
        # A follow-up is told with the finding that it is about, if that is there.
        self._told: set[str] = set()
        self._since = self._joined_rows()

    def questions(self) -> Iterator[Question]:
        """Yield the questions that have an answer, joined findings before what says which of them it is."""
        joined = [name for name in self._keys if self._of(name).follow_up]
        for name in dict.fromkeys((*joined, *self._keys)):
            yield self._form.questions[name]

    def of(self, question: Question) -> list[Answer]:
        """Return what is told of `question` beside its name; nothing of what was told with another."""
        if question.id in self._told:
            return []
        slots = self._keys[question.id]
        if question.kind == "grid":
            return [self._line_answer(line) for line in self._lines(question)]
        unable = [s for s in slots if self._is_unable(s)]
        found = [s for s in slots if not self._is_unable(s)] if unable else slots
        told = self._told_of(question, found) if found else []
        return [*told, *(self._unable(slot) for slot in unable)]

    def _of(self, name: str) -> AnswerWords:
        return self._words.get(name) or _NO_WORDS

    def item(self, question: Question) -> str:
        """Return how the record names a question."""
        return self._of(question.id).row or begun(question.phrase)

    def _told_of(self, question: Question, slots: list[Slot]) -> list[Answer]:
        if question.kind == "choices":
            return [self._list(question, slots)]
        if question.sided:
            return [self._line_answer(self._pair_line(question, slots))]
        key = slots[0].key
        value = self._case[key]
        if isinstance(value, Table):
            return self._table(question, key, value)
        if isinstance(value, Result):
            return [self._result(question, key, value)]
        if is_present(value):
            return [self._present(question, key, value)]
        text, rank = self._text(question, slots[0], value)
        return [Answer(self.item(question), text, (key,), self._odd(question, value), rank)]

    # -- one value ----------------------------------------------------------------------------------

    def _odd(self, question: Question, value: Value) -> bool:
        """Whether an answer is a finding: present, or not as it should be."""
        usual = self._of(question.id).usual
        if ANY in usual:
            return False
        if isinstance(value, Finding):
            return (PRESENT if value.present else ABSENT) not in (usual or (ABSENT,))
        if isinstance(value, Quantity) and usual and value.word not in usual:
            span = quantity_interval(question, value)
            normal = (quantity_interval(question, Quantity(word=word)) for word in usual)
            return span is not None and all(
                n and (span.high < n.low or span.low > n.high) for n in normal
            )
        if not isinstance(value, Choice) or not usual:
            return False
        return value.option not in usual

    def _text(self, question: Question, slot: Slot, value: Value) -> tuple[str, Rank]:
        """Return one value in words, and whether it says that something is absent."""
        match value:
            case Finding(present=present, text=text, block=block):
                said = self._said.yes if present else self._said.no
                return self._closed(said, text, block, present)
            case Choice(option=option, text=text, block=block):
                there = option != NONE
                words = self._of(f"{question.id}.{option}").row
                said = words or (slot.option_phrase(option) if there else self._said.no)
                return self._closed(said, text, block, there)
            case Quantity():
                return self._quantity(question, value), 0
            case Date(date=day):
                return day.words(), 0
            case Text(text=text):
                return _flat(text), 0
        return recorded_text(value), 0

    def _closed(self, said: str, text: str, block: bool, there: bool) -> tuple[str, Rank]:
        shown = render_wording(self._said.block, {"answer": said}) if block else said
        return _noted(shown, text), 0 if there else 2 if block else 1

    def _quantity(self, question: Question, value: Quantity) -> str:
        wording, amount = self._of(question.id).value, quantity_text(value)
        if not wording:
            return amount
        values = {"value": amount, "number": amount_text(value), "unit": value.unit}
        return render_wording(wording, values)

    def _unable(self, slot: Slot) -> Answer:
        value = self._case[slot.key]
        assert isinstance(value, Unable)
        return Answer(self.name(slot), self._reason(value), (slot.key,))

    def _reason(self, value: Unable) -> str:
        return render_wording(self._said.unable, {"reason": _flat(value.reason)})

    def name(self, slot: Slot) -> str:
        """Return how the record names one key: its question, and which part and side of it."""
        part = slot.row or slot.option
        item = self.item(slot.question)
        item = f"{item}, {part.phrase}" if part is not None else item
        return f"{item}, {self._side(slot.side)}" if slot.side in ("left", "right") else item

    def alone(self, slot: Slot, value: Value) -> str:
        """Return what stands under one key, whatever else is said of its question."""
        match value:
            case Unable():
                return self._reason(value)
            case Result():
                return result_told(slot.question, value, self._case).text
            case Table():
                answers = self._table(slot.question, slot.key, value)
                return "; ".join(" ".join(t for t in (a.item, a.text) if t) for a in answers)
            case Choice(option=option, text=text) if slot.row is not None:
                return _noted(_grade(slot.question, slot.row, option), text)
        return self._text(slot.question, slot, value)[0]

    # -- findings -----------------------------------------------------------------------------------

    def _present(self, question: Question, key: str, value: Finding) -> Answer:
        """Return a present finding: since when, which of several it is, what was typed; else that it is there."""
        words, text = self._of(question.id), _flat(value.text)
        keys = [key]
        parts = list(self._since.get(question.id, ()))
        for name in words.follow_up:
            if name in self._keys and name not in self._told:
                found = self._part(self._form.questions[name])
                parts += filter(None, found.values())
                keys += found
        said = listed(parts)
        if said:
            said = _noted(said, text)
        elif words.one_of:
            said = text or render_wording(self._said.one_of, {"items": listed(words.one_of)})
        else:
            said = _noted(self._said.yes, text)
        if value.block:
            said = render_wording(self._said.block, {"answer": said})
        keys += [name for name in self._joined_tables(question.id) if name not in keys]
        return Answer(self.item(question), said, tuple(keys), self._odd(question, value))

    def _part(self, question: Question) -> dict[str, str]:
        """Return what a follow-up says is there, by its first key; all its keys, the others without words."""
        slots = self._keys[question.id]
        values = [self._case[slot.key] for slot in slots]
        there = [is_present(v) for v in values]
        if not any(there) or any(isinstance(v, Unable) for v in values):
            return {}
        self._told.add(question.id)
        if question.kind == "choices":
            text = self._list(question, slots).text
        else:
            page = self._of(question.id).page or question.phrase
            line = (
                self._line_answer(self._pair_line(question, slots)).text if question.sided else ""
            )
            text = _noted(page, line or getattr(values[0], "text", ""))
        return {slot.key: text for slot in slots[:1]} | {slot.key: "" for slot in slots[1:]}

    # -- lists --------------------------------------------------------------------------------------

    def _list(self, question: Question, slots: list[Slot]) -> Answer:
        """Return a list: what is ticked with its sides and notes, then what is not, if not all is known."""
        keys = tuple(slot.key for slot in slots)
        values = {s.key: v for s in slots if isinstance(v := self._case[s.key], Finding)}
        present = [s for s in slots if s.key in values and values[s.key].present]
        implied = {name for s in present if s.option for name in s.option.ticks}
        ticked = [s for s in present if not _is_implied(s, implied) or values[s.key].text]
        absent = [s for s in slots if s.key in values and not values[s.key].present]
        block = bool(absent) and all(values[s.key].block for s in absent)
        # What another answer contradicts is told beside that one.
        told = {key for key, value in self._case.items() if key in values or says_no(value)}
        all_ = (slot for slot in self._form.slots_of(question.id) if slot.key in told)
        names = {slot.option.id for slot in all_ if slot.option is not None}
        closed = all(option.id in names for option in question.options)
        said = self._ticks(question, ticked, values)
        item, words = self.item(question), self._of(question.id)
        notes = any(values[s.key].text for s in absent)
        rest = "" if closed and not notes else self._ticks(question, absent, values)
        if not ticked:
            no = self._said.no if rest else words.value or self._said.no
            no = no if rest or self._looked_everywhere(words) else self._looked(no)
            no = render_wording(self._said.block, {"answer": no}) if block else no
            text = f"{no}: {rest}" if rest else no
            return Answer(item, text, keys, rank=2 if block else 1)
        if absent:
            # That nothing else was found is worth its words where the examination looked for it.
            elsewhere = self._said.none_elsewhere
            elsewhere = elsewhere if self._looked_everywhere(words) else self._looked(elsewhere)
            own = (self._of(s.key.removesuffix(f".{s.side}")).rest for s in ticked)
            others = f"; {next(filter(None, own), elsewhere)}" if words.rest else ""
            said += f"; {self._said.no}: {rest}" if rest else others
        strong = ANY not in words.usual
        return Answer(item, said, keys, strong)

    def _looked(self, text: str) -> str:
        """Return that nothing is there, of where it was looked for."""
        return render_wording(self._said.none_looked, {"answer": text})

    def _looked_everywhere(self, words: AnswerWords) -> bool:
        """Whether a list was looked for in every place, as far as the form asks where."""
        if not words.looked_in:
            return True
        options = self._form.questions[words.looked_in].options
        ticks = {o: self._case.get(f"{words.looked_in}.{o.id}") for o in options}
        there = [o for o, value in ticks.items() if isinstance(value, Finding) and value.present]
        found = {name for option in there for name in (option.id, *option.ticks)}
        return found >= {option.id for option in options if not option.ticks}

    def _ticks(self, question: Question, slots: list[Slot], values: Mapping[str, Finding]) -> str:
        """Return the names of options, each with its sides and what was typed of it."""
        named: dict[str, list[Slot]] = {}
        places = {option.id: n for n, option in enumerate(question.options)}
        for slot in sorted(slots, key=lambda s: places[s.option.id] if s.option else 0):
            named.setdefault(self._option(slot), []).append(slot)
        plurals = self._of(question.id).plurals
        found = []
        for name, here in named.items():
            option = here[0].option
            assert option is not None
            sides = [
                self._of(f"{question.id}.{s.option.id}").side or s.side for s in here if s.option
            ]
            has_sides = not {*sides}.isdisjoint(SIDES) or (question.sided and not option.midline)
            note = "; ".join(text for s in here if (text := _flat(values[s.key].text)))
            side = side_of(sides) if has_sides else "none"
            found.append(Place(name, side, plurals.get(option.id, ""), note))
        return places_text(found, self._said.no_side)

    def _option(self, slot: Slot) -> str:
        """Return how the record names an option of a list."""
        assert slot.option is not None
        words = self._of(f"{slot.question.id}.{slot.option.id}")
        return words.row or words.area or words.page or slot.option.phrase

    def _side(self, side: str) -> str:
        return self._said.right if side == "right" else self._said.left

    # -- what has sides -----------------------------------------------------------------------------

    def split(self, question: Question) -> tuple[list[Line], list[Answer]]:
        """Return the rows of a table that say all of `question`, and as answers what such rows cannot say."""
        lines = self._lines(question)
        more = [self._line_answer(line) for line in lines if not line.plain]
        if question.kind != "grid":
            more += [self._unable(s) for s in self._keys[question.id] if self._is_unable(s)]
        return [line for line in lines if line.plain], more

    def _lines(self, question: Question) -> list[Line]:
        """Return the rows of a grid, or the one of a question with sides."""
        if question.kind != "grid":
            found = [s for s in self._keys[question.id] if not self._is_unable(s)]
            return [self._pair_line(question, found)] if found else []
        rows: dict[str, list[Slot]] = {}
        for slot in self._keys[question.id]:
            if slot.row is not None:
                rows.setdefault(slot.row.id, []).append(slot)
        return [
            self._grid_line(question, row, rows[row.id]) for row in question.rows if row.id in rows
        ]

    def _is_unable(self, slot: Slot) -> bool:
        return isinstance(self._case[slot.key], Unable)

    def empty(self, name: str, row: str) -> Line | None:
        """Return the row of a question, or of a row of a grid, of which nothing is known; None if something is."""
        question = self._form.questions[name]
        known = {slot.row.id if slot.row else "" for slot in self._keys.get(name, ())}
        if row in known:
            return None
        if not row:
            return Line(name, row, self.item(question), {}, frozenset(), (), plain=True)
        if any(f"{name}.{row}" in r.covers for r in question.rows if r.id in known):
            return None
        record = next(r for r in question.rows if r.id == row)
        return Line(name, row, self.row_item(question, record), {}, frozenset(), (), plain=True)

    def row_item(self, question: Question, row: GridRow) -> str:
        """Return how the record names a row of a grid."""
        return self._of(f"{question.id}.{row.id}").row or begun(row.phrase)

    def _grid_line(self, question: Question, row: GridRow, slots: list[Slot]) -> Line:
        cells: dict[str, str] = {}
        strong, plain = set(), True
        for slot in slots:
            value = self._case[slot.key]
            if isinstance(value, Choice):
                cells[slot.side] = _noted(_grade(question, row, value.option), value.text)
                normal = (row.normal,) if row.normal else question.normal
                if value.option not in normal:
                    strong.add(slot.side)
                plain = plain and not value.text and slot.side != ""
            elif isinstance(value, Unable):
                cells[slot.side] = self._reason(value)
                plain = False
        keys = tuple(slot.key for slot in slots)
        return Line(
            question.id, row.id, self.row_item(question, row), cells, frozenset(strong), keys, plain
        )

    def _pair_line(self, question: Question, slots: list[Slot]) -> Line:
        cells: dict[str, str] = {}
        strong, plain, ranks = set(), True, []
        for slot in slots:
            value = self._case[slot.key]
            cells[slot.side], rank = self._text(question, slot, value)
            ranks.append(rank)
            if self._odd(question, value):
                strong.add(slot.side)
            plain = plain and not getattr(value, "text", "") and slot.side != ""
        keys = tuple(slot.key for slot in slots)
        return Line(
            question.id, "", self.item(question), cells, frozenset(strong), keys, plain, min(ranks)
        )

    def _line_answer(self, line: Line) -> Answer:
        """Return what has sides as one answer: ``both 4``, ``right yes, left no``, ``yes, side not recorded``."""
        cells = line.cells
        texts = {text for side, text in cells.items() if side}
        if len(texts) == 1 and {"left", "right"} <= cells.keys():
            (text,) = texts
            if line.rank == 0:
                text = render_wording(self._said.both, {"item": text})
            parts = [text]
        else:
            parts = [f"{self._side(s)} {cells[s]}" for s in ("right", "left") if s in cells]
        parts += [cells["midline"]] if "midline" in cells else []
        if "" in cells:
            parts.append(f"{cells['']}, {self._said.no_side}" if line.rank == 0 else cells[""])
        return Answer(line.item, listed(parts), line.keys, bool(line.strong), line.rank)

    # -- tables and results -------------------------------------------------------------------------

    def _joined_rows(self) -> dict[str, list[str]]:
        """Return, by question, what the rows of a table say since when it is there."""
        found: dict[str, dict[str, list[str]]] = {}
        self._rows_joined: dict[str, set[Row]] = {}
        for name, slots in self._keys.items():
            value = self._case[name] if slots[0].kind == "table" else None
            for row in value.rows if isinstance(value, Table) else ():
                if (target := self._target(name, row)) is None:
                    continue
                self._rows_joined.setdefault(name, set()).add(row)
                question = self._form.questions[name]
                cells, _ = self._tables.cells(question, row)
                place = row_words(question, cells, self._of(name).value)
                day = next((cells[c.id] for c in question.columns if c.kind == "date"), "")
                found.setdefault(target, {}).setdefault(day, []).append(place)
        return {
            target: [
                _since(self._said.since, day, [p for p in places if p])
                for day, places in days.items()
            ]
            for target, days in found.items()
        }

    def _target(self, table: str, row: Row) -> str | None:
        """Return the finding in whose entry a row of `table` is told: one that is there."""
        for column, cell in row.cells:
            joins = self._of(f"{table}.{column}.{cell}").joins
            value = self._case[joins] if joins in self._keys else None
            if is_present(value):
                return joins
        return None

    def _joined_tables(self, question: str) -> Iterator[str]:
        for name, rows in self._rows_joined.items():
            if any(self._target(name, row) == question for row in rows):
                yield name

    def _table(self, question: Question, key: str, value: Table) -> list[Answer]:
        words, item = self._of(question.id), self.item(question)
        if not value.rows:
            return [Answer(item, self._said.no, (key,), rank=1)]
        joined = self._rows_joined.get(question.id, ())
        told = [
            (row, *self._tables.cells(question, row)) for row in value.rows if row not in joined
        ]
        strong = ANY not in words.usual
        found = []
        for _, cells, reading in told:
            text = row_words(question, cells, words.value if words.item else words.cells)
            # A first cell that is empty leaves no comma in front of the second.
            text = text.lstrip(", ")
            if reading.doubted and not reading.stopped:
                text = render_wording(self._said.unclear, {"answer": text})
            name = row_words(question, cells, words.item) if words.item else item
            found.append(Answer(_flat(name), _flat(text), (key,), strong))
        if found and not words.item:
            return [Answer(item, "; ".join(a.text for a in found), (key,), strong)]
        return found

    def _result(self, question: Question, key: str, value: Result) -> Answer:
        told = result_told(question, value, self._case)
        item = self.item(question)
        return Answer(
            f"{item} ({told.limit})" if told.limit else item,
            told.text,
            (key,),
            told.outside,
            result=told,
        )


# -- parts ------------------------------------------------------------------------------------------


def _is_implied(slot: Slot, ticked: set[str]) -> bool:
    """Whether another option that is ticked stands for this one too: all regions for each of them."""
    return slot.option is not None and slot.option.id in ticked


def _since(wording: str, day: str, places: list[str]) -> str:
    return render_wording(wording, {"day": day, "items": listed(places)})


def _flat(text: str) -> str:
    """Return typed words in one line."""
    return " ".join(unmarked(text).split())


def _noted(words: str, text: str) -> str:
    flat = _flat(text)
    if not flat or not words:
        return words or flat
    return f"{words}: {flat}" if "(" in flat or "(" in words else f"{words} ({flat})"


def _grade(question: Question, row: GridRow, grade: str) -> str:
    """Return a grade as a table prints it: its figure, or its word where it has none."""
    if grade[:1].isdigit():
        return grade
    return next((o.phrase for o in row.options or question.options if o.id == grade), grade)
