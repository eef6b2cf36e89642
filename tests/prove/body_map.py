"""The body map under a hurried hand: what it marks, the list ticks, the case holds and the letter draws is one."""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import cache

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QAccessible, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.conftest import AT, answers, case_from, the_assessor
from tests.letter.letters import letter_of
from triage.letter.figure import LETTER_SIGNS, SPOTS, Mark
from triage.model.case import Case
from triage.model.history import History
from triage.model.values import Finding
from triage.qt.app import application
from triage.qt.ask.body_map import BodyMap, Place, shapes
from triage.qt.ask.choices import ChoicesWidget
from triage.qt.parts.segments import Tone
from triage.qt.parts.theme import Theme
from triage.session import Session

FULL = 2000
# Events of one run.
STEPS = 10
# Three places by themselves: the letter draws its chart whatever else is marked.
WEAK = {"power.grip.right": "4", "power.grip.left": "4-", "power.knee_ext.left": "3"}
_RECORDING = ("r", "l", "b", "y", "0", Qt.Key.Key_Space, Qt.Key.Key_Delete)
_MOVING = (
    *(Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down) * 3,
    *("m", Qt.Key.Key_Escape, Qt.Key.Key_Home, Qt.Key.Key_End),
)
_LEFT, _NO_KEY = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


def body_map(seed: int) -> None:
    """Clicks, sweeps and keys of a seed leave map, list, case and record at one; what only moves records nothing."""
    chance = random.Random(seed)
    _dressed()
    with Asked(chance.choice(layers())) as asked:
        for _ in range(STEPS):
            match chance.randrange(4):
                case 0:
                    asked.click(chance.choice(asked.map.places), chance)
                case 1:
                    asked.sweep([asked.inside(chance) for _ in range(chance.randint(2, 4))])
                case 2:
                    asked.press(chance.choice(_RECORDING))
                case 3:
                    before = asked.session.case
                    asked.press(chance.choice(_MOVING))
                    assert asked.session.case == before, f"moving recorded (seed {seed})"
            asked.agree()
        asked.agree_with_letter()


@cache
def _dressed() -> Theme:
    """Make the application, once in a process, with the looks of the program."""
    return Theme(application())


def layers() -> list[str]:
    """Return the lists that one marks on the map."""
    session = Session(the_assessor(), History(), lambda: AT)
    return [question.id for _, question in session.chart.layers(session.form)]


class Asked:
    """A list with its map, shown and with the focus, of a case that has weak places besides.

    Parameters
    ----------
    name
        The list.
    """

    def __init__(self, name: str, *, read_only: bool = False) -> None:
        self.session = Session(the_assessor(), History(), lambda: AT)
        self.session.set_all(dict(case_from(answers(**WEAK))))
        self.session.read_only = read_only
        self.question = self.session.form.questions[name]
        self.widget = ChoicesWidget(self.session, self.question)
        assert self.widget.map is not None
        self.map: BodyMap = self.widget.map
        self.session.subscribe(lambda changed: (self.widget.refresh(), self.widget.show_known()))
        self.sign = next(s.sign for s in self.session.chart.signs if s.of == name)

    def __enter__(self) -> Asked:
        widget = self.widget
        widget.resize(800, widget.heightForWidth(800))
        widget.show()
        widget.activateWindow()
        QApplication.processEvents()
        widget.take_focus()
        return self

    def __exit__(self, *_: object) -> None:
        self.widget.close()
        self.widget.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    # -- what a hand does -----------------------------------------------------------------------

    def click(self, place: Place, chance: random.Random | None = None) -> None:
        """Click a place, in its middle or anywhere in it: its mark goes or comes, and no other does."""
        before = self.marks()
        mark = self.mark_of(place)
        at = self.map.at(place) if chance is None else self.somewhere(place, chance)
        QTest.mouseClick(self.map, _LEFT, _NO_KEY, at.toPoint())
        assert self.marks() ^ before == {mark}, (place, before, self.marks())

    def sweep(self, points: list[QPointF]) -> None:
        """Press at the first point, move over the others and release: all of that is ticked in one step."""
        before, case = self.marks(), self.session.case
        for kind, at in (
            (QEvent.Type.MouseButtonPress, points[0]),
            *((QEvent.Type.MouseMove, point) for point in points[1:]),
            (QEvent.Type.MouseButtonRelease, points[-1]),
        ):
            assert self.session.case == case, "a sweep recorded before it was over"
            self._mouse(kind, at)
        places = {place for point in points if (place := self.map.place_at(point))}
        if len(places) > 1:
            swept = {self.mark_of(place) for place in places}
            assert before | swept <= self.marks(), "a sweep took back, or left out"
            if self.session.case != case:
                self.session.undo()
                assert self.session.case == case, "a sweep was more than one step"
                self.session.redo()

    def _mouse(self, kind: QEvent.Type, at: QPointF) -> None:
        held = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseButtonRelease else _LEFT
        button = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseMove else _LEFT
        everywhere = self.map.mapToGlobal(at)
        QApplication.sendEvent(self.map, QMouseEvent(kind, at, everywhere, button, held, _NO_KEY))

    def press(self, key: str | Qt.Key) -> None:
        """Press a key where the focus is."""
        focused = QApplication.focusWidget()
        assert focused is not None, "the focus is lost"
        assert self.widget.isAncestorOf(focused), "the focus is elsewhere"
        QTest.keyClick(focused, key)

    def somewhere(self, place: Place, chance: random.Random) -> QPointF:
        """Return a point of a place, as far as pixels are exact."""
        scale = abs(
            self.map.at(Place("front", "hand", "left")).x()
            - self.map.at(Place("front", "hand", "right")).x()
        )
        scale /= 2 * SPOTS["hand"].x
        spot, path = SPOTS[place.spot], shapes(place.view)[place].pressed
        turn = (-1 if place.side == "right" else 1) * (-1 if place.view == "back" else 1)
        box, middle = path.boundingRect(), QPointF(turn * spot.x, spot.y)
        for _ in range(1000):
            x, y = chance.uniform(0.05, 0.95), chance.uniform(0.05, 0.95)
            inner = QPointF(box.x() + x * box.width(), box.y() + y * box.height())
            at = self.map.at(place) + (inner - middle) * scale
            if (
                self.map.rect().contains(at.toPoint())
                and self.map.place_at(at.toPoint().toPointF()) == place
            ):
                return at
        raise AssertionError(f"no point of {place} is in it")

    def inside(self, chance: random.Random) -> QPointF:
        """Return the middle of any place, or a point of the map beside all."""
        if chance.random() < 0.9:
            return self.map.at(chance.choice(self.map.places))
        return QPointF(chance.randrange(self.map.width()), chance.randrange(self.map.height()))

    # -- what is so -----------------------------------------------------------------------------

    def mark_of(self, place: Place) -> Mark:
        """Return the mark of what is meant at a place, where that stands."""
        option = self.map.options[place.spot][0]
        home = self.session.chart.spots[f"{self.question.id}.{option}"].id
        return Mark(self.sign, home, place.side)

    def marks(self) -> set[Mark]:
        """Return what the map marks of the list."""
        return {mark for mark in self.map.marks if mark.sign == self.sign}

    def agree(self) -> None:
        """Compare what the map, the list and the screen reader say with the case."""
        case = self.session.case
        assert self.marks() == set(self._marked(case))
        for name, chip in self.widget.chips.items():
            key = f"{self.question.id}.{name}"
            sides = {side for side in chip.side_buttons if _is_there(case, f"{key}.{side}")}
            ticked = {side for side, button in chip.side_buttons.items() if button.isChecked()}
            heard = {
                side
                for side, button in chip.side_buttons.items()
                if QAccessible.queryAccessibleInterface(button).state().checked  # type: ignore[attr-defined]
            }
            assert ticked == heard == sides, key
            is_there = _is_there(case, key) or bool(sides)
            assert (chip.button.isChecked() and chip.button.tone is Tone.PICK) == is_there, key

    def _marked(self, case: Case) -> Iterator[Mark]:
        """Yield what a case has of the list, told from nothing but its keys and the file of the chart."""
        for key in case:
            name, _, side = key.removeprefix(f"{self.question.id}.").partition(".")
            spot = self.session.chart.spots.get(f"{self.question.id}.{name}")
            if (
                not key.startswith(f"{self.question.id}.")
                or spot is None
                or not _is_there(case, key)
            ):
                continue
            if SPOTS[spot.id].is_midline:
                yield Mark(self.sign, spot.id, "none")
            elif side in ("left", "right"):
                yield Mark(self.sign, spot.id, side)  # type: ignore[arg-type]

    def agree_with_letter(self) -> None:
        """Compare what the map marks with the chart of the letter's record."""
        record = letter_of(self.session.case, "neurology").record
        assert record is not None
        assert record.figure is not None
        drawn = {mark for mark in self.map.marks if mark.sign in LETTER_SIGNS}
        assert set(record.figure.marks) == drawn


def _is_there(case: Case, key: str) -> bool:
    value = case.get(key)
    return isinstance(value, Finding) and value.present
