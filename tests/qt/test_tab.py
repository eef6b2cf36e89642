"""Every question is one stop of Tab; inside it arrows and its own keys lead to each of its parts."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from triage.bench.everything import decided_case
from triage.model.values import Finding, Unable
from triage.qt.ask.block import BlockRow
from triage.qt.ask.grid_view import GridView
from triage.qt.ask.meant import AskingLine
from triage.qt.ask.note import AnswerNote
from triage.qt.ask.questions import QuestionWidget
from triage.qt.ask.result_row import OutcomeList
from triage.qt.ask.section import SectionView
from triage.qt.ask.section_page import Row
from triage.qt.parts.stops import stops_in
from triage.session import Session

from ..conftest import the_content
from .asking import fresh, press, section

Key = Qt.Key
SHIFT, CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
FORM = the_content().form
# Tab goes from the filter of a long list to what is in sight of that.
FILTERED = {"cramp.triggers", "sys.conditions", "meds.classes"}


def full() -> Session:
    session = fresh()
    session.set_all(dict(decided_case(the_content())))
    return session


def focused() -> QWidget:
    found = QApplication.focusWidget()
    assert found is not None
    return found


def around(widget: QWidget | None) -> Row | None:
    while widget is not None and not isinstance(widget, Row):
        widget = widget.parentWidget()
    return widget


def back() -> None:
    QTest.keyClick(focused(), Key.Key_Backtab, SHIFT)


def shown(qtbot: QtBot, session: Session, name: str) -> tuple[SectionView, QuestionWidget]:
    view = section(qtbot, session, FORM.questions[name].section)
    view.resize(1000, 720)
    return view, gone_to(view, name)


def gone_to(view: SectionView, name: str) -> QuestionWidget:
    view.go_to(name)
    QApplication.processEvents()
    widget = view.page.widget_of(name)
    assert isinstance(widget, QuestionWidget)
    widget.enter()
    return widget


def stops_of(view: SectionView, press_tab: Callable[[], None]) -> Iterator[str]:
    """Yield the row of each stop until Tab leads out."""
    left: list[bool] = []
    view.left.connect(left.append)
    for _ in range(400):
        row = around(focused())
        yield row.name if row is not None else ""
        press_tab()
        if left:
            return
    raise AssertionError(f"Tab stays at {focused()}")


@pytest.mark.parametrize("is_full", [True, False])
@pytest.mark.parametrize("name", FORM.sections)
def test_every_question_is_one_stop_there_and_back(qtbot: QtBot, name: str, is_full: bool) -> None:
    session = full() if is_full else fresh()
    view = section(qtbot, session, name)
    if not is_full:
        for question in FORM.in_section(name):
            view.page.call(question)
    rows = view.page.rows()
    expected = [row.name for row in rows for _ in range(1 + (row.name in FILTERED))]
    before = session.history.n
    rows[0].enter()
    assert [*stops_of(view, lambda: press(Key.Key_Tab))] == [*expected, "", ""]
    view.page.note.setFocus()
    assert [*stops_of(view, back)] == ["", "", *expected[::-1]]
    assert session.history.n == before


def test_a_block_is_one_stop_folded_and_open_one_behind_its_questions(qtbot: QtBot) -> None:
    view = section(qtbot, fresh(), "red_flags")
    line = view.page.widget_of("breath")
    assert isinstance(line, BlockRow)
    line.take_focus()
    press(Key.Key_Tab)
    assert around(focused()) is not line
    back()
    press("o")
    names = [q.id for q in line.members if q in line.session.form.in_block("breath")]
    seen = []
    for _ in names:
        seen.append(around(focused()).name)
        press(Key.Key_Tab)
    assert seen == names
    assert around(focused()) is line


# -- inside a question ------------------------------------------------------------------------------


# Questions of every kind of part: buttons, both sides, numbers, a grid, dates, rows of a table.
OF_ALL_PARTS = (
    *("reflex.hoffmann", "plantar", "emg.lymphoedema", "vasc.abpi", "power", "sens.vibration"),
    *("ix.glucose", "ix.mri_brain", "gen.temp", "sys.dialysis_length", "meds.list"),
    *("neuro.timeline", "patient.dob", "cramp.course", "meds.classes"),
)


@pytest.mark.parametrize("name", dict.fromkeys(FORM.questions[n].section for n in OF_ALL_PARTS))
@pytest.mark.parametrize("is_full", [True, False])
def test_keys_lead_to_each_part_of_a_question_and_record_nothing(
    qtbot: QtBot, name: str, is_full: bool
) -> None:
    view = section(qtbot, full() if is_full else fresh(), name)
    view.resize(1000, 720)
    case = dict(view.session.case)
    for question in filter(lambda n: FORM.questions[n].section == name, OF_ALL_PARTS):
        widget = gone_to(view, question)
        wanted = {*stops_in(widget), *widget.parts()}
        start = focused()
        reached, open_ = {start}, [start]
        while open_:
            here = open_.pop()
            for key, held in keys_in(here):
                here.setFocus()
                QTest.keyClick(here, key, held)
                now = focused()
                if widget.isAncestorOf(now) and now not in reached:
                    reached.add(now)
                    open_.append(now)
        assert not [part.accessibleName() for part in wanted - reached], question
        assert dict(view.session.case) == case, question


def keys_in(part: QWidget) -> Iterator[tuple[Key, Qt.KeyboardModifier]]:
    """Yield keys that only move in a part."""
    plain = Qt.KeyboardModifier.NoModifier
    for key in (Key.Key_Tab, Key.Key_Left, Key.Key_Right, Key.Key_Up, Key.Key_Down, Key.Key_Escape):
        yield key, plain
    yield Key.Key_Backtab, SHIFT
    if isinstance(part, AskingLine):
        yield Key.Key_Down, CONTROL
    if isinstance(part, AskingLine | OutcomeList) and part.date is not None:
        yield Key.Key_At, plain
    if isinstance(part, QAbstractButton):
        yield Key.Key_T, plain


def test_arrows_go_over_both_sides_as_the_eye_does_and_then_to_the_next_question(
    qtbot: QtBot,
) -> None:
    view, widget = shown(qtbot, fresh(), "reflex.hoffmann")
    right, left = widget.controls[:2]
    for _ in right.buttons:
        assert focused().parent() is right
        press(Key.Key_Right)
    assert focused() is next(iter(left.buttons.values()))
    press(Key.Key_Left)
    assert focused() is list(right.buttons.values())[-1]
    press(Key.Key_Down)
    assert focused().parent() is left
    press(Key.Key_Down)
    assert around(focused()) is following(view, widget)
    widget.enter()
    press(Key.Key_Up)
    assert focused() is widget.no_side
    press(Key.Key_Right)
    assert focused().parent() is right
    assert widget.session.history.n == 0


def test_the_answer_that_was_gone_to_last_is_the_stop(qtbot: QtBot) -> None:
    _, widget = shown(qtbot, fresh(), "reflex.hoffmann")
    press(Key.Key_Down, Key.Key_Up, Key.Key_Right)
    last = focused()
    assert last is not next(iter(widget.controls[0].buttons.values()))
    press(Key.Key_Tab)
    back()
    assert focused() is last


def following(view: SectionView, widget: QuestionWidget) -> Row:
    rows = view.page.rows()
    return rows[rows.index(widget) + 1]


@pytest.mark.parametrize("name", ["reflex", "reflex.hoffmann", "plantar"])
def test_tab_leaves_from_whatever_arrows_went_to(qtbot: QtBot, name: str) -> None:
    view, widget = shown(qtbot, fresh(), name)
    for part in widget.parts():
        for forward in (True, False):
            part.setFocus()
            if forward:
                press(Key.Key_Tab)
                assert around(focused()) is following(view, widget)
            else:
                back()
                assert following(view, around(focused())) is widget


@pytest.mark.parametrize("by_arrow", [True, False])
def test_arrows_and_escape_lead_from_a_grid_to_its_buttons_and_back(
    qtbot: QtBot, by_arrow: bool
) -> None:
    view, widget = shown(qtbot, fresh(), "power")
    assert isinstance(focused(), GridView)
    press(Key.Key_Left)
    assert focused() is widget.view
    # Of a grid that is higher than the page its buttons may be out of sight.
    view.resize(1000, 400)
    QApplication.processEvents()
    view.page.ensureVisible(0, widget.y() + widget.height())
    press(Key.Key_Up if by_arrow else Key.Key_Escape)
    buttons = [part for part in widget.parts() if part is not widget.view]
    assert focused() in buttons
    assert focused().visibleRegion().boundingRect() == focused().rect()
    for _ in buttons:
        press(Key.Key_Left)
    for button in buttons:
        assert focused() is button
        press(Key.Key_Right)
    assert focused() is widget.view
    assert widget.session.history.n == 0


def test_from_the_date_of_a_result_tab_goes_through_its_further_fields_and_on(
    qtbot: QtBot,
) -> None:
    view, widget = shown(qtbot, fresh(), "ix.ck")
    view.page.call(FORM.questions["ix.aldolase"])
    row = widget.rows[0]
    press("@")
    assert focused() is row.date
    row.more.click()
    for field in (row.taken, row.low, row.high):
        press(Key.Key_Tab)
        assert focused() is field
    press(Key.Key_Tab)
    assert around(focused()) is following(view, widget)
    row.date.setFocus()
    back()
    assert focused() is row.unit
    back()
    assert focused() is row.value
    assert widget.session.history.n == 0


def test_the_date_of_a_test_with_options_has_the_key_of_any_result(qtbot: QtBot) -> None:
    _, widget = shown(qtbot, fresh(), "ix.mri_brain")
    assert isinstance(focused(), OutcomeList)
    press("@")
    assert focused() is widget.rows[0].date
    back()
    assert isinstance(focused(), OutcomeList)
    assert widget.session.history.n == 0


def test_tab_goes_from_cell_to_cell_once_in_a_row_and_on_from_the_last(qtbot: QtBot) -> None:
    view, widget = shown(qtbot, full(), "neuro.timeline")
    before = widget.session.history.n
    press(Key.Key_Tab)
    assert around(focused()) is following(view, widget)
    back()
    assert focused() is widget.add
    press(Key.Key_Down)
    fields = list(widget.rows[0].fields.values())
    assert focused() in fields
    fields[0].setFocus()
    for field in fields[1:]:
        press(Key.Key_Tab)
        assert focused() is field
    press(Key.Key_Tab)
    assert around(focused()) is following(view, widget)
    fields[0].setFocus()
    back()
    assert focused() is widget.add
    assert widget.session.history.n == before


def test_down_goes_to_the_number_of_the_other_side(qtbot: QtBot) -> None:
    view, widget = shown(qtbot, fresh(), "vasc.abpi")
    for line in widget.lines:
        assert focused() is line
        press(Key.Key_Down)
    assert around(focused()) is following(view, widget)


@pytest.mark.parametrize("key", [Key.Key_Escape, Key.Key_Backtab])
def test_a_reason_leads_back_to_the_answer_that_it_belongs_to(qtbot: QtBot, key: Key) -> None:
    session = fresh()
    view, widget = shown(qtbot, session, "reflex.hoffmann")
    press(Key.Key_Down, "u")
    assert isinstance(focused(), AnswerNote)
    press(Key.Key_Tab)
    assert around(focused()) is following(view, widget)
    widget.take_focus("reflex.hoffmann.left")
    press("u")
    assert isinstance(focused(), AnswerNote)
    if key == Key.Key_Backtab:
        back()
    else:
        press(key)
    assert focused() is widget.controls[1].stop
    assert dict(session.case) == {"reflex.hoffmann.left": Unable()}


def test_which_of_two_readings_is_a_stop_while_it_is_asked(qtbot: QtBot) -> None:
    view, widget = shown(qtbot, fresh(), "ix.ck")
    view.page.call(FORM.questions["ix.aldolase"])
    line = focused()
    assert isinstance(line, QLineEdit)
    line.insert("12,450")
    press(Key.Key_Tab)
    first, second = widget.rows[0].value.meant.buttons[:2]
    assert focused() is first
    press(Key.Key_Right)
    assert focused() is second
    press(Key.Key_Tab)
    assert around(focused()) is following(view, widget)
    assert not widget.session.case


def test_a_comment_on_an_option_is_typed_from_more(qtbot: QtBot) -> None:
    session = fresh({"sx.general": ["headache"]})
    view, widget = shown(qtbot, session, "sx.general")
    widget.take_focus("sx.general.headache")
    view.do("comment")
    assert isinstance(focused(), AnswerNote)
    QTest.keyClicks(focused(), "mornings")
    assert session.case["sx.general.headache"] == Finding(present=True, text="mornings")
    press(Key.Key_Escape)
    assert focused() is widget.chips["headache"].button
