"""Reading a printed letter back, to see that everything said is on the pages."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Iterator

import pypdfium2  # type: ignore[import-untyped]

from triage.letter.statements import Letter
from triage.letter.words.wording import render_wording
from triage.pdf.flow import Frame
from triage.pdf.fonts import register_fonts
from triage.pdf.lines import Setting
from triage.pdf.record import continued_title
from triage.pdf.sheet import fitted, running_title
from triage.pdf.text import printable

_MM = 72 / 25.4
# Line ends swallow spaces and hyphens, so these are not compared.
_LOOSE = re.compile(r"[\s\u00ad\u2010\u2011\ufffe\x02-]+")


def read_text(data: bytes) -> list[str]:
    """Return the text of each page, foot included."""
    with pypdfium2.PdfDocument(data) as document:
        return [_page_text(document, n) for n in range(len(document))]


def _page_text(document: pypdfium2.PdfDocument, number: int, above: float | None = None) -> str:
    page = document[number]
    try:
        text = page.get_textpage()
        try:
            if above is None:
                return str(text.get_text_range())
            return str(text.get_text_bounded(bottom=above))
        finally:
            text.close()
    finally:
        page.close()


def missing_statements(letter: Letter, data: bytes) -> list[str]:
    """Return the texts of a letter that are not found on its pages, whitespace and hyphens apart.

    What page one had to leave to the record is looked for there. A text that runs over a page or a column is found
    too: the pages are read as one, without their feet and without the titles of what goes on.
    """
    glyphs = register_fonts()
    above = (letter.page.margins.bottom - 1) * _MM
    with pypdfium2.PdfDocument(data) as document:
        paper = _paper_of(letter, document)
        letter, _ = fitted(letter, paper)
        whole = "".join(loose(_page_text(document, n, above)) for n in range(len(document)))
    joined = whole
    for title in _running(letter, paper, glyphs):
        joined = joined.replace(title, "")
    said = {text: loose(printable(text, glyphs)) for text in letter.texts()}
    return [text for text, told in said.items() if told not in whole and told not in joined]


def _paper_of(letter: Letter, document: pypdfium2.PdfDocument) -> str:
    """Return the name of the paper that the pages have."""
    width = document.get_page_size(0)[0] / _MM
    papers = letter.page.papers
    return min(papers, key=lambda name: abs(papers[name].width - width))


def _running(letter: Letter, paper: str, glyphs: Container[int]) -> Iterator[str]:
    """Yield what stands over what goes on, on a page or in a column."""
    page = letter.page
    frame = Frame.of(page.margins, page.papers[paper])
    yield loose(running_title(letter, frame.whole, Setting(page.sizes.practice.size, glyphs)))
    if letter.record is not None:
        yield loose(printable(continued_title(letter.record, letter.page), glyphs))
        record = letter.record
        titles = [*(t.title for t in record.tables), *(s.title for s in record.sections)]
        for title in titles:
            again = render_wording(letter.page.continued, {"title": title})
            yield loose(printable(again, glyphs))


def loose(text: str) -> str:
    """Return `text` without what the ends of lines swallow."""
    return _LOOSE.sub("", unicodedata.normalize("NFKC", text))
