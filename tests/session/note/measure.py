"""How much of the invented notes is proposed, and whether anything wrong would stand ticked.

Run as a script it prints the figure of each note: ``python -m tests.session.note.measure``.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.session.quick.table import session_of, spell
from triage.model.values import Table, Value
from triage.session.note import Proposal, read_note

NOTES = Path(__file__).parent


@dataclass
class Note:
    """A note, what is right to record of it, and which of that is there to be found."""

    name: str
    text: str = ""
    wanted: list[str] = field(default_factory=list)
    right: list[str] = field(default_factory=list)


@dataclass
class Measured:
    """What was found of a note."""

    note: Note
    certain: list[str]
    asked: list[str]
    wrong: list[str]
    missed: list[str]
    noise: list[str]

    @property
    def found(self) -> int:
        """How many of the facts are proposed."""
        return len(self.note.wanted) - len(self.missed)


def notes(name: str) -> list[Note]:
    """Return the notes of a file."""
    found: list[Note] = []
    for line in (NOTES / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        if match := re.fullmatch(r"\[(.+)\]", line):
            found.append(Note(match[1]))
        elif line.startswith(("= ", "~ ")):
            found[-1].right.append(line[2:])
            found[-1].wanted += [line[2:]] if line[0] == "=" else []
        else:
            found[-1].text += f"{line}\n"
    return found


def facts(changes: dict[str, Value | None]) -> Iterator[str]:
    """Yield each fact that would be recorded, as the notes spell it."""
    for key, value in changes.items():
        if isinstance(value, Table):
            yield from (f"{key} {row}" for row in spell(value).split("; "))
        else:
            yield f"{key} {spell(value)}"


def is_that(fact: str, right: str) -> bool:
    """Whether a fact is the one that is right."""
    key, _, wanted = right.partition(" ")
    own, _, value = fact.partition(" ")
    if key.endswith("*"):
        return own.startswith(key[:-1]) and value.split(" ")[0] in (wanted, "normal")
    if own != key:
        return False
    value = re.sub(r" <- .*| \(.*?\)", "", value).removeprefix("about ")
    wanted = wanted.removeprefix("about ")
    if (" of 2" in value) != (" of 2" in wanted):
        return False
    if "meds" in key:
        return value.casefold().startswith(wanted.casefold())
    parts = wanted.split(" of ")
    return re.match(rf"{re.escape(parts[0])}(?![\d.])", value) is not None and value.endswith(
        parts[-1] if len(parts) > 1 else value
    )


def measure(note: Note) -> Measured:
    """Read a note and return what of it is proposed."""
    reading = read_note(session_of({}), note.text)
    certain: list[str] = []
    asked: list[str] = []
    wrong: list[str] = []
    noise: list[str] = []
    met: set[str] = set()
    for one in reading.proposals:
        said = [fact for m in one.meanings for fact in facts(dict(m.changes))]
        good = {right for fact in said for right in note.right if is_that(fact, right)}
        met |= good
        (certain if one.is_certain else asked).append(" ".join(one.line))
        if one.is_certain:
            bad = (f for f in said if not any(is_that(f, right) for right in note.right))
            wrong += [f"{' '.join(one.line)} -> {fact}" for fact in bad]
        elif not good:
            noise.append(_shown(one))
    missed = [right for right in note.wanted if right not in met]
    return Measured(note, certain, asked, wrong, missed, noise)


def _shown(one: Proposal) -> str:
    return f"{' '.join(one.line)} -> {one.meanings[0].says if one.meanings else ''}"


def main(names: list[str]) -> None:
    """Print the figures."""
    for name in names:
        every = [measure(note) for note in notes(name)]
        for one in every:
            print(
                f"{one.note.name:24} {one.found:3} of {len(one.note.wanted):3}  certain {len(one.certain):3}",
                f" asks {len(one.asked):3}  wrong {len(one.wrong)}  beside the point {len(one.noise)}",
            )
            if "-v" in sys.argv:
                print("   wrong ", one.wrong, "\n   missed", one.missed, "\n   beside", one.noise)
        print(f"{name}: {said(every)}")


def said(every: list[Measured]) -> str:
    """Return the figures of notes, in a line."""
    found, wanted = sum(m.found for m in every), sum(len(m.note.wanted) for m in every)
    certain, asked, wrong, noise = (
        sum(len(part) for part in parts)
        for parts in zip(*((m.certain, m.asked, m.wrong, m.noise) for m in every), strict=True)
    )
    return (
        f"{found} of {wanted} facts proposed ({found / wanted:.0%}), {certain} certain, {asked} ask, "
        f"{wrong} wrong as certain, {noise} ask beside the point"
    )


if __name__ == "__main__":
    main([name for name in sys.argv[1:] if name != "-v"] or ["seen", "held"])
