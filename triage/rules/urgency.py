"""How soon, why, what could not be excluded, and what is done at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from triage.content.load import Content
from triage.content.schema import Investigation, RedFlag, StarSet, Team, Treatment
from triage.content.symbols import REFERRAL_OUTCOME, URGENCY_OUTCOME
from triage.expr.evaluate import Known3, vague_key
from triage.expr.explain import Explained, could_be_true, hopes, missing
from triage.model.values import LEVELS, Level
from triage.rules.assessment import Change, Effect, Fired, Item, NotExcluded, UrgencyFinding
from triage.rules.compiled import Explain, compiled
from triage.rules.facts import CaseFacts
from triage.rules.items import ItemReader
from triage.rules.kept import Cell, Kept

# What an emergency lists only where it is done at once.
_ForNow = Investigation | Treatment | Team
_Flag = tuple[RedFlag, Explained]
# Level of a rule -> rank; a higher rank is more urgent.
_RANK = {level: rank for rank, level in enumerate(LEVELS)}


class UrgencyReader:
    """Finds how urgent a case is; made once for a content.

    Parameters
    ----------
    content
        The content.
    explained
        Compiles a condition.
    items
        Names what is missing.
    kept
        Keeps what each rule came to.
    """

    def __init__(self, content: Content, explained: Explain, items: ItemReader, kept: Kept) -> None:
        self._items = items
        self._kept = kept
        self._alarms = content.alarms
        rules = compiled(content.red_flags, explained)
        flags = [record for record, _ in rules]
        self._red_flags: tuple[tuple[_Flag, Cell[Fired | None]], ...] = tuple(
            (flag, kept.cell([flag[1]])) for flag in rules
        )
        self._reassuring = frozenset(record.id for record in flags if record.reassures)
        self._needing_safety_set = frozenset(r.id for r in flags if r.needs_safety_set)
        # What could not be excluded rests on what the safety sets leave open besides.
        self._serious: tuple[tuple[_Flag, Cell[NotExcluded | None]], ...] = tuple(
            (flag, kept.cell([flag[1]], {_left_open(name) for name in flag[1].answers}))
            for flag in rules
            if is_serious(flag[0].level)
        )
        self._star_sets = compiled(content.star_sets, explained)
        self._star_items = {name: explained(node) for name, node in content.star_items.items()}

    def recorded(self, read: CaseFacts) -> tuple[Item, ...]:
        """Return the red flags that were recorded, concluding nothing from them."""
        return self._items.items(n for n in self._alarms if read.facts.get(n) is True)

    def urgency(self, read: CaseFacts) -> tuple[UrgencyFinding, tuple[NotExcluded, ...]]:
        """Return how soon and why, and what could not be excluded; the facts gain the levels."""
        missing, free = self._safety_set(read)
        fired = self._without_hollow_reassurance(self._fired(read), bool(missing))
        level = _highest(f.level for f in fired) or "routine"
        referral = _highest(f.level for f in fired if f.to != "pc" and f.level != "routine")
        outcome = {URGENCY_OUTCOME: level, REFERRAL_OUTCOME: referral or "none"}
        read.facts.update(outcome)
        self._kept.conclude("outcome", outcome)
        self._kept.conclude("red flags", {flag.rule: flag for flag in fired})
        self._kept.conclude("open", dict.fromkeys(map(_left_open, free), True))
        urgency = UrgencyFinding(level, referral, bool(missing), tuple(fired), missing)
        not_excluded = self._not_excluded(free, read)
        return urgency, tuple(sorted(not_excluded, key=lambda n: -_RANK[n.level]))

    def _fired(self, read: CaseFacts) -> list[Fired]:
        found = (cell.get(_fire, flag, read) for flag, cell in self._red_flags)
        return sorted(filter(None, found), key=lambda f: -_RANK[f.level])

    def _without_hollow_reassurance(self, fired: list[Fired], provisional: bool) -> list[Fired]:
        """Drop reassuring statements beside a red flag, or while the safety set has gaps."""
        serious = any(f.level != "routine" for f in fired)
        return [
            f
            for f in fired
            if not (f.rule in self._reassuring and serious)
            and not (f.rule in self._needing_safety_set and provisional)
        ]

    # -- safety set -----------------------------------------------------------------------------

    def _safety_set(self, read: CaseFacts) -> tuple[tuple[Item, ...], set[str]]:
        """Return the unsatisfied items of the safety sets, and the answers that could satisfy them.

        The second also holds the answers of sets that such answers could switch on.
        """
        missing: dict[str, None] = {}
        free: set[str] = set()
        pending: list[tuple[StarSet, Explained]] = []
        for record, node in self._star_sets:
            if node.truth(read.facts):
                for name in self._unsatisfied(record, read):
                    missing[name] = None
                    self._free(name, free, read)
            else:
                pending.append((record, node))
        grown = True
        while grown and free:
            grown = False
            memo: dict[str, int] = {}
            for entry in list(pending):
                record, node = entry
                if could_be_true(node, read.facts, free, memo):
                    pending.remove(entry)
                    for name in self._unsatisfied(record, read):
                        self._free(name, free, read)
                    grown = True
        return tuple(map(self._items.item, missing)), free

    def _unsatisfied(self, record: StarSet, read: CaseFacts) -> Iterator[str]:
        for name in record.items:
            if not self._star_items[name].truth(read.facts):
                yield name

    def _free(self, name: str, free: set[str], read: CaseFacts) -> None:
        """Add the missing answers below a safety item to `free`; an age of "adult" is one."""
        for leaf in self._star_items[name].answers:
            if read.facts.get(leaf) is None or vague_key(leaf) in read.facts:
                free.add(leaf)

    # -- not excluded ---------------------------------------------------------------------------

    def _not_excluded(self, free: set[str], read: CaseFacts) -> Iterator[NotExcluded]:
        """Yield undecided emergency and urgent rules for which something speaks."""
        memo: dict[str, int] = {}
        found = (cell.get(self._open, flag, free, memo, read) for flag, cell in self._serious)
        return filter(None, found)

    def _open(
        self, flag: _Flag, free: set[str], memo: dict[str, int], read: CaseFacts
    ) -> NotExcluded | None:
        record, node = flag
        facts = read.facts
        if node.truth(facts) is not None:
            return None
        hints = read.clues(node)
        if hints or (node.rests_on(read.worded) and node.has_open_word(facts)):
            needed = missing(node, facts)
        elif could_be_true(node, facts, free, memo):
            needed = hopes(node, facts, free, memo)
        else:
            return None
        lacks = self._items.items(needed)
        return NotExcluded(record.id, record.level, record.whole, hints, lacks, record.source)


def is_serious(level: Level | None) -> bool:
    """Whether a level cannot wait for its turn."""
    return level is not None and _RANK[level] >= _RANK["urgent"]


def _fire(flag: _Flag, read: CaseFacts) -> Fired | None:
    record, node = flag
    if not node.truth(read.facts):
        return None
    return Fired(
        record.whole, record.id, read.answers(node), record.source, record.level, record.to
    )


def _left_open(answer: str) -> str:
    """Return the name that says that the safety sets leave an answer open."""
    return f"{answer}#open"


def _highest(levels: Iterable[Level]) -> Level | None:
    return max(levels, key=lambda level: _RANK[level], default=None)


def changes(not_excluded: tuple[NotExcluded, ...]) -> tuple[Change, ...]:
    """Return the missing answers, each with the rules that it could decide."""
    effects: dict[Item, list[Effect]] = {}
    for rule in not_excluded:
        for item in rule.missing:
            effects.setdefault(item, []).append(Effect(rule.level, rule.rule))
    return tuple(Change(item.id, item.label, tuple(rules)) for item, rules in effects.items())


# -- what is done at once ---------------------------------------------------------------------------


def rests_for_now(record: _ForNow) -> Collection[str]:
    """Return on which names `called_for` and `called_by` rest, besides the condition."""
    return {URGENCY_OUTCOME, *record.emergency_with}


def called_for(
    record: _ForNow, when: Explained, urgency: UrgencyFinding, read: CaseFacts
) -> Known3:
    """Whether something is called for; in an emergency only what is done at once, by its red flags or by itself."""
    if urgency.level != "emergency":
        return when.truth(read.facts)
    with_ = record.emergency_with
    if with_ and any(flag.rule in with_ for flag in urgency.reasons):
        return True
    return when.truth(read.facts) if record.emergency else False


def called_by(
    record: _ForNow, when: Explained, urgency: UrgencyFinding, read: CaseFacts
) -> tuple[str, ...]:
    """Return the answers by which something is called for."""
    if urgency.level == "emergency":
        flags = {flag.rule: flag.answers for flag in urgency.reasons}
        calling = [flags[rule] for rule in record.emergency_with if rule in flags]
        if calling:
            return tuple(dict.fromkeys(key for answers in calling for key in answers))
    return read.answers(when)
