"""The command ``triage`` and its subcommands."""

from __future__ import annotations

from typing import Annotated

import typer

from triage.cli import (
    assess,
    bench,
    check,
    demo,
    drafts,
    fields,
    letter,
    questions,
    rules,
    settings,
    window,
)

app = typer.Typer(
    help="Refer a patient with muscle cramps: form, reasoning and letter. "
    "It supports a clinician and never decides; it is not a certified medical device.",
    no_args_is_help=False,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("open")(window.open_window)
app.command("demo")(demo.demo)
app.command("questions")(questions.questions)
app.command("assess")(assess.assess)
app.command("letter")(letter.letter)
app.command("text")(letter.text)
app.command("preflight")(letter.preflight)
app.command("rules")(rules.rules)
app.command("check")(check.check)
app.command("fields")(fields.fields)
app.command("bench")(bench.bench)
app.add_typer(drafts.app, name="drafts")
app.add_typer(settings.app, name="settings")


@app.callback(invoke_without_command=True)
def main(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and leave.")
    ] = False,
) -> None:
    """Open the window, unless a command is given."""
    if version:
        from triage import __version__

        typer.echo(__version__)
        raise typer.Exit
    if context.invoked_subcommand is None:
        window.open_window(None, None)
