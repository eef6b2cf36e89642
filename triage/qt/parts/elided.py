"""Text in a fixed number of lines: what has no room ends in "…" and stands whole in the tooltip."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent, QTextLayout, QTextOption
from PySide6.QtWidgets import QSizePolicy, QWidget

from triage.qt.parts.accessible import Words


class Elided(QWidget):
    """Shows a text in at most so many lines, and is always as high as these.

    Parameters
    ----------
    lines
        How many.
    step
        Points above, or below, the size of the text around.
    bold
        Whether it is set bold.
    faint
        Whether it stands back.
    """

    heard = Words

    def __init__(
        self,
        parent: QWidget,
        lines: int = 1,
        *,
        step: float = 0,
        bold: bool = False,
        faint: bool = False,
    ) -> None:
        super().__init__(parent)
        self._lines = lines
        self._step = step
        self._bold = bold
        self._faint = faint
        self._text = ""
        policy = QSizePolicy.Policy
        self.setSizePolicy(policy.Expanding, policy.Fixed)

    def text(self) -> str:
        """Return the whole text."""
        return self._text

    def set_text(self, text: str) -> None:
        """Show another text."""
        if text != self._text:
            self._text = text
            self.setAccessibleName(text)
            self.setToolTip(text)
            self.update()

    def fits(self) -> bool:
        """Whether the whole text has room in one line, if need be in the size of the text around."""
        metrics = QFontMetrics(self._font(min(self._step, 0)))
        return metrics.horizontalAdvance(self._text) <= self.width()

    def set_lines(self, lines: int) -> None:
        """Show it in at most so many lines."""
        if lines != self._lines:
            self._lines = lines
            self.updateGeometry()
            self.update()

    def _font(self, step: float) -> QFont:
        font = QFont(self.font())
        font.setPointSizeF(font.pointSizeF() + step)
        font.setBold(self._bold)
        return font

    def _fitting(self) -> QFont:
        """Return the font in which it is painted: one line is rather set smaller than cut."""
        step = self._step
        while self._lines == 1 and step > 0:
            font = self._font(step)
            if QFontMetrics(font).horizontalAdvance(self._text) <= self.width():
                return font
            step -= 0.5
        return self._font(min(self._step, 0))

    def high(self, lines: int) -> int:
        """Return how high so many lines are; several are set in the size of the text around, or smaller."""
        step = self._step if lines == 1 else min(self._step, 0)
        return lines * QFontMetrics(self._font(step)).height()

    def sizeHint(self) -> QSize:
        """Return the size that its lines need."""
        return QSize(120, self.high(self._lines))

    def minimumSizeHint(self) -> QSize:
        """Return the smallest size that is of use."""
        return QSize(40, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint."""
        painter = QPainter(self)
        painter.setFont(self._fitting())
        colour = self.palette().windowText().color()
        if self._faint:
            colour.setAlphaF(0.78)
        painter.setPen(colour)
        for at, line in enumerate(self.shown):
            metrics = painter.fontMetrics()
            painter.drawText(QPointF(0, at * metrics.height() + metrics.ascent()), line)
        painter.end()

    @property
    def is_cut(self) -> bool:
        """Whether not all of the text has room."""
        return "".join("".join(self.shown).split()) != "".join(self._text.split())

    @property
    def shown(self) -> list[str]:
        """The lines as they are painted."""
        font, at = self._fitting(), 0
        found: list[str] = []
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout = QTextLayout(self._text, font)
        layout.setTextOption(option)
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(self.width())
            end = line.textStart() + line.textLength()
            if len(found) == self._lines - 1:
                rest = self._text[at:]
                right = Qt.TextElideMode.ElideRight
                found.append(QFontMetrics(font).elidedText(rest, right, self.width()))
                break
            found.append(self._text[at:end].rstrip())
            at = end
        layout.endLayout()
        return found
