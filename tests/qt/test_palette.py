"""The palette as a user types into it: what it shows is what is recorded, and nothing else ever is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QStyleOptionViewItem
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from tests.conftest import the_content
from tests.session.quick.table import rows
from triage.model.values import Choice, Finding
from triage.qt.ask.choices import ChoicesWidget
from triage.qt.ask.grid import GridWidget
from triage.qt.ask.section import SectionView
from triage.qt.panel.urgency_dialog import UrgencyDialog
from triage.qt.parts.theme import Theme
from triage.qt.shell.help import HelpDialog
from triage.qt.shell.palette import Palette
from triage.rules.assess import Assessor
from triage.session.quick import Goal, read_quick

from .conftest import Desk

Key = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier
PLAIN = Qt.KeyboardModifier.NoModifier


def press(key: Key, held: Qt.KeyboardModifier = PLAIN) -> None:
    widget = QApplication.focusWidget()
    assert widget is not None
    QTest.keyClick(widget, key, held)
    QApplication.processEvents()


def typed(desk: Desk, text: str) -> Palette:
    """Call the palette and type a line."""
    desk.window.activateWindow()
    QTest.keyClick(desk.window.windowHandle(), Key.Key_K, CONTROL)
    palette = desk.window.quick.palette
    assert palette is not None
    assert palette.field.hasFocus()
    QTest.keyClicks(palette.field, text)
    return palette


@pytest.fixture(params=[False])
def real(
    qtbot: QtBot, request: pytest.FixtureRequest, assessor: Assessor, theme: Theme, tmp_path: Path
) -> Iterator[Desk]:
    """A window with the questions in it, the examination in view; with the parameter only to be read."""
    made = Desk(assessor, theme, tmp_path, read_only=request.param, real=True)
    qtbot.addWidget(made.window)
    made.window.show()
    made.window.go.show_section("exam")
    made.window.go.questions.focus_first()
    QApplication.processEvents()
    yield made
    made.store.close()


def power(desk: Desk) -> GridWidget:
    view = desk.window.questions
    assert isinstance(view, SectionView)
    return next(row for row in view.page.rows() if isinstance(row, GridWidget))


@pytest.mark.parametrize("text", ["power all 5 except r fdi 3", "fdi 3; k 3,1; wasted fdi r"])
def test_a_row_is_as_high_as_what_stands_in_it(real: Desk, text: str) -> None:
    real.window.resize(1280, 680)
    # Where nothing is typed the list has a scroll bar.
    palette = typed(real, "")
    palette.field.setText(text)
    rows, option = palette.list, QStyleOptionViewItem()
    option.font = rows.font()
    fits = rows.height()
    QApplication.processEvents()
    assert not rows.verticalScrollBar().isVisible()
    each = [rows.model().index(at, 0) for at in range(rows.model().rowCount())]
    assert fits == sum(rows.itemDelegate().sizeHint(option, index).height() for index in each)


def test_rows_stand_below_each_other_beside_a_scroll_bar(real: Desk) -> None:
    real.answer(neuro__weakness=True)
    real.window.resize(1366, 748)
    QApplication.processEvents()
    palette = typed(real, "")
    rows = palette.list
    muscles = ("deltoid", "biceps", "triceps", "fdi", "adf", "ehl", "iliopsoas")
    line = "; ".join(f"{muscle} r 4 l 4" for muscle in muscles)
    # With one of these there is room for a note beside its value, but for a scroll bar.
    for n in range(20, 60):
        palette.field.setText(f'{line}; weak since march 2026; quest "{"n" * n}"')
        QApplication.processEvents()
        assert rows.verticalScrollBar().isVisible()
        below = rows.visualRect(rows.model().index(0, 0)).top()
        for at in range(rows.model().rowCount()):
            row = rows.visualRect(rows.model().index(at, 0))
            assert row.top() == below, palette.rows[at].text
            below = row.bottom() + 1


def test_enter_records_what_is_shown_as_one_step_and_the_focus_is_where_it_was(real: Desk) -> None:
    before, n = QApplication.focusWidget(), real.session.history.n
    palette = typed(real, "power all 5 except r fdi 3, r apb 3; knee r 3+")
    shown = dict(palette.preview.changes)
    assert palette.rows[0].text == f"Will record {len(shown)} answers"
    assert real.session.history.n == n
    press(Key.Key_Return)
    assert {key: real.session.case[key] for key in shown} == shown
    assert real.window.quick.palette is None
    assert QApplication.focusWidget() is before
    assert real.told[-1][1].startswith("Recorded: ")
    real.session.undo()
    assert not shown.keys() & real.session.case.keys()


def test_what_enter_does_is_said_in_one_place_and_truly(real: Desk) -> None:
    n = real.session.history.n
    for text, says in (
        ("knee r 3+", "record as one step"),
        ("no red flags", "read it; then 0 records it"),
        ("fdi 3", "to answer"),
        ("xyzzy", "records nothing"),
        ("knee r 3+; xyzzy", "records nothing while a part does not fit"),
    ):
        palette = typed(real, text)
        assert dict(palette.foot.shown)["Enter"] == says
        assert [key for key, _ in real.window.line.keys.shown] == ["F1"]
        if "nothing" in says:
            press(Key.Key_Return)
            assert real.window.quick.palette is palette
        press(Key.Key_Escape)
    assert real.session.history.n == n


def test_cells_in_sight_show_the_coming_grade_and_lose_it_again(real: Desk) -> None:
    widget = power(real)
    typed(real, "fdi r 3")
    assert widget.view.coming == {"power.fdi.right": "3"}
    press(Key.Key_Escape)
    assert widget.view.coming == {}
    assert "power.fdi.right" not in real.session.case


def test_a_block_waits_for_its_own_key(real: Desk) -> None:
    n = real.session.history.n
    palette = typed(real, "no red flags")
    assert palette.preview.by_key
    press(Key.Key_Return)
    press(Key.Key_Return)
    assert real.session.history.n == n
    shown = dict(palette.preview.changes)
    press(Key.Key_0)
    assert {key: real.session.case[key] for key in shown} == shown
    assert len(real.session.history.to_undo) == len(shown)


def test_what_has_two_readings_asks_and_a_digit_answers(real: Desk) -> None:
    palette = typed(real, "fdi 3")
    assert palette.preview.asking == 0
    press(Key.Key_Return)
    assert [row.cap for row in palette.rows if row.kind == "reading"] == ["1", "2", "3"]
    press(Key.Key_2)
    assert palette.rows[0].text == "Will record 1 answer"
    assert "power.fdi.left" not in real.session.case
    press(Key.Key_Return)
    assert real.session.case["power.fdi.left"] == Choice(option="3")
    assert "power.fdi.right" not in real.session.case


def test_a_part_that_only_leads_somewhere_says_that_it_stands_in_the_way(real: Desk) -> None:
    palette = typed(real, "creatine; k 5.1")
    assert palette.rows[0].text == "creatine: leads to “Creatine kinase” and records nothing."
    assert palette.foot.accessibleName().startswith("Enter records nothing while a part")
    press(Key.Key_Return)
    assert not real.session.case
    # Alone it is a way to go.
    palette.field.setText("creatine")
    assert all(row.kind == "goes" for row in palette.rows)


def test_what_is_asked_below_the_fold_is_brought_into_sight_with_all_its_answers(
    real: Desk,
) -> None:
    results = "ck 640; esr 12; b12 210; k 4.1; na 140; mg 0.8; ca adj 2.3; tsh 2; hb 138; crp 3"
    palette = typed(real, f"{results}; fasc thigh both; fasc calf both; fdi 3; adf 4")
    for _ in range(2):
        press(Key.Key_Return)
        first = next(at for at, row in enumerate(palette.rows) if row.kind == "reading")
        seen = palette.list.viewport().rect()
        for at in range(first - 1, first + 3):
            assert seen.contains(palette.list.visualRect(palette.list.model().index(at, 0)))
        press(Key.Key_3)


def test_a_line_of_the_preview_is_as_high_as_what_it_says_and_none_of_it_is_cut_off(
    real: Desk,
) -> None:
    palette = typed(real, "microgynon; fasc upper arm both; ankle l absent")
    metrics = palette.list.fontMetrics()
    high = {row.says: palette.list.sizeHintForRow(at) for at, row in enumerate(palette.rows)}
    long = next(says for says in high if "microgynon" in says)
    assert high.pop(long) >= 2 * metrics.height()
    assert set(high.values()) == {metrics.height() + 7}


def test_the_arrow_leads_to_a_question_instead_and_records_nothing(real: Desk) -> None:
    n = real.session.history.n
    palette = typed(real, "weight loss")
    assert palette.preview.is_ready
    press(Key.Key_Down)
    press(Key.Key_Return)
    assert real.session.history.n == n
    assert real.window.go.focused.startswith("rf.")


def test_tab_leads_to_the_first_question_and_never_does_a_command(real: Desk) -> None:
    n = real.session.history.n
    palette = typed(real, "pla")
    assert palette.preview.asking is not None
    press(Key.Key_Tab)
    assert real.window.go.focused == "plantar"
    assert real.window.quick.palette is None
    palette = typed(real, "set urg")
    assert [row.entry.kind for row in palette.rows if row.entry] == ["command"]
    press(Key.Key_Tab)
    assert palette.isVisible()
    assert palette.field.hasFocus()
    assert not real.window.findChildren(UrgencyDialog)
    assert real.session.history.n == n


@pytest.mark.parametrize("held", [PLAIN, CONTROL])
def test_what_only_shows_a_reading_is_no_row_to_go_from(
    real: Desk, held: Qt.KeyboardModifier
) -> None:
    n = real.session.history.n
    palette = typed(real, "biceps r 4")
    press(Key.Key_Return)
    assert palette.list.hasFocus()
    # Ctrl+PgDn is the next section.
    for key in (Key.Key_Down, Key.Key_End, *([Key.Key_PageDown] if held == PLAIN else [])):
        press(key, held)
        assert real.window.quick.palette is palette, key
    press(Key.Key_Return)
    # With the arrow the first question was chosen; with Ctrl nothing was.
    assert (real.window.quick.palette is None) is (held == PLAIN)
    assert real.session.history.n == n


def test_a_reading_that_was_clicked_is_answered_and_enter_records_it(real: Desk) -> None:
    n = real.session.history.n
    palette = typed(real, "biceps r 4")
    at = next(n for n, row in enumerate(palette.rows) if row.kind == "reading")
    where = palette.list.visualRect(palette.list.model().index(at, 0)).center()
    QTest.mouseClick(palette.list.viewport(), Qt.MouseButton.LeftButton, PLAIN, where)
    palette.field.setFocus()
    press(Key.Key_Return)
    assert real.window.quick.palette is None
    assert real.session.history.n > n


def test_a_name_that_records_nothing_leads_there_by_enter(real: Desk) -> None:
    typed(real, "power")
    press(Key.Key_Return)
    assert real.window.go.focused == "power"


def test_it_runs_commands(desk: Desk) -> None:
    palette = typed(desk, "set urg")
    assert palette.found[0].id == "urgency"
    press(Key.Key_Return)
    QApplication.processEvents()
    assert desk.window.findChild(UrgencyDialog) is not None


def test_it_shows_a_rule_in_words(desk: Desk) -> None:
    rule = next(iter(the_content().rules))
    typed(desk, rule)
    press(Key.Key_Return)
    dialog = desk.window.findChild(HelpDialog)
    assert isinstance(dialog, QDialog)
    assert dialog.windowTitle() == "Rule"


def test_what_fits_nothing_shows_the_nearest_and_enter_goes_nowhere(desk: Desk) -> None:
    palette = typed(desk, "fasciculatoin sen")
    assert palette.rows[0].text == "Nothing fits. Nearest:"
    assert "fasc.seen" in [entry.id for entry in palette.found]
    assert len(palette.found) <= 3
    press(Key.Key_Return)
    assert palette.isVisible()
    press(Key.Key_Down)
    nearest = palette.found[0].id
    press(Key.Key_Return)
    assert desk.questions.keys == [nearest]


@pytest.mark.parametrize("text", ["adf l 4; xyzzy", "adf l 4; fdi 3", "adf l 4; power"])
def test_a_line_that_is_not_read_whole_records_nothing(real: Desk, text: str) -> None:
    n = real.session.history.n
    typed(real, text)
    press(Key.Key_Return)
    press(Key.Key_Return)
    assert real.session.history.n == n


def test_a_key_that_is_held_records_no_block(real: Desk) -> None:
    n = real.session.history.n
    typed(real, "no red flags")
    press(Key.Key_Return)
    widget = QApplication.focusWidget()
    assert widget is not None
    QApplication.sendEvent(widget, QKeyEvent(QEvent.Type.KeyPress, Key.Key_0, PLAIN, "0", True))
    assert real.session.history.n == n


def test_it_closes_when_a_side_is_clicked_in_the_form(real: Desk) -> None:
    session = real.window.session
    session.set("cramp.sites.calf", Finding(present=True))
    real.window.go.go_to("cramp.sites")
    assert isinstance(real.window.questions, SectionView)
    widget = real.window.questions.page.widget_of("cramp.sites")
    assert isinstance(widget, ChoicesWidget)
    typed(real, "no such word")
    chip = widget.chips["calf"]
    QTest.mouseClick(chip.side_buttons["left"], Qt.MouseButton.LeftButton)
    assert session.case["cramp.sites.calf.left"] == Finding(present=True)
    assert real.window.quick.palette is None
    assert chip.button.hasFocus()


def test_it_closes_when_the_focus_goes_elsewhere(real: Desk) -> None:
    palette = typed(real, "ck 640")
    real.window.rail.list.setFocus()
    QApplication.processEvents()
    assert real.window.quick.palette is None
    assert not isValid(palette) or palette.isHidden()
    assert QApplication.focusWidget() is real.window.rail.list


def test_every_line_of_the_table_shows_what_it_would_record(real: Desk) -> None:
    """What stands on the screen is what the reader says: each line of each meaning, and how many answers."""
    palette = typed(real, "")
    commands = [Goal("command", c.id, c.text.rstrip("…")) for c in real.window.commands]
    for text in sorted({row.typed for row in rows() if row.case == "{}"}):
        palette.field.setText(text)
        preview = read_quick(real.session, text, {}, commands)
        said = [line for item in preview.items if item.chosen for line in item.chosen.lines]
        shown = [(row.text, row.value, row.note) for row in palette.rows if row.kind == "records"]
        assert shown == [tuple(line) for line in said]
        if preview.is_ready and preview.changes:
            assert palette.rows[0].text == preview.says
        asked = [row.text for row in palette.rows if row.kind == "reading"]
        at = preview.asking
        assert len(asked) == (0 if at is None else len(preview.items[at].meanings))


@pytest.mark.parametrize("real", [True], indirect=True)
def test_a_case_that_is_only_read_is_not_written_to(real: Desk) -> None:
    palette = typed(real, "weight loss")
    assert not palette.preview.items
    assert palette.found


def test_a_block_out_of_sight_is_brought_into_sight(real: Desk) -> None:
    real.window.go.go_to("roots")
    focused = QApplication.focusWidget()
    assert focused is not None
    assert focused.isVisible()
    members = [q.id for q in the_content().form.in_block("roots")]
    assert real.window.go.focused in ("roots", *members)


@pytest.mark.parametrize("width", [900, 1700, 2560])
def test_the_focus_stays_in_the_assessment_when_it_is_laid_out_anew(real: Desk, width: int) -> None:
    window = real.window
    window.activateWindow()
    window.resize(1280, 720)
    window.go.next_pane()
    window.panel.take_focus()
    QApplication.processEvents()
    window.resize(width, 720)
    QApplication.processEvents()
    focused = window.focusWidget()
    assert focused is not None
    assert focused.isVisible()
    assert window.panel.isAncestorOf(focused)
    window.resize(1280, 720)
    QApplication.processEvents()
    focused = window.focusWidget()
    assert focused is not None
    assert focused.isVisible()


@pytest.mark.parametrize("over", ["hints", "find"])
def test_what_closes_gives_no_focus_to_what_went_out_of_sight(real: Desk, over: str) -> None:
    window = real.window
    window.activateWindow()
    window.go.show_letter()
    window.actions_[over].trigger()
    window.stack.setCurrentIndex(0)
    press(Key.Key_Escape)
    focused = window.focusWidget()
    assert focused is not None
    assert focused.isVisible()


@pytest.mark.parametrize("text", ["adf l 4; " * 40, "wasted fdi r", "accept xyzzy"])
def test_what_cannot_be_read_says_why(real: Desk, text: str) -> None:
    palette = typed(real, "")
    palette.field.setText(text)
    says = palette.preview.items[0].says
    assert says not in ("", "Nothing fits.")
    assert any(says in row.text for row in palette.rows)
    press(Key.Key_Return)
    assert real.session.history.n == 0


def test_one_letter_leads_to_what_begins_so(real: Desk) -> None:
    palette = typed(real, "p")
    first = palette.found[0]
    press(Key.Key_Return)
    assert real.window.quick.palette is None
    assert real.session.history.n == 0
    assert first.kind != "question" or real.window.go.focused == first.id
