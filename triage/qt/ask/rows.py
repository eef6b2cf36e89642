"""What tests and tables share: rows of fields, one below the other, that come and go."""

from __future__ import annotations

from typing import Generic, TypeVar

from PySide6.QtCore import QEvent, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from triage.content.schema import Question
from triage.qt.ask.base import QuestionWidget
from triage.qt.ask.result_row import ResultRow
from triage.qt.ask.table_row import TableRow
from triage.qt.parts.keys import Place, act
from triage.qt.parts.laying import vertical
from triage.session import Session

R = TypeVar("R", ResultRow, TableRow)


class RowsWidget(QuestionWidget, Generic[R]):
    """Base of questions with rows. A subclass says what a row is, and hears of its changes."""

    def __init__(self, session: Session, question: Question, parent: QWidget | None = None) -> None:
        super().__init__(session, question, parent)
        self.rows: list[R] = []
        self.rows_layout = vertical(spacing=3)

    @property
    def where(self) -> Place:
        """The keys that work where the focus is."""
        raise NotImplementedError

    def event(self, event: QEvent) -> bool:
        # In a row these keys are ours before they are the window's: they issue no letter.
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.ShortcutOverride
            and any(row.isAncestorOf(self.focusWidget()) for row in self.rows)
            and act(event, self.where)
        ):
            event.accept()
            return True
        return super().event(event)

    def make_row(self) -> R:
        """Return a new row."""
        raise NotImplementedError

    def append(self) -> R:
        """Add a row at the end and return it."""
        row = self.make_row()
        self.rows_layout.addWidget(row)
        # At once, not when the layout comes to it: Tab skips what is not in sight.
        row.show()
        self.rows.append(row)
        return row

    def drop(self, row: R) -> None:
        """Take a row away."""
        self.rows.remove(row)
        self.rows_layout.removeWidget(row)
        row.hide()
        row.deleteLater()

    def set_count(self, count: int) -> None:
        """Have this many rows."""
        while len(self.rows) > count:
            self.drop(self.rows[-1])
        while len(self.rows) < count:
            self.append()

    @Slot()
    def add_row(self) -> None:
        """Put the focus into the first blank row, or a new one."""
        blank = next((row for row in self.rows if row.is_blank), None)
        (blank or self.append()).take_focus()
