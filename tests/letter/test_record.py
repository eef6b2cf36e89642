"""The record of findings: every answer stands in one row, is held back, or is told by page one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import answers, case_from, the_content, the_templates, vignettes
from tests.prove.families import random_case
from tests.published import patients
from tests.recorded import (
    WORD,
    is_found,
    lines,
    record,
    recorded_keys,
    texts,
    unaccounted,
)
from triage.bench.everything import decided_case, full_case
from triage.letter.findings.record import PAGE_ONE, PAGE_ONE_PREFIXES
from triage.letter.statements import Entry, Record, Table
from triage.model.case import Case
from triage.model.values import Text

SAMPLES = Path(__file__).parents[2] / "forms" / "muscle_cramps" / "cases"


def told(recipient: str = "neurology", **given: Any) -> Record:
    return record(case_from(answers(**given)), recipient)


def entries(found: Record) -> dict[str, Entry]:
    return {entry.item: entry for section in found.sections for entry in section.entries}


def table(found: Record, title: str) -> Table:
    return next(t for t in found.tables if t.title == title)


# -- every answer once ------------------------------------------------------------------------------


def _known() -> Iterator[Case]:
    names = [*vignettes(), SAMPLES / "sample.json", SAMPLES / "sample_benign.json"]
    for path in names:
        data = json.loads(path.read_text())
        yield case_from(data.get("case", data))
    yield from (case_from(patient.case) for patient in patients())


@pytest.mark.parametrize("recipient", ["neurology", "neurophysiology"])
def test_every_answer_stands_in_one_row(recipient: str) -> None:
    cases = list(_known())
    assert len(cases) > 60
    for case in cases:
        assert unaccounted(case, recipient) == []


@pytest.mark.parametrize("seed", range(40))
def test_every_answer_of_a_generated_case_stands_in_one_row(seed: int) -> None:
    assert unaccounted(random_case(seed)) == []


def test_a_case_that_answers_everything_is_told_whole() -> None:
    for case in (full_case(the_content()), decided_case(the_content())):
        assert unaccounted(case) == []


def test_what_page_one_tells_is_told_here_nowhere(capsys: pytest.CaptureFixture[str]) -> None:
    form, layout = the_content().form, the_templates().record
    names = [*PAGE_ONE, *(f"{p}*" for p in PAGE_ONE_PREFIXES), *sorted(layout.elsewhere)]
    with capsys.disabled():
        print("\non page one, not in the record: " + ", ".join(names))
    assert not any(name.startswith(("rf.", "neuro.", "cramp.", "sys.")) for name in names)
    assert {form.questions[name].section for name in layout.elsewhere} == {"patient"}


# -- each key alone ---------------------------------------------------------------------------------


def test_each_key_alone_is_found_with_its_words() -> None:
    for key in recorded_keys()[::7]:
        is_found(key)


def test_the_content_says_which_answers_are_not_told(capsys: pytest.CaptureFixture[str]) -> None:
    words = the_templates().answers.values()
    sensitive = [w.id for w in words if w.sensitive]
    silent = [w.id for w in words if w.not_applicable]
    with capsys.disabled():
        print(f"\nsensitive: {', '.join(sensitive)}\nnot applicable: {', '.join(silent)}")
    assert "rf.self_harm" in sensitive
    assert silent == ["patient.pregnancy.not_applicable"]


# -- labels -----------------------------------------------------------------------------------------


def test_every_name_of_a_row_is_short() -> None:
    form, words, layout = the_content().form, the_templates().answers, the_templates().record
    for question in form.questions.values():
        if question.id in layout.elsewhere:
            continue
        assert question.kind == "grid" or words[question.id].row, question.id
        names = [f"{question.id}.{row.id}" for row in question.rows]
        shown = [
            (words[n].row if n in words and words[n].row else r.phrase)
            for n, r in zip(names, question.rows, strict=True)
        ]
        for name in (*shown, words[question.id].row if question.id in words else ""):
            assert len(name) <= 30, name


# -- what a row says --------------------------------------------------------------------------------


def test_what_lies_in_the_midline_misses_no_side() -> None:
    given = {
        "neuro.weakness": True,
        "neuro.weakness_sites": ["both_arms.midline", "neck.midline"],
        "insp.wasting": ["tongue.midline"],
        "cramp.sites": ["abdomen.right", "calf"],
    }
    rows = entries(told(**given))
    assert rows["Where weak"].answer == "both arms and neck"
    assert rows["Wasting"].answer == "tongue; none elsewhere"
    assert rows["Cramp sites"].answer == "abdomen right; calf, «side»"


def test_who_is_thin_all_over_has_no_wasting_elsewhere() -> None:
    rows = entries(told(**{"insp.wasting": ["global_thin"]}))
    assert rows["Wasting"].answer == "generalised thinning; no wasting of single muscles"


@pytest.mark.parametrize(
    ("looked", "seen", "says"),
    [
        (["tongue", "arms"], ["thigh.right"], "right thigh; none elsewhere where looked for"),
        (["tongue", "arms"], [], "none where looked for"),
        (["tongue", "face", "arms", "trunk", "legs"], [], "none"),
        (["all"], ["thigh.right"], "right thigh; none elsewhere"),
    ],
)
def test_nothing_is_said_of_places_that_nobody_watched(
    looked: list[str], seen: list[str], says: str
) -> None:
    rows = entries(told(**{"fasc.inspected": looked, "fasc.seen": seen}))
    assert rows["Fasciculation"].answer == says


def test_states_are_told_apart() -> None:
    block = {"state": "absent", "block": True}
    found = told(neuro__weakness=True, neuro__twitching=False, neuro__neck_pain=block)
    assert lines(found)[:3] == ["Weakness: yes", "Twitching: no", "Neck pain: (no)"]
    assert [e.strong for e in entries(found).values()] == [True, False, False]
    assert "(no)" in found.key
    assert "–" not in found.key


def test_what_is_as_it_should_be_is_not_bold() -> None:
    found = entries(
        told(
            patient__consent=True,
            emg__lie_flat=False,
            cramp__course="worsening",
            plan__patient_copy=False,
        )
    )
    strong = {item for item, entry in found.items() if entry.strong}
    assert strong == {"Lies flat 45 minutes", "Course"}


def test_a_joined_finding_says_which_it_is_or_that_it_is_one_of_several() -> None:
    found = entries(told(rf__syncope_palpitations=True))
    assert found["Blackout, palpitations"].answer.startswith("recorded as one of: ")
    found = entries(told(rf__fever=True, rf__fever_which=["rigors"]))
    assert "rigors" in found["Fever, rigors, sweats"].answer
    assert "recorded as" not in found["Fever, rigors, sweats"].answer
    assert "Fever, sweats" not in found
    need = {"state": "present", "text": "Hearing aid: face her when speaking"}
    found = entries(told(patient__interpreter=need))
    assert found["Interpreter, access need"].answer == need["text"]


def test_since_when_stands_in_the_row_of_the_symptom() -> None:
    row = {"symptom": "weakness", "region": "calf", "side": "left", "since": "2026-05"}
    found = entries(told(neuro__weakness=True, neuro__timeline=[row]))
    assert found["Weakness"].answer == "since May 2026: left calf"
    assert "Order of symptoms" not in found
    found = entries(told(neuro__weakness=False, neuro__timeline=[row]))
    assert found["Weakness"].answer == "no"
    assert "May 2026" in found["Order of symptoms"].answer


def test_what_does_not_apply_is_printed_nowhere() -> None:
    assert "regnan" not in texts(told(patient__pregnancy="not_applicable"))
    assert "Pregnancy: no" in lines(told(patient__pregnancy="not_pregnant"))


def test_medicines_have_a_row_each_and_stopped_ones_say_so() -> None:
    rows = [{"name": "Ramipril", "dose": "5 mg"}, {"name": "Atorvastatin", "change": "stopped"}]
    found = entries(told(meds__list=rows))
    assert found["Ramipril"].answer.startswith("5 mg")
    assert found["Atorvastatin"].answer == "(statin), stopped"


def test_what_is_sensitive_is_held_back_and_counted() -> None:
    found = told(rf__self_harm=True, soc__stimulants=True, sys__cancer=False)
    assert "self-harm" not in texts(found)
    assert texts(found).count("One sensitive item is kept in the sender's record.") == 1
    assert "Thoughts of self-harm: yes" in lines(told("primary_care", rf__self_harm=True))
    assert "self-harm" not in texts(told("primary_care", rf__self_harm=False))
    assert "Immunosuppression: no" in lines(told(rf__ivdu_immunosuppressed=False))


def test_contradictory_answers_are_told_together() -> None:
    found = told(emg__anticoagulant="none", meds__classes=["doac"])
    (entry,) = (e for s in found.sections for e in s.entries if e.item == "Contradictory")
    assert entry.strong
    assert entry.covers == ("emg.anticoagulant",)
    assert "Anticoagulant: no" in entry.answer
    assert "direct oral anticoagulant: yes" in entry.answer
    assert "Anticoagulant" not in entries(found)


def test_what_the_form_no_longer_asks_is_kept() -> None:
    case = case_from(answers()).with_({"old.question": Text(text=WORD)})
    assert f"Old.question (no longer asked): {WORD}" in lines(record(case))


# -- tables -----------------------------------------------------------------------------------------


def test_a_table_has_a_column_for_each_side_and_strong_cells_where_it_is_abnormal() -> None:
    found = told(power__fdi__right="3", power__fdi__left="5", power__neck_flexion__midline="5")
    rows = {row.label: row for row in table(found, "Power (MRC)").rows}
    assert rows["First dorsal interosseous"].cells == ("3", "5")
    assert rows["First dorsal interosseous"].strong == (True, False)
    assert rows["Neck flexion"].cells == ("5", "")


@pytest.mark.parametrize(
    ("given", "strong"),
    [
        ({"right": 0.98, "left": 0.68}, (False, True)),
        ({"right": 1.4, "left": "normal"}, (True, False)),
        # It may be 0.91 as well.
        ({"right": "~ 0.9", "left": "<= 0.8"}, (False, True)),
    ],
)
def test_an_amount_is_strong_where_it_is_outside_of_what_is_usual(
    given: dict[str, Any], strong: tuple[bool, bool]
) -> None:
    found = told(**{f"vasc__abpi__{side}": value for side, value in given.items()})
    (row,) = (row for t in found.tables for row in t.rows if row.label == "ABPI")
    assert row.strong == strong


def test_what_was_left_out_of_what_was_begun_has_a_dash() -> None:
    found = told(power__hip_flex__right="5", power__hip_flex__left="5")
    rows = {row.label: row.cells for row in table(found, "Power (MRC)").rows}
    assert rows["Hip abduction"] == ("–", "–")
    assert "Neck flexion" not in rows
    assert "–: not examined." in found.key


def test_typed_words_and_what_could_not_be_tested_stand_in_a_row_of_their_own() -> None:
    found = told(
        power__hip_flex__right={"state": "unable", "reason": "pain"}, power__hip_flex__left="4"
    )
    assert "Hip flexion: right not assessable: pain, left 4" in lines(found)
    assert found.tables == ()
    (line,) = lines(told(reflex__hoffmann=True))
    assert line == "Hoffmann sign: yes, «side»"


def test_rows_of_sensation_that_say_the_same_are_one() -> None:
    keys = {
        f"sens__light_touch__{part}__{side}": "normal"
        for part in ("hand", "foot")
        for side in ("left", "right")
    }
    (row,) = table(told(**keys), "Sensation, gait, limbs").rows
    assert (row.label, row.cells) == ("Light touch, hand, foot", ("normal", "normal"))
    assert len(row.covers) == 4


# -- results ----------------------------------------------------------------------------------------


def test_results_have_the_limit_that_the_rules_used_and_their_day() -> None:
    day = {"date": "2026-11-10"}
    found = told(
        patient__sex_at_birth="male",
        ix__ck=[
            {"value": 412, "unit": "U/L", "high": 320, **day},
            {"value": 300, "unit": "U/L", "date": "2026-01-02"},
        ],
        ix__na={"value": 140, "unit": "mmol/L", **day},
        ix__esr={"reported": "normal", **day},
        ix__mg={"pending": True},
    )
    rows = entries(found)
    assert rows["CK (limit 320)"].answer == "412 U/L, earlier 300 U/L (2 Jan 2026)"
    assert rows["CK (limit 320)"].strong
    assert rows["Sodium"].answer == "140 mmol/L"
    assert not rows["Sodium"].strong
    assert rows["ESR"].answer == "normal*"
    assert rows["Magnesium"].answer == "pending"
    assert lines(found)[-1] == "All 10 Nov 2026. *as reported, no figure"


def test_rule_codes_stand_in_the_last_line_alone() -> None:
    data = json.loads((SAMPLES / "sample.json").read_text())
    found = record(case_from(data))
    assert found.basis.startswith("Basis: U01, U03, ")
    assert "NICE NG42" in found.basis
    assert "U01" not in texts(found)
