"""The typeface: Lato, regular, bold and black, from the package that carries it."""

from __future__ import annotations

from collections.abc import Container
from functools import cache, lru_cache

import fontpkg_lato  # type: ignore[import-untyped]
from reportlab import rl_config
from reportlab.lib.rl_accel import fp_str
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont, TTFontFace

REGULAR, BOLD, BLACK = "Lato", "Lato-Bold", "Lato-Black"
_FILES = {REGULAR: "Lato-Regular.ttf", BOLD: "Lato-Bold.ttf", BLACK: "Lato-Black.ttf"}


class _Face(TTFont):  # type: ignore[misc]
    """A font that remembers how wide words are, and its file for the characters of a letter: both take long."""

    def __init__(self, name: str, path: str) -> None:
        super().__init__(name, path)
        self.units = _Units(self.face)
        self.stringWidth = lru_cache(maxsize=16_384)(self._wide)
        # As a file has it, for there it is written for each character that any text could have.
        self.face.getCharWidth = lru_cache(maxsize=4_096)(self._written)
        subset = lru_cache(maxsize=8)(self.face.makeSubset)
        self.face.makeSubset = lambda codes: subset(tuple(codes))

    def _wide(self, text: str, size: float, encoding: str = "") -> float:
        return 0.001 * size * sum(map(self.units.__getitem__, text))

    def _written(self, code: int) -> bytes:
        return str(fp_str(self.units[chr(code)])).encode()


class _Units(dict[str, float]):
    """How wide characters are, in thousandths of a size."""

    def __init__(self, face: TTFontFace) -> None:
        super().__init__({chr(code): wide for code, wide in face.charWidths.items()})
        self._default = float(face.defaultWidth)

    def __missing__(self, character: str) -> float:
        return self._default


_registered: dict[str, _Face] = {}


@cache
def register_fonts() -> Container[int]:
    """Make the typeface known once, and return the code points that it can print."""
    # Page contents as text-safe ASCII85 would be undone again a moment later, when the file is archived.
    rl_config.useA85 = 0
    faces = []
    for name, file in _FILES.items():
        font = _Face(name, str(fontpkg_lato.ROOT / "files" / file))
        pdfmetrics.registerFont(font)
        _registered[name] = font
        faces.append(frozenset(font.face.charToGlyph))
    return frozenset.intersection(*faces)


def forget_widths() -> None:
    """Keep no words of which the width was asked."""
    for font in _registered.values():
        font.stringWidth.cache_clear()


def width(text: str, font: str, size: float) -> float:
    """Return how wide a text is in points."""
    wide: float = _registered[font].stringWidth(text, size)
    return wide
