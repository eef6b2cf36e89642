"""Any line typed into quick entry: what its preview says is exactly what is recorded."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

from tests.conftest import AT, the_assessor, the_content
from tests.session.quick.table import rows
from triage.bench.everything import decided_case
from triage.content.form import DECISION
from triage.model.history import History
from triage.session import Session
from triage.session.quick import Preview, read_quick
from triage.session.quick.names import names_in, said, shown

FULL = 10_000
_JUNK = [
    "xyzzy",
    "",
    "'",
    '"',
    "“",
    "٤",
    "４",
    "½",
    "👩‍⚕️",
    "\u202e",
    "{{",
    "=1+1",
    "--",
    "9" * 30,
    "ß",
    "İ",
    ",",
    ";",
]
_WORDS = [
    *(
        "no",
        "all",
        "except",
        "since",
        "for",
        "u",
        "unable",
        "yes",
        "n",
        "p",
        "stop",
        "accept",
        "decline",
    ),
    *(
        "power all 5",
        "jerks all 2",
        "power legs",
        "no red flags",
        "r",
        "l",
        "both",
        "midline",
        "right",
    ),
    *(
        "0",
        "3",
        "4-",
        "4+",
        "5",
        "2+",
        "absent",
        "brisk",
        "640",
        "3.1",
        "12,000",
        "6 months",
        "3/wk",
    ),
    *(
        "2/11/26",
        "13/25/26",
        "2 nov",
        "march",
        "@",
        "pending",
        "high",
        "<0.01",
        "mmol/L",
        "(40-320)",
    ),
]


# How one leaves something out.
_EXCEPTS = re.compile(r"\b(?:except|bar|(?:apart|aside) from|other than)\b", re.IGNORECASE)


def quick(seed: int) -> None:
    """A line of beginnings, sides, grades and junk never raises, and records just what its preview says."""
    rng = random.Random(seed)
    session = _session(rng)
    line = _line(rng)
    answers: dict[tuple[int, str], tuple[str, ...]] = {}
    preview = read_quick(session, line)
    # Whoever answers what is asked, answers something.
    for _ in range(8):
        at = preview.asking
        if at is None:
            break
        item = preview.items[at]
        key = at, item.text
        answers[key] = (*answers.get(key, ()), rng.choice(item.meanings).says)
        preview = read_quick(session, line, answers)
    before = session.case
    n = session.history.n
    _keeps(preview, session)
    assert all(line.name for item in preview.items for m in item.meanings for line in m.lines)
    if preview.by_key:
        preview.record(session)
        assert session.case == before, "a block was recorded without its key"
    preview.record(session, by_key=True)
    edits = session.history.edits[n:]
    wanted = dict(preview.changes) if preview.is_ready else {}
    written = {e.key: e.new for e in edits if not e.key.startswith(DECISION) or e.key in wanted}
    changed = {
        k: v for k, v in wanted.items() if before.get(k) != v or repr(before.get(k)) != repr(v)
    }
    assert written == changed, line
    assert len({edit.group for edit in edits}) <= 1
    if edits:
        session.undo()
        assert session.case == before


def _keeps(preview: Preview, session: Session) -> None:
    """What answers many at once writes over nothing, but where a cell of its own is named behind "except"."""
    for item in preview.items:
        for meaning in item.meanings:
            if meaning.fills and not _EXCEPTS.search(item.text):
                assert not meaning.changes.keys() & session.case.keys(), item.text
            if meaning.by_key:
                assert not meaning.changes.keys() & session.case.keys(), item.text


def _session(rng: random.Random) -> Session:
    whole = decided_case(the_content())
    share = rng.choice([0, 0, 0.02, 0.1, 0.5, 1])
    kept = {k: v for k, v in whole.items() if rng.random() < share and not k.startswith("case.")}
    history = History()
    if kept:
        history.change(kept, AT)
    return Session(the_assessor(), history, lambda: AT)


_TYPED = [row.typed for row in rows()]


def _line(rng: random.Random) -> str:
    if rng.random() < 0.5:
        # A line of the table, cut or joined to another, with a letter changed.
        text = rng.choice(["; ", " ", ", "]).join(rng.sample(_TYPED, rng.randint(1, 3)))
        at = rng.randrange(len(text) + 1)
        return rng.choice(
            [text, text[:at], text[:at] + rng.choice(_JUNK) + text[at:], text.upper()]
        )
    return " ".join(_words(rng))


def _words(rng: random.Random) -> Iterator[str]:
    targets = names_in(the_content().form).targets
    for _ in range(rng.randint(1, 7)):
        kind = rng.random()
        if kind < 0.5:
            named = rng.choice(targets)
            name = rng.choice([*(" ".join(sorted(n)) for n in named.names), shown(named)])
            words = list(said(name)) or ["x"]
            for word in rng.sample(words, rng.randint(1, len(words))):
                yield word[: rng.randint(1, len(word))] if rng.random() < 0.4 else word
        elif kind < 0.92:
            yield rng.choice(_WORDS)
        else:
            yield rng.choice(_JUNK)
        if rng.random() < 0.08:
            yield ";"
