"""Which day a case is of: on a real store, with a clock that the test moves."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest

from tests.conftest import case_from, the_assessor, the_settings
from triage.errors import LetterError, StoreError
from triage.model.dates import PartialDate
from triage.model.values import (
    Choice,
    Date,
    Finding,
    Measurement,
    Result,
    Text,
    Unable,
    Value,
)
from triage.pdf.readback import missing_statements, read_text
from triage.session import Changed, Session
from triage.session.draft import DraftStore
from triage.session.letters import LetterDesk
from triage.session.versions import withdrawn_words
from triage.settings import Address
from triage.store import Drafts

KEY = b"k" * 32
NOV = datetime(2026, 11, 25, 10, tzinfo=UTC)
DEC = datetime(2026, 12, 16, 10, tzinfo=UTC)
CASE = {
    "triage_case": 1,
    "patient": {
        "family_name": "Specimen",
        "given_name": "Iris",
        "dob": "1968-12-01",
        "sex_at_birth": "female",
        "identifiers": [{"kind": "nhs_number", "value": "9990000018"}],
    },
    "referrer": {"name": "Dr Invented Test", "question": "Is this motor neuron disease?"},
    "recipients": ["neurology"],
    # Blood tests become essential as the cramps worsen.
    "decisions": {name: {"decision": "defer"} for name in ("t_ue", "t_ca", "t_mg", "t_tsh")},
}


class Practice:
    """A store and a clock. `open` opens the one draft anew, as another start of the program does."""

    def __init__(self, folder: Path) -> None:
        self.at = NOV
        self.store = DraftStore(folder, KEY, self.clock)
        self.draft = self.store.create(the_assessor().content)
        self.told: list[str] = []
        self.open()

    def clock(self) -> datetime:
        return self.at

    def open(self) -> None:
        assert self.draft.close()
        self.draft = self.store.open(self.draft.id)
        self.session = Session(
            the_assessor(), self.draft.history, self.clock, keep=self.draft.submit
        )
        self.session.subscribe(self._on_changed)
        self.desk = LetterDesk(self.session, self.draft, self.clock, the_settings())

    def _on_changed(self, changed: Changed) -> None:
        if changed.says:
            self.told.append(changed.says)

    def fill(self, **more: Value) -> None:
        values = dict(
            case_from(CASE).with_({name.replace("__", "."): v for name, v in more.items()})
        )
        # As in the window: a new case has no date of its own.
        del values["case.date"]
        self.session.set_all(values)

    @property
    def listed(self) -> str:
        return self.store.list()[0].state


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[Practice]:
    made = Practice(tmp_path / "drafts")
    yield made
    made.store.close()


def result(value: str, day: date | None) -> Result:
    when = PartialDate.of(day) if day else None
    return Result(items=(Measurement(value=Decimal(value), unit="mmol/L", date=when),))


def on(year: int, month: int, day: int) -> Date:
    return Date(date=PartialDate(year=year, month=month, day=day))


WORSE = {"cramp.course": Choice(option="worsening")}


# -- today and the day of the case ------------------------------------------------------------------


def test_today_is_the_day_on_which_it_is_typed_and_day_that_of_the_case(practice: Practice) -> None:
    practice.session.set("case.date", on(2026, 11, 20))
    practice.at = DEC
    assert practice.session.today == date(2026, 12, 16)
    assert practice.session.day == date(2026, 11, 20)


def test_a_draft_never_issued_and_without_a_date_follows_the_clock(practice: Practice) -> None:
    practice.fill()
    practice.at = DEC
    assert practice.session.day == date(2026, 12, 16)


@pytest.mark.parametrize(
    ("hours", "day"), [(-11, date(2026, 11, 25)), (0, date(2026, 11, 25)), (14, date(2026, 11, 26))]
)
def test_the_day_is_that_of_the_clock_on_the_wall(
    practice: Practice, hours: int, day: date
) -> None:
    practice.at = NOV.astimezone(timezone(timedelta(hours=hours)))
    practice.at = practice.at.replace(hour=23 if hours < 0 else practice.at.hour)
    assert practice.session.today == (day if hours >= 0 else date(2026, 11, 24))


@pytest.fixture
def zone(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Return what puts this computer into another time zone."""

    def put(name: str) -> None:
        monkeypatch.setenv("TZ", name)
        time.tzset()

    yield put
    monkeypatch.undo()
    time.tzset()


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="the zone is that of the system")
def test_what_was_issued_after_midnight_is_of_the_day_on_the_wall(
    practice: Practice, zone: Callable[[str], None]
) -> None:
    zone("Pacific/Auckland")
    practice.at = datetime(2026, 11, 28, 11, 30, tzinfo=UTC).astimezone()
    assert f"{practice.at:%d %H:%M}" == "29 00:30"
    practice.fill()
    desk = practice.desk
    desk.issue()
    (first,) = desk.issues
    # Made anew it says what its pages say.
    again = desk.composer.letter(version=1, issued_at=first.at)
    assert not missing_statements(again, first.pdf)
    desk.note_sent("returned", "please add an ECG")
    practice.session.set("note.neuro", Text(text="It was done."))
    second = " ".join(desk.plain_text().split())
    assert "Version 1 of 29 November 2026." in second
    assert "your return of 29 November 2026" in second
    assert "returned on 29 Nov 2026" in desk.remarks()[0].says
    desk.withdraw(first, "a slip")
    assert withdrawn_words(desk.issues[0]).startswith("WITHDRAWN 29 November 2026")


# -- amended weeks later ----------------------------------------------------------------------------


def test_the_whole_way_from_a_new_case_to_undo(practice: Practice) -> None:
    practice.fill(ix__k=result("4.1", date(2026, 11, 10)))
    assert practice.session.facts["ix.k"] is not None
    assert practice.desk.issue() == 1
    assert (practice.desk.state, practice.listed) == ("issued v1", "issued v1")
    first = practice.draft.issues()[0]
    assert practice.desk.file_name.endswith("-v1.pdf")
    assert "25 Nov 2026" in read_text(first.pdf)[0]
    assert "female, 57" in read_text(first.pdf)[0]

    practice.at = DEC
    practice.open()
    assert practice.session.earlier_day is None
    assert practice.session.day == date(2026, 11, 25)
    before = practice.session.history.n
    practice.session.set_all(WORSE)
    edits = practice.session.history.since(before)
    assert {edit.key for edit in edits} == {"cramp.course", "case.date"}
    assert len({edit.group for edit in edits}) == 1
    assert practice.session.day == date(2026, 12, 16)
    assert practice.session.facts.get("ix.k") is None
    assert practice.told == [
        "Now dated 16 Dec 2026: 1 result is now too old to count.",
    ]
    assert (practice.desk.state, practice.listed) == ("amending v2", "amending v2")

    assert practice.desk.issue() == 2
    assert practice.desk.file_name.endswith("-v2.pdf")
    second = practice.draft.issues()[1]
    page = read_text(second.pdf)[0]
    assert page.count("25 Nov 2026") == 0
    assert "16 Dec 2026" in page
    assert "female, 58" in page
    assert (second.version, second.replaces) == (2, 1)

    practice.session.set("cramp.course", Choice(option="stable"))
    assert (practice.desk.state, practice.listed) == ("amending v3", "amending v3")
    practice.session.undo()
    assert (practice.desk.state, practice.listed) == ("issued v2", "issued v2")
    assert practice.desk.shown_pdf() == second.pdf
    practice.session.undo()
    assert practice.desk.state == "issued v2"


def test_undo_brings_back_issued_and_the_day(practice: Practice) -> None:
    practice.fill()
    practice.desk.issue()
    practice.at = DEC
    practice.session.set_all(WORSE)
    practice.session.undo()
    assert practice.session.day == date(2026, 11, 25)
    assert (practice.desk.state, practice.listed) == ("issued v1", "issued v1")
    assert practice.told == ["Now dated 16 Dec 2026.", "Now dated 25 Nov 2026."]
    assert practice.desk.issued is not None

    practice.open()
    assert practice.desk.state == "issued v1"
    practice.session.redo()
    assert practice.session.day == date(2026, 12, 16)
    assert (practice.desk.state, practice.listed) == ("amending v2", "amending v2")


def test_typing_the_old_answer_again_is_as_issued_and_another_spelling_is_not(
    practice: Practice,
) -> None:
    practice.fill()
    practice.desk.issue()
    practice.session.set("patient.phone", Text(text="1"))
    practice.session.set("patient.phone", None)
    assert (practice.desk.state, practice.listed) == ("issued v1", "issued v1")
    value = Measurement(value=Decimal("4.10"), unit="mmol/L")
    practice.session.set("ix.k", Result(items=(value,)))
    assert (practice.desk.state, practice.listed) == ("amending v2", "amending v2")


def test_an_edit_that_changes_nothing_begins_no_day(practice: Practice) -> None:
    practice.fill()
    practice.desk.issue()
    practice.at = DEC
    before = practice.session.history.n
    practice.session.set("patient.family_name", Text(text="Specimen"))
    assert practice.session.history.n == before
    assert practice.desk.state == "issued v1"


def test_only_the_first_edit_after_an_issue_changes_the_day(practice: Practice) -> None:
    practice.fill()
    practice.desk.issue()
    practice.at = DEC
    practice.session.set_all(WORSE)
    practice.at = DEC + timedelta(days=2)
    practice.session.set("patient.phone", Text(text="1"))
    assert practice.session.day == date(2026, 12, 16)


def test_a_date_that_is_typed_as_the_first_edit_is_taken_as_typed(practice: Practice) -> None:
    practice.fill()
    practice.desk.issue()
    practice.at = DEC
    practice.session.set("case.date", on(2026, 12, 10))
    assert practice.session.day == date(2026, 12, 10)


def test_typing_on_in_one_field_over_an_issue_never_undoes_what_was_issued(
    practice: Practice,
) -> None:
    practice.fill()
    practice.session.set("patient.phone", Text(text="0"))
    practice.desk.issue()
    practice.at = DEC
    practice.session.set("patient.phone", Text(text="01"), join=True)
    practice.session.set("patient.phone", Text(text="012"), join=True)
    assert practice.session.day == date(2026, 12, 16)
    practice.session.undo()
    assert practice.session.case["patient.phone"] == Text(text="0")
    assert practice.desk.state == "issued v1"


def test_what_was_issued_is_not_undone_nor_redone(practice: Practice) -> None:
    practice.fill()
    practice.session.set_all(WORSE)
    practice.session.undo()
    practice.desk.issue()
    case = practice.session.case
    assert (practice.session.can_undo, practice.session.can_redo) == (False, False)
    practice.session.undo()
    practice.session.redo()
    assert practice.session.case == case
    assert practice.desk.state == "issued v1"


def test_a_clock_that_was_set_back_changes_no_day_and_asks_nothing(practice: Practice) -> None:
    practice.fill()
    practice.desk.issue()
    practice.at = NOV - timedelta(days=400)
    practice.open()
    assert practice.session.earlier_day is None
    practice.session.set_all(WORSE)
    assert practice.session.day == date(2026, 11, 25)
    assert practice.told == []
    assert practice.desk.state == "amending v2"
    assert practice.session.earlier_day is None


def test_a_leap_day_passes(practice: Practice) -> None:
    practice.at = datetime(2028, 2, 29, 10, tzinfo=UTC)
    practice.session.set("patient.dob", on(1964, 2, 29))
    practice.fill(patient__dob=on(1964, 2, 29))
    practice.desk.issue()
    assert ", 64" in read_text(practice.draft.issues()[0].pdf)[0]
    practice.at = datetime(2029, 2, 28, 10, tzinfo=UTC)
    practice.session.set_all(WORSE)
    assert practice.session.day == date(2029, 2, 28)
    assert ", 64" in practice.desk.plain_text()
    assert practice.told[-1].startswith("Now dated 28 Feb 2029")


def test_the_first_edit_after_a_withdrawal_begins_a_new_day_too(practice: Practice) -> None:
    practice.fill()
    practice.desk.issue()
    practice.store.do(lambda d: d.withdraw(practice.draft.id, 1, NOV, "sent in error"))
    practice.at = DEC
    practice.open()
    assert (practice.desk.state, practice.listed) == ("withdrawn", "withdrawn")
    practice.session.set_all(WORSE)
    assert practice.session.day == date(2026, 12, 16)
    practice.session.undo()
    assert (practice.desk.state, practice.listed) == ("withdrawn", "withdrawn")


def test_a_withdrawn_letter_is_issued_anew_under_its_own_day(practice: Practice) -> None:
    practice.fill()
    practice.desk.issue()
    practice.store.do(lambda d: d.withdraw(practice.draft.id, 1, NOV, "sent in error"))
    practice.at = DEC
    practice.open()
    assert practice.desk.issue() == 2
    assert "16 Dec 2026" in read_text(practice.draft.issues()[1].pdf)[0]
    assert practice.session.day == date(2026, 12, 16)


def test_a_further_recipient_after_undo_gets_the_same_version(practice: Practice) -> None:
    practice.fill()
    practice.desk.issue()
    practice.at = DEC
    practice.session.set_all(WORSE)
    practice.session.undo()
    practice.desk.choose_recipient("neuromuscular")
    assert practice.desk.issue() == 1
    issues = practice.draft.issues()
    assert [(i.version, i.recipient) for i in issues] == [(1, "neurology"), (1, "neuromuscular")]
    assert issues[0].case_n == issues[1].case_n
    assert practice.desk.state == "issued v1"


# -- opened on a later day --------------------------------------------------------------------------


def test_a_draft_opened_on_a_later_day_asks_once_whether_it_is_still_that_visit(
    practice: Practice,
) -> None:
    practice.fill()
    assert practice.session.earlier_day is None
    practice.at = DEC
    practice.open()
    assert practice.session.earlier_day == date(2026, 11, 25)
    practice.session.keep_day(date(2026, 11, 25))
    assert practice.session.case["case.date"] == on(2026, 11, 25)
    assert practice.session.day == date(2026, 11, 25)
    for days in (0, 1, 30):
        practice.at = DEC + timedelta(days=days)
        practice.open()
        assert practice.session.earlier_day is None


def test_or_that_it_is_of_today(practice: Practice) -> None:
    practice.fill()
    practice.at = DEC
    practice.open()
    practice.session.begin_day()
    assert practice.session.case["case.date"] == on(2026, 12, 16)
    practice.open()
    assert practice.session.earlier_day is None
    practice.at = DEC + timedelta(days=1)
    practice.open()
    assert practice.session.earlier_day == date(2026, 12, 16)


def test_a_recorded_earlier_date_is_asked_about_and_kept_as_asked(practice: Practice) -> None:
    practice.session.set_all({"case.date": on(2026, 11, 20), "patient.phone": Text(text="1")})
    assert practice.session.earlier_day == date(2026, 11, 20)
    practice.session.keep_day(date(2026, 11, 20))
    assert practice.session.day == date(2026, 11, 20)
    assert practice.session.earlier_day is None
    assert practice.told == []
    practice.at = DEC
    practice.open()
    assert practice.session.earlier_day is None


def test_the_answer_can_be_undone_and_the_case_stays(practice: Practice) -> None:
    practice.fill()
    case = practice.session.case
    practice.at = DEC
    practice.open()
    practice.session.keep_day(date(2026, 11, 25))
    practice.session.undo()
    assert practice.session.case == case
    assert practice.told == ["Now dated 25 Nov 2026.", "Now dated 16 Dec 2026."]


def test_a_date_that_was_typed_on_a_later_day_is_meant_and_not_asked_about(
    practice: Practice,
) -> None:
    practice.fill()
    practice.session.set("case.date", on(2026, 11, 20))
    assert practice.session.earlier_day is None


def test_a_case_imported_without_a_date_is_of_the_day_of_import_and_asks_later(
    practice: Practice,
) -> None:
    values = dict(case_from(CASE))
    practice.session.set_all(values | {"case.date": on(2026, 11, 25)})
    assert practice.session.earlier_day is None
    practice.at = DEC
    practice.open()
    assert practice.session.earlier_day == date(2026, 11, 25)


def test_an_amended_case_left_over_night_asks_too_and_an_issued_one_does_not(
    practice: Practice,
) -> None:
    practice.fill()
    practice.desk.issue()
    practice.at = DEC
    practice.open()
    assert practice.session.earlier_day is None
    practice.session.set_all(WORSE)
    practice.at = DEC + timedelta(days=3)
    practice.open()
    assert practice.session.earlier_day == date(2026, 12, 16)


def test_an_empty_case_and_one_that_is_only_read_ask_nothing(practice: Practice) -> None:
    practice.at = DEC
    practice.open()
    assert practice.session.earlier_day is None
    practice.fill()
    practice.at = DEC + timedelta(days=1)
    history = practice.store.read(practice.draft.id)
    read = Session(the_assessor(), history, practice.clock, read_only=True)
    assert read.earlier_day is None
    read.keep_day(date(2026, 11, 25))
    read.begin_day()
    assert "case.date" not in read.case


@pytest.mark.parametrize(
    ("where", "typed", "opened", "asks"),
    [
        # The same evening in New York, the next day in UTC.
        ("America/New_York", "2026-11-25T22:30-05:00", "2026-11-25T23:30-05:00", False),
        ("America/New_York", "2026-11-25T22:30-05:00", "2026-11-26T08:00-05:00", True),
        # The next morning in Auckland, the same day in UTC.
        ("Pacific/Auckland", "2026-11-25T23:30+13:00", "2026-11-26T08:00+13:00", True),
        ("Pacific/Auckland", "2026-11-25T00:30+13:00", "2026-11-25T23:30+13:00", False),
        # The night in which clocks go back.
        ("Europe/London", "2026-10-25T00:30+01:00", "2026-10-25T10:00+00:00", False),
        ("Europe/London", "2026-10-24T23:30+01:00", "2026-10-25T10:00+00:00", True),
    ],
)
@pytest.mark.skipif(not hasattr(time, "tzset"), reason="the zone is that of the system")
def test_a_later_day_is_one_by_the_clock_on_the_wall(
    practice: Practice, zone: Callable[[str], None], where: str, typed: str, opened: str, asks: bool
) -> None:
    zone(where)
    practice.at = datetime.fromisoformat(typed)
    practice.fill()
    practice.at = datetime.fromisoformat(opened)
    practice.open()
    assert (practice.session.earlier_day is not None) is asks


def test_a_changed_day_says_what_it_changed(practice: Practice) -> None:
    day = date(2026, 11, 20)
    practice.fill(ix__k=result("4.1", day), ix__na=result("140", day))
    practice.session.set("case.date", on(2026, 12, 31))
    practice.session.set("case.date", on(2026, 12, 1))
    assert practice.told == [
        "Now dated 31 Dec 2026: 2 results are now too old to count.",
        "Now dated 1 Dec 2026: 2 results count again.",
    ]


def test_a_result_without_a_date_stays_of_the_day_on_which_it_counted(practice: Practice) -> None:
    pending = Result(items=(Measurement(pending=True),))
    practice.fill(
        ix__k=result("4.1", None), ix__ck=pending, ix__na=result("140", date(2026, 12, 1))
    )
    practice.desk.issue()
    practice.at = datetime(2028, 7, 25, 10, tzinfo=UTC)
    practice.session.set_all(WORSE)
    assert practice.session.case["ix.k"] == result("4.1", date(2026, 11, 25))
    assert practice.session.case["ix.ck"] == pending
    assert practice.session.facts.get("ix.k") is None
    assert practice.told == [
        "Now dated 25 Jul 2028: 1 result without a date counted as of 25 Nov 2026; "
        "2 results are now too old to count."
    ]
    practice.session.undo()
    assert practice.session.case["ix.k"] == result("4.1", None)
    assert practice.desk.state == "issued v1"


def test_a_result_that_is_typed_on_the_new_day_is_of_it(practice: Practice) -> None:
    practice.fill(ix__k=result("4.1", None))
    practice.desk.issue()
    practice.at = DEC
    (old,) = result("4.1", None).items
    new = Measurement(value=Decimal("2.4"), unit="mmol/L")
    practice.session.set("ix.k", Result(items=(old, new)))
    kept = practice.session.case["ix.k"]
    assert isinstance(kept, Result)
    assert [item.date for item in kept.items] == [PartialDate(year=2026, month=11, day=25), None]


def test_a_result_that_is_mended_on_the_new_day_is_of_it(practice: Practice) -> None:
    practice.fill(ix__k=result("4.1", None))
    practice.desk.issue()
    practice.at = DEC
    practice.session.set("ix.k", result("2.4", None))
    assert practice.session.case["ix.k"] == result("2.4", None)


def test_a_new_visit_leaves_the_results_of_the_earlier_one_where_they_were(
    practice: Practice,
) -> None:
    practice.fill(ix__k=result("4.1", None))
    practice.at = datetime(2027, 2, 1, 10, tzinfo=UTC)
    practice.open()
    practice.session.begin_day()
    assert practice.session.case["ix.k"] == result("4.1", date(2026, 11, 25))
    assert practice.session.facts.get("ix.k") is None
    practice.session.undo()
    assert practice.session.case["ix.k"] == result("4.1", None)


def test_a_level_that_follows_the_day_is_told(practice: Practice) -> None:
    twitching = {"neuro.twitching": Finding(present=True), "neuro.weakness": Finding(present=False)}
    practice.fill(patient__dob=on(1981, 12, 10), **twitching)
    assert practice.session.assessment.urgency.level == "routine"
    practice.desk.issue()
    practice.at = DEC
    practice.session.set("patient.phone", Text(text="1"))
    assert practice.session.assessment.urgency.level == "soon"
    assert practice.told == ["Now dated 16 Dec 2026: soon instead of routine."]


# -- a refused issue --------------------------------------------------------------------------------


@pytest.mark.parametrize("missing", ["patient.dob", "referrer.name", "referrer.question"])
def test_a_refused_issue_changes_no_case(practice: Practice, missing: str) -> None:
    practice.fill()
    practice.session.set_all({missing: None, "case.recipients": None})
    before = practice.session.history.n
    with pytest.raises(LetterError):
        practice.desk.issue()
    assert practice.session.history.n == before
    assert "case.date" not in practice.session.case
    assert "case.recipients" not in practice.session.case


def test_an_issue_without_an_address_changes_no_case(practice: Practice) -> None:
    practice.fill()
    practice.desk.settings = practice.desk.settings.model_copy(update={"recipients": {}})
    before = practice.session.history.n
    with pytest.raises(LetterError, match=r"has no address.*triage settings set recipients"):
        practice.desk.issue()
    assert practice.session.history.n == before


def test_pages_that_cannot_be_made_change_no_case(practice: Practice) -> None:
    practice.fill(patient__phone=Text(text="中"))
    practice.session.set("case.recipients", None)
    before = practice.session.history.n
    with pytest.raises(LetterError):
        practice.desk.issue()
    assert practice.session.history.n == before


def test_the_text_of_an_issued_letter_is_what_was_issued(practice: Practice) -> None:
    practice.fill()
    assert "DRAFT" in practice.desk.plain_text()
    practice.desk.issue()
    text = practice.desk.plain_text()
    assert "DRAFT" not in text
    assert "Specimen" in text
    # Another address in the settings is of letters to come.
    address = Address(organisation="Another Hospital", address="9 Other Road")
    others = dict.fromkeys(practice.desk.settings.recipients, address)
    practice.desk.settings = practice.desk.settings.model_copy(update={"recipients": others})
    again = practice.desk.plain_text()
    assert "Another Hospital" not in again
    assert "Specimen" in again
    practice.session.set("rf.fever", Finding(present=True))
    assert "DRAFT" in practice.desk.plain_text()


def test_each_kind_of_letter_is_looked_at_and_issued_for_itself(practice: Practice) -> None:
    practice.fill()
    practice.desk.choose_template("patient_leaflet")
    assert practice.desk.issue() == 1
    leaflet = practice.desk.shown_pdf()
    practice.desk.choose_template("referral_letter")
    assert practice.desk.issued is None
    assert "DRAFT" in practice.desk.plain_text()
    assert practice.desk.issue() == 1
    assert practice.desk.shown_pdf() != leaflet
    practice.desk.choose_template("patient_leaflet")
    assert practice.desk.shown_pdf() == leaflet
    kinds = [(issue.template, issue.version) for issue in practice.draft.issues()]
    assert kinds == [("patient_leaflet", 1), ("referral_letter", 1)]


def test_a_letter_that_could_not_be_kept_leaves_the_case_as_it_was(
    practice: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    practice.fill()
    practice.session.set("case.recipients", None)
    case = practice.session.case

    def full(*_: object) -> None:
        raise StoreError("The disk is full.")

    with monkeypatch.context() as patch:
        patch.setattr(Drafts, "issue", full)
        with pytest.raises(StoreError):
            practice.desk.issue()
    assert practice.session.case == case
    assert (practice.desk.state, practice.listed) == ("draft", "draft")
    assert practice.desk.issue() == 1


@pytest.mark.parametrize(
    "odd", [Date(date=PartialDate(year=2026)), Unable(reason="not known")], ids=["year", "unable"]
)
def test_a_date_of_the_case_that_is_no_day_is_replaced_when_it_is_issued(
    practice: Practice, odd: Value
) -> None:
    practice.fill()
    practice.session.set("case.date", odd)
    practice.desk.issue()
    assert practice.session.case["case.date"] == on(2026, 11, 25)
