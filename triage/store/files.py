"""Files on disk: written whole or not at all, private to the user, moved aside and never overwritten."""

from __future__ import annotations

import os
from pathlib import Path

JOURNAL = "-journal"


def private_folder(folder: Path) -> None:
    """Make `folder` for its owner only.

    One that exists keeps its rights: it may be a USB stick or a share that others use. What the
    store writes into it is encrypted, and closed to others file by file.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def write_atomically(path: Path, data: bytes) -> None:
    """Write `data` to `path` so that after a power cut either the old or the new content is there."""
    fresh = path.with_name(path.name + ".new")
    fresh.unlink(missing_ok=True)
    handle = os.open(
        fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600
    )
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    sync_folder(path.parent)


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
