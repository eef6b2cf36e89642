"""Notices that nobody uses the program, that the computer goes to sleep, and that it has slept."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import SLOT, QEvent, QObject, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication

from triage.qt.parts.soon import Soon

_TYPES = QEvent.Type
# What a person does. It reaches a window of the screen first, and that is where it is seen: a filter of the whole
# application would be asked of every event of every widget, each of which costs a turn through Python.
_USES = frozenset(
    {
        *(_TYPES.KeyPress, _TYPES.KeyRelease, _TYPES.ShortcutOverride, _TYPES.Wheel),
        *(_TYPES.MouseButtonPress, _TYPES.MouseButtonRelease, _TYPES.MouseMove),
        *(_TYPES.TouchBegin, _TYPES.TouchUpdate, _TYPES.TabletPress, _TYPES.TabletMove),
    }
)
_TICK_SECONDS = 30.0
# A tick can be late where the computer is busy, and a clock that is set by the network moves by seconds.
_JUMP_SECONDS = 60.0
_LOGIND = ("org.freedesktop.login1", "/org/freedesktop/login1", "org.freedesktop.login1.Manager")
_BUS = "DBUS_SYSTEM_BUS_ADDRESS"


class Watch(QObject):
    """Tells when the program was left alone, and when the clock shows that the computer has slept.

    Parameters
    ----------
    seconds
        How long without a key or the mouse; 0: never.
    keys
        What is pressed to lock at once. Windows have it as a shortcut; a dialog or a menu that blocks them has none.
    monotonic, wall
        The clock that counts, and the one on the wall.

    Signals
    -------
    idle
        Nobody has used the program for so long. It is told again only after it was used.
    slept
        The clock jumped ahead.
    asked
        The keys were pressed in a dialog, a menu or a list that hangs open.
    """

    idle = Signal()
    slept = Signal()
    asked = Signal()

    def __init__(
        self,
        seconds: float,
        keys: Sequence[str] = (),
        monotonic: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.seconds = seconds
        self._keys = [QKeySequence(key) for key in keys]
        self._monotonic, self._wall = monotonic, wall
        self._used, self._seen = monotonic(), wall()
        self._timer = Soon(self._on_timeout, self)
        self._ticks = QTimer(self)
        self._ticks.setInterval(round(_TICK_SECONDS * 1000))
        self._ticks.timeout.connect(self.look)

    def start(self) -> None:
        """Watch from now on."""
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.focusWindowChanged.connect(self._on_focus_window_changed)
        self._on_focus_window_changed()
        self._ticks.start()
        self.touch()

    def wait(self, seconds: float) -> None:
        """Tell after another time from now on."""
        self.seconds = seconds
        self._timer.stop()
        self.touch()

    @Slot()
    def _on_focus_window_changed(self) -> None:
        # A window that has the filter already only gets it moved to the front.
        for window in QGuiApplication.topLevelWindows():
            window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _USES:
            self.touch()
        if isinstance(event, QKeyEvent) and event.type() == _TYPES.KeyPress:
            return self._takes(event)
        return False

    def _takes(self, event: QKeyEvent) -> bool:
        blocking = QGuiApplication.modalWindow() or QApplication.activePopupWidget()
        if blocking is None or QKeySequence(event.keyCombination()) not in self._keys:
            return False
        # Once the key is done with: the dialog or the menu that got it is hidden.
        QTimer.singleShot(0, self.asked.emit)
        return True

    @Slot()
    def touch(self) -> None:
        """Take note that the program is used; the first use after a sleep finds it locked."""
        self.look()
        self._used = self._monotonic()
        if self.seconds and not self._timer.isActive():
            self._timer.start(round(self.seconds * 1000))

    @Slot()
    def look(self) -> None:
        """Compare the clock with the last look."""
        before, self._seen = self._seen, self._wall()
        if self._seen - before > _TICK_SECONDS + _JUMP_SECONDS:
            self.slept.emit()

    @Slot()
    def _on_timeout(self) -> None:
        # Started once and not with every move of the mouse.
        left = self._used + self.seconds - self._monotonic()
        if left > 0:
            self._timer.start(max(1, round(left * 1000)))
        else:
            self.idle.emit()


class SleepNotice(QObject):
    """Hears from the system (logind, by the socket of the system bus) that the computer is about to sleep.

    Signals
    -------
    sleeping
        It is about to sleep.
    """

    sleeping = Signal()

    def listen(self) -> bool:
        """Listen from now on; return whether there is anything to listen to."""
        address = os.environ.get(_BUS, "unix:")
        # A bus of another computer would be an internet socket.
        if sys.platform != "linux" or not address.startswith("unix:"):
            return False
        try:
            from PySide6.QtDBus import QDBusConnection
        except ImportError:
            return False
        bus = QDBusConnection.systemBus()
        if not bus.isConnected():
            return False
        slot: Any = SLOT(
            "on_prepare(bool)"
        )  # the stubs of PySide6 ask for bytes, and it takes none
        return bool(bus.connect(*_LOGIND, "PrepareForSleep", self, slot))

    @Slot(bool)
    def on_prepare(self, begins: bool) -> None:
        """Tell of a sleep that begins; its end is none."""
        if begins:
            self.sleeping.emit()
