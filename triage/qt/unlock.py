"""The passphrase: asked for at the start, and chosen at the first start."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
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

from triage.qt.theme import set_role

SHORTEST = 8
_FIRST = (
    "Cases are kept on this computer, encrypted. The passphrase opens them. It is kept nowhere and cannot be "
    "recovered: without it the cases are lost. Several words are better than one."
)
_LATER = "The cases on this computer are encrypted. Type the passphrase that opens them."


class UnlockDialog(QDialog):
    """Asks for the passphrase; on the first start, twice.

    Parameters
    ----------
    first
        Whether there are no drafts yet, and a passphrase is chosen.
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
        self, *, first: bool, key_store: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._first = first
        self.setWindowTitle("Choose a passphrase" if first else "Unlock")
        self.setMinimumWidth(460)
        title = QLabel("Choose a passphrase" if first else "Unlock the cases", self)
        set_role(title, "title")
        text = QLabel(_FIRST if first else _LATER, self)
        text.setWordWrap(True)
        set_role(text, "muted")
        form = QFormLayout()
        self.passphrase = _secret(self, "Passphrase")
        form.addRow("&Passphrase", self.passphrase)
        self.again = _secret(self, "Passphrase again")
        if first:
            form.addRow("&Again", self.again)
        self.again.setVisible(first)
        self.show_it = QCheckBox("&Show what I type", self)
        form.addRow("", self.show_it)
        self.keep = QCheckBox("Open without it on this &computer account (key store)", self)
        self.keep.setVisible(first and key_store)
        if first and key_store:
            form.addRow("", self.keep)
        self.hint = QLabel(self)
        self.hint.setWordWrap(True)
        self.hint.setMinimumHeight(2 * self.fontMetrics().lineSpacing())
        kinds = QDialogButtonBox.StandardButton
        self.buttons = QDialogButtonBox(kinds.Ok | kinds.Cancel, self)
        self.ok = self.buttons.button(kinds.Ok)
        self.ok.setText("Start" if first else "Unlock")
        self.ok.setEnabled(False)
        layout = QVBoxLayout(self)
        layout.setSpacing(10)
        layout.addWidget(title)
        layout.addWidget(text)
        layout.addLayout(form)
        layout.addWidget(self.hint)
        layout.addWidget(self.buttons)
        self.passphrase.textChanged.connect(self._on_text_changed)
        self.again.textChanged.connect(self._on_text_changed)
        self.show_it.toggled.connect(self._on_show_toggled)
        self.buttons.accepted.connect(self._on_accepted)
        self.buttons.rejected.connect(self.reject)

    def refuse(self, says: str) -> None:
        """Say that the passphrase does not fit, and let the user try again."""
        self.hint.setText(says)
        self.passphrase.selectAll()
        self.passphrase.setFocus()

    @Slot()
    def _on_text_changed(self) -> None:
        typed = self.passphrase.text()
        says = ""
        if self._first and typed and len(typed) < SHORTEST:
            says = f"At least {SHORTEST} characters."
        elif self._first and self.again.text() and self.again.text() != typed:
            says = "The two are not the same."
        self.hint.setText(says)
        same = not self._first or (self.again.text() == typed and len(typed) >= SHORTEST)
        self.ok.setEnabled(bool(typed) and same)

    @Slot(bool)
    def _on_show_toggled(self, shown: bool) -> None:
        mode = QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password
        self.passphrase.setEchoMode(mode)
        self.again.setEchoMode(mode)

    @Slot()
    def _on_accepted(self) -> None:
        if self.ok.isEnabled():
            self.passphrase_given.emit(self.passphrase.text(), self.keep.isChecked())


def _secret(parent: QWidget, name: str) -> QLineEdit:
    field = QLineEdit(parent)
    field.setEchoMode(QLineEdit.EchoMode.Password)
    field.setAccessibleName(name)
    return field
