"""Every key of the form, in one table: moving never records, and a key that is held records once.

Handlers ask `act`, buttons ask `letter`, the line and F1 show the table itself: what they say is what works.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import Enum
from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent

from triage.qt.parts.words import tr

_Key, _Held = Qt.Key, Qt.KeyboardModifier
_HELD = ~(_Held.KeypadModifier | _Held.ShiftModifier | _Held.GroupSwitchModifier)


class Place(Enum):
    """Where a key is pressed, as F1 calls it."""

    FINDING = tr("A finding")
    CHOICE = tr("A choice")
    LIST = tr("A list")
    SITED = tr("A list with sides")
    MAP = tr("The body map")
    FILTER = tr("The filter of a list")
    BLOCK = tr("A block")
    GRID = tr("A grid")
    NUMBER = tr("A number, a date, a result")
    TEXT = tr("A text")
    UNABLE = tr("Why it could not be assessed")
    NOTES = tr("A text of several lines")
    ROWS = tr("A list of rows")
    ROW = tr("A row")
    BLANK_ROW = tr("The name in an empty row")
    ASSESSMENT = tr("A line of the assessment")
    REASON = tr("The reason of a decision")
    REVIEW = tr("A line of the review")
    LETTER = tr("The letter")
    CASES = tr("A line of the list of cases")
    PALETTE = tr("Quick entry")
    ANYWHERE = tr("Only move")


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


_BACK = Act("back", "Delete", tr("takes the answer back"), records=True)
_UNABLE = Act("unable", "U", tr("unable: then type why"), "unable", records=True)
_COMMENT = Act("comment", "T", tr("type a comment"), "comment")
_LISTED = (
    Act("tick", "1…9", tr("ticks the option of this number"), "tick", records=True),
    Act("", "Space", tr("ticks the option with the ring"), records=True),
    Act(
        "close",
        "0",
        tr("none of the others: closes the list"),
        tr("none of the others"),
        records=True,
    ),
    Act("back", "Delete", tr("takes the whole list back"), records=True),
    Act("absent", "Shift+A", tr("this one option is absent"), records=True),
    Act("unable", "Shift+U", tr("this one option cannot be assessed"), records=True),
    Act("filter", "/", tr("to the filter of a long list")),
)
_SIDES = (
    Act("right", "R", "right", "right", records=True),
    Act("left", "L", "left", "left", records=True),
    Act("both", "B", tr("both sides"), "both", records=True),
    Act("midline", "Shift+M", tr("midline, where there is one"), records=True),
    Act("sideless", "Y", tr("present, side not recorded"), records=True),
)
_IN_ROW = (
    Act("on", "Enter", tr("next cell; from an empty row on, and it goes"), tr("next cell")),
    Act("before", "Shift+Enter", tr("cell before; from the first one to the question before")),
    Act("new", "Ctrl+Enter", tr("a new row"), tr("new row")),
    Act("remove", "Ctrl+Delete", tr("removes the row"), "remove", records=True),
    Act("leave", "Esc", tr("out, to the buttons; an empty row goes")),
)
TABLE: dict[Place, tuple[Act, ...]] = {
    Place.FINDING: (
        Act("present", "P Y", tr("present, yes"), "present", records=True),
        Act("absent", "A N", tr("absent, no"), "absent", records=True),
        _UNABLE,
        _BACK,
        _COMMENT,
        Act("", "← →", tr("to the answer beside it; Space records it")),
    ),
    Place.CHOICE: (
        Act("option", "0…9", tr("the option of this number"), "choose", records=True),
        Act("", "Space", tr("the option with the ring; opens a list of options")),
        _UNABLE,
        _BACK,
        _COMMENT,
    ),
    Place.LIST: (
        *_LISTED,
        Act("", "a\u00a0letter", tr("to the next option that begins so")),
    ),
    Place.SITED: (
        *_SIDES,
        Act("map", "M", tr("to the body map, where there is one"), "map"),
        *_LISTED,
    ),
    Place.MAP: (
        *_SIDES,
        Act("", "Space", tr("ticks the place with the ring, or takes it back"), records=True),
        Act("map", "M Esc", tr("back to the list"), tr("to the list")),
        Act("layer", "1…9", tr("what is marked: the list of this number"), tr("what is marked")),
        Act("", "← → ↑ ↓", tr("next place as the eye moves")),
        *(act for act in _LISTED if act.name not in ("tick", "")),
    ),
    Place.FILTER: (
        Act("first", "Enter ↓", tr("to the first that is shown, as Tab"), tr("to the list")),
        Act("clear", "Esc", tr("clears the filter, then leaves it"), "clear"),
    ),
    Place.BLOCK: (
        Act(
            "close",
            "0",
            tr("records its closing line for what is open"),
            tr("closing line"),
            records=True,
        ),
        Act("open", "O Space", tr("opens it and goes in, records nothing"), "open"),
        Act("fold", "Shift+O", tr("folds it")),
        Act("back", "Delete", tr("takes the block back"), records=True),
    ),
    Place.GRID: (
        Act("grade", "0…5", tr("grade, and on to the cell below"), "grade", records=True),
        Act("more", "+ -", tr("after a grade: 4+, 4-"), tr("after it"), records=True),
        Act("", "a\u00a0letter", tr("the grade that begins so: normal, reduced"), records=True),
        Act(
            "fill",
            ".",
            tr("shows the usual grade for the rest of the group; again records it and goes on"),
            "rest",
        ),
        Act("unable", "U", tr("unable: then type why"), records=True),
        Act("back", "Delete", tr("takes the grade back"), records=True),
        Act("", "← → ↑ ↓", tr("next cell as the eye moves")),
        Act("group", "PgUp PgDn", tr("the group of rows before, behind: arms, legs")),
        Act("corner", "Ctrl+Home", tr("first cell")),
        Act("", "a\u00a0double\u00a0click", tr("offers the grades to the mouse")),
        Act("", "Esc", tr("out, to the buttons of the grid")),
    ),
    Place.NUMBER: (
        Act("", "Enter", tr("on, also when empty or unreadable"), "on"),
        Act("unit", "Ctrl+↓", tr("to its unit, if there is a choice"), "unit"),
        Act("date", "@", tr("in a result: to its date"), "date"),
        Act("another", "Ctrl+Enter", tr("another result of this test")),
        Act("restore", "Esc", tr("as it was"), tr("as it was")),
        Act("", "1 2", tr("which of two readings is meant, where that is asked"), records=True),
    ),
    Place.TEXT: (
        Act("", "Enter", tr("next question"), "on"),
        Act("", "Esc", tr("from a comment back to its question")),
    ),
    Place.UNABLE: (
        Act("", "1…4", tr("a usual reason, while it is empty"), tr("a usual reason"), records=True),
        Act("", "Enter", tr("next question"), "on"),
        Act("", "Esc", tr("back to its question"), "back"),
    ),
    Place.NOTES: (
        Act("", "Enter", tr("new line"), tr("new line")),
        Act("", "Ctrl+↓ Tab", tr("out, to the next question"), "on"),
    ),
    Place.ROWS: (
        Act("", "Space", tr("adds a row; what is typed on begins one too"), tr("add a row")),
        Act("", "↓", tr("into the rows")),
        Act("close", "0", tr("no other: closes the list"), tr("no other"), records=True),
        Act(
            "confirm",
            "C",
            tr("confirms what is proposed for all rows, except questions"),
            records=True,
        ),
    ),
    Place.ROW: _IN_ROW,
    Place.BLANK_ROW: (
        Act(
            "close",
            "0",
            tr("no other: closes the list, and the row goes"),
            tr("no other"),
            records=True,
        ),
        *_IN_ROW,
    ),
    Place.ASSESSMENT: (
        Act("accept", "A", "accept", "accept", records=True),
        Act("decline", "D", tr("decline, then why"), "decline", records=True),
        Act("defer", "L", tr("later, not in this letter"), "later", records=True),
        Act("back", "Delete", tr("undecided again"), records=True),
        Act("all", "Shift+A", tr("accepts all essential tests that are open"), records=True),
        Act("why", "W Enter", "why", "why"),
        Act("answer", "1…9", tr("to the answer of this number"), tr("to the answer")),
        Act("source", "S", tr("the source in full")),
        Act("", "← →", tr("the page beside")),
        Act("", "Esc", tr("back to the form"), tr("back to the form")),
    ),
    Place.REASON: (
        Act("", "1…4", tr("a usual reason, while it is empty"), tr("a usual reason"), records=True),
        Act("", "Enter", tr("done, and on to the next line"), "done"),
        Act("", "Esc", tr("leaves it as it was"), tr("leave it as it was")),
    ),
    Place.REVIEW: (
        Act("", "Enter", tr("to that question; Backspace leads back"), tr("to that question")),
        Act(
            "",
            "A D L",
            tr("on a test: accept, decline, later"),
            tr("accept, decline, later"),
            records=True,
        ),
        Act("", "Esc", tr("back to the form"), tr("back to the form")),
    ),
    Place.LETTER: (
        Act("recipient", "1…9", tr("the recipient of this number"), "recipient", records=True),
        Act("", "Esc", tr("back to the form"), tr("back to the form")),
    ),
    Place.CASES: (
        Act("tick", "Space", tr("ticks it, for several at once"), "tick"),
        Act("open", "Enter", tr("opens it"), tr("open")),
        Act("group", "1…8", tr("the cases of this group"), "filter"),
        Act("search", "/ Ctrl+F", tr("search; Esc ends it"), "search"),
        Act("print", "P", tr("print the letters of what is ticked")),
        Act("save", "S", tr("save them as PDF")),
        Act("copy", "C", tr("copy their text")),
        Act("fate", "R", tr("record what came of the letter")),
        Act("withdraw", "W", tr("withdraw it; asks")),
        Act("delete", "Delete", tr("delete the draft; asks")),
        Act("new", "N", tr("new case")),
        Act("visit", "V", tr("new visit of its patient")),
    ),
    # Its own foot says what they do with the line as it stands.
    Place.PALETTE: (
        Act(
            "",
            "Enter",
            tr("records what is shown; goes to what is asked, or to what a block would record"),
        ),
        Act("", "0", tr("there: records it with its blocks"), records=True),
        Act("", "1…9", tr("there: which is meant")),
        Act("", "↑ ↓", tr("to a question, a command or a rule instead")),
        Act("", "Tab", tr("straight to what is chosen, or to the first question")),
        Act("", "Esc", tr("closes, nothing recorded")),
    ),
    Place.ANYWHERE: (
        Act("next", "Enter ↓", tr("next question"), tr("go on")),
        Act("previous", "Shift+Enter ↑", tr("question before")),
        Act("", "Tab", tr("next question, or part of the window")),
        Act("", "Home End", tr("first, last in a row or list")),
        Act("", "PgUp PgDn", tr("page")),
        Act("", "Esc", tr("out of the assessment, back to the form")),
        Act("", "Backspace", tr("back where you were; Alt+← also where a text stands")),
        Act("", "F", tr("letters on all that can be clicked; in lists and texts Ctrl+G")),
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


def digits(found: Sequence[str]) -> str:
    """Return digits in order as the table spells keys: ``1…3``."""
    is_row = len(found) > 2 and int(found[-1]) - int(found[0]) == len(found) - 1
    return f"{found[0]}…{found[-1]}" if is_row else " ".join(found)


def up_to(count: int) -> str:
    """Return the digits that stand for so many, at most nine."""
    return digits([str(n) for n in range(1, min(count, 9) + 1)])


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
