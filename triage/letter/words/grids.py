"""Grids in words: weak muscles by side and grade, jerks by their range, sensation by place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from triage.content.form import NO_SIDE, SIDES, Form
from triage.content.schema import AnswerWords, GridRow, OptionRecord, Question
from triage.letter.statements import strong, unmarked
from triage.letter.words.phrase import Phrase, listed
from triage.letter.words.places import Place, places_text
from triage.model.case import Case
from triage.model.values import Choice, Unable

_HEADS = {"both": "Both sides:", "right": "Right:", "left": "Left:"}
_ORDER = ("midline", "right", "left", "both", "")
# More rows than this are told by the part of the body.
_EACH = 4
# So many normal rows, and no more, are named where nothing is abnormal; beside something abnormal fewer.
_NAMED, _FEW = 5, 2


@dataclass(frozen=True, slots=True)
class Cell:
    """One recorded cell; `side` may be both, midline, or empty where none was recorded."""

    row: GridRow
    side: str
    grade: str
    keys: tuple[str, ...]
    block: bool
    note: str


@dataclass(frozen=True, slots=True)
class Spot:
    """What one grid of places says of some of them: ``vibration`` ``normal`` ``in hands and feet``."""

    name: str
    grade: str
    where: str
    keys: tuple[str, ...]
    normal: bool
    block: bool


class Grid:
    """What a case says of one grid.

    Parameters
    ----------
    form, question, case
        The grid, and the case.
    words
        By id, how letters tell of the grid and its rows.
    gap
        How a missing side is told.
    bold
        Whether grades are marked to be set bold.
    """

    def __init__(
        self,
        form: Form,
        question: Question,
        case: Case,
        words: Mapping[str, AnswerWords],
        gap: Callable[[str], str],
        *,
        bold: bool,
    ) -> None:
        self._question = question
        self._words = words.get(question.id) or AnswerWords(id=question.id)
        self._areas = {
            r.id: w.area for r in question.rows if (w := words.get(f"{question.id}.{r.id}"))
        }
        self._noun = self._words.noun or ("", "")
        self._gap = gap
        self._strong = strong if bold else str
        self._cells, self._unable = self._read(form, case)

    def phrases(self) -> list[Phrase]:
        """Return what is abnormal, what is normal, and what could not be tested."""
        if self._words.plurals:
            return [*merged(self.spots()), *self._unable]
        odd = [cell for cell in self._cells if not self._is_normal(cell)]
        normal = [cell for cell in self._cells if self._is_normal(cell)]
        told = self._jerks(odd, normal) if self._words.noun else self._muscles(odd, normal)
        return [*told, *self._unable]

    def name(self, row: GridRow) -> str:
        """Return how a row is named: with the noun of the grid, ``knee jerk``."""
        return self._name([row])

    def _read(self, form: Form, case: Case) -> tuple[list[Cell], list[Phrase]]:
        found: list[Cell] = []
        unable: list[Phrase] = []
        rows: dict[str, dict[str, tuple[str, Choice]]] = {}
        for slot in form.slots_of(self._question.id):
            value = case.get(slot.key)
            if slot.row is None or value is None:
                continue
            if isinstance(value, Choice):
                rows.setdefault(slot.row.id, {})[slot.side] = (slot.key, value)
            elif isinstance(value, Unable):
                name = self._name([slot.row])
                name = f"{slot.side} {name}" if slot.side in ("left", "right") else name
                name = name if slot.side else f"{name} ({NO_SIDE})"
                reason = f": {unmarked(value.reason)}" if value.reason else ""
                unable.append(Phrase(f"{name}{reason}", (slot.key,), "unable"))
        for row in self._question.rows:
            found += _cells(row, rows.get(row.id, {}))
        return found, unable

    # -- muscles ----------------------------------------------------------------------------------

    def _muscles(self, odd: list[Cell], normal: list[Cell]) -> Iterator[Phrase]:
        """Yield each side with its weak muscles, the weakest first, then what is normal."""
        many = len({cell.row.id for cell in odd}) > _EACH
        for side in _ORDER:
            here = sorted((c for c in odd if c.side == side), key=self._rank)
            if not here:
                continue
            graded = self._by_group(here) if many else self._each(here, shared=side == "both")
            head = f"{self._strong(_HEADS[side])} " if side in _HEADS else ""
            tail = f", {self._gap('side')}" if not side else ""
            text = f"{head}{', '.join(graded)}{tail}"
            yield Phrase(text, _keys(here), positive=True, alone=True)
        if normal:
            # "Otherwise 5" belongs behind what it is said beside.
            yield Phrase(self._otherwise(odd, normal), _keys(normal), alone=True, normal=not odd)

    def _each(self, cells: Sequence[Cell], *, shared: bool) -> Iterator[str]:
        """Yield ``first dorsal interosseous 3``; on both sides muscles of one grade share it."""
        groups: dict[tuple[str, ...], list[Cell]] = {}
        for cell in cells:
            own = () if shared else (cell.row.id,)
            groups.setdefault((self._grade(cell), cell.note, *own), []).append(cell)
        for (grade, note, *_), members in groups.items():
            block = " (as a block)" if all(c.block for c in members) else ""
            noted = f" ({note})" if note else ""
            name = self._name([cell.row for cell in members])
            yield f"{name} {self._strong(grade)}{noted}{block}"

    def _by_group(self, cells: Sequence[Cell]) -> Iterator[str]:
        """Yield ``legs 3 to 4 (weakest ankle dorsiflexion)``; of a part with one or two weak muscles each."""
        groups: dict[str, list[Cell]] = {}
        for cell in cells:
            groups.setdefault(self._group(cell) or cell.row.id, []).append(cell)
        for name, members in groups.items():
            if len(members) <= _FEW:
                yield from self._each(members, shared=True)
                continue
            # Of one side there is one of them.
            name = name.removesuffix("s") if members[0].side in SIDES else name
            low, high = self._grade(members[0]), self._grade(members[-1])
            weakest = self._name([c.row for c in members if self._grade(c) == low][:_FEW])
            if low == high:
                yield f"{name} {self._strong(low)}"
            else:
                yield f"{name} {self._strong(f'{low} to {high}')} (weakest {weakest})"

    def _otherwise(self, odd: list[Cell], normal: list[Cell]) -> str:
        """Return what is normal: few muscles by name, more of them by the parts of the body that are wholly so."""
        grade = self._grade(normal[0])
        names = list(dict.fromkeys(self._sided(cell) for cell in normal))
        whole = self._whole_groups(odd, normal)
        loose = [c for c in normal if self._group(c) not in whole]
        if not odd:
            if len(names) <= _NAMED or not whole:
                return f"{grade}: {listed(names, 'and')}"
            sided = [self._sided(cell) for cell in loose]
            return f"{grade} in {listed([*whole, *sided], 'and')}"
        if not loose:
            return f"{listed(whole, 'and')} {grade}"
        if whole:
            return f"otherwise {grade}, {listed(whole, 'and')} included"
        return f"otherwise {grade}" + (f": {listed(names, 'and')}" if len(names) <= _FEW else "")

    def _whole_groups(self, odd: list[Cell], normal: list[Cell]) -> list[str]:
        """Return the parts of the body that were tested on both sides, and are normal throughout."""
        spoilt = {self._group(c) for c in odd}
        spoilt |= {self._group(c) for c in normal if c.side not in ("both", "midline")}
        tested = {self._group(c) for c in normal}
        return [name for name in self._words.groups if name in tested - spoilt]

    # -- jerks ------------------------------------------------------------------------------------

    def _jerks(self, odd: list[Cell], normal: list[Cell]) -> Iterator[Phrase]:
        """Yield one range if all are alike, else those that are abnormal by side, then the others."""
        own = [c for c in (*odd, *normal) if c.row.normal]
        cells = [c for c in (*odd, *normal) if not c.row.normal]
        if cells and self._are_alike(cells):
            is_odd = cells[0] in odd
            text = f"{self._noun[1]} {self._grade(cells[0])} throughout"
            yield Phrase(text, _keys(cells), positive=is_odd, normal=not is_odd, alone=True)
        else:
            yield from self._mixed(
                [c for c in odd if not c.row.normal], [c for c in normal if not c.row.normal]
            )
        for cell in own:
            is_odd = cell in odd
            text = f"{self._name([cell.row])} {self._grade(cell)}"
            yield Phrase(text, cell.keys, positive=is_odd, normal=not is_odd, alone=True)

    def _mixed(self, odd: list[Cell], normal: list[Cell]) -> Iterator[Phrase]:
        if odd:
            text = ", ".join(self._by_side(odd))
            yield Phrase(text, _keys(odd), positive=True, alone=True)
        if normal:
            names = {c.row.id for c in normal}
            if odd and len(names) > _FEW:
                text = f"other {self._noun[1]} {self._grade(normal[0])}"
            else:
                text = ", ".join(self._by_side(normal))
            yield Phrase(text, _keys(normal), normal=not odd, alone=True)

    def _are_alike(self, cells: list[Cell]) -> bool:
        """Whether every jerk of every part of the body has one grade, on both sides."""
        grades = {(c.grade, c.note) for c in cells}
        parts = {self._group(c) for c in cells}
        return (
            len(grades) == 1
            and not cells[0].note
            and all(c.side == "both" for c in cells)
            and parts >= set(self._words.groups)
        )

    def _by_side(self, cells: list[Cell]) -> Iterator[str]:
        """Yield ``right knee jerk absent``; of both sides ``ankle jerks 1+``."""
        for side in _ORDER:
            groups: dict[tuple[str, str], list[Cell]] = {}
            for cell in sorted((c for c in cells if c.side == side), key=self._rank):
                groups.setdefault((self._grade(cell), cell.note), []).append(cell)
            for (grade, note), members in groups.items():
                several = side in ("both", "midline") or len(members) > 1
                name = self._name([c.row for c in members], several=several)
                head = f"{side} " if side in ("right", "left") else ""
                tail = f", {self._gap('side')}" if not side else ""
                block = " (as a block)" if all(c.block for c in members) else ""
                yield f"{head}{name} {grade}{f' ({note})' if note else ''}{block}{tail}"

    # -- places -----------------------------------------------------------------------------------

    def spots(self) -> list[Spot]:
        """Return what a grid of places says, by grade: the abnormal ones first."""
        groups: dict[tuple[bool, str, bool], list[Cell]] = {}
        for cell in sorted(self._cells, key=self._rank):
            key = (self._is_normal(cell), self._grade(cell), cell.block)
            groups.setdefault(key, []).append(cell)
        return [
            Spot(
                self._question.phrase,
                grade,
                self._where(cells, normal),
                _keys(cells),
                normal,
                block,
            )
            for (normal, grade, block), cells in sorted(groups.items(), key=lambda g: g[0][0])
        ]

    def _where(self, cells: Sequence[Cell], normal: bool) -> str:
        order = {row.id: n for n, row in enumerate(self._question.rows)}
        found = [self._place(c, normal) for c in sorted(cells, key=lambda c: order[c.row.id])]
        return places_text(found, self._gap("side"))

    def _place(self, cell: Cell, normal: bool) -> Place:
        name, plural = self._area(cell.row), self._words.plurals.get(cell.row.id, "")
        if cell.side == "midline" or (normal and cell.side == "both"):
            # What is normal in hands and feet is so on both sides.
            return Place(plural or name if cell.side == "both" else name, "none", note=cell.note)
        return Place(name, cell.side, plural, cell.note)  # type: ignore[arg-type]

    # -- names and grades -------------------------------------------------------------------------

    def _area(self, row: GridRow) -> str:
        return self._areas.get(row.id) or row.phrase

    def _name(self, rows: Iterable[GridRow], *, several: bool = False) -> str:
        """Return rows by name, with the noun of the grid behind them: ``knee and ankle jerks``."""
        names = listed([self._area(row) for row in rows], "and")
        return f"{names} {self._noun[several]}" if self._words.noun else names

    def _sided(self, cell: Cell) -> str:
        side = cell.side if cell.side in ("left", "right") else ""
        name = self._name([cell.row])
        return f"{side} {name}" if side else name if cell.side else f"{name} ({self._gap('side')})"

    def _group(self, cell: Cell) -> str:
        return next((g for g, rows in self._words.groups.items() if cell.row.id in rows), "")

    def _options(self, row: GridRow) -> tuple[OptionRecord, ...]:
        return row.options or self._question.options

    def _is_normal(self, cell: Cell) -> bool:
        return not cell.note and is_normal(self._question, cell.row, cell.grade)

    def _grade(self, cell: Cell) -> str:
        """Return a grade as it is written, 3+; the lowest in its word."""
        options = self._options(cell.row)
        for n, option in enumerate(options):
            if option.id == cell.grade:
                return option.id if n and option.id[:1].isdigit() else option.phrase
        return cell.grade

    def _rank(self, cell: Cell) -> int:
        return rank(self._question, cell.row, cell.grade)


def is_normal(question: Question, row: GridRow, grade: str) -> bool:
    """Whether a grade is the normal one of its row."""
    return grade == row.normal if row.normal else grade in question.normal


def rank(question: Question, row: GridRow, grade: str) -> int:
    """Return the place of a grade in the scale; words such as "weak" count as the top of their range."""
    options = row.options or question.options
    ids = [option.id for option in options]
    if grade not in ids:
        return len(ids)
    option = options[ids.index(grade)]
    return ids.index(option.to) if option.to in ids else ids.index(grade)


def merged(spots: Iterable[Spot]) -> list[Phrase]:
    """Return what grids of places say, those that say the same together: ``pinprick and vibration normal in feet``."""
    groups: dict[tuple[bool, str, str, bool], list[Spot]] = {}
    for spot in spots:
        groups.setdefault((spot.normal, spot.grade, spot.where, spot.block), []).append(spot)
    found: list[Phrase] = []
    for (normal, grade, where, block), same in sorted(groups.items(), key=lambda g: g[0][0]):
        names = listed([spot.name for spot in same], "and")
        keys = tuple(key for spot in same for key in spot.keys)
        text = f"{names} {grade} in {where}{' (as a block)' if block else ''}"
        found.append(Phrase(text, keys, positive=not normal, normal=normal, alone=True))
    return found


def _cells(row: GridRow, sides: dict[str, tuple[str, Choice]]) -> Iterator[Cell]:
    if {"left", "right"} <= sides.keys() and sides["left"][1] == sides["right"][1]:
        (left, value), (right, _) = sides.pop("left"), sides.pop("right")
        yield _cell(row, "both", value, left, right)
    for side in ("midline", "right", "left", ""):
        if side in sides:
            key, value = sides[side]
            yield _cell(row, side, value, key)


def _cell(row: GridRow, side: str, value: Choice, *keys: str) -> Cell:
    return Cell(row, side, value.option, keys, value.block, unmarked(value.text))


def _keys(cells: Iterable[Cell]) -> tuple[str, ...]:
    return tuple(key for cell in cells for key in cell.keys)
