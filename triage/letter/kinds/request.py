"""What a laboratory asks for beside its strip: the rest of the safety list, and the examination right and left."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from triage.content.form import DATE, MIDLINE, Slot
from triage.content.schema import GridRow, Question
from triage.letter.blocks.body_chart import figure_of
from triage.letter.blocks.examination import examined_rows
from triage.letter.blocks.strip import (
    Told,
    asked_by_recipient,
    cell_of,
    details_of,
    lab_words,
    listed_rows,
    medicines_of,
    told_of,
)
from triage.letter.blocks.studies import weight_of
from triage.letter.making import Making
from triage.letter.statements import Block, Row, Statement, Table, TableRow, strong, unmarked
from triage.letter.template import BlockRecord, TableRecord
from triage.letter.words.phrase import Phrase, keys_of, listed, sentence, word_count
from triage.model.values import Choice, Date, Finding, Unable
from triage.model.values import Table as Listed

# A table of more rows joins normal ones, in labels of at most so many characters.
_ROWS, _LABEL = 16, 24
# Medicines that are named as compared with the strip; more are counted.
_NAMED = 3


# -- the rest of the safety list ----------------------------------------------------------------------


def safety_block(making: Making, record: BlockRecord) -> Block:
    """Return what is there, how the strip was asked, what else was denied.

    The first row of the template is the rest of the list, the second closes the block, the third is more of what is
    there. Where the words are too many, denials stay out, the last ones first.
    """
    rest, last, more = (row.questions for row in record.row)
    told = {name: told_of(making, name, alone=False) for name in rest}
    there = [*_device_details(making), *_rest_there(making, told)]
    there += _closing(making, more, denials=False)
    end = _closing(making, last)
    room = record.most - word_count((*there, *end))
    said: list[Statement] = []
    for part in (_compared(making, rest), _denied_by_name(making)):
        if part is not None and word_count((part,)) <= room:
            said.append(part)
            room -= word_count((part,))
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
            words, kind = listed(list(one.words)), lab_words(making, name)
            named = (
                words if kind.lower() in words.lower() else ": ".join(filter(None, (kind, words)))
            )
            yield Statement(strong(sentence(named)), one.covers)


def _closing(making: Making, names: Iterable[str], *, denials: bool = True) -> list[Statement]:
    """Return what is there of questions, and with `denials` what cannot be, as bold sentences."""
    return [
        Statement(strong(sentence(unmarked(_closing_words(making, name, p)))), p.keys)
        for name in names
        for p in making.speaker.phrases(making.form.questions[name])
        if p.part == "present" and (denials or not p.denies)
    ]


def _closing_words(making: Making, name: str, phrase: Phrase) -> str:
    words = making.templates.answers.get(name)
    return words.lab if words and words.lab and not phrase.denies else phrase.text


def _compared(making: Making, rest: Sequence[str]) -> Statement | None:
    """Return how the strip was asked, and that the list of medicines agrees, if it was compared."""
    strip = [name for asked in asked_by_recipient(making) for name in asked.answers]
    keys = (s.key for name in (*strip, *rest) for s in making.form.slots_of(name))
    values = [making.case[key] for key in keys if key in making.case]
    if not values:
        return None
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
    """Return what else was denied, as far as there is room; not what another answer says is there."""
    denied = [
        (lab_words(making, name), one)
        for name, one in told.items()
        if _is_denied(one) and making.denied.isdisjoint(one.covers)
    ]
    while denied:
        items = listed([words for words, _ in denied])
        covers = tuple(key for _, one in denied for key in one.covers)
        found = Statement(making.word("also_no", items=items), covers)
        if word_count((found,)) <= room:
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


# -- the examination ----------------------------------------------------------------------------------


def examined_block(making: Making, record: BlockRecord) -> Block:
    """Return what was found, right and left, as tables; then the rest of the examination in short rows."""
    tables = tuple(table for told in record.table if (table := _table(making, told)).rows)
    tabled = {name for told in record.table for name in told.questions} if tables else set()
    rows = [replace(row, strong=True) for row in examined_rows(making, record, tabled)]
    rows = [*making.notes(record), *rows]
    figure = figure_of(making) if tables else None
    return Block(record.id, record.heading, "examined", tuple(rows), tables=tables, figure=figure)


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
        tuple(bool((s := slot or whole) and _oddness(making, s)) for slot in cells),
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
    return weight_of(making, slot)
