"""The typeface: Lato, regular, bold and italic, from the package that carries it."""

from __future__ import annotations

from collections.abc import Container
from functools import cache

import fontpkg_lato  # type: ignore[import-untyped]
from reportlab.lib.fonts import addMapping
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

REGULAR, BOLD, ITALIC = "Lato", "Lato-Bold", "Lato-Italic"
_FILES = {REGULAR: "Lato-Regular.ttf", BOLD: "Lato-Bold.ttf", ITALIC: "Lato-Italic.ttf"}


@cache
def register_fonts() -> Container[int]:
    """Make the typeface known once, and return the code points that it can print."""
    faces = []
    for name, file in _FILES.items():
        font = TTFont(name, str(fontpkg_lato.ROOT / "files" / file))
        pdfmetrics.registerFont(font)
        faces.append(frozenset(font.face.charToGlyph))
    for bold, italic, name in ((0, 0, REGULAR), (1, 0, BOLD), (0, 1, ITALIC), (1, 1, BOLD)):
        addMapping(REGULAR, bold, italic, name)
    return frozenset.intersection(*faces)
