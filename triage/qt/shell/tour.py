"""The tour with the practice patient: a few steps, taken in the real window."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QWidget

from triage.content.form import DECISION
from triage.content.practice import Step
from triage.qt.parts.laying import horizontal, vertical
from triage.qt.parts.soon import Soon
from triage.qt.parts.theme import set_role
from triage.qt.parts.words import tr
from triage.session import Changed, Session

_KEY, _PLAIN = re.compile(r"`([^`]+)`"), r"\1"


class Tour(QFrame):
    """Says what to do next, and goes on once it was done.

    Parameters
    ----------
    session
        The practice case.
    steps
        The steps.

    Signals
    -------
    went : str
        A step begins, at this question or block; empty if it is nowhere in the form.
    ended
        The tour is to end.
    """

    went = Signal(str)
    ended = Signal()

    def __init__(
        self, session: Session, steps: Sequence[Step], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("tour")
        self._session, self._steps = session, tuple(steps)
        self.at = 0
        self.heading, self.says = QLabel(self), QLabel(self)
        set_role(self.heading, "heading")
        for label in (self.heading, self.says):
            label.setWordWrap(True)
        self.says.setTextFormat(Qt.TextFormat.RichText)
        self.back = QPushButton(tr("Back"), self)
        self.skip = QPushButton(tr("Skip this step"), self)
        self.end = QPushButton(tr("End practice"), self)
        self.end.setToolTip("Ctrl+W")
        buttons = horizontal()
        for button in (self.back, self.skip):
            buttons.addWidget(button)
        buttons.addStretch(1)
        buttons.addWidget(self.end)
        layout = vertical(self, 18, 8, 18, 8, spacing=5)
        layout.addWidget(self.heading)
        layout.addWidget(self.says)
        layout.addLayout(buttons)
        self.back.clicked.connect(self._on_back)
        self.skip.clicked.connect(self._on_skip)
        self.end.clicked.connect(self.ended)
        # Looks once the focus is where a key leads to.
        self.later = Soon(self.check, self)
        session.subscribe(self._on_session_changed)
        self._show()

    @property
    def step(self) -> Step | None:
        """The step that is to be taken; None at the end."""
        return self._steps[self.at] if self.at < len(self._steps) else None

    def begin(self) -> None:
        """Go to where the step is to be taken."""
        if self.step is not None:
            self.went.emit(self.step.at)

    def note(self, what: str) -> None:
        """Take note of what was done: an undo, a line of quick entry, or the letter was shown."""
        if self.step is not None and self.step.done == what:
            self._go(self.at + 1)

    def _on_session_changed(self, changed: Changed) -> None:
        step = self.step
        if step is None:
            return
        if any(key.startswith(DECISION) and key in self._session.case for key in changed.keys):
            self.note("decided")
        else:
            self.check()

    @Slot()
    def check(self) -> None:
        """Go on if the answer is there that the step asks for."""
        if self.step is not None and self.step.done == "answered" and self._is_answered(self.step):
            self.note("answered")

    def _is_answered(self, step: Step) -> bool:
        form = self._session.form
        asked = form.in_block(step.at) if step.at in form.blocks else (form.questions[step.at],)
        return all(map(self._session.is_answered, asked)) and not self._session.history.is_typing

    def _go(self, at: int) -> None:
        self.at = at
        self._show()
        self.begin()

    def _show(self) -> None:
        step, count = self.step, len(self._steps)
        self.back.setEnabled(self.at > 0)
        self.skip.setVisible(step is not None)
        if step is None:
            heading = tr("That was all of it")
            says = tr(
                "Look around as you like: nothing here is kept. End practice closes the patient."
            )
        else:
            heading = tr("{n} of {count}: {title}", n=self.at + 1, count=count, title=step.title)
            says = _KEY.sub(r"<b>\1</b>", escape(step.says))
        self.heading.setText(heading)
        self.says.setText(says)
        self.setAccessibleName(f"{heading}. {_KEY.sub(_PLAIN, step.says) if step else says}")
        if self.isVisible():
            event = QAccessibleAnnouncementEvent(self, self.accessibleName())
            QAccessible.updateAccessibility(event)

    @Slot()
    def _on_back(self) -> None:
        self._go(self.at - 1)

    @Slot()
    def _on_skip(self) -> None:
        self._go(self.at + 1)
