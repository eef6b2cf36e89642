"""The program as a whole: windows on real drafts, the list of drafts, the passphrase, trouble at the start."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from itertools import product
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QDialog,
    QLabel,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from triage.content.casefile import write_case
from triage.errors import KeyRefusedError, Problem, StoreError, TriageError
from triage.model.case import Case
from triage.model.dates import PartialDate
from triage.model.history import History
from triage.model.values import Date, Finding, Text
from triage.qt import app as app_module
from triage.qt.app import CrashHook, Unlocking, report
from triage.qt.care import Care
from triage.qt.drafts.cases import CasesDialog
from triage.qt.drafts.damage import Choice, DamageDialog
from triage.qt.drafts.table import COLUMNS
from triage.qt.drafts.unlock import ForgottenBox, NewPassphraseDialog, RecoveryDialog, UnlockDialog
from triage.qt.parts.colours import SCHEMES, colours
from triage.qt.parts.theme import Theme
from triage.qt.program import Program
from triage.qt.shell.problems import ProblemsWindow
from triage.qt.window import MainWindow
from triage.rules.assess import Assessor
from triage.session.cases import Cases
from triage.session.draft import DraftStore
from triage.session.own import filled
from triage.settings import Sender, Settings
from triage.store import Drafts, KdfCost, Writer, create_keys, open_keys
from triage.store.backups import backups

from ..conftest import AT, the_assessor, the_content
from ..store.test_museum import MUSEUM
from ..store.test_museum import PASSPHRASE as OLD
from .asking import press_button

KEY = b"k" * 32
CHEAP = KdfCost(memory_kib=8, time=1, lanes=1)


@pytest.fixture
def store(assessor: Assessor, tmp_path: Path) -> Iterator[DraftStore]:
    made = DraftStore(tmp_path / "drafts", KEY, lambda: AT)
    yield made
    made.close()


@pytest.fixture
def program(qtbot: QtBot, assessor: Assessor, store: DraftStore, theme: Theme) -> Iterator[Program]:
    made = Program(
        assessor, store, Settings(senders={"me": Sender(name="Dr A Test")}), theme, lambda: AT
    )
    yield made
    for window in list(made.windows):
        window.close()
    QApplication.processEvents()


def _named(program: Program, family: str) -> MainWindow:
    window = program.new_window()
    window.session.set("patient.family_name", Text(text=family))
    window.session.set("patient.given_name", Text(text="Ann"))
    assert window.saving.draft.flush()
    return window


def _drafts(program: Program, window: MainWindow) -> CasesDialog:
    window.actions_["drafts"].trigger()
    QApplication.processEvents()
    assert program.case_list.dialog is not None
    return program.case_list.dialog


def test_what_is_typed_is_in_the_store_after_the_window_closed(
    program: Program, store: DraftStore
) -> None:
    window = _named(program, "Smith")
    assert window.close()
    assert not program.windows
    (row,) = store.list()
    assert (row.name, row.state, row.claimed) == ("Smith, Ann", "draft", False)


def test_a_case_in_which_nothing_was_recorded_leaves_no_draft(
    program: Program, store: DraftStore
) -> None:
    program.new_window().close()
    assert not store.list()
    assert not store.do(lambda drafts: drafts.list())


def test_the_header_tells_when_the_store_has_saved(qtbot: QtBot, program: Program) -> None:
    window = program.new_window()
    window.session.set("rf.dark_urine", Finding(present=True))
    qtbot.waitUntil(lambda: window.header.saved.text().startswith("Saved "), timeout=3000)


def test_a_new_case_carries_the_referrer_of_the_settings(program: Program) -> None:
    assert program.new_window().session.case["referrer.name"] == Text(text="Dr A Test")


def test_who_types_at_once_types_into_the_first_question(qtbot: QtBot, program: Program) -> None:
    window = program.new_window()
    qtbot.waitUntil(window.isActiveWindow)
    focused = window.focusWidget()
    assert focused is not None
    qtbot.keyClicks(focused, "Smith")
    assert window.session.case["patient.family_name"] == Text(text="Smith")


def test_a_second_window_on_a_case_only_reads_it(program: Program, store: DraftStore) -> None:
    first = _named(program, "Smith")
    (row,) = store.list()
    assert row.claimed
    second = program.open_window(row.id)
    assert second.session.read_only
    assert second.header.name.text() == "Ann Smith"
    # The claim has the time of this machine, not of the clock of the test: another day, so it says which.
    said = second.header.state.text()
    assert re.fullmatch(r"Read-only: open in another window since \d+ \w{3} \d{4}, \d\d:\d\d", said)
    told: list[str] = []
    second.messages.message.connect(lambda level, text: told.append(text))
    QTest.keyClick(second.questions, Qt.Key.Key_Y)
    assert told == [f"O{said.removeprefix('Read-only: o')}. Here it can be read."]
    first.close()
    assert not program.open_window(row.id).session.read_only


def test_a_draft_is_found_by_name_and_opened(qtbot: QtBot, program: Program) -> None:
    for name in ("Smith", "Jones"):
        _named(program, name).close()
    dialog = _drafts(program, program.new_window())
    qtbot.keyClicks(dialog.search, "jon")
    assert dialog.chosen is not None
    assert dialog.chosen.name == "Jones, Ann"
    press_button(qtbot, dialog.open_)
    assert program.windows[-1].header.name.text() == "Ann Jones"


def test_arrows_go_through_the_list_from_the_search_and_delete_acts_in_the_list(
    qtbot: QtBot, program: Program, store: DraftStore
) -> None:
    for name in ("Smith", "Jones"):
        _named(program, name).close()
    window = program.new_window()
    dialog = _drafts(program, window)
    qtbot.waitUntil(dialog.isActiveWindow)
    dialog.search.setFocus()
    for key, name in (
        ("up", "no name yet"),
        ("down", "Jones, Ann"),
        ("down", "Smith, Ann"),
        ("down", "Smith, Ann"),
    ):
        qtbot.keyClick(dialog.search, Qt.Key.Key_Down if key == "down" else Qt.Key.Key_Up)
        assert dialog.search.hasFocus()
        assert dialog.chosen is not None
        assert dialog.chosen.name == name
    qtbot.keyClick(dialog.search, Qt.Key.Key_Delete)
    assert store.list(show="bin") == []
    dialog.table.setFocus()
    qtbot.keyClick(dialog.table, Qt.Key.Key_Delete)
    press_button(qtbot, _answer(dialog, "Delete"))
    assert [row.name for row in store.list(show="bin")] == ["Smith, Ann"]
    dialog.reject()


def _answer(dialog: CasesDialog, answer: str) -> QWidget:
    box = dialog.confirmation
    assert box is not None
    return next(b for b in box.buttons() if answer in b.text().replace("&", ""))


def _cell(dialog: CasesDialog, line: int, column: str) -> str:
    return str(dialog.table.model().index(line, COLUMNS.index(column)).data())


def test_a_deleted_draft_is_in_the_bin_and_can_be_taken_back_at_once(
    qtbot: QtBot, program: Program, store: DraftStore
) -> None:
    _named(program, "Smith").close()
    dialog = _drafts(program, program.new_window())
    qtbot.keyClicks(dialog.search, "smith")
    press_button(qtbot, dialog.delete)
    assert dialog.confirmation is not None
    assert dialog.confirmation.text() == "Delete the draft for Ann Smith (no number)?"
    says = "2 answers. It stays in the bin for 30 days."
    assert dialog.confirmation.informativeText() == says
    press_button(qtbot, _answer(dialog, "Keep"))
    assert [row.name for row in store.list("smith")] == ["Smith, Ann"]
    press_button(qtbot, dialog.delete)
    press_button(qtbot, _answer(dialog, "Delete"))
    assert "Smith, Ann is in the bin, for 30 days" in dialog.undo_says.text()
    assert [row.name for row in store.list("smith")] == []
    assert [row.name for row in store.list(show="bin")] == ["Smith, Ann"]
    press_button(qtbot, dialog.undo)
    assert [row.name for row in store.list("smith")] == ["Smith, Ann"]
    assert dialog.undo.isHidden()
    press_button(qtbot, dialog.delete)
    press_button(qtbot, _answer(dialog, "Delete"))
    dialog.show_group("bin")
    assert dialog.chosen is not None
    press_button(qtbot, dialog.back)
    assert [row.name for row in store.list("smith")] == ["Smith, Ann"]
    dialog.reject()


def test_a_draft_of_the_bin_is_deleted_for_good_only_when_confirmed(
    qtbot: QtBot, program: Program, store: DraftStore
) -> None:
    _named(program, "Smith").close()
    dialog = _drafts(program, program.new_window())
    qtbot.keyClicks(dialog.search, "smith")
    press_button(qtbot, dialog.delete)
    press_button(qtbot, _answer(dialog, "Delete"))
    dialog.show_group("bin")
    for answer, left in (("Keep", 1), ("Delete", 0)):
        press_button(qtbot, dialog.delete)
        box = dialog.confirmation
        assert box is not None
        assert box.text() == "Delete the draft for Ann Smith (no number) for good?"
        press_button(qtbot, _answer(dialog, answer))
        assert len(store.list(show="bin")) == left
        assert dialog.undo.isHidden() != bool(left)
    dialog.reject()


def test_what_is_in_the_bin_for_thirty_days_goes_at_the_next_start(tmp_path: Path) -> None:
    now = [AT]
    folder = tmp_path / "drafts"
    made = []
    with DraftStore(folder, b"k" * 32, lambda: now[0]) as store:
        for name in ("Early", "Late"):
            draft = store.create(the_content(), {"patient.family_name": Text(text=name)})
            draft.close()
            made.append(draft.id)
            store.bin(draft.id)
            now[0] += timedelta(days=10)
    for days, left in ((19, ["Late", "Early"]), (2, ["Late"]), (20, [])):
        now[0] += timedelta(days=days - 10 * (days == 19))
        with DraftStore(folder, b"k" * 32, lambda: now[0]) as store:
            assert sorted(row.name for row in store.list(show="bin")) == sorted(left)


def test_a_case_that_was_emptied_goes_to_the_bin_and_not_for_good(
    program: Program, store: DraftStore
) -> None:
    window = _named(program, "Smith")
    for key in ("patient.family_name", "patient.given_name"):
        window.session.set(key, None)
    window.close()
    assert store.list() == []
    (row,) = store.list(show="bin")
    assert store.read(row.id).case_at(3)["patient.family_name"] == Text(text="Smith")


def test_an_untouched_case_that_a_kill_left_behind_is_gone_at_the_next_start(
    program: Program, store: DraftStore
) -> None:
    fills = filled({}, program.settings, the_content().form)
    left = store.create(the_content(), fills)
    typed = store.create(the_content(), {**fills, "rf.fever": Finding(present=True)})
    held = store.create(the_content(), fills)
    for draft in (left, typed):
        draft.close()
    program.begin()
    there = {info.id for info in store.list()} - {program.windows[0].saving.draft.id}
    # What is open in a window stays, and what anything was recorded in.
    assert there == {typed.id, held.id}
    held.close()


def test_another_case_of_the_same_patient_is_said_and_opened(
    qtbot: QtBot, program: Program
) -> None:
    who = {
        "patient.family_name": Text(text="Spécimen"),
        "patient.given_name": Text(text="Irma"),
        "patient.dob": Date(date=PartialDate(year=1968, month=3, day=14)),
    }
    program.new_window(who).close()
    window = program.new_window()
    assert window.same_patient.isHidden()
    for key, value in who.items():
        window.session.type(key, value, join=False)
    qtbot.waitUntil(lambda: not window.same_patient.isHidden(), timeout=3000)
    assert "Spécimen, Irma, born 14 Mar 1968 (draft" in window.same_patient.label.text()
    press_button(qtbot, window.same_patient.open_)
    assert len(program.windows) == 2
    assert not program.windows[-1].session.read_only
    press_button(qtbot, window.same_patient.go_on)
    assert window.same_patient.isHidden()


def test_a_list_is_read_a_page_at_a_time(qtbot: QtBot, program: Program, store: DraftStore) -> None:
    def fill(drafts: Drafts) -> None:
        for number in range(450):
            edits = History().change({"patient.family_name": Text(text=f"Name{number:03}")}, AT)
            drafts.create("muscle_cramps", "1", AT, edits)

    store.do(fill)
    dialog = _drafts(program, program.new_window())
    model = dialog.table.model()
    qtbot.waitUntil(lambda: len(dialog._model.rows()) == 451)
    names = [_cell(dialog, row, "name") for row in range(model.rowCount())]
    assert [name for name in names if name.startswith("Name")] == [
        f"Name{n:03}" for n in reversed(range(450))
    ]
    dialog.table.horizontalHeader().setSortIndicator(1, Qt.SortOrder.AscendingOrder)
    assert [_cell(dialog, row, "name") for row in (0, 1)] == ["Name000", "Name001"]
    dialog.reject()


def test_a_draft_that_is_open_elsewhere_cannot_be_deleted(
    qtbot: QtBot, program: Program, store: DraftStore
) -> None:
    window = _named(program, "Smith")
    other = DraftStore(store.folder, KEY, lambda: AT)
    elsewhere = CasesDialog(Cases(other, the_assessor(), Settings(), lambda: AT))
    qtbot.addWidget(elsewhere)
    elsewhere.load()
    assert "open in another window" in _cell(elsewhere, 0, "todo")
    assert elsewhere.open_.text().replace("&", "") == "Open read-only"
    assert not elsewhere.delete.isEnabled()
    other.close()
    dialog = _drafts(program, window)
    assert "open here" in _cell(dialog, 0, "todo")
    assert not dialog.delete.isEnabled()
    dialog.reject()


def test_a_case_that_is_open_here_is_gone_to(qtbot: QtBot, program: Program) -> None:
    first = _named(program, "Smith")
    second = _named(program, "Jones")
    dialog = _drafts(program, second)
    qtbot.keyClicks(dialog.search, "smith")
    assert dialog.open_.text().replace("&", "") == "Open"
    press_button(qtbot, dialog.open_)
    assert program.windows == [first, second]
    qtbot.waitUntil(first.isActiveWindow)


def test_the_list_begins_with_a_case_that_holds_something(program: Program) -> None:
    _named(program, "Smith").close()
    dialog = _drafts(program, program.new_window())
    assert _cell(dialog, 0, "name") == "no name yet"
    assert dialog.chosen is not None
    assert dialog.chosen.name == "Smith, Ann"
    dialog.reject()


def test_a_case_is_exported_and_imported(
    program: Program, sample: Case, tmp_path: Path, assessor: Assessor
) -> None:
    path = tmp_path / "case.json"
    path.write_text(write_case(sample, assessor.content.form), encoding="utf-8")
    window = program.import_case(path)
    QApplication.processEvents()
    assert window.header.name.text() == "Edwin SPECIMEN"
    assert {key: window.session.case[key] for key in sample} == dict(sample)
    assert window.saving.draft.flush()
    program.show_drafts(window)
    assert program.case_list.dialog is not None
    program.case_list.dialog.export_chosen.emit((program_row(program),), tmp_path / "out.json")
    assert "SPECIMEN" in (tmp_path / "out.json").read_text(encoding="utf-8")


def program_row(program: Program) -> str:
    return program.store.list()[0].id


def test_a_draft_of_another_form_is_not_opened_with_this_one(
    program: Program, tmp_path: Path
) -> None:
    draft = program.store.do(lambda drafts: drafts.create("tremor", "", AT))
    with pytest.raises(TriageError, match="open the program with --form tremor"):
        program.open_window(draft)
    window = program.new_window()
    program.show_drafts(window)
    assert program.case_list.dialog is not None
    program.case_list.dialog.export_chosen.emit((draft,), tmp_path / "x.json")
    assert "open the program with --form tremor" in window.messages.told[-1][1]
    assert not (tmp_path / "x.json").exists()


def test_where_no_window_is_open_the_list_says_what_cannot_be_done(program: Program) -> None:
    draft = program.store.do(lambda drafts: drafts.create("tremor", "", AT))
    program.show_drafts()
    assert program.case_list.dialog is not None
    program.case_list.dialog.draft_chosen.emit(draft)
    assert "open the program with --form tremor" in program.case_list.dialog.undo_says.text()


def test_a_file_that_is_no_case_is_told_without_its_contents(
    qtbot: QtBot, program: Program, tmp_path: Path
) -> None:
    path = tmp_path / "case.json"
    path.write_text('{"secret": "Smith"}', encoding="utf-8")
    with pytest.raises(TriageError) as caught:
        program.import_case(path)
    assert "Smith" not in str(caught.value)
    window = program.new_window()
    dialog = _drafts(program, window)
    dialog.import_chosen.emit(path)
    assert "case.json" in window.line.text


def test_a_case_with_a_language_is_opened(program: Program, tmp_path: Path) -> None:
    path = tmp_path / "case.json"
    path.write_text('{"triage_case": 1, "language": "en-GB"}', encoding="utf-8")
    window = program.import_case(path)
    assert window.session.case["case.language"] == Text(text="en-GB")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")
def test_a_pipe_or_a_folder_is_no_case_and_holds_nothing_up(
    program: Program, tmp_path: Path
) -> None:
    os.mkfifo(tmp_path / "pipe.json")
    for name in ("pipe.json", "."):
        with pytest.raises(TriageError, match="no ordinary file"):
            program.import_case(tmp_path / name)


def test_a_store_that_cannot_be_written_is_seen_at_once(
    qtbot: QtBot, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = program.new_window()
    assert window.saving.draft.flush()
    writer: Writer = program.store.writer  # type: ignore[attr-defined]

    def full(*_: object) -> None:
        raise StoreError("The disk is full, so nothing can be saved.")

    with monkeypatch.context() as patch:
        patch.setattr(writer._drafts, "append", full)
        window.session.set("rf.dark_urine", Finding(present=True))
        qtbot.waitUntil(window.line.alarm.isVisible, timeout=3000)
        assert "The disk is full" in window.line.alarm.label.text()
    writer.retry()
    qtbot.waitUntil(lambda: not window.line.alarm.isVisible(), timeout=3000)


def test_the_last_window_ends_the_program(qtbot: QtBot, program: Program) -> None:
    first, second = program.new_window(), program.new_window()
    first.close()
    with qtbot.waitSignal(program.finished):
        second.close()


def test_real_questions_and_panel_work_together(qtbot: QtBot, program: Program) -> None:
    window = program.new_window()
    window.go.go_to("rf.dark_urine")
    assert window.rail.section == "red_flags"
    window.session.set("rf.breathless_rest", Finding(present=True))
    window.session.set("neuro.weakness", Finding(present=True))
    QApplication.processEvents()
    line = window.panel.urgency.reasons.rows[0].head
    press_button(qtbot, line)
    question = window.session.form.question_of(line.line.keys[0])
    assert question is not None
    assert window.rail.section == question.section


# -- the passphrase ---------------------------------------------------------------------------------


def test_the_first_passphrase_is_typed_twice(qtbot: QtBot) -> None:
    dialog = NewPassphraseDialog("first")
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.keyClicks(dialog.passphrase, "short")
    assert not dialog.ok.isEnabled()
    dialog.passphrase.clear()
    qtbot.keyClicks(dialog.passphrase, "four brown cows")
    qtbot.keyClicks(dialog.again, "four brown cow")
    assert not dialog.ok.isEnabled()
    assert dialog.new.differ.text() == "The two differ so far."
    assert dialog.new.says.text() == "Good."
    qtbot.keyClicks(dialog.again, "s")
    with qtbot.waitSignal(dialog.passphrase_given) as caught:
        press_button(qtbot, dialog.ok)
    assert caught.args == ["four brown cows", False]


def test_a_wrong_passphrase_can_be_typed_again(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = create_keys(tmp_path, "four brown cows", cost=CHEAP)
    unlocking = Unlocking(tmp_path)

    def at_the_keyboard(dialog: UnlockDialog) -> int:
        qtbot.addWidget(dialog)
        dialog.show()
        qtbot.keyClicks(dialog.passphrase, "four brown hens")
        press_button(qtbot, dialog.ok)
        assert "does not open" in dialog.hint.text()
        press_button(qtbot, dialog.forgotten)
        box = next(b for b in dialog.findChildren(ForgottenBox) if b.isVisible())
        box.recovery.click()
        assert dialog.focusWidget() is dialog.passphrase
        dialog.passphrase.clear()
        qtbot.keyClicks(dialog.passphrase, "four brown cows")
        press_button(qtbot, dialog.ok)
        return dialog.result()

    monkeypatch.setattr(UnlockDialog, "exec", at_the_keyboard)
    assert unlocking.key() == key


def test_giving_up_on_the_passphrase_changes_nothing(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for kind in (UnlockDialog, NewPassphraseDialog):
        monkeypatch.setattr(kind, "exec", lambda dialog: QDialog.DialogCode.Rejected)
    assert Unlocking(tmp_path).key() is None
    assert not list(tmp_path.iterdir())
    key = create_keys(tmp_path, "four brown cows", cost=CHEAP)
    assert Unlocking(tmp_path).key() is None
    assert open_keys(tmp_path, "four brown cows") == key


def test_a_given_passphrase_needs_no_dialog(qtbot: QtBot, tmp_path: Path) -> None:
    key = create_keys(tmp_path, "four brown cows", cost=CHEAP)
    assert Unlocking(tmp_path).key(lambda: "four brown cows") == key
    with pytest.raises(KeyRefusedError):
        Unlocking(tmp_path).key(lambda: "wrong")


def test_the_passphrase_is_changed_in_the_window(
    qtbot: QtBot, assessor: Assessor, theme: Theme, tmp_path: Path
) -> None:
    key = create_keys(tmp_path, "four brown cows", cost=CHEAP)
    store = DraftStore(tmp_path, key, lambda: AT)
    program = Program(assessor, store, Settings(), theme, lambda: AT)
    window = program.new_window()
    window.actions_["passphrase"].trigger()
    dialog = program.ways.dialog
    assert isinstance(dialog, NewPassphraseDialog)
    qtbot.keyClicks(dialog.old, "four brown hens")
    qtbot.keyClicks(dialog.passphrase, "five green pigs")
    qtbot.keyClicks(dialog.again, "five green pigs")
    press_button(qtbot, dialog.ok)
    assert "does not open" in dialog.hint.text()
    assert open_keys(tmp_path, "four brown cows") == key
    dialog.old.clear()
    qtbot.keyClicks(dialog.old, "four brown cows")
    press_button(qtbot, dialog.ok)
    assert program.ways.dialog is None
    assert "changed" in window.line.text
    assert open_keys(tmp_path, "five green pigs") == key
    window.actions_["recovery"].trigger()
    asked = program.ways.dialog
    assert isinstance(asked, RecoveryDialog)
    qtbot.keyClicks(asked.passphrase, "five green pigs")
    press_button(qtbot, asked.make)
    code = asked.key.property("code")
    assert code.replace("-", "") == "".join(asked.key.text().split())
    QApplication.processEvents()
    for label in asked.findChildren(QLabel):
        assert label.height() >= label.heightForWidth(label.width()), label.text()
    assert open_keys(tmp_path, code) == key
    press_button(qtbot, asked.leave)
    assert program.ways.dialog is None
    window.close()
    store.close()


def test_an_empty_list_is_begun_only_when_the_user_says_so(
    qtbot: QtBot, assessor: Assessor, theme: Theme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = create_keys(tmp_path, "four brown cows", cost=CHEAP)
    (tmp_path / "drafts.db").rename(tmp_path / "moved")
    monkeypatch.setattr(app_module, "drafts_folder", lambda: tmp_path)
    asked: list[str] = []

    def answer(choice: Choice | None) -> None:
        def choose(dialog: DamageDialog) -> int:
            qtbot.addWidget(dialog)
            dialog.show()
            asked.append(dialog.text.text())
            assert not dialog.go.isEnabled()
            if choice is not None:
                dialog.choose(choice)
            press_button(qtbot, dialog.go if choice is not None else dialog.shut)
            return dialog.result()

        monkeypatch.setattr(DamageDialog, "exec", choose)

    def start() -> Program | None:
        return app_module._program(assessor.content, Settings(), theme, key)

    answer(None)
    assert start() is None
    assert "the cases are not" in asked[0]
    assert str(tmp_path) not in asked[0]
    assert not (tmp_path / "drafts.db").exists()
    answer("empty")
    program = start()
    assert program is not None
    assert not program.has_drafts
    assert program.close()


@pytest.mark.parametrize("what", ["removed", "damaged"])
def test_the_newest_backup_is_restored_on_one_click(
    qtbot: QtBot,
    assessor: Assessor,
    theme: Theme,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    what: str,
) -> None:
    key = create_keys(tmp_path, "four brown cows", cost=CHEAP)
    monkeypatch.setattr(app_module, "drafts_folder", lambda: tmp_path)

    def start() -> Program:
        made = app_module._program(assessor.content, Settings(), theme, key)
        assert made is not None
        return made

    # The last window of a day is closed, and a backup is made without anyone waiting for it.
    program = start()
    window = _named(program, "Specimen")
    window.close()
    care = Care(program, app_module._back_up)
    assert care.close()
    assert care.backup is not None
    assert care.backup.wait(30) == 0
    assert len(backups(tmp_path / "backups")) == 1
    path = tmp_path / "drafts.db"
    if what == "removed":
        path.unlink()
    else:
        data = bytearray(path.read_bytes())
        data[len(data) // 2] ^= 1
        path.write_bytes(data)

    def choose(dialog: DamageDialog) -> int:
        qtbot.addWidget(dialog)
        dialog.show()
        assert dialog.choice == "restore"
        assert dialog.go.text().replace("&", "") == "Restore 1 case"
        press_button(qtbot, dialog.go)
        return dialog.result()

    monkeypatch.setattr(DamageDialog, "exec", choose)
    program = start()
    assert [info.name for info in program.store.list()] == ["Specimen, Ann"]
    assert program.close()


# -- trouble ----------------------------------------------------------------------------------------


def test_content_at_fault_is_listed_in_full(qtbot: QtBot) -> None:
    problems = [
        Problem("form.toml", "cramp.sites", "there is no section 'x'"),
        Problem("urgency.toml", "U01", "this is not known", 7),
    ]
    window = ProblemsWindow(problems)
    qtbot.addWidget(window)
    window.show()
    text = window.list.toPlainText()
    assert text.splitlines() == [str(problem) for problem in problems]
    assert "cannot start" in window.windowTitle()


def test_the_program_does_not_start_with_content_at_fault(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from triage.content.files import ContentFiles

    shown: list[ProblemsWindow] = []

    def look() -> int:
        for widget in QApplication.topLevelWidgets():
            if isinstance(widget, ProblemsWindow) and widget.isVisible():
                shown.append(widget)
                widget.close()
        return 0

    (tmp_path / "forms" / "muscle_cramps").mkdir(parents=True)
    (tmp_path / "templates").mkdir()
    files = ContentFiles(root=tmp_path)
    read = app_module.read_content
    monkeypatch.setattr(app_module, "read_content", lambda _: read(files))
    monkeypatch.setattr(QApplication, "exec", staticmethod(look))
    assert app_module.run() == 1
    assert "form.toml" in shown[0].list.toPlainText()


def test_what_nobody_caught_saves_the_drafts_and_is_told_without_what_it_says(
    program: Program, store: DraftStore, capsys: pytest.CaptureFixture[str]
) -> None:
    window = _named(program, "Smith")
    hook = CrashHook(program)
    before = sys.excepthook
    hook.install()
    try:
        raise ValueError("Smith")
    except ValueError as error:
        sys.excepthook(type(error), error, error.__traceback__)
    finally:
        hook.remove()
    assert sys.excepthook is before
    assert window.line.text.startswith("Something went wrong in the program.")
    assert "ValueError" not in window.line.text
    assert "What you typed is saved." in window.line.text
    captured = capsys.readouterr().err
    assert "test_program.py" in captured
    assert "Smith" not in captured + window.line.text


def test_a_report_holds_places_only() -> None:
    try:
        raise KeyError("Smith")
    except KeyError as error:
        text = report(type(error), error.__traceback__)
    assert text.startswith("unexpected KeyError")
    assert "Smith" not in text


# -- looks ------------------------------------------------------------------------------------------


def test_the_colours_are_those_of_the_scheme_that_is_chosen(
    qapp: QApplication, theme: Theme
) -> None:
    try:
        for name, scheme in SCHEMES.items():
            theme.choose(name)
            assert colours(qapp.palette()) is scheme
            # A field with a style of its own has another palette, and the same colours.
            field = QLineEdit()
            field.ensurePolished()
            assert colours(field.palette()) is scheme
    finally:
        theme.choose("")


@pytest.mark.parametrize("name", SCHEMES)
def test_text_and_signs_stand_out_from_their_ground(name: str) -> None:
    c = SCHEMES[name]
    for ground in (c.paper, c.ground, c.tint):
        for ink in (c.ink, c.ink2, c.accent, c.alarm, c.caution):
            assert _contrast(ink, ground) >= 4.5, (ink, ground)
        # Borders of controls, signs and the ring of the focus.
        for sign in (c.border, c.chosen, c.absent):
            assert _contrast(sign, ground) >= 3, (sign, ground)
    for ink, ground in (
        (c.on_chosen, c.chosen),
        (c.on_absent, c.absent),
        (c.on_alarm, c.alarm),
        (c.caution, c.caution_paper),
    ):
        assert _contrast(ink, ground) >= 4.5, (ink, ground)


@pytest.mark.parametrize("kind", [QCheckBox, QRadioButton])
@pytest.mark.parametrize("name", SCHEMES)
def test_what_can_be_ticked_is_seen_before_it_is(
    qtbot: QtBot, theme: Theme, name: str, kind: type[QCheckBox | QRadioButton]
) -> None:
    try:
        theme.choose(name)
        holder = QDialog()
        qtbot.addWidget(holder)
        box = kind("", holder)
        box.resize(40, 30)
        holder.show()
        seen = holder.grab(box.geometry()).toImage()
        ground = SCHEMES[name].ground
        every = {seen.pixelColor(x, y).name() for x in range(20) for y in range(30)}
        assert max(_contrast(colour, ground) for colour in every) >= 3
    finally:
        theme.choose("")


@pytest.mark.parametrize("kind", [QCheckBox, QRadioButton, QPushButton])
@pytest.mark.parametrize("zoom", [80, 100, 200])
def test_the_letter_of_a_button_is_underlined_and_not_cut_off(
    qtbot: QtBot, theme: Theme, zoom: int, kind: type[QCheckBox | QRadioButton | QPushButton]
) -> None:
    theme.choose(next(iter(SCHEMES)))
    theme.set_zoom(zoom)
    try:
        holder = QDialog()
        qtbot.addWidget(holder)
        boxes = [kind(text, holder) for text in ("&Seen", "Seen")]
        holder.show()
        for box in boxes:
            box.move(0, 0)
            box.resize(box.sizeHint())
        ink = colours(holder.palette()).ink
        lowest = []
        for box in boxes:
            seen = box.grab().toImage()
            places = product(range(seen.width()), range(seen.height()))
            rows = (y for x, y in places if seen.pixelColor(x, y).name() == ink.lower())
            # Small letters have edges only.
            lowest.append(max(rows, default=-1))
        # No letter of it reaches below the line that it stands on.
        assert lowest[0] > lowest[1]
    finally:
        theme.set_zoom(100)
        theme.choose("")


def _contrast(one: str, other: str) -> float:
    """Return the contrast of WCAG 2.2, 1.4.3."""

    def light(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    bright, dim = sorted((light(one), light(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


# -- nothing can be written -------------------------------------------------------------------------


def test_a_store_that_cannot_be_written_is_read(
    qtbot: QtBot, assessor: Assessor, theme: Theme, small_disk: Path
) -> None:
    folder = small_disk / "store"
    key = create_keys(folder, "four brown cows", cost=CHEAP)
    with DraftStore(folder, key, lambda: AT) as store:
        named = {"patient.family_name": Text(text="Specimen")}
        store.create(the_content(), named).close()
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    with DraftStore(folder, key, lambda: AT) as store:
        assert store.read_only
        program = Program(assessor, store, Settings(), theme, lambda: AT)
        program.begin()
        assert program.windows == []
        dialog = program.case_list.dialog
        assert dialog is not None
        assert "cannot be written" in dialog.says.text()
        assert dialog.chosen is not None
        assert not dialog.chosen.info.claimed
        assert dialog.open_.text().replace("&", "") == "Open read-only"
        for button in (dialog.new, dialog.import_, dialog.delete):
            assert not button.isEnabled()
        press_button(qtbot, dialog.open_)
        (window,) = program.windows
        assert window.header.state.text() == "Read-only: its folder cannot be written"
        assert window.header.name.text() == "Specimen"
        window.session.set("rf.fever", Finding(present=True))
        assert "rf.fever" not in window.session.case
        assert window.letters.shown_pdf().startswith(b"%PDF")
        assert window.close()


def test_an_older_store_that_cannot_be_written_is_read(small_disk: Path) -> None:
    folder = small_disk / "store"
    shutil.copytree(MUSEUM / "format-1", folder)
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    with DraftStore(folder, open_keys(folder, OLD), lambda: AT) as store:
        assert len(store.list()) == 3
        assert len(store.list("specimen")) == 1


def _typed_meanwhile(window: MainWindow, text: str) -> None:
    """Type as X hands keys to the window that had the focus when a new one was called for."""
    handle = window.windowHandle()
    for char in text:
        QTest.keyClick(handle, char)
    QApplication.processEvents()


def test_a_name_typed_while_its_new_case_opens_goes_to_no_other_patient(
    qtbot: QtBot, program: Program
) -> None:
    first = program.new_window()
    qtbot.waitUntil(first.isActiveWindow)
    first.go.go_to("patient.family_name")
    before = dict(first.session.case)
    second = program.new_window()
    _typed_meanwhile(first, "smith")
    assert dict(first.session.case) == before
    assert second.session.case["patient.family_name"] == Text(text="smith")


def test_a_key_pressed_while_a_case_opens_answers_nothing_here_and_nothing_unseen_there(
    qtbot: QtBot, program: Program
) -> None:
    second = _named(program, "Smith")
    draft = program._ids[second]
    second.close()
    first = program.new_window()
    qtbot.waitUntil(first.isActiveWindow)
    first.go.go_to("neuro.weakness")
    before = dict(first.session.case)
    second = program.open_window(draft)
    there = dict(second.session.case)
    _typed_meanwhile(first, "pp")
    assert dict(first.session.case) == before
    assert dict(second.session.case) == there
    # Who comes back has the keys again.
    handle = first.windowHandle()
    QTest.mousePress(handle, Qt.MouseButton.LeftButton, pos=QPoint(5, 60))
    first.go.go_to("neuro.weakness")
    _typed_meanwhile(first, "p")
    assert first.session.case["neuro.weakness"] == Finding(present=True)


def test_the_list_keeps_the_keys_until_the_case_that_was_chosen_is_there(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    second = _named(program, "Smith")
    second.close()
    dialog = _drafts(program, program.new_window())
    seen: list[bool] = []
    opened = program.open_window

    def watched(draft: str) -> MainWindow:
        seen.append(dialog.isVisible())
        return opened(draft)

    monkeypatch.setattr(program, "open_window", watched)
    dialog.open_.click()
    assert seen == [True]
    assert not dialog.isVisible()
