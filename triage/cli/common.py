"""What the commands share: the content, a case file, and how trouble is told."""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from triage.errors import CaseError, Problem, TriageError, did_you_mean
from triage.files import at_most, read_bytes, text_of

if TYPE_CHECKING:
    from triage.content.load import Content
    from triage.letter.template import Templates
    from triage.model.case import Case
    from triage.session.letters import LetterDesk
    from triage.session.outside import Brought
    from triage.settings import Settings


Form = Annotated[str | None, typer.Option(help="Form id; the one that the case names if left out.")]


@contextmanager
def told() -> Iterator[None]:
    """Print known trouble as one sentence a problem on stderr and leave with exit code 1."""
    try:
        yield
    except TriageError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None


def now() -> datetime:
    """Return the present time with its zone. Only commands and the window read a clock."""
    return datetime.now().astimezone()


def utc_now() -> datetime:
    """Return the present time in UTC, as the log keeps it."""
    return datetime.now(UTC)


def settings() -> Settings:
    """Return the clinic's settings."""
    from triage.settings import load_settings, notice
    from triage.store import drafts_folder

    found = load_settings(drafts_folder())
    if says := notice(drafts_folder()):
        typer.echo(says, err=True)
    return found


def content(own: Settings | None = None, form: str | None = None) -> Content:
    """Return the content that the program works with: its own, and the clinic's in front of it."""
    from triage.content.files import FORM
    from triage.content.load import load_content
    from triage.session.own import check_settings, files_of

    own = own or settings()
    known = load_content(files_of(own, form or FORM))
    check_settings(own, known)
    return known


def intended_use(own: Settings) -> str:
    """Return what the program is for and what it is not, as letters say it."""
    from triage.session.own import files_of

    words = tomllib.loads(files_of(own).text("templates/words.toml"))["words"]
    return str(words["intended_use"])


def read_file(path: Path) -> str:
    """Return the text of a case file; ``-`` reads standard input.

    Raises
    ------
    CaseError
        If it cannot be read.
    """
    from triage.content.casefile import LARGEST

    data = file_bytes(path)
    try:
        return text_of(data, LARGEST)
    except TriageError as error:
        raise CaseError([Problem(path.name, "", str(error))]) from None


def file_bytes(path: Path) -> bytes:
    """Return what a case file or a letter holds, as `read_file` reads it.

    Raises
    ------
    CaseError
        If it cannot be read, or is too large.
    """
    from triage.content.casefile import LARGEST

    try:
        if str(path) == "-":
            return at_most(sys.stdin.buffer.read(LARGEST + 1), LARGEST)
        return read_bytes(path, LARGEST)
    except TriageError as error:
        raise CaseError([Problem(path.name, "", str(error))]) from None


def bring(data: bytes, name: str, own: Settings, form: str | None = None) -> Brought:
    """Return the case of a case file or a letter, as `triage.session.outside.bring` does."""
    from triage.letter.template import load_templates
    from triage.rules.assess import Assessor
    from triage.session.outside import bring
    from triage.session.own import files_of

    known = cache(lambda form: Assessor(content(own, form)))

    def templates(of: Content) -> Templates:
        return load_templates(files_of(own, of.form.id), of.form)

    return bring(data, name, known, templates, own, now().date(), form or "")


def read_case_file(path: Path, own: Settings, form: str | None = None) -> tuple[Content, Case]:
    """Return the case in the file at `path`, and the content of its form.

    The settings say what it leaves open of profile and sender, and `form` which form it is for.
    """
    from triage.content.casefile import form_named, read_case
    from triage.model.case import Case
    from triage.session.own import filled

    text, today = read_file(path), now().date()
    known = content(own, form or form_named(text, path.name))
    case = read_case(text, known.form, known.rule_ids, today, path.name, profile=own.profile)
    return known, Case(filled(case, own, known.form))


def address(desk: LetterDesk, recipient: str | None) -> None:
    """Choose the recipient of a letter, if one is named.

    Raises
    ------
    TriageError
        If there is no such recipient.
    """
    if recipient is None:
        return
    service, _, number = recipient.partition(":")
    if service not in desk.recipients:
        hint = did_you_mean(service, desk.recipients)
        raise TriageError(
            f"There is no recipient {service!r}{hint}; there are {', '.join(desk.recipients)}."
        )
    desk.choose_recipient(service)
    if number:
        # The first address has no number in the settings.
        desk.choose_addressee(service if number == "1" else recipient)
