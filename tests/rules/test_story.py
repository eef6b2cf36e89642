"""What a patient tells: a part of a screening line is the line, a plain answer counts as its grades."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.conftest import TODAY, answers, assess_case, case_from, the_assessor, the_content
from triage.content.casefile import read_case, write_case

_PART = re.compile(r"any_of\(([\w.]+)\)|has\(([\w.]+), (.+)\)")


def _parts() -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Yield each line, the list that says which part of it is meant, and the options that are the line."""
    questions = the_content().form.questions
    for question in questions.values():
        for entry in question.implied:
            if (found := _PART.fullmatch(entry.when)) and question.kind == "finding":
                part = questions[found[1] or found[2]]
                named = re.findall(r"'(\w+)'", found[3] or "")
                yield question.id, part.id, tuple(named or (o.id for o in part.options))


PARTS = list(_parts())
# A part that alone does not reach all that its line reaches: constipation with nothing of back or legs.
LESS_ALONE = {"rf.bladder_which.constipation": {"E04"}}


def facts(given: dict[str, Any]) -> dict[str, object]:
    read = the_assessor().read(case_from(answers(**given)), TODAY)
    return dict(read.facts)


def fired(given: dict[str, Any]) -> set[str]:
    return {reason.rule for reason in assess_case(case_from(answers(**given))).urgency.reasons}


def test_the_screening_lines_have_their_parts() -> None:
    assert len(PARTS) >= 20
    for line, part, _ in PARTS:
        question = the_content().form.questions[part]
        assert line in question.unfold_when.split(" or ")
        assert not question.core
        assert question.section == the_content().form.questions[line].section


@pytest.mark.parametrize(("line", "part", "enough"), PARTS)
def test_a_part_counts_as_its_line_and_what_only_describes_it_does_not(
    line: str, part: str, enough: tuple[str, ...]
) -> None:
    for option in the_content().form.questions[part].options:
        given = {f"{part}.{option.id}": True}
        if option.id in enough:
            assert facts(given)[line] is True
            assert fired(given) == fired({line: True}) - LESS_ALONE.get(
                f"{part}.{option.id}", set()
            )
        else:
            assert facts(given).get(line) is None
            assert not fired(given)


def test_chest_pain_of_earlier_weeks_is_no_emergency() -> None:
    assert "E21" in fired({"rf.chest_pain_which.now": True})
    assert not fired({"rf.chest_pain_which.earlier": True})


@pytest.mark.parametrize(("line", "part", "enough"), PARTS)
def test_parts_that_are_denied_deny_no_line(line: str, part: str, enough: tuple[str, ...]) -> None:
    assert facts({part: []}).get(line) is None
    assert facts({part: [], line: True})[line] is True


def test_a_loss_of_weight_counts_as_unexplained_only_if_it_was_not_wanted() -> None:
    assert facts({"sx.weight_change": "loss_unintended"})["rf.weight_loss"] is True
    for other in ("loss_intended", "loss_unsaid", "gain", "stable"):
        assert facts({"sx.weight_change": other}).get("rf.weight_loss") is None


@pytest.mark.parametrize(
    ("typed", "length"),
    [
        ("20 seconds", "seconds"),
        ("2-5 minutes", "under_10_min"),
        ("half an hour", "10_60_min"),
        ("30 to 120 minutes", None),
        ("3 hours", "over_1h"),
    ],
)
def test_the_length_in_minutes_counts_as_the_length_of_an_episode(
    typed: str, length: str | None
) -> None:
    assert facts({"cramp.attack_minutes": typed}).get("cramp.episode_length") == length
    given = {"cramp.attack_minutes": typed, "cramp.episode_length": "continuous"}
    assert facts(given)["cramp.episode_length"] == "continuous"


def test_limited_without_a_degree_is_any_degree_and_not_none() -> None:
    assert facts({"impact.mood": "limited"})["g.mood"] is True
    walking = {"impact.walking": "limited", "cramp.walk_distance_m": 5000}
    assert facts(walking)["d.exam_abnormal_or_limiting"] is None
    for effect, found in (("limited", set()), ("0", {"K38"})):
        given = {"cramp.sleep_disruption": True, "impact.sleep": effect}
        contradictions = assess_case(case_from(answers(**given))).contradictions
        assert {contradiction.id for contradiction in contradictions} == found


def test_a_decade_is_an_age_and_adult_is_none() -> None:
    missing = {item.id for item in assess_case(case_from(answers())).urgency.missing}
    assert "patient.age" in missing
    for age, known in (("60s", True), ("adult", False)):
        found = assess_case(case_from(answers(**{"patient.age": age}))).urgency.missing
        assert ("patient.age" not in {item.id for item in found}) is known


def test_what_is_told_comes_back_from_a_file() -> None:
    given = {
        "patient.access": ["hearing"],
        "patient.has_help": {"state": "present", "text": "daughter, daily"},
        "cramp.main_complaint": "restlessness",
        "cramp.pain_sites": ["calf.left", "knee.left", "knee.right"],
        "cramp.triggers": ["starchy_meal"],
        "cramp.hand_foot_posture": ["toes_curled.left"],
        "cramp.attack_minutes": "30 to 120 minutes",
        "cramp.frequency_week": "once or twice a week",
        "cramp.walk_distance_m": "one or two blocks",
        "rf.blackout_setting": ["pain"],
        "rf.calf_swelling_days": "a couple of months",
        "sx.general": ["low_urine"],
        "sx.weight_change_kg": "16",
        "impact.daily_life": "limited",
    }
    case = case_from(answers(**given))
    content = the_content()
    written = write_case(case, content.form)
    assert read_case(written, content.form, content.rule_ids, TODAY) == case


def told(given: dict[str, Any]) -> set[str]:
    return {line.id for line in assess_case(case_from(answers(**given))).safety_net}


def test_cramps_are_called_harmless_to_those_alone_who_have_no_weakness() -> None:
    cramp = {"cramp.main_complaint": "cramp"}
    assert "N0" in told(cramp)
    assert "N11" not in told(cramp)
    for weak in (
        {"cramp.main_complaint": "weakness", "insp.foot_drop": True},
        cramp | {"neuro.weakness": True},
    ):
        assert "N11" in told(weak)
        assert "N0" not in told(weak)


def test_nobody_is_sent_to_the_gp_in_an_emergency() -> None:
    weak = {"neuro.weakness": True, "neuro.leg_radiating_pain": True}
    assert "N2" in told(weak)
    assert "N2" not in told(weak | {"rf.saddle_numbness": True, "rf.bladder_bowel_sexual": True})
