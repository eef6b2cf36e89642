"""What the store hands out beside histories: the line of a list, and an issued letter."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal, NamedTuple

from triage.model.dates import PartialDate

Show = Literal["all", "never issued", "issued", "bin"]
Order = Literal["changed", "name", "born"]
# Version, recipient and template.
LetterKey = tuple[int, str, str]
# What became of a letter: how it left the program, was told or given, and what came back.
Way = Literal[
    "print", "save", "copy", "call", "handed", "received", "booked", "seen", "returned", "later"
]


class Sent(NamedTuple):
    """One thing that became of an issued letter.

    Parameters
    ----------
    how, at
        What, and when it was noted.
    says
        Who was phoned, by whom it was handed over, why it was returned: as typed.
    day
        For which day it was booked, seen on, or put off to; empty where none was given.
    """

    version: int
    recipient: str
    template: str
    how: Way
    at: datetime
    says: str = ""
    day: str = ""

    @property
    def key(self) -> LetterKey:
        """The letter that it is of."""
        return self.version, self.recipient, self.template

    def __repr__(self) -> str:
        # Never what was typed: a repr ends up in logs and tracebacks.
        return f"<Sent v{self.version}, {self.how}>"


class DraftInfo(NamedTuple):
    """One line in the list of drafts.

    Parameters
    ----------
    name, born
        As recorded so far; empty and None where not.
    changed
        When the last edit was made; `created` if there is none.
    edits
        The number of the last edit.
    state
        ``draft``, ``issued v2``, ``amending v3`` or ``withdrawn``.
    form, fingerprint
        The form, and the content with which the draft was begun.
    claimed
        Whether a window has it open, where that was asked.
    binned
        Since when it is in the bin; None if it is not.
    outside
        Whether it began with a letter from outside.
    version, issued
        The last version that was issued, 0 if none; and when.
    withdrawn, because
        When that version was withdrawn, and why.
    letters, sent
        The letters that stand, of each kind to each recipient the last; and what became of all, oldest first.
    digest
        What was noted of the case as it stands, for a list to show; empty where nothing is, or the case went on.
    """

    id: str
    name: str
    born: PartialDate | None
    created: datetime
    changed: datetime
    edits: int
    state: str
    form: str
    fingerprint: str
    claimed: bool = False
    binned: datetime | None = None
    outside: bool = False
    version: int = 0
    issued: datetime | None = None
    withdrawn: datetime | None = None
    because: str = ""
    letters: tuple[LetterKey, ...] = ()
    sent: tuple[Sent, ...] = ()
    digest: str = ""

    @property
    def stands(self) -> str:
        """Its state, and whether it is from outside, as a list shows it."""
        return standing(self.state, is_outside=self.outside)

    def __repr__(self) -> str:
        # Never the name: a repr ends up in logs and tracebacks.
        return f"<DraftInfo {self.id}, {self.state}>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """One issued letter. Letters to several recipients, or by several templates, of one case share a version.

    Parameters
    ----------
    version
        Counted from 1 for each draft.
    case_n
        The number of the last edit that the letter covers.
    template
        The kind of letter; empty where an older program did not note it.
    pdf
        The bytes of the letter.
    fingerprint
        The content that made the letter.
    replaces
        The version that this one replaces.
    withdrawn_at, withdrawn_because
        Set by the store alone, when the version was withdrawn.
    """

    version: int
    recipient: str
    template: str = ""
    case_n: int
    at: datetime
    pdf: bytes = field(repr=False)
    fingerprint: str
    replaces: int | None = None
    withdrawn_at: datetime | None = None
    withdrawn_because: str = field(default="", repr=False)

    @property
    def key(self) -> LetterKey:
        """What tells it from the other letters of its draft."""
        return self.version, self.recipient, self.template

    @property
    def sha256(self) -> str:
        """The hash of the letter, in hexadecimal."""
        return hashlib.sha256(self.pdf).hexdigest()


def state_of(version: int | None, *, changed: bool, withdrawn: bool) -> str:
    """Return the state of a draft from its last issue, and whether the case is another one since."""
    if version is None:
        return "draft"
    if changed:
        return f"amending v{version + 1}"
    return "withdrawn" if withdrawn else f"issued v{version}"


def standing(state: str, *, is_outside: bool) -> str:
    """Return the state of a draft, and that it began with a letter from outside if it did."""
    return f"{state}, from outside" if is_outside else state


def stamp(at: datetime) -> str:
    """Return `at` as kept in the database: UTC, ISO 8601."""
    if at.tzinfo is None:
        raise ValueError("a time without a time zone cannot be stored")
    return at.astimezone(UTC).isoformat()


def unstamp(text: str) -> datetime:
    """Read what `stamp` wrote."""
    return datetime.fromisoformat(text)


def unstamp_here(text: str) -> datetime:
    """Read what `stamp` wrote, as the clock here showed it: its day may be another than in UTC."""
    return unstamp(text).astimezone()
