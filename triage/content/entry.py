"""Typed text becomes a value here, and only here; and back into text for the field it was typed in."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal, InvalidOperation

from triage.content.form import in_default_unit, units_of
from triage.content.schema import Question
from triage.errors import EntryError, did_you_mean
from triage.model.dates import PartialDate
from triage.model.values import (
    WORDS,
    Date,
    Measurement,
    Quantity,
    Text,
    Value,
)

LONGEST_NUMBER = 24
_NUMBER = re.compile(r"([<>]=?|≤|≥)?\s*([+-]?[\d.,]+)\s*(.*)", re.DOTALL)
_COMPARATORS = {"≤": "<=", "≥": ">="}
_SPELLINGS = {
    "yr": "years",
    "yrs": "years",
    "y": "years",
    "wk": "weeks",
    "mo": "months",
    "d": "days",
}


def parse_quantity(question: Question, text: str) -> Quantity:
    """Read a typed number such as ``72``, ``3.5``, ``6 weeks`` or a word such as ``adult``.

    Raises
    ------
    EntryError
        If it is no number, or its unit is not known.
    """
    stripped = text.strip()
    if stripped.lower() in question.words:
        return Quantity(word=stripped.lower(), unit=question.unit)
    comparator, number, unit = _number(stripped, question)
    if comparator:
        raise EntryError(f"{question.label}: type a plain number here, without {comparator}.")
    if question.integer and number != number.to_integral_value():
        raise EntryError(f"{question.label}: type a whole number.")
    return Quantity(value=number, unit=unit)


def parse_measurement(question: Question, text: str, today: date) -> Measurement:
    """Read a typed result: ``4.1``, ``<0.01 mIU/L``, ``high``, ``pending``, an option; ``@ 2/11/2026`` dates it.

    Raises
    ------
    EntryError
        If it cannot be read.
    """
    body, _, dated = text.partition("@")
    day = PartialDate.parse(dated, today) if dated.strip() else None
    word = body.strip().lower().replace(" ", "_")
    if word in ("pending", "awaited"):
        return Measurement(pending=True, date=day)
    if question.options:
        for option in question.options:
            if word in (option.id, option.label.lower().replace(" ", "_")):
                return Measurement(option=option.id, date=day)
        hint = did_you_mean(word, [option.id for option in question.options])
        raise EntryError(f"{question.label}: there is no such result{hint}.")
    for known in WORDS:
        if word == known:
            return Measurement(reported=known, date=day)
    comparator, number, unit = _number(body.strip(), question)
    return Measurement(value=number, comparator=comparator, unit=unit, date=day)  # type: ignore[arg-type]


def parse_entry(question: Question, text: str, today: date) -> Value | None:
    """Read the typed text of a quantity, date or text question; None if it is empty.

    Raises
    ------
    EntryError
        If it cannot be read as what the question asks for.
    """
    if not text.strip():
        return None
    match question.kind:
        case "quantity":
            return parse_quantity(question, text)
        case "date":
            return Date(date=PartialDate.parse(text, today))
    return Text(text=text)


def exact(number: object, what: str) -> Decimal:
    """Return `number` as an exact decimal.

    Raises
    ------
    EntryError
        If it is no finite number of sensible length.
    """
    try:
        spelled = str(number)
        decimal = Decimal(spelled)
    except InvalidOperation:
        raise EntryError(f"{what}: this is not a number.") from None
    if not decimal.is_finite() or len(spelled) > LONGEST_NUMBER or abs(decimal.adjusted()) > 12:
        raise EntryError(f"{what}: this number is out of any sensible range.")
    return decimal


def is_plausible(question: Question, quantity: Quantity) -> bool:
    """Whether the number lies in the range that the form expects; others are flagged, not refused."""
    if question.range is None or quantity.value is None:
        return True
    value = in_default_unit(question, quantity.value, quantity.unit)
    return value is not None and question.range[0] <= value <= question.range[1]


def quantity_text(quantity: Quantity) -> str:
    """Return a quantity as it is typed and printed: ``58 y``, ``3.5 mmol/L``, ``adult``."""
    if quantity.value is None:
        return quantity.word
    return f"{plain(quantity.value)} {quantity.unit}".strip()


def plain(number: Decimal) -> str:
    """Return a decimal without exponent, as it was typed."""
    return f"{number:f}"


def _number(text: str, question: Question) -> tuple[str, Decimal, str]:
    match = _NUMBER.fullmatch(text)
    if match is None:
        raise EntryError(f"{question.label}: type a number{_in(question)}.")
    sign, digits, unit = match[1] or "", match[2].replace(",", "."), match[3].strip()
    number = exact(digits, question.label)
    known = list(units_of(question))
    unit = unit or question.unit
    if unit not in known:
        folded = {name.lower().replace(" ", ""): name for name in known}
        spelled = _SPELLINGS.get(unit.lower(), unit).lower().replace(" ", "")
        candidates = [
            folded.get(s) for s in (unit.lower().replace(" ", ""), spelled, f"{spelled}s")
        ]
        found = next((name for name in candidates if name is not None), None)
        if found is None:
            raise EntryError(
                f"{question.label}: the unit {unit[:20]!r} is not known here; use {' or '.join(known)}."
            )
        unit = found
    return _COMPARATORS.get(sign, sign), number, unit


def _in(question: Question) -> str:
    return f" in {question.unit}" if question.unit else ""
