"""Where the text is large for the window: the assessment is a strip, and is laid over the form when asked for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QScrollArea
from pytestqt.qtbot import QtBot

from tests.qt.clinic import Clinic
from tests.qt.conftest import Desk
from triage.model.case import Case
from triage.qt.panel.row import RowHead
from triage.qt.parts.segments import Segment
from triage.qt.parts.theme import Theme
from triage.qt.shell.settings import SettingsDialog
from triage.qt.window import MainWindow
from triage.rules.assess import Assessor


@pytest.fixture
def narrow(
    qtbot: QtBot, assessor: Assessor, theme: Theme, tmp_path: Path, sample: Case
) -> Iterator[Desk]:
    """The sample at 150 % on 1280 pixels."""
    theme.set_zoom(150)
    made = Desk(assessor, theme, tmp_path, real=True)
    qtbot.addWidget(made.window)
    made.window.resize(1280, 680)
    made.window.show()
    made.take(sample)
    made.window.go.go_to("rf.dark_urine")
    yield made
    theme.set_zoom(100)
    made.window.close()
    made.store.close()


def test_the_assessment_is_a_strip_above_the_form(qtbot: QtBot, narrow: Desk) -> None:
    window = narrow.window
    panel, middle = window.panel, window.middle
    assert (panel.tabs.isVisible(), middle.isVisible()) == (False, True)
    # The form has all the width, and the strip no more than two lines.
    assert middle.width() == panel.width() == window.width() - window.rail.width()
    assert panel.geometry().bottom() < middle.geometry().top()
    qtbot.waitUntil(lambda: panel.height() <= 58 * 1.5)
    banner = panel.banner
    assert banner.headline.isVisible()
    assert (banner.tag.text(), banner.when.text()) == ("URGENT", "within 2 weeks")


def test_the_name_of_the_patient_is_whole_before_the_time_of_saving_is(
    qtbot: QtBot, narrow: Desk
) -> None:
    header = narrow.window.header
    narrow.heard()
    assert header.saved.text().startswith("Saved ")
    narrow.window.resize(900, 680)
    QApplication.processEvents()
    assert header.name.shown == "Edwin SPECIMEN"
    assert header.saved.text() == "Saved"
    assert header.saved.toolTip().startswith("Saved ")
    narrow.window.resize(1280, 680)
    assert header.saved.text().startswith("Saved ")
    assert not header.saved.toolTip()


@pytest.mark.parametrize(("wide", "zoom"), [(900, 100), (900, 150), (1280, 200)])
def test_no_chip_is_cut_in_any_section(
    qtbot: QtBot, narrow: Desk, theme: Theme, wide: int, zoom: int
) -> None:
    theme.set_zoom(zoom)
    window = narrow.window
    window.resize(wide, 680)
    for section in narrow.session.form.sections:
        window.go.show_section(section)
        page = window.questions.page
        qtbot.waitUntil(lambda page=page: page.is_ready, timeout=20_000)
        QApplication.processEvents()
        chips = [chip for chip in page.findChildren(Segment) if chip.isVisible()]
        assert not [c.caption for c in chips if c.height() < c.heightForWidth(c.width())]


def test_its_keys_lay_it_over_the_form_and_escape_puts_it_away(qtbot: QtBot, narrow: Desk) -> None:
    window = narrow.window
    before = window.focusWidget()
    window.actions_["show_tests"].trigger()
    assert window.panel.tabs.isVisible()
    assert not window.middle.isVisible()
    line = window.focusWidget()
    assert isinstance(line, RowHead)
    qtbot.keyClick(line, Qt.Key.Key_Escape)
    assert (window.panel.tabs.isVisible(), window.middle.isVisible()) == (False, True)
    assert window.focusWidget() is before


def test_a_button_does_so_without_keys(narrow: Desk) -> None:
    window = narrow.window
    window.panel.banner.pages.click()
    assert window.panel.tabs.isVisible()
    window.panel.banner.pages.click()
    assert not window.panel.tabs.isVisible()
    assert window.middle.isVisible()


@pytest.mark.parametrize("way", ["next_open", "review", "next_section", "next_pane"])
def test_what_leads_to_the_form_shows_the_form(narrow: Desk, way: str) -> None:
    window = narrow.window
    window.actions_["show_plan"].trigger()
    window.actions_[way].trigger()
    if way == "next_pane":
        # The question of which day it is, and the list of sections, come first.
        assert window.bars.isAncestorOf(window.focusWidget())
        window.actions_[way].trigger()
        assert window.rail.isAncestorOf(window.focusWidget())
        window.actions_[way].trigger()
    assert window.middle.isVisible()
    assert not window.panel.tabs.isVisible()
    assert window.middle.isAncestorOf(window.focusWidget())


def test_a_text_that_grows_leaves_the_strip_its_buttons(
    qtbot: QtBot, desk: Desk, sample: Case, theme: Theme
) -> None:
    desk.window.resize(1280, 680)
    desk.take(sample)
    theme.set_zoom(150)
    QApplication.processEvents()
    banner = desk.window.panel.banner
    assert desk.window.panel.is_strip
    for button in (banner.pages, banner.set_urgency):
        assert button.height() == button.sizeHint().height()
    assert banner.rect().right() - banner.pages.geometry().right() <= 16


def test_tab_stays_in_the_strip(qtbot: QtBot, narrow: Desk) -> None:
    banner = narrow.window.panel.banner
    banner.set_urgency.setFocus()
    for wanted in (banner.pages, banner.set_urgency):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        assert QApplication.focusWidget() is wanted


def test_with_room_again_it_stands_beside_the_form(narrow: Desk, theme: Theme) -> None:
    window = narrow.window
    window.actions_["show_tests"].trigger()
    theme.set_zoom(100)
    QApplication.processEvents()
    panel, middle = window.panel, window.middle
    assert panel.tabs.isVisible()
    assert middle.isVisible()
    assert middle.geometry().right() < panel.geometry().left()
    assert not panel.banner.pages.isVisible()
    assert panel.width() >= 340
    assert panel.height() == middle.height()


def test_the_letter_beside_the_form_is_laid_over_it(narrow: Desk) -> None:
    window = narrow.window
    window.actions_["beside"].trigger()
    assert window.beside.isVisible()
    assert not window.middle.isVisible()
    window.actions_["show_tests"].trigger()
    assert not window.beside.isVisible()
    assert window.panel.tabs.isVisible()


def test_settings_never_scroll_sideways(qtbot: QtBot, clinic: Clinic, theme: Theme) -> None:
    theme.set_zoom(150)
    try:
        window = clinic.new()
        window.actions_["settings"].trigger()
        (dialog,) = window.findChildren(SettingsDialog)
        dialog.resize(900, 560)
        for name in dialog.pages:
            dialog.show_page(name)
            QApplication.processEvents()
            cut = [
                area.horizontalScrollBar().maximum()
                for area in dialog.findChildren(QScrollArea)
                if area.isVisible()
            ]
            assert not any(cut), name
        dialog.close()
    finally:
        theme.set_zoom(100)


def test_the_heights_of_the_window_are_those_of_its_design(window: MainWindow) -> None:
    window.resize(1280, 680)
    QApplication.processEvents()
    parts = (window.menuBar(), window.header, window.line)
    assert [part.height() for part in parts] == [26, 42, 28]
