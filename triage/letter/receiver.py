"""What stands in the fields of a receiver's own form: the letter's words, and nothing that the letter holds back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from triage.content.form import AGE, Slot
from triage.content.load import Content, ReceiverFormRule
from triage.content.schema import FormField
from triage.expr.tree import Node
from triage.letter.plain import block_text, table_row_text
from triage.letter.signs import clean
from triage.letter.statements import Entry, Letter
from triage.letter.words.person import age_words, name_of
from triage.letter.words.recorded import option_of, recorded_text
from triage.model.case import Case
from triage.model.dates import PartialDate
from triage.model.values import Choice, Date, Finding, Quantity, Table, Text, Value

# The ids of the blocks of letters that are one part of a form.
_BLOCKS = {
    "patient": ("patient",),
    "sender": ("sender",),
    "question": ("question",),
    "history": ("history", "request_history"),
    "examination": ("examination", "examined"),
    "results": ("results", "request_results"),
    "requested": ("requested", "studies"),
}
# The signs of the record, which explains them; a form does not.
_SIGNS = {"(no)": "no, answered as one block", "–": "not examined"}
KEPT = "kept back from this receiver"
UNKNOWN = "not recorded, left blank"
NO_STATE = "the map has nothing for this level, left blank"
TWO = "more than one of its choices holds, left blank"


class Filled(NamedTuple):
    """What goes into one field: words, at `most` so many characters of them, or the `state` that is chosen."""

    field: str
    text: str = ""
    state: str = ""
    ticks: bool = False
    most: int = 0


class Unfilled(NamedTuple):
    """A field that is not filled as the map says, and why."""

    field: str
    why: str


def said_on_form(
    rule: ReceiverFormRule,
    letter: Letter,
    case: Case,
    content: Content,
    holds: Callable[[Node], bool | None],
) -> tuple[tuple[Filled, ...], tuple[Unfilled, ...]]:
    """Return what stands in the fields of a form, and which of them are left blank.

    Parameters
    ----------
    rule
        The map.
    letter
        The letter that goes with it.
    case, content
        What it was made of.
    holds
        Whether a condition does; None if that is not known.
    """
    told = _Told(letter, case, content, holds)
    said: list[Filled] = []
    left: list[Unfilled] = []
    for field in rule.record.field:
        found = told.said(field, rule.conditions[field.name])
        if isinstance(found, Unfilled):
            left.append(found)
        elif found is not None:
            said.append(found)
    return tuple(said), tuple(left)


class _Told:
    def __init__(
        self,
        letter: Letter,
        case: Case,
        content: Content,
        holds: Callable[[Node], bool | None],
    ) -> None:
        self._letter = letter
        self._case = case
        self._content = content
        self._holds = holds
        self._kept = letter.kept | letter.held | letter.in_part
        kept = (content.form.question_of(key) for key in self._kept)
        self._questions_kept = {question.id for question in kept if question is not None}

    def said(self, field: FormField, conditions: tuple[Node, ...]) -> Filled | Unfilled | None:
        """Return what stands in a field; None if it is blank because that is what is known."""
        if any(self._questions_kept & self._content.questions_below(node) for node in conditions):
            return Unfilled(field.name, KEPT)
        if field.tick_when:
            return self._tick(field, conditions[0])
        if field.choose:
            return self._chosen(field, conditions)
        if field.level:
            level = self._letter.level
            state = field.level.get(level, "") if level else ""
            return Filled(field.name, state=state) if state else Unfilled(field.name, NO_STATE)
        if field.answer and any(map(self._is_of(field.answer), self._kept)):
            return Unfilled(field.name, KEPT)
        text = self._part(field.part) if field.part else self._answer(field.answer)
        text = clean(text).strip()
        return (
            Filled(field.name, text=text, most=field.most)
            if text
            else Unfilled(field.name, UNKNOWN)
        )

    def _tick(self, field: FormField, when: Node) -> Filled | Unfilled | None:
        holds = self._holds(when)
        if holds is None:
            return Unfilled(field.name, UNKNOWN)
        return Filled(field.name, state=field.state, ticks=True) if holds else None

    def _chosen(self, field: FormField, conditions: tuple[Node, ...]) -> Filled | Unfilled:
        found = {
            choice.state
            for choice, node in zip(field.choose, conditions, strict=True)
            if self._holds(node)
        }
        if len(found) == 1:
            return Filled(field.name, state=found.pop())
        return Unfilled(field.name, TWO if found else UNKNOWN)

    # -- parts of the letter ----------------------------------------------------------------------

    def _part(self, part: str) -> str:
        letter = self._letter
        if part == "name":
            return name_of(self._case)
        if part == "date":
            return PartialDate.of(letter.day).long_words()
        if part == "urgency":
            tags = (block.tag for block in letter.blocks if block.tag is not None)
            return next((f"{t.words}, {t.aim}" if t.aim else t.words for t in tags), "")
        blocks = (block for block in letter.blocks if block.id in _BLOCKS[part])
        return "\n".join(map(block_text, blocks))

    # -- answers ----------------------------------------------------------------------------------

    def _answer(self, key: str) -> str:
        """Return an answer, whole: as the letter's record has it, else as it was recorded."""
        if key == AGE:
            return age_words(self._content.form, self._case, self._letter.day)
        is_of = self._is_of(key)
        if not any(map(is_of, self._case)):
            return ""
        value, slot = self._case.get(key), self._content.form.slot(key)
        if isinstance(value, Text | Date | Quantity):
            return recorded_text(value)
        return "; ".join(self._recorded(is_of)) or _alone(value, slot) or self._sentences(is_of)

    @staticmethod
    def _is_of(key: str) -> Callable[[str], bool]:
        return lambda one: one == key or one.startswith(f"{key}.")

    def _recorded(self, is_of: Callable[[str], bool]) -> Iterator[str]:
        """Yield the rows of the record that tell of an answer."""
        record = self._letter.record
        if record is None:
            return
        for table in record.tables:
            for row in table.rows:
                if any(map(is_of, row.covers)):
                    yield table_row_text(table, row)
        for section in record.sections:
            for entry in section.entries:
                if any(map(is_of, entry.covers)):
                    yield _entry_text(entry, alone=all(map(is_of, entry.covers)))

    def _sentences(self, is_of: Callable[[str], bool]) -> str:
        """Return the sentences of page one that tell of an answer."""
        return " ".join(
            statement.text
            for statement in self._letter.statements()
            if any(map(is_of, statement.covers))
        )


def _entry_text(entry: Entry, *, alone: bool) -> str:
    answer = _SIGNS.get(entry.answer, entry.answer)
    if alone and answer:
        return answer
    return f"{entry.item}: {answer}" if answer else entry.item


def _alone(value: Value | None, slot: Slot | None) -> str:
    """Return an answer that the record does not list, such as the sex: in the words of the form."""
    if isinstance(value, Choice) and slot is not None:
        option = option_of(slot.options, value.option)
        return option.label if option is not None and not value.text else recorded_text(value)
    if isinstance(value, Finding) and not value.text:
        return "yes" if value.present else "no"
    return recorded_text(value) if isinstance(value, Table) else ""
