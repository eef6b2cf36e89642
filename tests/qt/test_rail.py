"""The rail: the ring says where the focus is, the bar what is in view."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from tests.qt.conftest import Desk
from triage.qt.parts.colours import LIGHT
from triage.qt.window import MainWindow


def _colours_in(widget: QWidget, box: QRect) -> set[str]:
    QApplication.processEvents()
    image = widget.grab(box).toImage()
    return {
        image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())
    }


def _row(window: MainWindow) -> QRect:
    return window.rail.list.visualRect(window.rail.list.currentIndex())


def _is_marked(window: MainWindow, part: QWidget, box: QRect) -> bool:
    """Whether the bar of what is in view stands at the left edge of the rail beside a box of one of its parts."""
    at = part.mapTo(window.rail, box.topLeft()).y() + box.height() // 2
    edge = QRect(QPoint(0, at), QPoint(3, at))
    return QColor(LIGHT.ink2).name() in _colours_in(window.rail, edge)


def test_the_section_that_has_the_focus_has_the_ring(desk: Desk) -> None:
    window, sections = desk.window, desk.window.rail.list
    window.rail.next.setFocus()
    accent = QColor(LIGHT.accent).name()
    assert accent not in _colours_in(sections.viewport(), _row(window))
    sections.setFocus()
    assert accent in _colours_in(sections.viewport(), _row(window))
    QTest.keyClick(sections, Qt.Key.Key_Down)
    assert accent in _colours_in(sections.viewport(), _row(window))


@pytest.mark.parametrize("page", ["letter", "review"])
def test_the_rail_marks_the_letter_and_the_review_while_they_are_shown(
    desk: Desk, page: str
) -> None:
    window = desk.window
    button = {"letter": window.rail.letter, "review": window.rail.review}[page]
    back: Callable[[], None] = {"letter": window.go.show_work, "review": window.go.show_form}[page]
    marked = [_is_marked(window, window.rail.list.viewport(), _row(window))]
    marked.append(_is_marked(window, button, button.rect()))
    window.actions_[page].trigger()
    marked.append(_is_marked(window, window.rail.list.viewport(), _row(window)))
    marked.append(_is_marked(window, button, button.rect()))
    assert marked == [True, False, False, True]
    assert button.accessibleDescription() == "Shown now"
    back()
    assert _is_marked(window, window.rail.list.viewport(), _row(window))
    assert not _is_marked(window, button, button.rect())
    assert not button.accessibleDescription()
