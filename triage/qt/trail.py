"""How a conclusion's trail is shown: rule, sources, and the question that a name leads to. Without Qt."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from triage.content.load import Content
from triage.expr.tree import names
from triage.model.case import Case
from triage.rules.assessment import Fired, Item, Reason


class Trail:
    """Words for the trail of conclusions.

    Parameters
    ----------
    content
        The clinical content.
    """

    def __init__(self, content: Content) -> None:
        self._content = content
        self._form = content.form

    def note(self, rule: str, source: Iterable[str], *parts: str) -> str:
        """Return the small print below a conclusion: its rule and the short names of its sources."""
        shorts = ", ".join(self._shorts(source))
        # The dot stays at the end of a line.
        return "\u00a0· ".join(part for part in (*parts, rule, shorts) if part)

    def tip(self, source: Iterable[str]) -> str:
        """Return the citations, one to a line, with the year where the citation does not say it."""
        found = []
        for key in source:
            if record := self._content.sources.get(key):
                year = str(record.year or "")
                said = not year or year in record.citation
                found.append(record.citation if said else f"{record.citation} ({year})")
        return "\n".join(found)

    def reason_note(self, reason: Reason | Fired) -> str:
        """Return the small print below a reason, the answers that it was drawn from included."""
        used = self.labels(reason.answers)
        return self.note(reason.rule, reason.source, f"from: {used}" if used else "")

    def labels(self, names_: Iterable[str], most: int = 2) -> str:
        """Return what a few answers are called."""
        found = list(dict.fromkeys(self._label(name) for name in names_))
        more = f" and {len(found) - most} more" if len(found) > most else ""
        return ", ".join(found[:most]) + more

    def missing(self, items: Iterable[Item], most: int = 3) -> str:
        """Return what a few missing items are called."""
        found = list(dict.fromkeys(item.label for item in items))
        more = f" and {len(found) - most} more" if len(found) > most else ""
        return ", ".join(found[:most]) + more

    def targets(self, names_: Iterable[str], case: Case | None = None) -> tuple[str, ...]:
        """Return the questions to go to for some answers or facts, in order.

        For a fact that is derived from several answers these are the answers behind it; with `case` given,
        those that are still missing come first.
        """
        found: dict[str, None] = {}
        for name in names_:
            keys = list(self._leaves(name, set()))
            if case is not None:
                keys.sort(key=lambda key: key in case)
            # A derived fact can stand on fifty answers: three clicks are as far as anyone follows.
            found.update(dict.fromkeys(keys[:3]))
        return tuple(found)

    def _shorts(self, source: Iterable[str]) -> Iterator[str]:
        for key in source:
            if record := self._content.sources.get(key):
                yield record.short

    def _label(self, name: str) -> str:
        if slot := self._form.slot(name):
            return slot.phrase
        question = self._form.question_of(name)
        return self._content.says.get(name, name) if question is None else question.phrase

    def _leaves(self, name: str, seen: set[str]) -> Iterator[str]:
        if name in seen:
            return
        seen.add(name)
        if self._form.slot(name) is not None:
            yield name
        elif (question := self._form.question_of(name)) is not None:
            yield question.id
        else:
            tree = self._content.findings.get(name) or self._content.numbers.get(name)
            if tree is not None:
                for part in names(tree):
                    yield from self._leaves(part, seen)
