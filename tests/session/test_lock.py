"""The drafts while the program is locked: no key, no open file, and every claim and edit still there."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest

from triage.content import Content
from triage.errors import KeyRefusedError, StoreError
from triage.model.values import Finding, Text
from triage.session.draft import DraftStore, OpenDraft
from triage.store import Drafts, KdfCost, create_keys
from triage.store.keys import open_keys

from ..conftest import AT

PASSPHRASE = "four brown cows"
CHEAP = KdfCost(memory_kib=8, time=1, lanes=1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    create_keys(tmp_path / "drafts", PASSPHRASE, cost=CHEAP)
    return tmp_path / "drafts"


@pytest.fixture
def store(folder: Path) -> Iterator[DraftStore]:
    made = DraftStore(folder, open_keys(folder, PASSPHRASE), lambda: AT)
    yield made
    made.close()


@pytest.fixture
def draft(store: DraftStore, content: Content) -> OpenDraft:
    return store.create(content)


def record(draft: OpenDraft, present: bool = True) -> None:
    draft.history.change({"rf.dark_urine": Finding(present=present)}, AT)
    draft.submit()


def is_open(path: Path) -> bool:
    links = (handle for handle in Path("/proc/self/fd").iterdir() if handle.is_symlink())
    return any(link.readlink() == path for link in links)


def holders(key: bytes) -> set[str]:
    """Return which of the program's objects have the key."""
    ours = [o for o in gc.get_objects() if str(type(o).__module__).startswith("triage.")]
    fields = ((type(held).__name__, getattr(held, "__dict__", {})) for held in ours)
    return {name for name, held in fields if key in held.values()}


def test_what_was_recorded_is_on_the_disk_and_can_be_read_after_unlocking(
    store: DraftStore, draft: OpenDraft
) -> None:
    record(draft)
    assert store.lock()
    store.unlock(PASSPHRASE)
    assert store.read(draft.id).n == 1
    record(draft, present=False)
    assert draft.flush()
    assert store.read(draft.id).n == 2


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="this system does not tell")
def test_the_file_is_closed_and_no_object_has_the_key(
    folder: Path, store: DraftStore, draft: OpenDraft
) -> None:
    key = open_keys(folder, PASSPHRASE)
    assert is_open(folder / "drafts.db")
    assert holders(key) == {"DraftStore", "Drafts"}
    assert store.lock()
    assert not is_open(folder / "drafts.db")
    assert not holders(key)


def test_nothing_is_read_or_backed_up_while_locked(
    folder: Path, store: DraftStore, draft: OpenDraft
) -> None:
    store.lock()
    for act in (store.list, lambda: store.read(draft.id), lambda: store.delete(draft.id)):
        with pytest.raises(StoreError, match="unlock"):
            act()
    with pytest.raises(StoreError, match="unlock"):
        store.save_elsewhere(folder.parent / "elsewhere")
    assert store.back_up(folder / "backups") is None


def test_a_wrong_passphrase_opens_nothing(store: DraftStore) -> None:
    store.lock()
    with pytest.raises(KeyRefusedError, match="does not open"):
        store.unlock("four brown hens")
    with pytest.raises(StoreError):
        store.list()
    store.unlock(PASSPHRASE)
    assert store.list() == []


def test_no_other_program_takes_a_case_meanwhile(
    folder: Path, store: DraftStore, draft: OpenDraft
) -> None:
    store.lock()
    # Claims of one process are one list, whoever asks.
    with Drafts.open(folder, open_keys(folder, PASSPHRASE)) as other:
        assert other.claim(draft.id) is None
    store.unlock(PASSPHRASE)
    assert not draft.read_only
    assert draft.close()
    with Drafts.open(folder, open_keys(folder, PASSPHRASE)) as other:
        assert other.claim(draft.id) is not None


def test_a_close_while_locked_lets_go_and_loses_nothing(
    folder: Path, store: DraftStore, draft: OpenDraft
) -> None:
    record(draft)
    store.lock()
    assert draft.close()
    assert store.close()
    with Drafts.open(folder, open_keys(folder, PASSPHRASE)) as other:
        assert other.last_n(draft.id) == 1
        assert other.claim(draft.id) is not None


def full(store: DraftStore, says: str) -> None:
    def append(*_: object) -> None:
        raise StoreError(says)

    def change(drafts: Drafts) -> None:
        if says:
            drafts.append = append  # type: ignore[method-assign]
        else:
            del drafts.append

    store.do(change)


def test_what_cannot_be_saved_waits_in_memory_and_is_saved_after_unlocking(
    folder: Path, store: DraftStore, draft: OpenDraft
) -> None:
    full(store, "The disk is full.")
    record(draft)
    assert not store.lock()
    assert draft.unsaved == 1
    # A close would lose it.
    assert not draft.close()
    assert not draft.flush()
    record(draft, present=False)
    assert draft.unsaved == 2
    del store.writer._drafts.append  # type: ignore[attr-defined]
    store.unlock(PASSPHRASE)
    assert draft.flush()
    assert draft.unsaved == 0
    assert store.read(draft.id).n == 2


def test_a_file_that_is_gone_keeps_the_program_locked_and_comes_back(
    folder: Path, store: DraftStore, draft: OpenDraft
) -> None:
    store.lock()
    (folder / "drafts.db").rename(folder / "moved")
    with pytest.raises(StoreError):
        store.unlock(PASSPHRASE)
    assert store.writer.is_locked
    (folder / "moved").rename(folder / "drafts.db")
    store.unlock(PASSPHRASE)
    assert store.read(draft.id).n == 0


def test_what_waits_can_be_saved_elsewhere_though_the_file_is_gone(
    folder: Path, store: DraftStore, draft: OpenDraft, tmp_path: Path
) -> None:
    told: list[str] = []
    draft.listen(lambda _: None, told.append, told.append)
    full(store, "The disk is full.")
    record(draft)
    store.lock()
    del store.writer._drafts.append  # type: ignore[attr-defined]
    (folder / "drafts.db").unlink()
    store.unlock(PASSPHRASE)
    assert not draft.flush()
    assert told
    store.save_elsewhere(tmp_path / "elsewhere")
    assert draft.flush()
    assert store.read(draft.id).n == 1


def test_keys_that_vanish_while_locked_are_put_back(folder: Path, store: DraftStore) -> None:
    store.lock()
    for name in ("keys.json", "keys.json.bak"):
        (folder / name).unlink()
    store.unlock(PASSPHRASE)
    assert (folder / "keys.json").exists()


def test_a_passphrase_that_was_changed_meanwhile_is_the_one_that_opens(
    folder: Path, store: DraftStore
) -> None:
    from triage.store import change_passphrase

    store.lock()
    change_passphrase(folder, PASSPHRASE, "five green pigs", CHEAP)
    with pytest.raises(KeyRefusedError):
        store.unlock(PASSPHRASE)
    store.unlock("five green pigs")


def test_the_backup_goes_on_after_unlocking(folder: Path, store: DraftStore) -> None:
    store.lock()
    store.unlock(PASSPHRASE)
    child = store.back_up(folder / "backups")
    assert child is not None
    assert child.wait(30) == 0  # type: ignore[attr-defined]


def test_a_case_that_a_window_has_open_is_not_put_away(store: DraftStore, draft: OpenDraft) -> None:
    record(draft)
    for act in (store.bin, store.delete):
        with pytest.raises(StoreError, match="Close it there first"):
            act(draft.id)
    record(draft, False)
    assert draft.close()
    store.bin(draft.id)
    store.delete(draft.id)


def test_a_case_in_which_was_being_typed_is_opened_though_nothing_can_be_written(
    store: DraftStore, draft: OpenDraft, monkeypatch: pytest.MonkeyPatch
) -> None:
    note = "note.complaint"
    draft.history.change({note: Text(text="half a sen")}, AT, typing=note)
    draft.submit()
    assert store.writer.flush(10)
    draft.abandon()

    def full(*_: object) -> None:
        raise StoreError("The disk is full.")

    monkeypatch.setattr(Drafts, "end_typing", full)
    again = store.open(draft.id)
    assert again.history.case[note] == Text(text="half a sen")
    again.history.change({note: Text(text="half a sentence")}, AT, typing=note)
    again.submit()
    assert again.close()
    assert store.read(draft.id).edits == again.history.edits
