"""A list: one finding for each option, and a line that closes it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from triage.content.form import MIDLINE, SIDES, Form, Slot
from triage.content.kinds.choice import scale_faults
from triage.content.kinds.finding import FindingKind
from triage.content.raw import CaseFile, quoted, string
from triage.content.schema import OptionRecord, Question
from triage.errors import EntryError
from triage.expr.symbols import Kind as Sort
from triage.expr.symbols import Symbol
from triage.model.values import Finding, Value, is_present


class ChoicesKind(FindingKind):
    """Any number of options. What is not ticked stays open until the closing line makes it absent."""

    keys = frozenset({"options", "nothing", "sided", "text"})
    needs = frozenset({"options", "nothing"})

    def slots(self, question: Question) -> Iterator[Slot]:
        """Yield a key for each option, and for each of its sides."""
        for record in question.options:
            key = f"{question.id}.{record.id}"
            yield Slot(key, question, "finding", record)
            for side in _sides(question, record):
                yield Slot(f"{key}.{side}", question, "finding", record, side=side)

    def faults(self, question: Question, form: Form) -> Iterator[str]:
        """Yield options that tick others which are not there."""
        yield from scale_faults(question.options)
        if question.nothing and any(o.id == question.nothing.id for o in question.options):
            yield f"nothing: {question.nothing.id!r} is an option too: give one of them another id"

    def symbols(self, question: Question) -> Iterator[Symbol]:
        """Yield the list, and each option as a truth."""
        members = tuple(f"{question.id}.{record.id}" for record in question.options)
        yield Symbol(question.id, Sort.GROUP, members=members, listed=True)
        for record, name in zip(question.options, members, strict=True):
            yield Symbol(name, Sort.FINDING)
            for side in _sides(question, record):
                yield Symbol(f"{name}.{side}", Sort.FINDING)

    def read_all(self, question: Question, raw: object, file: CaseFile) -> Mapping[str, Value]:
        """Return a list of options as a closed list: the rest is absent."""
        if raw == {"state": "not_assessed"}:
            return {}
        if not isinstance(raw, list):
            raise EntryError('a list of options is expected: ["calf", "foot.left"]')
        closing = question.nothing.id if question.nothing else ""
        ticked = [string(item, "option") for item in raw]
        if closing in ticked and len(ticked) > 1:
            raise EntryError(f"{closing!r} stands beside a ticked option: keep one of them")
        keys: set[str] = set()
        for name in ticked:
            if name == closing:
                continue
            slot = file.form.slot(file.form.became(f"{question.id}.{name}"))
            if slot is None:
                options = [record.id for record in question.options]
                raise EntryError(f"there is no option {quoted(name)}{file.hint(name, options)}")
            keys.add(slot.key)
        return close_list(question, keys)

    def write_all(self, question: Question, values: Mapping[str, Value]) -> object:
        """Return the ticked options, if that is all there is to say of the list."""
        ticked = {k for k, value in values.items() if is_present(value)}
        if close_list(question, ticked) != values:
            return None
        return [key.removeprefix(f"{question.id}.") for key in values if key in ticked]

    def block_values(self, question: Question, slots: tuple[Slot, ...]) -> dict[str, Value]:
        """Return every option absent."""
        return {slot.key: Finding(present=False, block=True) for slot in slots if not slot.side}


def close_list(question: Question, present: set[str], *, block: bool = False) -> dict[str, Value]:
    """Return the values of a closed list: the keys in `present` ticked, every other option absent.

    An option that stands for others ("all") ticks them too.
    """
    present = present | {
        f"{question.id}.{other}"
        for record in question.options
        if f"{question.id}.{record.id}" in present
        for other in record.ticks
    }
    values: dict[str, Value] = {key: Finding(present=True) for key in present}
    for record in question.options:
        key = f"{question.id}.{record.id}"
        if not any(name == key or name.startswith(f"{key}.") for name in present):
            values[key] = Finding(present=False, block=block)
    return values


def _sides(question: Question, record: OptionRecord) -> tuple[str, ...]:
    if not question.sided:
        return ()
    return (*SIDES, MIDLINE) if record.midline else SIDES
