"""The window of the backups: what there is, where, and what can be done with them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QFileDialog,
    QHeaderView,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from triage.model.dates import PartialDate
from triage.qt.parts.box import Box
from triage.qt.parts.laying import horizontal, vertical
from triage.qt.parts.paths import ask_path
from triage.qt.parts.sheet import words
from triage.qt.parts.theme import set_role
from triage.qt.parts.underlined import Underlined
from triage.qt.parts.words import tr
from triage.store.backups import Backup

_TITLES = (tr("Day"), tr("Time"), tr("Size"))
_ABOUT = tr(
    "Backups are made by themselves, every 30 minutes while something changes and after the last window is closed. "
    "Another disk than that of the cases is better."
)
_CLOSES = tr(
    "All windows of the program are closed for it. What stands here now is kept in a folder beside it, and nothing "
    "is deleted."
)


class BackupsDialog(QDialog):
    """Shows the backups. Does nothing by itself: it asks whoever is connected.

    Signals
    -------
    folder_chosen : object
        Let backups go to this folder.
    backup_requested, proof_requested
        Back up now; check the cases and the newest backup.
    restore_requested : object
        Put this backup in the place of the cases, once that was confirmed.
    report_chosen : object, str
        Write this report to this path.
    """

    folder_chosen = Signal(object)
    backup_requested = Signal()
    proof_requested = Signal()
    restore_requested = Signal(object)
    report_chosen = Signal(object, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Backups"))
        self.resize(760, 560)
        self._found: Sequence[Backup] = ()
        self._folder = Path()
        title, about = QLabel(tr("Backups"), self), words(_ABOUT)
        set_role(title, "title")
        set_role(about, "muted")
        self.folder = words("")
        self.folder.setAccessibleName(tr("Folder of the backups"))
        self.choose = QPushButton(tr("Choose &folder…"), self)
        self.table = QTableWidget(0, len(_TITLES), self)
        self.table.setAccessibleName(tr("Backups, newest first"))
        self.table.setHorizontalHeaderLabels(_TITLES)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setShowGrid(False)
        self.table.setTabKeyNavigation(False)
        self.table.verticalHeader().hide()
        self.table.horizontalHeader().setHighlightSections(False)
        self.table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        self.table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.state = words("")
        self.state.setAccessibleName(tr("State"))
        self.report = QPlainTextEdit(self)
        self.report.setReadOnly(True)
        self.report.setTabChangesFocus(True)
        self.report.setAccessibleName(tr("Report of the check"))
        self.report.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.report.hide()
        self.back_up = QPushButton(tr("&Back up now"), self)
        self.restore = QPushButton(tr("&Restore…"), self)
        self.prove = QPushButton(tr("&Prove it"), self)
        self.prove.setToolTip(
            tr("Check the cases, the newest backup, and the last ten letters in it.")
        )
        self.save = QPushButton(tr("&Save report…"), self)
        self.save.hide()
        self.shut = QPushButton(tr("Close"), self)
        self._lay_out(title, about)
        self._connect_signals()
        # By a letter nobody looks for a day.
        Underlined(self, self.table)

    def _lay_out(self, title: QLabel, about: QLabel) -> None:
        where = horizontal()
        where.addWidget(self.folder, 1)
        where.addWidget(self.choose)
        row = horizontal()
        for button in (self.back_up, self.restore, self.prove, self.save):
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(self.shut)
        for button in (self.choose, self.back_up, self.restore, self.prove, self.save, self.shut):
            button.setAutoDefault(False)
        layout = vertical(self, spacing=8)
        layout.addWidget(title)
        layout.addWidget(about)
        layout.addLayout(where)
        layout.addWidget(self.table, 2)
        layout.addWidget(self.report, 3)
        layout.addWidget(self.state)
        layout.addLayout(row)

    def _connect_signals(self) -> None:
        self.choose.clicked.connect(self._on_choose)
        self.back_up.clicked.connect(self.backup_requested)
        self.prove.clicked.connect(self.proof_requested)
        self.restore.clicked.connect(self._on_restore)
        self.save.clicked.connect(self._on_save)
        self.shut.clicked.connect(self.reject)

    def show_backups(self, folder: Path, found: Sequence[Backup]) -> None:
        """Show these backups of `folder`, the newest selected."""
        self._folder, self._found = folder, found
        self.folder.setText(tr("Folder: {folder}", folder=folder))
        self.table.setRowCount(len(found))
        for row, one in enumerate(found):
            at = one.at.astimezone()
            texts = (PartialDate.of(at.date()).words(), f"{at:%H:%M}", f"{one.size / 1e6:.1f} MB")
            for column, text in enumerate(texts):
                self.table.setItem(row, column, QTableWidgetItem(text))
        if found:
            self.table.selectRow(0)
        self.restore.setEnabled(bool(found))

    def show_state(self, says: str, *, busy: bool = False) -> None:
        """Say what is going on; while busy nothing else can be begun."""
        self.state.setText(says)
        for button in (self.choose, self.back_up, self.prove):
            button.setEnabled(not busy)
        self.restore.setEnabled(not busy and bool(self._found))

    def show_report(self, text: str) -> None:
        """Show the report of a check."""
        self.report.setPlainText(text)
        self.report.show()
        self.save.show()

    @property
    def chosen(self) -> Backup | None:
        """The backup that is selected."""
        rows = self.table.selectionModel().selectedRows()
        return self._found[rows[0].row()] if rows else None

    @Slot()
    def _on_choose(self) -> None:
        name = QFileDialog.getExistingDirectory(self, tr("Where backups go"), str(self._folder))
        if name:
            self.folder_chosen.emit(Path(name))

    @Slot()
    def _on_restore(self) -> None:
        if self.chosen is not None:
            self.restore_requested.emit(self.chosen)

    @Slot()
    def _on_save(self) -> None:
        text = self.report.toPlainText()
        path = ask_path(
            self, tr("Save the report"), tr("check of the cases.txt"), tr("Text (*.txt)")
        )
        if path is not None:
            self.report_chosen.emit(path, text)


class RestoreBox(Box):
    """Asks before a backup is put in the place of the cases.

    Parameters
    ----------
    when
        Of when the backup is.
    lines
        What it brings and takes, one sentence each.
    """

    def __init__(self, when: str, lines: Sequence[str], parent: QWidget | None = None) -> None:
        asks = tr("Put the backup of {when} in the place of the cases?", when=when)
        super().__init__(tr("Restore a backup"), asks, "\n\n".join((*lines, _CLOSES)), parent)
        self.yes = self.add_act(tr("Restore"))
        self.no = self.add_harmless(tr("Keep the cases as they are"))
