"""An emergency is phoned: the letter tells the call, and is not issued without it or the reason."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import TODAY, answers, case_from, the_assessor, the_content, the_settings
from tests.letter.test_letter import sample
from triage.letter.build import build_letter, uncovered
from triage.letter.check import problems_before_issue
from triage.letter.statements import Letter
from triage.model.case import Case
from triage.model.values import Urgency

CALL: dict[str, Any] = {
    "call.who": "Dr Omar EXAMPLE, neurology registrar on call",
    "call.when": "14:10",
    "call.service": "Example Hospital",
    "call.agreed": "accepts for admission",
    "call.transport": "ambulance",
    "call.function": ["breathing", "swallowing"],
    "call.measured": ["swallowing"],
    "call.given": [{"drug": "diazepam", "dose": "5 mg", "time": "14:00"}],
}
EMERGENCY = {"rf.breathless_rest": True}


def case_of(**more: Any) -> Case:
    return case_from({**answers(), "answers": {**EMERGENCY, **more}})


def letter(case: Case, template: str = "referral_letter") -> Letter:
    assessment = the_assessor().assess(case, TODAY)
    return build_letter(
        the_content(), case, assessment, template, None, TODAY, settings=the_settings()
    )


def call_of(found: Letter) -> list[str]:
    return [s.text for b in found.blocks if b.id == "call" for s in b.all_statements()]


def asks(case: Case, template: str = "referral_letter") -> list[str]:
    found = problems_before_issue(letter(case, template), case, the_content(), the_settings())
    return [o.question for o in found if "needs a call" in o.says]


@pytest.mark.parametrize("template", ["referral_letter", "emg_request"])
def test_the_letter_tells_the_call_near_its_head(template: str) -> None:
    found = letter(case_of(**CALL), template)
    assert call_of(found) == [
        "Phoned 14:10: Dr Omar EXAMPLE, neurology registrar on call, Example Hospital.",
        "Agreed: accepts for admission.",
        "Comes by ambulance.",
        "At stake: breathing, swallowing.",
        "Measured: swallowing.",
        "Given: diazepam 5 mg at 14:00.",
        "NOT MEASURED: breathing.",
    ]
    ids = [b.id for b in found.blocks]
    assert ids.index("urgency") + 1 == ids.index("call")
    assert uncovered(found, case_of(**CALL)) == set()


def test_that_nothing_was_given_is_said() -> None:
    assert "Nothing given." in call_of(letter(case_of(**CALL | {"call.given": []})))


def test_a_draft_of_an_emergency_says_that_no_call_is_recorded() -> None:
    assert call_of(letter(case_of())) == [
        "NO CALL IS RECORDED: say who was phoned and when, or why nobody was."
    ]


def test_what_is_no_emergency_has_no_call() -> None:
    assert call_of(letter(case_from(answers(cramp__present=True)))) == []


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
