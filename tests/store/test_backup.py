from __future__ import annotations

import shutil
import sys
import threading
import time
from pathlib import Path

import apsw
import pytest

from tests.store.conftest import PASSPHRASE
from tests.store.helpers import AT, MARKER, files_with, letter, named, typed
from triage.errors import StoreError
from triage.model.history import History
from triage.store import Drafts, backup, open_keys


@pytest.fixture
def filled(drafts: Drafts) -> str:
    draft = drafts.create("f", "c", AT)
    drafts.append(draft, named(History(), MARKER, "Ann", AT.date()))
    drafts.issue(draft, letter(1, 3, text="x" * 50_000))
    return draft


def test_a_backup_opens_on_another_machine(drafts: Drafts, filled: str, tmp_path: Path) -> None:
    drafts.backup(tmp_path / "monday")
    assert files_with(tmp_path, MARKER) == []
    assert not (tmp_path / "monday.part").exists()
    other = tmp_path / "other"
    other.mkdir()
    shutil.copy(tmp_path / "monday", other / "drafts.db")
    shutil.copy(tmp_path / "monday.keys.json", other / "keys.json")
    with Drafts.open(other, open_keys(other, PASSPHRASE)) as copy:
        assert copy.list() == drafts.list()
        assert copy.issues(filled) == drafts.issues(filled)
        assert copy.verify() == []


def test_a_backup_can_be_read_in_place(
    drafts: Drafts, key: bytes, filled: str, tmp_path: Path
) -> None:
    drafts.backup(tmp_path / "b")
    with Drafts.open_file(tmp_path / "b", key) as copy:
        assert copy.history(filled).edits == drafts.history(filled).edits


def test_a_backup_never_overwrites(drafts: Drafts, filled: str, tmp_path: Path) -> None:
    (tmp_path / "b").write_text("mine")
    with pytest.raises(StoreError, match="exists already"):
        drafts.backup(tmp_path / "b")
    assert (tmp_path / "b").read_text() == "mine"


def test_a_backup_that_cannot_be_written_is_told(drafts: Drafts, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be used"):
        drafts.backup(tmp_path / "missing" / "b")


def test_a_copy_that_does_not_read_back_is_discarded(
    drafts: Drafts, filled: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = backup.copy_pages

    def dishonest(source: apsw.Connection, part: Path, key: bytes) -> None:
        honest(source, part, key)
        data = bytearray(part.read_bytes())
        data[-3000] ^= 1
        part.write_bytes(data)

    monkeypatch.setattr(backup, "copy_pages", dishonest)
    with pytest.raises(StoreError, match="not whole"):
        drafts.backup(tmp_path / "b")
    assert [path.name for path in tmp_path.iterdir()] == ["store"]


def test_a_backup_is_whole_while_another_window_saves(
    folder: Path,
    drafts: Drafts,
    key: bytes,
    filled: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(backup, "_PAGES", 1)
    with Drafts.open(folder, key) as other:
        other.create("f", "c", AT, typed(History(), "one"))
        drafts.backup(tmp_path / "b")
    with Drafts.open_file(tmp_path / "b", key) as copy:
        assert copy.verify() == []
        assert len(copy.list()) == 2


def test_no_window_that_saves_all_the_while_is_held_up_by_a_backup(
    folder: Path,
    drafts: Drafts,
    key: bytes,
    filled: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(backup, "_PAGES", 2)
    with Drafts.open(folder, key) as other:
        history = other.history(filled)
        pauses: list[float] = []

        def save(seconds: float) -> None:
            pauses.append(seconds)
            if len(pauses) < still:
                other.append(filled, typed(history, f"{len(pauses)}"))

        monkeypatch.setattr(time, "sleep", save)
        still = sys.maxsize
        with pytest.raises(StoreError, match="changed all the while"):
            drafts.backup(tmp_path / "never")
        assert max(pauses) * len(pauses) <= 60
        assert [path.name for path in tmp_path.iterdir()] == ["store"]
        # As soon as it pauses the copy is made.
        pauses.clear()
        still = 5
        drafts.backup(tmp_path / "b")
    with Drafts.open_file(tmp_path / "b", key) as copy:
        assert copy.verify() == []
        assert copy.history(filled).edits == history.edits


def test_a_backup_waits_for_another_window_that_saves(
    folder: Path, drafts: Drafts, key: bytes, filled: str, tmp_path: Path
) -> None:
    with Drafts.open(folder, key) as other:
        saving = other._connection
        saving.execute("BEGIN EXCLUSIVE")
        # As after some steps: these wait for so long all together.
        drafts._connection.set_busy_timeout(10)
        end = threading.Timer(0.3, lambda: saving.execute("COMMIT"))
        end.start()
        drafts.backup(tmp_path / "b")
        end.join()
    with Drafts.open_file(tmp_path / "b", key) as copy:
        assert copy.verify() == []
        assert len(copy.list()) == 1
