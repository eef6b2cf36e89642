"""Which tests matter now, which options are for this patient, and what an emergency leaves out."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import assess_case, case_from, the_content
from triage.rules.assessment import Assessment, InvestigationFinding

WEAK = {"patient.age": 60, "neuro.weakness": True, "neuro.weakness_tempo": "weeks_months"}
MND = WEAK | {"neuro.dexterity_loss": True, "insp.wasting": ["hand_intrinsic"]}


def assessed(answers: dict[str, Any]) -> Assessment:
    return assess_case(case_from({"triage_case": 1, "answers": answers}))


def listed(assessment: Assessment, *statuses: str) -> dict[str, InvestigationFinding]:
    return {t.id: t for t in assessment.investigations if t.status in statuses}


def options(assessment: Assessment) -> dict[str, tuple[str, ...]]:
    return {option.id: option.treats for option in assessment.plan}


def test_a_test_is_essential_where_it_changes_what_is_done_now() -> None:
    burning = {
        "patient.age": 60,
        "sys.diabetes": "type2",
        "neuro.numbness_tingling": True,
        "neuro.sensory_distribution": "feet_symmetric",
        "neuro.burning_pain": True,
        "neuro.weakness": False,
        "cramp.course": "stable",
        "sens.pattern": "length_dependent",
    }
    stable = listed(assessed(burning), "recommended")
    assert (stable["t_ncs"].tier, stable["t_b12"].tier) == ("helpful", "essential")
    assert not stable["t_ncs"].needs_decision
    worse = listed(assessed(burning | {"cramp.course": "worsening"}), "recommended")
    assert worse["t_ncs"].needs_decision


def test_an_emergency_lists_only_what_is_done_at_once_and_by_whom() -> None:
    calm = assessed(MND)
    assert {"t_emg", "t_ncs", "t_ck"} <= listed(calm, "recommended").keys()
    numb = assessed(MND | {"rf.saddle_numbness": True})
    assert numb.urgency.level == "emergency"
    at_once = {"t_mri_lspine", "t_pvr"}
    assert listed(numb, "recommended", "consider").keys() == at_once
    # With signs of the cord above, the whole spine is scanned.
    cord = assessed(MND | {"rf.saddle_numbness": True, "plantar.left": "extensor"})
    assert listed(cord, "recommended", "consider").keys() == at_once | {"t_mri_whole"}
    assert numb.plan == ()
    assert [team.id for team in numb.team] == ["T23"]
    # What the red flag calls for, although its own condition does not hold.
    fit = assessed({"patient.age": 40, "rf.seizure": True})
    called = listed(fit, "recommended")
    assert called["t_ecg"].reasons[0].answers == ("rf.seizure",)
    assert {test.timing for test in called.values()} == {"now"}


@pytest.mark.parametrize(
    ("answers", "option", "treats"),
    [
        ({"soc.smoking": "current"}, "M61", ("pad_claudication",)),
        ({"soc.smoking": "never"}, "M61", None),
        ({"patient.age": 22, "vasc.pulse_lost_provocation": True}, "M26", None),
    ],
)
def test_an_option_is_offered_where_what_it_treats_leads(
    answers: dict[str, Any], option: str, treats: tuple[str, ...] | None
) -> None:
    walking = {
        "patient.age": 66,
        "cramp.sites": ["calf"],
        "cramp.timing": ["walking"],
        "cramp.walk_pattern": "calf_relieved_standing_still",
    }
    assert options(assessed(walking | answers)).get(option) == treats


def test_drugs_for_a_disease_wait_for_its_diagnosis() -> None:
    assert not {"M13", "M14"} & options(assessed(MND)).keys()
    assert {"M13", "M14"} <= options(assessed(MND | {"sys.known_mnd": True})).keys()


def test_a_near_tie_leads_and_a_distant_second_does_not() -> None:
    # Diabetes and loss of feeling: 11 points; walking pain adds a claudication of few.
    feet = {
        "patient.age": 60,
        "sys.diabetes": "type2",
        "neuro.numbness_tingling": True,
        "neuro.sensory_distribution": "feet_symmetric",
        "sens.pattern": "length_dependent",
        "cramp.sites": ["calf"],
        "cramp.timing": ["walking"],
    }
    found = assessed(feet)
    support = {c.id: c.support for c in found.conditions}
    assert support["pad_claudication"] == "possible"
    assert "M20" in options(found)
    assert "M26" not in options(found)


def test_a_caution_is_a_condition_of_this_patient_and_a_note_is_for_the_screen() -> None:
    rash = {"patient.age": 69, "neuro.weakness": True, "gen.rash_myositis": True}
    (man, woman) = (
        listed(assessed(rash | given), "recommended")["t_ct_chest"]
        for given in ({"sys.ckd": "none"}, {"patient.pregnancy": "possible", "patient.age": 30})
    )
    assert not any("pregnan" in caution for caution in man.cautions)
    assert any("pregnan" in caution for caution in woman.cautions)
    ue = listed(assessed(rash), "recommended")["t_ue"]
    assert "haemolysed" in ue.note
    assert not any("haemolysed" in caution for caution in ue.cautions)


def test_what_cannot_be_said_is_asked_as_one_or_two_core_questions_three_at_most() -> None:
    root = {
        "patient.age": 52,
        "patient.sex_at_birth": "female",
        "neuro.arm_radiating_pain": True,
        "neuro.weakness": True,
        "neuro.weakness_tempo": "days_4w",
        "neuro.weakness_sites": ["one_arm"],
        "neuro.pain_then_weak": False,
        "rf.weight_loss": False,
    }
    found = assessed(root)
    asked = listed(found, "cannot_say")
    assert 0 < len(asked) <= 3
    form = the_content().form
    for test in asked.values():
        assert 1 <= len(test.missing) <= 2
        for item in test.missing:
            question = form.questions[item.id]
            assert question.core or form.blocks[question.block].core
        assert test.asks.endswith("?")


def test_of_more_than_three_open_tests_the_rest_is_counted() -> None:
    root = {
        "patient.age": 45,
        "patient.sex_at_birth": "female",
        "neuro.arm_radiating_pain": True,
        "neuro.weakness_sites.one_arm.right": True,
        "power.triceps.right": "W",
    }
    found = assessed(root)
    asked = listed(found, "cannot_say")
    assert (len(asked), found.left_open) == (3, 1)
    # Essential ones first.
    assert [test.tier for test in asked.values()] == sorted(t.tier for t in asked.values())


def test_the_review_of_medicines_is_advised_with_a_culprit_or_where_nobody_asked() -> None:
    cramps = {"patient.age": 66, "cramp.sites": ["calf"], "meds.quinine": False}
    for medicines in ({}, {"meds.classes": ["thiazide"]}):
        found = assessed(cramps | medicines)
        assert "M02" in options(found)
        assert "T06" in [team.id for team in found.team]
    assert "M02" not in options(assessed(cramps | {"meds.classes": ["levothyroxine"]}))
