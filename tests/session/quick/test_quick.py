"""What a typed line becomes: the table, and what holds of every line."""

from __future__ import annotations

import random
import time

import pytest

from tests.conftest import AT, ROOT, the_assessor
from tests.session.quick.table import COMMANDS, Row, read, rows, session_of
from triage.bench.everything import decided_case
from triage.content import ContentFiles, load_content
from triage.model.history import History
from triage.model.values import Choice, Finding
from triage.rules.assess import Assessor
from triage.session import Session
from triage.session.quick import read_quick

ROWS = list(rows())


def test_the_table_is_long_enough() -> None:
    assert len({(row.typed, row.case) for row in ROWS}) >= 250


@pytest.mark.parametrize("row", ROWS, ids=[f"{n}: {row.typed}" for n, row in enumerate(ROWS)])
def test_a_line_becomes_what_the_table_says(row: Row) -> None:
    assert read(row) == row.expected


def test_the_bare_name_of_a_question_answers_no_other() -> None:
    session = session_of({})
    slots = session.form.slots
    for question in session.form.questions.values():
        if not question.asked or question.kind == "finding" or not session.is_shown(question):
            continue
        for name in {question.label.rstrip("?"), question.short, *question.say} - {""}:
            for item in read_quick(session, name).items:
                asked = [slots[k].question for k in item.chosen.changes] if item.chosen else []
                # What troubles most, and a finding, are meant by their names too.
                others = (
                    q
                    for q in asked
                    if q is not question
                    and q.id != question.pair
                    and q.kind != "finding"
                    and not (q.core and q.kind == "choice")
                )
                assert not any(others), name


def test_one_line_is_one_step_and_one_undo_takes_it_back() -> None:
    session = session_of({"rf.fever": True})
    before = session.case
    said = read_quick(session, "power all 5 except r fdi 3; knee r 3+; ck 640").record(session)
    assert said.startswith("Recorded: ")
    assert said.endswith("Ctrl+Z takes it back.")
    assert len(session.case) - len(before) == 42
    session.undo()
    assert session.case == before


def test_a_block_has_its_own_key() -> None:
    session = session_of({})
    preview = read_quick(session, "no red flags")
    assert preview.by_key
    assert preview.record(session) == ""
    assert not session.case
    assert preview.record(session, by_key=True)
    assert len(session.case) == 28


def test_what_asks_is_not_recorded_before_it_is_answered() -> None:
    session = session_of({})
    asking = read_quick(session, "calf")
    assert asking.record(session) == ""
    thing = asking.items[0].meanings[0].says
    sides = read_quick(session, "calf", {(0, "calf"): (thing,)})
    assert not sides.is_ready
    left = next(m.says for m in sides.items[0].meanings if m.says.endswith("left: present"))
    answered = read_quick(session, "calf", {(0, "calf"): (thing, left)})
    answered.record(session)
    assert dict(session.case) == {"cramp.sites.calf.left": Finding(present=True)}


def test_an_answer_to_another_line_counts_for_nothing() -> None:
    session = session_of({})
    says = read_quick(session, "fdi 3").items[0].meanings[0].says
    assert not read_quick(session, "fdi 4", {(0, "fdi 3"): (says,)}).is_ready


def test_one_line_that_does_not_fit_keeps_the_whole_from_being_recorded() -> None:
    session = session_of({})
    assert read_quick(session, "adf l 4; xyzzy").record(session) == ""
    assert not session.case


def test_a_case_that_can_only_be_read_stays_as_it_is() -> None:
    session = session_of({}, read_only=True)
    assert read_quick(session, "adf l 4").record(session) == ""
    assert not session.case


def test_what_is_recorded_by_many_at_once_is_marked_so() -> None:
    session = session_of({})
    read_quick(session, "power legs 5").record(session)
    assert session.case["power.hip_flex.left"] == Choice(option="5", block=True)


def test_each_side_keeps_its_own_answer_in_whatever_order_they_are_typed() -> None:
    session = session_of({})
    read = 0
    for question in session.form.questions.values():
        if not question.sided or question.kind not in ("finding", "choice"):
            continue
        a, b = (
            ("yes", "no") if question.kind == "finding" else [o.label for o in question.options][:2]
        )
        for name in (question.label.rstrip("?"), question.short, *question.say):
            lines = (
                f"{name} r {a} l {b}",
                f"{name} {a} r {b} l",
                f"{name} l {b} r {a}",
                f"{name} {b} on the left and {a} on the right",
            )
            became = {
                repr(sorted(c.items())) for x in lines if (c := read_quick(session, x).changes)
            }
            assert len(became) <= 1, name
            read += len(became)
    assert read > 40


@pytest.mark.parametrize("seed", range(60))
def test_what_a_denial_may_reach_is_never_present_unasked(seed: int) -> None:
    session = session_of({})
    rng = random.Random(seed)
    findings = [q for q in session.form.questions.values() if q.kind == "finding" and q.asked]
    first, second = rng.sample(findings, 2)
    a, b = (rng.choice([q.label.rstrip("?"), q.short]) for q in (first, second))
    for line in (
        f"no {a}, {b}",
        f"no {a} and {b}",
        f"no {a} or {b}",
        f"no {a} {b}",
        f"no {a}/{b}",
        f"denies {a}, {b}",
        f"{a}, {b} absent",
        f"?{a}",
        f"{a} ?",
        f"possible {a}",
        f"{a} -",
        f"{a} [ ]",
        f"{a} ✗",
        f"mother {a}",
        f"mother: {a}, {b}",
    ):
        values = read_quick(session, line).changes.items()
        present = [k for k, v in values if isinstance(v, Finding) and v.present and k[:3] != "fh."]
        assert not present, (line, present)
    between = read_quick(session, f"{a} no {b}").changes.items()
    assert all(not v.present for k, v in between if k == second.id and isinstance(v, Finding))


@pytest.mark.parametrize("row", ROWS[::5], ids=[row.typed for row in ROWS[::5]])
def test_a_line_is_read_at_each_key(row: Row) -> None:
    session = session_of({})
    for end in range(1, len(row.typed)):
        assert read_quick(session, row.typed[:end]).items


def test_a_text_without_end_is_refused_at_once() -> None:
    preview = read_quick(session_of({}), "adf l 4; " * 5000)
    assert "longer than" in preview.items[0].says
    assert not preview.changes


def test_another_form_is_read_by_its_own_words() -> None:
    content = load_content(ContentFiles("tremor", root=ROOT))
    session = Session(Assessor(content), History(), lambda: AT)
    preview = read_quick(session, "shakes hand r; no confusion; slower; adf l 4")
    assert [item.state for item in preview.items] == ["records", "records", "asks", "nothing"]


def test_a_line_is_read_while_it_is_typed() -> None:
    history = History()
    history.change(dict(decided_case(the_assessor().content)), AT)
    session = Session(the_assessor(), history, lambda: AT)
    lines = [row.typed for row in ROWS[:120]]
    for line in lines[:3]:
        read_quick(session, line, commands=COMMANDS)
    taken = []
    for line in lines:
        start = time.process_time()
        read_quick(session, line, commands=COMMANDS)
        taken.append(time.process_time() - start)
    # A loose bound: the benchmark measures, this catches what is an order slower.
    assert sorted(taken)[len(taken) // 2] < 0.03


def test_a_long_line_is_read_at_each_of_its_keys() -> None:
    session = session_of({})
    line = (
        "cramps both calves at night since march with weakness in the left leg and numbness of both feet, "
        "reflexes brisk in the legs and absent at the ankles, ck 640, tsh 2, on simva 40"
    )
    taken = []
    for end in range(1, len(line) + 1):
        start = time.process_time()
        read_quick(session, line[:end], commands=COMMANDS)
        taken.append(time.process_time() - start)
    assert sorted(taken)[len(taken) // 2] < 0.016


def test_what_was_read_of_a_line_before_counts_for_the_case_of_then_alone() -> None:
    session = session_of({})
    assert read_quick(session, "adf l 4").items[0].meanings[0].lines[0].note == ""
    session.set("power.ankle_df.left", Choice(option="3"))
    assert read_quick(session, "adf l 4").items[0].meanings[0].lines[0].note == "was 3"
