"""The commands that look after the drafts: proof, backups with the new passphrase, what another computer left."""

from __future__ import annotations

from pathlib import Path

import pytest

from triage.store.backups import backups

from .test_commands import run, store, v01

__all__ = ["store", "v01"]


@pytest.fixture
def given(store: Path) -> tuple[object, ...]:
    return ("--passphrase-file", store.parent / "passphrase")


def test_a_proof_is_printed_and_kept_and_a_fault_is_exit_1(
    store: Path, v01: Path, given: tuple[object, ...], tmp_path: Path
) -> None:
    run("drafts", "import", v01, *given)
    assert "not possible" in run("drafts", "prove", *given).stdout
    assert run("drafts", "backup", *given).exit_code == 0
    out = tmp_path / "reports" / "proof.txt"
    done = run("drafts", "prove", "-o", out, *given)
    assert done.exit_code == 0, done.output
    assert out.read_text(encoding="utf-8") == done.stdout
    assert done.stdout.count("passed") == 3
    (one,) = backups(store / "backups")
    data = bytearray(one.path.read_bytes())
    data[len(data) // 2] ^= 1
    one.path.write_bytes(data)
    failed = run("drafts", "prove", *given)
    assert failed.exit_code == 1
    assert "NOT PROVED" in failed.stdout


def test_backups_follow_the_passphrase_only_if_that_is_asked_for(
    store: Path, v01: Path, given: tuple[object, ...]
) -> None:
    first, second = given[1], store.parent / "second"
    second.write_text("quite another one\n", encoding="utf-8")
    run("drafts", "import", v01, *given)
    run("drafts", "backup", *given)
    path = backups(store / "backups")[0].path
    change = ("drafts", "passphrase", *given, "--new-passphrase-file", second)
    assert "still open with the old one" in run(*change).stdout
    restore = ("drafts", "restore", path, "--yes", "--passphrase-file")
    assert run(*restore, second).exit_code == 1
    back = ("drafts", "passphrase", "--passphrase-file", second, "--new-passphrase-file", first)
    run(*back)
    done = run(*change, "--rewrap-backups")
    assert "opens 1 backup" in done.stdout
    assert run(*restore, first).exit_code == 1
    assert run(*restore, second).exit_code == 0


def test_another_file_of_cases_is_named_listed_and_taken_over(
    store: Path, v01: Path, given: tuple[object, ...]
) -> None:
    run("drafts", "import", v01, *given)
    path = store / "drafts (conflicted copy).db"
    path.write_bytes((store / "drafts.db").read_bytes())
    listed = run("drafts", "list", *given)
    assert path.name in listed.stderr
    assert listed.stderr.count("\n") == 1
    assert "nothing that is not here" in run("drafts", "conflicts", *given).stdout
    # The other computer has a case more.
    other = store.parent / "other"
    other.mkdir()
    for name in ("drafts.db", "keys.json"):
        (other / name).write_bytes((store / name).read_bytes())
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRIAGE_HOME", str(other))
        new = run("drafts", "import", v01, *given).stdout.strip()
    path.write_bytes((other / "drafts.db").read_bytes())
    shown = run("drafts", "conflicts", *given).stdout.splitlines()
    assert "1 case that is not here" in shown[0]
    assert new[:8] in shown[1]
    assert run("drafts", "take-over", "drafts.db", *given).exit_code == 1
    done = run("drafts", "take-over", path, *given)
    assert done.exit_code == 0, done.output
    assert "1 case is taken over" in done.stdout
    assert not path.exists()
    assert len(run("drafts", "list", *given).stdout.splitlines()) == 2
    assert not run("drafts", "list", *given).stderr


def test_drafts_in_a_synchronised_folder_are_warned_of_once_a_start(
    store: Path, v01: Path, given: tuple[object, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    run("drafts", "import", v01, *given)
    cloud = store.parent / "Dropbox"
    cloud.mkdir()
    store.rename(cloud / "cases")
    monkeypatch.setenv("TRIAGE_HOME", str(cloud / "cases"))
    assert run("drafts", "list", *given).stderr.count("Dropbox synchronises") == 1
