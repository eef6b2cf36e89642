"""``triage rules``: a rule in words, its expression, its source and its review date."""

from __future__ import annotations

from typing import Annotated

import typer

from triage.cli import common


def rules(
    rule_id: Annotated[
        str | None, typer.Argument(metavar="[ID]", help="One rule, such as U01.")
    ] = None,
) -> None:
    """Show all rules, or one of them with its expressions and sources."""
    with common.told():
        from triage.content.describe import describe_rule, one_line

        known = common.content()
        if rule_id is None:
            for record in known.rules.values():
                typer.echo(one_line(record))
        else:
            typer.echo("\n".join(describe_rule(known, rule_id)))
