"""The teaching cases: urgency, rules, conditions, tests and options must come out as expected."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import assess_case, case_from, vignettes
from triage.rules.assessment import Assessment

TIERS = ((6, 3), (3, 2), (1, 1))


def tier(score: int) -> int:
    return next((rank for least, rank in TIERS if score >= least), 0)


def ids(items: Any, *statuses: str) -> set[str]:
    return {item.id for item in items if item.status in statuses}


@pytest.fixture(params=vignettes(), ids=lambda path: path.stem)
def vignette(request: pytest.FixtureRequest) -> tuple[dict[str, Any], Assessment]:
    path: Path = request.param
    data = json.loads(path.read_text(encoding="utf-8"))
    return data["expected"], assess_case(case_from(data["case"]))


def test_urgency(vignette: tuple[dict[str, Any], Assessment]) -> None:
    expected, assessment = vignette
    levels = expected["urgency"]
    assert assessment.urgency.level in ([levels] if isinstance(levels, str) else levels)
    if "provisional" in expected:
        missing = [item.id for item in assessment.urgency.missing]
        assert assessment.urgency.provisional is expected["provisional"], missing


def test_rules(vignette: tuple[dict[str, Any], Assessment]) -> None:
    expected, assessment = vignette
    fired = {reason.rule for reason in assessment.urgency.reasons}
    assert set(expected.get("rules", ())) <= fired
    assert not set(expected.get("rules_not", ())) & fired
    listed = {rule.rule for rule in assessment.not_excluded}
    assert set(expected.get("rules_unknown", ())) <= listed


def test_conditions(vignette: tuple[dict[str, Any], Assessment]) -> None:
    expected, assessment = vignette
    scores = {condition.id: condition.score for condition in assessment.conditions}
    for name in expected.get("top", ()):
        assert name in scores
    for name in expected.get("top", ())[:1]:
        assert scores[name] == max(scores.values())
    for name in expected.get("not_top", ()):
        assert tier(scores.get(name, 0)) < 2, (name, scores[name])


def test_investigations(vignette: tuple[dict[str, Any], Assessment]) -> None:
    expected, assessment = vignette
    indicated = {test.id for test in assessment.investigations if test.indicated}
    assert set(expected.get("tests", ())) <= indicated
    assert not set(expected.get("tests_not", ())) & indicated


def test_plan(vignette: tuple[dict[str, Any], Assessment]) -> None:
    expected, assessment = vignette
    offered = ids(assessment.plan, "consider", "check_first")
    assert set(expected.get("manage", ())) <= offered
    assert not set(expected.get("manage_not", ())) & offered
