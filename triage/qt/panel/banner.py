"""The head of the panel: how soon, what was found and what it asks for, and how sure that is."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QResizeEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QWidget,
)

from triage.letter.words.said.line import Mark, Said, counted
from triage.letter.words.said.trail import Trail
from triage.letter.words.said.urgency import Headline, headline
from triage.model.values import LEVELS
from triage.qt.parts.accessible import Group, Heading
from triage.qt.parts.elided import Elided
from triage.qt.parts.laying import horizontal, vertical
from triage.qt.parts.line import Line
from triage.qt.parts.tag import LevelTag
from triage.qt.parts.theme import set_role
from triage.qt.parts.words import tr
from triage.rules.assessment import Assessment
from triage.session import Session

CALL = tr("The letter does not replace the call.")
_GAP = 2
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
    pages_requested
        In a strip: the user wants the pages of the assessment, or no longer.
    announced : str, bool
        The level is another one: what was announced, and whether it rose.
    alarmed : object
        It has risen to an emergency, and what that is; None: it is none any more.
    """

    question_requested = Signal(str)
    urgency_requested = Signal()
    pages_requested = Signal()
    announced = Signal(str, bool)
    alarmed = Signal(object)
    heard = Group

    def __init__(self, session: Session, trail: Trail, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._trail = trail
        self._said: Headline | None = None
        self.setObjectName("banner")
        self.setAccessibleName(tr("Urgency"))
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.tag = LevelTag(self)
        self.tag.heard = Heading
        self.when = QLabel(self)
        set_role(self.when, "strong")
        self.provisional = Line(self, pad=0)
        self._words = _Words(self, self.provisional)
        self.headline, self.aim = self._words.headline, self._words.aim
        self.set_urgency = QPushButton(tr("Set…"), self)
        self.set_urgency.setAccessibleName(tr("Set urgency"))
        self.set_urgency.setToolTip("Ctrl+U")
        self.pages = QPushButton(self)
        for button in (self.set_urgency, self.pages):
            set_role(button, "quiet")
        self._lay_out()
        self.provisional.question_requested.connect(self.question_requested)
        self.set_urgency.clicked.connect(self.urgency_requested)
        self.pages.clicked.connect(self.pages_requested)

    def _lay_out(self) -> None:
        top = horizontal(spacing=8)
        top.addWidget(self.tag)
        top.addWidget(self.when)
        top.addStretch(1)
        top.addWidget(self.set_urgency)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(14, 8, 10, 5)
        self._grid.setVerticalSpacing(_GAP)
        self._grid.setHorizontalSpacing(16)
        self._grid.addLayout(top, 0, 0)
        # Its place is kept while there is nothing to say.
        policy = self.provisional.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.provisional.setSizePolicy(policy)
        self.set_strip(strip=False)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def set_strip(self, *, strip: bool, is_open: bool = False) -> None:
        """Stand in two lines across the form, with a way to the pages; or above the pages as ever."""
        self._is_strip = strip
        self._grid.addWidget(self.provisional, 1 if strip else 2, 0)
        self._place_words()
        self._grid.addWidget(self.pages, 0, 2, 2, 1)
        self._grid.setColumnStretch(0, not strip)
        self._grid.setColumnStretch(1, strip)
        self._words.set_brief(brief=strip)
        self.pages.setVisible(strip)
        self.pages.setText(tr("Back to the form") if is_open else tr("Why, tests, plan…"))
        self.pages.setToolTip("Esc" if is_open else "Ctrl+1…4")

    def _place_words(self) -> None:
        """Give headline and aim the line of what is missing, while nothing is."""
        alone = self.provisional.isHidden() and not self._is_strip
        self._grid.addWidget(
            self._words, *((0, 1, 2, 1) if self._is_strip else (1, 0, 1 + alone, 1))
        )
        self._words.set_alone(alone=alone)

    def show_assessment(self, assessment: Assessment) -> None:
        """Show the urgency of an assessment."""
        said = headline(self._trail, assessment, self._session.case)
        self.set_urgency.setEnabled(not self._session.read_only)
        before, self._said = self._said, said
        if said == before:
            return
        self.tag.set_tag(said.tag, said.mark)
        # It is the heading of the whole pane.
        self.tag.setAccessibleName(said.announced)
        self.when.setText(said.when)
        self.headline.set_text(said.title)
        self.aim.set_text(" ".join(filter(None, (said.own, said.aim))))
        open_ = counted(len(assessment.urgency.missing), tr("safety item"))
        stands = said.provisional and said.provisional._replace(
            text=tr("Provisional: {open} open", open=open_)
        )
        stands = Said(CALL, strong=True) if said.alarm else stands
        self.provisional.setVisible(stands is not None)
        if stands is not None:
            self.provisional.set_line(stands._replace(note="", strong=True))
        self._place_words()
        self.set_urgency.setVisible(said.judged)
        if before is not None and said.announced != before.announced:
            self._announce(before, said)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Place everything anew: while texts grow Qt does so with heights that it found for another width."""
        super().resizeEvent(event)
        self._grid.invalidate()

    def _announce(self, before: Headline, said: Headline) -> None:
        was = f" Was {before.tag.lower()}." if said.tag != before.tag else ""
        rises = _rank(said) > _rank(before)
        event = QAccessibleAnnouncementEvent(self, said.announced + was)
        event.setPoliteness(_POLITENESS.Assertive if rises else _POLITENESS.Polite)
        QAccessible.updateAccessibility(event)
        self.announced.emit(said.announced + was, rises)
        if said.alarm != before.alarm:
            self.alarmed.emit(said if said.alarm else None)


class _Words(QWidget):
    """Headline and aim, in three lines together, always as high as these need; in a strip in two.

    Parameters
    ----------
    below
        What stands below; while it does not, they have its room as well.
    """

    def __init__(self, parent: QWidget, below: QWidget) -> None:
        super().__init__(parent)
        self._below = below
        self._is_brief = self._is_alone = False
        self.headline = Elided(self, step=2.5, bold=True)
        self.aim = Elided(self, 2, step=-0.7)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        words = vertical(self, 0, 0, 0, 0, spacing=1)
        words.addWidget(self.headline)
        words.addWidget(self.aim)
        words.addStretch(1)

    def set_brief(self, *, brief: bool) -> None:
        """Share two lines, or three."""
        self._is_brief = brief
        self.updateGeometry()
        self.share()

    def set_alone(self, *, alone: bool) -> None:
        """Take a line more, or give it back."""
        self._is_alone = alone
        self.updateGeometry()
        self.share()

    def share(self) -> None:
        """Give a headline that has no room in one line two, and the aim what is left."""
        is_long = not self.headline.fits()
        lines = (2 if self._is_brief else 3) - (2 if is_long else 1) + self._is_alone
        self.headline.set_lines(2 if is_long else 1)
        self.aim.set_lines(lines)
        self.aim.setVisible(lines > 0)

    def sizeHint(self) -> QSize:
        """Return the size that either way of sharing needs."""
        ways = ((1, 1), (2, 0)) if self._is_brief else ((1, 2), (2, 1))
        high = max(self.headline.high(a) + self.aim.high(b) for a, b in ways)
        below = self._below.sizeHint().height() + _GAP if self._is_alone else 0
        return QSize(120, high + 1 + below)

    def minimumSizeHint(self) -> QSize:
        """Return the smallest size that is of use."""
        return self.sizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Set the headline as the width allows."""
        super().resizeEvent(event)
        self.share()


def _rank(said: Headline) -> int:
    """Return how grave a level is; before anything is assessed it is less than any."""
    return [str(level) for level in ("", *LEVELS)].index(
        said.mark.value if said.judged and said.mark is not Mark.OPEN else ""
    )
