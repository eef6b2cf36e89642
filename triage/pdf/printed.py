"""The text of a finished file, page by page, and how two texts are compared."""

from __future__ import annotations

import re
import unicodedata

import pypdfium2  # type: ignore[import-untyped]

# Line ends swallow spaces and hyphens, so these are not compared.
_LOOSE = re.compile(r"[\s\u00ad\u2010\u2011\ufffe\x02-]+")

# What the reader makes of a hyphen at a line end, and of others.
_HYPHENS = dict.fromkeys(map(ord, "\u00ad\u2010\u2011\ufffe\x02"), "-")


def read_text(data: bytes) -> list[str]:
    """Return the text of each page, foot included."""
    with pypdfium2.PdfDocument(data) as document:
        return [page_text(document, n) for n in range(len(document))]


def page_text(document: pypdfium2.PdfDocument, number: int, above: float | None = None) -> str:
    """Return the text of a page; only what stands `above` a height, if one is given."""
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


def loose(text: str) -> str:
    """Return `text` without what the ends of lines swallow."""
    return _LOOSE.sub("", unicodedata.normalize("NFKC", text))


def solid(text: str) -> str:
    """Return `text` without blanks and line ends, every other sign kept: 4- is not 4."""
    return "".join(text.translate(_HYPHENS).split())


def printed(data: bytes) -> str:
    """Return what the pages say as one text, to be compared with that of the same pages."""
    return "".join(map(solid, read_text(data)))
