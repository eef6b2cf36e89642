"""The question before an issued version is withdrawn, and why it is."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QDialogButtonBox, QLabel, QWidget

from triage.letter.words.phrase import listed
from triage.model.dates import at_words
from triage.qt.parts.inputs import Refusal, TypedLine
from triage.qt.parts.laying import vertical
from triage.qt.parts.reasoned import Reasoned
from triage.qt.parts.theme import set_role
from triage.qt.parts.underlined import Underlined
from triage.qt.parts.words import tr
from triage.session.letters import LetterDesk
from triage.store.records import Issue

_STAYS = tr(
    "It stays readable, is marked withdrawn with your reason, and a notice to the recipient can be printed. Nothing is "
    "sent."
)


def withdraw_words(desk: LetterDesk, issue: Issue) -> str:
    """Return the question whether a version is withdrawn: with every letter of it."""
    letters = [one for one in desk.issues if one.version == issue.version]
    names = dict.fromkeys(desk.name_of(one.recipient) for one in letters)
    return tr(
        "Withdraw version {version} of {at}, to {to}?",
        version=issue.version,
        at=at_words(issue.at),
        to=listed(list(names)),
    )


class WithdrawDialog(Reasoned):
    """Asks whether and why a version is withdrawn; does nothing by itself.

    Parameters
    ----------
    asks
        The question, with the version, its time and its recipient.
    version
        Its number.

    Signals
    -------
    confirmed : str
        Withdraw it, for this reason.
    """

    confirmed = Signal(str)

    def __init__(self, asks: str, version: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Withdraw letter"))
        self.setMinimumWidth(460)
        title, stays = QLabel(asks, self), QLabel(_STAYS, self)
        label = QLabel(tr("&Reason:"), self)
        self.reason = TypedLine(self)
        self.reason.setAccessibleName(tr("Reason"))
        label.setBuddy(self.reason)
        kinds = QDialogButtonBox.ButtonRole
        self.buttons = QDialogButtonBox(self)
        self.keep = self.buttons.addButton(tr("Keep it"), kinds.RejectRole)
        self.act = self.buttons.addButton(
            tr("Withdraw version {version}", version=version), kinds.AcceptRole
        )
        self.act.setEnabled(False)
        set_role(self.keep, "safe")
        # An Enter too many keeps it.
        self.keep.setDefault(True)
        self.act.setAutoDefault(False)
        Underlined(self)
        set_role(title, "title")
        set_role(stays, "muted")
        layout = vertical(self, spacing=6)
        for text in (title, stays):
            text.setWordWrap(True)
            layout.addWidget(text)
        layout.addWidget(label)
        layout.addWidget(self.reason)
        layout.addWidget(Refusal(self.reason, self))
        layout.addWidget(self.buttons)
        self.buttons.accepted.connect(self._on_accepted)
        self.buttons.rejected.connect(self.reject)
        self.reason.typed.connect(self._on_typed)

    @Slot()
    def _on_typed(self) -> None:
        self.act.setEnabled(bool(self.reason.text().strip()))

    @Slot()
    def _on_accepted(self) -> None:
        self.confirmed.emit(self.reason.text().strip())
        self.accept()
