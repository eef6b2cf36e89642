"""Tables of a report: a line of headings, and below it a test a line, its cells in any order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from triage.session.paste.lines import (
    LONGEST_LINE,
    Marked,
    Said,
    find_days,
    flag_of,
    limits_of,
    read_value,
    read_words,
    take_days,
    tidy,
)
from triage.session.paste.names import Named, Names, listed, words

Column = Literal[
    "name",
    "code",
    "value",
    "unit",
    "limits",
    "low",
    "high",
    "flag",
    "day",
    "comment",
    "earlier",
    "",
]
_HEADINGS: dict[Column, str] = {
    "name": "test, test name, name, analyte, investigation, parameter, component, examination, item, observation, "
    "measurement, untersuchung, analyse, analysis, bestimmung, examen",
    "code": "code, loinc, loinc code, test code",
    "value": "result, results, value, values, your value, current result, current, ergebnis, wert, messwert, "
    "resultat, risultato, resultado, uitslag, svar",
    "unit": "unit, units, uom, einheit, einheiten, unité, unités, unità, unidad, eenheid, enhet",
    "limits": "range, reference, reference range, ref range, reference interval, ref interval, ref, normal range, "
    "normal values, normal, limits, reference limits, referenz, referenzbereich, norm, normwert, normwerte, "
    "valeurs de référence, valori di riferimento, referentie",
    "low": "low, lower, lower limit, min, from, ref low, low limit",
    "high": "high, upper, upper limit, max, to, ref high, high limit",
    "flag": "flag, flags, abn, abnormal, abnormal flag, h l, hl, indicator, alert",
    "day": "date, date time, collected, date collected, collection date, sample date, taken, date taken, "
    "specimen date, date of sample, date of test, test date, datum, data, fecha",
    "comment": "comment, comments, note, notes, remark, remarks, status, specimen, bemerkung",
    "earlier": "previous, previous result, previous value, prior, last, last result, trend, vorwert",
}
_MEANS: dict[str, Column] = {
    " ".join(words(heading)): column
    for column, headings in _HEADINGS.items()
    for heading in listed(headings)
}
_RULE = re.compile(r"[\s|:+=-]{3,}")
_RUN = re.compile(r" {2,}")
MOST_COLUMNS = 60


@dataclass(frozen=True, slots=True)
class Head:
    """The headings of a table.

    Parameters
    ----------
    by
        What parts its cells: a tab, a bar, or runs of blanks.
    columns
        What each cell is.
    days
        The date of each cell of values that has one in its heading.
    """

    by: str
    columns: tuple[Column, ...]
    days: tuple[str, ...]


def cells_of(line: str, by: str = "") -> tuple[str, list[str]]:
    """Return what parts the cells of a line, and the cells; one cell if nothing does."""
    by = by or next((sign for sign in "\t|" if sign in line), "  ")
    if by == "  ":
        cells = _RUN.split(line.strip())
    else:
        cells = line.strip("\r\n ").split(by)
        if by == "|" and cells and not cells[0].strip():
            cells = cells[1:]
        if by == "|" and cells and not cells[-1].strip():
            cells = cells[:-1]
    return by, [cell.strip() for cell in cells[:MOST_COLUMNS]]


def is_rule(line: str) -> bool:
    """Whether a line only draws a table."""
    return bool(_RULE.fullmatch(line[:LONGEST_LINE])) and any(c in line for c in "-=+|")


def head_of(line: str, names: Names) -> Head | None:
    """Return the headings if `line` is a line of them."""
    by, cells = cells_of(line)
    if len(cells) < 2:
        return None
    if by == "  " and all(find_days(cell) and not words(take_days(cell)[0]) for cell in cells):
        # Blanks stand over the names.
        cells = ["", *cells]
    columns: list[Column] = []
    days: list[str] = []
    for cell in cells:
        rest, found = take_days(cell)
        column = _MEANS.get(" ".join(words(rest)), "")
        is_dated = bool(found) and (column in ("value", "day") or not words(rest))
        columns.append("value" if is_dated else column)
        days.append(found[0] if is_dated else "")
        if any(c.isdigit() for c in rest):
            return None
    if "name" not in columns and not columns[0]:
        # The corner of a table of dates is empty, or names the panel.
        is_corner = not cells[0] or (len(list(filter(None, days))) > 1 and all(columns[1:]))
        columns[0] = "name" if is_corner and names.find(cells[0]) is None else ""
    undated = [at for at, column in enumerate(columns) if column == "value" and not days[at]]
    # Of two columns that could both be the result, neither is.
    is_sure = len(undated) <= (0 if any(days) else 1) and columns.count("name") == 1
    return Head(by, tuple(columns), tuple(days)) if is_sure and "value" in columns else None


def read_row(line: str, head: Head, names: Names) -> tuple[Said, ...] | None:
    """Return the results of one row, one for each date; None if the line is no row of this table."""
    if head.by not in line:
        return None
    _, cells = cells_of(line, head.by)
    if len(cells) != len(head.columns):
        # Cells are only ever left out at the end, and not where blanks part them.
        if head.by == "  " or len(cells) > len(head.columns):
            return None
        cells += [""] * (len(head.columns) - len(cells))
    row: dict[str, str] = {
        column: tidy(cell) for column, cell in zip(head.columns, cells, strict=True) if column
    }
    named = names.find(row["name"], row.get("code", "")) if row["name"] else None
    _, days = take_days(row.get("day", ""))
    behind = "\t".join(_behind(row))
    return tuple(
        _read_cell(tidy(cell), behind, row["name"], named, (day,) if day else days)
        for column, cell, day in zip(head.columns, cells, head.days, strict=True)
        if column == "value" and cell.strip(" -")
    )


def _behind(row: dict[str, str]) -> Iterator[str]:
    """Yield what stands in the other columns, in the order in which a line would say it."""
    low, high, flag = row.get("low", ""), row.get("high", ""), row.get("flag", "")
    if unit := row.get("unit"):
        yield unit
    if limits := row.get("limits"):
        yield f"({limits.strip('()[]')})" if limits_of(limits) else f"; {limits}"
    elif low and high:
        yield f"({low} - {high})"
    elif low or high:
        yield f"(>{low})" if low else f"(<{high})"
    if flag:
        yield flag if flag_of(flag) is not None else f"; {flag}"
    if comment := row.get("comment"):
        yield f"; {comment}"


def _read_cell(
    cell: str, behind: str, name: str, named: Named | None, days: tuple[str, ...]
) -> Said:
    cell = cell.lstrip("*! ")
    said = read_value(name, named, Marked(f"{cell}\t{behind}" if behind else cell), days)
    return said or read_words(name, named, cell, days)
