"""Paste of results, of a note or of a patient's details: a preview of what will be recorded, and one confirmation."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QFont,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QDialog,
    QFrame,
    QLabel,
    QListView,
    QWidget,
)

from triage.content.schema import Question
from triage.errors import EntryError
from triage.letter.words.results import sex_of
from triage.qt.ask.paste_row import Index, PasteDelegate, left_of, words
from triage.qt.ask.pasted import has_patient
from triage.qt.parts.colours import colours
from triage.qt.parts.inputs import Button, TypedLine
from triage.qt.parts.keys import char_of, is_held
from triage.qt.parts.laying import horizontal, vertical
from triage.qt.parts.messages import Messages
from triage.qt.parts.theme import set_role
from triage.qt.parts.underlined import Underlined
from triage.qt.parts.words import tr
from triage.session import Session
from triage.session.note import NotePreview
from triage.session.paste import AddressPreview, MedicinesPreview, PatientPreview, Preview

_Key = Qt.Key
_ENTER = (_Key.Key_Return, _Key.Key_Enter)
_CONTROL = Qt.KeyboardModifier.ControlModifier
_KEYS = (
    ("1 2", "answers"),
    ("↑ ↓", "lines"),
    ("Delete", tr("leaves out")),
    ("Space", tr("to the notes")),
)
_CLASSES = (*_KEYS[:-1], ("Space", tr("class on or off")))
_ALL = tr("These are &all medicines, also inhaled, over the counter and herbal")
NO_TEXT = tr("There is no text to paste.")


class Kind(NamedTuple):
    """What is pasted, and how the dialog speaks of it.

    Parameters
    ----------
    preview
        Reads it.
    title
        The title of the window.
    says
        What is said above the lines.
    notes
        The box that sends to the notes what is left; empty where there are none.
    keeps
        Whether what is left goes to the notes unasked.
    edits
        Whether a line can be edited.
    keys
        What its keys do.
    """

    preview: type[Preview]
    title: str
    says: str
    notes: str
    keeps: bool = False
    edits: bool = True
    keys: tuple[tuple[str, str], ...] = _KEYS


RESULTS = Kind(
    Preview,
    tr("Paste of results"),
    tr(
        "Nothing is recorded yet. Left what you pasted, right what it becomes. "
        "A line that is not answered is not recorded."
    ),
    tr("All lines that are left to the &notes"),
)
NOTE = Kind(
    NotePreview,
    tr("Paste of a consultation note"),
    tr(
        "Nothing is recorded yet. Left the note, right what can be recorded of it. Check each tick against the note. "
        "What is not answered is not recorded."
    ),
    tr("What is not recorded to the &notes of {section}"),
    keeps=True,
    edits=False,
)


PATIENT = Kind(
    PatientPreview,
    tr("Paste of the patient's details"),
    tr(
        "Nothing is recorded yet. Left what you pasted, right what it becomes. "
        "Compare it with the patient in front of you."
    ),
    tr("All lines that are left to the &notes"),
)


ADDRESS = Kind(
    AddressPreview,
    tr("Paste of an address"),
    tr("Nothing is kept yet. Left what you pasted, right its part. A digit puts a line elsewhere."),
    "",
    keys=(("1 … 4", tr("puts it there")), ("↑ ↓", tr("lines")), ("Delete", tr("leaves out"))),
)


MEDICINES = Kind(
    MedicinesPreview,
    tr("Paste of medicines"),
    tr(
        "Nothing is recorded yet. Doses are copied, never worked out. "
        "A name that the list does not know keeps your spelling."
    ),
    tr("All lines that are left to the &notes"),
    keys=_CLASSES,
)


class Pasting(NamedTuple):
    """Shows what a text means, and records it once that is confirmed.

    Parameters
    ----------
    session
        The case.
    messages
        The channel for what there is to tell.
    parent
        The window.
    then
        What is done once a patient's details are recorded.
    """

    session: Session
    messages: Messages
    parent: QWidget
    then: Callable[[], None]

    def take(self, text: str, section: str, over: QWidget | None) -> None:
        """Show what a text means that is pasted or dropped on `over`: of a patient, results, or a note."""
        session = self.session
        if has_patient(session, "", text):
            self.patient(text, section)
        elif (asked := _asked(over)) and asked == MedicinesPreview.asks(session):
            self._show(MEDICINES, text, asked.section)
        elif session.form.sections[section].person == "result" or (
            isinstance(over, TypedLine) and over.leaves is not None
        ):
            self.results(text)
        else:
            self._lines(text, section)

    def patient(self, text: str, section: str) -> None:
        """Show what of a text are details of the patient."""
        if dialog := self._show(PATIENT, text, section):
            dialog.accepted.connect(self.then)

    def results(self, text: str) -> None:
        """Show what a text means as results."""
        self._show(RESULTS, text, results_section(self.session))

    def note(self, text: str, section: str) -> None:
        """Show what of a note can be recorded; what is not goes to the notes of a section."""
        self._show(NOTE, text, history_section(self.session, section))

    def _lines(self, text: str, section: str) -> None:
        """Show what lines mean where nothing says what they are: results, if most of them are, else a note."""
        try:
            read = Preview(self.session, text, section)
        except EntryError as error:
            self.messages.warning(str(error))
            return
        lines = {entry.line for entry in read.entries}
        results = {entry.line for entry in read.entries if entry.state != "left"}
        if 2 * len(results) > len(lines):
            self.results(text)
        else:
            self.note(text, section)

    def _show(self, kind: Kind, text: str, section: str) -> PasteDialog | None:
        if not text.strip():
            self.messages.advice(NO_TEXT)
            return None
        try:
            preview = kind.preview(self.session, text, section)
        except EntryError as error:
            self.messages.warning(str(error))
            return None
        dialog = PasteDialog(self.session, preview, self.parent, kind)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.recorded.connect(self.messages.info)
        # This one stays until it is closed.
        dialog.missed.connect(self.messages.warning)
        dialog.open()
        return dialog


def _asked(over: QWidget | None) -> Question | None:
    """Return the question that a place on the screen asks."""
    while over is not None:
        if isinstance(found := getattr(over, "question", None), Question):
            return found
        over = over.parentWidget()
    return None


def results_section(session: Session) -> str:
    """Return the section of results, whose notes take the lines that are left."""
    sections = session.form.sections.values()
    return next((s.id for s in sections if s.person == "result"), next(iter(session.form.sections)))


def history_section(session: Session, here: str) -> str:
    """Return the section whose notes take the rest of a consultation note that is pasted in the section `here`.

    What a letter says of who the patient is has no room for it: from there it goes to where most of the history is.
    """
    form = session.form
    if form.sections[here].person != "administrative":
        return here
    told = [
        question.section
        for question in form.questions.values()
        if question.core and form.sections[question.section].person == "told"
    ]
    return max(told, key=told.count, default=here)


class _Model(QAbstractListModel):
    """The lines of a preview.

    Signals
    -------
    edited : int, str
        A line was given another text.
    """

    edited = Signal(int, str)

    def __init__(self, preview: Preview, sex: str, edits: bool, parent: QObject) -> None:
        super().__init__(parent)
        self._preview = preview
        self._sex = sex
        self._edits = edits

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Return the number of rows."""
        return 0 if parent.isValid() else len(self._preview.entries)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return what a role asks of a row."""
        entry = self._preview.entries[index.row()]
        match role:
            case (
                Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.EditRole | Qt.ItemDataRole.ToolTipRole
            ):
                return entry.text
            case Qt.ItemDataRole.AccessibleTextRole:
                return words(self._preview, index.row(), self._sex)
        return None

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Tell of another text for a line."""
        if value != self.data(index):
            self.edited.emit(index.row(), str(value))
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Return what can be done with a row."""
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsEditable if self._edits else flags

    def show_again(self) -> None:
        """Show what has become of the lines."""
        self.beginResetModel()
        self.endResetModel()


class PasteList(QListView):
    """The lines; its keys answer them.

    Signals
    -------
    answered : int
        A reading of the current line was chosen, by its digit.
    left_out
        The current line is not wanted, or wanted again.
    noted
        The current line is for the notes, or not.
    """

    answered = Signal(int)
    left_out = Signal()
    noted = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("What was pasted, and what it becomes"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setEditTriggers(QAbstractItemView.EditTrigger.DoubleClicked)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)

    @property
    def row(self) -> int:
        """The current line; -1 if there is none."""
        return self.currentIndex().row()

    @property
    def is_editing(self) -> bool:
        """Whether a line is being edited."""
        return self.state() == QAbstractItemView.State.EditingState

    def show_row(self, row: int) -> None:
        """Make a line the current one."""
        index = self.model().index(row, 0)
        self.setCurrentIndex(index)
        self.scrollTo(index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        char = char_of(event)
        digit = int(char) if char.isdigit() else 0
        is_plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if self.is_editing or event.modifiers() & _CONTROL or self.row < 0:
            event.ignore()
        elif is_plain and (1 <= digit <= 9 or key in (*_ENTER, _Key.Key_Delete, _Key.Key_Space)):
            # A key that is held works once.
            if not is_held(event):
                self._decide(key, digit)
        else:
            super().keyPressEvent(event)

    def _decide(self, key: int, digit: int) -> None:
        if key in _ENTER:
            if self.model().flags(self.currentIndex()) & Qt.ItemFlag.ItemIsEditable:
                self.edit(self.currentIndex())
        elif key == _Key.Key_Delete:
            self.left_out.emit()
        elif key == _Key.Key_Space:
            self.noted.emit()
        else:
            self.answered.emit(digit)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        delegate = self.itemDelegate()
        if not index.isValid() or not isinstance(delegate, PasteDelegate):
            return
        box = self.visualRect(index)
        point = event.position() - box.topLeft().toPointF()
        if digit := delegate.chip_at(index.row(), point, box.width(), self.font()):
            self.setCurrentIndex(index)
            self.answered.emit(digit)


class _Head(QWidget):
    """The titles of the two halves, above the list."""

    def __init__(self, below: QListView, parent: QWidget) -> None:
        super().__init__(parent)
        self._below = below

    def sizeHint(self) -> QSize:
        return QSize(200, self.fontMetrics().height() + 8)

    def paintEvent(self, event: QPaintEvent) -> None:
        font = QFont(self.font())
        font.setWeight(QFont.Weight.Bold)
        painter = QPainter(self)
        painter.setFont(font)
        painter.setPen(self.palette().windowText().color())
        middle = int(Qt.AlignmentFlag.AlignVCenter)
        painter.drawText(self.rect().adjusted(7, 0, 0, 0), middle, tr("Pasted"))
        painter.drawText(
            self.rect().adjusted(left_of(self._below.viewport().width()), 0, 0, 0),
            middle,
            tr("Will be recorded"),
        )
        painter.setPen(QColor(colours(self.palette()).ink2))
        painter.drawLine(self.rect().bottomLeft(), self.rect().bottomRight())
        painter.end()


class PasteDialog(QDialog):
    """Shows a pasted report or note line by line; records nothing until Ctrl+Enter, then all as one step.

    Parameters
    ----------
    session
        The case; None for what is no part of one.
    preview
        The report or note.
    kind
        Which of them it is.

    Signals
    -------
    recorded, missed : str
        What was recorded, in words; and that lines were not answered.
    """

    recorded = Signal(str)
    missed = Signal(str)

    def __init__(
        self,
        session: Session | None,
        preview: Preview,
        parent: QWidget | None = None,
        kind: Kind = RESULTS,
    ) -> None:
        super().__init__(parent)
        self.preview = preview
        self._kind = kind
        shown_sex = sex_of(session.case) if session is not None else ""
        self.setWindowTitle(kind.title)
        self.resize(self._size())
        self.title = QLabel(self)
        set_role(self.title, "title")
        self.says = QLabel(self)
        self.says.setWordWrap(True)
        set_role(self.says, "muted")
        self.list = PasteList(self)
        self.head = _Head(self.list, self)
        self._model = _Model(preview, shown_sex, kind.edits, self)
        self.list.setModel(self._model)
        self.list.setItemDelegate(PasteDelegate(preview, shown_sex, self.list.viewport()))
        told = (*kind.keys, ("Enter", "edits"), ("Ctrl+Enter", tr("records all")))
        self.list.setAccessibleDescription(", ".join(f"{key} {does}" for key, does in told))
        self.notes = QCheckBox(kind.notes, self)
        if kind.keeps:
            self.notes.setText(kind.notes.format(section=preview.kept_in))
        self.notes.setChecked(kind.keeps)
        self.notes.setVisible(bool(kind.notes))
        self.closes = QCheckBox(_ALL, self)
        self.closes.setVisible(isinstance(preview, MedicinesPreview))
        self.keys = QLabel(self)
        keys = (*kind.keys, ("Enter", "edits")) if kind.edits else kind.keys
        self.keys.setText("&nbsp;&nbsp; ".join(f"<b>{key}</b> {does}" for key, does in keys))
        self.keys.setWordWrap(True)
        set_role(self.keys, "small")
        self.cancel = Button(tr("Record &nothing   Esc"), self)
        self.record = Button("", self)
        set_role(self.record, "main")
        self._underlined = Underlined(self)
        self._lay_out()
        self._connect_signals()
        self._show(preview.first_open)
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _size(self) -> QSize:
        """Return a size that grows with the text, and fits the screen."""
        letter = self.fontMetrics().averageCharWidth()
        room = self.screen().availableSize() - QSize(40, 60)
        return QSize(130 * letter, 30 * self.fontMetrics().height()).boundedTo(room)

    def _lay_out(self) -> None:
        # Paper, and a foot on the ground of the window.
        paper = QWidget(self)
        paper.setAutoFillBackground(True)
        paper.setBackgroundRole(QPalette.ColorRole.Base)
        foot = horizontal(None, 20, 10, 20, 10, spacing=10)
        foot.addWidget(self.notes)
        foot.addStretch(1)
        foot.addWidget(self.cancel)
        foot.addWidget(self.record)
        layout = vertical(paper, 20, 14, 20, 8, spacing=6)
        for widget in (self.title, self.says, self.head):
            layout.addWidget(widget)
        layout.addWidget(self.list, 1)
        layout.addWidget(self.closes)
        layout.addWidget(self.keys)
        whole = vertical(self, 0, 0, 0, 0, spacing=0)
        whole.addWidget(paper, 1)
        whole.addLayout(foot)
        is_stopped = bool(self.preview.reading.stopped)
        if is_stopped:
            for part in (self.head, self.list, self.notes, self.closes, self.keys, self.record):
                part.hide()
            layout.addStretch(1)
            self.resize(560, 160)

    def _connect_signals(self) -> None:
        self.list.answered.connect(self._on_answered)
        self.list.left_out.connect(self._on_left_out)
        self.list.noted.connect(self._on_noted)
        # Later: the field of the line is still open when it tells.
        self._model.edited.connect(self._on_edited, Qt.ConnectionType.QueuedConnection)
        self.notes.toggled.connect(self._on_notes_toggled)
        self.closes.toggled.connect(self._on_closes_toggled)
        self.cancel.clicked.connect(self.reject)
        self.record.clicked.connect(self._on_record)

    def _show(self, row: int) -> None:
        """Show what has become of the lines, and go to one of them."""
        preview = self.preview
        self._model.show_again()
        if preview.entries:
            self.list.show_row(max(0, min(row, len(preview.entries) - 1)))
        self.title.setText(preview.title)
        said = (
            (preview.reading.stopped,)
            if preview.reading.stopped
            else (self._kind.says, preview.reading.names, preview.remark)
        )
        self.says.setText(" ".join(filter(None, said)))
        self._underlined.show(
            self.record,
            tr("Record {does}   Ctrl+Enter", does=preview.does)
            if preview.does
            else tr("Nothing to record"),
        )
        self.record.setEnabled(bool(preview.does))

    # -- what the user does ---------------------------------------------------------------------

    @Slot(int)
    def _on_answered(self, digit: int) -> None:
        row = self.list.row
        if self.preview.answer(row, digit):
            open_ = self.preview.next_open(row)
            self._show(row if open_ is None else open_)

    @Slot()
    def _on_left_out(self) -> None:
        self.preview.leave_out(self.list.row)
        self._show(self.list.row)

    @Slot()
    def _on_noted(self) -> None:
        self.preview.note(self.list.row)
        self._show(self.list.row)

    @Slot(bool)
    def _on_notes_toggled(self, checked: bool) -> None:
        self.preview.note_left(checked)
        self._show(self.list.row)

    @Slot(bool)
    def _on_closes_toggled(self, checked: bool) -> None:
        if isinstance(self.preview, MedicinesPreview):
            self.preview.closes = checked
        self._show(self.list.row)

    @Slot(int, str)
    def _on_edited(self, row: int, text: str) -> None:
        line = self.preview.entries[row].line
        self.preview.edit(row, text)
        rows = (at for at, entry in enumerate(self.preview.entries) if entry.line >= line)
        self._show(next(rows, row))

    @Slot()
    def _on_record(self) -> None:
        if not self.preview.does:
            return
        missed = bool(self.preview.unanswered)
        try:
            said = self.preview.record()
        except EntryError as error:
            self.says.setText(str(error))
            return
        (self.missed if missed else self.recorded).emit(said)
        self.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_enter = event.key() in _ENTER
        if is_enter and event.modifiers() & _CONTROL and not self.list.is_editing:
            if not is_held(event):
                self._on_record()
        elif not is_enter:
            # Enter alone never presses a button here.
            super().keyPressEvent(event)
