"""Two hands on a keyboard: they press real keys on the window in front, and are counted."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QKeyCombination, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from triage.qt.window import MainWindow

# Seconds of a key press with its modifiers, and of making up one's mind: the keystroke-level model
# (Card, Moran, Newell 1980), for an average typist who knows the program.
KEY, MIND = 0.28, 1.35
# So many lines of a block are read and confirmed as one.
LINES = 6
_PLAIN = Qt.KeyboardModifier.NoModifier | Qt.KeyboardModifier.ShiftModifier
_NONE = Qt.KeyboardModifier.NoModifier


class TroubleError(Exception):
    """What no key reaches."""


class Hands:
    """What was pressed, typed and thought so far.

    Attributes
    ----------
    keys, letters
        The keys pressed, each with its modifiers, and apart from them those of names, numbers and texts.
    minds, further
        How often a mind was made up, and how many of these were for further lines of a block.
    listed
        How often more it would be if lists and grids counted by lines as blocks do.
    """

    def __init__(self) -> None:
        self.keys = self.letters = self.minds = self.further = self.listed = 0

    @property
    def seconds(self) -> float:
        """What it takes by the model, the letters of names, numbers and texts left out."""
        return self.keys * KEY + self.minds * MIND

    @property
    def strictly(self) -> float:
        """The same if lists and grids counted by lines too."""
        return self.seconds + self.listed * MIND

    @property
    def elapsed(self) -> float:
        """What it takes with the letters: the time that has passed."""
        return self.seconds + self.letters * KEY

    def think(self, lines: int = 1) -> None:
        """Make up one's mind on a question, however many lines its list or grid has."""
        self.minds += 1
        self.listed += (lines - 1) // LINES

    def read(self, lines: int) -> None:
        """Make up one's mind on a block: once, and once more for each further six lines."""
        more = (lines - 1) // LINES
        self.minds += 1 + more
        self.further += more

    def press(self, *names: str) -> None:
        """Press keys, each by its name, such as ``Ctrl+J``, ``Enter``, ``0``."""
        for name in names:
            self.keys += 1
            # A capital only names the key.
            self._send(name.lower() if len(name) == 1 else name)
            _settle()

    def press_until(self, name: str, is_there: Callable[[], bool], most: int) -> None:
        """Press a key until it has led there, no more often than `most`."""
        for _ in range(most):
            if not is_there():
                self.press(name)
        if not is_there():
            raise TroubleError(f"{name} does not lead there")

    def type(self, text: str) -> None:
        """Type a text, a name or a number."""
        for char in text:
            self.letters += 1
            self._send(char)
        _settle()

    def _send(self, name: str) -> None:
        """Send a key to what has the focus."""
        target = focused()
        if len(name) == 1:
            key = {"\n": Qt.Key.Key_Return}.get(name, ord(name.upper()))
            held = Qt.KeyboardModifier.ShiftModifier if name.isupper() else _NONE
            _click(target, int(key), held, name, self._now)
        else:
            pressed: QKeyCombination = QKeySequence(name)[0]  # type: ignore[index]
            key, held = int(pressed.key()), pressed.keyboardModifiers()
            if held & ~_PLAIN or Qt.Key.Key_F1 <= key <= Qt.Key.Key_F12:
                # By way of the shortcuts.
                QTest.keyClick(target, pressed.key(), held)
            else:
                _click(target, key, held, chr(key) if key < 0x100 else "", self._now)

    @property
    def _now(self) -> int:
        """When it is, in milliseconds: who reads a block takes time."""
        return 1000 + round(1000 * self.elapsed)


def focused() -> QWidget:
    """Return what a key goes to."""
    target = QApplication.focusWidget()
    if target is None:
        raise TroubleError("nothing has the focus")
    return target


def _settle() -> None:
    """Let the window do what the key asks for. Where a dialog closed it is active again, as on any desktop."""
    QApplication.processEvents()
    if QApplication.activeWindow() is None:
        for window in QApplication.topLevelWidgets():
            if isinstance(window, MainWindow) and window.isVisible():
                window.activateWindow()
        QApplication.processEvents()


def _click(target: QWidget, key: int, held: Qt.KeyboardModifier, text: str, at: int) -> None:
    for kind in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        event = QKeyEvent(kind, key, held, text)
        event.setTimestamp(at)
        QApplication.sendEvent(target, event)
