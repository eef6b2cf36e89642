"""What is done from the list with the letters of cases that are not open: print, save, copy, follow, withdraw."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QLabel, QStackedWidget, QWidget

from triage.content.entry import order_of
from triage.errors import TriageError
from triage.files import write_whole
from triage.qt.letter.pages import Pages
from triage.qt.letter.withdraw import WithdrawDialog, withdraw_words
from triage.qt.parts.clipboard import Clipboard
from triage.qt.parts.fate import FateDialog, asks_of
from triage.qt.parts.messages import Messages
from triage.qt.parts.paths import ask_folder, ask_path, free_path
from triage.qt.parts.theme import set_role
from triage.qt.parts.words import tr
from triage.session.cases import Cases, Row
from triage.session.letters import LetterDesk
from triage.store.records import Way

if TYPE_CHECKING:
    from PySide6.QtPdf import QPdfDocument

    from triage.qt.letter.printing import PrinterDialog


class Letters(QStackedWidget):
    """Shows the last letter of a case beside the list.

    Parameters
    ----------
    cases
        Reads the letters.
    """

    def __init__(self, cases: Cases, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cases = cases
        self.says = QLabel(tr("No letter was issued yet."), self)
        self.says.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.says.setWordWrap(True)
        set_role(self.says, "muted")
        self.pages = Pages(tr("Letter of the chosen case"), self)
        # The keys are those of the list.
        self.pages.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.addWidget(self.says)
        self.addWidget(self.pages)

    @Slot(str)
    def show_case(self, draft: str) -> None:
        """Show the letter of a case; of one without, that there is none."""
        says = tr("No letter was issued yet.")
        if draft:
            try:
                self.pages.show_pdf(next(self._cases.letters(draft)).shown_pdf())
            except TriageError as error:
                says, draft = str(error), ""
        self.says.setText(says)
        self.setCurrentIndex(1 if draft else 0)


class _Taken(NamedTuple):
    """Letters that something is done with, and in words those that were left out."""

    desks: list[LetterDesk]
    left: str = ""


class Taking(QObject):
    """Takes letters along from a list of cases, and notes it of each.

    Parameters
    ----------
    cases
        Reads the letters.
    clipboard
        Takes their text.
    messages
        Tells what was done.
    parent
        The list, above which it asks.

    Signals
    -------
    done
        Something was noted of a case.
    left_out : str
        Of which cases nothing was taken, and why. It names patients: it is for the list alone.
    """

    done = Signal()
    left_out = Signal(str)

    def __init__(
        self, cases: Cases, clipboard: Clipboard, messages: Messages, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._cases = cases
        self._clipboard = clipboard
        self._messages = messages
        self._above = parent
        # The question that stands.
        self.asks: PrinterDialog | FateDialog | WithdrawDialog | None = None
        # Of which of the letters something is to be noted; -1 of all.
        self._of = -1

    def _attempt(self, act: Callable[..., None], *args: object) -> None:
        self._messages.attempt(act, *args)
        self.done.emit()

    def _letters(self, rows: Sequence[Row], *, earlier: bool = False) -> _Taken:
        """Return every letter of the last version of these cases, and with `earlier` what stands of those before."""
        desks, without, unread = list[LetterDesk](), list[str](), dict[str, str]()
        for row in rows:
            if not row.is_issued:
                without.append(row.name)
                continue
            try:
                desks += self._cases.letters(row.info.id, earlier=earlier)
            except TriageError as error:
                unread[row.name] = str(error)
        if not desks:
            # Of no patient's name, for it is told in the window as well.
            raise TriageError(" ".join(dict.fromkeys(unread.values())))
        left = [f"{name}: {why}" for name, why in unread.items()]
        if without:
            left.insert(0, tr("Without a letter: {names}.", names="; ".join(without)))
        return _Taken(desks, " ".join(left))

    def _tell(self, says: str, taken: _Taken) -> None:
        self._messages.info(says)
        if taken.left:
            self.left_out.emit(taken.left)

    def _ask(self, dialog: PrinterDialog | FateDialog | WithdrawDialog) -> None:
        self.asks = dialog
        dialog.finished.connect(self._on_asked)
        dialog.open()

    def _on_asked(self) -> None:
        if self.asks is not None:
            self.asks.deleteLater()
        self.asks = None

    def copy(self, rows: Sequence[Row]) -> None:
        """Put the letters of these cases into the clipboard as text."""
        self._attempt(self._copy, rows)

    def _copy(self, rows: Sequence[Row]) -> None:
        taken = self._letters(rows)
        desks = taken.desks
        self._clipboard.put("\n\n\n".join(desk.plain_text() for desk in desks))
        _note(desks, "copy")
        lasts = self._clipboard.lasts
        says = tr("{count} in the clipboard as text{lasts}.", count=_are(desks), lasts=lasts)
        self._tell(says, taken)

    def save(self, rows: Sequence[Row]) -> None:
        """Ask where to, and save the letters of these cases."""
        self._attempt(self._ask_path, rows)

    def _ask_path(self, rows: Sequence[Row]) -> None:
        taken = self._letters(rows)
        desks = taken.desks
        if len(desks) == 1:
            title, kinds = tr("Save letter as PDF"), tr("PDF (*.pdf)")
            path = ask_path(self._above, title, desks[0].file_name, kinds)
        else:
            title = tr("Save {count} letters as PDF, into a folder", count=len(desks))
            path = ask_folder(self._above, title)
        if path is not None:
            self._save_to(taken, path)

    def _save_to(self, taken: _Taken, path: Path) -> None:
        """Save one letter at a path, or several in a folder, where no file is written over."""
        desks = taken.desks
        for desk in desks:
            target = free_path(path / desk.file_name) if len(desks) > 1 else path
            write_whole(target, desk.shown_pdf())
            desk.note_sent("save")
        where = path.name
        says = tr("{count} saved as PDF: {where}.", count=_are(desks), where=where)
        self._tell(says, taken)

    def print_(self, rows: Sequence[Row]) -> None:
        """Ask for the printer, and print the letters of these cases."""
        self._attempt(self._ask_printer, rows)

    def _ask_printer(self, rows: Sequence[Row]) -> None:
        taken = self._letters(rows)
        desks = taken.desks
        if sys.platform == "win32":
            # Windows takes no PDF.
            for desk in desks:
                from triage.qt.letter.printing import print_pages

                if print_pages(self._document(desk), self._above):
                    desk.note_sent("print")
            return
        from triage.pdf.spool import printers

        what = tr("{count} letters, as issued.", count=len(desks))
        if len(desks) == 1 and desks[0].shown is not None:
            what = tr("Version {version}, as issued.", version=desks[0].shown.version)
        pages = self._document(desks[0]).pageCount() if len(desks) == 1 else 0
        from triage.qt.letter.printing import PrinterDialog

        dialog = PrinterDialog(printers(), what, pages, self._above)
        dialog.printer_chosen.connect(partial(self._attempt, self._print, taken))
        self._ask(dialog)

    def _document(self, desk: LetterDesk) -> QPdfDocument:
        from PySide6.QtPdf import QPdfDocument

        document = QPdfDocument(self)
        buffer = QBuffer(document)
        buffer.setData(QByteArray(desk.shown_pdf()))
        buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        document.load(buffer)
        return document

    def _print(self, taken: _Taken, printer: str, copies: int, pages: str) -> None:
        from triage.pdf.spool import print_pdf

        for desk in taken.desks:
            print_pdf(desk.shown_pdf(), printer, copies, pages)
            desk.note_sent("print")
        says = tr("{count} sent to {printer}.", count=_are(taken.desks), printer=printer)
        self._tell(says, taken)

    def follow(self, rows: Sequence[Row]) -> None:
        """Ask what came of the letters of these cases, and note it."""
        self._attempt(self._ask_fate, rows)

    def _ask_fate(self, rows: Sequence[Row]) -> None:
        taken = self._letters(rows, earlier=len(rows) == 1)
        desks, self._of = taken.desks, -1
        today = self._cases.now.astimezone().date()
        days = [desk.shown.at.astimezone().date() for desk in desks if desk.shown is not None]
        order = order_of(desks[0].session.profile)
        # To two readers of one case two things happen.
        is_to_choose = len(rows) == 1 and len(desks) > 1
        letters = list(zip(map(_called, desks), days, strict=True)) if is_to_choose else []
        asks = _whose(rows, _asks(desks))
        dialog = FateDialog(asks, today, max(days), self._above, order=order, letters=letters)
        dialog.letter_chosen.connect(self._on_letter_chosen)
        dialog.noted.connect(partial(self._attempt, self._note_fate, taken))
        self._ask(dialog)

    @Slot(int)
    def _on_letter_chosen(self, at: int) -> None:
        self._of = at

    def _note_fate(self, taken: _Taken, how: Way, says: str, day: str) -> None:
        desks = taken.desks if self._of < 0 else [taken.desks[self._of]]
        _note(desks, how, says, day)
        self._tell(tr("Recorded of {count}.", count=_many(desks)), taken)

    def withdraw(self, row: Row) -> None:
        """Ask whether and why the last version of a case is withdrawn, and withdraw it."""
        self._attempt(self._ask_withdraw, row)

    def _ask_withdraw(self, row: Row) -> None:
        desk = self._cases.desk(row.info.id)
        issue = desk.issues[-1]
        asks = _whose([row], withdraw_words(desk, issue))
        dialog = WithdrawDialog(asks, issue.version, self._above)
        dialog.confirmed.connect(partial(self._attempt, self._withdraw, row.info.id))
        self._ask(dialog)

    def _withdraw(self, draft: str, reason: str) -> None:
        self._cases.withdraw(draft, reason)
        self._messages.info(tr("Withdrawn. It stays readable, and is marked."))


def _note(desks: Sequence[LetterDesk], how: Way, says: str = "", day: str = "") -> None:
    for desk in desks:
        desk.note_sent(how, says, day)


def _asks(desks: Sequence[LetterDesk]) -> str:
    shown = desks[0].shown if len(desks) == 1 else None
    if shown is None:
        return tr("What came of {count} letters?", count=len(desks))
    return asks_of(desks[0], shown)


def _called(desk: LetterDesk) -> str:
    """Return how a letter is told from the others of its case."""
    shown = desk.shown
    assert shown is not None
    is_letter = not desk.called(shown.template)
    return desk.name_of(shown.recipient) if is_letter else desk.kind_of(shown)


def _whose(rows: Sequence[Row], asks: str) -> str:
    """Return a question with the patient of whom it is: two of a name are told apart."""
    return tr("{who}: {asks}", who=rows[0].who, asks=asks) if len(rows) == 1 else asks


def _many(desks: Sequence[LetterDesk]) -> str:
    return tr("1 letter") if len(desks) == 1 else tr("{count} letters", count=len(desks))


def _are(desks: Sequence[LetterDesk]) -> str:
    return (
        tr("{letters} is", letters=_many(desks))
        if len(desks) == 1
        else tr("{letters} are", letters=_many(desks))
    )
