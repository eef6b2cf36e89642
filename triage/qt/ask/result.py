"""The results of one test, one below the other."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from triage.content.entry import parse_measurement
from triage.content.form import BORN, SEX
from triage.content.ranges import odd
from triage.content.schema import Question
from triage.errors import EntryError
from triage.model.values import Measurement, Result, Unable, Value
from triage.qt.ask.result_row import ResultRow
from triage.qt.ask.rows import RowsWidget
from triage.qt.ask.typed import read_unable, says
from triage.qt.parts.colours import RING_ROOM
from triage.qt.parts.inputs import PartButton, Stay
from triage.qt.parts.keys import Place, act
from triage.qt.parts.laying import horizontal
from triage.qt.parts.theme import set_role
from triage.qt.parts.words import tr
from triage.session import Session


class ResultWidget(RowsWidget[ResultRow]):
    """Asks for results. There is always one row to type in; an empty one records nothing."""

    def __init__(self, session: Session, question: Question, parent: QWidget | None = None) -> None:
        super().__init__(session, question, parent)
        self.add = PartButton("+", self)
        self.add.setFixedWidth(self.fontMetrics().averageCharWidth() * 4)
        self.add.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.add.setToolTip(tr("Add another result: Ctrl+Enter"))
        set_role(self.add, "quiet")
        line = horizontal(None, RING_ROOM, RING_ROOM, 0, RING_ROOM, spacing=3)
        line.addLayout(self.rows_layout)
        line.addWidget(self.add, 0, Qt.AlignmentFlag.AlignTop)
        self.side.addLayout(line)
        # The other answers, and the day, that its remarks were made beside.
        self._beside: tuple[object, ...] = ()
        self.append()
        self.name_input(self.add, tr("add another result"), tr("Ctrl+Enter in a result"))
        self.add.clicked.connect(self.add_row)
        self.finish()

    # -- the session ----------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show what the session holds."""
        value = self.session.case.get(self.question.id)
        if not says(self._understood(), value):
            if isinstance(value, Unable):
                self._show_items(())
                self.rows[0].show_unable()
            else:
                self._show_items(value.items if isinstance(value, Result) else ())
        self.notes.refresh(self.question.id)
        # Of a test without a result there is no second one: no stop on the way.
        stops = (
            Qt.FocusPolicy.StrongFocus if isinstance(value, Result) else Qt.FocusPolicy.ClickFocus
        )
        self.add.setFocusPolicy(stops)
        for row in self.rows:
            row.remove.setVisible(len(self.rows) > 1)
        self._show_faults()

    def _understood(self) -> Value | None:
        items = tuple(item for row in self.rows if (item := row.understood()) is not None)
        first = self.rows[0]
        if not items and first.is_unable:
            return Unable()
        if not items and first.value is not None:
            return read_unable(first.value.text())
        return Result(items=items) if items else None

    def _show_items(self, items: tuple[Measurement, ...]) -> None:
        self.set_count(max(len(items), 1))
        for at, row in enumerate(self.rows):
            row.paired = None
            row.show_item(items[at] if at < len(items) else None)

    def _write(self, stay: Stay) -> None:
        value, old = self._understood(), self.session.case.get(self.question.id)
        if not (isinstance(value, Unable) and isinstance(old, Unable) and not value.reason):
            stay.write(self.session, self.question.id, value)
        self._show_faults()

    # -- rows -----------------------------------------------------------------------------------

    def first_input(self) -> QWidget:
        """Return the first field of the first result."""
        return self.rows[0].first

    def make_row(self) -> ResultRow:
        """Return a new row."""
        row = ResultRow(self.session, self.question, self)
        row.changed.connect(self._on_row_changed)
        row.unable_chosen.connect(self._on_unable_chosen)
        row.left.connect(self._on_row_left)
        row.removed.connect(self._on_row_removed)
        return row

    def show_known(self) -> None:
        """Show what does not fit other answers, and the usual units of the profile."""
        super().show_known()
        session = self.session
        names = (self.question.id, self.question.pair, BORN, SEX)
        beside = (*map(session.case.get, names), session.day, session.profile)
        if beside != self._beside:
            self._beside = beside
            for row in self.rows:
                row.show_usual_unit()
            self._show_faults()

    def _show_faults(self) -> None:
        if isinstance(self._understood(), Unable):
            self.say("")
            return
        said = [fault for row in self.rows if (fault := row.fault(is_odd=self._is_odd(row)))]
        value = self.session.case.get(self.question.id)
        if value is not None:
            said += odd(self.question, value, self.session.case, self.session.day)
        self.say(" ".join(said), check=True)

    def _is_odd(self, row: ResultRow) -> bool:
        item = row.understood()
        if item is None:
            return False
        alone = Result(items=(item,))
        return any(odd(self.question, alone, self.session.case, self.session.day))

    def add_row(self) -> None:
        """Put the focus into the first blank row, or a new one."""
        super().add_row()
        for row in self.rows:
            row.remove.setVisible(len(self.rows) > 1)

    @property
    def where(self) -> Place:
        """The keys that work where the focus is."""
        return Place.NUMBER

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if act(event, self.where) == "another":
            self.add_row()
        else:
            super().keyPressEvent(event)

    @Slot(object)
    def _on_row_changed(self, stay: Stay) -> None:
        self._write(stay)
        self._pair_off(self.sender())

    @Slot()
    def _on_unable_chosen(self) -> None:
        self.session.unable(self.question.id, "")
        note = self.notes.of(self.question.id)
        note.refresh()
        note.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _on_row_left(self) -> None:
        self._pair_off(self.sender())
        self._show_faults()

    def _pair_off(self, row: object) -> None:
        """Record the second result of a row, unless it is still being typed."""
        if isinstance(row, ResultRow) and (row.second or row.paired) and not row.is_typing:
            self._write_second(row)

    def _write_second(self, row: ResultRow) -> None:
        """Record the second result of a pair, typed as ``138/82``, with the date of the first."""
        other = self.session.form.questions[self.question.pair]
        first, old = row.understood(), row.paired
        try:
            item = (
                parse_measurement(
                    other, row.second, self.session.today, profile=self.session.profile
                )
                if row.second
                else old
            )
        except EntryError as error:
            self.say(tr("Not recorded: {error}", error=error))
            return
        value = self.session.case.get(other.id)
        items = value.items if isinstance(value, Result) else ()
        if item is None or first is None or not (row.second or old in items):
            return
        row.paired = item = item.model_copy(update={"date": first.date})
        if old in items:
            items = tuple(item if each == old else each for each in items)
        elif item not in items:
            items = (*items, item)
        self.session.set(other.id, Result(items=items), join=True)
        row.show_item(first)

    @Slot()
    def _on_row_removed(self) -> None:
        row = self.sender()
        if isinstance(row, ResultRow) and row in self.rows and len(self.rows) > 1:
            self.drop(row)
            self.rows[0].first.setFocus(Qt.FocusReason.OtherFocusReason)
            self._write(Stay())
            self.refresh()
