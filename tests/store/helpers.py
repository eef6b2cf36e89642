"""Small makers shared by the tests of the store and by their child processes."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from triage.model.dates import PartialDate
from triage.model.history import Edit, History
from triage.model.values import Date, Text, Value
from triage.store import Issue, KdfCost

AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
CHEAP = KdfCost(memory_kib=8, time=1, lanes=1)
MARKER = "Quetzalcoatl"


def typed(history: History, text: str, key: str = "note.complaint") -> tuple[Edit, ...]:
    return history.change({key: Text(text=text)}, AT)


def named(history: History, family: str, given: str, born: date) -> tuple[Edit, ...]:
    changes: dict[str, Value | None] = {
        "patient.family_name": Text(text=family),
        "patient.given_name": Text(text=given),
        "patient.dob": Date(date=PartialDate.of(born)),
    }
    return history.change(changes, AT)


def letter(version: int, case_n: int, recipient: str = "neurology", text: str = "") -> Issue:
    pdf = b"%PDF-1.7 " + (text or f"v{version}").encode()
    return Issue(
        version=version, recipient=recipient, case_n=case_n, at=AT, pdf=pdf, fingerprint="content-1"
    )


def files_with(folder: Path, marker: str) -> list[str]:
    """Return the files under `folder` that hold `marker` in the clear."""
    needles = [marker.encode(code) for code in ("utf-8", "utf-16-le", "utf-16-be")]
    return [
        path.name
        for path in folder.rglob("*")
        if path.is_file() and (any(n in path.read_bytes() for n in needles) or marker in path.name)
    ]
