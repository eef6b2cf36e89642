"""Hostile case files: refused in short sentences, at once and with little memory, or read and kept as they are."""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import tempfile
import time
from pathlib import Path

from tests.conftest import TODAY, the_content, vignettes
from tests.prove.hostile import MAKERS, PLACES
from tests.prove.nursery import MEMORY, nursery, tell
from tests.prove.visit import PASSPHRASE
from tests.store.helpers import AT, CHEAP, typed
from triage.cli.app import app
from triage.content.casefile import LARGEST, read_case, write_case
from triage.errors import CaseError, TriageError
from triage.files import read_text
from triage.model.case import Case
from triage.model.history import History
from triage.store import Drafts, create_keys, open_keys

FULL = 5000
POSSIBLE = sys.platform == "linux"
_SECONDS, _KILOBYTES = 1.0, 200_000
_LINES, _LETTERS = 51, 400
# One in so many goes through the command line as well, and one is no ordinary file.
_COMMAND, _PLACE = 50, 40


def imports(seed: int) -> None:
    """One hostile file."""
    rng = random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="triage-imports-", dir=MEMORY) as home:
        path = _made(Path(home), seed, rng)
        case = _read(path)
        if seed % _COMMAND in (0, 1):
            _command(Path(home), path, case)


def _made(home: Path, seed: int, rng: random.Random) -> Path:
    if seed % _PLACE == 0:
        return PLACES[seed // _PLACE % len(PLACES)](home)
    data = json.loads(rng.choice(vignettes()).read_text(encoding="utf-8"))["case"]
    path = home / "case.json"
    path.write_bytes(rng.choice(MAKERS)(data, rng))
    return path


def _read(path: Path) -> Case | None:
    """Read a file as the program does; None if it is refused as it should be."""
    content = the_content()
    before, began = _highest(), time.process_time()
    case, says = None, ""
    # What waits for a pipe uses no time of the processor.
    signal.alarm(20)
    try:
        text = read_text(path, LARGEST)
        case = read_case(text, content.form, content.rule_ids, TODAY, path.name)
    except TriageError as error:
        says = str(error)
        assert says
        assert not isinstance(error, CaseError) or len(error.problems) <= _LINES
    finally:
        signal.alarm(0)
    taken, more = time.process_time() - began, _highest(anew=False) - before
    assert taken <= _SECONDS, f"{path.name} took {taken:.1f} s"
    assert more <= _KILOBYTES, f"{path.name} took {more} kB"
    _short(says)
    if case is not None:
        written = write_case(case, content.form)
        assert read_case(written, content.form, content.rule_ids, TODAY) == case
    return case


def _short(says: str) -> None:
    lines = says.splitlines()
    assert len(lines) <= _LINES
    assert all(len(line) <= _LETTERS for line in lines), max(map(len, lines))
    assert "Traceback" not in says


def _highest(*, anew: bool = True) -> int:
    """Return the most memory that this process ever had, in kilobytes; `anew` counted from now on."""
    if anew:
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0])


# -- through the command line ---------------------------------------------------------------------


def _command(home: Path, path: Path, case: Case | None) -> None:
    """Import by the command: what is refused changes nothing, what is taken is one whole case more."""
    folder = home / "store"
    secret = home / "passphrase"
    secret.write_text(PASSPHRASE, encoding="utf-8")
    secret.chmod(0o600)
    key = create_keys(folder, PASSPHRASE, cost=CHEAP)
    with Drafts.open(folder, key) as drafts:
        before = drafts.create("f", "c", AT, typed(History(), "An invented note."))
    data = (folder / "drafts.db").read_bytes()
    ended = nursery("tests.prove.imports").run(str(folder), str(secret), str(path))
    *said, used = ended.told
    seconds, kilobytes = used.split(" ")[1:]
    # The content is read as well, which alone takes a good part of it.
    assert float(seconds) <= 2 * _SECONDS
    assert int(kilobytes) <= _KILOBYTES
    _short(ended.complained)
    if case is None:
        assert said == ["exit 1"]
        assert ended.complained.strip()
        assert (folder / "drafts.db").read_bytes() == data
        return
    assert said[-1] == "exit 0", ended.complained
    with Drafts.open(folder, open_keys(folder, PASSPHRASE)) as drafts:
        assert {info.id for info in drafts.list()} == {before, said[0]}
        kept = drafts.history(said[0]).case
    assert {key: value for key, value in kept.items() if key in case} == dict(case)


def run(folder: str, secret: str, path: str) -> None:
    """Import a file by the command, and tell what it cost."""
    os.environ["TRIAGE_HOME"] = folder
    before, began = _highest(), time.process_time()
    code = 0
    try:
        app(["drafts", "import", path, "--passphrase-file", secret], standalone_mode=True)
    except SystemExit as error:
        code = int(error.code or 0)
    sys.stdout.flush()
    tell(f"exit {code}")
    tell(f"used {time.process_time() - began:.2f} {_highest(anew=False) - before}")
