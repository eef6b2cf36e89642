"""The letter beside the form: brought up to date when changes rest, at the place that changed, never blank."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QTableView, QWidget
from pytestqt.qtbot import QtBot

import triage.letter.build
import triage.pdf.render
from triage.letter.statements import Letter
from triage.model.case import Case
from triage.model.values import Choice, Finding, Rewritten, Text
from triage.pdf.place import place_of
from triage.pdf.readback import read_text
from triage.qt.columns import WIDE
from triage.qt.letter.beside import REST_MS
from triage.qt.letter.pages import Pages
from triage.qt.parts.theme import Theme
from triage.qt.program import make_window
from triage.qt.window import SMALLEST
from triage.rules.assess import Assessor
from triage.session.draft import DraftStore

from ..conftest import AT, the_settings
from .conftest import Desk


@pytest.fixture
def form(desk: Desk, sample: Case) -> Desk:
    desk.take(sample)
    return desk


@pytest.fixture
def beside(form: Desk) -> Desk:
    """The sample with its letter beside the form."""
    form.window.actions_["beside"].trigger()
    return form


class Counts:
    """How often letters are built and set."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.built = self.set = 0
        build, preview = triage.letter.build.build_letter, triage.pdf.render.preview

        def built(*given: object, **named: object) -> Letter:
            self.built += 1
            return build(*given, **named)  # type: ignore[arg-type]

        def rendered(*given: object, **named: object) -> bytes:
            self.set += 1
            return preview(*given, **named)  # type: ignore[arg-type]

        monkeypatch.setattr("triage.session.composing.build_letter", built)
        monkeypatch.setattr("triage.session.typesetting.preview", rendered)

    def __call__(self) -> tuple[int, int]:
        return self.built, self.set


@pytest.fixture
def counts(monkeypatch: pytest.MonkeyPatch) -> Counts:
    return Counts(monkeypatch)


def _text(desk: Desk) -> str:
    return " ".join(" ".join(read_text(desk.window.beside.pages.data)).split())


def _wait(qtbot: QtBot, desk: Desk, says: str) -> None:
    qtbot.waitUntil(lambda: says in _text(desk))


# -- where it stands --------------------------------------------------------------------------------


def test_in_a_narrow_window_it_takes_the_place_of_the_pages_of_the_assessment(
    beside: Desk,
) -> None:
    window = beside.window
    assert window.panel.isAncestorOf(window.beside)
    assert window.beside.isVisible()
    assert window.panel.banner.isVisible()
    assert not window.panel.tabs.isVisible()
    assert not window.panel.urgency.isVisible()
    assert window.questions.width() >= 460
    window.actions_["beside"].trigger()
    assert not window.beside.isVisible()
    assert window.panel.tabs.isVisible()
    assert window.panel.urgency.isVisible()


def test_in_a_wide_window_it_stands_right_of_the_assessment(beside: Desk) -> None:
    window = beside.window
    window.resize(WIDE, 900)
    assert [window.split.widget(n) for n in range(3)] == [
        window.middle,
        window.panel,
        window.beside,
    ]
    assert window.panel.tabs.isVisible()
    assert min(window.split.sizes()) >= 340
    window.resize(SMALLEST)
    assert window.panel.isAncestorOf(window.beside)
    window.resize(QSize(WIDE + 200, 900))
    assert window.split.isAncestorOf(window.beside)
    assert window.panel.urgency.isVisible()


def test_text_too_large_for_columns_lays_it_over_the_form(beside: Desk, theme: Theme) -> None:
    window = beside.window
    window.resize(WIDE, 900)
    theme.set_zoom(200)
    try:
        assert window.panel.is_strip
        assert window.panel.isAncestorOf(window.beside)
    finally:
        theme.set_zoom(100)
    assert window.split.isAncestorOf(window.beside)


def test_without_it_all_is_as_wide_as_before(form: Desk) -> None:
    before = form.window.split.sizes()
    for _ in range(2):
        form.window.actions_["beside"].trigger()
    assert form.window.split.sizes()[:2] == before


def test_a_page_of_the_assessment_that_is_asked_for_comes_back(beside: Desk) -> None:
    beside.window.actions_["show_tests"].trigger()
    assert not beside.window.beside.isVisible()
    assert not beside.window.actions_["beside"].isChecked()
    assert beside.window.panel.tests.isVisible()


def test_from_the_letter_it_leads_to_the_form(form: Desk) -> None:
    form.window.actions_["letter"].trigger()
    form.window.actions_["beside"].trigger()
    assert form.window.beside.isVisible()
    assert not form.window.letter.isVisible()


@pytest.mark.parametrize("width", [SMALLEST.width(), WIDE])
def test_f6_and_tab_reach_it(beside: Desk, width: int) -> None:
    window = beside.window
    window.resize(width, 800)
    reached: set[QWidget | None] = set()
    for _ in range(4):
        window.actions_["next_pane"].trigger()
        reached.add(window.focusWidget())
        if window.panel.isAncestorOf(window.focusWidget()):
            window.panel.focusNextPrevChild(True)
            reached.add(window.focusWidget())
    assert window.beside.pages in reached


def test_what_has_the_focus_stays_in_sight_in_a_narrower_form(
    qtbot: QtBot, assessor: Assessor, theme: Theme, tmp_path: Path, sample: Case
) -> None:
    store = DraftStore(tmp_path / "wide", b"k" * 32, lambda: AT)
    window = make_window(
        assessor, store.create(assessor.content), the_settings(), theme, lambda: AT
    )
    qtbot.addWidget(window)
    window.session.set_all(dict(sample))
    window.resize(WIDE, 900)
    window.show()
    for key in ("power.fdi.right", "gait.pattern"):
        window.go.go_to(key)
        for _ in range(2):
            window.actions_["beside"].trigger()
            QApplication.processEvents()
            focused = window.focusWidget()
            assert focused is not None
            seen = focused.visibleRegion().boundingRect()
            if isinstance(focused, QTableView):
                assert seen.contains(focused.visualRect(focused.currentIndex()).center())
            else:
                assert seen == focused.rect()
    window.close()
    store.close()


# -- brought up to date -----------------------------------------------------------------------------


def test_it_shows_the_draft_and_says_to_whom(beside: Desk) -> None:
    assert "Edwin SPECIMEN" in _text(beside)
    assert (
        beside.window.beside.says.text() == "Draft: Referral letter to Neuromuscular / MND clinic"
    )


def test_several_changes_are_one_letter_once_they_rest(
    qtbot: QtBot, beside: Desk, counts: Counts
) -> None:
    for phone in ("01632 960001", "01632 960002", "01632 960003"):
        beside.session.set("patient.phone", Text(text=phone))
        QApplication.processEvents()
    assert counts() == (0, 0)
    _wait(qtbot, beside, "01632 960003")
    assert counts() == (1, 1)


def test_out_of_sight_nothing_is_made_and_in_sight_it_is_the_latest(
    qtbot: QtBot, form: Desk, counts: Counts
) -> None:
    form.session.set("patient.phone", Text(text="01632 960004"))
    qtbot.wait(REST_MS + 100)
    assert counts() == (0, 0)
    form.window.actions_["beside"].trigger()
    assert "01632 960004" in _text(form)
    assert counts() == (1, 1)


def test_the_letter_page_builds_and_sets_once_as_well(form: Desk, counts: Counts) -> None:
    form.window.actions_["letter"].trigger()
    assert counts() == (1, 1)
    # What was made for one view is not made again for the other.
    form.window.actions_["beside"].trigger()
    assert counts() == (1, 1)


def test_it_goes_to_the_place_that_changed(qtbot: QtBot, beside: Desk) -> None:
    pages = beside.window.beside.pages
    assert pages.place is None
    beside.session.set("sys.cancer", Finding(present=True, text="breast, 2011"))
    _wait(qtbot, beside, "reast, 2011")
    assert pages.place is not None
    assert pages.place.page == 0
    assert pages.viewport().rect().contains(pages.span(pages.place).center())


def test_what_only_the_record_tells_is_shown_there(qtbot: QtBot, beside: Desk) -> None:
    pages = beside.window.beside.pages
    before = pages.verticalScrollBar().value()
    beside.session.set("sys.thyroid_symptoms", Finding(present=False))
    qtbot.waitUntil(lambda: pages.place is not None)
    assert pages.place is not None
    assert pages.place.page >= 1
    assert pages.verticalScrollBar().value() > before
    assert pages.viewport().rect().contains(pages.span(pages.place).center())


def test_a_text_that_runs_over_pages_is_shown_where_it_begins(qtbot: QtBot, beside: Desk) -> None:
    pages, bar = beside.window.beside.pages, beside.window.beside.pages.verticalScrollBar()
    bar.setValue(bar.maximum())
    count = pages.document.pageCount()
    (words,) = (w for w in beside.letters.rewritable() if w.id == "history")
    text = "Clumsy and weak. " * 800
    beside.session.set(words.key, Rewritten(text=text, instead_of=words.composed))
    qtbot.waitUntil(lambda: pages.document.pageCount() > count)
    assert pages.place is not None
    assert pages.place.page == 0
    assert pages.viewport().rect().contains(pages.span(pages.place).center())


def test_it_stays_where_it_was_scrolled_to_if_nothing_is_new(qtbot: QtBot, beside: Desk) -> None:
    pages, bar = beside.window.beside.pages, beside.window.beside.pages.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    at, document = bar.value(), pages.document
    beside.session.set("patient.phone", Text(text="1"))
    beside.session.undo()
    qtbot.wait(REST_MS + 100)
    assert pages.document is document
    assert bar.value() == at


def test_another_recipient_is_no_change_of_a_place(beside: Desk) -> None:
    beside.letters.choose_recipient("neurology")
    beside.window.beside.refresh()
    assert beside.window.beside.pages.place is None
    assert "General neurology" in beside.window.beside.says.text()


def test_an_issued_case_shows_its_letter(beside: Desk) -> None:
    beside.letters.issue()
    beside.window.beside.refresh()
    assert beside.window.beside.pages.data == beside.draft.issues()[0].pdf
    assert beside.window.beside.says.text().startswith("Issued v1: ")


def test_a_letter_that_cannot_be_made_is_told_and_the_last_one_stays(
    beside: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from triage.errors import LetterError

    def refuse(*given: object, **named: object) -> bytes:
        raise LetterError("It cannot be set.")

    data = beside.window.beside.pages.data
    monkeypatch.setattr("triage.session.typesetting.preview", refuse)
    beside.session.set("patient.phone", Text(text="1"))
    beside.window.beside.refresh()
    assert beside.window.beside.says.text() == "It cannot be set."
    assert beside.window.beside.pages.data == data


# -- the pages --------------------------------------------------------------------------------------


def _ink(pages: Pages) -> int:
    """Return how many signs of print a painting of the view shows, roughly."""
    picture = pages.viewport().grab().toImage()
    dark = QColor("#404040").lightness()
    return sum(
        picture.pixelColor(x, y).lightness() < dark
        for x in range(0, picture.width(), 3)
        for y in range(0, picture.height(), 3)
    )


def test_the_first_painting_of_a_changed_letter_is_whole(qtbot: QtBot, beside: Desk) -> None:
    pages = beside.window.beside.pages
    before = _ink(pages)
    assert before > 200
    beside.session.set("patient.phone", Text(text="01632 960005"))
    beside.window.beside.refresh()
    # No event was handled since: what is painted now is the first frame.
    assert _ink(pages) > 0.9 * before


def test_pages_that_are_out_of_sight_are_not_kept_drawn(beside: Desk) -> None:
    pages = beside.window.beside.pages
    assert pages.document.pageCount() > 1
    _ink(pages)
    assert set(pages._drawn) == {0}
    bar = pages.verticalScrollBar()
    bar.setValue(bar.maximum())
    _ink(pages)
    assert 0 not in pages._drawn


def test_what_is_in_sight_stays_in_sight_when_the_width_changes(beside: Desk) -> None:
    pages, bar = beside.window.beside.pages, beside.window.beside.pages.verticalScrollBar()
    bar.setValue(bar.maximum())
    beside.window.resize(SMALLEST.width() + 150, 800)
    assert bar.value() == bar.maximum()
    assert pages.boxes()[-1].bottom() < pages.viewport().height()


# -- where something is said ------------------------------------------------------------------------


def test_a_sentence_is_found_over_the_ends_of_lines_and_above_what_follows(beside: Desk) -> None:
    letter, pdf = beside.letters.drafted, beside.letters.shown_pdf()
    blocks = {block.id: block for block in letter.blocks}
    said = [next(blocks[name].all_statements()).text for name in ("question", "history", "told")]
    places = [place_of(pdf, [text]) for text in said]
    tops = [place.top for place in places if place is not None]
    assert len(tops) == 3
    assert tops == sorted(tops)
    assert 0 < tops[0] < tops[-1] < 1
    assert all(place is not None and place.top < place.bottom for place in places)


def test_the_first_text_that_is_on_the_pages_counts(beside: Desk) -> None:
    pdf = beside.letters.shown_pdf()
    assert place_of(pdf, ["not on any page", ""]) is None
    found = place_of(pdf, ["not on any page", "Edwin SPECIMEN"])
    assert found is not None
    assert found.page == 0


def test_choices_change_what_is_shown(qtbot: QtBot, beside: Desk) -> None:
    beside.session.set("neuro.weakness_tempo", Choice(option="days"))
    qtbot.waitUntil(lambda: beside.window.beside.pages.place is not None)


def test_a_window_opens_without_what_sets_letters() -> None:
    program = (
        "import sys, triage.qt.app, triage.qt.window\n"
        "print([n for n in ('reportlab', 'pypdfium2', 'jinja2', 'triage.pdf') if n in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
