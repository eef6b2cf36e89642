"""The sample case in a scratch store: for the demo, and for looking at the program."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QEventLoop, QIODevice, QSize, Qt, QTimer
from PySide6.QtGui import QImage, QPainter, QPixmap
from PySide6.QtPdf import QPdfDocument
from PySide6.QtWidgets import QApplication

from triage.content.casefile import day_of, read_case
from triage.content.files import ContentFiles
from triage.content.form import URGENCY
from triage.content.load import Content
from triage.errors import TriageError
from triage.model.case import Case
from triage.model.values import Urgency
from triage.qt.app import application, read_content
from triage.qt.parts.theme import Theme
from triage.qt.parts.words import tr
from triage.qt.program import Program, make_window
from triage.qt.shell.actions import SECTION
from triage.qt.window import MainWindow
from triage.rules.assess import Assessor
from triage.session.draft import DraftStore
from triage.settings import Settings
from triage.settings.file import parse_settings

SAMPLE = "forms/cases/sample.json"
SAMPLE_SETTINGS = "forms/cases/settings/sample.json"
_DPI = 110
_WINDOW = QSize(1440, 900)
# What is shown beside the sections, by the command that shows it.
_SCREENS = (
    "show_tests",
    "show_differential",
    "show_plan",
    "review",
    "letter",
    "issue",
    "urgency",
    "drafts",
    "settings",
    "addresses",
    "backups",
    "shortcuts",
    "about",
)
_EMERGENCY = Urgency(level="emergency", reason="shown for the pictures")


def render_sample(scratch: Path, out: Path) -> Iterator[str]:
    """Write the sample's letter, its pages, its text and a screenshot to `out`; yield their names.

    Parameters
    ----------
    scratch
        An empty folder for the store.
    out
        Where the files go.
    """
    app = application()
    window = _window(scratch, app)
    out.mkdir(parents=True, exist_ok=True)
    desk = window.letters
    desk.issue()
    pdf = desk.shown_pdf()
    yield _written(out / "letter.pdf", pdf)
    yield _written(out / "letter.txt", desk.plain_text().encode())
    for number, page in enumerate(pages(pdf), start=1):
        yield _saved(out / f"letter-{number}.png", page)
    window.resize(_WINDOW)
    window.show()
    window.go.go_to("power.fdi.right")
    settle()
    yield _saved(out / "window.png", window.grab())
    window.close()


def render_screens(scratch: Path, out: Path, size: QSize, scheme: str) -> Iterator[str]:
    """Write a picture of every section and page, and of the dialogs, to `out`; yield their names.

    Parameters
    ----------
    scratch
        An empty folder for the store.
    out
        Where the files go.
    size
        Of the window, in pixels as they are before the screen scales them.
    scheme
        The colours: light, dark, high contrast.
    """
    app = application()
    content = read_content()
    case = sample_case(content)
    theme = Theme(app)
    theme.choose(scheme)
    clock = _clock_of(case)
    store = DraftStore(scratch / "drafts", os.urandom(32), clock)
    program = Program(Assessor(content), store, sample_settings(content), theme, clock)
    window = program.new_window(dict(case))
    window.resize(size)
    window.show()
    settle()
    out.mkdir(parents=True, exist_ok=True)
    sections = [f"{SECTION}{name}" for name in content.form.sections]
    for number, name in enumerate([*sections, *_SCREENS], start=1):
        window.actions_[name].trigger()
        settle()
        others = [w for w in app.topLevelWidgets() if w.isVisible() and w.isWindow()]
        shown = next((w for w in others if w is not window), window)
        words = name.removeprefix(SECTION).replace("_", "-")
        yield _saved(out / f"{number:02}-{words}.png", shown.grab())
        if shown is not window:
            shown.close()
            settle()
    grid = next(q for q in content.form.questions.values() if q.kind == "grid")
    open_ones = [
        slot
        for slot in content.form.slots_of(grid.id)
        if slot.side == "right" and slot.key not in case and not (slot.row and slot.row.is_aside)
    ]
    window.activateWindow()
    window.go.go_to(open_ones[-1].key)
    window.actions_["find"].trigger()
    if window.quick.palette is not None:
        window.quick.palette.field.setText(
            "; ".join(f"{s.row.label} right 4" for s in open_ones[-3:] if s.row)
        )
    settle()
    yield _saved(out / "quick-entry.png", window.grab())
    if window.quick.palette is not None:
        window.quick.palette.leave()
    window.session.set(URGENCY, _EMERGENCY)
    window.activateWindow()
    window.actions_["call"].trigger()
    settle()
    yield _saved(out / "emergency-call.png", window.grab())
    program.close()


def show_sample(scratch: Path) -> int:
    """Open the window on the sample and return the exit code."""
    app = application()
    window = _window(scratch, app)
    window.showMaximized()
    return app.exec()


def pages(pdf: bytes) -> Iterator[QImage]:
    """Yield each page of a PDF as an image."""
    document = QPdfDocument()
    buffer = QBuffer()
    buffer.setData(QByteArray(pdf))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    document.load(buffer)
    for number in range(document.pageCount()):
        size = document.pagePointSize(number) * (_DPI / 72)
        image = document.render(number, size.toSize())
        # Pages come with a transparent ground; paper is white.
        paper = QImage(image.size(), QImage.Format.Format_RGB32)
        paper.fill(Qt.GlobalColor.white)
        painter = QPainter(paper)
        painter.drawImage(0, 0, image)
        painter.end()
        yield paper
    document.close()


def _window(scratch: Path, app: QApplication) -> MainWindow:
    content = read_content()
    case = sample_case(content)
    clock = _clock_of(case)
    store = DraftStore(scratch / "drafts", os.urandom(32), clock)
    settings = sample_settings(content)
    window = make_window(Assessor(content), store.create(content), settings, Theme(app), clock)
    window.session.set_all(dict(case))
    return window


def _clock_of(case: Case) -> Callable[[], datetime]:
    """Return a clock that stands on the case's own day, so that the demo is the same tomorrow."""
    at = datetime.combine(day_of(case), time(17, 40)).astimezone()
    return lambda: at


def sample_case(content: Content) -> Case:
    """Return the invented patient of the demo."""
    text = ContentFiles(content.form.id).text(SAMPLE)
    # The file gives its own date; the day here is only what stands in if it did not.
    return read_case(text, content.form, content.rule_ids, date(2026, 11, 20), "sample.json")


def sample_settings(content: Content) -> Settings:
    """Return the invented sender and addresses of the demo; no installation has them otherwise."""
    return parse_settings(ContentFiles(content.form.id).text(SAMPLE_SETTINGS))


def settle(milliseconds: int = 300) -> None:
    """Let the application work for a while: paint, run timers, take answers from threads."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def _written(path: Path, data: bytes) -> str:
    path.write_bytes(data)
    return str(path)


def _saved(path: Path, picture: QImage | QPixmap) -> str:
    if not picture.save(str(path)):
        raise TriageError(tr("{name} cannot be written: choose another folder.", name=path.name))
    return str(path)
