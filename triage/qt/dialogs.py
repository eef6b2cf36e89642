"""What opens over a window at a command: dialogs, help, what is pasted, letters on all that can be clicked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QWidget
from shiboken6 import isValid

from triage.content.describe import describe_rule
from triage.qt.ask.pasted import has_patient
from triage.qt.navigator import Navigator
from triage.qt.panel.call_dialog import CallDialog
from triage.qt.panel.resting import RestingDialog
from triage.qt.panel.urgency_dialog import UrgencyDialog
from triage.qt.parts.clipboard import has_lines
from triage.qt.parts.messages import Messages
from triage.qt.parts.soon import Soon
from triage.qt.parts.words import tr
from triage.qt.shell.actions import Command
from triage.qt.shell.help import KeysDialog, guide_dialog, happened_dialog, rule_dialog
from triage.qt.shell.hints import Hints
from triage.qt.shell.line import place_of
from triage.qt.shell.rail import Rail
from triage.session import Session

if TYPE_CHECKING:
    from triage.qt.ask.paste import Pasting


class Dialogs(QObject):
    """Opens one after the other, each over its window.

    Signals
    -------
    call_told
        What an emergency needs before its letter is issued is recorded.
    """

    call_told = Signal()

    def __init__(
        self,
        session: Session,
        commands: Sequence[Command],
        rail: Rail,
        go: Navigator,
        messages: Messages,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._session, self._commands, self._rail = session, commands, rail
        self._go, self._messages, self._window = go, messages, window
        # The text that was dropped, and on what.
        self._dropped: tuple[str, QWidget | None] = ("", None)
        self._drop = Soon(self._on_dropped, self)

    @Slot()
    def ask_urgency(self) -> None:
        """Let the user set the level."""
        self._ask(UrgencyDialog(self._session, self._window))

    @Slot()
    def ask_call(self) -> None:
        """Ask of the call that an emergency needs."""
        dialog = CallDialog(self._session, self._window)
        dialog.accepted.connect(self.call_told)
        self._ask(dialog)

    @Slot()
    def show_resting(self) -> None:
        """Show what rests on the answer to the question that had the focus last."""
        question = self._session.form.question_of(self._go.focused)
        if question is None:
            self._messages.advice(
                tr("Go to a question first: then this tells what rests on its answer.")
            )
            return
        questions = self._go.questions
        dialog = RestingDialog(self._session, question, questions.acts, self._window)
        dialog.act_requested.connect(questions.do)
        self._ask(dialog)

    def _ask(self, dialog: QDialog) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    # -- help -----------------------------------------------------------------------------------

    @Slot()
    def show_hints(self) -> None:
        """Show letters on all that can be clicked."""
        if not isinstance(self._window.focusWidget(), Hints):
            hints = Hints(self._window)
            hints.closed.connect(hints.deleteLater)

    @Slot(str)
    def show_rule(self, rule: str) -> None:
        """Show what a rule says."""
        self._show(rule_dialog(describe_rule(self._session.content, rule), self._window))

    @Slot()
    def show_keys(self) -> None:
        """Show the keys, in front those of where the focus is."""
        place = place_of(self._window.focusWidget())
        self._show(KeysDialog(place, self._commands, self._window))

    @Slot()
    def show_guide(self) -> None:
        """Show the guide."""
        self._show(guide_dialog(self._window))

    @Slot()
    def show_happened(self) -> None:
        """Show what was told."""
        self._show(happened_dialog(self._messages.told, self._window))

    def _show(self, dialog: QWidget) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.show()

    # -- pasted, dropped ------------------------------------------------------------------------

    def is_to_read(self, text: str) -> bool:
        """Whether a text is more than what one field holds."""
        return has_lines(text) or has_patient(self._session, "", text)

    def take_text(self, text: str, over: QWidget | None = None) -> None:
        """Show what a text means that was pasted or dropped on a place of the window."""
        self._pasting.take(text, self._rail.section, over)

    @property
    def _pasting(self) -> Pasting:
        # It brings all that reads: no first paint waits for it.
        from triage.qt.ask.paste import Pasting

        then = self._go.questions.focus_first
        return Pasting(self._session, self._messages, self._window, then)

    @Slot()
    def paste(self) -> None:
        """Show what several lines in the clipboard mean."""
        text = QGuiApplication.clipboard().text()
        if self.is_to_read(text):
            self.take_text(text, self._window.focusWidget())

    def drop(self, text: str, over: QWidget | None) -> None:
        """Show what a text means that is dropped, once the drop is over: whoever drags waits for its end."""
        self._dropped = text, over
        self._drop.start()

    @Slot()
    def _on_dropped(self) -> None:
        (text, over), self._dropped = self._dropped, ("", None)
        self.take_text(text, over if over is not None and isValid(over) else None)

    @Slot()
    def paste_results(self) -> None:
        """Show what the clipboard holds as results."""
        self._pasting.results(QGuiApplication.clipboard().text())

    @Slot()
    def paste_patient(self) -> None:
        """Show what the clipboard holds as the details of the patient."""
        self._pasting.patient(QGuiApplication.clipboard().text(), self._rail.section)

    @Slot()
    def paste_note(self) -> None:
        """Show what the clipboard holds as a note."""
        self._pasting.note(QGuiApplication.clipboard().text(), self._rail.section)
