"""Typed numbers whose meaning is known before their spelling: through widgets, CASE.json and pasted reports.

A string is made from a value, a unit and a rule of spelling. The rule says what else, if anything, its digits
can mean; the form's range says which of the two can be. So it is known beforehand whether the string has one
reading, which then must be taken, or two, which then must be asked.
"""

from __future__ import annotations

import json
import math
import os
import random
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, partial

from tests.conftest import AT, TODAY, case_from, the_assessor, the_content
from tests.reports import LAYOUTS, UNCELLED, Written, read
from triage.content.schema import Question
from triage.content.units import units_for
from triage.errors import CaseError
from triage.model.history import History
from triage.model.values import Measurement, Quantity, Result, Value

Other = Callable[[Decimal], Decimal | None]


@dataclass(frozen=True)
class Spelling:
    """A rule of spelling.

    Parameters
    ----------
    write
        Spells a number; None where the rule does not fit it.
    other
        What else the digits can mean; None if nothing.
    """

    write: Callable[[Decimal], str | None]
    other: Other


def _whole(number: Decimal) -> bool:
    return number == number.to_integral_value()


def _parts(number: Decimal) -> tuple[str, str]:
    whole, _, decimals = f"{number:f}".partition(".")
    return whole, decimals


def _decimal(point: str) -> Spelling:
    """12.45, 12,45: only with three decimals behind one to three digits can the sign part thousands."""

    def write(number: Decimal) -> str | None:
        whole, decimals = _parts(number)
        return f"{whole}{point}{decimals}" if decimals else whole

    def other(number: Decimal) -> Decimal | None:
        whole, decimals = _parts(number)
        if point != "·" and len(decimals) == 3 and 1 <= len(whole) <= 3 and whole[0] != "0":
            return number * 1000
        return None

    return Spelling(write, other)


def _grouped(sign: str, point: str) -> Spelling:
    """12,450 or 12 450.5: a comma or point alone, before one group, can begin decimals as well."""

    def write(number: Decimal) -> str | None:
        whole, decimals = _parts(number)
        if len(whole) < 4:
            return None
        text = f"{int(whole):,}".replace(",", sign)
        return f"{text}{point}{decimals}" if decimals else text

    def other(number: Decimal) -> Decimal | None:
        _, decimals = _parts(number)
        alone = not decimals and number < 10**6 and sign in ",."
        return number / 1000 if alone else None

    return Spelling(write, other)


SPELLINGS: dict[str, Spelling] = {
    "12.5": _decimal("."),
    "12,5": _decimal(","),
    "12·5": _decimal("·"),
    **{
        f"1{sign}234{point}5": _grouped(sign, point)
        for sign in (",", ".", " ", "\u00a0", "\u202f", "'", "’")
        for point in (".", ",")
        if sign != point
    },
}
# Other ways to write a unit, one reading each: the unit of the form, its spellings.
UNITS = {
    "µmol/L": ("umol/L", "μmol/L", "micromol/L", "µmol/l"),
    "mmol/L": ("mmol/l", "MMOL/L"),
    "U/L": ("u/l", "units/L"),
    "IU/L": ("iu/l",),
    "mg/dL": ("mg/dl", "MG/DL"),
    "g/L": ("g/l",),
    "g/dL": ("g/dl",),
    "10^9/L": ("10*9/L", "x10^9/L", "10⁹/L", "K/uL"),
    "mIU/L": ("mU/L", "uIU/mL"),
    "µg/L": ("ug/L", "mcg/L"),
    "kg": ("kgs",),
    "lb": ("lbs",),
    "months": ("mths",),
    "weeks": ("wks",),
    "years": ("yrs",),
    "/min": ("bpm",),
    "°C": ("C", "degC"),
    "mm/h": ("mm/hr",),
}


@dataclass(frozen=True)
class Known:
    """A string and what it means.

    Parameters
    ----------
    question, text, profile
        Where it is typed, what, and in which profile.
    number, spelling
        Its parts: the number with its comparator, and the unit as written.
    value, unit, comparator
        What it means.
    taken
        Whether that is its one reading, so that it must be taken; else it must be asked.
    """

    question: Question
    text: str
    profile: str
    number: str
    spelling: str
    value: Decimal
    unit: str
    comparator: str
    taken: bool


@cache
def _questions() -> tuple[Question, ...]:
    form = the_content().form
    return tuple(
        q
        for q in form.questions.values()
        if q.kind in ("result", "quantity") and q.range is not None and not q.sided
    )


def known(seed: int) -> Known:
    """Return the string of one seed."""
    rng = random.Random(seed)
    # Most numbers have one reading; a third of the strings are sought among those that have two.
    wanted = {True, False} if rng.random() < 0.67 else {False}
    while True:
        question = rng.choice(_questions())
        profile = rng.choice(["uk", "us", "eu"])
        units = units_for(question, profile)
        bare = rng.random() < 0.4
        unit = units[0] if bare else rng.choice(units)
        value = _value(question, unit, rng)
        rule = SPELLINGS[rng.choice(list(SPELLINGS))]
        text = None if value is None else rule.write(value)
        if value is None or text is None or not _can_be(question, value, unit):
            continue
        other = rule.other(value)
        if question.integer and other is not None and not _whole(other):
            other = None
        comparator = rng.choice(["", "", "", "<", ">", ">="])
        number = f"{comparator}{rng.choice(['', ' ']) if comparator else ''}{text}"
        spelled, spelling = number, ""
        if not bare and unit:
            spelled += rng.choice(["", " "] if unit[0].isalpha() else [" "])
            spelling = rng.choice((unit, *UNITS.get(unit, ())))
        taken = other is None or not _can_be(question, other, unit)
        if taken in wanted:
            parts = (number, spelling, value, unit, comparator, taken)
            return Known(question, spelled + spelling, profile, *parts)


def _value(question: Question, unit: str, rng: random.Random) -> Decimal | None:
    """Return a number that can be, in `unit`, spread over the orders of magnitude of the range."""
    assert question.range is not None
    factor, offset = _scale(question, unit)
    low, high = (float((end - offset) / factor) for end in question.range)
    low = max(low, high / 1e6, 0.001)
    if low >= high:
        return None
    number = math.exp(rng.uniform(math.log(low), math.log(high)))
    places = 0 if question.integer else rng.choice([0, 0, 1, 2, 3, 3])
    value = Decimal(f"{number:.{places}f}")
    return value if value > 0 else None


def _scale(question: Question, unit: str) -> tuple[Decimal, Decimal]:
    for other in question.units:
        if other.unit == unit and unit != question.unit:
            return other.factor, other.offset
    return Decimal(1), Decimal(0)


def _can_be(question: Question, value: Decimal, unit: str) -> bool:
    assert question.range is not None
    factor, offset = _scale(question, unit)
    return question.range[0] <= value * factor + offset <= question.range[1]


# -- the ways in ----------------------------------------------------------------------------------


def by_file(string: Known) -> Value | None:
    """Return what CASE.json makes of it; None if it is refused."""
    try:
        case = case_from(
            {
                "triage_case": 1,
                "date": "2026-11-22",
                "profile": string.profile,
                "answers": {string.question.id: string.text},
            }
        )
    except CaseError as error:
        assert all("\n" not in str(problem) for problem in error.problems)
        return None
    return case.get(string.question.id)


def by_widget(string: Known) -> Value | None:
    """Return what its real field records when it is typed and left by Tab; None if nothing is recorded."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import QCoreApplication, QEvent, Qt
    from PySide6.QtGui import QKeyEvent
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication

    from triage.model.values import Choice
    from triage.qt.app import application
    from triage.qt.ask.questions import make_widget
    from triage.session import Session

    QApplication.instance() or application()
    session = Session(the_assessor(), History(), lambda: AT)
    session.set("case.profile", Choice(option=string.profile))
    widget = make_widget(session, string.question)
    try:
        widget.show()
        line = widget.first_input()
        line.setFocus()
        plain = Qt.KeyboardModifier.NoModifier
        for char in string.text:
            # QTest itself knows no µ and no narrow space.
            QApplication.sendEvent(line, QKeyEvent(QEvent.Type.KeyPress, 0, plain, char))
        QTest.keyClick(line, Qt.Key.Key_Tab)
        return session.case.get(string.question.id)
    finally:
        widget.close()
        widget.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def by_report(layout: str, string: Known) -> Value | None:
    """Return what a pasted report of one line records of it unasked; None if nothing."""
    written = Written(string.question.label, string.number, string.spelling)
    reading = read(LAYOUTS[layout]([written]), profile=string.profile)
    takes = [t for e in reading.entries if e.state == "records" for t in e.meanings[0].takes]
    assert all(take.question is string.question for take in takes), string
    return Result(items=tuple(take.item for take in takes)) if takes else None


def ways(string: Known) -> dict[str, Callable[[Known], Value | None]]:
    """Return the ways in for a string; only results are pasted as a report."""
    found: dict[str, Callable[[Known], Value | None]] = {"file": by_file, "widget": by_widget}
    if string.question.kind == "result":
        found |= {layout: partial(by_report, layout) for layout in LAYOUTS}
    return found


def _must_take(name: str, string: Known) -> bool:
    """Whether a string that has one reading has it in this way in as well.

    On a line without cells a blank may part columns; and a report that says mg/dL does not say of what.
    """
    if name in UNCELLED and {" ", "\u00a0"} & set(string.number.strip("<>= ")):
        return False
    units = units_for(string.question)
    of = [unit for unit in units if unit.startswith(f"{string.unit} ")]
    return string.taken and not (name in LAYOUTS and string.spelling and of)


def numbers(seed: int) -> None:
    """One string through each way in: taken for exactly what it means, or asked and not recorded."""
    string = known(seed)
    for name, way in ways(string).items():
        value = way(string)
        item = value.items[0] if isinstance(value, Result) else value
        got = (
            None
            if item is None
            else (item.value, item.unit, item.comparator)
            if isinstance(item, Quantity | Measurement)
            else item
        )
        meant = string.value, string.unit, string.comparator
        wanted = meant if _must_take(name, string) else None
        assert got == wanted, (name, string, json.dumps(str(got)), TODAY)
