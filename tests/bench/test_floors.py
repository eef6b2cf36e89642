"""The bare window that the program is measured against is a window of Qt, and no part of the program."""

from __future__ import annotations

import json
import os
import subprocess
import sys

from tests.conftest import ROOT

_LOADED = """
import json, runpy, sys
sys.argv[1:] = ["bare"]
runpy.run_module("triage.bench.children", run_name="__main__")
print(json.dumps(sorted(sys.modules)))
"""


def test_a_bare_window_loads_nothing_of_the_program() -> None:
    env = {**os.environ, "TRIAGE_BENCH_STARTED": "0", "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, "-c", _LOADED],
        cwd=ROOT.parent,
        env=env,
        check=True,
        capture_output=True,
        text=True,
    )
    loaded = json.loads(done.stdout.splitlines()[-1])
    assert "PySide6.QtWidgets" in loaded
    assert [name for name in loaded if name.startswith(("pydantic", "apsw", "triage."))] == [
        "triage.bench",
    ]
