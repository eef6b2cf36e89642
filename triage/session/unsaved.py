"""What of a case is not on the disk: how much it is, since when, and which questions it answers."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from triage.content.form import Form
from triage.letter.words.said.line import counted, few
from triage.model.history import History
from triage.session.steps import name_of_key

_MOST = 4


class Unsaved(NamedTuple):
    """What would be lost.

    Parameters
    ----------
    number
        How many answers.
    since
        When the first of them was given, in local time.
    what
        What they answer, the last ones named.
    """

    number: int
    since: datetime
    what: str

    @property
    def answers(self) -> str:
        """How many answers, in words."""
        return counted(self.number, "answer")

    @property
    def at(self) -> str:
        """Since when, in words."""
        return f"{self.since:%H:%M:%S}"


def unsaved_of(form: Form, history: History, kept: int) -> Unsaved | None:
    """Return what stands in a history and not on the disk, which holds it up to the edit `kept`."""
    edits = history.since(kept)
    if not edits:
        return None
    keys = dict.fromkeys(edit.key for edit in reversed(edits))
    names = filter(None, (name_of_key(form, key) for key in keys))
    return Unsaved(len(keys), edits[0].at.astimezone(), few(names, _MOST))
