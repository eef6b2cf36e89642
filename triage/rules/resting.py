"""What rests on the answer to a question: the rules of urgency, the tests, the conditions and the plan that read it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import NamedTuple

from triage.content.load import Content
from triage.content.schema import RedFlag
from triage.expr.tree import Node
from triage.model.values import LEVELS


class Resting(NamedTuple):
    """What reads the answer to one question.

    Parameters
    ----------
    flags
        Rules of urgency, the gravest first.
    tests, conditions, options
        The names of tests, of conditions of the differential, and of options of the plan.
    safety
        Whether the urgency is provisional while it is open, in some case.
    """

    flags: tuple[RedFlag, ...]
    tests: tuple[str, ...]
    conditions: tuple[str, ...]
    options: tuple[str, ...]
    safety: bool


class RestingReader:
    """Knows what reads which question: what a rule reads is known from its condition, whatever the case.

    Parameters
    ----------
    content
        The content.
    """

    def __init__(self, content: Content) -> None:
        self._content = content

    def on(self, question: str) -> Resting:
        """Return what rests on the answer to `question`."""
        content, read = self._content, self._read
        flags = [rule.record for rule in content.red_flags if question in read[rule.record.id]]
        return Resting(
            tuple(sorted(flags, key=lambda flag: -LEVELS.index(flag.level))),
            tuple(
                rule.record.name
                for rule in content.investigations
                if question in read[rule.record.id]
            ),
            tuple(r.record.name for r in content.conditions if question in read[r.record.id]),
            tuple(r.record.name for r in content.treatments if question in read[r.record.id]),
            content.form.questions[question].safety,
        )

    @cached_property
    def _read(self) -> dict[str, frozenset[str]]:
        """The questions that each rule reads; a test also for what speaks against it."""
        content = self._content
        read = {r.record.id: self._below([r.when] if r.when else []) for r in content.red_flags}
        for test in content.investigations:
            nodes = (test.when, test.essential, *test.done, *(r.when for r in test.not_))
            read[test.record.id] = self._below(nodes)
        for condition in content.conditions:
            nodes = (condition.gate, *condition.for_, *condition.against)
            read[condition.record.id] = self._below(nodes)
        for option in content.treatments:
            against = (r.when for r in (*option.contraindicated, *option.caution))
            read[option.record.id] = self._below((option.when, *against))
        return read

    def _below(self, nodes: Iterable[Node]) -> frozenset[str]:
        return frozenset(q for node in nodes for q in self._content.questions_below(node))
