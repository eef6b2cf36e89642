"""The list of cases, and what is done in it with cases that need not be open."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QWidget

from triage.errors import TriageError
from triage.qt.drafts.saving import case_name
from triage.qt.parts.clipboard import Clipboard
from triage.qt.parts.keys import Place
from triage.qt.parts.messages import Messages
from triage.qt.parts.paths import free_path
from triage.qt.parts.words import tr
from triage.qt.shell.actions import COMMANDS
from triage.qt.shell.help import KeysDialog

if TYPE_CHECKING:
    from triage.qt.drafts.cases import CasesDialog
    from triage.qt.taking import Taking
    from triage.session.cases import Cases


class CaseList(QObject):
    """Opens the list. What opens a window is asked of whoever is connected.

    Parameters
    ----------
    clipboard
        Takes the texts of letters.

    Signals
    -------
    draft_chosen, visit_chosen : str
        The user wants this case, or a further visit of its patient.
    new_requested, lock_requested
        The user wants a new case, or the program locked.
    import_chosen : object
        The user wants a case that holds what the file at this path says.
    noted
        Something was noted of letters.
    """

    draft_chosen = Signal(str)
    visit_chosen = Signal(str)
    new_requested = Signal()
    lock_requested = Signal()
    import_chosen = Signal(object)
    noted = Signal()

    def __init__(self, clipboard: Clipboard, parent: QObject) -> None:
        super().__init__(parent)
        self._clipboard = clipboard
        # While it is open.
        self.dialog: CasesDialog | None = None
        self.taking: Taking | None = None

    def open(self, cases: Cases, messages: Messages, above: QWidget | None) -> None:
        """Show `cases`; what there is to tell of them goes to `messages`."""
        # As every dialog with much behind it: no first paint waits for it.
        from triage.qt.drafts.cases import CasesDialog
        from triage.qt.taking import Letters, Taking

        self._cases, self._messages = cases, messages
        preview = Letters(cases)
        dialog = CasesDialog(cases, above, read_only=cases.store.read_only, preview=preview)
        dialog.looked_at.connect(preview.show_case)
        messages.message.connect(dialog.tell)
        taking = Taking(cases, self._clipboard, messages, dialog)
        taking.left_out.connect(dialog.tell_more)
        taking.done.connect(self.noted)
        taking.done.connect(self.load)
        dialog.print_requested.connect(taking.print_)
        dialog.save_requested.connect(taking.save)
        dialog.copy_requested.connect(taking.copy)
        dialog.fate_requested.connect(taking.follow)
        dialog.withdraw_requested.connect(taking.withdraw)
        dialog.keys_requested.connect(self._on_keys_requested)
        dialog.lock_requested.connect(self.lock_requested)
        dialog.draft_chosen.connect(self.draft_chosen)
        dialog.new_requested.connect(self.new_requested)
        dialog.visit_chosen.connect(self.visit_chosen)
        dialog.bin_requested.connect(self._on_bin_requested)
        dialog.back_requested.connect(self._on_back_requested)
        dialog.delete_confirmed.connect(self._on_delete_confirmed)
        dialog.failed.connect(messages.error)
        dialog.import_chosen.connect(self._on_import_chosen)
        dialog.export_chosen.connect(self._on_export_chosen)
        dialog.finished.connect(self._on_finished)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.dialog, self.taking = dialog, taking
        dialog.load()
        dialog.open()

    @Slot()
    def load(self) -> None:
        """Show, if it is open, what there is now."""
        if self.dialog is not None:
            self.dialog.load()

    @Slot()
    def _on_finished(self) -> None:
        self.dialog = self.taking = None

    def _then_load(self, act: Callable[[str], object], drafts: tuple[str, ...]) -> None:
        for draft in drafts:
            self._messages.attempt(act, draft)
        self.load()

    @Slot(object)
    def _on_delete_confirmed(self, drafts: tuple[str, ...]) -> None:
        self._then_load(self._cases.store.delete, drafts)

    @Slot(object)
    def _on_bin_requested(self, drafts: tuple[str, ...]) -> None:
        self._then_load(self._cases.store.bin, drafts)

    @Slot(object)
    def _on_back_requested(self, drafts: tuple[str, ...]) -> None:
        self._then_load(self._cases.store.put_back, drafts)

    @Slot()
    def _on_keys_requested(self) -> None:
        if self.dialog is not None:
            keys = KeysDialog(Place.CASES, COMMANDS, self.dialog)
            keys.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            keys.open()

    @Slot(object)
    def _on_import_chosen(self, path: Path) -> None:
        if self.dialog is not None:
            self.dialog.accept()
        self.import_chosen.emit(path)

    @Slot(object, object)
    def _on_export_chosen(self, drafts: tuple[str, ...], path: Path) -> None:
        if len(drafts) == 1:
            self._messages.attempt(self._export, drafts[0], path)
        else:
            self._export_all(drafts, path)

    def _export(self, draft: str, path: Path) -> None:
        self._cases.export(draft, path)
        self._messages.warning(
            tr(
                "The case is exported as {name}. It is not encrypted: delete it when it is no longer needed.",
                name=path.name,
            )
        )

    def _export_all(self, drafts: tuple[str, ...], folder: Path) -> None:
        day, why = self._cases.now.astimezone().date(), list[str]()
        for draft in drafts:
            try:
                self._cases.export(draft, free_path(folder / case_name(draft, day)))
            except TriageError as error:
                why.append(str(error))
        says = tr(
            "{done} of {all} cases are exported into {name}. They are not encrypted: delete them when they are no "
            "longer needed.",
            done=len(drafts) - len(why),
            all=len(drafts),
            name=folder.name,
        )
        tell = self._messages.error if why else self._messages.warning
        tell(" ".join((says, *dict.fromkeys(why))))
