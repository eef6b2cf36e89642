"""What a typed character means in a cell of a grid."""

from __future__ import annotations

from triage.content.form import Slot
from triage.model.values import Choice
from triage.session import Session


def extended(slot: Slot, old: str, typed: str) -> str:
    """Return the option that a further character makes of a grade, empty if none: ``4`` then ``-`` is ``4-``."""
    ids = {option.id.lower(): option.id for option in slot.options}
    longer = old.rstrip("+-") + typed if typed in "+-" else old + typed
    return ids.get(longer.lower(), "") if old else ""


def graded(slot: Slot, typed: str) -> str:
    """Return the option that a first character means, empty if none."""
    names = [(option.id.lower(), option.id) for option in slot.options]
    names += [(option.label.lower(), option.id) for option in slot.options]
    exact = [name for text, name in names if text == typed.lower()]
    return next(
        iter((*exact, *(name for text, name in names if text.startswith(typed.lower())))), ""
    )


def grade_of(session: Session, key: str) -> str:
    """Return the grade that is recorded, empty if none."""
    value = session.case.get(key)
    return value.option if isinstance(value, Choice) else ""
