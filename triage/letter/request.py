"""What a laboratory asks for below its strip: the rest of the safety list, what is to be studied, the examination."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from triage.content.form import DATE, DECISION, MIDLINE, SIDES, Slot
from triage.content.schema import GridRow, Question
from triage.letter.examination import examined_rows
from triage.letter.grids import is_normal, rank
from triage.letter.making import Making
from triage.letter.phrase import Phrase, keys_of, listed, sentence
from triage.letter.statements import Block, Row, Statement, Table, TableRow, strong, unmarked
from triage.letter.strip import (
    Told,
    asked_by_recipient,
    cell_of,
    details_of,
    lab_words,
    listed_rows,
    medicines_of,
    told_of,
)
from triage.letter.template import BlockRecord, TableRecord
from triage.model.values import Choice, Date, Finding, Unable
from triage.model.values import Table as Listed
from triage.rules.assessment import InvestigationFinding, ProtocolFinding, StudyFinding

# A table of more rows joins normal ones, in labels of at most so many characters.
_ROWS, _LABEL = 16, 26
# Medicines that are named as compared with the strip; more are counted.
_NAMED = 3
_OPPOSITE = {"left": "right", "right": "left"}


def _words(statements: Iterable[Statement]) -> int:
    return sum(len(statement.text.split()) for statement in statements)


# -- the rest of the safety list ----------------------------------------------------------------------


def safety_block(making: Making, record: BlockRecord) -> Block:
    """Return what is there, how the strip was asked, what else was denied.

    The first row of the template is the rest of the list, the second closes the block, the third is more of what is
    there. Where the words are too many, denials stay out, the last ones first.
    """
    rest, last, more = (row.questions for row in record.row)
    told = {name: told_of(making, name, alone=False) for name in rest}
    there = [*_device_details(making), *_rest_there(making, told), *_closing(making, more)]
    end = _closing(making, last)
    room = record.most - _words((*there, *end))
    said: list[Statement] = []
    for part in (_compared(making, rest), _denied_by_name(making)):
        if part is not None and _words((part,)) <= room:
            said.append(part)
            room -= _words((part,))
    also = _also_no(making, told, room)
    rows = [Row("", (*there, *said, *also, *end))]
    if making.draft and (left := _not_asked(making, (*rest, *last))):
        rows.append(Row("", (left,)))
    rows = [row for row in rows if row.statements]
    return Block(record.id, record.heading, "prose", (*rows, *making.notes(record)))


def _device_details(making: Making) -> Iterator[Statement]:
    """Yield make and model of what the strip says is there, where its cell joins several questions."""
    for asked in asked_by_recipient(making):
        joined = len(asked.answers) > 1 and cell_of(making, asked).state == "present"
        if more := details_of(making, asked) if joined else []:
            told = listed([unmarked(p.text) for p in more])
            yield Statement(strong(sentence(told)), keys_of(more))


def _rest_there(making: Making, told: dict[str, Told]) -> Iterator[Statement]:
    for name, one in told.items():
        if one.present:
            words = listed(list(one.words)) or lab_words(making, name)
            yield Statement(strong(sentence(words)), one.covers)


def _closing(making: Making, names: Iterable[str]) -> list[Statement]:
    """Return what is there of questions, and what cannot be, as bold sentences."""
    return [
        Statement(strong(sentence(unmarked(_closing_words(making, name, p)))), p.keys)
        for name in names
        for p in making.speaker.phrases(making.form.questions[name])
        if p.part == "present"
    ]


def _closing_words(making: Making, name: str, phrase: Phrase) -> str:
    words = making.templates.answers.get(name)
    return words.lab if words and words.lab and not phrase.denies else phrase.text


def _compared(making: Making, rest: Sequence[str]) -> Statement | None:
    """Return how the strip was asked, and that the list of medicines agrees, if it was compared."""
    strip = [name for asked in asked_by_recipient(making) for name in asked.answers]
    keys = (s.key for name in (*strip, *rest) for s in making.form.slots_of(name))
    values = (making.case.get(key) for key in keys)
    block = any(isinstance(value, Finding | Choice) and value.block for value in values)
    parts = [making.word("strip_block", date=_day(making)) if block else "", _agrees(making, strip)]
    text = "; ".join(part for part in parts if part)
    return Statement(sentence(text)) if text else None


def _day(making: Making) -> str:
    value = making.case.get(DATE)
    return value.date.words() if isinstance(value, Date) else ""


def _agrees(making: Making, strip: Iterable[str]) -> str:
    """Return that the list of medicines names nothing that the strip asks for; empty if there is none to compare."""
    lists = [v for name in making.readers if isinstance(v := making.case.get(name), Listed)]
    if not lists or any(found for name in strip for found in medicines_of(making, name)):
        return ""
    taken = [reader.named(row) for reader, row in listed_rows(making)]
    if not taken:
        return making.word("medicines_none") if all(v.closed for v in lists) else ""
    shown = listed([unmarked(name) for name in taken]) if len(taken) <= _NAMED else ""
    return making.word("medicines_agree", names=shown, count=len(taken))


def _denied_by_name(making: Making) -> Statement | None:
    """Return by name what a cell of several questions denies, where it has a name for that."""
    for asked in asked_by_recipient(making):
        if asked.short and (cell := cell_of(making, asked)).state == "absent":
            items = listed([lab_words(making, name) for name in asked.answers])
            said = making.word("cell_denied", name=asked.short, items=items)
            return Statement(sentence(said), cell.covers)
    return None


def _also_no(making: Making, told: dict[str, Told], room: int) -> list[Statement]:
    """Return what else was denied, as far as there is room."""
    denied = [(lab_words(making, name), one) for name, one in told.items() if _is_denied(one)]
    while denied:
        items = listed([words for words, _ in denied])
        covers = tuple(key for _, one in denied for key in one.covers)
        found = Statement(making.word("also_no", items=items), covers)
        if _words((found,)) <= room:
            return [found]
        denied.pop()
    return []


def _is_denied(told: Told) -> bool:
    return told.known and not told.present and not told.unclear


def _not_asked(making: Making, names: Iterable[str]) -> Statement | None:
    elsewhere = {found.question for found in making.assessment.elsewhere}
    left = [
        lab_words(making, name)
        for name in names
        if making.form.questions[name].asked
        and name not in elsewhere
        and not any(slot.key in making.case for slot in making.form.slots_of(name))
    ]
    return Statement(making.word("not_asked", items=listed(left))) if left else None


# -- what is to be studied ----------------------------------------------------------------------------


def studies_block(making: Making, record: BlockRecord) -> Block:
    """Return what is asked for, line by line: what is done, of which nerves or muscles, on which side."""
    tests = [test for test in making.requested() if test.kind in record.only]
    if not making.draft:
        tests = [test for test in tests if making.accepted(test.id)]
    sides = _Sides(making, record.questions)
    rows = [*_protocol_rows(making, tests, sides, record.most), *_unplanned(making, tests, record)]
    covers = tuple(DECISION + test.id for test in tests if making.decision(test.id) is not None)
    if rows and covers:
        first = rows[0]
        told = (Statement(first.statements[0].said, covers), *first.statements[1:])
        rows[0] = Row(first.label, told, first.strong, first.aside)
    rows += [
        Row(test.short, (Statement(said.reason.strip(), (DECISION + test.id,), "free"),))
        for test in tests
        if (said := making.decision(test.id)) is not None and said.reason.strip()
    ]
    under = (record.text,) if rows and record.text else ()
    return Block(record.id, record.heading, "studies", tuple(rows), under=under)


def _protocol_rows(
    making: Making, tests: Sequence[InvestigationFinding], sides: _Sides, most: int
) -> list[Row]:
    """Return the plan for what leads; of other questions as much as there is room for, else their names."""
    rows: list[Row] = []
    left: list[ProtocolFinding] = []
    for plan in _ranked(making, tests):
        more = [_study_row(study, sides) for study in plan.studies]
        more = [row for row in more if row not in rows]
        if rows and _row_words((*rows, *more)) > most:
            left.append(plan)
        else:
            rows += more
    while left:
        names = " ".join(plan.question for plan in left)
        named = Row(making.word("also_asked"), (Statement(names),), strong=True)
        if _row_words((*rows, named)) <= most:
            return [*rows, named]
        left.pop()
    return rows


def _ranked(making: Making, tests: Sequence[InvestigationFinding]) -> list[ProtocolFinding]:
    """Return the plans for the tests: those of the conditions that lead first."""
    plans = {plan.id: plan for test in tests for plan in test.protocol}
    order = {condition.id: n for n, condition in enumerate(making.named())}
    last = len(order)
    return sorted(
        plans.values(), key=lambda plan: min((order.get(c, last) for c in plan.about), default=last)
    )


def _row_words(rows: Iterable[Row]) -> int:
    return sum(_words(row.statements) + len(row.aside.split()) for row in rows)


def _study_row(study: StudyFinding, sides: _Sides) -> Row:
    text = ", ".join(study.of) + (f"\n{study.asks}" if study.asks else "")
    return Row(study.study, (Statement(text),), strong=True, aside=sides.words(study))


def _unplanned(
    making: Making, tests: Iterable[InvestigationFinding], record: BlockRecord
) -> Iterator[Row]:
    """Yield the tests that are asked for without a plan: nothing calls for them, or an emergency lists none."""
    planned = {test.id for test in tests if test.protocol}
    wanted = {test.id for test in tests}
    for rule in making.content.investigations:
        test = rule.record
        asked = test.id in wanted or (test.kind in record.only and making.accepted(test.id))
        if asked and test.id not in planned:
            yield Row(test.short, (Statement(sentence(test.name)),), strong=True)


class _Sides:
    """Which side is studied, by what was found on either.

    Parameters
    ----------
    making
        The letter in the making.
    questions
        What tells the side, the most telling first.
    """

    def __init__(self, making: Making, questions: Iterable[str]) -> None:
        self._making = making
        self._weak: dict[str, Counter[str]] = {}
        self._unsided = False
        self._side = ""
        for name in questions:
            found: Counter[str] = Counter()
            for slot in making.form.slots_of(name):
                if (weight := _weight(making, slot)) == 0:
                    continue
                found[slot.side] += weight
                self._unsided |= f"{slot.key}.{SIDES[0]}" in making.form.slots
                for muscle in _muscles(making, slot):
                    self._weak.setdefault(muscle, Counter())[slot.side] += weight
            self._side = self._side or _heavier(found)

    def words(self, study: StudyFinding) -> str:
        """Return on which side a study is made."""
        word = self._making.word
        if study.side not in ("affected", "other"):
            return word(f"side_{study.side}") if study.side else ""
        side = self._of(study.of)
        if side not in _OPPOSITE:
            if study.side == "other":
                return word("side_other")
            if self._unsided and not side:
                return word("side_missing", draft=self._making.draft)
            return word("side_both" if side else "side_affected")
        if study.side == "other":
            return word(f"side_{_OPPOSITE[side]}")
        other = _OPPOSITE[side]
        too = [muscle for muscle in study.of if self._weak.get(muscle, Counter())[other]]
        if not too:
            return word(f"side_{side}")
        values = {
            "side": word(f"side_{side}"),
            "items": listed(too),
            "other": word(f"side_{other}"),
        }
        return word("side_too", **values)

    def _of(self, muscles: Iterable[str]) -> str:
        """Return the side on which these muscles are weaker, else that on which more was found."""
        found: Counter[str] = Counter()
        for muscle in muscles:
            found.update(self._weak.get(muscle, Counter()))
        side = _heavier(found)
        return side if side in _OPPOSITE else self._side


def _heavier(found: Counter[str]) -> str:
    """Return the side on which more was found, both if as much, or nothing."""
    right, left = found["right"], found["left"]
    if right == left:
        return "both" if right else ""
    return "right" if right > left else "left"


def _weight(making: Making, slot: Slot) -> int:
    """Return how much was found: of a grade, how far it is from normal."""
    value = making.case.get(slot.key)
    if isinstance(value, Finding):
        return int(value.present)
    if slot.row is None or not isinstance(value, Choice):
        return 0
    normal = slot.row.normal or slot.question.normal[0]
    if is_normal(slot.question, slot.row, value.option):
        return 0
    places = [rank(slot.question, slot.row, grade) for grade in (normal, value.option)]
    return max(1, abs(places[0] - places[1]))


def _muscles(making: Making, slot: Slot) -> tuple[str, ...]:
    if slot.row is None:
        return ()
    words = making.templates.answers.get(f"{slot.question.id}.{slot.row.id}")
    return words.muscles if words else ()


# -- the examination ----------------------------------------------------------------------------------


def examined_block(making: Making, record: BlockRecord) -> Block:
    """Return what was found, right and left, as tables; then the rest of the examination in short rows."""
    tables = tuple(table for told in record.table if (table := _table(making, told)).rows)
    tabled = {name for told in record.table for name in told.questions} if tables else set()
    rows = [replace(row, strong=True) for row in examined_rows(making, record, tabled)]
    rows = [*making.notes(record), *rows]
    return Block(record.id, record.heading, "examined", tuple(rows), tables=tables)


def _both_labels(first: str, second: str) -> str:
    """Return two labels as one, with their first word once: ``Hip flexion, abduction``."""
    word, _, rest = second.partition(" ")
    if rest and first.startswith(f"{word} "):
        return f"{first}, {rest}"
    return f"{first}, {second[:1].lower() + second[1:] if second[1:2].islower() else second}"


class _Line(NamedTuple):
    """A row of a table, and how far it is from normal: in the weakest cell, then altogether."""

    row: TableRow
    weights: tuple[int, int] = (0, 0)


def _table(making: Making, record: TableRecord) -> Table:
    """Return questions of the examination as a table: the abnormal rows first where the record says so."""
    lines = [
        line for name in record.questions for line in _lines(making, making.form.questions[name])
    ]
    if record.worst_first:
        lines.sort(key=lambda line: tuple(-weight for weight in line.weights))
    heads = (making.word("head_right"), making.word("head_left"))
    rows = [line.row for line in lines]
    return Table(record.title, heads, tuple(rows if len(rows) <= _ROWS else _joined(rows)))


def _joined(rows: Iterable[TableRow]) -> Iterator[TableRow]:
    """Yield the rows of a long table, normal neighbours of one grade in one row as far as its label has room."""
    last: TableRow | None = None
    for row in rows:
        if last is not None:
            label = _both_labels(last.label, row.label)
            same = (last.cells, last.strong) == (row.cells, row.strong) and not any(row.strong)
            if same and len(label) <= _LABEL:
                last = TableRow(label, row.cells, row.strong, (*last.covers, *row.covers))
                continue
            yield last
        last = row
    if last is not None:
        yield last


def _lines(making: Making, question: Question) -> Iterator[_Line]:
    slots: dict[str, list[Slot]] = {}
    for slot in making.form.slots_of(question.id):
        if slot.key in making.case and slot.option is None:
            slots.setdefault(slot.row.id if slot.row else "", []).append(slot)
    for row in question.rows or (None,):
        if here := slots.get(row.id if row else ""):
            yield _line(making, question, row, here)


def _line(
    making: Making,
    question: Question,
    row: GridRow | None,
    slots: Sequence[Slot],
) -> _Line:
    by_side = {slot.side: slot for slot in slots}
    label = _label(making, question, row)
    whole = by_side.get("")
    if whole is not None:
        said = making.word("side_missing", draft=making.draft)
        label += f" {_cell_words(making, whole)}, {said}"
    sides = ("right", "left") if MIDLINE not in by_side else (MIDLINE, "")
    cells = [by_side.get(side) if side else None for side in sides]
    weights = [_oddness(making, slot) for slot in slots]
    told = TableRow(
        label,
        tuple(_cell_words(making, slot) if slot else "" for slot in cells),
        tuple(bool(slot and _oddness(making, slot)) for slot in cells),
        tuple(slot.key for slot in slots),
    )
    return _Line(told, (max(weights), sum(weights)))


def _label(making: Making, question: Question, row: GridRow | None) -> str:
    words = making.templates.answers.get(f"{question.id}.{row.id}" if row else question.id)
    name = row.phrase if row else question.phrase
    known = words and (words.lab or words.row)
    return known or name[:1].upper() + name[1:]


def _cell_words(making: Making, slot: Slot) -> str:
    value = making.case[slot.key]
    if isinstance(value, Unable):
        return "–"
    if isinstance(value, Finding):
        words = making.word("cell_yes" if value.present else "cell_no")
    elif isinstance(value, Choice):
        words = value.option if value.option[:1].isdigit() else slot.option_phrase(value.option)
    else:
        return ""
    return f"{words} ({unmarked(value.text)})" if value.text else words


def _oddness(making: Making, slot: Slot) -> int:
    """Return how far an answer is from normal."""
    value = making.case[slot.key]
    if slot.row is None and isinstance(value, Choice):
        words = making.templates.answers.get(slot.question.id)
        return int(words is not None and value.option not in words.usual)
    return _weight(making, slot)
