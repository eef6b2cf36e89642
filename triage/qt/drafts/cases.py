"""The list of cases: what is still to do in each, and all that is done with several of them at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import QEvent, QItemSelection, QModelIndex, Qt, Signal, Slot
from PySide6.QtGui import (
    QDragEnterEvent,
    QDropEvent,
    QHideEvent,
    QKeyEvent,
    QKeySequence,
    QPalette,
    QResizeEvent,
    QShortcut,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QLabel,
    QLineEdit,
    QPushButton,
    QWidget,
)

from triage.errors import TriageError
from triage.letter.words.said.line import Mark
from triage.qt.drafts.saving import case_name
from triage.qt.drafts.table import COLUMNS, CaseModel, CaseTable, most_common
from triage.qt.parts.box import Box
from triage.qt.parts.caps import Caps
from triage.qt.parts.dropped import file_of
from triage.qt.parts.elided import Elided
from triage.qt.parts.flow import Flow, scaled
from triage.qt.parts.keys import TABLE, Place
from triage.qt.parts.laying import horizontal, vertical
from triage.qt.parts.marks import MarkLabel
from triage.qt.parts.messages import MessageLevel
from triage.qt.parts.paths import ask_folder, ask_path, usual_folder
from triage.qt.parts.segments import Segment, Segments
from triage.qt.parts.soon import Soon
from triage.qt.parts.theme import set_role
from triage.qt.parts.underlined import Underlined
from triage.qt.parts.words import tr
from triage.session.cases import (
    GROUPS,
    ORDERS,
    SELDOM,
    Cases,
    Row,
    by_day,
    counts,
    ordered,
    summary,
    title_of,
)
from triage.session.draft import BIN_DAYS

# What a case can come from.
WAYS_IN = tr("Case or letter (*.json *.pdf)")
_READ_ONLY = tr(
    "The cases can be read here and not changed: their folder or disk cannot be written. Make it writable, and start "
    "the program again."
)
_STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
# So many rows are read at once, the first before anything is shown; so many of old are worked out unasked.
_PAGE, _UNASKED = 200, 500
# More than so many are read only when one goes there, or searches.
_MOST = 2000
# Between one case that is worked out and the next, in milliseconds: keys go first.
_PAUSE = 15
# How long the choice rests on a case until its letter is shown, in milliseconds.
_REST = 150
# From which width on there is room for a hint, and for a letter, which is so wide.
_ROOMY, _WIDE, _LETTER = 1500, 1700, 600
_MARKS: dict[MessageLevel, Mark] = {
    "advice": Mark.NONE,
    "info": Mark.DONE,
    "warning": Mark.CAUTION,
    "error": Mark.EMERGENCY,
}
_BIN = "bin"


class CasesDialog(QDialog):
    """Shows the cases. Opens nothing and changes nothing by itself: it asks whoever is connected.

    Parameters
    ----------
    cases
        Reads them, and says what there is to say of each.
    read_only
        Whether they can only be read, because nothing can be written where they are.
    preview
        Where the letter of the chosen case is shown on a wide screen; None if nowhere.

    Signals
    -------
    draft_chosen : str
        Open this case.
    new_requested
        Start a new case.
    visit_chosen : str
        Begin a further visit of the patient of this case.
    bin_requested, back_requested, delete_confirmed : object
        Put these cases into the bin, take them out of it, delete them for good; the user has confirmed it.
    import_chosen : object
        Bring in the CASE.json, or the PDF of a letter, at this path.
    export_chosen : object, object
        Write these cases as CASE.json: one to this path, several into this folder.
    print_requested, save_requested, copy_requested : object
        Print the letters of the cases of these rows, save them, copy their text.
    fate_requested : object
        Record what came of the letters of the cases of these rows.
    withdraw_requested : object
        Withdraw the letter of the case of this row.
    looked_at : str
        Show the letter of this case in `preview`; empty where nothing can be shown.
    keys_requested, lock_requested
        The user wants to see all keys, or the program locked.
    failed : str
        The cases could not be read, and why.
    """

    draft_chosen = Signal(str)
    new_requested = Signal()
    visit_chosen = Signal(str)
    bin_requested = Signal(object)
    back_requested = Signal(object)
    delete_confirmed = Signal(object)
    import_chosen = Signal(object)
    export_chosen = Signal(object, object)
    print_requested = Signal(object)
    save_requested = Signal(object)
    copy_requested = Signal(object)
    fate_requested = Signal(object)
    withdraw_requested = Signal(object)
    looked_at = Signal(str)
    keys_requested = Signal()
    lock_requested = Signal()
    failed = Signal(str)

    def __init__(
        self,
        cases: Cases,
        parent: QWidget | None = None,
        *,
        read_only: bool = False,
        preview: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._cases = cases
        self._read_only = read_only
        self._rows: list[Row] = []
        self._whole = True
        self._group = "all"
        # The cases that were put away last, to be taken back at once.
        self._put_away: tuple[str, ...] = ()
        self.confirmation: Box | None = None
        self.setWindowTitle(tr("Cases"))
        self.setAcceptDrops(True)
        if parent is None:
            self.resize(1180, 640)
        else:
            self.setGeometry(parent.geometry())
        self._preview = preview
        self._model = CaseModel(self)
        self.table = CaseTable(self._model, self)
        self._make_head()
        self._make_foot()
        self._underlined = Underlined(self)
        self._lay_out()
        # A letter is shown when the choice rests on its case.
        self._rest = Soon(self._on_rest, self, _REST)
        # Further pages, and what is not known of a case, come while nobody waits.
        self._timer = Soon(self._on_idle, self)
        self._dropped = Path()
        self._drop = Soon(self._on_dropped, self)
        self._connect_signals()
        self._say("warning" if read_only else "info", _READ_ONLY if read_only else "")
        self._show_buttons()

    def _make_head(self) -> None:
        self.title, self.counted = QLabel(self), Elided(self, faint=True)
        set_role(self.title, "patient")
        self.search = QLineEdit(self)
        self.search.setPlaceholderText(tr("Name, number or words"))
        self.search.setAccessibleName(tr("Search cases"))
        self.search.setClearButtonEnabled(True)
        self.search.setMinimumWidth(236)
        # A file is for the list, never for the field under it.
        self.search.setAcceptDrops(False)
        self._mark, self.says = MarkLabel(self), Elided(self)
        self.undo_says = self.says
        self.undo = QPushButton(tr("&Undo"), self)
        set_role(self.undo, "quiet")
        hints = tuple(
            (each.keys.split(" ")[0], each.hint) for each in TABLE[Place.CASES] if each.hint
        )
        self.hints = Caps((*hints, ("Ctrl+Shift+L", tr("lock")), ("F1", tr("all keys"))), self)
        # What is seldom there stands last: no digit is passed over, and none changes when it comes.
        groups = sorted((*GROUPS, (_BIN, tr("Bin"))), key=lambda group: group[0] in SELDOM)
        chips = [
            Segment(name, tr(title), key=str(at)) for at, (name, title) in enumerate(groups, 1)
        ]
        self.groups = Segments(chips, self)
        self.groups.setAccessibleName(tr("Which cases"))
        self.groups.show_down("all")
        self.empty = QLabel(self)
        self.empty.setAutoFillBackground(True)
        self.empty.setBackgroundRole(QPalette.ColorRole.Base)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        set_role(self.empty, "muted")

    def _make_foot(self) -> None:
        self.open_ = QPushButton(tr("Open"), self)
        self.open_.setDefault(True)
        set_role(self.open_, "main")
        self.new = QPushButton(tr("&New case"), self)
        self.visit = QPushButton(tr("New &visit…"), self)
        self.visit.setToolTip(tr("A further visit of this patient, from this case"))
        self.about = QLabel(self)
        set_role(self.about, "strong")
        self.print_ = QPushButton(tr("&Print"), self)
        self.save = QPushButton(tr("&Save PDF…"), self)
        self.copy = QPushButton(tr("&Copy text"), self)
        self.fate = QPushButton(tr("&Record what came…"), self)
        self.export = QPushButton(tr("&Export case…"), self)
        self.back = QPushButton(tr("Put &back"), self)
        self.delete = QPushButton(tr("&Delete…"), self)
        self.drop = QLabel(tr("Drop a case file anywhere here to open it."), self)
        set_role(self.drop, "muted")
        self.import_ = QPushButton(tr("&Import…"), self)
        self.shut = QPushButton(tr("Close"), self)
        self._of_cases = (
            self.print_,
            self.save,
            self.copy,
            self.fate,
            self.export,
            self.back,
            self.delete,
        )

    def _lay_out(self) -> None:
        head, line, chips, foot = (QWidget(self) for _ in range(4))
        for bar in (head, chips):
            bar.setObjectName("header")
        line.setObjectName("said")
        foot.setObjectName("foot")
        for bar in (head, line, chips, foot):
            bar.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        rows = [(head, (14, 8), 12), (line, (14, 4), 8), (chips, (10, 4), 0), (foot, (14, 9), 8)]
        made = []
        for bar, (across, down), gap in rows:
            row = horizontal(bar, across, down, across, down, spacing=gap)
            made.append(row)
        top, told, which, below = made
        top.addWidget(self.title)
        top.addWidget(self.counted, 1)
        top.addWidget(self.search)
        top.addWidget(Caps((("/", ""),), self))
        told.addWidget(self._mark)
        told.addWidget(self.says, 1)
        told.addWidget(self.undo)
        told.addWidget(self.hints)
        which.addWidget(self.groups, 1)
        # Where they have no room beside one another they go on in a second line.
        buttons = Flow(self, gap=8)
        for button in (self.open_, self.new, self.visit, self.about, *self._of_cases):
            buttons.add(button)
        below.addWidget(buttons, 1)
        for button in (self.drop, self.import_, self.shut):
            below.addWidget(button)
        for each in self.findChildren(QPushButton):
            each.setAutoDefault(each is self.open_)
        layout = vertical(self, 0, 0, 0, 0, spacing=0)
        for part in (head, line, chips):
            layout.addWidget(part)
        # On the list, which keeps the focus: the keys that led to where nothing is lead on.
        vertical(self.table.viewport(), 0, 0, 0, 0).addWidget(self.empty)
        middle = horizontal(spacing=0)
        middle.addWidget(self.table, 1)
        if self._preview is not None:
            middle.addWidget(self._preview)
        layout.addLayout(middle, 1)
        layout.addWidget(foot)
        for before, after in zip(
            (self.table, self.search, self.groups.stop, self.open_, self.new),
            (self.search, self.groups.stop, self.open_, self.new, self.visit),
            strict=True,
        ):
            self.setTabOrder(before, after)

    def _connect_signals(self) -> None:
        self.search.textChanged.connect(self._show_lines)
        self.groups.pressed.connect(self.show_group)
        self.table.acted.connect(self._on_acted)
        self.table.doubleClicked.connect(self._on_double_clicked)
        self.table.selectionModel().selectionChanged.connect(self._on_selection_changed)
        self.table.horizontalHeader().sortIndicatorChanged.connect(self._on_sorted)
        self._model.ticks_changed.connect(self._show_buttons)
        self.table.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        self.open_.clicked.connect(self._on_open)
        self.new.clicked.connect(self._on_new)
        self.visit.clicked.connect(self._on_visit)
        self.import_.clicked.connect(self._on_import)
        self.print_.clicked.connect(self._on_print)
        self.save.clicked.connect(self._on_save)
        self.copy.clicked.connect(self._on_copy)
        self.fate.clicked.connect(self._on_fate)
        self.export.clicked.connect(self._on_export)
        self.back.clicked.connect(self._on_back)
        self.delete.clicked.connect(self._on_delete)
        self.undo.clicked.connect(self._on_undo)
        self.shut.clicked.connect(self.reject)
        for keys, slot in (
            ("Ctrl+F", self._on_search),
            ("F1", self.keys_requested),
            ("Ctrl+Shift+L", self.lock_requested),
        ):
            QShortcut(QKeySequence(keys), self).activated.connect(slot)

    # -- what is shown --------------------------------------------------------------------------

    def load(self) -> None:
        """Show what there is now, the first selected, or the one that was."""
        before, self._rows, self._whole = len(self._rows), [], False
        self._read_page()
        while not self._whole and len(self._rows) < before:
            self._read_page()
        # What is not in sight stays ticked, what is gone does not.
        self._model.ticked &= {row.info.id for row in self._rows}
        self._show_lines()
        if self.isVisible():
            self._timer.start(0)

    def showEvent(self, event: QShowEvent) -> None:
        """Go on with what is not known yet; after a night of which day each case is."""
        super().showEvent(event)
        self._level()
        if self.title.text() not in ("", title_of(self._cases.now.astimezone().date())):
            self.load()
        self._timer.start(0)

    def changeEvent(self, event: QEvent) -> None:
        """Keep the foot in line when the text has another size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._level()

    def _level(self) -> None:
        """Give all that stands in one line at the foot the same height."""
        high = self.open_.sizeHint().height()
        for part in (self.new, self.visit, self.about, *self._of_cases):
            part.setMinimumHeight(high)

    def hideEvent(self, event: QHideEvent) -> None:
        """Rest while nothing is seen: the program may be locked."""
        self._timer.stop()
        self._rest.stop()
        super().hideEvent(event)

    def _read_page(self) -> None:
        page: list[Row] = []
        try:
            is_bin = self._group == _BIN
            page = self._cases.rows(_PAGE, len(self._rows), binned=is_bin)
        except TriageError as error:
            self.failed.emit(str(error))
        self._rows += page
        self._whole = len(page) < _PAGE

    @Slot()
    def _on_idle(self) -> None:
        """Read the next page, or work out what is not known of one case, those in sight first."""
        if not self._whole and len(self._rows) < _MOST:
            self._read_more()
            return
        unknown = next(self._unknown(), None)
        if unknown is None:
            self._show_counts()
            return
        made = self._cases.worked_out(unknown)
        with suppress(ValueError):
            self._rows[self._rows.index(unknown)] = made
        with suppress(ValueError):
            self._model.show_row(self._model.lines.index(unknown), made)
        if len(self._rows) <= _PAGE:
            self._show_counts()
        self._timer.start(_PAUSE)

    def _read_more(self) -> None:
        self._read_page()
        self._show_lines()
        self._timer.start(0)

    @Slot(int)
    def _on_scrolled(self, value: int) -> None:
        """Read on at the end of what is shown, and work out what came into sight."""
        if value and not self._whole and value == self.table.verticalScrollBar().maximum():
            self._read_more()
        else:
            self._timer.start(_PAUSE)

    def _unknown(self) -> Iterator[Row]:
        is_known = self._cases.is_known
        first = self.table.indexAt(self.table.viewport().rect().topLeft()).row()
        last = self.table.indexAt(self.table.viewport().rect().bottomLeft()).row()
        seen = self._model.lines[max(first, 0) : last + 1 if last >= 0 else None]
        yield from (row for row in seen if isinstance(row, Row) and not is_known(row))
        yield from (row for row in self._rows[:_UNASKED] if not is_known(row))

    @Slot()
    def _show_lines(self) -> None:
        chosen = self.chosen
        group = "all" if self._group == _BIN else self._group
        found = self._cases.found(self._rows, self.search.text(), binned=self._group == _BIN)
        rows = [row for row in found if group in row.groups]
        header = self.table.horizontalHeader()
        order = COLUMNS[header.sortIndicatorSection()]
        down = header.sortIndicatorOrder() == Qt.SortOrder.DescendingOrder
        rows = ordered(rows, order if order in ORDERS else "when", down=down)
        lines: list[Row | str] = [*rows]
        if order == "when":
            lines = [*by_day(rows, self._cases.now)]
        self._model.show_lines(lines)
        self._show_counts()
        self.empty.setText(self._why_empty())
        self.empty.setHidden(bool(rows))
        self._choose(chosen.info.id if chosen else "")
        self._show_buttons()

    def _why_empty(self) -> str:
        if self.search.text():
            return tr("Nothing is found for “{sought}”.", sought=self.search.text())
        if self._group == _BIN:
            return tr("The bin is empty.")
        return tr("No cases yet.") if self._group == "all" else tr("No cases here.")

    def _show_counts(self) -> None:
        """Show how many cases each group has; a group that has none and seldom has any is not shown."""
        now = self._cases.now
        self.title.setText(title_of(now.astimezone().date()))
        self._model.show_kind(most_common(row.kind for row in self._rows))
        if self._group == _BIN:
            return
        self.counted.set_text(summary(self._rows, now))
        found = counts(self._rows)
        for name, title in GROUPS:
            more = "" if self._whole else "+"
            self.groups.buttons[name].set_caption(f"{tr(title)} {found[name]}{more}")
            self.groups.buttons[name].setHidden(name in SELDOM and not found[name])

    def _choose(self, draft: str) -> None:
        """Choose a case that is shown; the first that holds anything if it is not."""
        lines = self._model.lines
        at = next(
            (n for n, row in enumerate(lines) if isinstance(row, Row) and row.info.id == draft), -1
        )
        if at < 0:
            at = self._first()
        if at >= 0:
            self.table.setCurrentIndex(self._model.index(at, COLUMNS.index("name")))

    def _first(self) -> int:
        """Return the line to begin with: not the case that was begun just now and holds nothing."""
        lines = [(n, row) for n, row in enumerate(self._model.lines) if isinstance(row, Row)]
        named = (n for n, row in lines if row.info.name or row.info.id not in self._cases.here)
        return next(named, lines[0][0] if lines else -1)

    @property
    def chosen(self) -> Row | None:
        """The case that is selected."""
        return self._model.row_at(self.table.currentIndex().row())

    @property
    def meant(self) -> list[Row]:
        """The cases that a button is for: those that are ticked, else the one that is selected."""
        return self._ticked or [row for row in (self.chosen,) if row is not None]

    @property
    def _ticked(self) -> list[Row]:
        """The ticked cases that are in sight: nothing is done with what nobody sees."""
        return [row for row in self._model.rows() if row.info.id in self._model.ticked]

    @Slot(str)
    def show_group(self, name: str) -> None:
        """Show the cases of one group."""
        was, self._group = self._group, name
        self.groups.show_down(name)
        if _BIN in (was, name):
            self._rows = []
            self.load()
        else:
            self._show_lines()

    @Slot(int, Qt.SortOrder)
    def _on_sorted(self, column: int, order: Qt.SortOrder) -> None:
        if COLUMNS[column] in ORDERS:
            self._show_lines()

    @Slot(QItemSelection, QItemSelection)
    def _on_selection_changed(self, *_: QItemSelection) -> None:
        self._show_buttons()
        self._rest.start()

    @Slot()
    def _on_rest(self) -> None:
        row = self.chosen
        if self._preview is not None and not self._preview.isHidden():
            self.looked_at.emit(row.info.id if row is not None and row.is_issued else "")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show the letter where there is room beside the list, and that files can be dropped."""
        super().resizeEvent(event)
        self._fit()
        self.drop.setVisible(self.width() >= scaled(self, _ROOMY))
        if self._preview is not None:
            self._preview.setFixedWidth(scaled(self, _LETTER))
            self._preview.setVisible(self.width() >= scaled(self, _WIDE))
            self._rest.start()

    def _say(self, level: MessageLevel, text: str) -> None:
        self._mark.set_mark(_MARKS[level] if text else Mark.NONE)
        self.says.set_text(text)
        self._fit()
        self.undo.setVisible(False)

    def _fit(self) -> None:
        """Give a long message the room of the keys."""
        room = self.width() - self.hints.sizeHint().width() - self.undo.sizeHint().width() - 60
        wanted = self.fontMetrics().horizontalAdvance(self.says.text())
        self.hints.setVisible(wanted <= room)

    @Slot(str, str)
    def tell(self, level: MessageLevel, text: str) -> None:
        """Say what became of what was asked."""
        self._say(level, text)

    @Slot(str)
    def tell_more(self, text: str) -> None:
        """Say beside what was done what was left out."""
        self._say("warning", f"{self.says.text()} {text}".strip())

    @Slot()
    def _show_buttons(self) -> None:
        rows, is_bin = self.meant, self._group == _BIN
        ticked = len(self._ticked)
        hidden = len(self._model.ticked) - ticked
        says = tr("{count} ticked:", count=ticked) if ticked else ""
        if hidden:
            says = tr("{count} ticked, {hidden} out of sight:", count=ticked, hidden=hidden)
        self.about.setText(says)
        row = self.chosen
        # What is open here is gone to, and opened no second time.
        only = self._read_only or (
            row is not None and row.info.claimed and row.info.id not in self._cases.here
        )
        self._underlined.show(self.open_, tr("Open read-only") if only else tr("Open"))
        self.open_.setVisible(not is_bin)
        self.open_.setEnabled(row is not None)
        issued = any(each.is_issued for each in rows)
        for button in (self.print_, self.save, self.copy, self.fate):
            button.setVisible(not is_bin)
            button.setEnabled(issued)
        self.fate.setEnabled(issued and not self._read_only)
        self.back.setVisible(is_bin)
        self.back.setEnabled(bool(rows) and not self._read_only)
        self.export.setEnabled(bool(rows))
        self.delete.setText(tr("&Delete for good…") if is_bin else tr("&Delete…"))
        # What was issued is kept: it can be withdrawn, not deleted.
        self.delete.setEnabled(bool(rows) and not any(map(_is_kept, rows)) and not self._read_only)
        for button in (self.new, self.import_):
            button.setEnabled(not self._read_only)
        self.visit.setVisible(not is_bin)
        # Whoever has a number and no name is known as well.
        is_known = row is not None and bool(row.info.name or row.number)
        self.visit.setEnabled(is_known and not self._read_only)

    # -- keys -----------------------------------------------------------------------------------

    @Slot(str, str)
    def _on_acted(self, name: str, key: str) -> None:
        """Do what a key of the list means; what cannot be done now is said."""
        buttons = {
            "print": self.print_,
            "save": self.save,
            "copy": self.copy,
            "fate": self.fate,
            "delete": self.delete,
            "new": self.new,
            "visit": self.visit,
        }
        if name == "tick":
            self._model.tick(self.table.currentIndex().row())
        elif name == "search":
            self._on_search()
        elif name == "withdraw":
            self._on_withdraw()
        elif name == "group":
            chip = next((b for b in self.groups.buttons.values() if b.key == key), None)
            if chip is not None and not chip.isHidden():
                self.show_group(chip.name)
        elif buttons[name].isEnabled() and not buttons[name].isHidden():
            buttons[name].click()
        else:
            self._say("warning", self._why_not(name))

    def _why_not(self, name: str) -> str:
        if self._read_only and name in ("new", "visit", "fate", "delete"):
            return _READ_ONLY
        if not self.meant:
            return tr("No case is chosen.")
        if self._group == _BIN and name != "delete":
            return tr("It is in the bin: put it back first.")
        if name == "visit":
            return tr("A further visit begins from one case that says who the patient is.")
        if name != "delete":
            return tr("No letter of it was issued yet: open it to issue one.")
        if names := [row.name for row in self.meant if row.is_issued]:
            says = tr("What was issued is never deleted: W withdraws it.")
        else:
            says = tr("It is open in a window, or can only be read: it cannot be deleted here.")
            names = [row.name for row in self.meant if row.info.claimed]
        # Of several, whose.
        return f"{says} {'; '.join(names)}." if names and len(self.meant) > 1 else says

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take the keys that the fields leave: the arrows of the search, and Esc, which ends it."""
        step = _STEPS.get(Qt.Key(event.key()), 0)
        if self.search.hasFocus() and step:
            self._step(step)
        elif event.key() == Qt.Key.Key_Escape and self.search.hasFocus():
            self.search.clear()
            self.table.setFocus()
        else:
            super().keyPressEvent(event)

    def _step(self, step: int) -> None:
        at = self.table.currentIndex().row() + step
        while 0 <= at < len(self._model.lines) and self._model.row_at(at) is None:
            at += step
        if 0 <= at < len(self._model.lines):
            self.table.setCurrentIndex(self._model.index(at, COLUMNS.index("name")))

    @Slot()
    def _on_search(self) -> None:
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    # -- files that are dropped -----------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take a file: a case or a letter."""
        if not self._read_only and file_of(event.mimeData()) is not None:
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()

    def dropEvent(self, event: QDropEvent) -> None:
        """Bring the file in, once the drop is over."""
        path = file_of(event.mimeData())
        if not self._read_only and path is not None:
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self._dropped = path
            self._drop.start()

    @Slot()
    def _on_dropped(self) -> None:
        self.import_chosen.emit(self._dropped)

    # -- what is asked --------------------------------------------------------------------------

    def _ids(self) -> tuple[str, ...]:
        return tuple(row.info.id for row in self.meant)

    @Slot(QModelIndex)
    def _on_double_clicked(self, index: QModelIndex) -> None:
        # Two clicks on a box are two ticks.
        if index.column():
            self._on_open()

    @Slot()
    def _on_open(self) -> None:
        row = self.chosen
        if row is not None and not self.open_.isHidden():
            # The list keeps the keys until the case is there: the one below it is of another patient.
            self.draft_chosen.emit(row.info.id)
            self.accept()

    @Slot()
    def _on_new(self) -> None:
        self.new_requested.emit()
        self.accept()

    @Slot()
    def _on_visit(self) -> None:
        if row := self.chosen:
            self.visit_chosen.emit(row.info.id)
            self.accept()

    @Slot()
    def _on_import(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, tr("Import a case"), usual_folder(), WAYS_IN)
        if path:
            self.import_chosen.emit(Path(path))

    @Slot()
    def _on_print(self) -> None:
        self.print_requested.emit(self.meant)

    @Slot()
    def _on_save(self) -> None:
        self.save_requested.emit(self.meant)

    @Slot()
    def _on_copy(self) -> None:
        self.copy_requested.emit(self.meant)

    @Slot()
    def _on_fate(self) -> None:
        self.fate_requested.emit(self.meant)

    def _on_withdraw(self) -> None:
        row = self.chosen
        if self._read_only:
            self._say("warning", _READ_ONLY)
        elif row is not None and row.info.claimed:
            self._say("warning", tr("It is open in a window: withdraw it there."))
        elif row is not None and row.is_issued and not row.info.withdrawn:
            self.withdraw_requested.emit(row)
        else:
            self._say("warning", tr("There is no letter of it to withdraw."))

    @Slot()
    def _on_export(self) -> None:
        rows = self.meant
        if len(rows) > 1:
            title = tr("Export {count} cases, not encrypted, into a folder", count=len(rows))
            path = ask_folder(self, title)
        else:
            name = case_name(rows[0].info.id, rows[0].info.changed.date())
            title = tr("Export the case, not encrypted")
            path = ask_path(self, title, name, tr("Case (*.json)"))
        if path is not None:
            self.export_chosen.emit(self._ids(), path)

    @Slot()
    def _on_back(self) -> None:
        self._say("info", "")
        self.back_requested.emit(self._ids())

    @Slot()
    def _on_undo(self) -> None:
        self._say("info", "")
        self.back_requested.emit(self._put_away)

    @Slot()
    def _on_delete(self) -> None:
        rows, is_bin = self.meant, self._group == _BIN
        if not rows:
            return
        is_one = len(rows) == 1
        who, answers = self._cases.told(rows[0]) if is_one else ("", "")
        what = tr("the draft for {who}", who=who) if is_one else tr("{n} drafts", n=len(rows))
        if is_bin:
            title = does = tr("Delete for good")
            asks = tr("Delete {what} for good?", what=what)
            says = tr(
                "The case and its history are removed from this computer. Backups and copies that were saved "
                "elsewhere stay."
            )
        else:
            title = does = tr("Delete")
            asks = tr("Delete {what}?", what=what)
            stays = (
                tr("It stays in the bin for {n} days.")
                if is_one
                else tr("They stay in the bin for {n} days.")
            )
            says = stays.format(n=BIN_DAYS)
        box = Box(title, asks, f"{answers}. {says}" if answers else says, self)
        box.add_act(does, destroys=True).clicked.connect(self._on_delete_confirmed)
        box.add_harmless(tr("Keep"))
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.finished.connect(self._on_confirmation_finished)
        self.confirmation = box
        box.open()

    @Slot()
    def _on_delete_confirmed(self) -> None:
        rows, ids = self.meant, self._ids()
        if self._group == _BIN:
            if set(ids) & set(self._put_away):
                # What is gone cannot be taken back.
                self._say("info", "")
            self.delete_confirmed.emit(ids)
            return
        self._put_away = ids
        name = rows[0].name if rows[0].info.name else tr("a patient without a name")
        self._say(
            "info",
            tr(
                "The case of {name} is in the bin, for {bin_days} days.",
                name=name,
                bin_days=BIN_DAYS,
            )
            if len(rows) == 1
            else tr(
                "{count} cases are in the bin, for {bin_days} days.",
                count=len(rows),
                bin_days=BIN_DAYS,
            ),
        )
        self.undo.setVisible(True)
        # What could not be done is told instead.
        self.bin_requested.emit(ids)

    @Slot()
    def _on_confirmation_finished(self) -> None:
        self.confirmation = None


def _is_kept(row: Row) -> bool:
    return row.info.claimed or row.is_issued
