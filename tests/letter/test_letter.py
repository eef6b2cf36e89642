"""The letter as a whole: everything recorded is told, and nothing is promised that was not decided."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import AT, TODAY, answers, case_from, the_assessor, the_settings, vignettes
from tests.letter.letters import block_text, letter_of, page_one, record_text
from triage.bench.everything import decided_case, full_case
from triage.content import Content
from triage.errors import LetterError
from triage.letter.build import build_letter, uncovered
from triage.letter.check import before_issuing, problems_before_issue
from triage.letter.plain import plain_text
from triage.letter.statements import Letter
from triage.model.case import Case
from triage.model.values import Decision, Finding, Names, Rewritten, Row, Table, Text, Urgency

SAMPLES = Path(__file__).parents[2] / "forms" / "muscle_cramps" / "cases"
CLINICIAN = ("referral_letter", "emg_request")
RECIPIENT = {"referral_letter": "neurology", "emg_request": "neurophysiology"}


def make(content: Content, case: Case, template: str = "referral_letter", **more: Any) -> Letter:
    more.setdefault("settings", the_settings())
    recipient = more.pop("recipient", None)
    assessment = the_assessor().assess(case, TODAY)
    return build_letter(content, case, assessment, template, recipient, TODAY, **more)


def sample(name: str = "sample") -> Case:
    return case_from(json.loads((SAMPLES / f"{name}.json").read_text()))


# -- nothing recorded is lost -----------------------------------------------------------------------


@pytest.mark.parametrize("template", CLINICIAN)
@pytest.mark.parametrize("path", vignettes(), ids=lambda p: p.stem)
def test_every_recorded_answer_is_told(content: Content, path: Path, template: str) -> None:
    data = json.loads(path.read_text())
    case = case_from(data.get("case", data))
    assert uncovered(make(content, case, template, recipient=RECIPIENT[template]), case) == set()


@pytest.mark.parametrize("template", CLINICIAN)
def test_every_key_of_the_form_is_told(content: Content, template: str) -> None:
    # The request leaves the record to a clinic that has one.
    alone = {"case.recipients": Names(names=(RECIPIENT[template],))}
    for case in (full_case(content), decided_case(content).with_(alone)):
        assert (
            uncovered(make(content, case, template, recipient=RECIPIENT[template]), case) == set()
        )


@pytest.mark.parametrize("template", CLINICIAN)
def test_each_key_alone_is_told(content: Content, template: str) -> None:
    whole = decided_case(content)
    for key in list(whole)[::7]:
        case = Case({"case.date": whole["case.date"], key: whole[key]})
        assert uncovered(make(content, case, template), case) == set(), key


def test_what_is_no_longer_asked_is_told(content: Content) -> None:
    case = Case({"old.question": Finding(present=True), "note.complaint": Text(text="story")})
    letter = make(content, case)
    assert uncovered(letter, case) == set()
    assert "Old.question (no longer asked): present" in record_text(letter)


def test_the_same_case_gives_the_same_letter(content: Content) -> None:
    assert make(content, sample()) == make(content, sample())
    assert make(content, sample()).day == date(2026, 11, 22)


# -- a draft is never refused -----------------------------------------------------------------------


@pytest.mark.parametrize("template", [*CLINICIAN, "patient_leaflet", "emergency_letter"])
def test_an_empty_case_makes_a_draft_and_claims_nothing(content: Content, template: str) -> None:
    text = page_one(make(content, Case(), template))
    assert "DRAFT" in text
    assert not re.search("no red flag|denies|None elsewhere|does not apply", text, re.IGNORECASE)


def test_a_case_without_findings_has_no_level_as_on_the_screen(content: Content) -> None:
    named = Case({"patient.family_name": Text(text="SPECIMEN")})
    assert "NO LEVEL" in page_one(make(content, named))
    for key, value in (
        ("neuro.weakness", Finding(present=False)),
        ("case.urgency", Urgency(level="routine", reason="seen last week")),
    ):
        assert "ROUTINE" in page_one(make(content, named.with_({key: value})))


def test_what_a_draft_of_an_empty_case_lacks_stands_in_its_place(content: Content) -> None:
    text = page_one(make(content, Case()))
    assert "Provisional: 29 of 29 red-flag items not asked (breathlessness at rest, " in text
    assert "No examination is recorded." in text
    assert "«recipient»" in text
    assert "Is this" not in text


def test_an_unknown_letter_or_recipient_is_refused(content: Content) -> None:
    with pytest.raises(LetterError, match=r"no letter 'referal_letter' \(did you mean"):
        make(content, Case(), "referal_letter")
    with pytest.raises(LetterError, match=r"no recipient 'neurofysiology' \(did you mean"):
        make(content, Case(), recipient="neurofysiology")


def test_a_recipient_that_the_case_no_longer_knows_is_a_gap(content: Content) -> None:
    case = sample().with_({"case.recipients": Names(names=("closed_clinic",))})
    letter = make(content, case)
    assert block_text(letter, "address") == "«recipient»"
    found = problems_before_issue(letter, case, content, the_settings())
    assert "Choose a recipient." in [obstacle.says for obstacle in found]


# -- order and identity -----------------------------------------------------------------------------


def test_the_order_is_who_how_urgent_question_danger_story(content: Content) -> None:
    wanted = ["address", "patient", "level", "question", "beware", "history", "examination"]
    wanted += ["results", "thinking", "requested", "told", "sender", "copies"]
    assert [block.id for block in make(content, sample()).blocks] == wanted


def test_the_patient_is_named_with_three_identifiers(content: Content) -> None:
    identity = make(content, sample()).identity
    assert identity.text == "Edwin SPECIMEN · born 14 Feb 1966 · NHS 999 000 0018"


def test_the_laboratory_has_a_strip_and_a_clinic_what_is_there_of_it(content: Content) -> None:
    case = case_from(answers(emg__pacemaker=True))
    assert not [b for b in make(content, case).blocks if b.cells]
    assert "Implanted device: pacemaker." in block_text(make(content, case), "beware")
    request = make(content, case, "emg_request", recipient="neurophysiology")
    (cells,) = [b.cells for b in request.blocks if b.cells]
    assert [c.words for c in cells if c.state == "present"] == ["YES: pacemaker"]


# -- level ------------------------------------------------------------------------------------------


def test_both_levels_stand_on_the_letter(content: Content) -> None:
    case = sample().with_({"case.urgency": Urgency(level="routine", reason="known to you")})
    letter = make(content, case)
    level = next(b for b in letter.blocks if b.id == "level")
    assert level.tag is not None
    assert (level.tag.level, level.tag.words) == ("routine", "ROUTINE")
    assert (
        "Level set by the sender: routine (the checklist suggests urgent): known to you."
        in block_text(letter, "level")
    )


def test_a_lower_level_makes_no_suspicion_a_fact(content: Content) -> None:
    case = sample().with_({"case.urgency": Urgency(level="routine", reason="known to you")})
    level = next(b for b in make(content, case).blocks if b.id == "level")
    assert level.title == "Possible motor neuron disease"


def test_what_is_benign_or_well_supported_and_in_no_hurry_is_named(content: Content) -> None:
    level = next(b for b in make(content, sample("sample_benign")).blocks if b.id == "level")
    assert level.title == "Idiopathic leg cramps"
    assert level.tag is not None
    assert level.tag.aim == "advice only"


def test_the_level_says_by_when(content: Content) -> None:
    case = case_from(answers(patient__age=66, **{"ix.k": 2.8}))
    level = next(b for b in make(content, case).blocks if b.id == "level")
    assert level.tag is not None
    assert (level.tag.words, level.tag.aim) == ("URGENT", "today")


def test_a_reader_is_not_told_to_do_today_what_primary_care_does(content: Content) -> None:
    case = case_from(answers(patient__age=66, **{"ix.k": 2.8}))
    clinic, own = (letter_of(case, name) for name in ("neuromuscular", "primary_care"))
    for letter, aim in ((clinic, ""), (own, "today")):
        tag = next(b for b in letter.blocks if b.id == "level").tag
        assert tag is not None
        assert (tag.words, tag.aim) == ("URGENT", aim)
    assert "Primary care acts today." in block_text(clinic, "level")
    assert "Primary care" not in block_text(own, "level")
    both = {"neuro.dysarthria": True, "meds.stopped_steroid": True, "patient.age": 60}
    later = letter_of(case_from(answers(**both)), "neurology")
    said = "Primary care acts within 7 days; referral within 2 weeks."
    assert said in block_text(later, "level")
    lab = letter_of(case_from(answers(**both)), "neurophysiology")
    assert said in block_text(lab, "order")


def test_what_stands_in_the_way_of_a_study_is_bold_under_beware(content: Content) -> None:
    flat = {"state": "absent", "text": "orthopnoea"}
    given = {"rf.weight_loss": True, "mri.risks": ["metal"], "emg.lie_flat": flat}
    (block,) = (b for b in make(content, case_from(answers(**given))).blocks if b.id == "beware")
    strong = [s.text for s in block.all_statements() if s.style == "strong"]
    assert "Risks for MRI: metal in the body." in strong
    assert "Cannot lie flat for 45 minutes (orthopnoea)." in strong
    assert len(strong) == len(set(strong)) == 3
    fine = {"neuro.weakness": True, "mri.risks": [], "emg.lie_flat": True}
    letter = make(content, case_from(answers(**fine)))
    assert not re.search("MRI|lie flat", block_text(letter, "beware"))


def test_a_full_stop_that_was_typed_is_not_doubled(content: Content) -> None:
    given = {"neuro.weakness": True, "meds.list": [{"name": "Enoxaparin", "dose": "40 mg s.c."}]}
    letter = make(content, case_from(answers(**given)))
    assert "Anticoagulant: enoxaparin 40 mg s.c." in block_text(letter, "beware")
    assert "s.c.." not in plain_text(letter)


def test_at_a_level_of_the_clinician_the_letter_is_that_level_s(content: Content) -> None:
    case = case_from(answers(patient__age=66, **{"ix.k": 2.8}))
    raised = make(content, case.with_({"case.urgency": Urgency(level="emergency", reason="ill")}))
    assert raised.template == "emergency_letter"
    assert raised.level == "emergency"
    assert "This sheet does not replace the call." in page_one(raised)


# -- outside the form's scope -----------------------------------------------------------------------

ADVICE = {"thinking", "requested", "decide", "not_asked", "not_indicated", "decided", "beware"}


def test_under_sixteen_only_facts_are_printed(content: Content) -> None:
    case = case_from(answers(patient__age=9, neuro__weakness=True))
    letter = make(content, case)
    assert ADVICE.isdisjoint(b.id for b in letter.blocks)
    assert "Not designed for children" in block_text(letter, "level")
    assert "Weakness." in block_text(letter, "history")
    assert uncovered(letter, case) == set()


def test_the_letter_about_a_child_concludes_no_level_and_lists_the_red_flags(
    content: Content,
) -> None:
    child = make(content, case_from(answers(patient__age=9, rf__seizure=True)))
    level = next(b for b in child.blocks if b.id == "level")
    assert level.tag is None
    assert child.level is None
    assert "Red flags recorded, no level concluded: new seizure." in block_text(child, "level")


# -- tests ------------------------------------------------------------------------------------------


def test_a_declined_test_leaves_the_requests(content: Content) -> None:
    case = sample().with_({"decision.t_emg": Decision(decision="decline", reason="done in March")})
    letter = make(content, case)
    assert "EMG" not in block_text(letter, "requested")
    assert "Needle EMG: done in March." in block_text(letter, "not_asked")


AGAINST = {
    "sys.diabetes": "type2",
    "neuro.numbness_tingling": True,
    "neuro.sensory_distribution": "feet_symmetric",
    "neuro.weakness": False,
    "cramp.course": "stable",
}


@pytest.mark.parametrize(
    ("template", "block", "says"),
    [
        (
            "referral_letter",
            "requested",
            "Nerve conduction studies (NCS), needle EMG, although not indicated on what is recorded: "
            "Second opinion before surgery.",
        ),
        (
            "emg_request",
            "studies",
            "Not indicated on what is recorded; asked for all the same. second opinion before surgery",
        ),
    ],
)
def test_what_is_asked_for_against_the_advice_stands_with_its_reason(
    content: Content, template: str, block: str, says: str
) -> None:
    reason = {"decision": "accept", "reason": "second opinion before surgery"}
    decisions = {"t_ncs": reason, "t_emg": reason}
    case = case_from(answers() | {"answers": AGAINST, "decisions": decisions})
    letter = make(content, case, template)
    assert says in block_text(letter, block)
    assert "NCS" not in block_text(letter, "decide") + block_text(letter, "not_indicated")
    assert uncovered(letter, case) == set()


def test_advice_against_a_test_is_printed_with_what_would_change_it(content: Content) -> None:
    letter = make(content, case_from(answers() | {"answers": AGAINST}))
    assert block_text(letter, "not_indicated").startswith(
        "Nerve conduction studies (NCS) and needle EMG: Length-dependent sensory neuropathy in known diabetes"
    )


def test_advice_against_a_test_that_nobody_thought_of_is_printed_only_if_it_is_asked_for(
    content: Content,
) -> None:
    given = answers() | {"answers": {**AGAINST, "fh.nerve": [], "gen.pes_cavus": False}}
    case = case_from(given)
    found = the_assessor().assess(case, TODAY).investigations
    (test,) = [t for t in found if t.id == "t_gene_cmt" and t.status == "not_indicated"]
    assert test.short not in page_one(make(content, case))
    accepted = {"t_gene_cmt": {"decision": "accept", "reason": "a relative was told so"}}
    letter = make(content, case_from(given | {"decisions": accepted}))
    assert "although not indicated on what is recorded: A relative was told so." in block_text(
        letter, "requested"
    )


# -- what is typed ----------------------------------------------------------------------------------


def test_notes_stand_verbatim_in_their_section(content: Content) -> None:
    note = "first line\n  second <b>line</b> & {{ 7*7 }}\n\nfourth"
    letter = make(content, Case({"note.exam": Text(text=note)}))
    block = next(b for b in letter.blocks if b.id == "examination")
    (statement,) = [s for s in block.all_statements() if s.style == "free"]
    assert statement.text == note


def test_free_text_is_never_a_template(content: Content) -> None:
    hostile = "{{ 7919*7919 }} {% for a in b %} {{ 'a'*10**9 }} {{ ''.__class__ }} **bold**"
    case = case_from(answers()).with_(
        {
            "referrer.question": Text(text=hostile),
            "impact.goal": Text(text=hostile),
            "meds.new_12w": Finding(present=True, text=hostile),
        }
    )
    letter = make(content, case)
    whole = "\n".join(letter.texts())
    assert hostile in block_text(letter, "question")
    assert whole.count(hostile) >= 3
    assert "62710561" not in whole


def test_nothing_typed_sets_itself_bold(content: Content) -> None:
    # The code points by which the program sets its own words bold.
    typed = "\ufdd0Iris\ufdd1 **Specimen**"
    given = {"patient.given_name": Text(text=typed), "note.exam": Text(text=typed)}
    letter = make(content, Case(given))
    assert [b.title for b in letter.blocks if b.id == "patient"] == ["Iris **Specimen**"]
    (note,) = [s for s in letter.statements() if s.style == "free"]
    assert [span.strong for span in note.spans] == [False]


def test_nothing_in_a_list_sets_itself_bold(content: Content) -> None:
    rows = (
        ("patient.identifiers", "number"),
        ("patient.allergies", "substance"),
        ("meds.list", "name"),
    )
    given = {
        key: Table(rows=(Row(cells=((column, "\ufdd0Zwirbel\ufdd1 \ufdd0acid"),)),))
        for key, column in rows
    }
    letter = make(content, Case(given))
    spans = [span for s in letter.statements() if s.style != "free" for span in s.spans]
    texts = [*letter.texts(), letter.identity.text, *(span.text for span in spans)]
    assert sum("Zwirbel" in text for text in texts) >= len(rows)
    assert not [text for text in texts if "\ufdd0" in text]


@pytest.mark.parametrize("name", ["V15", "V24", "V26", "V30"])
def test_what_endangers_stays_on_page_one_whatever_is_rewritten(
    content: Content, name: str
) -> None:
    thinned = Table(rows=(Row(cells=(("name", "Apixaban"),)),))
    path = next(path for path in vignettes() if path.stem.startswith(name))
    data = json.loads(path.read_text())
    case = case_from(data.get("case", data)).with_({"meds.list": thinned})
    mine = Rewritten(text="Mine.", instead_of="")
    before = make(content, case, "referral_letter", issued_at=AT)
    letter = make(
        content,
        case.with_({f"letter.{block}": mine for block in before.composed}),
        "referral_letter",
        issued_at=AT,
    )
    alarms = {k for k in content.alarms if isinstance(v := case.get(k), Finding) and v.present}
    told = {key for block in letter.blocks for s in block.all_statements() for key in s.covers}
    assert alarms <= told | letter.held
    assert "apixaban" in page_one(letter).lower()


def test_why_the_sender_set_the_level_stays_beside_rewritten_words(content: Content) -> None:
    own = Urgency(level="soon", reason="seen twice within a week")
    written = Rewritten(text="Weak for months.", instead_of="Weak.")
    letter = make(
        content, sample().with_({"case.urgency": own, "letter.level": written}), issued_at=AT
    )
    assert "seen twice within a week" in page_one(letter)


# -- plain text -------------------------------------------------------------------------------------


def test_plain_text_holds_no_control_character_and_no_unseen_mark(content: Content) -> None:
    typed = (
        "a\0b \x1b[31mred\x7f\r\nnext\rline\u2028end \u202eturned\u202c \u200bwide \ufdd0mark שלום"
    )
    text = plain_text(make(content, Case({"note.exam": Text(text=typed)})))
    assert (
        "a[U+0000]b [U+001B][31mred[U+007F]\nnext\nline\nend turned wide [U+FDD0]mark שלום" in text
    )
    assert not re.search("[^\n -~\u00a0-\u024f\u05d0-\u05ea·•]", text)


def test_plain_text_tells_every_text_of_the_letter_in_its_order(content: Content) -> None:
    letter = make(content, sample())
    flat = re.sub(r"\W+", "", plain_text(letter)).casefold()
    at = 0
    for statement in letter.statements():
        words = re.sub(r"\W+", "", statement.text).casefold()
        assert words in flat[at:], statement.text
        at = flat.index(words, at) + len(words)


def test_who_it_is_about_is_parted_by_commas_in_plain_text(content: Content) -> None:
    (line,) = (s for s in plain_text(make(content, sample())).splitlines() if s[:7] == "PATIENT")
    assert re.fullmatch(r"PATIENT: [^,]+, male, \d+, born [\w ]+, NHS [\d ]+", line)


def test_what_a_draft_lacks_has_its_label_once(content: Content) -> None:
    case = sample().with_({"referrer.question": None})
    letter = make(content, case)
    problems = problems_before_issue(letter, case, content, the_settings())
    wording = "{{ items }}. These marks go when you issue."
    notices = before_issuing(problems, "Before issuing", wording)
    text = plain_text(replace(letter, notices=notices))
    assert "BEFORE ISSUING: Your question. These marks go when you issue." in text
    assert text.lower().count("before issuing") == 1


def test_what_is_to_be_decided_is_ticked_or_struck(content: Content) -> None:
    text = plain_text(make(content, case_from(answers() | {"answers": AGAINST})))
    lines = text.partition("TO DECIDE (tick or strike)\n")[2].partition("\n\n")[0].splitlines()
    assert lines
    assert all(re.fullmatch(r"- \[ \] .+\. \[ \] not asked for", line) for line in lines)


def test_one_line_of_an_address_is_one_place(content: Content) -> None:
    case = sample().with_({"patient.address": Text(text="1 Row\n\n  Flat  2 \nTestford\n")})
    assert block_text(make(content, case), "patient").count("1 Row, Flat 2, Testford") == 1


@pytest.mark.parametrize("more", [{}, {"patient__access": []}])
def test_that_no_interpreter_is_needed_is_said_once(content: Content, more: dict[str, Any]) -> None:
    case = case_from(answers(patient__interpreter=False, **more))
    said = block_text(make(content, case), "patient")
    assert said.count("No interpreter or other access need.") == 1
    assert uncovered(make(content, case), case) == set()


# -- issue ------------------------------------------------------------------------------------------


def test_issue_names_what_is_missing(content: Content) -> None:
    case = case_from(answers())
    found = problems_before_issue(make(content, case), case, content, the_settings())
    assert [(o.says.split(" needed")[0], o.question) for o in found] == [
        ("The patient's family name and given name are", "patient.family_name"),
        ("The patient's full date of birth is", "patient.dob"),
        ("Three identifiers are", "patient.identifiers"),
        ("The referrer's name is", "referrer.name"),
        ("A question to the recipient is", "referrer.question"),
        ("Choose a recipient.", ""),
    ]


def test_the_sample_can_be_issued(content: Content) -> None:
    case = sample()
    letter = make(content, case, version=1, issued_at=AT)
    assert problems_before_issue(letter, case, content, the_settings()) == []
    sender = next(b for b in letter.blocks if b.id == "sender")
    assert [row.aside for row in sender.rows if row.aside] == ["signed 22 Nov 2026, 09:30"]
    assert not letter.draft


@pytest.mark.parametrize("name", ["sample", "sample_benign"])
def test_no_gap_is_left_in_what_is_issued(content: Content, name: str) -> None:
    letter = make(content, sample(name), version=1, issued_at=AT)
    assert not [t for t in letter.texts() if re.search("[«»]|DRAFT|not signed|proposed", t)]


def test_a_story_in_plain_words_reads_as_one(content: Content) -> None:
    given = {
        "cramp.duration_months": "since childhood",
        "cramp.cramps_duration_months": "a year",
        "cramp.severity": "severe",
        "cramp.laterality": "alternating",
        "cramp.triggers": ["going_to_bed", "starchy_meal"],
        "cramp.pain_sites": ["calf.left"],
        "rf.syncope_palpitations": True,
        "rf.syncope_which": ["blackout"],
        "rf.blackout_setting": ["pain"],
        "sx.weight_change": "loss_intended",
        "sx.weight_change_kg": 16,
        "sx.general": ["low_urine"],
        "patient.alone": True,
        "impact.sleep": "limited",
    }
    text = record_text(make(content, case_from(answers(**given))))
    for said in (
        "Duration: since childhood",
        "Cramps for: 1 year",
        "Pain at worst: severe\n",
        "now the left, now the right",
        "Brought on by: going to bed and a starchy meal",
        "Pain without cramp: left calf",
        "Blackout, palpitations: blackout\n",
        "Setting of the blackout: with pain",
        "Weight: lost on purpose",
        "Weight change: 16 kg",
        "General symptoms: passing little urine",
        "Lives alone: yes",
        "Effect on sleep: yes, degree not stated",
    ):
        assert said in text, said
    assert "::" not in text


def test_a_test_that_no_rule_suggests_says_whose_request_it_is(content: Content) -> None:
    plain_ = Decision(decision="accept")
    because = Decision(decision="accept", reason="her brother has it")
    case = sample().with_({"decision.t_gene_cmt": because, "decision.t_vitd": plain_})
    letter = make(content, case)
    said = block_text(letter, "requested")
    assert "Vitamin D, asked for by the sender, not suggested on what is recorded." in said
    assert "her brother has it; asked for by the sender, not suggested on what is recorded." in said
    assert "Vitamin D" not in block_text(letter, "decided")


def test_a_reason_that_another_reason_begins_with_is_not_said_twice(content: Content) -> None:
    given = {
        "cramp.sites": ["calf.left"],
        "cramp.timing": ["night_sleep"],
        "meds.classes": ["thiazide"],
    }
    letter = make(content, case_from(answers(**given)))
    said = block_text(letter, "thinking")
    assert said.count("a drug known to cause cramps") <= 1
    assert "a drug known to cause cramps, and" in said


def test_advice_against_a_test_is_about_a_named_condition(content: Content) -> None:
    given = {
        "neuro.numbness_tingling": True,
        "neuro.sensory_distribution": "feet_and_hands",
        "sens.pattern": "length_dependent",
        "meds.classes": ["antiemetic_da"],
        "dyst.onset_age": 20,
    }
    assert "Dystonia genes" not in block_text(
        make(content, case_from(answers(**given))), "not_indicated"
    )


def test_who_does_not_agree_is_said_not_to(content: Content) -> None:
    case = sample().with_({"patient.consent": Finding(present=False)})
    assert "Does not agree to this referral or to sharing these data" in block_text(
        make(content, case), "told"
    )


def test_dark_urine_of_long_ago_is_not_told_as_of_now(content: Content) -> None:
    once = {"rf.dark_urine": True, "rf.dark_urine_when": "past_once", "cramp.second_wind": True}
    letter = make(content, case_from(answers(**once)))
    assert "ola-coloured urine, once, long ago" in block_text(letter, "level")
