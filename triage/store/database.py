"""The drafts: cases as logs of edits, and issued letters, in one encrypted file."""

from __future__ import annotations

import builtins
import uuid
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import apsw

from triage.errors import StoreError
from triage.files import private_folder, write_durably
from triage.model.history import Edit, History
from triage.model.values import Text, value_to_json
from triage.store import rows, schema
from triage.store.backup import copy_database
from triage.store.claim import Claim, claims_of
from triage.store.connection import NAME, open_database, open_readonly, reopen_database
from triage.store.keyfile import NAME as KEYS
from triage.store.keyfile import SECOND, keys_exist, locked, mend, read_keys, refuse_wrong_key
from triage.store.records import (
    DraftInfo,
    Issue,
    Order,
    Sent,
    Show,
    stamp,
    state_of,
    unstamp_here,
)
from triage.store.replacing import is_unfinished, undo_replacing
from triage.store.search import conditions
from triage.store.trouble import told
from triage.store.verify import problems

_LIST = """
SELECT d.seq, d.id, d.family, d.given, d.born, d.created, d.edits, e.at, d.form, d.fingerprint, d.binned,
    o.n IS NOT NULL, t.at, i.version, i.case_n, i.at, w.at, w.reason, g.says
FROM (SELECT * FROM draft d WHERE {0} ORDER BY {1} LIMIT ? OFFSET ?) d
LEFT JOIN edit e ON e.draft = d.seq AND e.n = d.edits
LEFT JOIN edit o ON o.draft = d.seq AND o.n = 1 AND o.key = 'case.outside'
LEFT JOIN typing t ON t.draft = d.seq
LEFT JOIN issue i ON i.seq = (
    SELECT seq FROM issue WHERE draft = d.seq ORDER BY version DESC, seq DESC LIMIT 1)
LEFT JOIN withdrawal w ON w.draft = d.seq AND w.version = i.version
LEFT JOIN digest g ON g.draft = d.seq AND g.edits = d.edits AND t.at IS NULL
ORDER BY {1}
"""
# What holds nothing is no case yet.
_HELD = "(d.edits > 0 OR EXISTS (SELECT 1 FROM typing WHERE draft = d.seq))"
# From so many on they are met soon enough without the index.
_COMMON = 300
_ISSUED = "EXISTS (SELECT 1 FROM issue WHERE draft = d.seq)"
_SHOWN: dict[Show, str] = {
    "all": "d.binned IS NULL",
    "never issued": f"d.binned IS NULL AND NOT {_ISSUED}",
    "issued": "d.binned IS NULL AND d.seq IN (SELECT draft FROM issue)",
    "bin": "d.binned IS NOT NULL",
}
_ORDERED: dict[Order, tuple[str, ...]] = {
    "changed": ("d.changed",),
    "name": ("d.family COLLATE NOCASE", "d.given COLLATE NOCASE"),
    "born": ("d.born",),
}


class GapError(StoreError):
    """Edits that do not continue those that are saved."""


class Drafts:
    """All drafts of one folder. Not for two threads at once: the `Writer` owns it while it runs.

    Parameters
    ----------
    connection, folder, key, keys
        Made by `open` or `open_file`; `keys` is the text of ``keys.json``, if there is one.
    says
        What the user is to be told of the opening; empty if nothing.
    """

    def __init__(
        self,
        connection: apsw.Connection,
        folder: Path,
        key: bytes,
        keys: bytes | None,
        says: str = "",
    ) -> None:
        self.says = says
        self._connection = connection
        self.folder = folder
        self._key = key
        self._keys = keys
        self._claims: dict[str, Claim] = {}
        self._origins: dict[str, tuple[str, str, str]] = {}
        self._seen: object = None

    @classmethod
    def open(cls, folder: Path, key: bytes, *, check: bool = True, begin: bool = False) -> Drafts:
        """Open the drafts of `folder`; without keys they are made if there are none.

        Parameters
        ----------
        check
            Read every page first, unless the file is large; otherwise damage is met where it is read.
        begin
            Begin with an empty list where there are keys and no drafts.

        Raises
        ------
        KeyRefusedError
            If `key` does not belong to these drafts; nothing is touched.
        MissingDraftsError
            If there are keys and no drafts, and none were to be begun.
        StoreError
            If a newer program made the file (untouched), it is damaged (then moved aside), or the
            folder cannot be used.
        """
        keys, says = None, ""
        with told(folder):
            private_folder(folder)
        if is_unfinished(folder):
            with locked(folder), told(folder):
                undo_replacing(folder)
        if keys_exist(folder):
            refuse_wrong_key(read_keys(folder), key, folder)
            keys, says = _mended(folder)
        has_keys = keys is not None
        connection = open_database(folder, key, key_is_right=has_keys, check=check, begin=begin)
        with told(folder):
            is_older = schema.is_older(connection)
        if is_older and not connection.readonly("main"):
            from triage.store.migrating import migrated

            connection = migrated(connection, folder, key)
        _make_readable(connection, folder)
        return cls(connection, folder, key, keys, says)

    @classmethod
    def open_file(cls, path: Path, key: bytes) -> Drafts:
        """Open one file, such as a backup or one set aside, to read what can still be read of it."""
        return cls(open_readonly(path, key), path.parent, key, None)

    @property
    def read_only(self) -> bool:
        """Whether the file can only be read: the folder or the disk cannot be written."""
        with told(self.folder):
            return bool(self._connection.readonly("main"))

    def close(self) -> None:
        """Close the file and release all claims."""
        for held in self._claims.values():
            held.release()
        self._connection.close()

    def lock(self) -> None:
        """Close the file and let go of the key; the claims stay, so that no other window takes a case meanwhile.

        Python cannot wipe memory: the bytes of the key are given back, and stay there until something else is
        written over them. SQLite wipes its own copy.
        """
        self._key = b""
        self._connection.close()

    def unlock(self, key: bytes) -> None:
        """Open the file again.

        Raises
        ------
        KeyRefusedError
            If `key` does not belong to these drafts; then they stay locked.
        StoreError
            If the file cannot be opened; the key is right, and `reopen` can be tried again.
        """
        if self._keys is not None:
            refuse_wrong_key(read_keys(self.folder), key, self.folder)
        self._key = key
        self.reopen()

    def __enter__(self) -> Drafts:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def create(
        self, form_id: str, fingerprint: str, at: datetime, edits: Sequence[Edit] = ()
    ) -> str:
        """Begin a draft with its first `edits`, in one transaction, and return its id."""
        draft_id = uuid.uuid4().hex
        self._begin(draft_id, (form_id, fingerprint, stamp(at)), edits)
        return draft_id

    def append(self, draft_id: str, edits: Sequence[Edit]) -> None:
        """Append `edits` in one transaction; when this returns they survive a power cut.

        The last may be one that is still being typed: it takes the place of what was typed before in that
        field, and the edit that it becomes takes its place.

        Raises
        ------
        GapError
            If their numbers do not continue the log.
        StoreError
            If they cannot be written.
        """
        with self._writing():
            seq = self._seq(draft_id)
            expected = rows.last_n(self._connection, seq) + 1
            if [edit.n for edit in edits] != list(range(expected, expected + len(edits))):
                raise GapError(
                    "The edits do not continue those already saved: another window may have changed"
                    " this case. Open it again."
                )
            rows.add_edits(self._connection, seq, edits)

    def form_of(self, draft_id: str) -> str:
        """Return the form that a draft was begun with."""
        with told(self.folder):
            query = "SELECT form FROM draft WHERE seq = ?"
            return str(rows.one(self._connection, query, self._seq(draft_id)))

    def end_typing(self, draft_id: str) -> None:
        """Make what was being typed in a draft, when a program was stopped, an edit like any other."""
        with self._writing():
            rows.end_typing(self._connection, self._seq(draft_id))

    def last_n(self, draft_id: str) -> int:
        """Return the number of the last edit of a draft that is saved; 0 if none is."""
        with told(self.folder):
            return rows.last_n(self._connection, self._seq(draft_id))

    def missing(self, draft_id: str, edits: Sequence[Edit]) -> tuple[Edit, ...]:
        """Return those of `edits` that are not saved yet.

        For a save whose end is not known: what failed may have reached the disk all the same.
        """
        if not edits:
            return ()
        with told(self.folder):
            return tuple(rows.missing(self._connection, self._seq(draft_id), edits))

    def history(self, draft_id: str) -> History:
        """Return the whole log of a draft.

        Raises
        ------
        StoreError
            If it is not whole, or not as it was saved.
        """
        # Another window may be typing in it.
        with told(self.folder), rows.at_once(self._connection):
            seq = self._seq(draft_id)
            rows.refuse_broken(self._connection, seq)
            return History(rows.read_edits(self._connection, seq))

    def list(
        self,
        search: str = "",
        show: Show = "all",
        *,
        order: Order = "changed",
        down: bool = True,
        limit: int = -1,
        offset: int = 0,
    ) -> builtins.list[DraftInfo]:
        """Return the drafts that hold anything, last changed first.

        Parameters
        ----------
        search
            Parts of the name, the date of birth in any spelling, or an identifying number; all that is
            given must be found, whatever its case, accents and blanks.
        show
            Which of them.
        order, down
            By what, and whether backwards.
        limit, offset
            So many at most, after so many.
        """
        with told(self.folder):
            found = list(conditions(search, self._is_common))
        where = " AND ".join((_HELD, _SHOWN[show], *(part.sql for part in found)))
        ordered = ", ".join(
            f"{column} {'DESC' if down else 'ASC'}" for column in (*_ORDERED[order], "d.seq")
        )
        values = [value for part in found for value in part.values]
        return self._infos(where, ordered, (*values, limit, offset))

    def beginning_with(self, start: str, show: Show = "all") -> builtins.list[DraftInfo]:
        """Return the drafts whose id begins with `start`."""
        where = f"{_HELD} AND {_SHOWN[show]} AND d.id >= ? AND d.id < ? || char(0x10ffff)"
        return self._infos(where, "d.seq", (start, start, -1, 0))

    def _is_common(self, phrase: str) -> bool:
        query = "SELECT count(*) FROM (SELECT 1 FROM name_index WHERE name_search MATCH ? LIMIT ?)"
        return bool(rows.one(self._connection, query, phrase, _COMMON) == _COMMON)

    def same_patient(self, draft_id: str) -> builtins.list[DraftInfo]:
        """Return the other drafts of the patient of a draft: by a number, or by name and date of birth."""
        with told(self.folder):
            seq = self._seq(draft_id)
            mine = "SELECT family, born, name_search FROM draft WHERE seq = ?"
            [(family, born, name)] = self._connection.execute(mine, (seq,))
        is_it = (
            "d.seq IN (SELECT i.draft FROM identifier i JOIN identifier m USING (value) WHERE m.draft = ?)"
            " OR (d.born = ? AND d.name_search = ?)"
        )
        named = (born, name) if family and born else (None, None)
        where = f"{_HELD} AND d.binned IS NULL AND d.seq <> ? AND ({is_it})"
        return self._infos(where, "d.changed DESC", (seq, seq, *named, -1, 0))

    def _infos(self, where: str, ordered: str, values: Sequence[Any]) -> builtins.list[DraftInfo]:
        with told(self.folder):
            found = self._connection.execute(_LIST.format(where, ordered), values).fetchall()
            return [self._info(row) for row in found]

    def is_empty(self, but: Collection[str] = ()) -> bool:
        """Whether no draft holds anything, those called `but` left out; nothing is listed for it."""
        left_out = ", ".join("?" for _ in but)
        query = (
            f"SELECT EXISTS (SELECT 1 FROM draft d WHERE {_HELD} AND d.binned IS NULL"
            f" AND d.id NOT IN ({left_out}))"
        )
        with told(self.folder):
            return not rows.one(self._connection, query, *but)

    def issue(self, draft_id: str, issue: Issue) -> None:
        """Append an issued letter; it can never be changed or removed.

        Raises
        ------
        StoreError
            If its version neither is the next nor adds a letter to the last one, or it covers
            edits that are not saved.
        """
        row = (
            issue.version,
            issue.recipient,
            issue.template,
            issue.case_n,
            stamp(issue.at),
            issue.pdf,
        )
        with self._writing():
            seq = self._seq(draft_id)
            try:
                self._connection.execute(
                    "INSERT INTO issue (draft, version, recipient, template, case_n, at, pdf, sha256,"
                    " fingerprint, replaces) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    (seq, *row, issue.sha256, issue.fingerprint, issue.replaces),
                )
                rows.note_change(self._connection, seq)
            except apsw.ConstraintError:
                raise StoreError(
                    "The letter does not continue the issued ones, or the case is not saved yet."
                    " Open the case again and issue it anew."
                ) from None

    def withdraw(self, draft_id: str, version: int, at: datetime, reason: str = "") -> None:
        """Note that a version is withdrawn; the letters of it stay."""
        with self._writing():
            try:
                self._connection.execute(
                    "INSERT INTO withdrawal VALUES (?, ?, ?, ?)",
                    (self._seq(draft_id), version, stamp(at), reason),
                )
            except apsw.ConstraintError:
                raise StoreError(
                    f"Version {version} cannot be withdrawn: it was not issued, or is withdrawn"
                    " already."
                ) from None

    def issues(self, draft_id: str) -> builtins.list[Issue]:
        """Return the issued letters, oldest first; one whose bytes changed is an error."""
        with told(self.folder):
            found = list(rows.read_issues(self._connection, self._seq(draft_id)))
        for issue, is_whole in found:
            if not is_whole:
                raise StoreError(
                    f"Letter v{issue.version} of this case is not the one that was issued."
                    " Restore it from a backup."
                )
        return [issue for issue, _ in found]

    def issued_as(self, sha256: str) -> tuple[str, int] | None:
        """Return the draft and the version of the issued letter that has this hash; None if none has."""
        query = "SELECT d.id, version FROM issue JOIN draft d ON d.seq = draft WHERE sha256 = ?"
        with told(self.folder):
            found = self._connection.execute(query, (sha256,)).fetchone()
        return None if found is None else (str(found[0]), int(found[1]))

    def last_used(self) -> builtins.list[str]:
        """Return where letters went, the last first."""
        query = "SELECT recipient FROM issue GROUP BY recipient ORDER BY max(seq) DESC"
        with told(self.folder):
            return [str(name) for (name,) in self._connection.execute(query)]

    def issued_at(self, at: datetime) -> builtins.list[str]:
        """Return the drafts of which a letter was issued at a time."""
        query = "SELECT DISTINCT d.id FROM issue JOIN draft d ON d.seq = draft WHERE at = ?"
        with told(self.folder):
            found = self._connection.execute(query, (stamp(at),))
            return [str(draft) for (draft,) in found]

    def note_digest(self, draft_id: str, edits: int, says: str) -> None:
        """Keep what a list shows of a draft, worked out from so many edits."""
        with self._writing():
            self._connection.execute(
                "INSERT OR REPLACE INTO digest VALUES (?, ?, ?)", (self._seq(draft_id), edits, says)
            )

    def begun_with(self, outside: Text) -> builtins.list[str]:
        """Return the drafts, those in the bin left out, that began with a letter from outside, newest first."""
        query = (
            "SELECT d.id FROM draft d JOIN edit e ON e.draft = d.seq AND e.n = 1"
            " WHERE d.binned IS NULL AND e.key = 'case.outside' AND e.new = ? ORDER BY d.seq DESC"
        )
        with told(self.folder):
            found = self._connection.execute(query, (value_to_json(outside),))
            return [str(draft) for (draft,) in found]

    def note_sent(self, draft_id: str, sent: Sent) -> None:
        """Note what became of an issued letter."""
        with self._writing():
            try:
                self._connection.execute(
                    "INSERT INTO sent (draft, version, recipient, template, how, at, says, day)"
                    " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    (self._seq(draft_id), *sent.key, sent.how, stamp(sent.at), sent.says, sent.day),
                )
            except apsw.ConstraintError:
                raise StoreError(
                    f"Version {sent.version} was not issued to this recipient."
                ) from None

    def sent(self, draft_id: str) -> builtins.list[Sent]:
        """Return where the letters of a draft went, oldest first."""
        with told(self.folder):
            return list(rows.read_sent(self._connection, self._seq(draft_id)))

    def bin(self, draft_id: str, at: datetime) -> None:
        """Put a draft into the bin: of which no letter was issued, and that no other window has open."""
        with self._mine(draft_id), self._writing():
            seq = self._refuse_issued(draft_id)
            self._connection.execute("UPDATE draft SET binned = ? WHERE seq = ?", (stamp(at), seq))

    def put_back(self, draft_id: str) -> None:
        """Take a draft out of the bin."""
        with self._writing():
            seq = self._seq(draft_id)
            self._connection.execute("UPDATE draft SET binned = NULL WHERE seq = ?", (seq,))

    def empty_bin(self, before: datetime) -> int:
        """Delete for good what was put into the bin before a time, and return how many that were."""
        with told(self.folder):
            query = "SELECT id FROM draft WHERE binned < ?"
            found: builtins.list[Any] = self._connection.execute(query, (stamp(before),)).fetchall()
        for (draft_id,) in found:
            self.delete(draft_id)
        return len(found)

    def delete(self, draft_id: str) -> None:
        """Delete a draft for good, of which no letter was issued and that no other window has open."""
        with self._mine(draft_id), self._writing():
            seq = self._refuse_issued(draft_id)
            self._connection.execute("DELETE FROM name_index WHERE rowid = ?", (seq,))
            self._connection.execute("DELETE FROM draft WHERE seq = ?", (seq,))

    @contextmanager
    def _mine(self, draft_id: str) -> Iterator[None]:
        """Have the claim of a draft meanwhile, unless it is held here already."""
        held = self._claims.get(draft_id)
        if held is not None and held.held:
            yield
            return
        taken = self.claim(draft_id)
        if taken is None:
            raise StoreError("Another window has this case open. Close it there first.")
        with taken:
            yield

    def _refuse_issued(self, draft_id: str) -> int:
        seq = self._seq(draft_id)
        if rows.one(self._connection, "SELECT 1 FROM issue WHERE draft = ?", seq):
            raise StoreError("This case has issued letters, which are never deleted.")
        return seq

    def verify(self) -> builtins.list[str]:
        """Read everything and return what is wrong: pages, issued letters, gaps, links."""
        return problems(self._connection)

    def backup(self, path: Path) -> None:
        """Copy all drafts into the encrypted file `path`, and the keys beside it.

        The copy gets its name only after it was opened and verified. To restore it, put it in the
        folder as ``drafts.db`` and ``<path>.keys.json`` as ``keys.json``. It may take seconds, in
        which this object can do nothing else: while a `Writer` runs, back up from another `Drafts`.

        Raises
        ------
        StoreError
            If `path` exists, cannot be written, or the copy is not whole.
        """
        with told(path.parent):
            keys = path.with_name(f"{path.name}.{KEYS}")
            if path.exists():
                raise StoreError(f"{path} exists already; choose another name for the copy.")
            # Keys first: with its name the copy has all that opens it.
            self._put_keys(keys)
            try:
                copy_database(self._connection, path, self._key)
            except BaseException:
                keys.unlink(missing_ok=True)
                raise

    def claim(self, draft_id: str) -> Claim | None:
        """Take the right to write a draft, or return None if another window has it."""
        with told(self.folder):
            taken = claims_of(self.folder).take(self._seq(draft_id))
        if taken is not None:
            self._claims[draft_id] = taken
        return taken

    def claimed_since(self, draft_id: str) -> datetime | None:
        """Return since when a draft is claimed that another window has; None if that is not known."""
        with told(self.folder):
            return claims_of(self.folder).since(self._seq(draft_id))

    def reopen(self) -> None:
        """Open the file anew: it may have been replaced by an equal one, or been out of reach for a while.

        Raises
        ------
        StoreError
            If it cannot be opened; then everything stays as it was.
        """
        fresh = reopen_database(self.folder, self._key)
        _make_readable(fresh, self.folder)
        old, self._connection = self._connection, fresh
        old.close()

    def guard_keys(self) -> str:
        """Put the keys back if they were lost while the program runs, and return what there is to tell of it."""
        if self._keys is None:
            return ""
        with told(self.folder):
            seen = _stamp_of(self.folder / KEYS), _stamp_of(self.folder / SECOND)
        if seen == self._seen:
            return ""
        self._keys, says = mend(self.folder, self._keys)
        with told(self.folder):
            self._seen = _stamp_of(self.folder / KEYS), _stamp_of(self.folder / SECOND)
        return says

    def copy_to(self, folder: Path) -> Drafts:
        """Copy all drafts and keys into `folder`, which has none yet, and open them there."""
        with told(self.folder):
            # A closed connection is a plain ValueError to what copies.
            self._connection.execute("SELECT 1")
        self._prepare(folder)
        with told(folder):
            copy_database(self._connection, folder / NAME, self._key)
            self._put_keys(folder / KEYS)
        return Drafts.open(folder, self._key, check=False)

    def take_over(self, draft_id: str, origin: tuple[str, str, str], edits: Sequence[Edit]) -> None:
        """Begin a draft that comes from another file, under the id that it has there."""
        self._begin(draft_id, origin, edits)

    @contextmanager
    def together(self) -> Iterator[None]:
        """Let everything inside reach the disk as one transaction, or not at all."""
        with self._writing():
            yield

    def rebuild_in(self, folder: Path, logs: dict[str, tuple[Edit, ...]]) -> Drafts:
        """Write whole `logs` into `folder` where these drafts can no longer be read at all.

        Each draft must have been made, or its history read, by this object.
        """
        self._prepare(folder)
        with told(folder):
            self._put_keys(folder / KEYS)
        other = Drafts.open(folder, self._key, begin=True)
        for draft_id, edits in logs.items():
            # Also one that holds nothing yet: it is open in a window, and will.
            if origin := self._origins.get(draft_id):
                other._begin(draft_id, origin, edits)
            elif edits:
                other._begin(draft_id, ("", "", stamp(edits[0].at)), edits)
        return other

    def _prepare(self, folder: Path) -> None:
        with told(folder):
            private_folder(folder)
            if any((folder / name).exists() for name in (NAME, KEYS)):
                raise StoreError(f"{folder} holds drafts already; choose another folder.")

    def _put_keys(self, path: Path) -> None:
        """Write the keys to `path`: as they are now, or as they were when they could be read."""
        if self._keys is not None:
            with suppress(StoreError):
                self.guard_keys()
            write_durably(path, self._keys)

    def _begin(self, draft_id: str, origin: tuple[str, str, str], edits: Sequence[Edit]) -> None:
        with self._writing():
            self._connection.execute(
                "INSERT INTO draft (id, form, fingerprint, created) VALUES (?, ?, ?, ?)",
                (draft_id, *origin),
            )
            rows.add_edits(self._connection, self._connection.last_insert_rowid(), edits)
        self._origins[draft_id] = origin

    def _info(self, row: Sequence[Any]) -> DraftInfo:
        seq, draft, family, given, born, created, n, at, form, fingerprint, binned, *more = row
        outside, typed_at, version, case_n, issued, withdrawn, because, digest = more
        changed = version is not None and rows.is_changed(self._connection, seq, case_n)
        return DraftInfo(
            id=draft,
            name=rows.name_of(family, given),
            born=rows.born_of(born),
            created=unstamp_here(created),
            changed=unstamp_here(typed_at or at or created),
            edits=n + (typed_at is not None),
            state=state_of(version, changed=changed, withdrawn=bool(withdrawn)),
            form=form,
            fingerprint=fingerprint,
            claimed=claims_of(self.folder).is_taken(seq),
            binned=unstamp_here(binned) if binned else None,
            outside=bool(outside),
            version=version or 0,
            issued=unstamp_here(issued) if issued else None,
            withdrawn=unstamp_here(withdrawn) if withdrawn else None,
            because=because or "",
            letters=tuple(rows.letters_of(self._connection, seq)) if version else (),
            sent=tuple(rows.read_sent(self._connection, seq)) if version else (),
            digest=digest or "",
        )

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with told(self.folder), self._connection:
            yield

    def _seq(self, draft_id: str) -> int:
        found = self._connection.execute(
            "SELECT seq, form, fingerprint, created FROM draft WHERE id = ?", (draft_id,)
        ).fetchone()
        if found is None:
            raise StoreError(_UNKNOWN)
        self._origins[draft_id] = (found[1], found[2], found[3])
        return int(found[0])


def _make_readable(connection: apsw.Connection, folder: Path) -> None:
    """Let an older file be read where it cannot be brought up to date."""
    if connection.readonly("main"):
        with told(folder):
            schema.make_readable(connection)


def _mended(folder: Path) -> tuple[bytes, str]:
    """Return what the keys hold, both copies mended; where nothing can be written they are read as they are."""
    try:
        return mend(folder)
    except StoreError:
        with told(folder):
            return (folder / (KEYS if (folder / KEYS).exists() else SECOND)).read_bytes(), ""


def _stamp_of(path: Path) -> tuple[int, int] | None:
    """Return by what a changed file is known; None if it is not there."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_mtime_ns, found.st_size


_UNKNOWN = "There is no such draft here. It may have been deleted in another window."
