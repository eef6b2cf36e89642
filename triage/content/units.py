"""The spellings of units: British, American and European shorthand and UCUM, as one unit of a question.

A table and not a unit library: pint and ucumvert read ``K/uL`` as kelvin, ``C`` as coulomb and
``Gpt/L`` as gigapints, and know neither ``mIU/L`` nor ``10^9/L``. A spelling is only ever looked up
among the units of one question, so that ``m`` is metres for a distance and months for a duration.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

from triage.content.form import in_default_unit
from triage.content.schema import Question

# What is replaced in any spelling, in this order.
_FOLDS = (
    (re.compile(r"(?:^|\s+)per\s+"), "/"),
    (re.compile(r"[\u00b5\u03bc]|micro(?=[a-z])|\bmc(?=g|mol|l)"), "u"),
    (re.compile(r"milli(?=[a-z])"), "m"),
    (re.compile(r"nano(?=[a-z])"), "n"),
    (re.compile(r"pico(?=[a-z])"), "p"),
    (re.compile(r"kilo(?=gram)"), "k"),
    (re.compile(r"gram(?:me)?s?"), "g"),
    (re.compile(r"moles?"), "mol"),
    (re.compile(r"lit(?:re|er)s?"), "l"),
    (re.compile(r"deci(?=l)"), "d"),
    (re.compile(r"equivalents?|(?<=m)equiv"), "eq"),
    (re.compile(r"(?:international )?units?(?=/|$)"), "u"),
    (re.compile(r"minutes?(?![a-z])"), "min"),
    (re.compile(r"(?:hours?|hrs?)(?![a-z])"), "h"),
    (re.compile(r"mm?\[hg\]"), "mmhg"),
    (re.compile(r"[{}\[\]\s_()]"), ""),
    (re.compile(r"[x×*]?10(?:\*\*|[*^]|e)?\+?0?(9|12|3|6)/"), r"10^\1/"),
    (re.compile(r"(?<=[\d.])m(?:\^|\*{1,2})?2"), "m2"),
)
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
# Units that are equal, behind the colon what else is written for them. What is written behind
# one colon may well be another unit elsewhere: G/L are 10^9 cells, and grams.
_SAME = (
    "u/l iu/l : ui/l e/l /l",
    "10^9/l 10^3/ul : 10^3/mm3 k/ul k/mm3 k/cumm thou/ul thousand/ul thou/mm3 g/l gpt/l giga/l /nl 1e9/l e9/l",
    "10^12/l 10^6/ul : m/ul mil/ul million/ul t/l tpt/l /pl",
    "mmol/l : mm/l mval/l",
    "meq/l : mval/l",
    "ng/l pg/ml :",
    "ug/l ng/ml :",
    "ug/dl : ug%",
    "mg/l ug/ml :",
    "mg/dl : mg% mgs/dl mg/100ml",
    "g/dl : g% gm/dl gms/dl g/100ml",
    "g/l mg/ml : gm/l",
    "mmol/mol : mmol/molhb mmol/molhba mmol/molifcc",
    "% : percent pct %ngsp %dcct %hb %sat",
    "miu/l uiu/ml : mu/l uu/ml mui/l",
    "pmol/l fmol/ml : pm",
    "nmol/l pmol/ml : nm",
    "umol/l nmol/ml : um",
    "ml/min/1.73m2 : ml/min/1.73sqm ml/min/1.73 ml/min ml/min/173m2 ml/min/1,73m2 ml/min/1.73msq",
    "mm/h : mm/1h mm/1sth mm/1.h mmin1sth mm",
    "/min : bpm beats/min breaths/min 1/min min-1 min^-1 rpm br/min",
    "mmhg : torr mm",
    "°c : c degc cel celsius degreesc ºc deg.c °celsius gradc ℃",
    "°f : f degf fahrenheit degreesf ºf deg.f °fahrenheit ℉",
    "kg : kgs kilo kilos kilog",
    "lb : lbs pound pounds #",
    "st : stone stones",
    "cm : cms centimetre centimetres centimeter centimeters",
    "in : inch inches ins \" ″ ''",
    "ft : foot feet ' ′",
    "m : metre metres meter meters mtr mtrs",
    "km : kms kilometre kilometres kilometer kilometers",
    "yd : yard yards yds",
    "mi : mile miles",
    "y years : year yr yrs a yearsold yo y/o y.o",
    "months : month mth mths mo mos m /12",
    "weeks : week wk wks w /52",
    "days : day d /7",
    "/day : aday daily /d eachday x/day timesaday times/day xdaily",
    "/week : aweek weekly /wk /w eachweek x/week timesaweek times/week x/wk",
    "/month : amonth monthly /mo /mth eachmonth x/month timesamonth times/month",
    "units/week : u/week unitsaweek u/wk units/wk units u unitsweekly unit/week",
    "units/day : u/day unitsaday u/d unitsdaily unit/day",
    "units/month : u/month unitsamonth",
    "g/week : gaweek g/wk",
    "g/day : gaday g/d",
    "pack-years : packyears packyear py pack-year pkyears pkyrs packyrs pack-yrs",
    "ms : msec msecs milliseconds mseconds",
    "ml/kg : cc/kg",
)


def folded(spelling: str) -> str:
    """Return a spelling without case, blanks, braces and the signs that have several forms."""
    text = spelling.strip().lower().translate(_RAISED)
    for pattern, instead in _FOLDS:
        text = pattern.sub(instead, text)
    return text.strip(".")


# By spelling: the units that it may be, those that are equal together.
_UNITS: dict[str, set[frozenset[str]]] = {}
for _row in _SAME:
    _equal, _, _written = _row.partition(" :")
    for _name in (*_equal.split(), *_written.split()):
        _UNITS.setdefault(folded(_name), set()).add(frozenset(map(folded, _equal.split())))


def find_unit(units: Iterable[str], spelling: str) -> str | None:
    """Return which of `units` a spelling means; None if none, or if two could be meant."""
    units = list(units)
    if spelling in units:
        return spelling
    wanted = folded(spelling)
    same = [unit for unit in units if folded(unit) == wanted]
    if same:
        return same[0] if len(same) == 1 else None
    rows = ([u for u in units if folded(u) in row] for row in _UNITS.get(wanted, ()))
    found = [row for row in rows if row]
    return found[0][0] if len(found) == 1 else None


def units_for(question: Question, profile: str = "") -> tuple[str, ...]:
    """Return the units of `question`, that of a bare number in `profile` first."""
    first = [other.unit for other in question.units if profile in other.first]
    units = [*first, question.unit, *(other.unit for other in question.units)]
    return tuple(dict.fromkeys(units))


def can_be(question: Question, number: Decimal, unit: str) -> bool:
    """Whether `number` of `unit` lies in the range that the form holds possible; true where it has none."""
    value = in_default_unit(question, number, unit)
    if question.range is None or value is None:
        return True
    return question.range[0] <= value <= question.range[1]
