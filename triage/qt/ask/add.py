"""Brings a question into sight that is not: type a few letters, choose."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QWidget,
)

from triage.content.schema import Question
from triage.qt.parts.inputs import WheelGuard
from triage.qt.parts.laying import vertical
from triage.qt.parts.theme import set_role
from triage.qt.parts.words import tr

_MOST = 8


class AddQuestion(QWidget):
    """A button that turns into a field with a list.

    Signals
    -------
    opened
        The user wants to choose: the parent says from what, by `show_questions`.
    question_chosen : str
        The user chose a question.
    """

    opened = Signal()
    question_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._questions: tuple[Question, ...] = ()
        self.button = QPushButton(tr("Add another question…"), self)
        self.button.setAutoDefault(False)
        self.button.setAccessibleName(tr("Add another question of this section"))
        self.button.setAccessibleDescription(tr("Lists the questions that are out of sight"))
        set_role(self.button, "quiet")
        self.field = QLineEdit(self)
        self.field.setPlaceholderText(tr("Type to find; Enter adds, Esc closes"))
        self.field.setAccessibleName(tr("Find a question to add"))
        self.field.setAccessibleDescription(tr("Arrow keys choose, Enter adds, Escape closes"))
        self.list = QListWidget(self)
        self.list.setAccessibleName(tr("Questions to add"))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setFrameShape(QFrame.Shape.StyledPanel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        layout = vertical(self, 20, 2, 6, 2, spacing=2)
        layout.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(self.field)
        layout.addWidget(self.list)
        self._fold(True)
        WheelGuard(self.field)
        self.field.installEventFilter(self)
        self.button.clicked.connect(self._on_clicked)
        self.field.textChanged.connect(self._on_text_changed)
        self.list.itemClicked.connect(self._on_item_clicked)

    def show_questions(self, questions: Sequence[Question]) -> None:
        """Offer `questions`."""
        self._questions = tuple(questions)
        self.field.clear()
        self._on_text_changed("")

    @Slot()
    def _on_clicked(self) -> None:
        self.opened.emit()
        self._fold(False)
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(str)
    def _on_text_changed(self, text: str) -> None:
        self.list.clear()
        words = text.lower().split()
        for question in self._questions:
            known = f"{question.label} {question.short} {question.id}".lower()
            if all(word in known for word in words):
                item = QListWidgetItem(question.label, self.list)
                item.setData(Qt.ItemDataRole.UserRole, question.id)
        self.list.setCurrentRow(0)
        rows = min(max(self.list.count(), 1), _MOST)
        self.list.setFixedHeight(rows * (self.fontMetrics().height() + 5) + 6)

    @Slot(QListWidgetItem)
    def _on_item_clicked(self, item: QListWidgetItem) -> None:
        self._fold(True)
        self.question_chosen.emit(item.data(Qt.ItemDataRole.UserRole))

    def _fold(self, folded: bool) -> None:
        self.button.setVisible(folded)
        self.field.setVisible(not folded)
        self.list.setVisible(not folded)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is not self.field or event.type() != QEvent.Type.KeyPress:
            return False
        assert isinstance(event, QKeyEvent)
        match event.key():
            case Qt.Key.Key_Down | Qt.Key.Key_Up:
                step = 1 if event.key() == Qt.Key.Key_Down else -1
                at = self.list.currentRow() + step
                self.list.setCurrentRow(max(0, min(at, self.list.count() - 1)))
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                item = self.list.currentItem()
                if item is not None:
                    self._on_item_clicked(item)
            case Qt.Key.Key_Escape:
                self._fold(True)
                self.button.setFocus(Qt.FocusReason.OtherFocusReason)
            case _:
                return False
        return True
