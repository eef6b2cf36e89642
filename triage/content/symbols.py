"""What the words of the form mean to the language of conditions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from triage.content.form import RECIPIENTS, Form
from triage.content.kinds import KINDS
from triage.expr.symbols import Kind, Symbol
from triage.model.values import LEVELS

OUTCOME = "outcome."
URGENCY_OUTCOME = f"{OUTCOME}urgency"
REFERRAL_OUTCOME = f"{OUTCOME}referral"


def form_symbols(form: Form) -> Iterator[Symbol]:
    """Yield every name that the questions of `form` bring into the language."""
    for question in form.questions.values():
        yield from KINDS[question.kind].symbols(question)


def recipient_symbols(recipients: Iterable[str]) -> Iterator[Symbol]:
    """Yield the list of recipients and each of its members."""
    members = tuple(f"{RECIPIENTS}.{recipient}" for recipient in recipients)
    yield Symbol(RECIPIENTS, Kind.GROUP, members=members, listed=True)
    for member in members:
        yield Symbol(member, Kind.FINDING)


def outcome_symbols() -> Iterator[Symbol]:
    """Yield the names that stand for the urgency found, for rules that come after it."""
    levels: dict[str, int | None] = {level: rank for rank, level in enumerate(LEVELS)}
    yield Symbol(URGENCY_OUTCOME, Kind.CHOICE, options=levels, ordered=True)
    yield Symbol(REFERRAL_OUTCOME, Kind.CHOICE, options={"none": None, **levels}, ordered=True)
