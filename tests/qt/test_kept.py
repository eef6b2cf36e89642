"""What was recorded is kept, whatever goes wrong in a view, and what the user is told of it is true."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from triage.model.values import Finding, Text
from triage.qt.app import CrashHook
from triage.qt.parts.theme import Theme
from triage.qt.program import Program
from triage.qt.window import MainWindow
from triage.rules.assess import Assessor
from triage.session import Changed
from triage.session.draft import DraftStore
from triage.settings import Settings

from ..conftest import AT
from .conftest import Desk, refuse_saves

KEYS = ("rf.dark_urine", "rf.fever", "rf.seizure")


@pytest.fixture
def program(qtbot: QtBot, assessor: Assessor, theme: Theme, tmp_path: Path) -> Iterator[Program]:
    store = DraftStore(tmp_path / "drafts", b"k" * 32, lambda: AT)
    made = Program(assessor, store, Settings(), theme, lambda: AT)
    hook = CrashHook(made)
    hook.install()
    yield made
    hook.remove()
    for window in list(made.windows):
        window.close()
    QApplication.processEvents()
    store.close()


def broken(_: Changed | None = None) -> None:
    raise RuntimeError("Specimen")


def answer(window: MainWindow, key: str) -> None:
    """Record a finding, and let whatever no one catches reach the hook, as it does from a key press."""
    try:
        window.session.set(key, Finding(present=True))
    except RuntimeError as error:
        sys.excepthook(RuntimeError, error, error.__traceback__)
    QApplication.processEvents()


def on_disk(program: Program, window: MainWindow) -> list[str]:
    draft = window.saving.draft.id
    return [edit.key for edit in program.store.read(draft).edits]


def test_a_fault_in_any_view_loses_no_edit_and_the_message_is_true(program: Program) -> None:
    window = program.new_window()
    session = window.session
    count, sections = len(session._listeners), list(session.form.sections)
    assert count >= 6
    for i in range(count):
        working = session._listeners[i]
        session._listeners[i] = broken
        key = f"note.{sections[i % len(sections)]}"
        try:
            session.set(key, Text(text=f"Typed {i}"))
        except RuntimeError as error:
            sys.excepthook(RuntimeError, error, error.__traceback__)
        session._listeners[i] = working
        assert "What you typed is saved." in window.line.text
        assert on_disk(program, window)[-1] == key
    answer(window, "rf.dark_urine")
    assert on_disk(program, window) == [e.key for e in session.history.edits]
    assert len(on_disk(program, window)) == count + 1


def test_every_view_hears_of_a_change_though_one_is_at_fault(program: Program) -> None:
    window = program.new_window()
    heard: list[Changed] = []
    window.session._listeners.insert(0, broken)
    window.session.subscribe(heard.append)
    with pytest.raises(RuntimeError):
        window.session.set("rf.dark_urine", Finding(present=True))
    assert [found.keys for found in heard] == [{"rf.dark_urine"}]
    QApplication.processEvents()
    assert window.panel.banner.headline.text() != "Nothing assessed yet"


def test_what_never_reached_the_writer_is_taken_from_the_history(program: Program) -> None:
    window = program.new_window()
    keep = window.session._keep
    answer(window, KEYS[0])
    window.session._keep = broken
    answer(window, KEYS[1])
    # No name of an exception: it tells nobody at the screen anything.
    assert window.line.text == "Something went wrong in the program. What you typed is saved."
    assert on_disk(program, window) == list(KEYS[:2])
    window.session._keep = broken
    with pytest.raises(RuntimeError):
        window.session.set("rf.breathless_rest", Finding(present=True))
    window.session._keep = keep
    answer(window, KEYS[2])
    assert window.saving.draft.flush()
    assert on_disk(program, window) == [*KEYS[:2], "rf.breathless_rest", KEYS[2]]


def test_the_message_says_so_if_what_was_typed_is_not_saved(program: Program) -> None:
    window = program.new_window()
    window.session._listeners.insert(0, broken)
    refuse_saves(program.store, "The disk is full.")
    answer(window, KEYS[0])
    assert "could not be saved" in window.line.text
    refuse_saves(program.store, "")
    answer(window, KEYS[1])
    assert "What you typed is saved." in window.line.text
    assert on_disk(program, window) == list(KEYS[:2])


def test_what_a_clinician_types_into_the_letter_s_own_fields_is_kept_at_a_close(
    program: Program,
) -> None:
    for key in ("referrer.question", "referrer.working_diagnosis", "referrer.senior_discussed"):
        slot = program._assessor.content.form.slot(key)
        if slot is None or slot.kind != "text":
            continue
        window = program.new_window()
        window.session.set(key, Text(text="Is it motor neuron disease?"))
        draft = window.saving.draft.id
        window.close()
        QApplication.processEvents()
        assert [info.id for info in program.store.list() if info.id == draft] == [draft]


def test_a_whole_imported_case_is_in_the_store_before_its_window_opens(
    desk: Desk, assessor: Assessor
) -> None:
    values = {"rf.dark_urine": Finding(present=True), "patient.family_name": Text(text="Specimen")}
    made = desk.store.create(assessor.content, values)
    assert {edit.key for edit in desk.store.read(made.id).edits} == set(values)
    assert made.close()


def test_all_cases_go_on_in_another_folder_where_saving_fails(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = program.new_window(), program.new_window()
    answer(first, KEYS[0])
    assert first.saving.draft.flush()
    refuse_saves(program.store, "The disk is full.")
    answer(first, KEYS[1])
    answer(second, KEYS[2])
    assert not first.close()
    assert first.asking is not None
    elsewhere = tmp_path / "stick"
    elsewhere.mkdir()
    (elsewhere / "holiday.jpg").write_bytes(b"x")
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(elsewhere))
    first.asking.elsewhere.click()
    QApplication.processEvents()
    assert first not in program.windows
    assert program.store.folder.parent == elsewhere
    assert any("TRIAGE_HOME" in text for _, text in second.messages.told)
    answer(second, KEYS[0])
    assert second.saving.draft.flush()
    assert on_disk(program, second) == [KEYS[2], KEYS[0]]
    first_id = first.saving.draft.id
    assert [edit.key for edit in program.store.read(first_id).edits] == list(KEYS[:2])
    # No second window of this or another process writes the case.
    assert program.store.open(second.saving.draft.id).read_only
