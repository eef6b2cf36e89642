"""Broken content: every problem at once, each with file, record and remedy; never a traceback."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import ROOT
from triage.content import ContentFiles, load_content
from triage.errors import ContentError

Write = Callable[[str, str, str], None]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "tiny", tmp_path / "root")
    return tmp_path / "root"


@pytest.fixture
def replace(root: Path) -> Write:
    def _replace(file: str, old: str, new: str) -> None:
        path = root / "forms" / "tiny" / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return _replace


def problems(root: Path) -> list[str]:
    with pytest.raises(ContentError) as caught:
        load_content(ContentFiles("tiny", root=root))
    return [str(problem) for problem in caught.value.problems]


def test_a_second_form_is_new_files_not_new_code(root: Path) -> None:
    content = load_content(ContentFiles("tiny", root=root))
    assert content.form.id == "tiny"
    assert "a.sites.calf.left" in content.form.slots


FAULTS = [
    ("form.toml", 'kind = "finding"', 'kind = "tri"', "form.toml, question a.fever: kind:"),
    ("form.toml", 'label = "Fever"', 'labbel = "Fever"', "did you mean 'label'"),
    (
        "form.toml",
        'label = "Fever"\n',
        "",
        "form.toml, question a.fever: the key 'label' is missing",
    ),
    (
        "form.toml",
        'block = "alarm"',
        'block = "alarms"',
        "no block 'alarms' (did you mean 'alarm'?)",
    ),
    ("form.toml", 'section = "story"\nkind', 'section = "storey"\nkind', "no section 'storey'"),
    ("form.toml", 'id = "a.pain"', 'id = "a.fever"', "stands here 2 times"),
    (
        "form.toml",
        'show_when = "a.pain"',
        'show_when = "a.pian"',
        "a.weeks, column 1: there is no 'a.pian'",
    ),
    (
        "form.toml",
        'show_when = "a.pain"',
        'show_when = "d.weak"',
        "show_when may only read answers",
    ),
    (
        "form.toml",
        'covers = ["e.power.hip"',
        'covers = ["e.power.hop"',
        "no row 'hop' (did you mean 'hip'?)",
    ),
    (
        "form.toml",
        'factor = "4.345"',
        'factor = "much"',
        "form.toml, question a.weeks: units.0.factor:",
    ),
    ("form.toml", 'factor = "4.345"', 'factor = "0"', "factor that is not zero"),
    (
        "form.toml",
        'options_from = "a.classes"',
        'options_from = "a.klasses"',
        "no question 'a.klasses'",
    ),
    ("form.toml", '[[section]]\nid = "patient"', '[section]\nid = "patient"', "form.toml"),
    ("form.toml", 'title = "A form', "title = A form", "form.toml: this is not TOML"),
    ("findings.toml", 'members = ["a.fever"', 'members = ["a.fevr"', "alarm: there is no 'a.fevr'"),
    (
        "findings.toml",
        "any_of(e.power < '5')",
        "any_of(e.power < '6')",
        "d.weak, column 18: 'e.power.hip.left' has no option '6'",
    ),
    ("findings.toml", "any_of(e.power < '5')", "d.weak", "round in a circle"),
    ("findings.toml", 'is = "times_upper(x.ck)"', 'is = "x.ecg"', "not a number"),
    (
        "urgency.toml",
        "a.fever and d.weak",
        "a.fever and d.week",
        "E1, column 13: there is no 'd.week' (did you mean 'd.weak'?)",
    ),
    ("urgency.toml", 'level = "emergency"', 'level = "now"', "red_flag E1: level:"),
    (
        "urgency.toml",
        'source = ["book"]',
        'source = ["bok"]',
        "E1: there is no source 'bok' (did you mean 'book'?)",
    ),
    (
        "urgency.toml",
        'items = ["patient.age"',
        'items = ["patient.aeg"',
        "core: there is no 'patient.aeg'",
    ),
    ("urgency.toml", "'3.0 mmol/L'", "'3.0 mg/dL'", "write the limit in the unit of 'x.k'"),
    ("urgency.toml", "reviewed = 2026-11-22", 'reviewed = "yesterday"', "reviewed:"),
    ("conditions.toml", "weight = 3", 'weight = "3"', "weight:"),
    ("conditions.toml", 'id = "strain"', 'id = "S1"', "taken in urgency.toml"),
    (
        "conditions.toml",
        'gate = "a.pain or d.weak"',
        'gate = "possible(strain)"',
        "there is no 'strain'",
    ),
    ("investigations.toml", "possible(myopathy)", "possible(d.weak)", "not a condition"),
    (
        "investigations.toml",
        'done_by = ["x.ck"]',
        'done_by = ["x.cq"]',
        "there is no 'x.cq'",
    ),
    (
        "investigations.toml",
        'applies = ["t_emg"]',
        'applies = ["t_eng"]',
        "no test 't_eng' (did you mean 't_emg'?)",
    ),
    ("plan.toml", "outcome.urgency >= 'soon'", "outcome.urgency >= 'later'", "no option 'later'"),
    ("sources.toml", 'status = "K"', 'status = "X"', "source book: status:"),
]


@pytest.mark.parametrize(
    ("file", "old", "new", "says"), FAULTS, ids=[f"{f[0]}-{i}" for i, f in enumerate(FAULTS)]
)
def test_a_fault_is_one_sentence(
    root: Path, replace: Write, file: str, old: str, new: str, says: str
) -> None:
    replace(file, old, new)
    found = problems(root)
    assert any(says in problem for problem in found), found
    assert all("\n" not in problem for problem in found)


def test_all_problems_of_all_files_are_told_at_once(root: Path, replace: Write) -> None:
    replace("form.toml", 'label = "Pain"', 'lable = "Pain"')
    replace("plan.toml", 'id = "T1"', 'ident = "T1"')
    replace("sources.toml", 'status = "K"', 'status = "X"')
    files = {problem.split(",")[0].split(":")[0] for problem in problems(root)}
    assert files == {"form.toml", "plan.toml", "sources.toml"}


@pytest.mark.parametrize("data", [b"\xff\xfe\x00", b"\x00" * 10, b"[[" * 50_000])
def test_a_file_that_is_no_text_is_told(root: Path, data: bytes) -> None:
    (root / "forms" / "tiny" / "plan.toml").write_bytes(data)
    assert any(problem.startswith(("forms/plan.toml", "plan.toml")) for problem in problems(root))


def test_a_missing_file_is_told(root: Path) -> None:
    (root / "forms" / "tiny" / "plan.toml").unlink()
    assert any("missing" in problem for problem in problems(root))


def test_the_fingerprint_ignores_line_ends_and_notes_but_no_word(
    root: Path, replace: Write
) -> None:
    files = ContentFiles("tiny", root=root)
    before = files.fingerprint()
    path = root / "forms" / "tiny" / "plan.toml"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    (root / "forms" / "tiny" / "CHANGES.md").write_text("news", encoding="utf-8")
    assert files.fingerprint() == before
    replace("plan.toml", "Physiotherapy", "physiotherapy")
    assert files.fingerprint() != before


def test_a_clinic_s_own_file_replaces_the_one_of_the_same_name(root: Path, tmp_path: Path) -> None:
    own = tmp_path / "own" / "forms" / "tiny"
    own.mkdir(parents=True)
    text = (root / "forms" / "tiny" / "sources.toml").read_text(encoding="utf-8")
    (own / "sources.toml").write_text(text.replace("Book 2020", "Our book"), encoding="utf-8")
    content = load_content(ContentFiles("tiny", root=root, own=tmp_path / "own"))
    assert content.sources["book"].short == "Our book"
