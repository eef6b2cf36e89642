"""``triage fields``: the fields of a receiver's own form, as the map that says what stands in them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from triage.cli import common
from triage.files import write_whole


def fields(
    path: Annotated[Path, typer.Argument(metavar="FORM.pdf", help="A receiver's own form.")],
    numbered: Annotated[
        Path | None,
        typer.Option(
            metavar="OUT.pdf", help="Where a copy goes that shows the number of each field."
        ),
    ] = None,
) -> None:
    """Print the map of a receiver's form to begin with: each of its fields, for you to say what stands there."""
    with common.told():
        from triage.session.receiver import map_to_begin_with

        begun, shown = map_to_begin_with(common.file_bytes(path))
        if numbered is not None:
            write_whole(numbered, shown, parents=True)
        typer.echo(begun, nl=False)
