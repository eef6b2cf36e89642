"""The same fact twice, as the user meets it: listed with both answers, marked in the sections, settled or removed."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QImage, QPainter
from PySide6.QtWidgets import QApplication, QLabel, QStyleOptionViewItem
from pytestqt.qtbot import QtBot

from tests.rules.test_contradictions import WARFARIN
from triage.letter.words.said.line import Mark
from triage.model.values import Choice, Decision, Finding
from triage.qt.ask.block import BlockRow
from triage.qt.ask.questions import QuestionWidget
from triage.qt.panel.contradictions import ContradictionRow
from triage.qt.parts.theme import Theme
from triage.qt.program import Program
from triage.qt.window import MainWindow
from triage.rules.assess import Assessor
from triage.session.draft import DraftStore
from triage.settings import Settings

from ..conftest import AT, answers, case_from


class Clinic:
    """A whole window on a real store."""

    def __init__(self, window: MainWindow) -> None:
        self.window = window
        self.session = window.session

    def record(self, **given: object) -> None:
        case = case_from(answers(**given))
        self.session.set_all({key: value for key, value in case.items() if key != "case.date"})
        QApplication.processEvents()

    def rows(self) -> tuple[ContradictionRow, ...]:
        return self.window.panel.urgency.contradictions.rows

    def in_words(self, section: str) -> str:
        rail = self.window.rail
        index = rail.model.index(rail.sections.index(section))
        return str(index.data(Qt.ItemDataRole.AccessibleTextRole))


@pytest.fixture
def clinic(qtbot: QtBot, assessor: Assessor, theme: Theme, tmp_path: Path) -> Iterator[Clinic]:
    store = DraftStore(tmp_path, b"k" * 32, lambda: AT)
    program = Program(assessor, store, Settings(), theme, lambda: AT)
    window = program.new_window()
    window.resize(1280, 720)
    qtbot.waitExposed(window)
    yield Clinic(window)
    for each in list(program.windows):
        each.close()
    QApplication.processEvents()
    store.close()


def test_a_contradiction_shows_both_answers_and_each_leads_to_its_question(
    qtbot: QtBot, clinic: Clinic
) -> None:
    clinic.record(**WARFARIN, emg__anticoagulant="none")
    (row,) = clinic.rows()
    assert row.line.line.mark is Mark.UNEQUAL
    assert "stops the issue of a letter" in row.line.line.note
    shown = row.answers.widgets
    assert [line.line.text for line in shown] == ["no anticoagulant", "medicines: Warfarin"]
    for line, question in zip(shown, ("emg.anticoagulant", "meds.list"), strict=True):
        qtbot.mouseClick(line, Qt.MouseButton.LeftButton)
        QApplication.processEvents()
        focused = QApplication.focusWidget()
        while focused is not None and not isinstance(focused, QuestionWidget):
            focused = focused.parentWidget()
        assert focused is not None
        assert focused.question.id == question


def test_the_reason_is_typed_in_place_and_settles_it(qtbot: QtBot, clinic: Clinic) -> None:
    clinic.record(**WARFARIN, emg__anticoagulant="none")
    (row,) = clinic.rows()
    row.reason.setFocus()
    qtbot.keyClicks(row.reason, "Stopped on Monday")
    QApplication.processEvents()
    said = Decision(decision="accept", reason="Stopped on Monday")
    assert clinic.session.case["decision.K01"] == said
    assert "settled" in row.line.line.note
    assert row.reason.text() == "Stopped on Monday"
    assert row.reason.hasFocus()
    clinic.session.undo()
    QApplication.processEvents()
    assert "decision.K01" not in clinic.session.case
    assert row.reason.text() == ""
    assert "stops the issue" in row.line.line.note


def test_a_long_reason_is_kept_whole(qtbot: QtBot, clinic: Clinic) -> None:
    clinic.record(**WARFARIN, emg__anticoagulant="none")
    (row,) = clinic.rows()
    reason = "Stopped on Monday, as the clinic wrote. " * 40 + "Restarts on Friday."
    row.reason.setText(reason)
    QApplication.processEvents()
    assert clinic.session.case["decision.K01"] == Decision(decision="accept", reason=reason)
    assert row.reason.text() == reason


def test_a_reason_that_is_taken_back_stops_the_issue_again(qtbot: QtBot, clinic: Clinic) -> None:
    clinic.record(**WARFARIN, emg__anticoagulant="none")
    (row,) = clinic.rows()
    row.reason.setFocus()
    qtbot.keyClicks(row.reason, "x")
    qtbot.keyClick(row.reason, Qt.Key.Key_Backspace)
    QApplication.processEvents()
    assert "decision.K01" not in clinic.session.case
    assert clinic.session.assessment.contradictions[0].stops_issue


def test_a_leftover_is_removed_by_its_button(qtbot: QtBot, clinic: Clinic) -> None:
    clinic.record(cramp__urge_to_move=False, cramp__urge_relieved_by_moving=True)
    (row,) = clinic.rows()
    assert row.remove.isVisible()
    assert not row.reason.isVisible()
    assert "stops nothing" in row.line.line.note
    row.remove.setFocus()
    qtbot.keyClick(row.remove, Qt.Key.Key_Space)
    QApplication.processEvents()
    assert clinic.rows() == ()
    assert "cramp.urge_relieved_by_moving" not in clinic.session.case


def test_the_row_of_a_contradiction_that_went_shows_the_next_one(
    clinic: Clinic, qtbot: QtBot
) -> None:
    group = clinic.window.panel.urgency.contradictions
    clinic.record(**WARFARIN)
    qtbot.wait(100)
    # It is there before the key that needs it.
    (spare,) = group.findChildren(ContradictionRow)
    assert spare.isHidden()
    clinic.record(emg__anticoagulant="none")
    assert clinic.rows() == (spare,)
    qtbot.wait(100)
    made = len(group.findChildren(ContradictionRow))
    clinic.record(emg__anticoagulant="warfarin")
    assert clinic.rows() == ()
    clinic.record(cramp__urge_to_move=False, cramp__urge_relieved_by_moving=True)
    (row,) = clinic.rows()
    assert row.shown != "K01"
    assert len(group.findChildren(ContradictionRow)) == made


def test_both_questions_say_what_they_cannot_stand_beside(clinic: Clinic) -> None:
    clinic.record(**WARFARIN, emg__anticoagulant="none")
    for name in ("emg.anticoagulant", "meds.list"):
        clinic.window.questions.go_to(name)
        QApplication.processEvents()
        widget = clinic.window.questions.page.widget_of(name)
        assert isinstance(widget, QuestionWidget)
        said = [w.text() for w in widget.findChildren(QLabel) if w.isVisible()]
        assert any(text.startswith("≠ An anticoagulant is among the medicines") for text in said)
    clinic.session.set("emg.anticoagulant", Choice(option="warfarin"))
    QApplication.processEvents()
    clinic.window.questions.go_to("emg.anticoagulant")
    QApplication.processEvents()
    assert not [w for w in widget.findChildren(QLabel) if w.isVisible() and "≠" in w.text()]


def test_beside_its_title_a_section_says_how_far_it_is_and_what_is_odd(clinic: Clinic) -> None:
    questions = clinic.window.questions
    questions.show_section("red_flags")
    rows = clinic.window.rail.path.progress()
    row = next(row for row in rows if row.section == "red_flags")
    assert row.all > 3
    count = questions.page.count
    assert count.isVisible()
    assert count.text() == f"{row.done} of {row.all} answered"
    blocks = clinic.session.form.blocks
    block = next(
        step for step in clinic.window.rail.path.open_in("red_flags") if step.name in blocks
    )
    for question in clinic.session.form.in_block(block.name):
        clinic.session.set(question.id, Finding(present=False))
    QApplication.processEvents()
    assert count.text() == f"{row.done + 1} of {row.all} answered"
    clinic.record(**WARFARIN, emg__anticoagulant="none")
    questions.show_section("safety")
    QApplication.processEvents()
    assert questions.page.count.text().endswith("answered · 1 contradiction")
    clinic.record(patient__weight_kg="720 kg")
    questions.show_section("patient")
    QApplication.processEvents()
    assert questions.page.count.text().endswith(" · 1 value to check")
    assert questions.page.count.x() > questions.page.width() // 2


def test_the_sections_say_where_contradictions_and_odd_values_stand(clinic: Clinic) -> None:
    assert "contradiction" not in clinic.in_words("safety")
    clinic.record(**WARFARIN, emg__anticoagulant="none", patient__weight_kg="720 kg")
    assert clinic.in_words("safety").endswith(", 1 contradiction")
    assert clinic.in_words("general").endswith(", 1 contradiction")
    assert clinic.in_words("patient").endswith(", 1 value to check")
    clinic.record(patient__height_cm=17)
    assert clinic.in_words("patient").endswith(", 2 values to check")


def test_the_rail_draws_its_mark_and_keeps_the_title_in_view(clinic: Clinic) -> None:
    rail = clinic.window.rail
    index = rail.model.index(rail.sections.index("general"))
    before = rail.grab().toImage()
    clinic.record(**WARFARIN, emg__anticoagulant="none")
    assert rail.grab().toImage() != before
    heights = [
        rail.list.visualRect(rail.model.index(n)).height() for n in range(len(rail.sections))
    ]
    assert rail.list.visualRect(index).height() >= min(heights)
    assert sum(heights) <= rail.list.viewport().height()


def test_no_number_in_the_rail_is_cut_by_a_sign_however_large_the_text(
    clinic: Clinic, theme: Theme
) -> None:
    rail = clinic.window.rail
    clinic.record(**WARFARIN, emg__anticoagulant="none", patient__height_cm=17)
    delegate, index = rail.list.itemDelegate(), rail.model.index(0)
    try:
        for zoom in (100, 200):
            theme.set_zoom(zoom)
            rail.set_compact(False)
            option = QStyleOptionViewItem()
            option.initFrom(rail.list)
            option.widget = rail.list
            option.rect = QRect(0, 0, 400, 80)
            image = QImage(option.rect.size(), QImage.Format.Format_RGB32)
            # From right to left: a count, the sign of a level, and the sign of what is odd, each with its own room.
            lefts = []
            for change in ({"done": 12, "all": 13}, {"flag": "urgent"}, {"checks": 12}):
                row = rail.model.rows[0]._replace(
                    done=0, all=0, flag=None, checks=0, contradictions=0, title=""
                )
                rail.model._rows = (row._replace(**change),)
                image.fill(QColor("white"))
                painter = QPainter(image)
                delegate.paint(painter, option, index)
                painter.end()
                inked = [
                    x
                    for x in range(60 * zoom // 100, 400)
                    if any(image.pixelColor(x, y).lightness() < 200 for y in range(80))
                ]
                lefts.append((min(inked), max(inked)))
            assert all(a[0] > b[1] for a, b in pairwise(lefts)), (zoom, lefts)
            smaller = QFont(option.font)
            smaller.setPointSizeF(smaller.pointSizeF() - 1)
            whole = QFontMetrics(smaller).horizontalAdvance("12/13")
            assert lefts[0][1] - lefts[0][0] > whole * 0.9
    finally:
        theme.set_zoom(100)


def test_an_odd_value_is_listed_and_leads_to_its_field(qtbot: QtBot, clinic: Clinic) -> None:
    clinic.record(patient__weight_kg="720 kg")
    (row,) = clinic.window.panel.urgency.checks.rows
    line = row.head
    assert line.line.mark is Mark.FLAG
    assert line.line.text.startswith("Weight: 720 kg is outside what can be")
    qtbot.mouseClick(line, Qt.MouseButton.LeftButton)
    QApplication.processEvents()
    assert clinic.window.questions.section == "patient"


def test_one_key_over_a_block_says_what_it_left_out(qtbot: QtBot, clinic: Clinic) -> None:
    clinic.record(**WARFARIN, neuro__weakness=True)
    clinic.window.questions.show_section("safety")
    QApplication.processEvents()
    block = clinic.window.questions.page.widget_of("strip")
    assert isinstance(block, BlockRow)
    qtbot.mouseClick(block.answer, Qt.MouseButton.LeftButton)
    QApplication.processEvents()
    assert "emg.anticoagulant" not in clinic.session.case
    assert clinic.session.case["emg.icd"] == Finding(present=False, block=True)
    said = "Left out: anticoagulant (medicines: Warfarin)."
    assert said in block.names.text()
    assert said in block.answer.accessibleDescription()
    clinic.session.set("emg.anticoagulant", Choice(option="warfarin"))
    QApplication.processEvents()
    assert "Left out" not in block.names.text()


def test_closing_a_list_says_what_it_left_out(qtbot: QtBot, clinic: Clinic) -> None:
    clinic.record(**WARFARIN)
    clinic.window.questions.go_to("meds.classes")
    QApplication.processEvents()
    widget = clinic.window.questions.page.widget_of("meds.classes")
    assert isinstance(widget, QuestionWidget)
    closing = widget.closing  # type: ignore[attr-defined]
    qtbot.mouseClick(closing, Qt.MouseButton.LeftButton)
    QApplication.processEvents()
    assert widget.message == "Left out: warfarin (medicines: Warfarin)."
    assert closing.isChecked()
    assert clinic.session.assessment.contradictions == ()


def test_what_stands_against_issuing_leads_to_the_answer(qtbot: QtBot, clinic: Clinic) -> None:
    clinic.record(**WARFARIN, emg__anticoagulant="none")
    clinic.record(cramp__present=True)
    clinic.window.actions_["letter"].trigger()
    QApplication.processEvents()
    lines = clinic.window.letter.problems.lines.widgets
    line = next(w for w in lines if "An anticoagulant is among the medicines" in w.line.text)
    qtbot.mouseClick(line, Qt.MouseButton.LeftButton)
    QApplication.processEvents()
    assert clinic.window.questions.section == "safety"


def test_a_contradiction_keeps_its_row_when_another_comes_before_it(clinic: Clinic) -> None:
    """Nothing moves from row to row: who types a reason types on, and only what is new is placed."""
    clinic.record(cramp__sites__calf=False, cramp__sites__calf__left=True)
    old = {row.shown: row for row in clinic.rows()}
    clinic.record(**WARFARIN, emg__anticoagulant="none")
    new = clinic.rows()
    assert len(new) > len(old)
    assert all(row is old[row.shown] for row in new if row.shown in old)
    layout = clinic.window.panel.urgency.contradictions.layout()
    assert layout is not None
    assert [layout.indexOf(row) for row in new] == [n + 1 for n in range(len(new))]
    assert [row.shown for row in new] == [
        found.id for found in clinic.session.assessment.contradictions
    ]
