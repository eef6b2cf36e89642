"""What stands in a field is recorded, or the field says that it is not: without a single key."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt
from PySide6.QtGui import (
    QAccessible,
    QContextMenuEvent,
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QInputMethodEvent,
    QKeySequence,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLineEdit,
    QListView,
    QMenu,
    QPlainTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from triage.content.raw import LONGEST_TEXT
from triage.model.case import Case
from triage.model.dates import PartialDate
from triage.model.values import Choice, Date, Decision, Finding, Quantity, Text, Unable
from triage.qt.ask.block import BlockRow
from triage.qt.ask.note import AnswerNote
from triage.qt.ask.questions import QuestionWidget, make_widget
from triage.qt.parts.inputs import TOO_LONG, Combo, GrowingText, TypedLine
from triage.qt.parts.segments import Segment

from ..conftest import the_content
from .asking import (
    ask,
    fresh,
    section,
    type_in,
)
from .conftest import Desk

QUESTIONS = the_content().form.questions
# What a field of each kind can read.
WORDS = {"quantity": "3", "date": "2024", "result": "4.1", "text": "words", "table": "2024"}


def say(field: QWidget, text: str) -> None:
    """Set the text of a field as dictation and screen readers do."""
    QAccessible.queryAccessibleInterface(field).setText(QAccessible.Text.Value, text)
    QApplication.processEvents()


def act(widget: QWidget, name: str) -> None:
    """Do to a widget what assistive technology can do to it: Toggle what has two ways, Press any other."""
    action = QAccessible.queryAccessibleInterface(widget).actionInterface()
    name = name if name in action.actionNames() else "Press"
    assert name in action.actionNames()
    action.doAction(name)
    if isinstance(widget, QAbstractButton):
        # Qt shows the button down for a moment before it clicks.
        while widget.isDown():
            QTest.qWait(5)
    QApplication.processEvents()


def select(view_of: QComboBox | QListView, row: int) -> None:
    """Select an entry as assistive technology does: selected, not made the current one."""
    view = view_of.view() if isinstance(view_of, QComboBox) else view_of
    listed = QAccessible.queryAccessibleInterface(view)
    listed.selectionInterface().select(listed.child(row))
    QApplication.processEvents()


def drop(field: QWidget, text: str) -> None:
    """Drop a text on a field."""
    dragged = QMimeData()
    dragged.setText(text)
    target = field.viewport() if isinstance(field, QPlainTextEdit) else field
    middle = QPointF(target.rect().center())
    where = (Qt.DropAction.CopyAction, dragged, Qt.MouseButton.LeftButton)
    none = Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(target, QDragEnterEvent(middle, *where, none))
    QApplication.sendEvent(target, QDropEvent(middle, *where, none))


def paste(field: QWidget, text: str) -> None:
    """Put a text in the place of what a field holds, through the clipboard."""
    QGuiApplication.clipboard().setText(text)
    QTest.keySequence(field, QKeySequence.StandardKey.SelectAll)
    QTest.keySequence(field, QKeySequence.StandardKey.Paste)


# -- every question of the form -------------------------------------------------------------------


def lines_of(widget: QuestionWidget) -> Iterator[TypedLine | GrowingText]:
    for part in widget.findChildren(QWidget):
        if isinstance(part, TypedLine | GrowingText) and part.isVisible():
            yield part


def open_rows(widget: QuestionWidget) -> None:
    """Bring the fields of a table or a result into sight."""
    add, rows = getattr(widget, "add", None), getattr(widget, "rows", ())
    if add is not None and not rows:
        add.click()
    for row in getattr(widget, "rows", ()):
        if getattr(row, "more", None) is not None:
            row.more.click()


@pytest.mark.parametrize("kind", sorted(WORDS))
def test_a_text_that_is_set_in_any_line_of_the_form_is_recorded(qtbot: QtBot, kind: str) -> None:
    asked = [q for q in QUESTIONS.values() if q.kind == kind]
    assert asked
    for question in asked:
        session = fresh()
        widget = ask(qtbot, session, question.id)
        open_rows(widget)
        for line in list(lines_of(widget)):
            before = session.history.n
            # Focus elsewhere: dictation speaks to a field that may not have it.
            widget.setFocus()
            say(line, WORDS[kind])
            assert session.history.n > before or widget.message, (
                question.id,
                line.accessibleName(),
            )
        assert question.kind != "text" or session.case.get(question.id) == Text(text=WORDS[kind])
        widget.close()


PRESSED = ("sys.cirrhosis", "tone.clonus", "cramp.course", "tone.spasticity")


@pytest.mark.parametrize(
    ("action", "names"),
    [
        # A press takes a tenth of a second each.
        ("Press", PRESSED),
        ("Toggle", [q.id for q in QUESTIONS.values() if q.kind == "finding"]),
        ("Toggle", [q.id for q in QUESTIONS.values() if q.kind == "choice"]),
        ("Toggle", [q.id for q in QUESTIONS.values() if q.kind == "choices"]),
    ],
    ids=["pressed", "findings", "choices", "lists"],
)
def test_every_button_shows_what_is_recorded_however_it_is_pressed(
    qtbot: QtBot, action: str, names: list[str]
) -> None:
    for question in [QUESTIONS[name] for name in names]:
        session = fresh()
        # Beside the one that is pressed stands another, which only follows the session.
        widget, other = make_widget(session, question), make_widget(session, question)
        for made in (widget, other):
            qtbot.addWidget(made)
            session.subscribe(lambda changed, made=made: made.refresh())
        for button in widget.findChildren(Segment):
            act(button, action)
            assert shown(widget) == shown(other), (question.id, button.caption)
        assert shown(widget) == shown_anew(qtbot, session, question.id), question.id
        if not isinstance(getattr(widget, "controls", (None,))[0], QComboBox):
            assert session.history.n > 0, question.id
        widget.close()


def shown(widget: QuestionWidget) -> list[tuple[str, bool]]:
    return [(b.accessibleName(), b.isChecked()) for b in widget.findChildren(Segment)]


def shown_anew(qtbot: QtBot, session: object, name: str) -> list[tuple[str, bool]]:
    """Return what a widget shows that was made for the session as it stands."""
    widget = make_widget(session, QUESTIONS[name])  # type: ignore[arg-type]
    qtbot.addWidget(widget)
    found = shown(widget)
    widget.close()
    return found


@pytest.mark.parametrize("how", ["select", "setCurrentIndex"])
def test_an_entry_that_is_selected_in_any_list_is_recorded(qtbot: QtBot, how: str) -> None:
    kinds = set()
    for question in QUESTIONS.values():
        session = fresh()
        widget = ask(qtbot, session, question.id) if question.kind in _LISTED else None
        if widget is None:
            continue
        open_rows(widget)
        for combo in widget.findChildren(Combo):
            if combo.itemData(0) == combo.itemText(0) or "when taken" in combo.accessibleName():
                continue  # a unit, or a time, without a result
            before = session.history.n
            last = combo.count() - 1
            if how == "select":
                select(combo, last)
            else:
                combo.setCurrentIndex(last)
            assert session.history.n > before, (question.id, combo.accessibleName())
            assert combo.currentIndex() == last
            kinds.add(question.kind)
        widget.close()
    assert kinds == {"choice", "result", "table"}


_LISTED = ("choice", "result", "table")


# -- one of each, with the right value ------------------------------------------------------------


def test_what_is_dictated_means_the_same_as_what_is_typed(qtbot: QtBot) -> None:
    session = fresh()
    say(ask(qtbot, session, "patient.family_name").field, "Specimen")
    say(ask(qtbot, session, "patient.dob").line, "14/3/1968")
    say(ask(qtbot, session, "patient.age").lines[0], "58")
    say(ask(qtbot, session, "ix.ck").rows[0].value, "450")
    say(ask(qtbot, session, "patient.address").field, "1 Example Road\nTestford")
    case = session.case
    assert case["patient.family_name"] == Text(text="Specimen")
    assert case["patient.dob"] == Date(date=PartialDate(year=1968, month=3, day=14))
    age = case["patient.age"]
    assert isinstance(age, Quantity)
    assert age.value == 58
    assert case["ix.ck"].items[0].value == Decimal(450)
    assert case["patient.address"] == Text(text="1 Example Road\nTestford")


def test_a_cell_a_note_and_a_reason_that_are_dictated_are_recorded(qtbot: QtBot) -> None:
    session = fresh({"tone.clonus": {"state": "unable"}, "sys.cancer": True})
    meds = ask(qtbot, session, "meds.list")
    open_rows(meds)
    say(meds.rows[0].fields["name"], "Warfarin")
    say(meds.rows[0].fields["since"], "3/2024")
    assert dict(session.case["meds.list"].rows[0].cells) == {"name": "Warfarin", "since": "2024-03"}
    say(ask(qtbot, session, "tone.clonus").controls[0].note, "in plaster")
    assert session.case["tone.clonus"] == Unable(reason="in plaster")
    say(ask(qtbot, session, "sys.cancer").controls[0].note, "breast, 2019")
    assert session.case["sys.cancer"] == Finding(present=True, text="breast, 2019")
    view = section(qtbot, session, "exam")
    say(view.page.note, "cold room")
    assert session.case["note.exam"] == Text(text="cold room")


def test_text_is_inserted_deleted_and_replaced_word_by_word(qtbot: QtBot) -> None:
    session = fresh()
    field = ask(qtbot, session, "referrer.working_diagnosis").field
    editable = QAccessible.queryAccessibleInterface(field).editableTextInterface()
    editable.insertText(0, "cramp disease")
    assert session.case["referrer.working_diagnosis"] == Text(text="cramp disease")
    editable.deleteText(5, 13)
    assert session.case["referrer.working_diagnosis"] == Text(text="cramp")
    editable.replaceText(0, 1, "C")
    assert session.case["referrer.working_diagnosis"] == Text(text="Cramp")
    editable.deleteText(0, 5)
    assert dict(session.case) == {}


def test_what_is_dictated_and_cannot_be_read_is_said_not_to_be_recorded(qtbot: QtBot) -> None:
    for name, field in (
        ("patient.dob", lambda w: w.line),
        ("cramp.duration_months", lambda w: w.lines[0]),
        ("ix.k", lambda w: w.rows[0].value),
    ):
        session = fresh()
        widget = ask(qtbot, session, name)
        line = field(widget)
        widget.setFocus()
        line.clearFocus()
        say(line, "qwerty")
        assert dict(session.case) == {}
        assert line.text() == "qwerty"
        assert "ot recorded" in widget.message, name


@pytest.mark.parametrize("name", ["referrer.working_diagnosis", "referrer.question"])
def test_what_is_dropped_on_a_field_is_recorded(qtbot: QtBot, name: str) -> None:
    session = fresh()
    drop(ask(qtbot, session, name).field, "Is this MND?")
    assert session.case[name] == Text(text="Is this MND?")


@pytest.mark.parametrize("name", ["referrer.working_diagnosis", "referrer.question"])
def test_what_an_input_method_commits_is_recorded(qtbot: QtBot, name: str) -> None:
    session = fresh()
    event = QInputMethodEvent("né", [])
    event.setCommitString("René")
    QApplication.sendEvent(ask(qtbot, session, name).field, event)
    assert session.case[name] == Text(text="René")


def test_what_the_program_sets_by_itself_is_recorded_like_any_change(qtbot: QtBot) -> None:
    session = fresh()
    ask(qtbot, session, "patient.given_name").field.setText("Nora")
    assert session.case["patient.given_name"] == Text(text="Nora")


def test_a_filter_that_is_dictated_filters_and_records_nothing(qtbot: QtBot) -> None:
    session = fresh()
    widget = ask(qtbot, session, "meds.classes")
    say(widget.filter, "indap")
    assert [n for n, c in widget.chips.items() if not c.isHidden()] == ["thiazide"]
    assert session.history.n == 0


def test_a_grade_is_written_into_a_cell(qtbot: QtBot) -> None:
    session = fresh()
    widget = ask(qtbot, session, "power")
    for text, value in (
        ("4-", Choice(option="4-")),
        ("unable", Unable()),
        ("nonsense", Unable()),
        ("", None),
    ):
        index = widget.model.index_of("power.deltoid.left")
        widget.model.setData(index, text)
        assert session.case.get("power.deltoid.left") == value
        assert (index.data() or "") == {"4-": "4-", "": ""}.get(text, "unable")


@pytest.mark.parametrize("asks", ["double click", "right click", "menu key"])
def test_a_grade_is_chosen_with_the_mouse(qtbot: QtBot, asks: str) -> None:
    session = fresh()
    view = ask(qtbot, session, "power").view
    key = "power.deltoid.left"

    def choose(name: str) -> None:
        index = view.model().index_of(key)
        spot = view.visualRect(index).center()
        if asks == "double click":
            qtbot.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=spot)
        else:
            view.setCurrentIndex(index)
            reasons = QContextMenuEvent.Reason
            by = reasons.Mouse if asks == "right click" else reasons.Keyboard
            event = QContextMenuEvent(by, spot, view.viewport().mapToGlobal(spot))
            QApplication.sendEvent(view.viewport(), event)
        (menu,) = view.findChildren(QMenu)
        qtbot.waitUntil(menu.isVisible)
        action = next(action for action in menu.actions() if action.text() == name)
        qtbot.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(action).center())
        qtbot.waitUntil(lambda: not view.findChildren(QMenu))

    choose("4-")
    assert session.case.get(key) == Choice(option="4-")
    assert view.window().focusWidget() is view
    choose("Take back")
    assert session.case.get(key) is None
    choose("Unable to assess…")
    assert session.case.get(key) == Unable()
    assert isinstance(view.window().focusWidget(), AnswerNote)


def test_a_reflex_is_offered_by_its_number_and_its_word(qtbot: QtBot) -> None:
    view = ask(qtbot, fresh(), "reflex").view
    spot = view.visualRect(view.model().index_of("reflex.knee.right")).center()
    qtbot.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    (menu,) = view.findChildren(QMenu)
    assert [action.text() for action in menu.actions()][:3] == [
        "0  absent",
        "1+  reduced",
        "2+  normal",
    ]
    menu.close()


@pytest.mark.parametrize("action", ["Press", "Toggle"])
def test_a_block_is_recorded_and_opened_by_assistive_technology(qtbot: QtBot, action: str) -> None:
    session = fresh()
    view = section(qtbot, session, "red_flags")
    row = view.page.widget_of("spine")
    assert isinstance(row, BlockRow)
    act(row.answer, action)
    assert len(row.recorded) == 4
    assert row.answer.isChecked()
    act(row.unfold, action)
    assert row.is_open


def test_a_finding_that_is_toggled_twice_stays_what_it_is(qtbot: QtBot) -> None:
    session = fresh()
    buttons = ask(qtbot, session, "patient.sex_at_birth").controls[0].buttons
    female = next(b for b in buttons.values() if b.caption == "Female")
    for _ in range(2):
        act(female, "Toggle")
        assert isinstance(session.case["patient.sex_at_birth"], Choice)
        assert female.isChecked()


# -- the rest of the window -----------------------------------------------------------------------


def test_a_section_that_is_selected_is_shown(desk: Desk) -> None:
    select(desk.window.rail.list, 1)
    assert desk.questions.section == "red_flags"
    assert desk.window.rail.section == "red_flags"


@pytest.mark.parametrize("action", ["Press", "Toggle"])
def test_a_decision_and_its_reason_are_recorded(desk: Desk, sample: Case, action: str) -> None:
    desk.take(sample)
    desk.window.panel.tabs.setCurrentIndex(1)
    row = desk.window.panel.tests.essential.rows[0]
    desk.session.decide(row.rule, None)
    desk.window.panel.show_assessment()
    row.set_open(True)
    act(row.buttons["accept"], action)
    key = f"decision.{row.rule}"
    assert desk.session.case[key] == Decision(decision="accept")
    assert [c for c, b in row.buttons.items() if b.isChecked()] == ["accept"]
    say(row.reason, "of nothing")
    assert desk.session.case[key] == Decision(decision="accept")
    assert row.reason.text() == ""
    act(row.buttons["decline"], action)
    say(row.reason, "done in March")
    assert desk.session.case[key] == Decision(decision="decline", reason="done in March")
    act(row.buttons["decline"], action)
    assert key not in desk.session.case
    assert not any(b.isChecked() for b in row.buttons.values())


def test_a_recipient_that_is_selected_is_the_recipient(desk: Desk, sample: Case) -> None:
    desk.take(sample)
    desk.window.go.show_letter()
    to = desk.window.letter.to
    name = next(name for name in to.names if name != desk.letters.recipient)
    act(to.list.buttons[name], "Press")
    assert desk.letters.recipient == name
    assert [n for n, b in to.list.buttons.items() if b.isChecked()] == [name]


def test_moving_through_the_recipients_sends_the_letter_to_no_one_else(
    desk: Desk, sample: Case
) -> None:
    desk.take(sample)
    desk.window.go.show_letter()
    before, to = desk.letters.recipient, desk.window.letter.to
    to.list.stop.setFocus()
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_End, Qt.Key.Key_Return):
        QTest.keyClick(to.list.stop, key)
    assert to.list.stop.name == to.names[-1]
    assert desk.letters.recipient == before


# -- painting is no edit --------------------------------------------------------------------------


def test_what_is_painted_from_the_session_never_comes_back_as_an_edit(qtbot: QtBot) -> None:
    given = {
        "tone.clonus": {"state": "unable", "reason": "in plaster"},
        "cramp.course": "stable",
        "sens.pattern": "saddle",
        "cramp.timing": ["cold"],
        "cramp.sites": ["calf.left"],
        "patient.dob": "1960",
        "cramp.duration_months": {"value": 3, "unit": "years"},
        "referrer.question": "Why?",
        "referrer.working_diagnosis": "cramp",
        "power.ehl.left": "3",
        "power.leg.left": "4",
        "meds.list": [{"name": "A", "class": "statin", "since": "2024-03"}],
        "ix.k": {"value": 4, "unit": "mmol/L", "date": "2026-11-02", "low": 3, "high": 5},
        "ix.ecg": "normal",
    }
    session = fresh()
    names = {session.form.question_of(key).id for key in given}
    for name in sorted(names):
        ask(qtbot, session, name)
    for name in sorted({QUESTIONS[name].section for name in names}):
        section(qtbot, session, name)
    session.set_all(dict(fresh(given).case))
    edits = session.history.n
    assert edits == len(session.case)
    session.undo()
    session.redo()
    QApplication.processEvents()
    assert session.history.n == 3 * edits


@pytest.mark.parametrize("name", ["patient.given_name", "referrer.question"])
def test_a_read_only_case_shows_no_text_that_it_does_not_hold(qtbot: QtBot, name: str) -> None:
    session = fresh({name: "Nora"}, read_only=True)
    widget = ask(qtbot, session, name)
    say(widget.field, "Someone else")
    text = widget.field.text() if isinstance(widget.field, QLineEdit) else None
    assert (text or widget.field.toPlainText()) == "Nora"
    assert session.case[name] == Text(text="Nora")


def test_a_read_only_case_shows_no_choice_that_it_does_not_hold(qtbot: QtBot) -> None:
    session = fresh({"sens.pattern": "saddle", "cramp.course": "stable"}, read_only=True)
    combo = ask(qtbot, session, "sens.pattern").controls[0]
    before = combo.currentIndex()
    combo.setCurrentIndex(1)
    select(combo, 2)
    assert combo.currentIndex() == before
    row = ask(qtbot, session, "cramp.course").controls[0]
    row.buttons["worsening"].toggle()
    assert [n for n, b in row.buttons.items() if b.isChecked()] == ["stable"]


# -- what a field cannot hold ---------------------------------------------------------------------


LINES = ("referrer.working_diagnosis", "referrer.question")


@pytest.mark.parametrize("name", LINES)
@pytest.mark.parametrize("length", [32_767, 32_768, 40_000, LONGEST_TEXT])
def test_a_long_text_is_taken_whole(qtbot: QtBot, name: str, length: int) -> None:
    session = fresh()
    field = ask(qtbot, session, name).field
    paste(field, "y" * length)
    assert len(session.case[name].text) == length


@pytest.mark.parametrize("name", LINES)
@pytest.mark.parametrize("text", ["y" * (LONGEST_TEXT + 1), "y" * (5 * LONGEST_TEXT)])
def test_a_longer_one_is_refused_in_words_and_what_was_there_stays(
    qtbot: QtBot, name: str, text: str
) -> None:
    session = fresh({name: "Is this MND?"})
    before = session.history.n
    widget = ask(qtbot, session, name)
    paste(widget.field, text)
    assert session.case[name] == Text(text="Is this MND?")
    assert session.history.n == before
    assert in_field(widget.field) == "Is this MND?"
    assert widget.message == TOO_LONG
    assert TOO_LONG in widget.field.accessibleDescription()
    assert "100,000" in TOO_LONG
    type_in("!")
    assert widget.message == ""
    assert "!" in session.case[name].text


def in_field(field: TypedLine | GrowingText) -> str:
    return field.text() if isinstance(field, TypedLine) else field.toPlainText()


def test_letters_of_two_halves_count_once(qtbot: QtBot) -> None:
    session = fresh()
    field = ask(qtbot, session, "referrer.working_diagnosis").field
    text = "\U0001f642" * 60_000
    paste(field, text)
    assert session.case["referrer.working_diagnosis"] == Text(text=text)
    paste(field, "\U0001f642" * (LONGEST_TEXT + 1))
    assert session.case["referrer.working_diagnosis"] == Text(text=text)


@pytest.mark.parametrize("text", ["y" * (LONGEST_TEXT + 1), "y" * 40_000])
def test_a_cell_a_note_and_a_reason_hold_as_much(
    qtbot: QtBot, desk: Desk, sample: Case, text: str
) -> None:
    fits = len(text) <= LONGEST_TEXT
    session = fresh({"tone.clonus": {"state": "unable", "reason": "cold"}})
    meds = ask(qtbot, session, "meds.list")
    open_rows(meds)
    say(meds.rows[0].fields["name"], text)
    assert ("meds.list" in session.case) is fits
    assert (meds.message == TOO_LONG) is not fits
    clonus = ask(qtbot, session, "tone.clonus")
    say(clonus.controls[0].note, text)
    assert session.case["tone.clonus"] == Unable(reason=text if fits else "cold")
    assert (clonus.message == TOO_LONG) is not fits
    view = section(qtbot, session, "exam")
    say(view.page.note, text)
    assert ("note.exam" in session.case) is fits
    assert view.page.refusal.isVisible() is not fits
    desk.take(sample)
    desk.window.panel.tabs.setCurrentIndex(1)
    row = desk.window.panel.tests.essential.rows[0]
    desk.session.decide(row.rule, None)
    desk.window.panel.show_assessment()
    row.set_open(True)
    act(row.buttons["decline"], "Press")
    say(row.reason, text)
    decided = desk.session.case.get(f"decision.{row.rule}")
    assert decided == (Decision(decision="decline", reason=text) if fits else None)
    assert row.refusal.isVisible() is not fits
