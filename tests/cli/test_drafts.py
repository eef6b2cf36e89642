"""Letters and the bin by command: shown with where they went, written once more, withdrawn, put away, put back."""

from __future__ import annotations

import io
from pathlib import Path

import pikepdf
import pytest

from tests.cli.test_commands import SAMPLE, run
from tests.conftest import the_settings
from tests.pdf.receiver_forms import page_without_fields
from triage.settings import save_settings


@pytest.fixture
def given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[object]:
    home = tmp_path / "home"
    monkeypatch.setenv("TRIAGE_HOME", str(home))
    save_settings(home, the_settings())
    secret = tmp_path / "secret"
    secret.write_text("four brown hens sing\n", encoding="utf-8")
    secret.chmod(0o600)
    return ["--passphrase-file", secret]


def test_a_letter_is_shown_written_again_and_withdrawn(tmp_path: Path, given: list[object]) -> None:
    draft = run("drafts", "import", SAMPLE, *given).stdout.strip()
    first, again = tmp_path / "first.pdf", tmp_path / "again.pdf"
    assert run("drafts", "issue", draft, "-o", first, *given).exit_code == 0
    assert run("drafts", "letter", draft, 1, "-o", again, *given).exit_code == 0
    assert again.read_bytes() == first.read_bytes()
    shown = run("drafts", "show", draft, *given).stdout
    assert shown.count("  save 20") == 2
    assert "withdrawn" not in run("drafts", "list", *given).stdout
    refused = run("drafts", "withdraw", draft, 1, "--reason", " ", *given)
    assert (refused.exit_code, refused.stderr) == (1, "Say why it is withdrawn: --reason.\n")
    done = run("drafts", "withdraw", draft, 1, "--reason", "sent to the wrong clinic", *given)
    assert done.stdout == "v1 is withdrawn. Tell the recipient.\n"
    assert "withdrawn" in run("drafts", "list", *given).stdout
    assert ": sent to the wrong clinic" in run("drafts", "show", draft, *given).stdout
    for words in (
        ("drafts", "withdraw", draft, 1, "--reason", "again"),
        ("drafts", "withdraw", draft, 2, "--reason", "no such"),
        ("drafts", "letter", draft, 2, "-o", tmp_path / "none.pdf"),
    ):
        refused = run(*words, *given)
        assert refused.exit_code == 1
        assert "not issued" in refused.stderr
    assert run("drafts", "letter", draft, 1, "-o", again, *given).exit_code == 0
    assert run("drafts", "delete", draft, *given).exit_code == 1


def test_of_several_kinds_of_letter_to_one_recipient_each_can_be_written_again(
    tmp_path: Path, given: list[object]
) -> None:
    draft = run("drafts", "import", SAMPLE, *given).stdout.strip()
    out = tmp_path / "letter.pdf"
    assert run("drafts", "issue", draft, "-o", out, *given).exit_code == 0
    other = tmp_path / "other.pdf"
    kind = ("--template", "patient_leaflet")
    assert run("drafts", "issue", draft, "-o", other, *kind, *given).exit_code == 0
    refused = run("drafts", "letter", draft, 1, "-o", out, *given)
    assert "(patient_leaflet): say which by --recipient and --template" in refused.stderr
    again = run("drafts", "letter", draft, 1, "-o", out, *kind, *given)
    assert again.exit_code == 0
    assert out.read_bytes() == other.read_bytes()
    refused = run("drafts", "issue", draft, "-o", out, "--template", "patient_leaf", *given)
    assert "did you mean 'patient_leaflet'?" in refused.stderr


def test_a_draft_is_put_away_and_back(given: list[object]) -> None:
    draft = run("drafts", "import", SAMPLE, *given).stdout.strip()
    assert run("drafts", "list", "999 000 0018", *given).stdout
    assert run("drafts", "list", "14/02/1966", *given).stdout
    assert run("drafts", "list", "15/02/1966", *given).stdout == ""
    assert run("drafts", "delete", draft[:8], *given).exit_code == 0
    assert run("drafts", "list", *given).stdout == ""
    assert draft[:8] in run("drafts", "list", "--bin", *given).stdout
    assert run("drafts", "show", draft, *given).exit_code == 1
    assert run("drafts", "put-back", draft, *given).exit_code == 0
    assert draft[:8] in run("drafts", "list", *given).stdout


def test_a_letter_is_imported_as_a_draft_from_outside_or_found_here(
    tmp_path: Path, given: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = run("drafts", "import", SAMPLE, *given).stdout.strip()
    letter = tmp_path / "letter.pdf"
    assert run("drafts", "issue", draft, "-o", letter, *given).exit_code == 0
    here = run("drafts", "import", letter, *given)
    assert here.stdout.strip() == draft
    assert here.stderr.startswith("This letter was issued here, as version 1: ")
    # As behind the form of a receiver.
    behind = tmp_path / "behind.pdf"
    with pikepdf.open(letter) as pdf, pikepdf.open(io.BytesIO(page_without_fields())) as form:
        pdf.pages.insert(0, form.pages[0])
        pdf.save(behind)
    here = run("drafts", "import", behind, *given)
    assert (here.stdout.strip(), here.exit_code) == (draft, 0)
    assert here.stderr.startswith("This letter was issued here, as version 1: ")
    # On another computer it begins a case of its own.
    monkeypatch.setenv("TRIAGE_HOME", str(tmp_path / "elsewhere"))
    there = run("drafts", "import", letter, *given)
    assert there.exit_code == 0, there.stderr
    assert "draft, from outside" in run("drafts", "list", *given).stdout
    shown = run("drafts", "show", there.stdout.strip(), *given).stdout
    assert shown.startswith("From outside: letter ")
    letter.write_bytes(letter.read_bytes()[:-1000])
    refused = run("drafts", "import", letter, *given)
    assert (refused.exit_code, refused.stderr) == (
        1,
        "letter.pdf: the file is damaged: ask for it anew.\n",
    )
