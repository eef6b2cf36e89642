"""Backups, restoring, and what is left of a damaged file."""

from __future__ import annotations

import random
import shutil
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import apsw
import pytest

from tests.store.conftest import PASSPHRASE
from tests.store.helpers import AT, CHEAP, letter, named, typed
from triage.errors import StoreError
from triage.model.history import History
from triage.store import DamagedError, Drafts, change_passphrase, create_keys, open_keys, replacing
from triage.store import backups as module
from triage.store.backups import (
    Backup,
    backups,
    is_due,
    keys_of,
    last_trouble,
    make_backup,
    restore,
    run,
    start_backup,
    thin,
)
from triage.store.claim import Claims
from triage.store.connection import connect
from triage.store.keyfile import read_keys
from triage.store.keys import open_by
from triage.store.salvage import salvage


def fill(drafts: Drafts, count: int = 12) -> list[str]:
    """Return the ids of cases with a name, a note and a letter each."""
    ids = []
    for i in range(count):
        draft, history = drafts.create("f", "c", AT), History()
        drafts.append(draft, named(history, f"Specimen{i}", "Ann", AT.date()))
        drafts.append(draft, typed(history, "A note. " * 200))
        drafts.issue(draft, letter(1, history.n, text="x" * 20_000))
        ids.append(draft)
    return ids


@pytest.fixture
def filled(drafts: Drafts) -> list[str]:
    return fill(drafts)


# -- making and thinning --------------------------------------------------------------------------


def test_a_backup_is_verified_and_opens_with_the_passphrase(
    drafts: Drafts, filled: list[str], tmp_path: Path
) -> None:
    made = make_backup(drafts, tmp_path / "b", AT)
    assert backups(tmp_path / "b") == [made]
    keys = keys_of(made.path)
    assert keys is not None
    with Drafts.open_file(made.path, open_by(keys, PASSPHRASE, tmp_path)) as copy:
        assert copy.list() == drafts.list()
        assert copy.verify() == []


def test_a_copy_without_keys_is_no_backup(
    drafts: Drafts, filled: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("triage.store.database.write_durably", cut)
        with pytest.raises(KeyboardInterrupt):
            make_backup(drafts, tmp_path / "b", AT)
    assert list((tmp_path / "b").glob("*.db")) == []
    make_backup(drafts, tmp_path / "b", AT)
    backups(tmp_path / "b")[0].keys.unlink()
    assert backups(tmp_path / "b") == []


def test_backups_are_thinned_to_the_newest_and_one_a_day_week_and_month(tmp_path: Path) -> None:
    now = datetime(2026, 11, 25, 12, tzinfo=UTC)
    for hours in range(0, 24 * 800, 6):
        at = now - timedelta(hours=hours)
        path = tmp_path / f"drafts-{at:%Y%m%d-%H%M%S}.db"
        path.write_bytes(b"x")
        path.with_name(f"{path.name}.keys.json").write_bytes(b"x")
    assert not thin(tmp_path)
    kept = [one.at for one in backups(tmp_path)]
    assert kept[:12] == [now - timedelta(hours=6 * i) for i in range(12)]
    assert 12 < len(kept) <= 12 + 14 + 8 + 24
    assert len({at.date() for at in kept}) >= 14
    assert {(at.year, at.month) for at in kept} >= {(2026, m) for m in range(1, 12)}
    assert len(list(tmp_path.iterdir())) == 2 * len(kept)


def test_backups_never_take_more_than_a_fifth_of_what_is_free_and_the_newest_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for i in range(10):
        path = tmp_path / f"drafts-20261125-12000{i}.db"
        path.write_bytes(b"x" * 1000)
        path.with_name(f"{path.name}.keys.json").write_bytes(b"x")
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(module.shutil, "disk_usage", lambda _: usage._replace(free=10_000))
    assert thin(tmp_path)
    # A fifth of what would be free without them: 20 000 bytes.
    assert [one.at.second for one in backups(tmp_path)] == [9, 8, 7, 6]
    monkeypatch.setattr(module.shutil, "disk_usage", lambda _: usage._replace(free=0))
    assert thin(tmp_path)
    assert [one.at.second for one in backups(tmp_path)] == [9]


def test_what_is_removed_takes_no_room_from_what_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Sixteen of one day: the newest twelve are wanted, and the room is for just those.
    for i in range(16):
        path = tmp_path / f"drafts-20261125-1200{i:02}.db"
        path.write_bytes(b"x" * 1000)
        path.with_name(f"{path.name}.keys.json").write_bytes(b"x")
    old = tmp_path / "drafts-20250101-120000.db"
    old.write_bytes(b"x" * 1000)
    old.with_name(f"{old.name}.keys.json").write_bytes(b"x")
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(
        module.shutil, "disk_usage", lambda _: usage._replace(free=5 * 13_000 - 17_000)
    )
    assert not thin(tmp_path)
    assert [one.at.second for one in backups(tmp_path)] == [*range(15, 3, -1), 0]


def test_fewer_backups_for_want_of_space_are_told_at_the_next_start(
    folder: Path,
    key: bytes,
    drafts: Drafts,
    filled: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    into = tmp_path / "b"
    run(folder, key, into, AT)
    drafts.create("f", "c", AT)
    usage, size = shutil.disk_usage(tmp_path), backups(into)[0].size
    monkeypatch.setattr(module.shutil, "disk_usage", lambda _: usage._replace(free=size * 5 // 2))
    run(folder, key, into, AT + timedelta(hours=1))
    assert len(backups(into)) == 1
    assert last_trouble(into).startswith("Fewer backups")
    # It is no failure: nothing is tried again before anything changes.
    assert not is_due(folder, into)


def test_a_backup_that_was_removed_is_made_anew(
    folder: Path, key: bytes, filled: list[str], tmp_path: Path
) -> None:
    into = tmp_path / "b"
    run(folder, key, into, AT)
    backups(into)[0].path.unlink()
    assert is_due(folder, into)
    run(folder, key, into, AT)
    assert len(backups(into)) == 1


# -- by a process of its own ----------------------------------------------------------------------


def test_a_process_of_its_own_backs_up_what_changed_and_only_that(
    drafts: Drafts, key: bytes, filled: list[str], folder: Path, tmp_path: Path
) -> None:
    into = tmp_path / "b"
    begun = time.monotonic()
    child = start_backup(folder, key, into)
    assert time.monotonic() - begun < 1
    assert child is not None
    assert child.wait(60) == 0
    (made,) = backups(into)
    with Drafts.open_file(made.path, key) as copy:
        assert len(copy.list()) == len(filled)
    assert last_trouble(into) == ""
    assert not is_due(folder, into)
    assert start_backup(folder, key, into) is None
    drafts.create("f", "c", AT)
    assert is_due(folder, into)


def test_a_backup_that_fails_is_told_at_the_next_start_and_tried_again(
    drafts: Drafts, key: bytes, filled: list[str], folder: Path, tmp_path: Path
) -> None:
    into = tmp_path / "b"
    whole = (folder / "drafts.db").read_bytes()
    # A page in the middle is damaged: no whole copy can be made.
    data = bytearray(whole)
    data[len(data) // 2] ^= 1
    (folder / "drafts.db").write_bytes(data)
    run(folder, key, into, AT)
    assert "damaged" in last_trouble(into)
    assert backups(into) == []
    assert is_due(folder, into)
    (folder / "drafts.db").write_bytes(whole)
    run(folder, key, into, AT)
    assert last_trouble(into) == ""
    assert len(backups(into)) == 1


def test_the_key_is_in_no_argument_of_the_process(
    key: bytes, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[list[str]] = []
    honest = module.subprocess.Popen

    def popen(words: list[str], **more: object) -> object:
        seen.append(words)
        return honest([sys.executable, "-c", "import sys; sys.stdin.read()"], **more)

    monkeypatch.setattr(module.subprocess, "Popen", popen)
    child = start_backup(folder, key, tmp_path / "b")
    assert child is not None
    child.wait(20)
    assert key.hex() not in " ".join(seen[0])


# -- putting back ---------------------------------------------------------------------------------


def test_a_restored_backup_is_the_store_and_what_stood_there_is_kept(
    folder: Path, key: bytes, tmp_path: Path
) -> None:
    with Drafts.open(folder, key) as drafts:
        fill(drafts, 3)
        made = make_backup(drafts, tmp_path / "b", AT)
        before = drafts.list()
        fill(drafts, 2)
    now = (folder / "drafts.db").read_bytes()
    aside = restore(folder, made.path, key)
    with Drafts.open(folder, open_keys(folder, PASSPHRASE)) as drafts:
        assert drafts.list() == before
        assert drafts.verify() == []
    assert (aside / "drafts.db").read_bytes() == now
    with Drafts.open(aside, open_keys(aside, PASSPHRASE)) as old:
        assert len(old.list()) == 5


def test_a_stray_journal_never_reaches_a_restored_backup(
    folder: Path, key: bytes, tmp_path: Path
) -> None:
    with Drafts.open(folder, key) as drafts:
        fill(drafts, 3)
        made = make_backup(drafts, tmp_path / "b", AT)
    hot = journal_of(folder, key, tmp_path)
    for where in ("with the drafts", "alone"):
        (folder / "drafts.db-journal").write_bytes(hot)
        if where == "alone":
            (folder / "drafts.db").unlink()
        restore(folder, made.path, key)
        assert not (folder / "drafts.db-journal").exists()
        with Drafts.open(folder, key) as drafts:
            assert len(drafts.list()) == 3
            assert drafts.verify() == []


def test_a_backup_after_a_change_of_passphrase_opens_with_the_old_one(
    folder: Path, key: bytes, tmp_path: Path
) -> None:
    with Drafts.open(folder, key) as drafts:
        fill(drafts, 1)
        made = make_backup(drafts, tmp_path / "b", AT)
    change_passphrase(folder, PASSPHRASE, "quite another one", CHEAP)
    keys = keys_of(made.path)
    assert keys is not None
    restore(folder, made.path, open_by(keys, PASSPHRASE, tmp_path))
    assert open_keys(folder, PASSPHRASE) == key


def test_nothing_is_put_back_while_a_case_is_open(folder: Path, key: bytes, tmp_path: Path) -> None:
    with Drafts.open(folder, key) as drafts:
        draft = fill(drafts, 1)[0]
        made = make_backup(drafts, tmp_path / "b", AT)
        held = drafts.claim(draft)
        assert held is not None
        with pytest.raises(StoreError, match="open in a window"):
            restore(folder, made.path, key)
        held.release()
    restore(folder, made.path, key)


def test_a_backup_that_is_not_whole_is_not_put_back(
    folder: Path, key: bytes, tmp_path: Path
) -> None:
    with Drafts.open(folder, key) as drafts:
        fill(drafts, 2)
        made = make_backup(drafts, tmp_path / "b", AT)
    data = bytearray(made.path.read_bytes())
    data[-3000] ^= 1
    made.path.write_bytes(data)
    before = {p.name: p.read_bytes() for p in folder.iterdir() if p.is_file()}
    with pytest.raises(StoreError, match=r"not whole|damaged"):
        restore(folder, made.path, key)
    other = create_keys(tmp_path / "other", PASSPHRASE, cost=CHEAP)
    with pytest.raises(StoreError, match="do not open it"):
        restore(folder, made.path, other)
    assert {p.name: p.read_bytes() for p in folder.iterdir() if p.is_file()} == before


@pytest.mark.parametrize(
    "step", ["fresh_copy", "doubled", "write_durably", "dump_keys", "name_database"]
)
def test_a_restore_that_fails_leaves_everything_as_it_was(
    folder: Path, key: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    with Drafts.open(folder, key) as drafts:
        fill(drafts, 2)
        made = make_backup(drafts, tmp_path / "b", AT)
    before = {p.name: p.read_bytes() for p in folder.iterdir() if p.is_file()}

    def full(*_: object) -> None:
        raise StoreError("The disk is full.")

    with monkeypatch.context() as patch:
        patch.setattr(replacing, step, full)
        with pytest.raises(StoreError, match="full"):
            restore(folder, made.path, key)
    assert {p.name: p.read_bytes() for p in folder.iterdir() if p.is_file()} == before


def test_a_restore_after_one_whose_note_stayed_takes_nothing_away(
    folder: Path, key: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Drafts.open(folder, key) as drafts:
        ids = fill(drafts, 2)
        made = make_backup(drafts, tmp_path / "b", AT)
    # As after a restore that could not take its note away, and a disk that still refuses.
    (folder / "replacing.unfinished").touch()
    with monkeypatch.context() as patch:
        patch.setattr(replacing, "fresh_copy", _refused)
        with pytest.raises(StoreError, match="refused"):
            restore(folder, made.path, key)
    with Drafts.open(folder, open_keys(folder, PASSPHRASE)) as drafts:
        assert {info.id for info in drafts.list()} == set(ids)


def test_a_restore_that_cannot_ask_for_open_cases_is_told(
    folder: Path, key: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Drafts.open(folder, key) as drafts:
        fill(drafts, 1)
        made = make_backup(drafts, tmp_path / "b", AT)
    monkeypatch.setattr(Claims, "any_taken", _no_answer)
    with pytest.raises(StoreError, match="Input/output error"):
        restore(folder, made.path, key)


def test_a_disk_that_fails_while_damage_is_judged_is_told(
    folder: Path, key: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    from triage.store import connection

    (folder / "drafts.db").write_bytes(b"x" * 5000)
    monkeypatch.setattr(connection, "_read", _no_answer)
    with pytest.raises(StoreError, match="Input/output error"):
        Drafts.open(folder, key)
    assert (folder / "drafts.db").read_bytes() == b"x" * 5000


def _no_answer(*_: object) -> bool:
    raise OSError(5, "Input/output error")


def _refused(*_: object) -> None:
    raise StoreError("The disk refused.")


# -- damage ---------------------------------------------------------------------------------------


def journal_of(folder: Path, key: bytes, scratch: Path) -> bytes:
    """Return the journal of a save that was cut short, and leave the drafts as they were."""
    work = scratch / "hot"
    shutil.copytree(folder, work, dirs_exist_ok=True)
    connection = connect(work / "drafts.db", key)
    connection.execute("PRAGMA journal_mode = TRUNCATE")
    connection.execute("PRAGMA cache_size = 5")
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("DROP TRIGGER issue_is_not_changed")
    connection.execute("UPDATE issue SET pdf = zeroblob(length(pdf))")
    data = (work / "drafts.db-journal").read_bytes()
    assert len(data) > 4096
    (scratch / "cut.db").write_bytes((work / "drafts.db").read_bytes())
    connection.execute("ROLLBACK")
    connection.close()
    shutil.rmtree(work)
    return data


def test_a_journal_that_is_cut_off_never_loses_a_case_in_silence(
    folder: Path, key: bytes, tmp_path: Path
) -> None:
    with Drafts.open(folder, key) as drafts:
        ids = fill(drafts)
        whole = {draft: drafts.history(draft).edits for draft in ids}
    hot = journal_of(folder, key, tmp_path)
    cut = (tmp_path / "cut.db").read_bytes()
    told = opened = 0
    for size in [len(hot), *sorted(random.Random(6).sample(range(1, len(hot)), 40))]:
        (folder / "drafts.db").write_bytes(cut)
        (folder / "drafts.db-journal").write_bytes(hot[:size])
        try:
            with Drafts.open(folder, key) as drafts:
                assert {draft: drafts.history(draft).edits for draft in ids} == whole
                assert all(len(drafts.issues(draft)) == 1 for draft in ids)
                opened += 1
        except StoreError as error:
            assert "damaged" in str(error)
            told += 1
    assert opened >= 1
    assert told >= 1


def test_a_damaged_journal_is_told_as_damage_and_set_aside_with_its_file(
    folder: Path, key: bytes, tmp_path: Path
) -> None:
    with Drafts.open(folder, key) as drafts:
        fill(drafts)
    hot = bytearray(journal_of(folder, key, tmp_path))
    # In the pages of its second half, so that each opening puts back those before them and stops there.
    for at in range(len(hot) // 2, len(hot), 100):
        hot[at] ^= 1
    (folder / "drafts.db").write_bytes((tmp_path / "cut.db").read_bytes())
    (folder / "drafts.db-journal").write_bytes(hot)
    with pytest.raises(DamagedError) as caught:
        Drafts.open(folder, key)
    assert caught.value.aside.with_name(f"{caught.value.aside.name}-journal").exists()
    assert not (folder / "drafts.db").exists()


def test_one_bad_read_sets_nothing_aside(
    folder: Path, key: bytes, filled: list[str], monkeypatch: pytest.MonkeyPatch, drafts: Drafts
) -> None:
    drafts.close()
    before = (folder / "drafts.db").read_bytes()
    from triage.store import connection

    honest = connection.check_pages
    failing = [apsw.CorruptError("page")]

    def check(opened: apsw.Connection) -> None:
        if failing:
            raise failing.pop()
        honest(opened)

    monkeypatch.setattr(connection, "check_pages", check)
    with Drafts.open(folder, key) as again:
        assert len(again.list()) == len(filled)
    assert not list(folder.glob("*damaged*"))
    # Bytes that change from one reading to the next are no damage of the file either.
    failing += [apsw.CorruptError("page"), apsw.CorruptError("page")]
    hashes: Iterator[str] = iter("ab")
    monkeypatch.setattr(connection, "_hash_of", lambda _: next(hashes))
    with pytest.raises(StoreError, match="other bytes at each reading"):
        Drafts.open(folder, key)
    assert (folder / "drafts.db").read_bytes() == before
    assert not list(folder.glob("*damaged*"))


def test_what_is_whole_in_a_damaged_file_is_taken_over(
    folder: Path, key: bytes, tmp_path: Path
) -> None:
    with Drafts.open(folder, key) as drafts:
        ids = fill(drafts)
        drafts.withdraw(ids[0], 1, AT, "sent in error")
        whole = {draft: (drafts.history(draft).edits, drafts.issues(draft)) for draft in ids}
    data = (folder / "drafts.db").read_bytes()
    rng, rescued = random.Random(6), 0
    for run_ in range(40):
        broken = bytearray(data)
        broken[rng.randrange(4096, len(broken))] ^= 1 << rng.randrange(8)
        (folder / "drafts.db").write_bytes(broken)
        into = tmp_path / f"s{run_}"
        try:
            done = salvage(folder / "drafts.db", key, read_keys(folder), into)
        except StoreError as error:
            # The very tables are gone.
            assert "Nothing can be read" in str(error)
            continue
        with Drafts.open(into, open_keys(into, PASSPHRASE)) as new:
            assert new.verify() == []
            found = {info.id for info in new.list()}
            assert len(found) == done.cases
            entire = 0
            for draft in found:
                edits, issues = new.history(draft).edits, new.issues(draft)
                # A case whose line in the list is lost is another one by its number alone.
                same = [d for d in ids if whole[d][0][: len(edits)] == edits]
                assert same
                assert any(all(issue in whole[d][1] for issue in issues) for d in same)
                entire += any((edits, issues) == whole[d] for d in same)
            assert entire >= len(ids) - len(done.lost)
        rescued += entire
    assert rescued >= 0.8 * 40 * len(ids)


def test_a_whole_file_is_taken_over_whole(
    folder: Path, key: bytes, filled: list[str], drafts: Drafts, tmp_path: Path
) -> None:
    done = salvage(folder / "drafts.db", key, read_keys(folder), tmp_path / "s")
    assert (done.cases, done.lost) == (len(filled), ())
    with Drafts.open(tmp_path / "s", key) as new:
        assert new.list() == drafts.list()
    with pytest.raises(StoreError, match="holds drafts already"):
        salvage(folder / "drafts.db", key, read_keys(folder), tmp_path / "s")


def test_a_withdrawn_version_is_taken_over_with_all_its_recipients(
    folder: Path, key: bytes, drafts: Drafts, tmp_path: Path
) -> None:
    draft, history = drafts.create("f", "c", AT), History()
    drafts.append(draft, named(history, "Specimen", "Ann", AT.date()))
    for recipient in ("neurology", "patient"):
        drafts.issue(draft, letter(1, history.n, recipient))
    drafts.withdraw(draft, 1, AT, "sent in error")
    done = salvage(folder / "drafts.db", key, read_keys(folder), tmp_path / "s")
    assert done.lost == ()
    with Drafts.open(tmp_path / "s", key) as new:
        assert new.issues(draft) == drafts.issues(draft)


def test_the_list_of_backups_is_newest_first(tmp_path: Path) -> None:
    for stamp in ("20261125-120000", "20261126-090000", "20250101-000000"):
        for name in (f"drafts-{stamp}.db", f"drafts-{stamp}.db.keys.json"):
            (tmp_path / name).write_bytes(b"x")
    (tmp_path / "drafts-nonsense.db").write_bytes(b"x")
    found: list[Backup] = backups(tmp_path)
    assert [one.at.year for one in found] == [2026, 2026, 2025]
    assert backups(tmp_path / "none") == []


def test_a_case_whose_last_edits_are_missing_without_a_gap_is_not_told_as_whole(
    folder: Path, key: bytes, tmp_path: Path
) -> None:
    with Drafts.open(folder, key) as drafts:
        draft = fill(drafts, 1)[0]
        drafts.append(draft, typed(drafts.history(draft), "and more"))
        last = drafts.last_n(draft)
        drafts._connection.execute("DROP TRIGGER edit_is_not_deleted")
        drafts._connection.execute("DELETE FROM edit WHERE n = ?", (last,))
    done = salvage(folder / "drafts.db", key, read_keys(folder), tmp_path / "s")
    assert (done.cases, done.whole) == (1, 0)
    assert done.lost == ("Case 1: its log is not the one that was saved.",)
