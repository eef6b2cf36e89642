"""A pasted address goes line by line into its parts; what nothing tells is asked."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from triage.session.paste import AddressPreview
from triage.settings import Address

HOSPITAL = """Department of Neurology
Sample Hospital
20 Sample Road
Testford
TS3 3CC
Tel: 01632 960455
Fax: 01632 960999
"""


def read(text: str, known: Address | None = None) -> AddressPreview:
    return AddressPreview(text, known or Address(), lambda parts: None)


def test_each_line_goes_to_its_part_and_a_fax_nowhere() -> None:
    preview = read(HOSPITAL)
    assert preview.parts == {
        "department": "Department of Neurology",
        "organisation": "Sample Hospital",
        "address": "20 Sample Road\nTestford\nTS3 3CC",
        "phone": "01632 960455",
    }
    assert preview.does == "department, organisation, address, telephone"
    assert preview.title == "Address: 6 of 7 placed"
    assert preview.shown(6) == "out"


@pytest.mark.parametrize(
    "line", ["Neurology", "Service Road", "Hospital Road Clinic", "Klinik Muster", "England"]
)
def test_a_line_that_says_nothing_or_two_things_asks(line: str) -> None:
    preview = read(f"{line}\n01632 960455")
    assert preview.shown(0) == "asks"
    assert preview.parts == {"phone": "01632 960455"}
    assert preview.unanswered == "1 line not answered: not recorded."
    assert preview.answer(0, 1)
    assert preview.parts == {"department": line, "phone": "01632 960455"}


def test_every_line_can_be_put_elsewhere_left_out_and_edited() -> None:
    preview = read(HOSPITAL)
    assert [meaning.says for meaning in preview.entries[1].meanings] == [
        "Department",
        "Organisation",
        "Address",
        "Telephone",
    ]
    preview.answer(1, 3)
    assert preview.parts["address"].startswith("Sample Hospital\n20 Sample Road")
    assert "organisation" not in preview.parts
    preview.leave_out(5)
    assert "phone" not in preview.parts
    preview.edit(0, "Dept of Neurology")
    assert preview.parts["department"] == "Dept of Neurology"
    assert not preview.answer(1, 5)


def test_two_parts_in_one_line_are_two_and_an_address_in_one_line_is_one() -> None:
    preview = read("Department of Neurology, Sample Hospital\n20 Sample Road, Testford TS3 3CC")
    assert preview.parts == {
        "department": "Department of Neurology",
        "organisation": "Sample Hospital",
        "address": "20 Sample Road, Testford TS3 3CC",
    }


def test_what_is_replaced_is_said_and_handed_over_only_when_it_is_confirmed() -> None:
    kept: list[Mapping[str, str]] = []
    preview = AddressPreview(HOSPITAL, Address(organisation="Old Hospital"), kept.append)
    said = [line for e in preview.entries if e.chosen for line in e.chosen.lines]
    assert ("Organisation", "Sample Hospital", "instead of Old Hospital") in said
    assert not kept
    assert preview.record() == "Read: department, organisation, address, telephone."
    assert kept == [preview.parts]
