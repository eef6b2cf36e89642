"""The body map: one thing with its list, the case and the letter, and right is never left."""

from __future__ import annotations

import random
from itertools import combinations
from typing import get_args

import pytest
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QAccessible, QColor, QImage, QMouseEvent, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.prove.body_map import Asked, body_map, layers
from tests.qt.asking import fresh, section
from triage.letter.figure import SPOTS, Sign
from triage.model.values import Finding
from triage.qt.ask.body_map import Place, draw_sign, shapes
from triage.qt.ask.choices import ChoicesWidget
from triage.qt.parts.colours import SCHEMES, Colours
from triage.qt.parts.flow import scaled
from triage.qt.parts.keys import Place as Keys
from triage.qt.shell.line import place_of

PRESENT = Finding(present=True)
LAYERS = (
    "cramp.sites",
    "neuro.twitching_where",
    "fasc.seen",
    "insp.wasting",
    "neuro.sensory_sites",
    "cramp.pain_sites",
)
Key = Qt.Key


def test_the_lists_of_the_form_that_have_places(qtbot: QtBot) -> None:
    assert tuple(layers()) == LAYERS


# -- right and left --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", LAYERS)
def test_what_is_drawn_as_the_patients_right_records_right(qtbot: QtBot, name: str) -> None:
    chance = random.Random(1)
    with Asked(name) as asked:
        middles = {
            view: (
                asked.map.at(Place(view, "foot", "left"))
                + asked.map.at(Place(view, "foot", "right"))
            )
            / 2
            for view in ("front", "back")
        }
        for place in asked.map.places:
            # One faces the patient in front: the right is where one's own left is. From behind it is where it is.
            aside = asked.map.at(place).x() - middles[place.view].x()
            on_left = aside < 0
            shown = (
                "none"
                if abs(aside) < 0.5
                else "right"
                if on_left == (place.view == "front")
                else "left"
            )
            assert place.side == shown
            assert asked.map.place_at(asked.map.at(place)) == place
            before = set(asked.session.case)
            asked.click(place, chance)
            (key,) = set(asked.session.case) - before
            assert key.rpartition(".")[2] == (shown if shown != "none" else key.rpartition(".")[2])
            assert ("left" in key, "right" in key) == (shown == "left", shown == "right")
            asked.agree()
            asked.agree_with_letter()
            asked.click(place)
            assert set(asked.session.case) == before


def test_a_mark_is_painted_where_the_letter_has_it(qtbot: QtBot) -> None:
    with Asked("cramp.sites") as asked:
        for place in asked.map.places:
            home = SPOTS[place.spot]
            if home.view != place.view or place.spot == "neck":
                continue
            asked.widget.closing.setFocus()
            before = asked.map.grab().toImage()
            key = f"cramp.sites.{asked.map.options[place.spot][0]}"
            asked.session.set(key if place.side == "none" else f"{key}.{place.side}", PRESENT)
            changed = _centre(before, asked.map.grab().toImage())
            away = changed - asked.map.at(place)
            assert abs(away.x()) < 14, (place, changed)
            assert abs(away.y()) < 14, (place, changed)
            asked.session.undo()


def _centre(one: QImage, other: QImage) -> QPointF:
    """Return the middle of what differs."""
    assert one.size() == other.size()
    points = [
        QPointF(x, y)
        for y in range(one.height())
        for x in range(one.width())
        if one.pixel(x, y) != other.pixel(x, y)
    ]
    assert points
    return QPointF(sum(p.x() for p in points), sum(p.y() for p in points)) / len(points)


def test_both_halves_are_alike() -> None:
    for view in ("front", "back"):
        for place, shape in shapes(view).items():
            if place.side != "left":
                continue
            other = shapes(view)[place._replace(side="right")]
            mine, its = shape.pressed.boundingRect(), other.pressed.boundingRect()
            assert (mine.left(), mine.right(), mine.top()) == (-its.right(), -its.left(), its.top())


@pytest.mark.parametrize("scheme", SCHEMES.values(), ids=SCHEMES)
def test_each_sign_has_a_shape_of_its_own_however_small(qtbot: QtBot, scheme: Colours) -> None:
    # As large as at the smallest size of the text.
    size = 7
    drawn = {}
    for sign in get_args(Sign):
        image = QImage(size + 4, size + 4, QImage.Format.Format_Grayscale8)
        image.fill(QColor(scheme.ground))
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw_sign(painter, sign, QRectF(2, 2, size, size), scheme)
        painter.end()
        drawn[sign] = image
    ink = abs(QColor(scheme.ground).lightness() - QColor(scheme.ink).lightness())
    for one, other in combinations(drawn, 2):
        apart = sum(
            abs(drawn[one].pixelColor(x, y).value() - drawn[other].pixelColor(x, y).value())
            for x in range(size + 4)
            for y in range(size + 4)
        )
        # Of about 25 points of ink more than five differ.
        assert apart > 5 * ink, (one, other, apart / ink)


# -- hands -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("first", range(0, 20, 5))
def test_clicks_sweeps_and_keys_at_random(qtbot: QtBot, first: int) -> None:
    for seed in range(first, first + 5):
        body_map(seed)


def test_a_sweep_ticks_in_one_step_and_takes_nothing_back(qtbot: QtBot) -> None:
    with Asked("cramp.sites") as asked:
        calf, foot = (Place("back", spot, "left") for spot in ("calf", "foot"))
        asked.click(calf)
        asked.sweep([asked.map.at(calf), asked.map.at(foot)])
        assert {k for k in asked.session.case if k.startswith("cramp")} == {
            "cramp.sites.calf.left",
            "cramp.sites.toes_foot.left",
        }


def test_the_line_says_what_a_hand_on_the_map_did(qtbot: QtBot) -> None:
    with Asked("cramp.sites") as asked:
        told: list[str] = []
        asked.widget.told.connect(told.append)
        asked.click(Place("front", "forearm", "right"))
        asked.click(Place("front", "forearm", "right"))
        asked.click(Place("front", "face", "none"))
        asked.sweep([asked.map.at(Place("back", spot, "left")) for spot in ("calf", "foot")])
        assert told == [
            "Recorded: cramp, Forearm, right.",
            "Taken back: cramp, Forearm, right.",
            "Recorded: cramp, Jaw or face.",
            "Recorded: cramp, 2 answers. Ctrl+Z undoes that.",
        ]


def test_who_moves_off_before_letting_go_records_nothing(qtbot: QtBot) -> None:
    with Asked("cramp.sites") as asked:
        before = asked.session.case
        calf = asked.map.at(Place("back", "calf", "left"))
        asked.sweep([calf, calf - QPointF(40, 0)])
        assert asked.map.place_at(calf - QPointF(40, 0)) is None
        assert asked.session.case == before


def test_a_sweep_whose_end_nobody_heard_of_ticks_nothing_and_moves_no_focus(qtbot: QtBot) -> None:
    with Asked("cramp.sites") as asked:
        body, before = asked.map, asked.session.case
        thigh, foot = (body.at(Place("front", spot, "left")) for spot in ("thigh", "foot"))
        QTest.mousePress(body, Qt.MouseButton.LeftButton, pos=thigh.toPoint())
        focused = QApplication.focusWidget()
        # Let go elsewhere; now the pointer only goes over the map.
        nothing = Qt.MouseButton.NoButton
        held = Qt.KeyboardModifier.NoModifier
        over = QMouseEvent(
            QEvent.Type.MouseMove, foot, body.mapToGlobal(foot), nothing, nothing, held
        )
        QApplication.sendEvent(body, over)
        assert QApplication.focusWidget() is focused
        QTest.mouseRelease(body, Qt.MouseButton.LeftButton, pos=foot.toPoint())
        assert asked.session.case == before


def test_what_marks_a_place_is_taken_back_there_whichever_option_it_is(qtbot: QtBot) -> None:
    with Asked("cramp.sites") as asked:
        asked.session.set("cramp.sites.hip_girdle.right", PRESENT)
        asked.click(Place("back", "buttock", "right"))
        assert not [key for key in asked.session.case if key.startswith("cramp.")]


def test_an_option_of_two_places_is_reached_from_both(qtbot: QtBot) -> None:
    with Asked("fasc.seen") as asked:
        asked.click(Place("front", "hand", "right"))
        assert asked.session.case.get("fasc.seen.forearm_hand.right") == PRESENT
        asked.click(Place("front", "forearm", "right"))
        assert "fasc.seen.forearm_hand.right" not in asked.session.case


def test_a_case_that_is_only_read_is_drawn_and_takes_nothing(qtbot: QtBot) -> None:
    with Asked("cramp.sites", read_only=True) as asked:
        before = asked.session.case
        assert asked.map.marks
        at = asked.map.at(Place("front", "forearm", "right")).toPoint()
        QTest.mouseClick(asked.map, Qt.MouseButton.LeftButton, pos=at)
        assert asked.session.case == before


# -- one focus -------------------------------------------------------------------------------------


def test_the_focus_is_one_and_on_the_check_box_of_the_list(qtbot: QtBot) -> None:
    with Asked("cramp.sites") as asked:
        asked.press("m")
        focused = QApplication.focusWidget()
        chip = asked.widget.chips["toes_foot"]
        assert focused is chip.side_buttons["right"]
        heard = QAccessible.queryAccessibleInterface(focused)
        assert heard.role() == QAccessible.Role.CheckBox
        assert heard.text(QAccessible.Text.Name) == "Toes or foot, right"
        assert not heard.state().invisible  # type: ignore[attr-defined]
        assert asked.map.focused() == {Place("front", "foot", "right")}
        assert place_of(focused) is Keys.MAP
        # Nothing moves for that: what is not ticked has no button for a side yet.
        assert focused.width() == 0
        asked.press(Key.Key_Space)
        assert asked.session.case.get("cramp.sites.toes_foot.right") == PRESENT
        assert QApplication.focusWidget() is focused
        assert focused.width() > 0
        asked.press("m")
        assert QApplication.focusWidget() is chip.button
        assert place_of(chip.button) is Keys.SITED
        # In the list a button is of both sides, on each figure that has it.
        assert {place.side for place in asked.map.focused()} == {"left", "right"}


def test_the_arrows_reach_every_place_and_record_nothing(qtbot: QtBot) -> None:
    for name in LAYERS:
        with Asked(name) as asked:
            before = asked.session.case
            arrows = (Key.Key_Left, Key.Key_Right, Key.Key_Up, Key.Key_Down)
            asked.press("m")
            seen, todo = set(), [asked.widget.place]
            while todo:
                here = todo.pop()
                if here is None or here in seen:
                    continue
                seen.add(here)
                todo += [asked.map.beside(here, key) for key in arrows]
            assert seen == set(asked.map.places)
            asked.widget.take_place(Place("front", "forearm", "right"))
            asked.press(Key.Key_Up)
            assert asked.widget.place == Place("front", "upper_arm", "right")
            assert asked.session.case == before


def test_a_click_in_the_list_leaves_the_map(qtbot: QtBot) -> None:
    with Asked("cramp.sites") as asked:
        asked.press("m")
        pointed = QApplication.focusWidget()
        QTest.mouseClick(asked.widget.chips["thigh"].button, Qt.MouseButton.LeftButton)
        assert asked.widget.place is None
        assert pointed is not None
        assert pointed.isHidden()
        assert place_of(QApplication.focusWidget()) is Keys.SITED


@pytest.mark.parametrize(("digit", "name"), [*enumerate(LAYERS, start=1)][1:])
def test_a_digit_goes_on_with_another_list_at_the_same_place(
    qtbot: QtBot, digit: int, name: str
) -> None:
    view = section(qtbot, fresh(), "complaint")
    view.resize(900, 720)
    view.go_to("cramp.sites")
    QApplication.processEvents()
    row = view._current
    assert isinstance(row, ChoicesWidget)
    row.take_place(Place("front", "forearm", "left"))
    QTest.keyClick(QApplication.focusWidget(), str(digit))
    QApplication.processEvents()
    other = view._current
    assert isinstance(other, ChoicesWidget)
    assert (other.name, other.place) == (name, Place("front", "forearm", "left"))


def test_keys_keep_the_place_in_sight(qtbot: QtBot) -> None:
    view = section(qtbot, fresh(), "complaint")
    view.resize(900, 240)
    view.go_to("cramp.sites")
    QApplication.processEvents()
    row = view._current
    assert isinstance(row, ChoicesWidget)
    for key in ("m", *(Key.Key_Home, Key.Key_End) * 2):
        QTest.keyClick(QApplication.focusWidget(), key)
        QApplication.processEvents()
        assert row.map is not None
        assert row.place is not None
        at = row.map.mapTo(view.page.viewport(), row.map.at(row.place).toPoint())
        assert view.page.viewport().rect().contains(at), row.place


def test_there_is_no_map_where_labels_stand_above_their_answers(qtbot: QtBot) -> None:
    with Asked("cramp.sites") as asked:
        told: list[str] = []
        asked.widget.advised.connect(told.append)
        wide = scaled(asked.widget, 400)
        asked.widget.resize(wide, asked.widget.heightForWidth(wide))
        QApplication.processEvents()
        assert not asked.map.has_room
        asked.press("m")
        assert told == ["There is no room for the body map: a wider window has it."]
        assert place_of(QApplication.focusWidget()) is Keys.SITED
