"""Reading a printed letter back, to see that everything said is on the pages."""

from __future__ import annotations

import re
import unicodedata

import pypdfium2  # type: ignore[import-untyped]

from triage.letter.statements import Letter, Statement
from triage.pdf.fonts import register_fonts
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


def missing_statements(letter: Letter, data: bytes) -> list[Statement]:
    """Return the statements that are not found on the pages, whitespace and hyphens apart.

    A statement that runs over a page break is found too: the pages are read as one text, feet and draft mark left out.
    """
    glyphs = register_fonts()
    above = (letter.page.margins.bottom - 1) * _MM
    with pypdfium2.PdfDocument(data) as document:
        pages = [_loose(_page_text(document, n, above)) for n in range(len(document))]
    if letter.draft:
        mark = _loose(printable(letter.page.watermark, glyphs))
        pages = [page.replace(mark, "", 1) if page.startswith(mark) else page for page in pages]
    whole = "".join(pages)
    return [s for s in letter.statements() if _loose(printable(s.text, glyphs)) not in whole]


def _loose(text: str) -> str:
    return _LOOSE.sub("", unicodedata.normalize("NFKC", text))
