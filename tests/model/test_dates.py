from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triage.errors import EntryError
from triage.model.dates import PartialDate, whole_years

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
