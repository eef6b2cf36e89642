from __future__ import annotations

import errno
import os
import random
import secrets
import shutil
from pathlib import Path

import apsw
import pytest

from tests.store.conftest import PASSPHRASE
from tests.store.helpers import AT, CHEAP, MARKER, letter, typed
from triage.errors import KeyRefusedError, StoreError
from triage.files import move_aside
from triage.model.history import History
from triage.store import DamagedError, Drafts, MissingDraftsError, create_keys
from triage.store.connection import connect
from triage.store.trouble import DOUBT


@pytest.fixture
def filled(folder: Path, key: bytes) -> str:
    with Drafts.open(folder, key) as drafts:
        draft, history = drafts.create("f", "c", AT), History()
        for number in range(60):
            drafts.append(draft, typed(history, f"{MARKER} {number} " * 20))
        drafts.issue(draft, letter(1, 60, text="letter" * 3000))
    return draft


def _flip(path: Path, spot: int, bit: int) -> bytes:
    data = bytearray(path.read_bytes())
    data[spot] ^= 1 << bit
    path.write_bytes(data)
    return bytes(data)


def test_every_flipped_bit_is_detected_and_the_file_moved_aside(
    folder: Path, key: bytes, filled: str
) -> None:
    path, chance = folder / "drafts.db", random.Random(2026)
    whole = path.read_bytes()
    # Bytes 16–23 of the first page are in the clear; one bit there switches the cipher's check off.
    spots = [(byte, bit) for byte in range(16, 24) for bit in range(8)]
    spots += [(chance.randrange(len(whole)), chance.randrange(8)) for _ in range(150)]
    for byte, bit in spots:
        path.write_bytes(whole)
        damaged = _flip(path, byte, bit)
        with pytest.raises(StoreError, match=r"set aside as drafts\.db\.damaged-1") as caught:
            Drafts.open(folder, key)
        assert MARKER not in str(caught.value)
        assert not path.exists()
        aside = folder / "drafts.db.damaged-1"
        assert aside.read_bytes() == damaged
        aside.unlink()


@pytest.mark.parametrize("size", [0, 1, 511, 512, 4096, 5000, 20000])
def test_a_file_cut_off_is_moved_aside(folder: Path, key: bytes, filled: str, size: int) -> None:
    path = folder / "drafts.db"
    path.write_bytes(path.read_bytes()[:size])
    with pytest.raises(StoreError, match="set aside"):
        Drafts.open(folder, key)
    assert (folder / "drafts.db.damaged-1").stat().st_size == size


def test_damaged_files_never_overwrite_each_other(folder: Path, key: bytes, filled: str) -> None:
    for number in range(3):
        (folder / "drafts.db").write_bytes(b"%d" % number * 9000)
        with pytest.raises(StoreError, match=f"damaged-{number + 1}"):
            Drafts.open(folder, key)
    assert len(list(folder.glob("drafts.db.damaged-?"))) == 3
    with pytest.raises(MissingDraftsError, match="the drafts are not"):
        Drafts.open(folder, key)
    with Drafts.open(folder, key, begin=True) as drafts:
        assert drafts.list() == []


def test_a_journal_goes_with_its_database(folder: Path, filled: str) -> None:
    (folder / "drafts.db-journal").write_bytes(b"something")
    assert move_aside(folder / "drafts.db", "damaged").name == "drafts.db.damaged-1"
    assert (folder / "drafts.db.damaged-1-journal").read_bytes() == b"something"
    assert not (folder / "drafts.db-journal").exists()


def test_a_wrong_key_moves_nothing(folder: Path, key: bytes, filled: str) -> None:
    before = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    with pytest.raises(KeyRefusedError):
        Drafts.open(folder, secrets.token_bytes(32))
    after = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    assert after == before


def test_a_wrong_key_moves_nothing_even_without_keys_json(
    folder: Path, key: bytes, filled: str
) -> None:
    (folder / "keys.json").unlink()
    (folder / "keys.json.bak").unlink()
    with pytest.raises(KeyRefusedError, match="left as it is"):
        Drafts.open(folder, secrets.token_bytes(32))
    with Drafts.open(folder, key) as drafts:
        assert drafts.history(filled).n == 60


def test_a_newer_file_is_refused_untouched(folder: Path, key: bytes, filled: str) -> None:
    path = folder / "drafts.db"
    connection = connect(path, key)
    connection.pragma("user_version", 99)
    connection.execute("CREATE TABLE from_the_future (x)")
    connection.close()
    before = path.read_bytes()
    for opening in (Drafts.open, lambda *_: Drafts.open_file(path, key)):
        with pytest.raises(StoreError, match="newer version") as caught:
            opening(folder, key)
        assert "99" in str(caught.value)
    assert path.read_bytes() == before
    assert not [p for p in folder.iterdir() if "damaged" in p.name or "journal" in p.name]


def test_damage_met_in_the_middle_is_one_sentence(folder: Path, key: bytes, filled: str) -> None:
    path = folder / "drafts.db"
    _flip(path, path.stat().st_size - 2000, 3)
    with Drafts.open(folder, key, check=False) as drafts:
        assert any("damaged" in fault for fault in drafts.verify())
        with pytest.raises(StoreError, match="damaged"):
            drafts.backup(folder / "copy")
    assert not (folder / "copy").exists()
    assert not (folder / "copy.part").exists()
    # From now on nothing is trusted before everything was read.
    with pytest.raises(DamagedError, match="set aside"):
        Drafts.open(folder, key, check=False)


def test_a_large_file_is_not_read_whole_while_others_wait(
    folder: Path, key: bytes, filled: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("triage.store.connection.AT_ONCE", 0)
    path = folder / "drafts.db"
    _flip(path, path.stat().st_size - 2000, 3)
    with Drafts.open(folder, key) as drafts:
        assert drafts.history(filled).n == 60
        with pytest.raises(StoreError, match="open it again"):
            drafts.issues(filled)
    with pytest.raises(DamagedError, match="set aside"):
        Drafts.open(folder, key)


def test_what_was_set_aside_can_still_be_read_where_it_is_whole(
    folder: Path, key: bytes, filled: str
) -> None:
    path = folder / "drafts.db"
    # The last pages hold the letter, so the log is whole.
    _flip(path, path.stat().st_size - 2000, 3)
    with pytest.raises(StoreError, match="set aside"):
        Drafts.open(folder, key)
    aside = folder / "drafts.db.damaged-1"
    before = aside.read_bytes()
    with Drafts.open_file(aside, key) as drafts:
        assert drafts.history(filled).n == 60
        with pytest.raises(StoreError, match="read-only"):
            drafts.create("f", "c", AT)
    assert aside.read_bytes() == before


def test_a_foreign_file_is_not_taken_for_drafts(folder: Path, key: bytes) -> None:
    (folder / "drafts.db").unlink()
    apsw.Connection(str(folder / "drafts.db")).execute("CREATE TABLE t (x)")
    before = (folder / "drafts.db").read_bytes()
    with pytest.raises(StoreError, match="is not encrypted"):
        Drafts.open(folder, key)
    assert (folder / "drafts.db").read_bytes() == before


def test_a_healthy_file_beside_other_keys_is_not_taken_for_damaged(
    folder: Path, key: bytes, filled: str, tmp_path: Path
) -> None:
    before = (folder / "drafts.db").read_bytes()
    other = create_keys(tmp_path / "other", PASSPHRASE, cost=CHEAP)
    for name in ("keys.json", "keys.json.bak"):
        (folder / name).write_bytes((tmp_path / "other" / name).read_bytes())
    with pytest.raises(KeyRefusedError, match="belongs to other keys"):
        Drafts.open(folder, other)
    assert (folder / "drafts.db").read_bytes() == before
    assert not list(folder.glob("*damaged*"))


def test_a_vanished_folder_is_told(folder: Path, key: bytes, filled: str) -> None:
    drafts = Drafts.open(folder, key)
    shutil.rmtree(folder)
    with pytest.raises(StoreError, match="moved or removed"):
        drafts.create("f", "c", AT)
    drafts.close()


def test_a_file_replaced_under_an_open_window_is_told(
    folder: Path, key: bytes, filled: str
) -> None:
    """Else the window would go on saving into a file that has no name any more."""
    drafts = Drafts.open(folder, key)
    shutil.copy(folder / "drafts.db", folder / "other")
    (folder / "other").replace(folder / "drafts.db")
    with pytest.raises(StoreError, match="moved or removed"):
        drafts.create("f", "c", AT)
    drafts.close()


def test_a_folder_that_is_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError, match="cannot be used"):
        Drafts.open(tmp_path / "file", secrets.token_bytes(32))


def test_nothing_is_set_aside_under_a_window_that_has_a_case_open(
    folder: Path, key: bytes, filled: str
) -> None:
    """As when the backup of every half hour meets the damage, beside the window."""
    with Drafts.open(folder, key) as window:
        claim = window.claim(filled)
        assert claim is not None
        size = (folder / "drafts.db").stat().st_size
        _flip(folder / "drafts.db", size // 2, 0)
        with pytest.raises(StoreError, match="Close all windows of the program"):
            Drafts.open(folder, key)
        assert window.create("f", "c", AT, typed(History(), "saved all the same"))
        claim.release()
    with pytest.raises(DamagedError):
        Drafts.open(folder, key)


def test_a_note_of_doubt_that_cannot_be_removed_keeps_no_cases_from_being_read(
    folder: Path, key: bytes, filled: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / DOUBT).touch()

    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(Path, "unlink", refuse)
    with Drafts.open(folder, key) as drafts:
        assert drafts.history(filled).n == 60
