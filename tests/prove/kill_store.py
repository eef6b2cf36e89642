"""Kill a process while it sets up, backs up, restores or changes the passphrase, and look what is left."""

from __future__ import annotations

import random
import signal
import tempfile
from pathlib import Path

from tests.prove.nursery import MEMORY, after, nursery
from tests.prove.store_worker import AT, CHEAP, FIRST, SECOND, new_case
from triage.errors import KeyRefusedError
from triage.store import Drafts, create_keys, keys_exist, open_keys
from triage.store.backups import backups, make_backup

WORK = ("set_up", "back_up", "put_back", "change")


def kill_store(seed: int) -> None:
    """Do one of four things, be killed at a random moment, and fail if anything that was told is gone."""
    rng, work = random.Random(seed), WORK[seed % len(WORK)]
    with tempfile.TemporaryDirectory(prefix="triage-kill-", dir=MEMORY) as home:
        folder = Path(home) / "store"
        cases = _prepare(folder) if work != "set_up" else set()
        told = _killed(work, folder, rng.expovariate(20.0))
        {"set_up": _set_up, "back_up": _backed_up, "put_back": _put_back, "change": _changed}[work](
            folder, cases, told
        )


def _prepare(folder: Path) -> set[str]:
    key = create_keys(folder, FIRST, cost=CHEAP)
    with Drafts.open(folder, key) as drafts:
        cases = {new_case(drafts) for _ in range(8)}
        make_backup(drafts, folder / "backups", AT)
    return cases


def _killed(work: str, folder: Path, seconds: float) -> list[str]:
    """Return what the worker told, killed so long after it was ready."""
    ended = nursery("tests.prove.store_worker").run(work, str(folder), kill=after("ready", seconds))
    assert ended.code in (0, -signal.SIGKILL), ended.complained
    return ended.told[1:]


def _set_up(folder: Path, _: set[str], told: list[str]) -> None:
    made = keys_exist(folder)
    assert made or not told, "keys are gone"
    key = open_keys(folder, FIRST) if made else create_keys(folder, FIRST, cost=CHEAP)
    with Drafts.open(folder, key) as drafts:
        _holds(drafts, set(told))


def _backed_up(folder: Path, cases: set[str], told: list[str]) -> None:
    key = open_keys(folder, FIRST)
    with Drafts.open(folder, key) as drafts:
        _holds(drafts, cases | set(told))
    found = backups(folder / "backups")
    assert found
    for one in found:
        with Drafts.open_file(one.path, key) as copy:
            assert copy.verify() == []
            assert cases <= {info.id for info in copy.list()}


def _put_back(folder: Path, cases: set[str], told: list[str]) -> None:
    key = open_keys(folder, FIRST)
    with Drafts.open(folder, key) as drafts:
        _holds(drafts, cases)
    assert not list(folder.glob("*.unfinished"))
    # What was set aside is whole too: a case kept after a restore is in the place or beside it.
    ids = set(cases)
    for aside in (folder, *folder.glob("replaced-*")):
        with Drafts.open(aside, open_keys(aside, FIRST)) as old:
            assert old.verify() == []
            ids |= {info.id for info in old.list()}
    assert {line for line in told if line != "restored"} <= ids, "a case is gone"


def _changed(folder: Path, cases: set[str], told: list[str]) -> None:
    last = told[-1] if told else FIRST
    keys = []
    for passphrase in (FIRST, SECOND):
        try:
            keys.append((passphrase, open_keys(folder, passphrase)))
        except KeyRefusedError:
            continue
    assert len(keys) == 1, "one passphrase opens"
    # The change after the last one that was told may have come to its end untold.
    assert keys[0][0] == last or len(told) < 2 or keys[0][0] == told[-2]
    with Drafts.open(folder, keys[0][1]) as drafts:
        _holds(drafts, cases)


def _holds(drafts: Drafts, cases: set[str]) -> None:
    assert drafts.verify() == []
    assert cases <= {info.id for info in drafts.list()}, "a case is gone"
    for case in cases:
        assert drafts.history(case).n == 1
