"""Python's garbage collector, on the thread of the windows alone."""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

from triage.collector import collect_due

_EVERY_MS = 1000


class Collecting(QTimer):
    """Collects from now on what is due once a second, between two events and nowhere else."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        self.timeout.connect(collect_due)
        self.start(_EVERY_MS)
