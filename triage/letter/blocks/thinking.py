"""What the sender thinks, asks for, does not ask for, and has decided: the lower half of page one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from triage.content.form import DECISION, RECIPIENTS
from triage.content.schema import Investigation
from triage.letter.blocks.why import facts
from triage.letter.making import Making
from triage.letter.statements import Block, Row, Statement, strong
from triage.letter.template import BlockRecord
from triage.letter.words.phrase import Phrase, listed, sentence
from triage.rules.assessment import ConditionFinding, InvestigationFinding, PlanFinding, Reason

_CONDITIONS = 3
# Reasons for and against that each condition gives, the most first that the block has room for.
_REASONS = ((5, 3), (4, 2), (3, 2), (3, 1), (2, 1), (1, 1), (1, 0))
# What joins alternatives, and how many words tell which it is at the least.
_OR = " or "
_BRIEF = 8
# The order in which a letter asks for tests.
_KINDS = (
    "neurophysiology",
    "imaging",
    "respiratory",
    "cardiac",
    "blood",
    "urine",
    "genetic",
    "tissue",
    "other",
)


def words_in(statements: Iterable[Statement]) -> int:
    """Return how many words are printed; what a person typed is not counted."""
    return sum(len(s.text.split()) for s in statements if s.style != "free")


def thinking_block(making: Making, record: BlockRecord) -> Block:
    """Return the few best supported conditions with what speaks for and against them, as long as they fit."""
    named = making.named()[:_CONDITIONS]
    if not named:
        statements: list[list[Statement]] = [[Statement(making.word("no_condition"))]]
        return _paragraphs(record, statements)
    for count in range(len(named), 0, -1):
        for for_, against in _REASONS:
            statements = _conditions(making, named[:count], for_, against)
            if not record.most or words_in(s for part in statements for s in part) <= record.most:
                if count == _CONDITIONS:
                    at = _CONDITIONS - 1
                    statements[at] = [_yielding(s) for s in statements[at]]
                return _paragraphs(record, statements)
    return _paragraphs(record, _conditions(making, named[:1], 1, 0))


def _conditions(
    making: Making, found: Sequence[ConditionFinding], for_: int, against: int
) -> list[list[Statement]]:
    """Return each condition with what speaks for and against it; that nothing speaks against any, once."""
    free = not any(_clauses(making, c.against) for c in found)
    statements = [list(_condition(making, c, for_, against, told=free)) for c in found]
    if free:
        statements.append([Statement(making.word("no_against", count=len(found)))])
    # One condition, and that nothing speaks against it, are one paragraph.
    return [[s for part in statements for s in part]] if len(found) == 1 else statements


def _yielding(statement: Statement) -> Statement:
    return Statement(statement.said, statement.covers, statement.style, yields=True)


def _paragraphs(record: BlockRecord, parts: Sequence[Sequence[Statement]]) -> Block:
    rows = tuple(Row("", tuple(part)) for part in parts if part)
    return Block(record.id, record.heading, "prose", rows)


def _condition(
    making: Making, condition: ConditionFinding, most_for: int, most_against: int, *, told: bool
) -> Iterator[Statement]:
    """Yield what speaks for a condition, then what against it; that nothing does only if it is not `told` of all."""
    known = making.condition(condition)
    for_ = _clauses(making, condition.for_)
    against = _clauses(making, condition.against)
    name = sentence(known.page).rstrip(".")
    word = "fits" if condition.support == "well_supported" else "is_possible"
    text = making.word(word, name=name, many=known.many, items=listed(for_[:most_for]))
    yield Statement(text, tuple(key for r in condition.for_ for key in r.answers))
    if against and most_against:
        items = listed(against[:most_against])
        yield Statement(making.word("against", items=items))
    elif not against and not told:
        yield Statement(making.word("no_against", count=1))


def _clauses(making: Making, reasons: Iterable[Reason]) -> list[str]:
    """Return what reasons say; of two that rest on the same answers the first, which weighs more."""
    firsts: dict[frozenset[str], Reason] = {}
    for reason in reasons:
        if making.may_say(reason.answers):
            firsts.setdefault(frozenset(reason.answers), reason)
    clauses = list(dict.fromkeys(_clause(making, reason) for reason in firsts.values()))
    # "A drug known to cause cramps" beside "a drug known to cause cramps, and cramps of the legs" is said there.
    return [c for c in clauses if not any(other.startswith(f"{c},") for other in clauses)]


def _clause(making: Making, reason: Reason) -> str:
    """Return what a reason says; of one that names alternatives, what is there of them, if that is as short."""
    says = reason.says.strip().rstrip(".")
    if _OR not in says:
        return says
    there = facts(making, reason.answers)
    said = listed([phrase.text for phrase in there])
    room = max(_BRIEF, len(says.split()))
    is_said = said and not any(_is_labelled(making, p) for p in there)
    return said if is_said and len(said.split()) <= room else says


def _is_labelled(making: Making, phrase: Phrase) -> bool:
    """Whether a phrase begins as the form asks: ``timing while walking``. A test is called by its name."""
    asked = [q for key in phrase.keys if (q := making.form.question_of(key)) is not None]
    labels = {q.phrase for q in asked if q.kind not in ("result", "finding")}
    return ":" in phrase.text or any(phrase.text.startswith(label) for label in labels)


# -- tests --------------------------------------------------------------------------------------------


def requested_block(making: Making, record: BlockRecord) -> Block:
    """Return the tests that the sender asks for, each with what it should answer; one advised against with why."""
    tests = [t for t in _ordered(making, record) if making.accepted(t.id)]
    against = [test for test in tests if test.status == "not_indicated"]
    rest = [test for test in tests if test not in against]
    statements = _requests(making, rest, record.most)
    statements += list(_all_the_same(making, against))
    statements += list(_own(making, record))
    rows = (Row("", tuple(statements)),) if statements else ()
    return Block(record.id, record.heading, "prose", rows)


def decide_block(making: Making, record: BlockRecord) -> Block:
    """Return, in a draft, the essential tests that wait for a decision, to be ticked or struck."""
    if not making.draft:
        return Block(record.id, record.heading, "decide")
    tests = [
        t
        for t in _ordered(making, record)
        if t.needs_decision and making.decision(t.id) is None and t.status == "recommended"
    ]
    aside = making.word("not_asked_for")
    own = [t for t in tests if (making.purpose(t) and t.kind not in ("blood", "urine"))]
    rows = [Row("", (_aimed(making, t, making.purpose(t)),), aside=aside) for t in own]
    if rest := [t for t in tests if t not in own]:
        names = listed([making.test_name(t) for t in rest])
        rows.append(Row("", (Statement(strong(sentence(names))),), aside=aside))
    under = (making.word("tick"),) if rows else ()
    return Block(record.id, record.heading, "decide", tuple(rows), under=under)


def _ordered(making: Making, record: BlockRecord) -> list[InvestigationFinding]:
    """Return the tests of the kinds that a block is about, in the order of a letter."""
    tests = [t for t in making.requested() if not record.only or t.kind in record.only]
    return sorted(tests, key=lambda t: _KINDS.index(t.kind))


def _requests(making: Making, tests: list[InvestigationFinding], most: int) -> list[Statement]:
    """Return requests with their purposes; beyond `most` words the last are only named."""
    aims = {t.id: making.purpose(t) for t in tests}
    for aimed in range(len(tests), -1, -1):
        own = [t for t in tests[:aimed] if aims[t.id]]
        found = [_aimed(making, t, aims[t.id]) for t in own]
        if rest := [t for t in tests if t not in own]:
            found.append(_named(making, rest))
        if not most or words_in(found) <= most:
            break
    return found


def _named(making: Making, tests: list[InvestigationFinding]) -> Statement:
    names = listed([making.test_name(t) for t in tests])
    reasons = [reason for t in tests if (reason := making.reason(t.id))]
    text = strong(sentence(names)) + "".join(f" {sentence(reason)}" for reason in reasons)
    return Statement(text, tuple(DECISION + t.id for t in tests))


def _aimed(making: Making, test: InvestigationFinding, purpose: str) -> Statement:
    """Return a test with what it should answer, and whether it is asked for in a letter of its own."""
    sent = bool(making.test(test).studies) and _has_own_request(making)
    text = making.word(
        "test",
        name=sentence(making.test_name(test)).rstrip("."),
        sent=sent,
        purpose=purpose.rstrip("."),
    )
    if reason := making.reason(test.id):
        text += f" {sentence(reason)}"
    return Statement(sentence(text), (DECISION + test.id,))


def _has_own_request(making: Making) -> bool:
    chosen = making.case.get(RECIPIENTS)
    names = getattr(chosen, "names", ())
    recipients = making.content.recipients
    return any(n in recipients and recipients[n].safety and n != making.recipient for n in names)


def _all_the_same(making: Making, tests: Iterable[InvestigationFinding]) -> Iterator[Statement]:
    """Yield the tests that are asked for against the advice, with the sender's reason."""
    groups: dict[str, list[InvestigationFinding]] = {}
    for test in tests:
        groups.setdefault(making.reason(test.id), []).append(test)
    for reason, members in groups.items():
        names = listed([making.test_name(test) for test in members])
        text = making.word("all_the_same", names=names, reason=sentence(reason))
        yield Statement(sentence(text), tuple(DECISION + test.id for test in members))


def _own(making: Making, record: BlockRecord) -> Iterator[Statement]:
    """Yield the tests that the sender asks for and nothing recorded calls for, with his reason."""
    groups: dict[tuple[bool, str], list[Investigation]] = {}
    for test in own_requests(making):
        if not record.only or test.kind in record.only:
            sent = bool(test.studies) and _has_own_request(making)
            groups.setdefault((sent, making.reason(test.id)), []).append(test)
    for (sent, reason), members in groups.items():
        names = listed([test.page or test.short for test in members], "and")
        text = making.word("own_request", names=names, sent=sent, reason=reason)
        yield Statement(sentence(text), tuple(DECISION + test.id for test in members))


def own_requests(making: Making) -> list[Investigation]:
    """Return the tests that were accepted and that no rule suggests, or suggests any more."""
    suggested = {test.id for test in making.assessment.investigations}
    records = (rule.record for rule in making.content.investigations)
    return [r for r in records if making.accepted(r.id) and r.id not in suggested]


def not_asked_block(making: Making, record: BlockRecord) -> Block:
    """Return what the sender declined, with his reason; without one it is left out."""
    statements: list[Statement] = []
    for rule, decision in making.decisions():
        reason = making.reason(rule)
        kind = getattr(making.content.rules.get(rule), "kind", "")
        if record.only and kind not in record.only:
            continue
        if decision.decision == "decline" and reason and not making.is_contradiction(rule):
            name = sentence(_name(making, rule)).rstrip(".")
            text = making.word("declined", name=name, reason=reason)
            statements.append(Statement(sentence(text), (DECISION + rule,)))
    rows = (Row("", tuple(statements)),) if statements else ()
    return Block(record.id, record.heading, "prose", rows)


def _name(making: Making, rule: str) -> str:
    """Return how a letter calls what was decided on."""
    record = making.content.rules.get(rule)
    for name in ("page", "short", "name", "who", "question", "says"):
        if (value := getattr(record, name, "")) and isinstance(value, str):
            return value.rstrip(".")
    return making.word("a_suggestion")


def not_indicated_block(making: Making, record: BlockRecord) -> Block:
    """Return the tests that nothing recorded calls for, each with the reason and what would change it.

    Advice against a test that nobody has thought of, or about none of the named conditions, stays on the screen.
    """
    named = {condition.id for condition in making.named()[:_CONDITIONS]}
    always = {rule.record.id for rule in making.content.investigations if rule.record.unless}
    groups: dict[tuple[str, str], list[InvestigationFinding]] = {}
    for test in making.assessment.investigations:
        about = making.test(test).purposes.keys()
        told = test.id in always or (
            not named.isdisjoint(about) and any(reason.rule == test.id for reason in test.reasons)
        )
        if record.only and test.kind not in record.only:
            continue
        if test.status == "not_indicated" and told and making.decision(test.id) is None:
            reason = " ".join(sentence(r.says) for r in test.reasons[:1])
            groups.setdefault((reason, test.instead), []).append(test)
    statements: list[Statement] = []
    for (reason, instead), tests in groups.items():
        names = listed([making.test_name(test) for test in tests], "and")
        text = making.word("not_indicated", names=sentence(names).rstrip("."), reason=reason)
        statements.append(Statement(text))
        if instead:
            statements.append(Statement(sentence(making.word("instead", instead=instead))))
    kept: list[Statement] = []
    for statement in statements:
        if record.most and kept and words_in([*kept, statement]) > record.most:
            break
        kept.append(statement)
    rows = (Row("", tuple(kept)),) if kept else ()
    return Block(record.id, record.heading, "prose", rows)


# -- what is decided ----------------------------------------------------------------------------------


def decided_block(making: Making, record: BlockRecord) -> Block:
    """Return the options that the sender accepted, and what else he accepted, as he put it."""
    asks = making.option_id("referrer.ask") == "advice_only"
    statements = [
        _option(making, option, asks)
        for option in making.assessment.plan
        if making.accepted(option.id)
    ]
    told = {
        r.id
        for part in (making.requested(), making.assessment.plan)
        for r in part
        if making.accepted(r.id)
    }
    own = {test.id for test in own_requests(making)}
    for rule, decision in making.decisions():
        if decision.decision != "accept" or rule in told or making.is_contradiction(rule):
            continue
        if rule in making.content.recipients or rule in own:
            continue
        reason = making.reason(rule)
        text = making.word("accepted", name=_name(making, rule), reason=reason)
        statements.append(Statement(sentence(text), (DECISION + rule,)))
    rows = (Row("", tuple(statements)),) if statements else ()
    return Block(record.id, record.heading, "prose", rows)


def _option(making: Making, option: PlanFinding, asks: bool) -> Statement:
    """Return an accepted option: typed beats coded, and what is not known is to be known first."""
    record = making.content.rules.get(option.id)
    asks = asks and bool(getattr(record, "symptom_drug", False))
    items = (
        [making.item(item) for item in option.missing[:4]] if option.status == "check_first" else []
    )
    barred = list(option.cautions) if option.status == "contraindicated" else []
    text = making.word(
        "option",
        name=_name(making, option.id),
        reason=making.reason(option.id),
        first=listed(items, "and"),
        barred=listed(barred),
        asks=asks,
    )
    return Statement(sentence(text), (DECISION + option.id,))


# -- what is to be checked ----------------------------------------------------------------------------


def to_check_block(making: Making, record: BlockRecord) -> Block:
    """Return what was recorded twice with two answers, and recorded values that cannot be."""
    assessment = making.assessment
    found = [making.contradiction(c) for c in assessment.contradictions if not c.leftover]
    fired = {c.id for c in assessment.contradictions if not c.leftover}
    for rule, _ in making.decisions():
        if making.is_contradiction(rule) and rule not in fired:
            text = making.word("contradiction_over", reason=making.reason(rule))
            found.append(Statement(text, (DECISION + rule,)))
    found += [Statement(sentence(check.says), check.answers) for check in assessment.to_check]
    rows = tuple(Row("", (statement,)) for statement in found)
    return Block(record.id, record.heading, "prose", rows)
