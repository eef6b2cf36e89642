"""The one line beside an answer: the reason of an unable, or a few words to what was found."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QWidget

from triage.content.form import Slot as FormSlot
from triage.model.values import Choice, Finding, Unable, Value, is_present
from triage.qt.ask.no_side import side_caption
from triage.qt.parts.colours import RING_ROOM
from triage.qt.parts.inputs import TypedLine, tell
from triage.qt.parts.keys import Place
from triage.qt.parts.laying import horizontal, vertical
from triage.qt.parts.stops import stops_in
from triage.qt.parts.words import tr
from triage.session import Session

# One key each while the reason is empty: of what a patient tells, and of what is seen.
USUAL: dict[str, tuple[str, ...]] = {
    "told": (tr("does not know"), tr("cannot answer"), tr("does not wish to say"), tr("no time")),
    "seen": (tr("too painful"), tr("cannot cooperate"), tr("cast or amputation"), tr("declined")),
}
NO_ANSWER = tr("Answer first: a comment goes with an answer.")


class AnswerNote(TypedLine):
    """Shown when there is something to say: why it could not be assessed, or details.

    Parameters
    ----------
    session
        The case.
    slot
        The key that it belongs to.
    """

    def __init__(self, session: Session, slot: FormSlot, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._slot = slot
        self._part = slot.option or slot.row
        self._called = False
        self._offered = ""
        self.setAccessibleName(f"{slot.label}: details")
        self.setAccessibleDescription(tr("Free text, written as you type"))
        self.typed.connect(self._on_typed)
        self.left.connect(self._on_left)
        self.hide()

    def refresh(self) -> None:
        """Show what the session holds."""
        value = self._session.case.get(self._slot.key)
        text = _text_of(value)
        self._called = self._called and isinstance(value, Finding | Choice)
        shown = self._called or _is_wanted(self._slot, value)
        if self.isHidden() == shown:
            self.setVisible(shown)
        if not shown:
            return
        is_unable = isinstance(value, Unable)
        self.usual = self._usual() if is_unable else ()
        self.around = Place.UNABLE if self.usual else None
        wanted = tr("Why could it not be assessed?") if is_unable else tr("Details")
        side = side_caption(self._slot)
        part = self._part.label if self._part else ""
        where = ", ".join(word for word in (part, side) if word)
        hint = f"{where}: {wanted.lower()}" if where else wanted
        if self.placeholderText() != hint:
            self.setPlaceholderText(hint)
            self.setAccessibleName(f"{self._slot.label}: {wanted}")
        self.show_text(text)
        self._offer()

    def _offer(self) -> None:
        """Say under the line what the digits write, as long as they do."""
        does = self.usual if self.hasFocus() and not self.text() else ()
        words = " · ".join(f"{at} {words}" for at, words in enumerate(does, 1))
        if words != self._offered:
            self._offered = words
            tell(self, words)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._offer()

    def _usual(self) -> tuple[str, ...]:
        sections = self._session.form.sections
        return USUAL.get(sections[self._slot.question.section].person, ())

    def call(self) -> None:
        """Come into sight and take the focus, if there is an answer for a comment to go with."""
        self._called = True
        self.refresh()
        if self.isHidden():
            tell(self, NO_ANSWER)
        elif self.isVisible():
            # Another page may have come by then, as in the practice: nothing is typed out of sight.
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _on_left(self) -> None:
        self._called = False
        self._offer()
        self.refresh()

    @Slot(str)
    def _on_typed(self, text: str) -> None:
        value = self._session.case.get(self._slot.key)
        new: Value
        match value:
            case Unable():
                new = Unable(reason=text)
            # Words of one's own make it an answer of one's own, no longer one of a block.
            case Finding(present=present):
                new = Finding(present=present, text=text)
            case Choice(option=option):
                new = Choice(option=option, text=text)
            case _:
                self.show_text("")  # a detail of nothing
                return
        self.stay.write(self._session, self._slot.key, new)


class Notes:
    """The notes of one question, below each other as its keys are. Each is made when it is wanted: few ever are.

    Parameters
    ----------
    session
        The case.
    slots
        The keys of the question.
    parent
        Its widget, which gives `rows` a place.
    """

    def __init__(self, session: Session, slots: Sequence[FormSlot], parent: QWidget) -> None:
        self.session = session
        self._slots = {slot.key: slot for slot in slots}
        self._parent = parent
        self._made: dict[str, AnswerNote] = {}
        self.rows = vertical(spacing=4)

    def refresh(self, key: str) -> None:
        """Show what the session holds beside the answer of `key`."""
        if key in self._made or _is_wanted(self._slots[key], self.session.case.get(key)):
            self.of(key).refresh()

    def of(self, key: str) -> AnswerNote:
        """Return the note of `key`."""
        if key not in self._made:
            note = AnswerNote(self.session, self._slots[key], self._parent)
            # As far in as the buttons above, which keep room for a ring. What is below it the sheet keeps off: out of
            # sight it takes no room.
            note.setObjectName("note")
            row = horizontal(None, RING_ROOM, 0, 0, 0)
            row.addWidget(note)
            before = takewhile(key.__ne__, self._slots)
            self.rows.insertLayout(sum(other in self._made for other in before), row)
            self._made[key] = note
        return self._made[key]

    @property
    def focused(self) -> str:
        """The key whose note has the focus; empty if none."""
        return next((key for key, note in self._made.items() if note.hasFocus()), "")


def notes_in(widget: QWidget) -> list[QWidget]:
    """Return the notes in sight inside `widget`, as one reads."""
    return [part for part in stops_in(widget) if isinstance(part, AnswerNote)]


def _is_wanted(slot: FormSlot, value: Value | None) -> bool:
    """Whether there is something to say beside a value: why it could not be assessed, or what was found."""
    if isinstance(value, Unable) or _text_of(value):
        return True
    invites = slot.question.text and slot.option is None and slot.row is None
    return bool(invites) and (isinstance(value, Choice) or is_present(value))


def _text_of(value: Value | None) -> str:
    match value:
        case Unable(reason=reason):
            return reason
        case Finding(text=text) | Choice(text=text):
            return text
    return ""
