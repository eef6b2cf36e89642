"""Whether Caps Lock is on, said where a passphrase is typed that nobody can see."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAccessible, QAccessibleEvent, QKeyEvent
from PySide6.QtWidgets import QLabel, QLineEdit

from triage.qt.parts.keys import is_plain, is_shifted
from triage.qt.parts.theme import set_role
from triage.qt.parts.words import tr

_ON = tr("Caps Lock is on.")


class CapsLock(QLabel):
    """Has its place whether or not there is something to say.

    Qt does not tell of Caps Lock. A capital without Shift shows it, and a small letter with Shift.

    Parameters
    ----------
    fields
        Where the passphrase is typed.
    """

    def __init__(self, *fields: QLineEdit) -> None:
        super().__init__(fields[0].parentWidget())
        set_role(self, "small")
        self.setMinimumHeight(self.fontMetrics().lineSpacing())
        self._is_on: bool | None = None
        for field in fields:
            field.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Look at each key that is pressed, and take none."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            self._look(event)
        return False

    def _look(self, event: QKeyEvent) -> None:
        typed, was_on = event.text(), self._is_on
        if event.key() == Qt.Key.Key_CapsLock:
            # Before a letter was typed nobody knows from what it changes.
            self._is_on = None if was_on is None else not was_on
        elif is_plain(event) and _has_case(typed):
            self._is_on = typed.isupper() != is_shifted(event)
        if bool(was_on) != bool(self._is_on):
            self.setText(_ON if self._is_on else "")
            if self._is_on:
                QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))


def _has_case(typed: str) -> bool:
    """Whether this is one letter that is either small or a capital."""
    return len(typed) == len(typed.upper()) == 1 and typed.lower() != typed.upper()
