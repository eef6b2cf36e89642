"""Keys by place: where a layout has no Latin letters, and no digits without Shift."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from triage.content.form import DECISION
from triage.model.case import Case
from triage.model.values import Choice, Decision, Finding, Unable
from triage.qt.ask.paste import PasteDialog
from triage.qt.drafts.cases import CasesDialog
from triage.qt.first import FirstStart
from triage.qt.parts.inputs import TypedLine
from triage.qt.parts.keys import Place, act, char_of
from triage.qt.parts.theme import Theme
from triage.qt.window import MainWindow
from triage.session.cases import Cases
from triage.session.paste import Preview

from ..conftest import the_assessor, the_content, the_settings
from .asking import ask, fresh, section
from .conftest import Desk

PLAIN, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier
ALT, CONTROL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier
# As X counts them: the key with the letter on an American keyboard.
CODES = {
    char: first + at
    for first, row in {10: "1234567890", 24: "qwertyuiop", 38: "asdfghjkl", 52: "zxcvbnm"}.items()
    for at, char in enumerate(row)
}
GREEK = dict(zip("qwertyuiopasdfghjklzxcvbnm", ";ςερτυθιοπασδφγηξκλζχψωβνμ", strict=True))
RUSSIAN = dict(zip("qwertyuiopasdfghjklzxcvbnm", "йцукенгшщзфывапролдячсмить", strict=True))
FRENCH = dict(zip("1234567890", "&é\"'(-è_çà", strict=True))
BELGIAN = dict(zip("1234567890", "&é\"'(§è!çà", strict=True))


def event(place: str, text: str, held: Qt.KeyboardModifier = PLAIN, code: int = 0) -> QKeyEvent:
    """Return the event of the key at the place of `place` that says `text`, as a desktop makes it."""
    kind = QEvent.Type.KeyPress
    return QKeyEvent(
        kind, ord(text.upper()), held, code or CODES[place], ord(text), 0, text, False, 1
    )


def press(place: str, text: str, held: Qt.KeyboardModifier = PLAIN) -> None:
    target = QApplication.focusWidget()
    assert target is not None
    QApplication.sendEvent(target, event(place, text, held))


@pytest.mark.parametrize("layout", [FRENCH, BELGIAN])
def test_digits_work_without_shift_in_the_list_of_cases_and_in_the_settings(
    qtbot: QtBot, desk: Desk, tmp_path: Path, theme: Theme, layout: dict[str, str]
) -> None:
    cases = CasesDialog(Cases(desk.store, the_assessor(), the_settings(), desk.clock))
    first = FirstStart(tmp_path / "new", the_content(), needs_key=True)
    for window in (cases, first):
        qtbot.addWidget(window)
        window.show()
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        if window is cases:
            cases.table.setFocus()
            press("3", layout["3"])
            assert cases._group == "out"
            continue
        country = first.forms["country"].fields["profile"]
        country.input.stop.setFocus()
        press("3", layout["3"])
        assert country.text == "us"


@pytest.mark.parametrize("layout", [FRENCH, BELGIAN])
def test_what_is_asked_of_a_pasted_line_is_answered_without_shift(
    qtbot: QtBot, layout: dict[str, str]
) -> None:
    dialog = PasteDialog(None, Preview(fresh(), "K 3,1", "results"))
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.list.setFocus()
    with qtbot.waitSignal(dialog.list.answered) as heard:
        QApplication.sendEvent(dialog.list, event("2", layout["2"]))
    assert heard.args == [2]


def test_a_letter_where_others_have_a_digit_begins_a_reason(qtbot: QtBot) -> None:
    line = TypedLine()
    line.usual = ("asked for by the patient", "done already")
    qtbot.addWidget(line)
    line.show()
    for place in ("2", "7"):
        QApplication.sendEvent(line, event(place, FRENCH[place]))
    assert line.text() == "éè"
    line.clear()
    QApplication.sendEvent(line, event("2", "2", SHIFT))
    assert line.text() == "done already"


@pytest.mark.parametrize("layout", [GREEK, RUSSIAN])
@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("p", Finding(present=True)),
        ("y", Finding(present=True)),
        ("a", Finding(present=False)),
        ("n", Finding(present=False)),
        ("u", Unable()),
    ],
)
def test_a_finding_is_recorded_by_the_place_of_the_key(
    qtbot: QtBot, layout: dict[str, str], place: str, value: object
) -> None:
    session = fresh()
    ask(qtbot, session, "tone.clonus")
    press(place, layout[place])
    assert dict(session.case) == {"tone.clonus": value}


@pytest.mark.parametrize("layout", [FRENCH, BELGIAN])
def test_options_blocks_and_grades_take_digits_without_shift(
    qtbot: QtBot, layout: dict[str, str]
) -> None:
    session = fresh()
    ask(qtbot, session, "cramp.course")
    press("4", layout["4"])
    assert session.case["cramp.course"] == Choice(option="worsening")
    widget = ask(qtbot, session, "power")
    widget.take_focus("power.deltoid.left")
    press("5", layout["5"])
    assert session.case["power.deltoid.left"] == Choice(option="5")
    widget = ask(qtbot, session, "cramp.timing")
    press("1", layout["1"])
    press("0", layout["0"])
    assert widget.is_closed
    assert session.case["cramp.timing.night_sleep"] == Finding(present=True)


def test_a_minus_where_others_have_6_is_a_minus_in_a_grid(qtbot: QtBot) -> None:
    session = fresh()
    widget = ask(qtbot, session, "power")
    widget.take_focus("power.deltoid.left")
    press("4", FRENCH["4"])
    press("6", FRENCH["6"])
    assert session.case["power.deltoid.left"] == Choice(option="4-")


def test_sides_and_a_block_go_by_place(qtbot: QtBot) -> None:
    session = fresh()
    widget = ask(qtbot, session, "cramp.sites")
    first = next(iter(widget.chips))
    press("r", GREEK["r"])
    assert dict(session.case) == {f"cramp.sites.{first}.right": Finding(present=True)}
    view = section(qtbot, session, "red_flags")
    row = view.page.widget_of("spine")
    row.take_focus()
    press("o", RUSSIAN["o"])
    assert row.is_open


def test_a_latin_letter_goes_by_its_letter_wherever_it_stands(qtbot: QtBot) -> None:
    # "a" stands where Americans have q on a French keyboard, "n" where they have l on a Dvorak one.
    session = fresh()
    ask(qtbot, session, "tone.clonus")
    press("q", "a")
    assert session.case["tone.clonus"] == Finding(present=False)
    assert act(event("l", "n"), Place.FINDING) == "absent"


def test_signs_above_the_digits_stay_signs() -> None:
    assert char_of(event("1", "!", SHIFT)) == "!"
    assert char_of(event("8", "*", SHIFT)) == "*"
    assert char_of(event("1", "1", SHIFT)) == "1"


def test_letters_typed_into_a_text_stay_what_they_are(qtbot: QtBot) -> None:
    session = fresh()
    ask(qtbot, session, "referrer.working_diagnosis")
    for place in "pan":
        press(place, GREEK[place])
    press("1", FRENCH["1"])
    assert session.case["referrer.working_diagnosis"].text == "παν&"


@pytest.mark.parametrize(
    ("platform", "code", "virtual"), [("windows", 25, 0), ("xcb", 33, 0), ("cocoa", 0, 35)]
)
def test_each_system_counts_its_keys_its_own_way(
    monkeypatch: pytest.MonkeyPatch, platform: str, code: int, virtual: int
) -> None:
    monkeypatch.setattr(
        "triage.qt.parts.keys.QGuiApplication.platformName", staticmethod(lambda: platform)
    )
    made = QKeyEvent(QEvent.Type.KeyPress, ord("Π"), PLAIN, code, virtual, 0, "π", False, 1)
    assert char_of(made) == "P"


@pytest.mark.parametrize("name", ["patient.family_name", "tone.clonus", "power", "spine"])
@pytest.mark.parametrize("layout", [FRENCH, BELGIAN])
def test_alt_and_a_digit_go_to_the_section_from_anywhere(
    window: MainWindow, layout: dict[str, str], name: str
) -> None:
    if name == "spine":
        window.go.show_section("red_flags")
        window.questions.page.widget_of(name).take_focus()
    else:
        window.go.go_to(name)
    sections = list(window.session.form.sections)
    press("3", layout["3"], ALT)
    assert window.questions.section == sections[2]
    press("0", layout["0"], ALT)
    assert window.questions.section == sections[9]
    assert dict(window.session.case) == {}


def test_commands_and_menus_open_where_no_latin_layout_is_known(window: MainWindow) -> None:
    window.go.go_to("tone.clonus")
    press("n", GREEK["n"], PLAIN)
    press("z", GREEK["z"], CONTROL)
    assert dict(window.session.case) == {}
    press("g", RUSSIAN["g"], ALT)
    assert window.menuBar().activeAction().text() == "&Go"
    window.menuBar().setActiveAction(None)


def test_a_held_0_records_one_block_also_where_the_desktop_tells_its_repeats_as_new_keys(
    window: MainWindow,
) -> None:
    window.go.show_section("red_flags")
    window.questions.page.widget_of("breath").take_focus()

    def send(kind: QEvent.Type, at: int) -> None:
        made = QKeyEvent(kind, Qt.Key.Key_0, PLAIN, CODES["0"], 0, 0, "0", False, 1)
        made.setTimestamp(at)
        target = QApplication.focusWidget()
        assert target is not None
        QApplication.sendEvent(target, made)

    send(QEvent.Type.KeyPress, 10_000)
    one = dict(window.session.case)
    for at in (10_660, 10_700, 11_900):
        send(QEvent.Type.KeyRelease, at)
        send(QEvent.Type.KeyPress, at)
    assert dict(window.session.case) == one
    # Let go, and pressed again: that is a new key.
    send(QEvent.Type.KeyRelease, 12_000)
    send(QEvent.Type.KeyPress, 12_150)
    assert len(window.session.case) > len(one)


@pytest.mark.parametrize("layout", [GREEK, RUSSIAN])
def test_the_assessment_goes_by_place_as_the_form_does(
    window: MainWindow, sample: Case, layout: dict[str, str]
) -> None:
    window.session.set_all(
        dict(sample.with_({key: None for key in sample if key.startswith(f"{DECISION}t_")}))
    )
    window.go.show_tests()
    QApplication.processEvents()
    first, second = window.panel.tests.essential.rows[:2]
    assert first.head.hasFocus()
    key = f"{DECISION}{first.rule}"
    press("a", layout["a"])
    assert window.session.case[key] == Decision(decision="accept")
    assert second.head.hasFocus()
    press("l", layout["l"])
    assert window.session.case[f"{DECISION}{second.rule}"] == Decision(decision="defer")
    first.head.setFocus(Qt.FocusReason.OtherFocusReason)
    press("w", layout["w"])
    assert first.why is not None
    assert first.why.isHidden()
    press("a", layout["a"].upper(), SHIFT)
    assert not window.session.undecided()
