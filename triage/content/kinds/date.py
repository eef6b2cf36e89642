"""A date, which may be known in part only."""

from __future__ import annotations

from triage.content.entry import parse_entry
from triage.content.form import Slot
from triage.content.kinds.kind import Kind
from triage.content.raw import LONGEST_LINE, CaseFile, string
from triage.content.schema import Question
from triage.errors import EntryError
from triage.model.values import Date, Value


class DateKind(Kind):
    """A date."""

    def stands(self, question: Question) -> str:
        """Return the type of the value under each key."""
        return "date"

    def read(self, slot: Slot, raw: object, file: CaseFile) -> Value:
        """Return a date such as ``2026-11-02``, ``2024`` or ``about 6 months ago``."""
        text = string(raw, "date", LONGEST_LINE)
        value = parse_entry(slot.question, text, file.today, profile=file.profile)
        if value is None:
            raise EntryError("give a date, or leave the answer out")
        return value

    def write(self, value: Value) -> object:
        """Return the date in ISO spelling."""
        assert isinstance(value, Date)
        return value.date.iso()
