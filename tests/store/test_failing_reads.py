"""Reads that fail while the drafts are opened, one after another: a bad disk is no damaged file."""

from __future__ import annotations

import errno
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.store import shim
from tests.store.helpers import AT, typed
from triage.model.history import History
from triage.store import Drafts

pytestmark = pytest.mark.skipif(not shim.POSSIBLE, reason="needs Linux and a C compiler")
ROOT = Path(__file__).parents[2]
OPEN = """
import json
import sys
from pathlib import Path
from tests.store import shim
from triage.errors import StoreError
from triage.store import Drafts
key = bytes.fromhex(sys.stdin.read())
folder = Path(sys.argv[1])
shim.watch(folder, shim.Fault(*json.loads(sys.argv[2])))
try:
    with Drafts.open(folder, key) as drafts:
        print("opened", len(drafts.list()))
except StoreError as error:
    print("told", error)
"""


@pytest.mark.parametrize("after", [False, True], ids=["one read", "all from it on"])
def test_a_read_that_fails_sets_no_healthy_file_aside(
    folder: Path, key: bytes, after: bool
) -> None:
    with Drafts.open(folder, key) as drafts:
        for _ in range(12):
            drafts.append(drafts.create("f", "c", AT), typed(History(), "note " * 300))
    before = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    outcomes: list[str] = []
    for bad in range(1, 40, 3):
        fault = shim.Fault("read", bad, errno.EIO, after)
        done = subprocess.run(
            [sys.executable, "-c", OPEN, str(folder), json.dumps(fault)],
            input=key.hex(),
            env=shim.environment(),
            cwd=ROOT,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert done.returncode == 0, done.stderr
        outcomes.append(done.stdout.split()[0])
        if outcomes[-1] == "opened":
            assert done.stdout.strip() == "opened 12"
        here = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
        assert here == before
    # One bad read is got over; a disk that gives nothing more is told.
    assert ("told" if after else "opened") in outcomes
