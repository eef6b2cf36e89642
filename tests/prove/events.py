"""Anything that can happen to the window, in any order: a user who errs, and a cat on the keyboard.

An event is a tuple of plain things, so that a run that fails can be run again with fewer of them, and told. What an
event is about is a share of what is there at that time: of the windows, of what can be seen.
"""

from __future__ import annotations

import gc
import random
import shutil
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from types import TracebackType, UnionType
from typing import Any

import pytest
from PySide6.QtCore import (
    QCoreApplication,
    QEvent,
    QMessageLogContext,
    QMimeData,
    QObject,
    QPoint,
    QPointF,
    Qt,
    QThread,
    QTimer,
    QtMsgType,
    QUrl,
    qInstallMessageHandler,
)
from PySide6.QtGui import QDropEvent, QGuiApplication, QInputMethodEvent, QKeyEvent, QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialog,
    QFileDialog,
    QLineEdit,
    QPlainTextEdit,
    QTabBar,
    QTableView,
    QToolTip,
    QWidget,
)
from shiboken6 import isValid

from tests.conftest import AT, completed, the_assessor, the_content, the_settings, vignettes
from tests.letter.letters import case_at
from tests.qt.conftest import refuse_saves
from tests.qt.test_printing import Service
from tests.session.quick.table import rows
from tests.store.helpers import CHEAP
from triage.bench.everything import decided_case
from triage.model.case import Case
from triage.model.history import Edit
from triage.model.values import Choice, Finding
from triage.qt import app as app_module
from triage.qt.app import application
from triage.qt.ask.base import QuestionWidget
from triage.qt.ask.table import TableWidget
from triage.qt.care import Care
from triage.qt.parts.keys import TABLE, Act, Place, is_plain, names_of
from triage.qt.parts.theme import Theme
from triage.qt.program import Program
from triage.qt.shell.actions import COMMANDS
from triage.qt.shell.hints import Hints
from triage.qt.shell.line import place_of
from triage.qt.window import MainWindow
from triage.session import Session
from triage.session.draft import DraftStore
from triage.store import Drafts
from triage.store.keys import create_keys

Event = tuple[Any, ...]
# Events of one run, and how long a shorter run that fails as well is looked for, in seconds.
STEPS = 60
_SHRINK = 90
_PASSPHRASE = "four brown cows"
# More windows tell nothing new, and each is a case that is assessed.
_MOST_WINDOWS = 3
_Key, _Held = Qt.Key, Qt.KeyboardModifier
_NONE, _SHIFT = _Held.NoModifier, _Held.ShiftModifier
_CONTROL, _ALT, _PAD = _Held.ControlModifier, _Held.AltModifier, _Held.KeypadModifier
# What a platform without a screen says of itself.
_PLATFORM = "This plugin does not support"
_STEPS_ON = {
    *(_Key.Key_Tab, _Key.Key_Backtab, _Key.Key_Left, _Key.Key_Right, _Key.Key_Up, _Key.Key_Down),
    *(_Key.Key_Home, _Key.Key_End, _Key.Key_PageUp, _Key.Key_PageDown),
}
_MOVING = (
    # What a hurried hand presses most.
    *((_Key.Key_Return, _NONE),) * 6,
    *((_Key.Key_Enter, _PAD), (_Key.Key_Return, _SHIFT), (_Key.Key_Escape, _NONE)),
    *((key, _NONE) for key in sorted(_STEPS_ON - {_Key.Key_Backtab})),
    *((_Key.Key_Tab, _NONE), (_Key.Key_Tab, _NONE), (_Key.Key_Backtab, _SHIFT)),
    *((_Key.Key_Down, _CONTROL), (_Key.Key_Home, _CONTROL), (_Key.Key_Backspace, _NONE)),
    *((_Key.Key_F6, _NONE), (_Key.Key_J, _CONTROL)),
)
_OTHER = (
    *((_Key.Key_Delete, _NONE), (_Key.Key_Delete, _CONTROL), (_Key.Key_Space, _NONE)),
    *((_Key.Key_Return, _CONTROL), (_Key.Key_F10, _NONE), (_Key.Key_F4, _NONE)),
    *((_Key.Key_Down, _ALT), (_Key.Key_Left, _ALT), (_Key.Key_Escape, _NONE)),
    *((_Key.Key_A, _CONTROL), (_Key.Key_X, _CONTROL), (_Key.Key_V, _CONTROL)),
    *((_Key.Key_Left, _SHIFT), (_Key.Key_End, _SHIFT), (_Key.Key_Menu, _NONE)),
    *((_Key.Key_F1, _NONE), (_Key.Key_F, _NONE), (_Key.Key_G, _CONTROL)),
)
_TEXTS = (
    *("Specimen", "4.1", "3,1", "12.000", "640 U/L", "2/11/26", "last March", "yesterday", "?"),
    *("1", "58", "none", "left", "ck", "n.d. 20 Hz", "-5", "1e9", "Aspirin 100 mg", "warfarin"),
    *("👩‍⚕️🦵 ✓ ½", "שלום עולם", "\u202eright to left\u202c", "日本語", "e\u0301\u0327", "\ud800"),
    *("tab\tline\r\nend\x00\x07\x1b", "<b>bold</b> & %s {{x}}", "word " * 500, "x" * 20_500),
    "CK 640 U/L (40-320)\nK 4.1 mmol/L\nTSH <0.01\nnothing of this\n2/11/2026",
    "ramipril 5 mg 1-0-0\nwarfarin\nan herb?\n",
)
_AFTER_LINE = (
    (_Key.Key_Return,),
    (_Key.Key_Return, _Key.Key_0),
    (_Key.Key_Return, _Key.Key_1, _Key.Key_Return),
    (_Key.Key_Return, _Key.Key_2, _Key.Key_1, _Key.Key_Return),
    (_Key.Key_Down, _Key.Key_Return),
    (_Key.Key_Escape,),
    (),
)
_POINTED = ("click", "double", "drag")
_SEVERAL = ("command", "line", "issue")
# What the wheel would change a value of, if it may.
_TURNED = QComboBox | QAbstractSpinBox | QTableView | QTabBar


def events(seed: int) -> None:
    """Whatever happens: no fault, no warning of Qt, nothing left over, and no answer by what only moves."""
    chance = random.Random(seed)
    what = [_event(chance) for _ in range(STEPS)]
    if (fault := _fault(seed, what)) is None:
        return
    shorter, fault = _shrunk(seed, what, fault)
    told = "\n".join(f"    {event!r:.160}," for event in shorter)
    raise AssertionError(f"{fault}\nSeed {seed}, {len(shorter)} events:\n{told}")


def _fault(seed: int, what: list[Event]) -> str | None:
    """Run events from the start of a seed; return what went wrong, None if nothing did."""
    try:
        with _Desk(seed) as desk:
            for event in what:
                desk.do(event)
    except Exception:
        return traceback.format_exc(limit=-12)
    return None


def _shrunk(seed: int, what: list[Event], fault: str) -> tuple[list[Event], str]:
    """Return fewer events that fail as well: leave out halves, then quarters, at last one by one."""
    until, part = time.monotonic() + _SHRINK, len(what) // 2
    while part and time.monotonic() < until:
        at = 0
        while at < len(what) and time.monotonic() < until:
            fewer = what[:at] + what[at + part :]
            if (found := _fault(seed, fewer)) is None:
                at += part
            else:
                what, fault = fewer, found
        part //= 2
    return what, fault


# -- what may happen ------------------------------------------------------------------------------


def _event(chance: random.Random) -> Event:
    kinds: tuple[tuple[int, Callable[[random.Random], Event]], ...] = (
        (30, _moving_key),
        (22, _table_key),
        (8, _other_key),
        (10, _command),
        (5, _text),
        (4, _line),
        (13, _click),
        (9, lambda c: ("go", c.choice(_places()[c.random() < 0.4]))),
        (5, lambda c: ("wheel", c.random(), c.random(), c.choice([-120, 120, -960, 960]))),
        (1, lambda c: ("drag", c.random(), c.random(), c.random())),
        (2, lambda c: ("size", c.choice([640, 900, 1280, 1700, 2560]), c.randrange(400, 1441))),
        (1, lambda c: ("close", c.random())),
        (1, lambda c: ("open", c.random())),
        (1, lambda c: ("drop", c.randrange(100))),
        (1, lambda c: ("days", c.choice([0.6, 1, 1, 30]))),
        (1, lambda c: ("disk", c.choice(["", "", "The disk is full."]))),
        (2, lambda _: ("issue",)),
        (4, lambda c: ("unlock", c.choice([_PASSPHRASE, _PASSPHRASE, "wrong"]))),
        (1, lambda _: ("wait",)),
    )
    (make,) = chance.choices([make for _, make in kinds], [weight for weight, _ in kinds])
    return make(chance)


@cache
def _places() -> tuple[list[str], list[str]]:
    """Return the questions that are asked, and the blocks."""
    form = the_content().form
    return [q.id for q in form.questions.values() if q.asked], sorted(form.blocks)


def _moving_key(chance: random.Random) -> Event:
    return ("key", *chance.choice(_MOVING), _repeats(chance))


def _other_key(chance: random.Random) -> Event:
    return ("key", *chance.choice(_OTHER), _repeats(chance))


def _repeats(chance: random.Random) -> int:
    return chance.choice([0, 0, 0, 0, 0, 3, 25])


def _table_key(chance: random.Random) -> Event:
    """Any key of the table, perhaps with what it does not stand with."""
    char = chance.choice(
        "0123456789" * 2 + "PYANUTRLBMOCDWSIFGZ" + "ABCDEFGHIJKLMNOPQRSTUVWXYZ" + "./@+-"
    )
    held = chance.choice([_NONE] * 12 + [_SHIFT] * 3 + [_PAD, _CONTROL | _SHIFT, _ALT])
    return ("key", Qt.Key(ord(char)), held, _repeats(chance))


def _command(chance: random.Random) -> Event:
    often = ("find", "undo", "redo", "review", "letter", "next_open", "hints", "more", "urgency")
    if chance.random() < 0.5:
        return ("command", chance.choice(often))
    return ("command", chance.choice([command.id for command in COMMANDS]))


def _text(chance: random.Random) -> Event:
    return (chance.choice(["type", "compose", "paste"]), chance.choice(_TEXTS))


def _line(chance: random.Random) -> Event:
    """A line of quick entry, and what is pressed then."""
    keys = chance.choice(_AFTER_LINE)
    return ("line", chance.choice(_lines()), keys)


@cache
def _lines() -> list[str]:
    return sorted({row.typed for row in rows()})


def _click(chance: random.Random) -> Event:
    button = chance.choice([Qt.MouseButton.LeftButton] * 6 + [Qt.MouseButton.RightButton])
    how = chance.choice(["click"] * 6 + ["double", "move"])
    return (how, button, chance.random(), chance.random(), chance.choice([_NONE] * 5 + [_SHIFT]))


# -- where it happens -----------------------------------------------------------------------------


@cache
def _theme() -> Theme:
    return Theme(application())


def _case(seed: int) -> Case | None:
    chance = random.Random(seed)
    match seed % 4:
        case 0:
            return None
        case 1:
            return case_at(chance.choice(vignettes()))
        case 2:
            return case_at(chance.choice(completed()))
    return decided_case(the_content())


class _Desk:
    """A program with its folder, and someone at it. What goes wrong in it is raised at the end of the event."""

    def __init__(self, seed: int) -> None:
        self._theme = _theme()
        self._before = _alive()
        self._home = Path(tempfile.mkdtemp(prefix="triage-events-"))
        self._key = create_keys(self._home / "store", _PASSPHRASE, cost=CHEAP)
        self._at: datetime = AT
        self._faults: list[str] = []
        # What each case was when its window was closed.
        self._closed: dict[str, tuple[Edit, ...]] = {}
        self._patches = pytest.MonkeyPatch()
        (self._home / "cups").mkdir()
        self._service = Service(self._home / "cups", self._patches)
        self._patch_files(random.Random(seed))
        self._hook, sys.excepthook = sys.excepthook, self._on_exception
        self._handler = qInstallMessageHandler(self._on_message)
        self._ends = QApplication.quitOnLastWindowClosed()
        QApplication.setQuitOnLastWindowClosed(False)
        store = DraftStore(self._home / "store", self._key, lambda: self._at)
        self.program = Program(the_assessor(), store, the_settings(), self._theme, lambda: self._at)
        self.program.lock.refused.connect(self._on_refused)
        self._care = Care(self.program, app_module._back_up)
        # Of what waits for an answer (`exec`) nobody gives one here.
        self._watch = QTimer()
        self._watch.setInterval(50)
        self._watch.timeout.connect(self._on_watch)
        self._watch.start()
        values = dict(_case(seed) or {})
        values.pop("case.date", None)
        self.program.new_window(values)
        self._settle()

    def _patch_files(self, chance: random.Random) -> None:
        """Let dialogs for files end at once, with a file or without one."""
        saved, opened = (str(self._home / "saved.json"), ""), (str(chance.choice(vignettes())), "")
        for name, given in (("getSaveFileName", saved), ("getOpenFileName", opened)):
            found = chance.choice([given, ("", "")])
            self._patches.setattr(QFileDialog, name, lambda *_, found=found: found)
        self._patches.setattr(
            QFileDialog, "getExistingDirectory", lambda *_: str(self._home / "elsewhere")
        )

    def _on_exception(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        self._faults.append("".join(traceback.format_exception(kind, error, trace)))

    def _on_message(self, kind: QtMsgType, where: QMessageLogContext, says: str) -> None:
        if not says.startswith(_PLATFORM) and kind != QtMsgType.QtDebugMsg:
            self._faults.append(f"Qt says: {says}")

    def _on_refused(self, says: str) -> None:
        self._faults.append(f"Not locked: {says}")

    def _on_watch(self) -> None:
        if QThread.currentThread().loopLevel() and (window := QGuiApplication.focusWindow()):
            _press(window, _Key.Key_Escape)

    # -- one event --------------------------------------------------------------------------------

    def do(self, event: Event) -> None:
        """Let something happen, and look at what came of it."""
        if not self.program.windows:
            if self.program.store.writer.is_locked:
                self.program.store.unlock(_PASSPHRASE)
            self._open(0.0)
        sessions = {
            w.session: (w.session.history.n, dict(w.session.case)) for w in self.program.windows
        }
        allowed = _Allowed(self._window, event)
        getattr(self, f"_do_{event[0]}")(*event[1:])
        self._settle()
        for window in self.program.windows:
            if window.session in sessions:
                n, before = sessions[window.session]
                allowed.check(window.session.history.since(n), before)
        self._check_focus()

    @property
    def _window(self) -> MainWindow:
        active = QApplication.activeWindow()
        while active is not None and not isinstance(active, MainWindow):
            active = active.parentWidget()
        return active if active in self.program.windows else self.program.windows[-1]

    def _settle(self) -> None:
        QApplication.processEvents()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        active = QApplication.activeWindow()
        if self.program.windows and (active is None or not active.isVisible()):
            # The platform without a screen has nobody who hands the focus on, from a list that closed neither.
            (_modal() or self.program.windows[-1]).activateWindow()
            QApplication.processEvents()
        if self._faults:
            raise AssertionError("\n".join(self._faults))

    def _check_focus(self) -> None:
        """The focus is on something that can be seen."""
        window = QApplication.activeWindow()
        if window is None or QApplication.activePopupWidget() is not None:
            return
        focused = window.focusWidget()
        assert focused is not None, f"nothing has the focus in {window}"
        assert focused.isVisible(), f"{focused} has the focus and is not shown"

    def _do_key(self, key: Qt.Key, held: Qt.KeyboardModifier, repeats: int) -> None:
        for at in range(repeats + 1):
            if (window := QGuiApplication.focusWindow()) is not None:
                _press(window, key, held, repeat=at > 0)
                QApplication.processEvents()

    def _do_line(self, text: str, keys: tuple[Qt.Key, ...]) -> None:
        self._do_command("find")
        if self._window.quick.palette is None:
            return
        self._window.quick.palette.field.setText(text)
        for key in keys:
            session = self._window.session
            allowed = _Allowed(self._window, ("key", key, _NONE, 0))
            n, before = session.history.n, dict(session.case)
            self._do_key(key, _NONE, 0)
            self._settle()
            allowed.check(session.history.since(n), before)

    def _do_command(self, name: str) -> None:
        # As its menu does: not while something else is to be answered first, or is locked.
        if QApplication.activeModalWidget() is None:
            self._window.actions_[name].trigger()

    def _do_go(self, place: str) -> None:
        """Leave what is open, and go where one wants to be."""
        for _ in range(4):
            if QApplication.activePopupWidget() or QApplication.activeModalWidget():
                self._do_key(_Key.Key_Escape, _NONE, 0)
        if QApplication.activeModalWidget() is None and not self.program.lock.is_locked:
            self._window.go.go_to(place)

    def _do_issue(self) -> None:
        self._do_key(_Key.Key_Return, _CONTROL, 0)
        self._do_key(_Key.Key_I, _NONE, 0)

    def _do_type(self, text: str) -> None:
        for char in text[:40]:
            if char.isascii() and char.isprintable() and (to := QGuiApplication.focusWindow()):
                _press(to, Qt.Key(ord(char.upper())), _SHIFT if char.isupper() else _NONE, char)

    def _do_compose(self, text: str) -> None:
        """As an input method or dictation gives it."""
        if (focused := QApplication.focusWidget()) is None:
            return
        begun, done = QInputMethodEvent(text[:3], []), QInputMethodEvent()
        done.setCommitString(text)
        for event in (begun, done):
            if isValid(focused):
                QApplication.sendEvent(focused, event)

    def _do_paste(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        self._do_key(_Key.Key_V, _CONTROL, 0)

    def _do_click(
        self, button: Qt.MouseButton, which: float, where: float, held: Qt.KeyboardModifier
    ) -> None:
        if (found := _somewhere(which, where)) is not None:
            QTest.mouseClick(found[0].windowHandle(), button, held, found[1])

    def _do_double(
        self, button: Qt.MouseButton, which: float, where: float, held: Qt.KeyboardModifier
    ) -> None:
        if (found := _somewhere(which, where)) is not None:
            QTest.mouseDClick(found[0].windowHandle(), button, held, found[1])

    def _do_move(
        self, button: Qt.MouseButton, which: float, where: float, held: Qt.KeyboardModifier
    ) -> None:
        if (found := _somewhere(which, where)) is not None:
            QTest.mouseMove(found[0].windowHandle(), found[1])

    def _do_drag(self, which: float, begins: float, ends: float) -> None:
        start, end = _somewhere(which, begins), _somewhere(which, ends)
        if start is not None and end is not None:
            window, left = start[0], Qt.MouseButton.LeftButton
            QTest.mousePress(window.windowHandle(), left, _NONE, start[1])
            QTest.mouseMove(window.windowHandle(), end[1])
            if isValid(window) and window.isVisible():
                QTest.mouseRelease(window.windowHandle(), left, _NONE, end[1])

    def _do_wheel(self, which: float, where: float, turned: int) -> None:
        if (found := _somewhere(which, where, over=_TURNED)) is not None:
            QTest.wheelEvent(found[0].windowHandle(), QPointF(found[1]), QPoint(0, turned))

    def _do_size(self, width: int, height: int) -> None:
        self._window.resize(width, height)

    def _do_close(self, which: float) -> None:
        self._close(_one_of(self.program.windows, which))

    def _close(self, window: MainWindow) -> None:
        draft, session = window.saving.draft, window.session
        window.close()
        if window not in self.program.windows and not session.read_only:
            self._closed[draft.id] = session.history.edits

    def _do_open(self, which: float) -> None:
        if len(self.program.windows) < _MOST_WINDOWS and not self.program.lock.is_locked:
            self._open(which)

    def _open(self, which: float) -> None:
        if found := self.program.store.list(limit=8):
            self.program.open_window(_one_of(found, which).id)
        else:
            self.program.new_window()
        self._settle()

    def _do_drop(self, which: int) -> None:
        if len(self.program.windows) < _MOST_WINDOWS:
            data = QMimeData()
            data.setUrls([QUrl.fromLocalFile(str(vignettes()[which % len(vignettes())]))])
            event = QDropEvent(
                QPointF(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, _NONE
            )
            QApplication.sendEvent(self._window, event)

    def _do_days(self, days: float) -> None:
        self._at += timedelta(days=days)
        # The user comes back.
        QApplication.sendEvent(self._window, QEvent(QEvent.Type.ActivationChange))

    def _do_disk(self, says: str) -> None:
        if not self.program.lock.is_locked:
            refuse_saves(self.program.store, says)

    def _do_unlock(self, passphrase: str) -> None:
        if (page := self._window.cover.page) is not None:
            page.passphrase.setText(passphrase)
            page.unlock.click()

    def _do_wait(self) -> None:
        QTest.qWait(400)

    # -- the end ----------------------------------------------------------------------------------

    def __enter__(self) -> _Desk:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: object, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self._end()
        finally:
            self._leave()
        if kind is None:
            left = _alive() - self._before
            assert not left, f"left over: {dict(left)}"

    def _end(self) -> None:
        """Close everything as a user would, and compare the disk with what was on the screen."""
        if self.program.windows:
            self._do_unlock(_PASSPHRASE)
        self._do_disk("")
        while (popup := QApplication.activePopupWidget()) is not None:
            popup.close()
        while (dialog := _modal()) is not None:
            dialog.close()
            self._settle()
        for window in list(self.program.windows):
            self._close(window)
        self._settle()
        assert not self.program.windows
        self.program.store.close()
        with Drafts.open(self.program.store.folder, self._key) as drafts:
            assert drafts.verify() == []
            there = {info.id for show in ("all", "bin") for info in drafts.list(show=show)}
            for draft in self._closed.keys() & there:
                history = drafts.history(draft)
                assert history.edits == self._closed[draft], draft
                assert dict(history.case) == _fold(history.edits), draft

    def _leave(self) -> None:
        self._watch.stop()
        for widget in QApplication.topLevelWidgets():
            widget.hide()
            if isinstance(widget, MainWindow | QDialog):
                widget.deleteLater()
        self.program.store.close()
        self._theme.set_zoom(100)
        self._theme.choose("")
        self.program.deleteLater()
        del self.program, self._care
        QToolTip.hideText()
        # Qt takes a moment for a tooltip.
        for _ in range(2):
            QApplication.processEvents()
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
            gc.collect()
        self._service.close()
        self._patches.undo()
        sys.excepthook = self._hook
        qInstallMessageHandler(self._handler)
        QApplication.setQuitOnLastWindowClosed(self._ends)
        shutil.rmtree(self._home, ignore_errors=True)


def _fold(edits: tuple[Edit, ...]) -> dict[str, Any]:
    case: dict[str, Any] = {}
    for edit in edits:
        case.pop(edit.key, None)
        if edit.new is not None:
            case[edit.key] = edit.new
    return case


def _alive() -> Counter[str]:
    """Return how many there are of each kind of widget, and of the other objects of the program."""
    gc.collect()
    own = (o for o in gc.get_objects() if isinstance(o, QObject | Session))
    mine = [
        o for o in own if type(o).__module__.startswith("triage") and not isinstance(o, QWidget)
    ]
    found = [*mine, *QApplication.allWidgets()]
    names = (f"{type(each).__name__} {_name_of(each)}".strip() for each in found)
    # Qt keeps its one tooltip for the next time.
    return Counter(name for name in names if "QTipLabel" not in name and "qtooltip" not in name)


def _name_of(each: object) -> str:
    return each.objectName() if isinstance(each, QWidget) else ""


def _modal() -> QWidget | None:
    shown = [w for w in QApplication.topLevelWidgets() if w.isVisible() and isinstance(w, QDialog)]
    return QApplication.activeModalWidget() or next(iter(shown), None)


def _one_of(there: list[Any], share: float) -> Any:
    return there[int(share * len(there))]


def _press(
    window: QWindow,
    key: Qt.Key,
    held: Qt.KeyboardModifier = _NONE,
    text: str = "",
    *,
    repeat: bool = False,
) -> None:
    """Press a key and let it go, by the whole way through Qt."""
    text = text or _text_of(key, held)
    for down in (True, False):
        if isValid(window) and not (repeat and not down):
            QTest.simulateEvent(window, down, int(key), held, text, repeat)


def _text_of(key: Qt.Key, held: Qt.KeyboardModifier) -> str:
    named = {_Key.Key_Return: "\r", _Key.Key_Enter: "\r", _Key.Key_Tab: "\t", _Key.Key_Space: " "}
    if held & (_CONTROL | _ALT):
        return ""
    if 0x20 < int(key) < 0x7F:
        return chr(key) if held & _SHIFT else chr(key).lower()
    return named.get(key, "")


def _somewhere(
    which: float, where: float, over: type[QWidget] | UnionType = QWidget
) -> tuple[QWidget, QPoint] | None:
    """Return a place in one of the widgets that can be seen in the window that takes the pointer.

    Half of the time it is one of the kinds `over`, if there are any.
    """
    window = (
        QApplication.activePopupWidget()
        or QApplication.activeModalWidget()
        or QApplication.activeWindow()
    )
    if window is None or window.windowHandle() is None:
        return None
    seen = [w for w in window.findChildren(QWidget) if w.isVisible() and not w.isWindow()]
    boxes = [(w, w.visibleRegion().boundingRect()) for w in [*seen, window]]
    inside = [(w, box) for w, box in boxes if not box.isEmpty()]
    if not inside:
        return None
    if which < 0.5 and (wanted := [(w, box) for w, box in inside if isinstance(w, over)]):
        which, inside = 2 * which, wanted
    widget, box = _one_of(inside, which)
    at = box.topLeft() + QPoint(int(where * box.width()), int((where * 7 % 1) * box.height()))
    return window, widget.mapTo(window, at)


# -- what may record ------------------------------------------------------------------------------


class _Allowed:
    """Which answers an event may give, from where the focus is before it."""

    def __init__(self, window: MainWindow, event: Event) -> None:
        self._event = event
        self._focused = focused = QApplication.focusWidget()
        self._place = place_of(focused)
        self._question = _question_of(focused)
        self._types = isinstance(focused, QLineEdit | QPlainTextEdit)
        self._typed = len(_typed_at(focused))
        self._in_form = (
            QApplication.activeModalWidget() is None
            and QApplication.activePopupWidget() is None
            and isinstance(QApplication.activeWindow(), MainWindow)
            and not isinstance(focused, Hints)
        )
        self._is_typing = self._types and bool(self._question)
        self._quick = window.quick.palette if self._place is Place.PALETTE else None
        self._coming = self._quick.preview if self._quick is not None else None
        self._leads = self._quick is not None and self._quick.list.currentIndex().isValid()

    def check(self, edits: tuple[Edit, ...], before: dict[str, Any]) -> None:
        """Raise if the event gave an answer that it may not give."""
        if not edits:
            return
        # A menu may be chosen while it is open, a click beside it leaves it, and what is several keys may do more.
        is_open = self._quick is not None and isValid(self._quick) and self._quick.isVisible()
        left = self._event[0] in _POINTED and not is_open
        if self._coming is not None and not (self._leads or left or self._event[0] in _SEVERAL):
            assert self._event[0] == "key", f"recorded by {self._event[0]} in quick entry: {edits}"
            shown = self._coming.changes if self._coming.is_ready else {}
            assert {e.key: e.new for e in edits} == shown, f"not as shown: {edits}"
            assert not self._coming.by_key or self._event[1] == _Key.Key_0
            return
        if not self._may_record:
            # What stands in a field is read when it is left.
            strange = [e for e in edits if not (self._types and self._is_here(e.key))]
            assert not strange, (
                f"recorded by what only moves, at {self._focused}, {self._place}: {strange}"
            )
        if self._event[0] == "key" and self._in_form:
            blocks = [e for e in edits if isinstance(e.new, Finding | Choice) and e.new.block]
            assert not blocks or self._may_block, f"a block was recorded: {blocks}"

    def _is_here(self, key: str) -> bool:
        if key.startswith(("note.", "letter.", "decision.", "urgency")):
            return not self._question
        question = the_content().form.question_of(key)
        return question is not None and question.id == self._question

    @property
    def _may_record(self) -> bool:
        match self._event:
            case ("key", key, held, repeats):
                return self._key_may(key, held, bool(repeats))
            case ("wheel" | "size" | "move" | "days" | "unlock" | "disk" | "wait" | "open", *_):
                return False
            case ("command", name):
                return next(c.changes for c in COMMANDS if c.id == name)
            case _:
                return True

    @property
    def _may_block(self) -> bool:
        _, key, held, _ = self._event
        if held & _CONTROL:
            return True
        zero = self._place is Place.BLOCK and key == _Key.Key_0
        return zero or (self._place is Place.GRID and key == _Key.Key_Period)

    def _key_may(self, key: Qt.Key, held: Qt.KeyboardModifier, is_held: bool) -> bool:
        if key in _STEPS_ON or key in (_Key.Key_Escape, _Key.Key_Backspace):
            # In a text these write nothing either, but for Backspace.
            return self._types and key == _Key.Key_Backspace
        event = QKeyEvent(QEvent.Type.KeyPress, key, held, _text_of(key, held))
        if not self._in_form or (self._types and is_plain(event)):
            return True
        names = set(names_of(event))
        if any(c.changes and not names.isdisjoint(_as_named(c.keys)) for c in COMMANDS):
            return True
        if not is_plain(event):
            # Pasted or cut.
            return key in (_Key.Key_V, _Key.Key_X, _Key.Key_Delete)
        acts = TABLE[self._place]
        if self._place is Place.ROWS and self._typed > 1:
            # The third character of a word or number begins a row with it.
            return _text_of(key, held).isprintable() and bool(_text_of(key, held))
        if key == _Key.Key_Space:
            return self._place not in (Place.BLOCK, Place.ROWS)
        return any(act.records and _is_of(act, names) for act in acts)


def _as_named(keys: tuple[str, ...]) -> set[str]:
    return {key.replace("Return", "Enter") for key in keys}


def _is_of(act: Act, names: set[str]) -> bool:
    keys = act.keys.replace("…", " ").split(" ")
    if "\u00a0" in act.keys:
        return any(len(name) == 1 and name.isalpha() for name in names)
    if "…" in act.keys:
        return any(len(name) == 1 and keys[0] <= name <= keys[1] for name in names)
    return not names.isdisjoint(keys)


def _typed_at(widget: QWidget | None) -> str:
    """Return what is being typed beside the rows of a table."""
    while widget is not None and not isinstance(widget, TableWidget):
        widget = widget.parentWidget()
    return widget.typed if widget is not None else ""


def _question_of(widget: QWidget | None) -> str:
    while widget is not None:
        if isinstance(widget, QuestionWidget):
            return widget.name
        widget = widget.parentWidget()
    return ""
