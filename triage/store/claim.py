"""One draft, one window: a claim is a lock on one byte, which the operating system drops when the process dies."""

from __future__ import annotations

import errno
import os
import struct
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

NAME = "claims.lock"

if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int, byte: int) -> None:
        os.lseek(handle, byte, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)

    def _unlock(handle: int, byte: int) -> None:
        os.lseek(handle, byte, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)
else:
    import fcntl

    def _lock(handle: int, byte: int) -> None:
        fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, byte)

    def _unlock(handle: int, byte: int) -> None:
        fcntl.lockf(handle, fcntl.LOCK_UN, 1, byte)


if sys.platform == "linux":
    # struct flock: type, whence, start, length (0: to the end), process.
    _FLOCK = "hhqqi"

    def _is_locked(handle: int, byte: int, length: int) -> bool:
        """Ask without taking: who only looks must not make another window read-only."""
        asked = struct.pack(_FLOCK, fcntl.F_WRLCK, os.SEEK_SET, byte, length, 0)
        told = struct.unpack(_FLOCK, fcntl.fcntl(handle, fcntl.F_GETLK, asked))
        return bool(told[0] != fcntl.F_UNLCK)
else:

    def _is_locked(handle: int, byte: int, length: int) -> bool:
        """Take and give back, where the system cannot be asked; a range is asked byte by byte, to a limit."""
        for each in range(byte, byte + (length or _MOST)):
            try:
                _lock(handle, each)
            except OSError:
                return True
            _unlock(handle, each)
        return False


_MOST = 10_000
# Where the file says since when each draft is claimed: past every byte that can be locked, for what is locked
# cannot be read on Windows. Whole seconds since 1970: whatever stands there is a time.
_SINCE, _TIME = 1 << 20, struct.Struct("<I")
# Or Windows takes a byte that is 10 for the end of a line.
_FLAGS = os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0)


class Claim:
    """The right to write one draft, held until `release` or the end of the process.

    Parameters
    ----------
    claims, seq
        Whose claim it is, and the number of the draft; made by `Claims.take`.
    """

    def __init__(self, claims: Claims, seq: int) -> None:
        self._claims: Claims | None = claims
        self._seq = seq

    @property
    def held(self) -> bool:
        """Whether the claim still stands."""
        return self._claims is not None

    def release(self) -> None:
        """Give the draft back; may be called twice."""
        claims, self._claims = self._claims, None
        if claims is not None:
            claims.give_back(self._seq)

    def __enter__(self) -> Claim:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()


class Claims:
    """The claims of one folder: one file that stays open, a byte of it for each draft.

    There is one for each folder in a process, made by `claims_of`: the system drops every lock of a process on a
    file as soon as it closes any handle of it, and knows nothing of two windows of one process.

    Parameters
    ----------
    path
        The file, made if need be.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._mine: set[int] = set()
        self._guard = threading.Lock()
        self._handle: int | None = None

    @contextmanager
    def _file(self) -> Iterator[int | None]:
        """Give the handle of the file that has the name now; it stays open while anything is claimed.

        None where nothing can be written: nobody claims anything there.
        """
        with self._guard:
            try:
                yield self._current()
            finally:
                if not self._mine and self._handle is not None:
                    os.close(self._handle)
                    self._handle = None

    def _current(self) -> int | None:
        old = self._handle
        # The file may have been removed with its folder, and made anew by another window.
        if old is None or not _has_name(old, self._path):
            try:
                self._path.parent.mkdir(mode=0o700, exist_ok=True)
                self._handle = os.open(self._path, _FLAGS, 0o600)
            except OSError as error:
                if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
                    return old
                raise
            for seq in self._mine:
                _lock(self._handle, seq)
            if old is not None:
                os.close(old)
        return self._handle

    def take(self, seq: int) -> Claim | None:
        """Take the right to write draft `seq`, or return None if another window has it or nothing can be written."""
        with self._file() as handle:
            if seq in self._mine or handle is None:
                return None
            try:
                _lock(handle, seq)
            except OSError as error:
                if error.errno in (errno.EACCES, errno.EAGAIN, errno.EDEADLK):
                    return None
                raise
            self._mine.add(seq)
            # Told to who can only read it; a full disk must not keep anyone from writing.
            with suppress(OSError):
                os.lseek(handle, _SINCE + seq * _TIME.size, os.SEEK_SET)
                os.write(handle, _TIME.pack(int(time.time())))
            return Claim(self, seq)

    def give_back(self, seq: int) -> None:
        """Let go of draft `seq`."""
        with self._guard:
            self._mine.discard(seq)
            if self._handle is not None:
                _unlock(self._handle, seq)
                if not self._mine:
                    os.close(self._handle)
                    self._handle = None

    def is_taken(self, seq: int) -> bool:
        """Whether any window has draft `seq`."""
        with self._file() as handle:
            return seq in self._mine or (handle is not None and _is_locked(handle, seq, 1))

    def since(self, seq: int) -> datetime | None:
        """Since when draft `seq` is claimed by the one who claimed it last; None if that is not known."""
        with self._file() as handle:
            if handle is None:
                return None
            os.lseek(handle, _SINCE + seq * _TIME.size, os.SEEK_SET)
            read = os.read(handle, _TIME.size)
        at = _TIME.unpack(read)[0] if len(read) == _TIME.size else 0
        return datetime.fromtimestamp(at, UTC) if at else None

    def any_taken(self) -> bool:
        """Whether any window has any draft."""
        with self._file() as handle:
            return bool(self._mine) or (handle is not None and _is_locked(handle, 1, 0))


def _has_name(handle: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False


_FOLDERS: dict[Path, Claims] = {}
_MAKING = threading.Lock()
if hasattr(os, "register_at_fork"):
    # A child holds none of the locks of its parent.
    os.register_at_fork(after_in_child=_FOLDERS.clear)


def claims_of(folder: Path) -> Claims:
    """Return the claims of the drafts in `folder`, the same for the whole process."""
    path = folder.resolve() / "locks" / NAME
    with _MAKING:
        if path not in _FOLDERS:
            _FOLDERS[path] = Claims(path)
        return _FOLDERS[path]
