"""``triage bench``: how fast, as ratios to a floor measured in the same run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from triage.cli import common
from triage.errors import TriageError


def bench(
    name: Annotated[
        str | None,
        typer.Argument(help="One benchmark; all but scale, effort and visit if left out."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
    cases: Annotated[
        Path, typer.Option("--cases", hidden=True, help="The completed cases of effort.")
    ] = Path("tests/cases/complete"),
) -> None:
    """Measure start, assessment, keystroke, letter, saving and memory; scale, effort, pasted and visit by name."""
    with common.told():
        from triage.bench.run import BENCHMARKS, BY_CASE, USUAL, report

        if name is not None and name not in (every := {**BENCHMARKS, **BY_CASE}):
            raise TriageError(f"There is no benchmark {name!r}; there are {', '.join(every)}.")
        figures = []
        for key in [name] if name else USUAL:
            by_case = BY_CASE.get(key)
            for figure in by_case(cases) if by_case else BENCHMARKS[key]():
                figures.append(figure)
                if not as_json:
                    mark = "met" if figure.met else "missed"
                    typer.echo(
                        f"{figure.name:22} {figure.value:7.2f} {figure.unit:2} "
                        f"aim {figure.aim:g} {mark:6} ({figure.detail})"
                    )
        if as_json:
            typer.echo(json.dumps(report(figures), indent=1))
