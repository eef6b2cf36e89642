"""``triage rules``: a rule in words, its expression, its source, its review date and its cases."""

from __future__ import annotations

from typing import Annotated

import typer

from triage.cli import common
from triage.content.files import FORM


def rules(
    rule_id: Annotated[
        str | None, typer.Argument(metavar="[ID]", help="One rule, such as U01.")
    ] = None,
    form: Annotated[str, typer.Option(help="Form id.")] = FORM,
) -> None:
    """Show all rules, or one of them with its expressions and sources."""
    with common.told():
        from triage.content.describe import describe_rule, one_line
        from triage.rules.proofs import proofs_of
        from triage.session.own import files_of

        known = common.content(form=form)
        if rule_id is None:
            for record in known.rules.values():
                typer.echo(one_line(record))
        else:
            typer.echo("\n".join(describe_rule(known, rule_id)))
            for proof in proofs_of(files_of(common.settings(), form), rule_id):
                typer.echo(f"{proof.shows.replace('_', ' ')}: {proof.patient}")
