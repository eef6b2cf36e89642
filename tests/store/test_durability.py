from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.store.helpers import AT, MARKER, files_with, named, typed
from triage.errors import KeyRefusedError
from triage.model.history import History
from triage.store import Drafts
from triage.store.claim import claims_of

Child = Callable[..., "subprocess.Popen[str]"]
ROOT = Path(__file__).parents[2]


@pytest.fixture
def child(folder: Path) -> Iterator[Child]:
    started: list[subprocess.Popen[str]] = []

    def start(task: str, draft: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "tests.store.child", task, str(folder), draft]
        pipe = subprocess.PIPE
        process = subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True)
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


@pytest.fixture
def draft(folder: Path, key: bytes) -> str:
    with Drafts.open(folder, key) as drafts:
        made, history = drafts.create("f", "c", AT), History()
        drafts.append(made, named(history, MARKER, "Ann", AT.date()))
        drafts.append(made, typed(history, f"{MARKER} " * 500))
    return made


@pytest.mark.parametrize("after", [1, 17, 40])
def test_what_was_acknowledged_survives_a_kill(
    folder: Path, key: bytes, draft: str, child: Child, after: int
) -> None:
    process = child("write_until_killed", draft)
    assert process.stdout is not None
    acknowledged = [process.stdout.readline() for _ in range(after)]
    process.kill()
    rest = process.communicate()[0].splitlines(keepends=True)
    # A last line cut short by the kill was not said.
    said = [int(line) for line in [*acknowledged, *rest] if line.endswith("\n")]
    with Drafts.open(folder, key) as drafts:
        history = drafts.history(draft)
        assert history.n >= max(said)
        assert [edit.n for edit in history.edits] == list(range(1, history.n + 1))
        assert drafts.verify() == []
    assert files_with(folder, MARKER) == []


def test_what_is_older_than_a_second_survives_a_sudden_end(
    folder: Path, key: bytes, draft: str, child: Child
) -> None:
    assert child("leave_without_goodbye", draft).wait(30) == 0
    with Drafts.open(folder, key) as drafts:
        assert drafts.history(draft).n == 24


def test_a_program_that_ends_without_closing_still_saves(
    folder: Path, key: bytes, draft: str, child: Child
) -> None:
    assert child("end_without_close", draft).wait(30) == 0
    with Drafts.open(folder, key) as drafts:
        assert drafts.history(draft).n == 5


@pytest.mark.parametrize("death", ["die_in_commit", "die_half_written"])
def test_a_half_made_transaction_is_rolled_back_and_its_journal_is_encrypted(
    folder: Path, key: bytes, draft: str, child: Child, death: str
) -> None:
    before = (folder / "drafts.db").read_bytes()
    assert child(death, draft).wait(30) == 7
    assert ((folder / "drafts.db").read_bytes() == before) == (death == "die_in_commit")
    assert (folder / "drafts.db-journal").stat().st_size > 0
    assert files_with(folder, MARKER) == []
    with Drafts.open(folder, key) as drafts:
        assert drafts.history(draft).n == 4
        assert drafts.verify() == []


def test_a_wrong_key_does_not_touch_a_half_made_transaction(
    folder: Path, key: bytes, draft: str, child: Child
) -> None:
    """SQLite rolls back before it reads, which with a wrong key would ruin the file."""
    child("die_half_written", draft).wait(30)
    (folder / "keys.json").rename(folder / "kept")
    before = (folder / "drafts.db").read_bytes(), (folder / "drafts.db-journal").read_bytes()
    with pytest.raises(KeyRefusedError):
        Drafts.open(folder, bytes(32))
    assert before == (
        (folder / "drafts.db").read_bytes(),
        (folder / "drafts.db-journal").read_bytes(),
    )
    (folder / "kept").rename(folder / "keys.json")
    with Drafts.open(folder, key) as drafts:
        assert drafts.history(draft).n == 4
        assert drafts.verify() == []


def test_no_patient_text_is_on_the_disk_at_any_time(
    folder: Path, key: bytes, draft: str, tmp_path: Path
) -> None:
    seen: list[str] = []
    with Drafts.open(folder, key) as drafts:
        history = drafts.history(draft)

        def look() -> bool:
            seen.extend(path.name for path in folder.iterdir())
            assert files_with(tmp_path, MARKER) == []
            return False

        drafts._connection.set_commit_hook(look)
        for number in range(20):
            drafts.append(draft, typed(history, f"{MARKER} {number} " * 500))
        drafts._connection.set_commit_hook(None)
        drafts.claim(draft)
        drafts.backup(tmp_path / "backup")
        assert [info.name for info in drafts.list(MARKER)] == [f"{MARKER}, Ann"]
    assert "drafts.db-journal" in seen
    assert files_with(tmp_path, MARKER) == []


def test_the_second_window_gets_no_claim(
    folder: Path, key: bytes, draft: str, child: Child
) -> None:
    # In whole seconds.
    before = datetime.now(UTC).replace(microsecond=0)
    first = child("claim", draft)
    assert first.stdout is not None
    assert first.stdout.readline() == "True\n"
    with Drafts.open(folder, key) as drafts:
        assert drafts.claim(draft) is None
        since = drafts.claimed_since(draft)
        assert since is not None
        assert before <= since <= datetime.now(UTC)
        other = drafts.create("f", "c", AT)
        assert drafts.claimed_since(other) is None
        assert drafts.claim(other) is not None
        assert drafts.claimed_since(draft) == since
        assert drafts.history(draft).n == 4  # reading is free
        with pytest.raises(Exception, match="Another window has this case open"):
            drafts.delete(draft)
        first.kill()  # a dead window holds nothing
        first.wait()
        taken = drafts.claim(draft)
        assert taken is not None
        second = child("claim", draft)
        assert second.stdout is not None
        assert second.stdout.readline() == "False\n"
        assert drafts.claim(draft) is None  # nor a second window of this process
        taken.release()
        taken.release()
        assert not taken.held
        with Drafts.open(folder, key) as again:
            assert again.claim(draft) is not None
    drafts = Drafts.open(folder, key)
    assert drafts.claim(draft) is not None  # closing gave it back
    drafts.delete(draft)  # by the window that has it
    drafts.close()


def test_who_only_looks_makes_no_window_read_only(
    folder: Path, key: bytes, draft: str, child: Child
) -> None:
    with Drafts.open(folder, key) as drafts:
        assert not drafts.list()[0].claimed
        stop, seen = threading.Event(), list[bool]()

        def look() -> None:
            while not stop.is_set():
                seen.append(claims_of(folder).is_taken(1))

        watcher = threading.Thread(target=look)
        watcher.start()
        for _ in range(300):
            taken = drafts.claim(draft)
            assert taken is not None
            taken.release()
        stop.set()
        watcher.join()
        first = child("claim", draft)
        assert first.stdout is not None
        assert first.stdout.readline() == "True\n"
        assert drafts.list()[0].claimed
        assert claims_of(folder).any_taken()
        first.kill()
        first.wait()
        assert not drafts.list()[0].claimed
        assert not claims_of(folder).any_taken()
    assert [path.name for path in (folder / "locks").glob("claims*")] == ["claims.lock"]


@pytest.mark.parametrize("byte", [b"\x00", b"\x0a", b"\xff"])
def test_a_case_opens_to_be_read_whatever_stands_in_the_file_of_claims(
    folder: Path, key: bytes, draft: str, byte: bytes
) -> None:
    with Drafts.open(folder, key) as drafts:
        assert drafts.claim(draft) is not None
        with (folder / "locks" / "claims.lock").open("r+b") as file:
            file.write(byte * (file.seek(0, 2) + 64 - file.seek(0)))
        since = drafts.claimed_since(draft)
        assert (since is None) == (byte == b"\x00")


def test_claims_outlive_the_loss_of_their_file(
    folder: Path, key: bytes, draft: str, child: Child
) -> None:
    with Drafts.open(folder, key) as drafts:
        assert drafts.claim(draft) is not None
        (folder / "locks" / "claims.lock").unlink()
        # The next look finds the file gone, and holds the claim on a new one.
        assert drafts.list()[0].claimed
        second = child("claim", draft)
        assert second.stdout is not None
        assert second.stdout.readline() == "False\n"


def test_a_limit_met_while_saving_is_told_and_the_edit_saved_later(
    folder: Path, key: bytes, draft: str, child: Child
) -> None:
    said = child("write_too_much", draft).communicate(timeout=30)[0].splitlines()
    assert "does not answer as it should" in said[0]
    assert (said[-2], said[-1]) == ("False", "True")
    with Drafts.open(folder, key) as drafts:
        assert drafts.history(draft).n == 5
        assert drafts.verify() == []
