"""One letter in the making, for tests of what stands on page one."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from tests import recorded
from tests.conftest import AT, CASES, ROOT, case_from
from triage.letter.blocks.history import history_block
from triage.letter.blocks.why import why_rows
from triage.letter.making import Making
from triage.letter.statements import Statement
from triage.letter.template import BlockRecord

SAMPLES = ("sample", "sample_benign")
VIGNETTES = tuple(sorted(path.stem for path in (CASES / "vignettes").glob("*.json")))
_FORM = ROOT.parent / "forms" / "muscle_cramps" / "cases"


def case_data(name: str) -> dict[str, Any]:
    """Return a vignette or a sample, as its file has it."""
    folder = _FORM if name in SAMPLES else CASES / "vignettes"
    data: dict[str, Any] = json.loads((folder / f"{name}.json").read_text())
    case: dict[str, Any] = data.get("case", data)
    return case


def making_of(
    data: dict[str, Any], template: str = "referral_letter", *, issued: datetime | None = None
) -> Making:
    """Return the letter in the making of a case."""
    return recorded.making_of(case_from(data), "neuromuscular", template, issued)


def issued(data: dict[str, Any]) -> Making:
    """Return the letter of a case as it is issued."""
    return making_of(data, issued=AT)


def record_of(making: Making, kind: str) -> BlockRecord:
    """Return the block of a letter's template that is of a kind."""
    return next(record for record in making.template.file.block if record.kind == kind)


def why_of(making: Making) -> list[Statement]:
    """Return what stands under the headline."""
    return [s for row in why_rows(making, record_of(making, "level")) for s in row.statements]


def history_of(making: Making) -> list[Statement]:
    """Return the history."""
    return list(history_block(making, record_of(making, "history")).all_statements())


def words_of(statements: list[Statement]) -> int:
    """Return how many words are printed."""
    return sum(len(statement.text.split()) for statement in statements)


def text_of(statements: list[Statement]) -> str:
    """Return sentences as one text."""
    return " ".join(statement.text for statement in statements)
