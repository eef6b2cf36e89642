from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triage.errors import EntryError
from triage.model.numbers import exact, plain, readings, spelled

ONE = [
    ("12000", "12000"),
    ("12 450", "12450"),
    ("12\u00a0450", "12450"),
    ("12\u202f450", "12450"),
    ("12'450", "12450"),
    ("12’450", "12450"),
    ("1,234.5", "1234.5"),
    ("1.234,5", "1234.5"),
    ("1 234,5", "1234.5"),
    ("1,234.567", "1234.567"),
    ("1 234.567", "1234.567"),
    ("1,234,567", "1234567"),
    ("1.234.567", "1234567"),
    ("1,234,567.8", "1234567.8"),
    ("12,000,000", "12000000"),
    ("3,5", "3.5"),
    ("3.5", "3.5"),
    ("12,34", "12.34"),
    ("12,3456", "12.3456"),
    ("1234,567", "1234.567"),
    ("0,125", "0.125"),
    ("0.125", "0.125"),
    (".125", "0.125"),
    (",5", "0.5"),
    ("0.000", "0.000"),
    ("4·125", "4.125"),
    ("-4.1", "-4.1"),
    ("−4,1", "-4.1"),
    ("+7", "7"),
    ("١٢", "12"),
    ("１２", "12"),
    ("  72 ", "72"),
]
TWO = [
    ("12,000", "12", "12000"),
    ("12.000", "12", "12000"),
    ("1.250", "1.25", "1250"),
    ("1,250", "1.25", "1250"),
    ("2.345", "2.345", "2345"),
    ("150,000", "150", "150000"),
    ("-1,500", "-1.5", "-1500"),
    ("999.999", "999.999", "999999"),
]


@pytest.mark.parametrize(("typed", "meant"), ONE)
def test_a_number_with_one_reading_is_just_that(typed: str, meant: str) -> None:
    assert [plain(number) for number in readings(typed)] == [meant]


@pytest.mark.parametrize(("typed", "small", "large"), TWO)
def test_one_sign_before_three_digits_has_two_readings(typed: str, small: str, large: str) -> None:
    assert [plain(number) for number in readings(typed)] == [small, large]


NONE = [
    ",",
    "1,23,456",
    "1,2,3",
    "1.5.2",
    "12,",
    "12.",
    "1,,2",
    "10²",
    "1e5",
    "NaN",
    "--4",
    "4-",
    "½",
]


@pytest.mark.parametrize("typed", ["", "1 5", "1,000 000", *NONE])
def test_what_is_no_number_has_no_reading(typed: str) -> None:
    assert readings(typed) == ()


@given(
    st.integers(0, 10**9),
    st.integers(0, 9999),
    st.integers(0, 4),
    st.sampled_from(
        [(",", "."), (".", ","), (" ", ","), (" ", "."), ("'", "."), ("", "."), ("", ",")]
    ),
)
def test_no_spelling_is_read_as_a_number_that_it_does_not_spell(
    whole: int, fraction: int, places: int, signs: tuple[str, str]
) -> None:
    decimals = f"{fraction:04d}"[:places]
    group, point = signs
    text = f"{whole:,}".replace(",", group) + (point + decimals if decimals else "")
    assert Decimal(f"{whole}.{decimals or 0}") in readings(text)
    assert len(readings(text)) <= 2


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=2))
def test_what_a_field_shows_is_read_as_what_it_shows(number: Decimal) -> None:
    assert readings(spelled(number)) == (number,)


def test_a_field_groups_from_five_digits_on() -> None:
    shown = [spelled(Decimal(n)) for n in ("1500", "12450", "-1234567.80", "0.012345")]
    assert shown == ["1500", "12 450", "-1 234 567.80", "0.012345"]


@pytest.mark.parametrize("number", ["abc", "NaN", "Infinity", "1e13", "1" * 25])
def test_a_file_s_number_that_is_none_is_refused(number: str) -> None:
    with pytest.raises(EntryError, match="limit"):
        exact(number, "limit")
