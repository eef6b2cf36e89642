"""The bar of a further visit: what changed since the earlier one, and what of the section is to be confirmed."""

from __future__ import annotations

from textwrap import fill

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from triage.qt.parts.elided import Elided
from triage.qt.parts.laying import horizontal
from triage.qt.parts.soon import Before
from triage.qt.parts.theme import set_role
from triage.qt.parts.words import tr
from triage.qt.shell.actions import CONFIRM
from triage.session import Changed, Session
from triage.session.letters import LetterDesk

# Of what changed, how much is named at the most, and in how many lines; the rest is in the tooltip, which is so wide.
_MOST, _LINES, _WIDE = 8, 2, 110
_NOTHING = tr("Nothing changed so far.")
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
        self._says: tuple[str, ...] = ()
        self.head = QLabel(self)
        set_role(self.head, "strong")
        self.head.setTextFormat(Qt.TextFormat.PlainText)
        self.label = Elided(self)
        self.confirm = QPushButton(self)
        self.confirm.setAutoDefault(False)
        self.confirm.setToolTip(tr("{key}: record as before what is to confirm here", key=CONFIRM))
        layout = horizontal(self, 14, 4, 14, 4, spacing=10)
        layout.addWidget(self.head)
        layout.addWidget(self.label, 1)
        layout.addWidget(self.confirm)
        self._soon = Before(self._show_since, self)
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
            self.label.setToolTip("")
            return
        is_news = since.changes or since.not_then
        # From the most that is told to the least: so much has room.
        says = [since.news(most) for most in range(_MOST, 0, -1)] if is_news else []
        self._show(since.head, f"{since.head}: {since.news()}", *says or [_NOTHING])
        self.label.setToolTip(fill(since.words(), _WIDE))

    def _show(self, head: str, heard: str, *says: str) -> None:
        self.head.setText(head)
        self.head.setVisible(bool(head))
        self._says = says
        self._fit()
        self.setAccessibleName(heard)

    def _fit(self) -> None:
        """Tell as much as has room in its lines: the form stays in sight."""
        tip = self.label.toolTip()
        for says in self._says:
            self.label.set_text(says)
            self.label.set_lines(1 if self.label.fits() else _LINES)
            if not self.label.is_cut:
                break
        self.label.setToolTip(tip)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Tell more where there is more room."""
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Tell less where the text is larger."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()
