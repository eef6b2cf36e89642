"""Reading a printed letter back, to see that everything said is on the pages."""

from __future__ import annotations

from collections.abc import Container, Iterator

import pypdfium2  # type: ignore[import-untyped]

from triage.letter.statements import Letter
from triage.letter.words.wording import render_wording
from triage.pdf.flow import Frame
from triage.pdf.fonts import register_fonts
from triage.pdf.lines import Setting
from triage.pdf.printed import loose, page_text
from triage.pdf.printed import read_text as read_text
from triage.pdf.record import continued_title
from triage.pdf.sheet import fitted, running_title
from triage.pdf.text import printable

_MM = 72 / 25.4


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
        whole = "".join(loose(page_text(document, n, above)) for n in range(len(document)))
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
