"""``triage settings``: what an issued letter needs of the clinic, without a window."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from triage.cli import common

# Settings that name a file or folder.
_PATHS = {"letterhead", "content_folder", "backup_folder"}

app = typer.Typer(help="Show or change senders, addresses of recipients, profile and paper.")


@app.command()
def show(
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Show all settings, one on a line: a line is what `triage settings set` takes."""
    with common.told():
        settings = common.settings()
        if as_json:
            typer.echo(settings.model_dump_json(indent=1))
            return
        for key, text in _lines(settings.model_dump()):
            typer.echo(f"{key} {_spelled(text)}")


@app.command("set")
def set_(
    key: Annotated[
        str,
        typer.Argument(help="Such as profile, senders.gp1.name or recipients.neurology.address."),
    ],
    value: Annotated[
        str | None,
        typer.Argument(
            help=r"What to set; \n begins a new line of an address; - reads standard input."
        ),
    ] = None,
    remove: Annotated[bool, typer.Option("--remove", help="Take the key out.")] = False,
) -> None:
    """Set one key, or take it out."""
    if remove == (value is not None):
        raise typer.BadParameter("give a value, or --remove")
    with common.told():
        from triage.session.own import logo_of
        from triage.settings import load_settings, save_settings
        from triage.settings.file import changed
        from triage.store import drafts_folder

        folder = drafts_folder()
        settings = changed(load_settings(folder), key, _read(key, value))
        if key == "letterhead":
            # Refused when it is chosen; what happens to the file later stops issuing, and no other setting.
            logo_of(settings)
        if not remove:
            # What is taken out is not asked of the form: it may be what stops the content from being read.
            common.content(settings)
        save_settings(folder, settings)


def _read(key: str, value: str | None) -> str | None:
    if value == "-":
        return sys.stdin.read().rstrip("\n")
    if value and key in _PATHS:
        # The program is started from other folders later.
        return str(Path(value).expanduser().absolute())
    # Only where there can be lines: a folder on Windows may well begin with \n.
    return value.replace("\\n", "\n") if value and key.endswith(".address") else value


def _spelled(value: str | int) -> str:
    """Return a value as a shell takes it."""
    import shlex

    return shlex.quote(str(value).replace("\n", "\\n"))


def _lines(data: dict[str, Any], before: str = "") -> Iterator[tuple[str, str | int]]:
    for name, value in data.items():
        if isinstance(value, dict):
            yield from _lines(value, f"{before}{name}.")
        elif value != "":
            yield f"{before}{name}", value
