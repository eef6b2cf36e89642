"""The program in a system of another language: nothing in it depends on that."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = Path("/usr/share/i18n/locales")


@pytest.mark.skipif(
    shutil.which("localedef") is None or not SOURCES.is_dir(),
    reason="the system cannot make other languages: install the package locales",
)
@pytest.mark.parametrize("language", ["de_DE", "fr_FR", "pl_PL", "ja_JP", "ar_EG"])
def test_a_date_is_typed_and_issued_in_any_language_of_the_system(
    language: str, tmp_path: Path
) -> None:
    name = f"{language}.UTF-8"
    subprocess.run(
        ["localedef", "-i", language, "-f", "UTF-8", str(tmp_path / name)],
        check=False,
        capture_output=True,
    )
    assert (tmp_path / name).is_dir()
    done = subprocess.run(
        [sys.executable, "-m", "tests.qt.language_child", str(tmp_path / "drafts")],
        cwd=ROOT,
        env={
            **os.environ,
            "LOCPATH": str(tmp_path),
            "LC_ALL": name,
            "QT_QPA_PLATFORM": "offscreen",
            "PYTHONUTF8": "1",
        },
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["14 Mar 1968|-", "1968-03-14", "True", "1"]
