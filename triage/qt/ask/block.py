"""A group of questions: one line that names them all, or closes them, and one key that answers what is open."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Set
from functools import partial

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QWidget

from triage.content.schema import Block, Question
from triage.qt.ask.base import answers, paint_row, step_of
from triage.qt.parts.accessible import Deeds, Group, State, tell_opened
from triage.qt.parts.colours import RING_ROOM
from triage.qt.parts.flow import Flow, Head
from triage.qt.parts.keys import Place, act, char_of, is_enter
from triage.qt.parts.laying import vertical
from triage.qt.parts.need import Need, NeedMark
from triage.qt.parts.segments import Closing, Segment, Tone
from triage.qt.parts.theme import LateRow, set_role
from triage.qt.parts.words import tr
from triage.session import Session
from triage.session.session import block_values

_LONGEST = 44
_READ_ONLY = tr("This case is read-only. Here it can be read.")
# Keys that mean an answer elsewhere: who types one here is told which key it is.
_ANSWERS = tuple("NAPYU")


def _need_of(block: Block, members: Iterable[Question]) -> Need:
    if any(question.safety for question in members):
        return Need.SAFETY
    return Need.CORE if block.core else Need.NONE


class BlockTitle(LateRow):
    """The title above the questions of an open block.

    Parameters
    ----------
    block
        The block.
    members
        Its questions.
    """

    def __init__(
        self, block: Block, members: Iterable[Question], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.title = _strong(block.title, self)
        words, nothing = vertical(), vertical()
        words.setContentsMargins(0, 8, 10, 2)
        words.addWidget(self.title)
        nothing.setContentsMargins(0, 0, 0, 0)
        layout = vertical(self, 6, 0, 10, 0)
        layout.addWidget(Head(NeedMark(_need_of(block, members), self), words, nothing))


class _Unfold(Segment):
    """The button in which the focus of a whole block is.

    Signals
    -------
    turned
        The focus came or went.
    """

    turned = Signal()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.turned.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.turned.emit()


class BlockRow(LateRow):
    """The line of one block: folded it names its questions, open it is their last line and closes them.

    Only 0 and a press of its button record the block's one answer, with all the labels that it
    stands for in sight. Space or O opens it, Shift+O folds it, Delete takes back what it recorded.

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
    entered
        The user opened it to answer its questions one by one.
    next_requested, previous_requested
        The user is done here and wants the next question, or the one before.
    record_requested : object
        The key that records it was pressed, at this time stamp: whoever knows the other blocks
        says by `record` that it may.
    told : str
        What was recorded, or why nothing was.
    advised : str
        A key recorded nothing here, and why.
    """

    opened = Signal(bool)
    entered = Signal()
    next_requested = Signal()
    previous_requested = Signal()
    record_requested = Signal(object)
    told = Signal(str)
    advised = Signal(str)
    where = Place.BLOCK
    heard = Group

    def __init__(self, session: Session, block: Block, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.block = block
        self.members = session.form.in_block(block.id)
        # The questions that its one key answers.
        slots_of = session.form.slots_of
        self.covered = tuple(q for q in self.members if block_values(slots_of(q.id), q))
        self.is_open = False
        self._forced = False
        self._current = False
        # What its key last left out; said for as long as it is true.
        self._left_out = ""
        self._lay_out()
        self.answer.chosen.connect(self._on_answer_chosen)
        self.unfold.chosen.connect(self._on_unfold_chosen)
        self.unfold.turned.connect(self.update)
        if session.read_only:
            self.answer.setEnabled(False)
        self.refresh()

    def _lay_out(self) -> None:
        self.title = _strong(self.block.title, self)
        # Below its questions the title stands above them.
        self.others = QLabel(self)
        self.others.setTextFormat(Qt.TextFormat.PlainText)
        set_role(self.others, "muted")
        self.names = QLabel(self)
        self.names.setWordWrap(True)
        self.names.setTextFormat(Qt.TextFormat.PlainText)
        tone = Tone.YES if self._is_positive() else Tone.NO
        self.answer = Closing("answer", self.block.label, self, tone)
        # The whole row has the one focus, on the button that harms nothing.
        self.answer.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.answer.setToolTip(tr("0: record this for all of them"))
        self.unfold = _Unfold("open", tr("Open"), Tone.PICK, self, "o")
        self.unfold.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.unfold.has_ring = False
        words = vertical(None, 0, 8, 10, 6)
        words.addWidget(self.title)
        words.addWidget(self.others)
        words.addStretch(1)
        buttons = Flow(gap=0, line_gap=0)
        buttons.add(self.answer)
        buttons.add(self.unfold)
        told = vertical(None, 0, 8, 0, 0, spacing=2)
        # As far in as the buttons, which keep room for a ring.
        self.names.setContentsMargins(RING_ROOM, 0, 0, 0)
        told.addWidget(self.names)
        told.addWidget(buttons)
        layout = vertical(self, 6, 0, 10, 3)
        self._mark = NeedMark(_need_of(self.block, self.members), self)
        layout.addWidget(Head(self._mark, words, told))

    # -- the session ----------------------------------------------------------------------------

    @property
    def open_ones(self) -> tuple[Question, ...]:
        """Those of them without an answer so far."""
        return tuple(q for q in self.covered if not self.session.is_answered(q))

    @property
    def name(self) -> str:
        """The id of the block."""
        return self.block.id

    @property
    def is_to_answer(self) -> bool:
        """Whether it is folded, and its key would record something."""
        return bool(self.open_ones) and not self.is_shown_open

    @property
    def recorded(self) -> tuple[Question, ...]:
        """Those that were answered as a block."""
        keys = self.session.recorded_by_block(self.block)
        slots_of = self.session.form.slots_of
        return tuple(q for q in self.covered if any(s.key in keys for s in slots_of(q.id)))

    @property
    def caption(self) -> str:
        """What its one key says, with the number of questions that it is about."""
        covered, left = len(self.covered), len(self.open_ones)
        count = left or len(self.recorded) or covered
        if count == covered:
            said = counted(self.block.label, count)
            return said if len(said) <= _LONGEST else counted(tr("All of these"), count)
        return counted(
            tr("All the others") if self._is_positive() else tr("None of the others"), count
        )

    def is_touched(self, names: Set[str]) -> bool:
        """Whether it shows anything of the questions `names`, or opens or folds by itself now."""
        if any(question.id in names for question in self.members):
            return True
        return self._forced != self.session.is_block_open(self.block)

    def refresh(self) -> None:
        """Show what the session holds."""
        self._forced = self.session.is_block_open(self.block)
        left, caption = self.open_ones, self.caption
        answered = len(self.covered) - len(left)
        if not answered or not left:
            begins = (
                self.block.label
                if not answered
                else tr("Recorded: {lower}", lower=self.block.label.lower())
            )
        else:
            begins = tr("Open ({left} of {covered})", left=len(left), covered=len(self.covered))
        shown = left or self.covered
        # In an open block the labels stand right above.
        text = f"{begins}: " + " · ".join(q.label.rstrip("?") for q in shown)
        self._left_out = self._left_out if left else ""
        said = [self._left_out] if self.is_shown_open else [text, self._then(), self._left_out]
        is_open = self.is_shown_open
        self.title.setVisible(not is_open)
        self._mark.setVisible(not is_open)
        self.others.setVisible(is_open)
        self.others.setText(_others(answered, len(left)))
        self.names.setText("\n".join(filter(None, said)))
        self.names.setVisible(any(said))
        self.answer.show_checked(not left and bool(self.recorded))
        self.answer.set_caption(caption)
        self.answer.setAccessibleName(caption if left else f"{caption}, recorded")
        described = f"{text}. {self._left_out}".strip()
        self.answer.setAccessibleDescription(
            tr("{described} 0 records this for all of them", described=described)
        )
        self.unfold.set_caption(tr("Fold") if self.is_shown_open else tr("Open"))
        self.unfold.set_key("" if self.is_shown_open else "o")
        self.unfold.setToolTip("Shift+O" if self.is_shown_open else tr("O: answer them one by one"))
        count = tr(
            "{covered} questions, {n} answered", covered=len(self.covered), n=answered or tr("none")
        )
        self.setAccessibleName(f"{self.block.title}, {count}")
        self.setAccessibleDescription(
            tr(
                "{described} 0 records {caption}, Delete takes that back, "
                "O or Space opens to answer one by one, Shift+O folds",
                described=described,
                caption=caption,
            )
        )

    def _then(self) -> str:
        """Return how many of its questions are to be confirmed: nothing of them was there, or it would be open."""
        count = sum(q.id in self.session.to_confirm for q in self.members)
        return tr("To confirm: {said} as before", said=answers(count)) if count else ""

    def _is_positive(self) -> bool:
        return any(q.block_value == "present" for q in self.covered)

    @property
    def is_shown_open(self) -> bool:
        """Whether its questions are in sight."""
        return self.is_open or self._forced

    def hear(self, state: State) -> None:
        """Tell a screen reader whether its questions are in sight."""
        state.expandable = 1
        state.expanded, state.collapsed = int(self.is_shown_open), int(not self.is_shown_open)

    def deeds(self) -> Deeds:
        """Return what assistive technology can do to it."""
        fold = partial(self._on_unfold_chosen, "open")
        found: dict[str, tuple[str, Callable[[], object]]] = {"open": (self.unfold.caption, fold)}
        if not self.session.read_only:
            found["record"] = (self.caption, self.record)
        return found

    def set_open(self, is_open: bool) -> None:
        """Unfold or fold it."""
        if is_open != self.is_open:
            self.is_open = is_open
            self.refresh()
            tell_opened(self)
            self.opened.emit(is_open)

    def stops(self) -> list[QWidget]:
        """Return where Tab stops on its way."""
        return [self.unfold]

    def take_focus(self, key: str = "") -> None:
        """Put the focus on it."""
        self.unfold.setFocus(Qt.FocusReason.OtherFocusReason)

    enter = take_focus

    def set_current(self, current: bool) -> None:
        """Mark the row that has the focus."""
        if current != self._current:
            self._current = current
            self.update()

    # -- keys and clicks ------------------------------------------------------------------------

    @Slot(str)
    def _on_answer_chosen(self, name: str) -> None:
        self.take_focus()
        self.record()

    def record(self) -> None:
        """Record the block's one answer for what is open, and say what was recorded."""
        if self.session.read_only:
            self.advised.emit(_READ_ONLY)
        elif self.open_ones:
            caption = self.caption
            answered = self.session.answer_block(self.block)
            self._left_out = answered.remark
            self.refresh()
            self.told.emit(answered.told(caption))
        else:
            self.advised.emit(tr("Nothing is open here."))

    def take_back(self) -> None:
        """Take back what the block recorded."""
        count = len(self.recorded)
        if self.session.read_only:
            self.advised.emit(_READ_ONLY)
        elif count:
            self.session.take_back_block(self.block)
            self.told.emit(
                tr("Taken back: {count} of this block. Ctrl+Z undoes that.", count=answers(count))
            )
        else:
            self.advised.emit(tr("Nothing was recorded here as a block."))

    @Slot(str)
    def _on_unfold_chosen(self, name: str) -> None:
        if self._forced:
            self.advised.emit(tr("A block with a present answer stays open."))
        elif self.is_open:
            self.set_open(False)
        else:
            self._go_in()

    def _go_in(self) -> None:
        """Open it and go to its first question: that is what it is opened for."""
        self.set_open(True)
        self.entered.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if step := step_of(event):
            if is_enter(event) and self.open_ones:
                self._say_which_key()
            (self.next_requested if step > 0 else self.previous_requested).emit()
        else:
            self._take(event)

    def _take(self, event: QKeyEvent) -> None:
        match act(event, Place.BLOCK):
            case "close":
                self.record_requested.emit(event.timestamp())
            case "open":
                self._go_in()
            case "fold":
                self.set_open(False)
            case "back":
                self.take_back()
            case _ if char_of(event) in _ANSWERS:
                self._say_which_key()
            case _:
                event.ignore()

    def _say_which_key(self) -> None:
        self.advised.emit(tr("Nothing was recorded: 0 records “{caption}”.", caption=self.caption))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        # The whole block has the focus, for its key answers the whole.
        paint_row(painter, self, current=self._current, framed=self.unfold.hasFocus())
        painter.end()


def _strong(text: str, parent: QWidget) -> QLabel:
    label = QLabel(text.replace("&", "&&"), parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    set_role(label, "strong")
    return label


def _others(answered: int, left: int) -> str:
    if not left:
        return ""
    return tr("The other {left}", left=left) if answered else tr("All {left}", left=left)


def counted(label: str, count: int) -> str:
    """Return a label such as "None of these" with how many these are."""
    said = re.sub(r"\b(these|others)\b", rf"\1 {count}", label, count=1)
    return said if said != label else f"{label} ({count})"
