"""Two and eight first starts at the same moment: one makes the store, and all of them keep their case in it."""

from __future__ import annotations

import multiprocessing
import os
import tempfile
from pathlib import Path
from typing import Any

from tests.prove.visit import PASSPHRASE
from tests.store.helpers import AT, CHEAP, typed
from triage.errors import StoreError
from triage.model.history import History
from triage.store import Drafts, create_keys, open_keys

_FORK = multiprocessing.get_context("fork")
_COUNTS = (2, 8)


def first_starts(seed: int) -> None:
    """Some first starts at once: none fails, and no case is lost."""
    with tempfile.TemporaryDirectory(prefix="triage-first-") as home:
        folder, go, told = Path(home) / "store", _FORK.Event(), _FORK.Queue()
        children = [
            _FORK.Process(target=_start, args=(folder, go, told))
            for _ in range(_COUNTS[seed % len(_COUNTS)])
        ]
        for child in children:
            child.start()
        go.set()
        ids = [told.get(timeout=30) for _ in children]
        for child in children:
            child.join(30)
        assert not [draft for draft in ids if draft.startswith("failed")], ids
        with Drafts.open(folder, open_keys(folder, PASSPHRASE)) as drafts:
            assert sorted(info.id for info in drafts.list()) == sorted(ids)
            assert drafts.verify() == []


def _start(folder: Path, go: Any, told: Any) -> None:
    """Set up as a first start does, keep one case, and tell its id; what was made by another is opened."""
    go.wait()
    try:
        try:
            key = create_keys(folder, PASSPHRASE, cost=CHEAP)
        except StoreError:
            key = open_keys(folder, PASSPHRASE)
        with Drafts.open(folder, key) as drafts:
            told.put(drafts.create("f", "c", AT, typed(History(), f"{os.getpid()}")))
    except Exception as error:
        told.put(f"failed: {error}")
