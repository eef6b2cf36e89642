"""A list of medicines pasted into the window: shown beside what it becomes, and recorded as one step."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from tests.qt.test_dropped_text import drag, drop
from tests.qt.test_paste import CONTROL, Key, Window, copy, open_at, press
from triage.model.values import Finding, Row, Table
from triage.qt.ask.table import TableWidget

__all__ = ["open_at"]
LIST = """Repeat medication:
Ramipril 5mg caps 1 OD
Bendroflumethiazide 2.5mg tabs 1 mane
    with breakfast
Methotrexate 2.5mg 6 tabs Mondays
Pyridoxine 50mg 1 OD
Past medication:
Simvastatin 40mg
"""


def name_field(at: Window) -> QLineEdit:
    at.window.go.go_to("meds.list")
    widget = at.window.questions.page.widget_of("meds.list")
    assert isinstance(widget, TableWidget)
    if not widget.rows:
        widget.add_row()
    field = widget.rows[0].fields["name"]
    assert isinstance(field, QLineEdit)
    field.setFocus()
    return field


def rows(at: Window) -> list[dict[str, object]]:
    value = at.session.case.get("meds.list")
    return [dict(row.cells) for row in value.rows] if isinstance(value, Table) else []


@pytest.mark.parametrize("way", ["key", "drop", "question"])
def test_a_pasted_list_is_shown_before_anything_of_it_is_recorded(
    open_at: Callable[..., Window], way: str
) -> None:
    at = open_at("general")
    field: QWidget = name_field(at)
    if way == "question":
        # Not only in the field: anywhere in the question.
        widget = at.window.questions.page.widget_of("meds.list")
        assert isinstance(widget, TableWidget)
        field = widget.add
        field.setFocus()
    copy(LIST)
    if way == "drop":
        assert drop(field, drag(LIST))
    else:
        press(field, Key.Key_V, CONTROL)
    dialog = at.dialog
    assert dialog is not None
    assert dialog.windowTitle() == "Paste of medicines"
    assert rows(at) == []
    assert [e.state for e in dialog.preview.entries] == [
        *("left", "records", "records", "serves", "records"),
        *("asks", "left", "left"),
    ]
    assert dialog.title.text() == "Paste of medicines: 3 of 8 lines read, 1 asks"
    assert dialog.record.text().replace("&", "") == "Record 3 medicines   Ctrl+Enter"
    # What its name alone does not tell is asked; a class is taken off; Delete leaves out.
    press(dialog.list, Key.Key_1)
    dialog.list.show_row(1)
    press(dialog.list, Key.Key_Space)
    # A medicine of no class has none to take off.
    dialog.list.show_row(4)
    before = dialog.preview.entries[4]
    press(dialog.list, Key.Key_Space)
    assert dialog.preview.entries[4] == before
    assert rows(at) == []
    press(dialog.list, Key.Key_Return, CONTROL)
    assert at.dialog is None
    assert [row["name"] for row in rows(at)] == [
        "Ramipril",
        "Bendroflumethiazide",
        "Methotrexate",
        "Pyridoxine",
    ]
    assert rows(at)[1]["dose"] == "2.5mg tabs 1 mane with breakfast"
    facts = at.session.facts
    assert facts["meds.classes.thiazide"] is True
    # What was taken off does not count.
    assert facts.get("meds.classes.acei_arb") is not True
    table = at.session.case["meds.list"]
    assert isinstance(table, Table)
    assert not table.closed
    assert at.told[-1] == ("info", "Recorded: 4 medicines. Ctrl+Z takes it back.")
    at.session.undo()
    assert rows(at) == []


def test_that_these_are_all_is_a_tick_of_its_own(open_at: Callable[..., Window]) -> None:
    at = open_at("general")
    copy("Ramipril 5mg\nAtorvastatin 20mg on")
    press(name_field(at), Key.Key_V, CONTROL)
    dialog = at.dialog
    assert dialog is not None
    assert dialog.closes.isVisible()
    assert not dialog.closes.isChecked()
    dialog.closes.click()
    assert "that there are no others" in dialog.record.text().replace("&", "")
    press(dialog.list, Key.Key_Return, CONTROL)
    table = at.session.case["meds.list"]
    assert isinstance(table, Table)
    assert table.closed
    assert len(table.rows) == 2


def test_what_is_in_the_list_is_left_out_and_another_dose_asks(
    open_at: Callable[..., Window],
) -> None:
    at = open_at("general")
    old = tuple(
        Row(cells=(("name", name), ("dose", dose)))
        for name, dose in (("Ramipril", "5mg"), ("Atorvastatin", "20mg"))
    )
    at.session.set("meds.list", Table(rows=old, closed=True))
    QApplication.processEvents()
    copy("Ramipril 5mg\nAtorvastatin 40mg")
    press(name_field(at), Key.Key_V, CONTROL)
    dialog = at.dialog
    assert dialog is not None
    first, second = dialog.preview.entries
    assert (first.state, first.says) == ("left", "as in the list")
    assert [m.says for m in second.meanings] == ["instead of atorvastatin 20mg", "one more"]
    press(dialog.list, Key.Key_1)
    press(dialog.list, Key.Key_Return, CONTROL)
    table = at.session.case["meds.list"]
    assert isinstance(table, Table)
    assert [row.get("dose") for row in table.rows] == ["5mg", "40mg"]
    # Not one more than when it was said that there is nothing else.
    assert table.closed


def test_a_list_of_another_patient_stops_it(open_at: Callable[..., Window]) -> None:
    at = open_at("general")
    at.desk.answer(patient__family_name="Specimen", patient__given_name="Edwin")
    copy(
        "Name: SAMPLE, Nora\nDate of birth: 2 Feb 1950\nRamipril 5mg\nAtorvastatin 20mg\nAspirin 75mg"
    )
    press(name_field(at), Key.Key_V, CONTROL)
    assert at.dialog is not None
    said = "The text names another patient: SAMPLE, Nora. Nothing was read."
    assert at.dialog.says.text() == said
    assert at.dialog.record.isHidden()
    assert at.dialog.closes.isHidden()


def test_one_line_is_text_of_its_field(open_at: Callable[..., Window]) -> None:
    at = open_at("general")
    copy("Ramipril 5 mg\n")
    press(name_field(at), Key.Key_V, CONTROL)
    assert at.dialog is None
    assert rows(at) == [{"name": "Ramipril 5 mg"}]
    assert Finding(present=True) not in at.session.case.values()
