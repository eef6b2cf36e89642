"""Who the patient is: honest answers satisfy, invented ones do not, and everything prints as it was typed."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import AT, TODAY, case_from, the_assessor, the_settings
from tests.letter.letters import block_text
from triage.content import Content
from triage.content.casefile import read_case, write_case
from triage.content.form import DATE
from triage.content.ranges import to_check
from triage.letter.build import build_letter, uncovered
from triage.letter.check import problems_before_issue
from triage.letter.making import HEAD
from triage.letter.plain import plain_text
from triage.letter.statements import Block, Letter
from triage.model.case import Case
from triage.model.dates import PartialDate
from triage.model.values import Choice, Date, Row, Table, Text, Unable, Value
from triage.pdf.readback import read_text
from triage.pdf.render import render
from triage.settings import Address, Settings

NUMBER = Table(rows=(Row(cells=(("kind", "nhs_number"), ("value", "9990000018"))),))
BORN = Date(date=PartialDate(year=1968, month=3, day=14))
BASE: dict[str, Value] = {
    "patient.family_name": Text(text="Specimen"),
    "patient.given_name": Text(text="Iris"),
    "patient.dob": BORN,
    "patient.identifiers": NUMBER,
    "referrer.name": Text(text="Dr Invented Test"),
    "referrer.question": Text(text="Is this motor neuron disease?"),
}


def base(**changes: Value | None) -> Case:
    found = case_from({"triage_case": 1, "recipients": ["neurology"]})
    names = {name.replace("__", "."): value for name, value in changes.items()}
    return found.with_(BASE).with_(names)


def make(content: Content, case: Case, settings: Settings | None = None, **more: Any) -> Letter:
    day = TODAY
    known = settings or the_settings()
    assessment = the_assessor().assess(case, day)
    return build_letter(
        content, case, assessment, "referral_letter", None, day, settings=known, **more
    )


def patient(letter: Letter) -> Block:
    return next(block for block in letter.blocks if block.id == "patient")


def obstacles(content: Content, case: Case, settings: Settings | None = None) -> list[str]:
    known = settings or the_settings()
    letter = make(content, case, known)
    return [found.says for found in problems_before_issue(letter, case, content, known)]


ONE_NAME = Unable(reason="has one name only")
NOT_KNOWN = Unable(reason="born in a camp, not known")
YEAR = Date(date=PartialDate(year=1960))
ABOUT = Date(date=PartialDate(year=1960, about=True))
ADDRESS = Text(text="1 Nowhere Lane")
TWO = Table(
    rows=(
        *NUMBER.rows,
        Row(cells=(("kind", "other"), ("value", "7"))),
    )
)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"patient__given_name": ONE_NAME},
        {"patient__family_name": Unable(reason="one name")},
        {"patient__dob": YEAR},
        {"patient__dob": ABOUT},
        {"patient__dob": Date(date=PartialDate(year=1960, month=5))},
        {"patient__dob": NOT_KNOWN},
        {"patient__identifiers": None, "patient__address": ADDRESS},
        {"patient__given_name": ONE_NAME, "patient__dob": NOT_KNOWN, "patient__address": ADDRESS},
        {"patient__given_name": ONE_NAME, "patient__dob": ABOUT, "patient__identifiers": TWO},
        {"patient__given_name": Text(text="O")},
        {"patient__given_name": Text(text="李")},
    ],
)
def test_honest_answers_satisfy_when_a_further_identifier_is_recorded(
    content: Content, changes: dict[str, Value]
) -> None:
    assert obstacles(content, base(**changes)) == []


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"patient__given_name": None}, "given name is needed: of someone with one name only"),
        ({"patient__family_name": None}, "family name is needed: of someone with one name only"),
        ({"patient__given_name": Unable()}, "given name is needed"),
        ({"patient__given_name": Unable(reason=" ")}, "given name is needed"),
        (
            {"patient__given_name": ONE_NAME, "patient__family_name": None},
            "family name and given name are needed",
        ),
        (
            {"patient__given_name": ONE_NAME, "patient__family_name": Unable(reason="not known")},
            "family name and given name are needed",
        ),
        ({"patient__given_name": Text(text=".")}, "The given name has no letter in it"),
        ({"patient__family_name": Text(text="-")}, "The family name has no letter in it"),
        ({"patient__family_name": Text(text="??")}, "The family name has no letter in it"),
        ({"patient__given_name": Text(text="0")}, "The given name has no letter in it"),
        ({"patient__dob": None}, "full date of birth is needed"),
        ({"patient__dob": Unable()}, "full date of birth is needed"),
        (
            {
                "patient__given_name": ONE_NAME,
                "patient__identifiers": None,
                "patient__address": ADDRESS,
            },
            "an identifying number is needed",
        ),
        (
            {"patient__dob": YEAR, "patient__identifiers": None, "patient__address": ADDRESS},
            "an identifying number is needed",
        ),
        (
            {
                "patient__dob": YEAR,
                "patient__identifiers": Table(rows=(Row(cells=(("value", "-"),)),)),
            },
            "an identifying number is needed",
        ),
        (
            {"patient__given_name": ONE_NAME, "patient__dob": NOT_KNOWN},
            "two further identifiers are needed",
        ),
        ({"patient__identifiers": None}, "Three identifiers are needed"),
    ],
)
def test_what_is_missing_or_invented_is_said_in_one_sentence(
    content: Content, changes: dict[str, Value | None], says: str
) -> None:
    (said,) = obstacles(content, base(**changes))
    assert says in said


def test_the_letter_says_one_name_and_why(content: Content) -> None:
    letter = make(
        content, base(patient__given_name=ONE_NAME, patient__family_name=Text(text="Suharto"))
    )
    assert patient(letter).title == "Suharto (one name)"
    assert letter.identity.text.startswith("Suharto · born 14 Mar 1968")
    assert "Not known: given name: has one name only." in plain_text(letter)


def test_the_letter_says_that_the_date_of_birth_is_not_known(content: Content) -> None:
    about = make(content, base(patient__dob=ABOUT))
    assert " · date of birth not known (about 1960) · " in about.identity.text
    assert "65–66  date of birth not known (about 1960)" in block_text(about, "patient")
    unknown = make(content, base(patient__dob=NOT_KNOWN))
    assert " · date of birth not known · " in unknown.identity.text
    assert "Not known: date of birth: born in a camp, not known." in plain_text(unknown)


@pytest.mark.parametrize(
    ("given", "family"),
    [
        ("Jürgen", "Groß"),
        ("İpek", "Yiğit"),
        ("Iain", "McInvented"),
        ("Dirk", "van der Sample"),
        ("ada", "placeholder"),
        ("Edwin", "SPECIMEN"),
        ("Ángel", "Ñandú-o'Test"),
        ("Νίκος", "Παράδειγμα"),
    ],
)
def test_names_print_as_they_were_typed(content: Content, given: str, family: str) -> None:
    case = base(patient__given_name=Text(text=given), patient__family_name=Text(text=family))
    letter = make(content, case)
    assert letter.identity.text.startswith(f"{given} {family} · born")
    assert patient(letter).title == f"{given} {family}"
    assert f"{given} {family}" in plain_text(letter)
    for page in read_text(render(letter, when=AT)):
        assert f"{given} {family}" in page
    if family != family.upper():
        assert family.upper() not in plain_text(letter)


@pytest.mark.parametrize("given", ["Iris", "Iris " * 60, "I" * 200])
def test_each_page_says_whose_it_is_however_long_the_name(content: Content, given: str) -> None:
    case = base(patient__given_name=Text(text=given), note__exam=Text(text="Seen. " * 2000))
    pages = read_text(render(make(content, case), when=AT))
    assert len(pages) > 2
    for page in pages:
        foot = page[page.index("Specimen · born") :]
        assert foot.startswith("Specimen · born 14 Mar 1968 · NHS 999 000 0018")


def test_a_wrong_check_digit_is_on_paper_and_to_be_checked_but_in_no_ones_way(
    content: Content,
) -> None:
    wrong = Table(rows=(Row(cells=(("kind", "nhs_number"), ("value", "1234567890"))),))
    case = base(patient__identifiers=wrong)
    assert obstacles(content, case) == []
    (check,) = to_check(content.form, case, TODAY)
    assert check.says.startswith("NHS: the check digit does not fit")
    assert check.key == "patient.identifiers"
    text = " ".join(plain_text(make(content, case)).split())
    assert "NHS 123 456 7890" in text
    assert text.count("the check digit does not fit") == 1
    assert to_check(content.form, base(), TODAY) == ()


MARK = "qxzmark"


@pytest.mark.parametrize("key", [k for k in HEAD if not k.startswith("case.")])
def test_why_something_of_the_head_is_not_known_is_on_the_paper(content: Content, key: str) -> None:
    case = base().with_({key: Unable(reason=f"because {MARK}")})
    letter = make(content, case)
    assert uncovered(letter, case) == set()
    assert MARK in plain_text(letter)


@pytest.mark.parametrize("key", ["patient.sex_at_birth", "referrer.role"])
def test_what_is_noted_beside_a_choice_of_the_head_is_on_the_paper(
    content: Content, key: str
) -> None:
    option = "male" if key.startswith("patient") else "gp"
    case = base().with_({key: Choice(option=option, text=f"note {MARK}")})
    assert MARK in plain_text(make(content, case))


BLANK = [k for k in HEAD if k.startswith("referrer.") and "role" not in k]


@pytest.mark.parametrize("key", [*BLANK, "note.complaint", "note.goals"])
def test_a_field_that_holds_blanks_stops_nothing(content: Content, key: str) -> None:
    case = base().with_({key: Text(text="  ")})
    assert not [says for says in obstacles(content, case) if "report this fault" in says]


# -- sender and addressee ---------------------------------------------------------------------------


def test_the_letterhead_is_the_practice_and_where_it_is(content: Content) -> None:
    org, address = Text(text="Example Street Surgery"), Text(text="1 Example Street\nTestford")
    letter = make(content, base(referrer__org=org, referrer__address=address))
    assert letter.letterhead.name == "Example Street Surgery"
    assert letter.letterhead.place == "1 Example Street, Testford"
    draft = make(content, base()).letterhead
    assert (draft.name, draft.place) == ("«practice»", "«address, telephone»")


def test_one_writes_for_another_who_signs(content: Content) -> None:
    case = base(
        referrer__written_by=Text(text="Nora PLACEHOLDER"),
        referrer__role=Choice(option="gp"),
        referrer__phone=Text(text="01632 960102"),
    )
    text = " ".join(plain_text(make(content, case)).split())
    assert "Dr Invented Test, GP, tel 01632 960102; written by Nora PLACEHOLDER" in text
    assert "written by" not in plain_text(make(content, base()))


def test_the_address_is_the_one_of_the_settings(content: Content) -> None:
    known = Address(
        department="Department of Neurology",
        organisation="Sample Hospital",
        address="2 Road\nTestford",
    )
    letter = make(content, base(), Settings(recipients={"neurology": known}))
    text = " ".join(plain_text(letter).split())
    assert "Department of Neurology, Sample Hospital, 2 Road, Testford" in text


@pytest.mark.parametrize("known", [{}, {"neurology": Address(organisation="Sample Hospital")}])
def test_a_recipient_without_an_address_can_be_read_as_a_draft_and_not_issued(
    content: Content, known: dict[str, Address]
) -> None:
    settings = Settings(recipients=known)
    letter = make(content, base(), settings)
    assert "«address of the recipient»" in block_text(letter, "address")
    (found,) = problems_before_issue(letter, base(), content, settings)
    assert found.says.startswith("General neurology, advice or referral has no address")
    assert found.setting == "recipients.neurology"
    assert "triage settings set recipients.neurology.address" in str(found)


def test_what_stays_in_the_own_practice_needs_no_address(content: Content) -> None:
    case = base().with_({"case.recipients": None})
    letter = build_letter(
        content,
        case,
        the_assessor().assess(case, TODAY),
        "referral_letter",
        "primary_care",
        TODAY,
        settings=Settings(),
    )
    assert "«address" not in block_text(letter, "address")
    assert problems_before_issue(letter, case, content, Settings()) == []


def test_no_address_is_shipped(content: Content) -> None:
    for recipient in content.recipients.values():
        shown = repr(recipient)
        assert not any(
            word in shown for word in ("Road", "Street", "Hospital", "01632", "Testford")
        )


@pytest.mark.parametrize("line", ["", "01632 960999"])
def test_the_line_outside_opening_hours_is_named_only_if_the_clinic_has_given_one(
    content: Content, line: str
) -> None:
    assessment = the_assessor().assess(base(), TODAY)
    copy = build_letter(
        content,
        base(),
        assessment,
        "patient_leaflet",
        None,
        TODAY,
        settings=Settings(out_of_hours=line),
    )
    assert ("When we are closed, ring" in plain_text(copy)) is bool(line)
    assert line in plain_text(copy)
    assert "When we are closed" not in plain_text(
        make(content, base(), Settings(out_of_hours=line))
    )


def test_an_honest_answer_travels_as_a_file(content: Content) -> None:
    case = base(patient__given_name=ONE_NAME, patient__dob=NOT_KNOWN)
    text = write_case(case, content.form)
    assert read_case(text, content.form, content.rule_ids, TODAY) == case


def test_a_draft_that_has_no_day_yet_names_the_age_as_the_issued_letter_will(
    content: Content,
) -> None:
    issued = base(patient__sex_at_birth=Choice(option="female"))
    draft = issued.with_({DATE: None})
    line = patient(make(content, draft)).rows[0].statements[0].text
    assert line.startswith("female, 58 ")
    assert line == patient(make(content, issued)).rows[0].statements[0].text
