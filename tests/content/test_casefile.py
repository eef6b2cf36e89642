"""CASE.json: strict, with errors that name the closest known thing; nothing is lost on the way."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import TODAY, answers, case_from, the_content, vignettes
from tests.everything import full_case
from triage.content.casefile import read_case, write_case
from triage.errors import CaseError
from triage.model.dates import PartialDate
from triage.model.values import Choice, Finding, Measurement, Quantity, Result, Text, Unable

HEAD = '{"triage_case": 1, "date": "2026-11-22", '


def problems(text: str) -> list[str]:
    known = the_content()
    with pytest.raises(CaseError) as caught:
        read_case(text, known.form, known.rule_ids, TODAY, "case.json")
    return [str(problem) for problem in caught.value.problems]


DAMAGED = [
    ("", "not JSON"),
    ("{", "not JSON"),
    ("[]", "a case is a JSON object"),
    ("null", "a case is a JSON object"),
    ('{"form": "muscle_cramps"}', "this is not a case file"),
    ('{"triage_case": 2}', "newer program"),
    ('{"triage_case": 1, "form": "headache"}', "another form"),
    ('{"triage_case": 1, "triage_case": 1}', "stands here twice"),
    (HEAD + '"answers": {"neuro.weakness": true, "neuro.weakness": false}}', "stands here twice"),
    (HEAD + '"answers": {"ix.k": NaN}}', "NaN is not a number"),
    (HEAD + '"answers": {"ix.k": Infinity}}', "Infinity is not a number"),
    (HEAD + '"answers": {"ix.k": 1e999}}', "out of any sensible range"),
    (HEAD + '"answers": {"ix.k": ' + "9" * 5000 + "}}", "huge number"),
    ("[" * 100_000, "nested too deeply"),
    (HEAD + '"answer": {}}', "did you mean 'answers'"),
    (HEAD + '"answers": []}', "must be a JSON object"),
    (HEAD + '"answers": {"neuro.weaknes": true}}', "did you mean 'neuro.weakness'"),
    (HEAD + '"answers": {"neuro.weakness": "yes"}}', "true, false or"),
    (HEAD + '"answers": {"neuro.weakness": {"state": "maybe"}}}', "the state is one of"),
    (
        HEAD + '"answers": {"neuro.weakness": {"state": "present", "txt": "x"}}}',
        "did you mean 'text'",
    ),
    (HEAD + '"answers": {"cramp.course": "worsenning"}}', "did you mean 'worsening'"),
    (HEAD + '"answers": {"cramp.sites": ["calff"]}}', "did you mean 'calf'"),
    (HEAD + '"answers": {"cramp.sites": "calf"}}', "a list of options"),
    (HEAD + '"answers": {"insp.wasting": ["none", "calf"]}}', "beside a ticked option"),
    (HEAD + '"answers": {"plantar": "extensor"}}', "give plantar.left and plantar.right"),
    (HEAD + '"answers": {"power.ankle_df.left": "6"}}', "none of the options"),
    (HEAD + '"answers": {"power.ankle_df.middle": "5"}}', "there is no such answer"),
    (HEAD + '"answers": {"ix.k": {"value": 4, "unit": "mg"}}}', "the unit is one of"),
    (HEAD + '"answers": {"ix.k": {"value": "four"}}}', "type a number in mmol/L"),
    (HEAD + '"answers": {"ix.k": {"comparator": "~", "value": 4}}}', "the comparator is one of"),
    (HEAD + '"answers": {"ix.k": {"reported": "lowish"}}}', "reported is one of"),
    (HEAD + '"answers": {"ix.k": []}}', "at least one result"),
    (HEAD + '"answers": {"ix.ecg": "fine"}}', "none of the results"),
    (HEAD + '"answers": {"ix.k": {"value": 4, "date": "31/2/2026"}}}', "not a date"),
    (HEAD + '"answers": {"cramp.duration_months": "long"}}', "type a number"),
    (HEAD + '"answers": {"cramp.duration_months": true}}', "must be a number"),
    (HEAD + '"answers": {"meds.list": [{"nam": "x"}]}}', "did you mean 'name'"),
    (HEAD + '"answers": {"meds.list": [{"class": "statins"}]}}', "did you mean 'statin'"),
    (HEAD + '"patient": {"dob": "soon"}}', "not a date"),
    (HEAD + '"patient": {"dob": "1966", "age": 60}}', "not both"),
    (HEAD + '"patient": {"famly_name": "X"}}', "did you mean 'patient.family_name'"),
    (HEAD + '"notes": {"complain": "x"}}', "did you mean 'complaint'"),
    (HEAD + '"decisions": {"t_emgg": {"decision": "accept"}}}', "did you mean 't_emg'"),
    (HEAD + '"decisions": {"t_emg": {"decision": "yes"}}}', "accept, decline or defer"),
    (HEAD + '"urgency": {"level": "now"}}', "the level is one of"),
    (HEAD + '"profile": "uz"}', "none of the options"),
    (HEAD + '"recipients": "clinic"}', "a list of ids"),
    (HEAD + '"notes": {"neuro": "\\ud800"}}', "half a character"),
    (HEAD + '"answers": {"ix.k": {"value": 4, "pending": true}}}', "one of value, reported and"),
    (HEAD + '"answers": {"ix.k": {"value": 4, "reported": "low"}}}', "one of value, reported and"),
    (HEAD + '"answers": {"ix.k": {"reported": "low", "comparator": "<"}}}', "needs a value"),
    (HEAD + '"answers": {"ix.ecg": {"value": "normal", "unit": "ms"}}}', "has no 'unit'"),
    (HEAD + '"patient": {"age": 58}, "answers": {"patient.age": 60}}', "stands in the file twice"),
    (HEAD + '"profile": "uk", "answers": {"case.profile": "us"}}', "stands in the file twice"),
    (
        HEAD + '"answers": {"cramp.timing": ["heat"], "cramp.timing.heat": false}}',
        "stands in the file twice",
    ),
    (HEAD + '"date": "2026-11-22", "answers": {"case.date": "2026-01-05"}}', "twice"),
    (HEAD + '"answers": {"case.date": "2026"}}', "year, month and day"),
    (HEAD + '"answers": {"case.date": {"state": "unable"}}}', "text in double quotes"),
    ('{"triage_case": 1, "date": "2026"}', "year, month and day"),
]


@pytest.mark.parametrize(("text", "says"), DAMAGED, ids=range(len(DAMAGED)))
def test_damage_is_one_clear_sentence(text: str, says: str) -> None:
    found = problems(text)
    assert any(says in problem for problem in found), found
    assert all("\n" not in problem and problem.startswith("case.json") for problem in found)


def test_all_problems_are_told_at_once() -> None:
    text = HEAD + '"answers": {"neuro.weaknes": true, "cramp.course": "x"}, "notez": {}}'
    assert len(problems(text)) == 3


def test_an_error_does_not_repeat_a_patient_s_words() -> None:
    text = HEAD + '"patient": {"dob": "Zebedee Secret"}, "answers": {"ix.k": {"value": "Zebedee"}}}'
    assert "Zebedee" not in " ".join(problems(text))


@pytest.mark.parametrize("path", vignettes(), ids=lambda path: path.stem)
def test_a_case_written_and_read_again_is_the_same(path: Path) -> None:
    known = the_content()
    case = case_from(json.loads(path.read_text(encoding="utf-8"))["case"])
    text = write_case(case, known.form)
    assert read_case(text, known.form, known.rule_ids, TODAY) == case


def test_a_case_with_every_answer_written_and_read_again_is_the_same() -> None:
    known = the_content()
    case = full_case(known)
    assert {key for key in known.form.slots if key not in case} == {"patient.age"}
    assert read_case(write_case(case, known.form), known.form, known.rule_ids, TODAY) == case


def test_the_spellings_of_design_are_read() -> None:
    data: dict[str, Any] = answers(
        sys__cancer={"state": "present", "text": "breast, 2019"},
        neuro__weakness={"state": "not_assessed"},
        cramp__sites=["calf"],
        ix__tsh={"comparator": "<", "value": 0.01, "unit": "mIU/L"},
        ix__k={"pending": True},
        cramp__duration_months="6 weeks",
    )
    data["answers"] |= {
        "power.ankle_df.right": {"value": "5", "block": True},
        "reflex.knee.left": {"state": "unable", "reason": "knee replacement"},
        "patient.age": "adult",
        "fasc.seen.thigh.right": True,
    }
    case = case_from(data)
    assert case["sys.cancer"] == Finding(present=True, text="breast, 2019")
    assert "neuro.weakness" not in case
    assert case["cramp.sites.toes_foot"] == Finding(present=False)
    assert case["power.ankle_df.right"] == Choice(option="5", block=True)
    assert case["reflex.knee.left"] == Unable(reason="knee replacement")
    assert isinstance(case["ix.tsh"], Result)
    assert case["patient.age"] == Quantity(word="adult", unit="y")
    assert "fasc.seen.calf_foot" not in case


@pytest.mark.parametrize(
    "text",
    [
        "<b>bold</b> & <img src='http://127.0.0.1:9/x'>",
        "{{ 7*7 }} {{ 'a'*10**9 }}",
        "=1+1\n@SUM(A1)\n-2",
        "שלום עולם",
        "🙂 ᚠ",
        "x" * 20_000,
        "line one\r\nline two\n\n\tend ",
    ],
    ids=["markup", "template", "formula", "right-to-left", "emoji", "long", "breaks"],
)
def test_free_text_goes_through_json_unharmed(text: str) -> None:
    known = the_content()
    case = case_from({"triage_case": 1, "notes": {"neuro": text}})
    again = read_case(write_case(case, known.form), known.form, known.rule_ids, TODAY)
    assert again["note.neuro"] == Text(text=text)


def test_the_date_under_its_own_id_is_the_day_from_which_everything_is_reckoned() -> None:
    data = answers(ix__k={"value": 4, "date": "yesterday"})
    del data["date"]
    data["answers"]["case.date"] = "2026-01-05"
    case = case_from(data)
    assert case == case_from(
        data | {"date": "2026-01-05", "answers": {"ix.k": data["answers"]["ix.k"]}}
    )
    result = case["ix.k"]
    assert isinstance(result, Result)
    assert result.items[0].date == PartialDate(year=2026, month=1, day=4)


def test_a_list_that_was_not_assessed_is_read_and_dropped() -> None:
    assert set(case_from(answers(cramp__timing={"state": "not_assessed"}))) == {"case.date"}


def test_an_age_stands_where_the_date_of_birth_could_not_be_had() -> None:
    case = case_from({"triage_case": 1, "patient": {"dob": {"state": "unable"}, "age": 58}})
    assert case["patient.age"] == Quantity(value=Decimal(58), unit="y")


def test_an_age_typed_before_the_date_of_birth_does_not_make_the_file_unreadable() -> None:
    known = the_content()
    born = case_from({"triage_case": 1, "patient": {"dob": "1961-04-02"}})
    both = born.with_({"patient.age": Quantity(word="adult", unit="y")})
    assert read_case(write_case(both, known.form), known.form, known.rule_ids, TODAY) == born


def test_the_limits_of_a_result_in_words_are_kept() -> None:
    case = case_from(answers(ix__k={"reported": "low", "low": 3.6, "high": 5.0}))
    assert case["ix.k"] == Result(
        items=(Measurement(reported="low", low=Decimal("3.6"), high=Decimal("5.0")),)
    )
