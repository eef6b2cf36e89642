"""The process that is killed: the real program, started as a person starts it and worked with by key events.

It tells what it is about to do and what is done; what was told as done must be found again.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from unittest.mock import patch

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QPushButton, QWidget

# Loaded before the fork, as all that is slow.
import triage.pdf.render
import triage.session.letters  # noqa: F401
from tests.prove.nursery import tell
from tests.prove.visit import PASSPHRASE
from tests.store.test_museum import PASSPHRASE as OLD
from triage.content import load_content
from triage.content.files import ContentFiles
from triage.model.values import Text
from triage.qt import app as app_module
from triage.qt.drafts.damage import DamageDialog
from triage.qt.first import FirstStart
from triage.qt.showcase import settle
from triage.qt.window import MainWindow
from triage.store import backups

SAMPLE = Path(__file__).parents[2] / "forms" / "muscle_cramps" / "cases" / "sample.json"
FINDINGS = (
    "rf.breathless_rest",
    "rf.seizure",
    "rf.fever",
    "neuro.weakness",
    "neuro.twitching",
    "neuro.dysarthria",
    "sys.cancer",
)
WORDS = ("right", "hand", "weak", "since", "May,", "drops", "cups;", "calf", "cramps,", "knot.")
CONTENT = load_content(ContentFiles())


class Clinician:
    """Works with the window that is there.

    Parameters
    ----------
    seed
        What is typed follows from it.
    """

    def __init__(self, seed: int) -> None:
        self._rng = random.Random(seed)
        self._typed = ""
        self._findings: dict[str, bool] = {}

    # -- what is done, one for each kind of kill --------------------------------------------------

    def type(self) -> None:
        """Type and press until killed."""
        window = _window()
        while True:
            if self._rng.random() < 0.4:
                name = self._rng.choice(FINDINGS)
                present = self._rng.random() < 0.5
                window.go.go_to(name)
                self._findings[name] = present
                self._say(done=False)
                QTest.keyClick(_focused(), Qt.Key.Key_P if present else Qt.Key.Key_A)
                self._say()
                QApplication.processEvents()
            else:
                self._word(window)

    def set_up(self) -> None:
        """Choose a passphrase on the page of the first start, and type once the window is there."""
        page = QApplication.activeModalWidget()
        assert isinstance(page, FirstStart)
        tell("begun")
        QTest.keyClicks(page.passphrase.passphrase, PASSPHRASE)
        QTest.keyClicks(page.passphrase.again, PASSPHRASE)
        # What follows begins when the page is gone.
        QTimer.singleShot(0, self._type_a_little)
        _press(page.begin)

    def _type_a_little(self) -> None:
        tell("set_up")
        settle(50)
        window = _window()
        for _ in range(20):
            self._word(window)
            self._saved(window)

    def issue(self) -> None:
        """Issue the letter of a case that was imported, and amend it, again and again."""
        tell("begun")
        for version in range(1, 6):
            window = _window()
            window.actions_["issue"].trigger()
            box = window.letter.confirmation
            assert box is not None, [
                line.line.text for line in window.letter.problems.lines.widgets
            ]
            _press(box.issue)
            assert window.header.state.text() == f"Issued v{version}"
            for letter in window.saving.draft.issues():
                tell(f"issued {letter.version} {hashlib.sha256(letter.pdf).hexdigest()}")
            while (dialog := QApplication.activeModalWidget()) is not None:
                QTest.keyClick(dialog, Qt.Key.Key_Escape)
            window.session.set("referrer.question", Text(text=f"What else? {version}"))
            QApplication.processEvents()

    def back_up(self) -> None:
        """Type, and close the program, which then backs up."""
        window = _window()
        for _ in range(2):
            self._word(window)
        self._saved(window)
        window.close()

    def import_(self) -> None:
        """Import a case file again and again through the list of drafts."""
        tell("begun")
        for _ in range(6):
            _window().actions_["drafts"].trigger()
            before = len(_windows())
            dialog = QApplication.activeModalWidget()
            assert dialog is not None
            dialog.import_chosen.emit(SAMPLE)  # type: ignore[attr-defined]
            QApplication.processEvents()
            assert len(_windows()) == before + 1
            tell("imported")

    def close(self) -> None:
        """Type, and close at once."""
        window = _window()
        for _ in range(3):
            self._word(window)
        tell("closing")
        window.close()
        self._say(saved=True)

    def restore(self) -> None:
        """Answer the question of a program that finds no drafts: by the newest backup."""
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, DamageDialog)
        assert dialog.choice == "restore"
        tell("begun")
        QTimer.singleShot(0, lambda: tell("restored"))
        _press(dialog.go)

    def migrate(self) -> None:
        """Say that the drafts of an older program are brought up to date: the window is there."""
        tell("migrated")
        _window().close()

    # -- keys -------------------------------------------------------------------------------------

    def _word(self, window: MainWindow) -> None:
        window.go.go_to("referrer.question")
        edit = _focused()
        assert isinstance(edit, QPlainTextEdit)
        for letter in self._rng.choice(WORDS) + " ":
            self._typed += letter
            self._say(done=False)
            QTest.keyClicks(edit, letter)
            self._say()
            QApplication.processEvents()
            time.sleep(self._rng.random() * 0.02)

    def _saved(self, window: MainWindow) -> None:
        assert window.saving.draft.flush()
        self._say(saved=True)

    def _say(self, *, done: bool = True, saved: bool = False) -> None:
        """Tell what was typed: before a key is pressed, when it was, and when the disk is known to have it."""
        at = time.monotonic()
        tell(
            json.dumps(
                {
                    "at": at,
                    "done": done,
                    "saved": saved,
                    "findings": self._findings,
                    "typed": self._typed,
                }
            )
        )


def _windows() -> list[MainWindow]:
    found = [w for w in QApplication.topLevelWidgets() if isinstance(w, MainWindow)]
    return [window for window in found if window.isVisible()]


def _window() -> MainWindow:
    return _windows()[-1]


def _focused() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def _press(button: QWidget) -> None:
    assert isinstance(button, QPushButton)
    assert button.isEnabled()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def _starting_backups() -> Callable[..., object]:
    """Return what starts a backup, and tells by which process it is made."""
    honest = backups.start_backup

    def start(folder: Path, key: bytes, into: Path) -> subprocess.Popen[bytes] | None:
        child = honest(folder, key, into)
        if child is not None:
            tell(f"backup {child.pid}")
        return child

    return start


def run(work: str, folder: str, seed: str) -> None:
    """Start the program as `triage` does, and let a clinician do one kind of work."""
    os.environ["TRIAGE_HOME"] = folder
    clinician = Clinician(int(seed))
    app_module.application()
    failed: list[BaseException] = []

    def begin() -> None:
        try:
            settle(50)
            getattr(clinician, work)()
        except BaseException as error:
            failed.append(error)
            QApplication.exit(1)

    QTimer.singleShot(0, begin)
    draft = str(SAMPLE) if work == "issue" else None
    given = None if work == "set_up" else (lambda: PASSPHRASE)
    if work == "migrate":
        given = lambda: OLD  # noqa: E731
        tell("begun")
    start = _starting_backups() if work == "back_up" else (lambda *_: None)
    with (
        patch("triage.qt.app.read_content", lambda _: CONTENT),
        patch("triage.store.backups.start_backup", start),
        # Nothing of a test goes into the key store of whoever runs it.
        patch("triage.store.keyring_available", lambda: False),
    ):
        app_module.run(draft, given)
    if failed:
        raise failed[0]
    tell("ended")
