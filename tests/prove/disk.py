"""A disk of which the power is cut: what may be left of the changes that a child made, as the shim wrote them down.

What was synced is certain. A change after that may be lost, torn into sectors, or overtake another one. Names of a
folder that was not synced may be lost too, the last ones first.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

_SECTOR = 512
_DATA = ("lost", "kept", "some", "torn", "reordered")
_NAMES = ("lost", "kept", "some")


class Record(NamedTuple):
    """One line of the log; `what` is the letter by which ``shim.c`` calls it."""

    what: str
    inode: int
    offset: int
    data: bytes
    path: str
    other: str


def read_log(data: bytes) -> list[Record]:
    """Return what the shim wrote down."""
    found, at = [], 0
    while at < len(data):
        end = data.index(b"\n", at)
        what, inode, offset, size, path, other = data[at:end].decode().split("\t")
        at = end + 1 + int(size)
        found.append(Record(what, int(inode), int(offset), data[end + 1 : at], path, other))
    return found


class _Write(NamedTuple):
    offset: int
    data: bytes


class _Cut(NamedTuple):
    size: int


@dataclass(eq=False)
class _File:
    changes: list[_Write | _Cut] = field(default_factory=list)
    certain: int = 0


@dataclass(eq=False)
class _Folder:
    # A name, and what it stands for from now on; of a rename both names at once.
    changes: list[dict[str, _File | _Folder | None]] = field(default_factory=list)
    certain: int = 0

    def entries(self, count: int | None = None) -> dict[str, _File | _Folder]:
        found: dict[str, _File | _Folder | None] = {}
        for change in self.changes[:count]:
            found |= change
        return {name: entry for name, entry in found.items() if entry is not None}


class Disk:
    """The changes below one folder up to the cut.

    Parameters
    ----------
    folder
        The folder below which they were made.
    records
        The changes, in order.
    """

    def __init__(self, folder: str, records: Sequence[Record]) -> None:
        self._start = folder
        self._root = _Folder()
        self._inodes: dict[int, _File | _Folder] = {}
        for record in records:
            self._take(record)

    def _take(self, record: Record) -> None:
        match record.what:
            case "A":
                return
            case "M" if record.path == self._start:
                self._inodes[record.inode] = self._root
            case "C" | "T" | "M":
                made = _Folder() if record.what == "M" else _File()
                self._inodes[record.inode] = made
                if record.what != "T":
                    self._name(record.path, made)
            case "W" | "X":
                file = self._inodes[record.inode]
                assert isinstance(file, _File)
                is_write = record.what == "W"
                file.changes.append(
                    _Write(record.offset, record.data) if is_write else _Cut(record.offset)
                )
            case "S":
                entry = self._inodes[record.inode]
                entry.certain = len(entry.changes)
            case "L":
                self._name(record.path, self._inodes[record.inode])
            case "U":
                self._name(record.path, None)
            case "R":
                self._rename(record)
            case _:
                raise AssertionError(record.what)

    def _name(self, path: str, entry: _File | _Folder | None) -> None:
        folder, name = self._place(path)
        folder.changes.append({name: entry})

    def _rename(self, record: Record) -> None:
        (folder, name), (other, fresh) = self._place(record.path), self._place(record.other)
        # Between two folders it would be two changes, of which one could be lost.
        assert folder is other
        entries = folder.entries()
        # Of two names of one file none goes.
        if entries[name] is not entries.get(fresh):
            folder.changes.append({fresh: entries[name], name: None})

    def _place(self, path: str) -> tuple[_Folder, str]:
        *parts, name = Path(path).relative_to(self._start).parts
        folder = self._root
        for part in parts:
            inner = folder.entries()[part]
            assert isinstance(inner, _Folder)
            folder = inner
        return folder, name

    def put(self, into: Path, rng: random.Random) -> str:
        """Write what may be left into the new folder `into`, and return how it was chosen."""
        data, names = rng.choice(_DATA), rng.choice(_NAMES)
        self._put_folder(self._root, into, rng, (data, names), {})
        return f"data {data}, names {names}"

    def _put_folder(
        self,
        folder: _Folder,
        into: Path,
        rng: random.Random,
        how: tuple[str, str],
        put: dict[_File, Path],
    ) -> None:
        into.mkdir(mode=0o700)
        count = {
            "lost": folder.certain,
            "kept": len(folder.changes),
            "some": rng.randint(folder.certain, len(folder.changes)),
        }[how[1]]
        for name, entry in folder.entries(count).items():
            if isinstance(entry, _Folder):
                self._put_folder(entry, into / name, rng, how, put)
            elif entry in put:
                os.link(put[entry], into / name)
            else:
                (into / name).write_bytes(_left(entry, rng, how[0]))
                put[entry] = into / name


def _left(file: _File, rng: random.Random, how: str) -> bytes:
    """Return the content that a file may have."""
    data = bytearray()
    for change in file.changes[: file.certain]:
        _apply(data, change)
    unsure = file.changes[file.certain :]
    for change in _chosen(unsure, rng, how):
        _apply(data, change)
    # The length of a file may be kept where its content is not.
    if how in ("some", "torn") and rng.random() < 0.2:
        ends = [len(c.data) + c.offset for c in unsure if isinstance(c, _Write)]
        data.extend(bytes(max(0, max(ends, default=0) - len(data))))
    return bytes(data)


def _chosen(unsure: list[_Write | _Cut], rng: random.Random, how: str) -> Iterator[_Write | _Cut]:
    match how:
        case "kept":
            yield from unsure
        case "some":
            yield from (change for change in unsure if rng.random() < 0.5)
        case "reordered":
            yield from rng.sample(unsure, rng.randint(0, len(unsure)))
        case "torn":
            for change in unsure:
                parts = _sectors(change) if isinstance(change, _Write) else iter((change,))
                yield from (part for part in parts if rng.random() < 0.5)


def _sectors(write: _Write) -> Iterator[_Write]:
    at = write.offset
    while at < write.offset + len(write.data):
        end = min((at // _SECTOR + 1) * _SECTOR, write.offset + len(write.data))
        yield _Write(at, write.data[at - write.offset : end - write.offset])
        at = end


def _apply(data: bytearray, change: _Write | _Cut) -> None:
    if isinstance(change, _Cut):
        del data[change.size :]
        data.extend(bytes(change.size - len(data)))
        return
    data.extend(bytes(max(0, change.offset - len(data))))
    data[change.offset : change.offset + len(change.data)] = change.data
