"""The list of drafts: find one, open it, start a new one, bring one in, take one along, delete one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import (
    QAbstractTableModel,
    QItemSelection,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
    Signal,
    Slot,
)
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

from triage.model.dates import PartialDate
from triage.qt.theme import set_role
from triage.store import DraftInfo

_Index = QModelIndex | QPersistentModelIndex
_TITLES = ("Patient", "Born", "State", "Changed", "")
_SORT = Qt.ItemDataRole.UserRole + 1
_SEARCH = Qt.ItemDataRole.UserRole + 2


class _Model(QAbstractTableModel):
    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.rows: tuple[DraftInfo, ...] = ()

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
        row = self.rows[index.row()]
        if role == _SEARCH:
            return f"{row.name} {_born(row)} {row.state}"
        if role == _SORT and index.column() == 3:
            return row.changed.timestamp()
        if role not in (Qt.ItemDataRole.DisplayRole, _SORT):
            return None
        return (
            row.name or "no name yet",
            _born(row),
            row.state,
            _when(row.changed.astimezone()),
            "open in another window" if row.claimed else "",
        )[index.column()]

    def show_rows(self, rows: Sequence[DraftInfo]) -> None:
        self.beginResetModel()
        self.rows = tuple(rows)
        self.endResetModel()


def _when(at: datetime) -> str:
    return f"{PartialDate.of(at.date()).words()} {at:%H:%M}"


class DraftsDialog(QDialog):
    """Shows the drafts. Opens nothing and deletes nothing by itself: it asks whoever is connected.

    Signals
    -------
    draft_chosen : str
        Open this draft.
    new_requested
        Start a new case.
    delete_confirmed : str
        Delete this draft; the user has confirmed it.
    import_chosen : object
        Bring in the CASE.json at this path.
    export_chosen : str, object
        Write this draft as CASE.json to this path.
    """

    draft_chosen = Signal(str)
    new_requested = Signal()
    delete_confirmed = Signal(str)
    import_chosen = Signal(object)
    export_chosen = Signal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Drafts")
        self.resize(860, 520)
        self.confirmation: QMessageBox | None = None
        self._model = _Model(self)
        self._sorted = QSortFilterProxyModel(self)
        self._sorted.setSourceModel(self._model)
        self._sorted.setSortRole(_SORT)
        self._sorted.setFilterRole(_SEARCH)
        self._sorted.setFilterKeyColumn(0)
        self._sorted.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._sorted.setSortCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.search = QLineEdit(self)
        self.search.setPlaceholderText("Search by name, date of birth or state")
        self.search.setAccessibleName("Search drafts")
        self.search.setClearButtonEnabled(True)
        self.table = QTableView(self)
        self.table.setAccessibleName("Drafts")
        self.table.setModel(self._sorted)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setShowGrid(False)
        self.table.setTabKeyNavigation(False)
        self.table.setSortingEnabled(True)
        self.table.sortByColumn(3, Qt.SortOrder.DescendingOrder)
        self.table.verticalHeader().hide()
        self.table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.table.horizontalHeader().setHighlightSections(False)
        for column, width in ((1, 110), (2, 110), (3, 150), (4, 170)):
            self.table.setColumnWidth(column, width)
        self.empty = QLabel("No drafts yet.", self)
        set_role(self.empty, "muted")
        self.open_ = QPushButton("&Open", self)
        self.open_.setDefault(True)
        set_role(self.open_, "main")
        self.new = QPushButton("&New case", self)
        self.import_ = QPushButton("&Import…", self)
        self.export = QPushButton("&Export…", self)
        self.delete = QPushButton("&Delete…", self)
        self.shut = QPushButton("Close", self)
        self._lay_out()
        self._connect_signals()
        self._on_selection_changed()

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        for button in (self.open_, self.new, self.import_, self.export, self.delete):
            button.setAutoDefault(button is self.open_)
            row.addWidget(button)
        row.addStretch(1)
        self.shut.setAutoDefault(False)
        row.addWidget(self.shut)
        layout = QVBoxLayout(self)
        layout.setSpacing(8)
        layout.addWidget(self.search)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.empty)
        layout.addLayout(row)

    def _connect_signals(self) -> None:
        self.search.textChanged.connect(self._on_search_changed)
        self.table.doubleClicked.connect(self._on_open)
        self.table.selectionModel().selectionChanged.connect(self._on_selection_changed)
        self.open_.clicked.connect(self._on_open)
        self.new.clicked.connect(self._on_new)
        self.import_.clicked.connect(self._on_import)
        self.export.clicked.connect(self._on_export)
        self.delete.clicked.connect(self._on_delete)
        self.shut.clicked.connect(self.reject)

    def show_rows(self, rows: Sequence[DraftInfo]) -> None:
        """Show these drafts, the first selected."""
        self._model.show_rows(rows)
        self.empty.setHidden(bool(rows))
        if rows:
            self.table.selectRow(0)
        self._on_selection_changed()

    @property
    def chosen(self) -> DraftInfo | None:
        """The draft that is selected."""
        rows = self.table.selectionModel().selectedRows()
        return self._model.rows[self._sorted.mapToSource(rows[0]).row()] if rows else None

    @Slot(str)
    def _on_search_changed(self, text: str) -> None:
        self._sorted.setFilterFixedString(text)
        if self._sorted.rowCount():
            self.table.selectRow(0)

    @Slot(QItemSelection, QItemSelection)
    def _on_selection_changed(self, *_: QItemSelection) -> None:
        row = self.chosen
        self.open_.setText("&Open read-only" if row and row.claimed else "&Open")
        self.open_.setEnabled(row is not None)
        self.export.setEnabled(row is not None)
        # What was issued is kept: it can be withdrawn, not deleted.
        kept = row is None or row.claimed or row.state != "draft"
        self.delete.setEnabled(not kept)

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
    def _on_import(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, "Import a case", "", "Case (*.json)")
        if path:
            self.import_chosen.emit(Path(path))

    @Slot()
    def _on_export(self) -> None:
        row = self.chosen
        if row is None:
            return
        name = f"case-{row.changed:%Y-%m-%d}.json"
        path, _ = QFileDialog.getSaveFileName(
            self, "Export the case, not encrypted", name, "Case (*.json)"
        )
        if path:
            self.export_chosen.emit(row.id, Path(path))

    @Slot()
    def _on_delete(self) -> None:
        row = self.chosen
        if row is None:
            return
        box = QMessageBox(self)
        box.setIcon(QMessageBox.Icon.Warning)
        box.setWindowTitle("Delete draft")
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(f"Delete the case of {row.name or 'a patient without a name'} ({row.state})?")
        box.setInformativeText(
            "The case and its history are removed from this computer. Copies that were saved elsewhere stay."
        )
        box.addButton("Delete", QMessageBox.ButtonRole.DestructiveRole).clicked.connect(
            self._on_delete_confirmed
        )
        box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.finished.connect(self._on_confirmation_finished)
        self.confirmation = box
        box.open()

    @Slot()
    def _on_delete_confirmed(self) -> None:
        if row := self.chosen:
            self.delete_confirmed.emit(row.id)

    @Slot()
    def _on_confirmation_finished(self) -> None:
        self.confirmation = None


def _born(row: DraftInfo) -> str:
    return row.born.words() if row.born else ""
