"""What was not examined: core items, and what was begun and not finished."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from triage.content.form import MIDLINE, SIDES
from triage.content.schema import GridRow, Question
from triage.letter.making import Making
from triage.letter.words.phrase import listed

# More names than this are a wall.
_MOST = 8


def not_examined(making: Making, core: Sequence[str], told: Collection[str]) -> list[str]:
    """Return the names of what was left out: all rows of a grid, all of a part of the body, or single ones.

    Parameters
    ----------
    making
        The letter.
    core
        What should have been examined, as the letter's file names it.
    told
        The questions that the block tells of: what was begun there and not finished is left out as well.
    """
    found: dict[str, None] = {}
    grids: dict[str, list[str]] = {}
    for line in core:
        entries = [entry.strip() for entry in line.split("|")]
        question = making.form.question_of(entries[0])
        assert question is not None
        if entries[0] != question.id:
            grids.setdefault(question.id, []).append(entries[0].rpartition(".")[2])
            found[question.id] = None
        elif not any(_answered(making, entry) for entry in entries):
            found[question.id] = None
    names: list[str] = []
    for name in found:
        question = making.form.questions[name]
        names += (
            _of_grid(making, question, grids[name]) if name in grids else [_unseen(making, name)]
        )
    names += [name for name in _begun(making, told) if name not in names]
    if (more := len(names) - _MOST + 1) > 1:
        names = [*names[: _MOST - 1], making.word("more_items", count=more)]
    return names


def _unseen(making: Making, name: str) -> str:
    words = making.answer_words(name)
    return words.unseen or words.denied or making.form.questions[name].phrase


def _answered(making: Making, question: str) -> bool:
    return any(slot.key in making.case for slot in making.form.slots_of(question))


def _of_grid(making: Making, question: Question, core: Sequence[str]) -> Iterator[str]:
    """Yield what of the core rows of a grid is missing: the grid, parts of the body, rows."""
    grid, words = making.speaker.grid(question), making.answer_words(question.id)
    rows = {row.id: row for row in question.rows}
    missing = [name for name in core if _missing_sides(making, question, rows[name]) == SIDES]
    if set(missing) == set(core) and not _answered(making, question.id):
        yield _unseen(making, question.id)
        return
    parts = [
        part
        for part, members in words.groups.items()
        if (here := set(members) & set(core))
        and here <= set(missing)
        and not any(_is_recorded(making, question, rows[name]) for name in members)
    ]
    if parts:
        yield f"{_unseen(making, question.id)} of {listed(parts, 'and')}"
    inside = {name for part in parts for name in words.groups[part]}
    for name in missing:
        if name not in inside:
            yield grid.name(rows[name])


def _begun(making: Making, told: Collection[str]) -> Iterator[str]:
    """Yield what was examined on one side only."""
    for question in making.form.questions.values():
        if question.id not in told or not _answered(making, question.id):
            continue
        if question.kind == "grid":
            grid = making.speaker.grid(question)
            for row in question.rows:
                sides = _missing_sides(making, question, row)
                if len(sides) == 1 and _is_recorded(making, question, row):
                    named = f"{sides[0]} {grid.name(row)}"
                    is_place = bool(making.answer_words(question.id).plurals)
                    yield f"{question.phrase} of the {named}" if is_place else named
        elif question.sided and question.kind in ("finding", "choice"):
            missing = [side for side in SIDES if f"{question.id}.{side}" not in making.case]
            if len(missing) == 1 and question.id not in making.case:
                words = making.answer_words(question.id)
                name = words.noun[0] if words.noun else _unseen(making, question.id)
                yield f"{name} on the {missing[0]}"


def _is_recorded(making: Making, question: Question, row: GridRow) -> bool:
    name = f"{question.id}.{row.id}"
    return any(f"{name}{part}" in making.case for part in ("", ".left", ".right", f".{MIDLINE}"))


def _missing_sides(making: Making, question: Question, row: GridRow) -> tuple[str, ...]:
    """Return the sides of a row that nobody recorded, neither in the row nor in a wider one."""
    names = [row.id, *(r.id for r in question.rows if f"{question.id}.{row.id}" in r.covers)]
    keys = [f"{question.id}.{name}" for name in names]
    if any(key in making.case or f"{key}.{MIDLINE}" in making.case for key in keys):
        return ()
    return tuple(side for side in SIDES if not any(f"{key}.{side}" in making.case for key in keys))
