"""Questions that are answered by typing a value into one line."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot

from triage.content.entry import parse_entry
from triage.content.form import Slot as FormSlot
from triage.content.ranges import is_unused, odd
from triage.errors import EntryError
from triage.model.values import Unable, Value
from triage.qt.ask.base import UNUSED, QuestionWidget
from triage.qt.ask.meant import AskingLine
from triage.qt.parts.words import tr

UNABLE_HINT = tr("or type: unable, and why")


def read_unable(text: str) -> Unable | None:
    """Return what ``unable`` or ``unable: no scales here`` says, or None for any other text."""
    word, _, reason = text.strip().partition(":")
    return Unable(reason=reason.strip()) if word.strip().lower() == "unable" else None


def unable_text(value: Unable) -> str:
    """Return an unable with its reason in one line."""
    return f"unable: {value.reason}" if value.reason else "unable"


def says(understood: Value | None, value: Value | None) -> bool:
    """Whether a field that means `understood` shows `value`; a reason may stand beside it."""
    if isinstance(understood, Unable) and isinstance(value, Unable):
        return understood.reason in ("", value.reason)
    return understood == value


class EntryLine(AskingLine):
    """The line of one key.

    What was typed stays as it is while one types; what the session holds is what was understood. So
    the text is only replaced when it no longer says what the session holds (undo, another view), and
    by its usual spelling when it is left. What has two readings is asked below it.

    Parameters
    ----------
    owner
        The question that reads and spells values.
    slot
        The key.
    """

    def __init__(self, owner: EntryWidget, slot: FormSlot) -> None:
        super().__init__(slot.label, owner)
        self._owner = owner
        self.slot = slot
        self.typed.connect(self._on_typed)
        self.left.connect(self._on_left)
        self.settling.connect(self._on_left)
        self.reading_chosen.connect(self._on_meant)

    @property
    def recorded(self) -> Value | None:
        """What the session holds."""
        return self._owner.session.case.get(self.slot.key)

    def read(self) -> Value | None:
        """Return what the text means.

        Raises
        ------
        AskError
            If it has two readings.
        EntryError
            If it means nothing.
        """
        text, value = self.text(), self.recorded
        if value is not None and text and text == self._spelling(value):
            # "2.345" has two readings, but not where it is the spelling of an answer.
            return value
        return read_unable(text) or self._owner.parse(self.slot, text)

    def understood(self) -> Value | None:
        """Return what the text means, None if nothing."""
        try:
            return self.read()
        except EntryError:
            return None

    def fault(self) -> EntryError | None:
        """Return what is wrong with the text; None if nothing."""
        try:
            self.read()
        except EntryError as error:
            return error
        return None

    def refresh(self) -> None:
        """Show what the session holds."""
        value = self.recorded
        if not says(self.understood(), value):
            self.spell(value)
        self._owner.notes.refresh(self.slot.key)

    def spell(self, value: Value | None) -> None:
        """Replace the text by the spelling of `value`."""
        self.show_text("" if value is None else self._spelling(value))

    def _spelling(self, value: Value) -> str:
        return "unable" if isinstance(value, Unable) else self._owner.spelled(value)

    @Slot(str)
    def _on_typed(self, text: str) -> None:
        # What cannot be read is not recorded: a letter never says what the field does not.
        value, old = self.understood(), self.recorded
        if not (isinstance(value, Unable) and isinstance(old, Unable) and not value.reason):
            self.stay.write(self._owner.session, self.slot.key, value)
        self._owner.show_remarks()

    @Slot()
    def _on_left(self) -> None:
        if self.fault() is None:
            self.spell(self.understood())
        self._owner.show_remarks()

    @Slot(object)
    def _on_meant(self, value: Value) -> None:
        self._owner.session.set(self.slot.key, value)
        self.spell(value)
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self._owner.show_remarks()


class EntryWidget(QuestionWidget):
    """Base of questions with one typed line for each side."""

    lines: tuple[EntryLine, ...] = ()

    def parse(self, slot: FormSlot, text: str) -> Value | None:
        """Return what `text` means, None if it is empty.

        Raises
        ------
        AskError
            If it has two readings.
        EntryError
            If it means nothing.
        """
        session = self.session
        return parse_entry(self.question, text, session.today, profile=session.profile)

    def spelled(self, value: Value) -> str:
        """Return `value` as a field shows it."""
        raise NotImplementedError

    def refresh(self) -> None:
        """Show what the session holds."""
        for line in self.lines:
            line.refresh()
        self.show_remarks()

    def show_known(self) -> None:
        """Show what other answers say of this one: what is known already, or does not fit."""
        super().show_known()
        self.show_remarks()

    def show_remarks(self) -> None:
        """Say what is wrong with the lines that were left, what is asked, and what cannot be."""
        said = []
        for line in self.lines:
            fault, value = line.fault(), line.recorded
            flags = self._odd(value)
            left = None if line.is_typing else fault
            line.show_fault(left, odd=bool(flags))
            if left is not None:
                said.append(tr("Not recorded: {left}", left=left))
            elif fault is None:
                said += flags
            typed = getattr(value, "typed", "")
            line.setToolTip(tr("Typed: {typed}", typed=typed) if typed else "")
        self.say(" ".join(said), check=True)

    def _odd(self, value: Value | None) -> list[str]:
        session = self.session
        found = [] if value is None else [*odd(self.question, value, session.case, session.day)]
        return [*found, UNUSED] if found and is_unused(self.question) else found
