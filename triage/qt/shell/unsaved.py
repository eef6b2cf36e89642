"""The question of a window that is to close and cannot save."""

from __future__ import annotations

from PySide6.QtWidgets import QMessageBox, QPushButton, QWidget


class UnsavedBox(QMessageBox):
    """Asks what to do with what cannot be saved.

    Parameters
    ----------
    count
        How many edits it is.
    """

    def __init__(self, count: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        edits = "1 change" if count == 1 else f"{count} changes"
        self.setIcon(QMessageBox.Icon.Warning)
        self.setWindowTitle("Not saved")
        self.setText(f"{edits} of this case could not be saved.")
        self.setInformativeText("They are still here as long as this window is open.")
        roles = QMessageBox.ButtonRole
        self.elsewhere: QPushButton = self.addButton("Save elsewhere…", roles.AcceptRole)
        self.stay: QPushButton = self.addButton("Keep open", roles.RejectRole)
        self.lose: QPushButton = self.addButton(f"Close and lose {edits}", roles.DestructiveRole)
        self.setDefaultButton(self.elsewhere)
        self.setEscapeButton(self.stay)
