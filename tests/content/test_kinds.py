"""A new kind of question is its own file, its widget and an entry in each table; what is missing is named."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import get_args

import pytest

from tests.conftest import ROOT
from triage.content.kinds import KINDS, Kind
from triage.content.schema import PerKind, Question, QuestionKind

LAST = '"table", "result"\n'
CLOCK = '''"""A time of day."""

from triage.content.form import Slot
from triage.content.kinds.kind import Kind
from triage.content.raw import CaseFile, string
from triage.content.schema import Question
from triage.errors import EntryError
from triage.model.values import Text, Value


class ClockKind(Kind):
    """A time such as 06:30."""

    keys = frozenset({"lines"})

    def stands(self, question: Question) -> str:
        """Return the type of the value under each key."""
        return "text"

    def read(self, slot: Slot, raw: object, file: CaseFile) -> Value:
        """Return a time."""
        text = string(raw, "time")
        if len(text) != 5 or text[2] != ":":
            raise EntryError("give a time such as 06:30")
        return Text(text=text)

    def write(self, value: Value) -> object:
        """Return the time."""
        assert isinstance(value, Text)
        return value.text
'''
WIDGET = '''"""Asks for a time of day."""

from triage.qt.ask.text import TextWidget


class ClockWidget(TextWidget):
    """Asks for a time of day."""
'''
QUESTION = """
[[question]]
id = "cramp.clock"
section = "complaint"
kind = "clock"
label = "Usual time of a cramp"
short = "usual time of a cramp"
unfold_when = "known(cramp.clock) or cramp.painful"
"""
WORDS = """
[[answer]]
id = "cramp.clock"
row = "Usual time"
"""
USE = """
import json, os, sys
from datetime import UTC, date, datetime
os.environ["QT_QPA_PLATFORM"] = "offscreen"
from triage.content import ContentFiles, load_content
from triage.content.casefile import read_case, write_case
from triage.errors import CaseError
from triage.model.history import History
from triage.rules.assess import Assessor
from triage.session import Session
from triage.session.letters import LetterDesk

content = load_content(ContentFiles())
def case(answers):
    text = json.dumps({"triage_case": 1, "answers": answers})
    return read_case(text, content.form, content.rule_ids, date(2026, 11, 22))
read = case({"cramp.clock": "06:30"})
assert json.loads(write_case(read, content.form))["answers"] == {"cramp.clock": "06:30"}
assert read_case(write_case(read, content.form), content.form, content.rule_ids, date(2026, 11, 22)) == read
try:
    case({"cramp.clock": "early"})
except CaseError as error:
    assert "give a time such as 06:30" in str(error)
else:
    raise AssertionError("an unreadable time was taken")
session = Session(Assessor(content), History(), lambda: datetime(2026, 11, 22, tzinfo=UTC))
session.set_all(dict(read))
question = content.form.questions["cramp.clock"]
assert session.facts["cramp.clock"] is not None
assert session.is_unfolded(question)
text = " ".join(LetterDesk(session, None, lambda: datetime(2026, 11, 22, tzinfo=UTC)).plain_text().split())
assert "- Usual time: 06:30" in text, text
from PySide6.QtWidgets import QApplication
app = QApplication([])
from triage.qt.ask.questions import make_widget
assert type(make_widget(session, question)).__name__ == "ClockWidget"
print("all of it works")
"""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the program that knows the name of one more kind."""
    for name in ("triage", "forms", "templates"):
        shutil.copytree(
            ROOT.parent / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__")
        )
    change(tmp_path, "triage/content/schema.py", LAST, LAST.replace("\n", ', "clock"\n'))
    return tmp_path


def change(root: Path, file: str, old: str, new: str) -> None:
    path = root / file
    text = path.read_text(encoding="utf-8")
    assert old in text, (file, old)
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def put(root: Path, file: str, text: str) -> None:
    (root / file).write_text(text, encoding="utf-8")


def add_to_the_list(root: Path) -> None:
    change(root, "triage/content/schema.py", "    result: T\n", "    result: T\n    clock: T\n")


def add_its_home(root: Path) -> None:
    put(root, "triage/content/kinds/clock.py", CLOCK)
    _enter(root, "triage/content/kinds/__init__.py", "triage.content.kinds", "Kind")


def add_its_widget(root: Path) -> None:
    put(root, "triage/qt/ask/clock.py", WIDGET)
    _enter(root, "triage/qt/ask/questions.py", "triage.qt.ask", "Widget")


def _enter(root: Path, table: str, package: str, what: str) -> None:
    """Make the entry of the clock in a table of kinds."""
    result = f'    "result": Result{what}'
    change(
        root, table, result, f'    "clock": Clock{what}(),\n{result}'.replace("Widget()", "Widget")
    )
    date = f"from {package}.date"
    change(root, table, date, f"from {package}.clock import Clock{what}\n{date}")


def typed(root: Path, files: Iterable[str] = (), follow: str = "skip") -> list[str]:
    """Return what the type checker says of the clock, by default where kinds are looked up."""
    homes = (root / "triage/content/kinds").glob("*.py")
    usual = [
        "triage/content/schema.py",
        *sorted(str(path.relative_to(root)) for path in homes),
        "triage/content/load.py",
        "triage/qt/ask/questions.py",
    ]
    command = [
        sys.executable,
        "-m",
        "mypy",
        f"--follow-imports={follow}",
        "--cache-dir",
        os.devnull,
    ]
    done = subprocess.run(
        [*command, *(files or usual)], cwd=root, capture_output=True, text=True, check=False
    )
    lines = done.stdout.splitlines()
    assert lines[-1].startswith(("Found", "Success")), done.stdout + done.stderr
    return sorted(line for line in lines if ": error:" in line and "clock" in line.lower())


def test_a_kind_that_no_table_knows_is_named_wherever_kinds_are_looked_up(copy: Path) -> None:
    said = typed(copy)
    assert {line.partition(":")[0] for line in said} >= {
        "triage/content/kinds/__init__.py",
        "triage/content/load.py",
        "triage/qt/ask/questions.py",
    }
    assert all('has no key "clock"' in line for line in said)


def test_each_missing_piece_of_a_kind_is_named(copy: Path) -> None:
    add_to_the_list(copy)
    said = typed(copy)
    assert [line.partition(":")[0] for line in said] == [
        "triage/content/kinds/__init__.py",
        "triage/qt/ask/questions.py",
    ]
    assert all('Missing key "clock" for TypedDict' in line for line in said)
    add_its_home(copy)
    home = "triage/content/kinds/clock.py"
    put(copy, home, CLOCK[: CLOCK.index("    def write(")])
    half, widget = typed(copy)
    assert 'Cannot instantiate abstract class "ClockKind" with abstract attribute "write"' in half
    assert widget.startswith("triage/qt/ask/questions.py")
    put(copy, home, CLOCK)
    add_its_widget(copy)
    assert typed(copy) == []


def test_a_new_type_of_value_is_named_in_facts_letter_and_case_file(copy: Path) -> None:
    values = "triage/model/values.py"
    clock = 'class Clock(_Value):\n    """A time."""\n\n    type: Literal["clock"] = "clock"\n\n\nValue = Annotated['
    change(copy, values, "Value = Annotated[", clock)
    change(copy, values, "    | Rewritten,\n", "    | Rewritten\n    | Clock,\n")
    places = (
        "triage/rules/taken.py",
        "triage/letter/words/answers.py",
        "triage/content/casefile.py",
    )
    said = typed(copy, (values, *places), "silent")
    assert {line.partition(":")[0] for line in said} == set(places)


def test_with_all_its_pieces_a_new_kind_works_from_the_form_to_the_letter(copy: Path) -> None:
    add_to_the_list(copy)
    add_its_home(copy)
    add_its_widget(copy)
    with (copy / "forms/muscle_cramps/form.toml").open("a", encoding="utf-8") as form:
        form.write(QUESTION)
    with (copy / "forms/muscle_cramps/letters/answers.toml").open("a", encoding="utf-8") as words:
        words.write(WORDS)
    environment = os.environ | {"PYTHONPATH": str(copy), "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, "-c", USE],
        cwd=copy,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "all of it works\n", done.stderr
    check = subprocess.run(
        [sys.executable, "-m", "triage", "check"],
        cwd=copy,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert check.returncode == 0, check.stderr


def test_the_list_of_kinds_and_the_tables_are_the_same() -> None:
    assert set(get_args(QuestionKind)) == set(PerKind.__annotations__) == set(KINDS)


def test_every_key_that_a_kind_claims_is_one_of_a_question() -> None:
    for kind in KINDS.values():
        assert isinstance(kind, Kind)
        assert kind.keys <= set(Question.model_fields)
        assert kind.needs <= kind.keys
