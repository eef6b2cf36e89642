"""A synthetic case that answers every key of the form, one kind after the other."""

from __future__ import annotations

from decimal import Decimal

from triage.content import Content
from triage.content.form import Slot, column_options
from triage.content.schema import Column
from triage.model.case import Case
from triage.model.dates import PartialDate
from triage.model.values import (
    Choice,
    Date,
    Decision,
    Finding,
    Measurement,
    Names,
    Quantity,
    Result,
    Row,
    Table,
    Text,
    Urgency,
    Value,
)

DAY = PartialDate(year=2026, month=11, day=22)


def full_case(content: Content) -> Case:
    """Return a case in which every key of the form has a value, alternating between outcomes."""
    values: dict[str, Value] = {
        key: value_of(content, slot, n) for n, (key, slot) in enumerate(content.form.slots.items())
    }
    values["case.date"] = Date(date=DAY)
    values["patient.dob"] = Date(date=PartialDate(year=1966, month=2, day=14))
    # The age follows from the date of birth; a file may give only one of them.
    del values["patient.age"]
    return Case(values)


def decided_case(content: Content) -> Case:
    """Return the full case with notes, decisions, recipients and an urgency on top."""
    extra: dict[str, Value] = {
        f"note.{section}": Text(text=f"Note on {section}.") for section in content.form.sections
    }
    for n, rule in enumerate(content.investigations):
        decision = ("accept", "decline", "defer")[n % 3]
        extra[f"decision.{rule.record.id}"] = Decision(decision=decision, reason="as agreed")  # type: ignore[arg-type]
    extra["case.recipients"] = Names(names=tuple(content.recipients))
    extra["case.urgency"] = Urgency(level="urgent", reason="seen in the corridor")
    return full_case(content).with_(extra)


def value_of(content: Content, slot: Slot, n: int) -> Value:
    """Return the `n`-th of the values that go under a key of the form."""
    question = slot.question
    match slot.kind:
        case "finding":
            return Finding(present=n % 2 == 0, text="in their words" if question.text else "")
        case "choice":
            return Choice(option=slot.options[n % len(slot.options)].id)
        case "quantity":
            return Quantity(value=Decimal(n % 50 + 1), unit=question.unit)
        case "date":
            return Date(date=PartialDate(year=2020, month=n % 12 + 1))
        case "table":
            cells = tuple((column.id, _cell(content, column)) for column in question.columns)
            return Table(rows=(Row(cells=cells),), closed=n % 2 == 0)
        case "result":
            if question.options:
                option = question.options[n % len(question.options)].id
                return Result(items=(Measurement(option=option, date=DAY),))
            return Result(
                items=(
                    Measurement(
                        value=Decimal(n % 90 + 1),
                        unit=question.unit,
                        date=DAY,
                        reported="high" if n % 5 == 0 else None,
                        taken=("", "attack", "between", "treated")[n % 4],
                    ),
                )
            )
    return Text(text=f"Text on {question.id}.")


def _cell(content: Content, column: Column) -> str | bool:
    match column.kind:
        case "finding":
            return True
        case "date":
            return "2024-03"
        case "choice":
            return column_options(content.form, column)[0].id
    return f"a {column.id}"
