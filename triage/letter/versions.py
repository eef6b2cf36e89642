"""A further version of a letter: what it replaces, what changed, and where."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from triage.letter.statements import Block, Letter, Record, Row, Statement, strong
from triage.letter.words.phrase import sentence

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
    record = letter.record and _marked_record(
        letter.record, {covers for _, covers in changes} - {()}
    )
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


class _Said(NamedTuple):
    """What a row of the record says."""

    item: str
    answer: str


def _rows(record: Record | None) -> dict[tuple[str, ...], _Said]:
    """Return what each row of a record says, by the keys that it tells of."""
    found: dict[tuple[str, ...], _Said] = {}
    for table in record.tables if record else ():
        for row in table.rows:
            found[row.covers] = _Said(row.label, " / ".join(cell for cell in row.cells if cell))
    for section in record.sections if record else ():
        for entry in section.entries:
            found[entry.covers] = _Said(entry.item, entry.answer)
    found.pop((), None)
    return found


def _changes(letter: Letter, earlier: Letter) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield what changed in words, and the keys of its row; none for what only page one tells."""
    now, before = _rows(letter.record), _rows(earlier.record)
    for covers, said in now.items():
        if covers not in before:
            yield (
                (said.item if said.answer in ("yes", "") else f"{said.item} {said.answer}"),
                covers,
            )
        elif before[covers].answer != said.answer:
            yield f"{said.item} {said.answer} (was: {before[covers].answer})", covers
    kept = {key for covers in now for key in covers}
    for covers, said in before.items():
        if covers not in now and kept.isdisjoint(covers):
            yield f"no longer recorded: {said.item} (was: {said.answer or 'recorded'})", covers
    told = {block.id: _said(block) for block in earlier.blocks}
    if now == before:
        for block in letter.blocks:
            if block.id not in _ALWAYS_NEW and told.get(block.id) != _said(block):
                yield block.heading or block.title, ()


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


def _marked_record(record: Record, changed: set[tuple[str, ...]]) -> Record:
    tables = tuple(
        replace(t, rows=tuple(replace(r, changed=r.covers in changed) for r in t.rows))
        for t in record.tables
    )
    sections = tuple(
        replace(s, entries=tuple(replace(e, changed=e.covers in changed) for e in s.entries))
        for s in record.sections
    )
    return replace(record, tables=tables, sections=sections)
