"""What a screen reader is told of a PDF: the text of its tree, read top to bottom."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import pikepdf
from pikepdf import Name

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
            kids = list(element.K) if "/K" in element else []
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
        unheard = texts.keys() - {*order}
        assert not unheard, f"in no part of the tree: {unheard}"
        assert [mark for mark in order if mark in texts] == [*texts], "not the order of drawing"
        return found


def spoken(data: bytes) -> str:
    """Return what is heard, a part a line."""
    return "\n".join(part.text for part in heard(data) if part.text.strip())


def _number(kid: Any) -> int:
    return kid if isinstance(kid, int) else int(kid.MCID)


def _texts(pdf: pikepdf.Pdf) -> Iterator[tuple[tuple[int, int], str]]:
    """Yield the words of each stretch of the pages that is said."""
    for stretch in stretches(pdf):
        if stretch.number >= 0:
            yield (stretch.page, stretch.number), stretch.text


def stretches(pdf: pikepdf.Pdf) -> Iterator[Stretch]:
    """Yield the stretches of the pages in which words are drawn, in the order of drawing.

    Raises
    ------
    AssertionError
        If words stand outside every stretch, or a stretch within another.
    """
    for n, page in enumerate(pdf.pages):
        maps = {name: meanings(font) for name, font in page.resources.Font.items()}
        font: dict[int, str] = {}
        now: Stretch | None = None
        for operands, operator in pikepdf.parse_content_stream(page):
            match str(operator):
                case "BDC":
                    assert now is None, "a part within a part"
                    number = int(operands[1].get("/MCID", -1))
                    now = Stretch(n, str(operands[0])[1:], number, [""])
                case "EMC":
                    assert now is not None, "an end without a beginning"
                    if now.text:
                        yield now
                    now = None
                case "ET" if now:
                    now.lines.append("")
                case "Tf":
                    font = maps[str(operands[0])]
                case "Tj":
                    assert now is not None, "words outside every part"
                    now.lines[-1] += "".join(font[code] for code in bytes(operands[0]))
        assert now is None, "a part without an end"


def meanings(font: Any) -> dict[int, str]:
    """Return what the codes of a font mean."""
    body = font.ToUnicode.read_bytes().split(b"endcodespacerange")[1]
    return {
        int(code, 16): bytes.fromhex(text.decode()).decode("utf-16-be")
        for code, text in _PAIR.findall(body)
    }
