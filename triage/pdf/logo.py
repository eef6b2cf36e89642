"""The picture of a letterhead: an SVG stays lines and areas, a PNG is laid on white. Nothing is fetched for it."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from math import inf, isfinite
from pathlib import Path
from typing import Any, NamedTuple

from PIL import Image
from reportlab.lib.units import mm

from triage.errors import LetterError
from triage.files import read_bytes
from triage.letter.statements import Letterhead
from triage.pdf.fonts import REGULAR, register_fonts

LARGEST = 2_000_000
# What there is room for beside the practice; a picture with more dots than this is made smaller first.
HIGHEST, WIDEST = 14 * mm, 40 * mm
_DOTS = 300 / 72
_WHITE, _BESIDE, _DESCENT = 5 * mm, 4 * mm, 2.0
_MOST_PIXELS, _MOST_PARTS, _MOST_CODE = 40_000_000, 5_000, 500_000
_PNG = b"\x89PNG\r\n\x1a\n"
_SVG = "{http://www.w3.org/2000/svg}"
# What an SVG may hold. Shading, words and pictures inside it are not among them: they would need resources of others.
_DRAWN = {"path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "use"}
_KEPT = {*_DRAWN, "svg", "g", "defs", "symbol", "clipPath", "style"}
_LEFT_OUT = {"title", "desc", "metadata"}
_HREF = re.compile(r"(?:\{.*\})?href")
_ELSEWHERE = re.compile(r"url\(\s*['\"]?(?!['\"#\s])|@import", re.IGNORECASE)
_OPACITY = re.compile(r"(?:^|[\s;{-])opacity\s*:\s*([^;}!]*)", re.IGNORECASE)
_PLAIN = "save it with plain areas and outlines only, or choose a PNG"
# Its remarks are for those who write pictures; what matters is refused here in a sentence.
logging.getLogger("svglib").setLevel(logging.CRITICAL)


class Logo(NamedTuple):
    """A picture, ready to be drawn: its size in units of its own, and either operators of a page or dots."""

    width: float
    height: float
    code: str = ""
    image: Image.Image | None = None

    def size(self, highest: float) -> tuple[float, float]:
        """Return how wide and high it is drawn where there is room for `highest`."""
        scale = min(WIDEST / self.width, highest / self.height)
        return self.width * scale, self.height * scale


class LogoPlace(NamedTuple):
    """Where the picture of a letterhead stands, and how high it may be."""

    logo: Logo
    left: float
    bottom: float

    @classmethod
    def of(cls, head: Letterhead, left: float, last: float) -> LogoPlace | None:
        """Return the place of a letterhead's picture, whose last baseline is at `last`; None if it has none."""
        return cls(logo_of(head.logo), left, last + _DESCENT) if head.logo else None

    @property
    def highest(self) -> float:
        """How high it may be: printers leave the edge of the paper white."""
        return float(min(HIGHEST, self.bottom - _WHITE))

    @property
    def right(self) -> float:
        """Where the words beside it begin."""
        return float(self.left + self.logo.size(self.highest)[0] + _BESIDE)


def read_logo(path: Path) -> bytes:
    """Return the file of a picture that can be printed.

    Raises
    ------
    TriageError
        If it cannot be read or printed, in a sentence without the path.
    """
    data = read_bytes(path, LARGEST)
    logo_of(data)
    return data


@lru_cache(maxsize=2)
def logo_of(data: bytes) -> Logo:
    """Return what is drawn of the file of a picture.

    Raises
    ------
    LetterError
        If it is neither SVG nor PNG, or holds what cannot be printed.
    """
    return _png(data) if data.startswith(_PNG) else _svg(data)


def _png(data: bytes) -> Logo:
    try:
        with Image.open(io.BytesIO(data), formats=["PNG"]) as picture:
            if picture.width * picture.height > _MOST_PIXELS:
                raise LetterError("the picture has too many dots: make it smaller")
            seen = picture.convert("RGBA")
    # Pillow raises what its parts raise: of a file that someone chose, all of it means the same.
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise LetterError("the picture is damaged: choose another file") from error
    paper = Image.new("RGBA", seen.size, "white")
    paper.alpha_composite(seen)
    flat = paper.convert("RGB")
    flat.thumbnail((round(WIDEST * _DOTS), round(HIGHEST * _DOTS)), Image.Resampling.LANCZOS)
    return Logo(flat.width, flat.height, image=flat)


def _svg(data: bytes) -> Logo:
    from reportlab.graphics.renderPDF import draw
    from reportlab.pdfgen.canvas import Canvas
    from svglib.svglib import svg2rlg

    safe = _checked(data)
    try:
        drawing: Any = svg2rlg(io.BytesIO(safe))
        _make_plain(drawing)
        wide, high = float(drawing.width), float(drawing.height)
        if not (isfinite(wide) and isfinite(high) and wide > 0 and high > 0):
            raise LetterError("the picture has no size: give the SVG a width and a height")
        register_fonts()
        canvas = Canvas(io.BytesIO(), invariant=1, initialFontName=REGULAR)
        begun = len(canvas._code)
        draw(drawing, canvas, 0, 0)
        # The engine presets a font, although no words are drawn.
        code = "\n".join(c for c in canvas._code[begun:] if not c.startswith("BT"))
        if len(code) > _MOST_CODE:
            raise _detailed()
    except LetterError:
        raise
    # What goes wrong in numbers, paths and styles of a file from outside has no end of names.
    except Exception as error:
        raise LetterError(f"the SVG cannot be drawn: {_PLAIN}") from error
    return Logo(wide, high, code)


def _checked(data: bytes) -> bytes:
    """Return an SVG without anything but what is drawn, once nothing in it refers to anything outside it."""
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise LetterError("the file is neither an SVG nor a PNG: choose another one") from None
    if root.tag != f"{_SVG}svg":
        raise LetterError("the file is neither an SVG nor a PNG: choose another one")
    declared = root.getroottree().docinfo.internalDTD
    if declared is not None and list(declared.entities()):
        raise LetterError(f"the SVG declares entities: {_PLAIN}")
    for element in list(root.iter()):
        name = element.tag if isinstance(element.tag, str) else ""
        if not name.startswith(_SVG) or name.removeprefix(_SVG) in _LEFT_OUT:
            _leave_out(element)
        else:
            _refuse(element, name.removeprefix(_SVG))
    parts = _parts(root, {element.get("id"): element for element in root.iter()}, {})
    if not 0 < parts <= _MOST_PARTS:
        raise LetterError(
            f"the SVG has no parts, or more than {_MOST_PARTS}: choose another, or a PNG"
        )
    # Each sign of a path is at least one of what is drawn; to read so many takes minutes.
    if sum(len(value) for element in root.iter() for value in element.values()) > _MOST_CODE:
        raise _detailed()
    return bytes(etree.tostring(root))


def _parts(element: Any, named: Mapping[str, Any], known: dict[Any, float]) -> float:
    """Return how many parts are drawn, those that are drawn again counted again; no end of them in a circle."""
    if element not in known:
        known[element] = inf
        inside = [*element]
        if element.tag == f"{_SVG}use":
            target = next((v for k, v in element.attrib.items() if _HREF.fullmatch(k)), "").strip()
            inside += [named[target[1:]]] if target[1:] in named else []
        drawn = element.tag.removeprefix(_SVG) in _DRAWN
        known[element] = drawn + sum(_parts(part, named, known) for part in inside)
    return known[element]


def _leave_out(element: Any) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _refuse(element: Any, name: str) -> None:
    """Refuse what cannot be printed as it is meant, or refers to something outside the file."""
    if name not in _KEPT:
        what = "words" if name in {"text", "tspan"} else f"<{name[:40]}>"
        raise LetterError(f"the SVG holds {what}: {_PLAIN}")
    styles = [element.text or ""] if name == "style" else []
    for key, value in element.attrib.items():
        if _HREF.fullmatch(key) and not value.strip().startswith("#"):
            raise LetterError("the SVG refers to another file: save it with everything inside it")
        if key.endswith("opacity"):
            styles.append(f"opacity:{value}")
        else:
            styles.append(value)
    for style in styles:
        if _ELSEWHERE.search(style):
            raise LetterError("the SVG refers to another file: save it with everything inside it")
        if not all(map(_is_opaque, _OPACITY.findall(style))):
            raise _transparent()


def _is_opaque(value: str) -> bool:
    text = value.strip()
    try:
        return float(text.removesuffix("%")) >= (100 if text.endswith("%") else 1)
    except ValueError:
        return text in {"", "inherit"}


def _detailed() -> LetterError:
    return LetterError(f"the SVG is drawn with too much detail: {_PLAIN}")


def _transparent() -> LetterError:
    return LetterError(
        "the SVG is transparent in places: save it with opaque colours, or choose a PNG"
    )


def _make_plain(drawing: Any) -> None:
    """Give the shapes of a drawing opaque colours of the screen."""
    from reportlab.lib.colors import Color

    for shape in _shapes(drawing):
        for name in ("fillColor", "strokeColor"):
            colour = getattr(shape, name, None)
            if colour is not None:
                if getattr(colour, "alpha", 1) < 1:
                    raise _transparent()
                setattr(shape, name, Color(colour.red, colour.green, colour.blue))
        for name in ("fillOpacity", "strokeOpacity"):
            if getattr(shape, name, None) is not None:
                setattr(shape, name, None)


def _shapes(shape: Any) -> Iterator[Any]:
    yield shape
    for part in getattr(shape, "contents", ()):
        yield from _shapes(part)
