"""The middle of the window: sections, blocks, what comes into sight, and going to a question."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QTableView,
    QWidget,
)

from triage.model.values import Choice, Finding, Text
from triage.qt.ask.block import BlockRow
from triage.qt.ask.quantity import QuantityWidget
from triage.qt.ask.questions import QuestionWidget
from triage.qt.ask.section import SectionView
from triage.qt.ask.typed import EntryLine
from triage.qt.parts.colours import RING_ROOM, colours
from triage.qt.parts.segments import Segment
from triage.qt.parts.theme import font, load_fonts, size_text

from ..conftest import the_content
from .asking import (
    click,
    fresh,
    press,
    section,
    type_in,
)

Key = Qt.Key
SECTIONS = list(the_content().form.sections)
INPUTS = (QAbstractButton, QLineEdit, QPlainTextEdit, QComboBox, QTableView)


@pytest.fixture
def large_text(qapp: QApplication) -> Iterator[Callable[[float], None]]:
    load_fonts()
    usual = qapp.font()
    yield lambda zoom: qapp.setFont(font(10 * zoom))
    qapp.setFont(usual)


def names(view: SectionView) -> list[str]:
    """Return the questions and blocks in sight, in order."""
    return [
        row.question.id if isinstance(row, QuestionWidget) else row.block.id
        for row in view.page.rows()
    ]


def test_showing_every_section_records_nothing(qtbot):
    session = fresh()
    view = section(qtbot, session, SECTIONS[0])
    for name in SECTIONS:
        view.show_section(name)
        assert view.section == name
        assert view.page.rows() or not view.page._empty.isHidden(), name
    assert session.history.n == 0


def every_question_in_sight(view: SectionView) -> None:
    for question in view.session.form.in_section(view.section):
        view.page.call(question)


@pytest.mark.parametrize("name", SECTIONS)
def test_every_input_has_a_name_and_a_description(qtbot, name):
    view = section(qtbot, fresh(), name)
    every_question_in_sight(view)
    for part in view.findChildren(QWidget):
        if isinstance(part, INPUTS) and part.focusPolicy() != Qt.FocusPolicy.NoFocus:
            if isinstance(part.parent(), INPUTS):
                continue  # Qt's own parts, such as the button that clears a line
            assert part.accessibleName(), (part, part.parent())
            assert not isinstance(part, QLineEdit) or part.accessibleDescription(), part
    for row in view.page.rows():
        if isinstance(row, QuestionWidget):
            assert row.accessibleName() == row.question.label


@pytest.mark.parametrize("zoom", [1.0, 1.5])
@pytest.mark.parametrize("name", SECTIONS)
def test_nothing_is_cut_off_in_a_narrow_column(qtbot, large_text, name, zoom):
    large_text(zoom)
    view = section(qtbot, fresh(), name)
    every_question_in_sight(view)
    view.resize(600, 720)
    QApplication.processEvents()
    page = view.page
    assert page.widget().width() <= page.viewport().width()
    for row in page.rows():
        for label in row.findChildren(QLabel):
            if label.isVisible() and label.wordWrap():
                assert label.height() >= label.heightForWidth(label.width()) - 1, label.text()


@pytest.mark.parametrize("name", SECTIONS)
def test_no_hint_of_a_number_is_cut_off(qtbot, name):
    view = section(qtbot, fresh(), name)
    for widget in view.findChildren(QuantityWidget):
        for line in widget.findChildren(EntryLine):
            hint = line.placeholderText()
            assert line.fontMetrics().horizontalAdvance(hint) + 10 <= line.width(), hint


def test_the_answers_of_a_finding_stand_on_one_line_beside_its_label(qtbot):
    view = section(qtbot, fresh(), "patient")
    rows = [row for row in view.page.rows() if row.question.kind == "finding"]
    places = [
        (button.mapTo(row, QPoint()), row.label.mapTo(row, QPoint(row.label.width(), 0)))
        for row in rows
        for button in row.controls[0].buttons.values()
    ]
    assert {at.y() for at, _ in places} == {0}
    assert all(at.x() >= label.x() for at, label in places)


def test_one_key_answers_a_block_and_undo_takes_it_back(qtbot):
    session = fresh()
    view = section(qtbot, session, "red_flags")
    row = view.page.widget_of("breath")
    assert isinstance(row, BlockRow)
    for question in row.covered:
        assert question.label.rstrip("?") in row.names.text()
    row.take_focus()
    press("0")
    assert session.case.get("rf.breathless_rest") == Finding(present=False, block=True)
    assert "rf.seizure" not in session.case
    assert row.answer.isChecked()
    session.undo()
    assert dict(session.case) == {}
    assert not row.answer.isChecked()


def test_o_opens_a_block_and_its_questions_are_answered_one_by_one(qtbot):
    session = fresh()
    view = section(qtbot, session, "red_flags")
    row = view.page.widget_of("breath")
    row.take_focus()
    assert "rf.stridor" not in names(view)
    press("o")
    at = names(view).index("breath")
    members = [q.id for q in row.members]
    # Its line closes it.
    assert names(view)[at - len(members) : at] == members
    assert view.page.widget_of(members[0]).isAncestorOf(QApplication.focusWidget())
    view.page.widget_of("rf.stridor").take_focus()
    press("p")
    assert session.case.get("rf.stridor") == Finding(present=True)
    row.take_focus()
    press("0")
    assert session.case.get("rf.stridor") == Finding(present=True)
    assert session.case.get("rf.breathless_rest") == Finding(present=False, block=True)


def test_the_line_of_a_block_closes_its_questions_below_the_last_of_them(qtbot):
    session = fresh()
    view = section(qtbot, session, "red_flags")
    line = view.page.widget_of("spasm")
    line.take_focus()
    folded = line.y()
    press("o", "n", "p")
    surgery = view.page.widget_of("rf.neck_surgery_recent")
    assert session.case.get("rf.neck_surgery_recent") == Finding(present=True)
    title = view.page._titles["spasm"].widget
    assert title.title.text() == line.block.title
    QApplication.processEvents()
    assert title.y() == folded
    assert title.y() < surgery.y() < view.page.widget_of("rf.rigidity_fever").y() < line.y()
    assert line.title.isHidden()
    assert line.others.text() == "The other 3"
    for _ in range(5):
        press(Key.Key_Return)
    assert line.isAncestorOf(QApplication.focusWidget())
    press("0")
    assert session.case.get("rf.rigidity_fever") == Finding(present=False, block=True)
    session.undo()
    line.set_open(False)
    assert not title.isHidden()
    session.undo()
    assert title.isHidden()
    assert names(view)[names(view).index("limb") + 1] == "spasm"
    assert not line.title.isHidden()


def test_tab_reaches_the_questions_of_an_opened_block_where_they_stand(qtbot):
    view = section(qtbot, fresh(), "red_flags")
    view.page.widget_of("breath").take_focus()
    press("o")
    seen = []
    for _ in range(8):
        row = QApplication.focusWidget()
        while row is not None and not isinstance(row, QuestionWidget | BlockRow):
            row = row.parentWidget()
        seen.append(row)
        press(Key.Key_Tab)
    order = view.page.rows()
    places = [order.index(row) for row in dict.fromkeys(seen)]
    assert places == sorted(places)
    assert order[places[0]].name == "rf.breathless_rest"
    assert view.page.widget_of("breath") in seen


def test_a_present_member_opens_its_block(qtbot):
    session = fresh()
    view = section(qtbot, session, "red_flags")
    session.set("rf.stridor", Finding(present=True))
    assert "rf.stridor" in names(view)
    session.undo()
    assert "rf.stridor" not in names(view)


def test_questions_come_and_go_with_the_answers_in_place(qtbot):
    session = fresh()
    view = section(qtbot, session, "neuro")
    before = {id(row) for row in view.page.rows()}
    assert "neuro.weakness_sites" not in names(view)
    view.page.widget_of("neuro.weakness").take_focus()
    press("p")
    assert "neuro.weakness_sites" in names(view)
    assert before <= {id(row) for row in view.page.rows()}
    order = [q.id for q in session.form.in_section("neuro")]
    shown = [name for name in names(view) if name in order]
    assert shown == sorted(shown, key=order.index)
    view.page.widget_of("neuro.weakness").take_focus()
    press("a")
    assert "neuro.weakness_sites" not in names(view)


def test_a_yes_to_a_line_asks_which_part_of_it(qtbot):
    session = fresh()
    view = section(qtbot, session, "red_flags")
    assert "rf.syncope_which" not in names(view)
    view.go_to("rf.syncope_palpitations")
    press("p")
    assert {"rf.syncope_which", "rf.blackout_setting"} <= set(names(view))


def test_none_of_these_leaves_out_a_line_of_which_a_part_is_recorded(qtbot):
    session = fresh({"rf.syncope_which.blackout": True})
    done = session.answer_block(session.form.blocks["head"])
    assert [left.key for left in done.left_out] == ["rf.syncope_palpitations"]
    assert "rf.seizure" in done.keys


def test_a_section_out_of_sight_catches_up(qtbot):
    session = fresh()
    view = section(qtbot, session, "neuro")
    view.show_section("exam")
    session.set("neuro.weakness", Finding(present=True))
    view.show_section("neuro")
    assert view.page.widget_of("neuro.weakness").controls[0].buttons["present"].isChecked()
    assert "neuro.weakness_sites" in names(view)


def test_go_to_shows_and_focuses_a_folded_question(qtbot):
    view = section(qtbot, fresh(), "patient")
    with qtbot.waitSignals([view.section_shown, view.focus_question_changed]):
        assert view.go_to("prov.slr.right")
    assert view.section == "exam"
    widget = view.page.widget_of("prov.slr")
    assert widget.controls[0].slot.side == "right"
    assert widget.controls[0].stop.hasFocus()
    assert (
        view.page.viewport()
        .rect()
        .intersects(
            widget.rect().translated(widget.mapTo(view.page.viewport(), widget.rect().topLeft()))
        )
    )


@pytest.mark.parametrize(
    "key",
    ["cramp.mcs_daily", "power.ankle_df.left", "cramp.sites.calf.left", "ix.ferritin", "power"],
)
def test_go_to_finds_hidden_questions_cells_and_options(qtbot, key):
    view = section(qtbot, fresh(), "patient")
    assert view.go_to(key)
    focus = QApplication.focusWidget()
    assert focus is not None
    assert view.isAncestorOf(focus)
    assert view.session.history.n == 0


def test_go_to_knows_notes_and_refuses_what_is_no_question(qtbot):
    view = section(qtbot, fresh(), "patient")
    assert view.go_to("note.exam")
    assert view.page.note.hasFocus()
    assert not view.go_to("decision.t_emg")


def test_notes_are_written_while_typed(qtbot):
    session = fresh()
    view = section(qtbot, session, "exam")
    view.page.note.setFocus()
    type_in("cold room")
    assert session.case.get("note.exam") == Text(text="cold room")
    session.undo()
    assert view.page.note.toPlainText() == ""
    assert dict(session.case) == {}


def test_after_an_undo_one_types_on_at_the_end_of_a_note(qtbot):
    session = fresh()
    view = section(qtbot, session, "exam")
    view.page.note.setFocus()
    type_in("cold")
    view.focus_first()
    view.page.note.setFocus()
    type_in(" room")
    session.undo()
    assert view.page.note.toPlainText() == "cold"
    type_in("er")
    assert session.case.get("note.exam") == Text(text="colder")


def test_the_page_follows_a_note_that_grows(qtbot):
    view = section(qtbot, fresh(), "exam")
    view.resize(600, 300)
    view.go_to("note.exam")
    QApplication.processEvents()
    note, port = view.page.note, view.page.viewport()
    for _ in range(4):
        type_in("cold room")
        press(Key.Key_Return)
        QApplication.processEvents()
        caret = note.viewport().mapTo(port, note.cursorRect().bottomLeft())
        assert port.rect().contains(caret), caret


def test_a_hidden_question_is_added_by_typing(qtbot):
    session = fresh()
    view = section(qtbot, session, "exam")
    assert "prov.cramp_seen" not in names(view)
    click(view.page.add.button)
    type_in("provoked")
    press(Key.Key_Return)
    assert "prov.cramp_seen" in names(view)
    press("p")
    assert session.case.get("prov.cramp_seen") == Finding(present=True)


def test_details_of_a_question_stand_right_below_it_in_an_open_block(qtbot):
    session = fresh({"rf.syncope_palpitations": True})
    view = section(qtbot, session, "red_flags")
    shown = names(view)
    at = shown.index("rf.syncope_palpitations")
    assert shown[at + 1 : at + 3] == ["rf.syncope_which", "rf.blackout_setting"]
    assert "rf.chest_pain" in shown[at + 3 :]


def test_palpitations_alone_have_no_setting(qtbot):
    session = fresh({"rf.syncope_palpitations": True, "rf.syncope_which": ["palpitations"]})
    assert "rf.blackout_setting" not in names(section(qtbot, session, "red_flags"))


def test_the_wheel_over_an_input_scrolls_the_page(qtbot):
    session = fresh({"cramp.main_complaint": "weakness"})
    view = section(qtbot, session, "exam")
    qtbot.waitUntil(lambda: view.page.is_ready)
    bar = view.page.verticalScrollBar()
    assert bar.maximum() > 0
    for part in (
        view.page.widget_of("insp.wasting").closing,
        view.page.widget_of("power").view.viewport(),
    ):
        view.page.ensureWidgetVisible(part)
        before = bar.value()
        place = QPointF(part.mapTo(view, QPoint(8, 8)))
        QTest.wheelEvent(view.windowHandle(), place, QPoint(0, -120))
        assert bar.value() > before


def test_a_read_only_section_shows_answers_and_takes_none(qtbot):
    session = fresh({"neuro.weakness": True}, read_only=True)
    before = dict(session.case)
    view = section(qtbot, session, "neuro")
    widget = view.page.widget_of("neuro.weakness")
    assert widget.controls[0].buttons["present"].isChecked()
    click(widget.controls[0].buttons["absent"])
    assert not view.page.note.isEnabled()
    assert dict(session.case) == before


def test_a_read_only_section_is_read_by_keys(qtbot):
    """What cannot be answered is gone through all the same: the question itself has the focus, and a frame."""
    session = fresh({"neuro.weakness": True, "cramp.sites.calf.right": True}, read_only=True)
    before = dict(session.case)
    view = section(qtbot, session, "neuro")
    view.go_to("neuro.weakness")
    row = view.page.widget_of("neuro.weakness")
    assert QApplication.focusWidget() is row
    assert row.accessibleDescription().startswith("Recorded: loss of strength")
    assert row.label.isEnabled()
    ring = QColor(colours(row.palette()).accent)
    assert row.grab().toImage().pixelColor(row.width() // 2, 1) == ring
    press(Key.Key_P, Key.Key_Delete, Key.Key_0)
    assert dict(session.case) == before
    rows = view.page.rows()
    for key, at in ((Key.Key_Return, 1), (Key.Key_Down, 2), (Key.Key_Tab, 3), (Key.Key_Up, 2)):
        press(key)
        assert QApplication.focusWidget() is rows[at]
    # A list has keys of its own for the arrows, with nothing to go to here.
    view.go_to("cramp.sites")
    press(Key.Key_Down)
    assert QApplication.focusWidget() is not view.page.widget_of("cramp.sites")
    press(Key.Key_PageDown)
    assert view.page.verticalScrollBar().value()


def test_the_title_of_a_section_does_not_scroll(qtbot, theme):
    view = section(qtbot, fresh(), "exam")
    title = view.session.form.sections["exam"].title
    (label,) = (part for part in view.page.findChildren(QLabel) if part.text() == title)
    view.go_to("gait.tandem")
    assert view.page.verticalScrollBar().value()
    seen = label.visibleRegion().boundingRect()
    assert label.mapTo(view, QPoint()).y() == 0
    assert seen.height() == label.height() == 38
    assert view.page.viewport().geometry().top() == 38
    theme.set_zoom(150)
    try:
        size_text(view)
        view.page.take_size()
        assert view.page.viewport().geometry().top() == label.height() > 50
    finally:
        theme.set_zoom(100)


def test_a_list_to_choose_from_begins_where_buttons_do(qtbot):
    view = section(qtbot, fresh(), "neuro")
    view.go_to("neuro.weakness_tempo")
    combo, button = (
        view.page.widget_of(name).controls[0] for name in ("neuro.weakness_tempo", "neuro.weakness")
    )
    first = button.buttons["present"]
    left = first.mapTo(view, first.rect().topLeft()).x() + RING_ROOM
    assert combo.mapTo(view, combo.rect().topLeft()).x() == left


def test_as_long_as_no_main_complaint_is_recorded_cramps_are_asked_about(qtbot):
    about = {"cramp.sites", "cramp.timing", "typical", "cramp.episode_length", "mimics"}
    session = fresh()
    view = section(qtbot, session, "complaint")
    assert about <= {*names(view)}
    session.set("cramp.main_complaint", Choice(option="weakness"))
    assert not about & {*names(view)}
    session.set("cramp.present", Finding(present=True))
    assert about <= {*names(view)}


def test_what_other_answers_say_is_shown_beside_an_open_question(qtbot):
    session = fresh({"cramp.main_complaint": "cramp", "patient.dob": "1966-02-14"})
    view = section(qtbot, session, "patient")
    age = view.page.widget_of("patient.age")
    assert "60" in age.beside
    assert age.lines[0].text() == ""
    view.go_to("cramp.present")
    assert "from other answers" in view.page.widget_of("cramp.present").beside


def test_a_comment_that_opens_pushes_down_what_stands_below(qtbot):
    view = section(qtbot, fresh({"sys.cancer": True}), "general")
    view.go_to("sys.cancer")
    qtbot.waitUntil(lambda: view.page.is_ready, timeout=20_000)
    for name in ("sys.cancer", "sys.heart_failure", "sys.cancer"):
        view.go_to(name)
        press("p", Qt.Key.Key_T)
        qtbot.wait(20)
        rows = view.page.rows()
        assert all(row.height() == row.heightForWidth(row.width()) for row in rows)
        assert all(row.geometry().bottom() < below.y() for row, below in pairwise(rows))
        press(Qt.Key.Key_Escape)


@pytest.mark.parametrize("name", ["(unable)", "(open)"])
def test_a_block_does_not_fold_under_the_focus(qtbot, name):
    session = fresh({"soc.nitrous_oxide": True})
    view = section(qtbot, session, "general")
    qtbot.waitUntil(lambda: view.page.is_ready, timeout=20_000)
    row = view.page.widget_of("soc.nitrous_oxide")
    button = next(part for part in row.findChildren(Segment) if part.name == name)
    view.page.ensureWidgetVisible(row)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    QApplication.processEvents()
    assert row.isVisible()
    assert row.isAncestorOf(QApplication.focusWidget())
    assert QApplication.focusWidget().isVisible()
    if name == "(unable)":
        type_in("not sure")
        assert session.case["soc.nitrous_oxide"].reason == "not sure"
