"""Kill the real window while it is typed into, open the drafts again, and look for what was typed."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from triage.model.values import Finding, Text
from triage.store import Drafts, KdfCost, create_keys

# A guess costs next to nothing here: it is not the passphrase that is proved.
CHEAP = KdfCost(memory_kib=64, time=1, lanes=1)
GRACE = 1.0


def kill_once(seed: int) -> None:
    """Start, type, kill at a random moment; fail if more than the last second is gone."""
    rng = random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="triage-kill-") as home:
        key = create_keys(Path(home), "an invented passphrase", cost=CHEAP)
        lines, killed = _typed(home, key, seed, rng.uniform(0.2, 4.0))
        with Drafts.open(Path(home), key) as drafts:
            assert drafts.verify() == []
            (info,) = drafts.list()
            case = drafts.history(info.id).case
        assert lines, "the window did not come up"
        safe: dict[str, Any] = {"typed": "", "findings": {}}
        for line in lines:
            if line["done"] and line["at"] <= killed - GRACE:
                safe = line
        text = case.get("referrer.question")
        kept = text.text if isinstance(text, Text) else ""
        assert kept.startswith(safe["typed"]), "typed text is gone"
        assert lines[-1]["typed"].startswith(kept), "text that nobody typed"
        for name, present in safe["findings"].items():
            later = {line["findings"].get(name) for line in lines if line["at"] > killed - GRACE}
            value = case.get(name)
            assert isinstance(value, Finding), f"{name} is gone"
            assert value.present is present or value.present in later, f"{name} is another"


def _typed(home: str, key: bytes, seed: int, seconds: float) -> tuple[list[dict[str, Any]], float]:
    """Return what the typist told, and when it was killed."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.prove.typist", home, key.hex(), str(seed)],
        stdout=subprocess.PIPE,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        cwd=Path(__file__).parents[2],
    )
    assert process.stdout is not None
    os.set_blocking(process.stdout.fileno(), False)
    data = b""
    end = time.monotonic() + 60
    killed = 0.0
    while time.monotonic() < end:
        data += process.stdout.read() or b""
        if data and not killed:
            killed = time.monotonic() + seconds
        if killed and time.monotonic() >= killed:
            break
        if process.poll() is not None:
            break
        time.sleep(0.005)
    assert process.poll() is None, "the typist ended by itself"
    killed = time.monotonic()
    process.send_signal(signal.SIGKILL)
    process.wait()
    os.set_blocking(process.stdout.fileno(), True)
    data += process.stdout.read() or b""
    process.stdout.close()
    return [json.loads(line) for line in data.splitlines() if line.endswith(b"}")], killed
