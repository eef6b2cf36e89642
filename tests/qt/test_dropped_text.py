"""A text that is dropped on the window, from another program or as a file, is shown as a pasted one is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from tests.qt.test_paste import CONTROL, REPORT, Key, Window, open_at, press
from tests.session.test_patient_paste import LINES
from triage.model.values import Result, Text
from triage.qt.ask.paste import NO_TEXT, PasteDialog
from triage.qt.program import Program

from .clinic import Clinic

__all__ = ["open_at"]
NOTE = "Cramps in both calves at night for 6 months.\nNo weight loss. Gait normal."


def drag(text: str, *paths: Path) -> QMimeData:
    data = QMimeData()
    data.setText(text)
    if paths:
        data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


def drop(target: QWidget, data: QMimeData) -> bool:
    """Drop something; Qt offers it to what is under the pointer, then to what is around. Return whether it is taken."""
    # Nobody drops something on what is not painted yet.
    QApplication.processEvents()
    copy, button = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    plain, where = Qt.KeyboardModifier.NoModifier, QPointF(target.rect().center())
    enter = QDragEnterEvent(where, copy, data, button, plain)
    enter.ignore()
    QApplication.sendEvent(target, enter)
    if taken := enter.isAccepted():
        QApplication.sendEvent(target, QDropEvent(where, copy, data, button, plain))
        QApplication.processEvents()
    return taken


@pytest.mark.parametrize(
    ("section", "text", "title"),
    [
        ("results", REPORT, "Paste of results"),
        ("complaint", REPORT, "Paste of results"),
        ("complaint", NOTE, "Paste of a consultation note"),
        ("red_flags", LINES, "Paste of the patient's details"),
        ("red_flags", LINES.replace("\n", "\t").strip(), "Paste of the patient's details"),
    ],
)
def test_text_from_another_program_opens_what_ctrl_v_would(
    open_at: Callable[..., Window], section: str, text: str, title: str
) -> None:
    at = open_at(section)
    assert drop(at.window.header, drag(text))
    dialog = at.dialog
    assert dialog is not None
    assert dialog.windowTitle() == title
    assert not at.session.history.n


def test_a_report_dropped_on_the_field_of_a_result_is_no_text_in_it(
    open_at: Callable[..., Window],
) -> None:
    at = open_at("exam")
    field = at.field("gen.hr")
    # Anywhere else in this section these lines would be a note.
    assert drop(field, drag("Na 140\nHello\nWorld\nAgain"))
    assert not field.text()
    assert at.dialog is not None
    assert at.dialog.windowTitle() == "Paste of results"
    press(at.dialog.list, Key.Key_Return, CONTROL)
    assert isinstance(at.session.case["ix.na"], Result)


def test_the_details_of_a_patient_dropped_on_one_field_go_to_all(
    open_at: Callable[..., Window],
) -> None:
    at = open_at("patient")
    at.window.go.go_to("patient.family_name")
    field = QApplication.focusWidget()
    assert isinstance(field, QLineEdit)
    assert drop(field, drag(LINES))
    assert not field.text()
    assert at.dialog is not None
    assert at.dialog.windowTitle() == "Paste of the patient's details"


def test_one_line_is_text_of_the_field_and_nothing_elsewhere(
    open_at: Callable[..., Window],
) -> None:
    at = open_at("patient")
    at.window.go.go_to("patient.family_name")
    field = QApplication.focusWidget()
    assert field is not None
    assert drop(field, drag("PLACEHOLDER"))
    assert at.session.case["patient.family_name"] == Text(text="PLACEHOLDER")
    assert not drop(at.window.header, drag("PLACEHOLDER"))
    assert at.dialog is None


def test_where_nothing_can_be_recorded_no_text_is_taken(open_at: Callable[..., Window]) -> None:
    at = open_at("results", read_only=True)
    assert not drop(at.window.header, drag(REPORT))
    assert at.dialog is None


# -- a file ---------------------------------------------------------------------------------------


@pytest.fixture
def program(clinic: Clinic) -> Program:
    return clinic.program


def shown(qtbot: QtBot, program: Program) -> PasteDialog:
    window = program.windows[-1]
    qtbot.waitUntil(lambda: bool(window.findChildren(PasteDialog)), timeout=20_000)
    (dialog,) = window.findChildren(PasteDialog)
    return dialog


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_file_of_text_opens_the_preview_however_it_is_written(
    qtbot: QtBot, program: Program, tmp_path: Path, coding: str
) -> None:
    window = program.new_window()
    window.go.show_section("complaint")
    path = tmp_path / "report.TXT"
    path.write_bytes(REPORT.replace("\n", "\r\n").encode(coding))
    before = dict(window.session.case)
    # On a field as well: a file is for the window.
    for target in (window.header, window.findChildren(QLineEdit)[0]):
        assert drop(target, drag(str(path), path))
        dialog = shown(qtbot, program)
        assert dialog.windowTitle() == "Paste of results"
        assert "12 µmol/L" in dialog.preview.entries[3].text
        press(dialog, Key.Key_Escape)
        qtbot.waitUntil(lambda: not window.findChildren(PasteDialog))
    assert dict(window.session.case) == before
    assert len(program.windows) == 1


def test_a_file_of_one_line_is_shown_and_an_empty_one_said(
    qtbot: QtBot, program: Program, tmp_path: Path
) -> None:
    window = program.new_window()
    path = tmp_path / "report.txt"
    path.write_text("  \n")
    assert drop(window.header, drag(str(path), path))
    qtbot.waitUntil(lambda: window.line.text == NO_TEXT, timeout=20_000)
    path.write_text("Potassium 4.1 mmol/L")
    assert drop(window.header, drag(str(path), path))
    assert shown(qtbot, program).title.text().endswith("1 of 1 line read")


def test_a_file_that_cannot_be_read_is_told(qtbot: QtBot, program: Program, tmp_path: Path) -> None:
    window = program.new_window()
    path = tmp_path / "gone.txt"
    assert drop(window.header, drag(str(path), path))
    qtbot.waitUntil(lambda: bool(window.line.text), timeout=20_000)
    assert window.line.text.startswith("gone.txt: ")
    assert not window.findChildren(PasteDialog)
