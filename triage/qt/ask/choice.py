"""One option of several: a row of buttons, or a list where there are many or long ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QSizePolicy,
    QStyleOptionViewItem,
    QWidget,
)

from triage.content.form import Slot as FormSlot
from triage.content.schema import OptionRecord, Question
from triage.model.values import Choice, Finding, Unable
from triage.qt.ask.base import QuestionWidget
from triage.qt.ask.no_side import NoSide, side_caption
from triage.qt.ask.note import AnswerNote, Notes, notes_in
from triage.qt.parts.colours import RING_ROOM
from triage.qt.parts.flow import Flow
from triage.qt.parts.inputs import Combo, Entries, Index
from triage.qt.parts.keys import Place, act, char_of, digits, spoken
from triage.qt.parts.laying import horizontal
from triage.qt.parts.segments import Segment, Segments, Tone
from triage.qt.parts.stops import as_read
from triage.qt.parts.words import tr
from triage.session import Session

PRESENT, ABSENT, UNABLE, OPEN = "present", "absent", "(unable)", "(open)"
_MOST, _LONGEST, _BESIDE, _DIGITS = 6, 90, 26, 9
_LIST_HINT = tr(
    "{choice}. In the open list arrows and letters move, Space chooses", choice=spoken(Place.CHOICE)
)


def record(session: Session, slot: FormSlot, name: str) -> None:
    """Record the option or the state `name`: present, absent, unable or open."""
    old = session.case.get(slot.key)
    text = old.text if isinstance(old, Finding | Choice) else ""
    if name == recorded(session, slot.key):
        return
    if name == UNABLE:
        session.unable(slot.key, "")
    elif name == OPEN:
        session.set(slot.key, None)
    elif slot.kind == "finding":
        session.set(slot.key, Finding(present=name == PRESENT, text=text))
    else:
        session.set(slot.key, Choice(option=name, text=text))


def recorded(session: Session, key: str) -> str:
    """Return the option that is recorded, or the state."""
    match session.case.get(key):
        case Choice(option=option):
            return option
        case Finding(present=present):
            return PRESENT if present else ABSENT
        case Unable():
            return UNABLE
    return OPEN


class ChoiceRow(Segments):
    """A row of buttons for the answers of one key.

    Parameters
    ----------
    notes
        Those of the question.
    slot
        The key.
    buttons
        What can be answered; to take an answer back is added.
    open_caption
        What an open question is called.

    Signals
    -------
    answered
        A key recorded an answer: the focus may go on.
    """

    answered = Signal()
    where = Place.CHOICE

    def __init__(
        self,
        notes: Notes,
        slot: FormSlot,
        buttons: Sequence[Segment],
        open_caption: str,
        parent: QWidget | None = None,
    ) -> None:
        back = Segment(OPEN, "–" if slot.question.sided else open_caption, Tone.OPEN)
        back.setAccessibleName(open_caption)
        back.setToolTip(f"{open_caption}: Delete")
        super().__init__([*buttons, back], parent)
        self.session = notes.session
        self.slot = slot
        self.own_keys = own_keys(slot.options)
        self._notes = notes
        self.pressed.connect(self._on_pressed)
        self.keyed.connect(self._on_keyed)

    def refresh(self) -> None:
        """Show what the session holds."""
        self.show_down(recorded(self.session, self.slot.key))
        self._notes.refresh(self.slot.key)

    @property
    def note(self) -> AnswerNote:
        """What is written beside the answer."""
        return self._notes.of(self.slot.key)

    def focus_target(self) -> QWidget:
        """Return what the focus goes to."""
        return self.stop

    def parts(self) -> list[QWidget]:
        """Return what arrows go to."""
        return list(self.buttons.values())

    @Slot(str)
    def _on_pressed(self, name: str) -> None:
        record(self.session, self.slot, name)
        if name == UNABLE:
            self.note.call()

    @Slot()
    def _on_keyed(self) -> None:
        # Why it could not be assessed is typed now.
        if recorded(self.session, self.slot.key) not in (UNABLE, OPEN):
            self.answered.emit()

    def named_by(self, event: QKeyEvent) -> str:
        """Return the answer that a key records; empty for any other key."""
        return named_by(event, self.slot.options)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if act(event, self.where) == "comment":
            self.note.call()
            return
        name = self.named_by(event)
        if not name:
            super().keyPressEvent(event)
            return
        if name in self.buttons:
            self.take_stop(name)
        self._on_pressed(name)
        self._on_keyed()


def named_by(event: QKeyEvent, options: tuple[OptionRecord, ...]) -> str:
    """Return the option that a key records, or that it is unable or open; empty for any other key."""
    match act(event, Place.CHOICE):
        case "unable":
            return UNABLE
        case "back":
            return OPEN
        case "option":
            return by_digit(options, char_of(event))
    return ""


def by_digit(options: tuple[OptionRecord, ...], text: str) -> str:
    """Return the option that a digit stands for: its own name, else its place counted from 1."""
    if len(text) != 1 or not "0" <= text <= "9":
        return ""
    if all(option.id.isdigit() for option in options if not option.from_):
        return next((option.id for option in options if option.id == text), "")
    if are_numbered(options):
        return ""
    at = int(text) - 1
    return options[at].id if 0 <= at < len(options) else ""


def own_keys(options: tuple[OptionRecord, ...]) -> Mapping[str, str]:
    """Return the digits that choose among `options`."""
    return {"option": digits([d for d in "0123456789" if by_digit(options, d)])}


def are_numbered(options: tuple[OptionRecord, ...]) -> bool:
    """Whether all names hold numbers of their own, as C5 and L4: a 4 does not mean the fourth then."""
    return all(any(map(str.isdigit, option.label)) for option in options)


def digit_of(options: tuple[OptionRecord, ...], option: OptionRecord) -> str:
    """Return the digit that stands for an option; empty if none does, or its label begins with it."""
    digit = next((d for d in "0123456789" if by_digit(options, d) == option.id), "")
    return "" if digit and option.label.startswith(digit) else digit


class _Numbered(Entries):
    """Draws the digits of the first nine options in front of them."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        super().initStyleOption(option, index)
        if 0 < index.row() <= _DIGITS:
            option.text = f"{index.row()}  {option.text}"


class ChoiceList(Combo):
    """A list of the options of one key; the first entry stands for an open question.

    Parameters
    ----------
    notes
        Those of the question.
    slot
        The key.
    open_caption
        What an open question is called.

    Signals
    -------
    answered
        A key recorded an answer: the focus may go on.
    """

    answered = Signal()
    where = Place.CHOICE
    drawn_by = _Numbered

    def __init__(
        self, notes: Notes, slot: FormSlot, open_caption: str, parent: QWidget | None = None
    ) -> None:
        options = [(option.id, option.label) for option in slot.options]
        last = (UNABLE, tr("Unable to assess…"))
        super().__init__([(OPEN, f"{open_caption} —"), *options, last], parent)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.session = notes.session
        self.slot = slot
        self.own_keys = own_keys(slot.options)
        self._notes = notes
        self.chosen.connect(self._on_chosen)
        self.keyed.connect(self._on_keyed)

    def refresh(self) -> None:
        """Show what the session holds."""
        self.show_entry(recorded(self.session, self.slot.key))
        self._notes.refresh(self.slot.key)

    @property
    def note(self) -> AnswerNote:
        """What is written beside the answer."""
        return self._notes.of(self.slot.key)

    def focus_target(self) -> QWidget:
        """Return what the focus goes to."""
        return self

    def parts(self) -> list[QWidget]:
        """Return what arrows go to."""
        return [self]

    def take_letter(self, event: QKeyEvent) -> bool:
        """Take the keys of any choice; other letters move in the open list only."""
        if act(event, Place.CHOICE) == "comment":
            self.note.call()
            return True
        return self._take_key(event)

    def take_key_in_list(self, event: QKeyEvent) -> bool:
        """Take a digit of the open list as well."""
        is_digit = char_of(event).isdigit()
        return self._take_key(event) if is_digit else super().take_key_in_list(event)

    def _take_key(self, event: QKeyEvent) -> bool:
        name = named_by(event, self.slot.options)
        if name:
            self.choose(self.findData(name))
        return bool(name)

    @Slot(str)
    def _on_chosen(self, name: str) -> None:
        record(self.session, self.slot, name)
        if name == UNABLE:
            self.note.call()

    @Slot()
    def _on_keyed(self) -> None:
        if recorded(self.session, self.slot.key) not in (UNABLE, OPEN):
            self.answered.emit()


def is_row(question: Question) -> bool:
    """Whether the options are few and short enough for a row of buttons."""
    letters = sum(len(option.label) + 3 for option in question.options)
    return len(question.options) <= _MOST and letters <= _LONGEST


class ChoiceWidget(QuestionWidget):
    """Asks for one of several answers, perhaps on both sides."""

    acts: Mapping[str, str] = {
        "comment": tr("Co&mment"),
        "unable": tr("&Unable"),
        **QuestionWidget.acts,
    }

    def __init__(self, session: Session, question: Question, parent: QWidget | None = None) -> None:
        super().__init__(session, question, parent)
        self.no_side: NoSide | None = None
        self.controls = tuple(self.control(slot) for slot in self.slots)
        if question.sided:
            sides = Flow(self, gap=18, line_gap=3)
            for control in self.controls:
                pair = QWidget(sides)
                row = horizontal(pair, 0, 0, 0, 0)
                row.addWidget(self.caption(control.slot))
                row.addWidget(control)
            # Of the pairs, the last one is that without a side.
            self.no_side = NoSide(session, self.slots, pair)
            self.side.addWidget(self.no_side, 0, Qt.AlignmentFlag.AlignLeft)
            self.side.addWidget(sides)
        else:
            (self.side if self.is_beside else self.body).addWidget(self.controls[0])
            if isinstance(self.controls[0], ChoiceList):
                # As far in as a button, which keeps room for a ring.
                self.side.setContentsMargins(RING_ROOM, RING_ROOM, 0, RING_ROOM)
        for control in self.controls:
            control.answered.connect(self._on_control_answered)
            part = side_caption(control.slot)
            if isinstance(control, ChoiceRow):
                self.keys = spoken(control.where)
                control.setAccessibleName(part)
                for button in control.buttons.values():
                    self.hint_input(button)
            else:
                self.name_input(control, part, _LIST_HINT)
        if self.no_side is not None:
            self.name_input(self.no_side, tr("without a side"))
        self.finish()

    def control(self, slot: FormSlot) -> ChoiceRow | ChoiceList:
        """Return what asks for one key."""
        if not is_row(self.question):
            return ChoiceList(self.notes, slot, self.not_assessed, self)
        buttons = [
            Segment(option.id, option.label, key=digit_of(slot.options, option))
            for option in slot.options
        ]
        person = self.session.form.sections[self.question.section].person
        # Its key is there anyway.
        if person in ("told", "seen") and not self.question.sided:
            buttons.append(Segment(UNABLE, tr("Unable"), Tone.UNABLE, key="u"))
        return ChoiceRow(self.notes, slot, buttons, self.not_assessed, self)

    @property
    def is_beside(self) -> bool:
        """Whether the answers are short enough to stand right of the label."""
        letters = sum(len(option.label) + 3 for option in self.question.options)
        return letters <= _BESIDE or not is_row(self.question)

    def refresh(self) -> None:
        """Show what the session holds."""
        for control in self.controls:
            control.refresh()
        if self.no_side is not None:
            self.no_side.refresh()

    def first_input(self) -> QWidget:
        """Return the button that the Tab key reaches."""
        return self.controls[0].focus_target()

    def parts(self) -> list[QWidget]:
        """Return the answers of all sides: a comment has a key of its own."""
        found = [part for control in self.controls for part in control.parts()]
        if self.no_side is not None:
            found.append(self.no_side)
        return as_read(self, (part for part in found if part.isVisible()))

    def further(self) -> list[QWidget]:
        """Return the comments and reasons in sight."""
        return notes_in(self)

    def way_out(self) -> QWidget:
        """Return the answer that a comment belongs to, else the first."""
        here = (c for c in self.controls if c.slot.key == self.notes.focused)
        return next(here, self.controls[0]).focus_target()

    def go_to_part(self, part: QWidget) -> None:
        """Put the focus on an answer, which Tab then reaches."""
        if isinstance(part, Segment) and isinstance(row := part.parentWidget(), ChoiceRow):
            row.go_to(part)
        else:
            super().go_to_part(part)

    def take_focus(self, key: str = "") -> None:
        """Put the focus on the side that `key` names."""
        # The key of the whole question is also that of what has no side.
        here = [c for c in self.controls if not c.slot.is_whole or c.slot.key in self.session.case]
        control = next((c for c in here if c.slot.key == key), self.controls[0])
        control.focus_target().setFocus(Qt.FocusReason.OtherFocusReason)

    def do(self, name: str) -> None:
        """Do one of its acts, on the first side."""
        control = self.controls[0]
        if name == "comment":
            control.note.call()
        elif name == "unable":
            record(self.session, control.slot, UNABLE)
            control.note.call()
        else:
            super().do(name)

    @Slot()
    def _on_control_answered(self) -> None:
        shown = [control for control in self.controls if control.isVisible()]
        at = shown.index(self.sender()) + 1  # type: ignore[arg-type]
        self.answered.emit(shown[at].slot.key if at < len(shown) else "")
