"""Typed text with more than one number in it: never joined to a number that nobody typed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from triage.content.entry import parse_measurement, parse_quantity, split_pair
from triage.content.ranges import quantity_interval
from triage.content.schema import Question
from triage.content.units import units_for
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


@pytest.mark.parametrize(
    ("question", "text", "low", "high", "unit"),
    [
        ("cramp.duration_months", "a year", 1, None, "years"),
        ("cramp.duration_months", "about a year", 1, None, "years"),
        ("cramp.duration_months", "for 3 years", 3, None, "years"),
        ("cramp.duration_months", "less than a week", 1, None, "weeks"),
        ("cramp.duration_months", "half a year", "0.5", None, "years"),
        ("cramp.duration_months", "two and a half years", "2.5", None, "years"),
        ("cramp.duration_months", "a couple of weeks", 2, 3, "weeks"),
        ("cramp.duration_months", "one or two months", 1, 2, "months"),
        ("cramp.duration_months", "20 minutes", 20, None, "minutes"),
        ("neuro.radicular_weeks", "six hours", 6, None, "hours"),
        ("cramp.frequency_week", "once a month", 1, None, "/month"),
        ("cramp.frequency_week", "once or twice a week", 1, 2, "/week"),
        ("cramp.attack_minutes", "30 to 120 minutes", 30, 120, "minutes"),
        ("cramp.attack_minutes", "half an hour", "0.5", None, "hours"),
        ("cramp.severity", "8/10", 8, None, ""),
        ("cramp.severity", "7 to 8 out of 10", 7, 8, ""),
        ("impact.falls_12m", "two", 2, None, ""),
    ],
)
def test_an_amount_is_read_as_it_is_said(
    question: str, text: str, low: int | str, high: int | None, unit: str
) -> None:
    found = parse_quantity(_question(question), text)
    assert (found.value, found.high, found.unit) == (Decimal(low), high, unit)
    assert found.typed in ("", text)


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("cramp.duration_months", "a while"),
        ("cramp.duration_months", "a week ago or a year"),
        ("cramp.duration_months", "once"),
        ("cramp.duration_months", "once or twice"),
        ("cramp.duration_months", "a lot of years"),
        ("cramp.duration_months", "two or more or three years"),
        ("cramp.attack_minutes", "20 m"),
        ("cramp.severity", "8/5"),
        ("impact.falls_12m", "3/4"),
    ],
)
def test_what_is_said_without_an_amount_is_none(question: str, text: str) -> None:
    with pytest.raises(EntryError):
        parse_quantity(_question(question), text)


@pytest.mark.parametrize(
    ("question", "word", "low", "high"),
    [
        ("cramp.duration_months", "since childhood", 36, None),
        ("neuro.radicular_weeks", "lifelong", 800, None),
        ("rf.calf_swelling_days", "a fortnight", 10, 18),
        ("cramp.attack_minutes", "a few minutes", 2, 10),
        ("cramp.walk_distance_m", "one or two blocks", 60, 600),
        ("soc.alcohol_units_week", "minimal", 0, 7),
        ("cramp.severity", "severe", 7, 10),
        ("impact.falls_12m", "daily", 180, 5000),
    ],
)
def test_a_word_stands_for_an_interval(
    question: str, word: str, low: int, high: int | None
) -> None:
    asked = _question(question)
    span = quantity_interval(asked, parse_quantity(asked, word))
    assert span is not None
    assert span.low >= low
    assert high is None or span.high == high


def test_every_duration_takes_the_words_for_a_long_time() -> None:
    asked = [
        q
        for q in the_content().form.questions.values()
        if "years" in units_for(q) and q.id not in ("patient.age", "sys.postpartum_weeks")
    ]
    assert len(asked) > 8
    for question in asked:
        for word in ("since childhood", "lifelong", "years", "a few weeks", "yesterday", "minutes"):
            assert parse_quantity(question, word).word == word, question.id
