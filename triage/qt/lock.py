"""The lock: windows are blank and the drafts closed until the passphrase is typed again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog, QToolTip, QWidget
from shiboken6 import isValid

from triage.errors import TriageError
from triage.qt.lock_page import LockPage
from triage.qt.parts.words import tr
from triage.qt.window import MainWindow
from triage.session.draft import DraftStore
from triage.store import KeyInfo, describe_keys, keys_exist

BY_KEY = tr("With Ctrl+Shift+L.")
ASLEEP = tr("The computer was asleep.")
_SAVED = tr("The open case is saved; you come back to the same place.")
_READ_ONLY = tr("The open case is only read here; you come back to the same place.")
_NO_KEYS = tr(
    "The program cannot be locked: keys.json is missing, so nothing could unlock it again."
)
# So deep no menu hangs on another.
_NESTED = 8
_POPUPS = (Qt.WindowType.Popup, Qt.WindowType.ToolTip)


def idle_for(minutes: int) -> str:
    """Return why a program locks that was left alone."""
    return tr(
        "After {minutes} minute{n} without a key or the mouse.",
        minutes=minutes,
        n="" if minutes == 1 else "s",
    )


def unsaved(count: int) -> str:
    """Return what is to be known of edits that wait in memory."""
    edits = (
        tr("1 change of the open case is")
        if count == 1
        else tr("{count} changes of the open case are", count=count)
    )
    return tr(
        "{edits} not saved, and held in memory: leave the program open. They are tried again once it is unlocked, "
        "or can then be saved elsewhere.",
        edits=edits,
    )


class Lock(QObject):
    """Locks all windows of the program at once, and unlocks them.

    What was recorded is written first, then the file is closed and its key let go (`DraftStore.lock`). The open
    cases themselves stay in the memory of the process: what cannot be seen is not thereby wiped.

    Parameters
    ----------
    store
        The drafts.
    windows
        Returns the windows that are open.
    clock
        Returns the present time.

    Signals
    -------
    locked, unlocked
        It happened.
    refused : str
        It cannot be locked, and why.
    close_requested
        The program is to be closed.
    """

    locked = Signal()
    unlocked = Signal()
    refused = Signal(str)
    close_requested = Signal()

    def __init__(
        self,
        store: DraftStore,
        windows: Callable[[], Sequence[MainWindow]],
        clock: Callable[[], datetime],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.store = store
        self._windows = windows
        self._clock = clock
        self._hidden: list[QWidget] = []
        self.pages: list[LockPage] = []

    @property
    def is_locked(self) -> bool:
        """Whether the windows are blank."""
        return bool(self.pages)

    def lock(self, why: str) -> None:
        """Blank every window, write everything, close the drafts; nothing happens if that is so already."""
        windows = self._windows()
        if self.is_locked or not windows:
            return
        keys = self._keys()
        if keys is None:
            self.refused.emit(_NO_KEYS)
            return
        # What is being composed belongs to its field, and is recorded before the field is left.
        QGuiApplication.inputMethod().commit()
        self._hide_others()
        title = tr("Locked at {astimezone:%H:%M}", astimezone=self._clock().astimezone())
        for window in windows:
            page = LockPage(title, why, keys)
            page.passphrase_given.connect(self._on_passphrase_given)
            page.close_requested.connect(self.close_requested)
            self.pages.append(page)
            window.cover.lay(page)
            # The name is off the screen before a slow disk is waited for.
            window.repaint()
        self.store.lock()
        for window, page in zip(windows, self.pages, strict=True):
            page.says.setText(f"{why} {_state_of(window)}")
        self.locked.emit()

    def _keys(self) -> KeyInfo | None:
        # Lost keys are put back by the thread that writes, whenever it is asked for anything.
        self.store.writer.flush()
        if not keys_exist(self.store.folder):
            return None
        try:
            return describe_keys(self.store.folder)
        except TriageError:
            # Damaged at this moment; unlocking says so.
            return KeyInfo(passphrase=True, keyring=False)

    def _hide_others(self) -> None:
        for _ in range(_NESTED):
            if (popup := QApplication.activePopupWidget()) is not None:
                popup.close()
        QToolTip.hideText()
        shown = [w for w in QApplication.topLevelWidgets() if w.isVisible() and w.isWindow()]
        windows = self._windows()
        for widget in shown:
            if widget not in windows:
                # A dialog that is waited for (`exec`) ends with it, as if it had been cancelled.
                widget.hide()
                if widget.windowType() not in _POPUPS:
                    self._hidden.append(widget)

    @Slot(str)
    def _on_passphrase_given(self, passphrase: str) -> None:
        page = self.sender()
        try:
            self.store.unlock(passphrase or None)
        except TriageError as error:
            if isinstance(page, LockPage):
                page.refuse(str(error))
            return
        self._show_again()

    def _show_again(self) -> None:
        pages, self.pages = self.pages, []
        hidden, self._hidden = self._hidden, []
        for window in self._windows():
            window.cover.lift()
        for page in pages:
            page.deleteLater()
        # Parents first: what lay in front does so again.
        for widget in sorted(filter(isValid, hidden), key=_depth):
            if isinstance(widget, QDialog) and widget.isModal():
                widget.open()
            else:
                widget.show()
        self.unlocked.emit()

    def forget(self, window: MainWindow) -> None:
        """Let go of the page of a window that was closed while locked."""
        self.pages = [page for page in self.pages if page is not window.cover.page]


def _state_of(window: MainWindow) -> str:
    if window.session.read_only:
        return _READ_ONLY
    count = window.saving.draft.unsaved
    return unsaved(count) if count else _SAVED


def _depth(widget: QObject) -> int:
    parent = widget.parent()
    return 0 if parent is None else 1 + _depth(parent)
