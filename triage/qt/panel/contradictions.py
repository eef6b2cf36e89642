"""Answers that cannot all hold: both to go to, and where the clinician says which holds and why."""

from __future__ import annotations

from collections.abc import Sequence, Set

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from triage.content.form import DECISION
from triage.letter.words.said import urgency as said
from triage.letter.words.said.line import Said
from triage.letter.words.said.trail import Trail
from triage.model.values import Decision
from triage.qt.parts.inputs import TypedLine
from triage.qt.parts.laying import vertical
from triage.qt.parts.line import PAD_X, FoldLine, Line
from triage.qt.parts.lines import Lines, resting
from triage.qt.parts.soon import Soon
from triage.qt.parts.theme import set_role
from triage.qt.parts.words import tr
from triage.rules.assessment import ContradictionFinding
from triage.session import Session

# More than any case has in which something is left to decide: of a record at odds with itself the rest waits.
_AT_ONCE = 12
# When a spare row is made, in milliseconds after a change was shown.
_AFTER = 10
_WHICH = tr("Which holds, and why: printed in the letter")


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
        # What it shows: the contradiction, what was decided, and what its answers say.
        self._now: object = None
        self.line = Line(self)
        self.answers = Lines(self)
        self.reason = TypedLine(self)
        self.reason.setPlaceholderText(_WHICH)
        self.remove = QPushButton(tr("Remove this answer"), self)
        set_role(self.remove, "quiet")
        layout = vertical(self, 0, 0, 0, 7, spacing=1)
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
        session = self._session
        decided = session.case.get(f"{DECISION}{found.id}")
        now = found, decided, tuple(session.case.get(key) for key in found.answers)
        if now == self._now:
            return
        self._found, self._now = found, now
        self.line.set_line(said.contradiction(self._trail, found))
        self.answers.set_lines(said.both(self._trail, found, session.case))
        self.reason.setHidden(found.leftover)
        self.reason.setReadOnly(session.read_only)
        self.reason.setAccessibleName(f"{_WHICH}. {found.says}")
        self.reason.show_text(decided.reason if isinstance(decided, Decision) else "")
        self.remove.setHidden(not found.leftover)
        self.remove.setEnabled(not session.read_only)
        self.remove.setAccessibleName(tr("Remove this answer: {says}", says=found.says))

    @property
    def shown(self) -> str:
        """The id of the contradiction that it shows."""
        return self._found.id if self._found is not None else ""

    @Slot(str)
    def _on_reason_typed(self, text: str) -> None:
        if self._found is not None:
            decided = Decision(decision="accept", reason=text) if text.strip() else None
            self.reason.stay.write(self._session, f"{DECISION}{self._found.id}", decided)

    @Slot()
    def _on_remove_clicked(self) -> None:
        if self._found is not None:
            self._session.remove(self._found.id)


class ContradictionGroup(QWidget):
    """A heading with the contradictions below it, the first of them at once; out of sight while there are none.

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
        self._found: Sequence[ContradictionFinding] = ()
        self._is_open = False
        heading = QLabel(said.CONTRADICTIONS, self)
        heading.setIndent(PAD_X)
        set_role(heading, "heading")
        self._layout = vertical(self, 0, 0, 0, 4, spacing=0)
        self._layout.addWidget(heading)
        self.more = FoldLine(self)
        self.more.fold_requested.connect(self._on_fold_requested)
        self._layout.addWidget(self.more)
        self._spare = Soon(self._make_spare, self, _AFTER)

    @Slot(bool)
    def _on_fold_requested(self, is_open: bool) -> None:
        self._is_open = is_open
        self.show_contradictions(self._found)

    def show_contradictions(self, found: Sequence[ContradictionFinding]) -> None:
        """Show `found`; nothing at all while there are none."""
        self._found = found
        left = len(found) - _AT_ONCE
        title = (
            tr("Only the first {at_once}", at_once=_AT_ONCE)
            if self._is_open
            else tr("{left} more contradictions", left=left)
        )
        self.more.set_fold(Said(title, strong=True), is_open=self._is_open)
        self.more.setHidden(left <= 0)
        found = found if self._is_open else found[:_AT_ONCE]
        with resting(self._layout):
            names = {contradiction.id for contradiction in found}
            for at, contradiction in enumerate(found):
                row = self._row_at(at, contradiction.id, names)
                row.show_contradiction(contradiction)
                row.setHidden(False)
            for row in self._rows[len(found) :]:
                row.setHidden(True)
        self.setHidden(not found)
        if self._session.case:
            self._spare.start()

    def _row_at(self, at: int, name: str, others: Set[str]) -> ContradictionRow:
        """Return the row for the contradiction at a place: the one that has shown it, or one that shows no other."""
        rows = self._rows
        if at == len(rows) or rows[at].shown != name:
            held = next((row for row in rows[at:] if row.shown == name), None)
            held = held or next((row for row in rows[at:] if row.shown not in others), None)
            if held is None:
                held = self._make_row()
            else:
                rows.remove(held)
            rows.insert(at, held)
            # After the heading.
            self._layout.insertWidget(at + 1, held)
        return rows[at]

    def _make_row(self) -> ContradictionRow:
        row = ContradictionRow(self._session, self._trail, self)
        row.question_requested.connect(self.question_requested)
        return row

    @Slot()
    def _make_spare(self) -> None:
        """Have a row ready for the next contradiction, which comes at a key."""
        if len(self.rows) == len(self._rows) <= _AT_ONCE:
            row = self._make_row()
            row.hide()
            self._rows.append(row)
            self._layout.insertWidget(len(self._rows), row)
            for part in row.findChildren(QWidget):
                part.ensurePolished()

    @property
    def rows(self) -> tuple[ContradictionRow, ...]:
        """The rows that are in use."""
        return tuple(row for row in self._rows if not row.isHidden())
