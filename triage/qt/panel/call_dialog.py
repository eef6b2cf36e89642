"""The question before the letter of an emergency is issued without a call."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QWidget

from triage.qt.panel.call import CallForm
from triage.qt.parts.flow import scaled
from triage.qt.parts.laying import vertical
from triage.qt.parts.sheet import words
from triage.qt.parts.theme import set_role
from triage.qt.parts.underlined import Underlined
from triage.qt.parts.words import tr
from triage.rules.call import call_missing
from triage.session import Session


class CallDialog(QDialog):
    """Asks who was phoned, or why nobody was, as the pane does; accepted, the letter can be issued.

    Parameters
    ----------
    session
        The case, where it is written as it is typed.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.setWindowTitle(tr("The call"))
        self.asks = words(
            tr("No call is recorded. Who was phoned, and when? Or why was no call made?"), "title"
        )
        self.form = CallForm(session, self)
        self.form.refresh()
        self.form.show()
        # Who is asked needs no key to come here.
        self.form.key.hide()
        roles = QDialogButtonBox.ButtonRole
        buttons = QDialogButtonBox(self)
        self.back = buttons.addButton(tr("Back"), roles.RejectRole)
        self.issue = buttons.addButton("", roles.AcceptRole)
        set_role(self.back, "safe")
        self.back.setDefault(True)
        layout = vertical(self, spacing=8)
        for part in (self.asks, self.form, buttons):
            layout.addWidget(part)
        self._underlined = Underlined(self)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        for field in self.form.fields.values():
            field.typed.connect(self._on_typed)
        self._on_typed()
        width = scaled(self, 460)
        self.setMinimumSize(width, layout.totalHeightForWidth(width))
        self.form.take_focus()

    @Slot()
    def _on_typed(self) -> None:
        call, case = self._session.content.urgency.call, self._session.case
        is_reason = call.not_made in case and call.who not in case
        says = tr("Issue with this reason…") if is_reason else tr("Issue with this call…")
        self._underlined.show(self.issue, says)
        self.issue.setEnabled(not call_missing(call, case))
