"""The program has one name and one icon, in every window."""

from __future__ import annotations

from configparser import ConfigParser
from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow, QWidget
from pytestqt.qtbot import QtBot

from triage.content.load import Content
from triage.errors import Problem
from triage.qt.app import application
from triage.qt.drafts.unlock import NewPassphraseDialog, UnlockDialog
from triage.qt.first import FirstStart
from triage.qt.parts.theme import ICON
from triage.qt.shell.problems import ProblemsWindow

from .clinic import Clinic

NAME = "Cramp triage"
SHARE = Path(__file__).parents[2] / "share"


def shown(title: str) -> str:
    """Return a title as Qt shows it: with the name of the program behind it, if it does not end with that."""
    name = QGuiApplication.applicationDisplayName()
    return title if title.endswith(name) else f"{title} - {name}"


def named(widget: QWidget) -> bool:
    title = shown(widget.windowTitle())
    return title.endswith(NAME) and title.casefold().count("triage") == 1 and len(title) > len(NAME)


@pytest.mark.parametrize(
    "command",
    [
        "drafts",
        "sender",
        "settings",
        "addresses",
        "passphrase",
        "recovery",
        "backups",
        "guide",
        "happened",
        "urgency",
        "shortcuts",
        "about",
    ],
)
def test_every_window_is_named_after_what_it_shows_and_the_program_once(
    qtbot: QtBot, clinic: Clinic, command: str
) -> None:
    application()
    window = clinic.new()
    window.actions_[command].trigger()
    QApplication.processEvents()
    found = [w for w in QApplication.topLevelWidgets() if w.isVisible() and w.isWindow()]
    # What looks after the backups is not there in this program.
    assert len(found) == (1 if command == "backups" else 2)
    assert all(named(widget) for widget in found), [w.windowTitle() for w in found]
    said = [label.text() for w in found for label in w.findChildren(QLabel)]
    assert not [text for text in said if "Referral triage" in text]
    for widget in found:
        if not isinstance(widget, QMainWindow):
            widget.close()


def test_the_windows_before_the_first_case_are_named_alike(
    qtbot: QtBot, content: Content, tmp_path: Path
) -> None:
    application()
    made: list[QWidget] = [
        FirstStart(tmp_path, content, needs_key=True),
        UnlockDialog(),
        NewPassphraseDialog("first"),
        ProblemsWindow([Problem("form.toml", "", "is not there")]),
    ]
    for widget in made:
        qtbot.addWidget(widget)
        assert named(widget), widget.windowTitle()


def test_windows_have_the_icon_and_the_desktop_finds_it(qtbot: QtBot) -> None:
    app = application()
    widget = QWidget()
    qtbot.addWidget(widget)
    picture = widget.windowIcon().pixmap(QSize(64, 64)).toImage()
    colours = {picture.pixelColor(x, 34).name() for x in range(picture.width())}
    assert {"#123a66", "#ffffff"} <= colours
    entry = ConfigParser(interpolation=None)
    entry.optionxform = str  # type: ignore[assignment,method-assign]
    entry.read(SHARE / "cramp-triage.desktop")
    said = entry["Desktop Entry"]
    assert said["Name"] == NAME == QGuiApplication.applicationDisplayName()
    assert said["Icon"] == ICON.stem == app.desktopFileName()
    assert said["Exec"] == "triage"
