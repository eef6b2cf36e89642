"""A visit to the store, as a child makes it: everything a clinician does there, and every outcome told at once.

A line is a word and what belongs to it; ``saved``, ``issued`` and ``backed`` are promises, which hold from then on.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from tests.store.helpers import AT, CHEAP
from triage.errors import StoreError
from triage.model.history import Edit, History
from triage.model.values import Text
from triage.session.draft import DraftStore, OpenDraft
from triage.store import Issue, change_passphrase, create_keys, keys_exist, open_keys
from triage.store.backups import make_backup, restore

PASSPHRASE, OTHER = "four brown cows", "five green pigs"
CONTENT: Any = SimpleNamespace(form=SimpleNamespace(id="muscle_cramps"), fingerprint="c")
# How many edits a case is begun with, and how often it is typed into.
FIRST, TYPED = 1, 12
_NOTE = "An invented note. " * 30


def edits() -> tuple[Edit, ...]:
    """Return all that is ever typed into a case: the same in the child and where it is looked at afterwards."""
    history = History()
    history.begin({"note.neuro": Text(text=_NOTE)}, AT)
    for key in ("patient.family_name", "patient.given_name"):
        history.change({key: Text(text=f"Invented for {key}. " * 30)}, AT)
    for number in range(40):
        history.change({"referrer.question": Text(text=f"Why does it cramp? {number} " * 20)}, AT)
    return history.edits


def letter(draft: str, version: int, n: int) -> Issue:
    """Return a letter that no other case has, larger than a few pages of the database."""
    pdf = f"%PDF-1.7 {draft} v{version} ".encode() * 300
    return Issue(version=version, recipient="neurology", case_n=n, at=AT, pdf=pdf, fingerprint="c")


class Visit:
    """What is done in one visit to the store in `folder`.

    Parameters
    ----------
    folder
        Where the drafts are, or will be.
    tell
        Says what is done.
    """

    def __init__(self, folder: Path, tell: Callable[[str], None]) -> None:
        self._folder = folder
        self._tell = tell
        self._all = edits()

    def make(self) -> None:
        """Set up, write cases, issue letters, back up, close, come back, delete one, change the passphrase, restore."""
        self._attempt(self._set_up)
        store = self._opened()
        if store is None:
            return
        first, second = (self._case(store) for _ in range(2))
        for draft in filter(None, (first, second)):
            self._type(draft)
            self._issue(draft, 1)
        self._attempt(lambda: self._back_up(store))
        third = self._case(store)
        self._close(store, first, second, third)
        again = self._opened()
        if again is None:
            return
        if first is not None:
            opened = self._attempt(lambda: self._listened(again.open(first.id)))
            if opened is not None:
                self._type(opened)
                self._issue(opened, 2)
                opened.close()
        if third is not None:
            self._tell(f"deleting {third.id}")
            self._attempt(lambda: again.delete(third.id))
        copy = self._attempt(lambda: self._back_up(again, minutes=1))
        self._close(again)
        self._attempt(self._change)
        if copy is not None:
            self._attempt(lambda: self._restore(copy))

    def _attempt(self, act: Callable[[], Any]) -> Any:
        """Do something that may fail in words; once more, as a person would."""
        for _ in range(2):
            try:
                return act()
            except StoreError as error:
                assert str(error).strip()
                self._tell(f"told {error}".replace("\n", "\\n"))
        return None

    def _set_up(self) -> None:
        if not keys_exist(self._folder):
            create_keys(self._folder, PASSPHRASE, cost=CHEAP)
        self._tell("set_up")

    def _opened(self) -> DraftStore | None:
        store: DraftStore | None = self._attempt(
            lambda: DraftStore(self._folder, open_keys(self._folder, PASSPHRASE), lambda: AT)
        )
        return store

    def _case(self, store: DraftStore) -> OpenDraft | None:
        first = {"note.neuro": Text(text=_NOTE)}

        def begin() -> OpenDraft:
            opened = self._listened(store.create(CONTENT, first))
            self._tell(f"saved {opened.id} {FIRST}")
            return opened

        opened: OpenDraft | None = self._attempt(begin)
        return opened

    def _listened(self, opened: OpenDraft) -> OpenDraft:
        opened.listen(
            lambda n: self._tell(f"saved {opened.id} {n}"),
            lambda says: self._tell(f"told {says}"),
            lambda says: self._tell(f"mended {says}"),
        )
        return opened

    def _type(self, opened: OpenDraft) -> None:
        for _ in range(TYPED):
            edit = self._all[opened.history.n]
            opened.history.change({edit.key: edit.new}, AT)
            opened.submit()
            self._tell(f"typed {opened.id} {opened.history.n}")
            opened.flush()

    def _issue(self, opened: OpenDraft, version: int) -> None:
        new = letter(opened.id, version, opened.history.n)

        def issue() -> None:
            opened.issue(new)
            self._tell(f"issued {opened.id} {version} {new.case_n}")

        self._attempt(issue)

    def _back_up(self, store: DraftStore, minutes: int = 0) -> Path:
        into, at = self._folder / "backups", AT + timedelta(minutes=minutes)
        made = store.do(lambda drafts: make_backup(drafts, into, at))
        self._tell(f"backed {made.path.name}")
        return made.path

    def _change(self) -> None:
        """Change the passphrase, and change it back."""
        for old, new in ((PASSPHRASE, OTHER), (OTHER, PASSPHRASE)):
            self._tell(f"changing {new}")
            change_passphrase(self._folder, old, new, CHEAP)
            self._tell(f"changed {new}")

    def _restore(self, backup: Path) -> None:
        """Put back a backup that holds all that the drafts hold."""
        restore(self._folder, backup, open_keys(self._folder, PASSPHRASE))
        self._tell("restored")

    def _close(self, store: DraftStore, *opened: OpenDraft | None) -> None:
        for draft in opened:
            if draft is not None and not draft.close():
                self._tell(f"left {draft.id} {draft.unsaved}")
                draft.abandon()
        self._tell(f"closed {store.close()}")
