"""Reads that fail while the drafts are opened, one after another: a bad disk is no damaged file."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.store.helpers import AT, typed
from triage.model.history import History
from triage.store import Drafts

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or shutil.which("cc") is None, reason="needs Linux and a C compiler"
)
OPEN = """
import sys
from pathlib import Path
from triage.errors import StoreError
from triage.store import Drafts
try:
    with Drafts.open(Path(sys.argv[1]), bytes.fromhex(sys.stdin.read())) as drafts:
        print("opened", len(drafts.list()))
except StoreError as error:
    print("told", error)
"""


@pytest.fixture(scope="module")
def shim(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("shim") / "failing_reads.so"
    source = Path(__file__).with_name("failing_reads.c")
    subprocess.run(["cc", "-shared", "-fPIC", "-o", made, source, "-ldl"], check=True)
    return made


@pytest.mark.parametrize("after", [False, True], ids=["one read", "all from it on"])
def test_a_read_that_fails_sets_no_healthy_file_aside(
    folder: Path, key: bytes, shim: Path, after: bool
) -> None:
    with Drafts.open(folder, key) as drafts:
        for _ in range(12):
            drafts.append(drafts.create("f", "c", AT), typed(History(), "note " * 300))
    before = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    outcomes: list[str] = []
    for bad in range(1, 40, 3):
        more = {"LD_PRELOAD": str(shim), "BAD_READ": str(bad)}
        more |= {"AND_ALL_AFTER": "1"} if after else {}
        done = subprocess.run(
            [sys.executable, "-c", OPEN, str(folder)],
            input=key.hex(),
            env=os.environ | more,
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
