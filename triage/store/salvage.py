"""Takes what can still be read out of a damaged file, case by case, into a new one."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import apsw

from triage.errors import StoreError
from triage.files import private_folder
from triage.model.history import Edit
from triage.store import rows
from triage.store.connection import NAME, open_readonly
from triage.store.database import Drafts
from triage.store.keyfile import KeyFile, keys_exist, write_first
from triage.store.records import Issue, stamp, unstamp
from triage.store.trouble import told

_GONE = "nothing of it can be read."


class Salvaged(NamedTuple):
    """What was taken over: how many cases, and one line for each that is not whole. Lines name no patient."""

    cases: int
    lost: tuple[str, ...]

    @property
    def gone(self) -> int:
        """How many cases are known of which nothing can be read."""
        return sum(line.endswith(_GONE) for line in self.lost)

    @property
    def in_part(self) -> int:
        """How many of the cases are not whole."""
        return len(self.lost) - self.gone

    @property
    def whole(self) -> int:
        """How many of the cases are whole."""
        return self.cases - self.in_part


def salvage(path: Path, key: bytes, keys: KeyFile, into: Path) -> Salvaged:
    """Copy each case of the file `path`, as far as it can be read, into the new drafts of `into`.

    Parameters
    ----------
    path, key
        The damaged file, which stays as it is, and what opens it.
    keys
        The ways to `key`, for the new drafts.

    Raises
    ------
    StoreError
        If nothing can be read of it, or `into` holds drafts already.
    """
    with told(into):
        private_folder(into)
        if keys_exist(into) or (into / NAME).exists():
            raise StoreError(f"{into} holds drafts already; choose another folder.")
    connection = open_readonly(path, key)
    try:
        numbers = list(_drafts(connection))
        write_first(into, keys)
        with Drafts.open(into, key, begin=True) as new:
            cases, lost = 0, list[str]()
            for seq in numbers:
                fault = copy_case(connection, seq, new)
                cases += fault != _GONE
                lost += [f"Case {seq}: {fault}"] if fault else []
    finally:
        connection.close()
    return Salvaged(cases, tuple(lost))


def _drafts(connection: apsw.Connection) -> Iterator[int]:
    """Yield the number of every case of which anything may be left."""
    found: dict[int, None] = {}
    is_readable = False
    # Where the list of drafts breaks off, the edits still say whose they are, and the letters too.
    for query in (
        "SELECT seq FROM draft ORDER BY seq",
        "SELECT seq FROM draft ORDER BY seq DESC",
        "SELECT DISTINCT draft FROM edit ORDER BY draft",
        "SELECT DISTINCT draft FROM edit ORDER BY draft DESC",
        "SELECT DISTINCT draft FROM issue",
    ):
        with suppress(apsw.Error):
            for (seq,) in connection.execute(query):
                found[seq] = None
            is_readable = True
    if not found and not is_readable:
        raise StoreError("Nothing can be read of the damaged file: put a backup in its place.")
    yield from sorted(found)


def copy_case(connection: apsw.Connection, seq: int, new: Drafts, as_id: str = "") -> str:
    """Copy one case, under its own id or another, and return what of it is lost; empty if it is whole."""
    edits, fault = _edits(connection, seq)
    if not edits:
        return _GONE
    draft = None
    with suppress(apsw.Error):
        draft = connection.execute(
            "SELECT id, form, fingerprint, created, binned FROM draft WHERE seq = ?", (seq,)
        ).fetchone()
    if draft is None:
        fault = fault or "its line in the list cannot be read, so it has another number now."
        draft = (uuid.uuid4().hex, "", "", stamp(edits[0].at), None)
    elif not fault and not _is_log_whole(connection, seq):
        fault = "its log is not the one that was saved."
    draft_id = as_id or draft[0]
    new.take_over(draft_id, draft[1:4], edits)
    lost = list(copy_letters(connection, seq, new, draft_id))
    if draft[4] and not new.issues(draft_id):
        new.bin(draft_id, unstamp(draft[4]))
    return fault or next(iter(lost), "")


def copy_letters(
    connection: apsw.Connection, seq: int, new: Drafts, draft_id: str
) -> Iterator[str]:
    """Copy the letters of a case that are not there yet, and where they went; yield what of them is lost."""
    kept = {issue.key for issue in new.issues(draft_id)}
    gone = {issue.version for issue in new.issues(draft_id) if issue.withdrawn_at}
    withdrawn: dict[int, Issue] = {}
    for issue in _issues(connection, seq):
        if issue is None:
            yield "not every issued letter of it can be read."
            continue
        if issue.key not in kept:
            try:
                new.issue(draft_id, issue)
            except StoreError:
                yield f"its letter v{issue.version} is of edits that cannot be read."
                continue
        if issue.withdrawn_at is not None and issue.version not in gone:
            withdrawn[issue.version] = issue
    # Last: a version that is withdrawn takes no further letter.
    for version, issue in withdrawn.items():
        if issue.withdrawn_at is not None:
            new.withdraw(draft_id, version, issue.withdrawn_at, issue.withdrawn_because)
    there = set(new.sent(draft_id))
    with suppress(apsw.Error, ValueError):
        for sent in rows.read_sent(connection, seq):
            if sent not in there:
                # Of a letter that did not come along there is nothing to note.
                with suppress(StoreError):
                    new.note_sent(draft_id, sent)


def _edits(connection: apsw.Connection, seq: int) -> tuple[list[Edit], str]:
    """Return the log up to where it breaks off, and what is lost of it."""
    found: list[Edit] = []
    try:
        for edit in rows.read_edits(connection, seq):
            if edit.n != len(found) + 1:
                return found, f"its log breaks off after edit {len(found)}."
            found.append(edit)
    except (apsw.Error, StoreError):
        return found, f"its log breaks off after edit {len(found)}."
    return found, ""


def _is_log_whole(connection: apsw.Connection, seq: int) -> bool:
    """Whether the log is the one that was noted: its last edits can be missing without a gap."""
    try:
        rows.refuse_broken(connection, seq)
    except (apsw.Error, StoreError):
        return False
    return True


def _issues(connection: apsw.Connection, seq: int) -> Iterator[Issue | None]:
    """Yield the letters that are as they were issued, None for one that is not."""
    try:
        for issue, is_whole in rows.read_issues(connection, seq):
            yield issue if is_whole else None
    except (apsw.Error, ValueError):
        yield None
