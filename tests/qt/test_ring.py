"""Chosen is a fill, focus is a ring: round buttons too, outside of them, wherever they stand."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QRect
from PySide6.QtGui import QColor, QImage, QPaintEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QDialogButtonBox,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from tests.qt.clinic import Clinic
from tests.qt.conftest import Desk
from triage.model.case import Case
from triage.qt.letter.confirm import IssueDialog
from triage.qt.panel.urgency_dialog import UrgencyDialog
from triage.qt.parts.colours import RING_ROOM, SCHEMES
from triage.qt.parts.ring import Ring
from triage.qt.parts.segments import Segment
from triage.qt.parts.theme import Theme


def _shown(widget: QWidget) -> QImage:
    QApplication.processEvents()
    return widget.grab().toImage()


def _is_ringed(button: QWidget, accent: str, sides: int = 4) -> bool:
    """Whether a ring stands three pixels out of all four sides of a button, or all but its top."""
    window = button.window()
    image = _shown(window)
    box = QRect(button.mapTo(window, QPoint()), button.size()).adjusted(-3, -3, 3, 3)
    middle = box.center()
    points = (
        QPoint(middle.x(), box.bottom()),
        QPoint(box.left(), middle.y()),
        QPoint(box.right(), middle.y()),
        QPoint(middle.x(), box.top()),
    )
    return all(image.pixelColor(point) == QColor(accent) for point in points[:sides])


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_filled_button_keeps_its_fill_and_gets_a_ring(
    desk: Desk, theme: Theme, scheme: str
) -> None:
    theme.choose(scheme)
    try:
        button, other = desk.window.rail.letter, desk.window.rail.next
        other.setFocus()
        at_rest = _shown(button)
        assert not _is_ringed(button, SCHEMES[scheme].accent)
        button.setFocus()
        assert _is_ringed(button, SCHEMES[scheme].accent)
        assert not _is_ringed(other, SCHEMES[scheme].accent)
        assert _shown(button) == at_rest
    finally:
        theme.choose("light")


def test_there_is_one_ring_and_it_goes_with_the_focus(desk: Desk) -> None:
    for button in (desk.window.rail.review, desk.window.panel.banner.set_urgency):
        button.setFocus()
    desk.window.panel.tabs.setFocus()
    QApplication.sendPostedEvents(None, 0)
    assert not [ring for ring in desk.window.findChildren(Ring) if ring.isVisible()]


def test_it_follows_what_moves_and_hides_with_it(desk: Desk, theme: Theme) -> None:
    button = desk.window.panel.banner.set_urgency
    button.setFocus()
    accent = SCHEMES["light"].accent
    theme.choose("light")
    desk.window.resize(1500, 800)
    assert _is_ringed(button, accent)
    theme.set_zoom(110)
    assert _is_ringed(button, accent)
    desk.window.header.hide()
    assert _is_ringed(button, accent)


def test_it_scrolls_with_its_button(desk: Desk, theme: Theme, sample: Case) -> None:
    theme.choose("light")
    undecided = {key: value for key, value in sample.items() if not key.startswith("decision.")}
    desk.take(Case(undecided))
    desk.window.actions_["show_tests"].trigger()
    tests = desk.window.panel.tests
    area = tests.parentWidget().parentWidget()
    assert isinstance(area, QScrollArea)
    tests.accept_all.setFocus()
    for at in (0, 5):
        area.verticalScrollBar().setValue(at)
        assert area.verticalScrollBar().value() == at
        # Its top goes out of sight with the line.
        assert _is_ringed(tests.accept_all, SCHEMES["light"].accent, sides=3)


def test_it_stands_in_dialogs(desk: Desk, theme: Theme, sample: Case) -> None:
    theme.choose("light")
    desk.take(sample)
    desk.window.actions_["urgency"].trigger()
    (dialog,) = desk.window.findChildren(UrgencyDialog)
    # The box of the buttons leaves no room round them.
    assert isinstance(dialog.keep.parent(), QDialogButtonBox)
    dialog.activateWindow()
    dialog.keep.setFocus()
    assert _is_ringed(dialog.keep, SCHEMES["light"].accent)


def test_the_issue_dialog_opens_with_the_ring_on_the_way_back(
    qtbot: QtBot, desk: Desk, theme: Theme, sample: Case
) -> None:
    theme.choose("light")
    desk.take(sample)
    desk.window.actions_["issue"].trigger()
    dialogs = desk.window.findChildren(IssueDialog)
    qtbot.waitUntil(lambda: dialogs[0].back.hasFocus())
    assert _is_ringed(dialogs[0].back, SCHEMES["light"].accent)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_without_colours_what_is_under_the_mouse_has_a_heavier_border(
    qtbot: QtBot, theme: Theme, scheme: str
) -> None:
    theme.choose(scheme)
    try:
        window = QWidget()
        qtbot.addWidget(window)
        button, segment, field = QPushButton("Open", window), Segment("a", "Any"), QLineEdit(window)
        row = QVBoxLayout(window)
        for part in (button, segment, field):
            row.addWidget(part)
        window.show()
        qtbot.waitExposed(window)
        for part, edge in ((button, 0), (segment, RING_ROOM), (field, 0)):
            QTest.mouseMove(window, QPoint(1, 1))
            at_rest, size = _shown(part), part.sizeHint()
            inside = QPoint(part.width() // 2, edge + 1)
            QTest.mouseMove(part, QPoint(part.width() // 2, part.height() // 2))
            hovered = _shown(part)
            is_heavy = hovered.pixelColor(inside) == QColor(SCHEMES[scheme].ink2)
            assert is_heavy is (scheme == "high contrast")
            assert at_rest.pixelColor(inside) != QColor(SCHEMES[scheme].ink2)
            assert part.sizeHint() == size
    finally:
        theme.choose("")


@pytest.mark.parametrize("scheme", SCHEMES)
def test_without_colours_a_link_is_underlined(desk: Desk, theme: Theme, scheme: str) -> None:
    theme.choose(scheme)
    try:
        link = desk.window.panel.banner.set_urgency
        assert link.property("role") == "quiet"
        image, accent = _shown(link), QColor(SCHEMES[scheme].accent)
        rows = [
            sum(image.pixelColor(x, y) == accent for x in range(image.width()))
            for y in range(image.height())
        ]
        words = link.fontMetrics().horizontalAdvance(link.text()) - 4
        assert (max(rows) >= words) is (scheme == "high contrast")
    finally:
        theme.choose("")


class _Painted(QObject):
    """Notes what of a widget is painted."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.boxes: list[QRect] = []
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if isinstance(event, QPaintEvent):
            self.boxes.append(event.rect())
        return False


def test_the_frame_of_a_block_goes_with_the_focus(clinic: Clinic) -> None:
    window = clinic.program.new_window()
    window.go.go_to("breath")
    row = window.questions.page.widget_of("breath")
    QApplication.processEvents()
    painted = _Painted(row)
    window.panel.take_focus()
    QApplication.processEvents()
    assert row.rect() in painted.boxes
