"""What became of edits, told on the main thread; and a copy of the case in a place of the user's choice."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from triage.errors import TriageError
from triage.files import write_whole
from triage.qt.parts.messages import Messages
from triage.qt.parts.paths import ask_path
from triage.qt.parts.words import tr
from triage.session import Session
from triage.session.draft import OpenDraft


class Saving(QObject):
    """Tells on the main thread what the thread that writes a draft has to say of it.

    Parameters
    ----------
    draft
        The draft.

    Signals
    -------
    saved : int
        Every edit up to this number is on the disk.
    failed : str
        Why saving failed, as one sentence.
    told : str
        What was put right, as one sentence.
    """

    saved = Signal(int)
    failed = Signal(str)
    told = Signal(str)

    def __init__(self, draft: OpenDraft, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.draft = draft
        draft.listen(self.saved.emit, self.failed.emit, self.told.emit)


def case_name(draft: str, day: date) -> str:
    """Return a file name that tells cases apart, without anything about the patient."""
    return f"case-{day.isoformat()}-{draft[:8]}.json"


def save_copy(session: Session, draft: str, messages: Messages, parent: QWidget) -> None:
    """Ask where to, and write the case there as CASE.json."""
    name = case_name(draft, session.day)
    path = ask_path(parent, tr("Save a copy of the case"), name, tr("Case (*.json)"))
    if path is not None:
        save_copy_to(path, session, messages)


def save_copy_to(path: Path, session: Session, messages: Messages) -> None:
    """Write the case to `path` as CASE.json; it is not encrypted there."""
    from triage.content.casefile import write_case

    try:
        write_whole(path, write_case(session.case, session.form).encode())
    except TriageError as error:
        messages.error(str(error))
        return
    messages.warning(
        tr(
            "A copy is saved as {name}. It is not encrypted: delete it when it is no longer needed.",
            name=path.name,
        )
    )
