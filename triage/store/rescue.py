"""What there is to go on with where the drafts cannot be opened: backups that are whole, and what can still be read."""

from __future__ import annotations

from contextlib import closing, suppress
from pathlib import Path
from typing import NamedTuple

import apsw

from triage.errors import StoreError
from triage.files import write_durably
from triage.store import rows
from triage.store.backups import Backup, backups, keys_of, restore
from triage.store.connection import NAME as DRAFTS
from triage.store.connection import open_readonly
from triage.store.database import Drafts
from triage.store.differences import Outlook, differences, is_continued, other_id, outlook, standing
from triage.store.keyfile import NAME as KEYS
from triage.store.keyfile import KeyFile, check_of, dump_keys, read_keys
from triage.store.salvage import Salvaged, copy_case, copy_letters, salvage
from triage.store.trouble import told
from triage.store.verify import problems

_PLACE = "salvaged"


class Situation(NamedTuple):
    """What there is to go on with.

    Parameters
    ----------
    damaged
        The file that was set aside, if there is one.
    salvaged
        What of it can be read; None if nothing can.
    backups
        Those that the present key opens, newest first; the first was read and is whole.
    outlook
        What the first of them holds, and what can be read that is newer.
    """

    damaged: Path | None
    salvaged: Salvaged | None
    backups: tuple[Backup, ...]
    outlook: Outlook | None


def set_aside(folder: Path) -> Path | None:
    """Return the file of `folder` that was set aside as damaged last."""
    with told(folder):
        found = [path for path in folder.glob(f"{DRAFTS}.damaged-*") if path.suffix[-1:].isdigit()]
        return max(found, key=lambda path: int(path.name.rpartition("-")[2]), default=None)


def look_round(
    folder: Path, key: bytes, into: Path, damaged: Path | None, scratch: Path
) -> Situation:
    """Read the backups of `into`, and into `scratch` what can be read of the damaged file."""
    left, place = None, scratch / _PLACE
    if damaged is not None:
        with suppress(StoreError):
            left = salvage(damaged, key, read_keys(folder), place)
    found = [one for one in backups(into) if _is_of_key(one, key)]
    while found:
        seen = _looked_at(found[0], key, place / DRAFTS if left is not None else None)
        if seen is not None:
            return Situation(damaged, left, tuple(found), seen)
        found.pop(0)
    return Situation(damaged, left, (), None)


def _is_of_key(backup: Backup, key: bytes) -> bool:
    try:
        keys = keys_of(backup.path)
    except StoreError:
        return False
    return keys is not None and keys.check == check_of(key)


def _looked_at(backup: Backup, key: bytes, salvaged: Path | None) -> Outlook | None:
    """Return what a backup holds; None if it is not whole."""
    try:
        with told(backup.path.parent), closing(open_readonly(backup.path, key)) as there:
            if problems(there):
                return None
            if salvaged is None:
                return outlook(there, None)
            with closing(open_readonly(salvaged, key)) as here:
                return outlook(there, here)
    except StoreError:
        return None


def restore_and_add(
    folder: Path, backup: Backup, key: bytes, scratch: Path, *, salvaged: bool
) -> Added:
    """Restore a backup, and add what `look_round` read that is newer. The present ways to the key stay."""
    restore(folder, backup.path, key, read_keys(folder))
    return add_newer(scratch / _PLACE / DRAFTS, folder, key) if salvaged else Added()


def go_on_with_salvaged(folder: Path, key: bytes, scratch: Path) -> None:
    """Put what `look_round` read in the place of the drafts."""
    source, keys = scratch / _PLACE / DRAFTS, read_keys(folder)
    _keys_beside(source, keys)
    restore(folder, source, key, keys)


def _keys_beside(path: Path, keys: KeyFile) -> None:
    with told(path.parent):
        write_durably(path.with_name(f"{path.name}.{KEYS}"), dump_keys(keys))


# -- what is newer --------------------------------------------------------------------------------


class Added(NamedTuple):
    """How many cases came or went on, and how many letters of them could not come along."""

    cases: int = 0
    letters_left: int = 0


def add_newer(source: Path, folder: Path, key: bytes) -> Added:
    """Add to the drafts of `folder` what the file `source` has beyond them.

    A case that went on there goes on here. One that is other there becomes a case of its own.
    """
    count = left = 0
    with (
        Drafts.open(folder, key) as drafts,
        closing(open_readonly(source, key)) as there,
        closing(open_readonly(folder / DRAFTS, key)) as here,
        told(folder),
    ):
        for one in differences(there, here):
            ours = one.id if one.standing != "new" else _same_beginning(there, one.seq, here)
            if ours is None:
                copy_case(there, one.seq, drafts)
            elif standing(there, one.seq, here, ours) in ("same", "older"):
                continue
            elif _goes_on(there, one.seq, here, _seq(here, ours)):
                left += _go_on(there, one.seq, drafts, ours)
            elif standing(there, one.seq, here, draft := other_id(there, one)) == "new":
                copy_case(there, one.seq, drafts, draft)
            else:
                # It came here before.
                continue
            count += 1
    return Added(count, left)


def _goes_on(there: apsw.Connection, seq: int, here: apsw.Connection, ours: int) -> bool:
    """Whether a case there is ours and more; letters that are lost there are no reason against it."""
    query = "SELECT version, recipient, template, sha256 FROM issue WHERE draft = ?"
    mine = {row[:3]: row[3] for row in here.execute(query, (ours,))}
    same = all(mine.get(row[:3], row[3]) == row[3] for row in there.execute(query, (seq,)))
    return same and is_continued(here, ours, there, seq)


def _seq(connection: apsw.Connection, draft: str) -> int:
    return int(rows.one(connection, "SELECT seq FROM draft WHERE id = ?", draft))


def _same_beginning(there: apsw.Connection, seq: int, here: apsw.Connection) -> str | None:
    """Return the case here that begins as the other does: its line in the list was lost, and its id with it."""
    first = there.execute(
        "SELECT at, key, new FROM edit WHERE draft = ? AND n = 1", (seq,)
    ).fetchone()
    if first is None:
        return None
    query = (
        "SELECT id FROM draft JOIN edit ON edit.draft = seq WHERE n = 1 AND edit.at = ? AND key = ?"
        " AND new IS ?"
    )
    found = rows.one(here, query, *first)
    return None if found is None else str(found)


def _go_on(there: apsw.Connection, seq: int, drafts: Drafts, draft: str) -> int:
    """Append what a case has beyond ours, in one transaction; return how many letters cannot follow ours."""
    with drafts.together():
        n = drafts.last_n(draft)
        drafts.append(draft, [edit for edit in rows.read_edits(there, seq) if edit.n > n])
        return len(list(copy_letters(there, seq, drafts, draft)))
