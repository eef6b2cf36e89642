"""What the user sets: kept, shown, and asked for where it is missing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QWidget

from triage.errors import TriageError
from triage.qt.parts.clipboard import Clipboard
from triage.qt.parts.words import tr
from triage.qt.shell.details import DetailsDialog, SenderDialog
from triage.qt.shell.help import HelpDialog
from triage.qt.window import MainWindow
from triage.session.own import check_change, offered, sender_of, sender_values
from triage.settings import Address, Settings, service_of
from triage.settings.file import changed

if TYPE_CHECKING:
    from triage.content.load import Content
    from triage.qt.shell.about import About
    from triage.qt.shell.fields import FieldsForm
    from triage.qt.shell.settings import SettingsDialog

_SENDERS, _RECIPIENTS = "senders", "recipients."


class Preferences(QObject):
    """Keeps the settings.

    Parameters
    ----------
    settings
        As they are at the start.
    content
        What there is to choose from.
    folder, clock, clipboard
        Where the cases are, the present time, what takes the diagnostics: shown with the settings.
    keep
        Keeps a part of them, by its key, and returns them all; without it they are kept in memory alone.

    Signals
    -------
    changed : object
        They are other ones now.
    wanted : str
        The user wants what is reached from the settings and is none: see `SettingsDialog`.
    """

    changed = Signal(object)
    wanted = Signal(str)

    def __init__(
        self,
        settings: Settings,
        content: Content,
        folder: Callable[[], Path],
        clock: Callable[[], datetime],
        clipboard: Clipboard,
        keep: Callable[[str, object], Settings] | None,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self.settings = settings
        self._content, self._folder = content, folder
        self._clock, self._clipboard, self._keep = clock, clipboard, keep
        # The dialogs that are open: a part of the settings is asked for, all are shown.
        self.details: DetailsDialog | None = None
        self.dialog: SettingsDialog | None = None

    def keep(self, key: str, value: object) -> Settings:
        """Keep a part of the settings, and return them all.

        Raises
        ------
        TriageError
            If it does not fit, or cannot be kept.
        """
        check_change(changed(self.settings, key, value), key, self._content)
        keep = self._keep or partial(changed, self.settings)
        self.settings = keep(key, value)
        self.changed.emit(self.settings)
        return self.settings

    # -- a part of them -------------------------------------------------------------------------

    def ask(self, window: MainWindow, key: str) -> None:
        """Ask for the sender of a case, or for the address of a recipient: ``recipients.`` and its id."""
        if key.startswith(_RECIPIENTS):
            self._ask_address(window, key)
        else:
            self._ask_sender(window, tr("Signs the letter, and those to come."))

    def ask_after_issue(self, window: MainWindow) -> None:
        """Offer to keep the sender of a letter where there is none yet."""
        if not self.settings.senders:
            self._ask_sender(window, tr("Keep the sender of this letter for those to come?"))

    def _ask_sender(self, window: MainWindow, says: str) -> None:
        roles = self._offered(self.settings)["referrer.role"]
        named, senders = sender_of(window.session.case), self.settings.senders
        chosen = next((n for n, s in senders.items() if s.name == named.name), "")
        dialog = SenderDialog(
            says, senders, chosen or self.settings.first_sender, named, roles, window
        )
        dialog.kept.connect(self._on_sender_kept)
        self._open_details(dialog)

    def _ask_address(self, window: MainWindow, key: str) -> None:
        addressee = key.removeprefix(_RECIPIENTS)
        name = self._content.recipients[service_of(addressee)].name
        known = self.settings.address_of(addressee)
        says = tr(
            "{name} has no address. It can be read as a draft. Add the address now? It is kept for later letters.",
            name=name,
        )
        dialog = DetailsDialog(
            tr("Address"),
            says,
            known,
            parent=window,
            keep=tr("&Add   Ctrl+Enter"),
            leave=tr("&Later   Esc"),
        )
        dialog.setProperty("key", key)
        dialog.form.leave_lines()
        dialog.form.pasted.connect(self._on_pasted)
        dialog.kept.connect(self._on_address_kept)
        self._open_details(dialog)

    def _open_details(self, dialog: DetailsDialog) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.finished.connect(self._on_details_finished)
        self.details = dialog
        dialog.open()

    @Slot()
    def _on_details_finished(self) -> None:
        self.details = None

    @Slot(object)
    def _on_sender_kept(self, fields: dict[str, str]) -> None:
        dialog = self.details
        if not isinstance(dialog, SenderDialog) or not self._kept(
            f"{_SENDERS}.{dialog.sender_id}", fields
        ):
            return
        window = dialog.parent()
        # What was issued is not changed by keeping its sender.
        if isinstance(window, MainWindow) and not window.session.is_as_issued:
            values = sender_values(self.settings, self._content.form, dialog.sender_id)
            window.session.set_all(values)
        dialog.accept()

    @Slot(object)
    def _on_address_kept(self, fields: dict[str, str]) -> None:
        if self.details is not None and self._kept(str(self.details.property("key")), fields):
            self.details.accept()

    @Slot(object, str)
    def _on_pasted(self, form: FieldsForm, text: str) -> None:
        """Show a pasted address in its parts, and fill them in once that is confirmed."""
        from triage.qt.ask.paste import ADDRESS, PasteDialog
        from triage.session.paste import AddressPreview

        preview = AddressPreview(text, Address.model_construct(None, **form.typed), form.put)
        dialog = PasteDialog(None, preview, form.window(), ADDRESS)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _kept(self, key: str, fields: dict[str, str]) -> bool:
        """Keep a part of the settings; say in the dialog why it cannot be."""
        try:
            self.keep(key, fields)
        except TriageError as error:
            if self.details is not None:
                self.details.refuse(error)
            return False
        return True

    def _offered(self, settings: Settings) -> dict[str, dict[str, str]]:
        return offered(settings, self._content)

    # -- all of them ----------------------------------------------------------------------------

    def show(self, window: MainWindow, page: str = "") -> None:
        """Show the settings, from this page on."""
        dialog = self.dialog
        if dialog is None:
            # As all with much behind it: no first paint waits for it.
            from triage.qt.shell.settings import SettingsDialog

            dialog = SettingsDialog(
                self.settings,
                self.keep,
                self._offered,
                self._content.recipients,
                window.letters.letterhead,
                self._about(),
                window,
            )
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.wanted.connect(self.wanted)
            dialog.pasted.connect(self._on_pasted)
            dialog.finished.connect(self._on_finished)
            self.changed.connect(dialog.show_settings)
            self.dialog = dialog
        if page:
            dialog.show_page(page)
        dialog.open()
        dialog.activateWindow()

    @Slot()
    def _on_finished(self) -> None:
        self.dialog = None

    def show_about(self, above: QWidget) -> None:
        """Show what the program is and works with."""
        dialog = HelpDialog(tr("About and intended use"), self._about(), above)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.show()

    def _about(self) -> About:
        from triage.qt.shell.about import About

        today = self._clock().date()
        return About(self._content, self.settings, self._folder(), today, self._clipboard)
