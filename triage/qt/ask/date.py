"""A date, perhaps only a year, or "about 6 months ago"."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QWidget

from triage.content.entry import order_of
from triage.content.schema import Question
from triage.model.values import Date, Value
from triage.qt.ask.typed import UNABLE_HINT, EntryLine, EntryWidget
from triage.qt.parts.colours import RING_ROOM
from triage.qt.parts.laying import horizontal
from triage.qt.parts.theme import set_role
from triage.qt.parts.wide import Wide
from triage.qt.parts.words import tr
from triage.session import Session

EXAMPLES = tr("2024, 3/2024, 14 Mar 2024 or about 6 months ago")


class DateWidget(EntryWidget):
    """Asks for a date and shows how it was understood. No date is ever filled in."""

    def __init__(self, session: Session, question: Question, parent: QWidget | None = None) -> None:
        super().__init__(session, question, parent)
        self.line = EntryLine(self, self.slots[0])
        self.lines = (self.line,)
        month_first = order_of(session.profile) == "mdy"
        order = "month/day/year" if month_first else "day/month/year"
        self.line.setPlaceholderText(tr("{order}, or part", order=order))
        Wide(self.line, 24)
        self.name_input(
            self.line,
            "",
            tr("for example {examples}, {unable_hint}", examples=EXAMPLES, unable_hint=UNABLE_HINT),
        )
        self.meaning = QLabel(self)
        set_role(self.meaning, "small")
        row = horizontal(None, RING_ROOM, RING_ROOM, 0, RING_ROOM)
        row.addWidget(self.line)
        row.addWidget(self.meaning)
        row.addStretch(1)
        self.side.addLayout(row)
        self.body.addLayout(self.line.asked)
        self.finish()

    def spelled(self, value: Value) -> str:
        """Return the date in words."""
        return value.date.words() if isinstance(value, Date) else ""

    def show_remarks(self) -> None:
        """Show how the date was understood, unless it says just that."""
        super().show_remarks()
        value = self.line.understood()
        words = value.date.words() if isinstance(value, Date) else ""
        self.meaning.setText("" if words == self.line.text() else words)
