"""The review of a case: what stops the letter, what is doubtful, open and to be decided, and what was recorded."""

from __future__ import annotations

from tests.rules.test_contradictions import WARFARIN
from triage.letter.words.said.line import Mark, Said
from triage.model.values import Decision
from triage.session.own import filled
from triage.session.review import SETTING, TEST, Chapter, Review, Reviewer
from triage.settings import Sender, Settings

from .conftest import Clinic


def review(clinic: Clinic) -> Review:
    return Reviewer(clinic.session, clinic.desk).review()


def line(chapter: Chapter, start: str) -> Said:
    return next(said for said in chapter.lines if said.text.startswith(start))


def test_the_chapters_stand_in_the_order_in_which_they_are_looked_at(clinic: Clinic) -> None:
    assert [chapter.title for chapter in review(clinic).chapters] == [
        "Stops the letter",
        "Look again",
        "Could raise the level",
        "To decide",
        "Would it be returned?",
        "Left open",
        "Recorded",
    ]


def test_what_stops_the_letter_is_what_the_letter_says_and_leads_there(clinic: Clinic) -> None:
    clinic.record(**WARFARIN, emg__anticoagulant="none")
    stops = review(clinic).stops
    assert [said.text for said in stops.lines] == [p.says for p in clinic.desk.problems()]
    found = clinic.session.recorded.contradictions[0]
    assert line(stops, found.says).keys[0] in found.answers
    assert stops.mark is Mark.UNEQUAL
    assert review(clinic).head.endswith("stop the letter") or "1 stops" in review(clinic).head


def test_a_missing_address_leads_to_the_settings(clinic: Clinic) -> None:
    clinic.desk.settings = Settings()
    stop = line(review(clinic).stops, "General neurology, advice or referral has no address")
    assert stop.keys == (f"{SETTING}recipients.neurology",)
    assert stop.note == "settings"


def test_a_case_that_nothing_stops_says_so(clinic: Clinic) -> None:
    assert clinic.obstacles() == []
    stops = review(clinic).stops
    assert [said.text for said in stops.lines] == ["Nothing stops it."]
    assert stops.mark is Mark.DONE


def test_what_cannot_be_is_to_be_looked_at_again(clinic: Clinic) -> None:
    assert not review(clinic).look_again.lines
    clinic.record(patient__weight_kg="720 kg")
    (again,) = review(clinic).look_again.lines
    assert again.text.startswith("Weight: 720 kg")
    assert again.keys == ("patient.weight_kg",)


def test_an_open_answer_that_could_raise_the_level_leads_to_its_question(clinic: Clinic) -> None:
    clinic.record(neuro__weakness=True)
    chapter = review(clinic).could_raise
    assert chapter.lines
    assert all(said.keys and said.keys[0] not in clinic.session.case for said in chapter.lines)
    missing = clinic.session.assessment.urgency.missing
    assert f"{len(missing)} of the safety set" in chapter.note
    clinic.record(rf__breathless_rest=True)
    asides = {said.aside for said in review(clinic).could_raise.lines}
    # Nothing is graver than an emergency.
    assert asides <= {"safety set"}


def test_the_essential_tests_are_to_be_decided_here(clinic: Clinic) -> None:
    clinic.record(neuro__weakness=True)
    found = review(clinic)
    rules = [test.rule for test in found.to_decide.decisions]
    assert set(clinic.session.undecided()) == set(rules)
    assert found.to_decide.note == f"{len(rules)} of {len(rules)} essential tests not decided"
    assert line(found.stops, "Essential and not decided").keys == (TEST,)
    clinic.session.decide(rules[0], Decision(decision="accept"))
    note = f"{len(rules) - 1} of {len(rules)} essential tests not decided"
    assert review(clinic).to_decide.note == note
    clinic.session.accept_essential()
    assert review(clinic).to_decide.note == f"{len(rules)} essential tests decided"


def test_what_a_recipient_would_miss_leads_to_the_first_of_it(clinic: Clinic) -> None:
    clinic.record(neuro__dysarthria=True)
    said = line(review(clinic).returned, "General neurology, advice or referral: ")
    kinds = [lack for lack in clinic.desk.preflight() if lack.found.returns]
    assert (": lacks " in said.text) is bool(kinds)
    assert set(said.keys) >= set(kinds[0].found.answers)


def test_what_was_left_open_is_the_core_path(clinic: Clinic) -> None:
    chapter = review(clinic).left_open
    keys = [key for said in chapter.lines for key in said.keys]
    assert keys
    form = clinic.session.form
    steps = [form.in_block(k) if k in form.blocks else (form.questions[k],) for k in keys]
    assert not any(all(map(clinic.session.is_complete, step)) for step in steps)
    assert all(q.core or form.blocks[q.block].core for step in steps for q in step)
    assert any("Brain, heart and heat" in said.text for said in chapter.lines)
    assert chapter.note == f"{len(keys)} questions of the core path"


def test_what_was_recorded_is_told_by_section_and_denials_are_counted(clinic: Clinic) -> None:
    clinic.record(rf__weight_loss=True)
    clinic.session.answer_block(clinic.session.form.blocks["spine"])
    said = line(review(clinic).recorded, "Red flags: ")
    assert "weight" in said.text.lower()
    assert said.note == "No: 4, 4 of them as blocks"
    assert review(clinic).recorded.note.endswith(", 4 as blocks")


def test_what_the_settings_fill_in_is_no_answer(clinic: Clinic) -> None:
    sender = Sender(
        name="Dr Ruth SAMPLE", role="gp", org="Example Street Surgery", phone="01632 960102"
    )
    clinic.desk.settings = Settings(senders={"gp1": sender}, profile="uk")
    clinic.session.set_all(dict.fromkeys(clinic.session.case))
    clinic.session.set_all(dict(filled({}, clinic.desk.settings, clinic.session.form)))
    found = review(clinic)
    assert found.head.startswith("0 answers recorded")
    assert not found.recorded.lines
    clinic.record(referrer__phone="01632 960199")
    assert review(clinic).head.startswith("1 answer recorded")


def test_no_id_is_on_the_page(clinic: Clinic) -> None:
    clinic.record(**WARFARIN, emg__anticoagulant="none")
    clinic.record(neuro__weakness=True, patient__weight_kg="720 kg")
    content = clinic.session.content
    ids = {name for name in (*content.rules, *content.form.slots) if "_" in name or "." in name}
    for chapter in review(clinic).chapters:
        for said in chapter.lines:
            assert not set(f"{said.text} {said.note}".split()) & ids
