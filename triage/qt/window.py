"""The main window: header, rail, questions, assessment and letter of one case, and all their connections."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import QEvent, QMetaObject, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QKeyEvent,
    QKeySequence,
    QResizeEvent,
    QShortcut,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QMainWindow,
    QMenu,
    QStackedWidget,
    QWidget,
)

from triage.content.practice import Step as TourStep
from triage.letter.words.person import name_of
from triage.letter.words.said.urgency import Headline
from triage.qt.ask.section import SectionView
from triage.qt.columns import Columns
from triage.qt.dialogs import Dialogs
from triage.qt.drafts.same_patient import SamePatientBar
from triage.qt.drafts.saving import Saving, save_copy
from triage.qt.letter.beside import Beside
from triage.qt.letter.preview import LetterPage
from triage.qt.lock_page import Cover
from triage.qt.navigator import Navigator
from triage.qt.panel.pane import Panel
from triage.qt.panel.review import ReviewPage
from triage.qt.parts.clipboard import Clipboard
from triage.qt.parts.dropped import file_of, is_file
from triage.qt.parts.keys import char_of, is_held, names_of, note_release
from triage.qt.parts.laying import horizontal, vertical
from triage.qt.parts.messages import Messages
from triage.qt.parts.soon import show_due
from triage.qt.parts.stops import watch_focus
from triage.qt.parts.theme import Theme
from triage.qt.parts.words import tr
from triage.qt.quick import Quick
from triage.qt.shell.actions import (
    COMMANDS,
    CONFIRM,
    SCHEME,
    SECTION,
    build_actions,
    section_commands,
)
from triage.qt.shell.bars import Bars
from triage.qt.shell.day_bar import DayBar
from triage.qt.shell.header import Header, saved_at
from triage.qt.shell.line import Line, no_use
from triage.qt.shell.rail import Rail
from triage.qt.shell.recent import RecentMenu
from triage.qt.shell.since_bar import SinceBar
from triage.qt.shell.tour import Tour
from triage.qt.shell.unsaved import UnsavedBox
from triage.qt.steps import Steps
from triage.session import Changed, Session
from triage.session.letters import LetterDesk
from triage.session.steps import place_of
from triage.session.unsaved import Unsaved, unsaved_of
from triage.store.records import standing

SMALLEST = QSize(900, 560)
USUAL = QSize(1280, 720)
# Commands that no window does alone.
_OF_PROGRAM = (
    *("new", "new_visit", "drafts", "sender", "addresses", "settings", "backups", "lock"),
    *("passphrase", "recovery", "practice", "about"),
)
# What would take a practice patient out of the window.
_NOT_IN_PRACTICE = ("issue", "save_pdf", "print", "copy_text", "save_copy", "sender")


class MainWindow(QMainWindow):
    """One case.

    Parameters
    ----------
    questions
        The view of the questions.
    saving
        Tells what became of edits.

    Signals
    -------
    wanted : str
        The user wants what no window does alone: the id of a command, the key of a setting, ``recent`` where that
        menu opens, ``elsewhere`` where saving fails and all cases are to be in another folder.
    file_dropped : object
        The file at this path was dropped on the window.
    closed
        The window is closed, everything flushed.
    """

    wanted = Signal(str)
    file_dropped = Signal(object)
    closed = Signal()

    def __init__(
        self,
        session: Session,
        questions: SectionView,
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
        self.bars = Bars(self.day_bar, self.same_patient, self.since_bar)
        self.rail = Rail(session)
        self.panel = Panel(session)
        self.beside = Beside(session, letters)
        self.letter = LetterPage(session, letters, messages, clipboard)
        self.review = ReviewPage(session, letters)
        # Where the questions are, or the review in their place.
        self.middle = QStackedWidget()
        self.middle.addWidget(questions)
        self.middle.addWidget(self.review)
        self.split = Columns(self.rail, self.middle, self.panel, self.beside)
        self.stack = QStackedWidget()
        parts = (self.stack, self.split, questions, self.rail, self.panel, self.beside, self.letter)
        self.go = Navigator(*parts, self.middle, self.review, self.bars, messages, self)
        self.steps = Steps(session, self.go, messages, self)
        self.commands = (*COMMANDS, *section_commands(session.form.sections))
        with_rail = (session, self.commands, self.rail, self.go, messages)
        self.quick = Quick(*with_rail, (self.middle, self.stack), self)
        self.dialogs = Dialogs(*with_rail, self)
        self.actions_ = build_actions(
            self, self.menuBar(), self.commands, self._handlers(), read_only=session.read_only
        )
        self.recent = RecentMenu(self)
        # No patient value here: window lists, task bars and screen sharing show it.
        # Qt adds the name of the program.
        self.setWindowTitle(session.form.title)
        self.setAcceptDrops(True)
        self._lay_out()
        self._connect_signals()
        self._show_state()
        self.go.show_section(next(iter(session.form.sections)))
        if session.read_only:
            self._say_read_only()

    def begin(self, *, anew: bool) -> None:
        """Put the focus on the first open question, or in a case that was left where it was left."""
        edits = self.session.history.edits
        places = (place_of(self.session.form, (edit.key,)) for edit in reversed(edits))
        self.go.begin("" if anew else next(filter(None, places), ""))

    def _lay_out(self) -> None:
        self.stack.addWidget(self.split)
        self.stack.addWidget(self.letter)
        middle = horizontal(spacing=0)
        middle.addWidget(self.rail)
        middle.addWidget(self.stack, 1)
        body = QWidget()
        layout = vertical(body, 0, 0, 0, 0, spacing=0)
        layout.addWidget(self.header)
        layout.addWidget(self.line)
        layout.addWidget(self.bars)
        layout.addLayout(middle, 1)
        self.cover = Cover(body, self.actions_.values(), self)
        self.setCentralWidget(self.cover)
        drafts = self.actions_["drafts"]
        menu = next(m for m in self.menuBar().findChildren(QMenu) if drafts in m.actions())
        behind = menu.actions()[menu.actions().index(drafts) + 1]
        menu.insertMenu(behind, self.recent)
        self.setMinimumSize(SMALLEST)
        self.resize(USUAL)
        self._fit()

    def _connect_signals(self) -> None:
        # What was said of an emergency.
        self._alarm = ""
        # Up to which edit all is on the disk.
        self._kept = self.session.history.n
        self.session.subscribe(self._on_session_changed)
        watch_focus(self._on_focus_changed)
        self.saving.saved.connect(self._on_saved)
        self.saving.failed.connect(self._on_save_failed)
        self.saving.told.connect(self.messages.warning)
        self.line.more_requested.connect(self.dialogs.show_happened)
        self.line.alarm.save_elsewhere_requested.connect(self._on_elsewhere)
        self.line.alarm.try_requested.connect(self._on_try_saving)
        for pages in (self.stack, self.middle):
            pages.currentChanged.connect(self._on_page_turned)
        self.rail.section_chosen.connect(self.go.show_section)
        self.rail.next_requested.connect(self.go.next_open)
        self.rail.letter_requested.connect(self.go.show_letter)
        self.questions.section_shown.connect(self.rail.show_section)
        self.rail.counted.connect(self.questions.show_progress)
        self.questions.section_shown.connect(self.since_bar.show_section)
        self.questions.section_shown.connect(self._on_section_shown)
        self.since_bar.confirm_requested.connect(self._on_confirm_section)
        self.questions.focus_question_changed.connect(self.go.note_focus)
        self.panel.question_requested.connect(self.go.go_to)
        self.panel.urgency_requested.connect(self.dialogs.ask_urgency)
        self.panel.told.connect(self.messages.info)
        self.panel.advised.connect(self.messages.advice)
        # Later: what the key itself has to say stands behind it.
        queued = Qt.ConnectionType.QueuedConnection
        self.panel.banner.alarmed.connect(self._on_alarmed, queued)
        self.panel.pages_requested.connect(self._on_pages_requested)
        self.review.question_requested.connect(self.go.go_from_review)
        self.review.setting_requested.connect(self.wanted)
        self.review.letter_requested.connect(self.go.show_letter)
        self.review.told.connect(self.messages.info)
        self.review.advised.connect(self.messages.advice)
        self.review.left.connect(self.go.show_form)
        self.rail.review_requested.connect(self.go.show_review)
        self.letter.question_requested.connect(self.go.go_to)
        self.letter.closed.connect(self.go.show_work)
        self.letter.issued.connect(self._show_state)
        self.letter.setting_requested.connect(self.wanted)
        self.letter.call_requested.connect(self.dialogs.ask_call)
        self.dialogs.call_told.connect(self.letter.start_issue)
        self._theme.zoomed.connect(self._fit)
        self._theme.chosen.connect(self._show_scheme)
        self._show_scheme(self._theme.scheme)
        # Fields claim this key for text; several lines over a result, and any where no field is, come here.
        paste = QShortcut(QKeySequence.StandardKey.Paste, self)
        paste.setEnabled(not self.session.read_only)
        paste.activated.connect(self.dialogs.paste)
        for menu in self.menuBar().findChildren(QMenu):
            menu.aboutToShow.connect(self._on_menu_opened)
        self.recent.aboutToShow.connect(self._on_recent_opened)
        self.quick.command_requested.connect(self._on_command_requested)
        self.quick.rule_requested.connect(self.dialogs.show_rule)
        menus = QShortcut(QKeySequence("F10"), self)
        menus.activated.connect(self._on_menus)

    def _handlers(self) -> dict[str, Callable[[], object]]:
        go = self.go
        return {
            **dict.fromkeys(_OF_PROGRAM, self._on_wanted),
            "letter": go.show_letter,
            "issue": self._on_issue,
            "save_pdf": self.letter.save_pdf,
            "print": self.letter.print_letter,
            "copy_text": self.letter.copy_text,
            "save_copy": self._on_save_copy,
            "close": self.close,
            "undo": self.steps.undo,
            "redo": self.steps.redo,
            "confirm_section": self._on_confirm_section,
            "paste_results": self.dialogs.paste_results,
            "paste_note": self.dialogs.paste_note,
            "paste_patient": self.dialogs.paste_patient,
            "find": self.quick.open,
            "next_section": go.next_section,
            "previous_section": go.previous_section,
            "next_open": go.next_open,
            "back": go.go_back,
            "review": go.show_review,
            "more": self.dialogs.show_resting,
            "hints": self.dialogs.show_hints,
            "next_pane": go.next_pane,
            "urgency": self.dialogs.ask_urgency,
            "call": go.show_call,
            "accept_essential": self.panel.tests.take_all,
            "leave_rest": self.panel.tests.take_rest,
            "show_urgency": go.show_urgency,
            "show_tests": go.show_tests,
            "show_differential": go.show_differential,
            "show_plan": go.show_plan,
            "beside": self._on_beside,
            "zoom_in": self._theme.zoom_in,
            "zoom_out": self._theme.zoom_out,
            "zoom_reset": self._theme.zoom_reset,
            **{c.id: self._on_scheme for c in self.commands if c.id.startswith(SCHEME)},
            "shortcuts": self.dialogs.show_keys,
            "guide": self.dialogs.show_guide,
            "happened": self.dialogs.show_happened,
            # The chosen action itself says which section it leads to.
            **{c.id: go.show_named_section for c in self.commands if c.id.startswith(SECTION)},
        }

    # -- the case -------------------------------------------------------------------------------

    def _on_session_changed(self, changed: Changed) -> None:
        self._show_state()
        if self.session.is_further:
            # How much is to confirm, or whose visit it is, may be another matter now.
            self._show_keys(self.focusWidget())
        if self.line.is_alarm:
            self._show_unsaved()
        self.line.take_change(changed)
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
        if self.session.is_further:
            self._show_keys(self.focusWidget())

    def _show_keys(self, widget: QWidget | None) -> None:
        """Show the keys of `widget`, in front that which confirms, where there is something to confirm."""
        count = self.session.to_confirm_in(self.rail.section)
        confirms = (CONFIRM, tr("confirm {count} as before", count=count))
        self.line.show_keys(widget, (confirms,) if count and not self.session.read_only else ())

    @Slot()
    def _on_page_turned(self) -> None:
        """Mark in the rail what stands where the questions do."""
        if self.stack.currentWidget() is self.letter:
            self.rail.show_page(self.rail.letter)
        else:
            is_review = self.middle.currentWidget() is self.review
            self.rail.show_page(self.rail.review if is_review else None)

    @Slot(int)
    def _on_saved(self, n: int) -> None:
        self._kept = n
        if n >= self.session.history.n:
            self.header.set_saved(saved_at(datetime.now().astimezone()), brief=tr("Saved"))
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

    def practise(self, steps: Sequence[TourStep]) -> None:
        """Lead through the practice with this patient, of whom nothing is kept, printed or issued."""
        self.tour = Tour(self.session, steps)
        self.tour.went.connect(self._on_tour_went)
        self.tour.ended.connect(self.close)
        self.stack.currentChanged.connect(self._on_stack_changed)
        self.steps.done.connect(self.tour.note)
        self.quick.done.connect(self.tour.note)
        self.bars.add(self.tour)
        self.setWindowTitle(tr("Practice"))
        for name in _NOT_IN_PRACTICE:
            self.actions_[name].setEnabled(False)
        self._show_state()
        self.tour.begin()

    @Slot(str)
    def _on_tour_went(self, place: str) -> None:
        if place:
            self.go.go_to(place)

    @Slot(int)
    def _on_stack_changed(self, at: int) -> None:
        if self.tour is not None and self.stack.widget(at) is self.letter:
            self.tour.note("letter")

    @Slot()
    def _show_state(self) -> None:
        if self.session.read_only:
            self.header.set_state(f"read-only: {self._why_read_only}")
            self.header.set_saved("")
            return
        if self.tour is not None:
            self.header.set_state(tr("Practice"))
            self.header.set_saved(tr("Not saved"))
            return
        outside = self.letters.outside
        self.header.set_state(standing(self.letters.state, is_outside=bool(outside)), outside)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give each column its width, and place the letter beside the form where there is room."""
        super().resizeEvent(event)
        self._fit()
        self.quick.fit()

    @Slot()
    def _fit(self) -> None:
        zoom, has_letter = self._theme.zoom / 100, self.actions_["beside"].isChecked()
        self.split.fit(self.width(), zoom, has_letter=has_letter)

    @Slot()
    def _on_beside(self) -> None:
        self._fit()
        if self.letter.isVisible():
            self.go.show_work()

    @Slot()
    def _on_pages_requested(self) -> None:
        self.actions_["beside"].setChecked(False)
        self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take what no field took: Backspace, and shortcuts by their place where the layout has no such key."""
        names = set(names_of(event))
        if "Backspace" in names:
            self.go.go_back()
            return
        if "F" in names:
            if not is_held(event):
                self.dialogs.show_hints()
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
        if says := no_use(event, self.focusWidget()):
            self.messages.advice(says)
            return
        super().keyPressEvent(event)

    def _say_read_only(self) -> None:
        why = self._why_read_only
        self.messages.warning(tr("{why}. Here it can be read.", why=why[:1].upper() + why[1:]))

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Note it: whether the next key is pressed anew or only held shows by it."""
        note_release(event)
        super().keyReleaseEvent(event)

    def event(self, event: QEvent) -> bool:
        """Show what changed in all its places before any of them is painted."""
        if event.type() == QEvent.Type.UpdateRequest:
            show_due()
        return super().event(event)

    def changeEvent(self, event: QEvent) -> None:
        """Ask for the day when the user comes back to a case that was left open over night."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and self.isActiveWindow():
            self.day_bar.check()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take a file, or a text of several lines. A locked window takes nothing."""
        data, is_open = event.mimeData(), self.cover.page is None
        writes = is_open and not (is_file(data) or self.session.read_only)
        if (is_open and file_of(data)) or (writes and self.dialogs.is_to_read(data.text())):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()

    def dropEvent(self, event: QDropEvent) -> None:
        """Hand on a file: whoever is connected opens it. Show what a text means."""
        if self.cover.page is not None:
            return
        # What is dragged stays where it is, also where it was to be moved.
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        path = file_of(event.mimeData())
        if path is not None:
            self.file_dropped.emit(path)
        else:
            over = self.childAt(event.position().toPoint())
            self.dialogs.drop(event.mimeData().text(), over)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Flush what is left; ask only if that cannot be done."""
        if not self.saving.draft.close():
            if self.cover.page is not None:
                self.cover.page.refuse(
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
            self._on_elsewhere()
        self.close()

    # -- commands -------------------------------------------------------------------------------

    @Slot()
    def _on_confirm_section(self) -> None:
        session, section = self.session, self.rail.section
        session.end_typing()
        count = session.to_confirm_in(section)
        if not self.go.shows_form:
            # Nobody confirms what he does not see.
            self.go.show_section(section)
            self.messages.advice(tr("Look at the section first: then Ctrl+Shift+B confirms it."))
            return
        if not count or session.read_only:
            self.messages.advice(tr("Nothing in this section is to confirm."))
            return
        done = session.confirm(section)
        title = session.form.sections[section].title
        caption = tr("{title}, {count} as before", title=title, count=count - len(done.left_out))
        self.messages.info(done.told(caption))
        self._show_keys(self.focusWidget())

    @Slot()
    def _on_menu_opened(self) -> None:
        # Only now: the words of an answer cost more than a key may take.
        self.steps.name(self.actions_["undo"], self.actions_["redo"])

    @Slot()
    def _on_menus(self) -> None:
        self.menuBar().setActiveAction(self.menuBar().actions()[0])

    @Slot(str)
    def _on_command_requested(self, command: str) -> None:
        # After the palette has closed: a command may open a dialog of its own.
        queued = Qt.ConnectionType.QueuedConnection
        QMetaObject.invokeMethod(self.actions_[command], "trigger", queued)

    @Slot()
    def _on_wanted(self) -> None:
        self.wanted.emit(self.sender().objectName())

    @Slot()
    def _on_elsewhere(self) -> None:
        self.wanted.emit("elsewhere")

    @Slot()
    def _on_recent_opened(self) -> None:
        self.wanted.emit("recent")

    @Slot()
    def _on_issue(self) -> None:
        self.go.show_letter()
        self.letter.start_issue()

    @Slot()
    def _on_save_copy(self) -> None:
        if self.line.is_alarm:
            # All cases, encrypted as before, and all that is not saved with them.
            self._on_elsewhere()
            return
        save_copy(self.session, self.saving.draft.id, self.messages, self)

    @Slot()
    def _on_scheme(self) -> None:
        self._theme.choose(self.sender().objectName().partition(":")[2])

    @Slot(str)
    def _show_scheme(self, scheme: str) -> None:
        for name, action in self.actions_.items():
            if name.startswith(SCHEME):
                action.setChecked(name.partition(":")[2] == scheme)
