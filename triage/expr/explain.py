"""Why a condition came out as it did: the answers that were used, and those that are missing.

Each tree is turned once into explaining nodes, one class for each way of explaining. Named findings are
opened up, so that every trail ends at answers that a person gave or can give; what was found out about a
named finding is kept beside the facts, because many rules speak of it. Each node tells on what it rests, so
that who keeps what it came to knows when to ask again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, MutableMapping, Set
from decimal import Decimal
from itertools import count
from typing import cast

from triage.expr.dependants import Dependants
from triage.expr.evaluate import (
    POSSIBLE,
    Known3,
    Standing,
    Truth,
    compile_truth,
    reported_key,
    support_key,
)
from triage.expr.interval import point
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
)

Facts = MutableMapping[str, object]
Found = dict[str, None]

# What rests on fewer answers is found out anew as fast as it is carried over.
_MANY = 12
# What an undecided condition could still become, as a set of outcomes.
FALSE, TRUE, UNKNOWN = 1, 2, 4
ANY = FALSE | TRUE | UNKNOWN
_NONE: frozenset[str] = frozenset()


class Explained:
    """A node that can explain itself. This class stands for what needs no explanation.

    Parameters
    ----------
    truth
        The compiled node.
    below
        The explaining nodes under it.

    Attributes
    ----------
    answers
        All answers that it rests on.
    scored
        The conditions of the differential on whose standing it rests too.
    """

    __slots__ = ("answers", "below", "scored", "truth")

    def __init__(self, truth: Truth, below: tuple[Explained, ...] = ()) -> None:
        self.truth = truth
        self.below = below
        self.scored: frozenset[str] = _NONE
        self.answers: Found = {}
        if len(below) == 1:
            self.answers, self.scored = below[0].answers, below[0].scored
        else:
            for child in below:
                self.answers.update(child.answers)
                if child.scored:
                    self.scored |= child.scored

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

    def alternatives(self, facts: Facts) -> Iterator[Explained]:
        """Yield the undecided ways in which this node, which is undecided, could come true."""
        yield self

    def has_open_word(self, facts: Facts) -> bool:
        """Whether a result given as a word leaves a limit inside this undecided node open."""
        return any(
            child.truth(facts) is None and child.has_open_word(facts) for child in self.below
        )

    def outcomes(self, facts: Facts, free: set[str], memo: dict[str, int]) -> int:
        """Return what this undecided node could come to if the missing answers in `free` were given."""
        return ANY if self.rests_on(free) else UNKNOWN

    def hope(self, facts: Facts, free: set[str], memo: dict[str, int], found: Found) -> None:
        """Add the answers in `free` by which this undecided node could come true."""
        asked: Found = {}
        self.miss(facts, asked)
        found.update((name, None) for name in asked if name in free)

    def rests_on(self, answers: set[str]) -> bool:
        """Whether any of `answers` has a part in this node."""
        return not self.answers.keys().isdisjoint(answers)


class _Answer(Explained):
    """A test of one answer: a finding, an option, a reported word."""

    __slots__ = ("names",)

    def __init__(self, truth: Truth, *names: str) -> None:
        super().__init__(truth)
        self.names = names
        self.answers = dict.fromkeys(names)

    def use(self, facts: Facts, found: Found) -> None:
        for name in self.names:
            if facts.get(name) is not None:
                found[name] = None

    def miss(self, facts: Facts, found: Found) -> None:
        found[self.names[0]] = None

    def positive(self, facts: Facts, found: Found) -> None:
        self.use(facts, found)


class _Known(_Answer):
    """Whether something was recorded: never undecided, and nothing positive in itself."""

    __slots__ = ()

    def undone(self, facts: Facts, found: Found) -> None:
        if facts.get(self.names[0]) is None:
            found[self.names[0]] = None

    def positive(self, facts: Facts, found: Found) -> None:
        pass


class _Measured(_Answer):
    """A number against a limit. `word` is where the word stands that was reported instead."""

    __slots__ = ("word",)

    def __init__(self, truth: Truth, name: str, word: str) -> None:
        super().__init__(truth, name)
        self.word = word

    def has_open_word(self, facts: Facts) -> bool:
        return bool(facts.get(self.word))


class _Remembered(Explained):
    """Something that many rules speak of: what `inner` explains is found out once.

    Parameters
    ----------
    name
        A name of its own, under which it is kept.
    inner
        The node that explains.
    """

    __slots__ = ("inner", "key", "name")

    def __init__(self, truth: Truth, name: str, inner: Explained) -> None:
        super().__init__(truth, (inner,))
        self.name = name
        self.key = f"{name}#explained"
        self.inner = inner

    def use(self, facts: Facts, found: Found) -> None:
        self._remembered(facts, found, "used", self.inner.use)

    def miss(self, facts: Facts, found: Found) -> None:
        self._remembered(facts, found, "missing", self.inner.miss)

    def clue(self, facts: Facts, found: Found) -> None:
        self._remembered(facts, found, "clues", self.inner.clue)

    def positive(self, facts: Facts, found: Found) -> None:
        self._remembered(facts, found, "positive", self.inner.positive)

    def undone(self, facts: Facts, found: Found) -> None:
        if self.truth(facts) is not True:
            self.inner.undone(facts, found)

    def alternatives(self, facts: Facts) -> Iterator[Explained]:
        yield from self.inner.alternatives(facts)

    def _remembered(
        self, facts: Facts, found: Found, what: str, explain: Callable[[Facts, Found], None]
    ) -> None:
        explained = cast("dict[str, Found] | None", facts.get(self.key))
        if explained is None:
            explained = facts[self.key] = {}
        known = explained.get(what)
        if known is None:
            known = explained[what] = {}
            explain(facts, known)
        found.update(known)

    def outcomes(self, facts: Facts, free: set[str], memo: dict[str, int]) -> int:
        if self.name not in memo:
            memo[self.name] = self.inner.outcomes(facts, free, memo)
        return memo[self.name]

    def hope(self, facts: Facts, free: set[str], memo: dict[str, int], found: Found) -> None:
        self.inner.hope(facts, free, memo, found)


class _Not(Explained):
    """The opposite. What makes its item true is nothing positive about this node."""

    __slots__ = ()

    def clue(self, facts: Facts, found: Found) -> None:
        pass

    def positive(self, facts: Facts, found: Found) -> None:
        pass

    def outcomes(self, facts: Facts, free: set[str], memo: dict[str, int]) -> int:
        inner = self.below[0].outcomes(facts, free, memo)
        return (inner & UNKNOWN) | (TRUE if inner & FALSE else 0) | (FALSE if inner & TRUE else 0)


class _Either(Explained):
    """*maybe* or *surely*: never undecided itself. What left its item undecided decided nothing."""

    __slots__ = ()

    def use(self, facts: Facts, found: Found) -> None:
        if self.below[0].truth(facts) is not None:
            self.below[0].use(facts, found)


class _Joined(Explained):
    """*and* or *or*: decided by the items that have the absorbing value, else by all."""

    __slots__ = ("_absorbing",)

    def __init__(self, truth: Truth, below: tuple[Explained, ...], *, absorbing: bool) -> None:
        super().__init__(truth, below)
        self._absorbing = absorbing

    def use(self, facts: Facts, found: Found) -> None:
        deciding = [child for child in self.below if child.truth(facts) is self._absorbing]
        if not self._absorbing:
            # One false item is enough: the others tell nothing of what was concluded.
            deciding = deciding[:1]
        for child in deciding or self.below:
            child.use(facts, found)

    def undone(self, facts: Facts, found: Found) -> None:
        # Of alternatives, the first is what one would do.
        for child in self.below[:1] if self._absorbing else self.below:
            if child.truth(facts) is not True:
                child.undone(facts, found)

    def clue(self, facts: Facts, found: Found) -> None:
        # In an undecided *or* nothing is true: it would have decided it.
        _clues_of_all(self.below, facts, found)

    def alternatives(self, facts: Facts) -> Iterator[Explained]:
        if not self._absorbing:
            yield self
            return
        for child in self.below:
            if child.truth(facts) is None:
                yield from child.alternatives(facts)

    def outcomes(self, facts: Facts, free: set[str], memo: dict[str, int]) -> int:
        absorbing, neutral = (TRUE, FALSE) if self._absorbing else (FALSE, TRUE)
        outcome = neutral
        for child in self.below:
            outcome = _join(outcome, _could_be(child, facts, free, memo), absorbing, neutral)
            if outcome == absorbing:
                break
        return outcome

    def hope(self, facts: Facts, free: set[str], memo: dict[str, int], found: Found) -> None:
        for child in self.below:
            if child.truth(facts) is None and child.outcomes(facts, free, memo) & TRUE:
                child.hope(facts, free, memo, found)


class _Counted(Explained):
    """*at least*, or a count against a limit.

    Parameters
    ----------
    op, limit
        How the number of true items compares.
    """

    __slots__ = ("_limit", "_op")

    def __init__(self, truth: Truth, below: tuple[Explained, ...], op: str, limit: Decimal) -> None:
        super().__init__(truth, below)
        self._op = op
        self._limit = limit

    def use(self, facts: Facts, found: Found) -> None:
        # Enough is enough by the true items, too few by the false ones.
        deciding = self.truth(facts) is (self._op in (">", ">="))
        for child in self.below:
            if self._op in ("==", "!=") or child.truth(facts) is deciding:
                child.use(facts, found)

    def clue(self, facts: Facts, found: Found) -> None:
        _clues_of_all(self.below, facts, found)

    def outcomes(self, facts: Facts, free: set[str], memo: dict[str, int]) -> int:
        each = [_could_be(child, facts, free, memo) for child in self.below]
        least = sum(not outcome & FALSE for outcome in each)
        most = sum(bool(outcome & TRUE) for outcome in each)
        reached = {point(Decimal(n)).compare(self._op, self._limit) for n in range(least, most + 1)}
        return UNKNOWN | (TRUE if True in reached else 0) | (FALSE if False in reached else 0)


class _Scored(Explained):
    """Whether a condition of the differential is supported: its gate, then its items.

    Parameters
    ----------
    condition, score
        Whose `Standing` is asked, and the points that it needs.
    """

    __slots__ = ("_key", "_score")

    def __init__(
        self, truth: Truth, below: tuple[Explained, ...], condition: str, score: int
    ) -> None:
        super().__init__(truth, below)
        self.scored |= {condition}
        self._key = support_key(condition)
        self._score = score

    def use(self, facts: Facts, found: Found) -> None:
        for child in self.below:
            if child.truth(facts):
                child.use(facts, found)

    def miss(self, facts: Facts, found: Found) -> None:
        standing = cast("Standing", facts[self._key])
        # With the points together, the gate alone is open.
        for child in self.below[:1] if standing.score >= self._score else self.below:
            if child.truth(facts) is None:
                child.miss(facts, found)

    def clue(self, facts: Facts, found: Found) -> None:
        _clues_of_all(self.below, facts, found)


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
        true_when, false_when = self.below
        can_be_true = _could_be(true_when, facts, free, memo) & TRUE
        # "Examined, and nothing found" is not undecided but false as long as it was not examined.
        return can_be_true | (FALSE if false_when.rests_on(free) else 0) | UNKNOWN


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
    concluded
        The names of what an assessment adds to the facts.

    Attributes
    ----------
    found_out
        The names under which something is kept beside the facts that rests on recorded answers alone.
    """

    def __init__(
        self,
        findings: Mapping[str, Node],
        numbers: Mapping[str, Number],
        supports: Mapping[str, tuple[Node, ...]],
        concluded: Set[str] = frozenset(),
    ) -> None:
        self._findings = findings
        self._numbers = numbers
        self._supports = supports
        self._concluded = concluded
        self.found_out: Dependants[str] = Dependants()
        self._named: dict[str, _Remembered] = {}
        self._numbers_of_kept = count()
        # By identity, the node held beside it: an id is unique only while its object lives.
        self._made: dict[int, tuple[Node, Explained]] = {}
        # A test of one answer by what it says, for many rules ask the same.
        self._tests: dict[str, Explained] = {}

    def explained(self, node: Node) -> Explained:
        """Return `node` as a node that explains itself."""
        made = self._made.get(id(node))
        if made is None:
            made = self._made[id(node)] = (node, self._shared(node))
        return made[1]

    def _shared(self, node: Node) -> Explained:
        match node:
            case Fact(id=name):
                key = name
            case Option(id=name, says=says):
                key = f"{name} {says}"
            case Known(id=name):
                key = f"known {name}"
            case _:
                return self._make(node)
        made = self._tests.get(key)
        if made is None:
            made = self._tests[key] = self._make(node)
        return made

    def _truth(self, node: Node) -> Truth:
        return self.explained(node).truth

    def _make(self, node: Node) -> Explained:
        match node:
            case Fact(id=name) if name in self._findings:
                if name not in self._named:
                    inner = self.explained(self._findings[name])
                    made = self._named[name] = _Remembered(compile_truth(node), name, inner)
                    self.found_out.add(made.key, made.answers)
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
            case Maybe(item) | Surely(item):
                return _Either(truth, (self.explained(item),))
            case And(items):
                return self._joined(truth, items, absorbing=False)
            case Or(items):
                return self._joined(truth, items, absorbing=True)
            case AtLeast(n, items):
                return _Counted(truth, self._all(items), ">=", Decimal(n))
            case Split(true_when, false_when):
                return _Split(truth, (self.explained(true_when), self.explained(false_when)))
            case Support(id=name, score=score):
                key = f"{name}>={score}"
                return self._scored(truth, key, name, score)
            case Leads(id=name):
                key = f"{name} leads"
                return self._scored(truth, key, name, POSSIBLE)
        raise TypeError(node)

    def _scored(self, truth: Truth, key: str, condition: str, score: int) -> Explained:
        if key not in self._named:
            below = self._all(self._supports[condition])
            inner = _Scored(truth, below, condition, score)
            self._named[key] = _Remembered(truth, key, inner)
        return self._named[key]

    def _joined(self, truth: Truth, items: tuple[Node, ...], *, absorbing: bool) -> Explained:
        key = f"#{next(self._numbers_of_kept)}"
        made = _Joined(_kept(key, truth), self._all(items), absorbing=absorbing)
        # What an assessment concludes is not there yet when the next one begins.
        is_recorded = not made.scored and self._concluded.isdisjoint(made.answers)
        if is_recorded and len(made.answers) >= _MANY:
            self.found_out.add(key, made.answers)
        return made

    def _compared(self, node: Compare, number: Number) -> Explained:
        truth = compile_truth(node)
        while isinstance(number, Amount) and number.id in self._numbers:
            number = self._numbers[number.id]
        match number:
            case Count(items):
                return _Counted(truth, self._all(items), node.op, node.limit)
            case Amount(id=name) | TimesUpper(id=name) | TimesEarlier(id=name) | Taken(id=name):
                return _Measured(truth, name, reported_key(name))

    def _all(self, items: tuple[Node, ...]) -> tuple[Explained, ...]:
        return tuple(self.explained(item) for item in items)


def _kept(key: str, truth: Truth) -> Truth:
    """Return `truth` so that it is found out once, and kept beside the facts."""

    def kept(facts: Facts) -> Known3:
        # What was never found out is marked by this function itself: None is a finding.
        got = facts.get(key, kept)
        if got is kept:
            got = facts[key] = truth(facts)
        return got  # type: ignore[return-value]

    return kept  # type: ignore[return-value]


def used(node: Explained, facts: Facts) -> Found:
    """Return the answers that decided `node`, in the order in which they stand in it."""
    found: Found = {}
    node.use(facts, found)
    return found


def missing(node: Explained, facts: Facts, found: Found | None = None) -> Found:
    """Return the answers without which `node` cannot be decided, none if it is; they are added to `found`."""
    found = {} if found is None else found
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

    Only what is undecided is looked at: what is false stays so. `memo` is kept between calls with the
    same facts and the same `free`.
    """
    got = node.truth(facts)
    if got is None:
        return node.rests_on(free) and bool(node.outcomes(facts, free, memo) & TRUE)
    return got


def hopes(node: Explained, facts: Facts, free: set[str], memo: dict[str, int]) -> Found:
    """Return the answers in `free` by which `node`, which could be true, could come true."""
    found: Found = {}
    node.hope(facts, free, memo, found)
    return found


def _could_be(node: Explained, facts: Facts, free: set[str], memo: dict[str, int]) -> int:
    got = node.truth(facts)
    if got is None:
        return node.outcomes(facts, free, memo)
    return TRUE if got else FALSE


def _clues_of_all(nodes: tuple[Explained, ...], facts: Facts, found: Found) -> None:
    for node in nodes:
        got = node.truth(facts)
        if got is None:
            node.clue(facts, found)
        elif got is True:
            node.positive(facts, found)


def _join(first: int, second: int, absorbing: int, neutral: int) -> int:
    """Return the outcomes of *and* or *or* over two sets of outcomes."""
    joined = absorbing if (first | second) & absorbing else 0
    if first & ~absorbing and second & ~absorbing:
        if (first | second) & UNKNOWN:
            joined |= UNKNOWN
        if first & neutral and second & neutral:
            joined |= neutral
    return joined
