"""One row of a table: a small field for each column, wrapping where it is narrow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QSizePolicy, QWidget

from triage.content.entry import order_of
from triage.content.form import column_options
from triage.content.lines import bare_lines
from triage.content.medicines import Slip
from triage.content.schema import Column
from triage.errors import EntryError
from triage.model.dates import PartialDate
from triage.model.values import Row
from triage.qt.ask.meant import AskingLine
from triage.qt.ask.proposal import Proposal
from triage.qt.parts.clipboard import has_lines
from triage.qt.parts.flow import Flow
from triage.qt.parts.inputs import Combo, PartButton, Stay, TypedLine
from triage.qt.parts.keys import Place
from triage.qt.parts.laying import horizontal, vertical
from triage.qt.parts.theme import set_role
from triage.qt.parts.wide import Wide
from triage.qt.parts.words import tr
from triage.session import Session

Cells = tuple[tuple[str, str | bool], ...]
_YES, _NO = "yes", "no"
_WIDTHS = {"text": 17, "date": 15, "choice": 20, "finding": 20}
_FIRST = 28


def remove_button(what: str) -> PartButton:
    """Return a small button that removes `what`."""
    button = PartButton("×")
    button.setFixedWidth(button.fontMetrics().averageCharWidth() * 4)
    button.setToolTip(tr("Remove {what}", what=what))
    button.setAccessibleName(tr("Remove {what}", what=what))
    set_role(button, "quiet")
    return button


class TableRow(QWidget):
    """The fields of one row.

    Parameters
    ----------
    session
        The case: its form for options of another question, its profile for the order of dates, and its
        clock, from which "ago" counts.
    columns
        The columns.
    label
        The table, for screen readers.

    Signals
    -------
    changed : object
        The user changed a field; with the stay of that field, or None for a list.
    left
        The focus left a field.
    removed
        The user removed the row.
    pasted : str
        Several lines came into the first field of text.
    """

    changed = Signal(object)
    left = Signal()
    removed = Signal()
    pasted = Signal(str)

    def __init__(
        self,
        session: Session,
        columns: tuple[Column, ...],
        label: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.columns = columns
        self._session = session
        self._form = session.form
        self._other: Cells = ()
        # What a new row begins with, by column: nothing by itself, and recorded with what is typed beside it.
        self._usual: Mapping[str, str] = {}
        self.fields: dict[str, TypedLine | Combo] = {}
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        flow = Flow(self, gap=3, line_gap=3)
        for column in columns:
            field = self._field(column, label)
            # A first column of text holds what the row is about, such as a long name of a medicine.
            first = column is columns[0] and column.kind == "text"
            letters = _FIRST if first else _WIDTHS[column.kind]
            Wide(field, letters)
            field.setAccessibleName(f"{label}, {column.label}")
            field.setAccessibleDescription(_DESCRIPTIONS[column.kind])
            if isinstance(field, TypedLine):
                field.around = Place.ROW
            flow.add(field)
            self.fields[column.id] = field
        remove = remove_button(tr("this row"))
        remove.setAccessibleName(tr("{label}: remove this row", label=label))
        remove.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        remove.clicked.connect(self.removed)
        line = horizontal(spacing=3)
        line.addWidget(flow, 1)
        line.addWidget(remove, 0, Qt.AlignmentFlag.AlignTop)
        self.proposal = Proposal(label, self)
        layout = vertical(self, 0, 0, 0, 0, spacing=0)
        layout.addLayout(line)
        for _, asking in self._dates():
            layout.addLayout(asking.asked)
        layout.addWidget(self.proposal)
        self._show_place()

    def _field(self, column: Column, label: str) -> TypedLine | Combo:
        entries = [("", f"{column.label} —")]
        match column.kind:
            case "choice":
                options = column_options(self._form, column)
                combo = Combo([*entries, *((o.id, o.label) for o in options)], self)
            case "finding":
                yes_no = ((_YES, f"{column.label}: yes"), (_NO, f"{column.label}: no"))
                combo = Combo([*entries, *yes_no], self)
            case "date":
                date = AskingLine(f"{label}, {column.label}", self)
                date.setPlaceholderText(column.label)
                date.typed.connect(self._on_typed)
                date.left.connect(self._on_date_left)
                date.settling.connect(self._on_date_left)
                date.reading_chosen.connect(self._on_meant)
                return date
            case "text":
                line = TypedLine(self)
                line.setPlaceholderText(column.label)
                line.typed.connect(self._on_typed)
                line.left.connect(self.left)
                if any(column.id in other.names[:1] for other in self.columns):
                    # A list of names that are read is shown before it is recorded.
                    line.leaves = has_lines
                return line
        combo.setToolTip(column.label)
        combo.chosen.connect(self._on_chosen)
        return combo

    def show_row(self, row: Row) -> None:
        """Show a row of the session."""
        self._usual = {}
        cells = dict(row.cells)
        for column in self.columns:
            field, value = self.fields[column.id], cells.pop(column.id, "")
            if isinstance(field, TypedLine):
                field.show_text(self._spelled(column, str(value)))
            elif column.kind == "finding":
                field.show_entry(_YES if value is True else _NO if value is False else "")
            else:
                self._show_option(column, field, str(value))
        # Cells of columns that the form has lost are kept.
        self._other = tuple(cells.items())
        self._show_place()

    def _show_option(self, column: Column, field: Combo, value: str) -> None:
        if value and field.findData(value) < 0:
            # Several options, the line that closes their list, or an option that the form has lost.
            options = {o.id: o.label for o in column_options(self._form, column)}
            nothing = self._form.questions[column.options_from].nothing if column.several else None
            names = [options.get(name, name) for name in value.split()]
            if nothing:
                names = [n for n in names if n != nothing.id] or [nothing.label]
            field.addItem(" + ".join(names), value)
        field.show_entry(value)

    def fill(self, cells: Mapping[str, str]) -> None:
        """Show other values in some of the choices."""
        for column in self.columns:
            field = self.fields[column.id]
            if column.id in cells and isinstance(field, Combo):
                self._show_option(column, field, cells[column.id])

    def correct(self, slip: Slip) -> None:
        """Put a name in place of the word that was almost it."""
        field = self.fields[self.text_column]
        if isinstance(field, TypedLine):
            text = field.text()
            field.show_text(text[: slip.start] + slip.name + text[slip.end :])

    def is_typing(self, names: Iterable[str]) -> bool:
        """Whether one of the fields `names` has the focus."""
        return any(self.fields[name].hasFocus() for name in names)

    def _spelled(self, column: Column, value: str) -> str:
        return self._parsed(value).words() if column.kind == "date" and value else value

    def _parsed(self, text: str) -> PartialDate:
        return PartialDate.parse(text, self._session.today, order_of(self._session.profile))

    def _dates(self) -> list[tuple[Column, AskingLine]]:
        """Return the fields for dates."""
        fields = ((column, self.fields[column.id]) for column in self.columns)
        return [(column, field) for column, field in fields if isinstance(field, AskingLine)]

    def cells(self) -> Cells:
        """Return what is filled in and can be read."""
        found: list[tuple[str, str | bool]] = []
        for column in self.columns:
            field = self.fields[column.id]
            if isinstance(field, Combo):
                entry = field.entry
                if entry:
                    found.append((column.id, entry == _YES if column.kind == "finding" else entry))
            elif column.kind == "date":
                if day := self._date(field.text()):
                    found.append((column.id, day.iso()))
            elif field.text().strip():
                found.append((column.id, field.text()))
        if all(self._usual.get(name) == said for name, said in found):
            found.clear()
        return (*found, *self._other)

    def _date(self, text: str) -> PartialDate | None:
        try:
            return self._parsed(text) if text.strip() else None
        except EntryError:
            return None

    def fault(self) -> str:
        """Return what is wrong with dates that were left, and ask which day is meant; empty if nothing."""
        said = []
        for column, field in self._dates():
            wrong: EntryError | None = None
            try:
                if field.text().strip() and not field.is_typing:
                    self._parsed(field.text())
            except EntryError as error:
                wrong = error
                said.append(tr("Not recorded: {label}: {error}", label=column.label, error=error))
            field.show_fault(wrong)
        return said[0] if said else ""

    def take_focus(self) -> None:
        """Put the focus on the first empty field; a blank row begins with what is usual in this profile."""
        fields = list(self.fields.values())
        if self.is_blank:
            self._usual = dict(self._begins_with())
            self.fill(self._usual)
        empty = (field for field in fields if not _says(field))
        next(empty, fields[0]).setFocus(Qt.FocusReason.OtherFocusReason)

    def _begins_with(self) -> Iterator[tuple[str, str]]:
        profile = self._session.profile
        for column in self.columns:
            for option in column_options(self._form, column):
                if profile in option.first:
                    yield column.id, option.id

    @property
    def is_blank(self) -> bool:
        """Whether nothing at all was put into it, readable or not."""
        return not self._other and not any(
            said and said != self._usual.get(name)
            for name, field in self.fields.items()
            if (said := _says(field))
        )

    def _show_place(self) -> None:
        """Where a name is to come, and none stands yet, 0 closes the list."""
        field = self.fields[self.columns[0].id]
        if isinstance(field, TypedLine) and self.columns[0].kind == "text":
            field.around = Place.BLANK_ROW if self.is_blank else Place.ROW

    @property
    def place(self) -> Place:
        """The keys that work in the field with the focus."""
        focused = next((field for field in self.fields.values() if field.hasFocus()), None)
        return (isinstance(focused, TypedLine) and focused.around) or Place.ROW

    @property
    def has_focus(self) -> bool:
        """Whether one of the fields has the focus."""
        return any(field.hasFocus() for field in self.fields.values())

    def focus_beside(self, step: int) -> bool:
        """Put the focus on the field so many after the one that has it; return whether there is one."""
        fields = list(self.fields.values())
        at = next(at for at, field in enumerate(fields) if field.hasFocus()) + step
        is_there = 0 <= at < len(fields)
        if is_there:
            fields[at].setFocus(Qt.FocusReason.OtherFocusReason)
        return is_there

    def focus_last(self) -> None:
        """Put the focus on its last field."""
        list(self.fields.values())[-1].setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def text_column(self) -> str:
        """The first column of text: several lines that come into it become rows."""
        return next((column.id for column in self.columns if column.kind == "text"), "")

    def _lines(self) -> str:
        """Return the text of the first field if that is several lines; one line that came with its end is tidied."""
        field = self.fields.get(self.text_column)
        if not isinstance(field, TypedLine) or field.text().splitlines() in ([], [field.text()]):
            return ""
        lines = bare_lines(field.text())
        if len(lines) > 1:
            return field.text()
        field.show_text("".join(lines))
        return ""

    @Slot(str)
    def _on_typed(self, text: str) -> None:
        self._show_place()
        if several := self._lines():
            # A list that was pasted says of its rows what they are, or nobody does.
            self.fill(dict.fromkeys(self._usual, ""))
            self._usual = {}
            self.pasted.emit(several)
            return
        lines = (field for field in self.fields.values() if isinstance(field, TypedLine))
        self.changed.emit(next((line.stay for line in lines if line.hasFocus()), Stay()))

    @Slot()
    def _on_date_left(self) -> None:
        for _, field in self._dates():
            if not field.is_typing and (day := self._date(field.text())):
                field.show_text(day.words())
        self.left.emit()

    @Slot(object)
    def _on_meant(self, day: PartialDate) -> None:
        field = self.sender()
        if isinstance(field, AskingLine):
            field.show_text(day.words())
            field.setFocus(Qt.FocusReason.OtherFocusReason)
            self.changed.emit(Stay())

    @Slot(str)
    def _on_chosen(self, name: str) -> None:
        # Chosen, not only shown.
        self._usual = {}
        self._show_place()
        self.changed.emit(Stay())


def _says(field: TypedLine | Combo) -> str:
    return field.entry if isinstance(field, Combo) else field.text().strip()


_DESCRIPTIONS = {
    "text": tr("Free text"),
    "date": tr("Date or part of one, such as 3/2024"),
    "choice": tr("Space or a first letter opens the list, Space chooses, Delete takes back"),
    "finding": tr("Yes, no, or not asked: Space opens the list, Space chooses"),
}
