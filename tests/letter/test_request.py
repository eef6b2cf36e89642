"""What the request to a laboratory says, and what stops it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import AT, assess_case, case_from, the_content, the_settings, vignettes
from triage.content.casefile import day_of
from triage.letter.build import build_letter
from triage.letter.check import problems_before_issue
from triage.letter.statements import Block, Cell, Letter, Row

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "forms" / "muscle_cramps" / "cases" / "sample.json"
STRIP = (
    "emg.pacemaker",
    "emg.icd",
    "emg.stimulator",
    "emg.external_pacing_wire",
    "emg.lymphoedema",
)
APIXABAN = {"name": "Apixaban", "dose": "5 mg"}
ASKED = {"t_ncs": "accept", "t_emg": "accept"}
QUESTION = "Is this motor neuron disease, or a treatable mimic?"


def request(
    name: str,
    given: Mapping[str, Any] = {},
    *,
    decisions: Mapping[str, str] = ASKED,
    recipients: tuple[str, ...] = ("neurophysiology",),
    issued: bool = True,
    without: tuple[str, ...] = (),
    question: str = "",
) -> tuple[Letter, list[str]]:
    """Return the request of a case, and what stands against issuing it."""
    path = SAMPLE if name == "sample" else ROOT / "tests" / "cases" / "vignettes" / f"{name}.json"
    data = json.loads(path.read_text())
    data = data.get("case", data)
    data["answers"] = {k: v for k, v in (data["answers"] | dict(given)).items() if k not in without}
    kinds = ("decision", "reason")
    data["decisions"] = {
        test: dict(zip(kinds, said.split(": "), strict=False)) for test, said in decisions.items()
    }
    data["recipients"] = list(recipients)
    data["referrer"] = data.get("referrer", {}) | ({"question": question} if question else {})
    case, content = case_from(data), the_content()
    letter = build_letter(
        content,
        case,
        assess_case(case),
        "emg_request",
        "neurophysiology",
        day_of(case),
        version=int(issued),
        issued_at=AT if issued else None,
        settings=the_settings(),
    )
    problems = problems_before_issue(letter, case, content, the_settings())
    return letter, [str(problem) for problem in problems]


def block(letter: Letter, name: str) -> Block:
    return next(b for b in letter.blocks if b.id == name)


def cells(letter: Letter) -> dict[str, Cell]:
    return {cell.name: cell for cell in block(letter, "strip").cells}


def lines(letter: Letter, name: str) -> list[tuple[str, str, str]]:
    def said(row: Row) -> str:
        return " ".join(statement.text for statement in row.statements)

    rows = block(letter, name).rows
    return [(row.label, said(row).replace("\n", " "), row.aside) for row in rows]


def text(letter: Letter, name: str) -> str:
    return " ".join(" ".join(line) for line in lines(letter, name))


def power(letter: Letter) -> dict[str, tuple[str, ...]]:
    tables = block(letter, "examined").tables
    return {row.label: row.cells for row in tables[0].rows}


# -- the strip is the union of strip, medicines and conditions -----------------------------------------


def test_the_strip_of_the_sample_says_no_four_times() -> None:
    letter, _ = request("sample")
    assert [(c.name, c.words, c.state) for c in block(letter, "strip").cells] == [
        ("Anticoagulant", "No", "absent"),
        ("Implanted device", "No", "absent"),
        ("Lymphoedema", "No", "absent"),
        ("Infection", "No", "absent"),
    ]


def test_what_was_not_asked_is_not_denied_and_stops_the_issue() -> None:
    letter, problems = request("V01")
    assert {cell.words for cell in cells(letter).values()} == {"NOT ASKED"}
    for name in ("anticoagulant", "implanted device", "lymphoedema", "infection"):
        assert f"Safety answer missing: {name}." in problems


def test_what_could_not_be_checked_is_not_called_unasked_and_does_not_stop_the_issue() -> None:
    unable = {"state": "unable", "reason": "not undressed"}
    letter, problems = request("sample", {"emg.lymphoedema.left": unable})
    cell = cells(letter)["Lymphoedema"]
    assert (cell.words, cell.state) == ("COULD NOT BE CHECKED: left (not undressed)", "unable")
    assert not any("lymphoedema" in problem for problem in problems)
    letter, _ = request("sample", {"emg.icd": {"state": "unable", "reason": "confused"}})
    words = cells(letter)["Implanted device"].words
    assert words == "COULD NOT BE CHECKED: ICD (confused)"


def test_what_is_there_goes_before_what_could_not_be_checked_and_an_open_part_stops() -> None:
    unable = {"state": "unable", "reason": "confused"}
    letter, _ = request("sample", {"emg.icd": unable, "emg.pacemaker": True})
    assert cells(letter)["Implanted device"].words == "YES: pacemaker"
    letter, problems = request("sample", {"emg.icd": unable}, without=("emg.stimulator",))
    assert cells(letter)["Implanted device"].state == "unasked"
    assert "Safety answer missing: implanted device." in problems


def test_allergies_and_needs_are_safety_and_never_left_out_for_words() -> None:
    latex = [{"substance": "Latex", "reaction": "urticaria", "severe": True}]
    given = {
        "patient.allergies": latex,
        "emg.transport": ["hoist", "oxygen"],
        "neuro.weakness_tempo": {"value": "weeks_months", "text": " ".join(["word"] * 70)},
    }
    letter, _ = request("V01", given)
    safety = text(letter, "safety")
    assert "Allergies: Latex (urticaria, severe)." in safety
    assert "Needs a hoist and oxygen." in safety
    assert "Latex" not in text(letter, "request_history")
    letter, _ = request("sample")
    assert "llerg" not in text(letter, "safety")


@pytest.mark.parametrize("name", ["sample", "V01"])
def test_a_name_without_a_class_is_an_anticoagulant(name: str) -> None:
    letter, _ = request(name, {"meds.list": [APIXABAN]})
    cell = cells(letter)["Anticoagulant"]
    assert (cell.words, cell.state) == ("YES: apixaban 5 mg", "present")


def test_a_brand_keeps_its_capital() -> None:
    letter, _ = request("V01", {"meds.list": [{"name": "Eliquis", "dose": "5 mg"}]})
    assert cells(letter)["Anticoagulant"].words == "YES: Eliquis 5 mg"


def test_a_class_without_a_name_is_told_by_the_class() -> None:
    letter, _ = request("V01", {"meds.classes": ["doac"]})
    assert cells(letter)["Anticoagulant"].words == "YES: direct oral anticoagulant"


def test_a_stopped_anticoagulant_is_none() -> None:
    row = {"name": "Warfarin", "change": "stopped"}
    letter, _ = request("sample", {"meds.list": [row]})
    assert cells(letter)["Anticoagulant"].words == "No"


def test_a_name_that_is_almost_one_is_neither_yes_nor_no() -> None:
    letter, problems = request("sample", {"meds.list": [{"name": "Apixiban"}]})
    cell = cells(letter)["Anticoagulant"]
    assert (cell.words, cell.state) == ("NOT CLEAR: Apixiban", "unasked")
    assert "Safety answer missing: anticoagulant." in problems


def test_the_strip_that_says_no_beside_the_list_is_a_contradiction() -> None:
    content = the_content()
    data = json.loads(SAMPLE.read_text())
    data["answers"]["meds.list"] = [APIXABAN]
    found = assess_case(case_from(data)).contradictions
    (one,) = [c for c in found if "emg.anticoagulant" in c.denied]
    assert one.stops_issue
    assert one.id in content.contradiction_ids


def test_a_medicine_beside_a_condition_beats_the_strip_and_stops_the_issue() -> None:
    noted = {"state": "present", "text": "atrial fibrillation, on apixaban"}
    letter, problems = request("sample", {"sys.heart_block_arrhythmia": noted})
    cell = cells(letter)["Anticoagulant"]
    assert (cell.words, cell.denied) == ("YES: apixaban", ("emg.anticoagulant",))
    assert any("the safety answer says no" in problem for problem in problems)
    clear, none = request("sample")
    assert cells(clear)["Anticoagulant"].denied == ()
    assert not any("the safety answer says no" in problem for problem in none)


def test_a_joined_cell_is_no_only_if_all_of_it_was_denied() -> None:
    letter, _ = request("sample", without=("emg.stimulator",))
    assert cells(letter)["Implanted device"].words == "NOT ASKED"


def test_a_device_is_named_in_its_cell_and_told_below_it() -> None:
    given = {
        "emg.icd": {"state": "present", "text": "left chest"},
        "emg.device_model": "Invented 7",
    }
    letter, _ = request("sample", given)
    assert cells(letter)["Implanted device"].words == "YES: ICD (left chest)"
    assert lines(letter, "safety")[0][1].startswith("Device: Invented 7.")


def test_one_side_of_lymphoedema_is_told_by_its_side() -> None:
    given = {"emg.lymphoedema.left": {"state": "present", "text": "arm"}}
    letter, _ = request("sample", given)
    assert cells(letter)["Lymphoedema"].words == "YES: left arm"


def test_one_side_denied_leaves_the_other_open() -> None:
    letter, _ = request("sample", without=("emg.lymphoedema.right",))
    assert cells(letter)["Lymphoedema"].words == "NOT ASKED"


# -- the rest of the safety list -----------------------------------------------------------------------


def test_the_safety_of_the_sample() -> None:
    letter, _ = request("sample")
    said = text(letter, "safety")
    assert said.strip() == (
        "As one block, 20 Nov 2026; the medicine list (ramipril) agrees. Device: no pacemaker, ICD, stimulator, "
        "wire or line. Also no: antiplatelet, bleeding disorder, immunosuppression or valve, fear of needles, "
        "botulinum toxin, pyridostigmine. Lies flat 45 minutes."
    )
    assert len(said.split()) <= 40


def test_the_list_agrees_only_where_it_was_compared() -> None:
    without, _ = request("sample", without=("meds.list", "meds.classes"))
    assert "medicine list" not in text(without, "safety")
    other, _ = request("sample", {"meds.list": [APIXABAN]})
    assert "agrees" not in text(other, "safety")
    unasked, _ = request("V08", {"meds.list": [{"name": "ramipril"}]})
    assert not [block for block in unasked.blocks if block.id == "safety" and block.rows]


def test_what_is_there_comes_first_and_is_bold() -> None:
    given = {"emg.bleeding_disorder": {"state": "present", "text": "haemophilia A"}}
    letter, _ = request("sample", given)
    first = block(letter, "safety").rows[0].statements[0]
    assert first.text == "Bleeding disorder (haemophilia A)."
    assert first.spans[0].strong
    assert "bleeding" not in text(letter, "safety").partition("Also no")[2]


def test_who_cannot_lie_flat_is_said_so() -> None:
    letter, _ = request("sample", {"emg.lie_flat": False})
    assert text(letter, "safety").strip().endswith("Cannot lie flat for 45 minutes.")


# -- what is to be studied ------------------------------------------------------------------------------

MND = [
    (
        "Motor, F waves",
        "median, ulnar (ADM and FDI), tibial, peroneal with proximal stimulation: conduction block?",
        "both sides",
    ),
    ("Sensory", "median, ulnar, radial, sural", "right"),
    ("EMG cervical", "FDI, EDC, biceps, deltoid", "right; FDI left"),
    ("EMG thoracic", "paraspinals T6 to T10", "one side"),
    ("EMG lumbosacral", "vastus lateralis, tibialis anterior, gastrocnemius", "right"),
    ("EMG bulbar", "tongue, or masseter or trapezius", "one side"),
]


@pytest.mark.parametrize("name", ["sample", "V01"])
def test_the_studies_of_motor_neuron_disease(name: str) -> None:
    letter, _ = request(name)
    assert lines(letter, "studies") == MND
    assert sum(len(f"{said} {side}".split()) for _, said, side in MND) <= 60


def test_the_plan_of_what_leads_comes_first_and_the_rest_by_name() -> None:
    letter, _ = request("V24")
    rows = lines(letter, "studies")
    assert rows[0][0] == "Motor, sensory"
    assert ("For comparison", "the same nerve", "left") in rows
    assert rows[-1] == ("Also in question", "Polyneuropathy?", "")
    assert sum(len(f"{said} {side}".split()) for _, said, side in rows) <= 60


ALL_THE_SAME = "Not indicated on what is recorded; asked for all the same."


def test_a_study_without_a_plan_is_named() -> None:
    letter, _ = request("V03")
    assert lines(letter, "studies") == [
        ("NCS", "Nerve conduction studies (NCS).", ""),
        ("EMG", "Needle EMG.", ""),
        ("NCS", ALL_THE_SAME, ""),
        ("EMG", ALL_THE_SAME, ""),
    ]


def test_whatever_calls_for_a_study_its_plan_is_that_of_the_question() -> None:
    root, problems = request("V07", decisions={"t_emg_root": "accept"}, question=QUESTION)
    assert lines(root, "studies")[0] == (
        "Sensory",
        "sural, superficial peroneal preserved?",
        "affected side",
    )
    assert block(root, "order").title == "EMG and nerve conduction studies of a root"
    assert not [p for p in problems if "study" in p]
    emergency, _ = request("V16")
    assert lines(emergency, "studies")[0][0] == "Sensory"


def test_a_study_that_was_declined_is_not_planned_and_says_why() -> None:
    letter, _ = request("sample", decisions={"t_ncs": "accept", "t_emg": "decline: fears needles"})
    assert {label for label, _, _ in lines(letter, "studies")} == {"Motor, F waves", "Sensory"}
    assert block(letter, "order").title == "Nerve conduction studies (NCS)"
    assert text(letter, "not_asked").strip() == "Needle EMG: fears needles."
    only, _ = request("sample", decisions={"t_emg": "accept"})
    assert {label[:3] for label, _, _ in lines(only, "studies")} == {"EMG"}


def test_what_another_laboratory_does_is_not_in_it() -> None:
    letter, _ = request("V28", decisions={"t_ncs": "accept", "t_eeg": "accept"})
    assert block(letter, "order").title == "Nerve conduction studies (NCS)"
    assert "EEG" not in text(letter, "studies")
    only, problems = request("V28", decisions={"t_eeg": "accept"})
    assert "No study is asked for: accept at least one." in problems
    assert not [b for b in only.blocks if b.id == "studies"]


def test_repetitive_stimulation_is_a_study() -> None:
    name = "Repetitive nerve stimulation or single-fibre EMG"
    letter, problems = request("X02", decisions={"t_rns": "accept"})
    assert block(letter, "order").title == name
    assert not [p for p in problems if "study" in p]
    # The plan of another question is none of it.
    own = "Asked for by the sender, not suggested on what is recorded."
    assert lines(letter, "studies") == [("RNS or single-fibre EMG", f"{name}. {own}", "")]
    tired = {"neuro.weakness_fatigable": True, "neuro.diplopia_ptosis": True}
    planned, _ = request("X02", tired, decisions={"t_rns": "accept", "t_ncs": "accept"})
    assert "Repetitive, 2-3 Hz" in {label for label, _, _ in lines(planned, "studies")}


def test_one_side_denied_is_no_contradiction_where_the_other_is_there() -> None:
    swollen = {"emg.lymphoedema.right": True, "emg.lymphoedema.left": False}
    letter, problems = request("sample", swollen, without=("emg.lymphoedema",))
    assert cells(letter)["Lymphoedema"].words == "YES: right"
    detail = {"emg.lymph_detail.arm_swollen": True}
    told, _ = request("sample", swollen | detail, without=("emg.lymphoedema",))
    assert cells(told)["Lymphoedema"].words == "YES: right, arm swollen"
    assert not [p for p in problems if "Lymphoedema" in p]


def test_the_sender_says_what_he_thinks_of() -> None:
    doubted, _ = request("sample", {"referrer.working_diagnosis": "Myositis?"})
    assert text(doubted, "order").strip().startswith("Myositis? Please study")
    thought = {"referrer.working_diagnosis": "Carpal tunnel syndrome, both hands"}
    letter, _ = request("sample", thought)
    assert (
        text(letter, "order").strip().startswith("Carpal tunnel syndrome, both hands. Please study")
    )


def test_the_history_tells_the_laboratory_what_may_have_hurt_a_nerve() -> None:
    told = {
        "cramp.main_complaint": {"value": "numbness", "text": "left foot drops"},
        "sys.nerve_injury": {"state": "present", "text": "knee replaced in October"},
        "sys.diabetes": "type2",
        "meds.list": [{"name": "Warfarin", "dose": "3 mg"}],
    }
    letter, _ = request("V18", told)
    said = text(letter, "request_history").strip()
    assert said.startswith("Main complaint: left foot drops.")
    assert "Knee replaced in October, type 2 diabetes." in said
    assert "Takes warfarin 3 mg" in said


def test_a_row_of_the_examination_has_no_bare_none() -> None:
    found = {"insp.foot_drop.left": True, "insp.wasting": [], "tone.axial_rigidity": True}
    letter, _ = request("V03", found)
    rows = {label: said for label, said, _ in lines(letter, "examined")}
    assert rows["Wasting"] == "Foot drop left. No wasting."
    assert "tone" not in rows["Not examined"]


def test_normal_results_are_named_as_far_as_there_is_room() -> None:
    normal = {"ix.na": 140, "ix.k": 4.2, "ix.mg": 0.85, "ix.tsh": 1.8, "ix.hba1c": 38}
    given = {name: {"value": value, "date": "2026-11-10"} for name, value in normal.items()}
    letter, _ = request("V01", given)
    said = text(letter, "request_results")
    assert "Normal: sodium, potassium" in said
    assert "record" not in said


def test_only_what_was_accepted_is_asked_for() -> None:
    letter, problems = request("sample", decisions={})
    assert not [b for b in letter.blocks if b.id == "studies"]
    assert "No study is asked for: accept at least one." in problems
    draft, _ = request("sample", decisions={}, issued=False)
    assert lines(draft, "studies") == MND


def test_a_side_that_nobody_recorded_is_missing() -> None:
    def unsided(issued: bool) -> set[str]:
        bare = tuple(
            f"power.{row}.{s}" for row in ("fdi", "apb", "finger_ext") for s in ("left", "right")
        )
        letter, _ = request("V01", issued=issued, without=bare)
        return {side for _, _, side in lines(letter, "studies")}

    assert "side not recorded" in unsided(issued=True)
    assert "«side»" in unsided(issued=False)


# -- the examination, right and left ---------------------------------------------------------------------


def test_the_weakest_muscle_stands_first_by_its_name_in_the_laboratory() -> None:
    letter, _ = request("sample")
    assert list(power(letter).items())[:5] == [
        ("FDI (ulnar)", ("3", "4+")),
        ("APB (median)", ("3", "5")),
        ("Finger extension (EDC)", ("4", "5")),
        ("Neck flexion", ("5", "")),
        ("Deltoid", ("5", "5")),
    ]
    assert list(power(letter))[-1] == "Ankle plantarflexion"


def test_the_reflexes_of_the_sample() -> None:
    letter, _ = request("sample")
    table = block(letter, "examined").tables[1]
    said = {row.label: (row.cells, row.strong) for row in table.rows}
    assert said["Knee"] == (("3+", "3+"), (True, True))
    assert said["Plantar"] == (("extensor", "flexor"), (True, False))
    assert said["Hoffmann sign"] == (("yes", "no"), (True, False))


def test_a_long_table_joins_normal_rows_and_loses_none() -> None:
    letter, _ = request("V03")
    table = block(letter, "examined").tables[0]
    assert "Deltoid, biceps, triceps" in power(letter)
    covered = [key for row in table.rows for key in row.covers]
    assert len(covered) == len(set(covered))
    assert {"power.deltoid.left", "power.biceps.right", "power.triceps.left"} <= set(covered)


def test_both_sides_alike_are_both_bold() -> None:
    letter, _ = request("V16")
    first = block(letter, "examined").tables[0].rows[0]
    assert (first.label, first.cells, first.strong) == (
        "Ankle dorsiflexion (TA)",
        ("3", "3"),
        (True, True),
    )


def test_a_grade_without_a_side_says_so() -> None:
    letter, _ = request("sample", {"power.fdi": "3"}, without=("power.fdi.left", "power.fdi.right"))
    assert "FDI (ulnar) 3, side not recorded" in power(letter)
    rows = [row for table in block(letter, "examined").tables for row in table.rows]
    (weak,) = (row for row in rows if row.label.startswith("FDI"))
    assert all(weak.strong)


# -- who gets it, and what it needs -----------------------------------------------------------------------


def test_the_order_names_who_gets_the_report() -> None:
    letter, _ = request("sample", recipients=("neuromuscular", "neurophysiology"))
    order = block(letter, "order")
    assert order.title == "Nerve conduction studies (NCS) and needle EMG"
    assert text(letter, "order").strip() == (
        "Possible motor neuron disease. Please study, report to the sender and the Neuromuscular / MND clinic."
    )
    alone, _ = request("sample")
    assert text(alone, "order").strip().endswith("Please study, report to the sender.")


def test_the_record_goes_with_it_only_where_no_clinic_has_it() -> None:
    with_clinic, problems = request("sample", recipients=("neuromuscular", "neurophysiology"))
    assert with_clinic.record is None
    assert not any("leaves out" in problem for problem in problems)
    alone, _ = request("sample")
    assert alone.record is not None


def test_the_telephones_stand_where_a_laboratory_looks() -> None:
    letter, _ = request("sample")
    assert letter.letterhead.place.endswith("Dr Ruth SAMPLE, tel 01632 960102")
    bold = [
        s.text for st in block(letter, "patient").all_statements() for s in st.spans if s.strong
    ]
    assert "tel 01632 960188" in bold


def test_neither_red_flags_nor_sensitive_items_are_told() -> None:
    letter, _ = request("sample", recipients=("neuromuscular", "neurophysiology"))
    covered = {key for b in letter.blocks for s in b.all_statements() for key in s.covers}
    assert not [key for key in covered if key.startswith("rf.")]


@pytest.mark.parametrize("name", ["sample", *(path.stem for path in vignettes())])
def test_no_block_has_more_words_than_a_laboratory_reads(name: str) -> None:
    letter, _ = request(name, issued=False)
    most = {"safety": 40, "studies": 60, "results": 25}
    for found in (b for b in letter.blocks if b.id in most):
        composed = [s for s in found.all_statements() if s.style != "free"]
        # What was not asked stands in a draft only, outside the limit.
        words = " ".join(s.text for s in composed if not s.text.startswith("Not asked"))
        sides = " ".join(row.aside for row in found.rows)
        assert len(f"{words} {sides}".split()) <= most[found.id], found.id


@pytest.mark.parametrize(("typed", "stops"), [("Is it?", True), (QUESTION, False)])
def test_a_question_of_too_few_words_stops_the_issue(typed: str, stops: bool) -> None:
    _, problems = request("sample", question=typed)
    assert any("says too little for a laboratory" in p for p in problems) is stops


def test_a_cell_is_bold_as_a_whole() -> None:
    letter, _ = request("V01", given={"emg.lymph_detail.arm_swollen": True}, issued=False)
    assert all("\ufdd0" not in said for said in letter.texts())
    assert "«side»" in cells(letter)["Lymphoedema"].words


def test_plans_that_ask_for_the_same_study_share_its_row() -> None:
    isaacs = {
        "neuro.continuous_rippling": True,
        "neuro.hyperhidrosis": True,
        "neuro.twitching": True,
        "insp.myokymia": True,
        "neuro.numbness_tingling": True,
        "neuro.sensory_distribution": "feet_and_hands",
        "sens.pattern": "length_dependent",
    }
    letter, _ = request("X01", isaacs)
    rows = lines(letter, "studies")
    labels = [label for label, _, _ in rows]
    assert len(labels) == len(set(labels))
    said = {label: text for label, text, _ in rows}
    assert "after-discharges" in said["Motor"]
    assert "sural, superficial peroneal, radial, ulnar" in said["Sensory"]


def test_a_study_that_no_rule_suggests_says_who_asks_for_it() -> None:
    own = "Asked for by the sender, not suggested on what is recorded."
    letter, _ = request("X02", decisions={"t_rns": "accept"})
    assert own in text(letter, "studies")
    suggested, _ = request("sample")
    assert own not in text(suggested, "studies")


def test_a_laboratory_is_told_of_dystonia_and_the_hand() -> None:
    given = {
        "cramp.twisting_posture": True,
        "dyst.abnormal_posture": True,
        "dyst.task_specific": True,
        "emg.handedness": "right",
        "sys.other_conditions": [{"name": "fistula of the left arm", "kind": "operation"}],
    }
    letter, _ = request("X02", given, decisions={"t_ncs": "accept"})
    assert "task-specific dystonia" in text(letter, "examined")
    history = text(letter, "request_history")
    assert "Twisting or abnormal posture" in history
    assert "Right-handed." in history
    assert "fistula of the left arm" in history
