"""An older draft under the present form: retired ids go on counting, lost words are kept and count for nothing."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest

from tests.conftest import TODAY, the_content
from tests.lost import LOST, retired_content
from triage.content import Content
from triage.content.casefile import read_case, write_case
from triage.content.retired import parted, renewed
from triage.model.case import Case
from triage.model.values import (
    Choice,
    Finding,
    Measurement,
    Quantity,
    Result,
    Row,
    Table,
    Text,
    Unable,
    Value,
)
from triage.rules.assess import Assessor


@pytest.fixture(scope="module")
def retired() -> Content:
    """The shipped form, in which some ids have older names."""
    return retired_content()


OLD: list[tuple[str, Value, str, Value]] = [
    ("old.breathless", Finding(present=True), "rf.breathless_rest", Finding(present=True)),
    ("older.breathless", Finding(present=True), "rf.breathless_rest", Finding(present=True)),
    ("old.breathless", Unable(reason="x"), "rf.breathless_rest", Unable(reason="x")),
    ("old.plantar.left", Choice(option="flexor"), "plantar.left", Choice(option="flexor")),
    ("cramp.course", Choice(option="getting_worse"), "cramp.course", Choice(option="worsening")),
    ("power.thigh_lift.left", Choice(option="4"), "power.hip_flex.left", Choice(option="4")),
    ("meds.classes.statins", Finding(present=True), "meds.classes.statin", Finding(present=True)),
    (
        "meds.list",
        Table(rows=(Row(cells=(("strength", "20 mg"), ("class", "statins"))),), closed=True),
        "meds.list",
        Table(rows=(Row(cells=(("dose", "20 mg"), ("class", "statin"))),), closed=True),
    ),
    (
        "ix.ecg",
        Result(items=(Measurement(option="qt_long"),)),
        "ix.ecg",
        Result(items=(Measurement(option="long_qtc"),)),
    ),
    (
        "patient.age",
        Quantity(word="grown_up", unit="y"),
        "patient.age",
        Quantity(word="adult", unit="y"),
    ),
]


@pytest.mark.parametrize(
    ("old", "value", "key", "now"), OLD, ids=[f"{o[0]}-{n}" for n, o in enumerate(OLD)]
)
def test_an_answer_under_a_retired_id_is_read_as_the_one_that_means_the_same(
    retired: Content, old: str, value: Value, key: str, now: Value
) -> None:
    case = Case({old: value})
    assert dict(renewed(case, retired.form)) == {key: now}
    assert parted(renewed(case, retired.form), retired.form) == (Case({key: now}), Case())
    was, same = (Assessor(retired).read(told, TODAY).facts for told in (case, Case({key: now})))
    assert was == same


@pytest.mark.parametrize(
    ("old", "value", "key", "now"), OLD, ids=[f"{o[0]}-{n}" for n, o in enumerate(OLD)]
)
def test_a_file_may_still_say_it_in_the_old_way(
    retired: Content, old: str, value: Value, key: str, now: Value
) -> None:
    text = write_case(Case({old: value}), the_content().form)
    again = read_case(text, retired.form, retired.rule_ids, TODAY)
    assert again[key] == now


def test_a_stored_draft_raises_the_same_alarm_as_its_file(retired: Content) -> None:
    assessor = Assessor(retired)
    draft = assessor.assess(Case({"old.breathless": Finding(present=True)}), TODAY)
    data = {"triage_case": 1, "answers": {"old.breathless": True}}
    case = read_case(json.dumps(data), retired.form, retired.rule_ids, TODAY)
    assert draft.urgency.level == assessor.assess(case, TODAY).urgency.level == "emergency"
    assert [r.answers for r in draft.urgency.reasons] == [("rf.breathless_rest",)]


def test_the_present_name_goes_before_the_old_one(retired: Content) -> None:
    both = Case(
        {"old.breathless": Finding(present=True), "rf.breathless_rest": Finding(present=False)}
    )
    assert dict(renewed(both, retired.form)) == {"rf.breathless_rest": Finding(present=False)}


def test_of_two_old_answers_the_one_that_says_yes_is_kept(retired: Content) -> None:
    for first, second in ((True, False), (False, True)):
        case = Case(
            {
                "old.breathless": Finding(present=first),
                "older.breathless": Finding(present=second),
            }
        )
        assert renewed(case, retired.form)["rf.breathless_rest"] == Finding(present=True)


def test_what_became_nothing_is_kept_and_read_by_no_rule(retired: Content) -> None:
    case = Case({"old.forgotten": Finding(present=True)})
    assert renewed(case, retired.form) == case
    assert parted(case, retired.form) == (Case(), case)


def test_a_form_that_lost_nothing_gives_the_case_itself(content: Content) -> None:
    case = Case({"neuro.weakness": Finding(present=True), "note.neuro": Text(text="x")})
    assert renewed(case, content.form) is case
    assert parted(case, content.form)[0] is case


@pytest.mark.parametrize("what", [name for name in LOST if name != "section"])
def test_lost_words_are_set_apart_and_make_no_fact(content: Content, what: str) -> None:
    key, value, _ = LOST[what]
    known, lost = parted(Case({key: value}), content.form)
    assert lost == Case({key: value})
    facts = Assessor(content).read(Case({key: value}), TODAY).facts
    bare = Assessor(content).read(known, TODAY).facts
    assert facts == bare
    if key not in known:
        assert facts.get(key) is None


@pytest.mark.parametrize("what", LOST)
def test_lost_words_are_written_to_a_file_like_any_others(content: Content, what: str) -> None:
    key, value, _ = LOST[what]
    data = json.loads(write_case(Case({key: value}), content.form))
    group, _, rest = key.partition(".")
    where = {"patient": "patient", "note": "notes"}.get(group, "answers")
    assert (rest if where != "answers" else key) in data[where]


def test_a_closed_list_is_written_as_a_list_and_what_it_lost_beside_it(content: Content) -> None:
    gone = {"meds.classes.tonic": Finding(present=True)}
    text = '{"triage_case": 1, "date": "2026-11-22", "answers": {"meds.classes": ["statin"]}}'
    case = read_case(text, content.form, content.rule_ids, TODAY).with_(gone)
    written = json.loads(write_case(case, content.form))["answers"]
    assert written == {"meds.classes": ["statin"], "meds.classes.tonic": True}


def test_what_a_table_still_knows_counts_and_the_lost_row_is_kept_whole(content: Content) -> None:
    rows = (
        Row(cells=(("name", "Simvastatin"), ("class", "statin"))),
        Row(cells=(("name", "Examplamine"), ("class", "tonic"))),
    )
    case = Case({"meds.list": Table(rows=rows, closed=True)})
    known, lost = parted(case, content.form)
    assert known["meds.list"] == Table(
        rows=(rows[0], Row(cells=(("name", "Examplamine"),))), closed=True
    )
    assert lost["meds.list"] == Table(rows=(rows[1],))
    assert Assessor(content).read(case, date(2026, 11, 22)).facts["meds.classes.statin"] is True


def test_a_lost_result_does_not_hide_the_one_beside_it(content: Content) -> None:
    items = (
        Measurement(value=Decimal("9"), unit="grains"),
        Measurement(value=Decimal("2.1"), unit="mmol/L"),
    )
    known, lost = parted(Case({"ix.k": Result(items=items)}), content.form)
    assert known["ix.k"] == Result(items=items[1:])
    assert lost["ix.k"] == Result(items=items[:1])


def test_an_option_that_was_lost_is_neither_equal_nor_unequal_to_any(content: Content) -> None:
    """It is not known: a condition over it cannot be said."""
    from triage.content.symbols import form_symbols
    from triage.expr.evaluate import compile_truth
    from triage.expr.parse import parse_condition
    from triage.expr.symbols import Scope

    scope = Scope(form_symbols(content.form))
    facts = Assessor(content).read(Case({"cramp.course": Choice(option="wavering")}), TODAY).facts
    for text, truth in (
        ("cramp.course == 'worsening'", None),
        ("cramp.course != 'worsening'", None),
        ("known(cramp.course)", False),
    ):
        assert compile_truth(parse_condition(text, scope))(facts) is truth


def test_a_name_of_a_million_parts_is_looked_up_at_once(retired: Content) -> None:
    name = "a." * 1_000_000
    assert retired.form.became(name) == name
    assert retired.form.question_of(name) is None
