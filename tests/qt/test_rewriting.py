"""A block of the letter in the clinician's own words: typed, kept, asked about when its answers change, taken back."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from triage.letter.build import uncovered
from triage.letter.rewriting import Words
from triage.letter.words.said.line import Mark, Said
from triage.model.case import Case
from triage.model.values import Finding, Rewritten, Text
from triage.pdf.readback import read_text
from triage.qt.letter.rewriting import RewriteDialog
from triage.qt.parts.theme import Theme
from triage.rules.assess import Assessor

from .conftest import Desk

KEY = "letter.history"
MINE = "Clumsy right hand since May."


@pytest.fixture
def letter(desk: Desk, sample: Case) -> Desk:
    """The sample's letter, in view."""
    desk.take(sample)
    desk.window.actions_["letter"].trigger()
    return desk


def _line(desk: Desk, heading: str = "History") -> Said:
    return next(line for line in desk.window.letter.words.lines.shown if line.text == heading)


def _open(desk: Desk, heading: str = "History") -> RewriteDialog:
    lines = desk.window.letter.words.lines.widgets
    next(line for line in lines if line.line.text == heading).click()
    dialog = desk.window.letter.rewriting
    assert dialog is not None
    return dialog


def _type(dialog: RewriteDialog, text: str) -> None:
    dialog.text.selectAll()
    QTest.keyClicks(dialog.text, text)


def _rewrite(desk: Desk, text: str = MINE) -> None:
    dialog = _open(desk)
    _type(dialog, text)
    dialog.keep.click()
    desk.window.letter.refresh()


def _words(desk: Desk) -> Words:
    return next(words for words in desk.letters.rewritable() if words.id == "history")


def _pages(desk: Desk) -> str:
    return " ".join(" ".join(read_text(desk.letters.shown_pdf())).split())


def test_every_composed_block_is_offered_and_what_must_not_change_is_not(letter: Desk) -> None:
    names = [line.text for line in letter.window.letter.words.lines.shown]
    assert {"Beware", "History", "Examination", "Results", "Thinking", "Requested"} <= set(names)
    assert not {"To", "Patient", "Question", "From", "Copies"} & set(names)
    assert all(line.mark is Mark.NONE for line in letter.window.letter.words.lines.shown)


def test_it_begins_with_the_composed_text_and_what_is_typed_is_printed_instead(
    letter: Desk,
) -> None:
    composed = _words(letter).composed
    dialog = _open(letter)
    assert dialog.text.toPlainText() == composed
    assert not dialog.take.isEnabled()
    _type(dialog, MINE)
    dialog.keep.click()
    assert letter.session.case[KEY] == Rewritten(text=MINE, instead_of=composed)
    letter.window.letter.refresh()
    assert (_line(letter).mark, _line(letter).note) == (Mark.DONE, "Rewritten")
    pages = _pages(letter)
    assert MINE in pages
    assert "Thinning of the right hand" not in pages
    # The record tells every answer all the same.
    assert uncovered(letter.letters.drafted, letter.session.case) == set()
    assert letter.letters.problems() == ()


def test_all_that_is_typed_in_one_stay_is_one_step_back(letter: Desk) -> None:
    before = letter.session.history.n
    _rewrite(letter)
    assert letter.session.history.n - before <= 2
    letter.session.undo()
    assert KEY not in letter.session.case


def test_cancelling_leaves_everything_as_it_was_and_undo_brings_the_words_back(
    letter: Desk,
) -> None:
    _rewrite(letter)
    dialog = _open(letter)
    _type(dialog, "Something else altogether.")
    typed = letter.session.case[KEY]
    assert isinstance(typed, Rewritten)
    assert typed.text == "Something else altogether."
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    kept = letter.session.case[KEY]
    assert isinstance(kept, Rewritten)
    assert kept.text == MINE
    letter.session.undo()
    assert letter.session.case[KEY] == typed


def test_blank_words_are_no_words(letter: Desk) -> None:
    _rewrite(letter)
    dialog = _open(letter)
    _type(dialog, " ")
    assert not dialog.keep.isEnabled()
    assert KEY not in letter.session.case
    dialog.reject()
    assert KEY in letter.session.case


def test_the_composed_text_is_taken_back(letter: Desk) -> None:
    _rewrite(letter)
    dialog = _open(letter)
    assert dialog.text.toPlainText() == MINE
    dialog.take.click()
    assert KEY not in letter.session.case
    letter.window.letter.refresh()
    assert _line(letter).mark is Mark.NONE
    assert "Thinning of the right hand" in _pages(letter)


def _change(desk: Desk) -> None:
    desk.session.set("sys.cancer", Finding(present=True, text="breast, 2011"))
    QApplication.processEvents()


def test_changed_answers_stop_the_issue_and_the_line_leads_to_both_texts(letter: Desk) -> None:
    _rewrite(letter)
    _change(letter)
    page = letter.window.letter
    assert _line(letter).mark is Mark.CAUTION
    letter.window.actions_["issue"].trigger()
    assert page.confirmation is None
    focused = letter.window.focusWidget()
    assert focused in page.problems.lines.widgets
    QTest.keyClick(focused, Qt.Key.Key_Return)
    dialog = page.rewriting
    assert dialog is not None
    assert dialog.composed.isVisible()
    assert dialog.text.toPlainText() == MINE
    assert "reast, 2011" in dialog.composed.toPlainText()
    assert "reast, 2011" in _pages(letter)


def test_kept_words_hold_in_place_of_what_is_composed_now(letter: Desk) -> None:
    _rewrite(letter)
    _change(letter)
    assert _words(letter).changed
    _open(letter).keep.click()
    words = _words(letter)
    assert (words.typed, words.changed) == (MINE, False)
    assert letter.session.case[KEY] == Rewritten(text=MINE, instead_of=words.composed)
    assert letter.letters.problems() == ()


def test_typing_alone_does_not_say_which_text_holds(letter: Desk) -> None:
    _rewrite(letter)
    _change(letter)
    dialog = _open(letter)
    _type(dialog, "Still clumsy.")
    assert _words(letter).changed
    dialog.keep.click()
    assert not _words(letter).changed


def test_the_composed_text_is_taken_where_both_stand(letter: Desk) -> None:
    _rewrite(letter)
    _change(letter)
    _open(letter).take.click()
    assert not _words(letter).typed
    assert letter.letters.problems() == ()


def test_words_are_issued_and_copied_as_they_were_typed(letter: Desk) -> None:
    _rewrite(letter)
    letter.letters.issue()
    assert MINE in _pages(letter)
    assert f"“{MINE}”" in letter.letters.plain_text() or f'"{MINE}"' in letter.letters.plain_text()


def test_a_gap_of_the_draft_is_filled_in_before_issuing_and_the_words_are_issued_alone(
    letter: Desk,
) -> None:
    told = [k for k in letter.session.case if k.startswith(("goals.", "net.", "note."))]
    letter.session.set_all(dict.fromkeys(told))
    QApplication.processEvents()
    dialog = _open(letter, "Told")
    assert "«" in dialog.text.toPlainText()
    dialog.text.moveCursor(QTextCursor.MoveOperation.End)
    QTest.keyClicks(dialog.text, " Agrees.")
    dialog.keep.click()
    (problem,) = (p for p in letter.letters.problems() if p.block)
    assert problem.says.startswith("Told was rewritten and has a gap left")
    dialog = _open(letter, "Told")
    _type(dialog, "Knows what is suspected and agrees.")
    dialog.keep.click()
    assert not any(p.block for p in letter.letters.problems())
    letter.letters.issue()
    pages = _pages(letter)
    assert "Knows what is suspected and agrees." in pages
    assert "for comparison" not in pages
    assert "«" not in pages


def test_words_stand_though_nothing_is_composed_any_more(letter: Desk) -> None:
    dialog = _open(letter, "Told")
    _type(dialog, "Knows all of it.")
    dialog.keep.click()
    told = [k for k in letter.session.case if k.startswith(("goals.", "net.", "note.goals"))]
    letter.session.set_all(dict.fromkeys(told))
    (words,) = (w for w in letter.letters.rewritable() if w.id == "told")
    assert words.changed
    assert "Knows all of it." in _pages(letter)


def test_words_of_the_referral_are_not_looked_for_in_the_request(letter: Desk) -> None:
    _rewrite(letter)
    letter.letters.choose_recipient("neurophysiology")
    assert "history" not in {words.id for words in letter.letters.rewritable()}
    assert not any("report this fault" in o.says or o.block for o in letter.letters.problems())


def test_a_sign_that_the_font_lacks_leads_to_the_words(letter: Desk) -> None:
    letter.session.set(KEY, Rewritten(text="told in 中文", instead_of=_words(letter).composed))
    (problem,) = letter.letters.problems()
    assert (problem.block, problem.question) == ("history", "")
    letter.window.letter.refresh()
    letter.window.letter.problems.lines.widgets[0].click()
    assert letter.window.letter.rewriting is not None


def test_where_nothing_can_be_changed_no_line_leads_anywhere(
    qtbot: QtBot, assessor: Assessor, theme: Theme, tmp_path: Path
) -> None:
    desk = Desk(assessor, theme, tmp_path / "drafts", read_only=True)
    qtbot.addWidget(desk.window)
    desk.window.show()
    desk.window.actions_["letter"].trigger()
    assert not any(line.keys for line in desk.window.letter.words.lines.shown)
    desk.window.close()
    desk.store.close()


def test_a_long_text_is_remarked_on(letter: Desk) -> None:
    letter.session.set("note.complaint", Text(text="x" * 1_500))
    assert not letter.letters.remarks()
    letter.session.set("note.complaint", Text(text="word " * 460))
    (remark,) = letter.letters.remarks()
    assert remark.question == "note.complaint"
    assert remark.says == (
        "What is typed under “Complaint, notes” is 2,299 characters long: a reader takes in some 1,500."
    )
    letter.session.set("referrer.question", Text(text="Is it? " * 300))
    assert {r.question for r in letter.letters.remarks()} == {"note.complaint", "referrer.question"}
