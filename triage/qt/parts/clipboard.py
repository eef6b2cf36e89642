"""The clipboard, for what others must not find there later: marked as a secret, and taken out again."""

from __future__ import annotations

import hashlib
import sys

from PySide6.QtCore import QMimeData, QObject, Slot
from PySide6.QtGui import QClipboard, QGuiApplication

from triage.qt.parts.soon import Soon
from triage.qt.parts.words import tr

# By these, programs that keep what was copied know what they must not keep. What password managers set.
_HINTS: dict[str, dict[str, bytes]] = {
    "linux": {"x-kde-passwordManagerHint": b"secret"},
    "darwin": {"application/x-nspasteboard-concealed-type": b""},
    # The last two are numbers of four bytes: no.
    "win32": {
        "ExcludeClipboardContentFromMonitorProcessing": b"1",
        "CanIncludeInClipboardHistory": b"\0\0\0\0",
        "CanUploadToCloudClipboard": b"\0\0\0\0",
    },
}
_WINDOWS = 'application/x-qt-windows-mime;value="{}"'


def has_lines(text: str) -> bool:
    """Whether a text has two lines or more."""
    return sum(bool(line.strip()) for line in text.splitlines()) > 1


class Clipboard(QObject):
    """Puts text of a patient into the clipboard, and takes it out after a time.

    Parameters
    ----------
    seconds
        How long it may stay there; 0: until the program locks or ends.
    """

    def __init__(self, seconds: int, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.seconds = seconds
        self._put = b""
        self._timer = Soon(self.clear, self)

    def put(self, text: str) -> None:
        """Put `text` into the clipboard, marked so that no history keeps it."""
        data = QMimeData()
        data.setText(text)
        for name, value in hints(sys.platform).items():
            data.setData(name, value or text.encode())
        QGuiApplication.clipboard().setMimeData(data)
        self._put = _digest(text)
        self._timer.stop()
        if self.seconds:
            self._timer.start(self.seconds * 1000)

    @property
    def lasts(self) -> str:
        """How long what was put stays, for a sentence; empty if that is not said."""
        return tr(" for {seconds} seconds", seconds=self.seconds) if self.seconds else ""

    @Slot()
    def clear(self) -> None:
        """Empty the clipboard, if it still holds what was put there."""
        self._timer.stop()
        board, put = QGuiApplication.clipboard(), self._put
        self._put = b""
        if put and _digest(board.text()) == put:
            board.clear()

    def leave(self) -> None:
        """Empty the clipboard of whatever was copied in this program: it locks, or ends."""
        self.clear()
        board = QGuiApplication.clipboard()
        if board.ownsClipboard():
            board.clear()
        # What is marked in a field is pasted by the middle button.
        if board.ownsSelection():
            board.clear(QClipboard.Mode.Selection)


def hints(platform: str) -> dict[str, bytes]:
    """Return the marks of a secret by type of content; an empty one repeats the text."""
    found = _HINTS.get(platform, _HINTS["linux"])
    return {_WINDOWS.format(name): v for name, v in found.items()} if platform == "win32" else found


def _digest(text: str) -> bytes:
    """Return by what a text is known again: what was copied is kept nowhere else for it."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
