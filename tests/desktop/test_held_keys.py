"""Keys that are held down on a real X server, which repeats them as a desktop does."""

from __future__ import annotations

import subprocess
import time

import pytest

from triage.model.case import Case
from triage.model.values import Finding, Text
from triage.store import Drafts

from ..conftest import the_content
from .test_real_screen import (  # noqa: F401 - fixtures are used by their names
    PATIENCE,
    Screen,
    Typist,
    key,
    screen,
    typist,
    until,
)

pytestmark = pytest.mark.desktop

HELD = 2.0


@pytest.fixture(autouse=True)
def digits_without_shift(screen: Screen) -> None:  # noqa: F811
    subprocess.run(["setxkbmap", "us"], env=screen.environment, check=True)


def hold(typist: Typist, name: str) -> None:  # noqa: F811
    """Hold a key down."""
    typist.screen.do("keydown", name)
    time.sleep(HELD)
    typist.screen.do("keyup", name)


def close(screen: Screen, key: bytes, typist: Typist) -> Case:  # noqa: F811
    """Type a name to show that keys arrive, close the window, and return what was kept."""
    typist.find("patient.family_name")
    hold(typist, "x")
    typist.press("ctrl+w")
    assert typist.process.wait(PATIENCE) == 0
    with Drafts.open(screen.folder / "drafts", key) as drafts:
        (info,) = drafts.list()
        return drafts.history(info.id).case


def is_held(case: Case) -> bool:
    """Whether the X server repeated the key that was held last."""
    name = case.get("patient.family_name")
    return isinstance(name, Text) and len(name.text) > 5 and set(name.text) == {"x"}


@pytest.mark.parametrize("name", ["Return", "Tab", "n"])
def test_a_key_held_in_the_red_flags_records_nothing(
    screen: Screen,  # noqa: F811
    key: bytes,  # noqa: F811
    typist: Typist,  # noqa: F811
    name: str,
) -> None:
    typist.find("cramp.main_complaint")  # the first line of that section
    typist.press("Down")
    before = screen.picture()
    hold(typist, name)
    until(lambda: screen.picture() != before, "the key")
    hold(typist, name)
    case = close(screen, key, typist)
    assert is_held(case)
    assert set(case) == {"patient.family_name"}


def test_0_held_on_a_block_records_that_block_alone(
    screen: Screen,  # noqa: F811
    key: bytes,  # noqa: F811
    typist: Typist,  # noqa: F811
) -> None:
    typist.find("cramp.main_complaint")
    typist.press("Down")
    hold(typist, "0")
    # The focus has gone on by itself.
    typist.press("0")
    case = close(screen, key, typist)
    assert is_held(case)
    form = the_content().form
    blocks = list(dict.fromkeys(q.block for q in form.in_section("red_flags") if q.block))
    wanted = {slot.key for q in form.in_block(blocks[0]) for slot in form.slots_of(q.id)}
    found = {key: value for key, value in case.items() if key.startswith("rf.")}
    assert {k for k in found if k in wanted} == wanted
    assert set(found.values()) == {Finding(present=False, block=True)}
    # Two seconds lie between the two blocks: the second one was read.
    seen = {q.block for k in found if (q := form.question_of(k)) is not None}
    assert seen == set(blocks[:2])
