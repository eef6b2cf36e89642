"""What a condition can come to at all: for the linter, which looks for rules that never fire, or always.

Each answer that a condition reads takes one of a few values that matter to it: true, false or unknown; one of
its options; a number at a limit or on one side of it. The search tries them one answer after the other, and
gives up a branch as soon as the values so far rule out what is looked for. Named findings count as answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import combinations
from typing import TypeGuard

from triage.expr.interval import Interval, point
from triage.expr.tree import (
    Amount,
    And,
    AtLeast,
    Compare,
    Count,
    Fact,
    Known,
    Leads,
    Maybe,
    Node,
    Not,
    Number,
    Option,
    Or,
    Outcome,
    Reported,
    Split,
    Support,
    Surely,
    Taken,
    TimesEarlier,
    TimesUpper,
    names,
    walk,
)

# Outcomes as a set, so that a condition over open answers has several.
FALSE, TRUE, UNKNOWN = 1, 2, 4
_BIT: Mapping[bool | None, int] = {False: FALSE, True: TRUE, None: UNKNOWN}
_ANY = FALSE | TRUE | UNKNOWN
# A search that is longer than this has found nothing wrong.
_LONGEST = 4000
# Above this many options of a result only one at a time is tried, and all of them.
_TOGETHER = 4

_Leaf = Fact | Known | Option | Outcome | Reported | Compare | Support | Leads


def idle_parts(node: Node) -> Iterator[tuple[Node, bool]]:
    """Yield each part of a condition that only ever comes out one way, innermost first, and which way.

    A part whose answers all differ, and whose counts can be reached, is free; so only the others are tried.
    """
    for part in reversed([*walk(node)]):
        if isinstance(part, Number) or not _is_tried(part):
            continue
        if not can_be(part, True):
            yield part, False
        elif not can_be(part, False) and not _only_asks(part):
            yield part, True


def _is_tried(part: Node) -> bool:
    if isinstance(part, Option | AtLeast | Compare):
        return True
    if isinstance(part, And | Or | Split):
        read = list(names(part))
        return len(set(read)) < len(read)
    return False


def _only_asks(part: Node) -> bool:
    """Whether `part` is undecided until it is true, as known() of a list is."""
    asks = any(isinstance(item, Known) for item in walk(part))
    return asks and _Search(part).finds(UNKNOWN, {})


def can_be(node: Node, wanted: bool) -> bool:
    """Whether some answers make `node` come out as `wanted`; also true where that would take long to find out."""
    return _Search(node).finds(_BIT[wanted], {})


class _Search:
    def __init__(self, node: Node) -> None:
        self._node = node
        self._values = _values(node)
        self._open = {id(leaf): self._leaf(leaf, {}) for leaf in walk(node) if _is_leaf(leaf)}
        self._steps = 0

    def finds(self, wanted: int, chosen: dict[str, object]) -> bool:
        """Whether answers that go on from `chosen` give the outcome `wanted`; true after too long a search."""
        self._steps += 1
        if self._steps > _LONGEST:
            return True
        outcomes = self._outcomes(self._node, chosen)
        if not outcomes & wanted:
            return False
        if outcomes == wanted:
            return True
        name = next((name for name in self._values if name not in chosen), None)
        if name is None:
            # A result given as a word may lie on either side of a limit.
            return True
        values = self._values[name]
        for value in values if wanted == TRUE else (*values[-2::-1], None):
            chosen[name] = value
            if self.finds(wanted, chosen):
                return True
        del chosen[name]
        return False

    def _outcomes(self, node: Node, chosen: Mapping[str, object]) -> int:
        """Return every outcome that `node` may still have."""
        match node:
            case Not(item):
                return _opposite(self._outcomes(item, chosen))
            case And(items):
                return _all([self._outcomes(item, chosen) for item in items])
            case Or(items):
                below = [_opposite(self._outcomes(item, chosen)) for item in items]
                return _opposite(_all(below))
            case AtLeast(n, items):
                return self._count(items, ">=", Decimal(n), chosen)
            case Compare(number=Count(items), op=op, limit=limit):
                return self._count(items, op, limit, chosen)
            case Maybe(item):
                got = self._outcomes(item, chosen)
                return (got & FALSE) | (TRUE if got & (TRUE | UNKNOWN) else 0)
            case Surely(item):
                got = self._outcomes(item, chosen)
                return (got & TRUE) | (FALSE if got & (FALSE | UNKNOWN) else 0)
            case Split(true_when, false_when):
                sure = self._outcomes(true_when, chosen)
                if not sure & (FALSE | UNKNOWN):
                    return TRUE
                against = self._outcomes(false_when, chosen)
                rest = (FALSE if against & TRUE else 0) | (UNKNOWN if against & ~TRUE else 0)
                return (sure & TRUE) | rest
        if _name(node) not in chosen and not (isinstance(node, Option) and node.also in chosen):
            return self._open[id(node)]
        return self._leaf(node, chosen)

    def _count(
        self, items: tuple[Node, ...], op: str, limit: Decimal, chosen: Mapping[str, object]
    ) -> int:
        below = [self._outcomes(item, chosen) for item in items]
        least = sum(got == TRUE for got in below)
        most = sum(bool(got & TRUE) for got in below)
        least_in_all = sum(not got & FALSE for got in below)
        most_in_all = sum(got != FALSE for got in below)
        found = 0
        for sure in range(least, most + 1):
            for in_all in range(max(sure, least_in_all), most_in_all + 1):
                span = Interval(Decimal(sure), Decimal(in_all))
                found |= _BIT[span.compare(op, limit)]
        return found

    def _leaf(self, node: _Leaf, chosen: Mapping[str, object]) -> int:
        found = 0
        for value in _open(_name(node), chosen, self._values):
            if isinstance(node, Option) and node.also:
                for other in _open(node.also, chosen, self._values):
                    found |= _BIT[_either(node, value, other)]
            else:
                found |= _outcome(node, value)
        return found


def _open(
    name: str, chosen: Mapping[str, object], values: Mapping[str, tuple[object, ...]]
) -> tuple[object, ...]:
    return (chosen[name],) if name in chosen else values[name]


def _opposite(outcomes: int) -> int:
    swapped = (TRUE if outcomes & FALSE else 0) | (FALSE if outcomes & TRUE else 0)
    return swapped | (outcomes & UNKNOWN)


def _all(below: list[int]) -> int:
    """Return the outcomes of *and* over items with these outcomes."""
    found = FALSE if any(got & FALSE for got in below) else 0
    if all(got & TRUE for got in below):
        found |= TRUE
    if all(got & (TRUE | UNKNOWN) for got in below) and any(got & UNKNOWN for got in below):
        found |= UNKNOWN
    return found


# -- answers, and what they mean to a leaf --------------------------------------------------------


def _is_leaf(node: Node | Number) -> TypeGuard[_Leaf]:
    return isinstance(node, _Leaf) and not (
        isinstance(node, Compare) and isinstance(node.number, Count)
    )


def _name(node: _Leaf) -> str:
    """Return the answer that a leaf reads; a result and its ratios are several, as are support and lead."""
    if isinstance(node, Compare):
        return _number_name(node.number)
    if isinstance(node, Leads):
        return f"{node.id}#leads"
    return node.id


def _number_name(number: Number) -> str:
    match number:
        case Amount(id=name):
            return name
        case TimesUpper(id=name):
            return f"{name}#ratio"
        case TimesEarlier(id=name):
            return f"{name}#earlier"
        case Taken(id=name, when=when):
            return f"{name}#{when}"
        case Count():
            return ""


def _values(node: Node) -> dict[str, tuple[object, ...]]:
    """Return, for each answer that `node` reads, the values that matter to it; unknown is the last of them."""
    leaves: dict[str, list[_Leaf]] = {}
    for item in walk(node):
        if _is_leaf(item):
            leaves.setdefault(_name(item), []).append(item)
            if isinstance(item, Option) and item.also:
                leaves.setdefault(item.also, []).append(item)
    return {name: (*_told(here), None) for name, here in leaves.items()}


def _told(leaves: Sequence[_Leaf]) -> Iterator[object]:
    match leaves[0]:
        case Option():
            yield from dict.fromkeys(
                option for leaf in leaves if isinstance(leaf, Option) for option in leaf.table
            )
        case Outcome():
            named = sorted(
                {o for leaf in leaves if isinstance(leaf, Outcome) for o in leaf.options}
            )
            sizes: Iterable[int] = range(len(named) + 1)
            if len(named) > _TOGETHER:
                sizes = (0, 1, len(named))
            for size in sizes:
                yield from (frozenset(some) for some in combinations(named, size))
        case Compare() | Reported():
            limits = sorted({leaf.limit for leaf in leaves if isinstance(leaf, Compare)})
            yield from _points(limits)
            yield from sorted(
                {w for leaf in leaves if isinstance(leaf, Reported) for w in leaf.words}
            )
        case Support():
            yield from sorted({leaf.score for leaf in leaves if isinstance(leaf, Support)})[::-1]
            yield 0
        case Fact() | Leads():
            yield from (True, False)
        case Known():
            others = [leaf for leaf in leaves if not isinstance(leaf, Known)]
            yield from _told(others) if others else (True,)


def _points(limits: list[Decimal]) -> Iterator[Decimal]:
    """Yield a number at each limit, below and above all of them, and between any two."""
    if not limits:
        yield Decimal(1)
        return
    yield limits[0] - 1
    for here, after in zip(limits, [*limits[1:], limits[-1] + 2], strict=True):
        yield here
        yield (here + after) / 2


def _outcome(node: _Leaf, value: object) -> int:
    if isinstance(node, Known):
        return _BIT[value is not None]
    if value is None:
        return FALSE if isinstance(node, Option) and node.beside else UNKNOWN
    match node:
        case Fact() | Leads():
            return _BIT[value is True]
        case Support(score=score):
            return _BIT[isinstance(value, int) and value >= score]
        case Option(table=table):
            return _BIT[table.get(str(value))]
        case Outcome(options=options):
            assert isinstance(value, frozenset)
            return _BIT[not options.isdisjoint(value)]
        case Reported(words=words):
            return _BIT[value in words]
        case Compare(op=op, limit=limit):
            # A result given as a word lies on either side, as far as is known here.
            return _BIT[point(value).compare(op, limit)] if isinstance(value, Decimal) else _ANY


def _either(node: Option, value: object, other: object) -> bool | None:
    """Return whether either of two choices that are read together is one of the wanted options."""
    wanted = [node.table.get(str(got)) for got in (value, other) if got is not None]
    if node.says.startswith("!="):
        hit = all(wanted)
        return (hit if value is not None else None) if hit else False
    if any(wanted):
        return True
    return None if value is None else False
