"""``triage`` and ``triage open``: the window."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import Annotated

import typer

from triage.cli import common
from triage.cli.guard import without_core_dumps
from triage.content.files import FORM


def open_window(
    draft: Annotated[
        str | None,
        typer.Argument(
            metavar="[DRAFT]", help="A draft's id, a CASE.json file, or the PDF of a letter."
        ),
    ] = None,
    passphrase_file: Annotated[
        Path | None, typer.Option("--passphrase-file", help="Its first line is the passphrase.")
    ] = None,
    form: Annotated[str, typer.Option(help="Form id.")] = FORM,
) -> None:
    """Open the window, on a new case or on a draft."""
    with common.told():
        # What is made until the window stands, stays: the collector would walk it in vain. Then a timer collects.
        gc.disable()
        without_core_dumps()
        from triage.cli.drafts import passphrase_in
        from triage.qt.app import run

        given = passphrase_in(passphrase_file) if passphrase_file else None
        raise typer.Exit(run(draft, (lambda: given) if given else None, form=form))
