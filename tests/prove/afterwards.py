"""Looks whether a store holds all that a visit was promised (`tests.prove.visit`)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from unittest.mock import patch

from tests.prove.visit import PASSPHRASE, edits, letter
from tests.store.helpers import CHEAP
from triage.errors import KeyRefusedError
from triage.store import Drafts, create_keys, keys_exist, open_keys
from triage.store.backups import backups


class Promised:
    """What lines that were told promise.

    Parameters
    ----------
    told
        The lines, up to the moment at which everything stopped.
    """

    def __init__(self, told: Sequence[str]) -> None:
        self.set_up = "set_up" in told
        self.saved: dict[str, int] = {}
        self.letters: dict[str, list[tuple[int, int]]] = {}
        self.backed: list[str] = []
        # By one of these the drafts open: of a change that was not told the end is not known.
        self.ways = {PASSPHRASE}
        # Of these it is not known whether they are still there.
        self.deleting: set[str] = set()
        for line in told:
            match line.split(" "):
                case ["saved", draft, n]:
                    self.saved[draft] = max(int(n), self.saved.get(draft, 0))
                case ["issued", draft, version, n]:
                    self.letters.setdefault(draft, []).append((int(version), int(n)))
                case ["changing", *words]:
                    self.ways = self.ways | {" ".join(words)}
                case ["changed", *words]:
                    self.ways = {" ".join(words)}
                case ["backed", name]:
                    self.backed.append(name)
                case ["deleting", draft]:
                    self.deleting.add(draft)


def look(folder: Path, told: Sequence[str]) -> None:
    """Open the store as the next start does, and fail if it does not hold what was promised, unchanged."""
    promised = Promised(told)
    made = keys_exist(folder)
    assert made or not promised.set_up, "the keys are gone"
    key = _key(folder, promised.ways) if made else create_keys(folder, PASSPHRASE, cost=CHEAP)
    # No disk comes to itself here within the moment that is waited for it.
    with patch("triage.store.connection._PAUSE_SECONDS", 0.0), Drafts.open(folder, key) as drafts:
        _holds(drafts, promised)
    kept = backups(folder / "backups")
    for one in kept:
        with Drafts.open_file(one.path, key) as copy:
            assert copy.verify() == [], "a backup is not whole"
    assert set(promised.backed) <= {one.path.name for one in kept}, "a backup is gone"
    aside = [
        path.name for path in folder.iterdir() if ".damaged" in path.name or ".other" in path.name
    ]
    assert not aside, f"healthy files were set aside: {aside}"


def _key(folder: Path, ways: Iterable[str]) -> bytes:
    keys = []
    for way in ways:
        with suppress(KeyRefusedError):
            keys.append(open_keys(folder, way))
    assert len(keys) == 1, f"{len(keys)} passphrases open the drafts"
    return keys[0]


def _holds(drafts: Drafts, promised: Promised) -> None:
    assert drafts.verify() == []
    known = edits()
    there = {info.id for info in drafts.list()}
    for draft in promised.saved:
        assert draft in there or draft in promised.deleting, "a case is gone"
    for draft in there:
        log = drafts.history(draft).edits
        assert log == known[: len(log)], "an edit that nobody made"
        assert len(log) >= promised.saved.get(draft, 0), "an edit is gone"
        letters = drafts.issues(draft)
        # One that was not told may be there, and is then as whole as the others.
        wanted = {
            (one.version, one.case_n): letter(draft, one.version, one.case_n) for one in letters
        }
        assert [one.pdf for one in letters] == [one.pdf for one in wanted.values()], (
            "a letter changed"
        )
        assert set(promised.letters.get(draft, ())) <= set(wanted), "a letter is gone"
