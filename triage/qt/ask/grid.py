"""Rows by sides of one scale, entered by key: 4 then -, w, n; arrows move, Enter goes down."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from triage.content.schema import Question
from triage.model.values import Choice, Value
from triage.qt.ask.base import QuestionWidget, answers
from triage.qt.ask.grid_model import UNABLE, GridModel
from triage.qt.ask.grid_view import GridView
from triage.qt.ask.no_side import NoSide
from triage.qt.ask.note import AnswerNote, notes_in
from triage.qt.parts.flow import Flow, place_pending
from triage.qt.parts.inputs import PartButton
from triage.qt.parts.keys import Place, is_enter, spoken
from triage.qt.parts.stops import stops_in
from triage.qt.parts.theme import set_role
from triage.qt.parts.words import tr
from triage.session import Session


class FillButton(PartButton):
    """One key that fills several rows.

    Parameters
    ----------
    session
        The case.
    question
        The grid.
    fill, caption
        The fill's id and what the button says.

    Signals
    -------
    told : str
        How much it recorded.
    advised : str
        A key recorded nothing here, and why.
    """

    told = Signal(str)
    advised = Signal(str)

    def __init__(self, session: Session, question: Question, fill: str, caption: str) -> None:
        super().__init__(caption)
        self._session = session
        self._question = question
        self._fill = fill
        set_role(self, "choice")
        self.clicked.connect(self._on_clicked)

    @Slot()
    def _on_clicked(self) -> None:
        before = self._session.history.n
        self._session.fill(self._question, self._fill)
        count = answers(self._session.history.n - before)
        if self._session.history.n == before:
            self.advised.emit(tr("Nothing is open here."))
            return
        self.told.emit(
            tr("Recorded: {said}, {count}. Ctrl+Z takes it back.", said=self.text(), count=count)
        )


class GridWidget(QuestionWidget):
    """Asks for a grade in each cell; a blank cell is not examined, never normal."""

    is_wide = True

    def __init__(self, session: Session, question: Question, parent: QWidget | None = None) -> None:
        super().__init__(session, question, parent)
        self.more: PartButton | None = None
        self._shows_more = False
        self.fills: dict[str, FillButton] = {}
        buttons = Flow(self)
        for fill in question.fills:
            button = FillButton(session, question, fill.id, fill.label)
            button.told.connect(self.told)
            button.advised.connect(self.advised)
            self.fills[fill.id] = button
            buttons.add(button)
        if any(row.is_aside for row in question.rows):
            self.more = PartButton(tr("More rows…"), self)
            set_role(self.more, "quiet")
            self.more.setCheckable(True)
            self.more.toggled.connect(self._on_more_toggled)
            buttons.add(self.more)
        self.no_side: NoSide | None = None
        if any(slot.is_whole for slot in self.slots):
            self.no_side = NoSide(session, self.slots)
            self.no_side.toggled.connect(self._on_no_side_toggled)
            buttons.add(self.no_side)
        self.side.addWidget(buttons)
        self.model = GridModel(session, question, self)
        self.view = GridView(self.model, self)
        scale = ", ".join(option.label for option in question.options)
        self.name_input(
            self.view,
            "",
            tr("Type a grade ({scale}). {grid}", scale=scale, grid=spoken(Place.GRID)),
        )
        for name, button in self.fills.items():
            self.name_input(button, name, tr("Fills these rows on both sides where they are open"))
        if self.more is not None:
            self.name_input(
                self.more, tr("rows that are seldom tested, and those of whole regions")
            )
        if self.no_side is not None:
            self.name_input(self.no_side, tr("a column for what was found without a side"))
        self.body.addWidget(self.view)
        self.view.unable_set.connect(self._on_unable_set)
        self.view.graded.connect(self.answered)
        self.view.told.connect(self.told)
        self.view.advised.connect(self.advised)
        self.view.moved.connect(self.moved)
        self.finish()

    def refresh(self) -> None:
        """Show what the session holds."""
        self.model.refresh()
        recorded = any(
            slot.row is not None and slot.row.is_aside and slot.key in self.session.case
            for slot in self.slots
        )
        shown = self._shows_more or recorded
        if self.more is not None:
            with QSignalBlocker(self.more):
                self.more.setChecked(shown)
        self.view.show_aside(shown)
        if self.no_side is not None:
            self.no_side.refresh()
        self.view.show_sideless(self.no_side is not None and self.no_side.shows)
        for slot in self.slots:
            self.notes.refresh(slot.key)

    def show_coming(self, changes: Mapping[str, Value | None]) -> None:
        """Show in the cells what would be recorded there."""
        said = {
            slot.key: value.option if isinstance(value, Choice) else UNABLE if value else ""
            for slot in self.slots
            if slot.key in changes
            for value in (changes[slot.key],)
        }
        self.view.show_coming(said)

    def first_input(self) -> QWidget:
        """Return the table."""
        return self.view

    def parts(self) -> list[QWidget]:
        """Return the buttons, and the table below them."""
        return [part for part in stops_in(self) if not isinstance(part, AnswerNote)]

    def further(self) -> list[QWidget]:
        """Return the reasons in sight."""
        return notes_in(self)

    def way_out(self) -> QWidget:
        """Return the table for a reason, and for the table its first button."""
        return self.view if self.focusWidget() in self.further() else stops_in(self)[0]

    def take_focus(self, key: str = "") -> None:
        """Put the focus on the cell that `key` names, or on the first one of that row."""
        # The key of a row is also that of its cell without a side.
        exact = [slot for slot in self.slots if slot.key == key and key in self.session.case]
        for slot in (*exact, *self.slots):
            if slot.key == key or slot.key.startswith(f"{key}."):
                if slot.row is not None and slot.row.is_aside:
                    self._shows_more = True
                    self.refresh()
                index = self.model.index_of(slot.key)
                self.view.setCurrentIndex(index)
                break
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(str)
    def _on_unable_set(self, key: str) -> None:
        note = self.notes.of(key)
        note.refresh()
        # It has no place yet, and could not be brought into sight.
        place_pending()
        note.setFocus(Qt.FocusReason.OtherFocusReason)
        self.moved.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go from a reason back to its cell: the grid is not done with it."""
        here = self.notes.focused
        if here and (is_enter(event) or event.key() == Qt.Key.Key_Escape):
            self.take_focus(here)
        else:
            super().keyPressEvent(event)

    @Slot(bool)
    def _on_no_side_toggled(self, shown: bool) -> None:
        self.view.show_sideless(self.no_side is not None and self.no_side.shows)

    @Slot(bool)
    def _on_more_toggled(self, shown: bool) -> None:
        self._shows_more = shown
        self.refresh()
