"""What the start leaves undone, and that it makes no difference to who uses the window."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from triage.model.values import Finding
from triage.qt.panel.row import RowGroup
from triage.qt.panel.urgency import UrgencyView
from triage.qt.parts.theme import Theme
from triage.rules.assess import Assessor

from .clinic import Clinic
from .conftest import Desk

# What opens later: its command, and the module of its dialog.
_LATER = {
    "settings": "triage.qt.shell.settings",
    "drafts": "triage.qt.drafts.cases",
    "find": "triage.qt.shell.palette",
}
_OPENS = """
import sys
from pathlib import Path
from PySide6.QtTest import QTest
from triage.qt.app import application
from triage.qt.parts.theme import Theme
from tests.qt.clinic import Clinic
from tests.conftest import the_assessor

clinic = Clinic(the_assessor(), Theme(application()), Path(sys.argv[1]))
window = clinic.new()
for command, module in zip(sys.argv[2::2], sys.argv[3::2]):
    before = module in sys.modules
    window.actions_[command].trigger()
    QTest.qWait(50)
    program = clinic.program
    opened = window.quick.palette or program.preferences.dialog or program.case_list.dialog
    print(command, before, type(opened).__module__ == module and opened.isVisible())
    opened.close()
    QTest.qWait(50)
"""


def _told(program: str, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    return done.stdout.strip()


def test_what_opens_later_is_imported_then_and_opens_at_once(tmp_path: Path) -> None:
    given = (part for pair in _LATER.items() for part in pair)
    told = _told(_OPENS, str(tmp_path / "home"), *given).splitlines()
    assert told == [f"{command} False True" for command in _LATER]


def test_the_window_is_imported_without_what_reads_typed_lines() -> None:
    read = ("triage.session.quick", "triage.session.paste", "triage.session.note")
    program = (
        f"import sys, triage.qt.app\nprint([n for n in sys.modules if n.startswith({read!r})])"
    )
    assert _told(program) == "[]"


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


def test_the_headings_of_a_page_of_the_assessment_begin_on_one_line(
    qtbot: QtBot, clinic: Clinic
) -> None:
    window = clinic.new()
    window.session.set("neuro.weakness", Finding(present=True))
    QTest.qWait(50)
    (page,) = window.panel.findChildren(UrgencyView)
    shown = [group.heading for group in page.findChildren(RowGroup) if group.heading.isVisible()]
    assert len(shown) > 3
    at = {label.mapTo(page, label.contentsRect().topLeft()).x() + label.indent() for label in shown}
    assert len(at) == 1, at
