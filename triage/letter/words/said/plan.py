"""The plan: options of management, the team, what the laboratory must know, and the safety net."""

from __future__ import annotations

from collections.abc import Iterator

from triage.letter.words.said.line import Mark, Part, Said, Suggestion, Why, begun, lines_of
from triage.letter.words.said.trail import Trail, answers_of, sources_of
from triage.model.case import Case
from triage.rules.assessment import Assessment, OptionStatus, PlanFinding

NONE = "No option of management follows from what was recorded so far."
CONSIDER = "To consider"
CHECK_FIRST = "Check first"


def options(
    trail: Trail, assessment: Assessment, case: Case, status: OptionStatus
) -> list[Suggestion]:
    """Return the options of management that stand as `status` says."""
    return [
        Suggestion(
            option.id,
            option.option,
            _option(trail, option, case),
            begun(_purpose(trail, option)),
            "; ".join(option.cautions) if status == "consider" else "",
            option.stage.replace("_", " "),
        )
        for option in assessment.plan
        if option.status == status
    ]


def barred(trail: Trail, assessment: Assessment, case: Case) -> Part:
    """Return the options that must not be taken, and why."""
    found = [option for option in assessment.plan if option.status == "contraindicated"]
    lines = (_option(trail, option, case)._replace(mark=Mark.NOT) for option in found)
    return Part("Contraindicated", tuple(lines))


def _option(trail: Trail, option: PlanFinding, case: Case) -> Said:
    answers, source = answers_of(option.reasons), sources_of(option.reasons)
    missing = trail.missing(option.missing)
    why = "; ".join(option.cautions) if option.status == "contraindicated" else ""
    treats = ", ".join(_treated(trail, option))
    return Said(
        option.option,
        lines_of(
            f"because: {why}" if why else "",
            f"check first: {missing}" if missing else "",
            begun(option.note),
            f"for: {treats}" if treats else "",
            trail.drawn(option.id, source, answers),
        ),
        keys=trail.wanted(option.missing, case) or trail.targets(answers),
        tip=trail.tip(source),
        why=Why(
            lines_of(begun(why), begun(option.note), f"For: {treats}" if treats else ""),
            answers,
            option.missing,
            source,
        ),
    )


def _purpose(trail: Trail, option: PlanFinding) -> str:
    if option.missing:
        return f"check first: {trail.missing(option.missing)}"
    treats = ", ".join(_treated(trail, option))
    if treats:
        return f"for: {treats}"
    return option.note or trail.note("", sources_of(option.reasons))


def _treated(trail: Trail, option: PlanFinding) -> Iterator[str]:
    for rule in trail.content.conditions:
        if rule.record.id in option.treats:
            yield rule.record.name


def team(trail: Trail, assessment: Assessment) -> Part:
    """Return the teams to involve."""
    return Part(
        "Team",
        tuple(
            Said(t.who, trail.note(t.id, t.source, t.note), tip=trail.tip(t.source))
            for t in assessment.team
        ),
    )


def safety(trail: Trail, assessment: Assessment) -> Part:
    """Return what the laboratory must know of the tests that may be asked for."""
    about = {rule.record.id: rule.record.applies for rule in trail.content.safety}
    status = {test.id: test.status for test in assessment.investigations}
    lines = (
        Said(line.says, mark=Mark.CAUTION)
        for line in assessment.safety
        if {status[id_] for id_ in about[line.id] if id_ in status} != {"not_indicated"}
    )
    return Part("The laboratory must know", tuple(lines))


def elsewhere(assessment: Assessment) -> Part:
    """Return what other answers tell of what was not asked."""
    lines = (Said(found.says, keys=found.answers) for found in assessment.elsewhere if found.says)
    return Part("Told by other answers", tuple(lines))


def safety_net(assessment: Assessment) -> Part:
    """Return when the patient is to come back."""
    lines = (Said(line.says) for line in assessment.safety_net)
    return Part("Safety net: tell the patient", tuple(lines))
