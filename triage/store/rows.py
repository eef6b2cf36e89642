"""Between rows of the database and values of the model."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any

import apsw
from pydantic import ValidationError

from triage.errors import EntryError, StoreError
from triage.model.dates import PartialDate
from triage.model.history import Edit
from triage.model.values import Date, Table, Text, Value, value_from_json, value_to_json
from triage.store import schema
from triage.store.records import Issue, LetterKey, Sent, stamp, unstamp, unstamp_here
from triage.store.search import plain_number, searchable

# The keys of a case that a list of drafts shows, and their columns.
SUMMARY = {"patient.family_name": "family", "patient.given_name": "given", "patient.dob": "born"}
IDENTIFIERS = "patient.identifiers"
_EDIT = "n, at, key, new, grp, undoes"
_ISSUE = (
    "i.version, recipient, template, case_n, i.at, pdf, fingerprint, replaces, w.at,"
    " coalesce(reason, ''), sha256"
)
_Row = Sequence[Any]
_NEVER = 2**62


@contextmanager
def at_once(connection: apsw.Connection) -> Iterator[None]:
    """Read everything inside as it stands at one moment, whatever another program saves meanwhile."""
    # Not a transaction of the connection: that would keep others from saving.
    connection.execute("SAVEPOINT at_once")
    try:
        yield
    finally:
        # Some errors end it by themselves.
        if not connection.get_autocommit():
            connection.execute("RELEASE at_once")


# -- edits ----------------------------------------------------------------------------------------


def add_edits(connection: apsw.Connection, seq: int, edits: Sequence[Edit]) -> None:
    """Append `edits`, the last perhaps still being typed, and keep what the list shows in step with them."""
    closed = [_to_row(edit) for edit in edits if not edit.typing]
    if closed:
        count, chain = counted(connection, seq)
        connection.executemany(
            f"INSERT INTO edit (draft, {_EDIT}) VALUES (?, ?, ?, ?, ?, ?, ?)",
            [(seq, *row) for row in closed],
        )
        connection.execute("DELETE FROM typing WHERE draft = ?", (seq,))
        connection.execute(
            "UPDATE draft SET edits = ?, chain = ? WHERE seq = ?",
            (count + len(closed), chained(chain, closed), seq),
        )
    if edits and edits[-1].typing:
        _, at, key, new, group, _ = _to_row(edits[-1])
        connection.execute(
            "INSERT OR REPLACE INTO typing VALUES (?, ?, ?, ?, ?)", (seq, key, group, new, at)
        )
    _note_summary(connection, seq, {edit.key: edit.new for edit in edits})
    note_change(connection, seq)


def end_typing(connection: apsw.Connection, seq: int) -> None:
    """Make what is being typed in a draft an edit."""
    row = connection.execute(
        "SELECT at, key, value, grp FROM typing WHERE draft = ?", (seq,)
    ).fetchone()
    if row is not None:
        at, key, new, group = row
        add_edits(
            connection,
            seq,
            [_to_edit((last_n(connection, seq) + 1, at, key, new, group, None), None)],
        )


def read_edits(connection: apsw.Connection, seq: int) -> Iterator[Edit]:
    """Yield the edits of a draft, oldest first; the last may be one that was still being typed."""
    values: dict[str, Value | None] = {}
    n = 0
    for row in connection.execute(f"SELECT {_EDIT} FROM edit WHERE draft = ? ORDER BY n", (seq,)):
        n, key = row[0], row[2]
        edit = _to_edit(row, values.get(key))
        values[key] = edit.new
        yield edit
    for at, key, new, group in connection.execute(
        "SELECT at, key, value, grp FROM typing WHERE draft = ?", (seq,)
    ):
        edit = _to_edit((n + 1, at, key, new, group, None), values.get(key))
        yield edit.model_copy(update={"typing": True})


def read_log(connection: apsw.Connection, seq: int) -> list[_Row]:
    """Return the edits of a draft as they are kept, what was still being typed as the last."""
    found: list[_Row] = []
    found += connection.execute(f"SELECT {_EDIT} FROM edit WHERE draft = ? ORDER BY n", (seq,))
    typed = "SELECT ?, at, key, value, grp, NULL FROM typing WHERE draft = ?"
    found += connection.execute(typed, (found[-1][0] + 1 if found else 1, seq)).fetchall()
    return found


def missing(connection: apsw.Connection, seq: int, edits: Sequence[Edit]) -> Iterator[Edit]:
    """Yield those of `edits` that are not in the file as they are here."""
    rows = connection.execute(
        f"SELECT {_EDIT} FROM edit WHERE draft = ? AND n >= ?", (seq, edits[0].n)
    )
    there = {row[0]: row for row in rows}
    for edit in edits:
        if edit.typing or not _is_kept(edit, there.get(edit.n)):
            yield edit


def _is_kept(edit: Edit, row: _Row | None) -> bool:
    if row is None or row == _to_row(edit):
        return row is not None
    # As read, not as kept: an older program spelled the same value with fewer fields.
    return repr(_to_edit(row, edit.old)) == repr(edit)


def last_n(connection: apsw.Connection, seq: int) -> int:
    """Return the number of the last edit, 0 if there is none."""
    return int(one(connection, "SELECT coalesce(max(n), 0) FROM edit WHERE draft = ?", seq))


def is_changed(connection: apsw.Connection, seq: int, n: int) -> bool:
    """Whether a case is other than it was after edit `n`; what was changed back is not."""
    since = "SELECT key FROM edit WHERE draft = ?1 AND n > ?2 UNION SELECT key FROM typing WHERE draft = ?1"
    for (key,) in connection.execute(since, (seq, n)).fetchall():
        then, now = _value_at(connection, seq, key, n), _value_at(connection, seq, key, None)
        # As read, not as kept: an older program spelled the same value with fewer fields.
        if then != now and _understood(then) != _understood(now):
            return True
    return False


def _value_at(connection: apsw.Connection, seq: int, key: Any, n: int | None) -> Any:
    """Return what stood under `key` after edit `n`; what stands now if it is None."""
    if n is None:
        row = connection.execute("SELECT value FROM typing WHERE draft = ? AND key = ?", (seq, key))
        if (found := row.fetchone()) is not None:
            return found[0]
    query = "SELECT new FROM edit WHERE draft = ? AND key = ? AND n <= ? ORDER BY n DESC LIMIT 1"
    return one(connection, query, seq, key, _NEVER if n is None else n)


def _understood(text: Any) -> object:
    try:
        return None if text is None else repr(value_from_json(text))
    except ValueError:
        # A list of drafts is not the place to tell of damage: opening the draft is.
        return text


# -- the chain: whether the edits of a case are all there -------------------------------------------


def counted(connection: apsw.Connection, seq: int) -> tuple[int, str]:
    """Return how many edits a draft was noted to have, and the hash over them."""
    row = connection.execute("SELECT edits, chain FROM draft WHERE seq = ?", (seq,)).fetchone()
    return row or (0, "")


def chained(chain: str, rows: Iterable[_Row]) -> str:
    """Return the hash over the edits that `chain` is of, and `rows` after them."""
    for row in rows:
        # Not `repr`: which letters it spells out differs from one Python to the next.
        chain = hashlib.sha256(ascii((chain, *row)).encode()).hexdigest()
    return chain


def refuse_broken(connection: apsw.Connection, seq: int) -> None:
    """Raise `StoreError` if the edits of a draft are not those that were saved."""
    count, chain = counted(connection, seq)
    if not chain and schema.is_older(connection):
        return
    rows = connection.execute(
        f"SELECT {_EDIT} FROM edit WHERE draft = ? ORDER BY n", (seq,)
    ).fetchall()
    if (len(rows), chained("", rows)) != (count, chain):
        what = (
            f"{len(rows)} of the {count} edits of this case are left."
            if len(rows) != count
            else "The edits of this case are not those that were saved."
        )
        raise StoreError(
            f"{what} Restore the newest backup, or take over what can be read: triage drafts salvage."
        )


def count_up(connection: apsw.Connection) -> None:
    """Note of every draft what its rows say: count and hash of its edits, order, the patient's numbers."""
    drafts = "SELECT d.seq FROM draft d ORDER BY {}, d.seq".format(
        "coalesce((SELECT at FROM edit WHERE draft = d.seq ORDER BY n DESC LIMIT 1), created)"
    )
    numbered: list[Any] = connection.execute(drafts).fetchall()
    for place, (seq,) in enumerate(numbered, start=1):
        rows = connection.execute(
            f"SELECT {_EDIT} FROM edit WHERE draft = ? ORDER BY n", (seq,)
        ).fetchall()
        connection.execute(
            "UPDATE draft SET edits = ?, chain = ?, changed = ? WHERE seq = ?",
            (len(rows), chained("", rows), place, seq),
        )
        found: dict[str, Any] = {
            row[2]: row[3] for row in rows if row[2] in (*SUMMARY, IDENTIFIERS)
        }
        _note_summary(
            connection,
            seq,
            {k: None if v is None else value_from_json(v) for k, v in found.items()},
        )


# -- what the list shows --------------------------------------------------------------------------


def note_change(connection: apsw.Connection, seq: int) -> None:
    """Make a draft the one that was changed last, by a counter: a clock may go wrong. It leaves the bin."""
    # A window may have opened it before another one put it there; what is worked on is not deleted.
    connection.execute(
        "UPDATE draft SET binned = NULL WHERE seq = ? AND binned IS NOT NULL", (seq,)
    )
    connection.execute(
        "UPDATE draft SET changed = 1 + (SELECT max(changed) FROM draft) WHERE seq = ?"
        " AND (changed = 0 OR changed < (SELECT max(changed) FROM draft))",
        (seq,),
    )


def _note_summary(connection: apsw.Connection, seq: int, new: Mapping[str, Value | None]) -> None:
    texts = {SUMMARY[key]: shown(value) for key, value in new.items() if key in SUMMARY}
    for column, text in texts.items():
        connection.execute(f"UPDATE draft SET {column} = ? WHERE seq = ?", (text, seq))
    if IDENTIFIERS in new:
        connection.execute("DELETE FROM identifier WHERE draft = ?", (seq,))
        connection.executemany(
            "INSERT INTO identifier VALUES (?, ?)",
            [(number, seq) for number in sorted(numbers(new[IDENTIFIERS]))],
        )
    if texts:
        _index_name(connection, seq)


def numbers(value: Value | None) -> set[str]:
    """Return the identifying numbers of a patient as they are compared: letters and digits alone."""
    rows = value.rows if isinstance(value, Table) else ()
    return {found for row in rows if (found := plain_number(str(row.get("value") or "")))}


# -- letters --------------------------------------------------------------------------------------


def read_issues(connection: apsw.Connection, seq: int) -> Iterator[tuple[Issue, bool]]:
    """Yield the issued letters of a draft, each with whether its bytes still have their hash."""
    rows = connection.execute(
        f"SELECT {_ISSUE} FROM issue i LEFT JOIN withdrawal w USING (draft, version)"
        " WHERE draft = ? ORDER BY i.version, i.seq",
        (seq,),
    )
    for *row, sha256 in rows:
        version, recipient, template, case_n, at, pdf, fingerprint, replaces, gone, because = row
        issue = Issue(
            version=version,
            recipient=recipient,
            template=template,
            case_n=case_n,
            at=unstamp_here(at),
            pdf=pdf,
            fingerprint=fingerprint,
            replaces=replaces,
            withdrawn_at=unstamp_here(gone) if gone else None,
            withdrawn_because=because,
        )
        yield issue, issue.sha256 == sha256


def letters_of(connection: apsw.Connection, seq: int) -> Iterator[LetterKey]:
    """Yield the letters of a draft that stand: the last of each kind to each recipient, if it is not withdrawn."""
    yield from connection.execute(
        "SELECT version, recipient, template FROM issue i WHERE draft = ?1"
        " AND version = (SELECT max(version) FROM issue WHERE draft = ?1"
        " AND recipient = i.recipient AND template = i.template)"
        " AND version NOT IN (SELECT version FROM withdrawal WHERE draft = ?1)"
        " ORDER BY version DESC, seq",
        (seq,),
    )


def read_sent(connection: apsw.Connection, seq: int) -> Iterator[Sent]:
    """Yield where the letters of a draft went, oldest first."""
    rows = connection.execute(
        "SELECT version, recipient, template, how, at, says, day FROM sent WHERE draft = ? ORDER BY seq",
        (seq,),
    )
    for version, recipient, template, how, at, says, day in rows:
        yield Sent(version, recipient, template, how, unstamp_here(at), says, day)


# -- single values --------------------------------------------------------------------------------


def one(connection: apsw.Connection, query: str, *values: Any) -> Any:
    """Return the only value that `query` gives, or None."""
    row = connection.execute(query, values).fetchone()
    return None if row is None else row[0]


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
    new = None if edit.new is None else value_to_json(edit.new)
    return edit.n, stamp(edit.at), edit.key, new, edit.group, edit.undoes


def _to_edit(row: _Row, old: Value | None) -> Edit:
    n, at, key, new, group, undoes = row
    try:
        return Edit(
            n=n,
            at=unstamp(at),
            key=key,
            old=old,
            new=None if new is None else value_from_json(new),
            group=group,
            undoes=undoes,
        )
    except (ValidationError, ValueError):
        # Not chained: the cause holds the value.
        raise StoreError(f"Edit {n} of a draft cannot be read. Restore it from a backup.") from None


def _index_name(connection: apsw.Connection, seq: int) -> None:
    names = "SELECT given || ' ' || family || ' ' || born FROM draft WHERE seq = ?"
    text = searchable(one(connection, names, seq))
    connection.execute("UPDATE draft SET name_search = ? WHERE seq = ?", (text, seq))
    connection.execute("DELETE FROM name_index WHERE rowid = ?", (seq,))
    connection.execute("INSERT INTO name_index (rowid, name_search) VALUES (?, ?)", (seq, text))
