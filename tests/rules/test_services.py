"""Whom the findings ask for, by when it is acted on, and what is told of a child."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.conftest import answers, assess_case, case_from, vignettes
from tests.rules.test_assess import assessed
from triage.content import Content
from triage.model.values import LEVELS
from triage.rules.assessment import Assessment
from triage.rules.export import to_data
from triage.rules.services import act_words, days_words


def found(**given: Any) -> Assessment:
    assessment: Assessment = assess_case(case_from(answers(**given)))
    return assessment


def asked(assessment: Assessment) -> list[str]:
    return [service.id for service in assessment.services]


# -- who --------------------------------------------------------------------------------------------


def test_a_referring_rule_asks_for_the_service_that_takes_it_with_its_own_trail() -> None:
    (service,) = assessed({"e.power.hip.left": "4"}).services
    assert (service.id, service.name) == ("sv_clinic", "Muscle clinic")
    (reason,) = service.reasons
    assert (reason.rule, reason.answers, reason.source) == ("S1", ("e.power.hip.left",), ("book",))


def test_a_reason_of_its_own_names_the_service_and_the_answers() -> None:
    (service,) = assessed({"e.power.hip.left": "4", "a.pain": True}).services
    assert [(r.says, r.rule) for r in service.reasons][1] == ("Weak and painful.", "sv_clinic")
    assert service.reasons[1].answers == ("e.power.hip.left", "a.pain")


def test_an_emergency_asks_for_the_emergency_service_alone() -> None:
    assessment = assessed({"e.power.hip.left": "4", "a.fever": True, "x.k": 2.8})
    assert [(s.id, [r.rule for r in s.reasons]) for s in assessment.services] == [
        ("sv_now", ["E1"])
    ]


def test_the_own_practice_takes_what_is_for_it_and_what_nobody_is_asked_for() -> None:
    assert asked(assessed({"x.k": 2.8})) == ["sv_own"]
    nobody = assessed({}).services
    assert [(s.id, s.reasons[0].says) for s in nobody] == [
        ("sv_own", "Nothing asks for another service.")
    ]
    both = assessed({"x.k": 2.8, "e.power.hip.left": "4"})
    # The more urgent first, whatever the order of the file.
    assert asked(both) == ["sv_own", "sv_clinic"]


def test_a_study_is_asked_for_where_its_test_is_recommended() -> None:
    wasted = found(patient__age=50, neuro__weakness=False, **{"insp.wasting.calf.left": True})
    study = next(s for s in wasted.services if s.id == "sv_neurophysiology")
    assert {reason.rule for reason in study.reasons} <= {"t_ncs", "t_emg", "t_emg_root"}
    assert all(reason.answers for reason in study.reasons)
    assert study.primary


@pytest.mark.parametrize("path", vignettes(), ids=lambda path: path.stem)
def test_whoever_is_referred_is_referred_to_someone(path: Any) -> None:
    case = case_from(json.loads(path.read_text(encoding="utf-8"))["case"])
    assessment: Assessment = assess_case(case)
    names = asked(assessment)
    assert names
    if assessment.urgency.level == "emergency":
        assert names == ["sv_emergency"]
    elif assessment.urgency.referral is not None:
        assert any(not service.primary for service in assessment.services)
    for service in assessment.services:
        for reason in service.reasons:
            assert reason.says
            assert reason.rule
            assert reason.source


# -- when -------------------------------------------------------------------------------------------


def test_a_potassium_of_2_8_is_acted_on_today_by_a_doctor_of_the_own_practice() -> None:
    urgency = found(patient__age=66, **{"ix.k": 2.8, "ix.mg": 0.5}).urgency
    assert urgency.level == "urgent"
    assert urgency.act is not None
    assert urgency.act[:2] == (0, "own practice, with a doctor")
    assert urgency.act.says == ("Act today: own practice, with a doctor; no referral suggested")
    assert urgency.act.rule == "U53"


def test_the_soonest_of_the_fired_rules_wins_and_the_referral_is_told_beside_it() -> None:
    given = {"neuro.dysarthria": True, "meds.stopped_steroid": True, "patient.age": 60}
    urgency = assess_case(case_from({"triage_case": 1, "answers": given})).urgency
    assert {"U04", "S40"} <= {reason.rule for reason in urgency.reasons}
    assert urgency.act.within_days == 7
    assert urgency.act.rule == "S40"
    assert urgency.act.says == "Act within 7 days: own practice; referral within 2 weeks: neurology"


def test_an_emergency_is_acted_on_today_and_a_routine_has_no_day() -> None:
    emergency = found(rf__stridor=True).urgency.act
    assert emergency is not None
    assert emergency.within_days == 0
    assert emergency.who == "emergency department or on-call team"
    routine = found(patient__age=60).urgency
    assert routine.level == "routine"
    assert routine.act is not None
    assert routine.act.within_days is None
    assert routine.act.says == "Own practice, in routine time; no referral suggested"


def test_a_rule_never_gives_more_time_than_its_level(content: Content) -> None:
    levels = {record.id: record.within_days for record in content.urgency.level}
    assert set(levels) == set(LEVELS)
    for rule in content.red_flags:
        days, most = rule.record.within_days, levels[rule.record.level]
        assert days is None or most is None or days <= most, rule.record.id


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (0, "today"),
        (1, "today or tomorrow"),
        (3, "within 3 days"),
        (7, "within 7 days"),
        (14, "within 2 weeks"),
        (42, "within 6 weeks"),
        (None, "in routine time"),
    ],
)
def test_days_as_they_are_said(days: int | None, words: str) -> None:
    assert days_words(days) == words


def test_a_level_of_a_form_that_names_nobody_says_nothing() -> None:
    assert act_words(14, "") == ""


# -- under sixteen ----------------------------------------------------------------------------------


def test_of_a_child_there_is_no_level_and_the_red_flags_recorded_are_listed() -> None:
    child = found(patient__age=9, rf__seizure=True, rf__fever=False, **{"ix.k": 2.1})
    assert not child.scope.ok
    assert child.urgency.level is None
    assert child.urgency.act is None
    assert child.urgency.reasons == ()
    assert child.services == ()
    assert [item.id for item in child.recorded_red_flags] == ["rf.seizure"]
    data = to_data(child)
    assert isinstance(data, dict)
    assert data["urgency"]["level"] is None
    assert [item["id"] for item in data["recorded_red_flags"]] == ["rf.seizure"]


def test_of_an_adult_the_red_flags_are_told_as_reasons_alone() -> None:
    assert found(patient__age=40, rf__seizure=True).recorded_red_flags == ()
