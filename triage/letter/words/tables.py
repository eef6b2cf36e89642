"""How a table such as the medicines becomes words, and what its rows say of other questions."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from triage.content.form import Form, column_options
from triage.content.listed import Reading, RowReader
from triage.content.schema import Column, Question
from triage.letter.statements import unmarked
from triage.letter.words.wording import render_wording
from triage.model.case import Case
from triage.model.dates import PartialDate
from triage.model.values import Row, Table

_NAME = re.compile(r"[^\W\d_]{5,}")


class Tables:
    """The tables of one case.

    Parameters
    ----------
    form
        The form that the case fits.
    case
        The case.
    readers
        Who reads the rows of a table, by its id.
    """

    def __init__(self, form: Form, case: Case, readers: Mapping[str, RowReader]) -> None:
        self._form = form
        self._case = case
        self._readers = readers
        # A finding that a row makes present, and the table where it does.
        self.says: dict[str, str] = {}
        self.asks: set[str] = set()
        for name in readers:
            table = case.get(name)
            for row in table.rows if isinstance(table, Table) else ():
                reading = readers[name].read(row)
                self.says.update(dict.fromkeys(reading.says, form.questions[name].phrase))
                self.asks.update(reading.asks)
        self.asks -= self.says.keys()

    def words(self, question: Question, rows: Sequence[Row], wording: str) -> dict[str, str]:
        """Return the rows in words: those that are taken, those that are not sure to be, those that are stopped."""
        found: dict[str, list[str]] = {"items": [], "unclear": [], "stopped": []}
        for row in rows:
            cells, reading = self.cells(question, row)
            if reader := self._readers.get(question.id):
                # In a sentence only a brand begins with a capital.
                cells[reader.column.names[0]] = reader.named(row)
            kind = "stopped" if reading.stopped else "unclear" if reading.doubted else "items"
            found[kind].append(row_words(question, cells, wording))
        return {kind: "; ".join(told) for kind, told in found.items()}

    def cells(self, question: Question, row: Row) -> tuple[dict[str, str], Reading]:
        """Return the cells of a row in words, by column, and what the row says."""
        reader = self._readers.get(question.id)
        reading = reader.read(row) if reader else Reading()
        return {c.id: self._cell(c, row, reading) for c in question.columns}, reading

    def _cell(self, column: Column, row: Row, reading: Reading) -> str:
        cell = row.get(column.id)
        if column.ticks:
            return self._ticked(column, row, reading)
        if cell is None or cell is False or cell == "":
            return ""
        if cell is True:
            return column.label[:1].lower() + column.label[1:]
        if column.kind == "date":
            return stored_date(cell).words()
        if column.kind == "choice":
            options = column_options(self._form, column)
            return next((o.phrase for o in options if o.id == cell), cell)
        return unmarked(cell)

    def _ticked(self, column: Column, row: Row, reading: Reading) -> str:
        """Return the classes of a row, as far as the list of classes does not say them, nor its name does."""
        options = column_options(self._form, column)
        here = set(str(row.get(column.id) or "").split())
        if reading.stopped:
            here.update(reading.match.classes())
        elif any(f"{column.ticks}.{option.id}" in self._case for option in options):
            return ""
        here.update(name.removeprefix(f"{column.ticks}.") for name in reading.says)
        # "Levothyroxine (levothyroxine)" and "tamoxifen (raloxifene or tamoxifen)" say less than the name.
        said = _words(*(str(row.get(name) or "") for name in column.names))
        named = (o.phrase for o in options if o.id in here)
        return ", ".join(phrase for phrase in named if said.isdisjoint(_words(phrase)))


def _words(*texts: str) -> set[str]:
    """Return the words of texts that are long enough to be a name."""
    return {word for text in texts for word in _NAME.findall(text.lower())}


def row_words(question: Question, cells: Mapping[str, str], wording: str) -> str:
    """Return a row, whose cells are in words, as `wording` has it; without one its cells in order."""
    if wording:
        return " ".join(render_wording(wording, cells).split())
    return " ".join(cells[c.id] for c in question.columns if cells[c.id])


def stored_date(text: str) -> PartialDate:
    """Return a date as a table keeps it: ``about 2026-03``."""
    about = text.startswith("about ")
    year, *rest = (int(part) for part in text.removeprefix("about ").split("-"))
    month, day = (*rest, None, None)[:2]
    return PartialDate(year=year, month=month, day=day, about=about)
