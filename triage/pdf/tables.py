"""A table of findings, such as power on the right and on the left."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from copy import copy
from itertools import accumulate
from typing import NamedTuple

from reportlab.lib.units import mm

from triage.letter.statements import Table, TableRow
from triage.pdf.fonts import BOLD
from triage.pdf.lines import Line, Setting
from triage.pdf.pen import Pen
from triage.pdf.structure import Artifact, Node

_LEAST, _PAD, _LABEL_GAP = 7 * mm, 2.0 * mm, 3.0
# Of the width, what the columns of values take at most.
_MOST = 0.62
_HEAD_RULE, _HEAD_LINE, _HEAD_GREY, _BELOW_HEAD = 2.4, 0.5, 0.2, 1.5
# What stands in an empty cell.
_NOTHING = Line((), 0.0)
_CHANGED, _CHANGED_ABOVE, _CHANGED_BELOW = 2 * mm, 7.4, 1.2


class _Row(NamedTuple):
    label: list[Line]
    cells: list[list[Line]]
    changed: bool

    @property
    def lines(self) -> int:
        return max(len(self.label), *map(len, self.cells), 1) if self.cells else len(self.label)


class SetTable:
    """A table broken into lines for a width; drawn with the baseline of its head at a given height."""

    def __init__(
        self, table: Table, wide: float, setting: Setting, leading: float, node: Node
    ) -> None:
        self._wide = wide
        self._node, self._grid = node, node.child("Table")
        self._size = setting.size
        self._leading = leading
        self._setting = setting
        # The widest value of the last column ends at the edge.
        self._columns, self._over = self._widths(table)
        self._title = setting.said(table.title, self._label_room(table.heads), strong=True)
        self._heads = [setting.line(head, BOLD) for head in table.heads]
        self._rows = [self._row(row) for row in table.rows]
        self._name, self._is_further = table.title, False

    @property
    def height(self) -> float:
        """From the baseline of the head to that of the last line."""
        lines = len(self._title) - 1 + sum(row.lines for row in self._rows)
        return lines * self._leading + (_BELOW_HEAD if self._rows else 0)

    @property
    def natural(self) -> float:
        """How wide it is if its longest label just has room."""
        labels = [line.width for row in self._rows for line in row.label]
        longest = max([*labels, *(line.width for line in self._title)], default=0.0)
        return longest + _LABEL_GAP + sum(self._columns) + 0.1

    @property
    def fullest(self) -> int:
        """How many lines its highest row has."""
        return max((row.lines for row in self._rows), default=0)

    def parted(self, room: float, few: int, title: str) -> tuple[SetTable, SetTable] | None:
        """Return the rows that fit into `room` and the others under `title`, at least a few each; None if not."""
        lines = int((room - _BELOW_HEAD) / self._leading) - len(self._title) + 1
        count = rows_that_fit([row.lines for row in self._rows], lines, few)
        if not count:
            return None
        first, rest = copy(self), copy(self)
        first._rows, rest._rows = self._rows[:count], self._rows[count:]
        heads = tuple(line.runs[0].text for line in self._heads if line.runs)
        rest._title = self._setting.said(title, self._label_room(heads), strong=True)
        rest._is_further = True
        return first, rest

    def draw(self, pen: Pen, x: float, y: float) -> None:
        """Draw it, row by row. What heads the rest of one that was begun is told no second time."""
        title: Node | Artifact = "head"
        if not self._is_further:
            title = self._node.child("H2", title=self._name)
        for line in self._title:
            pen.write(x, y, line, self._size, title)
            y += self._leading
        y -= self._leading
        head = self._grid.child("TR")
        if not self._is_further:
            pen.write(x, y, _NOTHING, self._size, head.child("TD"))
        for n, line in enumerate(self._heads):
            part: Node | Artifact = "head" if self._is_further else head.child("TH", scope="Column")
            self._value(pen, x, y, n, line, part)
        pen.rule(x, y + _HEAD_RULE, x + self._wide, _HEAD_LINE, _HEAD_GREY)
        y += _BELOW_HEAD
        for row in self._rows:
            self._draw_row(pen, x, y + self._leading, row, self._grid.child("TR"))
            y += row.lines * self._leading

    def _draw_row(self, pen: Pen, x: float, y: float, row: _Row, part: Node) -> None:
        head = part.child("TH", scope="Row")
        for n, line in enumerate(row.label or [_NOTHING]):
            pen.write(x, y + n * self._leading, line, self._size, head)
        # Each row has all cells: the grid is closed.
        for column in range(len(self._columns)):
            cell = part.child("TD")
            lines = row.cells[column] if column < len(row.cells) else []
            for n, line in enumerate(lines or [_NOTHING]):
                self._value(pen, x, y + n * self._leading, column, line, cell)
        if row.changed:
            bar = x + self._wide + _CHANGED
            end = y + (row.lines - 1) * self._leading + _CHANGED_BELOW
            pen.bar(bar, y - _CHANGED_ABOVE, end)

    def _value(
        self, pen: Pen, x: float, y: float, column: int, line: Line, part: Node | Artifact
    ) -> None:
        """Draw a value in the middle of its column; the values of an only column end at its edge."""
        right = x + self._wide + self._over - sum(self._columns[column + 1 :])
        left = right - (self._columns[column] + line.width) / 2
        if len(self._columns) == 1:
            left = right - line.width
        pen.write(left, y, line, self._size, part)

    def _widths(self, table: Table) -> tuple[list[float], float]:
        """Return how wide the columns of values are, and how far the last one reaches over the edge."""
        count = max([len(table.heads), *(len(row.cells) for row in table.rows)])
        found = [0.0] * count
        for row in table.rows:
            for n, text in enumerate(row.cells):
                line = self._setting.line(text, BOLD if _is_strong(row, n) else "")
                found[n] = max(found[n], line.width)
        for n, head in enumerate(table.heads):
            found[n] = max(found[n], self._setting.line(head, BOLD).width)
        wide = found if count == 1 else [max(_LEAST, width + _PAD) for width in found]
        if sum(wide) > _MOST * self._wide:
            return [_MOST * self._wide / count] * count, 0.0
        return wide, (wide[-1] - found[-1]) / 2

    def _label_room(self, heads: tuple[str, ...]) -> float:
        return self._wide - (sum(self._columns) + _LABEL_GAP if any(heads) else 0)

    def _row(self, row: TableRow) -> _Row:
        room = self._wide - sum(self._columns) - _LABEL_GAP
        label = self._setting.said(row.label, room, strong=any(row.strong))
        cells = [
            self._setting.said(text, self._columns[n], strong=_is_strong(row, n)) if text else []
            for n, text in enumerate(row.cells)
        ]
        return _Row(label, cells, row.changed)


def _is_strong(row: TableRow, column: int) -> bool:
    return column < len(row.strong) and row.strong[column]


def rows_that_fit(heights: Iterable[int], lines: int, few: int) -> int:
    """Return how many rows fit into so many lines, where a few are left on either side; 0 if that cannot be."""
    ends = list(accumulate(heights))
    count = min(bisect_right(ends, lines), len(ends) - few)
    return count if count >= few else 0
