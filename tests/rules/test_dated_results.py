"""Several results of one test: which is compared with which, and when each was taken."""

from __future__ import annotations

from datetime import date

import pytest

from tests.conftest import case_from, the_assessor, the_content
from triage.content.symbols import form_symbols
from triage.expr.evaluate import compile_truth
from triage.expr.parse import parse_condition
from triage.expr.symbols import Scope

DAY = date(2026, 11, 22)
SCOPE = Scope(form_symbols(the_content().form))


def holds(text: str, answers: dict[str, object]) -> bool | None:
    case = case_from({"triage_case": 1, "date": DAY.isoformat(), "answers": answers})
    return compile_truth(parse_condition(text, SCOPE))(the_assessor().read(case, DAY).facts)


def ck(*items: object) -> dict[str, object]:
    return {"ix.ck": list(items)}


OCTOBER, NOVEMBER = "2026-10-01", "2026-11-10"


@pytest.mark.parametrize(
    ("items", "rises"),
    [
        ([{"value": 600, "date": OCTOBER}, {"value": 900, "date": NOVEMBER}], True),
        ([{"value": 900, "date": NOVEMBER}, {"value": 600, "date": OCTOBER}], True),
        ([{"value": 900, "date": OCTOBER}, {"value": 600, "date": NOVEMBER}], False),
        ([{"value": 600, "date": OCTOBER}, {"value": 600, "date": NOVEMBER}], False),
        # Without a date it is of the day of the case.
        ([{"value": 900}, {"value": 600, "date": OCTOBER}], True),
        # Only one, two of one day, and two of which either may be the later: nobody knows.
        ([{"value": 900}], None),
        ([{"value": 900}, {"pending": True}], None),
        ([{"value": 600, "date": NOVEMBER}, {"value": 900, "date": NOVEMBER}], None),
        ([{"value": 600, "date": "2026"}, {"value": 900, "date": "2026-05"}], None),
        ([{"value": 600}, {"value": 900}], None),
        # The one before, not any earlier one.
        ([{"value": 100, "date": "2026-05-01"}, {"value": 900, "date": OCTOBER}, {"value": 600}], False),
        # Units, limits and words are what they stand for.
        ([{"value": 10, "unit": "µkat/L", "date": OCTOBER}, {"value": 900, "unit": "U/L"}], True),
        ([{"reported": "normal", "date": OCTOBER}, {"value": 900}], True),
        ([{"reported": "high", "date": OCTOBER}, {"value": 900}], None),
        ([{"value": 600, "date": OCTOBER}, {"value": 1000, "comparator": ">"}], True),
        ([{"value": 600, "date": OCTOBER}, {"value": 500, "comparator": ">"}], None),
        ([{"value": 600, "comparator": "<", "date": OCTOBER}, {"value": 600}], True),
        # A number that cannot be may alarm, and never reassures.
        ([{"value": 3000000, "date": OCTOBER}, {"value": 600}], None),
    ],
)  # fmt: skip
def test_whether_a_result_rises(items: list[dict[str, object]], rises: bool | None) -> None:
    assert holds("times_earlier(ix.ck) > 1", ck(*items)) is rises


def test_by_how_much_a_result_fell() -> None:
    answers: dict[str, object] = {"ix.fvc_pct": [{"value": 80, "date": OCTOBER}, {"value": 60}]}
    assert holds("times_earlier(ix.fvc_pct) <= 0.75", answers) is True
    assert holds("times_earlier(ix.fvc_pct) < 0.75", answers) is False


def test_an_earlier_nought_is_no_measure_of_a_rise() -> None:
    answers: dict[str, object] = {"ix.crp": [{"value": 0, "date": OCTOBER}, {"value": 60}]}
    assert holds("times_earlier(ix.crp) > 1", answers) is None


def test_a_result_is_read_by_when_it_was_taken() -> None:
    answers: dict[str, object] = {
        "ix.k": [
            {"value": 2.3, "date": OCTOBER, "taken": "attack"},
            {"value": 4.1, "date": NOVEMBER, "taken": "between"},
        ]
    }
    assert holds("ix.k < '3.5 mmol/L'", answers) is False
    assert holds("taken(ix.k, 'attack') < '3.5 mmol/L'", answers) is True
    assert holds("taken(ix.k, 'between') < '3.5 mmol/L'", answers) is False
    assert holds("taken(ix.k, 'treated') < '3.5 mmol/L'", answers) is None


def test_of_two_attacks_the_newest_counts_and_a_word_is_its_interval() -> None:
    answers: dict[str, object] = {
        "ix.k": [
            {"reported": "low", "date": NOVEMBER, "taken": "attack"},
            {"value": 4.0, "date": OCTOBER, "taken": "attack"},
        ]
    }
    assert holds("taken(ix.k, 'attack') < '3.5 mmol/L'", answers) is True
    assert holds("taken(ix.k, 'attack') < '2.5 mmol/L'", answers) is None
