"""The steps of a case: taken back, brought back, and told."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction

from triage.qt.navigator import Navigator
from triage.qt.parts.messages import Messages
from triage.qt.parts.words import tr
from triage.qt.shell.actions import lettered
from triage.session import Changed, Session
from triage.session.steps import Step, decision_of, phrase, place_of, told

_NOTHING_BEFORE = tr("There is nothing to take back.")
_ISSUED = tr("What was issued is not taken back: change the answer itself.")
_NOTHING_UNDONE = tr("There is nothing to bring back.")


class Steps(QObject):
    """Takes steps back and brings them back, says what they changed, and goes where it can be seen.

    Signals
    -------
    done : str
        What was done, in the words of the practice.
    """

    done = Signal(str)

    def __init__(
        self, session: Session, go: Navigator, messages: Messages, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._session, self._go, self._messages = session, go, messages
        # Whether the last change said something by itself.
        self._has_said = False
        session.subscribe(self._on_session_changed)

    def _on_session_changed(self, changed: Changed) -> None:
        self._has_said = bool(changed.says)

    @Slot()
    def undo(self) -> None:
        """Take the last step back."""
        if not self._session.can_undo:
            self._messages.advice(_ISSUED if self._session.is_as_issued else _NOTHING_BEFORE)
            return
        step = self._session.history.to_undo
        self._session.undo()
        self._tell(step, tr("Taken back"), tr("Ctrl+Shift+Z brings it back."), was="was")
        self.done.emit("undone")

    @Slot()
    def redo(self) -> None:
        """Bring it back."""
        if not self._session.can_redo:
            self._messages.advice(_NOTHING_UNDONE)
            return
        step = self._session.history.to_redo
        self._session.redo()
        self._tell(step, tr("Brought back"), tr("Ctrl+Z takes it back."))

    def _tell(self, step: Step, what: str, then: str, *, was: str = "") -> None:
        if place := place_of(self._session.form, step):
            self._go.go_to(place)
        elif decision := decision_of(step):
            self._go.go_to_decision(decision)
        says = told(self._session.content, step, what, then, was=was)
        if says and not self._has_said:
            self._messages.info(says)

    def name(self, undo: QAction, redo: QAction) -> None:
        """Say in the menu what each of them would change."""
        session = self._session
        for action, text, step in (
            (undo, tr("Undo"), session.history.to_undo if session.can_undo else {}),
            (redo, tr("Redo"), session.history.to_redo if session.can_redo else {}),
        ):
            said = phrase(session.content, step) if step else ""
            action.setText(lettered(f"{text}: {said}" if said else text, set()))
