"""What the eye sees: no value cut off, one axis, even gaps, and what is chosen or out of reach stands out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QColor, QImage, QPalette
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from triage.letter.rewriting import Words
from triage.letter.words.said.line import Said
from triage.model.case import Case
from triage.qt.ask.note import AnswerNote
from triage.qt.ask.result_row import ResultRow
from triage.qt.drafts.unlock import NewPassphraseDialog
from triage.qt.first import FirstStart
from triage.qt.letter.confirm import IssueDialog
from triage.qt.letter.rewriting import RewriteDialog
from triage.qt.lock_page import LockPage
from triage.qt.parts.colours import SCHEMES
from triage.qt.parts.inputs import Combo, GrowingText
from triage.qt.parts.keys import Place
from triage.qt.parts.line import FoldLine
from triage.qt.parts.segments import Segment
from triage.qt.parts.theme import Theme
from triage.qt.shell.actions import COMMANDS
from triage.qt.shell.help import KeysDialog
from triage.store import KeyInfo

from ..conftest import the_content
from .asking import ask, fresh, section
from .conftest import Desk

_GIVEN: dict[str, object] = {
    "ix.k": {"value": 4.3, "unit": "mmol/L", "date": "2026-11-10", "low": 3.5, "high": 5.3}
}


@pytest.fixture
def plain(theme: Theme) -> Iterator[Theme]:
    yield theme
    theme.set_zoom(100)
    theme.choose("")


def _contrast(one: QColor, other: QColor) -> float:
    light, dark = sorted((_light(one), _light(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _light(colour: QColor) -> float:
    parts = (colour.redF(), colour.greenF(), colour.blueF())
    red, green, blue = (p / 12.92 if p <= 0.04 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _picture(widget: QWidget) -> QImage:
    return widget.grab().toImage()


# -- fields -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("zoom", [80, 150, 200])
def test_a_field_holds_its_value_in_every_size_of_text(
    qtbot: QtBot, plain: Theme, zoom: int
) -> None:
    widget = ask(qtbot, fresh(_GIVEN), "ix.k")
    (row,) = widget.findChildren(ResultRow)
    qtbot.waitExposed(widget)
    plain.set_zoom(zoom)
    QApplication.processEvents()
    for field in (row.value, row.date, row.unit):
        assert field is not None
        text = field.currentText() if isinstance(field, Combo) else field.text()
        around = 26 if isinstance(field, Combo) else 16
        assert text
        assert field.fontMetrics().horizontalAdvance(text) + around <= field.width(), text
    # "pending" and "unable" are values as well.
    assert row.value is not None
    assert row.value.fontMetrics().horizontalAdvance("pending") + 16 <= row.value.width()


def test_what_stands_in_one_line_stands_on_one_line(qtbot: QtBot, plain: Theme) -> None:
    widget = ask(qtbot, fresh(_GIVEN), "ix.k")
    widget.resize(900, widget.heightForWidth(900))
    QApplication.processEvents()
    (row,) = widget.findChildren(ResultRow)
    assert row.value is not None
    assert row.unit is not None
    fields = (row.value, row.unit, row.date)
    assert len({field.height() for field in fields}) == 1
    middles = [part.y() + part.height() / 2 for part in (*fields, row.more)]
    assert max(middles) - min(middles) <= 0.5


def test_the_second_line_of_a_result_begins_where_the_first_does(
    qtbot: QtBot, plain: Theme
) -> None:
    widget = ask(qtbot, fresh(_GIVEN), "ix.k")
    widget.resize(900, widget.heightForWidth(900))
    QApplication.processEvents()
    (row,) = widget.findChildren(ResultRow)
    assert row.value is not None
    lefts = {part.mapTo(widget, QPoint()).x() for part in (row.value, row.taken)}
    assert len(lefts) == 1


def test_a_filter_begins_where_its_list_does(qtbot: QtBot, plain: Theme) -> None:
    view = section(qtbot, fresh(), "general")
    row = view.page.widget_of("meds.classes")
    view.go_to("meds.classes")
    QApplication.processEvents()
    chip = next(iter(row.chips.values())).button
    left = chip.mapTo(row, chip.rect().topLeft()).x() + 4
    assert row.filter.mapTo(row, QPoint()).x() == left
    # Nor does it touch the line above.
    assert row.filter.mapTo(row, QPoint()).y() >= 4


def test_a_comment_keeps_off_the_line_below(qtbot: QtBot, plain: Theme) -> None:
    session = fresh({"ix.fvc_pct": {"state": "unable", "reason": "no spirometer"}})
    widget = ask(qtbot, session, "ix.fvc_pct")
    widget.refresh()
    widget.resize(600, widget.heightForWidth(600))
    QApplication.processEvents()
    (note,) = (note for note in widget.findChildren(AnswerNote) if note.isVisible())
    # Its frame ends above the rectangle of the widget.
    picture, at = _picture(widget), note.mapTo(widget, QPoint(20, 0))
    ground = picture.pixelColor(at.x(), widget.height() - 3)
    rows = range(at.y(), at.y() + note.height())
    edge = max(y for y in rows if picture.pixelColor(at.x(), y) != ground)
    assert widget.height() - edge > 4


# -- lists ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("at", [0, 7])
def test_a_list_drops_down_whole(qtbot: QtBot, plain: Theme, at: int) -> None:
    box = Combo([(str(n), f"entry {n}") for n in range(8)])
    qtbot.addWidget(box)
    box.setCurrentIndex(at)
    box.show()
    box.showPopup()
    view = box.view()
    qtbot.waitUntil(view.isVisible)
    room = view.viewport().rect()
    assert all(room.contains(view.visualRect(box.model().index(n, 0))) for n in range(8))
    assert view.visualRect(box.model().index(0, 0)).height() >= 22
    box.hidePopup()


@pytest.mark.parametrize("count", [3, 30])
def test_entries_of_a_narrow_list_are_read_whole(qtbot: QtBot, plain: Theme, count: int) -> None:
    long = "Dihydropyridine calcium-channel blocker"
    box = Combo([("", "Class —"), *((str(n), f"{long} {n}") for n in range(count))])
    qtbot.addWidget(box)
    box.setFixedWidth(120)
    box.show()
    box.showPopup()
    view = box.view()
    qtbot.waitUntil(view.isVisible)
    assert view.viewport().width() >= view.sizeHintForColumn(0)
    box.hidePopup()


@pytest.mark.parametrize("scheme", SCHEMES)
def test_where_one_is_in_a_list_stands_out(qtbot: QtBot, plain: Theme, scheme: str) -> None:
    plain.choose(scheme)
    box = Combo([("", "Not asked —"), ("a", "One"), ("b", "Two")])
    qtbot.addWidget(box)
    box.setCurrentIndex(1)
    box.show()
    box.showPopup()
    view = box.view()
    qtbot.waitUntil(view.isVisible)
    role = QPalette.ColorRole
    picture = _picture(view.viewport())
    spots = [view.visualRect(box.model().index(n, 0)) for n in (1, 2)]
    ringed, other = (picture.pixelColor(spot.right() - 4, spot.center().y()) for spot in spots)
    assert _contrast(ringed, other) >= 3
    words = view.palette().color(role.HighlightedText)
    assert _contrast(words, ringed) >= 4.5
    box.hidePopup()


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_button_out_of_reach_looks_so(qtbot: QtBot, plain: Theme, scheme: str) -> None:
    plain.choose(scheme)
    button = QPushButton("Print")
    qtbot.addWidget(button)
    button.show()
    before = _picture(button)
    button.setEnabled(False)
    assert _picture(button) != before


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_box_to_tick_in_a_menu_can_be_seen(qtbot: QtBot, plain: Theme, scheme: str) -> None:
    plain.choose(scheme)
    menu = QMenu()
    qtbot.addWidget(menu)
    menu.addAction("Dark").setCheckable(True)
    menu.show()
    picture = _picture(menu)
    middle = menu.actionGeometry(menu.actions()[0]).center().y()
    paper = QColor(SCHEMES[scheme].paper)
    # The box stands in front of the words, inside the edge of the menu.
    row = [_contrast(picture.pixelColor(x, middle), paper) for x in range(4, 26)]
    assert len([each for each in row if each >= 3]) == 2


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_ring_of_a_line_is_as_wide_as_any(qtbot: QtBot, plain: Theme, scheme: str) -> None:
    plain.choose(scheme)
    line = FoldLine()
    qtbot.addWidget(line)
    line.set_fold(Said("Well supported"), is_open=True)
    line.resize(300, line.heightForWidth(300))
    line.show()
    line.activateWindow()
    line.setFocus()
    qtbot.waitUntil(line.hasFocus)
    picture, middle = _picture(line), line.height() // 2
    ring = [picture.pixelColor(x, middle).name() for x in range(SCHEMES[scheme].ring)]
    assert set(ring) == {SCHEMES[scheme].accent}


@pytest.mark.parametrize("wide", [140, 400])
def test_a_name_without_room_is_cut_in_its_middle_and_whole_in_the_tooltip(
    qtbot: QtBot, plain: Theme, wide: int
) -> None:
    names = [f"Clinic for nerve and muscle diseases, {place}" for place in ("north", "south")]
    pictures = []
    for name in names:
        chip = Segment("clinic", name)
        qtbot.addWidget(chip)
        chip.resize(wide, chip.sizeHint().height())
        chip.show()
        pictures.append(_picture(chip))
        assert chip.toolTip() == (name if wide == 140 else "")
    # Both ends are seen.
    assert pictures[0] != pictures[1]
    chip.set_caption("Clinic")
    assert not chip.toolTip()


def test_what_has_lines_enough_wraps_and_is_not_cut(qtbot: QtBot, plain: Theme) -> None:
    chip = Segment("class", "Angiotensin receptor blocker or ACE inhibitor")
    qtbot.addWidget(chip)
    line = chip.sizeHint().height()
    assert chip.heightForWidth(chip.sizeHint().width()) == line
    chip.resize(200, chip.heightForWidth(200))
    assert line < chip.height() < 2 * line
    chip.show()
    assert not chip.toolTip()


# -- dialogs ----------------------------------------------------------------------------------------


def test_old_and_new_passphrase_stand_under_each_other(qtbot: QtBot, plain: Theme) -> None:
    dialog = NewPassphraseDialog("change")
    qtbot.addWidget(dialog)
    dialog.show()
    fields = (dialog.old, dialog.passphrase, dialog.again)
    places = [(field.mapTo(dialog, QPoint()).x(), field.width()) for field in fields]
    assert len(set(places)) == 1


def test_two_texts_of_a_block_stand_side_by_side(qtbot: QtBot, desk: Desk) -> None:
    words = Words("history", "History", "Composed.", "Mine.", True)
    dialog = RewriteDialog(desk.session, words)
    qtbot.addWidget(dialog)
    dialog.show()
    QApplication.processEvents()
    assert dialog.text.geometry().top() == dialog.composed.geometry().top()
    assert dialog.text.height() == dialog.composed.height()
    # No higher than the least window.
    assert dialog.height() <= 560


@pytest.mark.parametrize("zoom", [150, 200])
def test_large_text_makes_the_dialog_of_an_issue_wider_not_higher_than_a_screen(
    qtbot: QtBot,
    plain: Theme,
    desk: Desk,
    sample: Case,
    monkeypatch: pytest.MonkeyPatch,
    zoom: int,
) -> None:
    box = QRect(0, 0, 1280, 740)
    screen = SimpleNamespace(availableSize=box.size, availableGeometry=lambda: box)
    monkeypatch.setattr(QWidget, "screen", lambda widget: screen)
    plain.set_zoom(zoom)
    desk.take(sample)
    dialog = IssueDialog(desk.session, desk.letters)
    qtbot.addWidget(dialog)
    assert dialog.width() == min(1240, round(640 * dialog.fontMetrics().height() / 17))
    dialog.show()
    QApplication.processEvents()
    assert dialog.height() <= 680
    # At 200 % a line or two of the rows scroll.
    assert dialog.middle.verticalScrollBar().maximum() <= (0 if zoom == 150 else 80)


def test_a_locked_window_shows_all_that_it_says_in_large_text(qtbot: QtBot, plain: Theme) -> None:
    plain.set_zoom(150)
    page = LockPage("Locked", "By key.", KeyInfo(passphrase=True, keyring=True))
    qtbot.addWidget(page)
    page.resize(1280, 680)
    page.show()
    QApplication.processEvents()
    assert not _cut(page)


@pytest.mark.parametrize(("zoom", "wide", "high"), [(100, 900, 560), (150, 1280, 680)])
def test_the_first_page_shows_all_that_it_says_beside_the_form(
    qtbot: QtBot, plain: Theme, tmp_path: Path, zoom: int, wide: int, high: int
) -> None:
    plain.set_zoom(zoom)
    page = FirstStart(tmp_path, the_content(), needs_key=True)
    qtbot.addWidget(page)
    page.showNormal()
    page.resize(wide, high)
    QApplication.processEvents()
    foot, aside = (page.findChild(QWidget, name) for name in ("foot", "aside"))
    assert not _cut(foot)
    assert not _cut(aside)
    assert foot.height() <= high // 6


@pytest.mark.parametrize("zoom", [100, 150, 200])
def test_what_a_key_does_has_room_beside_it(qtbot: QtBot, plain: Theme, zoom: int) -> None:
    plain.set_zoom(zoom)
    dialog = KeysDialog(Place.FINDING, COMMANDS)
    qtbot.addWidget(dialog)
    dialog.show()
    QApplication.processEvents()
    letter = dialog.fontMetrics().averageCharWidth()
    assert min(group.width() for group in dialog.groups) >= 40 * letter


def _cut(page: QWidget) -> list[str]:
    """Return the texts that are lower than they need to be."""
    labels = [label for label in page.findChildren(QLabel) if label.isVisible() and label.text()]
    return [
        label.text()
        for label in labels
        if label.wordWrap() and label.height() < label.heightForWidth(label.width())
    ]


def test_a_box_knows_its_height_before_it_is_shown(qtbot: QtBot, plain: Theme) -> None:
    box = GrowingText(3)
    qtbot.addWidget(box)
    before = box.height()
    box.show()
    QApplication.processEvents()
    assert box.height() == before
