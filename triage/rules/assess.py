"""The assessment of a case: urgency, differential, investigations, plan, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple, TypeVar

from triage.content.form import AGE
from triage.content.load import (
    ConditionRule,
    Content,
    InvestigationRule,
    Rule,
    TreatmentRule,
    without_collector,
)
from triage.content.load import (
    Reason as ContentReason,
)
from triage.content.schema import (
    Feature,
    Investigation,
    Named,
    Question,
    Safety,
    SafetyNet,
    StarSet,
    Team,
    Treatment,
)
from triage.content.symbols import OUTCOME, REFERRAL_OUTCOME, URGENCY_OUTCOME
from triage.expr import tree
from triage.expr.evaluate import LIKELY, POSSIBLE, Known3, Standing, support_key, vague_key
from triage.expr.explain import Explained, Explainer, clues, could_be_true, hopes, missing
from triage.model.case import Case
from triage.model.values import LEVELS, Level
from triage.rules.assessment import (
    Assessment,
    Change,
    ConditionFinding,
    ContentMark,
    Fired,
    InvestigationFinding,
    Item,
    Line,
    NotExcluded,
    OptionStatus,
    PlanFinding,
    ProtocolFinding,
    Reason,
    ScopeNote,
    Status,
    Support,
    TeamFinding,
    Tier,
    Timing,
    UrgencyFinding,
)
from triage.rules.contradictions import ContradictionReader, Recorded, answers_of
from triage.rules.facts import CaseFacts, FactReader
from triage.rules.preflight import PreflightReader
from triage.rules.services import ServiceReader, inside

R = TypeVar("R", bound=Named)
# What an emergency lists only where it is done at once.
_ForNow = Investigation | Treatment | Team
# Level of a rule -> rank; a higher rank is more urgent.
RANK = {level: rank for rank, level in enumerate(LEVELS)}
_TIMING: dict[str, Timing] = {"pc": "now", "sec": "with_referral", "spec": "later"}
_ALWAYS = Explained(lambda _: True)
# A named finding of more parts than this is a collection of reasons, and its parts say more.
_COLLECTION = 20
# A condition leads if none is better supported by more points than this.
_NEAR = 2
# Undecided tests that are listed: more than a clinician asks at once is a list that nobody reads.
_MOST_OPEN = 3
# Questions by which a test is put to the clinician.
_ASKED = 2
# A must-not-miss condition is shown from this score even if its gate was never assessed.
_MUST_NOT_MISS = 2


class _Ground(NamedTuple):
    """A reason against something, compiled, with the rule that gives it and its sources."""

    rule: str
    says: str
    instead: str
    source: tuple[str, ...]
    when: Explained


class _Item(NamedTuple):
    """An item for or against a condition, compiled."""

    says: str
    weight: int
    when: Explained


class _Test(NamedTuple):
    """A test with its conditions, compiled: its own reasons against it, then the advice against it.

    Advice is silent where something calls for the test, but for `standing`.
    """

    rule: InvestigationRule
    when: Explained
    essential: Explained
    must_not_miss: tuple[str, ...]
    caution: tuple[_Ground, ...]
    not_: tuple[_Ground, ...]
    advice: tuple[_Ground, ...]
    standing: tuple[_Ground, ...]
    done: tuple[Explained, ...]


class _Treatment(NamedTuple):
    """An option of management with its conditions, compiled."""

    rule: TreatmentRule
    when: Explained
    contraindicated: tuple[_Ground, ...]
    caution: tuple[_Ground, ...]


class _Scored(NamedTuple):
    """A condition's gate and items, compiled, each item with its weight."""

    rule: ConditionRule
    key: str
    gate: Explained
    for_: tuple[_Item, ...]
    against: tuple[_Item, ...]


class Assessor:
    """Compiles a content once and assesses cases with it.

    Parameters
    ----------
    content
        The clinical content.
    """

    @without_collector()
    def __init__(self, content: Content) -> None:
        self.content = content
        self._form = content.form
        self._reader = FactReader(content)
        self._explainer = Explainer(
            content.findings,
            content.numbers,
            {c.record.id: (c.gate, *c.for_, *c.against) for c in content.conditions},
        )
        self._red_flags = self._compiled(content.red_flags)
        flags = [record for record, _ in self._red_flags]
        self.reassuring = frozenset(record.id for record in flags if record.reassures)
        self.needing_safety_set = frozenset(r.id for r in flags if r.needs_safety_set)
        self._star_sets = self._compiled(content.star_sets)
        explained = self._explainer.explained
        self._star_items = {name: explained(node) for name, node in content.star_items.items()}
        self._conditions = tuple(
            _Scored(
                rule,
                support_key(rule.record.id),
                explained(rule.gate),
                self._items(rule.record.for_, rule.for_),
                self._items(rule.record.against, rule.against),
            )
            for rule in content.conditions
        )
        self._advice_against = self._compiled(content.advice_against)
        self._tests = tuple(
            _Test(
                rule,
                explained(rule.when),
                explained(rule.essential),
                tuple(self._must_not_miss(rule)),
                self._grounds(rule.record, rule.caution),
                self._grounds(rule.record, rule.not_),
                *self._advice(rule.record.id),
                tuple(explained(node) for node in rule.done),
            )
            for rule in content.investigations
        )
        # The answers of the core path, with their question.
        self._core = {
            key: question.id
            for question in self._form.questions.values()
            if self._is_core(question)
            for key in (question.id, *(slot.key for slot in self._form.slots_of(question.id)))
        }
        self._protocols = self._compiled(content.protocols)
        self._safety = self._compiled(content.safety)
        self._treatments = tuple(
            _Treatment(
                rule,
                explained(rule.when),
                self._grounds(rule.record, rule.contraindicated),
                self._grounds(rule.record, rule.caution),
            )
            for rule in content.treatments
        )
        self._team = self._compiled(content.team)
        self._safety_net = self._compiled(content.safety_net)
        self._recorded = ContradictionReader(
            content.form, self._compiled(content.contradictions), self._compiled(content.elsewhere)
        )
        self._services = ServiceReader(content, explained)
        self.preflight = PreflightReader(content, explained)
        self._context = (*content.urgency.context, OUTCOME)
        # What is no longer asked is never missing: nobody can fill it in.
        questions = {key: slot.question for key, slot in self._form.slots.items()}
        questions |= self._form.questions
        self.unasked = frozenset(name for name, q in questions.items() if not q.asked)
        self._items_by_name = {name: Item(q.id, q.phrase) for name, q in questions.items()}
        self._items_by_name |= {name: Item(name, says) for name, says in content.says.items()}
        self._names = {rule.record.id: inside(rule.record.name) for rule in content.conditions}
        self._mark = ContentMark(self._form.id, self._form.version, content.fingerprint)

    def read(self, case: Case, day: date) -> CaseFacts:
        """Return the facts of `case` as of `day`."""
        return self._reader.read(case, day)

    def assess(self, case: Case, day: date, read: CaseFacts | None = None) -> Assessment:
        """Return what the content says of `case` as of `day`.

        Parameters
        ----------
        case, day
            The case and the date to which ages and results are reckoned.
        read
            The facts of that case and day, if they were read already; they gain entries.
        """
        read = read or self.read(case, day)
        return _Run(self, read, case, self.recorded(case, day, read)).assessment()

    def recorded(self, case: Case, day: date, read: CaseFacts | None = None) -> Recorded:
        """Return what in `case` cannot be as of `day`: contradictions, and values to check."""
        read = read or self.read(case, day)
        # What may be taken is denied by no one unseen: the doubt is settled first.
        wide = self._reader.read(case, day, doubted=True) if read.doubted else read
        return self._recorded.read(read, wide, case, day)

    def truth(self, node: tree.Node, read: CaseFacts) -> Known3:
        """Return whether a condition of the content holds, in facts that were assessed."""
        return self._explainer.explained(node).truth(read.facts)

    def _must_not_miss(self, rule: InvestigationRule) -> Iterator[str]:
        """Yield the conditions that must not be missed, of those that a test is about."""
        about = {*tree.names(rule.when), *tree.names(rule.essential)}
        for condition in self.content.conditions:
            if condition.record.must_not_miss and condition.record.id in about:
                yield support_key(condition.record.id)

    def _is_core(self, question: Question) -> bool:
        block = self._form.blocks.get(question.block)
        return question.asked and (question.core or (block is not None and block.core))

    def _compiled(self, rules: tuple[Rule[R], ...]) -> tuple[tuple[R, Explained], ...]:
        return tuple(
            (rule.record, _ALWAYS if rule.when is None else self._explainer.explained(rule.when))
            for rule in rules
        )

    def _items(
        self, features: tuple[Feature, ...], nodes: tuple[tree.Node, ...]
    ) -> tuple[_Item, ...]:
        return tuple(
            _Item(feature.says, feature.weight, self._explainer.explained(node))
            for feature, node in zip(features, nodes, strict=True)
        )

    def _grounds(
        self, record: Investigation | Treatment, reasons: tuple[ContentReason, ...]
    ) -> tuple[_Ground, ...]:
        explained = self._explainer.explained
        return tuple(
            _Ground(record.id, r.record.says, r.record.instead, record.source, explained(r.when))
            for r in reasons
        )

    def _advice(self, test: str) -> tuple[tuple[_Ground, ...], tuple[_Ground, ...]]:
        """Return the advice against a test that gives way to what calls for it, and the advice that stands."""
        found: tuple[list[_Ground], list[_Ground]] = ([], [])
        for record, when in self._advice_against:
            if test in record.tests:
                ground = _Ground(record.id, record.says, record.instead, record.source, when)
                found[record.stands].append(ground)
        return tuple(found[False]), tuple(found[True])


def assess(content: Content, case: Case, day: date) -> Assessment:
    """Return what `content` says of `case` as of `day`: compile and assess in one step."""
    return Assessor(content).assess(case, day)


class _Run:
    """One assessment."""

    def __init__(self, assessor: Assessor, read: CaseFacts, case: Case, recorded: Recorded) -> None:
        self._a = assessor
        self._read = read
        self._recorded = recorded
        self._facts = read.facts
        self._case = case
        self._content = assessor.content
        self._words: dict[str, tuple[str, ...]] = {}
        self._ways: dict[Explained, tuple[str, ...]] = {}
        self._emergency = False
        self._flags: dict[str, tuple[str, ...]] = {}
        self._safety: list[Safety] = []
        self._speaking = set(self._positive())

    def assessment(self) -> Assessment:
        scope = self._scope()
        if not scope.ok:
            return _nothing(scope, self._alarms(), self._recorded, self._a._mark)
        self._score()
        fired = self._fired()
        missing, free = self._safety_set()
        fired = self._without_hollow_reassurance(fired, bool(missing))
        level = _highest(f.level for f in fired) or "routine"
        urgency = self._urgency(level, fired, missing)
        self._facts[URGENCY_OUTCOME] = level
        self._facts[REFERRAL_OUTCOME] = urgency.referral or "none"
        self._lead(level)
        self._emergency = level == "emergency"
        self._flags = {reason.rule: reason.answers for reason in urgency.reasons}
        not_excluded = tuple(self._not_excluded({f.rule for f in fired}, free))
        self._safety = self._holding(self._a._safety)
        tests, left_open = self._investigations()
        services = self._a._services.services(level, fired, tests, self._read)
        return Assessment(
            scope=scope,
            exits=tuple(Line(e.id, e.says) for e in self._content.urgency.exit),
            urgency=urgency._replace(act=self._a._services.act(urgency, services)),
            recorded_red_flags=(),
            services=services,
            not_excluded=not_excluded,
            conditions=self._ranked(level),
            investigations=tests,
            left_open=left_open,
            safety=self._lines(self._safety),
            plan=tuple(self._plan(level)),
            team=tuple(
                TeamFinding(r.id, r.who, r.note, r.source)
                for r, node in self._a._team
                if self._holds(r, node)
            ),
            safety_net=self._lines(self._holding(self._a._safety_net)),
            contradictions=self._recorded.contradictions,
            to_check=self._recorded.to_check,
            elsewhere=self._recorded.elsewhere,
            what_would_change=_changes(not_excluded),
            content=self._a._mark,
        )

    # -- scope ----------------------------------------------------------------------------------

    def _scope(self) -> ScopeNote:
        age = self._facts.get(AGE)
        file = self._a._form.file
        if age is None:
            return ScopeNote(True, "")
        if age.high < file.min_age:  # type: ignore[attr-defined]
            says = file.too_young or f"Not designed for patients under {file.min_age} years."
            return ScopeNote(False, says)
        if age.high < file.adult_age:  # type: ignore[attr-defined]
            return ScopeNote(
                True, f"Under {file.adult_age} years: check each suggestion against local practice."
            )
        return ScopeNote(True, "")

    def _alarms(self) -> tuple[Item, ...]:
        """Return the red flags that were recorded, concluding nothing from them."""
        return self._items(n for n in self._content.alarms if self._facts.get(n) is True)

    # -- urgency --------------------------------------------------------------------------------

    def _fired(self) -> list[Fired]:
        facts = self._facts
        fired = [
            Fired(
                record.says, record.id, self._answers(node), record.source, record.level, record.to
            )
            for record, node in self._a._red_flags
            if node.truth(facts)
        ]
        return sorted(fired, key=lambda f: -RANK[f.level])

    def _without_hollow_reassurance(self, fired: list[Fired], provisional: bool) -> list[Fired]:
        """Drop reassuring statements beside a red flag, or while the safety set has gaps."""
        serious = any(f.level != "routine" for f in fired)
        return [
            f
            for f in fired
            if not (f.rule in self._a.reassuring and serious)
            and not (f.rule in self._a.needing_safety_set and provisional)
        ]

    def _urgency(
        self, level: Level, fired: list[Fired], missing: tuple[Item, ...]
    ) -> UrgencyFinding:
        referrals = [f.level for f in fired if f.to != "pc" and f.level != "routine"]
        return UrgencyFinding(
            level=level,
            referral=_highest(referrals),
            provisional=bool(missing),
            reasons=tuple(fired),
            missing=missing,
        )

    def _safety_set(self) -> tuple[tuple[Item, ...], set[str]]:
        """Return the unsatisfied items of the safety sets, and the answers that could satisfy them.

        The second also holds the answers of sets that such answers could switch on.
        """
        missing: dict[str, None] = {}
        free: set[str] = set()
        pending: list[tuple[StarSet, Explained]] = []
        for record, node in self._a._star_sets:
            if node.truth(self._facts):
                for name in self._unsatisfied(record):
                    missing[name] = None
                    self._free(name, free)
            else:
                pending.append((record, node))
        grown = True
        while grown and free:
            grown = False
            memo: dict[str, int] = {}
            for entry in list(pending):
                record, node = entry
                if could_be_true(node, self._facts, free, memo):
                    pending.remove(entry)
                    for name in self._unsatisfied(record):
                        self._free(name, free)
                    grown = True
        return tuple(self._item(name) for name in missing), free

    def _unsatisfied(self, record: StarSet) -> Iterator[str]:
        for name in record.items:
            if not self._a._star_items[name].truth(self._facts):
                yield name

    def _free(self, name: str, free: set[str]) -> None:
        """Add the missing answers below a safety item to `free`; an age of "adult" is one."""
        for leaf in self._a._star_items[name].leaves():
            if self._facts.get(leaf) is None or vague_key(leaf) in self._facts:
                free.add(leaf)

    def _not_excluded(self, fired: set[str], free: set[str]) -> Iterator[NotExcluded]:
        """Yield undecided emergency and urgent rules for which something speaks."""
        memo: dict[str, int] = {}
        found: list[NotExcluded] = []
        for record, node in self._a._red_flags:
            if RANK[record.level] < RANK["urgent"] or record.id in fired:
                continue
            if node.truth(self._facts) is not None:
                continue
            hints = self._clues(node)
            if hints or self._has_open_word(node):
                needed = missing(node, self._facts)
            elif could_be_true(node, self._facts, free, memo):
                needed = hopes(node, self._facts, free, memo)
            else:
                continue
            found.append(
                NotExcluded(
                    record.id,
                    record.level,
                    record.says,
                    hints,
                    self._items(needed),
                    record.source,
                )
            )
        yield from sorted(found, key=lambda n: -RANK[n.level])

    def _has_open_word(self, node: Explained) -> bool:
        return node.rests_on(self._read.worded) and node.has_open_word(self._facts)

    def _clues(self, node: Explained) -> tuple[str, ...]:
        """Return the positive answers in the undecided branches, context such as age left out."""
        # Most rules rest on nothing that is there.
        if not node.rests_on(self._speaking):
            return ()
        keys = self._read.recorded(clues(node, self._facts))
        return tuple(key for key in keys if not key.startswith(self._a._context))

    def _positive(self) -> Iterator[str]:
        """Yield what is there, by the names that rules read, context left out."""
        context, origins = self._a._context, self._read.origins
        for name, value in self._facts.items():
            if value is None or value is False:
                continue
            if any(not key.startswith(context) for key in origins.get(name, (name,))):
                yield name

    # -- differential ---------------------------------------------------------------------------

    def _score(self) -> None:
        facts = self._facts
        for condition in self._a._conditions:
            score = best = 0
            gate = condition.gate.truth(facts)
            if gate is False:
                # Neither shown nor supported, whatever its points.
                facts[condition.key] = Standing(gate, score, best)
                continue
            for item in condition.for_:
                got = item.when.truth(facts)
                if got is not False:
                    best += item.weight
                    if got:
                        score += item.weight
            for item in condition.against:
                if item.when.truth(facts):
                    score -= item.weight
                    best -= item.weight
            facts[condition.key] = Standing(gate, score, best)

    def _lead(self, level: Level) -> None:
        """Mark the best supported conditions, near ties included; a benign one leads nothing that is urgent."""
        serious = RANK[level] >= RANK["urgent"]
        standings = [
            standing
            for condition in self._a._conditions
            if (standing := self._standing(condition)).gate
            and not (serious and condition.rule.record.benign)
        ]
        least = max((standing.score for standing in standings), default=0) - _NEAR
        for standing in standings:
            standing.first = standing.score >= least

    def _holds(self, record: _ForNow, when: Explained) -> Known3:
        """Whether something is called for; in an emergency only what is done at once, by its red flags or by itself."""
        if not self._emergency:
            return when.truth(self._facts)
        if any(flag in self._flags for flag in record.emergency_with):
            return True
        return when.truth(self._facts) if record.emergency else False

    def _why(self, record: _ForNow, when: Explained) -> tuple[str, ...]:
        """Return the answers by which something is called for."""
        calling = [self._flags[flag] for flag in record.emergency_with if flag in self._flags]
        if self._emergency and calling:
            return tuple(dict.fromkeys(key for answers in calling for key in answers))
        return self._answers(when)

    def _ranked(self, level: Level) -> tuple[ConditionFinding, ...]:
        serious = RANK[level] >= RANK["urgent"]
        shown = [self._condition(c) for c in self._a._conditions if self._is_shown(c)]
        return tuple(
            sorted(
                shown,
                key=lambda c: (
                    # At a serious level a benign condition yields by one group, and to no condition without a point.
                    (c.benign and serious) - _tier(c.score),
                    c.benign and serious,
                    -c.score,
                    not c.must_not_miss,
                    c.name,
                ),
            )
        )

    def _is_shown(self, condition: _Scored) -> bool:
        standing = self._standing(condition)
        if standing.gate is not None:
            return standing.gate
        least = _MUST_NOT_MISS if condition.rule.record.must_not_miss else POSSIBLE
        return standing.score >= least

    def _standing(self, condition: _Scored) -> Standing:
        standing = self._facts[condition.key]
        assert isinstance(standing, Standing)
        return standing

    def _condition(self, condition: _Scored) -> ConditionFinding:
        facts, record = self._facts, condition.rule.record
        standing = self._standing(condition)
        support: Support = "cannot_say" if standing.gate is None else _support(standing.score)
        needed = missing(condition.gate, facts)
        for item in condition.for_:
            missing(item.when, facts, needed)
        return ConditionFinding(
            record.id,
            record.name,
            record.family,
            support,
            standing.score,
            record.must_not_miss,
            record.benign,
            self._features(record.id, condition.for_, record.source),
            self._features(record.id, condition.against, record.source),
            self._items(needed),
            record.source,
        )

    def _features(
        self, rule: str, items: tuple[_Item, ...], source: tuple[str, ...]
    ) -> tuple[Reason, ...]:
        return tuple(
            Reason(item.says, rule, self._answers(item.when), source)
            for item in items
            if item.when.truth(self._facts)
        )

    # -- investigations -------------------------------------------------------------------------

    def _investigations(self) -> tuple[tuple[InvestigationFinding, ...], int]:
        """Return the tests that something is to be said of, and how many undecided ones are left out."""
        found: list[InvestigationFinding] = []
        undecided: list[tuple[_Test, tuple[str, ...]]] = []
        for test in self._a._tests:
            when = self._holds(test.rule.record, test.when)
            against, advised = self._against(test, when)
            status = self._status(test, when, bool(against), advised)
            # In an emergency it goes without saying that nothing else calls for a test.
            idle = self._emergency and status == "not_indicated" and not against
            if status is None or idle:
                continue
            if status == "cannot_say":
                if deciding := self._deciding(test):
                    undecided.append((test, deciding))
                continue
            found.append(self._finding(test, status, against, ()))
        undecided.sort(key=lambda entry: self._rank(*entry))
        shown = undecided[:_MOST_OPEN]
        found += [self._finding(test, "cannot_say", [], deciding) for test, deciding in shown]
        return tuple(found), len(undecided) - len(shown)

    def _against(self, test: _Test, when: Known3) -> tuple[list[_Ground], bool]:
        """Return the reasons against a test, and whether one of them is advice: told though nothing calls for it."""
        own = [ground for ground in test.not_ if ground.when.truth(self._facts)]
        if self._emergency:
            return own, False
        advice = test.standing if when else (*test.advice, *test.standing)
        true = [ground for ground in advice if ground.when.truth(self._facts)]
        return [*own, *true], bool(true)

    def _finding(
        self,
        test: _Test,
        status: Status,
        against: list[_Ground],
        deciding: tuple[str, ...],
    ) -> InvestigationFinding:
        record, facts = test.rule.record, self._facts
        indicated = bool(self._holds(record, test.when)) and not against
        cautions: tuple[str, ...] = ()
        if indicated:
            own = [ground.says for ground in test.caution if ground.when.truth(facts)]
            cautions = (*own, *(s.says for s in self._safety if record.id in s.applies))
        labels = [self._a._form.questions[name].label.rstrip("?") for name in deciding]
        return InvestigationFinding(
            id=record.id,
            name=record.name,
            short=record.short,
            by=record.by,
            kind=record.kind,
            status=status,
            tier=self._tier(test, status),
            indicated=indicated,
            timing="now" if self._emergency else _TIMING[record.by],
            purpose=record.purpose,
            reasons=self._test_reasons(test, status, against),
            because=self._because(test) if indicated else (),
            cautions=cautions,
            note=record.note,
            protocol=self._protocol() if indicated and record.kind == "neurophysiology" else (),
            instead=_instead(test.rule, status, against),
            missing=self._items(deciding),
            asks=" ".join(f"{label}?" for label in labels),
        )

    def _tier(self, test: _Test, status: Status) -> Tier:
        """Return the tier of a test; of an undecided one, the higher one that it could have."""
        # What is done at once is all that an emergency lists.
        if self._emergency:
            return "essential"
        got = test.essential.truth(self._facts)
        needed = got is not False if status == "cannot_say" else got and status != "not_indicated"
        return "essential" if needed else "helpful"

    def _deciding(self, test: _Test) -> tuple[str, ...]:
        """Return the one or two core questions whose answers decide whether an undecided test is called for; or none.

        Only where something positive speaks for the same way of calling for it: a bare open question decides much.
        """
        for way in test.when.alternatives(self._facts):
            if way not in self._ways:
                self._ways[way] = self._settling(way)
            if found := self._ways[way]:
                return found
        return ()

    def _settling(self, way: Explained) -> tuple[str, ...]:
        """Return the core questions that settle an undecided condition for which something speaks; or none."""
        if not way.rests_on(self._speaking):
            return ()
        questions: dict[str, None] = {}
        for name in missing(way, self._facts):
            question = self._a._core.get(name)
            if question is None:
                return ()
            questions[question] = None
        if len(questions) > _ASKED or not self._clues(way):
            return ()
        return tuple(questions)

    def _rank(self, test: _Test, deciding: tuple[str, ...]) -> tuple[bool, bool, int]:
        """Return how little it matters that a test is undecided."""
        standings = (self._facts[key] for key in test.must_not_miss)
        grave = any(s.reaches(POSSIBLE) is None for s in standings)  # type: ignore[attr-defined]
        helpful = self._tier(test, "cannot_say") == "helpful"
        return helpful, not grave, len(deciding)

    def _status(self, test: _Test, when: Known3, against: bool, advised: bool) -> Status | None:
        """Return where the test stands, or None where nothing is to be said of it."""
        record = test.rule.record
        status: Status
        if against and (advised or when is not False or record.unless is not None):
            status = "not_indicated"
        elif when:
            status = "consider" if record.by == "spec" else "recommended"
        elif when is None:
            status = "cannot_say"
        elif record.unless is not None:
            status = "not_indicated"
        else:
            return None
        if not self._is_done(test):
            return status
        # Nobody asks whether a test was called for that is done, unless something speaks for it.
        return None if status == "cannot_say" and not self._clues(test.when) else "done"

    def _is_done(self, test: _Test) -> bool:
        """Whether everything that the test would tell is known, and none of it is old."""
        return (
            bool(test.done)
            and all(node.truth(self._facts) for node in test.done)
            and self._read.old.isdisjoint(test.rule.record.done_by)
        )

    def _test_reasons(
        self, test: _Test, status: Status, against: list[_Ground]
    ) -> tuple[Reason, ...]:
        record = test.rule.record
        if status == "not_indicated" and against:
            return tuple(Reason(a.says, a.rule, self._answers(a.when), a.source) for a in against)
        if status == "not_indicated" and record.unless is not None:
            return (Reason(record.unless.says, record.id, (), record.source),)
        says = record.purpose[:1].upper() + record.purpose[1:]
        if status == "cannot_say":
            answers = self._clues(test.when)
        elif self._holds(record, test.when):
            answers = self._why(record, test.when)
        else:
            answers = tuple(key for node in test.done for key in self._answers(node))
        return (Reason(says, record.id, answers, record.source),)

    def _because(self, test: _Test) -> tuple[str, ...]:
        """Return, in words, what of a true condition is true: its named findings and supported conditions."""
        found: dict[str, None] = {}
        self._add_because(test.rule.when, test.when, found)
        return tuple(found)

    def _add_because(self, node: tree.Node, seen: Explained, found: dict[str, None]) -> None:
        match node:
            case tree.Fact(id=name):
                found.update(dict.fromkeys(self._named(name, seen)))
            case tree.Or(items):
                for item, below in zip(items, seen.below, strict=True):
                    if below.truth(self._facts):
                        self._add_because(item, below, found)
            case tree.And(items):
                # What else stands in an *and* narrows its first finding.
                inner: dict[str, None] = {}
                for item, below in zip(items, seen.below, strict=True):
                    self._add_because(item, below, inner)
                    if inner:
                        break
                found.update(inner)
            case tree.Surely(item):
                self._add_because(item, seen.below[0], found)
            case tree.Support(id=name) | tree.Leads(id=name):
                found[f"possible {self._a._names[name]}"] = None

    def _named(self, name: str, seen: Explained) -> tuple[str, ...]:
        """Return a true finding in words; for one that only collects others, those of them that are true."""
        if name not in self._words:
            definition = self._content.findings.get(name)
            if isinstance(definition, tree.Or) and len(definition.items) > _COLLECTION:
                parts: dict[str, None] = {}
                self._add_because(definition, seen.below[0], parts)
                self._words[name] = tuple(parts)
            elif name in self._content.says:
                self._words[name] = (self._content.says[name],)
            elif (slot := self._a._form.slot(name)) is None:
                self._words[name] = ()
            elif slot.option is None:
                self._words[name] = (slot.phrase,)
            else:
                self._words[name] = (f"{slot.phrase} ({slot.question.phrase})",)
        return self._words[name]

    def _protocol(self) -> tuple[ProtocolFinding, ...]:
        return tuple(
            ProtocolFinding(p.id, p.question, p.ncs, p.emg, p.expected, p.source)
            for p in self._holding(self._a._protocols)
            if p.requested
        )

    # -- plan -----------------------------------------------------------------------------------

    def _plan(self, level: Level) -> Iterator[PlanFinding]:
        profile = self._a._form.profile_of(self._case).id
        for treatment in self._a._treatments:
            record = treatment.rule.record
            if not self._holds(record, treatment.when):
                continue
            if record.profiles and profile not in record.profiles:
                continue
            if record.symptom_drug and RANK[level] >= RANK["urgent"]:
                continue
            yield self._option(treatment)

    def _option(self, treatment: _Treatment) -> PlanFinding:
        record, facts = treatment.rule.record, self._facts
        barred = [g for g in treatment.contraindicated if g.when.truth(facts)]
        cautions = [g for g in treatment.caution if g.when.truth(facts)]
        needed: dict[str, None] = {}
        for ground in treatment.contraindicated:
            missing(ground.when, facts, needed)
        status: OptionStatus = (
            "contraindicated" if barred else "check_first" if needed else "consider"
        )
        treats = [name for name in record.treats if facts[support_key(name)].leads()]  # type: ignore[attr-defined]
        return PlanFinding(
            id=record.id,
            option=record.name,
            treats=tuple(treats),
            status=status,
            stage=record.stage,
            note=record.note,
            cautions=tuple(ground.says for ground in (barred or cautions)),
            missing=self._items(needed) if status == "check_first" else (),
            reasons=(
                Reason(record.name, record.id, self._why(record, treatment.when), record.source),
            ),
        )

    # -- helpers --------------------------------------------------------------------------------

    def _answers(self, node: Explained) -> tuple[str, ...]:
        return answers_of(node, self._read)

    def _holding(self, rules: tuple[tuple[R, Explained], ...]) -> list[R]:
        return [record for record, node in rules if node.truth(self._facts)]

    def _lines(self, rules: Iterable[Safety | SafetyNet]) -> tuple[Line, ...]:
        profile = self._a._form.profile_of(self._case)
        return tuple(Line(r.id, profile.said(r.says)) for r in rules)

    def _items(self, names: Iterable[str]) -> tuple[Item, ...]:
        found: dict[str, Item] = {}
        for name in names:
            if name in self._a.unasked:
                continue
            item = self._item(name)
            found.setdefault(item.id, item)
        return tuple(found.values())

    def _item(self, name: str) -> Item:
        """Return a missing fact as a person would look it up: by its question."""
        return self._a._items_by_name.get(name) or Item(name, name)


def _highest(levels: Iterable[Level]) -> Level | None:
    return max(levels, key=lambda level: RANK[level], default=None)


def _tier(score: int) -> int:
    return (score >= LIKELY) + (score >= POSSIBLE) + (score > 0)


def _support(score: int) -> Support:
    return ("against", "little", "possible", "well_supported")[_tier(score)]


def _instead(rule: InvestigationRule, status: Status, against: list[_Ground]) -> str:
    if status != "not_indicated":
        return ""
    if against:
        return " ".join(dict.fromkeys(a.instead for a in against if a.instead))
    return rule.record.unless.instead if rule.record.unless is not None else ""


def _changes(not_excluded: tuple[NotExcluded, ...]) -> tuple[Change, ...]:
    effects: dict[Item, list[str]] = {}
    for rule in not_excluded:
        for item in rule.missing:
            effects.setdefault(item, []).append(f"{rule.level}: {rule.rule}")
    return tuple(Change(item.id, item.label, tuple(rules)) for item, rules in effects.items())


def _nothing(
    scope: ScopeNote, alarms: tuple[Item, ...], recorded: Recorded, mark: ContentMark
) -> Assessment:
    """Return an assessment that concludes nothing: only what the record says of itself."""
    return Assessment(
        scope=scope,
        exits=(),
        urgency=UrgencyFinding(None, None, False, (), ()),
        recorded_red_flags=alarms,
        services=(),
        not_excluded=(),
        conditions=(),
        investigations=(),
        left_open=0,
        safety=(),
        plan=(),
        team=(),
        safety_net=(),
        contradictions=recorded.contradictions,
        to_check=recorded.to_check,
        elsewhere=(),
        what_would_change=(),
        content=mark,
    )
