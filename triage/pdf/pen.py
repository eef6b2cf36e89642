"""Drawing on a page from its upper edge down: words, rules, bars, boxes, and the mark of a draft."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas
from reportlab.pdfgen.pathobject import PDFPathObject

from triage.letter.page import Paper
from triage.pdf.fonts import REGULAR
from triage.pdf.lines import Line, Run
from triage.pdf.logo import LogoPlace
from triage.pdf.structure import Artifact, Mark, Node, artifact

INK, FURNITURE, RULE, TINT, PAPER = 0.0, 0.36, 0.60, 0.93, 1.0
_SOON, _HEAD_RULE, _DRAFT = 0.42, 0.2, 0.66
_BAR, _HEAVY = 1.4, 1.6
# How far the handles of a quarter of a circle reach, in its radius.
_ROUND = 0.5523
# How far above a line, in its size, the blanks stand that part two pieces of it for who takes words from a page.
_APART = 3
# The letters of the mark of a draft as strokes in a square of one, with a curve where six numbers follow a "c".
_STROKES = (
    "m 0 .085 l 0 .915 l .3 .915 c .78 .915 .78 .085 .3 .085 h",
    "m 0 0 l 0 .915 l .36 .915 c .7 .915 .7 .44 .36 .44 l 0 .44 m .34 .44 l .66 0",
    "m -.02 0 l .36 .97 l .74 0 m .14 .3 l .58 .3",
    "m 0 0 l 0 .915 l .6 .915 m 0 .5 l .52 .5",
    "m .36 0 l .36 .915 m 0 .915 l .72 .915",
)
_MARK_SIZE, _MARK_ADVANCE, _MARK_STROKE = 24.0, 1.75, 0.17
# What has a meaning inside a string of a page, and what a line end would do to it.
_ESCAPES = {n: f"\\{n:03o}" for n in (*range(32), *range(127, 256), *map(ord, "()\\"))}
# Its baseline, from the left edge of the paper.
_MARK_FROM_EDGE = 13 * mm


class Pen:
    """A canvas whose heights are measured in points from the upper edge.

    All that is drawn is a stretch of a part of the text, or an artifact: what is no part of it.

    Parameters
    ----------
    paper
        What is drawn on.
    title
        A neutral title: nothing of the patient goes into metadata.
    tagged
        Whether the parts are marked; of what is only looked at they need not be.
    """

    def __init__(self, paper: Paper, title: str, *, tagged: bool = True) -> None:
        self.width, self.height = paper.width * mm, paper.height * mm
        self._out = io.BytesIO()
        # Without a font of ours Helvetica would come in.
        self._canvas = Canvas(
            self._out,
            pagesize=(self.width, self.height),
            invariant=1,
            initialFontName=REGULAR,
            # What is only looked at needs none, and the archive has its own.
            pageCompression=0,
        )
        self._canvas.setTitle(title)
        # Of the fonts that were used, by name.
        self._names: dict[str, str] = {}
        self.root = Node("Document")
        self._tagged = tagged
        self._page, self._stretches = 0, 0
        # What is being drawn, and whether the last of it were words.
        self._open: Node | Artifact | None = None
        self._figure: Node | None = None
        self._worded = False
        # Where the last line of words begins, and the words of all.
        self._last = 0.0, 0.0
        self._words: list[str] = []

    def end_page(self) -> None:
        """Go to the next page."""
        self._close()
        self._page, self._stretches = self._page + 1, 0
        self._canvas.showPage()

    def _begin(self, part: Node | Artifact) -> None:
        """Let what is drawn next be a stretch of `part`, which may be the one that is open."""
        if part is self._open or not self._tagged:
            return
        self._close()
        self._open = part
        if isinstance(part, Node):
            part.join(self.root)
            part.marks.append(Mark(self._page, self._stretches))
            code = f"/{part.tag} <</MCID {self._stretches}>> BDC"
            self._stretches += 1
        else:
            code = artifact(part)
        self._canvas._code.append(code)

    def _close(self) -> None:
        if self._open is not None:
            self._canvas._code.append("EMC")
        self._open, self._worded = None, False

    @property
    def words(self) -> str:
        """All that was written, in the order of drawing."""
        return "".join(self._words)

    def finished(self) -> bytes:
        """Return the file."""
        for page in self._canvas._doc.Pages.pages:
            # Its codec would look up each character, and all of them are ASCII.
            page.stream = page.stream.encode("ascii")
        self._canvas.save()
        return self._out.getvalue()

    def write(
        self,
        x: float,
        y: float,
        line: Line,
        size: float,
        part: Node | Artifact,
        grey: float = INK,
        spread: float = 0,
    ) -> None:
        """Write a line of `part` with its first baseline point at `x` and `y`."""
        canvas = self._canvas
        self._begin(part)
        if isinstance(part, Node) and self._tagged:
            if part.title and not part.top:
                part.top = self.height - y + size
            if self._worded:
                self._part_words(size)
            elif len(part.marks) > 1:
                self._space(x, y, size)
        if abs(y - self._last[1]) < size / 2 and x < self._last[0]:
            # He sorts those of a line from left to right, unless another line is drawn between them, which must be
            # wide: a single space has no shape.
            self._space(x, y - _APART * size, size, "  ")
        self._last = x, y
        # As the canvas's own text object writes it, at a third of the time.
        code = [f"BT {grey:g} g 1 0 0 1 {x:.2f} {self.height - y:.2f} Tm"]
        if spread:
            code.append(f"{spread:g} Tc")
        for run in line.runs:
            self._words.append(run.text)
            for name, text in self._coded(run):
                code.append(f"{name} {size:g} Tf ({text}) Tj")
        if spread:
            code.append("0 Tc")
        canvas._code.append(" ".join((*code, "ET")))
        self._worded = True

    def _space(self, x: float, y: float, size: float, space: str = " ") -> None:
        """Write a space before `x`: what was begun elsewhere goes on with one, as its next line does."""
        ((name, space),) = self._coded(Run(space, REGULAR))
        code = f"BT {name} {size:g} Tf 1 0 0 1 {x - size / 4:.2f} {self.height - y:.2f} Tm ({space}) Tj ET"
        self._canvas._code.append(code)

    def _part_words(self, size: float) -> None:
        """End the line before with a space: else its last word and the first of the next are one to a listener."""
        code = self._canvas._code
        ((name, space),) = self._coded(Run(" ", REGULAR))
        code[-1] = f"{code[-1].removesuffix('ET')}{name} {size:g} Tf ({space}) Tj ET"

    def _coded(self, run: Run) -> list[tuple[str, str]]:
        """Return names of fonts in this file, each with a string of the page in its codes."""
        text, name = run.text, self._names.get(run.font)
        if name and text.isascii() and text.isprintable():
            # ASCII has its own codes in every font, and little of it means more than itself.
            for sign in "\\()":
                if sign in text:
                    text = text.replace(sign, "\\" + sign)
            return [(name, text)]
        font, found = pdfmetrics.getFont(run.font), []
        for subset, codes in font.splitString(text, self._canvas._doc):
            name = font.getSubsetInternalName(subset, self._canvas._doc)
            if subset == 0:
                self._names[run.font] = name
            found.append((name, _escaped(codes)))
        return found

    def rule(self, x: float, y: float, to: float, thick: float, grey: float = INK) -> None:
        """Draw a level line."""
        self._line((x, y), (to, y), thick, grey)

    def bar(self, x: float, y: float, to: float, thick: float = _HEAVY, grey: float = INK) -> None:
        """Draw an upright line."""
        self._line((x, y), (x, to), thick, grey)

    def typed(self, x: float, y: float, to: float) -> None:
        """Draw the bar beside what a person typed."""
        self.bar(x, y, to, _BAR, RULE)

    def filled(self, x: float, y: float, wide: float, high: float, grey: float = INK) -> None:
        """Fill a box whose upper left corner is given."""
        self._shape()
        self._canvas.setFillGray(grey)
        self._canvas.rect(x, self.height - y - high, wide, high, stroke=0, fill=1)

    def framed(
        self, x: float, y: float, wide: float, high: float, thick: float, *, dashed: bool = False
    ) -> None:
        """Frame a box whose upper left corner is given."""
        self._shape()
        self._stroke(thick, INK)
        if dashed:
            self._canvas.setDash(3, 2)
        self._canvas.rect(x, self.height - y - high, wide, high)
        if dashed:
            self._canvas.setDash()

    def picture(self, place: LogoPlace) -> None:
        """Draw a picture in its place, cut at its own edges."""
        self._shape()
        logo = place.logo
        wide, high = logo.size(place.highest)
        x, y = place.left, self.height - place.bottom
        if logo.image is not None:
            self._canvas.drawImage(ImageReader(logo.image), x, y, wide, high)
            return
        scale = wide / logo.width
        code = f"q {scale:.5f} 0 0 {scale:.5f} {x:.2f} {y:.2f} cm"
        edge = f"0 0 {logo.width:.3f} {logo.height:.3f} re W n"
        self._canvas._code.append(f"{code} {edge}\n{logo.code}\nQ")

    def dot(self, x: float, y: float, radius: float, grey: float = INK) -> None:
        """Fill a circle."""
        self._draw(*oval(x, y, radius, radius), f"{grey:g} g", "f")

    def ring(self, x: float, y: float, radius: float, thick: float) -> None:
        """Draw a circle on paper white."""
        self.shape(*oval(x, y, radius, radius), thick=thick, tint=PAPER)

    def shape(
        self,
        begin: tuple[float, float],
        curves: Iterable[Sequence[float]],
        *,
        thick: float,
        grey: float = INK,
        tint: float | None = None,
    ) -> None:
        """Draw a closed line: to the points given by two numbers, in curves by six; filled with `tint`."""
        fill, paint = ("", "s") if tint is None else (f" {tint:g} g", "b*")
        self._draw(begin, curves, _pen(thick, grey) + fill, paint)

    def path(
        self, code: str, x: float, y: float, scale: float, *, thick: float, grey: float, tint: float
    ) -> None:
        """Draw a closed line that is written in units of its own: from a place on, and from there down."""
        self._shape()
        place = f"{scale:.5f} 0 0 {-scale:.5f} {x:.2f} {self.height - y:.2f} cm"
        inks = f"{_pen(round(thick / scale, 4), grey)} {tint:g} g"
        self._canvas._code.append(f"q {inks} {place} {code} b* Q")

    def _draw(
        self,
        begin: tuple[float, float],
        curves: Iterable[Sequence[float]],
        inks: str,
        paint: str,
    ) -> None:
        """Draw a shape, as the canvas's own path writes it, in less time."""
        self._shape()
        code = [inks, self._point(begin), "m"]
        for curve in curves:
            code += map(self._point, zip(curve[::2], curve[1::2], strict=True))
            code.append("l" if len(curve) == 2 else "c")
        self._canvas._code.append(" ".join((*code, paint)))

    def _line(
        self, begin: tuple[float, float], end: tuple[float, float], thick: float, grey: float
    ) -> None:
        self._shape()
        code = f"{_pen(thick, grey)} {self._point(begin)} m {self._point(end)} l S"
        self._canvas._code.append(code)

    def _point(self, at: tuple[float, float]) -> str:
        """Return a point as the page has it: its heights count from below."""
        return f"{at[0]:.2f} {self.height - at[1]:.2f}"

    def draft(self) -> None:
        """Draw DRAFT upright in the left margin: strokes and not letters, so that no reader of text finds it."""
        long = _MARK_SIZE * (_MARK_ADVANCE * (len(_STROKES) - 1) + 0.72)
        self._shape("mark")
        with self._saved():
            self._canvas.translate(_MARK_FROM_EDGE, (self.height - long) / 2)
            self._canvas.rotate(90)
            self._canvas.scale(_MARK_SIZE, _MARK_SIZE)
            self._stroke(_MARK_STROKE, _DRAFT)
            for strokes in _STROKES:
                self._canvas.drawPath(_path(self._canvas.beginPath(), strokes))
                self._canvas.translate(_MARK_ADVANCE, 0)

    @contextmanager
    def inside(self, figure: Node, x: float, y: float, wide: float, high: float) -> Iterator[None]:
        """Let what is drawn be a figure, whose upper left corner is given."""
        figure.box = (x, self.height - y - high, x + wide, self.height - y)
        self._figure = figure
        yield
        self._figure = None

    def _shape(self, kind: Artifact = "layout") -> None:
        """Let what is drawn next be the figure, or no part of the text."""
        self._begin(self._figure or kind)
        self._worded = False

    def _stroke(self, thick: float, grey: float) -> None:
        self._canvas._code.append(_pen(thick, grey))

    @contextmanager
    def _saved(self) -> Iterator[None]:
        self._canvas.saveState()
        yield
        self._canvas.restoreState()


def oval(
    x: float, y: float, wide: float, high: float
) -> tuple[tuple[float, float], tuple[tuple[float, ...], ...]]:
    """Return an oval as `Pen.shape` draws it; `wide` and `high` are what it reaches from its middle."""
    across, down = _ROUND * wide, _ROUND * high
    return (x + wide, y), (
        (x + wide, y - down, x + across, y - high, x, y - high),
        (x - across, y - high, x - wide, y - down, x - wide, y),
        (x - wide, y + down, x - across, y + high, x, y + high),
        (x + across, y + high, x + wide, y + down, x + wide, y),
    )


def _pen(thick: float, grey: float) -> str:
    """Return how lines are drawn from here on."""
    return f"{grey:g} G {thick:g} w"


def _escaped(text: bytes) -> str:
    """Return codes of characters as a string of the page."""
    return text.decode("latin-1").translate(_ESCAPES)


def _path(path: PDFPathObject, strokes: str) -> PDFPathObject:
    draw = {"m": path.moveTo, "l": path.lineTo, "c": path.curveTo, "h": path.close}
    step = ""
    numbers: list[float] = []
    for part in [*strokes.split(), ""]:
        if part in draw or not part:
            if step:
                draw[step](*numbers)
            step, numbers = part, []
        else:
            numbers.append(float(part))
    return path
