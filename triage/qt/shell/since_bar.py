"""The bar of a further visit: what changed since the earlier one, and what of the section is to be confirmed."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from triage.qt.parts.laying import horizontal
from triage.qt.parts.soon import Soon
from triage.qt.parts.theme import set_role
from triage.qt.parts.words import tr
from triage.qt.shell.actions import CONFIRM
from triage.session import Changed, Session
from triage.session.letters import LetterDesk

# Of what changed, how much is named; the rest is in the tooltip.
_MOST = 8
_ANOTHER = tr("This is another patient than at the visit before: nothing of that visit is shown.")


class SinceBar(QWidget):
    """Says what changed since the earlier visit; out of sight where the case follows none.

    Parameters
    ----------
    session
        The case.
    letters
        They say what changed.

    Signals
    -------
    confirm_requested
        The user wants to confirm what is unchanged in the section in view.
    """

    confirm_requested = Signal()

    def __init__(self, session: Session, letters: LetterDesk) -> None:
        super().__init__()
        self._session, self._letters = session, letters
        self._section = ""
        self.head = QLabel(self)
        set_role(self.head, "strong")
        self.label = QLabel(self)
        self.label.setWordWrap(True)
        for label in (self.head, self.label):
            label.setTextFormat(Qt.TextFormat.PlainText)
        self.confirm = QPushButton(self)
        self.confirm.setAutoDefault(False)
        self.confirm.setToolTip(tr("{key}: record as before what is to confirm here", key=CONFIRM))
        layout = horizontal(self, 14, 4, 14, 4, spacing=10)
        layout.addWidget(self.head)
        layout.addWidget(self.label, 1)
        layout.addWidget(self.confirm)
        self._soon = Soon(self._show_since, self)
        self.confirm.clicked.connect(self.confirm_requested)
        self.setHidden(not session.is_further)
        if session.is_further:
            session.subscribe(self._on_session_changed)
            self._soon.start()

    def show_section(self, section: str) -> None:
        """Offer to confirm what is unchanged in `section`."""
        self._section = section
        self._show_confirm()

    def _on_session_changed(self, changed: Changed) -> None:
        self._show_confirm()
        # Not before the key is done.
        self._soon.start()

    def _show_confirm(self) -> None:
        if not self._section:
            return
        count = self._session.to_confirm_in(self._section)
        self.confirm.setText(tr("Confirm {count} as before", count=count))
        self.confirm.setHidden(not count or self._session.read_only)

    def _show_since(self) -> None:
        since = self._letters.since
        if since is None:
            self._show("", _ANOTHER, _ANOTHER)
            return
        is_news = since.changes or since.not_then
        self._show(
            since.head,
            since.news(_MOST) if is_news else tr("Nothing changed so far."),
            f"{since.head}: {since.news()}",
        )
        self.label.setToolTip(since.words())

    def _show(self, head: str, says: str, heard: str) -> None:
        self.head.setText(head)
        self.head.setVisible(bool(head))
        self.label.setText(says)
        self.label.setToolTip("")
        self.setAccessibleName(heard)
