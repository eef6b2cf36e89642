"""Advice of societies against tests: told though nothing calls for the test, silent where something does."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import answers, assess_case, case_from
from triage.rules.against import asked_without_reason, nothing_to_study


def _against(**given: Any) -> dict[str, list[str]]:
    """Return the tests that are not indicated, each with the rules that say so."""
    found = assess_case(case_from(answers(**given))).investigations
    return {t.id: [r.rule for r in t.reasons] for t in found if t.status == "not_indicated"}


ACHING = {
    "neuro__back_pain": True,
    "neuro__arm_radiating_pain": False,
    "neuro__leg_radiating_pain": False,
    "neuro__weakness": False,
    "neuro__numbness_tingling": False,
}


def test_advice_against_a_test_has_its_own_rule_and_sources() -> None:
    found = assess_case(case_from(answers(**ACHING))).investigations
    test = next(t for t in found if t.id == "t_emg_root")
    (reason,) = test.reasons
    assert (test.status, reason.rule) == ("not_indicated", "D01")
    assert "aanem-choosing-wisely" in reason.source
    assert test.instead.startswith("Examine strength")
    assert not test.needs_decision


def test_what_calls_for_a_test_beats_the_advice_against_it() -> None:
    assert "D01" in _against(**ACHING)["t_emg"]
    stiff = {"cramp__delayed_relaxation": True, "prov__grip_myotonia": True}
    found = assess_case(case_from(answers(**ACHING, **stiff))).investigations
    assert next(t for t in found if t.id == "t_emg").status == "recommended"


def test_in_an_emergency_there_is_no_advice_against_what_nobody_asks_for() -> None:
    given = answers(**ACHING, rf__breathless_rest=True)
    found = assess_case(case_from(given))
    assert found.urgency.level == "emergency"
    assert not any(r.rule == "D01" for t in found.investigations for r in t.reasons)


def test_advice_that_stands_gives_way_to_a_suspicion() -> None:
    sciatica = {
        "neuro__leg_radiating_pain": True,
        "sens__pattern": "dermatomal",
        "neuro__weakness": False,
    }
    assert "D02" in _against(**sciatica)["t_ncs"]
    wasted = {"insp__wasting": ["hand_intrinsic"], "fasc__seen": ["thigh", "tongue"]}
    assert "D02" not in _against(**sciatica, **wasted).get("t_ncs", [])


STUDIES = ("t_ncs", "t_emg", "t_emg_root", "t_rns")


@pytest.mark.parametrize(
    ("given", "decisions", "returned"),
    [
        (ACHING, {}, ["t_ncs", "t_emg", "t_emg_root"]),
        (ACHING, {"t_ncs": {"decision": "accept"}}, ["t_ncs", "t_emg", "t_emg_root"]),
        (ACHING, {"t_ncs": {"decision": "accept", "reason": "before surgery"}}, []),
        (ACHING | {"cramp__delayed_relaxation": True, "prov__grip_myotonia": True}, {}, []),
        (ACHING | {"rf__breathless_rest": True}, {}, []),
        (ACHING | {"referrer__ask": "advice_only"}, {}, []),
        (ACHING | {"referrer__ask": "tests_only"}, {}, ["t_ncs", "t_emg", "t_emg_root"]),
    ],
    ids=[
        "nothing",
        "no reason",
        "a reason",
        "one is called for",
        "an emergency",
        "advice only",
        "tests only",
    ],
)
def test_a_letter_that_asks_for_nothing_a_study_answers_would_come_back(
    given: dict[str, Any], decisions: dict[str, Any], returned: list[str]
) -> None:
    case = case_from(answers(**given) | {"decisions": decisions})
    assert [t.id for t in nothing_to_study(assess_case(case), case, STUDIES)] == returned


def test_only_what_is_asked_for_against_the_advice_needs_its_reason() -> None:
    def bare(**decisions: Any) -> list[str]:
        case = case_from(answers(**ACHING) | {"decisions": decisions})
        return [test.id for test in asked_without_reason(assess_case(case), case)]

    assert bare(t_ncs={"decision": "accept"}, t_emg={"decision": "decline"}) == ["t_ncs"]
    assert bare(t_ncs={"decision": "accept", "reason": " "}) == ["t_ncs"]
    assert bare(t_ncs={"decision": "accept", "reason": "before surgery"}) == []
    assert bare(t_tsh={"decision": "accept"}) == []
