"""The ways into the drafts: passphrase asked for, chosen and changed, and the key for paper shown."""

from __future__ import annotations

from typing import Literal, NamedTuple

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from triage.errors import StoreError
from triage.qt.parts.clipboard import Clipboard
from triage.qt.parts.theme import set_role
from triage.store import new_passphrase

Asks = Literal["first", "unlock", "change", "choose"]


class _Words(NamedTuple):
    title: str
    text: str
    button: str


_WORDS: dict[Asks, _Words] = {
    "first": _Words(
        "Choose a passphrase",
        "Cases are kept on this computer, encrypted. The passphrase opens them, and is kept nowhere. If you "
        "forget it, only a recovery key made before (menu Case) still opens them. Several words are "
        "better than one.",
        "Start",
    ),
    "unlock": _Words(
        "Unlock the cases",
        "The cases on this computer are encrypted. Type the passphrase that opens them, or the recovery key "
        "from paper.",
        "Unlock",
    ),
    "change": _Words(
        "Change the passphrase",
        "The cases stay as they are. Copies that were made before still open with the old passphrase.",
        "Change passphrase",
    ),
    "choose": _Words(
        "Choose a passphrase",
        "So far the key store of this computer opens the cases. The passphrase opens them as well, and their backups "
        "on another computer. It is kept nowhere.",
        "Set passphrase",
    ),
}
_RECOVERY = (
    "A recovery key opens the cases like the passphrase does. Write it down, and keep it where no one else "
    "finds it, away from this computer. Making one ends an older one."
)


class _PassphraseDialog(QDialog):
    """What both dialogs share: a heading, fields, and a hint between them and the buttons."""

    def __init__(self, title: str, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setMinimumWidth(460)
        self.form = QFormLayout()
        self.passphrase = _secret(self, "Passphrase")

    def _lay_out(self, title: str, text: str, *below: QWidget) -> None:
        """Put everything in place; hint and buttons come last, also for the Tab key."""
        self.hint = QLabel(self)
        self.hint.setTextFormat(Qt.TextFormat.PlainText)
        self.hint.setWordWrap(True)
        self.hint.setMinimumHeight(2 * self.fontMetrics().lineSpacing())
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, self)
        self.buttons.rejected.connect(self.reject)
        head, body = QLabel(title, self), QLabel(text, self)
        set_role(head, "title")
        body.setWordWrap(True)
        set_role(body, "muted")
        layout = QVBoxLayout(self)
        layout.setSpacing(10)
        layout.addWidget(head)
        layout.addWidget(body)
        layout.addLayout(self.form)
        for widget in (*below, self.hint, self.buttons):
            layout.addWidget(widget)

    def refuse(self, says: str) -> None:
        """Say why not, and let the user try again."""
        self.hint.setText(says)
        self._make_room()
        self.passphrase.selectAll()
        self.passphrase.setFocus()

    def _make_room(self) -> None:
        """Grow to what is shown now: text that wraps is cut off instead."""
        needed = self.heightForWidth(self.width())
        self.resize(self.width(), max(self.height(), needed))


class UnlockDialog(_PassphraseDialog):
    """Asks for the passphrase; where one is chosen, twice.

    Parameters
    ----------
    asks
        first: there are no drafts yet, and a passphrase is chosen. unlock: it is asked for. change: both. choose:
        there are drafts, and only the key store opens them.
    key_store
        Whether this computer's key store can keep the key as well.

    Signals
    -------
    passphrase_given : str, bool
        What was typed, and whether the key store is to keep the key. Whoever is connected either accepts the
        dialog or calls `refuse`.
    """

    passphrase_given = Signal(str, bool)

    def __init__(
        self, asks: Asks = "unlock", *, key_store: bool = False, parent: QWidget | None = None
    ) -> None:
        words = _WORDS[asks]
        super().__init__(words.title, parent)
        self.asks = asks
        self._chosen = asks != "unlock"
        self.old = _secret(self, "Passphrase so far")
        if asks == "change":
            self.passphrase.setAccessibleName("New passphrase")
        self.again = _secret(self, "Passphrase again")
        self.old.setVisible(asks == "change")
        self.again.setVisible(self._chosen)
        if asks == "change":
            self.form.addRow("Passphrase so &far", self.old)
        self.form.addRow("&New passphrase" if asks == "change" else "&Passphrase", self.passphrase)
        if self._chosen:
            self.form.addRow("&Again", self.again)
        self.show_it = QCheckBox("&Show what I type", self)
        self.form.addRow("", self.show_it)
        self.keep = QCheckBox("Open without it on this &computer account (key store)", self)
        self.keep.setVisible(key_store)
        if key_store:
            self.form.addRow("", self.keep)
        self._lay_out(words.title, words.text)
        self.ok = self.buttons.addButton(words.button, QDialogButtonBox.ButtonRole.AcceptRole)
        self.ok.setEnabled(False)
        # As they are shown: the old passphrase stands above the new one.
        for field, after in ((self.old, self.passphrase), (self.passphrase, self.again)):
            self.setTabOrder(field, after)
        for field in (self.passphrase, self.again):
            field.textChanged.connect(self._on_text_changed)
        self.show_it.toggled.connect(self._on_show_toggled)
        self.buttons.accepted.connect(self._on_accepted)

    @Slot()
    def _on_text_changed(self) -> None:
        typed = self.passphrase.text()
        says = self._fault(typed) if typed and self._chosen else ""
        self.hint.setText(says)
        is_twice = not self._chosen or self.again.text() == typed
        self.ok.setEnabled(bool(typed) and not says and is_twice)

    def _fault(self, typed: str) -> str:
        try:
            new_passphrase(typed)
        except StoreError as error:
            return str(error)
        again = self.again.text()
        return "The two are not the same so far." if again and again != typed else ""

    @Slot(bool)
    def _on_show_toggled(self, shown: bool) -> None:
        mode = QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password
        for field in (self.old, self.passphrase, self.again):
            field.setEchoMode(mode)

    @Slot()
    def _on_accepted(self) -> None:
        if self.ok.isEnabled():
            self.passphrase_given.emit(self.passphrase.text(), self.keep.isChecked())


def _secret(parent: QWidget, name: str) -> QLineEdit:
    field = QLineEdit(parent)
    field.setEchoMode(QLineEdit.EchoMode.Password)
    field.setAccessibleName(name)
    return field


class RecoveryDialog(_PassphraseDialog):
    """Asks for the passphrase, and shows the recovery key that was made by it.

    Parameters
    ----------
    clipboard
        Takes the key, if the user wants it copied.

    Signals
    -------
    passphrase_given : str
        What was typed. Whoever is connected either calls `show_key` or `refuse`.
    """

    passphrase_given = Signal(str)

    def __init__(self, clipboard: Clipboard, parent: QWidget | None = None) -> None:
        super().__init__("Recovery key", parent)
        self._clipboard = clipboard
        self.form.addRow("&Passphrase", self.passphrase)
        self.key = QLabel(self)
        self.key.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.key.setAccessibleName("Recovery key")
        self.key.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.key.setWordWrap(True)
        self._lay_out("Make a recovery key", _RECOVERY, self.key)
        kinds, roles = QDialogButtonBox.StandardButton, QDialogButtonBox.ButtonRole
        self.make = self.buttons.addButton("Make recovery key", roles.AcceptRole)
        self.copy = self.buttons.addButton("Copy", roles.ActionRole)
        self.shut = self.buttons.button(kinds.Cancel)
        self.make.setEnabled(False)
        self.copy.hide()
        self.passphrase.textChanged.connect(self._on_text_changed)
        self.buttons.accepted.connect(self._on_accepted)
        self.copy.clicked.connect(self._on_copy)

    def show_key(self, code: str) -> None:
        """Show a new recovery key: once, for it is kept nowhere."""
        groups = code.split("-")
        self.key.setText(
            "\n".join("  ".join(groups[at : at + 3]) for at in range(0, len(groups), 3))
        )
        self.key.setProperty("code", code)
        self.hint.setText("It is shown this once. Write it down before you close.")
        self.passphrase.setEnabled(False)
        self.make.hide()
        self.copy.show()
        self.shut.setText("It is written down")
        self._make_room()
        self.key.setFocus()

    @Slot()
    def _on_text_changed(self) -> None:
        self.make.setEnabled(bool(self.passphrase.text()))

    @Slot()
    def _on_accepted(self) -> None:
        if self.make.isVisible() and self.make.isEnabled():
            self.passphrase_given.emit(self.passphrase.text())

    @Slot()
    def _on_copy(self) -> None:
        self._clipboard.put(self.key.property("code"))
