"""Blocks of the letter that the clinician wrote anew."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from triage.content.form import LETTER
from triage.letter.statements import Block, Letter, Row, Statement, strong, unmarked
from triage.model.case import Case
from triage.model.values import Rewritten

# What is composed of sentences. Identity, safety answers, sender and the record are never rewritten.
KINDS = frozenset(
    {
        "level",
        "beware",
        "history",
        "examination",
        "results",
        "thinking",
        "requested",
        "not_asked",
        "not_indicated",
        "decided",
        "told",
    }
)


def block_text(block: Block) -> str:
    """Return what a block says, a row a line: what the clinician begins with when he rewrites it."""
    return "\n".join(filter(None, (_line(row) for row in block.rows if not row.stays)))


def _line(row: Row) -> str:
    said = " ".join(statement.text for statement in row.statements)
    return f"{row.label}: {said}" if row.label and said else said


def words_of(case: Case, block: str) -> Rewritten | None:
    """Return what the clinician wrote in place of a block; None if that has no word in it."""
    value = case.get(LETTER + block)
    if isinstance(value, Rewritten) and any(map(str.isalnum, value.text)):
        return value
    return None


def rewritten(block: Block, case: Case, words: Mapping[str, str], *, draft: bool) -> Block:
    """Return `block` as the clinician wrote it; in a draft with what is composed now, where he replaced something else.

    What is issued has no gaps, and so is composed otherwise than its draft: there his words hold.
    """
    value = words_of(case, block.id)
    if value is None:
        return block
    typed = Row("", (Statement(unmarked(value.text).strip(), (LETTER + block.id,), "free"),))
    if not draft or value.instead_of == block_text(block):
        return replace(block, rows=(typed, *(row for row in block.rows if row.stays)))
    label = Row("", (Statement(strong(words["composed_now"])),))
    return replace(block, rows=(typed, label, *block.rows))


def changed_since(blocks: Mapping[str, str], case: Case) -> list[str]:
    """Return the blocks that were rewritten and are composed otherwise now.

    Parameters
    ----------
    blocks
        By id, what is composed now.
    case
        The case.
    """
    return [
        name
        for name, composed in blocks.items()
        if (value := words_of(case, name)) is not None and value.instead_of != composed
    ]


class Words(NamedTuple):
    """A block of the letter that the clinician may rewrite.

    Parameters
    ----------
    id
        The block; its words stand in the case under ``letter.<id>``.
    heading
        How the letter calls it.
    composed
        What is composed of the answers.
    typed
        What the clinician wrote in its place; empty if nothing.
    changed
        Whether something else was composed when that was written.
    """

    id: str
    heading: str
    composed: str
    typed: str = ""
    changed: bool = False

    @property
    def key(self) -> str:
        """Where the clinician's words stand in the case."""
        return f"{LETTER}{self.id}"


def rewritable(letter: Letter, case: Case) -> Iterator[Words]:
    """Yield the blocks of the letter of `case` that the clinician may rewrite, in their order."""
    headings = {block.id: block.name for block in letter.blocks}
    for name, composed in letter.composed.items():
        typed = words_of(case, name)
        if typed is not None:
            yield Words(name, headings[name], composed, typed.text, typed.instead_of != composed)
        elif composed:
            yield Words(name, headings[name], composed)
