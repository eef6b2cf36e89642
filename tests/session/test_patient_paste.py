"""Pasted details of a patient: what a record system copies is read, whoever is meant, and nobody else."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import AT, the_assessor
from triage.model.history import History
from triage.model.values import Choice, Date, Row, Table, Text, Value
from triage.session import Session
from triage.session.days import full_day
from triage.session.paste import PatientPreview, is_patient

NHS = Table(rows=(Row(cells=(("kind", "nhs_number"), ("value", "999 000 1022"))),))
LINES = """PLACEHOLDER, Ada (Mrs)
Date of birth: 30-Jun-1955 (71y)
NHS number: 999 000 1022
Gender: Female
Address: 4 Sample Row, Testford TS2 2BB
Tel: 01632 960112
"""
LABELLED = """Surname: Placeholder
Forenames: Ada Maria
D.O.B. 30/06/1955
Sex at birth: Female
Mobile: 07700 900123
Home tel 01632 960112
Address:
4 Sample Row
Testford
TS2 2BB
Next of kin: John Placeholder, Tel 01632 960199
GP: Dr Ruth SAMPLE, Example Street Surgery, 1 Example Street, Tel 01632 960102
Email address: ada@example.org
"""


def fresh(profile: str = "uk", **answers: Value) -> Session:
    session = Session(the_assessor(), History(), lambda: AT)
    session.set_all({"case.profile": Choice(option=profile), **answers})
    return session


def told(preview: PatientPreview) -> list[str]:
    """Return what each part of each line becomes: its state, and all that it may record."""
    return [
        " | ".join([entry.state, *("; ".join(line[1] for line in m.lines) for m in entry.meanings)])
        for entry in preview.entries
    ]


def recorded(text: str, **answers: Value) -> dict[str, Value]:
    """Return what the text records where all that asks is answered with its first reading."""
    session = fresh(**answers)
    before = dict(session.case)
    preview = PatientPreview(session, text, "patient")
    for at, entry in enumerate(preview.entries):
        if entry.state == "asks":
            assert preview.answer(at, 1)
    preview.record()
    return {key: value for key, value in session.case.items() if before.get(key) != value}


def test_the_lines_of_a_record_system_become_answers_and_gender_asks() -> None:
    assert told(PatientPreview(fresh(), LINES, "patient")) == [
        "records | PLACEHOLDER; Ada",
        "records | 30 Jun 1955",
        "records | 999 000 1022",
        "asks | female",
        "records | 4 Sample Row, Testford TS2 2BB",
        "records | 01632 960112",
    ]
    found = recorded(LINES)
    born = found.pop("patient.dob")
    assert isinstance(born, Date)
    assert str(full_day(born)) == "1955-06-30"
    assert found == {
        "patient.family_name": Text(text="PLACEHOLDER"),
        "patient.given_name": Text(text="Ada"),
        "patient.identifiers": NHS,
        "patient.sex_at_birth": Choice(option="female"),
        "patient.address": Text(text="4 Sample Row, Testford TS2 2BB"),
        "patient.phone": Text(text="01632 960112"),
    }


@pytest.mark.parametrize(
    ("line", "becomes"),
    [
        (
            "PLACEHOLDER, Ada (Mrs)\tBorn 30-Jun-1955 (71y)\tGender Female\tNHS No. 999 000 1022",
            ["PLACEHOLDER; Ada", "30 Jun 1955", "999 000 1022", "female"],
        ),
        (
            "Mrs Ada PLACEHOLDER   30 Jun 1955 (71 y)   F   NHS 999 000 1022",
            ["PLACEHOLDER; Ada", "999 000 1022", "30 Jun 1955", "female"],
        ),
        (
            "SPECIMEN Edmund 09 Mar 1968 (58 yrs) M NHS: 999 000 1006",
            ["SPECIMEN; Edmund", "999 000 1006", "9 Mar 1968", "male"],
        ),
        ("Patient: van der Sample, Noor  DOB 1971-02-03", ["van der Sample; Noor", "3 Feb 1971"]),
        (
            "Re: Mrs Ada PLACEHOLDER, DOB: 30/6/55, NHS No: 999 000 1022",
            ["PLACEHOLDER; Ada", "30 Jun 1955", "999 000 1022"],
        ),
        (
            "Patient: PLACEHOLDER Ada, DOB 30.06.1955, NHS 9990001022",
            ["PLACEHOLDER; Ada", "30 Jun 1955", "9990001022"],
        ),
        ("DE LA SAMPLE, María José", ["DE LA SAMPLE; María José"]),
        ("Placeholder, Ada", ["Placeholder; Ada"]),
        # Home and mobile are no sexes, and a place is no name.
        ("Tel (M) 07700 900123", ["07700 900123"]),
        ("Testford, Sample Row 4", [""]),
        ("Date of death: 01/02/2026", [""]),
        # Which of two names is the family's nobody can know.
        (
            "Name: Ada Placeholder, DOB: 30/06/1955",
            ["Placeholder; Ada | Ada; Placeholder", "30 Jun 1955"],
        ),
        ("Name: Noor van der Sample", ["van der Sample; Noor | Noor; van der Sample"]),
    ],
)
def test_a_line_is_read_as_its_parts(line: str, becomes: list[str]) -> None:
    parts = [part.partition(" | ")[2] for part in told(PatientPreview(fresh(), line, "patient"))]
    assert parts == becomes


def test_of_somebody_else_nothing_is_read() -> None:
    found = recorded(LABELLED)
    assert found["patient.given_name"] == Text(text="Ada Maria")
    assert found["patient.phone"] == Text(text="07700 900123")
    assert found["patient.address"] == Text(text="4 Sample Row, Testford, TS2 2BB")
    assert not any("960199" in str(v) or "Ruth" in str(v) for v in found.values())
    states = [entry.state for entry in PatientPreview(fresh(), LABELLED, "patient").entries]
    # A second telephone, the kin, the doctor and the mail.
    assert states.count("left") == 4


def test_a_birth_date_in_the_order_of_another_country_asks() -> None:
    text = "Surname: Placeholder\nDOB: 06/30/1955"
    assert told(PatientPreview(fresh(), text, "patient"))[1] == "asks | 30 Jun 1955"
    assert told(PatientPreview(fresh("us"), text, "patient"))[1] == "records | 30 Jun 1955"
    assert (
        told(PatientPreview(fresh(), text.replace("30", "03"), "patient"))[1]
        != (told(PatientPreview(fresh("us"), text.replace("30", "03"), "patient"))[1])
    )


@pytest.mark.parametrize(
    "other",
    [
        {"patient.family_name": Text(text="Specimen")},
        {
            "patient.identifiers": Table(
                rows=(Row(cells=(("kind", "nhs_number"), ("value", "9990001006"))),)
            )
        },
    ],
)
def test_another_patient_stops_it_and_so_do_two(other: dict[str, Value]) -> None:
    preview = PatientPreview(fresh(**other), LINES, "patient")
    assert preview.reading.stopped.endswith("Nothing was read.")
    assert not preview.does
    two = PatientPreview(fresh(), f"{LINES}\nSurname: Specimen\nDOB: 14/02/1966", "patient")
    assert two.reading.stopped == "The text names more than one patient. Nothing was read."


def test_what_is_there_stays_and_another_telephone_asks() -> None:
    there: dict[str, Value] = {
        "patient.family_name": Text(text="Placeholder"),
        "patient.phone": Text(text="01632 960000"),
        "patient.identifiers": Table(
            rows=(Row(cells=(("kind", "hospital_number"), ("value", "X1"))), *NHS.rows)
        ),
    }
    preview = PatientPreview(fresh(**there), LINES, "patient")
    asked = [entry.says for entry in preview.entries if entry.state == "asks"]
    assert asked == [
        "Instead of what is recorded?",
        "Sex at birth?",
        "Instead of what is recorded?",
    ]
    assert "patient.identifiers" not in preview.changes()
    assert "patient.phone" not in preview.changes()


def test_a_given_name_beside_the_family_name_that_is_there_is_new() -> None:
    there = fresh(**{"patient.family_name": Text(text="PLACEHOLDER")})
    preview = PatientPreview(there, LINES, "patient")
    assert told(preview)[0] == "records | Ada"
    assert preview.changes()["patient.given_name"] == Text(text="Ada")
    other = fresh(**{"patient.given_name": Text(text="Ada Maria")})
    first = PatientPreview(other, LINES, "patient").entries[0]
    assert (first.state, first.says) == ("asks", "Instead of what is recorded?")


def test_a_number_joins_those_that_are_there() -> None:
    hospital = Row(cells=(("kind", "hospital_number"), ("value", "X1")))
    found = recorded(LINES, **{"patient.identifiers": Table(rows=(hospital,))})
    assert found["patient.identifiers"] == Table(rows=(hospital, *NHS.rows))


def test_a_check_digit_that_does_not_fit_is_said() -> None:
    preview = PatientPreview(fresh(), "NHS number: 999 000 1023\nDOB 30/06/1955", "patient")
    assert "check digit" in preview.entries[0].meanings[0].lines[0][2]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (LINES, True),
        (LABELLED, True),
        ("SPECIMEN, Edwin\nDOB 14/02/1966\nCK 640 U/L (40-320)\nNa 138\nK 4.2\nCa 2.3", False),
        (
            "Thank you for seeing Mr Edwin SPECIMEN DOB 14/02/1966 who has had cramps.\nNo weakness.",
            False,
        ),
        ("Ada", False),
        ("01632 960112", False),
        ("", False),
        ("Tel: 01632 960112\n" * 400, False),
    ],
)
def test_reports_and_notes_are_no_details(text: str, says: bool) -> None:
    assert is_patient(fresh(), text) is says


def test_words_that_are_in_no_detail_are_said() -> None:
    text = "DOB 9/3/1968, NHS 999 000 1022, weak right hand"
    assert PatientPreview(fresh(), text, "patient").entries[-1].said == "weak right hand"
    # In one line that is a sentence, and no head of a record.
    assert not is_patient(fresh(), text)


def test_the_cells_of_a_table_are_read_as_lines() -> None:
    cells = (
        "Name\tAda Placeholder\nDate of Birth\t30/06/1955\nSex\tFemale\nAddress\t4 Sample Row\n\tTestford\n"
        "\tTS2 2BB\nTelephone\t01632 960112"
    )
    assert told(PatientPreview(fresh(), cells, "patient")) == [
        "asks | Placeholder; Ada | Ada; Placeholder",
        "records | 30 Jun 1955",
        "records | female",
        "records | 4 Sample Row, Testford, TS2 2BB",
        "serves",
        "serves",
        "records | 01632 960112",
    ]


def test_a_birth_date_that_is_still_to_come_is_said() -> None:
    preview = PatientPreview(fresh(), "DOB 30/06/2055, NHS 999 000 1022", "patient")
    assert "is after the date of this case" in preview.entries[0].meanings[0].lines[0][2]


PIECES = st.sampled_from(
    (
        *LINES.splitlines(),
        *LABELLED.splitlines(),
        "Name: Nora Sample",
        "SPECIMEN, Edwin",
        "DOB 14/02/1966",
        "DOB 31/02/1966",
        "NHS 1234567890",
        "Tel:",
        "Address:",
        "Sex:",
        "(71y F)",
        "\t",
        "K 4.1",
    )
)


@settings(max_examples=200)
@given(st.lists(PIECES, max_size=8), st.sampled_from(("\n", "\t", ", ", "  ")))
def test_what_is_recorded_is_what_is_shown(pieces: list[str], by: str) -> None:
    session = fresh()
    preview = PatientPreview(session, by.join(pieces), "patient")
    for at in range(len(preview.entries)):
        preview.answer(at, 1)
    shown = {
        value
        for at, entry in enumerate(preview.entries)
        if preview.shown(at) == "records" and entry.chosen is not None
        for _, value, _ in entry.chosen.lines
    }
    before = dict(session.case)
    preview.record()
    new = [value for key, value in session.case.items() if before.get(key) != value]
    said = {text for value in new for text in _said(value)}
    assert said == shown


def _said(value: Value) -> list[str]:
    match value:
        case Text(text=text):
            return [text]
        case Date(date=day):
            return [day.words()]
        case Choice(option=option):
            return [option]
        case Table(rows=rows):
            return [str(row.get("value")) for row in rows]
    raise AssertionError(value)


@pytest.mark.parametrize(
    "text",
    [
        "Example Street Surgery\nAddress: 1 Example Street, Testford\nTel 01632 960102",
        "Dr R. Sample\nTel: 01632 960102",
        "Dr Ruth SAMPLE\nExample Street Surgery\nTel 01632 960102",
        "Tel 01632 960102",
    ],
)
def test_an_address_and_a_telephone_of_nobody_ask_whose_they_are(text: str) -> None:
    preview = PatientPreview(fresh(), text, "patient")
    assert "asks" in {entry.state for entry in preview.entries}
    assert "records" not in {entry.state for entry in preview.entries}
    assert not preview.changes()


def test_an_address_without_its_label_asks_whose_it_is() -> None:
    text = "Mr Walter NOBODY\nDOB 3.4.1955\n14 Imaginary Row, Testford TS2 2BB\n5 cramps a night"
    preview = PatientPreview(fresh(), text, "patient")
    assert told(preview)[2:] == ["asks | 14 Imaginary Row, Testford TS2 2BB", "left"]
    assert preview.entries[2].says == "Is it the patient's?"
    assert recorded(text)["patient.address"] == Text(text="14 Imaginary Row, Testford TS2 2BB")


def test_a_patient_who_is_a_doctor_is_asked_for_the_name_alone() -> None:
    text = "Dr Ruth SAMPLE\nDate of birth: 30-Jun-1955\nTel: 01632 960112"
    assert told(PatientPreview(fresh(), text, "patient")) == [
        "asks | SAMPLE; Ruth",
        "records | 30 Jun 1955",
        "records | 01632 960112",
    ]
