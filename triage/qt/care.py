"""Looks after the drafts beside the work on them: their backups, the proof of these, and the way back."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Slot
from PySide6.QtWidgets import QApplication, QWidget

from triage.errors import TriageError
from triage.files import write_whole
from triage.model.dates import at_words
from triage.qt.parts.box import Box, stop
from triage.qt.parts.words import tr
from triage.qt.program import Program
from triage.session.draft import DraftStore
from triage.session.own import backups_of
from triage.settings import Settings

if TYPE_CHECKING:
    from subprocess import Popen

    from triage.qt.drafts.backups import BackupsDialog, RestoreBox
    from triage.qt.parts.child import Child
    from triage.store.backups import Backup

_BACKUP_MINUTES = 30
_DAMAGED = tr(
    "A part of the file of the cases is damaged. What is typed is still saved. Close all windows and start the program "
    "again: it says what can be read, and offers the newest backup."
)
# What knows the backups is imported where it is needed: no first paint waits for it.


class Care(QObject):
    """Tells what there is to know of the drafts, and shows, makes, proves and restores their backups.

    Parameters
    ----------
    program
        The windows, and the drafts that they work on.
    back_up
        Starts a backup of a folder, as the settings say, and returns at once: called now and then, and after the
        last window. None if there is nothing new to back up.
    """

    def __init__(
        self, program: Program, back_up: Callable[[DraftStore, Settings], Popen[bytes] | None]
    ) -> None:
        super().__init__(program)
        self._program, self._back_up = program, back_up
        # The process that was started last, if any.
        self.backup: Popen[bytes] | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(_BACKUP_MINUTES * 60_000)
        self._timer.timeout.connect(self._on_backup_due)
        self._timer.start()
        self.dialog: BackupsDialog | None = None
        # The question that stands, if any.
        self.box: Box | None = None
        self._child: Child | None = None
        self._checking: Child | None = None
        self._chosen: Backup | None = None
        self._notices: tuple[str, ...] = ()
        # Files of cases that another computer left, still to be asked of.
        self._conflicts: list[Path] = []
        program.backups_requested.connect(self._on_backups_requested)
        program.ways.passphrase_changed.connect(self._on_passphrase_changed)

    def start(self, notices: Iterable[str] = ()) -> None:
        """Look as soon as there is nothing else to do, and tell what is found with the `notices` of the start."""
        self._notices = tuple(notices)
        QTimer.singleShot(0, self._on_idle)

    @Slot()
    def _on_idle(self) -> None:
        from triage.store.backups import last_trouble
        from triage.store.conflicts import conflicted
        from triage.store.places import warning

        folder = self._program.store.folder
        found = (*self._notices, last_trouble(self._into), warning(folder))
        # One message: a second one would take the place of the first.
        if says := " ".join(filter(None, found)):
            self._program.warn(says)
        try:
            self._conflicts = conflicted(folder)
        except TriageError as error:
            self._program.warn(str(error))
        self._ask_of_conflict()
        self._check()

    def _check(self) -> None:
        """Have a large file read beside the work."""
        from triage.qt.parts.child import Child
        from triage.store.prove import start_check

        try:
            process = start_check(self._program.store.folder, self._program.store.key)
        except OSError:
            # It is read at the next backup in any case.
            return
        if process is not None:
            self._checking = Child(process, self)
            self._checking.ended.connect(self._on_checked)

    @Slot(int, str)
    def _on_checked(self, code: int, report: str) -> None:
        self._checking = None
        if code and report:
            self._program.tell(_DAMAGED)

    @property
    def _into(self) -> Path:
        return backups_of(self._program.settings, self._program.store.folder)

    # -- backups --------------------------------------------------------------------------------

    @Slot(object)
    def _on_backups_requested(self, window: QWidget) -> None:
        from triage.qt.drafts.backups import BackupsDialog

        dialog = BackupsDialog(window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.folder_chosen.connect(self._on_folder_chosen)
        dialog.backup_requested.connect(self._on_backup_requested)
        dialog.proof_requested.connect(self._on_proof_requested)
        dialog.restore_requested.connect(self._on_restore_requested)
        dialog.report_chosen.connect(self._on_report_chosen)
        dialog.finished.connect(self._on_dialog_finished)
        self.dialog = dialog
        self._list()
        if self._child is not None:
            dialog.show_state(tr("What was begun before is still going on."), busy=True)
        dialog.open()

    @Slot()
    def _on_dialog_finished(self) -> None:
        self.dialog = None

    def _list(self) -> None:
        from triage.store.backups import backups

        if self.dialog is None:
            return
        try:
            found = backups(self._into)
        except TriageError as error:
            self.dialog.show_backups(self._into, ())
            self.dialog.show_state(str(error))
            return
        self.dialog.show_backups(self._into, found)
        self.dialog.show_state("" if found else tr("There is no backup in this folder yet."))

    def _say(self, says: str, *, busy: bool = False) -> None:
        """Say what is going on, in the dialog or, if it is closed, in the window."""
        if self.dialog is not None:
            self.dialog.show_state(says, busy=busy)
        else:
            self._program.inform(says)

    @Slot(object)
    def _on_folder_chosen(self, folder: Path) -> None:
        try:
            self._program.preferences.keep("backup_folder", str(folder))
        except TriageError as error:
            self._say(str(error))
            return
        self._list()

    def _start_backup(self) -> Popen[bytes] | None:
        self.backup = self._back_up(self._program.store, self._program.settings)
        return self.backup

    @Slot()
    def _on_backup_due(self) -> None:
        try:
            self._start_backup()
        except OSError as error:
            self._program.warn(
                tr("The backup could not be started ({strerror}).", strerror=error.strerror)
            )

    def close(self) -> bool:
        """Close the program, and start the backup of the day; return whether everything is on the disk."""
        self._timer.stop()
        is_saved = self._program.close()
        self._on_backup_due()
        return is_saved

    @Slot()
    def _on_backup_requested(self) -> None:
        self._program.save_all()
        try:
            process = self._start_backup()
        except OSError as error:
            self._say(
                tr(
                    "The backup could not be started ({strerror}): try again.",
                    strerror=error.strerror,
                )
            )
            return
        if process is None:
            self._say(tr("Nothing has changed since the newest backup."))
            return
        self._watch(process, self._on_backup_ended)
        self._say(tr("A backup is being made and read back. You can go on working."), busy=True)

    @Slot(int, str)
    def _on_backup_ended(self, code: int, _: str) -> None:
        from triage.store.backups import last_trouble

        self._child = None
        self._list()
        says = last_trouble(self._into) or tr("The backup is made, and was read back.")
        self._say(tr("The backup was stopped: try again.") if code else says)

    @Slot()
    def _on_proof_requested(self) -> None:
        from triage.store.prove import start_proof

        self._program.save_all()
        try:
            process = start_proof(self._program.store.folder, self._program.store.key, self._into)
        except OSError as error:
            self._say(
                tr(
                    "The check could not be started ({strerror}): try again.",
                    strerror=error.strerror,
                )
            )
            return
        self._watch(process, self._on_proof_ended)
        self._say(
            tr("Cases and newest backup are being checked. You can go on working."), busy=True
        )

    @Slot(int, str)
    def _on_proof_ended(self, code: int, report: str) -> None:
        self._child = None
        if not report:
            self._say(tr("The check was stopped: try again."))
            return
        if self.dialog is not None:
            self.dialog.show_report(report)
        self._say(report.strip().splitlines()[-1])

    def _watch(self, process: Popen[bytes], ended: Callable[[int, str], None]) -> None:
        from triage.qt.parts.child import Child

        self._child = Child(process, self)
        self._child.ended.connect(ended)
        self._child.ended.connect(self._child.deleteLater)

    @Slot(object, str)
    def _on_report_chosen(self, path: Path, text: str) -> None:
        try:
            write_whole(path, text.encode())
        except TriageError as error:
            self._say(str(error))
        else:
            self._say(tr("The report is saved as {name}.", name=path.name))

    # -- the way back ---------------------------------------------------------------------------

    @Slot(object)
    def _on_restore_requested(self, backup: Backup) -> None:
        from triage.qt.drafts.backups import RestoreBox
        from triage.store.backups import preview

        QApplication.setOverrideCursor(Qt.CursorShape.WaitCursor)
        try:
            lines = tuple(
                preview(self._program.store.folder, backup.path, self._program.store.key).lines()
            )
        except TriageError as error:
            self._say(str(error))
            return
        finally:
            QApplication.restoreOverrideCursor()
        self._chosen = backup
        box: RestoreBox = RestoreBox(at_words(backup.at), lines, self.dialog)
        box.yes.clicked.connect(self._on_restore_confirmed)
        self._ask(box)

    def _ask(self, box: Box) -> None:
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.finished.connect(self._on_box_finished)
        self.box = box
        box.open()

    @Slot()
    def _on_box_finished(self) -> None:
        self.box = None

    @Slot()
    def _on_restore_confirmed(self) -> None:
        # Once the question and the dialog are gone: they belong to a window that is closed.
        QTimer.singleShot(0, self._on_restore)

    @Slot()
    def _on_restore(self) -> None:
        backup, self._chosen = self._chosen, None
        if backup is None:
            return
        if not self._program.save_all():
            self._say(
                tr("Nothing was restored: a case here could not be saved. Save it elsewhere first.")
            )
            return
        if self.dialog is not None:
            self.dialog.accept()
        # Between the last old window and the first new one the program goes on.
        ends = QApplication.quitOnLastWindowClosed()
        QApplication.setQuitOnLastWindowClosed(False)
        try:
            if all(window.close() for window in list(self._program.windows)):
                self._restore(backup)
        finally:
            QApplication.setQuitOnLastWindowClosed(ends)

    def _restore(self, backup: Backup) -> None:
        """Restore with every window closed, and begin anew with what stands there then."""
        from triage.store.backups import restore
        from triage.store.keyfile import read_keys

        old, says, fault = self._program.store, "", ""
        key = old.key
        old.close()
        try:
            aside = restore(old.folder, backup.path, key, read_keys(old.folder))
            says = tr(
                "The backup is restored. What stood here before is kept in the folder {name}.",
                name=aside.name,
            )
        except TriageError as error:
            fault = tr("Nothing was restored. {error}", error=error)
        try:
            self._program.begin_anew(DraftStore(old.folder, key, self._program.now))
        except TriageError as error:
            stop(f"{says or fault} {error}")
            QApplication.exit(1)
            return
        if fault:
            self._program.tell(fault)
        else:
            self._program.warn(says)

    # -- what another computer left -------------------------------------------------------------

    def _ask_of_conflict(self) -> None:
        """Ask what to do with the next file of cases that lies beside ours."""
        from triage.qt.drafts.conflict import ConflictBox
        from triage.store.conflicts import look, summary

        while self._conflicts and self._program.windows:
            path = self._conflicts[0]
            try:
                cases = look(path, self._program.store.folder, self._program.store.key)
            except TriageError as error:
                self._program.warn(tr("Another file of cases lies here. {error}", error=error))
                self._conflicts.pop(0)
                continue
            box = ConflictBox(path.name, summary(cases), len(cases), self._program.windows[-1])
            box.yes.clicked.connect(self._on_take_over)
            box.no.clicked.connect(self._on_not_now)
            self._ask(box)
            return

    @Slot()
    def _on_not_now(self) -> None:
        self._conflicts.pop(0)
        QTimer.singleShot(0, self._ask_of_conflict)

    @Slot()
    def _on_take_over(self) -> None:
        from triage.store.conflicts import take_over

        path, store = self._conflicts.pop(0), self._program.store
        try:
            done = take_over(path, store.folder, self._program.store.key, store.do)
        except TriageError as error:
            self._program.tell(str(error))
        else:
            self._program.warn(" ".join(done.lines()))
        self._program.case_list.load()
        QTimer.singleShot(0, self._ask_of_conflict)

    # -- the passphrase of backups --------------------------------------------------------------

    @Slot(object)
    def _on_passphrase_changed(self, window: QWidget) -> None:
        from triage.store.backups import backups
        from triage.store.differences import counted

        try:
            count = len(backups(self._into))
        except TriageError:
            return
        if not count:
            return
        asks = tr("The passphrase is changed. Change it in the backups as well?")
        says = tr(
            "{count} in the folder still {n} with the old one. Copies elsewhere stay as they are.",
            count=counted(count, "backup"),
            n="opens" if count == 1 else "open",
        )
        box = Box(tr("Passphrase of the backups"), asks, says, window)
        box.add_act(tr("Change it in the backups")).clicked.connect(self._on_rewrap)
        box.add_harmless(tr("Leave them"))
        self._ask(box)

    @Slot()
    def _on_rewrap(self) -> None:
        from triage.store.backups import rewrap
        from triage.store.keyfile import read_keys

        try:
            done = rewrap(self._into, read_keys(self._program.store.folder))
        except TriageError as error:
            self._program.tell(str(error))
            return
        self._program.warn(" ".join(done.lines()))
