"""No positive finding reads as negative, and no negative is printed for what the record says elsewhere."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import answers, assess_case, case_from, the_content, vignettes
from tests.everything import decided_case, full_case
from tests.rules.test_contradictions import PROOF, WARFARIN
from triage.content.casefile import day_of
from triage.letter.build import build_letter, uncovered
from triage.letter.plain import plain_text
from triage.letter.statements import Letter, Statement
from triage.model.case import Case
from triage.model.values import Finding

FOLDER = Path(__file__).parents[2] / "forms" / "muscle_cramps" / "cases"
SAMPLES = [FOLDER / "sample.json", FOLDER / "sample_benign.json"]
V01 = Path(__file__).parents[1] / "cases" / "vignettes" / "V01.json"
CLINICIAN = ("referral_letter", "emg_request")
DENIALS = ("No ", "None ", "Denied", "Absent", "Asked and absent", "As a block")
STRIP = {"state": "absent", "block": True}


def make(case: Case, template: str = "referral_letter") -> Letter:
    return build_letter(the_content(), case, assess_case(case), template, None, day_of(case))


def v01(**given: Any) -> Case:
    """A patient with a hand that wastes: EMG is asked for, so the letter has a safety strip."""
    data = json.loads(V01.read_text())["case"]
    data["answers"] |= given
    return case_from(data)


def block(letter: Letter, name: str) -> list[Statement]:
    return [s for b in letter.blocks if b.id == name for s in b.all_statements()]


def text(letter: Letter, name: str) -> str:
    return " ".join(s.text for s in block(letter, name))


# -- the safety strip is the union with the medicines -----------------------------------------------


@pytest.mark.parametrize("template", CLINICIAN)
def test_warfarin_of_the_list_beats_a_strip_entered_by_one_key(template: str) -> None:
    denied = {"emg.anticoagulant": {"value": "none", "block": True}, "emg.antiplatelet": STRIP}
    strip = text(make(v01(**WARFARIN, **denied), template), "strip")
    assert "Warfarin (from the medicines)." in strip
    assert "On an anticoagulant: do not stop it for EMG" in strip
    assert "Both recorded: no anticoagulant, medicines: Warfarin. NOT SETTLED." in strip
    assert "absent, entered as a block: antiplatelet" in strip
    assert "absent: anticoagulant" not in strip
    assert "NOT ASKED: anticoagulant" not in strip


@pytest.mark.parametrize("template", CLINICIAN)
@pytest.mark.parametrize(
    ("given", "says", "asked"),
    [
        (WARFARIN, "Warfarin (from the medicines)", "anticoagulant"),
        (
            {"meds.classes": ["doac"]},
            "Direct oral anticoagulant (from the medicines)",
            "anticoagulant",
        ),
        ({"meds.classes": ["antiplatelet"]}, "Antiplatelet (from the medicines)", "antiplatelet"),
        (
            {"ix.plt": 20},
            "Platelets below 50 (from the results)",
            "bleeding disorder or platelets below 50",
        ),
    ],
)
def test_a_risk_that_was_not_asked_is_told_from_elsewhere(
    template: str, given: dict[str, Any], says: str, asked: str
) -> None:
    strip = text(make(v01(**given), template), "strip")
    not_asked = strip.partition("NOT ASKED: ")[2]
    assert says in strip
    assert asked not in not_asked.split(", ")
    assert "pacemaker" in not_asked


def test_another_anticoagulant_than_the_medicines_names_both() -> None:
    given = {"meds.classes": ["doac"], "emg.anticoagulant": "warfarin"}
    strip = text(make(v01(**given), "emg_request"), "strip")
    assert "Direct oral anticoagulant (from the medicines)." in strip
    assert "Anticoagulant: Warfarin" in strip.replace("warfarin", "Warfarin")
    assert "NOT SETTLED" in strip


def test_a_medicine_recorded_in_both_places_is_told_once() -> None:
    given = {"meds.classes": ["warfarin"], "emg.anticoagulant": "warfarin"}
    strip = text(make(v01(**given), "emg_request"), "strip")
    assert "from the medicines" not in strip
    assert "nticoagulant: warfarin" in strip


def test_the_strip_prints_who_says_which_holds() -> None:
    case = v01(**WARFARIN, **{"emg.anticoagulant": "none"})
    data = answers() | {
        "decisions": {"K01": {"decision": "accept", "reason": "stopped on Monday."}}
    }
    said = case.with_({"decision.K01": case_from(data)["decision.K01"]})
    letter = make(said, "emg_request")
    assert (
        "Both recorded: no anticoagulant, medicines: Warfarin. The sender says: stopped on Monday."
        in text(letter, "strip")
    )
    assert "Warfarin (from the medicines)" in text(letter, "strip")
    assert uncovered(letter, said) == set()


# -- to be checked ----------------------------------------------------------------------------------


@pytest.mark.parametrize("template", CLINICIAN)
@pytest.mark.parametrize("rule", PROOF)
def test_a_contradiction_is_printed_and_its_denial_nowhere_else(rule: str, template: str) -> None:
    case = case_from(answers(**PROOF[rule][0]))
    (found,) = assess_case(case).contradictions
    letter = make(case, template)
    where = [s for s in letter.statements() if found.says in s.text]
    assert len(where) == 1
    assert "NOT SETTLED" in where[0].text
    assert where[0].style == "strong"
    assert uncovered(letter, case) == set()
    for statement in letter.statements():
        if statement is not where[0] and statement.text.startswith(DENIALS):
            assert not set(statement.covers) & set(found.denied), statement.text


def test_a_class_denied_beside_its_medicine_is_not_denied_on_paper() -> None:
    letter = make(case_from(answers(**WARFARIN, **{"meds.classes": ["none_of_these"]})))
    history = text(letter, "history")
    assert "warfarin (recorded both ways)." in history
    assert "none of the listed" not in history.lower()
    assert "Warfarin" in text(letter, "contradictions")


def test_a_leftover_is_printed_as_not_used() -> None:
    case = case_from(
        answers(**{"patient.pregnancy": "not_pregnant", "patient.pregnancy_weeks": 20})
    )
    assert "not used: gestation" in text(make(case), "contradictions").lower()


def test_what_cannot_be_is_printed_where_it_stands_and_to_be_checked() -> None:
    case = case_from(
        answers(**{"patient.weight_kg": "720 kg", "ix.ck": {"value": 640, "date": "2027-01-01"}})
    )
    letter = make(case)
    assert "720 kg" in text(letter, "identity")
    checks = text(letter, "contradictions")
    assert "Weight: 720 kg is outside what can be" in checks
    assert "Creatine kinase: 1 Jan 2027 is after the date of this case." in checks


def test_what_was_said_of_answers_that_no_longer_differ_is_told_as_that() -> None:
    data = answers(emg__pacemaker=True)
    data["decisions"] = {"K01": {"decision": "accept", "reason": "stopped"}}
    case = case_from(data)
    letter = make(case)
    assert "Said of answers that no longer differ: stopped." in text(letter, "contradictions")
    assert uncovered(letter, case) == set()


def test_a_child_s_letter_tells_the_contradiction_of_its_ages() -> None:
    case = case_from(
        answers(**{"patient.dob": "2017-05-01", "ix.ck": {"value": 640, "date": "2016"}})
    )
    letter = make(case)
    assert "before the date of birth" in text(letter, "contradictions")
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
            "None of the listed cramp- or safety-relevant classes.",
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
