"""Why a condition came out as it did: the answers that were used, and those that are missing.

The same tree is walked as for evaluation. Named findings are opened up, so that every trail ends at answers
that a person gave or can give.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from triage.expr.evaluate import Facts, Known3, Truth, compile_truth, reported_key, support_key
from triage.expr.tree import (
    Amount,
    And,
    AtLeast,
    Compare,
    Count,
    Fact,
    Known,
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
    TimesUpper,
    walk,
)

# What an undecided condition could still become, as a set of outcomes.
_FALSE, _TRUE, _UNKNOWN = 1, 2, 4
_OF = {False: _FALSE, True: _TRUE, None: _UNKNOWN}


class Explainer:
    """Walks trees for their trails.

    Parameters
    ----------
    findings
        The definition of every named finding.
    numbers
        The definition of every named number.
    supports
        The gate of every condition of the differential, then its items in favour and against.
    """

    def __init__(
        self,
        findings: Mapping[str, Node],
        numbers: Mapping[str, Number],
        supports: Mapping[str, tuple[Node, ...]],
    ) -> None:
        self._findings = findings
        self._numbers = numbers
        self._supports = supports
        self._truths: dict[int, tuple[Node, Truth]] = {}
        self._leaves: dict[str, tuple[str, ...]] = {}

    def value(self, node: Node, facts: Facts) -> Known3:
        """Return the truth of `node`."""
        held = self._truths.get(id(node))
        if held is None:
            # The node is held with its function: an id is only unique while its object lives.
            held = self._truths[id(node)] = (node, compile_truth(node))
        return held[1](facts)

    def used(self, node: Node | Number, facts: Facts) -> dict[str, None]:
        """Return the answers that decided `node`, in the order in which they stand in it."""
        found: dict[str, None] = {}
        self._use(node, facts, found)
        return found

    def missing(self, node: Node | Number, facts: Facts) -> dict[str, None]:
        """Return the answers without which `node` cannot be decided, in order."""
        found: dict[str, None] = {}
        self._miss(node, facts, found)
        return found

    def clues(self, node: Node, facts: Facts) -> dict[str, None]:
        """Return the positive answers inside the branches of `node` that cannot be decided."""
        found: dict[str, None] = {}
        self._clue(node, facts, found)
        return found

    def has_open_word(self, node: Node, facts: Facts) -> bool:
        """Whether a result given as a word leaves a limit inside an undecided branch open."""
        if self.value(node, facts) is not None:
            return False
        match node:
            case Compare(number=Amount(id=name)) if name not in self._numbers:
                return bool(facts.get(reported_key(name)))
            case Compare(number=number):
                opened = self._open_number(number)
                return isinstance(opened, TimesUpper) and bool(facts.get(reported_key(opened.id)))
        return any(self.has_open_word(child, facts) for child in self._below(node))

    def could_be_true(self, node: Node, facts: Facts, free: set[str], memo: dict[str, int]) -> bool:
        """Whether `node` could come out true if only the missing answers in `free` were given."""
        return bool(self._outcomes(node, facts, free, memo) & _TRUE)

    def answers_of(self, name: str) -> tuple[str, ...]:
        """Return all answers that a name rests on; an answer rests on itself."""
        if name not in self._leaves:
            self._leaves[name] = tuple(dict.fromkeys(self._rests_on(name, ())))
        return self._leaves[name]

    def leaves(self, node: Node) -> Iterator[str]:
        """Yield all answers that `node` rests on."""
        for name in _names(node):
            yield from self.answers_of(name)

    def _rests_on(self, name: str, path: tuple[str, ...]) -> Iterator[str]:
        node = self._findings.get(name) or self._numbers.get(name)
        if node is None or name in path:
            yield name
            return
        for leaf in _names(node):
            yield from self._rests_on(leaf, (*path, name))

    # -- used -----------------------------------------------------------------------------------

    def _use(self, node: Node | Number, facts: Facts, found: dict[str, None]) -> None:
        match node:
            case And(items) | Or(items):
                deciding = isinstance(node, Or)
                chosen = [item for item in items if self.value(item, facts) is deciding]
                for item in chosen or items:
                    self._use(item, facts, found)
            case Count(items) | AtLeast(_, items):
                hits = [item for item in items if self.value(item, facts)]
                for item in hits or items:
                    self._use(item, facts, found)
            case Not(item) | Maybe(item) | Surely(item):
                self._use(item, facts, found)
            case Split(true_when, false_when):
                side = true_when if self.value(node, facts) else false_when
                self._use(side, facts, found)
            case Compare(number=number):
                self._use(number, facts, found)
            case Support(id=name):
                for item in self._supports[name]:
                    if self.value(item, facts):
                        self._use(item, facts, found)
            case Fact(id=name) | Amount(id=name):
                inner = self._findings.get(name) or self._numbers.get(name)
                if inner is not None:
                    self._use(inner, facts, found)
                elif facts.get(name) is not None:
                    found[name] = None
            case _:
                for name in _names(node):
                    if facts.get(name) is not None:
                        found[name] = None

    # -- missing --------------------------------------------------------------------------------

    def _miss(self, node: Node | Number, facts: Facts, found: dict[str, None]) -> None:
        match node:
            case Fact(id=name) | Amount(id=name):
                inner = self._findings.get(name)
                if inner is not None:
                    if facts.get(name) is None:
                        self._miss(inner, facts, found)
                elif name in self._numbers:
                    self._miss(self._numbers[name], facts, found)
                elif not isinstance(facts.get(name), bool):
                    # Not known, or a number that is only known to lie somewhere.
                    found[name] = None
            case Known(id=name):
                if facts.get(name) is None:
                    found[name] = None
            case Option(id=name) | Outcome(id=name) | Reported(id=name) | TimesUpper(id=name):
                found[name] = None
            case Count(items):
                for item in items:
                    if self.value(item, facts) is None:
                        self._miss(item, facts, found)
            case Support(id=name):
                for item in self._supports[name]:
                    if self.value(item, facts) is None:
                        self._miss(item, facts, found)
            case Split(true_when, false_when):
                # What would settle it is the full examination; only without such a condition, any sign.
                before = len(found)
                self._miss_undone(false_when, facts, found)
                if len(found) == before:
                    self._miss(true_when, facts, found)
            case Compare(number=number):
                self._miss(number, facts, found)
            case _:
                for child in self._below(node):
                    if self.value(child, facts) is None:
                        self._miss(child, facts, found)

    def _miss_undone(self, node: Node, facts: Facts, found: dict[str, None]) -> None:
        """Add what stands between `node` and being true: of facts such as "all limbs tested", what is untested."""
        match node:
            case Known(id=name):
                if facts.get(name) is None:
                    found[name] = None
            case Fact(id=name) if name in self._findings:
                if facts.get(name) is not True:
                    self._miss_undone(self._findings[name], facts, found)
            case And(items):
                for item in items:
                    if self.value(item, facts) is not True:
                        self._miss_undone(item, facts, found)
            case Or(items):
                for item in items[:1]:
                    self._miss_undone(item, facts, found)
            case _:
                if self.value(node, facts) is None:
                    self._miss(node, facts, found)

    # -- clues ----------------------------------------------------------------------------------

    def _clue(self, node: Node, facts: Facts, found: dict[str, None]) -> None:
        if self.value(node, facts) is not None:
            return
        match node:
            case And(items) | AtLeast(_, items):
                for item in items:
                    if self.value(item, facts) is True:
                        self._positive(item, facts, found)
                    else:
                        self._clue(item, facts, found)
            case Support(id=name):
                for item in self._supports[name]:
                    if self.value(item, facts) is True:
                        self._positive(item, facts, found)
                    else:
                        self._clue(item, facts, found)
            case _:
                for child in self._below(node):
                    self._clue(child, facts, found)

    def _positive(self, node: Node, facts: Facts, found: dict[str, None]) -> None:
        """Add the answers of a true branch that say that something is there."""
        match node:
            case Not() | Known():
                return
            case Fact(id=name) if name not in self._findings:
                if facts.get(name) is True:
                    found[name] = None
            case Option(id=name) | Outcome(id=name) | Reported(id=name):
                found[name] = None
            case Compare():
                found.update(self.used(node, facts))
            case _:
                for child in self._below(node):
                    if self.value(child, facts) is True:
                        self._positive(child, facts, found)

    # -- what could still become of it ----------------------------------------------------------

    def _outcomes(self, node: Node, facts: Facts, free: set[str], memo: dict[str, int]) -> int:
        match node:
            case Fact(id=name) if name in self._findings:
                if name not in memo:
                    memo[name] = self._outcomes(self._findings[name], facts, free, memo)
                return memo[name]
            case And(items):
                return self._combine(items, facts, free, memo, absorbing=_FALSE, neutral=_TRUE)
            case Or(items):
                return self._combine(items, facts, free, memo, absorbing=_TRUE, neutral=_FALSE)
            case Not(item):
                inner = self._outcomes(item, facts, free, memo)
                return (
                    (inner & _UNKNOWN)
                    | (_TRUE if inner & _FALSE else 0)
                    | (_FALSE if inner & _TRUE else 0)
                )
            case Maybe(item):
                inner = self._outcomes(item, facts, free, memo)
                return (_FALSE if inner & _FALSE else 0) | (
                    _TRUE if inner & (_TRUE | _UNKNOWN) else 0
                )
            case Surely(item):
                inner = self._outcomes(item, facts, free, memo)
                return (_TRUE if inner & _TRUE else 0) | (
                    _FALSE if inner & (_FALSE | _UNKNOWN) else 0
                )
            case Split(true_when, false_when):
                true = self._outcomes(true_when, facts, free, memo)
                false = self._outcomes(false_when, facts, free, memo)
                return (true & _TRUE) | (_FALSE if false & _TRUE else 0) | _UNKNOWN
            case Known(id=name):
                return (
                    _TRUE
                    if facts.get(name) is not None
                    else (_TRUE | _FALSE if name in free else _FALSE)
                )
        touched = any(leaf in free for leaf in self.leaves(node))
        return _TRUE | _FALSE | _UNKNOWN if touched else _OF[self.value(node, facts)]

    def _combine(
        self,
        items: tuple[Node, ...],
        facts: Facts,
        free: set[str],
        memo: dict[str, int],
        *,
        absorbing: int,
        neutral: int,
    ) -> int:
        outcome = neutral
        for item in items:
            got = self._outcomes(item, facts, free, memo)
            both = 0
            for a in (_FALSE, _TRUE, _UNKNOWN):
                for b in (_FALSE, _TRUE, _UNKNOWN):
                    if outcome & a and got & b:
                        if absorbing in (a, b):
                            both |= absorbing
                        elif _UNKNOWN in (a, b):
                            both |= _UNKNOWN
                        else:
                            both |= neutral
            outcome = both
            if outcome == absorbing:
                break
        return outcome

    # -- helpers --------------------------------------------------------------------------------

    def _open_number(self, number: Number) -> Number:
        while isinstance(number, Amount) and number.id in self._numbers:
            number = self._numbers[number.id]
        return number

    def _below(self, node: Node) -> tuple[Node, ...]:
        match node:
            case Fact(id=name) if name in self._findings:
                return (self._findings[name],)
            case Not(item) | Maybe(item) | Surely(item):
                return (item,)
            case And(items) | Or(items) | AtLeast(_, items):
                return items
            case Split(true_when, false_when):
                return (true_when, false_when)
            case Compare(number=number):
                opened = self._open_number(number)
                return opened.items if isinstance(opened, Count) else ()
            case Support(id=name):
                return self._supports[name]
        return ()


def _names(node: Node | Number) -> Iterator[str]:
    for item in walk(node):
        if isinstance(item, Fact | Known | Option | Outcome | Reported | Amount | TimesUpper):
            yield item.id
        elif isinstance(item, Support):
            yield support_key(item.id)
