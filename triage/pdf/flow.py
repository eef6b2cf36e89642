"""The few shapes of a letter: text beside its heading in the margin column, and the framed banner."""

from __future__ import annotations

from reportlab.lib.colors import Color, black
from reportlab.platypus import Flowable, Paragraph, Table, TableStyle

from triage.pdf.fonts import REGULAR

_PADDINGS = ("TOPPADDING", "BOTTOMPADDING")
GREY = Color(0.35, 0.35, 0.35)

# Points; what a row must have room for before it is split over two pages.
_FEW_LINES = 60


class Beside(Flowable):  # type: ignore[misc]
    """A paragraph with a heading or label in the margin column beside its first line.

    The heading cannot be parted from its text by a page break. With `bar`, a thin line runs beside the text.
    """

    def __init__(
        self, label: Paragraph | None, body: Paragraph, gutter: float, bar: bool = False
    ) -> None:
        super().__init__()
        self._label = label
        self._body = body
        self._gutter = gutter
        self._bar = bar
        self._label_height = 0.0
        self._body_height = 0.0
        self._wrapped = -1.0
        self.width: float = 0.0
        self.height: float = 0.0

    def wrap(self, available: float, height: float) -> tuple[float, float]:
        """Return the room that it takes."""
        if available == self._wrapped:
            # Breaking lines is the dear part, and the height offered does not change them.
            return self.width, self.height
        if self._label is not None:
            _, self._label_height = self._label.wrap(self._gutter - 9, height)
        _, self._body_height = self._body.wrap(available - self._gutter, height)
        self.width, self.height = available, max(self._label_height, self._body_height)
        self._wrapped = available
        return self.width, self.height

    def split(self, available: float, height: float) -> list[Flowable]:
        """Return the parts before and after a page break; the label stays with the first."""
        self.wrap(available, height)
        if self._label_height > height:
            return []
        parts = self._body.split(available - self._gutter, height)
        # A paragraph that could not be split has lost its lines.
        self._wrapped = -1.0
        if len(parts) < 2:
            return []
        first = Beside(self._label, parts[0], self._gutter, self._bar)
        rest = [Beside(None, part, self._gutter, self._bar) for part in parts[1:]]
        return [first, *rest]

    def draw(self) -> None:
        """Draw the label, the text and the bar."""
        if self._label is not None:
            self._label.drawOn(self.canv, 0, self.height - self._label_height)
        self._body.drawOn(self.canv, self._gutter, self.height - self._body_height)
        if self._bar:
            self.canv.setStrokeColor(GREY)
            self.canv.setLineWidth(0.8)
            x = self._gutter - 4
            self.canv.line(x, self.height - self._body_height + 1, x, self.height - 2)

    def getSpaceBefore(self) -> float:  # noqa: N802
        """Return the space above, that of the text."""
        return float(self._body.getSpaceBefore())

    def getSpaceAfter(self) -> float:  # noqa: N802
        """Return the space below, that of the text."""
        return float(self._body.getSpaceAfter())


def framed(paragraphs: list[Paragraph], small: list[bool], width: float) -> Table:
    """Return paragraphs in a heavy frame that may run over a page break, even inside a paragraph."""
    # A row is split only where a few lines of it fit: offered less than a line, the engine would try for ever.
    table = Table([[p] for p in paragraphs], colWidths=[width], splitInRow=_FEW_LINES)
    commands: list[tuple[object, ...]] = [
        # Without a font of ours the table would bring Helvetica in.
        ("FONT", (0, 0), (-1, -1), REGULAR, 10),
        ("BOX", (0, 0), (-1, -1), 1.8, black),
        ("LEFTPADDING", (0, 0), (-1, -1), 7),
        ("RIGHTPADDING", (0, 0), (-1, -1), 7),
        ("TOPPADDING", (0, 0), (-1, -1), 1),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 1.4),
    ]
    commands += [(side, (0, n), (0, n), 0) for n, s in enumerate(small) if s for side in _PADDINGS]
    commands += [("TOPPADDING", (0, 0), (-1, 0), 4), ("BOTTOMPADDING", (0, -1), (-1, -1), 5)]
    table.setStyle(TableStyle(commands))
    return table
