"""One option of a list, with the sides on which it was found."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from triage.content.form import MIDLINE, SIDES
from triage.content.schema import OptionRecord, Question
from triage.model.values import Finding, Unable, Value, is_absent, is_present
from triage.qt.parts.accessible import Role
from triage.qt.parts.keys import Place, act
from triage.qt.parts.laying import horizontal
from triage.qt.parts.segments import Segment, Tone
from triage.qt.parts.words import tr
from triage.session import Session

_SIDE_LETTERS = {"right": "R", "left": "L", MIDLINE: "M"}
# As wide as Qt lets a widget be.
_ANY_WIDTH = (1 << 24) - 1
_SIDE_ACTS: dict[str, tuple[str, ...]] = {
    **{side: (side,) for side in (*SIDES, MIDLINE)},
    "both": SIDES,
}


class OptionState:
    """What a case says about one option of a list, and how to change it.

    Parameters
    ----------
    session
        The case.
    question
        The list.
    option
        The option.
    """

    def __init__(self, session: Session, question: Question, option: OptionRecord) -> None:
        self._session = session
        self.key = f"{question.id}.{option.id}"
        self.sides: tuple[str, ...] = ()
        if question.sided:
            self.sides = (*SIDES, MIDLINE) if option.midline else SIDES

    @property
    def keys(self) -> tuple[str, ...]:
        """All keys of the option."""
        return (self.key, *(f"{self.key}.{side}" for side in self.sides))

    @property
    def found_on(self) -> frozenset[str]:
        """The sides on which it is present."""
        return frozenset(side for side in self.sides if self._is_present(f"{self.key}.{side}"))

    @property
    def is_present(self) -> bool:
        """Whether it is present, on any side."""
        return self._is_present(self.key) or bool(self.found_on)

    @property
    def is_absent(self) -> bool:
        """Whether it is recorded as absent."""
        case = self._session.case
        whole = case.get(self.key)
        if isinstance(whole, Finding):
            return not whole.present and not self.found_on
        return bool(self.sides) and all(is_absent(case.get(f"{self.key}.{s}")) for s in SIDES)

    @property
    def is_unable(self) -> bool:
        """Whether it could not be assessed."""
        return any(isinstance(self._session.case.get(key), Unable) for key in self.keys)

    @property
    def is_recorded(self) -> bool:
        """Whether anything is recorded about it."""
        return any(key in self._session.case for key in self.keys)

    def put(self, value: Value | None) -> None:
        """Record `value` for the option as a whole, and nothing for its sides."""
        self._session.set_all(self.whole(value))

    def whole(self, value: Value | None) -> dict[str, Value | None]:
        """Return what `put` records."""
        changes: dict[str, Value | None] = dict.fromkeys(self.keys)
        changes[self.key] = value
        return changes

    def put_sides(self, sides: frozenset[str]) -> None:
        """Record that it is present on exactly these sides; on none: present, side not stated."""
        self._session.set_all(self.changes(sides))

    def changes(self, sides: frozenset[str]) -> dict[str, Value | None]:
        """Return what `put_sides` records."""
        if not sides:
            return self.whole(Finding(present=True))
        changes: dict[str, Value | None] = {self.key: None}
        for side in self.sides:
            # A side that was denied by itself stays denied.
            key = f"{self.key}.{side}"
            if side in sides:
                changes[key] = Finding(present=True)
            elif self._is_present(key):
                changes[key] = None
        return changes

    def _is_present(self, key: str) -> bool:
        return is_present(self._session.case.get(key))


class Chip(QWidget):
    """A button for one option; once ticked, small buttons for its sides stand beside it.

    Parameters
    ----------
    session
        The case.
    question
        The list.
    option
        The option.

    Signals
    -------
    pressed
        The user pressed the option.
    wished : str
        The user typed a wish: absent or unable.
    place_pressed
        Space was pressed on the side that is pointed at on the body map.
    side_pressed
        The user pressed one of its sides.
    """

    pressed = Signal()
    wished = Signal(str)
    place_pressed = Signal()
    side_pressed = Signal()

    def __init__(
        self,
        session: Session,
        question: Question,
        option: OptionRecord,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.option = option
        self.implied = False
        # On the body map: whether its keys work here, and the side that has the focus, if any.
        self.on_map = False
        self._pointed = ""
        self.state = OptionState(session, question, option)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.button = Segment(option.id, option.label, Tone.PICK, self)
        self.button.setToolTip(option.examples)
        self.button.heard_as = Role.CheckBox
        self.button.chosen.connect(self.pressed)
        row = horizontal(self, 0, 0, 0, 0)
        # One that has no width yet takes none.
        row.setSpacing(0)
        row.addWidget(self.button)
        # Where its words wrap it is as high as they need.
        policy = self.button.sizePolicy()
        policy.setVerticalPolicy(QSizePolicy.Policy.Preferred)
        self.button.setSizePolicy(policy)
        self.side_buttons: dict[str, Segment] = {}
        for side in self.state.sides:
            letter = _SIDE_LETTERS[side]
            # The key M leads to the body map.
            key = "" if side == MIDLINE else letter.lower()
            button = Segment(side, letter, Tone.PICK, self, key)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.heard_as = Role.CheckBox
            button.setAccessibleName(f"{option.label}, {side}")
            button.setToolTip(f"{side.capitalize()}: {letter if key else f'Shift+{letter}'}")
            button.chosen.connect(self._on_side_chosen)
            button.hide()
            row.addWidget(button)
            self.side_buttons[side] = button

    def refresh(self, *, implied: bool = False) -> None:
        """Show what the session holds; `implied`: other answers say that it is present."""
        self.implied = implied
        state = self.state
        present, unable = state.is_present, state.is_unable
        # What another option or a listed medicine says goes before "nothing else".
        absent = state.is_absent and not implied
        tone = Tone.UNABLE if unable and not present else Tone.DENIED if absent else Tone.PICK
        button = self.button
        if button.tone is not tone:
            button.set_tone(tone)
        button.show_checked(present or absent or unable)
        # Its tick comes from elsewhere, such as the class of a listed medicine.
        button.set_echo(implied and not present)
        # A tick is read out by itself.
        said = tr("unable to assess") if unable else "absent" if absent else ""
        said = "" if present else said or (tr("known from other answers") if implied else "")
        name = ", ".join(filter(None, (self.option.label, said)))
        if name != button.accessibleName():
            button.setAccessibleName(name)
        # Once there is room for the other it has a ring of its own.
        button.stands_for = None if present else self.side_buttons.get(self._pointed)
        found_on = state.found_on
        for side, small in self.side_buttons.items():
            # What the focus is on, on the map, has no room of its own until it is ticked: nothing moves before that.
            small.setMaximumWidth(_ANY_WIDTH if present else 0)
            shown = present or side == self._pointed
            if small.isHidden() == shown:
                small.setVisible(shown)
            small.show_checked(side in found_on)

    def point_at(self, side: str, *, on_map: bool) -> Segment:
        """Let one of its buttons stand for a place of the body map, and return it; for no side its own.

        Parameters
        ----------
        side
            The side; empty, or one that it lacks, for none.
        on_map
            Whether the focus is on the map.
        """
        self.on_map = on_map
        self._pointed = side if side in self.side_buttons else ""
        self.refresh(implied=self.implied)
        self.button.update()
        return self.side_buttons.get(self._pointed, self.button)

    @Slot(str)
    def _on_side_chosen(self, side: str) -> None:
        if self.on_map and side == self._pointed and self.side_buttons[side].hasFocus():
            self.place_pressed.emit()
        else:
            self.side_pressed.emit()
            self.state.put_sides(self.state.found_on ^ {side})

    @property
    def where(self) -> Place:
        """The keys that work here."""
        if self.on_map:
            return Place.MAP
        return Place.SITED if self.state.sides else Place.LIST

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._take(act(event, self.where)):
            event.ignore()

    def _take(self, name: str) -> bool:
        if name in ("absent", "unable"):
            self.wished.emit(name)
        elif name == "sideless":
            if not self.state.is_present:
                self.state.put(Finding(present=True))
        elif (sides := _SIDE_ACTS.get(name)) and set(sides) <= set(self.state.sides):
            found = self.state.found_on
            self.state.put_sides(found ^ set(sides) if len(sides) == 1 else found | set(sides))
        else:
            return False
        return True
