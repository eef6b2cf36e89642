"""Setting a letter in type."""

from __future__ import annotations

import io
import re
from collections.abc import Container, Iterable, Iterator
from datetime import datetime
from functools import partial
from typing import Any, Literal

from reportlab.lib.colors import Color, black
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    PageTemplate,
    Paragraph,
    Spacer,
)

from triage.letter.page import Page, Paper
from triage.letter.statements import Block, Letter, Row, Statement
from triage.letter.wording import render_wording
from triage.pdf.archive import archived
from triage.pdf.flow import GREY, Beside, framed
from triage.pdf.fonts import BOLD, REGULAR, register_fonts
from triage.pdf.text import markup, printable, refuse_lacking

_PALE = Color(0.91, 0.91, 0.91)
_TAG = re.compile(r"(\[[A-Za-z]\w*(?:[,;] [^\[\]]+)?\])$")
# PROVISIONAL, NOT ASKED and the like stand out; an acronym such as CK does not.
_LEAD = re.compile(r"^([A-Z]{3,}(?: [A-Z]{2,})*)(?=, not|:)")
_LINES = ("banner", "address", "list")


def render(
    letter: Letter,
    *,
    paper: Literal["a4", "letter"] = "a4",
    case_json: str | None = None,
    when: datetime,
) -> bytes:
    """Return the letter as PDF/A-3b. The same letter, paper, case and date give the same bytes.

    Parameters
    ----------
    letter
        What to print.
    paper
        The size of the paper.
    case_json
        The case, to be attached as data; None attaches nothing.
    when
        The date of creation that the file states.

    Raises
    ------
    LetterError
        If a final letter holds characters that the font lacks.
    """
    glyphs = register_fonts()
    if not letter.draft:
        refuse_lacking(letter, glyphs)
    return archived(
        _drawn(letter, letter.page.papers[paper], glyphs),
        letter.title,
        letter.language,
        when,
        case_json,
    )


def _drawn(letter: Letter, paper: Paper, glyphs: Container[int]) -> bytes:
    page = letter.page
    out = io.BytesIO()
    size = (paper.width * mm, paper.height * mm)
    margins = page.margins
    width = size[0] - (margins.left + margins.right) * mm
    frame = Frame(
        margins.left * mm,
        margins.bottom * mm,
        width,
        size[1] - (margins.top + margins.bottom) * mm,
        leftPadding=0,
        rightPadding=0,
        topPadding=0,
        bottomPadding=0,
    )
    document = BaseDocTemplate(
        out,
        pagesize=size,
        invariant=1,
        initialFontName=REGULAR,
        initialFontSize=page.sizes.body,
        title=letter.title,
    )
    mark = partial(_draft_mark, letter=letter, glyphs=glyphs) if letter.draft else lambda *_: None
    document.addPageTemplates([PageTemplate("letter", [frame], onPage=mark)])
    setter = _Setter(letter, width, glyphs)
    document.build(list(setter.story()), canvasmaker=partial(_Pages, letter=letter, glyphs=glyphs))
    return out.getvalue()


class _Pages(Canvas):  # type: ignore[misc]
    """A canvas that knows how many pages there are before it writes their feet."""

    def __init__(self, *args: Any, letter: Letter, glyphs: Container[int], **kwargs: Any) -> None:
        kwargs["initialFontName"] = REGULAR
        super().__init__(*args, **kwargs)
        self._letter = letter
        self._glyphs = glyphs
        self._kept: list[dict[str, Any]] = []

    def showPage(self) -> None:  # noqa: N802
        """Keep the page until the number of pages is known."""
        self._kept.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        """Write every page with its foot, then the file."""
        total = len(self._kept)
        for number, state in enumerate(self._kept, start=1):
            self.__dict__.update(state)
            _foot(self, self._letter, self._glyphs, number, total)
            super().showPage()
        super().save()


def _foot(canvas: Canvas, letter: Letter, glyphs: Container[int], number: int, total: int) -> None:
    page = letter.page
    width = canvas._pagesize[0]
    left, right = page.margins.left * mm, width - page.margins.right * mm
    base = (page.margins.bottom - 7) * mm
    canvas.setStrokeColor(GREY)
    canvas.setLineWidth(0.5)
    canvas.line(left, base + 10, right, base + 10)
    canvas.setFillColor(black)
    canvas.setFont(BOLD, page.sizes.small)
    line = 1.3 * page.sizes.small
    room = right - left
    pages = render_wording(page.page_of, {"page": number, "pages": total})
    canvas.setFont(REGULAR, page.sizes.small)
    canvas.drawRightString(right, base - line, pages)
    about = f"{letter.footer}  {letter.mark}" if letter.draft else letter.footer
    canvas.drawString(
        left,
        base - line,
        _fitted(canvas, printable(about, glyphs), room - 70, REGULAR, page.sizes.small),
    )
    identity = " ".join(printable(letter.identity, glyphs).split("\n")).replace("   ", "  \u00b7  ")
    canvas.setFont(BOLD, page.sizes.small)
    canvas.drawString(left, base, _fitted(canvas, identity, room, BOLD, page.sizes.small))


def _fitted(canvas: Canvas, text: str, room: float, font: str, size: float) -> str:
    """Return `text`, cut with an ellipsis if it is wider than the line."""
    if canvas.stringWidth(text, font, size) <= room:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if canvas.stringWidth(text[:middle] + "…", font, size) <= room:
            low = middle
        else:
            high = middle - 1
    return text[:low] + "…"


def _draft_mark(
    canvas: Canvas, document: BaseDocTemplate, *, letter: Letter, glyphs: Container[int]
) -> None:
    """Draw the mark of a draft beneath the text: large, pale, across the page."""
    width, height = canvas._pagesize
    canvas.saveState()
    canvas.setFillColor(_PALE)
    canvas.translate(width / 2, height / 2)
    canvas.rotate(52)
    canvas.setFont(BOLD, 150)
    canvas.drawCentredString(0, -50, printable(letter.page.watermark, glyphs))
    canvas.restoreState()


class _Setter:
    """Turns blocks into flowables."""

    def __init__(self, letter: Letter, width: float, glyphs: Container[int]) -> None:
        self._letter = letter
        self._width = width
        self._glyphs = glyphs
        self._gutter = letter.page.margins.gutter * mm
        self._styles = _styles(letter.page)

    def story(self) -> Iterator[Flowable]:
        """Yield everything, top to bottom."""
        for n, statement in enumerate(self._letter.letterhead):
            yield self._paragraph([statement], "head" if n == 0 else "body")
        for block in self._letter.blocks:
            yield from self._block(block)

    def _block(self, block: Block) -> Iterator[Flowable]:
        if block.kind == "banner":
            yield Spacer(1, 4)
            yield self._banner(block)
            yield Spacer(1, 5)
            return
        if not block.heading:
            yield Spacer(1, 4)
        heading = block.heading
        for label, statements, small in self._pieces(block):
            for piece in _own_paragraphs(statements):
                free = piece[0].style == "free"
                name = "small" if small else "gap" if heading else "row"
                body = self._paragraph(piece, name)
                if not block.heading:
                    yield Beside(None, body, 10, free) if free else body
                else:
                    yield Beside(self._label(heading, label), body, self._gutter, free)
                heading = label = ""

    def _pieces(self, block: Block) -> Iterator[tuple[str, Iterable[Statement], bool]]:
        """Yield label, statements and whether small, a paragraph at a time."""
        small = block.kind == "small"
        if block.kind in _LINES or block.id == "identity":
            for statement in block.statements:
                yield "", [statement], small
        elif block.statements:
            yield "", block.statements, small
        for row in block.rows:
            yield row.label, row.statements, small or _is_small(row)

    def _label(self, heading: str, label: str) -> Paragraph | None:
        """Return what stands in the margin column: the block's heading, the row's label, or one above the other."""
        words = [f"<b>{self._marked(heading.upper())}</b>"] if heading else []
        if label:
            marked = self._marked(label)
            # "NOT EXAMINED" must not be overlooked.
            words.append(
                f"<b>{marked}</b>" if label.isupper() else f'<font color="#555555">{marked}</font>'
            )
        return Paragraph("<br/>".join(words), self._styles["heading"]) if words else None

    def _banner(self, block: Block) -> Flowable:
        names = ["banner", *("inside" for _ in block.statements[1:])]
        small = [s.style == "small" for s in block.statements]
        pairs = zip(block.statements, names, strict=True)
        return framed([self._paragraph([s], name) for s, name in pairs], small, self._width)

    def _paragraph(self, statements: Iterable[Statement], style: str) -> Paragraph:
        return Paragraph(" ".join(self._statement(s) for s in statements), self._styles[style])

    def _statement(self, statement: Statement) -> str:
        text = self._marked(statement.text)
        if statement.style == "free":
            return text
        small = self._letter.page.sizes.small
        # Rule and source stand back, so that the sentence reads without them.
        text = _TAG.sub(rf'<font size="{small}" color="#555555">\1</font>', text)
        if statement.style == "plain":
            text = _LEAD.sub(r"<b>\1</b>", text)
        if statement.style == "strong":
            return f"<b>{text}</b>"
        return f'<font size="{small + 1}">{text}</font>' if statement.style == "small" else text

    def _marked(self, text: str) -> str:
        return markup(text, self._glyphs)


def _own_paragraphs(statements: Iterable[Statement]) -> Iterator[list[Statement]]:
    """Yield runs of statements: typed text stands by itself."""
    run: list[Statement] = []
    for statement in statements:
        if statement.style == "free":
            if run:
                yield run
            yield [statement]
            run = []
        else:
            run.append(statement)
    if run:
        yield run


def _is_small(row: Row) -> bool:
    return all(s.style == "small" for s in row.statements)


def _styles(page: Page) -> dict[str, ParagraphStyle]:
    sizes = page.sizes

    def style(name: str, size: float, **more: Any) -> ParagraphStyle:
        return ParagraphStyle(
            name,
            fontName=more.pop("fontName", REGULAR),
            fontSize=size,
            leading=size * sizes.leading,
            bulletFontName=REGULAR,
            allowWidows=0,
            allowOrphans=0,
            splitLongWords=1,
            **more,
        )

    return {
        "head": style("head", sizes.body, spaceAfter=3),
        "body": style("body", sizes.body),
        "row": style("row", sizes.body, spaceBefore=1.8),
        "gap": style("gap", sizes.body, spaceBefore=6),
        "small": style("small", sizes.small, textColor=GREY, spaceBefore=2),
        "banner": style("banner", sizes.banner),
        "inside": style("inside", sizes.body),
        "heading": style("heading", sizes.heading),
    }
