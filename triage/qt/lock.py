"""The lock: windows are blank and the drafts closed until the passphrase is typed again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QAccessible, QAccessibleEvent, QGuiApplication
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QToolTip,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from triage.errors import TriageError
from triage.letter.words.said.line import Mark
from triage.qt.drafts.unlock import ForgottenBox
from triage.qt.parts.marks import MarkLabel
from triage.qt.parts.theme import set_role
from triage.qt.parts.words import tr
from triage.session.draft import DraftStore
from triage.store import KeyInfo, describe_keys, keys_exist

if TYPE_CHECKING:
    from triage.qt.window import MainWindow

BY_KEY = tr("With Ctrl+Shift+L.")
ASLEEP = tr("The computer was asleep.")
_SAVED = tr("The open case is saved; you come back to the same place.")
_READ_ONLY = tr("The open case is only read here; you come back to the same place.")
_NO_NAME = tr("No name is shown while locked, here or in the list of windows.")
_UNASKED = tr("The key store of this computer opens the cases without a passphrase.")
_RECOVERY = tr("The recovery key from paper is taken as well.")
_NO_KEYS = tr(
    "The program cannot be locked: keys.json is missing, so nothing could unlock it again."
)
_CARD = 606
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


class LockPage(QWidget):
    """All that a locked window shows: that it is locked, why, and the field for the passphrase.

    Parameters
    ----------
    title, says
        When and why it was locked, and what became of the open case.
    keys
        The ways by which the drafts can be opened.

    Signals
    -------
    passphrase_given : str
        What was typed; empty if the key store is to be asked. Whoever is connected unlocks, or calls `refuse`.
    close_requested
        The program is to be closed.
    """

    passphrase_given = Signal(str)
    close_requested = Signal()

    def __init__(self, title: str, says: str, keys: KeyInfo, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Locked"))
        self._asks_store = keys.keyring
        self.title, self.says = _label(self, title, "page"), _label(self, says)
        self.passphrase = QLineEdit(self)
        self.passphrase.setEchoMode(QLineEdit.EchoMode.Password)
        self.passphrase.setAccessibleName(tr("Passphrase"))
        self.field_name = _label(self, tr("&Passphrase"))
        self.field_name.setTextFormat(Qt.TextFormat.AutoText)
        self.field_name.setBuddy(self.passphrase)
        self.show_it = QCheckBox(tr("&Show what I type"), self)
        self.fault_mark, self.fault = MarkLabel(self), _label(self, "", "fault")
        self.unlock = QPushButton(tr("&Unlock"), self)
        set_role(self.unlock, "main")
        self.forgotten = QPushButton(tr("&Forgotten: what can be done"), self)
        self.forgotten.setAutoDefault(False)
        set_role(self.forgotten, "quiet")
        self.close_all = QPushButton(tr("&Close the program"), self)
        notes = [_NO_NAME]
        if keys.keyring:
            notes.append(_UNASKED)
        if keys.recovery:
            notes.append(_RECOVERY)
        self.notes = _label(self, "\n".join(notes), "small")
        for part in (self.passphrase, self.field_name, self.show_it):
            part.setVisible(keys.passphrase or keys.recovery or not keys.keyring)
        self.forgotten.setHidden(self.passphrase.isHidden())
        self._lay_out()
        self.passphrase.textChanged.connect(self._on_text_changed)
        self.passphrase.returnPressed.connect(self._on_unlock)
        self.show_it.toggled.connect(self._on_show_toggled)
        self.unlock.clicked.connect(self._on_unlock)
        self.close_all.clicked.connect(self.close_requested)
        self.forgotten.clicked.connect(self._on_forgotten)
        self._on_text_changed()

    def _lay_out(self) -> None:
        card = QFrame(self)
        card.setObjectName("card")
        card.setFixedWidth(_CARD)
        head, fault, buttons = QHBoxLayout(), QHBoxLayout(), QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(MarkLabel(self, Mark.LOCKED, 1.2))
        head.addWidget(self.title, 1)
        fault.setSpacing(6)
        fault.addWidget(self.fault_mark, 0, Qt.AlignmentFlag.AlignTop)
        fault.addWidget(self.fault, 1)
        # Nothing moves when a passphrase is refused.
        self.fault.setMinimumHeight(3 * self.fault.fontMetrics().lineSpacing())
        self.fault.setAlignment(Qt.AlignmentFlag.AlignTop)
        buttons.setSpacing(10)
        buttons.addWidget(self.unlock)
        buttons.addWidget(self.close_all)
        buttons.addStretch(1)
        form = QGridLayout()
        form.setColumnStretch(1, 1)
        form.setHorizontalSpacing(28)
        form.setVerticalSpacing(8)
        form.addWidget(self.field_name, 0, 0)
        form.addWidget(self.passphrase, 0, 1)
        form.addWidget(self.show_it, 1, 1)
        form.addLayout(fault, 2, 1)
        form.addLayout(buttons, 3, 1)
        form.setRowMinimumHeight(4, 8)
        form.addWidget(self.notes, 5, 1)
        form.addWidget(self.forgotten, 6, 1, Qt.AlignmentFlag.AlignLeft)
        inner = QVBoxLayout(card)
        inner.setContentsMargins(40, 30, 40, 30)
        inner.setSpacing(14)
        inner.addLayout(head)
        inner.addWidget(self.says)
        inner.addLayout(form)
        top = QHBoxLayout()
        top.setContentsMargins(14, 8, 14, 0)
        top.addWidget(_label(self, QGuiApplication.applicationDisplayName(), "title"), 1)
        top.addWidget(_label(self, "locked", "muted"), 0, Qt.AlignmentFlag.AlignRight)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(top)
        layout.addStretch(1)
        layout.addWidget(card, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(1)

    @Slot()
    def take_focus(self) -> None:
        """Put the focus where to type, or on the button if nothing is to be typed."""
        (self.unlock if self.passphrase.isHidden() else self.passphrase).setFocus()

    def refuse(self, says: str) -> None:
        """Say why it stays locked, and let the user try again."""
        self.fault.setText(says)
        self.fault_mark.set_mark(Mark.CAUTION)
        QAccessible.updateAccessibility(QAccessibleEvent(self.fault, QAccessible.Event.Alert))
        self.passphrase.selectAll()
        self.take_focus()

    @Slot()
    def _on_text_changed(self) -> None:
        self.unlock.setEnabled(bool(self.passphrase.text()) or self._asks_store)

    @Slot(bool)
    def _on_show_toggled(self, shown: bool) -> None:
        mode = QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password
        self.passphrase.setEchoMode(mode)

    @Slot()
    def _on_forgotten(self) -> None:
        box = ForgottenBox(key_store=self._asks_store, parent=self)
        box.store.clicked.connect(self._on_store_chosen)
        box.finished.connect(self.take_focus)
        box.open()

    @Slot()
    def _on_store_chosen(self) -> None:
        self.passphrase_given.emit("")

    @Slot()
    def _on_unlock(self) -> None:
        if self.unlock.isEnabled():
            self.passphrase_given.emit(self.passphrase.text())


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
            window.cover(page)
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
            window.uncover()
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
        self.pages = [page for page in self.pages if page is not window.lock_page]


def _state_of(window: MainWindow) -> str:
    if window.session.read_only:
        return _READ_ONLY
    count = window.saving.draft.unsaved
    return unsaved(count) if count else _SAVED


def _depth(widget: QObject) -> int:
    parent = widget.parent()
    return 0 if parent is None else 1 + _depth(parent)


def _label(parent: QWidget, text: str, role: str = "") -> QLabel:
    label = QLabel(text, parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(role not in ("title", "muted", "page"))
    if role:
        set_role(label, role)
    return label
