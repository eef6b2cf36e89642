"""The call that an emergency needs, where it is seen first: who was phoned, when, and what was agreed."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from triage.model.values import Text
from triage.qt.parts.inputs import Refusal, TypedLine
from triage.qt.parts.keys import is_enter
from triage.qt.parts.laying import horizontal, vertical
from triage.qt.parts.line import PAD_X
from triage.qt.parts.theme import set_role
from triage.qt.parts.words import tr
from triage.session import Session

_WITHOUT = tr("Without it the sheet can be issued only with a reason.")


class CallForm(QWidget):
    """Shows what the case holds of the call, and writes it there as it is typed.

    Parameters
    ----------
    session
        The case.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.fields: dict[str, TypedLine] = {}
        call = session.content.urgency.call
        title, self.key = QLabel(tr("The call"), self), QLabel("Ctrl+E", self)
        set_role(title, "group")
        set_role(self.key, "small")
        top = horizontal()
        top.addWidget(title)
        top.addStretch(1)
        top.addWidget(self.key)
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(5)
        grid.setColumnStretch(1, 1)
        asked = (
            (call.who, tr("Phoned")),
            (call.when, tr("When")),
            (call.agreed, tr("Agreed")),
            (call.not_made, tr("No call, why")),
        )
        for name, caption in asked:
            if session.form.slot(name) is not None:
                self._add(grid, name, caption)
        without = QLabel(_WITHOUT, self)
        without.setWordWrap(True)
        set_role(without, "small")
        column = vertical(self, PAD_X, 2, PAD_X, 10, spacing=4)
        column.addLayout(top)
        column.addLayout(grid)
        column.addWidget(without)

    def _add(self, grid: QGridLayout, name: str, caption: str) -> None:
        field = self.fields[name] = TypedLine(self)
        field.setProperty("asks", name)
        slot = self._session.form.slot(name)
        field.setAccessibleName(slot.label if slot is not None else caption)
        field.typed.connect(self._on_typed)
        label = QLabel(caption, self)
        label.setBuddy(field)
        at = grid.rowCount()
        grid.addWidget(label, at, 0)
        grid.addWidget(field, at, 1)
        grid.addWidget(Refusal(field, self), at + 1, 1)

    def refresh(self) -> None:
        """Show what the case holds; the call is asked about in an emergency."""
        self.setHidden(self._session.level != "emergency" or not self.fields)
        for name, field in self.fields.items():
            value = self._session.case.get(name)
            text = value.text if isinstance(value, Text) else ""
            # Blanks alone are no answer, but they stay while one types.
            if text or field.text().strip():
                field.show_text(text)
            field.setReadOnly(self._session.read_only)

    def take_focus(self) -> None:
        """Put the focus on the first field that is open."""
        fields = list(self.fields.values())
        empty = [field for field in fields if not field.text().strip()]
        (empty or fields)[0].setFocus(Qt.FocusReason.ShortcutFocusReason)

    @Slot(str)
    def _on_typed(self, text: str) -> None:
        field = self.sender()
        if isinstance(field, TypedLine):
            value = Text(text=text) if text.strip() else None
            field.stay.write(self._session, field.property("asks"), value)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Enter go on to the next field."""
        if is_enter(event):
            self.focusNextPrevChild(True)
        else:
            super().keyPressEvent(event)
