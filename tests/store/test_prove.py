"""The proof that cases and backups are whole, what a restore would bring, and the keys of backups."""

from __future__ import annotations

import os
import tempfile
import time
from datetime import timedelta
from pathlib import Path

import pytest

from tests.store.conftest import PASSPHRASE
from tests.store.helpers import AT, CHEAP, MARKER, letter, named, typed
from triage.errors import KeyRefusedError, StoreError
from triage.model.history import History
from triage.store import Drafts, change_passphrase, create_keys, open_keys
from triage.store.backups import backups, keys_of, make_backup, preview, restore, rewrap
from triage.store.connection import connect
from triage.store.keyfile import read_keys
from triage.store.keys import open_by
from triage.store.prove import Proof, prove, start_proof

LATER = AT + timedelta(hours=2)


@pytest.fixture(autouse=True)
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let temporary folders be made where what is left of them is seen."""
    place = tmp_path / "scratch"
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    return place


def case(drafts: Drafts, letters: int = 1, family: str = MARKER) -> tuple[str, History]:
    draft, history = drafts.create("f", "c", AT), History()
    drafts.append(draft, named(history, family, "Ann", AT.date()))
    for version in range(1, letters + 1):
        drafts.issue(draft, letter(version, history.n))
    return draft, history


def results(proof: Proof) -> dict[str, str]:
    return {check.what: check.result for check in proof.checks}


def says(proof: Proof, what: str) -> str:
    return next(check.says for check in proof.checks if check.what == what)


def test_what_is_whole_is_proved_and_named_without_a_patient(
    drafts: Drafts, folder: Path, key: bytes, tmp_path: Path, scratch: Path
) -> None:
    for _ in range(12):
        case(drafts)
    # A window that was just opened.
    drafts.create("f", "c", AT)
    make_backup(drafts, tmp_path / "b", LATER)
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    proof = prove(folder, key, tmp_path / "b", LATER)
    assert set(results(proof).values()) == {"passed"}
    text = proof.text()
    assert "Everything passed." in text
    assert "12 cases, 12 letters, no fault" in text
    assert "10 are in the backup, byte for byte" in text
    assert MARKER not in text
    assert "22 Nov 2026" in text
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
    assert list(scratch.iterdir()) == []


def test_without_a_backup_the_rest_is_proved(drafts: Drafts, folder: Path, key: bytes) -> None:
    case(drafts)
    proof = prove(folder, key, folder / "backups", AT)
    assert results(proof)["The cases"] == "passed"
    assert results(proof)["The newest backup"] == "not possible"
    assert results(proof)["The last ten letters"] == "not possible"
    assert not proof.has_failed
    assert "not everything" in proof.text()


def test_a_letter_that_the_backup_lacks_or_has_otherwise_fails(
    drafts: Drafts, folder: Path, key: bytes, tmp_path: Path
) -> None:
    draft, history = case(drafts)
    made = make_backup(drafts, tmp_path / "b", LATER)
    # It says that it was issued before the backup, and is not in it.
    drafts.issue(draft, letter(2, history.n))
    proof = prove(folder, key, tmp_path / "b", LATER)
    assert results(proof)["The last ten letters"] == "failed"
    assert "v2" in says(proof, "The last ten letters")
    assert draft[:8] in says(proof, "The last ten letters")
    # Other bytes, whose hash is right: nothing but the comparison can tell.
    connection = connect(made.path, key)
    connection.execute("DROP TRIGGER issue_is_not_changed")
    other = letter(1, history.n, text="another")
    connection.execute("UPDATE issue SET pdf = ?, sha256 = ?", (other.pdf, other.sha256))
    connection.close()
    proof = prove(folder, key, tmp_path / "b", LATER)
    assert "v1" in says(proof, "The last ten letters")
    assert "is another one" in says(proof, "The last ten letters")
    assert proof.has_failed
    assert "NOT PROVED" in proof.text()


def test_a_letter_of_later_is_no_fault(
    drafts: Drafts, folder: Path, key: bytes, tmp_path: Path
) -> None:
    case(drafts)
    make_backup(drafts, tmp_path / "b", AT - timedelta(hours=1))
    case(drafts)
    proof = prove(folder, key, tmp_path / "b", AT)
    assert results(proof)["The last ten letters"] == "passed"
    assert "1 is newer" in says(proof, "The last ten letters")
    assert "1 case changed since" in says(proof, "The newest backup")


@pytest.mark.parametrize("where", ["cases", "backup"])
def test_a_flipped_bit_fails_and_moves_nothing(
    folder: Path, key: bytes, tmp_path: Path, scratch: Path, where: str
) -> None:
    with Drafts.open(folder, key) as drafts:
        for _ in range(20):
            case(drafts)
        made = make_backup(drafts, tmp_path / "b", LATER)
    path = folder / "drafts.db" if where == "cases" else made.path
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    proof = prove(folder, key, tmp_path / "b", LATER)
    assert results(proof)["The cases"] == ("failed" if where == "cases" else "passed")
    assert results(proof)["The newest backup"] == ("failed" if where == "backup" else "passed")
    assert results(proof)["The last ten letters"] == "not possible"
    assert path.read_bytes() == data
    assert not list(tmp_path.rglob("*damaged*"))
    assert str(scratch) not in proof.text()
    assert list(scratch.iterdir()) == []


def test_lost_and_foreign_keys_fail(
    drafts: Drafts, folder: Path, key: bytes, tmp_path: Path
) -> None:
    case(drafts)
    made = make_backup(drafts, tmp_path / "b", LATER)
    create_keys(tmp_path / "other", PASSPHRASE, cost=CHEAP)
    made.keys.write_bytes((tmp_path / "other" / "keys.json").read_bytes())
    (folder / "keys.json.bak").unlink()
    proof = prove(folder, key, tmp_path / "b", LATER)
    assert results(proof)["The keys"] == "failed"
    assert "not opened by its keys" in says(proof, "The newest backup")


def test_edits_are_saved_while_a_process_proves(
    drafts: Drafts, folder: Path, key: bytes, tmp_path: Path
) -> None:
    draft, history = case(drafts)
    drafts.append(draft, typed(history, "x" * 2_000_000))
    make_backup(drafts, tmp_path / "b", LATER)
    child = start_proof(folder, key, tmp_path / "b")
    saved = 0
    while child.poll() is None:
        drafts.append(draft, typed(history, f"note {saved}"))
        saved += 1
        time.sleep(0.01)
    assert child.stdout is not None
    with child.stdout as out:
        text = out.read().decode()
    assert child.returncode == 0, text
    assert saved > 3
    assert "passed" in text
    assert "failed" not in text


# -- what a restore would bring -------------------------------------------------------------------


def test_a_preview_counts_what_a_restore_takes(
    drafts: Drafts, folder: Path, key: bytes, tmp_path: Path
) -> None:
    first, history = case(drafts)
    case(drafts)
    made = make_backup(drafts, tmp_path / "b", LATER)
    same = preview(folder, made.path, key)
    assert (same.cases, same.letters, same.new, same.other) == (2, 2, 0, 0)
    assert list(same.lines())[-1] == "Nothing here is newer than it."
    drafts.append(first, typed(history, "more"))
    case(drafts, letters=0)
    seen = preview(folder, made.path, key)
    assert (seen.cases, seen.new, seen.other) == (2, 1, 1)
    words = " ".join(seen.lines())
    assert "1 case here is not in it, and 1 case here was changed since" in words
    assert MARKER not in words
    # A letter alone is a change as well.
    made = make_backup(drafts, tmp_path / "b", LATER + timedelta(hours=1))
    drafts.issue(first, letter(2, history.n))
    assert (preview(folder, made.path, key).new, preview(folder, made.path, key).other) == (0, 1)


def test_a_preview_says_what_it_cannot_tell(folder: Path, key: bytes, tmp_path: Path) -> None:
    with Drafts.open(folder, key) as drafts:
        case(drafts)
        made = make_backup(drafts, tmp_path / "b", LATER)
    (folder / "drafts.db").write_bytes(os.urandom(8192))
    seen = preview(folder, made.path, key)
    assert (seen.cases, seen.new) == (1, None)
    assert "cannot be told" in list(seen.lines())[-1]


# -- the keys of backups --------------------------------------------------------------------------


def test_backups_get_the_new_passphrase_and_foreign_ones_stay(
    folder: Path, key: bytes, tmp_path: Path
) -> None:
    into = tmp_path / "b"
    with Drafts.open(folder, key) as drafts:
        case(drafts)
        for hours in range(3):
            make_backup(drafts, into, AT + timedelta(hours=hours))
    newest, damaged, foreign = backups(into)
    damaged.keys.write_bytes(b"{")
    create_keys(tmp_path / "other", PASSPHRASE, cost=CHEAP)
    foreign.keys.write_bytes((tmp_path / "other" / "keys.json").read_bytes())
    before = {one.keys: one.keys.read_bytes() for one in (damaged, foreign)}
    change_passphrase(folder, PASSPHRASE, "quite another one", CHEAP)
    done = rewrap(into, read_keys(folder))
    assert done.done == 1
    assert set(done.left) == {damaged.path.name, foreign.path.name}
    assert {path: path.read_bytes() for path in before} == before
    keys = keys_of(newest.path)
    assert keys is not None
    assert open_by(keys, "quite another one", into) == key
    with pytest.raises(KeyRefusedError):
        open_by(keys, PASSPHRASE, into)
    restore(folder, newest.path, key)
    assert open_keys(folder, "quite another one") == key
    assert not list(into.glob(".*"))


def test_keys_of_a_backup_that_do_not_read_back_leave_the_old_ones(
    folder: Path, key: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Drafts.open(folder, key) as drafts:
        case(drafts)
        made = make_backup(drafts, tmp_path / "b", AT)
    before = made.keys.read_bytes()
    change_passphrase(folder, PASSPHRASE, "quite another one", CHEAP)

    def torn(path: Path, data: bytes) -> None:
        path.write_bytes(data[:-40])

    monkeypatch.setattr("triage.store.backups.write_durably", torn)
    with pytest.raises(StoreError, match="do not read back"):
        rewrap(tmp_path / "b", read_keys(folder))
    assert made.keys.read_bytes() == before


def test_a_restore_can_keep_the_present_passphrase(
    folder: Path, key: bytes, tmp_path: Path
) -> None:
    with Drafts.open(folder, key) as drafts:
        case(drafts)
        made = make_backup(drafts, tmp_path / "b", AT)
    change_passphrase(folder, PASSPHRASE, "quite another one", CHEAP)
    restore(folder, made.path, key, read_keys(folder))
    assert open_keys(folder, "quite another one") == key
    other = create_keys(tmp_path / "other", PASSPHRASE, cost=CHEAP)
    with pytest.raises(StoreError, match="do not open it"):
        restore(folder, made.path, key, read_keys(tmp_path / "other"))
    assert other != key
