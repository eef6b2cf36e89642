"""Question widgets as a user meets them: keys and clicks in, the case and what is shown out."""

from __future__ import annotations

from decimal import Decimal
from typing import get_args

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QScrollBar,
    QTableView,
    QWidget,
)

from triage.content.schema import QuestionKind
from triage.model.dates import PartialDate
from triage.model.values import (
    Choice,
    Date,
    Finding,
    Measurement,
    Quantity,
    Result,
    Table,
    Text,
    Unable,
)
from triage.qt.ask.choice import ChoiceList, ChoiceRow
from triage.qt.ask.questions import WIDGETS, make_widget
from triage.qt.ask.result_row import ResultRow
from triage.qt.parts.colours import LIGHT
from triage.qt.parts.inputs import Combo, GrowingText, TypedLine

from ..conftest import the_content
from .asking import (
    ask,
    click,
    fresh,
    press,
    press_at,
    section,
    turn_wheel,
    type_in,
)

Key = Qt.Key


def test_no_kind_of_question_lacks_a_widget():
    assert set(WIDGETS) == set(get_args(QuestionKind))


def test_every_question_is_built_and_nothing_is_filled_in(qtbot):
    session = fresh()
    for question in the_content().form.questions.values():
        widget = make_widget(session, question)
        qtbot.addWidget(widget)
        for line in widget.findChildren(QLineEdit):
            assert line.text() == "", question.id
        for box in widget.findChildren(QPlainTextEdit):
            assert box.toPlainText() == "", question.id
        for button in widget.findChildren(QAbstractButton):
            assert not button.isChecked() or getattr(button, "name", "") in ("open", "(open)")
    assert dict(session.case) == {}
    assert session.history.n == 0


# -- findings -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("p", Finding(present=True)),
        ("y", Finding(present=True)),
        ("a", Finding(present=False)),
        ("n", Finding(present=False)),
        ("u", Unable()),
        (Key.Key_Delete, None),
    ],
)
@pytest.mark.parametrize("before", [None, True, False])
@pytest.mark.parametrize("name", ["sys.cirrhosis", "tone.clonus"])
def test_a_key_records_each_state_in_history_and_examination_alike(qtbot, name, before, key, value):
    session = fresh({} if before is None else {name: before})
    ask(qtbot, session, name)
    press(key)
    assert session.case.get(name) == value


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("present", Finding(present=True)),
        ("absent", Finding(present=False)),
        ("(unable)", Unable()),
    ],
)
def test_a_click_records_each_state_and_the_last_button_takes_it_back(qtbot, name, value):
    session = fresh()
    widget = ask(qtbot, session, "sys.cirrhosis")
    buttons = widget.controls[0].buttons
    click(buttons[name])
    assert session.case.get("sys.cirrhosis") == value
    assert [n for n, b in buttons.items() if b.isChecked()] == [name]
    click(buttons["(open)"])
    assert "sys.cirrhosis" not in session.case
    assert [n for n, b in buttons.items() if b.isChecked()] == ["(open)"]


def test_words_follow_who_tells(qtbot):
    told = ask(qtbot, fresh(), "sys.cirrhosis").controls[0].buttons
    seen = ask(qtbot, fresh(), "tone.clonus").controls[0].buttons
    assert [b.caption for b in told.values()] == ["Yes", "No", "Unable", "Not asked"]
    assert [b.caption for b in seen.values()] == ["Present", "Absent", "Unable", "Not examined"]


def test_unable_asks_for_a_reason_and_takes_it_while_it_is_typed(qtbot):
    session = fresh()
    widget = ask(qtbot, session, "tone.clonus")
    press("u")
    assert widget.controls[0].note.hasFocus()
    type_in("in plaster")
    assert session.case.get("tone.clonus") == Unable(reason="in plaster")


def test_arrows_move_without_recording_and_space_records(qtbot):
    session = fresh()
    widget = ask(qtbot, session, "tone.clonus")
    click(widget.controls[0].buttons["(open)"])
    press(Key.Key_Left, Key.Key_Left)
    assert dict(session.case) == {}
    assert widget.controls[0].buttons["absent"].hasFocus()
    press(Key.Key_Space)
    assert session.case.get("tone.clonus") == Finding(present=False)


def test_control_keys_are_not_answers(qtbot):
    session = fresh()
    widget = ask(qtbot, session, "tone.clonus")
    qtbot.keyClick(widget.first_input(), Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    assert dict(session.case) == {}


def test_details_are_asked_once_it_is_present_and_are_one_undo_step(qtbot):
    session = fresh()
    widget = ask(qtbot, session, "sys.cancer")
    note = widget.controls[0].note
    assert note.isHidden()
    press("p")
    assert not note.isHidden()
    note.setFocus()
    type_in("breast, 2019")
    assert session.case.get("sys.cancer") == Finding(present=True, text="breast, 2019")
    session.undo()
    assert session.case.get("sys.cancer") == Finding(present=True)
    assert note.text() == ""
    session.undo()
    assert note.isHidden()
    assert "sys.cancer" not in session.case


def test_a_pair_has_both_sides(qtbot):
    session = fresh()
    widget = ask(qtbot, session, "reflex.hoffmann")
    right, left, whole = widget.controls
    assert not whole.isVisible()
    click(left.buttons["absent"])
    click(right.buttons["present"])
    assert session.case.get("reflex.hoffmann.left") == Finding(present=False)
    assert session.case.get("reflex.hoffmann.right") == Finding(present=True)
    assert left.accessibleName() == "Left"


# -- choices of one -------------------------------------------------------------------------------


def test_few_options_stand_in_a_row_and_digits_choose(qtbot):
    session = fresh()
    widget = ask(qtbot, session, "cramp.course")
    assert isinstance(widget.controls[0], ChoiceRow)
    press("4")
    assert session.case.get("cramp.course") == Choice(option="worsening")
    press("u")
    assert session.case.get("cramp.course") == Unable()
    widget.take_focus()
    press("n")
    assert session.case.get("cramp.course") == Unable()
    press(Key.Key_Delete)
    assert "cramp.course" not in session.case


def test_a_digit_that_is_an_option_means_itself(qtbot):
    session = fresh()
    ask(qtbot, session, "impact.sleep")
    press("0")
    assert session.case.get("impact.sleep") == Choice(option="0")


def test_many_options_stand_in_a_list_that_starts_open(qtbot):
    session = fresh()
    widget = ask(qtbot, session, "sens.pattern")
    combo = widget.controls[0]
    assert isinstance(combo, ChoiceList)
    assert combo.currentIndex() == 0
    assert "Not examined" in combo.currentText()
    pick("de")
    assert session.case.get("sens.pattern") == Choice(option="dermatomal")
    press(Key.Key_Delete)
    assert "sens.pattern" not in session.case


def pick(text: str) -> None:
    """Open the list that has the focus, go to the entry that begins with `text`, and choose it."""
    combo = QApplication.focusWidget()
    assert isinstance(combo, QComboBox)
    press(Key.Key_Space)
    QTest.keyClicks(combo.view(), text)
    QTest.keyClick(combo.view(), Key.Key_Space)


def test_a_choice_with_words_keeps_them(qtbot):
    session = fresh()
    widget = ask(qtbot, session, "cramp.main_complaint")
    pick("cr")
    note = widget.controls[0].note
    assert not note.isHidden()
    note.setFocus()
    type_in("calves")
    assert session.case.get("cramp.main_complaint") == Choice(option="cramp", text="calves")


# -- lists ----------------------------------------------------------------------------------------


def test_ticking_leaves_the_rest_open_and_the_last_line_closes_it(qtbot):
    session = fresh()
    widget = ask(qtbot, session, "cramp.timing")
    click(widget.chips["night_sleep"].button)
    assert dict(session.case) == {"cramp.timing.night_sleep": Finding(present=True)}
    click(widget.closing)
    assert session.case.get("cramp.timing.cold") == Finding(present=False)
    assert session.case.get("cramp.timing.night_sleep") == Finding(present=True)
    assert widget.closing.isChecked()
    click(widget.closing)
    assert dict(session.case) == {"cramp.timing.night_sleep": Finding(present=True)}


def test_a_list_is_filled_by_keys_alone(qtbot):
    session = fresh()
    ask(qtbot, session, "cramp.sites")
    press(Key.Key_Right, Key.Key_Space)
    assert session.case.get("cramp.sites.calf") == Finding(present=True)
    press("l")
    assert "cramp.sites.calf" not in session.case
    assert session.case.get("cramp.sites.calf.left") == Finding(present=True)
    press("b")
    assert session.case.get("cramp.sites.calf.right") == Finding(present=True)
    press(Key.Key_Space)
    assert dict(session.case) == {}


def test_sides_stand_beside_ticked_options_only(qtbot):
    session = fresh()
    widget = ask(qtbot, session, "cramp.sites")
    chip = widget.chips["back"]
    assert all(button.isHidden() for button in chip.side_buttons.values())
    click(chip.button)
    assert not chip.side_buttons["midline"].isHidden()
    click(chip.side_buttons["midline"])
    assert dict(session.case) == {"cramp.sites.back.midline": Finding(present=True)}
    click(chip.side_buttons["midline"])
    assert dict(session.case) == {"cramp.sites.back": Finding(present=True)}


def test_unticking_in_a_closed_list_says_absent(qtbot):
    session = fresh({"cramp.timing": ["cold"]})
    widget = ask(qtbot, session, "cramp.timing")
    click(widget.chips["cold"].button)
    assert session.case.get("cramp.timing.cold") == Finding(present=False)


def test_one_option_can_be_denied_or_unable_by_itself(qtbot):
    session = fresh()
    widget = ask(qtbot, session, "fasc.seen")
    shift = Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(widget.first_input(), Key.Key_A, shift)
    press(Key.Key_Right)
    QTest.keyClick(QApplication.focusWidget(), Key.Key_U, shift)
    type_in("bandaged")
    assert session.case.get("fasc.seen.tongue") == Finding(present=False)
    assert session.case.get("fasc.seen.face_chin") == Unable(reason="bandaged")
    assert not widget.closing.isChecked()


def test_a_long_list_is_filtered_by_example_and_space_ticks(qtbot):
    session = fresh()
    widget = ask(qtbot, session, "meds.classes")
    assert widget.filter.hasFocus()
    type_in("indap")
    assert [n for n, c in widget.chips.items() if not c.isHidden()] == ["thiazide"]
    press(Key.Key_Return)
    assert dict(session.case) == {}
    press(Key.Key_Space)
    assert session.case.get("meds.classes.thiazide") == Finding(present=True)
    assert "indapamide" in widget.chips["thiazide"].button.toolTip()


# -- numbers, dates, text -------------------------------------------------------------------------


def test_a_number_takes_a_typed_unit_and_is_one_undo_step(qtbot):
    session = fresh()
    widget = ask(qtbot, session, "cramp.duration_months")
    type_in("6 weeks")
    key = "cramp.duration_months"
    assert session.case.get(key) == Quantity(value=Decimal(6), unit="weeks")
    assert widget.units[key].entry == "weeks"
    widget.units[key].setFocus()
    assert widget.lines[0].text() == "6"
    session.undo()
    assert key not in session.case
    assert widget.lines[0].text() == ""


def test_another_unit_rewrites_the_answer(qtbot):
    session = fresh()
    widget = ask(qtbot, session, "cramp.duration_months")
    type_in("2")
    widget.units["cramp.duration_months"].setFocus()
    pick("y")
    assert session.case.get("cramp.duration_months") == Quantity(value=Decimal(2), unit="years")
    assert widget.lines[0].text() == "2"


def test_what_is_no_number_is_kept_on_screen_and_not_recorded(qtbot):
    session = fresh()
    widget = ask(qtbot, session, "cramp.duration_months")
    type_in("6x")
    assert widget.message == ""
    widget.units["cramp.duration_months"].setFocus()
    assert widget.lines[0].text() == "6x"
    assert "Not recorded" in widget.message
    assert "Not recorded" in widget.lines[0].accessibleDescription()
    assert "cramp.duration_months" not in session.case


@pytest.mark.parametrize(
    ("name", "typed", "state", "says"),
    [
        ("cramp.duration_months", "f1", "true", "Not recorded"),
        ("patient.dob", "abc", "true", "Not recorded"),
        ("ix.k", "abc", "true", "Not recorded"),
        ("ix.ck", "12,450", "check", "Not recorded"),
        ("cramp.duration_months", "8", "", ""),
    ],
)
def test_what_cannot_be_read_is_framed_and_said_however_the_field_is_left(
    qtbot, name, typed, state, says
):
    for key in (Key.Key_Return, Key.Key_Tab):
        session = fresh()
        widget = ask(qtbot, session, name)
        line = widget.first_input()
        type_in(typed)
        assert not line.property("invalid"), "on the way nothing is wrong"
        press(key)
        # Without a page around it the focus stays: it is left as a click elsewhere leaves it.
        line.clearFocus()
        assert (line.property("invalid") or "") == state
        assert widget.message.startswith(says)
        assert bool(session.case) is not bool(state)
        line.setFocus()
        line.selectAll()
        press(Key.Key_Delete)
        assert not line.property("invalid")


def test_an_odd_result_is_framed_and_the_one_beside_it_is_not(qtbot):
    session = fresh()
    odd, usual = (
        Measurement(
            value=Decimal(value), unit="mmol/L", date=PartialDate(year=2026, month=11, day=day)
        )
        for value, day in (("41", 1), ("4.1", 2))
    )
    session.set("ix.k", Result(items=(odd, usual)))
    widget = ask(qtbot, session, "ix.k")
    assert [row.value.property("invalid") or "" for row in widget.rows] == ["check", ""]
    session.set("ix.k", Result(items=(usual,)))
    assert not widget.rows[0].value.property("invalid")


def test_an_odd_number_is_flagged_and_kept(qtbot):
    session = fresh()
    widget = ask(qtbot, session, "patient.age")
    type_in("430")
    assert session.case.get("patient.age") == Quantity(value=Decimal(430), unit="y")
    assert "kept as typed" in widget.message


def test_a_number_can_be_unable_with_a_reason(qtbot):
    session = fresh()
    widget = ask(qtbot, session, "patient.weight_kg")
    type_in("unable: wheelchair")
    assert session.case.get("patient.weight_kg") == Unable(reason="wheelchair")
    assert widget.notes.of(widget.slots[0].key).text() == "wheelchair"


def test_sided_numbers(qtbot):
    session = fresh()
    widget = ask(qtbot, session, "vasc.abpi")
    widget.lines[0].setFocus()
    type_in("0,85")
    assert session.case.get("vasc.abpi.right") == Quantity(
        value=Decimal("0.85"), unit="", typed="0,85"
    )
    assert "vasc.abpi.left" not in session.case


def test_part_of_a_date_is_enough_and_its_meaning_is_shown(qtbot):
    session = fresh()
    widget = ask(qtbot, session, "patient.dob")
    type_in("6 months ago")
    day = PartialDate(year=2026, month=5, about=True)
    assert session.case.get("patient.dob") == Date(date=day)
    assert widget.meaning.text() == "about May 2026"


def test_a_wrong_date_is_said_on_leaving(qtbot):
    session = fresh()
    widget = ask(qtbot, session, "patient.dob")
    type_in("31/2/2020")
    assert widget.message == ""
    widget.line.clearFocus()
    assert "not a date" in widget.message
    assert dict(session.case) == {}


@pytest.mark.parametrize("name", ["patient.address", "referrer.working_diagnosis"])
def test_hostile_text_is_kept_as_typed(qtbot, name):
    session = fresh()
    widget = ask(qtbot, session, name)
    text = ("<b>&nbsp;{{x}} =1+1 \u202e\u05d0 %s " * 900)[:20_000]
    if isinstance(widget.field, TypedLine):
        widget.field.insert(text)
    else:
        widget.field.insertPlainText(text)
    assert session.case.get(name) == Text(text=text)
    session.undo()
    assert dict(session.case) == {}


def test_a_stay_in_a_text_is_one_undo_step_and_two_stays_are_two(qtbot):
    session = fresh()
    widget = ask(qtbot, session, "referrer.question")
    type_in("Is this")
    widget.field.clearFocus()
    widget.field.setFocus()
    type_in(" MND?")
    session.undo()
    assert session.case.get("referrer.question") == Text(text="Is this")


def test_a_text_box_grows_to_six_lines_and_tab_leaves_it(qtbot):
    session = fresh()
    box = GrowingText(2)
    qtbot.addWidget(box)
    box.show()
    low = box.height()
    box.setPlainText("\n" * 4)
    high = box.height()
    box.setPlainText("\n" * 40)
    assert low < high < box.height() < low * 4
    assert box.tabChangesFocus()
    assert session.history.n == 0


# -- grids ----------------------------------------------------------------------------------------


def test_grades_are_typed_cell_by_cell(qtbot):
    session = fresh()
    widget = ask(qtbot, session, "power")
    widget.take_focus("power.deltoid.left")
    press("4", "-", Key.Key_Left, "5", Key.Key_Right, Key.Key_Return, "w", "m")
    assert session.case.get("power.deltoid.left") == Choice(option="4-")
    assert session.case.get("power.deltoid.right") == Choice(option="5")
    assert session.case.get("power.biceps.left") == Choice(option="WM")
    press(Key.Key_Delete)
    assert "power.biceps.left" not in session.case


def test_two_keys_of_one_grade_are_one_undo_step(qtbot):
    session = fresh()
    widget = ask(qtbot, session, "power")
    widget.take_focus("power.deltoid.left")
    press("4", "+")
    assert session.case.get("power.deltoid.left") == Choice(option="4+")
    session.undo()
    assert dict(session.case) == {}


def test_a_fill_leaves_what_is_there_and_nothing_else_is_filled(qtbot):
    session = fresh({"power.ankle_df.left": "4"})
    widget = ask(qtbot, session, "power")
    click(widget.fills["legs 5"])
    assert session.case.get("power.ankle_df.left") == Choice(option="4")
    assert session.case.get("power.ankle_df.right") == Choice(option="5", block=True)
    assert "power.hip_abd.left" not in session.case


def test_region_rows_are_folded_until_wanted_or_answered(qtbot):
    session = fresh()
    widget = ask(qtbot, session, "power")
    row = widget.model.index_of("power.leg.left").row()
    assert widget.view.isRowHidden(row)
    click(widget.more)
    assert not widget.view.isRowHidden(row)
    again = ask(qtbot, fresh({"power.leg.left": "5"}), "power")
    assert not again.view.isRowHidden(row)


def test_what_has_no_side_stands_in_a_column_that_is_shown_when_wanted_or_filled(qtbot):
    session = fresh()
    widget = ask(qtbot, session, "reflex")
    column = widget.model.index_of("reflex.knee").column()
    assert widget.view.isColumnHidden(column)
    click(widget.no_side)
    assert not widget.view.isColumnHidden(column)
    widget.view.setFocus()
    widget.view.setCurrentIndex(widget.model.index_of("reflex.knee.left"))
    press(Key.Key_Right)
    press("3")
    assert dict(session.case) == {"reflex.knee": Choice(option="3+")}
    click(widget.no_side)
    assert not widget.view.isColumnHidden(column), "it holds something"
    widget.view.setFocus()
    press(Key.Key_Delete)
    assert "reflex.knee" not in session.case
    # The key of a row leads to its first cell, unless what has no side is recorded.
    widget.take_focus("reflex.ankle")
    assert widget.view.currentIndex() == widget.model.index_of("reflex.ankle.right")
    again = ask(qtbot, fresh({"reflex.knee": "0"}), "reflex")
    again.take_focus("reflex.knee")
    assert again.view.currentIndex() == again.model.index_of("reflex.knee")


def test_keys_go_past_the_column_that_is_out_of_sight(qtbot):
    session = fresh()
    widget = ask(qtbot, session, "reflex")
    widget.take_focus("reflex.knee.right")
    press(Key.Key_End)
    press("2")
    assert dict(session.case) == {"reflex.knee.left": Choice(option="2+")}


@pytest.mark.parametrize(
    ("name", "key", "value"),
    [
        ("plantar", "2", Choice(option="extensor")),
        ("reflex.hoffmann", "p", Finding(present=True)),
    ],
)
def test_a_sided_question_can_be_answered_without_a_side(qtbot, name, key, value):
    session = fresh()
    widget = ask(qtbot, session, name)
    whole = widget.controls[-1]
    assert whole.slot.key == name
    assert not whole.isVisible()
    click(widget.no_side)
    assert whole.isVisible()
    whole.stop.setFocus()
    press(key)
    assert dict(session.case) == {name: value}
    click(widget.no_side)
    assert whole.isVisible(), "it holds something"
    session.set(name, None)
    assert not whole.isVisible()


def test_old_answers_without_a_side_are_shown_where_there_are_sides_now(qtbot):
    widget = ask(qtbot, fresh({"insp.scapular_winging": True}), "insp.scapular_winging")
    assert widget.controls[-1].isVisible()


def test_rows_that_are_seldom_tested_are_folded(qtbot):
    widget = ask(qtbot, fresh(), "power")
    assert widget.view.isRowHidden(widget.model.index_of("power.grip.left").row())
    again = ask(qtbot, fresh({"power.grip.left": "4"}), "power")
    assert not again.view.isRowHidden(again.model.index_of("power.grip.left").row())


def test_reflexes_and_sensation_take_their_own_keys(qtbot):
    session = fresh()
    ask(qtbot, session, "reflex").take_focus("reflex.knee.left")
    press("3")
    ask(qtbot, session, "reflex").take_focus("reflex.jaw.midline")
    press("b")
    ask(qtbot, session, "sens.pinprick").take_focus("sens.pinprick.L5.right")
    press("r")
    assert session.case.get("reflex.knee.left") == Choice(option="3+")
    assert session.case.get("reflex.jaw.midline") == Choice(option="brisk")
    assert session.case.get("sens.pinprick.L5.right") == Choice(option="reduced")


def test_a_cell_can_be_unable(qtbot):
    session = fresh()
    widget = ask(qtbot, session, "reflex")
    widget.take_focus("reflex.knee.left")
    press("u")
    type_in("knee replacement")
    assert session.case.get("reflex.knee.left") == Unable(reason="knee replacement")


def test_a_cell_that_is_unable_shows_a_bold_u_in_a_heavier_box(qtbot):
    session = fresh({"power.deltoid.left": "5"})
    widget = ask(qtbot, session, "power")
    session.unable("power.deltoid.right", "in plaster")
    image = widget.view.grab().toImage()
    cells = {}
    for side in ("right", "left"):
        cell = widget.view.visualRect(widget.model.index_of(f"power.deltoid.{side}"))
        at = widget.view.viewport().pos() + cell.topLeft()
        # The upper edge of the box, and how much of its inside is ink.
        edge = [image.pixelColor(at.x() + 10, at.y() + y).name() for y in range(8)]
        cells[side] = edge
    assert cells["right"].count(LIGHT.absent) == 2
    assert LIGHT.absent not in cells["left"]
    # A letter, not a word that is cut: what it means is said.
    index = widget.model.index_of("power.deltoid.right")
    assert index.data(Qt.ItemDataRole.AccessibleTextRole).endswith(", right: unable")
    u = [image.pixelColor(x, y) for x, y in _inside(widget.view, "power.deltoid.right")]
    five = [image.pixelColor(x, y) for x, y in _inside(widget.view, "power.deltoid.left")]
    ink = [sum(colour.lightness() < 120 for colour in part) for part in (u, five)]
    assert ink[1] < ink[0] < 3 * ink[1]


def _inside(view, key):
    cell = view.visualRect(view.model().index_of(key)).translated(view.viewport().pos())
    room = cell.adjusted(7, 6, -7, -6)
    return [
        (x, y) for x in range(room.left(), room.right()) for y in range(room.top(), room.bottom())
    ]


def test_the_reason_of_a_cell_comes_into_sight_and_leads_back_to_the_cell(qtbot):
    session = fresh()
    view = section(qtbot, session, "exam")
    view.resize(640, 400)
    QApplication.processEvents()
    view.go_to("power.deltoid.right")
    grid = QApplication.focusWidget()
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Escape):
        press("u")
        note = QApplication.focusWidget()
        assert note is not grid
        inside = view.page.viewport().rect()
        assert inside.contains(note.mapTo(view.page.viewport(), note.rect().bottomLeft()))
        press(key)
        assert QApplication.focusWidget() is grid
        assert grid.model().slot_at(grid.currentIndex()).key == "power.deltoid.right"


@pytest.mark.parametrize("wide", [400, 640, 720, 900])
def test_the_limits_of_a_laboratory_never_part_from_their_label(qtbot, wide):
    session = fresh({"ix.ck": {"value": 412, "unit": "U/L", "high": 320}})
    widget = ask(qtbot, session, "ix.ck")
    widget.resize(wide, widget.heightForWidth(wide))
    QApplication.processEvents()
    row = next(iter(widget.findChildren(ResultRow)))
    (label,) = (part for part in row.findChildren(QLabel) if part.text() == "Laboratory's range")
    middles = {part.mapTo(widget, part.rect().center()).y() for part in (label, row.low, row.high)}
    assert max(middles) - min(middles) <= 2


def test_a_midline_row_has_one_cell(qtbot):
    model = ask(qtbot, fresh(), "power").model
    index = model.index_of("power.neck_flexion.midline")
    assert index.column() == 1
    assert model.slot_at(model.index(index.row(), 2)) is None


# -- tables and results ---------------------------------------------------------------------------


def test_rows_are_typed_and_enter_in_the_last_field_adds_another(qtbot):
    session = fresh()
    widget = ask(qtbot, session, "meds.list")
    press(Key.Key_Space)
    type_in("Ramipril")
    press(Key.Key_Return)
    type_in("5 mg")
    press(*[Key.Key_Return] * (len(widget.rows[0].fields) - 1))
    type_in("Quinine")
    table = session.case.get("meds.list")
    assert isinstance(table, Table)
    assert [dict(row.cells) for row in table.rows] == [
        {"name": "Ramipril", "dose": "5 mg"},
        {"name": "Quinine"},
    ]
    assert not table.closed


def test_a_blank_row_is_not_recorded(qtbot):
    session = fresh()
    widget = ask(qtbot, session, "meds.list")
    click(widget.add)
    assert len(widget.rows) == 1
    assert dict(session.case) == {}


def test_a_row_can_be_removed_and_undone(qtbot):
    session = fresh({"meds.list": [{"name": "A"}, {"name": "B"}]})
    widget = ask(qtbot, session, "meds.list")
    widget.rows[0].removed.emit()
    assert [row.get("name") for row in session.case.get("meds.list").rows] == ["B"]
    session.undo()
    assert [row.fields["name"].text() for row in widget.rows] == ["A", "B"]


def test_nothing_else_closes_a_table_and_a_new_row_opens_it(qtbot):
    session = fresh()
    widget = ask(qtbot, session, "patient.allergies")
    click(widget.closing)
    assert session.case.get("patient.allergies") == Table(closed=True)
    click(widget.add)
    type_in("latex")
    table = session.case.get("patient.allergies")
    assert len(table.rows) == 1
    assert not table.closed


@pytest.mark.parametrize("text", ["999 000 0000", "0123456", "100", "folic acid", "Umbrella"])
def test_what_is_typed_beside_the_rows_of_a_table_is_cut_nowhere(qtbot, text):
    session = fresh()
    widget = ask(qtbot, session, "patient.identifiers")
    QTest.keyClicks(QApplication.focusWidget(), text[0])
    for char in text[1:]:
        QTest.keyClicks(QApplication.focusWidget(), char)
    press(Qt.Key.Key_Tab)
    (row,) = session.case["patient.identifiers"].rows
    assert text in dict(row.cells).values()
    assert not session.case["patient.identifiers"].closed
    assert next(field.text() for field in widget.rows[0].findChildren(QLineEdit)) == text


@pytest.mark.parametrize("key", "nay19f")
def test_a_character_or_two_beside_the_rows_of_a_table_begin_none(qtbot, key):
    session = fresh()
    widget = ask(qtbot, session, "patient.allergies")
    focus, told = QApplication.focusWidget(), []
    widget.advised.connect(told.append)
    # One by one, and two in the wrong place.
    for at in (10_000, 12_000, 14_000, 14_300):
        press_at(at, Qt.Key(ord(key.upper())), key)
    assert not session.case
    assert not widget.rows
    assert QApplication.focusWidget() is focus
    assert told


def test_table_cells_of_every_kind(qtbot):
    session = fresh()
    widget = ask(qtbot, session, "meds.list")
    click(widget.add)
    fields = widget.rows[0].fields
    fields["class"].setFocus()
    pick("stat")
    fields["since"].setFocus()
    type_in("5/2026")
    fields["over_the_counter"].setFocus()
    pick("over-the-counter: yes")
    assert dict(session.case.get("meds.list").rows[0].cells) == {
        "class": "statin",
        "since": "2026-05",
        "over_the_counter": True,
    }


@pytest.mark.parametrize(
    ("typed", "item"),
    [
        ("4.1", {"value": Decimal("4.1"), "unit": "mmol/L"}),
        ("<0.01", {"value": Decimal("0.01"), "comparator": "<", "unit": "mmol/L"}),
        ("high", {"reported": "high"}),
        ("pending", {"pending": True}),
    ],
)
def test_a_result_is_typed(qtbot, typed, item):
    session = fresh()
    ask(qtbot, session, "ix.k")
    type_in(typed)
    value = session.case.get("ix.k")
    assert isinstance(value, Result)
    assert value.items[0].model_dump(exclude_defaults=True) == item


def test_a_number_is_typed_with_the_word_that_it_was_reported_with(qtbot):
    session = fresh()
    widget = ask(qtbot, session, "ix.ck")
    type_in("150 (raised)")
    widget.rows[0].date.setFocus()
    item = session.case.get("ix.ck").items[0]
    assert (item.value, item.reported) == (Decimal(150), "high")
    assert widget.rows[0].value.text() == "150 high"
    assert "the word says high, and the number is not above 200" in widget.message
    assert session.case.get("ix.ck").items == (item,)


@pytest.mark.parametrize("first", ["result", "when"])
@pytest.mark.parametrize("name", ["ix.k", "ix.ecg"])
def test_a_result_is_marked_by_when_it_was_taken(qtbot, name, first):
    session = fresh()
    widget = ask(qtbot, session, name)
    row = widget.rows[0]
    assert row.taken.isHidden()
    click(row.more)
    for part in ("result", "when") if first == "result" else ("when", "result"):
        if part == "when":
            row.taken.setCurrentIndex(row.taken.findData("attack"))
        elif row.option is not None:
            row.option.setCurrentIndex(row.option.findData("long_qtc"))
        else:
            row.value.setFocus()
            type_in("2.3")
    (item,) = session.case.get(name).items
    assert item.taken == "attack"
    assert item.option == "long_qtc" or item.value == Decimal("2.3")
    again = ask(qtbot, session, name).rows[0]
    assert (again.taken.entry, again.taken.isHidden()) == ("attack", False)
    row.taken.setCurrentIndex(0)
    assert session.case.get(name).items[0].taken == ""


def test_a_result_has_a_date_and_the_laboratory_s_range(qtbot):
    session = fresh()
    widget = ask(qtbot, session, "ix.ck")
    row = widget.rows[0]
    assert not row.high.isVisible()
    type_in("640")
    row.date.setFocus()
    type_in("2/11/2026")
    click(row.more)
    row.high.setFocus()
    type_in("320")
    item = session.case.get("ix.ck").items[0]
    assert (item.value, item.high) == (Decimal(640), Decimal(320))
    assert item.date == PartialDate(year=2026, month=11, day=2)


def test_several_results_stand_below_each_other(qtbot):
    session = fresh()
    widget = ask(qtbot, session, "ix.k")
    type_in("3.2")
    click(widget.add)
    type_in("4.2")
    assert [item.value for item in session.case.get("ix.k").items] == [
        Decimal("3.2"),
        Decimal("4.2"),
    ]
    click(widget.rows[0].remove)
    assert [item.value for item in session.case.get("ix.k").items] == [Decimal("4.2")]
    session.undo()
    assert [row.value.text() for row in widget.rows] == ["3.2", "4.2"]


def test_a_test_with_options_has_a_list(qtbot):
    session = fresh()
    widget = ask(qtbot, session, "ix.ecg")
    pick("long")
    assert session.case.get("ix.ecg").items[0].option == "long_qtc"
    widget.rows[0].option.setCurrentIndex(0)
    assert dict(session.case) == {}


# -- for all --------------------------------------------------------------------------------------


ANSWERED = {
    "cramp.course": "worsening",
    "sens.pattern": "normal",
    "cramp.duration_months": {"value": 8, "unit": "months"},
    "patient.dob": "1966-02-14",
    "patient.address": "line\n" * 30,
    "power.ankle_df.left": "4",
    "cramp.sites": ["calf.left"],
    "meds.classes": ["statin"],
    "meds.list": [{"name": "Ramipril", "class": "acei_arb"}],
    "ix.k": {"value": 4, "unit": "mmol/L", "date": "2026-11-02"},
    "ix.ecg": "normal",
    "tone.clonus": True,
    "sys.cancer": {"state": "present", "text": "breast"},
}


def test_the_wheel_changes_nothing_anywhere(qtbot):
    session = fresh(ANSWERED)
    before = dict(session.case)
    kinds = set()
    for name in dict.fromkeys(
        session.form.question_of(key).id for key in before if key != "case.date"
    ):
        widget = ask(qtbot, session, name)
        for part in [widget, *widget.findChildren(QWidget)]:
            if isinstance(part, QWidget) and not isinstance(part, QScrollBar) and part.isVisible():
                part.setFocus()
                used = turn_wheel(part) or turn_wheel(part, 3)
                assert not used, (name, type(part))
                kinds.add(type(part).__mro__[1].__name__)
    assert dict(session.case) == before
    assert {"QComboBox", "QLineEdit", "QPlainTextEdit", "QTableView", "QAbstractButton"} <= {
        *kinds,
        *(base.__name__ for kind in (Combo, TypedLine, GrowingText) for base in kind.__mro__),
        QTableView.__name__,
        QComboBox.__name__,
    }


def test_undo_shows_in_every_kind_of_widget(qtbot):
    session = fresh()
    names = ["tone.clonus", "cramp.course", "sens.pattern", "cramp.timing", "patient.dob"]
    names += ["cramp.duration_months", "referrer.question", "power", "meds.list", "ix.k"]
    widgets = [ask(qtbot, session, name) for name in names]
    empty = [shown(widget) for widget in widgets]
    case = fresh(
        {
            "tone.clonus": True,
            "cramp.course": "stable",
            "sens.pattern": "saddle",
            "cramp.timing": ["cold"],
            "patient.dob": "1960",
            "cramp.duration_months": {"value": 3, "unit": "years"},
            "referrer.question": "Why?",
            "power.ehl.left": "3",
            "meds.list": [{"name": "A"}],
            "ix.k": {"reported": "low"},
        }
    ).case
    session.set_all(dict(case))
    assert all(shown(w) != was for w, was in zip(widgets, empty, strict=True))
    session.undo()
    assert [shown(widget) for widget in widgets] == empty


def shown(widget) -> list[str]:
    """Return everything that a widget shows."""
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    found = [f"{b.text()} {b.isChecked()}" for b in widget.findChildren(QAbstractButton)]
    found += [line.text() for line in widget.findChildren(QLineEdit)]
    found += [box.toPlainText() for box in widget.findChildren(QPlainTextEdit)]
    found += [combo.currentText() for combo in widget.findChildren(QComboBox)]
    if hasattr(widget, "model"):
        model = widget.model
        found += [
            str(model.index(r, c).data())
            for r in range(model.rowCount())
            for c in range(model.columnCount())
        ]
    return sorted(text for text in found if not text.startswith("×"))


def test_a_read_only_case_can_be_read_and_not_changed(qtbot):
    session = fresh(ANSWERED, read_only=True)
    before = dict(session.case)
    widget = ask(qtbot, session, "tone.clonus")
    click(widget.controls[0].buttons["absent"])
    assert not widget.controls[0].buttons["absent"].isEnabled()
    assert widget.controls[0].buttons["present"].isChecked()
    assert dict(session.case) == before


@pytest.mark.parametrize("read_only", [False, True])
def test_the_cells_of_a_read_only_grid_have_no_border(qtbot, read_only):
    widget = ask(qtbot, fresh({"power.deltoid.left": "5"}, read_only=read_only), "power")
    cell = widget.view.visualRect(widget.model.index_of("power.deltoid.left"))
    image, top = widget.view.grab().toImage(), widget.view.viewport().pos().y() + cell.top()
    column = [image.pixelColor(cell.left() + 10, top + y) for y in range(2, 8)]
    assert any(colour.lightness() < 200 for colour in column) is not read_only


@pytest.mark.parametrize("wide", [420, 480, 560, 700])
def test_no_button_is_cut_in_a_narrow_column(qtbot, wide):
    session = fresh({"insp.split_hand": True})
    widget = ask(qtbot, session, "insp.split_hand")
    widget.resize(wide, widget.heightForWidth(wide))
    QApplication.processEvents()
    shown = [
        button
        for control in widget.controls
        if control.isVisible()
        for button in control.buttons.values()
    ]
    assert len(shown) == 12
    for button in shown:
        assert button.visibleRegion().boundingRect() == button.rect(), button.caption
