"""Several lines in the clipboard are a report or a list: no single line takes them."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QWidget


def has_lines() -> bool:
    """Whether the clipboard holds two lines of text or more."""
    lines = QGuiApplication.clipboard().text().splitlines()
    return sum(bool(line.strip()) for line in lines) > 1


class PasteGuard(QObject):
    """Keeps several lines out of a field: the key goes on to the window, which shows what they mean."""

    def __init__(self, field: QWidget) -> None:
        super().__init__(field)
        field.installEventFilter(self)

    @staticmethod
    def guards(field: QWidget | None) -> bool:
        """Whether `field` leaves several lines to the window."""
        return field is not None and field.findChild(PasteGuard) is not None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        is_paste = (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.matches(QKeySequence.StandardKey.Paste)
        )
        if is_paste and has_lines():
            # Ignored and yet filtered: the field does not claim the key, so it is a shortcut.
            event.ignore()
            return True
        return False
