"""No positive finding reads as negative, and no negative is printed for what the record says elsewhere."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import answers, assess_case, case_from, the_content, vignettes
from tests.letter.letters import block_text, record_text
from tests.rules.test_contradictions import PROOF, WARFARIN
from triage.bench.everything import decided_case, full_case
from triage.content.casefile import day_of
from triage.letter.build import build_letter, uncovered
from triage.letter.plain import plain_text
from triage.letter.statements import Cell, Letter
from triage.model.case import Case
from triage.model.values import Finding

FOLDER = Path(__file__).parents[2] / "forms" / "muscle_cramps" / "cases"
SAMPLES = [FOLDER / "sample.json", FOLDER / "sample_benign.json"]
V01 = Path(__file__).parents[1] / "cases" / "vignettes" / "V01.json"
CLINICIAN = ("referral_letter", "emg_request")
RECIPIENT = {"referral_letter": "neurology", "emg_request": "neurophysiology"}
DENIALS = ("No ", "None ", "Denies", "Otherwise ")
STRIP = {"state": "absent", "block": True}


def make(case: Case, template: str = "referral_letter") -> Letter:
    recipient = RECIPIENT[template]
    return build_letter(the_content(), case, assess_case(case), template, recipient, day_of(case))


def v01(**given: Any) -> Case:
    """A patient with a hand that wastes: EMG is asked for, so its risks matter."""
    data = json.loads(V01.read_text())["case"]
    data["answers"] |= given
    return case_from(data)


def cell(letter: Letter, name: str = "Anticoagulant") -> Cell:
    return next(c for block in letter.blocks for c in block.cells if c.name == name)


# -- the safety strip is the union with the medicines -----------------------------------------------


def test_warfarin_of_the_list_beats_a_strip_entered_by_one_key() -> None:
    denied = {"emg.anticoagulant": {"value": "none", "block": True}, "emg.antiplatelet": STRIP}
    letter = make(v01(**WARFARIN, **denied), "emg_request")
    assert cell(letter).words == "YES: warfarin"
    assert "Both recorded: no anticoagulant, medicines: warfarin. Not settled." in block_text(
        letter, "to_check"
    )
    safety = block_text(letter, "safety")
    assert "Also no: antiplatelet." in safety
    assert "anticoagulant" not in safety


def test_what_the_strip_denies_beside_the_list_is_told_to_a_clinic_too() -> None:
    letter = make(v01(**WARFARIN, **{"emg.anticoagulant": {"value": "none", "block": True}}))
    beware = block_text(letter, "beware")
    assert beware.startswith("Anticoagulant: warfarin. ")
    assert "o anticoagulant" not in beware


@pytest.mark.parametrize(
    ("given", "says", "asked"),
    [
        (WARFARIN, "YES: warfarin", "anticoagulant"),
        ({"meds.classes": ["doac"]}, "YES: direct oral anticoagulant", "anticoagulant"),
        ({"meds.classes": ["antiplatelet"]}, "Antiplatelet.", "antiplatelet"),
        ({"ix.plt": 20}, "Bleeding disorder: platelets below 50.", "bleeding disorder"),
    ],
)
def test_a_risk_that_was_not_asked_is_told_from_elsewhere(
    given: dict[str, Any], says: str, asked: str
) -> None:
    letter = make(v01(**given), "emg_request")
    safety = f"{cell(letter).words} {block_text(letter, 'safety')}"
    not_asked = safety.partition("Not asked: ")[2]
    assert says in safety
    assert asked not in not_asked.rstrip(".").split(", ")
    assert "fear of needles" in not_asked


def test_another_anticoagulant_than_the_medicines_names_both() -> None:
    given = {"meds.classes": ["doac"], "emg.anticoagulant": "warfarin"}
    letter = make(v01(**given), "emg_request")
    assert cell(letter).words == "YES: warfarin, direct oral anticoagulant"
    assert "Not settled." in block_text(letter, "to_check")


def test_a_medicine_recorded_in_both_places_is_told_once() -> None:
    given = {"meds.classes": ["warfarin"], "emg.anticoagulant": "warfarin"}
    assert cell(make(v01(**given), "emg_request")).words == "YES: warfarin"


def test_who_says_which_of_two_answers_holds_is_printed() -> None:
    case = v01(**WARFARIN, **{"emg.anticoagulant": "none"})
    data = answers() | {
        "decisions": {"K01": {"decision": "accept", "reason": "stopped on Monday."}}
    }
    said = case.with_({"decision.K01": case_from(data)["decision.K01"]})
    letter = make(said, "emg_request")
    assert (
        "Both recorded: no anticoagulant, medicines: warfarin. The sender says: stopped on Monday."
        in block_text(letter, "to_check")
    )
    assert "The sender says: stopped on Monday." in record_text(letter)
    assert cell(letter).words == "YES: warfarin"
    assert uncovered(letter, said) == set()


def test_what_one_of_two_joined_answers_denies_is_not_said_beside_what_is_there() -> None:
    given = {"meds.classes.calcineurin": True, "emg.immunosuppressed_valve": False}
    safety = block_text(make(case_from(answers(**given)), "emg_request"), "safety")
    assert safety.startswith("Immunosuppression: immunosuppressant.")
    assert "Also no" not in safety


# -- to be checked ----------------------------------------------------------------------------------


@pytest.mark.parametrize("template", CLINICIAN)
@pytest.mark.parametrize("rule", PROOF)
def test_a_contradiction_is_printed_and_its_denial_nowhere_else(rule: str, template: str) -> None:
    case = case_from(answers(**PROOF[rule][0]))
    (found,) = assess_case(case).contradictions
    letter = make(case, template)
    where = [s for s in letter.statements() if found.says in s.text]
    assert len(where) == 1
    assert "Both recorded: " in where[0].text
    assert where[0].text.endswith("Not settled.")
    assert (where[0].style == "strong") is found.stops_issue
    assert uncovered(letter, case) == set()
    for statement in letter.statements():
        if statement is not where[0] and statement.text.startswith(DENIALS):
            assert not set(statement.covers) & set(found.denied), statement.text


def test_the_record_tells_both_answers_in_their_words() -> None:
    for rule, (given, *_) in PROOF.items():
        case = case_from(answers(**given))
        for found in assess_case(case).contradictions:
            record = make(case).record
            assert record is not None
            rows = [e for s in record.sections for e in s.entries if e.item == "Contradictory"]
            told = [e for e in rows if set(found.denied) & set(e.covers)]
            assert len(told) == (bool(found.denied) and not found.leftover), rule
            assert not any(re.search(r": (;|\.)", e.answer) for e in rows), rule


def test_a_class_denied_beside_its_medicine_is_not_denied_on_paper() -> None:
    letter = make(case_from(answers(**WARFARIN, **{"meds.classes": ["none_of_these"]})))
    assert block_text(letter, "history") == "Takes warfarin."
    assert "medicines: warfarin" in block_text(letter, "to_check")
    assert "Contradictory: Classes that matter, warfarin: no; Medicines: Warfarin" in record_text(
        letter
    )


def test_a_leftover_is_printed_as_not_used() -> None:
    case = case_from(
        answers(**{"patient.pregnancy": "not_pregnant", "patient.pregnancy_weeks": 20})
    )
    letter = make(case)
    assert "Gestation: 20 weeks (does not fit another answer, not used)" in record_text(letter)
    assert "to_check" not in [block.id for block in letter.blocks]


def test_what_cannot_be_is_printed_where_it_stands_and_to_be_checked() -> None:
    case = case_from(
        answers(**{"patient.weight_kg": "720 kg", "ix.ck": {"value": 640, "date": "2027-01-01"}})
    )
    letter = make(case)
    assert "Weight: 720 kg" in record_text(letter)
    checks = block_text(letter, "to_check")
    assert "Weight: 720 kg is outside what can be" in checks
    assert "Creatine kinase: 1 Jan 2027 is after the date of this case." in checks


def test_what_was_said_of_answers_that_no_longer_differ_is_told_as_that() -> None:
    data = answers(emg__pacemaker=True)
    data["decisions"] = {"K01": {"decision": "accept", "reason": "stopped"}}
    case = case_from(data)
    letter = make(case)
    assert "Said of answers that no longer differ: stopped." in block_text(letter, "to_check")
    assert uncovered(letter, case) == set()


def test_a_child_s_letter_tells_the_contradiction_of_its_ages() -> None:
    case = case_from(
        answers(**{"patient.dob": "2017-05-01", "ix.ck": {"value": 640, "date": "2016"}})
    )
    letter = make(case)
    assert "before the date of birth" in block_text(letter, "to_check")
    assert "before the date of birth" in plain_text(letter)


# -- one sign to a sentence -------------------------------------------------------------------------


def is_there(case: Case, key: str) -> bool:
    value = case.get(key)
    return isinstance(value, Finding) and value.present


def denials(case: Case, template: str) -> list[str]:
    """Return the sentences that deny, and yet tell of something that is there."""
    return [
        s.text
        for s in make(case, template).statements()
        if s.text.startswith(DENIALS) and any(is_there(case, key) for key in s.covers)
    ]


@pytest.mark.parametrize("template", CLINICIAN)
@pytest.mark.parametrize("path", [*vignettes(), *SAMPLES], ids=lambda path: path.stem)
def test_no_sentence_that_denies_tells_of_what_is_there(path: Path, template: str) -> None:
    data = json.loads(path.read_text())
    assert denials(case_from(data.get("case", data)), template) == []


@pytest.mark.parametrize("template", CLINICIAN)
def test_no_sentence_of_a_full_case_denies_what_is_there(template: str) -> None:
    for case in (full_case(the_content()), decided_case(the_content())):
        assert denials(case, template) == []


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (
            {"tone.spasticity": ["none"], "tone.rigidity": True},
            "Recorded as one of: lead-pipe rigidity, cogwheel rigidity. No spastic catch.",
        ),
        (
            {"meds.classes": ["none_of_these"], "meds.stopped_depressant": True},
            "Takes no medicine that bears on cramps or safety. Withdrawal of baclofen, sedative, opioid or alcohol",
        ),
        ({"meds.list": [], "meds.quinine": True}, "Takes no medicines."),
    ],
)
def test_what_is_there_comes_first_and_nothing_shares_its_sentence(
    given: dict[str, Any], says: str
) -> None:
    case = case_from(answers(**given))
    whole = " ".join(s.text for s in make(case).statements())
    assert says in whole
    assert denials(case, "referral_letter") == []


def test_of_a_list_that_is_contradicted_as_a_whole_no_place_is_named() -> None:
    given = {"insp.wasting": [], "reflex.brisk_in_wasted_limb": True}
    for template, label in (("referral_letter", "examination"), ("emg_request", "examined")):
        letter = make(v01(**given), template)
        (row,) = (r for b in letter.blocks if b.id == label for r in b.rows if r.label == "Wasting")
        text = " ".join(s.text for s in row.statements)
        assert "Muscle wasting (recorded both ways)" in text
        assert "ongue" not in text
        assert "elsewhere" not in text
    one = make(case_from(answers(**{"insp.wasting": [], "cn.tongue_wasting": True})))
    assert "Tongue (recorded both ways). None elsewhere." in block_text(one, "examination")
    side = make(case_from(answers(**{"insp.wasting": [], "insp.split_hand.right": True})))
    assert "side" not in block_text(side, "examination")
