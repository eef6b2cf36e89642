"""What became of an issued letter, in words, and when to ask after it. Without Qt."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from enum import IntEnum
from typing import NamedTuple

from triage.content.schema import Recipient
from triage.errors import AskError, EntryError
from triage.model.dates import DAYS_FROM_NOW, Order, PartialDate
from triage.store.records import Sent, Way

# How a letter leaves the program, or is known to have left, and what ends the waiting for an answer.
OUT: frozenset[Way] = frozenset({"print", "save", "copy", "handed", "received"})
ENDED: frozenset[Way] = frozenset({"booked", "seen", "returned"})
# What answers a return without a new version: it is at its reader's once more, and waits anew.
_AGAIN: frozenset[Way] = frozenset({"handed", "call", "received"})
# Farther ahead no appointment is; which of these days lie ahead.
_FARTHEST = timedelta(days=3 * 365)
_AHEAD: frozenset[Way] = frozenset({"booked", "later"})
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

    @property
    def asks(self) -> bool:
        """Whether anything is to be done."""
        return self is not Rank.DONE


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
    at = max((n for n, one in enumerate(sent) if one.how in ENDED), default=-1)
    ends = sent[at] if at >= 0 else None
    if last is not None and ends is not None and ends.how == "returned":
        if not any(one.how in _AGAIN for one in sent[at:]):
            if last.how == "later" and _is_ahead(last.day, now):
                return Fate(Rank.DONE, told(last, now), last.at)
            return Fate(Rank.RETURNED, told(ends, now), ends.at)
        ends = None
    if last is None or not any(one.how in OUT or one.how in ENDED for one in sent):
        return Fate(Rank.NOT_OUT, NOT_OUT, last.at if last else issued)
    if ends is not None:
        # Who wants to be asked once more is asked.
        if last.how == "later" and not _is_ahead(last.day, now):
            return Fate(Rank.CHASE, f"chase: {told(ends, now)}", last.at)
        return Fate(Rank.DONE, told(ends, now), last.at)
    due = _due(sent, chase_days)
    if due is not None and due <= now.astimezone().date():
        since = next((one for one in reversed(sent) if one.how != "later"), last)
        what = "not booked since received" if since.how == "received" else "no answer since"
        return Fate(
            Rank.CHASE, f"chase: {what} {day_words(since.at.astimezone().date(), now)}", last.at
        )
    return Fate(Rank.DONE, told(last, now), last.at)


def _is_ahead(day: str, now: datetime) -> bool:
    with suppress(ValueError):
        return date.fromisoformat(day) > now.astimezone().date()
    return False


def _due(sent: Sequence[Sent], chase_days: int | None) -> date | None:
    """Return when to ask after a letter that waits for an answer: so long after what was noted last."""
    last = sent[-1]
    if last.how == "later":
        with suppress(ValueError):
            return date.fromisoformat(last.day)
    if chase_days is None:
        return None
    return last.at.astimezone().date() + timedelta(days=chase_days)


def day_of(text: str, how: Way, today: date, issued: date, order: Order) -> str:
    """Return the day that was typed of something that came of a letter, in ISO form.

    Parameters
    ----------
    how
        What it is the day of.
    issued
        When the letter was issued.

    Raises
    ------
    EntryError
        If it is no day, or it cannot be that of this.
    """
    day = _typed(text, how, today, order)
    words = PartialDate.of(day).words()
    if how == "later" and day <= today:
        raise EntryError(f"{words} is no later day: give one that is still to come.")
    if how not in _AHEAD and day > today:
        raise EntryError(f"{words} is still to come.")
    if how != "later" and day < issued:
        since = PartialDate.of(issued).words()
        raise EntryError(f"{words} is before the letter, which is of {since}.")
    if day > today + _FARTHEST:
        raise EntryError(f"{words} is years ahead: look at the year.")
    return day.isoformat()


def _typed(text: str, how: Way, today: date, order: Order) -> date:
    """Return the day that a text names.

    Raises
    ------
    EntryError
        If it names none, or may be of two.
    """
    if (near := DAYS_FROM_NOW.get(text.strip().lower())) is not None:
        return today + timedelta(days=near)
    # What lies ahead is no date to who asks for a birthday.
    last = today + _FARTHEST if how in _AHEAD else today
    with suppress(AskError):
        found = PartialDate.parse(text, last, order)
        if found.is_full:
            return found.earliest
    raise EntryError("Not a day: type it as 3 Dec 2026.")


def told(sent: Sent, now: datetime) -> str:
    """Return one thing that became of a letter, in words."""
    words = _WORDS[sent.how]
    if sent.how == "returned":
        return f"{words}: {sent.says}" if sent.says else f"{words} {moment(sent.at, now)}"
    if sent.how == "received" and sent.says:
        return f"{words} {moment(sent.at, now)}, says {sent.says}"
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
