"""A finding: present, absent, unable, or not assessed."""

from __future__ import annotations

from collections.abc import Iterator

from triage.content.form import Form, Slot
from triage.content.kinds.kind import Kind, lasting_faults
from triage.content.raw import CaseFile, boolean, fields, string, without_blanks
from triage.content.schema import Question
from triage.errors import EntryError
from triage.expr.symbols import Kind as Sort
from triage.expr.symbols import Symbol
from triage.model.values import Finding, Value

PRESENT = "present"
_STATES = (PRESENT, "absent", "unable", "not_assessed")


class FindingKind(Kind):
    """Yes or no, with a note beside it where the question has `text`."""

    keys = frozenset({"text", "sided", "block_value", "implied", "lasts", "where"})

    def stands(self, question: Question) -> str:
        """Return the type of the value under each key."""
        return "finding"

    def faults(self, question: Question, form: Form) -> Iterator[str]:
        """Yield values that a finding cannot have."""
        for key, value in (
            ("block_value", question.block_value),
            *(("implied", entry.value) for entry in question.implied),
        ):
            if value not in ("", PRESENT):
                yield f"{key}: a finding can only be set to {PRESENT!r} here, not to {value!r}"
        yield from lasting_faults(question, form)
        for name in question.where:
            if (where := form.questions.get(name)) is None or not where.options:
                yield f"where: there is no question {name!r} with options{form.closest(name)}"

    def symbol(self, question: Question, name: str) -> Symbol:
        """Return a truth of its own."""
        return Symbol(name, Sort.FINDING)

    def read(self, slot: Slot, raw: object, file: CaseFile) -> Value:
        """Return ``true``, ``false`` or ``{"state": …, "text": …}`` as a finding."""
        if isinstance(raw, bool):
            return Finding(present=raw)
        if not isinstance(raw, dict):
            raise EntryError('this must be true, false or {"state": "present", "text": …}')
        given = fields(raw, ("state", "text", "block"), file)
        if given.get("state") not in _STATES:
            raise EntryError(f"the state is one of {', '.join(_STATES)}")
        return Finding(
            present=given["state"] == PRESENT,
            text=string(given.get("text", ""), "text"),
            block=boolean(given.get("block", False)),
        )

    def write(self, value: Value) -> object:
        """Return a bare truth, or an object where there is more to say."""
        assert isinstance(value, Finding)
        if not value.text and not value.block:
            return value.present
        state = PRESENT if value.present else "absent"
        return without_blanks({"state": state, "text": value.text, "block": value.block})

    def block_values(self, question: Question, slots: tuple[Slot, ...]) -> dict[str, Value]:
        """Return absent, or what `block_value` says."""
        present = question.block_value == PRESENT
        value = Finding(present=present, block=True)
        return {slot.key: value for slot in slots if not slot.is_whole}
