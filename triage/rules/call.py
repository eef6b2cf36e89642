"""Whether the call that an emergency needs is recorded: who was phoned and when, or why nobody was."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import datetime
from typing import Literal

from triage.content.schema import CallQuestions
from triage.errors import EntryError
from triage.model.case import Case
from triage.model.dates import PartialDate
from triage.model.values import Text

# A time of the day, and what stands between it and a date.
_TIME = re.compile(
    r"(?<![\d./:-])(?P<hour>[01]?\d|2[0-3])(?:[:.h](?P<minute>[0-5]\d))?(?![\d/:-]|\.\d)"
    r"\s*(?:(?P<half>[ap]m)\b|(?(minute)|(?!)))",
    re.I,
)
_BETWEEN = " ,;.@"


def call_missing(call: CallQuestions, case: Case) -> str:
    """Return the question that an emergency leaves open: who was phoned, and when, or why nobody was."""
    if _says(case, call.not_made):
        return ""
    return next((key for key in (call.who, call.when) if not _says(case, key)), "")


def call_ahead(call: CallQuestions, case: Case, now: datetime) -> Literal["", "day", "time"]:
    """Return whether the call is recorded for a day, or for a time of this day, that is still to come."""
    text = _text(case, call.when)
    day = _TIME.sub("", text).strip(_BETWEEN).removesuffix(" at").removeprefix("on ")
    if day.casefold() == "tomorrow":
        return "day"
    found = None
    with suppress(EntryError):
        found = PartialDate.parse(day, now.date())
    if found is not None and found.earliest > now.date():
        return "day"
    time = _TIME.search(text)
    if time is None or (day and (found is None or found.latest < now.date())):
        return ""
    hour = int(time["hour"])
    if time["half"]:
        hour = hour % 12 + 12 * (time["half"].casefold() == "pm")
    return "time" if (hour, int(time["minute"] or 0)) > (now.hour, now.minute) else ""


def _says(case: Case, key: str) -> bool:
    """Whether something is typed that is more than a sign in its place."""
    return any(char.isalnum() for char in _text(case, key))


def _text(case: Case, key: str) -> str:
    value = case.get(key)
    return value.text.strip() if isinstance(value, Text) else ""
