"""The main window as a user works with it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QColor, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QDialog,
    QLineEdit,
    QMenu,
    QTabBar,
)
from pytestqt.qtbot import QtBot

from triage.content.casefile import read_case
from triage.model.case import Case
from triage.model.values import Choice, Finding, Text, Urgency
from triage.qt.drafts.saving import case_name, save_copy_to
from triage.qt.panel.urgency_dialog import UrgencyDialog
from triage.qt.parts.colours import colours
from triage.qt.parts.theme import Theme
from triage.qt.shell.actions import letters_of
from triage.qt.shell.help import HelpDialog, KeysDialog
from triage.rules.assess import Assessor

from ..conftest import TODAY, the_content
from .asking import press_button
from .clinic import Clinic
from .conftest import Desk

T = TypeVar("T", bound=QDialog)


def _dialog(desk: Desk, kind: type[T]) -> T:
    QApplication.processEvents()
    return desk.window.findChildren(kind)[-1]


def test_the_header_names_the_patient(desk: Desk, sample: Case) -> None:
    desk.take(sample)
    header = desk.window.header
    assert header.name.text() == "Edwin SPECIMEN"
    assert header.details.text().startswith("age 60 · born 14 Feb 1966 · ")
    assert "999 000 0018" in header.details.text()


def test_a_name_is_never_read_as_markup(desk: Desk) -> None:
    desk.session.set("patient.family_name", Text(text="<b>Bold</b>"))
    QApplication.processEvents()
    assert desk.window.header.name.text() == "<b>Bold</b>"
    assert desk.window.header.name.textFormat() == Qt.TextFormat.PlainText


def test_the_window_title_holds_nothing_of_the_patient(desk: Desk, sample: Case) -> None:
    desk.take(sample)
    title = desk.window.windowTitle().lower()
    for value in ("specimen", "edwin", "9990000018", "1966"):
        assert value not in title
    # Qt adds the name of the program: once is enough.
    assert title == "muscle cramps"
    assert not desk.window.windowFilePath()


def test_a_step_that_is_taken_back_is_named_and_shown(desk: Desk) -> None:
    desk.session.set("note.red_flags", Text(text="woken by cramps"))
    desk.session.set("reflex.knee.right", Choice(option="3+"))
    names = ("patient.family_name", "patient.given_name")
    desk.session.set_all({name: Text(text="Specimen") for name in names})
    desk.session.set("patient.given_name", Text(text="Edwin"))
    for command, says, place in (
        ("undo", "Taken back: Given name, was Edwin.", "patient.given_name"),
        ("undo", "Taken back: Family name, and 1 more.", "patient.family_name"),
        ("undo", "Taken back: knee reflex right brisk.", "reflex.knee.right"),
        ("undo", "Taken back: notes to Red flags, was woken by cramps.", "note.red_flags"),
        ("redo", "Brought back: notes to Red flags, woken by cramps.", "note.red_flags"),
        ("redo", "Brought back: knee reflex right brisk.", "reflex.knee.right"),
    ):
        desk.window.actions_[command].trigger()
        then = "Ctrl+Shift+Z brings it back." if command == "undo" else "Ctrl+Z takes it back."
        assert desk.told[-1] == ("info", f"{says} {then}")
        assert desk.questions.keys[-1] == place


def test_the_menu_says_what_undo_and_redo_would_do(desk: Desk) -> None:
    desk.session.set("reflex.knee.right", Choice(option="3+"))
    desk.session.set("patient.given_name", Text(text="A&B"))
    undo, redo = desk.window.actions_["undo"], desk.window.actions_["redo"]

    def texts() -> tuple[str, str]:
        menu = next(m for m in desk.window.menuBar().findChildren(QMenu) if m.title() == "&Edit")
        menu.aboutToShow.emit()
        return undo.text(), redo.text()

    assert texts() == ("&Undo: Given name, A&&B", "&Redo")
    undo.trigger()
    assert texts() == ("&Undo: knee reflex right brisk", "&Redo: Given name, A&&B")
    undo.trigger()
    assert texts() == ("&Undo", "&Redo: knee reflex right brisk")


def test_an_answer_that_was_taken_back_says_so_when_that_is_undone(desk: Desk) -> None:
    desk.session.set("patient.given_name", Text(text="Edwin"))
    desk.session.set("patient.given_name", None)
    desk.window.actions_["undo"].trigger()
    assert desk.told[-1][1].startswith("Taken back: Given name, was empty.")
    assert desk.session.case["patient.given_name"] == Text(text="Edwin")


def test_every_edit_goes_to_the_writer_as_it_happens(desk: Desk) -> None:
    desk.session.set("rf.dark_urine", Finding(present=True))
    desk.heard()
    assert [edit.key for edit in desk.kept] == ["rf.dark_urine"]
    assert desk.window.header.saved.text().startswith("Saved ")


def test_a_failed_save_is_loud_and_goes_away_when_saving_works_again(desk: Desk) -> None:
    assert not desk.window.line.alarm.isVisible()
    desk.fail("The disk is full.")
    desk.session.set("rf.dark_urine", Finding(present=True))
    desk.heard()
    assert desk.window.line.alarm.isVisible()
    line, saved = desk.window.line, desk.window.header.saved
    since = f"{desk.session.history.edits[-1].at.astimezone():%H:%M:%S}"
    assert line.alarm.label.text() == f"Not saved since {since}. The disk is full."
    assert line.alarm.kept.text().startswith("What you type is kept in memory, and saved as soon")
    assert saved.text() == "1 answer not saved"
    assert line.alarm.button.text() == "Save elsewhere…"
    # All of it can be read on the red, and the count is as loud as the bar.
    red = QColor(colours(line.palette()).alarm)
    assert saved.palette().windowText().color() == red
    for button in (line.alarm.button, line.alarm.again):
        ink = button.palette().buttonText().color()
        assert ink == QColor(colours(line.palette()).on_alarm)
    # What comes to it is counted as it is typed.
    desk.session.set("rf.fever", Finding(present=True))
    assert saved.text() == "2 answers not saved"
    desk.session.set("rf.fever", Finding(present=False))
    assert saved.text() == "2 answers not saved"
    assert desk.session.case["rf.dark_urine"] == Finding(present=True)
    desk.fail("")
    desk.session.set("rf.dark_urine", Finding(present=False))
    desk.heard()
    assert not desk.window.line.alarm.isVisible()
    assert saved.text().startswith("Saved ")


def test_a_failed_save_can_be_tried_at_once(desk: Desk) -> None:
    desk.fail("The disk is full.")
    desk.session.set("rf.dark_urine", Finding(present=True))
    desk.heard()
    alarm = desk.window.line.alarm
    alarm.again.click()
    QApplication.processEvents()
    assert alarm.isVisible()
    desk.fail("")
    alarm.again.click()
    QApplication.processEvents()
    assert not alarm.isVisible()
    assert [edit.key for edit in desk.kept] == ["rf.dark_urine"]


def test_while_saving_fails_elsewhere_means_all_cases(desk: Desk) -> None:
    asked: list[bool] = []
    desk.window.wanted.connect(lambda what: asked.append(what == "elsewhere"))
    desk.fail("The disk is full.")
    desk.session.set("rf.dark_urine", Finding(present=True))
    desk.heard()
    desk.window.actions_["save_copy"].trigger()
    desk.window.line.alarm.button.click()
    assert asked == [True, True]


def test_a_case_can_be_saved_elsewhere(desk: Desk, sample: Case, tmp_path: Path) -> None:
    desk.take(sample)
    save_copy_to(tmp_path / "copy.json", desk.session, desk.messages)
    known = the_content()
    text = (tmp_path / "copy.json").read_text(encoding="utf-8")
    assert read_case(text, known.form, known.rule_ids, TODAY) == sample
    assert desk.told[-1][0] == "warning"


def test_copies_of_two_cases_of_one_day_have_two_names(desk: Desk) -> None:
    other = desk.store.create(desk.session.content)
    names = {case_name(draft.id, desk.session.day) for draft in (desk.draft, other)}
    assert len(names) == 2
    assert all(name.startswith(f"case-{desk.session.day}-") for name in names)


def test_a_copy_that_cannot_be_written_is_told_and_leaves_nothing(
    desk: Desk, tmp_path: Path
) -> None:
    save_copy_to(tmp_path / "missing" / "copy.json", desk.session, desk.messages)
    assert desk.told[-1][0] == "error"
    assert not list(tmp_path.iterdir())


def test_closing_never_asks_and_flushes(desk: Desk) -> None:
    desk.session.set("rf.dark_urine", Finding(present=True))
    assert desk.window.close()
    assert [edit.key for edit in desk.kept] == ["rf.dark_urine"]
    other = desk.store.open(desk.draft.id)
    assert not other.read_only
    assert other.close()


def test_a_window_whose_edits_cannot_be_written_stays_open_and_asks(
    qtbot: QtBot, desk: Desk
) -> None:
    desk.fail("The disk is full.")
    desk.session.set("rf.dark_urine", Finding(present=True))
    assert not desk.window.close()
    assert desk.window.line.alarm.isVisible()
    box = desk.window.asking
    assert box is not None
    assert box.text() == "1 answer is not saved. Close all the same?"
    since = f"{desk.session.history.edits[-1].at.astimezone():%H:%M:%S}"
    says = f"Closing now loses what was typed for this patient since {since}: Cola- or tea-coloured urine."
    assert box.informativeText().startswith(says)
    assert [b.text().replace("&", "") for b in (box.elsewhere, box.stay, box.lose)] == [
        "Save elsewhere…",
        "Keep open",
        "Lose 1 answer and close",
    ]
    # An Enter too many loses nothing.
    assert box.defaultButton() is box.stay
    QTest.keyClick(box, Qt.Key.Key_Return)
    QApplication.processEvents()
    assert desk.window.isVisible()
    assert not desk.window.close()
    box = desk.window.asking
    assert box is not None
    box.stay.click()
    QApplication.processEvents()
    assert desk.window.isVisible()
    desk.fail("")
    assert desk.window.close()
    assert [edit.key for edit in desk.kept] == ["rf.dark_urine"]


def test_what_cannot_be_saved_is_given_up_only_when_the_user_says_so(desk: Desk) -> None:
    desk.fail("The disk is full.")
    desk.session.set("rf.dark_urine", Finding(present=True))
    assert not desk.window.close()
    assert desk.window.asking is not None
    desk.window.asking.lose.click()
    QApplication.processEvents()
    assert not desk.window.isVisible()
    desk.fail("")
    assert desk.kept == []


def test_the_rail_shows_progress_and_red_flags(desk: Desk) -> None:
    rail = desk.window.rail
    rows = {row.section: row for row in rail.model.rows}
    assert rows["red_flags"].done == 0
    assert rows["red_flags"].all > 0
    desk.answer(rf__breathless_rest=True, neuro__weakness=True)
    rows = {row.section: row for row in rail.model.rows}
    assert rows["red_flags"].flag == "emergency"
    index = rail.model.index(list(rows).index("red_flags"))
    spoken = index.data(Qt.ItemDataRole.AccessibleTextRole)
    assert "red flag here: emergency" in spoken


def test_arrow_keys_in_the_rail_change_the_section(qtbot: QtBot, desk: Desk) -> None:
    sections = list(desk.session.form.sections)
    desk.window.rail.list.setFocus()
    qtbot.keyClick(desk.window.rail.list, Qt.Key.Key_Down)
    assert desk.questions.section == sections[1]


def test_sections_are_reached_by_shortcuts(desk: Desk) -> None:
    sections = list(desk.session.form.sections)
    actions = desk.window.actions_
    actions["next_section"].trigger()
    assert desk.questions.section == sections[1]
    actions["previous_section"].trigger()
    actions["previous_section"].trigger()
    assert desk.questions.section == sections[0]
    actions[f"section:{sections[9]}"].trigger()
    assert desk.questions.section == sections[9]
    assert actions[f"section:{sections[9]}"].shortcut().toString() == "Alt+0"
    assert desk.window.rail.section == sections[9]


def test_raising_the_urgency_is_free(qtbot: QtBot, desk: Desk) -> None:
    press_button(qtbot, desk.window.panel.banner.set_urgency)
    dialog = _dialog(desk, UrgencyDialog)
    dialog.choices["urgent"].click()
    press_button(qtbot, dialog.act)
    assert desk.session.case["case.urgency"] == Urgency(level="urgent")
    banner = desk.window.panel.banner
    assert (banner.tag.text(), banner.when.text()) == ("URGENT", "within 2 weeks")
    assert "Set by the clinician" in banner.aim.text()


def test_lowering_the_urgency_needs_a_reason(qtbot: QtBot, desk: Desk) -> None:
    desk.answer(rf__breathless_rest=True, neuro__weakness=True)
    desk.window.actions_["urgency"].trigger()
    dialog = _dialog(desk, UrgencyDialog)
    dialog.choices["soon"].click()
    assert not dialog.act.isEnabled()
    qtbot.keyClicks(dialog.reason, "assessed in hospital this morning")
    press_button(qtbot, dialog.act)
    wanted = Urgency(level="soon", reason="assessed in hospital this morning")
    assert desk.session.case["case.urgency"] == wanted
    assert "suggested: emergency" in desk.window.panel.banner.aim.text()


def test_the_suggested_urgency_can_be_taken_again(qtbot: QtBot, desk: Desk) -> None:
    desk.session.set("case.urgency", Urgency(level="urgent"))
    desk.window.actions_["urgency"].trigger()
    press_button(qtbot, _dialog(desk, UrgencyDialog).back)
    assert "case.urgency" not in desk.session.case


def test_f1_lists_every_shortcut(desk: Desk) -> None:
    desk.window.actions_["shortcuts"].trigger()
    dialog = _dialog(desk, KeysDialog)
    from PySide6.QtWidgets import QLabel

    texts = {label.text() for label in dialog.findChildren(QLabel)}
    for command in desk.window.commands:
        if command.keys:
            assert command.text.rstrip("…") in texts


def test_about_says_that_it_is_no_medical_device(clinic: Clinic) -> None:
    from PySide6.QtWidgets import QLabel

    window = clinic.new()
    window.actions_["about"].trigger()
    (dialog,) = window.findChildren(HelpDialog)
    said = " ".join(label.text() for label in dialog.findChildren(QLabel))
    assert "not a certified medical device" in said
    assert "supports the clinician and never decides" in said


def test_no_two_commands_share_a_shortcut(desk: Desk) -> None:
    keys = [key for command in desk.window.commands for key in command.keys]
    assert len(keys) == len(set(keys))


def test_text_can_be_made_larger(desk: Desk, theme: Theme) -> None:
    before = desk.window.rail.list.fontMetrics().height()
    desk.window.actions_["zoom_in"].trigger()
    QApplication.processEvents()
    assert desk.window.rail.list.fontMetrics().height() > before
    desk.window.actions_["zoom_reset"].trigger()
    assert theme.zoom == 100


def test_the_letter_can_be_copied_as_text(desk: Desk, sample: Case) -> None:
    desk.take(sample)
    desk.window.actions_["copy_text"].trigger()
    assert "SPECIMEN" in QGuiApplication.clipboard().text()


def test_a_window_on_a_claimed_case_is_read_only(
    qtbot: QtBot, assessor: Assessor, theme: Theme, tmp_path: Path
) -> None:
    desk = Desk(assessor, theme, tmp_path, read_only=True)
    qtbot.addWidget(desk.window)
    desk.window.show()
    assert "Read-only" in desk.window.header.state.text()
    # Said from the beginning, and until something else is to be said.
    says = desk.window.line.text
    assert re.fullmatch(r"Open in another window since .*\d\d:\d\d\. Here it can be read\.", says)
    desk.session.set("rf.dark_urine", Finding(present=True))
    assert not desk.session.case
    for command in ("undo", "redo", "issue", "urgency"):
        assert not desk.window.actions_[command].isEnabled()
    assert not desk.window.panel.banner.set_urgency.isEnabled()
    for key in (Qt.Key.Key_P, Qt.Key.Key_0, Qt.Key.Key_Delete):
        desk.told.clear()
        qtbot.keyClick(desk.window, key)
        assert desk.told == [("warning", says)]
    assert desk.window.close()


def test_everything_that_takes_the_focus_has_a_name(desk: Desk, sample: Case) -> None:
    desk.take(sample)
    desk.window.actions_["letter"].trigger()
    kinds = (QAbstractButton, QLineEdit, QComboBox, QAbstractItemView, QTabBar)
    nameless = [
        widget
        for kind in kinds
        for widget in desk.window.findChildren(kind)
        if widget.focusPolicy() != Qt.FocusPolicy.NoFocus
        and not isinstance(widget.parent(), QComboBox)
        and not (widget.accessibleName() or getattr(widget, "text", str)())
        and not widget.objectName().startswith("qt_")
        and widget.isVisible()
    ]
    assert not nameless


def test_the_window_fits_a_small_screen(desk: Desk) -> None:
    assert desk.window.minimumSizeHint().width() <= 1280
    assert desk.window.size().width() <= 1280
    assert desk.window.size().height() <= 720


@pytest.mark.parametrize("command", ["new", "drafts"])
def test_other_cases_are_asked_of_the_program(qtbot: QtBot, desk: Desk, command: str) -> None:
    with qtbot.waitSignal(desk.window.wanted, check_params_cb=command.__eq__):
        desk.window.actions_[command].trigger()


def test_every_command_is_in_a_menu(desk: Desk) -> None:
    listed = {
        action.objectName()
        for menu in desk.window.menuBar().actions()
        for action in _inside(menu)
        if action.objectName()
    }
    assert listed == {command.id for command in desk.window.commands}


def test_menus_open_by_alt_and_their_letter_and_by_f10(qtbot: QtBot, desk: Desk) -> None:
    window = desk.window
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    letters = [action.text()[:2] for action in window.menuBar().actions()]
    assert letters == ["&C", "&E", "&G", "&A", "&V", "&H"]
    alt, none = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.NoModifier
    for key, held, title in (
        (Qt.Key.Key_E, alt, "&Edit"),
        (Qt.Key.Key_H, alt, "&Help"),
        (Qt.Key.Key_F10, none, "&Case"),
    ):
        QTest.keyClick(window.windowHandle(), key, held)
        QApplication.processEvents()
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        assert menu.title() == title
        menu.close()


def _inside(action: QAction) -> list[QAction]:
    menu = action.menu()
    return list(menu.actions()) if isinstance(menu, QMenu) else []


def test_each_entry_of_a_menu_is_chosen_by_a_letter_of_its_own(desk: Desk) -> None:
    desk.answer(patient__given_name="A & B")
    bar = desk.window.menuBar()
    for top in bar.actions():
        menu = top.menu()
        assert isinstance(menu, QMenu)
        menu.aboutToShow.emit()
        entries = [entry.text() for entry in menu.actions() if not entry.isSeparator()]
        assert entries
        assert len(letters_of(entries)) == len(entries), entries


def test_a_letter_in_an_open_menu_does_what_its_entry_says(desk: Desk) -> None:
    wished: list[str] = []
    desk.window.wanted.connect(wished.append)
    menu = next(top.menu() for top in desk.window.menuBar().actions() if top.text() == "&Help")
    assert isinstance(menu, QMenu)
    menu.popup(desk.window.mapToGlobal(QPoint(10, 10)))
    QTest.keyClick(menu, Qt.Key.Key_P)
    QApplication.processEvents()
    assert wished == ["practice"]


@pytest.mark.parametrize(
    ("menu", "key", "acts"),
    [(0, Qt.Key.Key_L, True), (0, Qt.Key.Key_J, False), (1, Qt.Key.Key_L, False)],
)
def test_a_shortcut_of_an_entry_folds_its_menu_and_that_of_another_menu_does_nothing(
    qtbot: QtBot, desk: Desk, menu: int, key: Qt.Key, acts: bool
) -> None:
    window, focused = desk.window, desk.window.focusWidget()
    window.menuBar().setActiveAction(window.menuBar().actions()[menu])
    QApplication.processEvents()
    popup = QApplication.activePopupWidget()
    assert popup is not None
    QTest.keyClick(popup.windowHandle(), key, Qt.KeyboardModifier.ControlModifier)
    QApplication.processEvents()
    assert popup.isVisible() is not acts
    assert (window.stack.currentWidget() is window.letter) is acts
    popup.close()
    assert acts or window.focusWidget() is focused
