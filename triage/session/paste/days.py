"""The day of a report: which of the dates in its headings counts for the results under them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from triage.errors import EntryError
from triage.model.dates import MONTHS, Order, PartialDate
from triage.session.paste.lines import find_days
from triage.session.paste.names import listed, words

# How near a date is to the patient: when the blood was taken counts before when it was told.
TAKEN, TOLD = 2, 1
_TAKEN = listed(
    """collected, collection, taken, sample, sampled, specimen, drawn, bled, observed, entnahme, abnahme,
    probenentnahme, abnahmedatum, prelevement, preleve, prelievo, extraccion, afname, afnamedatum,
    provtagning, provtagningsdatum"""
)
_TOLD = listed(
    """date, reported, report, received, authorised, authorized, result, results, resulted, validated, issued,
    befund, datum, eingang, data, fecha, recu"""
)
_NEVER = listed(
    """dob, birth, born, geb, geburtsdatum, naissance, printed, print, appointment, appt, review, due, next, repeat,
    requested, request, ordered, admitted, discharged, seen, letter, expires, clinic, started, since, until,
    before, after, previous, last, prior"""
)
# Words of the headings of panels, which stand beside a date as often as "collected".
REPORT = listed(
    """blood, bloods, test, tests, lab, labs, laboratory, profile, panel, count, full, biochemistry, haematology,
    hematology, chemistry, pathology, serology, immunology, fbc, cbc, lft, lfts, tft, tfts, u, e, es, ue,
    renal, liver, kidney, bone, thyroid, iron, lipid, lipids, coagulation, clotting, hormones, virology,
    function, routine, fasting, urea, electrolytes, serum, plasma, urine, metabolic, basic, complete,
    comprehensive, investigations, findings, clinical, final, interim, hospital, surgery, gp, nhs, trust,
    department, page, copy, laborbefund, labor, and, on, of, the, for"""
)
_SHORT = {name[:3].lower(): name for name in MONTHS}
MONTH = rf"(?P<month>{'|'.join(MONTHS)}|sept|{'|'.join(_SHORT)})\.?"
_MONTH_LAST = re.compile(rf"(?P<before>.*?)(?P<day>\d{{1,2}} )?\b{MONTH}", re.IGNORECASE)
_PARTS = re.compile(r"  |[\t|;,)]")
_MOST_WORDS = 4


@dataclass(frozen=True, slots=True)
class Heading:
    """The date of the lines below a heading.

    Parameters
    ----------
    rank
        `TAKEN` or `TOLD`.
    days
        The date as spelled; several that disagree have to be asked.
    """

    rank: int
    days: tuple[str, ...]


def heading_of(text: str, *, labelled: bool = False) -> Heading | None:
    """Return the date that a line without a result of the form sets for the lines below it, if any.

    Parameters
    ----------
    text
        The line, tidy.
    labelled
        Whether only a date counts whose label says what it is.
    """
    ranked: list[tuple[int, str]] = []
    end = 0
    for start, stop, day in find_days(text):
        before = text[end:start]
        is_first = not (ranked or labelled or words(before))
        ranked.append((_first(text[stop:]) if is_first else _rank(before), day))
        end = stop
    rank = max((rank for rank, _ in ranked), default=0)
    days = tuple(dict.fromkeys(day for found, day in ranked if found == rank))
    return Heading(rank, days) if rank else None


def _first(behind: str) -> int:
    """Return the rank of a date that its line begins with."""
    said = words(behind)
    return 0 if len(said) > 2 * _MOST_WORDS or _NEVER.intersection(said) else TAKEN


def _rank(before: str) -> int:
    """Return the rank of a date by the words that stand right before it."""
    label = _PARTS.split(before.rstrip(" \t|,;"))[-1]
    said = words(label)
    if len(said) > _MOST_WORDS * (2 if label.rstrip().endswith(":") else 1) or _NEVER.intersection(
        said
    ):
        return 0
    if _TAKEN.intersection(said) or (said and REPORT.issuperset(said)):
        return TAKEN
    return TOLD if _TOLD.intersection(said) else 0


def with_year(text: str, today: date) -> str:
    """Return a date with its year, where only the month or day and month are typed: the last such day."""
    match = _MONTH_LAST.fullmatch(text.strip())
    if match is None:
        return text
    month = _SHORT[match["month"][:3].lower()]
    number = MONTHS.index(month) + 1
    day = int(match["day"] or 1)
    year = today.year - ((number, day) > (today.month, today.day))
    return f"{match['before']}{match['day'] or ''}{month} {year}"


def since_behind(
    text: str, today: date, order: Order
) -> tuple[str, PartialDate | Literal[""] | None]:
    """Return a text without the day behind "since", and that: None if there is no "since", empty if no day."""
    before, since, after = f" {text} ".partition(" since ")
    if not since:
        return text, None
    try:
        day = PartialDate.parse(with_year(after, today), today, order)
    except EntryError:
        return before.strip(), ""
    return before.strip(), day
