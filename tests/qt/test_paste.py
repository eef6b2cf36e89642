"""A pasted report as a user meets it: real keys in the real window, and what was recorded."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QAccessible, QFont, QGuiApplication, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from tests.conftest import AT, the_assessor
from tests.reports import expected_of, reports
from triage.model.history import History
from triage.model.values import Result, Text
from triage.qt.ask.paste import NO_TEXT, PasteDialog
from triage.qt.ask.paste_row import pieces_of
from triage.qt.ask.result import ResultWidget
from triage.qt.parts.theme import Theme
from triage.session import Session
from triage.session.draft import DraftStore
from triage.session.paste import Preview

from .conftest import Desk

Key = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier
REPORT = """Collected: 02/11/2026
Serum potassium 4.1 mmol/L (3.5-5.3)
Creatine kinase 12,450 U/L H (40-320)
Serum zinc 12 µmol/L
Slightly haemolysed"""
CK = 2


class Window:
    """A window with the real questions, at the section of results."""

    def __init__(
        self, qtbot: QtBot, theme: Theme, folder: Path, section: str, *, read_only: bool
    ) -> None:
        desk = self.desk = Desk(the_assessor(), theme, folder, read_only=read_only, real=True)
        self.window = desk.window
        self.session, self.told = desk.session, desk.told
        qtbot.addWidget(self.window)
        self.window.show()
        self.window.activateWindow()
        qtbot.waitExposed(self.window)
        self.window.go.show_section(section)
        QApplication.processEvents()

    def _on_message(self, level: str, text: str) -> None:
        self.told.append((level, text))

    def field(self, question: str) -> QLineEdit:
        """Return the field of a result, with the focus in it."""
        self.window.go.go_to(question)
        widget = self.window.questions.page.widget_of(question)
        assert isinstance(widget, ResultWidget)
        first = widget.rows[0].first
        assert isinstance(first, QLineEdit)
        first.setFocus()
        return first

    @property
    def dialog(self) -> PasteDialog | None:
        """The preview, if it is open."""
        QApplication.processEvents()
        return next((d for d in self.window.findChildren(PasteDialog) if d.isVisible()), None)


@pytest.fixture
def open_at(
    qtbot: QtBot, theme: Theme, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., Window]]:
    stores: list[DraftStore] = []

    def made(section: str = "results", *, read_only: bool = False) -> Window:
        folder = tmp_path_factory.mktemp("store")
        window = Window(qtbot, theme, folder, section, read_only=read_only)
        stores.append(window.desk.store)
        return window

    yield made
    for store in stores:
        store.close()
    QGuiApplication.clipboard().clear()


def copy(text: str) -> None:
    QGuiApplication.clipboard().setText(text)


def press(widget: QWidget, key: Qt.Key, modifier: Qt.KeyboardModifier | None = None) -> None:
    QTest.keyClick(widget, key, modifier or Qt.KeyboardModifier.NoModifier)
    # What an edited line tells comes a turn later.
    for _ in range(3):
        QApplication.processEvents()


def opened(qtbot: QtBot, text: str = REPORT, session: Session | None = None) -> PasteDialog:
    """Return the shown preview of a text, with the focus on its lines."""
    session = session or Session(the_assessor(), History(), lambda: AT)
    dialog = PasteDialog(session, Preview(session, text, "results"))
    qtbot.addWidget(dialog)
    dialog.resize(920, 520)
    dialog.show()
    dialog.activateWindow()
    QApplication.processEvents()
    assert QApplication.focusWidget() is dialog.list
    return dialog


def session_of(dialog: PasteDialog) -> Session:
    return dialog.preview._session


# -- where it opens -------------------------------------------------------------------------------


def test_several_lines_pasted_into_a_result_are_shown_and_not_typed(
    open_at: Callable[..., Window],
) -> None:
    at = open_at()
    copy(REPORT)
    field = at.field("ix.k")
    press(field, Key.Key_V, CONTROL)
    dialog = at.dialog
    assert dialog is not None
    assert field.text() == ""
    assert at.session.history.n == 0
    press(dialog.list, Key.Key_Return, CONTROL)
    assert at.dialog is None
    assert set(at.session.case) == {"ix.k"}
    assert field.text() == "4.1"
    said = "Recorded: 1 result. Ctrl+Z takes it back. 1 line not answered: not recorded."
    assert at.told == [("warning", said)]
    at.window.activateWindow()
    QApplication.processEvents()
    press(field, Key.Key_Z, CONTROL)
    assert dict(at.session.case) == {}


def test_the_field_of_a_vital_sign_shows_several_lines_too(open_at: Callable[..., Window]) -> None:
    at = open_at("exam")
    copy("BP 138/82\nPulse 72")
    press(at.field("gen.hr"), Key.Key_V, CONTROL)
    dialog = at.dialog
    assert dialog is not None
    press(dialog.list, Key.Key_Return, CONTROL)
    assert set(at.session.case) == {"gen.bp_sys", "gen.bp_dia", "gen.hr"}
    assert at.told == [("info", "Recorded: 3 results. Ctrl+Z takes it back.")]


def test_the_section_of_results_takes_several_lines_where_no_field_is(
    open_at: Callable[..., Window],
) -> None:
    at = open_at()
    copy(REPORT)
    at.window.questions.page.add.setFocus()
    button = at.window.questions.page.findChild(QPushButton)
    assert button is not None
    button.setFocus()
    press(button, Key.Key_V, CONTROL)
    assert at.dialog is not None


def test_one_line_pasted_into_a_result_is_text_as_before(open_at: Callable[..., Window]) -> None:
    at = open_at()
    field = at.field("ix.k")
    for text in ("4.1", "4.1\n", "\n 4.1 \n\n"):
        copy(text)
        field.clear()
        press(field, Key.Key_V, CONTROL)
        assert at.dialog is None
        assert field.text().strip() == "4.1"


def test_several_lines_pasted_into_notes_or_a_name_are_text(open_at: Callable[..., Window]) -> None:
    at = open_at()
    copy(REPORT)
    note = at.window.questions.page.note
    note.setFocus()
    press(note, Key.Key_V, CONTROL)
    assert at.dialog is None
    assert note.toPlainText() == REPORT
    at.window.go.go_to("patient.family_name")
    name = QApplication.focusWidget()
    assert isinstance(name, QLineEdit)
    press(name, Key.Key_V, CONTROL)
    assert at.dialog is None


def test_elsewhere_a_report_is_shown_as_one(open_at: Callable[..., Window]) -> None:
    at = open_at("red_flags")
    copy(REPORT)
    focused = QApplication.focusWidget() or at.window
    press(focused, Key.Key_V, CONTROL)
    assert at.dialog is not None
    assert at.dialog.windowTitle() == "Paste of results"
    assert at.session.history.n == 0


def test_the_menu_pastes_results_anywhere(open_at: Callable[..., Window]) -> None:
    at = open_at("red_flags")
    action = at.window.actions_["paste_results"]
    assert action.text() == "&Paste results here as…"
    copy("")
    action.trigger()
    assert at.dialog is None
    assert at.told == [("advice", NO_TEXT)]
    copy("K 4.1")
    action.trigger()
    dialog = at.dialog
    assert dialog is not None
    assert dialog.title.text() == "Paste of results: 1 of 1 line read"


def test_a_text_that_is_too_large_is_refused_in_words(open_at: Callable[..., Window]) -> None:
    at = open_at()
    copy("K 4.1\n" * 5001)
    at.window.actions_["paste_results"].trigger()
    assert at.dialog is None
    assert "paste the report in parts" in at.told[0][1]


def test_a_case_that_is_read_only_takes_nothing(open_at: Callable[..., Window]) -> None:
    at = open_at(read_only=True)
    copy(REPORT)
    press(at.window, Key.Key_V, CONTROL)
    assert at.dialog is None
    assert not at.window.actions_["paste_results"].isEnabled()


# -- its keys -------------------------------------------------------------------------------------


def test_it_opens_at_the_first_line_that_asks_and_says_what_was_read(qtbot: QtBot) -> None:
    dialog = opened(qtbot)
    assert dialog.list.row == CK
    assert dialog.title.text() == "Paste of results: 1 of 5 lines read, 1 asks"
    assert dialog.record.text().replace("&", "").startswith("Record 1 result ")


@pytest.mark.parametrize(("key", "value"), [(Key.Key_1, "12.45"), (Key.Key_2, "12450")])
def test_a_digit_answers_and_ctrl_enter_records_all_as_one_step(
    qtbot: QtBot, key: Qt.Key, value: str
) -> None:
    dialog = opened(qtbot)
    press(dialog.list, key)
    assert session_of(dialog).history.n == 0
    assert dialog.record.text().replace("&", "").startswith("Record 2 results ")
    press(dialog.list, Key.Key_Enter, CONTROL)
    assert not dialog.isVisible()
    session = session_of(dialog)
    ck = session.case["ix.ck"]
    assert isinstance(ck, Result)
    assert [item.value for item in ck.items] == [Decimal(value)]
    session.undo()
    assert dict(session.case) == {}


def test_a_digit_that_answers_nothing_does_nothing(qtbot: QtBot) -> None:
    dialog = opened(qtbot)
    for key in (Key.Key_3, Key.Key_9, Key.Key_0):
        press(dialog.list, key)
    assert dialog.title.text() == "Paste of results: 1 of 5 lines read, 1 asks"


def test_arrows_move_delete_leaves_out_and_space_sends_to_the_notes(qtbot: QtBot) -> None:
    dialog = opened(qtbot)
    press(dialog.list, Key.Key_Up)
    press(dialog.list, Key.Key_Delete)
    assert dialog.record.text().replace("&", "") == "Nothing to record"
    assert not dialog.record.isEnabled()
    press(dialog.list, Key.Key_Delete)
    for _ in range(3):
        press(dialog.list, Key.Key_Down)
    assert dialog.list.row == 4
    press(dialog.list, Key.Key_Space)
    assert dialog.record.text().replace("&", "").startswith("Record 1 result, 1 line to the notes ")
    press(dialog.list, Key.Key_Return, CONTROL)
    assert session_of(dialog).case["note.results"] == Text(text="Slightly haemolysed")


def test_one_box_sends_all_lines_that_are_left_to_the_notes(qtbot: QtBot) -> None:
    dialog = opened(qtbot)
    dialog.notes.setFocus()
    press(dialog.notes, Key.Key_Space)
    assert (
        dialog.record.text().replace("&", "").startswith("Record 1 result, 2 lines to the notes ")
    )
    press(dialog.notes, Key.Key_Space)
    assert dialog.record.text().replace("&", "").startswith("Record 1 result ")


def test_escape_records_nothing(qtbot: QtBot) -> None:
    dialog = opened(qtbot)
    press(dialog.list, Key.Key_2)
    press(dialog.list, Key.Key_Escape)
    assert not dialog.isVisible()
    assert session_of(dialog).history.n == 0


def test_enter_alone_never_records_wherever_the_focus_is(qtbot: QtBot) -> None:
    dialog = opened(qtbot)
    for widget in (dialog.list, dialog.notes, dialog.record, dialog.cancel):
        for key in (Key.Key_Return, Key.Key_Enter):
            widget.setFocus()
            press(widget, key)
            field = dialog.list.findChild(QLineEdit)
            if field is not None and field.isVisible():
                press(field, key)
    assert dialog.isVisible()
    assert session_of(dialog).history.n == 0


def test_a_key_that_is_held_works_once(qtbot: QtBot) -> None:
    dialog = opened(qtbot)
    for key, modifier in (
        (Key.Key_2, Qt.KeyboardModifier.NoModifier),
        (Key.Key_Delete, Qt.KeyboardModifier.NoModifier),
        (Key.Key_Space, Qt.KeyboardModifier.NoModifier),
        (Key.Key_Return, CONTROL),
    ):
        held = QKeyEvent(QEvent.Type.KeyPress, key, modifier, "", True)
        QApplication.sendEvent(dialog.list, held)
    assert dialog.isVisible()
    assert dialog.title.text() == "Paste of results: 1 of 5 lines read, 1 asks"
    assert dialog.record.text().replace("&", "").startswith("Record 1 result ")


def test_enter_edits_a_line_and_enter_reads_it_again(qtbot: QtBot) -> None:
    dialog = opened(qtbot)
    press(dialog.list, Key.Key_Return)
    field = dialog.list.findChild(QLineEdit)
    assert field is not None
    assert field.accessibleName() == "Line 3 as it was pasted"
    assert field.text() == "Creatine kinase 12,450 U/L H (40-320)"
    field.selectAll()
    QTest.keyClicks(field, "CK 12450 U/L")
    press(field, Key.Key_Return)
    assert dialog.list.row == CK
    assert dialog.title.text() == "Paste of results: 2 of 5 lines read"
    assert QApplication.focusWidget() is dialog.list
    press(dialog.list, Key.Key_Return, CONTROL)
    ck = session_of(dialog).case["ix.ck"]
    assert isinstance(ck, Result)
    assert ck.items[0].value == Decimal("12450")


def test_escape_leaves_a_line_as_it_was_and_the_preview_open(qtbot: QtBot) -> None:
    dialog = opened(qtbot)
    press(dialog.list, Key.Key_Return)
    field = dialog.list.findChild(QLineEdit)
    assert field is not None
    QTest.keyClicks(field, "1")
    press(field, Key.Key_Return, CONTROL)
    assert session_of(dialog).history.n == 0
    press(dialog.list, Key.Key_Return)
    field = dialog.list.findChildren(QLineEdit)[-1]
    press(field, Key.Key_Escape)
    assert dialog.isVisible()


def test_a_click_on_a_reading_answers(qtbot: QtBot) -> None:
    dialog = opened(qtbot)
    index = dialog.list.model().index(CK, 0)
    box = dialog.list.visualRect(index)
    pieces, _ = pieces_of(dialog.preview, CK, box.width(), dialog.list.font(), "")
    second = next(piece for piece in pieces if piece.chip == 2)
    QTest.mouseClick(
        dialog.list.viewport(),
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
        box.topLeft() + QPoint(second.box.center().x(), second.box.center().y()),
    )
    chosen = dialog.preview.entries[CK].chosen
    assert chosen is not None
    assert chosen.takes[0].item.value == Decimal("12450")


def test_an_answer_goes_on_to_the_next_line_that_asks(qtbot: QtBot) -> None:
    dialog = opened(qtbot, "CK 12,450 U/L\nK 4.1\nFerritin 1,204 ug/L\nNa 140")
    assert dialog.list.row == 0
    press(dialog.list, Key.Key_2)
    assert dialog.list.row == 2
    press(dialog.list, Key.Key_1)
    assert dialog.list.row == 2
    assert dialog.title.text() == "Paste of results: 4 of 4 lines read"


# -- what it says ---------------------------------------------------------------------------------


def test_a_report_of_another_patient_can_only_be_closed(qtbot: QtBot) -> None:
    session = Session(the_assessor(), History(), lambda: AT)
    session.set("patient.family_name", Text(text="Specimen"))
    n = session.history.n
    dialog = PasteDialog(session, Preview(session, "Patient: SAMPLE, Nora\nK 4.1", "results"))
    qtbot.addWidget(dialog)
    dialog.show()
    assert dialog.title.text() == "Paste of results: nothing was read"
    assert dialog.says.text() == "The text names another patient: SAMPLE, Nora. Nothing was read."
    assert dialog.list.isHidden()
    press(dialog, Key.Key_Return, CONTROL)
    assert session.history.n == n
    press(dialog, Key.Key_Escape)
    assert not dialog.isVisible()


def test_results_without_a_date_and_the_name_in_the_text_are_said(qtbot: QtBot) -> None:
    dialog = opened(qtbot, "Patient: SAMPLE, Nora\nK 4.1\nNa 140")
    assert "The text names SAMPLE, Nora." in dialog.says.text()
    assert "2 results have no date and count as of 22 Nov 2026." in dialog.says.text()


def test_a_screen_reader_hears_each_line_and_what_it_becomes(qtbot: QtBot) -> None:
    dialog = opened(qtbot)
    role = Qt.ItemDataRole.AccessibleTextRole
    said = [dialog.list.model().index(row, 0).data(role) for row in range(5)]
    assert said == [
        "Line 1: Collected: 02/11/2026. date of the lines below: 2 Nov 2026",
        "Line 2: Serum potassium 4.1 mmol/L (3.5-5.3). "
        "will be recorded: Potassium, 4.1 mmol/L, 2 Nov 2026, 3.5–5.3",
        "Line 3: Creatine kinase 12,450 U/L H (40-320). asks: Which is meant?. "
        "1 12.45 U/L. 2 12 450 U/L",
        "Line 4: Serum zinc 12 µmol/L. not on this form",
        "Line 5: Slightly haemolysed. not a result",
    ]
    for part in (dialog.list, dialog.notes, dialog.cancel, dialog.record):
        interface = QAccessible.queryAccessibleInterface(part)
        assert interface is not None
        assert part.accessibleName() or (isinstance(part, QAbstractButton) and part.text())


def test_tab_reaches_every_part_and_comes_round(qtbot: QtBot) -> None:
    dialog = opened(qtbot)
    seen = []
    for _ in range(4):
        press(QApplication.focusWidget() or dialog, Key.Key_Tab)
        seen.append(QApplication.focusWidget())
    assert seen == [dialog.notes, dialog.cancel, dialog.record, dialog.list]


@pytest.mark.parametrize("points", [8.0, 10.0, 15.0, 20.0])
def test_nothing_of_any_line_is_cut_off_or_covered(qapp: QApplication, points: float) -> None:
    font = QFont(qapp.font())
    font.setPointSizeF(points)
    session = Session(the_assessor(), History(), lambda: AT)
    for path in reports():
        expected = expected_of(path)
        if expected.stopped or expected.profile != "uk":
            continue
        preview = Preview(session, expected.text, "results")
        for row in range(len(preview.entries)):
            width = 900
            pieces, height = pieces_of(preview, row, width, font, "male")
            for piece in pieces:
                assert piece.box.left() >= 0, (path.stem, piece)
                assert piece.box.right() <= width, (path.stem, piece)
                assert piece.box.bottom() < height, (path.stem, piece)
            for n, one in enumerate(pieces):
                for other in pieces[n + 1 :]:
                    assert not one.box.adjusted(0, 4, 0, -4).intersects(other.box), (one, other)
