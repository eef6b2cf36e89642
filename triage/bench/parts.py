"""A letter as anybody would set it: headings, paragraphs, lists and tables, with the words that it prints."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from triage.letter.statements import Block, Letter, Record, Row, Table


class Part(NamedTuple):
    """One heading, paragraph, list or table.

    Parameters
    ----------
    kind
        What it is; the heading of the record begins a page of three columns.
    rows
        A list has an item in each row, a table its cells; all else has one row of one text.
    strong
        The rows that are bold.
    """

    kind: Literal["record", "heading", "text", "list", "table"]
    rows: tuple[tuple[str, ...], ...]
    strong: tuple[bool, ...] = ()

    @property
    def text(self) -> str:
        """Its only text."""
        return self.rows[0][0]


def parts_of(letter: Letter) -> list[Part]:
    """Return what a letter says, in its order."""
    head = letter.letterhead
    found = [_heading(head.name), *_texts([head.place, head.day, head.document])]
    found += [part for row in letter.notices for part in _row(row)]
    found += [part for block in letter.blocks for part in _block(block)]
    if letter.record is not None:
        found += _record(letter.record)
    return [*found, *_texts([letter.identity.text, letter.foot, letter.mark])]


def _heading(text: str) -> Part:
    return Part("heading", ((text,),))


def _texts(texts: Iterable[str]) -> Iterator[Part]:
    yield from (Part("text", ((text,),)) for text in texts if text)


def _row(row: Row) -> Iterator[Part]:
    words = " ".join((row.label, *(s.text for s in row.statements), row.aside))
    yield from _texts([words.strip()])


def _block(block: Block) -> Iterator[Part]:
    if block.heading or block.title:
        yield _heading(" ".join(filter(None, (block.heading, block.title))))
    tag = (block.tag.words, block.tag.aim) if block.tag else ()
    yield from _texts([*tag, *block.under])
    if block.cells:
        yield Part("table", tuple((cell.name, cell.words) for cell in block.cells))
    for table in block.tables:
        yield from _table(table)
    for row in block.rows:
        yield from _row(row)


def _table(table: Table) -> Iterator[Part]:
    wide = max(len(table.heads), *(len(row.cells) for row in table.rows), 0)
    rows = [(table.title, *table.heads), *((row.label, *row.cells) for row in table.rows)]
    full = tuple((*row, *[""] * (wide + 1 - len(row))) for row in rows)
    yield Part("table", full, (True, *(any(row.strong) for row in table.rows)))


def _record(record: Record) -> Iterator[Part]:
    yield Part("record", ((record.title,),))
    yield from _texts([record.lead, record.key])
    for row in record.whole:
        yield from _row(row)
    for table in record.tables:
        yield from _table(table)
    for section in record.sections:
        yield _heading(section.title)
        rows = tuple((entry.text,) for entry in section.entries)
        yield Part("list", rows, tuple(entry.strong for entry in section.entries))
    yield from _texts([record.basis])
