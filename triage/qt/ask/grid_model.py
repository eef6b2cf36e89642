"""The cells of a grid, as a table that Qt can show."""

from __future__ import annotations

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QWidget

from triage.content.form import MIDLINE, NO_SIDE, SIDES
from triage.content.form import Slot as FormSlot
from triage.content.schema import GridRow, Question
from triage.model.values import Choice, Unable, Value
from triage.qt.parts.words import tr
from triage.session import Session

Index = QModelIndex | QPersistentModelIndex
_Role = Qt.ItemDataRole
_SHORT, _MANY = 14, 8
# What a cell holds that could not be examined, in a word.
UNABLE = "unable"
# The columns of a block: the name, the two sides, and what has no side. What lies in the middle spans both.
_COLUMNS = ("", *SIDES, "")
SPAN = 4
NO_SIDE_COLUMN = 3


class GridModel(QAbstractTableModel):
    """The cells of a grid. Many rows with short names stand in two blocks side by side.

    Parameters
    ----------
    session
        The case.
    question
        The grid.
    """

    def __init__(self, session: Session, question: Question, parent: QWidget) -> None:
        super().__init__(parent)
        self.session = session
        self.question = question
        short = all(len(row.label) <= _SHORT for row in question.rows)
        self.blocks = 2 if short and len(question.rows) > _MANY else 1
        self.height = -(-len(question.rows) // self.blocks)
        self._slots = {
            (slot.row.id, slot.side): slot
            for slot in session.form.slots_of(question.id)
            if slot.row is not None
        }
        self._told = self._all_shown()

    def row_at(self, index: Index) -> GridRow | None:
        """Return the grid's row at a place of the table."""
        at = index.column() // SPAN * self.height + index.row()
        return self.question.rows[at] if at < len(self.question.rows) else None

    def slot_at(self, index: Index) -> FormSlot | None:
        """Return the key of a cell, None for a name or a gap."""
        row, column = self.row_at(index), index.column() % SPAN
        if row is None or column == 0:
            return None
        if row.sides == MIDLINE:
            return self._slots[row.id, MIDLINE] if column == 1 else None
        return self._slots[row.id, _COLUMNS[column]]

    def is_odd(self, slot: FormSlot) -> bool:
        """Whether what is recorded in a cell is not the normal grade: such a cell is drawn with more weight."""
        row = slot.row
        normal = (row.normal,) if row is not None and row.normal else self.question.normal
        return self._shown(slot) not in ("", *normal)

    def begins_group(self, index: Index) -> bool:
        """Whether a row is of another part of the body than the one above it."""
        if index.row() == 0:
            return False
        above = self.group_at(self.index(index.row() - 1, index.column()))
        return None not in (above, here := self.group_at(index)) and here != above

    def group_at(self, index: Index) -> tuple[str, bool, bool] | None:
        """Return the part of the body of a row: roots from the neck, or from the lower back; None for a gap."""
        row = self.row_at(index)
        return (row.sides, bool(row.covers), row.root[:1] in ("L", "S")) if row else None

    def index_of(self, key: str) -> QModelIndex:
        """Return where a key stands."""
        for at, row in enumerate(self.question.rows):
            for column, side in (*enumerate(_COLUMNS[1:], start=1), (1, MIDLINE)):
                slot = self._slots.get((row.id, side))
                if slot is not None and slot.key == key:
                    block, place = divmod(at, self.height)
                    return self.index(place, block * SPAN + column)
        return QModelIndex()

    def refresh(self) -> None:
        """Tell the view of the cells that have changed."""
        before, self._told = self._told, self._all_shown()
        for key, shown in self._told.items():
            if shown != before[key]:
                cell = self.index_of(key)
                self.dataChanged.emit(cell, cell)

    def _all_shown(self) -> dict[str, str]:
        return {slot.key: self._shown(slot) for slot in self._slots.values()}

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else self.height

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else SPAN * self.blocks

    def flags(self, index: Index) -> Qt.ItemFlag:
        if self.slot_at(index) is None:
            return Qt.ItemFlag.NoItemFlags
        # Editable for assistive technology; keys go past the editor of a cell.
        editable = Qt.ItemFlag.ItemIsEditable
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | editable

    def setData(self, index: Index, value: object, role: int = _Role.EditRole) -> bool:
        """Record what assistive technology writes into a cell: a grade, unable, or nothing."""
        slot, text = self.slot_at(index), str(value).strip().lower()
        if slot is None or role != _Role.EditRole or self.session.read_only:
            return False
        grades = {name.lower(): o.id for o in slot.options for name in (o.label, o.id)}
        if text == UNABLE:
            self.session.unable(slot.key, "")
        elif not text or text in grades:
            self.session.set(slot.key, Choice(option=grades[text]) if text else None)
        return text in ("", UNABLE, *grades)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = _Role.DisplayRole
    ) -> object:
        if role != _Role.DisplayRole:
            return None
        if orientation == Qt.Orientation.Vertical:
            # Out of sight, for screen readers: in two blocks a line has two names.
            rows = (self.row_at(self.index(section, at * SPAN)) for at in range(self.blocks))
            return " and ".join(row.label for row in rows if row)
        return (*map(str.capitalize, _COLUMNS[:-1]), tr("No side"))[section % SPAN]

    def data(self, index: Index, role: int = _Role.DisplayRole) -> object:
        row, slot = self.row_at(index), self.slot_at(index)
        if row is None:
            return None
        match role:
            case _Role.DisplayRole:
                if index.column() % SPAN == 0:
                    return row.label
                return self._shown(slot) if slot is not None else None
            case _Role.ToolTipRole:
                return ", ".join(part for part in (row.label, row.root, row.nerve) if part)
            case _Role.AccessibleTextRole if slot is not None:
                return f"{row.label}, {slot.side or NO_SIDE}: {self._spoken(slot)}"
        return None

    def _spoken(self, slot: FormSlot) -> str:
        shown = self._shown(slot)
        label = next((o.label for o in slot.options if o.id == shown), shown)
        if label != shown and shown[0].isdigit():
            label = f"{shown} {label}"
        said = label or tr("not examined")
        then = self.then(slot)
        return tr("{said}; was {then}", said=said, then=then) if then else said

    def then(self, slot: FormSlot) -> str:
        """Return what a cell held at the earlier visit, as it stands there; empty if nothing, or if it is so now."""
        if self.session.earlier is None:
            return ""
        old = _grade(self.session.earlier.case.get(slot.key))
        return "" if old == self._shown(slot) else old

    def _shown(self, slot: FormSlot) -> str:
        return _grade(self.session.case.get(slot.key))


def _grade(value: Value | None) -> str:
    match value:
        case Choice(option=option):
            return option
        case Unable():
            return UNABLE
    return ""
