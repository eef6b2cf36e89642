"""Several lines that are pasted or dropped are a report, a list or a patient's details: no single line takes them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QDragEnterEvent, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QWidget

from triage.qt.parts.clipboard import has_lines
from triage.session import Session


def has_patient(session: Session, question: str, text: str) -> bool:
    """Whether a text holds the details of a patient, and `question`, if one is given, asks one of them."""
    from triage.session.paste.patient import DETAILS, is_patient

    return (not question or question in DETAILS) and is_patient(session, text)


class PasteGuard(QObject):
    """Keeps several lines out of a field: key and drop go on to the window, which shows what they mean.

    Parameters
    ----------
    field
        The field.
    leaves
        Whether a text is left to the window.
    """

    def __init__(self, field: QWidget, leaves: Callable[[str], bool] = has_lines) -> None:
        super().__init__(field)
        self._leaves = leaves
        field.installEventFilter(self)

    @staticmethod
    def guards(field: QWidget | None) -> bool:
        """Whether `field` leaves lines to the window."""
        return field is not None and field.findChild(PasteGuard) is not None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QDragEnterEvent):
            text = event.mimeData().text()
        elif (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.matches(QKeySequence.StandardKey.Paste)
        ):
            text = QGuiApplication.clipboard().text()
        else:
            return False
        if self._leaves(text):
            # Ignored and yet filtered: the field does not claim it, so it is for the window.
            event.ignore()
            return True
        return False
