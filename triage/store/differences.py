"""What two files of cases have in common: which cases only one has, and which went on in one of them."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Literal, NamedTuple

import apsw

from triage.model.dates import at_words
from triage.model.values import Text, value_from_json
from triage.store import rows
from triage.store.records import unstamp

_SPACE = uuid.UUID("5b0c3a52-6b1f-5f0e-9a53-0c1f6d2f7f11")
_LETTERS = (
    "SELECT 'issue', version, recipient, template, sha256 FROM issue WHERE draft = ?",
    "SELECT 'withdrawal', version, at FROM withdrawal WHERE draft = ?",
    "SELECT 'sent', version, recipient, template, how, at, says, day FROM sent WHERE draft = ?",
)
# What a case of the other file is to ours.
Standing = Literal["same", "older", "other", "new"]


class Difference(NamedTuple):
    """One case of the other file.

    Parameters
    ----------
    seq, id
        Its number and its id there.
    standing
        same: all that it holds is here, and nothing more. older: it went on here. other: it holds edits or letters
        that are not here. new: it is not here at all.
    edits, letters
        How many of each it holds there.
    """

    seq: int
    id: str
    standing: Standing
    edits: int
    letters: int


def differences(there: apsw.Connection, here: apsw.Connection) -> list[Difference]:
    """Return every case of the file `there` that holds anything, as it stands to those `here`."""
    found = list[Difference]()
    cases: list[tuple[int, str]] = []
    cases.extend(there.execute("SELECT seq, id FROM draft ORDER BY seq"))
    for seq, draft in cases:
        edits = len(rows.read_log(there, seq))
        letters = int(rows.one(there, "SELECT count(*) FROM issue WHERE draft = ?", seq))
        if edits or letters:
            found.append(Difference(seq, draft, standing(there, seq, here, draft), edits, letters))
    return found


def standing(there: apsw.Connection, seq: int, here: apsw.Connection, draft: str) -> Standing:
    """Return what case number `seq` of the file `there` is to the case `draft` of `here`."""
    # The program may be saving on either side.
    with rows.at_once(there), rows.at_once(here):
        ours = rows.one(here, "SELECT seq FROM draft WHERE id = ?", draft)
        if ours is None:
            return "new"
        if not _is_prefix(there, seq, here, ours):
            return "other"
        went_on = rows.read_log(here, ours) != rows.read_log(there, seq)
        return "older" if went_on or _letters(here, ours) != _letters(there, seq) else "same"


def _is_prefix(there: apsw.Connection, seq: int, here: apsw.Connection, ours: int) -> bool:
    """Whether every edit and every letter of the one is among those of the other."""
    return _letters(there, seq) <= _letters(here, ours) and is_continued(there, seq, here, ours)


def is_continued(one: apsw.Connection, seq: int, other: apsw.Connection, number: int) -> bool:
    """Whether the log of case `number` of the `other` file begins with the whole log of case `seq` of the `one`.

    What was still being typed in the one may have been typed on in the other.
    """
    # As kept: an edit that was copied is the same to the letter, and one that cannot be read is compared too.
    mine, theirs = rows.read_log(one, seq), rows.read_log(other, number)
    settled = rows.last_n(one, seq)
    if mine[:settled] != theirs[:settled] or len(theirs) < len(mine):
        return False
    return mine == theirs[: len(mine)] or _is_typed_on(mine[-1], theirs[settled])


def _is_typed_on(before: Sequence[Any], after: Sequence[Any]) -> bool:
    _, at, key, was, group, _ = before
    _, then, of, now, its, _ = after
    return (key, group) == (of, its) and unstamp(at) <= unstamp(then) and _is_in(was, now)


def _is_in(was: str | None, now: str | None) -> bool:
    """Whether nothing of what was typed is lost: on another computer another text may have been begun in its place."""
    if was is None or was == now:
        return True
    try:
        before, after = value_from_json(was), value_from_json(now or "")
    except ValueError:
        return False
    return (
        isinstance(before, Text)
        and isinstance(after, Text)
        and after.text.startswith(before.text.rstrip())
    )


def _letters(connection: apsw.Connection, seq: int) -> set[tuple[object, ...]]:
    """Return the letters of a case, where they went, and withdrawals, by what tells one from another."""
    return {row for query in _LETTERS for row in connection.execute(query, (seq,))}


def other_id(there: apsw.Connection, one: Difference) -> str:
    """Return an id for a case whose own is taken, from that and from what it holds."""
    told_by = hashlib.sha256(one.id.encode())
    for row in (*rows.read_log(there, one.seq), *sorted(_letters(there, one.seq), key=repr)):
        told_by.update(repr(row).encode())
    return uuid.uuid5(_SPACE, told_by.hexdigest()).hex


# -- what a restore would bring and take ----------------------------------------------------------


class Outlook(NamedTuple):
    """What a backup holds, and what of the present cases it lacks.

    Parameters
    ----------
    cases, letters, changed
        How many are in it, and when it was changed last.
    new, other
        How many cases here are not in it, and how many hold something that it lacks; None where that cannot be told,
        because the present cases cannot be read.
    later
        When these were changed last.
    """

    cases: int
    letters: int
    changed: datetime | None
    new: int | None = None
    other: int | None = None
    later: datetime | None = None

    def lines(self) -> Iterator[str]:
        """Yield it in words, one sentence each."""
        last = f", last changed {at_words(self.changed)}" if self.changed else ""
        yield f"{counted(self.cases, 'case')}, {counted(self.letters, 'letter')}{last}."
        if self.new is None or self.other is None:
            yield "What is newer than it cannot be told: the present cases cannot be read."
        elif self.later is None:
            yield "Nothing here is newer than it."
        else:
            parts = [
                f"{counted(count, 'case')} here {one if count == 1 else many}"
                for count, one, many in (
                    (self.new, "is not in it", "are not in it"),
                    (self.other, "was changed since", "were changed since"),
                )
                if count
            ]
            yield f"{', and '.join(parts)}; the last change is of {at_words(self.later)}."


def outlook(there: apsw.Connection, here: apsw.Connection | None) -> Outlook:
    """Return what the backup `there` would bring, and what it would take of the cases `here`."""
    held = differences(there, there)
    found = Outlook(len(held), sum(one.letters for one in held), _last(there))
    if here is None:
        return found
    newer = [one for one in differences(here, there) if one.standing in ("new", "other")]
    times = [_last(here, one.seq) for one in newer]
    return found._replace(
        new=sum(one.standing == "new" for one in newer),
        other=sum(one.standing == "other" for one in newer),
        later=max(filter(None, times), default=None),
    )


def _last(connection: apsw.Connection, seq: int | None = None) -> datetime | None:
    """Return when a case was changed last, or any."""
    query = "SELECT max(at) FROM (SELECT at, draft FROM edit UNION ALL SELECT at, draft FROM issue)"
    text = rows.one(connection, f"{query} WHERE ? IS NULL OR draft = ?", seq, seq)
    return unstamp(text) if text else None


def counted(count: int, word: str) -> str:
    """Return a number of things in words."""
    return f"{count} {word}" if count == 1 else f"{count} {word}s"
