"""The running program: what all windows share, and the windows that are open."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QWidget

from triage.content.casefile import LARGEST
from triage.content.practice import read_practice
from triage.errors import TriageError
from triage.files import any_text_of, read_bytes
from triage.model.values import Value
from triage.qt.ask.section import SectionView
from triage.qt.case_list import CaseList
from triage.qt.drafts.saving import Saving
from triage.qt.lock import ASLEEP, BY_KEY, Lock, idle_for
from triage.qt.parts.clipboard import Clipboard
from triage.qt.parts.dropped import is_text
from triage.qt.parts.meanwhile import keep_keys
from triage.qt.parts.messages import Messages
from triage.qt.parts.paths import ask_folder
from triage.qt.parts.theme import Theme
from triage.qt.parts.words import tr
from triage.qt.preferences import Preferences
from triage.qt.shell.kept import KeptLooks
from triage.qt.shell.phrases import Phrases
from triage.qt.ways import Ways
from triage.qt.window import MainWindow
from triage.rules.assess import Assessor
from triage.session import Changed, Session
from triage.session.draft import DraftStore, OpenDraft, PracticeDraft
from triage.session.earlier import next_visit, reference
from triage.session.letters import LetterDesk
from triage.session.own import (
    files_of,
    filled,
    is_blank,
    is_untouched,
)
from triage.settings import Settings

if TYPE_CHECKING:
    from triage.content.load import Content
    from triage.letter.template import Templates


# So many cases, those changed last, are looked through at a start.
_SWEPT = 20
# So many stand in the menu of recent cases: each has its digit.
_RECENT = 9


class Program(QObject):
    """Opens windows on drafts and keeps them.

    Parameters
    ----------
    keep
        Keeps a part of the settings, by its key, and returns them all; without it they are kept in memory alone.
    looks
        Keeps how windows look from one start to the next; without it each begins at the usual size.

    Signals
    -------
    finished
        The last window was closed.
    used
        Something was recorded.
    backups_requested : object
        The window above which the backups are asked for.
    """

    finished = Signal()
    used = Signal()
    backups_requested = Signal(object)

    def __init__(
        self,
        assessor: Assessor,
        store: DraftStore,
        settings: Settings,
        theme: Theme,
        clock: Callable[[], datetime],
        keep: Callable[[str, object], Settings] | None = None,
        looks: KeptLooks | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._looks = looks
        # What was put right or went wrong before the first window, to be told in it.
        self.notices: tuple[str, ...] = ()
        # What is told while no window is open: the list hears it.
        self._no_window = Messages(self)
        self._assessor = assessor
        self.store = store
        self._theme = theme
        self.clipboard = Clipboard(settings.clipboard_seconds, self)
        self.phrases = Phrases(settings.phrases, clock, self)
        self.phrases.told.connect(self.warn)
        self.preferences = Preferences(
            settings, assessor.content, self._folder, clock, self.clipboard, keep, self
        )
        self.preferences.changed.connect(self._on_settings_changed)
        self.preferences.wanted.connect(self._on_wanted_in_settings)
        self.ways = Ways(self._folder, self.clipboard, self)
        self.ways.told.connect(self.inform)
        self.case_list = CaseList(self.clipboard, self)
        self.case_list.draft_chosen.connect(self._on_draft_chosen)
        self.case_list.visit_chosen.connect(self._on_visit_chosen)
        self.case_list.new_requested.connect(self._on_new_requested)
        self.case_list.lock_requested.connect(self.lock_asked)
        self.case_list.import_chosen.connect(self._on_import_chosen)
        self.case_list.noted.connect(self._on_letters_noted)
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

    @property
    def now(self) -> Callable[[], datetime]:
        """The clock."""
        return self._clock

    @property
    def settings(self) -> Settings:
        """The settings as they are now."""
        return self.preferences.settings

    def _folder(self) -> Path:
        return self.store.folder

    # -- windows --------------------------------------------------------------------------------

    def new_window(self, values: Mapping[str, Value] | None = None) -> MainWindow:
        """Open a window on a new case that holds `values`."""
        content = self._assessor.content
        return self._show(
            self.store.create(content, filled(values or {}, self.settings, content.form)),
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
        form = self._assessor.content.form
        self.store.check_form(draft, form.id)
        opened = self.store.opened(draft)
        if opened is not None:
            opened.flush()
        return self.new_window(next_visit(form, draft, self.store.read(draft)))

    @Slot()
    def practise(self) -> None:
        """Open a window on the practice patient: of it nothing is kept, printed or issued."""
        self._attempt(self._practise)

    def _practise(self) -> None:
        content = self._assessor.content
        found = read_practice(
            files_of(self.settings, content.form.id), content, self._clock().date()
        )
        if found is None:
            raise TriageError(tr("This form has no practice patient."))
        values = filled(dict(found.case), self.settings, content.form)
        window = self._show(PracticeDraft(values, self._clock().astimezone(UTC)))
        window.practise(found.steps)

    def open_window(self, draft: str) -> MainWindow:
        """Open a window on a draft; read-only if another window has it."""
        self.store.check_form(draft, self._assessor.content.form.id)
        return self._show(self.store.open(draft))

    def _show(self, opened: OpenDraft, *, anew: bool = False) -> MainWindow:
        window = make_window(
            self._assessor,
            opened,
            self.settings,
            self._theme,
            self._clock,
            clipboard=self.clipboard,
        )
        window.wanted.connect(self._on_wanted)
        window.recent.chosen.connect(self._on_draft_chosen)
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
        # A name may be typed before the window for it is there; an answer is seen before it is given.
        keep_keys(window, meant=anew)
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
        from triage.pdf import forget_words

        self._assessor.forget()
        forget_words()

    def _put_away(self, session: Session, draft: str) -> None:
        """Leave no row in the list for a case that holds nothing: what once held something goes to the bin."""
        form = self._assessor.content.form
        if not draft or session.read_only or not is_blank(session.case, self.settings, form):
            return
        if is_untouched(session.history.edits, self.settings, form):
            self._attempt(self.store.delete, draft)
        elif not self.store.do(lambda drafts: drafts.issues(draft)):
            self._attempt(self.store.bin, draft)

    @property
    def has_drafts(self) -> bool:
        """Whether there is any draft that no window of this program has open."""
        return self.store.has_others

    # -- what windows ask for -------------------------------------------------------------------

    @Slot(str)
    def _on_wanted(self, command: str) -> None:
        if (window := self._asking()) is not None:
            self._attempt(self._do, command, window)

    def _do(self, command: str, window: MainWindow) -> None:
        """Do what the user wants in a window, by the id of its command."""
        match command:
            case "new":
                self.new_window()
            case "new_visit":
                window.session.end_typing()
                self.new_visit(self._ids[window])
            case "practice":
                self.practise()
            case "drafts":
                self.show_drafts(window)
            case "recent":
                self._show_recent(window)
            case "lock":
                self.lock_asked()
            case "addresses":
                self.preferences.show(window, "recipients")
            case "settings":
                self.preferences.show(window)
            case "about":
                self.preferences.show_about(window)
            case "elsewhere":
                self._ask_elsewhere(window)
            case "passphrase" | "recovery" | "backups":
                self._ask_above(window, command)
            case setting:
                self.preferences.ask(window, setting)

    def _ask_above(self, above: QWidget | None, command: str) -> None:
        if command == "passphrase":
            self.ways.ask_passphrase(above)
        elif command == "recovery":
            self.ways.ask_recovery(above)
        else:
            self.backups_requested.emit(above)

    @Slot(str)
    def _on_wanted_in_settings(self, command: str) -> None:
        self._ask_above(self.preferences.dialog, command)

    @Slot()
    def _on_new_requested(self) -> None:
        self._attempt(self.new_window)

    @Slot(str)
    def _on_visit_chosen(self, draft: str) -> None:
        self._attempt(self.new_visit, draft)

    @Slot(object)
    def _on_import_chosen(self, path: Path) -> None:
        if not self.lock.is_locked:
            self._attempt(self.import_case, path)

    def _show_recent(self, window: MainWindow) -> None:
        """Name the cases that were changed last, but that of the window; none while locked."""
        found = [] if self.lock.is_locked else self.store.list(limit=_RECENT + 1)
        others = [info for info in found if info.id != self._ids[window] and info.name]
        window.recent.show_cases(others[:_RECENT])

    def show_drafts(self, parent: MainWindow | None = None) -> None:
        """Show the list of cases."""
        from triage.session.cases import Cases

        here = frozenset(self._ids[window] for window in self._writing)
        cases = Cases(self.store, self._assessor, self.settings, self._clock, here)
        self.case_list.open(cases, self._messages(), parent)

    @Slot()
    def _on_letters_noted(self) -> None:
        for window in self.windows:
            self._attempt(window.letters.read_again)
            window.letter.refresh_soon()

    @Slot(int)
    def _on_issued(self, version: int) -> None:
        if (window := self._asking()) is not None:
            self.preferences.ask_after_issue(window)

    @Slot(object)
    def _on_settings_changed(self, settings: Settings) -> None:
        self.clipboard.seconds = settings.clipboard_seconds
        self.phrases.take(settings.phrases)
        for window in self.windows:
            window.letters.settings = settings
            window.letter.refresh_soon()
            window.review.refresh_soon()

    @Slot()
    def _on_same_patient_asked(self) -> None:
        window = self._asking()
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
    def _on_file_dropped(self, path: Path) -> None:
        window = self._asking()
        if is_text(path) and window is not None and not self.lock.is_locked:
            self._attempt(self._take_text, path, window)
        else:
            self._on_import_chosen(path)

    def _take_text(self, path: Path, window: MainWindow) -> None:
        """Show in a window what a file of plain text means for its case."""
        if window.session.read_only:
            raise TriageError(tr("This case is read-only: no text is recorded in it."))
        try:
            text = any_text_of(read_bytes(path, LARGEST))
        except TriageError as error:
            raise TriageError(f"{path.name}: {error}.") from None
        window.dialogs.take_text(text)

    def import_case(self, path: Path) -> MainWindow:
        """Open a new case that holds what the CASE.json, or the issued letter, at `path` says.

        Of a letter that was issued here the case itself is opened, and of one that was opened before its draft.

        Raises
        ------
        TriageError
            If it cannot be read as a case.
        """
        from triage.session.outside import BEGUN_BEFORE, bring

        try:
            data = read_bytes(path, LARGEST)
        except TriageError as error:
            raise TriageError(f"{path.name}: {error}.") from None
        if there := self.store.issued_as(data):
            return self._shown_as_issued(*there)
        brought = bring(
            data,
            path.name,
            self._assessor_of,
            self._templates_of,
            self.settings,
            self._clock().date(),
            self._assessor.content.form.id,
        )
        if there := self.store.issued_with(brought):
            return self._shown_as_issued(*there)
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

    def _shown_as_issued(self, draft: str, version: int) -> MainWindow:
        from triage.session.outside import issued_here

        window = self._shown(draft)
        window.messages.info(issued_here(version))
        return window

    def _assessor_of(self, form: str) -> Assessor:
        """Return the content that is open here."""
        if form != self._assessor.content.form.id:
            raise TriageError(tr("it is for another form: open the program with that one (--form)"))
        return self._assessor

    def _templates_of(self, content: Content) -> Templates:
        from triage.letter.template import load_templates

        return load_templates(files_of(self.settings, content.form.id), content.form)

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
        self.lock.lock(idle_for(self.settings.lock_minutes))

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
        self._messages().attempt(act, *args)

    def _asking(self) -> MainWindow | None:
        """Return the window that asks, in a slot that it or a part of it calls."""
        part = self.sender()
        window = part.window() if isinstance(part, QWidget) else None
        return window if isinstance(window, MainWindow) else None

    def _messages(self) -> Messages:
        return self.windows[-1].messages if self.windows else self._no_window

    def _ask_elsewhere(self, window: MainWindow) -> None:
        folder = ask_folder(window, tr("Keep the cases in another folder"))
        if folder is not None:
            self.save_elsewhere(folder)

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

    # -- from beginning to end ------------------------------------------------------------------

    def _sweep(self) -> None:
        """Delete the untouched cases that windows left behind which were stopped and not closed."""
        form = self._assessor.content.form
        for info in self.store.list(show="never issued", limit=_SWEPT):
            if info.name or info.claimed:
                continue
            if is_untouched(self.store.read(info.id).edits, self.settings, form):
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

    def close(self) -> bool:
        """Close the drafts; return whether everything is on the disk."""
        self.clipboard.leave()
        return self.store.close()

    def save_all(self) -> bool:
        """Write what every window holds; return whether all of it is on the disk."""
        # Every window, also after one that fails.
        unsaved = [window for window in self.windows if not window.saving.draft.flush()]
        return not unsaved

    def inform(self, text: str) -> None:
        """Tell something that may be missed, in the settings too where they stand over the line of the window."""
        self._messages().info(text)
        if self.preferences.dialog is not None:
            self.preferences.dialog.tell(text)

    @Slot(str)
    def warn(self, text: str) -> None:
        """Tell of something that was put right."""
        self._messages().warning(text)

    def tell(self, text: str) -> None:
        """Tell every window of something that went wrong."""
        for window in self.windows:
            window.messages.error(text)


def make_window(
    assessor: Assessor,
    opened: OpenDraft,
    settings: Settings,
    theme: Theme,
    clock: Callable[[], datetime],
    questions: Callable[..., SectionView] = SectionView,
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
        middle = questions(session, goes_on=goes_on)
        return MainWindow(session, middle, Saving(opened), desk, Messages(), theme, board)
