"""The whole assessment as lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from triage.letter.words.said import differential, plan, tests, urgency
from triage.letter.words.said.line import Mark, Part, Said, Suggestion, lines_of
from triage.letter.words.said.trail import Trail
from triage.model.case import Case
from triage.rules.assessment import Assessment

_SIGNS: Mapping[Mark, str] = {
    Mark.EMERGENCY: "!",
    Mark.URGENT: "!",
    Mark.CAUTION: "!",
    Mark.MAYBE_EMERGENCY: "?",
    Mark.MAYBE_URGENT: "?",
    Mark.OPEN: "?",
    Mark.PLUS: "+",
    Mark.MINUS: "-",
}


def report(trail: Trail, assessment: Assessment, case: Case) -> Iterator[str]:
    """Yield an assessment; of a patient for whom the form is not made, what was recorded."""
    head = urgency.headline(trail, assessment, case)
    title = f"{head.title}." if head.judged and head.title != head.text else ""
    yield from filter(None, (head.text, f"{title} {head.aim}".strip(), head.own))
    if head.provisional is not None:
        named = ", ".join(item.label for item in assessment.urgency.missing)
        yield f"{head.provisional.text}: {named}"
    if head.judged:
        yield from _judged(trail, assessment, case)
    yield from _part(_contradictions(trail, assessment, case))
    yield from _part(urgency.checks(assessment))
    mark = assessment.content
    yield f"Content {mark.form} {mark.version}, {mark.fingerprint[:12]}"


def _judged(trail: Trail, assessment: Assessment, case: Case) -> Iterator[str]:
    unsure = urgency.not_excluded(trail, assessment, case)
    for part in (
        urgency.reasons(trail, assessment, case),
        urgency.services(trail, assessment),
        unsure.hinted,
        unsure.rest,
        urgency.changes(trail, assessment, case),
        Part(tests.ESSENTIAL, _suggested(tests.essential(trail, assessment))),
        Part(tests.AGAINST, _suggested(tests.against(trail, assessment))),
        Part(tests.HELPFUL, _suggested(tests.helpful(trail, assessment))),
        tests.undecided(trail, assessment, case),
        tests.done(trail, assessment),
    ):
        yield from _part(part)
    yield differential.about(assessment)
    for support, title in differential.SUPPORTS.items():
        found = differential.supported(assessment, support)
        lines: list[Said] = []
        for condition in found:
            lines.append(differential.condition(trail, condition))
            if support not in differential.CLOSED:
                lines += differential.features(trail, condition, case)
        yield from _part(Part(title, tuple(lines)))
    for part in (
        Part(plan.CONSIDER, _suggested(plan.options(trail, assessment, case, "consider"))),
        Part(plan.CHECK_FIRST, _suggested(plan.options(trail, assessment, case, "check_first"))),
        plan.barred(trail, assessment, case),
        plan.team(trail, assessment),
        plan.safety(trail, assessment),
        plan.elsewhere(assessment),
        plan.safety_net(assessment),
    ):
        yield from _part(part)


def _suggested(suggestions: Iterable[Suggestion]) -> tuple[Said, ...]:
    """Return suggestions as lines, each with when and by whom, and with what to beware of."""
    return tuple(
        s.line._replace(
            note=lines_of(s.line.note, f"beware: {s.caution}" if s.caution else "", s.timing)
        )
        for s in suggestions
    )


def _contradictions(trail: Trail, assessment: Assessment, case: Case) -> Part:
    lines: list[Said] = []
    for found in assessment.contradictions:
        lines += (urgency.contradiction(trail, found), *urgency.both(trail, found, case))
    return Part(urgency.CONTRADICTIONS, tuple(lines))


def _part(part: Part) -> Iterator[str]:
    if part.lines:
        yield f"{part.title.rstrip(':')}:"
    for line in part.lines:
        indent = "    " * line.indent
        if line.text:
            yield f"{indent}{_SIGNS.get(line.mark, ' '):>3} {line.text}"
        yield from (f"{indent}      {text}" for text in line.note.splitlines())
