"""How wide sections, form, assessment and letter stand beside one another."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QSplitter, QWidget

from triage.qt.letter.beside import Beside
from triage.qt.panel.pane import Panel
from triage.qt.shell.rail import COMPACT, Rail

# From which width of the window on, at the usual size of the text, the sections and the assessment are how wide.
_STRIP, _ONE_COLUMN, _TWO_COLUMNS = 0, 376, 784
_COLUMNS = (
    (1700, 216, _TWO_COLUMNS),
    (1180, 192, _ONE_COLUMN),
    (900, COMPACT, 340),
    # No column has room beside the form: the head stands above it.
    (0, COMPACT, _STRIP),
)
# From this width on questions, assessment and a page that can be read stand side by side.
WIDE = 1600
_PAGE, _QUESTIONS, _NARROW_PANEL = 620, 460, 340


class Columns(QSplitter):
    """Holds form, assessment and letter.

    Parameters
    ----------
    rail
        The sections: they stand left of it, and get their width with the others.
    middle, panel, beside
        The form, the assessment, and the letter beside them.
    """

    def __init__(self, rail: Rail, middle: QWidget, panel: Panel, beside: Beside) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._rail, self._middle, self._panel, self._beside = rail, middle, panel, beside
        # Where the letter stands: whether it is shown, and on its own. How wide all was without it.
        self._beside_at = (False, False)
        self._sizes: list[int] = []
        self._columns = (0, _ONE_COLUMN)
        self.setChildrenCollapsible(False)
        self.setHandleWidth(1)
        middle.setMinimumWidth(_QUESTIONS)
        panel.setMinimumWidth(_NARROW_PANEL)
        beside.hide()
        self.addWidget(middle)
        self.addWidget(panel)
        self.setStretchFactor(0, 1)
        panel.laid.connect(self._on_laid)

    def fit(self, width: int, zoom: float, *, has_letter: bool) -> None:
        """Give each column its width in a window of `width`, and place the letter.

        It stands right of the assessment, or where there is no room for both in place of its pages.
        """
        was_on = self._beside_at[0]
        if has_letter and not was_on:
            self._sizes = self.sizes()
        self._place_columns(width, zoom, has_letter=has_letter)
        at = (has_letter, has_letter and width >= WIDE and not self._panel.is_strip)
        if at == self._beside_at:
            return
        self._beside_at = at
        self._panel.show_instead(self._beside if has_letter and not at[1] else None)
        if at[1]:
            self.addWidget(self._beside)
        self._beside.setVisible(has_letter)
        if self._panel.is_strip:
            if has_letter:
                self._panel.bring_pages()
            return
        self.setSizes(self._sizes_beside(*at))

    def _place_columns(self, width: int, zoom: float, *, has_letter: bool) -> None:
        _, rail, panel = next(row for row in _COLUMNS if width >= row[0] * zoom)
        # The letter beside the form needs the room of the second column of the assessment.
        is_wide = panel == _TWO_COLUMNS and not has_letter
        if panel == _TWO_COLUMNS and not is_wide:
            panel = _ONE_COLUMN
        columns = round(rail * zoom), min(round(panel * zoom), width * 9 // 20)
        if columns == self._columns:
            return
        self._columns = columns
        self._rail.set_compact(rail == COMPACT)
        self._rail.setFixedWidth(columns[0])
        self._panel.set_wide(is_wide)
        self._place_strip(panel == _STRIP)
        if not (self._beside_at[0] or self._panel.is_strip):
            self.setSizes([width - sum(columns), columns[1]])

    @Slot(bool)
    def _on_laid(self, laid: bool) -> None:
        self._middle.setHidden(laid)
        if self._panel.is_strip:
            # The head has the height that it needs, the form all the rest.
            self.setSizes([0, self.height()])

    def _place_strip(self, is_strip: bool) -> None:
        """Set the assessment as a strip above the form, or right of it."""
        way = Qt.Orientation.Vertical if is_strip else Qt.Orientation.Horizontal
        if way != self.orientation():
            self.setOrientation(way)
            self.insertWidget(0 if is_strip else 1, self._panel)
            self._panel.set_strip(is_strip)

    def _sizes_beside(self, is_on: bool, is_wide: bool) -> list[int]:
        room = self.width()
        if not is_on:
            return self._sizes
        page = min(_PAGE, room - _QUESTIONS - _NARROW_PANEL * is_wide)
        if not is_wide:
            return [room - page, page]
        panel = min(self._sizes[1], room - _QUESTIONS - page)
        return [room - panel - page, panel, page]
