"""A second form is new files: the tremor form under ``tests/forms`` is checked, assessed and sent like the first."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.cli.test_commands import run
from tests.conftest import AT, ROOT, the_content
from tests.letter.spec import Printed, faults
from triage.content import Content, ContentFiles, load_content
from triage.content.casefile import day_of, read_case
from triage.errors import ContentError
from triage.letter.build import build_letter, uncovered
from triage.letter.check import problems_before_issue
from triage.letter.plain import plain_text
from triage.letter.template import Templates, load_templates
from triage.model.case import Case
from triage.pdf.readback import missing_statements
from triage.pdf.render import render
from triage.rules.assess import Assessor
from triage.settings import Settings, save_settings
from triage.settings.settings import Address, Sender

FORM = "tremor"
CASES = ROOT / "forms" / FORM / "cases"
# What the head and the foot of any letter, and the store, ask of any form that has them.
ROLES = ("patient.", "referrer.", "case.", "plan.safety_net_given")
# They show and measure the sample of the form that is shipped.
OF_ONE_FORM = ("bench", "qt/showcase.py")
LETTERS = [
    (
        "parkinson",
        "referral_letter",
        "soon",
        [
            "SOON, within 6 weeks: POSSIBLE PARKINSON'S DISEASE",
            "Slow finger taps and rigidity on the right, tremor of the right hand at rest.",
            "Tremor of the right hand and chin, for 14 months, slowly worse.",
            "Slow, shrinking finger taps: yes / no",
        ],
    ),
    (
        "parkinson",
        "patient_leaflet",
        "soon",
        ["You should be seen by 7 January 2027.", "Your hand shakes and you move more slowly."],
    ),
    (
        "lithium",
        "emergency_letter",
        "emergency",
        [
            "EMERGENCY, same day: POSSIBLE LITHIUM TOXICITY",
            "Phoned 10:40: Dr Omar EXAMPLE, medical registrar.",
            "Confusion (since this morning), vomiting.",
            "Allergic to penicillin (rash).",
        ],
    ),
    (
        "essential",
        "referral_letter",
        "routine",
        [
            "ROUTINE: ESSENTIAL TREMOR",
            "Tremor of both outstretched arms, for 8 years, and in the family.",
            "No rigidity or slow finger taps.",
            "DECIDED: Propranolol.",
        ],
    ),
    (
        "essential",
        "patient_leaflet",
        "routine",
        ["A TREMOR THAT IS NOT DANGEROUS", "Use heavy cutlery, and a mug with a lid."],
    ),
]


@cache
def the_form() -> tuple[Content, Templates]:
    files = ContentFiles(FORM, own=ROOT)
    content = load_content(files)
    return content, load_templates(files, content.form)


def case_of(name: str) -> Case:
    content, _ = the_form()
    text = (CASES / f"{name}.json").read_text(encoding="utf-8")
    return read_case(text, content.form, content.rule_ids, AT.date())


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """A clinic with a second form in its folder; returns how its drafts are opened."""
    folder = tmp_path / "home"
    monkeypatch.setenv("TRIAGE_HOME", str(folder))
    place = Address(organisation="Example Hospital", address="2 Example Road, Testford TS1 2AA")
    settings = Settings(
        content_folder=str(ROOT),
        senders={"one": Sender(name="Dr Ruth SAMPLE", role="gp")},
        recipients={"neurology": place, "neuromuscular": place},
    )
    save_settings(folder, settings)
    secret = tmp_path / "secret"
    secret.write_text("four brown hens sing\n", encoding="utf-8")
    secret.chmod(0o600)
    return ["--passphrase-file", secret]


def test_its_content_and_its_letters_are_sound() -> None:
    done = run("check", ROOT, "--form", FORM)
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith("51 questions")


@pytest.mark.parametrize(("name", "template", "level", "says"), LETTERS)
def test_its_letters_are_composed_in_its_own_words_and_set(
    name: str, template: str, level: str, says: list[str]
) -> None:
    content, templates = the_form()
    case = case_of(name)
    recipients = {r: Address(address="2 Example Road, Testford") for r in content.recipients}
    settings = Settings(recipients=recipients)
    assessment = Assessor(content).assess(case, day_of(case))
    assert assessment.urgency.level == level
    letter = build_letter(
        content,
        case,
        assessment,
        template,
        None,
        day_of(case),
        version=1,
        issued_at=AT,
        templates=templates,
        settings=settings,
    )
    text = " ".join(plain_text(letter).split())
    assert [sentence for sentence in says if sentence not in text] == []
    assert problems_before_issue(letter, case, content, settings) == []
    assert letter.record is None or uncovered(letter, case) == set()
    pdf = render(letter, when=AT)
    assert missing_statements(letter, pdf) == []
    assert faults(Printed.of(letter, pdf, case, content)) == []


def test_where_nothing_leads_the_headline_is_its_own_complaint() -> None:
    content, templates = the_form()
    data = {"triage_case": 1, "date": "2026-11-26", "answers": {"shake.complaint": "voice"}}
    case = read_case(json.dumps(data), content.form, content.rule_ids, AT.date())
    assessment = Assessor(content).assess(case, day_of(case))
    letter = build_letter(
        content, case, assessment, "referral_letter", None, day_of(case), templates=templates
    )
    assert next(b.title for b in letter.blocks if b.id == "level") == "Shaky voice, cause not known"


def test_an_emergency_waits_for_its_own_questions_about_the_call() -> None:
    content, templates = the_form()
    case = case_of("lithium").with_({"phone.when": None})
    assessment = Assessor(content).assess(case, day_of(case))
    letter = build_letter(
        content, case, assessment, "emergency_letter", None, day_of(case), templates=templates
    )
    asked = [o.question for o in problems_before_issue(letter, case, content, Settings())]
    assert "phone.when" in asked


def test_a_command_takes_the_form_that_a_case_names(home: list[object], tmp_path: Path) -> None:
    path = CASES / "parkinson.json"
    assert run("assess", path).stdout.startswith("Soon. Act within 6 weeks: neurology")
    assert "POSSIBLE PARKINSON'S DISEASE" in run("text", path).stdout
    assert run("preflight", path).stdout.startswith("Neurology, tremor clinic")
    refused = run("assess", path, "--form", "muscle_cramps")
    assert (refused.exit_code, "another form" in refused.stderr) == (1, True)
    nameless = tmp_path / "case.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    nameless.write_text(json.dumps({k: v for k, v in data.items() if k != "form"}), "utf-8")
    assert run("text", nameless).exit_code == 1
    assert run("text", nameless, "--form", FORM).stdout == run("text", path).stdout
    assert "shake.where.hand.left" in run("questions", "--form", FORM).stdout
    assert "Suspected Parkinson's disease" in run("rules", "S1", "--form", FORM).stdout


@pytest.mark.parametrize("name", ["1e" * 50_000, "../../etc", "tremo\nr", ""])
def test_a_form_that_is_not_there_is_told_in_one_short_line(name: str, tmp_path: Path) -> None:
    for own in (None, ROOT, tmp_path):
        with pytest.raises(ContentError) as raised:
            ContentFiles(name, own=own)
        (line,) = str(raised.value).splitlines()
        assert len(line) < 400


def test_a_draft_is_shown_issued_and_exported_with_the_form_it_was_begun_with(
    home: list[object], tmp_path: Path
) -> None:
    path, pdf, out = CASES / "parkinson.json", tmp_path / "a.pdf", tmp_path / "a.json"
    draft = run("drafts", "import", path, *home).stdout.strip()
    done = run("drafts", "issue", draft, "-o", pdf, *home)
    assert done.stdout == "issued v1 to neurology\n", done.stderr
    assert "POSSIBLE PARKINSON'S DISEASE" in run("drafts", "show", draft, *home).stdout
    assert run("drafts", "export", draft, "-o", out, *home).exit_code == 0
    assert json.loads(out.read_text(encoding="utf-8"))["form"] == FORM


def test_the_program_knows_no_question_that_one_form_alone_has() -> None:
    form = the_content().form
    known = {name for name in (*form.questions, *form.slots) if "." in name}
    found = {
        f"{place}: {text}"
        for place, text in _texts(ROOT.parent / "triage")
        if text in known and not text.startswith(ROLES)
    }
    assert found == set()


def _texts(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield the text literals of the program, each with its file."""
    for path in sorted(folder.rglob("*.py")):
        place = path.relative_to(folder).as_posix()
        if not place.startswith(OF_ONE_FORM):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    yield place, node.value
