"""Puts other drafts in the place of those of a folder, so that a stop at any moment leaves one of the two whole."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from triage.files import JOURNAL, sync_file, sync_folder, write_durably
from triage.store.connection import NAME as DRAFTS
from triage.store.connection import fresh_copy, name_database, unnamed
from triage.store.keyfile import NAME as KEYS
from triage.store.keyfile import SECOND, KeyFile, dump_keys

# Stands from the first change to the last; what stood here before is in `_ASIDE` meanwhile.
_UNFINISHED = "replacing.unfinished"
_ASIDE = ".replaced"
_ALL = (DRAFTS, f"{DRAFTS}{JOURNAL}", f"{DRAFTS}.keyid", KEYS, SECOND)


def replace_drafts(folder: Path, source: Path, key: bytes, keys: KeyFile) -> Path:
    """Put the database `source` and its keys in the place of the drafts; inside `locked`.

    Returns
    -------
    Path
        The folder beside them in which the old drafts are, whole and with their keys.

    Raises
    ------
    OSError, StoreError
        If it cannot be done; then everything is as it was.
    """
    if is_unfinished(folder):
        # Its note would be taken for ours, and what we have not yet put aside for gone.
        undo_replacing(folder)
    # It gets the name that people see once it is whole, and not before all else is done.
    aside = folder / _ASIDE
    if aside.exists():
        shutil.rmtree(aside)
    aside.mkdir(mode=0o700)
    try:
        fresh = fresh_copy(source, folder / DRAFTS)
        for name in _ALL:
            if (folder / name).exists():
                doubled(folder / name, aside / name)
        sync_folder(aside)
        write_durably(folder / _UNFINISHED, b"")
        # From here on a stop is undone at the next opening.
        (folder / f"{DRAFTS}{JOURNAL}").unlink(missing_ok=True)
        for name in (SECOND, KEYS):
            write_durably(folder / name, dump_keys(keys))
        name_database(fresh, folder / DRAFTS, key)
    except BaseException:
        if (folder / _UNFINISHED).exists():
            undo_replacing(folder)
        else:
            shutil.rmtree(aside)
        unnamed(folder / DRAFTS).unlink(missing_ok=True)
        raise
    done = _free_name(folder)
    aside.rename(done)
    sync_folder(folder)
    (folder / _UNFINISHED).unlink()
    sync_folder(folder)
    return done


def undo_replacing(folder: Path) -> None:
    """Put the old drafts back if a replacing was stopped half way; inside `locked`."""
    note, aside = folder / _UNFINISHED, folder / _ASIDE
    if not aside.exists():
        # Stopped at the very end: all is done but for the note.
        note.unlink(missing_ok=True)
        return
    for name in _ALL:
        if (aside / name).exists():
            # They stay there as well until all are back: this too can be stopped.
            double = folder / f".{name}.back"
            double.unlink(missing_ok=True)
            doubled(aside / name, double)
            double.replace(folder / name)
            # Two names of one file: then nothing was replaced, and the name is left over.
            double.unlink(missing_ok=True)
        else:
            (folder / name).unlink(missing_ok=True)
    sync_folder(folder)
    note.unlink()
    sync_folder(folder)
    shutil.rmtree(aside)


def is_unfinished(folder: Path) -> bool:
    """Whether a replacing was stopped half way."""
    return (folder / _UNFINISHED).exists()


def doubled(path: Path, double: Path) -> None:
    """Give a file, which is only ever replaced and never written into here, a second name."""
    try:
        os.link(path, double)
    except OSError:
        shutil.copyfile(path, double)
        double.chmod(0o600)
        sync_file(double)


def _free_name(folder: Path) -> Path:
    counter = 1
    while (aside := folder / f"replaced-{counter}").exists():
        counter += 1
    return aside
