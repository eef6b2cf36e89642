from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from tests.conftest import AT
from triage.model.case import Case
from triage.model.history import History
from triage.model.values import (
    Choice,
    Decision,
    Finding,
    Quantity,
    Row,
    Table,
    Text,
    Unable,
    Urgency,
)
from triage.rules.assess import Assessor
from triage.session import Changed, Session


def clock() -> datetime:
    return AT


@pytest.fixture
def session(assessor: Assessor) -> Session:
    return Session(assessor, History(), clock)


def test_an_empty_case_reassures_nobody_and_suggests_no_test(session: Session) -> None:
    assessment = session.assessment
    assert assessment.urgency.provisional
    assert assessment.urgency.reasons == ()
    assert assessment.conditions == ()
    assert assessment.plan == ()
    assert not [t for t in assessment.investigations if t.indicated]
    assert len(assessment.urgency.missing) == 22


def test_what_waits_for_the_level_unfolds_with_it(session: Session) -> None:
    call = session.form.questions["call.who"]
    assert not session.is_unfolded(call)
    session.set("rf.breathless_rest", Finding(present=True))
    assert session.is_unfolded(call)
    session.undo()
    assert not session.is_unfolded(call)
    session.set("case.urgency", Urgency(level="emergency", reason="worse"))
    assert session.is_unfolded(call)
    session.set("case.urgency", None)
    session.set("call.who", Text(text="Dr A"))
    assert session.is_unfolded(call)


def test_listeners_hear_what_changed_once_for_each_step(session: Session) -> None:
    heard: list[Changed] = []
    session.subscribe(heard.append)
    session.set("neuro.weakness", Finding(present=True))
    session.set("neuro.weakness", Finding(present=True))
    session.undo()
    assert [changed.keys for changed in heard] == [frozenset({"neuro.weakness"})] * 2
    assert [edit.n for changed in heard for edit in changed.edits] == [1, 2]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("neuro.nothing", Finding(present=True)),
        ("neuro.weakness", Text(text="yes")),
        ("note.nowhere", Text(text="x")),
        ("decision.t_emg", Finding(present=True)),
    ],
)
def test_what_does_not_fit_the_form_never_enters_the_log(
    session: Session, key: str, value: Finding | Text
) -> None:
    with pytest.raises(KeyError):
        session.set(key, value)
    assert session.history.n == 0


def test_a_red_flag_raises_the_level_and_undo_lowers_it(session: Session) -> None:
    session.set("rf.breathless_rest", Finding(present=True))
    assert session.assessment.urgency.level == "emergency"
    session.undo()
    assert session.assessment.urgency.level == "routine"
    session.redo()
    assert session.assessment.urgency.level == "emergency"


def test_a_block_answers_only_what_is_unanswered_and_says_so(session: Session) -> None:
    session.set("rf.stridor", Finding(present=True))
    session.answer_block(session.form.blocks["breath"])
    assert session.case["rf.stridor"] == Finding(present=True)
    assert session.case["rf.breathless_rest"] == Finding(present=False, block=True)
    session.undo()
    assert set(session.case) == {"rf.stridor"}


@pytest.mark.parametrize("name", ["breath", "typical", "impact", "metabolic", "body"])
def test_what_a_block_recorded_is_taken_back_as_one_step(session: Session, name: str) -> None:
    session.set("rf.stridor", Finding(present=False, text="asked twice"))
    before = dict(session.case)
    block = session.form.blocks[name]
    session.answer_block(block)
    recorded = dict(session.case)
    assert session.recorded_by_block(block) == recorded.keys() - before.keys()
    session.take_back_block(block)
    assert dict(session.case) == before
    session.undo()
    assert dict(session.case) == recorded


def test_a_number_that_was_typed_is_not_the_block_s(session: Session) -> None:
    typed = Quantity(value=Decimal(0), unit="", typed="0")
    session.set("impact.falls_12m", typed)
    block = session.form.blocks["impact"]
    session.answer_block(block)
    session.take_back_block(block)
    assert dict(session.case) == {"impact.falls_12m": typed}


def test_the_typical_block_says_yes_three_times(session: Session) -> None:
    session.answer_block(session.form.blocks["typical"])
    assert {key: session.case[key] for key in session.case} == {
        key: Finding(present=True, block=True)
        for key in ("cramp.painful", "cramp.hardening", "cramp.relieved_by_stretch")
    }


def test_the_impact_block_sets_no_effect_and_no_falls(session: Session) -> None:
    session.answer_block(session.form.blocks["impact"])
    assert session.case["impact.sleep"] == Choice(option="0", block=True)
    assert session.case["impact.falls_12m"] == Quantity(value=Decimal(0), unit="")


def test_closing_a_list_denies_the_rest(session: Session) -> None:
    session.set("cramp.sites.calf.left", Finding(present=True))
    session.close_list(session.form.questions["cramp.sites"])
    assert session.case["cramp.sites.calf.left"] == Finding(present=True)
    assert "cramp.sites.calf" not in session.case
    assert session.case["cramp.sites.thigh"] == Finding(present=False)
    session.undo()
    assert set(session.case) == {"cramp.sites.calf.left"}


def test_closing_a_list_does_not_deny_what_all_stands_for(session: Session) -> None:
    session.set("fasc.inspected.all", Finding(present=True))
    session.close_list(session.form.questions["fasc.inspected"])
    assert session.case["fasc.inspected.tongue"] == Finding(present=True)


def test_closing_a_table_says_that_there_is_nothing_else(session: Session) -> None:
    session.close_list(session.form.questions["meds.list"])
    assert session.case["meds.list"] == Table(closed=True)


def test_a_fill_grades_what_has_no_grade(session: Session) -> None:
    power = session.form.questions["power"]
    session.set("power.ankle_df.left", Choice(option="4-"))
    session.fill(power, "legs 5")
    assert session.case["power.ankle_df.left"] == Choice(option="4-")
    assert session.case["power.hip_flex.right"] == Choice(option="5", block=True)
    assert session.assessment.urgency.level == "soon"


def test_what_makes_no_sense_is_out_of_sight_until_answered(session: Session) -> None:
    weeks = session.form.questions["neuro.radicular_weeks"]
    assert not session.is_unfolded(weeks)
    session.set("neuro.leg_radiating_pain", Finding(present=True))
    assert session.is_unfolded(weeks)
    session.set("neuro.radicular_weeks", Quantity(value=Decimal(6), unit="weeks"))
    session.set("neuro.leg_radiating_pain", Finding(present=False))
    session.set("neuro.arm_radiating_pain", Finding(present=False))
    assert session.is_unfolded(weeks)
    assert [line.id for line in session.assessment.contradictions] == ["neuro.radicular_weeks"]


def test_a_block_opens_by_itself_when_a_member_is_present(session: Session) -> None:
    block = session.form.blocks["breath"]
    assert not session.is_block_open(block)
    session.set("rf.stridor", Finding(present=True))
    assert session.is_block_open(block)


def test_a_read_only_session_changes_nothing(assessor: Assessor) -> None:
    session = Session(assessor, History(), clock, read_only=True)
    session.set("neuro.weakness", Finding(present=True))
    session.undo()
    assert session.case == Case()


def test_unable_counts_as_not_known_and_keeps_its_reason(session: Session) -> None:
    session.unable("neuro.weakness", "no interpreter")
    assert session.case["neuro.weakness"] == Unable(reason="no interpreter")
    assert "neuro.weakness" in {item.id for item in session.assessment.urgency.missing}


def test_decisions_and_notes_are_part_of_the_case(session: Session) -> None:
    session.decide("t_emg", Decision(decision="decline", reason="done in March"))
    session.note("neuro", "in his own words")
    session.note("neuro", "")
    assert set(session.case) == {"decision.t_emg"}


def test_order_comes_from_the_counter_and_not_from_the_clock(assessor: Assessor) -> None:
    times = iter([AT, AT - timedelta(days=400), AT + timedelta(days=1)])
    running: Callable[[], datetime] = lambda: next(times)  # noqa: E731
    session = Session(assessor, History(), running)
    for key in ("neuro.weakness", "neuro.twitching", "neuro.balance"):
        session.set(key, Finding(present=True))
    assert [edit.n for edit in session.history.edits] == [1, 2, 3]
    assert all(edit.at.tzinfo == UTC for edit in session.history.edits)


# -- the same fact twice ----------------------------------------------------------------------------

WARFARIN = Table(rows=(Row(cells=(("name", "Warfarin"), ("class", "warfarin"))),))


def test_a_block_leaves_out_what_the_record_says_is_present(session: Session) -> None:
    session.set("meds.list", WARFARIN)
    done = session.answer_block(session.form.blocks["strip"])
    assert "emg.anticoagulant" not in session.case
    assert session.case["emg.antiplatelet"] == Finding(present=False, block=True)
    assert done.remark == "Left out: anticoagulant (medicines: Warfarin)."
    assert done.keys == session.case.keys() - {"meds.list"}
    session.undo()
    assert set(session.case) == {"meds.list"}


def test_a_block_that_contradicts_nothing_leaves_nothing_out(session: Session) -> None:
    session.set("meds.classes.statin", Finding(present=True))
    done = session.answer_block(session.form.blocks["strip"])
    assert session.case["emg.anticoagulant"] == Choice(option="none", block=True)
    assert done.remark == ""


def test_a_block_leaves_out_each_denial_that_the_record_contradicts(session: Session) -> None:
    session.set("meds.classes.levothyroxine", Finding(present=True))
    session.set("gen.dehydrated", Finding(present=True))
    done = session.answer_block(session.form.blocks["metabolic"])
    assert [left.key for left in done.left_out] == ["sys.thyroid", "sys.fluid_losses.dehydration"]
    assert session.assessment.contradictions == ()


def test_closing_a_list_leaves_out_what_another_answer_ticks(session: Session) -> None:
    session.set("meds.list", WARFARIN)
    done = session.close_list(session.form.questions["meds.classes"])
    assert "meds.classes.warfarin" not in session.case
    assert session.case["meds.classes.doac"] == Finding(present=False)
    assert done.remark == "Left out: warfarin (medicines: Warfarin)."
    assert session.is_complete(session.form.questions["meds.classes"])


def test_no_medicines_is_not_recorded_beside_a_class_that_is_taken(session: Session) -> None:
    session.set("meds.classes.statin", Finding(present=True))
    done = session.close_list(session.form.questions["meds.list"])
    assert "meds.list" not in session.case
    assert "statin" in done.remark


def test_a_leftover_is_removed_by_one_key(session: Session) -> None:
    session.set("cramp.urge_to_move", Finding(present=False))
    session.set("cramp.urge_relieved_by_moving", Finding(present=True))
    (found,) = session.assessment.contradictions
    session.remove(found.id)
    assert session.assessment.contradictions == ()
    assert set(session.case) == {"cramp.urge_to_move"}


def contradicted(session: Session) -> None:
    session.set("meds.list", WARFARIN)
    session.set("emg.anticoagulant", Choice(option="none"))
    session.decide("K01", Decision(decision="accept", reason="stopped on Monday"))


def test_what_was_said_of_two_answers_falls_with_either_of_them(session: Session) -> None:
    contradicted(session)
    assert not session.assessment.contradictions[0].stops_issue
    session.set("emg.anticoagulant", Choice(option="heparin"))
    assert "decision.K01" not in session.case
    session.undo()
    assert not session.assessment.contradictions[0].stops_issue


def test_what_was_said_of_two_answers_outlives_a_third(session: Session) -> None:
    contradicted(session)
    session.set("emg.pacemaker", Finding(present=False))
    session.decide("K01", Decision(decision="accept", reason="stopped on Tuesday"))
    assert session.case["decision.K01"] == Decision(decision="accept", reason="stopped on Tuesday")
