"""Where on its pages a letter says something."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import pypdfium2  # type: ignore[import-untyped]

from triage.pdf.fonts import register_fonts
from triage.pdf.printed import loose
from triage.pdf.text import printable

# By so many signs a text is told from others that begin alike.
_BEGINNING = 60


class Place(NamedTuple):
    """A stretch of a page: its number from 0, and where it begins and ends, as parts of the page's height."""

    page: int
    top: float
    bottom: float


class _Found(NamedTuple):
    """What a page says without white space, and for each sign its place among the signs of the page."""

    said: str
    signs: tuple[int, ...]


def place_of(pdf: bytes, texts: Iterable[str]) -> Place | None:
    """Return where the first of `texts` stands that is on the pages; None if none is.

    Parameters
    ----------
    pdf
        The letter.
    texts
        What it says, such as sentences: found over the ends of lines.
    """
    glyphs = register_fonts()
    with pypdfium2.PdfDocument(pdf) as document:
        pages = [_read(document, number) for number in range(len(document))]
        for text in texts:
            whole = loose(printable(text, glyphs))
            # A text that runs over a page, or is cut there, is found by how it begins.
            for sought in filter(None, dict.fromkeys((whole, whole[:_BEGINNING]))):
                for number, page in enumerate(pages):
                    if (at := page.said.find(sought)) >= 0:
                        return _place(document, number, page.signs[at : at + len(sought)])
    return None


def _read(document: pypdfium2.PdfDocument, number: int) -> _Found:
    page = document[number]
    try:
        text = page.get_textpage()
        try:
            signs = list(_signs(str(text.get_text_range())))
        finally:
            text.close()
    finally:
        page.close()
    return _Found("".join(sign for _, sign in signs), tuple(at for at, _ in signs))


def _signs(text: str) -> Iterator[tuple[int, str]]:
    for at, sign in enumerate(text):
        yield from ((at, each) for each in loose(sign))


def _place(document: pypdfium2.PdfDocument, number: int, signs: tuple[int, ...]) -> Place:
    page = document[number]
    try:
        text = page.get_textpage()
        try:
            height = page.get_height()
            boxes = [text.get_charbox(at) for at in (signs[0], signs[-1])]
        finally:
            text.close()
    finally:
        page.close()
    top, bottom = max(box[3] for box in boxes), min(box[1] for box in boxes)
    return Place(number, 1 - top / height, 1 - bottom / height)
