"""How answers become words."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.conftest import answers, case_from
from tests.letter.letters import block_text, record_text
from triage.content import Content
from triage.letter.build import build_letter
from triage.letter.plain import plain_text
from triage.letter.statements import Letter
from triage.letter.words.answers import Speaker
from triage.model.case import Case
from triage.model.values import Measurement, Result
from triage.rules.assess import Assessor


def said(content: Content, question: str, **given: Any) -> list[str]:
    case = case_from(answers(**given))
    return [p.text for p in Speaker(content.form, case).phrases(content.form.questions[question])]


def letter_of(content: Content, case: Case) -> Letter:
    day = case["case.date"].date.earliest  # type: ignore[union-attr]
    assessment = Assessor(content).assess(case, day)
    return build_letter(content, case, assessment, "referral_letter", None, day)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (
            {"value": 412, "unit": "U/L", "date": "2026-11-10", "high": 320},
            "CK 412 U/L (limit 320; 10 Nov 2026)",
        ),
        ({"value": 100, "unit": "U/L", "high": 320}, "CK 100 U/L"),
        ({"reported": "high"}, "CK high (as reported)"),
        (
            {"value": 412, "unit": "U/L", "high": 320, "reported": "high"},
            "CK 412 U/L (limit 320), reported as high",
        ),
        (
            {"value": 412, "unit": "U/L", "high": 420, "taken": "attack"},
            "CK 412 U/L, during an attack",
        ),
        ({"reported": "high", "taken": "treated"}, "CK high (as reported), on treatment"),
        ({"pending": True}, "CK pending"),
        ({"comparator": "<", "value": 20, "unit": "U/L"}, "CK <20 U/L"),
    ],
)
def test_a_result_has_unit_date_and_the_limit_it_passes(
    content: Content, given: dict[str, Any], expected: str
) -> None:
    assert said(content, "ix.ck", ix__ck=given) == [expected]


def test_what_one_report_found_stands_together_and_is_no_trend(content: Content) -> None:
    given = [
        {"value": "f_waves_normal", "date": "2026-11-10"},
        {"value": "normal", "date": "2026-05-02"},
        {"value": "single_nerve", "date": "2026-11-10"},
    ]
    (text,) = said(content, "ix.ncs", ix__ncs=given)
    assert text == (
        "NCS: normal (2 May 2026), then normal F waves and single nerve lesion (10 Nov 2026)"
    )


def test_a_trend_runs_forward_and_zero_is_a_number(content: Content) -> None:
    given = [
        {"value": 412, "unit": "U/L", "date": "2026-11-10", "high": 320},
        {"value": 0, "unit": "U/L", "date": "2026-10-01"},
    ]
    (text,) = said(content, "ix.ck", ix__ck=given)
    assert text == "CK 0 U/L (1 Oct 2026), then 412 U/L (limit 320; 10 Nov 2026)"


def test_a_low_limit_of_zero_is_a_limit(content: Content) -> None:
    question = content.form.questions["ix.ck"]
    item = Measurement(value=Decimal(-1), unit="U/L", low=Decimal(0))
    case = Case({"ix.ck": Result(items=(item,))})
    assert "lower limit 0" in Speaker(content.form, case).phrases(question)[0].text


def test_medicines_are_told_row_by_row(content: Content) -> None:
    table = [{"name": "ramipril", "dose": "5 mg", "since": "2024-03"}, {"name": "aspirin"}]
    letter = letter_of(content, case_from(answers(meds__list=table)))
    assert block_text(letter, "history") == (
        "Takes ramipril 5 mg (ACE inhibitor or angiotensin receptor blocker) since Mar 2024; "
        "aspirin (antiplatelet)."
    )


MEDICINES = [
    {"name": "Warfarin", "dose": "3 mg"},
    {"name": "Exforge", "class": "dhp_ccb"},
    {"name": "Pravastatin", "dose": "40 mg", "change": "stopped", "change_date": "2026-11"},
    {"name": "lithium stopped 2024"},
    {"name": "unheard of", "class": ["opioid", "qt_drug"]},
]


def test_a_stopped_medicine_is_told_as_stopped_and_a_doubtful_one_as_not_clear(
    content: Content,
) -> None:
    letter = letter_of(content, case_from(answers(meds__list=MEDICINES)))
    taken, _, rest = block_text(letter, "history").partition(" Not clear whether taken: ")
    unclear, _, stopped = rest.partition(" No longer taken: ")
    assert taken == (
        "Takes warfarin 3 mg; Exforge (dihydropyridine calcium-channel blocker, ACE "
        "inhibitor or angiotensin receptor blocker); unheard of (opioid, QT-prolonging drug)."
    )
    assert unclear == "lithium stopped 2024."
    assert stopped == "pravastatin 40 mg (statin), until Nov 2026."
    told = record_text(letter)
    assert "Pravastatin: 40 mg (statin), stopped Nov 2026" in told
    assert "no longer taken" not in told
    assert "lithium stopped 2024: not clear whether taken" in told


def test_nothing_else_is_not_said_against_a_medicine_on_the_list(content: Content) -> None:
    case = case_from(answers(meds__list=MEDICINES, meds__classes=["statin"]))
    letter = letter_of(content, case)
    history = block_text(letter, "history")
    assert "Takes warfarin 3 mg; Exforge; unheard of." in history
    assert "none of the listed" not in history
    classes = next(line for line in record_text(letter).split("\n") if "Classes" in line)
    assert classes == "Classes that matter: statin"


def test_a_class_that_only_the_list_of_medicines_names_is_told_with_its_medicine(
    content: Content,
) -> None:
    case = case_from(answers(meds__list=MEDICINES[:1], **{"meds.classes.statin": True}))
    letter = letter_of(content, case)
    assert block_text(letter, "history") == "Takes warfarin 3 mg."
    assert block_text(letter, "beware").startswith("Anticoagulant: warfarin 3 mg.")
    assert "Classes that matter: statin" in record_text(letter).split("\n")


def test_a_denied_class_or_finding_is_told_once_beside_what_the_list_says(
    content: Content,
) -> None:
    quinine = [{"name": "Quinine sulphate", "dose": "200 mg"}, {"name": "Indapamide"}]
    given = {"meds.classes.thiazide": False, "meds.classes.loop": False}
    case = case_from(answers(meds__list=quinine, meds__quinine=False, **given))
    letter = letter_of(content, case)
    assert block_text(letter, "history") == "Takes quinine sulphate 200 mg; indapamide."
    both = "Both recorded: no quinine or daily tonic water, medicines: quinine sulphate 200 mg"
    assert plain_text(letter).count(both) == 1
    told = record_text(letter)
    assert (
        "Contradictory: Quinine, tonic water: no; Medicines: Quinine sulphate 200 mg; Indapamide"
        in told
    )
    assert "Classes that matter: no: loop diuretic" in told


def test_a_list_of_what_was_stopped_alone_says_nothing_is_taken(content: Content) -> None:
    stopped = [{"name": "Warfarin", "change": "stopped"}]
    letter = letter_of(content, case_from(answers(meds__list=stopped, meds__classes=[])))
    assert block_text(letter, "history") == "No longer taken: warfarin."
    assert "Anticoagulant" not in block_text(letter, "beware")
    assert "Classes that matter: no" in record_text(letter)


def test_a_denial_says_whether_it_was_asked_alone_or_as_a_block(content: Content) -> None:
    block = {"state": "absent", "block": True}
    letter = letter_of(content, case_from(answers(neuro__dysphagia=False, neuro__dysarthria=block)))
    told = record_text(letter).split("\n")
    assert {"Trouble swallowing: no", "Slurred speech: (no)"} <= set(told)
    text = plain_text(letter)
    assert "- asked and absent: Trouble swallowing\n" in text
    assert "- absent, answered as one block: Slurred speech\n" in text


def test_a_closed_list_that_says_no_to_what_it_asks_is_not_introduced(content: Content) -> None:
    assert said(content, "sys.cns", **{"sys.cns": ["none_of_these"]}) == [
        "no brain or cord disease"
    ]
    (told,) = said(content, "sys.cns", **{"sys.cns": ["stroke"]})
    assert told == "brain or cord disease: stroke"


def test_a_row_of_the_medicines_tells_what_was_before_and_when_it_is_taken(
    content: Content,
) -> None:
    row_of = {
        "name": "Amlodipine",
        "change": "switched",
        "before": "nifedipine 30 mg",
        "timing": "cramps 2 hours after each dose",
        "online": True,
    }
    case = case_from(answers(**{"meds.list": [row_of]}))
    told = block_text(letter_of(content, case), "history")
    assert "switched within its class, before: nifedipine 30 mg" in told
    assert "timing: cramps 2 hours after each dose, bought online" in told
