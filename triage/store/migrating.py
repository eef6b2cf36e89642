"""Brings drafts of an older format up to date: on a copy, which takes their place when it was compared with them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import closing
from itertools import zip_longest
from pathlib import Path
from typing import Any

import apsw

from triage.errors import StoreError
from triage.files import JOURNAL, move_aside, sync_file
from triage.store import rows, schema
from triage.store.backup import copy_database
from triage.store.claim import claims_of
from triage.store.connection import NAME, connect, name_database, reopen_database, settle, unnamed
from triage.store.keyfile import locked
from triage.store.replacing import doubled
from triage.store.trouble import told
from triage.store.verify import problems

# Windows replaces no file that is open, here or in another program: then nothing is changed.
_CLOSES_FIRST = sys.platform == "win32"


def migrated(old: apsw.Connection, folder: Path, key: bytes) -> apsw.Connection:
    """Return a connection to the drafts of `folder` in the format of today, and close `old`.

    The file as it was stays beside them, as ``drafts-format-1.db``.

    Raises
    ------
    StoreError
        If a window of an older program has a case open, or the copy is not what the file is. Nothing has
        changed then.
    """
    path = folder / NAME
    with closing(old), locked(folder), told(folder), closing(reopen_database(folder, key)) as now:
        # Another start may have been quicker.
        if schema.is_older(now):
            aside = path.with_name(f"{path.stem}-format-{schema.version_of(now)}{path.suffix}")
            # Nothing is saved here by another program until its file has gone.
            with old:
                fresh = _brought(now, path, key)
                if not _CLOSES_FIRST:
                    _replace(path, fresh, aside, key)
            if _CLOSES_FIRST:
                now.close()
                old.close()
                _replace(path, fresh, aside, key)
    return reopen_database(folder, key)


def _brought(old: apsw.Connection, path: Path, key: bytes) -> Path:
    """Make a copy that is up to date and holds what `old` does, and return where it is."""
    if claims_of(path.parent).any_taken():
        raise StoreError(
            "An older version of this program has a case open. Close its windows, and try again."
        )
    fresh = unnamed(path)
    fresh.unlink(missing_ok=True)
    copy_database(old, fresh, key)
    with closing(connect(fresh, key)) as new:
        settle(new)
        with new:
            is_counted = schema.version_of(new) >= schema.COUNTED
            schema.migrate(new)
            if not is_counted:
                rows.count_up(new)
        schema.make_readable(old)
        if found := [*problems(new), *_differences(old, new)]:
            raise StoreError(
                f"The cases in {path.parent} cannot be brought to the format of this program: {found[0]}"
                " Nothing was changed: go on with the older program, and report this."
            )
    fresh.with_name(fresh.name + JOURNAL).unlink(missing_ok=True)
    sync_file(fresh)
    return fresh


def _replace(path: Path, fresh: Path, aside: Path, key: bytes) -> None:
    if aside.exists():
        if aside.samefile(path):
            aside.unlink()
        else:
            # Of an older store that was brought up to date before.
            move_aside(aside, "earlier")
    doubled(path, aside)
    name_database(fresh, path, key)


def _differences(old: apsw.Connection, new: apsw.Connection) -> Iterator[str]:
    """Yield the cases that are not in both as they were; told by number."""
    every = (
        "SELECT seq, id, form, fingerprint, created, family, given, born FROM draft ORDER BY seq"
    )
    for mine, its in zip_longest(_all(old, every), _all(new, every)):
        if mine != its:
            yield f"case {(mine or its)[0]} is not in both."
            continue
        seq = int(mine[0])
        for read in (rows.read_edits, rows.read_issues, rows.read_sent):
            pairs = zip_longest(read(old, seq), read(new, seq))
            if any(before != after for before, after in pairs):
                yield f"case {seq} is another one."


def _all(connection: apsw.Connection, query: str) -> list[tuple[Any, ...]]:
    return connection.execute(query).fetchall()
