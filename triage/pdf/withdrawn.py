"""A withdrawn letter on paper: its pages as they were issued, under a bar that says so."""

from __future__ import annotations

import io
from typing import Any

import pikepdf
from reportlab.lib.colors import black, white
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from triage.pdf.archive import packed
from triage.pdf.fonts import BOLD, REGULAR, register_fonts
from triage.pdf.structure import artifact, opening
from triage.pdf.text import printable

# From the upper edge of the sheet, above where any letter begins.
_TOP, _HEIGHT, _MARGIN, _SIZE = 3.5 * mm, 7.5 * mm, 12 * mm, 10.0
# No line holds more characters.
_MOST = 400


def withdrawn(pdf: bytes, says: str) -> bytes:
    """Return a copy of an issued letter with `says` in a black bar on each page: the same one each time.

    It is said first to those who listen, and carries no case. The issued bytes stay as they are.
    """
    glyphs = register_fonts()
    line = " ".join(printable(says[:_MOST], glyphs).split())
    bars: dict[tuple[float, ...], Any] = {}
    with pikepdf.open(io.BytesIO(pdf)) as letter:
        begin = opening(letter)
        for page in letter.pages:
            sides = tuple(map(float, page.mediabox[2:]))
            if sides not in bars:
                with pikepdf.open(io.BytesIO(bar(line, *sides))) as drawn:
                    bars[sides] = letter.copy_foreign(drawn.pages[0].as_form_xobject())
            # By itself it would get a name by chance.
            name = page.add_resource(bars[sides], pikepdf.Name.XObject, pikepdf.Name("/Withdrawn"))
            page.contents_add(f"{begin} q {name} Do Q EMC q\n".encode(), prepend=True)
            page.contents_add(b"\nQ")
            # Over the further pages it stands as their head.
            begin = artifact("head")
        for file in list(letter.attachments):
            del letter.attachments[file]
        if "/AF" in letter.Root:
            del letter.Root.AF
        return packed(letter)


def bar(line: str, width: float, height: float) -> bytes:
    """Return a page of that size with nothing on it but a black bar at its head that says `line`."""
    out = io.BytesIO()
    canvas = Canvas(out, (width, height), invariant=1, initialFontName=REGULAR)
    canvas.setFillColor(black)
    canvas.rect(_MARGIN, height - _TOP - _HEIGHT, width - 2 * _MARGIN, _HEIGHT, stroke=0, fill=1)
    canvas.setFillColor(white)
    size = _SIZE
    room = width - 2 * _MARGIN - 4 * mm
    while size > 7 and canvas.stringWidth(line, BOLD, size) > room:
        size -= 0.5
    while canvas.stringWidth(line, BOLD, size) > room:
        line = line[:-2].rstrip("… ") + "…"
    canvas.setFont(BOLD, size)
    canvas.drawString(_MARGIN + 2 * mm, height - _TOP - _HEIGHT + 2.5 * mm, line)
    canvas.showPage()
    canvas.save()
    return out.getvalue()
