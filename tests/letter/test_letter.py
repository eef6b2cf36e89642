"""The letter as a whole: everything recorded is told, and nothing is promised that was not decided."""

from __future__ import annotations

import json
import re
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import TODAY, answers, case_from, the_assessor, the_settings, vignettes
from tests.everything import decided_case, full_case
from triage.content import Content
from triage.letter.build import build_letter, uncovered
from triage.letter.check import problems_before_issue
from triage.letter.plain import plain_text
from triage.letter.statements import Letter
from triage.model.case import Case
from triage.model.values import Decision, Finding, Text, Urgency

SAMPLES = Path(__file__).parents[2] / "forms" / "muscle_cramps" / "cases"
CLINICIAN = ("referral_letter", "emg_request")


def make(content: Content, case: Case, template: str = "referral_letter", **more: Any) -> Letter:
    more.setdefault("settings", the_settings())
    return build_letter(
        content, case, the_assessor().assess(case, TODAY), template, None, TODAY, **more
    )


def obstacles(content: Content, case: Case, **more: Any) -> list[str]:
    letter = make(content, case, **more)
    settings = more.get("settings", the_settings())
    return [str(found) for found in problems_before_issue(letter, case, content, settings)]


def told(letter: Letter) -> str:
    return "\n".join(s.text for s in letter.statements())


def sample(name: str = "sample") -> Case:
    return case_from(json.loads((SAMPLES / f"{name}.json").read_text()))


@pytest.mark.parametrize("template", CLINICIAN)
@pytest.mark.parametrize("path", vignettes(), ids=lambda p: p.stem)
def test_every_recorded_answer_is_told(content: Content, path: Path, template: str) -> None:
    data = json.loads(path.read_text())
    case = case_from(data.get("case", data))
    assert uncovered(make(content, case, template), case) == set()


@pytest.mark.parametrize("template", CLINICIAN)
def test_every_key_of_the_form_is_told(content: Content, template: str) -> None:
    for case in (full_case(content), decided_case(content)):
        assert uncovered(make(content, case, template), case) == set()


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
    assert "No longer asked" in told(letter)


def test_an_empty_case_makes_a_draft_and_claims_nothing(content: Content) -> None:
    text = told(make(content, Case()))
    assert "PROVISIONAL" in text
    assert "No examination is recorded" in text
    assert "No question was recorded" in text
    assert "No red flag among" not in text


def test_the_patient_is_named_with_three_identifiers(content: Content) -> None:
    identity = make(content, sample()).identity
    assert identity == "Edwin SPECIMEN   born 14 Feb 1966 (60)   male   NHS number 999 000 0018"


def test_the_order_is_urgency_safety_question_story(content: Content) -> None:
    ids = [block.id for block in make(content, sample()).blocks]
    wanted = [
        "identity",
        "urgency",
        "strip",
        "question",
        "history",
        "examination",
        "results",
        "reasoning",
    ]
    assert [i for i in ids if i in wanted] == wanted


def test_the_safety_strip_needs_a_request(content: Content) -> None:
    case = sample()
    assert any(b.id == "strip" for b in make(content, case).blocks)
    benign = sample("sample_benign")
    assert not any(b.id == "strip" for b in make(content, benign).blocks)


def test_an_answer_of_the_strip_is_told_even_without_it(content: Content) -> None:
    case = case_from(answers(emg__pacemaker=True))
    assert "acemaker" in told(make(content, case))


def test_both_levels_stand_on_the_letter(content: Content) -> None:
    case = sample().with_({"case.urgency": Urgency(level="routine", reason="known to you")})
    text = told(make(content, case))
    assert "Level set by the referrer: routine" in text
    assert "Suggested by the checklist: urgent" in text
    assert "known to you" in text


def test_a_declined_test_leaves_the_requests(content: Content) -> None:
    case = sample().with_({"decision.t_emg": Decision(decision="decline", reason="done in March")})
    letter = make(content, case)
    requested = next(b for b in letter.blocks if b.id == "requested")
    considered = next(b for b in letter.blocks if b.id == "considered")
    assert "t_emg" not in " ".join(s.text for s in requested.all_statements())
    assert "done in March" in " ".join(s.text for s in considered.all_statements())


AGAINST = {
    "sys.diabetes": "type2",
    "neuro.numbness_tingling": True,
    "neuro.sensory_distribution": "feet_symmetric",
    "neuro.weakness": False,
    "cramp.course": "stable",
}


@pytest.mark.parametrize("template", CLINICIAN)
def test_what_is_asked_for_against_the_advice_stands_with_its_reason(
    content: Content, template: str
) -> None:
    reason = {"decision": "accept", "reason": "second opinion before surgery"}
    decisions = {"t_ncs": reason, "t_emg": reason}
    case = case_from(answers() | {"answers": AGAINST, "decisions": decisions})
    letter = make(content, case, template)
    (block,) = [b for b in letter.blocks if b.id == "requested"]
    text = " ".join(s.text for row in block.rows for s in row.statements)
    assert text.startswith(
        "Requested although not indicated on what is recorded: NCS, EMG. "
        "Reason: Second opinion before surgery. [t_ncs, t_emg, D05;"
    )
    assert text in " ".join(plain_text(letter).split())
    suggested = [b for b in letter.blocks if b.id == "suggested"]
    assert not [s for b in suggested for row in b.rows for s in row.statements if "NCS" in s.text]
    left = [b for b in letter.blocks if b.id == "not_indicated"]
    assert not any("D05" in s.text for b in left for s in b.statements)
    assert uncovered(letter, case) == set()


def test_advice_against_a_test_is_printed_with_what_to_do_instead(content: Content) -> None:
    letter = make(content, case_from(answers() | {"answers": AGAINST}), "emg_request")
    (block,) = [b for b in letter.blocks if b.id == "not_indicated"]
    (statement,) = block.statements
    assert "NCS, EMG: Length-dependent sensory neuropathy in known diabetes" in statement.text
    assert "Instead: Treat it as diabetic" in statement.text
    assert "D05" in statement.text


def test_advice_against_a_test_that_nobody_thought_of_is_printed_only_if_it_is_asked_for(
    content: Content,
) -> None:
    given = answers() | {"answers": {**AGAINST, "fh.nerve": [], "gen.pes_cavus": False}}
    case = case_from(given)
    found = the_assessor().assess(case, TODAY).investigations
    assert [t.id for t in found if t.id == "t_gene_cmt" and t.status == "not_indicated"]
    assert "D11" not in told(make(content, case))
    accepted = {"t_gene_cmt": {"decision": "accept", "reason": "a relative was told so"}}
    letter = make(content, case_from(given | {"decisions": accepted}))
    assert "Reason: A relative was told so. [t_gene_cmt, D11;" in told(letter)


def test_an_emergency_letter_replaces_no_call(content: Content) -> None:
    assert "NOT A SUBSTITUTE FOR A CALL" in told(
        make(content, case_from(answers(rf__breathless_rest=True)))
    )


def test_what_was_not_asked_is_one_line_of_five_items(content: Content) -> None:
    letter = make(content, case_from(answers(neuro__weakness=True)))
    banner = next(b for b in letter.blocks if b.kind == "banner")
    (line,) = [s.text for s in banner.statements if s.text.startswith("PROVISIONAL")]
    assert line.count(";") == 4
    assert re.search(r" and \d\d more\.$", line)
    assert "emergency E" not in " ".join(s.text for s in banner.statements)


def test_notes_stand_verbatim_in_their_section(content: Content) -> None:
    note = "first line\n  second <b>line</b> & {{ 7*7 }}\n\nfourth"
    letter = make(content, Case({"note.exam": Text(text=note)}))
    block = next(b for b in letter.blocks if b.id == "examination")
    (statement,) = [s for s in block.all_statements() if s.style == "free"]
    assert statement.text == note


def test_free_text_is_never_a_template(content: Content) -> None:
    hostile = "{{ 7919*7919 }} {% for a in b %} {{ 'a'*10**9 }} {{ ''.__class__ }}"
    case = case_from(answers()).with_(
        {
            "referrer.question": Text(text=hostile),
            "impact.goal": Text(text=hostile),
            "meds.new_12w": Finding(present=True, text=hostile),
        }
    )
    text = told(make(content, case))
    assert text.count(hostile) == 3
    assert "62710561" not in text.replace(hostile, "")


def test_under_sixteen_only_facts_are_printed(content: Content) -> None:
    data = answers(neuro__weakness=True)
    data["patient"] = {"age": 9}
    letter = make(content, case_from(data))
    assert {"reasoning", "suggested", "plan", "team"}.isdisjoint(b.id for b in letter.blocks)
    assert "Not designed for children" in told(letter)
    assert "loss of strength" in told(letter).lower()


def test_plain_text_is_narrow_and_complete(content: Content) -> None:
    letter = make(content, sample())
    text = plain_text(letter)
    assert max(map(len, text.splitlines())) <= 78
    flat = re.sub(r"[\s|]+", "", text)
    for statement in letter.statements():
        assert re.sub(r"\s+", "", statement.text.replace("–", "-").replace("×", "×"))[:30] in flat


def test_plain_text_of_a_long_word_is_narrow(content: Content) -> None:
    case = Case({"note.complaint": Text(text="x" * 5000)})
    assert max(map(len, plain_text(make(content, case)).splitlines())) <= 78


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
    letter = make(content, case, draft=False, version=1, issued_at=datetime(2026, 11, 20, 17, 40))
    assert problems_before_issue(letter, case, content, the_settings()) == []
    assert "signed 20 Nov 2026 17:40" in told(letter)


def test_the_same_case_gives_the_same_letter(content: Content) -> None:
    assert make(content, sample()) == make(content, sample())
    assert make(content, sample()).day == date(2026, 11, 22)


def test_the_level_says_by_when_and_by_whom_in_one_line(content: Content) -> None:
    case = case_from(answers(patient__age=66, **{"ix.k": 2.8}))
    banner = next(b for b in make(content, case).blocks if b.id == "urgency")
    assert banner.statements[0].text.startswith(
        "URGENT. Act today: own practice, with a doctor; no referral suggested"
    )


def test_at_a_level_of_the_clinician_the_line_is_that_level_s(content: Content) -> None:
    case = case_from(answers(patient__age=66, **{"ix.k": 2.8}))
    raised = case.with_({"case.urgency": Urgency(level="emergency", reason="looks ill")})
    banner = next(b for b in make(content, raised).blocks if b.id == "urgency")
    assert banner.statements[0].text.startswith(
        "EMERGENCY. Act today: emergency department or on-call team"
    )


def test_the_letter_about_a_child_concludes_no_level_and_lists_the_red_flags(
    content: Content,
) -> None:
    child = make(content, case_from(answers(patient__age=9, rf__seizure=True)))
    banner = next(b for b in child.blocks if b.id == "urgency")
    said = [statement.text for statement in banner.statements]
    assert said[1] == "Red flags recorded, no level concluded: new seizure."
    assert not any("ROUTINE" in text for text in said)


def test_a_story_in_plain_words_reads_as_one(content: Content) -> None:
    given = {
        "cramp.duration_months": "since childhood",
        "cramp.cramps_duration_months": "a year",
        "cramp.severity": "severe",
        "cramp.laterality": "alternating",
        "cramp.triggers": ["going_to_bed", "starchy_meal"],
        "cramp.pain_sites": ["calf.left"],
        "rf.syncope_palpitations": True,
        "rf.blackout_setting": ["pain"],
        "sx.weight_change": "loss_intended",
        "sx.weight_change_kg": 16,
        "sx.general": ["low_urine"],
        "patient.alone": True,
        "impact.sleep": "limited",
    }
    text = " ".join(told(make(content, case_from(answers(**given)))).lower().split())
    for said in (
        "since childhood",
        "duration of the cramps 1 year",
        "pain at worst severe",
        "now the left, now the right",
        "brought on by: going to bed, a starchy meal",
        "pain without cramp in: left calf",
        "setting of the blackout: with pain",
        "weight loss on purpose; amount of weight change 16 kg",
        "general symptoms: passing little urine",
        "lives alone",
        "effect on sleep (degree not stated)",
    ):
        assert said in text, said
    assert "for since" not in text
    assert "::" not in text
