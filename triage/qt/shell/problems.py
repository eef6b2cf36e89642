"""The window that is shown instead of the program when the content is at fault."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QWidget,
)

from triage.errors import Problem
from triage.qt.parts.laying import horizontal, vertical
from triage.qt.parts.theme import set_role
from triage.qt.parts.underlined import Underlined
from triage.qt.parts.words import tr


class ProblemsWindow(QWidget):
    """Lists every problem of the content, so that all can be mended in one go.

    Parameters
    ----------
    problems
        What is wrong.
    """

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__()
        self.setWindowTitle(tr("The program cannot start"))
        self.resize(820, 520)
        count = tr("1 problem") if len(problems) == 1 else f"{len(problems)} problems"
        title = QLabel(tr("The clinical content cannot be used: {count}", count=count), self)
        set_role(title, "title")
        text = QLabel(
            tr(
                "The program does not start with content that is at fault. Mend the files listed here, or install the "
                "program again. Your drafts are not affected."
            ),
            self,
        )
        text.setWordWrap(True)
        self.list = QPlainTextEdit("\n".join(str(problem) for problem in problems), self)
        self.list.setReadOnly(True)
        self.list.setAccessibleName(tr("Problems"))
        self.list.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        copy = QPushButton(tr("Copy the list"), self)
        close = QPushButton(tr("Close"), self)
        close.setDefault(True)
        Underlined(self)
        row = horizontal()
        row.addStretch(1)
        row.addWidget(copy)
        row.addWidget(close)
        layout = vertical(self, 18, 16, 18, 14, spacing=8)
        layout.addWidget(title)
        layout.addWidget(text)
        layout.addWidget(self.list, 1)
        layout.addLayout(row)
        copy.clicked.connect(self._on_copy_clicked)
        close.clicked.connect(self.close)

    @Slot()
    def _on_copy_clicked(self) -> None:
        QGuiApplication.clipboard().setText(self.list.toPlainText())
