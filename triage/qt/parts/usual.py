"""The usual reasons beside a line for a reason: a click writes one, or its digit in the empty line."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QWidget

from triage.qt.parts.flow import Flow
from triage.qt.parts.inputs import TypedLine
from triage.qt.parts.segments import Segment


class Usual(Flow):
    """A chip for each reason.

    Parameters
    ----------
    line, reasons
        Where a reason is written, and which there are.

    Signals
    -------
    written
        A click wrote one.
    """

    written = Signal()

    def __init__(
        self, line: TypedLine, reasons: tuple[str, ...], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent, gap=0)
        self._line, self.reasons = line, reasons
        for at, words in enumerate(reasons, 1):
            chip = Segment(words, words, key=str(at))
            chip.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            chip.chosen.connect(self._on_chosen)
            self.add(chip)

    @Slot(str)
    def _on_chosen(self, words: str) -> None:
        self._line.setText(words)
        self.written.emit()
