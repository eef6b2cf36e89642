"""Three changes at a second visit of each completed case: "since" names exactly these, and nothing else."""

from __future__ import annotations

import random
from datetime import date
from decimal import Decimal

from tests.conftest import CASES, TODAY, the_content, the_templates
from triage.content.casefile import day_of, read_case
from triage.content.form import Slot
from triage.content.listed import row_readers
from triage.letter.since import Change, Since, since
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
    Value,
)

FILES = sorted((CASES / "complete").glob("*.json"))
FULL = len(FILES) * 60
SMALL = len(FILES)
LATER = date(2027, 2, 3)
_NEW_DRUG = "Examplamine"
_CHANGED = 3


def earlier_case(number: int) -> Case:
    """Return one of the completed cases."""
    file, content = FILES[number % len(FILES)], the_content()
    return read_case(
        file.read_text(encoding="utf-8"), content.form, content.rule_ids, TODAY, file.name
    )


def compared(was: Case, now: Case) -> Since:
    """Return what changed from `was` to `now`."""
    content = the_content()
    readers = row_readers(content.form, content.medicines)
    days = (day_of(was), day_of(now))
    return since(content.form, was, now, days, the_templates().answers, readers)


def later(was: Case, changes: dict[str, Value | None]) -> Case:
    """Return the case of the second visit."""
    return was.with_({**changes, "case.date": Date(date=PartialDate.of(LATER))})


def changed(slot: Slot, was: Value, rng: random.Random) -> tuple[Value, tuple[str, ...]] | None:
    """Return another answer, and what must be said of it; None where nothing else can be answered."""
    match was:
        case Finding(present=present):
            return Finding(present=not present), ()
        case Choice(option=option):
            others = [
                o for o in slot.options if o.id != option and o.phrase != slot.option_phrase(option)
            ]
            if not others:
                return None
            new = rng.choice(others)
            return Choice(option=new.id), (slot.option_phrase(option), new.phrase)
        case Quantity(value=Decimal() as value, word=""):
            new_value = value + rng.randint(1, 9)
            return Quantity(value=new_value, unit=was.unit), (str(new_value),)
        case Result(items=items) if items[-1].value is not None and not items[-1].pending:
            last = items[-1]
            number = last.value + rng.randint(1, 90) if last.value is not None else Decimal(1)
            new_item = Measurement(
                value=number, unit=last.unit, date=PartialDate.of(date(2027, 1, 30))
            )
            # What was recorded without a day is of the earlier visit: it may stand there again, with its day.
            old = [
                i if i.date else i.model_copy(update={"date": PartialDate.of(TODAY)}) for i in items
            ]
            kept = old if rng.random() < 0.5 else []
            return Result(items=(*kept, new_item)), (str(number), "30 Jan 2027")
        case Table(rows=rows) if slot.key == "meds.list":
            row = Row(cells=(("name", _NEW_DRUG), ("dose", "5 mg")))
            return Table(rows=(*rows, row), closed=was.closed), (_NEW_DRUG,)
        case _:
            return None


def since_names(seed: int) -> None:
    """Change three answers, and drop or mark anew others: what changed is named once, and nothing else is."""
    rng, form, was = random.Random(seed), the_content().form, earlier_case(seed)
    told = [
        key
        for key in was
        if (slot := form.slot(key))
        and form.sections[slot.question.section].person != "administrative"
        and changed(slot, was[key], random.Random(0))
    ]
    seeded: dict[str, Value | None] = {}
    says: dict[str, tuple[str, ...]] = {}
    for key in rng.sample(told, _CHANGED):
        slot = form.slots[key]
        found = changed(slot, was[key], rng)
        assert found is not None
        seeded[key], says[key] = found
    noise: dict[str, Value | None] = {}
    rest = [key for key in was if key not in seeded and form.slot(key)]
    for key in rng.sample(rest, rng.randint(0, min(20, len(rest)))):
        value = was[key]
        keeps = isinstance(value, Finding | Choice) and rng.random() < 0.5
        noise[key] = value.model_copy(update={"block": not value.block}) if keeps else None  # type: ignore[union-attr]
    found_since = compared(was, later(was, {**noise, **seeded}))
    _check(found_since, seeded, says)
    apart = {key for change in found_since.not_again for key in change.keys}
    dropped = {key for key, value in noise.items() if value is None}
    assert apart <= dropped, apart - dropped
    assert not found_since.not_then, found_since.not_then
    present = {key for key in dropped if isinstance(v := was[key], Finding) and v.present}
    asked = {
        key
        for key in present
        if form.sections[form.slots[key].question.section].person != "administrative"
    }
    assert asked <= apart, asked - apart


def _check(found: Since, seeded: dict[str, Value | None], says: dict[str, tuple[str, ...]]) -> None:
    named = [key for change in found.changes for key in change.keys]
    assert sorted(named) == sorted(seeded), (named, sorted(seeded), found.words())
    words = found.words()
    for key, tokens in says.items():
        (change,) = (c for c in found.changes if key in c.keys)
        assert change.says.casefold() in words.casefold(), change
        assert all(_is_said(token, change) for token in tokens), (key, tokens, change)


def _is_said(token: str, change: Change) -> bool:
    # Of long texts it is said that they are others.
    return token.casefold() in change.says.casefold() or change.says.endswith("told anew")
