"""Units and amounts as people write them: each spelling with what it means, or that it is asked or refused."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest

from triage.content.entry import parse_measurement, parse_quantity
from triage.errors import AskError, EntryError
from triage.model.values import Measurement, Quantity

from ..conftest import the_content

TODAY = date(2026, 11, 22)

# question, what is typed, what it means: [comparator]number[..upper end] [unit] [low-high of the laboratory]
RESULTS = """
ix.creat | 85 umol/L | 85 µmol/L
ix.creat | 85 μmol/L | 85 µmol/L
ix.creat | 85 µmol/l | 85 µmol/L
ix.creat | 85 micromol/L | 85 µmol/L
ix.creat | 85 micromoles per litre | 85 µmol/L
ix.creat | 85umol/L | 85 µmol/L
ix.creat | 0.96 mg/dL | 0.96 mg/dL
ix.creat | 0.96 MG/DL | 0.96 mg/dL
ix.creat | 0,96 mg/dl | 0.96 mg/dL
ix.creat | 0.96 mg% | 0.96 mg/dL
ix.creat | 0.9 mg/100 mL | 0.9 mg/dL
ix.plt | 250 | 250 10^9/L
ix.plt | 250 10*9/L | 250 10^9/L
ix.plt | 250 x10^9/L | 250 10^9/L
ix.plt | 250 x 10^9/L | 250 10^9/L
ix.plt | 250 ×10⁹/L | 250 10^9/L
ix.plt | 250 10⁹/L | 250 10^9/L
ix.plt | 250 10e9/L | 250 10^9/L
ix.plt | 250 K/uL | 250 10^9/L
ix.plt | 250 K/µL | 250 10^9/L
ix.plt | 250 10^3/uL | 250 10^9/L
ix.plt | 250 x10*3/uL | 250 10^9/L
ix.plt | 250 G/L | 250 10^9/L
ix.plt | 250 Gpt/L | 250 10^9/L
ix.plt | 250 thou/uL | 250 10^9/L
ix.plt | 250 /nL | 250 10^9/L
ix.plt | 250 1000/µL | 250 10^9/L
ix.plt | 250 x 1000/µL | 250 10^9/L
ix.plt | 250 10(9)/L | 250 10^9/L
ix.plt | 250 H 10*9/L | 250 10^9/L
ix.plt | 250 x10^9/L (150-400 x10^9/L) | 250 10^9/L 150-400
ix.plt | 250 100/µL | 250100 /µL
ix.wcc | 5.1 /µL | 5.1 /µL
ix.wcc | 5100/mm³ | 5100 /µL
ix.hb | 138 g/L | 138 g/L
ix.hb | 138 g/l | 138 g/L
ix.hb | 13.8 g/dL | 13.8 g/dL
ix.hb | 13.8 gm/dL | 13.8 g/dL
ix.hb | 13.8 g% | 13.8 g/dL
ix.hb | 13,8 g/dl | 13.8 g/dL
ix.egfr | 92 mL/min/1.73m2 | 92 mL/min/1.73m2
ix.egfr | 92 mL/min/1.73m² | 92 mL/min/1.73m2
ix.egfr | 92 mL/min/1.73 m2 | 92 mL/min/1.73m2
ix.egfr | 92 mL/min/{1.73_m2} | 92 mL/min/1.73m2
ix.egfr | 92 ml/min/1.73m^2 | 92 mL/min/1.73m2
ix.egfr | 92 mL/min/1.73 m2 60-120 | 92 mL/min/1.73m2 60-120
ix.egfr | 92 mL/min/1.73 60-120 | 92 mL/min/1.73m2 60-120
ix.egfr | >90 ml/min | >90 mL/min/1.73m2
ix.egfr | > 90 | >90 mL/min/1.73m2
ix.egfr | ≥90 | >=90 mL/min/1.73m2
ix.egfr | more than 90 | >90 mL/min/1.73m2
ix.tsh | 1.2 mU/L | 1.2 mIU/L
ix.tsh | 1.2 mIU/L | 1.2 mIU/L
ix.tsh | 1.2 uIU/mL | 1.2 mIU/L
ix.tsh | 1.2 µIU/mL | 1.2 mIU/L
ix.tsh | 1.2 uU/mL | 1.2 mIU/L
ix.tsh | 1.2 milliunits/L | 1.2 mIU/L
ix.tsh | <0.01 | <0.01 mIU/L
ix.tsh | < 0.01 mU/L | <0.01 mIU/L
ix.tsh | less than 0.01 | <0.01 mIU/L
ix.tsh | ≤0,01 mU/l | <=0.01 mIU/L
ix.b12 | 450 pg/mL | 450 pg/mL
ix.b12 | 450 ng/L | 450 ng/L
ix.b12 | 330 pmol/L | 330 pmol/L
ix.folate | 8 ug/L | 8 µg/L
ix.folate | 8 mcg/L | 8 µg/L
ix.folate | 8 micrograms/L | 8 µg/L
ix.esr | 12 mm/h | 12 mm/h
ix.esr | 12 mm/hr | 12 mm/h
ix.esr | 12 mm/hour | 12 mm/h
ix.esr | 12 mm/1h | 12 mm/h
ix.esr | 12 mm | 12 mm/h
ix.esr | 12 mm in 1 hr | 12 mm/h
ix.esr | 12 mm 1 h | 12 mm/h
ix.esr | > 10 (5-15) | >10 mm/h 5-15
ix.alt | 34 units/L | 34 U/L
ix.alt | 34 U/l | 34 U/L
ix.alt | 34 IU/L | 34 IU/L
ix.alt | 34 iu/l | 34 IU/L
ix.k | 4.1 | 4.1 mmol/L
ix.k | 4,1 | 4.1 mmol/L
ix.k | 4·1 | 4.1 mmol/L
ix.k | 4.1mmol/l | 4.1 mmol/L
ix.k | 4.1 mEq/L | 4.1 mEq/L
ix.k | 4.1 meq/l | 4.1 mEq/L
ix.k | 4.125 | 4.125 mmol/L
ix.k | 4.1 (3.5-5.3) | 4.1 mmol/L 3.5-5.3
ix.k | 4.1 [3.5 - 5.3] | 4.1 mmol/L 3.5-5.3
ix.k | 4.1 mmol/L (3,5–5,3) | 4.1 mmol/L 3.5-5.3
ix.k | 4.1 mmol L-1 3.5-5.3 | 4.1 mmol/L 3.5-5.3
ix.k | 4.1 mmol / L | 4.1 mmol/L
ix.k | 4.1 mmol / L L (3.5 - 5.3 mmol / L) | 4.1 mmol/L 3.5-5.3
ix.k | 2.9 L | 2.9 mmol/L
ix.k | L 2.9 | 2.9 mmol/L
ix.k | 2.9* | 2.9 mmol/L
ix.k | 2.9 ↓ | 2.9 mmol/L
ix.ck | 640 U/L (40 - 320) | 640 U/L 40-320
ix.ck | 640 H | 640 U/L
ix.ck | 640 HH | 640 U/L
ix.ck | 640 high | 640 U/L
ix.ck | 640 U/L H (40-320) | 640 U/L 40-320
ix.ck | 640 U/L (40-320) H | 640 U/L 40-320
ix.ck | 640 U/L (<320) | 640 U/L -320
ix.ck | 640 U per L | 640 U/L
ix.ck | 640 U per L H | 640 U/L
ix.ck | 640 IU/L (40-320 U/L) | 640 IU/L 40-320
ix.ck | 640 (40-320 adults) | 640 U/L 40-320
ix.ck | 640 (ref 40 to 320) | 640 U/L 40-320
ix.ck | 640 U/L ref. range 40-320 | 640 U/L 40-320
ix.ck | 12 450 | 12450 U/L
ix.ck | 12'450 U/L | 12450 U/L
ix.ck | 1,234.5 | 1234.5 U/L
ix.ck | 1.234,5 | 1234.5 U/L
ix.ck | 12450 U/L | 12450 U/L
gen.temp | 37.2 C | 37.2 °C
gen.temp | 37.2 °C | 37.2 °C
gen.temp | 37.2 degC | 37.2 °C
gen.temp | 37,2 celsius | 37.2 °C
gen.temp | 98.6 F | 98.6 °F
gen.temp | 98.6 °F | 98.6 °F
gen.temp | 98.6 fahrenheit | 98.6 °F
gen.hr | 72 bpm | 72 /min
gen.hr | 72/min | 72 /min
gen.hr | 72 1/min | 72 /min
gen.hr | 72 min-1 60-100 | 72 /min 60-100
gen.hr | 72 beats per minute | 72 /min
gen.hr | 72 beats/min | 72 /min
gen.rr | 16 breaths/min | 16 /min
gen.bp_sys | 138 mmHg | 138 mmHg
gen.bp_sys | 138 mm[Hg] | 138 mmHg
gen.bp_sys | 138 mm Hg | 138 mmHg
gen.bp_sys | 138 torr 90-140 | 138 mmHg 90-140
gen.spo2 | 97 % | 97 %
gen.spo2 | 97% | 97 %
gen.spo2 | 97 percent | 97 %
emg.inr_latest | 2.3 | 2.3
"""
AMOUNTS = """
cramp.duration_months | 6 | 6 months
cramp.duration_months | 6 weeks | 6 weeks
cramp.duration_months | 6 wks | 6 weeks
cramp.duration_months | 6/52 | 6 weeks
cramp.duration_months | 18/12 | 18 months
cramp.duration_months | 3/7 | 3 days
cramp.duration_months | 6-8 weeks | 6..8 weeks
cramp.duration_months | 6 – 8 weeks | 6..8 weeks
cramp.duration_months | 6 to 8 weeks | 6..8 weeks
cramp.duration_months | six to eight weeks | 6..8 weeks
cramp.duration_months | about 6 months | ~6 months
cramp.duration_months | approx. 6 months | ~6 months
cramp.duration_months | ~ 6 mths | ~6 months
cramp.duration_months | more than 9 years | >9 years
cramp.duration_months | over 9 years | >9 years
cramp.duration_months | > 9 yrs | >9 years
cramp.duration_months | at least 3 months | >=3 months
cramp.duration_months | less than 2 weeks | <2 weeks
cramp.duration_months | up to 2 weeks | <=2 weeks
cramp.duration_months | 9+ years | >=9 years
cramp.duration_months | 1½ years | 1.5 years
cramp.duration_months | two weeks | 2 weeks
cramp.duration_months | 2 years 3 months | 27 months
cramp.duration_months | 2y 3m | 27 months
cramp.duration_months | 1,5 years | 1.5 years
patient.height_cm | 178 | 178 cm
patient.height_cm | 178 cms | 178 cm
patient.height_cm | 1.78 m | 1.78 m
patient.height_cm | 1m78 | 178 cm
patient.height_cm | 5'10" | 70 in
patient.height_cm | 5' 10" | 70 in
patient.height_cm | 5'10 | 70 in
patient.height_cm | 5 ft 10 | 70 in
patient.height_cm | 5ft 10in | 70 in
patient.height_cm | 5 feet 10 inches | 70 in
patient.height_cm | 70 inches | 70 in
patient.weight_kg | 72 kgs | 72 kg
patient.weight_kg | 72,5 | 72.5 kg
patient.weight_kg | 11 st 4 | 158 lb
patient.weight_kg | 11 st 4 lb | 158 lb
patient.weight_kg | 11 stone 4 pounds | 158 lb
patient.weight_kg | 11st | 11 st
patient.weight_kg | 158 lbs | 158 lb
cramp.frequency_week | 3 a week | 3 /week
cramp.frequency_week | 3 per week | 3 /week
cramp.frequency_week | 3/wk | 3 /week
cramp.frequency_week | 3 times a week | 3 /week
cramp.frequency_week | 3-4/wk | 3..4 /week
cramp.frequency_week | 2 a day | 2 /day
cramp.frequency_week | 5 daily | 5 /day
cramp.walk_distance_m | 200 yards | 200 yd
cramp.walk_distance_m | 200 metres | 200 m
cramp.walk_distance_m | ½ mile | 0.5 mi
cramp.walk_distance_m | 1.5 km | 1.5 km
soc.alcohol_units_week | 10-14 | 10..14 units/week
soc.alcohol_units_week | 10 units | 10 units/week
soc.alcohol_units_week | 0 | 0 units/week
soc.alcohol_units_week | 10 units per week | 10 units/week
soc.alcohol_units_week | 3 units/day | 3 units/day
patient.age | 58 | 58 y
patient.age | 58 years | 58 y
patient.age | 58 yrs | 58 y
patient.age | over 65 | >65 y
"""
# What has two readings, and how they are shown.
ASKED = """
ix.ck | 12,000 | 12 U/L; 12 000 U/L
ix.ck | 12.450 | 12.45 U/L; 12 450 U/L
ix.ck | > 20,000 | >20 U/L; >20 000 U/L
ix.hb | 13.5 | 13.5 g/dL; 13.5 mmol/L; 13.5 g/L (outside what can be)
ix.ca_adj | 9.4 | 9.4 mg/dL; 9.4 mmol/L (outside what can be)
ix.creat | 6 | 6 mg/dL; 6 mg/L; 6 µmol/L (outside what can be)
gen.temp | 98.6 | 98.6 °F; 98.6 °C (outside what can be)
cramp.walk_distance_m | 1,500 | 1.5 m; 1500 m
patient.weight_kg | 1,000 | 1 kg (outside what can be); 1000 kg (outside what can be)
"""
REFUSED = """
ix.fvc_ml_kg | 3.1 L | not known here
ix.ck | abc | type a number in U/L
ix.ck | 640 furlongs | the unit “furlongs” is not known here; use U/L or IU/L
ix.ck | 640 (320-40) | the lower one first
ix.ck | 640 - 700 | type a number
ix.ck | 640 (4 0-320) | the signs between the digits fit no number
ix.hb | 138 g/L (12-16 g/dL) | type the laboratory's range in g/L
ix.urea | 14 mg/dL urea N | the unit can be mg/dL, or mg/dL urea with a flag
ix.urea | 14 mg/dL urea N H (7-20) | the unit can be mg/dL, or mg/dL urea with a flag
ix.creat | 14 mg/dL BUN | the unit “mg/dL BUN” is not known here
ix.plt | 138 g/L | the unit “g/L” is not known here
ix.fvc_ml_kg | 3.1L | the unit “L” is not known here
ix.ck | about 640 | a number or a limit
ix.ck | 1,23,456 | the signs between the digits fit no number
ix.ck | 640 K/uL | not known here
ix.hb | 138 K/uL | not known here
cramp.walk_distance_m | 3 months | not known here
cramp.duration_months | 8-6 weeks | type the smaller number first
cramp.duration_months | more than 6-8 weeks | either a range or one limit
patient.age | 58.5 | a whole number
patient.age | f1 | type a number in y
"""


def _rows(table: str) -> list[list[str]]:
    return [[part.strip() for part in line.split("|")] for line in table.strip().splitlines()]


def _meaning(value: Quantity | Measurement) -> str:
    """Return a value in the notation of the tables above."""
    to = f"..{value.high}" if isinstance(value, Quantity) and value.high is not None else ""
    text = f"{value.comparator}{value.value}{to} {value.unit}".strip()
    if isinstance(value, Measurement) and (value.low is not None or value.high is not None):
        text += f" {'' if value.low is None else value.low}-{value.high}"
    return text


def _parsed(name: str, typed: str) -> Quantity | Measurement:
    question = the_content().form.questions[name]
    if question.kind == "result":
        return parse_measurement(question, typed, TODAY)
    return parse_quantity(question, typed)


@pytest.mark.parametrize(("name", "typed", "meant"), _rows(RESULTS) + _rows(AMOUNTS))
def test_a_spelling_means_what_it_says(name: str, typed: str, meant: str) -> None:
    assert _meaning(_parsed(name, typed)) == meant


@pytest.mark.parametrize(("name", "typed", "readings"), _rows(ASKED))
def test_a_spelling_with_two_readings_is_asked(name: str, typed: str, readings: str) -> None:
    with pytest.raises(AskError) as asked:
        _parsed(name, typed)
    assert "; ".join(said for said, _ in asked.value.readings) == readings


@pytest.mark.parametrize(("name", "typed", "says"), _rows(REFUSED))
def test_what_cannot_be_read_is_refused_in_a_sentence(name: str, typed: str, says: str) -> None:
    with pytest.raises(EntryError, match=re.escape(says)):
        _parsed(name, typed)


def test_nil_is_no_alcohol_and_no_other_amount() -> None:
    assert _parsed("soc.alcohol_units_week", "Nil") == Quantity(word="nil", unit="units/week")
    with pytest.raises(EntryError):
        _parsed("cramp.frequency_week", "does not drink")


def test_what_was_typed_is_kept_only_where_it_was_spelled_otherwise() -> None:
    for typed, kept in (
        ("640", ""),
        ("640 U/L", ""),
        ("640 H", "640 H"),
        ("6,4", "6,4"),
        ("12 450", ""),
    ):
        assert _parsed("ix.ck", typed).typed == kept


def test_in_the_us_profile_a_bare_number_has_the_unit_of_american_laboratories() -> None:
    questions = the_content().form.questions
    for name, typed, unit in (
        ("ix.mg", "1.0", "mg/dL"),
        ("ix.creat", "6", "mg/dL"),
        ("ix.ca_adj", "9.4", "mg/dL"),
        ("ix.hb", "13.5", "g/dL"),
        ("gen.temp", "98.6", "°F"),
    ):
        item = parse_measurement(questions[name], typed, TODAY, profile="us")
        assert (item.value, item.unit) == (Decimal(typed), unit)
    assert parse_quantity(questions["patient.weight_kg"], "158", profile="us").unit == "lb"
