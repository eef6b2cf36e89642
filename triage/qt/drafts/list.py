"""The list of drafts: find one, open it, start a new one, bring one in, take one along, delete one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import (
    QAbstractTableModel,
    QItemSelection,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QMessageBox,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from triage.errors import TriageError
from triage.model.dates import PartialDate
from triage.qt.drafts.saving import case_name
from triage.qt.parts.inputs import Combo
from triage.qt.parts.theme import set_role
from triage.qt.parts.words import tr
from triage.session.draft import BIN_DAYS
from triage.store import DraftInfo, Order, Show

_Index = QModelIndex | QPersistentModelIndex
_TITLES = (tr("Patient"), tr("Born"), tr("State"), tr("Changed"), "")
# By what a column is sorted.
_ORDERS: tuple[Order | None, ...] = ("name", "born", None, "changed", None)
_SHOWN: tuple[tuple[Show, str], ...] = (
    ("all", tr("All cases")),
    ("never issued", tr("Never issued")),
    ("issued", tr("Issued")),
    ("bin", tr("In the bin")),
)
_READ_ONLY = tr(
    "The cases can be read here and not changed: their folder or disk cannot be written. Make it writable, and start "
    "the program again."
)
_STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
# What a case can come from.
WAYS_IN = tr("Case or letter (*.json *.pdf)")
# So many rows are asked for at once.
_PAGE = 200


class Find(Protocol):
    """Finds drafts, a page at a time."""

    def __call__(
        self, search: str, show: Show, *, order: Order, down: bool, limit: int, offset: int
    ) -> Sequence[DraftInfo]:
        """Return so many at most, after so many, in an order."""


class _Model(QAbstractTableModel):
    """The drafts that are found, as many as were looked at."""

    failed = Signal(str)

    def __init__(self, find: Find, here: frozenset[str], parent: QObject) -> None:
        super().__init__(parent)
        self._find = find
        self._here = here
        self.search = ""
        self.show: Show = "all"
        self._order: Order = "changed"
        self._down = True
        self._whole = True
        self.rows: list[DraftInfo] = []

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        """Return the number of rows."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        """Return the number of columns."""
        return 0 if parent.isValid() else len(_TITLES)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Return the title of a column."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return _TITLES[section]
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return what a role asks of a row."""
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        row = self.rows[index.row()]
        state = (
            tr("in the bin since {when}", when=_when(row.binned.astimezone())) if row.binned else ""
        )
        if row.claimed:
            state = tr("open here") if row.id in self._here else tr("open in another window")
        return (
            row.name or tr("no name yet"),
            _born(row),
            row.stands,
            _when(row.changed.astimezone()),
            state,
        )[index.column()]

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Show them in the order of a column."""
        if wanted := _ORDERS[column]:
            self._order, self._down = wanted, order == Qt.SortOrder.DescendingOrder
            self.load()

    def load(self) -> None:
        """Show what is found now."""
        self.beginResetModel()
        self.rows = []
        self.rows += self._page()
        self.endResetModel()

    def canFetchMore(self, parent: _Index) -> bool:
        """Whether there are further rows."""
        return not parent.isValid() and not self._whole

    def fetchMore(self, parent: _Index) -> None:
        """Show the next page."""
        if page := self._page():
            self.beginInsertRows(QModelIndex(), len(self.rows), len(self.rows) + len(page) - 1)
            self.rows += page
            self.endInsertRows()

    def _page(self) -> Sequence[DraftInfo]:
        found: Sequence[DraftInfo] = ()
        try:
            found = self._find(
                self.search,
                self.show,
                order=self._order,
                down=self._down,
                limit=_PAGE,
                offset=len(self.rows),
            )
        except TriageError as error:
            self.failed.emit(str(error))
        self._whole = len(found) < _PAGE
        return found


def _when(at: datetime) -> str:
    return f"{PartialDate.of(at.date()).words()} {at:%H:%M}"


class DraftsDialog(QDialog):
    """Shows the drafts. Opens nothing and deletes nothing by itself: it asks whoever is connected.

    Parameters
    ----------
    find
        Finds them.
    here
        Those that a window of this program has open.
    read_only
        Whether they can only be read, because nothing can be written where they are.

    Signals
    -------
    draft_chosen : str
        Open this draft.
    new_requested
        Start a new case.
    visit_chosen : str
        Begin a further visit of the patient of this draft.
    bin_requested : str
        Put this draft into the bin.
    back_requested : str
        Take this draft out of it.
    delete_confirmed : str
        Delete this draft for good; the user has confirmed it.
    import_chosen : object
        Bring in the CASE.json, or the PDF of a letter, at this path.
    export_chosen : str, object
        Write this draft as CASE.json to this path.
    failed : str
        The drafts could not be read, and why.
    """

    draft_chosen = Signal(str)
    new_requested = Signal()
    visit_chosen = Signal(str)
    bin_requested = Signal(str)
    back_requested = Signal(str)
    delete_confirmed = Signal(str)
    import_chosen = Signal(object)
    export_chosen = Signal(str, object)
    failed = Signal(str)

    def __init__(
        self,
        find: Find,
        parent: QWidget | None = None,
        *,
        here: frozenset[str] = frozenset(),
        read_only: bool = False,
    ) -> None:
        super().__init__(parent)
        self._here = here
        self._read_only = read_only
        self.setWindowTitle(tr("Drafts"))
        self.resize(920, 540)
        self.confirmation: QMessageBox | None = None
        self._model = _Model(find, here, self)
        self.search = QLineEdit(self)
        self.search.setPlaceholderText(tr("Search by name, date of birth or number"))
        self.search.setAccessibleName(tr("Search drafts"))
        self.search.setClearButtonEnabled(True)
        self.show_ = Combo((), self)
        self.show_.setAccessibleName(tr("Which drafts"))
        for show, title in _SHOWN:
            self.show_.addItem(title, show)
        self.table = QTableView(self)
        self.table.setAccessibleName(tr("Drafts"))
        self.table.setModel(self._model)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setShowGrid(False)
        self.table.setTabKeyNavigation(False)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSortIndicator(3, Qt.SortOrder.DescendingOrder)
        self.table.setSortingEnabled(True)
        for column, width in ((1, 110), (2, 110), (3, 150), (4, 220)):
            self.table.setColumnWidth(column, width)
        self.says = QLabel(_READ_ONLY if read_only else "", self)
        self.says.setWordWrap(True)
        self.says.setHidden(not read_only)
        self.empty = QLabel(self)
        set_role(self.empty, "muted")
        # The case that was put away last, to be taken back at once.
        self._put_away = ""
        self.undo_says = QLabel(self)
        self.undo_says.setTextFormat(Qt.TextFormat.PlainText)
        self.undo = QPushButton(tr("&Undo"), self)
        self.open_ = QPushButton(tr("&Open"), self)
        self.open_.setDefault(True)
        set_role(self.open_, "main")
        self.new = QPushButton(tr("&New case"), self)
        self.visit = QPushButton(tr("New &visit…"), self)
        self.visit.setToolTip(tr("A further visit of this patient, from this case"))
        self.import_ = QPushButton(tr("&Import…"), self)
        self.export = QPushButton(tr("&Export…"), self)
        self.back = QPushButton(tr("&Put back"), self)
        self.delete = QPushButton(tr("&Delete"), self)
        self.shut = QPushButton(tr("Close"), self)
        self._lay_out()
        self._connect_signals()
        self._say_put_away("")
        self._show_buttons()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self.search, 1)
        top.addWidget(self.show_)
        undo = QHBoxLayout()
        undo.addWidget(self.undo_says, 1)
        undo.addWidget(self.undo)
        row = QHBoxLayout()
        for button in (
            self.open_,
            self.back,
            self.new,
            self.visit,
            self.import_,
            self.export,
            self.delete,
        ):
            button.setAutoDefault(button is self.open_)
            row.addWidget(button)
        row.addStretch(1)
        for button in (self.shut, self.undo):
            button.setAutoDefault(False)
        row.addWidget(self.shut)
        layout = QVBoxLayout(self)
        layout.setSpacing(8)
        layout.addWidget(self.says)
        layout.addLayout(top)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.empty)
        layout.addLayout(undo)
        layout.addLayout(row)

    def _connect_signals(self) -> None:
        self._model.failed.connect(self.failed)
        self.search.textChanged.connect(self._on_search_changed)
        self.show_.chosen.connect(self._on_show_chosen)
        self.table.doubleClicked.connect(self._on_open)
        self.table.selectionModel().selectionChanged.connect(self._on_selection_changed)
        self.open_.clicked.connect(self._on_open)
        self.new.clicked.connect(self._on_new)
        self.visit.clicked.connect(self._on_visit)
        self.import_.clicked.connect(self._on_import)
        self.export.clicked.connect(self._on_export)
        self.back.clicked.connect(self._on_back)
        self.delete.clicked.connect(self._on_delete)
        self.undo.clicked.connect(self._on_undo)
        self.shut.clicked.connect(self.reject)

    def load(self) -> None:
        """Show what is found now, the first selected."""
        self._model.load()
        self._after_load()

    def _after_load(self) -> None:
        found = bool(self._model.rows)
        self.empty.setHidden(found)
        narrowed = self.search.text() or self._model.show != "all"
        self.empty.setText(tr("Nothing is found.") if narrowed else tr("No drafts yet."))
        if found:
            self.table.selectRow(self._first())
        self._show_buttons()

    def _first(self) -> int:
        """Return the row to begin with: not the case that was begun just now and holds nothing."""
        rows = self._model.rows
        empty = len(rows) > 1 and not rows[0].name and rows[0].id in self._here
        return 1 if empty else 0

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take the keys that the fields leave: the arrows of the search, and Delete in the list."""
        step = _STEPS.get(Qt.Key(event.key()), 0)
        if self.search.hasFocus() and step:
            self._step(step)
        elif self.table.hasFocus() and event.key() == Qt.Key.Key_Delete:
            self.delete.click()
        else:
            super().keyPressEvent(event)

    def _step(self, step: int) -> None:
        rows = self.table.selectionModel().selectedRows()
        at = rows[0].row() + step if rows else 0
        if 0 <= at < len(self._model.rows):
            self.table.selectRow(at)

    @property
    def chosen(self) -> DraftInfo | None:
        """The draft that is selected."""
        rows = self.table.selectionModel().selectedRows()
        return self._model.rows[rows[0].row()] if rows else None

    @Slot(str)
    def _on_search_changed(self, text: str) -> None:
        self._model.search = text
        self.load()

    @Slot(str)
    def _on_show_chosen(self, show: Show) -> None:
        self._model.show = show
        self.load()

    @Slot(QItemSelection, QItemSelection)
    def _on_selection_changed(self, *_: QItemSelection) -> None:
        self._show_buttons()

    def _show_buttons(self) -> None:
        row, is_bin = self.chosen, self._model.show == "bin"
        # What is open here is gone to, and opened no second time.
        only = self._read_only or (row is not None and row.claimed and row.id not in self._here)
        self.open_.setText(tr("&Open read-only") if only else tr("&Open"))
        self.open_.setVisible(not is_bin)
        self.back.setVisible(is_bin)
        self.delete.setText(tr("&Delete for good…") if is_bin else tr("&Delete"))
        self.open_.setEnabled(row is not None)
        self.back.setEnabled(row is not None and not self._read_only)
        for button in (self.new, self.import_):
            button.setEnabled(not self._read_only)
        self.visit.setVisible(not is_bin)
        self.visit.setEnabled(row is not None and bool(row.name) and not self._read_only)
        self.export.setEnabled(row is not None)
        # What was issued is kept: it can be withdrawn, not deleted.
        kept = row is None or row.claimed or row.state != "draft"
        self.delete.setEnabled(not kept and not self._read_only)

    def _say_put_away(self, draft: str, name: str = "") -> None:
        self._put_away = draft
        self.undo_says.setText(
            tr(
                "The case of {name} is in the bin, for {bin_days} days.",
                name=name,
                bin_days=BIN_DAYS,
            )
            if draft
            else ""
        )
        self.undo_says.setHidden(not draft)
        self.undo.setHidden(not draft)

    @Slot()
    def _on_open(self) -> None:
        if row := self.chosen:
            self.accept()
            self.draft_chosen.emit(row.id)

    @Slot()
    def _on_new(self) -> None:
        self.accept()
        self.new_requested.emit()

    @Slot()
    def _on_visit(self) -> None:
        if row := self.chosen:
            self.accept()
            self.visit_chosen.emit(row.id)

    @Slot()
    def _on_import(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, tr("Import a case"), "", WAYS_IN)
        if path:
            self.import_chosen.emit(Path(path))

    @Slot()
    def _on_export(self) -> None:
        row = self.chosen
        if row is None:
            return
        name = case_name(row.id, row.changed.date())
        path, _ = QFileDialog.getSaveFileName(
            self, tr("Export the case, not encrypted"), name, tr("Case (*.json)")
        )
        if path:
            self.export_chosen.emit(row.id, Path(path))

    @Slot()
    def _on_back(self) -> None:
        if row := self.chosen:
            self._say_put_away("")
            self.back_requested.emit(row.id)

    @Slot()
    def _on_undo(self) -> None:
        draft = self._put_away
        self._say_put_away("")
        self.back_requested.emit(draft)

    @Slot()
    def _on_delete(self) -> None:
        row = self.chosen
        if row is None:
            return
        if row.binned is None:
            self._say_put_away(row.id, _named(row))
            self.bin_requested.emit(row.id)
            return
        box = QMessageBox(self)
        box.setIcon(QMessageBox.Icon.Warning)
        box.setWindowTitle(tr("Delete for good"))
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(tr("Delete the case of {row} for good?", row=_named(row)))
        box.setInformativeText(
            tr(
                "The case and its history are removed from this computer. Backups and copies that were saved elsewhere "
                "stay."
            )
        )
        box.addButton(
            tr("Delete for good"), QMessageBox.ButtonRole.DestructiveRole
        ).clicked.connect(self._on_delete_confirmed)
        box.setDefaultButton(box.addButton(tr("Keep"), QMessageBox.ButtonRole.RejectRole))
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.finished.connect(self._on_confirmation_finished)
        self.confirmation = box
        box.open()

    @Slot()
    def _on_delete_confirmed(self) -> None:
        if row := self.chosen:
            if row.id == self._put_away:
                # What is gone cannot be taken back.
                self._say_put_away("")
            self.delete_confirmed.emit(row.id)

    @Slot()
    def _on_confirmation_finished(self) -> None:
        self.confirmation = None


def _born(row: DraftInfo) -> str:
    return row.born.words() if row.born else ""


def _named(row: DraftInfo) -> str:
    return row.name or tr("a patient without a name")
