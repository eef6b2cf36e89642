"""The body chart: what is marked where, what is left out, and what it says in words."""

from __future__ import annotations

import shutil
from itertools import combinations
from math import hypot
from pathlib import Path
from typing import Any, get_args

import pytest

from tests.conftest import answers, case_from, the_content, the_templates
from tests.letter.letters import letter_of
from triage.content.files import ContentFiles
from triage.errors import Problem
from triage.letter.chart import load_chart
from triage.letter.figure import HALF_WIDE, HIGH, OUTSIDE, SPOTS, Figure, Mark, Sign, outline

LEGEND = (("ring", "cramp"), ("star", "fasciculation"), ("hatch", "wasting"), ("dot", "weak"))


def chart_of(**given: Any) -> Figure | None:
    letter = letter_of(case_from(answers(**given)), "neurology")
    assert letter.record is not None
    return letter.record.figure


def test_it_marks_what_is_there_with_its_side_and_says_the_same_in_words() -> None:
    figure = chart_of(
        **{
            "cramp.sites.calf.left": True,
            "cramp.sites.calf.right": True,
            "fasc.seen.thigh.right": True,
            "insp.wasting.hand_intrinsic.left": False,
            "power.ankle_df.left": "4-",
            "power.ankle_df.right": "5",
        }
    )
    assert figure is not None
    assert set(figure.marks) == {
        Mark("ring", "calf", "left"),
        Mark("ring", "calf", "right"),
        Mark("star", "thigh", "right"),
        Mark("dot", "shin", "left"),
    }
    assert [name for _, name in figure.legend] == ["cramp", "fasciculation", "weak on testing"]
    assert figure.alt.endswith(
        "cramp: both calves; fasciculation: right thigh; weak on testing: left shin."
    )


def test_what_has_no_side_is_not_drawn_and_the_midline_needs_none() -> None:
    figure = chart_of(
        **{
            "cramp.sites.calf": True,
            "fasc.seen.tongue": True,
            "insp.wasting.tongue": True,
            "power.grip.right": "4",
        }
    )
    assert figure is not None
    assert set(figure.marks) == {
        Mark("star", "tongue", "none"),
        Mark("hatch", "tongue", "none"),
        Mark("dot", "hand", "right"),
    }


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"cramp.sites.calf.left": True, "cramp.sites.calf.right": True},
        {"power.grip.right": "5", "power.grip.left": "5", "fasc.seen.thigh.right": False},
        {"cramp.sites.generalised": True, "fasc.seen.arm_unspecified.left": True},
    ],
)
def test_it_is_not_drawn_where_it_would_save_no_reading(given: dict[str, Any]) -> None:
    assert chart_of(**given) is None


def test_three_places_of_one_sign_are_worth_a_chart() -> None:
    sites = ("calf", "hamstring", "forearm")
    figure = chart_of(**{f"cramp.sites.{site}.left": True for site in sites})
    assert figure is not None
    assert len(figure.marks) == len(sites)


# -- the figure ---------------------------------------------------------------------------------------


def full(*, on_map: bool = False) -> Figure:
    """Return a chart with every sign at every spot that one can have; on the map, with all signs of this."""
    chart = the_templates().chart
    marks = {
        Mark(sign.sign, spot.id, side)
        for sign in chart.signs
        if on_map or sign.is_in_letter
        for part, spot in chart.spots.items()
        if part.startswith(f"{sign.of}.")
        for side in (("none",) if SPOTS[spot.id].is_midline else ("left", "right"))
    }
    return Figure(tuple(sorted(marks)), LEGEND, "")  # type: ignore[arg-type]


@pytest.mark.parametrize("front_only", [False, True])
def test_no_mark_lies_on_another_and_none_off_the_figure(front_only: bool) -> None:
    placed = list(full().placed(front_only=front_only))
    for one, other in combinations(placed, 2):
        if one.view == other.view:
            assert hypot(one.x - other.x, one.y - other.y) >= 8, (one, other)
    assert all(0 < mark.y < HIGH and abs(mark.x) < HALF_WIDE + 15 for mark in placed)
    assert {mark.view for mark in placed} == ({"front"} if front_only else {"front", "back"})


def test_on_the_map_too_no_mark_lies_on_another() -> None:
    placed = list(full(on_map=True).placed())
    assert {mark.sign for mark in placed} == set(get_args(Sign))
    for one, other in combinations(placed, 2):
        if one.view == other.view:
            assert hypot(one.x - other.x, one.y - other.y) >= 8, (one, other)
    assert all(0 < mark.y < HIGH and abs(mark.x) < HALF_WIDE + OUTSIDE + 1 for mark in placed)


def test_the_patients_left_mirrors_the_right() -> None:
    for spot in (name for name in SPOTS if not SPOTS[name].is_midline):
        left, right = (
            [*Figure((Mark("ring", spot, side), Mark("dot", spot, side)), LEGEND, "").placed()]  # type: ignore[arg-type]
            for side in ("left", "right")
        )
        assert [(m.sign, -m.x, m.y, m.view) for m in right] == left
        assert all(mark.x > 0 for mark in left)


def test_the_outline_is_closed_and_alike_on_both_sides() -> None:
    begin, curves = outline()
    assert curves[-1].end == begin
    ends = {curve.end for curve in curves}
    assert {(-x, y) for x, y in ends} == ends


# -- the file ------------------------------------------------------------------------------------------


def faults(tmp_path: Path, old: str, new: str) -> list[str]:
    """Return what is wrong with the form's chart once `old` in it is `new`."""
    root = tmp_path / "root"
    shutil.copytree(
        Path(__file__).parents[2] / "forms" / "muscle_cramps", root / "forms" / "muscle_cramps"
    )
    path = root / "forms" / "muscle_cramps" / "letters" / "figure.toml"
    text = path.read_text(encoding="utf-8")
    assert text.count(old)
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    problems: list[Problem] = []
    load_chart(ContentFiles(root=root), the_content().form, problems)
    return [str(problem) for problem in problems]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('sign = "star"', 'sign = "ring"', "another answer has the sign 'ring': choose a new one"),
        ('sign = "star"', 'sign = "moon"', "sign"),
        ('of = "fasc.seen"', 'of = "fasc.sene"', "there is no question 'fasc.sene'"),
        ('id = "shin"', 'id = "shins"', "the figure has no such spot; it has face, tongue"),
        ('many = "calves"\n', "", "a spot of both sides needs a name for both: many"),
        ('"fasc.seen.calf_foot", ', "", "fasc.seen.calf_foot: it is marked and stands at no spot"),
        ('"power.grip"', '"power.grip", "power.apb"', "power.apb stands at two spots: keep one"),
        (
            '"power.grip"',
            '"power.grip", "reflex.knee"',
            "reflex.knee is no option or row of what is marked",
        ),
        ('  "power.arm"', '  "power.arn"', "power.arn is no option or row of what is marked"),
    ],
)
def test_a_fault_of_the_file_is_named(tmp_path: Path, old: str, new: str, says: str) -> None:
    found = faults(tmp_path, old, new)
    assert any(says in fault for fault in found), found
    assert all("letters/figure.toml" in fault for fault in found)


def test_a_form_needs_no_chart(tmp_path: Path) -> None:
    problems: list[Problem] = []
    chart = load_chart(
        ContentFiles("tremor", root=Path(__file__).parents[1]), the_content().form, problems
    )
    assert not chart.signs
    assert not problems
