"""One result of a test: number, word or option, its unit, its date, when it was taken, the laboratory's range."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from triage.content.entry import (
    measured_text,
    order_of,
    parse_limit,
    parse_measurement,
    split_pair,
)
from triage.content.schema import Question
from triage.content.units import units_for
from triage.errors import EntryError
from triage.model.dates import PartialDate
from triage.model.numbers import plain, spelled
from triage.model.values import TAKEN, Measurement
from triage.qt.ask.meant import AskingLine
from triage.qt.ask.table_row import remove_button
from triage.qt.parts.clipboard import has_lines
from triage.qt.parts.flow import Flow
from triage.qt.parts.inputs import Combo, PartButton, Stay
from triage.qt.parts.keys import Place, act
from triage.qt.parts.laying import horizontal, vertical
from triage.qt.parts.theme import set_role
from triage.qt.parts.wide import Wide
from triage.qt.parts.words import tr
from triage.session import Session

PENDING, UNABLE = "(pending)", "(unable)"


class OutcomeList(Combo):
    """The options of a test that is no number: to its date leads the same key."""

    date: QWidget

    def take_letter(self, event: QKeyEvent) -> bool:
        """Take the key that leads to the date; any other letter opens the list."""
        if act(event, Place.NUMBER) != "date":
            return super().take_letter(event)
        self.date.setFocus(Qt.FocusReason.OtherFocusReason)
        return True


class ResultRow(QWidget):
    """The fields of one result.

    Parameters
    ----------
    session
        The case: its profile orders units and dates, and its clock says what "yesterday" is.
    question
        The test.

    Signals
    -------
    changed : object
        The user changed a field; with the stay of that field.
    unable_chosen
        The user chose that it could not be done.
    left
        The focus left a field.
    removed
        The user removed the row.
    """

    changed = Signal(object)
    unable_chosen = Signal()
    left = Signal()
    removed = Signal()

    def __init__(self, session: Session, question: Question, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.question = question
        self._shown = Measurement()
        # What its text gave to the second question of a pair.
        self.paired: Measurement | None = None
        self.value: AskingLine | None = None
        self.option: OutcomeList | None = None
        self.unit: Combo | None = None
        self.low: AskingLine | None = None
        self.high: AskingLine | None = None
        layout = vertical(self, 0, 0, 0, 0, spacing=3)
        self._row = Flow(self, gap=3, line_gap=3)
        layout.addWidget(self._row)
        if question.options:
            entries = [(o.id, o.label) for o in question.options]
            more = [(PENDING, tr("Pending")), (UNABLE, tr("Unable to do…"))]
            self.option = OutcomeList([("", tr("Not recorded —")), *entries, *more], self)
            self._place(self.option, 27, "result", tr("First letters choose, Delete takes back"))
            self.option.chosen.connect(self._on_chosen)
        else:
            self.value = self._line(
                "result", tr("Number, <0.01, high, pending or unable"), 10, tr("result")
            )
            self._add_unit()
        self.date = self._line(tr("date taken"), tr("Date or part of one"), 12, tr("date"))
        if self.value is not None:
            self.value.unit, self.value.date = self.unit, self.date
        if self.option is not None:
            self.option.date = self.date
        self._add_more(layout)
        for line in self.lines:
            line.asked.setAlignment(Qt.AlignmentFlag.AlignRight)
            layout.addLayout(line.asked)
        self.remove = remove_button(tr("this result"))
        self.remove.setAccessibleName(tr("{label}: remove this result", label=question.label))
        self.remove.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.remove.clicked.connect(self.removed)
        self._row.add(self.remove)

    def _add_unit(self) -> None:
        if self.question.units:
            self.unit = Combo([(unit, unit) for unit in self._units], self)
            self._usual = self._units[0]
            self._place(self.unit, 13, "unit", tr("Arrow keys or first letters choose"))
            self.unit.chosen.connect(self._on_chosen)
            return
        label = QLabel(self.question.unit, self)
        label.setIndent(8)
        set_role(label, "small")
        Wide(label, 13, 12)
        self._row.add(label)

    def _add_more(self, layout: QVBoxLayout) -> None:
        """Add the second line, right under the first: when it was taken, and the laboratory's range of a number."""
        what = tr("when it was taken") + (
            "" if self.value is None else tr(", the laboratory's own range")
        )
        self.more = PartButton(tr("More"), self)
        self.more.setCheckable(True)
        self.more.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.more.setToolTip(what[0].upper() + what[1:])
        self.more.setAccessibleName(f"{self.question.label}: {what}")
        set_role(self.more, "quiet")
        self.more.clicked.connect(self._show_more)
        self._row.add(self.more)
        self._row, first = Flow(self, gap=3, line_gap=3), self._row
        taken = [(name, text[0].upper() + text[1:]) for name, text in TAKEN.items()]
        self.taken = Combo([("", tr("Taken at any time")), *taken], self)
        self._place(self.taken, 20, tr("when taken"), tr("First letters choose"))
        self.taken.chosen.connect(self._on_taken_chosen)
        self._second: list[QWidget] = [self.taken]
        if self.value is not None:
            label = QLabel(tr("Laboratory's range"), self)
            set_role(label, "small")
            low, high = self.question.low, self.question.high
            self.low = self._line(tr("lower limit"), tr("Of the laboratory"), 9, _limit("low", low))
            self.high = self._line(
                tr("upper limit"), tr("Of the laboratory"), 9, _limit("high", high)
            )
            # Where there is no room for all, the limits wrap with their label.
            limits = QWidget(self)
            beside = horizontal(limits, 0, 0, 0, 0, spacing=4)
            for part in (label, self.low, self.high):
                beside.addWidget(part)
            self._row.add(limits)
            self._second.append(limits)
        layout.addWidget(self._row)
        self._row = first
        self._show_more(False)

    @property
    def _units(self) -> tuple[str, ...]:
        return units_for(self.question, self._session.profile)

    def _line(self, part: str, hint: str, letters: int, placeholder: str) -> AskingLine:
        line = AskingLine(f"{self.question.label}, {part}", self)
        line.setPlaceholderText(placeholder)
        self._place(line, letters, part, hint)
        line.leaves = has_lines
        line.typed.connect(self._on_typed)
        line.left.connect(self._on_left)
        line.settling.connect(self.left)
        line.reading_chosen.connect(self._on_meant)
        return line

    def _place(self, field: QWidget, letters: int, part: str, hint: str) -> None:
        unit = f" in {self.question.unit}" if part == "result" and self.question.unit else ""
        said = tr("result") if part == "result" else part
        field.setAccessibleName(f"{self.question.label}, {said}{unit}")
        field.setAccessibleDescription(hint)
        Wide(field, letters, 12)
        self._row.add(field)

    @property
    def lines(self) -> tuple[AskingLine, ...]:
        """All typed fields."""
        return tuple(f for f in (self.value, self.date, self.low, self.high) if f is not None)

    @property
    def first(self) -> QWidget:
        """The field that the focus goes to."""
        return self.option or self.value or self.date

    @property
    def is_blank(self) -> bool:
        """Whether there is no result in it."""
        return self.understood() is None

    def take_focus(self) -> None:
        """Put the focus on the first field."""
        self.first.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_item(self, item: Measurement | None) -> None:
        """Show one result of the session; None: none."""
        item = self._shown = item or Measurement()
        if self.option is not None:
            self.option.show_entry(PENDING if item.pending else item.option)
        if self.value is not None:
            self.value.show_text(measured_text(item))
            self.value.setToolTip(tr("Typed: {typed}", typed=item.typed) if item.typed else "")
        if self.unit is not None:
            self.unit.show_entry(item.unit or self._units[0])
        self.date.show_text(item.date.words() if item.date else "")
        if self.low is not None and self.high is not None:
            self.low.show_text("" if item.low is None else spelled(item.low))
            self.high.show_text("" if item.high is None else spelled(item.high))
        self.taken.show_entry(item.taken)
        self._show_more(item.low is not None or item.high is not None or bool(item.taken))

    def show_usual_unit(self) -> None:
        """Show the usual unit where nothing is typed, once the profile has another one."""
        if self.unit is not None and self._usual != self._units[0]:
            self._usual = self._units[0]
            if self.value is not None and not self.value.text():
                self.unit.show_entry(self._usual)

    def show_unable(self) -> None:
        """Show that it could not be done."""
        self.show_item(None)
        if self.option is not None:
            self.option.show_entry(UNABLE)
        if self.value is not None:
            self.value.show_text("unable")

    @property
    def is_unable(self) -> bool:
        """Whether the list of options says that it could not be done."""
        return self.option is not None and self.option.entry == UNABLE

    def read(self) -> Measurement | None:
        """Return what the fields mean; None while there is no result.

        Raises
        ------
        AskError
            If they have two readings.
        EntryError
            If they mean nothing.
        """
        item = self._read_value()
        if item is None:
            return None
        changes: dict[str, object] = {}
        if self.date.text().strip():
            changes["date"] = self._read_date()
        if item.value is not None and self.low is not None and self.high is not None:
            for name, line in (("low", self.low), ("high", self.high)):
                if line.text().strip():
                    changes[name] = parse_limit(self.question, line.text(), item.unit)
        if self.taken.entry and not item.pending:
            changes["taken"] = self.taken.entry
        return item.model_copy(update=changes) if changes else item

    def _read_date(self) -> PartialDate:
        text, shown = self.date.text(), self._shown.date
        if shown is not None and text == shown.words():
            return shown
        return PartialDate.parse(text, self._session.today, order_of(self._session.profile))

    def _read_value(self) -> Measurement | None:
        if self.option is not None:
            name = self.option.entry
            if name == PENDING:
                return Measurement(pending=True)
            return Measurement(option=name) if name and name != UNABLE else None
        text = self.value.text() if self.value is not None else ""
        if not text.strip():
            return None
        unit = self.unit.entry if self.unit is not None else self.question.unit
        shown = self._shown
        if text == measured_text(shown) and shown.unit in ("", unit):
            # "2.345" has two readings, but not where it is the spelling of this result.
            return shown.model_copy(update={"date": None, "low": None, "high": None, "taken": ""})
        pair = split_pair(self.question, text)
        item = parse_measurement(
            self.question,
            text if pair is None else pair[0],
            self._session.today,
            unit=unit,
            profile=self._session.profile,
        )
        return item if pair is None else item.model_copy(update={"typed": text.strip()})

    @property
    def second(self) -> str:
        """What is typed of the second result of a pair, such as the 82 of ``138/82``; empty if there is none."""
        text = self.value.text() if self.value is not None else ""
        pair = split_pair(self.question, text)
        return "" if pair is None else pair[1]

    @property
    def is_typing(self) -> bool:
        """Whether one of its fields is being typed in."""
        return any(line.is_typing for line in self.lines)

    def understood(self) -> Measurement | None:
        """Return what the fields mean, None if nothing."""
        try:
            return self.read()
        except EntryError:
            return None

    def fault(self, *, is_odd: bool = False) -> str:
        """Return what is wrong with the fields that were left, and ask what is meant; empty if nothing.

        A value that is odd is framed.
        """
        said: list[str] = []
        for line in self.lines:
            error = None if line.is_typing else self._error(line)
            line.show_fault(error, odd=is_odd and line is self.value)
            if error is not None:
                said.append(tr("Not recorded: {error}", error=error))
        if not said and not self.is_typing and self.date.text().strip() and not self.understood():
            said.append(tr("Not recorded: a date without a result."))
        return " ".join(said)

    def _error(self, line: AskingLine) -> EntryError | None:
        """Return what is wrong with one field; None if nothing."""
        try:
            if line is self.value:
                self._read_value()
            elif line.text().strip() and line is self.date:
                self._read_date()
            elif line.text().strip():
                unit = self.unit.entry if self.unit is not None else self.question.unit
                parse_limit(self.question, line.text(), unit)
        except EntryError as error:
            return error
        return None

    @Slot(object)
    def _on_meant(self, value: object) -> None:
        if isinstance(value, PartialDate):
            self._shown = self._shown.model_copy(update={"date": value})
            self.date.show_text(value.words())
            self.date.setFocus(Qt.FocusReason.OtherFocusReason)
        elif isinstance(value, Measurement):
            day, low, high = (
                line.text() if line else "" for line in (self.date, self.low, self.high)
            )
            taken = self.taken.entry
            self.show_item(value)
            if taken:
                self.taken.show_entry(taken)
                self._show_more(True)
            for line, text in ((self.date, day), (self.low, low), (self.high, high)):
                if line is not None and text:
                    line.show_text(text)
            self.first.setFocus(Qt.FocusReason.OtherFocusReason)
        self.changed.emit(Stay())

    @Slot()
    def _on_left(self) -> None:
        item = self.understood()
        if item is not None and not self.second:
            # Date and range that stood behind the number go to their own fields.
            self.show_item(item)
        self.left.emit()

    @Slot(str)
    def _on_typed(self, text: str) -> None:
        stay = next((line.stay for line in self.lines if line.hasFocus()), None)
        self._show_typed_unit()
        self.changed.emit(stay or Stay())

    def _show_typed_unit(self) -> None:
        item = self.understood()
        if self.unit is not None and item is not None and item.value is not None:
            self.unit.show_entry(item.unit)

    @Slot(str)
    def _on_chosen(self, name: str) -> None:
        if name == UNABLE:
            self.unable_chosen.emit()
            return
        item = self.understood()
        if self.value is not None and self.unit is not None and item and item.value is not None:
            # The number stays, its unit is the one that was chosen.
            self.unit.show_entry(name)
            self._shown = item.model_copy(update={"unit": name, "typed": ""})
            self.value.show_text(measured_text(item))
        self.changed.emit(Stay())

    @Slot(str)
    def _on_taken_chosen(self, name: str) -> None:
        self.changed.emit(Stay())

    @Slot(bool)
    def _show_more(self, shown: bool) -> None:
        self.more.setChecked(shown)
        for widget in self._second:
            widget.setVisible(shown)


def _limit(name: str, usual: Decimal | None) -> str:
    return name if usual is None else f"{name} {plain(usual)}"
