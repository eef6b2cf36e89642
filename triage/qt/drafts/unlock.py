"""The ways into the drafts: passphrase asked for, chosen and changed, and the key for paper shown."""

from __future__ import annotations

from typing import Literal, NamedTuple

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QFontDatabase, QKeyEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QGridLayout,
    QLabel,
    QLineEdit,
    QWidget,
)

from triage.errors import StoreError
from triage.qt.parts.box import Box
from triage.qt.parts.caps_lock import CapsLock
from triage.qt.parts.clipboard import Clipboard
from triage.qt.parts.keys import is_enter, is_shifted
from triage.qt.parts.laying import horizontal, vertical
from triage.qt.parts.sheet import NAMES, words
from triage.qt.parts.theme import set_role
from triage.qt.parts.underlined import Underlined
from triage.qt.parts.words import tr
from triage.store import new_passphrase

Asks = Literal["first", "change", "choose"]
_BESIDE = 760


class _Words(NamedTuple):
    title: str
    text: str
    button: str
    leave: str


_WORDS: dict[Asks, _Words] = {
    "first": _Words(
        tr("Choose a passphrase"),
        tr(
            "Cases are kept on this computer, encrypted. The passphrase opens them, and is kept nowhere. If you "
            "forget it, only a recovery key made before (menu Case) still opens them. Several words are "
            "better than one."
        ),
        tr("Start"),
        tr("Close the program"),
    ),
    "change": _Words(
        tr("Change the passphrase"),
        tr(
            "The cases stay as they are. Copies that were made before still open with the old passphrase."
        ),
        tr("Change passphrase"),
        tr("Keep the old one"),
    ),
    "choose": _Words(
        tr("Choose a passphrase"),
        tr(
            "So far the key store of this computer opens the cases. The passphrase opens them as well, and their "
            "backups on another computer. It is kept nowhere."
        ),
        tr("Set passphrase"),
        tr("Not now"),
    ),
}
_UNLOCK = tr(
    "The cases are encrypted. Type the passphrase that opens them, or the recovery key from paper."
)
_NOBODY = tr(
    "Nobody can open the cases without the passphrase or the printed recovery key, the makers neither."
)
_ELSE = tr(
    "The recovery key is typed where the passphrase is. Without both, the letters in the patients' records are what "
    "remains."
)
_RECOVERY = tr(
    "A recovery key opens the cases like the passphrase does. Write it down, and keep it where no one else "
    "finds it, away from this computer. Making one ends an older one."
)


class _PassphraseDialog(QDialog):
    """What these dialogs share: a heading, fields, and a hint between them and the buttons."""

    def __init__(self, title: str, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setMinimumWidth(460)
        self.form = QFormLayout()
        self.passphrase: QLineEdit
        self._underlined = Underlined(self)

    def _lay_out(self, title: str, text: str, leave: str, *below: QWidget) -> None:
        """Put everything in place; hint and buttons come last, also for the Tab key."""
        self.hint = QLabel(self)
        self.hint.setTextFormat(Qt.TextFormat.PlainText)
        self.hint.setWordWrap(True)
        self.hint.setMinimumHeight(2 * self.fontMetrics().lineSpacing())
        self.buttons = QDialogButtonBox(self)
        self.leave = self.buttons.addButton(leave, QDialogButtonBox.ButtonRole.RejectRole)
        self.buttons.rejected.connect(self.reject)
        head, body = QLabel(title, self), QLabel(text, self)
        set_role(head, "title")
        body.setWordWrap(True)
        set_role(body, "muted")
        layout = vertical(self, spacing=10)
        layout.addWidget(head)
        layout.addWidget(body)
        layout.addLayout(self.form)
        for widget in (*below, self.hint, self.buttons):
            layout.addWidget(widget)

    def refuse(self, says: str) -> None:
        """Say why not, and let the user try again."""
        self.hint.setText(says)
        self._make_room()
        self.refused.selectAll()
        self.refused.setFocus()

    @property
    def refused(self) -> QLineEdit:
        """The field of which it is said that what stands there opens nothing."""
        return self.passphrase

    def _make_room(self) -> None:
        """Grow to what is shown now: text that wraps is cut off instead."""
        needed = self.heightForWidth(self.width())
        self.resize(self.width(), max(self.height(), needed))


class ForgottenBox(Box):
    """Says what can be done without the passphrase.

    Parameters
    ----------
    key_store
        Whether the key store of this computer opens the cases.
    begins
        Whether the program can begin in another folder.
    """

    def __init__(
        self, *, key_store: bool = False, begins: bool = False, parent: QWidget | None = None
    ) -> None:
        store = tr("The key store of this computer kept it: it opens them as well.")
        says = " ".join((store, _ELSE) if key_store else (_ELSE,))
        super().__init__(tr("Forgotten passphrase"), _NOBODY, says, parent)
        self.recovery = self.add_act(tr("Type the &recovery key"))
        self.store = self.add_act(tr("Use the &key store"))
        self.store.setVisible(key_store)
        self.begin = self.add_act(tr("Begin with an empty &folder…"))
        self.begin.setVisible(begins)
        self.back = self.add_harmless(tr("&Back"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)


class UnlockDialog(_PassphraseDialog):
    """Asks for the passphrase.

    Signals
    -------
    passphrase_given : str
        What was typed. Whoever is connected either accepts the dialog or calls `refuse`.
    folder_requested
        The user gives these cases up, and wants to begin in another folder.
    """

    passphrase_given = Signal(str)
    folder_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("Unlock the cases"), parent)
        self.passphrase = secret(self, tr("Passphrase"))
        self.show_it = QCheckBox(tr("&Show what I type"), self)
        self.form.addRow(tr("&Passphrase"), self.passphrase)
        self.caps = CapsLock(self.passphrase)
        below = horizontal()
        below.addWidget(self.show_it)
        below.addWidget(self.caps, 1)
        self.form.addRow("", below)
        self._lay_out(tr("Unlock the cases"), _UNLOCK, tr("Close the program"))
        self.ok = self.buttons.addButton(tr("Unlock"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.ok.setEnabled(False)
        help_ = QDialogButtonBox.ButtonRole.HelpRole
        self.forgotten = self.buttons.addButton(tr("&Forgotten: what can be done"), help_)
        self.forgotten.setAutoDefault(False)
        self.passphrase.textChanged.connect(self._on_text_changed)
        self.show_it.toggled.connect(self._on_show_toggled)
        self.buttons.accepted.connect(self._on_accepted)
        self.forgotten.clicked.connect(self._on_forgotten)

    @Slot()
    def _on_forgotten(self) -> None:
        box = ForgottenBox(begins=True, parent=self)
        box.begin.clicked.connect(self.folder_requested)
        box.finished.connect(self._on_told)
        box.open()

    @Slot()
    def _on_told(self) -> None:
        self.passphrase.setFocus()

    @Slot()
    def _on_text_changed(self) -> None:
        self.hint.clear()
        self.ok.setEnabled(bool(self.passphrase.text()))

    @Slot(bool)
    def _on_show_toggled(self, shown: bool) -> None:
        show_typed(shown, self.passphrase)

    @Slot()
    def _on_accepted(self) -> None:
        if self.ok.isEnabled():
            self.passphrase_given.emit(self.passphrase.text())


class NewPassphrase(QWidget):
    """Where a passphrase is chosen: typed twice, and beside each field what is to be said of it.

    Parameters
    ----------
    name
        What it is called.
    key_store
        Whether this computer's key store can keep the key as well.
    old
        The field for the passphrase so far, which stands above them.

    Signals
    -------
    changed
        Something else was typed.
    """

    changed = Signal()

    def __init__(
        self,
        name: str = tr("Passphrase"),
        *,
        key_store: bool = False,
        old: QLineEdit | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.passphrase, self.again = secret(self, name), secret(self, f"{name} again")
        self.says, self.differ = words("", "small"), words("", "small")
        self.show_it = QCheckBox(tr("&Show what I type"), self)
        self.keep = QCheckBox(tr("Open without it on this &computer account (key store)"), self)
        self.keep.setVisible(key_store)
        first = [] if old is None else [old]
        self.caps = CapsLock(self.passphrase, self.again, *first)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setColumnStretch(1, 3)
        grid.setColumnStretch(2, 2)
        rows = [(tr("Passphrase so &far"), each, words("", "small")) for each in first]
        rows.append((f"&{name}", self.passphrase, self.says))
        rows.append((tr("&Again"), self.again, self.differ))
        for row, (caption, field, beside) in enumerate(rows):
            label = QLabel(caption, self)
            label.setBuddy(field)
            for column, part in enumerate((label, field, beside)):
                grid.addWidget(part, row, column)
            field.textChanged.connect(self._on_text_changed)
        below = horizontal()
        below.addWidget(self.show_it)
        below.addWidget(self.keep)
        below.addWidget(self.caps, 1)
        grid.addLayout(below, len(rows), 1, 1, 2)
        # The names of fields stand as wide as in the forms around it.
        grid.setColumnMinimumWidth(0, self.fontMetrics().averageCharWidth() * NAMES)
        self.show_it.toggled.connect(self._on_show_toggled)

    @property
    def text(self) -> str:
        """The passphrase, if it can be one and was typed twice; else nothing."""
        typed = self.passphrase.text()
        return "" if self._weakness or self.again.text() != typed else typed

    @property
    def at_fault(self) -> QLineEdit:
        """Which of the two is to be typed anew."""
        return self.passphrase if self._weakness else self.again

    @property
    def is_blank(self) -> bool:
        """Whether nothing is typed."""
        return not self.passphrase.text() and not self.again.text()

    @property
    def _weakness(self) -> str:
        try:
            new_passphrase(self.passphrase.text())
        except StoreError as error:
            return str(error)
        return ""

    @Slot()
    def _on_text_changed(self) -> None:
        typed, again = self.passphrase.text(), self.again.text()
        self.says.setText((self._weakness or tr("Good.")) if typed else "")
        self.differ.setText(tr("The two differ so far.") if again and again != typed else "")
        self.changed.emit()

    @Slot(bool)
    def _on_show_toggled(self, shown: bool) -> None:
        show_typed(shown, self.passphrase, self.again)


class NewPassphraseDialog(_PassphraseDialog):
    """Asks for a new passphrase, twice.

    Parameters
    ----------
    asks
        first: there are no drafts yet. change: the one so far is asked for as well. choose: so far only the key store
        opens the drafts.
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
        self, asks: Asks, *, key_store: bool = False, parent: QWidget | None = None
    ) -> None:
        says = _WORDS[asks]
        super().__init__(says.title, parent)
        self.asks = asks
        self.old = secret(self, tr("Passphrase so far"))
        self.old.setVisible(asks == "change")
        name = tr("New passphrase") if asks == "change" else tr("Passphrase")
        self.new = NewPassphrase(
            name, key_store=key_store, old=self.old if asks == "change" else None, parent=self
        )
        self.passphrase, self.again = self.new.passphrase, self.new.again
        # Room for what is said beside the fields: nothing moves when it is.
        self.setMinimumWidth(_BESIDE)
        for beside in (self.new.says, self.new.differ):
            beside.setMinimumHeight(2 * beside.fontMetrics().lineSpacing())
        self._lay_out(says.title, says.text, says.leave, self.new)
        self.ok = self.buttons.addButton(says.button, QDialogButtonBox.ButtonRole.AcceptRole)
        self.ok.setEnabled(False)
        self.new.changed.connect(self._on_changed)
        self.new.show_it.toggled.connect(self._on_show_toggled)
        self.buttons.accepted.connect(self._on_accepted)

    @property
    def refused(self) -> QLineEdit:
        """The passphrase so far, where there is one."""
        return self.old if self.asks == "change" else self.passphrase

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Enter go on as long as there is nothing to keep."""
        if is_enter(event) and not self.ok.isEnabled():
            self.focusNextPrevChild(not is_shifted(event))
        else:
            super().keyPressEvent(event)

    @Slot()
    def _on_changed(self) -> None:
        self.hint.clear()
        self.ok.setEnabled(bool(self.new.text))

    @Slot(bool)
    def _on_show_toggled(self, shown: bool) -> None:
        show_typed(shown, self.old)

    @Slot()
    def _on_accepted(self) -> None:
        if self.ok.isEnabled():
            self.passphrase_given.emit(self.new.text, self.new.keep.isChecked())


def show_typed(shown: bool, *fields: QLineEdit) -> None:
    """Show what is typed in fields of a passphrase, or dots."""
    mode = QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password
    for field in fields:
        field.setEchoMode(mode)


def secret(parent: QWidget, name: str) -> QLineEdit:
    """Return a field that shows dots for what is typed."""
    field = QLineEdit(parent)
    field.setEchoMode(QLineEdit.EchoMode.Password)
    field.setAccessibleName(name)
    set_role(field, "field")
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
        super().__init__(tr("Recovery key"), parent)
        self._clipboard = clipboard
        self.passphrase = secret(self, tr("Passphrase"))
        self.form.addRow(tr("&Passphrase"), self.passphrase)
        self.form.addRow("", CapsLock(self.passphrase))
        self.key = QLabel(self)
        self.key.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.key.setAccessibleName(tr("Recovery key"))
        self.key.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.key.setWordWrap(True)
        self._lay_out(tr("Make a recovery key"), _RECOVERY, tr("Not now"), self.key)
        roles = QDialogButtonBox.ButtonRole
        self.make = self.buttons.addButton(tr("Make recovery key"), roles.AcceptRole)
        self.copy = self.buttons.addButton(tr("&Copy"), roles.ActionRole)
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
        self.hint.setText(tr("It is shown this once. Write it down before you close."))
        self.passphrase.setEnabled(False)
        self.make.hide()
        self.copy.show()
        self._underlined.show(self.leave, tr("It is written down"))
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
