"""A line of advice: a sentence, its small print, its sign, and where it leads to."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from typing import NamedTuple

from triage.model.values import Level
from triage.rules.assessment import Item


class Mark(Enum):
    """A sign. Each has its own shape."""

    NONE = "none"
    EMERGENCY = "emergency"
    MAYBE_EMERGENCY = "maybe emergency"
    MAYBE_URGENT = "maybe urgent"
    URGENT = "urgent"
    SOON = "soon"
    ROUTINE = "routine"
    PLUS = "plus"
    MINUS = "minus"
    OPEN = "open"
    CAUTION = "caution"
    CLOSED_GROUP = "closed group"
    OPEN_GROUP = "open group"
    DONE = "done"
    NOT = "not"
    UNEQUAL = "unequal"
    FLAG = "flag"
    LOCKED = "locked"
    BOX = "box"
    BOX_ACCEPTED = "accepted"
    BOX_DECLINED = "declined"
    BOX_LATER = "later"


class Why(NamedTuple):
    """What a conclusion rests on.

    Parameters
    ----------
    says
        The rule in words.
    answers, missing
        The answers that it was drawn from, and those that it waits for.
    source
        The keys of its sources.
    """

    says: str
    answers: tuple[str, ...] = ()
    missing: tuple[Item, ...] = ()
    source: tuple[str, ...] = ()


class Said(NamedTuple):
    """What a line says.

    Parameters
    ----------
    text, note
        The sentence, and the small print below it.
    mark
        The sign in front.
    keys
        Questions that a click leads to, one after the other; empty: the line is only read.
    tip
        What the pointer shows: citations.
    strong
        Whether the sentence is set heavier.
    indent
        Steps to the right.
    aside
        What stands at the right of the sentence.
    why
        What it rests on.
    """

    text: str
    note: str = ""
    mark: Mark = Mark.NONE
    keys: tuple[str, ...] = ()
    tip: str = ""
    strong: bool = False
    indent: int = 0
    aside: str = ""
    why: Why | None = None


class Part(NamedTuple):
    """Lines under a heading; no lines, no heading. The note says what they are where they are folded away."""

    title: str
    lines: tuple[Said, ...]
    note: str = ""


class Suggestion(NamedTuple):
    """What a decision is made on.

    Parameters
    ----------
    rule
        The id that a decision is recorded under.
    name
        Short name, for screen readers.
    line
        Name and reason.
    purpose
        What it is for, in one line.
    caution
        Cautions, in one text.
    timing
        When and by whom, in a few words.
    reason_required
        Whether the answer that takes a reason needs it.
    against
        Whether it is advised against: it is left out unless it is asked for all the same, with a reason.
    advice
        Whether the recipient can be asked for advice instead.
    """

    rule: str
    name: str
    line: Said
    purpose: str = ""
    caution: str = ""
    timing: str = ""
    reason_required: bool = False
    against: bool = False
    advice: bool = False


def mark_of(level: Level) -> Mark:
    """Return the sign of a level of urgency."""
    return Mark(level)


def maybe_mark_of(level: Level) -> Mark:
    """Return the sign of a level that could not be excluded: the same shape, hollow."""
    return {"emergency": Mark.MAYBE_EMERGENCY, "urgent": Mark.MAYBE_URGENT}.get(level, Mark.OPEN)


def clause(text: str) -> str:
    """Return a sentence as it stands before a comma or a bracket."""
    return text.strip().rstrip(".")


def begun(text: str) -> str:
    """Return `text` with a capital; a name such as eGFR keeps its small letter."""
    return text if text[1:2].isupper() else text[:1].upper() + text[1:]


def few(names: Iterable[str], most: int) -> str:
    """Return the first names of a list, each once, and how many more there are."""
    found = list(dict.fromkeys(names))
    more = f" and {len(found) - most} more" if len(found) > most else ""
    return ", ".join(found[:most]) + more


def counted(number: int, one: str) -> str:
    """Return a number with what is counted, such as ``1 item`` and ``2 items``."""
    return f"1 {one}" if number == 1 else f"{number} {one}s"


def lines_of(*parts: str) -> str:
    """Return the parts of a small print that are there, one to a line."""
    return "\n".join(part for part in parts if part)
