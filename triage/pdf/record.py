"""The record of findings: tables side by side, then sections that flow over three columns."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Container, Iterator, Sequence
from math import inf
from typing import NamedTuple

from reportlab.lib.units import mm

from triage.letter.figure import Figure
from triage.letter.page import Lines, Page
from triage.letter.statements import Entry, Letter, Record, Row, Section, Span, Table
from triage.letter.words.wording import render_wording
from triage.pdf.figure import SetFigure
from triage.pdf.flow import Flowed, Frame, Laid, flowed
from triage.pdf.lines import Line, Setting
from triage.pdf.pen import FURNITURE, Pen
from triage.pdf.said import BAR, indent_of, own_paragraphs, paragraph_of, spans_of
from triage.pdf.structure import Artifact, Node
from triage.pdf.tables import SetTable, rows_that_fit

_COLUMNS, _GUTTER = 3, 5 * mm
_TITLE_LOWER, _TITLE_RULE, _KEY_BELOW, _RULE_LINE = 0.5 * mm, 5.0, 15.5, 1.6
_HEADS_BELOW, _LEAD_GAP = 13.5, 14.0
_ABOVE_SECTION, _BELOW_HEAD, _BELOW_BAND = 4.06, 1.5, 6.4
_HEAD_RULE, _HEAD_LINE, _HEAD_GREY = 2.4, 0.5, 0.2
_HANG, _ANSWER_GAP = 6.0, 6.0
_CHANGED, _CHANGED_ABOVE, _CHANGED_BELOW = 2 * mm, 7.4, 1.2
_ABOVE_BASIS = 2.0
# A section is split with so many rows on each side; a row of more lines is split as well, or of more than a share
# of a page: two rows of each side have room.
_FEW, _MOST_LINES, _SHARE = 2, 12, 1 / 5
_WHOLE_GAP = 5.0
# How high the body chart is at the most.
_FIGURE = 62 * mm

Draw = Callable[[Pen], None]


class _Piece(NamedTuple):
    """A row: its lines, the answer at the right edge of an only line, and whether it has changed."""

    lines: tuple[Line, ...]
    answer: Line | None
    changed: bool
    node: Node
    begins: bool = True


class _Chunk(NamedTuple):
    """A section or what is left of one, or a table, as it stands in a column."""

    title: str
    head: tuple[Line, ...]
    rows: tuple[_Piece, ...]
    node: Node
    table: SetTable | SetFigure | None = None
    further: bool = False

    def heading(self, *, is_told: bool) -> Node | Artifact:
        """Return what its head is: of what goes on, the label of its first row, unless it was told on the page."""
        if not self.further:
            return self.node.child("H2", title=self.title)
        return "head" if is_told else self.rows[0].node.beside("Lbl")

    def height(self, leading: float) -> float:
        """From the baseline of its head to its last."""
        if self.table is not None:
            return self.table.height
        lines = len(self.head) - 1 + sum(len(row.lines) for row in self.rows)
        return _BELOW_HEAD + leading * lines


class _Column(NamedTuple):
    """What stands in a column, how high it is, and how many of its parts are tables, which come before all sections."""

    chunks: tuple[_Chunk, ...] = ()
    height: float = 0.0
    tables: int = 0

    def with_(self, chunk: _Chunk, leading: float) -> _Column:
        above = leading + _ABOVE_SECTION if self.chunks else 0
        height = self.height + above + chunk.height(leading)
        return self._replace(chunks=(*self.chunks, chunk), height=height)


def record_pages(letter: Letter, frame: Frame, glyphs: Container[int]) -> list[Draw]:
    """Return the record on pages of its own: on one if that can be, else on as many as it needs."""
    record = letter.record
    assert record is not None
    page = letter.page
    frame = frame._replace(top=frame.top + _TITLE_LOWER)
    setter = _Setter(record, page, frame, glyphs)
    return setter.on_one_page() or setter.on_many(page.sizes.record)


def record_below(letter: Letter, frame: Frame, glyphs: Container[int]) -> Draw | None:
    """Return the record on what is left of a sheet; None if there is no room for it."""
    record = letter.record
    assert record is not None
    found = _Setter(record, letter.page, frame, glyphs).on_one_page()
    return found[0] if found else None


class _Setter:
    def __init__(self, record: Record, page: Page, frame: Frame, glyphs: Container[int]) -> None:
        self._record = record
        self._page = page
        self._node = Node("Sect")
        self._frame = frame
        self._glyphs = glyphs
        self._wide = (frame.whole - _GUTTER * (_COLUMNS - 1)) / _COLUMNS
        self._setting = Setting(page.sizes.record.size, glyphs)
        self._basis = self._setting.said(record.basis, frame.whole) if record.basis else []
        self._head = _Head(record, page, frame, glyphs)
        leading = max(page.sizes.record.leading, page.sizes.record_wide.leading)
        room = _SHARE * (frame.last - self._head.top_of_further) / leading
        self._most = max(1, min(_MOST_LINES, int(room)))
        self._sections = tuple(map(self._section, record.sections))

    # -- pages --------------------------------------------------------------------------------------

    def on_one_page(self) -> list[Draw] | None:
        """Return the record on one page, wide if that can be, or None if it does not fit.

        The body chart, which shows what the rows say, is left out where it alone would cost a page.
        """
        wide, close = self._page.sizes.record_wide, self._page.sizes.record
        for type_, has_chart in ((wide, True), (close, True), (close, False)):
            if len(pages := self.on_many(type_, has_chart=has_chart)) == 1:
                return pages
        return None

    def on_many(self, type_: Lines, *, has_chart: bool = True) -> list[Draw]:
        """Return the record on as many pages as it needs: notes, then tables side by side, and sections below them."""
        leading, frame = type_.leading, self._frame
        notes = self._whole(leading)
        pages: list[list[Callable[[Pen], None]]] = [
            [lambda pen, placed=placed: placed.draw(pen, frame) for placed in placed_ones]  # type: ignore[misc]
            for placed_ones in notes.pages
        ]
        top = notes.end + (_HEADS_BELOW if not self._record.whole else _BELOW_BAND + leading)
        fresh = self._head.top_of_further
        tables = self._tables(leading, has_chart=has_chart)
        begun = _abreast(tables, leading)
        chunks: Sequence[_Chunk] = self._sections
        if _tallest(begun) > frame.last - top:
            begun, chunks = [], (*tables, *chunks)
        columns, rest = self._filled(begun, chunks, frame.last - top, leading)
        pages[-1].append(self._drawn(columns, top, leading))
        while rest:
            pages.append([])
            top = fresh
            columns, rest = self._filled([], rest, frame.last - top, leading)
            pages[-1].append(self._drawn(columns, top, leading))
        if self._basis:
            end = top + _tallest(columns)
            if end + self._basis_height(leading) > frame.last:
                pages.append([])
                end = fresh - leading
            pages[-1].append(lambda pen: self._write_basis(pen, end, leading))
        return [self._paged(n, marks) for n, marks in enumerate(pages)]

    def _paged(self, number: int, marks: Sequence[Callable[[Pen], None]]) -> Draw:
        def draw(pen: Pen) -> None:
            self._head.draw(pen, self._node) if number == 0 else self._head.draw_further(pen)
            for mark in marks:
                mark(pen)

        return draw

    def _drawn(self, columns: Sequence[_Column], top: float, leading: float) -> Draw:
        return lambda pen: self._columns(pen, columns, top, leading)

    # -- parts --------------------------------------------------------------------------------------

    def _whole(self, leading: float) -> Flowed:
        """Return the notes that page one had to cut, under the key."""
        setting, frame = self._setting, self._frame
        notes = []
        for row in self._record.whole:
            laid = Laid(self._node.child("Sect"), before=_WHOLE_GAP)
            part = laid.node.child("H2", title=row.label)
            label = setting.said(row.label, frame.axis - frame.left - _HANG, strong=True)
            for n, line in enumerate(label if row.label else ()):
                laid.write(n, frame.left, line, setting.size, part)
            self._note(laid, row, leading)
            laid.steps_to(len(label) if row.label else 0, leading)
            notes.append(laid)
        further = frame._replace(top=self._head.top_of_further)
        return flowed(notes, further, self._head.bottom, 0)

    def _note(self, laid: Laid, row: Row, leading: float) -> None:
        frame = self._frame
        for piece in own_paragraphs(row.statements):
            indent = indent_of(piece)
            bar, part = frame.axis + BAR if indent else 0, paragraph_of(piece, laid.node)
            for line in self._setting.lines(spans_of(piece), frame.measure - indent):
                step = laid.step(leading, bar=bar, changed=any(s.changed for s in piece))
                laid.write(step, frame.axis + indent, line, self._setting.size, part)

    def _tables(self, leading: float, *, has_chart: bool) -> tuple[_Chunk, ...]:
        tables = [self._table(table, leading) for table in self._record.tables]
        if has_chart and self._record.figure is not None:
            tables.insert(0, self._figure(self._record.figure, leading))
        return tuple(tables)

    def _figure(self, figure: Figure, leading: float) -> _Chunk:
        node = self._node.child("Sect")
        found = SetFigure(figure, self._wide, _FIGURE, self._setting, leading, node)
        return _Chunk("", (), (), node, found)

    def _table(self, table: Table, leading: float) -> _Chunk:
        """Return a table; one with very long words in it as a section."""
        node = self._node.child("Sect")
        found = SetTable(table, self._wide, self._setting, leading, node)
        if found.fullest <= self._most:
            return _Chunk(table.title, (), (), node, found)
        rows = (
            Entry(row.label, " / ".join(row.cells), any(row.strong), row.covers, row.changed)
            for row in table.rows
        )
        return self._section(Section(table.title, tuple(rows)))

    def _section(self, section: Section) -> _Chunk:
        node = self._node.child("Sect")
        items = node.child("L")
        rows = (piece for entry in section.entries for piece in self._pieces(entry, items))
        return self._titled(section.title, tuple(rows), node)

    def _titled(
        self, title: str, rows: tuple[_Piece, ...], node: Node, *, further: bool = False
    ) -> _Chunk:
        head = self._setting.said(title, self._wide, strong=True)
        return _Chunk(title, tuple(head), rows, node, further=further)

    def _pieces(self, entry: Entry, items: Node) -> Iterator[_Piece]:
        """Yield a row: its answer at the right edge, or running on; a very long one in parts."""
        setting, wide, node = self._setting, self._wide, items.child("LI").child("LBody")
        item = setting.whole(entry.item, strong=entry.strong)
        answer = setting.whole(entry.answer, strong=entry.strong)
        if item and answer:
            gap = _ANSWER_GAP if entry.answer else 0
            if item.width + answer.width + gap <= wide:
                yield _Piece((item,), answer, entry.changed, node)
                return
        lines = setting.lines([Span(entry.text, entry.strong)], wide - _HANG, first=-_HANG)
        for start in range(0, len(lines), self._most):
            part = tuple(lines[start : start + self._most])
            yield _Piece(part, None, entry.changed, node, start == 0)

    def _basis_height(self, leading: float) -> float:
        return _ABOVE_BASIS + leading * len(self._basis) if self._basis else 0.0

    def _write_basis(self, pen: Pen, y: float, leading: float) -> None:
        y += _ABOVE_BASIS
        part = self._node.child("P")
        for line in self._basis:
            y += leading
            pen.write(self._frame.left, y, line, self._setting.size, part, FURNITURE)

    # -- columns ------------------------------------------------------------------------------------

    def _columns(self, pen: Pen, columns: Sequence[_Column], top: float, leading: float) -> None:
        sections: list[tuple[_Chunk, float, float]] = []
        told: set[int] = set()
        for n, column in enumerate(columns):
            x, y = self._frame.left + n * (self._wide + _GUTTER), top
            for k, chunk in enumerate(column.chunks):
                y += leading + _ABOVE_SECTION if k else 0
                if k < column.tables:
                    self._chunk(pen, chunk, x, y, leading)
                else:
                    sections.append((chunk, x, y))
                y += chunk.height(leading)
        # Read and pasted after all tables.
        for chunk, x, y in sections:
            # What goes on is told once a page, however many columns it fills.
            self._chunk(pen, chunk, x, y, leading, is_told=id(chunk.node) in told)
            if chunk.further:
                told.add(id(chunk.node))

    def _chunk(
        self,
        pen: Pen,
        chunk: _Chunk,
        x: float,
        y: float,
        leading: float,
        *,
        is_told: bool = False,
    ) -> None:
        size, wide = self._setting.size, self._wide
        if chunk.table is not None:
            chunk.table.draw(pen, x, y)
            return
        head = chunk.heading(is_told=is_told)
        for n, line in enumerate(chunk.head):
            y += leading if n else 0
            pen.write(x, y, line, size, head)
        pen.rule(x, y + _HEAD_RULE, x + wide, _HEAD_LINE, _HEAD_GREY)
        y += _BELOW_HEAD
        for row in chunk.rows:
            for n, line in enumerate(row.lines):
                y += leading
                indent = _HANG if n or not row.begins else 0
                pen.write(x + indent, y, line, size, row.node)
            if row.answer is not None:
                pen.write(x + wide - row.answer.width, y, row.answer, size, row.node)
            if row.changed:
                start = y - (len(row.lines) - 1) * leading - _CHANGED_ABOVE
                pen.bar(x + wide + _CHANGED, start, y + _CHANGED_BELOW)

    def _filled(
        self, begun: Sequence[_Column], chunks: Sequence[_Chunk], room: float, leading: float
    ) -> tuple[list[_Column], Sequence[_Chunk]]:
        """Return the columns of a page, with what they begin with, and what is left."""
        columns, rest = list[_Column](), chunks
        # Above the last line, if all can be.
        for left in (room - self._basis_height(leading), room):
            if whole := _arranged(begun, chunks, left, leading):
                return whole, ()
            columns, rest = self._split(begun, chunks, left, leading)
            if not rest:
                break
        return columns, rest

    def _split(
        self, begun: Sequence[_Column], chunks: Sequence[_Chunk], room: float, leading: float
    ) -> tuple[list[_Column], Sequence[_Chunk]]:
        """Return as many columns as a page has, with sections split where one ends, and what is left."""
        columns = _padded(begun)
        waiting = list(chunks)
        for n, column in enumerate(columns):
            while waiting:
                left = room - column.height - (leading + _ABOVE_SECTION if column.chunks else 0)
                chunk = waiting.pop(0)
                if chunk.height(leading) > left:
                    parts = self._parted(chunk, left, leading)
                    waiting[:0] = parts[1:] if parts else [chunk]
                    if parts:
                        column = column.with_(parts[0], leading)
                    break
                column = column.with_(chunk, leading)
            columns[n] = column
        return columns, waiting

    def _parted(self, chunk: _Chunk, room: float, leading: float) -> tuple[_Chunk, _Chunk] | None:
        """Return what of a section fits, and the rest of it."""
        title = chunk.title
        if not title.endswith(self._continued("")):
            title = self._continued(title)
        if isinstance(chunk.table, SetFigure):
            return None
        if chunk.table is not None:
            tables = chunk.table.parted(room, _FEW, title)
            return tables and (
                _Chunk(chunk.title, (), (), chunk.node, tables[0]),
                _Chunk(title, (), (), chunk.node, tables[1]),
            )
        lines = int((room - _BELOW_HEAD) / leading) - len(chunk.head) + 1
        count = rows_that_fit([len(row.lines) for row in chunk.rows], lines, _FEW)
        if not count:
            return None
        rest = self._titled(title, tuple(_going_on(chunk.rows[count:])), chunk.node, further=True)
        return chunk._replace(rows=chunk.rows[:count]), rest

    def _continued(self, title: str) -> str:
        return render_wording(self._page.continued, {"title": title})


def _going_on(rows: Sequence[_Piece]) -> Iterator[_Piece]:
    """Yield rows of a further column: what is left of one is an item of its own there."""
    item, is_rest = rows[0].node.parent, True
    assert item is not None
    node = item.beside("LI").child("LBody")
    for row in rows:
        is_rest = is_rest and not row.begins
        yield row._replace(node=node) if is_rest else row


def _abreast(tables: Sequence[_Chunk], leading: float) -> list[_Column]:
    """Return tables side by side: each in a column of its own, or else as even as can be."""
    columns = [_Column((table,), table.height(leading)) for table in tables]
    if len(tables) > _COLUMNS:
        columns = _arranged([], tables, inf, leading) or []
    return [column._replace(tables=len(column.chunks)) for column in columns]


def _padded(begun: Sequence[_Column]) -> list[_Column]:
    return [*begun, *[_Column()] * (_COLUMNS - len(begun))]


def _arranged(
    begun: Sequence[_Column], chunks: Sequence[_Chunk], room: float, leading: float
) -> list[_Column] | None:
    """Return whole sections in three columns that are as even as can be, or None if they do not fit.

    The columns begin with what `begun` has in them; none becomes higher than the tallest of these before it must.
    """
    heights = [chunk.height(leading) for chunk in chunks]
    above = {c.height + leading + _ABOVE_SECTION if c.chunks else 0.0 for c in _padded(begun)}
    least = _tallest(begun)
    sums = {least}
    for a in range(len(heights)):
        for b in range(a + 1, len(heights) + 1):
            high = sum(heights[a:b]) + (b - a - 1) * (leading + _ABOVE_SECTION)
            sums.update(start + high for start in above)
    columns = _padded(begun)
    possible = sorted(high for high in sums if least <= high <= room + 0.01)

    def holds(high: float) -> bool:
        return _places(columns, heights, high, leading) is not None

    # What columns hold, higher ones do too.
    n = bisect_left(possible, True, key=holds)
    if n == len(possible):
        return None
    places = _places(columns, heights, possible[n], leading) or ()
    for at, chunk in zip(places, chunks, strict=True):
        columns[at] = columns[at].with_(chunk, leading)
    return columns


def _places(
    columns: Sequence[_Column], heights: Sequence[float], room: float, leading: float
) -> list[int] | None:
    """Return which column each of whole sections goes to, or None if columns of a height do not hold them."""
    ends = [c.height + leading + _ABOVE_SECTION if c.chunks else 0.0 for c in columns]
    at, found = 0, list[int]()
    for height in heights:
        while ends[at] + height > room + 0.01:
            at += 1
            if at == len(ends):
                return None
        ends[at] += height + leading + _ABOVE_SECTION
        found.append(at)
    return found


def _tallest(columns: Sequence[_Column]) -> float:
    return max((column.height for column in columns), default=0.0)


class _Head:
    """The title of the record with what it is, and what its signs mean."""

    def __init__(self, record: Record, page: Page, frame: Frame, glyphs: Container[int]) -> None:
        type_, leading = page.sizes.practice, page.sizes.record.leading
        big, small = Setting(type_.size, glyphs), Setting(page.sizes.record.size, glyphs)
        self._frame, self._big, self._small = frame, big.size, small.size
        self._leading = leading
        self._name = record.title
        self._title = big.line(record.title, "Lato-Bold")
        self._again = big.said(continued_title(record, page), frame.whole, strong=True)[:1]
        room = frame.whole - self._title.width - _LEAD_GAP
        self._lead = small.said(record.lead, room, most=_MOST_LINES) if record.lead else []
        self._key = small.said(record.key, frame.whole) if record.key else []
        self._rule = frame.top + max(len(self._lead) - 1, 0) * leading + _TITLE_RULE
        first = self._rule - _TITLE_RULE + _KEY_BELOW
        self._first_key = first
        self.bottom = first + (len(self._key) - 1) * leading
        self.top_of_further = frame.top + _TITLE_RULE + _HEADS_BELOW

    def draw(self, pen: Pen, node: Node) -> None:
        """Draw it."""
        frame = self._frame
        pen.write(frame.left, frame.top, self._title, self._big, node.child("H1", title=self._name))
        lead, key = node.child("P"), node.child("P")
        for n, line in enumerate(self._lead):
            y = frame.top + n * self._leading
            pen.write(frame.right - line.width, y, line, self._small, lead, FURNITURE)
        pen.rule(frame.left, self._rule, frame.right, _RULE_LINE)
        for n, line in enumerate(self._key):
            pen.write(frame.left, self._first_key + n * self._leading, line, self._small, key)

    def draw_further(self, pen: Pen) -> None:
        """Draw the title of a further page."""
        frame = self._frame
        for line in self._again:
            pen.write(frame.left, frame.top, line, self._big, "head")
        pen.rule(frame.left, frame.top + _TITLE_RULE, frame.right, _RULE_LINE)


def continued_title(record: Record, page: Page) -> str:
    """Return the title of the further pages of a record."""
    return render_wording(page.continued, {"title": record.title})
