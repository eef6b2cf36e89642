"""An emergency is phoned: no letter of it is issued without the call or the reason."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import TODAY, answers, case_from, the_assessor, the_content, the_settings
from tests.letter.test_letter import sample
from triage.letter.build import build_letter
from triage.letter.check import problems_before_issue
from triage.letter.statements import Letter
from triage.model.case import Case
from triage.model.values import Urgency

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
