"""How the store bears a hundred thousand cases: made once, and kept for the next run."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from triage.bench.measure import Figure, percentile, tail, times

if TYPE_CHECKING:
    from triage.model.history import Edit
    from triage.model.values import Value
    from triage.store import Drafts

CASES = 100_000
# So many are written in one transaction.
_BATCH = 1000
_ANSWERS = 35
_SAVES = 10_000
_AT = datetime(2026, 11, 20, 17, 40, tzinfo=UTC)
_BEGINNINGS = ("Spec", "Samp", "Test", "Inven", "Fict", "Moc", "Dum", "Pre", "Exam", "Trial")
_ENDS = ("imen", "le", "ed", "ted", "ional", "kup", "my", "tend", "ple", "ist", "son", "well")
_TYPED = ("specimen", "sampled 14/03/1968", "trialson pre", "9990000018", "qq", "invented, fic")


def store_of(count: int, key: bytes) -> Path:
    """Return a store of `count` cases of ordinary size; made if the last run left none."""
    from triage.store import Drafts
    from triage.store.schema import VERSION

    folder = Path(tempfile.gettempdir()) / f"triage-bench-{count}-format-{VERSION}"
    done = folder / "done"
    if not done.exists():
        rng = random.Random(count)
        with Drafts.open(folder, key) as drafts:
            for first in range(0, count, _BATCH):
                with drafts.together():
                    for _ in range(min(_BATCH, count - first)):
                        drafts.create("muscle_cramps", "bench", _AT, _case(rng))
        done.touch()
    return folder


def _case(rng: random.Random) -> tuple[Edit, ...]:
    from triage.model.dates import PartialDate
    from triage.model.history import History
    from triage.model.values import Date, Finding, Row, Table, Text

    def name() -> Text:
        return Text(text=rng.choice(_BEGINNINGS) + rng.choice(_ENDS))

    born = date(1930 + rng.randrange(80), 1 + rng.randrange(12), 1 + rng.randrange(28))
    number = Row(cells=(("kind", "nhs_number"), ("value", f"{rng.randrange(10**10):010}")))
    who: dict[str, Value | None] = {
        "patient.family_name": name(),
        "patient.given_name": name(),
        "patient.dob": Date(date=PartialDate.of(born)),
        "patient.identifiers": Table(rows=(number,)),
    }
    history = History()
    history.change(who, _AT)
    for at in range(_ANSWERS):
        history.change({f"bench.{at}": Finding(present=rng.random() < 0.5)}, _AT)
    return history.edits


def figures(key: bytes) -> Iterator[Figure]:
    """Measure the list, search, opening and saving in a store of `CASES`, and the size of a case."""
    from triage.store import Drafts

    folder = store_of(CASES, key)
    with Drafts.open(folder, key) as drafts:
        yield tail("search as you type", list(_searched(drafts)), 50.0)
        found = drafts.list(limit=200)
        yield tail("open a case", times(lambda i: drafts.history(found[i % 200].id), 300), 50.0)
        yield _saved(drafts, found[-1].id, key)
        yield _grown(drafts, found[-2].id)
    yield _size(key)


def _searched(drafts: Drafts) -> Iterator[float]:
    """Type each text key by key, and time the first page of what is found."""
    for text in _TYPED * 3:
        for end in range(1, len(text) + 1):
            yield from times(partial(_found, drafts, text[:end]), 1, 0)


def _found(drafts: Drafts, search: str, _: int) -> int:
    return len(drafts.list(search, limit=200))


def _saved(drafts: Drafts, draft: str, key: bytes) -> Figure:
    from triage.bench.floors import BareStore
    from triage.model.values import Text

    history = drafts.history(draft)

    def save(part: int, i: int) -> None:
        words = f"word {part} {i}"
        drafts.append(draft, history.change({"note.neuro": Text(text=words)}, _AT))

    measured, floor = list[float](), list[float]()
    with tempfile.TemporaryDirectory(dir=drafts.folder) as name:
        bare = BareStore(Path(name) / "bare.db", key)
        for part in range(12):
            measured += times(partial(save, part), 50, 2)
            floor += times(lambda i: bare.commit(f"word {i}"), 50, 2)
        bare.close()
    top, bottom = percentile(measured, 0.99), percentile(floor, 0.99)
    detail = f"{top:.1f} ms against {bottom:.1f} ms, 99th percentiles of {len(measured)}"
    return Figure("save among many", top / bottom, "x", 2.0, detail)


def _grown(drafts: Drafts, draft: str) -> Figure:
    """Save ten thousand times what is typed in one field, and compare the memory."""
    from triage.bench.children import resident
    from triage.model.values import Text

    history = drafts.history(draft)
    key = "note.neuro"

    def save(i: int) -> None:
        text = Text(text=f"An invented sentence, typed on. {i}")
        drafts.append(draft, history.change({key: text}, _AT, join=True, typing=key))

    times(save, 500, 0)
    before = resident()
    times(save, _SAVES, 0)
    after = resident()
    detail = f"{after:.0f} MB after {_SAVES} saves, {before:.0f} MB before"
    return Figure("memory over saves", after / before if before else 1.0, "x", 1.02, detail)


def _size(key: bytes) -> Figure:
    """Type a note of 3,000 characters key by key into a new case, and measure by how much the file grows."""
    from triage.model.history import History
    from triage.model.values import Text
    from triage.store import Drafts

    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "drafts.db"
        with Drafts.open(Path(name), key) as drafts:
            before = path.stat().st_size
            draft, history = drafts.create("muscle_cramps", "bench", _AT), History()
            note = ("An invented sentence of a note. " * 100)[:3000]
            for end in range(1, len(note) + 1):
                text = Text(text=note[:end])
                drafts.append(
                    draft, history.change({"note.neuro": text}, _AT, join=True, typing="note.neuro")
                )
            history.end_typing()
            drafts.append(draft, history.edits)
            grown = (path.stat().st_size - before) / 1000
    return Figure(
        "a note of 3,000 keys", grown, "kB", 100.0, "what the file grows by; one edit in the log"
    )
