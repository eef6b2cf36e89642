"""How much of each section is answered, where red flags stand, and what comes next. Without Qt."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from triage.content.schema import Question
from triage.letter.words.said.trail import Trail
from triage.model.values import LEVELS, Finding, Level, Unable, Value
from triage.rules.assessment import Fired
from triage.session import Session


class Progress(NamedTuple):
    """Where a section stands.

    Parameters
    ----------
    section, title
        The section.
    done, all
        Answered steps of the core path, and all of them. Without a core: answered questions, and 0.
    flag
        The highest level of a red flag that rests on an answer of this section.
    contradictions, checks
        How many contradictions have an answer in this section, and how many of its values cannot be.
    confirm
        How many questions have an answer of the earlier visit that is to be confirmed.
    """

    section: str
    title: str
    done: int
    all: int
    flag: Level | None
    contradictions: int = 0
    checks: int = 0
    confirm: int = 0


class Step(NamedTuple):
    """One step of the core path: a block that one key answers, or a question.

    Parameters
    ----------
    name, title
        The id of the block or question, and what it is called.
    done
        Whether all of it is answered.
    place
        Where its last question stands in the form.
    """

    name: str
    title: str
    done: bool
    place: int


class Flags:
    """Which answers the red flags of a case rest on.

    Parameters
    ----------
    session
        The case.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._trail = Trail(session.content)
        self._ends: dict[str, tuple[tuple[str, Question], ...]] = {}

    def by_section(self) -> Mapping[str, Level]:
        """Return the highest level of a red flag that rests on an answer of each section."""
        case = self._session.case
        found: dict[str, Level] = {}
        for reason in self._gravest_first():
            for name in reason.answers:
                for key, question in self._behind(name):
                    if question.section not in found and key in case:
                        found[question.section] = reason.level
        return found

    def by_question(self) -> Mapping[str, Fired]:
        """Return the gravest red flag that rests on what is present in each question; not on who the patient is."""
        case, sections = self._session.case, self._session.form.sections
        found: dict[str, Fired] = {}
        for key, question, reason in self._all():
            if _is_there(case.get(key)) and sections[question.section].person != "administrative":
                found.setdefault(question.id, reason)
        return found

    def _all(self) -> Iterator[tuple[str, Question, Fired]]:
        """Yield each recorded answer that a red flag rests on, with its question; of the gravest flags first."""
        case = self._session.case
        for reason in self._gravest_first():
            for name in reason.answers:
                for key, question in self._behind(name):
                    if key in case:
                        yield key, question, reason

    def _gravest_first(self) -> list[Fired]:
        """Return the red flags of the case."""
        reasons = self._session.assessment.urgency.reasons
        flags = [reason for reason in reasons if reason.level != "routine"]
        return sorted(flags, key=lambda one: LEVELS.index(one.level), reverse=True)

    def _behind(self, name: str) -> tuple[tuple[str, Question], ...]:
        """Return the answers behind a name that rules read, each with its question."""
        if name not in self._ends:
            question_of = self._session.form.question_of
            of = ((key, question_of(key)) for key in self._trail.targets([name]))
            self._ends[name] = tuple((key, q) for key, q in of if q is not None)
        return self._ends[name]


def _is_there(value: Value | None) -> bool:
    return value.present if isinstance(value, Finding) else not isinstance(value, Unable | None)


class Path:
    """The core path through the form: single questions, and blocks that one key answers.

    Parameters
    ----------
    session
        The case.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._form = session.form
        self._flags = Flags(session)
        # The contradictions by question, and how many of them each section has.
        self._counted: tuple[object, Counter[str]] = None, Counter()
        order = (q.id for section in self._form.sections for q in self._form.in_section(section))
        self._place = {name: at for at, name in enumerate(order)}
        self._steps = {section: tuple(self._steps_of(section)) for section in self._form.sections}

    def _steps_of(self, section: str) -> Iterator[tuple[Question, ...]]:
        blocks: set[str] = set()
        for question in self._form.in_section(section):
            block = self._form.blocks.get(question.block)
            if block is not None and block.core:
                if block.id not in blocks:
                    blocks.add(block.id)
                    yield self._form.in_block(block.id)
            elif question.core:
                yield (question,)

    def progress(self) -> tuple[Progress, ...]:
        """Return where every section stands, in order."""
        session, form = self._session, self._form
        flags = self._flags.by_section()
        contradictions = self._contradictions()
        asked = (form.question_of(check.answers[0]) for check in session.recorded.to_check)
        checks = Counter(question.section for question in asked if question is not None)
        confirm = Counter(form.questions[name].section for name in session.to_confirm)
        found: list[Progress] = []
        for section, described in form.sections.items():
            steps = list(self._steps_now(section))
            done = sum(step.done for step in steps)
            if not steps:
                done = sum(map(session.is_answered, form.in_section(section)))
            found.append(
                Progress(
                    section,
                    described.title,
                    done,
                    len(steps),
                    flags.get(section),
                    contradictions[section],
                    checks[section],
                    confirm[section],
                )
            )
        return tuple(found)

    def _contradictions(self) -> Counter[str]:
        """Return how many contradictions have an answer in each section."""
        contradicting = self._session.contradicting
        if self._counted[0] is not contradicting:
            # Each once, in however many answers of a section it has a part.
            apart = {
                (self._form.questions[name].section, id(one))
                for name, found in contradicting.items()
                for one in found
            }
            self._counted = contradicting, Counter(section for section, _ in apart)
        return self._counted[1]

    def waiting(self) -> tuple[Question, ...]:
        """Return the first question of each open step of the core path on which no safety rests."""
        form = self._form
        steps = (
            form.in_block(step.name) if step.name in form.blocks else (form.questions[step.name],)
            for step in self.open_steps()
        )
        return tuple(step[0] for step in steps if not any(question.safety for question in step))

    def open_in(self, section: str) -> Iterator[Step]:
        """Yield each step of the core path in a section that is not done."""
        return (step for step in self._steps_now(section) if not step.done)

    def _steps_now(self, section: str) -> Iterator[Step]:
        """Yield each step that makes sense now."""
        session = self._session
        for step in self._steps[section]:
            block = self._form.blocks.get(step[0].block)
            is_block = block is not None and block.core
            if block is not None and is_block:
                if not session.is_block_in_sight(block):
                    continue
            elif not session.is_unfolded(step[0]):
                continue
            asked = [question for question in step if session.is_shown(question)]
            if not asked:
                continue
            done = all(map(session.is_complete, asked))
            last = self._place[step[-1].id]
            if block is not None and is_block:
                yield Step(block.id, block.title, done, last)
            else:
                yield self._step(asked[0], done=done)

    def next_open(self, focused: str) -> Step | None:
        """Return the first open step after the question or block `focused`; None beyond the last one.

        Who is inside a block has opened it, and goes through it question by question.
        """
        at = self._place.get(focused, -1)
        here = self._form.question_of(focused)
        block = self._form.blocks.get(here.block if here is not None else focused)
        if here is not None:
            at = self._place[here.id]
        if block is not None and (here is None or block.core):
            members = self._form.in_block(block.id)
            if here is not None:
                later = (question for question in members if self._place[question.id] > at)
                if inside := next(filter(self._is_open, later), None):
                    return self._step(inside)
            at = self._place[members[-1].id]
        return next((step for step in self.open_steps() if step.place > at), None)

    def _is_open(self, question: Question) -> bool:
        return self._session.is_shown(question) and not self._session.is_complete(question)

    def _step(self, question: Question, *, done: bool = False) -> Step:
        place = self._place[question.id]
        return Step(question.id, question.label.rstrip("?"), done, place)

    def open_steps(self) -> tuple[Step, ...]:
        """Return all steps that are open, in order."""
        return tuple(step for section in self._form.sections for step in self.open_in(section))
