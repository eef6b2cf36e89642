"""Phrases of the clinic's own: ``;;word`` and a space in a text write what the word stands for."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QTextCursor
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from triage.model.dates import at_words
from triage.qt.parts.keys import Place, is_plain
from triage.qt.parts.stops import watch_focus
from triage.qt.parts.words import tr
from triage.qt.shell.line import place_of
from triage.settings.settings import phrases_in

# The word that every clinic has: a line of what was said on the telephone, with its time.
_PHONED = "phoned"
_TEXTS = (
    *(Place.TEXT, Place.NOTES, Place.UNABLE, Place.REASON),
    *(Place.ROWS, Place.ROW, Place.BLANK_ROW),
)
_CALLED = re.compile(r";;(\w+)$")


class Phrases(QObject):
    """Watches the text that has the focus, and no other.

    Parameters
    ----------
    text
        The phrases, as the settings keep them.
    clock
        Returns the present time with its zone.

    Signals
    -------
    told : str
        There is no such phrase.
    """

    told = Signal(str)

    def __init__(
        self, text: str, clock: Callable[[], datetime], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._clock = clock
        self.take(text)
        watch_focus(self._on_focus_changed)

    def take(self, text: str) -> None:
        """Know other phrases from now on."""
        self.known = phrases_in(text)

    @Slot(QWidget, QWidget)
    def _on_focus_changed(self, old: QWidget | None, new: QWidget | None) -> None:
        if old is not None:
            old.removeEventFilter(self)
        is_text = isinstance(new, QLineEdit | QPlainTextEdit) and not new.isReadOnly()
        if new is not None and is_text and place_of(new) in _TEXTS:
            new.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take a space behind a word that calls a phrase."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() == Qt.Key.Key_Space
            and is_plain(event)
            and isinstance(watched, QLineEdit | QPlainTextEdit)
        ):
            return self._write(watched)
        return False

    def _write(self, field: QLineEdit | QPlainTextEdit) -> bool:
        """Write the phrase that is called before the cursor; return whether one is."""
        called = _CALLED.search(_before(field))
        if called is None:
            return False
        word = called[1].casefold()
        phrase = self.known.get(word)
        if phrase is None and word == _PHONED:
            phrase = tr("Phoned {when}: ", when=at_words(self._clock()))
        if phrase is None:
            self.told.emit(tr("There is no phrase {word}: Settings, Own phrases.", word=called[1]))
            return False
        # As one typed it: the field's own undo knows it, and so does the case.
        if isinstance(field, QLineEdit):
            field.setSelection(field.cursorPosition() - len(called[0]), len(called[0]))
            field.insert(phrase)
        else:
            cursor = field.textCursor()
            way, keep = QTextCursor.MoveOperation.Left, QTextCursor.MoveMode.KeepAnchor
            cursor.movePosition(way, keep, len(called[0]))
            cursor.insertText(phrase)
        return True


def _before(field: QLineEdit | QPlainTextEdit) -> str:
    """Return the text before the cursor, in its line."""
    if isinstance(field, QLineEdit):
        return field.text()[: field.cursorPosition()]
    cursor = field.textCursor()
    return cursor.block().text()[: cursor.positionInBlock()]
