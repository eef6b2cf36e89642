"""The main window: header, rail, questions, assessment and letter of one case, and all their connections."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QMetaObject, QPoint, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QAction,
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QResizeEvent,
    QShortcut,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QHBoxLayout,
    QMainWindow,
    QMenu,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from triage.content.describe import describe_rule
from triage.content.practice import Step as TourStep
from triage.letter.words.person import name_of
from triage.qt.ask.pasted import has_lines, has_patient
from triage.qt.drafts.same_patient import SamePatientBar
from triage.qt.drafts.saving import Saving, save_copy
from triage.qt.letter.beside import Beside
from triage.qt.letter.preview import LetterPage
from triage.qt.navigator import Navigator
from triage.qt.panel.pane import Panel
from triage.qt.panel.resting import RestingDialog
from triage.qt.panel.review import ReviewPage
from triage.qt.panel.urgency_dialog import UrgencyDialog
from triage.qt.parts.clipboard import Clipboard
from triage.qt.parts.dropped import file_of, is_file
from triage.qt.parts.keys import char_of, is_held, names_of, note_release
from triage.qt.parts.messages import Messages
from triage.qt.parts.soon import Soon
from triage.qt.parts.theme import Theme
from triage.qt.parts.words import tr
from triage.qt.shell.actions import COMMANDS, CONFIRM, SCHEME, build_actions, section_commands
from triage.qt.shell.day_bar import DayBar
from triage.qt.shell.header import Header, saved_at
from triage.qt.shell.help import KeysDialog, guide_dialog, happened_dialog, rule_dialog
from triage.qt.shell.hints import Hints
from triage.qt.shell.line import Line, place_of
from triage.qt.shell.rail import COMPACT, Rail
from triage.qt.shell.since_bar import SinceBar
from triage.qt.shell.tour import Tour
from triage.qt.shell.unsaved import UnsavedBox
from triage.session import Changed, Session
from triage.session.letters import LetterDesk
from triage.session.steps import Step, phrase, told
from triage.session.steps import place_of as place_of_step
from triage.session.unsaved import Unsaved, unsaved_of
from triage.store.records import standing

if TYPE_CHECKING:
    from triage.letter.words.said.urgency import Headline
    from triage.qt.ask.paste import Pasting
    from triage.qt.lock import LockPage
    from triage.qt.shell.palette import Palette

SMALLEST = QSize(900, 560)
USUAL = QSize(1280, 720)
# From which width on, at the usual size of the text, the sections and the assessment are how wide.
_STRIP, _ONE_COLUMN, _TWO_COLUMNS = 0, 376, 784
_COLUMNS = (
    (1700, 216, _TWO_COLUMNS),
    (1180, 192, _ONE_COLUMN),
    (900, COMPACT, 340),
    # No column has room beside the form: the head stands above it.
    (0, COMPACT, _STRIP),
)
# From this width on questions, assessment and a page that can be read stand side by side.
WIDE = 1600
_PAGE, _QUESTIONS, _NARROW_PANEL = 620, 460, 340
# What would take a practice patient out of the window.
_NOT_IN_PRACTICE = ("issue", "save_pdf", "print", "copy_text", "save_copy", "sender")


class MainWindow(QMainWindow):
    """One case.

    Parameters
    ----------
    session
        The case.
    questions
        The view of the questions: a widget that is also `Questions`.
    saving
        Tells what became of edits.
    letters
        Makes, checks and issues letters.
    messages
        The channel for what there is to tell.
    theme
        Zooms the text.
    clipboard
        Takes the text of the letter.

    Signals
    -------
    new_requested
        The user wants a new case.
    visit_requested
        The user wants a further visit of this patient.
    drafts_requested
        The user wants the list of cases.
    recent_requested
        The menu of recent cases opens: whoever is connected says which there are (`show_recent`).
    recent_chosen : str
        The user wants this one of them.
    setting_requested : str
        The user wants to give a part of the settings: ``senders``, or a recipient's address.
    settings_requested : str
        The user wants to see the settings, from this page on.
    practice_requested
        The user wants to practise.
    about_requested
        The user wants to know what the program is and works with.
    passphrase_requested, recovery_requested
        The user wants to change the passphrase, or to have a recovery key.
    lock_requested
        The user wants the program locked.
    backups_requested
        The user wants to see the backups.
    save_elsewhere_requested
        Saving fails, and the user wants all cases in another folder.
    file_dropped : object
        The file at this path was dropped on the window.
    closed
        The window is closed, everything flushed.
    """

    new_requested = Signal()
    visit_requested = Signal()
    drafts_requested = Signal()
    recent_requested = Signal()
    recent_chosen = Signal(str)
    setting_requested = Signal(str)
    settings_requested = Signal(str)
    about_requested = Signal()
    practice_requested = Signal()
    passphrase_requested = Signal()
    recovery_requested = Signal()
    lock_requested = Signal()
    backups_requested = Signal()
    save_elsewhere_requested = Signal()
    file_dropped = Signal(object)
    closed = Signal()

    def __init__(
        self,
        session: Session,
        questions: QWidget,
        saving: Saving,
        letters: LetterDesk,
        messages: Messages,
        theme: Theme,
        clipboard: Clipboard,
    ) -> None:
        super().__init__()
        self.session = session
        self.saving = saving
        self._why_read_only = saving.draft.why_read_only if session.read_only else ""
        self.letters = letters
        # The question that stands while what cannot be saved keeps the window from closing.
        self.asking: UnsavedBox | None = None
        # While the program is locked: what covers the window, what could be done, and where the focus was.
        self.lock_page: LockPage | None = None
        self._silenced: list[QAction | QShortcut] = []
        self._focused: QWidget | None = None
        # The line of quick entry while it is open.
        self.quick: Palette | None = None
        # What goes with a practice patient.
        self.tour: Tour | None = None
        self.messages = messages
        self._theme = theme
        self.questions = questions
        self.header = Header(session)
        self.line = Line(messages)
        self.day_bar = DayBar(session)
        self.same_patient = SamePatientBar(session)
        self.since_bar = SinceBar(session, letters)
        self.rail = Rail(session)
        self.panel = Panel(session)
        self.beside = Beside(session, letters)
        self.letter = LetterPage(session, letters, messages, clipboard)
        self.review = ReviewPage(session, letters)
        # Where the questions are, or the review in their place.
        self.middle = QStackedWidget()
        self.middle.addWidget(questions)
        self.middle.addWidget(self.review)
        self.split = QSplitter(Qt.Orientation.Horizontal)
        self.stack = QStackedWidget()
        # Where the letter beside the form stands: whether it is shown, and on its own. How wide all was without it.
        self._beside_at = (False, False)
        self._sizes: list[int] = []
        parts = (self.stack, self.split, questions, self.rail, self.panel, self.beside, self.letter)
        self.go = Navigator(*parts, self.middle, self.review, messages, self)
        self.commands = (*COMMANDS, *section_commands(session.form.sections))
        self.actions_ = build_actions(
            self, self.menuBar(), self.commands, self._handlers(), read_only=session.read_only
        )
        self.recent = self._make_recent()
        # No patient value here: window lists, task bars and screen sharing show it.
        # Qt adds the name of the program.
        self.setWindowTitle(session.form.title)
        self.setAcceptDrops(True)
        # The text that was dropped, and on what.
        self._dropped: tuple[str, QWidget | None] = ("", None)
        self._drop = Soon(self._on_dropped, self)
        self._lay_out()
        self._connect_signals()
        self._show_state()
        self.go.show_section(next(iter(session.form.sections)))
        if session.read_only:
            self._say_read_only()

    def _make_recent(self) -> QMenu:
        """Put the recent cases behind the list of all."""
        made, drafts = QMenu(tr("Recent cases"), self), self.actions_["drafts"]
        menu = next(m for m in self.menuBar().findChildren(QMenu) if drafts in m.actions())
        actions = menu.actions()
        menu.insertMenu(actions[actions.index(drafts) + 1], made)
        made.aboutToShow.connect(self.recent_requested)
        made.triggered.connect(self._on_recent)
        # Once the choice was heard: no name stays in a menu that nobody looks at.
        made.aboutToHide.connect(self._forget_recent, Qt.ConnectionType.QueuedConnection)
        return made

    def show_recent(self, cases: Sequence[tuple[str, str]]) -> None:
        """Show these cases in the menu that opens: their ids, and what they are called."""
        self._forget_recent()
        for at, (draft, text) in enumerate(cases, start=1):
            shown = text.replace("&", "&&")
            self.recent.addAction(f"&{at} {shown}").setData(draft)
        if not cases:
            self.recent.addAction(tr("No other cases")).setEnabled(False)

    @Slot()
    def _forget_recent(self) -> None:
        self.recent.clear()

    @Slot(QAction)
    def _on_recent(self, action: QAction) -> None:
        self.recent_chosen.emit(str(action.data()))

    def begin(self, *, anew: bool) -> None:
        """Put the focus on the first open question, or in a case that was left where it was left."""
        edits = self.session.history.edits
        places = (place_of_step(self.session.form, (edit.key,)) for edit in reversed(edits))
        self.go.begin("" if anew else next(filter(None, places), ""))

    def _lay_out(self) -> None:
        self.split.setChildrenCollapsible(False)
        self.split.setHandleWidth(1)
        self.middle.setMinimumWidth(_QUESTIONS)
        self.panel.setMinimumWidth(_NARROW_PANEL)
        self._columns = (0, _ONE_COLUMN)
        self.beside.hide()
        self.split.addWidget(self.middle)
        self.split.addWidget(self.panel)
        self.split.setStretchFactor(0, 1)
        self.stack.addWidget(self.split)
        self.stack.addWidget(self.letter)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.rail)
        middle.addWidget(self.stack, 1)
        body = QWidget()
        layout = QVBoxLayout(body)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.header)
        layout.addWidget(self.line)
        self.bars = QVBoxLayout()
        self.bars.addWidget(self.day_bar)
        self.bars.addWidget(self.same_patient)
        self.bars.addWidget(self.since_bar)
        layout.addLayout(self.bars)
        layout.addLayout(middle, 1)
        self.body = QStackedWidget()
        self.body.addWidget(body)
        self.setCentralWidget(self.body)
        self.setMinimumSize(SMALLEST)
        self.resize(USUAL)
        self._place_columns()

    def _connect_signals(self) -> None:
        # What the last change said by itself.
        self._said = ""
        # What was said of an emergency.
        self._alarm = ""
        # Up to which edit all is on the disk.
        self._kept = self.session.history.n
        self.session.subscribe(self._on_session_changed)
        application = QGuiApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._on_focus_changed)
        self.saving.saved.connect(self._on_saved)
        self.saving.failed.connect(self._on_save_failed)
        self.saving.told.connect(self.messages.warning)
        self.line.more_requested.connect(self._on_happened)
        self.line.alarm.save_elsewhere_requested.connect(self.save_elsewhere_requested)
        self.line.alarm.try_requested.connect(self._on_try_saving)
        self.rail.section_chosen.connect(self.go.show_section)
        self.rail.next_requested.connect(self.go.next_open)
        self.rail.letter_requested.connect(self.go.show_letter)
        self.go.questions.section_shown.connect(self.rail.show_section)
        self.go.questions.section_shown.connect(self.since_bar.show_section)
        self.go.questions.section_shown.connect(self._on_section_shown)
        self.since_bar.confirm_requested.connect(self._on_confirm_section)
        self.go.questions.focus_question_changed.connect(self.go.note_focus)
        self.panel.question_requested.connect(self.go.go_to)
        self.panel.urgency_requested.connect(self._on_urgency)
        self.panel.told.connect(self.messages.info)
        # Later: what the key itself has to say stands behind it.
        queued = Qt.ConnectionType.QueuedConnection
        self.panel.banner.alarmed.connect(self._on_alarmed, queued)
        self.panel.pages_requested.connect(self._on_pages_requested)
        self.panel.laid.connect(self._on_laid)
        self.review.question_requested.connect(self.go.go_from_review)
        self.review.setting_requested.connect(self.setting_requested)
        self.review.letter_requested.connect(self.go.show_letter)
        self.review.told.connect(self.messages.info)
        self.review.left.connect(self.go.show_form)
        self.rail.review_requested.connect(self.go.show_review)
        self.letter.question_requested.connect(self.go.go_to)
        self.letter.closed.connect(self.go.show_work)
        self.letter.issued.connect(self._on_issued)
        self.letter.setting_requested.connect(self.setting_requested)
        self._theme.zoomed.connect(self._on_zoomed)
        self._theme.chosen.connect(self._show_scheme)
        self._show_scheme(self._theme.scheme)
        # Fields claim this key for text; several lines over a result, and any where no field is, come here.
        paste = QShortcut(QKeySequence.StandardKey.Paste, self)
        paste.setEnabled(not self.session.read_only)
        paste.activated.connect(self._on_paste)
        for menu in self.menuBar().findChildren(QMenu):
            menu.aboutToShow.connect(self._on_edit_menu)
        menus = QShortcut(QKeySequence("F10"), self)
        menus.activated.connect(self._on_menus)

    def _handlers(self) -> dict[str, Callable[[], None]]:
        go = self.go
        found: dict[str, Callable[[], None]] = {
            "new": self._on_new,
            "new_visit": self._on_new_visit,
            "drafts": self._on_drafts,
            "letter": go.show_letter,
            "issue": self._on_issue,
            "sender": self._on_sender,
            "save_pdf": self.letter.save_pdf,
            "print": self.letter.print_letter,
            "copy_text": self.letter.copy_text,
            "save_copy": self._on_save_copy,
            "backups": self._on_backups,
            "passphrase": self._on_passphrase,
            "recovery": self._on_recovery,
            "addresses": self._on_addresses,
            "settings": self._on_settings,
            "lock": self._on_lock,
            "close": self._on_close,
            "undo": self._on_undo,
            "redo": self._on_redo,
            "confirm_section": self._on_confirm_section,
            "paste_results": self._on_paste_results,
            "paste_note": self._on_paste_note,
            "paste_patient": self._on_paste_patient,
            "find": self._on_find,
            "next_section": go.next_section,
            "previous_section": go.previous_section,
            "next_open": go.next_open,
            "review": go.show_review,
            "more": self._on_more,
            "hints": self._on_hints,
            "next_pane": go.next_pane,
            "urgency": self._on_urgency,
            "call": go.show_call,
            "accept_essential": self._on_accept_essential,
            "leave_rest": self._on_leave_rest,
            "show_urgency": go.show_urgency,
            "show_tests": go.show_tests,
            "show_differential": go.show_differential,
            "show_plan": go.show_plan,
            "beside": self._on_beside,
            "zoom_in": self._on_zoom_in,
            "zoom_out": self._on_zoom_out,
            "zoom_reset": self._on_zoom_reset,
            **dict.fromkeys(self._schemes(), self._on_scheme),
            "shortcuts": self._on_shortcuts,
            "practice": self.practice_requested.emit,
            "guide": self._on_guide,
            "happened": self._on_happened,
            "about": self._on_about,
        }
        # The chosen action itself says which section it leads to.
        for section in section_commands(self.session.form.sections):
            found[section.id] = go.show_named_section
        return found

    # -- the case -------------------------------------------------------------------------------

    def _on_session_changed(self, changed: Changed) -> None:
        self._show_state()
        if self.line.is_alarm:
            self._show_unsaved()
        self.line.take_change(changed)
        self._said = changed.says
        if changed.says:
            self.messages.warning(changed.says)

    @Slot(object)
    def _on_alarmed(self, head: Headline | None) -> None:
        if head is not None and self.line.is_error and self.line.text != self._alarm:
            # What the program could not do is said nowhere else; the level stands above the assessment.
            return
        if head is not None:
            self._alarm = head.since(self.session.history.edits[-1].at.astimezone())
            self.messages.error(self._alarm)
        elif self.line.text == self._alarm:
            self.messages.info(tr("No longer an emergency."))

    @Slot(QWidget, QWidget)
    def _on_focus_changed(self, left: QWidget | None, now: QWidget | None) -> None:
        # What was typed in the field that is left is one edit from now on.
        self.session.end_typing()
        if now is not None and self.isAncestorOf(now):
            self._show_keys(now)
        if self.tour is not None:
            # Once the focus is where the key leads to.
            self.tour.later.start()

    @Slot(str)
    def _on_section_shown(self, section: str) -> None:
        if self.session.earlier is not None:
            self._show_keys(self.focusWidget())

    def _show_keys(self, widget: QWidget | None) -> None:
        """Show the keys of `widget`, in front that which confirms, where there is something to confirm."""
        count = self.session.to_confirm_in(self.rail.section)
        confirms = (CONFIRM, tr("confirm {count} as before", count=count))
        self.line.show_keys(widget, (confirms,) if count and not self.session.read_only else ())

    @Slot(int)
    def _on_saved(self, n: int) -> None:
        self._kept = n
        if n >= self.session.history.n:
            self.header.set_saved(saved_at(datetime.now().astimezone()))
        self.line.end_failure()

    @Slot(str)
    def _on_save_failed(self, reason: str) -> None:
        lost = self._unsaved()
        self.line.show_failure(reason, lost.at if lost else "")
        self._show_unsaved()

    def _unsaved(self) -> Unsaved | None:
        return unsaved_of(self.session.form, self.session.history, self._kept)

    def _show_unsaved(self) -> None:
        lost = self._unsaved()
        says = tr("{answers} not saved", answers=lost.answers) if lost else tr("Not saved")
        self.header.set_saved(says, alarm=True)

    @Slot()
    def _on_try_saving(self) -> None:
        # Whoever saves tells how it went.
        self.saving.draft.flush()

    @Slot(int)
    def _on_issued(self, version: int) -> None:
        self._show_state()

    def practise(self, steps: Sequence[TourStep]) -> None:
        """Lead through the practice with this patient, of whom nothing is kept, printed or issued."""
        self.tour = Tour(self.session, steps)
        self.tour.went.connect(self._on_tour_went)
        self.tour.ended.connect(self._on_tour_ended)
        self.stack.currentChanged.connect(self._on_stack_changed)
        self.bars.addWidget(self.tour)
        for name in _NOT_IN_PRACTICE:
            self.actions_[name].setEnabled(False)
        self._show_state()
        self.tour.begin()

    @Slot(str)
    def _on_tour_went(self, place: str) -> None:
        if place:
            self.go.go_to(place)

    @Slot()
    def _on_tour_ended(self) -> None:
        self.close()

    @Slot(int)
    def _on_stack_changed(self, at: int) -> None:
        if self.tour is not None and self.stack.widget(at) is self.letter:
            self.tour.note("letter")

    def _show_state(self) -> None:
        if self.tour is not None:
            self.header.set_state(tr("Practice"))
            self.header.set_saved(tr("Not saved"))
            return
        if self.session.read_only:
            self.header.set_state(f"read-only: {self._why_read_only}")
            self.header.set_saved("")
            return
        outside = self.letters.outside
        self.header.set_state(standing(self.letters.state, is_outside=bool(outside)), outside)
        self.actions_["undo"].setEnabled(self.session.can_undo)
        self.actions_["redo"].setEnabled(self.session.can_redo)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give each column its width, and place the letter beside the form where there is room."""
        super().resizeEvent(event)
        self._place_beside()
        if self.quick is not None:
            self.quick.stand_over(self._palette_room())

    def _place_columns(self) -> None:
        """Give the sections and the assessment the widths that go with that of the window."""
        zoom = self._theme.zoom / 100
        _, rail, panel = next(row for row in _COLUMNS if self.width() >= row[0] * zoom)
        # The letter beside the form needs the room of the second column of the assessment.
        is_wide = panel == _TWO_COLUMNS and not self.actions_["beside"].isChecked()
        if panel == _TWO_COLUMNS and not is_wide:
            panel = _ONE_COLUMN
        columns = round(rail * zoom), min(round(panel * zoom), self.width() * 9 // 20)
        if columns == self._columns:
            return
        self._columns = columns
        self.rail.set_compact(rail == COMPACT)
        self.rail.setFixedWidth(columns[0])
        self.panel.set_wide(is_wide)
        self._place_strip(panel == _STRIP)
        if not (self._beside_at[0] or self.panel.is_strip):
            self.split.setSizes([self.width() - sum(columns), columns[1]])

    @Slot(bool)
    def _on_laid(self, laid: bool) -> None:
        self.middle.setHidden(laid)
        if self.panel.is_strip:
            # The head has the height that it needs, the form all the rest.
            self.split.setSizes([0, self.height()])

    def _place_strip(self, is_strip: bool) -> None:
        """Set the assessment as a strip above the form, or right of it."""
        way = Qt.Orientation.Vertical if is_strip else Qt.Orientation.Horizontal
        if way != self.split.orientation():
            self.split.setOrientation(way)
            self.split.insertWidget(0 if is_strip else 1, self.panel)
            self.panel.set_strip(is_strip)

    @Slot()
    def _on_beside(self) -> None:
        self._place_beside()
        if self.letter.isVisible():
            self.go.show_work()

    def _place_beside(self) -> None:
        """Show the letter right of the assessment, or where there is no room for both in place of its pages."""
        is_on = self.actions_["beside"].isChecked()
        was_on = self._beside_at[0]
        if is_on and not was_on:
            self._sizes = self.split.sizes()
        self._place_columns()
        at = (is_on, is_on and self.width() >= WIDE and not self.panel.is_strip)
        if at == self._beside_at:
            return
        self._beside_at = at
        self.panel.show_instead(self.beside if is_on and not at[1] else None)
        if at[1]:
            self.split.addWidget(self.beside)
        self.beside.setVisible(is_on)
        if self.panel.is_strip:
            if is_on:
                self.panel.bring_pages()
            return
        self.split.setSizes(self._sizes_beside(*at))

    def _sizes_beside(self, is_on: bool, is_wide: bool) -> list[int]:
        room = self.split.width()
        if not is_on:
            return self._sizes
        page = min(_PAGE, room - _QUESTIONS - _NARROW_PANEL * is_wide)
        if not is_wide:
            return [room - page, page]
        panel = min(self._sizes[1], room - _QUESTIONS - page)
        return [room - panel - page, panel, page]

    @Slot()
    def _on_pages_requested(self) -> None:
        self.actions_["beside"].setChecked(False)
        self._place_beside()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take what no field took: Backspace, and shortcuts by their place where the layout has no such key."""
        names = set(names_of(event))
        if "Backspace" in names:
            self.go.go_back()
            return
        if "F" in names:
            if not is_held(event):
                self._on_hints()
            return
        for action in self.actions_.values():
            if is_held(event) and not action.autoRepeat():
                continue
            if action.isEnabled() and not names.isdisjoint(
                s.toString() for s in action.shortcuts()
            ):
                action.trigger()
                return
        for menu in self.menuBar().actions():
            if f"Alt+{menu.text()[1:2]}" in names:
                self.menuBar().setActiveAction(menu)
                return
        if self.session.read_only and (char_of(event) or names & {"Delete", "Space"}):
            self._say_read_only()
            return
        super().keyPressEvent(event)

    def _say_read_only(self) -> None:
        why = self._why_read_only
        self.messages.warning(tr("{why}. Here it can be read.", why=why[:1].upper() + why[1:]))

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Note it: whether the next key is pressed anew or only held shows by it."""
        note_release(event)
        super().keyReleaseEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Ask for the day when the user comes back to a case that was left open over night."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and self.isActiveWindow():
            self.day_bar.check()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take a file, or a text of several lines. A locked window takes nothing."""
        data = event.mimeData()
        is_text = not (is_file(data) or self.session.read_only) and self._is_to_read(data.text())
        if self.lock_page is None and (is_text or file_of(data) is not None):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()

    def dropEvent(self, event: QDropEvent) -> None:
        """Hand on a file: whoever is connected opens it. Show what a text means."""
        if self.lock_page is not None:
            return
        # What is dragged stays where it is, also where it was to be moved.
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        path = file_of(event.mimeData())
        if path is not None:
            self.file_dropped.emit(path)
        else:
            over = self.childAt(event.position().toPoint())
            self._dropped = event.mimeData().text(), over
            # Once the drop is over: whoever drags waits for its end.
            self._drop.start()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Flush what is left; ask only if that cannot be done."""
        if not self.saving.draft.close():
            if self.lock_page is not None:
                self.lock_page.refuse(
                    tr("What is not saved would be lost: unlock first, then close.")
                )
                event.ignore()
                return
            self._on_save_failed(tr("The cases could not be written while closing."))
            event.ignore()
            self._ask_of_unsaved()
            return
        self.closed.emit()
        super().closeEvent(event)

    def _ask_of_unsaved(self) -> None:
        if self.asking is not None:
            return
        who = name_of(self.session.case) or tr("this patient")
        box = UnsavedBox(self._unsaved(), who, self)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.buttonClicked.connect(self._on_unsaved_answered)
        self.asking = box
        box.open()

    @Slot(QAbstractButton)
    def _on_unsaved_answered(self, button: QAbstractButton) -> None:
        box, self.asking = self.asking, None
        if box is None or button is box.stay:
            return
        if button is box.lose:
            self.saving.draft.abandon()
        else:
            self.save_elsewhere_requested.emit()
        self.close()

    # -- locked ---------------------------------------------------------------------------------

    def cover(self, page: LockPage) -> None:
        """Show nothing but `page`; no command and no shortcut acts."""
        self.lock_page = page
        self._focused = self.focusWidget()
        if self._focused is not None:
            # Else Qt hands the focus on, through all that is being hidden.
            self._focused.clearFocus()
        shortcuts = (way for way in self.findChildren(QShortcut) if isinstance(way, QShortcut))
        ways: tuple[QAction | QShortcut, ...] = (*self.actions_.values(), *shortcuts)
        self._silenced = [way for way in ways if way.isEnabled()]
        for way in self._silenced:
            way.setEnabled(False)
        self.menuBar().hide()
        self.body.addWidget(page)
        self.body.setCurrentWidget(page)
        page.take_focus()

    def uncover(self) -> None:
        """Show the case again, the focus where it was."""
        if self.lock_page is None:
            return
        self.body.removeWidget(self.lock_page)
        self.lock_page.hide()
        self.lock_page = None
        self.menuBar().show()
        for way in self._silenced:
            way.setEnabled(True)
        focused, self._focused, self._silenced = self._focused, None, []
        if focused is not None and isValid(focused):
            focused.setFocus()

    # -- commands -------------------------------------------------------------------------------

    @Slot()
    def _on_find(self) -> None:
        if self.quick is not None:
            self.quick.field.setFocus()
            return
        # They bring all that reads what is typed and pasted: no first paint waits for it.
        from triage.qt.shell.find import entries_of
        from triage.qt.shell.palette import Palette

        entries = entries_of(self.session.form, self.commands)
        palette = self.quick = Palette(self.session, entries, self.rail.section, self)
        palette.question_requested.connect(self.go.go_to)
        palette.command_requested.connect(self._on_command_requested)
        palette.rule_requested.connect(self._on_rule_requested)
        palette.recorded.connect(self._on_quick_recorded)
        palette.previewed.connect(self.go.questions.show_coming)
        palette.closed.connect(self._on_palette_closed)
        palette.open(self._palette_room())

    @Slot(str)
    def _on_quick_recorded(self, says: str) -> None:
        self.messages.info(says)
        if self.tour is not None:
            self.tour.note("quick")

    def _palette_room(self) -> QRect:
        """Return where the palette stands: over the form, below its heading."""
        over = self.middle if self.middle.isVisible() else self.stack
        room = QRect(over.mapTo(self, QPoint()), over.size())
        return room.adjusted(18, self.fontMetrics().height() * 2 + 8, -18, -12)

    @Slot()
    def _on_palette_closed(self) -> None:
        if self.quick is not None:
            self.quick.deleteLater()
            self.quick = None

    @Slot(str)
    def _on_rule_requested(self, rule: str) -> None:
        _open(rule_dialog(describe_rule(self.session.content, rule), self))

    @Slot()
    def _on_more(self) -> None:
        question = self.session.form.question_of(self.go.focused)
        if question is None:
            self.messages.info(
                tr("Go to a question first: then this tells what rests on its answer.")
            )
            return
        dialog = RestingDialog(self.session, question, self.go.questions.acts, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.act_requested.connect(self.go.questions.do)
        dialog.open()

    @Slot()
    def _on_hints(self) -> None:
        if isinstance(self.focusWidget(), Hints):
            return
        hints = Hints(self)
        hints.closed.connect(hints.deleteLater)

    @Slot()
    def _on_undo(self) -> None:
        step = self.session.history.to_undo if self.session.can_undo else {}
        self.session.undo()
        self._tell_step(step, tr("Taken back"), tr("Ctrl+Shift+Z brings it back."), was="was")
        if self.tour is not None:
            self.tour.note("undone")

    @Slot()
    def _on_confirm_section(self) -> None:
        session, section = self.session, self.rail.section
        session.end_typing()
        count = session.to_confirm_in(section)
        if not self.go.shows_form:
            # Nobody confirms what he does not see.
            self.go.show_section(section)
            self.messages.info(tr("Look at the section first: then Ctrl+Shift+B confirms it."))
            return
        if not count or session.read_only:
            self.messages.info(tr("Nothing in this section is to confirm."))
            return
        done = session.confirm(section)
        title = session.form.sections[section].title
        caption = tr("{title}, {count} as before", title=title, count=count - len(done.left_out))
        self.messages.info(done.told(caption))
        self._show_keys(self.focusWidget())

    @Slot()
    def _on_redo(self) -> None:
        step = self.session.history.to_redo if self.session.can_redo else {}
        self.session.redo()
        self._tell_step(step, tr("Brought back"), tr("Ctrl+Z takes it back."))

    def _tell_step(self, step: Step, what: str, then: str, *, was: str = "") -> None:
        """Say what a step changed, and go where it can be seen."""
        form = self.session.form
        if place := place_of_step(form, step):
            self.go.go_to(place)
        says = told(form, step, what, then, was=was)
        if says and not self._said:
            self.messages.info(says)

    @Slot()
    def _on_edit_menu(self) -> None:
        # Only when it is opened: the words of an answer cost more than a key may take.
        history = self.session.history
        for name, text, step in (
            ("undo", tr("Undo"), history.to_undo),
            ("redo", tr("Redo"), history.to_redo),
        ):
            said = phrase(self.session.form, step) if self.actions_[name].isEnabled() else ""
            self.actions_[name].setText(f"{text}: {said}".replace("&", "&&") if said else text)

    @Slot()
    def _on_menus(self) -> None:
        self.menuBar().setActiveAction(self.menuBar().actions()[0])

    def _is_to_read(self, text: str) -> bool:
        """Whether a text is more than what one field holds."""
        return has_lines(text) or has_patient(self.session, "", text)

    def take_text(self, text: str, over: QWidget | None = None) -> None:
        """Show what a text means that was pasted or dropped on a place of this window."""
        self._pasting.take(text, self.rail.section, over)

    @property
    def _pasting(self) -> Pasting:
        # It brings all that reads: no first paint waits for it.
        from triage.qt.ask.paste import Pasting

        return Pasting(self.session, self.messages, self, self.go.questions.focus_first)

    @Slot()
    def _on_paste(self) -> None:
        text = QGuiApplication.clipboard().text()
        if self._is_to_read(text):
            self.take_text(text, self.focusWidget())

    @Slot()
    def _on_dropped(self) -> None:
        (text, over), self._dropped = self._dropped, ("", None)
        self.take_text(text, over if over is not None and isValid(over) else None)

    @Slot()
    def _on_paste_results(self) -> None:
        self._pasting.results(QGuiApplication.clipboard().text())

    @Slot()
    def _on_paste_patient(self) -> None:
        self._pasting.patient(QGuiApplication.clipboard().text(), self.rail.section)

    @Slot()
    def _on_paste_note(self) -> None:
        self._pasting.note(QGuiApplication.clipboard().text(), self.rail.section)

    @Slot(str)
    def _on_command_requested(self, command: str) -> None:
        # After the palette has closed: a command may open a dialog of its own.
        queued = Qt.ConnectionType.QueuedConnection
        QMetaObject.invokeMethod(self.actions_[command], "trigger", queued)

    @Slot()
    def _on_new(self) -> None:
        self.new_requested.emit()

    @Slot()
    def _on_new_visit(self) -> None:
        self.session.end_typing()
        self.visit_requested.emit()

    @Slot()
    def _on_drafts(self) -> None:
        self.drafts_requested.emit()

    @Slot()
    def _on_issue(self) -> None:
        self.go.show_letter()
        self.letter.start_issue()

    @Slot()
    def _on_sender(self) -> None:
        self.setting_requested.emit("senders")

    @Slot()
    def _on_save_copy(self) -> None:
        if self.line.is_alarm:
            # All cases, encrypted as before, and all that is not saved with them.
            self.save_elsewhere_requested.emit()
            return
        save_copy(self.session, self.saving.draft.id, self.messages, self)

    @Slot()
    def _on_backups(self) -> None:
        self.backups_requested.emit()

    @Slot()
    def _on_passphrase(self) -> None:
        self.passphrase_requested.emit()

    @Slot()
    def _on_recovery(self) -> None:
        self.recovery_requested.emit()

    @Slot()
    def _on_addresses(self) -> None:
        self.settings_requested.emit("recipients")

    @Slot()
    def _on_settings(self) -> None:
        self.settings_requested.emit("")

    @Slot()
    def _on_lock(self) -> None:
        self.lock_requested.emit()

    @Slot()
    def _on_close(self) -> None:
        self.close()

    @Slot()
    def _on_accept_essential(self) -> None:
        self.session.accept_essential()

    @Slot()
    def _on_leave_rest(self) -> None:
        self.session.leave_rest_out()

    @Slot()
    def _on_urgency(self) -> None:
        dialog = UrgencyDialog(self.session, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    @Slot(int)
    def _on_zoomed(self, percent: int) -> None:
        self._place_columns()

    def _schemes(self) -> dict[str, str]:
        """Return the scheme of colours of each command that chooses one."""
        names = (command.id for command in self.commands if command.id.startswith(SCHEME))
        return {name: name.partition(":")[2] for name in names}

    @Slot()
    def _on_scheme(self) -> None:
        self._theme.choose(self._schemes()[self.sender().objectName()])

    @Slot(str)
    def _show_scheme(self, scheme: str) -> None:
        for name, its in self._schemes().items():
            self.actions_[name].setChecked(its == scheme)

    @Slot()
    def _on_zoom_in(self) -> None:
        self._theme.step_zoom(1)

    @Slot()
    def _on_zoom_out(self) -> None:
        self._theme.step_zoom(-1)

    @Slot()
    def _on_zoom_reset(self) -> None:
        self._theme.set_zoom(100)

    @Slot()
    def _on_shortcuts(self) -> None:
        _open(KeysDialog(place_of(self.focusWidget()), self.commands, self))

    @Slot()
    def _on_guide(self) -> None:
        _open(guide_dialog(self))

    @Slot()
    def _on_happened(self) -> None:
        _open(happened_dialog(self.messages.told, self))

    @Slot()
    def _on_about(self) -> None:
        self.about_requested.emit()


def _open(dialog: QWidget) -> None:
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.show()
