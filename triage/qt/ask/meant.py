"""Asks which of two readings of a typed text is meant. Nothing is recorded until that is answered."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QWidget

from triage.errors import AskError, EntryError
from triage.qt.parts.flow import Flow
from triage.qt.parts.inputs import PartButton, TypedLine
from triage.qt.parts.keys import Place, act, char_of, is_held
from triage.qt.parts.laying import vertical
from triage.qt.parts.theme import redress, set_role
from triage.qt.parts.words import tr

Readings = tuple[tuple[str, object], ...]
_ENDS = (Qt.Key.Key_Tab, Qt.Key.Key_Return, Qt.Key.Key_Enter)


class Meant(Flow):
    """A row of buttons, one for each reading, with its digit as key; out of sight while nothing is asked.

    Signals
    -------
    chosen : object
        The user said which value is meant.
    """

    chosen = Signal(object)

    def __init__(self, label: str, parent: QWidget | None = None) -> None:
        super().__init__(parent, gap=6, line_gap=3)
        self._label = label
        self._readings: Readings = ()
        self.buttons: list[PartButton] = []
        self.hide()

    def ask(self, readings: Readings) -> None:
        """Offer `readings`; none: ask nothing."""
        while len(self.buttons) < len(readings):
            self.buttons.append(self._button(len(self.buttons) + 1))
        for at, button in enumerate(self.buttons):
            button.setVisible(at < len(readings))
            if at < len(readings):
                button.setText(f"{at + 1}  {readings[at][0]}")
                button.setAccessibleName(
                    tr("{label}: {n} is meant", label=self._label, n=readings[at][0])
                )
        self._readings = readings
        if self.isHidden() == bool(readings):
            self.setVisible(bool(readings))

    def take_focus(self) -> None:
        """Put the focus on the first reading."""
        self.buttons[0].setFocus(Qt.FocusReason.TabFocusReason)

    def _button(self, number: int) -> PartButton:
        button = PartButton("", self)
        button.setAccessibleDescription(tr("Key {number} or Space records it", number=number))
        set_role(button, "quiet")
        button.clicked.connect(self._on_clicked)
        self.add(button)
        return button

    @Slot()
    def _on_clicked(self) -> None:
        button = self.sender()
        if isinstance(button, PartButton) and button in self.buttons:
            self._choose(self.buttons.index(button))

    def _choose(self, at: int) -> None:
        if at < len(self._readings):
            value = self._readings[at][1]
            self.ask(())
            self.chosen.emit(value)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        digit = char_of(event)
        at = int(digit) - 1 if digit.isdigit() else -1
        if 0 <= at < len(self._readings) and not is_held(event):
            self._choose(at)
            return
        super().keyPressEvent(event)


class AskingLine(TypedLine):
    """A line whose text may have two readings: these are asked below it, once it is left.

    Parameters
    ----------
    label
        What is asked here, for screen readers.

    Signals
    -------
    settling
        Tab or Enter was pressed: what has to be asked comes into sight, so that the key can go there.
    reading_chosen : object
        The user said which value is meant.
    """

    settling = Signal()
    reading_chosen = Signal(object)

    where = Place.NUMBER

    def __init__(self, label: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._label = label
        # Where it is asked; made when it is: few lines ever have two readings.
        self.asked = vertical()
        self._meant: Meant | None = None
        # Where its keys lead, if there is such a place: its unit, and the date that goes with it.
        self.unit: QWidget | None = None
        self.date: QWidget | None = None
        self._is_settled = False
        self._before = ""

    @property
    def meant(self) -> Meant:
        """What asks which reading is meant."""
        if self._meant is None:
            self._meant = Meant(self._label)
            self._meant.chosen.connect(self.reading_chosen)
            self.asked.addWidget(self._meant)
        return self._meant

    @property
    def is_asking(self) -> bool:
        """Whether it is asked which reading is meant."""
        return self._meant is not None and not self._meant.isHidden()

    @property
    def is_typing(self) -> bool:
        """Whether it is being typed in: on the way to 138, "13" is no fault."""
        return self.hasFocus() and not self._is_settled

    def take_key(self, event: QKeyEvent) -> bool:
        """Ask what is to be asked before a key leaves it."""
        if event.type() != QEvent.Type.KeyPress:
            return False
        self._is_settled = event.key() in _ENDS
        if self._is_settled:
            self.settling.emit()
            if self.is_asking:
                self.meant.take_focus()
                return True
        return False

    def show_fault(self, error: EntryError | None, *, odd: bool = False) -> None:
        """Ask which reading is meant, if that is the fault, and frame what cannot be read, or is to be looked at."""
        readings = error.readings if isinstance(error, AskError) else ()
        if readings or self.is_asking:
            self.meant.ask(readings)
        state = "check" if readings or (odd and error is None) else "true" if error else ""
        if state != (self.property("invalid") or ""):
            self.setProperty("invalid", state)
            redress(self)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._before = self.text()
        super().focusInEvent(event)
        # As by Tab a number takes the place of the one that stands there: "9" before "38" is no 938. A field that
        # was left half typed has its caret elsewhere.
        if event.reason() == Qt.FocusReason.OtherFocusReason and self.cursorPosition() == 0:
            self.selectAll()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        name = act(event, self.where)
        target = {"unit": self.unit, "date": self.date}.get(name)
        if target is not None:
            target.setFocus(Qt.FocusReason.OtherFocusReason)
        elif name == "restore" and self.text() != self._before:
            self.setText(self._before)
        else:
            super().keyPressEvent(event)
