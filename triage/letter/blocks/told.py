"""What the patient was told and wants, and what else a block only passes on."""

from __future__ import annotations

from triage.letter.blocks.sentences import sentences
from triage.letter.making import Making
from triage.letter.statements import Block, Row, Statement
from triage.letter.template import BlockRecord


def told_block(making: Making, record: BlockRecord) -> Block:
    """Return the typed notes, then what is recorded of the patient's wishes and agreement."""
    rows = making.notes(record)
    if not rows and making.draft:
        rows = [Row("", (Statement(making.gap(making.word("told_gap"))),))]
    said = tuple(sentences(making, "told"))
    rows += [Row("", said)] if said else []
    return Block(record.id, record.heading, "prose", tuple(rows))


def notes_block(making: Making, record: BlockRecord) -> Block:
    """Return typed notes alone, where what they belong to is a table."""
    return Block(record.id, record.heading, "prose", tuple(making.notes(record)))
