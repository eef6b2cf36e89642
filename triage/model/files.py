"""A file written whole: whatever happens, either the old one or the new one is there."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from triage.errors import TriageError


def write_whole(path: Path, data: bytes, *, parents: bool = False) -> None:
    """Write `data` to `path`; an older file of that name stays until the new one is on the disk.

    Parameters
    ----------
    path, data
        Where, and what.
    parents
        Make the folder first, if it is missing.

    Raises
    ------
    TriageError
        If it cannot be written.
    """
    try:
        if parents:
            path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".triage-", dir=path.parent)
        fresh = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(path)
        except BaseException:
            fresh.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise TriageError(
            f"{path.name} could not be written ({error.strerror}): choose another folder."
        ) from None
