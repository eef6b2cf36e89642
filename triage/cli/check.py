"""``triage check``: whether forms, rules and letters are sound."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from triage.cli import common
from triage.content.files import FORM, ContentFiles
from triage.errors import ContentError


def check(
    path: Annotated[
        Path | None,
        typer.Argument(
            help="A folder with forms/ or templates/, read in front of the program's own; what the program works "
            "with if left out."
        ),
    ] = None,
    form: Annotated[str, typer.Option(help="Form id.")] = FORM,
    release: Annotated[
        bool, typer.Option("--release", help="Print the record of released.toml for this version.")
    ] = False,
) -> None:
    """Check all content and print every problem with file, record and remedy."""
    with common.told():
        from triage.content.lint import lint, release_record
        from triage.content.load import load_content
        from triage.content.practice import read_practice
        from triage.letter.template import load_templates
        from triage.rules.proofs import proof_faults
        from triage.session.own import files_of
        from triage.session.receiver import form_faults

        files = ContentFiles(form, own=path) if path else files_of(common.settings(), form)
        known = load_content(files)
        templates = load_templates(files, known.form)
        read_practice(files, known, datetime.now(UTC).date())
        if release:
            typer.echo(release_record(known), nl=False)
            return
        misfits, notes = form_faults(known)
        for note in notes:
            typer.echo(note)
        if problems := [
            *lint(known, files, templates.letters),
            *proof_faults(known, files),
            *misfits,
        ]:
            raise ContentError(problems)
        typer.echo(
            f"{len(known.form.questions)} questions, {len(known.rules)} rules, "
            f"{len(known.sources)} sources, {len(templates.letters)} letters: no problem found."
        )
