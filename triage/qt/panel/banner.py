"""The head of the panel: how soon, what was found and what it asks for, and how sure that is."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from triage.letter.words.said.line import Mark, Said
from triage.letter.words.said.trail import Trail
from triage.letter.words.said.urgency import Headline, headline
from triage.model.values import LEVELS
from triage.qt.parts.elided import Elided
from triage.qt.parts.line import Line
from triage.qt.parts.tag import LevelTag
from triage.qt.parts.theme import set_role
from triage.rules.assessment import Assessment
from triage.session import Session

CALL = "The letter does not replace the call."
_POLITENESS = QAccessible.AnnouncementPoliteness


class Banner(QWidget):
    """Level, headline, aim, and what is missing; always as high as it was, so that nothing below it moves.

    A change of the level is announced to those who listen: at once where it rises, else when there is time.

    Parameters
    ----------
    session
        The case.

    Signals
    -------
    question_requested : str
        The missing item that was clicked.
    urgency_requested
        The clinician wants to set the level.
    announced : str, bool
        The level is another one: what was announced, and whether it rose.
    """

    question_requested = Signal(str)
    urgency_requested = Signal()
    announced = Signal(str, bool)

    def __init__(self, session: Session, trail: Trail, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._trail = trail
        self._said: Headline | None = None
        self.setObjectName("banner")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.tag = LevelTag(self)
        self.when = QLabel(self)
        set_role(self.when, "strong")
        self.headline = Elided(self, 2, step=1.2, bold=True)
        self.aim = Elided(self, 2, step=-0.7)
        self.provisional = Line(self, pad=0)
        self.set_urgency = QPushButton("Set…", self)
        self.set_urgency.setAccessibleName("Set urgency")
        self.set_urgency.setToolTip("Ctrl+U")
        set_role(self.set_urgency, "quiet")
        self._lay_out()
        self.provisional.question_requested.connect(self.question_requested)
        self.set_urgency.clicked.connect(self._on_set_urgency_clicked)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self.tag)
        top.addWidget(self.when)
        top.addStretch(1)
        top.addWidget(self.set_urgency)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 8, 10, 5)
        column.setSpacing(2)
        column.addLayout(top)
        for widget in (self.headline, self.aim, self.provisional):
            column.addWidget(widget)
        # Its place is kept while there is nothing to say.
        policy = self.provisional.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.provisional.setSizePolicy(policy)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_assessment(self, assessment: Assessment) -> None:
        """Show the urgency of an assessment."""
        said = headline(self._trail, assessment, self._session.case)
        self.set_urgency.setEnabled(not self._session.read_only)
        before, self._said = self._said, said
        if said == before:
            return
        self.tag.set_tag(said.tag, said.mark)
        self.when.setText(said.when)
        self.headline.set_text(said.title)
        self.aim.set_text(" ".join(filter(None, (said.own, said.aim))))
        stands = Said(CALL, strong=True) if said.alarm else said.provisional
        self.provisional.setVisible(stands is not None)
        if stands is not None:
            self.provisional.set_line(stands._replace(note="", strong=True))
        self.set_urgency.setVisible(said.judged)
        self.setAccessibleName(f"Urgency: {said.announced} {self.aim.text()}")
        if before is not None and said.announced != before.announced:
            self._announce(before, said)

    def _announce(self, before: Headline, said: Headline) -> None:
        was = f" Was {before.tag.lower()}." if said.tag != before.tag else ""
        rises = _rank(said) > _rank(before)
        event = QAccessibleAnnouncementEvent(self, said.announced + was)
        event.setPoliteness(_POLITENESS.Assertive if rises else _POLITENESS.Polite)
        QAccessible.updateAccessibility(event)
        self.announced.emit(said.announced + was, rises)

    @Slot()
    def _on_set_urgency_clicked(self) -> None:
        self.urgency_requested.emit()


def _rank(said: Headline) -> int:
    """Return how grave a level is; before anything is assessed it is less than any."""
    return [str(level) for level in ("", *LEVELS)].index(
        said.mark.value if said.judged and said.mark is not Mark.OPEN else ""
    )
