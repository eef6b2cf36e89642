"""What the window leaves undone until it is needed, or does while nothing else is to be done."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.rules.test_contradictions import WARFARIN
from triage.bench.everything import decided_case
from triage.model.history import History
from triage.model.values import Choice, Value
from triage.qt.ask.base import QuestionWidget
from triage.qt.ask.grid import GridWidget
from triage.qt.ask.section import SectionView
from triage.qt.panel.pane import Panel
from triage.qt.parts.theme import Theme
from triage.rules.assess import Assessor
from triage.session import Session

from ..conftest import answers, case_from

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def session(assessor: Assessor) -> Session:
    return Session(assessor, History(), lambda: NOW)


@pytest.fixture
def view(qtbot: QtBot, session: Session, theme: Theme) -> SectionView:
    view = SectionView(session)
    view.resize(640, 600)
    qtbot.addWidget(view)
    with qtbot.waitExposed(view):
        view.show()
    return view


def made(view: SectionView, section: str) -> int:
    """Return how many rows of a section there are, in sight or not."""
    page = view._pages.get(section)
    return 0 if page is None else len(page.rows())


def test_the_next_section_is_made_at_rest_row_by_row_and_no_other(
    qtbot: QtBot, view: SectionView
) -> None:
    first, second, third, *_ = view.session.form.sections
    view.show_section(first)
    QApplication.processEvents()
    assert made(view, second) == 0
    qtbot.waitUntil(lambda: made(view, second) > 0, timeout=5000)
    count = -1
    while count != made(view, second):
        count = made(view, second)
        qtbot.wait(100)
    view.show_section(second)
    assert made(view, second) == count
    assert third not in view._pages


def test_a_section_that_was_begun_is_whole_when_it_is_shown(
    qtbot: QtBot, assessor: Assessor, view: SectionView
) -> None:
    first, second, *_ = view.session.form.sections
    view.show_section(first)
    qtbot.waitUntil(lambda: made(view, second) > 0, timeout=5000)
    view.show_section(second)
    whole = SectionView(Session(assessor, History(), lambda: NOW))
    qtbot.addWidget(whole)
    whole.show_section(second)
    names = [row.name for row in whole.page.rows()]
    assert [row.name for row in view.page.rows()] == names
    assert len(names) > 3


def test_a_contradiction_that_came_while_its_row_was_hidden_is_told_when_it_is_seen(
    qtbot: QtBot, view: SectionView
) -> None:
    session = view.session
    assert view.go_to("emg.anticoagulant")
    row = view.page.widget_of("emg.anticoagulant")
    assert isinstance(row, QuestionWidget)
    assert row._contradiction is None
    row.hide()
    case = case_from(answers(**WARFARIN, emg__anticoagulant="none"))
    session.set_all({key: value for key, value in case.items() if key != "case.date"})
    assert session.contradictions(row.question)
    assert row._contradiction is not None
    assert row._contradiction.text().startswith("≠")
    session.set("meds.list", None)
    assert row._contradiction.text() == ""


def test_one_cell_of_a_grid_is_painted_anew_where_one_changed(
    qtbot: QtBot, view: SectionView
) -> None:
    session = view.session
    question = next(q for q in session.form.questions.values() if q.kind == "grid")
    assert view.go_to(question.id)
    grid = view.page.widget_of(question.id)
    assert isinstance(grid, GridWidget)
    spy = QSignalSpy(grid.model.dataChanged)
    slot = session.form.slots_of(question.id)[3]
    session.set(slot.key, Choice(option=slot.options[0].id))
    assert spy.count() == 1
    assert spy.at(0)[0] == spy.at(0)[1] == grid.model.index_of(slot.key)


def test_a_record_at_odds_with_itself_shows_the_first_contradictions_and_the_rest_on_demand(
    qtbot: QtBot, session: Session, theme: Theme
) -> None:
    everything: dict[str, Value] = dict(decided_case(session.content))
    session.set_all(everything)
    panel = Panel(session)
    qtbot.addWidget(panel)
    group = panel.urgency.contradictions
    count = len(session.assessment.contradictions)
    assert len(group.rows) == 12 < count
    assert group.more.line.text == f"{count - 12} more contradictions"
    group.more.click()
    assert len(group.rows) == count
    group.more.click()
    assert len(group.rows) == 12
