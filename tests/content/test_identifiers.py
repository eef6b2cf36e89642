"""Check digits: told where they do not fit, and never in anyone's way."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.conftest import ROOT
from triage.content import Content, ContentFiles, load_content
from triage.content.identifiers import (
    IDENTIFIERS,
    check_digit_fault,
    check_digits,
    identifiers,
    kinds_of,
)
from triage.content.schema import OptionRecord
from triage.errors import ContentError
from triage.model.values import Row, Table

NHS, CHI = "nhs_number", "chi_number"


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (NHS, "9990000018"),
        (NHS, "999 000 0018"),
        (NHS, "999-000-0026"),
        (CHI, "0101011237"),
        ("hospital_number", "A12345"),
        ("other", "12345"),
        (NHS, ""),
        (NHS, "  "),
    ],
)
def test_a_number_that_fits_or_has_no_check_digit_is_not_flagged(
    content: Content, kind: str, value: str
) -> None:
    assert check_digit_fault(kinds_of(content.form.questions[IDENTIFIERS])[kind], value) == ""


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (NHS, "9990000019"),
        (NHS, "1234567890"),
        (NHS, "9990000081"),
        (NHS, "999000001"),
        (NHS, "99900000180"),
        (NHS, "999000001O"),
        (NHS, "²990000018"),
        (NHS, "unknown"),
        (CHI, "0101011238"),
    ],
)
def test_a_wrong_check_digit_or_length_is_told_without_the_number(
    content: Content, kind: str, value: str
) -> None:
    says = check_digit_fault(kinds_of(content.form.questions[IDENTIFIERS])[kind], value)
    assert "check digit does not fit" in says
    assert value not in says


def test_the_numbers_of_a_case_are_named_grouped_and_checked(content: Content) -> None:
    rows = [
        (("kind", NHS), ("value", "9990000018")),
        (("kind", NHS), ("value", "9990000019")),
        (("kind", "hospital_number"), ("value", " X-1 ")),
        (("value", "77"),),
        (("kind", NHS), ("value", "-")),
        (("kind", NHS),),
    ]
    table = Table(rows=tuple(Row(cells=cells) for cells in rows))
    found = identifiers(content.form, {IDENTIFIERS: table})
    assert [str(number) for number in found] == [
        "NHS 999 000 0018",
        "NHS 999 000 0019",
        "Hospital number X-1",
        "77",
    ]
    says = "NHS: the check digit does not fit; compare the number."
    assert list(check_digits(content.form.questions[IDENTIFIERS], table)) == [says]


def test_a_check_that_the_library_lacks_is_a_fault_of_the_content(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "tiny", tmp_path / "root")
    path = tmp_path / "root" / "forms" / "tiny" / "form.toml"
    question = """
[[question]]
id = "patient.identifiers"
section = "patient"
kind = "table"
label = "Numbers"
columns = [{ id = "kind", label = "Kind", kind = "choice", options = [{ id = "n", label = "N", check = "CHECK" }] }]
nothing = { id = "nothing_else", label = "No other number" }
"""
    before = path.read_text(encoding="utf-8")
    files = ContentFiles("tiny", root=tmp_path / "root")
    path.write_text(before + question.replace("CHECK", "gb.nhs"), encoding="utf-8")
    load_content(files)
    for check in ("gb.nsh", "gb", "os", "..os", "no.such"):
        path.write_text(before + question.replace("CHECK", check), encoding="utf-8")
        with pytest.raises(ContentError, match="there is no check"):
            load_content(files)


def test_a_kind_begins_a_row_only_in_a_profile_that_there_is(content: Content) -> None:
    kinds = kinds_of(content.form.questions[IDENTIFIERS]).values()
    assert [(kind.id, kind.first) for kind in kinds if kind.first] == [("nhs_number", ("uk",))]
    assert all(kind.check for kind in kinds if kind.first), "else a wrong one would not be seen"


def test_a_check_that_is_gone_is_said_instead_of_passed_over() -> None:
    kind = OptionRecord(id="n", label="Number", check="no.such")
    assert "cannot be checked" in check_digit_fault(kind, "12345")
