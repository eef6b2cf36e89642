"""A further version says on paper what it replaces and what changed, and marks it in the margin."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.conftest import AT, CASES, TODAY, the_assessor, the_content, the_settings
from tests.store.helpers import CHEAP
from triage.content.casefile import read_case
from triage.model.values import Choice, Finding, Names, Rewritten, Text, Urgency
from triage.pdf.readback import read_text
from triage.session import Session
from triage.session.draft import DraftStore
from triage.session.letters import LetterDesk
from triage.store import create_keys


@contextmanager
def _opened(folder: Path, *recipients: str) -> Iterator[tuple[Session, LetterDesk, list[datetime]]]:
    """Open a completed case, with the time as its clock has it."""
    content = the_content()
    data = json.loads((CASES / "complete" / "V01.json").read_text(encoding="utf-8"))
    data["recipients"] = list(recipients) or data["recipients"]
    case = read_case(json.dumps(data), content.form, content.rule_ids, TODAY)
    keys = create_keys(folder, "correct horse", cost=CHEAP)
    now = [AT]
    with DraftStore(folder, keys, lambda: now[0]) as store:
        draft = store.create(content, dict(case))
        session = Session(the_assessor(), draft.history, lambda: now[0], keep=draft.submit)
        yield session, LetterDesk(session, draft, lambda: now[0], the_settings()), now


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[tuple[Session, LetterDesk]]:
    """Return a completed case whose first version is issued."""
    with _opened(tmp_path) as (session, letters, now):
        assert letters.issue() == 1
        now[0] = AT + timedelta(days=2)
        yield session, letters


def _page_one(letters: LetterDesk) -> str:
    issued = letters.issued
    assert issued is not None
    return " ".join(read_text(issued.pdf)[0].split())


def test_the_first_version_replaces_nothing(desk: tuple[Session, LetterDesk]) -> None:
    _, letters = desk
    assert "Replaces" not in _page_one(letters)


def test_a_second_version_says_what_it_replaces_and_what_changed(
    desk: tuple[Session, LetterDesk],
) -> None:
    session, letters = desk
    session.set("power.finger_ext.right", Choice(option="3"))
    session.set("sys.hypertension", Finding(present=True))
    assert letters.issue() == 2
    page = _page_one(letters)
    assert "Replaces Version 1 of 22 November 2026. Please destroy it." in page
    assert "Finger extension 3 / 5 (was: 4 / 5)" in page
    assert "High blood pressure" in page
    assert "See bars in the margin." in page


def test_a_draft_says_what_it_will_replace_and_what_changed(
    desk: tuple[Session, LetterDesk],
) -> None:
    session, letters = desk
    session.set("sys.hypertension", Finding(present=True))
    page = " ".join(read_text(letters.pages_pdf())[0].split())
    assert "Replaces Version 1 of" in page
    assert "Changed High blood pressure" in page
    assert "See bars in the margin." in page
    assert "not signed, not issued" in page
    draft = letters.drafted
    marked = [s.text for b in draft.blocks for s in b.all_statements() if s.changed]
    assert len(marked) < 4
    assert any("igh blood pressure" in text for text in marked)
    said = draft.notices[1].statements[0].text
    assert letters.issue() == 2
    assert said.removesuffix(".") in _page_one(letters)


def test_what_came_back_in_the_meantime_is_in_the_draft(
    desk: tuple[Session, LetterDesk],
) -> None:
    session, letters = desk
    letters.note_sent("returned", says="no power recorded")
    session.set("sys.hypertension", Finding(present=True))
    assert "no power recorded" in letters.plain_text().lower()
    letters.choose_issue(letters.issues[0])
    letters.note_sent("returned", says="no reflexes recorded")
    letters.choose_issue(None)
    assert "no reflexes recorded" in letters.plain_text().lower()


def test_what_only_page_one_tells_is_named_by_its_block(desk: tuple[Session, LetterDesk]) -> None:
    session, letters = desk
    session.set("referrer.question", Text(text="Can he be seen before he goes abroad in December?"))
    assert letters.issue() == 2
    assert "Changed Question" in _page_one(letters)


def test_what_only_page_one_tells_is_named_beside_what_rows_tell(
    desk: tuple[Session, LetterDesk],
) -> None:
    session, letters = desk
    (history,) = (w for w in letters.rewritable() if w.id == "history")
    session.set("sys.hypertension", Finding(present=True))
    session.set("referrer.question", Text(text="Can he be seen before he goes abroad in December?"))
    (history,) = (w for w in letters.rewritable() if w.id == "history")
    session.set(history.key, Rewritten(text="Clumsy hands.", instead_of=history.composed))
    assert letters.issue() == 2
    assert "Changed High blood pressure; Question; History. See bars" in _page_one(letters)


def test_another_level_is_said_with_what_it_was(desk: tuple[Session, LetterDesk]) -> None:
    session, letters = desk
    session.set("case.urgency", Urgency(level="soon", reason="It improves."))
    assert letters.issue() == 2
    assert "Changed SOON (was: URGENT)" in _page_one(letters)


def test_another_name_of_the_patient_is_said_with_what_it_was(
    desk: tuple[Session, LetterDesk],
) -> None:
    session, letters = desk
    session.set("patient.family_name", Text(text="PLACEHOLDER"))
    assert letters.issue() == 2
    assert "Changed Edmund PLACEHOLDER (was: Edmund SPECIMEN)." in _page_one(letters)


def test_another_sender_has_changed_and_another_day_alone_has_not(
    desk: tuple[Session, LetterDesk],
) -> None:
    session, letters = desk
    session.set("referrer.name", Text(text="Dr Another EXAMPLE"))
    assert letters.issue() == 2
    assert "Changed From. See bars" in _page_one(letters)
    second = letters.issued
    assert second is not None
    letters.withdraw(second, "not signed by her")
    assert letters.issue() == 3
    assert "Changed Nothing in what was recorded. To" in _page_one(letters)


def test_the_laboratory_is_told_which_answer_and_which_grade_changed(
    desk: tuple[Session, LetterDesk],
) -> None:
    session, letters = desk
    letters.choose_recipient("neurophysiology")
    session.set("patient.phone", Text(text="01632 960777"))
    assert letters.issue() == 2
    assert "Replaces" not in _page_one(letters)
    session.set("emg.pacemaker", Finding(present=True))
    session.set("power.finger_ext.right", Choice(option="3"))
    assert letters.issue() == 3
    page = _page_one(letters)
    assert "Replaces Version 2 of 24 November 2026." in page
    assert "Implanted device YES: pacemaker (was: No)" in page
    assert "Finger extension (EDC) 3 / 5 (was: 4 / 5)" in page
    # The day of the letter, which stands there as well, is no change of the block.
    assert "Safety" not in page[page.index("Changed") : page.index("See bars")]


def test_what_was_part_of_a_block_is_said_without_brackets(
    desk: tuple[Session, LetterDesk],
) -> None:
    session, letters = desk
    session.set("emg.pacemaker", Finding(present=True))
    assert letters.issue() == 2
    assert "Pacemaker yes (was: no)" in _page_one(letters)


def test_what_is_taken_out_of_a_row_that_others_share_is_said(
    desk: tuple[Session, LetterDesk],
) -> None:
    session, letters = desk
    session.set("fasc.inspected.arms", None)
    assert letters.issue() == 2
    assert "Changed No longer recorded in full: Watched for 1 minute." in _page_one(letters)


def test_long_texts_that_changed_are_named_and_not_told(
    desk: tuple[Session, LetterDesk],
) -> None:
    session, letters = desk
    session.set("impact.goal", Text(text="To work with his hands as he did. " * 20))
    session.set("sys.hypertension", Finding(present=True))
    assert letters.issue() == 2
    page = _page_one(letters)
    told = page[page.index("Changed ") : page.index("See bars")]
    assert "High blood pressure" in told
    assert "Goal" in told
    assert "as he did" not in told


def test_a_letter_replaces_the_last_one_to_its_own_recipient(
    desk: tuple[Session, LetterDesk],
) -> None:
    session, letters = desk
    session.set("sys.hypertension", Finding(present=True))
    letters.choose_recipient("neurology")
    assert letters.issue() == 2
    assert "Replaces" not in _page_one(letters)
    letters.choose_recipient("neuromuscular")
    session.set("emg.pacemaker", Finding(present=True))
    assert letters.issue() == 3
    page = _page_one(letters)
    assert "Replaces Version 1" in page
    assert "High blood pressure; Pacemaker yes" in page


def test_a_letter_of_an_older_program_which_noted_no_kind_is_replaced(
    desk: tuple[Session, LetterDesk],
) -> None:
    session, letters = desk
    letters.versions.issues = tuple(replace(one, template="") for one in letters.issues)
    session.set("sys.hypertension", Finding(present=True))
    assert letters.issue() == 2
    assert "Replaces Version 1" in _page_one(letters)


def test_a_patient_is_told_to_throw_the_earlier_sheet_away(
    desk: tuple[Session, LetterDesk],
) -> None:
    session, letters = desk
    letters.choose_template("patient_leaflet")
    assert letters.issue() == 1
    assert "throw away" not in _page_one(letters)
    session.set("case.urgency", Urgency(level="soon", reason="It improves."))
    assert letters.issue() == 2
    page = _page_one(letters)
    assert "Please throw away the sheet that you had before." in page
    assert "Replaces" not in page
    assert "Replaces" not in letters.plain_text()
    assert page.count("2026") + page.count("2027") == 3


def test_without_a_record_nothing_is_said_to_be_no_longer_recorded(tmp_path: Path) -> None:
    """The laboratory alone has the record; once the clinic has it too, the request has none."""
    with _opened(tmp_path, "neurophysiology") as (session, letters, _):
        assert letters.issue() == 1
        session.set("case.recipients", Names(names=("neurophysiology", "neurology")))
        assert letters.issue() == 2
        page = _page_one(letters)
        assert "Replaces Version 1" in page
        assert "no longer" not in page.lower()


def test_a_case_sent_again_after_a_withdrawal_replaces_what_was_withdrawn(
    desk: tuple[Session, LetterDesk],
) -> None:
    _, letters = desk
    first = letters.issued
    assert first is not None
    letters.withdraw(first, "sent to the wrong clinic")
    assert letters.issue() == 2
    assert "Replaces Version 1" in _page_one(letters)
