from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triage.errors import AskError, EntryError
from triage.model.dates import Order, PartialDate, whole_years

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("typed", "iso"),
    [
        ("2024", "2024"),
        ("3/2024", "2024-03"),
        ("14/3/2024", "2024-03-14"),
        ("14.3.2024", "2024-03-14"),
        ("2024-03", "2024-03"),
        ("2024-03-14", "2024-03-14"),
        ("14 Mar 2024", "2024-03-14"),
        ("March 2024", "2024-03"),
        ("about 2019", "about 2019"),
        ("about 6 months ago", "about 2026-05"),
        ("6 months ago", "about 2026-05"),
        ("2 years ago", "about 2024"),
        ("3 weeks ago", "about 2026-11-01"),
        ("29/2/2024", "2024-02-29"),
        ("yesterday", "2026-11-21"),
    ],
)
def test_typed_dates_are_understood(typed: str, iso: str) -> None:
    assert PartialDate.parse(typed, TODAY).iso() == iso


@pytest.mark.parametrize(
    "typed", ["", "soon", "31/2/2024", "29/2/2023", "13/2024", "24", "2024-13", "1 Foo 2024"]
)
def test_what_is_no_date_is_refused_with_a_remedy(typed: str) -> None:
    with pytest.raises(EntryError, match="type for example"):
        PartialDate.parse(typed, TODAY)


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)))
def test_a_full_date_comes_back_from_its_iso_spelling(day: date) -> None:
    partial = PartialDate.of(day)
    assert PartialDate.parse(partial.iso(), TODAY) == partial
    assert partial.earliest == partial.latest == day


def test_a_year_spans_the_year() -> None:
    year = PartialDate(year=2024)
    assert (year.earliest, year.latest) == (date(2024, 1, 1), date(2024, 12, 31))


@pytest.mark.parametrize(
    ("born", "years"), [(date(1966, 11, 22), 60), (date(1966, 11, 23), 59), (date(2024, 2, 29), 2)]
)
def test_age_is_in_completed_years(born: date, years: int) -> None:
    assert whole_years(born, TODAY) == years


@pytest.mark.parametrize(
    ("typed", "order", "iso"),
    [
        ("03/04/1960", "dmy", "1960-04-03"),
        ("03/04/1960", "mdy", "1960-03-04"),
        ("25/3/1960", "dmy", "1960-03-25"),
        ("03/25/1960", "mdy", "1960-03-25"),
        ("14/3/68", "dmy", "1968-03-14"),
        ("2/11/26", "dmy", "2026-11-02"),
        ("2/11/26", "mdy", "2026-02-11"),
        ("14-3-2024", "dmy", "2024-03-14"),
        ("14 3 2024", "dmy", "2024-03-14"),
        ("2024/03/14", "mdy", "2024-03-14"),
        ("20240314", "mdy", "2024-03-14"),
        ("14-Mar-24", "mdy", "2024-03-14"),
        ("Mar 14, 2024", "dmy", "2024-03-14"),
        ("14th of March 2024", "dmy", "2024-03-14"),
        ("Sept 2021", "dmy", "2021-09"),
        ("١٤/٣/٢٠٢٤", "dmy", "2024-03-14"),
        # Later than today, and no other day in the other order either: kept, to be flagged.
        ("13/12/2061", "dmy", "2061-12-13"),
    ],
)
def test_numbers_follow_the_order_of_the_profile(typed: str, order: Order, iso: str) -> None:
    assert PartialDate.parse(typed, TODAY, order).iso() == iso


@pytest.mark.parametrize(
    ("typed", "order", "years", "readings"),
    [
        ("03/25/1960", "dmy", 70, ["25 Mar 1960"]),
        ("25/3/1960", "mdy", 70, ["25 Mar 1960"]),
        ("11/12/2026", "dmy", 70, ["12 Nov 2026", "11 Dec 2026"]),
        ("3/4/20", "dmy", 120, ["3 Apr 1920", "3 Apr 2020"]),
        # Two days ahead is no reason to take a day of a hundred years ago.
        ("24/11/26", "dmy", 70, ["24 Nov 1926", "24 Nov 2026"]),
        ("24-Nov-26", "mdy", 70, ["24 Nov 1926", "24 Nov 2026"]),
        ("2/12/26", "dmy", 70, ["12 Feb 2026", "2 Dec 1926", "2 Dec 2026"]),
    ],
)
def test_a_day_that_cannot_be_in_the_usual_order_is_asked(
    typed: str, order: Order, years: int, readings: list[str]
) -> None:
    with pytest.raises(AskError) as asked:
        PartialDate.parse(typed, TODAY, order, years=years)
    assert [said for said, _ in asked.value.readings] == readings
    # Chosen, it comes back with the name of the month and is asked no more.
    for said, day in asked.value.readings:
        assert PartialDate.parse(said, TODAY, order) == day


@pytest.mark.parametrize(
    ("typed", "order", "readings"),
    [
        ("23/11/26", "dmy", ["23 Nov 1926", "23 Nov 2026"]),
        ("12/12/26", "mdy", ["12 Dec 1926", "12 Dec 2026"]),
        ("1 Jan 27", "dmy", ["1 Jan 1927", "1 Jan 2027"]),
    ],
)
def test_two_digits_of_a_year_that_is_hardly_begun_are_not_a_century_ago(
    typed: str, order: Order, readings: list[str]
) -> None:
    with pytest.raises(AskError) as asked:
        PartialDate.parse(typed, TODAY, order)
    assert [said for said, _ in asked.value.readings] == readings


@pytest.mark.parametrize("day", [date(2026, 11, 22), date(2026, 11, 30), date(2028, 2, 29)])
def test_today_in_two_digits_is_today(day: date) -> None:
    assert PartialDate.parse(f"{day:%d/%m/%y}", day) == PartialDate.of(day)


def test_nobody_is_born_in_the_coming_year() -> None:
    assert PartialDate.parse("23/11/26", TODAY, years=120).iso() == "1926-11-23"


@pytest.mark.parametrize("typed", ["999 years ago", "about 121 years", "500 years"])
def test_what_is_longer_ago_than_anyone_lives_is_no_date(typed: str) -> None:
    with pytest.raises(EntryError):
        PartialDate.parse(typed, TODAY)


@given(st.dates(date(1930, 1, 1), date(2026, 11, 22)), st.sampled_from(["dmy", "mdy"]))
def test_a_date_in_words_is_read_as_it_is_shown(day: date, order: Order) -> None:
    partial = PartialDate.of(day)
    assert PartialDate.parse(partial.words(), TODAY, order) == partial
