"""Fields that ask which reading is meant, and flag what cannot be."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from triage.model.dates import PartialDate
from triage.model.values import Choice, Date, Measurement, Quantity, Result
from triage.qt.ask.result_row import ResultRow

from .asking import ask, fresh, section

Key = Qt.Key


def _type(text: str) -> None:
    # Key by key: an @ leads to the date.
    for char in text:
        QTest.keyClicks(QApplication.focusWidget(), char)


def _press(key: Qt.Key) -> None:
    QTest.keyClick(QApplication.focusWidget(), key)
    QApplication.processEvents()


def _row() -> ResultRow:
    """Return the result in which the focus is."""
    found = QApplication.focusWidget()
    while not isinstance(found, ResultRow):
        found = found.parentWidget()
    return found


def _item(session: Any, name: str) -> Measurement | None:
    value = session.case.get(name)
    return value.items[0] if isinstance(value, Result) else None


@pytest.mark.parametrize(
    ("typed", "key", "number"),
    [
        ("12,450", Key.Key_1, "12.45"),
        ("12,450", Key.Key_2, "12450"),
        ("12.000", Key.Key_2, "12000"),
        ("> 20,000", Key.Key_2, "20000"),
    ],
)
def test_two_readings_are_asked_and_nothing_is_recorded_before(
    qtbot, typed: str, key: Qt.Key, number: str
) -> None:
    session = fresh()
    widget = ask(qtbot, session, "ix.ck")
    _type(typed)
    assert session.case.get("ix.ck") is None
    _press(Key.Key_Tab)
    row = widget.rows[0]
    assert QApplication.focusWidget() is row.value.meant.buttons[0]
    assert widget.message == "Not recorded: which is meant?"
    assert session.case.get("ix.ck") is None
    _press(key)
    item = _item(session, "ix.ck")
    assert item is not None
    assert (item.value, item.unit, item.typed) == (Decimal(number), "U/L", typed)
    assert widget.message == ""
    assert row.value.meant.isHidden()
    # What is shown is what was understood, in one spelling; the focus is back in the field.
    assert row.value.text().replace(" ", "").lstrip(">") == number
    assert QApplication.focusWidget() is row.value
    session.undo()
    assert session.case.get("ix.ck") is None


def test_the_emergency_of_a_large_number_is_not_lost_by_a_comma(qtbot) -> None:
    session = fresh({"neuro.weakness": True})
    ask(qtbot, session, "ix.ck")
    _type("12,450")
    _press(Key.Key_Tab)
    _press(Key.Key_2)
    assert session.assessment.urgency.level == "emergency"


def test_enter_and_a_held_digit_do_not_choose(qtbot) -> None:
    session = fresh()
    widget = ask(qtbot, session, "ix.ck")
    _type("12,450")
    _press(Key.Key_Return)
    button = widget.rows[0].value.meant.buttons[0]
    assert QApplication.focusWidget() is button
    _press(Key.Key_Return)
    assert session.case.get("ix.ck") is None


def test_an_answer_with_three_decimals_is_asked_once_and_never_again(qtbot) -> None:
    session = fresh()
    widget = ask(qtbot, session, "cramp.walk_distance_m")
    _type("2,345 km")
    _press(Key.Key_Tab)
    # 2345 km is no distance that anyone walks: one reading.
    assert session.case["cramp.walk_distance_m"].value == Decimal("2.345")
    line = widget.lines[0]
    line.setFocus()
    line.selectAll()
    _type("1.250")
    _press(Key.Key_Tab)
    widget.units["cramp.walk_distance_m"].show_entry("m")
    widget.refresh()
    assert line.text() in ("1.250", "1.25")


def test_the_spelling_of_an_answer_is_no_new_question(qtbot) -> None:
    session = fresh()
    widget = ask(qtbot, session, "ix.ck")
    _type("2,345")
    _press(Key.Key_Tab)
    if not widget.rows[0].value.meant.isHidden():
        _press(Key.Key_2)
    assert _item(session, "ix.ck").value == Decimal(2345)
    again = ask(qtbot, session, "ix.ck")
    again.rows[0].value.setFocus()
    _press(Key.Key_End)
    _press(Key.Key_Tab)
    assert again.message == ""
    assert _item(session, "ix.ck").value == Decimal(2345)


@pytest.mark.parametrize(
    ("name", "typed", "key", "number", "unit"),
    [
        ("ix.hb", "13.5", Key.Key_1, "13.5", "g/dL"),
        ("ix.ca_adj", "9.4", Key.Key_1, "9.4", "mg/dL"),
        ("ix.creat", "6", Key.Key_1, "6", "mg/dL"),
        ("gen.temp", "98.6", Key.Key_1, "98.6", "°F"),
    ],
)
def test_a_number_that_cannot_be_in_its_unit_and_can_in_another_asks_which(
    qtbot, name: str, typed: str, key: Qt.Key, number: str, unit: str
) -> None:
    session = fresh()
    widget = ask(qtbot, session, name)
    _type(typed)
    _press(Key.Key_Tab)
    assert session.case.get(name) is None
    _press(key)
    item = _item(session, name)
    assert item is not None
    assert (item.value, item.unit) == (Decimal(number), unit)
    assert widget.rows[0].unit.entry == unit


def test_the_unit_that_was_chosen_is_asked_no_more(qtbot) -> None:
    session = fresh()
    widget = ask(qtbot, session, "ix.hb")
    widget.rows[0].unit.setCurrentText("g/dL")
    widget.rows[0].value.setFocus()
    _type("13.5")
    _press(Key.Key_Tab)
    assert (_item(session, "ix.hb").value, _item(session, "ix.hb").unit) == (
        Decimal("13.5"),
        "g/dL",
    )


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("ix.k", "41"),
        ("ix.k", "-4.1"),
        ("gen.hr", "720"),
        ("gen.spo2", "9.7"),
        ("ix.na", "14"),
        ("patient.weight_kg", "720 kg"),
    ],
)
def test_what_cannot_be_is_recorded_as_typed_and_flagged_beside_the_field(
    qtbot, name: str, typed: str
) -> None:
    session = fresh()
    widget = ask(qtbot, session, name)
    _type(typed)
    _press(Key.Key_Tab)
    assert name in session.case
    assert "outside what can be" in widget.message
    assert "kept as typed" in widget.message


@pytest.mark.parametrize(
    ("profile", "typed", "recorded"),
    [
        ("us", "03/04/1960", date(1960, 3, 4)),
        ("uk", "03/04/1960", date(1960, 4, 3)),
        ("eu", "3.4.1960", date(1960, 4, 3)),
    ],
)
def test_a_date_follows_the_profile_and_comes_back_with_the_name_of_the_month(
    qtbot, profile: str, typed: str, recorded: date
) -> None:
    session = fresh()
    session.set("case.profile", Choice(option=profile))
    widget = ask(qtbot, session, "patient.dob")
    _type(typed)
    _press(Key.Key_Tab)
    assert session.case["patient.dob"] == Date(date=PartialDate.of(recorded))
    assert widget.lines[0].text() == PartialDate.of(recorded).words()


@pytest.mark.parametrize(("profile", "typed"), [("uk", "03/25/1960"), ("us", "25/03/1960")])
def test_a_date_that_only_the_other_order_gives_is_asked(qtbot, profile: str, typed: str) -> None:
    session = fresh()
    session.set("case.profile", Choice(option=profile))
    widget = ask(qtbot, session, "patient.dob")
    _type(typed)
    _press(Key.Key_Tab)
    assert session.case.get("patient.dob") is None
    assert widget.lines[0].meant.buttons[0].text() == "1  25 Mar 1960"
    _press(Key.Key_1)
    assert session.case["patient.dob"].date.iso() == "1960-03-25"


def test_a_birth_year_of_two_digits_in_either_century_is_asked(qtbot) -> None:
    session = fresh()
    widget = ask(qtbot, session, "patient.dob")
    _type("3/4/20")
    _press(Key.Key_Tab)
    shown = [button.text() for button in widget.lines[0].meant.buttons]
    assert shown == ["1  3 Apr 1920", "2  3 Apr 2020"]


def test_range_and_date_behind_a_number_go_to_their_own_fields(qtbot) -> None:
    session = fresh()
    widget = ask(qtbot, session, "ix.ck")
    _type("640 U/L (40 - 320) H @ 2/11/2026")
    _press(Key.Key_Tab)
    item = _item(session, "ix.ck")
    assert (item.value, item.low, item.high) == (640, 40, 320)
    assert item.date == PartialDate(year=2026, month=11, day=2)
    row = widget.rows[0]
    assert [line.text() for line in row.lines] == ["640", "2 Nov 2026", "40", "320"]
    assert row.value.toolTip() == "Typed: 640 U/L (40 - 320) H"


def test_a_blood_pressure_is_two_results(qtbot) -> None:
    session = fresh()
    view = section(qtbot, session, "exam")
    view.go_to("gen.bp_sys")
    QApplication.processEvents()
    _type("138/82")
    # Half of it is recorded while it is typed: nothing typed is lost.
    assert _item(session, "gen.bp_sys").value == Decimal(138)
    _press(Key.Key_Tab)
    assert _item(session, "gen.bp_sys").value == Decimal(138)
    assert _item(session, "gen.bp_dia").value == Decimal(82)
    session.undo()
    assert session.case.get("gen.bp_sys") is None
    assert session.case.get("gen.bp_dia") is None


def test_both_results_of_a_pair_are_of_the_day_that_is_typed_beside_them(qtbot) -> None:
    session = fresh()
    view = section(qtbot, session, "exam")
    view.go_to("gen.bp_sys")
    QApplication.processEvents()
    row = _row()
    _type("138/82")
    row.date.setFocus()
    _type("3/2/2020")
    view.go_to("gen.hr")
    day = PartialDate(year=2020, month=2, day=3)
    assert _item(session, "gen.bp_sys").date == day
    assert _item(session, "gen.bp_dia").date == day
    row.date.setFocus()
    row.date.selectAll()
    _type("4/2/2020")
    view.go_to("gen.hr")
    assert _item(session, "gen.bp_dia").date == PartialDate(year=2020, month=2, day=4)


def test_a_pair_that_is_typed_anew_takes_the_place_of_both(qtbot) -> None:
    session = fresh()
    view = section(qtbot, session, "exam")
    view.go_to("gen.bp_sys")
    QApplication.processEvents()
    line = QApplication.focusWidget()
    for typed in ("138/82", "138/92", "150/92"):
        line.setFocus()
        line.selectAll()
        _type(typed)
        view.go_to("gen.hr")
    assert [item.value for item in session.case["gen.bp_sys"].items] == [150]
    assert [item.value for item in session.case["gen.bp_dia"].items] == [92]


def test_a_pair_that_comes_without_keys_is_two_results(qtbot) -> None:
    session = fresh()
    view = section(qtbot, session, "exam")
    view.go_to("gen.bp_sys")
    QApplication.processEvents()
    line = QApplication.focusWidget()
    view.go_to("gen.hr")
    line.setText("138/82")
    assert _item(session, "gen.bp_sys").value == Decimal(138)
    assert _item(session, "gen.bp_dia").value == Decimal(82)


@pytest.mark.parametrize("name", ["ix.mg", "ix.hb", "ix.creat"])
def test_a_blank_result_shows_the_usual_unit_of_a_profile_chosen_later(qtbot, name: str) -> None:
    session = fresh()
    view = section(qtbot, session, "results")
    view.go_to(name)
    QApplication.processEvents()
    session.set("case.profile", Choice(option="us"))
    _type("1.0")
    expected = {"ix.mg": "mg/dL", "ix.hb": "g/dL", "ix.creat": "mg/dL"}[name]
    assert _row().unit.entry == expected
    if name != "ix.hb":
        assert _item(session, name).unit == expected


def test_a_unit_chosen_before_the_number_stays(qtbot) -> None:
    session = fresh()
    view = section(qtbot, session, "results")
    view.go_to("ix.mg")
    QApplication.processEvents()
    units = _row().unit
    units.setCurrentIndex(units.findData("mEq/L"))
    session.unable("ix.na", "no sample")
    _type("1.6")
    assert _item(session, "ix.mg").unit == "mEq/L"


def test_yesterday_counts_from_the_day_on_which_it_is_typed(qtbot) -> None:
    session = fresh()
    session.set("case.date", Date(date=PartialDate(year=2026, month=10, day=1)))
    ask(qtbot, session, "rf.neck_surgery_date")
    _type("yesterday")
    _press(Key.Key_Tab)
    assert session.case["rf.neck_surgery_date"].date.iso() == "2026-11-21"


def test_a_result_dated_after_the_case_is_flagged(qtbot) -> None:
    session = fresh()
    widget = ask(qtbot, session, "ix.k")
    _type("4.1")
    widget.rows[0].date.setFocus()
    _type("2/11/2061")
    _press(Key.Key_Tab)
    assert "2 Nov 2061 is after the date of this case" in widget.message


@pytest.mark.parametrize("name", ["rf.neck_surgery_date", "patient.dob"])
def test_a_day_to_come_is_kept_as_typed_and_no_rule_uses_it(qtbot, name) -> None:
    session = fresh()
    widget = ask(qtbot, session, name)
    _type("14/3/2062")
    _press(Key.Key_Tab)
    assert session.case[name].date.iso() == "2062-03-14"
    assert widget.message.endswith(
        "is after the date of this case. Kept as typed, used by no rule."
    )
    assert session.recorded.to_check
    # It is so: another such day makes no difference to what is concluded.
    found = session.assessment
    session.set(name, Date(date=PartialDate(year=2071, month=1, day=1)))
    now = session.assessment
    assert (found.urgency, found.conditions, found.investigations) == (
        now.urgency,
        now.conditions,
        now.investigations,
    )
    assert "patient.age" not in session.facts_read.facts


def test_a_number_that_cannot_be_is_not_said_to_be_used_by_no_rule(qtbot) -> None:
    session = fresh()
    widget = ask(qtbot, session, "ix.k")
    _type("41")
    _press(Key.Key_Tab)
    assert "kept as typed" in widget.message
    assert "no rule" not in widget.message
    assert any(reason.level != "routine" for reason in session.assessment.urgency.reasons)


def test_a_birth_date_that_does_not_fit_is_said_beside_the_age(qtbot) -> None:
    session = fresh()
    session.set("patient.age", Quantity(value=Decimal(58), unit="y"))
    widget = ask(qtbot, session, "patient.age")
    session.set("patient.dob", Date(date=PartialDate(year=1990, month=5, day=1)))
    widget.show_known()
    assert "does not fit the date of birth" in widget.message


def test_what_assistive_technology_sets_is_asked_as_well(qtbot) -> None:
    session = fresh()
    widget = ask(qtbot, session, "ix.ck")
    line = widget.rows[0].value
    QAccessible.queryAccessibleInterface(line).setText(QAccessible.Text.Value, "12,450")
    widget.rows[0].date.setFocus()
    QApplication.processEvents()
    assert session.case.get("ix.ck") is None
    assert not line.meant.isHidden()
    line.meant.buttons[1].click()
    assert _item(session, "ix.ck").value == Decimal(12450)


def _treated_since(qtbot, typed: str, profile: str = "uk") -> tuple[Any, Any]:
    """Type a date into a new row of treatments, and go on with Tab; return session and row."""
    session = fresh()
    session.set_all(
        {
            "case.profile": Choice(option=profile),
            "case.date": Date(date=PartialDate(year=2026, month=10, day=1)),
        }
    )
    widget = ask(qtbot, session, "cramp.treatments")
    widget.add.click()
    row = widget.rows[0]
    row.fields["since"].setFocus()
    _type(typed)
    _press(Key.Key_Tab)
    return session, row


@pytest.mark.parametrize(
    ("typed", "profile", "iso", "shown"),
    [
        ("3/4/2024", "uk", "2024-04-03", "3 Apr 2024"),
        ("3/4/2024", "us", "2024-03-04", "4 Mar 2024"),
        ("03/25/24", "us", "2024-03-25", "25 Mar 2024"),
        ("yesterday", "uk", "2026-11-21", "21 Nov 2026"),
        ("a month ago", "uk", "about 2026-10", "about Oct 2026"),
    ],
)
def test_a_date_in_a_table_is_read_as_in_any_field(
    qtbot, typed: str, profile: str, iso: str, shown: str
) -> None:
    session, row = _treated_since(qtbot, typed, profile)
    assert session.case["cramp.treatments"].rows[0].get("since") == iso
    assert row.fields["since"].text() == shown


@pytest.mark.parametrize(
    ("typed", "profile", "key", "iso"),
    [
        ("03/25/24", "uk", Key.Key_1, "2024-03-25"),
        ("25/03/24", "us", Key.Key_1, "2024-03-25"),
        ("12/12/26", "uk", Key.Key_1, "1926-12-12"),
        ("12/12/26", "uk", Key.Key_2, "2026-12-12"),
    ],
)
def test_a_date_in_a_table_that_has_two_readings_is_asked(
    qtbot, typed: str, profile: str, key: Qt.Key, iso: str
) -> None:
    session, row = _treated_since(qtbot, typed, profile)
    assert session.case.get("cramp.treatments") is None
    assert QApplication.focusWidget() is row.fields["since"].meant.buttons[0]
    _press(key)
    assert session.case["cramp.treatments"].rows[0].get("since") == iso
    assert QApplication.focusWidget() is row.fields["since"]


@pytest.mark.parametrize("key", [Key.Key_Return, Key.Key_Tab])
def test_a_number_takes_the_place_of_the_one_that_its_key_came_to(qtbot, key: Qt.Key) -> None:
    session = fresh(
        {"ix.na": {"value": 140, "unit": "mmol/L"}, "ix.k": {"value": 4.3, "unit": "mmol/L"}}
    )
    view = section(qtbot, session, "results")
    view.go_to("ix.na")
    _press(key)
    field = QApplication.focusWidget()
    assert field is view.page.widget_of("ix.k").rows[0].value
    _type("5")
    assert field.text() == "5"
    # What was left half typed is gone on with.
    field.clearFocus()
    field.setFocus(Qt.FocusReason.OtherFocusReason)
    _type(".1")
    assert field.text() == "5.1"
