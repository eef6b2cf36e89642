"""What page one leaves to the record of findings when it overflows: its last two steps before a second page."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterator
from dataclasses import replace

from triage.letter.statements import Block, BlockKind, Letter, Row, Statement
from triage.letter.words.wording import render_wording

# Of a longer typed note, how many words page one keeps; the fewest only where that saves a second page.
KEPT_WORDS, FEWEST_WORDS = 60, 30
Keys = tuple[str, ...]
# Blocks that leave sentences to the record, the least needed first; any other goes last.
_IN_TURN = ("results", "examination", "history", "thinking", "told")
# What decides is never cut, nor what the sender asks.
_WHOLE: tuple[BlockKind, ...] = ("address", "patient", "level", "question", "strip")


def without_chart(letter: Letter) -> Letter:
    """Return the letter without the body chart on page one: the rows beside it say the same."""
    if all(block.figure is None for block in letter.blocks):
        return letter
    return replace(letter, blocks=tuple(replace(block, figure=None) for block in letter.blocks))


def yielding(letter: Letter) -> Iterator[Letter]:
    """Yield the letter with more and more of its sentences left to the record; without a record nothing is."""
    if letter.record is None:
        return
    for name in sorted((block.id for block in letter.blocks if _yields(block)), key=_place):
        blocks = (_kept(block) if block.id == name else block for block in letter.blocks)
        letter = replace(letter, blocks=tuple(block for block in blocks if not block.is_empty))
        yield letter


def _place(name: str) -> int:
    return _IN_TURN.index(name) if name in _IN_TURN else len(_IN_TURN)


def _yields(block: Block) -> bool:
    return any(statement.yields for statement in block.all_statements())


def _kept(block: Block) -> Block:
    rows = (
        replace(row, statements=tuple(s for s in row.statements if not s.yields))
        for row in block.rows
    )
    return replace(block, rows=tuple(row for row in rows if row.statements))


def with_short_notes(letter: Letter, page: int, words: int = KEPT_WORDS) -> Letter:
    """Return the letter with long typed notes cut, and each of them whole at the head of the record.

    Parameters
    ----------
    letter
        The letter; without a record it stays as it is, and so do notes that stand whole there.
    page
        The page on which the record begins.
    words
        How many of its words each keeps.
    """
    if letter.record is None:
        return letter
    there = {s.covers for row in letter.record.whole for s in row.statements}
    end = render_wording(letter.page.whole, {"page": page})
    whole = tuple(_long(letter, there, words))
    if not whole:
        return letter
    record = replace(letter.record, whole=(*whole, *letter.record.whole))
    return replace(
        letter, record=record, blocks=_mapped(letter, lambda s: _cut(s, there, end, words))
    )


def _long(letter: Letter, there: Container[Keys], words: int) -> Iterator[Row]:
    """Yield the typed notes that are cut, under the label of their block."""
    for n, block in enumerate(letter.blocks):
        if _may_cut(letter, n):
            for row in block.rows:
                if cut := tuple(s for s in row.statements if _is_long(s, there, words)):
                    yield Row(row.label or block.heading, cut)


def _may_cut(letter: Letter, place: int) -> bool:
    """Whether a block is neither what decides nor above it."""
    return letter.blocks[place].kind not in _WHOLE and not any(
        block.closes for block in letter.blocks[place:]
    )


def _mapped(letter: Letter, change: Callable[[Statement], Statement]) -> tuple[Block, ...]:
    found: list[Block] = []
    for n, block in enumerate(letter.blocks):
        rows = block.rows
        if _may_cut(letter, n):
            rows = tuple(
                replace(row, statements=tuple(map(change, row.statements))) for row in rows
            )
        found.append(replace(block, rows=rows))
    return tuple(found)


def _is_long(statement: Statement, there: Container[Keys], words: int) -> bool:
    if statement.style != "free" or statement.covers in there:
        return False
    return len(statement.said.split()) > words


def _cut(statement: Statement, there: Container[Keys], end: str, words: int) -> Statement:
    """Return a typed note with its first words only."""
    if not _is_long(statement, there, words):
        return statement
    match = re.match(rf"(?:\S+\s+){{{words - 1}}}\S+", statement.said.lstrip())
    assert match is not None
    return replace(statement, said=f"{match[0]} {end}")
