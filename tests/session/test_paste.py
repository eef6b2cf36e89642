"""Pasted reports: what is read is what was pasted, and what has two readings is asked."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import AT, TODAY, the_assessor, the_content
from tests.prove.numbers import Known, known
from tests.reports import (
    LAYOUTS,
    UNCELLED,
    Written,
    becomes,
    expected_of,
    patient,
    read,
    reports,
)
from triage.content.units import can_be, units_for
from triage.errors import EntryError
from triage.model.dates import PartialDate
from triage.model.history import History
from triage.model.values import Measurement, Result, Row, Table, Text, Unable, Value
from triage.session import Session
from triage.session.paste import MedicinesPreview, Preview, grammar
from triage.session.paste.read import names_of

NOV_2 = PartialDate(year=2026, month=11, day=2)
EDWIN = {
    **patient("Edwin", "Specimen", date(1966, 2, 14)),
    "patient.identifiers": Table(
        rows=(Row(cells=(("kind", "nhs_number"), ("value", "999 000 0018"))),)
    ),
}


def of(text: str, *, case: dict[str, Value] | None = None, profile: str = "uk") -> list[str]:
    """Return what each line of a report becomes."""
    return [becomes(entry) for entry in read(text, case, profile).entries]


# -- whole reports --------------------------------------------------------------------------------


@pytest.mark.parametrize("path", reports(), ids=lambda path: path.stem)
def test_a_report_is_read_line_by_line_as_expected(path: Path) -> None:
    expected = expected_of(path)
    reading = read(expected.text, expected.case, expected.profile)
    assert reading.stopped == expected.stopped
    assert [becomes(entry) for entry in reading.entries] == expected.becomes


def test_there_are_forty_reports_in_five_layouts() -> None:
    layouts = [path.stem.split("_")[0] for path in reports()]
    assert {layout: layouts.count(layout) for layout in layouts} == {
        "abroad": 8,
        "gp": 8,
        "hl7": 8,
        "line": 8,
        "table": 8,
    }


def test_every_line_that_is_not_blank_is_listed_unchanged() -> None:
    for path in reports():
        expected = expected_of(path)
        lines = expected.text.splitlines()
        if not expected.stopped:
            entries = read(expected.text, expected.case, expected.profile).entries
            listed = {entry.line: entry.text for entry in entries}
            assert listed == {n: line for n, line in enumerate(lines, 1) if line.strip()}


# -- made from values -----------------------------------------------------------------------------


def _results(seed: int) -> list[Known]:
    """Return up to six spelled results of different tests, in one profile."""
    rng = random.Random(seed)
    found: dict[str, Known] = {}
    while len(found) < rng.randint(1, 6):
        string = known(rng.randrange(2**32))
        profile = next((other.profile for other in found.values()), string.profile)
        if string.question.kind == "result" and string.profile == profile:
            found.setdefault(string.question.id, string)
    return list(found.values())


def _limits(string: Known, rng: random.Random) -> tuple[str, Decimal | None, Decimal | None]:
    low, high = string.value / 2, string.value * 2
    ends = [Decimal(f"{end:.2f}") for end in (low, high)]
    one_reading = all(can_be(string.question, end, string.unit) for end in ends)
    if not one_reading or rng.random() < 0.4:
        return "", None, None
    return f"{ends[0]} - {ends[1]}", ends[0], ends[1]


def _is_unasked(string: Known, layout: str) -> bool:
    parted = layout in UNCELLED and {" ", "\u00a0"} & set(string.number.strip("<>= "))
    units = [unit for unit in units_for(string.question) if unit.startswith(f"{string.unit} ")]
    return string.taken and not parted and not (string.spelling and units)


@settings(max_examples=100, deadline=None)
@given(seed=st.integers(0, 2**32), layout=st.sampled_from(list(LAYOUTS)))
def test_values_written_in_any_layout_are_read_back_exactly_or_asked(
    seed: int, layout: str
) -> None:
    rng = random.Random(seed)
    strings, wanted, written = _results(seed), [], []
    names = names_of(the_content().form)
    for string in strings:
        question = string.question
        # "10-Aug-2025 09:00 cortisol" is a time, and a test without one.
        every = (question.label, question.short, *question.say)
        spelled = [name for name in every if len(name) < 60 and ":00" not in name]
        name = rng.choice(spelled)
        named = names.find(name)
        assert named is not None, name
        assert named.questions == (question,)
        text, low, high = _limits(string, rng)
        day = TODAY - timedelta(days=rng.randrange(900))
        written.append(Written(name, string.number, string.spelling, text, day))
        wanted.append((string.value, string.comparator, string.unit, low, high, day))
    entries = read(LAYOUTS[layout](written), profile=strings[0].profile).entries[1:]
    assert len(entries) == len(strings)
    for string, entry, (*amount, day) in zip(strings, entries, wanted, strict=True):
        state = "records" if _is_unasked(string, layout) else "asks"
        assert entry.state == state, (entry, string)
        items = [take.item for meaning in entry.meanings for take in meaning.takes]
        found = [[i.value, i.comparator, i.unit, i.low, i.high] for i in items]
        assert amount in found, (entry, string)
        assert {item.date for item in items} == {PartialDate.of(day)}


@settings(max_examples=200, deadline=None)
@given(
    name=st.sampled_from(["CK", "Potassium", "Platelet count", "Ferritin", "Hb"]),
    numbers=st.lists(
        st.decimals(min_value=0, max_value=2_000_000, places=2).map(lambda n: f"{n.normalize():f}"),
        min_size=2,
        max_size=4,
    ),
    unit=st.sampled_from(["", " U/L", " mmol/L", " 10^9/L", " ug/L", " g/L"]),
    gap=st.sampled_from([" ", "  ", "\u00a0"]),
)
def test_several_numbers_in_a_row_are_never_taken_for_one(
    name: str, numbers: list[str], unit: str, gap: str
) -> None:
    (entry,) = read(f"{name} {gap.join(numbers)}{unit}").entries
    assert entry.state in ("asks", "left")


# -- names ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "CK-MB",
        "Active B12",
        "B12 (active)",
        "Free T3",
        "T4",
        "Venous glucose",
        "Non-fasting glucose",
        "Urine creatinine",
        "U-Kreatinin",
        "CA 19-9",
        "Vitamin C",
        "Vitamin B6",
        "Neutrophils",
        "Na/K ratio",
        "TSH receptor antibodies",
        "Calcium/phosphate product",
        "Prealbumin",
        "Potassium in Urine",
        "Cortisol",
    ],
)
def test_a_name_near_to_that_of_a_test_is_another_test(name: str) -> None:
    assert of(f"{name} 4.2") == ["1 left"]


@pytest.mark.parametrize(
    ("name", "question"),
    [
        ("SERUM POTASSIUM LEVEL", "ix.k"),
        ("Potassium, Serum", "ix.k"),
        ("S-Kalium", "ix.k"),
        ("Kinase, creatine", "ix.ck"),
        ("creatine-kinase", "ix.ck"),
        ("Creatine Kinase (CK)", "ix.ck"),
        ("Créatinine", "ix.creat"),
        ("Vitamin B 12", "ix.b12"),
        ("Calcium (adjusted)", "ix.ca_adj"),
        ("Free T4", "ix.ft4"),
        ("Thyroxine, free", "ix.ft4"),
        ("Potassium (mmol/L)", "ix.k"),
        ("Potassium mmol/L", "ix.k"),
        ("Serum potassium level (XE2pz)", "ix.k"),
        ("2823-3 anything at all", "ix.k"),
    ],
)
def test_case_accents_order_and_the_words_for_blood_do_not_matter(name: str, question: str) -> None:
    named = names_of(the_content().form).find(name)
    assert named is not None
    assert [q.id for q in named.questions] == [question]
    assert not named.asks


@pytest.mark.parametrize("name", ["Pottasium", "Potasium", "Serum potassiun", "Creatinne kinase"])
def test_a_slip_of_the_key_is_offered_and_never_taken(name: str) -> None:
    (entry,) = read(f"{name} 4.2 mmol/L" if "ot" in name else f"{name} 420 U/L").entries
    assert entry.state == "asks"
    assert entry.says == "Did you mean this test?"


# -- numbers, units, ranges -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("Potassium 4.1 3.5-5.3", "ix.k 4.1 mmol/L (3.5-5.3)"),
        ("Platelets 250 150-400", "ix.plt 250 10^9/L (150-400)"),
        ("Potassium: 4.1mmol/L(3.5-5.3)", "ix.k 4.1 mmol/L (3.5-5.3)"),
        ("CK 640 U/L (normal range: 40 to 320 U/L) H", "ix.ck 640 U/L (40-320)"),
        ("eGFR 90+", "ix.egfr >=90 mL/min/1.73m2"),
        ("CRP less than 5", "ix.crp <5 mg/L"),
        ("CRP<5", "ix.crp <5 mg/L"),
        ("Potassium 0.410 mmol/L", "ix.k 0.410 mmol/L"),
        ("Potassium 4·1 mmol/L", "ix.k 4.1 mmol/L"),
        ("Potassium\u00a04.1\u00a0mmol/L", "ix.k 4.1 mmol/L"),
        ("Potassium ٤٫١ mmol/L".replace("٫", "."), "ix.k 4.1 mmol/L"),
        ("• Potassium 4.1 mmol/L", "ix.k 4.1 mmol/L"),
        ("1) Potassium 4.1 mmol/L", "ix.k 4.1 mmol/L"),
        ("Potassium 4.1 mmol/L comment: slightly haemolysed", "ix.k 4.1 mmol/L"),
        ("CK &lt;40 U/L", "ix.ck <40 U/L"),
        ("INR 2.5 (2.0-3.0)", "ix.inr 2.5 (2.0-3.0)"),
    ],
)
def test_what_stands_around_a_number_is_read(line: str, wanted: str) -> None:
    assert of(line) == [f"1 {wanted}"]


@pytest.mark.parametrize(
    "line",
    [
        "Potassium 3.5-5.3",
        "Potassium 3.5 to 5.3 mmol/L",
        "Potassium (3.5-5.3)",
        "Potassium H",
        "Potassium 4.1 4.3 mmol/L",
        "Potassium 4.1 1:80",
        "Sodium 140 mmol/L Potassium 4.1 mmol/L",
        "Potassium 4.1.2",
        "Potassium 12/10",
        "Potassium " + "1" * 30,
        "CA 125 35 U/mL",
        "Potassium normal range 3.5",
        "Potassium: 3.5-5.3 4.1",
        "Potassium: 12/10",
        "PTH (1-84) 5.2 pmol/L",
    ],
)
def test_a_line_without_exactly_one_number_of_the_test_is_left(line: str) -> None:
    assert of(line) == ["1 left"]


def test_a_range_that_cannot_be_read_is_said_and_the_number_taken() -> None:
    (entry,) = read("CK 640 U/L (320-40)").entries
    assert becomes(entry) == "1 ix.ck 640 U/L"
    assert entry.checks == (
        "Creatine kinase: the laboratory's range is not read; type it in its field.",
    )


def test_a_dash_before_a_number_is_asked() -> None:
    assert of("K -4.1 mmol/L") == ["1 asks ix.k -4.1 mmol/L | ix.k 4.1 mmol/L"]
    assert of("K - 4.1 mmol/L") == ["1 ix.k 4.1 mmol/L"]


def test_a_number_outside_what_can_be_is_recorded_and_flagged() -> None:
    (entry,) = read("Potassium 41 mmol/L").entries
    assert becomes(entry) == "1 ix.k 41 mmol/L"
    assert "41 mmol/L is outside what can be" in entry.checks[0]


def test_the_bounds_of_what_can_be_are_written_in_groups() -> None:
    (entry,) = read("CK 64000000 U/L").entries
    assert "64 000 000 U/L is outside what can be (5 to 2 000 000 U/L)" in entry.checks[0].replace(
        "\u202f", " "
    )


@pytest.mark.parametrize(
    ("line", "is_odd"),
    [
        ("CK 250 U/L H (40-320)", True),
        ("CK 640 U/L H (40-320)", False),
        ("CK 640 U/L L (40-320)", True),
        ("CK 250 U/L N (40-320)", False),
    ],
)
def test_a_flag_that_the_range_denies_is_said(line: str, is_odd: bool) -> None:
    (entry,) = read(line).entries
    assert bool(entry.checks) == is_odd


def test_what_is_said_behind_a_result_is_told_as_not_recorded() -> None:
    (entry,) = read("Potassium 5.9 mmol/L (3.5-5.3) Sample slightly haemolysed").entries
    assert becomes(entry) == "1 ix.k 5.9 mmol/L (3.5-5.3)"
    assert entry.said == "Sample slightly haemolysed"


def test_two_numbers_are_a_blood_pressure_by_name_or_by_their_unit() -> None:
    wanted = ["1 gen.bp_sys 138 mmHg & gen.bp_dia 82 mmHg"]
    assert of("BP 138/82") == wanted
    assert of("Blood pressure: 138/82 mmHg") == wanted
    assert of("138/82 mmHg") == wanted
    assert of("BP standing 110/70") == [
        "1 gen.bp_standing_sys 110 mmHg & gen.bp_standing_dia 70 mmHg"
    ]
    assert of("138/82") == ["1 left"]
    assert of("Pulse 138/82") == ["1 left"]


# -- days -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "spelled",
    [
        "02/11/2026",
        "2/11/26",
        "02.11.2026",
        "02-11-2026",
        "2026-11-02",
        "2026-11-02T09:14:00",
        "2 Nov 2026",
        "02-Nov-2026",
        "02-Nov-26",
        "2nd of November 2026",
        "Nov 2, 2026",
        "02/11/2026 09:14",
    ],
)
def test_a_date_is_read_wherever_it_stands(spelled: str) -> None:
    for text in (f"{spelled} K 4.1", f"K 4.1 mmol/L {spelled}", f"K ({spelled}) 4.1 mmol/L"):
        assert of(text) == ["1 ix.k 4.1 mmol/L 2026-11-02"], text
    assert of(f"Collected: {spelled}\nK 4.1")[1] == "2 ix.k 4.1 mmol/L 2026-11-02"


@pytest.mark.parametrize(
    "heading",
    ["Date of birth: 02/11/1966", "Printed: 02/11/2026", "Next appointment 02/11/2026", "Page 2"],
)
def test_not_every_date_is_that_of_the_results(heading: str) -> None:
    assert of(f"{heading}\nK 4.1")[1] == "2 ix.k 4.1 mmol/L"


def test_the_day_of_the_sample_counts_before_that_of_the_report() -> None:
    text = "Reported 04/11/2026\nCollected 02/11/2026\nReceived 03/11/2026\nK 4.1"
    assert of(text)[3] == "4 ix.k 4.1 mmol/L 2026-11-02"


def test_a_report_date_under_results_is_asked_before_it_counts_for_more() -> None:
    text = "Collected 02/11/2026\nK 4.1\nReported 04/11/2026"
    assert of(text) == ["1 serves", "2 ix.k 4.1 mmol/L 2026-11-02", "3 serves"]
    assert of(f"{text}\nNa 140")[2:] == ["3 asks day 2026-11-02 | day 2026-11-04", "4 waits"]


def test_a_day_to_come_is_flagged() -> None:
    heading, result = read("Collected: 2 Dec 2026\nK 4.1").entries
    assert heading.checks == ("This day is still to come.",)
    assert any("after the date of this case" in check for check in result.checks)


def test_a_request_without_a_day_does_not_inherit_that_of_the_one_before() -> None:
    observation = "OBX|1|NM|2823-3^Potassium^LN||4.1|mmol/L"
    text = f"OBR|1|||A^A^L|||20261102\n{observation}\nOBR|2|||B^B^L\n{observation}"
    assert of(text)[1::2] == ["2 ix.k 4.1 mmol/L 2026-11-02", "4 ix.k 4.1 mmol/L"]


def test_a_heading_in_the_cells_of_a_table_counts_for_the_rows_below_it() -> None:
    text = "Test\tResult\tUnits\nCollected:\t02/11/2026\nPotassium\t4.1\tmmol/L"
    assert of(text) == ["1 serves", "2 serves", "3 ix.k 4.1 mmol/L 2026-11-02"]


@pytest.mark.parametrize(
    "behind",
    [
        "(previous 4.4 on 01/10/2026)",
        "repeated 01/10/2026",
        "; last was 4.4, 01/10/2026",
        "was to be repeated on 1 Oct 2026",
    ],
)
def test_a_date_in_what_is_said_behind_a_result_is_asked(behind: str) -> None:
    (_, entry) = read(f"Collected 02/11/2026\nK 4.1 mmol/L {behind}").entries
    assert becomes(entry) == "2 asks ix.k 4.1 mmol/L 2026-10-01 | ix.k 4.1 mmol/L 2026-11-02"


def test_a_date_behind_several_results_is_that_of_all() -> None:
    assert of("Na 140, K 4.1, CK 640 U/L on 2/11/26") == [
        "1 ix.na 140 mmol/L 2026-11-02",
        "1 ix.k 4.1 mmol/L 2026-11-02",
        "1 ix.ck 640 U/L 2026-11-02",
    ]


@pytest.mark.parametrize("spelled", ["24/11/26", "24-Nov-26", "24.11.26"])
def test_a_year_of_two_digits_is_not_silently_of_the_last_century(spelled: str) -> None:
    assert of(f"K 4.1 mmol/L {spelled}") == [
        "1 asks ix.k 4.1 mmol/L 1926-11-24 | ix.k 4.1 mmol/L 2026-11-24"
    ]


@pytest.mark.parametrize(
    ("profile", "proof"),
    [
        ("uk", "Date of birth: 03/25/1960"),
        ("uk", "Mg 0.8 mmol/L 10/13/2026"),
        ("us", "Mg 0.8 mmol/L 13/10/2026"),
        ("eu", "Reported 10/13/2026"),
    ],
)
def test_one_day_in_the_other_order_makes_every_date_of_the_report_a_question(
    profile: str, proof: str
) -> None:
    first, second = ("2026-04-03", "2026-03-04")
    first, second = (second, first) if profile == "us" else (first, second)
    text = f"K 4.1 mmol/L 03/04/2026\nNa 140 mmol/L 2026-11-05\nCK 640 U/L 05/05/2026\n{proof}"
    assert of(text, profile=profile)[:3] == [
        f"1 asks ix.k 4.1 mmol/L {first} | ix.k 4.1 mmol/L {second}",
        "2 ix.na 140 mmol/L 2026-11-05",
        "3 ix.ck 640 U/L 2026-05-05",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Potassium\nMagnesium\n4.1\n0.8",
        "Sodium\n\nPotassium\nMagnesium\n140\n4.1\n0.8",
        "Magnesium:\nPotassium:\n4.1 mmol/L",
    ],
)
def test_a_number_below_several_names_is_of_none_of_them(text: str) -> None:
    assert not any(entry.meanings for entry in read(text).entries)


@pytest.mark.parametrize(
    "line", ["K=4.1 Na=140 Ca=2.3", "K 4.1 Na:140", "CK 640 CK-MB=12", "K 4.1 mmol/L Na = 140"]
)
def test_a_second_result_behind_the_first_is_not_its_unit(line: str) -> None:
    assert of(line) == ["1 left"]


@pytest.mark.parametrize(
    ("line", "becomes"),
    [
        ("K ４．１ mmol/L", "1 ix.k 4.1 mmol/L"),
        ("K ٤٫١ mmol/L", "1 ix.k 4.1 mmol/L"),
        ("CK ١٢٬٤٥٠ U/L", "1 ix.ck 12450 U/L"),
        ("CK １２，４５０ U/L", "1 asks ix.ck 12.45 U/L | ix.ck 12450 U/L"),
    ],
)
def test_the_separators_of_other_scripts_are_read(line: str, becomes: str) -> None:
    assert of(line) == [becomes]


@pytest.mark.parametrize(
    ("one", "other", "stops"),
    [
        ("NHS 999 000 0018", "NHS 999 000 0026", True),
        ("NHS 999 000 0018", "NHS 9990000018", False),
        ("NHS 999 000 0018", "CHI 010150 0018", False),
        ("PID|1||111^^^NHS||||", "PID|1||222^^^NHS||||", True),
        ("PID|1||111^^^HOSPITAL~222^^^HOSPITAL", "PID|1||222^^^HOSPITAL~111^^^HOSPITAL", False),
    ],
)
def test_two_numbers_of_one_kind_are_two_patients(one: str, other: str, *, stops: bool) -> None:
    reading = read(f"{one}\nOBX|1|NM|^K||4.1|mmol/L||||F\n{other}\nNa 140 mmol/L")
    assert bool(reading.stopped) is stops


def test_two_dates_on_a_line_are_asked() -> None:
    text = "02/11/2026 K 4.1 mmol/L 04/11/2026"
    assert of(text) == ["1 asks ix.k 4.1 mmol/L 2026-11-02 | ix.k 4.1 mmol/L 2026-11-04"]


# -- the patient ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "other"),
    [
        ("Patient: SAMPLE, Nora", "SAMPLE, Nora"),
        ("Name: Nora Sample", "Nora Sample"),
        ("Patient name\tNora Sample", "Nora Sample"),
        ("SAMPLE, Nora", "SAMPLE, Nora"),
        ("10-Nov-2026 07:55 SAMPLE Nora", "SAMPLE Nora"),
        ("Surname: SAMPLE  Forename: Nora", "SAMPLE, Nora"),
        ("Patient: Edwina Specimen", "Edwina Specimen"),
        ("Patient: Edwin Sample", "Edwin Sample"),
        ("DOB: 03/01/1960", "born 3 Jan 1960"),
        ("Name: Edwin Specimen, DOB: 03/01/1960", "born 3 Jan 1960"),
        ("Name: Edwin Specimen, NHS No 999 000 0026", "NHS 999 000 0026"),
        ("born 14 Feb 1967", "born 14 Feb 1967"),
        ("NHS No. 999 000 0026", "NHS 999 000 0026"),
        ("PID|1||1^^^L||SAMPLE^NORA||19600103|F", "SAMPLE, NORA"),
        ("PID|1||9990000026^^^NHS^NH||||", "NHS 9990000026"),
    ],
)
def test_a_report_of_another_patient_is_not_read(line: str, other: str) -> None:
    for text in (f"{line}\nK 4.1", f"K 4.1\n{line}"):
        reading = read(text, EDWIN)
        assert reading.stopped == f"The text names another patient: {other}. Nothing was read."
        assert reading.entries == ()


@pytest.mark.parametrize(
    "line",
    [
        "Patient: SPECIMEN, Edwin James",
        "Name: Mr Edwin Specimen  DOB: 14/02/1966  NHS No: 999 000 0018",
        "Mr E Specimen",
        "Patient: Mr Specimen",
        "10-Nov-2026 07:55 SPECIMEN Edwin",
        "born 14/02/1966",
        "NHS number 9990000018",
        "PID|1||9990000018^^^NHS^NH||SPECIMEN^EDWIN||19660214|M",
    ],
)
def test_a_report_of_this_patient_is_read(line: str) -> None:
    reading = read(f"{line}\nK 4.1 mmol/L 02/11/2026", EDWIN)
    assert not reading.stopped
    assert "agrees with the patient" in reading.entries[0].says
    assert becomes(reading.entries[1]) == "2 ix.k 4.1 mmol/L 2026-11-02"


@pytest.mark.parametrize(
    "line",
    [
        "LIVER Profile",
        "02/11/2026 FULL Blood Count",
        "Patient: fasting",
        "GP name: Dr A. Example",
        "Consultant: Example, Ann",
        "Test name: Potassium",
    ],
)
def test_what_only_looks_like_a_name_stops_nothing(line: str) -> None:
    assert not read(f"{line}\nK 4.1", EDWIN).stopped


def test_a_name_is_told_where_the_case_has_none() -> None:
    reading = read("Patient: SAMPLE, Nora\nK 4.1")
    assert reading.names == "The text names SAMPLE, Nora."
    assert not reading.stopped


def test_a_report_of_two_patients_is_not_read() -> None:
    text = "Patient: SAMPLE, Nora\nK 4.1\nPatient: SPECIMEN, Edwin\nK 5.9"
    assert read(text).stopped == "The text names more than one patient. Nothing was read."


# -- beside what is there -------------------------------------------------------------------------


def result(question: str, *items: Measurement) -> dict[str, Value]:
    return {question: Result(items=items)}


def test_an_equal_result_of_the_day_is_left_out_whatever_its_unit() -> None:
    there = result("ix.hb", Measurement(value=Decimal("138"), unit="g/L", date=NOV_2))
    for line in ("Hb 138 g/L 02/11/2026", "Hb 13.8 g/dL 02/11/2026"):
        (entry,) = read(line, there).entries
        assert becomes(entry) == "1 left"
        assert entry.says == "left out: the same result of 2 Nov 2026 is there already"


def test_a_result_of_another_day_is_added_and_one_of_the_same_day_asks() -> None:
    there = result("ix.k", Measurement(value=Decimal("4.1"), unit="mmol/L", date=NOV_2))
    assert of("K 4.4 14/05/2026", case=there) == ["1 ix.k 4.4 mmol/L 2026-05-14"]
    assert of("K 4.4 02/11/2026", case=there) == [
        "1 asks ix.k 4.4 mmol/L 2026-11-02 | ix.k 4.4 mmol/L 2026-11-02 instead of 4.1 mmol/L"
    ]


def test_an_undated_result_counts_as_of_the_case() -> None:
    there = result("ix.k", Measurement(value=Decimal("4.1"), unit="mmol/L"))
    today = f"{TODAY:%d/%m/%Y}"
    assert of(f"K 4.1 {today}", case=there) == ["1 left"]
    assert of("K 4.1", case=there) == ["1 left"]


def test_a_result_goes_in_the_place_of_pending() -> None:
    there = result("ix.tsh", Measurement(pending=True, date=NOV_2))
    assert of("TSH 2.1 mU/L 02/11/2026", case=there) == [
        "1 ix.tsh 2.1 mIU/L 2026-11-02 instead of pending"
    ]


def test_what_was_recorded_as_unable_is_said() -> None:
    (entry,) = read("K 4.1", {"ix.k": Unable(reason="no blood")}).entries
    assert entry.checks == ("Potassium: recorded as unable until now.",)


# -- the preview ----------------------------------------------------------------------------------


def preview(text: str, *given: tuple[str, Value]) -> tuple[Preview, Session]:
    session = Session(the_assessor(), History(), lambda: AT)
    if given:
        session.set_all(dict(given))
    return Preview(session, text, "results"), session


REPORT = """Collected: 02/11/2026
Potassium 4.1 mmol/L (3.5-5.3)
CK 12,450 U/L (40-320)
Zinc 12 µmol/L
Slightly haemolysed"""


def test_nothing_is_recorded_before_it_is_confirmed_and_then_as_one_step() -> None:
    made, session = preview(REPORT)
    assert session.history.n == 0
    assert made.title == "Paste of results: 1 of 5 lines read, 1 asks"
    assert made.does == "1 result"
    assert made.first_open == 2
    assert made.answer(2, 2)
    assert made.does == "2 results"
    made.note(4)
    assert made.does == "2 results, 1 line to the notes"
    assert made.record() == ("Recorded: 2 results, 1 line to the notes. Ctrl+Z takes it back.")
    assert session.case["ix.ck"] == Result(
        items=(
            Measurement(
                value=Decimal("12450"),
                unit="U/L",
                low=Decimal("40"),
                high=Decimal("320"),
                date=NOV_2,
                typed="12,450 U/L (40-320)",
            ),
        )
    )
    assert session.case["note.results"] == Text(text="Slightly haemolysed")
    session.undo()
    assert dict(session.case) == {}


def test_a_line_that_was_not_answered_is_not_recorded_and_said() -> None:
    made, session = preview(REPORT)
    assert made.record().endswith("Ctrl+Z takes it back. 1 line not answered: not recorded.")
    assert set(session.case) == {"ix.k"}


def test_a_line_is_left_out_and_taken_in_again() -> None:
    made, _ = preview(REPORT)
    made.leave_out(1)
    assert made.shown(1) == "out"
    assert made.does == ""
    made.leave_out(1)
    assert made.does == "1 result"
    made.leave_out(0)
    assert made.shown(0) == "serves"


def test_all_lines_that_are_left_go_to_the_notes_together() -> None:
    made, session = preview(REPORT, ("note.results", Text(text="Seen by phone.")))
    made.note_left(True)
    assert made.does == "1 result, 2 lines to the notes"
    made.record()
    assert session.case["note.results"] == Text(
        text="Seen by phone.\nZinc 12 µmol/L\nSlightly haemolysed"
    )


def test_an_edited_line_is_read_anew() -> None:
    made, _ = preview(REPORT)
    made.answer(2, 1)
    made.edit(2, "CK 12450 U/L (40-320)")
    assert made.shown(2) == "records"
    assert becomes(made.entries[2]) == "3 ix.ck 12450 U/L (40-320) 2026-11-02"
    made.edit(2, "CK 12,450 U/L (40-320)")
    assert made.shown(2) == "asks"


def test_the_day_of_a_heading_is_asked_once_for_the_lines_below_it() -> None:
    made, session = preview("Collected: 02/13/2026\nK 4.1\nNa 140")
    assert [made.shown(at) for at in range(3)] == ["asks", "waits", "waits"]
    assert made.record().endswith("3 lines not answered: not recorded.")
    assert made.answer(0, 1)
    assert [made.shown(at) for at in range(3)] == ["serves", "records", "records"]
    made.record()
    k = session.case["ix.k"]
    assert isinstance(k, Result)
    assert k.items[0].date == PartialDate(year=2026, month=2, day=13)


def test_an_answer_counts_for_the_lines_below_it() -> None:
    made, _ = preview("CK 12,450 U/L 2/11/26\nCK 12450 U/L 2/11/26\nCK 640 U/L 2/11/26")
    assert [made.shown(at) for at in range(3)] == ["asks", "records", "asks"]
    made.answer(0, 2)
    assert [made.shown(at) for at in range(3)] == ["records", "left", "asks"]


def test_a_correction_replaces_and_a_repeat_is_added() -> None:
    old = Measurement(value=Decimal("5.9"), unit="mmol/L", date=NOV_2)
    for number, values in ((1, ["5.9", "4.4"]), (2, ["4.4"])):
        made, session = preview("K 4.4 02/11/2026", ("ix.k", Result(items=(old,))))
        assert made.answer(0, number)
        made.record()
        k = session.case["ix.k"]
        assert isinstance(k, Result)
        assert [str(item.value) for item in k.items] == values


def test_results_of_several_days_are_added_in_one_step() -> None:
    text = "Test\t02/11/2026\t14/05/2026\nPotassium\t4.1\t4.4"
    made, session = preview(text)
    made.record()
    k = session.case["ix.k"]
    assert isinstance(k, Result)
    assert [(str(i.value), i.date.iso() if i.date else "") for i in k.items] == [
        ("4.1", "2026-11-02"),
        ("4.4", "2026-05-14"),
    ]
    session.undo()
    assert dict(session.case) == {}


# -- bounds ---------------------------------------------------------------------------------------


HOSTILE = {
    "digits": "1" * 1900,
    "grouped digits": "1,234" * 380,
    "blank groups": "Potassium " + "123 " * 450,
    "blanks": "Potassium" + " " * 1900 + "4.1",
    "brackets": "Potassium 4.1 " + "(" * 1800,
    "nested brackets": "Potassium 4.1 " + "(1-2" * 400,
    "flags": "Potassium 4.1 " + "* " * 900,
    "words": "Potassium 4.1 mmol/L " + "word " * 370,
    "dates": "02/11/2026 " * 170,
    "half dates": "02/11/" * 300,
    "dots": "Potassium" + "." * 1900,
    "dashes": "Potassium " + "-" * 1900,
    "signs": "<" * 1900,
    "colons": "a:" * 900,
    "units": "Potassium 4.1 " + "mmol/" * 370,
    "bars": "|" * 1900,
    "names": "Name: " + "A" * 1900,
    "born": "born " * 380,
    "segment": "OBX|1|NM|" + "^" * 1900,
    "commas": "a, " * 630,
}


@contextmanager
def counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], int]]:
    """Count the calls of Python functions: steps of work, whatever the machine."""
    import sys

    calls = 0

    def count(frame: Any, event: str, arg: Any) -> None:
        nonlocal calls
        calls += event == "call"

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        yield lambda: calls
    finally:
        sys.setprofile(before)


@pytest.mark.parametrize("name", list(HOSTILE))
def test_a_hostile_line_costs_no_more_than_its_length(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = HOSTILE[name]
    with counted(monkeypatch) as once:
        read(line)
        one = once()
    with counted(monkeypatch) as all_:
        read("\n".join([line] * 20))
        twenty = all_()
    assert one < 60_000
    assert twenty <= 25 * one


@pytest.mark.parametrize("text", ["x" * 200_001, "K 4.1\n" * 5_001], ids=["characters", "lines"])
def test_a_text_that_is_too_large_is_refused_with_what_to_do(text: str) -> None:
    with pytest.raises(EntryError, match=r"paste the report in parts"):
        read(text)


def test_every_pattern_is_bounded() -> None:
    """No pattern of the grammar repeats without an end, so that none can be tried in ever more ways."""
    patterns = [p for p in vars(grammar).values() if hasattr(p, "pattern")]
    assert len(patterns) > 10
    allowed = {grammar.CELLS.pattern, grammar.LEADER.pattern, grammar.DAY.pattern}
    for pattern in patterns:
        text = pattern.pattern.replace(r"\+", "").replace(r"\*", "").replace("[", "[")
        outside = "".join(_outside_classes(text))
        assert pattern.pattern in allowed or not set("*+") & set(outside), pattern.pattern


def _outside_classes(pattern: str) -> Iterator[str]:
    inside = False
    for char in pattern:
        if char == "[":
            inside = True
        elif char == "]":
            inside = False
        elif not inside:
            yield char


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.text(alphabet="Kk 4.1,-/()[]|\t:;<>mol/L%*HNT2026Nov\u00a0’\u202f", max_size=60),
        max_size=8,
    )
)
def test_any_text_is_read_or_left_and_never_fails(lines: list[str]) -> None:
    reading = read("\n".join(lines))
    for entry in reading.entries:
        assert entry.text.strip()
        assert (entry.state in ("records", "asks")) == bool(entry.meanings)
        assert entry.state != "records" or len(entry.meanings) == 1


# -- sentences, columns of days, and a date at the foot -------------------------------------------


@pytest.mark.parametrize(
    ("line", "becomes_"),
    [
        (
            "Na 131, K 3.1 (2.11.26). CK 220. Mg not done. TSH pending",
            [
                "1 ix.na 131 mmol/L 2026-11-02",
                "1 ix.k 3.1 mmol/L 2026-11-02",
                "1 asks ix.ck 220 U/L 2026-11-02 | ix.ck 220 U/L",
                "1 left",
                "1 ix.tsh pending",
            ],
        ),
        (
            "CK 1,250 (2.11.26), 980 (9.11.26)",
            ["1 ix.ck 1250 U/L 2026-11-02", "1 ix.ck 980 U/L 2026-11-09"],
        ),
        # Of a month alone the year is not said.
        ("CK 412 (Jan)", ["1 asks ix.ck 412 U/L 2026-01 | ix.ck 412 U/L"]),
        ("CK 412 (Jan 2025)", ["1 ix.ck 412 U/L 2025-01"]),
        ("CK 412 (2024)", ["1 ix.ck 412 U/L 2024"]),
        ("CK 412, 640", ["1 left"]),
        ("Ca 2.05 (adj)", ["1 ix.ca_adj 2.05 mmol/L"]),
        ("FBC: Hb 138 g/L, Plt 245", ["1 ix.hb 138 g/L", "1 ix.plt 245 10^9/L"]),
        # What a scan took for a digit, or the other way round.
        ("B12 34O", ["1 left"]),
        ("TSH 2.l", ["1 left"]),
        ("CK 41l U/L", ["1 left"]),
    ],
)
def test_a_line_of_a_record_is_read_in_its_parts(line: str, becomes_: list[str]) -> None:
    assert of(line) == becomes_


def test_dates_over_columns_are_each_of_its_own() -> None:
    table = """            12/09/26   15/10/26   02/11/26
CK            380        512        640
TSH           -          2.1        -
"""
    assert of(table) == [
        "1 serves",
        "2 ix.ck 380 U/L 2026-09-12",
        "2 ix.ck 512 U/L 2026-10-15",
        "2 ix.ck 640 U/L 2026-11-02",
        "3 ix.tsh 2.1 mIU/L 2026-10-15",
    ]
    # A row that lost its cells is of none of them for sure.
    assert of("12/09/26   15/10/26\nTSH   2.1")[1] == "2 waits"


def test_a_date_at_the_foot_asks_whether_it_is_of_what_stands_above() -> None:
    text = "Sodium 138 mmol/L\nPotassium 3.3 mmol/L\nReport date 02-Nov-2026"
    assert of(text)[:2] == ["1 waits", "2 waits"]
    session = Session(the_assessor(), History(), lambda: AT)
    preview = Preview(session, text, "results")
    assert not preview.does
    assert preview.answer(2, 1)
    assert [preview.shown(at) for at in range(3)] == ["records", "records", "serves"]
    assert preview.does == "2 results"
    taken = [e.chosen.takes[0].item.date for e in preview.entries[:2] if e.chosen]
    assert taken == [NOV_2, NOV_2]
    assert preview.answer(2, 2)
    assert [e.chosen.takes[0].item.date for e in preview.entries[:2] if e.chosen] == [None, None]
    assert preview.shown(2) == "serves"
    # Where the results have a day, one at the foot is of no use.
    dated = of(f"Collected 01-Nov-2026\n{text}")
    assert dated[1] == "2 ix.na 138 mmol/L 2026-11-01"


# -- medicines ------------------------------------------------------------------------------------


def test_medicines_between_commas_are_rows_and_an_allergy_is_none() -> None:
    session = Session(the_assessor(), History(), lambda: AT)
    text = "metformin 1g bd, ramipril 10mg od, turmeric\nAllergies: Penicillin\nNil else"
    preview = MedicinesPreview(session, text, "general")
    assert [(entry.line, entry.state) for entry in preview.entries] == [
        (1, "records"),
        (1, "records"),
        (1, "records"),
        (2, "left"),
        (3, "left"),
    ]
    preview.leave_out(2)
    preview.record()
    table = session.case["meds.list"]
    assert isinstance(table, Table)
    assert [row.get("name") for row in table.rows] == ["metformin", "ramipril"]


def test_the_day_since_when_a_pasted_medicine_is_taken_stands_in_its_column() -> None:
    session = Session(the_assessor(), History(), lambda: AT)
    text = "Simvastatin 40 mg nocte since 2021\nBendroflumethiazide since Mar 2024\nRamipril 5mg since the stroke"
    preview = MedicinesPreview(session, text, "general")
    preview.record()
    table = session.case["meds.list"]
    assert isinstance(table, Table)
    told = [(row.get("name"), row.get("dose"), row.get("since")) for row in table.rows]
    assert told == [
        ("Simvastatin", "40 mg nocte", "2021"),
        ("Bendroflumethiazide", None, "2024-03"),
        ("Ramipril", "5mg since the stroke", None),
    ]
