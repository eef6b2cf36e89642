"""What a screen reader hears of the window, and what can be done through it: roles, names, states and actions."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from triage.model.case import Case
from triage.model.values import Choice, Decision, Finding
from triage.qt.ask.questions import make_widget
from triage.qt.parts.caps import Caps
from triage.qt.parts.keys import Place, spoken
from triage.qt.parts.marks import MarkLabel
from triage.qt.parts.need import NeedMark

from ..conftest import the_content
from .asking import (
    ask,
    fresh,
    section,
    type_in,
)
from .conftest import Desk

Role, Text = QAccessible.Role, QAccessible.Text
QUESTIONS = the_content().form.questions
KINDS = {question.kind: question for question in reversed(QUESTIONS.values())}


def of(widget: QWidget) -> QAccessibleInterface:
    return QAccessible.queryAccessibleInterface(widget)


def name(heard: QAccessibleInterface) -> str:
    return heard.text(Text.Name)


def within(heard: QAccessibleInterface) -> Iterator[QAccessibleInterface]:
    """Yield all that is heard inside of something."""
    for at in range(heard.childCount()):
        child = heard.child(at)
        if child is not None and not child.state().invisible:
            yield child
            yield from within(child)


def all_of(heard: QAccessibleInterface, role: Role) -> list[QAccessibleInterface]:
    return [part for part in within(heard) if part.role() == role]


def do(heard: QAccessibleInterface, action: str) -> None:
    heard.actionInterface().doAction(action)
    QApplication.processEvents()


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_question_is_a_group_named_by_it_that_says_why(qtbot: QtBot, kind: str) -> None:
    question, session = KINDS[kind], fresh()
    heard = of(ask(qtbot, session, question.id))
    assert heard.role() == Role.Grouping
    assert name(heard) == question.label
    assert question.why in heard.text(Text.Description)


def test_a_finding_is_a_radio_group_of_which_none_is_on_while_it_is_open(qtbot: QtBot) -> None:
    session = fresh()
    group = of(ask(qtbot, session, "tone.clonus"))
    sides = [part for part in within(group) if part.role() == Role.Grouping]
    group = sides[0] if sides else group
    radios = all_of(group, Role.RadioButton)
    assert [name(radio) for radio in radios] == ["Present", "Absent", "Unable"]
    assert [radio.state().checked for radio in radios] == [0, 0, 0]
    assert len({radio.parent().object() for radio in radios}) == 1  # their place is 1 of 3
    do(radios[1], "Press")
    assert Finding(present=False) in dict(session.case).values()
    assert [radio.state().checked for radio in radios] == [0, 1, 0]
    (back,) = all_of(group, Role.Button)
    assert name(back) == "Not examined"
    do(back, "Press")
    assert dict(session.case) == {}
    assert [radio.state().checked for radio in radios] == [0, 0, 0]


def test_the_keys_of_an_answer_are_said_by_its_group(qtbot: QtBot) -> None:
    for name, where in (("sys.cirrhosis", Place.FINDING), ("meds.classes", Place.LIST)):
        session = fresh()
        said = of(ask(qtbot, session, name)).text(Text.Description)
        assert said.startswith(spoken(where))


def test_the_sides_of_a_question_are_groups(qtbot: QtBot) -> None:
    question = next(q for q in QUESTIONS.values() if q.kind == "finding" and q.sided)
    session = fresh()
    group = of(ask(qtbot, session, question.id))
    assert {"Left", "Right"} <= {name(part) for part in all_of(group, Role.Grouping)}


def test_a_sited_list_is_check_boxes_and_its_closing_line_says_what_it_records(
    qtbot: QtBot,
) -> None:
    session = fresh()
    question = next(q for q in QUESTIONS.values() if q.kind == "choices" and q.sided)
    widget = ask(qtbot, session, question.id)
    group = of(widget)
    first = question.options[0]
    box = next(part for part in all_of(group, Role.CheckBox) if name(part) == first.label)
    assert not box.state().checked
    do(box, "Toggle")
    assert box.state().checked
    right = next(p for p in all_of(group, Role.CheckBox) if name(p) == f"{first.label}, right")
    do(right, "Toggle")
    assert session.case[f"{question.id}.{first.id}.right"] == Finding(present=True)
    rest = len(widget.chips) - 1
    closing = of(widget.closing)
    assert closing.role() == Role.Button
    assert name(closing) == f"Nothing else, records {rest} absent"
    do(closing, "Press")
    assert name(closing) == "Nothing else, recorded"
    other = of(widget.chips[question.options[1].id].button)
    assert name(other) == f"{question.options[1].label}, absent"
    assert not other.state().checked


def test_a_list_to_choose_from_is_named_by_its_question_and_its_value_is_the_option(
    qtbot: QtBot,
) -> None:
    session = fresh()
    for question in QUESTIONS.values():
        if question.kind != "choice":
            continue
        widget = make_widget(session, question)
        qtbot.addWidget(widget)
        for combo in all_of(of(widget), Role.ComboBox):
            assert name(combo).startswith(question.label)
            assert "—" not in name(combo)
            assert combo.text(Text.Value) == combo.object().currentText()
            entries = combo.child(0)
            assert entries.parent().object() is combo.object()
            assert entries.childCount() == combo.object().count()


def test_a_field_is_named_by_question_and_unit_and_says_what_it_could_not_read(
    qtbot: QtBot,
) -> None:
    question = next(
        q
        for q in QUESTIONS.values()
        if q.kind == "quantity" and q.unit and not q.units and "(" not in q.label
    )
    session = fresh()
    widget = ask(qtbot, session, question.id)
    field = of(widget.lines[0])
    assert field.role() == Role.EditableText
    assert name(field) == f"{question.label}, in {question.unit}"
    type_in("qwerty")
    widget.lines[0].clearFocus()
    assert field.text(Text.Description).startswith("Not recorded")


def test_a_block_is_a_group_that_opens_and_records(qtbot: QtBot) -> None:
    session = fresh()
    view = section(qtbot, session, "red_flags")
    session.subscribe(lambda changed: QApplication.processEvents())
    row = view.page.widget_of("spine")
    heard = of(row)
    count = len(row.covered)
    assert heard.role() == Role.Grouping
    assert name(heard) == f"{row.block.title}, {count} questions, none answered"
    assert (heard.state().expandable, heard.state().collapsed, heard.state().expanded) == (1, 1, 0)
    actions = heard.actionInterface()
    assert {"open", "record"} <= set(actions.actionNames())
    assert str(count) in actions.localizedActionName("record")
    do(heard, "open")
    assert (heard.state().collapsed, heard.state().expanded) == (0, 1)
    do(heard, "open")
    do(heard, "record")
    assert len(session.case) >= count
    row.refresh()
    assert name(heard) == f"{row.block.title}, {count} questions, {count} answered"


def test_a_grid_is_a_table_whose_cells_say_row_side_and_grade(qtbot: QtBot) -> None:
    session = fresh()
    widget = ask(qtbot, session, "reflex")
    table = of(widget.view)
    assert table.role() == Role.Table
    assert name(table) == QUESTIONS["reflex"].label
    row = QUESTIONS["reflex"].rows[0]
    index = widget.model.index_of(f"reflex.{row.id}.right")
    cell = next(c for c in within(table) if name(c).startswith(f"{row.label}, right"))
    assert name(cell) == f"{row.label}, right: not examined"
    session.set(f"reflex.{row.id}.right", Choice(option="3+"))
    assert name(cell) == f"{row.label}, right: 3+ brisk"
    said = {name(part) for part in within(table) if part.role() == Role.ColumnHeader}
    assert {"Left", "Right"} <= said
    vertical = Qt.Orientation.Vertical
    assert row.label in widget.model.headerData(index.row(), vertical)


def test_signs_and_caps_of_keys_are_not_heard(desk: Desk) -> None:
    signs = [w for w in desk.window.findChildren(QWidget) if isinstance(w, NeedMark | MarkLabel)]
    assert signs
    line = desk.window.findChild(QWidget, "line")
    for sign in (*signs, *line.findChildren(Caps)):
        assert of(sign).state().invisible, sign
        assert not name(of(sign)) or isinstance(sign, Caps)


def test_the_level_is_the_first_heading_of_the_pane(desk: Desk, sample: Case) -> None:
    desk.take(sample)
    QApplication.processEvents()
    panel = desk.window.findChild(QWidget, "panel")
    (heading,) = all_of(of(panel), Role.Heading)
    assert name(heading).lower().startswith(panel.banner.tag.text().lower())
    assert panel.banner.headline.text()[:10] in name(heading)
    level = heading.attributesInterface()
    assert level.attributeValue(QAccessible.Attribute.Level) == 1


def test_a_test_is_an_item_of_a_list_and_is_accepted_through_it(desk: Desk, sample: Case) -> None:
    undecided = {key: value for key, value in sample.items() if not key.startswith("decision.")}
    desk.take(Case(undecided))
    panel = desk.window.findChild(QWidget, "panel")
    panel.focus_page(1)
    QApplication.processEvents()
    lists = [part for part in all_of(of(panel), Role.List) if name(part).startswith("Essential")]
    items = [part for part in within(lists[0]) if part.role() == Role.ListItem]
    item = items[0]
    assert name(item).endswith(", essential, open")
    assert {"accept", "decline", "defer", "why"} <= set(item.actionInterface().actionNames())
    rule = item.object().rule
    do(item, "accept")
    assert desk.session.case[f"decision.{rule}"] == Decision(decision="accept")
    QApplication.processEvents()
    assert name(item).endswith(", essential, accepted")


def test_the_line_is_a_status_and_a_failed_save_an_alert(desk: Desk) -> None:
    line = desk.window.findChild(QWidget, "line")
    assert of(line).role() == Role.StatusBar
    desk.fail("The disk is full.")
    desk.answer(patient__family_name="Specimen")
    desk.heard()
    assert of(line.alarm).role() == Role.AlertMessage
    assert "Not saved" in name(of(line.alarm))
    desk.fail("")


def test_nothing_that_can_be_done_is_without_a_name(desk: Desk, sample: Case) -> None:
    desk.take(sample)
    QApplication.processEvents()
    done = (Role.RadioButton, Role.CheckBox, Role.ComboBox, Role.ListItem)
    found = [part for part in within(of(desk.window)) if part.role() in done]
    assert found
    assert [part.object() for part in found if not name(part)] == []


@pytest.mark.parametrize("page", ["letter", "review"])
def test_nothing_that_can_have_the_focus_is_without_a_name(
    desk: Desk, sample: Case, page: str
) -> None:
    desk.take(sample)
    desk.window.actions_[page].trigger()
    QApplication.processEvents()
    found = [part for part in within(of(desk.window)) if part.state().focusable]
    assert found
    assert [part.object() for part in found if not name(part)] == []
