"""Turns what SQLite and the operating system complain of into one sentence for the person."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import apsw

from triage.errors import StoreError

# Stands beside the drafts while something speaks against them.
DOUBT = "drafts.db.unsure"
DAMAGE = (apsw.NotADBError, apsw.CorruptError)

_SAYS: tuple[tuple[type[apsw.Error], str], ...] = (
    (
        apsw.ConnectionClosedError,
        "The drafts in {} are closed: unlock them; if they are unlocked, bring their file back, or save elsewhere.",
    ),
    (apsw.FullError, "The disk is full, so nothing can be saved in {}. Free some space."),
    (
        apsw.ReadOnlyError,
        "The folder {} cannot be written: it is read-only, or the drafts in it were moved or removed."
        " Make it writable or bring it back, or save elsewhere.",
    ),
    (
        apsw.BusyError,
        "Another window or program is using the drafts in {}. Wait a moment and try again.",
    ),
    (
        apsw.CantOpenError,
        "The drafts in {} cannot be opened: the folder is missing, or not allowed to this user."
        " Bring it back, or save elsewhere.",
    ),
    (
        apsw.IOError,
        "The disk or network share with {} does not answer as it should."
        " Check the connection and the free space, or save elsewhere.",
    ),
)
_DAMAGED = (
    "The drafts in {} are damaged, or their disk gives other bytes than were written. Close all windows of the program"
    " and open it again: everything is then read twice, and what is damaged is set aside."
)
_OTHER = (
    "The drafts in {} do not answer as this program expects ({}). Nothing was changed: start the program again, and"
    " report it if it happens again."
)


def doubt(folder: Path) -> None:
    """Note that damage was met in the drafts of `folder`: the next opening reads everything first."""
    if (folder / "drafts.db").exists():
        with suppress(OSError):
            (folder / DOUBT).touch(mode=0o600)


def sentence(error: apsw.Error | OSError, where: Path) -> str:
    """Return what happened and what to do; the text of `error` itself is not repeated."""
    if isinstance(error, OSError):
        return f"The folder {where} cannot be used ({error.strerror or type(error).__name__})."
    if isinstance(error, DAMAGE):
        return _DAMAGED.format(where)
    for kind, says in _SAYS:
        if isinstance(error, kind):
            return says.format(where)
    return _OTHER.format(where, type(error).__name__)


@contextmanager
def told(where: Path, but: tuple[type[Exception], ...] = ()) -> Iterator[None]:
    """Raise what goes wrong inside as a `StoreError` with one sentence, `but` some of it as it is."""
    try:
        yield
    except but:
        raise
    except (apsw.Error, OSError) as error:
        if isinstance(error, DAMAGE):
            doubt(where)
        # Not chained: apsw leaves the values of a failed statement in the frames of its traceback.
        raise StoreError(sentence(error, where)) from None
