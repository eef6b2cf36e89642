"""The blocks that tell what is thought, asked for, not asked for and planned."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from triage.content.form import DECISION
from triage.letter.banner import level_of
from triage.letter.making import Making
from triage.letter.phrase import listed, sentence
from triage.letter.statements import Block, Row, Statement
from triage.letter.template import BlockRecord
from triage.rules.assessment import ConditionFinding, InvestigationFinding, PlanFinding

_FOR, _AGAINST, _MISSING = 6, 4, 4
_PROTOCOLS = 2
# Of the findings that call for a test, how many its line names.
_BECAUSE = 4


def reasoning_block(making: Making, record: BlockRecord) -> Block:
    """Return the few best supported conditions with what speaks for and against them."""
    shown = making.named()
    if not shown:
        # One weak feature (an age, a cramp in the calf) names no disease in a letter.
        weak = [c for c in making.assessment.conditions if c.support in ("little", "cannot_say")]
        shown = [c for c in weak if len(c.for_) > 1][:2]
    rows = [Row("", tuple(_condition(making, c))) for c in shown[: record.most]]
    if not rows:
        return Block(record.id, record.heading, "prose", (Statement(making.word("no_condition")),))
    return Block(
        record.id,
        record.heading,
        "rows",
        (),
        (*rows, Row("", (Statement(making.word("rank"), (), "small"),))),
    )


def _condition(making: Making, condition: ConditionFinding) -> Iterable[Statement]:
    making.tag([], condition.source)
    support = making.templates.supports[condition.support]
    yield Statement(making.word("condition", name=condition.name, support=support), (), "strong")
    for_ = [r for r in condition.for_ if making.may_say(r.answers)]
    against = [r for r in condition.against if making.may_say(r.answers)]
    if for_:
        items = listed([_clause(r.says) for r in for_[:_FOR]])
        yield Statement(making.word("for", items=items))
    if against:
        items = listed([_clause(r.says) for r in against[:_AGAINST]])
        yield Statement(making.word("against", items=items))
    else:
        yield Statement(making.word("no_against"))
    if condition.missing:
        items = listed([making.item(item) for item in condition.missing[:_MISSING]])
        yield Statement(
            making.word("missing", items=items, more=max(0, len(condition.missing) - _MISSING))
        )


def _clause(says: str) -> str:
    return says.strip().rstrip(".")


# -- tests ------------------------------------------------------------------------------------------


def requests_block(making: Making, record: BlockRecord) -> Block:
    """Return the tests that the clinician accepted, or those that wait for a decision."""
    accepted = record.which == "accepted"
    tests = [t for t in _kept(making.requested(), record) if making.accepted(t.id) is accepted]
    against = [test for test in tests if test.status == "not_indicated"]
    rows: list[Row] = []
    for kind, members in _by_kind(making, [t for t in tests if t not in against]).items():
        rows += _tests(making, kind, members, accepted, record.brief)
    rows += [Row("", (line,)) for line in _all_the_same(making, against)]
    if not accepted and not record.only:
        rows += [Row("", (line,)) for line in _specialist(making)]
    return Block(record.id, record.heading, "request", (), tuple(rows))


def _kept(
    tests: Iterable[InvestigationFinding], record: BlockRecord
) -> Iterable[InvestigationFinding]:
    """Return the tests of the kinds that a block is about."""
    return (t for t in tests if not record.only or t.kind in record.only)


def _by_kind(
    making: Making, tests: Sequence[InvestigationFinding]
) -> dict[str, list[InvestigationFinding]]:
    found: dict[str, list[InvestigationFinding]] = {}
    order = list(dict.fromkeys(making.templates.kinds.values()))
    for test in sorted(tests, key=lambda t: order.index(making.templates.kinds[t.kind])):
        found.setdefault(making.templates.kinds[test.kind], []).append(test)
    return found


def _tests(
    making: Making, kind: str, tests: list[InvestigationFinding], accepted: bool, brief: bool
) -> Iterable[Row]:
    safety = {line.says for line in making.assessment.safety}
    statements: list[Statement] = []
    for by, members in _by_order(tests).items():
        # What the leading condition asks of a test is a line of its own, once the test is asked for.
        aims = {t.id: making.purpose(t) for t in members}
        alone = [t for t in members if accepted and aims[t.id]]
        statements += [_aimed(making, t, aims[t.id]) for t in alone]
        members = [t for t in members if t not in alone]
        if not members:
            continue
        items = [_with_aim(t, aims[t.id]) for t in members]
        sources = [s for t in members for r in t.reasons for s in r.source]
        tag = making.tag([t.id for t in members], sources)
        covers = tuple(DECISION + t.id for t in members if making.decision(t.id) is not None)
        urgent = level_of(making) == "emergency"
        who = making.word("at_once") if urgent else making.templates.orders[by]
        statements.append(Statement(f"{who}: {listed(items)}. [{tag}]", covers))
        reasons = [d.reason.strip() for t in members if (d := making.decision(t.id))]
        statements += [Statement(sentence(r), covers) for r in dict.fromkeys(reasons) if r]
    if accepted or tests[0].kind in ("neurophysiology", "imaging"):
        if facts := _because(tests) or making.facts(_answers(tests), 5):
            statements.append(Statement(making.word("because", facts=facts)))
        cautions = dict.fromkeys(_clause(c) for t in tests for c in t.cautions if c not in safety)
        if cautions:
            statements.append(Statement(making.word("caution", caution="; ".join(cautions))))
    yield Row(kind, tuple(statements))
    if protocols := tuple(_protocols(making, tests, brief)):
        yield Row("", protocols)


def _with_aim(test: InvestigationFinding, aim: str) -> str:
    """Return a test with what the leading condition wants of it. What it is good for in general is for the screen."""
    return f"{test.short} ({_clause(aim)})" if aim else test.short


def _all_the_same(making: Making, tests: Iterable[InvestigationFinding]) -> Iterable[Statement]:
    """Yield the tests that are asked for against the advice, with the clinician's reason."""
    groups: dict[str, list[InvestigationFinding]] = {}
    for test in tests:
        decision = making.decision(test.id)
        groups.setdefault(decision.reason.strip() if decision else "", []).append(test)
    for reason, members in groups.items():
        text = making.word(
            "all_the_same",
            names=listed([test.short for test in members]),
            reason=sentence(reason) if reason else "",
        )
        covers = tuple(DECISION + test.id for test in members)
        yield Statement(f"{text} [{_against_tag(making, members)}]", covers)


def _against_tag(making: Making, tests: list[InvestigationFinding]) -> str:
    """Return the tests, the rules that speak against them, and their sources."""
    reasons = [reason for test in tests for reason in test.reasons]
    rules = dict.fromkeys((*(test.id for test in tests), *(reason.rule for reason in reasons)))
    return making.tag(rules, [source for reason in reasons for source in reason.source])


def _aimed(making: Making, test: InvestigationFinding, purpose: str) -> Statement:
    """Return a test that is asked for, with what the leading condition wants of it, as one line."""
    making.tag([], [s for r in test.reasons for s in r.source])
    text = sentence(making.word("test", name=test.short, purpose=purpose))
    decision = making.decision(test.id)
    if decision is not None and (reason := decision.reason.strip()):
        text += f" {sentence(reason)}"
    covers = (DECISION + test.id,) if decision is not None else ()
    return Statement(text, covers)


def _by_order(tests: list[InvestigationFinding]) -> dict[str, list[InvestigationFinding]]:
    found: dict[str, list[InvestigationFinding]] = {}
    for test in tests:
        found.setdefault(test.by, []).append(test)
    return found


def _because(tests: list[InvestigationFinding]) -> str:
    """Return the findings that call for the tests, most telling first."""
    return listed(list(dict.fromkeys(words for test in tests for words in test.because[:_BECAUSE])))


def _answers(tests: list[InvestigationFinding]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(key for t in tests for r in t.reasons for key in r.answers))


def _protocols(
    making: Making, tests: list[InvestigationFinding], brief: bool
) -> Iterable[Statement]:
    protocols = {p.id: p for t in tests for p in t.protocol}
    for n, p in enumerate(protocols.values()):
        if n == _PROTOCOLS:
            rest = [q.question for q in list(protocols.values())[_PROTOCOLS:]]
            yield Statement(making.word("more_protocols", items=" ".join(rest)))
            return
        making.tag([], p.source)
        if brief:
            ncs, emg = _first(p.ncs), _first(p.emg)
            yield Statement(making.word("protocol_brief", question=p.question, ncs=ncs, emg=emg))
            continue
        yield Statement(
            making.word("protocol", question=p.question, ncs=p.ncs, emg=p.emg, expected=p.expected)
        )


def _first(text: str) -> str:
    """Return the first sentence of a protocol."""
    return re.split(r"(?<!e\.g)(?<!i\.e)\.\s", text, maxsplit=1)[0].rstrip(".") + "."


def _specialist(making: Making) -> Iterable[Statement]:
    """Yield the essential tests that only a specialist orders, while nothing is decided on them."""
    tests = [
        test
        for test in making.assessment.investigations
        if test.needs_decision and test.status == "consider" and making.decision(test.id) is None
    ]
    if tests:
        items = listed([_with_aim(t, making.purpose(t)) for t in tests])
        tag = making.tag([t.id for t in tests], [])
        yield Statement(f"{making.word('specialist', items=items)} [{tag}]")


def considered_block(making: Making, record: BlockRecord) -> Block:
    """Return what the clinician declined, deferred, or accepted and is told nowhere else."""
    statements: list[Statement] = []
    tests = {t.id for t in making.assessment.investigations}
    told = {
        r.id
        for part in (making.requested(), making.assessment.plan, making.assessment.team)
        for r in part
    }
    for rule, decision in making.decisions():
        if making.is_contradiction(rule) or (decision.decision == "accept" and rule in told):
            continue
        if (to := making.content.recipients.get(rule)) is not None:
            if rule != making.recipient:
                reason = decision.reason.strip().rstrip(".")
                text = making.word("why_there", name=to.name, reason=reason)
                statements.append(Statement(sentence(text), (DECISION + rule,)))
            continue
        is_test = rule in tests or any(r.record.id == rule for r in making.content.investigations)
        word = {"accept": "accepted", "decline": "declined", "defer": "deferred"}[decision.decision]
        if word == "declined" and not is_test:
            word = "not_shared"
        text = making.word(
            word, name=_name(making, rule), reason=decision.reason.strip().rstrip(".")
        )
        statements.append(Statement(sentence(text), (DECISION + rule,)))
    return Block(record.id, record.heading, "list", tuple(statements))


def _name(making: Making, rule: str) -> str:
    record = making.content.rules.get(rule)
    for field in ("name", "who", "question", "says"):
        if (value := getattr(record, field, "")) and isinstance(value, str):
            return f"{_clause(value)} [{rule}]"
    return rule


def not_indicated_block(making: Making, record: BlockRecord) -> Block:
    """Return the tests that nothing recorded calls for, each with the reason and what to do instead.

    Advice against a test that nobody has thought of stays on the screen.
    """
    groups: dict[str, list[InvestigationFinding]] = {}
    always = {rule.record.id for rule in making.content.investigations if rule.record.unless}
    for test in _kept(making.assessment.investigations, record):
        told = test.id in always or any(reason.rule == test.id for reason in test.reasons)
        if test.status == "not_indicated" and told and making.decision(test.id) is None:
            groups.setdefault(test.instead, []).append(test)
    statements = []
    for instead, tests in groups.items():
        reasons: dict[str, list[str]] = {}
        for test in tests:
            reasons.setdefault(" ".join(r.says for r in test.reasons), []).append(test.short)
        text = " ".join(
            making.word("not_indicated", names=listed(names), reason=sentence(reason))
            for reason, names in reasons.items()
        )
        if instead:
            text += f" {making.word('instead', instead=sentence(instead))}"
        statements.append(Statement(f"{sentence(text)} [{_against_tag(making, tests)}]"))
    return Block(record.id, record.heading, "list", tuple(statements))


# -- plan -------------------------------------------------------------------------------------------


def plan_block(making: Making, record: BlockRecord) -> Block:
    """Return what is decided, what may be considered, what to check first and what is not advised."""
    plan = [
        p
        for p in making.assessment.plan
        if (d := making.decision(p.id)) is None or d.decision == "accept"
    ]
    decided = [p for p in plan if making.accepted(p.id)]
    rows: list[Row] = []
    for word, options in (
        ("decided", decided),
        ("consider", [p for p in plan if p.status == "consider" and p not in decided]),
        ("check_first", [p for p in plan if p.status == "check_first" and p not in decided]),
        ("barred", [p for p in plan if p.status == "contraindicated" and p not in decided]),
    ):
        if not options:
            continue
        shown = options if word == "decided" else options[: record.most]
        label = making.word(word).rstrip(":")
        statements = [_option(making, p) for p in shown]
        if more := len(options) - len(shown):
            statements.append(Statement(sentence(making.word("and_more", more=more))))
        rows += [Row(label if n == 0 else "", (s,)) for n, s in enumerate(statements)]
    return Block(record.id, record.heading, "rows", (), tuple(rows))


def _option(making: Making, option: PlanFinding) -> Statement:
    decision = making.decision(option.id)
    reason = decision.reason.strip() if decision else ""
    match option.status:
        case "contraindicated":
            text = making.word("option_barred", name=option.option, why=listed(option.cautions))
        case "check_first":
            items = listed([making.item(item) for item in option.missing[:4]])
            text = making.word("option_check", name=option.option, items=items)
        case _:
            note = "; ".join(p for p in (option.stage.replace("_", " "), option.note) if p)
            text = making.word(
                "option", name=option.option, note=note, cautions=listed(option.cautions)
            )
    if reason:
        text = f"{text.rstrip('.')}; {reason}"
    tag = making.tag([option.id], [s for r in option.reasons for s in r.source])
    covers = (DECISION + option.id,) if decision else ()
    return Statement(f"{text.rstrip('.')}. [{tag}]", covers)


def team_block(making: Making, record: BlockRecord) -> Block:
    """Return the teams to involve."""
    statements = []
    for member in making.assessment.team:
        decision = making.decision(member.id)
        if decision is not None and decision.decision != "accept":
            continue
        making.tag([], member.source)
        note = f" ({member.note})" if member.note else ""
        covers = (DECISION + member.id,) if decision else ()
        statements.append(Statement(f"{_clause(member.who)}{note}. [{member.id}]", covers))
    return Block(record.id, record.heading, "prose", tuple(statements))


def contradictions_block(making: Making, record: BlockRecord) -> Block:
    """Return what is to be checked: what was recorded twice, what is left over, and what cannot be."""
    assessment = making.assessment
    statements = [making.contradiction(found) for found in making.contradictions(strip=False)]
    fired = {found.id for found in assessment.contradictions if not found.leftover}
    for rule, decision in making.decisions():
        if making.is_contradiction(rule) and rule not in fired:
            reason = decision.reason.strip().rstrip(".")
            text = making.word("contradiction_over", reason=reason)
            statements.append(Statement(text, (DECISION + rule,)))
    names = [
        making.form.questions[found.id].phrase
        for found in assessment.contradictions
        if found.leftover
    ]
    if names:
        statements.append(Statement(making.word("contradictions", items=listed(names))))
    if assessment.to_check:
        items = " ".join(check.says for check in assessment.to_check)
        statements.append(Statement(making.word("to_check", items=items)))
    return Block(record.id, record.heading, "prose", tuple(statements))
