"""A list of rows such as medicines; a last button says that there is nothing else."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from triage.content.schema import Question
from triage.model.values import Row, Table, Unable
from triage.qt.questions.base import QuestionWidget
from triage.qt.questions.inputs import Stay
from triage.qt.questions.segments import Segment, Tone
from triage.qt.questions.table_row import TableRow
from triage.qt.questions.typed import unable_text
from triage.qt.theme import set_role
from triage.session import Session


class TableWidget(QuestionWidget):
    """Asks for rows. A row without anything in it is not recorded."""

    def __init__(self, session: Session, question: Question, parent: QWidget | None = None) -> None:
        super().__init__(session, question, parent)
        self.rows: list[TableRow] = []
        self.add = QPushButton("Add a row", self)
        self.add.setAutoDefault(False)
        set_role(self.add, "quiet")
        nothing = question.nothing.label if question.nothing else "Nothing else"
        self.closing = Segment("closed", nothing, Tone.YES, self)
        self.closing.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        buttons = QHBoxLayout()
        buttons.addWidget(self.add)
        buttons.addWidget(self.closing)
        self.side.addLayout(buttons)
        self._rows_layout = QVBoxLayout()
        self._rows_layout.setSpacing(3)
        self.body.addLayout(self._rows_layout)
        self.name_input(self.add, "add a row", "Enter in a row adds another one")
        self.name_input(self.closing, nothing, "Says that there is nothing else")
        self.add.clicked.connect(self._on_add_clicked)
        self.closing.chosen.connect(self._on_closing_chosen)
        self.finish()

    # -- the session ----------------------------------------------------------------------------

    @property
    def _table(self) -> Table:
        value = self.session.case.get(self.question.id)
        return value if isinstance(value, Table) else Table()

    def refresh(self) -> None:
        """Show what the session holds."""
        value = self.session.case.get(self.question.id)
        table = self._table
        shown = [dict(cells) for row in self.rows if (cells := row.cells())]
        if shown != [dict(row.cells) for row in table.rows]:
            self._show_rows(table.rows)
        self.closing.setChecked(table.closed)
        nothing = self.question.nothing.label if self.question.nothing else "Nothing else"
        self.closing.set_caption("Nothing else" if table.rows else nothing)
        if isinstance(value, Unable):
            self.say(unable_text(value).capitalize())
        else:
            self._show_faults()

    def _show_rows(self, rows: tuple[Row, ...]) -> None:
        while len(self.rows) > len(rows):
            self._drop(self.rows[-1])
        while len(self.rows) < len(rows):
            self._append()
        for widget, row in zip(self.rows, rows, strict=True):
            widget.show_row(row)

    def _write(self, stay: Stay, *, closed: bool | None = None) -> None:
        old = self._table
        rows = tuple(Row(cells=cells) for widget in self.rows if (cells := widget.cells()))
        # One more row than before: that there is nothing else was said of fewer.
        still = old.closed and len(rows) <= len(old.rows) if closed is None else closed
        table = Table(rows=rows, closed=still)
        stay.write(self.session, self.question.id, table if rows or still else None)

    # -- rows -----------------------------------------------------------------------------------

    def _append(self) -> TableRow:
        row = TableRow(
            self.session.form, self.question.columns, self.question.label, self.session.day, self
        )
        row.changed.connect(self._on_row_changed)
        row.left.connect(self._on_row_left)
        row.removed.connect(self._on_row_removed)
        self._rows_layout.addWidget(row)
        # At once, not when the layout comes to it: Tab skips what is not in sight.
        row.show()
        self.rows.append(row)
        return row

    def _drop(self, row: TableRow) -> None:
        self.rows.remove(row)
        self._rows_layout.removeWidget(row)
        row.hide()
        row.deleteLater()

    def _add_row(self) -> None:
        blank = next((row for row in self.rows if not row.cells()), None)
        row = blank or self._append()
        row.take_focus()

    def _show_faults(self) -> None:
        self.say(next((fault for row in self.rows if (fault := row.fault())), ""))

    @Slot()
    def _on_add_clicked(self) -> None:
        self._add_row()

    @Slot(object)
    def _on_row_changed(self, stay: Stay) -> None:
        self._write(stay)
        self._show_faults()

    @Slot()
    def _on_row_left(self) -> None:
        self._show_faults()

    @Slot()
    def _on_row_removed(self) -> None:
        row = self.sender()
        if isinstance(row, TableRow) and row in self.rows:
            self.add.setFocus(Qt.FocusReason.OtherFocusReason)
            self._drop(row)
            self._write(Stay())

    @Slot(str)
    def _on_closing_chosen(self, name: str) -> None:
        if self._table.closed:
            self._write(Stay(), closed=False)
        else:
            self.say(self.session.close_list(self.question).remark)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            in_row = any(field.hasFocus() for row in self.rows for field in row.fields.values())
            if self.add.hasFocus() or in_row:
                self._add_row()
                return
        super().keyPressEvent(event)
