"""Copies an encrypted database into another file, which counts only after it was read back."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import apsw

from triage.errors import StoreError
from triage.files import JOURNAL, sync_file, sync_folder
from triage.store.connection import connect, new_file, open_readonly
from triage.store.trouble import DAMAGE, doubt
from triage.store.verify import problems

# Pages copied before another window gets its turn to save: 8 MB, about 20 ms.
_PAGES = 2048
# Another process that saves makes SQLite begin the copy anew; a pause in its saving is waited for, 30 s in all.
_ANEW = 120
_PAUSE_SECONDS = 0.25
# So long one step waits for others to save.
_PATIENCE_SECONDS, _MOMENT_SECONDS = 10.0, 0.005


def copy_database(source: apsw.Connection, path: Path, key: bytes) -> None:
    """Copy `source` to `path`, encrypted with the same `key`.

    Raises
    ------
    StoreError
        If `path` exists, or what was written does not read back whole.
    apsw.Error, OSError
        If it cannot be written. Nothing is left at `path`.
    """
    if path.exists():
        raise StoreError(f"{path} exists already; choose another name for the copy.")
    part = path.with_name(path.name + ".part")
    part.unlink(missing_ok=True)
    try:
        new_file(part)
        copy_pages(source, part, key)
        found = _problems_of(part, key)
        if found:
            raise StoreError(
                f"The copy in {path.parent} is not whole, so it was discarded: {found}"
            )
        sync_file(part)
        part.rename(path)
        sync_folder(path.parent)
    finally:
        part.unlink(missing_ok=True)
        part.with_name(part.name + JOURNAL).unlink(missing_ok=True)


def copy_pages(source: apsw.Connection, part: Path, key: bytes) -> None:
    """Copy `source` into the file `part`, a little at a time: others save meanwhile."""
    target = connect(part, key)
    try:
        with target.backup("main", source, "main") as copy:
            left, anew, until = sys.maxsize, 0, time.monotonic() + _PATIENCE_SECONDS
            while not copy.done:
                try:
                    copy.step(_PAGES)
                except apsw.BusyError:
                    # The time that a connection waits is for all steps together (tried), and soon used up.
                    if time.monotonic() > until:
                        raise
                    time.sleep(_MOMENT_SECONDS)
                    continue
                until = time.monotonic() + _PATIENCE_SECONDS
                is_anew, left = copy.remaining >= left, copy.remaining
                anew += is_anew
                if anew > _ANEW:
                    raise StoreError(_CHANGING)
                time.sleep(_PAUSE_SECONDS if is_anew else 0)
    except DAMAGE:
        doubt(Path(source.filename).parent)
        raise StoreError(
            "A part of the drafts is damaged, so a whole copy cannot be made. Earlier copies stand."
        ) from None
    finally:
        target.close()


def _problems_of(part: Path, key: bytes) -> str:
    """Return the first fault of the copy, read from the disk by a connection of its own."""
    written = open_readonly(part, key)
    try:
        return next(iter(problems(written)), "")
    finally:
        written.close()


_CHANGING = (
    "The cases were changed all the while, so no whole copy could be made."
    " One is made when the program is closed."
)
