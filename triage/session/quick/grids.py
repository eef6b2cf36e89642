"""Grades of a grid: single cells (``adf l 4 r 5``), and many at once (``power all 5 except r fdi 3``)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product
from typing import NamedTuple

from triage.content.form import MIDLINE, SIDES, Slot
from triage.content.schema import GridRow, OptionRecord, Question
from triage.model.values import Choice, Unable, Value
from triage.session.quick.names import Hit, Target, said
from triage.session.quick.place import Place, by_name
from triage.session.quick.preview import Line, Meaning
from triage.session.quick.values import (
    EXCEPT,
    NORMAL,
    SIDES_SAID,
    UNABLE,
    fold,
    option_named,
    side_first,
    wanted_sides,
)

_ALL = "all"
_LEAST_WORD = 4
_LONGEST_NAME = 4
_MOST_WAYS = 9
# What is of both sides.
_BOTH = frozenset(
    (
        _ALL,
        NORMAL,
        "feet",
        "proximal",
        "distal",
        *(s for s, own in SIDES_SAID.items() if len(own) > 1),
    )
)
# More than a number: "4 knees" may count them.
_NUMBERED = re.compile(r"[0-5](?:[+-]|[+-]?/5)")


class _Graded(NamedTuple):
    """Sides, and what stands there."""

    sides: tuple[str, ...]
    value: Value


def read_row(hit: Hit, sides: tuple[str, ...], tail: Sequence[str], place: Place) -> list[Meaning]:
    """Return what a row says with the sides and grades behind it: ``l 4 r 5``."""
    question, row = hit.target.question, hit.target.part
    slots = place.slots(question, row)
    graded = _graded(slots[0].options, sides, tail) if slots else None
    if graded is None or (len(graded) > 1 and not all(one.sides for one in graded)):
        return []
    by_side = {slot.side: slot.key for slot in slots}
    first = graded[0]
    found = []
    for wanted in wanted_sides(by_side, first.sides):
        values = {by_side[side]: first.value for side in wanted}
        for one in graded[1:]:
            if not set(one.sides) <= by_side.keys() or values.keys() & {
                by_side[s] for s in one.sides
            }:
                return []
            values |= {by_side[side]: one.value for side in one.sides}
        found.append(place.meaning(values, hit=hit))
    return found


def read_graded(tokens: Sequence[str], place: Place) -> list[Meaning]:
    """Return what a grade in words says in front of a row and its side: ``brisk knee r``."""
    grade, rest = fold(tokens[0]), list(tokens[1:])
    is_word = len(grade) >= _LEAST_WORD and grade.isalpha()
    if not rest or not (is_word or _NUMBERED.fullmatch(grade)):
        return []
    sides = next((SIDES_SAID[s] for s in (fold(rest[-1]), fold(rest[0])) if s in SIDES_SAID), ())
    if sides:
        rest = rest[1:] if fold(rest[0]) in SIDES_SAID else rest[:-1]
    found = []
    for hit in place.names.find(said(" ".join(rest))):
        if isinstance(hit.target.part, GridRow) and hit.is_exact:
            found += read_row(hit, sides, [grade], place)
    return found


def _graded(
    options: tuple[OptionRecord, ...], sides: tuple[str, ...], tail: Sequence[str]
) -> list[_Graded] | None:
    """Return the grades behind a row, each with its sides; None if there is anything else."""
    # "4 l 5 r": each side stands behind its grade.
    if not sides and len(tail) > 1 and fold(tail[-1]) in SIDES_SAID:
        return _in_order(options, (), side_first(tail))
    return _in_order(options, sides, tail)


def _in_order(
    options: tuple[OptionRecord, ...], sides: tuple[str, ...], tail: Sequence[str]
) -> list[_Graded] | None:
    found: list[_Graded] = []
    words: list[str] = []
    for at, token in enumerate([*tail, ""]):
        if token and fold(token) in UNABLE and not words:
            found.append(_Graded(sides, Unable(reason=" ".join(tail[at + 1 :]))))
            return found
        if token and fold(token) not in SIDES_SAID:
            words.append(fold(token))
            continue
        if words:
            option = option_named(options, words)
            if option is None:
                return None
            found.append(_Graded(sides, Choice(option=option.id)))
            words = []
        elif token and (sides or found):
            return None
        sides = SIDES_SAID.get(fold(token), ())
    # A side at the end has no grade.
    return None if not found or (tail and fold(tail[-1]) in SIDES_SAID) else found


# -- many at once ---------------------------------------------------------------------------------


def read_bulk(tokens: Sequence[str], place: Place) -> list[Meaning]:
    """Return what a whole grid, or a group of its rows, says: it fills only what is open."""
    words = [fold(token) for token in tokens]
    cut = words.index(EXCEPT) if EXCEPT in words else len(words)
    found: list[Meaning] = []
    # "power normal" is all of it; of any other grade it is said which rows have it.
    for end in range(1, cut if words[cut - 1] == NORMAL else cut - 1):
        for hit in place.names.find(said(" ".join(words[:end]))):
            if hit.target.part is not None or hit.target.question.kind != "grid":
                continue
            if end == cut - 1 and not hit.is_exact:
                continue
            found += _bulk(hit, words[end:cut], tokens[cut + 1 :], place)
    return found


def grade_last(tokens: Sequence[str], place: Place) -> list[str]:
    """Return ``pinprick reduced l5 left`` with rows, side and grade in this order; empty if it is not so."""
    for end in range(min(len(tokens) - 2, _LONGEST_NAME), 0, -1):
        for hit in place.names.find(said(" ".join(tokens[:end]))):
            question, grade = hit.target.question, fold(tokens[end])
            if not hit.is_exact or hit.target.part is not None or question.kind != "grid":
                continue
            rest = list(tokens[end + 1 :])
            sides = [t for t in rest if fold(t) in SIDES_SAID]
            if len(sides) < 2 and option_named(question.options, [grade]):
                rows = [t for t in rest if t not in sides]
                return [*tokens[:end], *rows, *sides, grade] if rows else []
    return []


def bulk_parts(tokens: Sequence[str], place: Place) -> list[list[str]]:
    """Return ``power arms 5 legs 4`` as two parts, each with the name of the grid; empty if it is not so."""
    for end in range(1, len(tokens) - 3):
        for hit in place.names.find(said(" ".join(tokens[:end]))):
            question = hit.target.question
            if not hit.is_exact or hit.target.part is not None or question.kind != "grid":
                continue
            groups: list[list[str]] = [[]]
            for token in tokens[end:]:
                groups[-1].append(token)
                if len(groups[-1]) > 1 and option_named(question.options, [fold(token)]):
                    groups.append([])
            scopes = [[fold(t) for t in group[:-1]] for group in groups[:-1]]
            if (
                len(scopes) > 1
                and not groups[-1]
                and all(_scope(question, s, place) for s in scopes)
            ):
                return [[*tokens[:end], *group] for group in groups[:-1]]
    return []


def _bulk(hit: Hit, scope: Sequence[str], excepted: Sequence[str], place: Place) -> list[Meaning]:
    """Return what a grade of many rows can mean: several things if it is not said on which side one is excepted."""
    question = hit.target.question
    option = option_named(question.options, scope[-1:])
    if option is None and scope[-1] == NORMAL:
        option = next((o for o in question.options if o.id in question.normal), None)
    cells = _scope(question, scope[:-1] or [_ALL], place)
    if option is None or not cells:
        return []
    return [
        _filled(hit, [*scope[:-1], *said_, scope[-1]], option, own, without, graded, place)
        for said_, own in _by_side(scope[:-1], cells, place)
        for without, graded in _exceptions(question, excepted, place)
    ]


def _by_side(
    scope: Sequence[str], cells: Sequence[Slot], place: Place
) -> Iterator[tuple[list[str], Sequence[Slot]]]:
    """Yield the cells that can be meant: where one of two is named, ``foot``, that of each side, and both."""
    is_many = not scope or any(
        word in _BOTH or (word.endswith("s") and place.names.knows(word[:-1])) for word in scope
    )
    if not is_many and set(SIDES) <= {slot.side for slot in cells}:
        for side in SIDES:
            yield [side], [slot for slot in cells if slot.side == side]
        yield ["both"], cells
    else:
        yield [], cells


def _filled(
    hit: Hit,
    scope: Sequence[str],
    option: OptionRecord,
    cells: Sequence[Slot],
    without: Sequence[Slot],
    graded: Mapping[str, Value],
    place: Place,
) -> Meaning:
    question = hit.target.question
    explicit = place.meaning(graded)
    out = {slot.key for slot in without} | graded.keys()
    wanted = {slot.key: _grade(question, slot, option) for slot in cells if slot.key not in out}
    fills = {
        k: Choice(option=g, block=True) for k, g in wanted.items() if g and k not in place.case
    }
    kept = [slot for slot in cells if slot.key in place.case and slot.key in wanted]
    number = f"{len(fills)} × {option.label}"
    name = (
        question.label
        if scope[0] in (_ALL, NORMAL)
        else f"{question.label}, {' '.join(scope[:-1])}"
    )
    lines = [Line(name, number, "as one entry, open cells only"), *explicit.lines]
    if kept:
        lines.append(Line(f"Keeps {_listed(kept)}", "", "recorded before, not overwritten"))
    open_ = [slot for slot in without if slot.key not in place.case and slot.key not in graded]
    if open_:
        lines.append(Line(f"Leaves {_listed(open_)}", "", "not examined"))
    changes = {**fills, **explicit.changes}
    return by_name(Meaning(tuple(lines), changes, explicit.remarks, fills=True), hit)


def _grade(question: Question, slot: Slot, option: OptionRecord) -> str:
    """Return the grade that a cell has of `option`: a row with its own scale shares only what is normal."""
    if any(own.id == option.id for own in slot.options):
        return option.id
    row = slot.row
    return row.normal if row is not None and option.id in question.normal else ""


def _scope(question: Question, words: Sequence[str], place: Place) -> list[Slot]:
    """Return the cells of ``all``, ``legs``, ``r arm`` or any other group of rows; rare ones are left aside."""
    sides: tuple[str, ...] = ()
    rest = []
    for word in words:
        if word in SIDES_SAID and not sides:
            sides = SIDES_SAID[word]
        else:
            rest.append(word)
    if not rest:
        return []
    rows = [r.id for r in question.rows] if rest == [_ALL] else _group(question, rest, place)
    return [
        slot
        for slot in place.session.form.slots_of(question.id)
        if slot.row is not None
        and slot.row.id in rows
        and not slot.row.is_aside
        and not slot.is_whole
        and (not sides or slot.side in (*sides, *((MIDLINE,) if len(sides) > 1 else ())))
    ]


def _group(question: Question, words: Sequence[str], place: Place) -> list[str]:
    """Return the rows that a word names: those that a region covers, or all that go by it."""
    named, exact = place.names.find_parts(question.id, said(" ".join(words)))
    rows = [target.part for target in named if isinstance(target.part, GridRow)]
    regions = [row for row in rows if row.covers]
    if regions and exact:
        return [name.removeprefix(f"{question.id}.") for name in regions[0].covers]
    return [row.id for row in rows if not row.covers]


def _exceptions(
    question: Question, tokens: Sequence[str], place: Place
) -> list[tuple[list[Slot], Mapping[str, Value]]]:
    """Return the cells that are left out, and those that have a grade of their own, in each way that can be meant."""
    without: list[Slot] = []
    graded: list[dict[str, Value]] = [{}]
    for part in between_commas(tokens):
        words = [fold(token) for token in part]
        whole = _scope(question, words, place)
        if whole:
            without += whole
            continue
        found = _excepted(question, part, place)
        graded = [a | b for a in graded for b in found if not a.keys() & b.keys()]
    return [(without, one) for one in graded[:_MOST_WAYS]]


def _excepted(question: Question, part: Sequence[str], place: Place) -> list[dict[str, Value]]:
    """Return what ``r fdi 3`` can mean in a grid."""
    sides, part = _side_ahead(part)
    if (
        part
        and len(fold(part[0])) >= _LEAST_WORD
        and option_named(question.options, [fold(part[0])])
    ):
        # "absent ankles", "absent left ankle": the grade stands in front.
        behind, part = _side_ahead([*part[1:], part[0]])
        sides = sides or behind
    for end in range(len(part) - 1, 0, -1):
        named, _ = place.names.find_parts(question.id, said(" ".join(part[:end])))
        rows = [t for t in named if isinstance(t.part, GridRow) and not t.part.covers]
        found = [values for row in rows for values in _cells(row, sides, part[end:], place)]
        if found:
            return found
    return []


def _side_ahead(part: Sequence[str]) -> tuple[tuple[str, ...], Sequence[str]]:
    sides = SIDES_SAID.get(fold(part[0]), ())
    return sides, part[1:] if sides else part


def _cells(
    row: Target, sides: tuple[str, ...], tail: Sequence[str], place: Place
) -> list[dict[str, Value]]:
    slots = place.slots(row.question, row.part)
    graded = _graded(slots[0].options, sides, tail)
    by_side = {slot.side: slot.key for slot in slots}
    if not graded:
        return []
    each = [
        [
            {by_side[side]: one.value for side in wanted}
            for wanted in wanted_sides(by_side, one.sides)
        ]
        for one in graded
    ]
    return [{k: v for one in ways for k, v in one.items()} for ways in product(*each)]


def between_commas(tokens: Sequence[str]) -> list[list[str]]:
    """Return tokens as parts that end with a comma."""
    parts: list[list[str]] = [[]]
    for token in tokens:
        parts[-1].append(token)
        if token.endswith(","):
            parts.append([])
    return [part for part in parts if part]


def _listed(slots: Iterable[Slot], most: int = 4) -> str:
    """Return rows by name, with a side where only one is meant."""
    sides: dict[str, list[str]] = {}
    for slot in slots:
        assert slot.row is not None
        sides.setdefault(slot.row.phrase, []).append(slot.side)
    said_ = [n if len(s) > 1 or s[0] == MIDLINE else f"{n} {s[0]}" for n, s in sides.items()]
    more = len(said_) - most
    return ", ".join(said_[:most]) + (f" and {more} more" if more > 0 else "")
