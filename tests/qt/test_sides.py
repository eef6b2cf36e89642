"""Right stands before left wherever there are sides: to the eye, to the keys, to who hears them."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from triage.qt.parts.inputs import Button
from triage.qt.parts.segments import Segment

from ..conftest import the_content
from .asking import ask, fresh, press, section, type_in

Key = Qt.Key


def columns(widget: object, *names: str) -> list[int]:
    return [widget.model.index_of(name).column() for name in names]


@pytest.mark.parametrize("name", [q.id for q in the_content().form.questions.values() if q.rows])
def test_the_right_column_of_every_grid_is_the_first(qtbot: QtBot, name: str) -> None:
    widget = ask(qtbot, fresh(), name)
    row = next(r for r in widget.question.rows if r.sides == "both")
    right, left = columns(widget, f"{name}.{row.id}.right", f"{name}.{row.id}.left")
    assert right + 1 == left
    header = [
        widget.model.headerData(at, Qt.Orientation.Horizontal)
        for at in range(widget.model.columnCount())
    ]
    assert header[right : left + 1] == ["Right", "Left"]


@pytest.mark.parametrize(
    "name", [q.id for q in the_content().form.questions.values() if q.sided and not q.rows]
)
def test_each_question_with_sides_asks_for_the_right_one_first(qtbot: QtBot, name: str) -> None:
    widget = ask(qtbot, fresh(), name)
    sides = [slot.side for slot in widget.slots if slot.side in ("right", "left")]
    assert sides[::2] == ["right"] * (len(sides) // 2)
    if widget.question.kind == "choices":
        chip = next(c for c in widget.chips.values() if c.state.sides)
        assert list(chip.side_buttons)[:2] == ["right", "left"]


def test_tab_and_the_eye_come_to_the_right_side_first(qtbot: QtBot) -> None:
    widget = ask(qtbot, fresh(), "reflex.hoffmann")
    buttons = [b for b in widget.findChildren(Segment) if b.isVisible()]
    first = min(buttons, key=lambda b: b.mapTo(widget, QPoint()).y())
    assert first.parent().slot.side == "right"
    assert QApplication.focusWidget().parent().slot.side == "right"


def test_sites_show_right_before_left(qtbot: QtBot) -> None:
    widget = ask(qtbot, fresh({"cramp.sites": ["calf.left"]}), "cramp.sites")
    right, left = (widget.chips["calf"].side_buttons[side] for side in ("right", "left"))
    assert right.x() < left.x()
    assert (right.caption, left.caption) == ("R", "L")


def test_options_that_are_sides_begin_with_the_right_one() -> None:
    form = the_content().form
    lists = [q.options for q in form.questions.values()]
    lists += [column.options for q in form.questions.values() for column in q.columns]
    sided = [[o.id for o in found] for found in lists]
    sided = [ids for ids in sided if any(name.endswith("left") for name in ids)]
    assert sided
    for ids in sided:
        for name in ids:
            if name.endswith("left"):
                assert ids.index(name.removesuffix("left") + "right") < ids.index(name)


def test_what_lies_in_the_middle_spans_both_columns(qtbot: QtBot) -> None:
    widget = ask(qtbot, fresh(), "reflex")
    jaw = widget.model.index_of("reflex.jaw.midline")
    knee = widget.model.index_of("reflex.knee.right")
    assert widget.view.visualRect(jaw).width() == 2 * widget.view.visualRect(knee).width()


def test_a_row_that_is_out_of_sight_leaves_no_line_behind(qtbot: QtBot) -> None:
    widget = ask(qtbot, fresh(), "reflex")
    jaw = widget.view.visualRect(widget.model.index_of("reflex.jaw.midline"))
    assert widget.view.isRowHidden(widget.model.index_of("reflex.overall.midline").row())
    image = widget.view.viewport().grab().toImage()
    below = {
        image.pixel(x, y)
        for x in range(jaw.left(), jaw.right())
        for y in range(jaw.bottom(), min(jaw.bottom() + 6, image.height()))
    }
    assert len(below) == 1


def test_only_what_is_not_normal_has_weight_in_a_grid(qtbot: QtBot) -> None:
    given = {"power.deltoid.right": "5", "power.deltoid.left": "4"}
    widget = ask(qtbot, fresh(given), "power")
    # Without the ring of the focus in the way.
    widget.take_focus("power.fdi.right")
    image = widget.view.grab().toImage()
    dark = []
    for side in ("right", "left"):
        cell = widget.view.visualRect(widget.model.index_of(f"power.deltoid.{side}"))
        top = widget.view.viewport().pos().y() + cell.top()
        column = [image.pixelColor(cell.left() + 10, top + y) for y in range(8)]
        dark.append(sum(colour.lightness() < 60 for colour in column))
    assert dark == [0, 2]
    slots = {slot.key: slot for slot in widget.slots}
    widget.session.unable("power.biceps.left", "")
    assert widget.model.is_odd(slots["power.biceps.left"])
    assert not widget.model.is_odd(slots["power.biceps.right"])


def test_the_cell_that_is_typed_in_is_in_sight(qtbot: QtBot) -> None:
    view = section(qtbot, fresh(), "exam")
    view.resize(640, 260)
    QApplication.processEvents()
    view.go_to("power.deltoid.right")
    grid = QApplication.focusWidget()
    for _ in range(18):
        press(Key.Key_Down)
        QApplication.processEvents()
        cell = grid.visualRect(grid.currentIndex())
        top = grid.viewport().mapTo(view, cell.topLeft()).y()
        assert 0 <= top <= view.height() - cell.height()


def test_esc_leaves_a_grid_and_a_comment_to_where_the_question_begins(qtbot: QtBot) -> None:
    session = fresh({"reflex.knee.right": "2+"})
    widget = ask(qtbot, session, "reflex")
    press(Key.Key_Escape)
    assert isinstance(QApplication.focusWidget(), Button)
    assert widget.isAncestorOf(QApplication.focusWidget())
    finding = ask(qtbot, fresh({"cramp.painful": True}), "cramp.painful")
    press("t")
    assert QApplication.focusWidget() is not finding.first_input()
    press(Key.Key_Escape)
    assert QApplication.focusWidget() is finding.first_input()


def test_arrows_on_buttons_go_as_the_eye_does(qtbot: QtBot) -> None:
    widget = ask(qtbot, fresh(), "reflex")
    # The last line of the buttons above the grid.
    widget.no_side.setFocus()
    press(Key.Key_Down)
    assert QApplication.focusWidget() is widget.view
    table = ask(qtbot, fresh(), "meds.list")
    table.add.setFocus()
    with qtbot.waitSignal(table.next_requested, timeout=500):
        press(Key.Key_Down)


def test_a_refused_value_is_heard_as_invalid_until_it_can_be_read(qtbot: QtBot) -> None:
    widget = ask(qtbot, fresh(), "patient.weight_kg")
    line = widget.lines[0]
    heard = QAccessible.queryAccessibleInterface(widget)
    assert not heard.state().invalid
    type_in("6x")
    line.clearFocus()
    assert widget.message.startswith("Not recorded")
    assert heard.state().invalid
    assert line.accessibleDescription().startswith(widget.message)
    line.setFocus()
    line.selectAll()
    type_in("61")
    line.clearFocus()
    assert not heard.state().invalid


def test_a_second_result_has_a_key_and_a_stop(qtbot: QtBot) -> None:
    widget = ask(qtbot, fresh({"ix.ck": {"value": 640, "unit": "U/L"}}), "ix.ck")
    assert widget.add.focusPolicy() & Qt.FocusPolicy.TabFocus
    QTest.keyClick(QApplication.focusWidget(), Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert len(widget.rows) == 2
    assert widget.rows[1].isAncestorOf(QApplication.focusWidget())
    empty = ask(qtbot, fresh(), "ix.ck")
    assert not empty.add.focusPolicy() & Qt.FocusPolicy.TabFocus
