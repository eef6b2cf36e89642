"""Letters of the cases in the repository, printed: for the checks and for looking."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Literal, NamedTuple

from tests.conftest import AT, TODAY, completed, the_assessor, the_content, the_settings
from tests.letter.spec import Printed
from triage.content.casefile import day_of, read_case
from triage.content.form import RECIPIENTS
from triage.letter.build import build_letter
from triage.letter.statements import Letter
from triage.model.case import Case
from triage.model.values import Names
from triage.pdf.render import render

Paper = Literal["a4", "letter"]
PAPERS: tuple[Paper, ...] = ("a4", "letter")
LEAFLET = "patient_leaflet"


class Sent(NamedTuple):
    """A letter of a case file: to whom it goes, and its template if it is not the recipient's own."""

    name: str
    path: Path
    recipient: str
    template: str = ""


def case_at(path: Path) -> Case:
    """Return the case of a file, be it a vignette, a completed one or a sample."""
    data = json.loads(path.read_text(encoding="utf-8"))
    content = the_content()
    text = json.dumps(data.get("case", data))
    return read_case(text, content.form, content.rule_ids, TODAY)


def recipients(case: Case) -> tuple[str, ...]:
    """Return to whom a case is sent; one that names nobody goes to neurology."""
    named = case.get(RECIPIENTS)
    return named.names if isinstance(named, Names) else ("neurology",)


def sent(paths: list[Path] | None = None) -> Iterator[Sent]:
    """Yield the letters of the cases at `paths`, else of all completed vignettes: each recipient's and a leaflet."""
    for path in completed() if paths is None else paths:
        names = recipients(case_at(path))
        for recipient in names:
            yield Sent(f"{path.stem}-{recipient}", path, recipient)
        yield Sent(f"{path.stem}-patient", path, names[0], LEAFLET)


def letter_of(case: Case, recipient: str, template: str = "", *, draft: bool = False) -> Letter:
    """Return the letter of `case` to `recipient`, of its own kind unless `template` names another."""
    content, day = the_content(), day_of(case)
    return build_letter(
        content,
        case,
        the_assessor().assess(case, day),
        template or content.recipients[recipient].template,
        recipient,
        day,
        version=0 if draft else 1,
        issued_at=None if draft else AT,
        settings=the_settings(),
    )


def pdf_of(letter: Sent) -> bytes:
    """Return the pages of a letter that is sent."""
    return render(letter_of(case_at(letter.path), letter.recipient, letter.template), when=AT)


def printed(letter: Letter, case: Case, paper: Paper = "a4") -> Printed:
    """Return `letter` on `paper`, ready for the checks."""
    return Printed.of(letter, render(letter, paper=paper, when=AT), case, the_content())


def page_one(letter: Letter) -> str:
    """Return every text of page one, a line each."""
    return "\n".join(replace(letter, record=None).texts())


def record_text(letter: Letter) -> str:
    """Return the record of findings, a line for each row."""
    assert letter.record is not None
    return "\n".join(entry.text for part in letter.record.sections for entry in part.entries)


def block_text(letter: Letter, name: str) -> str:
    """Return the sentences of a block, empty if the letter has none of this id."""
    blocks = (block for block in letter.blocks if block.id == name)
    return " ".join(s.text for block in blocks for s in block.all_statements())


def row_text(letter: Letter, name: str, label: str) -> str:
    """Return what stands beside a label of a block."""
    rows = (row for block in letter.blocks if block.id == name for row in block.rows)
    return " ".join(s.text for row in rows if row.label == label for s in row.statements)
