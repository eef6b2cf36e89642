"""Fixtures for all tests, and a guard: nothing here opens an internet socket."""

from __future__ import annotations

import gc
import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# Nobody's own drafts and settings: a folder that is not there, unless a test makes one.
os.environ["TRIAGE_HOME"] = str(Path(__file__).parent / "no-such-folder")

# pytest-qt brings PySide6 to every test, and this what it needs beside Python 3.11: else a run of many tests that
# know no window ends in an abort.
import triage.qt  # noqa: F401
from triage.collector import collect_due
from triage.content import Content, ContentFiles, load_content
from triage.content.casefile import day_of, read_case
from triage.letter.template import Templates, load_templates
from triage.model.case import Case
from triage.rules.assess import Assessor
from triage.settings import Settings
from triage.settings.file import parse_settings

ROOT = Path(__file__).parent
CASES = ROOT / "cases"
TODAY = date(2026, 11, 22)
AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
_opened: list[str] = []


def _no_internet(event: str, args: tuple[Any, ...]) -> None:
    """Refuse internet sockets, whoever asks for them (promise 8)."""
    if event == "socket.__new__" and args[1] in (socket.AF_INET, socket.AF_INET6):
        _opened.append(event)
        raise PermissionError("a test tried to open an internet socket")
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname") and not isinstance(
        args[-1], str | bytes
    ):
        host = args[1] if event == "socket.connect" else args[0]
        if isinstance(host, tuple) or event != "socket.connect":
            _opened.append(event)
            raise PermissionError("a test tried to reach the internet")


sys.addaudithook(_no_internet)
# As in the program: never on the thread that saves.
gc.disable()


@pytest.fixture(autouse=True)
def _garbage_goes_after_the_test(qapp: Any) -> Iterator[None]:
    """Let Qt delete first what a test has closed: a style sheet would still be told to all of it.

    And the collector takes a view and its session apart in any order, while a field that goes asks both. So the
    application is there before the program makes its own, with a timer that collects: in the events after the last
    line of a test it would take a view that only the test held.
    """
    from PySide6.QtCore import QEvent

    yield
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    collect_due()


@pytest.fixture(autouse=True)
def _no_socket_was_opened() -> Iterator[None]:
    yield
    opened, _opened[:] = list(_opened), []
    assert not opened, "an internet socket was asked for"


@cache
def the_content() -> Content:
    return load_content(ContentFiles())


@cache
def the_assessor() -> Assessor:
    return Assessor(the_content())


@cache
def the_templates() -> Templates:
    """Return the shipped letters."""
    return load_templates(ContentFiles(), the_content().form)


@cache
def the_settings() -> Settings:
    """Return an invented sender and addresses for every recipient, as the demo has them."""
    return parse_settings(ContentFiles().text("forms/cases/settings/sample.json"))


@pytest.fixture(scope="session")
def content() -> Content:
    return the_content()


@pytest.fixture(scope="session")
def assessor() -> Assessor:
    return the_assessor()


def vignettes() -> list[Path]:
    return sorted((CASES / "vignettes").glob("*.json"))


def completed() -> list[Path]:
    """Return the vignettes as they are sent: with an invented person, a sender, a question and every decision."""
    return sorted((CASES / "complete").glob("*.json"))


def case_from(data: dict[str, Any]) -> Case:
    known = the_content()
    return read_case(json.dumps(data), known.form, known.rule_ids, TODAY)


def answers(**given: Any) -> dict[str, Any]:
    """Return CASE.json with these answers; ``__`` in a name stands for a dot."""
    return {
        "triage_case": 1,
        "date": TODAY.isoformat(),
        "answers": {name.replace("__", "."): value for name, value in given.items()},
    }


def assess_case(case: Case) -> Any:
    return the_assessor().assess(case, day_of(case))


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A real file system of one megabyte."""
    place = tmp_path / "disk"
    place.mkdir()
    if os.name == "nt" or os.geteuid() != 0 or not shutil.which("mount"):
        pytest.skip("only root can mount a small disk")
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(place)], capture_output=True
    )
    if made.returncode:
        pytest.skip("mounting is not allowed here")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)
