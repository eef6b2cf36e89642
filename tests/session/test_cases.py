"""The list of cases in words: what is still to do, what was done, and when a letter is asked after."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.conftest import AT, ROOT, the_content, the_settings
from triage.content.casefile import read_case
from triage.content.form import URGENCY
from triage.errors import EntryError, TriageError
from triage.model.dates import Order
from triage.model.history import History
from triage.model.values import Measurement, Result, Text, Urgency, Value
from triage.session import cases as cases_module
from triage.session.cases import Cases, Row, by_day, counts, ordered, summary
from triage.session.digest import made_of, read_digest
from triage.session.fate import Rank, answers, day_of, fate_of
from triage.store.records import Sent, Way

from .conftest import Clinic

KEY = (1, "neurology", "referral_letter")


def cases(clinic: Clinic, now: datetime = AT) -> Cases:
    return Cases(clinic.store, clinic.session.assessor, the_settings(), lambda: now)


def sample() -> dict[str, Value]:
    """Return a case that is answered to its end, but not who it is about, nor of which day."""
    content = the_content()
    text = (ROOT.parent / "forms" / "muscle_cramps" / "cases" / "sample_benign.json").read_text()
    case = read_case(text, content.form, content.rule_ids, AT.date())
    return {k: v for k, v in case.items() if not k.startswith("case.")}


def row(clinic: Clinic, now: datetime = AT) -> Row:
    clinic.session.end_typing()
    clinic.draft.submit()
    board = cases(clinic, now)
    (found,) = board.rows(10, 0)
    return found if board.is_known(found) else board.worked_out(found)


def sent(how: Way, days: float = 0, says: str = "", day: str = "") -> Sent:
    return Sent(*KEY, how, AT + timedelta(days=days), says, day)


# -- what is still to do ------------------------------------------------------------------------------


def test_what_is_to_do_before_the_issue_goes_from_the_answers_to_the_letter(clinic: Clinic) -> None:
    clinic.record(neuro__weakness=True)
    first = row(clinic)
    done, all_ = first.todo.removesuffix(" answered").split(" of ")
    assert 0 < int(done) < int(all_)
    assert first.state == "Draft"
    assert "draft" in first.groups


def test_a_case_that_can_be_issued_says_so_and_what_stops_it_is_counted(clinic: Clinic) -> None:
    clinic.session.set_all(sample())
    assert row(clinic).todo == "ready to issue"
    assert row(clinic).to == "General neurology, advice or referral"
    clinic.session.set("referrer.name", None)
    stops = sum(not problem.tests for problem in clinic.desk.problems())
    assert stops > 0
    assert row(clinic).todo == f"{stops} {'stops' if stops == 1 else 'stop'} the letter"


def test_a_result_to_come_is_waited_for_by_name(clinic: Clinic) -> None:
    clinic.session.set_all(sample())
    ck = next(q.id for q in the_content().form.questions.values() if q.short == "CK")
    clinic.session.set(ck, Result(items=(Measurement(pending=True),)))
    found = row(clinic)
    assert "waits" in found.groups
    assert found.todo == "waits for CK"
    assert found.digest is not None
    assert found.digest.waits == ("CK",)


def test_the_row_names_the_patient_as_the_letter_does(clinic: Clinic) -> None:
    found = row(clinic)
    assert (found.name, found.age, found.sender) == ("Specimen, Iris", "58", "Dr Invented Test")
    assert found.who == f"Specimen, Iris (58, {found.kind} {found.number})"
    assert "Iris" not in repr(found)


def test_an_issued_letter_has_the_level_that_it_says(clinic: Clinic) -> None:
    clinic.session.set_all({**sample(), "neuro.dysphagia": None})
    assert clinic.session.level == "routine"
    assert row(clinic).tag == "Not yet"
    clinic.desk.issue()
    found = row(clinic)
    assert (found.state, found.tag) == ("Issued v1", "Routine")


def test_a_letter_is_followed_from_the_issue_to_its_return(clinic: Clinic) -> None:
    clinic.desk.issue()
    issued = row(clinic)
    assert (issued.state, issued.todo, issued.strong) == ("Issued v1", "not printed or saved", True)
    assert "out" in issued.groups
    clinic.desk.note_sent("print")
    printed = row(clinic)
    assert printed.todo == f"printed {AT.astimezone():%H:%M}"
    assert (printed.strong, printed.done, printed.groups & {"out", "chase"}) == (
        False,
        True,
        frozenset(),
    )
    clinic.desk.note_sent("returned", "no ECG")
    returned = row(clinic)
    assert (returned.todo, returned.strong) == ("returned: no ECG", True)
    assert "chase" in returned.groups
    clinic.session.set("note.neuro", Text(text="An ECG was done."))
    assert row(clinic).state == "Amending v2"
    assert "chase" not in row(clinic).groups


def test_a_withdrawn_case_says_why_and_when(clinic: Clinic) -> None:
    clinic.desk.issue()
    clinic.desk.withdraw(clinic.desk.issues[0], "wrong patient")
    found = row(clinic)
    assert found.state == "Withdrawn v1"
    assert found.todo == f"wrong patient; withdrawn {AT.astimezone():%H:%M}"
    assert {"withdrawn"} == found.groups & {"withdrawn", "draft", "out"}


# -- what is kept -------------------------------------------------------------------------------------


def test_what_was_worked_out_is_read_and_not_worked_out_again(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    board = cases(clinic)
    (unknown,) = board.rows(1, 0)
    assert (unknown.digest, unknown.tag, unknown.todo) == (None, "", "")
    before = clinic.store.read(clinic.draft.id).edits
    known = board.worked_out(unknown)
    assert known.digest is not None
    assert clinic.store.read(clinic.draft.id).edits == before
    monkeypatch.setattr(cases_module, "digest_of", None)
    (again,) = cases(clinic).rows(1, 0)
    assert again == known._replace(info=again.info)
    clinic.session.set("note.neuro", Text(text="More."))
    clinic.draft.submit()
    (later,) = cases(clinic).rows(1, 0)
    assert later.digest is None


def test_a_digest_of_other_content_settings_or_programs_is_not_read(clinic: Clinic) -> None:
    made = made_of(the_content(), the_settings())
    digest = row(clinic).digest
    assert digest is not None
    assert read_digest(digest.text(), made) == digest
    assert made_of(the_content(), the_settings().model_copy(update={"recipients": {}})) != made
    for text in ("", "{}", "[]", "no", '{"made": 1}', digest.text().replace(made, "other")):
        assert read_digest(text, made) is None


def test_a_case_that_cannot_be_read_says_so_and_stops_no_other(clinic: Clinic) -> None:
    board = cases(clinic)
    (found,) = board.rows(1, 0)

    def damage(drafts: object) -> None:
        drafts._connection.execute("UPDATE draft SET chain = 'x'")  # type: ignore[attr-defined]

    clinic.store.do(damage)
    bad = board.worked_out(found)
    assert bad.todo == "cannot be read: open it to see why"
    assert board.is_known(bad)


def test_a_case_of_another_form_is_named_as_such_and_its_letters_are_left_alone(
    clinic: Clinic,
) -> None:
    edits = History().change({"x.y": Text(text="z")}, AT)
    draft = clinic.store.do(lambda drafts: drafts.create("tiny", "1", AT, edits))
    board = cases(clinic)
    (found,) = [each for each in board.rows(10, 0) if each.info.id == draft]
    assert board.worked_out(found).todo == "of another form"
    with pytest.raises(TriageError, match="for the form 'tiny'"):
        board.desk(draft)


# -- when to ask after a letter -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("noted", "days", "rank", "says"),
    [
        ([], 0, Rank.NOT_OUT, "not printed or saved"),
        ([sent("call", 0, "Dr Ali")], 30, Rank.NOT_OUT, "not printed or saved"),
        ([sent("print")], 6, Rank.DONE, "printed 22 Nov"),
        ([sent("print")], 7, Rank.CHASE, "chase: no answer since 22 Nov"),
        ([sent("print"), sent("call", 7, "Dr Ali")], 8, Rank.DONE, "phoned Dr Ali 29 Nov"),
        ([sent("print"), sent("call", 7)], 14, Rank.CHASE, "chase: no answer since 29 Nov"),
        ([sent("save"), sent("later", 7, "", "2026-12-10")], 17, Rank.DONE, "put off to 10 Dec"),
        ([sent("save"), sent("later", 7, "", "2026-12-10")], 18, Rank.CHASE, "chase: no answer"),
        ([sent("print"), sent("received", 2)], 9, Rank.CHASE, "chase: not booked since received"),
        ([sent("print"), sent("booked", 2, "", "2026-12-24")], 90, Rank.DONE, "booked for 24 Dec"),
        ([sent("print"), sent("seen", 2)], 90, Rank.DONE, "seen 24 Nov"),
        ([sent("handed", 0, "her son")], 0, Rank.DONE, "handed over to her son"),
        ([sent("print"), sent("returned", 2, "no CK")], 90, Rank.RETURNED, "returned: no CK"),
        ([sent("print"), sent("returned", 2), sent("seen", 9)], 90, Rank.DONE, "seen 1 Dec"),
        # Known to be there, however it came.
        ([sent("received", 1, "their office")], 2, Rank.DONE, "received 23 Nov"),
        # Who wants to be asked once more is asked, whatever came of it before.
        (
            [
                sent("print"),
                sent("booked", 2, "", "2026-12-03"),
                sent("later", 3, "", "2026-12-10"),
            ],
            17,
            Rank.DONE,
            "booked for 3 Dec",
        ),
        (
            [
                sent("print"),
                sent("booked", 2, "", "2026-12-03"),
                sent("later", 3, "", "2026-12-10"),
            ],
            18,
            Rank.CHASE,
            "chase: booked for 3 Dec",
        ),
        # Sent once more as it is, it waits anew.
        (
            [sent("print"), sent("returned", 2, "no CK"), sent("handed", 3, "the ward")],
            4,
            Rank.DONE,
            "handed over to the ward",
        ),
        (
            [sent("print"), sent("returned", 2, "no CK"), sent("handed", 3, "the ward")],
            10,
            Rank.CHASE,
            "chase: no answer since 25 Nov",
        ),
        (
            [sent("print"), sent("returned", 2, "no CK"), sent("later", 3, "", "2026-12-10")],
            17,
            Rank.DONE,
            "put off to 10 Dec",
        ),
        (
            [sent("print"), sent("returned", 2, "no CK"), sent("later", 3, "", "2026-12-10")],
            18,
            Rank.RETURNED,
            "returned: no CK",
        ),
        ([sent("print"), sent("returned", 2, "no CK"), sent("print", 3)], 4, Rank.RETURNED, "ret"),
    ],
)
def test_a_letter_is_asked_after_once_its_time_is_over(
    noted: list[Sent], days: float, rank: Rank, says: str
) -> None:
    now = AT + timedelta(days=days)
    fate = fate_of(noted, AT, 7, now)
    assert fate.rank is rank
    # Later than the year of the letter, its days have theirs.
    assert fate.says.replace(" 2026", "").startswith(says)


@pytest.mark.parametrize(
    ("typed", "how", "order", "day"),
    [
        ("3 Dec 2026", "booked", "dmy", "2026-12-03"),
        # The usual order, also where the other one names a day that is over.
        ("3/12/2026", "booked", "dmy", "2026-12-03"),
        ("1/5/2027", "booked", "dmy", "2027-05-01"),
        ("1/5/2027", "booked", "mdy", "2027-01-05"),
        ("tomorrow", "later", "dmy", "2026-11-23"),
        ("today", "seen", "dmy", "2026-11-22"),
        ("22/11/2026", "seen", "dmy", "2026-11-22"),
        ("today", "later", "dmy", ""),
        ("1 Nov 2026", "later", "dmy", ""),
        ("3 Dec 2026", "seen", "dmy", ""),
        ("19 Nov 2026", "seen", "dmy", ""),
        ("3 Dec 2025", "booked", "dmy", ""),
        ("3 Dec 2206", "booked", "dmy", ""),
        ("31/2/2027", "booked", "dmy", ""),
        ("Dec 2026", "booked", "dmy", ""),
    ],
)
def test_a_day_is_read_in_the_order_of_the_profile_and_only_where_it_can_be(
    typed: str, how: Way, order: Order, day: str
) -> None:
    issued = AT.date() - timedelta(days=2)
    if day:
        assert day_of(typed, how, AT.date(), issued, order) == day
    else:
        with pytest.raises(EntryError):
            day_of(typed, how, AT.date(), issued, order)


def test_nothing_is_asked_after_that_nobody_answers(clinic: Clinic) -> None:
    assert fate_of([sent("print")], AT, None, AT + timedelta(days=900)).rank is Rank.DONE
    assert not answers(the_content().recipients["primary_care"])
    levels = the_content().levels
    assert {name: level.chase_days for name, level in levels.items()} == {
        "emergency": 1,
        "urgent": 7,
        "soon": 21,
        "routine": 28,
    }


def test_the_list_says_what_is_past_its_date_and_is_quiet_once_it_is_put_off(
    clinic: Clinic,
) -> None:
    clinic.desk.issue()
    clinic.desk.note_sent("print")
    digest = row(clinic).digest
    assert digest is not None
    days = next(r.chase_days for r in the_content().levels.values() if r.id == digest.level)
    assert days is not None
    late = AT + timedelta(days=days)
    assert row(clinic, late - timedelta(days=1)).groups.isdisjoint({"chase"})
    chase = row(clinic, late)
    assert (chase.todo, chase.strong) == ("chase: no answer since 22 Nov", True)
    assert "1 to chase or returned" in summary([chase], late)
    clinic.store.note_sent(
        clinic.draft.id,
        Sent(*chase.info.letters[0], "later", late, "", f"{late + timedelta(days=3):%Y-%m-%d}"),
    )
    assert "chase" not in row(clinic, late).groups
    later = late + timedelta(days=3)
    assert "chase" in row(clinic, later).groups
    # A change that was begun ends no waiting.
    clinic.session.set("note.neuro", Text(text="More."))
    amending = row(clinic, later)
    assert amending.state == "Amending v2"
    assert amending.todo.startswith("chase: no answer since 22 Nov; ")
    assert {"chase", "draft"} <= amending.groups
    assert repr(amending.digest) == "<Digest routine>"


def test_how_long_an_answer_is_waited_for_goes_with_the_level_of_the_letter(
    clinic: Clinic,
) -> None:
    clinic.session.set_all(sample())
    clinic.desk.issue()
    clinic.desk.note_sent("print")
    assert "chase" not in row(clinic, AT + timedelta(days=27)).groups
    clinic.session.set(URGENCY, Urgency(level="urgent", reason="It is worse."))
    # The letter that is out is a routine one still.
    assert "chase" not in row(clinic, AT + timedelta(days=27)).groups
    assert "chase" in row(clinic, AT + timedelta(days=28)).groups
    clinic.desk.issue()
    clinic.desk.note_sent("print")
    assert "chase" not in row(clinic, AT + timedelta(days=6)).groups
    clinic.session.set(URGENCY, None)
    late = row(clinic, AT + timedelta(days=7))
    assert late.todo.startswith("chase: no answer since 22 Nov; ")


def test_a_letter_to_somebody_else_waits_whatever_becomes_of_the_next_version(
    clinic: Clinic,
) -> None:
    desk = clinic.desk
    clinic.session.set_all(sample())
    desk.choose_recipient("neuromuscular")
    desk.issue()
    desk.note_sent("print")
    clinic.session.set("note.neuro", Text(text="More."))
    desk.choose_recipient("neurology")
    desk.issue()
    desk.note_sent("print")
    desk.note_sent("seen")
    (other, own) = (the_content().recipients[name].name for name in ("neuromuscular", "neurology"))
    assert row(clinic).todo == f"{own}: seen {AT.astimezone():%H:%M}"
    late = row(clinic, AT + timedelta(days=28))
    assert (late.todo, late.strong) == (f"{other}: chase: no answer since 22 Nov", True)
    assert late.to == f"{own}, {other}"
    # To withdraw the one is no answer to the other.
    desk.withdraw(desk.issues[-1], "a slip")
    late = row(clinic, AT + timedelta(days=28))
    assert late.todo.startswith(f"{other}: chase: no answer since 22 Nov; a slip; withdrawn")
    assert "chase" in late.groups
    desk.choose_issue(desk.issues[0])
    desk.note_sent("seen")
    assert row(clinic, AT + timedelta(days=28)).done


def test_nobody_is_asked_what_came_of_the_patients_own_copy(clinic: Clinic) -> None:
    desk = clinic.desk
    clinic.session.set_all(sample())
    desk.issue()
    desk.note_sent("print")
    desk.note_sent("seen")
    desk.choose_template("patient_leaflet")
    desk.issue()
    waits = row(clinic)
    assert (waits.todo, waits.strong) == ("Copy for the patient: not printed or saved", True)
    desk.note_sent("print")
    assert row(clinic, AT + timedelta(days=90)).done
    assert row(clinic).to == "General neurology, advice or referral"


# -- the list -----------------------------------------------------------------------------------------


def _rows(clinic: Clinic) -> list[Row]:
    at = [AT]
    store = clinic.store
    for name, back in (("Old", 400), ("Before", 3), ("Eve", 1), ("New", 0)):
        at[0] = AT - timedelta(days=back)
        draft = clinic.store.create(the_content())
        history = draft.history
        history.change({"patient.family_name": Text(text=name)}, at[0])
        draft.submit()
        draft.close()
    board = cases(clinic)
    return [found for found in board.rows(10, 0) if found.info.id != clinic.draft.id and store]


def test_the_list_goes_by_day_and_every_column_sorts_it(clinic: Clinic) -> None:
    rows = _rows(clinic)
    told = [part if isinstance(part, str) else part.name for part in by_day(rows, AT)]
    assert told == [
        "New",
        "Yesterday",
        "Eve",
        "Thursday 19 November",
        "Before",
        "Saturday 18 October 2025",
        "Old",
    ]
    assert summary(rows, AT) == "1 seen · 1 draft to finish"
    assert [r.name for r in ordered(rows, "name", down=False)] == ["Before", "Eve", "New", "Old"]
    assert next(r.name for r in ordered(rows, "when", down=False)) == "Old"
    assert counts(rows)["draft"] == 4
    for order in cases_module.ORDERS:
        assert sorted(r.name for r in ordered(rows, order, down=True)) == sorted(
            r.name for r in rows
        )


def test_a_search_finds_by_number_and_by_the_words_of_a_row(clinic: Clinic) -> None:
    rows = [row(clinic), *_rows(clinic)]
    board = cases(clinic)
    number = rows[0].number
    for text in ("specimen", "14.03.1968", number, number.replace(" ", ""), "iris not answered"):
        assert [found.name for found in board.found(rows, text)] == ["Specimen, Iris"], text
    assert board.found(rows, "OPEN in another") == rows[:1]
    assert board.found(rows, "nobody at all") == []
    assert board.found(rows, " ") == rows


# -- what comes back ----------------------------------------------------------------------------------


def test_a_new_version_says_which_return_it_answers_and_the_old_one_stays_as_it_was(
    clinic: Clinic,
) -> None:
    desk, session = clinic.desk, clinic.session
    desk.issue()
    desk.note_sent("returned", "please add an ECG")
    assert desk.plain_text().count("ECG") == 0
    session.set("note.neuro", Text(text="It was done."))
    (asked, *_) = [remark.says for remark in desk.remarks()]
    assert asked.startswith("Version 1 was returned on 22 Nov 2026: Please add an ECG.")
    desk.issue()
    second = desk.issued
    assert second is not None
    said = "It answers your return of 22 November 2026: Please add an ECG."
    assert said in " ".join(desk.plain_text().split())
    assert desk.remarks() == ()
    # A second return is another question; what is issued says what it said.
    desk.note_sent("returned", "and the result")
    assert said in " ".join(desk.plain_text().split())


def test_a_return_without_a_reason_and_one_to_another_are_not_answered(clinic: Clinic) -> None:
    clinic.desk.issue()
    clinic.desk.note_sent("returned")
    clinic.session.set("note.neuro", Text(text="It was done."))
    clinic.desk.issue()
    assert "It answers your return" not in " ".join(clinic.desk.plain_text().split())


def test_a_reason_that_cannot_be_printed_stops_the_issue_until_it_is_recorded_anew(
    clinic: Clinic,
) -> None:
    clinic.desk.issue()
    clinic.desk.note_sent("returned", "where is \u05d0?")
    clinic.session.set("note.neuro", Text(text="It was done."))
    (stops,) = clinic.desk.problems()
    assert stops.says.startswith("The reason of the return: the letter's font lacks")
    clinic.desk.choose_issue(clinic.desk.issues[0])
    clinic.desk.note_sent("returned", "a long reason " * 40)
    clinic.desk.choose_issue(None)
    clinic.session.set("note.neuro", Text(text="It was done again."))
    assert clinic.desk.problems() == ()
    clinic.desk.issue()
    said = " ".join(clinic.desk.plain_text().split())
    assert said.count("long reason") == 8
    assert "a long reason a (...)." in said
