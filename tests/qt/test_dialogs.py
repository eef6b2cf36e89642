"""Every dialog: each button names its act and has a letter that works, and the harmless one is at hand."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import keyring
import keyring.backends.fail
import pytest
from PySide6.QtCore import QEvent, QPoint, QRect, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QApplication,
    QCheckBox,
    QDialog,
    QLabel,
    QLineEdit,
    QMessageBox,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

import triage.qt
from triage.errors import Problem, TriageError
from triage.letter.rewriting import Words
from triage.model.case import Case
from triage.model.values import Finding, Text
from triage.pdf.spool import Printers
from triage.qt.ask.paste import PasteDialog
from triage.qt.drafts.backups import BackupsDialog, RestoreBox
from triage.qt.drafts.cases import CasesDialog
from triage.qt.drafts.conflict import ConflictBox
from triage.qt.drafts.damage import DamageDialog
from triage.qt.drafts.read_only import ReadOnlyBox
from triage.qt.drafts.unlock import (
    ForgottenBox,
    NewPassphraseDialog,
    RecoveryDialog,
    UnlockDialog,
    _PassphraseDialog,
)
from triage.qt.first import FirstStart
from triage.qt.letter.confirm import IssueDialog
from triage.qt.letter.printing import PrinterDialog
from triage.qt.letter.rewriting import RewriteDialog
from triage.qt.letter.withdraw import WithdrawDialog
from triage.qt.lock_page import LockPage
from triage.qt.panel.call_dialog import CallDialog
from triage.qt.panel.resting import RestingDialog
from triage.qt.panel.urgency_dialog import LOWERED, RAISED, UrgencyDialog
from triage.qt.parts.box import Box
from triage.qt.parts.clipboard import Clipboard
from triage.qt.parts.fate import FateDialog
from triage.qt.parts.keys import Place
from triage.qt.parts.reasoned import Reasoned
from triage.qt.parts.theme import Theme
from triage.qt.parts.underlined import Underlined, letter_of
from triage.qt.preferences import Preferences
from triage.qt.shell.actions import COMMANDS
from triage.qt.shell.details import DetailsDialog, SenderDialog
from triage.qt.shell.help import HelpDialog, KeysDialog
from triage.qt.shell.problems import ProblemsWindow
from triage.qt.shell.settings import SettingsDialog
from triage.qt.shell.unsaved import UnsavedBox
from triage.session.cases import Cases
from triage.session.paste import Preview
from triage.settings import Address, Sender
from triage.store import KeyInfo
from triage.store.rescue import Situation

from ..conftest import AT, the_assessor, the_content, the_settings
from .clinic import Clinic
from .conftest import Desk

Key = Qt.Key
ALT = Qt.KeyboardModifier.AltModifier
_REPORT = "Collected: 02/11/2026\nSerum potassium 4.1 mmol/L (3.5-5.3)"
_SENDERS = {"gp1": Sender(name="Dr Ruth SAMPLE")}


def _settings(desk: Desk, path: Path) -> QWidget:
    asked = Preferences(
        the_settings(), the_content(), lambda: path, desk.clock, Clipboard(60), None, desk.window
    )
    asked.show(desk.window)
    assert asked.dialog is not None
    return asked.dialog


MADE: dict[type[QWidget], Callable[[Desk, Path], QWidget]] = {
    BackupsDialog: lambda desk, path: BackupsDialog(),
    CallDialog: lambda desk, path: CallDialog(desk.session),
    CasesDialog: lambda desk, path: CasesDialog(
        Cases(desk.store, the_assessor(), the_settings(), desk.clock)
    ),
    ConflictBox: lambda desk, path: ConflictBox("drafts (2).db", "2 cases", 2),
    DamageDialog: lambda desk, path: DamageDialog(Situation(None, None, (), None)),
    DetailsDialog: lambda desk, path: DetailsDialog("Address", "Where?", Address()),
    FateDialog: lambda desk, path: FateDialog("What came of it?", AT.date(), AT.date()),
    FirstStart: lambda desk, path: FirstStart(path, the_content(), needs_key=True),
    ForgottenBox: lambda desk, path: ForgottenBox(key_store=True, begins=True),
    HelpDialog: lambda desk, path: HelpDialog("Guide", QLabel("Words")),
    IssueDialog: lambda desk, path: IssueDialog(desk.session, desk.letters),
    KeysDialog: lambda desk, path: KeysDialog(Place.FINDING, COMMANDS),
    LockPage: lambda desk, path: LockPage(
        "Locked", "By key.", KeyInfo(passphrase=True, keyring=True)
    ),
    NewPassphraseDialog: lambda desk, path: NewPassphraseDialog("change"),
    PasteDialog: lambda desk, path: PasteDialog(
        desk.session, Preview(desk.session, _REPORT, "results")
    ),
    PrinterDialog: lambda desk, path: PrinterDialog(Printers(("office",), "office"), "v1", 2),
    ProblemsWindow: lambda desk, path: ProblemsWindow([Problem("form.toml", "x", "no section")]),
    ReadOnlyBox: lambda desk, path: ReadOnlyBox(),
    RecoveryDialog: lambda desk, path: RecoveryDialog(Clipboard(60)),
    RestingDialog: lambda desk, path: RestingDialog(
        desk.session, next(iter(the_content().form.questions.values())), {"unable": "Unable"}
    ),
    RestoreBox: lambda desk, path: RestoreBox("2 Nov 2026, 10:00", ("2 cases.",)),
    RewriteDialog: lambda desk, path: RewriteDialog(
        desk.session, Words("history", "History", "Composed.", "Mine.", True)
    ),
    SenderDialog: lambda desk, path: SenderDialog(
        "Who signs?", _SENDERS, "gp1", Sender(), {"gp": "GP"}
    ),
    SettingsDialog: _settings,
    UnlockDialog: lambda desk, path: UnlockDialog(),
    UnsavedBox: lambda desk, path: UnsavedBox(None, "Edwin SPECIMEN"),
    UrgencyDialog: lambda desk, path: UrgencyDialog(desk.session),
    WithdrawDialog: lambda desk, path: WithdrawDialog("Withdraw version 1?", 1),
}
# What others are made of.
_BASES = {Box, Reasoned, _PassphraseDialog}


@pytest.fixture
def bare() -> Iterator[None]:
    """A computer without a key store."""
    before = keyring.get_keyring()
    keyring.set_keyring(keyring.backends.fail.Keyring())  # type: ignore[no-untyped-call]
    yield
    keyring.set_keyring(before)


@pytest.fixture
def made(
    qtbot: QtBot, bare: None, desk: Desk, tmp_path: Path, request: pytest.FixtureRequest
) -> QWidget:
    dialog = MADE[request.param](desk, tmp_path)
    qtbot.addWidget(dialog)
    _show(qtbot, dialog)
    return dialog


def _show(qtbot: QtBot, dialog: QWidget) -> None:
    dialog.show()
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)


def _buttons(dialog: QWidget) -> list[QPushButton]:
    return [b for b in dialog.findChildren(QPushButton) if b.text() and b.isVisible()]


def _of(cls: type[QWidget]) -> Iterator[type[QWidget]]:
    for sub in cls.__subclasses__():
        if sub.__module__.startswith("triage."):
            yield sub
        yield from _of(sub)


def test_no_dialog_is_missing_here() -> None:
    for module in pkgutil.walk_packages(triage.qt.__path__, "triage.qt."):
        importlib.import_module(module.name)
    assert set(_of(QDialog)) - _BASES <= set(MADE)


@pytest.mark.parametrize("made", MADE, indirect=True)
def test_each_button_has_a_letter_of_its_own(made: QWidget) -> None:
    buttons = _buttons(made)
    assert buttons
    assert all(letter_of(button) for button in buttons), [b.text() for b in buttons]
    parts = [
        *made.findChildren(QPushButton),
        *made.findChildren(QCheckBox),
        *made.findChildren(QRadioButton),
        *(label for label in made.findChildren(QLabel) if label.buddy()),
    ]
    letters = [letter for part in parts if (letter := letter_of(part))]
    assert len(set(letters)) == len(letters), [part.text() for part in parts]


# The first start fills the screen, and this one is smaller than any that it is made for.
@pytest.mark.parametrize("made", [kind for kind in MADE if kind is not FirstStart], indirect=True)
def test_no_button_is_cut_off_at_an_edge(made: QWidget) -> None:
    QApplication.processEvents()
    outer = QRect(QPoint(), made.size())
    for button in _buttons(made):
        if all(not isinstance(p, QAbstractScrollArea) for p in _around(button)):
            assert outer.contains(QRect(button.mapTo(made, QPoint()), button.size())), button.text()


_SMALL = QRect(0, 0, 1280, 720)
_SMALL_SCREEN = SimpleNamespace(availableSize=_SMALL.size, availableGeometry=lambda: _SMALL)


@pytest.mark.parametrize("zoom", [150, 200])
@pytest.mark.parametrize("kind", [kind for kind in MADE if kind is not FirstStart])
def test_with_large_text_a_dialog_fits_a_small_screen(
    qtbot: QtBot,
    bare: None,
    desk: Desk,
    theme: Theme,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    kind: type[QWidget],
    zoom: int,
) -> None:
    monkeypatch.setattr(QWidget, "screen", lambda widget: _SMALL_SCREEN)
    theme.set_zoom(zoom)
    dialog = MADE[kind](desk, tmp_path)
    qtbot.addWidget(dialog)
    _show(qtbot, dialog)
    QApplication.processEvents()
    assert dialog.width() <= 1280
    assert dialog.height() <= 720
    qtbot.waitUntil(lambda: not _narrowed(dialog))
    # Nothing of it is cut for that: it scrolls.
    for label in dialog.findChildren(QLabel):
        if label.isVisible() and label.wordWrap():
            assert label.height() + 4 >= label.heightForWidth(label.width()), label.text()


def _narrowed(dialog: QWidget) -> list[str]:
    """Return the captions of buttons that are cut."""
    return [b.text() for b in _buttons(dialog) if b.width() < b.sizeHint().width()]


def test_what_is_gone_to_in_a_dialog_that_scrolls_is_in_sight(
    qtbot: QtBot, theme: Theme, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QWidget, "screen", lambda widget: _SMALL_SCREEN)
    theme.set_zoom(200)
    dialog = SenderDialog("Who signs?", _SENDERS, "gp1", Sender(), {"gp": "GP"})
    qtbot.addWidget(dialog)
    _show(qtbot, dialog)
    for name, field in dialog.inputs.items():
        stop = getattr(field, "stop", field)
        stop.setFocus()
        QApplication.processEvents()
        # Of a box of several lines the caret is.
        assert stop.visibleRegion().boundingRect().height() >= min(stop.height(), 70) - 8, name


def _around(widget: QWidget) -> Iterator[QWidget]:
    while (parent := widget.parentWidget()) is not None:
        yield parent
        widget = parent


@pytest.mark.parametrize("made", MADE, indirect=True)
def test_no_button_says_ok_yes_no_or_cancel(made: QWidget) -> None:
    said = {b.text().replace("&", "").split("  ")[0] for b in made.findChildren(QAbstractButton)}
    assert said.isdisjoint({"OK", "Ok", "Yes", "No", "Cancel", "Apply", "Discard", "Save"})


@pytest.mark.parametrize("made", MADE, indirect=True)
def test_a_letter_alone_or_with_alt_presses_its_button(qtbot: QtBot, made: QWidget) -> None:
    button = next(b for b in _buttons(made) if b.isEnabled())
    pressed: list[bool] = []
    button.clicked.disconnect()
    button.clicked.connect(lambda: pressed.append(True))
    key = Key(ord(letter_of(button)))
    window = made.window().windowHandle()
    QTest.keyClick(window, key, ALT)
    qtbot.waitUntil(lambda: len(pressed) == 1)
    button.setFocus()
    QTest.keyClick(window, key)
    assert len(pressed) == 2
    if lines := [f for f in made.findChildren(QLineEdit) if f.isVisible() and f.isEnabled()]:
        lines[0].setFocus()
        QTest.keyClick(window, key)
        assert len(pressed) == 2


@pytest.mark.parametrize(
    "made", [kind for kind in MADE if issubclass(kind, QMessageBox)], indirect=True
)
def test_the_harmless_button_of_a_question_has_the_ring_and_esc(
    qtbot: QtBot, made: QWidget
) -> None:
    assert isinstance(made, QMessageBox)
    harmless = made.defaultButton()
    assert made.buttonRole(harmless) is QMessageBox.ButtonRole.RejectRole
    assert QApplication.focusWidget() is harmless
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    QTest.keyClick(made.windowHandle(), Key.Key_Escape)
    qtbot.waitUntil(lambda: not made.isVisible())
    assert made.clickedButton() is harmless


# -- the letters ------------------------------------------------------------------------------------


@pytest.fixture
def dialog(qtbot: QtBot, theme: Theme) -> QDialog:
    made = QDialog()
    QVBoxLayout(made)
    qtbot.addWidget(made)
    return made


def _with(dialog: QDialog, *captions: str) -> list[QPushButton]:
    buttons = [QPushButton(caption, dialog) for caption in captions]
    for button in buttons:
        button.setAutoDefault(False)
        dialog.layout().addWidget(button)
    return buttons


def test_letters_are_unique_and_begin_a_word_where_they_can(qtbot: QtBot, dialog: QDialog) -> None:
    buttons = _with(dialog, "Keep it", "&Keep the other", "Kick", "")
    Underlined(dialog)
    _show(qtbot, dialog)
    assert [b.text() for b in buttons] == ["Keep &it", "&Keep the other", "Ki&ck", ""]


def test_another_language_has_letters_that_its_keyboard_has(qtbot: QtBot, dialog: QDialog) -> None:
    buttons = _with(dialog, "[Këëp ït~~]", "[ËËÏ]", "Оставить")
    Underlined(dialog)
    _show(qtbot, dialog)
    assert [letter_of(b) for b in buttons] == ["K", "Ë", "О"]
    typed = QKeyEvent(QEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, "о")
    with qtbot.waitSignal(buttons[2].clicked):
        QApplication.sendEvent(buttons[0], typed)


def test_a_held_letter_presses_nothing(qtbot: QtBot, dialog: QDialog) -> None:
    (button,) = _with(dialog, "Keep")
    pressed: list[bool] = []
    button.clicked.connect(lambda: pressed.append(True))
    Underlined(dialog)
    _show(qtbot, dialog)
    held = QKeyEvent(QEvent.Type.KeyPress, Key.Key_K, Qt.KeyboardModifier.NoModifier, "k", True)
    QApplication.sendEvent(button, held)
    assert pressed == []
    QTest.keyClick(button, Key.Key_K)
    assert pressed == [True]


def test_a_new_caption_keeps_the_letter_if_a_word_begins_so(qtbot: QtBot, dialog: QDialog) -> None:
    button, other = _with(dialog, "Set to soon", "Keep")
    letters = Underlined(dialog)
    _show(qtbot, dialog)
    letters.show(button, "Raise to soon")
    assert (button.text(), other.text()) == ("Raise to &soon", "&Keep")


# -- usual reasons of a level -----------------------------------------------------------------------


@pytest.fixture
def urgency(qtbot: QtBot, desk: Desk) -> UrgencyDialog:
    desk.answer(neuro__dysarthria=True)
    desk.window.actions_["urgency"].trigger()
    made = desk.window.findChildren(UrgencyDialog)[-1]
    qtbot.waitUntil(made.isActiveWindow)
    return made


@pytest.mark.parametrize(("level", "usual"), [("soon", LOWERED), ("emergency", RAISED)])
def test_a_digit_writes_a_usual_reason_into_the_empty_line(
    desk: Desk, urgency: UrgencyDialog, level: str, usual: tuple[str, ...]
) -> None:
    choice = next(b for name, b in urgency.choices.items() if name == level)
    choice.click()
    urgency.reason.setFocus()
    QTest.keyClick(urgency.windowHandle(), Key.Key_2)
    assert urgency.reason.text() == usual[1]
    QTest.keyClick(urgency.windowHandle(), Key.Key_1)
    assert urgency.reason.text() == f"{usual[1]}1"
    assert urgency.act.isEnabled()


def test_without_another_level_a_digit_is_text(urgency: UrgencyDialog) -> None:
    urgency.choices["urgent"].click()
    urgency.reason.setFocus()
    QTest.keyClick(urgency.windowHandle(), Key.Key_2)
    assert urgency.reason.text() == "2"


# -- the call of an emergency -----------------------------------------------------------------------


@pytest.fixture
def emergency(desk: Desk, sample: Case) -> Desk:
    """A letter of an emergency that nothing stops but that no call is recorded."""
    desk.take(sample)
    desk.session.set("rf.breathless_rest", Finding(present=True))
    desk.letters.choose_recipient("emergency_team")
    assert [problem.question for problem in desk.letters.problems()] == ["call.who"]
    return desk


def _call(qtbot: QtBot, desk: Desk) -> CallDialog:
    desk.window.activateWindow()
    desk.window.actions_["issue"].trigger()
    asked = next(d for d in desk.window.findChildren(CallDialog) if d.isVisible())
    qtbot.waitUntil(asked.isActiveWindow)
    return asked


def test_an_emergency_without_a_call_asks_for_it_and_then_goes_on_to_issue(
    qtbot: QtBot, emergency: Desk
) -> None:
    asked = _call(qtbot, emergency)
    assert asked.asks.text() == (
        "No call is recorded. Who was phoned, and when? Or why was no call made?"
    )
    assert not asked.issue.isEnabled()
    assert QApplication.focusWidget() is asked.form.fields["call.who"]
    QTest.keyClicks(asked.form.fields["call.who"], "Dr Omar EXAMPLE")
    assert not asked.issue.isEnabled()
    QTest.keyClicks(asked.form.fields["call.when"], "14:10")
    assert asked.issue.text().replace("&", "") == "Issue with this call…"
    asked.issue.click()
    assert emergency.session.case["call.when"] == Text(text="14:10")
    box = emergency.window.letter.confirmation
    assert isinstance(box, IssueDialog)
    box.reject()


def test_a_reason_stands_for_the_call_and_back_keeps_what_is_typed(
    qtbot: QtBot, emergency: Desk
) -> None:
    asked = _call(qtbot, emergency)
    QTest.keyClicks(asked.form.fields["call.not_made"], "in the department already")
    assert asked.issue.text().replace("&", "") == "Issue with this reason…"
    assert asked.issue.isEnabled()
    QTest.keyClick(asked.windowHandle(), Key.Key_Escape)
    qtbot.waitUntil(lambda: not isValid(asked))
    assert emergency.window.letter.confirmation is None
    reason = Text(text="in the department already")
    assert emergency.session.case["call.not_made"] == reason


def test_where_more_stands_in_the_way_it_is_listed_as_before(desk: Desk, emergency: Desk) -> None:
    emergency.session.set("referrer.question", None)
    emergency.window.actions_["issue"].trigger()
    assert not emergency.window.findChildren(CallDialog)
    assert emergency.told[-1][1].startswith("Not yet: ")


# -- a recipient without an address -----------------------------------------------------------------


def test_a_recipient_without_an_address_is_named_and_asked_for(
    clinic: Clinic, sample: Case
) -> None:
    window = clinic.new(sample)
    window.wanted.emit("recipients.neurophysiology")
    asked = clinic.program.preferences.details
    assert asked is not None
    name = the_content().recipients["neurophysiology"].name
    says = f"{name} has no address. It can be read as a draft. Add the address now?"
    assert any(label.text().startswith(says) for label in asked.findChildren(QLabel))
    assert [b.text().replace("&", "").split("  ")[0] for b in asked.buttons.buttons()] == [
        "Add",
        "Later",
    ]


def test_a_refusal_goes_once_another_field_was_typed_in(qtbot: QtBot) -> None:
    dialog = DetailsDialog("Sender", "Who signs.", Sender())
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitUntil(dialog.isActiveWindow)
    dialog.refuse(TriageError("there is no name"))
    assert dialog.hint.text()
    name = dialog.inputs["name"]
    assert name.hasFocus()
    qtbot.keyClicks(name, "Dr A. Example")
    qtbot.keyClick(name, Qt.Key.Key_Return)
    assert not dialog.hint.text()
