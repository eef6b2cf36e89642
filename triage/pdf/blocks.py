"""The blocks of page one: a label in the margin, and what stands beside it at the axis."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from functools import partial
from itertools import groupby
from typing import NamedTuple

from reportlab.lib.units import mm

from triage.letter.page import Lines, Page, Type
from triage.letter.statements import Block, BlockKind, Row, Statement
from triage.pdf.examined import Examined, lowered
from triage.pdf.flow import Frame, Laid
from triage.pdf.fonts import BOLD
from triage.pdf.level import BAND_ABOVE, draw_band, draw_level
from triage.pdf.lines import Setting
from triage.pdf.pen import FURNITURE, INK, Pen
from triage.pdf.said import BAR, indent_of, own_paragraphs, paragraph_of, spans_of
from triage.pdf.strip import draw_strip, strip_height
from triage.pdf.structure import Node

# Between a label and what stands beside it; between text and what stands at the right edge.
_LABEL_GAP, _ASIDE_GAP, _DETAIL_GAP = 1.5, 12.0, 9.0
_AFTER_TYPED = 0.5
# Of its size, how high a line is with what hangs below the one above it.
_CAPITALS = 0.85
# What parts age, birth date and number, where two spaces are written.
_PARTING = "   "
# Above the headline: to what stands above it, or to the band of an emergency.
_LEVEL_RISE, _BAND_BELOW, _LIGHT = 28.0, 11.8, 0.8
# Below what decides: the rule, and what the next block's leading is taken back by.
_CLOSING_RULE, _BELOW_QUESTION, _AFTER_CLOSING = 6.5, 1.5, -1.0
# The two boxes of what is to be decided.
_BOX, _BOX_LINE, _BOX_INDENT, _SECOND_BOX = 7.4, 0.8, 4.59 * mm, 26 * mm
_ABOVE_STRIP, _BELOW_STRIP = 3.5, 1.0


class Scale(NamedTuple):
    """How large the parts of page one are set, and how far apart."""

    body: Lines
    headline: Lines
    name: Lines
    details: Lines
    gap: float
    least: float

    @classmethod
    def of(cls, page: Page, *, emergency: bool) -> Scale:
        """Return the sizes of a letter, or the larger ones of an emergency."""
        s, space = page.sizes, page.space
        if emergency:
            parts = (s.emergency, s.emergency_headline, s.emergency_name, s.emergency_details)
            return cls(*parts, space.emergency, space.emergency)
        return cls(s.body, s.headline, s.name, s.details, space.block, space.block_least)


class Setter:
    """Sets the blocks of page one.

    Parameters
    ----------
    page
        Sizes and spaces.
    frame
        Where the text stands.
    scale
        How large it is.
    glyphs
        The characters that the font has.
    node
        The part of the document that the blocks are.
    tight
        What of the leading is left.
    """

    def __init__(
        self,
        page: Page,
        frame: Frame,
        scale: Scale,
        glyphs: Container[int],
        node: Node,
        tight: float = 1.0,
    ) -> None:
        self._page = page
        self._node = node
        self._frame = frame
        self._scale = scale
        self._glyphs = glyphs
        self._leading = scale.body.leading * tight
        self._body = self._setting(scale.body)
        self._label = self._setting(page.sizes.label)

    def _setting(self, type_: Type) -> Setting:
        return Setting(type_.size, self._glyphs)

    def laid(self, block: Block) -> Laid:
        """Return a block as lines."""
        laid = Laid(self._node.child("Sect"))
        _KINDS[block.kind](self, laid, block)
        if block.changed and laid.steps:
            laid.steps[0].changed = True
        if block.closes and laid.steps:
            self._close(laid, _BELOW_QUESTION if block.kind == "question" else 0)
        return laid

    def notice(self, rows: Sequence[Row]) -> Laid:
        """Return the rows of the tinted strip: their labels stand in the margin."""
        laid = Laid(self._node.child("Sect"))
        for row in rows:
            first = len(laid.steps)
            least = self._margin(laid, row.label, first)
            self._paragraphs(laid, [row], above=0)
            laid.steps_to(least, self._leading, first)
        return laid

    def _close(self, laid: Laid, more: float) -> None:
        frame, below = self._frame, _CLOSING_RULE + more
        last = len(laid.steps) - 1
        laid.steps[last].depth = below
        laid.draw(last, lambda pen, y: pen.rule(frame.left, y + below, frame.right, _LIGHT))
        laid.after = _AFTER_CLOSING

    def _below(self, setting: Setting) -> float:
        """Return how far below what stands above it the first line of a block is."""
        return max(self._leading, _CAPITALS * setting.size)

    # -- the margin ---------------------------------------------------------------------------------

    def _margin(
        self,
        laid: Laid,
        heading: str,
        step: int = 0,
        under: Sequence[str] = (),
        grey: float = FURNITURE,
        *,
        heads: bool = True,
    ) -> int:
        """Draw a label, which heads the block, and the small lines under it; return how many lines they need."""
        room = self._frame.axis - self._frame.left - _LABEL_GAP
        for text, strong, shade in ((heading, True, INK), *((u, False, grey) for u in under)):
            head = strong and heads
            part = laid.node.child("H2", title=heading) if head else laid.node.child("P")
            for line in self._label.said(text, room, strong=strong) if text else ():
                laid.write(step, self._frame.left, line, self._label.size, part, shade)
                step += 1
        return step

    # -- text ---------------------------------------------------------------------------------------

    def _text(
        self,
        laid: Laid,
        statements: Sequence[Statement],
        left: float,
        room: float,
        *,
        above: float = 0,
        setting: Setting | None = None,
        leading: float = 0,
        node: Node | None = None,
    ) -> None:
        """Add a paragraph, of the block or of a part of it: typed words are indented, with a bar."""
        setting, leading = setting or self._body, leading or self._leading
        indent = indent_of(statements)
        bar = left + BAR if indent else 0
        changed = any(s.changed for s in statements)
        part = paragraph_of(statements, node or laid.node)
        if laid.steps and laid.steps[-1].bar:
            above += _AFTER_TYPED
        for n, line in enumerate(setting.lines(spans_of(statements), room - indent)):
            rise = leading + (above if n == 0 and laid.steps else 0)
            step = laid.step(rise, bar=bar, changed=changed)
            laid.write(step, left + indent, line, setting.size, part)

    def _paragraphs(
        self, laid: Laid, rows: Sequence[Row], above: float | None = None, **how: object
    ) -> None:
        """Add rows as paragraphs at the axis."""
        frame = self._frame
        space = self._page.space.paragraph if above is None else above
        for row in rows:
            first = len(laid.steps)
            aside = self._body.said(row.aside, frame.measure / 2) if row.aside else []
            taken = max(line.width for line in aside) + _ASIDE_GAP if aside else 0
            for piece in own_paragraphs(row.statements):
                self._text(laid, piece, frame.axis, frame.measure - taken, above=space, **how)  # type: ignore[arg-type]
            part = laid.node.child("P")
            for n, line in enumerate(aside, start=first):
                laid.write(n, frame.right - line.width, line, self._body.size, part)
            laid.steps_to(first + len(aside), self._leading, first)
            self._tie_beside(laid, first, row)

    @staticmethod
    def _tie_beside(laid: Laid, first: int, row: Row) -> None:
        """Keep a row with something aside on one page: on two, that would stand amid its words."""
        if row.aside:
            laid.tie(first, len(laid.steps))

    # -- kinds --------------------------------------------------------------------------------------

    def _address(self, laid: Laid, block: Block) -> None:
        least = self._margin(laid, block.heading, under=block.under)
        self._paragraphs(laid, block.rows, above=0)
        laid.steps_to(least, self._leading)

    def _prose(self, laid: Laid, block: Block) -> None:
        least = self._margin(laid, block.heading, under=block.under)
        self._paragraphs(laid, [_run_in(row) for row in block.rows])
        laid.steps_to(least, self._leading)

    def _patient(self, laid: Laid, block: Block) -> None:
        least = self._margin(laid, block.heading, under=block.under)
        name, frame = self._setting(self._scale.name), self._frame
        lines = name.said(block.title, frame.measure, strong=True)
        part = laid.node.child("P")
        for line in lines:
            step = laid.step(self._scale.name.leading if laid.steps else self._below(name))
            laid.write(step, frame.axis, line, name.size, part)
        first, rest = block.rows[:1], block.rows[1:]
        if first and lines:
            self._details(laid, first[0], lines[-1].width + _DETAIL_GAP)
        self._paragraphs(laid, rest)
        laid.steps_to(least, self._leading)
        laid.before = self._page.space.patient

    def _details(self, laid: Laid, row: Row, taken: float) -> None:
        """Add age, birth date and numbers: on the line of the name if they fit."""
        setting, frame = self._setting(self._scale.details), self._frame
        spans = [s._replace(text=s.text.replace("  ", _PARTING)) for s in spans_of(row.statements)]
        beside, part = setting.lines(spans, 10 * frame.measure), laid.node.child("P")
        if len(beside) == 1 and taken + beside[0].width <= frame.measure:
            laid.write(len(laid.steps) - 1, frame.axis + taken, beside[0], setting.size, part)
            return
        for line in setting.lines(spans, frame.measure):
            step = laid.step(self._scale.details.leading)
            laid.write(step, frame.axis, line, setting.size, part)

    def _level(self, laid: Laid, block: Block) -> None:
        """Add the level, what is suspected, its sources, and why."""
        is_band = block.tag is not None and block.tag.level == "emergency"
        laid.before = 0.0
        how = (self._frame, self._page.sizes, self._glyphs, laid.node.child("P"))
        if is_band and block.tag is not None:
            laid.step(BAND_ABOVE)
            laid.draw(0, partial(draw_band, block.tag, *how))
        else:
            laid.draw(0, partial(draw_level, block.tag, *how))
        first = len(laid.steps)
        aim = block.tag.aim if block.tag is not None and not is_band else ""
        step = first + 1 if block.tag else first
        least = self._margin(laid, aim or block.heading, step, heads=not aim)
        self._headline(laid, block.title, is_band=is_band)
        least = self._sources(laid, block.under, least)
        body = len(laid.steps)
        self._paragraphs(laid, block.rows)
        if len(laid.steps) > body and not is_band:
            laid.steps[body].rise = self._scale.headline.leading
        laid.steps_to(least, self._leading)

    def _headline(self, laid: Laid, title: str, *, is_band: bool) -> None:
        headline, part = self._setting(self._scale.headline), laid.node.child("H2")
        for n, line in enumerate(headline.said(title, self._frame.measure, strong=True)):
            rise = self._scale.headline.leading
            if n == 0:
                rise = rise + _BAND_BELOW if is_band else _LEVEL_RISE
            step = laid.step(rise)
            laid.write(step, self._frame.axis, line, headline.size, part)

    def _sources(self, laid: Laid, sources: Sequence[str], step: int) -> int:
        source, frame = self._setting(self._page.sizes.source), self._frame
        for text in sources:
            part = laid.node.child("P")
            for line in source.said(text, frame.axis - frame.left - _LABEL_GAP):
                laid.write(step, frame.left, line, source.size, part, FURNITURE)
                step += 1
        return step

    def _question(self, laid: Laid, block: Block) -> None:
        least = self._margin(laid, block.heading, under=block.under)
        type_ = self._page.sizes.question
        setting = self._setting(type_)._replace(regular=BOLD)
        frame = self._frame
        for row in block.rows:
            for piece in own_paragraphs(row.statements):
                part = paragraph_of(piece, laid.node)
                for line in setting.lines(spans_of(piece), frame.measure):
                    rise = type_.leading if laid.steps else self._below(setting)
                    step = laid.step(rise, changed=any(s.changed for s in piece))
                    laid.write(step, frame.axis, line, type_.size, part)
        laid.steps_to(least, self._leading)
        laid.before = laid.after = self._page.space.deciding

    def _rows(self, laid: Laid, block: Block) -> None:
        column = self._page.margins.row * mm * self._body.size / self._page.sizes.body.size
        least = self._margin(laid, block.heading, under=block.under)
        self._items(laid, block.rows, column, self._page.space.row)
        laid.steps_to(least, self._leading)

    def _items(
        self, laid: Laid, rows: Sequence[Row], column: float, above: float, aside: float = 0
    ) -> None:
        """Add rows: those with labels are a list, others are paragraphs."""
        for is_labelled, group in groupby(rows, key=lambda row: bool(row.label)):
            if not is_labelled:
                self._paragraphs(laid, list(group))
                continue
            items = laid.node.child("L")
            for row in group:
                self._row(laid, items, row, column, above, aside)

    def _row(
        self, laid: Laid, items: Node, row: Row, column: float, above: float, aside: float = 0
    ) -> None:
        """Add an item: its label at the axis, its text `column` further, what stands aside at `aside`."""
        frame, first = self._frame, len(laid.steps)
        item = items.child("LI")
        name, body = item.child("Lbl"), item.child("LBody")
        label = self._body.said(row.label, column - _LABEL_GAP, strong=row.strong)
        for n, line in enumerate(label, start=first):
            laid.write(n, frame.axis, line, self._body.size, name)
        left = frame.axis + column
        room = (aside - _ASIDE_GAP / 2 if aside else frame.measure) - column
        for piece in own_paragraphs(row.statements):
            self._text(laid, piece, left, room, above=above, node=body)
        beside = self._body.said(row.aside, frame.measure - aside) if row.aside and aside else ()
        part = body.child("P")
        for n, line in enumerate(beside, start=first):
            laid.write(n, frame.axis + aside, line, self._body.size, part)
        laid.steps_to(first + max(len(label), len(beside)), self._leading, first)
        self._tie_beside(laid, first, row)

    def _studies(self, laid: Laid, block: Block) -> None:
        margins = self._page.margins
        least = self._margin(laid, block.heading, under=block.under, grey=INK)
        rows = [_strong(row) if row.label else row for row in block.rows]
        self._items(laid, rows, margins.study * mm, 0, margins.side * mm)
        laid.steps_to(least, self._leading)

    def _sender(self, laid: Laid, block: Block) -> None:
        least = self._margin(laid, block.heading, under=block.under)
        self._paragraphs(laid, block.rows[:1])
        # The rest of an emergency's sender is no clinical matter: it is set as small as in a letter.
        small = self._setting(self._page.sizes.body)
        self._paragraphs(laid, block.rows[1:], setting=small)
        laid.steps_to(least, self._leading)
        laid.after = 0.0

    def _decide(self, laid: Laid, block: Block) -> None:
        """Add what is to be decided: a box for asked for, a second for not asked for."""
        least = self._margin(laid, block.heading, under=block.under)
        frame = self._frame
        left, second = frame.axis + _BOX_INDENT, frame.right - _SECOND_BOX
        items = laid.node.child("L")
        for row in block.rows:
            first, body = len(laid.steps), items.child("LI").child("LBody")
            room = (second if row.aside else frame.right) - left - _ASIDE_GAP / 2
            laid.draw(first, partial(_box, frame.axis))
            for piece in own_paragraphs(row.statements):
                self._text(laid, piece, left, room, above=self._page.space.paragraph, node=body)
            if row.aside:
                laid.draw(first, partial(_box, second))
                words = self._body.said(row.aside, _SECOND_BOX - _BOX_INDENT + _LABEL_GAP)
                part = body.child("P")
                for n, line in enumerate(words, start=first):
                    laid.write(n, second + _BOX_INDENT - 2, line, self._body.size, part)
                laid.steps_to(first + len(words), self._leading, first)
                self._tie_beside(laid, first, row)
        laid.steps_to(least, self._leading)

    def _strip(self, laid: Laid, block: Block) -> None:
        """Add the safety strip over the whole width, and what is said under it."""
        frame, sizes, cells = self._frame, self._page.sizes, block.cells
        if cells:
            high = strip_height(cells, frame, sizes, self._glyphs)
            draw = partial(draw_strip, cells, frame, sizes, self._glyphs, laid.node.child("L"))
            laid.step(high + _ABOVE_STRIP)
            laid.draw(0, lambda pen, y: draw(pen, y - high))
            laid.before = self._page.space.deciding
        below = Laid(laid.node)
        if block.rows:
            least = self._margin(below, block.heading, under=block.under)
            self._paragraphs(below, block.rows)
            below.steps_to(least, self._leading)
            below.steps[0].rise += _BELOW_STRIP
        else:
            laid.after = _BELOW_STRIP
        shift = len(laid.steps)
        laid.steps += below.steps
        laid.marks += [(step + shift, mark) for step, mark in below.marks]

    def _examined(self, laid: Laid, block: Block) -> None:
        """Add the tables of the examination, with what is said beside and below them."""
        margin = Laid(laid.node)
        least = self._margin(margin, block.heading, under=block.under, grey=INK)
        sizes = self._page.sizes
        part = Examined(block, self._frame, sizes.table, self._glyphs, laid.node)
        # Beside tables, which are one line to the flow, the margin has its own.
        for step, mark in margin.marks:
            at = (0, step * self._leading) if part.has_tables else (step, 0.0)
            laid.draw(at[0], partial(lowered, mark, at[1]))
        part.add_to(laid, self._leading)
        laid.steps_to(1 if part.has_tables else least, self._leading)


def _run_in(row: Row) -> Row:
    """Return a row with its label as the first words of its text."""
    if not row.label:
        return row
    style = "strong" if row.strong else "plain"
    return Row("", (Statement(row.label, style=style), *row.statements), aside=row.aside)  # type: ignore[arg-type]


def _strong(row: Row) -> Row:
    return Row(row.label, row.statements, True, row.aside)


def _box(x: float, pen: Pen, y: float) -> None:
    pen.framed(x, y - _BOX + _BOX_LINE, _BOX, _BOX, _BOX_LINE)


_KINDS: Mapping[BlockKind, Callable[[Setter, Laid, Block], None]] = {
    "address": Setter._address,
    "patient": Setter._patient,
    "level": Setter._level,
    "question": Setter._question,
    "prose": Setter._prose,
    "rows": Setter._rows,
    "strip": Setter._strip,
    "studies": Setter._studies,
    "examined": Setter._examined,
    "decide": Setter._decide,
    "sender": Setter._sender,
    "notice": Setter._prose,
    "list": Setter._prose,
}
