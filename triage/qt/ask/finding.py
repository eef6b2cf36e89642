"""A finding with its four states, perhaps on both sides."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from triage.content.form import Slot as FormSlot
from triage.content.schema import Question
from triage.model.values import Finding, Unable
from triage.qt.ask.base import QuestionWidget, side_caption
from triage.qt.ask.no_side import NoSide
from triage.qt.ask.note import AnswerNote
from triage.qt.parts.flow import Flow
from triage.qt.parts.keys import TAKES_BACK, may_record
from triage.qt.parts.segments import Segment, Segments, Tone
from triage.session import Session

PRESENT, ABSENT, UNABLE, OPEN = "present", "absent", "unable", "open"
# Both ways to say it: what the button says in the history, and in the examination.
KEYS: dict[int, str] = {
    Qt.Key.Key_P: PRESENT,
    Qt.Key.Key_Y: PRESENT,
    Qt.Key.Key_A: ABSENT,
    Qt.Key.Key_N: ABSENT,
    Qt.Key.Key_U: UNABLE,
    **dict.fromkeys(TAKES_BACK, OPEN),
}
_TIPS = {PRESENT: "P or Y", ABSENT: "A or N", UNABLE: "U, then type why", OPEN: "Delete"}
_HINT = "P or Y present, A or N absent, U unable, Delete takes the answer back"


class StateControl(Segments):
    """The four states of one key.

    Parameters
    ----------
    session
        The case.
    slot
        The key.
    seen
        Whether the words are those of an examination.
    open_caption
        What an open finding is called.
    """

    def __init__(
        self,
        session: Session,
        slot: FormSlot,
        seen: bool,
        open_caption: str,
        parent: QWidget | None = None,
    ) -> None:
        yes, no = ("Present", "Absent") if seen else ("Yes", "No")
        super().__init__(
            (
                Segment(PRESENT, yes, Tone.YES, key=yes[0].lower()),
                Segment(ABSENT, no, Tone.NO, key=no[0].lower()),
                Segment(UNABLE, "Unable", Tone.UNABLE, key="u"),
                Segment(OPEN, "–" if slot.question.sided else open_caption, Tone.OPEN),
            ),
            parent,
        )
        self.buttons[OPEN].spoken = open_caption
        for name, button in self.buttons.items():
            button.setToolTip(f"{button.spoken}: {_TIPS[name]}")
        self.session = session
        self.slot = slot
        self.note = AnswerNote(session, slot, parent)
        self.pressed.connect(self._on_pressed)

    def refresh(self) -> None:
        """Show what the session holds."""
        self.show_down(state_of(self.session, self.slot.key))
        self.note.refresh()

    @Slot(str)
    def _on_pressed(self, name: str) -> None:
        key = self.slot.key
        if name == state_of(self.session, key):
            if name == UNABLE:
                self.note.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        match name:
            case "present" | "absent":
                old = self.session.case.get(key)
                text = old.text if isinstance(old, Finding) else ""
                self.session.set(key, Finding(present=name == PRESENT, text=text))
            case "unable":
                self.session.unable(key, "")
                self.refresh()
                self.note.setFocus(Qt.FocusReason.OtherFocusReason)
            case _:
                self.session.set(key, None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        name = KEYS.get(event.key()) if may_record(event) else None
        if name is None:
            super().keyPressEvent(event)
            return
        self.take_stop(name)
        self._on_pressed(name)


def state_of(session: Session, key: str) -> str:
    """Return which of the four states `key` is in."""
    match session.case.get(key):
        case Finding(present=present):
            return PRESENT if present else ABSENT
        case Unable():
            return UNABLE
    return OPEN


class FindingWidget(QuestionWidget):
    """Asks for a finding: Yes, No, Unable or not asked."""

    def __init__(self, session: Session, question: Question, parent: QWidget | None = None) -> None:
        super().__init__(session, question, parent)
        self.no_side: NoSide | None = None
        self.controls = tuple(
            StateControl(session, slot, self.is_seen, self.not_assessed, self)
            for slot in self.slots
        )
        if question.sided:
            sides = Flow(self, gap=18, line_gap=3)
            for control in self.controls:
                pair = QWidget(sides)
                row = QHBoxLayout(pair)
                row.setContentsMargins(0, 0, 0, 0)
                row.addWidget(self.caption(control.slot))
                row.addWidget(control)
            # Of the pairs, the last one is that without a side.
            self.no_side = NoSide(session, self.slots, pair)
            self.side.addWidget(sides)
            self.side.addWidget(self.no_side)
        else:
            self.side.addWidget(self.controls[0])
        for control in self.controls:
            self.body.addWidget(control.note)
            part = side_caption(control.slot)
            for button in control.buttons.values():
                self.name_input(button, part, _HINT)
            control.name_buttons(f"{question.label}, {part}" if part else question.label)
        if self.no_side is not None:
            self.name_input(self.no_side, "without a side")
        self.finish()

    def refresh(self) -> None:
        """Show what the session holds."""
        for control in self.controls:
            control.refresh()
        if self.no_side is not None:
            self.no_side.refresh()

    def first_input(self) -> QWidget:
        """Return the button that the Tab key reaches."""
        return self.controls[0].stop

    def take_focus(self, key: str = "") -> None:
        """Put the focus on the side that `key` names."""
        # The key of the whole question is also that of what has no side.
        here = [c for c in self.controls if not c.slot.is_whole or c.slot.key in self.session.case]
        control = next((c for c in here if c.slot.key == key), self.controls[0])
        control.stop.setFocus(Qt.FocusReason.OtherFocusReason)
