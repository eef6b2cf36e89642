"""Typed text becomes a value here, and only here; and back into text for the field it was typed in.

What has one reading is taken, and what was typed is kept beside it. What has two (a number with a
thousands sign or a decimal comma, a bare number that cannot be in the usual unit and can in another)
is asked: `AskError` carries the readings.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from itertools import product
from typing import TypeVar

from triage.content.form import BORN, in_default_unit
from triage.content.schema import Question
from triage.content.units import can_be, find_unit, units_for
from triage.errors import AskError, EntryError, did_you_mean
from triage.model.dates import OLDEST_YEARS, RECENT_YEARS, Order, PartialDate
from triage.model.numbers import DIGITS, as_digits, plain, readings, spelled
from triage.model.values import (
    WORDS,
    Bound,
    Date,
    Measurement,
    Quantity,
    Text,
    Value,
    Word,
)

V = TypeVar("V", Quantity, Measurement)
LONGEST_ENTRY = 200
_ORDERS: dict[str, Order] = {"us": "mdy"}
_IN_WORDS = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
]
_BOUNDS: dict[str, Bound] = {
    **dict.fromkeys((">", "more than", "over", "above", "greater than", "longer than"), ">"),
    **dict.fromkeys((">=", "=>", "≥", "at least", "not less than", "minimum"), ">="),
    **dict.fromkeys(("<", "less than", "under", "below", "fewer than", "shorter than"), "<"),
    **dict.fromkeys(("<=", "=<", "≤", "up to", "at most", "no more than", "maximum"), "<="),
    **dict.fromkeys(("about", "around", "approximately", "approx.", "approx", "circa"), "~"),
    **dict.fromkeys(("roughly", "nearly", "almost"), "~"),
    **dict.fromkeys(("ca.", "ca", "c.", "~"), "~"),
}
_BEHIND: dict[str, Bound] = {"+": ">=", "or more": ">=", "or less": "<=", "and over": ">="}
_BOUND = "|".join(re.escape(word) for word in sorted(_BOUNDS, key=len, reverse=True))
_N = rf"[+−–-]?\s?(?:{DIGITS})"
_HALVES = {"½": ".5", "¼": ".25", "¾": ".75"}
_AMOUNT = re.compile(
    rf"(?P<bound>{_BOUND})?\s*(?P<low>{_N})(?:\s*(?:-|–|—|to|and|or)\s*(?P<high>{DIGITS}))?"
    rf"(?P<behind>\s*(?:\+|or more|or less|and over)(?![\w]))?\s*(?P<unit>.*)",
    re.IGNORECASE | re.DOTALL,
)
# How an amount is said rather than written, and the digits for it, in this order: "once or twice a week",
# "two and a half years", "a couple of weeks", "half an hour", "about a year".
_SAID = (
    (r"^for (?=\S)", ""),
    (r"\bonce\b(?= \S)", "1"),
    (r"\btwice\b(?= \S)", "2"),
    (r"(?<=\d) and a half\b", ".5"),
    (r"\ba couple(?: of)?\b", "2-3"),
    (r"\bhalf an? (?=[^\W\d])", "0.5 "),
    (rf"^((?:(?:{_BOUND}) )?)an? (?=[^\W\d])", r"\g<1>1 "),
)
# Two numbers with units that are one amount: 5'10", 11 st 4 lb, 2 years 3 months.
_COMPOUND = re.compile(
    r"(\d+)\s*([^\W\d_][^\d\s,]*|['′’])[\s,]*(?:and\s+)?(\d+(?:\.\d+)?)\s*([^\d\s]*)"
)
# Units of time that are one without their s.
_TIMES = frozenset({"seconds", "minutes", "hours", "days", "weeks", "months", "years"})
_FRACTION = re.compile(r"(\d+)/(12|52|7)")
_FRACTION_UNITS = {"12": "months", "52": "weeks", "7": "days"}
# What the last number of an amount is in, where its unit is left out.
_BELOW = {"ft": "in", "st": "lb", "m": "cm"}
_PER = {
    ("ft", "in"): 12,
    ("st", "lb"): 14,
    ("m", "cm"): 100,
    ("years", "months"): 12,
    ("months", "weeks"): 4,
    ("weeks", "days"): 7,
}

_SPELLED: dict[str, Word] = {
    "very high": "very_high",
    "very low": "very_low",
    "high": "high",
    "low": "low",
    **dict.fromkeys(("raised", "elevated", "increased"), "high"),
    **dict.fromkeys(("reduced", "decreased"), "low"),
}
_REPORTED: dict[str, Word] = {
    **_SPELLED,
    **{word: word for word in WORDS},
    **dict.fromkeys(("wnl", "within_normal_limits", "in_range", "within_range", "n"), "normal"),
}
# A word beside the number: "640 (raised)". Before a range "normal" is no word for the result: "normal 40-320".
_WORDED = re.compile(
    rf"\(?\b(?:reported (?:as )?)?(?P<word>{'|'.join(_SPELLED)}|normal(?=\)?\s*$))\b\)?",
    re.IGNORECASE,
)
_SIGNS = re.compile(r"[*!↑↓]+(?=\s|$)")
_FLAG = re.compile(r"!|HH?|LL?|high|low|abnormal|A|N", re.IGNORECASE)
# A single blank parts thousands; a wider gap, a tab or a line end parts two numbers.
_COLUMNS = re.compile(r"\d(?:\s{2,}|[\t\n\v\f\r\x1c-\x1f\x85\u2028\u2029])\d")
# The lower limit begins no digit of a unit before it: "mmol L-1 3.5-5.3", "mL/min/1.73 60-120".
_LIMITS = re.compile(
    rf"[(\[]?\s*(?:\b(?:ref(?:erence)?|normal|nr|rr|range|interval|limits?)\b[.:\s]*)*"
    rf"(?:(?<![\w/^*−-])(?<!\d[.,·])(?P<low>{DIGITS})\s*(?:-|–|—|to)\s*(?P<high>{DIGITS})"
    rf"|(?P<sign>[<>≤≥]=?|up to)\s*(?P<one>{DIGITS}))"
    rf"\s*(?P<unit>(?:[^()\[\]]|\(\w+\)|\[\w+\])*)[)\]]?\s*$",
    re.IGNORECASE,
)
# "250 10*9/L", "250 1000/µL", "72 1/min": the second number, which is no group of three, belongs to the unit.
_POWER = re.compile(
    r"(?<=\d)(?:\s+|(?=[x×*]))[x×*]?\s*"
    r"(?=10\s*(?:(?:\*\*?|\^|e\+?)\d|[⁰-⁹¹²³]|\(\d+\)\s*/)|(?:1|1000)\s*/\s*[^\W\d])",
    re.IGNORECASE,
)
# A range behind it would be that of one of the two, and does not say of which.
_PAIR = re.compile(rf"({DIGITS})\s*/\s*({DIGITS})\s*([^\d@]*(?:@.*)?)", re.DOTALL)


def order_of(profile: str) -> Order:
    """Return whether the day or the month stands first in the numbers of a date."""
    return _ORDERS.get(profile, "dmy")


# -- quantities -----------------------------------------------------------------------------------


def parse_quantity(question: Question, text: str, *, unit: str = "", profile: str = "") -> Quantity:
    """Read a typed amount: ``72``, ``6-8 weeks``, ``more than 9 years``, ``5'10"``, or a word such as ``adult``.

    Parameters
    ----------
    question
        What is asked.
    text
        What was typed.
    unit
        The unit that was chosen beside it; the usual one of the profile if empty.
    profile
        The guideline profile, which orders the units.

    Raises
    ------
    AskError
        If it has two readings.
    EntryError
        If it is no amount, or its unit is not known.
    """
    typed = _typed(question, text)
    if typed.lower() in question.words:
        return Quantity(word=typed.lower(), unit=question.unit)
    compound = _compound(question, typed)
    if compound is not None:
        return compound
    match = _AMOUNT.fullmatch(_as_written(_without_whole(question, _with_digits(typed))))
    if match is None:
        raise EntryError(f"type a number{_in(question)}.")
    bound = _bound(match)
    numbers = [_numbers(question, match[name]) for name in ("low", "high") if match[name]]
    if len(numbers) == 2 and bound not in ("", "~"):
        raise EntryError("type either a range or one limit.")

    def value(found: tuple[Decimal, ...], unit: str) -> Quantity:
        high = found[1] if len(found) == 2 else None
        made = Quantity(value=found[0], comparator=bound, high=high, unit=unit)
        return made if _says(made, typed) else made.model_copy(update={"typed": typed})

    return _resolved(question, numbers, match["unit"], unit, profile, value)


def _compound(question: Question, typed: str) -> Quantity | None:
    """Return an amount that is spelled in two units, or as a fraction of a year; None for any other."""
    if fraction := _FRACTION.fullmatch(typed):
        unit = find_unit(units_for(question), _FRACTION_UNITS[fraction[2]])
        if unit is None:
            return None
        return Quantity(value=Decimal(fraction[1]), unit=unit, typed=typed)
    match = _COMPOUND.fullmatch(typed)
    if match is None:
        return None
    known = (*dict.fromkeys((*units_for(question), "ft")),)
    large = find_unit(known, match[2]) or ""
    small = find_unit(known, match[4] or _BELOW.get(large, "")) or ""
    many = _PER.get((large, small))
    rest = Decimal(match[3])
    if many is None or small not in units_for(question) or rest >= many:
        return None
    return Quantity(value=int(match[1]) * many + rest, unit=small, typed=typed)


def _bound(match: re.Match[str]) -> Bound:
    before, behind = (match["bound"] or "").lower(), (match["behind"] or "").strip().lower()
    if before and behind:
        raise EntryError("type one limit, before or behind the number.")
    return _BOUNDS[before] if before else _BEHIND.get(behind, "")


def _says(quantity: Quantity, typed: str) -> bool:
    """Whether `typed` is no more than the usual spelling of `quantity`."""
    number = plain(quantity.value or Decimal(0))
    said = quantity_text(quantity), quantity_text(quantity, spelled), amount_text(quantity)
    usual = (*said, number, f"{number} {quantity.unit}")
    return typed in usual


# -- results --------------------------------------------------------------------------------------


def parse_measurement(
    question: Question, text: str, today: date, *, unit: str = "", profile: str = ""
) -> Measurement:
    """Read a typed result: ``4.1``, ``<0.01 mIU/L``, ``640 H (40 - 320)``, ``640 high``, ``high``, an option.

    Parameters
    ----------
    question
        The test.
    text
        What was typed; ``@ 2/11/2026`` behind it dates it.
    today
        The day on which it is typed.
    unit, profile
        As for `parse_quantity`.

    Raises
    ------
    AskError
        If it has two readings.
    EntryError
        If it cannot be read.
    """
    body, _, dated = text.partition("@")
    typed = _typed(question, body)
    day = PartialDate.parse(dated, today, order_of(profile)) if dated.strip() else None
    word = typed.lower().replace(" ", "_")
    if word in ("pending", "awaited"):
        return Measurement(pending=True, date=day)
    if question.options:
        for option in question.options:
            if word in (option.id, option.label.lower().replace(" ", "_")):
                return Measurement(option=option.id, date=day)
        hint = did_you_mean(word, [option.id for option in question.options])
        raise EntryError(f"there is no such result{hint}.")
    if word in _REPORTED:
        return Measurement(reported=_REPORTED[word], date=day)
    said, rest = _reported_beside(typed)
    text = _POWER.sub(" ×", _without_flags(question, _with_digits(rest)))
    body, limits = _without_limits(question, text)
    match = _AMOUNT.fullmatch(body)
    if match is None or match["high"]:
        raise EntryError(f"type a number{_in(question)}.")
    bound = _bound(match)
    if bound == "~":
        raise EntryError("a result is a number or a limit, not “about”.")

    def value(found: tuple[Decimal, ...], unit: str) -> Measurement:
        low, high = _fitting(question, limits, unit)
        made = Measurement(
            value=found[0],
            comparator=bound,
            unit=unit,
            reported=said,
            low=low,
            high=high,
            date=day,
        )
        usual = (measured_text(made), measured_text(made, unit=True))
        short = f"{made.comparator}{plain(found[0])}"
        if typed in (*usual, short, f"{short} {unit}"):
            return made
        return made.model_copy(update={"typed": typed})

    return _resolved(
        question, [_numbers(question, match["low"])], match["unit"], unit, profile, value
    )


def parse_limit(question: Question, text: str, unit: str) -> Decimal:
    """Read one end of a laboratory's range, in the unit of its result.

    Raises
    ------
    EntryError
        If it is no number, or has two readings that both can be.
    """
    found = readings(text)
    likely = [number for number in found if can_be(question, number, unit)] or list(found)
    if len(likely) != 1:
        raise EntryError("type the limit as a plain number, such as 1250 or 1.25.")
    return likely[0]


def split_pair(question: Question, text: str) -> tuple[str, str] | None:
    """Return the two results of a text such as ``138/82 mmHg``, for a test that has a second one; else None."""
    match = _PAIR.fullmatch(text.strip()) if question.pair else None
    return (f"{match[1]} {match[3]}".strip(), f"{match[2]} {match[3]}".strip()) if match else None


def _reported_beside(text: str) -> tuple[Word | None, str]:
    """Return the word that stands beside a number, and the text with a mark in its place.

    Raises
    ------
    EntryError
        If there are two that say different things.
    """
    words = [match["word"].lower() for match in _WORDED.finditer(text)]
    said = {_REPORTED[word] for word in words}
    if len(said) > 1:
        raise EntryError(f"{' and '.join(words)} do not go together; type one of them.")
    return (said.pop() if said else None), _WORDED.sub(" ! ", text)


def _without_flags(question: Question, text: str) -> str:
    """Return a result without the laboratory's flags; what ends a unit is none: ``U per L``, ``mm 1 h``.

    Raises
    ------
    EntryError
        If the last word can be either, and the unit is another then.
    """

    def unit_of(words: list[str]) -> str:
        match = _AMOUNT.fullmatch(" ".join(words))
        return (match and find_unit(units_for(question), match["unit"])) or ""

    # "3.1 L" may be the litres of a volume that is asked by weight, and is not low then.
    is_volume = any(unit.lower().startswith(("ml/kg", "l/kg")) for unit in units_for(question))
    kept: list[str] = []
    for word in _SIGNS.sub(" ! ", text).split():
        if _FLAG.fullmatch(word) and not (is_volume and word in "lL"):
            if not (whole := unit_of([*kept, word])):
                # Two blanks: what stood on both sides of it is not one number.
                kept[-1:] = [f"{last} " for last in kept[-1:]]
                continue
            if unit_of(kept) not in ("", whole):
                said = f"{whole}, or {unit_of(kept)} with a flag"
                raise EntryError(f"the unit can be {said}; type one of the two.")
        kept.append(word)
    return " ".join(kept).strip()


# Every reading of the two ends of a laboratory's range, and the unit behind them.
Limits = tuple[tuple[Decimal, ...], tuple[Decimal, ...], str]


def _without_limits(question: Question, text: str) -> tuple[str, Limits]:
    """Return a result without the laboratory's range behind it, and that range."""
    for match in _LIMITS.finditer(text):
        before = text[: match.start()].strip()
        unit = find_unit(units_for(question), match["unit"].strip()) or ""
        if not re.search(r"\d", before) or (re.search(r"\d", match["unit"]) and not unit):
            continue
        if match["one"]:
            ends = _numbers(question, match["one"])
            return before, ((), ends, unit) if match["sign"][0] in "<≤uU" else (ends, (), unit)
        return before, (
            _numbers(question, match["low"]),
            _numbers(question, match["high"]),
            unit,
        )
    return text, ((), (), "")


def _fitting(
    question: Question, limits: Limits, unit: str
) -> tuple[Decimal | None, Decimal | None]:
    """Return the one reading of a laboratory's range that can be."""
    *both, said = limits
    if in_default_unit(question, Decimal(1), said or unit) != in_default_unit(
        question, Decimal(1), unit
    ):
        raise EntryError(f"type the laboratory's range in {unit}, as the result.")
    lows, highs = ([n for n in ends if can_be(question, n, unit)] or list(ends) for ends in both)
    ends: list[list[Decimal | None]] = [[*lows] or [None], [*highs] or [None]]
    pairs = [(low, high) for low, high in product(*ends) if not _reversed(low, high)]
    if len(pairs) != 1:
        raise EntryError("type the laboratory's range as two plain numbers, the lower one first.")
    return pairs[0]


def _reversed(low: Decimal | None, high: Decimal | None) -> bool:
    return low is not None and high is not None and low > high


# -- any question ---------------------------------------------------------------------------------


def parse_entry(question: Question, text: str, today: date, *, profile: str = "") -> Value | None:
    """Read the typed text of a quantity, date or text question; None if it is empty.

    Raises
    ------
    AskError
        If it has two readings.
    EntryError
        If it cannot be read as what the question asks for.
    """
    if not text.strip():
        return None
    match question.kind:
        case "quantity":
            return parse_quantity(question, text, profile=profile)
        case "date":
            return _date(question, text, today, profile)
    return Text(text=text)


def _date(question: Question, text: str, today: date, profile: str) -> Date:
    years = OLDEST_YEARS if question.id == BORN else RECENT_YEARS
    try:
        return Date(date=PartialDate.parse(text, today, order_of(profile), years=years))
    except AskError as asked:
        readings = [
            (s, Date(date=day)) for s, day in asked.readings if isinstance(day, PartialDate)
        ]
        raise AskError(str(asked), readings) from None


# -- numbers and units ----------------------------------------------------------------------------


def _with_digits(typed: str) -> str:
    """Return `typed` with a number in words, a half or the digits of another script as plain digits."""
    text = as_digits(typed)
    for half, decimals in _HALVES.items():
        text = re.sub(rf"(\d)\s?{half}", rf"\g<1>{decimals}", text).replace(half, f"0{decimals}")
    return re.sub(
        r"\b([a-z]+)\b(?=\s+[^\W\d])",
        lambda m: str(_IN_WORDS.index(m[1].lower())) if m[1].lower() in _IN_WORDS else m[1],
        text,
        flags=re.IGNORECASE,
    )


def _as_written(text: str) -> str:
    """Return an amount in the words of speech as it would be written."""
    for said, written in _SAID:
        text = re.sub(said, written, text, flags=re.IGNORECASE)
    return str(_IN_WORDS.index(text.lower())) if text.lower() in _IN_WORDS else text


def _without_whole(question: Question, text: str) -> str:
    """Return a score without what it is out of, where that is the top of its scale: ``8/10``, ``8 out of 10``."""
    if question.unit or not question.range:
        return text
    top = plain(question.range[1])
    return re.sub(rf"(?<=\d)\s*(?:/|out of|of)\s*{re.escape(top)}$", "", text, flags=re.IGNORECASE)


def _typed(question: Question, text: str) -> str:
    """Return what was typed with single blanks.

    Raises
    ------
    EntryError
        If two numbers stand side by side; or if it is longer than any amount, so that no text keeps
        the window waiting.
    """
    if _COLUMNS.search(text[: LONGEST_ENTRY + 1]):
        raise EntryError("two numbers stand here; type one of them.")
    typed = " ".join(text.split())
    if len(typed) > LONGEST_ENTRY:
        raise EntryError(f"this is too long; type a number{_in(question)}.")
    return typed


def _numbers(question: Question, digits: str) -> tuple[Decimal, ...]:
    found = readings(digits.replace("- ", "-"))
    if not found:
        raise EntryError(
            "the signs between the digits fit no number; type for example 12450 or 12.45."
        )
    whole = tuple(n for n in found if n == n.to_integral_value()) if question.integer else found
    if not whole:
        raise EntryError("type a whole number.")
    return whole


def bare_unit(question: Question, number: Decimal, profile: str) -> str:
    """Return the unit of a number that stands without one: the usual one of the profile.

    Raises
    ------
    AskError
        If it cannot be in that unit, and can in another.
    """
    value = _resolved(
        question, [(number,)], "", "", profile, lambda n, u: Quantity(value=n[0], unit=u)
    )
    return value.unit


def _resolved(
    question: Question,
    numbers: list[tuple[Decimal, ...]],
    spelling: str,
    chosen: str,
    profile: str,
    value: Callable[[tuple[Decimal, ...], str], V],
) -> V:
    """Return the one value that can be meant.

    Raises
    ------
    AskError
        If there are several, or what was typed cannot be in its unit and can in another.
    """
    known = units_for(question, profile)
    spelling = spelling.strip()
    unit = find_unit(known, spelling) if spelling else chosen or known[0]
    if unit is None:
        said = spelling if len(spelling) <= 20 else f"{spelling[:20]}…"
        units = " or ".join(name for name in known if name) or "none"
        raise EntryError(f"the unit “{said}” is not known here; use {units}.")
    every = [found for found in product(*numbers) if list(found) == sorted(found)]
    if not every:
        raise EntryError("the range begins above its end; type the smaller number first.")
    likely = [found for found in every if _all_can_be(question, found, unit)]
    if len(likely) == 1:
        return value(likely[0], unit)
    meant = [(found, unit) for found in likely]
    if not likely:
        bare = not spelling and chosen in ("", known[0]) and question.range is not None
        others = [other for other in known if bare and other != unit]
        meant = [(f, u) for u in others for f in every if _all_can_be(question, f, u)]
        if not meant and len(every) == 1:
            return value(every[0], unit)
        meant += [(found, unit) for found in every]
    raise _asked(question, meant, value)


def _all_can_be(question: Question, numbers: tuple[Decimal, ...], unit: str) -> bool:
    return all(can_be(question, number, unit) for number in numbers)


def _asked(
    question: Question,
    meant: Iterable[tuple[tuple[Decimal, ...], str]],
    value: Callable[[tuple[Decimal, ...], str], V],
) -> AskError:
    found = []
    for numbers, unit in meant:
        made = value(numbers, unit)
        said = (
            quantity_text(made, spelled)
            if isinstance(made, Quantity)
            else measured_text(made, unit=True)
        )
        odd = "" if _all_can_be(question, numbers, unit) else " (outside what can be)"
        found.append((f"{said}{odd}", made))
    return AskError("which is meant?", found)


# -- back into text -------------------------------------------------------------------------------


_SPOKEN = {
    "": "",
    "~": "about ",
    "<": "less than ",
    "<=": "at most ",
    ">": "more than ",
    ">=": "at least ",
}


def amount_text(quantity: Quantity, write: Callable[[Decimal], str] = spelled) -> str:
    """Return a quantity without its unit, for a field that has the unit beside it."""
    if quantity.value is None:
        return quantity.word
    to = "" if quantity.high is None else f" to {write(quantity.high)}"
    return f"{_SPOKEN[quantity.comparator]}{write(quantity.value)}{to}"


def quantity_text(quantity: Quantity, write: Callable[[Decimal], str] = plain) -> str:
    """Return a quantity as a letter says it: ``58 y``, ``12450 m``, ``more than 9 years``, ``6 to 8 weeks``."""
    if quantity.value is None:
        return quantity.word
    one = quantity.value == 1 and quantity.high is None and quantity.unit in _TIMES
    unit = quantity.unit.removesuffix("s") if one else quantity.unit
    return f"{amount_text(quantity, write)} {unit}".strip()


def measured_text(item: Measurement, *, unit: bool = False) -> str:
    """Return the value of a result as its field shows it: ``12 450``, ``<0.01``, ``640 high``, ``pending``."""
    if item.pending:
        return "pending"
    word = (item.reported or "").replace("_", " ")
    if item.value is None:
        return word or item.option
    text = f"{item.comparator}{spelled(item.value)}"
    return " ".join(filter(None, (text, item.unit if unit else "", word)))


def _in(question: Question) -> str:
    return f" in {question.unit}" if question.unit else ""
