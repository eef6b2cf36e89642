"""The practice patient and its tour, taken by keys in the real window; of it nothing is left."""

from __future__ import annotations

import gc
import weakref

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QFileDialog

from tests.conftest import TODAY, the_content
from triage.content import ContentFiles
from triage.content.form import DECISION
from triage.content.practice import FILE, read_practice
from triage.errors import ContentError
from triage.model.values import Text
from triage.qt.ask.finding import FindingWidget
from triage.qt.shell.tour import Tour
from triage.qt.window import MainWindow

from .clinic import Clinic

Key = Qt.Key
CONTROL, PLAIN = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.NoModifier


@pytest.fixture
def window(clinic: Clinic) -> MainWindow:
    first = clinic.program.new_window()
    first.actions_["practice"].trigger()
    window = clinic.program.windows[-1]
    assert window is not first, first.messages.told
    window.activateWindow()
    QApplication.processEvents()
    return window


def tour(window: MainWindow) -> Tour:
    assert window.tour is not None
    return window.tour


def press(key: Key, held: Qt.KeyboardModifier = PLAIN) -> None:
    widget = QApplication.focusWidget()
    assert widget is not None
    QTest.keyClick(widget, key, held)
    QApplication.processEvents()


def write(text: str) -> None:
    widget = QApplication.focusWidget()
    assert widget is not None
    QTest.keyClicks(widget, text)
    QApplication.processEvents()


def test_each_step_is_taken_by_doing_what_it_says(window: MainWindow) -> None:
    at = tour(window)
    assert at.heading.text().startswith("1 of 7")
    write("Patricia")
    press(Key.Key_Return)
    assert at.at == 1
    press(Key.Key_0)
    assert at.at == 2
    press(Key.Key_Z, CONTROL)
    assert at.at == 3
    for _ in range(4):
        focused = QApplication.focusWidget()
        assert focused is not None
        if focused.accessibleName().startswith("Calf"):
            break
        press(Key.Key_Right)
    press(Key.Key_R)
    assert at.at == 4
    press(Key.Key_K, CONTROL)
    write("adf r 4")
    press(Key.Key_Return)
    assert at.at == 5
    press(Key.Key_2, CONTROL)
    press(Key.Key_A)
    assert any(key.startswith(DECISION) for key in window.session.case)
    assert at.at == 6
    press(Key.Key_L, CONTROL)
    assert at.at == 7
    assert at.step is None
    assert window.letter.isVisible()


def test_a_reason_that_a_step_leaves_behind_does_not_keep_the_focus(window: MainWindow) -> None:
    write("Patricia")
    asked = next(w for w in window.findChildren(FindingWidget) if w.isVisible())
    unable = next(b for b in asked.findChildren(QAbstractButton) if "Unable" in b.text())
    QTest.mouseClick(unable, Qt.MouseButton.LeftButton)
    QApplication.processEvents()
    assert tour(window).at == 1
    focused = QApplication.focusWidget()
    assert focused is not None
    assert focused.isVisible()


def test_what_was_taken_back_comes_back(window: MainWindow) -> None:
    write("Patricia")
    press(Key.Key_Return)
    press(Key.Key_Z, CONTROL)
    assert "patient.given_name" not in window.session.case
    press(Key.Key_Z, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    assert window.session.case["patient.given_name"] == Text(text="Patricia")


def test_nothing_of_it_is_kept(clinic: Clinic, window: MainWindow) -> None:
    before = clinic.store.do(lambda drafts: [info.id for info in drafts.list(show="all")])
    write("Patricia")
    press(Key.Key_Return)
    tour(window).end.click()
    QApplication.processEvents()
    assert window not in clinic.program.windows
    assert clinic.store.do(lambda drafts: [info.id for info in drafts.list(show="all")]) == before
    clinic.store.writer.flush()
    for path in clinic.store.folder.rglob("*"):
        assert not path.is_file() or b"Patricia" not in path.read_bytes()


@pytest.mark.parametrize("act", ["start_issue", "save_pdf", "print_letter", "copy_text"])
def test_nothing_of_it_leaves_the_program(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch, act: str
) -> None:
    asked: list[object] = []
    monkeypatch.setattr(QFileDialog, "exec", lambda *a: asked.append(a) or 0)
    window.go.show_letter()
    getattr(window.letter, act)()
    assert not asked
    assert QApplication.activeModalWidget() is None
    assert window.messages.told[-1][1] == "Practice: nothing here is printed, saved or issued."


def test_it_is_marked_and_its_commands_are_off(window: MainWindow) -> None:
    assert window.header.state.text() == "Practice"
    assert window.header.saved.text() == "Not saved"
    for name in ("issue", "save_pdf", "print", "copy_text", "save_copy"):
        assert not window.actions_[name].isEnabled()
    assert not window.letter.issue.isVisible()


def test_a_step_can_be_skipped_and_gone_back_to(window: MainWindow) -> None:
    at = tour(window)
    at.skip.click()
    assert at.at == 1
    at.back.click()
    assert at.at == 0
    assert not at.back.isEnabled()
    for _ in range(7):
        at.skip.click()
    assert at.step is None
    assert not at.skip.isVisible()


def test_what_is_wrong_with_it_is_told_by_file_and_step(tmp_path) -> None:  # type: ignore[no-untyped-def]
    text = ContentFiles().text(FILE).replace('at = "breath"', 'at = "breadth"')
    folder = tmp_path / "forms" / "muscle_cramps"
    folder.mkdir(parents=True)
    (folder / "practice.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ContentError) as told:
        read_practice(ContentFiles(own=tmp_path), the_content(), TODAY)
    assert "there is no question or block 'breadth'" in str(told.value)


def test_nothing_of_a_practice_is_left_when_it_is_over(clinic: Clinic) -> None:
    # A call that was still to come kept the whole window, and with it the program.
    first = clinic.program.new_window()
    first.actions_["practice"].trigger()
    window = clinic.program.windows[-1]
    window.activateWindow()
    QApplication.processEvents()
    gone = weakref.ref(window)
    steps = weakref.ref(tour(window))
    press(Key.Key_Tab)
    QTest.keyClick(QApplication.focusWidget(), Key.Key_Tab)
    window.close()
    window.deleteLater()
    del window
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QApplication.processEvents()
    gc.collect()
    assert steps() is None
    assert gone() is None


def test_the_buttons_of_the_tour_are_reached_by_tab_and_by_f6(window: MainWindow) -> None:
    at, rail = tour(window), window.rail
    rail.next.setFocus()
    press(Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
    assert at.end.hasFocus()
    press(Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
    assert at.skip.hasFocus()
    press(Key.Key_Tab)
    press(Key.Key_Tab)
    assert rail.next.hasFocus()
    window.panel.take_focus()
    window.actions_["next_pane"].trigger()
    assert at.skip.hasFocus()
    press(Key.Key_Space)
    assert at.at == 1


def test_the_window_of_the_practice_is_told_apart_in_a_list_of_windows(window: MainWindow) -> None:
    assert window.windowTitle() == "Practice"
