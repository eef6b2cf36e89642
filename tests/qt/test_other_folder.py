"""Cases that cannot be worked with: they are read, or another folder is begun with, as the user says."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from triage.content.load import Content
from triage.qt import app as app_module
from triage.qt.app import OtherFolderError, Unlocking
from triage.qt.drafts.read_only import ReadOnlyBox
from triage.qt.drafts.unlock import ForgottenBox, UnlockDialog
from triage.qt.parts.theme import Theme
from triage.session.draft import DraftStore
from triage.settings import Settings
from triage.store import create_keys

from ..conftest import AT
from .test_lock import CHEAP

PASSPHRASE = "four brown cows"


@pytest.fixture
def key(small_disk: Path, monkeypatch: pytest.MonkeyPatch) -> bytes:
    """Return the key of a store on a disk that cannot be written any more."""
    folder = small_disk / "store"
    monkeypatch.setenv("TRIAGE_HOME", str(folder))
    made = create_keys(folder, PASSPHRASE, cost=CHEAP)
    DraftStore(folder, made, lambda: AT).close()
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    return made


@pytest.fixture
def at_the_keyboard(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Callable[[Qt.Key], None]:
    """Return what lets someone press a key in the question that stands at the start."""

    def press(key: Qt.Key) -> None:
        def ask(box: ReadOnlyBox) -> int:
            qtbot.addWidget(box)
            box.show()
            qtbot.waitUntil(box.isActiveWindow)
            QTest.keyClick(box.windowHandle(), key)
            qtbot.waitUntil(lambda: not box.isVisible())
            return 0

        monkeypatch.setattr(ReadOnlyBox, "exec", ask)

    return press


def _choose(monkeypatch: pytest.MonkeyPatch, *folders: Path | None) -> None:
    names = iter(folders)

    def choose(parent: QWidget | None, title: str, at: str) -> str:
        chosen = next(names)
        return "" if chosen is None else str(chosen)

    monkeypatch.setattr(QFileDialog, "getExistingDirectory", choose)


@pytest.mark.parametrize("pressed", [Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_R])
def test_cases_that_cannot_be_written_are_read_by_enter_or_esc(
    content: Content,
    theme: Theme,
    key: bytes,
    at_the_keyboard: Callable[[Qt.Key], None],
    pressed: Qt.Key,
) -> None:
    at_the_keyboard(pressed)
    program = app_module._program(content, Settings(), theme, key)
    assert program is not None
    assert program.store.read_only
    program.close()


def test_the_program_is_closed_where_the_user_wants_neither(
    content: Content, theme: Theme, key: bytes, at_the_keyboard: Callable[[Qt.Key], None]
) -> None:
    box = ReadOnlyBox()
    assert [b.text() for b in (box.read, box.choose, box.shut)] == ["Read only", "Choose…", "Close"]
    assert box.text() == (
        "The cases can be read but not changed: the folder is read-only. Read only, or choose another folder?"
    )
    box.deleteLater()
    at_the_keyboard(Qt.Key.Key_L)
    assert app_module._program(content, Settings(), theme, key) is None


def test_another_folder_is_chosen_or_it_is_asked_again(
    content: Content,
    theme: Theme,
    key: bytes,
    at_the_keyboard: Callable[[Qt.Key], None],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    at_the_keyboard(Qt.Key.Key_C)
    _choose(monkeypatch, None, tmp_path)
    with pytest.raises(OtherFolderError) as caught:
        app_module._program(content, Settings(), theme, key)
    assert caught.value.folder == tmp_path


def test_the_program_begins_once_more_in_the_other_folder(
    theme: Theme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[str, object, str]] = []

    def start(*given: object) -> int:
        seen.append((os.environ.get("TRIAGE_HOME", ""), given[3], str(given[5])))
        if len(seen) == 1:
            raise OtherFolderError(tmp_path / "other")
        return 0

    monkeypatch.setenv("TRIAGE_HOME", str(tmp_path / "one"))
    monkeypatch.setattr(app_module, "_run", start)

    def given() -> str:
        return PASSPHRASE

    assert app_module.run(passphrase=given) == 0
    (one, asked, nothing), (other, unasked, told) = seen
    assert (one, asked, nothing) == (str(tmp_path / "one"), given, "")
    assert (other, unasked) == (str(tmp_path / "other"), None)
    assert f"those of {tmp_path / 'other'} until you close" in told


def test_who_forgot_the_passphrase_can_begin_in_an_empty_folder(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    create_keys(tmp_path / "old", PASSPHRASE, cost=CHEAP)
    _choose(monkeypatch, None, tmp_path / "new")

    def at_the_keyboard(dialog: UnlockDialog) -> int:
        qtbot.addWidget(dialog)
        dialog.show()
        for _ in range(2):
            assert dialog.isVisible()
            dialog.forgotten.click()
            box = next(b for b in dialog.findChildren(ForgottenBox) if b.isVisible())
            box.begin.click()
        return dialog.result()

    monkeypatch.setattr(UnlockDialog, "exec", at_the_keyboard)
    with pytest.raises(OtherFolderError) as caught:
        Unlocking(tmp_path / "old").key()
    assert caught.value.folder == tmp_path / "new"
