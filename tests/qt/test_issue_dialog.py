"""Before something is done for good: the dialogs name the thing, and an Enter too many does nothing."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QLabel
from pytestqt.qtbot import QtBot

from triage.model.case import Case
from triage.model.values import Finding, Text, Urgency
from triage.qt.letter.confirm import IssueDialog
from triage.qt.panel.urgency_dialog import UrgencyDialog
from triage.qt.parts.theme import Theme
from triage.session.issuing import issue_rows

from .asking import hold
from .conftest import Desk

Key = Qt.Key


def _asked(qtbot: QtBot, desk: Desk) -> IssueDialog:
    desk.window.activateWindow()
    desk.window.actions_["issue"].trigger()
    box = desk.window.letter.confirmation
    assert box is not None
    qtbot.waitUntil(box.isActiveWindow)
    return box


@pytest.fixture
def real(desk: Desk, sample: Case) -> Desk:
    desk.take(sample)
    return desk


def _words(dialog: QDialog) -> list[str]:
    return [label.text() for label in dialog.findChildren(QLabel)]


def _said(button: QAbstractButton) -> str:
    return button.text().replace("&", "")


def test_it_shows_every_row_and_what_cannot_be_taken_back(qtbot: QtBot, real: Desk) -> None:
    box = _asked(qtbot, real)
    assert box.title.text() == "Issue version 1?"
    assert box.rows == issue_rows(real.session, real.letters)
    shown = " ".join(_words(box))
    for row in box.rows:
        assert row.label in shown
        assert row.text in shown
    assert (
        "A later change becomes version 2. Nothing is sent: print, save or copy it next." in shown
    )


def test_back_has_the_ring_and_enter_does_nothing_anywhere(qtbot: QtBot, real: Desk) -> None:
    box = _asked(qtbot, real)
    assert QApplication.focusWidget() is box.back
    for button in (box.back, box.issue):
        button.setFocus()
        for key in (Key.Key_Return, Key.Key_Enter):
            QTest.keyClick(box.windowHandle(), key)
            assert box.isVisible()
    assert not real.draft.issues()
    QTest.keyClick(box.windowHandle(), Key.Key_Escape)
    qtbot.waitUntil(lambda: real.window.letter.confirmation is None)
    assert not real.draft.issues()


def test_rows_that_have_no_room_are_gone_through_by_page_keys(
    qtbot: QtBot, real: Desk, theme: Theme
) -> None:
    theme.set_zoom(200)
    box = _asked(qtbot, real)
    box.resize(box.width(), 400)
    QApplication.processEvents()
    last = box.findChildren(QLabel)[2 * len(box.rows) - 1]
    assert last.visibleRegion().isEmpty()
    for _ in range(9):
        QTest.keyClick(box.windowHandle(), Key.Key_PageDown)
    assert not last.visibleRegion().isEmpty()
    assert QApplication.focusWidget() is box.back


@pytest.mark.parametrize("key", [Key.Key_I, Key.Key_Space])
def test_its_letter_issues_and_space_on_the_button(qtbot: QtBot, real: Desk, key: Key) -> None:
    box = _asked(qtbot, real)
    if key == Key.Key_Space:
        box.issue.setFocus()
    QTest.keyClick(box.windowHandle(), key)
    qtbot.waitUntil(lambda: real.window.letter.confirmation is None)
    assert [issue.version for issue in real.draft.issues()] == [1]


def test_enter_that_is_held_since_the_window_issues_nothing(qtbot: QtBot, real: Desk) -> None:
    box = _asked(qtbot, real)
    hold(Key.Key_Return, "\r")
    assert box.isVisible()
    assert not real.draft.issues()


def test_what_stands_against_it_is_named_and_enter_goes_to_the_first(
    qtbot: QtBot, real: Desk
) -> None:
    real.session.set_all({"patient.dob": None, "referrer.question": None})
    real.window.activateWindow()
    real.window.actions_["issue"].trigger()
    assert real.window.letter.confirmation is None
    level, text = real.told[-1]
    assert (level, text) == (
        "warning",
        "Not yet: birth date of the patient, your question. Enter goes to the first.",
    )
    QTest.keyClick(real.window.windowHandle(), Key.Key_Return)
    assert real.questions.keys == ["patient.dob"]


def test_the_button_that_is_stopped_can_be_pressed_and_says_why(qtbot: QtBot, real: Desk) -> None:
    real.window.activateWindow()
    real.window.actions_["letter"].trigger()
    issue = real.window.letter.issue
    assert issue.property("role") == "main"
    real.session.set("patient.dob", None)
    real.window.letter.refresh()
    assert issue.property("role") == "stopped"
    issue.setFocus()
    QTest.keyClick(real.window.windowHandle(), Key.Key_Return)
    assert real.told[-1][1] == "Not yet: birth date of the patient. Enter goes to the first."
    assert QApplication.focusWidget() is real.window.letter.problems.lines.widgets[0]


def test_a_second_version_says_what_it_replaces(qtbot: QtBot, real: Desk) -> None:
    real.letters.issue()
    real.session.set("patient.phone", Text(text="01632 960001"))
    box = _asked(qtbot, real)
    assert box.title.text() == "Issue version 2?"
    assert "Replaces: Version 1 of " in box.text
    box.reject()


# -- the level -----------------------------------------------------------------------------------------


@pytest.fixture
def urgency(qtbot: QtBot, desk: Desk) -> UrgencyDialog:
    desk.answer(neuro__dysarthria=True)
    assert desk.session.level == "urgent"
    desk.window.actions_["urgency"].trigger()
    return desk.window.findChildren(UrgencyDialog)[-1]


def test_lowering_says_what_reached_the_level_and_needs_a_reason(
    qtbot: QtBot, desk: Desk, urgency: UrgencyDialog
) -> None:
    urgency.choices["soon"].click()
    reached = sum(r.level == "urgent" for r in desk.session.assessment.urgency.reasons)
    rules = "1 rule" if reached == 1 else f"{reached} rules"
    assert urgency.asks.text() == f"Urgent was reached by {rules}. Lower it to soon?"
    assert "Your &reason (printed beside both levels):" in _words(urgency)
    assert (_said(urgency.keep), _said(urgency.act)) == ("Keep urgent", "Lower to soon")
    assert not urgency.act.isEnabled()
    qtbot.keyClicks(urgency.reason, "seen on the ward")
    urgency.act.click()
    assert desk.session.case["case.urgency"] == Urgency(level="soon", reason="seen on the ward")


def test_enter_in_the_reason_lowers_nothing_and_throws_no_reason_away(
    qtbot: QtBot, desk: Desk, urgency: UrgencyDialog
) -> None:
    urgency.choices["soon"].click()
    urgency.reason.setFocus()
    qtbot.keyClicks(urgency.reason, "seen on the ward")
    hold(Key.Key_Return)
    assert "case.urgency" not in desk.session.case
    assert urgency.isVisible()
    assert urgency.act.hasFocus()
    QTest.keyClick(urgency.act, Key.Key_Return)
    assert desk.session.case["case.urgency"] == Urgency(level="soon", reason="seen on the ward")


def test_enter_without_a_reason_keeps_the_level(
    qtbot: QtBot, desk: Desk, urgency: UrgencyDialog
) -> None:
    urgency.choices["soon"].click()
    urgency.reason.setFocus()
    QTest.keyClick(urgency.reason, Key.Key_Return)
    assert not urgency.isVisible()
    assert "case.urgency" not in desk.session.case


def test_nothing_moves_in_the_dialog_while_a_level_is_chosen(
    qtbot: QtBot, urgency: UrgencyDialog
) -> None:
    places = []
    for choice in urgency.choices.values():
        choice.click()
        QApplication.processEvents()
        places.append((urgency.reason.geometry(), urgency.height()))
    assert len(set(map(str, places))) == 1


# -- withdrawing ----------------------------------------------------------------------------------------


def test_withdrawing_names_the_version_and_asks_for_a_reason(qtbot: QtBot, real: Desk) -> None:
    real.letters.issue()
    real.window.actions_["letter"].trigger()
    real.window.letter.withdraw.click()
    dialog = real.window.letter.withdrawing
    assert dialog is not None
    words = _words(dialog)
    name = real.letters.recipients[real.letters.recipient].name
    assert any(w.startswith("Withdraw version 1 of ") and w.endswith(f"to {name}?") for w in words)
    assert (
        "It stays readable, is marked withdrawn with your reason, and a notice to the recipient can be printed. "
        "Nothing is sent." in words
    )
    assert (_said(dialog.keep), _said(dialog.act)) == ("Keep it", "Withdraw version 1")
    assert not dialog.act.isEnabled()
    dialog.reason.setFocus()
    qtbot.keyClicks(dialog.reason, "sent to the wrong clinic")
    QTest.keyClick(dialog.reason, Key.Key_Return)
    assert dialog.focusWidget() is dialog.act
    assert real.letters.state == "issued v1"
    QTest.keyClick(dialog.act, Key.Key_Return)
    assert "withdrawn" in real.letters.state


def test_no_button_of_a_dialog_says_ok_yes_or_no(qtbot: QtBot, desk: Desk) -> None:
    desk.session.set("neuro.dysarthria", Finding(present=True))
    desk.window.actions_["urgency"].trigger()
    for dialog in desk.window.findChildren(QDialog):
        for button in dialog.findChildren(QAbstractButton):
            assert button.text().replace("&", "") not in {"OK", "Yes", "No", "Cancel"}
