"""Days and settings as a user meets them in the window: a real store, a real file, a clock that the test moves."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pypdfium2
import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from triage.content import load_content
from triage.content.casefile import write_case
from triage.content.load import Content
from triage.model.case import Case
from triage.model.dates import PartialDate
from triage.model.values import Choice, Date, Names, Text
from triage.pdf.readback import read_text
from triage.qt import app as app_module
from triage.qt.parts.clipboard import Clipboard
from triage.qt.parts.segments import Segments
from triage.qt.parts.sheet import sheet
from triage.qt.parts.theme import Theme
from triage.qt.shell.about import About
from triage.qt.shell.details import DetailsDialog, SenderDialog
from triage.qt.window import MainWindow
from triage.rules.assess import Assessor
from triage.session.own import files_of
from triage.settings import (
    Address,
    Sender,
    Settings,
    change_settings,
    load_settings,
    save_settings,
)

from ..conftest import the_settings
from .asking import press_button
from .clinic import NOV, Clinic


@pytest.fixture
def nameless(sample: Case) -> Case:
    """The sample, its sender not named yet."""
    return Case(
        {
            k: v
            for k, v in sample.items()
            if not k.startswith("referrer.") or k == "referrer.question"
        }
    )


def type_into(qtbot: QtBot, dialog: DetailsDialog, **texts: str) -> None:
    for name, text in texts.items():
        field = dialog.inputs[name]
        if isinstance(field, Segments):
            press_button(qtbot, field.buttons[text])
            continue
        assert isinstance(field, QLineEdit | QPlainTextEdit)
        field.clear()
        for n, line in enumerate(text.split("\n")):
            if n:
                qtbot.keyClick(field, Qt.Key.Key_Return)
            qtbot.keyClicks(field, line)


def issue(qtbot: QtBot, window: MainWindow) -> None:
    window.actions_["issue"].trigger()
    QApplication.processEvents()
    box = window.letter.confirmation
    assert box is not None, window.line.text
    press_button(qtbot, box.issue)


# -- days -------------------------------------------------------------------------------------------


def test_a_new_case_and_one_of_the_same_day_ask_nothing(clinic: Clinic, nameless: Case) -> None:
    assert not clinic.new(nameless).day_bar.isVisible()
    assert not clinic.again(0.2).day_bar.isVisible()


def test_a_draft_that_is_opened_on_a_later_day_asks_once_and_stays_of_its_visit(
    qtbot: QtBot, clinic: Clinic, nameless: Case
) -> None:
    clinic.new(nameless)
    window = clinic.again(21)
    bar = window.day_bar
    assert bar.isVisible()
    assert "This case is of 25 Nov 2026" in bar.label.text()
    assert bar.still.text() == "Still 25 Nov 2026"
    assert bar.today.text() == "Today, 16 Dec 2026"
    press_button(qtbot, bar.still)
    assert not bar.isVisible()
    assert window.session.case["case.date"] == Date(date=PartialDate(year=2026, month=11, day=25))
    for days in (0, 1, 40):
        window = clinic.again(days)
        assert not window.day_bar.isVisible()
        assert window.session.day == date(2026, 11, 25)


def test_or_it_is_of_today_by_the_keyboard(qtbot: QtBot, clinic: Clinic, nameless: Case) -> None:
    clinic.new(nameless)
    window = clinic.again(21)
    window.day_bar.today.setFocus()
    qtbot.keyClick(window.day_bar.today, Qt.Key.Key_Space)
    assert not window.day_bar.isVisible()
    assert window.session.case["case.date"] == Date(date=PartialDate(year=2026, month=12, day=16))
    window.actions_["undo"].trigger()
    assert "case.date" not in window.session.case


def test_a_case_left_open_over_night_asks_when_the_user_comes_back(
    qtbot: QtBot, clinic: Clinic, nameless: Case
) -> None:
    window = clinic.new(nameless)
    qtbot.waitExposed(window)
    clinic.at += timedelta(days=1)
    other = QWidget()
    qtbot.addWidget(other)
    other.show()
    other.activateWindow()
    qtbot.waitUntil(other.isActiveWindow)
    window.activateWindow()
    qtbot.waitUntil(window.day_bar.isVisible)


def test_the_first_edit_after_an_issue_says_the_new_day_and_undo_brings_issued_back(
    qtbot: QtBot, clinic: Clinic, sample: Case
) -> None:
    save_settings(clinic.folder, the_settings())
    clinic.start()
    issue(qtbot, clinic.new(sample))
    window = clinic.again(21)
    assert window.header.state.text() == "Issued v1"
    assert not window.day_bar.isVisible()
    window.actions_["undo"].trigger()
    assert window.line.text == "What was issued is not taken back: change the answer itself.", (
        window.line.text
    )
    window.session.set("patient.phone", Text(text="01632 960001"))
    QApplication.processEvents()
    assert window.header.state.text() == "Amending v2"
    assert window.line.text.startswith("Now dated 16 Dec 2026")
    assert window.letters.file_name.startswith("draft-")
    (row,) = clinic.store.list()
    assert row.state == "amending v2"
    window.actions_["undo"].trigger()
    QApplication.processEvents()
    assert window.header.state.text() == "Issued v1"
    assert clinic.store.list()[0].state == "issued v1"
    assert window.letters.file_name.endswith("-v1.pdf")


# -- the sender -------------------------------------------------------------------------------------


def test_a_letter_without_sender_and_address_asks_for_both_once_and_keeps_them(
    qtbot: QtBot, clinic: Clinic, nameless: Case
) -> None:
    window = clinic.new(nameless)
    window.actions_["issue"].trigger()
    QApplication.processEvents()
    dialog = clinic.program.preferences.details
    assert isinstance(dialog, SenderDialog)
    type_into(
        qtbot,
        dialog,
        name="Dr Uma INVENTED",
        role="gp",
        org="Example Surgery",
        address="1 Road\nTestford",
    )
    press_button(qtbot, dialog.save)
    assert clinic.program.preferences.details is None
    assert window.session.case["referrer.name"] == Text(text="Dr Uma INVENTED")
    assert window.session.case["referrer.role"] == Choice(option="gp")

    window.actions_["issue"].trigger()
    QApplication.processEvents()
    dialog = clinic.program.preferences.details
    assert dialog is not None
    assert "Neuromuscular / MND clinic" in " ".join(w.text() for w in dialog.findChildren(QLabel))
    type_into(qtbot, dialog, organisation="Sample Hospital", address="2 Road\nTestford")
    press_button(qtbot, dialog.save)
    issue(qtbot, window)

    kept = load_settings(clinic.folder)
    assert kept.senders == {
        "sender1": Sender(
            name="Dr Uma INVENTED", role="gp", org="Example Surgery", address="1 Road\nTestford"
        )
    }
    assert kept.recipients == {
        "neuromuscular": Address(organisation="Sample Hospital", address="2 Road\nTestford")
    }
    (letter,) = window.letters.issues
    text = " ".join(" ".join(read_text(letter.pdf)).split())
    assert "Sample Hospital, 2 Road, Testford" in text
    # The next case has it all.
    assert clinic.program.preferences.details is None
    second = clinic.new(nameless)
    issue(qtbot, second)
    assert clinic.program.preferences.details is None


def test_an_address_given_from_the_review_is_kept_by_ctrl_enter_and_no_longer_missed_there(
    qtbot: QtBot, clinic: Clinic, sample: Case
) -> None:
    window = clinic.new(sample)
    window.activateWindow()
    QTest.keyClick(window, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    lines = window.review.chapters[0].lines
    missed = [line for line in lines.widgets if "has no address" in line.line.text]
    missed[0].setFocus()
    QTest.keyClick(missed[0], Qt.Key.Key_Return)
    dialog = clinic.program.preferences.details
    assert dialog is not None
    type_into(qtbot, dialog, organisation="Sample Hospital", address="2 Road\nTestford")
    dialog.activateWindow()
    dialog.inputs["address"].setFocus()
    held = Qt.KeyboardModifier.ControlModifier
    QTest.keyClick(dialog.windowHandle(), Qt.Key.Key_Return, held)
    assert clinic.program.preferences.details is None
    qtbot.waitUntil(
        lambda: not any("has no address" in line.text for line in lines.shown), timeout=5000
    )


def test_not_now_keeps_nothing_and_asks_again_when_it_is_needed(
    qtbot: QtBot, clinic: Clinic, nameless: Case
) -> None:
    window = clinic.new(nameless)
    for _ in range(2):
        window.actions_["issue"].trigger()
        QApplication.processEvents()
        dialog = clinic.program.preferences.details
        assert isinstance(dialog, SenderDialog)
        dialog.reject()
        QApplication.processEvents()
        assert clinic.program.preferences.details is None
    assert load_settings(clinic.folder) == Settings()
    assert "referrer.name" not in window.session.case


def test_a_sender_who_was_typed_is_offered_to_be_kept_after_the_issue(
    qtbot: QtBot, clinic: Clinic, sample: Case
) -> None:
    addresses = Settings(recipients=the_settings().recipients)
    save_settings(clinic.folder, addresses)
    clinic.start()
    window = clinic.new(sample)
    issue(qtbot, window)
    dialog = clinic.program.preferences.details
    assert isinstance(dialog, SenderDialog)
    assert dialog.typed["name"] == "Dr Ruth SAMPLE"
    press_button(qtbot, dialog.save)
    assert load_settings(clinic.folder).senders["sender1"].phone == "01632 960102"
    # Keeping it changes no issued case.
    assert window.header.state.text() == "Issued v1"


def test_one_of_several_senders_is_chosen_for_a_case(qtbot: QtBot, clinic: Clinic) -> None:
    senders = {
        "gp1": Sender(name="Dr Ruth SAMPLE", phone="01632 960102", role="gp"),
        "nurse": Sender(name="Nora PLACEHOLDER", writes_for="gp1"),
        "gp2": Sender(name="Dr Otto INVENTED"),
    }
    save_settings(clinic.folder, Settings(senders=senders))
    clinic.start()
    window = clinic.new()
    assert window.session.case["referrer.name"] == Text(text="Dr Ruth SAMPLE")
    for name, named, written in (
        ("nurse", "Dr Ruth SAMPLE", Text(text="Nora PLACEHOLDER")),
        ("gp2", "Dr Otto INVENTED", None),
    ):
        window.actions_["sender"].trigger()
        dialog = clinic.program.preferences.details
        assert isinstance(dialog, SenderDialog)
        dialog.which.setCurrentIndex(dialog.which.findData(name))
        dialog.which.activated.emit(dialog.which.currentIndex())
        press_button(qtbot, dialog.save)
        assert window.session.case["referrer.name"] == Text(text=named)
        assert window.session.case.get("referrer.written_by") == written
    assert "referrer.phone" not in window.session.case
    assert load_settings(clinic.folder).senders == senders
    window.actions_["undo"].trigger()
    assert window.session.case["referrer.written_by"] == Text(text="Nora PLACEHOLDER")


def test_undo_stops_at_what_a_case_began_with_today_and_after_it_was_reopened(
    qtbot: QtBot, clinic: Clinic
) -> None:
    save_settings(clinic.folder, the_settings())
    clinic.start()
    window = clinic.program.new_window()
    began = dict(window.session.case)
    assert "referrer.name" in began
    for _ in range(2):
        window.session.set("patient.family_name", Text(text="Specimen"))
        window = clinic.again(0)
        for says in ("Taken back: Family name, was Specimen.", "There is nothing to take back."):
            window.actions_["undo"].trigger()
            assert window.line.text.startswith(says)
            assert dict(window.session.case) == began


def test_redo_once_too_often_takes_nothing_back(qtbot: QtBot, clinic: Clinic) -> None:
    window = clinic.program.new_window()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    for name in ("patient.given_name", "patient.family_name"):
        window.session.set(name, Text(text="Specimen"))
    handle, shift = window.windowHandle(), Qt.KeyboardModifier.ShiftModifier
    control = Qt.KeyboardModifier.ControlModifier
    QTest.keyClick(handle, Qt.Key.Key_Z, control)
    assert "patient.family_name" not in window.session.case
    for _ in range(3):
        QTest.keyClick(handle, Qt.Key.Key_Z, control | shift)
        assert "patient.family_name" in window.session.case
    assert window.line.text == "There is nothing to bring back."


def test_another_sender_is_added_beside_those_that_are_known(qtbot: QtBot, clinic: Clinic) -> None:
    save_settings(clinic.folder, Settings(senders={"sender1": Sender(name="Dr Ruth SAMPLE")}))
    clinic.start()
    window = clinic.new()
    window.actions_["sender"].trigger()
    dialog = clinic.program.preferences.details
    assert isinstance(dialog, SenderDialog)
    dialog.which.setCurrentIndex(dialog.which.findData(""))
    dialog.which.activated.emit(dialog.which.currentIndex())
    assert not any(dialog.typed.values())
    type_into(qtbot, dialog, name="Dr Otto INVENTED")
    press_button(qtbot, dialog.save)
    assert [s.name for s in load_settings(clinic.folder).senders.values()] == [
        "Dr Ruth SAMPLE",
        "Dr Otto INVENTED",
    ]
    assert window.session.case["referrer.name"] == Text(text="Dr Otto INVENTED")


def test_what_cannot_be_kept_is_said_in_the_dialog(qtbot: QtBot, clinic: Clinic) -> None:
    window = clinic.new()
    window.actions_["sender"].trigger()
    dialog = clinic.program.preferences.details
    assert isinstance(dialog, SenderDialog)
    field = dialog.inputs["name"]
    assert isinstance(field, QLineEdit)
    field.setText("x" * 400)
    press_button(qtbot, dialog.save)
    assert "longer than 300 characters" in dialog.hint.text()
    field.setText("Dr A")
    (clinic.folder / "settings.json").write_text('{"profil": "us"}', encoding="utf-8")
    press_button(qtbot, dialog.save)
    assert "did you mean 'profile'?" in dialog.hint.text()
    assert (clinic.folder / "settings.json").read_text(encoding="utf-8") == '{"profil": "us"}'
    dialog.reject()


def test_what_another_start_of_the_program_kept_is_not_lost(qtbot: QtBot, clinic: Clinic) -> None:
    window = clinic.new()
    change_settings(clinic.folder, "profile", "us")
    window.actions_["sender"].trigger()
    dialog = clinic.program.preferences.details
    assert isinstance(dialog, SenderDialog)
    type_into(qtbot, dialog, name="Dr A")
    press_button(qtbot, dialog.save)
    kept = load_settings(clinic.folder)
    assert (kept.profile, kept.senders["sender1"].name) == ("us", "Dr A")


def test_an_address_is_added_from_the_line_that_misses_it(
    qtbot: QtBot, clinic: Clinic, sample: Case
) -> None:
    window = clinic.new(sample)
    window.actions_["letter"].trigger()
    QApplication.processEvents()
    line = next(w for w in window.letter.problems.lines.widgets if "has no address" in w.line.text)
    press_button(qtbot, line)
    dialog = clinic.program.preferences.details
    assert dialog is not None
    type_into(qtbot, dialog, address="2 Road")
    press_button(qtbot, dialog.save)
    qtbot.waitUntil(lambda: not window.letter.problems.lines.shown)
    assert load_settings(clinic.folder).recipients["neuromuscular"].address == "2 Road"


def test_a_wrong_check_digit_is_to_be_looked_at_beside_the_letter(
    qtbot: QtBot, clinic: Clinic, sample: Case
) -> None:
    from triage.model.values import Row, Table

    wrong = Table(rows=(Row(cells=(("kind", "nhs_number"), ("value", "1234567890"))),))
    window = clinic.new(sample.with_({"patient.identifiers": wrong}))
    window.actions_["letter"].trigger()
    QApplication.processEvents()
    (line,) = window.letter.remarks.lines.shown
    assert "check digit does not fit" in line.text
    assert line.keys == ("patient.identifiers",)


# -- settings reach the new case --------------------------------------------------------------------


def test_a_us_clinic_from_a_new_case_to_its_paper(
    qtbot: QtBot, clinic: Clinic, nameless: Case
) -> None:
    settings = the_settings().model_copy(update={"profile": "us"})
    save_settings(clinic.folder, settings)
    clinic.start()
    blank = clinic.new()
    assert blank.session.profile == "us"
    assert blank.session.case["case.profile"] == Choice(option="us")
    assert blank.close()
    assert not clinic.store.list()

    window = clinic.new(Case({k: v for k, v in nameless.items() if k != "case.profile"}))
    issue(qtbot, window)
    (letter,) = window.letters.issues
    document = pypdfium2.PdfDocument(letter.pdf)
    assert tuple(map(round, document[0].get_size())) == (612, 792)
    document.close()
    assert "not a diagnosis. us 2026-11" in " ".join(" ".join(read_text(letter.pdf)).split())
    # A case keeps its profile.
    change_settings(clinic.folder, "profile", "uk")
    assert clinic.again(1).session.profile == "us"


def test_a_case_that_is_imported_without_a_profile_follows_the_settings(
    clinic: Clinic, sample: Case, assessor: Assessor, tmp_path: Path
) -> None:
    save_settings(clinic.folder, the_settings().model_copy(update={"profile": "us"}))
    clinic.start()
    form = assessor.content.form
    bare = {k: v for k, v in sample.items() if k not in ("case.profile", "referrer.phone")}
    path = tmp_path / "case.json"
    path.write_text(write_case(Case(bare), form), encoding="utf-8")
    window = clinic.program.import_case(path)
    assert window.session.profile == "us"
    # The case names its own sender: nothing of the clinic's is put beside that name.
    assert "referrer.phone" not in window.session.case


@pytest.mark.parametrize(
    "typed",
    [{"referrer.question": Text(text="Is it?")}, {"case.recipients": Names(names=("neurology",))}],
)
def test_a_case_with_nothing_but_a_question_is_kept(
    clinic: Clinic, typed: dict[str, Text | Names]
) -> None:
    save_settings(clinic.folder, the_settings())
    clinic.start()
    window = clinic.new()
    window.session.set_all(dict(typed))
    assert window.close()
    assert len(clinic.store.list()) == 1


def test_a_new_case_of_which_only_the_sender_was_chosen_is_not_kept(
    qtbot: QtBot, clinic: Clinic
) -> None:
    window = clinic.new()
    window.actions_["sender"].trigger()
    dialog = clinic.program.preferences.details
    assert isinstance(dialog, SenderDialog)
    type_into(qtbot, dialog, name="Dr Uma INVENTED")
    press_button(qtbot, dialog.save)
    assert "referrer.name" in window.session.case
    assert window.close()
    assert not clinic.store.list()


# -- names as typed, days in words ------------------------------------------------------------------


@pytest.mark.parametrize("family", ["Groß", "Yiğit", "McInvented", "van der Sample", "SPECIMEN"])
def test_a_name_is_shown_as_it_was_typed(clinic: Clinic, sample: Case, family: str) -> None:
    window = clinic.new(sample.with_({"patient.family_name": Text(text=family)}))
    assert window.header.name.text() == f"Edwin {family}"
    assert window.saving.draft.flush()
    assert clinic.store.list()[0].name == f"{family}, Edwin"
    assert family not in window.windowTitle()
    window.actions_["drafts"].trigger()
    QApplication.processEvents()
    dialog = clinic.program.case_list.dialog
    assert dialog is not None
    cells = [dialog.table.model().index(0, column).data() for column in range(10)]
    assert cells[1] == f"{family}, Edwin"
    assert cells[9] == f"{NOV.astimezone():%H:%M}"
    dialog.reject()


@pytest.mark.parametrize("letters", [14, 78, 134])
def test_a_long_name_is_cut_in_its_middle_and_makes_no_window_wider(
    clinic: Clinic, sample: Case, letters: int
) -> None:
    family = "Inventedbergstromhofen"[: letters - 6] + "-Testersohnheim" * (letters // 15)
    name = f"Edwin {family}"[:letters]
    long = sample.with_({"patient.family_name": Text(text=name.removeprefix("Edwin "))})
    window = clinic.new(long)
    window.resize(1280, 720)
    QApplication.processEvents()
    assert window.size() == QSize(1280, 720)
    assert window.minimumSizeHint().width() <= 1280
    header = window.header
    for part in (header.details, header.state, header.saved):
        assert part.sizeHint().width() <= part.width()
    shown = header.name.shown
    assert (shown == name) is (letters < 134)
    assert shown.startswith("Edwin ")
    assert shown.endswith(name[-6:])
    header.name.repaint()
    assert header.name.toolTip() == ("" if shown == name else name)
    # Whoever hears it hears all of it.
    assert header.name.text() == name


def test_about_names_the_content_of_the_clinic(qtbot: QtBot, tmp_path: Path) -> None:
    own = tmp_path / "our clinic"
    (own / "templates").mkdir(parents=True)
    content = load_content(files_of(Settings(content_folder=str(own))))
    about = About(content, Settings(), tmp_path, NOV.date(), Clipboard(0))
    qtbot.addWidget(about)
    said = " ".join(label.text() for label in about.findChildren(QLabel))
    assert "with own content: our clinic" in said


@pytest.mark.parametrize("width", [700, 1112, 1500])
def test_no_line_of_about_is_cut(
    qtbot: QtBot, content: Content, tmp_path: Path, theme: Theme, width: int
) -> None:
    page = sheet(about := About(content, Settings(), tmp_path, NOV.date(), Clipboard(0)))
    qtbot.addWidget(page)
    page.resize(width, 600)
    page.show()
    QApplication.processEvents()
    for label in about.findChildren(QLabel):
        assert label.height() >= label.heightForWidth(label.width()), label.text()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('{"profil": "us"}', "did you mean 'profile'?"),
        ('{"profile": "usa"}', "did you mean 'us'?"),
    ],
)
def test_the_program_does_not_start_with_settings_at_fault(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, says: str
) -> None:
    told: list[str] = []
    monkeypatch.setenv("TRIAGE_HOME", str(tmp_path))
    monkeypatch.setattr(app_module, "stop", told.append)
    (tmp_path / "settings.json").write_text(text, encoding="utf-8")
    assert app_module.run() == 1
    assert says in told[0]
    assert [path.name for path in tmp_path.iterdir()] == ["settings.json"]


def test_one_name_and_an_unknown_birth_date_are_typed_issued_and_read_back(
    qtbot: QtBot, clinic: Clinic, sample: Case
) -> None:
    from triage.model.values import Unable
    from triage.qt.ask.questions import QuestionWidget

    save_settings(clinic.folder, the_settings())
    clinic.start()
    window = clinic.new(sample)
    for name, text in (
        ("patient.given_name", "unable: has one name only"),
        ("patient.dob", "unable: born in a camp"),
    ):
        window.go.go_to(name)
        QApplication.processEvents()
        widget = next(
            w
            for w in window.findChildren(QuestionWidget)
            if w.question.id == name and w.isVisible()
        )
        line = next(w for w in widget.findChildren(QLineEdit) if w.isVisible() and w.text())
        line.setFocus()
        line.selectAll()
        qtbot.keyClicks(line, text)
        assert line.text() == text
    assert window.session.case["patient.given_name"] == Unable(reason="has one name only")
    assert window.session.case["patient.dob"] == Unable(reason="born in a camp")
    issue(qtbot, window)
    (letter,) = window.letters.issues
    text = " ".join(" ".join(read_text(letter.pdf)).split())
    assert "SPECIMEN (one name) male date of birth not known" in text
    assert "has one name only" in text
    assert "born in a camp" in text
