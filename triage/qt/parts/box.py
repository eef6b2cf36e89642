"""A question before something is done: each button names its act, and an Enter too many does nothing."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QShowEvent
from PySide6.QtWidgets import QDialogButtonBox, QLabel, QMessageBox, QPushButton, QWidget

from triage.qt.parts.theme import set_role
from triage.qt.parts.underlined import Underlined
from triage.qt.parts.words import tr


class Box(QMessageBox):
    """Asks; whoever opens it connects the buttons.

    Parameters
    ----------
    title, asks, says
        What it is about, the question, and what there is to know before it is answered.
    """

    def __init__(
        self, title: str, asks: str, says: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(asks)
        self.setInformativeText(says)
        if isinstance(label := self.findChild(QLabel, "qt_msgbox_label"), QLabel):
            set_role(label, "title")
        Underlined(self)

    def showEvent(self, event: QShowEvent) -> None:
        """Set the buttons below one another where they have no room beside one another: Qt makes it no wider."""
        super().showEvent(event)
        buttons, layout = self.findChild(QDialogButtonBox), self.layout()
        if not isinstance(buttons, QDialogButtonBox) or layout is None:
            return
        if layout.totalMinimumSize().width() > self.width():
            buttons.setOrientation(Qt.Orientation.Vertical)

    def add_act(self, caption: str, *, destroys: bool = False) -> QPushButton:
        """Add a button that does something."""
        roles = QMessageBox.ButtonRole
        return self.addButton(caption, roles.DestructiveRole if destroys else roles.AcceptRole)

    def add_harmless(self, caption: str) -> QPushButton:
        """Add the button that leaves all as it is: it has the ring, and Esc presses it."""
        button = self.addButton(caption, QMessageBox.ButtonRole.RejectRole)
        set_role(button, "safe")
        self.setDefaultButton(button)
        self.setEscapeButton(button)
        return button


def stop(says: str) -> None:
    """Say why the program cannot go on, and wait until that is read."""
    box = Box(QGuiApplication.applicationDisplayName(), says)
    box.add_act(tr("Close the program"))
    box.exec()
