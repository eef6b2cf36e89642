"""More about a question: why it is asked, and what rests on its answer, and what was recorded."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from triage.content.schema import Question
from triage.letter.words.said import resting as said
from triage.letter.words.said.line import begun, clause
from triage.model.dates import at_words
from triage.qt.parts.laying import vertical
from triage.qt.parts.lines import Group
from triage.qt.parts.theme import set_role
from triage.qt.parts.underlined import Underlined
from triage.qt.parts.words import tr
from triage.session import Session
from triage.session.steps import course

# So many of the last answers.
_MOST = 8


class RestingDialog(QDialog):
    """Tells of one question why it is asked, from which source, and which rules, tests and conditions read it.

    Parameters
    ----------
    session
        The case, and the content that is told of.
    question
        The question.
    acts
        What can be done with its answer: what each is called, by its name.

    Signals
    -------
    act_requested : str
        The user wants one of them.
    """

    act_requested = Signal(str)

    def __init__(
        self,
        session: Session,
        question: Question,
        acts: Mapping[str, str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        found = session.assessor.resting.on(question.id)
        self.setWindowTitle(tr("More about this question"))
        title = QLabel(question.label, self)
        set_role(title, "title")
        sources = session.content.sources
        cited = "; ".join(sources[key].short for key in question.source if key in sources)
        why = f"{begun(clause(question.why))}." if question.why else ""
        self.summary = QLabel(said.summary(found), self)
        set_role(self.summary, "strong")
        column = vertical(self, spacing=6)
        for label in (
            title,
            QLabel(why),
            QLabel(tr("Source: {cited}", cited=cited) if cited else ""),
            self.summary,
        ):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            column.addWidget(label)
            label.setHidden(not label.text())
        inner = QWidget()
        lines = vertical(inner, 0, 0, 0, 0)
        self.groups: list[Group] = []
        for part in said.parts(found):
            group = Group("", inner)
            group.show_part(part)
            lines.addWidget(group)
            self.groups.append(group)
        lines.addStretch(1)
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setAccessibleName(tr("What rests on this answer"))
        area.setWidget(inner)
        has_lines = any(part.lines for part in said.parts(found))
        area.setVisible(has_lines)
        column.addWidget(area, 1)
        self._add_course(column, session, question)
        if not has_lines:
            column.addStretch(1)
        buttons = QDialogButtonBox(self)
        self.acts: dict[str, QPushButton] = {}
        for name, caption in acts.items():
            self.acts[name] = buttons.addButton(caption, QDialogButtonBox.ButtonRole.ActionRole)
            self.acts[name].clicked.connect(self._on_act_clicked)
        close = buttons.addButton(tr("Close"), QDialogButtonBox.ButtonRole.RejectRole)
        close.setDefault(True)
        close.setFocus()
        buttons.rejected.connect(self.reject)
        column.addWidget(buttons)
        Underlined(self)
        self.resize(520, 460)

    def _add_course(self, column: QVBoxLayout, session: Session, question: Question) -> None:
        """Add what was recorded so far, the last first."""
        found = course(session.form, session.history.edits, question)[:_MOST]
        if not found:
            return
        heading = QLabel(tr("What was recorded"), self)
        set_role(heading, "strong")
        column.addWidget(heading)
        for at, text in found:
            line = QLabel(f"{at_words(at)}  {begun(text)}", self)
            line.setTextFormat(Qt.TextFormat.PlainText)
            line.setWordWrap(True)
            column.addWidget(line)

    @Slot()
    def _on_act_clicked(self) -> None:
        name = next(name for name, button in self.acts.items() if button is self.sender())
        self.accept()
        self.act_requested.emit(name)
