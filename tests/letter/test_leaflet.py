"""The patient's own copy: short, with one date, and nothing in it that frightens or contradicts."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import TODAY, answers, case_from, the_assessor, the_content, the_settings
from tests.conftest import vignettes as vignette_files
from tests.everything import decided_case
from triage.letter.build import build_letter
from triage.letter.head import day_words
from triage.letter.leaflet import MOST_WORDS
from triage.letter.statements import Letter
from triage.model.case import Case
from triage.model.values import Decision, Urgency

SAMPLES = Path(__file__).parents[2] / "forms" / "muscle_cramps" / "cases"
FILES = [*vignette_files(), SAMPLES / "sample.json", SAMPLES / "sample_benign.json"]
DATE = re.compile(r"\b\d{1,2} [A-Z][a-z]{2} \d{4}\b")
# What only a diagnosis that was made may be called in front of the patient.
DISEASE = re.compile(
    r"neuron|\b(MND|ALS|MS)\b|sclerosis|syndrome|\w+(pathy|pathies|itis|osis|aemia|emia|gia)\b|"
    r"dystonia|parkinson|tetan|myasthen|cancer|tumour|palsy|stenosis|disorder|thrombosis|(?<!kidney )disease",
    re.IGNORECASE,
)
DAYS = {"emergency": 0, "urgent": 14, "soon": 42, "routine": 28}


def case_of(path: Path) -> Case:
    data = json.loads(path.read_text())
    return case_from(data.get("case", data))


def leaflet(case: Case) -> Letter:
    assessment = the_assessor().assess(case, TODAY)
    return build_letter(
        the_content(), case, assessment, "patient_leaflet", None, TODAY, settings=the_settings()
    )


def parts(found: Letter) -> dict[str, list[str]]:
    return {b.id: [s.text for s in b.all_statements()] for b in found.blocks if b.id != "mark"}


def text(found: Letter) -> str:
    blocks = [b for b in found.blocks if b.id != "mark"]
    return " ".join(f"{b.heading}: {' '.join(parts(found)[b.id])}" for b in blocks)


def level(case: Case) -> str:
    return str(the_assessor().assess(case, TODAY).urgency.level)


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_it_is_short_and_has_one_date_and_no_suspected_disease(path: Path) -> None:
    case = case_of(path)
    found = leaflet(case)
    said = text(found)
    assert len(said.split()) <= MOST_WORDS
    for sentence in re.split(r"(?<=[.?!])\s", said.partition("Your practice:")[0]):
        assert len(sentence.partition(": ")[2].split() or sentence.split()) <= 16, sentence
    own, *others = DATE.findall(said)
    assert own == day_words(TODAY)
    assert others == [day_words(TODAY + timedelta(days=DAYS[level(case)]))]
    assert not re.search(r"\b(weeks?|months?|days? ago)\b", said)
    assert not DISEASE.search(said), DISEASE.search(said)
    assert "motor neuron" not in said.lower()
    assert "Ring 999 if" in said


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_tips_against_cramps_are_for_routine_cramps_of_calf_or_foot(path: Path) -> None:
    case = case_of(path)
    calf_or_foot = any(
        key.startswith(("cramp.sites.calf", "cramp.sites.toes_foot")) for key in case
    )
    has_tips = "pull your toes up" in text(leaflet(case))
    assert has_tips is (level(case) == "routine" and calf_or_foot)


def test_a_level_that_the_clinician_raised_sets_the_date_and_takes_the_tips_away() -> None:
    case = case_of(SAMPLES / "sample_benign.json")
    assert "pull your toes up" in text(leaflet(case))
    raised = case.with_({"case.urgency": Urgency(level="urgent", reason="fast")})
    said = text(leaflet(raised))
    assert "pull your toes up" not in said
    assert day_words(TODAY + timedelta(days=14)) in said
    assert "mostly harmless" not in said
    assert "Your leg cramps" not in said


def test_each_test_is_told_once_in_words_for_the_patient() -> None:
    case = case_of(SAMPLES / "sample.json")
    tests = [t.id for t in the_assessor().assess(case, TODAY).investigations]
    decisions = {f"decision.{test}": Decision(decision="accept") for test in tests}
    found = leaflet(case.with_(decisions))
    (block,) = (b for b in found.blocks if b.id == "tests")
    said = {s.text: s.covers for s in block.statements}
    assert len(said) == len(block.statements)
    assert len(said["A blood test."]) > 3
    assert {key for keys in said.values() for key in keys} == decisions.keys()


def test_where_nothing_is_to_be_told_there_is_no_heading() -> None:
    found = parts(leaflet(case_from(answers(cramp__present=True))))
    assert {"finding", "tests", "do", "today"}.isdisjoint(found)
    assert {"title", "about", "next", "now"} <= set(found)


def test_what_was_told_stands_as_typed_with_what_must_be_rung_for() -> None:
    words = "Ring me if you drop things."
    told: dict[str, Any] = {"state": "present", "text": words}
    found = leaflet(case_from(answers(plan__safety_net_given=told)))
    (block,) = (b for b in found.blocks if b.id == "today")
    assert [(s.text, s.style) for s in block.statements] == [(words, "free")]


def test_however_much_is_asked_for_it_stays_short() -> None:
    case = decided_case(the_content())
    accepted = {
        f"decision.{rule.record.id}": Decision(decision="accept")
        for rule in the_content().investigations
    }
    assert len(parts(leaflet(case.with_(accepted)))["tests"]) > 5


def test_every_condition_has_words_that_frighten_nobody() -> None:
    for rule in the_content().conditions:
        record = rule.record
        words = " ".join(
            (
                record.patient_name,
                record.patient_finding,
                *record.ring_now,
                *record.ring_today,
                *record.ring_days,
            )
        )
        assert not DISEASE.search(words), record.id
        assert bool(record.patient_name) <= record.benign
        assert not re.search(r"\bwe will\b", words)
