from __future__ import annotations

import itertools
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.expr.test_parse import SCOPE
from triage.expr.evaluate import Standing, compile_truth, reported_key
from triage.expr.interval import INFINITY, Interval, bounded, point
from triage.expr.parse import parse_condition

TRUTHS = (True, False, None)


def value(text: str, **facts: object) -> bool | None:
    known = {name.replace("__", "."): fact for name, fact in facts.items() if fact is not None}
    return compile_truth(parse_condition(text, SCOPE))(known)


@pytest.mark.parametrize(("a", "b"), list(itertools.product(TRUTHS, TRUTHS)))
def test_and_or_not_are_strong_kleene(a: bool | None, b: bool | None) -> None:
    rank = {False: 0, None: 1, True: 2}
    back = {0: False, 1: None, 2: True}
    facts = {"neuro__weakness": a, "sites__calf": b}
    assert value("neuro.weakness and sites.calf", **facts) is back[min(rank[a], rank[b])]
    assert value("neuro.weakness or sites.calf", **facts) is back[max(rank[a], rank[b])]
    assert value("not neuro.weakness", **facts) is back[2 - rank[a]]
    # The same through the general path, which is another piece of code than bare names.
    assert value("not not neuro.weakness and sites.calf", **facts) is back[min(rank[a], rank[b])]
    assert value("maybe(neuro.weakness)", **facts) is (a is not False)
    assert value("surely(neuro.weakness)", **facts) is (a is True)


def test_not_known_is_never_no() -> None:
    assert value("neuro.weakness") is None
    assert value("neuro.tempo == 'days'") is None
    assert value("ix.k < '3.5 mmol/L'") is None
    assert value("any_of(power < '5')", power__a__left="5") is None
    assert value("known(neuro.weakness)") is False


def test_an_ungraded_grade_lies_on_both_sides_of_a_limit_inside_it() -> None:
    assert value("power.b < '5'", power__b__midline="W") is True
    assert value("power.b <= '0'", power__b__midline="W") is None
    assert value("power.b == 'W'", power__b__midline="W") is True


def test_at_least_and_count_are_intervals() -> None:
    text = "at_least(2, neuro.weakness, sites.calf, sites.arm)"
    assert value(text, neuro__weakness=True) is None
    assert value(text, neuro__weakness=True, sites__calf=True) is True
    assert value(text, neuro__weakness=False, sites__calf=False) is False
    assert (
        value("count(neuro.weakness, sites) < 2", neuro__weakness=False, sites__calf=False) is True
    )


@pytest.mark.parametrize(
    ("interval", "below_35", "from_55"),
    [
        (point(Decimal("3.4")), True, False),
        (point(Decimal("3.5")), False, False),
        (bounded("<", Decimal("3.5")), True, False),
        (bounded("<=", Decimal("3.5")), None, False),
        (bounded(">", Decimal("5.5")), False, True),
        (Interval(-INFINITY, INFINITY, False, False), None, None),
    ],
)
def test_a_number_compares_as_an_interval(
    interval: Interval, below_35: bool | None, from_55: bool | None
) -> None:
    assert value("ix.k < '3.5 mmol/L'", ix__k=interval) is below_35
    assert value("ix.k >= '5.5 mmol/L'", ix__k=interval) is from_55


@given(st.decimals(0, 10, places=1), st.decimals(0, 10, places=1), st.decimals(0, 10, places=1))
def test_interval_comparison_agrees_with_every_number_in_it(
    a: Decimal, b: Decimal, limit: Decimal
) -> None:
    interval = Interval(min(a, b), max(a, b))
    for op, holds in (
        ("<", lambda x: x < limit),
        ("<=", lambda x: x <= limit),
        ("==", lambda x: x == limit),
        ("!=", lambda x: x != limit),
    ):
        inside = {
            holds(x)
            for x in (
                interval.low,
                interval.high,
                *([limit] if interval.low <= limit <= interval.high else []),
            )
        }
        assert interval.compare(op, limit) is (inside.pop() if len(inside) == 1 else None)


def test_words_of_results_are_tested_as_words() -> None:
    for facts, expected in (
        ({}, None),
        ({reported_key("ix.k"): ""}, False),
        ({reported_key("ix.k"): "low"}, True),
    ):
        assert compile_truth(parse_condition("ix.k == 'low'", SCOPE))(facts) is expected


@pytest.mark.parametrize(
    ("gate", "score", "best", "possible"),
    [
        (True, 3, 9, True),
        (True, 2, 9, None),
        (True, 2, 2, False),
        (None, 9, 9, None),
        (False, 9, 9, False),
    ],
)
def test_support_needs_score_and_gate(
    gate: bool | None, score: int, best: int, possible: bool | None
) -> None:
    assert Standing(gate, score, best).reaches(3) is possible
