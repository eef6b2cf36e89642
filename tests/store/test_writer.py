from __future__ import annotations

import os
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.store.conftest import PASSPHRASE
from tests.store.helpers import AT, CHEAP, MARKER, files_with, typed
from triage.errors import StoreError
from triage.model.history import Edit, History
from triage.model.values import Finding
from triage.store import Drafts, Writer, create_keys, open_keys, rows


class Heard:
    def __init__(self) -> None:
        self.saved: list[tuple[str, int]] = []
        self.failed: list[str] = []
        self.threads: set[str] = set()

    def on_saved(self, draft: str, n: int) -> None:
        self.threads.add(threading.current_thread().name)
        self.saved.append((draft, n))

    def on_failed(self, reason: str) -> None:
        self.threads.add(threading.current_thread().name)
        self.failed.append(reason)


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def start(heard: Heard) -> Iterator[Callable[[Path, bytes], Writer]]:
    writers: list[Writer] = []

    def make(folder: Path, key: bytes) -> Writer:
        writers.append(Writer(Drafts.open(folder, key), heard.on_saved, heard.on_failed))
        return writers[-1]

    yield make
    for writer in writers:
        writer.close()


@pytest.fixture
def writer(start: Callable[[Path, bytes], Writer], folder: Path, key: bytes) -> Writer:
    return start(folder, key)


def _new(writer: Writer) -> str:
    return writer.call(lambda drafts: drafts.create("f", "c", AT)).result(10)


def _fill_up(writer: Writer) -> None:
    """Let the database grow no further, as on a full disk."""
    writer.call(lambda d: d._connection.pragma("max_page_count", 1)).result(10)


def _free(writer: Writer) -> None:
    writer.call(lambda d: d._connection.pragma("max_page_count", 1_000_000)).result(10)


def _log(writer: Writer, draft: str) -> tuple[Edit, ...]:
    return writer.call(lambda drafts: drafts.history(draft).edits).result(10)


def test_edits_are_saved_within_a_second_without_asking(writer: Writer, heard: Heard) -> None:
    draft, history = _new(writer), History()
    writer.submit(draft, typed(history, "one"))
    until = time.monotonic() + 1
    while not heard.saved and time.monotonic() < until:
        time.sleep(0.005)
    assert heard.saved == [(draft, 1)]
    assert heard.threads == {"drafts"}
    assert writer.unsaved == {}


def test_many_small_edits_are_saved_together_and_in_order(writer: Writer, heard: Heard) -> None:
    draft, history = _new(writer), History()
    for number in range(500):
        writer.submit(draft, typed(history, str(number)))
    assert writer.flush(30)
    assert _log(writer, draft) == history.edits
    assert heard.saved[-1] == (draft, 500)
    assert [n for _, n in heard.saved] == sorted(n for _, n in heard.saved)
    assert len(heard.saved) < 500


def test_several_threads_can_submit(writer: Writer) -> None:
    histories = {_new(writer): History() for _ in range(5)}

    def work(draft: str) -> None:
        for number in range(40):
            writer.submit(draft, typed(histories[draft], str(number)))

    threads = [threading.Thread(target=work, args=(draft,)) for draft in histories]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert writer.flush(30)
    for draft, history in histories.items():
        assert _log(writer, draft) == history.edits


def test_a_call_sees_what_was_submitted_before(writer: Writer) -> None:
    draft, history = _new(writer), History()
    writer.submit(draft, typed(history, "one"))
    assert _log(writer, draft) == history.edits


def test_a_call_hands_its_error_to_who_asked(writer: Writer) -> None:
    with pytest.raises(StoreError, match="no such draft"):
        writer.call(lambda drafts: drafts.history("0" * 32)).result(10)
    assert _new(writer)


def test_a_full_disk_is_told_and_the_edits_stay_until_there_is_room(
    writer: Writer, heard: Heard
) -> None:
    draft, history = _new(writer), History()
    _fill_up(writer)
    writer.submit(draft, typed(history, MARKER * 9000))
    assert not writer.flush(10)
    assert "The disk is full" in heard.failed[0]
    assert MARKER not in "".join(heard.failed)
    writer.submit(draft, typed(history, "more"))
    assert not writer.flush(10)
    assert writer.unsaved == {draft: history.edits}
    _free(writer)
    writer.retry()
    assert writer.flush(10)
    assert _log(writer, draft) == history.edits
    assert heard.saved == [(draft, 2)]


def test_failed_edits_are_tried_again_unasked_and_quietly(
    writer: Writer, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("triage.store.writer._RETRY_SECONDS", 0.02)
    draft, history = _new(writer), History()
    _fill_up(writer)
    writer.submit(draft, typed(history, "x" * 9000))
    time.sleep(0.3)
    assert len(heard.failed) == 1
    _free(writer)
    until = time.monotonic() + 5
    while not heard.saved and time.monotonic() < until:
        time.sleep(0.01)
    assert heard.saved == [(draft, 1)]


def test_unsaved_edits_are_saved_elsewhere_and_work_goes_on_there(
    writer: Writer, heard: Heard, tmp_path: Path
) -> None:
    draft, history = _new(writer), History()
    writer.submit(draft, typed(history, "saved before"))
    assert writer.flush(10)
    _fill_up(writer)
    writer.submit(draft, typed(history, MARKER * 9000))
    assert not writer.flush(10)
    elsewhere = tmp_path / "stick"
    assert writer.save_elsewhere(elsewhere).result(10) == elsewhere
    assert writer.unsaved == {}
    writer.submit(draft, typed(history, "and on"))
    assert writer.close()
    assert files_with(tmp_path, MARKER) == []
    with Drafts.open(elsewhere, open_keys(elsewhere, PASSPHRASE)) as drafts:
        assert drafts.history(draft).edits == history.edits
        assert drafts.verify() == []
    assert heard.saved[-1] == (draft, 3)


def test_drafts_are_never_saved_over_others(writer: Writer, folder: Path) -> None:
    draft, history = _new(writer), History()
    _fill_up(writer)
    writer.submit(draft, typed(history, "x" * 9000))
    with pytest.raises(StoreError, match="holds drafts already"):
        writer.save_elsewhere(folder, {draft: history.edits}).result(10)
    assert writer.unsaved == {draft: history.edits}


def test_a_vanished_folder_is_told_and_the_work_saved_elsewhere(
    writer: Writer, heard: Heard, folder: Path, tmp_path: Path
) -> None:
    draft, history = _new(writer), History()
    writer.submit(draft, typed(history, "one"))
    assert writer.flush(10)
    shutil.rmtree(folder)
    writer.submit(draft, typed(history, "two"))
    assert not writer.flush(10)
    assert "moved or removed" in heard.failed[0]
    elsewhere = tmp_path / "elsewhere"
    writer.save_elsewhere(elsewhere).result(10)
    assert writer.close()
    with Drafts.open(elsewhere, open_keys(elsewhere, PASSPHRASE)) as drafts:
        assert drafts.history(draft).edits == history.edits


def test_what_cannot_even_be_read_is_rebuilt_from_the_logs_in_memory(
    writer: Writer, heard: Heard, folder: Path, tmp_path: Path
) -> None:
    draft, history = _new(writer), History()
    writer.submit(draft, typed(history, "one"))
    assert writer.flush(10)
    (folder / "drafts.db").write_bytes(b"\0" * 100_000)
    writer.submit(draft, typed(history, "two"))
    assert not writer.flush(10)
    with pytest.raises(StoreError):
        writer.save_elsewhere(tmp_path / "a").result(10)
    writer.save_elsewhere(tmp_path / "b", {draft: history.edits}).result(10)
    assert writer.close()
    with Drafts.open(tmp_path / "b", open_keys(tmp_path / "b", PASSPHRASE)) as drafts:
        assert drafts.history(draft).edits == history.edits
        [info] = drafts.list()
        assert (info.form, info.fingerprint, info.created) == ("f", "c", AT)


def test_a_case_that_holds_nothing_yet_goes_along_when_all_is_rebuilt(
    writer: Writer, heard: Heard, folder: Path, tmp_path: Path
) -> None:
    draft, empty, history = _new(writer), _new(writer), History()
    writer.submit(draft, typed(history, "one"))
    assert writer.flush(10)
    (folder / "drafts.db").write_bytes(b"\0" * 100_000)
    writer.save_elsewhere(tmp_path / "b", {draft: history.edits, empty: ()}).result(10)
    writer.submit(empty, typed(History(), "two"))
    assert writer.flush(10)


def test_a_save_whose_end_is_unknown_is_not_made_twice(
    writer: Writer, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft, history = _new(writer), History()
    honest = Drafts.append

    def committed_but_failed(self: Drafts, draft_id: str, edits: tuple[Edit, ...]) -> None:
        honest(self, draft_id, edits)
        raise StoreError("The share went away.")

    monkeypatch.setattr(Drafts, "append", committed_but_failed)
    writer.submit(draft, typed(history, "one"))
    assert not writer.flush(10)
    monkeypatch.setattr(Drafts, "append", honest)
    writer.submit(draft, typed(history, "two"))
    assert writer.flush(10)
    assert _log(writer, draft) == history.edits


def test_trouble_with_one_draft_does_not_hold_up_another(writer: Writer, heard: Heard) -> None:
    bad, good = _new(writer), _new(writer)
    skipped, history = History(), History()
    typed(skipped, "lost by a bug")
    writer.submit(bad, typed(skipped, "two"))
    writer.submit(good, typed(history, "one"))
    assert not writer.flush(10)
    assert "do not continue" in heard.failed[0]
    assert heard.saved == [(good, 1)]


def test_an_unforeseen_error_shows_no_patient_text(writer: Writer, heard: Heard) -> None:
    draft, history = _new(writer), History()
    # A lone surrogate cannot be written as JSON, and pydantic's error quotes what it was given.
    writer.submit(draft, typed(history, f"{MARKER}\ud800"))
    assert not writer.flush(10)
    assert "kept in memory" in heard.failed[0]
    assert MARKER not in heard.failed[0]
    assert writer.unsaved == {draft: history.edits}


def test_a_failing_callback_does_not_end_the_saving(
    folder: Path, key: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    caught: list[type[BaseException] | None] = []
    monkeypatch.setattr(threading, "excepthook", lambda args: caught.append(args.exc_type))
    writer = Writer(Drafts.open(folder, key), lambda *_: 1 / 0, lambda _: None)  # type: ignore[arg-type]
    draft, history = _new(writer), History()
    writer.submit(draft, typed(history, "one"))
    writer.submit(draft, typed(history, "two"))
    assert writer.close()
    assert set(caught) == {ZeroDivisionError}


def test_another_window_that_saves_is_waited_for(writer: Writer, folder: Path, key: bytes) -> None:
    draft, history = _new(writer), History()
    with Drafts.open(folder, key) as other:
        other._connection.execute("BEGIN IMMEDIATE")
        writer.submit(draft, typed(history, "one"))
        time.sleep(0.1)
        assert writer.unsaved
        other._connection.execute("ROLLBACK")
        assert writer.flush(10)


def test_another_window_that_does_not_let_go_is_told(
    writer: Writer, heard: Heard, folder: Path, key: bytes
) -> None:
    draft, history = _new(writer), History()
    with Drafts.open(folder, key) as other:
        other._connection.execute("BEGIN IMMEDIATE")
        writer.submit(draft, typed(history, "one"))
        assert not writer.flush(10)
        assert "Another window" in heard.failed[0]
        other._connection.execute("ROLLBACK")
    assert writer.flush(10)


def test_a_closed_writer_refuses_and_can_be_closed_again(writer: Writer) -> None:
    assert writer.close()
    assert writer.close()
    assert writer.flush(1)
    with pytest.raises(StoreError, match="closed"):
        writer.submit("0" * 32, ())
    with pytest.raises(StoreError, match="closed"):
        writer.call(lambda drafts: drafts.list())


def test_closing_with_unsaved_edits_says_so_and_keeps_them(writer: Writer) -> None:
    draft, history = _new(writer), History()
    _fill_up(writer)
    writer.submit(draft, typed(history, "x" * 9000))
    assert not writer.close()
    assert writer.unsaved == {draft: history.edits}


def test_a_disk_that_is_really_full(
    small_disk: Path, start: Callable[[Path, bytes], Writer], heard: Heard, tmp_path: Path
) -> None:
    folder = small_disk / "store"
    writer = start(folder, create_keys(folder, PASSPHRASE, cost=CHEAP))
    draft, history = _new(writer), History()
    writer.submit(draft, typed(history, "before"))
    assert writer.flush(10)
    free = os.statvfs(small_disk).f_bavail * os.statvfs(small_disk).f_frsize
    (small_disk / "ballast").write_bytes(b"x" * free)
    writer.submit(draft, typed(history, MARKER * 5000))
    assert not writer.flush(10)
    assert "The disk is full" in heard.failed[0]
    assert writer.unsaved == {draft: history.edits[1:]}
    writer.save_elsewhere(tmp_path / "elsewhere").result(10)
    assert writer.close()
    with Drafts.open(tmp_path / "elsewhere", open_keys(tmp_path / "elsewhere", PASSPHRASE)) as d:
        assert d.history(draft).edits == history.edits


def test_a_disk_that_became_read_only(
    small_disk: Path, start: Callable[[Path, bytes], Writer], heard: Heard
) -> None:
    folder = small_disk / "store"
    key = create_keys(folder, PASSPHRASE, cost=CHEAP)
    with Drafts.open(folder, key) as drafts:
        draft = drafts.create("f", "c", AT)
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    writer, history = start(folder, key), History()
    assert _log(writer, draft) == ()  # reading still works
    writer.submit(draft, typed(history, "one"))
    assert not writer.flush(10)
    assert "read-only" in heard.failed[0]
    subprocess.run(["mount", "-o", "remount,rw", str(small_disk)], check=True)
    assert writer.unsaved == {draft: history.edits}


def test_a_gap_is_filled_from_the_log(folder: Path, key: bytes, heard: Heard) -> None:
    history = History()
    writer = Writer(
        Drafts.open(folder, key), heard.on_saved, heard.on_failed, lambda _: history.edits
    )
    draft = _new(writer)
    writer.submit(draft, typed(history, "one"))
    typed(history, "two, which never came here")
    writer.submit(draft, typed(history, "three"))
    assert writer.flush(10)
    assert not heard.failed
    assert writer.call(lambda d: d.history(draft).edits).result(10) == history.edits
    # What comes twice is there once.
    writer.submit(draft, history.since(1))
    assert writer.flush(10)
    assert writer.call(lambda d: d.history(draft).edits).result(10) == history.edits
    writer.close()


def test_edits_of_another_log_are_refused_and_stay_unsaved(
    folder: Path, key: bytes, heard: Heard
) -> None:
    mine, other = History(), History()
    writer = Writer(Drafts.open(folder, key), heard.on_saved, heard.on_failed, lambda _: mine.edits)
    draft = _new(writer)
    writer.call(lambda d: d.append(draft, typed(other, "theirs"))).result(10)
    writer.submit(draft, typed(mine, "mine"))
    assert not writer.flush(10)
    assert "another window" in heard.failed[0]
    assert writer.unsaved[draft] == mine.edits
    assert writer.call(lambda d: d.history(draft).edits).result(10) == other.edits
    writer.close()


@pytest.mark.parametrize("what", ["replaced by an equal copy", "moved away and back"])
def test_saving_recovers_when_the_file_is_another_one(
    writer: Writer, heard: Heard, folder: Path, what: str
) -> None:
    draft, history = _new(writer), History()
    writer.submit(draft, typed(history, "one"))
    assert writer.flush(10)
    path = folder / "drafts.db"
    if what.startswith("replaced"):
        shutil.copy(path, folder / "copy")
        (folder / "copy").replace(path)
    else:
        path.rename(folder / "away")
    writer.submit(draft, typed(history, "two"))
    assert not writer.flush(10)
    assert heard.failed
    if not what.startswith("replaced"):
        (folder / "away").rename(path)
    for _ in range(4):
        if writer.flush(10):
            break
    assert not writer.unsaved
    assert writer.call(lambda d: d.history(draft).edits).result(10) == history.edits


def test_a_gap_is_filled_though_an_older_program_spelled_a_value_otherwise(
    folder: Path, key: bytes, heard: Heard
) -> None:
    drafts = Drafts.open(folder, key)
    draft = drafts.create("f", "c", AT)
    older = (1, AT.isoformat(), "rf.fever", '{"type":"finding","present":true}', 1, None)
    connection = drafts._connection
    connection.execute("INSERT INTO edit VALUES (1, ?, ?, ?, ?, ?, ?)", older)
    connection.execute("UPDATE draft SET edits = 1, chain = ?", (rows.chained("", [older]),))
    history = drafts.history(draft)
    assert history.case["rf.fever"] == Finding(present=True)
    writer = Writer(drafts, heard.on_saved, heard.on_failed, lambda _: history.edits)
    typed(history, "which never came here")
    writer.submit(draft, typed(history, "and on"))
    assert writer.flush(10)
    assert _log(writer, draft) == history.edits
    writer.close()
