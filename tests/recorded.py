"""What the record of findings tells of a case, and of each key alone."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from decimal import Decimal

from tests.conftest import TODAY, assess_case, the_content, the_templates
from triage.content.casefile import day_of
from triage.content.form import DATE, Slot
from triage.content.retired import parted, renewed
from triage.letter.findings.record import held_back, not_applicable, record_of, told_on_page_one
from triage.letter.making import Making
from triage.letter.statements import Record
from triage.model.case import Case
from triage.model.dates import PartialDate
from triage.model.values import (
    Choice,
    Date,
    Finding,
    Measurement,
    Quantity,
    Result,
    Row,
    Table,
    Text,
    Unable,
    Value,
)

FAMILY = "neurology"
WORD = "Zwirbeltest"
# Each seed of a long run takes every so many-th key.
EVERY = 100


def making_of(
    case: Case,
    recipient: str = FAMILY,
    template: str = "referral_letter",
    issued: datetime | None = None,
) -> Making:
    """Return the letter in the making of a case."""
    content, templates = the_content(), the_templates()
    case, lost = parted(renewed(case, content.form), content.form)
    return Making(
        content,
        case,
        lost,
        assess_case(case),
        day_of(case),
        templates,
        templates.letters[template],
        recipient=recipient,
        issued_at=issued,
    )


def record(case: Case, recipient: str = FAMILY) -> Record:
    return record_of(making_of(case, recipient))


def lines(found: Record) -> list[str]:
    return [entry.text for section in found.sections for entry in section.entries]


def texts(found: Record) -> str:
    rows = (text for t in found.tables for row in t.rows for text in (row.label, *row.cells))
    return "\n".join([*rows, *lines(found)])


def unaccounted(case: Case, recipient: str = FAMILY) -> list[str]:
    """Return the keys that stand in no row or in more than one, although they should stand in one."""
    making = making_of(case, recipient)
    found = record_of(making)
    rows = Counter(key for covers in found.covers() for key in set(covers))
    return [
        key
        for key in {**making.case, **making.lost}
        if rows[key] != _due(making, key) and not _is_spread(making, key, rows[key])
    ]


def _due(making: Making, key: str) -> int:
    layout = making.templates.record
    if key in making.denied:
        return 1
    if told_on_page_one(making.form, layout, key):
        return 0
    return 0 if key in making.case and not_applicable(making, key) else 1


def _is_spread(making: Making, key: str, count: int) -> bool:
    """Whether the rows of a table stand in rows of their own, or with the findings that they date."""
    value = making.case.get(key)
    return isinstance(value, Table) and 1 <= count <= len(value.rows)


def _marked(slot: Slot) -> tuple[Value, str] | None:
    """Return a value of a key with something in it that can be found again, and what that is."""
    question = slot.question
    match slot.kind:
        case "finding":
            return Finding(present=True, text=WORD), WORD
        case "choice":
            return Choice(option=slot.options[-1].id, text=WORD), WORD
        case "text":
            return Text(text=WORD), WORD
        case "quantity":
            return Quantity(value=Decimal(37), unit=question.unit), "37"
        case "result" if question.options:
            option = question.options[-1]
            return Result(items=(Measurement(option=option.id),)), option.phrase
        case "result":
            return Result(items=(Measurement(value=Decimal(37), unit=question.unit),)), "37"
        case "table":
            column = next((c for c in question.columns if c.kind == "text"), None)
            if column is None:
                return None
            return Table(rows=(Row(cells=((column.id, WORD),)),)), WORD
    return Unable(reason=WORD), WORD


def recorded_keys() -> list[str]:
    """Return the keys that the record tells, but for what the content says is not told."""
    form, layout = the_content().form, the_templates().record
    return [key for key in form.slots if not told_on_page_one(form, layout, key)]


def is_found(key: str) -> None:
    """Check that the record of a case with no other answer says what stands under `key`, or holds it back."""
    slot = the_content().form.slots[key]
    values = [found for found in (_marked(slot), (Unable(reason=WORD), WORD)) if found]
    for value, word in values:
        making = making_of(Case({key: value, DATE: Date(date=PartialDate.of(TODAY))}))
        found = record_of(making)
        if held_back(making, key):
            assert word not in texts(found), key
            assert "kept in the sender's record" in texts(found), key
        else:
            assert word in texts(found), key
