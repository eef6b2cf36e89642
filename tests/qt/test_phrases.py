"""Phrases of the clinic's own, as they are typed in a real window."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QTextBrowser

from triage.content.form import DECISION, NOTE
from triage.errors import TriageError
from triage.model.case import Case
from triage.model.values import Table, Text, Unable
from triage.qt.window import MainWindow
from triage.settings.settings import phrases_in

from .clinic import Clinic

QUESTION = "referrer.question"


@pytest.fixture
def window(clinic: Clinic) -> MainWindow:
    clinic.program.preferences.keep(
        "phrases", "mnd: Could this be motor neuron disease?\nsn: Safety net given."
    )
    window = clinic.program.new_window()
    window.activateWindow()
    QApplication.processEvents()
    return window


def type_in(window: MainWindow, place: str, text: str) -> None:
    window.go.go_to(place)
    QApplication.processEvents()
    field = QApplication.focusWidget()
    assert field is not None
    QTest.keyClicks(field, text)
    QApplication.processEvents()


def type_in_focused(text: str) -> None:
    field = QApplication.focusWidget()
    assert field is not None
    QTest.keyClicks(field, text)
    QApplication.processEvents()


@pytest.mark.parametrize("place", [QUESTION, f"{NOTE}exam"])
def test_a_word_and_a_space_write_the_phrase(window: MainWindow, place: str) -> None:
    type_in(window, place, "Please. ;;MND ;;sn ")
    window.session.history.end_typing()
    said = window.session.case[place]
    assert isinstance(said, Text)
    assert said.text.strip() == "Please. Could this be motor neuron disease?Safety net given."
    window.session.undo()
    assert place not in window.session.case


def test_what_was_said_on_the_telephone_begins_with_its_time(
    clinic: Clinic, window: MainWindow
) -> None:
    note = f"{NOTE}exam"
    type_in(window, note, ";;phoned the laboratory, who repeat the potassium.")
    value = window.session.case[note]
    assert isinstance(value, Text)
    local = clinic.at.astimezone()
    assert value.text == (
        f"Phoned 25 Nov 2026, {local:%H:%M}: the laboratory, who repeat the potassium."
    )
    # A clinic may have its own.
    clinic.program.preferences.keep("phrases", "phoned: Telephone:")
    type_in(window, QUESTION, ";;phoned ")
    assert window.session.case[QUESTION] == Text(text="Telephone:")


def test_an_unknown_word_stays_as_typed_and_is_told(window: MainWindow) -> None:
    type_in(window, QUESTION, ";;xyz ok")
    said = window.session.case[QUESTION]
    assert isinstance(said, Text)
    assert said.text == ";;xyz ok"
    assert "There is no phrase xyz" in window.messages.told[-1][1]


def test_a_reason_and_a_row_are_texts_too(window: MainWindow) -> None:
    type_in(window, "neuro.dysphagia", "u")
    type_in_focused(";;sn ")
    assert window.session.case["neuro.dysphagia"] == Unable(reason="Safety net given.")
    type_in(window, "meds.list", " ")
    type_in_focused("x ;;sn ")
    table = window.session.case["meds.list"]
    assert isinstance(table, Table)
    assert table.rows[0].get("name") == "x Safety net given."


def test_a_reason_of_a_decision_is_a_text_too(clinic: Clinic, sample: Case) -> None:
    clinic.program.preferences.keep("phrases", "sn: Safety net given.")
    undecided = {key: None for key in sample if key.startswith(f"{DECISION}t_")}
    window = clinic.new(sample.with_(undecided))
    window.activateWindow()
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    QApplication.processEvents()
    type_in_focused("d")
    type_in_focused(";;sn ")
    field = QApplication.focusWidget()
    assert getattr(field, "text", str)() == "Safety net given."


def test_a_number_is_no_place_for_phrases(window: MainWindow) -> None:
    type_in(window, "cramp.duration_months", ";;sn ")
    field = QApplication.focusWidget()
    assert getattr(field, "text", str)() == ";;sn "


def test_a_changed_phrase_counts_at_once(clinic: Clinic, window: MainWindow) -> None:
    clinic.program.preferences.keep("phrases", "sn: Told when to call.")
    type_in(window, QUESTION, ";;sn ")
    said = window.session.case[QUESTION]
    assert isinstance(said, Text)
    assert said.text == "Told when to call."


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("no colon here", "line 1 is no phrase"),
        ("a: one\n\nA: two", "line 3"),
        (":x", "line 1"),
        ("a b: x", "line 1"),
    ],
)
def test_what_is_no_phrase_is_refused_in_words(clinic: Clinic, text: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        phrases_in(text)
    with pytest.raises(TriageError, match=says):
        clinic.program.preferences.keep("phrases", text)


def test_the_guide_can_be_read_in_the_program(window: MainWindow) -> None:
    window.actions_["guide"].trigger()
    body = window.findChild(QTextBrowser)
    assert body is not None
    assert "Moving never records" in body.toPlainText()
    assert "**" not in body.toPlainText()
    # No frame of a picture that is not there, and no link that leads nowhere.
    assert "\ufffc" not in body.toPlainText()
    assert "href" not in body.toHtml()
    assert "(see for authors)" in body.toPlainText()
