"""The window of the backups: what there is, made, proved and restored while the program goes on."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QAbstractButton, QApplication, QFileDialog, QMessageBox
from pytestqt.qtbot import QtBot

from triage.model.history import History
from triage.model.values import Finding, Text
from triage.qt.app import _back_up
from triage.qt.care import Care
from triage.qt.drafts.backups import BackupsDialog
from triage.qt.drafts.unlock import NewPassphraseDialog
from triage.qt.parts.theme import Theme
from triage.qt.program import Program
from triage.qt.window import MainWindow
from triage.rules.assess import Assessor
from triage.session.draft import DraftStore
from triage.settings import Settings, change_settings
from triage.store import DamagedError, Drafts, KdfCost, change_passphrase, create_keys, open_keys
from triage.store.backups import backups, keys_of, run
from triage.store.keys import open_by

from ..conftest import AT
from ..store.helpers import letter
from .asking import press_button

PASSPHRASE = "four brown cows"
CHEAP = KdfCost(memory_kib=8, time=1, lanes=1)


class Cared:
    """A program on a real store with its keys, and what looks after it."""

    def __init__(self, assessor: Assessor, theme: Theme, folder: Path) -> None:
        self.folder, self.into = folder, folder / "backups"
        self.key = create_keys(folder, PASSPHRASE, cost=CHEAP)
        store = DraftStore(folder, self.key, lambda: AT)
        keep = partial(change_settings, folder)
        self.program = Program(assessor, store, Settings(), theme, lambda: AT, keep)
        self.care = Care(self.program, _back_up)

    def named(self, family: str) -> MainWindow:
        window = self.program.new_window()
        window.session.set("patient.family_name", Text(text=family))
        assert window.saving.draft.flush()
        return window

    def back_up(self) -> None:
        run(self.folder, self.key, self.into, AT)

    def dialog(self, window: MainWindow) -> BackupsDialog:
        window.actions_["backups"].trigger()
        QApplication.processEvents()
        assert self.care.dialog is not None
        return self.care.dialog

    @property
    def names(self) -> list[str]:
        return sorted(info.name for info in self.program.store.list())


@pytest.fixture
def desk(qtbot: QtBot, assessor: Assessor, theme: Theme, tmp_path: Path) -> Iterator[Cared]:
    made = Cared(assessor, theme, tmp_path / "drafts")
    yield made
    for window in list(made.program.windows):
        window.close()
    assert made.program.close()
    QApplication.processEvents()


def _button(box: QMessageBox, text: str) -> QAbstractButton:
    return next(b for b in box.buttons() if b.text().replace("&", "") == text)


def test_the_backups_are_listed_newest_first_with_their_folder(qtbot: QtBot, desk: Cared) -> None:
    desk.named("Specimen")
    desk.back_up()
    dialog = desk.dialog(desk.program.windows[0])
    assert dialog.table.rowCount() == 1
    item = dialog.table.item(0, 0)
    assert item is not None
    assert item.text() == "22 Nov 2026"
    assert str(desk.into) in dialog.folder.text()
    assert dialog.parent() is desk.program.windows[0]
    press_button(qtbot, dialog.shut)
    assert desk.care.dialog is None


def test_a_backup_is_made_while_the_window_goes_on(qtbot: QtBot, desk: Cared) -> None:
    window = desk.named("Specimen")
    dialog = desk.dialog(window)
    assert "no backup" in dialog.state.text()
    assert not dialog.restore.isEnabled()
    press_button(qtbot, dialog.back_up)
    assert not dialog.back_up.isEnabled()
    # The process runs; the window takes edits and saves them.
    window.session.set("patient.given_name", Text(text="Ann"))
    assert window.saving.draft.flush()
    qtbot.waitUntil(lambda: dialog.back_up.isEnabled(), timeout=20_000)
    assert "read back" in dialog.state.text()
    assert dialog.table.rowCount() == len(backups(desk.into)) == 1


def test_a_backup_of_nothing_new_says_so(qtbot: QtBot, desk: Cared) -> None:
    window = desk.named("Specimen")
    desk.back_up()
    dialog = desk.dialog(window)
    press_button(qtbot, dialog.back_up)
    assert "Nothing has changed" in dialog.state.text()
    assert dialog.back_up.isEnabled()


def test_a_backup_that_fails_is_told_in_the_dialog(qtbot: QtBot, desk: Cared) -> None:
    window = desk.named("Specimen")
    desk.into.write_text("in the way", encoding="utf-8")
    dialog = desk.dialog(window)
    press_button(qtbot, dialog.back_up)
    qtbot.waitUntil(lambda: dialog.back_up.isEnabled(), timeout=20_000)
    assert "stopped" in dialog.state.text() or "cannot be used" in dialog.state.text()


def test_the_folder_is_kept_in_the_settings_and_used(
    qtbot: QtBot, desk: Cared, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = desk.named("Specimen")
    other = tmp_path / "another disk"
    other.mkdir()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(other))
    dialog = desk.dialog(window)
    press_button(qtbot, dialog.choose)
    assert desk.program.settings.backup_folder == str(other)
    assert str(other) in (desk.folder / "settings.json").read_text(encoding="utf-8")
    assert str(other) in dialog.folder.text()
    press_button(qtbot, dialog.back_up)
    qtbot.waitUntil(lambda: dialog.table.rowCount() == 1, timeout=20_000)
    assert len(backups(other)) == 1
    assert backups(desk.into) == []


def test_the_proof_is_shown_and_saved_and_nothing_waits_for_it(
    qtbot: QtBot, desk: Cared, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = desk.named("Specimen")
    desk.back_up()
    dialog = desk.dialog(window)
    press_button(qtbot, dialog.prove)
    window.session.set("patient.given_name", Text(text="Ann"))
    assert window.saving.draft.flush()
    qtbot.waitUntil(lambda: dialog.prove.isEnabled(), timeout=20_000)
    text = dialog.report.toPlainText()
    assert dialog.report.isVisible()
    assert text.count("passed") == 3
    assert "NOT PROVED" not in text
    assert "Specimen" not in text
    out = tmp_path / "report.txt"
    monkeypatch.setattr("triage.qt.drafts.backups.ask_path", lambda *_: out)
    press_button(qtbot, dialog.save)
    assert out.read_text(encoding="utf-8") == text
    monkeypatch.setattr("triage.qt.drafts.backups.ask_path", lambda *_: tmp_path / "no" / "x")
    press_button(qtbot, dialog.save)
    assert "could not be written" in dialog.state.text()


def test_what_ends_after_the_dialog_is_told_in_the_window(qtbot: QtBot, desk: Cared) -> None:
    window = desk.named("Specimen")
    dialog = desk.dialog(window)
    press_button(qtbot, dialog.prove)
    press_button(qtbot, dialog.shut)
    again = desk.dialog(window)
    assert not again.prove.isEnabled()
    press_button(qtbot, again.shut)
    qtbot.waitUntil(lambda: "not everything" in window.line.text, timeout=20_000)


# -- restore --------------------------------------------------------------------------------------


def test_a_backup_is_restored_after_a_preview_and_the_program_goes_on(
    qtbot: QtBot, desk: Cared
) -> None:
    desk.named("Specimen").close()
    desk.back_up()
    window = desk.named("Later")
    second = desk.named("Another")
    dialog = desk.dialog(second)
    press_button(qtbot, dialog.restore)
    box = desk.care.box
    assert box is not None
    assert "22 Nov 2026" in box.text()
    assert "1 case, 0 letters" in box.informativeText()
    assert "2 cases here are not in it; the last change is of 22 Nov 2026" in box.informativeText()
    assert "Later" not in box.text() + box.informativeText()
    press_button(qtbot, _button(box, "Keep the cases as they are"))
    assert desk.names == ["Another", "Later", "Specimen"]
    assert desk.program.windows == [window, second]
    press_button(qtbot, dialog.restore)
    assert desk.care.box is not None
    press_button(qtbot, _button(desk.care.box, "Restore"))
    qtbot.waitUntil(lambda: desk.names == ["Specimen"], timeout=5000)
    (now,) = desk.program.windows
    assert now not in (window, second)
    assert "kept in the folder replaced-1" in now.line.text
    assert desk.program.case_list.dialog is not None
    with Drafts.open(desk.folder / "replaced-1", desk.key) as old:
        assert sorted(info.name for info in old.list()) == ["Another", "Later", "Specimen"]
    now.session.set("patient.family_name", Text(text="New"))
    assert now.saving.draft.flush()
    assert desk.names == ["New", "Specimen"]
    assert QApplication.quitOnLastWindowClosed()


def test_the_program_does_not_end_between_the_old_windows_and_the_new(
    qtbot: QtBot, desk: Cared, qapp: QApplication
) -> None:
    desk.named("Specimen")
    desk.back_up()
    dialog = desk.dialog(desk.program.windows[0])
    press_button(qtbot, dialog.restore)
    box = desk.care.box
    assert box is not None
    # As the program runs: its loop ends by itself when the last window is closed.
    ours = QTimer()
    ours.setSingleShot(True)
    ours.timeout.connect(lambda: qapp.exit(7))
    ours.start(1500)
    QTimer.singleShot(0, _button(box, "Restore").click)
    assert qapp.exec() == 7
    assert "restored" in desk.program.windows[0].line.text


def test_the_present_passphrase_stays_after_a_restore(qtbot: QtBot, desk: Cared) -> None:
    window = desk.named("Specimen")
    desk.back_up()
    change_passphrase(desk.folder, PASSPHRASE, "five green pigs", CHEAP)
    dialog = desk.dialog(window)
    press_button(qtbot, dialog.restore)
    assert desk.care.box is not None
    press_button(qtbot, _button(desk.care.box, "Restore"))
    qtbot.waitUntil(lambda: "restored" in desk.program.windows[0].line.text, timeout=5000)
    assert open_keys(desk.folder, "five green pigs") == desk.key


def test_nothing_is_restored_while_another_program_has_a_case_open(
    qtbot: QtBot, desk: Cared
) -> None:
    desk.named("Specimen")
    desk.back_up()
    desk.named("Later").close()
    draft = next(info.id for info in desk.program.store.list() if info.name == "Later")
    held = desk.program.store.do(lambda drafts: drafts.claim(draft))
    assert held is not None
    other = claimed_elsewhere(desk.folder, held)
    try:
        dialog = desk.dialog(desk.program.windows[0])
        press_button(qtbot, dialog.restore)
        assert desk.care.box is not None
        press_button(qtbot, _button(desk.care.box, "Restore"))
        qtbot.waitUntil(
            lambda: "open in a window" in desk.program.windows[0].line.text, timeout=5000
        )
        assert desk.names == ["Later", "Specimen"]
        assert not list(desk.folder.glob("replaced*"))
    finally:
        other.kill()
        other.wait()
        assert other.stdin is not None
        other.stdin.close()
        assert other.stdout is not None
        other.stdout.close()


def claimed_elsewhere(folder: Path, held: object):
    """Let a process of its own hold a claim in place of ours."""
    import subprocess
    import sys

    from triage.store import Claim

    assert isinstance(held, Claim)
    seq = held._seq
    held.release()
    code = (
        "import sys; from pathlib import Path; from triage.store.claim import claims_of;"
        f"held = claims_of(Path({str(folder)!r})).take({seq}); print(held is not None, flush=True);"
        "sys.stdin.read()"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert child.stdout is not None
    assert child.stdout.readline().strip() == b"True"
    return child


def test_nothing_is_restored_while_a_case_cannot_be_saved(qtbot: QtBot, desk: Cared) -> None:
    from .conftest import refuse_saves

    window = desk.named("Specimen")
    desk.back_up()
    dialog = desk.dialog(window)
    refuse_saves(desk.program.store, "The disk is full.")
    window.session.set("patient.given_name", Text(text="Ann"))
    press_button(qtbot, dialog.restore)
    assert desk.care.box is not None
    press_button(qtbot, _button(desk.care.box, "Restore"))
    qtbot.waitUntil(lambda: "could not be saved" in dialog.state.text(), timeout=5000)
    assert desk.program.windows == [window]
    refuse_saves(desk.program.store, "")


# -- another computer -----------------------------------------------------------------------------


def _left_by_another(desk: Cared, name: str, family: str) -> Path:
    """Let another computer go on with a copy of the drafts, and its file come here."""
    place = desk.folder.parent / f"of {family}"
    place.mkdir()
    for file in ("drafts.db", "keys.json"):
        shutil.copyfile(desk.folder / file, place / file)
    with Drafts.open(place, desk.key) as drafts:
        edits = History().change({"patient.family_name": Text(text=family)}, AT)
        drafts.create("f", "c", AT, edits)
    shutil.copyfile(place / "drafts.db", desk.folder / name)
    return desk.folder / name


def test_the_cases_of_another_computer_are_offered_at_the_start(qtbot: QtBot, desk: Cared) -> None:
    window = desk.named("Specimen")
    one = _left_by_another(desk, "drafts (1).db", "First")
    two = _left_by_another(desk, "drafts-PC2.db", "Second")
    desk.program.show_drafts(window)
    desk.care.start()
    qtbot.waitUntil(lambda: desk.care.box is not None, timeout=2000)
    box = desk.care.box
    assert box is not None
    assert "drafts (1).db" in box.text()
    assert "1 case that is not here" in box.informativeText()
    assert "First" not in box.text() + box.informativeText()
    press_button(qtbot, _button(box, "Not now"))
    assert one.exists()
    qtbot.waitUntil(lambda: desk.care.box not in (None, box), timeout=2000)
    assert desk.care.box is not None
    assert "drafts-PC2.db" in desk.care.box.text()
    press_button(qtbot, _button(desk.care.box, "Take over its cases"))
    assert desk.names == ["Second", "Specimen"]
    assert not two.exists()
    assert "drafts-PC2.db.taken-over-1" in window.line.text
    assert desk.program.case_list.dialog is not None
    assert desk.program.case_list.dialog.table.model().rowCount() == 2
    QApplication.processEvents()
    assert desk.care.box is None


def test_a_file_of_cases_that_cannot_be_read_is_told(qtbot: QtBot, desk: Cared) -> None:
    window = desk.named("Specimen")
    (desk.folder / "drafts (1).db").write_bytes(b"x" * 4096)
    desk.care.start()
    qtbot.waitUntil(lambda: "Another file of cases" in window.line.text, timeout=2000)
    assert desk.care.box is None
    assert (desk.folder / "drafts (1).db").exists()


def test_what_there_is_to_tell_at_the_start_stands_in_one_message(
    qtbot: QtBot, desk: Cared
) -> None:
    window = desk.named("Specimen")
    desk.into.mkdir()
    (desk.into / "last.json").write_text('{"says": "The disk was full."}', encoding="utf-8")
    (desk.folder / ".stfolder").mkdir()
    desk.care.start(("The keys were mended.", ""))
    qtbot.waitUntil(lambda: bool(window.line.text), timeout=2000)
    for says in ("The keys were mended.", "The disk was full.", "Syncthing synchronises"):
        assert says in window.line.text


# -- ways in --------------------------------------------------------------------------------------


def _change_passphrase(qtbot: QtBot, desk: Cared, window: MainWindow, new: str) -> None:
    window.actions_["passphrase"].trigger()
    dialog = desk.program.ways.dialog
    assert isinstance(dialog, NewPassphraseDialog)
    assert dialog.parent() is window
    for field, text in ((dialog.old, PASSPHRASE), (dialog.passphrase, new), (dialog.again, new)):
        qtbot.keyClicks(field, text)
    press_button(qtbot, dialog.ok)
    assert desk.program.ways.dialog is None


@pytest.mark.parametrize("answer", ["Change it in the backups", "Leave them"])
def test_after_a_change_of_passphrase_the_backups_are_asked_for(
    qtbot: QtBot, desk: Cared, answer: str
) -> None:
    first = desk.named("Specimen")
    desk.named("Another")
    desk.back_up()
    _change_passphrase(qtbot, desk, first, "five green pigs")
    box = desk.care.box
    assert box is not None
    assert box.parent() is first
    assert "1 backup" in box.informativeText()
    press_button(qtbot, _button(box, answer))
    opens = "five green pigs" if answer.startswith("Change") else PASSPHRASE
    (one,) = backups(desk.into)
    keys = keys_of(one.path)
    assert keys is not None
    assert open_by(keys, opens, desk.into) == desk.key
    assert open_keys(desk.folder, "five green pigs") == desk.key


def test_without_backups_nothing_is_asked(qtbot: QtBot, desk: Cared) -> None:
    window = desk.named("Specimen")
    _change_passphrase(qtbot, desk, window, "five green pigs")
    assert desk.care.box is None
    assert "changed" in window.line.text


def test_a_dialog_stands_over_the_window_that_asks(qtbot: QtBot, desk: Cared) -> None:
    first, _ = desk.named("Specimen"), desk.named("Another")
    first.actions_["recovery"].trigger()
    assert desk.program.ways.dialog is not None
    assert desk.program.ways.dialog.parent() is first
    desk.program.ways.dialog.reject()


def test_the_trouble_of_the_last_backup_is_told_after_the_start(qtbot: QtBot, desk: Cared) -> None:
    window = desk.named("Specimen")
    desk.into.mkdir()
    (desk.into / "last.json").write_text('{"says": "The disk was full."}', encoding="utf-8")
    desk.care.start()
    assert window.line.text == ""
    qtbot.waitUntil(lambda: window.line.text == "The disk was full.", timeout=2000)


# -- a large file -----------------------------------------------------------------------------------


def test_a_large_file_is_read_beside_the_work_and_damage_is_told(
    qtbot: QtBot, desk: Cared, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("triage.store.prove.AT_ONCE", 0)
    window = desk.named("Specimen")
    new = letter(1, window.session.history.n, text="x" * 200_000)
    desk.program.store.do(lambda drafts: drafts.issue(window.saving.draft.id, new))
    desk.care.start()
    qtbot.waitUntil(lambda: desk.care._checking is not None, timeout=3000)
    qtbot.waitUntil(lambda: desk.care._checking is None, timeout=20_000)
    assert "damaged" not in window.line.text
    path = desk.folder / "drafts.db"
    data = bytearray(path.read_bytes())
    data[-100_000] ^= 1
    path.write_bytes(data)
    desk.care._check()
    qtbot.waitUntil(lambda: "is damaged" in window.line.text, timeout=20_000)
    # What is typed is still saved, as it says.
    window.session.set("rf.fever", Finding(present=True))
    assert window.saving.draft.flush()
    window.close()
    desk.program.store.close()
    with pytest.raises(DamagedError):
        DraftStore(desk.folder, desk.key, lambda: AT)
