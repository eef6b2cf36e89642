"""Free text."""

from __future__ import annotations

from triage.content.form import Slot
from triage.content.kinds.kind import Kind
from triage.content.raw import CaseFile, string
from triage.content.schema import Question
from triage.model.values import Text, Value


class TextKind(Kind):
    """Text, kept as typed."""

    keys = frozenset({"lines", "required"})

    def stands(self, question: Question) -> str:
        """Return the type of the value under each key."""
        return "text"

    def read(self, slot: Slot, raw: object, file: CaseFile) -> Value:
        """Return text."""
        return Text(text=string(raw, "text"))

    def write(self, value: Value) -> object:
        """Return the text."""
        assert isinstance(value, Text)
        return value.text
