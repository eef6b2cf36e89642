"""The shim in front of the C library (``shim.c``): compiled once, loaded into a child, and told there what to do."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import NamedTuple

KINDS = ("read", "write", "sync", "truncate", "rename", "unlink", "open")
POSSIBLE = sys.platform == "linux" and shutil.which("cc") is not None
_VARIABLE = "TRIAGE_TEST_SHIM"
_made: list[tempfile.TemporaryDirectory[str]] = []


class Fault(NamedTuple):
    """Which call fails, and how: the `call`-th of its kind, or all from it on; `half` is written before."""

    kind: str
    call: int
    error: int
    after: bool = False
    half: bool = False


@cache
def library() -> Path:
    """Return the compiled shim, which goes with this process."""
    _made.append(tempfile.TemporaryDirectory(prefix="triage-shim-"))
    made = Path(_made[-1].name) / "shim.so"
    source = Path(__file__).with_name("shim.c")
    subprocess.run(["cc", "-O1", "-shared", "-fPIC", "-o", made, source, "-ldl"], check=True)
    return made


def environment() -> dict[str, str]:
    """Return the environment of a child that has the shim in front; it does nothing until it is told."""
    return os.environ | {"LD_PRELOAD": str(library()), _VARIABLE: str(library())}


# -- in the child ---------------------------------------------------------------------------------


@cache
def _shim() -> ctypes.CDLL:
    return ctypes.CDLL(os.environ[_VARIABLE])


def watch(folder: Path, fault: Fault | None = None) -> None:
    """Count the calls on files below `folder` from now on, and let one of them fail."""
    shim = _shim()
    if fault is None:
        shim.shim_fail(-1, ctypes.c_long(0), 0, 0, 0)
    else:
        kind = KINDS.index(fault.kind)
        shim.shim_fail(kind, ctypes.c_long(fault.call), fault.after, fault.error, fault.half)
    shim.shim_watch(os.fsencode(folder))


def counts() -> dict[str, int]:
    """Return how many calls of each kind there were since `watch`."""
    return {kind: _shim().shim_count(number) for number, kind in enumerate(KINDS)}


def fired() -> int:
    """Return how many calls were made to fail."""
    return int(_shim().shim_fired())


def record(folder: Path, log: int) -> None:
    """Write every change below `folder` to the descriptor `log`."""
    watch(folder)
    _shim().shim_record(log)


def mark(text: str) -> None:
    """Put a line into the log, between the changes made before and after it."""
    _shim().shim_mark(text.encode())
