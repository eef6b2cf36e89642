"""Moving never records: real keys, fresh, held and in the wrong place."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from triage.content.schema import Block
from triage.letter.words.said.line import Mark
from triage.model.values import Choice, Finding, Quantity, Table, Text, Unable
from triage.qt.ask.base import answers
from triage.qt.ask.block import BlockRow, counted
from triage.qt.ask.questions import QuestionWidget
from triage.qt.ask.section import SectionView
from triage.qt.parts.caps import Caps
from triage.qt.parts.inputs import Button, Combo
from triage.qt.parts.keys import TABLE, Place
from triage.qt.parts.line import Line
from triage.qt.parts.stops import stops_in
from triage.qt.shell.help import HelpDialog, KeysDialog
from triage.qt.window import MainWindow

from ..conftest import the_content
from .asking import (
    ask,
    click,
    fresh,
    hold,
    press,
    press_at,
    section,
    type_in,
)

Key = Qt.Key
SHIFT = Qt.KeyboardModifier.ShiftModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
SECTIONS = list(the_content().form.sections)
BLOCKS = list(the_content().form.blocks)
MOVING = (
    (Key.Key_Return, Qt.KeyboardModifier.NoModifier),
    (Key.Key_Enter, Qt.KeyboardModifier.KeypadModifier),
    (Key.Key_Return, SHIFT),
    (Key.Key_Tab, Qt.KeyboardModifier.NoModifier),
    (Key.Key_Backtab, SHIFT),
    (Key.Key_Left, Qt.KeyboardModifier.NoModifier),
    (Key.Key_Right, Qt.KeyboardModifier.NoModifier),
    (Key.Key_Up, Qt.KeyboardModifier.NoModifier),
    (Key.Key_Down, Qt.KeyboardModifier.NoModifier),
    (Key.Key_Down, CONTROL),
    (Key.Key_Home, Qt.KeyboardModifier.NoModifier),
    (Key.Key_End, Qt.KeyboardModifier.NoModifier),
    (Key.Key_PageUp, Qt.KeyboardModifier.NoModifier),
    (Key.Key_PageDown, Qt.KeyboardModifier.NoModifier),
    (Key.Key_Escape, Qt.KeyboardModifier.NoModifier),
)
# One of each kind, and of each look of a kind.
OF_EACH_KIND = (
    "sys.cirrhosis",
    "tone.clonus",
    "reflex.hoffmann",
    "cramp.course",
    "sens.pattern",
    "cramp.timing",
    "cramp.sites",
    "meds.classes",
    "cramp.duration_months",
    "patient.dob",
    "referrer.working_diagnosis",
    "power",
    "meds.list",
    "ix.k",
    "ix.ecg",
)


def row_with_focus() -> QuestionWidget | BlockRow | None:
    row = QApplication.focusWidget()
    while row is not None and not isinstance(row, QuestionWidget | BlockRow):
        row = row.parentWidget()
    return row if isinstance(row, QuestionWidget | BlockRow) else None


def told_by(view: SectionView) -> list[str]:
    said: list[str] = []
    view.told.connect(said.append)
    view.advised.connect(said.append)
    return said


def block_row(view: SectionView, name: str) -> BlockRow:
    row = view.page.widget_of(name)
    assert isinstance(row, BlockRow)
    row.take_focus()
    return row


# -- moving ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SECTIONS)
def test_enter_and_tab_held_anywhere_in_a_section_record_nothing(qtbot: QtBot, name: str) -> None:
    session = fresh()
    view = section(qtbot, session, name)
    for question in session.form.in_section(name):
        view.page.call(question)
    for key, text in ((Key.Key_Return, "\r"), (Key.Key_Tab, "\t")):
        view.focus_first()
        hold(key, text, len(view.page.rows()) + 20)
        assert session.history.n == 0
    for row in view.page.rows():
        row.take_focus()
        press(Key.Key_Return)
        hold(Key.Key_Return, "\r", 3)
        assert session.history.n == 0, row


@pytest.mark.parametrize("name", OF_EACH_KIND)
def test_no_key_that_moves_records_in_any_kind_of_question(qtbot: QtBot, name: str) -> None:
    session = fresh()
    widget = ask(qtbot, session, name)
    for stop in stops_in(widget):
        for key, held in MOVING:
            stop.setFocus()
            QTest.keyClick(stop, key, held)
            assert session.history.n == 0, (stop, key)


@pytest.mark.parametrize("name", OF_EACH_KIND)
def test_enter_goes_on_from_an_unanswered_question_and_shift_enter_back(
    qtbot: QtBot, name: str
) -> None:
    widget = ask(qtbot, fresh(), name)
    stop = widget.first_input()
    if name == "power":
        last = max(range(widget.model.height), key=lambda at: at * (not stop.isRowHidden(at)))
        stop.setCurrentIndex(widget.model.index(last, 2))
    if name == "meds.classes":
        press(Key.Key_Return)  # out of the filter
        stop = QApplication.focusWidget()
    with qtbot.waitSignal(widget.next_requested, timeout=100):
        QTest.keyClick(stop, Key.Key_Return)
    with qtbot.waitSignal(widget.previous_requested, timeout=100):
        QTest.keyClick(stop, Key.Key_Return, SHIFT)


def test_enter_and_the_arrows_go_through_a_section_and_back(qtbot: QtBot) -> None:
    view = section(qtbot, fresh(), "red_flags")
    view.focus_first()
    seen = [row_with_focus()]
    while not view.page.note.hasFocus():
        press(Key.Key_Return)
        seen.append(row_with_focus())
    assert seen[:-1] == view.page.rows()
    QTest.keyClick(view.page.note, Key.Key_Return, SHIFT)
    back = [row_with_focus()]
    while back[-1] is not view.page.rows()[0]:
        press(Key.Key_Up)
        back.append(row_with_focus())
    assert back == view.page.rows()[::-1]


def test_enter_is_a_new_line_in_a_box_and_ctrl_down_goes_on(qtbot: QtBot) -> None:
    session = fresh()
    widget = ask(qtbot, session, "referrer.question")
    type_in("Is this")
    press(Key.Key_Return)
    type_in("MND?")
    assert session.case["referrer.question"].text == "Is this\nMND?"
    with qtbot.waitSignal(widget.next_requested, timeout=100):
        QTest.keyClick(widget.field, Key.Key_Down, CONTROL)
    with qtbot.waitSignal(widget.previous_requested, timeout=100):
        QTest.keyClick(widget.field, Key.Key_Return, SHIFT)
    assert session.case["referrer.question"].text == "Is this\nMND?"


def test_on_desktops_where_enter_presses_buttons_it_still_goes_on(qtbot: QtBot) -> None:
    # Qt asks the desktop which keys press a button, so each of ours lets Enter pass by itself.
    session = fresh()
    widgets = [ask(qtbot, session, name) for name in ("power", "meds.list")]
    for button in [b for widget in widgets for b in widget.findChildren(Button)]:
        button.clicked.connect(lambda: pytest.fail("pressed"))
        with qtbot.waitSignal(
            next(w for w in widgets if w.isAncestorOf(button)).next_requested, timeout=100
        ):
            QTest.keyClick(button, Key.Key_Return)


# -- keys that are held ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "key", "text", "value"),
    [
        ("tone.clonus", Key.Key_P, "p", {"tone.clonus": Finding(present=True)}),
        ("tone.clonus", Key.Key_N, "n", {"tone.clonus": Finding(present=False)}),
        ("tone.clonus", Key.Key_U, "u", {"tone.clonus": Unable()}),
        ("cramp.course", Key.Key_4, "4", {"cramp.course": Choice(option="worsening")}),
        ("cramp.course", Key.Key_U, "u", {"cramp.course": Unable()}),
        ("sens.pattern", Key.Key_2, "2", {"sens.pattern": Choice(option="length_dependent")}),
        ("sens.pattern", Key.Key_U, "u", {"sens.pattern": Unable()}),
        ("cramp.timing", Key.Key_1, "1", {"cramp.timing.night_sleep": Finding(present=True)}),
        ("cramp.timing", Key.Key_Space, " ", {"cramp.timing.night_sleep": Finding(present=True)}),
        ("patient.allergies", Key.Key_0, "0", {"patient.allergies": Table(closed=True)}),
    ],
)
def test_a_recording_key_that_is_held_records_once(
    qtbot: QtBot, name: str, key: Key, text: str, value: dict[str, object]
) -> None:
    session = fresh()
    ask(qtbot, session, name)
    hold(key, text)
    assert dict(session.case) == value
    assert session.history.n == 1


def test_a_held_grade_stays_in_its_cell_and_a_held_u_writes_no_reason(qtbot: QtBot) -> None:
    session = fresh()
    widget = ask(qtbot, session, "power")
    widget.take_focus("power.deltoid.left")
    hold(Key.Key_4, "4")
    assert session.history.n == 1
    hold(Key.Key_U, "u")
    assert dict(session.case) == {"power.deltoid.left": Unable()}


@pytest.mark.parametrize(
    ("name", "began"), [("patient.family_name", 1000), ("patient.address", 2000)]
)
def test_a_double_capital_that_a_machine_types_is_kept(
    window: MainWindow, name: str, began: int
) -> None:
    """Text expanders, scanners and remote keyboards release and press a key in the same moment."""
    window.go.go_to(name)
    shift = (Key.Key_Shift, 50, "")
    down, up = QEvent.Type.KeyPress, QEvent.Type.KeyRelease
    r, plain = (Key.Key_R, 27, "R"), Qt.KeyboardModifier.NoModifier
    for at, (kind, (pressed, code, text)) in enumerate(
        [(down, shift), (down, r), (up, shift), (up, r)] * 2
    ):
        field = QApplication.focusWidget()
        assert field is not None
        held = SHIFT if pressed == Key.Key_R else plain
        event = QKeyEvent(kind, pressed, held, code, 0, 0, text)
        event.setTimestamp(began + at // 2)
        QApplication.sendEvent(field, event)
    assert window.session.case[name] == Text(text="RR")


def test_a_held_delete_takes_back_one_answer_and_goes_no_further(qtbot: QtBot) -> None:
    session = fresh({"tone.clonus": True})
    before = session.history.n
    ask(qtbot, session, "tone.clonus")
    hold(Key.Key_Delete, "\x7f")
    assert "tone.clonus" not in session.case
    assert session.history.n == before + 1


# -- blocks ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "key",
    ["n", "a", "p", "y", "N", "1", "5", Key.Key_Return, Key.Key_Enter, Key.Key_Space, Key.Key_Tab],
)
def test_a_block_is_recorded_by_no_key_but_its_own(qtbot: QtBot, key: str | Key) -> None:
    session = fresh()
    view = section(qtbot, session, "red_flags")
    block_row(view, "spine")
    press(key)
    assert session.history.n == 0


@pytest.mark.parametrize("key", ["n", "a", Key.Key_Return])
def test_who_types_a_denial_on_a_block_is_told_its_key(qtbot: QtBot, key: str | Key) -> None:
    view = section(qtbot, fresh(), "red_flags")
    told = told_by(view)
    block_row(view, "spine")
    press(key)
    assert told == ["Nothing was recorded: 0 records “None of these 4”."]


def test_0_records_a_block_and_says_what_and_how_to_take_it_back(qtbot: QtBot) -> None:
    session = fresh()
    view = section(qtbot, session, "red_flags")
    told = told_by(view)
    row = block_row(view, "spine")
    press("0")
    assert told == ["Recorded: None of these 4. Ctrl+Z takes it back."]
    assert len(row.recorded) == 4
    assert row.answer.isChecked()
    session.undo()
    assert dict(session.case) == {}
    assert not row.answer.isChecked()


@pytest.mark.parametrize("name", BLOCKS)
def test_every_block_says_its_label_its_count_and_its_key(qtbot: QtBot, name: str) -> None:
    block: Block = the_content().form.blocks[name]
    row = BlockRow(fresh(), block)
    qtbot.addWidget(row)
    count = len(row.covered)
    assert row.answer.caption in (counted(block.label, count), f"All of these {count}")
    assert str(count) in row.answer.caption
    assert row.answer.key == "0"
    for says in (
        row.accessibleDescription(),
        row.answer.accessibleDescription(),
        row.answer.toolTip(),
    ):
        assert "0" in says
    assert f"{count} questions, none answered" in row.accessibleName()


def test_a_held_0_records_one_block_and_no_other(qtbot: QtBot) -> None:
    session = fresh()
    view = section(qtbot, session, "red_flags")
    row = block_row(view, "breath")
    hold(Key.Key_0, "0")
    assert session.history.n == sum(len(session.form.slots_of(q.id)) for q in row.recorded)
    session.undo()
    assert dict(session.case) == {}


@pytest.mark.parametrize(("after", "recorded"), [(0, False), (599, False), (600, True)])
def test_the_next_block_is_not_recorded_before_anyone_could_have_read_it(
    qtbot: QtBot, after: int, recorded: bool
) -> None:
    session = fresh()
    view = section(qtbot, session, "red_flags")
    told = told_by(view)
    block_row(view, "breath")
    press_at(70_000, Key.Key_0, "0")
    assert row_with_focus() is view.page.widget_of("head")
    press_at(70_000 + after, Key.Key_0, "0")
    assert bool(view.page.widget_of("head").recorded) is recorded
    assert ("Read the block first." in told) is not recorded


def test_0_twice_on_one_block_is_no_haste(qtbot: QtBot) -> None:
    view = section(qtbot, fresh(), "red_flags")
    told = told_by(view)
    block_row(view, "breath")
    press_at(70_000, Key.Key_0, "0")
    block_row(view, "breath")
    press_at(70_050, Key.Key_0, "0")
    assert "Read the block first." not in told


def test_a_click_records_a_block_and_leaves_the_focus_where_it_harms_nothing(
    qtbot: QtBot,
) -> None:
    session = fresh()
    view = section(qtbot, session, "red_flags")
    row = view.page.widget_of("spine")
    click(row.answer)
    assert len(row.recorded) == 4
    session.undo()
    press(Key.Key_Space)
    assert dict(session.case) == {}
    assert row.is_open


def test_space_and_o_open_a_block_and_shift_o_folds_it(qtbot: QtBot) -> None:
    view = section(qtbot, fresh(), "red_flags")
    row = block_row(view, "spine")
    for key in (Key.Key_Space, "o"):
        row.take_focus()
        press(key)
        assert row.is_open
        assert row_with_focus() is view.page.widget_of(row.members[0].id)
        press("o")
        assert row.is_open
        QTest.keyClick(row.unfold, Key.Key_O, SHIFT)
        assert not row.is_open
    assert view.session.history.n == 0


def test_delete_takes_back_what_the_block_recorded_and_nothing_else(qtbot: QtBot) -> None:
    session = fresh({"rf.stridor": False})
    view = section(qtbot, session, "red_flags")
    told = told_by(view)
    row = block_row(view, "breath")
    assert row.answer.caption == "None of the others 3"
    press("0")
    assert told == ["Recorded: None of the others 3. Ctrl+Z takes it back."]
    row.take_focus()
    press(Key.Key_Delete)
    assert told[-1] == "Taken back: 3 answers of this block. Ctrl+Z undoes that."
    assert {k for k in session.case if k.startswith("rf.")} == {"rf.stridor"}
    session.undo()
    assert len(row.recorded) == 3
    session.undo()
    press(Key.Key_Delete)
    assert told[-1] == "Nothing was recorded here as a block."
    assert session.case["rf.stridor"] == Finding(present=False)


def test_a_block_answered_one_by_one_does_not_look_recorded_as_a_block(qtbot: QtBot) -> None:
    session = fresh()
    view = section(qtbot, session, "red_flags")
    row = block_row(view, "spine")
    for question in row.covered:
        session.set(question.id, Finding(present=True))
    assert not row.open_ones
    assert not row.answer.isChecked()


# -- findings and choices -------------------------------------------------------------------------


def test_the_underlined_letter_is_the_one_that_the_button_says(qtbot: QtBot) -> None:
    for name, letters in (("sys.cirrhosis", "ynu"), ("tone.clonus", "pau")):
        session = fresh()
        control = ask(qtbot, session, name).controls[0]
        shown = [b for b in control.buttons.values() if b.key]
        assert "".join(b.key for b in shown) == letters
        for button in shown:
            assert button.caption.lower().startswith(button.key)
            control.stop.setFocus()
            press(button.key)
            assert button.isChecked()


def test_a_digit_stands_in_front_of_each_option_and_chooses_it(qtbot: QtBot) -> None:
    session = fresh()
    control = ask(qtbot, session, "cramp.course").controls[0]
    digits = [button.key for button in control.buttons.values()][:4]
    assert digits == ["1", "2", "3", "4"]
    for option, button in list(control.buttons.items())[:4]:
        control.stop.setFocus()
        press(button.key)
        assert session.case["cramp.course"] == Choice(option=option)


def test_n_and_a_erase_no_choice_and_no_tick(qtbot: QtBot) -> None:
    for name, value in (("cramp.course", "stable"), ("cramp.timing", ["cold"])):
        session = fresh({name: value})
        before = dict(session.case)
        ask(qtbot, session, name)
        press("n", "a", "p", "y")
        assert dict(session.case) == before


def test_who_types_4_in_a_list_of_levels_does_not_mean_the_fourth(qtbot: QtBot) -> None:
    session = fresh({"sens.pattern": "sensory_level"})
    before = session.history.n
    ask(qtbot, session, "sens.level")
    press("4")
    ask(qtbot, session, "sens.dermatome")
    press("4")
    assert session.history.n == before


def test_an_open_list_is_moved_through_and_only_space_or_a_digit_chooses(qtbot: QtBot) -> None:
    session = fresh()
    widget = ask(qtbot, session, "sens.pattern")
    combo = widget.controls[0]
    for leaving in (Key.Key_Return, Key.Key_Tab, Key.Key_F4, Key.Key_Escape):
        press(Key.Key_Space)
        assert combo.view().isVisible()
        QTest.keyClick(combo.view(), Key.Key_Down)
        QTest.keyClicks(combo.view(), "de")
        QTest.keyClick(combo.view(), leaving)
        assert not combo.view().isVisible()
        assert session.history.n == 0
        assert combo.currentIndex() == 0
        assert leaving == Key.Key_Escape or "Space or a click chooses" in widget.message
    press(Key.Key_Space)
    QTest.keyClick(combo.view(), Key.Key_3)
    assert session.case["sens.pattern"] == Choice(option="hands_and_feet")
    assert widget.message == ""


def test_a_space_that_is_held_opens_a_list_and_chooses_nothing(qtbot: QtBot) -> None:
    session = fresh({"cramp.duration_months": {"value": 8, "unit": "months"}})
    widget = ask(qtbot, session, "cramp.duration_months")
    units = widget.units["cramp.duration_months"]
    units.setFocus()
    hold(Key.Key_Space, " ")
    assert units.view().isVisible()
    QTest.keyClicks(units.view(), "y")
    assert session.case["cramp.duration_months"] == Quantity(value=Decimal(8), unit="months")
    QTest.keyClick(units.view(), Key.Key_Space)
    assert session.case["cramp.duration_months"] == Quantity(value=Decimal(8), unit="years")


# -- after a recording key --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("sys.cirrhosis", ["y"]),
        ("sys.cirrhosis", ["n"]),
        ("sys.cirrhosis", [Key.Key_Right, Key.Key_Space]),
        ("cramp.course", ["4"]),
        ("sens.pattern", ["2"]),
    ],
)
def test_the_focus_goes_on_after_a_key_that_recorded(
    qtbot: QtBot, name: str, keys: list[str | Key]
) -> None:
    session = fresh()
    view = section(qtbot, session, session.form.questions[name].section)
    view.go_to(name)
    row = row_with_focus()
    press(*keys)
    assert name in session.case
    rows = view.page.rows()
    assert row_with_focus() is rows[rows.index(row) + 1]


def test_a_block_of_what_is_present_is_left_behind_with_its_questions(qtbot: QtBot) -> None:
    session = fresh()
    view = section(qtbot, session, "complaint")
    line = block_row(view, "typical")
    press("0")
    assert line.is_shown_open
    assert all(question.id in session.case for question in line.members)
    assert row_with_focus() is view.page.widget_of("cramp.episode_length")


@pytest.mark.parametrize(("name", "key"), [("sys.cirrhosis", "u"), ("cramp.course", "u")])
def test_unable_goes_to_its_reason_and_a_click_nowhere(qtbot: QtBot, name: str, key: str) -> None:
    session = fresh()
    view = section(qtbot, session, session.form.questions[name].section)
    view.go_to(name)
    row = row_with_focus()
    press(key)
    assert row.controls[0].note.hasFocus()
    click(next(iter(row.controls[0].buttons.values())))
    assert row_with_focus() is row


def test_the_focus_goes_from_side_to_side_first(qtbot: QtBot) -> None:
    session = fresh()
    view = section(qtbot, session, "exam")
    view.go_to("reflex.hoffmann")
    row = row_with_focus()
    first, second = (control.slot.key for control in row.controls[:2])
    press("p")
    assert set(session.case) == {first}
    assert row_with_focus() is row
    press("a")
    assert set(session.case) == {first, second}
    assert row_with_focus() is not row


def test_who_wants_to_stay_stays(qtbot: QtBot) -> None:
    session = fresh()
    view = SectionView(session, goes_on=False)
    qtbot.addWidget(view)
    view.show()
    view.activateWindow()
    QApplication.processEvents()
    for name in ("sys.cirrhosis", "cramp.course", "breath"):
        view.go_to(name) if name in session.form.questions else block_row(view, name)
        row = row_with_focus()
        press({"sys.cirrhosis": "y", "cramp.course": "4"}.get(name, "0"))
        assert row_with_focus() is row
        view.show_section("red_flags")
    assert len(session.case) == 2 + len(row.recorded)


def test_a_block_leads_to_the_next_one(qtbot: QtBot) -> None:
    view = section(qtbot, fresh(), "red_flags")
    row = block_row(view, "breath")
    press("0")
    rows = view.page.rows()
    assert row_with_focus() is rows[rows.index(row) + 1]


def test_t_types_a_comment_to_an_answer_and_needs_one(qtbot: QtBot) -> None:
    session = fresh()
    view = section(qtbot, session, "red_flags")
    view.page.call(session.form.questions["rf.seizure"])
    for name in ("rf.seizure",):
        view.go_to(name)
        row = row_with_focus()
        press("t")
        assert "Answer first" in row.message
        press("n")
        row.take_focus()
        press("t")
        assert row.controls[0].note.hasFocus()
        type_in("one in childhood")
        assert session.case[name] == Finding(present=False, text="one in childhood")


# -- lists ----------------------------------------------------------------------------------------


def test_digits_tick_the_options_in_sight_and_0_closes_the_list(qtbot: QtBot) -> None:
    session = fresh()
    widget = ask(qtbot, session, "cramp.timing")
    told: list[str] = []
    widget.told.connect(told.append)
    keys = [chip.button.key for chip in widget.chips.values()]
    assert keys[:10] == [*"123456789", ""]
    assert widget.closing.key == "0"
    press("1", "9")
    ticked = ["cramp.timing.night_sleep", "cramp.timing.cold"]
    assert list(session.case) == ticked
    press("0")
    assert widget.is_closed
    others = len(widget.chips) - 2
    assert told == [f"Recorded: Nothing else, {others} absent. Ctrl+Z takes it back."]
    press("0")
    assert widget.is_closed
    session.undo()
    assert list(session.case) == ticked


def test_delete_takes_a_whole_list_back_and_says_so(qtbot: QtBot) -> None:
    session = fresh({"cramp.timing": ["cold", "heat"]})
    before = dict(session.case)
    widget = ask(qtbot, session, "cramp.timing")
    told: list[str] = []
    widget.told.connect(told.append)
    press(Key.Key_Delete)
    assert not [key for key in session.case if key.startswith("cramp.timing")]
    assert told == [f"Taken back: {len(widget.chips)} answers of this list. Ctrl+Z undoes that."]
    session.undo()
    assert dict(session.case) == before


def test_a_list_with_sides_and_no_body_map_says_so(qtbot: QtBot) -> None:
    widget = ask(qtbot, fresh(), "neuro.weakness_sites")
    told: list[str] = []
    widget.advised.connect(told.append)
    press("m")
    assert told == ["This list has no body map."]


def test_space_on_the_closing_line_denies_nothing(qtbot: QtBot) -> None:
    for name in ("cramp.timing", "patient.allergies"):
        session = fresh()
        widget = ask(qtbot, session, name)
        widget.closing.setFocus()
        press(Key.Key_Space)
        assert session.history.n == 0


def test_a_letter_goes_to_the_next_option_that_begins_so(qtbot: QtBot) -> None:
    session = fresh()
    widget = ask(qtbot, session, "cramp.timing")
    seen = []
    for letter in "adde":
        press(letter)
        seen.append(QApplication.focusWidget().caption)
    assert seen == ["At rest, awake", "During exercise", "During dialysis", "Evening"]
    press("x")
    assert QApplication.focusWidget() is widget.chips["evening"].button
    assert session.history.n == 0


def test_home_end_and_the_arrows_go_through_a_list_as_the_eye_does(qtbot: QtBot) -> None:
    widget = ask(qtbot, fresh(), "cramp.timing")
    shown = [chip.button for chip in widget.chips.values()]
    press(Key.Key_End)
    assert widget.closing.hasFocus()
    press(Key.Key_Home)
    assert shown[0].hasFocus()
    press(Key.Key_Down)
    below = QApplication.focusWidget()
    assert (
        below.mapToGlobal(below.rect().center()).y()
        > shown[0].mapToGlobal(shown[0].rect().center()).y()
    )
    assert below.x() == shown[0].x()
    press(Key.Key_Up)
    assert shown[0].hasFocus()
    with qtbot.waitSignal(widget.previous_requested, timeout=100):
        press(Key.Key_Up)
    assert widget.session.history.n == 0


def test_sides_are_keys_and_y_ticks_without_a_side(qtbot: QtBot) -> None:
    session = fresh()
    widget = ask(qtbot, session, "cramp.sites")
    press(Key.Key_Right, "y")
    assert dict(session.case) == {"cramp.sites.calf": Finding(present=True)}
    press("r")
    right = {"cramp.sites.calf.right": Finding(present=True)}
    assert dict(session.case) == right
    press("a", "n", "p", "y")
    assert dict(session.case) == right
    assert widget.chips["calf"].button.hasFocus()


@pytest.mark.parametrize("text", ["warf", "WARF"])
def test_tab_from_the_filter_goes_to_the_first_option_in_sight(qtbot: QtBot, text: str) -> None:
    session = fresh()
    view = section(qtbot, session, "general")
    assert view.go_to("meds.classes")
    widget = view.page.widget_of("meds.classes")
    type_in(text)
    shown = [chip for chip in widget.chips.values() if not chip.isHidden()]
    assert shown
    press(Key.Key_Tab)
    assert QApplication.focusWidget() is shown[0].button
    assert session.history.n == 0
    press(Key.Key_Space)
    assert dict(session.case) == {f"meds.classes.{shown[0].option.id}": Finding(present=True)}


def test_tab_from_a_filter_that_finds_nothing_goes_to_the_closing_line(qtbot: QtBot) -> None:
    session = fresh()
    view = section(qtbot, session, "general")
    view.go_to("meds.classes")
    widget = view.page.widget_of("meds.classes")
    type_in("zz")
    press(Key.Key_Tab)
    assert widget.closing.hasFocus()
    press(Key.Key_Space)
    assert session.history.n == 0
    press("0")
    assert widget.is_closed


@pytest.mark.parametrize("ticked", [[], ["statin"]])
def test_none_typed_goes_to_the_closing_line_and_does_not_press_it(
    qtbot: QtBot, ticked: list[str]
) -> None:
    session = fresh()
    for name in ticked:
        session.set(f"meds.classes.{name}", Finding(present=True))
    before = session.history.n
    widget = ask(qtbot, session, "meds.classes")
    type_in("none")
    press(Key.Key_Return)
    assert widget.closing.hasFocus()
    assert session.history.n == before


def test_escape_clears_the_filter_and_then_leaves_it_and_slash_comes_back(qtbot: QtBot) -> None:
    widget = ask(qtbot, fresh(), "meds.classes")
    type_in("warf")
    press(Key.Key_Escape)
    assert widget.filter.text() == ""
    assert all(not chip.isHidden() for chip in widget.chips.values())
    press(Key.Key_Escape)
    assert next(iter(widget.chips.values())).button.hasFocus()
    press("/")
    assert widget.filter.hasFocus()
    assert widget.session.history.n == 0


def test_a_short_list_keeps_its_stop_when_the_filter_is_empty_again(qtbot: QtBot) -> None:
    widget = ask(qtbot, fresh(), "meds.classes")
    for text in ("warf", "zz", ""):
        widget.filter.setFocus()
        widget.filter.selectAll()
        press(Key.Key_Delete)
        type_in(text)
        stops = [stop for stop in stops_in(widget) if stop is not widget.filter]
        assert len(stops) == 1, text


# -- grids and tables -----------------------------------------------------------------------------


def test_enter_goes_down_a_grid_and_on_from_its_last_cell(qtbot: QtBot) -> None:
    session = fresh()
    widget = ask(qtbot, session, "reflex")
    cells = 0
    with qtbot.waitSignal(widget.next_requested, timeout=1000):
        for _ in range(40):
            press(Key.Key_Return)
            cells += 1
    assert cells > 10
    assert session.history.n == 0


def test_home_and_end_stay_in_the_row_of_a_grid(qtbot: QtBot) -> None:
    widget = ask(qtbot, fresh(), "power")
    widget.take_focus("power.biceps.right")
    press(Key.Key_End)
    assert widget.view.currentIndex() == widget.model.index_of("power.biceps.left")
    press(Key.Key_Home)
    assert widget.view.currentIndex() == widget.model.index_of("power.biceps.right")


def graded_in(session: object) -> dict[str, str]:
    return {key: value.option for key, value in session.case.items()}


def test_a_grade_goes_to_the_cell_below_and_its_sign_stays_with_it(qtbot: QtBot) -> None:
    session = fresh()
    view = section(qtbot, session, "exam")
    view.go_to("power.deltoid.left")
    widget = row_with_focus()
    press("5", "4", "-", "4", "+", "w", "m")
    left = widget.model.index_of("power.deltoid.left").column()
    rows = range(widget.model.height)
    keys = [widget.model.slot_at(widget.model.index(row, left)) for row in rows]
    shown = [slot.key for row, slot in enumerate(keys) if slot and not widget.view.isRowHidden(row)]
    start = shown.index("power.deltoid.left")
    expected = dict(zip(shown[start:], ["5", "4-", "4+", "WM"], strict=False))
    assert graded_in(session) == expected
    session.undo()
    assert list(graded_in(session).values()) == ["5", "4-", "4+"]


def test_a_grade_too_many_answers_nothing_else(qtbot: QtBot) -> None:
    session = fresh()
    view = section(qtbot, session, "exam")
    view.go_to("reflex")
    widget = row_with_focus()
    for _ in range(60):
        press("2")
    assert row_with_focus() is widget
    assert all(key.startswith("reflex.") for key in session.case)


def test_a_dot_shows_the_rest_of_a_group_first_and_records_it_then(qtbot: QtBot) -> None:
    session = fresh()
    view = section(qtbot, session, "exam")
    told = told_by(view)
    session.set("power.deltoid.right", Choice(option="4"))
    view.go_to("power.deltoid.left")
    widget = row_with_focus()
    press(".")
    assert len(session.case) == 1
    assert "power.deltoid.left" in widget.view.coming
    assert "power.deltoid.right" not in widget.view.coming
    press(Key.Key_Down, ".")
    assert len(session.case) == 1, "another key between is a new beginning"
    press(".")
    assert session.case["power.deltoid.right"] == Choice(option="4")
    graded = set(session.case) - {"power.deltoid.right"}
    assert {"power.deltoid.left", "power.biceps.right", "power.fdi.left"} <= graded
    assert not [key for key in graded if "hip" in key or "neck" in key]
    assert {session.case[key] for key in graded} == {Choice(option="5", block=True)}
    assert told[-1] == f"Recorded: 5, {len(graded)} answers. Ctrl+Z takes it back."
    assert "power.deltoid.left" not in widget.view.coming
    session.undo()
    assert list(session.case) == ["power.deltoid.right"]


def test_a_dot_that_recorded_goes_on_to_what_is_open_and_at_the_end_to_the_last_cell(
    qtbot: QtBot,
) -> None:
    session = fresh()
    view = section(qtbot, session, "exam")
    session.set("power.hip_flex.right", Choice(option="4"))
    view.go_to("power.deltoid.left")
    widget = row_with_focus()
    press(".", ".")
    slot = widget.model.slot_at(widget.view.currentIndex())
    assert slot.key == "power.hip_flex.left"
    press(".", ".")
    slot = widget.model.slot_at(widget.view.currentIndex())
    assert slot.key == "power.ankle_pf.left"
    # Nothing goes back by itself: the neck above is open still.
    assert not [key for key in session.case if "neck" in key]
    press(Key.Key_Return)
    assert row_with_focus() is not widget


def test_a_held_dot_shows_and_records_nothing(qtbot: QtBot) -> None:
    session = fresh()
    view = section(qtbot, session, "exam")
    view.go_to("power.deltoid.left")
    hold(Key.Key_Period, ".")
    assert session.history.n == 0
    assert "power.deltoid.left" in row_with_focus().view.coming


@pytest.mark.parametrize("name", ["meds.list", "patient.allergies"])
def test_0_where_a_name_is_to_come_closes_the_list_and_the_empty_row_goes(
    qtbot: QtBot, name: str
) -> None:
    session = fresh()
    widget = ask(qtbot, session, name)
    widget.add.setFocus()
    press(Key.Key_Space, "x", "0")
    before = session.history.n
    (row,) = session.case[name].rows
    assert dict(row.cells) == {widget.question.columns[0].id: "x0"}
    QTest.keyClick(QApplication.focusWidget(), Key.Key_Return, CONTROL)
    assert len(widget.rows) == 2
    hold(Key.Key_0, "0")
    assert session.case[name] == Table(rows=(row,), closed=True)
    assert session.history.n == before + 1
    assert len(widget.rows) == 1
    assert widget.hasFocus() or widget.isAncestorOf(QApplication.focusWidget())


def test_0_in_any_other_field_of_an_empty_row_is_text(qtbot: QtBot) -> None:
    session = fresh()
    widget = ask(qtbot, session, "meds.list")
    widget.add.setFocus()
    press(Key.Key_Space, Key.Key_Return, "0")
    (row,) = session.case["meds.list"].rows
    assert dict(row.cells) == {"dose": "0"}
    assert not session.case["meds.list"].closed


def test_a_new_number_begins_as_the_usual_kind_which_is_nothing_by_itself(qtbot: QtBot) -> None:
    session = fresh()
    widget = ask(qtbot, session, "patient.identifiers")
    widget.add.setFocus()
    press(Key.Key_Space)
    fields = widget.rows[0].fields
    assert fields["kind"].entry == "nhs_number"
    assert fields["value"].hasFocus()
    assert session.history.n == 0
    type_in("0")
    (row,) = session.case["patient.identifiers"].rows
    assert dict(row.cells) == {"kind": "nhs_number", "value": "0"}
    press(Key.Key_Backspace)
    assert "patient.identifiers" not in session.case
    type_in("999 000 0018")
    press(Key.Key_Escape, "0")
    table = session.case["patient.identifiers"]
    assert table.closed
    assert [dict(row.cells) for row in table.rows] == [
        {"kind": "nhs_number", "value": "999 000 0018"}
    ]


def test_where_no_check_digit_tells_a_wrong_one_a_number_has_no_usual_kind(qtbot: QtBot) -> None:
    session = fresh()
    session.set("case.profile", Choice(option="us"))
    widget = ask(qtbot, session, "patient.identifiers")
    widget.add.setFocus()
    press(Key.Key_Space)
    assert widget.rows[0].fields["kind"].entry == ""
    assert widget.rows[0].fields["kind"].hasFocus()


def test_an_empty_row_with_the_usual_kind_goes_as_any_other(qtbot: QtBot) -> None:
    session = fresh()
    widget = ask(qtbot, session, "patient.identifiers")
    widget.add.setFocus()
    press(Key.Key_Space, Key.Key_Escape)
    assert widget.rows == []
    assert session.history.n == 0


def test_arrows_lead_out_of_a_grid_at_its_edge(qtbot: QtBot) -> None:
    widget = ask(qtbot, fresh(), "power")
    widget.take_focus("power.deltoid.right")
    with qtbot.waitSignal(widget.previous_requested, timeout=1000):
        for _ in range(widget.model.height):
            press(Key.Key_Up)
    with qtbot.waitSignal(widget.next_requested, timeout=1000):
        for _ in range(widget.model.height + 1):
            press(Key.Key_Down)
    QTest.keyClick(widget.view, Key.Key_Home, CONTROL)
    assert widget.view.currentIndex() == next(widget.view._cells())


def test_a_page_of_a_grid_is_a_group_of_its_rows(qtbot: QtBot) -> None:
    widget = ask(qtbot, fresh(), "power")
    widget.take_focus("power.deltoid.left")

    def here() -> str:
        slot = widget.model.slot_at(widget.view.currentIndex())
        assert slot is not None
        return slot.key

    seen = [here()]
    for key in (Key.Key_PageDown, Key.Key_Down, Key.Key_PageUp, Key.Key_PageUp, Key.Key_PageUp):
        press(key)
        seen.append(here())
    legs, below = seen[1:3]
    assert legs == "power.hip_flex.left"
    assert seen[3:] == [legs, "power.deltoid.left", "power.neck_flexion.midline"]
    assert below != legs
    assert widget.session.history.n == 0


def test_a_number_has_its_unit_and_its_date_by_key_and_escape_leaves_it_as_it_was(
    qtbot: QtBot,
) -> None:
    session = fresh()
    widget = ask(qtbot, session, "cramp.duration_months")
    type_in("8")
    QTest.keyClick(QApplication.focusWidget(), Key.Key_Down, CONTROL)
    assert widget.units["cramp.duration_months"].hasFocus()
    widget.take_focus()
    type_in("99")
    press(Key.Key_Escape)
    assert session.case["cramp.duration_months"] == Quantity(value=Decimal(8), unit="months")
    result = ask(qtbot, session, "ix.k")
    type_in("3.2 ")
    press("@")
    assert result.rows[0].date.hasFocus()
    type_in("2/11/2026")
    press(Key.Key_Return)
    (item,) = session.case["ix.k"].items
    assert (item.value, item.date.iso()) == (Decimal("3.2"), "2026-11-02")


def test_a_row_is_added_and_removed_by_keys(qtbot: QtBot, window: MainWindow) -> None:
    session = window.session
    window.go.go_to("meds.list")
    press_in(window, Key.Key_Space, PLAIN)
    type_in("Quinine")
    press_in(window, Key.Key_Return, CONTROL)
    widget = row_with_focus()
    assert len(widget.rows) == 2
    assert not window.letter.isVisible()
    assert widget.rows[1].has_focus
    press_in(window, Key.Key_Delete, CONTROL)
    widget.rows[0].take_focus()
    press_in(window, Key.Key_Delete, CONTROL)
    assert not widget.rows
    assert "meds.list" not in session.case


def test_a_grade_never_goes_into_a_cell_out_of_sight(qtbot: QtBot) -> None:
    session = fresh()
    widget = ask(qtbot, session, "power")
    widget.take_focus("power.leg.left")
    click(widget.more)
    assert widget.view.isRowHidden(widget.model.index_of("power.leg.left").row())
    widget.view.setFocus()
    press("4")
    assert "power.leg.left" not in session.case
    (key,) = session.case
    assert not widget.view.isRowHidden(widget.model.index_of(key).row())


def test_a_button_that_fills_a_grid_says_how_much_it_recorded(qtbot: QtBot) -> None:
    session = fresh()
    widget = ask(qtbot, session, "reflex")
    told: list[str] = []
    widget.told.connect(told.append)
    widget.advised.connect(told.append)
    button = next(iter(widget.fills.values()))
    for _ in range(2):
        button.setFocus()
        press(Key.Key_Return)
        assert not told
    press(Key.Key_Space)
    assert told == [
        f"Recorded: {button.text()}, {answers(session.history.n)}. Ctrl+Z takes it back."
    ]
    press(Key.Key_Space)
    assert told[1:] == ["Nothing is open here."]


def test_enter_in_a_table_makes_no_rows_and_leaves_an_empty_one(qtbot: QtBot) -> None:
    session = fresh()
    widget = ask(qtbot, session, "meds.list")
    with qtbot.waitSignal(widget.next_requested, timeout=100):
        press(Key.Key_Return)
    assert not widget.rows
    press(Key.Key_Space)
    (row,) = widget.rows
    fields = list(row.fields.values())
    assert fields[0].hasFocus()
    for field in fields[1:]:
        press(Key.Key_Return)
        assert field.hasFocus()
    with qtbot.waitSignal(widget.next_requested, timeout=100):
        press(Key.Key_Return)
    assert not widget.rows
    assert session.history.n == 0


def shift_enter() -> None:
    QTest.keyClick(QApplication.focusWidget(), Key.Key_Return, SHIFT)  # type: ignore[arg-type]


def test_shift_enter_in_a_table_goes_back_as_enter_goes_on(qtbot: QtBot) -> None:
    widget = ask(qtbot, fresh(), "meds.list")
    press(Key.Key_Space)
    type_in("Quinine")
    while len(widget.rows) == 1:
        press(Key.Key_Return)
    first, second = widget.rows
    assert next(iter(second.fields.values())).hasFocus()
    for field in reversed(first.fields.values()):
        shift_enter()
        assert field.hasFocus()
    # As from Enter: an empty row goes.
    assert widget.rows == [first]
    with qtbot.waitSignal(widget.previous_requested, timeout=100):
        shift_enter()
    assert widget.rows == [first]


def test_enter_held_in_a_table_leaves_what_was_typed_and_makes_one_blank_row_at_most(
    qtbot: QtBot,
) -> None:
    session = fresh()
    view = section(qtbot, session, "general")
    view.go_to("meds.list")
    widget = view.page.widget_of("meds.list")
    press(Key.Key_Space)
    type_in("Quinine")
    before = dict(session.case)
    hold(Key.Key_Return, "\r", 60)
    assert dict(session.case) == before
    assert len(widget.rows) == 1


def test_escape_removes_an_empty_row_and_keeps_one_with_anything_in_it(qtbot: QtBot) -> None:
    session = fresh()
    widget = ask(qtbot, session, "meds.list")
    press(Key.Key_Space, Key.Key_Escape)
    assert not widget.rows
    press(Key.Key_Space)
    widget.rows[0].fields["since"].setFocus()
    type_in("no date")
    press(Key.Key_Escape)
    assert len(widget.rows) == 1


# -- the assessment -------------------------------------------------------------------------------


def press_in(window: MainWindow, key: Key, held: Qt.KeyboardModifier) -> None:
    QTest.keyClick(window.windowHandle(), key, held)
    QApplication.processEvents()


def in_panel(window: MainWindow) -> QWidget:
    focused = QApplication.focusWidget()
    assert focused is not None
    assert window.panel.isAncestorOf(focused), focused
    return focused


PLAIN = Qt.KeyboardModifier.NoModifier
LETTERS = [Key(Key.Key_A + n) for n in range(26)]


@pytest.mark.parametrize("page", [1, 2, 3, 4])
def test_keys_for_the_assessment_never_reach_a_question(window: MainWindow, page: int) -> None:
    window.session.set_all(
        {"neuro.weakness": Finding(present=True), "cramp.main_complaint": Choice(option="cramp")}
    )
    window.go.go_to("tone.clonus")
    before = window.session.history.n
    press_in(window, Key(Key.Key_0 + page), CONTROL)
    assert window.panel.tabs.currentIndex() == page - 1
    first = in_panel(window)
    assert first is not window.panel.tabs
    seen = {first}
    for key in (Key.Key_Tab, Key.Key_Backtab):
        for _ in range(60):
            press_in(window, key, SHIFT if key == Key.Key_Backtab else PLAIN)
            seen.add(in_panel(window))
    assert window.panel.tabs in seen
    # F puts letters on all that can be clicked, wherever it is pressed.
    for letter in (*LETTERS, Key.Key_0, Key.Key_1, Key.Key_Delete):
        if letter != Key.Key_F:
            press_in(window, letter, PLAIN)
            in_panel(window)
    assert all(e.key.startswith("decision.") for e in window.session.history.since(before))


@pytest.mark.parametrize("page", [1, 2, 3, 4])
def test_the_first_line_of_a_page_has_the_focus_or_the_page_itself(
    window: MainWindow, page: int
) -> None:
    press_in(window, Key(Key.Key_0 + page), CONTROL)
    empty = in_panel(window)
    area = window.panel._areas[page - 1]
    stops = stops_in(area)
    lines = [stop for stop in stops if isinstance(stop, Line)]
    assert empty is (*lines, *stops, area)[0]
    assert window.session.history.n == 0


def test_escape_leads_back_to_the_same_question(window: MainWindow) -> None:
    window.go.go_to("tone.clonus")
    focused = QApplication.focusWidget()
    press_in(window, Key.Key_2, CONTROL)
    in_panel(window)
    press_in(window, Key.Key_Escape, PLAIN)
    assert QApplication.focusWidget() is focused


def test_enter_on_a_decision_records_nothing(window: MainWindow) -> None:
    window.session.set_all(
        {"neuro.weakness": Finding(present=True), "cramp.main_complaint": Choice(option="cramp")}
    )
    before = window.session.history.n
    press_in(window, Key.Key_2, CONTROL)
    rows = window.panel.tests.essential.rows
    assert rows
    assert in_panel(window) is rows[0].head
    for key in (Key.Key_Return, Key.Key_Space, Key.Key_Return):
        press_in(window, key, PLAIN)
    assert window.session.history.n == before


def test_a_line_that_goes_leaves_the_focus_in_the_assessment(window: MainWindow) -> None:
    window.session.set_all(
        {"neuro.weakness": Finding(present=True), "cramp.main_complaint": Choice(option="cramp")}
    )
    press_in(window, Key.Key_2, CONTROL)
    press_in(window, Key.Key_Backtab, SHIFT)
    window.session.undo()
    QApplication.processEvents()
    in_panel(window)


# -- what is said ---------------------------------------------------------------------------------


def test_on_the_way_to_another_page_the_focus_passes_through_nothing_else(
    window: MainWindow,
) -> None:
    window.go.show_section("red_flags")
    window.questions.page.widget_of("spine").take_focus()
    passed: list[QWidget] = []
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    link = app.focusChanged.connect(lambda _, now: passed.append(now) if now else None)
    # What has the focus for a moment is read aloud, and a line of the assessment opens for it.
    for key, held in (
        (Key.Key_R, CONTROL),
        (Key.Key_Escape, PLAIN),
        (Key.Key_3, Qt.KeyboardModifier.AltModifier),
        (Key.Key_R, CONTROL),
    ):
        press_in(window, key, held)
        assert passed
        assert all(window.middle.isAncestorOf(widget) for widget in passed)
    app.focusChanged.disconnect(link)


def test_what_a_key_recorded_stands_in_the_line(window: MainWindow) -> None:
    window.go.show_section("red_flags")
    row = window.questions.page.widget_of("spine")
    row.take_focus()
    press_in(window, Key.Key_N, PLAIN)
    assert window.line.text == "Nothing was recorded: 0 records “None of these 4”."
    # The mark of what is done stands beside nothing that was not.
    assert window.line.mark is Mark.NONE
    press_in(window, Key.Key_0, PLAIN)
    assert window.line.text == "Recorded: None of these 4. Ctrl+Z takes it back."
    assert window.line.mark is Mark.DONE
    press_in(window, Key.Key_Z, CONTROL)
    assert dict(window.session.case) == {}


def places(window: MainWindow) -> list[object]:
    parts = (window.header, window.line, window.rail, window.stack)
    return [part.geometry() for part in parts]


def test_nothing_moves_because_a_message_comes_or_goes(window: MainWindow) -> None:
    QApplication.processEvents()
    before = places(window)
    for tell in (
        lambda: window.messages.info("Recorded."),
        lambda: window.messages.error("It did not work. " * 40),
        lambda: window.line.show_failure("The disk is full."),
        lambda: window.line.show_failure("The disk is full. " * 40),
        window.line.end_failure,
    ):
        tell()
        QApplication.processEvents()
        assert places(window) == before


def test_what_was_told_goes_with_the_next_answer_and_is_kept_to_be_read(window: MainWindow) -> None:
    window.messages.info("Saved as something.")
    window.session.set("tone.clonus", Finding(present=True))
    assert window.line.text == ""
    window.messages.error("Not printed.")
    window.session.set("tone.clonus", None)
    assert window.line.text == "Not printed."
    window.actions_["happened"].trigger()
    shown = {label.text() for label in window.findChildren(HelpDialog)[-1].findChildren(QLabel)}
    assert {"Saved as something.", "Not printed."} <= shown
    for number in range(60):
        window.messages.info(f"{number}")
    assert len(window.messages.told) == 50


def test_a_message_that_does_not_fit_can_be_read_whole(window: MainWindow) -> None:
    window.messages.warning("Short.")
    assert not window.line.more.isVisible()
    assert window.line.keys.isVisible()
    long = "This is told at length. " * 20
    window.messages.warning(long)
    assert not window.line.keys.isVisible()
    click(window.line.more)
    shown = {label.text() for label in window.findChildren(HelpDialog)[-1].findChildren(QLabel)}
    assert long in shown


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("sys.cirrhosis", Place.FINDING),
        ("cramp.course", Place.CHOICE),
        ("sens.pattern", Place.CHOICE),
        ("cramp.timing", Place.LIST),
        ("cramp.sites", Place.SITED),
        ("meds.classes", Place.FILTER),
        ("power", Place.GRID),
        ("referrer.working_diagnosis", Place.TEXT),
        ("referrer.question", Place.NOTES),
        ("meds.list", Place.ROWS),
    ],
)
def test_the_line_says_what_the_keys_do_where_the_focus_is(
    window: MainWindow, name: str, place: Place
) -> None:
    window.go.go_to(name)
    hints = [act.hint for act in TABLE[place] if act.hint]
    assert [hint for _, hint in window.line.keys.shown[:-1]] == hints[:4]
    assert window.line.keys.shown[-1] == ("F1", "all keys")


@pytest.mark.parametrize(
    ("name", "leads"),
    [
        ("patient.dob", []),
        ("cramp.duration_months", [("Ctrl+↓", "unit")]),
        ("ix.k", [("Ctrl+↓", "unit"), ("@", "date")]),
    ],
)
def test_the_line_says_only_what_a_number_has(
    window: MainWindow, name: str, leads: list[tuple[str, str]]
) -> None:
    window.go.go_to(name)
    assert list(window.line.keys.shown) == [
        ("Enter", "on"),
        *leads,
        ("Esc", "as it was"),
        ("F1", "all keys"),
    ]


def test_the_review_says_its_own_keys(window: MainWindow) -> None:
    press_in(window, Key.Key_R, CONTROL)
    hints = [(act.keys, act.hint) for act in TABLE[Place.REVIEW] if act.hint]
    assert list(window.line.keys.shown[:-1]) == hints


@pytest.mark.parametrize(
    ("name", "said", "unsaid"),
    [
        # No digit that is not on a button.
        ("patient.sex_at_birth", ["1…4 choose"], []),
        ("case.profile", ["1…3 choose"], ["0…9 choose"]),
        ("cramp.sites", ["R right", "L left", "B both", "M map"], []),
        # A list with sides and without a map.
        ("emg.lymph_detail", ["R right", "L left", "B both"], ["M map"]),
    ],
)
def test_the_line_says_the_keys_that_this_place_has(
    window: MainWindow, name: str, said: list[str], unsaid: list[str]
) -> None:
    window.go.go_to(name)
    QApplication.processEvents()
    hints = [" ".join(pair) for pair in window.line.keys.shown]
    assert hints[: len(said)] == said
    assert not set(hints) & set(unsaid)


@pytest.mark.parametrize(
    ("name", "key", "says"),
    [
        ("sys.cirrhosis", Key.Key_Z, "Z does nothing here. What works: P Y present; "),
        ("cramp.course", Key.Key_9, "There is no 9 here. What works: 1…4 choose; "),
        ("cramp.timing", Key.Key_Delete, ""),
        ("power", Key.Key_X, "X does nothing here. What works: 0…5 grade; "),
        ("power", Key.Key_9, "There is no 9 here. What works: 0…5 grade; "),
        ("meds.list", Key.Key_Delete, "Delete does nothing here. What works: Space add a row; "),
        ("spasm", Key.Key_7, "7 does nothing here. What works: 0 closing line; "),
    ],
)
def test_a_key_that_means_nothing_is_told_what_would(
    window: MainWindow, name: str, key: Key, says: str
) -> None:
    window.go.go_to(name)
    before, focused = window.session.case, QApplication.focusWidget()
    press_in(window, key, PLAIN)
    assert window.line.text.startswith(says)
    assert bool(window.line.text) is bool(says)
    # A tick would say that something was done.
    assert window.line.mark is Mark.NONE
    assert window.session.case == before
    assert QApplication.focusWidget() is focused


def test_at_the_end_of_a_section_the_ways_on_are_told(window: MainWindow) -> None:
    window.go.go_to("note.neuro")
    notes, before = QApplication.focusWidget(), window.session.case
    press_in(window, Key.Key_Down, CONTROL)
    assert window.line.text.startswith(
        "End of Nerve symptoms. Ctrl+PgDown goes to the next section"
    )
    assert window.line.mark is Mark.NONE
    assert QApplication.focusWidget() is notes
    assert window.session.case == before
    press_in(window, Key.Key_PageDown, CONTROL)
    assert window.rail.section == "general"


def test_a_letter_in_a_text_is_no_wrong_key(window: MainWindow) -> None:
    window.go.go_to("referrer.question")
    press_in(window, Key.Key_Z, PLAIN)
    assert window.line.text == ""


def test_the_case_is_saved_elsewhere_by_its_key(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[bool] = []
    monkeypatch.setattr("triage.qt.window.save_copy", lambda *_: asked.append(True))
    press_in(window, Key.Key_S, CONTROL | SHIFT)
    assert asked == [True]


def test_f1_begins_with_the_keys_that_work_here(window: MainWindow) -> None:
    window.go.go_to("power")
    press_in(window, Key.Key_F1, PLAIN)
    dialog = window.findChildren(KeysDialog)[-1]
    shown = {label.text() for label in dialog.findChildren(QLabel)}
    caps = {keys for each in dialog.findChildren(Caps) for keys, _ in each.shown}
    assert "Here: a grid" in shown
    for acts in TABLE.values():
        for act in acts:
            assert act.does in shown
            assert act.keys in caps
    dialog.field.setText("lock")
    left = [says for says in dialog.findChildren(QLabel) if says.isVisible()]
    assert "Lock" in {says.text() for says in left}
    assert "Here: a grid" not in {says.text() for says in left}


def test_the_pages_for_clinicians_name_the_same_keys() -> None:
    root = Path(__file__).parents[2]
    guide = (root / "docs" / "for-clinicians.md").read_text(encoding="utf-8")
    readme = (root / "README.md").read_text(encoding="utf-8")
    for page in (guide, readme):
        assert "**0**" in page
        assert "takes the answer back" in page
    for key in ("**P**", "**Y**", "**A**", "**N**", "**U**", "**Delete**", "**O**"):
        assert key in guide


def test_no_key_of_a_list_to_choose_from_is_left_to_qt(qtbot: QtBot) -> None:
    combo = Combo([("", "Nothing —"), *((c, c) for c in "abc")])
    qtbot.addWidget(combo)
    combo.show()
    combo.setFocus()
    chosen: list[str] = []
    combo.chosen.connect(chosen.append)
    for key, held in MOVING:
        QTest.keyClick(combo, key, held)
    assert not chosen
    assert combo.currentIndex() == 0
