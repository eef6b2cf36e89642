"""Medicines as a clinician enters them: pasted lists, what is proposed, and the keys that confirm it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication

from triage.model.values import Finding, Table

from .asking import ask, click, fresh, press, type_in

LIST = """Repeat medication:
Amlodipine 5mg tablets - One To Be Taken Each Day
Atorvastatin 40mg tablets - One To Be Taken At Night
Furosemide 40mg tablets - One To Be Taken Each Morning
Salbutamol 100micrograms/dose inhaler CFC free - Two Puffs Up To Four Times A Day
Warfarin 1mg tablets - As Directed
"""


def paste(text: str) -> None:
    """Put a text where the focus is, as dictation does, and the middle button of a mouse."""
    target = QApplication.focusWidget()
    assert target is not None
    typed = QInputMethodEvent()
    typed.setCommitString(text)
    QApplication.sendEvent(target, typed)
    QApplication.processEvents()


def medicines(qtbot, given=None):
    session = fresh(given or {})
    widget = ask(qtbot, session, "meds.list")
    return session, widget


def pasted(qtbot, text=LIST):
    session, widget = medicines(qtbot)
    click(widget.add)
    paste(text)
    return session, widget


def cells(session, name="meds.list"):
    value = session.case.get(name)
    return [dict(row.cells) for row in value.rows] if isinstance(value, Table) else []


def taken(session):
    start = "meds.classes."
    facts = session.facts.items()
    return {name.removeprefix(start) for name, v in facts if v is True and name.startswith(start)}


def said(widget):
    return [row.proposal.text.text() if row.proposal.isVisible() else "" for row in widget.rows]


# -- a pasted list --------------------------------------------------------------------------------


def test_a_pasted_list_becomes_a_row_a_line_as_one_step(qtbot):
    session, widget = pasted(qtbot)
    assert cells(session) == [
        {"name": "Amlodipine", "dose": "5mg tablets - One To Be Taken Each Day"},
        {"name": "Atorvastatin", "dose": "40mg tablets - One To Be Taken At Night"},
        {"name": "Furosemide", "dose": "40mg tablets - One To Be Taken Each Morning"},
        {
            "name": "Salbutamol",
            "dose": "100micrograms/dose inhaler CFC free - Two Puffs Up To Four Times A Day",
        },
        {"name": "Warfarin", "dose": "1mg tablets - As Directed"},
    ]
    assert len(widget.rows) == 5
    assert widget.message == "Not read as a row: Repeat medication:"
    assert taken(session) == {"dhp_ccb", "statin", "loop", "saba", "warfarin"}
    session.undo()
    assert cells(session) == []
    assert widget.message == ""


def test_rows_pasted_between_others_leave_those_alone(qtbot):
    given = {"meds.list": [{"name": "A", "since": "2024"}, {"name": "B"}, {"name": "C"}]}
    session, widget = medicines(qtbot, given)
    assert session.case["meds.list"].closed
    field = widget.rows[1].fields["name"]
    field.setFocus()
    field.selectAll()
    paste("warfarin 3 mg\r\naspirin 75 mg")
    assert [row["name"] for row in cells(session)] == ["A", "warfarin", "aspirin", "C"]
    assert cells(session)[0] == {"name": "A", "since": "2024"}
    # There are more now than when it was said that there is nothing else.
    assert not session.case["meds.list"].closed


def test_one_line_stays_plain_text_even_with_its_end(qtbot):
    session, _ = pasted(qtbot, "Ramipril 5 mg\n")
    assert cells(session) == [{"name": "Ramipril 5 mg"}]


def test_headings_alone_make_no_row(qtbot):
    session, widget = pasted(qtbot, "Repeat medication:\nAcute\n")
    assert cells(session) == []
    assert widget.message == "Not read as a row: Repeat medication:; Acute"


@pytest.mark.parametrize(
    ("question", "column"),
    [("patient.allergies", "substance"), ("patient.identifiers", "value")],
)
def test_other_tables_take_a_row_a_line_as_well(qtbot, question, column):
    session = fresh({})
    widget = ask(qtbot, session, question)
    click(widget.add)
    widget.rows[0].fields[column].setFocus()
    paste("• penicillin\n\n2. nuts and seeds\n  latex")
    assert cells(session, question) == [
        {column: "penicillin"},
        {column: "nuts and seeds"},
        {column: "latex"},
    ]
    session.undo()
    assert cells(session, question) == []


def test_a_choice_beside_the_pasted_lines_stays_with_the_first(qtbot):
    session = fresh({})
    widget = ask(qtbot, session, "patient.identifiers")
    click(widget.add)
    widget.rows[0].fields["kind"].choose(3)
    widget.rows[0].fields["value"].setFocus()
    paste("H 12345\n999 000 0018")
    assert cells(session, "patient.identifiers") == [
        {"kind": "hospital_number", "value": "H 12345"},
        {"value": "999 000 0018"},
    ]


# -- what is proposed -----------------------------------------------------------------------------


def test_each_row_says_what_its_name_stands_for(qtbot):
    _, widget = pasted(qtbot, "Lasix 40 mg\nparacetamol\nXyzabc 5 mg\nExforge\nquinine 200 mg")
    widget.add.setFocus()
    assert said(widget) == [
        "furosemide: loop diuretic.",
        "paracetamol: known, of none of the classes.",
        "Class not known.",
        "amlodipine with valsartan: dihydropyridine calcium-channel blocker, ACE inhibitor or "
        "angiotensin receptor blocker.",
        "quinine: quinine or daily tonic water.",
    ]


def test_a_row_is_confirmed_by_its_button(qtbot):
    session, widget = pasted(qtbot, "Exforge 5/160\nwarfarin 3 mg")
    assert cells(session)[0] == {"name": "Exforge", "dose": "5/160"}
    row = widget.rows[0]
    row.proposal.yes.setFocus()
    press(Qt.Key.Key_Space)
    assert cells(session)[0]["class"] == "dhp_ccb acei_arb"
    assert "class" not in cells(session)[1]
    assert not row.proposal.isVisible()
    assert row.fields["class"].currentText() == (
        "Dihydropyridine calcium-channel blocker + ACE inhibitor or angiotensin receptor blocker"
    )
    session.undo()
    assert "class" not in cells(session)[0]
    assert row.proposal.isVisible()


def test_one_key_confirms_all_rows_as_one_step_and_leaves_questions(qtbot):
    session, widget = pasted(qtbot, LIST + "lithium stopped 2024\nXyzabc\n")
    told = []
    widget.told.connect(told.append)
    widget.add.setFocus()
    assert widget.confirm.isVisible()
    assert widget.confirm.text() == "Confirm all (5) · C"
    press("c")
    assert [row.get("class") for row in cells(session)] == [
        "dhp_ccb",
        "statin",
        "loop",
        "saba",
        "warfarin",
        None,
        None,
    ]
    assert told == ["Recorded: the classes of 5 rows. Ctrl+Z takes them back."]
    assert not widget.confirm.isVisible()
    session.undo()
    assert not any("class" in row for row in cells(session))


def test_the_button_for_all_rows_does_the_same(qtbot):
    session, widget = pasted(qtbot)
    click(widget.confirm)
    assert [row["class"] for row in cells(session)] == [
        "dhp_ccb",
        "statin",
        "loop",
        "saba",
        "warfarin",
    ]


def test_the_letter_c_is_a_letter_in_a_field_and_moving_confirms_nothing(qtbot):
    session, widget = pasted(qtbot, "warfarin 3 mg\naspirin")
    widget.rows[1].fields["dose"].setFocus()
    type_in("c")
    assert cells(session)[1] == {"name": "aspirin", "dose": "c"}
    widget.rows[0].proposal.yes.setFocus()
    press(Qt.Key.Key_Return, Qt.Key.Key_Tab)
    assert not any("class" in row for row in cells(session))


def test_not_so_takes_the_name_out(qtbot):
    session, widget = medicines(qtbot, {"meds.list": [{"name": "timolol eye drops"}]})
    assert taken(session) == {"beta_blocker"}
    click(widget.rows[0].proposal.no)
    assert cells(session) == [{"name": "timolol eye drops", "class": "none_of_these"}]
    assert taken(session) == set()
    assert widget.rows[0].fields["class"].currentText() == "None of these"
    assert said(widget) == [""]


def test_a_doubtful_medicine_is_a_question_with_two_answers(qtbot):
    given = {"meds.list": [{"name": "warfarin stopped 2024"}], "meds.classes": []}
    session, widget = medicines(qtbot, given)
    proposal = widget.rows[0].proposal
    assert said(widget) == ["warfarin: taken now? The text says “stopped”"]
    assert (proposal.yes.text(), proposal.no.text()) == ("Yes", "No")
    assert not widget.confirm.isVisible()
    click(proposal.no)
    assert cells(session) == [{"name": "warfarin stopped 2024", "change": "stopped"}]
    assert session.facts["meds.classes.warfarin"] is False
    assert said(widget) == ["Stopped: does not count as taken."]
    session.undo()
    click(proposal.yes)
    assert cells(session)[0]["class"] == "warfarin"
    assert taken(session) == {"warfarin"}


def test_not_taken_leaves_the_other_medicine_of_the_row(qtbot):
    session, widget = medicines(qtbot, {"meds.list": [{"name": "apixaban instead of warfarin"}]})
    click(widget.rows[0].proposal.no)
    assert cells(session)[0]["class"] == "doac none_of_these"
    assert taken(session) == {"doac"}
    assert widget.rows[0].fields["class"].currentText() == "Direct oral anticoagulant (DOAC)"


@pytest.mark.parametrize(
    "name",
    ["stopped warfarin, apixaban?", "warfarin? apixaban?", "previously warfarin and apixaban"],
)
def test_no_to_one_of_two_doubtful_medicines_never_answers_for_the_other(qtbot, name):
    given = {"meds.list": [{"name": name}], "meds.classes": []}
    session, widget = medicines(qtbot, given)
    proposal = widget.rows[0].proposal
    assert said(widget)[0].startswith("warfarin: taken now?")
    assert said(widget)[0].endswith("If not, give it a row of its own.")
    assert not proposal.no.isVisible()
    assert session.facts.get("meds.classes.doac") is None
    click(proposal.yes)
    assert said(widget)[0].startswith("apixaban: taken now?")
    click(proposal.no)
    assert cells(session) == [{"name": name, "class": "warfarin none_of_these"}]
    assert taken(session) == {"warfarin"}


@pytest.mark.parametrize("cue", ["changed", "switched", "converted"])
def test_of_a_change_from_one_to_another_only_the_first_is_doubted(qtbot, cue):
    given = {"meds.list": [{"name": f"{cue} from warfarin to apixaban"}], "meds.classes": []}
    session, widget = medicines(qtbot, given)
    assert taken(session) == {"doac"}
    click(widget.rows[0].proposal.no)
    assert cells(session)[0]["class"] == "doac none_of_these"
    assert taken(session) == {"doac"}


def test_what_the_name_does_not_tell_is_asked(qtbot):
    session, widget = medicines(qtbot, {"meds.list": [{"name": "pyridoxine", "dose": "50 mg"}]})
    assert said(widget) == ["pyridoxine: more than 10 mg a day, long-term?"]
    assert taken(session) == set()
    click(widget.rows[0].proposal.yes)
    assert taken(session) == {"vitamin_b6_high"}


def test_quinine_that_may_be_stopped_is_asked_and_answered(qtbot):
    given = {"meds.list": [{"name": "quinine, stopped?"}]}
    session, widget = medicines(qtbot, given)
    assert session.facts.get("meds.quinine") is None
    click(widget.rows[0].proposal.yes)
    assert session.case["meds.quinine"] == Finding(present=True)
    assert said(widget) == ["quinine: quinine or daily tonic water."]


def test_a_slip_of_the_key_is_offered_and_put_right_by_a_click(qtbot):
    session, widget = medicines(qtbot, {"meds.list": [{"name": "Tab. Warfrin", "dose": "3 mg"}]})
    proposal = widget.rows[0].proposal
    assert proposal.meant.text() == "Did you mean warfarin?"
    assert taken(session) == set()
    click(proposal.meant)
    assert cells(session) == [{"name": "Tab. warfarin", "dose": "3 mg"}]
    assert taken(session) == {"warfarin"}
    assert not proposal.meant.isVisible()


def test_the_list_of_classes_shows_what_the_medicines_say(qtbot):
    session = fresh({"meds.list": [{"name": "Warfarin"}, {"name": "Zocor"}]})
    widget = ask(qtbot, session, "meds.classes")
    assert {name for name, chip in widget.chips.items() if chip.implied} == {"statin", "warfarin"}


def test_a_long_name_has_room_and_ticks_its_class(qtbot, theme):
    name = "Bendroflumethiazide"
    session = fresh({"meds.list": [{"name": name}]})
    field = ask(qtbot, session, "meds.list").rows[0].fields["name"]
    assert field.width() >= 200
    assert field.fontMetrics().horizontalAdvance(name) + 16 <= field.width()
    chips = ask(qtbot, session, "meds.classes").chips
    assert {name for name, chip in chips.items() if chip.implied} == {"thiazide"}


def test_nothing_is_said_of_a_row_without_a_name(qtbot):
    _, widget = medicines(qtbot, {"meds.list": [{"since": "2024"}]})
    assert said(widget) == [""]


def test_nothing_is_said_against_a_name_that_is_still_typed(qtbot):
    _, widget = medicines(qtbot)
    click(widget.add)
    type_in("Xyz")
    assert said(widget) == [""]
    widget.rows[0].fields["class"].setFocus()
    assert said(widget) == ["Class not known."]
    widget.rows[0].fields["name"].setFocus()
    type_in(" warfarin")
    assert said(widget) == ["warfarin: warfarin."]


def test_several_classes_of_a_row_stay_when_another_cell_is_changed(qtbot):
    row = {"name": "Exforge", "class": ["dhp_ccb", "acei_arb"]}
    session, widget = medicines(qtbot, {"meds.list": [row]})
    widget.rows[0].fields["dose"].setFocus()
    type_in("5/160")
    assert cells(session) == [
        {"name": "Exforge", "class": "dhp_ccb acei_arb", "dose": "5/160"}
    ] or (cells(session)[0]["class"] == "dhp_ccb acei_arb")


def test_a_long_list_is_pasted_without_a_wait(qtbot):
    names = ["Ramipril", "Atorvastatin", "Warfarin", "Xyzabc"]
    text = "\n".join(f"{names[n % 4]} {n} mg daily" for n in range(40))
    session, widget = pasted(qtbot, text)
    assert len(widget.rows) == 40
    click(widget.confirm)
    assert [row.get("class") for row in cells(session)].count("warfarin") == 10


def test_a_case_that_another_window_has_shows_what_stands_and_records_nothing(qtbot):
    session = fresh({"meds.list": [{"name": "warfarin"}]}, read_only=True)
    widget = ask(qtbot, session, "meds.list")
    assert not widget.rows[0].proposal.yes.isEnabled()
    before = cells(session)
    click(widget.rows[0].proposal.yes)
    assert cells(session) == before
