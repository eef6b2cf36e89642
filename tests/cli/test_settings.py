"""``triage settings``, and what the settings do to the other commands."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pypdfium2
import pytest
from typer.testing import CliRunner, Result

from tests.conftest import ROOT
from triage.cli.app import app
from triage.settings import Address, Sender, Settings, load_settings, save_settings

SAMPLE = ROOT.parent / "forms" / "muscle_cramps" / "cases" / "sample.json"


def run(*words: object, stdin: str | None = None) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words], input=stdin)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TRIAGE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def one_sentence(done: Result) -> str:
    assert done.exit_code == 1, done.output
    assert len(done.stderr.strip().splitlines()) == 1
    assert "Traceback" not in done.output
    return done.stderr


def test_what_was_set_is_shown_and_what_is_shown_can_be_set(home: Path) -> None:
    assert run("settings", "show").output == (
        "lock_minutes 10\nclipboard_seconds 60\nafter_answer next\n"
    )
    for key, value in (
        ("senders.gp1.name", "Dr Ruth SAMPLE"),
        ("senders.gp1.address", r"1 Example Street\nTestford TS1 1AA"),
        ("senders.nurse.name", "Nora O'PLACEHOLDER"),
        ("senders.nurse.writes_for", "gp1"),
        ("sender", "nurse"),
        ("recipients.neurology.address", r"Sample Hospital\n20 Sample Road"),
        ("profile", "us"),
        ("out_of_hours", "01632 960999"),
        ("lock_minutes", "5"),
        ("clipboard_seconds", "0"),
    ):
        assert run("settings", "set", key, value).exit_code == 0
    wanted = Settings(
        senders={
            "gp1": Sender(name="Dr Ruth SAMPLE", address="1 Example Street\nTestford TS1 1AA"),
            "nurse": Sender(name="Nora O'PLACEHOLDER", writes_for="gp1"),
        },
        sender="nurse",
        recipients={"neurology": Address(address="Sample Hospital\n20 Sample Road")},
        profile="us",
        out_of_hours="01632 960999",
        lock_minutes=5,
        clipboard_seconds=0,
    )
    assert load_settings(home) == wanted
    assert Settings.model_validate_json(run("settings", "show", "--json").output) == wanted
    import shlex

    lines = [shlex.split(line) for line in run("settings", "show").output.splitlines()]
    (home / "settings.json").unlink()
    # Who is named must be there first.
    for key, value in sorted(
        lines, key=lambda line: line[0] in ("sender", "senders.nurse.writes_for")
    ):
        assert run("settings", "set", key, value).exit_code == 0
    assert load_settings(home) == wanted


def test_a_value_is_read_from_standard_input(home: Path) -> None:
    done = run("settings", "set", "senders.gp1.address", "-", stdin="1 Street\nTestford\n")
    assert done.exit_code == 0, done.output
    assert load_settings(home).senders["gp1"].address == "1 Street\nTestford"


def test_a_folder_that_begins_with_n_is_no_new_line(home: Path, tmp_path: Path) -> None:
    folder = tmp_path / r"a\new"
    (folder / "templates").mkdir(parents=True)
    assert run("settings", "set", "content_folder", folder).exit_code == 0
    assert load_settings(home).content_folder == str(folder)


def test_a_key_is_taken_out(home: Path) -> None:
    run("settings", "set", "senders.gp1.name", "Dr A")
    run("settings", "set", "profile", "us")
    assert run("settings", "set", "senders.gp1", "--remove").exit_code == 0
    assert run("settings", "set", "profile", "--remove").exit_code == 0
    assert load_settings(home) == Settings()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["profil", "us"], "did you mean 'profile'?"),
        (["profile", "usa"], "did you mean 'us'?"),
        (["senders.gp1.nmae", "x"], "did you mean 'name'?"),
        (["senders.gp1.role", "gpp"], "did you mean 'gp'?"),
        (["recipients.neurolgy.address", "x"], "did you mean 'neurology'?"),
        (["senders.gp1.name", "a\nb"], "this is one line"),
        (["lock_minutes", "241"], "a whole number of minutes from 1 to 240, or 0 for never"),
        (["lock_minutes", "ten"], "a whole number of minutes"),
        (["clipboard_seconds", "3601"], "a whole number of seconds from 1 to 3600, or 0 for never"),
        (["senders.gp9", "--remove"], "there is no 'gp9' here"),
        (["content_folder", "/nowhere/at/all"], "the clinic's own content is not there"),
    ],
)
def test_what_does_not_fit_is_one_sentence_and_changes_nothing(
    home: Path, words: list[str], says: str
) -> None:
    assert says in one_sentence(run("settings", "set", *words))
    assert not (home / "settings.json").exists()


@pytest.mark.parametrize("words", [["profile"], ["profile", "us", "--remove"], []])
def test_wrong_usage_is_exit_code_2(home: Path, words: list[str]) -> None:
    assert run("settings", "set", *words).exit_code == 2
    assert run("settings", "show", "--jsn").exit_code == 2


@pytest.mark.parametrize("command", [["settings", "show"], ["assess", "-"], ["text", "-"]])
@pytest.mark.parametrize("text", ['{"profil": "us"}', "{", '{"profile": "usa"}'])
def test_a_damaged_file_of_settings_is_told_by_every_command_that_reads_it(
    home: Path, command: list[str], text: str
) -> None:
    home.mkdir()
    (home / "settings.json").write_text(text, encoding="utf-8")
    done = run(*command, stdin='{"triage_case": 1}')
    if command == ["settings", "show"] and "usa" in text:
        assert "usa" in done.output
    else:
        one_sentence(done)


@pytest.mark.skipif(sys.platform == "win32", reason="no pipes with a name")
def test_a_link_to_a_pipe_is_refused_and_nothing_waits(home: Path) -> None:
    home.mkdir()
    os.mkfifo(home / "pipe")
    (home / "settings.json").symlink_to(home / "pipe")
    assert "no ordinary file" in one_sentence(run("assess", "-", stdin='{"triage_case": 1}'))


def test_a_content_folder_that_is_gone_is_told_and_can_be_taken_out(
    home: Path, tmp_path: Path
) -> None:
    own = tmp_path / "own"
    place = own / "forms" / "muscle_cramps" / "recipients"
    place.mkdir(parents=True)
    record = 'id = "cramp"\nname = "Cramp clinic"\ntemplate = "referral_letter"\n'
    (place / "cramp.toml").write_text(record, encoding="utf-8")
    assert run("settings", "set", "content_folder", own).exit_code == 0
    assert run("settings", "set", "recipients.cramp.address", "3 Road").exit_code == 0
    text = run("text", "-", "--recipient", "cramp", stdin='{"triage_case": 1}').output
    assert "TO: Cramp clinic" in text
    assert "3 Road" in text
    assert ", with own content: own" in " ".join(text.split())
    assert run("check").exit_code == 0
    own.rename(tmp_path / "away")
    said = one_sentence(run("assess", "-", stdin='{"triage_case": 1}'))
    assert "triage settings set content_folder --remove" in said
    assert run("settings", "set", "content_folder", "--remove").exit_code == 0
    said = one_sentence(run("assess", "-", stdin='{"triage_case": 1}'))
    assert "recipients.cramp: there is no recipient 'cramp'" in said
    assert run("settings", "set", "recipients.cramp", "--remove").exit_code == 0
    assert run("assess", "-", stdin='{"triage_case": 1}').exit_code == 0


# -- profile us, from the settings to the paper -----------------------------------------------------


NIGHT = {
    "cramp.main_complaint": "cramp",
    "cramp.present": True,
    "cramp.sites": ["calf"],
    "cramp.timing": ["night_sleep"],
    "meds.quinine": True,
}


def case(**more: object) -> str:
    return json.dumps({"triage_case": 1, "date": "2026-11-22", "answers": NIGHT, **more})


@pytest.mark.parametrize(
    ("profile", "number", "others", "doctor"),
    [
        ("uk", "999", ("911", "112"), "your GP"),
        ("us", "911", ("999", "112"), "your primary care doctor"),
        ("eu", "112", ("999", "911"), "your family doctor"),
    ],
)
def test_the_emergency_number_and_the_doctor_are_those_of_the_profile(
    home: Path, profile: str, number: str, others: tuple[str, ...], doctor: str
) -> None:
    run("settings", "set", "profile", profile)
    told = json.loads(
        run("assess", "-", "--json", stdin=case(answers={"neuro.twitching": True})).output
    )
    net = " ".join(line["says"] for line in told["safety_net"])
    assert f"Call {number} " in net
    assert doctor in net
    assert not any(other in net for other in others)
    assert "{" not in net
    copy = run("text", "-", "--template", "patient_leaflet", stdin=case()).output
    assert f"RING {number} IF" in copy


@pytest.mark.parametrize("given", [{}, {"profile": "eu"}])
def test_a_file_without_a_profile_follows_the_settings_and_one_with_keeps_its_own(
    home: Path, given: dict[str, str]
) -> None:
    run("settings", "set", "profile", "us")
    text = " ".join(run("text", "-", stdin=case(**given)).output.split())
    assert f"not a diagnosis. {given.get('profile', 'us')} 2026" in text


def paper(path: Path) -> tuple[int, int]:
    document = pypdfium2.PdfDocument(path)
    width, height = document[0].get_size()
    document.close()
    return round(width), round(height)


A4, LETTER = (595, 842), (612, 792)


@pytest.mark.parametrize(
    ("settings", "option", "size"),
    [
        ({}, [], A4),
        ({"profile": "eu"}, [], A4),
        ({"profile": "us"}, [], LETTER),
        ({"profile": "us", "paper": "a4"}, [], A4),
        ({"paper": "letter"}, [], LETTER),
        ({"profile": "us"}, ["--paper", "a4"], A4),
    ],
)
def test_the_paper_is_asked_for_or_set_or_that_of_the_profile(
    home: Path, tmp_path: Path, settings: dict[str, str], option: list[str], size: tuple[int, int]
) -> None:
    for key, value in settings.items():
        run("settings", "set", key, value)
    out = tmp_path / "letter.pdf"
    assert run("letter", "-", "-o", out, *option, stdin=case()).exit_code == 0
    assert paper(out) == size


def test_a_us_clinic_imports_issues_and_reads_its_own_letter(home: Path, tmp_path: Path) -> None:
    secret = tmp_path / "passphrase"
    secret.write_text("an invented passphrase\n", encoding="utf-8")
    secret.chmod(0o600)
    given = ("--passphrase-file", secret)
    data = json.loads(SAMPLE.read_text(encoding="utf-8"))
    del data["profile"]
    data["referrer"] = {"question": data["referrer"]["question"]}
    path = tmp_path / "case.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    sender = Sender(
        name="Dr Uma INVENTED", org="Example Family Practice", address="1 Example Avenue"
    )
    save_settings(home, Settings(senders={"me": sender}, profile="us"))

    draft = run("drafts", "import", path, *given).output.strip()
    out = tmp_path / "letter.pdf"
    refused = run("drafts", "issue", draft, "-o", out, *given)
    assert "triage settings set recipients.neuromuscular.address" in one_sentence(refused)
    assert not out.exists()
    exported = tmp_path / "out.json"
    run("drafts", "export", draft, "-o", exported, *given)
    kept = json.loads(exported.read_text(encoding="utf-8"))
    assert kept["profile"] == "us"
    assert kept["referrer"]["name"] == "Dr Uma INVENTED"
    assert kept["recipients"] == data["recipients"]

    run("settings", "set", "recipients.neuromuscular.address", r"1 Example Plaza\nTestville")
    done = run("drafts", "issue", draft, "-o", out, *given)
    assert done.exit_code == 0, done.output
    document = pypdfium2.PdfDocument(out)
    text = " ".join(" ".join(page.get_textpage().get_text_range() for page in document).split())
    document.close()
    assert paper(out) == LETTER
    for words in (
        "Example Family Practice",
        "1 Example Avenue",
        "1 Example Plaza, Testville",
        "not a diagnosis. us 2026",
    ):
        assert words in text
    # A case keeps its profile, whatever the settings say later.
    run("settings", "set", "profile", "uk")
    assert "not a diagnosis. us 2026" in " ".join(
        run("drafts", "show", draft, *given).output.split()
    )


SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><path d="M0 0h9v9z"/></svg>'


def test_a_letterhead_is_kept_with_its_whole_path(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "logo.svg").write_text(SVG, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert run("settings", "set", "letterhead", "logo.svg").exit_code == 0
    assert load_settings(home).letterhead == str(tmp_path / "logo.svg")
    assert run("settings", "set", "letterhead", "--remove").exit_code == 0
    assert load_settings(home).letterhead == ""


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (None, "cannot be read"),
        ("no picture", "neither an SVG nor a PNG"),
        (SVG.replace("<path", "<image href='http://example.org/a.png'/><path"), "holds <image>"),
        (SVG + " " * 2_000_000, "at most 2 MB"),
    ],
)
def test_a_letterhead_that_cannot_be_printed_is_refused_when_it_is_chosen(
    home: Path, tmp_path: Path, text: str | None, says: str
) -> None:
    logo = tmp_path / "logo.svg"
    if text is not None:
        logo.write_text(text, encoding="utf-8")
    assert says in one_sentence(run("settings", "set", "letterhead", logo))
    assert load_settings(home).letterhead == ""


def test_a_draft_is_printed_without_a_letterhead_that_is_gone_and_says_so(
    home: Path, tmp_path: Path
) -> None:
    logo, out = tmp_path / "logo.svg", tmp_path / "draft.pdf"
    logo.write_text(SVG, encoding="utf-8")
    assert run("settings", "set", "letterhead", logo).exit_code == 0
    says = "the picture of the letterhead"
    assert says not in " ".join(run("text", SAMPLE).output.split())
    logo.unlink()
    assert says in " ".join(run("text", SAMPLE).output.split())
    assert run("letter", SAMPLE, "-o", out).exit_code == 0
    with pypdfium2.PdfDocument(out) as document:
        page = " ".join(document[0].get_textpage().get_text_range().split())
    assert says in page
    # No other setting waits for the file.
    assert run("settings", "set", "profile", "us").exit_code == 0
