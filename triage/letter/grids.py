"""Grids in words: the weak muscles first, by side and grade; the normal ones named."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from triage.content.form import NO_SIDE, Form
from triage.content.schema import GridRow, Question
from triage.letter.phrase import Phrase, listed
from triage.model.case import Case
from triage.model.values import Choice, Unable

_SHORT = {"left": "L", "right": "R", "midline": "", "": f"({NO_SIDE})"}
_HEADS = {"right": "R: ", "left": "L: "}
_TAILS = {"both": " on both sides", "": f", {NO_SIDE}"}
_ORDER = ("midline", "both", "right", "left", "")


@dataclass(frozen=True, slots=True)
class _Cell:
    """One recorded cell; `side` may be both, or empty where none was recorded."""

    row: GridRow
    side: str
    grade: str
    keys: tuple[str, ...]
    block: bool
    note: str


def grid_phrases(form: Form, question: Question, case: Case) -> list[Phrase]:
    """Return what a grid says: one phrase with the abnormal cells first, one of what could not be tested."""
    cells, unable = _cells(form, question, case)
    found: list[Phrase] = []
    odd = [cell for cell in cells if not _is_normal(question, cell)]
    normal = [cell for cell in cells if _is_normal(question, cell)]
    name = question.phrase
    keys = tuple(key for cell in cells for key in cell.keys)
    if odd:
        text = f"{name} {_by_side(question, odd)}"
        found.append(
            Phrase(
                text,
                tuple(k for c in odd for k in c.keys),
                positive=True,
                style="strong",
                alone=True,
            )
        )
    if normal:
        lead = "otherwise" if odd else name
        found.append(
            Phrase(
                _normal(question, normal, lead),
                tuple(k for c in normal for k in c.keys),
                alone=True,
            )
        )
    assert {key for phrase in found for key in phrase.keys} == set(keys)
    return [*found, *unable]


def _cells(form: Form, question: Question, case: Case) -> tuple[list[_Cell], list[Phrase]]:
    found: list[_Cell] = []
    unable: list[Phrase] = []
    rows: dict[str, dict[str, tuple[str, Choice]]] = {}
    for slot in form.slots_of(question.id):
        value = case.get(slot.key)
        if slot.row is None or value is None:
            continue
        if isinstance(value, Choice):
            rows.setdefault(slot.row.id, {})[slot.side] = (slot.key, value)
        elif isinstance(value, Unable):
            side = f" ({slot.side or NO_SIDE})" if slot.side != "midline" else ""
            reason = f": {value.reason}" if value.reason else ""
            text = f"{row_name(question, slot.row, full=True)}{side}{reason}"
            unable.append(Phrase(text, (slot.key,), "unable"))
    for row in question.rows:
        sides = rows.get(row.id, {})
        if _same(sides):
            (left, value), (right, _) = sides.pop("left"), sides.pop("right")
            found.append(_Cell(row, "both", value.option, (left, right), value.block, value.text))
        for side in ("midline", "right", "left", ""):
            if side in sides:
                key, value = sides[side]
                found.append(_Cell(row, side, value.option, (key,), value.block, value.text))
    return found, unable


def _same(sides: dict[str, tuple[str, Choice]]) -> bool:
    return {"left", "right"} <= sides.keys() and sides["left"][1] == sides["right"][1]


def _is_normal(question: Question, cell: _Cell) -> bool:
    return not cell.note and is_normal(question, cell.row, cell.grade)


def is_normal(question: Question, row: GridRow, grade: str) -> bool:
    """Whether a grade is the normal one of its row."""
    return grade == row.normal if row.normal else grade in question.normal


def _by_side(question: Question, cells: list[_Cell]) -> str:
    parts: list[str] = []
    for side in _ORDER:
        here = sorted((c for c in cells if c.side == side), key=lambda c: _rank(question, c))
        if here:
            graded = ", ".join(_graded(question, here))
            parts.append(f"{_HEADS.get(side, '')}{graded}{_TAILS.get(side, '')}")
    return "; ".join(parts)


def _graded(question: Question, cells: Sequence[_Cell]) -> Iterable[str]:
    """Yield ``first dorsal interosseous 3``; rows of one grade share it: ``biceps, knee and ankle 3+``."""
    groups: dict[tuple[str, str], list[_Cell]] = {}
    for cell in cells:
        groups.setdefault((_grade(question, cell), cell.note), []).append(cell)
    for (grade, note), members in groups.items():
        names = [row_name(question, cell.row) for cell in members]
        block = " (as a block)" if all(c.block for c in members) else ""
        noted = f" ({note})" if note else ""
        yield f"{listed(names, 'and')} {grade}{noted}{block}"


def _normal(question: Question, cells: list[_Cell], lead: str) -> str:
    own = [c for c in cells if c.row.normal]
    parts: list[str] = []
    grade = next((_grade(question, c) for c in cells if not c.row.normal), "")
    for block in (False, True):
        names = [_sided_name(question, c) for c in cells if not c.row.normal and c.block is block]
        if names:
            parts.append(("as a block: " if block else "") + ", ".join(names))
    text = f"{lead} {grade}: {'; '.join(parts)}" if parts else lead
    for cell in own:
        block_note = " (as a block)" if cell.block else ""
        text += f"{';' if parts else ''} {row_name(question, cell.row)} {_grade(question, cell)}{block_note}"
    return text


def _sided_name(question: Question, cell: _Cell) -> str:
    side = _SHORT.get(cell.side, "")
    return f"{row_name(question, cell.row)} {side}".strip()


def row_name(question: Question, row: GridRow, *, full: bool = False) -> str:
    """Return the row's name without the word that the heading already says (``knee reflex``)."""
    words = row.phrase.split(" ")
    if not full and len(words) > 1 and question.phrase.startswith(words[-1].lower()):
        return " ".join(words[:-1])
    return row.phrase


def _grade(question: Question, cell: _Cell) -> str:
    for option in cell.row.options or question.options:
        if option.id == cell.grade:
            # A reflex is "brisk (3+)": the word and the grade that it stands for.
            graded = option.id[:1].isdigit() and not option.phrase[:1].isdigit()
            return f"{option.phrase} ({option.id})" if graded else option.phrase
    return cell.grade


def _rank(question: Question, cell: _Cell) -> int:
    return rank(question, cell.row, cell.grade)


def rank(question: Question, row: GridRow, grade: str) -> int:
    """Return the place of a grade in the scale; words such as "weak" count as the top of their range."""
    options = row.options or question.options
    places = [option.id for option in options]
    if grade not in places:
        return len(places)
    option = options[places.index(grade)]
    return places.index(option.to) if option.to in places else places.index(grade)
