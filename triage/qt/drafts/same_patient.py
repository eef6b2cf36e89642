"""The bar that says that there is another case of the patient whose case is begun."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from triage.content.identifiers import IDENTIFIERS
from triage.letter.words.said.line import Mark
from triage.model.dates import PartialDate
from triage.qt.parts.laying import horizontal
from triage.qt.parts.marks import MarkLabel
from triage.qt.parts.soon import Soon
from triage.qt.parts.words import tr
from triage.session import Changed, Session
from triage.store import DraftInfo

# By these a patient is known.
_WHO = frozenset({"patient.family_name", "patient.given_name", "patient.dob", IDENTIFIERS})
# A name is looked for when its typing pauses.
_PAUSE_MS = 400


class SamePatientBar(QWidget):
    """Says which other case there is, and offers to open it. It is looked for by whoever is connected.

    Parameters
    ----------
    session
        The case.

    Signals
    -------
    asked
        The patient is another one now: `show_cases` what there is.
    open_requested : str
        Open this draft.
    """

    asked = Signal()
    open_requested = Signal(str)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._draft = ""
        self._is_other = False
        mark = MarkLabel(self, Mark.CAUTION)
        mark.set_mark(Mark.CAUTION)
        self.label = QLabel(self)
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.label.setWordWrap(True)
        self.open_ = QPushButton(tr("Open that case"), self)
        self.go_on = QPushButton(tr("Go on with this one"), self)
        layout = horizontal(self, 14, 6, 14, 6)
        layout.addWidget(mark)
        layout.addWidget(self.label, 1)
        layout.addWidget(self.open_)
        layout.addWidget(self.go_on)
        self._timer = Soon(self.asked, self, _PAUSE_MS)
        self.open_.clicked.connect(self._on_open_clicked)
        self.go_on.clicked.connect(self._on_go_on_clicked)
        session.subscribe(self._on_session_changed)
        self.hide()
        if not session.read_only and not _WHO.isdisjoint(session.case):
            self._timer.start()

    def _on_session_changed(self, changed: Changed) -> None:
        if not self._is_other and not _WHO.isdisjoint(changed.keys):
            self._timer.start()

    def show_cases(self, found: Sequence[DraftInfo]) -> None:
        """Say that there are these, the last changed first; out of sight if there is none."""
        self.setHidden(not found or self._is_other)
        if not found:
            return
        last = found[0]
        self._draft = last.id
        born = f", born {last.born.words()}" if last.born else ""
        when = PartialDate.of(last.changed.astimezone().date()).words()
        more = tr(", and {n} more", n=len(found) - 1) if len(found) > 1 else ""
        self.label.setText(
            tr(
                "There is a case of this patient already: {name}{born} ({state}, changed {when}){more}.",
                name=last.name,
                born=born,
                state=last.state,
                when=when,
                more=more,
            )
        )
        self.setAccessibleName(self.label.text())

    @Slot()
    def _on_open_clicked(self) -> None:
        self.open_requested.emit(self._draft)

    @Slot()
    def _on_go_on_clicked(self) -> None:
        self._is_other = True
        self.hide()
