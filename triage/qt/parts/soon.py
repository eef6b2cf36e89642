"""Later, and once.

`QTimer.singleShot` keeps what it is to call for ever if its context goes before: with it a whole window.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer, SignalInstance


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


class Before(QObject):
    """Calls once before the window paints, however often it is started in one event.

    What shows a change in several places shows it in all of them at once, and each is painted once. It goes with its
    parent. A window that is to paint asks for `show_due` first.

    Parameters
    ----------
    call
        What to call: a bound method of `parent`.
    """

    def __init__(self, call: Callable[[], None], parent: QObject) -> None:
        super().__init__(parent)
        self._call = call
        self._is_awaited = False

    def start(self) -> None:
        """Call at the next turn of the loop."""
        if not self._is_awaited:
            self._is_awaited = True
            QCoreApplication.postEvent(self, QEvent(_DUE))

    def stop(self) -> None:
        """Do not call: it was done."""
        self._is_awaited = False

    def event(self, event: QEvent) -> bool:
        if event.type() != _DUE:
            return super().event(event)
        if self._is_awaited:
            self._is_awaited = False
            self._call()
        return True


def show_due() -> None:
    """Call all that was started, and was not called yet."""
    QCoreApplication.sendPostedEvents(None, _DUE.value)


_DUE = QEvent.Type(QEvent.registerEventType())
