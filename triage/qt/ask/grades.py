"""What a typed character means in a cell of a grid."""

from __future__ import annotations

from triage.content.form import Slot
from triage.model.values import Choice
from triage.session import Session


def graded(slot: Slot, old: str, typed: str) -> str:
    """Return the option that a typed character makes of `old`, empty if none.

    ``4`` then ``-`` is ``4-``; a first letter or digit starts anew.
    """
    ids = {option.id.lower(): option.id for option in slot.options}
    longer = (old.rstrip("+-") + typed if typed in "+-" else old + typed).lower()
    if old and longer in ids:
        return ids[longer]
    if typed.lower() in ids:
        return ids[typed.lower()]
    for option in slot.options:
        if option.id.lower().startswith(typed.lower()):
            return option.id
    for option in slot.options:
        if option.label.lower().startswith(typed.lower()):
            return option.id
    return ""


def grade_of(session: Session, key: str) -> str:
    """Return the grade that is recorded, empty if none."""
    value = session.case.get(key)
    return value.option if isinstance(value, Choice) else ""
