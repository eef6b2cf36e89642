"""CASE.json: strict, with errors that name the closest known thing; nothing is lost on the way."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import TODAY, answers, case_from, the_content, vignettes
from triage.bench.everything import full_case
from triage.content.casefile import read_case, write_case
from triage.errors import CaseError
from triage.model.case import Case
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
    ('{"triage_case": true}', "this is not a case file"),
    ('{"triage_case": 1.0}', "this is not a case file"),
    ('{"triage_case": "1"}', "this is not a case file"),
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
    (HEAD + '"answers": {"power": "4"}}', "give power.neck_flexion.midline and"),
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
    (HEAD + '"recipients": ["neurofysiology"]}', "did you mean 'neurophysiology'"),
    (HEAD + '"recipients": ["neurology", "nobody at all"]}', "no recipient 'nobody at all'"),
    (HEAD + '"recipients": ["neurology", "neurology"]}', "stands here twice"),
    (HEAD + '"recipients": [true]}', "text in double quotes"),
    (HEAD + '"language": 5}', "text in double quotes"),
    (HEAD + '"answers": {"\\ud800": true}}', "there is no such answer"),
    (HEAD + '"\\ud800\\n": {}}', "this key is not known"),
    (HEAD + '"answers": {"": true}}', "there is no such answer"),
    (HEAD + '"answers": {"meds.list": [{"\\udfff": 1}]}}', "is not known here"),
    (HEAD + '"decisions": {"' + "x" * 500 + '": {"decision": "accept"}}}', "there is no rule 'xxx"),
    (HEAD + '"answers": {"ix.k": {"value": 4, "low": "3,5"}}}', "low: this must be a number"),
    (HEAD + '"answers": {"ix.k": {"value": "4 grains"}}}', "“grains” is not known here"),
    (HEAD + '"answers": {"ix.k": {"value": "4", "unit": "mg"}}}', "the unit is one of"),
    (HEAD + '"answers": {"ix.k": {"value": "' + "4" * 300 + '"}}}', "longer than 200 characters"),
    (HEAD + '"answers": {"ix.k": {"value": 4, "date": "' + "1" * 300 + '"}}}', "longer than 200"),
    (HEAD + '"answers": {"ix.k": {"value": 4, "typed": 4}}}', "typed: this must be text"),
    (
        HEAD + '"answers": {"cramp.duration_months": {"value": 6, "high": 4}}}',
        "high is the upper end",
    ),
    (
        HEAD + '"answers": {"cramp.duration_months": {"value": 6, "comparator": "~~"}}}',
        "the comparator is one of",
    ),
    (HEAD + '"notes": {"neuro": "\\ud800"}}', "half a character"),
    (HEAD + '"answers": {"ix.k": {"value": 4, "pending": true}}}', "pending stands alone"),
    (HEAD + '"answers": {"ix.k": {"date": "2026-11-02"}}}', "one of value, reported and"),
    (HEAD + '"answers": {"ix.k": {"value": 4, "reported": "lowish"}}}', "reported is one of"),
    (HEAD + '"answers": {"ix.k": {"value": "4 low", "reported": "low"}}}', "stands in the text"),
    (HEAD + '"answers": {"ix.k": {"value": 4, "taken": "noon"}}}', "taken is one of"),
    (HEAD + '"answers": {"ix.k": {"pending": true, "taken": "attack"}}}', "taken is one of"),
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


def test_of_many_problems_the_first_fifty_are_told_and_twenty_have_a_hint() -> None:
    """Looking for the closest id takes long: a small file must not hold up the program for seconds."""
    wrong = ", ".join(f'"neuro.weaknes{n}": true' for n in range(1411))
    found = problems(HEAD + f'"answers": {{{wrong}}}}}')
    assert len(found) == 51
    assert found[-1] == "case.json: and 1361 more"
    assert sum("did you mean" in problem for problem in found) == 20


@pytest.mark.parametrize(
    "text",
    [
        HEAD + '"answers": {' + ", ".join(f'"{c}{"a." * 2000}": 1' for c in "abcdefgh") + "}}",
        HEAD + '"decisions": {' + ", ".join(f'"t_em{n}": {{}}' for n in range(2500)) + "}}",
        HEAD + '"recipients": [' + ", ".join(f'"neurolog{n}"' for n in range(2000)) + "]}",
        HEAD + '"answers": {"meds.list": [' + ", ".join(['{"nam": 1}'] * 3000) + "]}}",
        HEAD + '"answers": {"cramp.sites": [' + ", ".join(['"calff"'] * 4000) + "]}}",
        HEAD + ", ".join(f'"answer{n}": {{}}' for n in range(2000)) + "}",
    ],
    ids=["long names", "decisions", "recipients", "rows", "options", "groups"],
)
def test_a_hostile_file_looks_for_few_hints(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from triage import errors

    asked: list[str] = []
    real = errors.get_close_matches

    def counted(name: str, known: list[str], n: int, cutoff: float) -> list[str]:
        asked.append(name)
        return real(name, known, n, cutoff)

    monkeypatch.setattr(errors, "get_close_matches", counted)
    assert problems(text)
    assert len(asked) <= 20
    assert all(len(name) <= 80 for name in asked)


# -- what was typed, bounds and ranges ------------------------------------------------------------

VALUES: list[tuple[str, Any]] = [
    ("cramp.duration_months", {"value": 9, "comparator": ">", "unit": "years"}),
    ("cramp.duration_months", {"value": 6, "high": 8, "unit": "weeks", "typed": "6-8 wk"}),
    ("cramp.duration_months", {"value": 0, "unit": "months"}),
    ("patient.weight_kg", {"value": 72.50, "unit": "kg", "typed": "11 st 6"}),
    ("patient.age", {"value": "adult", "typed": "grown up"}),
    ("ix.ck", {"value": 12450, "unit": "U/L", "typed": "12 450", "date": "2026-11-02"}),
    ("ix.tsh", {"comparator": "<", "value": 0.01, "unit": "mIU/L", "typed": "< 0.01"}),
    ("ix.k", {"reported": "low", "low": 0, "high": 5.3, "typed": "L"}),
    ("ix.ck", {"value": 640, "unit": "U/L", "reported": "high", "date": "2026-11-02"}),
    ("ix.k", {"value": 2.3, "unit": "mmol/L", "taken": "attack"}),
    ("ix.ecg", {"value": "long_qtc", "taken": "between"}),
    ("ix.ecg", {"value": "long_qtc", "typed": "QTc prolonged"}),
    ("ix.k", {"value": 4.0, "unit": "mmol/L", "low": 5.3, "high": 3.5}),
    ("cramp.duration_months", {"value": 6, "comparator": "~", "unit": "months"}),
    ("ix.k", {"pending": True, "unit": "mmol/L", "typed": "awaited"}),
]


@pytest.mark.parametrize(("key", "given"), VALUES, ids=range(len(VALUES)))
def test_what_a_file_says_of_a_number_is_kept_both_ways(key: str, given: Any) -> None:
    known = the_content()
    case = case_from({"triage_case": 1, "answers": {key: given}})
    written = json.loads(write_case(case, known.form))
    group, _, rest = key.partition(".")
    assert (written["patient"][rest] if group == "patient" else written["answers"][key]) == given
    assert read_case(write_case(case, known.form), known.form, known.rule_ids, TODAY) == case


@pytest.mark.parametrize("number", ["1.250", "4.10", "0.0000001", "12000", "12000.0", "-0.50", "0"])
def test_a_number_is_written_as_a_number_and_digit_for_digit(number: str) -> None:
    """As text it would be read like something typed, and 1.250 typed has two readings."""
    known = the_content()
    item = Measurement(value=Decimal(number), unit="mmol/L", low=Decimal(number))
    text = write_case(Case({"ix.k": Result(items=(item,))}), known.form)
    assert f'"value": {number}' in text
    again = read_case(text, known.form, known.rule_ids, TODAY)["ix.k"]
    assert isinstance(again, Result)
    assert f"{again.items[0].value:f}" == number


@pytest.mark.parametrize(
    ("key", "given", "same"),
    [
        ("ix.ck", "640 U/L", {"value": 640, "unit": "U/L"}),
        ("ix.ck", "640", {"value": 640}),
        ("ix.tsh", "<0.01 mIU/L", {"value": 0.01, "comparator": "<", "unit": "mIU/L"}),
        ("ix.tsh", {"value": "0.01", "comparator": "<"}, {"value": 0.01, "comparator": "<"}),
        ("ix.k", {"value": "4.1", "unit": "mmol/L"}, {"value": 4.1, "unit": "mmol/L"}),
        ("ix.k", "pending", {"pending": True}),
        ("ix.k", "low", {"reported": "low"}),
        ("ix.ck", "12 450 U/L", {"value": 12450}),
        ("ix.ck", {"value": "12 450", "unit": "U/L"}, {"value": 12450}),
        ("ix.ck", "640 U/L (40 - 320)", {"value": 640, "low": 40, "high": 320}),
        ("ix.ck", "640 H", {"value": 640}),
        ("ix.ck", "640 (raised)", {"value": 640, "reported": "high"}),
        ("ix.ck", "1,250", {"value": 1250}),
        ("ix.k", {"value": "3,5"}, {"value": 3.5}),
        ("ix.k", {"value": 4.1, "unit": "mM/L"}, {"value": 4.1, "unit": "mmol/L"}),
        (
            "cramp.duration_months",
            "more than 9 years",
            {"value": 9, "comparator": ">", "unit": "years"},
        ),
        ("cramp.duration_months", "6-8 weeks", {"value": 6, "high": 8, "unit": "weeks"}),
        ("cramp.duration_months", "6 weeks", {"value": 6, "unit": "weeks"}),
        ("cramp.duration_months", {"value": "6", "unit": "weeks"}, {"value": 6, "unit": "weeks"}),
    ],
)
def test_text_in_place_of_a_number_means_what_typing_it_means(
    key: str, given: Any, same: Any
) -> None:
    def read(value: Any) -> Any:
        return case_from({"triage_case": 1, "answers": {key: value}})[key]

    def bare(value: Any) -> Any:
        if isinstance(value, Result):
            items = tuple(item.model_copy(update={"typed": ""}) for item in value.items)
            return Result(items=items)
        return value.model_copy(update={"typed": ""})

    assert bare(read(given)) == bare(read(same))


@pytest.mark.parametrize(
    ("key", "given", "readings"),
    [
        ("ix.ck", "12,000", ("12 U/L", "12 000 U/L")),
        ("ix.ck", {"value": "12.000", "unit": "U/L"}, ("12 U/L", "12 000 U/L")),
        ("ix.plt", {"value": "1,000"}, ("1 10^9/L", "1000 10^9/L")),
    ],
)
def test_text_with_two_readings_is_an_error_that_names_both(
    key: str, given: Any, readings: tuple[str, ...]
) -> None:
    (problem,) = problems(json.dumps({"triage_case": 1, "answers": {key: given}}))
    assert "which is meant?" in problem
    assert all(reading in problem for reading in readings), problem


def test_the_profile_of_the_file_orders_its_units_and_dates_wherever_it_stands() -> None:
    for data in (
        {"triage_case": 1, "profile": "us", "answers": {"ix.mg": "1.0 @ 3/4/2026"}},
        {"triage_case": 1, "answers": {"ix.mg": "1.0 @ 3/4/2026", "case.profile": "us"}},
    ):
        result = case_from(data)["ix.mg"]
        assert isinstance(result, Result)
        assert result.items[0].unit == "mg/dL"
        assert result.items[0].date == PartialDate(year=2026, month=3, day=4)


@pytest.mark.parametrize(
    ("profile", "given", "day"),
    [
        ("us", "3/4/2026", "2026-03-04"),
        ("uk", "3/4/2026", "2026-04-03"),
        ("us", "10/11/2026", "2026-10-11"),
    ],
)
def test_the_date_of_the_case_is_in_the_order_of_its_profile(
    profile: str, given: str, day: str
) -> None:
    case = case_from({"triage_case": 1, "date": given, "profile": profile})
    assert case["case.date"].date.iso() == day
    case = case_from({"triage_case": 1, "answers": {"case.date": given, "case.profile": profile}})
    assert case["case.date"].date.iso() == day


@pytest.mark.parametrize(
    ("key", "given"),
    [
        ("ix.ck", {"value": "640 U/L", "unit": "µkat/L"}),
        ("ix.ck", {"value": "640 @ 2024", "date": "2023"}),
        ("ix.ck", {"value": "640 (40-320)", "low": 5}),
        ("ix.ck", {"value": "640 (<320)", "high": 200}),
        ("cramp.duration_months", {"value": "6 weeks", "unit": "years"}),
        ("cramp.duration_months", {"value": "6/12", "unit": "years"}),
        ("cramp.duration_months", {"value": "6-8", "high": 9}),
    ],
)
def test_what_text_and_file_say_of_a_value_in_two_ways_is_an_error(
    key: str, given: dict[str, Any]
) -> None:
    with pytest.raises(CaseError, match="keep one of the two"):
        case_from({"triage_case": 1, "answers": {key: given}})


def test_the_same_unit_may_stand_in_the_text_and_beside_it() -> None:
    given = {"value": "640 u/l", "unit": "U/L"}
    item = case_from({"triage_case": 1, "answers": {"ix.ck": given}})["ix.ck"].items[0]
    assert (item.value, item.unit) == (640, "U/L")


@pytest.mark.parametrize(
    ("key", "given"),
    [("patient.age", "45.5"), ("impact.falls_12m", "2.5"), ("impact.phq2", "0.1")],
)
def test_a_count_is_a_whole_number_in_a_file_too(key: str, given: str) -> None:
    text = '{"triage_case": 1, "answers": {"%s": %s}}'
    known = the_content()
    with pytest.raises(CaseError, match="whole number"):
        read_case(text % (key, given), known.form, known.rule_ids, TODAY)
    case = read_case(text % (key, "2.0"), known.form, known.rule_ids, TODAY)
    assert case[key].value == 2
