"""Nothing of a process that dies is written to a file."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from triage.cli.guard import WATCHED

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Linux tells its flags")


def child(code: str, folder: Path, **more: str) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if k != WATCHED} | more
    before = "import resource; resource.setrlimit(resource.RLIMIT_CORE, (1 << 20, -1));"
    guard = "from triage.cli.guard import without_core_dumps; without_core_dumps();"
    return subprocess.run(
        [sys.executable, "-c", before + guard + code],
        cwd=folder,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


TELL = "import ctypes; print(ctypes.CDLL(None).prctl(3), resource.getrlimit(resource.RLIMIT_CORE))"


def test_the_process_is_not_dumpable_and_has_no_room_for_a_core(tmp_path: Path) -> None:
    assert child(TELL, tmp_path).stdout.strip() == "0 (0, 0)"


def test_a_watched_process_stays_visible_and_still_leaves_no_core(tmp_path: Path) -> None:
    assert child(TELL, tmp_path, **{WATCHED: "1"}).stdout.strip() == "1 (0, 0)"


def test_a_native_crash_leaves_no_file(tmp_path: Path) -> None:
    crashed = child("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", tmp_path)
    assert crashed.returncode == -11
    assert not list(tmp_path.iterdir())
