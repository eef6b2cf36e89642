"""A withdrawn letter on paper: its pages as they were issued, under a bar that says so."""

from __future__ import annotations

import io

import pikepdf
from reportlab.lib.colors import black, white
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from triage.pdf.fonts import BOLD, REGULAR, register_fonts
from triage.pdf.text import printable

# From the upper edge of the sheet, above where any letter begins.
_TOP, _HEIGHT, _MARGIN, _SIZE = 3.5 * mm, 7.5 * mm, 12 * mm, 10.0
# No line holds more characters.
_MOST = 400


def withdrawn(pdf: bytes, says: str) -> bytes:
    """Return a copy of an issued letter with `says` in a black bar on each page: the same one each time.

    The issued bytes stay as they are.
    """
    glyphs = register_fonts()
    line = " ".join(printable(says[:_MOST], glyphs).split())
    with pikepdf.open(io.BytesIO(pdf)) as letter:
        for page in letter.pages:
            width, height = (float(side) for side in page.mediabox[2:])
            with pikepdf.open(io.BytesIO(_bar(line, width, height))) as bar:
                form = letter.copy_foreign(bar.pages[0].as_form_xobject())
            # By itself it would get a name by chance.
            name = page.add_resource(form, pikepdf.Name.XObject, pikepdf.Name("/Withdrawn"))
            page.contents_add(b"q\n", prepend=True)
            page.contents_add(f"\nQ q {name} Do Q".encode())
        # Its pages say more than they did, and nobody is to go on with it.
        for attached in list(letter.attachments):
            del letter.attachments[attached]
        if "/AF" in letter.Root:
            del letter.Root.AF
        out = io.BytesIO()
        letter.save(out, deterministic_id=True, fix_metadata_version=False)
    return out.getvalue()


def _bar(line: str, width: float, height: float) -> bytes:
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
