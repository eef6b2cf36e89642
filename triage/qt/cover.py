"""What a window shows: its case, or over it the page of the lock."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QShortcut
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QWidget
from shiboken6 import isValid

if TYPE_CHECKING:
    from triage.qt.lock import LockPage


class Cover(QStackedWidget):
    """Holds the case, and the page over it.

    Parameters
    ----------
    case
        All that belongs to the case.
    commands
        What can be done with it, besides the shortcuts in `window`.
    window
        Its menus are hidden with the case.
    """

    def __init__(self, case: QWidget, commands: Iterable[QAction], window: QMainWindow) -> None:
        super().__init__(window)
        self.addWidget(case)
        self._window, self._commands = window, tuple(commands)
        # While there is a page: what could be done, and where the focus was.
        self.page: LockPage | None = None
        self._silenced: list[QAction | QShortcut] = []
        self._focused: QWidget | None = None

    def lay(self, page: LockPage) -> None:
        """Show nothing but `page`; no command and no shortcut acts."""
        self.page = page
        self._focused = self._window.focusWidget()
        if self._focused is not None:
            # Else Qt hands the focus on, through all that is being hidden.
            self._focused.clearFocus()
        ways: tuple[QAction | QShortcut, ...] = (
            *self._commands,
            *self._window.findChildren(QShortcut),
        )
        self._silenced = [way for way in ways if way.isEnabled()]
        for way in self._silenced:
            way.setEnabled(False)
        self._window.menuBar().hide()
        self.addWidget(page)
        self.setCurrentWidget(page)
        page.take_focus()

    def lift(self) -> None:
        """Show the case again, the focus where it was."""
        if self.page is None:
            return
        self.removeWidget(self.page)
        self.page.hide()
        self.page = None
        self._window.menuBar().show()
        for way in self._silenced:
            way.setEnabled(True)
        focused, self._focused, self._silenced = self._focused, None, []
        if focused is not None and isValid(focused):
            focused.setFocus()
