"""The ways into the cases: the passphrase and the recovery key, chosen and changed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QWidget

from triage.errors import TriageError
from triage.qt.drafts.unlock import NewPassphraseDialog, RecoveryDialog
from triage.qt.parts.clipboard import Clipboard
from triage.qt.parts.words import tr


class Ways(QObject):
    """Asks for them.

    Parameters
    ----------
    folder
        Returns where the cases are.
    clipboard
        Takes the recovery key.

    Signals
    -------
    told : str
        What was done.
    passphrase_changed : object
        The window above which it was asked for.
    """

    told = Signal(str)
    passphrase_changed = Signal(object)

    def __init__(self, folder: Callable[[], Path], clipboard: Clipboard, parent: QObject) -> None:
        super().__init__(parent)
        self._folder, self._clipboard = folder, clipboard
        # The question that stands.
        self.dialog: NewPassphraseDialog | RecoveryDialog | None = None

    def ask_passphrase(self, above: QWidget | None) -> None:
        """Let the user change the passphrase, or choose one where there is none."""
        asks = NewPassphraseDialog("change" if self._has_passphrase else "choose", parent=above)
        self._ask(asks, self._on_new_passphrase)

    @property
    def _has_passphrase(self) -> bool:
        from triage.store import describe_keys

        try:
            return describe_keys(self._folder()).passphrase
        except TriageError:
            # Damaged at this moment; whoever types the passphrase is told.
            return True

    def ask_recovery(self, above: QWidget | None) -> None:
        """Let the user have a recovery key."""
        self._ask(RecoveryDialog(self._clipboard, above), self._on_recovery_passphrase)

    def _ask(
        self, dialog: NewPassphraseDialog | RecoveryDialog, given: Callable[..., None]
    ) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.passphrase_given.connect(given)
        dialog.finished.connect(self._on_finished)
        self.dialog = dialog
        dialog.open()

    @Slot()
    def _on_finished(self) -> None:
        self.dialog = None

    @Slot(str, bool)
    def _on_new_passphrase(self, passphrase: str, keep: bool) -> None:
        from triage.store import change_passphrase

        dialog = self.dialog
        if isinstance(dialog, NewPassphraseDialog):
            try:
                # Where there is none yet the key store is asked.
                old = dialog.old.text() if dialog.asks == "change" else None
                change_passphrase(self._folder(), old, passphrase)
            except TriageError as error:
                dialog.refuse(str(error))
                return
            dialog.accept()
            self.told.emit(
                tr("The passphrase opens the cases from now on.")
                if old is None
                else tr(
                    "The passphrase is changed. Copies made before still open with the old one."
                )
            )
            self.passphrase_changed.emit(dialog.parent())

    @Slot(str)
    def _on_recovery_passphrase(self, passphrase: str) -> None:
        from triage.store import make_recovery_key

        dialog = self.dialog
        if isinstance(dialog, RecoveryDialog):
            try:
                dialog.show_key(make_recovery_key(self._folder(), passphrase))
            except TriageError as error:
                dialog.refuse(str(error))
