"""A service with several addresses: nobody guesses which, and a letter knows where it went."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.conftest import AT, answers, case_from, the_assessor, the_content, the_settings
from tests.session.conftest import WHO
from tests.store.helpers import CHEAP
from triage.errors import LetterError, SettingsError
from triage.letter.carried import read_carried
from triage.model.values import Text
from triage.pdf.opening import open_pdf
from triage.pdf.readback import read_text
from triage.session import Session
from triage.session.draft import DraftStore
from triage.session.letters import LetterDesk
from triage.session.own import check_settings
from triage.session.review import LETTER, Reviewer
from triage.settings import Settings
from triage.settings.file import changed, parse_settings
from triage.store import create_keys

FIRST, SECOND = "neurology", "neurology:2"
INFIRMARY = {
    "department": "Department of Neurology",
    "organisation": "Invented Infirmary",
    "address": "5 Nowhere Road\nTestford TS9 9ZZ",
    "phone": "01632 960444",
}


def _two() -> Settings:
    return changed(the_settings(), f"recipients.{SECOND}", INFIRMARY)


class Clinic:
    """Cases in one store, and the desk of the newest."""

    def __init__(self, store: DraftStore) -> None:
        self.store, self.now = store, AT
        self.new()

    def clock(self) -> datetime:
        return self.now

    def new(self) -> None:
        self.now += timedelta(days=1)
        draft = self.store.create(the_content())
        self.session = Session(the_assessor(), draft.history, self.clock, keep=draft.submit)
        self.desk = LetterDesk(self.session, draft, self.clock, _two())
        self.session.set_all(dict(case_from(answers() | WHO)))


@pytest.fixture
def clinic(tmp_path: Path) -> Iterator[Clinic]:
    keys = create_keys(tmp_path, "correct horse", cost=CHEAP)
    with DraftStore(tmp_path, keys, lambda: AT) as store:
        yield Clinic(store)


def _page(desk: LetterDesk) -> str:
    shown = desk.shown
    assert shown is not None
    return " ".join(" ".join(read_text(shown.pdf)).split())


def test_with_several_addresses_and_none_chosen_the_issue_asks(clinic: Clinic) -> None:
    desk = clinic.desk
    assert desk.addressee == ""
    assert "Nowhere Road" not in desk.plain_text()
    assert "«address of the recipient»" in desk.plain_text()
    (obstacle,) = [o for o in desk.problems() if o.address]
    assert "has 2 addresses: choose where this letter goes." in obstacle.says
    # In the review it leads to the letter, where it is chosen.
    stops = Reviewer(clinic.session, desk).review().stops.lines
    assert next(line.keys for line in stops if line.text == obstacle.says) == (LETTER,)
    with pytest.raises(LetterError, match="has 2 addresses"):
        desk.issue()
    desk.choose_addressee(SECOND)
    assert not desk.problems()


def test_the_letter_and_its_record_name_the_address_that_was_chosen(clinic: Clinic) -> None:
    desk = clinic.desk
    desk.choose_addressee(SECOND)
    desk.issue()
    assert "Department of Neurology, Invented Infirmary, 5 Nowhere Road" in _page(desk)
    (issue,) = desk.issues
    assert issue.recipient == SECOND
    assert desk.name_of(SECOND).endswith(", Invented Infirmary, Department of Neurology")
    carried = read_carried(open_pdf(issue.pdf).carried, lambda _: the_content())
    assert carried.made_again
    assert carried.about.recipient == FIRST
    assert carried.address.organisation == "Invented Infirmary"
    # The case names the service, which every clinic knows.
    assert clinic.session.case["case.recipients"].names == (FIRST,)  # type: ignore[union-attr]


def test_a_letter_to_the_second_hospital_tells_it_to_destroy_nothing_of_the_first(
    clinic: Clinic,
) -> None:
    desk = clinic.desk
    desk.choose_addressee(FIRST)
    desk.issue()
    desk.choose_addressee(SECOND)
    assert desk.issued is None
    desk.issue()
    assert [(i.version, i.recipient) for i in desk.issues] == [(1, FIRST), (1, SECOND)]
    assert desk.issues[0].pdf != desk.issues[1].pdf
    clinic.session.set("patient.phone", Text(text="01632 960001"))
    # What is sent again goes where the last one went.
    again = LetterDesk(clinic.session, desk._draft, clinic.clock, _two())
    assert again.addressee == SECOND
    again.issue()
    assert "Replaces Version 1" in _page(again)


def test_the_address_used_last_is_the_first_to_choose_and_is_not_chosen(clinic: Clinic) -> None:
    assert clinic.desk.addressees == (FIRST, SECOND)
    clinic.desk.choose_addressee(SECOND)
    clinic.desk.issue()
    clinic.new()
    assert clinic.desk.addressees == (SECOND, FIRST)
    assert clinic.desk.addressee == ""


def test_one_address_needs_no_choice_whatever_its_number(clinic: Clinic) -> None:
    clinic.desk.settings = changed(_two(), f"recipients.{FIRST}", None)
    assert clinic.desk.addressees == ()
    assert clinic.desk.addressee == SECOND
    assert not clinic.desk.problems()


def test_settings_of_before_are_read_on_and_a_second_address_needs_a_known_service() -> None:
    old = parse_settings('{"recipients": {"neurology": {"address": "1 Example Street"}}}')
    assert old.addressee_of(FIRST) == FIRST
    assert old.address_of(FIRST).address == "1 Example Street"
    check_settings(_two(), the_content())
    for key in ("neurolgy:2", "neurology:1", "neurology:"):
        with pytest.raises(SettingsError):
            check_settings(changed(old, f"recipients.{key}", INFIRMARY), the_content())
