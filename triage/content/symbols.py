"""What the words of the form mean to the language of conditions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from triage.content.form import RECIPIENTS, SIDES, Form
from triage.content.schema import OptionRecord, Question
from triage.expr.symbols import Kind, Symbol
from triage.model.values import LEVELS

URGENCY_OUTCOME = "outcome.urgency"
REFERRAL_OUTCOME = "outcome.referral"


def nothing_key(table: Question) -> str:
    """Return the name that is true of a table closed without rows ("no medicines"), false of one with rows."""
    return f"{table.id}.{table.nothing.id if table.nothing else ''}"


def form_symbols(form: Form) -> Iterator[Symbol]:
    """Yield every name that the questions of `form` bring into the language."""
    for question in form.questions.values():
        yield from _question(question)


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


def _question(question: Question) -> Iterator[Symbol]:
    match question.kind:
        case "choices":
            yield from _list(question)
        case "grid":
            yield from _grid(question)
        case _ if question.sided:
            sides = tuple(f"{question.id}.{side}" for side in SIDES)
            truth = question.kind == "finding"
            yield Symbol(question.id, Kind.GROUP, members=sides, truth=truth)
            for side in sides:
                yield _single(question, side)
        case "table":
            yield _single(question, question.id)
            if question.nothing is not None:
                yield Symbol(nothing_key(question), Kind.FINDING)
        case _:
            yield _single(question, question.id)


def _single(question: Question, name: str) -> Symbol:
    match question.kind:
        case "finding":
            return Symbol(name, Kind.FINDING)
        case "choice":
            return _choice(name, question.options, question.ordered, question.also)
        case "quantity":
            return Symbol(name, Kind.QUANTITY, unit=question.unit)
        case "result" if question.options:
            return Symbol(name, Kind.OPTIONS, options={o.id: None for o in question.options})
        case "result":
            return Symbol(name, Kind.RESULT, unit=question.unit)
    return Symbol(name, Kind.OTHER)


def _list(question: Question) -> Iterator[Symbol]:
    members = tuple(f"{question.id}.{option.id}" for option in question.options)
    yield Symbol(question.id, Kind.GROUP, members=members, listed=True)
    for option, name in zip(question.options, members, strict=True):
        yield Symbol(name, Kind.FINDING)
        if question.sided:
            for side in (*SIDES, "midline") if option.midline else SIDES:
                yield Symbol(f"{name}.{side}", Kind.FINDING)


def _grid(question: Question) -> Iterator[Symbol]:
    yield Symbol(
        question.id, Kind.GROUP, members=tuple(f"{question.id}.{row.id}" for row in question.rows)
    )
    for row in question.rows:
        name = f"{question.id}.{row.id}"
        sides = ("midline",) if row.sides == "midline" else SIDES
        cells = tuple(f"{name}.{side}" for side in sides)
        yield Symbol(name, Kind.GROUP, members=cells)
        for cell in cells:
            yield _choice(cell, row.options or question.options, question.ordered, "")


def _choice(name: str, options: tuple[OptionRecord, ...], ordered: bool, also: str) -> Symbol:
    ranks: dict[str, int | None] = {}
    for option in options:
        graded = not option.from_
        ranks[option.id] = sum(rank is not None for rank in ranks.values()) if graded else None
    spans = {option.id: (option.from_, option.to) for option in options if option.from_}
    return Symbol(name, Kind.CHOICE, options=ranks, spans=spans, ordered=ordered, also=also)
