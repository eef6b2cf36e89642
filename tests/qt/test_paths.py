"""Where dialogs for files begin: in the documents at first, then where the last file went."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QStandardPaths, QTimer
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from triage.qt.parts.paths import ask_path, usual_folder

from .conftest import Desk


@pytest.fixture
def documents(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of documents of someone who starts the program somewhere else, and has saved nothing yet."""
    made, started = tmp_path / "Documents", tmp_path / "started"
    made.mkdir()
    started.mkdir()
    monkeypatch.chdir(started)
    monkeypatch.setattr(QStandardPaths, "writableLocation", lambda place: str(made))
    _save_in(started)
    return made


def _save_in(folder: Path | None) -> Path | None:
    """Ask for a path and take what is offered, in `folder` if one is gone to; return it."""

    def take() -> None:
        dialog = next(
            w
            for w in QApplication.topLevelWidgets()
            if isinstance(w, QFileDialog) and w.isVisible()
        )
        if folder is not None:
            dialog.setDirectory(str(folder))
        dialog.accept()

    QTimer.singleShot(0, take)
    return ask_path(None, "Save letter as PDF", "letter-1.pdf", "PDF (*.pdf)")


def test_the_first_file_is_offered_to_the_documents(documents: Path) -> None:
    assert _save_in(None) == documents / "letter-1.pdf"


def test_the_next_file_is_offered_to_where_the_last_one_went(
    documents: Path, tmp_path: Path
) -> None:
    (tmp_path / "letters").mkdir()
    _save_in(tmp_path / "letters")
    assert _save_in(None) == tmp_path / "letters" / "letter-1.pdf"
    # If that is gone, to the folder above.
    (tmp_path / "letters").rmdir()
    assert usual_folder() == str(tmp_path)


def test_without_a_folder_of_documents_it_is_the_home(documents: Path) -> None:
    documents.rmdir()
    assert usual_folder() == str(Path.home())


def test_a_letter_is_offered_to_the_documents(desk: Desk, documents: Path) -> None:
    desk.window.actions_["letter"].trigger()
    seen: list[Path] = []

    def look() -> None:
        dialog = next(
            w
            for w in QApplication.topLevelWidgets()
            if isinstance(w, QFileDialog) and w.isVisible()
        )
        seen.append(Path(dialog.selectedFiles()[0]))
        dialog.reject()

    QTimer.singleShot(0, look)
    desk.window.letter.save_pdf()
    assert seen == [documents / desk.letters.file_name]
