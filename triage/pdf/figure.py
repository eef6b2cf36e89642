"""The body chart, drawn: the figure from the front, and from behind, with its marks and what they mean."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from math import cos, pi, sin

from reportlab.lib.units import mm

from triage.letter.figure import HALF_WIDE, HIGH, OUTSIDE, Figure, Sign, outline
from triage.pdf.fonts import BOLD
from triage.pdf.lines import Setting
from triage.pdf.pen import INK, PAPER, Pen, oval
from triage.pdf.structure import Node

_FILL, _LINE, _GREY = 0.955, 0.55, 0.55
_RING, _STAR, _DOT, _EDGE = 2.2, 2.7, 3.1, 0.9
_WASTED, _HATCH = (2.6, 4.2), 0.6
# Between two figures; below them to the legend; its lines, and its columns.
_BETWEEN, _ABOVE_LEGEND, _SIGN_ROOM, _ASCENT = 3 * mm, 9.0, 9.0, 6.0
_LEGEND_COLUMNS = 2


class SetFigure:
    """A body chart for a width: as high as it may be, but no wider.

    Parameters
    ----------
    figure
        What is drawn.
    wide, high
        The room that it has, and how high a figure is at the most.
    front_only
        Whether the figure from behind is left out, and its marks are drawn on the other.
    """

    def __init__(
        self,
        figure: Figure,
        wide: float,
        high: float,
        setting: Setting,
        leading: float,
        node: Node,
        *,
        front_only: bool = False,
    ) -> None:
        self._figure, self._wide = figure, wide
        self._setting, self._leading = setting, leading
        self._node = node
        self._front_only = front_only
        self._views = ("front",) if front_only else ("front", "back")
        room = (wide - _BETWEEN * (len(self._views) - 1)) / len(self._views)
        self._scale = min(high / HIGH, (room - 2 * _DOT) / (2 * (HALF_WIDE + OUTSIDE)))
        per_line = 1 if front_only else _LEGEND_COLUMNS
        self._lines = -(-len(figure.legend) // per_line)
        self._per_line = per_line

    @property
    def height(self) -> float:
        """From the first baseline beside it to its last."""
        legend = (self._lines - 1) * self._leading
        return float(HIGH * self._scale + _ABOVE_LEGEND + legend - _ASCENT)

    def draw(self, pen: Pen, x: float, y: float) -> None:
        """Draw it with its upper edge a little above the baseline `y`."""
        top = y - _ASCENT
        part = Node("Figure", self._node, alt=self._figure.alt)
        with pen.inside(part, x, top, self._wide, self.height + _ASCENT):
            step = self._wide / len(self._views)
            for n, view in enumerate(self._views):
                middle = x + (n + 0.5) * step
                self._body(pen, middle, top, part, turned=view == "back")
                for mark in self._figure.placed(front_only=self._front_only):
                    if mark.view == view:
                        # From the front the patient's left is on the right; from behind it is on the left.
                        side = -1 if view == "back" else 1
                        at = (middle + side * mark.x * self._scale, top + mark.y * self._scale)
                        _SIGNS[mark.sign](pen, *at)
            self._legend(pen, x, top + HIGH * self._scale + _ABOVE_LEGEND, part)

    def _body(self, pen: Pen, middle: float, top: float, part: Node, *, turned: bool) -> None:
        pen.path(_outline(), middle, top, self._scale, thick=_LINE, grey=_GREY, tint=_FILL)
        names = ("L", "R") if turned else ("R", "L")
        for name, far in zip(names, (-1, 1), strict=True):
            line = self._setting.line(name, BOLD)
            left = middle + far * HALF_WIDE * self._scale - (line.width if far > 0 else 0)
            pen.write(left, top + _ASCENT, line, self._setting.size, part)

    def _legend(self, pen: Pen, x: float, y: float, part: Node) -> None:
        column = self._wide / self._per_line
        for n, (sign, name) in enumerate(self._figure.legend):
            left = x + n % self._per_line * column
            below = y + n // self._per_line * self._leading
            _SIGNS[sign](pen, left + _DOT, below - _RING)
            line = self._setting.line(name)
            pen.write(left + _SIGN_ROOM, below, line, self._setting.size, part)


@cache
def _outline() -> str:
    """Return the outline as a page has it, in its own units."""
    (x, y), curves = outline()
    pieces = (" ".join(f"{n:.3f}" for point in curve for n in point) for curve in curves)
    return " ".join((f"{x:g} {y:g} m", *(f"{piece} c" for piece in pieces)))


def _ring(pen: Pen, x: float, y: float) -> None:
    pen.ring(x, y, _RING, 1.1)


def _star(pen: Pen, x: float, y: float) -> None:
    points = []
    for n in range(12):
        radius = _STAR if n % 2 == 0 else _STAR * 0.42
        angle = pi * n / 6
        points.append((x + radius * sin(angle), y - radius * cos(angle)))
    pen.shape(points[0], points[1:], thick=0.3, tint=INK)


def _hatch(pen: Pen, x: float, y: float) -> None:
    wide, high = _WASTED
    pen.shape(*oval(x, y, wide, high), thick=_HATCH, tint=PAPER)
    for n in range(-2, 3):
        across = wide * (1 - (n * 1.4 / high) ** 2) ** 0.5
        pen.rule(x - across, y + n * 1.4, x + across, _HATCH)


def _dot(pen: Pen, x: float, y: float) -> None:
    pen.dot(x, y, _DOT + _EDGE, PAPER)
    pen.dot(x, y, _DOT)


_SIGNS: Mapping[Sign, Callable[[Pen, float, float], None]] = {
    "ring": _ring,
    "star": _star,
    "hatch": _hatch,
    "dot": _dot,
}
