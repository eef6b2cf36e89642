"""The sample case, as the demo opens it in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

_LOOK = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from triage.qt.app import application
from triage.qt.showcase import show_sample
from triage.qt.window import MainWindow

def look():
    (window,) = (w for w in QApplication.topLevelWidgets() if isinstance(w, MainWindow))
    print("maximised" if window.isMaximized() else "not maximised")
    window.close()

application()
QTimer.singleShot(0, look)
sys.exit(show_sample(Path(sys.argv[1])))
"""


def test_the_sample_fills_the_screen_and_no_frame_pushes_its_foot_out(tmp_path: Path) -> None:
    shown = subprocess.run(
        [sys.executable, "-c", _LOOK, str(tmp_path)],
        capture_output=True,
        encoding="utf-8",
        check=True,
        timeout=120,
    )
    assert shown.stdout.strip() == "maximised"
