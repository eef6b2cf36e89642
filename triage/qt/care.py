"""Looks after the drafts beside the work on them: what went wrong with their backups is told."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Slot

from triage.qt.program import Program
from triage.session.own import backups_of


class Care(QObject):
    """Tells what there is to know of the drafts and their backups, once the first window has painted.

    Parameters
    ----------
    program
        The windows, and the drafts that they work on.
    key
        What opens the drafts.
    """

    def __init__(self, program: Program, key: bytes) -> None:
        super().__init__(program)
        self._program = program
        self._key = key

    def start(self) -> None:
        """Look as soon as there is nothing else to do."""
        QTimer.singleShot(0, self._on_idle)

    @Slot()
    def _on_idle(self) -> None:
        from triage.store.backups import last_trouble

        if says := last_trouble(self._into):
            self._program.warn(says)

    @property
    def _into(self) -> Path:
        return backups_of(self._program.settings, self._program.store.folder)
