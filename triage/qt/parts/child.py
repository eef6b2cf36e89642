"""Tells the window when a process of its own has ended; nothing waits for it."""

from __future__ import annotations

import subprocess

from PySide6.QtCore import QObject, QTimer, Signal, Slot

_LOOK_MS = 100


class Child(QObject):
    """Looks after a process until it ends.

    Parameters
    ----------
    process
        What was started; what it prints is small.

    Signals
    -------
    ended : int, str
        Its exit code, and what it printed.
    """

    ended = Signal(int, str)

    def __init__(self, process: subprocess.Popen[bytes], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._process = process
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self._on_look)
        self._timer.start()

    @Slot()
    def _on_look(self) -> None:
        code = self._process.poll()
        if code is None:
            return
        self._timer.stop()
        said = ""
        if self._process.stdout is not None:
            with self._process.stdout as out:
                said = out.read().decode("utf-8", "replace")
        self.ended.emit(code, said)
