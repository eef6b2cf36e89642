from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.store.helpers import CHEAP
from triage.store import Drafts, create_keys

PASSPHRASE = "correct horse"


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look twice at once: no disk of these tests comes to itself within a moment."""
    monkeypatch.setattr("triage.store.connection._PAUSE_SECONDS", 0.0)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "store"


@pytest.fixture
def key(folder: Path) -> bytes:
    return create_keys(folder, PASSPHRASE, cost=CHEAP)


@pytest.fixture
def drafts(folder: Path, key: bytes) -> Iterator[Drafts]:
    with Drafts.open(folder, key) as opened:
        yield opened
