"""The processes that the benchmarks start: a bare window, and the program as a user meets it.

Each prints one line of JSON. Times count from the moment the parent started the process.
"""

from __future__ import annotations

import gc
import json
import os
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtCore import QCoreApplication
    from PySide6.QtWidgets import QWidget

    from triage.content.form import Slot
    from triage.qt.window import MainWindow
    from triage.session import Session
    from triage.session.draft import DraftStore

KEY = bytes(range(32))
# Of each kind of answer of the fullest case at most so many are changed, chosen at random: all of them take minutes.
_EACH, _SEED = 40, 10
# What a turn of the loop takes in which nothing is left to do, at most, in seconds.
_AT_REST = 0.001
# Set in one process, and after how many of them its memory is what it will be.
_LETTERS, _FIRST_LETTERS = 1000, 100


def since_start() -> float:
    """Return the milliseconds since the parent started this process."""
    return (time.monotonic() - float(os.environ["TRIAGE_BENCH_STARTED"])) * 1000


def resident() -> float:
    """Return the resident memory of this process in MB; 0 where the system does not say."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def bare() -> dict[str, object]:
    """Show a window with one line edit until it has painted and took a key.

    Of the program nothing is loaded: what counts is what any window costs.
    """
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication, QLineEdit, QMainWindow

    app = QApplication([])
    window = QMainWindow()
    edit = QLineEdit()
    window.setCentralWidget(edit)
    window.resize(1280, 720)
    window.show()
    QTest.qWaitForWindowExposed(window)
    edit.setFocus()
    app.processEvents()
    QTest.keyClick(edit, Qt.Key.Key_A)
    window.grab()
    ready, used = since_start(), resident()
    assert edit.text() == "a"
    return {"ready": ready, "resident": used}


def unopened() -> dict[str, object]:
    """Show the bare window, load what the program's window needs, read the content and compile its rules.

    That is all that a start does before it makes its window.
    """
    bare()
    from triage.qt import app, program  # noqa: F401

    told: dict[str, object] = {"imports": since_start(), "resident": resident()}
    from triage.rules.assess import Assessor

    kept = Assessor(app.read_content())
    told |= {"read": since_start(), "resident_read": resident()}
    del kept
    return told


def window() -> dict[str, object]:
    """Open the program on a new case until its first section is painted and took a key."""
    opened = _open()
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest

    _show(opened)
    opened.begin(anew=True)
    first = _focused()
    QTest.keyClick(first, Qt.Key.Key_A)
    opened.grab()
    ready = since_start()
    # What is typed is recorded when the field is left.
    QTest.keyClick(first, Qt.Key.Key_Tab)
    assert "patient.family_name" in opened.session.case
    opened.close()
    return {"ready": ready, "resident": resident()}


def listed() -> dict[str, object]:
    """Open the program on a new case beside the list of drafts until that is painted and took a key."""
    store = _store()
    opened = _open(store)
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest

    _show(opened)
    from triage.qt.app import now
    from triage.qt.drafts.cases import CasesDialog
    from triage.session.cases import Cases
    from triage.settings import Settings

    cases = Cases(store, opened.session.assessor, Settings(), now)
    dialog = CasesDialog(cases, opened)
    dialog.load()
    dialog.open()
    QTest.qWaitForWindowExposed(dialog)
    QTest.keyClick(dialog.search, Qt.Key.Key_S)
    dialog.grab()
    ready = since_start()
    dialog.reject()
    opened.close()
    return {"ready": ready}


def keystroke(of: str) -> dict[str, object]:
    """Change answers of every kind of a case, and time each until the panel has painted what follows.

    `of` is the fullest case or the sample, in which answers bring up questions that no one saw before.

    A finding is changed by its key, any other answer as its widget writes it. What counts is the processor's time in
    the thread of the window: what another program does at the same time does not.
    """
    opened, app = _at_rest(of)
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest

    from triage.bench.everything import value_of
    from triage.model.values import Finding, is_present

    keys = (Qt.Key.Key_P, Qt.Key.Key_A)
    session, told = opened.session, list[bool]()
    opened.panel.assessment_shown.connect(lambda: told.append(True))
    taken: dict[str, list[float]] = {}
    for n, slot in _chosen(session):
        opened.go.go_to(slot.key)
        _idle(app)
        before = session.case[slot.key]
        is_key = isinstance(before, Finding) and slot.option is None
        key = keys[is_present(before)]
        others = (value_of(session.content, slot, n + more) for more in range(1, 5))
        value = next((other for other in others if other != before), None)
        focus = _focused()
        told.clear()
        start = time.thread_time()
        if is_key:
            QTest.keyClick(focus, key)
        if session.case.get(slot.key) == before:
            session.set(slot.key, value)
        while not told:
            app.processEvents()
        # What the panel changed is painted.
        app.processEvents()
        taken.setdefault(slot.kind, []).append((time.thread_time() - start) * 1000)
        # Each is changed in the same case: one birth date of many makes a child of the patient, whom no rule advises.
        session.undo()
    floor = [_repainted(opened) for _ in range(50)]
    opened.close()
    return {"taken": taken, "floor": floor}


def _chosen(session: Session) -> list[tuple[int, Slot]]:
    """Return answers over all kinds, in the order of the form, each with its place there."""
    by_kind: dict[str, list[tuple[int, Slot]]] = {}
    for n, slot in enumerate(session.form.slots.values()):
        # What is answered otherwise makes a few questions senseless; they are out of sight then.
        if slot.key in session.case and session.is_shown(slot.question):
            by_kind.setdefault(slot.kind, []).append((n, slot))
    chance = random.Random(_SEED)
    found = (chance.sample(slots, min(_EACH, len(slots))) for slots in by_kind.values())
    return sorted((one for some in found for one in some), key=lambda one: one[0])


def sections(rest: str) -> dict[str, object]:
    """Show each section of the fullest case until it is painted, for the first time and again; then larger text.

    `rest` is how long the one before is looked at, in seconds: meanwhile the window makes the next one.
    """
    opened, app = _at_rest()
    first, later = dict[str, float](), dict[str, float]()
    names = list(opened.session.form.sections)
    for found in (first, later):
        for name in [*names[1:], names[0]]:
            start = time.thread_time()
            opened.go.show_section(name)
            app.processEvents()
            app.processEvents()
            found[name] = (time.thread_time() - start) * 1000
            _idle(app, float(rest))
    sizes: dict[str, list[float]] = {}
    for section in (names[0], max(later, key=lambda name: later[name])):
        opened.go.show_section(section)
        _idle(app, float(rest))
        for name in ("zoom_in", "zoom_in", "zoom_out", "zoom_out"):
            start = time.thread_time()
            opened.actions_[name].trigger()
            app.processEvents()
            app.processEvents()
            sizes.setdefault(section, []).append((time.thread_time() - start) * 1000)
            _idle(app, float(rest))
    opened.close()
    return {"first": first, "later": later, "sizes": sizes}


def _at_rest(of: str = "fullest") -> tuple[MainWindow, QCoreApplication]:
    """Return the window on the case that answers everything, or on the sample, at rest, and the application."""
    opened = _open()
    from PySide6.QtWidgets import QApplication

    from triage.bench.cases import sample
    from triage.bench.everything import decided_case

    case = decided_case(opened.session.content) if of == "fullest" else sample()
    opened.session.set_all(dict(case))
    _show(opened)
    app = QApplication.instance()
    assert app is not None
    _idle(app)
    return opened, app


def _repainted(opened: MainWindow) -> float:
    """Return the milliseconds in which the panel paints all that it shows, and decides nothing."""
    start = time.thread_time()
    opened.panel.repaint()
    return (time.thread_time() - start) * 1000


def memory() -> dict[str, object]:
    """Measure memory with the sample open, before and after the first preview of its letter."""
    opened = _open()
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest

    from triage.bench.cases import sample
    from triage.qt.showcase import settle

    opened.session.set_all(dict(sample()))
    _show(opened)
    before = resident()
    QTest.keyClick(opened, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    settle(500)
    opened.grab()
    after = resident()
    opened.close()
    return {"before": before, "after": after}


def _store() -> DraftStore:
    """Open the store with a key that is given."""
    from triage.qt.app import now
    from triage.session.draft import DraftStore

    return DraftStore(Path(os.environ["TRIAGE_HOME"]), KEY, now)


def _open(store: DraftStore | None = None) -> MainWindow:
    """Return the window on a new case.

    As in the program the collector rests until the window stands.
    """
    gc.disable()
    from triage.collector import spare_what_stands
    from triage.qt.app import application, now, read_content
    from triage.qt.parts.theme import Theme
    from triage.qt.program import make_window
    from triage.rules.assess import Assessor
    from triage.settings import Settings

    app = application()
    content = read_content()
    opened = (store or _store()).create(content)
    window = make_window(Assessor(content), opened, Settings(), Theme(app), now)
    spare_what_stands()
    return window


def _show(opened: MainWindow) -> None:
    from PySide6.QtTest import QTest

    opened.resize(1280, 720)
    opened.show()
    QTest.qWaitForWindowExposed(opened)


def _focused() -> QWidget:
    from PySide6.QtWidgets import QApplication

    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def _idle(app: QCoreApplication, least: float = 0.02) -> None:
    """Let what the last key set going come to rest, so that it does not count for the next one."""
    end = time.perf_counter() + least
    turn = 1.0
    # A turn that placed or painted much sets the next one going.
    while time.perf_counter() < end or turn > _AT_REST:
        start = time.thread_time()
        app.processEvents()
        turn = time.thread_time() - start


def letters() -> dict[str, object]:
    """Set a thousand letters of which no two are alike, and tell the memory after the first hundred and at the end."""
    from triage.bench.cases import letter_of, set_letter

    found: dict[str, object] = {}
    for n in range(1, _LETTERS + 1):
        set_letter(letter_of(n))
        if n in (_FIRST_LETTERS, _LETTERS):
            gc.collect()
            found["first" if n == _FIRST_LETTERS else "last"] = resident()
    return found


def effort(path: str) -> dict[str, object]:
    """Fill in one completed case by keyboard, to the issued letter."""
    from triage.bench.effort import play

    return play(Path(path), Path(os.environ["TRIAGE_HOME"]))._asdict()


def pasted(path: str) -> dict[str, object]:
    """Fill in one completed case whose patient's details are pasted."""
    from triage.bench.effort import play

    return play(Path(path), Path(os.environ["TRIAGE_HOME"]), copied=True)._asdict()


def visit(path: str) -> dict[str, object]:
    """Fill in a further visit of the patient of one completed case, at which all is as it was."""
    from triage.bench.effort import play

    return play(Path(path), Path(os.environ["TRIAGE_HOME"]), again=True)._asdict()


if __name__ == "__main__":
    tasks: dict[str, Callable[..., dict[str, object]]] = {
        "letters": letters,
        "bare": bare,
        "unopened": unopened,
        "window": window,
        "listed": listed,
        "keystroke": keystroke,
        "sections": sections,
        "memory": memory,
        "effort": effort,
        "pasted": pasted,
        "visit": visit,
    }
    print(json.dumps(tasks[sys.argv[1]](*sys.argv[2:])))
