"""The question before a letter is issued: for whom, to whom, and that it cannot be taken back."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from triage.qt.header import patient_age, patient_name
from triage.session import Session
from triage.session.letters import LetterDesk

_FOR_GOOD = "An issued letter cannot be changed or deleted. A later change becomes a new version."
_PHONE = "This is a same-day emergency: phone; do not post a letter."


def confirmation(session: Session, desk: LetterDesk, parent: QWidget) -> QMessageBox:
    """Return the question, with the patient's name in it; accepting it is to issue."""
    who = ", ".join(filter(None, (patient_name(session), patient_age(session))))
    recipient = desk.recipients[desk.recipient].name
    box = QMessageBox(parent)
    box.setIcon(QMessageBox.Icon.Question)
    box.setWindowTitle("Issue letter")
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(f"Issue version {desk.next_version} for {who}, to: {recipient}?")
    emergency = session.assessment.urgency.level == "emergency"
    box.setInformativeText(f"{_PHONE}\n\n{_FOR_GOOD}" if emergency else _FOR_GOOD)
    box.addButton("&Issue", QMessageBox.ButtonRole.AcceptRole)
    # An Enter too many issues nothing: I does, or Space on the button.
    box.setDefaultButton(box.addButton("Back", QMessageBox.ButtonRole.RejectRole))
    return box
