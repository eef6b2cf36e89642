"""Answers that cannot all hold: both to go to, and where the clinician says which holds and why."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from triage.content.form import DECISION
from triage.model.values import Decision
from triage.qt.line import PAD_X, Line, LineText
from triage.qt.lines import Lines
from triage.qt.marks import Mark
from triage.qt.questions.inputs import TypedLine
from triage.qt.theme import set_role
from triage.qt.trail import Trail
from triage.rules.assessment import ContradictionFinding
from triage.session import Session

_STOPS = "stops the issue of a letter"
_SETTLED = "settled: the reason is printed in the letter"
_UNUSED = "used by nothing; stops nothing"
_WHICH = "Which holds, and why: printed in the letter"
# Of the answers, how many have a line of their own.
_MOST = 6


class ContradictionRow(QWidget):
    """One contradiction. Shows what the session holds and writes there.

    Parameters
    ----------
    session
        The case.

    Signals
    -------
    question_requested : str
        An answer was clicked.
    """

    question_requested = Signal(str)

    def __init__(self, session: Session, trail: Trail, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._trail = trail
        self._found: ContradictionFinding | None = None
        self.line = Line(self)
        self.answers = Lines(self)
        self.reason = TypedLine(self)
        self.reason.setPlaceholderText(_WHICH)
        self.remove = QPushButton("Remove this answer", self)
        set_role(self.remove, "quiet")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 7)
        layout.setSpacing(1)
        for widget in (self.line, self.answers, self.reason, self.remove):
            layout.addWidget(widget)
        self._connect_signals()

    def _connect_signals(self) -> None:
        self.line.question_requested.connect(self.question_requested)
        self.answers.question_requested.connect(self.question_requested)
        self.reason.typed.connect(self._on_reason_typed)
        self.remove.clicked.connect(self._on_remove_clicked)

    def show_contradiction(self, found: ContradictionFinding) -> None:
        """Show a contradiction, and what is said of it."""
        # Late: the words of the letter bring its template language with them.
        from triage.letter.words import describe

        session = self._session
        self._found = found
        state = _UNUSED if found.leftover else _STOPS if found.stops_issue else _SETTLED
        note = self._trail.note("" if found.leftover else found.id, found.source, state)
        tip = self._trail.tip(found.source)
        self.line.set_line(LineText(found.says, note, Mark.UNEQUAL, found.answers, tip))
        self.answers.set_lines(
            [
                LineText(describe(session.case, session.form, key), keys=(key,), indent=1)
                for key in found.answers[:_MOST]
            ]
        )
        self.reason.setHidden(found.leftover)
        self.reason.setReadOnly(session.read_only)
        self.reason.setAccessibleName(f"{_WHICH}. {found.says}")
        said = session.case.get(f"{DECISION}{found.id}")
        self.reason.show_text(said.reason if isinstance(said, Decision) else "")
        self.remove.setHidden(not found.leftover)
        self.remove.setEnabled(not session.read_only)
        self.remove.setAccessibleName(f"Remove this answer: {found.says}")

    @Slot(str)
    def _on_reason_typed(self, text: str) -> None:
        if self._found is not None:
            said = Decision(decision="accept", reason=text) if text.strip() else None
            self.reason.stay.write(self._session, f"{DECISION}{self._found.id}", said)

    @Slot()
    def _on_remove_clicked(self) -> None:
        if self._found is not None:
            self._session.remove(self._found.id)


class ContradictionGroup(QWidget):
    """A heading with the contradictions below it; out of sight while there are none.

    Signals
    -------
    question_requested : str
        An answer was clicked.
    """

    question_requested = Signal(str)

    def __init__(self, session: Session, trail: Trail, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._trail = trail
        self._rows: list[ContradictionRow] = []
        heading = QLabel("Contradictions", self)
        heading.setContentsMargins(PAD_X, 0, PAD_X, 2)
        set_role(heading, "heading")
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 4)
        self._layout.setSpacing(0)
        self._layout.addWidget(heading)

    def show_contradictions(self, found: Sequence[ContradictionFinding]) -> None:
        """Show `found`; nothing at all while there are none."""
        while len(self._rows) < len(found):
            row = ContradictionRow(self._session, self._trail, self)
            row.question_requested.connect(self.question_requested)
            self._layout.addWidget(row)
            self._rows.append(row)
        for row, contradiction in zip(self._rows, found, strict=False):
            row.show_contradiction(contradiction)
            row.setHidden(False)
        for row in self._rows[len(found) :]:
            row.setHidden(True)
        self.setHidden(not found)

    @property
    def rows(self) -> tuple[ContradictionRow, ...]:
        """The rows that are in use."""
        return tuple(row for row in self._rows if not row.isHidden())
