"""The first start as someone meets it who has just installed the program: real settings, real keys, by keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import keyring
import keyring.backends.fail
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from triage.content.load import Content
from triage.errors import KeyRefusedError
from triage.qt import app as app_module
from triage.qt.drafts.unlock import NewPassphraseDialog, UnlockDialog
from triage.qt.first import FirstStart
from triage.qt.parts.segments import Segment, Segments
from triage.qt.parts.sheet import Act
from triage.qt.parts.theme import Theme
from triage.qt.program import Program
from triage.rules.assess import Assessor
from triage.session.draft import DraftStore
from triage.settings import Sender, Settings, change_settings, load_settings
from triage.store import create_keys, describe_keys, keys_exist, open_keys

from ..conftest import AT
from .test_lock import CHEAP, Vault

PASSPHRASE = "four brown hens sing"


@pytest.fixture
def bare() -> Iterator[None]:
    """A computer without a key store."""
    before = keyring.get_keyring()
    keyring.set_keyring(keyring.backends.fail.Keyring())  # type: ignore[no-untyped-call]
    yield
    keyring.set_keyring(before)


@pytest.fixture
def vault() -> Iterator[Vault]:
    before, store = keyring.get_keyring(), Vault()
    keyring.set_keyring(store)
    yield store
    keyring.set_keyring(before)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TRIAGE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def page_of(qtbot: QtBot, folder: Path, content: Content, *, needs_key: bool = True) -> FirstStart:
    page = FirstStart(folder, content, needs_key=needs_key)
    qtbot.addWidget(page)
    page.show()
    qtbot.waitExposed(page)
    QApplication.processEvents()
    return page


def here() -> QWidget:
    found = QApplication.focusWidget()
    assert found is not None
    return found


def name_of(widget: QWidget) -> str:
    said = str(widget.accessibleName() or getattr(widget, "text", str)()).replace("&", "")
    group = widget.parent()
    return f"{group.accessibleName()}: {said}" if isinstance(group, Segments) else said


def test_everything_is_filled_in_by_the_keyboard_in_reading_order_and_kept(
    qtbot: QtBot, bare: None, folder: Path, content: Content, tmp_path: Path
) -> None:
    page = page_of(qtbot, folder, content)
    typed = {
        "Name": "Dr Ruth SAMPLE",
        "Practice": "Example Street Surgery",
        "Direct telephone": "01632 960102",
        "Registration number": "GMC 0000000",
        "Passphrase": PASSPHRASE,
        "Passphrase again": PASSPHRASE,
        "Lock after minutes": "5",
        "Folder": str(tmp_path),
    }
    keys = {"Role: GP": Qt.Key.Key_3, "Country: As the form has it (UK)": Qt.Key.Key_3}
    seen: list[str] = []
    while not seen or here() is not page.begin:
        widget, name = here(), name_of(here())
        assert name not in seen, seen
        seen.append(name)
        if name in typed:
            assert isinstance(widget, QLineEdit)
            widget.selectAll()
            qtbot.keyClicks(widget, typed[name])
        elif name in keys:
            qtbot.keyClick(widget, keys[name])
            widget = here()
            assert isinstance(widget, Segment)
        if isinstance(widget, QPlainTextEdit):
            qtbot.keyClicks(widget, "1 Example Street")
            qtbot.keyClick(widget, Qt.Key.Key_Return)
            qtbot.keyClicks(widget, "Testford TS1 1AA")
            qtbot.keyClick(widget, Qt.Key.Key_Tab)
        else:
            # Enter would press a button; everywhere else it moves on.
            goes = Qt.Key.Key_Tab if isinstance(widget, Act) else Qt.Key.Key_Return
            qtbot.keyClick(widget, goes)
    assert seen == [
        "Name",
        "Role: GP",
        "Practice",
        "Address",
        "Direct telephone",
        "Registration number",
        "Country: As the form has it (UK)",
        "Paper: As the country has it",
        "Passphrase",
        "Passphrase again",
        "Show what I type",
        "Lock after minutes",
        "Folder",
        "Choose: Folder",
    ]
    assert not keys_exist(folder)
    qtbot.keyClick(page.begin, Qt.Key.Key_Return)
    assert page.result() == QDialog.DialogCode.Accepted
    sender = Sender(
        name="Dr Ruth SAMPLE",
        role="nurse_practitioner",
        org="Example Street Surgery",
        address="1 Example Street\nTestford TS1 1AA",
        phone="01632 960102",
        registration="GMC 0000000",
    )
    wanted = Settings(
        senders={"sender1": sender}, profile="us", lock_minutes=5, backup_folder=str(tmp_path)
    )
    assert load_settings(folder) == page.settings == wanted
    assert open_keys(folder, PASSPHRASE) == page.key


def test_who_chose_a_role_and_types_on_types_into_the_next_field(
    qtbot: QtBot, bare: None, folder: Path, content: Content
) -> None:
    page = page_of(qtbot, folder, content)
    qtbot.keyClick(here(), Qt.Key.Key_Return)
    qtbot.keyClick(here(), Qt.Key.Key_1)
    for char in "Made-up Surgery":
        qtbot.keyClicks(here(), char)
    assert name_of(here()) == "Practice"
    assert page.you.fields["org"].text == "Made-up Surgery"
    assert page.passphrase.is_blank


def test_every_field_can_be_left_and_it_is_never_asked_again(
    qtbot: QtBot, vault: Vault, folder: Path, monkeypatch: pytest.MonkeyPatch, content: Content
) -> None:
    shown: list[str] = []

    def at_the_keyboard(page: FirstStart) -> int:
        qtbot.addWidget(page)
        page.show()
        qtbot.waitUntil(page.isActiveWindow)
        shown.append("first")
        # The passphrase is left for later: the key store opens the cases.
        page.passphrase.keep.setFocus()
        qtbot.keyClick(page.passphrase.keep, Qt.Key.Key_Space)
        qtbot.keyClick(page, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        return page.result()

    monkeypatch.setattr(FirstStart, "exec", at_the_keyboard)
    key, settings, practises = app_module._begun(content, Settings(), None)
    assert settings == Settings()
    assert not practises
    assert load_settings(folder) == Settings()
    assert not describe_keys(folder).passphrase
    assert app_module._begun(content, Settings(), None) == (key, Settings(), False)
    assert shown == ["first"]


def test_practice_is_offered_and_asks_for_the_same(
    qtbot: QtBot, bare: None, folder: Path, monkeypatch: pytest.MonkeyPatch, content: Content
) -> None:
    def at_the_keyboard(page: FirstStart) -> int:
        qtbot.addWidget(page)
        page.show()
        qtbot.waitUntil(page.isActiveWindow)
        page.practice.setFocus()
        qtbot.keyClick(page.practice, Qt.Key.Key_Space)
        # Nothing would open the cases yet: what is practised is not kept, what comes after it is.
        assert page.fault.text()
        assert here() is page.passphrase.passphrase
        assert not page.practises
        for field in (page.passphrase.passphrase, page.passphrase.again):
            qtbot.keyClicks(field, PASSPHRASE)
        page.practice.setFocus()
        qtbot.keyClick(page.practice, Qt.Key.Key_Space)
        return page.result()

    monkeypatch.setattr(FirstStart, "exec", at_the_keyboard)
    key, _, practises = app_module._begun(content, Settings(), None)
    assert practises
    assert key is not None


def test_begin_asks_for_a_passphrase_where_nothing_else_would_open_the_cases(
    qtbot: QtBot, bare: None, folder: Path, content: Content
) -> None:
    page = page_of(qtbot, folder, content)
    assert not page.passphrase.keep.isVisible()
    chosen = page.passphrase
    for typed, again, says in (
        ("", "", "this computer has no key store"),
        ("short", "short", "cannot be kept like this"),
        ("password1234", "password1234", "cannot be kept like this"),
        (PASSPHRASE, "four brown", "cannot be kept like this"),
    ):
        chosen.passphrase.setText(typed)
        chosen.again.setText(again)
        page.begin.click()
        assert says in page.fault.text()
        # Whoever typed a good one needs to type it again only once.
        assert here() is (chosen.again if typed == PASSPHRASE else chosen.passphrase)
        assert not keys_exist(folder)
    assert (chosen.says.text(), chosen.differ.text()) == ("Good.", "The two differ so far.")
    assert page.fault.isVisible()
    qtbot.keyClicks(chosen.again, PASSPHRASE[len("four brown") :])
    assert not page.fault.isVisible()
    chosen.passphrase.setText("password1234")
    assert chosen.says.text() == "This is among the most used passphrases. Choose another."
    assert not folder.exists()


def test_what_cannot_be_read_stops_the_beginning_and_stays(
    qtbot: QtBot, bare: None, folder: Path, content: Content
) -> None:
    page = page_of(qtbot, folder, content)
    page.passphrase.passphrase.setText(PASSPHRASE)
    page.passphrase.again.setText(PASSPHRASE)
    field = page.forms["lock"].fields["lock_minutes"]
    assert isinstance(field.input, QLineEdit)
    field.input.setText("ten")
    page.begin.click()
    assert field.fault.startswith("Not recorded: this is a whole number of minutes")
    assert field.text == "ten"
    assert here() is field.input
    assert not folder.exists()
    field.input.setText("0")
    qtbot.keyClick(field.input, Qt.Key.Key_Return)
    assert not page.fault.isVisible()
    page.begin.click()
    assert load_settings(folder).lock_minutes == 0


def test_nothing_moves_when_a_field_is_refused(
    qtbot: QtBot, bare: None, folder: Path, content: Content
) -> None:
    page = page_of(qtbot, folder, content)
    fields = [f for form in page.forms.values() for f in form.fields.values()]
    before = [field.input.geometry() for field in fields], page.forms["backup"].pos()
    page.forms["lock"].fields["lock_minutes"].refuse("no")
    QApplication.processEvents()
    assert ([field.input.geometry() for field in fields], page.forms["backup"].pos()) == before


def test_it_says_what_the_program_is_not_and_fits_a_small_screen(
    qtbot: QtBot, bare: None, folder: Path, content: Content
) -> None:
    page = page_of(qtbot, folder, content)
    said = " ".join(label.text() for label in page.findChildren(QLabel))
    assert "Not a certified medical device." in said
    assert "Any field but the passphrase can be left." in said
    page.setWindowState(Qt.WindowState.WindowNoState)
    page.resize(1280, 680)
    QApplication.processEvents()
    folder_field = page.forms["backup"].fields["backup_folder"].input
    bottom = folder_field.mapTo(page, folder_field.rect().bottomLeft()).y()
    assert bottom < page.begin.mapTo(page, page.begin.rect().topLeft()).y()


@pytest.mark.parametrize(("zoom", "width"), [(100, 900), (150, 900), (200, 900), (150, 1280)])
def test_with_large_text_all_is_read_whole_and_the_focus_is_always_in_sight(
    qtbot: QtBot, theme: Theme, bare: None, folder: Path, content: Content, zoom: int, width: int
) -> None:
    theme.set_zoom(zoom)
    page = page_of(qtbot, folder, content)
    page.setWindowState(Qt.WindowState.WindowNoState)
    page.resize(width, 560)
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    qtbot.waitUntil(lambda: not _cut(page))
    assert page.size().toTuple() == (width, 560)
    seen: list[QWidget] = []
    while here() not in seen:
        seen.append(here())
        hidden = here().rect().adjusted(0, 4, 0, -4)
        assert hidden.height() <= here().visibleRegion().boundingRect().height(), name_of(here())
        takes_enter = isinstance(here(), Act | QPlainTextEdit)
        qtbot.keyClick(here(), Qt.Key.Key_Tab if takes_enter else Qt.Key.Key_Return)
    assert page.passphrase.again in seen
    # What is at fault may stand far above.
    page.begin.click()
    assert here() is page.passphrase.passphrase
    assert not here().visibleRegion().isEmpty()


def _cut(page: FirstStart) -> list[str]:
    """Return what is not read whole: a chip that is too narrow, a line of chips or a text that is too low."""
    chips = [c.caption for c in page.findChildren(Segment) if c.width() < c.sizeHint().width()]
    rows = [each for each in page.findChildren(Segments) if each.isVisible()]
    texts = [each for each in page.findChildren(QLabel) if each.isVisible() and each.wordWrap()]
    low = [each for each in (*rows, *texts) if each.height() < each.heightForWidth(each.width())]
    return [*chips, *map(name_of, low)]


def test_esc_asks_before_what_was_typed_is_lost(
    qtbot: QtBot, bare: None, folder: Path, content: Content
) -> None:
    page = page_of(qtbot, folder, content)
    qtbot.keyClicks(here(), "Dr Ruth SAMPLE")
    for way in ("esc", "close"):
        page.close() if way == "close" else qtbot.keyClick(here(), Qt.Key.Key_Escape)
        box = page.asks_leave
        assert box is not None
        qtbot.waitUntil(box.isActiveWindow)
        # The harmless button has the ring: Enter and Esc stay.
        qtbot.keyClick(here(), Qt.Key.Key_Escape)
        qtbot.waitUntil(lambda: page.asks_leave is None)
        assert page.isVisible()
        assert page.you.fields["name"].text == "Dr Ruth SAMPLE"
    page.close()
    assert page.asks_leave is not None
    qtbot.waitUntil(page.asks_leave.isActiveWindow)
    qtbot.keyClick(page.asks_leave, Qt.Key.Key_C)
    qtbot.waitUntil(lambda: not page.isVisible())
    assert page.result() == QDialog.DialogCode.Rejected
    assert not folder.exists()


def test_esc_closes_at_once_where_nothing_was_typed(
    qtbot: QtBot, bare: None, folder: Path, content: Content
) -> None:
    page = page_of(qtbot, folder, content)
    qtbot.keyClick(here(), Qt.Key.Key_Escape)
    assert not page.isVisible()
    assert page.asks_leave is None


def test_cases_without_settings_are_opened_first_and_then_it_is_asked_once(
    qtbot: QtBot, bare: None, folder: Path, monkeypatch: pytest.MonkeyPatch, content: Content
) -> None:
    key = create_keys(folder, PASSPHRASE, cost=CHEAP)
    shown: list[str] = []

    def unlock(dialog: UnlockDialog) -> int:
        qtbot.addWidget(dialog)
        shown.append("unlock")
        dialog.show()
        qtbot.keyClicks(dialog.passphrase, PASSPHRASE)
        dialog.ok.click()
        return dialog.result()

    def first(page: FirstStart) -> int:
        qtbot.addWidget(page)
        shown.append("first")
        page.show()
        assert not page.passphrase.isVisible()
        page.begin.click()
        return page.result()

    monkeypatch.setattr(UnlockDialog, "exec", unlock)
    monkeypatch.setattr(FirstStart, "exec", first)
    assert app_module._begun(content, Settings(), None) == (key, Settings(), False)
    assert app_module._begun(content, Settings(), None) == (key, Settings(), False)
    assert shown == ["unlock", "first", "unlock"]


@pytest.mark.parametrize("how", ["settings", "passphrase"])
def test_who_set_it_up_otherwise_is_not_asked(
    qtbot: QtBot,
    bare: None,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    content: Content,
    how: str,
) -> None:
    def never(page: QDialog) -> int:
        raise AssertionError(type(page))

    monkeypatch.setattr(FirstStart, "exec", never)
    if how == "passphrase":
        key, *_ = app_module._begun(content, Settings(), lambda: PASSPHRASE)
        assert open_keys(folder, PASSPHRASE) == key
        return
    change_settings(folder, "profile", "us")
    monkeypatch.setattr(NewPassphraseDialog, "exec", lambda _: QDialog.DialogCode.Rejected)
    assert app_module._begun(content, Settings(profile="us"), None)[0] is None


def test_escape_closes_the_program_and_nothing_is_made(
    qtbot: QtBot, bare: None, folder: Path, monkeypatch: pytest.MonkeyPatch, content: Content
) -> None:
    def escape(page: FirstStart) -> int:
        qtbot.addWidget(page)
        page.show()
        qtbot.keyClicks(page.you.inputs["name"], "Dr Ruth SAMPLE")
        qtbot.keyClick(page, Qt.Key.Key_Escape)
        return page.result()

    monkeypatch.setattr(FirstStart, "exec", escape)
    assert app_module._begun(content, Settings(), None) == (None, Settings(), False)
    assert not folder.exists()


def test_a_passphrase_that_was_left_for_later_is_chosen_in_the_window(
    qtbot: QtBot, vault: Vault, assessor: Assessor, theme: Theme, folder: Path
) -> None:
    store = DraftStore(folder, create_keys(folder, use_keyring=True), lambda: AT)
    program = Program(assessor, store, Settings(), theme, lambda: AT)
    window = program.new_window()
    window.actions_["passphrase"].trigger()
    dialog = program.ways.dialog
    assert isinstance(dialog, NewPassphraseDialog)
    assert not dialog.old.isVisible()
    qtbot.keyClicks(dialog.passphrase, PASSPHRASE)
    qtbot.keyClicks(dialog.again, PASSPHRASE)
    qtbot.mouseClick(dialog.ok, Qt.MouseButton.LeftButton)
    assert program.ways.dialog is None
    assert "opens the cases from now on" in window.line.text
    assert open_keys(folder, PASSPHRASE) == store.key
    # From now on it is asked for: the key store alone changes nothing.
    window.actions_["passphrase"].trigger()
    dialog = program.ways.dialog
    assert isinstance(dialog, NewPassphraseDialog)
    assert dialog.old.isVisible()
    qtbot.waitUntil(dialog.isActiveWindow)
    dialog.old.setFocus()
    # Enter goes on from field to field, and from the last one it changes the passphrase.
    for typed in ("four white hens", "five green pigs", "five green pigs"):
        field = here()
        assert isinstance(field, QLineEdit)
        qtbot.keyClicks(field, typed)
        qtbot.keyClick(field, Qt.Key.Key_Return)
    assert dialog.hint.text()
    # What is to be mended is the passphrase so far.
    assert here() is dialog.old
    assert (dialog.old.hasSelectedText(), dialog.again.text()) == (True, "five green pigs")
    with pytest.raises(KeyRefusedError):
        open_keys(folder, "five green pigs")
    dialog.reject()
    window.close()
    store.close()


def test_shift_enter_goes_back_from_a_button_and_presses_nothing(
    qtbot: QtBot, folder: Path, content: Content
) -> None:
    page = page_of(qtbot, folder, content)
    (choose,) = (
        act for act in page.findChildren(Act) if act.text() == "C&hoose…" and act.isVisible()
    )
    choose.clicked.disconnect()
    choose.setFocus()
    with qtbot.assertNotEmitted(choose.clicked):
        qtbot.keyClick(choose, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert isinstance(here(), QLineEdit)
    with qtbot.waitSignal(choose.clicked):
        qtbot.keyClick(choose, Qt.Key.Key_Return)
