"""A number with its unit, typed. Never a spin box: it cannot be empty, and the wheel turns it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QLabel, QWidget

from triage.content.entry import amount_text, parse_quantity
from triage.content.form import Slot as FormSlot
from triage.content.schema import Question
from triage.content.units import units_for
from triage.model.values import Quantity, Value
from triage.qt.ask.no_side import side_caption
from triage.qt.ask.typed import UNABLE_HINT, EntryLine, EntryWidget
from triage.qt.parts.colours import RING_ROOM
from triage.qt.parts.inputs import Combo
from triage.qt.parts.laying import horizontal
from triage.qt.parts.theme import set_role
from triage.qt.parts.wide import Wide
from triage.session import Session


class UnitList(Combo):
    """The units of one quantity.

    Parameters
    ----------
    owner
        The question.
    line
        The line whose number it is about.
    """

    def __init__(self, owner: QuantityWidget, line: EntryLine) -> None:
        units = units_for(owner.question, owner.session.profile)
        super().__init__([(unit, unit) for unit in units], owner)
        self._owner = owner
        self._line = line
        self.chosen.connect(self._on_chosen)

    @Slot(str)
    def _on_chosen(self, unit: str) -> None:
        value = self._owner.session.case.get(self._line.slot.key)
        if isinstance(value, Quantity) and value.value is not None and value.unit != unit:
            changed = value.model_copy(update={"unit": unit, "typed": ""})
            self._owner.session.set(self._line.slot.key, changed)
            self._line.spell(changed)


class QuantityWidget(EntryWidget):
    """Asks for a number; the unit may be typed behind it, or chosen."""

    def __init__(self, session: Session, question: Question, parent: QWidget | None = None) -> None:
        super().__init__(session, question, parent)
        self.units: dict[str, UnitList] = {}
        self._usual = units_for(question, session.profile)[0]
        lines = []
        for slot in self.slots:
            line = EntryLine(self, slot)
            lines.append(line)
            Wide(line, 16)
            words = [question.unit, *question.words] if question.unit else list(question.words)
            line.setPlaceholderText(_hint(line, words))
            part = side_caption(slot)
            # Where the unit is chosen, the list of them says it; "Age (years)" does so by itself.
            is_said = not question.unit or question.units or "(" in question.label
            unit = "" if is_said else f"in {question.unit}"
            self.name_input(line, ", ".join(filter(None, (part, unit))), UNABLE_HINT)
            row = horizontal(None, RING_ROOM, RING_ROOM, 0, RING_ROOM)
            if part:
                row.addWidget(self.caption(slot))
            row.addWidget(line)
            if question.units:
                self.units[slot.key] = line.unit = units = UnitList(self, line)
                row.addWidget(units)
                self.name_input(units, ", ".join(t for t in (part, "unit") if t))
            elif question.unit:
                suffix = QLabel(question.unit, self)
                set_role(suffix, "small")
                row.addWidget(suffix)
            row.addStretch(1)
            self.side.addLayout(row)
            self.body.addLayout(line.asked)
        self.lines = tuple(lines)
        self.finish()

    def parse(self, slot: FormSlot, text: str) -> Value | None:
        """Return the amount that `text` means; without a unit it has the one that is chosen."""
        if not text.strip():
            return None
        units = self.units.get(slot.key)
        unit = units.entry if units is not None else ""
        return parse_quantity(self.question, text, unit=unit, profile=self.session.profile)

    def spelled(self, value: Value) -> str:
        """Return the number alone: the unit stands beside it."""
        return amount_text(value) if isinstance(value, Quantity) else ""

    def refresh(self) -> None:
        """Show what the session holds, its unit first: a bare number has the unit beside it."""
        for line in self.lines:
            value = self.session.case.get(line.slot.key)
            units = self.units.get(line.slot.key)
            if units is not None and isinstance(value, Quantity) and value.unit != units.entry:
                meant = line.understood()
                units.show_entry(value.unit)
                if meant != value:
                    line.spell(value)
        super().refresh()
        self._show_usual_unit()

    def show_known(self) -> None:
        """Show what other answers say of this one, and the usual unit of the profile."""
        super().show_known()
        if self._usual != units_for(self.question, self.session.profile)[0]:
            self._show_usual_unit()

    def _show_usual_unit(self) -> None:
        """Show the usual unit where nothing is typed."""
        self._usual = units_for(self.question, self.session.profile)[0]
        for line in self.lines:
            units = self.units.get(line.slot.key)
            if units is not None and not line.text() and not units.hasFocus():
                units.show_entry(self._usual)


def _hint(line: EntryLine, words: Sequence[str]) -> str:
    """Return as many of `words` as fit into `line`, at least the first: half a word is no example."""
    # The frame, and the room that Qt leaves inside it.
    room, hint = line.width() - 14, words[0] if words else "number"
    for n in range(2, len(words) + 1):
        longer = " or ".join(words[:n])
        if line.fontMetrics().horizontalAdvance(longer) <= room:
            hint = longer
    return hint
