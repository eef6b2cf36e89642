"""How answers become facts and facts become advice, on a form of a few questions."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from functools import cache
from typing import Any

import pytest

from tests.conftest import ROOT, TODAY, assess_case, case_from
from triage.content import Content, ContentFiles, load_content
from triage.content.casefile import day_of, read_case
from triage.content.load import Rule
from triage.expr.tree import Amount, Compare
from triage.rules.assess import Assessor
from triage.rules.assessment import Assessment


@cache
def tiny() -> Content:
    return load_content(ContentFiles("tiny", root=ROOT / "tiny"))


def read(answers: dict[str, Any], **top: Any) -> Any:
    known = tiny()
    data = {"triage_case": 1, "date": TODAY.isoformat(), "answers": answers, **top}
    return read_case(json.dumps(data), known.form, known.rule_ids, TODAY)


def facts(answers: dict[str, Any], **top: Any) -> dict[str, object]:
    case = read(answers, **top)
    return Assessor(tiny()).read(case, day_of(case)).facts


def assessed(answers: dict[str, Any], **top: Any) -> Assessment:
    case = read(answers, **top)
    return Assessor(tiny()).assess(case, day_of(case))


def below(answers: dict[str, Any], limit: str) -> bool | None:
    value = facts(answers).get("x.k")
    return None if value is None else value.compare("<", Decimal(limit))  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("result", "below_35", "below_30", "below_25"),
    [
        (3.4, True, False, False),
        ({"value": 13.5, "unit": "mg/dL"}, True, False, False),
        ({"reported": "low"}, True, None, None),
        ({"reported": "very_low"}, True, True, True),
        ({"reported": "normal"}, False, False, False),
        ({"comparator": "<", "value": 3.0}, True, True, None),
        ({"pending": True}, None, None, None),
    ],
)
def test_results_are_read_as_the_numbers_they_can_be(
    result: Any, below_35: bool | None, below_30: bool | None, below_25: bool | None
) -> None:
    given = {"x.k": result}
    assert (below(given, "3.5"), below(given, "3.0"), below(given, "2.5")) == (
        below_35,
        below_30,
        below_25,
    )


def test_an_old_normal_result_is_not_assessed_and_an_old_abnormal_one_counts() -> None:
    old = "2026-01-10"
    assert "x.k" not in facts({"x.k": {"value": 4.0, "date": old}})
    assert below({"x.k": {"value": 2.8, "date": old}}, "3.0") is True
    assert "x.ecg" not in facts({"x.ecg": {"value": "normal", "date": old}})
    assert "x.ecg" in facts({"x.ecg": {"value": "long_qtc", "date": old}})


def test_rules_read_the_newest_result() -> None:
    several = [{"value": 2.4, "date": "2026-11-01"}, {"value": 4.1, "date": "2026-11-20"}]
    assert below({"x.k": several}, "3.0") is False
    both = [{"value": "normal", "date": "2026-11-20"}, {"value": "long_qtc", "date": "2026-11-20"}]
    assert facts({"x.ecg": both})["x.ecg"] == {"normal", "long_qtc"}


def test_the_laboratory_s_limit_goes_before_the_default() -> None:
    def at_least_ten(answers: dict[str, Any]) -> bool:
        return "U1" in {r.rule for r in assessed(answers).urgency.reasons}

    assert at_least_ten({"x.ck": 2000})
    assert not at_least_ten({"x.ck": 2000, "patient.sex_at_birth": "male"})
    assert not at_least_ten({"x.ck": {"value": 2000, "high": 320}})


def test_ten_times_the_limit_is_ten_times_whatever_the_limit() -> None:
    for high in (300, 170, 70, 37):
        result = {"value": 10 * high, "high": high}
        assert "U1" in {r.rule for r in assessed({"x.ck": result}).urgency.reasons}, high


def test_a_word_lies_on_its_own_side_of_the_only_limit() -> None:
    # CK has an upper limit alone: a low one is not a raised one.
    assert [rule.rule for rule in assessed({"x.ck": {"reported": "low"}}).not_excluded] == []
    assert [rule.rule for rule in assessed({"x.ck": {"reported": "high"}}).not_excluded] == ["U1"]


def test_a_result_that_may_be_old_does_not_reassure() -> None:
    assert "x.k" not in facts({"x.k": {"value": 4.0, "date": "2026"}})
    assert below({"x.k": {"value": 2.8, "date": "2026"}}, "3.0") is True
    assert "x.k" in facts({"x.k": {"value": 4.0, "date": "2026-11"}})


@pytest.mark.parametrize(
    ("answers", "calf"),
    [
        ({"a.sites": ["calf"]}, True),
        ({"a.sites": ["calf.left"]}, True),
        ({"a.sites.calf.left": False}, None),
        ({"a.sites.calf.left": False, "a.sites.calf.right": False}, False),
        ({"a.sites": ["none"]}, False),
        ({"a.sites": ["neck.midline"]}, False),
        ({"a.sites.neck": True}, None),
    ],
)
def test_a_sided_option_is_either_side(answers: dict[str, Any], calf: bool | None) -> None:
    assert facts(answers).get("a.sites.calf") is calf


def test_a_region_at_its_full_grade_counts_for_its_rows_and_a_graded_row_wins() -> None:
    got = facts({"e.power.leg.left": "5", "e.power.foot.left": "3"})
    assert (got["e.power.hip.left"], got["e.power.foot.left"]) == ("5", "3")
    assert "e.power.hip.left" not in facts({"e.power.leg.left": "4"})


def test_a_medicine_s_class_ticks_the_list_of_classes() -> None:
    assert facts({"a.drugs": [{"name": "x", "class": "opioid"}]})["a.classes.opioid"] is True


def test_a_listed_medicine_outweighs_none_of_these_and_an_own_tick_is_its_own_trail() -> None:
    drug = {"a.drugs": [{"name": "x", "class": "opioid"}]}
    assert facts(drug | {"a.classes": []})["a.classes.opioid"] is True
    case = read(drug | {"a.classes": ["opioid"]})
    assert "a.classes.opioid" not in Assessor(tiny()).read(case, day_of(case)).origins


def test_the_trail_of_a_denied_option_is_the_option_not_one_side() -> None:
    case = read({"a.sites.calf": False, "a.sites.calf.left": False})
    found = Assessor(tiny()).read(case, day_of(case))
    assert found.facts["a.sites.calf"] is False
    assert "a.sites.calf" not in found.origins


def test_the_date_of_birth_goes_before_a_typed_age() -> None:
    case = read({}, patient={"age": "adult"}).with_(read({}, patient={"dob": "1961-04-02"}))
    found = Assessor(tiny()).read(case, day_of(case))
    assert found.facts["patient.age"] == (65, 65, True, True)
    assert found.origins["patient.age"] == ("patient.dob",)
    missing = Assessor(tiny()).assess(case, day_of(case)).urgency.missing
    assert [item.id for item in missing] == ["a.fever"]


def test_age_follows_from_the_date_of_birth_even_if_only_the_year_is_known() -> None:
    age = facts({}, patient={"dob": "1966"})["patient.age"]
    assert (age.low, age.high) == (59, 60)  # type: ignore[attr-defined]
    assert facts({"patient.age": "adult"})["patient.age"].low == 18  # type: ignore[attr-defined]
    missing = assessed({"patient.age": "adult", "a.fever": False}).urgency.missing
    assert [item.id for item in missing] == ["patient.age"]


def test_a_senseless_answer_is_kept_listed_and_not_used() -> None:
    assessment = assessed({"a.pain": False, "a.weeks": 3})
    assert [line.id for line in assessment.contradictions] == ["a.weeks"]
    assert "a.weeks" not in facts({"a.pain": False, "a.weeks": 3})
    assert "a.weeks" in facts({"a.weeks": 3})


def test_the_next_action_and_the_referral_are_told_apart() -> None:
    assessment = assessed({"x.k": 2.8})
    assert (assessment.urgency.level, assessment.urgency.referral) == ("urgent", None)
    assessment = assessed({"x.k": 2.8, "e.power.hip.left": "4"})
    assert (assessment.urgency.level, assessment.urgency.referral) == ("urgent", "soon")


def test_what_could_not_be_excluded_names_what_is_missing() -> None:
    undecided = assessed({"e.power.hip.left": "4"}).not_excluded
    assert [(rule.rule, [item.id for item in rule.missing]) for rule in undecided] == [
        ("E1", ["a.fever"])
    ]
    # Fever is in the safety set and could fire E1 only with a weakness that no safety item asks for.
    assert assessed({}).not_excluded == ()
    # A word that leaves the limit open is told as well.
    assert [rule.rule for rule in assessed({"x.k": {"reported": "low"}}).not_excluded] == ["U1"]


def test_what_would_change_lists_the_missing_answer_and_the_rule() -> None:
    change = assessed({"e.power.hip.left": "4"}).what_would_change
    assert [(c.question, c.effects) for c in change] == [("a.fever", (("emergency", "E1"),))]


def test_reassurance_waits_for_the_safety_set() -> None:
    def fired(answers: dict[str, Any]) -> set[str]:
        return {reason.rule for reason in assessed(answers).urgency.reasons}

    assert "R1" not in fired({"a.pain": True, "a.fever": False})
    complete = {
        "a.pain": True,
        "a.fever": False,
        "patient.age": 40,
        "e.power.hip.left": "5",
        "e.power.hip.right": "5",
    }
    assert "R1" in fired(complete)
    assert "R1" not in fired(complete | {"e.power.foot.left": "3"})


def test_support_is_bounded_by_what_is_still_unknown() -> None:
    def support(answers: dict[str, Any]) -> dict[str, tuple[str, int]]:
        return {c.id: (c.support, c.score) for c in assessed(answers).conditions}

    assert support({}) == {}
    assert support({"a.pain": True})["myopathy"] == ("against", 0)
    assert support({"a.pain": True, "x.ck": 900})["myopathy"] == ("possible", 3)
    assert support({"a.pain": True, "x.ck": 900, "e.power.hip.left": "3"})["myopathy"] == (
        "well_supported",
        6,
    )


def test_a_test_is_recommended_done_or_not_indicated_with_the_reason() -> None:
    def status(answers: dict[str, Any], test: str) -> str | None:
        return next((t.status for t in assessed(answers).investigations if t.id == test), None)

    assert status({"a.pain": True}, "t_ck") == "recommended"
    assert status({"a.pain": True, "x.ck": 900}, "t_ck") == "done"
    assert (
        status({"a.pain": True, "x.ck": {"value": 900, "date": "2026-01-01"}}, "t_ck")
        == "recommended"
    )
    assert status({"e.power.hip.left": "3", "x.ck": 900}, "t_emg") == "recommended"
    full = {
        f"e.power.{row}.{side}": "5" for row in ("hip", "foot", "leg") for side in ("left", "right")
    }
    full["e.power.neck.midline"] = "5"
    assert status(full | {"a.pain": True}, "t_emg") == "not_indicated"
    emg = next(t for t in assessed(full | {"a.pain": True}).investigations if t.id == "t_emg")
    assert (emg.reasons[0].says, emg.instead) == ("Pain without weakness.", "Look again.")
    assert status({}, "t_emg") is None


def test_a_test_with_its_result_in_hand_is_done_even_where_it_was_not_called_for() -> None:
    def ncs(answers: dict[str, Any]) -> Any:
        case = case_from({"triage_case": 1, "answers": answers})
        return next((t for t in assess_case(case).investigations if t.id == "t_ncs"), None)

    well = {"neuro.weakness": False, "neuro.dysarthria": False, "neuro.dysphagia": False}
    site = {"cramp.sites": ["calf"], "cramp.painful": True, "cramp.timing": ["night_sleep"]}
    hands = {f"power.{row}.{s}": "5" for row in ("arm", "leg") for s in ("left", "right")}
    jerks = {
        f"reflex.{r}.{s}": "2+" for r in ("biceps", "knee", "ankle") for s in ("left", "right")
    }
    seen = {
        "sens.pattern": "normal",
        "insp.wasting": [],
        "fasc.inspected": ["all"],
        "fasc.seen": [],
    }
    soles = {"plantar.left": "flexor", "plantar.right": "flexor", "reflex.hoffmann.left": False}
    typical = well | site | hands | jerks | seen | soles | {"reflex.hoffmann.right": False}
    typical |= {"cramp.episode_length": "seconds"}
    assert ncs(typical).status == "not_indicated"
    done = ncs(typical | {"ix.ncs": "normal"})
    assert (done.status, done.instead, done.reasons[0].answers) == ("done", "", ("ix.ncs",))


def test_a_test_is_not_called_for_by_half_of_a_condition_that_does_not_hold() -> None:
    # ESR is called for by the aching; a sensory loss would have to be other than local.
    answers = {"neuro.myalgia": True, "sens.pattern": "dermatomal"}
    found = assess_case(case_from({"triage_case": 1, "answers": answers})).investigations
    (aching,) = next(t for t in found if t.id == "t_esr_crp").because
    assert "ach" in aching


def test_an_option_is_checked_against_what_forbids_it() -> None:
    def option(answers: dict[str, Any], **top: Any) -> Any:
        return next((o for o in assessed(answers, **top).plan if o.id == "M1"), None)

    statin = {"a.classes": ["statin"]}
    assert option(statin).status == "check_first"
    assert option(statin | {"x.ecg": "normal"}).status == "consider"
    assert option(statin | {"x.ecg": "long_qtc"}).status == "contraindicated"
    assert option(statin | {"x.ecg": "normal", "patient.age": 70}).cautions == ("65 or older",)
    assert option(statin, profile="us") is None


def test_under_sixteen_nothing_is_concluded() -> None:
    assessment = assessed({"patient.age": 12, "a.fever": True, "e.power.hip.left": "3"})
    assert not assessment.scope.ok
    assert assessment.urgency.level is None
    assert assessment.urgency.reasons == ()
    assert assessment.investigations == ()


def test_every_reason_ends_at_recorded_answers() -> None:
    assessment = assessed({"e.power.leg.left": "4", "a.fever": True})
    reason = assessment.urgency.reasons[0]
    assert reason.rule == "E1"
    assert reason.answers == ("a.fever", "e.power.leg.left")


def test_a_test_names_the_findings_that_call_for_it() -> None:
    found = assessed({"e.power.hip.left": "3", "x.ck": 900}).investigations
    emg = next(t for t in found if t.id == "t_emg")
    assert emg.because == ("possible myopathy",)
    assert next(t for t in assessed({"a.pain": True}).investigations if t.id == "t_ck").because == (
        "pain",
    )


def test_an_age_known_only_as_adult_is_a_missing_safety_item_that_could_change_the_advice() -> None:
    old = Compare(Amount("patient.age"), ">=", Decimal(60), ">= 60 y")
    content = replace(tiny(), red_flags=(Rule(tiny().red_flags[0].record, old),))
    for answers in ({}, {"patient.age": "adult"}):
        case = read(answers)
        (rule,) = Assessor(content).assess(case, day_of(case)).not_excluded
        assert [item.id for item in rule.missing] == ["patient.age"]


def test_nerve_hyperexcitability_is_not_listed_where_the_safety_set_cannot_reveal_it() -> None:
    # It takes two of its signs, and the safety set asks for fasciculations alone.
    listed = {r.rule: r for r in assess_case(case_from({"triage_case": 1})).not_excluded}
    assert "U08" not in listed
    assert [item.id for item in listed["U16"].missing] == ["neuro.diplopia_ptosis"]
