"""The question before a letter is issued: for whom, to whom, and that it cannot be taken back."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from triage.letter.words.person import age_words, name_of
from triage.session import Session
from triage.session.letters import LetterDesk

_FOR_GOOD = "An issued letter cannot be changed or deleted. A later change becomes a new version."
_PHONE = "This is a same-day emergency: phone; do not post a letter."


def confirmation(session: Session, desk: LetterDesk, parent: QWidget) -> QMessageBox:
    """Return the question, with the patient's name in it; accepting it is to issue."""
    age = age_words(session.form, session.case, session.day)
    who = ", ".join(filter(None, (name_of(session.case), age)))
    recipient = desk.recipients[desk.recipient].name
    box = QMessageBox(parent)
    box.setIcon(QMessageBox.Icon.Question)
    box.setWindowTitle("Issue letter")
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(f"Issue version {desk.next_version} for {who}, to: {recipient}?")
    emergency = session.level == "emergency"
    box.setInformativeText(f"{_PHONE}\n\n{_FOR_GOOD}" if emergency else _FOR_GOOD)
    box.addButton("&Issue", QMessageBox.ButtonRole.AcceptRole)
    # An Enter too many issues nothing: I does, or Space on the button.
    box.setDefaultButton(box.addButton("Back", QMessageBox.ButtonRole.RejectRole))
    return box
