"""Between rows of the database and values of the model."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import apsw
from pydantic import ValidationError

from triage.errors import EntryError, StoreError
from triage.model.dates import PartialDate
from triage.model.history import Edit
from triage.model.values import Date, Text, Value, value_from_json, value_to_json
from triage.store.records import Issue, stamp, unstamp

# The keys of a case that a list of drafts shows, and their columns.
SUMMARY = {"patient.family_name": "family", "patient.given_name": "given", "patient.dob": "born"}
_EDIT = "n, at, key, old, new, grp, undoes"
_ISSUE = (
    "i.version, recipient, case_n, i.at, pdf, fingerprint, replaces, w.at, coalesce(reason, ''),"
    " sha256"
)


def add_edits(connection: apsw.Connection, seq: int, edits: Sequence[Edit]) -> None:
    """Append `edits`, and keep what the list of drafts shows in step with them."""
    connection.executemany(
        f"INSERT INTO edit (draft, {_EDIT}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [(seq, *_to_row(edit)) for edit in edits],
    )
    texts = {SUMMARY[edit.key]: shown(edit.new) for edit in edits if edit.key in SUMMARY}
    for column, text in texts.items():
        connection.execute(f"UPDATE draft SET {column} = ? WHERE seq = ?", (text, seq))
    if texts:
        _index_name(connection, seq)


def read_edits(connection: apsw.Connection, seq: int, after: int = 0) -> Iterator[Edit]:
    """Yield the edits of a draft whose number is above `after`, oldest first."""
    rows = connection.execute(
        f"SELECT {_EDIT} FROM edit WHERE draft = ? AND n > ? ORDER BY n", (seq, after)
    )
    for row in rows:
        yield _to_edit(row)


def last_n(connection: apsw.Connection, seq: int) -> int:
    """Return the number of the last edit, 0 if there is none."""
    return int(one(connection, "SELECT coalesce(max(n), 0) FROM edit WHERE draft = ?", seq))


def is_changed(connection: apsw.Connection, seq: int, n: int) -> bool:
    """Whether a case is other than it was after edit `n`; what was changed back is not."""
    before: dict[str, str] = {}
    now: dict[str, str] = {}
    try:
        for edit in read_edits(connection, seq, n):
            # As read, not as kept: an older program spelled the same value with fewer fields.
            before.setdefault(edit.key, repr(edit.old))
            now[edit.key] = repr(edit.new)
    except StoreError:
        # A list of drafts is not the place to tell of damage: opening the draft is.
        return True
    return before != now


def read_issues(connection: apsw.Connection, seq: int) -> Iterator[tuple[Issue, bool]]:
    """Yield the issued letters of a draft, each with whether its bytes still have their hash."""
    rows = connection.execute(
        f"SELECT {_ISSUE} FROM issue i LEFT JOIN withdrawal w USING (draft, version)"
        " WHERE draft = ? ORDER BY i.version, i.rowid",
        (seq,),
    )
    for *row, sha256 in rows:
        row[3] = unstamp(row[3])
        row[7] = unstamp(row[7]) if row[7] else None
        issue = Issue(*row)
        yield issue, issue.sha256 == sha256


def one(connection: apsw.Connection, query: str, *values: Any) -> Any:
    """Return the only value that `query` gives, or None."""
    row = connection.execute(query, values).fetchone()
    return None if row is None else row[0]


def folded(text: str) -> str:
    """Return `text` without case and accents, for searching."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(part for part in parts if not unicodedata.combining(part))


def name_of(family: str, given: str) -> str:
    """Return a name as a list shows it."""
    return ", ".join(part for part in (family, given) if part)


def born_of(text: str) -> PartialDate | None:
    """Read the column ``born``."""
    try:
        return PartialDate.parse(text, date.min) if text else None
    except EntryError:
        return None


def shown(value: Value | None) -> str:
    """Return what a list of drafts shows of `value`."""
    if isinstance(value, Text):
        return value.text.strip()
    return value.date.iso() if isinstance(value, Date) else ""


def _to_row(edit: Edit) -> tuple[Any, ...]:
    old, new = (None if v is None else value_to_json(v) for v in (edit.old, edit.new))
    return edit.n, stamp(edit.at), edit.key, old, new, edit.group, edit.undoes


def _to_edit(row: Sequence[Any]) -> Edit:
    n, at, key, old, new, group, undoes = row
    try:
        return Edit(
            n=n,
            at=unstamp(at),
            key=key,
            old=None if old is None else value_from_json(old),
            new=None if new is None else value_from_json(new),
            group=group,
            undoes=undoes,
        )
    except (ValidationError, ValueError):
        # Not chained: the cause holds the value.
        raise StoreError(f"Edit {n} of a draft cannot be read. Restore it from a backup.") from None


def _index_name(connection: apsw.Connection, seq: int) -> None:
    names = "SELECT given || ' ' || family || ' ' || born FROM draft WHERE seq = ?"
    text = folded(one(connection, names, seq)).strip()
    connection.execute("UPDATE draft SET name_search = ? WHERE seq = ?", (text, seq))
    connection.execute("DELETE FROM name_index WHERE rowid = ?", (seq,))
    connection.execute("INSERT INTO name_index (rowid, name_search) VALUES (?, ?)", (seq, text))
