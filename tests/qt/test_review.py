"""The review as a user goes through it: each line leads there, Backspace returns, and tests are decided on it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from triage.content.form import DECISION
from triage.model.case import Case
from triage.model.values import Decision
from triage.qt.panel.review import ReviewPage
from triage.qt.parts.inputs import TypedLine
from triage.qt.parts.line import Line
from triage.qt.window import MainWindow
from triage.session.review import Reviewer

from .conftest import Desk

Key = Qt.Key
CONTROL, PLAIN = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.NoModifier
ALT = Qt.KeyboardModifier.AltModifier


def press(desk: Desk, key: Key, held: Qt.KeyboardModifier = PLAIN) -> None:
    QTest.keyClick(desk.window.windowHandle(), key, held)
    QApplication.processEvents()


@pytest.fixture
def page(desk: Desk, sample: Case) -> ReviewPage:
    """The review of a case without a birth date, of which no test is decided."""
    gone = {key: None for key in sample if key.startswith(f"{DECISION}t_")}
    desk.take(sample.with_({**gone, "patient.dob": None}))
    desk.window.activateWindow()
    press(desk, Key.Key_R, CONTROL)
    return desk.window.review


def focused(page: ReviewPage) -> Line:
    found = QApplication.focusWidget()
    assert isinstance(found, Line)
    assert page.isAncestorOf(found)
    return found


def test_it_shows_what_the_reviewer_says_and_the_first_line_has_the_focus(
    desk: Desk, page: ReviewPage
) -> None:
    review = Reviewer(desk.session, desk.letters).review()
    assert page.isVisible()
    assert page.head.text() == review.head
    for view, chapter in zip(page.chapters, review.chapters, strict=True):
        assert view.title.text() == chapter.title
        assert view.lines.shown == chapter.lines
    assert focused(page).line == review.stops.lines[0]
    assert desk.window.panel.isVisible()


def test_enter_leads_to_the_question_and_backspace_returns_to_the_line(
    desk: Desk, page: ReviewPage
) -> None:
    line = page.chapters[0].lines.widgets[0]
    press(desk, Key.Key_Down)
    press(desk, Key.Key_Up)
    assert focused(page) is line
    press(desk, Key.Key_Return)
    assert desk.questions.keys == [line.line.keys[0]]
    assert not page.isVisible()
    press(desk, Key.Key_Backspace)
    assert page.isVisible()
    assert focused(page) is line


def test_backspace_records_and_moves_nothing_where_one_did_not_come_from_the_review(
    desk: Desk,
) -> None:
    desk.window.activateWindow()
    before = desk.session.history.n
    press(desk, Key.Key_Backspace)
    assert not desk.window.review.isVisible()
    assert desk.session.history.n == before


def test_arrows_go_over_all_lines_that_lead_somewhere(desk: Desk, page: ReviewPage) -> None:
    seen = [focused(page)]
    for _ in range(80):
        press(desk, Key.Key_Down)
        if focused(page) is seen[-1]:
            break
        seen.append(focused(page))
    heads = [row.head for row in page.decisions.rows]
    assert heads
    assert [line for line in seen if line in heads] == heads
    last = page.chapters[-1].lines.widgets[-1]
    assert seen[-1] is last
    assert (
        page._area.viewport()
        .rect()
        .contains(last.mapTo(page._area.viewport(), last.rect().center()))
    )
    press(desk, Key.Key_Home)
    assert focused(page) is seen[0]
    press(desk, Key.Key_End)
    assert focused(page) is last


def test_a_test_is_decided_on_the_page(desk: Desk, page: ReviewPage) -> None:
    first, second = page.decisions.rows[:2]
    first.head.setFocus()
    press(desk, Key.Key_A)
    assert desk.session.case[f"{DECISION}{first.rule}"] == Decision(decision="accept")
    assert focused(page) is second.head
    press(desk, Key.Key_D)
    press(desk, Key.Key_2)
    press(desk, Key.Key_Return)
    wanted = Decision(decision="decline", reason="not available here")
    assert desk.session.case[f"{DECISION}{second.rule}"] == wanted


def test_the_line_of_undecided_tests_leads_to_the_first_of_them(
    desk: Desk, page: ReviewPage
) -> None:
    line = next(w for w in page.chapters[0].lines.widgets if "not decided" in w.line.text)
    line.setFocus()
    press(desk, Key.Key_Return)
    assert focused(page) is page.decisions.rows[0].head


def test_escape_leads_to_the_form_and_the_letter_is_one_key_away(
    desk: Desk, page: ReviewPage
) -> None:
    press(desk, Key.Key_Escape)
    assert not page.isVisible()
    assert desk.questions.isVisible()
    press(desk, Key.Key_R, CONTROL)
    page.letter.click()
    assert desk.window.letter.isVisible()


def test_it_follows_the_case_while_it_is_in_view(desk: Desk, page: ReviewPage) -> None:
    before = len(page.chapters[0].lines.shown)
    desk.answer(patient__dob="1966-02-14")
    assert len(page.chapters[0].lines.shown) == before - 1


def test_review_is_one(desk: Desk) -> None:
    titles = [row.title for row in desk.window.rail.model.rows]
    assert "Review" not in titles
    assert desk.window.rail.review.text() == "Review"


def test_backspace_in_a_field_is_text(desk: Desk, page: ReviewPage) -> None:
    page.decisions.rows[0].head.setFocus()
    press(desk, Key.Key_D)
    field = page.decisions.rows[0].reason
    assert field.hasFocus()
    QTest.keyClicks(field, "dones")
    press(desk, Key.Key_Backspace)
    assert field.text() == "done"
    assert page.isVisible()


@pytest.mark.parametrize("key", [Key.Key_R, Key.Key_L])
def test_enter_on_the_section_that_is_marked_shows_it_in_place_of_review_and_letter(
    desk: Desk, key: Qt.Key
) -> None:
    desk.window.activateWindow()
    press(desk, key, CONTROL)
    desk.window.rail.list.setFocus()
    press(desk, Key.Key_Return)
    seen = QApplication.focusWidget()
    assert seen is not None
    assert seen.isVisible()
    assert not desk.window.review.isVisible()


def test_backspace_returns_from_a_field_in_which_nothing_was_typed(window: MainWindow) -> None:
    window.go.show_review()
    page = window.review
    line = next(w for w in page.chapters[0].lines.widgets if w.line.keys == ("patient.dob",))

    def field() -> TypedLine:
        line.setFocus()
        QTest.keyClick(line, Key.Key_Return)
        found = window.focusWidget()
        assert isinstance(found, TypedLine)
        assert not page.isVisible()
        return found

    QTest.keyClick(field(), Key.Key_Backspace)
    assert page.isVisible()
    # What was typed there is taken away, and then nobody is sent off.
    typed = field()
    QTest.keyClicks(typed, "14")
    for _ in range(4):
        QTest.keyClick(typed, Key.Key_Backspace)
    assert typed.text() == ""
    assert typed.hasFocus()
    # Where there is text Alt and the arrow lead back, and take nothing away.
    QTest.keyClicks(typed, "14 Feb 1966")
    QTest.keyClick(typed, Key.Key_Left, ALT)
    assert page.isVisible()
    assert "patient.dob" in window.session.case
