"""The real window, worked by a program that sees only what a screen reader sees."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from triage.model.history import History
from triage.model.values import Choice, Decision, Finding, Text
from triage.session import Session
from triage.store import Drafts

from ..conftest import AT, the_assessor, the_content
from .test_real_screen import (  # noqa: F401 - fixtures are used by their names
    PATIENCE,
    Screen,
    key,
    opened,
    screen,
)

pytestmark = pytest.mark.desktop

SCRIPT = Path(__file__).with_name("assistive.py")
# It has what the system brings; the Python of these tests has not.
PYTHON = "/usr/bin/python3"
# Once is enough: what is heard has no size.
ONE_SIZE = pytest.mark.parametrize("screen", [(1, "1280x720")], indirect=True)


@pytest.fixture
def bus(screen: Screen) -> Iterator[str]:  # noqa: F811
    """Start a bus of its own, on which the service for assistive technology starts by itself."""
    if shutil.which("dbus-daemon") is None:
        pytest.skip("dbus-daemon is not installed")
    if not Path("/usr/share/dbus-1/services/org.a11y.Bus.service").is_file():
        pytest.skip("at-spi2-core is not installed")
    knows = [PYTHON, "-c", "import pyatspi"]
    if not Path(PYTHON).exists() or subprocess.run(knows, capture_output=True).returncode:
        pytest.skip("python3-pyatspi is not installed")
    reading, writing = os.pipe()
    process = subprocess.Popen(
        ["dbus-daemon", "--session", "--nofork", f"--print-address={writing}"],
        env=screen.environment,
        pass_fds=[writing],
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    try:
        with os.fdopen(reading) as told:
            address = told.readline().strip()
        if not address:
            pytest.skip("dbus-daemon does not start")
        yield address
    finally:
        process.terminate()
        process.wait(PATIENCE)


@ONE_SIZE
def test_a_case_is_filled_and_a_test_accepted_by_what_is_heard_alone(
    screen: Screen,  # noqa: F811
    key: bytes,  # noqa: F811
    bus: str,
) -> None:
    told = {"DBUS_SESSION_BUS_ADDRESS": bus}
    with opened(screen, QT_LINUX_ACCESSIBILITY_ALWAYS_ON="1", **told) as typist:
        done = subprocess.run(
            [PYTHON, str(SCRIPT)],
            env=screen.environment | told,
            capture_output=True,
            encoding="utf-8",
            timeout=10 * PATIENCE,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        heard = json.loads(done.stdout)
        typist.press("ctrl+w")
        assert typist.process.wait(PATIENCE) == 0
    with Drafts.open(screen.folder / "drafts", key) as drafts:
        (info,) = drafts.list()
        case = drafts.history(info.id).case
    assert case["patient.family_name"] == Text(text="Specimen")
    assert case["patient.sex_at_birth"] == Choice(option="female")
    assert case["neuro.weakness"] == Finding(present=True)
    block = [k for k, v in case.items() if isinstance(v, Finding) and v.block]
    form = the_content().form
    assert heard["block"] == f"Brain, heart and heat, {len(block)} questions, {len(block)} answered"
    assert len({question.block for k in block if (question := form.question_of(k))}) == 1
    (decision,) = (value for value in case.values() if isinstance(value, Decision))
    assert decision == Decision(decision="accept")
    assert heard["accepted"].endswith(", essential, accepted")
    # What is heard is what the rules say of what is stored.
    session = Session(the_assessor(), History(), lambda: AT)
    session.set_all(dict(case))
    assert session.level
    assert heard["first"].startswith("Not enough yet")
    assert heard["urgency"].lower().startswith(session.level)
