"""The tests: essential, helpful, one answer away, not indicated and done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from triage.letter.words.said.line import Mark, Part, Said, Suggestion, Why, begun, clause, lines_of
from triage.letter.words.said.trail import Trail, answers_of, sources_of
from triage.model.case import Case
from triage.rules.assessment import Assessment, InvestigationFinding, Status, Timing

NONE = "No test is suggested by what was recorded so far."
ESSENTIAL = "Essential"
HELPFUL = "Helpful, not in the letter unless accepted"
AGAINST = "Not indicated on what is recorded"
_TIMING: Mapping[Timing, str] = {
    "now": "now",
    "with_referral": "with the referral",
    "later": "later",
}
_BY = {"pc": "primary care", "sec": "secondary care", "spec": "specialist"}


def essential(trail: Trail, assessment: Assessment) -> list[Suggestion]:
    """Return the tests that are decided on before a letter is issued."""
    return [_suggestion(trail, t, assessment) for t in _called_for(assessment) if t.needs_decision]


def helpful(trail: Trail, assessment: Assessment) -> list[Suggestion]:
    """Return the tests that change nothing now."""
    tests = _called_for(assessment)
    return [_suggestion(trail, t, assessment) for t in tests if not t.needs_decision]


def _called_for(assessment: Assessment) -> list[InvestigationFinding]:
    return [*_those(assessment, "recommended"), *_those(assessment, "consider")]


def _those(assessment: Assessment, status: Status) -> Sequence[InvestigationFinding]:
    return [test for test in assessment.investigations if test.status == status]


def _suggestion(trail: Trail, test: InvestigationFinding, assessment: Assessment) -> Suggestion:
    answers, source = answers_of(test.reasons), sources_of(test.reasons)
    says = lines_of("; ".join(reason.says for reason in test.reasons), begun(clause(test.note)))
    line = Said(
        test.name,
        lines_of(says, trail.drawn(test.id, source, answers)),
        keys=trail.targets(answers),
        tip=trail.tip(source),
        strong=True,
        why=Why(says, answers, test.missing, source),
    )
    emergency = assessment.urgency.level == "emergency"
    return Suggestion(
        test.id,
        test.short or test.name,
        line,
        test.purpose,
        ". ".join(begun(clause(c)) for c in test.cautions),
        "same day" if emergency else f"{_TIMING[test.timing]} · {_BY.get(test.by, test.by)}",
        emergency or test.needs_decision,
    )


def undecided(trail: Trail, assessment: Assessment, case: Case) -> Part:
    """Return the tests that one or two answers would call for."""
    lines = [
        Said(
            test.asks,
            trail.note(test.id, (), f"decides: {test.name} ({test.tier})"),
            Mark.OPEN,
            trail.wanted(test.missing, case),
            why=Why(begun(clause(test.purpose)), missing=test.missing),
        )
        for test in _those(assessment, "cannot_say")
    ]
    if more := assessment.left_open:
        lines.append(Said(f"and {more} more tests that an answer decides"))
    return Part("One answer away", tuple(lines))


def against(trail: Trail, assessment: Assessment) -> Iterator[Suggestion]:
    """Yield the tests that are not indicated; what was said of an earlier one is not said again."""
    first: dict[tuple[str, str], str] = {}
    for test in _those(assessment, "not_indicated"):
        says = " ".join(f"{begun(clause(reason.says))}." for reason in test.reasons)
        earlier = first.setdefault((says, test.instead), test.name)
        instead = f"Do this first: {test.instead}" if test.instead else ""
        yield _against(
            trail, test, lines_of(says, instead) if earlier == test.name else f"As for {earlier}."
        )


def _against(trail: Trail, test: InvestigationFinding, says: str) -> Suggestion:
    source = sources_of(test.reasons)
    codes = trail.codes(test.id, *(reason.rule for reason in test.reasons))
    line = Said(
        test.name,
        lines_of(says, trail.note(codes, source)),
        Mark.NOT,
        trail.targets(answers_of(test.reasons)),
        trail.tip(source),
        strong=True,
        why=Why(says, answers_of(test.reasons), source=source),
    )
    return Suggestion(
        test.id,
        test.short or test.name,
        line,
        f"Do this first: {test.instead}" if test.instead else says,
        reason_required=True,
        against=True,
        advice=test.by != "pc",
    )


def done(trail: Trail, assessment: Assessment) -> Part:
    """Return the tests that were done."""
    tests = _those(assessment, "done")
    return Part("Done", tuple(Said(t.name, trail.note(t.id, ()), Mark.DONE) for t in tests))
