"""The commands as a script meets them: output, exit codes, and one clear sentence for each fault."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
import tomllib
from pathlib import Path

import pypdfium2
import pytest
from typer.testing import CliRunner, Result

from tests.conftest import ROOT, the_settings, vignettes
from tests.content.test_casefile import DAMAGED
from tests.content.test_load import FAULTS
from triage.cli.app import app
from triage.settings import save_settings

V01 = next(path for path in vignettes() if path.stem == "V01")
SAMPLE = ROOT.parent / "forms" / "muscle_cramps" / "cases" / "sample.json"


def run(*words: object, stdin: str | None = None) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words], input=stdin)


@pytest.fixture
def v01(tmp_path: Path) -> Path:
    path = tmp_path / "v01.json"
    path.write_text(
        json.dumps(json.loads(V01.read_text(encoding="utf-8"))["case"]), encoding="utf-8"
    )
    return path


def test_assess_tells_urgency_reasons_and_tests(v01: Path) -> None:
    done = run("assess", v01)
    assert done.exit_code == 0, done.output
    assert done.output.startswith("Urgent. Act within 2 weeks: neuromuscular clinic")
    assert "Pattern in which motor neuron disease must be considered" in done.output
    assert "Needle EMG" in done.output
    assert done.output.splitlines()[-1].startswith("Decision support")


def test_assess_names_rules_and_tests_by_their_ids_on_demand_only(v01: Path) -> None:
    ids = {"U01", "t_emg", "als_mnd"}
    assert not [name for name in ids if name in run("assess", v01).output]
    assert not [name for name in ids if name not in run("assess", v01, "-v").output]


def test_assess_as_json_has_what_design_names(v01: Path) -> None:
    data = json.loads(run("assess", v01, "--json").output)
    assert data["urgency"]["level"] == "urgent"
    assert data["urgency"]["referral"] == "urgent"
    assert data["scope"] == {"ok": True, "says": ""}
    assert set(data["urgency"]["act"]) == {"within_days", "who", "says", "rule"}
    assert data["urgency"]["act"]["within_days"] == 14
    assert data["services"][0]["id"] == "sv_neuromuscular"
    assert {"says", "rule", "answers", "source"} == set(data["services"][0]["reasons"][0])
    for key in (
        "not_excluded",
        "conditions",
        "investigations",
        "plan",
        "team",
        "safety_net",
        "contradictions",
        "what_would_change",
    ):
        assert isinstance(data[key], list)
    assert set(data["content"]) == {"form", "version", "fingerprint"}
    reason = data["urgency"]["reasons"][0]
    assert {"says", "rule", "answers", "source"} <= set(reason)
    condition = data["conditions"][0]
    assert {"id", "name", "family", "support", "score", "for", "against", "missing"} <= set(
        condition
    )
    emg = next(t for t in data["investigations"] if t["id"] == "t_emg")
    assert {"status", "timing", "reasons", "cautions", "protocol", "instead"} <= set(emg)


def test_an_empty_case_is_provisional_and_reassures_nobody() -> None:
    done = run("assess", "-", "--json", stdin='{"triage_case": 1}')
    data = json.loads(done.output)
    assert data["urgency"]["provisional"]
    assert data["urgency"]["reasons"] == []
    assert [t for t in data["investigations"] if t["indicated"]] == []
    assert data["conditions"] == []
    assert data["plan"] == []


def test_a_child_is_out_of_scope() -> None:
    done = run(
        "assess",
        "-",
        stdin='{"triage_case": 1, "patient": {"age": 9}, "answers": {"rf.seizure": true}}',
    )
    assert done.exit_code == 0
    assert done.output.splitlines()[1].startswith("Not designed for children")
    assert "Red flags recorded: new seizure" in done.output


def test_letter_is_a_pdf_marked_as_a_draft(v01: Path, tmp_path: Path) -> None:
    out = tmp_path / "sub" / "letter.pdf"
    done = run("letter", v01, "-o", out)
    assert done.exit_code == 0, done.output
    document = pypdfium2.PdfDocument(out)
    text = "".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    assert "DRAFT" in text
    assert "EMG" in text


@pytest.mark.parametrize("template", ["referral_letter", "emg_request", "patient_leaflet"])
def test_text_is_the_letter_for_pasting(v01: Path, template: str) -> None:
    done = run("text", v01, "--template", template, "--recipient", "neurophysiology")
    assert done.exit_code == 0, done.output
    assert "SPECIMEN" in done.output
    if template == "patient_leaflet":
        assert "otor neuron" not in done.output


def test_questions_lists_every_answer_id() -> None:
    plain, data = run("questions"), json.loads(run("questions", "--json").output)
    ids = {entry["id"] for entry in data}
    assert {"neuro.weakness", "power.ankle_df.left", "cramp.sites.calf.right"} <= ids
    assert all(entry["kind"] and entry["section"] and entry["label"] for entry in data)
    assert "neuro.weakness" in plain.output


def test_rules_tells_a_rule_in_words_with_its_source() -> None:
    assert "U01" in run("rules").output
    told = run("rules", "U03").output
    assert "d.weakness_obj" in told
    assert "NG127" in told
    assert re.search(r"reviewed: \d{4}-\d\d-\d\d", told)


def test_check_finds_nothing_wrong_with_what_is_shipped() -> None:
    done = run("check")
    assert done.exit_code == 0, done.output
    assert "no problem found" in done.output


def test_check_prints_the_record_of_the_version_that_is_being_made() -> None:
    done = run("check", "--release")
    assert done.exit_code == 0, done.output
    (printed,) = tomllib.loads(done.output)["release"]
    kept = tomllib.loads((SAMPLE.parents[1] / "released.toml").read_text(encoding="utf-8"))
    (record,) = [r for r in kept["release"] if r["version"] == printed["version"]]
    assert len(printed["read"]) > 1000
    assert set(printed["read"]) <= set(record["read"])


@pytest.mark.parametrize(("text", "says"), DAMAGED, ids=range(len(DAMAGED)))
def test_a_damaged_case_is_refused_with_exit_code_1(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "case.json"
    path.write_text(text, encoding="utf-8")
    done = run("assess", path)
    assert done.exit_code == 1
    assert says in done.stderr
    assert "Traceback" not in done.output
    assert done.exception is None or isinstance(done.exception, SystemExit)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")
@pytest.mark.parametrize("command", [["assess"], ["text"], ["drafts", "import"]])
def test_a_pipe_a_device_or_a_folder_is_no_case_file(tmp_path: Path, command: list[str]) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", Path("/dev/zero"), tmp_path):
        done = run(*command, path)
        assert done.exit_code == 1
        assert "no ordinary file" in done.stderr


def test_standard_input_is_read_no_further_than_a_case_can_be() -> None:
    done = run("assess", "-", stdin='{"triage_case": 1}' + " " * 9_000_000)
    assert done.exit_code == 1
    assert "far too large" in done.stderr


@pytest.mark.parametrize(("file", "old", "new", "says"), FAULTS[::4])
def test_damaged_content_is_refused_with_exit_code_1(
    tmp_path: Path, file: str, old: str, new: str, says: str
) -> None:
    root = tmp_path / "root"
    shutil.copytree(ROOT / "tiny", root)
    path = root / "forms" / "tiny" / file
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    done = run("check", root, "--form", "tiny")
    assert done.exit_code == 1
    assert says in done.stderr


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["assess", "no-such-file.json"], 1),
        (["rules", "U99"], 1),
        (["bench", "nothing"], 1),
        (["letter", "-", "-o", "/dev/null/sub/x.pdf"], 1),
        (["text", "-", "--recipient", "nobody"], 1),
        (["text", "-", "--template", "nothing"], 1),
        (["assess"], 2),
        (["assess", "--jsn", "x"], 2),
        (["nothing"], 2),
        (["letter", "-", "-o", "x.pdf", "--paper", "a3"], 2),
    ],
)
def test_exit_codes(words: list[str], code: int) -> None:
    done = run(*words, stdin='{"triage_case": 1}')
    assert done.exit_code == code, done.output
    assert "Traceback" not in done.output


def test_drafts_from_import_to_issue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRIAGE_HOME", str(tmp_path / "home"))
    secret = tmp_path / "passphrase"
    secret.write_text("an invented passphrase\n", encoding="utf-8")
    secret.chmod(0o600)
    given = ("--passphrase-file", secret)

    assert run("drafts", "list", *given).exit_code == 1
    save_settings(tmp_path / "home", the_settings())
    done = run("drafts", "import", SAMPLE, *given)
    assert done.exit_code == 0, done.output
    draft = done.output.strip()
    assert "SPECIMEN" in run("drafts", "list", "speci", *given).output
    assert run("drafts", "list", "nobody", *given).output == ""
    assert "U01" in run("drafts", "show", draft[:6], *given).output

    out = tmp_path / "letter.pdf"
    done = run("drafts", "issue", draft, "-o", out, *given)
    assert done.exit_code == 0, done.output
    assert done.output.startswith("issued v1 to neuromuscular")
    assert out.read_bytes().startswith(b"%PDF")
    assert "issued v1" in run("drafts", "list", *given).output

    back = tmp_path / "back.json"
    assert run("drafts", "export", draft, "-o", back, *given).exit_code == 0
    exported = json.loads(back.read_text(encoding="utf-8"))
    assert exported["patient"]["family_name"] == "SPECIMEN"

    secret.write_text("another passphrase\n", encoding="utf-8")
    refused = run("drafts", "list", *given)
    assert refused.exit_code == 1
    assert "passphrase" in refused.stderr


def test_an_incomplete_case_is_not_issued(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRIAGE_HOME", str(tmp_path / "home"))
    secret = tmp_path / "passphrase"
    secret.write_text("an invented passphrase\n", encoding="utf-8")
    secret.chmod(0o600)
    given = ("--passphrase-file", secret)
    draft = run("drafts", "import", "-", *given, stdin='{"triage_case": 1}').output.strip()
    done = run("drafts", "issue", draft, "-o", tmp_path / "x.pdf", *given)
    assert done.exit_code == 1
    assert done.stderr.strip()
    assert not (tmp_path / "x.pdf").exists()


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TRIAGE_HOME", str(tmp_path / "home"))
    secret = tmp_path / "passphrase"
    secret.write_text("an invented passphrase\n", encoding="utf-8")
    secret.chmod(0o600)
    return tmp_path / "home"


def test_a_mark_in_front_of_a_passphrase_file_is_no_part_of_it(store: Path, v01: Path) -> None:
    plain, marked = store.parent / "passphrase", store.parent / "marked"
    marked.write_bytes("\ufeffan invented passphrase \u00a0\r\n".encode())
    assert run("drafts", "import", v01, "--passphrase-file", marked).exit_code == 0
    listed = run("drafts", "list", "--passphrase-file", plain)
    assert listed.exit_code == 0
    assert len(listed.stdout.splitlines()) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such rights")
def test_a_passphrase_that_others_can_read_is_warned_of(store: Path, v01: Path) -> None:
    secret = store.parent / "passphrase"
    assert not run("drafts", "import", v01, "--passphrase-file", secret).stderr
    secret.chmod(0o644)
    told = run("drafts", "list", "--passphrase-file", secret)
    assert told.exit_code == 0
    assert "chmod 600" in told.stderr


@pytest.mark.parametrize("short", ["", "x", "12345678", "Password123"])
def test_a_short_or_common_passphrase_is_refused(store: Path, v01: Path, short: str) -> None:
    secret = store.parent / "passphrase"
    secret.write_text(short, encoding="utf-8")
    refused = run("drafts", "import", v01, "--passphrase-file", secret)
    assert refused.exit_code == 1
    assert not (store / "keys.json").exists()


def test_drafts_without_keys_are_not_taken_for_no_drafts(store: Path, v01: Path) -> None:
    given = ("--passphrase-file", store.parent / "passphrase")
    assert run("drafts", "import", v01, *given).exit_code == 0
    for name in ("keys.json", "keys.json.bak"):
        (store / name).rename(store / f"{name}.away")
    for words in (("list",), ("import", v01)):
        refused = run("drafts", *words, *given)
        assert refused.exit_code == 1
        assert "Put it back" in refused.stderr
    assert not (store / "keys.json").exists()
    (store / "keys.json.bak.away").rename(store / "keys.json.bak")
    told = run("drafts", "list", *given)
    assert "put back from its second copy" in told.stderr
    assert len(told.stdout.splitlines()) == 1


def test_the_passphrase_is_changed_and_a_recovery_key_opens(store: Path, v01: Path) -> None:
    first, second, paper = (store.parent / name for name in ("passphrase", "second", "paper"))
    second.write_text("quite another one\n", encoding="utf-8")
    assert run("drafts", "import", v01, "--passphrase-file", first).exit_code == 0
    made = run("drafts", "recovery-key", "--passphrase-file", first)
    paper.write_text(made.stdout, encoding="utf-8")
    changed = ("drafts", "passphrase", "--passphrase-file", paper, "--new-passphrase-file", second)
    assert run(*changed).exit_code == 0
    assert run("drafts", "list", "--passphrase-file", first).exit_code == 1
    for way in (second, paper):
        assert len(run("drafts", "list", "--passphrase-file", way).stdout.splitlines()) == 1


def test_backup_verify_restore_history_and_salvage(store: Path, v01: Path) -> None:
    given = ("--passphrase-file", store.parent / "passphrase")
    draft = run("drafts", "import", v01, *given).stdout.strip()
    assert "1 case, 0 letters, no fault" in run("drafts", "verify", *given).stdout
    log = run("drafts", "history", draft[:8], *given).stdout.splitlines()
    assert len(log) > 5
    assert log[0].split()[0] == "1"
    made = run("drafts", "backup", *given)
    assert made.exit_code == 0, made.output
    path = made.stdout.split(":")[0]
    assert path in run("drafts", "restore").stdout
    run("drafts", "import", v01, *given)
    assert len(run("drafts", "list", *given).stdout.splitlines()) == 2
    done = run("drafts", "restore", path, "--yes", *given)
    assert done.exit_code == 0, done.output
    assert "1 case, 0 letters, last changed" in done.stdout
    assert len(run("drafts", "list", *given).stdout.splitlines()) == 1
    file = store / "drafts.db"
    whole = file.read_bytes()
    data = bytearray(whole)
    data[-100] ^= 1
    file.write_bytes(data)
    damaged = run("drafts", "list", *given)
    assert damaged.exit_code == 1
    assert "set aside as drafts.db.damaged-1" in damaged.stderr
    saved = run("drafts", "salvage", store / "drafts.db.damaged-1", "--to", store / "new", *given)
    assert saved.exit_code == 0, saved.output
    assert "cases are in" in saved.stdout
    refused = run("drafts", "list", *given)
    assert refused.exit_code == 1
    assert "the drafts are not" in refused.stderr
