"""A grid: one choice in each row and on each side."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from triage.content.form import SIDES, Form, Slot
from triage.content.kinds.choice import ChoiceKind, Scale, choice_symbols, scale_faults
from triage.content.schema import GridRow, Question
from triage.errors import did_you_mean
from triage.expr.symbols import Kind as Sort
from triage.expr.symbols import Symbol


class GridKind(ChoiceKind):
    """Rows of one scale, such as muscle power."""

    keys = frozenset({"rows", "options", "ordered", "spread", "normal", "fills", "text", "alone"})
    needs = frozenset({"rows"})

    def slots(self, question: Question) -> Iterator[Slot]:
        """Yield a key for each row and side, and one for the row where the side was not stated."""
        for row in question.rows:
            key = f"{question.id}.{row.id}"
            for side in _sides(row):
                yield Slot(f"{key}.{side}", question, "choice", row=row, side=side)
            if row.sides == "both":
                yield Slot(key, question, "choice", row=row)

    def faults(self, question: Question, form: Form) -> Iterator[str]:
        """Yield rows and grades that are not there."""
        rows = {row.id: row for row in question.rows}
        grades = {option.id for option in question.options}
        yield from scale_faults(question.options)
        for what, names in (("spread", [question.spread]), ("normal", question.normal)):
            yield from _missing(what, names, grades, "option")
        for row in question.rows:
            where = f"row {row.id!r}"
            own = {option.id for option in row.options} or grades
            if not own:
                yield f"{where} has no options: give the grid some, or the row its own"
            yield from scale_faults(row.options)
            yield from _missing(where, [row.normal], own, "option")
            covered = [name.removeprefix(f"{question.id}.") for name in row.covers]
            yield from _missing(where, covered, rows, "row")
            for name in set(covered) & set(row.covers):
                yield f"{where} covers {name!r}: write {question.id}.{name}"
            if covered and not question.spread:
                yield f"{where} covers others, and spread does not say which grade they take"
            if row.id in covered:
                yield f"{where} covers itself"
        for fill in question.fills:
            where = f"fill {fill.id!r}"
            yield from _missing(where, fill.rows, rows, "row")
            if not fill.rows:
                yield f"{where} fills no row: name some"
            for name in fill.rows:
                row_options = rows[name].options if name in rows else ()
                own = {option.id for option in row_options} or grades
                if fill.value not in own:
                    yield f"{where}: row {name!r} has no option {fill.value!r}"

    def symbols(self, question: Question) -> Iterator[Symbol]:
        """Yield the grid, its rows and its cells."""
        rows = tuple(f"{question.id}.{row.id}" for row in question.rows)
        yield Symbol(question.id, Sort.GROUP, members=rows)
        grades = Scale.of(question.options)
        for row, name in zip(question.rows, rows, strict=True):
            cells = tuple(f"{name}.{side}" for side in _sides(row))
            scale = Scale.of(row.options) if row.options else grades
            (whole,) = choice_symbols([name], scale, question.ordered)
            beside = whole if row.sides == "both" else None
            yield Symbol(name, Sort.GROUP, members=cells, whole=beside)
            yield from choice_symbols(cells, scale, question.ordered)


def _sides(row: GridRow) -> tuple[str, ...]:
    return ("midline",) if row.sides == "midline" else SIDES


def _missing(
    where: str, names: Collection[str], known: Collection[str], what: str
) -> Iterator[str]:
    for name in names:
        if name and name not in known:
            yield f"{where}: there is no {what} {name!r}{did_you_mean(name, known)}"
