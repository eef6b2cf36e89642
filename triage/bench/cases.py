"""What the benchmarks work on: the sample case, and answers that differ from round to round."""

from __future__ import annotations

from datetime import date
from functools import cache

from triage.content import Content, ContentFiles, load_content
from triage.content.casefile import day_of, read_case
from triage.model.case import Case
from triage.model.values import Finding


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
