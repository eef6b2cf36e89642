"""``triage demo``: the sample case as letter, pages, plain text and a screenshot."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from triage.cli import common


def demo(
    out: Annotated[Path, typer.Option("--out", help="Where the files go.")] = Path("out"),
    window: Annotated[bool, typer.Option("--window", hidden=True)] = False,
) -> None:
    """Render the invented sample case; nothing of it enters your own drafts.

    On a screen and a terminal, the window opens on it afterwards.
    """
    with common.told():
        with tempfile.TemporaryDirectory(prefix="triage-demo-") as scratch:
            if window:
                from triage.qt.showcase import show_sample

                raise typer.Exit(show_sample(Path(scratch)))
            # The screenshot needs no screen, and must not depend on the one that is there.
            os.environ["QT_QPA_PLATFORM"] = "offscreen"
            from triage.qt.showcase import render_sample

            for path in render_sample(Path(scratch), out):
                typer.echo(path)
        if _has_screen() and sys.stdout.isatty() and not os.environ.get("CI"):
            env = {name: value for name, value in os.environ.items() if name != "QT_QPA_PLATFORM"}
            subprocess.run(
                [sys.executable, "-m", "triage", "demo", "--window"], env=env, check=False
            )


def _has_screen() -> bool:
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
