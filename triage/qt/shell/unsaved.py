"""The question of a window that is to close and cannot save."""

from __future__ import annotations

from PySide6.QtWidgets import QMessageBox, QPushButton, QWidget

from triage.qt.parts.words import tr


class UnsavedBox(QMessageBox):
    """Asks what to do with what cannot be saved.

    Parameters
    ----------
    count
        How many edits it is.
    """

    def __init__(self, count: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        edits = tr("1 change") if count == 1 else f"{count} changes"
        self.setIcon(QMessageBox.Icon.Warning)
        self.setWindowTitle(tr("Not saved"))
        self.setText(tr("{edits} of this case could not be saved.", edits=edits))
        self.setInformativeText(tr("They are still here as long as this window is open."))
        roles = QMessageBox.ButtonRole
        self.elsewhere: QPushButton = self.addButton(tr("Save elsewhere…"), roles.AcceptRole)
        self.stay: QPushButton = self.addButton(tr("Keep open"), roles.RejectRole)
        self.lose: QPushButton = self.addButton(
            tr("Close and lose {edits}", edits=edits), roles.DestructiveRole
        )
        self.setDefaultButton(self.elsewhere)
        self.setEscapeButton(self.stay)
