"""An emergency is phoned: no letter of it is issued without the call or the reason."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.conftest import TODAY, answers, case_from, the_assessor, the_content, the_settings
from tests.letter.test_letter import sample
from triage.letter.build import build_letter
from triage.letter.check import problems_before_issue
from triage.letter.statements import Letter
from triage.model.case import Case
from triage.model.values import Urgency
from triage.rules.call import call_ahead

EMERGENCY = {"rf.breathless_rest": True}


def case_of(**more: Any) -> Case:
    return case_from({**answers(), "answers": {**EMERGENCY, **more}})


def letter(case: Case, template: str = "referral_letter") -> Letter:
    assessment = the_assessor().assess(case, TODAY)
    return build_letter(
        the_content(), case, assessment, template, None, TODAY, settings=the_settings()
    )


def asks(case: Case, template: str = "referral_letter") -> list[str]:
    found = problems_before_issue(letter(case, template), case, the_content(), the_settings())
    return [o.question for o in found if "needs a call" in o.says]


@pytest.mark.parametrize(
    ("given", "question"),
    [
        ({}, ["call.who"]),
        ({"call.who": "Dr A"}, ["call.when"]),
        ({"call.when": "14:10"}, ["call.who"]),
        ({"call.who": " ", "call.when": "14:10"}, ["call.who"]),
        ({"call.who": "Dr A", "call.when": "14:10"}, []),
        ({"call.who": "?", "call.when": "14:10"}, ["call.who"]),
        ({"call.who": "Dr A", "call.when": "–"}, ["call.when"]),
        ({"call.not_made": "."}, ["call.who"]),
        ({"call.not_made": "the patient refuses to go"}, []),
    ],
)
def test_an_emergency_is_issued_with_its_call_or_the_reason(
    given: dict[str, Any], question: list[str]
) -> None:
    assert asks(case_of(**given)) == question
    assert asks(case_of(**given), "emg_request") == question


def test_the_patients_copy_waits_for_no_call() -> None:
    assert asks(case_of(), "patient_leaflet") == []


def test_a_level_that_the_clinician_raised_to_an_emergency_needs_the_call() -> None:
    case = sample()
    assert asks(case) == []
    assert asks(case.with_({"case.urgency": Urgency(level="emergency", reason="worse")})) == [
        "call.who"
    ]


def test_the_sheet_of_an_emergency_needs_the_call_at_any_level() -> None:
    assert asks(sample(), "emergency_letter") == ["call.who"]


@pytest.mark.parametrize(
    ("when", "ahead"),
    [
        ("tomorrow 10:00", "day"),
        ("2026-11-23 09:00", "day"),
        ("22 Nov 2026, 09:30", ""),
        ("22 Nov 2026, 18:00", "time"),
        ("21 Nov 2026 18:00", ""),
        ("14:10 on 21/11", ""),
        ("20.11.2026", ""),
        ("yesterday 18:00", ""),
        ("today at 2 pm", "time"),
        ("09:30", ""),
        ("9.45", "time"),
        ("12 am", ""),
        ("just now", ""),
        ("99:99", ""),
    ],
)
def test_a_call_that_is_still_to_come_is_seen(when: str, ahead: str) -> None:
    case = case_of(**{"call.when": when})
    now = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
    assert call_ahead(the_content().urgency.call, case, now) == ahead
