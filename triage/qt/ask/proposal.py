"""Under a row of a table: what the names in it stand for, and the buttons that record it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from triage.content.listed import Proposed
from triage.content.medicines import Slip
from triage.qt.parts.inputs import PartButton
from triage.qt.parts.laying import horizontal
from triage.qt.parts.theme import set_role
from triage.qt.parts.words import tr


class Proposal(QWidget):
    """Says what a row's names stand for. Nothing of it is recorded before a button is pressed.

    Parameters
    ----------
    label
        The table, for screen readers.
    """

    def __init__(self, label: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.proposed = Proposed()
        self.slip: Slip | None = None
        self._label = label
        self.text = QLabel(self)
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setWordWrap(True)
        set_role(self.text, "small")
        self.yes, self.no, self.meant = (PartButton("", self) for _ in range(3))
        layout = horizontal(self, 8, 0, 0, 2, spacing=4)
        layout.addWidget(self.text, 1)
        for button in (self.yes, self.no, self.meant):
            set_role(button, "quiet")
            layout.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        self.hide()

    def show_proposed(self, proposed: Proposed, slip: Slip | None) -> None:
        """Show what is proposed, and the name that a word of the row may have been meant to be."""
        self.proposed, self.slip = proposed, slip
        self.text.setText(proposed.text)
        captions = (tr("Yes"), tr("No")) if proposed.asked else (tr("Confirm"), tr("Not so"))
        meant = tr("Did you mean {name}?", name=slip.name) if slip else ""
        for button, caption in (
            (self.yes, captions[0] if proposed.yes else ""),
            (self.no, captions[1] if proposed.no else ""),
            (self.meant, meant),
        ):
            button.setText(caption)
            button.setAccessibleName(f"{self._label}, {proposed.text} {caption}")
            button.setVisible(bool(caption))
        self.setVisible(bool(proposed.text or meant))
