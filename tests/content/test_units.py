"""Every spelling of a unit is found as its unit and as no other one; behind a number it leaves the number whole."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from triage.content.entry import LONGEST_ENTRY, parse_measurement, parse_quantity
from triage.content.schema import Question
from triage.content.units import LONGEST, can_be, find_unit, folded, units_for
from triage.errors import EntryError
from triage.model.values import Measurement, Quantity

from ..conftest import the_content

TODAY = date(2026, 11, 22)
LIST = Path(__file__).parents[1] / "cases" / "unit_spellings.tsv"
ROWS = [
    line.split("\t")
    for line in LIST.read_text(encoding="utf-8").splitlines()
    if not line.startswith("# ")
]
# Units of different questions that are equal; those of one question are compared by their factors.
EQUAL = {frozenset({"y", "years"}), frozenset({"s", "seconds"})}
# Spelled alike and yet not the same: the question decides.
ALIKE = {
    ("G/L", "10^9/L", "g/L"),
    ("G/l", "10^9/L", "g/L"),
    ("m", "m", "months"),
    ("m", "months", "m"),
    ("mm", "mm", "mm/h"),
    ("mm", "mm/h", "mm"),
    *((spelled, "mm", "mm/h") for spelled in ("mms", "MM")),
    *((f"millimet{end}", "mm", "mm/h") for end in ("re", "res", "er", "ers")),
}
# The capital tells what is meant.
CAPITALS = {"mM", "mM/L", "µM", "uM", "nM", "pM", "G/L", "G/l"}
# "N" is also the flag of a normal result: typed in one field, it is asked for.
DOUBTFUL = {"mg/dL urea N"}
NOWHERE = """
furlongs x X N K u/ /x -1 ^ 10^9 10* 1000 mol/L kmol/L mmol/dL µmol/dL nmol/dL mol pmol mmol mg µg
mg/kg mg/24h mg/m2 g/100L mg/L/h 10^6/L 10^12/L T/L M/µL Mio/µL 10^6/µL 10^9/µL Mrd/µL K/L 1000/L thousand/L
10^3/L cells/L kat/L mkat/L nkat/L kU/L U/dL U/24h mEq mEq/dL mm/min mm/2h mm3 mL/h mL/min/kg °K K/uL/L
mmol·L-2 mmol/L-1 m2 kg/m2 lb/in2 drinks/week drinks/day pints/week fortnight quarterly biweekly cGy ''''' #/
"""


def _questions() -> Iterator[Question]:
    return (q for q in the_content().form.questions.values() if q.unit)


def _listed() -> Iterator[tuple[Question, str, str]]:
    """Yield every question, unit and spelling of the list, the unit itself first."""
    questions = the_content().form.questions
    for names, unit, *spellings in ROWS:
        for name in names.split():
            for spelling in (unit, *spellings):
                yield questions[name], unit, spelling


def test_the_list_names_every_unit_of_the_form_and_each_once() -> None:
    listed = [(name, unit) for names, unit, *_ in ROWS for name in names.split()]
    assert sorted(listed) == sorted((q.id, unit) for q in _questions() for unit in units_for(q))
    assert sum(1 for _ in _listed()) > 1800


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0].split()[0]} {row[1]}")
def test_a_spelling_is_found_as_its_unit(row: list[str]) -> None:
    names, unit, *spellings = row
    for name in names.split():
        units = units_for(the_content().form.questions[name])
        for spelling in spellings:
            assert (spelling, find_unit(units, spelling)) == (spelling, unit)


def _size(question: Question, unit: str) -> tuple[Decimal, Decimal] | None:
    if unit == question.unit:
        return Decimal(1), Decimal(0)
    return next(((u.factor, u.offset) for u in question.units if u.unit == unit), None)


def _equal(one: str, other: str) -> bool:
    """Whether two units are equal wherever a question has both."""
    if one == other or {one, other} in EQUAL:
        return True
    sizes = [(_size(q, one), _size(q, other)) for q in _questions()]
    both = [(a, b) for a, b in sizes if a and b]
    return bool(both) and all(a == b for a, b in both)


def test_in_another_question_a_spelling_is_found_only_as_a_unit_of_the_same_size() -> None:
    pairs = {(spelling, unit) for _, unit, spelling in _listed()}
    wrong = {
        (spelling, unit, found, question.id)
        for question in _questions()
        for spelling, unit in pairs
        if (found := find_unit(units_for(question), spelling))
        and not _equal(unit, found)
        and (spelling, unit, found) not in ALIKE
    }
    assert not wrong


def test_units_of_other_sizes_are_told_apart() -> None:
    assert _equal("ng/L", "pg/mL")
    assert not _equal("mmol/L", "mEq/L")
    assert not _equal("g/L", "g/dL")
    assert not _equal("10^9/L", "/µL")


def test_no_two_units_of_a_question_fold_into_one() -> None:
    for question in _questions():
        units = units_for(question)
        assert len({folded(unit) for unit in units}) == len(units)


def test_case_says_nothing_but_where_a_capital_is_another_prefix() -> None:
    for question, unit, spelling in _listed():
        if spelling not in CAPITALS:
            for other in (spelling.lower(), spelling.upper()):
                assert (other, find_unit(units_for(question), other)) == (other, unit)
    questions = the_content().form.questions
    for name, spelling, meant in (
        ("ix.plt", "g/L", None),
        ("ix.plt", "G/L", "10^9/L"),
        ("ix.hb", "G/L", "g/L"),
        ("ix.hb", "Giga/L", None),
        ("ix.esr", "mM", None),
        ("ix.k", "mM", "mmol/L"),
        ("ix.creat", "mM", None),
    ):
        assert find_unit(units_for(questions[name]), spelling) == meant


def test_blanks_say_nothing() -> None:
    for question, unit, spelling in _listed():
        slashed = spelling.replace("/", " / ") if not spelling.startswith("/") else spelling
        for other in (
            f"  {spelling}\t",
            spelling.replace(" ", "\u00a0"),
            spelling.replace(" ", "  "),
            slashed,
        ):
            assert (other, find_unit(units_for(question), other)) == (other, unit)


@pytest.mark.parametrize("word", NOWHERE.split())
def test_what_is_no_unit_of_the_form_is_found_nowhere(word: str) -> None:
    assert [q.id for q in _questions() if find_unit(units_for(q), word)] == []


@pytest.mark.parametrize(
    ("name", "spelling"),
    [
        ("ix.creat", "mg/dL BUN"),
        ("ix.creat", "mmol/L"),
        ("gen.spo2", "% HbA1c"),
        ("ix.ck", "K/uL"),
        ("ix.ck", "mIU/L"),
        ("ix.tsh", "U/L"),
        ("ix.hb", "mg/L"),
        ("ix.plt", "g/l"),
        ("ix.glucose_fasting", "mval/L"),
        ("ix.k", "m"),
        ("patient.height_cm", "ms"),
        ("cramp.duration_months", "metres"),
        ("cramp.frequency_week", "units/week"),
        ("soc.alcohol_units_week", "drinks a day"),
    ],
)
def test_a_unit_of_another_question_is_not_found(name: str, spelling: str) -> None:
    assert find_unit(units_for(the_content().form.questions[name]), spelling) is None


@pytest.mark.parametrize(
    "text",
    ["m", " ", "/", "1", "10", ".", "a ", "(", "mm3", "l-1 ", "per ", "\u0301", "µ", "1.73 "],
)
def test_a_long_text_is_no_unit(text: str) -> None:
    assert max(len(spelling) for *_, spelling in _listed()) < LONGEST
    for question in _questions():
        assert find_unit(units_for(question), (text * 10_000)[:10_000]) is None
        assert find_unit(units_for(question), "furlongs " + text * 20) is None


# -- behind a number ------------------------------------------------------------------------------


def _number(question: Question, unit: str) -> Decimal:
    """Return a number of `unit` from the middle of what can be."""
    assert question.range is not None
    low, high = question.range
    factor, offset = _size(question, unit) or (Decimal(1), Decimal(0))
    middle = ((low * high).sqrt() if low else high / 10) - offset
    number = Decimal(f"{Decimal(f'{middle / factor:.2g}'):f}")
    number = number.to_integral_value() if question.integer else number
    assert can_be(question, number, unit)
    return number


def _read(question: Question, text: str) -> Quantity | Measurement:
    if question.kind == "result":
        return parse_measurement(question, text, TODAY)
    return parse_quantity(question, text)


def _glued(spelling: str) -> bool:
    return not spelling[0].isdigit()


def test_behind_a_number_each_spelling_leaves_number_and_unit_whole() -> None:
    for question, unit, spelling in _listed():
        number = _number(question, unit)
        for blank in (" ", "") if _glued(spelling) else (" ",):
            text = f"{number:f}{blank}{spelling}"
            if spelling in DOUBTFUL:
                with pytest.raises(EntryError, match="the unit can be mg/dL, or mg/dL urea"):
                    _read(question, text)
                continue
            value = _read(question, text)
            assert (text, value.value, value.unit) == (text, number, unit)
            assert (value.comparator, value.typed in ("", text)) == ("", True)


@pytest.mark.parametrize(
    ("written", "comparator", "low", "high"),
    [
        ("{} {} H", "", None, None),
        ("HH {} {}", "", None, None),
        ("{} L {}", "", None, None),
        ("{}* {} ↑", "", None, None),
        (">{} {}", ">", None, None),
        ("{} {} (2 - 8888)", "", 2, 8888),
        ("{} {} 2-8888", "", 2, 8888),
        ("{} {} ref 2 to 8888 H", "", 2, 8888),
        ("{} {} H [<8888]", "", None, 8888),
        ("{0} {1} (2-8888 {1})", "", 2, 8888),
    ],
)
def test_flags_and_the_laboratory_s_range_leave_each_spelling_whole(
    written: str, comparator: str, low: int | None, high: int | None
) -> None:
    for question, unit, spelling in _listed():
        if question.kind != "result" or spelling in DOUBTFUL:
            continue
        if " L " in written and question.unit == "mL/kg":
            continue  # there it may be litres
        number = _number(question, unit)
        text = written.format(f"{number:f}", spelling)
        value = parse_measurement(question, text, TODAY)
        assert (text, value.value, value.unit) == (text, number, unit)
        assert (text, value.comparator, value.low, value.high) == (text, comparator, low, high)


@pytest.mark.parametrize("written", ["{0}-{0} {1}", "{0} to {0} {1}", "about {0} {1}", "{0}+ {1}"])
def test_ranges_and_limits_of_amounts_leave_each_spelling_whole(written: str) -> None:
    for question, unit, spelling in _listed():
        if question.kind == "quantity":
            number = _number(question, unit)
            text = written.format(f"{number:f}", spelling)
            value = parse_quantity(question, text)
            assert (text, value.value, value.unit) == (text, number, unit)
            assert value.high in (None, number)


@pytest.mark.parametrize(
    "text", ["1", "1 ", "1-", "H ", "a H ", "* ", "(1-", "ref ", "10 ", "1,", "<1", "[a]"]
)
def test_a_long_text_is_refused_in_a_sentence(text: str) -> None:
    questions = the_content().form.questions
    for name in ("ix.k", "cramp.duration_months"):
        with pytest.raises(EntryError, match="too long"):
            _read(questions[name], "5 " + text * 10_000)
        with pytest.raises(EntryError, match="too long"):
            _read(questions[name], "5 " + "mmol" * LONGEST_ENTRY)
