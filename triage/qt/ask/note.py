"""The one line beside an answer: the reason of an unable, or a few words to what was found."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QWidget

from triage.content.form import Slot as FormSlot
from triage.model.values import Choice, Finding, Unable, Value, is_present
from triage.qt.ask.base import side_caption
from triage.qt.parts.inputs import TypedLine, tell
from triage.qt.parts.keys import Place
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
        shown = isinstance(value, Unable) or bool(text) or self._invites(value) or self._called
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

    def _invites(self, value: Value | None) -> bool:
        if not self._slot.question.text or self._part is not None:
            return False
        return isinstance(value, Choice) or is_present(value)

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


def notes_in(widget: QWidget) -> list[QWidget]:
    """Return the notes in sight inside `widget`, as one reads."""
    return [part for part in stops_in(widget) if isinstance(part, AnswerNote)]


def _text_of(value: Value | None) -> str:
    match value:
        case Unable(reason=reason):
            return reason
        case Finding(text=text) | Choice(text=text):
            return text
    return ""
