"""Answering a question by keyboard, each kind with the fewest keys. Only keys are pressed."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence

from PySide6.QtCore import QEvent, QModelIndex, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from triage.bench.hands import Hands, TroubleError, focused
from triage.bench.navigation import FAR
from triage.bench.wanted import Wanted
from triage.content.entry import amount_text, measured_text
from triage.content.form import Slot
from triage.content.schema import Question
from triage.content.units import units_for
from triage.model.values import (
    Choice,
    Date,
    Finding,
    Measurement,
    Quantity,
    Result,
    Table,
    Text,
    Unable,
    Value,
)
from triage.qt.ask.base import QuestionWidget
from triage.qt.ask.choice import ChoiceList, ChoiceRow, ChoiceWidget, by_digit
from triage.qt.ask.choices import ChoicesWidget, matches
from triage.qt.ask.grades import extended, graded
from triage.qt.ask.grid import GridWidget
from triage.qt.ask.grid_view import GridView
from triage.qt.ask.result import ResultWidget
from triage.qt.ask.table import TableWidget
from triage.qt.ask.typed import EntryWidget
from triage.qt.parts.inputs import Combo
from triage.qt.parts.segments import Segment
from triage.qt.parts.stops import beside

_ARROWS: Mapping[str, Qt.Key] = {
    "Down": Qt.Key.Key_Down,
    "Right": Qt.Key.Key_Right,
    "Up": Qt.Key.Key_Up,
    "Left": Qt.Key.Key_Left,
    "Home": Qt.Key.Key_Home,
    "End": Qt.Key.Key_End,
}
_YES_NO = ("no", "yes")


class Answers:
    """Gives the answers that are wanted to the question that has the focus.

    Parameters
    ----------
    wanted
        The answers.
    hands
        Press the keys and are counted.
    reach
        Puts the focus on a question.
    """

    def __init__(self, wanted: Wanted, hands: Hands, reach: Callable[[str], None]) -> None:
        self._wanted, self._want = wanted, wanted.case
        self._hands, self._reach = hands, reach

    def answer(self, row: QuestionWidget) -> None:
        """Answer a question."""
        values = [self._want.get(slot.key) for slot in row.slots]
        if any(isinstance(value, Unable) for value in values) and not isinstance(row, ChoiceWidget):
            raise TroubleError("an unable of this kind is not played")
        match row:
            case ChoiceWidget():
                self._choose(row)
            case ChoicesWidget():
                self._tick(row)
            case GridWidget():
                self._grade(row)
            case ResultWidget():
                self._result(row)
            case TableWidget():
                self._rows(row)
            case EntryWidget():
                self._enter_values(row)
            case _:
                self.text(values[0])

    def text(self, value: Value | None) -> None:
        """Type a text."""
        self._hands.think()
        if not isinstance(value, Text):
            raise TroubleError("no text to type")
        self._hands.type(value.text)

    def _choose(self, row: ChoiceWidget) -> None:
        self._hands.think()
        for control in row.controls:
            if not self._wanted.differs(control.slot.key):
                continue
            self._tab_to(row, control)
            value = self._want.get(control.slot.key)
            self._choose_one(control, value)
            if text := getattr(value, "text", "") or getattr(value, "reason", ""):
                if not isinstance(value, Unable):
                    self._reach(row.name)
                    self._hands.press("T")
                self._hands.type(text)

    def _tab_to(self, row: ChoiceWidget, control: ChoiceRow | ChoiceList) -> None:
        if control.slot.is_whole and row.no_side is not None and not control.isVisible():
            self._walk(row.parts(), row.no_side)
            self._hands.press("Space")
        if not _holds(control):
            self._walk(row.parts(), control.focus_target())

    def _choose_one(self, control: ChoiceRow | ChoiceList, value: Value | None) -> None:
        slot = control.slot
        match value:
            case None:
                self._hands.press("Del")
            case Unable():
                self._hands.press("U")
            case Finding(present=present):
                self._hands.press("P" if present else "A")
            case Choice(option=option):
                digits = [d for d in "0123456789" if by_digit(slot.options, d) == option]
                if digits:
                    self._hands.press(digits[0])
                elif isinstance(control, ChoiceRow):
                    order = list(control.buttons.values())
                    self._walk(order, control.buttons[option])
                    self._hands.press("Space")
                else:
                    self.pick(control, option)
            case _:
                raise TroubleError("no choice")

    def pick(self, combo: Combo, name: str) -> None:
        """Choose an entry of a list: by its first letter, then by arrows."""
        self._hands.press("Space")
        wanted, last = combo.findData(name), combo.count() - 1
        if wanted < 0:
            raise TroubleError(f"no entry {name}")
        text = combo.itemText(wanted)
        by_letter = self._letters_to(combo, wanted)
        there = combo.view().currentIndex().row()
        ways = [["Down"] * (wanted - there) if wanted >= there else ["Up"] * (there - wanted)]
        ways += [["End"] + ["Up"] * (last - wanted), [text[:1].lower()] * by_letter]
        ways = [way for way in ways if way or wanted == there]
        for key in min(ways, key=len):
            self._hands.press(key)
        for _ in range(last + 1):
            there = combo.view().currentIndex().row()
            if there == wanted:
                break
            self._hands.press("Down" if there < wanted else "Up")
        self._hands.press("Space")

    def _letters_to(self, combo: QComboBox, wanted: int) -> int:
        """Return how often the first letter leads to an entry; 0 if it is no letter of the open list."""
        letter, here = combo.itemText(wanted)[:1].lower(), combo.view().currentIndex().row()
        if not letter.isalpha() or (isinstance(combo, ChoiceList) and letter in "ut"):
            return 0
        order = [*range(here + 1, combo.count()), *range(here + 1)]
        found = [n for n in order if combo.itemText(n).lower().startswith(letter)]
        return found.index(wanted) + 1

    def _walk(self, parts: Sequence[QWidget], target: QWidget, *, by_letter: bool = False) -> None:
        """Move the focus from one of several parts to another with the fewest keys."""
        here = next((part for part in parts if part.hasFocus()), None)
        if here is None:
            raise TroubleError("the focus is elsewhere")
        ways: dict[QWidget, list[str]] = {here: []}
        queue = deque([here])
        while queue and target not in ways:
            at = queue.popleft()
            for name, there in _neighbours(parts, at, by_letter=by_letter):
                if there not in ways:
                    ways[there] = [*ways[at], name]
                    queue.append(there)
        if target not in ways:
            raise TroubleError("no key leads to this option")
        self._hands.press(*ways[target])

    # -- lists, grids ---------------------------------------------------------------------------

    def _tick(self, row: ChoicesWidget) -> None:
        """Tick what is present, with its sides, and close the list if the rest is absent."""
        absent = [c for c in row.chips.values() if _says(self._want.get(c.state.key), False)]
        present = {
            name: frozenset(
                side
                for side in chip.state.sides
                if _says(self._want.get(f"{chip.state.key}.{side}"), True)
            )
            for name, chip in row.chips.items()
            if any(_says(self._want.get(key), True) for key in chip.state.keys)
        }
        # What one option ticks besides itself is recorded by closing the list.
        more = {
            other for name in present for other in row.chips[name].option.ticks
        } & present.keys()
        closes = bool(absent or more) and len(absent) + len(present) >= len(row.chips)
        present = {name: sides for name, sides in present.items() if not closes or name not in more}
        self._hands.think(len(row.chips) if closes else max(len(present), 1))
        for name, sides in present.items():
            if not row.chips[name].state.is_present or row.chips[name].state.found_on != sides:
                self._tick_one(row, name, sides)
        if closes:
            self._leave_filter(row)
            self._hands.press("0")
            return
        for chip in absent:
            self._leave_filter(row)
            self._walk(_shown(row), chip.button, by_letter=not row.question.sided)
            self._hands.press("Shift+A")

    def _tick_one(self, row: ChoicesWidget, name: str, sides: frozenset[str]) -> None:
        chip = row.chips[name]
        if row.filter is not None and row.filter.hasFocus():
            shown = _shown(row)
            if shown.index(chip.button) > 3:
                typed = self._filter_for(row, name)
                self._hands.press(*typed)
            self._hands.press("Return")
        is_ticked = False
        if chip.button.key and not (sides and chip.button.hasFocus()):
            self._hands.press(chip.button.key)
            is_ticked = True
        else:
            self._walk(_shown(row), chip.button, by_letter=not row.question.sided)
        keys = ["B"] if sides >= {"left", "right"} else []
        keys += [side[0].upper() for side in sorted(sides) if side == "midline" or not keys]
        if not sides and not is_ticked:
            keys = ["Space"]
        self._hands.press(*keys)

    def _filter_for(self, row: ChoicesWidget, name: str) -> str:
        label = row.chips[name].option.label.lower()
        for n in range(1, len(label) + 1):
            found = [other for other, chip in row.chips.items() if matches(chip, label[:n])]
            if found and found[0] == name and label[:n] == label[:n].strip():
                return label[:n]
        return ""

    def _leave_filter(self, row: ChoicesWidget) -> None:
        if row.filter is not None and row.filter.hasFocus():
            self._hands.press("Return")

    def _grade(self, row: GridWidget) -> None:
        """Grade cell by cell what is not usual, and the rest of a part of the body by its one key."""
        model, view = row.model, row.view
        wanted = {s.key for s in row.slots if s.key in self._want}
        rows = {s.row.id for s in row.slots if s.row is not None and s.key in wanted}
        self._hands.think(len(rows))
        if row.more is not None and any(
            s.row is not None and s.row.is_aside and s.key in wanted for s in row.slots
        ):
            self._press_button(row.more, row)
        if row.no_side is not None and any(s.is_whole and s.key in wanted for s in row.slots):
            self._press_button(row.no_side, row)
        self._hands.press_until("Tab", view.hasFocus, 6)
        usual = next((fill.value for fill in row.question.fills), "")
        groups: dict[object, list[QModelIndex]] = {}
        for column in range(model.columnCount()):
            for at in range(model.height):
                index = model.index(at, column)
                is_shown = not view.isRowHidden(at) and not view.isColumnHidden(column)
                if is_shown and model.slot_at(index) is not None:
                    groups.setdefault(model.group_at(index), []).append(index)
        for cells in groups.values():
            slots = {index: self._slot(row, index) for index in cells}
            todo = [i for i in cells if self._wanted.differs(slots[i].key)]
            fillable = [i for i in todo if _option(self._want.get(slots[i].key)) == usual]
            sided = [i for i in cells if not slots[i].is_whole]
            fills = (
                bool(usual) and len(fillable) > 2 and all(slots[i].key in self._want for i in sided)
            )
            for index in todo:
                if not (fills and index in fillable):
                    # Beside a key for the rest, each other grade would be a line of its own.
                    self._hands.listed += fills
                    self._grade_cell(row, index)
            if fills:
                # Any cell of the part will do.
                if model.group_at(view.currentIndex()) != model.group_at(cells[0]):
                    self._to_cell(row, min(fillable, key=lambda i: _distance(view, i)))
                self._hands.press(".", ".")

    def _slot(self, row: GridWidget, index: QModelIndex) -> Slot:
        slot = row.model.slot_at(index)
        assert slot is not None
        return slot

    def _grade_cell(self, row: GridWidget, index: QModelIndex) -> None:
        slot = self._slot(row, index)
        self._to_cell(row, index)
        value = self._want.get(slot.key)
        if value is None:
            self._hands.press("Del")
        else:
            self._hands.press(*_grade_keys(slot, _option(value)))

    def _to_cell(self, row: GridWidget, index: QModelIndex) -> None:
        view = row.view
        for _ in range(FAR):
            here = view.currentIndex()
            if (here.row(), here.column()) == (index.row(), index.column()):
                return
            if here.column() != index.column():
                self._hands.press("Right" if here.column() < index.column() else "Left")
            else:
                self._hands.press(self._towards(row, here.row(), index.row()))
            now = view.currentIndex()
            if (now.row(), now.column()) == (here.row(), here.column()):
                # Past a gap: by way of the row.
                self._hands.press("Down" if here.row() < index.row() else "Up")
        raise TroubleError("no arrow leads to this cell")

    @staticmethod
    def _towards(row: GridWidget, at: int, to: int) -> str:
        """Return the key that leads down or up a column, by whole groups where that is shorter."""
        if at > to:
            return "Up"
        groups = [row.model.group_at(row.model.index(n, 0)) for n in range(row.model.height)]
        first = groups.index(groups[to])
        jumps = len({group for group in groups[at : first + 1] if group}) - 1
        return "PgDown" if at < first and jumps + to - first < to - at else "Down"

    def _press_button(self, button: QWidget, row: QWidget) -> None:
        for _ in range(8):
            if button.hasFocus():
                self._hands.press("Space")
                return
            self._hands.press("Shift+Tab")
            if not row.isAncestorOf(focused()):
                break
        raise TroubleError("Tab does not lead to a button of it")

    # -- typed ----------------------------------------------------------------------------------

    def _enter_values(self, row: EntryWidget) -> None:
        self._hands.think()
        for line in row.lines:
            if not self._wanted.differs(line.slot.key):
                continue
            self._walk(row.parts(), line)
            self._hands.type(self._spelled(row.question, self._want.get(line.slot.key)))

    def _spelled(self, question: Question, value: Value | None) -> str:
        match value:
            case Quantity():
                usual = units_for(question, self._wanted.profile)[0]
                unit = f" {value.unit}" if value.unit not in ("", usual) else ""
                return f"{amount_text(value)}{unit}"
            case Date(date=date):
                parts = [date.day, date.month, date.year]
                if self._wanted.profile == "us" and date.day:
                    parts[:2] = reversed(parts[:2])
                return date.words() if date.about else "/".join(str(p) for p in parts if p)
        raise TroubleError("no value to type")

    def _result(self, row: ResultWidget) -> None:
        value = self._want.get(row.name)
        assert isinstance(value, Result)
        self._hands.think(len(value.items))
        if len(value.items) > 1:
            raise TroubleError("no key adds a second result")
        for item in value.items:
            self._measure(row, item)

    def _measure(self, row: ResultWidget, item: Measurement) -> None:
        fields = row.rows[0]
        if fields.option is not None:
            self.pick(fields.option, "(pending)" if item.pending else item.option)
        else:
            usual = units_for(row.question, self._wanted.profile)[0]
            unit = f" {item.unit}" if item.unit not in ("", usual) else ""
            self._hands.type(f"{measured_text(item)}{unit}")
        if item.date is not None:
            self._hands.press("@")
            self._hands.type(item.date.words())

    def _rows(self, row: TableWidget) -> None:
        value = self._want.get(row.name)
        assert isinstance(value, Table)
        before = row.session.case.get(row.name)
        known = before.rows if isinstance(before, Table) else ()
        new = [cells for cells in value.rows if cells not in known]
        self._hands.think(max(len(new), 1))
        for n, cells in enumerate(new, len(known)):
            self._hands.press("Ctrl+Return" if n else "Space")
            self._fill_row(row, n, dict(cells.cells))
        if not value.closed:
            return
        if new:
            # Out of the row, to where 0 is no text.
            self._hands.press("Esc")
        self._hands.press("0")

    def _fill_row(self, row: TableWidget, n: int, cells: Mapping[str, str | bool]) -> None:
        fields = row.rows[n].fields
        left = set(cells)
        # A new row begins behind what is usual, where that is what is wanted.
        first = next(at for at, field in enumerate(fields.values()) if _holds(field))
        for at, (name, field) in enumerate(fields.items()):
            if at > first:
                self._hands.press("Return")
            if at < first:
                left.discard(name)
            elif name in cells:
                said = cells[name]
                if isinstance(field, Combo):
                    self.pick(field, said if isinstance(said, str) else _YES_NO[said])
                else:
                    self._hands.type(str(said))
                left.discard(name)
            if not left:
                return


def _neighbours(
    parts: Sequence[QWidget], at: QWidget, *, by_letter: bool
) -> Iterator[tuple[str, QWidget]]:
    for name, key in _ARROWS.items():
        if isinstance(at, QLineEdit) and name not in ("Up", "Down"):
            continue  # it moves the caret
        event = QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier)
        if (there := beside(parts, at, event)) is not None:
            yield name, there
    if by_letter:
        n = parts.index(at) + 1
        seen: set[str] = set()
        for part in (*parts[n:], *parts[:n]):
            assert isinstance(part, Segment)
            letter = part.caption[:1].upper()
            if letter.isalpha() and letter not in seen:
                seen.add(letter)
                yield letter.lower(), part


def _shown(row: ChoicesWidget) -> list[Segment]:
    return [c.button for c in row.chips.values() if not c.isHidden()] + [row.closing]


def _grade_keys(slot: Slot, option: str) -> list[str]:
    """Return the fewest characters that mean a grade."""
    for first in option.lower()[:1] + "0123456789nabcdefghijklmopqrstvwxyz":
        if graded(slot, first) == option:
            return [first]
    for first in option.lower()[:1]:
        old, keys = graded(slot, first), [first]
        for char in option.lower()[1:]:
            old = extended(slot, old, char) or old
            keys.append(char)
        if old == option:
            return keys
    raise TroubleError(f"no key grades {option}")


def _distance(view: GridView, index: QModelIndex) -> int:
    here = view.currentIndex()
    return abs(here.row() - index.row()) + 3 * abs(here.column() - index.column())


def _holds(widget: QWidget) -> bool:
    return widget.hasFocus() or widget.isAncestorOf(focused())


def _says(value: Value | None, present: bool) -> bool:
    return isinstance(value, Finding) and value.present is present


def _option(value: Value | None) -> str:
    return value.option if isinstance(value, Choice) else ""
