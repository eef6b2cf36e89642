"""Reads everything in a database and says what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import apsw

from triage.errors import StoreError
from triage.model.values import Value
from triage.store import rows
from triage.store.trouble import DAMAGE


def problems(connection: apsw.Connection) -> list[str]:
    """Return one line for each fault; empty if all is well. Lines hold ids, never what was typed."""
    found = list(_guarded("The file", partial(_pages, connection)))
    drafts: list[tuple[int, str]] = []
    found += _guarded("The list of drafts", partial(_drafts, connection, drafts))
    for seq, draft_id in drafts:
        found += _guarded(f"Draft {draft_id}", partial(_log, connection, seq))
        found += _guarded(f"Draft {draft_id}", partial(_letters, connection, seq))
    return found


def _guarded(what: str, look: Callable[[], Iterator[str]]) -> Iterator[str]:
    try:
        for fault in look():
            yield f"{what}: {fault}"
    except DAMAGE:
        yield f"{what}: a part of it is damaged and cannot be read."
    except (StoreError, apsw.Error, ValueError) as error:
        yield f"{what}: {error if isinstance(error, StoreError) else type(error).__name__}"


def _drafts(connection: apsw.Connection, into: list[tuple[int, str]]) -> Iterator[str]:
    into.extend(connection.execute("SELECT seq, id FROM draft ORDER BY seq"))
    yield from ()


def _pages(connection: apsw.Connection) -> Iterator[str]:
    with rows.at_once(connection):
        # SQLite checks the index of names by what it remembers of it, unless it was just read (tried: 3.54).
        connection.execute("SELECT rowid FROM name_index LIMIT 1").fetchall()
        if connection.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
            yield "its inner structure is not whole."
        if connection.execute("PRAGMA foreign_key_check").fetchall():
            yield "there are edits or letters without their draft."


def _log(connection: apsw.Connection, seq: int) -> Iterator[str]:
    # Saving goes on between one case and the next, and is no fault of the case.
    with rows.at_once(connection):
        values: dict[str, Value | None] = {}
        for expected, edit in enumerate(rows.read_edits(connection, seq), start=1):
            if edit.n != expected:
                yield f"edit {expected} is missing."
                return
            values[edit.key] = edit.new
        try:
            rows.refuse_broken(connection, seq)
        except StoreError as error:
            yield str(error)
        shown = tuple(rows.shown(values.get(key)) for key in rows.SUMMARY)
        kept = connection.execute("SELECT family, given, born FROM draft WHERE seq = ?", (seq,))
        if kept.fetchall() != [shown]:
            yield "the name in the list is not the one in the case."


def _letters(connection: apsw.Connection, seq: int) -> Iterator[str]:
    for issue, is_whole in rows.read_issues(connection, seq):
        if not is_whole:
            yield f"letter v{issue.version} is not the one that was issued (its hash differs)."
