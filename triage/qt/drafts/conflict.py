"""The question of a file of cases that another computer left beside ours."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QPushButton, QWidget


class ConflictBox(QMessageBox):
    """Asks whether its cases are to be taken over.

    Parameters
    ----------
    name, holds
        The name of the file, and in words what in it is not here.
    count
        How many cases that is.
    """

    def __init__(self, name: str, holds: str, count: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setIcon(QMessageBox.Icon.Warning)
        self.setWindowTitle("Another file of cases")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(
            f"Another computer, or a synchronising program, left a second file of cases: {name}"
        )
        rest = (
            " Cases with other edits or letters become cases of their own. Nothing is overwritten or deleted."
            if count
            else " Setting it aside keeps it under another name."
        )
        self.setInformativeText(f"It holds {holds}.{rest}")
        roles = QMessageBox.ButtonRole
        does = "Take over its cases" if count else "Set it aside"
        self.yes: QPushButton = self.addButton(does, roles.AcceptRole)
        self.no: QPushButton = self.addButton("Not now", roles.RejectRole)
        self.setDefaultButton(self.yes)
        self.setEscapeButton(self.no)
