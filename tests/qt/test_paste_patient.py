"""A patient's details pasted into the window: shown beside the case, and recorded as one step."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from tests.qt.test_paste import CONTROL, Key, Window, copy, open_at, press
from tests.session.test_patient_paste import LINES
from triage.model.values import Text

__all__ = ["open_at"]
LINE = LINES.replace("\n", "\t").strip()


def at_field(at: Window, question: str) -> QWidget:
    at.window.go.go_to(question)
    field = QApplication.focusWidget()
    assert isinstance(field, QLineEdit)
    return field


@pytest.mark.parametrize("text", [LINES, LINE], ids=["lines", "one line"])
@pytest.mark.parametrize("question", ["patient.family_name", "patient.dob", "patient.phone"])
def test_pasted_into_any_field_of_the_patient_they_are_shown_and_recorded_at_once(
    open_at: Callable[..., Window], text: str, question: str
) -> None:
    at = open_at("patient")
    copy(text)
    press(at_field(at, question), Key.Key_V, CONTROL)
    dialog = at.dialog
    assert dialog is not None
    assert dialog.windowTitle() == "Paste of the patient's details"
    assert dialog.title.text() == "Details of the patient: 5 read, 1 to answer"
    before = at.session.history.n
    assert "patient.family_name" not in at.session.case
    # Gender is not sex at birth: it asks.
    press(dialog.list, Key.Key_1)
    press(dialog.list, Key.Key_Return, CONTROL)
    assert at.dialog is None
    assert at.session.case["patient.given_name"] == Text(text="Ada")
    # And the focus stands at the first question that is still open.
    shown = at.window.questions.page.rows()
    first = next(row for row in shown if row.is_to_answer)
    focus = at.window.focusWidget()
    assert focus is not None
    assert first.isAncestorOf(focus)
    assert "patient.sex_at_birth" in at.session.case
    assert at.told[-1] == ("info", "Recorded: 7 details. Ctrl+Z takes it back.")
    assert at.window.header.name.text() == "Ada PLACEHOLDER"
    at.session.undo()
    assert at.session.history.n >= before
    assert "patient.family_name" not in at.session.case


def test_escape_records_nothing_and_the_field_stays_empty(open_at: Callable[..., Window]) -> None:
    at = open_at("patient")
    copy(LINES)
    field = at_field(at, "patient.family_name")
    press(field, Key.Key_V, CONTROL)
    assert at.dialog is not None
    press(at.dialog, Key.Key_Escape)
    assert isinstance(field, QLineEdit)
    assert not field.text()
    assert not at.session.history.n


def test_a_single_detail_is_text_as_before(open_at: Callable[..., Window]) -> None:
    at = open_at("patient")
    for question, text in (
        ("patient.family_name", "PLACEHOLDER"),
        ("patient.phone", "01632 960112"),
    ):
        copy(text)
        press(at_field(at, question), Key.Key_V, CONTROL)
        assert at.dialog is None
        assert at.session.case[question] == Text(text=text)


def test_another_patient_stops_it(open_at: Callable[..., Window]) -> None:
    at = open_at("patient")
    at.session.set("patient.family_name", Text(text="Specimen"))
    copy(LINES)
    press(at_field(at, "patient.phone"), Key.Key_V, CONTROL)
    assert at.dialog is not None
    said = "The text names another patient: PLACEHOLDER, Ada. Nothing was read."
    assert at.dialog.says.text() == said
    assert at.dialog.record.isHidden()


@pytest.mark.parametrize("way", ["menu", "key"])
def test_the_menu_and_any_section_take_them(open_at: Callable[..., Window], way: str) -> None:
    at = open_at("red_flags")
    copy(LINES)
    if way == "menu":
        at.window.actions_["paste_patient"].trigger()
    else:
        at.window.go.go_to("rf.self_harm")
        focus = QApplication.focusWidget()
        assert focus is not None
        press(focus, Key.Key_V, CONTROL)
    assert at.dialog is not None
    assert at.dialog.windowTitle() == "Paste of the patient's details"
