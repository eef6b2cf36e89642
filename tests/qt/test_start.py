"""What the start leaves undone, and that it makes no difference to who uses the window."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from triage.model.values import Finding
from triage.qt.panel.urgency import UrgencyView
from triage.qt.parts.theme import Theme
from triage.rules.assess import Assessor

from .conftest import Desk


def _told(program: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_no_source_is_read_and_kept_to_import_the_window() -> None:
    program = (
        "import linecache, triage.qt.app\nprint([n for n in linecache.cache if 'triage' in n])"
    )
    assert _told(program) == "[]"


def _picture(qtbot: QtBot, assessor: Assessor, theme: Theme, folder: Path) -> QImage:
    desk = Desk(assessor, theme, folder, real=True)
    qtbot.addWidget(desk.window)
    desk.window.show()
    qtbot.waitExposed(desk.window)
    QApplication.processEvents()
    taken = desk.window.grab().toImage()
    desk.window.close()
    desk.store.close()
    return taken


def test_a_window_that_is_dressed_at_the_end_looks_like_any_other(
    qtbot: QtBot, assessor: Assessor, theme: Theme, tmp_path: Path
) -> None:
    first = _picture(qtbot, assessor, theme, tmp_path / "first")
    sheet = theme.parent().styleSheet()  # type: ignore[attr-defined]
    other = QWidget()
    qtbot.addWidget(other)
    other.show()
    assert _picture(qtbot, assessor, theme, tmp_path / "second") == first
    assert sheet == theme.parent().styleSheet() != ""  # type: ignore[attr-defined]


def test_a_page_of_the_assessment_ends_where_its_lines_end(qtbot: QtBot, desk: Desk) -> None:
    page = desk.window.findChild(UrgencyView)
    assert isinstance(page, UrgencyView)
    desk.session.set("rf.breathless_rest", Finding(present=False))
    QApplication.processEvents()
    area = page.parentWidget()
    assert area is not None
    needed = page.heightForWidth(page.width())
    assert page.height() == max(needed, area.height())
