"""What was found without a side: it can make a rule true, it asks for nothing, and it is no third side."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.conftest import TODAY, answers, case_from, the_assessor, the_content
from triage.content.casefile import case_data, read_case

Answers = dict[str, Any]
NORMAL = {f"reflex.{row}.{side}": "2+" for row in ("knee", "ankle") for side in ("left", "right")}
BOTH_FLEXOR = {"plantar.left": "flexor", "plantar.right": "flexor"}


def facts(given: Answers) -> dict[str, object]:
    return the_assessor().read(case_from(answers(**given)), TODAY).facts


@pytest.mark.parametrize(
    ("name", "given", "truth"),
    [
        ("t.plantar_extensor", {"plantar": "extensor"}, True),
        ("t.plantar_extensor", {"plantar": "flexor"}, None),
        ("t.plantar_extensor", BOTH_FLEXOR, False),
        ("t.plantar_extensor", {"plantar.left": "flexor", "plantar": "extensor"}, True),
        ("t.reflex_any_3", {"reflex.knee": "3+"}, True),
        ("t.reflex_any_low", {"reflex.knee": "3+"}, None),
        ("t.ankle_low_both", {"reflex.ankle": "0"}, None),
        ("t.reflex_leg_done", {"reflex.knee": "2+", "reflex.ankle": "2+"}, False),
        ("t.reflex_leg_done", NORMAL, True),
        ("t.power_any_lt5", {"power.leg": "W"}, True),
        ("t.power_any_lt5", {"power.leg": "5"}, None),
        ("t.power_leg_done", {"power.leg": "W"}, False),
        ("t.weak_leg", {"power.hip_flex": "4"}, True),
        ("t.weak_bilateral", {"power.hip_flex": "4", "power.knee_ext": "4"}, None),
        ("t.abpi_low", {"vasc.abpi": 0.7}, True),
        ("t.pulse_low", {"vasc.pulses_feet": "absent"}, True),
        ("t.hoffmann", {"reflex.hoffmann": True}, True),
        ("t.hoffmann", {"reflex.hoffmann": False}, False),
        ("t.hoffmann", {"reflex.hoffmann.left": False}, None),
    ],
)
def test_a_sign_without_a_side_counts_where_any_side_would(
    name: str, given: Answers, truth: bool | None
) -> None:
    assert facts(given)[name] is truth


def test_it_is_never_missing_and_is_named_where_it_decided() -> None:
    case = case_from(answers(**{"plantar": "extensor", "reflex.knee": "4+"}))
    found = the_assessor().assess(case, TODAY)
    used = {key for reason in found.urgency.reasons for key in reason.answers}
    missing = {item.id for rule in found.not_excluded for item in rule.missing}
    assert {"plantar", "reflex.knee"} <= used
    blank = the_assessor().assess(case_from(answers()), TODAY)
    asked = {item.id for rule in blank.not_excluded for item in rule.missing}
    wholes = {slot.key for slot in the_content().form.slots.values() if slot.is_whole}
    assert not (missing | asked) & wholes - set(the_content().form.questions)


@pytest.mark.parametrize(
    ("given", "clash"),
    [
        ({"plantar": "extensor", **BOTH_FLEXOR}, True),
        ({"plantar": "extensor", "plantar.left": "flexor"}, False),
        ({"power.deltoid": "W", "power.deltoid.left": "4", "power.deltoid.right": "3"}, False),
        ({"power.deltoid": "5", "power.deltoid.left": "4", "power.deltoid.right": "3"}, True),
        ({"reflex.hoffmann": True, "reflex.hoffmann.left": False}, False),
        (
            {
                "reflex.hoffmann": True,
                "reflex.hoffmann.left": False,
                "reflex.hoffmann.right": False,
            },
            True,
        ),
        ({"reflex.overall.midline": "2+", "reflex.knee": "0"}, True),
        ({"reflex.overall.midline": "0", "reflex.knee": "2+"}, False),
    ],
)
def test_it_clashes_only_with_sides_of_which_none_can_be_meant(given: Answers, clash: bool) -> None:
    found = the_assessor().assess(case_from(answers(**given)), TODAY)
    assert bool(found.contradictions) is clash


def test_a_normal_grade_of_the_whole_body_is_that_of_every_jerk_on_both_sides() -> None:
    known = facts({"reflex.overall.midline": "2+", "reflex.knee.left": "3+"})
    assert known["reflex.ankle.right"] == known["reflex.biceps.left"] == "2+"
    assert known["reflex.knee.left"] == "3+"
    assert known["t.reflex_min_done"] is True
    assert "reflex.knee.right" not in facts({"reflex.overall.midline": "1+"})


def test_a_power_of_3_plus_lies_between_3_and_4_minus() -> None:
    known = facts({"power.biceps.left": "3+"})
    assert known["t.power_any_lt5"] is True
    assert known["t.power_any_le3"] is None
    assert facts({"power.biceps.left": "3"})["t.power_any_le3"] is True


def test_a_file_gives_the_same_answers_back() -> None:
    given = {
        "plantar": "extensor",
        "plantar.left": "flexor",
        "reflex.knee": {"value": "3+", "block": True},
        "power.hip_flex": {"state": "unable", "reason": "pain"},
        "reflex.hoffmann": False,
        "insp.foot_drop": {"state": "present", "text": "both?"},
        "vasc.abpi": 0.7,
    }
    form = the_content().form
    case = case_from(answers(**given))
    again = read_case(json.dumps(case_data(case, form), default=str), form, frozenset(), TODAY)
    assert dict(again) == dict(case)
    assert {key for key in given if key in case} == set(given)


@pytest.mark.parametrize(
    ("whole", "part"),
    [
        ("neuro.dysarthria", "neuro.speech_change.slurred"),
        ("neuro.diplopia_ptosis", "neuro.eye_symptoms.ptosis.left"),
        ("gen.liver_signs", "gen.liver_kind.ascites"),
        ("neuro.trips_falls", "neuro.trips_falls_kind.foot_catches"),
        ("neuro.exertional_breathless", "neuro.breathless_unstated"),
        ("rf.tetany", "prov.tetany_seen"),
        ("neuro.numbness_tingling", "neuro.sensory_sites.calf.left"),
        ("neuro.twitching", "neuro.twitching_where.calf.left"),
    ],
)
def test_a_part_speaks_for_the_question_that_joins_it_with_others(whole: str, part: str) -> None:
    assert facts({part: True})[whole] is True
    assert whole not in facts({part: False})
    # Denied as a whole and found in part: what was found counts, and both are shown.
    denied = {whole: False, part: True}
    assert facts(denied)[whole] is True
    found = the_assessor().assess(case_from(answers(**denied)), TODAY)
    assert whole in {clash.id for clash in found.contradictions}


@pytest.mark.parametrize(
    ("old", "now"),
    [
        ("neuro.weakness_fatigable", "d.fatigable"),
        ("neuro.tremor_slowness", "d.tremor_slowness"),
        ("neuro.widespread_pain", "d.widespread_pain"),
        ("neuro.jerks", "d.jerks"),
        ("neuro.insomnia_hallucinations", "d.insomnia_hallucinations"),
        ("vasc.varicose", "d.varicose_oedema"),
        ("prov.phalen_tinel.left", "d.phalen_tinel"),
        ("prov.phalen_tinel", "d.phalen_tinel"),
    ],
)
def test_an_old_answer_counts_as_it_did(old: str, now: str) -> None:
    assert facts({old: True})[now] is True
    assert facts({})[now] is None
    if not old.endswith(".left"):
        assert facts({old: False})[now] is False
