from __future__ import annotations

from pathlib import Path

import pytest

from triage.errors import TriageError
from triage.model.files import write_whole


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
