"""The lock: nothing of the patient is seen, no key acts, the file is closed, and everything comes back."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import keyring
import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QDialog,
    QLabel,
    QLineEdit,
    QMessageBox,
    QPlainTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot
from reportlab.pdfbase import pdfmetrics  # type: ignore[import-untyped]

from triage.errors import StoreError
from triage.model.case import Case
from triage.model.values import Finding, Text
from triage.pdf.fonts import BOLD, REGULAR
from triage.pdf.lines import _broken
from triage.qt.app import Guard
from triage.qt.care import Care
from triage.qt.drafts.unlock import ForgottenBox
from triage.qt.lock_page import LockPage
from triage.qt.parts.inputs import TypedLine
from triage.qt.parts.theme import Theme
from triage.qt.program import Program
from triage.qt.shell.idle import SleepNotice, Watch
from triage.qt.window import MainWindow
from triage.rules.assess import Assessor
from triage.session.draft import DraftStore
from triage.settings import Settings
from triage.store import Drafts, KdfCost, create_keys, open_keys

from ..conftest import AT
from .conftest import refuse_saves

PASSPHRASE = "four brown cows"
CHEAP = KdfCost(memory_kib=8, time=1, lanes=1)
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    create_keys(tmp_path / "drafts", PASSPHRASE, cost=CHEAP)
    return tmp_path / "drafts"


@pytest.fixture
def store(folder: Path) -> Iterator[DraftStore]:
    made = DraftStore(folder, open_keys(folder, PASSPHRASE), lambda: AT)
    yield made
    made.close()


@pytest.fixture
def program(qtbot: QtBot, assessor: Assessor, store: DraftStore, theme: Theme) -> Iterator[Program]:
    made = Program(assessor, store, Settings(), theme, lambda: AT)
    yield made
    if made.lock.is_locked:
        _unlock(qtbot, made)
    for window in list(made.windows):
        window.saving.draft.abandon()
        window.close()
    QApplication.processEvents()


@pytest.fixture
def window(qtbot: QtBot, program: Program, sample: Case) -> MainWindow:
    made = program.new_window(dict(sample))
    qtbot.waitExposed(made)
    made.activateWindow()
    QApplication.processEvents()
    return made


def _lock(qtbot: QtBot, window: MainWindow) -> LockPage:
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_L, CONTROL | SHIFT)
    QApplication.processEvents()
    assert window.cover.page is not None
    return window.cover.page


def _unlock(qtbot: QtBot, program: Program, passphrase: str = PASSPHRASE) -> None:
    page = program.lock.pages[0]
    page.passphrase.clear()
    qtbot.keyClicks(page.passphrase, passphrase)
    qtbot.keyClick(page.passphrase, Qt.Key.Key_Return)
    QApplication.processEvents()


def _seen() -> str:
    """Return every text that stands on the screen, and the titles of all windows."""
    seen: list[str] = []
    for window in QApplication.topLevelWidgets():
        if not window.isVisible():
            continue
        for widget in (window, *window.findChildren(QWidget)):
            if not isinstance(widget, QWidget) or not widget.isVisible():
                continue
            seen += [widget.windowTitle(), widget.toolTip(), widget.accessibleName()]
            if isinstance(widget, QLabel | QAbstractButton | QLineEdit):
                seen.append(widget.text())
            elif isinstance(widget, QPlainTextEdit):
                seen.append(widget.toPlainText())
    return "\n".join(filter(None, seen))


def _line(window: MainWindow, key: str) -> TypedLine:
    """Return the field of a question, with the focus in it."""
    window.go.go_to(key)
    QApplication.processEvents()
    field = window.focusWidget()
    assert isinstance(field, TypedLine), field
    return field


def _shown() -> list[QWidget]:
    return [widget for widget in QApplication.topLevelWidgets() if widget.isVisible()]


# -- what is seen -----------------------------------------------------------------------------------


def test_a_key_locks_and_no_name_is_on_the_screen(
    qtbot: QtBot, program: Program, window: MainWindow
) -> None:
    assert "SPECIMEN" in _seen()
    page = _lock(qtbot, window)
    seen = _seen()
    assert "SPECIMEN" not in seen
    assert "Edwin" not in seen
    assert page.title.text() == f"Locked at {AT.astimezone():%H:%M}"
    assert page.says.text().startswith("With Ctrl+Shift+L. The open case is saved")
    assert window.focusWidget() is page.passphrase
    assert page.passphrase.echoMode() == QLineEdit.EchoMode.Password


def test_every_window_and_every_dialog_is_hidden_and_comes_back(
    qtbot: QtBot, program: Program, window: MainWindow, sample: Case
) -> None:
    other = program.new_window(dict(sample))
    other.actions_["about"].trigger()
    other.actions_["urgency"].trigger()
    window.actions_["drafts"].trigger()
    QApplication.processEvents()
    before = _shown()
    assert len(before) == 5
    program.lock_asleep()
    QApplication.processEvents()
    assert sorted(_shown(), key=id) == sorted((window, other), key=id)
    assert "SPECIMEN" not in _seen()
    assert len(program.lock.pages) == 2
    _unlock(qtbot, program)
    assert sorted(_shown(), key=id) == sorted(before, key=id)
    assert program.case_list.dialog is not None
    assert program.case_list.dialog.isModal()
    for dialog in before:
        if isinstance(dialog, QDialog):
            dialog.close()


def test_menus_and_lists_that_hang_open_are_folded(
    qtbot: QtBot, program: Program, window: MainWindow
) -> None:
    menu = window.menuBar().actions()[0].menu()
    menu.popup(window.mapToGlobal(window.rect().center()))
    window.actions_["letter"].trigger()
    window.letter.template.showPopup()
    QApplication.processEvents()
    program.lock_idle()
    QApplication.processEvents()
    assert _shown() == [window]
    _unlock(qtbot, program)
    assert _shown() == [window]
    window.go.show_work()


def test_the_key_locks_while_a_menu_hangs_open(
    qtbot: QtBot, program: Program, window: MainWindow
) -> None:
    guard = Guard(program, 10)
    guard.watch.start()
    in_view = window.stack.currentWidget()
    for at in range(2):
        window.menuBar().setActiveAction(window.menuBar().actions()[at])
        QApplication.processEvents()
        popup = QApplication.activePopupWidget()
        assert popup is not None
        guard.watch._on_focus_window_changed()
        QTest.keyClick(popup.windowHandle(), Qt.Key.Key_L, CONTROL | SHIFT)
        QApplication.processEvents()
        assert program.lock.is_locked
        assert _shown() == [window]
        _unlock(qtbot, program)
        assert window.stack.currentWidget() is in_view


def test_a_dialog_that_the_program_waits_for_ends_as_cancelled(
    qtbot: QtBot, program: Program, window: MainWindow
) -> None:
    QTimer.singleShot(0, program.lock_idle)
    box = QMessageBox(QMessageBox.Icon.Information, "x", "SPECIMEN", parent=window)
    assert box.exec() == 0
    assert program.lock.is_locked
    box.deleteLater()


def test_the_key_locks_in_a_dialog_as_well(
    qtbot: QtBot, program: Program, window: MainWindow
) -> None:
    guard = Guard(program, 10)
    guard.watch.start()
    window.actions_["urgency"].trigger()
    QApplication.processEvents()
    (dialog,) = (widget for widget in _shown() if widget is not window)
    guard.watch._on_focus_window_changed()
    QTest.keyClick(dialog.windowHandle(), Qt.Key.Key_L, CONTROL)
    QApplication.processEvents()
    assert not program.lock.is_locked
    QTest.keyClick(dialog.windowHandle(), Qt.Key.Key_L, CONTROL | SHIFT)
    QApplication.processEvents()
    assert program.lock.is_locked
    assert _shown() == [window]
    _unlock(qtbot, program)
    assert dialog.isVisible()
    dialog.close()


def test_no_command_acts_while_locked(qtbot: QtBot, program: Program, window: MainWindow) -> None:
    n = window.session.history.n
    enabled = {name for name, action in window.actions_.items() if action.isEnabled()}
    _lock(qtbot, window)
    handle = window.windowHandle()
    for key in (Qt.Key.Key_K, Qt.Key.Key_O, Qt.Key.Key_N, Qt.Key.Key_Z, Qt.Key.Key_U, Qt.Key.Key_V):
        QTest.keyClick(handle, key, CONTROL)
    for plain in (Qt.Key.Key_F1, Qt.Key.Key_F10):
        QTest.keyClick(handle, plain)
    QTest.keyClick(handle, Qt.Key.Key_E, Qt.KeyboardModifier.AltModifier)
    QTest.keyClick(handle, Qt.Key.Key_C, CONTROL | SHIFT)
    for action in window.actions_.values():
        action.trigger()
    QApplication.processEvents()
    assert _shown() == [window]
    assert len(program.windows) == 1
    assert window.session.history.n == n
    assert not window.menuBar().isVisible()
    _unlock(qtbot, program)
    assert {name for name, action in window.actions_.items() if action.isEnabled()} == enabled
    assert window.menuBar().isVisible()


# -- back to the same place -------------------------------------------------------------------------


def test_the_caret_is_where_it_was_and_what_was_typed_is_kept(
    qtbot: QtBot, program: Program, window: MainWindow, store: DraftStore
) -> None:
    field = _line(window, "patient.family_name")
    field.clear()
    qtbot.keyClicks(field, "Specimen")
    field.setCursorPosition(4)
    # Not yet flushed by anyone.
    qtbot.keyClicks(field, "i")
    _lock(qtbot, window)
    _unlock(qtbot, program)
    assert window.cover.page is None
    assert window.focusWidget() is field
    assert (field.text(), field.cursorPosition()) == ("Speciimen", 5)
    assert store.read(window.saving.draft.id).case["patient.family_name"] == Text(text="Speciimen")
    qtbot.keyClicks(field, "x")
    assert window.session.case["patient.family_name"] == Text(text="Speciximen")
    assert window.saving.draft.flush()


def test_a_line_of_quick_entry_is_kept_and_gone_on_with(
    qtbot: QtBot, program: Program, window: MainWindow
) -> None:
    window.actions_["find"].trigger()
    palette = window.quick.palette
    assert palette is not None
    qtbot.keyClicks(palette.field, "weight lo")
    _lock(qtbot, window)
    assert not palette.isVisible()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    _unlock(qtbot, program)
    assert palette.isVisible()
    assert (palette.field.text(), QApplication.focusWidget()) == ("weight lo", palette.field)
    QTest.keyClick(palette.field, Qt.Key.Key_Escape)
    assert window.quick.palette is None


def test_the_letter_is_still_in_view_after_unlocking(
    qtbot: QtBot, program: Program, window: MainWindow
) -> None:
    window.actions_["letter"].trigger()
    QApplication.processEvents()
    _lock(qtbot, window)
    assert not window.letter.isVisible()
    _unlock(qtbot, program)
    assert window.letter.isVisible()


def test_a_wrong_passphrase_is_refused_as_at_the_start(
    qtbot: QtBot, program: Program, window: MainWindow
) -> None:
    page = _lock(qtbot, window)
    assert not page.unlock.isEnabled()
    qtbot.keyClick(page.passphrase, Qt.Key.Key_Return)
    assert page.fault.text() == ""
    _unlock(qtbot, program, "four brown hens")
    assert program.lock.is_locked
    # No folder is named: who stands beside the screen reads it too.
    assert page.fault.text() == (
        "That passphrase does not open the cases. Check Caps Lock and the keyboard layout, and type it again."
    )
    assert page.passphrase.selectedText() == page.passphrase.text()
    _unlock(qtbot, program)
    assert not program.lock.is_locked


def test_who_forgot_the_passphrase_is_told_what_can_be_done(
    qtbot: QtBot, program: Program, window: MainWindow
) -> None:
    page = _lock(qtbot, window)
    qtbot.mouseClick(page.forgotten, Qt.MouseButton.LeftButton)
    box = next(b for b in page.findChildren(ForgottenBox) if b.isVisible())
    assert box.text().startswith("Nobody can open the cases without the passphrase")
    # No key store opens these; an Enter too many goes back.
    assert box.store.isHidden()
    assert box.defaultButton() is box.back
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert program.lock.is_locked
    QApplication.processEvents()
    assert not page.findChildren(ForgottenBox)
    assert window.focusWidget() is page.passphrase


def test_another_case_of_the_patient_is_looked_for_after_the_unlocking(
    qtbot: QtBot, program: Program, window: MainWindow, sample: Case
) -> None:
    second = program.new_window(dict(sample))
    program.lock_asked()
    # Longer than the pause after which it is looked for.
    qtbot.wait(600)
    _unlock(qtbot, program)
    assert [window.line.text, second.line.text] == ["", ""]
    assert not second.same_patient.isHidden()


def test_a_recovery_key_unlocks(
    qtbot: QtBot, program: Program, window: MainWindow, folder: Path
) -> None:
    from triage.store import make_recovery_key

    code = make_recovery_key(folder, PASSPHRASE)
    page = _lock(qtbot, window)
    assert "recovery key" in page.notes.text()
    _unlock(qtbot, program, code)
    assert not program.lock.is_locked


# -- the store --------------------------------------------------------------------------------------


def test_the_store_is_closed_and_no_backup_is_made(
    qtbot: QtBot, program: Program, window: MainWindow, store: DraftStore, folder: Path
) -> None:
    made: list[object] = []
    care = Care(program, lambda held, _: made.append(held.back_up(folder / "backups")))
    _lock(qtbot, window)
    with pytest.raises(StoreError, match="unlock"):
        store.list()
    care._on_backup_due()
    assert made == [None]
    with Drafts.open(folder, open_keys(folder, PASSPHRASE)) as other:
        assert other.claim(window.saving.draft.id) is None


def test_a_close_while_locked_loses_nothing(
    qtbot: QtBot, program: Program, window: MainWindow, store: DraftStore, folder: Path
) -> None:
    window.session.set("rf.dark_urine", Finding(present=True))
    draft, n = window.saving.draft.id, window.session.history.n
    page = _lock(qtbot, window)
    with qtbot.waitSignal(program.finished):
        qtbot.mouseClick(page.close_all, Qt.MouseButton.LeftButton)
    assert program.close()
    with Drafts.open(folder, open_keys(folder, PASSPHRASE)) as other:
        assert other.last_n(draft) == n
        assert other.claim(draft) is not None


def test_what_cannot_be_saved_is_said_kept_and_saved_later(
    qtbot: QtBot, program: Program, window: MainWindow, store: DraftStore
) -> None:
    assert window.saving.draft.flush()
    refuse_saves(store, "The disk is full.")
    window.session.set("rf.dark_urine", Finding(present=True))
    page = _lock(qtbot, window)
    assert "1 change of the open case is not saved" in page.says.text()
    assert "SPECIMEN" not in _seen()
    # A close would lose it, and is refused.
    qtbot.mouseClick(page.close_all, Qt.MouseButton.LeftButton)
    assert program.windows == [window]
    assert "unlock first" in page.fault.text()
    _unlock(qtbot, program)
    refuse_saves(store, "")
    assert window.saving.draft.flush()
    assert store.read(window.saving.draft.id).n == window.session.history.n


def test_what_was_copied_leaves_the_clipboard(
    qtbot: QtBot, program: Program, window: MainWindow
) -> None:
    window.actions_["copy_text"].trigger()
    assert "SPECIMEN" in QGuiApplication.clipboard().text()
    _lock(qtbot, window)
    assert QGuiApplication.clipboard().text() == ""


def test_without_keys_nothing_is_locked_and_it_is_said(
    qtbot: QtBot, assessor: Assessor, theme: Theme, tmp_path: Path
) -> None:
    store = DraftStore(tmp_path / "bare", b"k" * 32, lambda: AT)
    program = Program(assessor, store, Settings(), theme, lambda: AT)
    window = program.new_window()
    window.actions_["lock"].trigger()
    assert not program.lock.is_locked
    assert "cannot be locked" in window.line.text
    window.close()
    store.close()


class Vault(keyring.backend.KeyringBackend):
    """A key store of this test."""

    priority = 5  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password


def test_a_key_store_is_asked_by_the_button_alone(
    qtbot: QtBot, assessor: Assessor, theme: Theme, tmp_path: Path
) -> None:
    before, vault = keyring.get_keyring(), Vault()
    keyring.set_keyring(vault)
    try:
        store = DraftStore(tmp_path, create_keys(tmp_path, use_keyring=True), lambda: AT)
        program = Program(assessor, store, Settings(), theme, lambda: AT)
        window = program.new_window()
        window.actions_["lock"].trigger()
        (page,) = program.lock.pages
        assert not page.passphrase.isVisible()
        kept, vault.kept = vault.kept, {}
        qtbot.mouseClick(page.unlock, Qt.MouseButton.LeftButton)
        assert program.lock.is_locked
        assert "key store" in page.fault.text()
        vault.kept = kept
        qtbot.mouseClick(page.unlock, Qt.MouseButton.LeftButton)
        assert not program.lock.is_locked
        window.close()
        store.close()
    finally:
        keyring.set_keyring(before)


# -- when it locks ----------------------------------------------------------------------------------


class Clocks:
    """Two clocks that a test moves."""

    def __init__(self) -> None:
        self.counts, self.wall = 1000.0, 5000.0

    def pass_(self, seconds: float) -> None:
        self.counts += seconds
        self.wall += seconds


@pytest.fixture
def clocks() -> Clocks:
    return Clocks()


def _watch(clocks: Clocks, seconds: float) -> Watch:
    return Watch(seconds, (), lambda: clocks.counts, lambda: clocks.wall)


def _fires(qtbot: QtBot, watch: Watch, act: Callable[[], object]) -> list[str]:
    heard: list[str] = []
    watch.idle.connect(lambda: heard.append("idle"))
    watch.slept.connect(lambda: heard.append("slept"))
    act()
    QApplication.processEvents()
    return heard


def test_a_program_that_is_left_alone_tells_of_it(qtbot: QtBot) -> None:
    watch = Watch(0.05)
    with qtbot.waitSignal(watch.idle, timeout=2000):
        watch.start()


def test_without_minutes_it_is_never_told(qtbot: QtBot, clocks: Clocks) -> None:
    watch = _watch(clocks, 0)
    watch.start()
    assert not watch._timer.isActive()


@pytest.mark.parametrize("what", ["key", "mouse", "wheel", "answer"])
def test_whoever_uses_the_program_is_not_locked_out(
    qtbot: QtBot, program: Program, window: MainWindow, what: str
) -> None:
    guard = Guard(program, 10)
    guard.watch.start()
    guard.watch._used = 0.0
    handle = window.windowHandle()
    if what == "key":
        QTest.keyClick(handle, Qt.Key.Key_Down)
    elif what == "mouse":
        QTest.mouseMove(handle, window.rect().center())
    elif what == "wheel":
        QTest.wheelEvent(handle, window.rect().center(), QPoint(0, -120))
    else:
        window.session.set("rf.dark_urine", Finding(present=True))
    QApplication.processEvents()
    assert guard.watch._used > 0.0


def test_a_use_puts_the_lock_off(qtbot: QtBot, clocks: Clocks) -> None:
    watch = _watch(clocks, 600)
    watch.start()
    clocks.pass_(80)
    watch.touch()
    for seconds, heard in ((80, []), (519, []), (1, ["idle"])):
        clocks.pass_(seconds)
        assert _fires(qtbot, watch, watch._on_timeout) == heard
    # A timer that has fired waits for the next use.
    watch._timer.stop()
    watch.touch()
    assert watch._timer.isActive()


@pytest.mark.parametrize(("seconds", "heard"), [(30, []), (89, []), (95, ["slept"]), (-9999, [])])
def test_a_clock_that_jumps_ahead_is_a_sleep(
    qtbot: QtBot, clocks: Clocks, seconds: float, heard: list[str]
) -> None:
    watch = _watch(clocks, 600)
    watch.start()
    clocks.wall += seconds
    assert _fires(qtbot, watch, watch.look) == heard
    assert _fires(qtbot, watch, watch.look) == []


def test_the_first_key_after_a_sleep_finds_the_program_locked(
    qtbot: QtBot, program: Program, window: MainWindow
) -> None:
    guard = Guard(program, 0)
    guard.watch.start()
    guard.watch._seen -= 3600
    n = window.session.history.n
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_Y)
    QApplication.processEvents()
    assert program.lock.is_locked
    assert program.lock.pages[0].says.text().startswith("The computer was asleep.")
    assert window.session.history.n == n


def test_a_program_left_alone_locks_and_says_for_how_long(
    qtbot: QtBot, program: Program, window: MainWindow
) -> None:
    guard = Guard(program, 10)
    guard.watch.idle.emit()
    assert program.lock.pages[0].says.text().startswith("After 10 minutes without a key")


_SLEEPER = """
from PySide6.QtCore import QCoreApplication
from PySide6.QtDBus import QDBusConnection, QDBusMessage

app = QCoreApplication([])
bus = QDBusConnection.systemBus()
assert bus.registerService("org.freedesktop.login1")
for begins in (False, True):
    told = QDBusMessage.createSignal(
        "/org/freedesktop/login1", "org.freedesktop.login1.Manager", "PrepareForSleep"
    )
    told.setArguments([begins])
    assert bus.send(told)
bus.unregisterService("org.freedesktop.login1")
"""
_LISTENER = """
from PySide6.QtCore import QCoreApplication, QTimer
from triage.qt.shell.idle import SleepNotice

app = QCoreApplication([])
notice = SleepNotice()
assert notice.listen()
notice.sleeping.connect(app.quit)
QTimer.singleShot(20_000, lambda: app.exit(1))
print("listens", flush=True)
raise SystemExit(app.exec())
"""
_BUS = """<busconfig><type>system</type><listen>unix:path={}</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*"/><allow receive_sender="*"/><allow own="*"/></policy>
</busconfig>"""


@pytest.mark.skipif(shutil.which("dbus-daemon") is None, reason="dbus-daemon is not installed")
def test_the_system_says_that_it_goes_to_sleep(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path_factory.mktemp("bus")
    (folder / "bus.conf").write_text(_BUS.format(folder / "bus"), encoding="utf-8")
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={folder / 'bus'}")
    words = ["dbus-daemon", f"--config-file={folder / 'bus.conf'}", "--nofork", "--print-address"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as bus:
        try:
            assert bus.stdout is not None
            assert bus.stdout.readline()
            listen = [sys.executable, "-c", _LISTENER]
            with subprocess.Popen(listen, stdout=subprocess.PIPE) as listener:
                assert listener.stdout is not None
                assert listener.stdout.readline().strip() == b"listens"
                subprocess.run([sys.executable, "-c", _SLEEPER], check=True, timeout=30)
                assert listener.wait(30) == 0
        finally:
            bus.terminate()


@pytest.mark.parametrize("address", ["tcp:host=127.0.0.1,port=9", "unix:path=/nowhere/at/all"])
def test_no_bus_or_one_of_the_network_is_not_listened_to(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", address)
    assert not SleepNotice().listen()


# -- what was set in type ----------------------------------------------------------------------------


def _remembered() -> int:
    widths = (pdfmetrics.getFont(name).stringWidth for name in (REGULAR, BOLD))
    return sum(cache.cache_info().currsize for cache in (_broken, *widths))


def test_no_words_of_a_letter_are_remembered_once_it_is_locked(
    qtbot: QtBot, program: Program, window: MainWindow
) -> None:
    window.actions_["letter"].trigger()
    assert _remembered() > 0
    _lock(qtbot, window)
    assert _remembered() == 0
    _unlock(qtbot, program)
    window.letter.refresh()
    assert window.letter.view.data.startswith(b"%PDF")


def test_no_words_of_a_letter_are_remembered_once_its_window_is_closed(
    program: Program, window: MainWindow
) -> None:
    window.actions_["letter"].trigger()
    assert _remembered() > 0
    window.close()
    QApplication.processEvents()
    assert _remembered() == 0


def test_a_practice_patient_is_covered_and_goes_on(
    qtbot: QtBot, program: Program, window: MainWindow
) -> None:
    program.practise()
    practice = program.windows[-1]
    practice.activateWindow()
    QApplication.processEvents()
    _lock(qtbot, practice)
    assert "PRACTICE" not in _seen()
    _unlock(qtbot, program)
    assert practice.cover.page is None
    assert practice.tour is not None
    assert practice.tour.isVisible()
