"""Proves that the cases are whole and that the newest backup brings them back, and reports it without a patient value.

As a program: ``python -m triage.store.prove FOLDER [INTO]`` with the data key, in hexadecimal, on standard input.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal, NamedTuple

import apsw

from triage.errors import KeyRefusedError, StoreError
from triage.model.dates import at_words
from triage.store import rows
from triage.store.backup import copy_pages
from triage.store.backups import Backup, backups, keys_of
from triage.store.child import read_key, start_child
from triage.store.connection import AT_ONCE, DamagedError, new_file, open_readonly
from triage.store.connection import NAME as DRAFTS
from triage.store.database import Drafts
from triage.store.differences import counted, differences
from triage.store.keyfile import NAME as KEYS
from triage.store.keyfile import SECOND, KeyFile, check_of, parse_keys
from triage.store.trouble import doubt, told
from triage.store.verify import problems

Result = Literal["passed", "failed", "not possible"]
_LETTERS = 10
_TURNS, _PAUSE_SECONDS = 5, 0.2
# So many faults are listed of one file.
_MOST = 20
# A letter that was just being issued may be in the backup or not.
_WHILE = timedelta(minutes=1)
_NO_SPACE = "there is too little free space in {}: free some, and check again."


class Check(NamedTuple):
    """One thing that was looked at, what came of it, and a sentence on it."""

    what: str
    result: Result
    says: str


class Proof(NamedTuple):
    """When it was made, and every check."""

    at: datetime
    checks: tuple[Check, ...]

    @property
    def has_failed(self) -> bool:
        """Whether any check failed."""
        return any(check.result == "failed" for check in self.checks)

    def text(self) -> str:
        """Return the report: a line with the date, one for each check, and what came of all."""
        local = self.at.astimezone()
        lines = [
            f"Check of the cases and their newest backup, {at_words(self.at)} (UTC{local:%z})",
            "",
        ]
        lines += [f"{check.result:13} {check.what}: {check.says}" for check in self.checks]
        return "\n".join([*lines, "", self._outcome()]) + "\n"

    def _outcome(self) -> str:
        results = [check.result for check in self.checks]
        if "failed" in results:
            return (
                "NOT PROVED: "
                f"{counted(results.count('failed'), 'check')} failed. Make a new backup; if the cases failed"
                " themselves, restore a backup."
            )
        if "not possible" in results:
            return "Nothing failed, but not everything could be checked."
        return "Everything passed."


def prove(folder: Path, key: bytes, into: Path, at: datetime) -> Proof:
    """Check the drafts of `folder` and the newest backup of `into`; nothing in either is changed.

    The drafts are copied first, a little at a time, and the copy is read: no save waits for it.
    """
    found = backups(into)
    with tempfile.TemporaryDirectory(prefix="triage-") as name:
        scratch = Path(name)
        live, checks = _live(folder, key, scratch)
        back: apsw.Connection | None = None
        try:
            checks += [_keys(folder, key)]
            back, check = _backup(folder, found, key, scratch, live)
            checks += [check, _letters(live, back, found[0].at if found else at)]
        finally:
            for connection in (live, back):
                if connection is not None:
                    connection.close()
    return Proof(at, tuple(checks))


def check(folder: Path, key: bytes, at: datetime) -> Proof:
    """Check the drafts of `folder` alone, and note it beside them if anything is wrong."""
    with tempfile.TemporaryDirectory(prefix="triage-") as name:
        live, checks = _live(folder, key, Path(name))
        if live is not None:
            live.close()
    proof = Proof(at, tuple(checks))
    if proof.has_failed:
        doubt(folder)
    return proof


# -- the cases ------------------------------------------------------------------------------------


def _live(folder: Path, key: bytes, scratch: Path) -> tuple[apsw.Connection | None, list[Check]]:
    """Return a copy of the drafts to read, if one can be made, and what was found of it."""
    what = "The cases"
    try:
        with told(folder):
            if not _fits(folder / DRAFTS, scratch):
                return None, [Check(what, "not possible", _NO_SPACE.format(scratch.parent))]
        live = _copied(folder, key, scratch / "live.db")
        count = _count(live)
    except StoreError as error:
        return None, [Check(what, "failed", _plain(error, scratch))]
    faults = problems(live)
    if faults:
        return live, [Check(what, "failed", fault) for fault in faults[:_MOST]]
    says = f"every page, edit and letter was read. {count}, no fault."
    return live, [Check(what, "passed", says)]


def _copied(folder: Path, key: bytes, copy: Path) -> apsw.Connection:
    """Copy the drafts, and open the copy; a fault counts when it is met again: a window that saves is none."""
    for _ in range(_TURNS):
        with suppress(StoreError):
            return _copied_once(folder, key, copy)
        time.sleep(_PAUSE_SECONDS)
    return _copied_once(folder, key, copy)


def _copied_once(folder: Path, key: bytes, copy: Path) -> apsw.Connection:
    with told(folder), closing(open_readonly(folder / DRAFTS, key)) as source:
        copy.unlink(missing_ok=True)
        new_file(copy)
        copy_pages(source, copy, key)
    return open_readonly(copy, key)


def _keys(folder: Path, key: bytes) -> Check:
    what = "The keys"
    for name in (KEYS, SECOND):
        keys = _parsed(folder / name)
        if keys is None or keys.check != check_of(key):
            return Check(
                what,
                "failed",
                f"{name} is missing, damaged or of other cases: restart the program.",
            )
    return Check(what, "passed", "both copies are whole and belong to the cases.")


def _parsed(path: Path) -> KeyFile | None:
    try:
        return parse_keys(path.read_bytes(), path.parent)
    except (OSError, StoreError):
        return None


def _count(connection: apsw.Connection) -> str:
    # A case in which nothing is recorded is in no list either.
    cases = rows.one(connection, "SELECT count(DISTINCT draft) FROM edit")
    letters = rows.one(connection, "SELECT count(*) FROM issue")
    return f"{counted(cases, 'case')}, {counted(letters, 'letter')}"


# -- the backup -----------------------------------------------------------------------------------


def _backup(
    folder: Path, found: list[Backup], key: bytes, scratch: Path, live: apsw.Connection | None
) -> tuple[apsw.Connection | None, Check]:
    """Open the newest backup as the program opens its drafts, in a folder of its own."""
    what = "The newest backup"
    if not found:
        return None, Check(what, "not possible", "there is none yet: make one.")
    newest, place = found[0], scratch / "backup"
    try:
        with told(newest.path.parent):
            if not _fits(newest.path, scratch):
                return None, Check(what, "not possible", _NO_SPACE.format(scratch.parent))
            place.mkdir(mode=0o700)
            shutil.copyfile(newest.path, place / DRAFTS)
            shutil.copyfile(newest.keys, place / KEYS)
        with Drafts.open(place, key) as drafts:
            faults = drafts.verify()
        if faults:
            return None, Check(
                what, "failed", f"of {at_words(newest.at)}, is not whole. {faults[0]}"
            )
        back = open_readonly(place / DRAFTS, key)
    except KeyRefusedError:
        return None, Check(what, "failed", f"of {at_words(newest.at)}, is not opened by its keys.")
    except DamagedError:
        return None, Check(what, "failed", f"of {at_words(newest.at)}, is damaged.")
    except StoreError as error:
        return None, Check(what, "failed", f"of {at_words(newest.at)}. {_plain(error, scratch)}")
    says = f"of {at_words(newest.at)}, opened like the cases themselves. {_count(back)}, no fault."
    if live is not None:
        with suppress(apsw.Error):
            newer = sum(one.standing in ("new", "other") for one in differences(live, back))
            if newer:
                says += f" {counted(newer, 'case')} changed since."
    if keys_of(newest.path) != _parsed(folder / KEYS):
        says += " Its passphrase or recovery key is an older one."
    return back, Check(what, "passed", says)


# -- the letters ----------------------------------------------------------------------------------


class _Letter(NamedTuple):
    seq: int
    id: str
    version: int
    recipient: str
    template: str
    at: str
    pdf: bytes


def _last_letters(connection: apsw.Connection) -> Iterator[_Letter]:
    query = (
        "SELECT d.seq, d.id, i.version, i.recipient, i.template, i.at, i.pdf FROM issue i"
        " JOIN draft d ON d.seq = i.draft ORDER BY i.at DESC LIMIT ?"
    )
    return (_Letter(*row) for row in connection.execute(query, (_LETTERS,)))


def _letters(live: apsw.Connection | None, back: apsw.Connection | None, at: datetime) -> Check:
    """Compare the last letters with the backup, byte by byte, as far as they are older than it."""
    what = "The last ten letters"
    if live is None or back is None:
        lacks = "the cases cannot be read" if live is None else "there is no backup that opens"
        return Check(what, "not possible", f"{lacks}.")
    same, newer, faults = 0, 0, list[str]()
    try:
        last = rows.one(back, "SELECT coalesce(max(seq), 0) FROM draft")
        for letter in _last_letters(live):
            kept = rows.one(
                back,
                "SELECT pdf FROM issue i JOIN draft d ON d.seq = i.draft WHERE id = ? AND version = ?"
                " AND recipient = ? AND template = ?",
                *letter[1:5],
            )
            if kept == letter.pdf:
                same += 1
            elif kept is not None:
                faults.append(f"letter v{letter.version} of case {letter.id[:8]} is another one")
            elif letter.seq > last or datetime.fromisoformat(letter.at) > at - _WHILE:
                # Issued later, or of a case that was brought here later.
                newer += 1
            else:
                faults.append(f"letter v{letter.version} of case {letter.id[:8]} is missing in it")
    except apsw.Error:
        return Check(what, "failed", "a part of them cannot be read.")
    if faults:
        return Check(what, "failed", f"{'; '.join(faults)}.")
    if not same:
        none = "no letter was issued yet" if not newer else "all of them are newer than the backup"
        return Check(what, "not possible", f"{none}.")
    later = f" {newer} {'is' if newer == 1 else 'are'} newer than it." if newer else ""
    return Check(what, "passed", f"{same} are in the backup, byte for byte.{later}")


def _fits(path: Path, scratch: Path) -> bool:
    return path.stat().st_size < shutil.disk_usage(scratch).free


def _plain(error: StoreError, scratch: Path) -> str:
    return str(error).replace(str(scratch), "a scratch folder")


# -- by a process of its own ----------------------------------------------------------------------


def start_proof(folder: Path, key: bytes, into: Path) -> subprocess.Popen[bytes]:
    """Start a process that checks and prints its report; it ends with 1 if anything failed."""
    return start_child("triage.store.prove", key, str(folder), str(into), heard=True)


def start_check(folder: Path, key: bytes) -> subprocess.Popen[bytes] | None:
    """Start a process that reads every page, edit and letter, of drafts too large for that at their opening.

    It ends with 1 if something is wrong, and then the next opening reads everything first.
    """
    if (folder / DRAFTS).stat().st_size <= AT_ONCE:
        return None
    return start_child("triage.store.prove", key, str(folder), heard=True)


def main(folder: str, into: str = "") -> int:
    """Check at low priority, with the key from standard input, and print the report; without `into` the cases alone."""
    with suppress(AttributeError, OSError):
        os.nice(10)
    at = datetime.now(UTC)
    proof = (
        prove(Path(folder), read_key(), Path(into), at)
        if into
        else check(Path(folder), read_key(), at)
    )
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    print(proof.text(), end="")
    return int(proof.has_failed)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
