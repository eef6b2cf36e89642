"""A pasted consultation note as a user meets it: real keys in the real window, and what was recorded."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.session.note.measure import facts, is_that, notes
from tests.session.quick.table import session_of
from triage.model.values import Choice, Finding, Text
from triage.qt.ask.paste import NOTE, PasteDialog
from triage.session import Session
from triage.session.note import NotePreview

from .test_paste import CONTROL, Window, copy, open_at, press  # noqa: F401 - the fixture is used by its name

Key = Qt.Key
TEXT = """Cramps in calves for a while.
No weakness or numbness.
His mother had ALS. Wife well.
O/E R FDI 3
?MND. Refer if dark urine."""
SURE = {"neuro.weakness", "neuro.numbness_tingling", "power.fdi.right"}


def pasted(open_at: Callable[..., Window], text: str = TEXT) -> tuple[Window, PasteDialog]:  # noqa: F811
    at = open_at("complaint")
    copy(text)
    press(at.window.rail, Key.Key_V, CONTROL)
    assert at.dialog is not None
    return at, at.dialog


def opened(qtbot: QtBot, text: str, session: Session) -> PasteDialog:
    dialog = PasteDialog(session, NotePreview(session, text, "complaint"), kind=NOTE)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.activateWindow()
    qtbot.waitExposed(dialog)
    return dialog


def row_of(dialog: PasteDialog, says: str) -> int:
    """Return the row that asks about something."""
    entries = dialog.preview.entries
    return next(at for at, e in enumerate(entries) if any(says in m.says for m in e.meanings))


def test_several_lines_where_no_result_is_are_a_note_and_record_nothing_yet(
    open_at: Callable[..., Window],  # noqa: F811
) -> None:
    at, dialog = pasted(open_at)
    assert dialog.windowTitle() == "Paste of a consultation note"
    assert dialog.record.text().replace("&", "").startswith("Record 3 answers, ")
    assert at.session.history.n == 0
    press(dialog.list, Key.Key_Escape)
    assert at.dialog is None
    assert at.session.history.n == 0


def test_ctrl_enter_records_ticks_and_keeps_the_rest_as_one_step(
    open_at: Callable[..., Window],  # noqa: F811
) -> None:
    at, dialog = pasted(open_at)
    press(dialog.list, Key.Key_Return, CONTROL)
    case = at.session.case
    assert {key for key in case if not key.startswith("note.")} == SURE
    assert case["neuro.weakness"] == Finding(present=False)
    assert case["power.fdi.right"] == Choice(option="3")
    kept = next(value for key, value in case.items() if key.startswith("note."))
    assert isinstance(kept, Text)
    assert kept.text.splitlines() == [
        "Cramps in calves for a while.",
        "His mother had ALS.",
        "Wife well.",
        "?MND.",
        "Refer if dark urine.",
    ]
    assert at.told[-1][0] == "warning"
    assert "not answered" in at.told[-1][1]
    at.session.undo()
    assert not at.session.case


def test_a_note_pasted_beside_the_name_goes_to_the_history_and_not_among_who_the_patient_is(
    open_at: Callable[..., Window],  # noqa: F811
) -> None:
    at = open_at("patient")
    copy(TEXT)
    press(at.window.rail, Key.Key_V, CONTROL)
    assert at.dialog is not None
    caption = at.dialog.notes.text().replace("&", "")
    assert caption == "What is not recorded to the notes of Complaint"
    press(at.dialog.list, Key.Key_Return, CONTROL)
    assert {key for key in at.session.case if key.startswith("note.")} == {"note.complaint"}


def test_a_digit_answers_what_asks_and_delete_leaves_out(
    open_at: Callable[..., Window],  # noqa: F811
) -> None:
    at, dialog = pasted(open_at)
    family = row_of(dialog, "Relative")
    dialog.list.show_row(family)
    press(dialog.list, Key.Key_1)
    dialog.list.show_row(row_of(dialog, "strength"))
    press(dialog.list, Key.Key_Delete)
    press(dialog.list, Key.Key_Return, CONTROL)
    assert at.session.case["fh.mnd"] == Finding(present=True)
    assert "neuro.weakness" not in at.session.case
    # What was left out is not lost.
    notes = next(v for k, v in at.session.case.items() if k.startswith("note."))
    assert isinstance(notes, Text)
    assert "No weakness or numbness." in notes.text


def test_the_box_keeps_nothing_of_the_text(open_at: Callable[..., Window]) -> None:  # noqa: F811
    at, dialog = pasted(open_at)
    dialog.notes.setFocus()
    press(dialog.notes, Key.Key_Space)
    press(dialog.list, Key.Key_Return, CONTROL)
    assert set(at.session.case) == SURE


def test_enter_alone_records_and_edits_nothing(open_at: Callable[..., Window]) -> None:  # noqa: F811
    at, dialog = pasted(open_at)
    press(dialog.list, Key.Key_Return)
    assert at.dialog is dialog
    assert not dialog.list.is_editing
    assert at.session.history.n == 0


def test_the_menu_takes_a_note_anywhere_and_a_read_only_case_none(
    open_at: Callable[..., Window],  # noqa: F811
) -> None:
    at = open_at("results")
    copy("No weakness.")
    at.window.actions_["paste_note"].trigger()
    assert at.dialog is not None
    assert at.dialog.windowTitle() == "Paste of a consultation note"
    shut = open_at("results", read_only=True)
    assert not shut.window.actions_["paste_note"].isEnabled()


def test_a_note_of_another_patient_can_only_be_closed(qtbot: QtBot) -> None:
    session = session_of({"patient.family_name": "Sample", "patient.given_name": "Nora"})
    dialog = opened(qtbot, "Name: Erik MUSTER\nNo weakness.", session)
    assert "another patient" in dialog.says.text()
    assert not dialog.record.isEnabled()
    press(dialog, Key.Key_Return, CONTROL)
    assert dialog.isVisible()
    assert "neuro.weakness" not in session.case


def test_two_answers_that_exclude_each_other_are_never_both_recorded(qtbot: QtBot) -> None:
    session = session_of({})
    dialog = opened(qtbot, "Weakness.\nNo weakness.", session)
    for row in range(2):
        dialog.list.show_row(row)
        press(dialog.list, Key.Key_1)
    assert "said otherwise above" in dialog.preview.entries[1].says
    press(dialog.list, Key.Key_Return, CONTROL)
    assert session.case["neuro.weakness"] == Finding(present=True)


def test_medicines_of_one_note_join_one_list(qtbot: QtBot) -> None:
    session = session_of({})
    dialog = opened(qtbot, "Meds: ramipril 5 mg od, metformin 500 mg bd", session)
    press(dialog.list, Key.Key_Return, CONTROL)
    assert sum(1 for _ in facts(dict(session.case))) == 2


@pytest.mark.parametrize("note", notes("seen"), ids=lambda note: note.name)
def test_enter_on_an_untouched_note_records_nothing_wrong_and_loses_nothing(
    qtbot: QtBot, note: object
) -> None:
    assert hasattr(note, "text")
    session = session_of({})
    dialog = opened(qtbot, note.text, session)
    press(dialog.list, Key.Key_Return, CONTROL)
    QApplication.processEvents()
    kept = "\n".join(
        v.text for k, v in session.case.items() if k.startswith("note.") and isinstance(v, Text)
    )
    for fact in facts({k: v for k, v in session.case.items() if not k.startswith("note.")}):
        assert any(is_that(fact, right) for right in note.right), fact
    whole = dialog.preview
    assert isinstance(whole, NotePreview)
    for at, entry in enumerate(whole.entries):
        assert whole.shown(at) in ("records", "serves") or entry.text in kept, entry.text
