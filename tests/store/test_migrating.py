"""An older store is brought up to date on a copy: it is the same afterwards, or nothing has changed."""

from __future__ import annotations

import errno
import os
import shutil
from functools import partial
from pathlib import Path

import apsw
import pytest

from tests.store.test_museum import MUSEUM, PASSPHRASE
from triage.errors import StoreError
from triage.store import Drafts, migrating, open_keys, rows, schema
from triage.store import connection as connecting
from triage.store.claim import claims_of
from triage.store.conflicts import conflicted
from triage.store.connection import connect
from triage.store.records import DraftInfo


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A store of an older program."""
    folder = tmp_path / "old"
    shutil.copytree(MUSEUM / "format-1", folder)
    return folder


def opened(folder: Path) -> Drafts:
    return Drafts.open(folder, open_keys(folder, PASSPHRASE))


def files(folder: Path) -> dict[str, bytes]:
    ours = ("drafts.db", "keys.json")
    return {name: (folder / name).read_bytes() for name in ours}


def version(path: Path, key: bytes) -> int:
    connection = connect(path, key, write=False)
    try:
        return schema.version_of(connection)
    finally:
        connection.close()


def test_the_older_file_stays_beside_the_new_one(old: Path) -> None:
    before = files(old)
    key = open_keys(old, PASSPHRASE)
    with opened(old) as drafts:
        assert drafts.verify() == []
    assert version(old / "drafts.db", key) == schema.VERSION
    aside = old / "drafts-format-1.db"
    assert aside.read_bytes() == before["drafts.db"]
    assert conflicted(old) == []
    assert not (old / "drafts.db.new").exists()
    with Drafts.open_file(aside, key) as older:
        assert older.verify() == []
        assert [info.name for info in older.list()] == ["", "Sample, Nora", "Spécimen, Ann"]


def test_an_older_file_is_read_without_being_changed(old: Path) -> None:
    before = files(old)
    with Drafts.open_file(old / "drafts.db", open_keys(old, PASSPHRASE)) as drafts:
        assert drafts.verify() == []

        def seen(search: str) -> list[DraftInfo]:
            return drafts.list(search)

        (ann,) = seen("specimen")
        assert ann.edits == 8
        assert drafts.history(ann.id).n == 8
        assert [issue.template for issue in drafts.issues(ann.id)] == ["", ""]
        assert drafts.sent(ann.id) == []
        assert drafts.same_patient(ann.id) == []
        assert drafts.list(show="bin") == []
    assert files(old) == before


def test_while_a_window_of_the_older_program_is_open_nothing_changes(old: Path) -> None:
    before = files(old)
    claim = claims_of(old).take(1)
    assert claim is not None
    with claim, pytest.raises(StoreError, match="older version of this program has a case open"):
        opened(old)
    assert files(old) == before
    opened(old).close()


@pytest.mark.parametrize(
    "step", ["copy_database", "settle", "problems", "sync_file", "doubled", "name_database"]
)
def test_a_migration_that_fails_changes_nothing_and_is_done_at_the_next_start(
    old: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    before = files(old)

    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(migrating, step, fail)
    with pytest.raises(StoreError, match="No space left"):
        opened(old)
    assert files(old) == before
    monkeypatch.undo()
    with opened(old) as drafts:
        assert drafts.verify() == []
        assert len(drafts.list()) == 3


@pytest.mark.parametrize(
    "damage",
    [
        "DROP TRIGGER edit_is_not_changed; UPDATE edit SET new = NULL WHERE n = 2",
        "DROP TRIGGER issue_is_not_changed; UPDATE issue SET case_n = 1",
        "UPDATE draft SET form = 'other' WHERE seq = 1",
    ],
)
def test_a_copy_that_is_another_one_does_not_take_the_place(
    old: Path, monkeypatch: pytest.MonkeyPatch, damage: str
) -> None:
    before = files(old)
    honest = rows.count_up

    def dishonest(connection: apsw.Connection) -> None:
        connection.execute(damage)
        honest(connection)

    monkeypatch.setattr(rows, "count_up", dishonest)
    with pytest.raises(StoreError, match="Nothing was changed: go on with the older program"):
        opened(old)
    assert files(old) == before


def test_a_damaged_older_file_is_damaged_and_not_migrated(old: Path) -> None:
    opened(old).close()
    (old / "drafts.db").unlink()
    shutil.copyfile(MUSEUM / "format-1" / "drafts.db", old / "drafts.db")
    data = bytearray((old / "drafts.db").read_bytes())
    data[-100] ^= 1
    (old / "drafts.db").write_bytes(data)
    with pytest.raises(StoreError, match="set aside"):
        opened(old)
    assert (old / "drafts.db.damaged-1").read_bytes() == bytes(data)


def test_an_older_file_that_can_only_be_read_is_read_after_unlocking_too(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connecting, "connect", partial(connect, write=False))
    key = open_keys(old, PASSPHRASE)
    with opened(old) as drafts:
        assert drafts.read_only
        drafts.lock()
        with pytest.raises(StoreError, match="unlock"):
            _ = drafts.read_only
        drafts.unlock(key)
        assert len(drafts.list()) == 3


def test_an_older_file_that_was_kept_before_stays(old: Path) -> None:
    opened(old).close()
    first = (old / "drafts-format-1.db").stat().st_ino
    # As after a restore of an older backup.
    shutil.copyfile(MUSEUM / "format-1" / "drafts.db", old / "again")
    (old / "again").replace(old / "drafts.db")
    opened(old).close()
    assert (old / "drafts-format-1.db.earlier-1").stat().st_ino == first
    assert (old / "drafts-format-1.db").read_bytes() == files(MUSEUM / "format-1")["drafts.db"]
    assert conflicted(old) == []


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="needs a list of open files")
def test_where_no_open_file_can_be_replaced_it_is_closed_first(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = migrating.name_database

    def as_windows(fresh: Path, path: Path, key: bytes) -> None:
        handles = [handle for handle in Path("/proc/self/fd").iterdir() if handle.is_symlink()]
        if path in [handle.readlink() for handle in handles]:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        honest(fresh, path, key)

    monkeypatch.setattr(migrating, "_CLOSES_FIRST", True)
    monkeypatch.setattr(migrating, "name_database", as_windows)
    with opened(old) as drafts:
        assert drafts.verify() == []
        assert len(drafts.list()) == 3


def test_from_format_2_on_the_chain_and_the_order_of_changes_stay_as_they_were(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "two"
    shutil.copytree(MUSEUM / "format-2", folder)
    key = open_keys(folder, PASSPHRASE)
    kept = "SELECT seq, edits, chain, changed, binned FROM draft ORDER BY seq"
    sent = "SELECT seq, draft, version, recipient, template, how, at FROM sent ORDER BY seq"
    with Drafts.open_file(folder / "drafts.db", key) as older:
        before = [list(older._connection.execute(query)) for query in (kept, sent)]
        (ann,) = older.list("specimen")
        assert [one.how for one in ann.sent] == ["print", "print"]
        assert version(folder / "drafts.db", key) == 2
    with Drafts.open(folder, key) as drafts:
        assert [list(drafts._connection.execute(query)) for query in (kept, sent)] == before
        assert drafts.list("specimen")[0].sent == ann.sent
    assert version(folder / "drafts-format-2.db", key) == 2
