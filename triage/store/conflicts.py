"""Files of cases that a synchronising program put beside ours: found, compared, and taken over case by case."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import NamedTuple

import apsw

from triage.errors import StoreError
from triage.files import move_aside
from triage.store.connection import NAME as DRAFTS
from triage.store.connection import open_readonly
from triage.store.database import Drafts
from triage.store.differences import Difference, counted, differences, other_id, standing
from triage.store.salvage import copy_case
from triage.store.trouble import DAMAGE, told

# Does something with the drafts on the thread that owns them.
Do = Callable[[Callable[[Drafts], str]], str]
# drafts (1).db, drafts (conflicted copy).db, drafts-HOST.db, drafts.sync-conflict-….db, and what else there may be.
_LIKE = re.compile(r"(drafts.|copy of drafts).*\.db", re.IGNORECASE)
_OURS = re.compile(r"drafts\.db|drafts-\d{8}-\d{6}\.db|drafts-format-.*\.db", re.IGNORECASE)


class Case(NamedTuple):
    """One case that is not here as it is there, and the id under which it comes here."""

    difference: Difference
    id: str


class TakenOver(NamedTuple):
    """How many cases came here, one line for each that is not whole, and where the file is now."""

    cases: int
    lost: tuple[str, ...]
    aside: Path

    def lines(self) -> Iterator[str]:
        """Yield it in words, one sentence each."""
        came = f"{counted(self.cases, 'case')} {'is' if self.cases == 1 else 'are'} taken over."
        came = came if self.cases else "It held nothing that is not here."
        yield f"{came} The file is kept as {self.aside.name}."
        yield from self.lost


def conflicted(folder: Path) -> list[Path]:
    """Return the files of `folder` that look like copies of its drafts and are none of the program's own."""
    with told(folder):
        found = [
            path
            for path in (folder.iterdir() if folder.is_dir() else ())
            if _LIKE.fullmatch(path.name) and not _OURS.fullmatch(path.name) and path.is_file()
        ]
    return sorted(found)


def look(path: Path, folder: Path, key: bytes) -> list[Case]:
    """Return the cases of the file `path` that the drafts of `folder` have not, or not so; nothing is changed.

    Raises
    ------
    StoreError
        If one of the two cannot be read.
    """
    with closing(open_readonly(path, key)) as there:
        return _look(path, there, folder, key)


def _look(path: Path, there: apsw.Connection, folder: Path, key: bytes) -> list[Case]:
    with closing(open_readonly(folder / DRAFTS, key)) as here:
        try:
            with told(folder, DAMAGE):
                return list(_wanted(there, here))
        except DAMAGE:
            raise StoreError(
                f"{path.name} is damaged: triage drafts salvage takes out what can be read of it."
            ) from None


def _wanted(there: apsw.Connection, here: apsw.Connection) -> Iterator[Case]:
    for one in differences(there, here):
        if one.standing == "new":
            yield Case(one, one.id)
        elif one.standing == "other":
            # The same id each time: what was taken over once is known again.
            draft = other_id(there, one)
            if standing(there, one.seq, here, draft) == "new":
                yield Case(one, draft)


def summary(cases: list[Case]) -> str:
    """Return in words what of a file is not here."""
    new = sum(case.difference.standing == "new" for case in cases)
    other = len(cases) - new
    parts = [
        *([f"{counted(new, 'case')} that {'is' if new == 1 else 'are'} not here"] if new else []),
        *([f"{counted(other, 'case')} with other edits or letters than here"] if other else []),
    ]
    return " and ".join(parts) or "nothing that is not here"


def take_over(path: Path, folder: Path, key: bytes, do: Do) -> TakenOver:
    """Copy the cases of the file `path` that are not here, each in one transaction, and set the file aside.

    One that is here with another log becomes a case of its own. Nothing here is changed, and nothing deleted.

    Parameters
    ----------
    do
        Does something with the drafts of `folder`, such as `DraftStore.do`.

    Raises
    ------
    StoreError
        If it cannot be read, or the cases cannot be written; those before are here, and the file stays.
    """
    lost = list[str]()
    with closing(open_readonly(path, key)) as there:
        cases = _look(path, there, folder, key)
        for case in cases:
            fault = do(partial(_take, there, case))
            lost += [f"Case {case.id[:8]}: {fault}"] if fault else []
    with told(folder):
        aside = move_aside(path, "taken-over")
    return TakenOver(len(cases), tuple(lost), aside)


def _take(there: apsw.Connection, case: Case, drafts: Drafts) -> str:
    with drafts.together():
        return copy_case(there, case.difference.seq, drafts, case.id)
