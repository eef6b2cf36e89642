"""Every text has the size that was chosen, also what was there before."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QLabel, QLayout, QMenu, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from tests.qt.asking import fresh, section
from tests.qt.conftest import Desk
from triage.bench.everything import decided_case
from triage.qt.ask.section_page import SectionPage
from triage.qt.parts.flow import place_pending
from triage.qt.parts.theme import Theme, is_sized, set_role
from triage.qt.shell.rail import Rail


def _sizes(window: QWidget) -> dict[QWidget, float]:
    return {w: w.font().pointSizeF() for w in (window, *window.findChildren(QWidget))}


def test_all_that_is_shown_grows_by_the_same_share(qtbot: QtBot, desk: Desk, theme: Theme) -> None:
    desk.window.show()
    desk.window.go.show_section("exam")
    for widget in desk.window.findChildren(QWidget):
        widget.ensurePolished()
    before = _sizes(desk.window)
    bold = {w for w in before if isinstance(w, QLabel) and w.font().bold()}
    assert bold
    assert len({round(size, 1) for size in before.values()}) > 2
    theme.set_zoom(150)
    after = _sizes(desk.window)
    shares = {round(after[widget] / size, 2) for widget, size in before.items() if widget in after}
    assert shares == {1.5}
    assert {w for w in before if isinstance(w, QLabel) and w.font().bold()} == bold
    theme.set_zoom(100)
    again = _sizes(desk.window)
    assert {w: size for w, size in again.items() if w in before} == pytest.approx(before)


def test_the_size_follows_also_after_another_scheme_of_colours(desk: Desk, theme: Theme) -> None:
    theme.set_zoom(150)
    try:
        theme.choose("dark")
        theme.set_zoom(100)
        button = desk.window.rail.letter
        assert button.font().pointSizeF() == pytest.approx(QApplication.font().pointSizeF())
        assert button.font().bold()
    finally:
        theme.choose("")


def test_links_of_a_grid_follow_after_another_scheme_and_keep_their_line(
    qtbot: QtBot, theme: Theme
) -> None:
    view = section(qtbot, fresh(), "exam")
    qtbot.waitUntil(lambda: view.page.is_ready, timeout=20_000)
    try:
        for zoom in (150, 100):
            theme.set_zoom(zoom)
            QApplication.processEvents()
            qtbot.waitUntil(lambda: not view.page.has_late, timeout=20_000)
            theme.choose("high contrast")
        parts = view.page.findChildren(QPushButton)
        links = [part for part in parts if part.property("role") == "quiet" and part.isVisible()]
        assert len(links) > 3
        assert {link.font().pointSizeF() for link in links} == {QApplication.font().pointSizeF()}
        assert all(link.font().underline() for link in links)
    finally:
        theme.choose("")
        theme.set_zoom(100)


def test_a_window_that_comes_later_has_the_size_and_a_role_keeps_its_share(
    qtbot: QtBot, theme: Theme
) -> None:
    usual = QApplication.font().pointSizeF()
    theme.set_zoom(200)
    late = QWidget()
    qtbot.addWidget(late)
    label = QLabel("small", late)
    set_role(label, "small")
    late.show()
    assert late.font().pointSizeF() == pytest.approx(2 * usual)
    assert label.font().pointSizeF() == pytest.approx(2 * usual * 12.5 / 14)
    # Another role without a size of its own takes that of what it stands in.
    set_role(label, "muted")
    assert label.font().pointSizeF() == pytest.approx(2 * usual)


def test_a_page_out_of_sight_takes_the_size_when_it_is_seen(qtbot: QtBot, theme: Theme) -> None:
    theme.set_zoom(100)
    view = section(qtbot, fresh(), "patient")
    for name in ("goals", "review", "patient"):
        view.show_section(name)
        qtbot.waitUntil(lambda: view.page.is_ready, timeout=20_000)
    # The next section may be made ahead at any moment.
    seen = ("goals", "review", "patient")
    before = {name: _sizes(view._pages[name]) for name in seen}
    theme.set_zoom(150)
    QApplication.processEvents()
    # The page in sight at once, and no other with it.
    assert [name for name in before if view._pages[name].is_sized] == ["patient"]
    for name in before:
        page = view._pages[name]
        view.show_section(name)
        qtbot.waitUntil(lambda page=page: page.is_ready and not page.has_late, timeout=20_000)
        after = _sizes(page)
        assert {round(after[w] / size, 2) for w, size in before[name].items()} == {1.5}
        # Nothing is cut: each has the height that it needs in this size.
        qtbot.waitUntil(lambda page=page: not _cut(page), timeout=20_000)


def _late(page: SectionPage) -> list[str]:
    return [row.name for row in page.rows() if not is_sized(row)]


def _places(page: SectionPage) -> dict[str, list[tuple[str, QRect]]]:
    return {
        row.name: [
            (type(part).__name__, part.geometry())
            for part in (row, *row.findChildren(QWidget))
            if part.isVisible()
        ]
        for row in page.rows()
    }


@pytest.mark.parametrize("name", ["patient", "exam"])
def test_rows_in_sight_take_the_size_first_and_all_are_placed_as_if_made_in_it(
    qtbot: QtBot, theme: Theme, name: str
) -> None:
    theme.set_zoom(100)
    session = fresh()
    session.set_all(dict(decided_case(session.content)))
    view = section(qtbot, session, name)
    qtbot.waitUntil(lambda: view.page.is_ready, timeout=20_000)
    page = view.page
    for zoom in (150, 100, 125):
        theme.set_zoom(zoom)
        QApplication.processEvents()
        top = page.viewport().height() + page.verticalScrollBar().value()
        assert not any(row.name in _late(page) for row in page.rows() if row.y() < top)
        if name == "exam":
            assert len(_late(page)) > 50
        qtbot.waitUntil(lambda: not page.has_late, timeout=20_000)
        assert not _late(page)
        placed = _places(page)
        for row in page.rows():
            for layout in row.findChildren(QLayout):
                layout.invalidate()
            for part in row.findChildren(QWidget):
                part.updateGeometry()
        place_pending()
        assert _places(page) == placed
    theme.set_zoom(100)


def test_what_is_gone_to_has_the_size_of_the_text_and_stays_in_sight(
    qtbot: QtBot, theme: Theme
) -> None:
    theme.set_zoom(100)
    view = section(qtbot, fresh(), "exam")
    qtbot.waitUntil(lambda: view.page.is_ready, timeout=20_000)
    page = view.page
    theme.set_zoom(175)
    view._on_sized()
    row = page.rows()[-1]
    assert not is_sized(row)
    assert view.go_to(row.name)
    assert not _late(page)
    place_pending()
    top = row.mapTo(page.viewport(), QPoint()).y()
    assert 0 <= top < page.viewport().height()
    theme.set_zoom(100)
    view._on_sized()
    page.verticalScrollBar().setValue(0)
    page.verticalScrollBar().setValue(page.verticalScrollBar().maximum() // 2)
    bottom = page.verticalScrollBar().value() + page.viewport().height()
    assert not any(row.name in _late(page) for row in page.rows() if row.y() < bottom)


def _cut(page: SectionPage) -> list[str]:
    return [row.name for row in page.rows() if row.height() != row.heightForWidth(row.width())]


@pytest.mark.parametrize("zoom", [100, 150])
def test_in_a_narrow_list_of_sections_no_caption_is_cut(
    desk: Desk, theme: Theme, zoom: int
) -> None:
    theme.set_zoom(zoom)
    desk.window.resize(1000, 700)
    desk.window.show()
    rail = desk.window.findChild(Rail)
    assert rail is not None
    for button in (rail.next, rail.review, rail.letter):
        assert button.sizeHint().width() <= button.width()
        assert button.accessibleName()


@pytest.mark.parametrize("zoom", [100, 150, 200])
def test_no_entry_of_a_menu_is_cut(desk: Desk, theme: Theme, zoom: int) -> None:
    theme.set_zoom(zoom)
    for menu in desk.window.menuBar().findChildren(QMenu):
        menu.popup(desk.window.mapToGlobal(QPoint()))
        QApplication.processEvents()

        def entries(menu: QMenu = menu) -> list[QImage]:
            places = [menu.actionGeometry(a) for a in menu.actions() if not a.isSeparator()]
            texts = [
                menu.fontMetrics().horizontalAdvance(a.text()) for a in menu.actions() if a.text()
            ]
            return [
                menu.grab(QRect(place.topLeft(), QSize(text, place.height()))).toImage()
                for place, text in zip(places, texts, strict=True)
            ]

        shown = entries()
        menu.setFixedWidth(menu.width() + 400)
        QApplication.processEvents()
        for entry, wide in zip(shown, entries(), strict=True):
            assert entry == wide
        menu.close()
