"""Places in which two computers can write the same drafts, and the files that come of it."""

from __future__ import annotations

import shutil
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from tests.store.conftest import PASSPHRASE
from tests.store.helpers import AT, CHEAP, letter, named, typed
from triage.errors import StoreError
from triage.model.history import History
from triage.model.values import Text
from triage.store import Drafts, create_keys, schema
from triage.store import database as database_module
from triage.store.conflicts import conflicted, look, summary, take_over
from triage.store.places import network_drive, synchronised_by, warning

# -- places ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("names", "service"),
    [
        ("Dropbox/clinic", "Dropbox"),
        ("Dropbox (Sample Clinic)/triage", "Dropbox"),
        ("OneDrive - Sample Clinic/Documents", "OneDrive"),
        ("OneDrive", "OneDrive"),
        ("Library/CloudStorage/OneDrive-SampleClinic/x", "OneDrive"),
        ("Library/CloudStorage/GoogleDrive-someone@example.org/My Drive", "Google Drive"),
        ("Library/Mobile Documents/com~apple~CloudDocs/x", "iCloud Drive"),
        ("iCloudDrive/x", "iCloud Drive"),
        ("Google Drive/x", "Google Drive"),
        ("Nextcloud/x", "Nextcloud"),
        ("Nextcloud2", "Nextcloud"),
        ("ownCloud/x", "ownCloud"),
        ("Box/x", "Box"),
        ("Box Sync/x", "Box"),
        ("box/x", ""),
        ("boxes", ""),
        ("dropbox-like", "Dropbox"),
        ("my dropboxes", ""),
        ("Documents/one drive", ""),
    ],
)
def test_a_synchronised_folder_is_known_by_its_name(
    tmp_path: Path, names: str, service: str
) -> None:
    folder = tmp_path / names / "cramp-triage"
    folder.mkdir(parents=True)
    assert synchronised_by(folder) == service
    assert bool(warning(folder)) == bool(service)
    assert service in warning(folder)
    # No path: who stands beside the screen reads it too.
    assert str(tmp_path) not in warning(folder)


@pytest.mark.parametrize(
    ("marker", "is_folder", "service"),
    [
        (".stfolder", True, "Syncthing"),
        (".dropbox", False, "Dropbox"),
        (".dropbox", True, ""),
        (".sync/ID", False, "Resilio Sync"),
        (".owncloudsync.log", False, "ownCloud"),
        (".sync_0a1b2c3d4e5f.db", False, "Nextcloud or ownCloud"),
        ("._sync_0a1b2c3d4e5f.db", False, "Nextcloud or ownCloud"),
        (".tmp.drivedownload", True, "Google Drive"),
        ("sync.db", False, ""),
    ],
)
def test_a_synchronised_folder_is_known_by_what_lies_in_it(
    tmp_path: Path, marker: str, is_folder: bool, service: str
) -> None:
    folder = tmp_path / "shared" / "a" / "b"
    folder.mkdir(parents=True)
    mark = tmp_path / "shared" / marker
    mark.parent.mkdir(exist_ok=True)
    if is_folder:
        mark.mkdir()
    else:
        mark.write_bytes(b"")
    assert synchronised_by(folder) == service


def test_a_link_into_a_synchronised_folder_is_seen_through(tmp_path: Path) -> None:
    (tmp_path / "Dropbox" / "x").mkdir(parents=True)
    (tmp_path / "cases").symlink_to(tmp_path / "Dropbox" / "x")
    assert synchronised_by(tmp_path / "cases") == "Dropbox"


def test_a_folder_that_is_not_there_yet_is_looked_at_all_the_same(tmp_path: Path) -> None:
    assert synchronised_by(tmp_path / "Nextcloud" / "not" / "yet") == "Nextcloud"
    assert warning(tmp_path / "plain" / "not yet") == ""


MOUNTS = """\
22 27 0:21 / /proc rw,relatime - proc proc rw
27 1 254:0 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
40 27 0:40 / /home/u/share rw,relatime shared:2 - cifs //server/share rw
41 40 8:1 / /home/u/share/disk rw - ext4 /dev/sdb1 rw
42 27 0:41 / /mnt/clinic\\040files rw - nfs4 server:/x rw
43 27 0:42 / /mnt/ssh rw - fuse.sshfs u@h:/ rw
44 27 8:2 / /mnt/stick rw - fuseblk /dev/sdc1 rw
45 27 0:43 / /mnt/over rw - nfs server:/y rw
46 27 8:3 / /mnt/over rw - ext4 /dev/sdd1 rw
nonsense
"""


@pytest.mark.skipif(sys.platform != "linux", reason="mountinfo is Linux")
@pytest.mark.parametrize(
    ("folder", "is_remote"),
    [
        ("/home/u/share/cases", True),
        ("/home/u/share", True),
        ("/home/u/shared", False),
        ("/home/u/share/disk/cases", False),
        ("/mnt/clinic files/cases", True),
        ("/mnt/ssh/x", True),
        ("/mnt/stick/x", False),
        ("/mnt/over/x", False),
        ("/home/u", False),
    ],
)
def test_a_network_drive_is_known_by_its_mount(folder: str, is_remote: bool) -> None:
    assert network_drive(Path(folder), MOUNTS.splitlines()) is is_remote


def test_the_mounts_of_this_computer_are_read() -> None:
    assert isinstance(network_drive(Path.home()), bool)


# -- conflicts ------------------------------------------------------------------------------------

NAMES = (
    "drafts (1).db",
    "drafts (conflicted copy).db",
    "drafts (conflicted copy 2026-11-25 101500).db",
    "drafts (Somebody's conflicted copy 2026-11-25).db",
    "drafts-PRACTICE-PC2.db",
    "drafts_conflict-20261125-101500.db",
    "drafts.sync-conflict-20261125-101500-ABCDEFG.db",
    "drafts 2.db",
    "Copy of drafts.db",
    "DRAFTS-PC.DB",
)


@pytest.mark.parametrize("name", NAMES)
def test_a_copy_in_conflict_is_known_by_its_name(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"x")
    assert conflicted(tmp_path) == [tmp_path / name]


def test_the_programs_own_files_are_no_conflict(folder: Path, key: bytes, drafts: Drafts) -> None:
    for name in (
        "drafts.db.new",
        "drafts.db.damaged-1",
        "drafts.db-journal",
        "drafts.db.keyid",
        "drafts-20261125-101500.db",
        "drafts-20261125-101500.db.keys.json",
        "drafts-format-1.db",
        "drafts (1).db.taken-over-1",
        "overdrafts.db",
    ):
        (folder / name).write_bytes(b"x")
    (folder / "drafts-folder.db").mkdir()
    assert conflicted(folder) == []
    assert conflicted(folder / "none") == []


class Two:
    """The drafts of one computer, and a copy that another one went on with."""

    def __init__(self, folder: Path, key: bytes) -> None:
        self.folder, self.key = folder, key
        self.here = Drafts.open(folder, key)
        self.ids = [self.case(self.here, f"Specimen{i}") for i in range(4)]
        self.path = folder / "drafts (conflicted copy).db"
        place = folder.parent / "elsewhere"
        place.mkdir()
        for name in ("drafts.db", "keys.json"):
            shutil.copyfile(folder / name, place / name)
        self.there = Drafts.open(place, key)

    @staticmethod
    def case(drafts: Drafts, family: str) -> str:
        draft, history = drafts.create("f", "c", AT), History()
        drafts.append(draft, named(history, family, "Ann", AT.date()))
        return draft

    @staticmethod
    def go_on(drafts: Drafts, draft: str, text: str) -> None:
        drafts.append(draft, typed(drafts.history(draft), text))

    @staticmethod
    def issue(drafts: Drafts, draft: str, version: int, text: str) -> None:
        drafts.issue(draft, letter(version, drafts.last_n(draft), text=text))

    def meet(self) -> None:
        """Let the other file arrive."""
        self.there.close()
        shutil.copyfile(self.there.folder / "drafts.db", self.path)

    def take_over(self):
        return take_over(self.path, self.folder, self.key, lambda work: work(self.here))

    def everything(self) -> dict[str, object]:
        return {
            info.id: (self.here.history(info.id).edits, self.here.issues(info.id))
            for info in self.here.list()
        }


@pytest.fixture
def two(folder: Path, key: bytes):
    made = Two(folder, key)
    yield made
    made.here.close()
    made.there.close()


def test_what_is_not_here_comes_here_and_nothing_else_changes(two: Two) -> None:
    same, older, split, lettered = two.ids
    two.go_on(two.here, older, "only here")
    two.go_on(two.here, split, "here")
    two.go_on(two.there, split, "there")
    two.issue(two.here, lettered, 1, "ours")
    two.issue(two.there, lettered, 1, "theirs")
    new = two.case(two.there, "Another")
    two.issue(two.there, new, 1, "first")
    two.there.withdraw(new, 1, AT, "sent in error")
    theirs = {d: (two.there.history(d).edits, two.there.issues(d)) for d in (split, lettered, new)}
    two.meet()
    before, data = two.everything(), two.path.read_bytes()
    cases = look(two.path, two.folder, two.key)
    assert {case.difference.id: case.difference.standing for case in cases} == {
        split: "other",
        lettered: "other",
        new: "new",
    }
    assert summary(cases) == (
        "1 case that is not here and 2 cases with other edits or letters than here"
    )
    assert two.path.read_bytes() == data
    done = two.take_over()
    assert (done.cases, done.lost) == (3, ())
    now = two.everything()
    assert {draft: now[draft] for draft in before} == before
    added = {draft: now[draft] for draft in now.keys() - before.keys()}
    assert added.pop(new) == theirs[new]
    assert theirs[new][1][0].withdrawn_because == "sent in error"
    assert sorted(added.values(), key=repr) == sorted((theirs[split], theirs[lettered]), key=repr)
    assert same in before
    assert not two.path.exists()
    assert done.aside.read_bytes() == data
    assert done.aside.name == "drafts (conflicted copy).db.taken-over-1"
    assert conflicted(two.folder) == []
    assert two.here.verify() == []


def test_what_was_taken_over_is_known_when_the_file_comes_again(two: Two) -> None:
    two.go_on(two.here, two.ids[0], "here")
    two.go_on(two.there, two.ids[0], "there")
    two.case(two.there, "Another")
    two.meet()
    data = two.path.read_bytes()
    assert two.take_over().cases == 2
    two.path.write_bytes(data)
    assert look(two.path, two.folder, two.key) == []
    # Also when the case went on here meanwhile.
    for info in two.here.list():
        two.go_on(two.here, info.id, "more")
    before = two.everything()
    assert two.take_over().cases == 0
    assert two.everything() == before
    assert "nothing that is not here" in summary([])


def test_a_case_that_went_on_there_alone_becomes_one_of_its_own(two: Two) -> None:
    two.go_on(two.there, two.ids[0], "there")
    two.meet()
    assert two.take_over().cases == 1
    assert len(two.here.list()) == 5
    assert two.here.last_n(two.ids[0]) == 3


def test_a_file_of_an_older_format_is_read_and_stays_as_it_is(
    two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = two.case(two.there, "Another")
    two.issue(two.there, new, 1, "first")
    two.meet()
    data = two.path.read_bytes()
    step = "ALTER TABLE issue ADD COLUMN later TEXT NOT NULL DEFAULT 'x'"
    monkeypatch.setattr(schema, "STEPS", (*schema.STEPS, step))
    monkeypatch.setattr(schema, "_SEEN", (*schema._SEEN, "SELECT 1"))
    monkeypatch.setattr(schema, "VERSION", len(schema.STEPS))
    two.here.close()
    two.here = Drafts.open(two.folder, two.key)
    assert [case.id for case in look(two.path, two.folder, two.key)] == [new]
    assert two.path.read_bytes() == data
    done = two.take_over()
    assert (done.cases, done.lost) == (1, ())
    assert len(two.here.issues(new)) == 1
    assert done.aside.read_bytes() == data


def test_a_stop_half_way_leaves_whole_cases_and_the_file(
    two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    for family in ("Another", "Athird"):
        draft = two.case(two.there, family)
        two.issue(two.there, draft, 1, family)
    two.meet()
    before = two.everything()
    honest, count = Drafts.issue, []

    def issue(self: Drafts, *words: object) -> None:
        count.append(1)
        if len(count) == 2:
            raise KeyboardInterrupt
        honest(self, *words)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(database_module.Drafts, "issue", issue)
        with pytest.raises(KeyboardInterrupt):
            two.take_over()
    now = two.everything()
    (added,) = now.keys() - before.keys()
    assert len(two.here.issues(added)) == 1
    assert two.path.exists()
    assert two.take_over().cases == 1
    assert len(two.here.list()) == 6
    assert two.here.verify() == []


def test_a_file_of_other_keys_or_damaged_is_told_and_stays(two: Two, tmp_path: Path) -> None:
    other = create_keys(tmp_path / "other", PASSPHRASE, cost=CHEAP)
    with Drafts.open(tmp_path / "other", other) as drafts:
        two.case(drafts, "Stranger")
    shutil.copyfile(tmp_path / "other" / "drafts.db", two.path)
    with pytest.raises(StoreError, match="cannot be read with this key"):
        two.take_over()
    for i in range(60):
        two.case(two.there, f"Many{i}")
    two.meet()
    data = bytearray(two.path.read_bytes())
    data[len(data) // 2 :] = b"\0" * (len(data) - len(data) // 2)
    two.path.write_bytes(data)
    before = two.everything()
    with pytest.raises(StoreError, match=r"is damaged: triage drafts salvage"):
        two.take_over()
    assert two.path.read_bytes() == data
    assert two.everything() == before


@pytest.mark.parametrize("is_same_text", [False, True])
def test_what_was_begun_in_one_field_on_two_computers_is_kept_of_both(
    two: Two, is_same_text: bool
) -> None:
    """What is still being typed there is part of ours only if ours goes on with it."""
    note, draft = "note.history", two.ids[0]
    later = "Cramps since March, at night." if is_same_text else "None of this in the family."
    for drafts, text, at in (
        (two.there, "Cramps since Mar", AT),
        (two.here, later, AT + timedelta(minutes=3)),
    ):
        history = drafts.history(draft)
        drafts.append(draft, history.change({note: Text(text=text)}, at, typing=note))
    two.meet()
    assert two.take_over().cases == (not is_same_text)
    kept = [two.here.history(info.id).case.get(note) for info in two.here.list()]
    assert Text(text=later) in kept
    assert (Text(text="Cramps since Mar") in kept) is not is_same_text
