"""The header: who the patient is, where the case stands, and when it was saved. Always in view."""

from __future__ import annotations

from datetime import datetime
from html import escape

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from triage.letter.words.person import details, name_of
from triage.qt.parts.laying import horizontal
from triage.qt.parts.soon import Before
from triage.qt.parts.theme import restyle, set_role
from triage.qt.parts.words import tr
from triage.qt.shell.line import Elided
from triage.session import Changed, Session

# At both ends, and between two parts, in pixels.
_EDGE, _GAP = 14, 12
_NAMELESS = tr("No patient name recorded")


class Header(QWidget):
    """One line about the patient and the case.

    Parameters
    ----------
    session
        The case.
    """

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.setObjectName("header")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(tr("Patient and state of the case"))
        # Both names are seen, however long they are.
        self.name = Elided(self, Qt.TextElideMode.ElideMiddle)
        set_role(self.name, "patient")
        self.name.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self.details = _plain(self, "muted")
        self.state = _plain(self, "pill")
        self.state.setAccessibleDescription(tr("State of the case"))
        self.saved = _plain(self, "muted")
        self._soon = Before(self.show_patient, self)
        # When the case was saved, whole and in brief.
        self._saved = "", ""
        layout = horizontal(self, _EDGE, 10, _EDGE, 10, spacing=_GAP)
        layout.addWidget(self.name)
        layout.addWidget(self.details, 1)
        layout.addWidget(self.state)
        layout.addWidget(self.saved)
        session.subscribe(self._on_session_changed)
        self.show_patient()

    def _on_session_changed(self, changed: Changed) -> None:
        if any(key.startswith(("patient.", "case.")) for key in changed.keys):
            self._soon.start()

    @Slot()
    def show_patient(self) -> None:
        """Show the patient as recorded."""
        session = self._session
        self.name.setText(name_of(session.case) or _NAMELESS)
        self.details.setText(" · ".join(details(session.form, session.case, session.day)))
        self._fit()

    def set_state(self, state: str, more: str = "") -> None:
        """Show where the case stands: draft, issued v2, amending v3, read-only; `more` on a closer look."""
        self.state.setText(state[:1].upper() + state[1:])
        # Qt reads markup in a tooltip that looks like it; a sender may be called anything.
        self.state.setToolTip(f"<span>{escape(more)}</span>" if more else "")
        self._fit()

    def set_saved(self, text: str, *, brief: str = "", alarm: bool = False) -> None:
        """Show when the case was saved, or loudly what of it is not; `brief` where the name needs the room."""
        self._saved = text, brief or text
        restyle(self.saved, "fault" if alarm else "muted")
        self._fit()

    def _fit(self) -> None:
        whole, brief = self._saved
        self.saved.setText(whole)
        parts = (self.name, self.details, self.state, self.saved)
        needed = sum(part.sizeHint().width() for part in parts) + 2 * _EDGE + 3 * _GAP
        if needed > self.width():
            self.saved.setText(brief)
        self.saved.setToolTip("" if self.saved.text() == whole else whole)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()


def saved_at(now: datetime) -> str:
    """Return how the header says that everything is saved."""
    return f"Saved {now.astimezone():%H:%M:%S}"


def _plain(parent: QWidget, role: str = "") -> QLabel:
    label = QLabel(parent)
    # Names are shown as typed: "<b>" in one is not markup.
    label.setTextFormat(Qt.TextFormat.PlainText)
    if role:
        set_role(label, role)
    return label
