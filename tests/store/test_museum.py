"""Real files of every format that was ever in use: each must open, whole, for ever."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from triage.model.dates import PartialDate
from triage.model.values import Date, Finding, Text
from triage.store import Drafts, open_keys
from triage.store.schema import VERSION

MUSEUM = Path(__file__).with_name("museum")
PASSPHRASE = "a passphrase of the museum"
# Cases that the files of later formats have besides.
LATER = ("Typing",)


def test_there_is_a_file_of_every_format() -> None:
    assert {path.name for path in MUSEUM.iterdir()} == {
        f"format-{number}" for number in range(1, VERSION + 1)
    }


def test_what_came_with_format_2_is_kept(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    shutil.copytree(MUSEUM / "format-2", folder)
    with Drafts.open(folder, open_keys(folder, PASSPHRASE)) as drafts:
        (typing,) = drafts.list("999 000 0018")
        history = drafts.history(typing.id)
        assert history.is_typing
        assert history.case["note.complaint"] == Text(text="It begins in the cal")
        (binned,) = drafts.list(show="bin")
        assert binned.name == "Binned"
        (ann,) = drafts.list("specimen")
        for letter, sent in zip(drafts.issues(ann.id), drafts.sent(ann.id), strict=True):
            assert letter.template == "referral_letter"
            assert (sent.key, sent.how, sent.says, sent.day) == (letter.key, "print", "", "")


def test_what_came_with_format_3_is_kept(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    shutil.copytree(MUSEUM / "format-3", folder)
    with Drafts.open(folder, open_keys(folder, PASSPHRASE)) as drafts:
        (ann,) = drafts.list("specimen")
        assert ann.digest == "{}"
        assert [(sent.how, sent.says, sent.day) for sent in ann.sent] == [
            ("print", "", ""),
            ("print", "", ""),
            ("call", "Dr Sample", ""),
            ("returned", "no CK", ""),
            ("booked", "", "2026-12-03"),
        ]
        assert ann.letters == tuple(letter.key for letter in drafts.issues(ann.id))


@pytest.mark.parametrize("name", sorted(path.name for path in MUSEUM.iterdir()))
def test_a_file_of_the_museum_opens_whole(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "store"
    shutil.copytree(MUSEUM / name, folder)
    with Drafts.open(folder, open_keys(folder, PASSPHRASE)) as drafts:
        assert drafts.verify() == []
        found = {info.name: info for info in drafts.list() if info.name not in LATER}
        assert {name: info.state for name, info in found.items()} == {
            "Spécimen, Ann": "amending v2",
            "Sample, Nora": "withdrawn",
            "": "draft",
        }
        ann = found["Spécimen, Ann"]
        history = drafts.history(ann.id)
        assert history.n == ann.edits == 8
        assert dict(history.case) == {
            "patient.family_name": Text(text="Spécimen"),
            "patient.given_name": Text(text="Ann"),
            "patient.dob": Date(date=PartialDate(year=2026, month=11, day=22)),
            "rf.fever": Finding(present=True),
            "note.complaint": Text(text="Another note."),
        }
        assert history.case_at(7)["note.complaint"] == Text(text="A note\nof two lines.")
        letters = drafts.issues(ann.id)
        assert [(one.version, one.recipient, one.case_n) for one in letters] == [
            (1, "neurology", 7),
            (1, "neurophysiology", 7),
        ]
        (withdrawn,) = drafts.issues(found["Sample, Nora"].id)
        assert withdrawn.withdrawn_because == "sent in error"
        history.undo(ann.changed)
        drafts.append(ann.id, history.since(8))
    with Drafts.open(folder, open_keys(folder, PASSPHRASE)) as drafts:
        assert drafts.history(ann.id).edits == history.edits
