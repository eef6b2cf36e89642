"""The letter as it will print, to whom it goes, and the act of issuing it."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QLabel,
    QPushButton,
    QScrollArea,
    QWidget,
)

from triage.content.entry import order_of
from triage.content.form import DECISION
from triage.errors import TriageError
from triage.files import write_whole
from triage.letter.words.said.line import Mark, Said, begun
from triage.model.dates import at_words
from triage.model.values import Decision
from triage.qt.letter.beside import REST_MS
from triage.qt.letter.confirm import IssueDialog
from triage.qt.letter.pages import Pages
from triage.qt.letter.recipients import Recipients
from triage.qt.parts.clipboard import Clipboard
from triage.qt.parts.flow import place_pending, scaled
from triage.qt.parts.inputs import Combo, TypedLine
from triage.qt.parts.keys import Place, act, char_of, is_enter, may_record, up_to
from triage.qt.parts.laying import horizontal, vertical
from triage.qt.parts.lines import Group
from triage.qt.parts.messages import Messages
from triage.qt.parts.paths import ask_path
from triage.qt.parts.soon import Soon
from triage.qt.parts.theme import restyle, set_role
from triage.qt.parts.words import tr
from triage.rules.call import call_missing
from triage.session import Changed, Session
from triage.session.fate import told
from triage.session.letters import ISSUED_ALREADY, LetterDesk
from triage.session.receiver import form_of, on_form
from triage.store import Issue, Way

if TYPE_CHECKING:
    from triage.letter.check import Obstacle
    from triage.letter.preflight import Lack
    from triage.letter.rewriting import Words
    from triage.qt.letter.printing import PrinterDialog
    from triage.qt.letter.rewriting import RewriteDialog
    from triage.qt.letter.withdraw import WithdrawDialog
    from triage.qt.parts.fate import FateDialog

# How wide the column beside the pages is at the usual size of the text, and at least; and the room at its edges.
_SIDE, _LEAST, _MARGIN = 340, 300, 14
# In front of a key of the settings, among the keys of questions that a line leads to.
_SETTING = "settings:"
# In front of the number of an issued letter, and of what is not issued.
_ISSUE, _NOW = "issue:", "issue:now"
# In front of a block of the letter.
_BLOCK = "block:"
# Leads to the reason for the recipient.
_WHY_LINE = "why:"
# Leads to the addresses of the recipient.
_ADDRESS_LINE = "address:"
_WHY = tr("Why this recipient: printed in the letter")
_WITHDRAWN = tr("It is withdrawn, and its pages say so.")
_PAUSED = tr("This printer is paused: the letter waits until it is started again.")
_HOW: dict[Way, str] = {
    "print": tr("printed"),
    "save": tr("saved"),
    "copy": tr("copied"),
}


class LetterPage(QWidget):
    """Preview, recipient and template, what stands against issuing, and what can be done.

    Parameters
    ----------
    session
        The case.
    desk
        Makes, checks and issues the letter.
    messages
        Where trouble is told.
    clipboard
        Takes the text of the letter.

    Signals
    -------
    question_requested : str
        A problem was clicked that leads to a question.
    closed
        The user goes back to the questions.
    issued : int
        A version was issued.
    setting_requested : str
        A problem was met that the settings solve.
    call_requested
        Nothing stands in the way but that no call is recorded.
    """

    question_requested = Signal(str)
    closed = Signal()
    issued = Signal(int)
    setting_requested = Signal(str)
    call_requested = Signal()
    where = Place.LETTER

    def __init__(
        self,
        session: Session,
        desk: LetterDesk,
        messages: Messages,
        clipboard: Clipboard,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._desk = desk
        self._messages = messages
        self._clipboard = clipboard
        self.confirmation: IssueDialog | None = None
        self.withdrawing: WithdrawDialog | None = None
        self.asks_printer: PrinterDialog | None = None
        self.rewriting: RewriteDialog | None = None
        self.asks_fate: FateDialog | None = None
        self.setAccessibleName(tr("Letter"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.view = Pages(tr("Pages of the letter"), self)
        self.state = QLabel(self)
        set_role(self.state, "title")
        self.to = Recipients(desk, self)
        self.template = Combo((), self)
        self.template.setAccessibleName(tr("Kind of letter"))
        self.template.setSizeAdjustPolicy(
            Combo.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.problems = Group(tr("Before it can be issued"), self)
        self.why = TypedLine(self)
        self.why.setPlaceholderText(_WHY)
        self.why.setAccessibleName(_WHY)
        self.returned = Group(tr("Would be returned for"), self)
        self.wanted = Group(tr("Would help"), self)
        self.remarks = Group(tr("To look at"), self)
        self.changed = Group(tr("Changed since this version"), self)
        self.words = Group(tr("Words of the letter"), self)
        self.versions = Group(tr("Issued letters"), self)
        self.issue = _button(self, tr("Issue…"), "main")
        self.save = _button(self, tr("Save PDF…"))
        self.on_form = _button(self, tr("Save with their form…"))
        self.print = _button(self, tr("Print…"))
        self.copy = _button(self, tr("Copy text"))
        self.fate = _button(self, tr("What came of it…"))
        self.withdraw = _button(self, tr("Withdraw…"))
        self.back = _button(self, tr("Back to the questions"), "quiet")
        self._timer = Soon(self.refresh, self)
        self._lay_out()
        self._connect_signals()

    def _lay_out(self) -> None:
        side = vertical(None, _MARGIN, 12, _MARGIN, 12, spacing=6)
        side.addWidget(self.state)
        to, kind = QLabel(tr("To"), self), QLabel(tr("&Kind"), self)
        kind.setBuddy(self.template)
        for label in (to, kind):
            set_role(label, "heading")
        kinds = horizontal()
        kinds.addWidget(kind)
        kinds.addWidget(self.template, 1)
        self._beside = area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        area.setAccessibleName(tr("Recipient, state and words of the letter"))
        inner = QWidget()
        column = vertical(inner, 0, 0, 0, 0)
        column.addWidget(to)
        column.addWidget(self.to)
        column.addLayout(kinds)
        column.addWidget(self.problems)
        column.addWidget(self.why)
        column.addWidget(self.returned)
        column.addWidget(self.wanted)
        column.addWidget(self.remarks)
        column.addWidget(self.changed)
        column.addWidget(self.words)
        column.addWidget(self.versions)
        column.addStretch(1)
        area.setWidget(inner)
        side.addWidget(area, 1)
        self._rows: tuple[tuple[QPushButton, ...], ...] = (
            (self.issue,),
            (self.print, self.save, self.copy),
            (self.on_form,),
            (self.fate, self.withdraw),
            (self.back,),
        )
        self._across = [horizontal() for _ in self._rows]
        for row, across in zip(self._rows, self._across, strict=True):
            across.setSpacing(6)
            for button in row:
                across.addWidget(button, 1)
            side.addLayout(across)
        self._side = left = QWidget(self)
        left.setLayout(side)
        layout = horizontal(self, 0, 0, 0, 0, spacing=0)
        layout.addWidget(self.view, 1)
        layout.addWidget(left)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the column its share of the window, and set its buttons below one another where they have no room."""
        super().resizeEvent(event)
        wide = min(scaled(self, _SIDE), max(self.width() * 2 // 5, _LEAST))
        self._side.setFixedWidth(wide)
        for row, across in zip(self._rows, self._across, strict=True):
            needed = sum(button.sizeHint().width() + across.spacing() for button in row)
            fits = needed <= wide - 2 * _MARGIN
            along = across.Direction.LeftToRight if fits else across.Direction.TopToBottom
            across.setDirection(along)

    @property
    def _buttons(self) -> tuple[QPushButton, ...]:
        return (
            self.issue,
            self.print,
            self.save,
            self.copy,
            self.on_form,
            self.fate,
            self.withdraw,
        )

    def _connect_signals(self) -> None:
        self._session.subscribe(self._on_session_changed)
        self.to.chosen.connect(self.refresh)
        self.to.book_requested.connect(self._on_book_requested)
        self.template.chosen.connect(self._on_template_chosen)
        self.problems.question_requested.connect(self._on_line_requested)
        self.returned.question_requested.connect(self._on_line_requested)
        self.wanted.question_requested.connect(self._on_line_requested)
        self.remarks.question_requested.connect(self._on_line_requested)
        self.words.question_requested.connect(self._on_line_requested)
        self.why.typed.connect(self._on_why_typed)
        self.versions.question_requested.connect(self._on_version_chosen)
        if not self._desk.keeps:
            for button in self._buttons:
                button.hide()
        self.issue.clicked.connect(self.start_issue)
        self.save.clicked.connect(self.save_pdf)
        self.on_form.clicked.connect(self.save_on_form)
        self.print.clicked.connect(self.print_letter)
        self.copy.clicked.connect(self.copy_text)
        self.fate.clicked.connect(self._on_fate)
        self.withdraw.clicked.connect(self._on_withdraw)
        self.back.clicked.connect(self.closed)

    # -- showing --------------------------------------------------------------------------------

    def _on_session_changed(self, changed: Changed) -> None:
        self._desk.choose_issue(None)
        self.refresh_soon()

    def refresh_soon(self) -> None:
        """Show the letter anew, once all is changed that is being changed; out of sight there is nothing to show."""
        if self.isVisible():
            self._timer.start(REST_MS if self._session.history.is_typing else 0)

    @Slot()
    def refresh(self) -> None:
        """Show the letter of the case as it stands."""
        self._timer.stop()
        self._show_choices()
        shown = self._desk.shown
        self.state.setText(self._desk.state.capitalize() if shown is None else _state_of(shown))
        try:
            self.view.show_pdf(self._desk.pages_pdf())
            self._show_what_stands(shown)
        except TriageError as error:
            self._messages.error(str(error))
            return
        # The first letter brings its engine with it.
        self._show_versions()
        self.issue.setEnabled(not self._session.read_only and shown is None)
        self.issue.setText(tr("Issue…") if shown is None else tr("Issued"))
        form = form_of(self._desk) if self._desk.keeps else None
        withdrawn = shown is not None and shown.withdrawn_at is not None
        self.on_form.setVisible(form is not None and not withdrawn)
        self.on_form.setToolTip(form.record.title if form is not None else "")
        self.fate.setVisible(shown is not None)
        self.withdraw.setVisible(shown is not None and shown.withdrawn_at is None)
        self.withdraw.setEnabled(not self._session.read_only)
        self._order_stops()

    def _show_what_stands(self, shown: Issue | None) -> None:
        """Show what stands against issuing, what would be returned, and what the letter says in which words."""
        is_draft = shown is None
        problems = self._desk.problems() if is_draft else ()
        lacks = _untold(self._desk.preflight(), problems) if is_draft else ()
        self.problems.set_lines([_line(problem) for problem in problems])
        # It can be pressed all the same: then it says what is missing.
        restyle(self.issue, "stopped" if problems else "main")
        self.returned.set_lines([_lack_line(k, Mark.FLAG) for k in lacks if k.found.returns])
        self.wanted.set_lines([_lack_line(k, Mark.OPEN) for k in lacks if not k.found.returns])
        self._show_why(any(problem.recipient for problem in problems))
        self.remarks.set_lines([_line(r) for r in self._desk.remarks()] if is_draft else ())
        since = "" if shown is None else self._desk.changed_since(shown)
        self.changed.set_lines([Said(part) for part in since.split("; ") if part])
        # The words of what was issued can be changed as every answer can: that starts the next version.
        words = self._desk.rewritable() if shown is self._desk.issued else ()
        self.words.set_lines([self._words_line(w) for w in words])

    def _words_line(self, words: Words) -> Said:
        keys = () if self._session.read_only else (_BLOCK + words.id,)
        if words.changed:
            return Said(
                words.heading, tr("Rewritten; its answers changed since"), Mark.CAUTION, keys
            )
        if words.typed:
            return Said(words.heading, tr("Rewritten"), Mark.DONE, keys)
        return Said(words.heading, keys=keys)

    def _show_why(self, asked: bool) -> None:
        """Show the reason for this recipient, where one is asked for or given."""
        said = self._session.case.get(self._why_key)
        self.why.setHidden(not asked and not isinstance(said, Decision))
        self.why.setReadOnly(self._session.read_only or self._desk.shown is not None)
        self.why.show_text(said.reason if isinstance(said, Decision) else "")

    @property
    def _why_key(self) -> str:
        return f"{DECISION}{self._desk.recipient}"

    @Slot(str)
    def _on_why_typed(self, text: str) -> None:
        said = Decision(decision="accept", reason=text) if text.strip() else None
        self.why.stay.write(self._session, self._why_key, said)

    def _order_stops(self) -> None:
        """Let Tab go as the eye does: lines are made when they are needed, and would come last."""
        groups = (self.returned, self.wanted, self.remarks, self.words, self.versions)
        lines = [line for group in groups for line in group.lines.widgets]
        first: list[QWidget] = [*self.to.stops, self.template]
        first += [*self.problems.lines.widgets, self.why]
        stops: list[QWidget] = [*first, *lines, *self._buttons, self.back]
        for before, after in pairwise(stops):
            self.setTabOrder(before, after)

    def _show_versions(self) -> None:
        lines = [self._version_line(at, issue) for at, issue in enumerate(self._desk.issues)]
        if lines and self._desk.issued is None:
            now = Said(tr("The case as it stands"), tr("Not issued"), keys=(_NOW,))
            lines.append(now._replace(strong=self._desk.shown is None))
        self.versions.set_lines(lines)

    def _version_line(self, at: int, issue: Issue) -> Said:
        kind = self._desk.kind_of(issue)
        gone = (
            tr("Withdrawn: {withdrawn_because}", withdrawn_because=issue.withdrawn_because)
            if issue.withdrawn_at
            else ""
        )
        sent = self._desk.versions.sent(issue)
        ways = Counter(_HOW[one.how] for one in sent if one.how in _HOW)
        went = ", ".join(f"{way} {_times(n)}".strip() for way, n in ways.items())
        now = datetime.now().astimezone()
        came = (begun(told(one, now)) for one in sent if one.how not in _HOW)
        note = "\n".join(filter(None, (kind, at_words(issue.at), gone, went.capitalize(), *came)))
        mark = Mark.NOT if issue.withdrawn_at else Mark.DONE
        shown = issue == self._desk.shown
        return Said(
            tr(
                "Version {version} to {to}",
                version=issue.version,
                to=self._desk.name_of(issue.recipient),
            ),
            note,
            mark,
            (f"{_ISSUE}{at}",),
            strong=shown,
        )

    def _show_choices(self) -> None:
        self.to.refresh()
        with QSignalBlocker(self.template):
            self.template.clear()
            for template, title in self._desk.kinds.items():
                self.template.addItem(title, template)
            self.template.show_entry(self._desk.template)

    @Slot(str)
    def _on_line_requested(self, key: str) -> None:
        if key == _ADDRESS_LINE:
            self.to.ask()
        elif key == _WHY_LINE:
            self.why.setFocus(Qt.FocusReason.OtherFocusReason)
        elif key.startswith(_BLOCK):
            self._rewrite(key.removeprefix(_BLOCK))
        elif key.startswith(_SETTING):
            self.setting_requested.emit(key.removeprefix(_SETTING))
        else:
            self.question_requested.emit(key)

    def _rewrite(self, block: str) -> None:
        from triage.qt.letter.rewriting import RewriteDialog

        words = next((w for w in self._desk.rewritable() if w.id == block), None)
        if words is None:
            return
        dialog = RewriteDialog(self._session, words, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.finished.connect(self._on_rewriting_finished)
        self.rewriting = dialog
        dialog.open()

    @Slot()
    def _on_rewriting_finished(self) -> None:
        self.rewriting = None

    @Slot(str)
    def _on_version_chosen(self, key: str) -> None:
        if key == _NOW:
            self._desk.choose_issue(None)
        else:
            self._desk.choose_issue(self._desk.issues[int(key.removeprefix(_ISSUE))])
        self.refresh()

    @Slot(str)
    def _on_template_chosen(self, name: str) -> None:
        self._desk.choose_template(name)
        self.refresh()

    @property
    def own_keys(self) -> Mapping[str, str]:
        """The digits of those that the letter can go to."""
        return {"recipient": up_to(self.to.count)}

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take the keys that Qt does not bind."""
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        elif is_enter(event) and may_record(event) and self.issue.hasFocus():
            self.start_issue()
        elif act(event, Place.LETTER) == "recipient":
            self._take_recipient(int(char_of(event)))
        else:
            super().keyPressEvent(event)

    def _take_recipient(self, number: int) -> None:
        """Show the letter to the recipient, or to the address, of this number."""
        if taken := self.to.take(number):
            self._messages.info(tr("To {name}.", name=taken))
        else:
            self._messages.advice(
                tr("There are {count} here: 1 is the first.", count=self.to.count)
            )

    @Slot()
    def _on_book_requested(self) -> None:
        self.setting_requested.emit("addresses")

    # -- issuing --------------------------------------------------------------------------------

    def _refuses(self) -> bool:
        """Whether nothing of this letter may leave the program, and say so."""
        if not self._desk.keeps:
            self._messages.advice(tr("Practice: nothing here is printed, saved or issued."))
        return not self._desk.keeps

    @Slot()
    def start_issue(self) -> None:
        """Ask for the confirmation that the letter may be issued, if nothing stands against it."""
        if self._refuses():
            return
        self._session.end_typing()
        self._desk.choose_issue(None)
        if self._session.read_only or self._desk.issued is not None:
            self._messages.advice(ISSUED_ALREADY)
            return
        try:
            problems = self._desk.problems()
        except TriageError as error:
            self._messages.error(str(error))
            return
        if problems and all(problem.setting for problem in problems):
            self.setting_requested.emit(problems[0].setting)
            return
        if problems and all(problem.address for problem in problems):
            self._messages.warning(tr("Not yet: which address? Choose where it goes."))
            self.to.ask()
            return
        missing = call_missing(self._session.content.urgency.call, self._session.case)
        if problems and missing and all(problem.question == missing for problem in problems):
            self.call_requested.emit()
            return
        if problems:
            self._messages.warning(
                tr("Not yet: {problems}. Enter goes to the first.", problems=_lacking(problems))
            )
            self._go_to_first_problem()
            return
        self._ask()

    def _go_to_first_problem(self) -> None:
        # Enter there leads on.
        lines = self.problems.lines.widgets
        if first := next((line for line in lines if line.line.keys), None):
            first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _ask(self) -> None:
        box = IssueDialog(self._session, self._desk, self)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.accepted.connect(self._on_issue_confirmed)
        box.finished.connect(self._on_confirmation_finished)
        self.confirmation = box
        box.open()

    @Slot()
    def _on_confirmation_finished(self) -> None:
        self.confirmation = None

    @Slot()
    def _on_issue_confirmed(self) -> None:
        try:
            version = self._desk.issue()
        except TriageError as error:
            self._messages.error(str(error))
            return
        self._messages.info(tr("Version {version} is issued and kept.", version=version))
        self.issued.emit(version)
        self.refresh()
        self._look_at_version()

    @Slot()
    def _on_withdraw(self) -> None:
        shown = self._desk.shown
        if shown is None:
            return
        from triage.qt.letter.withdraw import WithdrawDialog, withdraw_words

        dialog = WithdrawDialog(withdraw_words(self._desk, shown), shown.version, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.confirmed.connect(self._on_withdraw_confirmed)
        dialog.finished.connect(self._on_withdraw_finished)
        self.withdrawing = dialog
        dialog.open()

    @Slot()
    def _on_withdraw_finished(self) -> None:
        self.withdrawing = None

    @Slot(str)
    def _on_withdraw_confirmed(self, reason: str) -> None:
        shown = self._desk.shown
        if shown is None:
            return
        try:
            self._desk.withdraw(shown, reason)
        except TriageError as error:
            self._messages.error(str(error))
            return
        self._messages.info(
            tr("Version {version} is withdrawn. Tell the recipient.", version=shown.version)
        )
        self.issued.emit(shown.version)
        self.refresh()

    # -- taking it along ------------------------------------------------------------------------

    def _tell_taken(self, says: str, beware: str = "") -> None:
        shown = self._desk.shown
        withdrawn = shown is not None and shown.withdrawn_at is not None
        told = " ".join(filter(None, (says, beware, _WITHDRAWN if withdrawn else "")))
        if told == says:
            self._messages.info(says)
        else:
            self._messages.warning(told)

    def _note_sent(self, how: Way, says: str = "", day: str = "") -> None:
        """Keep what became of an issued letter."""
        try:
            self._desk.note_sent(how, says, day)
        except TriageError as error:
            self._messages.warning(
                tr(
                    "It could not be noted what became of the letter: {error}",
                    error=error,
                )
            )
        self._show_versions()
        self._look_at_version()

    def _look_at_version(self) -> None:
        """Scroll to the line of the version shown: what became of it stands there, mostly below the fold."""
        at = next((at for at, i in enumerate(self._desk.issues) if i == self._desk.shown), None)
        if at is not None and self.isVisible():
            place_pending()
            self._beside.ensureWidgetVisible(self.versions.lines.widgets[at], 0, 0)

    @Slot()
    def _on_fate(self) -> None:
        from triage.qt.parts.fate import FateDialog, asks_of

        shown = self._desk.shown
        if shown is None:
            return
        session = self._session
        dialog = FateDialog(
            asks_of(self._desk, shown),
            session.today,
            shown.at.astimezone().date(),
            self,
            order=order_of(session.profile),
        )
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.noted.connect(self._on_fate_noted)
        dialog.finished.connect(self._on_fate_finished)
        self.asks_fate = dialog
        dialog.open()

    @Slot()
    def _on_fate_finished(self) -> None:
        self.asks_fate = None

    @Slot(str, str, str)
    def _on_fate_noted(self, how: Way, says: str, day: str) -> None:
        self._note_sent(how, says, day)
        self._messages.info(tr("Recorded: what came of the letter."))

    @Slot()
    def save_pdf(self) -> None:
        """Ask where to, and save the letter: as issued, or marked as a draft."""
        if self._refuses():
            return
        path = ask_path(self, tr("Save letter as PDF"), self._desk.file_name, tr("PDF (*.pdf)"))
        if path is not None:
            self.save_pdf_to(path)

    def save_pdf_to(self, path: Path) -> None:
        """Save the letter at `path`."""
        try:
            write_whole(path, self._desk.shown_pdf())
        except TriageError as error:
            self._messages.error(str(error))
            return
        self._note_sent("save")
        self._tell_taken(tr("{kind} is saved as {name}.", kind=self._kind, name=path.name))

    @Slot()
    def save_on_form(self) -> None:
        """Ask where to, and save the receiver's own form, filled in, with the letter behind it."""
        if self._refuses():
            return
        name = f"{self._desk.file_name.removesuffix('.pdf')}-form.pdf"
        path = ask_path(self, tr("Save their form and the letter as PDF"), name, tr("PDF (*.pdf)"))
        if path is not None:
            self.save_on_form_to(path)

    def save_on_form_to(self, path: Path) -> None:
        """Save the receiver's own form, filled in, with the letter behind it."""
        try:
            made = on_form(self._desk)
            write_whole(path, made.pdf)
        except TriageError as error:
            self._messages.error(str(error))
            return
        self._note_sent("save")
        says = tr("{kind} is saved with their form as {name}.", kind=self._kind, name=path.name)
        self._tell_taken(says, made.says)

    @Slot()
    def print_letter(self) -> None:
        """Ask for the printer, and print the letter: as issued, or marked as a draft."""
        if self._refuses():
            return
        self.refresh()
        try:
            self._print_pictures() if sys.platform == "win32" else self._ask_printer()
        except TriageError as error:
            self._messages.error(str(error))

    def _print_pictures(self) -> None:
        from triage.qt.letter.printing import print_pages

        document = self.view.document
        # Windows takes no PDF.
        if document is not None and print_pages(document, self):
            self._note_sent("print")
            self._tell_taken(tr("{kind} was sent to the printer.", kind=self._kind))

    def _ask_printer(self) -> None:
        from triage.pdf.spool import printers
        from triage.qt.letter.printing import PrinterDialog

        # Printers that the network announces are awaited.
        with _waiting():
            found = printers()
        shown = self._desk.shown
        what = (
            tr("Version {version}, as issued.", version=shown.version)
            if shown
            else tr("A draft: it is marked as one.")
        )
        dialog = PrinterDialog(found, what, self.view.count, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.printer_chosen.connect(self._on_printer_chosen)
        dialog.finished.connect(self._on_printer_dialog_finished)
        self.asks_printer = dialog
        dialog.open()

    @Slot()
    def _on_printer_dialog_finished(self) -> None:
        self.asks_printer = None

    @Slot(str, int, str)
    def _on_printer_chosen(self, printer: str, copies: int, pages: str) -> None:
        from triage.pdf.spool import is_paused, print_pdf

        try:
            with _waiting():
                print_pdf(self._desk.shown_pdf(), printer, copies, pages)
                waits = is_paused(printer)
        except TriageError as error:
            self._messages.error(str(error))
            return
        self._note_sent("print")
        which = f" ({_pages(pages)} only)" if pages else ""
        self._tell_taken(
            tr(
                "{kind} was sent to {printer}{which}.",
                kind=self._kind,
                printer=printer,
                which=which,
            ),
            _PAUSED if waits else "",
        )

    @property
    def _kind(self) -> str:
        return tr("The issued letter") if self._desk.shown else tr("The letter, marked DRAFT,")

    @Slot()
    def copy_text(self) -> None:
        """Put the letter into the clipboard as text."""
        if self._refuses():
            return
        self._clipboard.put(self._desk.plain_text())
        self._note_sent("copy")
        self._tell_taken(
            tr(
                "{kind} is in the clipboard as text{lasts}.",
                kind=self._kind,
                lasts=self._clipboard.lasts,
            )
        )


def _state_of(issue: Issue) -> str:
    state = tr("Withdrawn") if issue.withdrawn_at else tr("Issued")
    return f"{state} v{issue.version}"


@contextmanager
def _waiting() -> Iterator[None]:
    """Show that something takes a while."""
    QGuiApplication.setOverrideCursor(Qt.CursorShape.WaitCursor)
    try:
        yield
    finally:
        QGuiApplication.restoreOverrideCursor()


def _pages(chosen: str) -> str:
    """Return how pages that were printed are told: `chosen` is as the print service takes them."""
    return f"page{'' if chosen.isdecimal() else 's'} {chosen.replace(',', ', ')}"


def _times(n: int) -> str:
    return f"{n} times" if n > 1 else ""


def _untold(lacks: Iterable[Lack], problems: Iterable[Obstacle]) -> tuple[Lack, ...]:
    """Return what is missed and does not stand against issuing: that is told there."""
    told = {problem.question for problem in problems}
    waiting = {test for problem in problems for test in problem.tests}
    return tuple(
        k
        for k in lacks
        if k.found.kind != "addressee"
        and not (k.found.kind in ("question", "safety") and told.intersection(k.found.answers))
        and not (k.found.kind == "undecided" and waiting.issuperset(k.found.items))
    )


def _lacking(problems: Iterable[Obstacle]) -> str:
    """Return what is missing, each in a few words; what has none is counted."""
    lacks = [problem.lacks for problem in problems]
    named = list(dict.fromkeys(filter(None, lacks)))
    if rest := lacks.count(""):
        named.append(
            f"{rest} more"
            if named
            else tr("{rest} thing{n} in the list", rest=rest, n="s" * (rest > 1))
        )
    return ", ".join(named)


def _line(obstacle: Obstacle) -> Said:
    key = _SETTING + obstacle.setting if obstacle.setting else obstacle.question
    key = _BLOCK + obstacle.block if obstacle.block else key
    key = _WHY_LINE if obstacle.recipient else key
    key = _ADDRESS_LINE if obstacle.address else key
    note = tr("Add it now…") if obstacle.setting else ""
    return Said(obstacle.says, note, Mark.CAUTION, (key,) if key else ())


def _lack_line(lack: Lack, mark: Mark) -> Said:
    return Said(lack.says, "", mark, lack.found.answers)


def _button(parent: QWidget, text: str, role: str = "") -> QPushButton:
    button = QPushButton(text, parent)
    if role:
        set_role(button, role)
    return button
