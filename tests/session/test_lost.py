"""An older draft in a session: nothing crashes, nothing is dropped, and the letter says what is no longer asked."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.conftest import AT
from tests.lost import LOST, retired_content
from triage.model.history import History
from triage.model.values import Finding, Value
from triage.pdf.readback import read_text
from triage.rules.assess import Assessor
from triage.session import Session
from triage.session.letters import LetterDesk

BEFORE = datetime(2025, 3, 1, 8, tzinfo=UTC)


def opened(assessor: Assessor, values: dict[str, Value]) -> Session:
    """Return a session over a draft that was written by an older program."""
    history = History()
    history.change(values, BEFORE)
    return Session(assessor, history, lambda: AT)


def squeezed(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("what", LOST)
def test_what_the_form_has_lost_is_printed_and_crashes_nothing(
    assessor: Assessor, what: str
) -> None:
    key, value, said = LOST[what]
    session = opened(assessor, {key: value, "neuro.twitching": Finding(present=True)})
    assert session.facts["neuro.twitching"] is True
    assert session.case[key] == value
    desk = LetterDesk(session, None, lambda: AT)
    text = " ".join(desk.plain_text().split())
    assert said in text
    assert ("(no longer asked)" in text) is (what != "section")
    assert squeezed(said) in squeezed("".join(read_text(desk.shown_pdf())))
    assert not any("report this" in obstacle.says for obstacle in desk.problems())


def test_every_lost_thing_at_once_is_told_once(assessor: Assessor) -> None:
    values = {key: value for key, value, _ in LOST.values()}
    session = opened(assessor, values)
    text = " ".join(LetterDesk(session, None, lambda: AT).plain_text().split())
    # What stands under one key is told in one row; the note of a section that is gone is typed text.
    assert text.count("(no longer asked)") == len(values) - 1
    assert all(said in text for _, value, said in LOST.values() if value in values.values())


def test_a_lost_answer_can_be_answered_anew_and_that_be_undone(assessor: Assessor) -> None:
    key, value, _ = LOST["option"]
    session = opened(assessor, {key: value})
    session.set(key, None)
    assert key not in session.case
    session.undo()
    assert session.case[key] == value


# -- retired ids ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def later() -> Assessor:
    return Assessor(retired_content())


def test_a_draft_with_a_retired_id_alarms_and_prints_under_the_new_question(
    later: Assessor,
) -> None:
    session = opened(later, {"old.breathless": Finding(present=True)})
    assert session.assessment.urgency.level == "emergency"
    assert session.is_answered(session.form.questions["rf.breathless_rest"])
    desk = LetterDesk(session, None, lambda: AT)
    text = " ".join(desk.plain_text().split())
    assert "reathless at rest" in text
    assert "(no longer asked)" not in text
    assert not any("report this" in obstacle.says for obstacle in desk.problems())


def test_an_answer_under_a_retired_id_can_be_changed_taken_back_and_brought_back(
    later: Assessor,
) -> None:
    session = opened(later, {"old.breathless": Finding(present=True)})
    new = "rf.breathless_rest"
    session.set(new, None)
    assert dict(session.case) == {}
    session.undo()
    assert dict(session.case) == {new: Finding(present=True)}
    session.set(new, Finding(present=False))
    assert dict(session.case) == {new: Finding(present=False)}
    session.set(new, None)
    assert dict(session.case) == {}


def test_an_edit_elsewhere_leaves_the_record_of_old_as_it_is(later: Assessor) -> None:
    session = opened(later, {"old.breathless": Finding(present=True)})
    session.set("neuro.twitching", Finding(present=True))
    assert "old.breathless" in session.history.case


# -- what a case file can bring -------------------------------------------------------------------


def test_the_language_of_a_case_file_is_taken(assessor: Assessor) -> None:
    from tests.conftest import case_from

    session = Session(assessor, History(), lambda: AT)
    session.set_all(dict(case_from({"triage_case": 1, "language": "en-GB"})))
    assert session.case["case.language"].text == "en-GB"  # type: ignore[union-attr]
