"""Places and sides, and grids: said the same way wherever a letter names them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import answers, case_from, the_content, the_templates
from triage.letter.statements import strong
from triage.letter.words.answers import Speaker
from triage.letter.words.places import Place, places_text
from triage.model.values import Finding

SIDE = strong("«side»")


def said(question: str, labelled: bool = False, **given: Any) -> list[str]:
    form = the_content().form
    case = case_from(answers(**given))
    speaker = Speaker(form, case, the_templates().answers, gap=lambda what: strong(f"«{what}»"))
    return [p.text for p in speaker.phrases(form.questions[question], labelled=labelled)]


@pytest.mark.parametrize(
    ("places", "text"),
    [
        ([("forearm", "both", "forearms"), ("calf", "both", "calves")], "both forearms and calves"),
        ([("forearm", "right", "forearms"), ("hand", "right", "hands")], "right forearm and hand"),
        ([("arm", "both", "arms"), ("thigh", "right", "thighs")], "both arms and right thigh"),
        ([("tongue", "none", ""), ("forearm", "", "forearms")], "tongue; forearm, side missing"),
        ([("C6", "right", ""), ("C7", "right", "")], "C6 and C7 right"),
        ([("C6", "both", "")], "C6 on both sides"),
        (
            [("calf", "both", "calves"), ("hand", "right", "hands"), ("thigh", "right", "thighs")],
            "both calves, right hand and thigh",
        ),
    ],
)
def test_one_side_is_said_once_of_all_that_it_belongs_to(places: list[Any], text: str) -> None:
    assert places_text([Place(*place) for place in places], "side missing") == text


@pytest.mark.parametrize(
    ("question", "given", "texts"),
    [
        (
            "insp.wasting",
            {"insp.wasting": ["hand_intrinsic.right", "forearm.right"]},
            ["wasting of right forearm and hand", "none elsewhere"],
        ),
        (
            "insp.wasting",
            {"insp.wasting": ["forearm"]},
            [f"wasting of forearm, {SIDE}", "none elsewhere"],
        ),
        # What lies in the midline keeps a side that was recorded, and misses none.
        (
            "insp.wasting",
            {"insp.wasting": ["tongue.left"]},
            ["wasting of left tongue", "none elsewhere"],
        ),
        (
            "insp.wasting",
            {"insp.wasting": ["tongue.midline"]},
            ["wasting of tongue", "none elsewhere"],
        ),
        (
            "insp.wasting",
            {"insp.wasting": ["global_thin"]},
            ["generalised thinning", "no wasting of single muscles"],
        ),
        (
            "cramp.sites",
            {"cramp.sites": ["abdomen.right", "back.left", "back.right"]},
            ["cramp sites right abdomen and back"],
        ),
        ("fasc.seen", {"fasc.seen": []}, ["no fasciculation in the regions inspected"]),
        (
            "fasc.seen",
            {"fasc.seen": [], "fasc.inspected": ["legs", "arms"]},
            ["no fasciculation in the arms and legs"],
        ),
        ("fasc.seen", {"fasc.seen": [], "fasc.inspected": ["all"]}, ["no fasciculation"]),
        ("tone.spasticity", {"tone.spasticity": ["leg_R", "leg_L"]}, ["spastic catch both legs"]),
        ("tone.spasticity", {"tone.spasticity": []}, ["spastic catch"]),
        (
            "reflex.hoffmann",
            {"reflex.hoffmann.right": True, "reflex.hoffmann.left": False},
            ["Hoffmann sign right, not left"],
        ),
        ("reflex.hoffmann", {"reflex.hoffmann": True}, [f"Hoffmann sign, {SIDE}"]),
        ("reflex.hoffmann", {"reflex.hoffmann": False}, ["Hoffmann sign"]),
        ("reflex.hoffmann", {"reflex.hoffmann.left": False}, ["Hoffmann sign on the left"]),
        (
            "plantar",
            {"plantar.right": "extensor", "plantar.left": "flexor"},
            ["right plantar extensor, left flexor"],
        ),
        (
            "plantar",
            {"plantar.right": "flexor", "plantar.left": "flexor"},
            ["plantars flexor"],
        ),
        ("plantar", {"plantar": "extensor"}, [f"plantar extensor, {SIDE}"]),
        (
            "plantar",
            {"plantar": "extensor", "plantar.left": "flexor"},
            [f"left plantar flexor; extensor, {SIDE}"],
        ),
        ("vasc.abpi", {"vasc.abpi": 0.7}, [f"ABPI 0.7, {SIDE}"]),
        (
            "sens.pattern",
            {"sens.pattern": "sensory_level"},
            [f"sensory loss: sensory level, {strong('«level»')}"],
        ),
        (
            "sens.pattern",
            {"sens.pattern": "sensory_level", "sens.level": "T6"},
            ["sensory loss: sensory level T6"],
        ),
        ("sens.level", {"sens.pattern": "sensory_level", "sens.level": "T6"}, []),
        ("sens.level", {"sens.level": "T6"}, ["T6"]),
    ],
)
def test_sides_of_answers(question: str, given: dict[str, Any], texts: list[str]) -> None:
    assert said(question, **given) == texts


def test_beside_its_label_a_list_does_not_name_itself() -> None:
    assert said("insp.wasting", True, insp__wasting=["calf.left", "calf.right"]) == [
        "both calves",
        "none elsewhere",
    ]
    assert said("insp.wasting", True, insp__wasting=[]) == ["no wasting"]


def test_what_is_there_and_what_is_not_are_told_apart() -> None:
    """No phrase of a list tells of an option that is ticked and of one that is not."""
    form = the_content().form
    for question in (q for q in form.questions.values() if q.kind == "choices"):
        slots = form.slots_of(question.id)
        given = {s.key: n == 0 for n, s in enumerate(slots) if s.kind == "finding"}
        case = case_from(answers(**given))
        speaker = Speaker(form, case, the_templates().answers)
        for phrase in speaker.phrases(question):
            values = {v.present for k in phrase.keys if isinstance(v := case[k], Finding)}
            assert len(values) < 2, (question.id, phrase.text)


# -- grids ------------------------------------------------------------------------------------------

ARMS = ("biceps", "brachioradialis", "triceps")


def jerks(**grades: str) -> dict[str, str]:
    return {
        f"reflex.{row}.{side}": grades.get(row, "2+")
        for row in (*ARMS, "knee", "ankle")
        for side in ("left", "right")
    }


@pytest.mark.parametrize(
    ("given", "texts"),
    [
        (jerks(**dict.fromkeys((*ARMS, "knee", "ankle"), "3+")), ["jerks 3+ throughout"]),
        (jerks(ankle="0"), ["ankle jerks absent", "other jerks 2+"]),
        (
            {**jerks(ankle="1+"), "reflex.knee.right": "0"},
            ["right knee jerk absent, ankle jerks 1+", "other jerks 2+"],
        ),
        ({"reflex.overall.midline": "0"}, ["all jerks absent"]),
        ({"reflex.jaw.midline": "brisk"}, ["jaw jerk brisk"]),
        ({"reflex.knee.left": "2+"}, ["left knee jerk 2+"]),
        ({"reflex.knee": "3+"}, [f"knee jerk 3+, {SIDE}"]),
        (
            {"reflex.knee.left": {"state": "unable", "reason": "knee replacement"}},
            ["left knee jerk: knee replacement"],
        ),
    ],
)
def test_jerks_are_told_by_their_range(given: dict[str, Any], texts: list[str]) -> None:
    assert said("reflex", **given) == texts


@pytest.mark.parametrize(
    ("given", "texts"),
    [
        (
            {"fdi.right": "3", "fdi.left": "4+", "apb.right": "3", "apb.left": "5"},
            [
                "Right: first dorsal interosseous 3, thumb abduction 3",
                "Left: first dorsal interosseous 4+",
                "otherwise 5: left thumb abduction",
            ],
        ),
        ({"deltoid.left": "5"}, ["5: left shoulder abduction"]),
        ({"neck_flexion.midline": "4"}, ["neck flexion 4"]),
        ({"leg": {"state": "unable", "reason": "plaster"}}, ["leg (side not recorded): plaster"]),
        (
            {
                f"{row}.{side}": grade
                for side in ("left", "right")
                for row, grade in (
                    ("hip_flex", "4"),
                    ("knee_ext", "4"),
                    ("knee_flex", "4+"),
                    ("ankle_df", "3"),
                    ("ankle_pf", "3"),
                    ("deltoid", "5"),
                    ("biceps", "5"),
                )
            },
            [
                "Both sides: legs 3 to 4+ (weakest ankle dorsiflexion and ankle plantarflexion)",
                "arms 5",
            ],
        ),
        (
            {
                f"{row}.left": grade
                for row, grade in (
                    ("ankle_df", "2"),
                    ("ehl", "1"),
                    ("ankle_ev", "3"),
                    ("ankle_inv", "3"),
                    ("hip_abd", "4"),
                )
            },
            ["Left: leg 1 to 4 (weakest great-toe extension)"],
        ),
    ],
)
def test_weak_muscles_lead_by_side_and_many_by_their_range(
    given: dict[str, Any], texts: list[str]
) -> None:
    assert said("power", **{f"power.{key}": value for key, value in given.items()}) == texts


def test_beside_its_label_a_grade_is_bold() -> None:
    (text,) = said("power", True, power__fdi__right="3")
    assert text == f"{strong('Right:')} first dorsal interosseous {strong('3')}"


def test_sensation_is_told_by_place() -> None:
    given: dict[str, Any] = {
        f"sens.vibration.{p}.{s}": "normal" for p in ("hand", "foot") for s in ("left", "right")
    }
    assert said("sens.vibration", **given) == ["vibration normal in hands and feet"]
    given["sens.vibration.foot.right"] = "reduced"
    assert said("sens.vibration", **given) == [
        "vibration reduced in right foot",
        "vibration normal in left foot and hands",
    ]
