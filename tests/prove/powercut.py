"""The power is cut at any moment of a visit: whatever is left, the next start finds what was promised."""

from __future__ import annotations

import os
import random
import tempfile
from functools import lru_cache
from pathlib import Path

from tests.prove.afterwards import look
from tests.prove.disk import Disk, Record, read_log
from tests.prove.nursery import MEMORY, nursery
from tests.prove.visit import Visit
from tests.store import shim
from triage.errors import StoreError

FULL = 20_000
# States of one recording, and how many of them are looked at with half of the syncs left out.
_STATES, _BLIND = 500, 40


def powercut(seed: int) -> None:
    """One state in which a power cut may leave the store."""
    recording = seed // _STATES
    if seed % _STATES == 0:
        _sees(recording)
    fault = _fault(recorded(recording), random.Random(seed))
    assert not fault, fault


def _sees(recording: int) -> None:
    """Fail if states that are bad are taken for good: a store that syncs half as often loses something."""
    rng = random.Random(recording)
    bad = 0
    for _ in range(_BLIND):
        records = [r for r in recorded(recording) if r.what != "S" or rng.random() < 0.5]
        bad += bool(_fault(records, rng))
    assert bad >= _BLIND // 10, f"only {bad} of {_BLIND} states without syncs are seen to be bad"


def _fault(records: list[Record], rng: random.Random) -> str:
    """Cut at random, and return what is wrong with what is left; empty if nothing is."""
    cut = rng.randrange(1, len(records) + 1)
    told = [record.path for record in records[:cut] if record.what == "A"]
    with tempfile.TemporaryDirectory(prefix="triage-cut-", dir=MEMORY) as home:
        how = Disk(records[0].path, records[:cut]).put(Path(home) / "store", rng)
        try:
            look(Path(home) / "store", told)
        except (AssertionError, StoreError) as error:
            last = records[cut - 1]
            return f"cut after record {cut}, {last.what} {Path(last.path).name}, {how}: {error}"
    return ""


@lru_cache(maxsize=2)
def recorded(number: int) -> list[Record]:
    """Return every change of one visit, and every promise between them; `number` tells visits apart."""
    with tempfile.TemporaryDirectory(prefix="triage-cut-", dir=MEMORY) as home:
        log = Path(home) / "log"
        ended = nursery("tests.prove.powercut", shimmed=True).run(f"{home}/store", str(log))
        assert ended.code == 0, ended.complained
        records = read_log(log.read_bytes())
    assert records[0].what == "M"
    assert {record.what for record in records} == set("MCTWXSLURA")
    return records


# -- the child ------------------------------------------------------------------------------------


def run(folder: str, log: str) -> None:
    """Make a visit that is written down."""
    shim.record(Path(folder), os.open(log, os.O_WRONLY | os.O_CREAT, 0o600))
    Visit(Path(folder), shim.mark).make()
