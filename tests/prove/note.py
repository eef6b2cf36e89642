"""Notes with one sentence that is not of the patient now: nothing of it would ever stand ticked."""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import cache

from tests.conftest import the_content
from tests.session.note.measure import notes
from tests.session.quick.table import session_of
from triage.model.values import Choice, Finding, Result, Table, Value
from triage.session.note import Reading, read_note
from triage.session.quick.names import names_in, shown

FULL = 5000
# With what a finding is none of the patient now. A plain clause before it, or behind, changes nothing of that.
_FRAMES = (
    *(
        "no {x}",
        "No {x}.",
        "denies {x}",
        "Without {x}",
        "not {x}",
        "nil {x}",
        "never {x}",
        "never had {x}",
    ),
    *(
        "no longer {x}",
        "{x} - no",
        "{x}: nil",
        "{x} denied",
        "{x} absent",
        "no {y}, {x} or {z}",
        "no {y}/{x}",
    ),
    *(
        "denies {y}, {x}, {z}",
        "neither {y} nor {x}",
        "no evidence of {x}",
        "negative for {x}",
        "{x} not seen",
    ),
    *(
        "?{x}",
        "? {x}",
        "{x}?",
        "possible {x}",
        "Possibly {x}",
        "query {x}",
        "r/o {x}",
        "R/O {x}",
        "to exclude {x}",
    ),
    *(
        "suspected {x}",
        "likely {x}",
        "worried about {x}",
        "Concerns: {x}",
        "Imp: {x}",
        "Dx: {y}, {x}",
        "A: {x}",
    ),
    *(
        "cannot exclude {x}",
        "not sure about {x}",
        "unlikely {x}",
        "thinks it is {x}",
        "DDx {x}",
        "{x} (?)",
    ),
    *(
        "mother had {x}",
        "His mother has {x}",
        "FH: {x}",
        "FH {x}",
        "FHx: {y}, {x}",
        "brother: {x}",
        "Father {x}",
    ),
    *(
        "his wife has {x}",
        "Sister: {y}. {x}",
        "family history of {x}",
        "Grandfather had {y} and {x}",
        "son - {x}",
    ),
    *(
        "mother had {y}. She had {x}",
        "Aunt with {y}. Also {x}.",
        "friend with {x}",
        "FH:\nfather\n{x}",
    ),
    *(
        "previously {x}",
        "{x} resolved",
        "Past {x}",
        "{x}, now gone",
        "{x}. Resolved in March.",
        "{x} in the past",
    ),
    *(
        "used to have {x}",
        "had {x} last year",
        "{x} years ago",
        "{x}, since recovered",
        "{x} as a child",
    ),
    *(
        "if {x}",
        "return if {x}",
        "Should {x} develop, call",
        "advised to return if {y}, {x}",
        "{x} if untreated",
    ),
    *(
        "when {x} occurs",
        "unless {x}",
        "Safety net: {x}",
        "warned of {x}",
        "in case of {x}",
        "until {x}",
    ),
    *(
        "refer for {x}",
        "Plan: {x}",
        "P: {y}. {x}",
        "check for {x}",
        "Advised {x}",
        "screen for {x}",
        "to start {x}",
    ),
    *("“{x}”", "leaflet on {x}", "read about {x}", "risk of {x}", "Plan:\n{y}\n{x}", "Tx: {x}"),
)
# With what a denial is none of the patient now.
_DENIED = (
    *(
        "not without {x}",
        "no {x} until last month",
        "mother has no {x}",
        "no {x} at first, but now",
        "no {x}?",
    ),
    *(
        "no family history of {x}",
        "if no {x}",
        "no {x} last year",
        "previously no {x}",
        "no improvement in {x}",
    ),
    *(
        "no worse {x}",
        "not only {x}",
        "no doubt {x}",
        "no change in {x}",
        "probably no {x}",
        "no {x} yet",
    ),
    *(
        "Plan: no {x}",
        "FH: no {x}",
        "Sister: no {x}",
        "no {x} apart from one arm",
        "no {x} except at night",
    ),
    *(
        "no obvious {x}",
        "no {x}. Later it came.",
        "no {x} unless tired",
        "“no {x}”",
        "no further {x}",
        "no new {x}",
    ),
    *(
        "not sure, no {x}",
        "thinks no {x}",
        "wife says no {x}",
        "no {x} ✓",
        "no {x} or",
        "no {x} before May",
    ),
)
_AROUND = (
    "Reviewed today.",
    "CK 640 (40-320).",
    "R FDI 3.",
    "Wt 82 kg.",
    "Seen in clinic",
    "Power 5/5.",
    "BP 138/82",
)
_SIDES = ("", "", "", " left", " R", " both", " bilaterally", " for 3 months", " since May 2026")


@cache
def _things() -> tuple[str, ...]:
    """Return names of all that can be found, as the screen and quick entry have them."""
    found: list[str] = []
    for target in names_in(the_content().form).targets:
        question = target.question
        if question.kind not in ("finding", "choice", "choices"):
            continue
        if target.part is None:
            found += [question.label.rstrip("?"), question.short, *question.say]
        elif question.kind == "choices":
            whole = question.say[0] if question.say else question.short
            found += [f"{whole} {target.part.label}", shown(target), *target.part.say]
        else:
            found += [target.part.label, *target.part.say]
    return tuple(name for name in dict.fromkeys(found) if name)


def note(seed: int) -> None:
    """What is denied is never certain to be there; nor is anything doubted, planned, past or of another person."""
    rng = random.Random(seed)
    x, y, z = (
        rng.choice(_things()).lower() if rng.random() < 0.7 else rng.choice(_things())
        for _ in "xyz"
    )
    x += rng.choice(_SIDES)
    is_there = rng.random() < 0.75
    framed = rng.choice(_FRAMES if is_there else _DENIED).format(x=x, y=y, z=z)
    before = rng.sample(_AROUND, rng.randrange(3))
    behind = rng.sample([a for a in _AROUND if a not in before], rng.randrange(3))
    if rng.random() < 0.3:
        before = [rng.choice(notes("seen")).text.splitlines()[0]]
    by = rng.choice(["\n", "\n", " ", "\n\n"])
    if by == " ":
        framed, before = f"{framed.rstrip('.')}.", [f"{one.rstrip('.')}." for one in before]
    text = by.join([*before, framed, *behind])
    session = session_of({})
    known = set(_sure(read_note(session, "\n\n".join([*before, *behind])), is_there))
    found = set(_sure(read_note(session, text), is_there))
    assert found <= known, f"{text!r}: {found - known}"


def _sure(reading: Reading, is_there: bool) -> Iterator[str]:
    """Yield what would stand ticked and is there, or is not."""
    for one in reading.proposals:
        for meaning in one.meanings if one.is_certain else ():
            for key, value in meaning.changes.items():
                if _is_there(value) if is_there else value == Finding(present=False):
                    yield f"{key} {value!r}"


def _is_there(value: Value | None) -> bool:
    match value:
        case Finding(present=present):
            return present
        case Choice(option=option):
            # That there is none is a choice too.
            return option not in (
                "none",
                "0",
                "no",
                "never",
                "absent",
                "normal",
                "not_used",
                "not_pregnant",
            )
        case Result() | Table() | None:
            return False
    return False
