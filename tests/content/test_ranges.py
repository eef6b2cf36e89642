"""One truth about numbers and days: rules, letter and screen ask the same functions."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from triage.content import ranges
from triage.content.form import SEX
from triage.expr.interval import Doubtful, Interval
from triage.letter.build import build_letter
from triage.letter.plain import plain_text
from triage.model.case import Case
from triage.model.dates import PartialDate
from triage.model.history import History
from triage.model.values import Choice, Date, Measurement, Quantity, Result, Word
from triage.rules.assess import Assessor
from triage.session import Session

from ..conftest import AT, case_from, the_assessor, the_content

DAY = date(2026, 11, 22)


def _case(answers: dict[str, object], **patient: object) -> Case:
    data = {"triage_case": 1, "date": "2026-11-22", "patient": patient, "answers": answers}
    return case_from(data)


def _level(answers: dict[str, object], **patient: object) -> str:
    return the_assessor().assess(_case(answers, **patient), DAY).urgency.level


def _text(case: Case, assessor: Assessor | None = None) -> str:
    found = the_assessor().assess(case, DAY)
    letter = build_letter(the_content(), case, found, "referral_letter", "neurology", DAY)
    return " ".join(plain_text(letter).split())


# -- results --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("items", "level"),
    [
        ([{"value": 2.1}], "emergency"),
        ([{"value": 4.1, "date": "2026-10-01"}, {"value": 2.1}], "emergency"),
        ([{"value": 2.1}, {"value": 4.1, "date": "2026-10-01"}], "emergency"),
        ([{"value": 4.1}, {"value": 2.1}], "emergency"),
        ([{"value": 2.1, "date": "2026-10-01"}, {"value": 4.1}], "routine"),
        # A year that was mistyped does not make a normal result the newest.
        ([{"value": 2.1, "date": "2026-11-20"}, {"value": 4.1, "date": "2062-11-20"}], "emergency"),
        ([{"value": 2.1, "date": "2062-11-20"}], "emergency"),
    ],
)
def test_a_result_without_a_date_counts_as_of_the_date_of_the_case(
    items: list[dict[str, object]], level: str
) -> None:
    assert _level({"ix.k": items}) == level


def test_the_letter_tells_the_results_in_the_order_in_which_the_rules_read_them() -> None:
    case = _case({"ix.k": [{"value": 4.1, "date": "2026-10-01"}, {"value": 2.1}]})
    text = _text(case)
    assert "2.1 mmol/L, earlier 4.1 mmol/L (1 Oct 2026)" in text


@pytest.mark.parametrize(
    ("item", "sex", "outside"),
    [
        (Measurement(value=Decimal(300), unit="U/L"), "female", True),
        (Measurement(value=Decimal(300), unit="U/L"), "male", False),
        (Measurement(value=Decimal(300), comparator="<", unit="U/L"), "female", None),
        (Measurement(value=Decimal(300), comparator=">", unit="U/L"), "female", True),
        (Measurement(value=Decimal(300), unit="U/L", high=Decimal(400)), "female", False),
        (Measurement(value=Decimal(300), unit="U/L", low=Decimal(320), high=Decimal(40)), "female", True),
        (Measurement(value=Decimal(5), unit="U/L", low=Decimal(0), high=Decimal(400)), "female", False),
        (Measurement(reported="high"), "female", True),
        (Measurement(reported="normal"), "female", False),
        (Measurement(value=Decimal(300), unit="U/L", reported="normal"), "female", True),
    ],
)  # fmt: skip
def test_whether_a_result_is_outside_has_one_answer(
    item: Measurement, sex: str, outside: bool | None
) -> None:
    question = the_content().form.questions["ix.ck"]
    assert ranges.outside(question, item, sex) is outside
    case = _case({}, sex_at_birth=sex).with_({"ix.ck": Result(items=(item,))})
    assert ("limit" in _text(case).partition("CK ")[2][:40]) == bool(outside and item.value)


@pytest.mark.parametrize(
    ("number", "word", "sex", "says"),
    [
        (640, "high", "female", ""),
        (150, "high", "female", "the word says high, and the number is not above 200"),
        (250, "high", "female", ""),
        (250, "high", "male", "the word says high, and the number is not above 320"),
        (250, "normal", "male", ""),
        (250, "normal", "female", "the word says normal, and the number is outside its range"),
        (150, "very_low", "female", "the word says low, and the number is not below 25"),
        (10, "low", "female", ""),
    ],
)
def test_a_number_and_a_word_that_do_not_agree_are_to_be_checked(
    number: int, word: Word, sex: str, says: str
) -> None:
    item = Measurement(value=Decimal(number), unit="U/L", reported=word)
    case = _case({}, sex_at_birth=sex).with_({"ix.ck": Result(items=(item,))})
    found = [check.says for check in ranges.to_check(the_content().form, case, DAY)]
    spelled = word.replace("_", " ")
    assert found == ([f"Creatine kinase: {number} U/L {spelled}: {says}."] if says else [])


def test_the_word_takes_nothing_back_of_the_number() -> None:
    for given in ({"value": 6.9, "reported": "normal"}, {"value": 6.9, "reported": "high"}):
        assert _level({"ix.k": given}) == "emergency", given


def test_a_number_beside_another_word_reassures_nobody() -> None:
    """Neither is trusted: what the word leaves open stays open, as if it stood alone."""

    def open_rules(given: dict[str, object]) -> set[str]:
        found = the_assessor().assess(_case({"ix.k": given}), DAY)
        return {rule.rule for rule in found.not_excluded if "ix.k" in {m.id for m in rule.missing}}

    agreeing, plain = {"value": 3.2, "reported": "low"}, {"value": 3.2}
    assert open_rules(agreeing) == open_rules(plain)
    assert open_rules({"value": 4.1, "reported": "low"}) >= open_rules({"reported": "low"})
    assert open_rules({"reported": "low"}) - open_rules({"value": 4.1})


def test_whether_a_number_and_a_word_agree_is_asked_again_once_the_sex_is_known() -> None:
    item = Measurement(value=Decimal(250), unit="U/L", reported="high")
    session = Session(the_assessor(), History(), lambda: AT)
    session.set("ix.ck", Result(items=(item,)))
    for sex, count in (("female", 0), ("male", 1), ("female", 0)):
        session.set(SEX, Choice(option=sex))
        odd = [found for found in session.recorded.to_check if "ix.ck" in found.answers]
        assert len(odd) == count, sex


def test_a_limit_of_nought_is_a_limit() -> None:
    question = the_content().form.questions["ix.ck"]
    item = Measurement(value=Decimal(5), unit="U/L", low=Decimal(0), high=Decimal(400))
    assert ranges.reference_range(question, item, "male") == ranges.Limits(
        low=Decimal(0), high=Decimal(400)
    )
    zero = Measurement(value=Decimal(0), unit="°F")
    temperature = the_content().form.questions["gen.temp"]
    assert ranges.crossed(temperature, zero, None) == ("low", True)


def test_limits_the_wrong_way_round_are_not_used_and_are_to_be_checked() -> None:
    item = Measurement(value=Decimal(300), unit="U/L", low=Decimal(320), high=Decimal(40))
    case = _case({}).with_({"ix.ck": Result(items=(item,))})
    says = [found.says for found in ranges.to_check(the_content().form, case, DAY)]
    assert says == [
        "Creatine kinase: the laboratory's lower limit stands above the upper one; neither is used."
    ]


# -- what cannot be -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answers", "key"),
    [
        ({"ix.k": {"value": 41, "unit": "mmol/L"}}, "ix.k"),
        ({"ix.k": {"value": -4.1, "unit": "mmol/L"}}, "ix.k"),
        ({"gen.hr": {"value": 720}}, "gen.hr"),
        ({"gen.spo2": {"value": 9.7}}, "gen.spo2"),
        ({"gen.bp_sys": "80/120"}, "gen.bp_sys"),
        ({"gen.bp_sys": 80, "gen.bp_dia": 80}, "gen.bp_sys"),
        ({"ix.na": {"value": 14}}, "ix.na"),
        ({"patient.weight_kg": {"value": 720, "unit": "kg"}}, "patient.weight_kg"),
        ({"ix.k": {"value": 4.1, "date": "2027-01-01"}}, "ix.k"),
        ({"rf.neck_surgery_date": "2027-01"}, "rf.neck_surgery_date"),
        ({"meds.list": [{"name": "Examplin", "since": "2061"}]}, "meds.list"),
    ],
)
def test_what_cannot_be_is_kept_and_to_be_checked(answers: dict[str, object], key: str) -> None:
    case = _case(answers)
    assert key in case
    assert [found.key for found in ranges.to_check(the_content().form, case, DAY)] == [key]


def test_what_can_be_is_not_flagged() -> None:
    case = _case(
        {
            "ix.k": {"value": 4.1, "date": "2026-11-01"},
            "gen.hr": 72,
            "gen.bp_sys": "138/82",
            "patient.weight_kg": 72,
        },
        dob="1968-03-14",
    )
    assert ranges.to_check(the_content().form, case, DAY) == ()


def test_what_was_found_sound_is_looked_at_anew_when_something_else_changes() -> None:
    assessor = Assessor(the_content())
    case = _case(
        {"gen.bp_sys": 110, "ix.k": {"value": 4.1, "date": "2026-11-01"}, "patient.age": 58}
    )

    def odd(case: Case, day: date = DAY) -> list[str]:
        found = assessor.recorded(case, day)
        return [item.id for item in (*found.to_check, *found.contradictions)]

    assert odd(case) == []
    assert odd(case.with_(_case({"gen.bp_dia": 120}))) == ["gen.bp_sys"]
    assert odd(case.with_(_case({"gen.bp_dia": 70}))) == []
    assert odd(case, date(2026, 10, 1)) == ["ix.k"]
    assert odd(case) == []
    assert odd(case.with_({"patient.dob": Date(date=PartialDate(year=1990))})) == ["patient.age"]
    assert odd(case) == []


def test_a_number_that_cannot_be_alarms_and_never_reassures() -> None:
    assert _level({"ix.k": {"value": 41, "unit": "mmol/L"}}) == "emergency"
    facts = the_assessor().read(_case({"ix.k": {"value": 41, "unit": "mmol/L"}}), DAY).facts
    assert facts["ix.k"].compare(">", Decimal("6.5")) is True
    assert facts["ix.k"].compare("<", Decimal("2.5")) is None
    missing = {
        item.id for item in the_assessor().assess(_case({"patient.age": 58}), DAY).urgency.missing
    }
    odd = {
        item.id for item in the_assessor().assess(_case({"patient.age": 580}), DAY).urgency.missing
    }
    assert odd - missing == {"patient.age"}


def test_a_doubtful_number_divided_stays_doubtful() -> None:
    number = Doubtful(Decimal(10), Decimal(10)).divided(Decimal(2))
    assert isinstance(number, Doubtful)
    assert (number.compare(">", Decimal(4)), number.compare("<", Decimal(4))) == (True, None)


# -- age ------------------------------------------------------------------------------------------


def _typed_age_and_birth(age: str, born: PartialDate) -> Case:
    return _case({}).with_(
        {"patient.age": Quantity(value=Decimal(age), unit="y"), "patient.dob": Date(date=born)}
    )


def test_age_has_one_answer_in_rules_and_letter() -> None:
    case = _typed_age_and_birth("58", PartialDate(year=1990, month=5, day=1))
    facts = the_assessor().read(case, DAY).facts
    assert facts["patient.age"] == Interval(Decimal(36), Decimal(36))
    text = _text(case)
    assert "sex not recorded, 36, born 1 May 1990" in text
    assert "58" not in text.partition("PATIENT:")[2][:60]
    says = [found.says for found in ranges.to_check(the_content().form, case, DAY)]
    assert says == ["Age (years): 58 y does not fit the date of birth, which counts."]


@pytest.mark.parametrize(
    ("born", "age"),
    [
        (PartialDate(year=1990), Interval(Decimal(35), Decimal(36))),
        (PartialDate(year=2061, month=4, day=2), None),
        (PartialDate(year=1850), None),
        (PartialDate(year=2026, month=11, day=22), Interval(Decimal(0), Decimal(0))),
    ],
)
def test_an_age_that_no_one_has_is_none(born: PartialDate, age: Interval | None) -> None:
    case = _case({}).with_({"patient.dob": Date(date=born)})
    assert ranges.age_of(the_content().form, case, DAY) == age


@pytest.mark.parametrize("answers", [{"patient.dob": "2061-04-02"}, {"patient.age": 999}])
def test_a_mistyped_age_does_not_silence_the_program(answers: dict[str, object]) -> None:
    found = the_assessor().assess(_case({"rf.seizure": True, **answers}), DAY)
    assert found.scope.ok
    assert found.urgency.level == "emergency"
    assert ranges.to_check(the_content().form, _case(answers), DAY)


def test_a_child_is_still_out_of_scope() -> None:
    for patient in ({"age": 9}, {"dob": "2020-03-01"}):
        assert not the_assessor().assess(_case({}, **patient), DAY).scope.ok


# -- amounts --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "low", "high"),
    [
        ("6-8 weeks", Decimal("1.38"), Decimal("1.84")),
        ("more than 9 years", Decimal(108), Decimal("Infinity")),
        ("about 6 months", Decimal("4.5"), Decimal("7.5")),
        ("18/12", Decimal(18), Decimal(18)),
    ],
)
def test_the_rules_read_an_amount_as_an_interval(typed: str, low: Decimal, high: Decimal) -> None:
    case = _case({"cramp.duration_months": typed})
    span = the_assessor().read(case, DAY).facts["cramp.duration_months"]
    assert (float(span.low), float(span.high)) == pytest.approx((float(low), float(high)))


def test_a_word_that_the_form_has_lost_is_no_number() -> None:
    case = _case({}).with_({"patient.age": Quantity(word="elderly", unit="y")})
    assert the_assessor().read(case, DAY).facts.get("patient.age") is None
