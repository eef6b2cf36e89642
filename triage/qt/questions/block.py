"""A folded group of questions: one line that names them all, one key that answers them."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from triage.content.schema import Block, Question
from triage.qt.questions.base import Need, NeedMark
from triage.qt.questions.segments import Segment, Tone
from triage.qt.theme import set_role
from triage.session import Session
from triage.session.session import block_values

_ROLE = QPalette.ColorRole
_PLAIN = ~(Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier)


class BlockRow(QWidget):
    """The line of one block.

    N or Enter records the block's one answer, with all the labels that it stands for in sight;
    O opens and folds.

    Parameters
    ----------
    session
        The case.
    block
        The block.

    Signals
    -------
    opened : bool
        The user wants its questions to be in sight, or folded.
    next_requested
        The user is done here and wants the next question.
    """

    opened = Signal(bool)
    next_requested = Signal()

    def __init__(self, session: Session, block: Block, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.block = block
        self.members = session.form.in_block(block.id)
        self.is_open = False
        self._forced = False
        self._current = False
        # What its key last left out; said for as long as it is true.
        self._left_out = ""
        self._lay_out()
        self.answer.chosen.connect(self._on_answer_chosen)
        self.unfold.chosen.connect(self._on_unfold_chosen)
        if session.read_only:
            self.answer.setEnabled(False)
        self.refresh()

    def _lay_out(self) -> None:
        safety = any(q.safety for q in self.members)
        need = Need.SAFETY if safety else Need.CORE if self.block.core else Need.NONE
        self.title = QLabel(self.block.title.replace("&", "&&"), self)
        self.title.setWordWrap(True)
        set_role(self.title, "title")
        self.names = QLabel(self)
        self.names.setWordWrap(True)
        for label in (self.title, self.names):
            label.setTextFormat(Qt.TextFormat.PlainText)
        self.answer = Segment("answer", self.block.label, Tone.YES, self)
        self.answer.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.answer.setToolTip("N or Enter: record all of these")
        self.unfold = Segment("open", "Open", Tone.NO, self)
        self.unfold.setToolTip("O: answer them one by one")
        self.unfold.setAccessibleName(f"{self.block.title}: open")
        self.unfold.setAccessibleDescription("O opens the block to answer one by one")
        self.title.setBuddy(self.answer)
        head = QHBoxLayout()
        head.setSpacing(3)
        gutter = QVBoxLayout()
        gutter.setContentsMargins(0, 2, 0, 0)
        gutter.addWidget(NeedMark(need, self))
        gutter.addStretch(1)
        head.addLayout(gutter)
        head.addWidget(self.title, 1)
        head.addWidget(self.answer)
        head.addWidget(self.unfold)
        names = QHBoxLayout()
        names.setContentsMargins(15, 0, 0, 0)
        names.addWidget(self.names)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 5, 6, 6)
        layout.setSpacing(2)
        layout.addLayout(head)
        layout.addLayout(names)

    # -- the session ----------------------------------------------------------------------------

    @property
    def covered(self) -> tuple[Question, ...]:
        """The questions that its one key answers."""
        slots_of = self.session.form.slots_of
        return tuple(q for q in self.members if block_values(slots_of(q.id), q))

    @property
    def open_ones(self) -> tuple[Question, ...]:
        """Those of them without an answer so far."""
        return tuple(q for q in self.covered if not self.session.is_answered(q))

    def refresh(self) -> None:
        """Show what the session holds."""
        self._forced = self.session.is_block_open(self.block)
        left = self.open_ones
        answered = len(self.covered) - len(left)
        if not answered or not left:
            begins = self.block.label if not answered else f"Recorded: {self.block.label.lower()}"
        else:
            begins = f"Open ({len(left)} of {len(self.covered)})"
        shown = left or self.covered
        # In an open block the labels stand right below.
        text = f"{begins}: " + " · ".join(q.label.rstrip("?") for q in shown)
        self._left_out = self._left_out if left else ""
        said = [self._left_out] if self.is_shown_open else [text, self._left_out]
        self.names.setText("\n".join(filter(None, said)))
        self.names.setVisible(any(said))
        if self.answer.isChecked() != (not left):
            self.answer.setChecked(not left)
        caption = "None of the others" if answered and left else self.block.label
        if self._is_positive():
            caption = self.block.label if not answered else "The others as well"
        self.answer.set_caption(_short(caption))
        self.answer.setAccessibleName(f"{self.block.title}: {caption}")
        self.answer.setAccessibleDescription(
            f"{text}. {self._left_out} N or Enter records this for all of them, O opens them"
        )
        self.unfold.setVisible(not self._forced)
        self.unfold.set_caption("Fold" if self.is_open else "Open")

    def _is_positive(self) -> bool:
        return any(q.block_value == "present" for q in self.covered)

    @property
    def is_shown_open(self) -> bool:
        """Whether its questions are in sight."""
        return self.is_open or self._forced

    def set_open(self, is_open: bool) -> None:
        """Unfold or fold it."""
        if is_open != self.is_open:
            self.is_open = is_open
            self.refresh()
            self.opened.emit(is_open)

    def take_focus(self, key: str = "") -> None:
        """Put the focus on the key that answers it."""
        self.answer.setFocus(Qt.FocusReason.OtherFocusReason)

    def set_current(self, current: bool) -> None:
        """Mark the row that has the focus."""
        if current != self._current:
            self._current = current
            self.update()

    # -- keys and clicks ------------------------------------------------------------------------

    @Slot(str)
    def _on_answer_chosen(self, name: str) -> None:
        if self.open_ones:
            self._left_out = self.session.answer_block(self.block).remark
            self.refresh()

    @Slot(str)
    def _on_unfold_chosen(self, name: str) -> None:
        self.set_open(not self.is_open)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if event.modifiers() & _PLAIN:
            super().keyPressEvent(event)
        elif event.isAutoRepeat() and key in _KEYS:
            # A held key must not answer one block after the other.
            return
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not self.open_ones:
            self.next_requested.emit()
        elif key in (Qt.Key.Key_N, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._on_answer_chosen("")
        elif key == Qt.Key.Key_O:
            self.set_open(not self.is_open)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        ground = self.palette().color(_ROLE.Mid)
        ground.setAlpha(60)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawRoundedRect(self.rect().adjusted(4, 1, -4, -2), 4, 4)
        if self._current:
            painter.fillRect(0, 2, 3, self.height() - 4, self.palette().color(_ROLE.Highlight))
        painter.end()


_KEYS = (Qt.Key.Key_N, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_O)


def _short(caption: str) -> str:
    return caption if len(caption) <= 44 else "All of these"
