"""What a recipient would miss in a letter, or return it for: each kind alone, and what silences it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import answers, case_from, the_assessor, the_templates
from tests.rules.test_assess import read, tiny
from triage.content import Content
from triage.content.casefile import day_of
from triage.letter.preflight import lack_words
from triage.model.case import Case
from triage.rules.assess import Assessor
from triage.rules.assessment import LackFinding

QUESTION = {"question": "Is this nerve disease of the foot?"}
WASTED = {"patient.age": 50, "neuro.weakness": False, "insp.wasting.calf.left": True}
STRIP = {
    "emg.anticoagulant": "none",
    "emg.pacemaker": False,
    "emg.icd": False,
    "emg.external_pacing_wire": False,
    "emg.stimulator": False,
    "emg.lymphoedema.left": False,
    "emg.lymphoedema.right": False,
    "emg.skin_infection": False,
    "emg.infection_precautions": False,
}


def lacks(recipient: str, case: Case, assessor: Assessor | None = None) -> list[LackFinding]:
    assessor = assessor or the_assessor()
    day = day_of(case)
    facts = assessor.read(case, day)
    found = assessor.assess(case, day, facts)
    return list(assessor.preflight.lacks(recipient, case, found, facts))


def case_of(given: dict[str, Any], **top: Any) -> Case:
    return case_from({**answers(), "answers": given, **top})


def kinds(recipient: str, given: dict[str, Any], **top: Any) -> list[str]:
    return [lack.kind for lack in lacks(recipient, case_of(given, **top))]


def of(kind: str, recipient: str, given: dict[str, Any], **top: Any) -> list[LackFinding]:
    return [lack for lack in lacks(recipient, case_of(given, **top)) if lack.kind == kind]


# -- question ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "passes"),
    [
        ("", False),
        ("?", False),
        ("EMG please", False),
        ("What do you want to know?", False),
        ("- - - - 1 2", False),
        ("Is this motor neuron disease?", True),
    ],
)
def test_a_question_is_four_words_and_not_its_own_label(question: str, passes: bool) -> None:
    found = of("question", "neurology", {}, referrer={"question": question})
    assert (found == []) is passes
    assert all(lack.answers == ("referrer.question",) and lack.returns for lack in found)


def test_who_files_a_letter_asks_nothing() -> None:
    assert "question" not in kinds("primary_care", {})


# -- safety -----------------------------------------------------------------------------------------


def test_the_laboratory_asks_four_safety_answers_and_each_leads_to_its_questions() -> None:
    found = of("safety", "neurophysiology", {})
    assert [lack.items for lack in found] == [
        ("anticoagulant",),
        ("implanted device",),
        ("lymphoedema",),
        ("infection",),
    ]
    assert "emg.icd" in found[1].answers
    assert of("safety", "neurophysiology", STRIP) == []
    assert of("safety", "neurology", {}) == []


@pytest.mark.parametrize("left_out", sorted({key.removesuffix(".right") for key in STRIP}))
def test_one_safety_answer_that_is_not_given_is_told(left_out: str) -> None:
    question = left_out.removesuffix(".left")
    given = {key: value for key, value in STRIP.items() if not key.startswith(question)}
    (lack,) = of("safety", "neurophysiology", given)
    assert lack.answers == (question,)
    assert lack.returns


def test_what_the_medicines_say_of_an_anticoagulant_is_an_answer() -> None:
    given = {key: value for key, value in STRIP.items() if key != "emg.anticoagulant"}
    assert of("safety", "neurophysiology", given | {"meds.list": [{"name": "apixaban"}]}) == []


# -- what is asked ----------------------------------------------------------------------------------


def test_each_thing_that_must_be_known_leads_to_its_question() -> None:
    found = {lack.answers[0]: lack for lack in of("missing_must", "vascular", {})}
    assert list(found)[:3] == ["cramp.walk_pattern", "vasc.pulses_feet", "rf.rest_pain_tissue_loss"]
    assert found["cramp.walk_pattern"].items == ("walking pain pattern",)
    known = {"cramp.walk_pattern": "calf_relieved_standing_still"}
    assert "cramp.walk_pattern" not in {
        lack.answers[0] for lack in of("missing_must", "vascular", known)
    }


def test_a_named_finding_that_must_hold_leads_to_what_is_missing_of_it() -> None:
    (lack,) = [
        lack
        for lack in of("missing_must", "neuromuscular", {})
        if any(key.startswith("reflex.") for key in lack.answers)
    ]
    assert "reflex.knee.left" in lack.answers


def test_what_would_help_is_one_line_and_returns_nothing() -> None:
    (lack,) = of("missing_helpful", "pharmacist", {})
    assert "patient.allergies" in lack.answers
    assert not lack.returns


def test_a_row_that_names_its_question_itself_is_said_without_it() -> None:
    (lack,) = of("missing_helpful", "primary_care", {})
    assert {"knee reflex", "ankle reflex", "power of hip flexion"} <= set(lack.items)


# -- what is sent back ------------------------------------------------------------------------------

FIT = {"neuro.weakness": False}
DIABETIC = {"sens.pattern": "length_dependent", "sys.diabetes": "type2"}
CLAUDICANT = {"cramp.walk_pattern": "calf_relieved_standing_still"}
WEAK = {"neuro.weakness": True, "neuro.weakness_tempo": "weeks_months"}
SCIATICA = FIT | {"neuro.leg_radiating_pain": True}


def both(name: str, value: str) -> dict[str, Any]:
    return {f"{name}.left": value, f"{name}.right": value}


# recipient, what is returned, the near miss
BACK: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    (
        "neurophysiology",
        FIT | {"neuro.burning_pain": True} | both("reflex.ankle", "2+"),
        FIT | {"neuro.burning_pain": True} | both("reflex.ankle", "0"),
    ),
    ("neurophysiology", DIABETIC, DIABETIC | {"sys.diabetes": "none"}),
    ("neurophysiology", SCIATICA, SCIATICA | {"neuro.weakness": True}),
    (
        "spinal",
        SCIATICA | {"neuro.radicular_weeks": "2 weeks"},
        SCIATICA | {"neuro.radicular_weeks": "8 weeks"},
    ),
    ("neurology", WEAK, WEAK | {"power.hip_flex.left": "4"}),
    (
        "neurology",
        DIABETIC | {"cramp.course": "stable"},
        DIABETIC | {"cramp.course": "worsening"},
    ),
    ("vascular", CLAUDICANT, CLAUDICANT | both("vasc.pulses_feet", "reduced")),
]


@pytest.mark.parametrize(("recipient", "given", "near"), BACK)
def test_a_letter_is_returned_for_what_its_recipient_says_and_not_for_the_near_miss(
    recipient: str, given: dict[str, Any], near: dict[str, Any]
) -> None:
    back = {lack.items for lack in of("would_be_returned", recipient, given)}
    spared = {lack.items for lack in of("would_be_returned", recipient, near)}
    assert back - spared
    for lack in of("would_be_returned", recipient, given):
        assert lack.do
        assert lack.source
        assert lack.returns
        assert lack.answers


ACHING = {
    "neuro.back_pain": True,
    "neuro.arm_radiating_pain": False,
    "neuro.leg_radiating_pain": False,
    "neuro.weakness": False,
    "neuro.numbness_tingling": False,
}


def test_a_laboratory_returns_a_letter_that_asks_for_nothing_it_can_answer(
    content: Content,
) -> None:
    (lack,) = of("nothing_asked", "neurophysiology", ACHING)
    assert lack.returns
    assert {"NCS", "EMG"} <= set(lack.items)
    assert "neuro.back_pain" in lack.answers
    words = the_templates().letters["emg_request"].words
    assert lack_words(lack, "A laboratory", words).endswith("all the same and say why.")
    assert of("nothing_asked", "neurology", ACHING) == []


WIDESPREAD = FIT | {
    "neuro.widespread_pain": True,
    "neuro.myalgia": True,
    "neuro.numbness_tingling": False,
}


def test_diffuse_pain_is_returned_once() -> None:
    reasons = of("would_be_returned", "neurophysiology", WIDESPREAD)
    assert "Diffuse pain and no sign of nerve or muscle" in [r.items[0] for r in reasons]
    assert of("nothing_asked", "neurophysiology", WIDESPREAD) == []


@pytest.mark.parametrize(
    ("more", "top"),
    [
        ({"referrer.ask": "advice_only"}, {}),
        ({}, {"decisions": {"t_emg": {"decision": "accept", "reason": "before surgery"}}}),
        ({"cramp.delayed_relaxation": True, "prov.grip_myotonia": True}, {}),
    ],
    ids=["advice only", "asked for all the same", "a study is called for"],
)
def test_it_does_not_where_something_is_asked(more: dict[str, Any], top: dict[str, Any]) -> None:
    assert of("nothing_asked", "neurophysiology", ACHING | more, **top) == []


def test_a_child_is_returned_by_everyone() -> None:
    (lack,) = lacks("neurology", case_of({"patient.age": 9}))
    assert lack.kind == "would_be_returned"
    assert "children" in lack.items[0]


# -- side and level ---------------------------------------------------------------------------------


def test_wasting_without_a_side_is_told_and_leads_to_it() -> None:
    (lack,) = of("side", "neurophysiology", {"insp.wasting": ["forearm", "calf"]})
    assert lack.items == ("muscle wasting: forearm, calf",)
    assert lack.answers == ("insp.wasting.forearm", "insp.wasting.calf")
    assert not lack.returns
    assert of("side", "neurophysiology", {"insp.wasting": ["forearm.left"]}) == []
    assert of("side", "neurophysiology", {"insp.wasting.tongue": True}) == []


def test_a_sensory_level_has_a_level_and_a_root_pattern_a_root() -> None:
    for pattern, more in (
        ("sensory_level", {"sens.level": "T5"}),
        ("dermatomal", {"sens.dermatome": ["L5.left"]}),
    ):
        (lack,) = of("side", "spinal", {"sens.pattern": pattern})
        assert "sens.pattern" in lack.answers
        assert lack.do
        assert of("side", "spinal", {"sens.pattern": pattern, **more}) == []


# -- decisions --------------------------------------------------------------------------------------


def test_a_recommended_test_without_a_decision_is_told_and_the_laboratory_asks_for_its_own() -> (
    None
):
    given = WASTED | {"meds.classes.thiazide": True}
    (all_,) = of("undecided", "neuromuscular", given)
    (own,) = of("undecided", "neurophysiology", given)
    assert set(own.items) < set(all_.items)
    assert not own.returns
    decided = {
        test: {"decision": "decline", "reason": "not now"}
        for test in ("t_ncs", "t_emg", "t_emg_root")
    }
    assert of("undecided", "neurophysiology", WASTED, decisions=decided) == []


# -- to whom ----------------------------------------------------------------------------------------

BULBAR = {"patient.age": 60, "neuro.dysarthria": True}
ENTRAPPED = {"patient.age": 40, "cramp.walk_pattern": "calf_relieved_standing_still"}


def test_an_addressee_that_the_findings_do_not_ask_for_is_told() -> None:
    (lack,) = of("addressee", "vascular", BULBAR)
    assert lack.items == ("neurology",)
    assert lack.returns
    assert of("addressee", "neurology", BULBAR) == []
    # Filed in the own record, or an opinion where nobody is asked for.
    assert of("addressee", "primary_care", BULBAR) == []
    assert of("addressee", "vascular", {}) == []


def test_a_reason_settles_it_for_that_recipient_alone() -> None:
    why = {"vascular": {"decision": "accept", "reason": "known there"}}
    assert of("addressee", "vascular", BULBAR, decisions=why) == []
    assert of("addressee", "renal", BULBAR, decisions=why)
    blank = {"vascular": {"decision": "accept", "reason": "  "}}
    assert of("addressee", "vascular", BULBAR, decisions=blank)


def test_in_an_emergency_only_the_emergency_team_is_meant() -> None:
    given = {"rf.stridor": True}
    for recipient in ("neurology", "primary_care"):
        assert of("addressee", recipient, given)
    assert of("addressee", "emergency_team", given) == []
    raised = {"level": "emergency", "reason": "looks ill"}
    assert of("addressee", "neurology", BULBAR, urgency=raised)
    assert of("addressee", "emergency_team", BULBAR, urgency=raised) == []


def test_a_laboratory_is_meant_where_the_clinician_asks_for_its_test() -> None:
    assert of("addressee", "neurophysiology", ENTRAPPED)
    accepted = {"t_emg": {"decision": "accept"}}
    assert of("addressee", "neurophysiology", ENTRAPPED, decisions=accepted) == []


# -- the records ------------------------------------------------------------------------------------


def test_every_service_has_a_recipient_and_every_recipient_is_a_service(content: Content) -> None:
    served = {name for record in content.recipients.values() for name in record.serves}
    assert served == {rule.record.id for rule in content.services}
    assert all(record.serves for record in content.recipients.values())


def test_every_lack_is_a_sentence(content: Content) -> None:
    words = the_templates().letters["referral_letter"].words
    case = case_of({"patient.age": 60, "insp.wasting": ["calf"], "neuro.dysarthria": True})
    for recipient in content.recipients:
        for lack in lacks(recipient, case):
            says = lack_words(lack, "A clinic", words)
            assert says[:1].isupper()
            assert says.endswith("."), says
            assert "{" not in says


def test_a_recipient_of_a_form_that_says_nothing_misses_nothing_but_a_question() -> None:
    found = lacks("clinic", read({}), Assessor(tiny()))
    assert {lack.kind for lack in found} <= {"question"}


def test_findings_come_with_the_gravest_first() -> None:
    order = list(dict.fromkeys(kinds("neurophysiology", ENTRAPPED)))
    assert order == ["addressee", "question", "safety", "missing_must", "missing_helpful"]
