"""How much of each section is answered, where red flags stand, and what comes next. Without Qt."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from triage.content.schema import Question
from triage.letter.words.said.trail import Trail
from triage.model.values import LEVELS, Level
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
    """

    section: str
    title: str
    done: int
    all: int
    flag: Level | None
    contradictions: int = 0
    checks: int = 0


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
        self._trail = Trail(session.content)
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
        flags = self._flags()
        assessment = self._session.assessment
        contradictions = self._count(found.answers for found in assessment.contradictions)
        checks = self._count(check.answers for check in assessment.to_check)
        return tuple(
            self._progress(section, flags.get(section))._replace(
                contradictions=contradictions[section],
                checks=checks[section],
            )
            for section in self._form.sections
        )

    def _count(self, found: Iterable[tuple[str, ...]]) -> Counter[str]:
        """Return by section how many of `found` have an answer there."""
        count: Counter[str] = Counter()
        for keys in found:
            count.update({q.section for k in keys if (q := self._form.question_of(k)) is not None})
        return count

    def _progress(self, section: str, flag: Level | None) -> Progress:
        steps = list(self._open_steps(section))
        title = self._form.sections[section].title
        if not steps:
            answered = sum(map(self._session.is_answered, self._form.in_section(section)))
            return Progress(section, title, answered, 0, flag)
        return Progress(section, title, sum(done for done, _ in steps), len(steps), flag)

    def waiting(self) -> tuple[Question, ...]:
        """Return the open questions of the core path on which no safety rests."""
        order = (q for section in self._form.sections for q in self.open_in(section))
        return tuple(question for question in order if not question.safety)

    def open_in(self, section: str) -> Iterator[Question]:
        """Yield the first open question of each step of the core path that is not done in a section."""
        return (question for done, question in self._open_steps(section) if not done)

    def _open_steps(self, section: str) -> Iterator[tuple[bool, Question]]:
        """Yield, for each step that makes sense now, whether it is done and its first open question."""
        session = self._session
        for step in self._steps[section]:
            block = self._form.blocks.get(step[0].block)
            if block is not None and block.core:
                if not session.is_block_in_sight(block):
                    continue
            elif not session.is_unfolded(step[0]):
                continue
            asked = [question for question in step if session.is_shown(question)]
            missing = [question for question in asked if not session.is_complete(question)]
            if asked:
                yield not missing, (missing or asked)[0]

    def _flags(self) -> Mapping[str, Level]:
        found: dict[str, Level] = {}
        for reason in self._session.assessment.urgency.reasons:
            if reason.level == "routine":
                continue
            for key in self._trail.targets(reason.answers):
                question = self._form.question_of(key)
                if question is None or key not in self._session.case:
                    continue
                other = found.get(question.section, "routine")
                found[question.section] = max(other, reason.level, key=LEVELS.index)
        return found

    def next_open(self, focused: str) -> str | None:
        """Return the first open question of the core path after `focused`, going round once."""
        order = [q for section in self._form.sections for q in self.open_in(section)]
        if not order:
            return None
        place = {question: at for at, question in enumerate(self._form.questions)}
        here = self._form.question_of(focused)
        at = place[here.id] if here is not None else -1
        later = [question for question in order if place[question.id] > at]
        return (later or order)[0].id
