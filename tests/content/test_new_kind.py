"""A new kind of question: the type checker names each place that does not know it yet."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

CLOCK = '''"""A time of day."""

from __future__ import annotations

from triage.content.form import Slot
from triage.content.kinds.kind import Kind
from triage.content.raw import CaseFile
from triage.content.schema import Question
from triage.model.values import Clock, Value


class ClockKind(Kind):
    """A time of day."""

    def stands(self, question: Question) -> str:
        """Return the type of the value under each key."""
        return "clock"

    def read(self, slot: Slot, raw: object, file: CaseFile) -> Value:
        """Return an hour."""
        return Clock(hour=3)

    def write(self, value: Value) -> object:
        """Return the hour."""
        assert isinstance(value, Clock)
        return value.hour
'''
VALUE = '''class Clock(_Value):
    """A time of day."""

    type: Literal["clock"] = "clock"
    hour: int


class Row(_Value):'''
# What is done, step by step, and the places that the type checker names after it.
STEPS: tuple[tuple[tuple[tuple[str, str, str], ...], tuple[str, ...]], ...] = (
    (
        (("content/schema.py", '"table", "result"\n', '"table", "result", "clock"\n'),),
        ("triage/content/load.py", "triage/qt/ask/questions.py"),
    ),
    (
        (("content/schema.py", "    result: T\n", "    result: T\n    clock: T\n"),),
        (
            "triage/content/kinds/__init__.py",
            "triage/qt/ask/questions.py",
            "triage/letter/template.py",
        ),
    ),
    (
        (
            ("model/values.py", "class Row(_Value):", VALUE),
            ("model/values.py", "    | Date\n", "    | Date\n    | Clock\n"),
            (
                "content/kinds/__init__.py",
                "from triage.content.kinds.date",
                "from triage.content.kinds.clock import ClockKind\nfrom triage.content.kinds.date",
            ),
            (
                "content/kinds/__init__.py",
                '"result": ResultKind(),',
                '"result": ResultKind(),\n    "clock": ClockKind(),',
            ),
        ),
        (
            "triage/qt/ask/questions.py",
            "triage/letter/template.py",
            "triage/letter/words/answers.py",
            "triage/rules/taken.py",
        ),
    ),
)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    here = ROOT.parent
    shutil.copytree(here / "triage", tmp_path / "triage")
    shutil.copy(here / "pyproject.toml", tmp_path)
    return tmp_path


def places(root: Path) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "triage"], cwd=root, capture_output=True, text=True
    )
    return {line.partition(":")[0] for line in done.stdout.splitlines() if ": error: " in line}


def test_a_new_kind_of_question_is_missed_wherever_it_is_missing(copy: Path) -> None:
    (copy / "triage/content/kinds/clock.py").write_text(CLOCK, encoding="utf-8")
    for edits, named in STEPS:
        for file, old, new in edits:
            path = copy / "triage" / file
            text = path.read_text(encoding="utf-8")
            assert old in text, (file, old)
            path.write_text(text.replace(old, new, 1), encoding="utf-8")
        assert set(named) <= places(copy), named
