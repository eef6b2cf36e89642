"""The typed tree of a condition.

Evaluator, explanation and linter walk the same tree. Groups are spelled out by the parser, so no node
stands for several names.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Fact:
    """A truth by name: a recorded finding or a named finding."""

    id: str


@dataclass(frozen=True, slots=True)
class Known:
    """Whether an answer was recorded; never "cannot say"."""

    id: str


@dataclass(frozen=True, slots=True)
class Option:
    """Whether a choice is one of some options, or a grade lies on one side of a limit.

    `table` maps every option to the outcome; an option between two grades may map to None. `beside` the sides
    of a sign, what was found without a side speaks where it was recorded, and is false where it was not.
    """

    id: str
    table: Mapping[str, bool | None]
    also: str
    says: str
    beside: bool = False

    def __hash__(self) -> int:
        return hash((self.id, self.says))


@dataclass(frozen=True, slots=True)
class Outcome:
    """Whether a result of the newest date is one of some options."""

    id: str
    options: frozenset[str]


@dataclass(frozen=True, slots=True)
class Reported:
    """Whether a result was reported as one of some words; False if it is a number or another word."""

    id: str
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class Amount:
    """A recorded number by name, or a named number."""

    id: str


@dataclass(frozen=True, slots=True)
class TimesUpper:
    """A result divided by the laboratory's upper limit."""

    id: str


@dataclass(frozen=True, slots=True)
class TimesEarlier:
    """A result divided by the one before it."""

    id: str


@dataclass(frozen=True, slots=True)
class Taken:
    """The newest result that was taken so: during an attack, between attacks, on treatment."""

    id: str
    when: str


@dataclass(frozen=True, slots=True)
class Count:
    """How many of the items are true, as an interval."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Compare:
    """A number against a limit: ``<``, ``<=``, ``>``, ``>=``, ``==`` or ``!=``."""

    number: Number
    op: str
    limit: Decimal
    says: str


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite; of "cannot say", "cannot say"."""

    item: Node


@dataclass(frozen=True, slots=True)
class And:
    """All items (strong Kleene)."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Any item (strong Kleene)."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class AtLeast:
    """At least `n` of the items."""

    n: int
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Maybe:
    """True unless the item is false."""

    item: Node


@dataclass(frozen=True, slots=True)
class Surely:
    """True only if the item is true."""

    item: Node


@dataclass(frozen=True, slots=True)
class Split:
    """A truth with one condition for true and another for false; else "cannot say"."""

    true_when: Node
    false_when: Node


@dataclass(frozen=True, slots=True)
class Support:
    """Whether a condition of the differential reaches `score` points."""

    id: str
    score: int


@dataclass(frozen=True, slots=True)
class Leads:
    """Whether a condition of the differential is possible, and none is better supported by more than a little."""

    id: str


Number = Amount | TimesUpper | TimesEarlier | Taken | Count
Node = (
    Fact
    | Known
    | Option
    | Outcome
    | Reported
    | Compare
    | Not
    | And
    | Or
    | AtLeast
    | Maybe
    | Surely
    | Split
    | Support
    | Leads
)


def children(node: Node | Number) -> tuple[Node | Number, ...]:
    """Return the nodes directly below `node`."""
    match node:
        case Not(item) | Maybe(item) | Surely(item):
            return (item,)
        case And(items) | Or(items) | Count(items):
            return items
        case AtLeast(_, items):
            return items
        case Compare(number=number):
            return (number,)
        case Split(true_when, false_when):
            return (true_when, false_when)
    return ()


def walk(node: Node | Number) -> Iterator[Node | Number]:
    """Yield `node` and everything below it."""
    yield node
    for child in children(node):
        yield from walk(child)


def names(node: Node | Number) -> Iterator[str]:
    """Yield every name that the tree reads, conditions included."""
    for item in walk(node):
        # What has an id is read by it.
        if name := getattr(item, "id", ""):
            yield name
        if isinstance(item, Option) and item.also:
            yield item.also
