"""Pasted consultation notes: nothing wrong stands ticked, and most of what is there is proposed."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.prove.note import note as spliced
from tests.session.note.measure import Measured, measure, notes
from tests.session.quick.table import session_of
from triage.errors import EntryError
from triage.session.note import read_note
from triage.session.note.read import LONGEST_NOTE

NOTES = [*notes("seen"), *notes("held")]


def _read() -> list[Measured]:
    return [measure(note) for note in NOTES]


def test_no_wrong_fact_is_certain_and_most_facts_are_proposed() -> None:
    every = _read()
    assert len(every) >= 40
    assert [wrong for one in every for wrong in one.wrong] == []
    assert sum(one.found for one in every) >= 0.6 * sum(len(one.note.wanted) for one in every)


def _certain(text: str) -> Sequence[str]:
    return [
        " ".join(one.line) for one in read_note(session_of({}), text).proposals if one.is_certain
    ]


@pytest.mark.parametrize(
    "text",
    [
        # Each stood ticked once, or nearly.
        "Fit, well. Stretching.",
        "No weakness. This came on later.",
        "No weakness. Later it came.",
        "Numbness ✗",
        "? Brain and cord disease: Brain injury",
        "BP 138/82. ? brought on by a meal.",
        "K 3.3 Mg 0.62 on 10/11/26",
        "Classes long-acting beta-agonist (laba) left not seen",
        "No warning or",
        "Bloods 2/11/26 taken. CK 640.",
        "Previous note 2019:\nWeakness for 3 months. Cramps both calves.",
        "12/03/2019 Dr Sample\nWeakness for 3 months.\n\nO/E\nR FDI 3",
        "Mother: ALS.\nWeakness for 3 months.",
        "His mother had tremor. Weakness for 3 months.",
        "He denies weakness and numbness of the feet persists.",
        "Calf pain on walking 200 m.",
        "Weakness for 3 months then resolved",
        "My legs feel weak and numb",
        "Weakness in March. No weakness.",
        "No doubt about weight loss. Not only twitching. No further twitching.",
        "O/E no weakness",
        "ADF 4/5 left. Correction: right.",
        "Weakness: ___ Numbness: ___",
        "Tongue w/o fasciculations or atrophy.",
        "Spasm of hand, foot or face: Face left denied.",
        "Spasm of hand or foot: both denied",
        "Dark urine and fever: denied",
    ],
)
def test_what_can_be_meant_otherwise_is_never_certain(text: str) -> None:
    assert [line for line in _certain(text) if not line.startswith(("BP", "denies", "Mg"))] == []


def test_what_the_form_asks_of_relatives_only_is_proposed_of_relatives_only() -> None:
    lines = [
        " ".join(one.line)
        for one in read_note(
            session_of({}),
            "PMH: rhabdomyolysis, neuropathy. No myotonia. Father had myotonia.",
        ).proposals
    ]
    assert lines == ["fh myotonia"]


def test_the_name_of_a_question_behind_a_denial_is_no_statement() -> None:
    text = "Denies weakness, where is the twitching: calf left, what eases it: eating."
    assert _certain(text) == []
    assert "slurred" in " ".join(_certain("No weakness, speech is slurred."))


def test_what_stands_before_a_denial_at_the_end_asks() -> None:
    assert _certain("Dark urine, fever absent.") == ["fever absent"]
    assert "urine present" in " ".join(_certain("Dark urine present, fever absent."))


def test_a_denied_list_is_of_all_its_parts_if_it_is_closed() -> None:
    assert _certain("No weakness, numbness or dysphagia.") == [
        "No weakness",
        "no numbness",
        "no dysphagia",
    ]
    assert _certain("No weakness, numbness.") == ["No weakness"]


def test_what_lasts_is_read_with_how_long() -> None:
    assert _certain("Twitching 6/52.") == ["Twitching 6 weeks"]
    assert _certain("3 month history of weakness.") == ["weakness 3 month"]


def test_a_family_is_told_only_as_family_and_asks() -> None:
    reading = read_note(session_of({}), "Mother had ALS. Wife has MND.")
    assert [one.is_certain for one in reading.proposals] == [False]
    assert set(reading.proposals[0].meanings[0].changes) == {"fh.mnd"}


def test_what_is_recorded_otherwise_asks() -> None:
    text = "No weakness."
    assert read_note(session_of({}), text).proposals[0].is_certain
    assert not read_note(session_of({"neuro.weakness": True}), text).proposals[0].is_certain


def test_another_patient_stops_all() -> None:
    session = session_of({"patient.family_name": "Sample", "patient.given_name": "Nora"})
    reading = read_note(session, "Name: Erik MUSTER\nNo weakness.")
    assert reading.stopped
    assert not reading.proposals


def test_a_note_that_is_too_long_is_not_read() -> None:
    with pytest.raises(EntryError):
        read_note(session_of({}), "No weakness. " * (LONGEST_NOTE // 10))


@pytest.mark.parametrize("seed", range(60))
def test_what_is_not_of_the_patient_now_is_never_there(seed: int) -> None:
    spliced(seed)


def _proposed(text: str) -> str:
    """Return all that is proposed of a text, in the words of the form."""
    proposals = read_note(session_of({}), text).proposals
    return "; ".join(m.says for one in proposals for m in one.meanings)


@pytest.mark.parametrize(
    ("text", "never"),
    [
        # A denial may reach behind "with".
        ("He denies any problem with his swallowing or speech.", "present"),
        # Nor does "is" end it behind a stroke.
        ("No femoral stretch/Where is the twitching: Foot R.", "Foot"),
        ("No weakness/tongue is wasted.", "ongue"),
        # A name that was cut, and a grade of more than it names.
        ("O/E: Power was 4/5 in right finger abduction, otherwise normal.", "Finger"),
        ("O/E: Power was 4/5 in right finger abduction, otherwise normal.", "Power: 4"),
        ("O/E: Power was 4/5 in right finger abduction, otherwise normal.", "sensation"),
        # A denial in the middle, a box that nobody ticked, a template that nobody filled in.
        ("She does not have any weakness or numbness.", "present"),
        ("She doesn't have any weakness or numbness.", "present"),
        ("[ ] Fever   [x] Weight loss   [ ] Chest pain", "Fever"),
        ("[ ] Fever   [x] Weight loss   [ ] Chest pain", "Chest"),
        ("Weakness: Y / N", "strength"),
        ("FHx cancer: nil", "Drives"),
        # An answer that more stands behind, and a side that is no grade.
        ("R calf cramps, worse with walking.", "Course"),
        ("Reflexes R L", "Reflexes"),
        # How often is not how long, and a number belongs to its own unit.
        ("They wake him at night 3 to 4 times a week.", "1 week"),
        ("Smokes 10/day.", "Cramps per week"),
        ("EtOH 2 drinks/wk.", "Alcohol"),
        ("A 1 8 month history of crarnps.", "8 month"),
        ("Pt is a 52 y.o. woman with cramps.", "52 years"),
        ("52 y.o. f/u of cramps.", "Sex"),
        ("Bloods: TSH 2.l, B12 34O.", "TSH"),
        ("Bloods: TSH 2.l, B12 34O.", "B12"),
        # A year is no result.
        ("PMH: HTN, prostate ca 2019 treated.", "calcium"),
        ("Breast ca 2015.", "calcium"),
    ],
)
def test_what_is_cut_out_of_its_words_is_not_proposed(text: str, never: str) -> None:
    assert never.casefold() not in _proposed(text).casefold()


def test_what_was_dictated_without_full_stops_is_cut_and_asks() -> None:
    text = (
        "thank you for seeing this pleasant retired gardener who describes painful cramps in the calves mainly at "
        "night and they last for two or three minutes and are much relieved by standing up she has no weakness she "
        "has noticed some tingling in her toes and i suspect a neuropathy and would like nerve conduction studies"
    )
    reading = read_note(session_of({}), text)
    assert len(reading.sentences) == 3
    assert not any(one.is_certain for one in reading.proposals)
    assert "Painful: present" in _proposed(text)
    assert "Loss of strength (not just pain or fatigue): absent" in _proposed(text)


def test_a_table_with_a_column_for_each_side_is_read_by_its_heading() -> None:
    table = "O/E\nPower    R    L\nADF      4    5\nBiceps   5    5\n\nEHL   4   4"
    assert _certain(table) == ["Power ADF R 4 L 5", "Power Biceps R 5 L 5"]


def test_a_line_that_begins_with_a_denial_goes_on_no_other() -> None:
    text = "Cramps of both calves and some tingling of the toes for 1 year\nNo weight loss"
    assert "No weight loss" in _certain(text)


def test_a_medicine_with_more_than_a_dose_asks() -> None:
    assert _certain("DH: amlodipine 5 mg od") == ["amlodipine 5 mg od"]
    assert not _certain("DH: amlodipine 5 mg no help")


def test_a_result_of_a_month_without_its_year_asks() -> None:
    assert not _certain("Bloods: CK 412 in October.")
    assert _certain("Bloods: CK 412 in October 2026.")


def test_how_often_is_not_how_long() -> None:
    text = "He drinks 14 units of alcohol a week and has never smoked. Cramps four times a week."
    lines = [" ".join(one.line) for one in read_note(session_of({}), text).proposals]
    assert not [line for line in lines if line.endswith("1 week")]


def test_a_dictated_decimal_is_a_number() -> None:
    text = "Her potassium was three point two and her magnesium was nought point six."
    lines = [" ".join(one.line) for one in read_note(session_of({}), text).proposals]
    assert lines == ["potassium 3.2", "magnesium 0.6"]
