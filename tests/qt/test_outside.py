"""A letter or a case file in the window: dropped or chosen, it opens a case that says where it came from."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from triage.content.casefile import write_case
from triage.model.values import Finding, Text
from triage.qt.parts.inputs import GrowingText, TypedLine
from triage.qt.parts.theme import Theme
from triage.qt.program import Program
from triage.qt.window import MainWindow
from triage.rules.assess import Assessor
from triage.session.draft import DraftStore

from ..conftest import AT, CASES, the_settings
from ..session.test_complete import _case, _desk
from ..store.helpers import CHEAP
from ..store.test_keys import create_keys

PASSPHRASE = "correct horse"


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    """The file of a letter that was issued on another computer."""
    folder = tmp_path / "elsewhere"
    with DraftStore(folder, create_keys(folder, PASSPHRASE, cost=CHEAP), lambda: AT) as store:
        desk = _desk(store, _case(CASES / "complete" / "V01.json"))
        desk.issue()
        assert desk.issued is not None
        path = tmp_path / "letter.pdf"
        path.write_bytes(desk.issued.pdf)
    return path


@pytest.fixture
def program(qtbot: QtBot, assessor: Assessor, theme: Theme, tmp_path: Path) -> Iterator[Program]:
    folder = tmp_path / "drafts"
    store = DraftStore(folder, create_keys(folder, PASSPHRASE, cost=CHEAP), lambda: AT)
    made = Program(assessor, store, the_settings(), theme, lambda: AT)
    yield made
    for window in list(made.windows):
        window.close()
    QApplication.processEvents()
    store.close()


def _drop(target: QWidget, *paths: Path) -> bool:
    """Drop files on a place of the window, as Qt delivers it: to what is under the pointer, then to what is around."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    # File managers give the names as text as well.
    data.setText("\n".join(str(path) for path in paths))
    where = QPointF(3, 3)
    copy, button = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    plain = Qt.KeyboardModifier.NoModifier
    place: QWidget | None = target
    while place is not None:
        enter = QDragEnterEvent(where, copy, data, button, plain)
        enter.ignore()
        if place.acceptDrops() and place.isEnabled():
            QApplication.sendEvent(place, enter)
            if enter.isAccepted():
                QApplication.sendEvent(place, QDropEvent(where, copy, data, button, plain))
                return True
        place = place.parentWidget()
    return False


def _from_outside(program: Program) -> MainWindow:
    return next(window for window in program.windows if window.letters.outside)


@pytest.mark.parametrize("kind", [MainWindow, TypedLine, GrowingText])
def test_a_letter_that_is_dropped_anywhere_opens_a_case_of_its_own(
    qtbot: QtBot, program: Program, letter: Path, kind: type[QWidget]
) -> None:
    window = program.new_window()
    window.go.show_section("complaint")
    before = dict(window.session.case)
    target = window if kind is MainWindow else window.findChildren(kind)[0]
    if isinstance(target, GrowingText):
        target = target.viewport()
    assert _drop(target, letter)
    qtbot.waitUntil(lambda: len(program.windows) == 2, timeout=60_000)
    # Its name was written nowhere.
    assert dict(window.session.case) == before
    came = _from_outside(program)
    assert came.header.state.text() == "Draft, from outside"
    assert "version 1 of 22 Nov 2026" in came.header.state.toolTip()
    assert came.letters.issues == ()
    assert came.session.case["patient.family_name"].text  # type: ignore[union-attr]
    assert came.line.text


def test_a_letter_that_is_opened_again_opens_the_draft_that_it_began(
    program: Program, letter: Path
) -> None:
    window = program.import_case(letter)
    window.session.set("rf.fever", Finding(present=True))
    assert program.import_case(letter) is window
    assert window.line.text.startswith("A draft began with this letter before")
    window.close()
    again = program.import_case(letter)
    assert again.session.case["rf.fever"] == Finding(present=True)
    assert len(program.store.list()) == 1


def test_a_case_file_that_is_dropped_opens_too(
    qtbot: QtBot, program: Program, tmp_path: Path, assessor: Assessor
) -> None:
    window = program.new_window()
    window.session.set("rf.fever", Finding(present=True))
    path = tmp_path / "case.json"
    path.write_text(write_case(window.session.case, assessor.content.form), encoding="utf-8")
    assert _drop(window, path)
    qtbot.waitUntil(lambda: len(program.windows) == 2, timeout=60_000)
    assert all(w.session.case["rf.fever"] == Finding(present=True) for w in program.windows)
    assert all(w.header.state.text() == "Draft" for w in program.windows)


def test_several_files_and_text_are_not_taken(program: Program, letter: Path) -> None:
    window = program.new_window()
    assert not _drop(window, letter, letter)
    assert not _drop(window)
    assert len(program.windows) == 1


def test_a_locked_window_takes_no_file(program: Program, letter: Path) -> None:
    window = program.new_window()
    window.session.set("patient.family_name", Text(text="Specimen"))
    program.lock_asked()
    assert window.cover.page is not None
    assert not _drop(window, letter)
    assert not _drop(window.cover.page.title, letter)
    assert len(program.windows) == 1


def test_what_is_refused_is_told_and_opens_nothing(
    qtbot: QtBot, program: Program, letter: Path
) -> None:
    window = program.new_window()
    letter.write_bytes(letter.read_bytes()[:-1000])
    assert _drop(window, letter)
    qtbot.waitUntil(lambda: bool(window.line.text), timeout=60_000)
    assert window.line.text == "letter.pdf: the file is damaged: ask for it anew."
    assert len(program.windows) == 1


@pytest.mark.parametrize(
    ("name", "data"),
    [("empty.pdf", b""), ("picture.pdf", b"\x89PNG\r\n\x1a\n"), ("note.docx", b"PK\x03\x04")],
)
def test_what_is_no_case_and_no_letter_is_called_so(
    qtbot: QtBot, program: Program, tmp_path: Path, name: str, data: bytes
) -> None:
    window = program.new_window()
    (tmp_path / name).write_bytes(data)
    assert _drop(window, tmp_path / name)
    qtbot.waitUntil(lambda: bool(window.line.text), timeout=60_000)
    says = "This is neither a case file nor a letter of this program: choose its .json or .pdf."
    assert window.line.text == f"{name}: {says}"
    assert len(program.windows) == 1


def test_a_letter_that_was_issued_here_opens_its_own_case(
    qtbot: QtBot, program: Program, tmp_path: Path
) -> None:
    desk = _desk(program.store, _case(CASES / "complete" / "V01.json"))
    desk.issue()
    assert desk.issued is not None
    assert desk._draft is not None
    draft = desk._draft.id
    desk._draft.close()  # type: ignore[attr-defined]
    path = tmp_path / "letter.pdf"
    path.write_bytes(desk.issued.pdf)
    window = program.import_case(path)
    assert program._ids[window] == draft
    assert window.header.state.text() == "Issued v1"
    assert window.line.text.startswith("This letter was issued here, as version 1")
    # Again: the window that has it.
    assert program.import_case(path) is window
    assert len(program.windows) == 1
