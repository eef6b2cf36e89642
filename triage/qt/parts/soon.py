"""Later in this turn of the loop, and once."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer


class Soon(QTimer):
    """Calls once as soon as there is nothing else to do, however often it is started: several changes are shown once.

    Parameters
    ----------
    call
        What to call: a bound method of `parent`.
    """

    def __init__(self, call: Callable[[], None], parent: QObject) -> None:
        super().__init__(parent)
        self.setSingleShot(True)
        self.setInterval(0)
        self.timeout.connect(call)
