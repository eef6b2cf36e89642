"""The examination on page one: abnormal first, one sign a sentence, within its limit."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import answers, case_from, the_content, vignettes
from tests.recorded import making_of
from triage.bench.everything import full_case
from triage.letter.blocks.examination import examination_block
from triage.letter.blocks.not_examined import not_examined
from triage.letter.blocks.page_results import results_block
from triage.letter.making import Making
from triage.letter.statements import Block, Row, strong
from triage.model.case import Case
from triage.model.values import Choice, Finding

SAMPLES = Path(__file__).parents[2] / "forms" / "muscle_cramps" / "cases"
FILES = [*vignettes(), *(SAMPLES / name for name in ("sample.json", "sample_benign.json"))]
SIDE, LEVEL = strong("«side»"), strong("«level»")


def case_at(path: Path) -> Case:
    data = json.loads(path.read_text(encoding="utf-8"))
    return case_from(data.get("case", data))


def case_of(name: str) -> Case:
    return case_at(next(path for path in FILES if path.stem == name))


def issued(case: Case) -> Making:
    making = making_of(case)
    making.issued_at = datetime(2026, 11, 22, 9, 30)
    return making


def block_of(making: Making, name: str = "examination") -> Block:
    record = next(b for b in making.template.file.block if b.id == name)
    return {"examination": examination_block, "results": results_block}[name](making, record)


def row_of(block: Block, label: str) -> Row:
    (row,) = (row for row in block.rows if row.label == label)
    return row


def said(block: Block, label: str) -> str:
    return " ".join(s.said for s in row_of(block, label).statements)


def plain(case: Case, label: str) -> str:
    return " ".join(s.text for s in row_of(block_of(making_of(case)), label).statements)


def words(block: Block) -> int:
    return sum(len(s.text.split()) for s in block.all_statements() if s.style != "free")


# -- the exemplars ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("label", "text"),
    [
        ("", "Examined 19 November 2026, undressed; each region watched"),
        (
            "Power",
            "Right: first dorsal interosseous 3, thumb abduction 3, finger extension 4. "
            "Left: first dorsal interosseous 4+. Otherwise 5, neck and legs included.",
        ),
        ("Wasting", "Right forearm and hand (split hand). None elsewhere."),
        (
            "Fasciculation",
            "Both upper arms/shoulders, right forearm/hand and thigh. None elsewhere.",
        ),
        (
            "Tone, reflexes",
            "Spastic catch right arm. Jerks 3+ throughout. Jerk kept in wasted limb. "
            "Right plantar extensor, left flexor. Hoffmann sign right, not left. No clonus.",
        ),
        ("Sensation", "Light touch, pinprick and vibration normal in hands and feet."),
        (
            "Bulbar, gait",
            "No dysarthria, tongue wasting, brisk jaw jerk, facial weakness or "
            "ptosis/eye-movement weakness. Gait, heel-walking and toe-walking normal.",
        ),
        ("Not examined", "neck extension, hip abduction."),
    ],
)
def test_the_sample(label: str, text: str) -> None:
    assert plain(case_of("sample"), label).startswith(text)


def test_of_power_sides_and_grades_are_bold() -> None:
    text = said(block_of(issued(case_of("sample"))), "Power")
    assert text.startswith(f"{strong('Right:')} first dorsal interosseous {strong('3')}, ")
    assert f"{strong('Left:')} first dorsal interosseous {strong('4+')}." in text


@pytest.mark.parametrize(
    ("label", "text"),
    [
        ("Power", "5: hip flexion, knee extension, ankle dorsiflexion and ankle plantarflexion."),
        ("Wasting", "No wasting."),
        ("Fasciculation", "No fasciculation in the legs."),
        ("Tone, reflexes", "Knee and ankle jerks 2+. Plantars flexor."),
        ("Sensation", "Light touch and vibration normal in legs."),
        ("Bulbar, gait", "Gait, heel-walking and toe-walking normal."),
        ("General", "Foot pulses present."),
        (
            "Not examined",
            "power of neck and arms, hip abduction, muscle tone, jerks of arms, speech, tongue, "
            "Hoffmann sign.",
        ),
    ],
)
def test_the_benign_sample(label: str, text: str) -> None:
    assert plain(case_of("sample_benign"), label) == text


@pytest.mark.parametrize(
    ("name", "label", "text"),
    [
        ("V01", "Wasting", f"Forearm and hand (split hand), {SIDE}. None elsewhere."),
        (
            "V01",
            "Fasciculation",
            f"Upper arm/shoulder, forearm/hand and thigh, {SIDE}. None elsewhere.",
        ),
        ("V01", "Sensation", "Pattern normal; which modalities were tested is not recorded."),
        ("V01", "Not examined", "speech, Hoffmann sign."),
        (
            "V16",
            "Power",
            f"{strong('Both sides:')} ankle dorsiflexion {strong('3')}, shoulder abduction and hip "
            f"flexion {strong('4')}. Otherwise 5, neck included.",
        ),
        ("V16", "Tone, reflexes", "Jerks absent throughout. Plantars flexor."),
        (
            "V21",
            "Tone, reflexes",
            "Recorded as one of: lead-pipe rigidity, cogwheel rigidity. Jerks 2+ throughout. "
            "No spastic catch. Plantars flexor.",
        ),
        (
            "V08",
            "Sensation",
            f"Loss: sensory level, {LEVEL}; which modalities were tested is not recorded.",
        ),
        ("V24", "Wasting", f"Thigh, {SIDE}. None elsewhere."),
        (
            "V24",
            "Tone, reflexes",
            "Right knee jerk absent, ankle jerks 1+. Other jerks 2+. No spastic catch. "
            "Plantars flexor.",
        ),
        (
            "V25",
            "Wasting",
            f"Shoulder girdle, {SIDE}; winging of the scapula, {SIDE}. None elsewhere.",
        ),
        (
            "V26",
            "General",
            "Recorded as one of: ring-shaped rash, purpuric rash, blistering rash.",
        ),
        ("V10", "Not examined", "No examination is recorded."),
    ],
)
def test_vignettes(name: str, label: str, text: str) -> None:
    assert said(block_of(making_of(case_of(name))), label) == text


def test_an_issued_letter_admits_a_missing_side_in_bold() -> None:
    text = said(block_of(issued(case_of("V24"))), "Wasting")
    assert text == f"Thigh, {strong('side not recorded')}. None elsewhere."


def test_the_level_of_a_sensory_level_is_told() -> None:
    case = case_of("V08").with_({"sens.level": Choice(option="T6")})
    assert plain(case, "Sensation").startswith("Loss: sensory level T6; which modalities")


# -- every case -------------------------------------------------------------------------------------


def _signs(making: Making, keys: tuple[str, ...]) -> set[tuple[bool, str]]:
    """Return the signs of findings, but for those of one question on two sides."""
    form = making.form
    found = [
        (value.present, question.id if (question := form.question_of(key)) else "")
        for key in keys
        if isinstance(value := making.case.get(key), Finding)
    ]
    return {(p, q) for p, q in found if not ({(True, q), (False, q)} <= set(found))}


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_no_sentence_has_both_signs_and_the_limits_are_kept(path: Path) -> None:
    making = making_of(case_at(path))
    examination, results = block_of(making), block_of(making, "results")
    assert words(examination) <= 95
    assert words(results) <= 40
    for statement in (*examination.all_statements(), *results.all_statements()):
        signs = _signs(making, statement.covers)
        assert len({present for present, _ in signs}) < 2, statement.text
        if statement.text.startswith(("No ", "None", "Not ")):
            assert not any(present for present, _ in signs), statement.text
        assert set(statement.covers) <= set(making.case)


def test_beyond_the_limit_what_is_normal_goes_first_and_what_is_there_never() -> None:
    making = making_of(full_case(the_content()))
    block = block_of(making)
    there = {
        key
        for key, value in making.case.items()
        if isinstance(value, Finding)
        and value.present
        and (question := making.form.question_of(key)) is not None
        and question.section == "exam"
    }
    told = {key for s in block.all_statements() for key in s.covers}
    assert there
    assert there - told <= _unremarkable(making)
    assert not any(
        s.yields for row in block.rows if row.label == "Sensation" for s in row.statements
    )


def _unremarkable(making: Making) -> set[str]:
    """Return the keys of what is as it should be where it is there."""
    words = making.templates.answers
    return {
        key
        for key in making.case
        if (q := making.form.question_of(key)) is not None
        and q.id in words
        and {"present", "*", key.rpartition(".")[2]} & set(words[q.id].usual)
    }


# -- what was not examined --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({"power.hip_flex.left": "5", "insp.wasting": []}, "right hip flexion"),
        ({"reflex.hoffmann.right": False}, "Hoffmann sign on the left"),
        ({"plantar.right": "flexor"}, "plantar on the left"),
        ({"sens.light_touch.hand.left": "normal"}, "light touch of the right hand"),
    ],
)
def test_what_was_begun_and_not_finished_was_not_examined(given: dict[str, Any], text: str) -> None:
    making = making_of(case_from(answers(**given)))
    told = {q.id for q in making.form.in_section("exam")}
    assert not_examined(making, (), told) == [text]


def test_no_more_than_eight_names_are_listed() -> None:
    text = plain(case_from(answers(prov__chvostek=True)), "Not examined")
    assert text == "wasting, fasciculation, power, muscle tone, jerks, plantars, sensation, 4 more."


def test_a_row_that_was_examined_without_a_side_was_examined() -> None:
    given = {"reflex.overall.midline": "1+", "power.arm.left": "5", "power.arm.right": "5"}
    text = plain(case_from(answers(**given)), "Not examined")
    assert "jerks" not in text
    assert "shoulder abduction" not in text


def test_why_it_could_not_be_tested_is_said() -> None:
    unable = {"state": "unable", "reason": "knee replacement"}
    row = row_of(block_of(making_of(case_from(answers(reflex__knee__left=unable)))), "Not examined")
    assert row.statements[-1].text == "Could not be tested: left knee jerk: knee replacement."
    assert row.strong


def test_what_a_person_typed_is_never_read_as_bold() -> None:
    typed = {"state": "present", "text": "\ufdd0worse\ufdd1"}
    block = block_of(making_of(case_from(answers(**{"insp.scapular_winging.left": typed}))))
    assert said(block, "Wasting") == "Winging of the scapula left (worse)."


def test_what_could_not_be_tested_is_not_said_to_lack_its_modalities() -> None:
    refused = {"state": "unable", "reason": "refused"}
    text = plain(case_from(answers(**{"sens.pattern": refused})), "Not examined")
    assert "sensory pattern: refused" in text
    assert "modalities" not in text


def test_a_test_done_on_one_side_is_named_without_its_result() -> None:
    making = issued(case_from(answers(**{"prov.slr.right": True})))
    assert not_examined(making, (), {"prov.slr"}) == ["straight leg raise on the left"]


def test_where_nothing_was_seen_is_where_was_looked() -> None:
    seen = {"fasc.inspected": ["legs"], "fasc.seen": ["upper_arm_shoulder.left"]}
    text = plain(case_from(answers(**seen)), "Fasciculation")
    assert text == "Left upper arm/shoulder. None elsewhere where looked for (legs)."
