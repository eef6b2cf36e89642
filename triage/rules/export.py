"""An assessment as JSON and as plain lines."""

from __future__ import annotations

import json
from collections.abc import Iterator

from triage.rules.assessment import Assessment, InvestigationFinding, Item

_NAMES = {"for_": "for"}


def to_json(assessment: Assessment) -> str:
    """Return an assessment as indented JSON; the keys are those of the records."""
    return json.dumps(to_data(assessment), ensure_ascii=False, indent=1)


def to_data(value: object) -> object:
    """Return records as objects, tuples as lists, everything else as it is."""
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return {_NAMES.get(name, name): to_data(part) for name, part in value._asdict().items()}
    if isinstance(value, tuple):
        return [to_data(item) for item in value]
    return value


def to_lines(assessment: Assessment) -> Iterator[str]:
    """Yield an assessment as lines for a terminal."""
    if not assessment.scope.ok:
        yield assessment.scope.says
        if assessment.recorded_red_flags:
            yield f"Red flags recorded: {_named(assessment.recorded_red_flags)}"
        yield from _told(assessment)
        return
    urgency = assessment.urgency
    act = f". {urgency.act.says}" if urgency.act and urgency.act.says else ""
    yield f"Next action: {urgency.level}{' (PROVISIONAL)' if urgency.provisional else ''}{act}"
    for reason in urgency.reasons:
        yield f"  {reason.rule:4} {reason.says} {_because(reason.answers)}"
    for service in assessment.services:
        rules = ", ".join(dict.fromkeys(reason.rule for reason in service.reasons))
        yield f"Who: {service.name} ({rules})"
    if urgency.missing:
        yield f"Not assessed: {_named(urgency.missing)}"
    yield from _heading("Could not be excluded", assessment.not_excluded)
    for rule in assessment.not_excluded:
        yield f"  {rule.rule:4} {rule.says} Missing: {_named(rule.missing)}"
    yield from _heading(
        "Differential (features recorded, not a probability)", assessment.conditions
    )
    for condition in assessment.conditions:
        support = condition.support.replace("_", " ")
        yield f"  {condition.name}: {support} ({condition.score})"
        for sign, reasons in (("+", condition.for_), ("-", condition.against)):
            if reasons:
                yield f"      {sign} {'; '.join(reason.says for reason in reasons)}"
    yield from _heading("Investigations", assessment.investigations)
    for test in assessment.investigations:
        yield f"  {_status(test):13} {test.id:16} {test.name}: {_said(test)}"
    if assessment.left_open:
        yield f"  {assessment.left_open} more that one or two answers would decide: not listed."
    told = [t for t in assessment.elsewhere if t.says]
    yield from _heading("For the laboratory", (*assessment.safety, *told))
    yield from (f"  {line.says}" for line in assessment.safety)
    yield from (f"  {line.says}" for line in told)
    yield from _heading("Plan to consider", assessment.plan)
    for option in assessment.plan:
        cautions = f" ({'; '.join(option.cautions)})" if option.cautions else ""
        yield f"  {option.status.replace('_', ' '):15} {option.id:5} {option.option}{cautions}"
    yield from _heading("Team", assessment.team)
    for team in assessment.team:
        yield f"  {team.who}"
    yield from _heading("Safety net", assessment.safety_net)
    for line in assessment.safety_net:
        yield f"  {line.says}"
    yield from _heading("What would change this", assessment.what_would_change)
    for change in assessment.what_would_change:
        yield f"  {change.label}: {', '.join(change.effects)}"
    yield from _told(assessment)
    content = assessment.content
    yield f"Content {content.form} {content.version}, {content.fingerprint[:12]}"
    yield "Decision support for registered clinicians, not a diagnosis."


def _status(test: InvestigationFinding) -> str:
    """Return where a test stands; of one that is called for, how much it matters now."""
    called_for = test.status in ("recommended", "consider")
    return test.tier if called_for else test.status.replace("_", " ")


def _said(test: InvestigationFinding) -> str:
    """Return why a test stands where it does, with what to beware of; of an undecided one, what to ask."""
    if test.status == "cannot_say":
        return test.asks
    parts = ["; ".join(reason.says for reason in test.reasons)]
    if test.cautions:
        parts.append(f"Beware: {'; '.join(test.cautions)}.")
    if test.instead:
        parts.append(f"Instead: {test.instead}")
    return " ".join(parts)


def _told(assessment: Assessment) -> Iterator[str]:
    """Yield what the record says twice, or cannot mean."""
    yield from _heading("Contradictions", assessment.contradictions)
    for found in assessment.contradictions:
        stops = " Stops issue." if found.stops_issue else ""
        yield f"  {found.id:4} {found.says} {_because(found.answers)}{stops}"
    yield from _heading("To check", assessment.to_check)
    for check in assessment.to_check:
        yield f"  {check.says}"


def _heading(title: str, items: tuple[object, ...]) -> Iterator[str]:
    if items:
        yield f"{title}:"


def _named(items: tuple[Item, ...]) -> str:
    return ", ".join(item.label for item in items)


def _because(answers: tuple[str, ...]) -> str:
    return f"[{', '.join(answers)}]" if answers else ""
