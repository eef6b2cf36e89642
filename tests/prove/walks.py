"""Walks of edits over all kinds of questions: what is kept from one assessment to the next is what is found anew."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache

from tests.conftest import TODAY, the_assessor, the_content, vignettes
from tests.letter.letters import case_at
from triage.bench.everything import decided_case, value_of
from triage.content.form import BORN, PROFILE, SEX
from triage.content.schema import Question
from triage.expr.tree import Node, Number, names
from triage.model.case import Case
from triage.model.dates import PartialDate
from triage.model.history import History
from triage.model.values import (
    Choice,
    Decision,
    Finding,
    Measurement,
    Result,
    Row,
    Table,
    Unable,
    Value,
)
from triage.rules.assess import Assessor

FULL = 10_000
# Steps of one walk.
_STEPS = 4
_AT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
# What much of the rulebook rests on, changed oftener than its share of the form.
_MEDICINES = ("warfarin", "salbutamol", "simvastatin", "furosemide", "levothyroxine", "an herb")
_OFTEN = (SEX, BORN, "patient.age", "meds.list", "ix.ck", "ix.k", "neuro.weakness")


def walks(seed: int) -> None:
    """Step by step an assessment that keeps what has not changed says what one from nothing says.

    A step is an edit, an undo or redo, another day, another profile, another case, or a look at what an edit
    would do. The assessor is that of all walks: each begins where the last one left it.
    """
    rng, kept, anew = random.Random(seed), the_assessor(), _anew()
    # Half of what is edited is read by one rule, and one finding changes its sides: what hangs together does so again.
    rules = rng.choice([_rules(), _waiting(), _clashing()])
    rule, sided = rng.choice(rules), rng.choice(_sided())
    history, day = History(), TODAY
    history.change(dict(_start(seed, rng)), _AT)
    for _ in range(_STEPS):
        match rng.randrange(16):
            case 0:
                history.undo(_AT)
            case 1:
                history.redo(_AT)
            case 2:
                day += timedelta(days=rng.choice([-4000, -400, -90, -1, 1, 30, 400, 4000]))
            case 3:
                history.change({PROFILE: Choice(option=rng.choice(["uk", "us", "eu"]))}, _AT)
            case 4:
                kept.recorded(history.case.with_(_edit(rng, rule)), day)
            case 5:
                edits = [_edit(rng, rule) for _ in range(rng.choice([5, 40]))]
                history.change({k: value for edit in edits for k, value in edit.items()}, _AT)
            case 6:
                there = sorted(history.case)
                history.change(dict.fromkeys(rng.sample(there, min(3, len(there)))), _AT)
            case 7:
                history.change(_turned(sided, rng), _AT)
            case 8:
                said = Decision(decision="decline", reason=rng.choice(["", "asked again"]))
                history.change({f"decision.{sided}": rng.choice([said, None])}, _AT)
            case 9 | 10:
                edits = [_answer(_read(rule, rng), rng) for _ in range(3)]
                history.change({k: value for edit in edits for k, value in edit.items()}, _AT)
            case _:
                history.change(_edit(rng, rule), _AT)
        # What is looked at beforehand is read once, as in the window.
        read = kept.read(history.case, day) if rng.random() < 0.5 else None
        if read is not None and rng.random() < 0.5:
            kept.recorded(history.case, day, read)
        anew.forget()
        assert kept.assess(history.case, day, read) == anew.assess(history.case, day)


@cache
def _anew() -> Assessor:
    return Assessor(the_content())


@cache
def _whole() -> Case:
    return decided_case(the_content())


@cache
def _rules() -> tuple[tuple[Node, ...], ...]:
    """Return the conditions of each rule, and of what is asked of each question."""
    content = the_content()
    rules = [
        *(content.red_flags, content.star_sets, content.conditions, content.investigations),
        *(content.advice_against, content.protocols, content.safety, content.treatments),
        *(content.team, content.safety_net, content.contradictions, content.elsewhere),
        [service.reasons for service in content.services],
        [(node,) for node in (*content.show.values(), *content.star_items.values())],
    ]
    found = (tuple(_conditions(rule)) for kind in rules for rule in kind)
    return tuple(nodes for nodes in found if nodes)


@cache
def _waiting() -> tuple[tuple[Node, ...], ...]:
    """Return the conditions of what rests on a red flag, together with those of the flag."""
    content = the_content()
    flags = {flag.record.id: flag.when for flag in content.red_flags}
    reasons = [pair for service in content.services for pair in service.reasons]
    waits = [(when, flags[reason.flag]) for reason, when in reasons if reason.flag]
    return tuple(tuple(_conditions(pair)) for pair in waits)


@cache
def _clashing() -> tuple[tuple[Node, ...], ...]:
    """Return the conditions of what cannot stand together."""
    found = (tuple(_conditions(rule)) for rule in the_content().contradictions)
    return tuple(nodes for nodes in found if nodes)


@cache
def _sided() -> tuple[str, ...]:
    """Return the findings that can be recorded for each side and without one."""
    slots = the_content().form.slots
    return tuple(
        k for k, s in slots.items() if s.kind == "finding" and s.is_whole and f"{k}.left" in slots
    )


def _turned(sided: str, rng: random.Random) -> dict[str, Value | None]:
    """Return a finding on both sides that is denied without a side, or the other way round."""
    present = rng.random() < 0.5
    sides = {f"{sided}.{side}": Finding(present=present) for side in ("left", "right")}
    return {sided: Finding(present=not present), **sides}


def _conditions(part: object) -> Iterator[Node]:
    if isinstance(part, Node):
        if any(True for _ in names(part)):
            yield part
    elif isinstance(part, tuple):
        for inner in part:
            yield from _conditions(inner)


def _read(rule: tuple[Node, ...], rng: random.Random) -> str:
    """Return the name of an answer that a rule reads."""
    content = the_content()
    todo: list[Node | Number] = [rng.choice(rule)]
    while todo:
        name = rng.choice(list(names(todo.pop())))
        inner = content.findings.get(name) or content.numbers.get(name)
        if inner is not None and any(True for _ in names(inner)):
            todo.append(inner)
    return name if content.form.slot(name) or _slots(name) else rng.choice(_OFTEN)


def _slots(name: str) -> bool:
    return name in the_content().form.questions and bool(the_content().form.slots_of(name))


@cache
def _questions() -> tuple[str, ...]:
    return tuple(filter(_slots, the_content().form.questions))


def _start(seed: int, rng: random.Random) -> Case:
    """Return a real case, or a share of all that can be recorded."""
    if seed % 2:
        return case_at(rng.choice(vignettes()))
    share = rng.choice([0.02, 0.1, 0.3, 0.6, 0.9])
    return Case({key: value for key, value in _whole().items() if rng.random() < share})


def _edit(rng: random.Random, rule: tuple[Node, ...]) -> dict[str, Value | None]:
    """Return one edit of any key of a case: its value, another one, that it could not be assessed, or none."""
    content = the_content()
    if rng.random() < 0.05:
        named = rng.choice([r.record.id for r in content.investigations])
        said = rng.choice([named, *sorted(content.contradiction_ids)])
        reason, decision = rng.choice(["", "as agreed"]), rng.choice(["accept", "decline", "defer"])
        return {f"decision.{said}": Decision(decision=decision, reason=reason)}
    match rng.randrange(6):
        case 0:
            name = rng.choice(_OFTEN)
        case 1:
            # By its question, or most edits would go to the grades of grids.
            name = rng.choice(_questions())
        case _:
            # Each rule as likely as another.
            name = _read(rng.choice([rule, rng.choice(_rules())]), rng)
    return _answer(name, rng)


def _answer(name: str, rng: random.Random) -> dict[str, Value | None]:
    """Return an answer to a question, or to a part of it that has this name."""
    content, whole = the_content(), _whole()
    if name.startswith("meds.classes.") and rng.random() < 0.5:
        name = "meds.list"
    slot = content.form.slot(name) or rng.choice(content.form.slots_of(name))
    key = slot.key
    if rng.random() < 0.15:
        return {key: rng.choice([whole.get(key), None])}
    if rng.random() < 0.1 and content.form.fits(key, Unable(reason="asleep")):
        return {key: Unable(reason="asleep")}
    value = value_of(content, slot, rng.randrange(10_000))
    match value:
        case Finding():
            value = Finding(present=rng.random() < 0.5)
        case Result(items=items) if slot.question.by_sex and rng.random() < 0.7:
            value = Result(items=tuple(_between(slot.question, item, rng) for item in items))
        case Result(items=items) if rng.random() < 0.5:
            value = Result(items=tuple(_dated(item, rng) for item in (*items, *items)))
        case Table() if key == "meds.list":
            value = Table(rows=tuple(_medicine(rng) for _ in range(rng.randrange(4))))
    return {key: value}


def _between(question: Question, item: Measurement, rng: random.Random) -> Measurement:
    """Return a measurement that is normal for one sex and not for the other."""
    ends = [getattr(limits, end) for limits in question.by_sex.values() for end in ("low", "high")]
    there = sorted(end for end in ends if end is not None)
    at = rng.randrange(len(there) - 1)
    value = (there[at] + there[at + 1]) / 2
    changes: dict[str, object] = {"value": value, "unit": question.unit, "low": None, "high": None}
    changes["reported"] = rng.choice([None, "low", "normal", "high"])
    changes["date"] = rng.choice([item.date, PartialDate(year=2019, month=3)])
    return item.model_copy(update=changes)


def _dated(item: Measurement, rng: random.Random) -> Measurement:
    """Return a measurement of another day, now and then one that is not there yet or without a number."""
    day = PartialDate(year=rng.choice([2019, 2025, 2026, 2027]), month=rng.randrange(1, 13))
    word = rng.choice([None, "low", "normal", "high"])
    number = None if word and rng.random() < 0.5 else item.value
    changes = {"date": day, "reported": word, "value": number, "pending": rng.random() < 0.1}
    return item if item.option else item.model_copy(update=changes)


def _medicine(rng: random.Random) -> Row:
    """Return a medicine of the list, taken, stopped or doubtful."""
    name = rng.choice(_MEDICINES)
    return Row(cells=(("name", name + rng.choice(["", "", "?", " stopped 2024"])),))
