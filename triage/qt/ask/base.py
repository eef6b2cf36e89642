"""What all question widgets share: label, signs, captions, messages, and where inputs stand."""

from __future__ import annotations

from collections.abc import Mapping, Set
from functools import partial
from html import escape

from PySide6.QtCore import QEvent, QRect, Qt, Signal, Slot
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QColor,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QStatusTipEvent,
)
from PySide6.QtWidgets import QLabel, QWidget

from triage.content.form import Slot as FormSlot
from triage.content.schema import Question
from triage.expr.interval import Interval
from triage.letter.words.said.line import Mark, mark_of
from triage.model.values import Value
from triage.qt.ask.no_side import SIDE_CAPTIONS, side_caption
from triage.qt.ask.note import Notes
from triage.qt.ask.pasted import has_patient
from triage.qt.parts.accessible import Group, tell_invalid
from triage.qt.parts.colours import RING_ROOM, colours
from triage.qt.parts.flow import Head
from triage.qt.parts.inputs import TypedLine
from triage.qt.parts.keys import is_enter, is_plain, is_shifted
from triage.qt.parts.laying import snug, vertical
from triage.qt.parts.linked import Linked
from triage.qt.parts.need import Need, NeedMark
from triage.qt.parts.soon import Soon
from triage.qt.parts.stops import beside, next_stop, stops_in, tab_to
from triage.qt.parts.theme import LateRow, restyle, set_role
from triage.qt.parts.words import tr
from triage.rules.assessment import ContradictionFinding, Fired
from triage.session import Session

# Where a question is not answered: what the buttons and fields call that.
NOT_ASSESSED = {"told": tr("Not asked"), "seen": tr("Not examined")}
# How a message begins that says that what was typed is not kept.
_LOST = tr("Not recorded: {why}").partition("{")[0]
NOT_RECORDED = tr("Left blank")
UNUSED = tr("Kept as typed, used by no rule.")
_FLASH_MS = 3_000
# How wide the bar of the focus is at the left of a row, and that of what is gone to beside it. In pixels.
_BAR = 4


class QuestionWidget(LateRow):
    """One question. It shows the session and writes to it, and keeps no answer of its own.

    A subclass makes its inputs in ``__init__`` (into `side`, beside the label, or `body`, below that), announces each
    by `name_input` or `hint_input`, overrides `refresh`, and calls `finish` at the end.

    Parameters
    ----------
    session
        The case.
    question
        The question.

    Signals
    -------
    next_requested, previous_requested
        The user is done here and wants the next question, or the one before.
    answered : str
        A key recorded an answer, and the focus may go on: to this part of the question, or if empty to the next one.
    told : str
        There is something to say for which a place beside the question is not enough.
    advised : str
        A key recorded nothing here, and why.
    moved
        The focus is in another place of the same widget, which may be out of sight.
    layer_wished : str, object
        Another list is to be marked on the body map, from this place on.
    question_requested : str
        The user wants to see another answer, which this one cannot stand beside.
    """

    question_requested = Signal(str)
    next_requested = Signal()
    previous_requested = Signal()
    answered = Signal(str)
    told = Signal(str)
    advised = Signal(str)
    moved = Signal()
    layer_wished = Signal(str, object)
    # What can be done with its answer from outside, and what that is called.
    acts: Mapping[str, str] = {"back": tr("&Take back")}
    heard = Group
    # Whether what is in the body needs the room under the label as well.
    is_wide = False

    def __init__(self, session: Session, question: Question, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.question = question
        self.slots = session.form.slots_of(question.id)
        self._inputs: dict[QWidget, str] = {}
        self._current = self._flashing = False
        self._said = self._refused = ""
        self._is_check = self._was_refused = False
        # The keys of all its answers, for those who hear them.
        self.keys = ""
        # Made when it is needed: few questions ever need it.
        self._flash_end: Soon | None = None
        self._known_label: QLabel | None = None
        self._message: QLabel | None = None
        self._contradiction: QLabel | None = None
        self._flag: Fired | None = None
        self._is_told = False
        self._why: QLabel | None = None
        person = session.form.sections[question.section].person
        self.not_assessed = NOT_ASSESSED.get(person, NOT_RECORDED)
        self.is_seen = person == "seen"
        # What is written beside the answers, under them all.
        self.notes = Notes(session, self.slots, self)
        self._lay_out()

    # -- for subclasses -------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show what the session holds."""
        raise NotImplementedError

    def finish(self) -> None:
        """Set the last touches once all inputs are made, and show the session."""
        question = self.question
        self.body.addLayout(self.notes.rows)
        self.setAccessibleName(question.label)
        self._describe()
        self.refresh()
        self.show_known()
        self.show_contradiction()
        if self.session.read_only:
            self._shut()

    def _shut(self) -> None:
        """Let nothing be answered; the question itself takes the focus, so that it can be read by keys."""
        for part in self.findChildren(QWidget):
            # Words stay as they are, and what holds them.
            if type(part) is not QWidget and not isinstance(part, QLabel | Head):
                part.setEnabled(False)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def _describe(self) -> None:
        flag = self._flag
        found = ""
        if flag is not None:
            found = tr("Red flag, {level}: {says}", level=flag.level, says=flag.says.rstrip("."))
        keys = self._recorded if self.session.read_only else self.keys
        said = (keys, found, self.question.why, self._need().value)
        self.setAccessibleDescription(". ".join(filter(None, said)))

    @property
    def _recorded(self) -> str:
        """What is recorded, in words."""
        # They are needed only here, and cost at each start.
        from triage.letter.words.described import describe

        session = self.session
        keys = [slot.key for slot in self.slots if slot.key in session.case]
        found = [describe(session.case, session.form, key) for key in keys]
        return tr("Recorded: {join}", join="; ".join(found)) if found else self.not_assessed

    def name_input(self, widget: QWidget, part: str = "", hint: str = "") -> None:
        """Tell a screen reader what `widget` asks: the question, a part of it, and hints."""
        label = self.question.label
        widget.setAccessibleName(f"{label}, {part}" if part else label)
        self.hint_input(widget, hint)

    def hint_input(self, widget: QWidget, hint: str = "") -> None:
        """Tell a screen reader how to use `widget`, which has a name of its own in the group of the question."""
        self._inputs[widget] = hint
        widget.setAccessibleDescription(hint)
        section = self.session.form.sections[self.question.section]
        if section.person == "administrative" and isinstance(widget, TypedLine):
            # Who the patient is can be copied as a whole, wherever it is pasted.
            widget.leaves = partial(has_patient, self.session, self.question.id)

    def say(self, text: str, *, check: bool = False) -> None:
        """Show a remark about the answer under it, and tell a screen reader once; empty: none.

        Parameters
        ----------
        check
            Whether it says that the answer is to be looked at again.
        """
        self._is_check = check
        if text != self._said:
            self._said = text
            self._show_message()

    def event(self, event: QEvent) -> bool:
        # A field that could not take something says so to whoever stands around it.
        if isinstance(event, QStatusTipEvent):
            if event.tip() != self._refused:
                self._refused = event.tip()
                self._show_message()
            return True
        if (
            isinstance(event, QKeyEvent)
            and self.session.read_only
            and event.type() == QEvent.Type.KeyPress
            and event.key() not in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab)
        ):
            # Its own keys are for answers.
            QuestionWidget.keyPressEvent(self, event)
            return event.isAccepted()
        return super().event(event)

    def _show_message(self) -> None:
        text = self.message
        if self._is_refused != self._was_refused:
            self._was_refused = self._is_refused
            tell_invalid(self)
        role = "contradiction" if self._is_refused else "check" if self._is_check else "small"
        if self._message is None and text:
            self._message = self._line_under("small", at=self._first_under)
        if self._message is not None:
            restyle(self._message, role)
            self._message.setText(text)
            self._message.setVisible(bool(text))
        self._show_sign()
        for widget, said in self._inputs.items():
            widget.setAccessibleDescription(". ".join(part for part in (text, said) if part))
        if text and self._message is not None:
            QAccessible.updateAccessibility(
                QAccessibleEvent(self._message, QAccessible.Event.Alert)
            )

    def hear(self, state: QAccessible.State) -> None:
        """Tell a screen reader that what was typed could not be taken."""
        state.invalid = int(self._is_refused)

    @property
    def _is_refused(self) -> bool:
        return self.message.startswith(_LOST)

    @property
    def message(self) -> str:
        """The remark that is shown; what was refused goes first."""
        return self._refused or self._said

    def first_input(self) -> QWidget:
        """Return the input that the focus goes to."""
        return next(iter(self._inputs))

    def parts(self) -> list[QWidget]:
        """Return the parts in sight that arrows go to, as one reads."""
        return stops_in(self)

    def further(self) -> list[QWidget]:
        """Return the fields behind the first one: Tab comes to them only from one another, as one reads."""
        return [part for part in stops_in(self) if part not in self.stops()]

    def way_out(self) -> QWidget:
        """Return where Esc leads from any of its parts, and Shift+Tab from the fields behind the first one."""
        return self.stops()[0]

    # -- for the page ---------------------------------------------------------------------------

    @property
    def name(self) -> str:
        """The id of the question."""
        return self.question.id

    @property
    def is_to_answer(self) -> bool:
        """Whether it is open, and other answers do not say it already, as a birth date says the age."""
        return not self.session.is_complete(self.question) and not self._known()

    def stops(self) -> list[QWidget]:
        """Return where Tab stops on its way: in a question once, unless it says otherwise."""
        return [self if self.session.read_only else self.first_input()]

    def take_focus(self, key: str = "") -> None:
        """Put the focus on the question, on the part that `key` names if it has such parts."""
        self.first_input().setFocus(Qt.FocusReason.OtherFocusReason)

    def enter(self, key: str = "") -> None:
        """Put the focus where the question is answered, or in a case that is only read on the question itself."""
        if self.session.read_only:
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.take_focus(key)

    def show_coming(self, changes: Mapping[str, Value | None]) -> None:
        """Show what would be recorded and is not yet; most questions leave that to whoever asks."""

    def do(self, name: str) -> None:
        """Do one of its acts."""
        if name == "back":
            self.session.remove(self.question.id)
        self.take_focus()

    def is_touched(self, names: Set[str]) -> bool:
        """Whether it shows anything of the questions `names`, its own or another."""
        return self.question.id in names or self.question.pair in names

    def show_known(self) -> None:
        """Show what other answers already say about a question that is open, or what of its answer was lost."""
        known = self._lost() if self.session.is_answered(self.question) else self._known()
        self.show_beside("\n".join(filter(None, (self.then(), known))))

    def show_beside(self, known: str) -> None:
        """Show under the label what is known without the answer."""
        if known == self.beside:
            return
        if self._known_label is None:
            self._known_label = QLabel(self)
            self._known_label.setTextFormat(Qt.TextFormat.PlainText)
            self._known_label.setWordWrap(True)
            set_role(self._known_label, "small")
            self.words.insertWidget(1, self._known_label)
        self._known_label.setText(known)
        self._known_label.setVisible(bool(known))

    @property
    def beside(self) -> str:
        """What is shown under the label."""
        return self._known_label.text() if self._known_label is not None else ""

    def show_contradiction(self) -> None:
        """Say which other answers this one cannot stand beside, and lead there; both keep what was recorded."""
        found = self.session.contradictions(self.question)
        says = "<br>".join(map(self._contradicts, found))
        if self._contradiction is None and says:
            self._contradiction = self._line_under("contradiction", Linked(self))
            self._contradiction.linkActivated.connect(self.question_requested)
        if self._contradiction is not None and self._contradiction.text() != says:
            self._contradiction.setText(says)
            self._contradiction.setVisible(bool(says))
        self._show_sign()

    def _contradicts(self, found: ContradictionFinding) -> str:
        form = self.session.form
        others = {
            question.id: f'<a href="{key}" style="text-decoration:none">{escape(question.label)}</a>'
            for key in found.answers
            if (question := form.question_of(key)) is not None and question is not self.question
        }
        links = ", ".join(others.values())
        return f"≠ {escape(found.says)} {links}".strip()

    def show_flag(self, flag: Fired | None, *, is_told: bool = True) -> None:
        """Mark the question as one that a red flag rests on; None: it is none.

        Parameters
        ----------
        flag
            The gravest of them.
        is_told
            Whether it is said in words as well.
        """
        if (flag, is_told) == (self._flag, self._is_told):
            return
        self._flag, self._is_told = flag, is_told
        restyle(self.label, "strong" if flag else "")
        says = flag.says if flag and is_told else ""
        if self._why is None and says:
            # In the same place whichever came first.
            above = self._first_under + (self._message is not None)
            self._why = self._line_under("small", at=above)
        if self._why is not None:
            self._why.setText(says)
            self._why.setVisible(bool(says))
        self._describe()
        self._show_sign()

    @property
    def sign(self) -> Mark:
        """The sign in front of its label, if what is recorded asks for one."""
        return self._mark.sign

    def _show_sign(self) -> None:
        if self._contradiction is not None and self._contradiction.text():
            sign = Mark.UNEQUAL
        elif self._flag is not None:
            sign = mark_of(self._flag.level)
        else:
            is_odd = self._is_check and bool(self._said) and not self._is_refused
            sign = Mark.FLAG if is_odd else Mark.NONE
        self._mark.show_sign(sign)

    def _line_under(self, role: str, line: QLabel | None = None, *, at: int = -1) -> QLabel:
        """Return a line for what is said under the answer, as far in as a button there; it stands last or `at`."""
        if line is None:
            line = QLabel(self)
            line.setTextFormat(Qt.TextFormat.PlainText)
        line.setWordWrap(True)
        line.setContentsMargins(RING_ROOM, 0, 0, 2)
        set_role(line, role)
        self._under.insertWidget(at, line)
        return line

    def set_current(self, current: bool) -> None:
        """Mark the question that has the focus."""
        if current != self._current:
            self._current = current
            self.update()

    def flash(self) -> None:
        """Draw the eye to the question for a while, by a bar that is not that of the focus."""
        self._flashing = True
        self.update()
        if self._flash_end is None:
            self._flash_end = Soon(self._on_flash_over, self, _FLASH_MS)
        self._flash_end.start()

    @Slot()
    def _on_flash_over(self) -> None:
        self._flashing = False
        self.update()

    # -- inside ---------------------------------------------------------------------------------

    def _need(self) -> Need:
        if self.question.safety:
            return Need.SAFETY
        return Need.CORE if self.question.core else Need.NONE

    def _lay_out(self) -> None:
        self.label = QLabel(self.question.label.replace("&", "&&"), self)
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.label.setWordWrap(True)
        self.label.setToolTip(self.question.why)
        self.label.setMinimumWidth(120)
        self.side = vertical(spacing=2)
        self.body = vertical(spacing=4)
        answers = snug(spacing=2)
        words = vertical(spacing=0)
        # The first line of the label beside the words of a button.
        words.setContentsMargins(0, 8, 10, 6)
        words.addWidget(self.label)
        self.words = words
        for inner in (self.side, self.body, answers):
            inner.setContentsMargins(0, 0, 0, 0)
        answers.addLayout(self.side)
        self._mark = NeedMark(self._need(), self)
        # A line more under the answers must not paint them all again.
        self.setAttribute(Qt.WidgetAttribute.WA_StaticContents)
        self._layout = layout = snug(self)
        layout.setContentsMargins(6, 0, 10, 1)
        layout.setSpacing(2)
        layout.addWidget(Head(self._mark, words, answers))
        self._under = answers
        if self.is_wide:
            self.body.setContentsMargins(24, 0, 0, 4)
            layout.addLayout(self.body)
            self._under = self.body
        else:
            answers.addLayout(self.body)
        # Where lines under the answers begin.
        self._first_under = self._under.count()

    def _known(self) -> str:
        fact = self.session.facts.get(self.question.id)
        if fact is True and self.question.kind == "finding":
            return tr("Yes, from other answers")
        if isinstance(fact, Interval) and self.question.kind == "quantity":
            return _span(fact, self.question.unit)
        return ""

    def then(self) -> str:
        """Return what the earlier visit recorded, and whether that is to be confirmed."""
        then = self.session.then(self.question)
        if then and self.question.id in self.session.to_confirm:
            return tr("To confirm, {then}", then=then)
        return then

    def _lost(self) -> str:
        lost = self.session.lost
        values = [lost[slot.key] for slot in self.slots if slot.key in lost] if lost else []
        if not values:
            return ""
        # Words are needed here only after a form has changed, and cost at each start.
        from triage.letter.words.recorded import recorded_text

        said = map(recorded_text, values)
        return tr("Recorded as “{join}”: no longer asked, used by no rule", join="; ".join(said))

    def caption(self, slot: FormSlot) -> QLabel:
        """Return a caption for one side."""
        label = QLabel(side_caption(slot), self)
        set_role(label, "small")
        # The answers of both sides begin on one line.
        wide = map(self.fontMetrics().horizontalAdvance, (label.text(), SIDE_CAPTIONS["right"]))
        label.setMinimumWidth(max(wide))
        return label

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # What an input does not use comes here: it moves, answered or not, and never records.
        step, focused = step_of(event), self.focusWidget()
        parts, out = self.parts(), self.way_out()
        if event.key() == Qt.Key.Key_Escape and is_plain(event) and focused not in (None, out):
            # Out of a grid, a comment, a row: to where the question begins.
            tab_to(out, forward=False)
            self.moved.emit()
        elif focused in parts and (near := beside(parts, focused, event)):
            self.go_to_part(near)
            self.moved.emit()
        elif step > 0:
            self.next_requested.emit()
        elif step < 0:
            self.previous_requested.emit()
        else:
            super().keyPressEvent(event)

    def go_to_part(self, part: QWidget) -> None:
        """Put the focus on one of its parts."""
        part.setFocus(Qt.FocusReason.OtherFocusReason)

    def focusNextPrevChild(self, forward: bool) -> bool:
        focused = self.focusWidget()
        further = self.further()
        way = [self.way_out(), *further] if focused in further else self.stops()
        target = next_stop(way, focused, forward=forward)
        if target is None:
            return super().focusNextPrevChild(forward)
        tab_to(target, forward=forward)
        self.moved.emit()
        return True

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # What it has painted stays, but for the line at its end, and what stands round it all.
        end = min(event.oldSize().height(), self.height()) - 1
        self.update() if self.hasFocus() else self.update(0, end, self.width(), self.height() - end)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_row(painter, self, current=self._current, framed=self.hasFocus())
        if self._flashing:
            # Blue would say that the focus is there: it may have gone on.
            ink = QColor(colours(self.palette()).ink)
            painter.fillRect(QRect(_BAR, 0, _BAR, self.height() - 1), ink)
        painter.end()


def paint_row(painter: QPainter, row: QWidget, *, current: bool, framed: bool = False) -> None:
    """Paint the ground of a row: tinted and with a bar where the focus is, a frame if it is on the whole of it."""
    c = colours(row.palette())
    if current:
        painter.fillRect(row.rect().adjusted(0, 0, 0, -1), QColor(c.tint))
        painter.fillRect(QRect(0, 0, _BAR, row.height() - 1), QColor(c.accent))
    painter.setPen(QPen(QColor(c.rule), 1))
    painter.drawLine(0, row.height() - 1, row.width(), row.height() - 1)
    if framed:
        painter.setPen(QPen(QColor(c.accent), c.ring))
        painter.drawRect(row.rect().adjusted(1, 1, -2, -3))


def _span(fact: Interval, unit: str) -> str:
    low, high = fact.low, fact.high
    if low == high:
        return tr("{low}, from other answers", low=f"{low:.0f} {unit}".strip())
    return ""


def step_of(event: QKeyEvent) -> int:
    """Return where a key leads that no input used: 1 the next question, -1 the one before, 0 nowhere."""
    if is_enter(event):
        return -1 if is_shifted(event) else 1
    held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    if held not in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier):
        return 0
    return {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()), 0)


def answers(count: int) -> str:
    """Return how many answers these are, in words."""
    return tr("1 answer") if count == 1 else f"{count} answers"
