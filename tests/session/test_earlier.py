"""A further visit of a patient: what is copied, what waits to be confirmed, and what the letter says of both."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.conftest import (
    CASES,
    TODAY,
    answers,
    case_from,
    completed,
    the_assessor,
    the_content,
    the_settings,
)
from tests.prove.letters_back import opened as opened_again
from tests.store.helpers import CHEAP
from triage.content.casefile import read_case, write_case
from triage.content.form import DATE, EARLIER, URGENCY
from triage.errors import TriageError
from triage.letter.build import document_id, uncovered
from triage.letter.statements import unmarked
from triage.letter.words.answers import Speaker
from triage.model.dates import PartialDate
from triage.model.history import History
from triage.model.values import Choice, Date, Finding, Row, Table, Text, Unable, Urgency, Value
from triage.pdf.readback import read_text
from triage.session import Session
from triage.session.draft import DraftStore
from triage.session.earlier import Earlier, Reference, next_visit, reference, then_words
from triage.session.letters import LetterDesk
from triage.session.session import block_values
from triage.store import create_keys

THEN = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
NOW = datetime(2027, 2, 3, 9, 30, tzinfo=UTC)


class Visit(NamedTuple):
    """A further visit, as it is worked on."""

    store: DraftStore
    session: Session
    desk: LetterDesk
    before: Session


def _session(store: DraftStore, values: dict[str, Value]) -> tuple[Session, LetterDesk, str]:
    draft = store.create(the_content(), values)
    return *_open(store, draft.id, draft), draft.id


def _open(store: DraftStore, name: str, draft: object = None) -> tuple[Session, LetterDesk]:
    opened = draft or store.open(name)
    session = Session(
        the_assessor(),
        opened.history,  # type: ignore[attr-defined]
        lambda: NOW,
        keep=opened.submit,  # type: ignore[attr-defined]
        earlier=opened.earlier(the_content().form),  # type: ignore[attr-defined]
    )
    return session, LetterDesk(session, opened, lambda: NOW, the_settings())  # type: ignore[arg-type]


@pytest.fixture
def visit(tmp_path: Path) -> Iterator[Visit]:
    """Return a second visit of a completed case, of which nothing is recorded yet."""
    content, keys = the_content(), create_keys(tmp_path, "correct horse", cost=CHEAP)
    text = (CASES / "complete" / "V13.json").read_text(encoding="utf-8")
    with DraftStore(tmp_path, keys, lambda: NOW) as store:
        case = read_case(text, content.form, content.rule_ids, TODAY)
        before, _, name = _session(store, dict(case))
        begun = next_visit(content.form, name, before.history)
        session, desk, _ = _session(store, begun)
        yield Visit(store, session, desk, before)


def _rest(visit: Visit) -> dict[str, Value]:
    """Return what else was recorded at the earlier visit, but for its date."""
    skipped = {DATE, *visit.session.case}
    return {k: v for k, v in visit.before.case.items() if k not in skipped}


def test_a_further_visit_begins_with_who_the_patient_is_and_which_visit_was_before(
    visit: Visit,
) -> None:
    case, form = visit.session.case, the_content().form
    refers = reference(case)
    assert refers is not None
    assert refers.day == TODAY
    assert visit.session.earlier is not None
    assert visit.session.earlier.case == visit.before.case
    for key in case.keys() - {EARLIER}:
        assert form.again(form.slots[key].question) == "same"
    assert case["patient.family_name"] == visit.before.case["patient.family_name"]


def test_nobody_begins_a_visit_of_a_case_without_a_patient() -> None:
    history = History()
    history.change({"rf.fever": Finding(present=True)}, NOW)
    with pytest.raises(TriageError, match="does not say who the patient is"):
        next_visit(the_content().form, "abc", history)


@pytest.mark.parametrize("text", ["", "abc", "abc x 2026-11-22", "abc 3 yesterday", "a b c d"])
def test_a_reference_that_cannot_be_read_is_none(text: str) -> None:
    assert reference({EARLIER: Text(text=text)}) is None
    kept = Reference("abc", 3, TODAY)
    assert reference({EARLIER: kept.value}) == kept


def test_what_is_to_confirm_counts_nowhere(visit: Visit) -> None:
    session, desk = visit.session, visit.desk
    waiting = {key for keys in session.to_confirm.values() for key in keys}
    assert len(waiting) > 10
    assert waiting.isdisjoint(session.case)
    # A case that follows no other is the same to the letter, but for the line that says what changed.
    alone = Session(the_assessor(), session.history, lambda: NOW)
    assert session.assessment == alone.assessment
    without = LetterDesk(alone, None, lambda: NOW, the_settings())
    assert replace(desk.drafted, notices=()) == replace(without.drafted, notices=())
    assert desk.drafted.notices[1:] == without.drafted.notices
    assert desk.drafted.told().isdisjoint(waiting)


def test_one_step_confirms_a_section_and_one_takes_it_back(visit: Visit) -> None:
    session, before = visit.session, visit.before.case
    count, stood = session.to_confirm_in("general"), session.case
    assert count
    done = session.confirm("general")
    assert not done.left_out
    assert session.to_confirm_in("general") == 0
    for key in done.keys:
        assert session.case[key] == before[key]
    form = the_content().form
    assert {form.slots[key].question.section for key in done.keys} == {"general"}
    session.undo()
    assert session.case == stood
    assert session.to_confirm_in("general") == count


def test_findings_of_the_day_are_never_confirmed(visit: Visit) -> None:
    form, session = the_content().form, visit.session
    for section in form.sections:
        session.confirm(section)
    assert not session.to_confirm
    assert "rf.fever" in visit.before.case
    anew = [
        k for k in visit.before.case if (s := form.slot(k)) and form.again(s.question) == "anew"
    ]
    assert anew
    assert not [key for key in anew if key in session.case]


def test_what_was_answered_anew_is_not_confirmed(visit: Visit) -> None:
    session = visit.session
    name = next(n for n in session.to_confirm if isinstance(visit.before.case.get(n), Finding))
    old = visit.before.case[name]
    assert isinstance(old, Finding)
    session.set(name, Finding(present=not old.present))
    assert name not in session.to_confirm
    session.confirm(the_content().form.questions[name].section)
    assert session.case[name] == Finding(present=not old.present)


def test_what_todays_answers_speak_against_is_left_out_and_said(visit: Visit) -> None:
    session, before = visit.session, visit.before.case
    assert before["meds.classes.statin"] == Finding(present=True)
    # Who takes a statin today does not say that there are no medicines.
    session.set("meds.list", Table(closed=True))
    done = session.confirm("general")
    assert not session.recorded.contradictions
    assert [left.key for left in done.left_out]
    assert done.remark.startswith("Left out: ")


def test_the_letter_says_on_page_one_what_changed_and_the_plain_text_the_same(visit: Visit) -> None:
    session, desk = visit.session, visit.desk
    session.set_all({**_rest(visit), "rf.weight_loss": Finding(present=True)})
    session.set("cramp.course", Choice(option="stable"))
    told = "Since 22 Nov 2026"
    assert desk.since is not None
    assert desk.since.head == told
    said = "New: unexplained weight loss. Course fluctuating to stable."
    assert desk.since.words().startswith(said)
    assert f"{told.upper()}" in desk.plain_text().upper()
    assert said in " ".join(desk.plain_text().split())
    for test in session.undecided():
        session.decide(test, None)
    session.accept_essential()
    assert desk.issue() == 1
    issued = desk.issued
    assert issued is not None
    page = " ".join(read_text(issued.pdf)[0].split())
    assert told in page
    assert said in page
    brought = opened_again(issued.pdf)
    assert EARLIER not in brought.values
    assert brought.says == ""


def test_a_version_says_what_changed_since_the_visit_and_since_the_version(visit: Visit) -> None:
    session, desk = visit.session, visit.desk
    session.set_all({**_rest(visit), "rf.weight_loss": Finding(present=True)})
    session.accept_essential()
    desk.issue()
    session.set("rf.fever", Finding(present=True))
    session.accept_essential()
    desk.issue()
    assert desk.issued is not None
    page = " ".join(read_text(desk.issued.pdf)[0].split())
    since = page.index("Since 22 Nov 2026")
    assert since < page.index("Replaces")
    assert "Changed" in page[since:]


def test_sensitive_changes_are_on_the_screen_and_not_on_page_one(visit: Visit) -> None:
    session, desk = visit.session, visit.desk
    session.set_all({**_rest(visit), "rf.self_harm": Finding(present=True)})
    assert desk.since is not None
    assert any("rf.self_harm" in change.keys for change in desk.since.changes)
    row = desk.drafted.notices[0]
    assert "harm" not in row.statements[0].text


def test_a_visit_whose_earlier_case_is_gone_goes_on_without_it(visit: Visit) -> None:
    store, session = visit.store, visit.session
    refers = reference(session.case)
    assert refers is not None
    names = [info.id for info in store.list()]
    (own,) = set(names) - {refers.draft}
    for opened in tuple(store._opened.values()):
        opened.close()
    store.delete(refers.draft)
    again, desk = _open(store, own)
    assert again.earlier is None
    assert desk.since is None
    assert not again.to_confirm
    assert again.case == session.case
    assert "Since" not in desk.plain_text()


def test_what_is_edited_later_in_the_earlier_case_does_not_change_what_it_was(visit: Visit) -> None:
    visit.before.set("rf.fever", Finding(present=True))
    refers = reference(visit.session.case)
    assert refers is not None
    visit.store.writer.flush()
    (own,) = {info.id for info in visit.store.list()} - {refers.draft}
    visit.store._opened[own].close()
    again, _ = _open(visit.store, own)
    assert again.earlier is not None
    fever = again.earlier.case["rf.fever"]
    assert isinstance(fever, Finding)
    assert not fever.present


def test_the_reference_is_told_nowhere_and_leaves_with_no_file(visit: Visit) -> None:
    case, content = visit.session.case, the_content()
    assert uncovered(visit.desk.drafted, case) == set()
    assert EARLIER not in write_case(case, content.form)
    assert "earlier" not in write_case(case, content.form)
    without = case.with_({EARLIER: None})
    assert document_id(case, "referral_letter", "", ()) == document_id(
        without, "referral_letter", "", ()
    )


def test_a_level_that_fell_because_nothing_was_asked_is_no_news(visit: Visit) -> None:
    session, desk = visit.session, visit.desk
    assert (visit.before.level, session.level) == ("soon", "routine")
    assert desk.since is not None
    assert not desk.since.changes
    assert "Level" not in desk.plain_text().partition("Not asked again")[0].partition("Since")[2]
    session.set_all(_rest(visit))
    assert session.level == "soon"
    session.set(URGENCY, Urgency(level="urgent", reason="worse"))
    assert desk.since.words().startswith("Level: soon to urgent.")
    session.set(URGENCY, Urgency(level="routine", reason="better"))
    assert desk.since.words().startswith("Level: soon to routine.")


def test_a_level_that_fell_because_it_could_not_be_assessed_is_no_news(visit: Visit) -> None:
    was = visit.before.assessment.urgency
    rests_on = {key for reason in was.reasons for key in reason.answers} & visit.before.case.keys()
    assert rests_on
    form = visit.session.form
    unable = {
        key: Unable(reason="in plaster")
        for key in rests_on
        if form.fits(key, Unable(reason="in plaster"))
    }
    assert unable
    visit.session.set_all({**_rest(visit), **unable})
    assert visit.session.level != visit.before.level
    assert visit.desk.since is not None
    assert "level:" not in visit.desk.since.words().lower()


def test_what_still_waits_is_said_before_a_letter_is_issued(visit: Visit) -> None:
    session, desk = visit.session, visit.desk
    count = len(session.to_confirm)
    (remark,) = (r for r in desk.remarks() if "not confirmed" in r.says)
    assert (
        remark.says == f"{count} answers of 22 Nov 2026 not confirmed: this letter is without them."
    )
    assert remark.question in session.to_confirm
    for section in the_content().form.sections:
        session.confirm(section)
    assert not [r for r in desk.remarks() if "not confirmed" in r.says]


@pytest.mark.parametrize("path", completed(), ids=lambda path: path.stem)
def test_nothing_is_to_confirm_that_is_out_of_sight(path: Path) -> None:
    content, history = the_content(), History()
    case = read_case(path.read_text(encoding="utf-8"), content.form, content.rule_ids, TODAY)
    history.change(case, THEN)
    begun = History()
    begun.change(next_visit(content.form, "a", history), NOW)
    earlier = Earlier(TODAY, case)
    session = Session(the_assessor(), begun, lambda: NOW, earlier=earlier)
    assert session.to_confirm
    for name, keys in session.to_confirm.items():
        question = content.form.questions[name]
        if not question.block:
            assert session.is_unfolded(question), name
            continue
        block = content.form.blocks[question.block]
        assert session.is_block_in_sight(block), name
        own = block_values(content.form.slots_of(name), question)
        for key in keys:
            value, usual = case[key], own.get(key)
            same = isinstance(value, Finding) and isinstance(usual, Finding)
            same = same and value.present == usual.present and not value.text  # type: ignore[union-attr]
            same = same or (
                isinstance(value, Choice)
                and isinstance(usual, Choice)
                and value.option == usual.option
            )
            assert same or session.is_block_open(block), key


@pytest.mark.parametrize("sex", ["male", "female"])
def test_an_old_result_is_told_with_the_limit_that_its_letter_had(sex: str) -> None:
    form = the_content().form
    given = {"patient.sex_at_birth": sex, "ix.ck": {"value": "640", "unit": "U/L"}}
    case = case_from(answers(**{key.replace(".", "__"): value for key, value in given.items()}))
    question = form.questions["ix.ck"]
    (phrase,) = Speaker(form, case).phrases(question, labelled=True)
    said = then_words(form, Earlier(TODAY, case), question)
    assert "usual limit" in said
    assert said == unmarked(phrase.text)


# -- whose visits these are -----------------------------------------------------------------------

BORN = {"patient.dob": Date(date=PartialDate(year=1990, month=3, day=3))}
NAMED = {"patient.family_name": Text(text="OTHER")}
GIVEN = {"patient.given_name": Text(text="Samuel")}
NUMBER = {
    "patient.identifiers": Table(
        rows=(Row(cells=(("kind", "nhs_number"), ("value", "999 000 0018"))),), closed=True
    )
}


@pytest.mark.parametrize(
    "typed", [NAMED | GIVEN, NAMED | BORN, GIVEN | NUMBER, BORN | NUMBER, NAMED | GIVEN | BORN]
)
def test_nothing_of_another_patient_stands_in_a_visit_that_names_a_new_one(
    visit: Visit, typed: dict[str, Value]
) -> None:
    session, desk = visit.session, visit.desk
    question = session.form.questions["cramp.course"]
    assert session.then(question)
    assert "SINCE 22 NOV 2026" in desk.plain_text()
    session.set_all(typed)
    assert session.earlier is None
    assert desk.since is None
    assert not session.to_confirm
    assert not session.then(question)
    assert "SINCE 22 NOV 2026" not in desk.plain_text()
    session.confirm("general")
    assert session.history.edits[-1].key in typed
    session.undo()
    assert session.to_confirm
    assert "SINCE 22 NOV 2026" in desk.plain_text()


EXCHANGED = {
    "patient.family_name": Text(text="Peter"),
    "patient.given_name": Text(text="Example"),
}


@pytest.mark.parametrize("typed", [NAMED, GIVEN, BORN, NUMBER, EXCHANGED])
def test_what_is_put_right_in_who_the_patient_is_leaves_the_visit_before(
    visit: Visit, typed: dict[str, Value]
) -> None:
    visit.session.set_all(typed)
    assert visit.session.earlier is not None


def test_what_nobody_confirmed_waits_at_the_third_visit_still(visit: Visit) -> None:
    form, store = the_content().form, visit.store
    second, waiting = visit.desk._draft.id, visit.session.to_confirm  # type: ignore[union-attr]
    assert {"meds.classes", "sys.cancer"} <= waiting.keys()
    # At the second visit one is answered anew, and nothing is confirmed.
    visit.session.set("sys.cancer", Finding(present=True, text="breast"))
    refers = next_visit(form, second, visit.session.history)
    third, desk, _ = _session(store, refers)
    assert third.to_confirm.keys() == waiting.keys()
    classes, cancer = (form.questions[name] for name in ("meds.classes", "sys.cancer"))
    assert third.then(classes) == visit.session.then(classes)
    assert third.then(classes).endswith("medicine: statin")
    assert third.then(cancer) == "3 Feb: present (breast)"
    (remark,) = [each.says for each in desk.remarks() if "not confirmed" in each.says]
    days = "22 Nov 2026, 3 Feb 2027"
    assert remark == f"{len(waiting)} answers of {days} not confirmed: this letter is without them."
    for section in third.form.sections:
        third.confirm(section)
    assert third.case["meds.classes.statin"] == visit.before.case["meds.classes.statin"]
    assert third.case["sys.cancer"] == Finding(present=True, text="breast")
    # Nothing of another patient is offered, whoever stood between.
    visit.session.set_all(NAMED | BORN)
    refers = next_visit(form, second, visit.session.history)
    other, _, _ = _session(store, refers)
    assert other.to_confirm.keys() == {"sys.cancer"}


def test_a_case_without_a_date_is_of_the_day_on_which_it_was_worked_on_last() -> None:
    history = History()
    history.change({"patient.family_name": Text(text="Sample")}, THEN)
    begun = next_visit(the_content().form, "a", history)
    refers = reference(begun)
    assert refers is not None
    assert refers.day == THEN.date()
