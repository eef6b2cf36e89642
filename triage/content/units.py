"""The spellings of units: British, American and European shorthand and UCUM, as one unit of a question.

A table and not a unit library: pint and ucumvert read ``K/uL`` as kelvin, ``C`` as coulomb and
``Gpt/L`` as gigapints, and know neither ``mIU/L`` nor ``10^9/L``. A spelling is only ever looked up
among the units of one question, so that ``m`` is metres for a distance and months for a duration.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from decimal import Decimal
from functools import cache, lru_cache

from triage.content.form import in_default_unit
from triage.content.schema import Question

# No unit has a longer spelling.
LONGEST = 60
# What is replaced in any spelling, in this order; one blank is left between words until the end.
# First what only capitals tell: mM is mmol/L and no millimetre; G/L may be 10^9/L, g/L never is.
_CAPITALS = (
    (r" ?/ ?", "/"),
    (r"^([m\u03bcunp])M(?:/[Ll])?$", r"\1mol/l"),
    (r"^G(?=/[Ll]$)", "gram-or-giga"),
)
_FOLDS = (
    (r"[\[\]{}()_]", ""),
    # prefixes
    (r"\u03bc|mi[ck]ro(?=[a-z])|\bmc(?=g|l|mol|i?u/|kat)", "u"),
    (r"milli(?=[a-z])", "m"),
    (r"nano(?=[a-z])", "n"),
    (r"pico(?=[a-z])", "p"),
    (r"kilo(?=[gm])", "k"),
    (r"centi(?=m)", "c"),
    (r"deci(?=l)", "d"),
    # per
    (r"(?:^|[ .·⋅*])([dmu]?l|kg|min|h|s)\^?[-−]1\b", r"/\1"),
    (r"\.(?!\d)", ""),
    (r"\bper ?cent\b|\bpct\b|\bpc\b", "%"),
    (r"(?:^| )(?:per|an?|each|every) ", "/"),
    (r"\bdaily\b", "/day"),
    (r"\bannually\b", "/year"),
    (r"\b(night|week|month|year)ly\b", r"/\1"),
    (r"\bp/?([dw])\b", r"/\1"),
    # times
    (r"\b(m?)s(?:ecs?|econds?)\b", r"\1s"),
    (r"\bmin(?:ute)?s?\b|(?<=/)mn\b", "min"),
    (r"(?<![a-z])(?:hours?|hrs?)\b", "h"),
    (r"(?<=/)(?:7 ?days|w)$|\b(?:weeks?|wks?|wochen?)\b", "week"),
    (r"(?<=/)d$|\b(?:days?|dys?|tage?)\b", "day"),
    (r"\b(?:months?|mn?ths?|mos?|mons?|monate?)\b", "month"),
    (r"(?<=/)[ay]$|\b(?:years?|yrs?|annum)\b", "year"),
    # amounts
    (r"mole?s?\b", "mol"),
    (r"\b([munpk]?)g(?:ram(?:me)?|m|r)?s?\b", r"\1g"),
    (r"\bm(?:val|equiv(?:alents?)?)\b", "meq"),
    (r"\bint(?:ernational)? ?units?\b|ui(?=/)", "iu"),
    (r"(?:\buk )?units?\b", "u"),
    (r"\b([mu]?i?)e(?=/m?l$)", r"\1u"),
    (r"\bus (?:(?:standard|std) )?drinks?\b", "usdrinks"),
    (r"(?<=\bg) (?:alcohol|ethanol|etoh)\b", ""),
    # lengths, surfaces, volumes
    (r"\b([ckm]m)(?:et(?:re|er))?s?\b", r"\1"),
    (r"/1[.,]?73(?: ?(?:m ?sq|sq ?m|m(?:\^|\*\*?)?2)\b)?|/bsa\b", "/1.73m2"),
    (r"\b(?:cu(?:bic)? ?mm|cmm|mm(?:\^|\*\*?)?3)\b", "ul"),
    (r"\bcc\b|\bmls\b", "ml"),
    (r"lit(?:re|er)s?\b|(?<=/)ltr?s?\b", "l"),
    (r"/100 ?ml\b", "/dl"),
    (r"^([mun]?g) ?%$", r"\1/dl"),
    # counts
    (r"^[x×*] ?", ""),
    (r"(?:#|\b(?:cells?|times|beats?|breaths?|cramps?|episodes?|attacks?)) ?(?=/)", ""),
    (r"^10 ?(?:\*\*?|\^|e)?\+?0?([369]|12)(?= ?/)", r"10^\1"),
    (r"^(?:thou(?:s(?:ands?)?)?|tsd|k|1000)(?=/ul)", "10^3"),
    (r"^(?:bill(?:ion)?|mrd|giga|gpt|1?e9)(?=/l)", "10^9"),
    # a grade of heat; an hour of sedimentation
    (r"^(?:degrees?|deg|grad|[°o\u030a])? ?([cf])(?:el(?:sius)?|entigrade|ahrenheit)?$", r"°\1"),
    (r"^mm ?(?:/|in)? ?(?:the )?(?:1(?:st)?|first)? ?(?:h|hod|ora|std|t)$", "mm/h"),
    (r"[ ·⋅*-]", ""),
)
# Units that are equal, behind the colon what else is written for them; behind the plus a unit
# that the question must have too, because it says what is measured.
_SAME = (
    "U/L, IU/L :",
    "10^9/L, 10^3/µL : /nL, gram-or-giga/L",
    "mmol/L : mmol(K)/L",
    "µmol/L, nmol/mL :",
    "g/L, mg/mL : gram-or-giga/L",
    "mg/L, µg/mL :",
    "µg/L, ng/mL :",
    "ng/L, pg/mL :",
    "mg/dL : mg P/dL, mg/dL P, mg/dL as P",
    "mg/dL + mg/dL urea : mg/dL BUN, mg/dL as BUN, mg/dL urea N, mg N/dL",
    "mg/dL urea : mg/dL as urea, mg urea/dL, mg/dL Harnstoff",
    "mIU/L, µIU/mL : mU/L, µU/mL",
    "mmol/mol : mmol/mol Hb, mmol/mol Hgb, mmol/mol HbA, mmol/mol IFCC",
    "% + mmol/mol : % Hb, % HbA1c, % A1c, % NGSP, % DCCT, % of total Hb, % of total Hgb",
    "% : % sat, % sats, % O2, % RA, % on air, on air, on room air, room air",
    "% : % pred, % predicted, % of predicted, % ref, % Soll, % vom Soll, % théo",
    "mL/min/1.73m2 : mL/min",
    "mL/s/1.73m2 : mL/s",
    "mL/kg : mL/kg body weight, mL/kg/bw",
    "mg/mmol : mg/mmol creatinine",
    "mg/g : mg/g creatinine",
    "kPa : kilopascal, kilopascals",
    "mm/h : mm",
    "mmHg : mm/Hg, torr",
    "/min : 1/min, bpm, bat/min, Schl/min, slag/min, S/min, rpm, br/min, resp/min, resps/min, AZ/min",
    "kg : kilo, kilos",
    "lb : lbs, lbm, lb av, pound, pounds, #",
    "st : stn, stone, stones",
    "m : metre, metres, meter, meters, mtr, mtrs",
    "in : in_i, ins, inch, inches, \", ″, ”, ''",
    "ft : ft_i, foot, feet, ', ′, ’",
    "yd : yd_i, yds, yard, yards",
    "mi : mi_i, mile, miles",
    "y, years : year old, yo, y/o, a",
    "months : m, mois, mesi, meses, /12",
    "weeks : w, SSW, SA, /40, /52",
    "weeks : weeks gestation, weeks' gestation, wks gest",
    "days : d, /7",
    "/night : nocte, pn",
    "/month : pcm",
    "/year : pa",
    "units/week : u, upw",
    "g/day : g/j",
    "pack-years : packyears, packyrs, pk-yrs, pkyrs, pkyr, py, pack/years",
)


@lru_cache(maxsize=1024)
def folded(spelling: str) -> str:
    """Return a spelling without case, blanks, brackets and the words and signs that have several forms."""
    text = " ".join(unicodedata.normalize("NFKC", spelling).split())
    for pattern, instead in _CAPITALS:
        text = re.sub(pattern, instead, text)
    text = text.lower()
    for pattern, instead in _FOLDS:
        text = re.sub(pattern, instead, text)
    return text


@cache
def _table() -> tuple[dict[str, set[str]], dict[str, str]]:
    """Return by spelling the units that it may be, and the one that must stand beside them, if any."""
    meant: dict[str, set[str]] = {}
    beside: dict[str, str] = {}
    for row in _SAME:
        names, _, written = row.partition(" :")
        names, _, needed = names.partition(" + ")
        equal = {folded(name) for name in names.split(", ")}
        others = {folded(name) for name in written.split(", ") if name}
        for name in equal | others:
            meant.setdefault(name, set()).update(equal)
        if needed:
            beside.update(dict.fromkeys(others, folded(needed)))
    return meant, beside


def find_unit(units: Iterable[str], spelling: str) -> str | None:
    """Return which of `units` a spelling means; None if none, or if two could be meant."""
    units = list(units)
    if spelling in units:
        return spelling
    if len(spelling) > LONGEST:
        return None
    wanted = folded(spelling)
    known = {folded(unit): unit for unit in units}
    if wanted in known:
        return known[wanted]
    meant, beside = _table()
    if wanted in beside and beside[wanted] not in known:
        return None
    same = [unit for name, unit in known.items() if name in meant.get(wanted, ())]
    return same[0] if len(same) == 1 else None


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
