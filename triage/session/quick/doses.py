"""A dose behind a name that is of a test and of a medicine: ``vit d 800``, ``b12 1000 mcg``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from triage.content.ranges import reference_range
from triage.content.schema import Question
from triage.content.units import can_be
from triage.letter.words.results import sex_of
from triage.model.values import Result
from triage.session.quick.medicines import read_medicine
from triage.session.quick.names import said
from triage.session.quick.place import Place
from triage.session.quick.preview import Meaning

_NUMBER = re.compile(r"\d+(?:\.\d+)?")
# What is so many times a limit of the test, or so small a part of it, may as well be a dose.
_TIMES = 3


def or_doses(tokens: Sequence[str], found: Sequence[Meaning], place: Place) -> list[Meaning]:
    """Return what was found of a test, with the dose that a number without a unit of it may be."""
    at = next((n for n, t in enumerate(tokens) if n and t[:1].isdigit()), 0)
    hits = place.names.find(said(" ".join(tokens[:at]))) if at else ()
    tests = [h.target.question for h in hits if h.is_exact and h.target.question.kind == "result"]
    name = _medicine(tests[0], place) if len(tests) == 1 else ""
    read = [m for m in found if isinstance(m.changes.get(tests[0].id), Result)] if name else []
    # A number with a unit of the test is no dose.
    if not name or any(m.changes and m not in read and m.is_whole for m in found):
        return list(found)
    is_bare = len(tokens) == at + 1 and _NUMBER.fullmatch(tokens[at]) is not None
    is_unusual = _is_unusual(tests[0], read, place) or (
        _is_medicine(" ".join(tokens[:at]), place) and not _has_limits(tests[0])
    )
    if any(not m.asks for m in read) and not (is_bare and is_unusual):
        return list(found)
    doses = [
        replace(meaning, is_whole=True)
        for meaning in read_medicine([*name.split(), *tokens[at:]], place)
        if not meaning.asks
    ]
    return [*(read if is_bare or not is_unusual else []), *doses] if doses else list(found)


def _medicine(question: Question, place: Place) -> str:
    """Return the name of a test that is also that of a medicine; empty if none is."""
    return next((name for name in question.say if _is_medicine(name, place)), "")


def _is_medicine(name: str, place: Place) -> bool:
    match = place.session.content.medicines.look_up(name)
    return bool(match.found) and not match.starts and match.ends == len(name)


def _has_limits(question: Question) -> bool:
    return not (question.low is None and question.high is None and not question.by_sex)


def _is_unusual(question: Question, read: Sequence[Meaning], place: Place) -> bool:
    """Whether a number is far from the limits of its test, or none of it."""
    value = read[0].changes[question.id] if read else None
    item = value.items[-1] if isinstance(value, Result) else None
    if item is None or not isinstance(item.value, Decimal):
        return not read
    ends = reference_range(question, item, sex_of(place.case) or None)
    low, high = ends.low or ends.high, ends.high or ends.low
    if low is None or high is None:
        return not can_be(question, item.value, item.unit)
    return not low / _TIMES <= item.value <= high * _TIMES
