"""What the documents name is there: files, tests, commands, and the keys that an author may write."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import typer
from pydantic import BaseModel

from tests.conftest import ROOT
from triage.cli.app import app
from triage.content import schema
from triage.letter import layout, template

TOP = ROOT.parent
DOCUMENTS = sorted(
    [*TOP.glob("*.md"), *TOP.glob("docs/*.md"), *TOP.glob("forms/*/CHANGES.md")],
    key=lambda path: path.as_posix(),
)
# A file of the tests and, behind it, parts of the names of its tests.
TESTED = re.compile(r"`(tests/[\w/.-]+)`(?: \(([a-z0-9_]+(?:, [a-z0-9_]+)*)\))?")
PATH = re.compile(r"`((?:tests|triage|docs|templates)/[\w/.-]+)`|\]\(([\w/.-]+)(?:#[\w-]+)?\)")
COMMAND = re.compile(r"\btriage ([a-z]+)(?: ([a-z-]+))?")
OPTION = re.compile(r"(?<![\w-])--[a-z-]+")


def code(text: str) -> Iterator[str]:
    """Yield what is written as code."""
    fence = re.compile(r"^```[a-z]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
    for block in fence.findall(text):
        yield from block.splitlines()
    yield from re.findall(r"`([^`\n]+)`", fence.sub("", text))


def below(command: Any) -> dict[str, Any]:
    """Return the commands of a group by name."""
    return getattr(command, "commands", {})


def options(command: Any) -> Iterator[str]:
    for parameter in command.params:
        yield from parameter.opts
    for each in below(command).values():
        yield from options(each)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(TOP).as_posix())
def test_every_file_and_test_is_there(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    named = {a or (path.parent / b).relative_to(TOP).as_posix() for a, b in PATH.findall(text)}
    assert {name for name in named if not (TOP / name).exists()} == set()
    for name, parts in TESTED.findall(text):
        file = TOP / name
        tests = re.findall(r"def test_(\w+)", file.read_text("utf-8")) if file.is_file() else []
        for part in filter(None, parts.split(", ")):
            assert any(part in test for test in tests), f"{name} has no test of {part}"


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(TOP).as_posix())
def test_every_command_option_and_target_is_there(path: Path) -> None:
    root = typer.main.get_command(app)
    known = set(options(root))
    targets = re.findall(r"^([a-z]+):", (TOP / "Makefile").read_text("utf-8"), re.MULTILINE)
    for line in code(path.read_text(encoding="utf-8")):
        for first, second in COMMAND.findall(line):
            assert first in below(root), line
            commands = below(below(root)[first])
            assert not commands or second in commands, line
            assert set(OPTION.findall(line)) <= known, line
        if line.startswith("make ") and (target := re.match(r"make ([a-z]+)", line)):
            assert target[1] in targets, line


@pytest.mark.parametrize("module", [schema, template, layout], ids=lambda module: module.__name__)
def test_every_key_of_the_content_is_told_to_authors(module: ModuleType) -> None:
    text = " ".join(code((TOP / "docs/authors.md").read_text(encoding="utf-8")))
    told = set(re.findall(r"[a-z_]+", text))
    records = [
        record
        for record in vars(module).values()
        if inspect.isclass(record)
        and issubclass(record, BaseModel)
        and record.__module__ == module.__name__
    ]
    missing = {
        f"{record.__name__}.{name}"
        for record in records
        for name in record.model_fields
        if name.removesuffix("_") not in told
    }
    assert missing == set()
