"""The sheet of an emergency: half a page that tells the call, why, what is at stake and what to beware of."""

from __future__ import annotations

import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import (
    CASES,
    TODAY,
    answers,
    case_from,
    the_assessor,
    the_content,
    the_settings,
)
from tests.conftest import vignettes as vignette_files
from tests.letter.letters import record_text
from triage.content.form import DATE
from triage.letter.build import build_letter
from triage.letter.kinds.emergency import MOST_WORDS
from triage.letter.statements import Block, Letter
from triage.model.case import Case
from triage.model.values import Text, Urgency

CALL: dict[str, Any] = {
    "call.who": "Dr Omar EXAMPLE, neurology registrar on call",
    "call.when": "14:10",
    "call.service": "Example Hospital",
    "call.agreed": "accepts for admission",
    "call.transport": "ambulance",
}
# Red flags that are told to those alone who need them.
SENSITIVE = ("rf.self_harm", "rf.ivdu_immunosuppressed")
COUNTED = ("call", "why", "at_stake", "beware")


def case_of(path: Path, **more: Any) -> Case:
    data = json.loads(path.read_text())
    data = data.get("case", data)
    return case_from({**data, "answers": {**CALL, **data["answers"], **more}})


def letter(case: Case, *, issued: bool = False) -> Letter:
    assessment = the_assessor().assess(case, TODAY)
    at = datetime(2026, 11, 22, 14, 22) if issued else None
    return build_letter(
        the_content(),
        case,
        assessment,
        "referral_letter",
        None,
        TODAY,
        issued_at=at,
        settings=the_settings(),
    )


CAUDA = {"rf.bladder_bowel_sexual": True, "rf.saddle_numbness": True, "neuro.back_pain": True}


def made(**given: Any) -> Letter:
    return letter(case_from({**answers(), "answers": {**CALL, **given}}))


def block(found: Letter, name: str) -> Block:
    return next(b for b in found.blocks if b.id == name)


def said(found: Letter, name: str) -> str:
    return " ".join(s.text for b in found.blocks if b.id == name for s in b.all_statements())


def bold(found: Letter, name: str) -> str:
    spans = (span for s in block(found, name).all_statements() for span in s.spans)
    return " ".join(span.text for span in spans if span.strong)


def is_emergency(path: Path) -> bool:
    return the_assessor().assess(case_of(path), TODAY).urgency.level == "emergency"


FILES = [
    path
    for path in (
        *vignette_files(),
        *sorted((CASES / "published" / "untouched").glob("*.json")),
        *sorted((CASES / "complete").glob("*.json")),
    )
    if is_emergency(path)
]


@pytest.mark.parametrize("path", FILES, ids=lambda p: f"{p.parent.name}-{p.stem}")
def test_the_sheet_is_short_and_has_no_plan(path: Path) -> None:
    found = letter(case_of(path))
    assert found.kind == "emergency"
    assert sum(len(said(found, name).split()) for name in COUNTED) <= MOST_WORDS
    text = " ".join(s.text for b in found.blocks for s in b.all_statements())
    assert not re.search(r"\b[EUSRMTX]\d\d\b", text)
    assert not re.search(
        r"one block|provisional|stretch|to consider|recorded as one of", text, re.I
    )
    assert [b.id for b in found.blocks if b.id in COUNTED] == list(COUNTED)


@pytest.mark.parametrize("path", FILES, ids=lambda p: f"{p.parent.name}-{p.stem}")
def test_the_band_the_fear_and_the_number_to_ring(path: Path) -> None:
    sender = {
        "referrer.phone": Text(text="01632 960145"),
        "referrer.name": Text(text="Dr L SAMPLE"),
    }
    found = letter(case_of(path).with_(sender))
    head = found.blocks[0]
    assert head.tag is not None
    assert (head.tag.words, head.tag.aim) == ("EMERGENCY", "same day")
    assert head.title[0].isupper()
    assert said(found, "sender").startswith("Ring 01632 960145: Dr L SAMPLE")
    assert said(found, "sender").endswith("This sheet does not replace the call.")


@pytest.mark.parametrize("path", FILES, ids=lambda p: f"{p.parent.name}-{p.stem}")
def test_every_answer_that_makes_it_an_emergency_and_was_measured_is_told(path: Path) -> None:
    case = case_of(path)
    found = letter(case)
    told = {
        key for name in COUNTED for s in block(found, name).all_statements() for key in s.covers
    }
    form = the_content().form
    for reason in the_assessor().assess(case, TODAY).urgency.reasons:
        if reason.level == "emergency":
            measured = {
                key
                for key in reason.answers
                if (q := form.question_of(key)) and q.kind in ("quantity", "result") and key in case
            }
            assert measured <= told | {"ix.ck"}


def test_a_sheet_of_the_vignette_reads_as_it_would_be_dictated() -> None:
    path = CASES / "vignettes" / "V16.json"
    found = letter(case_of(path, **{"call.given": [], "patient.allergies": [], "meds.list": []}))
    assert found.blocks[0].title == "Possible Guillain-Barré syndrome"
    assert said(found, "call") == (
        "Phoned 14:10: Dr Omar EXAMPLE, neurology registrar on call, Example Hospital. "
        "Accepts for admission. Sent by ambulance."
    )
    why = said(found, "why")
    assert why.startswith("Weakness of both arms and both legs, over hours to days.")
    assert "ankle dorsiflexion 3" in why
    assert block(found, "at_stake").heading == "Breathing"
    assert "No breathlessness at rest" in said(found, "at_stake")
    assert "Not measured: vital capacity, oxygen saturation" in said(found, "at_stake")
    assert said(found, "beware").startswith(
        "Nothing given. No known allergies. Takes no medicines."
    )


def test_a_value_that_makes_it_an_emergency_is_bold_and_has_its_limit_in_the_record() -> None:
    found = made(**{"ix.k": "2.1"})
    assert found.blocks[0].title == "Severe or symptomatic hypokalaemia"
    assert bold(found, "why").startswith("Potassium 2.1 mmol/L.")
    assert "Potassium (usual lower limit 3.5)" in record_text(found)
    assert "potassium" not in said(found, "at_stake")
    assert block(found, "at_stake").heading == "Heart rhythm"


def test_two_emergencies_with_no_answer_in_common_are_both_in_the_headline() -> None:
    found = made(**{"ix.k": "2.1", "rf.hot_swollen_calf": True})
    title = found.blocks[0].title
    assert title == "Possible deep vein thrombosis; severe or symptomatic hypokalaemia"


def test_the_function_that_the_sender_ticks_is_the_one_that_is_told() -> None:
    given = {"rf.breathless_rest": True, "call.function": ["consciousness"]}
    assert block(made(**given), "at_stake").heading == "Consciousness"
    measured = made(**given, **{"call.measured": ["consciousness"]})
    assert "Not measured" not in said(measured, "at_stake")
    assert said(measured, "at_stake").endswith("Measured; no value is recorded.")


def test_what_was_measured_is_told_and_not_missed() -> None:
    found = made(**{"rf.breathless_rest": True, "gen.spo2": "93", "call.function": ["breathing"]})
    assert "Oxygen saturation 93 %" in bold(found, "at_stake")
    assert "oxygen saturation" not in said(found, "at_stake").partition("Not measured:")[2]


def test_why_nobody_was_phoned_stands_where_the_call_would() -> None:
    reason = {"call.who": "", "call.when": "", "call.not_made": "patient refuses to go"}
    given = {
        k: v
        for k, v in {**CALL, **reason}.items()
        if v and k not in ("call.service", "call.agreed", "call.transport")
    }
    case = case_from({**answers(), "answers": {"rf.breathless_rest": True, **given}})
    assert said(letter(case), "call") == "Nobody was phoned: patient refuses to go."


def test_a_draft_marks_the_call_that_is_missing() -> None:
    case = case_from({**answers(), "answers": {"rf.breathless_rest": True}})
    assert bold(letter(case), "call") == "«who was phoned, when»"
    assert "«" not in " ".join(s.text for s in letter(case, issued=True).statements())


@pytest.mark.parametrize(
    ("given", "words", "is_bold"),
    [
        ({"patient.allergies": [{"substance": "penicillin"}]}, "penicillin", True),
        ({"patient.allergies": []}, "No known allergies", False),
        ({"meds.classes": ["doac"]}, "irect oral anticoagulant", True),
        ({"patient.pregnancy": "pregnant"}, "Pregnant", True),
        ({"patient.pregnancy": "not_pregnant"}, "Not pregnant", False),
        (
            {"call.given": [{"drug": "diazepam", "dose": "5 mg", "time": "14:00"}]},
            "diazepam 5 mg at 14:00",
            False,
        ),
    ],
)
def test_what_is_a_danger_is_bold(given: dict[str, Any], words: str, is_bold: bool) -> None:
    found = made(
        **{
            "rf.breathless_rest": True,
            "patient.sex_at_birth": "female",
            "patient.age": "30",
            **given,
        }
    )
    assert words in said(found, "beware")
    assert (words in bold(found, "beware")) is is_bold


@pytest.mark.parametrize(
    ("sex", "age", "asked"),
    [("female", "30", True), ("female", "60", False), ("male", "30", False)],
)
def test_pregnancy_is_missed_only_where_it_is_possible(sex: str, age: str, asked: bool) -> None:
    found = made(**{"rf.breathless_rest": True, "patient.sex_at_birth": sex, "patient.age": age})
    assert ("pregnan" in said(found, "beware")) is asked


def test_pregnancy_is_not_missed_at_60_while_the_draft_has_no_day_yet() -> None:
    given = {"rf.breathless_rest": True, "patient.sex_at_birth": "female", "patient.age": "60"}
    case = case_from({**answers(), "answers": {**CALL, **given}})
    assert "pregnan" not in said(letter(case.with_({DATE: None})), "beware")


def test_a_level_that_the_clinician_raised_has_his_reason_and_the_sheet() -> None:
    case = case_from({**answers(), "answers": {**CALL, "cramp.present": True}})
    assert letter(case).kind == "letter"
    raised = letter(
        case.with_({"case.urgency": Urgency(level="emergency", reason="looks very ill")})
    )
    assert raised.kind == "emergency"
    assert "Looks very ill." in said(raised, "why")
    assert raised.blocks[0].title == "Needs to be seen today"


def test_a_reason_that_is_no_matter_of_the_reader_is_kept() -> None:
    found = made(**{"rf.self_harm": True})
    assert "harm" not in " ".join(s.text for s in found.statements()).lower()
    assert "kept in the sender's record" in said(found, "why")


def test_every_emergency_has_a_headline_and_a_function_that_the_sheet_knows() -> None:
    known = {f["id"] for f in _letter_file()["function"]}
    conditions = {rule.record.id for rule in the_content().conditions}
    for flag in the_content().urgency.red_flag:
        assert bool(flag.suspicion) is (flag.level == "emergency"), flag.id
        assert flag.at_stake in known | {""}, flag.id
        assert set(flag.suspicion_of) <= conditions, flag.id


def _letter_file() -> dict[str, Any]:
    import tomllib

    text = Path(__file__).parents[2] / "forms/muscle_cramps/letters/emergency_letter.toml"
    return tomllib.loads(text.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("given", "words", "never"),
    [
        (
            {
                "rf.bladder_bowel_sexual": True,
                "rf.bladder_which": ["retention"],
                "neuro.back_pain": True,
            },
            "unable to pass urine",
            "sexual",
        ),
        (
            {
                "rf.confusion": True,
                "rf.confusion_which": ["drowsiness"],
                "rf.breathless_rest": True,
            },
            "drowsiness",
            "confusion or",
        ),
        (
            {
                "rf.stridor": {"state": "present", "text": "no noisy breathing"},
                "rf.stridor_which": ["voice_change"],
                "rf.breathless_rest": True,
            },
            "oice change (no noisy breathing)",
            "Noisy breathing",
        ),
        (
            {"rf.seizure": True, "rf.seizure_which": "possible"},
            "seizure, only possible",
            "seizure.",
        ),
    ],
)
def test_a_joined_red_flag_is_told_as_what_it_is(
    given: dict[str, Any], words: str, never: str
) -> None:
    told = said(made(**given), "why")
    assert words in told
    assert never not in told


def test_what_it_is_is_told_to_whom_needs_it_and_not_as_one_of_two() -> None:
    given = {
        "rf.spinal_pain_cancer_type": True,
        "rf.saddle_numbness": True,
        "rf.ivdu_immunosuppressed": True,
        "rf.ivdu_which": ["injects"],
    }
    data = {**answers(), "recipients": ["emergency_team"], "answers": {**CALL, **given}}
    told = said(letter(case_from(data)), "why")
    assert "njecting drug use" in told
    assert "immunosuppression" not in told


@pytest.mark.parametrize("asked", [{"neuro.numbness_tingling": True}, {}])
def test_where_it_is_numb_is_told_once(asked: dict[str, Any]) -> None:
    given = {"rf.saddle_numbness": True, **asked}
    feet = {"neuro.sensory_sites": ["toes_foot.left", "toes_foot.right"]}
    told = said(made(**given, **feet), "why")
    assert "Numbness or tingling of both feet" in told
    assert told.lower().count("numbness or tingling") == 1


def test_weakness_and_its_grades_are_told_though_the_emergency_rests_on_something_else() -> None:
    legs = {f"power.ankle_df.{side}": "3" for side in ("left", "right")}
    given = {
        "rf.breathless_rest": True,
        "neuro.weakness": True,
        "neuro.weakness_sites": ["both_legs"],
        "neuro.weakness_tempo": "weeks_months",
        **legs,
        "plantar.left": "flexor",
    }
    told = said(made(**given), "why")
    assert told.startswith("Breathless at rest.")
    assert "Weakness of both legs, over weeks to months." in told
    assert "Both sides: ankle dorsiflexion **3**" in told or "ankle dorsiflexion 3" in told
    assert "flexor" not in told.replace("dorsiflexion", "")


def test_grades_are_told_once_and_what_is_normal_never_without_them() -> None:
    grades = {"hip_flex": "5", "knee_ext": "4", "ankle_df": "3", "ehl": "2", "ankle_pf": "4-"}
    given = {
        "rf.saddle_numbness": True,
        "rf.bladder_bowel_sexual": True,
        "neuro.weakness": True,
        "call.function": ["bladder"],
        "sens.anal_tone": "reduced",
        **{f"power.{name}.left": grade for name, grade in grades.items()},
    }
    found = made(**given)
    why, told = said(found, "why"), said(found, "at_stake")
    assert "ankle dorsiflexion" in why + told
    assert (why + told).count("Anal tone reduced") == 1
    assert "therwise 5" not in told or "ankle dorsiflexion" in told


def test_a_second_condition_heads_the_sheet_though_it_shares_an_answer() -> None:
    given = {
        "rf.dark_urine": True,
        "rf.dark_urine_when": "now",
        "rf.tense_swollen_muscle": True,
        "rf.heat_collapse": True,
        "soc.unaccustomed_exercise": True,
        "ix.ck": "88000",
        "gen.temp": "39.8",
    }
    title = made(**given).blocks[0].title
    assert title == "Possible rhabdomyolysis; possible compartment syndrome"


def test_the_anticoagulant_is_named_as_the_medicines_name_it() -> None:
    rows = [{"name": "Rivaroxaban", "dose": "20 mg", "class": ["doac"]}]
    found = made(**{"rf.breathless_rest": True, "meds.list": rows})
    assert "Anticoagulant: rivaroxaban 20 mg" in bold(found, "beware")


def test_what_the_patient_needs_is_told_to_the_emergency_team() -> None:
    case = case_from(
        {**answers(), "answers": {"rf.breathless_rest": True, "patient.access": ["hearing"]}}
    )
    assert "help with hearing" in said(letter(case), "patient")


def test_a_result_of_the_day_needs_no_date() -> None:
    today = {"value": 2.1, "unit": "mmol/L", "date": TODAY.isoformat()}
    case = case_from({**answers(), "date": TODAY.isoformat(), "answers": {"ix.k": today}})
    assert "Nov" not in said(letter(case), "why")
    earlier = {**today, "date": "2026-11-10"}
    assert said(made(**{"ix.k": earlier}), "why").startswith("Potassium 2.1 mmol/L (10 Nov 2026).")


def test_no_red_flag_is_left_to_the_record_however_much_is_there() -> None:
    flags = [name for name in the_content().alarms if name not in SENSITIVE]
    found = made(**dict.fromkeys(flags, True))
    told = {key for b in found.blocks for s in b.all_statements() for key in s.covers}
    assert told >= {*flags}


def test_a_red_flag_of_which_only_the_kind_was_recorded_is_on_the_sheet() -> None:
    which = {
        "rf.stridor_which.noisy_breathing": True,
        "rf.neck_surgery_which.thyroid": True,
        "rf.fever_which.rigors": True,
        "rf.saddle_which.wiping": True,
    }
    busy = {"rf.chest_pain": True, "rf.hot_swollen_calf": True, "ix.k": "2.1", "gen.hr": "140"}
    found = made(**which, **busy)
    told = {key for b in found.blocks for s in b.all_statements() for key in s.covers}
    assert told >= {*which}


# -- hazards of the first hour ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"emg.pacemaker": {"state": "present", "text": "dual"}}, "Implanted device: pacemaker"),
        ({"emg.icd": True}, "Implanted device: implanted defibrillator (ICD)."),
        ({"mri.risks": ["metal", "claustrophobia"]}, "MRI: metal in the body and claustrophobia."),
        ({"emg.bleeding_disorder": True}, "Bleeding disorder or platelets below 50."),
        (
            {"emg.lymphoedema.right": {"state": "present", "text": "no needles"}},
            "Lymphoedema or node clearance right (no needles).",
        ),
        ({"emg.infection_precautions": {"state": "present", "text": "MRSA"}}, "(MRSA)."),
    ],
)
def test_a_hazard_of_the_first_hour_is_bold_and_never_left_out(
    given: dict[str, Any], words: str
) -> None:
    """Who scans, bleeds or cannulates today reads this sheet and no other."""
    found = made(**CAUDA, **given)
    assert words in said(found, "beware")
    assert words.rstrip(".") in bold(found, "beware")


def test_a_hazard_that_is_not_there_takes_no_words() -> None:
    absent = {"emg.pacemaker": False, "mri.risks": [], "emg.lymphoedema": False}
    text = said(made(**CAUDA, **absent), "beware")
    assert not re.search("pacemaker|MRI|lymph", text)


def test_a_known_disorder_of_the_rhythm_stands_where_the_rhythm_is_at_stake() -> None:
    given = {"sys.rhythm": ["heart_block"], "call.function": ["heart_rhythm"]}
    assert "Heart block." in bold(made(**CAUDA, **given), "at_stake")


def test_what_could_not_be_measured_says_why_also_where_the_rest_was() -> None:
    unable = {"sens.anal_tone": {"state": "unable", "reason": "patient declined"}}
    given = {"ix.postvoid": 640, "call.function": ["bladder"]}
    text = said(made(**CAUDA, **unable, **given), "at_stake")
    assert "Not measured: anal tone (patient declined)" in text
    ticked = said(made(**CAUDA, **unable, **given, **{"call.measured": ["bladder"]}), "at_stake")
    assert "Not measured: anal tone (patient declined)." in ticked


# A full sheet: more hazards, flags and values than half a page holds.
FULL: dict[str, Any] = {
    "rf.dark_urine": True,
    "rf.dark_urine_when": "now",
    "rf.tense_swollen_muscle": {"state": "present", "text": "right thigh, since 04:00"},
    "rf.heat_collapse": True,
    "rf.confusion": True,
    "neuro.weakness": True,
    "neuro.weakness_sites": ["both_legs"],
    "neuro.weakness_tempo": "hours_days",
    "patient.allergies": [
        {"substance": "penicillin", "reaction": "swelling of the face and throat", "severe": True}
    ],
    "sys.anaesthetic_problem": {"state": "present", "text": "uncle had malignant hyperthermia"},
    "meds.list": [
        {"name": "ibuprofen", "dose": "400 mg three times a day", "since": "2026-11-18"},
        {"name": "rosuvastatin", "dose": "20 mg"},
        {"name": "pseudoephedrine", "dose": "60 mg", "over_the_counter": True},
    ],
    "call.given": [{"drug": "sodium chloride 0.9%", "dose": "1 litre", "time": "07:20"}],
    "call.function": ["heart_rhythm"],
    "call.measured": ["heart_rhythm"],
    "ix.k": {"value": 6.4, "unit": "mmol/L"},
    "ix.ck": {"value": 48200, "unit": "U/L"},
    "ix.ecg": "other_abnormal",
    **{
        f"power.{name}.{side}": grade
        for side in ("left", "right")
        for name, grade in {
            "hip_flex": "3",
            "hip_abd": "4",
            "hip_ext": "4-",
            "ankle_df": "4",
            "knee_flex": "4-",
        }.items()
    },
    "power.knee_ext.left": "3",
    "power.knee_ext.right": "2",
}


def test_a_full_sheet_keeps_the_worst_grade() -> None:
    found = made(**FULL)
    assert "Weakest: right knee extension 2." in said(found, "why")
    few = made(**CAUDA, **{"power.ankle_pf.left": "3"})
    assert "Left: ankle plantarflexion 3" in said(few, "why")


def test_when_the_urine_was_dark_is_said_with_it() -> None:
    assert "Cola-coloured urine, now or in the last days." in said(made(**FULL), "why")


def test_an_anaesthetic_problem_is_a_danger() -> None:
    found = made(**FULL)
    assert "Anaesthetic problem (uncle had malignant hyperthermia)." in bold(found, "beware")


def test_what_was_told_above_is_not_said_to_have_no_value() -> None:
    assert "no value is recorded" not in said(made(**FULL), "at_stake")


def test_what_is_known_of_old_is_told_to_who_takes_over() -> None:
    found = made(**CAUDA, **{"sys.ckd": "dialysis", "sys.heart_failure": True, "sys.cancer": False})
    assert "Known: kidney disease on dialysis, heart failure." in said(found, "beware")
    assert "Known" not in said(made(**CAUDA, **{"sys.ckd": "none"}), "beware")


def test_blood_pressure_measured_lying_and_standing_was_measured() -> None:
    low = {"value": 78, "unit": "mmHg", "date": "2026-11-20"}
    glucose = {"value": 3.6, "unit": "mmol/L", "date": "2026-11-20"}
    found = made(
        **{
            "ix.na": {"value": 118, "unit": "mmol/L"},
            "gen.bp_standing_sys": low,
            "ix.glucose": glucose,
        }
    )
    text = said(found, "at_stake")
    assert (
        "20 Nov 2026: glucose (not said to be fasting) 3.6 mmol/L, systolic blood pressure standing 78 mmHg"
        in text
    )
    missing = text.partition("Not measured:")[2]
    assert missing
    assert "blood pressure" not in missing


def test_what_is_absent_and_has_a_list_of_its_own_is_denied_by_itself() -> None:
    flags = ("rf.confusion", "rf.seizure", "rf.sudden_deficit")
    found = made(**{"ix.na": {"value": 118, "unit": "mmol/L"}, **dict.fromkeys(flags, False)})
    text = "No confusion or drowsiness, no seizure, no sudden loss of strength, speech, vision or balance."
    assert text in said(found, "at_stake")


def test_weakness_that_is_not_noticed_is_not_denied_beside_its_grades() -> None:
    grades = {"power.triceps.left": "3", "neuro.weakness": False, "rf.saddle_numbness": False}
    found = made(**{"rf.bladder_bowel_sexual": True, "rf.bilateral_leg_new": True, **grades})
    assert found.kind == "emergency"
    assert "weakness." not in said(found, "at_stake")
