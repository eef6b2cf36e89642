"""Helpers for tests of questions: fresh sessions, and keys and clicks as a user gives them."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from triage.model.history import History
from triage.qt.ask.questions import QuestionWidget, make_widget
from triage.qt.ask.section import SectionView
from triage.session import Session

from ..conftest import AT, case_from, the_assessor, the_content


def fresh(given: dict[str, object] | None = None, *, read_only: bool = False) -> Session:
    """Return a session, with the answers of a CASE.json if one is given."""
    session = Session(the_assessor(), History(), lambda: AT)
    if given is not None:
        case = case_from({"triage_case": 1, "date": "2026-11-22", "answers": given})
        session.set_all(dict(case))
    session.read_only = read_only
    return session


def ask(qtbot, session: Session, name: str) -> QuestionWidget:
    """Return the shown widget of one question, with the focus on it, refreshed by the session."""
    widget = make_widget(session, the_content().form.questions[name])
    qtbot.addWidget(widget)
    session.subscribe(lambda changed: widget.refresh())
    widget.resize(600, widget.heightForWidth(600))
    widget.show()
    widget.activateWindow()
    QApplication.processEvents()
    widget.take_focus()
    return widget


def section(qtbot, session: Session, name: str) -> SectionView:
    """Return the shown view of one section."""
    view = SectionView(session)
    qtbot.addWidget(view)
    view.resize(640, 720)
    view.show()
    view.activateWindow()
    view.show_section(name)
    QApplication.processEvents()
    return view


def press(*keys: str | Qt.Key) -> None:
    """Press keys where the focus is."""
    for key in keys:
        target = QApplication.focusWidget()
        assert target is not None, "nothing has the focus"
        QTest.keyClick(target, key)


def press_at(at: int, key: Qt.Key, text: str = "") -> None:
    """Press a key where the focus is, at a time in milliseconds."""
    target = QApplication.focusWidget()
    assert target is not None, "nothing has the focus"
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        event = QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, text)
        event.setTimestamp(at)
        QApplication.sendEvent(target, event)


def hold(key: Qt.Key, text: str = "", repeats: int = 40) -> None:
    """Press a key and hold it down: the repeats go to whatever has the focus by then."""
    plain = Qt.KeyboardModifier.NoModifier
    for at in range(repeats + 1):
        target = QApplication.focusWidget()
        assert target is not None, "nothing has the focus"
        for kind in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress):
            event = QKeyEvent(kind, key, plain, text, at > 0)
            event.setTimestamp(1000 * at)
            QApplication.sendEvent(target, event)
        QApplication.processEvents()


def type_in(text: str) -> None:
    """Type a text where the focus is."""
    target = QApplication.focusWidget()
    assert target is not None, "nothing has the focus"
    QTest.keyClicks(target, text)


def press_button(qtbot: QtBot, button: QWidget) -> None:
    """Click a button, and let what follows happen."""
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    QApplication.processEvents()


def click(widget: QWidget) -> None:
    """Click a widget."""
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def turn_wheel(widget: QWidget, steps: int = -3) -> bool:
    """Turn the wheel over a widget; return whether it used the event."""
    middle = QPointF(widget.width() / 2, widget.height() / 2)
    event = QWheelEvent(
        middle,
        widget.mapToGlobal(middle),
        QPoint(0, 0),
        QPoint(0, 120 * steps),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, event)
    return event.isAccepted()
