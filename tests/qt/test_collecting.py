"""The garbage of a window is collected on the thread of the windows, or Qt calls into what is gone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from triage.qt.app import application
from triage.qt.parts.collecting import Collecting

_CHILD = """
import gc, json, sys, threading
from pathlib import Path

where = []
gc.callbacks.append(lambda phase, _: where.append(threading.current_thread().name))

from PySide6.QtTest import QTest
from tests.conftest import the_assessor, the_settings
gc.enable()
from triage.qt.app import application, now
from triage.qt.parts.theme import Theme
from triage.qt.program import make_window
from triage.session.draft import DraftStore

app = application()
store = DraftStore(Path(sys.argv[1]), b"k" * 32, now)
theme = Theme(app)
del where[:]
for _ in range(3):
    draft = store.create(the_assessor().content)
    window = make_window(the_assessor(), draft, the_settings(), theme, now)
    window.show()
    QTest.qWait(50)
    window.close()
    window.deleteLater()
    del window, draft
    # What a save does, and a reading of every draft: much is made on the thread of the drafts.
    store.do(lambda drafts: [{str(n): [n]} for n in range(20_000)])
    QTest.qWait(1200)
store.close()
print(json.dumps(sorted(set(where))))
"""


def test_nothing_is_collected_on_the_thread_that_saves(tmp_path: Path) -> None:
    # In a process of its own: here the collector rests until a test is over.
    done = subprocess.run(
        [sys.executable, "-c", _CHILD, str(tmp_path / "drafts")],
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == ["MainThread"]


def test_nothing_is_collected_in_the_events_of_a_test() -> None:
    assert not application().findChildren(Collecting)
