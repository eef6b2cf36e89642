"""A session: the history of one case, its assessment, and everything a clinician can do to it."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from functools import cached_property
from types import MappingProxyType
from typing import Literal, NamedTuple

from triage.content.form import DATE, DECISION, NOTE, Slot
from triage.content.kinds import KINDS
from triage.content.kinds.choices import close_list
from triage.content.load import Content, block_key
from triage.content.retired import parted, renewed
from triage.content.schema import Block, Question
from triage.content.symbols import URGENCY_OUTCOME
from triage.expr.evaluate import Truth, compile_truth
from triage.expr.tree import Node, names
from triage.letter.chart import Chart, load_chart
from triage.letter.figure import Mark
from triage.model.case import Case
from triage.model.dates import PartialDate
from triage.model.history import Edit, History, differs
from triage.model.values import (
    Choice,
    Decision,
    Finding,
    Level,
    Table,
    Text,
    Unable,
    Value,
)
from triage.rules.assess import Assessor
from triage.rules.assessment import Assessment, ContradictionFinding
from triage.rules.contradictions import Recorded
from triage.rules.facts import CaseFacts
from triage.session.days import dated, full_day, moved, moved_words
from triage.session.earlier import Earlier, is_another, is_open, then_words


class Changed(NamedTuple):
    """What one step changed.

    Parameters
    ----------
    keys
        The keys of the case that changed.
    edits
        The edits, as they were appended to the log.
    says
        What the step changed besides, to be told to the user; empty if nothing.
    """

    keys: frozenset[str]
    edits: tuple[Edit, ...]
    says: str = ""


class LeftOut(NamedTuple):
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


class Answered(NamedTuple):
    """What one key answered at once, and what it left out."""

    keys: frozenset[str]
    left_out: tuple[LeftOut, ...] = ()

    @property
    def remark(self) -> str:
        """What to say of what was left out; empty if nothing was."""
        return f"Left out: {'; '.join(x.says for x in self.left_out)}." if self.left_out else ""

    def told(self, caption: str, more: str = "") -> str:
        """Return what to say of it: what `caption` recorded, what was left out, and how to take it back."""
        said = f"Recorded: {f'{caption}, {more}' if more else caption}." if self.keys else ""
        back = "Ctrl+Z takes it back." if self.keys else ""
        return " ".join(part for part in (said, self.remark, back) if part)


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
    keep
        Takes what is new in `history` to where it is kept; called after each step, before anyone hears of it.
    earlier
        The earlier visit, if the case is a further one of its patient: nothing of it counts before it is confirmed.
    """

    def __init__(
        self,
        assessor: Assessor,
        history: History,
        clock: Callable[[], datetime],
        *,
        read_only: bool = False,
        keep: Callable[[], None] | None = None,
        earlier: Earlier | None = None,
    ) -> None:
        self._keep = keep
        self._earlier = earlier
        self.assessor = assessor
        self.content: Content = assessor.content
        self.form = assessor.content.form
        self.history = history
        self.read_only = read_only
        self._clock = clock
        self._listeners: list[Callable[[Changed], None]] = []
        self._show = _compiled(self.content.show)
        self._unfold = _compiled(self.content.unfold)
        # What waits for the level, and so for the whole assessment.
        self._late = {
            k for k, node in self.content.unfold.items() if URGENCY_OUTCOME in names(node)
        }
        # The case as it was recorded, as the form sees it, and what of that it no longer asks.
        self._recorded_case = self._seen = self._lost = Case()
        # The answers that the form knows whole, from one step to the next.
        self._whole: dict[str, Value] = {}
        self._background = earlier.background(self.form) if earlier is not None else {}
        self._then: dict[str, list[tuple[date, str]]] = {}
        self._waiting: tuple[Case | None, Mapping[str, tuple[str, ...]]] = None, {}
        # The case of which it was asked last whether it is of the same patient, and whether it is.
        self._follows: tuple[Case | None, bool] = None, False
        self._read: CaseFacts | None = None
        self._assessment: Assessment | None = None
        # What stood at the last issue under each key that was changed since; None if nothing was issued.
        self._since_issue: dict[str, Value | None] | None = None
        self._recorded: Recorded | None = None
        self._marked: tuple[Case, tuple[Mark, ...]] | None = None
        # The contradictions, and by each question that has a part in them.
        self._contradicting: tuple[
            tuple[ContradictionFinding, ...], Mapping[str, tuple[ContradictionFinding, ...]]
        ] = (), {}

    # -- reading --------------------------------------------------------------------------------

    @cached_property
    def chart(self) -> Chart:
        """What the body chart marks, in the letter and on the map: read when it is looked at first."""
        return load_chart(self.content.files, self.form, [])

    @property
    def marks(self) -> tuple[Mark, ...]:
        """What the case has to be marked on the body map, in the order of the legend."""
        if self._marked is None or self._marked[0] is not self.case:
            signs, form, case = self.chart.signs, self.form, self.case
            marks = tuple(m for sign in signs for m in self.chart.marks(sign, form, case))
            self._marked = case, marks
        return self._marked[1]

    @property
    def case(self) -> Case:
        """The case as it stands, each answer under the name that the form has for it now."""
        recorded = self.history.case
        if self._recorded_case is not recorded:
            self._recorded_case = recorded
            self._seen = renewed(recorded, self.form, self._whole)
            # At once: it notes which answers are whole, and these are not looked through again.
            self._lost = parted(self._seen, self.form, self._whole)[1]
        return self._seen

    @property
    def today(self) -> date:
        """The day on which it is typed, from which "yesterday" counts."""
        return self._clock().date()

    @property
    def profile(self) -> str:
        """The guideline profile of the case, which orders units and the parts of a date."""
        return self.form.profile_of(self.case).id

    @property
    def day(self) -> date:
        """The date of the case: as recorded, else today."""
        return full_day(self.case.get(DATE)) or self.today

    @property
    def assessment(self) -> Assessment:
        """The assessment of the case as it stands; made when it is asked for."""
        if self._assessment is None:
            self._assessment = self.assessor.assess(
                self.case, self.day, self.facts_read, self.recorded
            )
        return self._assessment

    def assess_anew(self) -> bool:
        """Work out the assessment from nothing, and return whether it is the one that was there.

        After one answer only what rests on it is asked again. Whatever went wrong with that, nothing that leaves the
        program rests on it.
        """
        before = self.assessment
        self.assessor.forget()
        self._assessment = self._recorded = self._read = None
        same = self.assessment == before
        if not same:
            for listener in self._listeners:
                listener(Changed(frozenset(), (), ""))
        return same

    @property
    def level(self) -> Level | None:
        """How urgent the case is: as the clinician set it, else as it is assessed."""
        return self.assessment.level_of(self.case)

    @property
    def facts(self) -> Mapping[str, object]:
        """What conditions read, as of the case as it stands."""
        return self.facts_read.facts

    @property
    def facts_read(self) -> CaseFacts:
        """What conditions read, and what is known of it beside: the assessment is made from this."""
        if self._read is None:
            self._read = self.assessor.read(self.case, self.day)
        return self._read

    @property
    def lost(self) -> Case:
        """What of the case the form no longer asks: it is kept and printed, and read by no rule."""
        # It is set apart with the case.
        return self._lost if self.case else Case()

    @property
    def recorded(self) -> Recorded:
        """What the record says of itself: contradictions, and values that cannot be."""
        if self._recorded is None:
            self._recorded = self.assessor.recorded(self.case, self.day, self.facts_read)
        return self._recorded

    def contradictions(self, question: Question) -> tuple[ContradictionFinding, ...]:
        """Return the contradictions in which an answer to `question` has a part."""
        return self.contradicting.get(question.id, ())

    @property
    def contradicting(self) -> Mapping[str, tuple[ContradictionFinding, ...]]:
        """The contradictions, by each question that has a part in them."""
        contradictions = self.recorded.contradictions
        # Most steps bring none and take none away.
        if self._contradicting[0] != contradictions:
            by_question: dict[str, list[ContradictionFinding]] = {}
            for found in contradictions:
                for name in {q.id for q in map(self.form.question_of, found.answers) if q}:
                    by_question.setdefault(name, []).append(found)
            self._contradicting = (
                contradictions,
                {name: tuple(found) for name, found in by_question.items()},
            )
        return self._contradicting[1]

    def is_answered(self, question: Question) -> bool:
        """Whether anything stands under a key of `question`."""
        return not self.case.keys().isdisjoint(self.form.keys_of(question.id))

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
        if not question.asked:
            return False
        shown = self._show.get(question.id)
        return shown is None or shown(self.facts) is not False

    def is_unfolded(self, question: Question) -> bool:
        """Whether `question` is in sight: its tidiness condition is true, or it has an answer."""
        if self.is_answered(question) or question.id in self.to_confirm:
            return True
        if question.palette_only or question.pick_list or not question.asked:
            return False
        shown = self._show.get(question.id)
        if shown is not None and shown(self.facts) is not True:
            return False
        return question.id not in self._unfold or self._unfolds(question.id)

    def _unfolds(self, key: str) -> bool:
        unfolded = self._unfold.get(key)
        if unfolded is None:
            return False
        if key in self._late:
            late: ChainMap[str, object] = ChainMap(
                {URGENCY_OUTCOME: self.level}, self.facts_read.facts
            )
            return unfolded(late) is True
        return unfolded(self.facts) is True

    def is_block_in_sight(self, block: Block) -> bool:
        """Whether the folded row of `block` is shown."""
        shown = self._show.get(block_key(block.id))
        if shown is None or shown(self.facts) is True:
            return True
        members = self.form.in_block(block.id)
        return any(self.is_answered(q) or q.id in self.to_confirm for q in members)

    def is_block_open(self, block: Block) -> bool:
        """Whether `block` unfolds by itself: its condition is true, or a member is present, or to be confirmed so."""
        if self._unfolds(block_key(block.id)):
            return True
        return any(
            isinstance(value := self.case.get(slot.key), Finding) and value.present
            for question in self.form.in_block(block.id)
            for slot in self.form.slots_of(question.id)
        ) or any(self._tells_more(question) for question in self.form.in_block(block.id))

    def _tells_more(self, question: Question) -> bool:
        """Whether what is to confirm of `question` is another answer than its block records: it must be seen."""
        keys = self.to_confirm.get(question.id, ())
        if not keys or self.earlier is None:
            return False
        own = block_values(self.form.slots_of(question.id), question)
        held = self.earlier.held
        return any(_unblocked(held[key]) != _unblocked(own.get(key)) for key in keys)

    # -- the earlier visit ----------------------------------------------------------------------

    @property
    def earlier(self) -> Earlier | None:
        """The earlier visit of the patient; None if there is none, or if the case names another patient by now."""
        if self._earlier is None:
            return None
        if self._follows[0] is not self.case:
            self._follows = self.case, not is_another(self.form, self._earlier.case, self.case)
        return self._earlier if self._follows[1] else None

    @property
    def is_further(self) -> bool:
        """Whether the case was begun as a further visit, whomever it names by now."""
        return self._earlier is not None

    @property
    def to_confirm(self) -> Mapping[str, tuple[str, ...]]:
        """By question, the keys whose answer of the earlier visit nobody confirmed or changed yet: none is recorded."""
        if not self._background or self.earlier is None:
            return {}
        recorded, waiting = self._waiting
        if recorded is not self.case:
            case, questions = self.case, self.form.questions
            open_ = {
                name: tuple(slot.key for slot in slots if is_open(slot, case))
                for name, slots in self._background.items()
            }
            # What makes no sense beside today's answers is not asked, and so not confirmed.
            waiting = {
                name: keys
                for name, keys in open_.items()
                if keys and self._may_ask(questions[name])
            }
            self._waiting = case, waiting
        return waiting

    def _may_ask(self, question: Question) -> bool:
        shown = self._show.get(question.id)
        return shown is None or shown(self.facts) is not False

    def to_confirm_in(self, section: str) -> int:
        """Return how many questions of a section are to be confirmed."""
        return sum(self.form.questions[name].section == section for name in self.to_confirm)

    def then(self, question: Question) -> str:
        """Return what the earlier visit recorded of `question`, with its day: ``12 Aug: grade 4``; empty if nothing."""
        if self.earlier is None or self.form.again(question) == "same":
            return ""
        if question.id not in self._then:
            said = [(v.day, then_words(self.form, v, question)) for v in self.earlier.chain]
            self._then[question.id] = [(day, words) for day, words in said if words]
        days = [(PartialDate.of(day).words(), words) for day, words in self._then[question.id]]
        year = f" {self.day.year}"
        return "; ".join(f"{day.removesuffix(year)}: {words}" for day, words in days)

    def confirm(self, section: str) -> Answered:
        """Record as unchanged what of a section is to be confirmed, as one undo group.

        What today's answers speak against is left out.
        """
        if self.earlier is None:
            return Answered(frozenset())
        before, names = self.earlier.held, self.form.questions
        waiting = [keys for name, keys in self.to_confirm.items() if names[name].section == section]
        return self._answer({key: before[key] for key in keys} for keys in waiting)

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
            Go on with the last undo group.
        """
        self.set_all({key: value}, join=join)

    def type(self, key: str, value: Value | None, *, join: bool) -> None:
        """Record `value`, which is still being typed: until `end_typing` all of it is one edit.

        Parameters
        ----------
        join
            Whether it was begun before, and nothing else was recorded since.
        """
        self.set_all({key: value}, join=join, typing=key)

    def end_typing(self) -> None:
        """Note that the field in which was typed is left."""
        if self.history.is_typing and not self.read_only:
            self.history.end_typing()
            self._keep_new()

    def set_all(
        self, changes: Mapping[str, Value | None], *, join: bool = False, typing: str = ""
    ) -> None:
        """Record several changes as one undo group; of the key `typing` as far as it was typed."""
        if self.read_only:
            return
        # Typing on in one field over an issue is a new step: undo never reaches what was issued.
        join = join and not self.is_as_issued
        for key, value in changes.items():
            if not self.form.knows(key) or (value is not None and not self.form.fits(key, value)):
                raise KeyError(key)
        if any(differs(self.case.get(key), value) for key, value in changes.items()):
            changes = self.in_new_day(changes)
        if self.case is not self.history.case:
            # What stood under an older name gives way, or taking the answer back would bring that up again.
            older = [
                k for k in self.history.case.keys() - changes if self.form.became(k) in changes
            ]
            changes = dict.fromkeys(older) | dict(changes)
        changes = self._with_reasons(changes)
        self._tell(self.history.change(changes, self._now, join=join, typing=typing))

    @property
    def _now(self) -> datetime:
        return self._clock().astimezone(UTC)

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to take back. What was issued is not taken back but changed."""
        return self.history.can_undo and not self.is_as_issued

    def _with_reasons(self, changes: Mapping[str, Value | None]) -> Mapping[str, Value | None]:
        """Take back what was said of a contradiction, where one of its answers changes."""
        case = self.case
        if self._recorded is None:
            # Where nothing was said of any, nobody need know which there are.
            said = {key.removeprefix(DECISION) for key in case if key.startswith(DECISION)}
            if said.isdisjoint(self.content.contradiction_ids) and said.isdisjoint(self.form.slots):
                return changes
        gone: dict[str, Value | None] = {
            key: None
            for found in self.recorded.contradictions
            if not changes.keys().isdisjoint(found.answers)
            and (key := f"{DECISION}{found.id}") in case
        }
        return {**gone, **changes}

    def undo(self) -> None:
        """Take back the last step."""
        if self.can_undo and not self.read_only:
            self._tell(self.history.undo(self._now))

    @property
    def can_redo(self) -> bool:
        """Whether there is a step to bring back; none that was undone before the last issue."""
        return self.history.can_redo and (bool(self._since_issue) or not self.is_as_issued)

    def redo(self) -> None:
        """Bring back the step that was undone last."""
        if self.can_redo and not self.read_only:
            self._tell(self.history.redo(self._now))

    # -- days -----------------------------------------------------------------------------------

    def seal(self, n: int) -> None:
        """Note that the case as it stood after edit `n` is the one that was issued last."""
        self._since_issue = {}
        self._note_changed(self.history.since(n))

    @property
    def is_as_issued(self) -> bool:
        """Whether the case is, to the letter, the one that was issued last: never changed, or changed back."""
        since = self._since_issue
        return since is not None and not any(
            differs(old, self.history.case.get(key)) for key, old in since.items()
        )

    def in_new_day(self, changes: Mapping[str, Value | None]) -> Mapping[str, Value | None]:
        """Return `changes`, with today as the date of the case if they are the first after an issue."""
        if DATE in changes or not self.is_as_issued or self.today <= self.day:
            return changes
        return moved(self.case, changes, self.day, self.today)

    @property
    def earlier_day(self) -> date | None:
        """The day of which is to be asked whether it is still the day of the visit; None if of none.

        A case that was not issued as it stands, and was worked on, or dated, on an earlier day.
        """
        if self.read_only or self.is_as_issued or not self.history.n:
            return None
        recorded = full_day(self.case.get(DATE))
        day = recorded or self._local_day(self.history.edits[-1])
        asked = recorded is not None and self._was_kept(recorded)
        return day if day < self.today and not asked else None

    def keep_day(self, day: date) -> None:
        """Record that it is still the visit of `day`; it is not asked again."""
        if self.read_only:
            return
        # Said anew where it stands already: the log is where it is seen that it was asked.
        again = self.history.change({DATE: None}, self._now)
        self._tell((*again, *self.history.change({DATE: dated(day)}, self._now, join=bool(again))))

    def begin_day(self) -> None:
        """Record that the case is of today, and no longer of its earlier day."""
        if day := self.earlier_day:
            self.set_all(moved(self.case, {}, day, self.today))

    def _was_kept(self, day: date) -> bool:
        """Whether the date of the case was recorded by itself, on a later day than it is."""
        dates = {edit.group: edit for edit in self.history.edits if edit.key == DATE}
        mixed = {edit.group for edit in self.history.edits if edit.key != DATE}
        return any(
            full_day(edit.new) == day < self._local_day(edit)
            for group, edit in dates.items()
            if group not in mixed
        )

    def _local_day(self, edit: Edit) -> date:
        # By the clock of that day: it may have been summer.
        return edit.at.astimezone().date()

    # -- further ways to record -----------------------------------------------------------------

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
        closed = close_list(question, present)
        return self._answer([{k: value} for k, value in closed.items() if k not in self.case])

    def answer_block(self, block: Block) -> Answered:
        """Record the block's one answer for each of its questions that has none yet.

        What the record says is present is not denied: it is left out.
        """
        return self._answer(values for _, values in self.open_in_block(block))

    def open_in_block(self, block: Block) -> Iterator[tuple[Question, dict[str, Value | None]]]:
        """Yield each question of `block` that has no answer yet, and what the block's one key records for it."""
        for question in self.form.in_block(block.id):
            if not self.is_answered(question):
                yield question, block_values(self.form.slots_of(question.id), question)

    def _answer(self, parts: Iterable[Mapping[str, Value | None]]) -> Answered:
        """Record the parts that contradict nothing in the case, as one undo group."""
        changes, left = self.fitting(parts)
        self.set_all(changes)
        return Answered(frozenset(changes), left)

    def fitting(
        self,
        parts: Iterable[Mapping[str, Value | None]],
        beside: Mapping[str, Value | None] = MappingProxyType({}),
    ) -> tuple[dict[str, Value | None], tuple[LeftOut, ...]]:
        """Return what of `parts` contradicts nothing in the case and in what is recorded `beside` it, and the rest."""
        todo = [part for part in parts if part]
        changes = {key: value for part in todo for key, value in part.items()}
        left: list[LeftOut] = []
        if changes and self.contradicted({**beside, **changes}):
            # What `beside` brings by itself is not theirs.
            known = {(one.id, one.answers) for one in self.contradicted(beside)}
            changes = {}
            for part in todo:
                wanted = {**changes, **part}
                found = [
                    one
                    for one in self.contradicted({**beside, **wanted})
                    if (one.id, one.answers) not in known
                ]
                if found:
                    left.append(self._left_out(next(iter(part)), found))
                else:
                    changes = wanted
        return changes, tuple(left)

    def contradicted(self, changes: Mapping[str, Value | None]) -> tuple[ContradictionFinding, ...]:
        """Return the contradictions that `changes` would bring."""
        there = {(found.id, found.answers) for found in self.recorded.contradictions}
        found = self.assessor.recorded(self.case.with_(changes), self.day).contradictions
        return tuple(f for f in found if (f.id, f.answers) not in there)

    def _left_out(self, key: str, found: Iterable[ContradictionFinding]) -> LeftOut:
        from triage.letter.words.described import describe

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

    def recorded_by_block(self, block: Block) -> frozenset[str]:
        """Return the keys that hold what the block's one key records."""
        found = set()
        for question in self.form.in_block(block.id):
            slots = self.form.slots_of(question.id)
            own = block_values(slots, question)
            for slot in slots:
                value = self.case.get(slot.key)
                marked = isinstance(value, Finding | Choice) and value.block
                # A number bears no mark; one that was typed says how it was typed.
                if marked or (value is not None and value == own.get(slot.key)):
                    found.add(slot.key)
        return frozenset(found)

    def take_back_block(self, block: Block) -> None:
        """Take back what the block's one key recorded, as one undo group; other answers stay."""
        self.set_all(dict.fromkeys(sorted(self.recorded_by_block(block))))

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
                        and not slot.is_whole
                        and slot.key not in self.case
                    }
                )

    def decide(self, rule: str, decision: Decision | None) -> None:
        """Record what the clinician decided on a suggestion; None takes it back."""
        self.set(f"{DECISION}{rule}", decision)

    def undecided(self) -> tuple[str, ...]:
        """Return the essential tests that wait for a decision."""
        return tuple(
            test.id
            for test in self.assessment.investigations
            if test.needs_decision and f"{DECISION}{test.id}" not in self.case
        )

    def accept_essential(self) -> None:
        """Accept every essential test that waits for a decision, as one step."""
        self._decide_all("accept")

    def leave_rest_out(self) -> None:
        """Leave every essential test that waits for a decision out of this letter, as one step."""
        self._decide_all("defer")

    def _decide_all(self, choice: Literal["accept", "defer"]) -> None:
        decided = {f"{DECISION}{test}": Decision(decision=choice) for test in self.undecided()}
        if decided:
            self.set_all(decided)

    def note(self, section: str, text: str, *, join: bool = False) -> None:
        """Record the free text of a section; an empty text takes it back."""
        self.set(f"{NOTE}{section}", Text(text=text) if text else None, join=join)

    def unable(self, key: str, reason: str) -> None:
        """Record that something could not be assessed, and why."""
        self.set(key, Unable(reason=reason))

    def _tell(self, edits: tuple[Edit, ...]) -> None:
        if not edits:
            return
        # First of all: whatever goes wrong below, what was recorded is kept.
        self._keep_new()
        self._assessment = None
        self._recorded = None
        self._read = None
        self._note_changed(edits)
        changed = Changed(frozenset(edit.key for edit in edits), edits, self._redated(edits))
        fault: Exception | None = None
        for listener in self._listeners:
            # One view at fault does not leave the others behind what was recorded.
            try:
                listener(changed)
            except Exception as error:
                fault = fault or error
        if fault is not None:
            raise fault

    def _keep_new(self) -> None:
        if self._keep is not None:
            self._keep()

    def _note_changed(self, edits: tuple[Edit, ...]) -> None:
        if self._since_issue is not None:
            for edit in edits:
                self._since_issue.setdefault(edit.key, edit.old)

    def _redated(self, edits: tuple[Edit, ...]) -> str:
        """Return what a step did to the day of a case in which something was recorded before."""
        first = next((edit for edit in edits if edit.key == DATE), None)
        if first is None or edits[0].n == 1:
            return ""
        old, new = full_day(first.old) or self.today, self.day
        return "" if old == new else moved_words(self.assessor, self.case, edits, old, new)


def _unblocked(value: Value | None) -> Value | None:
    """Return what an answer says, whether or not its block recorded it."""
    if isinstance(value, Finding | Choice):
        return value.model_copy(update={"block": False})
    return value


def block_values(slots: tuple[Slot, ...], question: Question) -> dict[str, Value | None]:
    """Return what a block's one key records for `question`: absent, or its own block value."""
    return dict(KINDS[question.kind].block_values(question, slots)) if question.asked else {}


def _compiled(nodes: Mapping[str, Node]) -> dict[str, Truth]:
    return {name: compile_truth(node) for name, node in nodes.items()}
