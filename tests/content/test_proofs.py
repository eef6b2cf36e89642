"""The proof cases: those of the shipped rules hold, and what is wrong with one is told."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from triage.content import ContentFiles, load_content
from triage.content.files import content_root
from triage.rules.proofs import proof_faults

FIRES = """
[[proof]]
rule = "E03"
shows = "fires"
patient = "Woman of 70: sudden loss of speech an hour ago."
answers = { "patient.age" = 70, "rf.sudden_deficit" = true }
"""
MISSES = """
[[proof]]
rule = "E03"
shows = "near_miss"
patient = "Woman of 70: no sudden loss."
answers = { "patient.age" = 70, "rf.sudden_deficit" = false }
"""
OPEN = """
[[proof]]
rule = "E03"
shows = "undecided"
patient = "Woman of 70: nobody asked."
answers = { "patient.age" = 70 }
"""


@pytest.fixture
def files(tmp_path: Path) -> ContentFiles:
    """A copy of the content that a test may change."""
    for folder in ("forms", "templates"):
        shutil.copytree(content_root() / folder, tmp_path / folder)
    for path in (tmp_path / "forms" / "muscle_cramps" / "cases").glob("*.toml"):
        path.unlink()
    return ContentFiles(root=tmp_path)


def told(files: ContentFiles, *proofs: str, reviewed: str = "2026-11-22") -> list[str]:
    """Return what is said of E03 when it has these proofs and was reviewed on that day."""
    folder = files.paths()["forms/form.toml"].parent
    rules = folder / "urgency.toml"
    text = rules.read_text(encoding="utf-8")
    head, mark, rest = text.partition('id = "E03"')
    old = rest.partition("reviewed = ")[2][:10]
    changed = head + mark + rest.replace(f"reviewed = {old}", f"reviewed = {reviewed}", 1)
    rules.write_text(changed, encoding="utf-8")
    if proofs:
        (folder / "cases" / "own.toml").write_text("".join(proofs), encoding="utf-8")
    fresh = ContentFiles(root=folder.parent.parent)
    faults = [str(problem) for problem in proof_faults(load_content(fresh), fresh)]
    return [fault for fault in faults if "E03" in fault or "own.toml" in fault]


def test_a_rule_with_its_three_cases_is_proved(files: ContentFiles) -> None:
    assert told(files, FIRES, MISSES, OPEN, reviewed="2026-11-26") == []


def test_a_rule_that_was_changed_needs_its_three_cases(files: ContentFiles) -> None:
    (fault,) = told(files, FIRES, reviewed="2026-11-26")
    assert fault == "cases, E03: it has no proof case that shows: near_miss, undecided"


def test_a_rule_from_before_needs_none(files: ContentFiles) -> None:
    assert told(files, reviewed="2026-11-22") == []


@pytest.mark.parametrize(
    ("proof", "says"),
    [
        (FIRES.replace('"fires"', '"near_miss"'), "It fires and should be: near_miss"),
        (OPEN.replace('"undecided"', '"fires"'), "It is undecided and should be: fires"),
        (FIRES.replace('"E03"', '"E3"'), "there is no rule 'E3'"),
        (FIRES.replace("rf.sudden_deficit", "rf.sudden_deficits"), "rf.sudden_deficit"),
        (
            MISSES.replace("}", ', "cramp.painful" = true, "rf.stridor" = false }') + FIRES,
            "differs from every firing case of E03 in more than 2 answers",
        ),
    ],
    ids=["fires", "open", "no such rule", "no such answer", "not near"],
)
def test_a_proof_that_does_not_hold_is_told(files: ContentFiles, proof: str, says: str) -> None:
    faults = told(files, proof)
    assert any(says in fault for fault in faults), faults
    assert all(fault.startswith("cases/own.toml, proof 1") for fault in faults)


def test_what_cannot_be_read_is_told_with_its_place(files: ContentFiles) -> None:
    faults = told(files, FIRES.replace("patient =", "person ="))
    assert all(fault.startswith("cases/own.toml, proof 1") for fault in faults)
    assert any("'person' is not known" in fault for fault in faults)
