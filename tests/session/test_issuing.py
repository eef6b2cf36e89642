"""What is said before an issue: each row is there, and says "none" where there is nothing."""

from __future__ import annotations

from datetime import timedelta

from tests.conftest import AT
from tests.rules.test_contradictions import WARFARIN
from triage.content.form import DATE
from triage.model.values import Decision, Text, Urgency
from triage.session.days import dated
from triage.session.issuing import NONE, IssueRow, issue_rows

from .conftest import Clinic

LABELS = [
    "Patient",
    "To",
    "Level",
    "Provisional",
    "Admitted",
    "Undecided",
    "Addressee",
    "Contradictions",
    "Replaces",
    "Copies",
    "Signed",
]


def rows(clinic: Clinic) -> dict[str, IssueRow]:
    return {row.label: row for row in issue_rows(clinic.session, clinic.desk)}


def test_every_row_is_there_in_order_and_says_something(clinic: Clinic) -> None:
    found = issue_rows(clinic.session, clinic.desk)
    assert [row.label for row in found] == LABELS
    assert all(row.says for row in found)
    assert rows(clinic)["Undecided"].says == NONE
    assert rows(clinic)["Contradictions"].says == NONE
    assert rows(clinic)["Replaces"].says.startswith("Nothing: ")


def test_who_to_whom_and_by_whom_are_named(clinic: Clinic) -> None:
    found = rows(clinic)
    assert found["Patient"].strong == "Iris Specimen"
    assert "born 14 Mar 1968" in found["Patient"].text
    assert found["To"].strong == "General neurology, advice or referral"
    assert found["Signed"].text.startswith("Dr Invented Test, GP")


def test_what_is_open_is_told_by_name(clinic: Clinic) -> None:
    clinic.record(neuro__weakness=True)
    found = rows(clinic)
    missing = clinic.session.assessment.urgency.missing
    assert found["Provisional"].strong == f"Yes: {len(missing)} items of the safety set open."
    assert missing[0].label in found["Provisional"].text
    left = clinic.session.undecided()
    assert found["Undecided"].strong == f"{len(left)} essential tests:"
    assert "Not in the letter." in found["Undecided"].text
    clinic.session.leave_rest_out()
    assert not rows(clinic)["Undecided"].strong


def test_a_level_that_was_lowered_says_what_was_suggested_and_why_not(clinic: Clinic) -> None:
    clinic.record(neuro__dysarthria=True)
    assert rows(clinic)["Level"].tag == "Urgent"
    clinic.session.set("case.urgency", Urgency(level="soon", reason="seen on the ward"))
    level = rows(clinic)["Level"]
    assert level.tag == "Soon"
    assert level.text == "Set by you; suggested: urgent. Your reason: seen on the ward"


def test_contradictions_are_told_settled_or_not(clinic: Clinic) -> None:
    clinic.record(**WARFARIN, emg__anticoagulant="none")
    assert rows(clinic)["Contradictions"].strong == "1, 0 settled with a reason."
    found = clinic.session.recorded.contradictions[0]
    clinic.session.decide(found.id, Decision(decision="accept", reason="stopped on Monday"))
    said = rows(clinic)["Contradictions"]
    assert said.strong == "1, 1 settled with a reason."
    assert found.says in said.text


def test_a_recipient_whom_the_findings_do_not_ask_for_is_told(clinic: Clinic) -> None:
    clinic.record(neuro__dysarthria=True)
    assert rows(clinic)["Addressee"].text == "The findings ask for this service."
    clinic.desk.choose_recipient("vascular")
    assert "ask for neurology" in rows(clinic)["Addressee"].text
    clinic.session.decide("vascular", Decision(decision="accept", reason="Seen there last week"))
    assert rows(clinic)["Addressee"].text.endswith("Seen there last week")


def test_the_version_that_is_replaced_is_named_with_what_changed(clinic: Clinic) -> None:
    # Without its side: a draft marks that, an issued letter says it.
    clinic.record(insp__split_hand=True)
    clinic.desk.issue()
    clinic.session.set("referrer.question", Text(text="Is this really motor neuron disease?"))
    replaces = rows(clinic)["Replaces"]
    assert replaces.strong.startswith("Version 1 of ")
    assert "question" in replaces.text.lower()
    assert "split hand" not in replaces.text.lower()


def test_a_letter_that_is_not_of_today_says_so_before_it_is_issued(clinic: Clinic) -> None:
    assert not rows(clinic)["Signed"].strong
    earlier = {
        DATE: dated(AT.date() - timedelta(days=2)),
        "referrer.phone": Text(text="01632 960000"),
    }
    clinic.session.set_all(earlier)
    assert rows(clinic)["Signed"].strong == "Dated 20 Nov 2026, not today."
    clinic.session.begin_day()
    assert not rows(clinic)["Signed"].strong
