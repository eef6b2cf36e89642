"""The question widgets, one for each kind."""

from __future__ import annotations

from triage.content.schema import PerKind, Question
from triage.qt.ask.base import QuestionWidget
from triage.qt.ask.choice import ChoiceWidget
from triage.qt.ask.choices import ChoicesWidget
from triage.qt.ask.date import DateWidget
from triage.qt.ask.finding import FindingWidget
from triage.qt.ask.grid import GridWidget
from triage.qt.ask.quantity import QuantityWidget
from triage.qt.ask.result import ResultWidget
from triage.qt.ask.table import TableWidget
from triage.qt.ask.text import TextWidget
from triage.session import Session

WIDGETS: PerKind[type[QuestionWidget]] = {
    "finding": FindingWidget,
    "choice": ChoiceWidget,
    "choices": ChoicesWidget,
    "quantity": QuantityWidget,
    "date": DateWidget,
    "text": TextWidget,
    "grid": GridWidget,
    "table": TableWidget,
    "result": ResultWidget,
}


def make_widget(session: Session, question: Question) -> QuestionWidget:
    """Return a widget that asks `question`."""
    return WIDGETS[question.kind](session, question)


__all__ = ["WIDGETS", "QuestionWidget", "make_widget"]
