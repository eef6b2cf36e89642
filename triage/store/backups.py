"""Backups: made by a process of its own, verified, thinned, and put back with what stands now set aside.

As a program: ``python -m triage.store.backups FOLDER INTO`` with the data key, in hexadecimal, on standard input.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from triage.errors import StoreError
from triage.files import private_folder, sync_folder, write_durably
from triage.store.child import read_key, start_child
from triage.store.claim import claims_of
from triage.store.connection import NAME as DRAFTS
from triage.store.connection import open_readonly
from triage.store.database import Drafts
from triage.store.differences import Outlook, counted, outlook
from triage.store.keyfile import NAME as KEYS
from triage.store.keyfile import KeyFile, check_of, dump_keys, locked, parse_keys
from triage.store.replacing import replace_drafts
from triage.store.trouble import DAMAGE, told
from triage.store.verify import problems

_STATE = "last.json"
_NAMED = re.compile(r"drafts-(\d{8}-\d{6})\.db")
_STAMP = "%Y%m%d-%H%M%S"
_NEWEST = 12
# Beyond the newest, one of each day, week and month, so many of them.
_DAYS, _WEEKS, _MONTHS = 14, 8, 24
# Backups never take more of the free space than one part in so many.
_SHARE = 5
FEWER = "Fewer backups than usual are kept in {}, for want of space: free some, or choose another folder."


class Backup(NamedTuple):
    """One backup: where it is, when it was made, and its size in bytes."""

    path: Path
    at: datetime
    size: int

    @property
    def keys(self) -> Path:
        """The keys that open it."""
        return self.path.with_name(f"{self.path.name}.{KEYS}")


def backups(folder: Path) -> list[Backup]:
    """Return the backups in `folder`, newest first; what has no keys is none."""
    found = []
    with told(folder):
        for path in folder.glob("drafts-*.db") if folder.is_dir() else ():
            if named := _NAMED.fullmatch(path.name):
                at = datetime.strptime(named[1], _STAMP).replace(tzinfo=UTC)
                found.append(Backup(path, at, path.stat().st_size))
    return sorted((one for one in found if one.keys.exists()), key=lambda one: one.at, reverse=True)


# -- making ---------------------------------------------------------------------------------------


def make_backup(drafts: Drafts, into: Path, at: datetime) -> Backup:
    """Copy `drafts` into a new file of `into`, verified.

    Raises
    ------
    StoreError
        If it cannot be written, or is not whole; earlier ones stay.
    """
    with told(into):
        private_folder(into)
        free = shutil.disk_usage(into).free
        size = (drafts.folder / DRAFTS).stat().st_size
    if size > free // 2:
        raise StoreError(f"There is too little free space in {into} for a backup: free some.")
    path = into / f"drafts-{at.astimezone(UTC):{_STAMP}}.db"
    drafts.backup(path)
    return Backup(path, at, size)


def thin(into: Path) -> bool:
    """Remove backups that are not to be kept; return whether fewer are kept for want of space."""
    found = backups(into)
    kept = set(_kept(found))
    with told(into):
        free = shutil.disk_usage(into).free + sum(one.size for one in found)
        room, fewer = free // _SHARE, False
        for one in found:
            if one is found[0] or (one in kept and one.size <= room):
                room -= one.size
                continue
            fewer = fewer or one in kept
            # The database first: keys without it are no backup, and it without keys looks like one.
            one.path.unlink()
            one.keys.unlink(missing_ok=True)
    return fewer


def _kept(found: Sequence[Backup]) -> Iterator[Backup]:
    """Yield the newest ones, and of those before them the newest of each day, week and month."""
    yield from found[:_NEWEST]
    periods: tuple[tuple[int, Callable[[datetime], object]], ...] = (
        (_DAYS, datetime.date),
        (_WEEKS, lambda at: at.isocalendar()[:2]),
        (_MONTHS, lambda at: (at.year, at.month)),
    )
    for most, period in periods:
        seen: dict[object, Backup] = {}
        for one in found:
            seen.setdefault(period(one.at), one)
        yield from list(seen.values())[:most]


# -- by a process of its own ----------------------------------------------------------------------


def start_backup(folder: Path, key: bytes, into: Path) -> subprocess.Popen[bytes] | None:
    """Start a process that backs up, if anything changed since the last one; the caller goes on at once."""
    if not is_due(folder, into):
        return None
    return start_child("triage.store.backups", key, str(folder), str(into))


def is_due(folder: Path, into: Path) -> bool:
    """Whether the drafts have changed since they were backed up last, or that backup is gone."""
    path = folder / DRAFTS
    return path.exists() and not (_state(into).get("of") == _stamp(path) and backups(into))


def last_trouble(into: Path) -> str:
    """Return what went wrong with the last backup, in one sentence; empty if nothing did."""
    return str(_state(into).get("says") or "")


def _stamp(path: Path) -> str:
    found = path.stat()
    return f"{found.st_mtime_ns} {found.st_size}"


def _state(into: Path) -> dict[str, object]:
    try:
        found = json.loads((into / _STATE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def run(folder: Path, key: bytes, into: Path, at: datetime) -> None:
    """Back up, and note how it went where the next start of the program looks."""
    with told(into):
        private_folder(into)
    with locked(into):
        # What changes while it is copied is for the next one.
        if not is_due(folder, into):
            return
        of, says = _stamp(folder / DRAFTS), ""
        try:
            with Drafts.open(folder, key, check=False) as drafts:
                make_backup(drafts, into, at)
            if thin(into):
                says = FEWER.format(into)
        except StoreError as error:
            says, of = str(error), ""
        state = {"at": at.isoformat(), "of": of, "says": says}
        with told(into):
            write_durably(into / _STATE, json.dumps(state).encode())


# -- putting back ---------------------------------------------------------------------------------


def restore(folder: Path, backup: Path, key: bytes, ways: KeyFile | None = None) -> Path:
    """Put a backup in the place of the drafts, and return the folder in which these stand now.

    Parameters
    ----------
    key
        The data key, by the keys beside the backup.
    ways
        The ways to it from now on; those beside the backup if left out.

    Raises
    ------
    StoreError
        If a window has a case open, or the backup is not whole; nothing has changed then.
    """
    keys = keys_of(backup)
    ways = ways or keys
    if keys is None or ways is None or {keys.check, ways.check} != {check_of(key)}:
        raise StoreError(f"The keys beside {backup.name} do not open it.")
    connection = open_readonly(backup, key)
    try:
        found = problems(connection)
    finally:
        connection.close()
    if found:
        raise StoreError(f"{backup.name} is not whole, and was not put back: {found[0]}")
    with locked(folder):
        with told(folder):
            is_open = claims_of(folder).any_taken()
        if is_open:
            raise StoreError("A case is open in a window. Close all windows, and try again.")
        with told(folder):
            return replace_drafts(folder, backup, key, ways)


def preview(folder: Path, backup: Path, key: bytes) -> Outlook:
    """Return what a restore of `backup` would bring to the drafts of `folder`, and take from them."""
    there = open_readonly(backup, key)
    try:
        with told(backup.parent):
            try:
                here = open_readonly(folder / DRAFTS, key)
            except StoreError:
                return outlook(there, None)
            try:
                return outlook(there, here)
            except DAMAGE:
                return outlook(there, None)
            finally:
                here.close()
    finally:
        there.close()


def keys_of(backup: Path) -> KeyFile | None:
    """Return the keys beside a backup; None if they are missing or damaged."""
    path = backup.with_name(f"{backup.name}.{KEYS}")
    with told(path.parent):
        data = path.read_bytes() if path.exists() else b""
    return parse_keys(data, path.parent)


class Rewrapped(NamedTuple):
    """How many backups have the new ways, and the names of those that are left as they were."""

    done: int
    left: tuple[str, ...]

    def lines(self) -> Iterator[str]:
        """Yield it in words, one sentence each."""
        yield f"The new passphrase opens {counted(self.done, 'backup')}; the old one no longer does."
        if self.left:
            yield f"Left as they were, with keys that are damaged or of other cases: {', '.join(self.left)}."


def rewrap(into: Path, keys: KeyFile) -> Rewrapped:
    """Give each backup of `into` the ways to its data key that `keys` has, so that an old passphrase ends there too.

    Of a backup of other drafts, or one whose keys cannot be read, nothing is changed.

    Raises
    ------
    StoreError
        If the keys cannot be written, or do not read back; the old ones stay then.
    """
    done, left = 0, list[str]()
    if not backups(into):
        return Rewrapped(0, ())
    with locked(into):
        for one in backups(into):
            try:
                before = keys_of(one.path)
            except StoreError:
                before = None
            if before is None or before.check != keys.check:
                left.append(one.path.name)
                continue
            if before != keys:
                _put_keys(one.keys, keys)
            done += 1
    return Rewrapped(done, tuple(left))


def _put_keys(path: Path, keys: KeyFile) -> None:
    """Replace the keys of a backup once the new ones were read back."""
    fresh = path.with_name(f".{path.name}.new")
    with told(path.parent):
        try:
            write_durably(fresh, dump_keys(keys))
            if parse_keys(fresh.read_bytes(), path.parent) != keys:
                raise StoreError(
                    f"The new keys of {path.name} do not read back: the old ones stay."
                )
            fresh.replace(path)
        finally:
            fresh.unlink(missing_ok=True)
        sync_folder(path.parent)


def main(folder: str, into: str) -> int:
    """Back up at low priority, with the key from standard input."""
    with suppress(AttributeError, OSError):
        os.nice(10)
    run(Path(folder), read_key(), Path(into), datetime.now(UTC))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
