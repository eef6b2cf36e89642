"""A list of rows such as medicines; a last button says that there is nothing else."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from triage.content.lines import bare_lines
from triage.content.listed import Proposed, row_readers
from triage.content.ranges import is_unused, odd
from triage.content.schema import Question
from triage.model.values import Finding, Row, Table, Unable, Value
from triage.qt.ask.base import UNUSED
from triage.qt.ask.rows import RowsWidget
from triage.qt.ask.table_row import TableRow
from triage.qt.ask.typed import unable_text
from triage.qt.parts.flow import Flow
from triage.qt.parts.inputs import PartButton, Stay, clean
from triage.qt.parts.keys import Place, act, char_of, may_record
from triage.qt.parts.segments import Closing
from triage.qt.parts.stops import stops_in
from triage.qt.parts.theme import set_role
from triage.qt.parts.words import tr
from triage.session import Session

# Milliseconds between two characters of one word, and how many make one: fewer are keys pressed in the wrong place.
_TYPED_ON, _WORD = 600, 3


class TableWidget(RowsWidget[TableRow]):
    """Asks for rows. A row without anything in it is not recorded."""

    is_wide = True

    def __init__(self, session: Session, question: Question, parent: QWidget | None = None) -> None:
        super().__init__(session, question, parent)
        self.add = PartButton(tr("Add a row"), self)
        set_role(self.add, "quiet")
        nothing = question.nothing.label if question.nothing else tr("Nothing else")
        self.closing = Closing("closed", nothing, self)
        self.closing.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.closing.setToolTip(tr("0: there is nothing else"))
        self.confirm = PartButton("", self)
        buttons = Flow(gap=0)
        for button in (self.confirm, self.closing, self.add):
            buttons.add(button)
        self.side.addWidget(buttons)
        self.body.addLayout(self.rows_layout)
        self._hint = tr("Space adds a row, 0 says that there is nothing else")
        self.name_input(
            self.add,
            tr("add a row"),
            tr("{hint}. In a row Enter goes to the next field", hint=self._hint),
        )
        self.hint_input(self.closing, tr("0 says that there is nothing else"))
        self._unread: tuple[str, ...] = ()
        # What is being typed beside the rows, and when its last character was: it may be meant for one.
        self.typed, self._typed_at = "", 0
        self._reader = row_readers(session.form, session.content.medicines).get(question.id)
        self.confirm.setToolTip(tr("C: confirms what is proposed for each row, except questions"))
        set_role(self.confirm, "quiet")
        self.name_input(self.confirm, tr("confirm all that is proposed"), tr("C confirms all"))
        self.confirm.hide()
        self.confirm.clicked.connect(self._confirm_all)
        self.add.clicked.connect(self.add_row)
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
            self._unread = ()
            self._show_rows(table.rows)
        self._show_proposals()
        self.closing.show_checked(table.closed)
        nothing = self.question.nothing.label if self.question.nothing else tr("Nothing else")
        self.closing.set_caption(tr("Nothing else") if table.rows else nothing)
        if isinstance(value, Unable):
            self.say(unable_text(value).capitalize())
        else:
            self._show_faults()

    def _show_rows(self, rows: tuple[Row, ...]) -> None:
        self.set_count(len(rows))
        for widget, row in zip(self.rows, rows, strict=True):
            widget.show_row(row)

    def _shown(self, closed: bool | None = None) -> Table | None:
        """Return the table that the rows show."""
        old = self._table
        rows = tuple(Row(cells=cells) for widget in self.rows if (cells := widget.cells()))
        # One more row than before: that there is nothing else was said of fewer.
        still = old.closed and len(rows) <= len(old.rows) if closed is None else closed
        return Table(rows=rows, closed=still) if rows or still else None

    def _write(self, stay: Stay, *, closed: bool | None = None) -> None:
        stay.write(self.session, self.question.id, self._shown(closed))

    # -- rows -----------------------------------------------------------------------------------

    def further(self) -> list[QWidget]:
        """Return the cells, and what is proposed under them."""
        return [part for row in self.rows for part in stops_in(row)]

    def make_row(self) -> TableRow:
        """Return a new row."""
        row = TableRow(self.session, self.question.columns, self.question.label, self)
        row.changed.connect(self._on_row_changed)
        row.left.connect(self._on_row_left)
        row.removed.connect(self._on_row_removed)
        row.pasted.connect(self._on_row_pasted)
        for button, slot in (
            (row.proposal.yes, self._on_yes),
            (row.proposal.no, self._on_no),
            (row.proposal.meant, self._on_meant),
        ):
            button.clicked.connect(slot)
        return row

    def _show_faults(self) -> None:
        unread = (
            tr("Not read as a row: {join}", join="; ".join(self._unread)) if self._unread else ""
        )
        fault = next((fault for row in self.rows if (fault := row.fault())), unread)
        flags = [*odd(self.question, self._table, self.session.case, self.session.day)]
        if flags and is_unused(self.question):
            flags.append(UNUSED)
        self.say(fault or " ".join(flags), check=True)

    @Slot(object)
    def _on_row_changed(self, stay: Stay) -> None:
        self._write(stay)
        self._show_faults()

    @Slot()
    def _on_row_left(self) -> None:
        self._show_faults()
        self._show_proposals()

    # -- a pasted list --------------------------------------------------------------------------

    @Slot(str)
    def _on_row_pasted(self, text: str) -> None:
        row = self.sender()
        if not isinstance(row, TableRow) or row not in self.rows:
            return
        pasted, self._unread = self._split(row, text)
        own = {name: cell for name, cell in row.cells() if not any(name in new for new in pasted)}
        at, rows = self.rows.index(row), [dict(other.cells()) for other in self.rows]
        rows[at : at + 1] = [{**own, **new} if n == 0 else new for n, new in enumerate(pasted)]
        self._show_rows(tuple(Row(cells=tuple(cells.items())) for cells in rows if cells))
        self.session.set(self.question.id, self._shown())
        self.told.emit(
            tr("{pasted} rows from what was pasted. Ctrl+Z takes them back.", pasted=len(pasted))
        )
        self.refresh()

    @property
    def _names(self) -> tuple[str, ...]:
        """The columns in which names are read."""
        return self._reader.column.names if self._reader else ()

    def _split(
        self, row: TableRow, text: str
    ) -> tuple[list[dict[str, str | bool]], tuple[str, ...]]:
        """Return the cells of each pasted row, and the lines that are no rows."""
        names = self._names
        if row.text_column not in names:
            return [{row.text_column: line} for line in bare_lines(text)], ()
        pasted = self.session.content.medicines.split_lines(clean(text))
        found: list[dict[str, str | bool]] = []
        for line in pasted.rows:
            parts = (
                (line.name, line.dose) if len(names) > 1 else (f"{line.name} {line.dose}".strip(),)
            )
            found.append({name: part for name, part in zip(names, parts, strict=False) if part})
        return found, pasted.unread

    # -- what is proposed -----------------------------------------------------------------------

    def _show_proposals(self) -> None:
        reader, facts = self._reader, self.session.facts
        if reader is None:
            return
        for row in self.rows:
            cells = row.cells()
            proposed = reader.propose(Row(cells=cells), facts) if cells else Proposed()
            is_typing = row.is_typing(self._names) and not proposed.yes
            name = str(dict(cells).get(row.text_column, ""))
            slip = None if is_typing else self.session.content.medicines.slip(name)
            row.proposal.show_proposed(Proposed() if is_typing else proposed, slip)
        number = len(self._open())
        self.confirm.setText(tr("Confirm all ({number}) · C", number=number))
        self.confirm.setVisible(number > 0)

    def _open(self) -> list[TableRow]:
        """Return the rows whose classes are proposed and not asked about."""
        return [
            row
            for row in self.rows
            if row.proposal.proposed.yes and not row.proposal.proposed.asked
        ]

    def _proposal(self) -> TableRow | None:
        """Return the row to whose proposal the pressed button belongs."""
        sender = self.sender()
        return next(
            (r for r in self.rows if isinstance(sender, QWidget) and r.isAncestorOf(sender)), None
        )

    @Slot()
    def _on_yes(self) -> None:
        if (row := self._proposal()) is not None:
            answers = row.proposal.proposed.answers
            self._answer([row], {name: Finding(present=True) for name in answers})

    def _answer(self, rows: list[TableRow], more: Mapping[str, Value]) -> None:
        self.add.setFocus(Qt.FocusReason.OtherFocusReason)
        for row in rows:
            row.fill(row.proposal.proposed.yes)
        self.session.set_all({self.question.id: self._shown(), **more})

    @Slot()
    def _on_no(self) -> None:
        if (row := self._proposal()) is not None:
            self.add.setFocus(Qt.FocusReason.OtherFocusReason)
            row.fill(row.proposal.proposed.no)
            self._write(Stay())

    @Slot()
    def _on_meant(self) -> None:
        row = self._proposal()
        if row is not None and row.proposal.slip is not None:
            self.add.setFocus(Qt.FocusReason.OtherFocusReason)
            row.correct(row.proposal.slip)
            self._write(Stay())

    @Slot()
    def _confirm_all(self) -> None:
        if rows := self._open():
            self._answer(rows, {})
            self.told.emit(
                tr("Recorded: the classes of {rows} rows. Ctrl+Z takes them back.", rows=len(rows))
            )

    @Slot()
    def _on_row_removed(self) -> None:
        row = self.sender()
        if isinstance(row, TableRow) and row in self.rows:
            self._remove(row)

    @Slot(str)
    def _on_closing_chosen(self, name: str) -> None:
        if self._table.closed:
            self._write(Stay(), closed=False)
        else:
            self._close()

    def _close(self) -> None:
        if not self._table.closed:
            caption = self.closing.caption
            answered = self.session.close_list(self.question)
            if answered.remark:
                self.say(answered.remark)
            self.told.emit(answered.told(caption))

    @property
    def where(self) -> Place:
        """The keys that work where the focus is."""
        return next((row.place for row in self.rows if row.has_focus), Place.ROWS)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = next((row for row in self.rows if row.has_focus), None)
        self._type_on(event)
        if row is None and len(self.typed) > 1:
            self._begin_row()
            return
        match act(event, self.where):
            case "on" if row is not None:
                self._go_on_in(row)
            case "before" if row is not None:
                self._go_back_in(row)
            case "new":
                self.add_row()
            case "remove" if row is not None:
                self._remove(row)
            case "leave" if row is not None and row.is_blank:
                self._remove(row)
            case "close":
                if row is not None:
                    self._remove(row)
                self._close()
            case "confirm" if self._open():
                self._confirm_all()
            case _ if self.closing.hasFocus() and event.key() == Qt.Key.Key_Space:
                self.advised.emit(
                    tr("Nothing was recorded: 0 records “{caption}”.", caption=self.closing.caption)
                )
            case _ if row is None and char_of(event) == "F":
                # Perhaps of a word: hints would take the rest of it.
                self.advised.emit(self._hint)
            case _:
                super().keyPressEvent(event)

    def _type_on(self, event: QKeyEvent) -> None:
        """Take the character of a key as the next one of what is being typed, or the first."""
        char = event.text() if may_record(event) and event.text().isprintable() else ""
        goes_on = bool(char) and event.timestamp() - self._typed_at <= _TYPED_ON
        self.typed = f"{self.typed}{char}" if goes_on else char
        self._typed_at = event.timestamp()

    def _begin_row(self) -> None:
        """Begin a row with what is being typed once it is a word: a number is not to lose its first digits."""
        if len(self.typed) < _WORD:
            self.advised.emit(self._hint)
            return
        self.add_row()
        if (field := QApplication.focusWidget()) is not None:
            typed = QInputMethodEvent()
            typed.setCommitString(self.typed)
            QApplication.sendEvent(field, typed)
        self.typed = ""

    def _remove(self, row: TableRow) -> None:
        self.add.setFocus(Qt.FocusReason.OtherFocusReason)
        self.drop(row)
        self._write(Stay())

    def _go_on_in(self, row: TableRow) -> None:
        """Go to the next field; from the last one to a new row, or on if this row is blank."""
        if row.focus_beside(1):
            return
        if row.is_blank:
            self.next_requested.emit()
            self.drop(row)
        else:
            self.add_row()

    def _go_back_in(self, row: TableRow) -> None:
        """Go to the field before; from the first one to the last of the row above, or to the question before."""
        at = self.rows.index(row)
        if row.focus_beside(-1):
            return
        if at:
            self.rows[at - 1].focus_last()
        else:
            self.previous_requested.emit()
        if row.is_blank:
            self.drop(row)
