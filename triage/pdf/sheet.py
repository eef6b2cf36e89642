"""Page one, and how it is made to fit: letterhead, tinted strip, blocks."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from dataclasses import replace
from math import inf
from typing import NamedTuple

from reportlab.lib.units import mm

from triage.letter.ladder import (
    FEWEST_WORDS,
    KEPT_WORDS,
    with_short_notes,
    without_chart,
    yielding,
)
from triage.letter.page import Paper
from triage.letter.statements import Letter
from triage.letter.words.wording import render_wording
from triage.pdf.blocks import Scale, Setter
from triage.pdf.flow import Flowed, Frame, Laid, Placed, flowed
from triage.pdf.fonts import BOLD, REGULAR, register_fonts
from triage.pdf.foot import identity_line
from triage.pdf.lines import Line, Setting
from triage.pdf.logo import LogoPlace
from triage.pdf.pen import FURNITURE, INK, RULE, TINT, Pen
from triage.pdf.structure import Node

_PLACE_BELOW, _RULE_BELOW, _RULE_LINE = 13.0, 6.5, 0.5
_HEAD_GAP = 12.0
# More lines of a practice or its address leave no room for a letter.
MOST_NAMES, MOST_PLACES = 9, 12
_FIRST, _STRIP_FIRST, _AFTER_STRIP = 1.5, -1.5, 1.0
# The tinted strip: wider than the text on both sides, from above its first line to below its last.
_WIDER, _STRIP_ABOVE, _STRIP_BELOW = 3 * mm, 11.5, 6.0
# Over the second page of a letter: its title, the rule below, and the first line.
_TITLE_LOWER, _TITLE_RULE, _BELOW_TITLE = 0.5 * mm, 5.0, 20.0
_ABOVE_FOLD = 3.0 * mm

Page = Callable[[Pen], None]


class Spacing(NamedTuple):
    """What lies between blocks, in points, and what is left of the leading."""

    gap: float
    tight: float = 1.0


class Sheet(NamedTuple):
    """Page one as it was made to fit: the letter with what is left of it, its spacing, and the pages it takes."""

    letter: Letter
    spacing: Spacing
    pages: tuple[Page, ...]
    above_fold: bool = False


def fitted(letter: Letter, paper: str) -> tuple[Letter, Spacing]:
    """Return the letter as it is printed on a paper, and its spacing.

    Where page one overflows, the space between blocks is taken back, then the leading, then the body chart; then
    sentences are left to the record of findings, then long typed notes are cut, and stand whole in the record.
    """
    if letter.kind == "leaflet":
        return letter, Spacing(letter.page.space.block)
    sheet = sheet_of(letter, letter.page.papers[paper], register_fonts())
    return sheet.letter, sheet.spacing


def sheet_of(letter: Letter, paper: Paper, glyphs: Container[int]) -> Sheet:
    """Return page one, by the first step of the ladder that makes it fit; else on as many pages as it needs."""
    frame = Frame.of(letter.page.margins, paper)
    if letter.kind == "emergency":
        half = _Fitter(letter, frame._replace(last=fold_of(paper) - _ABOVE_FOLD), glyphs)
        if found := half.on_one_page():
            return found._replace(above_fold=True)
    fitter = _Fitter(letter, frame, glyphs)
    return fitter.on_one_page() or fitter.on_many()


def fold_of(paper: Paper) -> float:
    """Return where a sheet is folded."""
    return float(paper.height * mm / 2)


class _Fitter:
    def __init__(self, letter: Letter, frame: Frame, glyphs: Container[int]) -> None:
        self._letter = letter
        self._frame = frame
        self._glyphs = glyphs
        self._page = letter.page
        self._node = Node("Sect")
        self._scale = Scale.of(letter.page, emergency=letter.kind == "emergency")
        self._head = _Head(letter, frame, glyphs)

    def on_one_page(self) -> Sheet | None:
        """Return page one by the first step that makes it fit."""
        tight = self._page.space.tight
        whole, bare = self._letter, without_chart(self._letter)
        letters = [bare, *yielding(bare)]
        less = letters[-1]
        shorter = (with_short_notes(less, 2, words) for words in (KEPT_WORDS, FEWEST_WORDS))
        letters += [letter for letter in shorter if letter != less]
        steps = [(bare, 1.0), *((letter, tight) for letter in letters)]
        if bare is not whole:
            steps[:0] = [(whole, 1.0), (whole, tight)]
        return next((found for step in steps if (found := self._fitting(*step))), None)

    def on_many(self) -> Sheet:
        """Return the letter on as many pages as it needs at the least, and no more left out than that takes."""
        bare = without_chart(self._letter)
        *_, less = bare, *yielding(bare)
        tried = [self._flowing(bare), self._flowing(less), self._flowing(less, cut=True)]
        return min(tried, key=lambda sheet: len(sheet.pages))

    def _flowing(self, letter: Letter, *, cut: bool = False) -> Sheet:
        """Return a letter over several pages, its long notes cut or whole."""
        spacing = Spacing(self._scale.gap)
        frame = self._frame._replace(top=_title_at(self._frame) + _BELOW_TITLE)
        pages = 2
        for _ in range(2 if cut else 1):
            told = with_short_notes(letter, page=pages + 1) if cut else letter
            found = flowed(self._laid(told, 1.0), frame, self._head.bottom, spacing.gap)
            pages = len(found.pages)
        return self._sheet(told, spacing, found)

    def _fitting(self, letter: Letter, tight: float) -> Sheet | None:
        """Return page one with as much space between blocks as there is room for."""
        laid = self._laid(letter, tight)
        endless = self._frame._replace(last=inf)
        wide, least = self._scale.gap, self._scale.least
        room = self._frame.last + 0.01
        most = flowed(laid, endless, self._head.bottom, wide).end
        gap = wide
        if most > room:
            small = flowed(laid, endless, self._head.bottom, least).end
            if small > room:
                return None
            gap = least + (wide - least) * (room - 0.01 - small) / (most - small)
        found = flowed(laid, self._frame, self._head.bottom, gap)
        return self._sheet(letter, Spacing(gap, tight), found)

    def _laid(self, letter: Letter, tight: float) -> list[Laid]:
        setter = Setter(self._page, self._frame, self._scale, self._glyphs, self._node, tight)
        blocks = [laid for block in letter.blocks if (laid := setter.laid(block)).steps]
        if letter.notices:
            return [self._strip(setter.notice(letter.notices)), *blocks]
        if blocks:
            blocks[0].before = _FIRST
        return blocks

    def _strip(self, laid: Laid) -> Laid:
        """Return the notices on their tint."""
        frame = self._frame
        x, wide = frame.left - _WIDER, frame.whole + 2 * _WIDER

        def tint(pen: Pen, y: float) -> None:
            pen.filled(x, y - _STRIP_ABOVE, wide, _STRIP_ABOVE + _STRIP_BELOW, TINT)

        laid.marks[:0] = [(n, tint) for n in range(len(laid.steps))]
        laid.steps[-1].depth = _STRIP_BELOW
        laid.before, laid.after = _STRIP_FIRST, _AFTER_STRIP
        return laid

    def _sheet(self, letter: Letter, spacing: Spacing, found: Flowed) -> Sheet:
        first, *others = found.pages
        pages = [self._first(first), *map(self._further, others)]
        return Sheet(letter, spacing, tuple(pages))

    def _first(self, blocks: Sequence[Placed]) -> Page:
        def draw(pen: Pen) -> None:
            self._head.draw(pen, self._node)
            for placed in blocks:
                placed.draw(pen, self._frame)

        return draw

    def _further(self, blocks: Sequence[Placed]) -> Page:
        frame, type_ = self._frame, self._page.sizes.practice
        y = _title_at(frame)
        setting = Setting(type_.size, self._glyphs)
        title = setting.line(running_title(self._letter, frame.whole, setting), BOLD)

        def draw(pen: Pen) -> None:
            pen.write(frame.left, y, title, type_.size, "head")
            pen.rule(frame.left, y + _TITLE_RULE, frame.right, _RULE_LINE, RULE)
            for placed in blocks:
                placed.draw(pen, frame)

        return draw


def _title_at(frame: Frame) -> float:
    return float(frame.top + _TITLE_LOWER)


def running_title(letter: Letter, room: float, setting: Setting) -> str:
    """Return what stands over the second page of a letter, in one line: of a long name the given names are cut."""

    def title(name: str) -> str:
        return render_wording(letter.page.letter_continued, {"name": name, "kind": letter.kind})

    behind = setting.line(title(""), BOLD).width
    who = identity_line(replace(letter.identity, rest=()), setting, room - behind)
    return title("".join(run.text for run in who.runs))


class _Words(NamedTuple):
    """A paragraph of the letterhead: its lines where they stand."""

    lines: tuple[tuple[float, float, Line], ...]
    size: float
    grey: float


class _Head:
    """The letterhead: the practice and where it is; at the right the day and the document."""

    def __init__(self, letter: Letter, frame: Frame, glyphs: Container[int]) -> None:
        head, sizes = letter.letterhead, letter.page.sizes
        self._frame = frame
        self._logo = LogoPlace.of(head, frame.left, frame.top + _PLACE_BELOW)
        self._left = max(frame.axis, self._logo.right) if self._logo else frame.left
        big, small = Setting(sizes.practice.size, glyphs), Setting(sizes.place.size, glyphs)
        body = Setting(sizes.body.size, glyphs)
        self._marks: list[_Words] = []
        day = body.line(head.day, BOLD if letter.draft else REGULAR)
        document = small.line(head.document)
        room = frame.right - self._left - _HEAD_GAP
        y = frame.top
        names = big.said(head.name, room - day.width, strong=True, most=MOST_NAMES)
        y = self._lines(names, y, sizes.practice.leading, big.size)
        self._right(day, frame.top, body.size)
        y += _PLACE_BELOW
        below = y
        places = small.said(head.place, room - document.width, most=MOST_PLACES)
        y = self._lines(places, y, sizes.place.leading, small.size, FURNITURE)
        self._right(document, below, small.size, FURNITURE)
        self.bottom = y + _RULE_BELOW
        self._title = letter.title

    def _lines(
        self, lines: Sequence[Line], y: float, leading: float, size: float, grey: float = INK
    ) -> float:
        placed = ((self._left, y + n * leading, line) for n, line in enumerate(lines))
        self._marks.append(_Words(tuple(placed), size, grey))
        return y + (len(lines) - 1) * leading

    def _right(self, line: Line, y: float, size: float, grey: float = INK) -> None:
        self._marks.append(_Words(((self._frame.right - line.width, y, line),), size, grey))

    def draw(self, pen: Pen, node: Node) -> None:
        """Draw it with the rule below; its first words head the letter."""
        if self._logo:
            pen.picture(self._logo)
        head: Node | None = node.child("H1", title=self._title)
        for words in self._marks:
            lines = [at for at in words.lines if at[2].runs]
            part = (head or node.child("P")) if lines else None
            head = None if lines else head
            for x, y, line in lines:
                pen.write(x, y, line, words.size, part or node, words.grey)
        pen.rule(self._frame.left, self.bottom, self._frame.right, _RULE_LINE, RULE)
