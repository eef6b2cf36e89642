"""What is being typed in one field stands in one row, and becomes one edit when the field is left."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.store.helpers import AT, CHEAP, MARKER, letter, typed
from triage.model.history import Edit, History
from triage.model.values import Finding, Text
from triage.store import Drafts, Writer, create_keys, rows

NOTE = "note.complaint"
CHAIN = "012a2d72e560865fcc39db39eba1412a8974855594e78f47c96ffda6991d7328"


def keyed(history: History, text: str) -> tuple[Edit, ...]:
    """Type on in the one field, as a window does it key by key."""
    join = history.is_typing and history.edits[-1].key == NOTE
    return history.change({NOTE: Text(text=text)}, AT, join=join, typing=NOTE)


def edits_in(drafts: Drafts) -> list[int]:
    return [n for (n,) in drafts._connection.execute("SELECT n FROM edit ORDER BY n")]


def test_what_is_typed_is_replaced_in_place_and_becomes_one_edit(drafts: Drafts) -> None:
    draft, history = drafts.create("f", "c", AT), History()
    drafts.append(draft, typed(history, "first", "note.other"))
    for end in range(1, 60):
        drafts.append(draft, keyed(history, "A note, key by key, and no row more."[:end] + "."))
        assert edits_in(drafts) == [1]
        assert drafts.history(draft).edits == history.edits
    history.end_typing()
    drafts.append(draft, history.since(1))
    assert edits_in(drafts) == [1, 2]
    assert drafts.history(draft).edits == history.edits
    assert drafts._connection.execute("SELECT count(*) FROM typing").fetchall() == [(0,)]
    assert drafts.verify() == []


def test_typing_on_is_one_step_of_undo(drafts: Drafts) -> None:
    draft, history = drafts.create("f", "c", AT), History()
    for text in ("o", "on", "one"):
        drafts.append(draft, keyed(history, text))
    taken = history.undo(AT)
    # The edit that was still being typed is handed over whole, before the one that takes it back.
    drafts.append(draft, history.since(0))
    assert [edit.n for edit in taken] == [2]
    again = drafts.history(draft)
    assert dict(again.case) == {}
    again.redo(AT)
    assert again.case[NOTE] == Text(text="one")


def test_another_key_ends_what_was_being_typed(drafts: Drafts) -> None:
    draft, history = drafts.create("f", "c", AT), History()
    drafts.append(draft, keyed(history, "a word"))
    history.change({"rf.fever": Finding(present=True)}, AT)
    drafts.append(draft, history.since(0))
    assert edits_in(drafts) == [1, 2]
    assert [edit.typing for edit in drafts.history(draft).edits] == [False, False]


def test_after_a_stop_it_is_an_edit_and_its_number_is_the_same(folder: Path, key: bytes) -> None:
    with Drafts.open(folder, key) as drafts:
        draft, history = drafts.create("f", "c", AT), History()
        drafts.append(draft, keyed(history, MARKER))
    with Drafts.open(folder, key) as drafts:
        assert drafts.history(draft).is_typing
        assert drafts.last_n(draft) == 0
        drafts.end_typing(draft)
        history.end_typing()
        assert drafts.history(draft).edits == history.edits
        drafts.end_typing(draft)
        assert drafts.history(draft).n == 1
        drafts.issue(draft, letter(1, 1))
        assert drafts.list()[0].state == "issued v1"
        drafts.append(draft, keyed(history, "changed"))
        assert drafts.list()[0].state == "amending v2"
        drafts.append(draft, keyed(history, MARKER))
        assert drafts.list()[0].state == "issued v1"
        assert drafts.verify() == []


def test_a_writer_saves_the_last_of_what_was_typed(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    drafts = Drafts.open(folder, create_keys(folder, "correct horse", cost=CHEAP))
    draft, history = drafts.create("f", "c", AT), History()
    saved: list[int] = []
    writer = Writer(drafts, lambda _, n: saved.append(n), saved.append)
    for count in range(400):
        writer.submit(draft, keyed(history, "x" * (count + 1)))
    assert writer.flush(10)
    assert set(saved) == {1}
    found = writer.call(lambda d: d.history(draft)).result(10)
    assert found.edits == history.edits
    history.end_typing()
    writer.submit(draft, history.edits)
    assert writer.flush(10)
    assert writer.call(lambda d: d.last_n(draft)).result(10) == 1
    assert writer.close(10)


def test_a_lost_edit_of_a_case_is_told(drafts: Drafts) -> None:
    """Also where the numbers fit and the last ones are missing, as after a journal that was cut off."""
    draft, history = drafts.create("f", "c", AT), History()
    for text in ("one", "two", "three"):
        drafts.append(draft, typed(history, text))
    connection = drafts._connection
    connection.execute("DROP TRIGGER edit_is_not_deleted")
    connection.execute("DELETE FROM edit WHERE n = 3")
    assert any("2 of the 3 edits of this case are left." in fault for fault in drafts.verify())


def test_a_long_note_stays_small(folder: Path, key: bytes) -> None:
    """3,000 characters typed key by key: at most 100 kB for the case."""
    with Drafts.open(folder, key) as drafts:
        draft, history = drafts.create("f", "c", AT), History()
        before = (folder / "drafts.db").stat().st_size
        for end in range(10, 3001, 10):
            drafts.append(draft, keyed(history, ("A sentence of a note. " * 140)[:end]))
        history.end_typing()
        drafts.append(draft, history.edits)
        assert (folder / "drafts.db").stat().st_size - before <= 100_000


def test_the_chain_is_the_same_under_every_python() -> None:
    # A sign that Python 3.11 does not know, and 3.12 does.
    row = (1, "2026-11-22T09:30:00+00:00", "note.complaint", '{"text":"\U0001fae8 é"}', 1, None)
    assert rows.chained("", [row]) == CHAIN


@pytest.mark.parametrize("text", ["", "x", "It begins in another leg."])
def test_what_is_erased_at_a_stroke_stays_in_the_log_and_undo_brings_it_back(
    drafts: Drafts, text: str
) -> None:
    long = "It begins in the calf of the left leg, at night, and wakes him."
    draft, history = drafts.create("f", "c", AT), History()
    for end in range(1, len(long) + 1):
        drafts.append(draft, keyed(history, long[:end]))
    history.change({NOTE: Text(text=text) if text else None}, AT, join=True, typing=NOTE)
    drafts.append(draft, history.since(0))
    keyed(history, f"{text} and on")
    history.end_typing()
    drafts.append(draft, history.since(1))
    kept = drafts.history(draft)
    assert kept.edits == history.edits
    assert [edit.new for edit in kept.edits] == [Text(text=long), Text(text=f"{text} and on")]
    kept.undo(AT)
    assert kept.case[NOTE] == Text(text=long)


def test_a_few_letters_taken_back_are_no_step(drafts: Drafts) -> None:
    history = History()
    for text in ("It begins in the calf", "It begins in the", "It begins in the foot"):
        keyed(history, text)
    assert len(history.edits) == 1
