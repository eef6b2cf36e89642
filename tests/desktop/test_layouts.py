"""Keys by place on a real X server, with the layouts of Greece, Russia, France and Belgium."""

from __future__ import annotations

import subprocess

import pytest

from triage.model.case import Case
from triage.model.values import Choice, Finding, Text
from triage.store import Drafts

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
# The codes of keys by what an American keyboard has there.
CODES = {"a": 38, "p": 33, "n": 57, "u": 30, "z": 52, "1": 10, "3": 12, "4": 13}


def set_layout(screen: Screen, layout: str) -> None:  # noqa: F811
    subprocess.run(["setxkbmap", layout], env=screen.environment, check=True)


def case_after(screen: Screen, key: bytes, typist: Typist) -> Case:  # noqa: F811
    """Close the window and return what was kept."""
    set_layout(screen, "us")
    typist.press("ctrl+w")
    assert typist.process.wait(PATIENCE) == 0
    with Drafts.open(screen.folder / "drafts", key) as drafts:
        (info,) = drafts.list()
        return drafts.history(info.id).case


@pytest.mark.parametrize("layout", ["gr", "ru", "fr", "be", "de", "us"])
def test_answers_are_recorded_by_the_place_of_the_keys(
    screen: Screen,  # noqa: F811
    key: bytes,  # noqa: F811
    typist: Typist,  # noqa: F811
    layout: str,
) -> None:
    set_layout(screen, "us")
    typist.find("tone.clonus")
    set_layout(screen, layout)
    before = screen.picture()
    typist.press(str(CODES["p"]))
    until(lambda: screen.picture() != before, "the answer")
    set_layout(screen, "us")
    typist.find("cramp.course")
    set_layout(screen, layout)
    before = screen.picture()
    typist.press(str(CODES["4"]))
    until(lambda: screen.picture() != before, "the option")
    # To the first section, whose first open question takes what is typed.
    screen.do("keydown", "Alt_L", "key", str(CODES["1"]), "keyup", "Alt_L")
    set_layout(screen, "us")
    typist.write("specimen")
    case = case_after(screen, key, typist)
    assert dict(case) == {
        "tone.clonus": Finding(present=True),
        "cramp.course": Choice(option="worsening"),
        "patient.family_name": Text(text="specimen"),
    }


@pytest.mark.parametrize("layout", ["gr", "ru"])
def test_undo_works_where_no_latin_layout_is_in_the_list(
    screen: Screen,  # noqa: F811
    key: bytes,  # noqa: F811
    typist: Typist,  # noqa: F811
    layout: str,
) -> None:
    set_layout(screen, "us")
    typist.write("specimen")
    typist.find("tone.clonus")
    set_layout(screen, layout)
    before = screen.picture()
    typist.press(str(CODES["n"]))
    until(lambda: screen.picture() != before, "the answer")
    before = screen.picture()
    screen.do("keydown", "Control_L", "key", str(CODES["z"]), "keyup", "Control_L")
    until(lambda: screen.picture() != before, "undo")
    kept = case_after(screen, key, typist)
    assert dict(kept) == {"patient.family_name": Text(text="specimen")}
