"""The program as a process on an X screen of its own, worked by fake keys and a fake mouse."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image, ImageGrab

from triage.model.values import Finding, Text
from triage.store import Drafts, KdfCost, create_keys

pytestmark = pytest.mark.desktop

ROOT = Path(__file__).parents[2]
# A guess costs next to nothing here: it is not the passphrase that is proved.
CHEAP = KdfCost(memory_kib=64, time=1, lanes=1)
PASSPHRASE = "an invented passphrase"
FAMILY, QUESTION = "Specimén", "Crampes à l'effort, café noir?"
PATIENT = ("specim", "crampes", "café")
# Left, top, right and bottom of the panes in a window of 1280 by 720.
RAIL, QUESTIONS, PANEL = (0, 60, 216, 720), (220, 60, 860, 720), (870, 60, 1280, 720)
QUIET = ("-nolisten", "tcp", "-noreset")
# Down three notches and up two.
WHEEL = (
    "click",
    "--repeat",
    "3",
    "--delay",
    "2",
    "5",
    "click",
    "--repeat",
    "2",
    "--delay",
    "2",
    "4",
)
PATIENCE = 30.0


def until(is_so: Callable[[], bool], what: str, seconds: float = PATIENCE) -> None:
    """Wait until something is so."""
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, f"waited in vain: {what}"
        time.sleep(0.05)


def internet_sockets(pid: int) -> list[str]:
    """Return the sockets of a process that are not of this machine alone."""
    of_process = Path(f"/proc/{pid}")
    links = [str(handle.readlink()) for handle in (of_process / "fd").iterdir()]
    own = {link.removeprefix("socket:[").rstrip("]") for link in links}
    return [
        line
        for table in ("tcp", "tcp6", "udp", "udp6", "udplite", "udplite6", "raw", "raw6")
        if (of_process / "net" / table).exists()
        for line in (of_process / "net" / table).read_text().splitlines()[1:]
        if line.split()[9] in own
    ]


@dataclass
class Screen:
    """An X screen.

    Parameters
    ----------
    name
        What DISPLAY says.
    scale
        How many pixels make one of the program's.
    folder
        Where pictures go.
    """

    name: str
    scale: float
    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        """What a program on this screen is told."""
        kept = {
            name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ
        }
        return kept | {
            "DISPLAY": self.name,
            "HOME": str(self.folder),
            "XDG_RUNTIME_DIR": str(self.folder),
            "LC_ALL": "C.UTF-8",
            "QT_QPA_PLATFORM": "xcb",
            "QT_SCALE_FACTOR": str(self.scale),
            "TRIAGE_HOME": str(self.folder / "drafts"),
            # Its sockets are looked at from here.
            "TRIAGE_WATCHED": "1",
        }

    def do(self, *command: str) -> str:
        """Let xdotool do something and return what it says."""
        done = subprocess.run(
            ["xdotool", *command],
            env=self.environment,
            capture_output=True,
            encoding="utf-8",
            timeout=PATIENCE,
            check=False,
        )
        return done.stdout.strip()

    def picture(self) -> Image.Image:
        """Return what is on the screen."""
        return ImageGrab.grab(xdisplay=self.name)

    def keep(self, name: str) -> Image.Image:
        """Return what is on the screen, and keep it as a file to look at."""
        found = self.picture()
        found.save(self.folder / f"{name}.png")
        return found


class Typist:
    """Works the window as a person does: looks where the focus is, presses keys, turns the wheel.

    Parameters
    ----------
    screen
        Where the window is.
    process
        The program.
    """

    def __init__(self, screen: Screen, process: subprocess.Popen[bytes]) -> None:
        self.screen = screen
        self.process = process
        until(lambda: bool(self._windows("Muscle cramps")), "the window")
        (self.window,) = self._windows("Muscle cramps")
        until(lambda: self.is_painted(screen.picture()), "the first picture")
        self._focus_window()

    def _windows(self, name: str) -> list[str]:
        assert self.process.poll() is None, "the program ended"
        return self.screen.do("search", "--onlyvisible", "--name", name).split()

    def _has_focus(self, windows: list[str]) -> bool:
        return self.screen.do("getwindowfocus") in windows

    def _focus_window(self) -> None:
        # What a window manager does; there is none here.
        self.screen.do("windowfocus", self.window)
        until(lambda: self._has_focus([self.window]), "the focus on the window")

    def press(self, *keys: str) -> None:
        """Press keys."""
        self.screen.do("key", *keys)

    def write(self, text: str) -> None:
        """Type a text."""
        self.screen.do("type", "--delay", "15", text)

    def answer(self, asks: str, *keys: str, text: str = "") -> None:
        """Wait for the window of that name, type a text and press keys in it, and wait until it is gone."""
        until(lambda: self._has_focus(self._windows(asks)), asks)
        self.write(text)
        self.press(*keys)
        until(lambda: not self._windows(asks), f"the end of {asks}")
        self._focus_window()

    def find(self, name: str) -> None:
        """Bring up a question with the palette."""
        before = self.screen.picture()
        self.press("ctrl+k")
        until(lambda: self.screen.picture() != before, "the palette")
        self.write(name)
        # To the first that is found, whatever the text would record. It is no window whose end can be waited for.
        self.press("Up")
        time.sleep(1)
        before = self.screen.picture()
        self.press("Return")
        until(lambda: self.screen.picture() != before, "the question")
        time.sleep(0.5)

    def turn_wheel_over(self, pane: tuple[int, int, int, int]) -> None:
        """Turn the wheel down and up all over a pane, less than a button's height apart."""
        left, top, right, bottom = (round(edge * self.screen.scale) for edge in pane)
        step = round(18 * self.screen.scale)
        for y in range(top, bottom, step):
            moves = [
                word
                for x in range(left, right, 3 * step)
                for word in ("mousemove", str(x), str(y), *WHEEL)
            ]
            self.screen.do(*moves)

    def is_painted(self, picture: Image.Image) -> bool:
        """Whether every pane of the window holds text, and is not of one colour."""
        for pane in (RAIL, QUESTIONS, PANEL):
            box = tuple(round(edge * self.screen.scale) for edge in pane)
            part = picture.crop(box).convert("RGB")
            counts = sorted(count for count, _ in part.getcolors(1 << 24))
            if len(counts) < 20 or counts[-1] > 0.995 * part.width * part.height:
                return False
        return True

    def titles(self) -> list[str]:
        """Return the names of all windows on the screen."""
        return [self.screen.do("getwindowname", window) for window in self._windows(".*")]

    def internet_sockets(self) -> list[str]:
        """Return the process's sockets that are not of this machine alone."""
        return internet_sockets(self.process.pid)


def _runs_on(screen: Screen) -> str:
    """Return why no Qt window can be opened there; empty if one can."""
    code = "from PySide6.QtGui import QGuiApplication; QGuiApplication([])"
    tried = subprocess.run(
        [sys.executable, "-c", code],
        env=screen.environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return "" if tried.returncode == 0 else f"Qt cannot use X here: {tried.stderr.strip()[-300:]}"


@pytest.fixture(params=[(1, "1280x720"), (1.5, "1920x1080")], ids=["1280x720", "scaled"])
def screen(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Screen]:
    for tool in ("Xvfb", "xdotool", "setxkbmap"):
        if shutil.which(tool) is None:
            pytest.skip(f"{tool} is not installed")
    scale, size = request.param
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", f"{size}x24", *QUIET],
        pass_fds=[writing],
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    try:
        with os.fdopen(reading) as told:
            number = told.readline().strip()
        if not number:
            pytest.skip("Xvfb does not start")
        made = Screen(f":{number}", scale, tmp_path)
        if why := _runs_on(made):
            pytest.skip(why)
        # A keyboard that has the accents: xdotool would borrow keys for them, and come too late at times.
        subprocess.run(["setxkbmap", "fr"], env=made.environment, check=True)
        yield made
    finally:
        server.terminate()
        server.wait(PATIENCE)


@pytest.fixture
def key(screen: Screen) -> bytes:
    return create_keys(screen.folder / "drafts", PASSPHRASE, cost=CHEAP)


@contextmanager
def opened(screen: Screen, draft: str = "", **told: str) -> Iterator[Typist]:
    """Open the program, on a draft if one is named."""
    secret = screen.folder / "passphrase"
    secret.write_text(f"{PASSPHRASE}\n", encoding="utf-8")
    secret.chmod(0o600)
    with (screen.folder / "said").open("wb") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "triage", "open", "--passphrase-file", str(secret)]
            + ([draft] if draft else []),
            env=screen.environment | told,
            cwd=ROOT,
            stdout=said,
            stderr=said,
        )
    try:
        yield Typist(screen, process)
    finally:
        if process.poll() is None:
            process.kill()
        process.wait(PATIENCE)


@pytest.fixture
def typist(screen: Screen, key: bytes) -> Iterator[Typist]:
    with opened(screen) as found:
        yield found


def test_what_is_typed_on_a_real_screen_is_kept_and_nothing_leaves(
    screen: Screen, key: bytes, typist: Typist
) -> None:
    first = screen.keep("1-empty")
    assert first.size == (round(1280 * screen.scale), round(720 * screen.scale))

    typist.find("neuro.weakness")
    typist.press("p")
    typist.find("patient.family_name")
    typist.write(FAMILY)
    typist.find("referrer.question")
    typist.write(QUESTION)
    assert typist.is_painted(screen.keep("2-typed"))
    titles = " ".join(typist.titles()).lower()
    assert "muscle cramps" in titles
    assert not [word for word in PATIENT if word in titles]

    # The wheel scrolls; it answers nothing, with the focus in a text and on a list of options,
    # and sends the letter to no one else.
    typist.turn_wheel_over(QUESTIONS)
    typist.find("neuro.weakness_tempo")
    typist.turn_wheel_over(QUESTIONS)
    before = screen.keep("3-wheel")
    assert typist.is_painted(before)
    typist.press("ctrl+l")
    until(lambda: screen.picture() != before, "the letter")
    typist.turn_wheel_over(PANEL)
    assert typist.is_painted(screen.keep("4-letter"))
    assert typist.internet_sockets() == []

    typist.press("ctrl+w")
    assert typist.process.wait(PATIENCE) == 0
    assert (screen.folder / "said").read_bytes() == b""
    wanted = {
        "neuro.weakness": Finding(present=True),
        "patient.family_name": Text(text=FAMILY),
        "referrer.question": Text(text=QUESTION),
    }
    with Drafts.open(screen.folder / "drafts", key) as drafts:
        assert drafts.verify() == []
        (info,) = drafts.list()
        history = drafts.history(info.id)
    assert dict(history.case) == wanted
    assert {edit.key for edit in history.edits} == set(wanted)
    for path in (screen.folder / "drafts").rglob("*"):
        assert not path.is_file() or FAMILY.encode() not in path.read_bytes()
