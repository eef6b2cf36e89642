"""How a conclusion's trail is told: rule, sources, and the question that a name leads to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from triage.content.load import Content
from triage.expr.tree import names
from triage.letter.words.said.line import Said, Why, few, mark_of
from triage.model.case import Case
from triage.rules.assessment import Fired, Item, Reason

_MOST_ANSWERS, _MOST_MISSING = 2, 3
# A derived fact can stand on fifty answers: three clicks are as far as anyone follows.
_MOST_TARGETS = 3


# Of the answers that a conclusion was drawn from, and of those that it waits for, how many are named with a way there.
_MOST_STEPS = 5


class Step(NamedTuple):
    """An answer, and the question to go to for it."""

    label: str
    key: str


class Told(NamedTuple):
    """Why a line says what it says, in words.

    Parameters
    ----------
    says
        The rule.
    used, more
        The answers that it was drawn from, and how many more there are.
    missing
        The answers that it waits for.
    sources, citations
        The short names of its sources, and their citations.
    """

    says: str
    used: tuple[Step, ...]
    more: int
    missing: tuple[Step, ...]
    sources: str
    citations: str


class Trail:
    """Words for the trail of conclusions.

    Parameters
    ----------
    content
        The clinical content.
    codes
        Whether rules are named by their ids.
    """

    def __init__(self, content: Content, *, codes: bool = True) -> None:
        self.content = content
        self._form = content.form
        self._codes = codes
        # The answers behind each name.
        self._ends: dict[str, list[str]] = {}
        # A rule that fired says the same from key to key; a case has at most some hundred of them.
        self.reason = lru_cache(maxsize=512)(self._reason)

    def note(self, rule: str, source: Iterable[str], *parts: str) -> str:
        """Return the small print below a conclusion: its rule and the short names of its sources."""
        shorts = ", ".join(self._shorts(source))
        # The dot stays at the end of a line.
        return "\u00a0· ".join(part for part in (*parts, self.codes(rule), shorts) if part)

    def codes(self, *rules: str) -> str:
        """Return ids of rules, each once; nothing where they are not wanted."""
        return ", ".join(dict.fromkeys(rules)) if self._codes else ""

    def tip(self, source: Iterable[str]) -> str:
        """Return the citations, one to a line, with the year where the citation does not say it."""
        found = []
        for key in source:
            if record := self.content.sources.get(key):
                year = str(record.year or "")
                said = not year or year in record.citation
                found.append(record.citation if said else f"{record.citation} ({year})")
        return "\n".join(found)

    def drawn(self, rule: str, source: Iterable[str], answers: Iterable[str]) -> str:
        """Return the small print below a conclusion, the answers that it was drawn from included."""
        used = self.labels(answers)
        return self.note(rule, source, f"from: {used}" if used else "")

    def _reason(self, reason: Fired) -> Said:
        """Return in a line that a rule fired, and why."""
        return Said(
            reason.says,
            self.drawn(reason.rule, reason.source, reason.answers),
            mark_of(reason.level),
            self.targets(reason.answers),
            self.tip(reason.source),
            strong=reason.level == "emergency",
            why=Why(reason.says, reason.answers, source=reason.source),
        )

    def told(self, why: Why, case: Case) -> Told:
        """Return in words what a conclusion rests on, with the question behind each answer."""
        # Behind what was concluded, such as the urgency, is no one question.
        used = {self._label(name): at[0] for name in why.answers if (at := self.targets([name]))}
        steps = [Step(label, key) for label, key in used.items()]
        missing = [
            Step(item.label, *self.wanted([item], case)[:1])
            for item in why.missing[:_MOST_STEPS]
            if self.wanted([item], case)
        ]
        return Told(
            why.says,
            tuple(steps[:_MOST_STEPS]),
            max(0, len(steps) - _MOST_STEPS),
            tuple(missing),
            ", ".join(self._shorts(why.source)),
            self.tip(why.source),
        )

    def labels(self, names_: Iterable[str]) -> str:
        """Return what a few answers are called."""
        return few((self._label(name) for name in names_), _MOST_ANSWERS)

    def missing(self, items: Iterable[Item], most: int = _MOST_MISSING) -> str:
        """Return what a few missing items are called."""
        return few((item.label for item in items), most)

    def targets(self, names_: Iterable[str], case: Case | None = None) -> tuple[str, ...]:
        """Return the questions to go to for some answers or facts, in order.

        For a fact that is derived from several answers these are the answers behind it; with `case` given,
        those that are still missing come first.
        """
        found: dict[str, None] = {}
        for name in names_:
            keys = self._ends.get(name)
            if keys is None:
                keys = self._ends[name] = list(self._leaves(name, set()))
            if case is not None:
                keys = sorted(keys, key=lambda key: key in case)
            found.update(dict.fromkeys(keys[:_MOST_TARGETS]))
        return tuple(found)

    def wanted(self, items: Iterable[Item], case: Case) -> tuple[str, ...]:
        """Return the questions to go to for what is missing."""
        return self.targets((item.id for item in items), case)

    def _shorts(self, source: Iterable[str]) -> Iterator[str]:
        for key in source:
            if record := self.content.sources.get(key):
                yield record.short

    def _label(self, name: str) -> str:
        if slot := self._form.slot(name):
            return slot.phrase
        question = self._form.question_of(name)
        return self.content.says.get(name, name) if question is None else question.phrase

    def _leaves(self, name: str, seen: set[str]) -> Iterator[str]:
        if name in seen:
            return
        seen.add(name)
        if self._form.slot(name) is not None:
            yield name
        elif (question := self._form.question_of(name)) is not None:
            yield question.id
        else:
            tree = self.content.findings.get(name) or self.content.numbers.get(name)
            if tree is not None:
                for part in names(tree):
                    yield from self._leaves(part, seen)


def answers_of(reasons: Sequence[Reason | Fired]) -> tuple[str, ...]:
    """Return the answers behind reasons, in order."""
    return tuple(name for reason in reasons for name in reason.answers)


def sources_of(reasons: Sequence[Reason | Fired]) -> tuple[str, ...]:
    """Return the sources of reasons, each once."""
    return tuple(dict.fromkeys(name for reason in reasons for name in reason.source))
