"""Patients of today under the form and rules of tomorrow: none is refused, none falls lower, no finding goes unread."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from tests.conftest import assess_case, case_from, the_content, vignettes
from tests.published import FOLDER, RANK, Score, patients, score
from triage.content import ContentFiles
from triage.content.book import Book
from triage.model.values import Choice, Finding, Value

# What each level was when the patient was first entered.
AT_FIRST: dict[str, str] = json.loads((FOLDER / "levels.json").read_text(encoding="utf-8"))
# Lowered on purpose, by a rule with a source: the least level, and the kind of error.
LOWERED = {
    "PA04": ("urgent", "a CK raised for months with slow weakness is no acute rhabdomyolysis"),
    "PB07": ("urgent", "proximal weakness with a raised CK, reflexes and sensation kept"),
}


def everyone() -> Iterator[tuple[str, dict[str, Any]]]:
    for path in vignettes():
        yield path.stem, json.loads(path.read_text(encoding="utf-8"))["case"]
    for name in ("sample", "sample_benign"):
        yield name, json.loads(ContentFiles().text(f"forms/cases/{name}.json"))
    for patient in patients("untouched"):
        yield patient.id, patient.case


@cache
def read_by_something() -> frozenset[str]:
    """The questions that a rule or a recipient reads, and those that say why none does."""
    content = the_content()
    silent = (q.id for q in content.form.questions.values() if q.unread)
    return Book(content, {}).questions_read | frozenset(silent)


@pytest.mark.parametrize(("name", "case"), list(everyone()), ids=[name for name, _ in everyone()])
def test_who_was_entered_before_is_no_less_urgent(name: str, case: dict[str, Any]) -> None:
    level = assess_case(case_from(case)).urgency.level
    assert level is not None
    least, _ = LOWERED.get(name, (AT_FIRST[name], ""))
    assert RANK[level] >= RANK[least]


def positive(value: Value) -> bool:
    return (
        value.present
        if isinstance(value, Finding)
        else not isinstance(value, Choice) or value.option != "none"
    )


@pytest.mark.parametrize(("name", "case"), list(everyone()), ids=[name for name, _ in everyone()])
def test_no_positive_finding_goes_unread(name: str, case: dict[str, Any]) -> None:
    form = the_content().form
    asked = {
        slot.question.id
        for key, value in case_from(case).items()
        if positive(value) and (slot := form.slot(key)) is not None
    }
    clinical = {q for q in asked if not q.startswith(("patient.", "referrer.", "case."))}
    assert clinical <= read_by_something()


@pytest.fixture(scope="module")
def untouched() -> Score:
    return score("untouched")


def test_the_untouched_entries_do_no_worse_than_at_first(untouched: Score) -> None:
    assert untouched.refused == []
    assert untouched.in_band >= 44
    assert untouched.under <= 4
    assert untouched.over <= 3
    assert untouched.emergencies_found >= 9
    assert untouched.pressing_found >= 20
    assert untouched.first >= 44
    assert untouched.in_three >= 49
    assert sum(untouched.met) / len(untouched.met) >= 0.85
    assert untouched.essential <= 413
    assert untouched.cannot_say <= 650
    assert untouched.forbidden <= 2
