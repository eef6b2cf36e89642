"""A section in sight at once: a screenful first, the rest at rest, the next one laid out ahead, one paint a key."""

from __future__ import annotations

import json
import random
from itertools import pairwise

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from triage.bench.cases import sample
from triage.bench.everything import decided_case, value_of
from triage.expr.tree import names
from triage.letter.words.said.line import Mark
from triage.model.values import Choice, Finding
from triage.qt.ask.block import BlockRow
from triage.qt.ask.meant import Meant
from triage.qt.ask.section import SectionView
from triage.qt.parts.flow import Flow, Head, place_pending
from triage.qt.parts.inputs import Combo
from triage.qt.parts.segments import Segment
from triage.session import Session

from ..conftest import CASES, case_from, the_content
from .asking import fresh, section
from .clinic import Clinic

SECTIONS = list(the_content().form.sections)


def full() -> Session:
    session = fresh()
    session.set_all(dict(decided_case(session.content)))
    return session


def made(view: SectionView) -> list[str]:
    """Return what has a widget so far, without making any."""
    return [place.content.id for place in view.page._places if place.widget is not None]


@pytest.mark.parametrize("name", SECTIONS)
def test_a_section_gone_to_at_once_is_whole_a_moment_later(qtbot, name):
    view = SectionView(full())
    qtbot.addWidget(view)
    view.resize(720, 600)
    view.show_section(name)
    first = made(view)
    view.show()
    qtbot.waitUntil(lambda: view.page.is_ready, timeout=20_000)
    assert made(view)[: len(first)] == first
    other = SectionView(full())
    qtbot.addWidget(other)
    other.show_section(name)
    assert [row.name for row in other.page.rows()] == [row.name for row in view.page.rows()]


def test_a_long_section_begins_with_a_screenful(qtbot):
    view = SectionView(full())
    qtbot.addWidget(view)
    view.show_section("exam")
    assert 0 < len(made(view)) < 20
    assert len(view.page.rows()) > 100


@pytest.mark.parametrize("where", ["dyst.onset_age", "prov.wrist", "note.exam"])
def test_what_is_far_down_is_gone_to_at_once(qtbot, where):
    session = full()
    view = section(qtbot, session, "patient")
    assert view.go_to(where)
    question = session.form.question_of(where)
    row = view.page.note if question is None else view.page.widget_of(question.id)
    assert row.hasFocus() if question is None else row.isAncestorOf(view.window().focusWidget())
    top = row.mapTo(view.page.viewport(), row.rect().topLeft()).y()
    assert -row.height() < top < view.page.viewport().height()


def test_an_answer_while_the_rest_is_still_made_is_shown(qtbot):
    session = full()
    view = SectionView(session)
    qtbot.addWidget(view)
    view.show_section("exam")
    assert "prov.wrist" not in made(view)
    session.set("prov.wrist", Finding(present=False))
    assert view.page.is_ready
    assert "prov.wrist" in made(view)


def test_an_answer_brings_first_what_one_sees_and_then_the_rest_in_its_place(qtbot):
    text = (CASES / "complete" / "V03.json").read_text(encoding="utf-8")
    case = dict(case_from(json.loads(text)))
    there = fresh()
    there.set_all(case | {"neuro.twitching": Finding(present=True)})
    rows = [row.name for row in section(qtbot, there, "neuro").page.rows()]
    session = fresh()
    session.set_all(case)
    view = section(qtbot, session, "neuro")
    qtbot.waitUntil(lambda: view.page.is_ready, timeout=20_000)
    view.go_to("neuro.twitching")
    before = {row.name for row in view.page.rows()}
    QTest.keyClick(view.window().focusWidget(), Qt.Key.Key_P)
    later = set(rows) - set(made(view))
    assert later
    assert len(before | later) < len(rows)
    # The next question has the focus, and all is there down to it and as far as one sees.
    focus = view.window().focusWidget()
    assert not later & set(rows[: rows.index(view._current.name) + 8])
    foot = view.page._note
    qtbot.waitUntil(lambda: view.page.is_ready, timeout=20_000)
    assert [row.name for row in view.page.rows()] == rows
    assert view.page.note is foot
    assert view.window().focusWidget() is focus


def test_the_next_section_is_laid_out_before_it_is_shown(qtbot, monkeypatch):
    session = fresh()
    session.set_all(dict(sample()))
    view = section(qtbot, session, "neuro")
    after = SECTIONS[SECTIONS.index("neuro") + 1]
    view._on_ahead()
    qtbot.waitUntil(lambda: after in view._pages and view._pages[after].is_ready, timeout=20_000)
    qtbot.wait(50)
    placed = []
    place = Head.place

    def counted(self: Head, width: int, *, moving: bool) -> int:
        placed.append(self)
        return place(self, width, moving=moving)

    monkeypatch.setattr(Head, "place", counted)
    view.show_section(after)
    rows = len(view.page.rows())
    assert rows > 20
    assert len(placed) < rows / 4


def test_a_part_that_was_placed_again_as_it_was_asks_nobody_for_another_layout(qtbot):
    page = QWidget()
    qtbot.addWidget(page)
    layout, flow = QVBoxLayout(page), Flow()
    layout.addWidget(flow)
    flow.add(button := Segment("one", "One"))
    page.show()
    place_pending()
    asked = _Events(page, QEvent.Type.LayoutRequest)
    page.installEventFilter(asked)
    button.updateGeometry()
    place_pending()
    assert asked.count == 0
    button.set_caption("One that is much longer than it was")
    place_pending()
    assert asked.count == 1
    assert flow.width() >= button.width() == button.sizeHint().width()


class _Events(QObject):
    """Counts how often something comes to the page."""

    def __init__(self, page: QWidget, what: QEvent.Type) -> None:
        super().__init__(page)
        self.count, self._what = 0, what

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        self.count += event.type() == self._what
        return False


def test_what_stands_around_a_change_of_height_is_not_painted_again(qtbot):
    session = full()
    view = section(qtbot, session, "complaint")
    view.go_to("cramp.pain_sites")
    qtbot.waitUntil(lambda: view.page.is_ready, timeout=20_000)
    qtbot.wait(3_200)  # the flash of a row that was gone to
    body = view.page.widget()
    rows = view.page.rows()
    here = rows.index(view.page.widget_of("cramp.pain_sites"))
    changed, above = _Events(view, QEvent.Type.Paint), _Events(view, QEvent.Type.Paint)
    rows[here].installEventFilter(changed)
    for other in (body, *rows[:here]):
        other.installEventFilter(above)
    high = body.height()
    old = session.case["cramp.pain_sites.forearm.right"]
    session.set("cramp.pain_sites.forearm.right", Finding(present=not old.present))
    qtbot.wait(100)
    assert body.height() != high
    assert changed.count
    assert not above.count


def test_a_line_more_under_the_answers_paints_none_of_them_again(qtbot):
    view = section(qtbot, full(), "complaint")
    view.go_to("cramp.pain_sites")
    qtbot.waitUntil(lambda: view.page.is_ready, timeout=20_000)
    qtbot.wait(3_200)  # the flash of a row that was gone to
    row = view.page.widget_of("cramp.pain_sites")
    assert row is not None
    painted, moved = _Events(view, QEvent.Type.Paint), _Events(view, QEvent.Type.Resize)
    for chip in row.findChildren(Segment):
        chip.installEventFilter(painted)
        chip.parentWidget().installEventFilter(moved)
    high, said = row.height(), row._contradiction.text()
    row._contradiction.setText(f"{said}<br>one more")
    qtbot.wait(100)
    assert row.height() > high
    row._contradiction.setText(said)
    qtbot.wait(100)
    assert row.height() == high
    # They are neither squeezed nor spread until the row has its new height.
    assert moved.count == 0
    assert painted.count == 0


def test_a_change_is_shown_in_all_its_places_before_any_is_painted(
    qtbot, assessor, theme, tmp_path
):
    clinic = Clinic(assessor, theme, tmp_path)
    window = clinic.new()
    qtbot.waitExposed(window)
    window.go.go_to("rf.breathless_rest")
    qtbot.wait(3_200)  # the flash of a row that was gone to
    row, heard = window.questions.page.widget_of("rf.breathless_rest"), []

    class Painted(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
            if event.type() == QEvent.Type.Paint:
                heard.append("painted")
            return False

    painted = Painted()
    row.installEventFilter(painted)
    window.panel.assessment_shown.connect(lambda: heard.append("assessed"))
    window.rail.counted.connect(lambda _: heard.append("counted"))
    window.session.set("rf.breathless_rest", Finding(present=True))
    qtbot.wait(100)
    assert heard[:2] == ["counted", "assessed"]
    assert set(heard[2:]) == {"painted"}
    clinic.close()


def test_a_page_at_rest_is_not_placed(qtbot):
    view = section(qtbot, full(), "general")
    qtbot.waitUntil(lambda: view.page.is_ready, timeout=20_000)
    qtbot.wait(1_500)  # the next section is made ahead
    asked = _Events(view, QEvent.Type.LayoutRequest)
    view.page.widget().installEventFilter(asked)
    qtbot.wait(200)
    assert asked.count == 0
    view.session.set("sys.cancer", Finding(present=False))
    qtbot.wait(200)
    assert asked.count < 8


def test_rows_follow_the_width_of_the_window(qtbot):
    view = section(qtbot, full(), "complaint")
    qtbot.waitUntil(lambda: view.page.is_ready, timeout=20_000)
    for wide in (900, 520, 1300):
        view.resize(wide, 700)
        qtbot.wait(20)
        body, rows = view.page.widget(), view.page.rows()
        around = view.page.viewport().width() - rows[0].width()
        assert 0 < around < 20
        assert {row.width() for row in rows} == {rows[0].width()}
        assert all(row.geometry().bottom() < below.y() for row, below in pairwise(rows))
        assert body.height() >= rows[-1].geometry().bottom()


def test_rows_are_placed_once_however_many_come(qtbot):
    session = fresh({"neuro.weakness": False})
    view = section(qtbot, session, "neuro")
    qtbot.waitUntil(lambda: view.page.is_ready, timeout=20_000)
    last = view.page.rows()[-1]
    moves = _Events(view, QEvent.Type.Move)
    last.installEventFilter(moves)
    before = len(view.page.rows())
    session.set("neuro.weakness", Finding(present=True))
    qtbot.waitUntil(lambda: view.page.is_ready, timeout=20_000)
    assert len(view.page.rows()) > before + 3
    body, visible = view.page.widget(), view.page.rows()
    # At the key, with the flags of the level, with the rows that one does not see; it was each time a row came.
    assert moves.count <= 5
    # Nothing is squeezed, and nothing stands on something else.
    for row, below in pairwise(visible):
        assert row.height() == row.heightForWidth(row.width())
        assert row.geometry().bottom() < below.y()
    assert body.height() >= visible[-1].geometry().bottom()


def test_what_an_answer_may_bring_up_is_made_while_its_question_is_read(qtbot):
    session = fresh({"patient.sex_at_birth": "female"})
    view = section(qtbot, session, "patient")
    view.go_to("patient.phone")
    qtbot.waitUntil(lambda: view.page.is_ready, timeout=20_000)
    qtbot.wait(600)
    page = view.page
    assert page.widget_of("patient.pregnancy_weeks") is None
    view.go_to("patient.pregnancy")
    # Before anyone has read it.
    qtbot.wait(150)
    made = page.widget_of("patient.pregnancy_weeks")
    assert made.isHidden()
    assert made not in page.rows()
    session.set("patient.pregnancy", Choice(option="pregnant"))
    assert page.widget_of("patient.pregnancy_weeks") is made
    assert made.isVisible()


def test_a_bar_with_nothing_to_scroll_is_not_seen(qtbot):
    view = section(qtbot, fresh(), "review")
    view.resize(720, 900)
    qtbot.waitUntil(lambda: view.page.is_ready, timeout=20_000)
    qtbot.wait(20)
    bar = view.page.verticalScrollBar()
    assert bar.isVisible()
    assert not bar.maximum()
    assert not bar.isEnabled()
    view.resize(720, 120)
    qtbot.wait(20)
    assert bar.maximum()
    assert bar.isEnabled()


@pytest.mark.parametrize("where", ["power.fdi.right", "gait.tandem"])
def test_what_is_looked_at_keeps_its_place_while_the_rest_is_made(qtbot, where):
    session = fresh()
    session.set_all(dict(sample()))
    view = section(qtbot, session, "patient")
    qtbot.waitUntil(lambda: view.page.is_ready, timeout=20_000)
    assert view.go_to(where)
    question = session.form.question_of(where)
    row = view.page.widget_of(question.id)
    high = row.heightForWidth(row.width())
    top = row.mapTo(view, row.rect().topLeft()).y()
    assert not view.page.is_ready
    turns = 0
    while not view.page.is_ready or turns < 5:
        QCoreApplication.processEvents()
        turns += view.page.is_ready
        assert row.height() == high
        assert row.mapTo(view, row.rect().topLeft()).y() == top


@pytest.mark.parametrize("name", ["complaint", "general", "exam", "results"])
def test_a_page_that_followed_every_change_says_what_one_that_is_made_anew_says(qtbot, name):
    session, chance = fresh(), random.Random(name)
    session.set_all(dict(sample()))
    view = section(qtbot, session, name)
    qtbot.waitUntil(lambda: view.page.is_ready, timeout=20_000)
    slots, implied = session.form.slots, session.content.implied
    here = [slot for slot in slots.values() if slot.question.section == name]
    # What other answers say of an open question, and where these stand.
    said = [implied[slot.key] for slot in here if slot.key in implied]
    read = {key for entries in said for _, node in entries for key in names(node) if key in slots}
    for n in range(60):
        slot = slots[chance.choice(sorted(read))] if read and n % 3 else chance.choice(here)
        session.set(slot.key, chance.choice((None, value_of(session.content, slot, 2 * n))))
        if n % 10 == 9:
            session.undo()
    anew = section(qtbot, session, name)
    assert said_by(view) == said_by(anew)


def said_by(view: SectionView) -> dict[str, tuple[object, ...]]:
    """Return what each row of a page says, to the eye and to a screen reader."""
    return {
        row.name: (
            row.accessibleName(),
            row.accessibleDescription(),
            # One that is empty may not have been made yet; they are made in the order in which they are needed.
            *sorted(label.text() for label in row.findChildren(QLabel) if not label.isHidden()),
            *((button.text(), button.isChecked()) for button in row.findChildren(Segment)),
        )
        for row in view.page.rows()
        if not isinstance(row, BlockRow) or not row.is_shown_open
    }


def test_lists_and_readings_of_a_section_are_made_when_they_are_wanted(qtbot, theme):
    view = SectionView(full())
    qtbot.addWidget(view)
    view.show()
    view.show_section("results")
    view.page.complete()
    theme.set_zoom(110)
    view.page.widget_of("ix.ca_adj").rows[0].taken.show_entry("attack")
    QTest.qWait(0)
    combos = view.page.findChildren(Combo)
    assert len(combos) > 100
    assert not any(combo.findChildren(QWidget) for combo in combos)
    assert not view.page.findChildren(Meant)
    combos[0].showPopup()
    assert combos[0].view().isVisible()
    assert combos[0].view().currentIndex().row() == combos[0].currentIndex()
    combos[0].hidePopup()
    theme.set_zoom(100)


def test_a_section_begins_with_the_rows_that_fill_the_view(qtbot):
    view = SectionView(full())
    qtbot.addWidget(view)
    view.resize(720, 600)
    view.show_section("patient")
    assert len(made(view)) == 12
    view.show()
    view.show_section("complaint")
    rows = [place.widget for place in view.page._places if place.widget is not None]
    wide = view.page.viewport().width()
    heights = [row.heightForWidth(wide) for row in rows]
    assert sum(heights) >= view.height() > sum(heights[:-1])


def test_a_page_that_is_made_ahead_says_its_red_flags_before_it_is_shown(qtbot):
    session = full()
    view = SectionView(session)
    qtbot.addWidget(view)
    view.show()
    view.show_section("red_flags")
    qtbot.waitUntil(
        lambda: "complaint" in view._pages and view._pages["complaint"].is_ready, timeout=20_000
    )
    page, flags = view._pages["complaint"], view._flags.by_question()
    flagged = [row for row in page.rows() if row.name in flags]
    assert flagged
    assert all(row.sign is not Mark.NONE for row in flagged)
