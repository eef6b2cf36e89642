"""Nothing that is shown or written depends on the language of the system."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.conftest import ROOT

PROGRAM = ROOT.parent / "triage"
# The one table of months has tests of its own; which language the window is in is asked of the system, no date.
_OTHERS = {PROGRAM / "model" / "dates.py", PROGRAM / "qt" / "parts" / "words.py"}
SOURCES = sorted(path for path in PROGRAM.rglob("*.py") if path not in _OTHERS)
# Names of months and days, and the system's own ways to write a date, all in its language.
OF_THE_SYSTEM = re.compile(
    r"%[aAbBcpxX](?![a-zA-Z])|calendar\.(month|day)_(name|abbr)|\blocale\b|strxfrm|QLocale"
)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(PROGRAM).as_posix())
def test_no_module_asks_the_system_for_the_name_of_a_month(path: Path) -> None:
    assert not OF_THE_SYSTEM.search(path.read_text(encoding="utf-8"))
