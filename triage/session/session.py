"""A session: the history of one case, its assessment, and everything a clinician can do to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

from triage.content.casefile import close_list
from triage.content.form import DATE, DECISION, NOTE, PROFILE, Slot
from triage.content.load import Content, block_key
from triage.content.schema import Block, Question
from triage.expr.evaluate import Truth, compile_truth
from triage.expr.tree import Node
from triage.model.case import Case
from triage.model.dates import PartialDate
from triage.model.history import Edit, History
from triage.model.values import (
    Choice,
    Date,
    Decision,
    Finding,
    Quantity,
    Table,
    Text,
    Unable,
    Value,
)
from triage.rules.assess import Assessor
from triage.rules.assessment import Assessment, ContradictionFinding
from triage.rules.contradictions import Recorded
from triage.rules.facts import CaseFacts


@dataclass(frozen=True, slots=True)
class Changed:
    """What one step changed.

    Parameters
    ----------
    keys
        The keys of the case that changed.
    edits
        The edits, as they were appended to the log.
    """

    keys: frozenset[str]
    edits: tuple[Edit, ...]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What one key would have denied, and was not recorded: the record speaks against it.

    Parameters
    ----------
    key
        Where it would have stood.
    says
        Its name, and what is recorded: ``antiplatelet (medicines: Aspirin)``.
    """

    key: str
    says: str


@dataclass(frozen=True, slots=True)
class Answered:
    """What one key answered at once, and what it left out."""

    keys: frozenset[str]
    left_out: tuple[LeftOut, ...] = ()

    @property
    def remark(self) -> str:
        """What to say of what was left out; empty if nothing was."""
        return f"Left out: {'; '.join(x.says for x in self.left_out)}." if self.left_out else ""


class Session:
    """One case, open for work.

    Parameters
    ----------
    assessor
        The compiled content.
    history
        The log of the case so far.
    clock
        Returns the present time, aware of its zone; the one clock of the session.
    read_only
        Whether another window has this case: nothing can be changed then.
    """

    def __init__(
        self,
        assessor: Assessor,
        history: History,
        clock: Callable[[], datetime],
        *,
        read_only: bool = False,
    ) -> None:
        self.assessor = assessor
        self.content: Content = assessor.content
        self.form = assessor.content.form
        self.history = history
        self.read_only = read_only
        self._clock = clock
        self._listeners: list[Callable[[Changed], None]] = []
        self._show = _compiled(self.content.show)
        self._unfold = _compiled(self.content.unfold)
        self._read: CaseFacts | None = None
        self._assessment: Assessment | None = None
        self._recorded: Recorded | None = None

    # -- reading --------------------------------------------------------------------------------

    @property
    def case(self) -> Case:
        """The case as it stands."""
        return self.history.case

    @property
    def today(self) -> date:
        """The day on which it is typed, from which "yesterday" counts."""
        return self._clock().date()

    @property
    def profile(self) -> str:
        """The guideline profile of the case, which orders units and the parts of a date."""
        recorded = self.case.get(PROFILE)
        if isinstance(recorded, Choice):
            return recorded.option
        return self.form.questions[PROFILE].default

    @property
    def day(self) -> date:
        """The date of the case: as recorded, else today."""
        recorded = self.case.get(DATE)
        if isinstance(recorded, Date) and recorded.date.is_full:
            return recorded.date.earliest
        return self.today

    @property
    def assessment(self) -> Assessment:
        """The assessment of the case as it stands; made when it is asked for."""
        if self._assessment is None:
            self._assessment = self.assessor.assess(self.case, self.day, self._facts_read)
        return self._assessment

    @property
    def facts(self) -> Mapping[str, object]:
        """What conditions read, as of the case as it stands."""
        return self._facts_read.facts

    @property
    def _facts_read(self) -> CaseFacts:
        if self._read is None:
            self._read = self.assessor.read(self.case, self.day)
        return self._read

    @property
    def recorded(self) -> Recorded:
        """What the record says of itself: contradictions, and values that cannot be."""
        if self._recorded is None:
            self._recorded = self.assessor.recorded(self.case, self.day, self._facts_read)
        return self._recorded

    def contradictions(self, question: Question) -> Iterator[ContradictionFinding]:
        """Yield the contradictions in which an answer to `question` has a part."""
        for found in self.recorded.contradictions:
            if any(self.form.question_of(key) is question for key in found.answers):
                yield found

    def is_answered(self, question: Question) -> bool:
        """Whether anything stands under a key of `question`."""
        return any(slot.key in self.case for slot in self.form.slots_of(question.id))

    def is_complete(self, question: Question) -> bool:
        """Whether `question` counts as answered: a list when it is closed or something is ticked."""
        if question.kind == "choices":
            keys = [f"{question.id}.{option.id}" for option in question.options]
            values = [self.facts.get(key) for key in keys]
            return any(values) or all(value is not None for value in values)
        return self.is_answered(question)

    def is_shown(self, question: Question) -> bool:
        """Whether `question` makes sense now; one that has an answer is always shown."""
        if self.is_answered(question):
            return True
        shown = self._show.get(question.id)
        return shown is None or shown(self.facts) is not False

    def is_unfolded(self, question: Question) -> bool:
        """Whether `question` is in sight: its tidiness condition is true, or it has an answer."""
        if self.is_answered(question):
            return True
        if question.palette_only or question.pick_list or not self.is_shown(question):
            return False
        if question.id in self._show and self._show[question.id](self.facts) is not True:
            return False
        unfolded = self._unfold.get(question.id)
        return unfolded is None or unfolded(self.facts) is True

    def is_block_in_sight(self, block: Block) -> bool:
        """Whether the folded row of `block` is shown."""
        shown = self._show.get(block_key(block.id))
        if shown is None or shown(self.facts) is True:
            return True
        return any(self.is_answered(question) for question in self.form.in_block(block.id))

    def is_block_open(self, block: Block) -> bool:
        """Whether `block` unfolds by itself: a member is present, or its condition is true."""
        unfolded = self._unfold.get(block_key(block.id))
        if unfolded is not None and unfolded(self.facts) is True:
            return True
        return any(
            isinstance(value := self.case.get(slot.key), Finding) and value.present
            for question in self.form.in_block(block.id)
            for slot in self.form.slots_of(question.id)
        )

    # -- writing --------------------------------------------------------------------------------

    def subscribe(self, listener: Callable[[Changed], None]) -> None:
        """Call `listener` after each step that changed something."""
        self._listeners.append(listener)

    def set(self, key: str, value: Value | None, *, join: bool = False) -> None:
        """Record `value` under `key`; None takes the answer back.

        Parameters
        ----------
        key
            A key of the form, ``note.<section>``, ``decision.<rule>``, or one of the case's own.
        value
            What was recorded.
        join
            Go on with the last undo group, for text that is written while it is typed.
        """
        self.set_all({key: value}, join=join)

    def set_all(self, changes: Mapping[str, Value | None], *, join: bool = False) -> None:
        """Record several changes as one undo group."""
        if self.read_only:
            return
        for key, value in changes.items():
            if not self.form.knows(key) or (value is not None and not self.form.fits(key, value)):
                raise KeyError(key)
        changes = self._with_reasons(changes)
        self._tell(self.history.change(changes, self._clock().astimezone(UTC), join=join))

    def _with_reasons(self, changes: Mapping[str, Value | None]) -> Mapping[str, Value | None]:
        """Take back what was said of a contradiction, where one of its answers changes."""
        said = {key.removeprefix(DECISION) for key in self.case if key.startswith(DECISION)}
        if said.isdisjoint(self.content.contradiction_ids) and said.isdisjoint(self.form.slots):
            return changes
        gone: dict[str, Value | None] = {
            f"{DECISION}{found.id}": None
            for found in self.recorded.contradictions
            if found.id in said and not changes.keys().isdisjoint(found.answers)
        }
        return {**gone, **changes}

    def undo(self) -> None:
        """Take back the last step."""
        if not self.read_only:
            self._tell(self.history.undo(self._clock().astimezone(UTC)))

    def redo(self) -> None:
        """Bring back the step that was undone last."""
        if not self.read_only:
            self._tell(self.history.redo(self._clock().astimezone(UTC)))

    def stamp(self) -> None:
        """Record today as the date of the case, if it has none: a letter's date does not drift."""
        if DATE not in self.case:
            self.set(DATE, Date(date=PartialDate.of(self._clock().date())))

    def close_list(self, question: Question) -> Answered:
        """Record *nothing else*: every option of the list that is not ticked is absent.

        What the record says is present is not denied: it is left out.
        """
        if question.kind == "table":
            table = self.case.get(question.id)
            rows = table.rows if isinstance(table, Table) else ()
            return self._answer([{question.id: Table(rows=rows, closed=True)}])
        present = {
            slot.key
            for slot in self.form.slots_of(question.id)
            if isinstance(value := self.case.get(slot.key), Finding) and value.present
        }
        closed = close_list(self.form, question, present)
        return self._answer([{k: value} for k, value in closed.items() if k not in self.case])

    def answer_block(self, block: Block) -> Answered:
        """Record the block's one answer for each of its questions that has none yet.

        What the record says is present is not denied: it is left out.
        """
        return self._answer(
            block_values(self.form.slots_of(question.id), question)
            for question in self.form.in_block(block.id)
            if not self.is_answered(question)
        )

    def _answer(self, parts: Iterable[Mapping[str, Value | None]]) -> Answered:
        """Record the parts that contradict nothing in the case, as one undo group."""
        todo = [part for part in parts if part]
        changes = {key: value for part in todo for key, value in part.items()}
        left: list[LeftOut] = []
        if self._contradicted(changes):
            changes = {}
            for part in todo:
                wanted = {**changes, **part}
                if found := self._contradicted(wanted):
                    left.append(self._left_out(next(iter(part)), found))
                else:
                    changes = wanted
        self.set_all(changes)
        return Answered(frozenset(changes), tuple(left))

    def _contradicted(
        self, changes: Mapping[str, Value | None]
    ) -> tuple[ContradictionFinding, ...]:
        """Return the contradictions that `changes` would bring."""
        there = {(found.id, found.answers) for found in self.recorded.contradictions}
        found = self.assessor.recorded(self.case.with_(changes), self.day).contradictions
        return tuple(f for f in found if (f.id, f.answers) not in there)

    def _left_out(self, key: str, found: Iterable[ContradictionFinding]) -> LeftOut:
        from triage.letter.words import describe

        others = dict.fromkeys(k for f in found for k in f.answers if k != key and k in self.case)
        said = ", ".join(describe(self.case, self.form, other) for other in others)
        slot = self.form.slots[key]
        name = slot.phrase if slot.option else slot.question.phrase
        if slot.kind == "table" and slot.question.nothing:
            name = slot.question.nothing.label
        return LeftOut(key, f"{name} ({said})" if said else name)

    def remove(self, question: str) -> None:
        """Take back every answer to `question`."""
        slots = self.form.slots_of(question)
        self.set_all({slot.key: None for slot in slots if slot.key in self.case})

    def fill(self, question: Question, fill: str) -> None:
        """Record one grade for several rows of a grid, where they have none yet."""
        for record in question.fills:
            if record.id == fill:
                rows = set(record.rows)
                self.set_all(
                    {
                        slot.key: Choice(option=record.value, block=True)
                        for slot in self.form.slots_of(question.id)
                        if slot.row is not None
                        and slot.row.id in rows
                        and slot.key not in self.case
                    }
                )

    def decide(self, rule: str, decision: Decision | None) -> None:
        """Record what the clinician decided on a suggestion; None takes it back."""
        self.set(f"{DECISION}{rule}", decision)

    def note(self, section: str, text: str, *, join: bool = False) -> None:
        """Record the free text of a section; an empty text takes it back."""
        self.set(f"{NOTE}{section}", Text(text=text) if text else None, join=join)

    def unable(self, key: str, reason: str) -> None:
        """Record that something could not be assessed, and why."""
        self.set(key, Unable(reason=reason))

    def _tell(self, edits: tuple[Edit, ...]) -> None:
        if not edits:
            return
        self._assessment = None
        self._recorded = None
        self._read = None
        changed = Changed(frozenset(edit.key for edit in edits), edits)
        for listener in self._listeners:
            listener(changed)


def block_values(slots: tuple[Slot, ...], question: Question) -> dict[str, Value | None]:
    """Return what a block's one key records for `question`: absent, or its own block value."""
    wanted = question.block_value
    values: dict[str, Value | None] = {}
    for slot in slots:
        match slot.kind:
            case "finding" if not slot.side or question.kind != "choices":
                values[slot.key] = Finding(present=wanted == "present", block=True)
            case "choice":
                option = wanted or "none"
                if any(record.id == option for record in slot.options):
                    values[slot.key] = Choice(option=option, block=True)
            case "quantity" if wanted:
                values[slot.key] = Quantity(value=Decimal(wanted), unit=question.unit)
    return values


def _compiled(nodes: Mapping[str, Node]) -> dict[str, Truth]:
    return {name: compile_truth(node) for name, node in nodes.items()}
