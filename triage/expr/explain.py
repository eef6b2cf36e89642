"""Why a condition came out as it did: the answers that were used, and those that are missing.

Each tree is turned once into explaining nodes, one class for each way of explaining. Named findings are
opened up, so that every trail ends at answers that a person gave or can give; what was found out about a
named finding is kept beside the facts for the rest of that assessment, because many rules speak of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, MutableMapping
from typing import cast

from triage.expr.evaluate import Truth, compile_truth, reported_key
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
)

Facts = MutableMapping[str, object]
Found = dict[str, None]

# What an undecided condition could still become, as a set of outcomes.
FALSE, TRUE, UNKNOWN = 1, 2, 4
_OF = {False: FALSE, True: TRUE, None: UNKNOWN}


class Explained:
    """A node that can explain itself. This class stands for what needs no explanation.

    Parameters
    ----------
    truth
        The compiled node.
    below
        The explaining nodes under it.
    """

    __slots__ = ("below", "truth")

    def __init__(self, truth: Truth, below: tuple[Explained, ...] = ()) -> None:
        self.truth = truth
        self.below = below

    def use(self, facts: Facts, found: Found) -> None:
        """Add the answers that decided this node."""
        for child in self.below:
            child.use(facts, found)

    def miss(self, facts: Facts, found: Found) -> None:
        """Add the answers without which this node, which is undecided, cannot be decided."""
        for child in self.below:
            if child.truth(facts) is None:
                child.miss(facts, found)

    def undone(self, facts: Facts, found: Found) -> None:
        """Add what stands between this node and being true ("all limbs tested": the untested)."""
        if self.truth(facts) is None:
            self.miss(facts, found)

    def clue(self, facts: Facts, found: Found) -> None:
        """Add the positive answers inside the undecided branches of this node, which is undecided."""
        for child in self.below:
            if child.truth(facts) is None:
                child.clue(facts, found)

    def positive(self, facts: Facts, found: Found) -> None:
        """Add the answers of this true node that say that something is there."""
        for child in self.below:
            if child.truth(facts) is True:
                child.positive(facts, found)

    def has_open_word(self, facts: Facts) -> bool:
        """Whether a result given as a word leaves a limit inside this undecided node open."""
        return any(
            child.truth(facts) is None and child.has_open_word(facts) for child in self.below
        )

    def outcomes(self, facts: Facts, free: set[str], memo: dict[str, int]) -> int:
        """Return what this node could come to if the missing answers in `free` were given."""
        touched = any(leaf in free for leaf in self.leaves())
        return TRUE | FALSE | UNKNOWN if touched else _OF[self.truth(facts)]

    def leaves(self) -> Iterator[str]:
        """Yield all answers that this node rests on."""
        for child in self.below:
            yield from child.leaves()


class _Answer(Explained):
    """A test of one answer: a finding, an option, a reported word."""

    __slots__ = ("names",)

    def __init__(self, truth: Truth, *names: str) -> None:
        super().__init__(truth)
        self.names = names

    def use(self, facts: Facts, found: Found) -> None:
        for name in self.names:
            if facts.get(name) is not None:
                found[name] = None

    def miss(self, facts: Facts, found: Found) -> None:
        found[self.names[0]] = None

    def positive(self, facts: Facts, found: Found) -> None:
        self.use(facts, found)

    def leaves(self) -> Iterator[str]:
        yield from self.names


class _Known(_Answer):
    """Whether something was recorded: never undecided, and nothing positive in itself."""

    __slots__ = ()

    def undone(self, facts: Facts, found: Found) -> None:
        if facts.get(self.names[0]) is None:
            found[self.names[0]] = None

    def positive(self, facts: Facts, found: Found) -> None:
        pass

    def outcomes(self, facts: Facts, free: set[str], memo: dict[str, int]) -> int:
        if facts.get(self.names[0]) is not None:
            return TRUE
        return TRUE | FALSE if self.names[0] in free else FALSE


class _Measured(_Answer):
    """A number against a limit. `word` is where the word stands that was reported instead."""

    __slots__ = ("word",)

    def __init__(self, truth: Truth, name: str, word: str) -> None:
        super().__init__(truth, name)
        self.word = word

    def has_open_word(self, facts: Facts) -> bool:
        return bool(facts.get(self.word))


class _Remembered(Explained):
    """Something that many rules speak of: what `inner` explains is found out once an assessment.

    Parameters
    ----------
    name
        A name of its own, under which it is kept beside the facts.
    inner
        The node that explains.
    """

    __slots__ = ("_leaves", "inner", "name")

    def __init__(self, truth: Truth, name: str, inner: Explained) -> None:
        super().__init__(truth, (inner,))
        self.name = name
        self.inner = inner
        self._leaves: tuple[str, ...] | None = None

    def use(self, facts: Facts, found: Found) -> None:
        self._remembered(facts, found, "used")

    def miss(self, facts: Facts, found: Found) -> None:
        self._remembered(facts, found, "missing")

    def clue(self, facts: Facts, found: Found) -> None:
        self._remembered(facts, found, "clues")

    def positive(self, facts: Facts, found: Found) -> None:
        self._remembered(facts, found, "positive")

    def undone(self, facts: Facts, found: Found) -> None:
        if self.truth(facts) is not True:
            self.inner.undone(facts, found)

    def _remembered(self, facts: Facts, found: Found, what: str) -> None:
        key = f"{self.name}#{what}"
        known = cast("Found | None", facts.get(key))
        if known is None:
            known = {}
            inner = self.inner
            if what == "used":
                inner.use(facts, known)
            elif what == "missing":
                inner.miss(facts, known)
            elif what == "clues":
                inner.clue(facts, known)
            else:
                inner.positive(facts, known)
            facts[key] = known
        found.update(known)

    def outcomes(self, facts: Facts, free: set[str], memo: dict[str, int]) -> int:
        if self.name not in memo:
            memo[self.name] = self.inner.outcomes(facts, free, memo)
        return memo[self.name]

    def leaves(self) -> Iterator[str]:
        if self._leaves is None:
            self._leaves = tuple(dict.fromkeys(self.inner.leaves()))
        yield from self._leaves


class _Not(Explained):
    """The opposite. What makes its item true is nothing positive about this node."""

    __slots__ = ()

    def positive(self, facts: Facts, found: Found) -> None:
        pass

    def outcomes(self, facts: Facts, free: set[str], memo: dict[str, int]) -> int:
        inner = self.below[0].outcomes(facts, free, memo)
        return (inner & UNKNOWN) | (TRUE if inner & FALSE else 0) | (FALSE if inner & TRUE else 0)


class _Maybe(Explained):
    """True unless false."""

    __slots__ = ()

    def outcomes(self, facts: Facts, free: set[str], memo: dict[str, int]) -> int:
        inner = self.below[0].outcomes(facts, free, memo)
        return (FALSE if inner & FALSE else 0) | (TRUE if inner & (TRUE | UNKNOWN) else 0)


class _Surely(Explained):
    """True only if true."""

    __slots__ = ()

    def outcomes(self, facts: Facts, free: set[str], memo: dict[str, int]) -> int:
        inner = self.below[0].outcomes(facts, free, memo)
        return (TRUE if inner & TRUE else 0) | (FALSE if inner & (FALSE | UNKNOWN) else 0)


class _Joined(Explained):
    """*and* or *or*: decided by the items that have the absorbing value, else by all."""

    __slots__ = ("_absorbing",)

    def __init__(self, truth: Truth, below: tuple[Explained, ...], *, absorbing: bool) -> None:
        super().__init__(truth, below)
        self._absorbing = absorbing

    def use(self, facts: Facts, found: Found) -> None:
        deciding = [child for child in self.below if child.truth(facts) is self._absorbing]
        for child in deciding or self.below:
            child.use(facts, found)

    def undone(self, facts: Facts, found: Found) -> None:
        # Of alternatives, the first is what one would do.
        for child in self.below[:1] if self._absorbing else self.below:
            if child.truth(facts) is not True:
                child.undone(facts, found)

    def clue(self, facts: Facts, found: Found) -> None:
        for child in self.below:
            got = child.truth(facts)
            if got is None:
                child.clue(facts, found)
            elif got is True:
                # Only in an undecided *and*: a true item of an *or* would have decided it.
                child.positive(facts, found)

    def outcomes(self, facts: Facts, free: set[str], memo: dict[str, int]) -> int:
        absorbing, neutral = (TRUE, FALSE) if self._absorbing else (FALSE, TRUE)
        outcome = neutral
        for child in self.below:
            outcome = _join(outcome, child.outcomes(facts, free, memo), absorbing, neutral)
            if outcome == absorbing:
                break
        return outcome


class _Counted(Explained):
    """*at least*, or a count against a limit: decided by the true items, else by all."""

    __slots__ = ()

    def use(self, facts: Facts, found: Found) -> None:
        hits = [child for child in self.below if child.truth(facts)]
        for child in hits or self.below:
            child.use(facts, found)

    def clue(self, facts: Facts, found: Found) -> None:
        for child in self.below:
            got = child.truth(facts)
            if got is None:
                child.clue(facts, found)
            elif got is True:
                child.positive(facts, found)


class _Scored(_Counted):
    """Whether a condition of the differential is supported: its gate, then its items."""

    __slots__ = ()

    def use(self, facts: Facts, found: Found) -> None:
        for child in self.below:
            if child.truth(facts):
                child.use(facts, found)


class _Split(Explained):
    """One condition for true, another for false."""

    __slots__ = ()

    def use(self, facts: Facts, found: Found) -> None:
        self.below[0 if self.truth(facts) else 1].use(facts, found)

    def miss(self, facts: Facts, found: Found) -> None:
        # What would settle it is the full examination; only without such a condition, any sign.
        before = len(found)
        self.below[1].undone(facts, found)
        if len(found) == before:
            self.below[0].miss(facts, found)

    def clue(self, facts: Facts, found: Found) -> None:
        if self.below[0].truth(facts) is None:
            self.below[0].clue(facts, found)

    def positive(self, facts: Facts, found: Found) -> None:
        self.below[0].positive(facts, found)

    def has_open_word(self, facts: Facts) -> bool:
        return self.below[0].truth(facts) is None and self.below[0].has_open_word(facts)

    def outcomes(self, facts: Facts, free: set[str], memo: dict[str, int]) -> int:
        true, false = (child.outcomes(facts, free, memo) for child in self.below)
        return (true & TRUE) | (FALSE if false & TRUE else 0) | UNKNOWN


class Explainer:
    """Turns trees into explaining nodes.

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
        self._named: dict[str, _Remembered] = {}
        # By identity of the node, which is held beside it: an id is unique only while its object lives.
        self._made: dict[int, tuple[Node, Explained]] = {}

    def explained(self, node: Node) -> Explained:
        """Return `node` as a node that explains itself."""
        if id(node) not in self._made:
            self._made[id(node)] = (node, self._make(node))
        return self._made[id(node)][1]

    def _truth(self, node: Node) -> Truth:
        return self.explained(node).truth

    def _make(self, node: Node) -> Explained:
        match node:
            case Fact(id=name) if name in self._findings:
                if name not in self._named:
                    inner = self.explained(self._findings[name])
                    self._named[name] = _Remembered(compile_truth(node), name, inner)
                return self._named[name]
            case Compare(number=number):
                return self._compared(node, number)
        truth = compile_truth(node, self._truth)
        match node:
            case Fact(id=name) | Outcome(id=name) | Reported(id=name):
                return _Answer(truth, name)
            case Option(id=name, also=also):
                return _Answer(truth, name, *([also] if also else []))
            case Known(id=name):
                if name in self._findings:
                    return Explained(truth, (self.explained(Fact(name)),))
                return _Known(truth, name)
            case Not(item):
                return _Not(truth, (self.explained(item),))
            case Maybe(item):
                return _Maybe(truth, (self.explained(item),))
            case Surely(item):
                return _Surely(truth, (self.explained(item),))
            case And(items):
                return _Joined(truth, self._all(items), absorbing=False)
            case Or(items):
                return _Joined(truth, self._all(items), absorbing=True)
            case AtLeast(_, items):
                return _Counted(truth, self._all(items))
            case Split(true_when, false_when):
                return _Split(truth, (self.explained(true_when), self.explained(false_when)))
            case Support(id=name, score=score):
                key = f"{name}>={score}"
                if key not in self._named:
                    inner = _Scored(truth, self._all(self._supports[name]))
                    self._named[key] = _Remembered(truth, key, inner)
                return self._named[key]
        raise TypeError(node)

    def _compared(self, node: Compare, number: Number) -> Explained:
        truth = compile_truth(node)
        while isinstance(number, Amount) and number.id in self._numbers:
            number = self._numbers[number.id]
        match number:
            case Count(items):
                return _Counted(truth, self._all(items))
            case Amount(id=name) | TimesUpper(id=name):
                return _Measured(truth, name, reported_key(name))

    def _all(self, items: tuple[Node, ...]) -> tuple[Explained, ...]:
        return tuple(self.explained(item) for item in items)


def used(node: Explained, facts: Facts) -> Found:
    """Return the answers that decided `node`, in the order in which they stand in it."""
    found: Found = {}
    node.use(facts, found)
    return found


def missing(node: Explained, facts: Facts) -> Found:
    """Return the answers without which `node` cannot be decided; none if it is decided."""
    found: Found = {}
    if node.truth(facts) is None:
        node.miss(facts, found)
    return found


def clues(node: Explained, facts: Facts) -> Found:
    """Return the positive answers inside the branches of `node` that cannot be decided."""
    found: Found = {}
    if node.truth(facts) is None:
        node.clue(facts, found)
    return found


def could_be_true(node: Explained, facts: Facts, free: set[str], memo: dict[str, int]) -> bool:
    """Whether `node` could come out true if only the missing answers in `free` were given.

    `memo` is kept between calls with the same facts and the same `free`.
    """
    return bool(node.outcomes(facts, free, memo) & TRUE)


def _join(first: int, second: int, absorbing: int, neutral: int) -> int:
    """Return the outcomes of *and* or *or* over two sets of outcomes."""
    joined = absorbing if (first | second) & absorbing else 0
    if first & ~absorbing and second & ~absorbing:
        if (first | second) & UNKNOWN:
            joined |= UNKNOWN
        if first & neutral and second & neutral:
            joined |= neutral
    return joined
