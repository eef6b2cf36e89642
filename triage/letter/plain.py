"""A letter as plain text, for pasting into a record system: the words of its pages in their order, one row a line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from triage.letter.signs import clean, code
from triage.letter.statements import (
    Block,
    Entry,
    Letter,
    Record,
    Row,
    Section,
    Statement,
    Table,
    TableRow,
)

# Record systems of many kinds: nothing beyond what an old code page can show.
_ASCII = str.maketrans(
    {
        "–": "-",
        "—": "-",
        "‑": "-",
        "−": "-",
        "“": '"',
        "”": '"',
        "‘": "'",
        "’": "'",
        "≥": ">=",
        "≤": "<=",
        "→": "->",
        "…": "...",
        "\u00a0": " ",
    }
)
_BLANK = re.compile(r"\n\s*\n")
# Control characters, halves of characters and those that Unicode keeps free: shown as on paper.
_NO_TEXT = re.compile("[^\n -~\u00a0-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd\U00010000-\U0010ffff]")
# A row of the record that says one of these is listed with its like.
_NO, _BLOCK = "no", "(no)"


def plain_text(letter: Letter) -> str:
    """Return the letter as text: page one block by block, then the record of findings."""
    parts = ["\n".join(_head(letter))]
    parts += [f"{_lead(row.label.upper())}{_said(row)}" for row in letter.notices]
    parts += ["\n".join(_block(block)) for block in letter.blocks]
    if letter.record is not None:
        parts += ["", *_record(letter.record)]
    parts.append(f"{letter.identity.text}\n{letter.foot}\n{letter.mark}")
    return clean_text("\n\n".join(parts)) + "\n"


def block_text(block: Block) -> str:
    """Return what a block says, without its label."""
    return clean("\n".join(_block(replace(block, heading="", under=()))))


def table_row_text(table: Table, row: TableRow) -> str:
    """Return a row of a table by itself, so with the heads of its cells."""
    heads = (*table.heads[-len(row.cells) :], *[""] * len(row.cells))
    cells = (f"{head} {cell}".strip() for head, cell in zip(heads, row.cells, strict=False) if cell)
    return clean(f"{row.label}: {', '.join(cells)}")


def clean_text(text: str) -> str:
    """Return `text` as every record system can show it, without blanks at the ends of lines."""
    said = _NO_TEXT.sub(lambda match: code(match[0]), clean(text).translate(_ASCII))
    lines = said.split("\n")
    return "\n".join(line.rstrip() for line in lines)


def _head(letter: Letter) -> Iterator[str]:
    head = letter.letterhead
    yield ", ".join(part for part in (head.name, head.place) if part)
    yield " · ".join(part for part in (head.day, head.document) if part)


def _block(block: Block) -> Iterator[str]:
    if block.tag is not None:
        yield from _level(block)
        return
    label = block.heading.upper()
    if block.under:
        label = f"{label} ({', '.join(block.under)})".strip()
    if block.kind == "decide":
        yield label
        yield from (f"- [ ] {_said(row)} [ ] {row.aside}" for row in block.rows)
        return
    rows = list(block.rows)
    if block.title and block.kind != "patient":
        yield block.title.upper()
    elif block.title:
        first = rows.pop(0) if rows else Row("", ())
        # On paper wider spaces part age, birth date and number; record systems make one of them.
        who = (block.title, *_said(first).split("  "))
        yield f"{_lead(label)}{', '.join(filter(None, who))}"
        label = ""
    for cell in block.cells:
        yield f"{_lead(label)}{cell.name}: {cell.words}."
        label = ""
    for table in block.tables:
        yield from _table(table)
    for row in rows:
        yield from _row(label, row)
        label = ""


def _level(block: Block) -> Iterator[str]:
    assert block.tag is not None
    tag = ", ".join(part for part in (block.tag.words, block.tag.aim) if part)
    sources = f" [{', '.join(block.under)}]" if block.under else ""
    yield f"{tag}: {block.title.upper()}{sources}" if block.title else f"{tag}{sources}"
    for row in block.rows:
        yield from _row("", row)


def _lead(label: str) -> str:
    return f"{label}: " if label else ""


def _row(label: str, row: Row) -> Iterator[str]:
    own = row.label.upper() if row.strong else row.label
    said = _said(row)
    text = f"{_lead(own)}{said}" if own and own != label else said
    aside = f"; {row.aside}" if row.aside else ""
    if text or aside:
        yield f"{_lead(label)}{text}{aside}"


def _said(row: Row) -> str:
    return " ".join(_quoted(s) for s in row.statements if s.text)


def _quoted(statement: Statement) -> str:
    """Return a sentence; what a person typed stands in quotes, so that it cannot be taken for the program's."""
    if statement.style != "free":
        return statement.text
    text = _BLANK.sub("\n\n", clean(statement.text))
    return f"“{text}”"


# -- the record ---------------------------------------------------------------------------------------


def _record(record: Record) -> Iterator[str]:
    yield "\n".join((f"{record.title.upper()} ({record.lead})", record.key))
    if record.whole:
        yield "\n".join(line for row in record.whole for line in _row(row.label, row))
    for table in record.tables:
        yield "\n".join(_table(table))
    for section in record.sections:
        yield "\n".join(_section(section))
    if record.basis:
        yield record.basis


def _table(table: Table) -> Iterator[str]:
    heads = f", {' / '.join(table.heads)}" if table.heads else ""
    yield f"{table.title.upper()}{heads}"
    for row in table.rows:
        cells = [cell for cell in row.cells if cell]
        yield f"- {row.label}: {' / '.join(cells)}" if cells else f"- {row.label}"


def _section(section: Section) -> Iterator[str]:
    """Yield a row a line; what is absent in two lists."""
    yield section.title.upper()
    lists: dict[str, list[Entry]] = {_NO: [], _BLOCK: []}
    for entry in section.entries:
        if entry.answer in lists and not entry.strong:
            lists[entry.answer].append(entry)
        else:
            yield f"- {entry.text}"
    yield from _absent("asked and absent", lists[_NO])
    yield from _absent("absent, answered as one block", lists[_BLOCK])


def _absent(words: str, entries: Iterable[Entry]) -> Iterator[str]:
    items = "; ".join(entry.item for entry in entries)
    if items:
        yield f"- {words}: {items}"
