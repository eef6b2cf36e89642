"""What became of an issued letter, in words, and when to ask after it. Without Qt."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from enum import IntEnum
from typing import NamedTuple

from triage.content.schema import Recipient
from triage.model.dates import PartialDate
from triage.store.records import Sent, Way

# How a letter leaves the program, and what ends the waiting for an answer.
OUT: frozenset[Way] = frozenset({"print", "save", "copy", "handed"})
ENDED: frozenset[Way] = frozenset({"booked", "seen", "returned"})
_WORDS: dict[Way, str] = {
    "print": "printed",
    "save": "saved",
    "copy": "copied",
    "call": "phoned",
    "handed": "handed over",
    "received": "received",
    "booked": "booked for",
    "seen": "seen",
    "returned": "returned",
    "later": "put off to",
}
NOT_OUT = "not printed or saved"


class Rank(IntEnum):
    """What of a letter is to be done first."""

    RETURNED = 0
    NOT_OUT = 1
    CHASE = 2
    DONE = 3


class Fate(NamedTuple):
    """Where a letter stands.

    Parameters
    ----------
    rank, says
        What is to be done, and in words; what was done last where nothing is.
    at
        When that was noted.
    """

    rank: Rank
    says: str
    at: datetime


def answers(recipient: Recipient | None) -> bool:
    """Whether a recipient is one from whom an answer is awaited."""
    return recipient is not None and not recipient.stays


def fate_of(sent: Sequence[Sent], issued: datetime, chase_days: int | None, now: datetime) -> Fate:
    """Return where a letter stands.

    Parameters
    ----------
    sent
        What became of it, oldest first.
    chase_days
        How long an answer is waited for; None if none is.
    """
    last = sent[-1] if sent else None
    ends = next((one for one in reversed(sent) if one.how in ENDED), None)
    if ends is not None and ends.how == "returned":
        return Fate(Rank.RETURNED, told(ends, now), ends.at)
    if last is None or not any(one.how in OUT or one.how in ENDED for one in sent):
        return Fate(Rank.NOT_OUT, NOT_OUT, last.at if last else issued)
    due = _due(sent, chase_days) if ends is None else None
    if due is not None and due <= now.astimezone().date():
        since = next((one for one in reversed(sent) if one.how != "later"), last)
        what = "not booked since received" if since.how == "received" else "no answer since"
        return Fate(
            Rank.CHASE, f"chase: {what} {day_words(since.at.astimezone().date(), now)}", last.at
        )
    return Fate(Rank.DONE, told(ends or last, now), last.at)


def _due(sent: Sequence[Sent], chase_days: int | None) -> date | None:
    """Return when to ask after a letter that waits for an answer: so long after what was noted last."""
    last = sent[-1]
    if last.how == "later":
        with suppress(ValueError):
            return date.fromisoformat(last.day)
    if chase_days is None:
        return None
    return last.at.astimezone().date() + timedelta(days=chase_days)


def told(sent: Sent, now: datetime) -> str:
    """Return one thing that became of a letter, in words."""
    words = _WORDS[sent.how]
    if sent.how == "returned":
        return f"{words}: {sent.says}" if sent.says else f"{words} {moment(sent.at, now)}"
    if sent.how == "call" and not sent.says:
        words = "told by telephone"
    elif sent.says:
        words = f"{words} to {sent.says}" if sent.how == "handed" else f"{words} {sent.says}"
    if sent.day:
        with suppress(ValueError):
            return f"{words} {day_words(date.fromisoformat(sent.day), now)}"
    # What lies ahead and has no day is only known to be so.
    return f"{words.removesuffix(' for')} {moment(sent.at, now)}"


def moment(at: datetime, now: datetime) -> str:
    """Return a time as it is told on one line: of today without the day."""
    local = at.astimezone()
    clock = f"{local:%H:%M}"
    if local.date() == now.astimezone().date():
        return clock
    return f"{day_words(local.date(), now)} {clock}"


def day_words(day: date, now: datetime) -> str:
    """Return a day as it is told on one line: of this year without the year."""
    words = PartialDate.of(day).words()
    return words.removesuffix(f" {day.year}") if day.year == now.astimezone().year else words
