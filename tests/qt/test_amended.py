"""A case amended weeks later, typed with real keys: which day "yesterday" is, and of which day a result is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from triage.model.case import Case
from triage.model.dates import PartialDate
from triage.model.values import Measurement, Result
from triage.pdf.readback import read_text
from triage.qt.ask.result import ResultWidget
from triage.qt.parts.theme import Theme
from triage.qt.window import MainWindow
from triage.rules.assess import Assessor
from triage.settings import save_settings

from ..conftest import the_settings
from .asking import press_button
from .test_settings import Clinic, issue

NOV = datetime(2026, 11, 25, 10, tzinfo=UTC)


@pytest.fixture
def clinic(qtbot: QtBot, assessor: Assessor, theme: Theme, tmp_path: Path) -> Iterator[Clinic]:
    made = Clinic(assessor, theme, tmp_path / "home")
    save_settings(made.folder, the_settings())
    made.start()
    yield made
    made.close()
    made.store.close()


def undated(value: str) -> Result:
    return Result(items=(Measurement(value=Decimal(value), unit="mmol/L"),))


def rows(window: MainWindow, name: str) -> ResultWidget:
    window.go.go_to(name)
    QApplication.processEvents()
    return next(
        w for w in window.findChildren(ResultWidget) if w.question.id == name and w.isVisible()
    )


def into(qtbot: QtBot, field: QWidget | None, text: str) -> None:
    assert field is not None
    field.setFocus()
    field.selectAll()  # type: ignore[attr-defined]
    qtbot.keyClicks(field, text)
    QApplication.processEvents()


def dates(window: MainWindow, name: str) -> list[tuple[str, str]]:
    value = window.session.case[name]
    assert isinstance(value, Result)
    return [(str(i.value), i.date.iso() if i.date else "") for i in value.items]


@pytest.fixture
def amended(qtbot: QtBot, clinic: Clinic, sample: Case) -> MainWindow:
    """The window on a case that was issued three weeks ago, a potassium without a date in it."""
    bare = Case({k: v for k, v in sample.items() if not k.startswith("ix.")})
    window = clinic.new(bare.with_({"ix.k": undated("4.1")}))
    window.session.leave_rest_out()
    issue(qtbot, window)
    return clinic.again(21)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("yesterday", "2026-12-15"),
        ("about 2 weeks ago", "about 2026-12-02"),
    ],
)
def test_relative_words_count_from_the_day_on_which_they_are_typed(
    qtbot: QtBot, amended: MainWindow, typed: str, day: str
) -> None:
    row = rows(amended, "ix.ck").rows[0]
    into(qtbot, row.value, "210")
    into(qtbot, row.date, typed)
    assert dates(amended, "ix.ck") == [("210", day)]
    assert amended.line.text.startswith("Now dated 16 Dec 2026")
    issue(qtbot, amended)
    letter = amended.letters.issues[-1]
    text = " ".join(" ".join(read_text(letter.pdf)).split())
    assert "16 December 2026" in text
    assert amended.letters.file_name.endswith("-v2.pdf")


def test_a_result_of_the_earlier_day_keeps_it_while_another_one_is_typed_beside_it(
    qtbot: QtBot, amended: MainWindow
) -> None:
    widget = rows(amended, "ix.k")
    press_button(qtbot, widget.add)
    into(qtbot, widget.rows[1].value, "2.95")
    assert dates(amended, "ix.k") == [("4.1", "2026-11-25"), ("2.95", "")]
    assert widget.rows[0].date.text() == "25 Nov 2026"
    assert amended.session.facts["ix.k"].low == Decimal("2.95")
    amended.actions_["undo"].trigger()
    assert dates(amended, "ix.k") == [("4.1", "")]
    assert amended.header.state.text() == "Issued v1"


def test_a_result_that_is_mended_is_of_the_day_on_which_it_is_typed(
    qtbot: QtBot, amended: MainWindow
) -> None:
    into(qtbot, rows(amended, "ix.k").rows[0].value, "2.95")
    assert dates(amended, "ix.k") == [("2.95", "")]


def test_an_edit_elsewhere_dates_a_result_that_is_in_view(
    qtbot: QtBot, amended: MainWindow
) -> None:
    widget = rows(amended, "ix.k")
    into(qtbot, rows(amended, "ix.ck").rows[0].value, "210")
    assert widget.rows[0].date.text() == "25 Nov 2026"
    into(qtbot, widget.rows[0].date, "1/12/2026")
    assert dates(amended, "ix.k") == [("4.1", "2026-12-01")]


def test_twenty_months_later_nothing_old_reassures(
    qtbot: QtBot, clinic: Clinic, amended: MainWindow
) -> None:
    window = clinic.again(586)
    assert window.session.case["patient.dob"].date == PartialDate(year=1966, month=2, day=14)
    into(qtbot, rows(window, "ix.ck").rows[0].value, "210")
    assert window.session.day == (NOV + timedelta(days=607)).date()
    assert window.session.facts.get("ix.k") is None
    assert window.header.details.text().startswith("age 62 ")
