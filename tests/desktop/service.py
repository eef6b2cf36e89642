"""A print service of its own: CUPS with one socket, no port and a queue that prints into files."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from .test_real_screen import PATIENCE, internet_sockets, until

# Where the system's own commands are, which not every PATH names.
_PLACES = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/sbin"))
_BACKEND = Path("/usr/lib/cups/backend/cups-pdf")
_DRIVER = Path("/usr/share/ppd/cups-pdf/CUPS-PDF_noopt.ppd")
# This driver looks for its settings there and nowhere else.
_DRIVER_SETTINGS = Path("/etc/cups")
_CONFIGURATION = """Listen {0}/cups.sock
Browsing No
WebInterface No
DefaultAuthType None
LogLevel debug
PreserveJobFiles No
DirtyCleanInterval 0
<Location />
  Order allow,deny
  Allow all
</Location>
<Policy default>
  <Limit All>
    Order deny,allow
  </Limit>
</Policy>
"""
_FILES = """ServerRoot {0}/root
CacheDir {0}/cache
RequestRoot {0}/spool
TempDir {0}/spool/tmp
StateDir {0}/state
AccessLog {0}/logs/access
ErrorLog {0}/logs/error
PageLog {0}/logs/page
SystemGroup root
"""
_DRIVEN = """Out {0}/out
Spool {0}/driver
Log {0}/logs
Grp lp
Label 1
LogType 7
"""


class Service:
    """A print service that runs.

    Parameters
    ----------
    folder
        Everything of it.
    process
        The service.
    """

    def __init__(self, folder: Path, process: subprocess.Popen[bytes]) -> None:
        self.folder, self.process = folder, process

    @property
    def socket(self) -> Path:
        return self.folder / "cups.sock"

    def command(self, *words: str) -> str:
        """Run a command of CUPS and return what it says."""
        found = shutil.which(words[0], path=_PLACES)
        assert found, words
        environment = os.environ | {"CUPS_SERVER": str(self.socket), "LC_ALL": "C"}
        done = subprocess.run(
            [found, *words[1:]],
            env=environment,
            capture_output=True,
            encoding="utf-8",
            timeout=PATIENCE,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def add(self, queue: str, *options: str) -> None:
        """Add a queue whose paper is a file."""
        driver = ("-v", f"cups-pdf:/{self.folder.name}", "-P", str(_DRIVER))
        self.command("lpadmin", "-p", queue, "-E", *driver, *options)

    def papers(self, count: int) -> list[bytes]:
        """Wait until everything is printed, and take that many papers: each is what one job printed."""
        out = self.folder / "out"
        until(lambda: len(list(out.iterdir())) >= count, "the paper")
        until(lambda: not self.command("lpstat", "-o").strip(), "the end of the printing")
        found = list(out.iterdir())
        assert len(found) == count
        papers = [path.read_bytes() for path in found]
        for path in found:
            path.unlink()
        return papers

    def paper(self) -> bytes:
        """Wait for the one paper that is printed, and take it."""
        (paper,) = self.papers(1)
        return paper

    def noted(self) -> dict[str, str]:
        """Return what the service keeps in its logs and of its jobs, by name of the file."""
        return {
            path.name: path.read_bytes().decode("utf-8", "replace")
            for part in ("logs", "spool", "cache")
            for path in (self.folder / part).rglob("*")
            if path.is_file()
        }

    def internet_sockets(self) -> list[str]:
        """Return its sockets that are not of this machine alone."""
        return internet_sockets(self.process.pid)


@contextmanager
def running() -> Iterator[Service]:
    """Start a service, and end it whatever happens; skip the test where none can be started."""
    if sys.platform != "linux":
        pytest.skip("the service of this test is that of Linux")
    for tool in ("cupsd", "lpadmin", "lp", "gs", "setpriv"):
        if shutil.which(tool, path=_PLACES) is None:
            pytest.skip(f"{tool} is not installed")
    if os.geteuid() != 0:
        pytest.skip("only root can start a print service")
    for path in (_BACKEND, _DRIVER):
        # Others may not look into the folder of the backends.
        if not path.is_file():
            pytest.skip(f"{path.name} is not installed")
    # Its filters run as somebody else, who cannot look into the folders of a test.
    folder = Path(tempfile.mkdtemp(prefix="printed"))
    settings = _DRIVER_SETTINGS / f"cups-pdf-{folder.name}.conf"
    process: subprocess.Popen[bytes] | None = None
    try:
        folder.chmod(0o755)
        for name in ("root/ppd", "cache", "spool/tmp", "state", "logs", "out"):
            (folder / name).mkdir(parents=True)
        for path, text in (
            (folder / "cupsd.conf", _CONFIGURATION),
            (folder / "cups-files.conf", _FILES),
            (settings, _DRIVEN),
        ):
            path.write_text(text.format(folder), encoding="utf-8")
        process = _started(folder)
        yield Service(folder, process)
    finally:
        if process is not None:
            _end(process)
        settings.unlink(missing_ok=True)
        shutil.rmtree(folder, ignore_errors=True)


def _started(folder: Path) -> subprocess.Popen[bytes]:
    given = ("-f", "-c", str(folder / "cupsd.conf"), "-s", str(folder / "cups-files.conf"))
    # Whoever kills the tests ends it too.
    command = ("setpriv", "--pdeathsig", "TERM", shutil.which("cupsd", path=_PLACES) or "", *given)
    with (folder / "said").open("wb") as said:
        process = subprocess.Popen(command, stdout=said, stderr=said)
    try:
        until(
            lambda: process.poll() is not None or (folder / "cups.sock").exists(),
            "the socket of the print service",
        )
    except AssertionError:
        _end(process)
    if process.poll() is not None:
        why = (folder / "said").read_text(encoding="utf-8", errors="replace").strip()
        # Where it is installed for these tests it has to start.
        (pytest.fail if os.environ.get("CI") else pytest.skip)(f"cupsd does not start: {why}")
    return process


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
