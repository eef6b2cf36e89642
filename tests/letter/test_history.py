"""The history on page one: what argues, within its words; no red flag is lost."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.conftest import answers
from tests.letter.page_one import (
    SAMPLES,
    VIGNETTES,
    case_data,
    history_of,
    making_of,
    record_of,
    text_of,
    why_of,
    words_of,
)
from triage.content.schema import SentencesFile
from triage.letter.blocks.level import beware_block
from triage.letter.blocks.red_flags import absent_alarms, present_alarms

PAGE = (*SAMPLES, *VIGNETTES)

# Recorded of the problem, whatever it is.
COURSE = {"cramp__duration_months": "6 months", "cramp__course": "worsening"}


def test_the_history_of_an_urgent_patient_reads_as_a_neurologist_writes() -> None:
    text = text_of(history_of(making_of(case_data("sample"))))
    for said in (
        "Main complaint: clumsy right hand (keys, buttons).",
        "Right hand clumsy since May 2026, steadily worse; grip weak since July 2026.",
        "Weakness of the right arm, mainly distal, painless",
        "Cramps of both calves and forearms",
        "20 a week, spreading.",
        "Twitching of both arms and the right thigh since June.",
        "Denies slurred or quiet speech, trouble swallowing, double vision or drooping lids,",
        "numbness or tingling, neck pain",
        "The other 23 red-flag items: absent (as blocks).",
        "High blood pressure. Takes ramipril 5 mg; no known allergies.",
        "Joiner.",
    ):
        assert said in text


def test_what_one_key_denied_is_admitted_to_be_so() -> None:
    text = text_of(history_of(making_of(case_data("sample_benign"))))
    assert "No cancer; no diabetes (as one block)." in text


@pytest.mark.parametrize("name", PAGE)
def test_the_history_keeps_to_its_words(name: str) -> None:
    making = making_of(case_data(name))
    told = history_of(making)
    typed = 25 if name in SAMPLES else 0
    assert words_of(told) <= record_of(making, "history").most + typed
    for denied in (s for s in told if s.text.startswith("Denies ")):
        assert words_of([denied]) <= 25


@pytest.mark.parametrize("name", PAGE)
def test_every_red_flag_that_is_there_is_on_page_one(name: str) -> None:
    making = making_of(case_data(name))
    beware = beware_block(making, record_of(making, "beware")).all_statements()
    told = {key for s in (*why_of(making), *beware, *history_of(making)) for key in s.covers}
    assert told >= {*present_alarms(making)}


@pytest.mark.parametrize("name", PAGE)
def test_each_absent_red_flag_is_denied_or_counted_once(name: str) -> None:
    making = making_of(case_data(name))
    keys = [
        key
        for s in history_of(making)
        if s.text.startswith(("Denies", "The other"))
        for key in s.covers
    ]
    assert len(keys) == len(set(keys))
    counted = [s for s in history_of(making) if "red-flag item" in s.text]
    for statement in counted:
        assert {*statement.covers} <= {*absent_alarms(making)}
        assert "item:" in statement.text or f" {len(statement.covers)} " in f" {statement.text}"


def test_a_red_flag_that_no_sentence_knows_is_named() -> None:
    data = case_data("V03")
    data["answers"] = {**data["answers"], "rf.hot_swollen_calf": True}
    assert (
        "swollen calf" in text_of([*why_of(making_of(data)), *history_of(making_of(data))]).lower()
    )


def test_what_argues_is_named_even_where_the_form_has_no_sentences() -> None:
    making = making_of(case_data("V07"))
    making.templates = replace(making.templates, sentences=SentencesFile())
    text = text_of([*why_of(making), *history_of(making)]).lower()
    assert "back pain" in text
    assert "saddle numbness" in text
    assert {*present_alarms(making)} <= {
        key for s in (*why_of(making), *history_of(making)) for key in s.covers
    }


def test_a_sensitive_answer_is_neither_told_nor_denied() -> None:
    data = case_data("V03")
    for present in (True, False):
        data["answers"] = {**data["answers"], "rf.self_harm": present}
        text = text_of([*why_of(making_of(data)), *history_of(making_of(data))])
        assert "self-harm" not in text


def test_what_was_typed_beside_an_illness_stands_behind_its_name() -> None:
    data = case_data("V03")
    told = {"sys.cancer": {"state": "present", "text": "breast, 2011"}}
    data["answers"] = {**data["answers"], **told}
    assert "Cancer (breast, 2011)" in text_of(history_of(making_of(data)))


def told(name: str, **answers: Any) -> str:
    """Return the history of a vignette with other answers: ``__`` in a name is a dot."""
    data = case_data(name)
    given = {key.replace("__", "."): value for key, value in answers.items()}
    data["answers"] = {**data["answers"], **given}
    return text_of(history_of(making_of(data)))


@pytest.mark.parametrize(
    ("months", "said"),
    [
        ("23", "for 23 months"),
        ("24", "for 2 years"),
        ("30", "for 30 months"),
        ("144", "for 12 years"),
    ],
)
def test_whole_years_are_told_in_years(months: str, said: str) -> None:
    assert f"{said}," in told("V03", cramp__duration_months=months)


def test_what_was_counted_is_not_told_once_more() -> None:
    which = {"neuro__trips_falls": True, "neuro__trips_falls_kind__falls": True}
    text = told("V03", **which, impact__falls_12m="5")
    assert "5 falls in the last 12 months." in text
    assert text.lower().count("falls") == 1
    caught = {"neuro__trips_falls": True, "neuro__trips_falls_kind__foot_catches": True}
    text = told("V03", **caught, impact__falls_12m="5")
    assert "5 falls in the last 12 months; a catching foot." in text
    assert "One side." not in told("V06")


@pytest.mark.parametrize("cramps", [None, False, True])
def test_how_long_and_which_way_is_told_of_the_complaint_and_not_of_the_cramps(
    cramps: bool | None,
) -> None:
    given: dict[str, Any] = {"cramp__main_complaint": "weakness", **COURSE}
    if cramps is not None:
        given["cramp__present"] = cramps
    if cramps:
        given["cramp__cramps_duration_months"] = "2 years"
    text = text_of(history_of(making_of(answers(**given))))
    assert "Main complaint: weakness, for 6 months, worsening." in text
    assert text.count("orsening") == text.count("6 months") == 1
    assert ("Cramps, for 2 years." in text) is bool(cramps)


def test_how_long_and_which_way_is_told_of_cramps_that_are_the_complaint() -> None:
    text = text_of(history_of(making_of(answers(cramp__main_complaint="cramp", **COURSE))))
    assert "Cramps, for 6 months, worsening." in text
    # Where nobody recorded what the complaint is, nothing is called a cramp.
    assert "ramps" not in text_of(history_of(making_of(answers(**COURSE))))


def test_a_complaint_that_says_only_cramps_is_told_by_the_sentence_of_the_cramps() -> None:
    for typed in ("cramps", "Cramp", "Muscle cramps"):
        text = told("V03", cramp__main_complaint={"value": "cramp", "text": typed})
        assert "Main complaint" not in text
        assert text.startswith("Painful cramps of")
    text = told("V03", cramp__main_complaint={"value": "cramp", "text": "cramps at work"})
    assert text.startswith("Main complaint: cramps at work.")


def test_a_red_flag_of_which_only_the_kind_was_recorded_is_told() -> None:
    data = case_data("V03")
    data["answers"] = {**data["answers"], "rf.fever": None, "rf.fever_which.rigors": True}
    del data["answers"]["rf.fever"]
    making = making_of(data)
    assert "rf.fever_which.rigors" in present_alarms(making)
    said = text_of([*why_of(making), *history_of(making)])
    assert "igors" in said


# -- where it is numb ------------------------------------------------------------------------------

NUMB, PLACES, PATTERN = (
    "neuro.numbness_tingling",
    "neuro.sensory_sites",
    "neuro.sensory_distribution",
)
BOTH_FEET = ["toes_foot.left", "toes_foot.right"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({NUMB: True}, "Numbness or tingling."),
        ({NUMB: True, PLACES: BOTH_FEET}, "Numbness or tingling of both feet."),
        # A place says that it is there.
        ({PLACES: ["calf.right"]}, "Numbness or tingling of the right calf."),
        # The pattern names the place already.
        (
            {NUMB: True, PATTERN: "feet_symmetric", PLACES: BOTH_FEET},
            "Numbness or tingling of both feet.",
        ),
        (
            {
                NUMB: True,
                PATTERN: "feet_symmetric",
                PLACES: [*BOTH_FEET, "calf.left", "calf.right"],
            },
            "Numbness or tingling of both feet and calves.",
        ),
        ({NUMB: True, PATTERN: "thigh", PLACES: ["thigh.left"]}, "tingling of the left thigh."),
        (
            {
                NUMB: True,
                PATTERN: "hands_only",
                PLACES: ["hand_fingers.left", "hand_fingers.right"],
            },
            "Numbness or tingling of the hands only.",
        ),
        # It does not.
        (
            {NUMB: True, PATTERN: "single_nerve", PLACES: ["hand_fingers.right"]},
            "Numbness or tingling, in a single nerve territory (the right hand).",
        ),
        (
            {NUMB: True, PATTERN: "feet_symmetric", PLACES: ["toes_foot.right"]},
            "Numbness or tingling of both feet (the right foot).",
        ),
        # The fingers say which hand.
        (
            {
                NUMB: True,
                PATTERN: "single_nerve",
                PLACES: ["hand_fingers.right"],
                "neuro.sensory_fingers": ["ring.right", "little.right"],
            },
            "in a single nerve territory (the right ring finger and little finger).",
        ),
        # Of the face the side counts.
        ({NUMB: True, PLACES: ["jaw_face.left"]}, "tingling of the left jaw/face."),
        ({PLACES: []}, ""),
    ],
)
def test_where_it_is_numb_is_said_once(given: dict[str, Any], said: str) -> None:
    text = text_of(history_of(making_of({**case_data("V20"), "answers": given})))
    assert text.endswith(said)
    assert text.count("umbness") <= 1


def test_where_it_twitches_says_that_it_does() -> None:
    data = {**case_data("V20"), "answers": {"neuro.twitching_where": ["calf.left"]}}
    assert "Twitching of the left calf." in text_of(history_of(making_of(data)))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"sys.rhythm": ["heart_block", "long_qt"]}, "Heart block and long QT."),
        ({"sys.spine": ["surgery"]}, "Spinal surgery."),
        ({"sys.limb_injury": ["trauma"]}, "Injury of a limb before onset."),
        ({"sys.radiotherapy_to": ["neck"]}, "Radiotherapy to neck."),
        ({"sys.clot_risks": ["past_clot"]}, "Past clot."),
        ({"sys.lungs": ["sleep_apnoea"]}, "Sleep apnoea."),
        ({"sys.thymus_mg": ["thymoma"]}, "Thymoma."),
        ({"soc.toxin": ["lead"]}, "Exposed to lead."),
        ({"fh.rhabdo": ["mh"]}, "A relative with malignant hyperthermia."),
        ({"neuro.tremor": True, "neuro.slowness": False}, "Tremor."),
        ({"neuro.pain_widespread": True}, "Widespread pain for over 3 months."),
        ({"soc.exercise_onset": ["new"]}, "Exercise before onset: new kind."),
        (
            {"sys.cancer": False, "sys.spine": [], "fh.mnd": False, "fh.nerve": []},
            "No cancer or spine disease or surgery. "
            "No family history of motor neuron disease or neuropathy or pes cavus.",
        ),
    ],
)
def test_what_is_asked_in_the_place_of_an_older_question_is_told(
    given: dict[str, Any], said: str
) -> None:
    assert said in text_of(history_of(making_of(answers(**given))))


def test_what_the_form_asks_of_strength_with_use_is_told() -> None:
    given = {"neuro.weakness": True, "neuro.worse_with_use": True}
    assert "Weakness, worse with use." in text_of(history_of(making_of(answers(**given))))
    both = answers(**given, **{"neuro.better_with_rest": True})
    assert "worse with use and better after rest" in text_of(history_of(making_of(both)))


def test_no_sentence_rests_on_what_is_asked_no_more() -> None:
    """Of a question that is asked no more, a sentence finds what is asked in its place."""
    making = making_of(answers())
    questions, said = making.form.questions, making.said
    retired = {
        target
        for record in making.templates.sentences.sentence
        for target in record.of.values()
        if target in questions and not questions[target].asked
    }
    assert retired
    left = {name for name in retired if not (said.get(name) and said[name].follow_up)}
    # Their successors stand beside them in the same sentence.
    assert left == {"neuro.weakness_fatigable", "neuro.widespread_pain"}


def test_each_pain_has_its_own_duration() -> None:
    given = {
        "neuro.back_pain": True,
        "neuro.back_pain_weeks": "3 weeks",
        "neuro.leg_radiating_pain": True,
        "neuro.radicular_weeks": "9 days",
    }
    text = text_of(history_of(making_of(answers(**given))))
    assert "Back pain for 3 weeks, pain down the leg below the knee for 9 days." in text
    both = answers(**given, **{"neuro.arm_radiating_pain": True})
    said = "pain down the arm and down the leg below the knee for 9 days."
    assert said in text_of(history_of(making_of(both)))


def test_what_argues_and_has_no_sentence_shares_none_with_another_section() -> None:
    given = {
        "cramp.timing": ["during_exercise"],
        "cramp.exercise_type": "first_minutes_brisk",
        "cramp.second_wind": True,
        "cramp.onset_minutes": "2 minutes",
        "fh.consanguinity": True,
    }
    text = text_of(history_of(making_of(answers(**given))))
    assert "comes 2 minutes into the effort. Parents are related." in text


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Levothyroxine", "Takes levothyroxine 1 mg;"),
        ("Tamoxifen", "Takes tamoxifen 1 mg;"),
        ("Bisoprolol", "Takes bisoprolol 1 mg (beta-blocker);"),
        ("Rivaroxaban", "Takes rivaroxaban 1 mg (direct oral anticoagulant);"),
    ],
)
def test_a_class_that_the_name_says_is_not_said_again(name: str, said: str) -> None:
    data = answers(**{"meds.list": [{"name": name, "dose": "1 mg"}]})
    data["patient"] = {"allergies": []}
    assert said in text_of(history_of(making_of(data)))


def test_a_treatment_that_was_ruled_out_is_told_who_may_prescribe() -> None:
    row = {"treatment": "Gabapentin", "why": "contraindicated", "note": "eGFR below 10"}
    text = text_of(history_of(making_of(answers(**{"meds.ruled_out": [row]}))))
    assert "Gabapentin (contraindicated: eGFR below 10)" in text


@pytest.mark.parametrize(
    ("by", "said"),
    [
        (["carer"], "Account given by a carer."),
        (["patient", "interpreter"], "Account given by the patient and through an interpreter."),
        (["patient"], ""),
    ],
)
def test_who_gives_the_account_is_said_unless_it_is_the_patient(by: list[str], said: str) -> None:
    text = told("V19", **{"soc.informant": by})
    assert said in text
    assert ("Account" in text) is bool(said)


def test_aching_is_not_between_cramps_that_are_denied() -> None:
    ache = {"neuro.myalgia": True, "neuro.myalgia_kind": ["aching"]}
    cramps = {"cramp.present": False, "cramp.sites": [], "cramp.pain_sites": ["forearm.right"]}
    text = told("X02", **ache, **cramps)
    assert "Muscles aching, pain of the right forearm." in text
    assert "between cramps" not in text
    assert "Muscles between cramps: aching" in told("V19", **ache)


def test_an_operation_and_what_others_said_are_told() -> None:
    text = told(
        "V19",
        **{
            "sys.other_conditions": [{"name": "fistula of the left arm", "kind": "operation"}],
            "sys.seen_before": [
                {"where": "Example Clinic", "date": "2026-06", "said": "a pinched nerve"}
            ],
        },
    )
    assert "fistula of the left arm (operation)" in text
    assert "Seen elsewhere for this: Example Clinic Jun 2026: a pinched nerve" in text


def test_red_flags_that_were_not_asked_are_not_among_the_absent() -> None:
    assert "2 other red-flag items asked: absent." in told("V27")
    whole = text_of(history_of(making_of(case_data("sample"))))
    assert "The other 23 red-flag items: absent (as blocks)." in whole


def test_a_class_is_named_only_where_no_medicine_stands_for_it() -> None:
    meds = [{"name": "atorvastatin", "dose": "20 mg"}, {"name": "carvedilol", "dose": "6 mg"}]
    low = {"value": 2.02, "unit": "mmol/L"}
    data = answers(
        **{
            "cramp.sites": ["calf.left"],
            "meds.classes": ["statin", "beta_blocker", "iv_iron"],
            "meds.list": meds,
            "ix.ca_adj": low,
        }
    )
    text = " ".join(s.text for s in history_of(making_of(data)))
    assert "atorvastatin" in text
    assert text.count("statin") == 1
    assert "Of the classes that matter: intravenous iron." in text
