"""Free text, kept as typed."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QSizePolicy, QWidget

from triage.content.schema import Question
from triage.model.values import Text, Unable
from triage.qt.ask.base import QuestionWidget
from triage.qt.ask.typed import UNABLE_HINT, read_unable, unable_text
from triage.qt.parts.colours import RING_ROOM
from triage.qt.parts.inputs import GrowingText, TypedLine
from triage.qt.parts.laying import vertical
from triage.qt.parts.words import tr
from triage.session import Session


class TextWidget(QuestionWidget):
    """Asks for words, in a line or in a box that grows."""

    def __init__(self, session: Session, question: Question, parent: QWidget | None = None) -> None:
        super().__init__(session, question, parent)
        self.field: TypedLine | GrowingText
        if question.lines > 1:
            self.field = GrowingText(question.lines, self)
            home = self.body
        else:
            self.field = TypedLine(self)
            self.field.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            self.field.setMinimumWidth(self.fontMetrics().averageCharWidth() * 40)
            home = self.side
        field = vertical(None, RING_ROOM, RING_ROOM, 0, RING_ROOM)
        field.addWidget(self.field)
        home.addLayout(field)
        needed = tr("Required. ") if question.required else ""
        self.name_input(
            self.field,
            "",
            tr(
                "{needed}Free text, written as you type, {unable_hint}",
                needed=needed,
                unable_hint=UNABLE_HINT,
            ),
        )
        self.field.typed.connect(self._on_typed)
        self.finish()

    def refresh(self) -> None:
        """Show what the session holds."""
        match self.session.case.get(self.question.id):
            case Text(text=text):
                self.field.show_text(text)
            case Unable() as value:
                # A blank at the end of a reason stays while one types on.
                if read_unable(self._text()) != value:
                    self.field.show_text(unable_text(value))
            case _:
                # Blanks alone are no answer, but they stay while one types.
                if self._text().strip():
                    self.field.show_text("")

    def _text(self) -> str:
        field = self.field
        return field.text() if isinstance(field, TypedLine) else field.toPlainText()

    @Slot(str)
    def _on_typed(self, text: str) -> None:
        value = read_unable(text) or (Text(text=text) if text.strip() else None)
        self.field.stay.write(self.session, self.question.id, value)
