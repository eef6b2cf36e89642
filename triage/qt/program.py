"""The running program: what all windows share, and the windows that are open."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from triage.content.casefile import LARGEST, write_case
from triage.content.practice import read_practice
from triage.errors import TriageError
from triage.files import any_text_of, read_bytes, write_whole
from triage.model.values import Value
from triage.qt.ask.section import SectionView
from triage.qt.drafts.saving import Saving, case_name
from triage.qt.drafts.unlock import Asks, NewPassphraseDialog, RecoveryDialog
from triage.qt.lock import ASLEEP, BY_KEY, Lock, idle_for
from triage.qt.parts.clipboard import Clipboard
from triage.qt.parts.dropped import is_text
from triage.qt.parts.keys import Place
from triage.qt.parts.messages import Messages
from triage.qt.parts.theme import Theme
from triage.qt.parts.words import tr
from triage.qt.shell.actions import COMMANDS
from triage.qt.shell.details import DetailsDialog, SenderDialog
from triage.qt.shell.help import HelpDialog, KeysDialog
from triage.qt.shell.kept import KeptLooks
from triage.qt.shell.phrases import Phrases
from triage.qt.window import MainWindow
from triage.rules.assess import Assessor
from triage.session import Changed, Session
from triage.session.draft import DraftStore, OpenDraft, PracticeDraft
from triage.session.earlier import next_visit, reference
from triage.session.letters import LetterDesk, forget_words
from triage.session.own import (
    check_change,
    files_of,
    filled,
    is_blank,
    is_untouched,
    offered,
    sender_of,
    sender_values,
)
from triage.settings import Settings
from triage.settings.file import changed

if TYPE_CHECKING:
    from subprocess import Popen

    from triage.content.load import Content
    from triage.letter.template import Templates
    from triage.qt.drafts.cases import CasesDialog
    from triage.qt.shell.about import About
    from triage.qt.shell.settings import SettingsDialog
    from triage.qt.taking import Taking
    from triage.store import DraftInfo

_BACKUP_MINUTES = 30
# So many cases, those changed last, are looked through at a start.
_SWEPT = 20
# So many stand in the menu of recent cases: each has its digit.
_RECENT = 9
_SENDERS, _RECIPIENTS = "senders", "recipients."


class Program(QObject):
    """Opens windows on drafts and keeps them.

    Parameters
    ----------
    assessor
        The compiled content.
    store
        The drafts.
    settings
        The user's settings.
    theme
        How everything looks.
    clock
        Returns the present time with its zone.
    keep
        Keeps a part of the settings, by its key, and returns them all; without it they are kept in memory alone.
    back_up
        Starts a backup of a folder, as the settings say, and returns at once: called now and then, and after the
        last window.
    looks
        Keeps how windows look from one start to the next; without it each begins at the usual size.

    Signals
    -------
    finished
        The last window was closed.
    used
        Something was recorded.
    settings_changed : object
        They are other ones now.
    backups_requested, passphrase_changed : object
        The window in which the backups were asked for, or the passphrase was changed.
    """

    finished = Signal()
    used = Signal()
    settings_changed = Signal(object)
    backups_requested = Signal(object)
    passphrase_changed = Signal(object)

    def __init__(
        self,
        assessor: Assessor,
        store: DraftStore,
        settings: Settings,
        theme: Theme,
        clock: Callable[[], datetime],
        keep: Callable[[str, object], Settings] | None = None,
        back_up: Callable[[DraftStore, Settings], Popen[bytes] | None] | None = None,
        looks: KeptLooks | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._keep = keep
        self._looks = looks
        self._back_up = back_up
        # The process that was started last, if any.
        self.backup: Popen[bytes] | None = None
        # What was put right or went wrong before the first window, to be told in it.
        self.notices: tuple[str, ...] = ()
        self._timer = QTimer(self)
        self._timer.setInterval(_BACKUP_MINUTES * 60_000)
        self._timer.timeout.connect(self._on_backup_due)
        self._timer.start()
        self._assessor = assessor
        self.store = store
        self._settings = settings
        self._theme = theme
        self.clipboard = Clipboard(settings.clipboard_seconds, self)
        self.phrases = Phrases(settings.phrases, clock, self)
        self.phrases.told.connect(self.warn)
        self._clock = clock
        self.windows: list[MainWindow] = []
        self.lock = Lock(store, self._open_windows, clock, self)
        self.lock.locked.connect(self.clipboard.leave)
        self.lock.locked.connect(self._forget)
        self.lock.unlocked.connect(self._on_unlocked)
        self.lock.refused.connect(self.warn)
        self.lock.close_requested.connect(self._on_close_requested)
        self._ids: dict[MainWindow, str] = {}
        # Those whose patient changed just before a lock.
        self._asked_locked: set[MainWindow] = set()
        self.dialog: CasesDialog | None = None
        self.taking: Taking | None = None
        self.details: DetailsDialog | None = None
        self.settings_dialog: SettingsDialog | None = None
        self.way: NewPassphraseDialog | RecoveryDialog | None = None

    @property
    def now(self) -> Callable[[], datetime]:
        """The clock."""
        return self._clock

    @property
    def settings(self) -> Settings:
        """The settings as they are now."""
        return self._settings

    # -- windows --------------------------------------------------------------------------------

    def new_window(self, values: Mapping[str, Value] | None = None) -> MainWindow:
        """Open a window on a new case that holds `values`."""
        content = self._assessor.content
        return self._show(
            self.store.create(content, filled(values or {}, self._settings, content.form)),
            anew=True,
        )

    def new_visit(self, draft: str) -> MainWindow:
        """Open a window on a further visit of the patient of `draft`.

        Raises
        ------
        TriageError
            If that case does not say who the patient is, is of another form, or kept nowhere.
        """
        if not draft:
            raise TriageError(
                tr("Of the practice patient nothing is kept: there is no visit to go on from.")
            )
        self._refuse_another_form(draft)
        opened = self.store.opened(draft)
        if opened is not None:
            opened.flush()
        form, today = self._assessor.content.form, self._clock().date()
        return self.new_window(next_visit(form, draft, self.store.read(draft), today))

    @Slot()
    def practise(self) -> None:
        """Open a window on the practice patient: of it nothing is kept, printed or issued."""
        self._attempt(self._practise)

    def _practise(self) -> None:
        content = self._assessor.content
        found = read_practice(
            files_of(self._settings, content.form.id), content, self._clock().date()
        )
        if found is None:
            raise TriageError(tr("This form has no practice patient."))
        values = filled(dict(found.case), self._settings, content.form)
        window = self._show(PracticeDraft(values, self._clock().astimezone(UTC)))
        window.practise(found.steps)

    def open_window(self, draft: str) -> MainWindow:
        """Open a window on a draft; read-only if another window has it."""
        self._refuse_another_form(draft)
        return self._show(self.store.open(draft))

    def _refuse_another_form(self, draft: str) -> None:
        """Refuse a draft whose answers this form does not ask.

        Raises
        ------
        TriageError
            If it was begun with another form.
        """
        form = self.store.do(lambda drafts: drafts.form_of(draft))
        if form != self._assessor.content.form.id:
            raise TriageError(
                tr(
                    "This case is for the form {form!r}: open the program with --form {form}.",
                    form=form,
                )
            )

    def _show(self, opened: OpenDraft, *, anew: bool = False) -> MainWindow:
        window = make_window(
            self._assessor,
            opened,
            self._settings,
            self._theme,
            self._clock,
            clipboard=self.clipboard,
        )
        window.new_requested.connect(self._on_new_requested)
        window.visit_requested.connect(self._on_visit_requested)
        window.drafts_requested.connect(self._on_drafts_requested)
        window.recent_requested.connect(self._on_recent_requested)
        window.recent_chosen.connect(self._on_draft_chosen)
        window.setting_requested.connect(self._on_setting_requested)
        window.settings_requested.connect(self._on_settings_requested)
        window.about_requested.connect(self._on_about_requested)
        window.practice_requested.connect(self.practise)
        window.passphrase_requested.connect(self._on_passphrase_requested)
        window.recovery_requested.connect(self._on_recovery_requested)
        window.lock_requested.connect(self.lock_asked)
        window.backups_requested.connect(self._on_backups_requested)
        window.save_elsewhere_requested.connect(self._on_save_elsewhere)
        # Once the drop is over: whoever drags waits for its end.
        window.file_dropped.connect(self._on_file_dropped, Qt.ConnectionType.QueuedConnection)
        window.letter.issued.connect(self._on_issued)
        window.same_patient.asked.connect(self._on_same_patient_asked)
        window.same_patient.open_requested.connect(self._on_draft_chosen)
        window.closed.connect(self._on_window_closed)
        window.session.subscribe(self._on_session_changed)
        self.windows.append(window)
        self._ids[window] = opened.id
        if self._looks is None:
            window.show()
        else:
            self._looks.show(window)
        # Who begins to type means the first question, not the list of sections.
        window.begin(anew=anew)
        return window

    @Slot()
    def _on_window_closed(self) -> None:
        window = self.sender()
        self.windows = [other for other in self.windows if other is not window]
        if isinstance(window, MainWindow):
            if self._looks is not None:
                self._looks.keep(window)
            draft = self._ids.pop(window)
            # Without its key nothing can be deleted; an empty case in the list does no harm.
            if not self.lock.is_locked:
                self._put_away(window.session, draft)
            self.lock.forget(window)
            self._forget()
            window.deleteLater()
        if not self.windows:
            self.finished.emit()

    @Slot()
    def _forget(self) -> None:
        """Keep in memory nothing of a case but what its window has."""
        self._assessor.forget()
        forget_words()

    def _put_away(self, session: Session, draft: str) -> None:
        """Leave no row in the list for a case that holds nothing: what once held something goes to the bin."""
        form = self._assessor.content.form
        if not draft or session.read_only or not is_blank(session.case, self._settings, form):
            return
        if is_untouched(session.history.edits, self._settings, form):
            self._attempt(self.store.delete, draft)
        elif not self.store.do(lambda drafts: drafts.issues(draft)):
            self._attempt(self.store.bin, draft)

    @property
    def has_drafts(self) -> bool:
        """Whether there is any draft that no window of this program has open."""
        return self.store.has_others

    # -- drafts ---------------------------------------------------------------------------------

    @Slot()
    def _on_new_requested(self) -> None:
        self._attempt(self.new_window)

    @Slot()
    def _on_visit_requested(self) -> None:
        window = self.sender()
        if isinstance(window, MainWindow):
            self._attempt(self.new_visit, self._ids[window])

    @Slot(str)
    def _on_visit_chosen(self, draft: str) -> None:
        self._attempt(self.new_visit, draft)

    @Slot()
    def _on_drafts_requested(self) -> None:
        self.show_drafts(self._asking())

    @Slot()
    def _on_recent_requested(self) -> None:
        window = self._asking()
        if window is not None:
            self._attempt(self._show_recent, window)

    def _show_recent(self, window: MainWindow) -> None:
        """Name the cases that were changed last, but that of the window; none while locked."""
        found = [] if self.lock.is_locked else self.store.list(limit=_RECENT + 1)
        others = [info for info in found if info.id != self._ids[window] and info.name]
        window.show_recent([(info.id, _recent(info)) for info in others[:_RECENT]])

    def show_drafts(self, parent: MainWindow | None = None) -> None:
        """Show the list of cases."""
        # As every dialog with much behind it: no first paint waits for it.
        from triage.qt.drafts.cases import CasesDialog
        from triage.qt.taking import Letters, Taking
        from triage.session.cases import Cases

        here = frozenset(self._ids[window] for window in self._writing)
        cases = Cases(self.store, self._assessor, self._settings, self._clock, here)
        preview = Letters(cases)
        dialog = CasesDialog(cases, parent, read_only=self.store.read_only, preview=preview)
        dialog.looked_at.connect(preview.show_case)
        messages = self._messages()
        taking = Taking(cases, self.clipboard, messages, dialog)
        messages.message.connect(dialog.tell)
        taking.done.connect(self._on_letters_noted)
        dialog.print_requested.connect(taking.print_)
        dialog.save_requested.connect(taking.save)
        dialog.copy_requested.connect(taking.copy)
        dialog.fate_requested.connect(taking.follow)
        dialog.withdraw_requested.connect(taking.withdraw)
        dialog.keys_requested.connect(self._on_keys_requested)
        dialog.lock_requested.connect(self.lock_asked)
        self.taking = taking
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.draft_chosen.connect(self._on_draft_chosen)
        dialog.new_requested.connect(self._on_new_requested)
        dialog.visit_chosen.connect(self._on_visit_chosen)
        dialog.bin_requested.connect(self._on_bin_requested)
        dialog.back_requested.connect(self._on_back_requested)
        dialog.delete_confirmed.connect(self._on_delete_confirmed)
        dialog.failed.connect(self._on_list_failed)
        dialog.import_chosen.connect(self._on_import_chosen)
        dialog.export_chosen.connect(self._on_export_chosen)
        dialog.finished.connect(self._on_dialog_finished)
        self.dialog = dialog
        dialog.load()
        dialog.open()

    def _then_list(self, act: Callable[[str], object], drafts: tuple[str, ...]) -> None:
        """Do something to some drafts, and show the list anew."""
        for draft in drafts:
            self._attempt(act, draft)
        self.list_again()

    @Slot(str)
    def _on_list_failed(self, says: str) -> None:
        self._messages().error(says)

    def list_again(self) -> None:
        """Show in the list of drafts, if it is open, what there is now."""
        if self.dialog is not None:
            self.dialog.load()

    @Slot()
    def _on_dialog_finished(self) -> None:
        self.dialog = self.taking = None

    @Slot()
    def _on_same_patient_asked(self) -> None:
        bar = self.sender()
        window = next((w for w in self.windows if w.same_patient is bar), None)
        if window is not None and self.lock.is_locked:
            self._asked_locked.add(window)
        elif window is not None:
            self._attempt(self._look_for_same_patient, window)

    @Slot()
    def _on_unlocked(self) -> None:
        # While locked the other cases could not be looked at.
        asked, self._asked_locked = self._asked_locked, set()
        for window in self.windows:
            if window in asked:
                self._attempt(self._look_for_same_patient, window)

    def _look_for_same_patient(self, window: MainWindow) -> None:
        if draft := self._ids[window]:
            # Whoever began a further visit knows of the one before.
            refers = reference(window.session.case)
            known = refers.draft if refers is not None else ""
            found = self.store.same_patient(draft)
            window.same_patient.show_cases([info for info in found if info.id != known])

    @Slot(str)
    def _on_draft_chosen(self, draft: str) -> None:
        self._attempt(self._shown, draft)

    def _shown(self, draft: str) -> MainWindow:
        """Return the window on a draft: the one that has it, else a new one."""
        here = next((w for w in self._writing if self._ids[w] == draft), None)
        if here is None:
            return self.open_window(draft)
        here.setWindowState(here.windowState() & ~Qt.WindowState.WindowMinimized)
        here.raise_()
        here.activateWindow()
        return here

    @property
    def _writing(self) -> list[MainWindow]:
        """The windows whose case can be changed."""
        return [window for window in self.windows if not window.session.read_only]

    @Slot(object)
    def _on_delete_confirmed(self, drafts: tuple[str, ...]) -> None:
        self._then_list(self.store.delete, drafts)

    @Slot(object)
    def _on_bin_requested(self, drafts: tuple[str, ...]) -> None:
        self._then_list(self.store.bin, drafts)

    @Slot(object)
    def _on_back_requested(self, drafts: tuple[str, ...]) -> None:
        self._then_list(self.store.put_back, drafts)

    @Slot()
    def _on_letters_noted(self) -> None:
        for window in self.windows:
            self._attempt(window.letters.read_again)
            window.letter.refresh_soon()
        self.list_again()

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
        self._attempt(self.import_case, path)

    @Slot(object)
    def _on_file_dropped(self, path: Path) -> None:
        window = self._asking()
        if self.lock.is_locked:
            return
        if is_text(path) and window is not None:
            self._attempt(self._take_text, path, window)
        else:
            self._attempt(self.import_case, path)

    def _take_text(self, path: Path, window: MainWindow) -> None:
        """Show in a window what a file of plain text means for its case."""
        if window.session.read_only:
            raise TriageError(tr("This case is read-only: no text is recorded in it."))
        try:
            text = any_text_of(read_bytes(path, LARGEST))
        except TriageError as error:
            raise TriageError(f"{path.name}: {error}.") from None
        window.take_text(text)

    def import_case(self, path: Path) -> MainWindow:
        """Open a new case that holds what the CASE.json, or the issued letter, at `path` says.

        Of a letter that was issued here the case itself is opened, and of one that was opened before its draft.

        Raises
        ------
        TriageError
            If it cannot be read as a case.
        """
        from triage.session.outside import BEGUN_BEFORE, bring, issued_here

        try:
            data = read_bytes(path, LARGEST)
        except TriageError as error:
            raise TriageError(f"{path.name}: {error}.") from None
        if there := self.store.issued_as(data):
            window = self._shown(there[0])
            window.messages.info(issued_here(there[1]))
            return window
        brought = bring(
            data,
            path.name,
            self._assessor_of,
            self._templates_of,
            self._settings,
            self._clock().date(),
            self._assessor.content.form.id,
        )
        if begun := self.store.begun_with(brought.values):
            window = self._shown(begun)
            window.messages.info(BEGUN_BEFORE)
            return window
        window = self._show(self.store.create(brought.content, brought.values))
        if brought.says:
            window.messages.warning(brought.says)
        elif outside := window.letters.outside:
            window.messages.info(tr("From outside: {outside}.", outside=outside))
        return window

    def _assessor_of(self, form: str) -> Assessor:
        """Return the content that is open here."""
        if form != self._assessor.content.form.id:
            raise TriageError(tr("it is for another form: open the program with that one (--form)"))
        return self._assessor

    def _templates_of(self, content: Content) -> Templates:
        from triage.letter.template import load_templates

        return load_templates(files_of(self._settings, content.form.id), content.form)

    @Slot(object, object)
    def _on_export_chosen(self, drafts: tuple[str, ...], path: Path) -> None:
        day = self._clock().date()
        for draft in drafts:
            file = path / case_name(draft, day) if len(drafts) > 1 else path
            self._attempt(self.export_case, draft, file)

    def export_case(self, draft: str, path: Path) -> None:
        """Write a draft as CASE.json to `path`; it is not encrypted there."""
        self._refuse_another_form(draft)
        history = self.store.read(draft)
        write_whole(path, write_case(history.case, self._assessor.content.form).encode())
        self._messages().warning(
            tr(
                "The case is exported as {name}. It is not encrypted: delete it when it is no longer needed.",
                name=path.name,
            )
        )

    # -- settings -------------------------------------------------------------------------------

    @Slot(str)
    def _on_setting_requested(self, key: str) -> None:
        window = self.sender()
        if isinstance(window, MainWindow):
            if key == _SENDERS:
                self._ask_sender(window, tr("Signs the letter, and those to come."))
            else:
                self._ask_address(window, key)

    @Slot(int)
    def _on_issued(self, version: int) -> None:
        page = self.sender()
        window = next((w for w in self.windows if w.letter is page), None)
        if window is not None and not self._settings.senders:
            self._ask_sender(window, tr("Keep the sender of this letter for those to come?"))

    def _ask_sender(self, window: MainWindow, says: str) -> None:
        roles = self._offered(self._settings)["referrer.role"]
        named, senders = sender_of(window.session.case), self._settings.senders
        chosen = next((n for n, s in senders.items() if s.name == named.name), "")
        dialog = SenderDialog(
            says, senders, chosen or self._settings.first_sender, named, roles, window
        )
        dialog.kept.connect(self._on_sender_kept)
        self._open_details(dialog)

    def _ask_address(self, window: MainWindow, key: str) -> None:
        recipient = key.removeprefix(_RECIPIENTS)
        name = self._assessor.content.recipients[recipient].name
        known = self._settings.address_of(recipient)
        says = tr("{name}: where do letters go? It is kept for the letters to come.", name=name)
        dialog = DetailsDialog(tr("Address"), says, known, parent=window)
        dialog.setProperty("key", key)
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
            form = self._assessor.content.form
            window.session.set_all(sender_values(self._settings, form, dialog.sender_id))
        dialog.accept()

    @Slot(object)
    def _on_address_kept(self, fields: dict[str, str]) -> None:
        if self.details is not None and self._kept(str(self.details.property("key")), fields):
            self.details.accept()

    def _kept(self, key: str, fields: dict[str, str]) -> bool:
        """Keep a part of the settings; say in the dialog why it cannot be."""
        try:
            self.keep_setting(key, fields)
        except TriageError as error:
            if self.details is not None:
                self.details.refuse(error)
            return False
        return True

    def keep_setting(self, key: str, value: object) -> Settings:
        """Keep a part of the settings, tell every window, and return them all.

        Raises
        ------
        TriageError
            If it does not fit, or cannot be kept.
        """
        check_change(changed(self._settings, key, value), key, self._assessor.content)
        keep = self._keep or partial(changed, self._settings)
        self._settings = keep(key, value)
        self.clipboard.seconds = self._settings.clipboard_seconds
        self.phrases.take(self._settings.phrases)
        for window in self.windows:
            window.letters.settings = self._settings
            window.letter.refresh_soon()
        self.settings_changed.emit(self._settings)
        return self._settings

    def _offered(self, settings: Settings) -> dict[str, dict[str, str]]:
        return offered(settings, self._assessor.content)

    @Slot(str)
    def _on_settings_requested(self, page: str) -> None:
        window = self.sender()
        if not isinstance(window, MainWindow):
            return
        dialog = self.settings_dialog
        if dialog is None:
            from triage.qt.shell.settings import SettingsDialog

            dialog = SettingsDialog(
                self._settings,
                self.keep_setting,
                self._offered,
                self._assessor.content.recipients,
                window.letters.letterhead,
                self._about(),
                window,
            )
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.passphrase_requested.connect(self._on_passphrase_requested)
            dialog.recovery_requested.connect(self._on_recovery_requested)
            dialog.backups_requested.connect(self._on_backups_requested)
            dialog.finished.connect(self._on_settings_finished)
            self.settings_changed.connect(dialog.show_settings)
            self.settings_dialog = dialog
        if page:
            dialog.show_page(page)
        dialog.open()
        dialog.activateWindow()

    @Slot()
    def _on_settings_finished(self) -> None:
        self.settings_dialog = None

    def _about(self) -> About:
        from triage.qt.shell.about import About

        return About(
            self._assessor.content,
            self._settings,
            self.store.folder,
            self._clock().date(),
            self.clipboard,
        )

    @Slot()
    def _on_about_requested(self) -> None:
        dialog = HelpDialog(tr("About and intended use"), self._about(), self._asking())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.show()

    # -- ways in --------------------------------------------------------------------------------

    @Slot()
    def _on_passphrase_requested(self) -> None:
        asks: Asks = "change" if self._has_passphrase else "choose"
        self._ask_way(NewPassphraseDialog(asks, parent=self._above), self._on_new_passphrase)

    @property
    def _has_passphrase(self) -> bool:
        from triage.store import describe_keys

        try:
            return describe_keys(self.store.folder).passphrase
        except TriageError:
            # Damaged at this moment; whoever types the passphrase is told.
            return True

    @Slot()
    def _on_recovery_requested(self) -> None:
        self._ask_way(RecoveryDialog(self.clipboard, self._above), self._on_recovery_passphrase)

    def _asking(self) -> MainWindow | None:
        """Return the window that asks, in a slot that it calls."""
        window = self.sender()
        return window if isinstance(window, MainWindow) else None

    @property
    def _above(self) -> QWidget | None:
        """The window that a dialog asked for in this slot stands above: the settings, if they are open."""
        return self.settings_dialog or self._asking()

    def _ask_way(
        self, dialog: NewPassphraseDialog | RecoveryDialog, given: Callable[..., None]
    ) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.passphrase_given.connect(given)
        dialog.finished.connect(self._on_way_finished)
        self.way = dialog
        dialog.open()

    @Slot()
    def _on_way_finished(self) -> None:
        self.way = None

    @Slot(str, bool)
    def _on_new_passphrase(self, passphrase: str, keep: bool) -> None:
        from triage.store import change_passphrase

        dialog = self.way
        if isinstance(dialog, NewPassphraseDialog):
            try:
                # Where there is none yet the key store is asked.
                old = dialog.old.text() if dialog.asks == "change" else None
                change_passphrase(self.store.folder, old, passphrase)
            except TriageError as error:
                dialog.refuse(str(error))
                return
            dialog.accept()
            self._messages().info(
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

        dialog = self.way
        if isinstance(dialog, RecoveryDialog):
            try:
                dialog.show_key(make_recovery_key(self.store.folder, passphrase))
            except TriageError as error:
                dialog.refuse(str(error))

    # -- lock -----------------------------------------------------------------------------------

    def _open_windows(self) -> list[MainWindow]:
        return self.windows

    def _on_session_changed(self, changed: Changed) -> None:
        self.used.emit()

    @Slot()
    def lock_asked(self) -> None:
        """Lock the program: the user says so."""
        self.lock.lock(BY_KEY)

    @Slot()
    def lock_idle(self) -> None:
        """Lock the program: it was left alone."""
        self.lock.lock(idle_for(self._settings.lock_minutes))

    @Slot()
    def lock_asleep(self) -> None:
        """Lock the program: the computer goes to sleep, or was asleep."""
        self.lock.lock(ASLEEP)

    @Slot()
    def _on_close_requested(self) -> None:
        for window in list(self.windows):
            window.close()

    # -- trouble --------------------------------------------------------------------------------

    def _attempt(self, act: Callable[..., object], *args: object) -> None:
        """Do something that can meet known trouble, and tell of it."""
        try:
            act(*args)
        except TriageError as error:
            self._messages().error(str(error))

    def _messages(self) -> Messages:
        return self.windows[-1].messages if self.windows else Messages(self)

    @Slot()
    def _on_save_elsewhere(self) -> None:
        parent = self._asking()
        name = QFileDialog.getExistingDirectory(parent, tr("Keep the cases in another folder"))
        if name:
            self._attempt(self.save_elsewhere, Path(name))

    def save_elsewhere(self, folder: Path) -> None:
        """Go on in another folder, with every case and everything that is unsaved."""
        now = self.store.save_elsewhere(folder)
        self._messages().warning(
            tr(
                "All cases are kept in {now} from now on, encrypted. To find them at the next start, "
                "set TRIAGE_HOME to this folder, or copy it back.",
                now=now,
            )
        )

    # -- backups --------------------------------------------------------------------------------

    @Slot()
    def _on_backups_requested(self) -> None:
        self.backups_requested.emit(self._above)

    def back_up(self) -> Popen[bytes] | None:
        """Start a backup, and return its process; None if nothing has changed since the last one."""
        if self._back_up is None:
            return None
        self.backup = self._back_up(self.store, self._settings)
        return self.backup

    def _sweep(self) -> None:
        """Delete the untouched cases that windows left behind which were stopped and not closed."""
        form = self._assessor.content.form
        for info in self.store.list(show="never issued", limit=_SWEPT):
            if info.name or info.claimed:
                continue
            if is_untouched(self.store.read(info.id).edits, self._settings, form):
                self.store.delete(info.id)

    def begin_anew(self, store: DraftStore) -> None:
        """Go on with other drafts, once every window on the old ones is closed."""
        self.store = self.lock.store = store
        self.begin()

    def begin(self) -> None:
        """Open a window on a new case, beside the list of drafts if there are any; only the list to read it."""
        if self.store.read_only:
            self.show_drafts()
            return
        self._attempt(self._sweep)
        window = self.new_window()
        if self.has_drafts:
            self.show_drafts(window)

    @Slot()
    def _on_backup_due(self) -> None:
        if self._back_up is not None:
            try:
                self.back_up()
            except OSError as error:
                self._messages().warning(
                    tr("The backup could not be started ({strerror}).", strerror=error.strerror)
                )

    def close(self) -> bool:
        """Close the drafts, and start their backup; return whether everything is on the disk."""
        self._timer.stop()
        self.clipboard.leave()
        is_saved = self.store.close()
        self._on_backup_due()
        return is_saved

    def save_all(self) -> bool:
        """Write what every window holds; return whether all of it is on the disk."""
        # Every window, also after one that fails.
        unsaved = [window for window in self.windows if not window.saving.draft.flush()]
        return not unsaved

    def inform(self, text: str) -> None:
        """Tell something that may be missed."""
        self._messages().info(text)

    @Slot(str)
    def warn(self, text: str) -> None:
        """Tell of something that was put right."""
        self._messages().warning(text)

    def tell(self, text: str) -> None:
        """Tell every window of something that went wrong."""
        for window in self.windows:
            window.messages.error(text)


def _recent(info: DraftInfo) -> str:
    """Return what the menu calls a case: who, and where it stands."""
    born = tr("born {day}", day=info.born.words()) if info.born else ""
    return ", ".join(filter(None, (info.name, born, info.stands)))


def make_window(
    assessor: Assessor,
    opened: OpenDraft,
    settings: Settings,
    theme: Theme,
    clock: Callable[[], datetime],
    questions: Callable[[Session], QWidget] | None = None,
    clipboard: Clipboard | None = None,
) -> MainWindow:
    """Return the window on one draft, with everything that belongs to it, not yet shown."""
    session = Session(
        assessor,
        opened.history,
        clock,
        read_only=opened.read_only,
        keep=opened.submit,
        earlier=opened.earlier(assessor.content.form),
    )
    desk = LetterDesk(session, opened, clock, settings)
    board = clipboard or Clipboard(settings.clipboard_seconds, theme)
    goes_on = settings.after_answer == "next"
    with theme.put_off():
        middle = questions(session) if questions else SectionView(session, goes_on=goes_on)
        return MainWindow(session, middle, Saving(opened), desk, Messages(), theme, board)
