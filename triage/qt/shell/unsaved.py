"""The question of a window that is to close and cannot save."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QPushButton, QWidget

from triage.qt.parts.theme import set_role
from triage.qt.parts.words import tr
from triage.session.unsaved import Unsaved


class UnsavedBox(QMessageBox):
    """Asks what to do with what cannot be saved.

    Parameters
    ----------
    lost
        What it is; None if that is not known.
    who
        The patient.
    """

    def __init__(self, lost: Unsaved | None, who: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setIcon(QMessageBox.Icon.Warning)
        self.setWindowTitle(tr("Not saved"))
        self.setTextFormat(Qt.TextFormat.PlainText)
        if lost is None:
            answers = tr("the last answers")
            self.setText(tr("The last answers are not saved. Close all the same?"))
            loses = tr("Closing now loses what was typed last for {who}.", who=who)
        else:
            answers = lost.answers
            verb = tr("is") if lost.number == 1 else tr("are")
            self.setText(
                tr("{answers} {verb} not saved. Close all the same?", answers=answers, verb=verb)
            )
            loses = tr("Closing now loses what was typed for {who} since {at}", who=who, at=lost.at)
            loses += f": {lost.what}." if lost.what else "."
        elsewhere = tr("Elsewhere all cases are kept in another folder, encrypted as before.")
        self.setInformativeText(f"{loses}\n{elsewhere}")
        roles = QMessageBox.ButtonRole
        self.lose: QPushButton = self.addButton(
            tr("&Lose {answers} and close", answers=answers), roles.DestructiveRole
        )
        self.stay: QPushButton = self.addButton(tr("&Keep open"), roles.RejectRole)
        self.elsewhere: QPushButton = self.addButton(tr("&Save elsewhere…"), roles.AcceptRole)
        set_role(self.stay, "safe")
        # Nothing is lost by an Enter too many.
        self.setDefaultButton(self.stay)
        self.setEscapeButton(self.stay)
