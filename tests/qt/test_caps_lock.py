"""Caps Lock is said where dots hide what is typed, and nothing moves for it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, QPoint, QRect, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from triage.qt.drafts.unlock import NewPassphraseDialog, RecoveryDialog, UnlockDialog
from triage.qt.lock_page import LockPage
from triage.qt.parts.caps_lock import CapsLock
from triage.qt.parts.clipboard import Clipboard
from triage.qt.parts.theme import Theme
from triage.store import KeyInfo

NO, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier
ON = "Caps Lock is on."

MADE: dict[str, Callable[[], QWidget]] = {
    "change": lambda: NewPassphraseDialog("change"),
    "first": lambda: NewPassphraseDialog("first"),
    "lock": lambda: LockPage("Locked", "By key.", KeyInfo(passphrase=True, keyring=False)),
    "recovery": lambda: RecoveryDialog(Clipboard(60)),
    "unlock": UnlockDialog,
}


@pytest.fixture
def made(qtbot: QtBot, theme: Theme, request: pytest.FixtureRequest) -> QWidget:
    dialog = MADE[request.param]()
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitExposed(dialog)
    QApplication.processEvents()
    return dialog


def _secrets(dialog: QWidget) -> list[QLineEdit]:
    hidden = QLineEdit.EchoMode.Password
    found = [f for f in dialog.findChildren(QLineEdit) if f.echoMode() is hidden and f.isVisible()]
    assert found
    return found


def _says(dialog: QWidget) -> str:
    (line,) = dialog.findChildren(CapsLock)
    assert line.isVisible()
    return line.text()


def _type(field: QLineEdit, text: str, held: Qt.KeyboardModifier = NO) -> None:
    """Send a key as the system does: the text says what Caps Lock made of it."""
    code = ord(text.upper()) if text.isascii() and text.isalnum() else 0
    QApplication.sendEvent(field, QKeyEvent(QEvent.Type.KeyPress, code, held, text))


def _press_caps(field: QLineEdit) -> None:
    QApplication.sendEvent(field, QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_CapsLock, NO))


def _places(dialog: QWidget) -> list[QRect]:
    QApplication.processEvents()
    parts = [p for p in dialog.findChildren(QWidget) if not isinstance(p, CapsLock)]
    return [QRect(p.mapTo(dialog, QPoint()), p.size()) for p in parts if p.isVisible()]


@pytest.mark.parametrize("made", MADE, indirect=True)
def test_a_capital_without_shift_says_it_and_nothing_moves(made: QWidget) -> None:
    for field in _secrets(made):
        _type(field, "a")
        before, high = _places(made), made.size()
        assert _says(made) == ""
        _type(field, "A")
        assert _says(made) == ON
        field.setText(field.text()[:1])
        assert (_places(made), made.size()) == (before, high)
        _type(field, "b")
        assert _says(made) == ""


@pytest.mark.parametrize("made", ["unlock"], indirect=True)
def test_shift_is_known_and_what_has_no_case_tells_nothing(made: QWidget) -> None:
    (field,) = _secrets(made)
    _type(field, "A", SHIFT)
    for text in ("1", " ", "ß", "!"):
        _type(field, text)
    assert _says(made) == ""
    _type(field, "a", SHIFT)
    assert _says(made) == ON
    for text in ("1", " ", "ß", "!"):
        _type(field, text)
    assert _says(made) == ON
    _type(field, "é")
    assert _says(made) == ""


@pytest.mark.parametrize("made", ["unlock"], indirect=True)
def test_pressing_it_is_said_at_once_where_it_is_known(made: QWidget) -> None:
    (field,) = _secrets(made)
    _press_caps(field)
    assert _says(made) == ""
    _type(field, "A")
    _press_caps(field)
    assert _says(made) == ""
    _press_caps(field)
    assert _says(made) == ON
