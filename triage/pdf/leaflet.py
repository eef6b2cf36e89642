"""The patient's own sheet: large type, heads of its own, and the telephone at its end."""

from __future__ import annotations

from collections.abc import Container, Sequence

from reportlab.lib.units import mm

from triage.letter.page import Lines, Paper, Type
from triage.letter.statements import Block, Letter, Row
from triage.pdf.flow import Frame, Laid, flowed
from triage.pdf.fonts import BOLD
from triage.pdf.lines import Setting
from triage.pdf.logo import LogoPlace
from triage.pdf.pen import FURNITURE, INK, RULE, Pen
from triage.pdf.said import BAR, indent_of, own_paragraphs, paragraph_of, spans_of
from triage.pdf.sheet import MOST_NAMES, MOST_PLACES, Page
from triage.pdf.structure import Node

_TOP = 22 * mm
_RULE_BELOW, _RULE_LINE, _HEAVY = 8.0, 0.5, 1.6
_TITLE_BELOW = 6.0
_BLOCK, _ITEM, _TITLE_GAP = 14.9, 1.5, 13.0
_BULLET_INDENT, _BULLET_AT, _BULLET_UP, _BULLET = 12.0, 3.4, 4.2, 1.7
_ABOVE_TELEPHONE, _TELEPHONE_RISE, _BELOW_TELEPHONE = 37.9, 24.0, 10.0
_GAP = 12.0
# Of the measure, what a number takes at most before it breaks.
_NUMBER = 0.6


def leaflet_pages(letter: Letter, paper: Paper, glyphs: Container[int]) -> list[Page]:
    """Return the patient's sheet, on as many pages as it needs."""
    margins = letter.page.margins
    frame = Frame(
        margins.leaflet * mm,
        margins.leaflet * mm,
        (paper.width - margins.leaflet) * mm,
        _TOP,
        (paper.height - margins.bottom) * mm,
    )
    setter = _Setter(letter, frame, glyphs)
    blocks = [laid for block in letter.blocks if (laid := setter.laid(block)).steps]
    found = flowed([setter.head(), *blocks], frame, _TOP - setter.head_leading, _BLOCK)

    def page(number: int) -> Page:
        def draw(pen: Pen) -> None:
            for placed in found.pages[number]:
                placed.draw(pen, frame)

        return draw

    return [page(n) for n in range(len(found.pages))]


class _Setter:
    def __init__(self, letter: Letter, frame: Frame, glyphs: Container[int]) -> None:
        self._letter = letter
        self._frame = frame
        self._sizes = letter.page.sizes
        self._glyphs = glyphs
        self._node = Node("Sect")
        self.head_leading = self._sizes.tag.size * 1.3

    def _setting(self, type_: Type) -> Setting:
        return Setting(type_.size, self._glyphs)

    def head(self) -> Laid:
        """Return who writes, and the day."""
        head, frame = self._letter.letterhead, self._frame
        laid, type_ = Laid(self._node.child("Sect"), before=0), self._sizes.tag
        name, place = laid.node.child("P"), laid.node.child("P")
        setting = self._setting(type_)
        below = self._sizes.place.leading if head.place or head.document else 0
        logo = LogoPlace.of(head, frame.left, frame.top + below)
        left = logo.right if logo else frame.left
        day = setting.line(head.day, BOLD if self._letter.draft else "")
        room = frame.right - left - _GAP
        for line in setting.said(head.name, room - day.width, strong=True, most=MOST_NAMES):
            step = laid.step(self.head_leading)
            laid.write(step, left, line, setting.size, name)
        laid.write(0, frame.right - day.width, day, setting.size, laid.node.child("P"))
        if logo:
            laid.draw(0, lambda pen, y: pen.picture(logo))
        small = self._setting(self._sizes.place)
        document = small.line(head.document)
        places = small.said(head.place, room - document.width, most=MOST_PLACES)
        if head.place or head.document:
            for n, line in enumerate(places):
                step = laid.step(self._sizes.place.leading + (1 if n == 0 else 0))
                laid.write(step, left, line, small.size, place, FURNITURE)
                if n == 0:
                    x, part = frame.right - document.width, laid.node.child("P")
                    laid.write(step, x, document, small.size, part, FURNITURE)
        last = len(laid.steps) - 1
        laid.steps[last].depth = _RULE_BELOW
        laid.draw(
            last,
            lambda pen, y: pen.rule(frame.left, y + _RULE_BELOW, frame.right, _RULE_LINE, RULE),
        )
        laid.after = _TITLE_BELOW
        return laid

    def laid(self, block: Block) -> Laid:
        """Return a block: the title, a head with what stands below it, or the telephone."""
        if block.kind == "sender":
            return self._telephone(block)
        laid = Laid(self._node.child("Sect"))
        if block.title:
            title = laid.node.child("H1", title=self._letter.title)
            self._lines(laid, block.title, self._sizes.leaflet_title, title)
            laid.after = _TITLE_GAP
            for row in block.rows:
                self._row(laid, row, self._sizes.leaflet_small, grey=FURNITURE)
            return laid
        self._heading(laid, block)
        items = laid.node.child("L") if block.kind == "list" else None
        for row in block.rows:
            self._row(laid, row, self._sizes.leaflet, items)
        return laid

    def _heading(self, laid: Laid, block: Block) -> None:
        if block.heading:
            part = laid.node.child("H2", title=block.heading)
            self._lines(laid, block.heading, self._sizes.leaflet_head, part)

    def _lines(self, laid: Laid, text: str, type_: Lines, part: Node) -> None:
        setting = self._setting(type_)
        for line in setting.said(text, self._frame.whole, strong=True):
            step = laid.step(type_.leading)
            laid.write(step, self._frame.left, line, setting.size, part)

    def _row(
        self,
        laid: Laid,
        row: Row,
        type_: Lines,
        items: Node | None = None,
        *,
        grey: float = INK,
    ) -> None:
        """Add a row, one of `items` if there are such."""
        setting, frame, bullets = self._setting(type_), self._frame, items is not None
        node = items.child("LI").child("LBody") if items else laid.node
        for piece in own_paragraphs(row.statements):
            part = paragraph_of(piece, node)
            indent = _BULLET_INDENT if bullets else 0
            bar = frame.left + indent + BAR if indent_of(piece) else 0
            left = frame.left + indent + indent_of(piece)
            for n, line in enumerate(setting.lines(spans_of(piece), frame.right - left)):
                above = _ITEM if n == 0 and bullets and len(laid.steps) > 1 else 0
                # Under a head or the title the first line has the head's leading.
                leading = (
                    self._sizes.leaflet_head.leading if len(laid.steps) == 1 else type_.leading
                )
                step = laid.step(leading + above, bar=bar)
                if bullets and n == 0:
                    laid.draw(step, self._bullet)
                laid.write(step, left, line, setting.size, part, grey)

    def _bullet(self, pen: Pen, y: float) -> None:
        pen.dot(self._frame.left + _BULLET_AT, y - _BULLET_UP, _BULLET)

    def _telephone(self, block: Block) -> Laid:
        """Return who is rung, between two rules: the number large at the right edge."""
        frame, sizes = self._frame, self._sizes
        laid = Laid(self._node.child("Sect"), before=_ABOVE_TELEPHONE)
        rows: Sequence[Row] = block.rows
        self._heading(laid, block)
        for n, row in enumerate(rows):
            type_ = sizes.leaflet_head if n == 0 and not block.heading else sizes.leaflet_small
            first = len(laid.steps)
            large = self._setting(sizes.telephone)
            number = large.said(row.aside, _NUMBER * frame.whole, strong=True) if row.aside else []
            taken = max((line.width + _GAP for line in number), default=0.0)
            setting = self._setting(type_)
            if type_ is sizes.leaflet_head:
                setting = setting._replace(regular=BOLD)
            part, aside = laid.node.child("P"), laid.node.child("P")
            for line in setting.lines(spans_of(row.statements), frame.whole - taken):
                step = laid.step(type_.leading)
                laid.write(step, frame.left, line, setting.size, part)
            laid.steps_to(first + len(number), sizes.telephone.leading, first)
            for k, line in enumerate(number, start=first):
                laid.write(k, frame.right - line.width, line, large.size, aside)
            for lower in laid.steps[first + 1 : first + len(number)]:
                lower.rise = max(lower.rise, sizes.telephone.leading)
        if not laid.steps:
            return laid
        laid.steps[0].rise = _TELEPHONE_RISE
        last = len(laid.steps) - 1
        laid.draw(
            0,
            lambda pen, y: pen.rule(frame.left, y - _TELEPHONE_RISE, frame.right, _HEAVY),
        )
        below = _BELOW_TELEPHONE
        laid.steps[last].depth = below
        laid.draw(last, lambda pen, y: pen.rule(frame.left, y + below, frame.right, _HEAVY))
        return laid
