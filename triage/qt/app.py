"""Where the program is put together: content, key, store, windows. The one place that makes them."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication, QDialog

from triage.collector import spare_what_stands
from triage.content.files import FORM, ContentFiles
from triage.content.load import Content, load_content
from triage.errors import ContentError, KeyRefusedError, SettingsError, TriageError
from triage.qt.care import Care
from triage.qt.drafts.unlock import NewPassphraseDialog, UnlockDialog
from triage.qt.parts.box import stop
from triage.qt.parts.collecting import Collecting
from triage.qt.parts.paths import ask_folder
from triage.qt.parts.theme import ICON, Theme
from triage.qt.parts.words import tr
from triage.qt.program import Program
from triage.qt.shell.actions import COMMANDS
from triage.qt.shell.idle import SleepNotice, Watch
from triage.qt.shell.kept import KeptLooks
from triage.qt.shell.problems import ProblemsWindow
from triage.rules.assess import Assessor
from triage.session.about import NAME
from triage.session.draft import DraftStore
from triage.session.own import backups_of, check_settings, files_of
from triage.settings import Settings, change_settings, settings_kept, settings_or_none
from triage.store import DamagedError, MissingDraftsError, drafts_folder
from triage.store.folders import VARIABLE

if TYPE_CHECKING:
    from subprocess import Popen

_THERE = tr(
    "The cases are those of {folder} until you close. To find them at the next start, set TRIAGE_HOME to this folder."
)


class OtherFolderError(Exception):
    """The cases of this folder cannot be worked with, and the user chose another one."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder


def run(
    draft: str | None = None,
    passphrase: Callable[[], str | None] | None = None,
    arguments: Sequence[str] = (),
    form: str = FORM,
) -> int:
    """Open the program and return its exit code once the last window is closed.

    Parameters
    ----------
    draft
        Id of a draft, or the path of a CASE.json or a letter, to open; None for a new case beside the list of drafts.
    passphrase
        Asked for the passphrase in place of the dialog, if it gives one.
    arguments
        What Qt is told.
    form
        Id of the form.
    """
    app, told = application(arguments), ""
    theme = Theme(app)
    while True:
        try:
            return _run(app, theme, draft, passphrase, form, told)
        except OtherFolderError as other:
            os.environ[VARIABLE] = str(other.folder)
            told = _THERE.format(folder=other.folder)
            # What was given opens the cases that are left.
            passphrase = None


def _run(
    app: QApplication,
    theme: Theme,
    draft: str | None,
    passphrase: Callable[[], str | None] | None,
    form: str,
    told: str,
) -> int:
    try:
        settings, says = settings_or_none(drafts_folder())
        files = files_of(settings, form)
        content = read_content(files)
        check_settings(settings, content)
    except ContentError as error:
        window = ProblemsWindow(error.problems)
        window.show()
        app.exec()
        return 1
    except SettingsError as error:
        stop(str(error))
        return 1
    try:
        key, settings, practises = _begun(content, settings, passphrase)
        program = None if key is None else _program(content, settings, theme, key)
        # Whoever kept it here would keep it while the drafts are locked.
        del key
        if program is None:
            return 1
        care = Care(program, _back_up)
        hook = CrashHook(program)
        hook.install()
        _open_first(program, draft)
        if practises:
            program.practise()
    except TriageError as error:
        stop(str(error))
        return 1
    guard = Guard(program, settings.lock_minutes)
    guard.start()
    templates = TemplateCheck(program, content, files)
    templates.start()
    care.start((told, says, *program.notices))
    spare_what_stands()
    code = app.exec()
    hook.remove()
    care.close()
    return 1 if templates.window is not None else code


def application(arguments: Sequence[str] = ()) -> QApplication:
    """Return the one application object, made if there is none."""
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication([NAME, *arguments])
        Collecting(app)
    app.setApplicationName("cramp-triage")
    app.setApplicationDisplayName(NAME)
    app.setWindowIcon(QIcon(str(ICON)))
    # By this, desktops of Linux find the name and the icon of a window.
    app.setDesktopFileName("cramp-triage")
    return app


def read_content(files: ContentFiles | None = None) -> Content:
    """Read the clinical content, all or nothing.

    Raises
    ------
    ContentError
        With every problem.
    """
    return load_content(files or ContentFiles())


def now() -> datetime:
    """Return the present time with its zone: the one clock of the window."""
    return datetime.now().astimezone()


def _begun(
    content: Content, settings: Settings, passphrase: Callable[[], str | None] | None
) -> tuple[bytes | None, Settings, bool]:
    """Return the key of the drafts, the settings, and whether to practise first; a first start asks on one page.

    Who starts the program with a passphrase at hand sets it up in another way, and is asked for nothing.
    """
    folder = drafts_folder()
    given = passphrase() if passphrase is not None else None
    unlocking = Unlocking(folder)
    asks = given is None and not settings_kept(folder)
    if not (asks and unlocking.first):
        key = unlocking.key(lambda: given)
        # Cases that can only be read are looked at, and nothing is set up for them.
        if key is None or not (asks and os.access(folder, os.W_OK)):
            return key, settings, False
    else:
        key = None
    from triage.qt.first import FirstStart

    page = FirstStart(folder, content, needs_key=key is None)
    if page.exec() != QDialog.DialogCode.Accepted:
        return None, settings, False
    return page.key or key, page.settings, page.practises


def _program(content: Content, settings: Settings, theme: Theme, key: bytes) -> Program | None:
    folder, says = drafts_folder(), ""
    try:
        store = DraftStore(folder, key, now)
    except (MissingDraftsError, DamagedError) as error:
        from triage.qt.drafts.damage import way_on
        from triage.store.rescue import set_aside

        is_missing = isinstance(error, MissingDraftsError)
        aside = error.aside if isinstance(error, DamagedError) else set_aside(folder)
        into = backups_of(settings, folder)
        way = way_on(folder, key, into, aside, is_missing=is_missing)
        if way is None:
            return None
        says = way.says
        store = DraftStore(folder, key, now, begin=way.is_empty)
    if store.read_only and not _is_to_read(store):
        return None
    keep = partial(change_settings, folder)
    looks = KeptLooks(folder, theme)
    program = Program(Assessor(content), store, settings, theme, now, keep, looks)
    program.notices = (store.says, says)
    return program


def _is_to_read(store: DraftStore) -> bool:
    """Ask whether cases are looked at that can only be read; else the program is closed.

    Raises
    ------
    OtherFolderError
        If the user wants to work in another folder.
    """
    from triage.qt.drafts.read_only import ReadOnlyBox

    while True:
        box = ReadOnlyBox()
        box.exec()
        answer = box.clickedButton()
        if answer is not box.choose:
            is_read = answer is not box.shut
            if not is_read:
                store.close()
            return is_read
        if folder := _chosen_folder():
            store.close()
            raise OtherFolderError(folder)


def _chosen_folder() -> Path | None:
    return ask_folder(None, tr("Another folder for the cases"))


def _back_up(store: DraftStore, settings: Settings) -> Popen[bytes] | None:
    return store.back_up(backups_of(settings, store.folder))


def _open_first(program: Program, draft: str | None) -> None:
    if draft is None:
        program.begin()
    elif Path(draft).suffix.lower() in (".json", ".pdf"):
        program.import_case(Path(draft))
    else:
        program.open_window(draft)


class Guard(QObject):
    """Locks the program when it is left alone and when the computer sleeps.

    Parameters
    ----------
    program
        What is locked.
    minutes
        How long it may be left alone; 0: for ever.
    """

    def __init__(self, program: Program, minutes: int) -> None:
        super().__init__()
        keys = next(command.keys for command in COMMANDS if command.id == "lock")
        self.watch = Watch(minutes * 60, keys, parent=self)
        self.notice = SleepNotice(self)
        self.watch.idle.connect(program.lock_idle)
        self.watch.asked.connect(program.lock_asked)
        self.watch.slept.connect(program.lock_asleep)
        self.notice.sleeping.connect(program.lock_asleep)
        program.used.connect(self.watch.touch)
        program.preferences.changed.connect(self._on_settings_changed)

    @Slot(object)
    def _on_settings_changed(self, settings: Settings) -> None:
        self.watch.wait(settings.lock_minutes * 60)

    def start(self) -> None:
        """Watch from now on, and listen to the system as soon as there is nothing else to do."""
        self.watch.start()
        QTimer.singleShot(0, self._on_idle)

    @Slot()
    def _on_idle(self) -> None:
        self.notice.listen()


class TemplateCheck(QObject):
    """Reads the letter templates once the first window has painted, and stops the program if they are at fault.

    No letter is needed to type the first key, and reading them takes as long as all the rest of the content.

    Parameters
    ----------
    program
        Closed, everything saved, if a template is at fault.
    content, files
        What the templates speak of, and where they are.
    """

    def __init__(self, program: Program, content: Content, files: ContentFiles) -> None:
        super().__init__()
        self._files = files
        self._program = program
        self._content = content
        self.window: ProblemsWindow | None = None

    def start(self) -> None:
        """Check as soon as there is nothing else to do."""
        QTimer.singleShot(0, self._on_idle)

    @Slot()
    def _on_idle(self) -> None:
        from triage.letter.template import load_templates

        try:
            load_templates(self._files, self._content.form)
        except ContentError as error:
            self.window = ProblemsWindow(error.problems)
            self.window.show()
            for window in list(self._program.windows):
                window.close()


class Unlocking(QObject):
    """Gets the key of the drafts: from the key store, from who started the program, or by asking.

    Parameters
    ----------
    folder
        Where the drafts are.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder
        self._dialog: UnlockDialog | NewPassphraseDialog | None = None
        self._key: bytes | None = None
        # Where the user wants to begin instead.
        self._other: Path | None = None

    @property
    def first(self) -> bool:
        """Whether there is nothing yet: with drafts and no keys opening says what is missing."""
        from triage.store import keys_exist

        return not keys_exist(self._folder) and not (self._folder / "drafts.db").exists()

    def key(self, passphrase: Callable[[], str | None] | None = None) -> bytes | None:
        """Return the key; None if the user gave up.

        Raises
        ------
        StoreError
            If the key file is damaged, or the given passphrase does not open it.
        OtherFolderError
            If the user gives these cases up, and begins in another folder.
        """
        from triage.store import create_keys, describe_keys, open_keys

        first = self.first
        given = passphrase() if passphrase is not None else None
        if given is not None:
            return create_keys(self._folder, given) if first else open_keys(self._folder, given)
        if not first and describe_keys(self._folder).keyring:
            try:
                return open_keys(self._folder)
            except KeyRefusedError:
                if not describe_keys(self._folder).passphrase:
                    raise
        return self._asked(first)

    def _asked(self, first: bool) -> bytes | None:
        from triage.store import keyring_available

        dialog: UnlockDialog | NewPassphraseDialog
        if first:
            dialog = NewPassphraseDialog("first", key_store=keyring_available())
            dialog.passphrase_given.connect(self._on_first_given)
        else:
            dialog = UnlockDialog()
            dialog.passphrase_given.connect(self._on_passphrase_given)
            dialog.folder_requested.connect(self._on_folder_requested)
        self._dialog = dialog
        accepted = dialog.exec() == QDialog.DialogCode.Accepted
        self._dialog = None
        if self._other is not None:
            raise OtherFolderError(self._other)
        key, self._key = self._key, None
        return key if accepted else None

    @Slot(str, bool)
    def _on_first_given(self, passphrase: str, keep: bool) -> None:
        from triage.store import create_keys

        self._try(create_keys, self._folder, passphrase, keep)

    @Slot(str)
    def _on_passphrase_given(self, passphrase: str) -> None:
        from triage.store import open_keys

        self._try(open_keys, self._folder, passphrase)

    @Slot()
    def _on_folder_requested(self) -> None:
        self._other = _chosen_folder()
        if self._other is not None and self._dialog is not None:
            self._dialog.reject()

    def _try(self, make: Callable[..., bytes], *arguments: object) -> None:
        if self._dialog is None:
            return
        try:
            self._key = make(*arguments)
        except TriageError as error:
            self._dialog.refuse(str(error))
        else:
            self._dialog.accept()


class CrashHook:
    """Takes what no one caught: saves the drafts, tells the user, and writes where it happened to stderr.

    Never what an exception says, nor the values of a frame: both can hold what was typed about a patient.

    Parameters
    ----------
    program
        The windows whose drafts are to be saved.
    """

    def __init__(self, program: Program) -> None:
        self._program = program
        self._before = sys.excepthook

    def install(self) -> None:
        """Put the hook in place."""
        sys.excepthook = self

    def remove(self) -> None:
        """Put the earlier hook back."""
        sys.excepthook = self._before

    def __call__(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        """Handle an exception."""
        if issubclass(kind, KeyboardInterrupt):
            self._program.save_all()
            QApplication.exit(130)
            return
        print(report(kind, trace), file=sys.stderr)
        try:
            saved = self._program.save_all()
        except Exception:
            saved = False
        kept = (
            tr("What you typed is saved.")
            if saved
            else tr("What you typed could not be saved: save it elsewhere.")
        )
        self._program.tell(
            tr(
                "Something went wrong in the program. {kept}",
                kept=kept,
            )
        )


def report(kind: type[BaseException], trace: TracebackType | None) -> str:
    """Return where an exception came from, without its text and without any value."""
    frames = traceback.extract_tb(trace)
    places = (f"  {Path(f.filename).name}:{f.lineno} in {f.name}" for f in frames)
    return "\n".join((f"unexpected {kind.__name__}", *places))
