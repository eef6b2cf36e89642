"""A practised clinician: answers the questions of a case by keyboard, in the real window, with the fewest keys.

Only keys are pressed; the window is looked at to know which. What is pressed follows the table of keys.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator, Mapping
from typing import Any

from PySide6.QtCore import QEvent, QModelIndex, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QPlainTextEdit, QWidget

from triage.bench.hands import Hands, TroubleError, focused
from triage.content.entry import amount_text, measured_text
from triage.content.form import DATE, DECISION, EARLIER, NOTE, RECIPIENTS
from triage.content.form import Slot as FormSlot
from triage.content.schema import Question
from triage.content.units import units_for
from triage.model.case import Case
from triage.model.values import (
    Choice,
    Date,
    Decision,
    Finding,
    Measurement,
    Names,
    Quantity,
    Result,
    Table,
    Text,
    Unable,
    Value,
)
from triage.qt.ask.block import BlockRow
from triage.qt.ask.choice import ChoiceList, ChoiceRow, ChoiceWidget, by_digit
from triage.qt.ask.choices import ChoicesWidget
from triage.qt.ask.grades import extended, graded
from triage.qt.ask.grid import GridWidget
from triage.qt.ask.grid_view import GridView
from triage.qt.ask.result import ResultWidget
from triage.qt.ask.section import SectionView
from triage.qt.ask.section_page import Row
from triage.qt.ask.table import TableWidget
from triage.qt.ask.typed import EntryWidget
from triage.qt.panel.decision_row import DecisionRow
from triage.qt.panel.row import row_of
from triage.qt.parts.inputs import Combo
from triage.qt.parts.keys import Place
from triage.qt.parts.segments import Segment
from triage.qt.parts.stops import beside
from triage.qt.shell.actions import CONFIRM
from triage.qt.shell.find import entries_of, matching
from triage.qt.window import MainWindow
from triage.session.days import full_day
from triage.session.quick import Preview, read_quick
from triage.session.session import block_values

_ARROWS: Mapping[str, Qt.Key] = {
    "Down": Qt.Key.Key_Down,
    "Right": Qt.Key.Key_Right,
    "Up": Qt.Key.Key_Up,
    "Left": Qt.Key.Key_Left,
    "Home": Qt.Key.Key_Home,
    "End": Qt.Key.Key_End,
}
_NOTES = "(notes)"
_YES_NO = ("no", "yes")
# What the program knows by itself, or records by issuing.
_OWN = ("case.date", "case.profile", EARLIER, RECIPIENTS)
# More keys than any way in one question takes; how often a block is tried, and the form gone through.
_FAR, _TRIES, _ROUNDS = 99, 3, 3
# The fewest keys of a way by the palette.
_PALETTE = 4


def plain(value: Value | None) -> object:
    """Return what a value says, however it was recorded: typed or chosen, alone or with its block."""
    if value is None:
        return None
    told: dict[str, Any] = value.model_dump(exclude={"block", "typed"})
    if isinstance(value, Result):
        told["items"] = [item.model_dump(exclude={"typed"}) for item in value.items]
    return told


class Clinician:
    """Works in a window on a new case until it is the case that is wanted, and issues its letter.

    Parameters
    ----------
    window
        The window.
    want
        The case as it should be.
    hands
        Press the keys and are counted.
    """

    def __init__(self, window: MainWindow, want: Case, hands: Hands) -> None:
        assert isinstance(window.questions, SectionView)
        self.window, self.hands = window, hands
        self.session, self.form, self.view = window.session, window.session.form, window.questions
        slots = self.form.slots
        # What the form asks no longer nobody can fill in.
        self.unasked = [key for key in want.keys() & slots.keys() if not slots[key].question.asked]
        self.want = want.with_(dict.fromkeys(self.unasked))
        # Nor decide on a test that only such an answer called for.
        day = full_day(want.get(DATE)) or self.session.day
        offered = self.session.assessor.assess(self.want, day).investigations
        tests = {f"{DECISION}{test.id}" for test in offered}
        known = {f"{DECISION}{rule.record.id}" for rule in self.session.content.investigations}
        gone = [key for key in self.want.keys() & known if key not in tests]
        self.unasked += gone
        self.want = self.want.with_(dict.fromkeys(gone))
        self._entries = entries_of(self.form, window.commands)
        # Blocks whose key left something out, and questions that could not be answered.
        self._each: set[str] = set()
        self._stuck: set[str] = set()
        self._tries: Counter[str] = Counter()
        self._letters: dict[tuple[str, str], str] = {}
        self.questions = 0
        self.troubles: list[str] = []

    def work(self) -> None:
        """Fill in the case, decide on its tests, and issue it."""
        try:
            # What is answered later may bring up an earlier question.
            for _ in range(_ROUNDS):
                for section in self.form.sections:
                    self._work_in(section)
            self._decide()
            self._issue()
        except TroubleError as trouble:
            self.troubles.append(str(trouble))

    def confirm(self) -> int:
        """Confirm section by section what is as it was at the earlier visit; return how many questions these are."""
        sections, confirmed = list(self.form.sections), 0
        for at, section in enumerate(sections):
            if count := self.session.to_confirm_in(section):
                if self.view.page.section != section:
                    self.hands.press(f"Alt+{(at + 1) % 10}")
                self.hands.read(count)
                self.hands.press(CONFIRM)
                confirmed += count
        return confirmed

    def differences(self) -> list[str]:
        """Return how the case differs from the one that is wanted, answer by answer."""
        case, want = self.session.case, self.want
        keys = sorted({*case.keys(), *want.keys()} - {*_OWN})
        found = [
            f"{key}: {_said(case.get(key))} instead of {_said(want.get(key))}"
            for key in keys
            if self._differs(key)
        ]
        wanted, named = want.get(RECIPIENTS), case.get(RECIPIENTS)
        if isinstance(wanted, Names) and not (
            isinstance(named, Names) and named.names[:1] == wanted.names[:1]
        ):
            found.append(f"recipients: {_said(named)} instead of {_said(wanted)}")
        day, profile = want.get("case.date"), want.get("case.profile")
        if isinstance(day, Date) and day.date.iso() != self.session.day.isoformat():
            found.append(f"date: {self.session.day} instead of {day.date.iso()}")
        if isinstance(profile, Choice) and profile.option != self.session.profile:
            found.append(f"profile: {self.session.profile} instead of {profile.option}")
        return found

    # -- what is still to do --------------------------------------------------------------------

    def _differs(self, key: str) -> bool:
        return plain(self.session.case.get(key)) != plain(self.want.get(key))

    def _is_open(self, question: Question) -> bool:
        """Whether an answer to a question is still to give."""
        return question.id not in self._stuck and any(
            self._differs(slot.key)
            for slot in self.form.slots_of(question.id)
            if slot.key in self.want or slot.key in self.session.case
        )

    def _wanted(self, section: str) -> list[Question]:
        return [
            question
            for question in self.form.in_section(section)
            if self._is_open(question) and not question.id.startswith("case.")
        ]

    def _fits(self, question: Question) -> bool:
        """Whether what the key of its block records is the answer that is wanted."""
        slots = self.form.slots_of(question.id)
        own = block_values(slots, question)
        return bool(own) and all(
            plain(self.want.get(slot.key)) == plain(own.get(slot.key)) for slot in slots
        )

    def _as_block(self, row: BlockRow) -> bool:
        """Whether the block's key is pressed, once what it would not record is answered."""
        asked = [q for q in row.open_ones if q.id not in self._stuck]
        fitting = [q for q in asked if self._fits(q)]
        others = (q for q in asked if q not in fitting)
        return (
            row.name not in self._each
            and len(fitting) > 1
            and all(any(s.key in self.want for s in self.form.slots_of(q.id)) for q in others)
        )

    def _next(self, section: str) -> str:
        """Return the question or block of the section in view that comes next; empty if none is left."""
        blocks: dict[str, BlockRow] = {}
        for row in self.view.page.rows():
            if isinstance(row, BlockRow):
                blocks[row.name] = row
                open_ones = [q for q in row.members if self._is_open(q)]
                rest = [q for q in open_ones if not (self._as_block(row) and self._fits(q))]
                if open_ones and (not rest or not row.is_shown_open):
                    return row.name
            elif self._is_open(row.question) and not row.name.startswith("case."):
                line = blocks.get(row.question.block)
                if line is None or not (self._as_block(line) and self._fits(row.question)):
                    return row.name
        # What is left is out of sight.
        if wanted := self._wanted(section):
            return wanted[0].id
        return _NOTES if self._wants_note(section) else ""

    def _wants_note(self, section: str) -> bool:
        note = f"{NOTE}{section}"
        return self._differs(note) and note not in self._stuck

    def _work_in(self, section: str) -> None:
        if not self._wanted(section) and not self._wants_note(section):
            return
        self._enter(section)
        while name := self._next(section):
            before = self.session.history.n
            try:
                if not self._enter_quickly(name):
                    self._reach(name)
                    self._answer(name, section)
            except TroubleError as trouble:
                self.troubles.append(f"{name}: {trouble}")
            self._check(name, section, before)

    def _check(self, name: str, section: str, before: int) -> None:
        """See whether the session holds what was answered; what cannot be is not tried for ever."""
        row = self.view.page.widget_of(name)
        self._tries[name] += 1
        if isinstance(row, BlockRow):
            if self.session.history.n > before and row.open_ones:
                self._each.add(name)
            if self._tries[name] > _TRIES:
                self._stuck |= {q.id for q in row.members}
        elif name == _NOTES:
            # Typed once, right or wrong.
            self._stuck.add(f"{NOTE}{section}")
        elif self._is_open(self.form.questions[name]):
            self._stuck.add(name)

    # -- moving ---------------------------------------------------------------------------------

    def _here(self) -> str:
        """Return the question, the block or the notes that have the focus."""
        row: QWidget | None = focused()
        if row is self.view.page.note:
            return _NOTES
        while row is not None and not isinstance(row, Row):
            row = row.parentWidget()
        return row.name if row is not None else ""

    def _enter(self, section: str) -> None:
        """Show a section, by whichever key leads nearer to what is to be answered there."""
        if self.view.page.section == section:
            return
        step = self.window.rail.path.next_open(self.window.go.focused)
        question = self.form.question_of(step.name) if step else None
        if step is not None and step.name in self.form.blocks:
            question = self.form.in_block(step.name)[0]
        first = next(iter(self._wanted(section)), None)
        if step and question and first and first.id in (step.name, question.id):
            self.hands.press("Ctrl+J")
        else:
            self.hands.press(f"Alt+{(list(self.form.sections).index(section) + 1) % 10}")

    def _reach(self, name: str) -> None:
        """Put the focus on a question, a block or the notes, by the way with the fewest keys."""
        for _ in range(6):
            here = self._here()
            if here == name:
                return
            ways = [way for way in self._ways(here, name) if way]
            # By the palette only where it may be shorter: to look for the fewest letters takes a while.
            if min(map(len, ways), default=_FAR) > _PALETTE and (typed := self._typed_for(name)):
                ways.append(["Ctrl+K", *typed])
            if not ways:
                raise TroubleError("no key leads there")
            for key in min(ways, key=len):
                self.hands.press(key)
                if self._here() == name:
                    return
        raise TroubleError("it was not reached")

    def _enter_quickly(self, name: str) -> bool:
        """Answer a question that is far from here by a line of quick entry, if that takes fewer keys."""
        here = self._here()
        way = min(map(len, self._ways(here, name)), default=_FAR)
        if name not in self.form.questions or here == name or way <= _PALETTE:
            return False
        # There, and one key for the answer.
        most = min(way, len(self._typed_for(name)) + 1) + 1
        text = self._line_for(name, most - 3)
        if not text:
            return False
        self.questions += 1
        self.hands.think()
        self.hands.press("Ctrl+K", *text, "Return")
        return True

    def _line_for(self, name: str, most: int) -> str:
        """Return the shortest line that records just the answer that is wanted; empty if none does."""
        want = {s.key: self.want[s.key] for s in self.form.slots_of(name) if s.key in self.want}
        value = next(iter(want.values()), None)
        question = self.form.questions[name]
        if len(want) != 1 or not isinstance(value, Finding | Choice):
            return ""
        names = [question.label, question.short, *question.say]
        if isinstance(value, Choice):
            names = [option.label for option in question.options if option.id == value.option]
        wanted = {key: plain(own) for key, own in want.items()}
        no = "no " * (isinstance(value, Finding) and not value.present)
        texts = {f"{no}{own[:n].strip().lower()}" for own in names for n in range(2, most + 1)}
        for text in sorted(texts, key=len):
            preview = read_quick(self.session, text) if len(text) <= most else Preview()
            says = {key: plain(own) for key, own in preview.changes.items()}
            if preview.is_ready and not preview.by_key and says == wanted:
                return text
        return ""

    def _ways(self, here: str, name: str) -> Iterator[list[str]]:
        """Yield the keys that lead from one row to another, as far as one sees."""
        rows = [row.name for row in self.view.page.rows()] + [_NOTES]
        if here in rows and name in rows:
            yield self._steps(rows, rows.index(here), rows.index(name))
        if name in rows:
            yield from self._jumps(rows, rows.index(name))

    def _steps(self, rows: list[str], at: int, to: int) -> list[str]:
        if to < at:
            return ["Shift+Return"] * (at - to)
        keys: list[str] = []
        for n in range(at, to):
            keys += self._out_of(rows[n])
        return keys

    def _out_of(self, name: str) -> list[str]:
        """Return the keys that lead on from a row."""
        row = self.view.page.widget_of(name)
        if isinstance(row, GridWidget):
            return ["Ctrl+Down", "Down"]
        if isinstance(row, TableWidget):
            # An arrow on a button of it stays among its buttons.
            return ["Ctrl+Down" if row.where is Place.ROW else "Return"]
        if row is not None and row.findChildren(QPlainTextEdit):
            return ["Ctrl+Down"]
        return ["Return"]

    def _jumps(self, rows: list[str], to: int) -> Iterator[list[str]]:
        """Yield the ways by the next open question of the core path, and from there on."""
        path, at = self.window.rail.path, self.window.go.focused
        for n in range(1, 9):
            step = path.next_open(at)
            if step is None or step.name not in rows:
                return
            there = rows.index(step.name)
            line = self.view.page.widget_of(step.name)
            if isinstance(line, BlockRow) and line.is_shown_open:
                # An open block is entered at its first open question.
                there = next((rows.index(q.id) for q in line.open_ones if q.id in rows), there)
            # In a block that was opened it leads to the first open question again and again.
            if there > to or rows[there] == at:
                return
            yield ["Ctrl+J"] * n + self._steps(rows, there, to)
            at = rows[there]

    def _typed_for(self, name: str) -> list[str]:
        """Return the fewest keys by which the palette, once open, leads to a question; empty if it never does."""
        here = self.window.rail.section
        if (name, here) not in self._letters:
            entry = next((e for e in self._entries if e.kind == "question" and e.id == name), None)
            known = entry.names if entry is not None else ()
            texts = {text[:n].strip() for text in known for n in range(1, len(text) + 1)}
            found = (
                text
                for text in sorted(texts, key=len)
                if (matches := matching(self._entries, text, here)) and matches[0] is entry
            )
            self._letters[name, here] = next(found, "")
        text = self._letters[name, here]
        return [*text, "Tab"] if text else []

    # -- answering ------------------------------------------------------------------------------

    def _answer(self, name: str, section: str) -> None:
        if name == _NOTES:
            self.questions += 1
            self.hands.think()
            self.hands.type(_text(self.want.get(f"{NOTE}{section}")))
            return
        row = self.view.page.widget_of(name)
        if isinstance(row, BlockRow):
            self._answer_block(row)
            return
        assert row is not None
        self.questions += 1
        values = [self.want.get(slot.key) for slot in row.slots]
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
                self.hands.think()
                self.hands.type(_text(values[0]))

    def _answer_block(self, row: BlockRow) -> None:
        asked = [q for q in row.open_ones if q.id not in self._stuck]
        if self._as_block(row) and all(map(self._fits, asked)):
            self.questions += 1
            self.hands.read(len(asked))
            self.hands.press("0")
        else:
            self.hands.press("O")

    def _choose(self, row: ChoiceWidget) -> None:
        self.hands.think()
        for control in row.controls:
            if not self._differs(control.slot.key):
                continue
            self._tab_to(row, control)
            value = self.want.get(control.slot.key)
            self._choose_one(control, value)
            if text := getattr(value, "text", "") or getattr(value, "reason", ""):
                if not isinstance(value, Unable):
                    self._reach(row.name)
                    self.hands.press("T")
                self.hands.type(text)

    def _tab_to(self, row: ChoiceWidget, control: ChoiceRow | ChoiceList) -> None:
        if control.slot.is_whole and row.no_side is not None and not control.isVisible():
            self._press_button(row.no_side, row)
        for _ in range(4):
            if _holds(control):
                return
            self.hands.press("Tab")
        raise TroubleError("Tab does not lead to this side")

    def _choose_one(self, control: ChoiceRow | ChoiceList, value: Value | None) -> None:
        slot = control.slot
        match value:
            case None:
                self.hands.press("Del")
            case Unable():
                self.hands.press("U")
            case Finding(present=present):
                self.hands.press("P" if present else "A")
            case Choice(option=option):
                digits = [d for d in "0123456789" if by_digit(slot.options, d) == option]
                if digits:
                    self.hands.press(digits[0])
                elif isinstance(control, ChoiceRow):
                    order = list(control.buttons.values())
                    self._walk(order, control.buttons[option])
                    self.hands.press("Space")
                else:
                    self._pick(control, option)
            case _:
                raise TroubleError("no choice")

    def _pick(self, combo: Combo, name: str) -> None:
        """Choose an entry of a list: by its first letter, then by arrows."""
        self.hands.press("Space")
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
            self.hands.press(key)
        for _ in range(last + 1):
            there = combo.view().currentIndex().row()
            if there == wanted:
                break
            self.hands.press("Down" if there < wanted else "Up")
        self.hands.press("Space")

    def _letters_to(self, combo: QComboBox, wanted: int) -> int:
        """Return how often the first letter leads to an entry; 0 if it is no letter of the open list."""
        letter, here = combo.itemText(wanted)[:1].lower(), combo.view().currentIndex().row()
        if not letter.isalpha() or (isinstance(combo, ChoiceList) and letter in "ut"):
            return 0
        order = [*range(here + 1, combo.count()), *range(here + 1)]
        found = [n for n in order if combo.itemText(n).lower().startswith(letter)]
        return found.index(wanted) + 1

    def _walk(self, parts: list[Segment], target: Segment, *, by_letter: bool = False) -> None:
        """Move the focus from one of several buttons to another with the fewest keys."""
        here = next((part for part in parts if part.hasFocus()), None)
        if here is None:
            raise TroubleError("the focus is elsewhere")
        ways: dict[Segment, list[str]] = {here: []}
        queue = deque([here])
        while queue and target not in ways:
            at = queue.popleft()
            for name, there in _neighbours(parts, at, by_letter=by_letter):
                if there not in ways:
                    ways[there] = [*ways[at], name]
                    queue.append(there)
        if target not in ways:
            raise TroubleError("no key leads to this option")
        self.hands.press(*ways[target])

    # -- lists, grids ---------------------------------------------------------------------------

    def _tick(self, row: ChoicesWidget) -> None:
        """Tick what is present, with its sides, and close the list if the rest is absent."""
        absent = [c for c in row.chips.values() if _says(self.want.get(c.state.key), False)]
        present = {
            name: frozenset(
                side
                for side in chip.state.sides
                if _says(self.want.get(f"{chip.state.key}.{side}"), True)
            )
            for name, chip in row.chips.items()
            if any(_says(self.want.get(key), True) for key in chip.state.keys)
        }
        # What one option ticks besides itself is recorded by closing the list.
        more = {
            other for name in present for other in row.chips[name].option.ticks
        } & present.keys()
        closes = bool(absent or more) and len(absent) + len(present) >= len(row.chips)
        present = {name: sides for name, sides in present.items() if not closes or name not in more}
        self.hands.think(len(row.chips) if closes else max(len(present), 1))
        for name, sides in present.items():
            if not row.chips[name].state.is_present or row.chips[name].state.found_on != sides:
                self._tick_one(row, name, sides)
        if closes:
            self._leave_filter(row)
            self.hands.press("0")
            return
        for chip in absent:
            self._leave_filter(row)
            self._walk(_shown(row), chip.button, by_letter=not row.question.sided)
            self.hands.press("Shift+A")

    def _tick_one(self, row: ChoicesWidget, name: str, sides: frozenset[str]) -> None:
        chip = row.chips[name]
        if row.filter is not None and row.filter.hasFocus():
            shown = _shown(row)
            if shown.index(chip.button) > 3:
                typed = self._filter_for(row, name)
                self.hands.press(*typed)
            self.hands.press("Return")
        is_ticked = False
        if chip.button.key and not (sides and chip.button.hasFocus()):
            self.hands.press(chip.button.key)
            is_ticked = True
        else:
            self._walk(_shown(row), chip.button, by_letter=not row.question.sided)
        keys = ["B"] if sides >= {"left", "right"} else []
        keys += [side[0].upper() for side in sorted(sides) if side == "midline" or not keys]
        if not sides and not is_ticked:
            keys = ["Space"]
        self.hands.press(*keys)

    def _filter_for(self, row: ChoicesWidget, name: str) -> str:
        from triage.qt.ask.choices import matches

        label = row.chips[name].option.label.lower()
        for n in range(1, len(label) + 1):
            found = [other for other, chip in row.chips.items() if matches(chip, label[:n])]
            if found and found[0] == name and label[:n] == label[:n].strip():
                return label[:n]
        return ""

    def _leave_filter(self, row: ChoicesWidget) -> None:
        if row.filter is not None and row.filter.hasFocus():
            self.hands.press("Return")

    def _grade(self, row: GridWidget) -> None:
        """Grade cell by cell what is not usual, and the rest of a part of the body by its one key."""
        model, view = row.model, row.view
        wanted = {s.key for s in row.slots if s.key in self.want}
        rows = {s.row.id for s in row.slots if s.row is not None and s.key in wanted}
        self.hands.think(len(rows))
        if row.more is not None and any(
            s.row is not None and s.row.is_aside and s.key in wanted for s in row.slots
        ):
            self._press_button(row.more, row)
        if row.no_side is not None and any(s.is_whole and s.key in wanted for s in row.slots):
            self._press_button(row.no_side, row)
        if not view.hasFocus():
            self._reach_view(view)
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
            todo = [i for i in cells if self._differs(slots[i].key)]
            fillable = [i for i in todo if _option(self.want.get(slots[i].key)) == usual]
            sided = [i for i in cells if not slots[i].is_whole]
            fills = (
                bool(usual) and len(fillable) > 2 and all(slots[i].key in self.want for i in sided)
            )
            for index in todo:
                if not (fills and index in fillable):
                    # Beside a key for the rest, each other grade would be a line of its own.
                    self.hands.listed += fills
                    self._grade_cell(row, index)
            if fills:
                # Any cell of the part will do.
                if model.group_at(view.currentIndex()) != model.group_at(cells[0]):
                    self._to_cell(row, min(fillable, key=lambda i: _distance(view, i)))
                self.hands.press(".", ".")

    def _slot(self, row: GridWidget, index: QModelIndex) -> FormSlot:
        slot = row.model.slot_at(index)
        assert slot is not None
        return slot

    def _grade_cell(self, row: GridWidget, index: QModelIndex) -> None:
        slot = self._slot(row, index)
        self._to_cell(row, index)
        value = self.want.get(slot.key)
        if value is None:
            self.hands.press("Del")
        else:
            self.hands.press(*_grade_keys(slot, _option(value)))

    def _to_cell(self, row: GridWidget, index: QModelIndex) -> None:
        view = row.view
        for _ in range(_FAR):
            here = view.currentIndex()
            if (here.row(), here.column()) == (index.row(), index.column()):
                return
            if here.column() != index.column():
                self.hands.press("Right" if here.column() < index.column() else "Left")
            else:
                self.hands.press(self._towards(row, here.row(), index.row()))
            now = view.currentIndex()
            if (now.row(), now.column()) == (here.row(), here.column()):
                # Past a gap: by way of the row.
                self.hands.press("Down" if here.row() < index.row() else "Up")
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

    def _reach_view(self, view: QWidget) -> None:
        for _ in range(6):
            if view.hasFocus():
                return
            self.hands.press("Tab")
        raise TroubleError("Tab does not lead to the table")

    def _press_button(self, button: QWidget, row: QWidget) -> None:
        for _ in range(8):
            if button.hasFocus():
                self.hands.press("Space")
                return
            self.hands.press("Shift+Tab")
            if not row.isAncestorOf(focused()):
                break
        raise TroubleError("Tab does not lead to a button of it")

    # -- typed ----------------------------------------------------------------------------------

    def _enter_values(self, row: EntryWidget) -> None:
        self.hands.think()
        for line in row.lines:
            if not self._differs(line.slot.key):
                continue
            for _ in range(4):
                if line.hasFocus():
                    break
                self.hands.press("Tab")
            self.hands.type(self._spelled(row.question, self.want.get(line.slot.key)))

    def _spelled(self, question: Question, value: Value | None) -> str:
        match value:
            case Quantity():
                usual = units_for(question, self.session.profile)[0]
                unit = f" {value.unit}" if value.unit not in ("", usual) else ""
                return f"{amount_text(value)}{unit}"
            case Date(date=date):
                parts = [date.day, date.month, date.year]
                if self.session.profile == "us" and date.day:
                    parts[:2] = reversed(parts[:2])
                return date.words() if date.about else "/".join(str(p) for p in parts if p)
        raise TroubleError("no value to type")

    def _result(self, row: ResultWidget) -> None:
        value = self.want.get(row.name)
        assert isinstance(value, Result)
        self.hands.think(len(value.items))
        if len(value.items) > 1:
            raise TroubleError("no key adds a second result")
        for item in value.items:
            self._measure(row, item)

    def _measure(self, row: ResultWidget, item: Measurement) -> None:
        fields = row.rows[0]
        if fields.option is not None:
            self._pick(fields.option, "(pending)" if item.pending else item.option)
        else:
            usual = units_for(row.question, self.session.profile)[0]
            unit = f" {item.unit}" if item.unit not in ("", usual) else ""
            self.hands.type(f"{measured_text(item)}{unit}")
        if item.date is not None:
            self.hands.press("@")
            self.hands.type(item.date.words())

    def _rows(self, row: TableWidget) -> None:
        value = self.want.get(row.name)
        assert isinstance(value, Table)
        self.hands.think(max(len(value.rows), 1))
        for n, cells in enumerate(value.rows):
            self.hands.press("Ctrl+Return" if n else "Space")
            self._fill_row(row, n, dict(cells.cells))
        if not value.closed:
            return
        if value.rows:
            # Out of the row, to where 0 is no text.
            self.hands.press("Esc")
        self.hands.press("0")

    def _fill_row(self, row: TableWidget, n: int, cells: Mapping[str, str | bool]) -> None:
        fields = row.rows[n].fields
        left = set(cells)
        # A new row begins behind what is usual, where that is what is wanted.
        first = next(at for at, field in enumerate(fields.values()) if _holds(field))
        for at, (name, field) in enumerate(fields.items()):
            if at > first:
                self.hands.press("Return")
            if at < first:
                left.discard(name)
            elif name in cells:
                said = cells[name]
                if isinstance(field, Combo):
                    self._pick(field, said if isinstance(said, str) else _YES_NO[said])
                else:
                    self.hands.type(str(said))
                left.discard(name)
            if not left:
                return

    # -- the tests, the letter ------------------------------------------------------------------

    def _decide(self) -> None:
        """Decide on the tests: all that is essential at once where that is wanted, else one by one."""
        decided = {
            key.removeprefix(DECISION): value
            for key, value in self.want.items()
            if key.startswith(DECISION) and isinstance(value, Decision)
        }
        for page in ("Ctrl+2", "Ctrl+4"):
            if not any(self._differs(f"{DECISION}{rule}") for rule in decided):
                return
            self.hands.press(page)
            essential = self.session.undecided()
            if len(essential) > 1 and all(
                (own := decided.get(rule)) is not None
                and own.decision == "accept"
                and not own.reason
                for rule in essential
            ):
                self.hands.minds += len(essential)
                self.hands.press("Shift+A")
            self._decide_one_by_one(decided)

    def _decide_one_by_one(self, decided: Mapping[str, Decision]) -> None:
        passed: set[str] = set()
        for _ in range(_FAR):
            if not any(self._differs(f"{DECISION}{rule}") for rule in decided):
                return
            here = focused()
            row = row_of(here)
            rule = row.rule if isinstance(row, DecisionRow) else ""
            if rule in decided and self._differs(f"{DECISION}{rule}") and rule not in passed:
                passed.add(rule)
                self._decide_on(decided[rule])
            else:
                self.hands.press("Down")
                if focused() is here:
                    return

    def _decide_on(self, decision: Decision) -> None:
        self.hands.think()
        self.hands.press({"accept": "A", "decline": "D", "defer": "L"}[decision.decision])
        if decision.reason:
            self.hands.type(decision.reason)
            self.hands.press("Return")

    def _issue(self) -> None:
        self.hands.press("Ctrl+L")
        wanted, page = self.want.get(RECIPIENTS), self.window.letter
        to = wanted.names[0] if isinstance(wanted, Names) else self.window.letters.recipient
        if to != self.window.letters.recipient:
            for _ in range(12):
                if page.recipient.hasFocus():
                    break
                self.hands.press("Tab")
            self._pick(page.recipient, to)
        self.hands.press("Ctrl+Return")
        if page.confirmation is None:
            lacks = "; ".join(line.line.text for line in page.problems.lines.widgets)
            self.troubles.append(f"not issued: {lacks or 'no dialog came'}")
            return
        self.hands.press("I")
        if self.window.letters.issued is None:
            self.troubles.append("not issued")


def _neighbours(
    parts: list[Segment], at: Segment, *, by_letter: bool
) -> Iterator[tuple[str, Segment]]:
    for name, key in _ARROWS.items():
        event = QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier)
        if (there := beside(parts, at, event)) is not None:
            yield name, there
    if by_letter:
        n = parts.index(at) + 1
        seen: set[str] = set()
        for part in (*parts[n:], *parts[:n]):
            letter = part.caption[:1].upper()
            if letter.isalpha() and letter not in seen:
                seen.add(letter)
                yield letter.lower(), part


def _shown(row: ChoicesWidget) -> list[Segment]:
    return [c.button for c in row.chips.values() if not c.isHidden()] + [row.closing]


def _grade_keys(slot: FormSlot, option: str) -> list[str]:
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


def _text(value: Value | None) -> str:
    if isinstance(value, Text):
        return value.text
    raise TroubleError("no text to type")


def _said(value: Value | None) -> str:
    if value is None:
        return "nothing"
    told = value.model_dump(exclude_defaults=True)
    return ", ".join(f"{name} {said}" for name, said in told.items()) or type(value).__name__
