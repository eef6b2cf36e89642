"""The patient's own copy: short, with one date, and nothing in it that frightens or contradicts."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import textstat  # type: ignore[import-untyped]

from tests.conftest import CASES, TODAY, answers, case_from, the_assessor, the_content, the_settings
from tests.conftest import vignettes as vignette_files
from tests.everything import decided_case
from triage.letter.build import build_letter
from triage.letter.leaflet import MOST_WORDS
from triage.letter.plain import plain_text
from triage.letter.statements import Letter
from triage.model.case import Case
from triage.model.dates import PartialDate
from triage.model.values import Choice, Decision, Urgency
from triage.settings import Settings

SAMPLES = Path(__file__).parents[2] / "forms" / "muscle_cramps" / "cases"
FILES = [
    *vignette_files(),
    SAMPLES / "sample.json",
    SAMPLES / "sample_benign.json",
    *sorted((CASES / "published" / "untouched").glob("*.json")),
    *sorted((CASES / "complete").glob("*.json")),
]
DATE = re.compile(r"\b\d{1,2} [A-Z][a-z]{2,8} \d{4}\b")
# What eleven-year-olds read with ease.
HIGHEST_GRADE = 6
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


def leaflet(case: Case, settings: Settings | None = None) -> Letter:
    assessment = the_assessor().assess(case, TODAY)
    return build_letter(
        the_content(),
        case,
        assessment,
        "patient_leaflet",
        None,
        TODAY,
        settings=settings or the_settings(),
    )


def parts(found: Letter) -> dict[str, list[str]]:
    return {b.id: [s.text for s in b.all_statements()] for b in found.blocks}


def lines(found: Letter) -> list[str]:
    """Return what is read as a sentence: a heading with the items that end it."""
    said: list[str] = []
    for block in found.blocks:
        texts = [block.title, *(s.text for s in block.all_statements())]
        if block.heading.startswith("Ring"):
            texts = [f"{block.heading} {text}" for text in texts if text]
        said += [text for text in texts if text]
        if block.heading and not block.heading.startswith("Ring"):
            said.append(block.heading)
    return said


def text(found: Letter) -> str:
    blocks = (
        " ".join(
            (b.heading, b.title, *(s.text for s in b.all_statements()), *(r.aside for r in b.rows))
        )
        for b in found.blocks
    )
    return " ".join(" ".join(blocks).split())


def level(case: Case) -> str:
    return str(the_assessor().assess(case, TODAY).urgency.level)


@pytest.mark.parametrize("path", FILES, ids=lambda p: f"{p.parent.name}-{p.stem}")
def test_it_is_short_and_has_one_date_and_no_suspected_disease(path: Path) -> None:
    case = case_of(path)
    found = leaflet(case)
    said = text(found)
    goes = level(case)
    assert len(said.split()) <= MOST_WORDS
    assert goes == "None" or DATE.findall(said) == [
        PartialDate.of(TODAY + timedelta(days=DAYS[goes])).long_words()
    ]
    assert not re.search(r"\b(weeks?|months?|days? ago)\b", said)
    assert not DISEASE.search(said), DISEASE.search(said)
    assert goes == "None" or "Ring 999 if" in said


@pytest.mark.parametrize("path", FILES, ids=lambda p: f"{p.parent.name}-{p.stem}")
def test_it_is_read_with_ease(path: Path) -> None:
    found = leaflet(case_of(path))
    sentences = [s for line in lines(found) for s in re.split(r"(?<=[.?!])\s", line)]
    for sentence in sentences:
        assert len(sentence.split()) <= 16, sentence
    whole = " ".join(f"{s.rstrip('.')}." for s in sentences)
    assert textstat.flesch_kincaid_grade(whole) <= HIGHEST_GRADE, whole


@pytest.mark.parametrize("path", FILES, ids=lambda p: f"{p.parent.name}-{p.stem}")
def test_it_promises_nothing(path: Path) -> None:
    assert not re.search(
        r"\b(we|specialist|hospital) will\b|\bwill (see|ring)\b", text(leaflet(case_of(path)))
    )


@pytest.mark.parametrize(("profile", "number"), [("uk", "999"), ("us", "911"), ("eu", "112")])
def test_the_emergency_number_is_that_of_the_profile(profile: str, number: str) -> None:
    case = case_of(SAMPLES / "sample.json").with_({"case.profile": Choice(option=profile)})
    headings = [b.heading for b in leaflet(case).blocks]
    assert [h for h in headings if re.search(r"\d{3}", h)] == [f"Ring {number} if"]


def test_the_line_outside_opening_hours_is_the_clinics_own() -> None:
    case = case_of(SAMPLES / "sample.json")
    assert "When we are closed" not in text(leaflet(case))
    line = the_settings().model_copy(update={"out_of_hours": "01632 960999"})
    assert "When we are closed, ring 01632 960999." in text(leaflet(case, line))


def test_it_says_what_was_found_only_at_the_lowest_level() -> None:
    case = case_of(SAMPLES / "sample_benign.json")
    assert {"What we found", "What you can do"} <= {b.heading for b in leaflet(case).blocks}
    raised = case.with_({"case.urgency": Urgency(level="urgent", reason="fast")})
    headings = {b.heading for b in leaflet(raised).blocks}
    assert {"What we found", "What you can do"}.isdisjoint(headings)


def test_the_practice_stands_with_its_number_at_the_edge() -> None:
    (contact,) = (b for b in leaflet(case_of(SAMPLES / "sample.json")).blocks if b.id == "contact")
    assert [(s.text, s.style) for s in contact.all_statements()] == [
        ("Example Street Surgery", "strong")
    ]
    assert contact.rows[0].aside == "01632 960102"


@pytest.mark.parametrize("path", FILES, ids=lambda p: f"{p.parent.name}-{p.stem}")
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
    assert PartialDate.of(TODAY + timedelta(days=14)).long_words() in said
    assert "mostly harmless" not in said
    assert "Your leg cramps" not in said


def test_pasted_its_title_stands_on_a_line_of_its_own() -> None:
    pasted = plain_text(leaflet(case_of(SAMPLES / "sample.json"))).splitlines()
    title = pasted.index("YOU NEED TO BE SEEN QUICKLY")
    assert pasted[title + 1].startswith("For Edwin SPECIMEN.")


def test_each_test_is_told_once_in_words_for_the_patient() -> None:
    case = case_of(SAMPLES / "sample.json")
    tests = [t.id for t in the_assessor().assess(case, TODAY).investigations]
    decisions = {f"decision.{test}": Decision(decision="accept") for test in tests}
    found = leaflet(case.with_(decisions))
    (block,) = (b for b in found.blocks if b.id == "tests")
    said = {s.text: s.covers for s in block.all_statements()}
    assert len(said) == len(list(block.all_statements()))
    assert len(said["A blood test."]) > 3
    assert {key for keys in said.values() for key in keys} == decisions.keys()


def test_who_goes_to_hospital_today_is_told_of_no_tests() -> None:
    assert "tests" not in parts(leaflet(case_of(CASES / "complete" / "V16.json")))


def test_where_nothing_is_to_be_told_there_is_no_heading() -> None:
    found = parts(leaflet(case_from(answers(cramp__present=True))))
    assert {"finding", "tests", "do", "today"}.isdisjoint(found)
    assert {"title", "next", "now"} <= set(found)


def test_what_was_told_stands_as_typed_with_what_must_be_rung_for() -> None:
    words = "Ring me if you drop things."
    told: dict[str, Any] = {"state": "present", "text": words}
    found = leaflet(case_from(answers(plan__safety_net_given=told)))
    (block,) = (b for b in found.blocks if b.id == "today")
    assert [(s.text, s.style) for s in block.all_statements()] == [(words, "free")]


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
