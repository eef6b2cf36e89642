"""The benchmarks by name."""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from triage.bench.cases import letter_of, sample_day, set_letter, the_content, varied
from triage.bench.effort import CASES, Effort, cases_in, summary, visits
from triage.bench.measure import Figure, ratio, tail, times

_LINES = (
    *("adf l 4 r 5", "power all 5 except r fdi 3, r apb 3; knee r 3+", "cramp calf r forearm both"),
    *("no red flags except weight loss", "ck 640 2 nov", "hb 13.8", "bendro 2.5mg om since 2021"),
    *(
        "weak since may 2026",
        "calf",
        "night rest",
        "decline mri done in March",
        "xyzzy",
        "jerks all 2",
    ),
)
_CHILD = "triage.bench.children"
# Letters that are set, of them by a slow peer, and what share of the time of each peer is to be enough.
_LETTERS, _OF_A_PEER = 40, 4
_PEERS = {"WeasyPrint": 1 / 8, "Typst": 1.0}


def bench_assess() -> list[Figure]:
    """Assess the full case with a different answer each round, trails included."""
    from triage.rules.assess import Assessor

    assessor = Assessor(the_content())
    day = sample_day()
    cases = [varied(i) for i in range(300)]
    taken = times(lambda i: assessor.assess(cases[i], day), len(cases))
    return [tail("assess", taken, 1.0)]


def bench_quick() -> list[Figure]:
    """Read typed lines at each of their keys, into the fullest case."""
    from triage.bench.everything import decided_case
    from triage.model.history import History
    from triage.rules.assess import Assessor
    from triage.session import Session
    from triage.session.quick import read_quick

    at = datetime(2026, 11, 20, 17, 40, tzinfo=UTC)
    content, history = the_content(), History()
    history.change(dict(decided_case(content)), at)
    session = Session(Assessor(content), history, lambda: at)
    keys = [line[:end] for line in _LINES for end in range(1, len(line) + 1)]
    taken = times(lambda n: read_quick(session, keys[n % len(keys)]), 2 * len(keys), len(keys))
    return [tail("quick entry, a key", taken, 30.0)]


def bench_letter() -> Iterator[Figure]:
    """Make the files of letters, a different one each round; the floor and the peers set the same words in turn."""
    from triage.bench.floors import bare_document
    from triage.bench.parts import parts_of
    from triage.bench.peers import peers

    letters = [letter_of(n) for n in range(_LETTERS)]
    parts = [parts_of(letter) for letter in letters]
    others = peers()
    for name in [name for name, peer in others.items() if peer is None]:
        print(f"{name} is not installed (the extra peers): left out.", file=sys.stderr)
    setters = {"bare": bare_document, **{name: peer for name, peer in others.items() if peer}}
    taken: dict[str, list[float]] = {name: [] for name in ("ours", *setters)}
    for n, (letter, words) in enumerate(zip(letters, parts, strict=True)):
        turn = {"ours": partial(set_letter, letter)}
        turn |= {name: partial(setter, words) for name, setter in setters.items()}
        if n >= _OF_A_PEER:
            turn.pop("WeasyPrint", None)
        # Whoever comes after another finds the caches of the processor cold: each comes after each.
        for name in (*turn, *reversed(turn))[n % 2 * len(turn) :][: len(turn)]:
            taken[name] += _once(turn[name], n)
    yield ratio("letter", taken["ours"], taken["bare"], 2.0, "ms")
    for name, aim in _PEERS.items():
        if name in setters:
            yield ratio(f"letter, {name}", taken["ours"], taken[name], aim, "ms")
    yield Figure(
        "letter, size", max(map(len, map(set_letter, letters))) / 1000, "kB", 120, "largest"
    )
    told = _child("letters", "")
    first, last = told["first"], told["last"]
    detail = f"{last:.0f} MB after 1,000 letters, {first:.0f} MB after 100"
    # Caches fill up to their bounds.
    yield Figure("letter, memory", last / first if first else 1.0, "x", 1.05, detail)


def _once(work: Callable[[], bytes], round_: int) -> list[float]:
    """Return the milliseconds of one call, after another in the first round."""
    return times(lambda _: work(), 1, 0 if round_ else 1)


def bench_save() -> list[Figure]:
    """Append one edit durably; the floor commits the same bytes to the same kind of database."""
    from triage.bench.floors import BareStore
    from triage.model.history import History
    from triage.model.values import Text
    from triage.store import Drafts

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        key = os.urandom(32)
        at = datetime(2026, 11, 20, 17, 40, tzinfo=UTC)
        drafts = Drafts.open(folder / "drafts", key)
        draft = drafts.create("muscle_cramps", "bench", at)
        history = History()
        bare = BareStore(folder / "bare.db", key)

        def save(part: int, i: int) -> None:
            words = f"word {part} {i}"
            drafts.append(draft, history.change({"note.neuro": Text(text=words)}, at))

        measured, floor = [], []
        for part in range(6):
            measured += times(partial(save, part), 25, 2)
            floor += times(lambda i: bare.commit(f"word {i}"), 25, 2)
        drafts.close()
        bare.close()
        return [ratio("save", measured, floor, 2.0, "ms")]


def bench_start() -> list[Figure]:
    """Start the program until its first section is painted and takes a key, against a bare window.

    Beside it what of this is the bare window and imports, and with the content read and its rules compiled.
    """
    measured, loaded, read, floor = [], [], [], []
    with tempfile.TemporaryDirectory() as home:
        _child("window", home)  # writes bytecode and makes the store, once
        for _ in range(7):
            measured.append(_child("window", home)["ready"])
            told = _child("unopened", home)
            loaded.append(told["imports"])
            read.append(told["read"])
            floor.append(_child("bare", home)["ready"])
    return [
        ratio("start", measured, floor, 3.0, "ms"),
        ratio("start, imports", loaded, floor, 3.0, "ms"),
        ratio("start, content read", read, floor, 3.0, "ms"),
    ]


def bench_keystroke() -> Iterator[Figure]:
    """Change answers of every kind until the panel has painted what follows; the floor repaints.

    In the fullest case every question is in sight and most rules have their answers. In the sample, a usual patient,
    an answer can bring up questions that are made then.
    """
    with tempfile.TemporaryDirectory() as home:
        told = _child("keystroke", home, "fullest")
        usual: dict[str, list[float]] = _child("keystroke", home, "sample")["taken"]
    kinds: dict[str, list[float]] = told["taken"]
    every = [one for taken in kinds.values() for one in taken]
    yield tail("keystroke", every, 16.0)
    yield ratio("keystroke, repaint", every, told["floor"], 16.0, "ms")
    for kind, taken in kinds.items():
        yield tail(f"keystroke, {kind}", taken, 16.0)
    yield tail("keystroke, usual case", [one for taken in usual.values() for one in taken], 16.0)


def bench_sections() -> Iterator[Figure]:
    """Show every section of the fullest case, for the first time and again, and larger text; the slowest counts.

    At once is the first time without a moment's rest before: nothing is made ahead then.
    """
    with tempfile.TemporaryDirectory() as home:
        told = _child("sections", home, "0.5")
        told["at once"] = _child("sections", home, "0.02")["first"]
    for name in ("first", "later", "at once"):
        taken: dict[str, float] = told[name]
        slowest = max(taken, key=lambda section: taken[section])
        middle = statistics.median(taken.values())
        detail = f"{slowest}; median {middle:.1f} ms of {len(taken)} sections"
        yield Figure(f"section, {name}", taken[slowest], "ms", 50.0, detail)
    # Of a window of which all sections were seen: in the first one, and in the one that takes longest to show.
    for name, sizes in told["sizes"].items():
        yield tail(f"size of the text, {name}", sizes, 200.0)


def bench_memory() -> list[Figure]:
    """Compare resident memory with a bare window: before and after the first letter preview.

    Beside it what of this is there before the program's window is made.
    """
    with tempfile.TemporaryDirectory() as home:
        before, after, loaded, read, bare = [], [], [], [], []
        for _ in range(3):
            told = _child("memory", home)
            before.append(told["before"])
            after.append(told["after"])
            told = _child("unopened", home)
            loaded.append(told["resident"])
            read.append(told["resident_read"])
            bare.append(_child("bare", home)["resident"])
    return [
        ratio("memory", before, bare, 1.7, "MB"),
        ratio("memory, imports", loaded, bare, 1.7, "MB"),
        ratio("memory, content read", read, bare, 1.7, "MB"),
        ratio("memory after preview", after, bare, 2.3, "MB"),
    ]


def bench_scale() -> list[Figure]:
    """Start, search, open and save among a hundred thousand cases, which the first run makes in some minutes."""
    from triage.bench.children import KEY
    from triage.bench.scale import CASES, figures, store_of

    # Of one case and its own blank one: what the list costs by itself is no matter of size.
    few, many = store_of(1, KEY), store_of(CASES, KEY)
    measured, floor = [], []
    for _ in range(5):
        measured.append(_child("listed", str(many))["ready"])
        floor.append(_child("listed", str(few))["ready"])
    return [ratio("start to the list", measured, floor, 1.5, "ms"), *figures(KEY)]


def bench_effort(place: Path = CASES, *, what: str = "effort") -> Iterator[Figure]:
    """Fill in completed cases by keyboard in the real window, to the issued letter, and count what it takes."""
    efforts = []
    for path in cases_in(place):
        efforts.append(_played(what, path))
        yield efforts[-1].figure
    yield from summary(efforts)


def bench_pasted(place: Path = CASES) -> Iterator[Figure]:
    """Fill in completed cases likewise, with the patient's details copied in the record system and pasted."""
    return bench_effort(place, what="pasted")


def bench_visit(place: Path = CASES) -> Iterator[Figure]:
    """Fill in a further visit of each completed case, at which all is as it was."""
    efforts = []
    for path in cases_in(place):
        efforts.append(_played("visit", path))
        yield efforts[-1].of_visit
    yield from visits(efforts)


def _played(what: str, path: Path) -> Effort:
    with tempfile.TemporaryDirectory() as home:
        told = _child(what, home, str(path.resolve()))
    return Effort(**{**told, "wrong": tuple(told["wrong"])})


# What is measured on completed cases, wherever they lie.
BY_CASE: dict[str, Callable[[Path], Iterable[Figure]]] = {
    "effort": bench_effort,
    "pasted": bench_pasted,
    "visit": bench_visit,
}
BENCHMARKS: dict[str, Callable[[], Iterable[Figure]]] = {
    "start": bench_start,
    "assess": bench_assess,
    "keystroke": bench_keystroke,
    "sections": bench_sections,
    "quick": bench_quick,
    "letter": bench_letter,
    "save": bench_save,
    "memory": bench_memory,
    "scale": bench_scale,
}
# What runs where none is named; the others take minutes.
USUAL = tuple(name for name in BENCHMARKS if name != "scale")


def _child(what: str, home: str, *args: str) -> dict[str, Any]:
    """Run one child process and return the figures it prints; times count from its start."""
    env = {**os.environ, "TRIAGE_HOME": home, "QT_QPA_PLATFORM": "offscreen"}
    # As an installed program starts: with compiled modules, and without a look at other packages.
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    env["PYDANTIC_DISABLE_PLUGINS"] = "__all__"
    env["TRIAGE_BENCH_STARTED"] = repr(time.monotonic())
    done = subprocess.run(
        [sys.executable, "-m", _CHILD, what, *args],
        env=env,
        check=True,
        capture_output=True,
        text=True,
    )
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def report(figures: list[Figure]) -> dict[str, object]:
    """Return the figures as data, with what they were measured on."""
    return {
        "python": platform.python_version(),
        "system": platform.system(),
        "figures": [
            {
                "name": f.name,
                "value": round(f.value, 2),
                "unit": f.unit,
                "aim": f.aim,
                "met": f.met,
                "detail": f.detail,
            }
            for f in figures
        ],
    }
