"""Kill the real program at whatever it does, open the drafts again, and look for what was told to be done."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from tests.conftest import TODAY, the_content, the_settings
from tests.prove.nursery import MEMORY, Ended, after, nursery
from tests.prove.visit import PASSPHRASE
from tests.store.helpers import AT, CHEAP
from tests.store.test_museum import MUSEUM
from tests.store.test_museum import PASSPHRASE as OLD
from triage.content.casefile import read_case
from triage.model.history import History
from triage.model.values import Finding, Text
from triage.settings import save_settings
from triage.store import Drafts, MissingDraftsError, create_keys, keys_exist, open_keys
from triage.store.backups import backups, make_backup

SAMPLE = Path(__file__).parents[2] / "forms" / "muscle_cramps" / "cases" / "sample.json"
GRACE = 1.0
# What is done, after which line it is killed, and within how many seconds from then on.
_WORK: dict[str, tuple[str, float]] = {
    "type": ("{", 2.5),
    "set_up": ("begun", 0.6),
    "issue": ("begun", 2.2),
    "back_up": ("backup", 0.4),
    "import_": ("begun", 1.2),
    "close": ("closing", 0.012),
    "restore": ("begun", 0.4),
    "migrate": ("begun", 0.3),
}
FULL = 150 * len(_WORK)


def kill(seed: int) -> None:
    """Do one kind of work, be killed, and fail if anything is gone that was told to be done."""
    rng, work = random.Random(seed), list(_WORK)[seed % len(_WORK)]
    with tempfile.TemporaryDirectory(prefix="triage-kill-", dir=MEMORY) as home:
        folder = Path(home) / "store"
        cases = _PREPARE.get(work, _keys)(folder)
        line, most = _WORK[work]
        seconds = rng.uniform(0.0, most)
        if work == "back_up":
            ended = _killed_backup(folder, seed, seconds)
        else:
            ended = _killed(work, folder, seed, after(line, seconds))
        assert ended.code in (0, -signal.SIGKILL), ended.complained
        assert ended.told, "the program did not come up"
        _CHECKS[work](folder, ended, cases)
        assert not [path.name for path in folder.iterdir() if "damaged" in path.name]


# -- before ---------------------------------------------------------------------------------------


def _keys(folder: Path) -> set[str]:
    create_keys(folder, PASSPHRASE, cost=CHEAP)
    return set()


def _addresses(folder: Path) -> set[str]:
    """Make keys, and the settings without which no letter is issued."""
    save_settings(folder, the_settings())
    return _keys(folder)


def _nothing(folder: Path) -> set[str]:
    return set()


def _without_drafts(folder: Path) -> set[str]:
    """Make cases and a backup, and take the drafts away."""
    key = create_keys(folder, PASSPHRASE, cost=CHEAP)
    with Drafts.open(folder, key) as drafts:
        edits = History().change({"note.neuro": Text(text="An invented note. " * 40)}, AT)
        cases = {drafts.create("muscle_cramps", "c", AT, edits) for _ in range(8)}
        make_backup(drafts, folder / "backups", AT)
    (folder / "drafts.db").unlink()
    return cases


def _older(folder: Path) -> set[str]:
    """Put the drafts of an older program there."""
    shutil.copytree(MUSEUM / "format-1", folder)
    return set()


_PREPARE: dict[str, Callable[[Path], set[str]]] = {
    "set_up": _nothing,
    "issue": _addresses,
    "restore": _without_drafts,
    "migrate": _older,
}

# -- the kill -------------------------------------------------------------------------------------


def _killed(work: str, folder: Path, seed: int, kill: Callable[[Path], bool]) -> Ended:
    return nursery("tests.prove.clinician").run(work, str(folder), str(seed), kill=kill)


def _killed_backup(folder: Path, seed: int, seconds: float) -> Ended:
    """Kill the process that backs up; it outlives the window, so that the window may well have ended."""
    maker = 0

    def kill(told: Path) -> bool:
        nonlocal maker
        for line in told.read_text(encoding="utf-8").split("\n")[:-1]:
            if line.startswith("backup "):
                maker = int(line.removeprefix("backup "))
        if maker:
            _end(maker, folder, seed, seconds)
        return bool(maker)

    ended = _killed("back_up", folder, seed, kill)
    if not maker:
        (line,) = [line for line in ended.told if line.startswith("backup ")]
        _end(int(line.removeprefix("backup ")), folder, seed, seconds)
    return ended


def _end(maker: int, folder: Path, seed: int, seconds: float) -> None:
    """Kill the process that backs up, if it still is one, and wait until it is gone.

    Most of its time goes into its start: every other time it is killed soon after it first writes.
    """
    words = Path(f"/proc/{maker}/cmdline")
    if seed // len(_WORK) % 2:
        while not (folder / "backups").exists() and _is_maker(words):
            time.sleep(0.001)
        seconds /= 20
    time.sleep(seconds)
    while _is_maker(words):
        with suppress(ProcessLookupError):
            os.kill(maker, signal.SIGKILL)
        time.sleep(0.002)


def _is_maker(words: Path) -> bool:
    try:
        return b"triage.store.backups" in words.read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return False


# -- afterwards -----------------------------------------------------------------------------------


def _lines(ended: Ended) -> list[dict[str, Any]]:
    return [json.loads(line) for line in ended.told if line.startswith("{")]


def _typed(folder: Path, ended: Ended, _: set[str]) -> None:
    """Look for what was typed more than a second ago, and what the disk was known to have."""
    lines = _lines(ended)
    # What ended by itself was not killed: then nothing is too fresh to be there.
    killed = ended.killed or float("inf")
    safe: dict[str, Any] = {"typed": "", "findings": {}}
    for line in lines:
        if line["saved"] or (line["done"] and line["at"] <= killed - GRACE):
            safe = line
    with Drafts.open(folder, open_keys(folder, PASSPHRASE)) as drafts:
        assert drafts.verify() == []
        (info,) = drafts.list()
        case = drafts.history(info.id).case
    text = case.get("referrer.question")
    kept = text.text if isinstance(text, Text) else ""
    # A field that was left takes the blanks off its end.
    assert kept.startswith(safe["typed"].rstrip()), "typed text is gone"
    assert not lines or lines[-1]["typed"].startswith(kept), "text that nobody typed"
    for name, present in safe["findings"].items():
        later = {line["findings"].get(name) for line in lines if line["at"] > killed - GRACE}
        value = case.get(name)
        assert isinstance(value, Finding), f"{name} is gone"
        assert value.present is present or value.present in later, f"{name} is another"


def _set_up(folder: Path, ended: Ended, _: set[str]) -> None:
    made = keys_exist(folder)
    assert made or "set_up" not in ended.told, "the keys are gone"
    if any(line["saved"] for line in _lines(ended)):
        _typed(folder, ended, set())
        return
    key = open_keys(folder, PASSPHRASE) if made else create_keys(folder, PASSPHRASE, cost=CHEAP)
    with Drafts.open(folder, key) as drafts:
        assert drafts.verify() == []


def _issued(folder: Path, ended: Ended, _: set[str]) -> None:
    told = {tuple(line.split(" ")[1:]) for line in ended.told if line.startswith("issued ")}
    with Drafts.open(folder, open_keys(folder, PASSPHRASE)) as drafts:
        assert drafts.verify() == []
        (info,) = drafts.list()
        kept = {(str(one.version), one.sha256) for one in drafts.issues(info.id)}
    assert told <= kept, "a letter is gone"
    # The one that was just being issued may be there as well.
    assert len(kept - told) <= 1


def _backed_up(folder: Path, ended: Ended, cases: set[str]) -> None:
    _typed(folder, ended, cases)
    key = open_keys(folder, PASSPHRASE)
    found = list((folder / "backups").glob("drafts-*.db"))
    assert [one.path for one in backups(folder / "backups")] == found, "a backup without its keys"
    for path in found:
        with Drafts.open_file(path, key) as copy:
            assert copy.verify() == []
            assert len(copy.list()) == 1


def _imported(folder: Path, ended: Ended, _: set[str]) -> None:
    content = the_content()
    text = SAMPLE.read_text(encoding="utf-8")
    wanted = read_case(text, content.form, content.rule_ids, TODAY)
    with Drafts.open(folder, open_keys(folder, PASSPHRASE)) as drafts:
        assert drafts.verify() == []
        found = [drafts.history(info.id).case for info in drafts.list()]
    whole = [case for case in found if all(case.get(key) == wanted[key] for key in wanted)]
    assert len(whole) >= ended.told.count("imported"), "an imported case is gone"
    # Beside them only the empty case of the first window: none is there by half.
    assert len(found) - len(whole) <= 1
    assert all(not set(case) & set(wanted) for case in found if case not in whole)


def _restored(folder: Path, ended: Ended, cases: set[str]) -> None:
    key = open_keys(folder, PASSPHRASE)
    (backup,) = backups(folder / "backups")
    with Drafts.open_file(backup.path, key) as copy:
        assert copy.verify() == []
    try:
        with Drafts.open(folder, key) as drafts:
            assert drafts.verify() == []
            assert cases <= {info.id for info in drafts.list()}, "a case is gone"
    except MissingDraftsError:
        assert "restored" not in ended.told, "what was restored is gone"


def _migrated(folder: Path, ended: Ended, _: set[str]) -> None:
    with Drafts.open(folder, open_keys(folder, OLD)) as drafts:
        assert drafts.verify() == []
        found = {info.name: drafts.history(info.id).n for info in drafts.list()}
        letters = sum(len(drafts.issues(info.id)) for info in drafts.list())
    assert found == {"Spécimen, Ann": 8, "Sample, Nora": 3, "": 1}, found
    assert letters == 3
    aside = folder / "drafts-format-1.db"
    assert aside.read_bytes() == (MUSEUM / "format-1" / "drafts.db").read_bytes()


_CHECKS: dict[str, Callable[[Path, Ended, set[str]], None]] = {
    "type": _typed,
    "set_up": _set_up,
    "issue": _issued,
    "back_up": _backed_up,
    "import_": _imported,
    "close": _typed,
    "restore": _restored,
    "migrate": _migrated,
}
