"""``triage letter`` and ``triage text``: the letter of a case file, marked as a draft."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from triage.cli import common
from triage.cli.assess import CaseFile

if TYPE_CHECKING:
    from triage.letter.statements import Letter


class Paper(StrEnum):
    """Paper sizes."""

    A4 = "a4"
    LETTER = "letter"


Template = Annotated[str | None, typer.Option(help="Template id; the recipient's own if left out.")]
Recipient = Annotated[str | None, typer.Option(help="Recipient id; the case's first if left out.")]


def letter(
    case_file: CaseFile,
    out: Annotated[Path, typer.Option("-o", "--out", help="Where the PDF goes.")],
    template: Template = None,
    recipient: Recipient = None,
    paper: Annotated[Paper, typer.Option(help="Paper size.")] = Paper.A4,
) -> None:
    """Write the letter as a PDF marked DRAFT; missing data never refuses it."""
    with common.told():
        from triage.pdf import render

        made = _made(case_file, template, recipient)
        common.write_file(out, render(made, paper=paper.value, when=made.dated))


def text(case_file: CaseFile, template: Template = None, recipient: Recipient = None) -> None:
    """Print the letter as plain text, for pasting into a record system."""
    with common.told():
        from triage.letter.plain import plain_text

        typer.echo(plain_text(_made(case_file, template, recipient)))


def _made(case_file: Path, template: str | None, recipient: str | None) -> Letter:
    from triage.content.casefile import day_of
    from triage.letter.build import build_letter
    from triage.rules.assess import Assessor

    known = common.content()
    case = common.read_case_file(case_file, known)
    day = day_of(case)
    return build_letter(known, case, Assessor(known).assess(case, day), template, recipient, day)
