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
        "d.weak, column 18: 'e.power.hip.right' has no option '6'",
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
    # Keys of another kind, and names that name nothing.
    (
        "form.toml",
        'label = "Fever"',
        'label = "Fever"\nunit = "kg"',
        "a.fever: the key 'unit' says",
    ),
    (
        "form.toml",
        'label = "Fever"',
        'label = "Fever"\nrange = [1, 2]',
        "the key 'range' says nothing",
    ),
    ("form.toml", 'label = "Fever"', 'label = "Fever"\nordered = true', "the key 'ordered' says"),
    ("form.toml", 'label = "CK"', 'label = "CK"\nrows = []', "x.ck: the key 'rows' says nothing"),
    (
        "form.toml",
        'label = "Date"',
        'label = "Date"\noptions = []',
        "the key 'options' says nothing",
    ),
    (
        "form.toml",
        'label = "Fever"',
        'label = "Fever"\nblock_value = "presnt"',
        "block_value: a finding can only be set to 'present'",
    ),
    (
        "form.toml",
        'label = "Fever"',
        'label = "Fever"\nimplied = [{ value = "yes", when = "d.weak" }]',
        "implied: a finding can only be set to 'present'",
    ),
    (
        "form.toml",
        'default = "uk"',
        'default = "ukk"',
        "case.profile: default: there is no option 'ukk' (did you mean 'uk'?)",
    ),
    ("form.toml", 'default = "uk"', "", "case.profile: this question needs a default"),
    (
        "form.toml",
        'default = "uk"',
        'default = "uk"\nblock_value = "us_"',
        "block_value: there is no option 'us_' (did you mean 'us'?)",
    ),
    ("form.toml", 'spread = "5"', 'spread = "6"', "spread: there is no option '6'"),
    ("form.toml", 'spread = "5"', 'spread = "5"\nnormal = "6"', "normal: there is no option '6'"),
    (
        "form.toml",
        'label = "Neck", sides',
        'label = "Neck", normal = "9", sides',
        "row 'neck': there is no option '9'",
    ),
    ("form.toml", 'normal = ["normal"]', 'normal = ["norml"]', "did you mean 'normal'"),
    ("form.toml", 'value = "5", rows', 'value = "6", rows', "row 'hip' has no option '6'"),
    ("form.toml", 'rows = ["hip", "foot"]', 'rows = ["hip", "fot"]', "no row 'fot' (did you mean"),
    (
        "form.toml",
        'ticks = "a.classes"',
        'ticks = "a.klasses"',
        "column 'class': ticks: there is no question 'a.klasses'",
    ),
    (
        "form.toml",
        'options_from = "a.classes", ticks = "a.classes"',
        'options = [{ id = "tonic", label = "Tonic" }], ticks = "a.classes"',
        "column 'class': 'a.classes' has no option 'tonic'",
    ),
    ("form.toml", 'ticks = "a.classes"', 'ticks = "a.sites"', "'a.sites' has no option 'statin'"),
    ("form.toml", 'adult = ">=18"', 'adult = "grown up"', "write what 'adult' stands for"),
    (
        "form.toml",
        'adult = ">=18"',
        'Adult = ">=18"',
        "'Adult' is only ever compared in lower case",
    ),
    (
        "form.toml",
        "range = [0, 120]",
        "range = [120, 0]",
        "range: the lower end is above the upper",
    ),
    ("form.toml", 'low = "3.5"', 'low = "9"', "low and high: the lower end is above the upper end"),
    (
        "form.toml",
        'factor = "0.2558"',
        'factor = "0.2558", first = ["usa"]',
        "unit 'mg/dL': there is no profile 'usa' (did you mean 'us'?)",
    ),
    (
        "form.toml",
        'factor = "0.2558" }',
        'factor = "0.2558" }, { unit = "mmol/L", factor = "1" }',
        "the unit 'mmol/L' stands here twice",
    ),
    (
        "form.toml",
        'normal = ["normal"]',
        'normal = ["normal"]\nunit = "ms"',
        "a result that is one of some options has no unit",
    ),
    (
        "form.toml",
        'nothing = { id = "none", label = "Nowhere else" }',
        "",
        "needs the key 'nothing'",
    ),
    ("form.toml", '{ id = "0", label = "0" },', "", "option 'W': there is no option '0'"),
    ("plan.toml", 'profiles = ["uk"]', 'profiles = ["ukk"]', "M1: there is no profile 'ukk'"),
    (
        "urgency.toml",
        'context = ["patient"',
        'context = ["pateint"',
        "context: no id begins with 'pateint'",
    ),
    (
        "urgency.toml",
        '[[level]]\nid = "soon"\ntitle = "Soon"\naim = "6 weeks"\naction = "Refer."\n',
        "",
        "level: the level 'soon' is missing",
    ),
    (
        "services.toml",
        'flags = ["S1"]',
        'flags = ["S9"]',
        "services.toml, sv_clinic: there is no red flag 'S9'",
    ),
    (
        "urgency.toml",
        "context = [",
        'alarms = ["a.fevr"]\ncontext = [',
        "alarms: there is no 'a.fevr'",
    ),
    (
        "recipients/clinic.toml",
        'name = "A clinic"',
        'name = "A clinic"\nmust = ["a.fevr"]',
        "recipients/clinic.toml, must: there is no 'a.fevr' (did you mean 'a.fever'?)",
    ),
    ("findings.toml", 'id = "x.k"', 'id = "a.fever"', "a.fever: there is no measured result"),
    ("findings.toml", 'high_above = "5.3"', 'high_above = "3"', "x.k: the limits do not rise"),
    # One id for two things: the last one would win.
    ("findings.toml", 'id = "d.ck_x"\nsays', 'id = "d.weak"\nsays', "d.weak: this id is taken in"),
    ("findings.toml", 'members = ["a.fever"', 'members = ["alarm"', "alarm: there is no 'alarm'"),
    ("findings.toml", 'id = "alarm"', 'id = "a.fever"', "a.fever: this id is taken in form.toml"),
    ("findings.toml", 'id = "alarm"', 'id = "d.weak"', "d.weak: this id is taken in findings.toml"),
    ("findings.toml", 'id = "alarm"', 'id = "e.power.hip"', "taken in form.toml"),
    (
        "conditions.toml",
        'id = "strain"',
        'id = "d.weak"',
        "d.weak: this id is taken in findings.toml",
    ),
    ("conditions.toml", 'id = "strain"', 'id = "myopathy"', "myopathy: this id is taken in"),
    (
        "investigations.toml",
        'id = "P1"',
        'id = "X1"',
        "X1: this id is taken in investigations.toml",
    ),
    ("plan.toml", 'id = "N1"', 'id = "N2"', "N2: this id is taken in plan.toml"),
    ("urgency.toml", 'id = "core"', 'id = "S1"', "S1: this id is taken in urgency.toml"),
    (
        "form.toml",
        'id = "e.slr"',
        'id = "a.sites.calf"',
        "a.sites.calf: this id is taken in form.toml",
    ),
    ("form.toml", 'id = "opioid"', 'id = "statin"', "the option 'statin' stands here twice"),
    (
        "findings.toml",
        'id = "d.ck_x"\nhigh_above',
        'id = "x.k"\nhigh_above',
        "x.k: this word band stands here 2 times",
    ),
    ("recipients/clinic.toml", 'id = "clinic"', 'id = "d.weak"', "d.weak: this id is taken in"),
    # A rule that has lost its condition would always fire.
    ("urgency.toml", 'when = "d.weak"', 'when = ""', "urgency.toml, S1"),
    ("plan.toml", 'when = "d.weak"', 'when = ""', "plan.toml, T1"),
    ("investigations.toml", """when = "has(a.classes, 'opioid')\"""", 'when = ""', "X1"),
    ("investigations.toml", 'applies = ["t_emg"]', "applies = []", "X1: applies: it is said of no"),
    # Keys of a case that are no questions.
    ("form.toml", 'id = "e.slr"', 'id = "case.urgency"', "case.urgency: a case keeps something"),
    ("form.toml", 'id = "e.slr"', 'id = "note.exam"', "note.exam: a case keeps something else"),
    ("form.toml", 'id = "e.slr"', 'id = "decision.S1"', "decision.S1: a case keeps something else"),
    # What would be read by nothing.
    (
        "form.toml",
        'label = "Straight leg raise"',
        'label = "S"\nblock_value = "present"',
        "no block",
    ),
    ("form.toml", 'spread = "5"\n', "", "row 'leg' covers others, and spread does not say"),
    ("form.toml", 'covers = ["e.power.hip"', 'covers = ["hip"', "covers 'hip': write e.power.hip"),
    ("form.toml", 'rows = ["hip", "foot"] }', "rows = [] }", "fill 'legs 5' fills no row"),
    ("form.toml", 'from = "0", to = "4"', 'from = "4", to = "0"', "from and to are the lower and"),
    ("form.toml", 'from = "0", to = "4"', 'from = "0"', "option 'W': from and to are the lower"),
    ("form.toml", 'from = "0", to = "4"', 'from = "0", to = "W"', "option 'W' names itself"),
    ("form.toml", 'low = "3.5"', 'low = "3.5"\npair = "x.k"', "pair: 'x.k' is not another result"),
    (
        "form.toml",
        'low = "3.5"',
        'low = "3.5"\npair = "x.ck"',
        "pair: 'x.ck' is not another result",
    ),
    ("form.toml", 'low = "3.5"', 'low = "3.5"\npair = "a.weeks"', "is not another result"),
    (
        "form.toml",
        'label = "Sex at birth"',
        'label = "Sex at birth"\nalso = "patient.sex_at_birth"',
        "also: 'patient.sex_at_birth' must be another question",
    ),
    (
        "form.toml",
        'label = "Sex at birth"',
        'label = "Sex at birth"\nalso = "case.profile"',
        "also: 'case.profile' must be another question",
    ),
    ("form.toml", "old_after_days = 28", "old_after_days = -28", "a number of days is not below 0"),
    ("form.toml", 'factor = "4.345"', 'factor = "-4.345"', "unit 'months': a factor is above 0"),
    (
        "form.toml",
        'factor = "0.2558" }',
        'factor = "0.2558", first = ["us"] }, { unit = "mEq/L", factor = "1", first = ["us"] }',
        "units: two of them come first in the profile 'us'",
    ),
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


def add(root: Path, file: str, text: str) -> None:
    path = root / "forms" / "tiny" / file
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    path.write_text(f"{before}\n{text}\n", encoding="utf-8")


def test_two_recipients_of_one_id_are_refused(root: Path) -> None:
    add(root, "recipients/other.toml", 'id = "clinic"\nname = "Another"\ntemplate = "x"')
    assert "recipients/other.toml, clinic: another file has this id: choose another" in problems(
        root
    )


def test_a_named_finding_may_not_take_the_place_of_a_question(root: Path) -> None:
    """A copied id would silently redefine what a rule reads."""
    add(root, "findings.toml", '[[finding]]\nid = "a.fever"\nsays = "fever"\nwhen = "a.pain"')
    add(root, "findings.toml", '[[finding]]\nid = "d.weak"\nsays = "weakness"\nwhen = "a.pain"')
    found = problems(root)
    assert "findings.toml, a.fever: this id is taken in form.toml: choose another" in found
    assert "findings.toml, d.weak: this id is taken in findings.toml: choose another" in found


@pytest.mark.parametrize(
    ("retired", "says"),
    [
        ('id = "a.fever"\nbecame = "a.pain"', "a.fever: this id is retired and in use"),
        ('id = "e.power"\nbecame = "a.pain"', "e.power: this id is retired and in use"),
        ('id = "e"\nbecame = "a"', "e: this id is retired and in use"),
        ('id = "d.weak"\nbecame = "a.pain"', "d.weak: this id is retired and in use"),
        ('id = "a.heat"\nbecame = "a.fevr"', "there is no 'a.fevr' (did you mean 'a.fever'?)"),
        (
            'id = "a.classes.statins"\nbecame = "a.classes.statinn"',
            "there is no 'a.classes.statinn'",
        ),
        (
            'id = "a.x"\nbecame = "a.y"\nsince = "1"\n[[retired]]\nid = "a.y"\nbecame = "a.x"',
            "no 'a.y'",
        ),
    ],
)
def test_a_retired_id_leads_somewhere(root: Path, retired: str, says: str) -> None:
    add(root, "form.toml", f'[[retired]]\n{retired}\nsince = "1"')
    assert any(says in problem for problem in problems(root)), problems(root)


def test_names_of_all_files_are_compared_even_if_something_else_is_wrong(
    root: Path, replace: Write
) -> None:
    replace("urgency.toml", 'source = ["book"]', 'source = ["bok"]')
    replace("plan.toml", 'id = "N1"', 'id = "N2"')
    replace("findings.toml", "any_of(e.power < '5')", "any_of(e.power < '6')")
    files = {problem.split(",")[0] for problem in problems(root)}
    assert files == {"urgency.toml", "plan.toml", "findings.toml"}
