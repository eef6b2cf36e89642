"""Opens the encrypted database file: the one place that knows the cipher and the pragmas."""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import apsw

from triage.errors import KeyRefusedError, StoreError
from triage.files import JOURNAL, move_aside, sync_file, sync_folder, write_durably
from triage.store import schema
from triage.store.claim import claims_of
from triage.store.keyfile import check_of, locked
from triage.store.trouble import DAMAGE, DOUBT, told
from triage.store.verify import problems

NAME = "drafts.db"
# A save that has to wait longer for another window is told instead of awaited.
_BUSY_MS = 1000
_NEW = ".new"
_PAUSE_SECONDS = 0.2
_LOOKS = 10
_KEY_NOTE = ".keyid"
# A file up to this size is read whole when it is opened, which holds up no other window for long (27 ms); that of
# a larger one is checked beside the work (`prove.start_check`).
AT_ONCE = 16_000_000
# How a database begins that is not encrypted.
_PLAIN = b"SQLite format 3\0"
# SQLite writes at least one page of 512 bytes; anything shorter lost its content.
_SMALLEST = 512


class DamagedError(StoreError):
    """The drafts are damaged, and were set aside.

    Parameters
    ----------
    says
        What happened, in one sentence.
    aside
        Where the damaged file is now.
    """

    def __init__(self, says: str, aside: Path) -> None:
        super().__init__(says)
        self.aside = aside


class MissingDraftsError(StoreError):
    """There are keys, and no drafts: nothing is begun anew without a question."""


def connect(path: Path, key: bytes, *, write: bool = True) -> apsw.Connection:
    """Open `path` with the raw `key`; nothing is read yet, so a wrong key or damage shows later."""
    mode = apsw.SQLITE_OPEN_READWRITE if write else apsw.SQLITE_OPEN_READONLY
    connection = apsw.Connection(str(path), flags=mode)
    connection.set_busy_timeout(_BUSY_MS)
    # ChaCha20-Poly1305: each page is authenticated. "raw:" and not hexkey, which is a passphrase
    # in hexadecimal and is derived from (tried: 40 ms against 0.2 ms).
    connection.execute("PRAGMA cipher = 'chacha20'")
    connection.execute(f"PRAGMA key = 'raw:{key.hex()}'")
    return connection


def check_pages(connection: apsw.Connection) -> None:
    """Read every page, so that damage is met now and not in the middle of work (1.7 ms per MB)."""
    for row in connection.execute("PRAGMA quick_check(1)"):
        if row != ("ok",):
            raise apsw.CorruptError("quick_check")


def settle(connection: apsw.Connection) -> None:
    """Set what every writing connection needs; only after the version is known not to be newer."""
    # No WAL: a flipped bit in a WAL loses committed rows in silence.
    connection.execute("PRAGMA journal_mode = TRUNCATE")
    for name, value in (
        ("synchronous", "FULL"),
        ("fullfsync", "ON"),  # macOS: a plain fsync does not reach the disk
        ("foreign_keys", "ON"),
        ("recursive_triggers", "ON"),  # so that a REPLACE fires delete triggers
        ("secure_delete", "ON"),
        ("trusted_schema", "OFF"),
    ):
        connection.execute(f"PRAGMA {name} = {value}")
    connection.transaction_mode = "IMMEDIATE"
    schema.make_tables(connection)


def open_database(
    folder: Path, key: bytes, *, key_is_right: bool, check: bool, begin: bool = False
) -> apsw.Connection:
    """Open the database of `folder`, moved aside if it is damaged and no window has a case of it open.

    Parameters
    ----------
    key_is_right
        The key was compared with ``keys.json``.
    check
        Read every page first, of a file that is not large.
    begin
        Make an empty one where there are keys and no drafts. Without keys it is made anyway.

    Raises
    ------
    MissingDraftsError
        If there are keys and no drafts, and none were to be made.
    """
    path = folder / NAME
    if not path.exists():
        with locked(folder):
            _make(path, key, begin=begin or not key_is_right)
    if not key_is_right:
        _refuse_unfinished(path)
    try:
        return _opened(path, key, check=check)
    except DAMAGE:
        if not key_is_right or not _is_of_key(path, key):
            raise KeyRefusedError(_UNREADABLE.format(path)) from None
    # One bad read, of a disk or a share, looks like damage. It is none unless the file says so twice.
    # Both readings stand before the next opening: one that meets a damaged journal puts a part back each time.
    before = _hash_of(path)
    time.sleep(_PAUSE_SECONDS)
    is_steady = _hash_of(path) == before
    try:
        return _opened(path, key, check=check)
    except DAMAGE:
        if not is_steady:
            raise StoreError(_UNSTEADY.format(folder)) from None
    with told(folder):
        if claims_of(folder).any_taken():
            # Not under a window that is at work: what is whole in it can still be read and saved.
            raise apsw.CorruptError("while a case is open")
        aside = move_aside(path, "damaged")
        (folder / DOUBT).unlink(missing_ok=True)
    raise DamagedError(_MOVED.format(path, aside.name), aside)


def reopen_database(folder: Path, key: bytes) -> apsw.Connection:
    """Open the database anew while the program runs; whatever its state, nothing is moved or made."""
    with told(folder):
        return _opened(folder / NAME, key, check=False)


def _opened(path: Path, key: bytes, *, check: bool) -> apsw.Connection:
    """Open the database once, and read what is to be read of it.

    Raises
    ------
    apsw.NotADBError, apsw.CorruptError
        If it is damaged, or encrypted by another key.
    StoreError
        If it cannot be used for another reason.
    """
    connection: apsw.Connection | None = None
    try:
        with told(path.parent, DAMAGE):
            if _read_start(path) == _PLAIN:
                raise KeyRefusedError(_CLEAR.format(path))
            if path.stat().st_size < _SMALLEST:
                raise apsw.NotADBError("cut off")
            # The journal is gone with the first opening; the note stays until all was read.
            unsure = path.parent / DOUBT
            if _was_cut_short(path):
                write_durably(unsure, b"")
            connection = connect(path, key)
            schema.version_of(connection)
            schema.refuse_newer(connection, str(path.parent))
            if check and path.stat().st_size <= AT_ONCE:
                check_pages(connection)
            settle(connection)
            if unsure.exists():
                # A journal that was itself cut off puts back only a part of what it should.
                if problems(connection):
                    raise apsw.CorruptError("journal")
                with suppress(OSError):
                    unsure.unlink(missing_ok=True)
            # Where nothing can be written the drafts can be read all the same.
            with suppress(OSError):
                _note_key(path, key)
            return connection
    except BaseException:
        _close(connection)
        raise


def _has_journal(path: Path) -> bool:
    journal = path.with_name(path.name + JOURNAL)
    return journal.exists() and journal.stat().st_size > 0


def _was_cut_short(path: Path) -> bool:
    """Whether a save was interrupted: its journal stays, while that of another window goes within milliseconds."""
    for _ in range(_LOOKS):
        if not _has_journal(path):
            return False
        time.sleep(_PAUSE_SECONDS / _LOOKS)
    return True


def _hash_of(path: Path) -> str:
    """Return the hash of what plain reading gives; a disk that cannot be read is told as such."""
    with told(path.parent), path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _make(path: Path, key: bytes, *, begin: bool) -> None:
    """Make the database that is not there, or finish the making of one; inside `locked`."""
    if path.exists():
        return
    fresh = unnamed(path)
    if not begin and fresh.exists() and _is_whole(fresh, key):
        # The program was stopped between its keys and its name.
        name_database(fresh, path, key)
    elif begin:
        with made_database(path, key):
            pass
    else:
        raise MissingDraftsError(_MISSING.format(path.parent))


def _is_whole(path: Path, key: bytes) -> bool:
    connection = connect(path, key, write=False)
    try:
        return schema.version_of(connection) > 0
    except DAMAGE:
        return False
    finally:
        connection.close()


def _read_start(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(len(_PLAIN))


def _refuse_unfinished(path: Path) -> None:
    """Refuse an interrupted save under a key that was not checked.

    SQLite would roll it back before it reads anything, and with a wrong key ruin the file (tried).
    """
    with told(path.parent):
        waiting = _has_journal(path)
    if waiting:
        raise KeyRefusedError(_UNFINISHED.format(path.parent))


def open_readonly(path: Path, key: bytes) -> apsw.Connection:
    """Open one database file to read it, and leave it as it is whatever its state."""
    with told(path.parent):
        connection = connect(path, key, write=False)
        try:
            schema.version_of(connection)
            schema.refuse_newer(connection, str(path))
            schema.make_readable(connection)
            connection.execute("PRAGMA query_only = ON")
        except DAMAGE:
            connection.close()
            raise StoreError(_UNREADABLE.format(path)) from None
        except BaseException:
            connection.close()
            raise
    return connection


def new_file(path: Path) -> None:
    """Make an empty file that only its owner can read; SQLite gives its journal the same rights."""
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))


@contextmanager
def made_database(path: Path, key: bytes) -> Iterator[None]:
    """Make an empty database that gets its name at the end: a short ``drafts.db`` is never a new one."""
    fresh = unnamed(path)
    with told(path.parent):
        fresh.unlink(missing_ok=True)
        new_file(fresh)
        connection = connect(fresh, key)
        try:
            settle(connection)
        finally:
            connection.close()
        fresh.with_name(fresh.name + JOURNAL).unlink(missing_ok=True)
        sync_file(fresh)
    yield
    name_database(fresh, path, key)


def unnamed(path: Path) -> Path:
    """Return where a database is made that will be `path`."""
    return path.with_name(path.name + _NEW)


def fresh_copy(source: Path, path: Path) -> Path:
    """Copy a database file to where `path` will be, under another name, and read it back."""
    fresh = unnamed(path)
    with told(path.parent):
        fresh.unlink(missing_ok=True)
        new_file(fresh)
        with source.open("rb") as old, fresh.open("wb") as new:
            shutil.copyfileobj(old, new, 1 << 20)
        sync_file(fresh)
    if _hash_of(fresh) != _hash_of(source):
        raise StoreError(f"The copy in {path.parent} does not read back. Nothing was changed.")
    return fresh


def name_database(fresh: Path, path: Path, key: bytes) -> None:
    """Give a new database its name: whatever has that name goes, and no journal of another file stays beside it."""
    with told(path.parent):
        stray = path.with_name(path.name + JOURNAL)
        if _has_journal(path):
            # Of a file that is gone: rolled back into this one it would ruin it.
            move_aside(stray, "stray")
        _note_key(path, key)
        fresh.replace(path)
        sync_folder(path.parent)


def _note_key(path: Path, key: bytes) -> None:
    """Note beside the database by which key it is encrypted: what cannot be read is then known to be damaged."""
    note, text = path.with_name(path.name + _KEY_NOTE), check_of(key).encode() + b"\n"
    if _read(note) != text:
        write_durably(note, text)


def _is_of_key(path: Path, key: bytes) -> bool:
    """Whether the database is known to be encrypted by `key`."""
    with told(path.parent):
        return _read(path.with_name(path.name + _KEY_NOTE)) == check_of(key).encode() + b"\n"


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""


def _close(connection: apsw.Connection | None) -> None:
    if connection is not None:
        connection.close()


_MISSING = (
    "The keys of the drafts are in {}, but the drafts are not: drafts.db was moved, removed or is not here"
    " yet. Bring it back, or put a backup in its place. Nothing was changed."
)
_CLEAR = "{} is not encrypted: this program did not make it. It was left as it is; move it away to go on."
_UNSTEADY = (
    "The disk or network share with {} gives other bytes at each reading. Nothing was changed: check the"
    " connection, and try again."
)
_UNREADABLE = (
    "{} cannot be read with this key: it belongs to other keys, or it is damaged."
    " It was left as it is."
)
_UNFINISHED = (
    "The last save in {} was interrupted, and without keys.json it cannot be finished safely."
    " Put keys.json back from a backup. Nothing was changed."
)
_MOVED = (
    "{} is damaged and was set aside as {}; nothing was overwritten. Put a backup in its place, or"
    " start the program again: it asks whether to begin with an empty list."
)
