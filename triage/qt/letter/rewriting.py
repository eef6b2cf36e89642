"""A block of the letter in the clinician's own words."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QLabel,
    QPlainTextEdit,
    QSizePolicy,
    QWidget,
)

from triage.letter.rewriting import Words
from triage.model.values import Rewritten
from triage.qt.parts.inputs import GrowingText, Refusal
from triage.qt.parts.laying import vertical
from triage.qt.parts.theme import set_role
from triage.qt.parts.underlined import Underlined
from triage.qt.parts.words import tr
from triage.session import Session

_ABOUT = tr(
    "These words are printed in place of the composed ones, with a bar beside them. The record of findings stays as "
    "it was recorded."
)
_CHANGED = tr(
    "Answers have changed since you wrote this, and something else is composed now. Keep your words, or take the "
    "composed text?"
)
# In lines: how high the box is at least and at most, and what stands above and below it.
_LINES, _MOST, _AROUND = 8, 16, 12


class RewriteDialog(QDialog):
    """Records what the clinician writes in place of a composed block, as it is typed.

    Parameters
    ----------
    session
        The case.
    words
        The block.
    """

    def __init__(self, session: Session, words: Words, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._words = words
        self._before = session.case.get(words.key)
        # Until it is said which text holds, the words stand in place of what was composed then.
        found = self._before
        self._instead = found.instead_of if isinstance(found, Rewritten) else words.composed
        self.setWindowTitle(tr("Words of the letter"))
        self.setMinimumWidth(880 if words.changed else 600)
        title = QLabel(words.heading, self)
        self.asks = QLabel(_CHANGED if words.changed else _ABOUT, self)
        self.asks.setWordWrap(True)
        set_role(title, "title")
        set_role(self.asks, "muted")
        most = min(_MOST, self._room)
        self.text = GrowingText(most if words.changed else min(_LINES, most), self, most=most)
        self.text.setAccessibleName(tr("{heading}: your words", heading=words.heading))
        self.text.show_text(words.typed or words.composed)
        self.composed = QPlainTextEdit(words.composed, self)
        self.composed.setAccessibleName(tr("{heading}: composed now", heading=words.heading))
        self.composed.setReadOnly(True)
        self.composed.setTabChangesFocus(True)
        self.buttons = QDialogButtonBox(self)
        kinds = QDialogButtonBox.ButtonRole
        self.keep = self.buttons.addButton(tr("&Keep these words"), kinds.AcceptRole)
        self.take = self.buttons.addButton(tr("&Take the composed text"), kinds.ActionRole)
        self.cancel = self.buttons.addButton(tr("&Leave it as it was"), kinds.RejectRole)
        self.take.setEnabled(bool(words.typed))
        Underlined(self)
        layout = vertical(self, spacing=6)
        layout.addWidget(title)
        layout.addWidget(self.asks)
        layout.addLayout(self._texts())
        layout.addWidget(Refusal(self.text, self))
        layout.addWidget(self.buttons)
        self.text.typed.connect(self._on_typed)
        self.buttons.accepted.connect(self._on_kept)
        self.buttons.rejected.connect(self.reject)
        self.take.clicked.connect(self._on_taken)
        self.text.setFocus()

    @property
    def _room(self) -> int:
        """How many lines the screen has room for, beside all else."""
        lines = self.screen().availableSize().height() // self.fontMetrics().lineSpacing()
        return lines - _AROUND

    def _texts(self) -> QGridLayout:
        """Return the box to write in; where two texts stand, both side by side."""
        grid = QGridLayout()
        self.composed.setVisible(self._words.changed)
        grid.addWidget(self.text, 1, 0)
        if self._words.changed:
            for column, heading in enumerate((tr("Your words"), tr("Composed now"))):
                label = QLabel(heading, self)
                set_role(label, "heading")
                grid.addWidget(label, 0, column)
                grid.setColumnStretch(column, 1)
            grid.addWidget(self.composed, 1, 1)
            # As high as the box beside it, whatever size the text has.
            self.composed.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        return grid

    def _write(self, text: str, instead_of: str) -> None:
        said = None
        if text.strip() not in ("", self._words.composed.strip()):
            said = Rewritten(text=text, instead_of=instead_of)
        self.text.stay.write(self._session, self._words.key, said)

    @Slot(str)
    def _on_typed(self, text: str) -> None:
        self.keep.setEnabled(bool(text.strip()))
        self.take.setEnabled(text.strip() != self._words.composed.strip())
        self._write(text, self._instead)

    @Slot()
    def _on_kept(self) -> None:
        """Let the words hold, in place of what is composed now."""
        self._write(self.text.toPlainText(), self._words.composed)
        self._session.end_typing()
        self.accept()

    @Slot()
    def _on_taken(self) -> None:
        self._session.set(self._words.key, None)
        self.accept()

    def reject(self) -> None:
        """Let everything be as it was before; what was typed stays in the log, and undo brings it back."""
        if self._session.case.get(self._words.key) != self._before:
            self._session.set(self._words.key, self._before)
        super().reject()
