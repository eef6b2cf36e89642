"""What is recorded shows in front of its question: a red flag, a value to look at again, a contradiction."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from triage.letter.words.said.line import Mark
from triage.model.values import Finding, Unable
from triage.qt.ask.base import QuestionWidget
from triage.qt.ask.note import USUAL, AnswerNote
from triage.qt.parts.colours import DARK, LIGHT, RING_ROOM
from triage.qt.parts.segments import Segment
from triage.qt.parts.theme import Theme
from triage.rules.assess import Assessor

from .asking import press, type_in
from .conftest import Desk

Key = Qt.Key
THERE, NOT_THERE = Finding(present=True), Finding(present=False)


@pytest.fixture
def form(qtbot: QtBot, assessor: Assessor, theme: Theme, tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(assessor, theme, tmp_path, real=True)
    qtbot.addWidget(desk.window)
    desk.window.show()
    qtbot.waitExposed(desk.window)
    desk.window.activateWindow()
    yield desk
    desk.store.close()


def row(desk: Desk, name: str) -> QuestionWidget:
    found = desk.window.questions.page.widget_of(name)
    assert isinstance(found, QuestionWidget)
    return found


def lines(widget: QuestionWidget) -> list[str]:
    return [part.text() for part in widget.findChildren(QLabel) if part.isVisible()]


def at(desk: Desk, name: str, *keys: Key) -> QuestionWidget:
    desk.window.go.go_to(name)
    press(*keys)
    QApplication.processEvents()
    return row(desk, name)


def link_in(label: QLabel) -> QPoint:
    """Return where the mouse meets a link."""
    met: list[str] = []
    label.linkHovered.connect(met.append)
    for y in range(4, label.height(), 4):
        for x in range(4, label.width(), 8):
            QTest.mouseMove(label, QPoint(x, y))
            if met:
                return QPoint(x, y)
    raise AssertionError(f"no link in {label.text()}")


def colours_in(widget: QWidget) -> set[str]:
    image = widget.grab().toImage()
    wide, high = image.width(), image.height()
    return {image.pixelColor(x, y).name() for x in range(wide) for y in range(high)}


def test_a_red_flag_shows_before_its_label_and_says_why(form: Desk) -> None:
    form.session.set("neuro.weakness", THERE)
    asked = at(form, "rf.weight_loss")
    assert asked.sign is Mark.NONE
    assert not asked.label.font().bold()
    press(Key.Key_Y)
    QApplication.processEvents()
    assert asked.sign is Mark.URGENT
    assert asked.label.font().bold()
    (says,) = (text for text in lines(asked) if text.startswith("Weight loss with"))
    assert f"Red flag, urgent: {says}"[:-1] in asked.accessibleDescription()
    # Where the rule found the other half of it as well, in a section that is opened only now.
    assert at(form, "neuro.weakness").sign is Mark.URGENT
    at(form, "rf.weight_loss", Key.Key_N)
    assert asked.sign is Mark.NONE
    assert not asked.label.font().bold()
    assert says not in lines(asked)
    assert "Red flag" not in asked.accessibleDescription()


def test_what_one_rule_says_of_several_answers_is_said_once(form: Desk) -> None:
    form.answer(cramp__present=True, cramp__sites=["forearm.right"], cramp__course="worsening")
    first, second = at(form, "cramp.present"), at(form, "cramp.sites")
    assert first.sign is second.sign is not Mark.NONE
    says = "Frequent or worsening cramps outside the legs"
    assert [sum(text.startswith(says) for text in lines(row)) for row in (first, second)] == [1, 0]


@pytest.mark.parametrize("name", ["cramp.timing", "meds.classes", "neuro.dysphagia"])
def test_a_comment_that_is_not_there_takes_no_room(form: Desk, name: str) -> None:
    asked = at(form, name)
    last = max(
        part.mapTo(asked, QPoint(0, part.height())).y()
        for part in asked.findChildren(Segment)
        if part.isVisible()
    )
    assert asked.height() - last <= 2


def test_a_comment_begins_where_the_buttons_do(form: Desk) -> None:
    asked = at(form, "neuro.weakness", Key.Key_Y)
    at(form, "neuro.weakness", Key.Key_T)
    field, button = QApplication.focusWidget(), asked.findChildren(Segment)[0]
    assert isinstance(field, AnswerNote)
    left = button.mapTo(asked, QPoint()).x() + RING_ROOM
    assert field.mapTo(asked, QPoint()).x() == left


@pytest.mark.parametrize("name", ["neuro.weakness", "gen.dehydrated"])
def test_a_digit_writes_a_usual_reason_of_what_could_not_be_assessed(form: Desk, name: str) -> None:
    person = form.session.form.sections[form.session.form.questions[name].section].person
    at(form, name, Key.Key_U)
    field = QApplication.focusWidget()
    assert isinstance(field, AnswerNote)
    words = USUAL[person]
    offered = f"1 {words[0]} · 2 {words[1]} · 3 {words[2]} · 4 {words[3]}"
    assert offered in lines(row(form, name))
    assert form.window.line.keys.shown[0] == ("1…4", "a usual reason")
    press(Key.Key_2)
    assert form.session.case[name] == Unable(reason=words[1])
    assert offered not in lines(row(form, name))
    # Once something stands there, a digit is a digit.
    press(Key.Key_2)
    assert form.session.case[name] == Unable(reason=f"{words[1]}2")


def test_in_a_comment_a_digit_is_a_digit(form: Desk) -> None:
    at(form, "neuro.weakness", Key.Key_Y)
    at(form, "neuro.weakness", Key.Key_T, Key.Key_2)
    assert form.session.case["neuro.weakness"] == Finding(present=True, text="2")
    assert form.window.line.keys.shown[0] == ("Enter", "on")


def test_who_the_patient_is_is_no_red_flag(form: Desk) -> None:
    form.answer(patient__dob="1940-02-14", neuro__weakness=True, rf__weight_loss=True)
    assert at(form, "patient.dob").sign is Mark.NONE


def test_a_value_to_look_at_again_has_its_flag(form: Desk) -> None:
    form.session.set("rf.neck_surgery_recent", THERE)
    asked = at(form, "rf.neck_surgery_date")
    type_in("14/3/2062")
    press(Key.Key_Return)
    assert asked.sign is Mark.FLAG
    at(form, "rf.neck_surgery_date")
    QApplication.focusWidget().selectAll()  # type: ignore[union-attr]
    type_in("xyz")
    press(Key.Key_Return)
    # Not recorded is another thing, and has its own border.
    assert any(text.startswith("Not recorded") for text in lines(asked))
    assert asked.sign is Mark.NONE


def test_a_contradiction_has_its_sign_on_both_and_a_way_to_the_other(
    form: Desk, theme: Theme
) -> None:
    form.session.set_all({"rf.ivdu_immunosuppressed": NOT_THERE, "meds.classes.calcineurin": THERE})
    asked = at(form, "rf.ivdu_immunosuppressed")
    assert asked.sign is Mark.UNEQUAL
    (line,) = (
        part for part in asked.findChildren(QLabel) if part.isVisible() and "≠" in part.text()
    )
    assert "An immunosuppressant is among the medicines" in line.text()
    there = link_in(line)
    theme.choose("dark")
    try:
        assert DARK.accent in colours_in(line)
        assert LIGHT.accent not in colours_in(line)
    finally:
        theme.choose("")
    QTest.mouseClick(line, Qt.MouseButton.LeftButton, pos=there)
    QApplication.processEvents()
    assert form.window.go.focused == "meds.classes"
    assert row(form, "meds.classes").sign is Mark.UNEQUAL
    chip = next(iter(row(form, "meds.classes").chips.values()))  # type: ignore[attr-defined]
    chip.button.setFocus()
    press(Key.Key_Backspace)
    assert form.window.go.focused == "rf.ivdu_immunosuppressed"
    at(form, "rf.ivdu_immunosuppressed", Key.Key_Delete)
    assert asked.sign is Mark.NONE
    assert not line.isVisible()
