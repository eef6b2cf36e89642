"""The form: its questions, every key under which an answer can stand, and what older keys became."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from triage.content.schema import (
    Again,
    Block,
    Column,
    FormFile,
    GridRow,
    OptionRecord,
    Profile,
    Question,
    Section,
)
from triage.errors import did_you_mean
from triage.model.values import Choice, Decision, Names, Rewritten, Text, Urgency, Value

# Questions that the program itself reads, where a form has them.
AGE = "patient.age"
BORN = "patient.dob"
SEX = "patient.sex_at_birth"
# What is asked of the recipient, and its option for advice without a test.
ASK, ADVICE_ONLY = "referrer.ask", "advice_only"
# Keys of a case that are no questions.
RECIPIENTS = "case.recipients"
URGENCY = "case.urgency"
DATE = "case.date"
PROFILE = "case.profile"
LANGUAGE = "case.language"
# Of a draft that began with a letter from outside: which letter that was.
OUTSIDE = "case.outside"
# Of a further visit of a patient: which case was the one before.
EARLIER = "case.earlier"
# Of a draft alone: no letter tells of it.
OF_DRAFTS = (OUTSIDE, EARLIER)
NOTE = "note."
DECISION = "decision."
# In front of the id of a block of the letter that the clinician wrote anew.
LETTER = "letter."
# In this order everywhere, as one faces the patient: on the screen, in letters, and for who hears them.
SIDES = ("right", "left")
MIDLINE = "midline"
# What is said of an answer that stands beside its sides.
NO_SIDE = "side not recorded"
# No id has more parts; a name in a hostile file may have a million.
_PARTS = 12


class Slot(NamedTuple):
    """One key of the case that belongs to a question.

    Parameters
    ----------
    key
        The key, for example ``power.ankle_df.left``.
    question
        The question it belongs to.
    kind
        The type of the value that stands there: finding, choice, quantity, date, text, table or result.
    option
        The option of a list that it is about.
    row
        The row of a grid that it is about.
    side
        left, right, midline or empty: no side, or the side was not stated.
    """

    key: str
    question: Question
    kind: str
    option: OptionRecord | None = None
    row: GridRow | None = None
    side: str = ""

    @property
    def options(self) -> tuple[OptionRecord, ...]:
        """The options to choose from, where it is a choice."""
        if self.row is not None and self.row.options:
            return self.row.options
        return self.question.options if self.kind == "choice" or self.option is None else ()

    @property
    def is_whole(self) -> bool:
        """Whether it stands beside its two sides: what was found, side not recorded."""
        if self.side or self.option is not None:
            return False
        return self.question.sided or self.row is not None

    @property
    def phrase(self) -> str:
        """How a letter names what stands here, side included."""
        part = self.row or self.option
        words = self.question.phrase if part is None else part.phrase
        if self.is_whole:
            return f"{words}, {NO_SIDE}"
        return f"{self.side} {words}" if self.side in SIDES else words

    @property
    def label(self) -> str:
        """How the screen and error messages name what stands here."""
        part = self.row or self.option
        whole = self.question.label
        label = whole if part is None else f"{whole.removesuffix('?')}: {part.label}"
        side = NO_SIDE if self.is_whole else self.side
        return f"{label} ({side})" if side else label

    def option_phrase(self, option: str) -> str:
        """Return how a letter names one of the options of this slot."""
        for record in self.options:
            if record.id == option:
                return record.phrase
        return option


class Form:
    """The questions of one form, in order.

    Parameters
    ----------
    file
        What ``form.toml`` says.
    slots
        The keys of its questions, in order.
    recipients
        The ids of those to whom its letters can go.
    """

    def __init__(
        self, file: FormFile, slots: Iterable[Slot] = (), recipients: Iterable[str] = ()
    ) -> None:
        self.file = file
        self.id = file.form
        self.title = file.title
        self.version = file.version
        self.sections: Mapping[str, Section] = {section.id: section for section in file.section}
        self.blocks: Mapping[str, Block] = {block.id: block for block in file.block}
        self.questions: Mapping[str, Question] = {q.id: q for q in file.question}
        self.slots: Mapping[str, Slot] = {slot.key: slot for slot in slots}
        self.recipients = frozenset(recipients)
        self._became = {entry.id: entry.became for entry in file.retired if entry.became}
        self._profiles = {record.id: record for record in file.profile}

    @cached_property
    def _slots_of(self) -> Mapping[str, tuple[Slot, ...]]:
        found: dict[str, list[Slot]] = {question: [] for question in self.questions}
        for slot in self.slots.values():
            found[slot.question.id].append(slot)
        return {question: tuple(slots) for question, slots in found.items()}

    def slots_of(self, question: str) -> tuple[Slot, ...]:
        """Return the keys of one question, in order."""
        return self._slots_of[question]

    @cached_property
    def _keys_of(self) -> Mapping[str, tuple[str, ...]]:
        return {question: tuple(s.key for s in slots) for question, slots in self._slots_of.items()}

    def keys_of(self, question: str) -> tuple[str, ...]:
        """Return the keys of one question as they stand in a case, in order."""
        return self._keys_of[question]

    @cached_property
    def _by_section(self) -> Mapping[str, tuple[Question, ...]]:
        return {
            section: tuple(q for q in self.file.question if q.section == section)
            for section in self.sections
        }

    @cached_property
    def _by_block(self) -> Mapping[str, tuple[Question, ...]]:
        return {
            block: tuple(q for q in self.file.question if q.block == block) for block in self.blocks
        }

    def profile_of(self, case: Mapping[str, Value]) -> Profile:
        """Return the guideline profile that `case` follows: as recorded, else the form's default."""
        chosen, default = case.get(PROFILE), self.profile
        name = chosen.option if isinstance(chosen, Choice) else default
        # An option that the form has lost leaves its case with the default.
        return self._profiles.get(name) or self._profiles.get(default) or Profile(id=name)

    def in_section(self, section: str) -> tuple[Question, ...]:
        """Return the questions of one section, in order."""
        return self._by_section[section]

    def again(self, question: Question) -> Again:
        """Return what becomes of the answer to `question` at a later visit of the same patient."""
        return question.again or self.sections[question.section].again

    def in_block(self, block: str) -> tuple[Question, ...]:
        """Return the questions of one block, in order."""
        return self._by_block[block]

    def slot(self, key: str) -> Slot | None:
        """Return what `key` is about, or None if it belongs to no question."""
        return self.slots.get(key)

    def question_of(self, name: str) -> Question | None:
        """Return the question to which a key, an option or a row belongs."""
        found = self._owners.get(name)
        if found is not None:
            return found
        return next((self.questions[head] for head in _heads(name) if head in self.questions), None)

    @cached_property
    def _owners(self) -> Mapping[str, Question]:
        """By each key and each part of a question: the question."""
        owners = {slot.key: slot.question for slot in self.slots.values()}
        for q in self.file.question:
            owners.update({f"{q.id}.{record.id}": q for record in (*q.options, *q.rows)})
        return owners | dict(self.questions)

    @cached_property
    def cell_options(self) -> Mapping[tuple[str, str], tuple[str, ...]]:
        """By table and column, the ids that a cell may name: options and, where several, what closes the list."""
        found = {}
        for table in self.questions.values():
            for column in table.columns:
                source = self.questions.get(column.options_from)
                options = source.options if source else column.options
                nothing = source.nothing if source and column.several else None
                found[table.id, column.id] = (
                    *(record.id for record in options),
                    *((nothing.id,) if nothing else ()),
                )
        return found

    @cached_property
    def parts(self) -> frozenset[str]:
        """Every name that an id of an older form can have become: keys, questions, rows, options, columns, words."""
        found = {*self.slots, *self.questions}
        for q in self.file.question:
            found.update(f"{q.id}.{record.id}" for record in (*q.options, *q.rows, *q.columns))
            found.update(f"{q.id}.{word}" for word in q.words)
            found.update(f"{q.id}.{c.id}.{o.id}" for c in q.columns for o in c.options)
        return frozenset(found)

    @property
    def profile(self) -> str:
        """The guideline profile that counts while none is recorded."""
        return self.questions[PROFILE].default if PROFILE in self.questions else ""

    @property
    def has_retired(self) -> bool:
        """Whether any id of an older form has another name now."""
        return bool(self._became)

    def became(self, name: str) -> str:
        """Return what a key, option or column of an older form is called now; `name` itself if nothing else."""
        if name in self.parts:
            return name
        for _ in range(len(self._became)):
            head = next((h for h in _heads(name) if h in self._became), "")
            if not head:
                break
            name = self._became[head] + name.removeprefix(head)
        return name

    def now(self, owner: str, name: str) -> str:
        """Return what the option, word or column `name` of `owner` is called now."""
        return self.became(f"{owner}.{name}").removeprefix(f"{owner}.")

    def knows(self, key: str) -> bool:
        """Whether `key` may stand in a case of this form."""
        return (
            key in self.slots
            or key in (RECIPIENTS, URGENCY, LANGUAGE, *OF_DRAFTS)
            or (key.startswith(NOTE) and key.removeprefix(NOTE) in self.sections)
            or key.startswith((DECISION, LETTER))
        )

    def closest(self, key: str) -> str:
        """Return a hint that names the known key closest to `key`."""
        return did_you_mean(key, self.slots)

    def fits(self, key: str, value: Value) -> bool:
        """Whether `value` is of the kind that `key` holds (its options are not looked at)."""
        if value.type == "unable":
            return key in self.slots
        if key.startswith(NOTE):
            return isinstance(value, Text)
        if key.startswith(DECISION):
            return isinstance(value, Decision)
        if key.startswith(LETTER):
            return isinstance(value, Rewritten)
        if key == URGENCY:
            return isinstance(value, Urgency)
        if key == RECIPIENTS:
            return isinstance(value, Names)
        if key in (LANGUAGE, *OF_DRAFTS):
            return isinstance(value, Text)
        slot = self.slots.get(key)
        return slot is not None and value.type == slot.kind


def _heads(name: str) -> Iterator[str]:
    """Yield `name` and what it begins with: ``a.b.c``, ``a.b``, ``a``; of a longer name only what an id can be."""
    parts = name.split(".", _PARTS)
    for n in range(min(len(parts), _PARTS), 0, -1):
        yield ".".join(parts[:n])


def nothing_key(table: Question) -> str:
    """Return the name that is true of a table closed without rows ("no medicines"), false of one with rows."""
    return f"{table.id}.{table.nothing.id if table.nothing else ''}"


def column_options(form: Form, column: Column) -> tuple[OptionRecord, ...]:
    """Return the options of a table column, its own or those of the question it names."""
    return form.questions[column.options_from].options if column.options_from else column.options


def in_default_unit(question: Question, value: Decimal, unit: str) -> Decimal | None:
    """Return `value` in the default unit of `question`, or None for an unknown unit."""
    if unit in ("", question.unit):
        return value
    for other in question.units:
        if other.unit == unit:
            return value * other.factor + other.offset
    return None


def units_of(question: Question) -> Iterable[str]:
    """Return the units that an answer to `question` may be given in, default first."""
    return (question.unit, *(other.unit for other in question.units))
