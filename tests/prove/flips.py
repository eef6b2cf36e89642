"""Bits flipped, files cut off, sectors blanked in each file of a store: told or harmless, and nothing overwritten."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import NamedTuple
from unittest.mock import patch

from tests.conftest import the_settings
from tests.prove.nursery import MEMORY, ROOT
from tests.prove.visit import edits, letter
from tests.store.conftest import PASSPHRASE
from tests.store.helpers import AT, CHEAP
from triage.errors import SettingsError, StoreError
from triage.model.history import Edit
from triage.settings import Settings, save_settings
from triage.settings.file import FILE, settings_or_none
from triage.store import DamagedError, Drafts, Issue, create_keys, open_keys
from triage.store.backups import backups, make_backup, restore
from triage.store.keyfile import VERSION as NEWEST

FULL = 10_000
# One damaged database in so many is replaced by the backup, to show that every case comes back.
_RESTORED = 50
_SECTOR, _PAGE = 512, 4096
Content = dict[str, tuple[tuple[Edit, ...], tuple[Issue, ...]]]


class Store(NamedTuple):
    """A store that is whole, what it holds, and what its backup holds."""

    folder: Path
    key: bytes
    holds: Content
    backed_up: Content
    kept: tempfile.TemporaryDirectory[str]


def flips(seed: int) -> None:
    """One damage to one file."""
    rng = random.Random(seed)
    name, look = _TARGETS[seed % len(_TARGETS)]
    store = _hot() if name.endswith("-journal") else _calm()
    with tempfile.TemporaryDirectory(prefix="triage-flips-", dir=MEMORY) as home:
        folder = Path(home) / "store"
        shutil.copytree(store.folder, folder)
        path = folder / name
        damaged = _damaged(path.read_bytes(), rng)
        path.write_bytes(damaged)
        before = _files(folder)
        # No disk comes to itself here within the moment that is waited for it.
        with patch("triage.store.connection._PAUSE_SECONDS", 0.0):
            look(store, folder, path, seed)
        # Whatever became of it, what was not damaged is as it was, and what was is somewhere.
        after = _files(folder)
        for other in before.keys() - {name, *_MENDED}:
            assert after.get(other) == before[other], f"{other} is another"


def _damaged(data: bytes, rng: random.Random) -> bytes:
    spoiled = bytearray(data)
    at = rng.randrange(len(data))
    match rng.randrange(10):
        case 0 | 1 | 2:
            del spoiled[at:]
        case 3:
            begin = at // _SECTOR * _SECTOR
            end = min(begin + rng.choice([_SECTOR, _PAGE]), len(data))
            spoiled[begin:end] = bytes(end - begin)
        case 4:
            spoiled += rng.randbytes(rng.choice([1, _SECTOR, _PAGE]))
        case _:
            for _ in range(rng.choice([1, 1, 1, 3])):
                spoiled[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    return bytes(spoiled)


def _files(folder: Path) -> dict[str, bytes]:
    found = (path for path in folder.rglob("*") if path.is_file() and path.parent.name != "locks")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


# -- what is whole --------------------------------------------------------------------------------


@cache
def _calm() -> Store:
    """Make a store with cases, letters, settings and a backup of most of them."""
    kept = tempfile.TemporaryDirectory(prefix="triage-flips-", dir=MEMORY)
    folder = Path(kept.name) / "store"
    key = create_keys(folder, PASSPHRASE, cost=CHEAP)
    save_settings(folder, the_settings())
    with Drafts.open(folder, key) as drafts:
        for _ in range(4):
            _fill(drafts)
        backed_up = _content(drafts)
        make_backup(drafts, folder / "backups", AT)
        for _ in range(2):
            _fill(drafts)
        holds = _content(drafts)
    return Store(folder, key, holds, backed_up, kept)


@cache
def _hot() -> Store:
    """Make the same, stopped in the middle of a large save, half of which is in the file."""
    calm = _calm()
    kept = tempfile.TemporaryDirectory(prefix="triage-flips-", dir=MEMORY)
    folder = Path(kept.name) / "store"
    shutil.copytree(calm.folder, folder)
    words = [sys.executable, "-m", "tests.store.child", "die_half_written", str(folder)]
    done = subprocess.run([*words, next(iter(calm.holds))], cwd=ROOT, check=False)
    assert done.returncode == 7
    assert (folder / "drafts.db-journal").stat().st_size > _PAGE
    return calm._replace(folder=folder, kept=kept)


def _fill(drafts: Drafts) -> None:
    draft = drafts.create("f", "c", AT, edits()[:20])
    drafts.issue(draft, letter(draft, 1, 20))
    drafts.append(draft, edits()[20:])


def _content(drafts: Drafts) -> Content:
    ids = [info.id for info in drafts.list()]
    return {id_: (drafts.history(id_).edits, tuple(drafts.issues(id_))) for id_ in ids}


# -- what becomes of it ---------------------------------------------------------------------------


def _database(store: Store, folder: Path, path: Path, seed: int) -> None:
    """Open damaged drafts: they are set aside as they are, or read as they were."""
    damaged = (folder / "drafts.db").read_bytes()
    hot = path.name != "drafts.db"
    try:
        with Drafts.open(folder, store.key) as drafts:
            assert _content(drafts) == store.holds, "other content without a word"
            assert drafts.verify() == []
        return
    except DamagedError as error:
        # What a journal puts back changes the file; else not a bit of it changes.
        assert hot or error.aside.read_bytes() == damaged
        assert not (folder / "drafts.db").exists()
    if seed // len(_TARGETS) % _RESTORED == 0:
        aside = {one.name: one.read_bytes() for one in folder.glob("*.damaged-*")}
        restore(folder, backups(folder / "backups")[0].path, store.key)
        _as(store.backed_up, store, folder)
        assert aside == {name: (folder / name).read_bytes() for name in aside}


def _as(wanted: Content, store: Store, folder: Path) -> None:
    with Drafts.open(folder, open_keys(folder, PASSPHRASE)) as drafts:
        assert _content(drafts) == wanted
        assert drafts.verify() == []


def _keys(store: Store, folder: Path, path: Path, _: int) -> None:
    """Open with one copy of the keys damaged: the other stands in, and both are whole afterwards."""
    damaged = path.read_bytes()
    try:
        _as(store.holds, store, folder)
    except StoreError as error:
        assert "newer version" in str(error)
        assert path.read_bytes() == damaged
        return
    first, second = (folder / name for name in ("keys.json", "keys.json.bak"))
    if first.read_bytes() != second.read_bytes():
        # A flipped bit can make a copy look like that of a newer program, which is left alone.
        assert path.read_bytes() == damaged
        assert json.loads(damaged)["triage_keys"] > NEWEST
    aside = folder / "keys.json.damaged-1"
    if aside.exists():
        assert aside.read_bytes() == damaged


def _settings(store: Store, folder: Path, path: Path, _: int) -> None:
    """Read damaged settings: set aside, refused in sentences, or read as the text now says, which is told."""
    damaged = path.read_bytes()
    try:
        settings, says = settings_or_none(folder)
    except SettingsError as error:
        assert error.problems
        assert path.read_bytes() == damaged
    else:
        aside = folder / f"{FILE}.damaged-1"
        if aside.exists():
            assert says
            assert settings == Settings()
            assert aside.read_bytes() == damaged
        else:
            assert says or settings == the_settings()
            assert path.read_bytes() == damaged
    _as(store.holds, store, folder)


def _backup(store: Store, folder: Path, path: Path, _: int) -> None:
    """Restore a damaged backup: refused with nothing changed, or every case as it was backed up."""
    damaged, before = path.read_bytes(), _files(folder)
    (found,) = (folder / "backups").glob("*.db")
    try:
        restore(folder, found, store.key)
    except StoreError:
        assert _files(folder) == before
        _as(store.holds, store, folder)
    else:
        _as(store.backed_up, store, folder)
    assert path.read_bytes() == damaged


_COPY = f"backups/drafts-{AT:%Y%m%d-%H%M%S}.db"
_Look = Callable[[Store, Path, Path, int], None]
_TARGETS: tuple[tuple[str, _Look], ...] = (
    *(("drafts.db", _database),) * 4,
    *(("drafts.db-journal", _database),) * 2,
    ("keys.json", _keys),
    ("keys.json.bak", _keys),
    (FILE, _settings),
    (_COPY, _backup),
    (f"{_COPY}.keys.json", _backup),
)
# These are put right, moved aside or replaced by a restore; what becomes of them is looked at one by one.
_MENDED = ("drafts.db", "drafts.db-journal", "drafts.db.keyid", "keys.json", "keys.json.bak")
