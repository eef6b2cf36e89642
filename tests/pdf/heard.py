"""What a screen reader is told of a PDF: the text of its tree, read top to bottom."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import pikepdf
from pikepdf import Dictionary, Name

_PAIR = re.compile(rb"<(\w\w)> <(\w+)>")


class Heard(NamedTuple):
    """A part with words: how deep in the tree it lies, its tag, and its words."""

    depth: int
    tag: str
    text: str


class Stretch(NamedTuple):
    """Words that are drawn together: their page, the tag, the number (below 0 for an artifact), the lines."""

    page: int
    tag: str
    number: int
    lines: list[str]

    @property
    def text(self) -> str:
        """Its words, as they are heard."""
        return "".join(self.lines)


def heard(data: bytes) -> list[Heard]:
    """Return the parts of a file in the order of its tree.

    Raises
    ------
    AssertionError
        If words stand outside every part, in two, or in another order than they were drawn.
    """
    with pikepdf.open(io.BytesIO(data)) as pdf:
        numbers = {page.obj.objgen: n for n, page in enumerate(pdf.pages)}
        texts = dict(_texts(pdf))
        order: list[tuple[int, int]] = []
        found: list[Heard] = []

        def walk(element: Any, depth: int) -> None:
            under = element.get("/K", [])
            kids = [under] if isinstance(under, int | Dictionary) else list(under)
            marks = [
                (numbers[(element if isinstance(kid, int) else kid).Pg.objgen], _number(kid))
                for kid in kids
                if isinstance(kid, int) or kid.get("/Type") == Name.MCR
            ]
            order.extend(marks)
            text = "".join(texts.get(mark, "") for mark in marks)
            found.append(Heard(depth, str(element.S)[1:], text))
            if not marks:
                for kid in kids:
                    walk(kid, depth + 1)

        walk(pdf.Root.StructTreeRoot.K[0], 0)
        drawn = [mark for mark in texts if mark[1] >= 0]
        assert order == drawn, "not all that was drawn, or in another order"
        return found


def spoken(data: bytes) -> str:
    """Return what is heard, a part a line."""
    return "\n".join(part.text for part in heard(data) if part.text.strip())


def _number(kid: Any) -> int:
    return kid if isinstance(kid, int) else int(kid.MCID)


def _texts(pdf: pikepdf.Pdf) -> Iterator[tuple[tuple[int, int], str]]:
    """Yield the words of each stretch of the pages as drawn; those of an artifact have a number below 0."""
    for stretch in stretches(pdf):
        yield (stretch.page, stretch.number), stretch.text


def stretches(pdf: pikepdf.Pdf) -> Iterator[Stretch]:
    """Yield the stretches of the pages, with words or without, in the order of drawing.

    Raises
    ------
    AssertionError
        If words stand outside every stretch, or a stretch within another.
    """
    for number, page in enumerate(pdf.pages):
        found: list[Stretch] = []
        _draw(page, page.resources, number, found, [])
        yield from found


def _draw(drawn: Any, resources: Any, page: int, found: list[Stretch], within: list[str]) -> None:
    """Add to the stretches that were found those of a page, or what a form adds to the last of them."""
    maps = {name: meanings(font) for name, font in resources.get("/Font", {}).items()}
    font: dict[int, str] = {}
    for operands, operator in pikepdf.parse_content_stream(drawn):
        match str(operator):
            case "BDC":
                within.append(str(operands[0])[1:])
                assert len(within) == 1, "a part within a part"
                found.append(Stretch(page, within[0], int(operands[1].get("/MCID", -1)), [""]))
            case "EMC":
                within.pop()
            case "ET" if within:
                found[-1].lines.append("")
            case "Tf":
                font = maps[str(operands[0])]
            case "Tj":
                assert within, "words outside every part"
                found[-1].lines[-1] += "".join(font[code] for code in bytes(operands[0]))
            case "Do":
                form = resources.XObject[str(operands[0])]
                if form.Subtype == Name.Form:
                    _draw(form, form.Resources, page, found, within)


def meanings(font: Any) -> dict[int, str]:
    """Return what the codes of a font mean."""
    body = font.ToUnicode.read_bytes().split(b"endcodespacerange")[1]
    return {
        int(code, 16): bytes.fromhex(text.decode()).decode("utf-16-be")
        for code, text in _PAIR.findall(body)
    }
