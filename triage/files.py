"""Files on disk: read to a limit, written whole or not at all, moved aside and never overwritten."""

from __future__ import annotations

import codecs
import os
import re
import secrets
import stat
import time
from contextlib import suppress
from pathlib import Path
from typing import IO

from triage.errors import TriageError

JOURNAL = "-journal"
# Opening a pipe or a terminal must not wait for whoever is at its other end.
_AT_ONCE = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
# What a file is called until it is whole, and how old one has to be to be nobody's work any more.
_PART, _PARTS = ".triage-", re.compile(r"\.triage-[0-9a-f]{16}")
_OLD_SECONDS = 3600


# -- reading --------------------------------------------------------------------------------------


def read_text(path: Path, largest: int) -> str:
    """Return the text of a file that came from outside, line ends as LF.

    Parameters
    ----------
    path
        A regular file: a folder, pipe or device is refused before anything is read from it.
    largest
        How many bytes it may have; no more than one byte beyond is ever read.

    Raises
    ------
    TriageError
        If it cannot be read; the sentence does not name the file.
    """
    return text_of(read_bytes(path, largest), largest)


def read_bytes(path: Path, largest: int) -> bytes:
    """Return what a file holds that came from outside, as `read_text` reads it.

    Raises
    ------
    TriageError
        If it cannot be read, or is larger than `largest`; the sentence does not name the file.
    """
    try:
        handle = os.open(path, os.O_RDONLY | _AT_ONCE)
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            os.close(handle)
            raise TriageError("this is no ordinary file: choose the file itself")
        with os.fdopen(handle, "rb") as file:
            data = file.read(largest + 1)
    except OSError as error:
        raise TriageError(f"the file cannot be read ({error.strerror}): check the path") from None
    return at_most(data, largest)


def at_most(data: bytes, largest: int) -> bytes:
    """Return `data`.

    Raises
    ------
    TriageError
        If it is longer than `largest`.
    """
    if len(data) > largest:
        raise TriageError(f"the file is far too large: at most {largest // 1_000_000} MB are read")
    return data


def text_of(data: bytes, largest: int) -> str:
    """Return `data` as text, line ends as LF.

    Raises
    ------
    TriageError
        If it is longer than `largest`, or not UTF-8.
    """
    at_most(data, largest)
    try:
        # Some editors put a mark in front by which they know it as UTF-8.
        return data.decode("utf-8").removeprefix("\ufeff").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise TriageError(f"byte {error.start} is not UTF-8: save the file as UTF-8") from None


def any_text_of(data: bytes) -> str:
    """Return what a file of plain text says that any program wrote: UTF-8, UTF-16, else as Windows writes it."""
    coding = "utf-16" if data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else "utf-8-sig"
    try:
        return data.decode(coding)
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


# -- writing --------------------------------------------------------------------------------------


def write_durably(path: Path, data: bytes) -> None:
    """Write `data` to `path` so that after a power cut either the old or the new content is there.

    The file is closed to everybody but its owner.

    Raises
    ------
    OSError
        If it cannot be written; the old content stays.
    """
    fresh = _written(path.parent, data)
    try:
        fresh.replace(path)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def _written(folder: Path, data: bytes) -> Path:
    """Write a new file of `folder` to the disk and return its name.

    Where the system can, it gets the name once it is whole: what is stopped meanwhile leaves nothing in the clear.
    """
    _sweep(folder)
    fresh = folder / f"{_PART}{secrets.token_hex(8)}"
    without_name = getattr(os, "O_TMPFILE", 0)
    if without_name:
        with suppress(OSError):
            handle = os.open(folder, without_name | os.O_WRONLY, 0o600)
            with os.fdopen(handle, "wb") as file:
                _fill(file, data)
                # Only with a descriptor does Python follow the link, to the file that has no name.
                os.link(f"/proc/self/fd/{file.fileno()}", fresh, src_dir_fd=file.fileno())
            return fresh
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    try:
        with os.fdopen(os.open(fresh, flags, 0o600), "wb") as file:
            _fill(file, data)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise
    return fresh


def _sweep(folder: Path) -> None:
    """Remove what a program that was killed has left in `folder`; it may hold a letter in the clear."""
    before = time.time() - _OLD_SECONDS
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if _PARTS.fullmatch(entry.name):
                # Another program may sweep as well, or it belongs to another user.
                with suppress(OSError):
                    told = entry.stat(follow_symlinks=False)
                    if stat.S_ISREG(told.st_mode) and told.st_mtime < before:
                        Path(entry.path).unlink()


def _fill(file: IO[bytes], data: bytes) -> None:
    file.write(data)
    file.flush()
    os.fsync(file.fileno())


def write_whole(path: Path, data: bytes, *, parents: bool = False) -> None:
    """Write `data` where a person chose to have it, as `write_durably` does.

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
        write_durably(path, data)
    except OSError as error:
        raise TriageError(
            f"{path.name} could not be written ({error.strerror}): choose another folder."
        ) from None


def private_folder(folder: Path) -> None:
    """Make `folder` for its owner only.

    One that exists keeps its rights: it may be a USB stick or a share that others use. What the
    store writes into it is encrypted, and closed to others file by file.
    """
    fresh = [each for each in (folder, *folder.parents) if not each.exists()]
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for each in fresh:
        # Else a power cut takes the folder with all that was safely written into it.
        sync_folder(each.parent)


def move_aside(path: Path, word: str) -> Path:
    """Rename `path` to the first free ``<name>.<word>-<counter>`` and return where it went.

    A rollback journal goes with its database, under the name that SQLite expects, because the two
    are only whole together.
    """
    counter = 1
    while (aside := path.with_name(f"{path.name}.{word}-{counter}")).exists():
        counter += 1
    path.rename(aside)
    journal = path.with_name(path.name + JOURNAL)
    if journal.exists():
        journal.rename(aside.with_name(aside.name + JOURNAL))
    sync_folder(path.parent)
    return aside


def sync_file(path: Path) -> None:
    """Make the content of `path` survive a power cut."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Make a rename inside `folder` survive a power cut; Windows has no such call and needs none."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
