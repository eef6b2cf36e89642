"""The table of typed lines (``inputs.txt``): what each records, asks, leads to, or comes nearest to.

``> line`` is what is typed, and below it stand
``= key value`` for an answer that is recorded (``= power.* 5 x 30`` for many alike, ``= key -`` for one taken back),
``0`` if only that key records it, ``? words`` for a meaning that is asked, ``?? words`` for a thing asked first,
``@ kind id`` for where it leads, ``~ words`` for what comes nearest, ``! words`` for what is said,
``* words`` for a remark. ``[case] {…}`` begins lines that are typed into a case with these answers.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from tests.conftest import AT, answers, case_from, the_assessor
from triage.content.entry import measured_text, quantity_text
from triage.model.history import History
from triage.model.values import (
    Choice,
    Date,
    Decision,
    Finding,
    Quantity,
    Result,
    Table,
    Text,
    Unable,
    Value,
)
from triage.session import Session
from triage.session.quick import Goal, Preview, read_quick

FILE = Path(__file__).with_name("inputs.txt")
COMMANDS = (Goal("command", "letter", "Letter preview"), Goal("command", "dark", "Theme: Dark"))
_MANY = 8


class Row(NamedTuple):
    typed: str
    expected: tuple[str, ...]
    case: str


def rows() -> Iterator[Row]:
    """Yield every typed line of the table with what is expected of it, and the case that it is typed into."""
    case, typed, expected = "{}", "", []
    for line in [*FILE.read_text(encoding="utf-8").splitlines(), "> "]:
        if line.startswith((">", "[case]")) and typed:
            yield Row(typed, tuple(expected), case)
            typed, expected = "", []
        if line.startswith("[case]"):
            case = line.removeprefix("[case]").strip()
        elif line.startswith(">"):
            typed = line[1:].strip()
        elif line.strip() and not line.startswith("#"):
            expected.append(line.strip())


def session_of(case: dict[str, Any], read_only: bool = False) -> Session:
    history = History()
    if case:
        history.change(dict(case_from({**answers(), "answers": case})), AT)
    return Session(the_assessor(), history, lambda: AT, read_only=read_only)


def read(row: Row) -> tuple[str, ...]:
    """Return what a line of the table becomes, spelled as there."""
    preview = read_quick(session_of(json.loads(row.case)), row.typed, commands=COMMANDS)
    return tuple(told(preview))


def told(preview: Preview) -> Iterator[str]:
    yield from _changes(preview.changes.items())
    if preview.by_key:
        yield "0"
    for item in preview.items:
        if item.state == "asks":
            yield f"! {item.says}"
            for meaning in item.meanings:
                odd = "".join(f" [{line.note}]" for line in meaning.lines if "outside" in line.note)
                yield f"{'??' if meaning.among else '?'} {meaning.says}{odd}"
        if item.state == "nothing":
            yield f"! {item.says}"
            yield from (f"~ {name}" for name in item.nearest[:1])
        if item.goal:
            yield f"@ {item.goal.kind} {item.goal.id}"
        for remark in item.chosen.remarks if item.chosen else ():
            yield f"* {remark}"
    yield from (f"* {remark}" for remark in preview.remarks)


def _changes(changes: Iterable[tuple[str, Value | None]]) -> Iterator[str]:
    spelled = [(key, spell(value)) for key, value in changes]
    if len(spelled) <= _MANY:
        yield from (f"= {key} {value}" for key, value in spelled)
        return
    alike = Counter((key.partition(".")[0], value) for key, value in spelled)
    for (head, value), number in alike.items():
        if number > 3:
            yield f"= {head}.* {value} x {number}"
        else:
            yield from (
                f"= {k} {v}" for k, v in spelled if (k.partition(".")[0], v) == (head, value)
            )


def spell(value: Value | None) -> str:
    match value:
        case None:
            return "-"
        case Finding(present=present, text=text):
            return ("present" if present else "absent") + (f" {text}" if text else "")
        case Choice(option=option):
            return option
        case Quantity(typed=typed):
            return quantity_text(value) + (f" <- {typed}" if typed else "")
        case Date(date=day):
            return day.iso()
        case Text(text=text):
            return text
        case Unable(reason=reason):
            return f"unable {reason}".strip()
        case Decision(decision=decision, reason=reason):
            return f"{decision} {reason}".strip()
        case Result(items=items):
            return "; ".join(
                measured_text(item, unit=True)
                + (f" ({item.low}-{item.high})" if item.high else "")
                + (f" of {item.date.iso()}" if item.date else "")
                for item in items
            )
        case Table(rows=table, closed=closed):
            cells = [
                re.sub(r"\s+", " ", " | ".join(map(str, dict(r.cells).values()))) for r in table
            ]
            return "; ".join([*cells, *(["closed"] if closed else [])])
    raise AssertionError(value)


if __name__ == "__main__":
    # Spells the table as it is read now, to be looked through line by line before it is kept.
    case = ""
    for row in list(rows()):
        if row.case != case:
            print(f"\n[case] {row.case}")
            case = row.case
        print("\n".join([f"> {row.typed}", *(f"  {line}" for line in read(row))]))
