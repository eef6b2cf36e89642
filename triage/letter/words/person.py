"""Who the patient is, as screen and paper say it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from triage.content import ranges
from triage.content.entry import quantity_text
from triage.content.form import AGE, BORN, Form
from triage.content.identifiers import identifiers
from triage.expr.interval import INFINITY
from triage.model.case import Case
from triage.model.values import Date, Quantity, Text

NAMES = ("patient.given_name", "patient.family_name")
# Of the identifying numbers, how many stand in one line with the name.
_MOST_NUMBERS = 2


def name_of(case: Case) -> str:
    """Return the patient's names as they were typed; empty if there is none."""
    typed = (value.text for key in NAMES if isinstance(value := case.get(key), Text))
    return " ".join(" ".join(typed).split())


def age_of(form: Form, case: Case, day: date) -> str:
    """Return the age in years on `day`, as the rules see it; a word such as "adult" as recorded."""
    typed = case.get(AGE)
    span = ranges.age_of(form, case, day)
    if span is None or (span.high == INFINITY and isinstance(typed, Quantity)):
        return quantity_text(typed).removesuffix(" y") if isinstance(typed, Quantity) else ""
    return str(span.low) if span.low == span.high else f"{span.low}–{span.high}"


def age_words(form: Form, case: Case, day: date) -> str:
    """Return ``age 58``, or nothing."""
    age = age_of(form, case, day)
    return f"age {age}" if age else ""


def details(form: Form, case: Case, day: date) -> Iterator[str]:
    """Yield age, date of birth and numbers, as far as they are recorded."""
    if age := age_words(form, case, day):
        yield age
    born = case.get(BORN)
    if isinstance(born, Date):
        yield f"born {born.date.words()}"
    yield from map(str, identifiers(form, case)[:_MOST_NUMBERS])
