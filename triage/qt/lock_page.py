"""What a locked window shows: the page that asks for the passphrase, over the case."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAccessible, QAccessibleEvent, QAction, QGuiApplication, QShortcut
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QGridLayout,
    QLabel,
    QLineEdit,
    QMainWindow,
    QPushButton,
    QStackedWidget,
    QWidget,
)
from shiboken6 import isValid

from triage.letter.words.said.line import Mark
from triage.qt.drafts.unlock import ForgottenBox, show_typed
from triage.qt.parts.caps_lock import CapsLock
from triage.qt.parts.flow import scaled
from triage.qt.parts.laying import horizontal, vertical
from triage.qt.parts.marks import MarkLabel
from triage.qt.parts.sheet import words
from triage.qt.parts.theme import set_role
from triage.qt.parts.underlined import Underlined
from triage.qt.parts.words import tr
from triage.store import KeyInfo

_NO_NAME = tr("No name is shown while locked, here or in the list of windows.")
_UNASKED = tr("The key store of this computer opens the cases without a passphrase.")
_RECOVERY = tr("The recovery key from paper is taken as well.")
_CARD = 606


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
        self.title, self.says = _label(title, "page"), _label(says)
        self.passphrase = QLineEdit(self)
        self.passphrase.setEchoMode(QLineEdit.EchoMode.Password)
        self.passphrase.setAccessibleName(tr("Passphrase"))
        self.field_name = _label(tr("&Passphrase"))
        self.field_name.setTextFormat(Qt.TextFormat.AutoText)
        self.field_name.setBuddy(self.passphrase)
        self.show_it = QCheckBox(tr("&Show what I type"), self)
        self.caps = CapsLock(self.passphrase)
        self.fault_mark, self.fault = MarkLabel(self), _label("", "fault")
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
        self.notes = _label("\n".join(notes), "small")
        for part in (self.passphrase, self.field_name, self.show_it):
            part.setVisible(keys.passphrase or keys.recovery or not keys.keyring)
        self.forgotten.setHidden(self.passphrase.isHidden())
        Underlined(self)
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
        card.setFixedWidth(scaled(self, _CARD))
        head, fault, buttons = horizontal(), horizontal(), horizontal()
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
        below = horizontal()
        below.addWidget(self.show_it)
        below.addWidget(self.caps, 1)
        form.addLayout(below, 1, 1)
        form.addLayout(fault, 2, 1)
        form.addLayout(buttons, 3, 1)
        form.setRowMinimumHeight(4, 8)
        form.addWidget(self.notes, 5, 1)
        form.addWidget(self.forgotten, 6, 1, Qt.AlignmentFlag.AlignLeft)
        inner = vertical(card, 40, 30, 40, 30, spacing=14)
        inner.addLayout(head)
        inner.addWidget(self.says)
        inner.addLayout(form)
        top = horizontal(None, 14, 8, 14, 0)
        top.addWidget(_label(QGuiApplication.applicationDisplayName(), "title"), 1)
        top.addWidget(_label("locked", "muted"), 0, Qt.AlignmentFlag.AlignRight)
        layout = vertical(self, 0, 0, 0, 0)
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
        show_typed(shown, self.passphrase)

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
        self._focused = self._let_go()
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
        self._let_go()
        self.removeWidget(self.page)
        self.page.hide()
        self.page = None
        self._window.menuBar().show()
        for way in self._silenced:
            way.setEnabled(True)
        focused, self._focused, self._silenced = self._focused, None, []
        if focused is not None and isValid(focused):
            focused.setFocus()

    def _let_go(self) -> QWidget | None:
        """Take the focus from what is to be hidden: else Qt hands it on, through all that is there."""
        focused = self._window.focusWidget()
        if focused is not None:
            focused.clearFocus()
        return focused


def _label(text: str, role: str = "") -> QLabel:
    label = words(text, role)
    label.setWordWrap(role not in ("title", "muted", "page"))
    return label
