"""Every check of a letter, over every vignette, completed and not, and both samples, on both papers."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import ROOT, completed, vignettes
from tests.letter.letters import PAPERS, Paper, Sent, case_at, letter_of, printed, recipients, sent
from tests.letter.spec import faults

_CASES = ROOT.parent / "forms" / "muscle_cramps" / "cases"
SAMPLES = [_CASES / "sample.json", _CASES / "sample_benign.json"]
SENT = list(sent([*completed(), *SAMPLES]))


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("letter", SENT, ids=lambda letter: letter.name)
def test_a_letter_that_is_sent(letter: Sent, paper: Paper) -> None:
    case = case_at(letter.path)
    made = letter_of(case, letter.recipient, letter.template)
    assert faults(printed(made, case, paper)) == []


@pytest.mark.parametrize("path", vignettes(), ids=lambda path: path.stem)
def test_a_draft(path: Path) -> None:
    case = case_at(path)
    made = letter_of(case, recipients(case)[0], draft=True)
    assert faults(printed(made, case)) == []
