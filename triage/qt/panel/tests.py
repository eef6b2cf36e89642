"""The investigations: essential, helpful, not indicated and done, each with its answer."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from triage.letter.words.said import tests as said
from triage.letter.words.said.line import counted
from triage.letter.words.said.trail import Trail
from triage.qt.panel.decision_row import DecisionGroup
from triage.qt.panel.page import Page
from triage.qt.panel.row import RowGroup
from triage.qt.parts.inputs import Button
from triage.qt.parts.laying import horizontal
from triage.qt.parts.theme import set_role
from triage.qt.parts.words import tr
from triage.rules.assessment import Assessment
from triage.session import Session


class TestsView(Page):
    """Shows the investigations of an assessment and records what is decided on them."""

    __test__ = False  # not a test case, whatever its name says to pytest

    def __init__(self, session: Session, trail: Trail) -> None:
        super().__init__(session, trail)
        self.none = self.remark(said.NONE)
        self.essential = DecisionGroup(session, trail, self)
        self.accept_all = _link("accept", self)
        self.leave_rest = _link("leave", self)
        # Beside the heading, which stands there whether or not something is left to decide.
        beside = horizontal(self.essential.heading, 0, 0, 0, 0, spacing=2)
        beside.addStretch(1)
        beside.addWidget(self.accept_all)
        beside.addWidget(self.leave_rest)
        self.helpful = DecisionGroup(session, trail, self)
        self.open = RowGroup(session, trail, self)
        self.not_indicated = DecisionGroup(session, trail, self)
        self.done = RowGroup(session, trail, self)
        # What not to do is advice of the same rank as what to do.
        self.place(
            *(self.none, self.essential, self.not_indicated, self.helpful, self.open, self.done)
        )
        self.accept_all.clicked.connect(self.take_all)
        self.leave_rest.clicked.connect(self.take_rest)

    def show_assessment(self, assessment: Assessment, *, fresh: bool = False) -> None:
        """Show an assessment; if `fresh`, what changed since the last one is marked."""
        trail = self._trail
        essential, helpful = said.essential(trail, assessment), said.helpful(trail, assessment)
        self.none.setHidden(bool(essential or helpful))
        self.essential.show_suggestions(said.ESSENTIAL, essential, fresh=fresh)
        left = len(self._session.undecided())
        for button, words in (
            (self.accept_all, tr("Accept all")),
            (self.leave_rest, tr("Leave out")),
        ):
            button.setText(f"{words} {left} open" if button is self.accept_all else words)
            self.essential.heading.setMinimumHeight(button.sizeHint().height())
            button.setVisible(left > 0)
            button.setEnabled(not self._session.read_only)
        against = list(said.against(trail, assessment))
        self.not_indicated.show_suggestions(said.AGAINST, against, fresh=fresh)
        self.helpful.show_suggestions(said.HELPFUL, helpful, fresh=fresh)
        self.open.show_part(said.undecided(trail, assessment, self._session.case), fresh=fresh)
        self.done.show_part(said.done(trail, assessment))

    @Slot()
    def take_all(self) -> None:
        """Accept every essential test that is open."""
        self._decide_all(self._session.accept_essential, tr("Accepted"))

    @Slot()
    def take_rest(self) -> None:
        """Leave every essential test that is open out of this letter."""
        self._decide_all(self._session.leave_rest_out, tr("Left out of this letter"))

    def _decide_all(self, decide: Callable[[], object], done: str) -> None:
        names = 0 if self._session.read_only else len(self._session.undecided())
        if not names:
            self.advised.emit(tr("No essential test is open to decide."))
            return
        decide()
        what = counted(names, tr("essential test"))
        self.told.emit(tr("{done}: {names}. Ctrl+Z takes it back.", done=done, names=what))


def _link(what: str, parent: QWidget) -> Button:
    """Return a button that looks like a link; a key does the same."""
    button = Button("", parent)
    button.setToolTip({"accept": "Shift+A", "leave": "Ctrl+Shift+O"}[what])
    set_role(button, "quiet")
    return button
