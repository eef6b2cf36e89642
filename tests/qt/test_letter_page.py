"""The letter beside its recipient, and the act of issuing, with the real store."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import pypdfium2  # type: ignore[import-untyped]
import pytest
from PIL import Image, ImageChops, ImageStat
from PySide6.QtCore import Qt, QTimer
from PySide6.QtPdf import QPdfDocument
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QLineEdit, QMessageBox
from pytestqt.qtbot import QtBot

from triage.model.case import Case
from triage.model.values import Decision, Finding, Text
from triage.pdf.readback import read_text
from triage.qt.letter.confirm import IssueDialog
from triage.qt.parts.theme import Theme
from triage.rules.assess import Assessor
from triage.session.letters import LetterDesk

from .asking import press_button
from .conftest import Desk


@pytest.fixture
def real(qtbot: QtBot, assessor: Assessor, theme: Theme, tmp_path: Path) -> Iterator[Desk]:
    made = Desk(assessor, theme, tmp_path / "drafts")
    qtbot.addWidget(made.window)
    made.window.show()
    yield made
    made.window.close()
    made.store.close()


def _confirm(qtbot: QtBot, box: IssueDialog | None, *, yes: bool = True) -> str:
    assert box is not None
    said = " ".join(label.text() for label in box.findChildren(QLabel))
    press_button(qtbot, box.issue if yes else box.back)
    return said


def test_the_letter_is_shown_page_by_page(desk: Desk, sample: Case) -> None:
    desk.take(sample)
    desk.window.actions_["letter"].trigger()
    page = desk.window.letter
    assert page.isVisible()
    assert page.view.document.status() == QPdfDocument.Status.Ready
    assert page.view.document.pageCount() >= 1
    assert page.state.text() == "Draft"


@pytest.mark.parametrize(
    ("width", "height", "zoom", "across"),
    [
        (1280, 720, 100, 1),
        (1600, 900, 100, 1),
        (1700, 900, 100, 2),
        (1920, 1040, 100, 2),
        (1920, 1040, 150, 1),
        (3440, 1400, 100, 2),
        (3440, 1400, 200, 2),
    ],
)
def test_on_a_wide_screen_two_pages_stand_side_by_side(
    desk: Desk, sample: Case, theme: Theme, width: int, height: int, zoom: int, across: int
) -> None:
    theme.set_zoom(zoom)
    desk.take(sample)
    desk.window.resize(width, height)
    desk.window.actions_["letter"].trigger()
    QApplication.processEvents()
    pages = desk.window.letter.view
    boxes, view = pages.boxes(), pages.viewport().rect()
    assert len(boxes) == 2
    assert len([box for box in boxes if box.top() == boxes[0].top()]) == across
    for box in boxes:
        assert view.left() <= box.left()
        assert box.right() <= view.right()
    assert not any(a.intersects(b) for a, b in combinations(boxes, 2))
    # As far from both edges.
    assert abs(boxes[0].left() - (view.right() - boxes[across - 1].right())) <= 1
    if (height, across, zoom) in ((1040, 2, 100), (1400, 2, 100)):
        assert boxes[0].height() <= view.height()
    bar = pages.verticalScrollBar()
    bar.setValue(bar.maximum())
    assert max(box.bottom() for box in pages.boxes()) < view.height()


def test_escape_goes_back_to_the_questions(qtbot: QtBot, desk: Desk) -> None:
    desk.window.actions_["letter"].trigger()
    qtbot.keyClick(desk.window.letter, Qt.Key.Key_Escape)
    assert desk.window.split.isVisible()


def test_what_stands_against_issuing_is_listed_and_leads_to_its_question(
    qtbot: QtBot, desk: Desk
) -> None:
    desk.window.actions_["issue"].trigger()
    page = desk.window.letter
    assert page.confirmation is None
    assert desk.told[-1][0] == "warning"
    lines = page.problems.lines.widgets
    assert len(lines) >= 3
    assert desk.window.focusWidget() is lines[0]
    after = []
    for _ in range(len(lines)):
        QTest.keyClick(desk.window.windowHandle(), Qt.Key.Key_Tab)
        after.append(desk.window.focusWidget())
    returned = [*page.returned.lines.widgets, *page.wanted.lines.widgets]
    assert after == [*lines[1:], *returned, page.issue][: len(after)]
    born = next(line for line in lines if "date of birth" in line.line.text)
    press_button(qtbot, born)
    assert desk.questions.keys == ["patient.dob"]
    assert desk.window.split.isVisible()
    assert not desk.draft.issues()


def test_issuing_keeps_the_letter_and_says_so(qtbot: QtBot, real: Desk, sample: Case) -> None:
    real.take(sample)
    assert real.window.header.state.text() == "Draft"
    real.window.actions_["issue"].trigger()
    said = _confirm(qtbot, real.window.letter.confirmation)
    assert "Edwin SPECIMEN" in said
    assert real.window.header.state.text() == "Issued v1"
    kept = real.draft.issues()
    assert [(issue.version, issue.case_n) for issue in kept] == [(1, real.session.history.n)]
    assert kept[0].fingerprint == real.session.content.fingerprint
    assert kept[0].pdf.startswith(b"%PDF")
    assert not real.window.letter.issue.isEnabled()


def test_the_next_edit_after_an_issue_amends_it(qtbot: QtBot, real: Desk, sample: Case) -> None:
    real.take(sample)
    real.window.actions_["issue"].trigger()
    _confirm(qtbot, real.window.letter.confirmation)
    real.session.set("rf.dark_urine", Finding(present=False))
    real.session.set("patient.phone", Text(text="01632 960001"))
    QApplication.processEvents()
    assert real.window.header.state.text() == "Amending v2"
    real.window.actions_["issue"].trigger()
    _confirm(qtbot, real.window.letter.confirmation)
    assert real.window.header.state.text() == "Issued v2"
    assert [(i.version, i.replaces) for i in real.draft.issues()] == [(1, None), (2, 1)]


def test_an_issued_version_is_compared_with_the_case_as_it_stands(
    qtbot: QtBot, real: Desk, sample: Case
) -> None:
    real.take(sample)
    page = real.window.letter
    real.window.actions_["issue"].trigger()
    _confirm(qtbot, page.confirmation)
    assert page.changed.isHidden()
    real.session.set("referrer.question", Text(text="Is this really motor neuron disease?"))
    QApplication.processEvents()
    qtbot.waitUntil(lambda: page.versions.lines.widgets[0].isVisible())
    assert page.changed.isHidden()
    qtbot.mouseClick(page.versions.lines.widgets[0], Qt.MouseButton.LeftButton)
    assert page.state.text() == "Issued v1"
    assert page.changed.isVisible()
    said = [line.line.text for line in page.changed.lines.widgets if line.isVisible()]
    assert any("question" in line.lower() for line in said)
    # There are no bars here, and what only a draft marks is no change.
    assert not any("bars" in line or "«" in line for line in said)


def test_an_issue_that_is_not_confirmed_keeps_nothing(
    qtbot: QtBot, real: Desk, sample: Case
) -> None:
    real.take(sample)
    real.window.actions_["issue"].trigger()
    _confirm(qtbot, real.window.letter.confirmation, yes=False)
    assert not real.draft.issues()
    assert real.window.header.state.text() == "Draft"


def test_a_letter_whose_pages_lack_a_statement_is_not_issued(
    qtbot: QtBot, real: Desk, sample: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    real.take(sample)
    monkeypatch.setattr(
        "triage.session.typesetting.missing_statements", lambda letter, data: ["something"]
    )
    real.window.actions_["issue"].trigger()
    _confirm(qtbot, real.window.letter.confirmation)
    assert not real.draft.issues()
    assert real.told[-1][0] == "error"
    assert "not issued" in real.told[-1][1]


def test_letters_to_two_recipients_share_a_version(qtbot: QtBot, real: Desk, sample: Case) -> None:
    real.take(sample)
    named = real.window.letters.recipient
    other = "neurology"
    assert named != other
    real.window.letters.choose_recipient(other)
    real.window.letters.choose_recipient(named)
    real.window.actions_["issue"].trigger()
    _confirm(qtbot, real.window.letter.confirmation)
    page = real.window.letter
    press_button(qtbot, page.to.list.buttons[other])
    assert page.issue.isEnabled()
    page.start_issue()
    _confirm(qtbot, page.confirmation)
    assert [(i.version, i.recipient) for i in real.draft.issues()] == [(1, named), (1, other)]


def test_choosing_a_kind_of_letter_changes_nothing_in_the_case(desk: Desk, sample: Case) -> None:
    desk.take(sample)
    desk.window.actions_["letter"].trigger()
    before = desk.session.history.n
    page = desk.window.letter
    for at in range(page.template.count()):
        page.template.setCurrentIndex(at)
        assert desk.letters.template == page.template.itemData(at)
    assert desk.session.history.n == before


def test_a_digit_chooses_the_recipient(qtbot: QtBot, desk: Desk, sample: Case) -> None:
    desk.take(sample)
    desk.window.actions_["letter"].trigger()
    page = desk.window.letter
    names = page.to.names
    # Whom the case names comes first, then whom the findings ask for.
    assert names[0] == desk.letters.recipient
    assert names == desk.letters.recipients_in_order()[: len(names)]
    assert set(names) <= desk.letters.wanted
    assert 2 < len(names) < 9
    for at, name in enumerate(names, start=1):
        qtbot.keyClick(page, str(at))
        assert desk.letters.recipient == name
        assert page.to.names == names
    qtbot.keyClick(page, "9")
    assert desk.letters.recipient == names[-1]
    assert desk.told[-1] == ("advice", f"There are {len(names)} here: 1 is the first.")
    # In the reason for a recipient a digit is text.
    page.why.show()
    page.why.setFocus()
    chosen = desk.letters.recipient
    QTest.keyClicks(page.why, "1")
    assert desk.letters.recipient == chosen


def test_a_draft_is_saved_as_a_draft_and_an_issue_as_issued(
    qtbot: QtBot, real: Desk, sample: Case, tmp_path: Path
) -> None:
    real.take(sample)
    page = real.window.letter
    page.save_pdf_to(tmp_path / "draft.pdf")
    assert "DRAFT" in real.told[-1][1]
    real.window.actions_["issue"].trigger()
    _confirm(qtbot, page.confirmation)
    page.save_pdf_to(tmp_path / "issued.pdf")
    assert (tmp_path / "issued.pdf").read_bytes() == real.draft.issues()[0].pdf


def test_a_suggested_file_name_holds_nothing_of_the_patient(desk: Desk, sample: Case) -> None:
    desk.take(sample)
    document = desk.letters.drafted.document
    assert desk.letters.file_name == f"draft-referral-letter-{document}.pdf"
    desk.session.set("patient.family_name", Text(text="Placeholder"))
    # Two patients of one day are told apart.
    assert document not in desk.letters.file_name


def test_an_issued_file_has_the_number_that_its_pages_print(
    qtbot: QtBot, real: Desk, sample: Case
) -> None:
    real.take(sample)
    _issue(qtbot, real)
    (issue,) = real.draft.issues()
    name = real.letters.file_name
    assert name.startswith("referral-letter-")
    assert name.endswith("-v1.pdf")
    assert name.removeprefix("referral-letter-").removesuffix("-v1.pdf") in read_text(issue.pdf)[0]


def test_a_pdf_that_cannot_be_saved_is_told(desk: Desk, sample: Case, tmp_path: Path) -> None:
    desk.take(sample)
    desk.window.letter.save_pdf_to(tmp_path / "missing" / "letter.pdf")
    assert desk.told[-1][0] == "error"


def test_the_letter_follows_the_case_while_it_is_in_view(
    desk: Desk, sample: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.take(sample)
    made: list[None] = []
    shown = LetterDesk.pages_pdf

    def counted(self: LetterDesk) -> bytes:
        made.append(None)
        return shown(self)

    monkeypatch.setattr(LetterDesk, "pages_pdf", counted)
    desk.session.set("patient.phone", Text(text="1"))
    QApplication.processEvents()
    assert not made
    desk.window.actions_["letter"].trigger()
    desk.session.set("patient.phone", Text(text="2"))
    QApplication.processEvents()
    assert len(made) == 2


@pytest.mark.parametrize(
    ("chosen", "pages"), [("", [0, 1]), ("1", [0]), ("2", [1]), ("1-2", [0, 1])]
)
def test_printing_paints_the_pages_that_the_system_was_asked_for(
    desk: Desk, sample: Case, tmp_path: Path, chosen: str, pages: list[int]
) -> None:
    from PySide6.QtGui import QPageRanges
    from PySide6.QtPrintSupport import QPrinter

    from triage.qt.letter.printing import paint_pages

    desk.take(sample)
    desk.window.letter.refresh()
    document = desk.window.letter.view.document
    assert document.pageCount() == 2
    printer = QPrinter()
    printer.setResolution(150)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "printed.pdf"))
    printer.setPageRanges(QPageRanges.fromString(chosen))
    assert paint_pages(document, printer)
    wanted = _pictures(desk.letters.pages_pdf())
    printed = _pictures((tmp_path / "printed.pdf").read_bytes())
    assert len(printed) == len(pages)
    for picture, page in zip(printed, pages, strict=True):
        assert _differ(picture, wanted[page]) < _differ(picture, wanted[1 - page]) / 3


def _pictures(pdf: bytes) -> list[Image.Image]:
    with pypdfium2.PdfDocument(pdf) as document:
        return [page.render().to_pil().convert("L") for page in document]


def _differ(one: Image.Image, other: Image.Image) -> float:
    """Return how much two pictures differ, on the average of their places."""
    small = [picture.resize((150, 200)) for picture in (one, other)]
    return float(ImageStat.Stat(ImageChops.difference(*small)).mean[0])


def test_the_confirmation_of_an_emergency_says_to_phone(
    qtbot: QtBot, real: Desk, sample: Case
) -> None:
    real.take(sample)
    real.session.set("rf.breathless_rest", Finding(present=True))
    real.window.letters.choose_recipient("emergency_team")
    real.session.set("call.who", Text(text="Dr Omar EXAMPLE, registrar on call"))
    real.session.set("call.when", Text(text="14:10"))
    real.window.actions_["issue"].trigger()
    said = _confirm(qtbot, real.window.letter.confirmation, yes=False)
    assert "phone" in said


def test_the_kind_that_is_named_is_the_page_that_is_shown(
    qtbot: QtBot, real: Desk, sample: Case
) -> None:
    real.take(sample)
    page = real.window.letter
    real.window.actions_["letter"].trigger()
    assert page.template.currentText() == "Referral letter" == real.letters.drafted.title
    real.session.set("rf.breathless_rest", Finding(present=True))
    real.letters.choose_recipient("emergency_team")
    page.refresh()
    assert page.template.currentText() == "Emergency letter" == real.letters.drafted.title
    # Two ways to one page are one.
    kinds = [page.template.itemText(at) for at in range(page.template.count())]
    assert kinds.count("Emergency letter") == 1
    assert "Referral letter" not in kinds
    real.session.set("call.who", Text(text="Dr Omar EXAMPLE, registrar on call"))
    real.session.set("call.when", Text(text="14:10"))
    real.window.actions_["issue"].trigger()
    assert "Emergency letter" in _confirm(qtbot, page.confirmation)
    assert page.versions.lines.widgets[0].line.note.startswith("Emergency letter")
    # What was issued stays what it was.
    real.session.set("rf.breathless_rest", Finding(present=False))
    QApplication.processEvents()
    page.refresh()
    assert page.template.currentText() == "Referral letter"
    assert page.versions.lines.widgets[0].line.note.startswith("Emergency letter")


# -- would it be returned ---------------------------------------------------------------------------


def test_what_would_be_returned_is_listed_and_a_click_goes_to_its_question(
    qtbot: QtBot, desk: Desk
) -> None:
    desk.answer(**{"insp.wasting": ["forearm"]})
    desk.letters.choose_recipient("neurophysiology")
    desk.window.actions_["letter"].trigger()
    page = desk.window.letter
    said = [line.line.text for line in page.returned.lines.widgets]
    # What stands against issuing is told once.
    stops = [line.line.text for line in page.problems.lines.widgets]
    assert "Safety answer missing: anticoagulant." in stops
    assert not any("question" in text or "Safety" in text for text in said)
    line = page.returned.lines.widgets[said.index("Needed, not recorded: loss of strength.")]
    press_button(qtbot, line)
    assert desk.questions.keys == ["neuro.weakness"]
    assert desk.window.split.isVisible()
    desk.window.actions_["letter"].trigger()
    side = next(w for w in page.wanted.lines.widgets if "side not recorded" in w.line.text)
    QTest.keyClick(side, Qt.Key.Key_Return)
    assert desk.questions.keys[-1] == "insp.wasting.forearm"


def test_a_test_that_waits_is_told_once_and_the_patients_copy_is_returned_by_nobody(
    desk: Desk,
) -> None:
    desk.answer(**{"neuro.weakness": True, "insp.foot_drop": True})
    desk.window.actions_["letter"].trigger()
    page = desk.window.letter

    def said() -> list[str]:
        groups = (page.problems, page.returned, page.wanted)
        return [w.line.text for group in groups for w in group.lines.widgets]

    assert len([text for text in said() if "not decided" in text]) == 1
    assert page.returned.lines.widgets
    desk.letters.choose_template("patient_leaflet")
    page.refresh()
    assert not page.returned.lines.widgets
    assert not page.wanted.lines.widgets


def test_a_recipient_that_is_not_asked_for_needs_a_reason_and_the_letter_prints_it(
    qtbot: QtBot, real: Desk, sample: Case
) -> None:
    real.take(sample)
    real.window.letters.choose_recipient("vascular")
    real.window.actions_["issue"].trigger()
    page = real.window.letter
    assert page.confirmation is None
    (line,) = page.problems.lines.widgets
    assert line.line.text.startswith("The findings ask for neuromuscular clinic")
    assert not any("findings ask" in w.line.text for w in page.returned.lines.widgets)
    press_button(qtbot, line)
    assert real.window.focusWidget() is page.why
    QTest.keyClicks(page.why, "Known there since 2019")
    assert real.session.case["decision.vascular"] == Decision(
        decision="accept", reason="Known there since 2019"
    )
    qtbot.waitUntil(lambda: not page.problems.lines.widgets)
    assert page.why.isVisible()
    page.start_issue()
    _confirm(qtbot, page.confirmation)
    (issue,) = real.draft.issues()
    assert issue.recipient == "vascular"
    assert "Why here: Known there since 2019." in " ".join(read_text(issue.pdf))


def test_a_recipient_that_is_asked_for_needs_no_reason(desk: Desk, sample: Case) -> None:
    desk.take(sample)
    desk.window.actions_["letter"].trigger()
    assert not desk.window.letter.why.isVisible()
    assert not desk.window.letter.returned.lines.widgets


# -- letters that were issued -----------------------------------------------------------------------


def _versions(desk: Desk) -> list[str]:
    return [line.text for line in desk.window.letter.versions.lines.shown]


def _choose_version(qtbot: QtBot, desk: Desk, at: int) -> None:
    press_button(qtbot, desk.window.letter.versions.lines.widgets[at])


def _issue(qtbot: QtBot, desk: Desk) -> None:
    desk.window.actions_["issue"].trigger()
    _confirm(qtbot, desk.window.letter.confirmation)


def test_another_kind_of_letter_to_the_same_recipient_is_issued_and_shown_beside_the_first(
    qtbot: QtBot, real: Desk, sample: Case
) -> None:
    real.take(sample)
    _issue(qtbot, real)
    page = real.window.letter
    first = real.letters.template
    second = "patient_leaflet"
    page.template.setCurrentIndex(page.template.findData(second))
    page.template.chosen.emit(second)
    assert real.letters.shown is None
    assert page.issue.isEnabled()
    _issue(qtbot, real)
    assert [(i.version, i.template) for i in real.draft.issues()] == [(1, first), (1, second)]
    assert real.letters.shown_pdf() == real.draft.issues()[1].pdf


def test_what_became_of_a_letter_is_in_sight_as_soon_as_it_is_noted(
    qtbot: QtBot, real: Desk, sample: Case
) -> None:
    real.window.resize(1280, 680)
    real.take(sample)
    _issue(qtbot, real)
    page = real.window.letter
    for said in ("Dr Onduty", "the coordinator", "the clinic", "reception"):
        page.fate.click()
        assert page.asks_fate is not None
        page.asks_fate.choose("call")
        page.asks_fate.says.setText(said)
        page.asks_fate.note.click()
        QApplication.processEvents()
        (line,) = page.versions.lines.widgets
        assert line.visibleRegion().boundingRect() == line.rect()


def test_an_earlier_version_is_shown_saved_and_copied_as_it_was_issued(
    qtbot: QtBot, real: Desk, sample: Case, tmp_path: Path
) -> None:
    real.take(sample)
    _issue(qtbot, real)
    real.session.set("patient.phone", Text(text="01632 960001"))
    _issue(qtbot, real)
    first, second = real.draft.issues()
    page = real.window.letter
    assert [text[:9] for text in _versions(real)] == ["Version 1", "Version 2"]
    _choose_version(qtbot, real, 0)
    assert page.state.text() == "Issued v1"
    assert page.view.data == first.pdf
    page.save_pdf_to(tmp_path / "again.pdf")
    assert (tmp_path / "again.pdf").read_bytes() == first.pdf
    page.copy_text()
    text = QApplication.clipboard().text()
    assert "01632 960001" not in text
    assert "DRAFT" not in text
    assert [(one.version, one.how) for one in real.draft.sent()] == [(1, "save"), (1, "copy")]
    assert "Saved, copied" in real.window.letter.versions.lines.shown[0].note
    _choose_version(qtbot, real, 1)
    assert real.letters.shown == second
    # A change shows the case as it stands again.
    _choose_version(qtbot, real, 0)
    real.session.set("patient.phone", Text(text="01632 960002"))
    assert real.letters.shown is None


def test_a_draft_that_leaves_the_program_is_no_letter_that_was_sent(
    real: Desk, sample: Case, tmp_path: Path
) -> None:
    real.take(sample)
    real.window.letter.save_pdf_to(tmp_path / "draft.pdf")
    assert list(real.draft.sent()) == []


def test_a_version_is_withdrawn_with_a_reason_and_stays_readable(
    qtbot: QtBot, real: Desk, sample: Case, tmp_path: Path
) -> None:
    real.take(sample)
    _issue(qtbot, real)
    page = real.window.letter
    pdf = real.draft.issues()[0].pdf
    press_button(qtbot, page.withdraw)
    dialog = page.withdrawing
    assert dialog is not None
    assert "version 1" in dialog.act.text()
    assert not dialog.act.isEnabled()
    qtbot.keyClicks(dialog.reason, "sent to the wrong clinic")
    press_button(qtbot, dialog.act)
    (issue,) = real.draft.issues()
    assert issue.withdrawn_because == "sent to the wrong clinic"
    assert real.window.header.state.text() == "Withdrawn"
    # What stands is not issued any more; the withdrawn letter is shown when it is asked for.
    assert page.issue.isEnabled()
    assert "Withdrawn: sent to the wrong clinic" in page.versions.lines.shown[0].note
    _choose_version(qtbot, real, 0)
    assert page.state.text() == "Withdrawn v1"
    assert real.draft.issues()[0].pdf == pdf
    withdrawn = [" ".join(text.split()) for text in read_text(real.letters.shown_pdf())]
    assert all("WITHDRAWN 22 November 2026, do not act on it: sent" in text for text in withdrawn)
    assert read_text(page.view.data) == read_text(real.letters.shown_pdf())
    assert real.letters.file_name.endswith("-v1-withdrawn.pdf")
    page.save_pdf_to(tmp_path / "again.pdf")
    assert read_text((tmp_path / "again.pdf").read_bytes()) == read_text(page.view.data)
    assert page.withdraw.isHidden()
    real.window.actions_["copy_text"].trigger()
    level, says = real.told[-1]
    assert (level, says.endswith("It is withdrawn, and its pages say so.")) == ("warning", True)
    assert QApplication.clipboard().text().startswith("WITHDRAWN 22 November 2026")
    _issue(qtbot, real)
    assert [i.version for i in real.draft.issues()] == [1, 2]


def test_a_draft_that_is_copied_says_that_it_is_one(desk: Desk, sample: Case) -> None:
    desk.take(sample)
    desk.window.actions_["copy_text"].trigger()
    text = QApplication.clipboard().text()
    assert "DRAFT, 20 November 2026" in text.splitlines()[1]
    assert "Draft of 20 Nov 2026: not signed, not issued" in text
    assert "DRAFT" in desk.told[-1][1]


def test_a_call_is_noted(qtbot: QtBot, real: Desk, sample: Case) -> None:
    real.take(sample)
    _issue(qtbot, real)
    press_button(qtbot, real.window.letter.fate)
    dialog = real.window.letter.asks_fate
    assert dialog is not None
    qtbot.keyClick(dialog, Qt.Key.Key_2)
    press_button(qtbot, dialog.note)
    # Who was phoned is asked for.
    assert dialog.fault.text() == "Who was phoned?"
    qtbot.keyClicks(dialog.says, "Dr Ali")
    press_button(qtbot, dialog.note)
    assert [(one.how, one.says) for one in real.draft.sent()] == [("call", "Dr Ali")]
    assert "Phoned Dr Ali" in real.window.letter.versions.lines.shown[0].note


def test_a_name_without_an_ending_is_saved_as_pdf_and_none_is_written_over_unasked(
    real: Desk, tmp_path: Path
) -> None:
    there = tmp_path / "mine.pdf"

    def name_it() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, QFileDialog)
        field = dialog.findChild(QLineEdit, "fileNameEdit")
        field.setText(str(tmp_path / "mine"))
        QTimer.singleShot(500, refuse)
        QTest.keyClick(field, Qt.Key.Key_Return)

    def refuse() -> None:
        asked = QApplication.activeModalWidget()
        if isinstance(asked, QMessageBox):
            questions.append(asked.text())
            asked.reject()
            dialog = QApplication.activeModalWidget()
            assert isinstance(dialog, QFileDialog)
            dialog.reject()

    questions: list[str] = []
    for _ in range(2):
        QTimer.singleShot(200, name_it)
        real.window.letter.save_pdf()
        assert read_text(there.read_bytes())
        QTest.qWait(600)
    # The second time it is there.
    assert len(questions) == 1
    assert "mine.pdf" in questions[0]
    assert list(tmp_path.glob("mine*")) == [there]
