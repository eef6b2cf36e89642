"""Questions that are answered by typing a value into one line."""

from __future__ import annotations

from PySide6.QtCore import Slot

from triage.content.form import Slot as FormSlot
from triage.errors import EntryError
from triage.model.values import Unable, Value
from triage.qt.questions.base import QuestionWidget
from triage.qt.questions.inputs import TypedLine
from triage.qt.questions.note import AnswerNote

UNABLE_HINT = "or type: unable, and why"


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


class EntryLine(TypedLine):
    """The line of one key.

    What was typed stays as it is; what the session holds is what was understood. So the text is
    only replaced when it no longer says what the session holds (undo, another view).

    Parameters
    ----------
    owner
        The question that reads and spells values.
    slot
        The key.
    """

    def __init__(self, owner: EntryWidget, slot: FormSlot) -> None:
        super().__init__(owner)
        self._owner = owner
        self.slot = slot
        self.note = AnswerNote(owner.session, slot, owner)
        self.typed.connect(self._on_typed)
        self.left.connect(self._on_left)

    def read(self) -> Value | None:
        """Return what the text means.

        Raises
        ------
        EntryError
            If it means nothing.
        """
        text = self.text()
        return read_unable(text) or self._owner.parse(self.slot, text)

    def understood(self) -> Value | None:
        """Return what the text means, None if nothing."""
        try:
            return self.read()
        except EntryError:
            return None

    def fault(self) -> str:
        """Return what is wrong with the text; empty if nothing."""
        try:
            self.read()
        except EntryError as error:
            return str(error)
        return ""

    def refresh(self) -> None:
        """Show what the session holds."""
        value = self._owner.session.case.get(self.slot.key)
        if not says(self.understood(), value):
            self.spell(value)
        self.note.refresh()

    def spell(self, value: Value | None) -> None:
        """Replace the text by the spelling of `value`."""
        if isinstance(value, Unable):
            self.show_text("unable")
        else:
            self.show_text("" if value is None else self._owner.spelled(value))

    @Slot(str)
    def _on_typed(self, text: str) -> None:
        # What cannot be read is not recorded: a letter never says what the field does not.
        value, old = self.understood(), self._owner.session.case.get(self.slot.key)
        if not (isinstance(value, Unable) and isinstance(old, Unable) and not value.reason):
            self.stay.write(self._owner.session, self.slot.key, value)
        self._owner.show_remarks()

    @Slot()
    def _on_left(self) -> None:
        if not self.fault():
            self.spell(self.understood())
        self._owner.show_remarks()


class EntryWidget(QuestionWidget):
    """Base of questions with one typed line for each side."""

    lines: tuple[EntryLine, ...] = ()

    def parse(self, slot: FormSlot, text: str) -> Value | None:
        """Return what `text` means, None if it is empty.

        Raises
        ------
        EntryError
            If it means nothing.
        """
        raise NotImplementedError

    def spelled(self, value: Value) -> str:
        """Return `value` as it is typed."""
        raise NotImplementedError

    def remark(self, line: EntryLine) -> str:
        """Return what there is to say about what a line holds."""
        return ""

    def refresh(self) -> None:
        """Show what the session holds."""
        for line in self.lines:
            line.refresh()
        self.show_remarks()

    def show_remarks(self) -> None:
        """Say what is wrong with the lines that were left, and what is odd about any."""
        said = []
        for line in self.lines:
            fault = line.fault()
            if fault and not line.hasFocus():
                said.append(f"{fault} Not recorded.")
            elif not fault and (remark := self.remark(line)):
                said.append(remark)
        self.say(" ".join(said))
