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
    for n, page in enumerate(pdf.pages):
        words: dict[int, str] = {}
        for number, said in _words(page, page.resources, []):
            words[number] = words.get(number, "") + said
        yield from (((n, number), said) for number, said in words.items())


def _words(drawn: Any, resources: Any, stack: list[int]) -> Iterator[tuple[int, str]]:
    """Yield pieces of words with the stretch in which they stand, those of forms too; an empty one as it begins."""
    maps = {name: _meanings(font) for name, font in resources.get("/Font", {}).items()}
    font: dict[int, str] = {}
    for operands, operator in pikepdf.parse_content_stream(drawn):
        match str(operator):
            case "BDC":
                stack.append(int(operands[1].get("/MCID", -1)))
                assert len(stack) == 1, "a part within a part"
                yield stack[-1], ""
            case "EMC":
                stack.pop()
            case "Tf":
                font = maps[str(operands[0])]
            case "Tj":
                assert stack, "words outside every part"
                yield stack[-1], "".join(font[code] for code in bytes(operands[0]))
            case "Do":
                form = resources.XObject[str(operands[0])]
                if form.Subtype == Name.Form:
                    yield from _words(form, form.Resources, stack)


def _meanings(font: Any) -> dict[int, str]:
    body = font.ToUnicode.read_bytes().split(b"endcodespacerange")[1]
    return {
        int(code, 16): bytes.fromhex(text.decode()).decode("utf-16-be")
        for code, text in _PAIR.findall(body)
    }
