"""What is copied leaves the clipboard again, unless something else was copied meanwhile."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from triage.model.case import Case
from triage.qt.parts.clipboard import Clipboard, hints
from triage.qt.parts.theme import Theme
from triage.qt.program import Program
from triage.rules.assess import Assessor
from triage.session.draft import DraftStore
from triage.settings import Settings

from ..conftest import AT


@pytest.fixture(autouse=True)
def _empty(qapp: object) -> Iterator[None]:
    QGuiApplication.clipboard().clear()
    yield
    QGuiApplication.clipboard().clear()


def held() -> str:
    return QGuiApplication.clipboard().text()


def test_what_was_put_is_taken_out_after_its_time(qtbot: QtBot) -> None:
    board = Clipboard(1)
    board.put("Specimen")
    assert held() == "Specimen"
    qtbot.waitUntil(lambda: not held(), timeout=3000)


def test_what_someone_else_copied_since_stays(qtbot: QtBot) -> None:
    board = Clipboard(1)
    board.put("Specimen")
    QGuiApplication.clipboard().setText("a recipe")
    qtbot.wait(1200)
    assert held() == "a recipe"
    board.clear()
    assert held() == "a recipe"


def test_the_time_counts_from_the_last_copy(qtbot: QtBot) -> None:
    board = Clipboard(1)
    board.put("Specimen")
    qtbot.wait(600)
    board.put("Specimen")
    qtbot.wait(600)
    assert held() == "Specimen"


def test_without_a_time_it_stays_until_the_program_ends(qtbot: QtBot) -> None:
    board = Clipboard(0)
    board.put("Specimen")
    qtbot.wait(50)
    assert held() == "Specimen"
    assert board.lasts == ""
    board.leave()
    assert held() == ""


def test_what_is_put_is_marked_as_a_secret() -> None:
    Clipboard(0).put("Specimen")
    data = QGuiApplication.clipboard().mimeData()
    assert data.data("x-kde-passwordManagerHint").data() == b"secret"
    assert data.text() == "Specimen"


@pytest.mark.parametrize(
    ("platform", "name"),
    [
        ("linux", "x-kde-passwordManagerHint"),
        ("freebsd14", "x-kde-passwordManagerHint"),
        ("darwin", "application/x-nspasteboard-concealed-type"),
        (
            "win32",
            'application/x-qt-windows-mime;value="ExcludeClipboardContentFromMonitorProcessing"',
        ),
    ],
)
def test_every_system_has_its_mark(platform: str, name: str) -> None:
    assert name in hints(platform)


def test_the_letter_leaves_the_clipboard_when_the_program_ends(
    assessor: Assessor, theme: Theme, tmp_path_factory: pytest.TempPathFactory, sample: Case
) -> None:
    store = DraftStore(tmp_path_factory.mktemp("store"), b"k" * 32, lambda: AT)
    program = Program(assessor, store, Settings(), theme, lambda: AT)
    window = program.new_window(dict(sample))
    window.actions_["copy_text"].trigger()
    assert "SPECIMEN" in held()
    assert (
        window.line.text == "The letter, marked DRAFT, is in the clipboard as text for 60 seconds."
    )
    window.close()
    assert "SPECIMEN" in held()
    assert program.close()
    assert held() == ""
