"""A recorded value by itself, without a word of the form, which may not know it any more."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from triage.content.entry import measured_text, quantity_text
from triage.content.schema import OptionRecord
from triage.letter.statements import unmarked
from triage.model.values import (
    Choice,
    Date,
    Decision,
    Finding,
    Measurement,
    Names,
    Quantity,
    Result,
    Rewritten,
    Row,
    Table,
    Text,
    Unable,
    Urgency,
    Value,
    is_absent,
)

# From how many months on a time is told in years, if they are whole.
_YEARS_FROM = 24


def in_years(value: Quantity) -> Quantity:
    """Return a time as a sentence says it: ``144 months`` are 12 years. The record keeps what was entered."""
    months = [number for number in (value.value, value.high) if number is not None]
    if value.unit != "months" or not months:
        return value
    if any(number < _YEARS_FROM or number % 12 for number in months):
        return value
    low, *high = (number / 12 for number in months)
    return value.model_copy(
        update={"value": low, "high": high[0] if high else None, "unit": "years"}
    )


def recorded_text(value: Value) -> str:
    """Return what was recorded without a word of the form, which may not know it any more."""
    match value:
        case Finding(present=present, text=text):
            return noted("present" if present else "absent", text)
        case Choice(option=option, text=text):
            return noted(spaced(option), text)
        case Quantity():
            return quantity_text(value)
        case Date(date=day):
            return day.words()
        case Text(text=text):
            return text
        case Table(rows=rows):
            return "; ".join(_cells_text(row) for row in rows) or "none"
        case Result(items=items):
            return "; ".join(_item_text(item) for item in items)
        case Unable(reason=reason):
            return noted("could not be assessed", reason)
        case Decision(decision=decision, reason=reason):
            return noted(decision, reason)
        case Urgency(level=level, reason=reason):
            return noted(level, reason)
        case Names(names=names):
            return ", ".join(names)
        case Rewritten(text=text):
            return text
        case _:
            assert_never(value)


def _cells_text(row: Row) -> str:
    return ", ".join(spaced(name if cell is True else cell) for name, cell in row.cells if cell)


def _item_text(item: Measurement) -> str:
    said = spaced(measured_text(item, unit=True))
    return noted(said, item.date.words() if item.date else "")


def spaced(name: str) -> str:
    """Return an id as words."""
    return name.replace("_", " ")


def says_no(value: Value) -> bool:
    """Whether an answer says that something is absent, or that it could not be assessed."""
    return isinstance(value, Unable) or is_absent(value)


def noted(words: str, text: str) -> str:
    """Return words with what was typed behind them."""
    text = unmarked(text)
    if not text or not words:
        return words or text
    return f"{words}: {text}" if "(" in text or "\n" in text else f"{words} ({text})"


def option_of(options: Sequence[OptionRecord], option: str) -> OptionRecord | None:
    """Return the option of that id; None if there is none any more."""
    return next((o for o in options if o.id == option), None)
