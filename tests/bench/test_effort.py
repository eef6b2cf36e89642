"""A completed case is filled in by keyboard in the real window: what comes of it is that case, its letter issued."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import CASES, ROOT
from triage.bench.effort import Effort, cases_in, summary, visits
from triage.bench.hands import KEY, MIND, Hands
from triage.errors import TriageError


def _played(path: Path, home: Path, what: str = "effort") -> Effort:
    """Play in a process of its own, as the benchmark does: the window, its fonts and its clock are that process's."""
    env = {**os.environ, "TRIAGE_HOME": str(home), "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, "-m", "triage.bench.children", what, str(path)],
        cwd=ROOT.parent,
        env=env,
        check=True,
        capture_output=True,
        text=True,
    )
    told = json.loads(done.stdout.splitlines()[-1])
    return Effort(**{**told, "wrong": tuple(told["wrong"])})


@pytest.mark.parametrize("name", ["V03", "V20"])
def test_a_case_is_filled_in_by_keyboard_to_the_issued_letter(name: str, tmp_path: Path) -> None:
    effort = _played(CASES / "complete" / f"{name}.json", tmp_path / "home")
    assert effort.wrong == ()
    assert effort.seconds == pytest.approx(effort.keys * KEY + effort.minds * MIND)
    # A question is answered by a key or a letter at least, after a thought.
    assert effort.keys + effort.letters >= effort.questions
    assert effort.minds - effort.further >= effort.questions


def test_a_case_that_cannot_be_issued_counts_as_wrong(tmp_path: Path) -> None:
    case = json.loads((CASES / "complete" / "V20.json").read_text(encoding="utf-8"))
    del case["referrer"]["question"]
    path = tmp_path / "asks_nothing.json"
    path.write_text(json.dumps(case), encoding="utf-8")
    effort = _played(path, tmp_path / "home")
    assert any(said.startswith("not issued") for said in effort.wrong)
    assert not effort.figure.met
    assert [figure.value for figure in summary([effort])] == [1]


def test_six_lines_of_a_block_are_one_thought_and_each_further_six_one_more() -> None:
    hands = Hands()
    for lines in (1, 6, 7, 13):
        hands.read(lines)
    assert (hands.minds, hands.further, hands.listed) == (1 + 1 + 2 + 3, 1 + 2, 0)


def test_a_list_is_one_question_and_its_lines_are_counted_beside_it() -> None:
    hands = Hands()
    for lines in (1, 6, 7, 13):
        hands.think(lines)
    assert (hands.minds, hands.further, hands.listed) == (4, 0, 1 + 2)
    assert hands.strictly == pytest.approx(hands.seconds + 3 * MIND)
    effort = Effort("V", 0, 0, 4, 4, 0, hands.seconds, hands.strictly, 0, ())
    assert effort.figure.value == pytest.approx(4 * MIND)
    assert f"{hands.strictly:.0f} s if lists and grids count by lines too" in effort.figure.detail


def test_a_folder_without_cases_is_said(tmp_path: Path) -> None:
    with pytest.raises(TriageError, match="no completed cases"):
        cases_in(tmp_path)


def test_at_a_further_visit_the_background_is_confirmed_and_the_rest_asked_anew(
    tmp_path: Path,
) -> None:
    path = CASES / "complete" / "V20.json"
    effort, first = (_played(path, tmp_path / what, what) for what in ("visit", "effort"))
    assert effort.wrong == ()
    assert effort.confirmed > 0
    assert first.confirmed == 0
    assert 0 < effort.confirming < effort.seconds < first.seconds
    assert effort.of_visit.met
    names = [figure.name for figure in visits([effort])]
    assert names == ["visit, confirming", "visit, seconds"]


def test_with_pasted_details_the_same_case_takes_fewer_letters(tmp_path: Path) -> None:
    path = CASES / "complete" / "V20.json"
    pasted, typed = (_played(path, tmp_path / what, what) for what in ("pasted", "effort"))
    assert pasted.wrong == ()
    assert pasted.letters + 40 < typed.letters
    assert pasted.seconds < typed.seconds
