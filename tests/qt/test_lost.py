"""The window over an older draft: answers that the form has lost crash nothing and can be answered anew."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from triage.model.history import History
from triage.model.values import Finding, Quantity, Value
from triage.qt.ask.questions import QuestionWidget
from triage.qt.parts.theme import Theme
from triage.qt.program import make_window
from triage.rules.assess import Assessor
from triage.session import Session
from triage.session.draft import DraftStore
from triage.settings import Settings

from ..conftest import AT, the_assessor, the_content
from ..lost import LOST
from .asking import press, section


def older(values: dict[str, Value]) -> Session:
    history = History()
    history.change(values, AT)
    return Session(the_assessor(), history, lambda: AT)


@pytest.mark.parametrize("what", LOST)
def test_a_page_shows_a_question_whose_answer_was_lost(qtbot: QtBot, what: str) -> None:
    key, value, _ = LOST[what]
    session = older({key: value})
    form = the_content().form
    question = form.question_of(key)
    if question is None:
        question = next(iter(form.in_section("neuro")))
    view = section(qtbot, session, question.section)
    assert view.go_to(question.id)
    assert session.case[key] == value, "looking at it records nothing"
    session.set("neuro.twitching", Finding(present=True))
    QApplication.processEvents()
    view.page.catch_up()
    assert session.case[key] == value


def test_a_lost_option_gives_way_to_a_new_answer(qtbot: QtBot) -> None:
    key, value, _ = LOST["option"]
    session = older({key: value})
    view = section(qtbot, session, "complaint")
    view.go_to(key)
    press(Qt.Key.Key_1)
    option = the_content().form.questions[key].options[0].id
    assert session.case[key].option == option  # type: ignore[union-attr]


def test_a_lost_number_stands_in_its_field_until_it_is_replaced(qtbot: QtBot) -> None:
    key, value, _ = LOST["word of a number"]
    session = older({key: value})
    view = section(qtbot, session, "patient")
    view.go_to(key)
    assert session.case[key] == value
    widget = view.page.widget_of(key)
    assert isinstance(widget, QuestionWidget)
    said = [label.text() for label in widget.findChildren(QLabel) if label.isVisibleTo(widget)]
    assert "Recorded as “elderly”: no longer asked, used by no rule" in said
    session.set(key, Quantity(value=Decimal(70), unit="y"))
    view.page.catch_up()
    said = [label.text() for label in widget.findChildren(QLabel) if label.isVisibleTo(widget)]
    assert not any("no longer asked" in text for text in said)


def test_a_whole_window_opens_on_a_draft_that_lost_everything(
    qtbot: QtBot, assessor: Assessor, theme: Theme, tmp_path: Path
) -> None:
    values = {key: value for key, value, _ in LOST.values()}
    store = DraftStore(tmp_path, b"k" * 32, lambda: AT)
    window = make_window(
        assessor, store.create(assessor.content, values), Settings(), theme, lambda: AT
    )
    session, questions = window.session, window.questions
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    for name in session.form.sections:
        questions.show_section(name)
        QApplication.processEvents()
    assert "(no longer asked)" in window.letters.plain_text()
