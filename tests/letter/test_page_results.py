"""Results on page one: abnormal first with the limit, normal by name."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import answers, case_from, the_content
from tests.letter.test_examination import block_of, case_of, issued, words
from tests.recorded import making_of
from triage.letter.statements import strong
from triage.model.case import Case


def said(case: Case) -> str:
    block = block_of(making_of(case), "results")
    return " ".join(s.said for row in block.rows for s in row.statements)


def told(**given: Any) -> str:
    return said(case_from(answers(**{f"ix.{name}": value for name, value in given.items()})))


def test_the_sample() -> None:
    block = block_of(issued(case_of("sample")), "results")
    note, row = block.rows
    assert [s.style for s in note.statements] == ["free"]
    assert " ".join(s.said for s in row.statements) == (
        f"10 Nov 2026: {strong('CK 412 U/L')} (limit 320). Normal: sodium, potassium, creatinine, calcium, "
        "TSH, HbA1c, B12, haemoglobin, white cells, platelets, ESR (figures in the record). "
        "Pending: magnesium. Vital capacity: no spirometer."
    )
    assert [s.yields for s in row.statements] == [False, True, False, False]


def test_what_is_normal_on_other_days_says_so() -> None:
    assert said(case_of("sample_benign")) == (
        "ECG: sinus rhythm. "
        "Normal: platelets, ECG, QTc (12 Nov 2026); TSH (Sep 2026); figures in the record."
    )


def test_one_limit_stands_for_one_test() -> None:
    text = said(case_of("V13"))
    assert f"{strong('CK 1500 U/L')} (usual limit 320)" in text
    assert "200" not in text


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({}, "None yet."),
        ({"available": "none"}, "None yet."),
        ({"available": "awaited"}, "Results awaited."),
        ({"mri_cspine": "cord_compression"}, strong("MRI cervical spine: cord compression") + "."),
        ({"mri_cspine": "normal"}, "Normal: MRI cervical spine."),
        ({"ck": {"state": "unable", "reason": "no sample"}}, "CK: no sample."),
    ],
)
def test_what_is_there_and_what_is_not(given: dict[str, Any], text: str) -> None:
    assert told(**given) == text


def test_what_no_range_judges_is_told_with_its_figure() -> None:
    assert told(pef=300).startswith("Peak flow 300 ")


def test_the_newest_day_leads_and_the_abnormal_leads_its_day() -> None:
    text = told(
        ck={"value": 900, "date": "2026-11-01"},
        k={"value": 2.8, "date": "2026-11-10"},
        pef={"value": 300, "date": "2026-11-10"},
    )
    assert text.index("10 Nov 2026") < text.index("potassium") < text.index("peak flow")
    assert text.index("peak flow") < text.index("1 Nov 2026")


def test_many_normal_results_are_counted_where_their_names_do_not_fit() -> None:
    tests = the_content().form.in_section("results")
    names = [q.id for q in tests if q.kind == "result" and not q.options]
    plain = {name: {"reported": "normal"} for name in names}
    block = block_of(making_of(case_from(answers(**plain))), "results")
    (statement,) = block.all_statements()
    named = statement.text.removeprefix("Normal: ").partition(" and ")[0].split(", ")
    assert named[:2] == ["sodium", "potassium"]
    assert statement.text.endswith(f" and {len(plain) - len(named)} more (names in the record).")
    assert len(statement.covers) == len(plain)
    assert words(block) <= 40


def test_what_is_furthest_from_its_limit_comes_first() -> None:
    text = said(case_of("V13"))
    assert text.index("CK 1500") < text.index("eGFR 88")


def test_an_earlier_study_of_nerve_and_muscle_is_a_result_of_every_letter() -> None:
    row = {"place": "Other Hospital", "date": "2025-03", "said": "? block of the radial nerve"}
    text = said(case_from(answers(**{"emg.earlier": [row]})))
    assert "Other Hospital Mar 2025: ? block of the radial nerve" in text
