"""What stands line under line, and how it goes over pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from typing import NamedTuple

from reportlab.lib.units import mm

from triage.letter.page import Margins, Paper
from triage.pdf.lines import Line
from triage.pdf.pen import INK, Pen
from triage.pdf.structure import Node

# A block of so many lines is never split; and so many of what is tied together are not.
_WHOLE, _TIED = 4, 12
# Bars reach from above the first line to below the last.
BAR_ABOVE, BAR_BELOW = 7.5, 2.2
# A line that rises higher has something drawn above it, which needs its room at the top of a page too.
_LINE = 16.0
CHANGED_FROM_RIGHT = 5 * mm

Draw = Callable[[Pen, float], None]


class Frame(NamedTuple):
    """Where things begin and end on a page, in points from its left and upper edges."""

    left: float
    axis: float
    right: float
    top: float
    last: float

    @classmethod
    def of(cls, margins: Margins, paper: Paper) -> Frame:
        """Return the frame of a letter."""
        return cls(
            margins.left * mm,
            margins.axis * mm,
            (paper.width - margins.right) * mm,
            margins.top * mm,
            (paper.height - margins.bottom) * mm,
        )

    @property
    def measure(self) -> float:
        """How wide text is."""
        return self.right - self.axis

    @property
    def whole(self) -> float:
        """How wide the page is between its margins."""
        return self.right - self.left


@dataclass(slots=True)
class Step:
    """A line.

    Parameters
    ----------
    rise
        How far its baseline is below the one before.
    depth
        What it needs below its baseline.
    bar
        Where the bar beside typed words stands; 0 for none.
    changed
        Whether it has the bar of what has changed.
    tied
        Whether it stays on the page of the line before it.
    """

    rise: float
    depth: float = 0.0
    bar: float = 0.0
    changed: bool = False
    tied: bool = False


@dataclass(slots=True)
class Laid:
    """A block as lines, and as what is drawn at them in reading order.

    Parameters
    ----------
    node
        What it is of the document.
    before
        The space above it; None for the space between blocks, which page one may take back.
    after
        The space below it, in place of that above the next block; None for none of its own.
    """

    node: Node
    before: float | None = None
    after: float | None = None
    steps: list[Step] = field(default_factory=list)
    marks: list[tuple[int, Draw]] = field(default_factory=list)

    def step(self, rise: float, depth: float = 0, *, bar: float = 0, changed: bool = False) -> int:
        """Add a line and return its number."""
        self.steps.append(Step(rise, depth, bar, changed))
        return len(self.steps) - 1

    def steps_to(self, count: int, rise: float, first: int = 0) -> None:
        """Add empty lines until there are `count`, and let no page part those from `first`: a label stands there."""
        while len(self.steps) < count:
            self.step(rise)
        self.tie(first, count)

    def tie(self, first: int, end: int) -> None:
        """Let no page part the lines from `first` to before `end`; of too many the first few."""
        for step in self.steps[first + 1 : min(end, first + _TIED)]:
            step.tied = True

    def draw(self, step: int, mark: Draw) -> None:
        """Have something drawn at a line, which may be added later."""
        self.marks.append((step, mark))

    def write(
        self, step: int, x: float, line: Line, size: float, part: Node, grey: float = INK
    ) -> None:
        """Have words of a part drawn at a line, which may be added later."""
        self.marks.append((step, lambda pen, y: pen.write(x, y, line, size, part, grey)))


class Placed(NamedTuple):
    """The lines of a block that stand on one page: the number of the first, and their baselines."""

    laid: Laid
    first: int
    baselines: tuple[float, ...]

    def draw(self, pen: Pen, frame: Frame) -> None:
        """Draw the block, and the bars beside what was typed or has changed."""
        end = self.first + len(self.baselines)
        for step, mark in self.laid.marks:
            if self.first <= step < end:
                mark(pen, self.baselines[step - self.first])
        for x, y, to in self._runs(lambda step: step.bar):
            pen.typed(x, y, to)
        for _, y, to in self._runs(lambda step: float(step.changed)):
            pen.bar(frame.right + CHANGED_FROM_RIGHT, y, to)

    def _runs(self, of: Callable[[Step], float]) -> Iterator[tuple[float, float, float]]:
        """Yield where bars stand, begin and end."""
        steps = self.laid.steps[self.first : self.first + len(self.baselines)]
        pairs = zip(map(of, steps), self.baselines, strict=True)
        for bar, group in groupby(pairs, key=lambda pair: pair[0]):
            if bar:
                lines = [y for _, y in group]
                yield bar, lines[0] - BAR_ABOVE, lines[-1] + BAR_BELOW


class Flowed(NamedTuple):
    """Blocks on their pages, and where they end."""

    pages: list[list[Placed]]
    end: float


def flowed(blocks: Iterable[Laid], frame: Frame, start: float, gap: float) -> Flowed:
    """Return blocks on as many pages as they need.

    Parameters
    ----------
    blocks
        What is to be placed.
    frame
        Its `top` is the first baseline of the pages after the first.
    start
        What the first block's space is measured from.
    gap
        The space between blocks.
    """
    pages: list[list[Placed]] = [[]]
    y, waiting = start, None
    for laid in blocks:
        space = next((s for s in (waiting, laid.before) if s is not None), gap)
        first, baselines = 0, list[float]()
        for begin, end in _kept(laid.steps):
            steps = laid.steps[begin:end]
            need = sum(step.rise + step.depth for step in steps) + (0 if begin else space)
            over = y + need > frame.last + 0.01 and bool(pages[-1] or baselines)
            if over:
                if baselines:
                    pages[-1].append(Placed(laid, first, tuple(baselines)))
                pages.append([])
                first, baselines = begin, []
            for n, step in enumerate(steps, start=begin):
                if over and n == begin:
                    y = frame.top + max(0.0, step.rise - _LINE)
                else:
                    y += step.rise + (space if n == 0 else 0)
                baselines.append(y)
                y += step.depth
        if baselines:
            pages[-1].append(Placed(laid, first, tuple(baselines)))
        waiting = laid.after
    return Flowed(pages, y)


def _kept(steps: Sequence[Step]) -> Iterator[tuple[int, int]]:
    """Yield the lines that no page parts: the first two, the last two, what is tied, all of a short block."""
    count = len(steps)
    if count <= _WHOLE:
        yield 0, count
        return
    parted = (n for n in range(2, count - 1) if not steps[n].tied)
    yield from pairwise((0, *parted, count))
