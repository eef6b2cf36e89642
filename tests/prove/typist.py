"""The process that the kill test kills: the real window, typed into by key events, telling what it typed.

Every line on standard output is the time and what stands in the case, told before a key is pressed (``done``
false: it may stand there from now on) and after it: what was done more than a second before the end must be
found again, and nothing else than what was told.
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QWidget

from triage.qt.app import application, now, read_content
from triage.qt.program import make_window
from triage.qt.showcase import settle
from triage.qt.theme import Theme
from triage.rules.assess import Assessor
from triage.session.draft import DraftStore
from triage.settings import Settings

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


def main(home: str, key: str, seed: int) -> None:
    """Type until killed."""
    rng = random.Random(seed)
    app = application()
    content = read_content()
    store = DraftStore(Path(home), bytes.fromhex(key), now)
    window = make_window(Assessor(content), store.create(content), Settings(), Theme(app), now)
    window.show()
    settle(50)
    findings: dict[str, bool] = {}
    typed = ""
    while True:
        if rng.random() < 0.4:
            name = rng.choice(FINDINGS)
            present = rng.random() < 0.5
            window.go.go_to(name)
            findings[name] = present
            _tell(findings, typed, done=False)
            QTest.keyClick(_focused(), Qt.Key.Key_P if present else Qt.Key.Key_A)
        else:
            window.go.go_to("referrer.question")
            edit = _focused()
            assert isinstance(edit, QPlainTextEdit)
            for letter in rng.choice(WORDS) + " ":
                typed += letter
                _tell(findings, typed, done=False)
                QTest.keyClicks(edit, letter)
                _tell(findings, typed)
                app.processEvents()
                time.sleep(rng.random() * 0.02)
        _tell(findings, typed)
        app.processEvents()


def _tell(findings: dict[str, bool], typed: str, *, done: bool = True) -> None:
    line = json.dumps({"at": time.monotonic(), "done": done, "findings": findings, "typed": typed})
    os.write(1, line.encode() + b"\n")


def _focused() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
