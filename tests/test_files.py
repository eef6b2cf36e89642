"""Files: what comes from outside is bounded and ordinary, what is written is whole or not there."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest

from triage import files
from triage.errors import TriageError
from triage.files import private_folder, read_text, write_durably, write_whole


def test_the_old_file_stays_until_the_new_one_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "sub" / "letter.pdf"
    with pytest.raises(TriageError):
        write_whole(path, b"no folder")
    write_whole(path, b"old", parents=True)
    write_whole(path, b"new")
    assert path.read_bytes() == b"new"
    assert [p.name for p in path.parent.iterdir()] == ["letter.pdf"]


def test_what_cannot_be_written_is_one_sentence_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(
        TriageError, match=r"letter.pdf could not be written .*: choose another folder"
    ):
        write_whole(tmp_path / "file" / "letter.pdf", b"x")
    folder = tmp_path / "letter.pdf"
    folder.mkdir()
    with pytest.raises(TriageError):
        write_whole(folder, b"x")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["file", "letter.pdf"]


def test_a_file_from_outside_is_read_with_its_line_ends_as_lf(tmp_path: Path) -> None:
    path = tmp_path / "case.json"
    path.write_bytes(b"a\r\nb\n")
    assert read_text(path, 5) == "a\nb\n"


def test_no_more_than_the_limit_and_one_byte_is_ever_read(tmp_path: Path) -> None:
    path = tmp_path / "case.json"
    with path.open("wb") as file:
        # A hole of a terabyte: whoever reads it whole never comes back.
        file.truncate(2**40)
    with pytest.raises(TriageError, match="far too large: at most 8 MB"):
        read_text(path, 8_000_000)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")
def test_only_an_ordinary_file_is_read_and_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to("/dev/zero")
    for name in ("pipe", "link", "."):
        with pytest.raises(TriageError, match="no ordinary file"):
            read_text(tmp_path / name, 8_000_000)


@pytest.mark.parametrize(
    ("data", "says"), [(b"ab\xff", "byte 2 is not UTF-8"), (b"x" * 11, "far too large")]
)
def test_what_is_no_text_is_one_sentence(tmp_path: Path, data: bytes, says: str) -> None:
    path = tmp_path / "case.json"
    path.write_bytes(data)
    with pytest.raises(TriageError, match=says):
        read_text(path, 10)


def test_a_missing_file_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(TriageError, match=r"cannot be read .*: check the path"):
        read_text(tmp_path / "nowhere.json", 10)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps rights elsewhere")
def test_what_is_written_is_closed_to_others(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    write_durably(path, b"x")
    assert path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("text", ['{"a": 1}', "", "\ufeff"])
def test_the_mark_of_an_editor_in_front_of_a_file_is_no_text(tmp_path: Path, text: str) -> None:
    path = tmp_path / "case.json"
    path.write_text(f"\ufeff{text}", encoding="utf-8")
    assert read_text(path, 1000) == text


@pytest.mark.skipif(not hasattr(os, "O_TMPFILE"), reason="this system has no files without a name")
def test_what_is_stopped_while_it_is_written_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "letter.pdf").write_bytes(b"old")

    def stopped(_: int) -> None:
        raise KeyboardInterrupt([path.name for path in tmp_path.iterdir()])

    monkeypatch.setattr(os, "fsync", stopped)
    with pytest.raises(KeyboardInterrupt) as caught:
        write_durably(tmp_path / "letter.pdf", b"new")
    assert caught.value.args[0] == ["letter.pdf"]
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"old"]


def test_where_files_without_a_name_are_not_to_be_had_they_have_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(os, "O_TMPFILE", raising=False)
    write_durably(tmp_path / "letter.pdf", b"new")
    assert [(p.name, p.read_bytes()) for p in tmp_path.iterdir()] == [("letter.pdf", b"new")]


@pytest.mark.parametrize("has_unnamed", [True, False])
def test_what_a_killed_program_left_is_removed_by_the_next_write_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, has_unnamed: bool
) -> None:
    if not has_unnamed:
        monkeypatch.delattr(os, "O_TMPFILE", raising=False)
    old, young = tmp_path / f".triage-{'0' * 16}", tmp_path / f".triage-{'1' * 16}"
    others = [tmp_path / ".triage-notes", tmp_path / "letter.pdf", tmp_path / f".triage-{'2' * 16}"]
    for path in (old, young, *others[:2]):
        path.write_bytes(b"half a letter")
    others[2].mkdir()
    for path in (old, *others):
        os.utime(path, (time.time() - 3700,) * 2)
    write_durably(tmp_path / "new.pdf", b"new")
    assert not old.exists()
    assert young.exists()
    assert all(path.exists() for path in others)


def test_each_folder_that_is_made_survives_a_power_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[Path] = []
    monkeypatch.setattr(files, "sync_folder", synced.append)
    for _ in range(2):
        private_folder(tmp_path / "a" / "b")
    assert sorted(synced) == [tmp_path, tmp_path / "a"]
