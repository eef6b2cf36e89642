"""A further version of a letter: what it replaces, what changed, and where."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from triage.letter.phrase import sentence
from triage.letter.statements import Block, Entry, Letter, Record, Row, Statement, Table, strong

# Of what changed, how much the strip names; bars in the margin show the rest.
_MOST = 6
# Their words change with every issue.
_ALWAYS_NEW = frozenset({"sender", "copies"})


def compared(letter: Letter, earlier: Letter, day: str, words: Mapping[str, str]) -> Letter:
    """Return `letter` with the strip that says what it replaces, and with all that changed marked.

    Parameters
    ----------
    letter, earlier
        The version that is issued, and the one that it replaces.
    day
        Of the earlier issue, in words.
    words
        The wordings of the letter.
    """
    changes = list(_changes(letter, earlier))
    replaces = f"{strong(f'Version {earlier.version} of {day}.')} {words['please_destroy']}"
    notices = [Row(words["replaces"], (Statement(replaces),))]
    named = [says for says, _ in changes[:_MOST]]
    if more := len(changes) - len(named):
        named.append(f"{more} more")
    text = (
        f"{sentence('; '.join(named))} {words['see_bars']}" if named else words["nothing_changed"]
    )
    notices.append(Row(words["changed"], (Statement(text),)))
    told = {s.text for s in earlier.statements()}
    blocks = tuple(_marked(block, told) for block in letter.blocks)
    record = letter.record and _marked_record(letter.record, {key for _, key in changes})
    return replace(letter, notices=tuple(notices), blocks=blocks, record=record)


def new_texts(letter: Letter, earlier: Letter) -> Iterator[str]:
    """Yield what the blocks and the record of `letter` say that those of `earlier` do not, as the pages have it."""
    told = set(_texts(earlier))
    yield from (text for text in _texts(letter) if text not in told)


def _texts(letter: Letter) -> Iterator[str]:
    for block in letter.blocks:
        yield from _said(block)
        yield from (f"{cell.name} {cell.words}" for cell in block.cells)
        for table in block.tables:
            yield from (" ".join((row.label, *row.cells)) for row in table.rows)
    for table in letter.record.tables if letter.record else ():
        yield from (" ".join((row.label, *row.cells)) for row in table.rows)
    for section in letter.record.sections if letter.record else ():
        # A long answer runs on after a colon.
        for entry in section.entries:
            yield from (f"{entry.item} {entry.answer}", entry.text)


def _rows(record: Record | None) -> dict[str, str]:
    """Return what each row of a record says, by where it stands."""
    found: dict[str, str] = {}
    for table in record.tables if record else ():
        for row in table.rows:
            found[f"{table.title}\0{row.label}"] = " / ".join(cell for cell in row.cells if cell)
    for section in record.sections if record else ():
        for entry in section.entries:
            found[f"{section.title}\0{entry.item}"] = entry.answer
    return found


def _changes(letter: Letter, earlier: Letter) -> Iterator[tuple[str, str]]:
    """Yield what changed in words, and where it stands in the record; empty for what only page one tells."""
    now, before = _rows(letter.record), _rows(earlier.record)
    for key, answer in now.items():
        item = key.partition("\0")[2]
        if key not in before:
            yield (f"{item} {answer}".strip() if answer not in ("yes", "") else item), key
        elif before[key] != answer:
            yield f"{item} {answer} (was: {before[key]})", key
    for key, answer in before.items():
        if key not in now:
            item = key.partition("\0")[2]
            yield f"no longer recorded: {item} (was: {answer or 'recorded'})", key
    told = {block.id: _said(block) for block in earlier.blocks}
    if now == before:
        for block in letter.blocks:
            if block.id not in _ALWAYS_NEW and told.get(block.id) != _said(block):
                yield block.heading or block.title, ""


def _said(block: Block) -> tuple[str, ...]:
    return (block.title, *(s.text for s in block.all_statements()))


def _marked(block: Block, told: set[str]) -> Block:
    if block.id in _ALWAYS_NEW:
        return block
    rows = tuple(
        replace(row, statements=tuple(_changed(s, told) for s in row.statements))
        for row in block.rows
    )
    return replace(block, rows=rows)


def _changed(statement: Statement, told: set[str]) -> Statement:
    return statement if statement.text in told else replace(statement, changed=True)


def _marked_record(record: Record, keys: set[str]) -> Record:
    tables = tuple(_marked_table(table, keys) for table in record.tables)
    sections = tuple(
        replace(s, entries=tuple(_marked_entry(s.title, e, keys) for e in s.entries))
        for s in record.sections
    )
    return replace(record, tables=tables, sections=sections)


def _marked_table(table: Table, keys: set[str]) -> Table:
    rows = tuple(
        replace(row, changed=True) if f"{table.title}\0{row.label}" in keys else row
        for row in table.rows
    )
    return replace(table, rows=rows)


def _marked_entry(title: str, entry: Entry, keys: set[str]) -> Entry:
    return replace(entry, changed=True) if f"{title}\0{entry.item}" in keys else entry
