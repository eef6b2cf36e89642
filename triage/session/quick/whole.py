"""Blocks answered at once: ``no red flags except weight loss``. They fill what is open, by a key of their own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from triage.content.schema import Block
from triage.letter.words.said.line import counted
from triage.model.values import Value
from triage.session.quick.names import said
from triage.session.quick.place import Place
from triage.session.quick.preview import Line, Meaning
from triage.session.quick.values import DENIES, EXCEPT, NORMAL, fold


def read_blocks(tokens: Sequence[str], place: Place) -> list[Meaning]:
    """Return the blocks that are denied as wholes, without what is excepted."""
    words = [fold(token) for token in tokens]
    cut = words.index(EXCEPT) if EXCEPT in words else len(words)
    is_normal = words[cut - 1] == NORMAL
    if len(words) < 2 or not (is_normal or words[0] in DENIES):
        return []
    named = words[: cut - 1] if is_normal else words[1:cut]
    blocks = place.names.blocks.get(frozenset(said(" ".join(named))))
    # Only what was seen is normal.
    if blocks is None or (is_normal and not all(_is_seen(block, place) for block in blocks)):
        return []
    without = _excepted(tokens[cut + 1 :], blocks, place)
    if without is None or (EXCEPT in words and not without):
        return []
    session = place.session
    lines: list[Line] = []
    changes: dict[str, Value | None] = {}
    left: list[str] = []
    for block in blocks:
        if not session.is_block_in_sight(block):
            continue
        parts = [
            values
            for question, values in session.open_in_block(block)
            if question.id not in without and not values.keys() & place.case.keys()
        ]
        fits, out = session.fitting(parts, beside={**place.case, **changes})
        changes |= fits
        left += [f"Left out: {one.says}." for one in out]
        asked = {session.form.slots[key].question.id: None for key in fits}
        names = ", ".join(session.form.questions[name].phrase for name in asked)
        answers = counted(len(fits), "answer")
        lines.append(Line(block.title, f"{block.label}: {answers}", names))
    if without:
        kept = ", ".join(session.form.questions[name].phrase for name in without)
        lines.append(Line(f"Leaves {kept}", "", "not asked"))
    return [Meaning(tuple(lines), changes, tuple(left), by_key=True, fills=True)] if lines else []


def _is_seen(block: Block, place: Place) -> bool:
    return place.session.form.sections[block.section].person == "seen"


def _excepted(tokens: Sequence[str], blocks: Sequence[Block], place: Place) -> list[str] | None:
    """Return the questions that are excepted; None if a name is none of theirs, or of two of them."""
    inside = {q.id for block in blocks for q in place.session.form.in_block(block.id)}
    found: list[str] = []
    for name in _names(tokens):
        hits = [h for h in place.names.find(said(name)) if h.target.question.id in inside]
        exact = [h for h in hits if h.is_exact] or hits
        questions = {hit.target.question.id for hit in exact}
        if len(questions) != 1:
            return None
        found += questions
    return found


def _names(tokens: Sequence[str]) -> Iterator[str]:
    return (part.strip() for part in " ".join(tokens).split(",") if part.strip())
