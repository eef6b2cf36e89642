"""One result of a test: number, word or option, its unit, its date, and the laboratory's range."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from triage.content.entry import exact, parse_measurement, plain
from triage.content.form import units_of
from triage.content.schema import Question
from triage.errors import EntryError
from triage.model.dates import PartialDate
from triage.model.values import Measurement
from triage.qt.questions.flow import Flow
from triage.qt.questions.inputs import Combo, Stay, TypedLine
from triage.qt.questions.table_row import remove_button
from triage.qt.theme import set_role

PENDING, UNABLE = "(pending)", "(unable)"
_BARE = re.compile(r"\s*([<>]=?|≤|≥)?\s*[+-]?[\d.,]+\s*")


class ResultRow(QWidget):
    """The fields of one result.

    Parameters
    ----------
    question
        The test.
    day
        The date of the case.

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

    def __init__(self, question: Question, day: date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.question = question
        self._day = day
        self.value: TypedLine | None = None
        self.option: Combo | None = None
        self.unit: Combo | None = None
        self.low: TypedLine | None = None
        self.high: TypedLine | None = None
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(3)
        self._row = Flow(self, gap=3, line_gap=3)
        layout.addWidget(self._row)
        if question.options:
            entries = [(o.id, o.label) for o in question.options]
            more = [(PENDING, "Pending"), (UNABLE, "Unable to do…")]
            self.option = Combo([("", "Not recorded —"), *entries, *more], self)
            self._place(self.option, 27, "result", "First letters choose, Delete takes back")
            self.option.chosen.connect(self._on_chosen)
        else:
            self.value = self._line(
                "result", "Number, <0.01, high, pending or unable", 10, "result"
            )
            self._add_unit()
        self.date = self._line("date taken", "Date or part of one", 12, "date")
        self.range: QPushButton | None = None
        if self.value is not None:
            self._add_range(layout)
        self.remove = remove_button("this result")
        self.remove.setAccessibleName(f"{question.label}: remove this result")
        self.remove.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.remove.clicked.connect(self.removed)
        self._row.add(self.remove)

    def _add_unit(self) -> None:
        if self.question.units:
            self.unit = Combo([(unit, unit) for unit in units_of(self.question)], self)
            self._place(self.unit, 13, "unit", "Arrow keys or first letters choose")
            self.unit.chosen.connect(self._on_chosen)
            return
        label = QLabel(self.question.unit, self)
        label.setIndent(8)
        label.setMinimumHeight(self.fontMetrics().height() + 8)
        set_role(label, "small")
        label.setFixedWidth(self.fontMetrics().averageCharWidth() * 13 + 12)
        self._row.add(label)

    def _add_range(self, layout: QVBoxLayout) -> None:
        self.range = QPushButton("Range", self)
        self.range.setCheckable(True)
        self.range.setAutoDefault(False)
        self.range.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.range.setToolTip("The laboratory's own range")
        self.range.setAccessibleName(f"{self.question.label}: the laboratory's own range")
        set_role(self.range, "quiet")
        self.range.clicked.connect(self._on_range_clicked)
        self._row.add(self.range)
        # The second line, for the limits, stands right under the first.
        self._row, first = Flow(self, gap=3, line_gap=3), self._row
        self._limits = QLabel("Laboratory's range", self)
        set_role(self._limits, "small")
        self._row.add(self._limits)
        low, high = self.question.low, self.question.high
        self.low = self._line("lower limit", "Of the laboratory", 9, _limit("low", low))
        self.high = self._line("upper limit", "Of the laboratory", 9, _limit("high", high))
        layout.addWidget(self._row, 0, Qt.AlignmentFlag.AlignRight)
        self._row = first
        self._show_range(False)

    def _line(self, part: str, hint: str, letters: int, placeholder: str) -> TypedLine:
        line = TypedLine(self)
        line.setPlaceholderText(placeholder)
        self._place(line, letters, part, hint)
        line.typed.connect(self._on_typed)
        line.left.connect(self.left)
        return line

    def _place(self, field: QWidget, letters: int, part: str, hint: str) -> None:
        unit = f" in {self.question.unit}" if part == "result" and self.question.unit else ""
        field.setAccessibleName(f"{self.question.label}, {part}{unit}")
        field.setAccessibleDescription(". ".join(t for t in (hint, self.question.why) if t))
        field.setFixedWidth(self.fontMetrics().averageCharWidth() * letters + 12)
        self._row.add(field)

    @property
    def lines(self) -> tuple[TypedLine, ...]:
        """All typed fields."""
        return tuple(f for f in (self.value, self.date, self.low, self.high) if f is not None)

    @property
    def first(self) -> QWidget:
        """The field that the focus goes to."""
        return self.option or self.value or self.date

    def show_item(self, item: Measurement | None) -> None:
        """Show one result of the session; None: none."""
        item = item or Measurement()
        if self.option is not None:
            self.option.show_entry(PENDING if item.pending else item.option)
        if self.value is not None:
            self.value.show_text(_spelled(item))
        if self.unit is not None:
            self.unit.show_entry(item.unit or self.question.unit)
        self.date.show_text(item.date.words() if item.date else "")
        if self.low is not None and self.high is not None:
            self.low.show_text("" if item.low is None else plain(item.low))
            self.high.show_text("" if item.high is None else plain(item.high))
            self._show_range(item.low is not None or item.high is not None)

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
        EntryError
            If they mean nothing.
        """
        item = self._read_value()
        if item is None:
            return None
        changes: dict[str, object] = {}
        if self.date.text().strip():
            changes["date"] = PartialDate.parse(self.date.text(), self._day)
        if item.value is not None and self.low is not None and self.high is not None:
            for name, line in (("low", self.low), ("high", self.high)):
                if line.text().strip():
                    changes[name] = exact(line.text().strip().replace(",", "."), "limit")
        return item.model_copy(update=changes) if changes else item

    def _read_value(self) -> Measurement | None:
        if self.option is not None:
            name = self.option.entry
            if name == PENDING:
                return Measurement(pending=True)
            return Measurement(option=name) if name and name != UNABLE else None
        text = self.value.text() if self.value is not None else ""
        if not text.strip():
            return None
        if self.unit is not None and _BARE.fullmatch(text):
            text = f"{text} {self.unit.entry}"
        return parse_measurement(self.question, text, self._day)

    def understood(self) -> Measurement | None:
        """Return what the fields mean, None if nothing."""
        try:
            return self.read()
        except EntryError:
            return None

    def fault(self) -> str:
        """Return what is wrong with the fields once they are left; empty if nothing."""
        if any(line.hasFocus() for line in self.lines):
            return ""
        try:
            item = self.read()
        except EntryError as error:
            return f"{error} Not recorded."
        if item is None and self.date.text().strip():
            return "A date without a result: not recorded."
        return ""

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
            self.value.show_text(_spelled(item))
            self.unit.show_entry(name)
        self.changed.emit(Stay())

    @Slot(bool)
    def _on_range_clicked(self, shown: bool) -> None:
        self._show_range(shown)

    def _show_range(self, shown: bool) -> None:
        if self.range is None or self.low is None or self.high is None:
            return
        self.range.setChecked(shown)
        for widget in (self._limits, self.low, self.high):
            widget.setVisible(shown)


def _limit(name: str, usual: Decimal | None) -> str:
    return name if usual is None else f"{name} {plain(usual)}"


def _spelled(item: Measurement) -> str:
    if item.pending:
        return "pending"
    if item.reported:
        return item.reported.replace("_", " ")
    return "" if item.value is None else f"{item.comparator}{plain(item.value)}"
