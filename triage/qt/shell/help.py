"""Help that stands in the program: the list of shortcuts, and what the program is for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from triage.qt.parts.keys import LEGEND
from triage.qt.parts.theme import set_role
from triage.qt.shell.actions import MENUS, Command

INTENDED_USE = (
    "This program helps a clinician to record history and examination of a patient with muscle cramps, and to "
    "write a referral. It shows which published advice the recorded findings meet, and why. It supports the "
    "clinician and never decides: every suggestion is to be judged, and may be declined.\n\n"
    "It is not a certified medical device. It is not made for children, and not for use by patients. What was not "
    "assessed is unknown to it, and no recorded red flag does not mean that there is none.\n\n"
    "It works without a network. Cases are kept on this computer, encrypted."
)


class HelpDialog(QDialog):
    """A title and a body that scrolls."""

    def __init__(self, title: str, body: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.resize(560, 520)
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setWidget(body)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(area, 1)
        layout.addWidget(buttons)


def shortcuts_dialog(commands: Sequence[Command], parent: QWidget | None = None) -> HelpDialog:
    """Return the list of all shortcuts, by menu."""
    body = QWidget()
    grid = QGridLayout(body)
    grid.setHorizontalSpacing(24)
    grid.setColumnStretch(1, 1)
    row = 0
    for title, entries in (("Answering: moving never records", LEGEND), *_by_menu(commands)):
        heading = QLabel(title, body)
        set_role(heading, "heading")
        grid.addWidget(heading, row, 0, 1, 2)
        for keys, text in entries:
            row += 1
            label = QLabel(keys, body)
            label.setAlignment(Qt.AlignmentFlag.AlignRight)
            grid.addWidget(label, row, 0)
            says = QLabel(text, body)
            says.setWordWrap(True)
            grid.addWidget(says, row, 1)
        row += 1
    grid.setRowStretch(row, 1)
    return HelpDialog("Keyboard shortcuts", body, parent)


def _by_menu(commands: Sequence[Command]) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Yield each menu with the shortcuts of its commands, and what these do."""
    native = QKeySequence.SequenceFormat.NativeText
    for menu in MENUS:
        entries = [
            (
                " or ".join(QKeySequence(key).toString(native) for key in command.keys[:2]),
                command.text.rstrip("…"),
            )
            for command in commands
            if command.menu == menu and command.keys
        ]
        if entries:
            yield menu, entries
