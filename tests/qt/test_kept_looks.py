"""A window begins as the last one was left."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from triage.qt.parts.theme import Theme
from triage.qt.shell.kept import FILE, KeptLooks


@pytest.fixture
def plain(theme: Theme) -> Iterator[Theme]:
    yield theme
    theme.set_zoom(100)
    theme.choose("")


def shown(qtbot: QtBot, looks: KeptLooks) -> QWidget:
    window = QWidget()
    qtbot.addWidget(window)
    looks.show(window)
    return window


def test_the_first_window_fills_the_screen(qtbot: QtBot, plain: Theme, tmp_path: Path) -> None:
    assert shown(qtbot, KeptLooks(tmp_path, plain)).windowState() & Qt.WindowState.WindowMaximized


def test_the_next_is_as_the_last_was_left(qtbot: QtBot, plain: Theme, tmp_path: Path) -> None:
    looks = KeptLooks(tmp_path, plain)
    window = shown(qtbot, looks)
    window.showNormal()
    window.resize(700, 450)
    plain.set_zoom(125)
    plain.choose("dark")
    looks.keep(window)
    del looks
    plain.set_zoom(100)
    plain.choose("")
    # The signals of one that is gone keep nothing more, so this one reads what was left.
    again = KeptLooks(tmp_path, plain)
    assert shown(qtbot, again).size() == QSize(700, 450)


def test_text_and_colours_are_kept(plain: Theme, tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("[General]\nzoom=125\nscheme=dark\n", encoding="utf-8")
    KeptLooks(tmp_path, plain)
    assert (plain.zoom, plain.scheme) == (125, "dark")


@pytest.mark.parametrize("text", ["zoom=12\nscheme=pink\n", "geometry=@ByteArray(x)\n", "\x00\xff"])
def test_what_cannot_be_read_is_forgotten(
    qtbot: QtBot, plain: Theme, tmp_path: Path, text: str
) -> None:
    (tmp_path / FILE).write_text(f"[General]\n{text}", encoding="utf-8")
    looks = KeptLooks(tmp_path, plain)
    assert (plain.zoom, plain.scheme) == (100, "")
    assert shown(qtbot, looks).isVisible()


def test_to_choose_what_is_shown_dresses_nothing_anew(plain: Theme) -> None:
    plain.choose("dark")
    chosen: list[str] = []
    plain.chosen.connect(chosen.append)
    plain.choose("dark")
    assert not chosen
