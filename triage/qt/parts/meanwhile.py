"""Keys that were typed while a window was being opened: they were meant for it, not for the one that still had them."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Slot
from PySide6.QtWidgets import QApplication, QWidget

from triage.qt.parts.soon import Soon

_KEYS = (QEvent.Type.KeyPress, QEvent.Type.KeyRelease)
# A window that was opened has the keys by then, or will not have them before it is clicked.
_AFTER = 1000


class Meanwhile(QObject):
    """Keeps keys from a window until somebody comes back to it: to its case they would be another patient's.

    Parameters
    ----------
    window
        The window that had the focus.
    meant
        The one that is opened, if what was typed may go on to it unseen: a new case begins with the name.
    """

    def __init__(self, window: QWidget, meant: QWidget | None) -> None:
        handle = window.windowHandle()
        super().__init__(handle)
        self._handle, self._meant = handle, meant
        self._is_left = not window.isActiveWindow()
        handle.installEventFilter(self)
        Soon(self._end, self, _AFTER).start()
        if meant is not None:
            meant.destroyed.connect(self._end)

    @Slot()
    def _end(self) -> None:
        self._handle.removeEventFilter(self)
        self.deleteLater()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the keys."""
        kind = event.type()
        self._is_left = self._is_left or kind == QEvent.Type.FocusOut
        if kind == QEvent.Type.MouseButtonPress or (kind == QEvent.Type.FocusIn and self._is_left):
            self._end()
        if kind not in _KEYS:
            return False
        if self._meant is not None and (handle := self._meant.windowHandle()) is not None:
            QCoreApplication.sendEvent(handle, event)
        return True


def keep_keys(window: QWidget, *, meant: bool) -> None:
    """Keep from all others in sight what is typed until `window`, just opened, has the focus.

    Parameters
    ----------
    meant
        Whether it goes on to that window.
    """
    for other in QApplication.topLevelWidgets():
        if other is not window and other.isVisible() and other.windowHandle() is not None:
            Meanwhile(other, window if meant else None)
