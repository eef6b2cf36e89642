"""What the window needs of the draft store, in its own words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol

from triage.model.history import History
from triage.qt.drafts import DraftRow
from triage.qt.saving import EditWriter
from triage.session.letters import Shelf


class OpenDraft(NamedTuple):
    """A draft that was opened.

    Parameters
    ----------
    id
        The draft.
    history
        Its edits so far.
    shelf
        Its issued letters.
    start_writer
        Starts writing; None if another window has the draft.
    says
        What the user is to be told about it, such as that it was not closed cleanly; empty if nothing.
    """

    id: str
    history: History
    shelf: Shelf
    start_writer: Callable[[Callable[[int], None], Callable[[str], None]], EditWriter] | None = None
    says: str = ""


class Vault(Protocol):
    """The drafts."""

    def rows(self) -> Sequence[DraftRow]:
        """Return every draft."""

    def create(self) -> OpenDraft:
        """Start a draft and claim it."""

    def open(self, draft: str) -> OpenDraft:
        """Open a draft; claim it, unless another window has it."""

    def read(self, draft: str) -> History:
        """Return the edits of a draft without opening it."""

    def delete(self, draft: str) -> None:
        """Delete a draft for good."""

    def close(self) -> bool:
        """Write everything and close the drafts; return whether all of it is on the disk."""
