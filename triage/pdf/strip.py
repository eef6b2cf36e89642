"""The safety strip of a request: one cell for each answer, that which is present white on black."""

from __future__ import annotations

from collections.abc import Container, Sequence

from reportlab.lib.units import mm

from triage.letter.page import Sizes
from triage.letter.statements import Cell
from triage.pdf.flow import Frame
from triage.pdf.lines import Line, Setting
from triage.pdf.pen import INK, PAPER, RULE, Pen
from triage.pdf.structure import Node

_INSET, _GAP = 3 * mm, 2 * mm
_NAME_AT, _WORDS_AT, _BELOW = 12.5, 19.25, 8.5
_NAME_LEADING = 11.5
# More lines of an answer leave no room for a request.
_MOST_WORDS = 12
_RULE, _PARTING, _PARTING_INSET = 0.8, 0.5, 5.0
_DASH, _DASH_IN, _DASH_SHORT = 1.1, 1.5, 3.5


def strip_height(
    cells: Sequence[Cell], frame: Frame, sizes: Sizes, glyphs: Container[int]
) -> float:
    """Return how high the strip is: that of its fullest cell."""
    wide = frame.whole / len(cells)
    return max(_height(cell, wide, sizes, glyphs) for cell in cells)


def draw_strip(
    cells: Sequence[Cell],
    frame: Frame,
    sizes: Sizes,
    glyphs: Container[int],
    part: Node,
    pen: Pen,
    top: float,
) -> None:
    """Draw the strip below `top`: a list, each answer behind its name."""
    wide = frame.whole / len(cells)
    high = strip_height(cells, frame, sizes, glyphs)
    pen.rule(frame.left, top, frame.right, _RULE)
    for n, cell in enumerate(cells):
        x = frame.left + n * wide
        present = cell.state == "present"
        if present:
            pen.filled(x + (_RULE if n else 0), top, wide - (_RULE if n else 0), high)
        if n:
            pen.bar(x, top + _PARTING_INSET, top + high - _PARTING_INSET, _PARTING, RULE)
        if cell.state in ("unasked", "unable"):
            box = (x + _DASH_IN, top + 2.5, wide - _DASH_SHORT, high - 5)
            pen.framed(*box, _DASH, dashed=True)
        inset = 0 if n == 0 and cell.state == "absent" else _INSET
        names, words = _lines(cell, wide, sizes, glyphs)
        y, grey = top + _NAME_AT, PAPER if present else INK
        item = part.child("LI")
        label, answer = item.child("Lbl"), item.child("LBody")
        for line in names:
            pen.write(x + inset, y, line, sizes.label.size, label, grey)
            y += _NAME_LEADING
        y += _WORDS_AT - _NAME_LEADING
        for line in words:
            pen.write(x + inset, y, line, sizes.cell.size, answer, grey)
            y += sizes.cell.leading
    pen.rule(frame.left, top + high, frame.right, _RULE)


def _lines(
    cell: Cell, wide: float, sizes: Sizes, glyphs: Container[int]
) -> tuple[list[Line], list[Line]]:
    room = wide - _INSET - _GAP
    names = Setting(sizes.label.size, glyphs).said(cell.name, room)
    return names, Setting(sizes.cell.size, glyphs).said(
        cell.words, room, strong=True, most=_MOST_WORDS
    )


def _height(cell: Cell, wide: float, sizes: Sizes, glyphs: Container[int]) -> float:
    names, words = _lines(cell, wide, sizes, glyphs)
    more = (len(names) - 1) * _NAME_LEADING + (len(words) - 1) * sizes.cell.leading
    return _NAME_AT + _WORDS_AT + more + _BELOW
