"""A further visit of a patient in the window: begun from a case or the list, confirmed by a key, said at the head."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from triage.content.casefile import read_case
from triage.model.values import Choice, Finding, Text
from triage.qt.ask.grid import GridWidget
from triage.qt.ask.questions import QuestionWidget
from triage.qt.parts.theme import Theme
from triage.qt.program import Program
from triage.qt.shell.rail import in_words
from triage.qt.window import MainWindow
from triage.rules.assess import Assessor
from triage.session.draft import DraftStore
from triage.settings import Sender, Settings

from ..conftest import AT, CASES, TODAY, the_content

LATER = AT + timedelta(days=73)


@pytest.fixture
def program(qtbot: QtBot, assessor: Assessor, tmp_path: Path, theme: Theme) -> Iterator[Program]:
    store = DraftStore(tmp_path / "drafts", b"k" * 32, lambda: LATER)
    settings = Settings(senders={"me": Sender(name="Dr A Test")})
    made = Program(assessor, store, settings, theme, lambda: LATER)
    yield made
    for window in list(made.windows):
        window.close()
    QApplication.processEvents()
    store.close()


def _first(program: Program) -> MainWindow:
    content = the_content()
    text = (CASES / "complete" / "V13.json").read_text(encoding="utf-8")
    return program.new_window(dict(read_case(text, content.form, content.rule_ids, TODAY)))


@pytest.fixture
def visit(program: Program) -> MainWindow:
    """Return the window of a second visit, begun from the menu of the first."""
    first = _first(program)
    first.actions_["new_visit"].trigger()
    QApplication.processEvents()
    window = program.windows[-1]
    assert window is not first
    return window


def _row(window: MainWindow, question: str) -> QuestionWidget:
    window.go.go_to(question)
    QApplication.processEvents()
    page = window.questions.page  # type: ignore[attr-defined]
    found = page.widget_of(question)
    assert isinstance(found, QuestionWidget)
    return found


def _hints(window: MainWindow) -> str:
    return " ".join(words for _, words in window.line.keys.shown)


def _press(widget: QWidget) -> None:
    keys = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(widget, Qt.Key.Key_B, keys)
    QApplication.processEvents()


def test_a_further_visit_begins_at_a_question_that_is_open(visit: MainWindow) -> None:
    session, row = visit.session, visit.questions._current  # type: ignore[attr-defined]
    # The age is worked out: the birth date is taken over.
    assert "patient.age" not in session.case
    assert row.question.id != "patient.age"
    assert not session.is_complete(row.question)
    assert session.facts.get(row.question.id) is None
    before = [q.id for q in session.form.in_section(row.question.section)]
    passed = before[: before.index(row.question.id)]
    assert "patient.age" in passed


def test_the_menu_begins_a_further_visit_of_this_patient(visit: MainWindow, qtbot: QtBot) -> None:
    case = visit.session.case
    assert "patient.family_name" in case
    assert "rf.fever" not in case
    assert visit.session.earlier is not None
    qtbot.waitUntil(lambda: visit.since_bar.head.text() == "Since 22 Nov 2026", timeout=5000)
    assert visit.since_bar.isVisible()
    assert visit.since_bar.label.text() == "Nothing changed so far."
    # Who began it knows of the case before.
    qtbot.wait(600)
    assert visit.same_patient.isHidden()


def test_the_list_begins_one_too_and_a_case_without_a_patient_none(program: Program) -> None:
    first = _first(program)
    first.saving.draft.flush()
    nameless = program.new_window({"rf.fever": Finding(present=True)})
    said: list[str] = []
    nameless.messages.message.connect(lambda level, text: said.append(text))
    nameless.actions_["new_visit"].trigger()
    assert len(program.windows) == 2
    assert said
    assert "does not say who the patient is" in said[-1]
    first.actions_["drafts"].trigger()
    dialog = program.case_list.dialog
    assert dialog is not None
    for row in range(dialog.table.model().rowCount()):
        dialog.table.selectRow(row)
        chosen = dialog.chosen
        assert chosen is not None
        assert dialog.visit.isEnabled() == bool(chosen.info.name)
        if chosen.info.name:
            break
    dialog.visit.click()
    QApplication.processEvents()
    assert len(program.windows) == 3
    assert program.windows[-1].session.earlier is not None


def test_an_old_value_stands_beside_its_question_and_says_whether_it_is_to_confirm(
    visit: MainWindow,
) -> None:
    name = next(n for n, keys in visit.session.to_confirm.items() if n.startswith("sys.") and keys)
    row = _row(visit, name)
    assert row.beside.startswith("To confirm, 22 Nov 2026: ")
    course = _row(visit, "cramp.course")
    assert course.beside == "22 Nov 2026: fluctuating"
    visit.session.set("cramp.course", Choice(option="stable"))
    assert course.beside == "22 Nov 2026: fluctuating"


def test_a_cell_of_a_grid_says_what_it_held_and_shows_it_apart_from_what_is_recorded(
    program: Program,
) -> None:
    first, key = _first(program), "reflex.ankle.left"
    first.session.set(key, Choice(option="1+"))
    first.actions_["new_visit"].trigger()
    QApplication.processEvents()
    visit = program.windows[-1]
    row = _row(visit, "reflex")
    assert isinstance(row, GridWidget)
    model, view = row.model, row.view
    cell, slot = model.index_of(key), the_content().form.slots[key]

    def spoken() -> str:
        return str(model.data(cell, Qt.ItemDataRole.AccessibleTextRole))

    def drawn() -> QImage:
        return view.viewport().grab(view.visualRect(cell)).toImage()

    open_ = drawn()
    assert model.then(slot) == "1+"
    assert spoken().endswith("not examined; was 1+")
    assert model.data(cell) == ""
    visit.session.set(key, Choice(option="3+"))
    assert spoken().endswith("; was 1+")
    changed = drawn()
    visit.session.set(key, Choice(option="1+"))
    assert model.then(slot) == ""
    assert "was" not in spoken()
    assert open_ != changed != drawn()


def test_a_list_shows_what_was_ticked_and_who_the_patient_is_is_not_said_twice(
    visit: MainWindow,
) -> None:
    sites = _row(visit, "cramp.sites")
    assert sites.beside.startswith("22 Nov 2026: ")
    assert "cal" in sites.beside
    assert not _row(visit, "patient.family_name").beside


def test_one_key_confirms_the_section_in_view_and_undo_takes_it_back(
    visit: MainWindow,
) -> None:
    visit.activateWindow()
    visit.go.show_section("general")
    session = visit.session
    QApplication.processEvents()
    count = session.to_confirm_in("general")
    assert count
    stood = session.case
    assert visit.since_bar.confirm.text() == f"Confirm {count} as before"
    row = visit.rail.model.rows[visit.rail.sections.index("general")]
    assert f"{count} to confirm" in in_words(row)
    _press(visit)
    assert session.to_confirm_in("general") == 0
    assert visit.since_bar.confirm.isHidden()
    assert f"{count} as before" in visit.line.text
    confirmed = session.case
    _press(visit)
    assert session.case == confirmed
    assert visit.line.text == "Nothing in this section is to confirm."
    visit.actions_["undo"].trigger()
    assert session.case == stood
    assert visit.since_bar.confirm.text() == f"Confirm {count} as before"


def test_the_key_that_is_held_down_confirms_no_other_section(visit: MainWindow) -> None:
    action = visit.actions_["confirm_section"]
    assert not action.autoRepeat()
    assert action.shortcut().toString() == "Ctrl+Shift+B"
    visit.go.show_section("safety")
    others = visit.session.to_confirm_in("general")
    _press(visit)
    assert visit.session.to_confirm_in("general") == others
    assert visit.rail.section == "safety"


def test_nothing_is_confirmed_that_is_out_of_sight(visit: MainWindow) -> None:
    visit.go.show_section("general")
    count = visit.session.to_confirm_in("general")
    for show in (visit.go.show_letter, visit.go.show_review):
        show()
        QApplication.processEvents()
        visit.actions_["confirm_section"].trigger()
        assert visit.session.to_confirm_in("general") == count
        assert visit.go.shows_form
        assert visit.line.text == "Look at the section first: then Ctrl+Shift+B confirms it."
    visit.actions_["confirm_section"].trigger()
    assert visit.session.to_confirm_in("general") == 0


def test_what_changed_is_said_at_the_head_as_it_is_recorded(
    visit: MainWindow, qtbot: QtBot
) -> None:
    visit.session.set("cramp.course", Choice(option="stable"))
    visit.session.set("rf.weight_loss", Finding(present=True))
    said = "New: unexplained weight loss. Course fluctuating to stable."
    qtbot.waitUntil(lambda: visit.since_bar.label.text() == said, timeout=5000)


@pytest.mark.parametrize("zoom", [100, 200])
def test_of_many_changes_the_bar_tells_as_many_as_two_lines_hold(
    visit: MainWindow, theme: Theme, qtbot: QtBot, zoom: int
) -> None:
    session, bar = visit.session, visit.since_bar
    assert session.earlier is not None
    visit.resize(1280, 680)
    theme.set_zoom(zoom)
    text = "she says that it is rather bad now, since the fall on the stairs last week"
    worse = {
        key: Finding(present=True, text=text)
        for key, value in session.earlier.case.items()
        if isinstance(value, Finding) and not value.present and key.startswith(("rf.", "neuro."))
    }
    assert len(worse) > 20
    session.set_all(worse)
    qtbot.waitUntil(lambda: "New: " in bar.label.text(), timeout=5000)
    QApplication.processEvents()
    lines = bar.label.shown
    assert 1 <= len(lines) <= 2
    assert not lines[-1].endswith("…")
    assert " more." in lines[-1]
    assert bar.height() <= bar.confirm.height() + 2 * bar.label.high(1)
    # What was typed of a finding stands in its place; all changes are in the tooltip, in lines.
    assert "stairs" not in bar.label.text()
    assert len(bar.label.toolTip()) > len(bar.label.text())
    assert max(map(len, bar.label.toolTip().splitlines())) <= 110
    theme.set_zoom(100)


def test_the_bar_says_that_another_patient_has_no_visit_before(
    visit: MainWindow, qtbot: QtBot
) -> None:
    session, bar = visit.session, visit.since_bar
    row = _row(visit, "cramp.course")
    names = {"patient.family_name": Text(text="OTHER"), "patient.given_name": Text(text="Samuel")}
    session.set_all(names)
    qtbot.waitUntil(lambda: bar.label.text().startswith("This is another patient"), timeout=5000)
    assert bar.isVisible()
    assert not bar.head.isVisible()
    assert not row.beside
    visit.go.show_section("general")
    assert not bar.confirm.isVisible()
    visit.actions_["undo"].trigger()
    visit.go.show_section("general")
    assert "confirm" in _hints(visit)
    visit.actions_["redo"].trigger()
    visit.go.show_section("general")
    assert "confirm" not in _hints(visit)
    session.undo()
    # At once, and not with the next move.
    assert "confirm" in _hints(visit)
    session.redo()
    assert "confirm" not in _hints(visit)
    session.undo()
    qtbot.waitUntil(lambda: bar.head.text() == "Since 22 Nov 2026", timeout=5000)
    assert bar.confirm.isVisible()
