"""The letter beside the form: its pages as they would print now, at the place that changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QLabel, QWidget

from triage.errors import TriageError
from triage.qt.letter.pages import Pages
from triage.qt.parts.laying import vertical
from triage.qt.parts.soon import Soon
from triage.qt.parts.theme import set_role
from triage.qt.parts.words import tr
from triage.session import Changed, Session
from triage.session.letters import LetterDesk

if TYPE_CHECKING:
    from triage.letter.statements import Letter

# Long enough that one who types is not held up, short enough that he sees what he did.
REST_MS = 300


class Beside(QWidget):
    """Shows the letter of the case as it stands, once changes rest; out of sight it makes nothing.

    Parameters
    ----------
    session
        The case.
    desk
        Makes the letter.
    """

    def __init__(self, session: Session, desk: LetterDesk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        # What is shown, to see what changed.
        self._letter: Letter | None = None
        self.setAccessibleName(tr("Letter beside the form"))
        self.says = QLabel(self)
        self.says.setWordWrap(True)
        self.says.setContentsMargins(8, 4, 8, 4)
        set_role(self.says, "small")
        self.pages = Pages(tr("Pages of the letter"), self)
        self._soon = Soon(self.refresh, self, REST_MS)
        layout = vertical(self, 0, 0, 0, 0, spacing=0)
        layout.addWidget(self.says)
        layout.addWidget(self.pages, 1)
        session.subscribe(self._on_session_changed)

    def _on_session_changed(self, changed: Changed) -> None:
        if self.isVisible():
            self._soon.start()

    def showEvent(self, event: QShowEvent) -> None:
        """Show what changed while it was out of sight."""
        super().showEvent(event)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Show the letter of the case as it stands."""
        self._soon.stop()
        # Else a version that was looked at before.
        self._desk.choose_issue(None)
        try:
            letter, data = self._desk.drafted, self._desk.pages_pdf()
        except TriageError as error:
            self.says.setText(str(error))
            return
        before, self._letter = self._letter, letter
        self.says.setText(self._told(letter))
        if data == self.pages.data:
            return
        same = before is not None and _about(before) == _about(letter)
        from triage.letter.versions import new_texts
        from triage.pdf.place import place_of

        place = place_of(data, new_texts(letter, before)) if before and same else None
        self.pages.show_pdf(data, place)

    def _told(self, letter: Letter) -> str:
        kind = self._desk.templates[letter.template]
        to = f" to {self._desk.name_of(letter.addressee)}" if letter.addressee else ""
        return f"{self._desk.state.capitalize()}: {kind}{to}"


def _about(letter: Letter) -> tuple[str, str]:
    return letter.template, letter.addressee
