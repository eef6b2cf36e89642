"""What opens over a window at a command: dialogs, help, what is pasted, letters on all that can be clicked."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtWidgets import QDialog, QWidget

from triage.content.describe import describe_rule
from triage.qt.ask.pasted import PasteGuard, has_lines, has_patient
from triage.qt.navigator import Navigator
from triage.qt.panel.resting import RestingDialog
from triage.qt.panel.urgency_dialog import UrgencyDialog
from triage.qt.parts.messages import Messages
from triage.qt.parts.words import tr
from triage.qt.shell.actions import Command
from triage.qt.shell.help import KeysDialog, guide_dialog, happened_dialog, rule_dialog
from triage.qt.shell.hints import Hints
from triage.qt.shell.line import place_of
from triage.qt.shell.rail import Rail
from triage.session import Session


class Dialogs(QObject):
    """Opens one after the other, each over its window."""

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

    @Slot()
    def ask_urgency(self) -> None:
        """Let the user set the level."""
        self._ask(UrgencyDialog(self._session, self._window))

    @Slot()
    def show_resting(self) -> None:
        """Show what rests on the answer to the question that had the focus last."""
        question = self._session.form.question_of(self._go.focused)
        if question is None:
            self._messages.info(
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

    # -- pasted ---------------------------------------------------------------------------------

    @Slot()
    def paste(self) -> None:
        """Show what several lines in the clipboard mean."""
        # They mean results in the section of these, and over the field of a result anywhere.
        is_result = self._session.form.sections[self._rail.section].person == "result"
        if has_patient(self._session):
            self.paste_patient()
        elif has_lines() and (is_result or PasteGuard.guards(self._window.focusWidget())):
            self.paste_results()
        elif has_lines():
            from triage.qt.ask.paste import paste_lines

            paste_lines(self._rail.section, self._session, self._messages, self._window)

    @Slot()
    def paste_results(self) -> None:
        """Show what the clipboard holds as results."""
        from triage.qt.ask.paste import paste_results

        paste_results(self._session, self._messages, self._window)

    @Slot()
    def paste_patient(self) -> None:
        """Show what the clipboard holds as the details of the patient."""
        from triage.qt.ask.paste import paste_patient

        then = self._go.questions.focus_first
        paste_patient(self._rail.section, self._session, self._messages, self._window, then)

    @Slot()
    def paste_note(self) -> None:
        """Show what the clipboard holds as a note."""
        from triage.qt.ask.paste import paste_note

        paste_note(self._rail.section, self._session, self._messages, self._window)
