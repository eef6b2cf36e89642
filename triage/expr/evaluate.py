"""Three-valued evaluation: each tree is compiled once into closures over the facts of a case.

A facts mapping holds what is known, by name: True or False for findings, the option of a choice, an
`Interval` for numbers, a frozenset of options for choice results. What is not in it is not known. Named
findings and numbers are put in as they are computed, None for "cannot say".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import cast

from triage.expr.interval import Interval
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

Known3 = bool | None
Facts = Mapping[str, object]
Truth = Callable[[Facts], Known3]
Amounts = Callable[[Facts], Interval | None]
# Points from which a condition of the differential is possible, and likely.
POSSIBLE, LIKELY = 3, 6


def reported_key(result: str) -> str:
    """Return the name under which the word of a result stands in the facts ("" for a number)."""
    return f"{result}#word"


def ratio_key(result: str) -> str:
    """Return the name under which a result ÷ its upper limit stands in the facts."""
    return f"{result}#ratio"


def earlier_key(result: str) -> str:
    """Return the name under which a result ÷ the one before it stands in the facts."""
    return f"{result}#earlier"


def taken_key(result: str, when: str) -> str:
    """Return the name under which the newest result that was taken so stands in the facts."""
    return f"{result}#{when}"


def vague_key(answer: str) -> str:
    """Return the name that marks a number known only by a word such as "adult", or that cannot be."""
    return f"{answer}#vague"


def support_key(condition: str) -> str:
    """Return the name under which a condition's `Standing` stands in the facts."""
    return f"{condition}#support"


class Standing:
    """Where a condition of the differential stands: its gate and its score now and at best.

    Parameters
    ----------
    gate
        The gate, three-valued.
    score
        Points now, unknown counted as nothing.
    best
        Points if every unknown item in favour were true.
    first
        Whether it is among the best supported of all; set once all are known.
    """

    __slots__ = ("best", "first", "gate", "score")

    def __init__(self, gate: Known3, score: int, best: int) -> None:
        self.gate = gate
        self.score = score
        self.best = best
        self.first = False

    @property
    def told(self) -> tuple[Known3, int, int, bool]:
        """All that it says."""
        return self.gate, self.score, self.best, self.first

    def reaches(self, score: int) -> Known3:
        """Return whether the condition is supported by `score` points, with its gate open."""
        if self.gate is False or self.best < score:
            return False
        return True if self.gate and self.score >= score else None

    def leads(self) -> Known3:
        """Return whether the condition is possible and among the best supported; undecided while it may be possible."""
        possible = self.reaches(POSSIBLE)
        return possible and self.first


def compile_truth(node: Node, below: Callable[[Node], Truth] | None = None) -> Truth:
    """Return a function from facts to True, False or None ("cannot say").

    Parameters
    ----------
    node
        The tree.
    below
        Compiles the nodes under it; this function if None.
    """
    below = below or compile_truth
    match node:
        case Fact(id=name):
            return lambda facts: facts.get(name)  # type: ignore[return-value]
        case Known(id=name):
            mark = vague_key(name)
            return lambda facts: facts.get(name) is not None and mark not in facts
        case Option():
            return _option(node)
        case Outcome(id=name, options=options):
            return lambda facts: (
                None if (got := facts.get(name)) is None else not options.isdisjoint(got)  # type: ignore[arg-type]
            )
        case Reported(id=name, words=words):
            key = reported_key(name)
            return lambda facts: None if (got := facts.get(key)) is None else got in words
        case Compare():
            return _compare(node)
        case Not(item):
            inner = below(item)
            return lambda facts: None if (got := inner(facts)) is None else not got
        case And(items):
            return _kleene(items, below, absorbing=False)
        case Or(items):
            return _kleene(items, below, absorbing=True)
        case AtLeast(n, items):
            amounts = compile_number(Count(items))
            limit = Decimal(n)
            return lambda facts: amounts(facts).compare(">=", limit)  # type: ignore[union-attr]
        case Maybe(item):
            inner = below(item)
            return lambda facts: inner(facts) is not False
        case Surely(item):
            inner = below(item)
            return lambda facts: inner(facts) is True
        case Split(true_when, false_when):
            return _split(below(true_when), below(false_when))
        case Support(id=name, score=score):
            key = support_key(name)
            return lambda facts: facts[key].reaches(score)  # type: ignore[attr-defined]
        case Leads(id=name):
            key = support_key(name)
            return lambda facts: facts[key].leads()  # type: ignore[attr-defined]


def compile_number(node: Number) -> Amounts:
    """Return a function from facts to an interval, or None where nothing is known."""
    match node:
        case Amount(id=name):
            return lambda facts: facts.get(name)  # type: ignore[return-value]
        case TimesUpper(id=name):
            key = ratio_key(name)
            return lambda facts: facts.get(key)  # type: ignore[return-value]
        case TimesEarlier(id=name):
            before = earlier_key(name)
            return lambda facts: facts.get(before)  # type: ignore[return-value]
        case Taken(id=name, when=when):
            so = taken_key(name, when)
            return lambda facts: facts.get(so)  # type: ignore[return-value]
        case Count(items):
            truths = [compile_truth(item) for item in items]

            def count(facts: Facts) -> Interval:
                sure = unknown = 0
                for truth in truths:
                    got = truth(facts)
                    if got is None:
                        unknown += 1
                    elif got:
                        sure += 1
                return Interval(Decimal(sure), Decimal(sure + unknown))

            return count


def _outcome(node: Option) -> Callable[[object], Known3]:
    """Return what whatever stands in the facts comes to; None for what is none of the options."""
    return cast("Mapping[object, Known3]", node.table).get


def _unsaid(node: Option) -> Known3:
    """Return what an answer comes to that was not recorded."""
    return False if node.beside else None


def _option(node: Option) -> Truth:
    name, also = node.id, node.also
    if not also:
        outcome, unsaid = _outcome(node), _unsaid(node)
        return lambda facts: unsaid if (got := facts.get(name)) is None else outcome(got)
    # Two patterns are read together: the test is about either of them.
    wanted = frozenset(option for option, truth in node.table.items() if truth)
    negated = node.says.startswith("!=")

    def either(facts: Facts) -> Known3:
        first, second = facts.get(name), facts.get(also)
        if negated:
            hit = (first is None or first in wanted) and (second is None or second in wanted)
            return hit if first is not None else (None if hit else False)
        if first in wanted or second in wanted:
            return True
        return None if first is None else False

    return either


def _compare(node: Compare) -> Truth:
    number, op, limit = node.number, node.op, node.limit
    if isinstance(number, Amount):
        name = number.id
        return lambda facts: (
            None if (got := facts.get(name)) is None else got.compare(op, limit)  # type: ignore[attr-defined]
        )
    amounts = compile_number(number)
    return lambda facts: None if (got := amounts(facts)) is None else got.compare(op, limit)


def _kleene(items: tuple[Node, ...], below: Callable[[Node], Truth], *, absorbing: bool) -> Truth:
    """Return *or* (`absorbing` True) or *and* (False) over `items`, the cheapest first."""
    # Most of the rulebook is plain names, and much of the rest asks a grade for a limit: no call for each of them.
    names: list[str] = []
    options: list[tuple[str, Callable[[object], Known3], Known3]] = []
    truths: list[Truth] = []
    for item in items:
        if isinstance(item, Fact):
            names.append(item.id)
        elif isinstance(item, Option) and not item.also:
            options.append((item.id, _outcome(item), _unsaid(item)))
        else:
            truths.append(below(item))

    def joined(facts: Facts) -> Known3:
        outcome: Known3 = not absorbing
        get = facts.get
        for name in names:
            got = get(name)
            if got is absorbing:
                return absorbing
            if got is None:
                outcome = None
        for name, outcome_of, unsaid in options:
            option = get(name)
            got = unsaid if option is None else outcome_of(option)
            if got is absorbing:
                return absorbing
            if got is None:
                outcome = None
        for truth in truths:
            got = truth(facts)
            if got is absorbing:
                return absorbing
            if got is None:
                outcome = None
        return outcome

    return joined


def _split(true_when: Truth, false_when: Truth) -> Truth:
    def split(facts: Facts) -> Known3:
        if true_when(facts):
            return True
        return False if false_when(facts) else None

    return split
