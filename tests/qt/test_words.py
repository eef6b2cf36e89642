"""Every word of the window comes from the translation, and there is room for longer ones."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.qt import pseudo
from triage.qt.parts import words
from triage.qt.parts.words import tr


def test_without_a_translation_a_text_is_what_the_source_says() -> None:
    assert tr("{n} of {all}", n=3, all=5) == "3 of 5"
    assert tr("{name} stays, and 100 %") == "{name} stays, and 100 %"


def test_strange_words_keep_what_is_filled_in_underlined_or_marked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(words.LANGUAGE, words.PSEUDO)
    words._translator.cache_clear()
    try:
        assert tr("&Open {name}…", name="case") == "[&Opëñ case…~~~~]"
        assert tr("Case (*.json)") == "[Cäsë (*.json)~~~~]"
    finally:
        words._translator.cache_clear()


def test_no_screen_has_plain_english_or_a_text_without_room() -> None:
    env = {**os.environ, words.LANGUAGE: words.PSEUDO, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, "-m", "tests.qt.pseudo"],
        env=env,
        check=True,
        capture_output=True,
        text=True,
    )
    assert json.loads(done.stdout.splitlines()[-1]) == {}


def test_a_translation_made_with_the_tools_of_qt_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, target = tmp_path / "window_de.ts", tmp_path / "window_de.qm"
    # Beside the interpreter, where they are installed with Qt.
    tools = Path(sys.executable).parent
    files = sorted((Path(words.__file__).parent.parent / "shell").glob("*.py"))
    subprocess.run(
        [tools / "pyside6-lupdate", *files, "-ts", source], check=True, capture_output=True
    )
    text = source.read_text(encoding="utf-8")
    found, empty = "<source>New case</source>", '<translation type="unfinished"></translation>'
    head, rest = text.split(found)
    said = rest.replace(empty, "<translation>Neuer Fall</translation>", 1)
    source.write_text(head + found + said, encoding="utf-8")
    subprocess.run(
        [tools / "pyside6-lrelease", source, "-qm", target], check=True, capture_output=True
    )
    monkeypatch.setattr(words, "_FOLDER", tmp_path)
    monkeypatch.setenv(words.LANGUAGE, "de")
    words._translator.cache_clear()
    try:
        assert (tr("New case"), tr("Cases…")) == ("Neuer Fall", "Cases…")
    finally:
        words._translator.cache_clear()


# What is no word of the window: keys, names of colours and of a filter, and reasons, which are printed in a letter.
_OTHER = {
    "never issued",
    "shown for the pictures",
    "high contrast",
    "scheme:high contrast",
    "done already",
    "not available here",
    "patient declines",
    "for the specialist",
    "Home End",
    "PgUp PgDn",
}
_WORDS = re.compile(r"[^\W\d_]{2,} [^\W\d_]{2,}")


def test_no_sentence_of_the_window_stands_outside_the_translation() -> None:
    found = {
        text
        for text in pseudo.plain_literals("qt")
        if _WORDS.search(text) and not text.startswith(("\n", "ASDF"))
    }
    assert found - _OTHER == set()
