"""The tests that are called for, those that are not indicated, and what is still open."""

from __future__ import annotations

from typing import NamedTuple

from triage.content.form import Form
from triage.content.load import Content, InvestigationRule, Rule
from triage.content.schema import AdviceAgainst, Profile, Protocol, Question, Safety
from triage.expr import tree
from triage.expr.evaluate import POSSIBLE, Known3
from triage.expr.explain import Explained, missing
from triage.rules.assessment import (
    InvestigationFinding,
    Line,
    ProtocolFinding,
    Reason,
    Status,
    StudyFinding,
    Tier,
    Timing,
    UrgencyFinding,
)
from triage.rules.compiled import Compiled, Explain, Ground, compiled, grounds, holding
from triage.rules.differential import standing_of
from triage.rules.facts import CaseFacts
from triage.rules.items import ItemReader
from triage.rules.kept import Cell, Kept
from triage.rules.services import inside
from triage.rules.urgency import called_by, called_for, rests_for_now

_TIMING: dict[str, Timing] = {"pc": "now", "sec": "with_referral", "spec": "later"}
# The kind of test of which the laboratory is told what to study.
_STUDIES = "neurophysiology"
# A named finding of more parts than this is a collection of reasons, and its parts say more.
_COLLECTION = 20
# The ways in which tests could come to be called for, which many share, with the questions that settle each.
_Ways = dict[Explained, tuple[str, ...]]
# Undecided tests that are listed: more than a clinician asks at once is a list that nobody reads.
_MOST_OPEN = 3
# Questions by which a test is put to the clinician.
_ASKED = 2


class _Test(NamedTuple):
    """A test with its conditions, compiled: its own reasons against it, then the advice against it.

    Advice is silent where something calls for the test, but for `standing`.
    """

    rule: InvestigationRule
    when: Explained
    essential: Explained
    must_not_miss: tuple[str, ...]
    caution: tuple[Ground, ...]
    not_: tuple[Ground, ...]
    advice: tuple[Ground, ...]
    standing: tuple[Ground, ...]
    done: tuple[Explained, ...]
    stand: Cell[_Stand | None]
    finding: Cell[InvestigationFinding]


class _Stand(NamedTuple):
    """Where a test stands: whether something calls for it, what speaks against it, which questions decide it."""

    test: _Test
    status: Status
    when: Known3
    against: tuple[Ground, ...] = ()
    deciding: tuple[str, ...] = ()


class InvestigationReader:
    """Finds where each test stands; made once for a content.

    Parameters
    ----------
    content
        The content.
    explained
        Compiles a condition.
    items
        Names what is missing.
    kept
        Keeps where each test stands.
    """

    def __init__(self, content: Content, explained: Explain, items: ItemReader, kept: Kept) -> None:
        self._form = content.form
        self._findings = content.findings
        self._says = content.says
        self._items = items
        self._names = {rule.record.id: inside(rule.record.name) for rule in content.conditions}
        # The answers of the core path, with their question.
        self._core = {
            key: question.id
            for question in self._form.questions.values()
            if _is_core(question, self._form)
            for key in (question.id, *(slot.key for slot in self._form.slots_of(question.id)))
        }
        self._protocols = compiled(content.protocols, explained)
        self._asked = {rule.record.id: _protocol(rule) for rule in content.protocols}
        self._safety = compiled(content.safety, explained)
        advice = compiled(content.advice_against, explained)
        self._tests = tuple(
            self._test(rule, _must_not_miss(rule, content), advice, explained, kept)
            for rule in content.investigations
        )

    def _test(
        self,
        rule: InvestigationRule,
        must_not_miss: tuple[str, ...],
        advice: Compiled[AdviceAgainst],
        explained: Explain,
        kept: Kept,
    ) -> _Test:
        record = rule.record
        when, essential = explained(rule.when), explained(rule.essential)
        caution, not_ = (grounds(record, r, explained) for r in (rule.caution, rule.not_))
        gives_way, stands = (_advice(advice, record.id, stands=stands) for stands in (False, True))
        done = tuple(explained(node) for node in rule.done)
        told = (self._protocols if record.kind == _STUDIES else (), self._safety_of(record.id))
        nodes = [
            *(when, essential, *done),
            *(ground.when for ground in (*caution, *not_, *gives_way, *stands)),
            *(node for rules in told for _, node in rules),
        ]
        stand, finding = (kept.cell(nodes, rests_for_now(record)) for _ in range(2))
        return _Test(
            *(rule, when, essential, must_not_miss, caution, not_, gives_way, stands, done),
            stand=stand,
            finding=finding,
        )

    def _safety_of(self, test: str) -> Compiled[Safety]:
        return tuple(entry for entry in self._safety if test in entry[0].applies)

    def safety(self, profile: Profile, read: CaseFacts) -> tuple[Line, ...]:
        """Return what the laboratory must know before it starts."""
        return tuple(Line(r.id, profile.said(r.says)) for r in holding(self._safety, read))

    def tests(
        self, urgency: UrgencyFinding, read: CaseFacts
    ) -> tuple[tuple[InvestigationFinding, ...], int]:
        """Return the tests that something is to be said of, and how many undecided ones are left out."""
        found: list[InvestigationFinding] = []
        undecided: list[_Stand] = []
        ways: _Ways = {}
        for test in self._tests:
            stand = test.stand.get(self._stand, test, ways, urgency, read)
            if stand is None:
                continue
            if stand.status != "cannot_say":
                found.append(test.finding.get(self._finding, stand, urgency, read))
            else:
                undecided.append(stand)
        undecided.sort(key=lambda stand: _rank(stand, urgency, read))
        found += [
            stand.test.finding.get(self._finding, stand, urgency, read)
            for stand in undecided[:_MOST_OPEN]
        ]
        return tuple(found), len(undecided[_MOST_OPEN:])

    # -- where it stands ------------------------------------------------------------------------

    def _stand(
        self, test: _Test, ways: _Ways, urgency: UrgencyFinding, read: CaseFacts
    ) -> _Stand | None:
        """Return where the test stands, or None where nothing is to be said of it."""
        record = test.rule.record
        when = called_for(record, test.when, urgency, read)
        against, advised = _against(test, when, urgency, read)
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
        if _is_done(test, read):
            # Nobody asks whether a test was called for that is done, unless something speaks for it.
            if status == "cannot_say" and not read.clues(test.when):
                return None
            status = "done"
        # In an emergency it goes without saying that nothing else calls for a test.
        if urgency.level == "emergency" and status == "not_indicated" and not against:
            return None
        stand = _Stand(test, status, when, against)
        if status != "cannot_say":
            return stand
        deciding = self._deciding(test, ways, read)
        return stand._replace(deciding=deciding) if deciding else None

    def _deciding(self, test: _Test, ways: _Ways, read: CaseFacts) -> tuple[str, ...]:
        """Return the one or two core questions whose answers decide whether an undecided test is called for; or none.

        Only where something positive speaks for the same way of calling for it: a bare open question decides much.
        """
        for way in test.when.alternatives(read.facts):
            if way not in ways:
                ways[way] = self._settling(way, read)
            if ways[way]:
                return ways[way]
        return ()

    def _settling(self, way: Explained, read: CaseFacts) -> tuple[str, ...]:
        """Return the core questions that settle an undecided condition for which something speaks; or none."""
        if not way.rests_on(read.speaking):
            return ()
        questions: dict[str, None] = {}
        for name in missing(way, read.facts):
            question = self._core.get(name)
            if question is None:
                return ()
            questions[question] = None
        if len(questions) > _ASKED or not read.clues(way):
            return ()
        return tuple(questions)

    # -- what is said of it ---------------------------------------------------------------------

    def _finding(
        self, stand: _Stand, urgency: UrgencyFinding, read: CaseFacts
    ) -> InvestigationFinding:
        test, record = stand.test, stand.test.rule.record
        indicated = bool(stand.when) and not stand.against
        labels = [self._form.questions[name].label.rstrip("?") for name in stand.deciding]
        return InvestigationFinding(
            id=record.id,
            name=record.name,
            short=record.short,
            by=record.by,
            kind=record.kind,
            status=stand.status,
            tier=_tier(stand, urgency, read),
            indicated=indicated,
            timing="now" if urgency.level == "emergency" else _TIMING[record.by],
            purpose=record.purpose,
            reasons=_reasons(stand, urgency, read),
            because=self._because(test, read) if indicated else (),
            cautions=self._cautions(test, read) if indicated else (),
            note=record.note,
            protocol=self.protocols(read) if indicated and record.kind == _STUDIES else (),
            instead=_instead(stand),
            missing=self._items.items(stand.deciding),
            asks=" ".join(f"{label}?" for label in labels),
        )

    def _cautions(self, test: _Test, read: CaseFacts) -> tuple[str, ...]:
        own = [ground.says for ground in test.caution if ground.when.truth(read.facts)]
        about = self._safety_of(test.rule.record.id)
        return (*own, *(record.says for record in holding(about, read)))

    def protocols(self, read: CaseFacts) -> tuple[ProtocolFinding, ...]:
        """Return what a laboratory is to be asked."""
        return tuple(self._asked[p.id] for p in holding(self._protocols, read) if p.requested)

    def _because(self, test: _Test, read: CaseFacts) -> tuple[str, ...]:
        """Return, in words, what of a true condition is true: its named findings and supported conditions."""
        found: dict[str, None] = {}
        self._add_because(test.rule.when, test.when, read, found)
        return tuple(found)

    def _add_because(
        self, node: tree.Node, seen: Explained, read: CaseFacts, found: dict[str, None]
    ) -> None:
        match node:
            case tree.Fact(id=name):
                self._add_named(name, seen, read, found)
            case tree.Or(items):
                for item, below in zip(items, seen.below, strict=True):
                    if below.truth(read.facts):
                        self._add_because(item, below, read, found)
            case tree.And(items):
                # What else stands in an *and* narrows its first finding.
                inner: dict[str, None] = {}
                for item, below in zip(items, seen.below, strict=True):
                    self._add_because(item, below, read, inner)
                    if inner:
                        break
                found.update(inner)
            case tree.Surely(item):
                self._add_because(item, seen.below[0], read, found)
            case tree.Support(id=name) | tree.Leads(id=name):
                found[f"possible {self._names[name]}"] = None

    def _add_named(
        self, name: str, seen: Explained, read: CaseFacts, found: dict[str, None]
    ) -> None:
        """Add a true finding in words; for one that only collects others, those of them that are true."""
        definition = self._findings.get(name)
        if isinstance(definition, tree.Or) and len(definition.items) > _COLLECTION:
            self._add_because(definition, seen.below[0], read, found)
        elif name in self._says:
            found[self._says[name]] = None
        elif (slot := self._form.slot(name)) is not None:
            of = "" if slot.option is None else f" ({slot.question.phrase})"
            found[f"{slot.phrase}{of}"] = None


def _protocol(rule: Rule[Protocol]) -> ProtocolFinding:
    """Return what a protocol asks."""
    record = rule.record
    ncs, emg = (" ".join(map(str, rows)) for rows in (record.ncs, record.emg))
    nodes = tree.walk(rule.when) if rule.when is not None else ()
    about = [n.id for n in nodes if isinstance(n, tree.Support | tree.Leads)]
    return ProtocolFinding(
        record.id,
        record.question,
        ncs,
        f"{emg} {record.note}".strip(),
        record.expected,
        record.source,
        (
            *(StudyFinding(r.study, r.of, r.side, r.asks, "ncs") for r in record.ncs),
            *(StudyFinding(r.study, r.of, r.side, r.asks, "emg") for r in record.emg),
        ),
        tuple(dict.fromkeys(about)),
    )


def _is_core(question: Question, form: Form) -> bool:
    block = form.blocks.get(question.block)
    return question.asked and (question.core or (block is not None and block.core))


def _must_not_miss(rule: InvestigationRule, content: Content) -> tuple[str, ...]:
    """Return the conditions that must not be missed, of those that a test is about."""
    about = {*tree.names(rule.when), *tree.names(rule.essential)}
    grave = [c.record.id for c in content.conditions if c.record.must_not_miss]
    return tuple(name for name in grave if name in about)


def _advice(advice: Compiled[AdviceAgainst], test: str, *, stands: bool) -> tuple[Ground, ...]:
    """Return the advice against a test: what gives way to what calls for it, or what stands."""
    return tuple(
        Ground(record.id, record.says, record.instead, record.source, when)
        for record, when in advice
        if test in record.tests and record.stands is stands
    )


def _against(
    test: _Test, when: Known3, urgency: UrgencyFinding, read: CaseFacts
) -> tuple[tuple[Ground, ...], bool]:
    """Return the reasons against a test, and whether one of them is advice: told though nothing calls for it."""
    own = [ground for ground in test.not_ if ground.when.truth(read.facts)]
    if urgency.level == "emergency":
        return tuple(own), False
    advice = test.standing if when else (*test.advice, *test.standing)
    true = [ground for ground in advice if ground.when.truth(read.facts)]
    return (*own, *true), bool(true)


def _is_done(test: _Test, read: CaseFacts) -> bool:
    """Whether everything that the test would tell is known, and none of it is old."""
    return (
        bool(test.done)
        and all(node.truth(read.facts) for node in test.done)
        and read.old.isdisjoint(test.rule.record.done_by)
    )


def _tier(stand: _Stand, urgency: UrgencyFinding, read: CaseFacts) -> Tier:
    """Return the tier of a test; of an undecided one, the higher one that it could have."""
    # What is done at once is all that an emergency lists.
    if urgency.level == "emergency":
        return "essential"
    got = stand.test.essential.truth(read.facts)
    status = stand.status
    needed = got is not False if status == "cannot_say" else got and status != "not_indicated"
    return "essential" if needed else "helpful"


def _rank(stand: _Stand, urgency: UrgencyFinding, read: CaseFacts) -> tuple[bool, bool, int]:
    """Return how little it matters that a test is undecided."""
    standings = (standing_of(name, read) for name in stand.test.must_not_miss)
    grave = any(standing.reaches(POSSIBLE) is None for standing in standings)
    helpful = _tier(stand, urgency, read) == "helpful"
    return helpful, not grave, len(stand.deciding)


def _reasons(stand: _Stand, urgency: UrgencyFinding, read: CaseFacts) -> tuple[Reason, ...]:
    test, record = stand.test, stand.test.rule.record
    if stand.status == "not_indicated" and stand.against:
        return tuple(Reason(a.says, a.rule, read.answers(a.when), a.source) for a in stand.against)
    if stand.status == "not_indicated" and record.unless is not None:
        return (Reason(record.unless.says, record.id, (), record.source),)
    if stand.status == "cannot_say":
        answers = read.clues(test.when)
    elif stand.when:
        answers = called_by(record, test.when, urgency, read)
    else:
        answers = tuple(key for node in test.done for key in read.answers(node))
    says = record.purpose[:1].upper() + record.purpose[1:]
    return (Reason(says, record.id, answers, record.source),)


def _instead(stand: _Stand) -> str:
    if stand.status != "not_indicated":
        return ""
    if stand.against:
        return " ".join(dict.fromkeys(a.instead for a in stand.against if a.instead))
    unless = stand.test.rule.record.unless
    return unless.instead if unless is not None else ""
