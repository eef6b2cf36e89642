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
from triage.files import private_folder, write_durably
from triage.store.claim import claims_of
from triage.store.connection import NAME as DRAFTS
from triage.store.connection import open_readonly
from triage.store.database import Drafts
from triage.store.keyfile import NAME as KEYS
from triage.store.keyfile import KeyFile, check_of, locked, parse_keys
from triage.store.replacing import replace_drafts
from triage.store.trouble import told
from triage.store.verify import problems

_STATE = "last.json"
_NAMED = re.compile(r"drafts-(\d{8}-\d{6})\.db")
_STAMP = "%Y%m%d-%H%M%S"
_NEWEST = 12
# Beyond the newest, one of each day, week and month, so many of them.
_DAYS, _WEEKS, _MONTHS = 14, 8, 24
# Backups never take more of the free space than one part in so many.
_SHARE = 5


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
    """Copy `drafts` into a new file of `into`, verified, and thin the older ones.

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
    thin(into)
    return Backup(path, at, size)


def thin(into: Path) -> bool:
    """Remove backups that are not to be kept; return whether fewer are kept for want of space."""
    found = backups(into)
    kept = set(_kept(found))
    with told(into):
        free = shutil.disk_usage(into).free + sum(one.size for one in found)
        room, fewer = free // _SHARE, False
        for one in found:
            room -= one.size
            if one in kept and (room >= 0 or one is found[0]):
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
    """Start a process that backs up, if anything changed since the last one; the caller goes on at once.

    It outlives the program that started it, so that a close waits for nothing.
    """
    if not is_due(folder, into):
        return None
    child = subprocess.Popen(
        [sys.executable, "-m", "triage.store.backups", str(folder), str(into)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    assert child.stdin is not None
    # By a pipe: arguments are seen by every user of the computer.
    child.stdin.write(key.hex().encode())
    child.stdin.close()
    return child


def is_due(folder: Path, into: Path) -> bool:
    """Whether the drafts have changed since they were backed up last."""
    path = folder / DRAFTS
    return path.exists() and _state(into).get("of") != _stamp(path)


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
        of, says = _stamp(folder / DRAFTS), ""
        if _state(into).get("of") == of:
            return
        try:
            with Drafts.open(folder, key, check=False) as drafts:
                make_backup(drafts, into, at)
        except StoreError as error:
            says, of = str(error), ""
        state = {"at": at.isoformat(), "of": of, "says": says}
        with told(into):
            write_durably(into / _STATE, json.dumps(state).encode())


# -- putting back ---------------------------------------------------------------------------------


def restore(folder: Path, backup: Path, key: bytes) -> Path:
    """Put a backup in the place of the drafts, and return the folder in which these stand now.

    Parameters
    ----------
    key
        The data key, by the keys beside the backup.

    Raises
    ------
    StoreError
        If a window has a case open, or the backup is not whole; nothing has changed then.
    """
    keys = keys_of(backup)
    if keys is None or keys.check != check_of(key):
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
            return replace_drafts(folder, backup, key, keys)


def keys_of(backup: Path) -> KeyFile | None:
    """Return the keys beside a backup; None if they are missing or damaged."""
    path = backup.with_name(f"{backup.name}.{KEYS}")
    with told(path.parent):
        data = path.read_bytes() if path.exists() else b""
    return parse_keys(data, path.parent)


def main(folder: str, into: str) -> int:
    """Back up at low priority, with the key from standard input."""
    with suppress(AttributeError, OSError):
        os.nice(10)
    key = bytes.fromhex(sys.stdin.read().strip())
    run(Path(folder), key, Path(into), datetime.now(UTC))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
