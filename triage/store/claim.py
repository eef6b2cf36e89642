"""One draft, one window: a claim is a lock that the operating system drops when the process dies."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from types import TracebackType

if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(handle: int) -> None:
        # flock and not lockf: it also holds between two windows of one process.
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


class Claim:
    """The right to write one draft, held until `release` or the end of the process.

    Parameters
    ----------
    handle
        The open and locked file; made by `claim`.
    """

    def __init__(self, handle: int) -> None:
        self._handle: int | None = handle

    @property
    def held(self) -> bool:
        """Whether the claim still stands."""
        return self._handle is not None

    def release(self) -> None:
        """Give the draft back; may be called twice."""
        handle, self._handle = self._handle, None
        if handle is not None:
            os.close(handle)

    def __enter__(self) -> Claim:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()


def claim(path: Path) -> Claim | None:
    """Lock the file `path`, made if need be, or return None if somebody else has it.

    The file stays behind on purpose: removing it would let two processes lock two files of one name.
    """
    path.parent.mkdir(mode=0o700, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _lock(handle)
    except OSError:
        os.close(handle)
        return None
    return Claim(handle)
