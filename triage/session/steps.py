"""What a step that was taken back, or brought back, changed: said in the words of the form, and where it stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from triage.content.form import DECISION, NOTE, URGENCY, Form
from triage.content.load import Content
from triage.content.schema import Investigation, Question, Treatment
from triage.model.case import Case
from triage.model.history import Edit
from triage.model.values import Date, Quantity, Result, Table, Text, Value

_LONGEST = 60
# What was recorded under each key; None if an answer was taken back.
Step = Mapping[str, Value | None]


def told(content: Content, step: Step, what: str, then: str, *, was: str = "") -> str:
    """Return what to say of a step; empty if it changed nothing.

    Parameters
    ----------
    content
        Knows what the keys of the step are called.
    step
        What it recorded.
    what
        What was done to it: ``Taken back``.
    then
        What can be done now.
    was
        A word before what stood in a field: ``was``.
    """
    if not step:
        return ""
    said = phrase(content, step, was)
    return f"{what}: {said}. {then}" if said else f"{what}. {then}"


def phrase(content: Content, step: Step, was: str = "") -> str:
    """Return what a step recorded, such as ``Given name, was Edwin``; of several answers the first and their number."""
    named = {
        key: name
        for key in step
        if (name := name_of_key(content.form, key) or _decided(content, key))
    }
    if not named:
        return ""
    first, *others = named.values()
    if any(other != first for other in others) or not name_of_key(content.form, next(iter(named))):
        said = first
    else:
        key = next(iter(named))
        said = _with_value(content.form, key, step[key], was)
    return f"{said}, and {len(others)} more" if others else said


def place_of(form: Form, step: Iterable[str]) -> str:
    """Return where a step can be seen: its block, if it changed more than one question there, or its first key."""
    known = [key for key in step if name_of_key(form, key)]
    questions = {q.id: q for key in known if (q := form.question_of(key)) is not None}
    blocks = {question.block for question in questions.values()}
    if len(questions) > 1 and len(blocks) == 1 and "" not in blocks:
        return blocks.pop()
    return known[0] if known else ""


def decision_of(step: Iterable[str]) -> str:
    """Return the first decision of the clinician that a step changed; empty if there is none."""
    return next((key for key in step if key.startswith(DECISION) or key == URGENCY), "")


def course(form: Form, edits: Iterable[Edit], question: Question) -> list[tuple[datetime, str]]:
    """Return what was recorded of a question, and when, the last first."""
    return [
        (edit.at.astimezone(), _with_value(form, edit.key, edit.new, ""))
        for edit in reversed(list(edits))
        if form.question_of(edit.key) is question
    ]


def _with_value(form: Form, key: str, value: Value | None, was: str) -> str:
    # The words of a letter are needed only here, and cost at each start.
    from triage.letter.words.described import describe
    from triage.letter.words.recorded import recorded_text

    if value is not None and not isinstance(value, Text | Quantity | Date | Result | Table):
        return describe(Case({key: value}), form, key)
    said = " ".join(recorded_text(value).split()) if value is not None else "empty"
    said = said if len(said) <= _LONGEST else f"{said[:_LONGEST]}…"
    return f"{name_of_key(form, key)}, {was} {said}".replace(",  ", ", ")


def _decided(content: Content, key: str) -> str:
    """Return what a decision is called."""
    if key == URGENCY:
        return "the level of urgency"
    rule = content.rules.get(key.removeprefix(DECISION)) if key.startswith(DECISION) else None
    name = ""
    if isinstance(rule, Investigation):
        name = rule.short or rule.name
    elif isinstance(rule, Treatment):
        name = rule.name
    return f"the decision on {name}" if name else ""


def name_of_key(form: Form, key: str) -> str:
    """Return what a key is called; empty if it is no answer of the form."""
    if key.startswith(NOTE):
        section = form.sections.get(key.removeprefix(NOTE))
        return f"notes to {section.title}" if section else ""
    question = form.question_of(key)
    return question.label.rstrip("?") if question else ""
