"""What the benchmarks work on: the sample case, and answers that differ from round to round."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, date, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from triage.content import Content, ContentFiles, load_content
from triage.content.casefile import day_of, read_case
from triage.model.case import Case
from triage.model.values import Finding

if TYPE_CHECKING:
    from triage.letter.statements import Letter

_AT = datetime(2026, 11, 20, 17, 40, tzinfo=UTC)
# Small letters that are about as wide, and the fields of a letter that hold words.
_ALIKE = ("acesx", "bdhknopqu", "gvyz", "ijl", "frt", "mw")
_WORDS = {
    "text",
    "label",
    "aside",
    "heading",
    "title",
    "under",
    "words",
    "name",
    "item",
    "answer",
} | {*("heads", "cells", "lead", "key", "basis", "place")}


@cache
def the_content() -> Content:
    """Return the program's content, loaded once."""
    return load_content(ContentFiles())


@cache
def sample() -> Case:
    """Return the full case of the demo."""
    content = the_content()
    text = ContentFiles().text("forms/cases/sample.json")
    return read_case(text, content.form, content.rule_ids, date(2026, 11, 20), "sample.json")


def sample_day() -> date:
    """Return the date of the sample case."""
    return day_of(sample())


def varied(round_: int) -> Case:
    """Return the sample with one finding flipped, another one each round."""
    case = sample()
    keys = [key for key, value in case.items() if isinstance(value, Finding)]
    key = keys[round_ % len(keys)]
    value = case[key]
    assert isinstance(value, Finding)
    return case.with_({key: Finding(present=not value.present)})


def letter_of(round_: int) -> Letter:
    """Return the letter of the sample in other words than in any other round, so that nobody has met a line of it."""
    turned = {
        ord(letter): alike[(n + round_) % len(alike)]
        for alike in _ALIKE
        for n, letter in enumerate(alike)
    }
    made: Letter = _reworded(_letter(), turned)
    return made


@cache
def _letter() -> Letter:
    from triage.letter.build import build_letter
    from triage.rules.assess import Assessor

    content, case, day = the_content(), sample(), sample_day()
    assessment = Assessor(content).assess(case, day)
    return build_letter(
        content, case, assessment, "referral_letter", "neuromuscular", day, version=1, issued_at=_AT
    )


def _reworded(value: Any, turned: Mapping[int, str], field: str = "") -> Any:
    """Return a part of a letter with other words."""
    if isinstance(value, str):
        return value.translate(turned) if field in _WORDS else value
    if isinstance(value, tuple) and not hasattr(value, "_fields"):
        return tuple(_reworded(item, turned, field) for item in value)
    if is_dataclass(value) and not isinstance(value, type):
        names = (f.name for f in fields(value))
        changed = {name: _reworded(getattr(value, name), turned, name) for name in names}
        return replace(value, **changed)
    return value


def set_letter(letter: Letter) -> bytes:
    """Return an issued letter as a file, with a case in it."""
    from triage.pdf.render import render

    return render(letter, case_json=lambda _: sample_json(), when=_AT)


@cache
def sample_json() -> str:
    """Return the sample case as the file of a letter carries it."""
    from triage.content.casefile import write_case

    return write_case(sample(), the_content().form)
