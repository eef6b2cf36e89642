"""The palette: one line over the form. It shows what it would record, and leads to questions, commands and rules."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    QRect,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QKeyEvent,
)
from PySide6.QtWidgets import (
    QFrame,
    QLineEdit,
    QListView,
    QWidget,
)
from shiboken6 import isValid

from triage.qt.parts.caps import Caps, Keyed
from triage.qt.parts.keys import Place, char_of, is_enter, is_held, is_plain
from triage.qt.parts.laying import horizontal, vertical
from triage.qt.parts.stops import watch_focus
from triage.qt.parts.words import tr
from triage.qt.shell.find import Entry, matching, nearest
from triage.qt.shell.palette_row import PaletteDelegate, PaletteModel, Shown, rows_of
from triage.session import Session
from triage.session.quick import NOTHING_FITS, Goal, Preview, read_quick

_Key = Qt.Key
_REASON = Qt.FocusReason.OtherFocusReason
# How many things to go to stand under what would be recorded, and the most that is shown at once.
_BESIDE, _MOST_ROWS = 3, 16
_STEPS = {_Key.Key_Down: 1, _Key.Key_Up: -1}
_PAGES = {_Key.Key_PageDown: 1, _Key.Key_PageUp: -1}
_ANSWERS = range(1, 10)
_POLITE = QAccessible.AnnouncementPoliteness.Polite


class _Rows(QListView):
    """The rows; with the focus its keys answer what is asked, and record a block.

    Signals
    -------
    answered : int
        A digit was pressed.
    entered
        Enter was pressed.
    given_back
        The focus goes back to the line that is typed.
    stepped : int
        On to the next row that leads somewhere.
    """

    answered = Signal(int)
    entered = Signal()
    given_back = Signal()
    stepped = Signal(int)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        char = char_of(event)
        if is_enter(event):
            if not is_held(event):
                self.entered.emit()
        elif char.isdigit():
            # It records or leads to what records: a key that is held works once.
            if not is_held(event):
                self.answered.emit(int(char))
        elif is_plain(event) and event.key() in (_Key.Key_Up, _Key.Key_Backspace):
            self.given_back.emit()
        elif is_plain(event) and event.key() == _Key.Key_Down:
            self.stepped.emit(1)
        elif is_plain(event) and event.key() in _PAGES:
            self.page(_PAGES[_Key(event.key())])
        else:
            # What only shows a reading is no row to stand on.
            event.ignore()

    @property
    def way(self) -> QModelIndex | None:
        """The chosen row, if it leads somewhere; None else."""
        index = self.currentIndex()
        row: Shown | None = index.data(Qt.ItemDataRole.UserRole)
        return index if row is not None and row.entry is not None else None

    def page(self, step: int) -> None:
        """Scroll by what is seen at once."""
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + step * bar.pageStep())


class Palette(QFrame):
    """One line that records what it shows, or leads somewhere. It closes when the focus leaves it.

    Parameters
    ----------
    session
        The case.
    entries
        What it can lead to.
    here
        The section in view, whose questions come first.
    window
        The window that it stands in.

    Signals
    -------
    question_requested, command_requested, rule_requested : str
        A question, a command or a rule was chosen.
    recorded : str
        What was recorded, in words.
    previewed : object
        What would be recorded: values by key.
    closed
        It is of no more use.
    """

    question_requested = Signal(str)
    command_requested = Signal(str)
    rule_requested = Signal(str)
    recorded = Signal(str)
    previewed = Signal(object)
    closed = Signal()
    where = Place.PALETTE

    def __init__(
        self, session: Session, entries: Sequence[Entry], here: str, window: QWidget
    ) -> None:
        super().__init__(window)
        self.setObjectName("palette")
        self._session, self._entries, self._here = session, tuple(entries), here
        self._commands = [Goal("command", e.id, e.text) for e in entries if e.kind == "command"]
        self._before = window.focusWidget()
        self._answers: dict[tuple[int, str], tuple[str, ...]] = {}
        self.preview = Preview()
        self._said = ""
        self.setAccessibleName(tr("Quick entry"))
        self.field = QLineEdit(self)
        self.field.setFrame(False)
        self.field.setPlaceholderText(tr("Type what you found, or a question or command to go to"))
        self.field.setAccessibleName(tr("Quick entry: what you found, or where to go"))
        self._model = PaletteModel(self)
        self.list = _Rows(self)
        self.list.setObjectName("entries")
        self.list.setAccessibleName(tr("What it means"))
        self.list.setModel(self._model)
        self.list.setItemDelegate(PaletteDelegate(self._model, self.list))
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setResizeMode(QListView.ResizeMode.Adjust)
        self.list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.foot = Caps((), self)
        self._lay_out()
        self.field.textChanged.connect(self._on_text_changed)
        self.field.returnPressed.connect(self._on_entered)
        self.field.installEventFilter(self)
        self.list.entered.connect(self._on_entered)
        self.list.answered.connect(self._on_answered)
        self.list.given_back.connect(self._on_given_back)
        self.list.stepped.connect(self._choose)
        self.list.clicked.connect(self._on_clicked)
        watch_focus(self._on_focus_changed)
        self._on_text_changed("")

    def _lay_out(self) -> None:
        line, foot = QWidget(self), QWidget(self)
        line.setObjectName("typed")
        foot.setObjectName("foot")
        foot.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        top = horizontal(line, 12, 7, 12, 7)
        top.addWidget(Caps((("Ctrl+K", ""),), line))
        top.addWidget(self.field, 1)
        bottom = horizontal(foot, 12, 4, 12, 4)
        bottom.addWidget(self.foot)
        bottom.addStretch(1)
        layout = self._rows = vertical(self)
        layout.setContentsMargins(2, 2, 2, 2)
        layout.setSpacing(0)
        layout.addWidget(line)
        layout.addWidget(self.list)
        layout.addWidget(foot)

    def open(self, room: QRect) -> None:
        """Show it over `room`, the focus in its line."""
        self.stand_over(room)
        self.show()
        self.raise_()
        self.field.setFocus(_REASON)

    def stand_over(self, room: QRect) -> None:
        """Stand at the top of `room`, and not higher than what is shown needs."""
        self._room = QRect(room)
        self._fit()

    def _fit(self) -> None:
        count = len(self._model.rows)
        self.list.setVisible(bool(count))
        most = max(60, self._room.height() - 90)
        # The list is as wide as all of it before it is asked how high its rows are.
        self.resize(self._room.width(), self.height())
        self._rows.activate()
        self.list.doItemsLayout()
        height = sum(self.list.sizeHintForRow(at) for at in range(min(count, _MOST_ROWS)))
        self.list.setFixedHeight(min(height, most))
        self.setGeometry(
            QRect(self._room.topLeft(), QSize(self._room.width(), self.sizeHint().height()))
        )

    @property
    def rows(self) -> tuple[Shown, ...]:
        """What is shown."""
        return tuple(self._model.rows)

    @property
    def found(self) -> tuple[Entry, ...]:
        """What it can lead to now, in order."""
        return tuple(row.entry for row in self._model.rows if row.entry is not None)

    # -- what is typed --------------------------------------------------------------------------

    @Slot(str)
    def _on_text_changed(self, text: str) -> None:
        entry = Preview()
        if text.strip() and not self._session.read_only:
            entry = read_quick(self._session, text, self._answers, self._commands)
        self.preview = entry
        found = self._found(text)
        goes = not entry.is_ready and entry.asking is None
        is_alone = len(entry.items) < 2
        reads = [*rows_of(entry)]
        if goes and is_alone and found:
            # A way to somewhere, not a line that cannot be read.
            reads = []
        elif goes and not found and text.strip():
            found, goes = nearest(self._entries, text), False
            if not self._says_why:
                reads = [Shown("head", tr("Nothing fits. Nearest:"))]
        if reads:
            found = found[:_BESIDE]
        self._model.show_rows([*reads, *(self._goes(each) for each in found)])
        # What is not meant is not gone to by Enter alone.
        first = len(reads) if goes and found and is_alone and not reads else -1
        self.list.setCurrentIndex(self._model.index(first, 0))
        self.foot.show_keys(self._keys())
        if self.isVisible():
            self._fit()
        self.previewed.emit(entry.changes if entry.is_ready else {})
        self._tell(reads[0].text if reads else found[0].text if found else "")

    @property
    def _says_why(self) -> bool:
        """Whether a part that fits nothing, or only leads somewhere, says more than that."""
        return any(
            i.state == "goes" or (i.state == "nothing" and i.says != NOTHING_FITS)
            for i in self.preview.items
        )

    def _found(self, text: str) -> list[Entry]:
        found = matching(self._entries, text, self._here)
        goals = [item.goal for item in self.preview.items if item.goal is not None]
        if goals and len(self.preview.items) == 1 and (goals[0].kind == "rule" or not found):
            kind, name, says = goals[0]
            found = [Entry(kind, name, says, tr("Rule") if kind == "rule" else "", "", ())]
        return found or self._asked()

    def _asked(self) -> list[Entry]:
        """Return the questions that would be answered."""
        form = self._session.form
        asked = {q.id for key in self.preview.changes if (q := form.question_of(key)) is not None}
        return [entry for entry in self._entries if entry.kind == "question" and entry.id in asked]

    @staticmethod
    def _goes(entry: Entry) -> Shown:
        return Shown("goes", entry.text, note=entry.note, entry=entry)

    def _keys(self) -> Keyed:
        """Return what the keys do with the line as it stands."""
        esc = ("Esc", tr("nothing recorded"))
        go = [("Tab", tr("go to the first question")), ("↓", tr("choose"))] if self.found else []
        entry = self.preview
        if entry.asking is not None:
            digits = " ".join(map(str, range(1, len(entry.items[entry.asking].meanings) + 1)))
            first = (
                (digits, tr("which is meant"))
                if self.list.hasFocus()
                else ("Enter", tr("to answer"))
            )
            return (first, *go, esc)
        if entry.is_ready and entry.by_key:
            on_rows = self.list.hasFocus()
            first = (
                ("0", tr("records all of it"))
                if on_rows
                else ("Enter", tr("read it; then 0 records it"))
            )
            return (first, *go, esc)
        if entry.is_ready:
            return (("Enter", tr("record as one step")), *go, esc)
        if self.list.way is not None:
            return (("Enter", tr("go there")), ("↑ ↓", "choose"), ("Esc", "close"))
        if any(item.state in ("nothing", "goes") for item in entry.items):
            says = tr("records nothing while a part does not fit")
            none = ("Enter", says if len(entry.items) > 1 else tr("records nothing"))
            return (none, *go, ("Esc", "close"))
        return (*go, ("Esc", "close"))

    def _tell(self, says: str) -> None:
        """Tell assistive technology what the line means now."""
        if says == self._said:
            return
        self._said = says
        self.field.setAccessibleDescription(says)
        if says and self.isVisible():
            event = QAccessibleAnnouncementEvent(self.field, says)
            event.setPoliteness(_POLITE)
            QAccessible.updateAccessibility(event)

    # -- keys -----------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the keys out of the field that choose and scroll."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and is_plain(event)
        ):
            key = Qt.Key(event.key())
            if step := _STEPS.get(key):
                self._choose(step)
                return True
            if step := _PAGES.get(key):
                self.list.page(step)
                return True
            if key == _Key.Key_Tab:
                self._go_to_first()
                return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == _Key.Key_Escape:
            self.leave()
        else:
            # Nothing that is pressed here is for the form.
            event.accept()

    @Slot(int)
    def _choose(self, step: int) -> None:
        """Choose the next row, or the one before, that leads somewhere."""
        ways = [at for at, row in enumerate(self._model.rows) if row.entry is not None]
        if not ways:
            return
        here = self.list.currentIndex().row()
        if here in ways:
            at = ways.index(here) + step
            if at < 0 and self.preview.items and not self._is_way:
                # Back to what would be recorded.
                self.list.setCurrentIndex(QModelIndex())
                self.foot.show_keys(self._keys())
                return
            at = max(0, min(at, len(ways) - 1))
        else:
            at = 0
        index = self._model.index(ways[at], 0)
        self.list.setCurrentIndex(index)
        self.list.scrollTo(index)
        self.foot.show_keys((("Enter", tr("go there")), ("Esc", "close")))
        self._tell(self._model.rows[ways[at]].says)

    def _go_to_first(self) -> None:
        """Go to the first question from what is chosen on: never to a command, which does something."""
        chosen = self.list.way
        for at in range(chosen.row() if chosen else 0, len(self._model.rows)):
            entry = self._model.rows[at].entry
            if entry is not None and entry.kind == "question":
                self._go(self._model.index(at, 0))
                return

    @property
    def _is_way(self) -> bool:
        """Whether the line leads somewhere, and neither records nor asks."""
        return not self.preview.is_ready and self.preview.asking is None

    @Slot()
    def _on_entered(self) -> None:
        if (way := self.list.way) is not None:
            self._go(way)
        elif self.preview.asking is not None or (self.preview.by_key and self.preview.is_ready):
            self._to_rows()
        else:
            self._record()

    def _to_rows(self) -> None:
        self.list.setFocus(_REASON)
        self.foot.show_keys(self._keys())
        self._show_asked()
        self._tell(self.foot.accessibleName())

    def _show_asked(self) -> None:
        """Scroll to what is asked, with its answers: a digit chooses nothing that is out of sight."""
        readings = [at for at, row in enumerate(self._model.rows) if row.kind == "reading"]
        if readings:
            for at in (readings[-1], readings[0] - 1):
                self.list.scrollTo(self._model.index(at, 0))

    @Slot()
    def _on_given_back(self) -> None:
        self.field.setFocus(_REASON)
        self.foot.show_keys(self._keys())

    @Slot(int)
    def _on_answered(self, digit: int) -> None:
        asking = self.preview.asking
        if asking is None:
            if digit == 0:
                self._record(by_key=True)
            return
        item = self.preview.items[asking]
        if digit in _ANSWERS and digit <= len(item.meanings):
            key = (asking, item.text)
            says = item.meanings[digit - 1].says
            self._answers[key] = (*self._answers.get(key, ()), says)
            self._on_text_changed(self.field.text())
            self._show_asked()

    def _record(self, *, by_key: bool = False) -> None:
        says = self.preview.record(self._session, by_key=by_key)
        if says:
            self.leave()
            self.recorded.emit(says)

    @Slot(QModelIndex)
    def _on_clicked(self, index: QModelIndex) -> None:
        row: Shown = index.data(Qt.ItemDataRole.UserRole)
        if row.kind == "reading":
            self._on_answered(int(row.cap))
        elif row.entry is not None:
            self._go(index)

    def _go(self, index: QModelIndex) -> None:
        row: Shown = index.data(Qt.ItemDataRole.UserRole)
        assert row.entry is not None
        self.leave()
        signal = {
            "question": self.question_requested,
            "command": self.command_requested,
            "rule": self.rule_requested,
        }[row.entry.kind]
        signal.emit(row.entry.id)

    # -- closing --------------------------------------------------------------------------------

    def leave(self) -> None:
        """Close, with the focus back where it was."""
        before = self._before
        self._close()
        if before is not None and isValid(before) and before.isVisible():
            before.setFocus(_REASON)

    def _close(self) -> None:
        if self.isHidden():
            return
        self.hide()
        self.previewed.emit({})
        self.closed.emit()

    @Slot(QWidget, QWidget)
    def _on_focus_changed(self, old: QWidget | None, new: QWidget | None) -> None:
        # A dialog over it, another window, or a lock leaves it standing.
        if not self.isVisible():
            return
        if new is not None and new.window() is self.window() and not self.isAncestorOf(new):
            self._close()
