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
from triage.bench.everything import decided_case
from triage.letter.build import build_letter
from triage.letter.check import problems_before_issue
from triage.letter.kinds.leaflet import MOST_WORDS
from triage.letter.making import Making
from triage.letter.plain import plain_text
from triage.letter.statements import Letter
from triage.model.case import Case
from triage.model.dates import PartialDate
from triage.model.values import Choice, Decision, Level, Urgency
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


def days_of(case: Case) -> int:
    """Return within how many days something is done for the patient, by whomever."""
    found = the_assessor().assess(case, TODAY).urgency
    act = found.act.within_days if found.act is not None and found.level != "routine" else None
    most = DAYS[str(found.level)]
    return most if act is None else min(most, act)


def day_words(days: int) -> str:
    return PartialDate.of(TODAY + timedelta(days=days)).long_words()


def level(case: Case) -> str:
    return str(the_assessor().assess(case, TODAY).urgency.level)


@pytest.mark.parametrize("path", FILES, ids=lambda p: f"{p.parent.name}-{p.stem}")
def test_it_is_short_and_has_one_date_and_no_suspected_disease(path: Path) -> None:
    case = case_of(path)
    found = leaflet(case)
    said = text(found)
    goes = level(case)
    assert len(said.split()) <= MOST_WORDS
    assert goes == "None" or DATE.findall(said) == [day_words(days_of(case))]
    assert not re.search(r"\b(weeks?|months?|days? ago)\b", said)
    assert not DISEASE.search(said), DISEASE.search(said)
    assert goes == "None" or "Ring 999 if" in said


def test_the_day_is_that_of_the_soonest_action_not_that_of_the_level() -> None:
    potassium = case_from(answers(patient__age=66, **{"ix.k": 2.8}))
    assert level(potassium) == "urgent"
    (said,) = parts(leaflet(potassium))["next"]
    assert said.startswith(f"You should be seen today, {day_words(0)}.")
    own = potassium.with_({"case.urgency": Urgency(level="soon", reason="seen and treated")})
    (said,) = parts(leaflet(own))["next"]
    assert day_words(42) in said


@pytest.mark.parametrize("path", FILES, ids=lambda p: f"{p.parent.name}-{p.stem}")
def test_who_goes_now_is_not_told_to_ring_the_practice_should_it_get_worse(path: Path) -> None:
    case = case_of(path).with_(dict.fromkeys(("plan.safety_net_given",)))
    found = parts(leaflet(case))
    if level(case) == "emergency":
        assert found.get("now")
        assert not found.get("today")
        assert not found.get("days")


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
    (blood,) = (keys for text, keys in said.items() if text.startswith("A blood test"))
    assert len(blood) > 3
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


def is_easy(found: Letter) -> None:
    sentences = [s for line in lines(found) for s in re.split(r"(?<=[.?!])\s", line)]
    assert not [s for s in sentences if len(s.split()) > 16]
    whole = " ".join(f"{s.rstrip('.')}." for s in sentences)
    assert textstat.flesch_kincaid_grade(whole) <= HIGHEST_GRADE, whole
    said = text(found)
    assert len(said.split()) <= MOST_WORDS
    assert len(DATE.findall(said)) == 1
    assert not DISEASE.search(said), DISEASE.search(said)


@pytest.mark.parametrize("goes", ["routine", "soon", "urgent", "emergency"])
@pytest.mark.parametrize("name", ["sample", "sample_benign"])
def test_whatever_leads_the_copy_is_easy(
    name: str, goes: Level, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = case_of(SAMPLES / f"{name}.json")
    case = case.with_({"case.urgency": Urgency(level=goes, reason="as judged")})
    for rule in the_content().conditions:
        monkeypatch.setattr(Making, "leading", lambda _, record=rule.record: record)
        is_easy(leaflet(case))


def test_whatever_test_is_asked_for_is_told_with_ease() -> None:
    case = case_of(SAMPLES / "sample.json")
    case = case.with_({key: None for key in case if key.startswith("decision.")})
    for rule in the_content().investigations:
        accepted = {f"decision.{rule.record.id}": Decision(decision="accept")}
        found = leaflet(case.with_(accepted))
        is_easy(found)
        assert rule.record.patient in text(found), rule.record.id


def test_a_test_is_told_whatever_calls_for_it() -> None:
    case = case_from(answers(cramp__present=True))
    assert "tests" not in parts(leaflet(case))
    told = parts(leaflet(case.with_({"decision.t_emg_root": Decision(decision="accept")})))
    assert told["tests"] == ["A nerve and muscle test with small pulses and a thin needle."]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (
            {"power.fdi.right": "3", "insp.wasting.hand_intrinsic.right": True},
            "Your right hand is weak and thin.",
        ),
        ({"power.apb.left": "4", "power.apb.right": "4"}, "Both your hands are weak."),
        (
            {"power.ankle_df.left": "2", "power.knee_ext.left": "4"},
            "Your left thigh and foot are weak.",
        ),
        (
            {"power.ankle_df.left": "2", "power.deltoid.right": "4"},
            "Your right shoulder and your left foot are weak.",
        ),
        (
            {"power.deltoid.left": "4", "power.biceps.left": "4", "power.fdi.left": "4"},
            "Your left arm is weak.",
        ),
        (
            {"power.fdi": "4", "insp.wasting.hand_intrinsic": True},
            "Some of your muscles are weak and thin.",
        ),
        ({"fasc.seen.calf_foot.right": True}, "Muscles in your right leg twitch."),
        (
            {"fasc.seen.calf_foot.right": True, "fasc.seen.thigh.right": True},
            "Muscles in your right leg twitch.",
        ),
        (
            {"fasc.seen.calf_foot.right": True, "fasc.seen.forearm_hand.left": True},
            "Some of your muscles twitch.",
        ),
        ({"fasc.seen.calf_foot": True}, "Some of your muscles twitch."),
        ({"power.neck_flexion.midline": "4"}, "Your neck is weak."),
        ({"neuro.weakness_sites.both_legs": True}, "Both your legs are weak."),
        # A test goes before what was told.
        ({"power.fdi.left": "5", "neuro.weakness_sites.one_arm.left": True}, ""),
        (
            {"sens.light_touch.foot.left": "reduced", "sens.light_touch.foot.right": "absent"},
            "Both your feet are numb.",
        ),
        ({"sens.light_touch.foot.left": "increased"}, ""),
        ({"sens.light_touch.C8.left": "reduced"}, "You feel less in some places."),
    ],
)
def test_it_says_what_was_found_and_where(given: dict[str, Any], said: str) -> None:
    found = " ".join(parts(leaflet(case_from(answers(**given)))).get("finding", []))
    assert (said in found) if said else not found.startswith(("Your", "Both", "Some of", "Muscles"))


def test_what_was_not_found_is_not_said() -> None:
    found = " ".join(parts(leaflet(case_of(CASES / "vignettes" / "V01.json")))["finding"])
    assert "weak, thin or twitching" not in found


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


def test_no_hurry_is_said_only_where_all_was_asked_that_could_make_one() -> None:
    asked = case_of(CASES / "complete" / "V19.json")
    (said,) = parts(leaflet(case_from(answers(cramp__sites=["calf"]))))["next"]
    assert "in a hurry" not in said
    assert said.startswith("Come back if you are no better by ")
    assert level(asked) == "routine"


def test_a_copy_with_nothing_to_say_is_not_issued() -> None:
    child = case_from(answers(patient__age=10, cramp__sites=["calf"]))
    found = leaflet(child)
    assert not found.blocks
    stops = [str(p) for p in problems_before_issue(found, child, the_content(), the_settings())]
    assert any("the patient's copy is empty" in says for says in stops)
