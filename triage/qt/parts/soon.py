"""Later, and once.

`QTimer.singleShot` keeps what it is to call for ever if its context goes before: with it a whole window.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, SignalInstance


class Soon(QTimer):
    """Calls once as soon as there is nothing else to do, however often it is started: several changes are shown once.

    It goes with its parent.

    Parameters
    ----------
    call
        What to call: a bound method or a signal of `parent`.
    after
        How many milliseconds to wait, at least.
    """

    def __init__(
        self, call: Callable[[], None] | SignalInstance, parent: QObject, after: int = 0
    ) -> None:
        super().__init__(parent)
        self.setSingleShot(True)
        self.setInterval(after)
        self.timeout.connect(call)
