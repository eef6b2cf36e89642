"""The assessment by keyboard: which key does what on a line, and that nothing moves that was not moved."""

from __future__ import annotations

import re
from html import escape

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from triage.content.form import DECISION, URGENCY
from triage.model.case import Case
from triage.model.values import Decision, Finding, Text, Urgency
from triage.qt.navigator import NO_EMERGENCY
from triage.qt.panel.decision_row import NEEDED, USUAL, DecisionRow
from triage.qt.panel.resting import RestingDialog
from triage.qt.panel.row import FRESH_MS, Row, is_still
from triage.qt.parts.line import Line
from triage.qt.parts.segments import Segment
from triage.session.progress import Path

from .asking import hold
from .conftest import Desk

Key = Qt.Key
SHIFT, CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
PLAIN = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def tests_page(desk: Desk, sample: Case) -> Desk:
    """A case of which no test is decided, the first line of the tests in focus."""
    desk.take(sample.with_({key: None for key in sample if key.startswith(f"{DECISION}t_")}))
    desk.window.activateWindow()
    press(desk, Key.Key_2, CONTROL)
    return desk


def press(desk: Desk, key: Key, held: Qt.KeyboardModifier = PLAIN) -> None:
    QTest.keyClick(desk.window.windowHandle(), key, held)
    QApplication.processEvents()


def rows(desk: Desk) -> tuple[DecisionRow, ...]:
    page = desk.window.panel.tests
    return (*page.essential.rows, *page.not_indicated.rows, *page.helpful.rows)


def focused(desk: Desk) -> QWidget:
    found = QApplication.focusWidget()
    assert found is not None
    assert desk.window.panel.isAncestorOf(found)
    return found


def decided(desk: Desk, row: DecisionRow) -> Decision | None:
    value = desk.session.case.get(f"{DECISION}{row.rule}")
    assert value is None or isinstance(value, Decision)
    return value


def place(widget: QWidget) -> QRect:
    return QRect(widget.mapToGlobal(QPoint()), widget.size())


# -- moving ------------------------------------------------------------------------------------------


def test_control_and_a_digit_lead_to_the_first_line_and_arrows_go_on(tests_page: Desk) -> None:
    desk = tests_page
    first, second = rows(desk)[:2]
    assert focused(desk) is first.head
    press(desk, Key.Key_Down)
    assert focused(desk) is second.head
    press(desk, Key.Key_Up)
    press(desk, Key.Key_Up)
    assert focused(desk) is first.head
    assert not any(decided(desk, row) for row in rows(desk))


def test_left_and_right_go_to_the_page_beside_and_its_first_line(tests_page: Desk) -> None:
    desk = tests_page
    press(desk, Key.Key_Right)
    assert desk.window.panel.tabs.currentIndex() == 2
    assert isinstance(focused(desk), Line)
    press(desk, Key.Key_Left)
    press(desk, Key.Key_Left)
    assert desk.window.panel.tabs.currentIndex() == 0
    press(desk, Key.Key_Left)
    assert desk.window.panel.tabs.currentIndex() == 3


def test_tab_goes_through_the_pane_as_one_reads_and_stays_in_it(tests_page: Desk) -> None:
    desk = tests_page
    panel = desk.window.panel
    panel.banner.set_urgency.setFocus()
    seen: list[QWidget] = [panel.banner.set_urgency]
    for _ in range(60):
        press(desk, Key.Key_Tab)
        if focused(desk) is seen[0]:
            break
        seen.append(focused(desk))
    lines = [row.head for row in rows(desk)]
    assert seen[1:4] == [panel.tabs, panel.tests.accept_all, panel.tests.leave_rest]
    assert [widget for widget in seen if isinstance(widget, Line)] == lines[:1]


def test_the_lines_of_a_page_are_one_stop_at_the_last_one(tests_page: Desk) -> None:
    desk = tests_page
    press(desk, Key.Key_Down)
    press(desk, Key.Key_Down)
    third = focused(desk)
    assert third is rows(desk)[2].head
    for key, held in ((Key.Key_Tab, PLAIN), (Key.Key_Backtab, SHIFT)):
        press(desk, key, held)
        while focused(desk) is not third:
            assert not isinstance(focused(desk), Line)
            press(desk, key, held)


def test_tab_from_a_reason_leaves_the_lines_and_back_leads_to_its_own(tests_page: Desk) -> None:
    desk = tests_page
    row = rows(desk)[1]
    press(desk, Key.Key_Down)
    press(desk, Key.Key_D)
    assert focused(desk) is row.reason
    press(desk, Key.Key_Backtab, SHIFT)
    assert focused(desk) is row.head
    press(desk, Key.Key_D)
    press(desk, Key.Key_Tab)
    assert not isinstance(focused(desk), Line)


def test_escape_leads_back_to_the_form(tests_page: Desk) -> None:
    press(tests_page, Key.Key_Escape)
    assert not tests_page.window.panel.isAncestorOf(QApplication.focusWidget())


# -- deciding ----------------------------------------------------------------------------------------


def test_a_key_decides_and_goes_on_to_the_next_line(tests_page: Desk) -> None:
    desk = tests_page
    first, second, third = rows(desk)[:3]
    press(desk, Key.Key_A)
    assert decided(desk, first) == Decision(decision="accept")
    assert (first.line.aside, focused(desk)) == ("accepted", second.head)
    press(desk, Key.Key_L)
    assert decided(desk, second) == Decision(decision="defer")
    assert (second.line.aside, focused(desk)) == ("later", third.head)
    press(desk, Key.Key_Up)
    press(desk, Key.Key_Delete)
    assert decided(desk, second) is None
    assert (second.line.aside, focused(desk)) == ("open", second.head)


def test_a_key_that_is_held_decides_one_test(tests_page: Desk) -> None:
    desk = tests_page
    hold(Key.Key_A, "a")
    assert [decided(desk, row) is not None for row in rows(desk)].count(True) == 1


def test_shift_and_a_accept_what_is_essential_and_open(tests_page: Desk) -> None:
    desk = tests_page
    press(desk, Key.Key_L)
    press(desk, Key.Key_A, SHIFT)
    essential = desk.window.panel.tests.essential.rows
    assert [row.line.aside for row in essential] == ["later"] + ["accepted"] * (len(essential) - 1)
    assert not any(decided(desk, row) for row in desk.window.panel.tests.helpful.rows)
    desk.session.undo()
    QApplication.processEvents()
    assert [row.line.aside for row in essential[1:]] == ["open"] * (len(essential) - 1)


def test_declining_asks_for_a_reason_that_a_digit_gives(tests_page: Desk) -> None:
    desk = tests_page
    first, second = rows(desk)[:2]
    press(desk, Key.Key_D)
    assert focused(desk) is first.reason
    assert first.line.aside == "declining: why?"
    assert decided(desk, first) is None
    press(desk, Key.Key_Return)
    assert desk.told[-1] == ("advice", NEEDED)
    assert focused(desk) is first.reason
    press(desk, Key.Key_1)
    assert first.reason.text() == USUAL[0]
    QTest.keyClicks(first.reason, " in 1999")
    press(desk, Key.Key_Return)
    assert decided(desk, first) == Decision(decision="decline", reason="done already in 1999")
    assert first.line.note == "Not asked for: done already in 1999"
    assert focused(desk) is second.head


@pytest.mark.parametrize("before", [None, Decision(decision="accept")])
def test_escape_leaves_a_reason_and_what_was_decided_before(
    tests_page: Desk, before: Decision | None
) -> None:
    desk = tests_page
    first = rows(desk)[0]
    desk.session.decide(first.rule, before)
    press(desk, Key.Key_D)
    QTest.keyClicks(first.reason, "not so")
    press(desk, Key.Key_Escape)
    assert decided(desk, first) == before
    assert focused(desk) is first.head


def test_a_helpful_test_is_declined_without_a_reason(tests_page: Desk) -> None:
    desk = tests_page
    row = desk.window.panel.tests.helpful.rows[0]
    row.head.setFocus()
    press(desk, Key.Key_D)
    press(desk, Key.Key_Return)
    assert decided(desk, row) == Decision(decision="decline")


def test_the_line_says_the_keys_of_a_reason(tests_page: Desk) -> None:
    desk = tests_page
    press(desk, Key.Key_D)
    assert desk.window.line.keys.shown == (
        ("1…4", "a usual reason"),
        ("Enter", "done"),
        ("Esc", "leave it as it was"),
        ("F1", "all keys"),
    )
    assert [part.text() for part in rows(desk)[0]._usual.findChildren(Segment)] == [*USUAL]
    press(desk, Key.Key_2)
    press(desk, Key.Key_Return)
    assert decided(desk, rows(desk)[0]) == Decision(decision="decline", reason=USUAL[1])


def test_undo_of_a_decision_says_which_and_goes_to_its_line(tests_page: Desk) -> None:
    desk = tests_page
    first, second = rows(desk)[:2]
    name = first._shown.name
    press(desk, Key.Key_A)
    press(desk, Key.Key_L)
    desk.window.go.go_to("sys.cirrhosis")
    undo = desk.window.actions_["undo"]
    press(desk, Key.Key_Z, CONTROL)
    assert decided(desk, second) is None
    assert focused(desk) is second.head
    press(desk, Key.Key_Escape)
    desk.window.steps.name(undo, desk.window.actions_["redo"])
    assert undo.text().replace("&", "") == f"Undo: the decision on {name}".replace("&", "")
    press(desk, Key.Key_Z, CONTROL)
    assert desk.told[-1][1] == f"Taken back: the decision on {name}. Ctrl+Shift+Z brings it back."
    assert focused(desk) is first.head
    press(desk, Key.Key_A, SHIFT)
    count = sum(decided(desk, row) is not None for row in rows(desk))
    press(desk, Key.Key_Z, CONTROL)
    says = f"Taken back: the decision on {name}, and {count - 1} more. "
    assert desk.told[-1][1].startswith(says)


def test_undo_of_the_level_of_urgency_says_so(tests_page: Desk) -> None:
    desk = tests_page
    desk.session.set(URGENCY, Urgency(level="emergency", reason="as told"))
    press(desk, Key.Key_Z, CONTROL)
    assert any(says.startswith("Taken back: the level of urgency. ") for _, says in desk.told)
    assert desk.window.panel.tabs.currentIndex() == 0


def test_space_and_enter_decide_nothing(tests_page: Desk) -> None:
    desk = tests_page
    for key in (Key.Key_Space, Key.Key_Return, Key.Key_Enter, Key.Key_Space):
        press(desk, key)
    assert not any(decided(desk, row) for row in rows(desk))


def test_a_read_only_case_is_read_and_not_decided(tests_page: Desk) -> None:
    desk = tests_page
    desk.session.read_only = True
    for key in (Key.Key_A, Key.Key_D, Key.Key_L, Key.Key_Delete):
        press(desk, key)
    assert not any(decided(desk, row) for row in rows(desk))
    assert not isinstance(focused(desk), QLineEdit)


# -- why ---------------------------------------------------------------------------------------------


def test_a_line_says_why_and_leads_to_its_answers_and_source(tests_page: Desk) -> None:
    desk = tests_page
    row = rows(desk)[0]
    assert row.is_open
    assert row.why is not None
    assert row.why.isVisible()
    told = desk.session.assessment.investigations
    test = next(test for test in told if test.id == row.rule)
    citation = desk.session.content.sources[test.reasons[0].source[0]].citation
    assert citation not in row.why.text()
    press(desk, Key.Key_S)
    assert escape(citation) in row.why.text()
    press(desk, Key.Key_2)
    assert desk.questions.keys == [row.why.keys[1]]


def test_w_folds_the_reason_and_unfolds_it(tests_page: Desk) -> None:
    desk = tests_page
    row = rows(desk)[0]
    for key in (Key.Key_W, Key.Key_Return):
        press(desk, key)
        assert row.why is not None
        assert row.why.isVisible() is (key == Key.Key_Return)


def test_every_line_of_the_urgency_page_explains_itself(desk: Desk) -> None:
    desk.answer(neuro__weakness=True, neuro__dysarthria=True)
    desk.window.activateWindow()
    press(desk, Key.Key_1, CONTROL)
    page = desk.window.panel.urgency
    found = [*page.reasons.rows, *page.who.rows, *page.not_excluded.rows, *page.changes.rows]
    assert len(found) > 3
    for row in found:
        row.head.setFocus()
        assert row.is_open
        assert row.why is not None
        assert row.why.keys
        assert sum(other.is_open for other in found) == 1


def test_enter_on_a_line_that_explains_nothing_goes_where_it_leads(desk: Desk) -> None:
    desk.answer(patient__weight_kg="720 kg")
    desk.window.activateWindow()
    (row,) = desk.window.panel.urgency.checks.rows
    row.head.setFocus()
    press(desk, Key.Key_Return)
    assert desk.questions.keys == ["patient.weight_kg"]


def test_no_id_of_a_rule_is_on_the_screen(desk: Desk, sample: Case) -> None:
    desk.take(sample)
    # Some ids are words, as "weakness" is.
    ids = {name for name in desk.session.content.rules if re.search(r"[\d_.]", name)}
    for page in range(4):
        desk.window.panel.tabs.setCurrentIndex(page)
        for row in desk.window.panel.findChildren(Row):
            row.set_open(True)
            said = [
                row.line.text,
                row.line.note,
                re.sub("<[^>]+>", " ", row.why.text() if row.why else ""),
            ]
            words = {word for text in said for word in re.findall(r"[\w.]+", text)}
            assert words & ids == set()
        for line in desk.window.panel.findChildren(Line):
            assert not set(re.findall(r"[\w.]+", line.line.note)) & ids


# -- nothing moves -------------------------------------------------------------------------------------


def test_nothing_moves_while_a_test_is_decided(tests_page: Desk) -> None:
    desk = tests_page
    first = rows(desk)[0]
    parts = [desk.window.panel.banner, desk.window.panel.tabs, *(row for row in rows(desk))]
    before = [place(part) for part in parts]
    for key in (Key.Key_Delete, Key.Key_D, Key.Key_1, Key.Key_Escape, Key.Key_W, Key.Key_W):
        press(desk, key)
        assert [place(part) for part in parts] == before, key
    desk.session.decide(first.rule, Decision(decision="decline", reason="done"))
    QApplication.processEvents()
    assert [place(part) for part in parts] == before


def test_opening_a_line_moves_nothing_above_it(tests_page: Desk) -> None:
    desk = tests_page
    press(desk, Key.Key_Down)
    first, second, third = rows(desk)[:3]
    above = place(first), place(second).topLeft()
    press(desk, Key.Key_W)
    press(desk, Key.Key_W)
    assert (place(first), place(second).topLeft()) == above
    here = place(third).topLeft()
    QTest.mouseClick(third.head, Qt.MouseButton.LeftButton)
    QApplication.processEvents()
    assert third.is_open
    assert place(third).topLeft() == here


def test_a_change_of_the_level_moves_nothing_below_the_head(desk: Desk) -> None:
    before = place(desk.window.panel.tabs)
    desk.answer(rf__breathless_rest=True, neuro__weakness=True)
    assert place(desk.window.panel.tabs) == before


# -- what just changed ---------------------------------------------------------------------------------


def test_what_just_changed_is_marked_for_a_moment(desk: Desk) -> None:
    desk.answer(neuro__dysarthria=True)
    reasons = desk.window.panel.urgency.reasons
    reasons._timer.timeout.emit()
    assert reasons._timer.interval() == FRESH_MS
    reasons._timer.setInterval(300)
    desk.session.set("rf.breathless_rest", Finding(present=True))
    QApplication.processEvents()
    fresh = {row.line.text: row.is_fresh for row in reasons.rows}
    assert True in fresh.values()
    assert [text for text, is_fresh in fresh.items() if not is_fresh]
    QTest.qWait(500)
    assert not any(row.is_fresh for row in reasons.rows)


def test_where_less_motion_is_wanted_the_mark_stays_until_the_next_edit(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not is_still()
    monkeypatch.setattr("triage.qt.panel.row.is_still", lambda: True)
    reasons = desk.window.panel.urgency.reasons
    reasons._timer.setInterval(50)
    desk.answer(neuro__dysarthria=True)
    QTest.qWait(200)
    assert [row.is_fresh for row in reasons.rows] == [True] * len(reasons.rows) != []
    desk.session.set("patient.family_name", Text(text="SPECIMEN"))
    QTest.qWait(50)
    assert not any(row.is_fresh for row in reasons.rows)


def test_a_page_that_was_out_of_sight_is_not_marked(desk: Desk) -> None:
    desk.answer(neuro__weakness=True)
    desk.window.panel.tabs.setCurrentIndex(1)
    QApplication.processEvents()
    assert rows(desk)
    assert not any(row.is_fresh for row in rows(desk))


# -- what rests on an answer -----------------------------------------------------------------------------


def test_a_key_tells_what_rests_on_the_question_in_focus(desk: Desk) -> None:
    desk.window.activateWindow()
    desk.window.go.go_to("rf.breathless_rest")
    press(desk, Key.Key_Period, CONTROL)
    (dialog,) = desk.window.findChildren(RestingDialog)
    assert dialog.summary.text().endswith("rest on this answer.")
    shown = [line.text for group in dialog.groups for line in group.lines.shown]
    flags = desk.session.assessor.resting.on("rf.breathless_rest").flags
    assert shown[: len(flags)] == [flag.whole for flag in flags]


# -- an emergency ----------------------------------------------------------------------------------------


@pytest.fixture
def emergency(desk: Desk) -> Desk:
    desk.answer(rf__breathless_rest=True, neuro__weakness=True)
    assert desk.session.level == "emergency"
    desk.window.activateWindow()
    return desk


def test_in_an_emergency_the_call_stands_above_everything(emergency: Desk) -> None:
    page = emergency.window.panel.urgency
    parts = [page.call, page.reasons, page.measure, page.wait]
    tops = [place(part).top() for part in parts]
    assert tops == sorted(tops)
    assert all(part.isVisible() for part in parts)
    assert not page.exits_head.isVisible()


def test_a_key_leads_to_the_call_and_what_is_typed_is_recorded(emergency: Desk) -> None:
    desk = emergency
    press(desk, Key.Key_E, CONTROL)
    call = desk.session.content.urgency.call
    fields = desk.window.panel.urgency.call.fields
    assert focused(desk) is fields[call.who]
    QTest.keyClicks(focused(desk), "Dr A, ward 9")
    press(desk, Key.Key_Return)
    assert focused(desk) is fields[call.when]
    QTest.keyClicks(focused(desk), "11:20")
    assert desk.session.case[call.who] == Text(text="Dr A, ward 9")
    assert desk.session.case[call.when] == Text(text="11:20")
    desk.session.undo()
    QApplication.processEvents()
    assert fields[call.when].text() == ""


def test_what_is_to_be_measured_now_leads_to_where_the_value_is_recorded(emergency: Desk) -> None:
    page = emergency.window.panel.urgency
    now = [t.name for t in emergency.session.assessment.investigations if t.timing == "now"]
    shown = page.measure.rows
    assert [row.line.text for row in shown if row.line.text not in now] == []
    assert shown
    keyed = [row for row in shown if row.line.keys]
    assert keyed
    keyed[0].head.click()
    assert emergency.questions.keys == [keyed[0].line.keys[0]]


def test_what_can_wait_is_counted_and_not_of_the_safety_set(emergency: Desk) -> None:
    path = Path(emergency.session)
    (line,) = emergency.window.panel.urgency.wait.shown
    assert line.text.startswith(f"{len(path.waiting())} questions: ")
    assert not any(question.safety for question in path.waiting())


def test_without_an_emergency_there_is_no_call(desk: Desk) -> None:
    desk.window.activateWindow()
    press(desk, Key.Key_E, CONTROL)
    assert desk.told[-1] == ("advice", NO_EMERGENCY)
    assert not desk.window.panel.urgency.call.isVisible()


def test_a_line_is_named_with_its_tier_and_its_state(tests_page: Desk) -> None:
    desk = tests_page
    page = desk.window.panel.tests
    first = page.essential.rows[0]
    assert first.head.accessibleName() == f"{first.line.text}, essential, open"
    press(desk, Key.Key_A)
    assert first.head.accessibleName() == f"{first.line.text}, essential, accepted"
    helpful = page.helpful.rows[0]
    assert helpful.head.accessibleName() == f"{helpful.line.text}, helpful, open"


# -- two columns -----------------------------------------------------------------------------------------


def test_where_there_is_room_the_urgency_has_a_column_of_its_own(tests_page: Desk) -> None:
    desk, panel = tests_page, tests_page.window.panel
    panel.urgency.reasons.rows[0].set_open(False)
    desk.window.resize(1920, 1000)
    QApplication.processEvents()
    assert panel.is_wide
    assert panel.urgency.isVisible()
    assert panel.tests.isVisible()
    assert not panel.tabs.isTabVisible(0)
    assert place(panel.urgency).right() <= place(panel.tabs).left() + 4
    assert panel.urgency.reasons.shown
    press(desk, Key.Key_1, CONTROL)
    assert panel.urgency.isAncestorOf(focused(desk))
    assert panel.tests.isVisible()
    press(desk, Key.Key_Down)
    assert panel.urgency.isAncestorOf(focused(desk))
    press(desk, Key.Key_Right)
    assert focused(desk) is rows(desk)[0].head
    press(desk, Key.Key_A)
    assert decided(desk, rows(desk)[0]) == Decision(decision="accept")
    press(desk, Key.Key_Left)
    assert panel.urgency.isAncestorOf(focused(desk))
    desk.window.resize(1280, 720)
    QApplication.processEvents()
    assert not panel.is_wide
    assert panel.tabs.isTabVisible(0)
    press(desk, Key.Key_1, CONTROL)
    assert panel.tabs.currentIndex() == 0
    assert panel.urgency.isAncestorOf(focused(desk))
    assert not panel.tests.isVisible()


def test_the_letter_beside_the_form_takes_the_second_column(tests_page: Desk) -> None:
    desk, panel = tests_page, tests_page.window.panel
    desk.window.resize(1920, 1000)
    QApplication.processEvents()
    assert panel.is_wide
    desk.window.actions_["beside"].trigger()
    QApplication.processEvents()
    assert not panel.is_wide
    assert desk.window.beside.isVisible()
    assert panel.tests.isVisible()
    desk.window.actions_["beside"].trigger()
    QApplication.processEvents()
    assert panel.is_wide
