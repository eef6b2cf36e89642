"""Setting a letter in type."""

from __future__ import annotations

from collections.abc import Callable, Container
from datetime import datetime
from typing import Literal

from reportlab.lib.units import mm

from triage.collector import without_collector
from triage.letter.page import Paper
from triage.letter.statements import Letter
from triage.pdf.archive import About, archived
from triage.pdf.flow import Frame
from triage.pdf.fonts import register_fonts
from triage.pdf.foot import draw_foot
from triage.pdf.leaflet import leaflet_pages
from triage.pdf.pen import RULE, Pen
from triage.pdf.printed import solid
from triage.pdf.record import record_below, record_pages
from triage.pdf.sheet import Page, fold_of, sheet_of
from triage.pdf.text import refuse_lacking

# Where a sheet is folded: ticks at both edges, and the record below.
_TICK, _TICK_LINE, _BELOW_FOLD = 7 * mm, 0.5, 11 * mm


PaperName = Literal["a4", "letter"]


@without_collector()
def render(
    letter: Letter,
    *,
    paper: PaperName = "a4",
    case_json: Callable[[str], str | None] | None = None,
    when: datetime,
) -> bytes:
    """Return the letter as PDF/A-3a and PDF/UA-1. The same letter, paper, case and date give the same bytes.

    Parameters
    ----------
    letter
        What to print. Where page one overflows, less of it is printed, as `fitted` has it.
    paper
        The size of the paper.
    case_json
        Returns, of the text of the pages as `printed` reads it, the case that is attached as data; None attaches
        nothing.
    when
        The date of creation that the file states.

    Raises
    ------
    LetterError
        If a final letter holds characters that the font lacks.
    """
    pen = _drawn(letter, paper, tagged=True)
    data, about = pen.finished(), About(letter.title, letter.language, when)
    return archived(data, pen.root, about, case_json(solid(pen.words)) if case_json else None)


@without_collector()
def preview(letter: Letter, *, paper: PaperName = "a4") -> bytes:
    """Return the pages of `render` to be looked at here: no more than what can be seen.

    Raises
    ------
    LetterError
        If a final letter holds characters that the font lacks.
    """
    return _drawn(letter, paper, tagged=False).finished()


def _drawn(letter: Letter, paper: PaperName, *, tagged: bool) -> Pen:
    glyphs = register_fonts()
    if not letter.draft:
        refuse_lacking(letter, glyphs)
    sheet = letter.page.papers[paper]
    pen = Pen(sheet, letter.title, tagged=tagged)
    _draw(pen, letter, sheet, glyphs)
    return pen


def _draw(pen: Pen, letter: Letter, paper: Paper, glyphs: Container[int]) -> None:
    frame = Frame.of(letter.page.margins, paper)
    if letter.kind == "leaflet":
        pages = leaflet_pages(letter, paper, glyphs)
        margin = letter.page.margins.leaflet * mm
        frame = frame._replace(left=margin, right=paper.width * mm - margin)
    else:
        pages = _pages(letter, paper, frame, glyphs)
    for number, page in enumerate(pages, start=1):
        page(pen)
        if letter.draft:
            pen.draft()
        draw_foot(pen, letter, frame, glyphs, number, len(pages))
        pen.end_page()


def _pages(letter: Letter, paper: Paper, frame: Frame, glyphs: Container[int]) -> list[Page]:
    """Return page one, what it runs over to, and the record."""
    sheet = sheet_of(letter, paper, glyphs)
    is_cut = sheet.letter.record != letter.record
    letter, pages = sheet.letter, list(sheet.pages)
    fold = fold_of(paper)
    if letter.kind == "emergency" and sheet.above_fold:
        first = pages[0]
        below = None
        # A note that is cut says on which page it is whole.
        if letter.record is not None and not is_cut:
            lower = frame._replace(top=fold + _BELOW_FOLD)
            below = record_below(letter, lower, glyphs)
        pages[0] = _folded(first, below, fold)
        if below is not None:
            return pages
    if letter.record is not None:
        pages += record_pages(letter, frame, glyphs)
    return pages


def _folded(upper: Page, lower: Page | None, fold: float) -> Page:
    """Return a sheet with the ticks of its fold."""

    def draw(pen: Pen) -> None:
        upper(pen)
        pen.rule(0, fold, _TICK, _TICK_LINE, RULE)
        pen.rule(pen.width - _TICK, fold, pen.width, _TICK_LINE, RULE)
        if lower is not None:
            lower(pen)

    return draw
