"""The panel as a user reads it and works with it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from triage.letter.words.said.line import counted
from triage.model.case import Case
from triage.model.values import Choice, Decision, Finding, Text, Urgency
from triage.qt.panel.decision_row import ASK_ALL_THE_SAME, DecisionRow
from triage.qt.panel.row import Row
from triage.qt.panel.urgency_dialog import UrgencyDialog
from triage.qt.parts.line import Line

from ..conftest import AT
from .asking import press_button
from .conftest import Desk


def _row(desk: Desk, rule: str) -> DecisionRow:
    tests = desk.window.panel.tests
    rows = (*tests.essential.rows, *tests.helpful.rows)
    row = next(row for row in rows if row.rule == rule)
    row.set_open(True)
    return row


def _open(desk: Desk, page: int) -> None:
    desk.window.panel.tabs.setCurrentIndex(page)
    QApplication.processEvents()


def test_an_empty_case_reassures_nobody_and_suggests_no_test(desk: Desk) -> None:
    banner = desk.window.panel.banner
    assert "Routine" not in banner.headline.text()
    assert banner.headline.text() == "Nothing assessed yet"
    assert not banner.aim.text()
    assert banner.tag.text() == "NOT ENOUGH YET"
    assert "Provisional" in banner.provisional.line.text
    _open(desk, 1)
    assert desk.window.panel.tests.none.isVisible()
    assert desk.window.panel.tests.none.text().startswith("No test is suggested")
    assert not desk.window.panel.tests.essential.rows


def test_the_exits_are_read_before_anything_is_typed(desk: Desk) -> None:
    shown = [line.text for line in desk.window.panel.urgency.exits.shown]
    assert shown == [line.says for line in desk.session.assessment.exits]
    assert desk.window.panel.urgency.exits.isVisible()


def test_a_red_flag_shows_an_emergency_in_plain_words(desk: Desk) -> None:
    desk.answer(rf__breathless_rest=True, neuro__weakness=True)
    banner = desk.window.panel.banner
    assert desk.session.assessment.urgency.level == "emergency"
    assert (banner.tag.text(), banner.when.text()) == ("EMERGENCY", "today")
    assert banner.headline.text().startswith("Phone now: ")
    assert banner.provisional.line.text == "The letter does not replace the call."
    reasons = desk.window.panel.urgency.reasons.shown
    assert reasons
    assert reasons[0].text == desk.session.assessment.urgency.reasons[0].says


def test_undo_takes_the_emergency_back(desk: Desk) -> None:
    desk.answer(rf__breathless_rest=True, neuro__weakness=True)
    desk.window.actions_["undo"].trigger()
    QApplication.processEvents()
    assert desk.window.panel.banner.headline.text() == "Nothing assessed yet"
    assert desk.window.panel.banner.tag.text() == "NOT ENOUGH YET"
    desk.window.actions_["redo"].trigger()
    QApplication.processEvents()
    assert desk.window.panel.banner.tag.text() == "EMERGENCY"


def test_a_click_on_a_reason_goes_to_its_question(qtbot: QtBot, desk: Desk) -> None:
    desk.answer(rf__breathless_rest=True, neuro__weakness=True)
    line = desk.window.panel.urgency.reasons.rows[0].head
    with qtbot.waitSignal(desk.window.panel.question_requested) as caught:
        press_button(qtbot, line)
    assert caught.args == [line.line.keys[0]]
    assert desk.questions.keys == [line.line.keys[0]]
    press_button(qtbot, line)
    assert desk.questions.keys[1] == line.line.keys[1 % len(line.line.keys)]


def test_a_reason_is_reached_by_keyboard(qtbot: QtBot, desk: Desk) -> None:
    desk.answer(rf__breathless_rest=True, neuro__weakness=True)
    line = desk.window.panel.urgency.reasons.rows[0].head
    assert line.focusPolicy() & Qt.FocusPolicy.TabFocus
    line.setFocus()
    qtbot.keyClick(line, Qt.Key.Key_1)
    assert desk.questions.keys == [line.line.why.answers[0]]


def test_a_reason_names_its_source_and_no_id(desk: Desk) -> None:
    desk.answer(rf__breathless_rest=True, neuro__weakness=True)
    reason = desk.session.assessment.urgency.reasons[0]
    line = desk.window.panel.urgency.reasons.rows[0].head
    source = desk.session.content.sources[reason.source[0]]
    assert reason.rule not in line.line.note
    assert source.short in line.line.note
    assert source.citation in line.toolTip()
    assert line.accessibleName() == reason.says


def test_what_could_not_be_excluded_names_what_is_missing(qtbot: QtBot, desk: Desk) -> None:
    desk.answer(neuro__weakness=True)
    shown = desk.window.panel.urgency.not_excluded.rows
    assert shown
    assert all("missing: " in row.line.note for row in shown)
    press_button(qtbot, shown[0].head)
    assert desk.questions.keys[0] not in desk.session.case


def test_what_would_change_the_advice_leads_to_an_unanswered_question(
    qtbot: QtBot, desk: Desk
) -> None:
    desk.answer(neuro__weakness=True)
    for row in desk.window.panel.urgency.changes.rows:
        press_button(qtbot, row.head)
    assert desk.questions.keys
    assert not [key for key in desk.questions.keys if key in desk.session.case]


def test_accept_decline_and_defer_are_recorded(qtbot: QtBot, desk: Desk, sample: Case) -> None:
    desk.take(sample)
    _open(desk, 1)
    rule = "t_mg"
    desk.session.decide(rule, None)
    desk.window.panel.show_assessment()
    row = _row(desk, rule)
    press_button(qtbot, row.buttons["accept"])
    assert desk.session.case[f"decision.{rule}"] == Decision(decision="accept")
    assert row.buttons["accept"].isChecked()
    press_button(qtbot, row.buttons["defer"])
    assert desk.session.case[f"decision.{rule}"] == Decision(decision="defer")
    assert not row.buttons["accept"].isChecked()
    press_button(qtbot, row.buttons["defer"])
    assert f"decision.{rule}" not in desk.session.case


def test_declining_asks_for_a_reason_in_place(qtbot: QtBot, desk: Desk, sample: Case) -> None:
    desk.take(sample)
    _open(desk, 1)
    row = _row(desk, "t_mg")
    desk.session.decide("t_mg", None)
    assert not row.reason.isVisible()
    press_button(qtbot, row.buttons["decline"])
    assert row.reason.isVisible()
    qtbot.keyClicks(row.reason, "done in March")
    wanted = Decision(decision="decline", reason="done in March")
    assert desk.session.case["decision.t_mg"] == wanted
    assert row.reason.text() == "done in March"


def test_the_reason_of_one_stay_is_undone_in_one_step(
    qtbot: QtBot, desk: Desk, sample: Case
) -> None:
    desk.take(sample)
    _open(desk, 1)
    row = _row(desk, "t_mg")
    before = desk.session.case["decision.t_mg"]
    press_button(qtbot, row.buttons["decline"])
    qtbot.keyClicks(row.reason, "done")
    desk.session.undo()
    assert desk.session.case["decision.t_mg"] == before


def test_a_same_day_test_is_not_declined_without_a_reason(qtbot: QtBot, desk: Desk) -> None:
    desk.answer(rf__dark_urine=True, neuro__weakness=True, rf__breathless_rest=True)
    assert desk.session.assessment.urgency.level == "emergency"
    _open(desk, 1)
    now = [
        t.id for t in desk.session.assessment.investigations if t.timing == "now" and t.indicated
    ]
    row = _row(desk, now[0])
    press_button(qtbot, row.buttons["decline"])
    assert f"decision.{now[0]}" not in desk.session.case
    qtbot.keyClicks(row.reason, " ")
    assert f"decision.{now[0]}" not in desk.session.case
    qtbot.keyClicks(row.reason, "in hospital already")
    decision = desk.session.case[f"decision.{now[0]}"]
    assert decision == Decision(decision="decline", reason=" in hospital already")


def test_the_differential_says_that_rank_is_no_probability(desk: Desk, sample: Case) -> None:
    desk.take(sample)
    _open(desk, 2)
    view = desk.window.panel.differential
    assert "not a probability" in view.note.text()
    shown = [row for group in view.groups.values() for row in group.rows]
    assert shown
    texts = [line.line.text + line.line.note for line in view.findChildren(Line)]
    assert not any("%" in text for text in texts)


def test_a_condition_opens_to_what_speaks_for_it(qtbot: QtBot, desk: Desk, sample: Case) -> None:
    desk.take(sample)
    _open(desk, 2)
    row = desk.window.panel.differential.groups["well_supported"].rows[0]
    assert not row.features.isVisible()
    press_button(qtbot, row.head)
    assert row.features.isVisible()
    first = next(c for c in desk.session.assessment.conditions if c.support == "well_supported")
    assert row.features.shown[0].text == first.for_[0].says
    press_button(qtbot, row.features.widgets[0])
    assert desk.questions.keys


def test_what_is_not_indicated_stands_with_reason_and_what_to_do_first(
    desk: Desk, sample: Case
) -> None:
    desk.take(sample)
    _open(desk, 1)
    found = [t for t in desk.session.assessment.investigations if t.status == "not_indicated"]
    rows = desk.window.panel.tests.not_indicated.rows
    assert [row.line.text for row in rows] == [test.name for test in found]
    for test, row in zip(found, rows, strict=True):
        assert row.line.strong
        assert row.line.note == f"Do this first: {test.instead}"


DIABETIC = {
    "sys__diabetes": "type2",
    "neuro__numbness_tingling": True,
    "neuro__sensory_distribution": "feet_symmetric",
    "neuro__weakness": False,
    "cramp__course": "stable",
}


def _advised_against(desk: Desk, rule: str) -> DecisionRow:
    desk.answer(**DIABETIC)
    _open(desk, 1)
    row = next(r for r in desk.window.panel.tests.not_indicated.rows if r.rule == rule)
    row.set_open(True)
    return row


def test_advice_against_a_test_names_its_rule_and_stands_above_the_helpful(desk: Desk) -> None:
    row = _advised_against(desk, "t_ncs")
    assert row.why is not None
    assert desk.session.content.sources["nhs-scotland-ncs"].short in row.why.text()
    assert "D05" not in row.why.text()
    tests = desk.window.panel.tests
    assert tests.not_indicated.y() < tests.helpful.y()
    shown = [choice for choice, button in row.buttons.items() if button.isVisible()]
    assert shown == ["accept"]
    assert row.buttons["accept"].text() == ASK_ALL_THE_SAME


def test_what_is_said_of_one_test_is_not_said_again_of_the_next(desk: Desk) -> None:
    _advised_against(desk, "t_ncs")
    rows = {r.rule: r for r in desk.window.panel.tests.not_indicated.rows}
    assert rows["t_ncs"].line.note.startswith("Do this first: Treat it as diabetic")
    rows["t_emg"].set_open(True)
    assert rows["t_emg"].why.text().startswith("As for Nerve conduction studies.")


def test_a_test_is_asked_for_all_the_same_only_with_a_reason(qtbot: QtBot, desk: Desk) -> None:
    row = _advised_against(desk, "t_ncs")
    press_button(qtbot, row.buttons["accept"])
    assert row.reason.isVisible()
    assert row.reason.hasFocus()
    assert "decision.t_ncs" not in desk.session.case
    qtbot.keyClicks(row.reason, "  ")
    assert "decision.t_ncs" not in desk.session.case
    qtbot.keyClicks(row.reason, "litigation")
    wanted = Decision(decision="accept", reason="  litigation")
    assert desk.session.case["decision.t_ncs"] == wanted
    assert "although not indicated on what is recorded: Litigation." in " ".join(
        desk.letters.plain_text().split()
    )
    row.reason.selectAll()
    qtbot.keyClick(row.reason, Qt.Key.Key_Delete)
    assert "decision.t_ncs" not in desk.session.case
    assert row.reason.isVisible()


def test_what_was_accepted_before_and_is_not_indicated_now_asks_for_a_reason(
    qtbot: QtBot, desk: Desk
) -> None:
    desk.session.decide("t_ncs", Decision(decision="accept"))
    row = _advised_against(desk, "t_ncs")
    assert row.buttons["accept"].isChecked()
    assert row.line.note == "A reason is needed: the letter prints it."
    press_button(qtbot, row.buttons["accept"])
    assert "decision.t_ncs" not in desk.session.case


def test_a_decision_of_before_is_taken_back_where_it_is_not_indicated(
    qtbot: QtBot, desk: Desk
) -> None:
    desk.session.decide("t_ncs", Decision(decision="decline", reason="done"))
    row = _advised_against(desk, "t_ncs")
    assert row.buttons["decline"].isVisible()
    assert not row.reason.isVisible()
    press_button(qtbot, row.buttons["decline"])
    assert "decision.t_ncs" not in desk.session.case
    assert not row.buttons["decline"].isVisible()


def test_advice_is_asked_for_instead_with_one_press(qtbot: QtBot, desk: Desk) -> None:
    row = _advised_against(desk, "t_ncs")
    press_button(qtbot, row.advice)
    assert desk.session.case["referrer.ask"] == Choice(option="advice_only")
    assert row.advice.isChecked()
    press_button(qtbot, row.advice)
    assert "referrer.ask" not in desk.session.case


def test_several_changes_of_one_event_are_shown_once(qtbot: QtBot, desk: Desk) -> None:
    shown: list[None] = []
    desk.window.panel.assessment_shown.connect(lambda: shown.append(None))
    desk.session.set("rf.breathless_rest", Finding(present=True))
    desk.session.set("neuro.weakness", Finding(present=True))
    desk.session.set("rf.dark_urine", Finding(present=True))
    QApplication.processEvents()
    assert len(shown) == 1


def test_lines_that_say_what_they_said_are_left_alone(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.answer(rf__breathless_rest=True)
    QApplication.processEvents()
    reasons = desk.window.panel.urgency.reasons
    assert reasons.rows
    touched: list[str] = []
    monkeypatch.setattr(Row, "set_line", lambda _, line: touched.append(line.text))
    desk.session.set("patient.gender", Text(text="man"))
    QApplication.processEvents()
    assert not set(touched) & {line.text for line in reasons.shown}


def test_the_panel_is_updated_in_place(desk: Desk, sample: Case) -> None:
    desk.take(sample)
    panel = desk.window.panel
    before = set(panel.findChildren(Line))
    desk.session.set("neuro.weakness", None)
    QApplication.processEvents()
    desk.session.undo()
    QApplication.processEvents()
    assert before <= set(panel.findChildren(Line))


def test_a_plan_option_can_be_accepted(qtbot: QtBot, desk: Desk, sample: Case) -> None:
    desk.take(sample)
    _open(desk, 3)
    row = (*desk.window.panel.plan.consider.rows, *desk.window.panel.plan.check_first.rows)[0]
    row.set_open(True)
    press_button(qtbot, row.buttons["accept"])
    assert desk.session.case[f"decision.{row.rule}"] == Decision(decision="accept")


def test_cautions_for_a_study_are_left_out_where_the_study_is_not_indicated(desk: Desk) -> None:
    desk.answer(insp__foot_drop=True, neuro__leg_radiating_pain=True, meds__classes=["doac"])
    _open(desk, 3)
    safety = desk.window.panel.plan.safety
    assert "anticoagulant" in safety.rows[0].line.text
    desk.answer(rf__saddle_numbness=True, rf__bladder_bowel_sexual=True)
    assert desk.session.level == "emergency"
    assert not safety.rows


def test_a_child_gets_no_advice(desk: Desk) -> None:
    desk.answer(patient__dob="2015-01-01", rf__breathless_rest=True)
    banner = desk.window.panel.banner
    assert banner.headline.text() == "Outside the scope of this form"
    assert banner.tag.text() == "NO LEVEL"
    assert not desk.window.panel.urgency.reasons.isVisible()
    assert not desk.window.panel.urgency.who.isVisible()


def test_the_red_flags_of_a_child_are_listed_and_lead_to_their_questions(
    qtbot: QtBot, desk: Desk
) -> None:
    desk.answer(patient__dob="2015-01-01", rf__breathless_rest=True, rf__fever=False)
    assert desk.window.panel.banner.aim.text().startswith(
        "Red flags recorded: breathlessness at rest."
    )
    (row,) = desk.window.panel.urgency.alarms.rows
    press_button(qtbot, row.head)
    assert desk.questions.keys == ["rf.breathless_rest"]


def test_the_head_says_what_the_rule_asks_for_and_the_referral_in_its_own_sentence(
    desk: Desk,
) -> None:
    desk.answer(patient__age=66, **{"ix.k": 2.8})
    banner = desk.window.panel.banner
    assert (banner.tag.text(), banner.when.text()) == ("URGENT", "today")
    flag = desk.session.content.rules[desk.session.assessment.urgency.act.rule]
    assert banner.headline.text() == flag.says
    assert banner.aim.text() == f"{flag.do[0].upper()}{flag.do[1:]} No referral suggested."


def test_the_head_is_as_high_whatever_it_says(desk: Desk, sample: Case) -> None:
    banner = desk.window.panel.banner
    heights = {banner.height()}
    for given in ({"rf__breathless_rest": True}, {"neuro__weakness": True}):
        desk.answer(**given)
        heights.add(banner.height())
    desk.take(sample)
    heights.add(banner.height())
    desk.session.set("case.urgency", Urgency(level="soon", reason="seen " * 60))
    QApplication.processEvents()
    heights.add(banner.height())
    assert len(heights) == 1
    assert 108 <= banner.height() <= 122
    assert banner.aim.text().startswith("Set by the clinician (suggested: ")
    # What is said has the line of what is missing, while nothing is.
    assert banner.provisional.isHidden()
    assert len(banner.headline.shown) + len(banner.aim.shown) == 4
    for key in (key for key in sample if key.startswith("rf.")):
        desk.session.set(key, None)
    QApplication.processEvents()
    assert not banner.provisional.isHidden()
    assert len(banner.headline.shown) + len(banner.aim.shown) == 3
    assert {banner.height()} == heights
    assert banner.aim.shown[-1].endswith("…")
    assert banner.aim.toolTip() == banner.aim.text()


def test_a_long_headline_takes_a_second_line_and_is_not_cut(desk: Desk, sample: Case) -> None:
    desk.take(sample)
    banner, window = desk.window.panel.banner, desk.window
    height = banner.height()
    window.actions_["zoom_in"].trigger()
    for _ in range(3):
        window.actions_["zoom_in"].trigger()
    QApplication.processEvents()
    assert "".join(banner.headline.shown).replace(" ", "") == banner.headline.text().replace(
        " ", ""
    )
    assert len(banner.headline.shown) == 2
    window.actions_["zoom_reset"].trigger()
    QApplication.processEvents()
    assert " ".join(banner.headline.shown) == banner.headline.text()
    assert banner.height() == height


def test_a_change_of_the_level_is_announced_and_presses_where_it_rises(desk: Desk) -> None:
    told: list[tuple[str, bool]] = []
    desk.window.panel.banner.announced.connect(lambda text, rises: told.append((text, rises)))
    desk.answer(neuro__dysarthria=True)
    desk.answer(rf__breathless_rest=True, neuro__weakness=True)
    desk.session.undo()
    QApplication.processEvents()
    (first, rose), (second, rose_more), (third, fell) = told
    assert first.startswith("Urgent, within 2 weeks. ")
    assert first.endswith(" Was not enough yet.")
    assert second.startswith("Emergency, today. Phone now: ")
    assert second.endswith(" Was urgent.")
    assert third.endswith(" Was emergency.")
    assert (rose, rose_more, fell) == (True, True, False)
    desk.session.set("sys.thyroid", None)
    QApplication.processEvents()
    assert len(told) == 3


def test_an_emergency_is_said_in_the_line_until_it_is_none(qtbot: QtBot, desk: Desk) -> None:
    window, at = desk.window, f"{AT.astimezone():%H:%M}"
    desk.session.set("rf.breathless_rest", Finding(present=True))
    says = "breathless at rest or lying flat with possible neuromuscular weakness"
    # As answers of quick entry are: what they say of themselves does not hide it.
    desk.session.set("neuro.weakness", Finding(present=True))
    window.messages.info("Recorded: loss of strength.")
    qtbot.waitUntil(lambda: window.line.text.startswith("Emergency"))
    assert window.line.text == f"Emergency since {at}: {says}. Phone first, type later."
    assert desk.told[-1] == ("error", window.line.text)
    # It stays while the form is filled in.
    desk.answer(gen__hr=[{"value": 80}])
    assert window.line.text.startswith("Emergency since ")
    desk.session.set("neuro.weakness", None)
    desk.session.set("rf.breathless_rest", None)
    qtbot.waitUntil(lambda: window.line.text == "No longer an emergency.")


def test_who_the_findings_ask_for_is_told_with_its_trail(qtbot: QtBot, desk: Desk) -> None:
    desk.answer(neuro__dysarthria=True)
    who = desk.window.panel.urgency.who
    assert who.isVisible()
    line = who.rows[0].head
    assert line.line.text == "Neurology"
    press_button(qtbot, line)
    assert desk.questions.keys == ["neuro.dysarthria"]


def test_a_child_s_level_is_set_by_the_clinician_alone(qtbot: QtBot, desk: Desk) -> None:
    desk.answer(patient__dob="2015-01-01")
    dialog = UrgencyDialog(desk.session)
    qtbot.addWidget(dialog)
    assert dialog.level is None
    assert not dialog.act.isEnabled()
    qtbot.mouseClick(dialog.choices["urgent"], Qt.MouseButton.LeftButton)
    assert dialog.act.isEnabled()
    press_button(qtbot, dialog.act)
    assert desk.session.case["case.urgency"] == Urgency(level="urgent", reason="")


def test_every_control_of_the_panel_has_a_name(desk: Desk, sample: Case) -> None:
    desk.take(sample)
    for page in range(4):
        _open(desk, page)
        for widget in desk.window.panel.findChildren(QAbstractButton):
            if widget.isVisible() and widget.focusPolicy() != Qt.FocusPolicy.NoFocus:
                assert widget.accessibleName() or widget.text()
        for field in desk.window.panel.findChildren(QLineEdit):
            assert field.accessibleName() or not field.isVisible()


def test_essential_tests_are_decided_at_one_key(qtbot: QtBot, desk: Desk) -> None:
    desk.answer(neuro__weakness=True)
    _open(desk, 1)
    tests = desk.window.panel.tests
    essential = [row.rule for row in tests.essential.rows]
    assert essential
    desk.session.decide(essential[0], Decision(decision="decline", reason="done"))
    desk.window.actions_["accept_essential"].trigger()
    QApplication.processEvents()
    decided = {rule: desk.session.case[f"decision.{rule}"].decision for rule in essential}
    assert decided == {rule: "decline" if n == 0 else "accept" for n, rule in enumerate(essential)}
    assert not tests.accept_all.isVisible()
    many = counted(len(essential) - 1, "essential test")
    assert desk.told[-1] == ("info", f"Accepted: {many}. Ctrl+Z takes it back.")
    desk.window.actions_["accept_essential"].trigger()
    assert desk.told[-1] == ("advice", "No essential test is open to decide.")
    desk.session.undo()
    QApplication.processEvents()
    assert tests.accept_all.text() == f"Accept all {len(essential) - 1} open"
    press_button(qtbot, tests.leave_rest)
    assert {desk.session.case[f"decision.{rule}"].decision for rule in essential[1:]} == {"defer"}
    assert desk.told[-1] == ("info", f"Left out of this letter: {many}. Ctrl+Z takes it back.")
