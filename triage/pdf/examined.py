"""The examination in a request: tables beside one another and beside the body chart, and what is said below them."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from functools import partial
from typing import NamedTuple

from reportlab.lib.units import mm

from triage.letter.figure import Figure
from triage.letter.page import Lines
from triage.letter.statements import Block, Row, Span, Statement, Table
from triage.pdf.figure import SetFigure
from triage.pdf.flow import BAR_ABOVE, BAR_BELOW, Draw, Frame, Laid
from triage.pdf.lines import Line, Setting
from triage.pdf.pen import Pen
from triage.pdf.said import BAR, indent_of, paragraph_of, spans_of
from triage.pdf.structure import Node
from triage.pdf.tables import SetTable

# Right of two tables there is room for the body chart: how wide that is, and its height at the least and the most.
_FIGURE, _GAP, _BESIDE = 37 * mm, 5 * mm, 2
_LOW, _HIGH = 46 * mm, 62 * mm
_ABOVE_ROWS, _BETWEEN = 5.6, 2.6
# Tables that take more of a page are set as rows.
_MOST = 0.6


class _At(NamedTuple):
    """A table and where it stands."""

    table: SetTable
    x: float
    wide: float


class _Under(NamedTuple):
    """Where rows may stand: from the left, so wide, and below a height."""

    x: float
    wide: float
    bottom: float


class Examined:
    """The tables and rows of an examination, set small."""

    def __init__(
        self, block: Block, frame: Frame, type_: Lines, glyphs: Container[int], node: Node
    ) -> None:
        self._node = node
        self._frame = frame
        self._leading = type_.leading
        self._setting = Setting(type_.size, glyphs)
        self._tables = self._places(block.tables)
        self._rows = list(block.rows)
        self._height = max((place.table.height for place in self._tables), default=0.0)
        self._figure: SetFigure | None = None
        if self._height > _MOST * frame.last:
            self._rows, self._tables = [*_as_rows(block.tables), *self._rows], []
        elif block.figure is not None and 0 < len(self._tables) <= _BESIDE:
            self._figure = self._chart(block.figure)
            self._height = max(self._height, self._figure.height)

    def _chart(self, figure: Figure) -> SetFigure:
        """Return the body chart, as high as what stands beside it, within bounds."""
        setting, leading = self._setting, self._leading
        beside = self._height + self._leading * len(self._rows)
        made = SetFigure(
            figure, _FIGURE - _GAP, _HIGH, setting, leading, self._node, front_only=True
        )
        high = max(_LOW, min(_HIGH, _HIGH - (made.height - beside)))
        return SetFigure(
            figure, _FIGURE - _GAP, high, setting, leading, self._node, front_only=True
        )

    @property
    def has_tables(self) -> bool:
        """Whether there are tables, which are one line to the flow."""
        return bool(self._tables)

    def _places(self, tables: Sequence[Table]) -> list[_At]:
        """Return tables with their places: as wide as they need, the last as wide as is left."""
        found: list[_At] = []
        whole = self._frame.measure - (_FIGURE if len(tables) <= _BESIDE else 0)
        x = self._frame.axis
        for left, table in zip(range(len(tables), 0, -1), tables, strict=True):
            end = self._frame.axis + whole
            wide = (end - x - _GAP * (left - 1)) / left
            if left > 1:
                wide = min(wide, self._table(table, wide).natural)
            found.append(_At(self._table(table, wide), x, wide))
            x += wide + _GAP
        return found

    def _table(self, table: Table, wide: float) -> SetTable:
        return SetTable(table, wide, self._setting, self._leading, self._node)

    def add_to(self, laid: Laid, leading: float) -> None:
        """Add the tables as one line, then the rows that stand below all of them."""
        rows = self._rows
        if self._tables:
            laid.step(leading, depth=self._height)
            for place in self._tables:
                laid.draw(0, partial(_draw_table, place))
            if self._figure is not None:
                x = self._frame.right - (_FIGURE - _GAP)
                laid.draw(0, partial(_draw_figure, self._figure, x))
            rows = rows[self._add_beside(laid) :]
        x = self._frame.axis
        for n, row in enumerate(rows):
            above = _ABOVE_ROWS if n == 0 and self._tables else _BETWEEN
            indent, part = indent_of(row.statements), paragraph_of(row.statements, laid.node)
            for k, line in enumerate(self._lines(row, self._frame.measure - indent)):
                rise = self._leading + (above if k == 0 and laid.steps else 0)
                step = laid.step(rise, bar=x + BAR if indent else 0)
                laid.write(step, x + indent, line, self._setting.size, part)

    def _add_beside(self, laid: Laid) -> int:
        """Add the rows for which there is room: below the shorter table, then below both beside the chart."""
        tables = [_Under(place.x, place.wide, place.table.height) for place in self._tables]
        short = min(tables, key=lambda place: place.bottom)
        first, last = tables[0], tables[-1]
        both = _Under(first.x, last.x + last.wide - first.x, max(t.bottom for t in tables))
        taken = self._add_below(laid, self._rows, short, both.bottom)
        return taken + self._add_below(laid, self._rows[taken:], both, self._height)

    def _add_below(self, laid: Laid, rows: Sequence[Row], place: _Under, end: float) -> int:
        """Add the rows for which there is room below a place, and return how many."""
        y, above = place.bottom, _ABOVE_ROWS
        for taken, row in enumerate(rows):
            indent = indent_of(row.statements)
            lines = self._lines(row, place.wide - indent)
            if y + above + len(lines) * self._leading > end:
                return taken
            y, above = y + above, _BETWEEN
            if indent:
                ends = (y + self._leading, y + len(lines) * self._leading)
                laid.draw(0, partial(_typed, place.x + BAR, *ends))
            part = paragraph_of(row.statements, laid.node)
            for line in lines:
                y += self._leading
                laid.draw(0, partial(_write, place.x + indent, y, line, self._setting.size, part))
        return len(rows)

    def _lines(self, row: Row, measure: float) -> list[Line]:
        """Return a row with its label as its first words."""
        label = [Span(row.label, strong=True), Span(" ")] if row.label else []
        return self._setting.lines([*label, *spans_of(row.statements)], measure)


def lowered(mark: Draw, drop: float, pen: Pen, y: float) -> None:
    """Draw something lower than it was meant to stand."""
    mark(pen, y + drop)


def _draw_table(place: _At, pen: Pen, y: float) -> None:
    place.table.draw(pen, place.x, y)


def _draw_figure(figure: SetFigure, x: float, pen: Pen, y: float) -> None:
    figure.draw(pen, x, y)


def _write(x: float, drop: float, line: Line, size: float, part: Node, pen: Pen, y: float) -> None:
    pen.write(x, y + drop, line, size, part)


def _typed(x: float, first: float, last: float, pen: Pen, y: float) -> None:
    pen.typed(x, y + first - BAR_ABOVE, y + last + BAR_BELOW)


def _as_rows(tables: Sequence[Table]) -> Iterator[Row]:
    """Yield tables with very long words in them as rows."""
    for table in tables:
        yield Row(table.title, tuple(Statement(head) for head in table.heads))
        for row in table.rows:
            yield Row(row.label, tuple(Statement(cell) for cell in row.cells))
