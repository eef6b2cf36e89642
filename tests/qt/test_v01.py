"""Vignette V01 typed into the real window with keys and mouse, issued, and read back from the store.

The typist knows the answers of CASE.json and what is on the screen; the case behind the window is only read
at the end, from the store, when everything is closed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any, TypeVar

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from triage.content.schema import Block, GridRow, OptionRecord, Question
from triage.letter.build import build_letter, uncovered
from triage.model.case import Case
from triage.model.dates import PartialDate
from triage.model.values import Choice, Date, Decision, Finding, Names, Row, Table, Text, Value
from triage.pdf.readback import missing_statements, read_text
from triage.qt.ask.block import BlockRow
from triage.qt.ask.chips import Chip
from triage.qt.ask.choice import ChoiceList
from triage.qt.ask.choices import ChoicesWidget
from triage.qt.ask.grid import GridWidget
from triage.qt.ask.questions import QuestionWidget
from triage.qt.ask.table import TableWidget
from triage.qt.letter.confirm import IssueDialog
from triage.qt.parts.inputs import Combo
from triage.qt.parts.segments import Segments
from triage.qt.parts.theme import Theme
from triage.qt.program import make_window
from triage.qt.shell.palette import Palette
from triage.qt.window import MainWindow
from triage.rules.assess import Assessor
from triage.session.draft import DraftStore
from triage.store import Drafts, Issue

from ..conftest import AT, CASES, TODAY, case_from, the_content, the_settings, the_templates
from .asking import press_at

Key = Qt.Key
Control = Qt.KeyboardModifier.ControlModifier
Shift = Qt.KeyboardModifier.ShiftModifier
Alt = Qt.KeyboardModifier.AltModifier
KEY = b"k" * 32
MOST_STEPS = 200
T = TypeVar("T", bound=QWidget)

# What a letter needs and the vignette does not have. The date of birth makes the patient 58 years old.
INVENTED = {
    "patient.dob": "14/03/1968",
    "patient.identifiers": [{"kind": "nhs_number", "value": "9990000018"}],
    "referrer.name": "Dr Invented Test",
    "referrer.question": "Is this motor neuron disease?",
}
# What the vignette answers together and the form asks one by one.
ASKED_SINGLY = {
    "neuro.insomnia_hallucinations": (
        "neuro.severe_insomnia",
        "neuro.hallucinations",
        "neuro.confused_spells",
    ),
}
RECORDED_BESIDE: Mapping[str, Value] = {
    "patient.dob": Date(date=PartialDate.of(date(1968, 3, 14))),
    "patient.identifiers": Table(
        rows=(Row(cells=(("kind", "nhs_number"), ("value", "9990000018"))),)
    ),
    "referrer.name": Text(text="Dr Invented Test"),
    "referrer.question": Text(text="Is this motor neuron disease?"),
    "decision.t_emg": Decision(decision="accept"),
    "decision.t_ncs": Decision(decision="accept"),
    **{
        f"decision.{test}": Decision(decision="defer")
        for test in ("t_ue", "t_ca", "t_mg", "t_ck", "t_mri_cspine", "t_fvc")
    },
    "case.recipients": Names(names=("neuromuscular",)),
}

# What a reader looks for first.
SAID = (
    "Possible motor neuron disease",
    "within 2 weeks",
    "Motor neuron disease fits: upper and lower motor neuron signs together",
    "Nerve conduction studies (NCS): conduction block? sensory nerves normal?",
    "Needle EMG: denervation in two or more regions?",
    "20 a week",
    "thumb abduction 3, finger extension 4",
    "Jerks 3+ throughout",
    "Right plantar extensor, left flexor",
    "Is this motor neuron disease?",
    "Dr Invented Test",
    "signed 22 Nov 2026",
)


def given(data: dict[str, Any]) -> dict[str, Any]:
    """Return every answer of the CASE.json and the invented ones, in one flat mapping."""
    case = data["case"]
    patient = {f"patient.{name}": value for name, value in case["patient"].items() if name != "age"}
    told = date.fromisoformat(case["date"]).strftime("%d/%m/%Y")
    return {
        "case.date": told,
        "case.profile": case["profile"],
        **patient,
        **INVENTED,
        **singly(case["answers"]),
    }


def singly(answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answers as the form asks for them."""
    return {
        asked: value for name, value in answers.items() for asked in ASKED_SINGLY.get(name, (name,))
    }


class Typist:
    """Types, clicks and turns the wheel: all it does goes to the window that has the focus."""

    def __init__(self, window: MainWindow) -> None:
        self.window = window
        self.form = the_content().form
        self.at = 0
        self._ways: dict[str, Callable[[QuestionWidget, dict[str, Any]], None]] = {
            "finding": self._findings,
            "choice": self._options,
            "choices": self._list,
            "quantity": self._entry,
            "date": self._entry,
            "text": self._entry,
            "table": self._table,
            "grid": self._grid,
        }

    # -- keys, clicks, wheel --------------------------------------------------------------------

    def press(self, *keys: Qt.Key | str, held: Qt.KeyboardModifier | None = None) -> None:
        """Press keys, perhaps with another one held."""
        for key in keys:
            QTest.keyClick(_active(), key, held or Qt.KeyboardModifier.NoModifier)
        self._settle()

    def write(self, text: object) -> None:
        """Type a text."""
        self.press(*str(text))

    def click(self, widget: QWidget, place: QPoint | None = None) -> None:
        """Click where `widget` is to be seen, after turning the wheel until it is."""
        self.bring_into_sight(widget)
        at = place or widget.rect().center()
        assert widget.visibleRegion().contains(at), f"{widget} is hidden"
        top = widget.window()
        there = widget.mapTo(top, at)
        assert top.childAt(there) is widget, f"something lies on {widget}"
        handle = top.windowHandle()
        assert handle is not None
        QTest.mouseClick(handle, Qt.MouseButton.LeftButton, pos=there)
        self._settle()

    def _settle(self) -> None:
        QApplication.processEvents()
        if QGuiApplication.focusWindow() is None:
            # A dialog was closed, and offscreen no window manager hands the focus on.
            self.window.activateWindow()
            QApplication.processEvents()

    def bring_into_sight(self, widget: QWidget) -> None:
        """Turn the wheel over the area that `widget` stands in."""
        area = widget.parentWidget()
        while area is not None and not isinstance(area, QScrollArea):
            area = area.parentWidget()
        if area is None:
            return
        view = area.viewport()
        for _ in range(MOST_STEPS):
            box = widget.rect().translated(widget.mapTo(view, QPoint()))
            if view.rect().contains(box):
                return
            self._turn_wheel(view, -1 if box.bottom() > view.height() else 1)
        raise AssertionError(f"the wheel does not reach {widget}")

    def _turn_wheel(self, over: QWidget, steps: int) -> None:
        handle = over.window().windowHandle()
        assert handle is not None
        there = QPointF(over.mapTo(over.window(), over.rect().center()))
        QTest.wheelEvent(handle, there, QPoint(0, 120 * steps))
        QApplication.processEvents()

    # -- going places ---------------------------------------------------------------------------

    def find(self, name: str) -> QuestionWidget:
        """Bring up a question with the palette."""
        self.press(Key.Key_K, held=Control)
        palette = _around(Palette)
        assert palette is not None
        self.write(name)
        assert palette.found[0].id == name
        if not palette.list.currentIndex().isValid():
            self.press(Key.Key_Down)
        self.press(Key.Key_Return)
        widget = _around(QuestionWidget)
        assert widget is not None, f"{name} has no focus"
        assert widget.question.id == name
        focused = QApplication.focusWidget()
        assert focused is not None
        assert focused.visibleRegion().boundingRect() == focused.rect(), f"{name} is not in sight"
        return widget

    def go_to(self, wanted: Callable[[], bool], key: Qt.Key) -> None:
        """Press a key that moves until the focus is where it should be."""
        for _ in range(MOST_STEPS):
            if wanted():
                return
            self.press(key)
        raise AssertionError(f"{key} does not reach it from {QApplication.focusWidget()}")

    # -- answers --------------------------------------------------------------------------------

    def answer(self, name: str, values: dict[str, Any]) -> None:
        """Answer the question `name`: `values` by key, as CASE.json has them."""
        widget = self.find(name)
        self._ways[widget.question.kind](widget, values)

    def answer_block(self, section: str, block: Block) -> None:
        """Answer a folded block with its one key, reached by the section's shortcut and Tab."""
        place = list(self.form.sections).index(section) + 1
        self.press(f"{place % 10}", held=Alt)

        def is_there() -> bool:
            row = _around(BlockRow)
            return row is not None and row.block.id == block.id

        self.go_to(is_there, Key.Key_Tab)
        # Whoever asks all of a block takes longer than a held key.
        self.at += 5000
        press_at(self.at, Key.Key_0, "0")
        self._settle()

    def _sides(
        self, widget: QuestionWidget, values: dict[str, Any]
    ) -> Iterator[tuple[Segments | ChoiceList, Any]]:
        """Yield each side with its value, the focus being there."""
        for control in widget.controls:  # type: ignore[attr-defined]
            if control.slot.key in values:
                if not control.isVisible():
                    # It stands in the head of the question, before the sides.
                    no_side = widget.no_side  # type: ignore[attr-defined]
                    self.go_to(partial(_has_focus, no_side), Key.Key_Left)
                    self.press(Key.Key_Space)
                self.go_to(partial(_has_focus, control), Key.Key_Right)
                yield control, values[control.slot.key]

    def _findings(self, widget: QuestionWidget, values: dict[str, Any]) -> None:
        for _, present in self._sides(widget, values):
            self.press("p" if present else "a")

    def _options(self, widget: QuestionWidget, values: dict[str, Any]) -> None:
        for control, wanted in self._sides(widget, values):
            names = [option.id for option in widget.question.options]
            if isinstance(control, ChoiceList):
                self._choose(control, wanted)
            else:
                self.press(str(names.index(wanted) + 1))

    def _choose(self, combo: Combo, wanted: str) -> None:
        self.press(Key.Key_Space)
        for _ in range(combo.count()):
            if combo.itemData(combo.view().currentIndex().row()) == wanted:
                self.press(Key.Key_Space)
                return
            self.press(Key.Key_Down)
        raise AssertionError(f"there is no {wanted} in the list")

    def _list(self, widget: QuestionWidget, values: dict[str, Any]) -> None:
        assert isinstance(widget, ChoicesWidget)
        (wanted,) = values.values()
        if widget.filter is not None:
            self.press(Key.Key_Down)
        for name in widget.chips:
            chip = _around(Chip)
            assert chip is not None
            assert chip.option.id == name
            if name in wanted:
                self.press(Key.Key_Space)
            self.press(Key.Key_Right)
        assert widget.closing.hasFocus()
        self.press("0")

    def _entry(self, widget: QuestionWidget, values: dict[str, Any]) -> None:
        (value,) = values.values()
        self.write(value)

    def _table(self, widget: QuestionWidget, values: dict[str, Any]) -> None:
        assert isinstance(widget, TableWidget)
        (rows,) = values.values()
        self.press(Key.Key_Space)
        for at, row in enumerate(rows, start=1):
            for _ in range(MOST_STEPS):
                if len(widget.rows) == at:
                    break
                self.press(Key.Key_Return)
            for column in widget.question.columns[: len(row)]:
                field = QApplication.focusWidget()
                if field is not widget.rows[at - 1].fields[column.id]:
                    # The row began with it.
                    continue
                if isinstance(field, Combo):
                    self._choose(field, row[column.id])
                else:
                    self.write(row[column.id])
                self.press(Key.Key_Return)

    def _grid(self, widget: QuestionWidget, values: dict[str, Any]) -> None:
        """Type the odd cells, fill what one button fills, type what is left."""
        assert isinstance(widget, GridWidget)
        keys = {slot.key: slot for slot in widget.slots if slot.row is not None}
        filled: set[str] = set()
        fills = []
        for fill in widget.question.fills:
            covered = {key for key, slot in keys.items() if slot.row and slot.row.id in fill.rows}
            if covered <= set(values):
                fills.append(fill.id)
                filled |= {key for key in covered if values[key] == fill.value}
        for key in values:
            if key not in filled:
                self._grade(widget, key, values[key])
        for name in fills:
            self.click(widget.fills[name])

    def _grade(self, widget: GridWidget, key: str, grade: str) -> None:
        view, there = widget.view, widget.model.index_of(key)
        if not view.hasFocus():
            self.go_to(view.hasFocus, Key.Key_Down)
        for _ in range(MOST_STEPS):
            here = view.currentIndex()
            if here.row() != there.row():
                self.press(Key.Key_Down if here.row() < there.row() else Key.Key_Up)
            elif here.column() != there.column():
                self.press(Key.Key_Right if here.column() < there.column() else Key.Key_Left)
            else:
                break
        assert view.currentIndex() == there, key
        self.write(grade)


def _active() -> QWindow:
    window = QGuiApplication.focusWindow()
    assert window is not None, "no window has the focus"
    return window


def _has_focus(widget: QWidget) -> bool:
    focused = QApplication.focusWidget()
    return focused is not None and (focused is widget or widget.isAncestorOf(focused))


def _around(kind: type[T]) -> T | None:
    """Return the widget of this kind that the focus is in."""
    widget = QApplication.focusWidget()
    while widget is not None and not isinstance(widget, kind):
        widget = widget.parentWidget()
    return widget


def _question_of(key: str) -> Question:
    question = the_content().form.question_of(key)
    assert question is not None, key
    return question


def _blocks_all_absent(answers: Mapping[str, Any]) -> Iterator[Block]:
    """Yield the blocks of red flags of which the case says that every one is absent."""
    form = the_content().form
    for block in form.blocks.values():
        members = form.in_block(block.id)
        if all(q.section == "red_flags" and answers.get(q.id) is False for q in members):
            yield block


def type_case(typist: Typist, answers: Mapping[str, Any]) -> None:
    """Type every answer of the case."""
    form = the_content().form
    blocks = list(_blocks_all_absent(answers))
    for block in blocks:
        typist.answer_block("red_flags", block)
    by_block = {q.id for block in blocks for q in form.in_block(block.id)}
    left = [(key, value) for key, value in answers.items() if key not in by_block]
    for question, group in groupby(left, key=lambda item: _question_of(item[0]).id):
        typist.answer(question, dict(group))


def accept_tests(typist: Typist, *rules: str) -> None:
    """Accept suggestions with the mouse on the panel's page of tests."""
    tabs = typist.window.panel.tabs
    typist.click(tabs, tabs.tabRect(1).center())
    for rule in rules:
        rows = typist.window.panel.tests.essential.rows
        row = next(row for row in rows if row.rule == rule)
        typist.click(row.head)
        typist.click(row.buttons["accept"])


def issue_letter(typist: Typist) -> None:
    """Look at the letter, issue it, and confirm."""
    typist.press("l", held=Control)
    page = typist.window.letter
    assert page.isVisible()
    assert not page.problems.lines.shown
    typist.press(Key.Key_Return, held=Control)
    question = QApplication.activeWindow()
    assert isinstance(question, IssueDialog)
    assert "V01 SPECIMEN" in question.text
    typist.press(Key.Key_I)
    # The button is seen to go down before it counts.
    QTest.qWait(300)
    assert typist.window.header.state.text() == "Issued v1"


def from_the_store(folder: Path) -> tuple[Case, Issue]:
    """Return the one case and the one letter in the store."""
    with Drafts.open(folder, KEY) as drafts:
        assert drafts.verify() == []
        (info,) = drafts.list()
        (issue,) = drafts.issues(info.id)
        return drafts.history(info.id).case, issue


def _plain(text: str) -> str:
    """Return text as it is compared: lines and words may break anywhere on a page."""
    return re.sub(r"\W+", "", text).lower()


def _is_named(key: str, value: Value, text: str) -> bool:
    """Whether the pages name what was recorded: the finding, the row of a grid, the option chosen."""
    slot = the_content().form.slot(key)
    if slot is None:
        return True
    if slot.option is not None and isinstance(value, Finding) and not value.present:
        return True  # the rest of a closed list is "no other"
    parts: list[Question | OptionRecord | GridRow] = [slot.option or slot.row or slot.question]
    if slot.row is None and isinstance(value, Choice):
        chosen = [option for option in slot.options if option.id == value.option]
        # "none" of something is told as the absence of it.
        parts = [*chosen, *parts] if value.option == "none" else [*chosen]
    elif slot.kind not in ("finding", "choice"):
        return True
    names = [name for part in parts for name in (part.label, part.short)]
    said = the_templates().answers
    for name in (slot.question.id, f"{slot.question.id}.{slot.option.id if slot.option else ''}"):
        if (words := said.get(name)) is not None:
            if words.sensitive:
                return True  # kept in the sender's record, and admitted
            names += [words.row, words.page, words.denied, words.turned, words.area, *words.one_of]
    return any(_plain(name) in text for name in names if name)


def _alone(value: Value) -> Value:
    """Return a value as if it had been recorded by itself and not with its block."""
    if isinstance(value, Finding | Choice):
        return value.model_copy(update={"block": False})
    return value


@pytest.fixture(scope="module")
def vignette() -> dict[str, Any]:
    return json.loads((CASES / "vignettes" / "V01.json").read_text(encoding="utf-8"))


def test_v01_is_typed_issued_and_read_back(
    qtbot: QtBot, assessor: Assessor, theme: Theme, tmp_path: Path, vignette: dict[str, Any]
) -> None:
    content = assessor.content
    store = DraftStore(tmp_path / "drafts", KEY, lambda: AT)
    window = make_window(
        assessor, store.create(assessor.content), the_settings(), theme, lambda: AT
    )
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    window.activateWindow()
    qtbot.waitUntil(lambda: QGuiApplication.focusWindow() is window.windowHandle())

    typist = Typist(window)
    type_case(typist, given(vignette))
    accept_tests(typist, "t_emg", "t_ncs")
    typist.press("o", held=Control | Shift)
    issue_letter(typist)
    assert window.close()
    assert store.close()

    case, issue = from_the_store(tmp_path / "drafts")
    told = {**vignette["case"], "answers": singly(vignette["case"]["answers"])}
    wanted = dict(case_from(told))
    del wanted["patient.age"]
    assert {key: _alone(value) for key, value in case.items()} == wanted | dict(RECORDED_BESIDE)

    letter = build_letter(
        content,
        case,
        assessor.assess(case, TODAY),
        content.recipients[issue.recipient].template,
        issue.recipient,
        TODAY,
        version=issue.version,
        issued_at=AT,
        settings=the_settings(),
    )
    assert uncovered(letter, case) == set()
    assert missing_statements(letter, issue.pdf) == []

    pages = read_text(issue.pdf)
    for page in pages:
        for part in ("SPECIMEN", "V01", "14 Mar 1968", "999 000 0018", f"of {len(pages)}"):
            assert _plain(part) in _plain(page)
    # A statement may run over the end of a page: the two lines at its foot are left out.
    text = _plain("\n".join(line for page in pages for line in page.splitlines()[:-2]))
    # What cannot apply to him is told to nobody; the profile stands in the foot.
    unnamed = [key for key, value in case.items() if not _is_named(key, value, text)]
    assert unnamed == ["case.profile", "patient.pregnancy"]
    for part in SAID:
        assert _plain(part) in text, part
