"""A suggestion with its three answers: accept, decline (with a reason), defer; or what to ask for all the same."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from triage.content.form import ADVICE_ONLY, ASK, DECISION
from triage.letter.words.said.line import Mark, Said, Suggestion
from triage.model.values import Choice as Chosen
from triage.model.values import Decision
from triage.qt.parts.inputs import Button, Refusal, TypedLine
from triage.qt.parts.line import Line
from triage.qt.parts.theme import set_role
from triage.session import Session

Choice = Literal["accept", "decline", "defer"]
_LABELS: tuple[tuple[Choice, str], ...] = (
    ("accept", "Accept"),
    ("decline", "Decline"),
    ("defer", "Defer"),
)
ASK_ALL_THE_SAME = "Ask for it all the same"
ASK_FOR_ADVICE = "Ask for advice instead"
_OPTIONAL = "Reason, printed in the letter"
_REQUIRED = "Reason needed: this test is for the same day"
_AGAINST = "Reason needed: the letter prints it"


class DecisionRow(QWidget):
    """One suggestion. Shows what the session has recorded on it and writes there.

    Parameters
    ----------
    session
        The case.

    Signals
    -------
    question_requested : str
        The suggestion was clicked: a question that it rests on.
    """

    question_requested = Signal(str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._shown: Suggestion | None = None
        self._waiting = False
        self.line = Line(self)
        self._caution = Line(self)
        self._timing = QLabel(self)
        # Gives way to the buttons when the text is large.
        self._timing.setWordWrap(True)
        self._timing.setMinimumWidth(60)
        set_role(self._timing, "small")
        self.buttons: dict[Choice, Button] = {}
        answers = QHBoxLayout()
        answers.setContentsMargins(6, 1, 6, 3)
        answers.setSpacing(3)
        answers.addWidget(self._timing, 1)
        self.advice = Button(ASK_FOR_ADVICE, self)
        self.advice.setCheckable(True)
        set_role(self.advice, "choice")
        self.advice.toggled.connect(self._on_advice_toggled)
        answers.addWidget(self.advice)
        for choice, label in _LABELS:
            button = Button(label, self)
            button.setCheckable(True)
            button.setProperty("choice", choice)
            set_role(button, "choice")
            button.toggled.connect(self._on_choice_toggled)
            answers.addWidget(button)
            self.buttons[choice] = button
        self.reason = TypedLine(self)
        self.refusal = Refusal(self.reason, self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 7)
        layout.setSpacing(0)
        layout.addWidget(self.line)
        layout.addWidget(self._caution)
        layout.addLayout(answers)
        layout.addWidget(self.reason)
        layout.addWidget(self.refusal)
        self.line.question_requested.connect(self.question_requested)
        self.reason.typed.connect(self._on_reason_typed)

    @property
    def rule(self) -> str:
        """The id of the suggestion that is shown."""
        return self._shown.rule if self._shown else ""

    def show_suggestion(self, suggestion: Suggestion) -> None:
        """Show a suggestion with what is recorded on it."""
        old = self._shown
        if suggestion != old:
            self._shown = suggestion
            if old is None or (old.rule, old.against) != (suggestion.rule, suggestion.against):
                self._waiting = False
                self._name(suggestion)
            self.line.set_line(suggestion.line)
            self._caution.set_line(Said(suggestion.caution, mark=Mark.CAUTION))
            self._caution.setHidden(not suggestion.caution)
            if self._timing.text() != suggestion.timing:
                self._timing.setText(suggestion.timing)
            required = _AGAINST if suggestion.against else _REQUIRED
            self.reason.setPlaceholderText(required if suggestion.reason_required else _OPTIONAL)
        self._show_decision(self._recorded())

    def _name(self, suggestion: Suggestion) -> None:
        for choice, label in _LABELS:
            said = ASK_ALL_THE_SAME if suggestion.against and choice == "accept" else label
            self.buttons[choice].setText(said)
            self.buttons[choice].setAccessibleName(f"{said}: {suggestion.name}")
        self.advice.setAccessibleName(f"{ASK_FOR_ADVICE}: {suggestion.name}")
        what = "asking for it all the same" if suggestion.against else "declining"
        self.reason.setAccessibleName(f"Reason for {what}: {suggestion.name}")

    def _recorded(self) -> Decision | None:
        value = self._session.case.get(f"{DECISION}{self.rule}")
        return value if isinstance(value, Decision) else None

    def _show_decision(self, decision: Decision | None) -> None:
        if self._shown is None:
            return
        reasoned = _reasoned(self._shown)
        chosen = decision.decision if decision else (reasoned if self._waiting else None)
        for choice, button in self.buttons.items():
            with QSignalBlocker(button):
                button.setChecked(choice == chosen)
            button.setEnabled(not self._session.read_only)
            # What is advised against needs no leaving out; what was decided before is still taken back here.
            button.setHidden(self._shown.against and choice not in (reasoned, chosen))
        asked = self._session.case.get(ASK)
        with QSignalBlocker(self.advice):
            self.advice.setChecked(isinstance(asked, Chosen) and asked.option == ADVICE_ONLY)
        self.advice.setEnabled(not self._session.read_only)
        known = self._session.form.slot(ASK) is not None
        self.advice.setHidden(not (self._shown.advice and known))
        self.reason.setHidden(chosen != reasoned)
        self.reason.setReadOnly(self._session.read_only)
        said = decision.reason if decision else ""
        if chosen == reasoned and self.reason.text() != said and not self._is_pending(decision):
            self.reason.show_text(said)

    def _is_pending(self, decision: Decision | None) -> bool:
        # While a needed reason is still blank nothing is recorded, and blanks must not be typed away.
        return decision is None and not self.reason.text().strip()

    @Slot(bool)
    def _on_choice_toggled(self, checked: bool) -> None:
        button = self.sender()
        if self._shown is None or not isinstance(button, Button):
            return
        choice: Choice = button.property("choice")
        recorded = self._recorded()
        self._waiting = choice == _reasoned(self._shown) and checked
        if not checked:
            self._session.decide(self.rule, None)
        elif self._waiting and self._shown.reason_required:
            if recorded is not None:
                self._session.decide(self.rule, None)
        else:
            self._session.decide(self.rule, Decision(decision=choice))
        self._show_decision(self._recorded())
        if self._waiting:
            self.reason.setFocus()

    @Slot(bool)
    def _on_advice_toggled(self, checked: bool) -> None:
        self._session.set(ASK, Chosen(option=ADVICE_ONLY) if checked else None)

    @Slot(str)
    def _on_reason_typed(self, text: str) -> None:
        if self._shown is None or self.reason.isHidden():
            self.reason.show_text("")  # a reason of nothing
            return
        wanted = Decision(decision=_reasoned(self._shown), reason=text)
        blank = self._shown.reason_required and not text.strip()
        self._waiting = self._waiting or blank
        key = f"{DECISION}{self.rule}"
        self.reason.stay.write(self._session, key, None if blank else wanted)


def _reasoned(suggestion: Suggestion) -> Choice:
    """Return the answer that takes a reason: the one that goes against the advice."""
    return "accept" if suggestion.against else "decline"
