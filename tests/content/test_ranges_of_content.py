"""What can be, in which unit, and under which name: the shipped questions, record by record."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from decimal import Decimal
from pathlib import Path

import pytest

from tests.conftest import ROOT, case_from, the_content, vignettes
from triage.content.form import in_default_unit
from triage.content.schema import Bounds, Question, Unit
from triage.expr.tree import Amount, Compare
from triage.model.values import Measurement, Quantity, Result

CONTENT = the_content()
FORM = CONTENT.form
RESULTS = [q for q in FORM.file.question if q.kind == "result"]
QUANTITIES = [q for q in FORM.file.question if q.kind == "quantity"]
MEASURED = [q for q in (*RESULTS, *QUANTITIES) if not q.options]
# Scores have the ends that their authors gave them.
SCORES = {"cramp.severity", "impact.phq2", "impact.frailty"} | {
    f"cramp.mcs_{item}" for item in ("trigger", "frequency", "location", "severity", "daily")
}
_CASES = ROOT.parent / "forms" / "muscle_cramps" / "cases"
SAMPLES = [_CASES / "sample.json", _CASES / "sample_benign.json"]


def named(question: Question) -> str:
    return question.id


def can_be(question: Question, number: Decimal | str, unit: str = "") -> bool:
    value = in_default_unit(question, Decimal(number), unit)
    assert value is not None, (question.id, unit)
    assert question.range is not None, question.id
    return question.range[0] <= value <= question.range[1]


# -- ranges -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("question", MEASURED, ids=named)
def test_every_number_has_a_range_and_the_range_a_source(question: Question) -> None:
    assert question.range is not None
    assert question.range[0] < question.range[1]
    assert question.source
    assert ("plausible-limits" in question.source) is (question.id not in SCORES)


@pytest.mark.parametrize("question", MEASURED, ids=named)
def test_the_reference_range_and_what_words_stand_for_can_be(question: Question) -> None:
    bounds: list[Question | Bounds] = [question, *question.by_sex.values()]
    limits = [limit for b in bounds for limit in (b.low, b.high) if limit is not None]
    band = CONTENT.word_bands.get(question.id)
    if band is not None:
        limits += [limit for limit in dict(band).values() if isinstance(limit, Decimal)]
    assert [limit for limit in limits if not can_be(question, limit)] == []


def comparisons(node: object) -> Iterator[Compare]:
    """Yield every comparison anywhere in the content."""
    if isinstance(node, Compare):
        yield node
    if isinstance(node, Mapping):
        node = tuple(node.values())
    if isinstance(node, tuple | list):
        for item in node:
            yield from comparisons(item)
    elif is_dataclass(node):
        for field in fields(node):
            yield from comparisons(getattr(node, field.name))


def test_every_limit_that_a_rule_asks_for_can_be_reached() -> None:
    asked = {
        (question.id, compare.limit)
        for compare in comparisons(CONTENT)
        if isinstance(compare.number, Amount)
        and (question := FORM.question_of(compare.number.id)) is not None
    }
    assert len({question for question, _ in asked}) > 40
    assert [pair for pair in sorted(asked) if not can_be(FORM.questions[pair[0]], pair[1])] == []


@pytest.mark.parametrize("path", [*vignettes(), *SAMPLES], ids=lambda path: path.stem)
def test_no_number_of_a_teaching_case_is_called_impossible(path: Path) -> None:
    data = json.loads(path.read_text(encoding="utf-8"))
    found: list[tuple[str, Quantity | Measurement]] = []
    for key, value in case_from(data.get("case", data)).items():
        if isinstance(value, Quantity):
            found.append((key, value))
        elif isinstance(value, Result):
            found += [(key, item) for item in value.items]
    for key, item in found:
        question = FORM.question_of(key)
        assert question is not None
        if item.value is not None:
            assert can_be(question, item.value, item.unit), key


# Published in people who lived, or in the daily work of a laboratory: never flagged.
EXTREMES = {
    "ix.ck": "7 19 701000 1100000",
    "ix.k": "1.2 10.1",
    "ix.na": "98 196",
    "ix.mg": "0.15 7.5",
    "ix.ca_adj": "0.9 5.9",
    "ix.creat": "12 3200",
    "ix.hb": "25 245",
    "ix.plt": "1 2800",
    "ix.wcc": "0.1 1300",
    "ix.tsh": "0.01 800",
    "ix.glucose_fasting": "0.5 55",
    "ix.hba1c": "18 190",
    "ix.alb": "8 65",
    "ix.alt": "3 20000",
    "ix.vitd": "5 2000",
    "ix.b12": "45 40000",
    "ix.cortisol_9am": "11 2500",
    "ix.ferritin": "1 150000",
    "ix.ph": "6.33 7.9",
    "ix.pco2": "1.3 20",
    "ix.cl": "60 150",
    "ix.ast": "4 20000",
    "ix.ldh": "60 50000",
    "ix.glucose": "0.5 55",
    "ix.postvoid": "0 4000",
    "gen.temp": "24 43",
    "patient.weight_kg": "25 350",
    "patient.height_cm": "95 251",
    "patient.age": "0 119",
}


@pytest.mark.parametrize("question", EXTREMES)
def test_the_extremes_of_living_adults_are_not_called_impossible(question: str) -> None:
    for number in EXTREMES[question].split():
        assert can_be(FORM.questions[question], number), number


SLIPS = {
    "ix.k": "41 -4.1 0.41",
    "ix.na": "14 1400",
    "gen.hr": "720 7",
    "gen.spo2": "9.7 980",
    "gen.temp": "3.7 370",
    "gen.bp_sys": "13 1380",
    "gen.rr": "160",
    "ix.tsh": "-1",
    "ix.hb": "1350 1.35",
    "patient.age": "430 121 -4",
    "patient.weight_kg": "720 7.2",
    "patient.height_cm": "17 1720",
    "cramp.frequency_week": "9000",
    "ix.inr": "250",
    "ix.ph": "74 0.74 8.4",
    "ix.cl": "10 1010",
    "ix.fvc_pct": "3.2",
}


@pytest.mark.parametrize("question", SLIPS)
def test_a_slip_of_the_key_cannot_be(question: str) -> None:
    for number in SLIPS[question].split():
        assert not can_be(FORM.questions[question], number), number


# What is ordinary in the other unit cannot be in the default one, so the bare number can be asked.
ASKED = {
    ("ix.hb", "g/dL"): "7.9 13.5 15.2 17.9",
    ("ix.hb", "mmol/L"): "7.5 8.6 11",
    ("ix.ca_adj", "mg/dL"): "6.1 8.4 9.4 10.6 14",
    ("ix.ca_total", "mg/dL"): "8.4 9.4 10.6",
    ("ix.ca_ion", "mg/dL"): "4.5 5.3",
    ("ix.creat", "mg/dL"): "0.7 1.2 6 9.9",
    ("ix.glucose_fasting", "mg/dL"): "70 85 95 126 300",
    ("ix.hba1c", "%"): "4.8 6.5 12.4",
    ("ix.glucose", "mg/dL"): "70 110 180 300",
    ("ix.pco2", "mmHg"): "28 40 65",
    ("ix.t4_total", "µg/dL"): "4.5 8 12",
    ("ix.cholesterol", "mg/dL"): "90 180 260",
    ("ix.ldl", "mg/dL"): "55 100 190",
    ("ix.triglycerides", "mg/dL"): "60 150 400",
    ("ix.alb", "g/dL"): "2.1 3.5 5.2",
    ("ix.bili", "mg/dL"): "0.3 1.0 1.9",
    ("ix.copper", "µg/dL"): "70 110 155",
    ("ix.copper", "µg/L"): "700 1100",
    ("ix.ceruloplasmin", "mg/dL"): "12 22 48",
    ("ix.mma", "nmol/L"): "150 320 4000",
    ("ix.wcc", "/µL"): "4000 7200 13500",
    ("ix.plt", "/µL"): "45000 250000 450000",
    ("ix.ck", "µkat/L"): "0.6 1.5 3.3",
    ("ix.alt", "µkat/L"): "0.2 0.7 1.4",
    ("ix.qtc", "s"): "0.39 0.45 0.52",
    ("gen.temp", "°F"): "96.8 98.6 103",
    ("patient.height_cm", "m"): "1.55 1.72 1.98",
    ("patient.height_cm", "in"): "58 66 75",
    ("patient.height_cm", "ft"): "5.5 6",
    ("patient.weight_kg", "st"): "8.5 11 19",
    ("patient.pregnancy_weeks", "days"): "90 200 280",
}


@pytest.mark.parametrize(("question", "unit"), ASKED)
def test_a_bare_number_of_another_unit_cannot_be_in_the_default_one(
    question: str, unit: str
) -> None:
    for number in ASKED[question, unit].split():
        assert not can_be(FORM.questions[question], number), number
        assert can_be(FORM.questions[question], number, unit), number


# The other way round: a bare number of the default unit, where the profile us reads another one.
ASKED_US = {
    "ix.hb": "85 135 178",
    "ix.ca_adj": "0.7 1.9 2.35 2.9",
    "ix.ca_ion": "1.10 1.20 1.30",
    "ix.creat": "45 85 530",
    "ix.hba1c": "38 48 75",
    "ix.alb": "22 38 52",
    "gen.temp": "35.5 37.0 39.4",
    "patient.height_cm": "158 172 195",
}


@pytest.mark.parametrize("question", ASKED_US)
def test_a_bare_number_of_the_default_unit_cannot_be_in_that_of_the_profile_us(
    question: str,
) -> None:
    record = FORM.questions[question]
    for number in ASKED_US[question].split():
        assert not can_be(record, number, usual(record, "us")), number


# "12,000" and its kind: the readings that can be. Two of them are asked, one is taken.
SEPARATED = [
    ("ix.ck", "12,000", "12 12000"),
    ("ix.ck", "12,450", "12.450 12450"),
    ("ix.ck", "4,500", "4500"),
    ("ix.plt", "150,000", "150"),
    ("ix.wcc", "12,000", "12"),
    ("ix.k", "4,100", "4.100"),
    ("ix.ca_adj", "2,345", "2.345"),
    ("ix.tsh", "2,345", "2.345"),
    ("ix.creat", "1,250", "1250"),
    ("ix.b12", "1,250", "1250"),
    ("ix.b12", "12,000", "12000"),
    ("ix.vitd", "1,250", "1250"),
    ("ix.alt", "1,250", "1250"),
    ("ix.bili", "1,250", "1250"),
    ("ix.inr", "2,345", "2.345"),
    ("ix.ferritin", "1,250", "1.250 1250"),
    ("patient.weight_kg", "72,500", "72.500"),
    ("gen.temp", "37,200", "37.200"),
]


@pytest.mark.parametrize(("question", "text", "readings"), SEPARATED)
def test_a_separator_is_asked_about_only_where_both_readings_can_be(
    question: str, text: str, readings: str
) -> None:
    both = (text.replace(",", "."), text.replace(",", ""))
    possible = [Decimal(t) for t in both if can_be(FORM.questions[question], t)]
    assert possible == [Decimal(t) for t in readings.split()]


# -- units --------------------------------------------------------------------------------------------

# IUPAC standard atomic weights, 2021.
ATOMS = {
    "H": "1.008", "C": "12.011", "N": "14.007", "O": "15.999", "Mg": "24.305", "P": "30.974",
    "Ca": "40.078", "Co": "58.933", "Cu": "63.546", "I": "126.904",
}  # fmt: skip
MOLECULES = {
    "urea": "C1 H4 N2 O1",
    "urea nitrogen": "N2",
    "creatinine": "C4 H7 N3 O1",
    "calcium": "Ca1",
    "magnesium": "Mg1",
    "phosphorus": "P1",
    "thyroxine": "C15 H11 I4 N1 O4",
    "glucose": "C6 H12 O6",
    "cyanocobalamin": "C63 H88 Co1 N14 O14 P1",
    "folic acid": "C19 H19 N7 O6",
    "bilirubin": "C33 H36 N4 O6",
    "25-hydroxyvitamin D3": "C27 H44 O2",
    "cholesterol": "C27 H46 O1",
    "triolein": "C57 H104 O6",
    "cortisol": "C21 H30 O5",
    "copper": "Cu1",
}
# Too large to be spelled out, in g/mol.
MASSES = {"intact PTH": Decimal(9425), "haemoglobin subunit": Decimal(16114)}
GRAMS = {
    "g/L": Decimal(1), "g/dL": Decimal(10), "mg/L": Decimal("1e-3"), "mg/dL": Decimal("1e-2"),
    "µg/L": Decimal("1e-6"), "µg/dL": Decimal("1e-5"), "ng/L": Decimal("1e-9"),
    "ng/dL": Decimal("1e-8"), "ng/mL": Decimal("1e-6"), "pg/mL": Decimal("1e-9"),
}  # fmt: skip
MOLES = {
    "mmol/L": Decimal("1e-3"),
    "µmol/L": Decimal("1e-6"),
    "nmol/L": Decimal("1e-9"),
    "pmol/L": Decimal("1e-12"),
}
SUBSTANCES = {
    "ix.urea": "urea nitrogen",
    "ix.creat": "creatinine",
    "ix.ca_adj": "calcium",
    "ix.ca_total": "calcium",
    "ix.ca_ion": "calcium",
    "ix.mg": "magnesium",
    "ix.phos": "phosphorus",
    "ix.ft4": "thyroxine",
    "ix.glucose_fasting": "glucose",
    "ix.glucose": "glucose",
    "ix.t4_total": "thyroxine",
    "ix.cholesterol": "cholesterol",
    "ix.ldl": "cholesterol",
    "ix.triglycerides": "triolein",
    "ix.b12": "cyanocobalamin",
    "ix.mma": "",
    "ix.folate": "folic acid",
    "ix.ferritin": "",
    "ix.hb": "haemoglobin subunit",
    "ix.alb": "",
    "ix.bili": "bilirubin",
    "ix.crp": "",
    "ix.pth": "intact PTH",
    "ix.vitd": "25-hydroxyvitamin D3",
    "ix.cortisol_9am": "cortisol",
    "ix.copper": "copper",
    "ix.ceruloplasmin": "",
}
# What is no matter of mass and moles, by itself.
PLAIN = {
    ("ix.na", "mEq/L"): "1",
    ("ix.k", "mEq/L"): "1",
    ("ix.hco3", "mEq/L"): "1",
    ("ix.mg", "mEq/L"): "0.5",
    ("ix.egfr", "mL/s/1.73m2"): "60",
    ("ix.ck", "IU/L"): "1",
    ("ix.ck", "µkat/L"): "60",
    ("ix.alt", "IU/L"): "1",
    ("ix.alt", "µkat/L"): "60",
    ("ix.cl", "mEq/L"): "1",
    ("ix.pco2", "mmHg"): "0.133322",
    ("ix.ast", "IU/L"): "1",
    ("ix.ast", "µkat/L"): "60",
    ("ix.ldh", "IU/L"): "1",
    ("ix.ldh", "µkat/L"): "60",
    ("ix.aldolase", "IU/L"): "1",
    # One mole of creatinine is 113.12 g.
    ("ix.urine_acr", "mg/g"): "0.11312",
    ("ix.pef", "L/s"): "60",
    ("ix.wcc", "/µL"): "0.001",
    ("ix.plt", "/µL"): "0.001",
    ("ix.qtc", "s"): "1000",
}


def mass(substance: str) -> Decimal:
    """Return grams per mole."""
    if substance in MASSES:
        return MASSES[substance]
    parts = (re.fullmatch(r"([A-Z][a-z]?)(\d+)", p) for p in MOLECULES[substance].split())
    return sum((Decimal(ATOMS[p[1]]) * int(p[2]) for p in parts if p), Decimal(0))


def expected_factor(question: Question, unit: str) -> Decimal:
    """Return the factor to the default unit, from atomic weights alone."""
    if (question.id, unit) in PLAIN:
        return Decimal(PLAIN[question.id, unit])
    substance = SUBSTANCES[question.id]
    if (question.id, unit) in (("ix.urea", "mg/dL urea"), ("ix.urea", "g/L")):
        substance, unit = "urea", unit.removesuffix(" urea")

    def amount(name: str) -> Decimal:
        if name in MOLES and substance:
            return MOLES[name] * mass(substance)
        return MOLES[name] if name in MOLES else GRAMS[name]

    # Grams per litre, or moles where no mass is needed.
    return amount(unit) / amount(question.unit)


CONVERTED = [
    (question, unit)
    for question in RESULTS
    for unit in question.units
    if question.id not in ("gen.temp", "ix.hba1c")
]


@pytest.mark.parametrize(
    ("question", "unit"), CONVERTED, ids=[f"{q.id} {u.unit}" for q, u in CONVERTED]
)
def test_a_factor_is_that_of_the_molar_mass(question: Question, unit: Unit) -> None:
    expected = expected_factor(question, unit.unit)
    assert abs(unit.factor / expected - 1) < Decimal("0.0005"), expected
    assert unit.offset == 0


@pytest.mark.parametrize(
    ("question", "given", "unit", "expected"),
    [
        ("gen.temp", "98.6", "°F", "37.0"),
        ("gen.temp", "95", "°F", "35.0"),
        ("gen.temp", "104", "°F", "40.0"),
        ("ix.hba1c", "6.0", "%", "42.1"),
        ("ix.hba1c", "7.0", "%", "53.0"),
        ("ix.hba1c", "10.0", "%", "85.8"),
        ("patient.weight_kg", "150", "lb", "68.0"),
        ("patient.weight_kg", "11", "st", "69.9"),
        ("patient.height_cm", "70", "in", "177.8"),
        ("patient.height_cm", "6", "ft", "182.9"),
        ("cramp.walk_distance_m", "1", "mi", "1609.3"),
        ("cramp.walk_distance_m", "100", "yd", "91.4"),
        ("cramp.walk_distance_m", "50", "ft", "15.2"),
        ("cramp.walk_distance_m", "1.5", "km", "1500.0"),
        ("cramp.frequency_week", "2", "/night", "14.0"),
        ("soc.alcohol_units_week", "10", "US drinks/week", "17.5"),
        ("soc.alcohol_units_week", "40", "g/day", "35.0"),
        ("ix.urea", "15", "mg/dL", "5.4"),
        ("ix.urea", "32", "mg/dL urea", "5.3"),
    ],
)
def test_a_known_value_is_converted(question: str, given: str, unit: str, expected: str) -> None:
    value = in_default_unit(FORM.questions[question], Decimal(given), unit)
    assert value is not None
    assert f"{value:.1f}" == expected


@pytest.mark.parametrize("tenths", range(200, 461, 5))
def test_a_fever_in_fahrenheit_meets_the_limit_in_celsius_exactly(tenths: int) -> None:
    celsius = Decimal(tenths) / 10
    fahrenheit = celsius * Decimal("1.8") + 32
    assert in_default_unit(FORM.questions["gen.temp"], fahrenheit, "°F") == celsius


# What a bare number means in the profile us; everything else keeps the default unit there.
US = {
    "patient.weight_kg": "lb",
    "patient.height_cm": "in",
    "sx.weight_change_kg": "lb",
    "soc.alcohol_units_week": "US drinks/week",
    "gen.temp": "°F",
    "ix.urea": "mg/dL",
    "ix.creat": "mg/dL",
    "ix.ca_adj": "mg/dL",
    "ix.ca_total": "mg/dL",
    "ix.ca_ion": "mg/dL",
    "ix.mg": "mg/dL",
    "ix.phos": "mg/dL",
    "ix.ft4": "ng/dL",
    "ix.hba1c": "%",
    "ix.glucose_fasting": "mg/dL",
    "ix.glucose": "mg/dL",
    "ix.pco2": "mmHg",
    "ix.t4_total": "µg/dL",
    "ix.cholesterol": "mg/dL",
    "ix.ldl": "mg/dL",
    "ix.triglycerides": "mg/dL",
    "ix.urine_acr": "mg/g",
    "ix.b12": "pg/mL",
    "ix.mma": "nmol/L",
    "ix.folate": "ng/mL",
    "ix.ferritin": "ng/mL",
    "ix.hb": "g/dL",
    "ix.alb": "g/dL",
    "ix.bili": "mg/dL",
    "ix.pth": "pg/mL",
    "ix.vitd": "ng/mL",
    "ix.cortisol_9am": "µg/dL",
    "ix.copper": "µg/dL",
    "ix.ceruloplasmin": "mg/dL",
}


def usual(question: Question, profile: str) -> str:
    first = [unit.unit for unit in question.units if profile in unit.first]
    assert len(first) <= 1, question.id
    return first[0] if first else question.unit


def test_a_bare_number_has_the_unit_that_laboratories_of_the_profile_print() -> None:
    others = {q.id: usual(q, "us") for q in FORM.file.question}
    assert {q: unit for q, unit in others.items() if unit != FORM.questions[q].unit} == US
    for profile in ("uk", "eu"):
        assert all(usual(q, profile) == q.unit for q in FORM.file.question)


@pytest.mark.parametrize("question", MEASURED, ids=named)
def test_a_unit_stands_once_and_its_profiles_are_known(question: Question) -> None:
    units = [question.unit, *(unit.unit for unit in question.units)]
    assert [unit for unit, times in Counter(units).items() if times > 1] == []
    assert {profile for unit in question.units for profile in unit.first} <= {"uk", "us", "eu"}


def test_a_duration_can_be_given_in_every_unit_of_time() -> None:
    for question in QUANTITIES:
        units = {question.unit, *(unit.unit for unit in question.units)}
        if (
            units & {"days", "weeks", "months", "years"}
            and question.id != "patient.pregnancy_weeks"
        ):
            assert {"days", "weeks", "months", "years"} <= units, question.id


# -- names --------------------------------------------------------------------------------------------

_NOISE = {"serum", "plasma", "blood", "level", "estimation"}


def folded(name: str) -> str:
    """Return the name as a reader of reports compares it."""
    return "".join(word for word in re.findall(r"\w+", name.casefold()) if word not in _NOISE)


def _owners() -> Mapping[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for question in RESULTS:
        for name in filter(None, (question.label, question.short, *question.say)):
            found[folded(name)].add(question.id)
    return dict(found)


OWNERS = _owners()


@pytest.mark.parametrize("question", RESULTS, ids=named)
def test_a_result_has_the_names_under_which_it_is_printed(question: Question) -> None:
    assert len({folded(name) for name in question.say}) >= 6
    assert len(set(question.say)) == len(question.say)
    assert all(folded(name) and name == name.strip() for name in question.say)


def test_no_name_stands_at_two_results() -> None:
    assert {name: owners for name, owners in OWNERS.items() if len(owners) > 1} == {}


@pytest.mark.parametrize(
    ("name", "question"),
    [
        ("S-CK", "ix.ck"),
        ("CPK", "ix.ck"),
        ("Serum potassium", "ix.k"),
        ("K+", "ix.k"),
        ("Kalium", "ix.k"),
        ("Natrium", "ix.na"),
        ("Hgb", "ix.hb"),
        ("Haemoglobin estimation", "ix.hb"),
        ("Haemoglobin A1c level - IFCC standardised", "ix.hba1c"),
        ("GFR calculated abbreviated MDRD", "ix.egfr"),
        ("eGFRcreat (CKD-EPI)", "ix.egfr"),
        ("Serum TSH level", "ix.tsh"),
        ("25-OH vitamin D", "ix.vitd"),
        ("Calcium", "ix.ca_total"),
        ("Corrected calcium", "ix.ca_adj"),
        ("Ionized calcium", "ix.ca_ion"),
        ("BUN", "ix.urea"),
        ("BP", "gen.bp_sys"),
        ("Blood pressure", "gen.bp_sys"),
        ("Diastolic BP", "gen.bp_dia"),
        ("Free thyroxine", "ix.ft4"),
        ("Glucose", "ix.glucose"),
        ("Fasting glucose", "ix.glucose_fasting"),
        ("Total T4", "ix.t4_total"),
        ("SGOT", "ix.ast"),
        ("MRI", "ix.mri"),
        ("U&E", "ix.whole_electrolytes"),
    ],
)
def test_a_printed_name_finds_its_result(name: str, question: str) -> None:
    assert OWNERS[folded(name)] == {question}


@pytest.mark.parametrize(
    "name",
    [
        "Cortisol",  # at which hour?
        "Active B12",
        "Holotranscobalamin",
        "T4",  # free or total
        "Thyroxine",
        "Red cell folate",
        "1,25-dihydroxyvitamin D",
        "CK-MB",
        "Direct bilirubin",
        "Creatinine clearance",
        "Urine albumin",
        "Urine",
        "24 hour urine copper",
        "Harnstoff",  # its mg/dL is urea, not urea nitrogen
        "EMG/NCS",
    ],
)
def test_the_name_of_another_test_finds_nothing(name: str) -> None:
    assert folded(name) not in OWNERS


def check_digit(body: str) -> int:
    """Return the check digit of a LOINC code (mod 10, every second digit from the right doubled)."""
    digits = [int(d) * (2 - n % 2) for n, d in enumerate(reversed(body))]
    return -sum(d - 9 if d > 9 else d for d in digits) % 10


def test_codes_are_well_formed_and_stand_at_one_result() -> None:
    codes = [code for question in RESULTS for code in question.codes.loinc]
    assert [code for code, times in Counter(codes).items() if times > 1] == []
    for code in codes:
        body, _, digit = code.partition("-")
        assert check_digit(body) == int(digit), code
