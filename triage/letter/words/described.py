"""An answer in a short phrase of its own."""

from __future__ import annotations

from triage.content.form import AGE, DATE, NO_SIDE, Form, Slot
from triage.content.schema import Column, Question
from triage.letter.words import person
from triage.letter.words.phrase import listed
from triage.letter.words.recorded import option_of, recorded_text, says_no, spaced
from triage.letter.words.results import measurement_text
from triage.letter.words.tables import stored_date
from triage.model.case import Case
from triage.model.values import (
    Choice,
    Date,
    Finding,
    Quantity,
    Result,
    Row,
    Table,
    Text,
    Unable,
    Value,
)

_SHORT = 40


def describe(case: Case, form: Form, key: str) -> str:
    """Return a short phrase for the answer at `key`: ``finger extension right 4``, ``no twitching``.

    A list's or row's id stands for its answers.
    """
    value, slot = case.get(key), form.slot(key)
    if value is not None and slot is not None:
        return f"{_described(slot, value)}{f', {NO_SIDE}' if _lacks_side(slot, value) else ''}"
    if key == AGE and (age := age_of(form, case)):
        return f"age {age}"
    below = [k for k in case if k.startswith(f"{key}.")]
    told = [k for k in below if not says_no(case[k])]
    if below:
        return listed([describe(case, form, k) for k in (told or below)[:4]])
    question = form.question_of(key)
    name = slot.phrase if slot is not None and slot.row is None else question and question.phrase
    return f"{name} not assessed" if name else key


def _lacks_side(slot: Slot, value: Value) -> bool:
    """Whether something was found that has a side, and it was not recorded. What is absent needs none."""
    return slot.is_whole and not says_no(value)


def _described(slot: Slot, value: Value) -> str:
    side = f" {slot.side}" if slot.side in ("left", "right") else ""
    question = slot.question
    name = question.phrase
    if slot.row is not None:
        name = slot.row.phrase if question.alone else f"{question.phrase} {slot.row.phrase}"
    elif slot.option is not None:
        name = f"{question.phrase}: {slot.option.phrase}"
    match value:
        case Finding(present=present):
            return f"{name}{side}" if present else f"no {name}{side}"
        case Choice(option=option):
            record = option_of(slot.options, option)
            said = record.phrase if record else option
            if record and record.denies:
                return f"no {record.denies}{side}"
            return f"{said}{side}" if record and record.alone else f"{name}{side} {said}"
        case Result(items=items):
            return ", ".join(measurement_text(question, item) for item in items[-1:])
        case Quantity() | Date():
            return f"{name}{side} {recorded_text(value)}"
        case Text(text=text):
            flat = " ".join(text.split())
            return f"{name}: {flat if len(flat) <= _SHORT else flat[: _SHORT - 1] + '…'}"
        case Unable():
            return f"{name}{side} could not be assessed"
        case Table(rows=rows):
            return f"{name}: {'; '.join(_row_text(question, row) for row in rows) or 'none'}"
    return f"{name}: {recorded_text(value)}"


def _row_text(question: Question, row: Row) -> str:
    """Return a row by what was typed in it; what it ticks stands in its list."""
    cells = ((column, row.get(column.id)) for column in question.columns if not column.ticks)
    return " ".join(_cell_text(c, cell) for c, cell in cells if isinstance(cell, str) and cell)


def _cell_text(column: Column, cell: str) -> str:
    if column.kind == "date":
        return stored_date(cell).words()
    option = option_of(column.options, cell) if column.kind == "choice" else None
    return option.phrase if option else spaced(cell)


def age_of(form: Form, case: Case) -> str:
    """Return the age at the date of the case; empty without one."""
    day = case.get(DATE)
    return person.age_of(form, case, day.date.earliest) if isinstance(day, Date) else ""
