"""``make prove [FAMILY=…]``: the full counts, resumable; each finished run adds a line to docs/proof.md."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from itertools import repeat
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from tests.prove.families import FAMILIES, run_share

ROOT = Path(__file__).parents[2]
STATE = ROOT / "out" / "prove"
PROOF = ROOT / "docs" / "proof.md"
WORKERS = 2
# Seeds that one process runs before it tells of them.
SHARE = 20


def main(names: list[str]) -> int:
    """Run the families called `names`, or all; return how many had failures."""
    unknown = [name for name in names if name not in FAMILIES]
    if unknown:
        print(
            f"There is no family {unknown[0]!r}; there are {', '.join(FAMILIES)}.", file=sys.stderr
        )
        return 2
    failed = 0
    for name in names or list(FAMILIES):
        failed += bool(prove(name))
    return 1 if failed else 0


def prove(name: str) -> int:
    """Run one family from where it was left, and return the number of failures."""
    family = FAMILIES[name]
    commit = _commit()
    STATE.mkdir(parents=True, exist_ok=True)
    path = STATE / f"{name}.json"
    state: dict[str, Any] = {"commit": commit, "done": 0, "failures": [], "seconds": 0.0}
    if path.exists() and (kept := json.loads(path.read_text(encoding="utf-8")))["commit"] == commit:
        state = kept
    starts = range(state["done"], family.full, SHARE)
    shares = [range(first, min(first + SHARE, family.full)) for first in starts]
    # Fresh processes: what one of them has loaded or opened is none of the other's business.
    with ProcessPoolExecutor(WORKERS, mp_context=get_context("spawn")) as pool:
        begun = time.monotonic()
        before = state["seconds"]
        # In the order of the seeds, so that all before the last one are done.
        for share, failed in zip(shares, pool.map(run_share, repeat(name), shares), strict=True):
            for seed, trace in failed.items():
                print(f"{name}: seed {seed} failed\n{trace}", file=sys.stderr, flush=True)
            state["failures"] += failed
            state["done"] = share.stop
            state["seconds"] = before + time.monotonic() - begun
            path.write_text(json.dumps(state), encoding="utf-8")
            print(
                f"{name}: {state['done']} of {family.full}, {len(state['failures'])} failures",
                flush=True,
            )
    path.unlink()
    _record(name, family.full, len(state["failures"]), state["seconds"] / 60, commit)
    return len(state["failures"])


def _record(name: str, n: int, failures: int, minutes: float, commit: str) -> None:
    line = (
        f"| {commit} | {date.today().isoformat()} | {name} | {n} | {failures} | {minutes:.1f} |\n"
    )
    with PROOF.open("a", encoding="utf-8") as file:
        file.write(line)
    print(line, end="")


def _commit() -> str:
    def git(*words: str) -> str:
        done = subprocess.run(
            ["git", *words], cwd=ROOT, capture_output=True, text=True, check=False
        )
        return done.stdout.strip()

    dirty = "+" if git("status", "--porcelain", "--", "triage", "forms", "templates") else ""
    return (git("rev-parse", "--short", "HEAD") or "unknown") + dirty


if __name__ == "__main__":
    sys.exit(main([name for name in sys.argv[1:] if name]))
