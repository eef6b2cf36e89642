"""The same fact recorded twice with two answers: each rule with a case that fires it, a near miss, and a blank."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import TODAY, answers, assess_case, case_from, the_content, vignettes
from tests.rules.test_assess import assessed as tiny_assessed
from tests.rules.test_assess import tiny
from triage.errors import CaseError
from triage.model.case import Case
from triage.model.dates import PartialDate
from triage.model.values import Date, Quantity
from triage.rules.assessment import Assessment
from triage.rules.contradictions import ContradictionReader
from triage.rules.export import to_data
from triage.rules.facts import CaseFacts

FOLDER = Path(__file__).parents[2] / "forms" / "muscle_cramps" / "cases"
SAMPLES = [FOLDER / "sample.json", FOLDER / "sample_benign.json"]
Answers = dict[str, Any]
WARFARIN = {"meds.list": {"rows": [{"name": "Warfarin", "class": "warfarin"}], "closed": False}}
# All limbs, proximal and distal, both sides.
FULL = {
    f"power.{row}.{side}": "5"
    for row in ("deltoid", "fdi", "hip_flex", "ankle_df")
    for side in ("left", "right")
}

# Rule -> a patient in whom it fires, one in whom it nearly does, one in whom half of it was not asked.
PROOF: dict[str, tuple[Answers, Answers, Answers]] = {
    "K01": (
        {"meds.classes.doac": True, "emg.anticoagulant": "none"},
        {"meds.classes.antiplatelet": True, "emg.anticoagulant": "none"},
        {"meds.classes.doac": True},
    ),
    "K02": (
        {"meds.classes.doac": True, "emg.anticoagulant": "warfarin"},
        {
            "meds.classes.heparin": True,
            "meds.classes.warfarin": True,
            "emg.anticoagulant": "warfarin",
        },
        {"emg.anticoagulant": "warfarin"},
    ),
    "K03": (
        {"meds.classes": ["statin"], "emg.anticoagulant": "heparin"},
        {"meds.classes": ["heparin"], "emg.anticoagulant": "heparin"},
        {"meds.classes.statin": True, "emg.anticoagulant": "heparin"},
    ),
    "K04": (
        {"meds.classes.antiplatelet": True, "emg.antiplatelet": False},
        {"meds.classes.nsaid": True, "emg.antiplatelet": False},
        {"meds.classes.antiplatelet": True},
    ),
    "K05": (
        {"emg.antiplatelet": True, "meds.classes": ["none_of_these"]},
        {"emg.antiplatelet": True, "meds.classes": ["antiplatelet"]},
        {"emg.antiplatelet": True},
    ),
    "K06": (
        {"meds.list": [], "meds.classes.statin": True},
        {"meds.list": [], "meds.classes.licorice": True},
        {"meds.list": {"rows": [], "closed": False}, "meds.classes.statin": True},
    ),
    "K07": (
        {"ix.plt": 49, "emg.bleeding_disorder": False},
        {"ix.plt": 50, "emg.bleeding_disorder": False},
        {"ix.plt": {"pending": True}, "emg.bleeding_disorder": False},
    ),
    "K08": (
        {"emg.anticoagulant": "warfarin", "emg.inr_latest": 3.4, "ix.inr": 2.5},
        {"emg.anticoagulant": "warfarin", "emg.inr_latest": 2.6, "ix.inr": 2.5},
        {"emg.anticoagulant": "warfarin", "emg.inr_latest": 3.4},
    ),
    "K09": (
        {"meds.classes.calcineurin": True, "emg.immunosuppressed_valve": False},
        {"meds.classes.colchicine_hcq": True, "emg.immunosuppressed_valve": False},
        {"meds.classes.calcineurin": True},
    ),
    "K10": (
        {"emg.pacemaker": True, "mri.contraindication": False},
        {"emg.needle_fear": True, "mri.contraindication": False},
        {"emg.pacemaker": True},
    ),
    "K11": (
        {"emg.lie_flat": True, "rf.breathless_lying": True},
        {"emg.lie_flat": True, "rf.breathless_rest": True},
        {"rf.breathless_lying": True},
    ),
    "K12": (
        {"patient.sex_at_birth": "male", "patient.pregnancy": "pregnant"},
        {"patient.sex_at_birth": "male", "patient.pregnancy": "not_applicable"},
        {"patient.pregnancy": "pregnant"},
    ),
    "K13": (
        {"soc.smoking": "never", "soc.pack_years": 30},
        {"soc.smoking": "never", "soc.pack_years": 0},
        {"soc.pack_years": 30},
    ),
    "K14": (
        {"sys.diabetes": "none", "ix.hba1c": 48},
        {"sys.diabetes": "none", "ix.hba1c": 47},
        {"ix.hba1c": 60},
    ),
    "K15": (
        {"sys.ckd": "none", "ix.egfr": 29},
        {"sys.ckd": "none", "ix.egfr": 30},
        {"sys.ckd": "none", "ix.egfr": {"pending": True}},
    ),
    "K16": (
        {"sys.ckd": "stage4_5", "cramp.timing.during_dialysis": True},
        {"sys.ckd": "dialysis", "cramp.timing.during_dialysis": True},
        {"cramp.timing.during_dialysis": True},
    ),
    "K17": (
        {"meds.classes.levothyroxine": True, "sys.thyroid": "none"},
        {"meds.classes.levothyroxine": True, "sys.thyroid": "treated_stable"},
        {"meds.classes.levothyroxine": True},
    ),
    "K18": (
        {"meds.classes.checkpoint_inhibitor": True, "sys.cancer": False},
        {"meds.classes.tki_hedgehog": True, "sys.cancer": False},
        {"meds.classes.checkpoint_inhibitor": True},
    ),
    "K19": (
        {"meds.classes.laba": True, "sys.asthma_copd": False},
        {"meds.classes.saba": True, "sys.asthma_copd": False},
        {"sys.asthma_copd": False},
    ),
    "K20": (
        {"ix.ecg": "av_block", "sys.heart_block_arrhythmia": False},
        {"ix.ecg": "other_abnormal", "sys.heart_block_arrhythmia": False, "ix.qtc": 499},
        {"ix.ecg": "av_block"},
    ),
    "K21": (
        {"ix.ecg": "normal", "ix.qtc": 500},
        {"ix.ecg": "normal", "ix.qtc": 499},
        {"ix.qtc": 520},
    ),
    "K22": (
        {"rf.fever": False, "gen.temp": 38.0},
        {"rf.fever": False, "gen.temp": 37.9},
        {"gen.temp": 39},
    ),
    "K23": (
        {"rf.neck_surgery_recent": False, "gen.neck_scar": True},
        {"rf.neck_surgery_recent": True, "gen.neck_scar": True},
        {"gen.neck_scar": True},
    ),
    "K24": (
        {"sys.dehydration_heat": False, "gen.dehydrated": True},
        {"sys.dehydration_heat": False, "gen.liver_signs": True},
        {"gen.dehydrated": True},
    ),
    "K25": (
        {"ix.available": "none", "ix.k": 4.1},
        {"ix.available": "awaited", "ix.k": 4.1},
        {"ix.available": "none", "ix.k": {"pending": True}},
    ),
    "K26": (
        {"cramp.present": False, "cramp.frequency_week": 3},
        {"cramp.present": False, "cramp.main_complaint": "stiffness", "cramp.sites.calf": True},
        {"cramp.main_complaint": "cramp"},
    ),
    "K27": (
        {"cramp.painful": False, "cramp.severity": 6},
        {"cramp.painful": False, "cramp.severity": 0},
        {"cramp.severity": 6},
    ),
    "K28": (
        {"cramp.timing.no_pattern": True, "cramp.timing.night_sleep": True},
        {"cramp.timing": ["no_pattern"]},
        {"cramp.timing.no_pattern": True},
    ),
    "K29": (
        {"cramp.startle_trigger": True, "cramp.timing": ["night_sleep"]},
        {"cramp.startle_trigger": True, "cramp.timing": ["startle_emotion"]},
        {"cramp.startle_trigger": True, "cramp.timing.night_sleep": True},
    ),
    "K30": (
        {"cramp.timing.walking": True, "cramp.walk_pattern": "none"},
        {"cramp.timing.during_exercise": True, "cramp.walk_pattern": "none"},
        {"cramp.walk_pattern": "none"},
    ),
    "K31": (
        {"neuro.twitching": False, "neuro.twitching_extent": "one_place"},
        # Seen by the doctor, not noticed by the patient.
        {"neuro.twitching": False, "fasc.seen.calf_foot": True},
        {"neuro.twitching_extent": "one_place"},
    ),
    "K32": (
        {"neuro.weakness_painless": True, "neuro.pain_then_weak": True},
        {"neuro.weakness_painless": True, "neuro.back_pain": True},
        {"neuro.pain_then_weak": True},
    ),
    "K33": (
        {"neuro.numbness_tingling": False, "neuro.sensory_distribution": "hands_only"},
        {"neuro.numbness_tingling": False, "sens.pattern": "hands_only"},
        {"neuro.sensory_distribution": "hands_only"},
    ),
    "K34": (
        {"neuro.numbness_tingling": True, "neuro.sensory_distribution": "none"},
        {"neuro.numbness_tingling": False, "neuro.sensory_distribution": "none"},
        {"neuro.sensory_distribution": "none"},
    ),
    "K63": (
        {
            "neuro.sensory_distribution": "feet_symmetric",
            "neuro.sensory_sites": ["calf.left", "calf.right"],
        },
        # A second pattern tells of other places.
        {
            "neuro.sensory_distribution": "hands_only",
            "neuro.sensory_distribution_2": "thigh",
            "neuro.sensory_sites": ["hand_fingers.left", "thigh.left"],
        },
        {"neuro.sensory_distribution": "feet_symmetric"},
    ),
    "K35": (
        {"rf.saddle_numbness": False, "neuro.sensory_distribution": "saddle"},
        {"rf.saddle_numbness": False, "sens.pattern": "saddle"},
        {"neuro.sensory_distribution": "saddle"},
    ),
    "K36": (
        {"rf.cannot_swallow": True, "neuro.dysphagia": False},
        {"rf.cannot_swallow": True, "neuro.dysarthria": False},
        {"rf.cannot_swallow": True},
    ),
    "K37": (
        {"neuro.trips_falls": False, "impact.falls_12m": 2},
        {"neuro.trips_falls": False, "impact.falls_12m": 1},
        {"impact.falls_12m": 2},
    ),
    "K38": (
        {"cramp.sleep_disruption": True, "impact.sleep": "0"},
        {"cramp.sleep_disruption": True, "impact.sleep": "1"},
        {"cramp.sleep_disruption": True},
    ),
    "K39": (
        {"sens.pattern": "normal", "sens.vibration.foot.left": "absent"},
        {"sens.pattern": "normal", "sens.vibration.foot.left": "increased"},
        {"sens.vibration.foot.left": "absent"},
    ),
    "K40": (
        {"power.pattern": "none", "power.fdi.left": "4+"},
        {"power.pattern": "none", "power.fdi.left": "5"},
        {"power.fdi.left": "4+"},
    ),
    "K41": (
        {**FULL, "power.pattern": "proximal"},
        # Bulbar muscles stand in no row of the grid.
        {**FULL, "power.pattern": "bulbar_neck"},
        {"power.pattern": "proximal", "power.deltoid.left": "5"},
    ),
    "K42": (
        {"gait.pattern": ["unable"], "gait.heel_walk.left": "normal"},
        {"gait.pattern": ["unable"], "gait.heel_walk.left": "weak"},
        {"gait.pattern": ["unable"]},
    ),
    "K43": (
        {"power.ankle_df.left": "2", "gait.heel_walk.left": "normal"},
        {"power.ankle_df.left": "2", "gait.heel_walk.right": "normal"},
        {"power.ankle_df.left": "W", "gait.heel_walk.left": "normal"},
    ),
    "K44": (
        {"gait.rise_from_chair": True, "power.knee_ext.left": "2", "power.knee_ext.right": "1"},
        {"gait.rise_from_chair": True, "power.knee_ext.left": "2", "power.knee_ext.right": "4"},
        {"gait.rise_from_chair": True, "power.knee_ext.left": "2"},
    ),
    "K45": (
        {"reflex.jaw.midline": "brisk", "cn.jaw_jerk_brisk": False},
        {"reflex.jaw.midline": "brisk", "cn.jaw_jerk_brisk": True},
        {"reflex.jaw.midline": "brisk"},
    ),
    "K46": (
        {"reflex.jaw.midline": "normal", "cn.jaw_jerk_brisk": True},
        {"reflex.jaw.midline": "normal", "cn.jaw_jerk_brisk": False},
        {"cn.jaw_jerk_brisk": True},
    ),
    "K47": (
        {"cn.tongue_wasting": True, "insp.wasting": ["thigh.left"]},
        {"cn.tongue_wasting": True, "insp.wasting": ["tongue"]},
        {"cn.tongue_wasting": True, "insp.wasting.thigh.left": True},
    ),
    "K48": (
        {"insp.split_hand": True, "insp.wasting": ["none"]},
        {"insp.split_hand": True, "insp.wasting": ["hand_intrinsic.left"]},
        {"insp.split_hand": True},
    ),
    "K49": (
        {"vasc.ulcer_gangrene": True, "rf.rest_pain_tissue_loss": False},
        {"vasc.varicose": True, "rf.rest_pain_tissue_loss": False},
        {"vasc.ulcer_gangrene": True},
    ),
    "K50": (
        {"dyst.regions.neck": True, "dyst.abnormal_posture": False},
        {"dyst.regions": ["nothing_else"], "dyst.abnormal_posture": False},
        {"dyst.regions.neck": True},
    ),
    "K61": (
        {"rf.weight_loss": True, "sx.weight_change": "loss_intended"},
        {"rf.weight_loss": False, "sx.weight_change": "loss_intended"},
        {"sx.weight_change": "loss_unintended"},
    ),
    "K62": (
        {"cramp.episode_length": "10_60_min", "cramp.attack_minutes": "5 minutes"},
        {"cramp.episode_length": "10_60_min", "cramp.attack_minutes": "30 minutes"},
        {"cramp.episode_length": "10_60_min", "cramp.attack_minutes": "30 to 120 minutes"},
    ),
}


def assessed(given: Answers, **top: Any) -> Assessment:
    found: Assessment = assess_case(case_from(answers(**given) | top))
    return found


def fired(given: Answers) -> set[str]:
    return {found.id for found in assessed(given).contradictions}


def test_every_contradiction_has_its_three_cases() -> None:
    assert set(PROOF) == {rule.record.id for rule in the_content().contradictions}


@pytest.mark.parametrize("rule", PROOF)
def test_a_contradiction_fires_nearly_fires_and_is_silent_on_a_blank(rule: str) -> None:
    fires, near, blank = PROOF[rule]
    assert fired(fires) == {rule}
    assert fired(near) == set()
    assert fired(blank) == set()


@pytest.mark.parametrize("rule", PROOF)
def test_a_contradiction_leads_to_all_its_answers(rule: str) -> None:
    given = PROOF[rule][0]
    case = case_from(answers(**given))
    (found,) = assess_case(case).contradictions
    assert len(found.answers) >= 2
    assert set(found.answers) <= set(case)
    assert set(found.denied) < set(found.answers)
    assert found.stops_issue
    # Every question that was answered for it is among them.
    form = the_content().form
    questions = {question.id for key in given if (question := form.question_of(key))}
    asked = {question.id for key in found.answers if (question := form.question_of(key))}
    assert asked == questions - ({"emg.anticoagulant"} if rule == "K08" else set())


@pytest.mark.parametrize(
    "given",
    [
        WARFARIN | {"emg.anticoagulant": "none"},
        {"meds.classes.warfarin": True, "emg.anticoagulant": "none"},
        {"meds.classes.heparin": True, "emg.anticoagulant": "doac"},
        {"meds.classes.warfarin": True, "emg.anticoagulant": "heparin"},
        WARFARIN | {"meds.classes": ["none_of_these"]},
        {"meds.list": [], "emg.anticoagulant": "warfarin"},
        {"meds.list": [], "emg.antiplatelet": True},
        {"meds.list": [], "meds.classes.warfarin": True},
        {"meds.classes": ["none_of_these"], "emg.anticoagulant": "warfarin"},
        {"meds.classes": ["doac"], "emg.anticoagulant": "warfarin"},
    ],
)
def test_blood_thinners_told_two_ways_stop_the_letter(given: Answers) -> None:
    assert any(found.stops_issue for found in assessed(given).contradictions)


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("Warfarin stopped 2024", "K01"),
        ("Apixiban 5 mg", "K01"),
        ("?clopidogrel", "K04"),
        ("Warfarin", "K01"),
    ],
)
def test_what_may_be_taken_is_not_denied_before_it_was_asked(name: str, rule: str) -> None:
    denied = {"emg.anticoagulant": "none", "emg.antiplatelet": False}
    row = {"rows": [{"name": name}], "closed": True}
    assert rule in fired({**denied, "meds.list": row})
    assert fired({**denied, "meds.list": {"rows": [{"name": name, "change": "stopped"}]}}) == set()
    assert fired({**denied, "meds.list": {"rows": [{"name": "Paracetamol"}]}}) == set()


def test_a_patient_may_deny_what_is_found() -> None:
    assert fired({"neuro.weakness": False, "power.fdi.left": "3"}) == set()
    assert fired({"neuro.dysarthria": False, "cn.dysarthria": "flaccid"}) == set()
    assert fired({"neuro.wasting_noticed": False, "insp.wasting.calf.left": True}) == set()


# -- what the form itself knows ---------------------------------------------------------------------


def test_a_row_beside_a_denial_of_its_class_is_a_contradiction_and_counts_as_taken() -> None:
    (found,) = assessed(WARFARIN | {"meds.classes": ["none_of_these"]}).contradictions
    assert (found.id, found.answers) == (
        "meds.classes.warfarin",
        ("meds.classes.warfarin", "meds.list"),
    )
    assert found.denied == ("meds.classes.warfarin",)
    assert found.stops_issue


@pytest.mark.parametrize(
    ("given", "answers_"),
    [
        # The whole is denied, a side of it is not.
        (
            {"cramp.sites.calf": False, "cramp.sites.calf.left": True},
            ("cramp.sites.calf", "cramp.sites.calf.left"),
        ),
        # The whole is there, and on neither side.
        (
            {
                "cramp.sites.calf": True,
                "cramp.sites.calf.left": False,
                "cramp.sites.calf.right": False,
            },
            ("cramp.sites.calf", "cramp.sites.calf.right", "cramp.sites.calf.left"),
        ),
        # All five regions, and not this one.
        (
            {"fasc.inspected.all": True, "fasc.inspected.legs": False},
            ("fasc.inspected.legs", "fasc.inspected.all"),
        ),
        # A leg at full power with a weak muscle.
        (
            {"power.leg.left": "5", "power.hip_flex.left": "3"},
            ("power.leg.left", "power.hip_flex.left"),
        ),
    ],
)
def test_one_place_of_the_form_recorded_two_ways(given: Answers, answers_: tuple[str, ...]) -> None:
    (found,) = assessed(given).contradictions
    assert found.answers == answers_
    assert found.stops_issue


@pytest.mark.parametrize(
    "given",
    [
        {"cramp.sites.calf": True, "cramp.sites.calf.left": False},
        {"cramp.sites.calf.left": True, "cramp.sites.calf.right": False},
        {"fasc.inspected.legs": False, "fasc.inspected.arms": True},
        {"power.leg.left": "4", "power.hip_flex.left": "3"},
        {"power.leg.left": "5", "power.hip_flex.left": "5", "power.hip_flex.right": "3"},
        WARFARIN | {"meds.classes": ["warfarin"]},
    ],
)
def test_what_goes_together_is_no_contradiction(given: Answers) -> None:
    assert fired(given) == set()


@pytest.mark.parametrize(
    ("when", "there"),
    [("1961-04-01", True), ("1961-04-02", False), ("1961", False), ("1960", True)],
)
def test_a_result_from_before_birth_is_a_contradiction(when: str, there: bool) -> None:
    given = {"patient.dob": "1961-04-02", "ix.ck": {"value": 640, "date": when}}
    assert fired(given) == ({"ix.ck"} if there else set())


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("rf.neck_surgery_date", "1950"),
        ("neuro.timeline", [{"symptom": "cramp", "since": "1950"}]),
    ],
)
def test_other_days_before_birth_are_contradictions_too(key: str, value: Any) -> None:
    case = case_from(answers(**{"patient.dob": "1961-04-02"}))
    more = case_from(answers(**{key: value}))
    (found,) = assess_case(case.with_({key: more[key]})).contradictions
    assert found.answers == (key, "patient.dob")


def test_two_ages_are_a_contradiction_even_of_a_patient_out_of_scope() -> None:
    born = Date(date=PartialDate(year=2017, month=5, day=1))
    case = case_from(answers()).with_(
        {"patient.age": Quantity(value=Decimal(58), unit="y"), "patient.dob": born}
    )
    assessment = assess_case(case)
    assert not assessment.scope.ok
    (found,) = assessment.contradictions
    assert found.answers == ("patient.age", "patient.dob")
    assert found.stops_issue


# -- what cannot be ---------------------------------------------------------------------------------


def test_a_value_that_cannot_be_is_listed_once_and_stops_nothing() -> None:
    assessment = assessed(
        {"patient.weight_kg": "720 kg", "ix.ck": {"value": 640, "date": "2027-01-01"}}
    )
    assert [(check.id, check.answers) for check in assessment.to_check] == [
        ("patient.weight_kg", ("patient.weight_kg",)),
        ("ix.ck", ("ix.ck",)),
    ]
    assert assessment.contradictions == ()


# -- left over --------------------------------------------------------------------------------------


def test_a_leftover_is_listed_used_by_nothing_and_stops_nothing() -> None:
    assessment = assessed({"patient.pregnancy": "not_pregnant", "patient.pregnancy_weeks": 20})
    (found,) = assessment.contradictions
    assert (found.id, found.leftover, found.stops_issue) == ("patient.pregnancy_weeks", True, False)
    assert found.answers == ("patient.pregnancy_weeks",)


# -- which holds ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("decision", "stops"),
    [
        ({"decision": "accept", "reason": "stopped on Monday"}, False),
        ({"decision": "decline", "reason": "the list is right"}, False),
        ({"decision": "accept"}, True),
        ({"decision": "accept", "reason": "   "}, True),
        ({"decision": "defer", "reason": "later"}, True),
    ],
)
def test_the_clinician_says_which_holds_and_why(decision: dict[str, str], stops: bool) -> None:
    (found,) = assessed(PROOF["K01"][0], decisions={"K01": decision}).contradictions
    assert found.stops_issue is stops


def test_a_contradiction_of_the_form_is_decided_under_its_answer() -> None:
    said = {"meds.classes.warfarin": {"decision": "accept", "reason": "stopped on Monday"}}
    given = WARFARIN | {"meds.classes": ["none_of_these"]}
    (found,) = assessed(given, decisions=said).contradictions
    assert not found.stops_issue
    with pytest.raises(CaseError, match=r"there is no rule 'meds\.classes\.nothing'"):
        case_from(answers() | {"decisions": {"meds.classes.nothing": {"decision": "accept"}}})


# -- told elsewhere ---------------------------------------------------------------------------------


MEDICINES, RESULTS, FLAGS = "(from the medicines)", "(from the results)", "(from the red flags)"
# Record -> what tells it, what nearly does, and what leaves it open; the question; how it is told.
TOLD: dict[str, tuple[Answers, Answers, Answers, str, str]] = {
    "L01": (
        WARFARIN,
        {"meds.list": {"rows": [{"name": "Digoxin", "class": "digoxin"}], "closed": False}},
        {"meds.classes.statin": True},
        "emg.anticoagulant",
        f"warfarin {MEDICINES}",
    ),
    "L02": (
        {"meds.classes.doac": True},
        {"meds.classes": ["digoxin"]},
        {"meds.classes.digoxin": True},
        "emg.anticoagulant",
        f"direct oral anticoagulant {MEDICINES}",
    ),
    "L03": (
        {"meds.classes.heparin": True},
        {"meds.classes": ["none_of_these"]},
        {},
        "emg.anticoagulant",
        f"heparin {MEDICINES}",
    ),
    "L04": (
        {"meds.classes.antiplatelet": True},
        {"meds.classes": ["nsaid"]},
        {"meds.classes.nsaid": True},
        "emg.antiplatelet",
        f"antiplatelet {MEDICINES}",
    ),
    "L05": (
        {"ix.plt": 20},
        {"ix.plt": 50},
        {"ix.plt": {"pending": True}},
        "emg.bleeding_disorder",
        f"platelets below 50 {RESULTS}",
    ),
    "L06": (
        {"meds.classes.calcineurin": True},
        {"meds.classes": ["colchicine_hcq"]},
        {"meds.classes.colchicine_hcq": True},
        "emg.immunosuppressed",
        f"immunosuppressant {MEDICINES}",
    ),
    "L07": (
        {"rf.ivdu_immunosuppressed": True},
        {"rf.ivdu_immunosuppressed": False},
        {"rf.fever": True},
        "emg.immunosuppressed",
        f"injecting drug use or immunosuppression {FLAGS}",
    ),
    "L08": (
        {"rf.breathless_lying": True},
        {"rf.breathless_lying": False, "rf.breathless_rest": True},
        {"rf.breathless_rest": True},
        "emg.lie_flat",
        f"breathless lying flat {FLAGS}",
    ),
    "L09": (
        {"meds.unnamed.immune": True},
        {"meds.unnamed": ["sleep"]},
        {"meds.unnamed.sleep": True},
        "emg.immunosuppressed",
        f"immunosuppressant, not named {MEDICINES}",
    ),
}


def test_every_telling_has_its_three_cases() -> None:
    assert set(TOLD) == {rule.record.id for rule in the_content().elsewhere if rule.record.says}


@pytest.mark.parametrize("present", [True, False])
def test_what_was_asked_as_one_question_is_not_asked_again(present: bool) -> None:
    told = assessed({"emg.immunosuppressed_valve": present}).elsewhere
    assert [(t.question, t.says) for t in told] == [
        ("emg.immunosuppressed", ""),
        ("emg.prosthetic_valve", ""),
    ]
    assert assessed({"emg.needle_fear": present}).elsewhere == ()


@pytest.mark.parametrize("name", ["Pyridostigmine 60 mg", "Mestinon", "neostigmine"])
def test_an_anticholinesterase_on_the_list_is_told_in_the_strip(name: str) -> None:
    assessment = assessed({"meds.list": [{"name": name}]})
    assert "emg.pyridostigmine" in {t.question for t in assessment.elsewhere}
    assert "X12" in {line.id for line in assessment.safety}
    assert assessed({"meds.list": [{"name": "donepezil"}]}).elsewhere == ()


@pytest.mark.parametrize("rule", TOLD)
def test_what_a_safety_strip_asks_is_known_from_elsewhere(rule: str) -> None:
    tells, near, blank, question, says = TOLD[rule]
    (told,) = assessed(tells).elsewhere
    assert (told.question, told.says) == (question, says)
    assert told.answers
    assert assessed(near).elsewhere == ()
    assert assessed(blank).elsewhere == ()


def test_a_finding_that_a_row_answers_is_told_from_there() -> None:
    form = tiny().form
    read = CaseFacts(facts={"a.fever": True}, origins={"a.fever": ("a.drugs",)})
    (told,) = ContradictionReader(form, (), ()).read(read, read, Case(), TODAY).elsewhere
    assert (told.question, told.says, told.answers) == (
        "a.fever",
        "fever (from: medicines)",
        ("a.drugs",),
    )


def test_a_medicine_calls_for_the_caution_of_its_class() -> None:
    assert "X1" in {line.id for line in assessed(WARFARIN).safety}
    assert "X1" not in {line.id for line in assessed({"meds.classes.antiplatelet": True}).safety}


@pytest.mark.parametrize(
    ("answers", "caution", "there"),
    [
        ({"emg.botulinum": True}, "X11", True),
        ({"emg.botulinum": False}, "X11", False),
        ({}, "X11", False),
        ({"emg.pyridostigmine": True}, "X12", True),
        ({"emg.pyridostigmine": False}, "X12", False),
        ({}, "X12", False),
        ({"emg.pyridostigmine": True, "emg.pyridostigmine_hold": "no"}, "X13", True),
        ({"emg.pyridostigmine": True, "emg.pyridostigmine_hold": "ask"}, "X13", False),
        ({"emg.pyridostigmine": True}, "X13", False),
    ],
)
def test_the_laboratory_is_told_of_toxin_and_anticholinesterase(
    answers: dict[str, Any], caution: str, there: bool
) -> None:
    assert (caution in {line.id for line in assessed(answers).safety}) is there


@pytest.mark.parametrize(("inr", "there"), [(3.0, True), (2.9, False), ({"pending": True}, False)])
def test_an_inr_among_the_results_calls_for_its_caution(inr: Any, there: bool) -> None:
    assert ("X2" in {line.id for line in assessed({"ix.inr": inr}).safety}) is there


# -- where it is shown ------------------------------------------------------------------------------


def test_json_has_the_contract_s_fields() -> None:
    data = to_data(assessed(PROOF["K01"][0] | {"patient.weight_kg": "720 kg"}))
    assert isinstance(data, dict)
    (found,) = data["contradictions"]
    assert found["id"] == "K01"
    assert found["answers"] == ["emg.anticoagulant", "meds.classes.doac"]
    assert found["stops_issue"] is True
    assert found["source"] == ["aanem-bleeding", "consensus-safety"]
    (check,) = data["to_check"]
    assert (check["id"], check["answers"]) == ("patient.weight_kg", ["patient.weight_kg"])
    json.dumps(data)


@pytest.mark.parametrize("path", [*vignettes(), *SAMPLES], ids=lambda path: path.stem)
def test_no_teaching_case_contradicts_itself(path: Path) -> None:
    data = json.loads(path.read_text())
    assert assess_case(case_from(data.get("case", data))).contradictions == ()


def test_a_form_without_contradictions_has_those_of_the_form() -> None:
    assert tiny_assessed({}).contradictions == ()
    given = {"a.drugs": [{"name": "x", "class": "opioid"}], "a.classes": ["none"]}
    assert [found.id for found in tiny_assessed(given).contradictions] == ["a.classes.opioid"]
