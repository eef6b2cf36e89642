"""The palette: type a few letters of any question, block or command, and go there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QAccessible, QAccessibleEvent, QColor, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QLabel,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from triage.content.form import Form
from triage.content.schema import Question
from triage.qt.parts.theme import colours, set_role
from triage.qt.parts.words import tr
from triage.qt.shell.actions import Command
from triage.session.quick.near import Nearest

_Index = QModelIndex | QPersistentModelIndex
# How many are listed.
_MOST = 60


class Entry(NamedTuple):
    """One thing to go to.

    Parameters
    ----------
    kind, id
        A question or a block, or a command, and its id.
    text, note
        What it is called; its section or its shortcut.
    search
        What typed words are looked for in, in lower case.
    names
        What it goes by itself, in lower case: not its options, nor the rows of its grid.
    rank
        0 for what stands on the core path or always in sight, 1 for blocks and for what comes up with other answers,
        2 for their details and for what only the palette knows.
    section
        The section of a question.
    """

    kind: Literal["question", "command"]
    id: str
    text: str
    note: str
    search: str
    names: tuple[str, ...]
    rank: int = 0
    section: str = ""


def entries_of(form: Form, commands: Sequence[Command]) -> tuple[Entry, ...]:
    """Return an entry for every question, block and command."""
    found = []
    for c in commands:
        text, shortcut = c.text.rstrip("…"), c.keys[0] if c.keys else ""
        found.append(Entry("command", c.id, text, shortcut, text.lower(), (text.lower(),)))
    for block in form.blocks.values():
        title = form.sections[block.section].title
        search, name = f"{block.title} {block.label}".lower(), block.title.lower()
        found.append(
            Entry("question", block.id, block.title, title, search, (name,), 1, block.section)
        )
    for question in form.questions.values():
        if not question.asked:
            continue
        title = form.sections[question.section].title
        own = question.id.partition(".")[2].replace("_", " ")
        names = [question.label, question.short, question.id, own, *question.say]
        words = [f"{option.label} {option.examples}" for option in question.options]
        words += [row.label for row in question.rows]
        found.append(
            Entry(
                "question",
                question.id,
                question.label,
                title,
                " ".join([*names, *words]).lower(),
                tuple(name.lower() for name in names if name),
                _rank(question),
                question.section,
            )
        )
    return tuple(found)


def _rank(question: Question) -> int:
    if question.core:
        return 0
    return 2 if question.show_when or question.palette_only else int(bool(question.unfold_when))


def matching(entries: Sequence[Entry], typed: str, here: str = "") -> list[Entry]:
    """Return the entries that hold every typed word.

    First what goes by just that name, then what has words in its name that begin so; of these first those of the
    section `here`, a question before the details that unfold with others, and what begins with the text before what
    only holds it.
    """
    text = typed.strip().lower()
    words = text.split()

    def order(entry: Entry) -> tuple[int, ...]:
        return (
            text not in entry.names,
            not any(all(f" {word}" in f" {name}" for word in words) for name in entry.names),
            not here or entry.section != here,
            entry.rank,
            not any(name.startswith(text) for name in entry.names),
        )

    found = [entry for entry in entries if all(word in entry.search for word in words)]
    return sorted(found, key=order)[:_MOST]


def nearest(entries: Sequence[Entry], typed: str) -> list[Entry]:
    """Return the entries whose names are most like what fits nothing."""
    return Nearest((name, entry) for entry in entries for name in entry.names).to(typed)


class _Model(QAbstractListModel):
    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.entries: list[Entry] = []

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        """Return the number of rows."""
        return 0 if parent.isValid() else len(self.entries)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return what a role asks of a row."""
        entry = self.entries[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return entry.text
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{entry.text}, {entry.note}"
            case Qt.ItemDataRole.UserRole:
                return entry
        return None

    def show_entries(self, entries: list[Entry]) -> None:
        self.beginResetModel()
        self.entries = entries
        self.endResetModel()


class _Delegate(QStyledItemDelegate):
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Paint a row."""
        entry: Entry = index.data(Qt.ItemDataRole.UserRole)
        c = colours(option.palette)
        box = option.rect.adjusted(8, 0, -8, 0)
        painter.save()
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen:
            painter.fillRect(option.rect, QColor(c.tint))
            bar = option.rect.adjusted(0, 0, 4 - option.rect.width(), 0)
            painter.fillRect(bar, QColor(c.accent))
        painter.setPen(QColor(c.ink2))
        middle = int(Qt.AlignmentFlag.AlignVCenter)
        note_width = option.fontMetrics.horizontalAdvance(entry.note)
        painter.drawText(box, middle | int(Qt.AlignmentFlag.AlignRight), entry.note)
        painter.setPen(QColor(c.ink))
        room = box.adjusted(0, 0, -note_width - 16, 0)
        text = option.fontMetrics.elidedText(entry.text, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, middle, text)
        painter.restore()


class FindDialog(QDialog):
    """Finds by typing; arrows move, Return goes.

    Parameters
    ----------
    entries
        What can be found.
    here
        The section in view, whose questions come first.

    Signals
    -------
    question_requested : str
        A question was chosen.
    command_requested : str
        A command was chosen.
    """

    question_requested = Signal(str)
    command_requested = Signal(str)

    def __init__(self, entries: Sequence[Entry], here: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entries, self._here = tuple(entries), here
        self.setWindowTitle(tr("Find"))
        self.resize(560, 420)
        self.field = QLineEdit(self)
        self.field.setPlaceholderText(tr("Find a question or a command"))
        self.field.setAccessibleName(tr("Find a question or a command"))
        self.field.setClearButtonEnabled(True)
        self._model = _Model(self)
        self.list = QListView(self)
        self.list.setAccessibleName(tr("Found"))
        self.list.setModel(self._model)
        self.list.setItemDelegate(_Delegate(self.list))
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setUniformItemSizes(True)
        self.list.setSpacing(1)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        layout = QVBoxLayout(self)
        self.nothing = QLabel(tr("Nothing fits. Nearest:"), self)
        set_role(self.nothing, "small")
        layout.addWidget(self.field)
        layout.addWidget(self.nothing)
        layout.addWidget(self.list, 1)
        self.field.textChanged.connect(self._on_text_changed)
        self.field.returnPressed.connect(self._on_return_pressed)
        self.list.clicked.connect(self._on_clicked)
        self.field.installEventFilter(self)
        self._on_text_changed("")

    @property
    def found(self) -> tuple[Entry, ...]:
        """What is listed."""
        return tuple(self._model.entries)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the arrow keys out of the field."""
        # The keys that move the list are pressed while the field has the focus.
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            steps = {
                Qt.Key.Key_Down: 1,
                Qt.Key.Key_Up: -1,
                Qt.Key.Key_PageDown: 10,
                Qt.Key.Key_PageUp: -10,
            }
            if step := steps.get(Qt.Key(event.key())):
                at = self.list.currentIndex().row() + step
                self._choose(max(0, min(at, len(self._model.entries) - 1)))
                return True
        return super().eventFilter(watched, event)

    def _choose(self, row: int) -> None:
        self.list.setCurrentIndex(self._model.index(row))

    @Slot(str)
    def _on_text_changed(self, text: str) -> None:
        found = matching(self._entries, text, self._here)
        self.nothing.setVisible(not found)
        self._model.show_entries(found or nearest(self._entries, text))
        # What nobody meant is not gone to by Enter alone.
        self._choose(0 if found else -1)
        if not found:
            QAccessible.updateAccessibility(QAccessibleEvent(self.nothing, QAccessible.Event.Alert))

    @Slot()
    def _on_return_pressed(self) -> None:
        self._go(self.list.currentIndex())

    @Slot(QModelIndex)
    def _on_clicked(self, index: QModelIndex) -> None:
        self._go(index)

    def _go(self, index: QModelIndex) -> None:
        if not index.isValid():
            return
        entry: Entry = index.data(Qt.ItemDataRole.UserRole)
        self.accept()
        if entry.kind == "question":
            self.question_requested.emit(entry.id)
        else:
            self.command_requested.emit(entry.id)
