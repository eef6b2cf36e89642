"""The draft store as the window uses it: one writer for all windows, one claim for each draft."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from triage.content.load import Content
from triage.model.history import Edit, History
from triage.qt.drafts import DraftRow
from triage.qt.vault import OpenDraft
from triage.store import Claim, DraftInfo, Drafts, Issue, Writer

T = TypeVar("T")
Saved = Callable[[int], None]
Failed = Callable[[str], None]


class StoreVault:
    """The drafts of one folder, through the one thread that owns them.

    Parameters
    ----------
    folder, key
        Where the drafts are, and what opens them.
    content
        The content that new drafts are begun with.
    clock
        Returns the present time with its zone.

    Raises
    ------
    KeyRefusedError
        If the key does not open the drafts.
    StoreError
        If the drafts cannot be used.
    """

    def __init__(
        self, folder: Path, key: bytes, content: Content, clock: Callable[[], datetime]
    ) -> None:
        self._drafts = drafts = Drafts.open(folder, key)
        self._content = content
        self._clock = clock
        self._listeners: dict[str, tuple[Saved, Failed]] = {}
        self.writer = Writer(drafts, self._on_saved, self._on_failed)

    # Both are called on the writer's thread: they only pass on, the window's signals change threads.
    def _on_saved(self, draft: str, n: int) -> None:
        if listener := self._listeners.get(draft):
            listener[0](n)

    def _on_failed(self, reason: str) -> None:
        for _, failed in tuple(self._listeners.values()):
            failed(reason)

    def do(self, work: Callable[[Drafts], T]) -> T:
        """Do `work` on the thread of the drafts, after everything that was submitted, and wait for it."""
        return self.writer.call(work).result()

    def rows(self) -> Sequence[DraftRow]:
        """Return every draft that holds anything."""
        return [self._row(info) for info in self.do(_list) if info.edits]

    def _row(self, info: DraftInfo) -> DraftRow:
        return DraftRow(
            id=info.id,
            name=info.name,
            born=info.born.words() if info.born else "",
            state=info.state,
            changed=info.changed,
            claimed=self._is_claimed(info.id),
        )

    def _is_claimed(self, draft: str) -> bool:
        taken = self._drafts.claim(draft) if draft not in self._listeners else None
        if taken is not None:
            taken.release()
        return taken is None

    def create(self) -> OpenDraft:
        """Start a draft and claim it."""
        form, fingerprint, at = self._content.form.id, self._content.fingerprint, self._clock()
        return self.open(self.do(lambda drafts: drafts.create(form, fingerprint, at)))

    def open(self, draft: str) -> OpenDraft:
        """Open a draft; claim it, unless another window has it."""
        shelf = DraftShelf(self, draft)
        # The claim first: what is read after it cannot be changed by another window.
        claim = self._drafts.claim(draft)
        try:
            history = self.read(draft)
        except BaseException:
            if claim is not None:
                claim.release()
            raise
        if claim is None:
            return OpenDraft(draft, history, shelf)
        held = claim
        return OpenDraft(
            draft, history, shelf, lambda saved, failed: self._start(draft, held, saved, failed)
        )

    def _start(self, draft: str, claim: Claim, saved: Saved, failed: Failed) -> DraftWriter:
        self._listeners[draft] = (saved, failed)
        return DraftWriter(self, draft, claim)

    def let_go(self, draft: str) -> None:
        """Stop telling of a draft; one that holds nothing is forgotten."""
        self._listeners.pop(draft, None)

    def read(self, draft: str) -> History:
        """Return the edits of a draft without opening it."""
        return self.do(lambda drafts: drafts.history(draft))

    def delete(self, draft: str) -> None:
        """Delete a draft for good."""
        self.do(lambda drafts: drafts.delete(draft))

    def close(self) -> bool:
        """Write everything and close the drafts; return whether all of it is on the disk."""
        return self.writer.close()


class DraftWriter:
    """The writer, for one draft.

    Parameters
    ----------
    vault
        Whose writer it is.
    draft, claim
        The draft, and the right to write it.
    """

    def __init__(self, vault: StoreVault, draft: str, claim: Claim) -> None:
        self._vault = vault
        self._draft = draft
        self._claim = claim

    def submit(self, edits: Sequence[Edit]) -> None:
        """Take edits; they are on the disk within a second."""
        self._vault.writer.submit(self._draft, edits)

    def flush(self) -> bool:
        """Write everything now; return whether what belongs to this draft is on the disk."""
        return self._vault.writer.flush() or self._draft not in self._vault.writer.unsaved

    def close(self) -> None:
        """Let go of the draft."""
        self._vault.let_go(self._draft)
        self._claim.release()


class DraftShelf:
    """The issued letters of one draft.

    Parameters
    ----------
    vault
        Where they are kept.
    draft
        The draft.
    """

    def __init__(self, vault: StoreVault, draft: str) -> None:
        self._vault = vault
        self._draft = draft

    def issues(self) -> Sequence[Issue]:
        """Return what was issued, oldest first."""
        return self._vault.do(lambda drafts: drafts.issues(self._draft))

    def issue(self, new: Issue) -> None:
        """Keep a letter, once every edit before it is kept.

        Raises
        ------
        StoreError
            If it could not be kept; then it is not issued.
        """
        self._vault.do(lambda drafts: drafts.issue(self._draft, new))


def _list(drafts: Drafts) -> list[DraftInfo]:
    return drafts.list()
