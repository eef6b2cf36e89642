"""What stands against issuing: each obstacle leads to its question, and a refused issue changes nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.conftest import AT, the_settings
from tests.rules.test_contradictions import WARFARIN
from tests.store.helpers import CHEAP
from triage.errors import LetterError, StoreError
from triage.model.history import History
from triage.model.values import Choice, Decision, Finding, Rewritten, Text, Unable, Urgency
from triage.pdf.readback import read_text
from triage.rules.assess import Assessor
from triage.rules.kept import Kept
from triage.session import Session
from triage.session.draft import DraftStore
from triage.session.letters import LetterDesk
from triage.session.session import Changed
from triage.store import Drafts, Issue, create_keys

from .conftest import Clinic

# -- the same fact twice ----------------------------------------------------------------------------


def test_a_contradiction_stops_the_issue_and_leads_to_its_answer(clinic: Clinic) -> None:
    clinic.record(**WARFARIN, emg__anticoagulant="none")
    ((says, question),) = clinic.obstacles()
    assert says.startswith("An anticoagulant is among the medicines; the risks for EMG say none.")
    assert question == "emg.anticoagulant"
    with pytest.raises(LetterError, match="An anticoagulant is among the medicines"):
        clinic.desk.issue()


def test_it_is_issued_once_an_answer_changes(clinic: Clinic) -> None:
    clinic.record(**WARFARIN, emg__anticoagulant="none")
    clinic.session.set("emg.anticoagulant", Choice(option="warfarin"))
    assert clinic.obstacles() == []
    assert clinic.desk.issue() == 1


def test_it_is_issued_once_the_clinician_says_which_holds_and_why(clinic: Clinic) -> None:
    clinic.record(**WARFARIN, emg__anticoagulant="none")
    clinic.session.decide("K01", Decision(decision="accept", reason="Warfarin stopped on Monday"))
    assert clinic.desk.issue() == 1
    issued = clinic.desk.issued
    assert issued is not None
    assert "The sender says: Warfarin stopped on Monday." in _pages(issued.pdf)
    assert "NOT SETTLED" not in _pages(issued.pdf)


def test_one_key_over_the_strip_beside_warfarin_can_be_issued_and_denies_nothing(
    clinic: Clinic,
) -> None:
    clinic.record(**WARFARIN, **{"meds.classes.warfarin": True})
    clinic.session.answer_block(clinic.session.form.blocks["strip"])
    assert "emg.anticoagulant" not in clinic.session.case
    clinic.session.decide("t_emg", Decision(decision="accept"))
    assert clinic.obstacles() == []
    pages = _pages(clinic.desk.shown_pdf())
    assert "Anticoagulant: warfarin." in pages
    assert "No anticoagulant" not in pages
    clinic.desk.choose_recipient("neurophysiology")
    assert clinic.obstacles() == []
    pages = _pages(clinic.desk.shown_pdf())
    assert "YES: warfarin" in pages
    assert "Also no: antiplatelet" in pages


def test_a_leftover_and_a_value_that_cannot_be_stop_nothing(clinic: Clinic) -> None:
    clinic.record(cramp__urge_to_move=False, cramp__urge_relieved_by_moving=True)
    clinic.record(patient__weight_kg="720 kg")
    assert clinic.session.assessment.contradictions[0].leftover
    assert clinic.session.assessment.to_check
    assert clinic.obstacles() == []


# -- to whom ----------------------------------------------------------------------------------------


def test_a_letter_to_whom_the_findings_do_not_ask_for_is_not_issued_without_a_reason(
    clinic: Clinic,
) -> None:
    clinic.record(neuro__dysarthria=True)
    clinic.session.leave_rest_out()
    clinic.desk.choose_recipient("vascular")
    (obstacle,) = clinic.desk.problems()
    assert obstacle.says == (
        "The findings ask for neurology; the letter goes to Vascular service. Choose another recipient, or say why."
    )
    assert obstacle.recipient == "vascular"
    with pytest.raises(LetterError, match=r'"decisions": \{"vascular"'):
        clinic.desk.issue()
    clinic.session.decide("vascular", Decision(decision="accept", reason="Seen there last week"))
    assert clinic.desk.problems() == ()
    assert clinic.desk.issue() == 1
    issued = clinic.desk.issued
    assert issued is not None
    assert "Why here: Seen there last week." in _pages(issued.pdf)


def test_the_reason_for_one_recipient_settles_nothing_at_another(clinic: Clinic) -> None:
    clinic.record(neuro__dysarthria=True)
    clinic.session.leave_rest_out()
    clinic.session.decide("vascular", Decision(decision="accept", reason="Seen there last week"))
    clinic.desk.choose_recipient("renal")
    assert [obstacle.recipient for obstacle in clinic.desk.problems()] == ["renal"]
    clinic.desk.choose_recipient("neurology")
    assert clinic.desk.issue() == 1
    issued = clinic.desk.issued
    assert issued is not None
    assert "Why here" not in _pages(issued.pdf)


def test_a_letter_goes_first_to_whom_the_findings_ask_for(clinic: Clinic) -> None:
    clinic.session.set("case.recipients", None)
    clinic.record(neuro__dysarthria=True)
    assert clinic.desk.recipient == "neurology"
    clinic.record(rf__stridor=True)
    assert clinic.desk.recipient == "emergency_team"


def test_what_would_be_returned_stops_no_issue(clinic: Clinic) -> None:
    kinds = {lack.found.kind for lack in clinic.desk.preflight()}
    assert "missing_must" in kinds
    assert clinic.desk.problems() == ()


def test_a_laboratory_needs_a_study_and_its_safety_answers(clinic: Clinic) -> None:
    clinic.desk.choose_recipient("neurophysiology")
    assert clinic.obstacles() == [
        ("No study is asked for: accept at least one.", ""),
        ("Safety answer missing: anticoagulant.", "emg.anticoagulant"),
        ("Safety answer missing: implanted device.", "emg.pacemaker"),
        ("Safety answer missing: lymphoedema.", "emg.lymphoedema"),
        ("Safety answer missing: infection.", "emg.skin_infection"),
    ]
    with pytest.raises(LetterError, match="No study is asked for"):
        clinic.desk.issue()
    clinic.session.answer_block(clinic.session.form.blocks["strip"])
    clinic.session.decide("t_emg", Decision(decision="accept"))
    assert clinic.obstacles() == []


# -- an emergency ----------------------------------------------------------------------------------


def test_a_call_of_a_day_to_come_stops_the_issue_and_one_of_a_time_to_come_is_remarked_on(
    clinic: Clinic,
) -> None:
    clinic.record(rf__breathless_rest=True, call__who="Dr A", call__when="tomorrow, 10:00")
    clinic.desk.choose_recipient("emergency_team")
    asked = [question for says, question in clinic.obstacles() if "a day that" in says]
    assert asked == ["call.when"]
    clinic.record(call__when="23:50")
    assert not any("to come" in says for says, _ in clinic.obstacles())
    assert [r.question for r in clinic.desk.remarks() if "to come" in r.says] == ["call.when"]
    clinic.record(call__when="00:10")
    assert not any("to come" in r.says for r in clinic.desk.remarks())


# -- words of one's own ------------------------------------------------------------------------------


@pytest.mark.parametrize("gap", ["«side»", "☐ asked for", "□", "\uf06f", "[ ] asked for", "[]"])
def test_a_gap_or_a_box_in_rewritten_words_stops_the_issue(clinic: Clinic, gap: str) -> None:
    clinic.record(neuro__dysarthria=True)
    clinic.session.leave_rest_out()
    (words,) = (w for w in clinic.desk.rewritable() if w.id == "history")
    clinic.session.set(words.key, Rewritten(text=f"Slurred {gap}", instead_of=words.composed))
    assert [o.block for o in clinic.desk.problems()] == ["history"]
    with pytest.raises(LetterError, match="History was rewritten and has a gap left"):
        clinic.desk.issue()


def test_the_level_is_called_in_plain_words_where_it_is_rewritten(clinic: Clinic) -> None:
    clinic.record(neuro__dysarthria=True)
    assert [w.heading for w in clinic.desk.rewritable()][:2] == ["Level and reasons", "Beware"]


def test_what_is_pasted_holds_no_sign_that_is_unseen_on_paper(clinic: Clinic) -> None:
    clinic.record(neuro__dysarthria=True)
    clinic.session.leave_rest_out()
    (words,) = (w for w in clinic.desk.rewritable() if w.id == "history")
    text = "Slurred\u202e since May\u200f.\n \n\n\nTwo\u00adfold \ufdd0bold\ufdd1.\tEnd\r\nof it"
    clinic.session.set(words.key, Rewritten(text=text, instead_of=words.composed))
    assert clinic.obstacles() == []
    says = "Slurred since May.\n\nTwofold bold.    End\nof it"
    assert says in clinic.desk.plain_text()
    clinic.session.set("note.complaint", Text(text="Bell\x07 and \x00 nothing"))
    assert "Bell[U+0007] and [U+0000] nothing" in clinic.desk.plain_text()
    clinic.session.set("note.complaint", None)
    clinic.desk.issue()
    assert says in clinic.desk.plain_text()
    assert " ".join(says.split()) in _pages(clinic.desk.shown_pdf())


def test_who_set_the_level_and_what_was_not_asked_stay_beside_rewritten_reasons(
    clinic: Clinic,
) -> None:
    clinic.record(neuro__dysarthria=True)
    clinic.session.leave_rest_out()
    clinic.session.set("case.urgency", Urgency(level="soon", reason="Stable for a year"))
    words = clinic.desk.rewritable()[0]
    assert words.id == "level"
    assert "Stable for a year" not in words.composed
    clinic.session.set(words.key, Rewritten(text="It is slow.", instead_of=words.composed))
    assert clinic.obstacles() == []
    assert clinic.desk.issue() == 1
    page = _pages(clinic.desk.shown_pdf())
    assert "It is slow. Provisional: " in page
    assert "Level set by the sender: soon" in page
    assert "Stable for a year" in page


def test_the_same_letter_is_not_issued_twice(clinic: Clinic) -> None:
    clinic.desk.issue()
    with pytest.raises(LetterError, match="issued already"):
        clinic.desk.issue()
    assert len(clinic.desk.issues) == 1


def test_no_letter_rests_on_what_was_kept_from_earlier_answers(
    tmp_path: Path, assessor: Assessor, monkeypatch: pytest.MonkeyPatch
) -> None:
    assessor = Assessor(assessor.content)
    folder = tmp_path / "store"
    with DraftStore(folder, create_keys(folder, "correct horse", cost=CHEAP), lambda: AT) as store:
        clinic = Clinic(assessor, store)
        # As if nothing were known of what rests on an answer.
        monkeypatch.setattr(Kept, "_drop", lambda kept, names: None)
        shown = clinic.session.assessment
        clinic.session.set("rf.breathless_rest", Finding(present=True))
        assert clinic.session.assessment.urgency.level == shown.urgency.level
        told: list[Changed] = []
        clinic.session.subscribe(told.append)
        with pytest.raises(LetterError, match="worked out anew"):
            clinic.desk.issue()
        assert told
        assert not clinic.desk.issues
        assert clinic.session.assessment.urgency.level == "emergency"


@pytest.mark.parametrize("text", [" \n", "\u200b", "."])
def test_words_without_a_word_hide_no_block(clinic: Clinic, text: str) -> None:
    clinic.record(neuro__dysarthria=True)
    clinic.session.leave_rest_out()
    (words,) = (w for w in clinic.desk.rewritable() if w.id == "beware")
    before = clinic.desk.plain_text()
    clinic.session.set(words.key, Rewritten(text=text, instead_of=words.composed))
    assert clinic.desk.problems() == ()
    changed = [line for line in clinic.desk.plain_text().splitlines() if line not in before]
    assert not any("BEWARE" in line for line in changed)
    assert "BEWARE: " in clinic.desk.plain_text()
    assert not any(w.typed for w in clinic.desk.rewritable())


def test_words_for_a_block_that_no_letter_has_any_more_are_told_of(clinic: Clinic) -> None:
    clinic.session.set("letter.banner", Rewritten(text="Please see her soon. " * 9))
    assert clinic.desk.problems() == ()
    (remark,) = (r for r in clinic.desk.remarks() if "printed nowhere" in r.says)
    assert "“Please see her soon." in remark.says
    # A block of another kind of letter is printed there.
    clinic.session.set("letter.banner", None)
    clinic.session.set("letter.request_history", Rewritten(text="Weak hand."))
    assert not any("printed nowhere" in r.says for r in clinic.desk.remarks())


def test_long_words_of_ones_own_are_remarked_on(clinic: Clinic) -> None:
    clinic.record(neuro__dysarthria=True)
    (words,) = (w for w in clinic.desk.rewritable() if w.id == "history")
    clinic.session.set(words.key, Rewritten(text="word " * 400, instead_of=words.composed))
    (remark,) = (r for r in clinic.desk.remarks() if "1,999 characters" in r.says)
    assert (remark.block, remark.question) == ("history", "")


# -- withdrawn ---------------------------------------------------------------------------------------


def test_a_withdrawn_letter_is_stamped_on_each_page_the_same_each_time(clinic: Clinic) -> None:
    clinic.desk.issue()
    issued = clinic.desk.issued
    assert issued is not None
    # A reason of any length is cut on paper, at once, and whole in the text.
    clinic.desk.withdraw(issued, "sent to the wrong clinic, " * 2_000)
    clinic.desk.choose_issue(clinic.desk.issues[0])
    stamped = clinic.desk.shown_pdf()
    pages = read_text(stamped)
    assert len(pages) == len(read_text(issued.pdf))
    assert all("WITHDRAWN 22 November 2026, do not act on it: sent" in page for page in pages)
    assert clinic.desk.shown_pdf() == stamped
    assert clinic.desk.plain_text().count("sent to the wrong clinic") >= 2_000


# -- file names --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("recipient", "template", "kind"),
    [
        ("neurology", "", "referral-letter"),
        ("neurophysiology", "", "emg-request"),
        ("neurology", "patient_leaflet", "patient-leaflet"),
    ],
)
def test_a_file_is_named_by_its_kind_and_its_document(
    clinic: Clinic, recipient: str, template: str, kind: str
) -> None:
    clinic.session.answer_block(clinic.session.form.blocks["strip"])
    clinic.session.decide("t_emg", Decision(decision="accept"))
    clinic.desk.choose_recipient(recipient)
    clinic.desk.choose_template(template)
    document = clinic.desk.drafted.document
    assert clinic.desk.file_name == f"draft-{kind}-{document}.pdf"
    clinic.desk.issue()
    name = clinic.desk.file_name
    assert name.startswith(f"{kind}-")
    assert name.endswith("-v1.pdf")
    assert name.removeprefix(f"{kind}-").removesuffix("-v1.pdf") in _pages(clinic.desk.shown_pdf())


def test_what_goes_in_place_of_the_letter_in_an_emergency_has_its_name(clinic: Clinic) -> None:
    clinic.record(rf__breathless_rest=True, call__who="Dr A", call__when="09:10")
    clinic.desk.choose_recipient("neurology")
    clinic.desk.choose_template("referral_letter")
    assert clinic.desk.file_name.startswith("draft-emergency-letter-")
    clinic.session.decide("neurology", Decision(decision="accept", reason="On call there"))
    clinic.desk.issue()
    assert clinic.desk.file_name.startswith("emergency-letter-")


# -- a refused issue --------------------------------------------------------------------------------


def test_a_refused_issue_changes_nothing_in_the_case(clinic: Clinic) -> None:
    clinic.session.set("case.recipients", None)
    clinic.session.set("case.date", None)
    clinic.session.set("referrer.name", None)
    before = clinic.session.history.n
    with pytest.raises(LetterError, match="sender"):
        clinic.desk.issue()
    assert clinic.session.history.n == before
    assert "case.date" not in clinic.session.case


# -- what the font lacks ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [
        ("note.complaint", Text(text="told in 中文"), "Complaint, notes: "),
        ("referrer.question", Text(text="שלום?"), "What do you want to know: "),
        ("sys.cancer", Finding(present=True, text="Ca 😀"), "Cancer, now or past: "),
        ("patient.weight_kg", Unable(reason="scales \x07"), "Weight: "),
        ("case.urgency", Urgency(level="urgent", reason="見る"), "The reason for the level: "),
        (
            "decision.t_emg",
            Decision(decision="decline", reason="見る"),
            "The reason for a decision: ",
        ),
    ],
)
def test_what_the_font_lacks_is_listed_with_its_field(
    clinic: Clinic, key: str, value: Any, says: str
) -> None:
    clinic.session.set(key, value)
    ((told, question),) = clinic.obstacles()
    assert told.startswith(f"{says}the letter's font lacks ")
    assert "[U+" in told
    assert told.endswith(": retype it.")
    assert question == key
    with pytest.raises(LetterError, match="the letter's font lacks"):
        clinic.desk.issue()


def test_each_field_with_such_a_sign_is_listed(clinic: Clinic) -> None:
    clinic.session.set("note.complaint", Text(text="中"))
    clinic.record(
        meds__list=[{"name": "中 \x00 tablets"}], patient__allergies=[{"substance": "penicillin"}]
    )
    told = {question: says for says, question in clinic.obstacles()}
    assert set(told) == {"note.complaint", "meds.list"}
    assert "a control character [U+0000]" in told["meds.list"]
    assert "a private sign" not in told["meds.list"]


def test_bullets_and_ticks_of_word_are_issued(clinic: Clinic) -> None:
    text = "\uf0b7 worse at night\n✓ stretching helps\n♀ friend affected too"
    clinic.session.set("note.complaint", Text(text=text))
    assert clinic.obstacles() == []
    assert clinic.desk.issue() == 1
    issued = clinic.desk.issued
    assert issued is not None
    pages = _pages(issued.pdf)
    for line in ("• worse at night", "yes stretching helps", "female friend affected too"):
        assert line in pages
    assert "• worse at night" in clinic.desk.plain_text()


def _pages(pdf: bytes) -> str:
    return " ".join(" ".join(read_text(pdf)).split())


# -- an issue that fails ----------------------------------------------------------------------------


@pytest.mark.parametrize("is_kept", [True, False])
def test_an_issue_that_failed_at_its_end_is_looked_for_before_anything_is_said(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch, is_kept: bool
) -> None:
    honest = Drafts.issue

    def failing(drafts: Drafts, draft: str, issue: Issue) -> None:
        if is_kept:
            honest(drafts, draft, issue)
        raise StoreError("The disk does not answer as it should.")

    monkeypatch.setattr(Drafts, "issue", failing)
    before = dict(clinic.session.case)
    if is_kept:
        assert clinic.desk.issue() == 1
        assert clinic.desk.state == "issued v1"
        return
    with pytest.raises(StoreError):
        clinic.desk.issue()
    assert clinic.desk.state == "draft"
    assert dict(clinic.session.case) == before
    assert list(clinic.draft.issues()) == []


# -- against the advice -----------------------------------------------------------------------------

AGAINST = {
    "sys__diabetes": "type2",
    "neuro__numbness_tingling": True,
    "neuro__sensory_distribution": "feet_symmetric",
    "neuro__weakness": False,
    "cramp__course": "stable",
}


def test_a_test_that_is_not_indicated_is_not_asked_for_without_a_reason(clinic: Clinic) -> None:
    clinic.record(**AGAINST)
    clinic.session.leave_rest_out()
    clinic.session.decide("t_ncs", Decision(decision="accept", reason=" "))
    (obstacle,) = clinic.desk.problems()
    assert obstacle.says.startswith("Requested although not indicated on what is recorded: NCS.")
    assert '"t_ncs": {"decision": "accept", "reason"' in obstacle.remedy
    with pytest.raises(LetterError, match="not indicated on what is recorded: NCS"):
        clinic.desk.issue()


def test_with_a_reason_it_is_issued_and_the_pages_say_so(clinic: Clinic) -> None:
    clinic.record(**AGAINST)
    clinic.session.leave_rest_out()
    clinic.session.decide("t_ncs", Decision(decision="accept", reason="before surgery"))
    assert not clinic.desk.problems()
    assert clinic.desk.issue() == 1
    issued = clinic.desk.issued
    assert issued is not None
    says = "(NCS), although not indicated on what is recorded: Before surgery."
    assert says in _pages(issued.pdf)
    assert says in " ".join(clinic.desk.plain_text().split())


# -- the letterhead -----------------------------------------------------------------------------------


def test_a_letterhead_that_is_gone_stops_the_issue_until_it_is_taken_out(
    clinic: Clinic, tmp_path: Path
) -> None:
    logo = tmp_path / "logo.svg"
    bare = clinic.desk.shown_pdf()
    clinic.desk.settings = clinic.desk.settings.model_copy(update={"letterhead": str(logo)})
    says = [o.says for o in clinic.desk.problems() if "letterhead" in o.says]
    assert len(says) == 1
    assert "cannot be read" in says[0]
    logo.write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><path d="M0 0h9v9z"/></svg>'
    )
    assert not any("letterhead" in o.says for o in clinic.desk.problems())
    assert clinic.desk.shown_pdf() != bare
    clinic.desk.settings = clinic.desk.settings.model_copy(update={"letterhead": ""})
    assert clinic.desk.shown_pdf() == bare


def test_what_is_sensitive_and_told_is_shown_to_the_sender_first(assessor: Assessor) -> None:
    def seen(recipient: str) -> list[str]:
        history = History()
        history.change({"soc.nitrous_oxide": Finding(present=True)}, AT)
        desk = LetterDesk(Session(assessor, history, lambda: AT), None, lambda: AT, the_settings())
        desk.choose_recipient(recipient)
        return [str(remark) for remark in desk.remarks() if "Sensitive" in remark.says]

    (told,) = seen("neuromuscular")
    assert told.startswith("Sensitive, and told to Neuromuscular / MND clinic")
    assert seen("vascular") == []
