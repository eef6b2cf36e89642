"""A table: a list of rows with named columns, closed or not."""

from __future__ import annotations

from collections.abc import Iterator

from triage.content.form import Form, Slot, nothing_key
from triage.content.kinds.kind import Kind
from triage.content.raw import CaseFile, boolean, day, fields, option, string
from triage.content.schema import Column, Question
from triage.errors import EntryError, did_you_mean
from triage.expr.symbols import Kind as Sort
from triage.expr.symbols import Symbol
from triage.model.values import Row, Table, Value

_Cells = tuple[tuple[str, str | bool], ...]


class TableKind(Kind):
    """A list such as the medicines."""

    keys = frozenset({"columns", "nothing"})
    needs = frozenset({"columns", "nothing"})

    def stands(self, question: Question) -> str:
        """Return the type of the value under each key."""
        return "table"

    def faults(self, question: Question, form: Form) -> Iterator[str]:
        """Yield lists that a column names and that are not there."""
        for column in question.columns:
            where = f"column {column.id!r}"
            for key, name in (("options_from", column.options_from), ("ticks", column.ticks)):
                other = form.questions.get(name)
                if name and other is None:
                    yield f"{where}: {key}: there is no question {name!r}{form.closest(name)}"
                elif other is not None and not other.options:
                    yield f"{where}: {key}: the question {name!r} has no options"
                elif other is not None and key == "ticks" and other.kind != "choices":
                    yield f"{where}: ticks: {name!r} is no list of options"
            if column.kind == "choice" and bool(column.options) == bool(column.options_from):
                yield f"{where}: give either its options, or a question in options_from"
            elif column.kind != "choice" and (column.options or column.options_from):
                yield f"{where}: only a column of kind 'choice' has options"
            for says in _row_faults(column, question):
                yield f"{where}: {says}"
            if column.ticks and column.kind == "choice" and column.ticks in form.questions:
                other = form.questions[column.ticks]
                ticked = {record.id for record in (*other.options, other.nothing) if record}
                for record in form.cell_options[question.id, column.id]:
                    if record not in ticked:
                        hint = did_you_mean(record, ticked)
                        yield f"{where}: {column.ticks!r} has no option {record!r}{hint}"

    def symbols(self, question: Question) -> Iterator[Symbol]:
        """Yield the table, and that nothing stands in it."""
        yield from super().symbols(question)
        if question.nothing is not None:
            yield Symbol(nothing_key(question), Sort.FINDING)

    def read(self, slot: Slot, raw: object, file: CaseFile) -> Value:
        """Return a list of rows as a closed table, or ``{"rows": […], "closed": false}``."""
        closed = True
        if isinstance(raw, dict):
            given = fields(raw, ("rows", "closed"), file)
            raw, closed = given.get("rows", []), boolean(given.get("closed", False))
        if not isinstance(raw, list):
            raise EntryError("a list of rows is expected: [{…}, …]")
        return Table(rows=tuple(_row(slot.question, row, file) for row in raw), closed=closed)

    def write(self, value: Value) -> object:
        """Return the rows; a table that is not closed says so."""
        assert isinstance(value, Table)
        rows = [dict(row.cells) for row in value.rows]
        return rows if value.closed else {"rows": rows, "closed": False}

    def renewed(self, value: Value, question: Question, form: Form) -> Value:
        """Return the table with retired columns and options under what they became."""
        assert isinstance(value, Table)
        rows = tuple(Row(cells=_renewed(row.cells, question, form)) for row in value.rows)
        return value if rows == value.rows else value.model_copy(update={"rows": rows})

    def parted(self, value: Value, slot: Slot, form: Form) -> tuple[Value | None, Value | None]:
        """Return the cells that the form still knows, and every row in which it has lost one."""
        assert isinstance(value, Table)
        columns = {column.id: column for column in slot.question.columns}
        known = [
            tuple(
                (name, here)
                for name, cell in row.cells
                if (here := _known(slot.question, columns.get(name), cell, form)) is not None
            )
            for row in value.rows
        ]
        lost = tuple(
            row for row, cells in zip(value.rows, known, strict=True) if cells != row.cells
        )
        if not lost:
            return value, None
        rows = tuple(Row(cells=cells) for cells in known if cells)
        kept = value.model_copy(update={"rows": rows})
        return (kept if rows or value.closed else None), Table(rows=lost)


def _row_faults(column: Column, question: Question) -> Iterator[str]:
    """Yield what is wrong with what a column says of its rows."""
    texts = [other.id for other in question.columns if other.kind == "text"]
    for name in column.names:
        if name not in texts:
            yield f"names: there is no column of text {name!r}{did_you_mean(name, texts)}"
    if (column.names or column.stopped) and not column.ticks:
        yield "names and stopped say what a row ticks: give ticks"
    if column.several and column.kind != "choice":
        yield "only a choice takes several"
    dates = {other.id for other in question.columns if other.kind == "date"}
    options = {(other.id, option.id) for other in question.columns for option in other.options}
    if column.stopped and (column.stopped.column, column.stopped.value) not in options:
        yield "stopped names an option of another column: { column = …, value = … }"
    if column.stopped and column.stopped.date not in {"", *dates}:
        yield "stopped names a column with a date: { …, date = … }"


def _names(column: Column, cell: str) -> list[str]:
    """Return the options in a cell: several have a space between."""
    return cell.split() if column.several else [cell]


def _row(question: Question, raw: object, file: CaseFile) -> Row:
    columns = {column.id: column for column in question.columns}
    if isinstance(raw, dict):
        raw = {file.form.now(question.id, name): cell for name, cell in raw.items()}
    given = fields(raw, tuple(columns), file)
    return Row(
        cells=tuple(
            (name, _cell(question, columns[name], cell, file)) for name, cell in given.items()
        )
    )


def _cell(question: Question, column: Column, raw: object, file: CaseFile) -> str | bool:
    match column.kind:
        case "finding":
            return boolean(raw)
        case "date":
            return day(raw, column.id, file).iso()
        case "choice":
            return _chosen(question, column, raw, file)
        case "text":
            return string(raw, column.id)


def _chosen(question: Question, column: Column, raw: object, file: CaseFile) -> str:
    """Return the option of a cell, or the several that it takes."""
    given = raw if column.several and isinstance(raw, list) else [raw]
    if isinstance(raw, str):
        given = _names(column, raw)
    known, of = file.form.cell_options[question.id, column.id], f"{question.id}.{column.id}"
    now = [_option_now(question, column, n, file.form) if isinstance(n, str) else n for n in given]
    return " ".join(dict.fromkeys(option(name, known, of, file) for name in now))


def _renewed(cells: _Cells, question: Question, form: Form) -> _Cells:
    found: dict[str, str | bool] = {}
    for old, cell in cells:
        name = form.now(question.id, old)
        column = next((c for c in question.columns if c.id == name), None)
        if column is not None and column.kind == "choice" and isinstance(cell, str):
            now = [_option_now(question, column, part, form) for part in _names(column, cell)]
            cell = " ".join(now)
        found.setdefault(name, cell)
    return tuple(found.items())


def _option_now(question: Question, column: Column, name: str, form: Form) -> str:
    """Return what an option of a column is called now: as its own, or as one of the list it is from."""
    name = form.now(f"{question.id}.{column.id}", name)
    return form.now(column.options_from, name) if column.options_from else name


def _known(
    question: Question, column: Column | None, cell: str | bool, form: Form
) -> str | bool | None:
    """Return what the form still knows of a cell; None if that is nothing."""
    if column is None:
        return None
    if column.kind != "choice" or cell == "":
        return cell
    known = form.cell_options[question.id, column.id]
    names = _names(column, cell) if isinstance(cell, str) else []
    return " ".join(name for name in names if name in known) or None
