"""The settings in the window, with their real file: drawn from their declaration, kept as soon as a field is left."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from pydantic import Field as Declares
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QFileDialog,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QWidget,
)
from pytestqt.qtbot import QtBot

from triage.errors import SettingsError
from triage.letter.words.said.line import Mark
from triage.model.case import Case
from triage.model.values import Text
from triage.qt.app import Guard
from triage.qt.ask.paste import PasteDialog
from triage.qt.drafts.unlock import NewPassphraseDialog, RecoveryDialog
from triage.qt.parts.segments import Segments
from triage.qt.parts.theme import Theme
from triage.qt.shell.fields import Field
from triage.qt.shell.records import RecordsPage
from triage.qt.shell.settings import SettingsDialog
from triage.qt.window import MainWindow
from triage.session.own import offered
from triage.settings import Address, Sender, Settings, load_settings, save_settings
from triage.settings.file import changed
from triage.settings.settings import PAGES

from ..conftest import the_content, the_settings
from .asking import press_button
from .clinic import Clinic

LOGO = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9" fill="#a00"/></svg>'


def opened(clinic: Clinic, command: str = "settings") -> SettingsDialog:
    window = clinic.program.windows[-1] if clinic.program.windows else clinic.new()
    window.actions_[command].trigger()
    QApplication.processEvents()
    dialog = clinic.program.preferences.dialog
    assert dialog is not None
    return dialog


ADDRESS = (
    "Department of Neurology\nSample Hospital\n20 Sample Road\nTestford TS3 3CC\nTel 01632 960455"
)


def typed(qtbot: QtBot, field: Field, text: str) -> None:
    """Type into a field as a person does, and leave it by the keyboard."""
    line = field.input
    assert isinstance(line, QLineEdit | QPlainTextEdit)
    line.setFocus()
    line.selectAll()
    qtbot.keyClick(line, Qt.Key.Key_Backspace)
    for n, words in enumerate(text.split("\n")):
        if n:
            qtbot.keyClick(line, Qt.Key.Key_Return)
        qtbot.keyClicks(line, words)
    qtbot.keyClick(line, Qt.Key.Key_Tab)
    QApplication.processEvents()


def answered(qtbot: QtBot, dialog: SettingsDialog, says: str) -> str:
    """Press a button of the question that stands, and return the question."""
    box = dialog.box
    assert box is not None
    asks = box.text()
    (button,) = (b for b in box.buttons() if b.text().replace("&", "") == says)
    press_button(qtbot, button)
    return asks


# -- drawn from the declaration ---------------------------------------------------------------------


def test_every_setting_has_its_place_and_says_what_it_is_for(clinic: Clinic) -> None:
    dialog = opened(clinic)
    shown = {name for form in dialog.forms.values() for name in form.fields}
    shown |= {page.declared.name for page in dialog.records.values()}
    assert shown == set(Settings.model_fields)
    assert list(dialog.pages) == [*PAGES, "about"]
    for form in dialog.forms.values():
        for field in form.fields.values():
            assert field.input.accessibleName().startswith(field.declared.title)
            assert field.note.text() == field.declared.says == field.input.accessibleDescription()
    dialog.accept()


@pytest.mark.parametrize(("width", "zoom"), [(900, 100), (1190, 100), (900, 150)])
def test_no_page_with_its_fields_is_cut_off_at_the_right(
    clinic: Clinic, theme: Theme, width: int, zoom: int
) -> None:
    save_settings(clinic.folder, the_settings())
    clinic.start()
    theme.set_zoom(zoom)
    try:
        dialog = opened(clinic)
        dialog.resize(width, 600)
        for name in dialog.pages:
            dialog.show_page(name)
            for _ in range(3):
                QApplication.processEvents()
            for area in (a for a in dialog.findChildren(QScrollArea) if a.isVisible()):
                assert not area.horizontalScrollBar().maximum(), name
                sheet, right = area.widget(), area.viewport().width()
                parts = [w for w in sheet.findChildren(QWidget) if w.isVisibleTo(sheet)]
                wide = [w for w in parts if w.mapTo(sheet, w.rect().topRight()).x() > right]
                assert not wide, (name, wide)
    finally:
        theme.set_zoom(100)


def test_a_new_setting_needs_no_other_code(qtbot: QtBot, clinic: Clinic) -> None:
    class Wider(Settings):
        after_answer: str = Declares(
            default="",
            title="After an answer",
            description="Where the ring goes.",
            json_schema_extra={
                "page": "practice",
                "options": {"": "On to the next", "stay": "It stays"},
            },
        )
        fridays: int = Declares(
            default=3,
            title="Fridays",
            description="How many.",
            json_schema_extra={"page": "lock", "unit": "days"},
            strict=False,
        )

    kept: list[Settings] = [Wider()]

    def keep(key: str, value: object) -> Settings:
        kept.append(changed(kept[-1], key, value))
        return kept[-1]

    here = opened(clinic)
    content = the_content()
    dialog = SettingsDialog(
        kept[0],
        keep,
        lambda settings: offered(settings, content),
        content.recipients,
        clinic.program.windows[0].letters.letterhead,
        here.about,
    )
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.show_page("practice")
    row = dialog.field("after_answer").input
    assert isinstance(row, Segments)
    assert row.buttons[""].isChecked()
    press_button(qtbot, row.buttons["stay"])
    dialog.show_page("lock")
    typed(qtbot, dialog.field("fridays"), "12")
    assert kept[-1].model_dump(include={"after_answer", "fridays"}) == {
        "after_answer": "stay",
        "fridays": 12,
    }
    assert dialog.said.text() == "Kept: fridays."
    dialog.hide()


# -- kept at once -----------------------------------------------------------------------------------


def test_a_field_is_kept_when_it_is_left_and_reaches_every_window(
    qtbot: QtBot, clinic: Clinic
) -> None:
    first, second = clinic.new(), clinic.new()
    guard = Guard(clinic.program, 10)
    dialog = opened(clinic)
    dialog.show_page("lock")
    typed(qtbot, dialog.field("lock_minutes"), "3")
    assert load_settings(clinic.folder).lock_minutes == 3
    assert guard.watch.seconds == 180
    typed(qtbot, dialog.field("clipboard_seconds"), "30")
    assert clinic.program.clipboard.seconds == 30
    dialog.show_page("country")
    row = dialog.field("paper").input
    assert isinstance(row, Segments)
    row.stop.setFocus()
    qtbot.keyClick(row.stop, Qt.Key.Key_3)
    assert load_settings(clinic.folder).paper == "letter"
    assert [w.letters.settings.paper for w in (first, second)] == ["letter", "letter"]
    assert dialog.said.text() == "Kept: paper."
    dialog.accept()
    assert clinic.program.preferences.dialog is None


def test_what_cannot_be_read_stays_as_typed_with_the_reason_and_nothing_is_kept(
    qtbot: QtBot, clinic: Clinic
) -> None:
    dialog = opened(clinic)
    dialog.show_page("lock")
    field = dialog.field("lock_minutes")
    typed(qtbot, field, "ten")
    assert field.text == "ten"
    assert field.fault == (
        "Not recorded: this is a whole number of minutes from 1 to 240, or 0 for never."
    )
    assert field.input.property("invalid") is True
    assert field.input.accessibleDescription() == field.fault
    assert dialog.said.text() == "Not recorded: lock after."
    assert load_settings(clinic.folder) == Settings()
    # Whoever types what was kept before takes it back.
    typed(qtbot, field, "10")
    assert not field.fault
    typed(qtbot, field, "ten")
    typed(qtbot, field, "12")
    assert not field.fault
    assert not field.input.property("invalid")
    assert load_settings(clinic.folder).lock_minutes == 12
    dialog.accept()


def test_closing_keeps_what_was_typed_and_stays_open_once_for_what_cannot_be_kept(
    qtbot: QtBot, clinic: Clinic
) -> None:
    dialog = opened(clinic)
    dialog.show_page("practice")
    line = dialog.field("out_of_hours").input
    assert isinstance(line, QLineEdit)
    line.setFocus()
    qtbot.keyClicks(line, "Ring 111")
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert clinic.program.preferences.dialog is None
    assert load_settings(clinic.folder).out_of_hours == "Ring 111"
    dialog = opened(clinic)
    dialog.show_page("lock")
    line = dialog.field("lock_minutes").input
    assert isinstance(line, QLineEdit)
    line.setFocus()
    line.selectAll()
    qtbot.keyClicks(line, "999")
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.isVisible()
    assert dialog.field("lock_minutes").fault
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert clinic.program.preferences.dialog is None
    assert load_settings(clinic.folder).lock_minutes == 10


def test_a_file_that_cannot_be_written_is_told_and_what_was_typed_stays(
    qtbot: QtBot, clinic: Clinic
) -> None:
    dialog = opened(clinic)
    dialog.show_page("practice")
    (clinic.folder / "settings.json").mkdir()
    typed(qtbot, dialog.field("out_of_hours"), "Ring 111")
    field = dialog.field("out_of_hours")
    assert field.text == "Ring 111"
    assert field.fault.startswith("Not recorded: settings.json: this is no ordinary file")
    (clinic.folder / "settings.json").rmdir()
    line = field.input
    line.setFocus()
    qtbot.keyClick(line, Qt.Key.Key_Tab)
    assert load_settings(clinic.folder).out_of_hours == "Ring 111"
    assert not field.fault
    dialog.accept()


def test_what_another_start_keeps_is_not_lost_and_is_seen(qtbot: QtBot, clinic: Clinic) -> None:
    dialog = opened(clinic)
    save_settings(clinic.folder, Settings(profile="us"))
    dialog.show_page("practice")
    typed(qtbot, dialog.field("out_of_hours"), "Ring 111")
    assert load_settings(clinic.folder) == Settings(profile="us", out_of_hours="Ring 111")
    assert dialog.field("profile").text == "us"
    dialog.accept()


# -- keys -------------------------------------------------------------------------------------------


def test_all_fields_of_a_page_are_reached_by_enter_in_reading_order(
    qtbot: QtBot, clinic: Clinic
) -> None:
    save_settings(clinic.folder, the_settings())
    clinic.start()
    dialog = opened(clinic)
    assert QApplication.focusWidget() is dialog.list
    qtbot.keyClick(dialog.list, Qt.Key.Key_Return)
    seen: list[str] = []
    for _ in range(20):
        here = QApplication.focusWidget()
        assert here is not None
        group = here.parent()
        of = f"{group.accessibleName()}: " if isinstance(group, Segments) else ""
        seen.append(of + (here.accessibleName() or _caption(here)))
        if here is dialog.shut:
            break
        if isinstance(here, QPlainTextEdit):
            qtbot.keyClick(here, Qt.Key.Key_Down, Qt.KeyboardModifier.ControlModifier)
        elif isinstance(here, QAbstractButton) and not isinstance(here.parent(), Segments):
            # Enter would press it.
            qtbot.keyClick(here, Qt.Key.Key_Tab)
        else:
            qtbot.keyClick(here, Qt.Key.Key_Return)
    assert seen == [
        "Senders",
        "New sender",
        "Name",
        "Role: GP",
        "Practice",
        "Address",
        "Direct telephone",
        "Registration number",
        "Remove this sender…",
        "Back to the case",
    ]
    dialog.accept()


def _caption(widget: QWidget) -> str:
    return widget.text().replace("&", "") if isinstance(widget, QAbstractButton) else ""


def test_ctrl_b_opens_the_address_book_and_a_second_time_the_same_dialog(clinic: Clinic) -> None:
    dialog = opened(clinic, "addresses")
    assert dialog.list.chosen == "recipients"
    assert opened(clinic) is dialog
    assert opened(clinic, "addresses") is dialog
    keys = {c.id: c.keys for c in clinic.program.windows[0].commands}
    assert keys["settings"] == ("Ctrl+,",)
    assert keys["addresses"] == ("Ctrl+B",)
    dialog.accept()


# -- recipients -------------------------------------------------------------------------------------


def recipients(dialog: SettingsDialog) -> RecordsPage:
    return dialog.records["recipients"]


def test_no_address_comes_with_the_program_and_who_has_none_says_so(clinic: Clinic) -> None:
    dialog = opened(clinic, "addresses")
    page = recipients(dialog)
    said = {entry.id: entry.says for entry in page.entries()}
    kinds = the_content().recipients
    assert said == {
        name: "filed by its own sender" if kind.stays else "no address yet"
        for name, kind in kinds.items()
    }
    beside = [entry.beside for entry in dialog._entries() if entry.id == "recipients"]
    assert beside == [f"{sum(not kind.stays for kind in kinds.values())} to fill"]
    dialog.accept()


def test_an_address_that_is_filled_in_lets_the_letter_be_issued_and_can_be_removed(
    qtbot: QtBot, clinic: Clinic, sample: Case
) -> None:
    window = clinic.new(sample)
    assert _obstacles(window) == ["neuromuscular"]
    dialog = opened(clinic, "addresses")
    page = recipients(dialog)
    page.list.choose("neuromuscular")
    assert page.title.text() == "Neuromuscular / MND clinic"
    typed(qtbot, page.form.fields["organisation"], "Sample Hospital")
    box = page.form.fields["address"].input
    assert isinstance(box, QPlainTextEdit)
    typed(qtbot, page.form.fields["address"], "20 Sample Road\nTestford TS3 3CC")
    assert load_settings(clinic.folder).recipients == {
        "neuromuscular": Address(
            organisation="Sample Hospital", address="20 Sample Road\nTestford TS3 3CC"
        )
    }
    assert dialog.said.text() == "Kept: address of Neuromuscular / MND clinic."
    assert page.list.currentItem().data(Qt.ItemDataRole.AccessibleTextRole) == (
        "Neuromuscular / MND clinic, Sample Hospital"
    )
    assert _obstacles(window) == []
    press_button(qtbot, page.remove)
    assert answered(qtbot, dialog, "Keep") == "Remove the address of Neuromuscular / MND clinic?"
    assert _obstacles(window) == []
    press_button(qtbot, page.remove)
    answered(qtbot, dialog, "Remove address")
    assert load_settings(clinic.folder).recipients == {}
    assert page.form.typed == dict.fromkeys(page.form.fields, "")
    assert not page.remove.isEnabled()
    assert _obstacles(window) == ["neuromuscular"]
    dialog.accept()


def test_a_service_has_a_second_address_and_the_letter_asks_which(
    qtbot: QtBot, clinic: Clinic, sample: Case
) -> None:
    window = clinic.new(sample)
    dialog = opened(clinic, "addresses")
    page = recipients(dialog)
    page.list.choose("neuromuscular")
    typed(qtbot, page.form.fields["address"], "20 Sample Road\nTestford TS3 3CC")
    press_button(qtbot, page.add)
    assert QApplication.focusWidget() is page.form.fields["department"].input
    assert page.title.text() == "Neuromuscular / MND clinic"
    assert page.form.typed == dict.fromkeys(page.form.fields, "")
    typed(qtbot, page.form.fields["organisation"], "Invented Infirmary")
    typed(qtbot, page.form.fields["address"], "5 Nowhere Road\nTestford TS9 9ZZ")
    assert list(load_settings(clinic.folder).recipients) == ["neuromuscular", "neuromuscular:2"]
    said = [e.says for e in page.entries() if e.id.startswith("neuromuscular")]
    assert said == ["20 Sample Road", "Invented Infirmary"]
    dialog.accept()
    # Issuing leads to the choice, whose digits go on where those of the recipients end.
    window.actions_["issue"].trigger()
    to = window.letter.to
    assert window.letter.confirmation is None
    assert to.asks.isVisible()
    assert window.focusWidget() is to.addresses.stop
    line = next(w for w in window.letter.problems.lines.widgets if "2 addresses" in w.line.text)
    line.setFocus()
    qtbot.mouseClick(line, Qt.MouseButton.LeftButton)
    assert window.focusWidget() is to.addresses.stop
    chips = list(to.addresses.buttons.values())
    assert [chip.key for chip in chips] == [str(len(to.names) + n) for n in (1, 2)]
    assert not any(chip.isChecked() for chip in chips)
    qtbot.keyClick(to.addresses.stop, chips[1].key)
    assert window.letters.addressee == "neuromuscular:2"
    assert [chip.isChecked() for chip in to.addresses.buttons.values()] == [False, True]
    window.actions_["issue"].trigger()
    box = window.letter.confirmation
    assert box is not None
    assert "Invented Infirmary" in box.text
    press_button(qtbot, box.issue)
    said = [w.line.text for w in window.letter.versions.lines.widgets]
    assert said == ["Version 1 to Neuromuscular / MND clinic, Invented Infirmary"]
    dialog = opened(clinic, "addresses")
    page = recipients(dialog)
    page.list.choose("neuromuscular:2")
    press_button(qtbot, page.remove)
    assert dialog.box is not None
    assert dialog.box.informativeText() == "Its other addresses stay."
    answered(qtbot, dialog, "Remove address")
    assert list(load_settings(clinic.folder).recipients) == ["neuromuscular"]
    dialog.accept()


@pytest.mark.parametrize("field", ["department", "address"])
def test_a_pasted_address_is_shown_in_its_parts_before_it_is_kept(
    qtbot: QtBot, clinic: Clinic, field: str
) -> None:
    dialog = opened(clinic, "addresses")
    page = recipients(dialog)
    page.list.choose("neurology")
    box = page.form.fields[field].input
    box.setFocus()
    QApplication.clipboard().setText(ADDRESS)
    qtbot.keyClick(box, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert load_settings(clinic.folder).recipients == {}
    assert page.form.typed[field] == ""
    (preview,) = (w for w in dialog.findChildren(PasteDialog) if w.isVisible())
    assert preview.notes.isHidden()
    preview.list.show_row(0)
    # The first line, put elsewhere.
    qtbot.keyClick(preview.list, Qt.Key.Key_2)
    qtbot.keyClick(preview.list, Qt.Key.Key_Down)
    qtbot.keyClick(preview.list, Qt.Key.Key_1)
    qtbot.keyClick(preview.list, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert load_settings(clinic.folder).recipients == {
        "neurology": Address(
            department="Sample Hospital",
            organisation="Department of Neurology",
            address="20 Sample Road\nTestford TS3 3CC",
            phone="01632 960455",
        )
    }
    assert page.form.typed["phone"] == "01632 960455"
    # One line is text.
    line = page.form.fields["phone"].input
    line.setFocus()
    QApplication.clipboard().setText(" 12")
    qtbot.keyClick(line, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert page.form.typed["phone"].endswith("12")
    dialog.accept()


def _obstacles(window: MainWindow) -> list[str]:
    found = (problem.setting for problem in window.letters.problems())
    return [name.removeprefix("recipients.") for name in found if name.startswith("recipients.")]


def test_what_is_typed_belongs_to_the_recipient_that_was_shown(
    qtbot: QtBot, clinic: Clinic
) -> None:
    dialog = opened(clinic, "addresses")
    page = recipients(dialog)
    page.list.choose("neurology")
    line = page.form.fields["phone"].input
    assert isinstance(line, QLineEdit)
    line.setFocus()
    qtbot.keyClicks(line, "01632 960455")
    page.list.choose("renal")
    assert load_settings(clinic.folder).recipients == {"neurology": Address(phone="01632 960455")}
    assert page.form.typed["phone"] == ""
    dialog.accept()


# -- senders ----------------------------------------------------------------------------------------


def test_a_sender_is_added_changed_chosen_for_new_cases_and_removed(
    qtbot: QtBot, clinic: Clinic
) -> None:
    dialog = opened(clinic)
    page = dialog.records["senders"]
    assert not list(page.entries())
    for name in ("Dr Ruth SAMPLE", "Dr Otto INVENTED"):
        press_button(qtbot, page.add)
        assert QApplication.focusWidget() is page.form.fields["name"].input
        typed(qtbot, page.form.fields["name"], name)
    kept = load_settings(clinic.folder).senders
    assert [sender.name for sender in kept.values()] == ["Dr Ruth SAMPLE", "Dr Otto INVENTED"]
    typed(qtbot, page.form.fields["org"], "Example Street Surgery")
    assert load_settings(clinic.folder).senders["sender2"].org == "Example Street Surgery"
    row = dialog.field("sender").input
    assert isinstance(row, Segments)
    press_button(qtbot, row.buttons["sender2"])
    assert clinic.new().session.case["referrer.name"] == Text(text="Dr Otto INVENTED")
    page.list.choose("sender2")
    press_button(qtbot, page.remove)
    assert answered(qtbot, dialog, "Remove sender") == "Remove Dr Otto INVENTED from the senders?"
    left = load_settings(clinic.folder)
    assert (list(left.senders), left.sender) == (["sender1"], "")
    assert page.list.chosen == "sender1"
    assert page.form.typed["name"] == "Dr Ruth SAMPLE"
    dialog.accept()


def test_a_sender_for_whom_someone_writes_is_not_removed(qtbot: QtBot, clinic: Clinic) -> None:
    senders = {"a": Sender(name="Dr Ruth SAMPLE"), "b": Sender(name="Nora PLACEHOLDER")}
    save_settings(clinic.folder, Settings(senders=senders))
    clinic.start()
    dialog = opened(clinic)
    page = dialog.records["senders"]
    page.list.choose("b")
    row = page.form.fields["writes_for"].input
    assert isinstance(row, Segments)
    assert list(row.buttons) == ["", "a"]
    press_button(qtbot, row.buttons["a"])
    assert load_settings(clinic.folder).senders["b"].writes_for == "a"
    page.list.choose("a")
    # Nobody can write for one who writes for another.
    assert "writes_for" not in page.form.fields
    press_button(qtbot, page.remove)
    assert dialog.box is None
    assert dialog.said.text() == "Nora PLACEHOLDER writes for Dr Ruth SAMPLE: change that first."
    assert set(load_settings(clinic.folder).senders) == {"a", "b"}
    dialog.accept()


# -- letterhead, folders ----------------------------------------------------------------------------


def test_a_logo_is_chosen_by_its_file_and_seen_as_it_prints(
    qtbot: QtBot, clinic: Clinic, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_settings(clinic.folder, the_settings())
    clinic.start()
    dialog = opened(clinic)
    dialog.show_page("practice")
    before = dialog.preview.grab().toImage()
    path = tmp_path / "logo.svg"
    path.write_text(LOGO)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(path), ""))
    press_button(qtbot, dialog.field("letterhead").choose)
    assert load_settings(clinic.folder).letterhead == str(path)
    after = dialog.preview.grab().toImage()
    assert after != before
    # It stays white in the dark, with the red of the logo on it.
    colours = {after.pixelColor(x, 40).name() for x in range(after.width())}
    assert {"#ffffff", "#aa0000"} <= colours
    dialog.accept()


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        (
            "a.svg",
            b"<p/>",
            "Not recorded: the file is neither an SVG nor a PNG: choose another one.",
        ),
        (
            "a.png",
            b"\x89PNG\r\n\x1a\n..",
            "Not recorded: the picture is damaged: choose another file.",
        ),
    ],
)
def test_a_picture_that_cannot_be_printed_is_refused_when_it_is_chosen(
    qtbot: QtBot, clinic: Clinic, tmp_path: Path, name: str, data: bytes, says: str
) -> None:
    (tmp_path / name).write_bytes(data)
    dialog = opened(clinic)
    dialog.show_page("practice")
    typed(qtbot, dialog.field("letterhead"), str(tmp_path / name))
    assert dialog.field("letterhead").fault == says
    assert load_settings(clinic.folder).letterhead == ""
    good = tmp_path / "good.png"
    Image.new("RGB", (4, 4), "red").save(good)
    typed(qtbot, dialog.field("letterhead"), str(good))
    assert load_settings(clinic.folder).letterhead == str(good)
    dialog.accept()


def test_a_backup_folder_that_cannot_be_written_is_refused(
    qtbot: QtBot, clinic: Clinic, tmp_path: Path
) -> None:
    dialog = opened(clinic)
    dialog.show_page("backup")
    typed(qtbot, dialog.field("backup_folder"), str(tmp_path / "nowhere"))
    assert dialog.field("backup_folder").fault == "Not recorded: there is no such folder."
    typed(qtbot, dialog.field("backup_folder"), str(tmp_path))
    assert load_settings(clinic.folder).backup_folder == str(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["home"]
    dialog.accept()


def test_own_content_with_faults_is_refused_before_the_next_start_would(
    qtbot: QtBot, clinic: Clinic, tmp_path: Path
) -> None:
    own = tmp_path / "own" / "forms" / "muscle_cramps"
    own.mkdir(parents=True)
    (own / "form.toml").write_text("form = ")
    dialog = opened(clinic)
    dialog.show_page("country")
    typed(qtbot, dialog.field("content_folder"), str(tmp_path / "own"))
    assert "form.toml" in dialog.field("content_folder").fault
    assert load_settings(clinic.folder).content_folder == ""
    dialog.accept()


# -- passphrase and backups: the parts that exist -----------------------------------------------------


def test_passphrase_recovery_key_and_backups_open_above_the_settings(
    qtbot: QtBot, clinic: Clinic
) -> None:
    dialog = opened(clinic)
    asked: list[QWidget] = []
    clinic.program.backups_requested.connect(asked.append)
    dialog.show_page("lock")
    for button, kind in (
        (dialog.passphrase, NewPassphraseDialog),
        (dialog.recovery, RecoveryDialog),
    ):
        press_button(qtbot, button)
        way = clinic.program.ways.dialog
        assert isinstance(way, kind)
        assert way.parent() is dialog
        way.reject()
        QApplication.processEvents()
    dialog.show_page("backup")
    press_button(qtbot, dialog.backups)
    assert asked == [dialog]
    dialog.accept()


def test_a_passphrase_that_is_changed_above_the_settings_is_told_there(
    qtbot: QtBot, clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("triage.store.change_passphrase", lambda *_: None)
    dialog = opened(clinic)
    dialog.show_page("lock")
    press_button(qtbot, dialog.passphrase)
    way = clinic.program.ways.dialog
    assert isinstance(way, NewPassphraseDialog)
    for field in (way.old, way.passphrase, way.again):
        field.setText("four brown cows sing")
    press_button(qtbot, way.ok)
    assert clinic.program.ways.dialog is None
    assert dialog.said.text().startswith("The passphrase ")
    assert dialog.mark.mark is Mark.DONE
    dialog.accept()


def test_locked_the_settings_are_out_of_sight_and_come_back(qtbot: QtBot, clinic: Clinic) -> None:
    from triage.store import create_keys

    from .test_lock import CHEAP

    dialog = opened(clinic)
    (clinic.folder / "drafts.db").rename(clinic.folder / "aside.db")
    create_keys(clinic.folder, "four brown cows", cost=CHEAP)
    clinic.program.lock_asked()
    assert clinic.program.lock.is_locked
    assert not dialog.isVisible()
    assert clinic.program.preferences.dialog is dialog
    clinic.program.lock._show_again()
    assert dialog.isVisible()
    dialog.accept()


def test_settings_at_fault_in_the_file_are_said_beside_the_field(
    qtbot: QtBot, clinic: Clinic
) -> None:
    dialog = opened(clinic)
    (clinic.folder / "settings.json").write_text('{"profil": "us"}', encoding="utf-8")
    dialog.show_page("practice")
    typed(qtbot, dialog.field("out_of_hours"), "x")
    assert "did you mean 'profile'?" in dialog.field("out_of_hours").fault
    with pytest.raises(SettingsError):
        load_settings(clinic.folder)
    dialog.field("out_of_hours").show_text("")
    dialog.accept()


# -- about ------------------------------------------------------------------------------------------


def test_diagnostics_name_versions_and_nobody(
    qtbot: QtBot, clinic: Clinic, tmp_path: Path, sample: Case
) -> None:
    secrets = ["Zebedee", "QUAGMIRE", "01632 960777", "Xylophone Lane", str(tmp_path)]
    place = Address(organisation=secrets[3], address=secrets[3], phone=secrets[2])
    save_settings(
        clinic.folder,
        Settings(
            senders={"zebedee": Sender(name=f"Dr {secrets[0]}", org=secrets[3], phone=secrets[2])},
            sender="zebedee",
            recipients={"neurology": place},
            backup_folder=str(tmp_path),
            profile="us",
        ),
    )
    clinic.start()
    window = clinic.new(sample.with_({"patient.family_name": Text(text=secrets[1])}))
    dialog = opened(clinic)
    dialog.show_page("about")
    press_button(qtbot, dialog.about.copy)
    told = QGuiApplication.clipboard().text()
    personal = [value.text for key, value in sample.items() if isinstance(value, Text)]
    for word in (*secrets, *personal, window.saving.draft.id, "zebedee"):
        assert word.casefold() not in told.casefold(), word
    for line in (
        "Program: Cramp triage",
        "Rules: Muscle cramps, version 2026-11, reviewed last on ",
        "Setting senders: 1",
        "Setting sender: set",
        "Setting recipients: 1",
        "Setting profile: us",
        "Setting lock_minutes: 10",
        "Setting backup_folder: set",
        "Screen: ",
        "Qt: 6",
    ):
        assert line in told
    assert dialog.about.said.text().startswith("Copied for 60 seconds")
    dialog.accept()


def test_with_large_text_the_frame_of_the_settings_has_room_on_the_screen(
    clinic: Clinic, theme: Theme
) -> None:
    theme.set_zoom(200)
    dialog = opened(clinic)
    assert dialog.height() <= dialog.screen().availableSize().height() - 60
    assert dialog.shut.isVisible()
