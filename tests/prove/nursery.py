"""A process that has loaded all that a family needs, and forks a child for each of its runs: a start costs nothing.

``python -m tests.prove.nursery MODULE`` reads one job a line, forks, and lets the child call ``MODULE.run(*words)``.
It answers with the child's number at once, and with its exit code at its end.
"""

from __future__ import annotations

import atexit
import importlib
import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import NamedTuple

from tests.store import shim

ROOT = Path(__file__).parents[2]
PATIENCE = 60.0
# In memory, where there is such a place, for families to which a real disk would add nothing but time.
MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None


class Ended(NamedTuple):
    """How a child ended: what it told, what it complained of, its exit code, and when it was killed."""

    told: list[str]
    complained: str
    code: int
    killed: float


class Nursery:
    """The loaded process, and the way to let it fork.

    Parameters
    ----------
    module
        Has a function ``run`` that takes words and does the work of a child.
    shimmed
        Load the shim in front of the C library.
    """

    def __init__(self, module: str, *, shimmed: bool) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="triage-nursery-")
        environment = shim.environment() if shimmed else dict(os.environ)
        environment |= {"QT_QPA_PLATFORM": "offscreen", "TRIAGE_HOME": f"{self._folder.name}/none"}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.prove.nursery", module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            env=environment,
        )
        self._heard = b""
        atexit.register(self.close)

    def close(self) -> None:
        """End the process; a second time does nothing."""
        atexit.unregister(self.close)
        if self._process.stdin is not None and not self._process.stdin.closed:
            self._process.communicate()
            self._folder.cleanup()

    def run(self, *words: str, kill: Callable[[Path], bool] = lambda _: False) -> Ended:
        """Fork a child, and kill it once `kill` says so of the file into which it tells; else wait for its end.

        Raises
        ------
        AssertionError
            If it hangs.
        """
        told, complained = (Path(self._folder.name, name) for name in ("told", "complained"))
        told.write_bytes(b"")
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps([str(told), str(complained), *words]).encode() + b"\n")
        self._process.stdin.flush()
        child = int(self._answer(PATIENCE))
        end, code, killed = time.monotonic() + PATIENCE, b"", 0.0
        while not (code := self._answer(0.002)):
            if time.monotonic() > end or (not killed and kill(told)):
                os.kill(child, signal.SIGKILL)
                killed = killed or time.monotonic()
        assert killed < end, f"{words} hangs: {told.read_text(encoding='utf-8')}"
        # A line without its end was not told.
        lines = told.read_text(encoding="utf-8").split("\n")[:-1]
        return Ended(lines, complained.read_text(encoding="utf-8"), int(code), killed)

    def _answer(self, seconds: float) -> bytes:
        """Return the next line of the nursery; nothing if there is none within so many seconds."""
        assert self._process.stdout is not None
        descriptor = self._process.stdout.fileno()
        while b"\n" not in self._heard:
            if not select.select([descriptor], [], [], seconds)[0]:
                return b""
            data = os.read(descriptor, 4096)
            assert data, "the nursery ended by itself"
            self._heard += data
        line, self._heard = self._heard.split(b"\n", 1)
        return line


def after(line: str, seconds: float) -> Callable[[Path], bool]:
    """Return the order to kill so many seconds after a line was told that begins with `line`."""

    def is_time(told: Path) -> bool:
        lines = told.read_text(encoding="utf-8").split("\n")[:-1]
        if not any(each.startswith(line) for each in lines):
            return False
        time.sleep(seconds)
        return True

    return is_time


@cache
def nursery(module: str, *, shimmed: bool = False) -> Nursery:
    """Return the one nursery of `module` in this process."""
    return Nursery(module, shimmed=shimmed)


# -- in the loaded process ------------------------------------------------------------------------


def tell(text: str) -> None:
    """Say what is done, at once: a line that was said is not lost with the process."""
    os.write(1, f"{text}\n".encode())


def _fork(run: Callable[..., None], told: str, complained: str, words: list[str]) -> int:
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        # What is read from the nursery's own input is no business of a child.
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        for path, descriptor in ((told, 1), (complained, 2)):
            flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND
            os.dup2(os.open(path, flags, 0o600), descriptor)
        run(*words)
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


def main(module: str) -> None:
    """Fork for every line, until there are no more."""
    run = importlib.import_module(module).run
    child = 0
    for line in sys.stdin:
        if child:
            os.waitpid(child, 0)
        told, complained, *words = json.loads(line)
        child = _fork(run, told, complained, words)
        os.write(1, f"{child}\n".encode())
        # Its number stays its own until the next job, so that who kills it late kills no other process.
        ended = os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)
        assert ended is not None
        killed = ended.si_code != os.CLD_EXITED
        os.write(1, f"{-ended.si_status if killed else ended.si_status}\n".encode())


if __name__ == "__main__":
    main(sys.argv[1])
