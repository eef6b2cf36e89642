"""Every call on the disk fails once, or from then on: nothing is lost, nothing is set aside, and it is said."""

from __future__ import annotations

import errno
import random
import tempfile
from functools import cache
from itertools import chain, zip_longest
from pathlib import Path

from tests.prove.afterwards import look
from tests.prove.nursery import MEMORY, Ended, nursery, tell
from tests.prove.visit import Visit
from tests.store import shim
from tests.store.shim import Fault

# How each kind of call fails: the error, and whether a half is written before.
_WAYS = {
    "read": [(errno.EIO, False)],
    "write": [(errno.ENOSPC, False), (errno.EIO, False), (errno.ENOSPC, True)],
    "sync": [(errno.EIO, False), (errno.ENOSPC, False)],
    "truncate": [(errno.EIO, False), (errno.ENOSPC, False)],
    "rename": [(errno.EACCES, False), (errno.ENOSPC, False), (errno.EIO, False)],
    "unlink": [(errno.EACCES, False), (errno.EIO, False)],
    "open": [(errno.EACCES, False), (errno.EIO, False), (errno.ENOSPC, False)],
}
FULL = 1050


def faults(seed: int) -> None:
    """One call of a visit fails."""
    fault = plan()[seed]
    with tempfile.TemporaryDirectory(prefix="triage-faults-", dir=MEMORY) as home:
        folder = Path(home) / "store"
        ended = _visited(folder, fault)
        *told, last = ended.told or ["nothing"]
        assert ended.code == 0, f"{fault}: {ended.complained}"
        assert not ended.complained, f"{fault}: {ended.complained}"
        assert last.startswith("fired ")
        assert int(last.split()[1]) > 0, f"{fault} never came"
        look(folder, told)
        _said(told)


def _said(told: list[str]) -> None:
    """Fail if anything that was typed is not saved, and nothing was said of it."""
    saved: dict[str, int] = {}
    for line in told:
        word, *rest = line.split(" ")
        if word == "saved":
            saved[rest[0]] = int(rest[1])
    for line in told:
        word, *rest = line.split(" ")
        if word == "typed" and saved.get(rest[0], 0) < int(rest[1]):
            assert any(other.startswith("told ") for other in told), "lost without a word"


def _visited(folder: Path, fault: Fault | None) -> Ended:
    words = [str(value) for value in fault] if fault else []
    return nursery("tests.prove.faults", shimmed=True).run(str(folder), *words)


@cache
def plan() -> list[Fault]:
    """Return the faults in the order of their seeds: the kinds take turns, and none comes twice."""
    with tempfile.TemporaryDirectory(prefix="triage-faults-", dir=MEMORY) as home:
        ended = _visited(Path(home) / "store", None)
    assert ended.code == 0, ended.complained
    made = dict(line.split(" ")[1:] for line in ended.told if line.startswith("calls "))
    rows = []
    for kind, ways in _WAYS.items():
        found = [
            Fault(kind, call, error, after, half)
            for call in range(1, int(made[kind]) + 1)
            for error, half in ways
            for after in (False, True)
        ]
        random.Random(kind).shuffle(found)
        rows.append(found)
    turns = chain.from_iterable(zip_longest(*rows))
    return [fault for fault in turns if fault is not None][:FULL]


# -- the child ------------------------------------------------------------------------------------


def run(folder: str, *words: str) -> None:
    """Make a visit, one call of which fails."""
    fault = None
    if words:
        kind, call, error, after, half = words
        fault = Fault(kind, int(call), int(error), after == "True", half == "True")
    shim.watch(Path(folder), fault)
    Visit(Path(folder), tell).make()
    if fault is None:
        for kind, count in shim.counts().items():
            tell(f"calls {kind} {count}")
    tell(f"fired {shim.fired()}")
