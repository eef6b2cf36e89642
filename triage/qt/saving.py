"""Between the session and the store: edits go in, and the window hears how it went."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from triage.errors import TriageError
from triage.files import write_whole
from triage.model.history import Edit
from triage.qt.messages import Messages
from triage.session import Session


class EditWriter(Protocol):
    """What writes edits to the store, in a thread of its own."""

    def submit(self, edits: Sequence[Edit]) -> None:
        """Take edits; they are on the disk within a second."""

    def flush(self) -> bool:
        """Write everything now; return whether it is on the disk."""

    def close(self) -> None:
        """Let go of the draft."""


class Saving(QObject):
    """Hands edits to the store's writer, and tells on the main thread what became of them.

    Parameters
    ----------
    start
        Makes the writer from what to call when edits are saved and when saving failed; both may be called from
        the writer's thread. None for a case that is only read.

    Signals
    -------
    saved : int
        Every edit up to this number is on the disk.
    failed : str
        Why saving failed, as one sentence.
    """

    saved = Signal(int)
    failed = Signal(str)

    def __init__(
        self,
        start: Callable[[Callable[[int], None], Callable[[str], None]], EditWriter] | None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._writer: EditWriter | None = (
            start(self.saved.emit, self.failed.emit) if start is not None else None
        )

    def submit(self, edits: Sequence[Edit]) -> None:
        """Hand over edits."""
        if self._writer is not None:
            self._writer.submit(edits)

    def flush(self) -> bool:
        """Write everything now; return whether it is on the disk."""
        return self._writer is None or self._writer.flush()

    def close(self) -> bool:
        """Write everything and let go of the draft; return False, and keep it, if that failed."""
        if not self.flush():
            return False
        if self._writer is not None:
            self._writer.close()
            self._writer = None
        return True


def save_copy(session: Session, messages: Messages, parent: QWidget) -> None:
    """Ask where to, and write the case there as CASE.json."""
    day = session.day.isoformat()
    path, _ = QFileDialog.getSaveFileName(
        parent, "Save a copy of the case", f"case-{day}.json", "Case (*.json)"
    )
    if path:
        save_copy_to(Path(path), session, messages)


def save_copy_to(path: Path, session: Session, messages: Messages) -> None:
    """Write the case to `path` as CASE.json; it is not encrypted there."""
    from triage.content.casefile import write_case

    try:
        write_whole(path, write_case(session.case, session.form).encode())
    except TriageError as error:
        messages.error(str(error))
        return
    messages.warning(
        f"A copy is saved as {path.name}. It is not encrypted: delete it when it is no longer needed."
    )
