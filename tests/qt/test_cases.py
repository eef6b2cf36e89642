"""The list of cases in the window: keys, groups, search, several at once, what came of letters, files dropped."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pikepdf
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel
from pytestqt.qtbot import QtBot

from triage.content.casefile import write_case
from triage.content.form import PROFILE
from triage.model.dates import PartialDate
from triage.model.history import History
from triage.model.values import Choice, Date, Finding, Text, Value
from triage.qt.drafts.cases import CasesDialog
from triage.qt.drafts.table import COLUMNS
from triage.qt.letter.printing import PrinterDialog
from triage.qt.parts.fate import FateDialog
from triage.qt.parts.theme import Theme
from triage.qt.program import Program
from triage.rules.assess import Assessor
from triage.session import Session
from triage.session.draft import DraftStore
from triage.session.letters import LetterDesk
from triage.store import Drafts, create_keys

from ..conftest import AT, the_content, the_settings
from ..pdf.receiver_forms import page_without_fields
from ..session.test_cases import sample
from ..store.helpers import CHEAP
from .test_outside import _drop
from .test_printing import Service, service

__all__ = ["service"]

Key = Qt.Key


class Clinic:
    """A program over a store of real cases, and its list."""

    def __init__(self, qtbot: QtBot, assessor: Assessor, folder: Path, theme: Theme) -> None:
        self.qtbot = qtbot
        self.assessor = assessor
        self.now = AT
        self.store = DraftStore(
            folder, create_keys(folder, "correct horse", cost=CHEAP), lambda: self.now
        )
        self.program = Program(assessor, self.store, the_settings(), theme, lambda: self.now)

    def case(self, family: str, *, issue: bool = False, **given: Value) -> str:
        """Make a case that is answered to its end, and perhaps issued."""
        draft = self.store.create(the_content())
        session = Session(self.assessor, draft.history, lambda: self.now, keep=draft.submit)
        session.set_all(sample() | {"patient.family_name": Text(text=family)} | given)
        if issue:
            LetterDesk(session, draft, lambda: self.now, the_settings()).issue()
        draft.close()
        return draft.id

    def list(self) -> CasesDialog:
        """Open the list above a new case, once all is worked out."""
        self.program.show_drafts(self.program.new_window())
        dialog = self.dialog
        board = dialog._cases
        self.qtbot.waitUntil(dialog.isActiveWindow)
        self.qtbot.waitUntil(lambda: all(map(board.is_known, dialog._rows)), timeout=20_000)
        dialog.table.setFocus()
        return dialog

    @property
    def dialog(self) -> CasesDialog:
        assert self.program.case_list.dialog is not None
        return self.program.case_list.dialog

    def press(self, *keys: Key) -> None:
        """Press keys in the list."""
        for key in keys:
            self.qtbot.keyClick(self.dialog.table, key)
        QApplication.processEvents()

    def cell(self, name: str, column: str) -> str:
        """Return what a column says of a case."""
        rows = self.dialog._model.lines
        at = next(n for n, row in enumerate(rows) if not isinstance(row, str) and name in row.name)
        return str(self.dialog._model.index(at, COLUMNS.index(column)).data())

    @property
    def names(self) -> list[str]:
        """The cases that are shown, in order."""
        return [row.name.split(",")[0] for row in self.dialog._model.rows() if row.info.name]

    def choose(self, name: str) -> None:
        """Go to a case."""
        self.dialog._choose(next(r.info.id for r in self.dialog._rows if name in r.name))


@pytest.fixture
def clinic(qtbot: QtBot, assessor: Assessor, tmp_path: Path, theme: Theme) -> Iterator[Clinic]:
    made = Clinic(qtbot, assessor, tmp_path / "store", theme)
    yield made
    if made.program.case_list.dialog is not None:
        made.program.case_list.dialog.reject()
    for window in list(made.program.windows):
        window.close()
    QApplication.processEvents()
    made.store.close()
    # What was copied goes before Python does, to which it belongs.
    QGuiApplication.clipboard().clear()


def test_the_list_is_read_as_in_the_picture(clinic: Clinic) -> None:
    clinic.now = AT - timedelta(days=1)
    clinic.case("Before", issue=True)
    clinic.now = AT
    clinic.case("Issued", issue=True)
    clinic.case("Ready")
    dialog = clinic.list()
    assert clinic.names == ["Ready", "Issued", "Before"]
    assert "Yesterday" in dialog._model.lines
    assert dialog.title.text() == "Sunday 22 November"
    assert dialog.counted.text() == (
        "2 seen · 1 issued · 1 draft to finish · 2 not printed or saved"
    )
    assert clinic.cell("Ready", "todo") == "ready to issue"
    assert (clinic.cell("Issued", "state"), clinic.cell("Issued", "level")) == (
        "Issued v1",
        "Routine",
    )
    assert clinic.cell("Issued", "age") == "71"
    assert dialog._model.headerData(COLUMNS.index("number"), Qt.Orientation.Horizontal) == (
        "NHS number"
    )
    assert clinic.cell("Issued", "number").replace(" ", "").isdigit()


def test_days_are_passed_by_and_rows_are_named_for_those_who_listen(clinic: Clinic) -> None:
    for back, name in ((2, "Two"), (1, "One"), (0, "Now")):
        clinic.now = AT - timedelta(days=back)
        clinic.case(name)
    clinic.now = AT
    dialog = clinic.list()
    seen = []
    clinic.press(Key.Key_Home)
    for _ in range(4):
        assert dialog.chosen is not None
        seen.append(dialog.chosen.name.split(",")[0])
        clinic.press(Key.Key_Down)
    assert [name for name in seen if name != "no name yet"][:3] == ["Now", "One", "Two"]
    spoken = dialog._model.index(dialog.table.currentIndex().row(), COLUMNS.index("name")).data(
        Qt.ItemDataRole.AccessibleTextRole
    )
    assert spoken == dialog.chosen.name if dialog.chosen else False
    # Every cell can be asked: the patient names the box to tick too.
    at = dialog.table.currentIndex().row()
    said = [
        dialog._model.index(at, column).data(Qt.ItemDataRole.AccessibleTextRole)
        for column in range(len(COLUMNS))
    ]
    assert said[:2] == [spoken, spoken]
    assert said[COLUMNS.index("state")].startswith("State: ")


def test_groups_have_their_digits_and_counts(clinic: Clinic) -> None:
    clinic.case("Issued", issue=True)
    clinic.case("Ready")
    dialog = clinic.list()
    captions = {name: chip.caption for name, chip in dialog.groups.buttons.items()}
    assert (captions["all"], captions["out"]) == ("All 3", "Issued, not printed or saved 1")
    assert dialog.groups.buttons["chase"].isHidden()
    # No digit is passed over, and none changes when a letter is to chase.
    shown = [chip for chip in dialog.groups.buttons.values() if not chip.isHidden()]
    assert [chip.key for chip in shown] == [str(n) for n in range(1, len(shown) + 1)]
    assert dialog.groups.buttons["chase"].key == str(len(shown) + 1)
    clinic.press(Key.Key_3)
    assert clinic.names == ["Issued"]
    clinic.press(Key.Key_6)
    assert clinic.names == []
    assert dialog.empty.text() == "No cases here."
    assert not dialog.empty.isHidden()
    dialog.search.setFocus()
    clinic.qtbot.keyClick(dialog.groups.stop, Key.Key_Left)
    dialog.show_group("all")
    assert clinic.names == ["Ready", "Issued"]


def test_where_no_case_is_the_keys_of_the_list_still_work(clinic: Clinic) -> None:
    clinic.case("Ready")
    dialog = clinic.list()
    window = dialog.windowHandle()
    for key, group in (
        (Key.Key_3, "out"),
        (Key.Key_7, "bin"),
        (Key.Key_6, "withdrawn"),
        (Key.Key_1, "all"),
        (Key.Key_3, "out"),
    ):
        QTest.keyClick(window, key)
        assert dialog._group == group
        assert dialog.empty.isVisible() is (group != "all")
        assert not dialog.search.text()
        assert dialog.table.hasFocus()
    for key in (Key.Key_P, Key.Key_Delete, Key.Key_V):
        QTest.keyClick(window, key)
        assert dialog.says.text() == "No case is chosen."
    QTest.keyClick(window, Key.Key_Escape)
    clinic.qtbot.waitUntil(lambda: clinic.program.case_list.dialog is None)


def test_a_search_begins_with_a_slash_and_ends_with_escape(clinic: Clinic) -> None:
    clinic.case("Issued", issue=True)
    clinic.case("Ready")
    dialog = clinic.list()
    clinic.qtbot.keyClick(dialog.table, Key.Key_Slash)
    assert dialog.search.hasFocus()
    clinic.qtbot.keyClicks(dialog.search, "not printed")
    assert clinic.names == ["Issued"]
    clinic.qtbot.keyClick(dialog.search, Key.Key_Escape)
    assert dialog.table.hasFocus()
    assert not dialog.isHidden()
    assert clinic.names == ["Ready", "Issued"]


def test_headers_sort_and_the_way_back_is_by_day(clinic: Clinic) -> None:
    for name in ("Beta", "Gamma", "Alpha"):
        clinic.case(name)
    dialog = clinic.list()
    header = dialog.table.horizontalHeader()
    header.setSortIndicator(COLUMNS.index("name"), Qt.SortOrder.AscendingOrder)
    assert clinic.names == ["Alpha", "Beta", "Gamma"]
    header.setSortIndicator(COLUMNS.index("when"), Qt.SortOrder.DescendingOrder)
    assert clinic.names == ["Alpha", "Gamma", "Beta"]


def test_several_are_ticked_copied_and_saved_and_each_is_noted(
    clinic: Clinic, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = clinic.case("First", issue=True), clinic.case("Second", issue=True)
    clinic.case("Draft")
    dialog = clinic.list()
    for name in ("First", "Second", "Draft"):
        clinic.choose(name)
        clinic.press(Key.Key_Space)
    assert dialog.about.text() == "3 ticked:"
    clinic.press(Key.Key_C)
    text = QApplication.clipboard().text()
    assert "FIRST" in text.upper()
    assert "SECOND" in text.upper()
    assert "DRAFT" not in text
    assert "2 letters are in the clipboard" in dialog.says.text()
    into = tmp_path / "letters"
    into.mkdir()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(into))
    clinic.press(Key.Key_S)
    files = sorted(into.iterdir())
    assert len(files) == 2
    assert all(path.read_bytes().startswith(b"%PDF") for path in files)
    assert not any("First" in path.name for path in files)
    for draft in (first, second):
        sent = clinic.store.do(lambda drafts, one=draft: drafts.sent(one))
        assert [one.how for one in sent] == ["copy", "save"]
    assert clinic.cell("First", "todo").startswith("saved")
    assert dialog.about.text() == "3 ticked:"
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path))
    clinic.qtbot.mouseClick(dialog.export, Qt.MouseButton.LeftButton)
    assert len(list(tmp_path.glob("case-*.json"))) == 3
    # None is written over.
    clinic.qtbot.mouseClick(dialog.export, Qt.MouseButton.LeftButton)
    assert len(list(tmp_path.glob("case-*.json"))) == 6


def test_the_letters_that_are_ticked_are_printed_as_they_were_issued(
    clinic: Clinic, service: Service
) -> None:
    drafts = [clinic.case("First", issue=True), clinic.case("Second", issue=True)]
    dialog = clinic.list()
    for name in ("First", "Second"):
        clinic.choose(name)
        clinic.press(Key.Key_Space)
    clinic.press(Key.Key_P)
    taking = clinic.program.case_list.taking
    assert taking is not None
    asks = taking.asks
    assert isinstance(asks, PrinterDialog)
    assert asks.pages.isHidden()
    assert not service.was_given
    clinic.qtbot.mouseClick(asks.ok, Qt.MouseButton.LeftButton)
    assert dialog.says.text() == "2 letters are sent to office."
    issued = [clinic.store.do(lambda d, one=draft: d.issues(one))[0].pdf for draft in drafts]
    assert service.data in issued
    for draft in drafts:
        sent = clinic.store.do(lambda d, one=draft: d.sent(one))
        assert [one.how for one in sent] == ["print"]
    assert dialog.groups.buttons["out"].caption.endswith(" 0")


def test_what_came_of_a_letter_is_recorded_from_the_list(clinic: Clinic) -> None:
    draft = clinic.case("Back", issue=True)
    dialog = clinic.list()
    clinic.choose("Back")
    clinic.press(Key.Key_R)
    taking = clinic.program.case_list.taking
    assert taking is not None
    asks = taking.asks
    assert isinstance(asks, FateDialog)
    clinic.qtbot.keyClick(asks, Key.Key_6)
    clinic.qtbot.keyClicks(asks.says, "please add an ECG")
    clinic.qtbot.mouseClick(asks.note, Qt.MouseButton.LeftButton)
    assert clinic.cell("Back", "todo") == "returned: please add an ECG"
    assert "1 to chase or returned" in dialog.counted.text()
    assert not dialog.groups.buttons["chase"].isHidden()
    before = clinic.store.read(draft).edits
    assert all(edit.key != "sent" for edit in before)


def _asks(clinic: Clinic) -> FateDialog:
    assert clinic.program.case_list.taking is not None
    asks = clinic.program.case_list.taking.asks
    assert isinstance(asks, FateDialog)
    return asks


def test_what_came_of_two_letters_of_one_case_is_recorded_of_each(clinic: Clinic) -> None:
    draft = clinic.case("Two", issue=True)
    opened = clinic.store.open(draft)
    session = Session(clinic.assessor, opened.history, lambda: clinic.now, keep=opened.submit)
    desk = LetterDesk(session, opened, lambda: clinic.now, the_settings())
    desk.choose_recipient("neuromuscular")
    desk.issue()
    # A further version that only the first of them gets.
    first = desk.issues[0].recipient
    desk.choose_recipient(first)
    session.set("note.neuro", Text(text="More."))
    desk.issue()
    opened.close()
    dialog = clinic.list()
    clinic.choose("Two")
    clinic.press(Key.Key_R)
    asks = _asks(clinic)
    captions = [button.caption for button in asks.which.buttons.values()]
    names = [the_content().recipients[one].name for one in (first, "neuromuscular")]
    assert captions == [*names, "All of them"]
    # Nobody guesses which.
    clinic.qtbot.keyClick(asks.focusWidget(), Key.Key_5)
    clinic.qtbot.keyClick(asks.focusWidget(), Key.Key_Return)
    assert asks.isVisible()
    assert asks.fault.text() == "Of which letter?"
    clinic.qtbot.keyClick(asks.focusWidget(), Key.Key_Right)
    clinic.qtbot.keyClick(asks.focusWidget(), Key.Key_Space)
    clinic.qtbot.mouseClick(asks.note, Qt.MouseButton.LeftButton)
    (sent,) = clinic.store.do(lambda d: d.sent(draft))
    assert (sent.how, sent.version, sent.recipient) == ("seen", 1, "neuromuscular")
    assert dialog.says.text() == "Recorded of 1 letter."
    clinic.press(Key.Key_R)
    asks = _asks(clinic)
    asks.choose_letter("2")
    clinic.qtbot.mouseClick(asks.note, Qt.MouseButton.LeftButton)
    sent = clinic.store.do(lambda d: d.sent(draft))
    handed = [one.recipient for one in sent if one.how == "handed"]
    assert handed == [first, "neuromuscular"]


def test_a_question_of_the_list_says_of_which_patient_it_is(clinic: Clinic) -> None:
    clinic.case("Same", issue=True)
    clinic.case("Same", issue=True, **{"patient.dob": Date(date=PartialDate(year=1950))})
    clinic.list()
    clinic.press(Key.Key_R)
    texts = [label.text() for label in _asks(clinic).findChildren(QLabel)]
    (row,) = [clinic.dialog.chosen]
    assert row is not None
    assert f"{row.who}: What came of version 1 to {row.to}?" in texts
    _asks(clinic).reject()
    clinic.press(Key.Key_W)
    taking = clinic.program.case_list.taking
    assert taking is not None
    assert taking.asks is not None
    (said,) = [x.text() for x in taking.asks.findChildren(QLabel) if row.who in x.text()]
    assert said.startswith(f"{row.who}: Withdraw version 1 of ")


@pytest.mark.parametrize("key", [Key.Key_P, Key.Key_S, Key.Key_C, Key.Key_R])
def test_of_several_that_are_ticked_those_without_a_letter_are_named(
    clinic: Clinic,
    service: Service,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    key: Key,
) -> None:
    clinic.case("Issued", issue=True)
    clinic.case("Bare")
    clinic.case("Open", **{"patient.given_name": Text(text="Ann")})
    dialog = clinic.list()
    monkeypatch.setattr("triage.qt.taking.ask_path", lambda *_: tmp_path / "letter.pdf")
    for name in ("Issued", "Bare", "Open"):
        clinic.choose(name)
        clinic.press(Key.Key_Space)
    clinic.press(key)
    taking = clinic.program.case_list.taking
    assert taking is not None
    if isinstance(taking.asks, PrinterDialog):
        clinic.qtbot.mouseClick(taking.asks.ok, Qt.MouseButton.LeftButton)
    elif isinstance(taking.asks, FateDialog):
        clinic.qtbot.mouseClick(taking.asks.note, Qt.MouseButton.LeftButton)
    says = dialog.says.text()
    assert "1 letter" in says
    names = sorted(
        row.name for row in dialog._model.rows() if row.name.startswith(("Bare", "Open"))
    )
    assert says.endswith((f"Without a letter: {'; '.join(names)}.", f"{'; '.join(names[::-1])}."))
    # It is told in the list, and nowhere else.
    window = clinic.program.windows[-1]
    assert "Bare" not in window.line.text
    clinic.press(Key.Key_Delete)
    assert says != dialog.says.text()
    assert dialog.says.text().startswith("What was issued is never deleted: W withdraws it. Issued")


def test_what_could_not_be_deleted_or_exported_is_told_at_the_end(
    clinic: Clinic, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drafts = {name: clinic.case(name) for name in ("One", "Two")}
    dialog = clinic.list()
    for name in drafts:
        clinic.choose(name)
        clinic.press(Key.Key_Space)
    # Another program opens one meanwhile, and the other cannot be read.
    key = clinic.store._key
    with DraftStore(clinic.store.folder, key, lambda: clinic.now) as other:
        taken = other.open(drafts["One"])
        clinic.press(Key.Key_Delete)
        assert dialog.confirmation is not None
        clinic.qtbot.keyClick(dialog.confirmation, Key.Key_D)
        assert dialog.says.text() == "Another window has this case open. Close it there first."
        taken.close()
    assert clinic.names == ["One"]
    clinic.case("Three")
    dialog.load()
    clinic.store.do(
        lambda d: d._connection.execute(
            "UPDATE draft SET chain = 'x' WHERE id = ?", (drafts["One"],)
        )
    )
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path / "out"))
    (tmp_path / "out").mkdir()
    for name in ("One", "Three"):
        clinic.choose(name)
        if dialog.chosen is not None and dialog.chosen.info.id not in dialog._model.ticked:
            clinic.press(Key.Key_Space)
    dialog.export.click()
    assert dialog.says.text().startswith("1 of 2 cases are exported into out. They are not")
    assert "not those that were saved" in dialog.says.text()


def test_a_case_whose_letter_cannot_be_read_stops_no_other(clinic: Clinic) -> None:
    clinic.case("Good", issue=True)
    bad = clinic.case("Bad", issue=True)
    dialog = clinic.list()
    clinic.store.do(
        lambda d: d._connection.execute("UPDATE draft SET chain = 'x' WHERE id = ?", (bad,))
    )
    for name in ("Good", "Bad"):
        clinic.choose(name)
        clinic.press(Key.Key_Space)
    clinic.press(Key.Key_C)
    says = dialog.says.text()
    assert says.startswith("1 letter is in the clipboard as text")
    assert "Bad, " in says
    assert "The edits of this case are not those that were saved." in says


@pytest.mark.parametrize(
    ("typed", "day"), [("today", "2026-11-22"), ("3 Dec 2026", "2026-12-03"), ("sometime", "")]
)
def test_the_day_of_an_appointment_lies_ahead(clinic: Clinic, typed: str, day: str) -> None:
    dialog = FateDialog("What came of it?", AT.date(), AT.date())
    clinic.qtbot.addWidget(dialog)
    dialog.choose("booked")
    noted: list[tuple[str, str, str]] = []
    dialog.noted.connect(lambda *said: noted.append(said))
    dialog.day.setText(typed)
    dialog.note.click()
    assert noted == ([("booked", "", day)] if day else [])
    assert bool(dialog.fault.text()) != bool(day)


def test_putting_off_needs_a_day_and_proposes_one(clinic: Clinic) -> None:
    dialog = FateDialog("What came of it?", AT.date(), AT.date())
    clinic.qtbot.addWidget(dialog)
    dialog.choose("later")
    assert dialog.day.text() == "29 Nov 2026"
    dialog.day.clear()
    dialog.note.click()
    assert dialog.fault.text() == "From which day?"
    clinic.qtbot.keyClicks(dialog.day, "3")
    assert not dialog.fault.text()


def test_what_is_typed_at_the_choice_of_what_came_of_a_letter_is_of_whom(clinic: Clinic) -> None:
    dialog = FateDialog("What came of it?", AT.date(), AT.date())
    clinic.qtbot.addWidget(dialog)
    noted: list[tuple[str, str, str]] = []
    dialog.noted.connect(lambda *said: noted.append(said))
    dialog.show()
    for char in "pharmacy, Room B":
        clinic.qtbot.keyClicks(dialog.focusWidget(), char)
    assert not noted
    assert dialog.isVisible()
    clinic.qtbot.keyClick(dialog.focusWidget(), Key.Key_Return)
    assert noted == [("handed", "pharmacy, Room B", "")]


def test_a_letter_is_withdrawn_from_the_list_when_a_reason_is_given(clinic: Clinic) -> None:
    draft = clinic.case("Wrong", issue=True)
    clinic.list()
    clinic.choose("Wrong")
    clinic.press(Key.Key_W)
    taking = clinic.program.case_list.taking
    assert taking is not None
    asks = taking.asks
    assert asks is not None
    clinic.qtbot.keyClicks(asks.reason, "wrong patient")  # type: ignore[union-attr]
    clinic.qtbot.mouseClick(asks.act, Qt.MouseButton.LeftButton)  # type: ignore[union-attr]
    assert clinic.store.do(lambda d: d.issues(draft))[0].withdrawn_because == "wrong patient"
    assert clinic.cell("Wrong", "state") == "Withdrawn v1"
    assert clinic.cell("Wrong", "todo").startswith("wrong patient; withdrawn")
    clinic.choose("Wrong")
    clinic.press(Key.Key_W)
    assert clinic.dialog.says.text() == "There is no letter of it to withdraw."


def test_a_key_that_cannot_do_anything_says_why(clinic: Clinic) -> None:
    clinic.case("Issued", issue=True)
    clinic.case("Draft")
    dialog = clinic.list()
    clinic.choose("Draft")
    clinic.press(Key.Key_P)
    assert dialog.says.text() == "No letter of it was issued yet: open it to issue one."
    clinic.choose("Issued")
    clinic.press(Key.Key_Delete)
    assert dialog.says.text() == "What was issued is never deleted: W withdraws it."
    assert dialog.confirmation is None


def test_opening_the_list_and_a_case_changes_no_case(clinic: Clinic) -> None:
    draft = clinic.case("Issued", issue=True)
    before = (clinic.store.read(draft).edits, clinic.store.do(lambda d: d.issues(draft)))
    clinic.list()
    clinic.choose("Issued")
    clinic.press(Key.Key_Return)
    window = clinic.program.windows[-1]
    assert window.header.name.text().endswith("Issued")
    assert window.letters.state == "issued v1"
    window.close()
    assert (clinic.store.read(draft).edits, clinic.store.do(lambda d: d.issues(draft))) == before


def test_a_locked_program_shows_no_name_of_the_list_and_works_nothing_out(
    clinic: Clinic,
) -> None:
    clinic.case("Secretname")
    dialog = clinic.list()
    clinic.program.lock_asked()
    QApplication.processEvents()
    assert clinic.program.lock.is_locked
    assert dialog.isHidden()
    assert not dialog._timer.isActive()
    assert all("Secretname" not in w.windowTitle() for w in QApplication.topLevelWidgets())


def test_what_is_ticked_stays_so_out_of_sight_and_nothing_is_done_with_it(clinic: Clinic) -> None:
    drafts = [clinic.case("Alpha"), clinic.case("Beta"), clinic.case("Gamma")]
    dialog = clinic.list()
    # Gathered by one search after the other.
    for name in ("Alpha", "Beta"):
        dialog.search.setText(name)
        clinic.choose(name)
        clinic.press(Key.Key_Space)
    assert dialog.about.text() == "1 ticked, 1 out of sight:"
    assert [row.info.id for row in dialog.meant] == drafts[1:2]
    dialog.search.clear()
    assert dialog.about.text() == "2 ticked:"
    dialog.search.setText("Beta")
    clinic.press(Key.Key_Delete)
    assert dialog.confirmation is not None
    clinic.qtbot.keyClick(dialog.confirmation, Key.Key_D)
    dialog.search.clear()
    assert dialog.about.text() == "1 ticked:"
    assert [row.info.id for row in dialog.meant] == drafts[:1]
    clinic.press(Key.Key_3, Key.Key_P)
    assert dialog.says.text() == "No case is chosen."


def test_after_a_night_the_list_is_of_the_new_day(clinic: Clinic) -> None:
    clinic.case("Late")
    dialog = clinic.list()
    assert "Yesterday" not in dialog._model.lines
    clinic.program.lock_asked()
    clinic.now += timedelta(days=1)
    QApplication.processEvents()
    clinic.program.lock._on_passphrase_given("correct horse")
    clinic.qtbot.waitUntil(lambda: not clinic.program.lock.is_locked)
    assert dialog.isVisible()
    assert dialog.title.text() == "Monday 23 November"
    assert "Yesterday" in dialog._model.lines


def test_a_case_and_a_letter_that_are_dropped_on_the_list_are_opened(
    clinic: Clinic, tmp_path: Path
) -> None:
    draft = clinic.case("Here", issue=True)
    case = clinic.store.read(draft).case.with_({"patient.family_name": Text(text="Dropped")})
    file = tmp_path / "case.json"
    file.write_text(write_case(case, the_content().form), encoding="utf-8")
    assert _drop(clinic.list().search, file)
    clinic.qtbot.waitUntil(lambda: clinic.program.case_list.dialog is None)
    window = clinic.program.windows[-1]
    assert window.session.case["patient.family_name"] == Text(text="Dropped")
    (issue,) = clinic.store.do(lambda drafts: drafts.issues(draft))
    letter = tmp_path / "letter.pdf"
    letter.write_bytes(issue.pdf)
    assert _drop(clinic.list().table.viewport(), letter)
    clinic.qtbot.waitUntil(lambda: clinic.program.case_list.dialog is None)
    assert clinic.program.windows[-1].header.name.text().endswith("Here")
    assert "issued here" in clinic.program.windows[-1].line.text
    # So is one that stands behind a receiver's form.
    with pikepdf.open(letter) as pdf, pikepdf.open(io.BytesIO(page_without_fields())) as form:
        pdf.pages.insert(0, form.pages[0])
        pdf.save(tmp_path / "form.pdf")
    assert _drop(clinic.list().table.viewport(), tmp_path / "form.pdf")
    clinic.qtbot.waitUntil(lambda: clinic.program.case_list.dialog is None)
    assert sum(w.header.name.text().endswith("Here") for w in clinic.program.windows) == 1


def test_recent_cases_stand_in_the_menu_while_it_is_open_and_never_when_locked(
    clinic: Clinic,
) -> None:
    clinic.case("Older")
    clinic.case("Newer", issue=True)
    window = clinic.program.new_window()
    case_menu = window.menuBar().actions()[0].menu()
    assert window.recent.menuAction() in case_menu.actions()
    window.recent.popup(window.mapToGlobal(window.rect().center()))
    QApplication.processEvents()
    texts = [action.text() for action in window.recent.actions()]
    assert [text.split(",")[0] for text in texts] == ["&1 Newer", "&2 Older"]
    assert texts[0].endswith("issued v1")
    clinic.qtbot.keyClick(window.recent, Key.Key_2)
    clinic.qtbot.waitUntil(lambda: len(clinic.program.windows) == 2)
    assert clinic.program.windows[-1].header.name.text().endswith("Older")
    clinic.qtbot.waitUntil(lambda: window.recent.actions() == [])
    clinic.program.lock_asked()
    assert clinic.program.lock.is_locked
    window.recent.aboutToShow.emit()
    assert [action.text() for action in window.recent.actions()] == ["No other cases"]


def test_five_hundred_cases_are_there_at_once_and_every_one_in_a_moment(clinic: Clinic) -> None:
    def fill(drafts: Drafts) -> None:
        with drafts.together():
            for number in range(500):
                edits = History().change(
                    {
                        "patient.family_name": Text(text=f"Name{number:03}"),
                        "rf.dark_urine": Finding(present=False),
                    },
                    AT,
                )
                drafts.create("muscle_cramps", "1", AT, edits)

    clinic.store.do(fill)
    clinic.program.show_drafts(clinic.program.new_window())
    dialog = clinic.dialog
    assert len(dialog._rows) == 200
    clinic.qtbot.waitUntil(lambda: len(dialog._rows) == 501)
    clinic.qtbot.waitUntil(lambda: clinic.cell("Name499", "todo").endswith("answered"))
    dialog.search.setText("name123")
    assert clinic.names == ["Name123"]
    dialog.search.clear()
    assert dialog.groups.buttons["all"].caption == "All 501"


def test_of_very_many_cases_the_old_ones_are_read_when_one_goes_there_or_searches(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("triage.qt.drafts.cases._PAGE", 20)
    monkeypatch.setattr("triage.qt.drafts.cases._MOST", 40)
    for number in range(70):
        edits = History().change({"patient.family_name": Text(text=f"Name{number:03}")}, AT)
        clinic.store.do(lambda drafts, made=edits: drafts.create("muscle_cramps", "1", AT, made))
    dialog = clinic.list()
    assert (len(dialog._rows), dialog.groups.buttons["all"].caption) == (40, "All 40+")
    dialog.search.setText("name001")
    assert clinic.names == ["Name001"]
    dialog.search.clear()
    bar = dialog.table.verticalScrollBar()
    bar.setValue(bar.maximum())
    clinic.qtbot.waitUntil(lambda: len(dialog._rows) == 60)
    clinic.choose("Name020")
    dialog.load()
    assert len(dialog._rows) == 60
    assert dialog.chosen is not None
    assert dialog.chosen.name == "Name020"


def test_an_age_that_is_known_in_part_is_not_cut(clinic: Clinic) -> None:
    clinic.case("Partly", **{"patient.dob": Date(date=PartialDate(year=1960))})
    table = clinic.list().table
    said = clinic.cell("Partly", "age")
    assert said.startswith("65")
    assert len(said) > 2
    # The cell has eight pixels on either side of its text.
    room = table.columnWidth(COLUMNS.index("age")) - 16
    assert table.fontMetrics().horizontalAdvance(said) <= room


def test_the_day_of_a_case_of_last_year_is_read_whole(clinic: Clinic) -> None:
    clinic.now = AT - timedelta(days=365)
    clinic.case("Last")
    clinic.now = AT
    table = clinic.list().table
    column = COLUMNS.index("when")
    texts = [table.model().index(row, column).data() for row in range(table.model().rowCount())]
    day = next(text for text in texts if text and text.endswith("2025"))
    assert table.fontMetrics().horizontalAdvance(day) <= table.columnWidth(column) - 16


def test_a_day_that_cannot_be_is_refused_in_words_and_stays(clinic: Clinic) -> None:
    issued = AT.date() - timedelta(days=2)
    dialog = FateDialog("What came of it?", AT.date(), issued, order="mdy")
    clinic.qtbot.addWidget(dialog)
    noted: list[tuple[str, str, str]] = []
    dialog.noted.connect(lambda *said: noted.append(said))
    for way, typed, says in (
        ("seen", "3 Dec 2026", "3 Dec 2026 is still to come."),
        ("seen", "1 Nov 2026", "1 Nov 2026 is before the letter, which is of 20 Nov 2026."),
        ("later", "1 Nov 2026", "1 Nov 2026 is no later day: give one that is still to come."),
    ):
        dialog.choose(way)
        dialog.day.setText(typed)
        dialog.note.click()
        assert (dialog.fault.text(), dialog.day.text()) == (says, typed)
    assert not noted
    dialog.choose("booked")
    dialog.day.setText("1/5/2027")
    dialog.note.click()
    assert noted == [("booked", "", "2027-01-05")]


def test_the_day_of_a_letter_from_the_us_has_its_month_first(clinic: Clinic) -> None:
    given: dict[str, Value] = {PROFILE: Choice(option="us")}
    draft = clinic.case("Abroad", issue=True, **given)
    clinic.list()
    clinic.choose("Abroad")
    clinic.press(Key.Key_R)
    taking = clinic.program.case_list.taking
    assert taking is not None
    asks = taking.asks
    assert isinstance(asks, FateDialog)
    clinic.qtbot.keyClick(asks, Key.Key_4)
    clinic.qtbot.keyClicks(asks.day, "1/5/2027")
    clinic.qtbot.mouseClick(asks.note, Qt.MouseButton.LeftButton)
    (noted,) = clinic.store.do(lambda drafts: drafts.sent(draft))
    assert (noted.how, noted.day) == ("booked", "2027-01-05")


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("O’Brien", ("o'brien", "o’brien", "obrien", "o brien")),
        ("O'Neill", ("o’neill", "o`neill", "oneill", "O\u2019N")),
        ("Anne-Marie", ("anne-marie", "anne marie", "annemarie", "anne\u2010marie", "marie–anne")),
        ("Anne Marie", ("anne-marie", "anne marie")),
        ("D'Àngelo", ("d'angelo", "D’Angelo", "dangelo", "d'a\u0300ngelo")),
        ("Łuk-Østby", ("luk-ostby", "łuk ostby")),
    ],
)
def test_a_name_is_found_whatever_holds_its_parts_together(
    clinic: Clinic, name: str, typed: tuple[str, ...]
) -> None:
    clinic.case(name)
    clinic.case("Other")
    dialog = clinic.list()
    for each in typed:
        dialog.search.setText(each)
        assert clinic.names == [name], each
    dialog.search.setText(f"{name}x")
    assert not clinic.names


def test_nothing_but_putting_back_and_deleting_is_done_with_a_case_in_the_bin(
    clinic: Clinic,
) -> None:
    clinic.store.bin(clinic.case("Away"))
    dialog = clinic.list()
    dialog.show_group("bin")
    clinic.choose("Away")
    before = len(clinic.program.windows)
    for key in (Key.Key_V, Key.Key_P, Key.Key_R):
        clinic.press(key)
        assert dialog.says.text() == "It is in the bin: put it back first."
    assert len(clinic.program.windows) == before
    assert dialog.isVisible()


def test_a_list_that_can_only_be_read_says_so_of_each_key(clinic: Clinic) -> None:
    clinic.case("Read", issue=True)
    shown = clinic.list()
    dialog = CasesDialog(shown._cases, read_only=True)
    clinic.qtbot.addWidget(dialog)
    dialog.load()
    for name in ("new", "visit", "fate", "delete", "withdraw"):
        dialog._say("info", "")
        dialog._on_acted(name, "")
        assert dialog.says.text().startswith("The cases can be read here and not changed"), name
