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

# Each with the room that a task bar leaves, in pixels as they are before the screen scales them.
_SCREENS = (
    ("1280x720", "1280x680", "1"),
    ("1366x768", "1366x728", "1"),
    ("1920x1080", "1920x1040", "1"),
    ("1920x1080-150", "1280x693", "1.5"),
)


def demo(
    out: Annotated[Path, typer.Option("--out", help="Where the files go.")] = Path("out"),
    screens: Annotated[
        bool, typer.Option("--screens", help="Pictures of every section and dialog as well.")
    ] = False,
    window: Annotated[bool, typer.Option("--window", hidden=True)] = False,
    screen: Annotated[str, typer.Option("--screen", hidden=True)] = "",
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
            if screen:
                _one_screen(Path(scratch), out, screen)
                return
            from triage.qt.showcase import render_sample

            for path in render_sample(Path(scratch), out):
                typer.echo(path)
        if screens:
            _all_screens(out)
        elif _has_screen() and sys.stdout.isatty() and not os.environ.get("CI"):
            env = {name: value for name, value in os.environ.items() if name != "QT_QPA_PLATFORM"}
            subprocess.run(
                [sys.executable, "-m", "triage", "demo", "--window"], env=env, check=False
            )


def _all_screens(out: Path) -> None:
    """Write the pictures of every screen, each in a process of its own: the scale is set before the first window."""
    for name, size, scale in _SCREENS:
        for scheme in ("light", "dark"):
            folder = out / "screens" / f"{name}-{scheme}"
            command = [sys.executable, "-m", "triage", "demo", "--out", str(folder)]
            subprocess.run(
                [*command, "--screen", f"{size} {scheme}"],
                env={**os.environ, "QT_SCALE_FACTOR": scale},
                check=True,
            )


def _one_screen(scratch: Path, out: Path, screen: str) -> None:
    from PySide6.QtCore import QSize

    from triage.qt.showcase import render_screens

    size, scheme = screen.split()
    wide, high = map(int, size.split("x"))
    for path in render_screens(scratch, out, QSize(wide, high), scheme):
        typer.echo(path)


def _has_screen() -> bool:
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
