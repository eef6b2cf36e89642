"""The drafts: cases as logs of edits, and issued letters, in one encrypted file."""

from __future__ import annotations

import builtins
import re
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
from triage.store import rows
from triage.store.backup import copy_database
from triage.store.claim import Claim, claims_of
from triage.store.connection import NAME, open_database, open_readonly, reopen_database
from triage.store.keyfile import NAME as KEYS
from triage.store.keyfile import SECOND, keys_exist, locked, mend, read_keys, refuse_wrong_key
from triage.store.records import DraftInfo, Issue, stamp, state_of, unstamp
from triage.store.replacing import is_unfinished, undo_replacing
from triage.store.trouble import told
from triage.store.verify import problems

# "Smith, Ann" is typed as a list shows it.
_WORD = re.compile(r"[^\s,;\0]+")
_LIST = """
SELECT d.seq, d.id, d.family, d.given, d.born, d.created, e.n, e.at, d.form, d.fingerprint,
    i.version, i.case_n, w.version IS NOT NULL
FROM draft d
LEFT JOIN edit e ON e.draft = d.seq AND e.n = (SELECT max(n) FROM edit WHERE draft = d.seq)
LEFT JOIN issue i ON i.rowid = (
    SELECT rowid FROM issue WHERE draft = d.seq ORDER BY version DESC LIMIT 1)
LEFT JOIN withdrawal w ON w.draft = d.seq AND w.version = i.version
WHERE {} ORDER BY coalesce(e.at, d.created) DESC, d.seq DESC
"""


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
            Read every page first; without it damage is met only where it is read.
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
        return cls(connection, folder, key, keys, says)

    @classmethod
    def open_file(cls, path: Path, key: bytes) -> Drafts:
        """Open one file, such as a backup or one set aside, to read what can still be read of it."""
        return cls(open_readonly(path, key), path.parent, key, None)

    def close(self) -> None:
        """Close the file and release all claims."""
        for held in self._claims.values():
            held.release()
        self._connection.close()

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
            saved = rows.read_edits(self._connection, self._seq(draft_id), edits[0].n - 1)
            there = {edit.n: edit for edit in saved}
        return tuple(edit for edit in edits if there.get(edit.n) != edit)

    def history(self, draft_id: str) -> History:
        """Return the whole log of a draft."""
        with told(self.folder):
            return History(rows.read_edits(self._connection, self._seq(draft_id)))

    def list(self, search: str = "") -> builtins.list[DraftInfo]:
        """Return all drafts, last changed first.

        Parameters
        ----------
        search
            Words that must all occur in the name or the date of birth (``1961-04``), whole or in
            part, whatever their case and accents.
        """
        words = _WORD.findall(rows.folded(search))
        where = " AND ".join(_match(word) for word in words) or "1"
        values = tuple(_pattern(word) for word in words)
        with told(self.folder):
            found = self._connection.execute(_LIST.format(where), values).fetchall()
            return [self._info(row) for row in found]

    def is_empty(self, but: Collection[str] = ()) -> bool:
        """Whether no draft holds anything, those called `but` left out; nothing is listed for it."""
        left_out = ", ".join("?" for _ in but)
        query = (
            "SELECT EXISTS (SELECT 1 FROM draft d WHERE EXISTS (SELECT 1 FROM edit WHERE draft = d.seq)"
            f" AND d.id NOT IN ({left_out}))"
        )
        with told(self.folder):
            return not rows.one(self._connection, query, *but)

    def issue(self, draft_id: str, issue: Issue) -> None:
        """Append an issued letter; it can never be changed or removed.

        Raises
        ------
        StoreError
            If its version neither is the next nor adds a recipient to the last one, or it covers
            edits that are not saved.
        """
        row = (issue.version, issue.recipient, issue.case_n, stamp(issue.at), issue.pdf)
        with self._writing():
            try:
                self._connection.execute(
                    "INSERT INTO issue (draft, version, recipient, case_n, at, pdf, sha256,"
                    " fingerprint, replaces) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    (self._seq(draft_id), *row, issue.sha256, issue.fingerprint, issue.replaces),
                )
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

    def delete(self, draft_id: str) -> None:
        """Delete a draft of which no letter was issued and that no other window has open."""
        held = self._claims.get(draft_id)
        mine = held is not None and held.held
        taken = held if mine else self.claim(draft_id)
        if taken is None:
            raise StoreError("Another window has this case open. Close it there first.")
        try:
            with self._writing():
                seq = self._seq(draft_id)
                if rows.one(self._connection, "SELECT 1 FROM issue WHERE draft = ?", seq):
                    raise StoreError("This case has issued letters, which are never deleted.")
                self._connection.execute("DELETE FROM name_index WHERE rowid = ?", (seq,))
                self._connection.execute("DELETE FROM draft WHERE seq = ?", (seq,))
        finally:
            if not mine:
                taken.release()

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

    def reopen(self) -> None:
        """Open the file anew: it may have been replaced by an equal one, or been out of reach for a while.

        Raises
        ------
        StoreError
            If it cannot be opened; then everything stays as it was.
        """
        fresh = reopen_database(self.folder, self._key)
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
            if edits:
                origin = self._origins.get(draft_id) or ("", "", stamp(edits[0].at))
                other._begin(draft_id, origin, edits)
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
        seq, draft, family, given, born, created, n, at, form, fingerprint, *issue = row
        version, case_n, withdrawn = issue
        changed = version is not None and rows.is_changed(self._connection, seq, case_n)
        return DraftInfo(
            id=draft,
            name=rows.name_of(family, given),
            born=rows.born_of(born),
            created=unstamp(created),
            changed=unstamp(at or created),
            edits=n or 0,
            state=state_of(version, changed=changed, withdrawn=bool(withdrawn)),
            form=form,
            fingerprint=fingerprint,
            claimed=claims_of(self.folder).is_taken(seq),
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


def _match(word: str) -> str:
    # A trigram index knows nothing of one or two letters.
    if len(word) < 3:
        return "d.name_search LIKE ? ESCAPE '\\'"
    return "d.seq IN (SELECT rowid FROM name_index WHERE name_search MATCH ?)"


def _pattern(word: str) -> str:
    if len(word) < 3:
        return "%" + re.sub(r"([\\%_])", r"\\\1", word) + "%"
    return '"' + word.replace('"', '""') + '"'


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
