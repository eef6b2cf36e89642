"""``triage assess``: the assessment of a case file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from triage.cli import common

CaseFile = Annotated[Path, typer.Argument(help="A CASE.json file; - reads standard input.")]


def assess(
    case_file: CaseFile,
    form: common.Form = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
    verbose: Annotated[
        bool, typer.Option("-v", "--verbose", help="Name rules and tests by their ids as well.")
    ] = False,
) -> None:
    """Say how urgent a case is, what it may be, and which tests are indicated or not."""
    with common.told():
        from triage.content.casefile import day_of
        from triage.letter.words.said.terminal import report
        from triage.letter.words.said.trail import Trail
        from triage.rules.assess import Assessor
        from triage.rules.export import to_json

        own = common.settings()
        known, case = common.read_case_file(case_file, own, form)
        assessment = Assessor(known).assess(case, day_of(case))
        if as_json:
            typer.echo(to_json(assessment))
            return
        lines = report(Trail(known, codes=verbose), assessment, case)
        typer.echo("\n".join((*lines, common.intended_use(own))))
