"""The differential in groups of support, each condition with what speaks for it, against it, or is missing."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from triage.letter.words.said import differential as said
from triage.letter.words.said.line import Said, counted
from triage.letter.words.said.trail import Trail
from triage.qt.panel.page import Page
from triage.qt.parts.keys import Place, act, char_of, is_held
from triage.qt.parts.laying import vertical
from triage.qt.parts.line import FoldLine
from triage.qt.parts.lines import Lines
from triage.rules.assessment import Assessment, ConditionFinding, Support
from triage.session import Session


class ConditionRow(QWidget):
    """One condition: a line that opens to its features.

    Signals
    -------
    question_requested : str
        A feature was clicked.
    """

    question_requested = Signal(str)

    def __init__(self, session: Session, trail: Trail, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._trail = trail
        self._condition: ConditionFinding | None = None
        self._opened: set[str] = set()
        self.head = FoldLine(self)
        self.features = Lines(self)
        layout = vertical(self, 0, 0, 0, 0, spacing=0)
        layout.addWidget(self.head)
        layout.addWidget(self.features)
        self.head.fold_requested.connect(self._on_fold_requested)
        self.features.question_requested.connect(self.question_requested)

    def show_condition(self, condition: ConditionFinding) -> None:
        """Show a condition."""
        self._condition = condition
        is_open = condition.id in self._opened
        self.head.set_fold(said.condition(self._trail, condition), is_open=is_open)
        self.features.setHidden(not is_open)
        features = said.features(self._trail, condition, self._session.case) if is_open else ()
        self.features.set_lines(tuple(features))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take W, which opens it as Enter does, and the digits of what it rests on."""
        name = act(event, Place.ASSESSMENT) if self.head.hasFocus() else ""
        if name == "why" and not is_held(event):
            self.head.click()
        elif name == "answer" and int(char_of(event)) <= len(self.features.widgets):
            self.features.widgets[int(char_of(event)) - 1].click()
        else:
            super().keyPressEvent(event)

    @Slot(bool)
    def _on_fold_requested(self, is_open: bool) -> None:
        if self._condition is None:
            return
        change = self._opened.add if is_open else self._opened.discard
        change(self._condition.id)
        self.show_condition(self._condition)


class SupportGroup(QWidget):
    """The conditions of one degree of support.

    Signals
    -------
    question_requested : str
        A feature was clicked.
    """

    question_requested = Signal(str)

    def __init__(
        self, title: str, session: Session, trail: Trail, *, is_open: bool, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._title = title
        self._session = session
        self._trail = trail
        self._open = is_open
        self._conditions: Sequence[ConditionFinding] = ()
        self._rows: list[ConditionRow] = []
        self.head = FoldLine(self)
        self._layout = vertical(self, 0, 0, 0, 6, spacing=0)
        self._layout.addWidget(self.head)
        self.head.fold_requested.connect(self._on_fold_requested)

    def show_conditions(self, conditions: Sequence[ConditionFinding]) -> None:
        """Show `conditions`; nothing at all while there are none."""
        self._conditions = conditions
        self.setHidden(not conditions)
        count = counted(len(conditions), "condition")
        line = Said(self._title, "" if self._open else count, strong=True)
        self.head.set_fold(line, is_open=self._open)
        shown = conditions if self._open else ()
        while len(self._rows) < len(shown):
            row = ConditionRow(self._session, self._trail, self)
            row.question_requested.connect(self.question_requested)
            self._layout.addWidget(row)
            self._rows.append(row)
        for row, condition in zip(self._rows, shown, strict=False):
            row.show_condition(condition)
            row.setHidden(False)
        for row in self._rows[len(shown) :]:
            row.setHidden(True)

    @property
    def rows(self) -> tuple[ConditionRow, ...]:
        """The rows that are in use."""
        return tuple(row for row in self._rows if not row.isHidden())

    @Slot(bool)
    def _on_fold_requested(self, is_open: bool) -> None:
        self._open = is_open
        self.show_conditions(self._conditions)


class DifferentialView(Page):
    """Shows the conditions of an assessment."""

    def __init__(self, session: Session, trail: Trail) -> None:
        super().__init__(session, trail)
        self.note = self.remark("", "small")
        self.groups: dict[Support, SupportGroup] = {}
        for support, title in said.SUPPORTS.items():
            is_open = support not in said.CLOSED
            group = SupportGroup(title, session, trail, is_open=is_open, parent=self)
            self.groups[support] = group
        self.place(self.note, *self.groups.values())

    def show_assessment(self, assessment: Assessment, *, fresh: bool = False) -> None:
        """Show an assessment."""
        for support, group in self.groups.items():
            group.show_conditions(said.supported(assessment, support))
        about = said.about(assessment)
        if self.note.text() != about:
            self.note.setText(about)
