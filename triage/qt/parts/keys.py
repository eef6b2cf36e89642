"""Which key means what in the form: moving never records, and a key that is held records once."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

_Key = Qt.Key
_HELD = ~(Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier)
TAKES_BACK = (_Key.Key_Delete, _Key.Key_Backspace)

# What F1 says: key, and what it does.
LEGEND: tuple[tuple[str, str], ...] = (
    ("Enter, Shift+Enter", "next question, the one before (never records)"),
    ("P or Y", "present, yes"),
    ("A or N", "absent, no"),
    ("U", "unable: then type why"),
    ("Delete", "takes the answer back; in a list and on a block the whole of it"),
    ("1 … 9", "the option of this number"),
    ("Space", "the option with the ring; opens a list of options, and a block"),
    ("0", "the closing line: none of these, none of the others"),
    ("C", "in the medicines: confirms what is proposed for all rows, except questions"),
    ("O, Shift+O", "opens a block, folds it"),
    ("R, L, M, B", "in a list with sides: right, left, midline, both; Y without a side"),
    ("Shift+A, Shift+U", "in a list: this one option is absent, or unable"),
    ("Arrows, Home, End", "move in a row, a list or a grid"),
    ("A first letter", "in a list without sides: the next option that begins so"),
    ("/", "the filter of a long list; Esc clears it"),
    ("Ctrl+Down", "out of a box of several lines"),
    ("A, D, L", "in the assessment and the review: accept, decline, later"),
    ("Shift+A", "in the assessment: accepts all essential tests that are open"),
    ("W or Enter", "on a line of the assessment: why"),
    ("1 … 9, S", "on such a line: to the answer of this number, the source in full"),
    ("Left, Right", "in the assessment: the page beside"),
    ("I", "in the last question before an issue: issues; Enter does nothing there"),
    ("Backspace", "from a question back to the review"),
    ("Esc", "from the assessment back to the questions"),
)


def is_plain(event: QKeyEvent) -> bool:
    """Whether a key is pressed without Ctrl, Alt or Meta."""
    return not event.modifiers() & _HELD


def may_record(event: QKeyEvent) -> bool:
    """Whether a key may record at all: pressed anew, not repeated by holding it."""
    return is_plain(event) and not event.isAutoRepeat()


def is_enter(event: QKeyEvent) -> bool:
    """Whether the key is one of the two Enter keys, perhaps with Shift."""
    return is_plain(event) and event.key() in (_Key.Key_Return, _Key.Key_Enter)


def is_shifted(event: QKeyEvent) -> bool:
    """Whether Shift is held."""
    return bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
