"""What a step that was taken back, or brought back, changed: said in the words of the form, without a value."""

from __future__ import annotations

from collections.abc import Iterable

from triage.content.form import NOTE, Form
from triage.model.history import Edit


def told(form: Form, edits: Iterable[Edit], what: str, then: str) -> str:
    """Return what to say of a step; empty if it changed nothing.

    Parameters
    ----------
    form
        Knows what the keys of the edits are called.
    edits
        What the step changed.
    what
        What was done to it: ``Taken back``.
    then
        What can be done now.
    """
    names = list(dict.fromkeys(_name(form, edit.key) for edit in edits))
    if not names:
        return ""
    named = next(filter(None, names), "")
    if not named:
        return f"{what}. {then}"
    more = f", and {len(names) - 1} more" if len(names) > 1 else ""
    # A question ends in its own mark.
    return f"{what}: {named.rstrip('?')}{more}. {then}"


def _name(form: Form, key: str) -> str:
    if key.startswith(NOTE):
        section = form.sections.get(key.removeprefix(NOTE))
        return f"notes to {section.title}" if section else ""
    question = form.question_of(key)
    return question.label if question else ""
