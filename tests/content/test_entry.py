"""Typed text with more than one number in it: never joined to a number that nobody typed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from triage.content.entry import parse_measurement, parse_quantity, split_pair
from triage.content.schema import Question
from triage.errors import EntryError

from ..conftest import the_content

TODAY = date(2026, 11, 24)


def _question(name: str) -> Question:
    return the_content().form.questions[name]


@pytest.mark.parametrize(
    "text",
    [
        "640 H 320",
        "640 L 400",
        "640* 580",
        "640 ↑ 580",
        "640 high 580",
        "640\t580",
        "640  580",
        "640\n580",
        "640\u2028580",
        "six 400",
    ],
)
def test_two_numbers_with_something_between_them_are_not_one(text: str) -> None:
    with pytest.raises(EntryError):
        parse_measurement(_question("ix.ck"), text, TODAY)


@pytest.mark.parametrize("text", ["five 450 m", "two\t500 m", "5\t450 m", "5  450 m"])
def test_two_numbers_of_an_amount_are_not_one(text: str) -> None:
    with pytest.raises(EntryError):
        parse_quantity(_question("cramp.walk_distance_m"), text)


@pytest.mark.parametrize("text", ["12 450", "12\u00a0450", "12\u2009450", "12 450 H", "H 12 450"])
def test_one_blank_still_parts_thousands(text: str) -> None:
    found = parse_measurement(_question("ix.ck"), text, TODAY)
    assert (found.value, found.unit) == (Decimal(12450), "U/L")


@pytest.mark.parametrize("text", ["640 H 40-320", "640 * 40 - 320", "640 U/L H (40-320)"])
def test_a_flag_between_number_and_range_parts_the_two(text: str) -> None:
    found = parse_measurement(_question("ix.ck"), text, TODAY)
    assert (found.value, found.low, found.high) == (640, 40, 320)


@pytest.mark.parametrize(
    "text", ["138/82 (90-140)", "138/82 <140", "138/82 mmHg 90-140", "120/80/60"]
)
def test_a_range_behind_a_pair_is_not_that_of_both(text: str) -> None:
    question = _question("gen.bp_sys")
    assert split_pair(question, text) is None
    with pytest.raises(EntryError):
        parse_measurement(question, text, TODAY)


@pytest.mark.parametrize("behind", ["", " mmHg", " H", " @ 3/2/2020"])
def test_a_pair_is_parted_with_what_is_said_of_both(behind: str) -> None:
    found = split_pair(_question("gen.bp_sys"), f"138/82{behind}")
    assert found == (f"138 {behind.strip()}".strip(), f"82 {behind.strip()}".strip())
