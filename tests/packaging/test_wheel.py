"""The built wheel carries the content and works without the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def test_the_wheel_carries_forms_and_templates_and_nothing_else(unpacked: Path) -> None:
    tops = {path.name for path in unpacked.iterdir() if path.suffix not in (".dist-info", ".data")}
    assert tops == {"triage"}
    # Beside the package: what the menu of a desktop needs.
    (data,) = unpacked.glob("*.data")
    assert {str(path.relative_to(data / "data")) for path in data.rglob("*.*")} == {
        "share/applications/cramp-triage.desktop",
        "share/icons/hicolor/scalable/apps/cramp-triage.svg",
    }
    assert (unpacked / "triage" / "qt" / "parts" / "cramp-triage.svg").is_file()
    forms = unpacked / "triage" / "_content" / "forms" / "muscle_cramps"
    letters = ("letters/referral_letter.toml", "letters/sentences.toml", "letters/record.toml")
    for name in ("form.toml", "findings.toml", "urgency.toml", "cases/sample.json", *letters):
        assert (forms / name).is_file()
    assert (unpacked / "triage" / "_content" / "templates" / "words.toml").is_file()


def test_the_wheel_assesses_the_same_as_the_checkout(unpacked: Path, tmp_path: Path) -> None:
    sample = ROOT / "forms" / "muscle_cramps" / "cases" / "sample.json"
    said = []
    for path in (str(unpacked), str(ROOT)):
        done = subprocess.run(
            [sys.executable, "-m", "triage", "assess", "--json", str(sample)],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": path},
            check=True,
            capture_output=True,
            text=True,
        )
        said.append(done.stdout)
    assert said[0] == said[1]
