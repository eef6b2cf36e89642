"""``triage letter`` and ``triage text``: the letter of a case file, marked as a draft."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from triage.cli import common
from triage.cli.assess import CaseFile
from triage.files import write_whole

if TYPE_CHECKING:
    from triage.session.letters import LetterDesk


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
    paper: Annotated[
        Paper | None,
        typer.Option(help="Paper size; as the settings or the profile say if left out."),
    ] = None,
) -> None:
    """Write the letter as a PDF marked DRAFT; missing data never refuses it."""
    with common.told():
        write_whole(out, _desk(case_file, template, recipient, paper).shown_pdf(), parents=True)


def text(case_file: CaseFile, template: Template = None, recipient: Recipient = None) -> None:
    """Print the letter as plain text, for pasting into a record system."""
    with common.told():
        typer.echo(_desk(case_file, template, recipient, None).plain_text())


def _desk(
    case_file: Path, template: str | None, recipient: str | None, paper: Paper | None
) -> LetterDesk:
    from triage.model.history import History
    from triage.rules.assess import Assessor
    from triage.session import Session
    from triage.session.letters import LetterDesk

    own = common.settings()
    known = common.content(own)
    case = common.read_case_file(case_file, known, own)
    history = History()
    history.change(dict(case), common.utc_now())
    session = Session(Assessor(known), history, common.now)
    desk = LetterDesk(session, None, common.now, own, paper.value if paper else "")
    common.address(desk, recipient)
    if template is not None:
        desk.choose_template(template)
    return desk
