"""Reports for tests: the forty of ``cases/reports`` with what is expected of them, and any number made from values."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tests.conftest import CASES, TODAY, the_content
from triage.content.entry import measured_text
from triage.model.dates import PartialDate
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
