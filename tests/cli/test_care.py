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
