"""One channel for what the program has to tell."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from datetime import datetime
from typing import Literal

from PySide6.QtCore import QObject, Signal

from triage.errors import TriageError

MessageLevel = Literal["advice", "info", "warning", "error"]
_KEPT = 50


class Messages(QObject):
    """The channel: code tells, whoever is connected shows. The last ones are kept, in memory alone.

    Signals
    -------
    message : str, str
        Level (advice, info, warning, error) and one sentence.
    """

    message = Signal(str, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.told: deque[tuple[datetime, str]] = deque(maxlen=_KEPT)

    def advice(self, text: str) -> None:
        """Tell why a key did nothing, and what would."""
        self._tell("advice", text)

    def info(self, text: str) -> None:
        """Tell what was done; it may be missed."""
        self._tell("info", text)

    def warning(self, text: str) -> None:
        """Tell something that the user should read."""
        self._tell("warning", text)

    def error(self, text: str) -> None:
        """Tell that something did not work, and what to do."""
        self._tell("error", text)

    def attempt(self, act: Callable[..., object], *args: object) -> None:
        """Do something that can meet known trouble, and tell of it."""
        try:
            act(*args)
        except TriageError as error:
            self.error(str(error))

    def _tell(self, level: MessageLevel, text: str) -> None:
        self.told.append((datetime.now().astimezone(), text))
        self.message.emit(level, text)
