"""The question widgets, one for each kind."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from triage.content.schema import PerKind, Question
from triage.qt.questions.base import QuestionWidget
from triage.qt.questions.choice import ChoiceWidget
from triage.qt.questions.choices import ChoicesWidget
from triage.qt.questions.date import DateWidget
from triage.qt.questions.finding import FindingWidget
from triage.qt.questions.grid import GridWidget
from triage.qt.questions.quantity import QuantityWidget
from triage.qt.questions.result import ResultWidget
from triage.qt.questions.table import TableWidget
from triage.qt.questions.text import TextWidget
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


def make_widget(
    session: Session, question: Question, parent: QWidget | None = None
) -> QuestionWidget:
    """Return a widget that asks `question`."""
    return WIDGETS[question.kind](session, question, parent)


__all__ = ["WIDGETS", "QuestionWidget", "make_widget"]
