"""A list of findings: options to tick, with sides, and a last line that closes the list."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from triage.content.schema import Question
from triage.model.values import Finding, Unable, Value
from triage.qt.questions.base import QuestionWidget
from triage.qt.questions.chips import Chip
from triage.qt.questions.flow import Flow
from triage.qt.questions.inputs import TypedLine
from triage.qt.questions.note import AnswerNote
from triage.qt.questions.segments import Segment, Tone
from triage.session import Session

LONG = 20
CLOSING = "(nothing else)"
_HINT = "Arrow keys move, Space ticks, A absent, U unable, N not assessed"
_SIDED = ", L R M B set the side"
_STEPS: dict[int, int] = {
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Up: -1,
}


class ChoicesWidget(QuestionWidget):
    """Asks for any number of options. The rest stays open until the last line closes the list."""

    def __init__(self, session: Session, question: Question, parent: QWidget | None = None) -> None:
        super().__init__(session, question, parent)
        self.filter: TypedLine | None = None
        if len(question.options) > LONG:
            self.filter = TypedLine(self)
            self.filter.setPlaceholderText("Filter by name or example; Enter ticks the first")
            self.filter.setClearButtonEnabled(True)
            self.name_input(self.filter, "filter", "Enter ticks the first that is shown")
            self.filter.typed.connect(self._on_filter_typed)
            self.filter.textChanged.connect(self._on_filter_typed)
            self.body.addWidget(self.filter)
        flow = Flow(self, gap=3, line_gap=3)
        self.chips: dict[str, Chip] = {}
        self.notes: list[AnswerNote] = []
        for slot in self.slots:
            if slot.option is None or slot.side:
                continue
            chip = Chip(session, question, slot.option, flow)
            chip.pressed.connect(self._on_chip_pressed)
            chip.wished.connect(self._on_wished)
            self.name_input(chip.button, slot.option.label, self._hint())
            self.chips[slot.option.id] = chip
            self.notes.append(AnswerNote(session, slot, self))
        nothing = question.nothing.label if question.nothing else "Nothing else"
        self.closing = Segment(CLOSING, nothing, Tone.YES, flow)
        self.closing.chosen.connect(self._on_closing_chosen)
        self.name_input(self.closing, nothing, "Closes the list: what is not ticked is absent")
        self._stop = next(iter(self.chips.values())).button
        self._stop.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.body.addWidget(flow)
        for note in self.notes:
            self.body.addWidget(note)
        self.finish()

    def _hint(self) -> str:
        return _HINT + (_SIDED if self.question.sided else "")

    @property
    def is_closed(self) -> bool:
        """Whether every option is recorded, here or by another question: the list is complete."""
        # "All" ticks the rest as well, but closing the list records that too.
        own = {name for c in self.chips.values() if c.state.is_present for name in c.option.ticks}
        return all(
            chip.state.is_recorded or (chip.implied and name not in own)
            for name, chip in self.chips.items()
        )

    def refresh(self) -> None:
        """Show what the session holds."""
        facts = self.session.facts
        for chip in self.chips.values():
            chip.refresh(implied=facts.get(chip.state.key) is True)
        closed = self.is_closed
        if self.closing.isChecked() != closed:
            self.closing.setChecked(closed)
        any_ticked = any(chip.state.is_present for chip in self.chips.values())
        nothing = self.question.nothing.label if self.question.nothing else "Nothing else"
        self.closing.set_caption("Nothing else" if any_ticked else nothing)
        for note in self.notes:
            note.refresh()
        self.say("")

    def show_known(self) -> None:
        """Show which options other answers already tick."""
        facts = self.session.facts
        for chip in self.chips.values():
            implied = facts.get(chip.state.key) is True
            if implied != chip.implied:
                chip.refresh(implied=implied)

    def first_input(self) -> QWidget:
        """Return the filter of a long list, else the option that the Tab key reaches."""
        return self.filter or self._stop

    def take_focus(self, key: str = "") -> None:
        """Put the focus on the option that `key` names."""
        option = key.removeprefix(f"{self.question.id}.").partition(".")[0]
        if option in self.chips:
            self._focus(self.chips[option].button)
        else:
            super().take_focus(key)

    # -- keys and clicks ------------------------------------------------------------------------

    @Slot()
    def _on_chip_pressed(self) -> None:
        chip = self.sender()
        if isinstance(chip, Chip):
            self._focus(chip.button)
            self._tick(chip)

    def _tick(self, chip: Chip) -> None:
        if not chip.state.is_present:
            chip.state.put(Finding(present=True))
            return
        # In a closed list what is not ticked is absent; in an open one it is open again.
        others = [other for other in self.chips.values() if other is not chip]
        closed = any(o.state.is_absent for o in others) and all(o.state.is_recorded for o in others)
        chip.state.put(Finding(present=False) if closed else None)

    @Slot(str)
    def _on_wished(self, wish: str) -> None:
        chip = self.sender()
        if not isinstance(chip, Chip):
            return
        values: dict[str, Value | None] = {
            "present": Finding(present=True),
            "absent": Finding(present=False),
            "unable": Unable(),
        }
        if wish == "unable" and chip.state.is_unable:
            return
        if wish != "present" or not chip.state.is_present:
            chip.state.put(values.get(wish))
        if wish == "unable":
            note = self.notes[list(self.chips).index(chip.option.id)]
            note.refresh()
            note.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(str)
    def _on_closing_chosen(self, name: str) -> None:
        self._focus(self.closing)
        if not self.is_closed:
            self.say(self.session.close_list(self.question).remark)
            return
        absent = [c.state.key for c in self.chips.values() if c.state.is_absent]
        self.session.set_all(dict.fromkeys(absent))

    @Slot(str)
    def _on_filter_typed(self, text: str) -> None:
        for chip in self.chips.values():
            shown = chip.state.is_present or matches(chip, text)
            if chip.isHidden() == shown:
                chip.setVisible(shown)

    def _focus(self, button: Segment) -> None:
        self._stop.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._stop = button
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        filtering = self.filter is not None and self.filter.hasFocus()
        if filtering and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._tick_first()
            return
        step = _STEPS.get(event.key())
        if step is None or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
            return
        shown = [chip.button for chip in self.chips.values() if not chip.isHidden()]
        shown.append(self.closing)
        if filtering:
            self._focus(shown[0])
            return
        at = shown.index(self._stop) if self._stop in shown else 0
        self._focus(shown[max(0, min(at + step, len(shown) - 1))])

    def _tick_first(self) -> None:
        text = self.filter.text() if self.filter else ""
        if not text.strip():
            self.next_requested.emit()
            return
        found = [c for c in self.chips.values() if matches(c, text) and not c.state.is_present]
        if found:
            found[0].state.put(Finding(present=True))
            if self.filter:
                self.filter.clear()


def matches(chip: Chip, text: str) -> bool:
    """Whether every typed word stands in the name or the examples of an option."""
    known = f"{chip.option.label} {chip.option.short} {chip.option.examples}".lower()
    return all(word in known for word in text.lower().split())
