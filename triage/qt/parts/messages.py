"""One channel for what the program has to tell, and the bar at the foot of the window that shows it."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from triage.letter.words.said.line import Mark
from triage.qt.parts.marks import MarkLabel
from triage.qt.parts.theme import set_role

MessageLevel = Literal["info", "warning", "error"]
_SHOWN_MS = 8_000
_MARKS = {"info": Mark.NONE, "warning": Mark.URGENT, "error": Mark.EMERGENCY}


class Messages(QObject):
    """The channel: code tells, whoever is connected shows.

    Signals
    -------
    message : str, str
        Level (info, warning, error) and one sentence without patient data.
    """

    message = Signal(str, str)

    def info(self, text: str) -> None:
        """Tell something that may be missed."""
        self.message.emit("info", text)

    def warning(self, text: str) -> None:
        """Tell something that the user should read."""
        self.message.emit("warning", text)

    def error(self, text: str) -> None:
        """Tell that something did not work, and what to do."""
        self.message.emit("error", text)


class MessageBar(QWidget):
    """Shows the latest message; information leaves by itself, anything worse stays until closed.

    Parameters
    ----------
    messages
        The channel to show.
    """

    def __init__(self, messages: Messages, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Messages")
        self._mark = MarkLabel(self)
        self._label = QLabel(self)
        self._label.setWordWrap(True)
        # A printer or a file may be called like a tag.
        self._label.setTextFormat(Qt.TextFormat.PlainText)
        self._close = QPushButton("Close", self)
        self._close.setAccessibleName("Close the message")
        set_role(self._close, "quiet")
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_SHOWN_MS)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 4, 12, 4)
        layout.addWidget(self._mark)
        layout.addWidget(self._label, 1)
        layout.addWidget(self._close)
        # Nothing moves because a message comes or goes.
        policy = self.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.setSizePolicy(policy)
        self.hide()
        messages.message.connect(self._on_message)
        self._close.clicked.connect(self.hide)
        self._timer.timeout.connect(self.hide)

    @property
    def text(self) -> str:
        """What stands in the bar."""
        return self._label.text()

    @Slot(str, str)
    def _on_message(self, level: MessageLevel, text: str) -> None:
        self._mark.set_mark(_MARKS[level])
        self._label.setText(text)
        self._label.setAccessibleName(text)
        self.show()
        QAccessible.updateAccessibility(QAccessibleEvent(self._label, QAccessible.Event.Alert))
        if level == "info":
            self._timer.start()
        else:
            self._timer.stop()
