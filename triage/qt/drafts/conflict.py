"""The question of a file of cases that another computer left beside ours."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QPushButton, QWidget

from triage.qt.parts.words import tr


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
        self.setWindowTitle(tr("Another file of cases"))
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(
            tr(
                "Another computer, or a synchronising program, left a second file of cases: {name}",
                name=name,
            )
        )
        rest = (
            tr(
                " Cases with other edits or letters become cases of their own. Nothing is overwritten or deleted."
            )
            if count
            else tr(" Setting it aside keeps it under another name.")
        )
        self.setInformativeText(tr("It holds {holds}.{rest}", holds=holds, rest=rest))
        roles = QMessageBox.ButtonRole
        does = tr("Take over its cases") if count else tr("Set it aside")
        self.yes: QPushButton = self.addButton(does, roles.AcceptRole)
        self.no: QPushButton = self.addButton(tr("Not now"), roles.RejectRole)
        self.setDefaultButton(self.yes)
        self.setEscapeButton(self.no)
