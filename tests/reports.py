"""Reports for tests: the forty of ``cases/reports`` with what is expected of them, and any number made from values."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tests.conftest import CASES, TODAY, the_content
from triage.content.entry import measured_text
from triage.model.dates import MONTHS, PartialDate
from triage.model.numbers import plain
from triage.model.values import Date, Measurement, Text, Value
from triage.session.paste import Entry, Meaning, Reading, Take, read_report

REPORTS = CASES / "reports"


@dataclass(frozen=True)
class Expected:
    """A report and what is expected of it, line by line."""

    text: str
    becomes: list[str]
    stopped: str
    profile: str
    case: Mapping[str, Value]


def reports() -> list[Path]:
    return sorted(REPORTS.glob("*.txt"))


def expected_of(path: Path) -> Expected:
    told = tomllib.loads(path.with_suffix(".toml").read_text(encoding="utf-8"))
    return Expected(
        path.read_text(encoding="utf-8"),
        told["becomes"],
        told.get("stopped", ""),
        told["profile"],
        patient(**told["patient"]) if "patient" in told else {},
    )


def patient(given: str, family: str, born: date) -> dict[str, Value]:
    return {
        "patient.given_name": Text(text=given),
        "patient.family_name": Text(text=family),
        "patient.dob": Date(date=PartialDate.of(born)),
    }


def read(text: str, case: Mapping[str, Value] | None = None, profile: str = "uk") -> Reading:
    return read_report(text, the_content().form, case or {}, TODAY, profile)


def becomes(entry: Entry) -> str:
    """Return what an entry becomes, as the expected files spell it: ``2 ix.k 4.1 mmol/L (3.5-5.3) 2026-11-02``."""
    if entry.state == "records":
        return f"{entry.line} {_meaning(entry.meanings[0])}"
    if entry.state == "asks":
        return f"{entry.line} asks " + " | ".join(map(_meaning, entry.meanings))
    return f"{entry.line} {entry.state}"


def _meaning(meaning: Meaning) -> str:
    if meaning.day is not None:
        return f"day {meaning.day.iso()}"
    return " & ".join(map(_take, meaning.takes))


def _take(take: Take) -> str:
    item = take.item
    parts = [take.question.id, _value(item)]
    if item.low is not None or item.high is not None:
        low, high = (None if end is None else plain(end) for end in (item.low, item.high))
        parts.append(f"({low}-{high})" if low and high else f"(>{low})" if low else f"(<{high})")
    if item.date is not None:
        parts.append(item.date.iso())
    if take.replaces is not None:
        parts.append(f"instead of {measured_text(take.replaces, unit=True)}")
    return " ".join(parts)


def _value(item: Measurement) -> str:
    if item.value is None:
        return measured_text(item)
    return f"{item.comparator}{plain(item.value)} {item.unit}".strip()


# -- made from values -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Written:
    """One result as a report writes it."""

    name: str
    number: str
    unit: str = ""
    limits: str = ""
    day: date | None = None


def _said(day: date | None) -> str:
    return f"{day.day:02d}-{MONTHS[day.month - 1][:3]}-{day.year}" if day else ""


def _line(item: Written) -> str:
    limits = f"({item.limits})" if item.limits else ""
    return " ".join(filter(None, (item.name, item.number, item.unit, limits, _said(item.day))))


def _export(item: Written) -> str:
    limits = f"[{item.limits}]" if item.limits else ""
    return " ".join(
        filter(None, (_said(item.day), item.name, "(XE2q5)", item.number, item.unit, limits))
    )


def _tabs(item: Written) -> str:
    return "\t".join((item.name, item.number, item.unit, item.limits, _said(item.day)))


def _bars(item: Written) -> str:
    return f"| {_said(item.day)} | {item.limits} | {item.unit} | {item.number} | {item.name} |"


def _segment(item: Written) -> str:
    day = f"{item.day:%Y%m%d}" if item.day else ""
    return f"OBX|1|NM|X^{item.name}^L||{item.number}|{item.unit}|{item.limits}||||F|||{day}"


def _report(head: str, row: Callable[[Written], str]) -> Callable[[Sequence[Written]], str]:
    return lambda items: head + "".join(f"{row(item)}\n" for item in items)


# Each writes one line for each result, below a line of headings.
LAYOUTS: dict[str, Callable[[Sequence[Written]], str]] = {
    "line": _report("Biochemistry\n", _line),
    "export": _report("Biochemistry\n", _export),
    "tabs": _report("Test\tResult\tUnits\tReference range\tDate\n", _tabs),
    "bars": _report("| Date | Range | Unit | Value | Test |\n", _bars),
    "hl7": _report("OBR|1|||X^Biochemistry^L\n", _segment),
}
# Those in which a blank may part columns.
UNCELLED = ("line", "export")
