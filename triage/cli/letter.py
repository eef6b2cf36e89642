"""``triage letter``, ``text`` and ``preflight``: the letter of a case file, as a draft and as its reader sees it."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from triage.cli import common
from triage.cli.assess import CaseFile
from triage.files import write_whole

if TYPE_CHECKING:
    from triage.letter.preflight import Lack
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
    form: common.Form = None,
    paper: Annotated[
        Paper | None,
        typer.Option(help="Paper size; as the settings or the profile say if left out."),
    ] = None,
    receiver_form: Annotated[
        bool,
        typer.Option(
            "--receiver-form", help="Fill in the recipient's own form; the letter stands behind it."
        ),
    ] = False,
) -> None:
    """Write the letter as a PDF marked DRAFT; missing data never refuses it."""
    with common.told():
        desk = _desk(case_file, template, recipient, form, paper)
        if not receiver_form:
            write_whole(out, desk.shown_pdf(), parents=True)
            return
        from triage.session.receiver import on_form

        made = on_form(desk)
        write_whole(out, made.pdf, parents=True)
        for field, why in made.left:
            typer.echo(f"{field}: {why}.", err=True)


def text(
    case_file: CaseFile,
    template: Template = None,
    recipient: Recipient = None,
    form: common.Form = None,
) -> None:
    """Print the letter as plain text, for pasting into a record system."""
    with common.told():
        typer.echo(_desk(case_file, template, recipient, form).plain_text())


def preflight(
    case_file: CaseFile,
    recipient: Recipient = None,
    form: common.Form = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Say whether the recipient would return the letter, and why."""
    with common.told():
        desk = _desk(case_file, None, recipient, form)
        found = desk.preflight()
        returned = any(lack.found.returns for lack in found)
        if as_json:
            typer.echo(
                json.dumps(_told(desk.recipient, returned, found), ensure_ascii=False, indent=1)
            )
            return
        name = desk.recipients[desk.recipient].name
        typer.echo(f"{name}: {'would be returned' if returned else 'nothing to return it for'}.")
        for lack in found:
            typer.echo(f"  {'!' if lack.found.returns else '-'} {lack.says}")


def _told(recipient: str, returned: bool, found: tuple[Lack, ...]) -> dict[str, object]:
    """Return what a preflight found, for scripts."""
    findings = [
        {
            "kind": lack.found.kind,
            "says": lack.says,
            "answers": lack.found.answers,
            "returns": lack.found.returns,
            "source": lack.found.source,
        }
        for lack in found
    ]
    return {"recipient": recipient, "would_be_returned": returned, "findings": findings}


def _desk(
    case_file: Path,
    template: str | None,
    recipient: str | None,
    form: str | None,
    paper: Paper | None = None,
) -> LetterDesk:
    from triage.model.history import History
    from triage.rules.assess import Assessor
    from triage.session import Session
    from triage.session.letters import LetterDesk

    own = common.settings()
    known, case = common.read_case_file(case_file, own, form)
    history = History()
    history.change(dict(case), common.utc_now())
    session = Session(Assessor(known), history, common.now)
    desk = LetterDesk(session, None, common.now, own, paper.value if paper else "")
    common.address(desk, recipient)
    if template is not None:
        desk.choose_template(template)
    return desk
