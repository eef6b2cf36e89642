"""Where the focus is: at the start, from section to section, along the core path, and after a step is taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt
from PySide6.QtGui import QColor, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from triage.model.values import Choice, Finding, Text, Unable
from triage.qt.ask.block import BlockRow
from triage.qt.ask.questions import QuestionWidget
from triage.qt.panel.resting import RestingDialog
from triage.qt.parts.colours import LIGHT
from triage.qt.parts.theme import Theme
from triage.qt.program import Program
from triage.qt.shell.help import KeysDialog
from triage.qt.shell.hints import Hints
from triage.qt.window import MainWindow
from triage.rules.assess import Assessor
from triage.session.draft import DraftStore
from triage.settings import Sender, Settings

from ..conftest import AT
from .asking import click

Key = Qt.Key
PLAIN, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier
CONTROL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


@pytest.fixture
def program(qtbot: QtBot, assessor: Assessor, theme: Theme, tmp_path: Path) -> Iterator[Program]:
    store = DraftStore(tmp_path / "drafts", b"k" * 32, lambda: AT)
    settings = Settings(senders={"gp": Sender(name="Dr A. Example", org="Example Practice")})
    made = Program(assessor, store, settings, theme, lambda: AT)
    yield made
    for window in list(made.windows):
        window.close()
        window.deleteLater()
    QApplication.processEvents()
    store.close()


def shown(qtbot: QtBot, window: MainWindow) -> MainWindow:
    qtbot.waitExposed(window)
    window.activateWindow()
    QApplication.processEvents()
    return window


@pytest.fixture
def window(qtbot: QtBot, program: Program) -> MainWindow:
    return shown(qtbot, program.new_window())


def press(window: MainWindow, key: Key, held: Qt.KeyboardModifier = PLAIN) -> None:
    QTest.keyClick(window.windowHandle(), key, held)
    QApplication.processEvents()


def place() -> str:
    """Return the question or block that has the focus."""
    return place_of(QApplication.focusWidget())


def place_of(row: QWidget | None) -> str:
    while row is not None and not isinstance(row, QuestionWidget | BlockRow):
        row = row.parentWidget()
    return row.name if isinstance(row, QuestionWidget | BlockRow) else ""


# -- the start ------------------------------------------------------------------------------------


def test_who_begins_to_type_answers_the_first_open_question(window: MainWindow) -> None:
    assert place() == "patient.family_name"
    QTest.keyClicks(QApplication.focusWidget(), "Specimen")
    assert window.session.case["patient.family_name"] == Text(text="Specimen")


def test_a_new_case_of_a_known_patient_begins_after_the_name(
    qtbot: QtBot, program: Program
) -> None:
    name = {"patient.family_name": Text(text="Specimen"), "patient.given_name": Text(text="Nora")}
    shown(qtbot, program.new_window(name))
    assert place() == "patient.identifiers"


def test_ctrl_n_puts_the_focus_on_the_first_open_question(
    qtbot: QtBot, program: Program, window: MainWindow
) -> None:
    window.go.go_to("tone.clonus")
    press(window, Key.Key_N, CONTROL)
    assert len(program.windows) == 2
    shown(qtbot, program.windows[-1])
    assert place() == "patient.family_name"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("reflex.knee.right", Choice(option="3+")),
        ("tone.clonus", Finding(present=True)),
        ("note.exam", Text(text="undressed")),
    ],
)
def test_a_case_is_reopened_where_it_was_left(
    qtbot: QtBot, program: Program, window: MainWindow, key: str, value: object
) -> None:
    window.session.set("patient.family_name", Text(text="Specimen"))
    window.session.set(key, value)
    case = program._ids[window]
    window.close()
    again = shown(qtbot, program.open_window(case))
    assert again.questions.section == "exam"
    if key.startswith("note."):
        assert again.questions.page.note.hasFocus()
    else:
        assert place() == key.partition(".knee")[0]


# -- from section to section ----------------------------------------------------------------------


def by_alt(window: MainWindow) -> None:
    press(window, Key.Key_2, ALT)


def by_ctrl(window: MainWindow) -> None:
    press(window, Key.Key_PageDown, CONTROL)


def by_click(window: MainWindow) -> None:
    box = window.rail.list.visualRect(window.rail.model.index(1))
    left = Qt.MouseButton.LeftButton
    QTest.mouseClick(window.rail.list.viewport(), left, pos=box.center())
    QApplication.processEvents()


def by_enter(window: MainWindow) -> None:
    window.rail.list.setFocus()
    press(window, Key.Key_Down)
    assert window.rail.list.hasFocus()
    press(window, Key.Key_Return)


@pytest.mark.parametrize("way", [by_alt, by_ctrl, by_click, by_enter])
@pytest.mark.parametrize("answered", [0, 2])
def test_a_change_of_section_goes_to_its_first_open_question(
    window: MainWindow, way: Callable[[MainWindow], None], answered: int
) -> None:
    form = window.session.form
    if answered:
        window.session.set("cramp.main_complaint", Choice(option="cramp"))
        window.session.answer_block(form.blocks["breath"])
    way(window)
    assert window.questions.section == "red_flags"
    assert place() == ("head" if answered else "cramp.main_complaint")


def test_a_section_that_asks_nothing_so_far_has_the_focus_all_the_same(window: MainWindow) -> None:
    QTest.keyClick(window, Key.Key_8, ALT)
    QApplication.processEvents()
    page = window.questions.page
    assert page.section == "safety"
    assert not page.rows()
    focus = window.focusWidget()
    assert focus is not None
    assert page.isAncestorOf(focus)


def test_tab_goes_from_the_sections_to_the_questions_to_the_assessment_and_to_the_foot(
    window: MainWindow,
) -> None:
    window.rail.list.setFocus()
    press(window, Key.Key_Tab)
    assert window.questions.isAncestorOf(QApplication.focusWidget())
    press(window, Key.Key_Backtab, SHIFT)
    assert window.rail.list.hasFocus()
    press(window, Key.Key_Backtab, SHIFT)
    assert window.rail.letter.hasFocus()
    press(window, Key.Key_Backtab, SHIFT)
    assert window.rail.review.hasFocus()
    press(window, Key.Key_Backtab, SHIFT)
    assert window.rail.next.hasFocus()
    for _ in range(3):
        press(window, Key.Key_Tab)
    assert window.rail.list.hasFocus()
    window.questions.page.note.setFocus()
    press(window, Key.Key_Tab)
    assert window.panel.isAncestorOf(QApplication.focusWidget())


@pytest.mark.parametrize("section", ["red_flags", "complaint", "exam"])
def test_each_row_of_answers_is_one_stop_of_the_tab_key(window: MainWindow, section: str) -> None:
    window.go.show_section(section)
    window.questions.page.rows()[0].take_focus()
    seen: list[QWidget] = []
    while not window.questions.page.note.hasFocus():
        focused = QApplication.focusWidget()
        assert focused not in seen
        seen.append(focused)
        press(window, Key.Key_Tab)
    choices = [w for w in seen if isinstance(w.parentWidget(), QWidget)]
    rows = [getattr(w.parentWidget(), "buttons", None) for w in choices]
    groups = [id(buttons) for buttons in rows if buttons is not None]
    assert len(groups) == len(set(groups))
    assert dict(window.session.case).keys() <= {"referrer.name", "referrer.org", "case.profile"}


def test_page_down_and_up_take_the_focus_along(window: MainWindow) -> None:
    window.go.show_section("red_flags")
    page = window.questions.page
    rows = page.rows()
    rows[0].take_focus()
    for key, end in ((Key.Key_PageDown, rows[-1]), (Key.Key_PageUp, rows[0])):
        turns = 0
        while place() != end.name:
            before = place()
            press(window, key)
            turns += 1
            assert place() != before
            row = page.widget_of(place())
            top = row.mapTo(page.viewport(), QPoint()).y()
            assert 0 <= top < page.viewport().height()
        assert turns < len(rows) - 1
    assert dict(window.session.case).keys() <= {"referrer.name", "referrer.org", "case.profile"}


# -- the core path --------------------------------------------------------------------------------


def test_next_open_goes_forward_only_and_takes_a_block_as_a_block(window: MainWindow) -> None:
    path = window.rail.path
    expected = [step.name for step in path.open_steps()]
    window.go.begin("")
    seen = [place()] if place() == expected[0] else []
    for _ in expected[len(seen) :]:
        press(window, Key.Key_J, CONTROL)
        seen.append(place())
    assert seen == expected
    assert {"breath", "head", "spine"} <= set(seen)
    rows = window.questions._pages["red_flags"].rows()
    assert not any(isinstance(row, BlockRow) and row.is_shown_open for row in rows)
    last = place()
    press(window, Key.Key_J, CONTROL)
    assert place() == last
    first = path.open_steps()[0]
    assert window.line.text == (
        f"End of the core path. {len(expected)} were passed: Ctrl+J starts with {first.title}."
    )
    press(window, Key.Key_J, CONTROL)
    assert place() == expected[0]


def test_next_open_says_the_end_again_after_one_has_moved(window: MainWindow) -> None:
    last = window.rail.path.open_steps()[-1]
    window.go.go_to(last.name)
    for _ in range(2):
        press(window, Key.Key_J, CONTROL)
        assert window.line.text.startswith("End of the core path.")
        window.go.go_to("tone.clonus")
        window.go.go_to(last.name)


def test_next_open_leaves_an_open_list_behind_and_says_one_was_passed(window: MainWindow) -> None:
    session = window.session
    for _ in range(80):
        # What is answered brings up what makes sense then.
        steps = [s for s in window.rail.path.open_steps() if s.name != "gait.pattern"]
        if not steps:
            break
        answer(window, steps[0].name)
    assert [step.name for step in window.rail.path.open_steps()] == ["gait.pattern"]
    window.go.go_to("gait.pattern")
    press(window, Key.Key_J, CONTROL)
    assert window.line.text == ("End of the core path. 1 was passed: Ctrl+J starts with Gait.")
    session.close_list(session.form.questions["gait.pattern"])
    press(window, Key.Key_J, CONTROL)
    assert window.line.text == "Every question of the core path is answered."


def answer(window: MainWindow, name: str) -> None:
    """Answer a step of the core path somehow."""
    session, form = window.session, window.session.form
    if name in form.blocks:
        session.answer_block(form.blocks[name])
        for question in form.in_block(name):
            if session.is_shown(question) and not session.is_complete(question):
                answer(window, question.id)
        return
    question = form.questions[name]
    slots = form.slots_of(name)
    if question.kind in ("choices", "table"):
        session.close_list(question)
    else:
        session.unable(slots[0].key, "")


def test_an_open_block_is_gone_through_by_its_open_questions(window: MainWindow) -> None:
    window.go.show_section("red_flags")
    row = window.questions.page.widget_of("spine")
    row.take_focus()
    press(window, Key.Key_O)
    window.session.set(row.covered[0].id, Finding(present=False))
    window.go.go_to("head")
    press(window, Key.Key_J, CONTROL)
    assert place() == row.covered[1].id


# -- back -----------------------------------------------------------------------------------------


def test_undo_goes_to_the_place_rings_it_and_says_what_was_there(window: MainWindow) -> None:
    window.session.set("patient.given_name", Text(text="Edwin"))
    window.go.go_to("tone.clonus")
    press(window, Key.Key_Z, CONTROL)
    assert window.questions.section == "patient"
    assert place() == "patient.given_name"
    row = window.questions.page.widget_of("patient.given_name")
    assert row._flashing
    # What is gone to is told from what has the focus, also once that has gone on.
    ink, accent = (QColor(getattr(LIGHT, name)).name() for name in ("ink", "accent"))
    assert _edges(row) == (accent, ink)
    press(window, Key.Key_Return)
    assert not row.isAncestorOf(QApplication.focusWidget())
    assert _edges(row) == (QColor(LIGHT.paper).name(), ink)
    assert window.line.text.startswith("Taken back: Given name, was Edwin.")
    window.go.go_to("tone.clonus")
    press(window, Key.Key_Z, CONTROL | SHIFT)
    assert place() == "patient.given_name"
    assert window.line.text.startswith("Brought back: Given name, Edwin.")


def _edges(row: QWidget) -> tuple[str, str]:
    """Return the colours of the left edge of a row, and a little inside."""
    picture, middle = row.grab().toImage(), row.height() // 2
    return picture.pixelColor(1, middle).name(), picture.pixelColor(6, middle).name()


def test_an_undone_block_is_shown_folded(window: MainWindow) -> None:
    window.session.answer_block(window.session.form.blocks["spine"])
    window.go.go_to("tone.clonus")
    press(window, Key.Key_Z, CONTROL)
    assert place() == "spine"
    assert not window.questions.page.widget_of("spine").is_shown_open


def test_undo_after_reopening_goes_to_the_place_as_well(
    qtbot: QtBot, program: Program, window: MainWindow
) -> None:
    window.session.set("tone.clonus", Finding(present=True))
    window.session.set("patient.family_name", Text(text="Specimen"))
    case = program._ids[window]
    window.close()
    again = shown(qtbot, program.open_window(case))
    for name in ("patient.family_name", "tone.clonus"):
        press(again, Key.Key_Z, CONTROL)
        assert place() == name


def test_backspace_leads_back_where_one_was_and_never_out_of_a_text(window: MainWindow) -> None:
    window.go.go_to("sys.cirrhosis")
    press(window, Key.Key_6, ALT)
    window.go.go_to("tone.clonus")
    window.go.go_to("patient.family_name")
    QTest.keyClicks(QApplication.focusWidget(), "ab")
    press(window, Key.Key_Backspace)
    assert window.session.case["patient.family_name"] == Text(text="a")
    window.go.go_to("sens.pattern")
    back = ["patient.family_name"]
    press(window, Key.Key_Backspace)
    assert place() == back[0]
    window.go.go_to("cramp.course")
    window.go.go_to("tone.clonus")
    press(window, Key.Key_Backspace)
    assert place() == "cramp.course"


def test_backspace_with_nowhere_to_go_says_so(window: MainWindow) -> None:
    window.go.go_to("tone.clonus")
    window.go._trail.clear()
    press(window, Key.Key_Backspace)
    assert window.line.text == "There is no place to go back to."
    assert place() == "tone.clonus"


# -- more about a question ------------------------------------------------------------------------


def more(window: MainWindow) -> RestingDialog:
    press(window, Key.Key_Period, CONTROL)
    return window.findChildren(RestingDialog)[-1]


def test_more_about_a_question_has_its_history_and_takes_back(window: MainWindow) -> None:
    window.session.set("tone.clonus", Finding(present=True))
    window.session.set("tone.clonus", Finding(present=False))
    window.go.go_to("tone.clonus")
    dialog = more(window)
    said = [label.text().partition("  ")[2] for label in dialog.findChildren(QLabel)]
    assert [text for text in said if text] == ["No sustained clonus", "Sustained clonus"]
    click(dialog.acts["back"])
    assert "tone.clonus" not in window.session.case
    assert place_of(window.focusWidget()) == "tone.clonus"


@pytest.mark.parametrize("act", ["comment", "unable"])
def test_a_comment_and_unable_are_reached_from_more(window: MainWindow, act: str) -> None:
    window.session.set("tone.clonus", Finding(present=True))
    window.go.go_to("tone.clonus")
    click(more(window).acts[act])
    QApplication.processEvents()
    QTest.keyClicks(window.focusWidget(), "left foot")
    value = window.session.case["tone.clonus"]
    assert value == (
        Unable(reason="left foot") if act == "unable" else Finding(present=True, text="left foot")
    )


def test_what_can_only_be_read_has_nothing_to_do(window: MainWindow) -> None:
    window.go.go_to("cramp.duration_months")
    dialog = more(window)
    assert list(dialog.acts) == ["back"]
    dialog.reject()
    QApplication.processEvents()
    window.session.read_only = True
    assert list(more(window).acts) == []


def test_in_an_open_block_it_goes_from_question_to_question_and_on(window: MainWindow) -> None:
    window.go.show_section("general")
    row = window.questions.page.widget_of("metabolic")
    assert isinstance(row, BlockRow)
    row.set_open(True)
    window.go.go_to(row.members[0].id)
    form = window.session.form
    order = [q.id for section in form.sections for q in form.in_section(section)]
    been = [window.go.focused]
    for _ in range(len(row.members) + 1):
        press(window, Key.Key_J, CONTROL)
        been.append(window.go.focused)
    inside = [q.id for q in row.members if window.session.is_shown(q)]
    assert len(inside) > 3
    assert been[: len(inside)] == inside
    after = been[len(inside) :]
    assert after
    assert all(order.index(name) > order.index(inside[-1]) for name in after if name in order)
    assert not {*after} & {*inside, "metabolic"}


@pytest.mark.parametrize("where", ["letter", "review"])
@pytest.mark.parametrize("key", [Key.Key_Tab, Key.Key_Backtab, Key.Key_Left, Key.Key_Down])
def test_out_of_the_rail_the_focus_goes_to_what_is_in_sight(
    window: MainWindow, where: str, key: Key
) -> None:
    window.actions_[where].trigger()
    for button in (window.rail.next, window.rail.review, window.rail.letter, window.rail.list):
        button.setFocus()
        press(window, key)
        focused = QApplication.focusWidget()
        assert focused is not None
        assert focused.isVisible(), focused


def hold_shortcut(window: MainWindow, key: Key, held: Qt.KeyboardModifier) -> None:
    """Hold a key down, on the whole way that keys go through Qt."""
    for at in range(12):
        QTest.simulateEvent(window.windowHandle(), True, int(key), held, "", at > 0)
        QApplication.processEvents()


def test_a_held_shortcut_works_once(window: MainWindow, program: Program) -> None:
    hold_shortcut(window, Key.Key_F1, PLAIN)
    dialogs = window.findChildren(KeysDialog)
    assert len(dialogs) == 1
    dialogs[0].close()
    window.activateWindow()
    before = len(program.windows)
    hold_shortcut(window, Key.Key_N, CONTROL)
    assert len(program.windows) == before + 1


# -- hints ----------------------------------------------------------------------------------------


def hint_on(hints: Hints, window: MainWindow, widget: QWidget) -> str:
    top_left = widget.mapTo(window, widget.visibleRegion().boundingRect().topLeft())
    return next(name for name, target in hints.targets.items() if target.box.topLeft() == top_left)


def hints_of(window: MainWindow) -> Hints:
    return next(hints for hints in window.findChildren(Hints) if hints.isVisible())


def test_letters_click_what_they_stand_on(window: MainWindow) -> None:
    window.go.go_to("tone.clonus")
    button = QApplication.focusWidget().parentWidget().buttons["absent"]
    before = dict(window.session.case)
    press(window, Key.Key_F)
    hints = hints_of(window)
    for letter in hint_on(hints, window, button):
        assert dict(window.session.case) == before
        QTest.keyClicks(QApplication.focusWidget(), letter.lower())
    assert window.session.case["tone.clonus"] == Finding(present=False)
    assert not hints.isVisible()
    assert place() == "tone.clonus"


def test_letters_stand_on_fields_sections_and_tabs_as_well(window: MainWindow) -> None:
    field = QApplication.focusWidget()
    QTest.keyClicks(field, "f")
    press(window, Key.Key_G, CONTROL)
    hints = hints_of(window)
    name = window.questions.page.widget_of("patient.given_name").field
    QTest.keyClicks(QApplication.focusWidget(), hint_on(hints, window, name))
    assert name.hasFocus()
    press(window, Key.Key_G, CONTROL)
    boxes = [target.box for target in hints_of(window).targets.values()]
    rail = window.rail.list
    for row in range(2):
        box = rail.visualRect(window.rail.model.index(row))
        box.moveTopLeft(rail.mapTo(window, box.topLeft()))
        assert box in boxes
    tabs = window.panel.tabs
    for at in range(4):
        box = tabs.tabRect(at)
        box.moveTopLeft(tabs.mapTo(window, box.topLeft()))
        assert box in boxes
    assert window.session.case["patient.family_name"] == Text(text="f")


@pytest.mark.parametrize("way", ["escape", "key", "click"])
def test_hints_go_and_the_focus_comes_back(window: MainWindow, way: str) -> None:
    window.go.go_to("tone.clonus")
    before = QApplication.focusWidget(), dict(window.session.case)
    press(window, Key.Key_F)
    hints = hints_of(window)
    if way == "click":
        click(hints)
    else:
        QTest.keyClick(hints, Key.Key_Escape if way == "escape" else Key.Key_1)
    assert not hints.isVisible()
    assert (QApplication.focusWidget(), dict(window.session.case)) == before


def test_a_held_f_opens_the_hints_once_and_chooses_none(window: MainWindow) -> None:
    window.go.go_to("tone.clonus")
    before = dict(window.session.case)
    press(window, Key.Key_F)
    hints = hints_of(window)
    held = QKeyEvent(QEvent.Type.KeyPress, Key.Key_F, PLAIN, "f", True)
    for _ in range(5):
        QApplication.sendEvent(hints, held)
    assert hints.isVisible()
    assert hints_of(window) is hints
    # Nor does it open others where it is still held after they are gone.
    QTest.keyClick(hints, Key.Key_Escape)
    focused = QApplication.focusWidget()
    assert focused is not None
    for _ in range(5):
        QApplication.sendEvent(focused, held)
    assert not any(other.isVisible() for other in window.findChildren(Hints))
    assert dict(window.session.case) == before


def test_hints_are_called_once_at_a_time(window: MainWindow) -> None:
    window.go.go_to("tone.clonus")
    before = QApplication.focusWidget()
    for _ in range(3):
        press(window, Key.Key_G, CONTROL)
    assert len(window.findChildren(Hints)) == 1
    QTest.keyClick(hints_of(window), Key.Key_Return)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert QApplication.focusWidget() is before
