"""The content as the linter looks at it: what its conditions, letters and lists speak of."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property

from pydantic import BaseModel

from triage.content.form import AGE, BORN, DATE, PROFILE, SEX, Form
from triage.content.load import Content, Rule
from triage.content.schema import AnswerWords, Named
from triage.expr.tree import Node, Number, Option, Outcome, children, names, walk

_NAME = re.compile(r"[A-Za-z_]\w*(?:\.\w+)*")
# Where rules stand, if not in a file of their own name.
_FILES = {
    "red_flags": "urgency.toml",
    "star_sets": "urgency.toml",
    "advice_against": "investigations.toml",
    "protocols": "investigations.toml",
    "safety": "investigations.toml",
    "treatments": "plan.toml",
    "team": "plan.toml",
    "safety_net": "plan.toml",
}
# The keys of a record in which ids stand.
_CONDITIONS = (
    "when",
    "essential",
    "gate",
    "true_when",
    "false_when",
    "is_",
    "show_when",
    "unfold_when",
)
_LISTS = ("members", "items", "done_by", "alarms", "must", "helpful", "sides", "answers")
_SPEAKING = frozenset((*_CONDITIONS, *_LISTS))


@dataclass(frozen=True)
class Spoken:
    """One condition or number that an author wrote, and where."""

    file: str
    record: str
    node: Node | Number


@dataclass
class Book:
    """The content as the checks look at it.

    Parameters
    ----------
    content
        The content.
    letters
        The ids of the letters.
    released
        By version, what conditions read when it was released.
    answers
        By question, option or row, how letters tell of it; empty where a form has no words of its own.
    """

    content: Content
    letters: Collection[str]
    released: Mapping[str, frozenset[str]] = field(default_factory=dict)
    answers: Mapping[str, AnswerWords] = field(default_factory=dict)

    @property
    def form(self) -> Form:
        """The form."""
        return self.content.form

    @cached_property
    def spoken(self) -> tuple[Spoken, ...]:
        """Every condition and number."""
        return tuple(_spoken(self.content))

    @cached_property
    def read(self) -> frozenset[str]:
        """Every name that a condition, a safety set or a test reads."""
        trees = [spoken.node for spoken in self.spoken]
        trees += self.content.star_items.values()
        trees += [node for rule in self.content.investigations for node in rule.done]
        return frozenset(name for tree in trees for name in names(tree))

    @cached_property
    def questions_read(self) -> frozenset[str]:
        """Every question that any of these, a recipient or the program reads; a letter prints what nobody weighs."""
        found = {AGE, BORN, DATE, PROFILE, SEX}
        for name in (*self.read, *(n for r in self.content.recipients.values() for n in r.asks)):
            if question := self.form.question_of(name):
                found.add(question.id)
        found |= {
            q.id for q in self.form.questions.values() if any(column.ticks for column in q.columns)
        }
        return frozenset(found)

    @cached_property
    def rules(self) -> tuple[tuple[str, Named], ...]:
        """Every rule with its file, whatever kind of rule it is."""
        return tuple(
            (_FILES.get(part.name, f"{part.name}.toml"), rule.record)
            for part in fields(self.content)
            if isinstance(rules := getattr(self.content, part.name), tuple)
            for rule in rules
            if not isinstance(rule, str)
        )

    @cached_property
    def mentioned(self) -> frozenset[str]:
        """Every name that stands where ids can stand."""
        content = self.content
        rules = (record for _, record in self.rules)
        records = (content.form.file, content.named, *rules, *content.recipients.values())
        texts = (text for record in records for text in _texts(record))
        return frozenset(name for text in texts for name in _NAME.findall(text))

    @cached_property
    def cited(self) -> frozenset[str]:
        """Every source that a question, a rule or the list of medicines cites; codes cite their terminology."""
        questions = self.form.questions.values()
        found = {name for q in questions for name in (*q.source, *q.codes.model_fields_set)}
        found |= {name for _, record in self.rules for name in getattr(record, "source", ())}
        returned = (entry for r in self.content.recipients.values() for entry in r.returned)
        found |= {name for entry in returned for name in entry.source}
        return frozenset((*found, *self.content.medicines.source))


def _spoken(content: Content) -> Iterator[Spoken]:
    for conditions in (content.show, content.unfold):
        for name, node in conditions.items():
            yield Spoken("form.toml", name, node)
    for name, entries in content.implied.items():
        for _, node in entries:
            yield Spoken("form.toml", name, node)
    for name, node in content.findings.items():
        yield Spoken("findings.toml", name, node)
    for name, number in content.numbers.items():
        yield Spoken("findings.toml", name, number)
    for part in fields(content):
        rules = getattr(content, part.name)
        for rule in rules if isinstance(rules, tuple) else ():
            if isinstance(rule, Rule) and rule.when is not None:
                file = _FILES.get(part.name, f"{part.name}.toml")
                yield Spoken(file, rule.record.id, rule.when)
    for c in content.conditions:
        for node in (c.gate, *c.for_, *c.against):
            yield Spoken("conditions.toml", c.record.id, node)
    for t in content.investigations:
        for node in (t.when, t.essential, *(reason.when for reason in (*t.not_, *t.caution))):
            yield Spoken("investigations.toml", t.record.id, node)
    for s in content.services:
        for ground in s.reasons:
            yield Spoken("services.toml", s.record.id, ground.when)
    for name, to in content.preflight.items():
        for node in to.returned:
            yield Spoken(f"recipients/{name}.toml", "returned", node)
    for o in content.treatments:
        for node in (o.when, *(reason.when for reason in (*o.contraindicated, *o.caution))):
            yield Spoken("plan.toml", o.record.id, node)


def answers_read(book: Book) -> frozenset[str]:
    """Return what conditions read of the form: questions, rows and options, without sides."""
    found: set[str] = set()
    trees = [*(s.node for s in book.spoken), *book.content.star_items.values()]
    for tree in trees:
        for node in walk(tree):
            options: Iterable[str] = ()
            if isinstance(node, Option) and not node.says.startswith(("<", ">")):
                options = [
                    o for o, truth in node.table.items() if truth is not node.says.startswith("!=")
                ]
            elif isinstance(node, Outcome):
                options = node.options
            for name in names(node) if not children(node) else ():
                question = book.form.question_of(name)
                if question is None:
                    continue
                slot = book.form.slot(name)
                base = (
                    name.removesuffix(f".{slot.side}") if slot is not None and slot.side else name
                )
                found.add(base)
                if question.kind in ("choice", "result"):
                    parts = {f"{question.id}.{option}" for option in options}
                    found |= parts & book.form.parts
    return frozenset(found)


def named_alone(node: Node) -> Iterator[str]:
    """Yield the names that a condition reads, without the second choices that are read with a first one."""
    for leaf in walk(node):
        if not children(leaf):
            yield next(names(leaf))


def _texts(record: BaseModel) -> Iterator[str]:
    for key, value in record:
        for item in value if isinstance(value, tuple) else (value,):
            if isinstance(item, BaseModel):
                yield from _texts(item)
            elif isinstance(item, str) and key in _SPEAKING:
                yield item
