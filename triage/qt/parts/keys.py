"""Every key of the form, in one table: moving never records, and a key that is held records once.

Handlers ask `act`, buttons ask `letter`, the line and F1 show the table itself: what they say is what works.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent

_Key, _Held = Qt.Key, Qt.KeyboardModifier
_HELD = ~(_Held.KeypadModifier | _Held.ShiftModifier | _Held.GroupSwitchModifier)


class Place(Enum):
    """Where a key is pressed, as F1 calls it."""

    FINDING = "A finding"
    CHOICE = "A choice"
    LIST = "A list"
    SITED = "A list with sides"
    FILTER = "The filter of a list"
    BLOCK = "A block"
    GRID = "A grid"
    NUMBER = "A number, a date, a result"
    TEXT = "A text"
    NOTES = "A text of several lines"
    ROWS = "A list of rows"
    ROW = "A row"
    ASSESSMENT = "A line of the assessment"
    REVIEW = "A line of the review"
    LETTER = "The letter"
    ANYWHERE = "Only move"


class Act(NamedTuple):
    """What some keys do in one place.

    Parameters
    ----------
    name
        By which the widget there knows it; empty if Qt, or the window, does it.
    keys
        The keys, with blanks between. ``1…9`` stands for all of these.
    does
        What they do, in words.
    hint
        The same for the line, in a word or two; empty where the line has no room for it.
    records
        Whether they record: held down, such a key works once.
    """

    name: str
    keys: str
    does: str
    hint: str = ""
    records: bool = False


_BACK = Act("back", "Delete", "takes the answer back", records=True)
_UNABLE = Act("unable", "U", "unable: then type why", "unable", records=True)
_COMMENT = Act("comment", "T", "type a comment", "comment")
_LISTED = (
    Act("tick", "1…9", "ticks the option of this number", "tick", records=True),
    Act("", "Space", "ticks the option with the ring", records=True),
    Act("close", "0", "none of the others: closes the list", "none of the others", records=True),
    Act("back", "Delete", "takes the whole list back", records=True),
    Act("absent", "Shift+A", "this one option is absent", records=True),
    Act("unable", "Shift+U", "this one option cannot be assessed", records=True),
    Act("filter", "/", "to the filter of a long list"),
)
TABLE: dict[Place, tuple[Act, ...]] = {
    Place.FINDING: (
        Act("present", "P Y", "present, yes", "present", records=True),
        Act("absent", "A N", "absent, no", "absent", records=True),
        _UNABLE,
        _BACK,
        _COMMENT,
        Act("", "← →", "to the answer beside it; Space records it"),
    ),
    Place.CHOICE: (
        Act("option", "0…9", "the option of this number", "choose", records=True),
        Act("", "Space", "the option with the ring; opens a list of options"),
        _UNABLE,
        _BACK,
        _COMMENT,
    ),
    Place.LIST: (
        *_LISTED,
        Act("", "a\u00a0letter", "to the next option that begins so"),
    ),
    Place.SITED: (
        Act("right", "R", "right", "right", records=True),
        Act("left", "L", "left", "left", records=True),
        Act("both", "B", "both sides", "both", records=True),
        Act("midline", "M", "midline, where there is one", records=True),
        Act("sideless", "Y", "present, side not recorded", records=True),
        *_LISTED,
    ),
    Place.FILTER: (
        Act("first", "Enter ↓", "to the first that is shown, as Tab", "to the list"),
        Act("clear", "Esc", "clears the filter, then leaves it", "clear"),
    ),
    Place.BLOCK: (
        Act(
            "close", "0", "records its closing line for what is open", "closing line", records=True
        ),
        Act("open", "O Space", "opens it, records nothing", "open"),
        Act("fold", "Shift+O", "folds it"),
        Act("back", "Delete", "takes the block back", records=True),
    ),
    Place.GRID: (
        Act("grade", "0…5", "grade, and on to the cell below", "grade", records=True),
        Act("more", "+ -", "after a grade: 4+, 4-", "after it", records=True),
        Act("", "a\u00a0letter", "the grade that begins so: normal, reduced", records=True),
        Act(
            "fill", ".", "shows the usual grade for the rest of the group; again records it", "rest"
        ),
        Act("unable", "U", "unable: then type why", records=True),
        Act("back", "Delete", "takes the grade back", records=True),
        Act("", "← → ↑ ↓", "next cell as the eye moves"),
        Act("corner", "Ctrl+Home", "first cell"),
        Act("", "Esc", "out, to the buttons of the grid"),
    ),
    Place.NUMBER: (
        Act("", "Enter", "on, also when empty or unreadable", "on"),
        Act("unit", "Ctrl+↓", "to its unit, if there is a choice", "unit"),
        Act("date", "@", "in a result: to its date"),
        Act("another", "Ctrl+Enter", "another result of this test"),
        Act("restore", "Esc", "as it was", "as it was"),
        Act("", "1 2", "which of two readings is meant, where that is asked", records=True),
    ),
    Place.TEXT: (
        Act("", "Enter", "next question", "on"),
        Act("", "Esc", "from a comment back to its question"),
    ),
    Place.NOTES: (
        Act("", "Enter", "new line", "new line"),
        Act("", "Ctrl+↓ Tab", "out, to the next question", "on"),
    ),
    Place.ROWS: (
        Act("", "Space", "adds a row", "add a row"),
        Act("close", "0", "no other: closes the list", "no other", records=True),
        Act(
            "confirm", "C", "confirms what is proposed for all rows, except questions", records=True
        ),
    ),
    Place.ROW: (
        Act("on", "Enter", "next cell; from an empty row on, and it goes", "next cell"),
        Act("new", "Ctrl+Enter", "a new row", "new row"),
        Act("remove", "Ctrl+Delete", "removes the row", "remove", records=True),
        Act("leave", "Esc", "an empty row goes"),
    ),
    Place.ASSESSMENT: (
        Act("accept", "A", "accept", "accept", records=True),
        Act("decline", "D", "decline, then why", "decline", records=True),
        Act("defer", "L", "later, not in this letter", "later", records=True),
        Act("back", "Delete", "undecided again", records=True),
        Act("all", "Shift+A", "accepts all essential tests that are open", records=True),
        Act("why", "W Enter", "why", "why"),
        Act("answer", "1…9", "to the answer of this number", "to the answer"),
        Act("source", "S", "the source in full"),
        Act("", "← →", "the page beside"),
        Act("", "Esc", "back to the form", "back to the form"),
    ),
    Place.REVIEW: (
        Act("", "Enter", "to that question; Backspace leads back", "to that question"),
        Act(
            "", "A D L", "on a test: accept, decline, later", "accept, decline, later", records=True
        ),
        Act("", "Esc", "back to the form", "back to the form"),
    ),
    Place.LETTER: (
        Act("recipient", "1…9", "the recipient of this number", "recipient", records=True),
        Act("", "Esc", "back to the form", "back to the form"),
    ),
    Place.ANYWHERE: (
        Act("next", "Enter ↓", "next question", "go on"),
        Act("previous", "Shift+Enter ↑", "question before"),
        Act("", "Tab", "next part"),
        Act("", "Home End", "first, last in a row or list"),
        Act("", "PgUp PgDn", "page"),
        Act("", "Esc", "out of the assessment, back to the form"),
        Act("", "Backspace", "back where you were"),
        Act("", "F", "letters on all that can be clicked; in lists and texts Ctrl+G"),
    ),
}
# The code of the key that was released last, and when; nobody releases and presses one within so many milliseconds.
_released = [0, 0]
_AT_ONCE = 5
_NAMES: dict[int, str] = {
    _Key.Key_Return: "Enter",
    _Key.Key_Enter: "Enter",
    _Key.Key_Tab: "Tab",
    _Key.Key_Backtab: "Tab",
    _Key.Key_Space: "Space",
    _Key.Key_Delete: "Delete",
    _Key.Key_Backspace: "Backspace",
    _Key.Key_Escape: "Esc",
    _Key.Key_Home: "Home",
    _Key.Key_End: "End",
    _Key.Key_PageUp: "PgUp",
    _Key.Key_PageDown: "PgDn",
    _Key.Key_Left: "←",
    _Key.Key_Right: "→",
    _Key.Key_Up: "↑",
    _Key.Key_Down: "↓",
}
_MODIFIERS = (
    (_Held.ControlModifier, "Ctrl+"),
    (_Held.AltModifier, "Alt+"),
    (_Held.MetaModifier, "Meta+"),
)

# -- keys by place: where a layout has no Latin letter, and no digit without Shift, the key itself counts ---

# By the key codes of X and Wayland; those of Windows are 8 less.
_ROWS = {10: "1234567890", 24: "QWERTYUIOP", 38: "ASDFGHJKL", 52: "ZXCVBNM"}
_BY_CODE = {first + at: char for first, row in _ROWS.items() for at, char in enumerate(row)}
_WINDOWS = 8
# A Mac counts its keys otherwise; what is no letter and no digit is left out.
_BY_MAC_CODE = dict(enumerate("ASDFHGZXCV BQWERYT123465 97 80 OU IP LJ K    NM"))


def _at_place(event: QKeyEvent) -> str:
    """Return the letter or digit that an American keyboard has at this place; empty for any other key."""
    if event.modifiers() & _Held.GroupSwitchModifier:
        return ""
    match QGuiApplication.platformName():
        case "cocoa":
            found = _BY_MAC_CODE.get(event.nativeVirtualKey(), "").strip()
        case "windows":
            found = _BY_CODE.get(event.nativeScanCode() + _WINDOWS, "")
        case _:
            found = _BY_CODE.get(event.nativeScanCode(), "")
    # With Shift the digit row has signs, as it says.
    return "" if found.isdigit() and is_shifted(event) else found


def chars(event: QKeyEvent) -> Iterator[str]:
    """Yield what a key may mean as a letter, a digit or a sign, the most likely first; letters are capitals."""
    key, text = event.key(), event.text()
    if ord("0") <= key <= ord("9") or ord("A") <= key <= ord("Z"):
        yield chr(key)
        return
    # French has signs and accents where others have digits; Greek and Russian have letters of their own.
    place = _at_place(event)
    if place.isdigit() or (place and key > 0x7F):
        yield place
    if len(text) == 1 and text.isascii() and text.isprintable() and text != " ":
        yield text.upper()


def char_of(event: QKeyEvent) -> str:
    """Return what a key means as a letter, a digit or a sign, pressed without Ctrl or Alt; empty if nothing."""
    return next(chars(event), "") if is_plain(event) else ""


def names_of(event: QKeyEvent) -> Iterator[str]:
    """Yield the names that the table may have for a key, the most likely first."""
    held = "".join(name for bit, name in _MODIFIERS if event.modifiers() & bit)
    if named := _NAMES.get(event.key()):
        yield f"{held}{'Shift+' * is_shifted(event)}{named}"
        return
    for char in chars(event):
        if is_shifted(event):
            yield f"{held}Shift+{char}"
        yield f"{held}{char}"


def _each(keys: str) -> Iterator[str]:
    for key in keys.split():
        first, dots, last = key.partition("…")
        yield from map(str, range(int(first), int(last) + 1)) if dots else (key,)


_ACTS = {
    place: {key: act for act in acts if act.name for key in _each(act.keys)}
    for place, acts in TABLE.items()
}


def act(event: QKeyEvent, place: Place) -> str:
    """Return what a key does in a place; empty if nothing, or if it would record and is only held down."""
    for name in names_of(event):
        if found := _ACTS[place].get(name):
            return "" if found.records and is_held(event) else found.name
    return ""


def letter(place: Place, name: str, caption: str) -> str:
    """Return the key of an act that stands on its button: the one that the caption begins with, else the first."""
    keys = list(_each(next(each.keys for each in TABLE[place] if each.name == name)))
    return next((key for key in keys if caption.upper().startswith(key)), keys[0]).lower()


def spoken(place: Place) -> str:
    """Return what a screen reader says of the keys in a place."""
    return ", ".join(f"{each.keys} {each.does}" for each in TABLE[place])


def is_plain(event: QKeyEvent) -> bool:
    """Whether a key is pressed without Ctrl, Alt or Meta."""
    return not event.modifiers() & _HELD


def may_record(event: QKeyEvent) -> bool:
    """Whether a key may record at all: pressed anew, not repeated by holding it."""
    return is_plain(event) and not is_held(event)


def is_held(event: QKeyEvent) -> bool:
    """Whether a key is only repeated because it is held.

    X tells a repeat as a release and a press of the same moment, and Qt on a busy machine sees two keys in them.
    """
    if event.isAutoRepeat():
        return True
    code, at = _released
    return bool(code) and code == event.nativeScanCode() and event.timestamp() - at <= _AT_ONCE


def note_release(event: QKeyEvent) -> None:
    """Remember the key that was released last, and when."""
    _released[:] = event.nativeScanCode(), event.timestamp()


def is_enter(event: QKeyEvent) -> bool:
    """Whether the key is one of the two Enter keys, perhaps with Shift."""
    return is_plain(event) and event.key() in (_Key.Key_Return, _Key.Key_Enter)


def is_shifted(event: QKeyEvent) -> bool:
    """Whether Shift is held."""
    return bool(event.modifiers() & _Held.ShiftModifier)
