"""Several lines in the clipboard are a report, a list or a patient's details: no single line takes them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QWidget

from triage.session import Session


def has_lines() -> bool:
    """Whether the clipboard holds two lines of text or more."""
    lines = QGuiApplication.clipboard().text().splitlines()
    return sum(bool(line.strip()) for line in lines) > 1


def has_patient(session: Session, question: str = "") -> bool:
    """Whether the clipboard holds the details of a patient, and `question` asks one of them."""
    from triage.session.paste.patient import DETAILS, is_patient

    is_meant = not question or question in DETAILS
    return is_meant and is_patient(session, QGuiApplication.clipboard().text())


class PasteGuard(QObject):
    """Keeps several lines out of a field: the key goes on to the window, which shows what they mean.

    Parameters
    ----------
    field
        The field.
    leaves
        Whether what is in the clipboard is left to the window.
    """

    def __init__(self, field: QWidget, leaves: Callable[[], bool] = has_lines) -> None:
        super().__init__(field)
        self._leaves = leaves
        field.installEventFilter(self)

    @staticmethod
    def guards(field: QWidget | None) -> bool:
        """Whether `field` leaves lines to the window."""
        return field is not None and field.findChild(PasteGuard) is not None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        is_paste = (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.matches(QKeySequence.StandardKey.Paste)
        )
        if is_paste and self._leaves():
            # Ignored and yet filtered: the field does not claim the key, so it is a shortcut.
            event.ignore()
            return True
        return False
