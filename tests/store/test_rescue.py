"""The way on where the drafts are damaged: the newest whole backup, and what is newer in the damaged file."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from tests.store.conftest import PASSPHRASE
from tests.store.helpers import AT, CHEAP, letter, named, typed
from triage.model.history import History
from triage.store import (
    DamagedError,
    Drafts,
    MissingDraftsError,
    change_passphrase,
    create_keys,
    open_keys,
)
from triage.store.backups import make_backup
from triage.store.rescue import (
    add_newer,
    go_on_with_salvaged,
    look_round,
    restore_and_add,
    set_aside,
)


def case(drafts: Drafts, family: str, text: str = "") -> str:
    draft, history = drafts.create("f", "c", AT), History()
    drafts.append(draft, named(history, family, "Ann", AT.date()))
    if text:
        drafts.append(draft, typed(history, text))
    return draft


def go_on(drafts: Drafts, draft: str, text: str = "more") -> None:
    drafts.append(draft, typed(drafts.history(draft), text))


def damage(folder: Path, key: bytes, at: float = 0.5) -> Path:
    """Damage a part of the drafts, and let them be set aside."""
    path = folder / "drafts.db"
    data = bytearray(path.read_bytes())
    data[int(len(data) * at)] ^= 1
    path.write_bytes(data)
    with pytest.raises(DamagedError) as caught:
        Drafts.open(folder, key)
    return caught.value.aside


def everything(drafts: Drafts) -> dict[str, object]:
    return {i.id: (drafts.history(i.id).edits, drafts.issues(i.id)) for i in drafts.list()}


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    place = tmp_path / "scratch"
    place.mkdir()
    return place


def test_the_newest_backup_and_what_is_newer_are_put_together(
    folder: Path, key: bytes, tmp_path: Path, scratch: Path
) -> None:
    with Drafts.open(folder, key) as drafts:
        ids = [case(drafts, f"Specimen{i}", "A note. " * 400) for i in range(12)]
        drafts.issue(ids[0], letter(1, drafts.last_n(ids[0])))
        make_backup(drafts, tmp_path / "b", AT)
        before = everything(drafts)
        go_on(drafts, ids[0])
        for recipient in ("neurology", "patient"):
            drafts.issue(ids[0], letter(2, drafts.last_n(ids[0]), recipient, recipient))
        drafts.withdraw(ids[0], 2, AT, "sent in error")
        new = case(drafts, "Another")
        whole = everything(drafts)
    shutil.copyfile(folder / "drafts.db", scratch / "before.db")
    found = None
    # Where the damage lies decides what can be read: these places leave the newer cases whole.
    for at in (0.3, 0.4, 0.5, 0.6, 0.7):
        shutil.copyfile(scratch / "before.db", folder / "drafts.db")
        damaged = damage(folder, key, at)
        place = scratch / str(at)
        place.mkdir()
        found = look_round(folder, key, tmp_path / "b", damaged, place)
        assert found.salvaged is not None
        assert found.salvaged.whole + found.salvaged.in_part == found.salvaged.cases
        assert found.outlook is not None
        assert (found.outlook.cases, found.outlook.letters) == (12, 1)
        added = restore_and_add(folder, found.backups[0], key, place, salvaged=True)
        with Drafts.open(folder, key) as drafts:
            assert drafts.verify() == []
            now = everything(drafts)
        # No case is lost, none is doubled, and what could be read newer is there.
        assert now.keys() >= set(ids)
        assert all(now[draft] == whole[draft] for draft in ids[1:])
        assert len(now) <= 13
        went_on = now[ids[0]] != before[ids[0]]
        assert added.cases == went_on + (len(now) - 12)
        assert went_on or found.salvaged.lost
        assert new in now or found.salvaged.lost
        (folder / "drafts.db").unlink()
    assert found is not None


def test_what_is_equal_adds_nothing_and_what_is_other_becomes_a_case_of_its_own(
    folder: Path, key: bytes, tmp_path: Path
) -> None:
    with Drafts.open(folder, key) as drafts:
        first = case(drafts, "Specimen")
        other = tmp_path / "other"
        other.mkdir()
        for name in ("drafts.db", "keys.json"):
            shutil.copyfile(folder / name, other / name)
        assert add_newer(other / "drafts.db", folder, key).cases == 0
        go_on(drafts, first, "here")
        assert add_newer(other / "drafts.db", folder, key).cases == 0
    with Drafts.open(other, key) as there:
        go_on(there, first, "there")
    assert add_newer(other / "drafts.db", folder, key).cases == 1
    assert add_newer(other / "drafts.db", folder, key).cases == 0
    with Drafts.open(folder, key) as drafts:
        assert len(drafts.list()) == 2
        assert drafts.history(first).edits[-1].new != None  # noqa: E711
        assert drafts.last_n(first) == 4


def test_a_case_whose_line_is_lost_is_known_by_its_first_edit(
    folder: Path, key: bytes, tmp_path: Path
) -> None:
    with Drafts.open(folder, key) as drafts:
        case(drafts, "Specimen")
        (_, history) = drafts.list()[0].id, drafts.history(drafts.list()[0].id)
        other = create_keys(tmp_path / "other", PASSPHRASE, cost=CHEAP)
        assert other != key
    (tmp_path / "lost").mkdir()
    shutil.copyfile(folder / "keys.json", tmp_path / "lost" / "keys.json")
    with Drafts.open(tmp_path / "lost", key, begin=True) as lost:
        lost.take_over("f" * 32, ("f", "c", AT.isoformat()), history.edits)
        go_on(lost, "f" * 32)
    assert add_newer(tmp_path / "lost" / "drafts.db", folder, key).cases == 1
    with Drafts.open(folder, key) as drafts:
        (info,) = drafts.list()
        assert info.edits == 4


def test_a_backup_that_is_not_whole_or_of_other_keys_is_passed_over(
    folder: Path, key: bytes, tmp_path: Path, scratch: Path
) -> None:
    into = tmp_path / "b"
    with Drafts.open(folder, key) as drafts:
        case(drafts, "Specimen", "A note. " * 400)
        made = [make_backup(drafts, into, AT + timedelta(hours=hours)) for hours in range(3)]
    data = bytearray(made[2].path.read_bytes())
    data[len(data) // 2] ^= 1
    made[2].path.write_bytes(data)
    create_keys(tmp_path / "other", PASSPHRASE, cost=CHEAP)
    made[1].keys.write_bytes((tmp_path / "other" / "keys.json").read_bytes())
    found = look_round(folder, key, into, None, scratch)
    assert [one.path for one in found.backups] == [made[0].path]
    assert found.outlook is not None
    assert found.outlook.cases == 1
    assert look_round(folder, key, tmp_path / "none", None, scratch).backups == ()


def test_what_can_be_read_takes_the_place_of_the_drafts_with_the_present_passphrase(
    folder: Path, key: bytes, tmp_path: Path, scratch: Path
) -> None:
    with Drafts.open(folder, key) as drafts:
        for i in range(12):
            case(drafts, f"Specimen{i}", "A note. " * 400)
    change_passphrase(folder, PASSPHRASE, "quite another one", CHEAP)
    damaged = damage(folder, key)
    data = damaged.read_bytes()
    # The next start finds no drafts: what was set aside is found again.
    with pytest.raises(MissingDraftsError):
        Drafts.open(folder, key)
    assert set_aside(folder) == damaged
    found = look_round(folder, key, tmp_path / "b", set_aside(folder), scratch)
    assert found.salvaged is not None
    assert found.salvaged.cases >= 10
    go_on_with_salvaged(folder, key, scratch)
    assert open_keys(folder, "quite another one") == key
    with Drafts.open(folder, key) as drafts:
        assert len(drafts.list()) == found.salvaged.cases
        assert drafts.verify() == []
    assert damaged.read_bytes() == data


def test_a_file_of_which_nothing_is_left_leaves_the_backups(
    folder: Path, key: bytes, tmp_path: Path, scratch: Path
) -> None:
    with Drafts.open(folder, key) as drafts:
        case(drafts, "Specimen")
        make_backup(drafts, tmp_path / "b", AT)
    (folder / "drafts.db").write_bytes(b"x" * 8192)
    with pytest.raises(DamagedError) as caught:
        Drafts.open(folder, key)
    found = look_round(folder, key, tmp_path / "b", caught.value.aside, scratch)
    assert found.salvaged is None
    assert found.outlook is not None
    assert found.outlook.new is None
    restore_and_add(folder, found.backups[0], key, scratch, salvaged=False)
    with Drafts.open(folder, key) as drafts:
        assert len(drafts.list()) == 1


def test_the_file_that_was_set_aside_last_is_found(folder: Path, key: bytes) -> None:
    assert set_aside(folder) is None
    for n in (1, 2, 10):
        (folder / f"drafts.db.damaged-{n}").write_bytes(b"x")
    (folder / "drafts.db.damaged-10-journal").write_bytes(b"x")
    assert set_aside(folder) == folder / "drafts.db.damaged-10"
