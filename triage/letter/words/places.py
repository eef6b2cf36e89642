"""Places and their sides, said the same way everywhere: ``both forearms and calves, right hand``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from triage.letter.words.phrase import listed

Side = Literal["both", "right", "left", "", "none"]
# As they are told; what has no sides stands between those that have one and those whose side nobody recorded.
_ORDER: tuple[Side, ...] = ("both", "right", "left", "none", "")


@dataclass(frozen=True, slots=True)
class Place:
    """A place, and on which side of it something is.

    Parameters
    ----------
    name
        Of one: ``forearm/hand``.
    side
        both, right, left, empty (it has sides, and none was recorded) or none (it has no sides).
    plural
        Of both. What has none is no place but a thing: its side stands behind it.
    note
        What stands behind it in brackets.
    """

    name: str
    side: Side = "none"
    plural: str = ""
    note: str = ""


def side_of(sides: Iterable[str]) -> Side:
    """Return which of its two sides `sides` are."""
    here = set(sides)
    if {"left", "right"} <= here:
        return "both"
    return "right" if "right" in here else "left" if "left" in here else ""


def places_text(places: Sequence[Place], missing: str = "") -> str:
    """Return places in words; one side is said once of all that it belongs to.

    Parameters
    ----------
    places
        The places, in their order.
    missing
        What stands behind those whose side was not recorded; nothing if empty.
    """
    groups: list[str] = []
    for side in _ORDER:
        here = [p for p in places if p.side == side]
        if side in ("", "none"):
            groups += [_unsided(here, missing if not side else "")] if here else []
            continue
        regions, things = [p for p in here if p.plural], [p for p in here if not p.plural]
        groups += [_in_front(regions, side)] if regions else []
        groups += [_behind(things, side)] if things else []
    # "Both calves and right hand and forearm" would be read twice.
    is_plain = not any("," in group or " and " in group for group in groups)
    return listed(groups, "and" if is_plain and len(groups) == 2 else "")


def _in_front(places: list[Place], side: Side) -> str:
    names = [_noted(p.plural if side == "both" else p.name, p.note) for p in places]
    return f"{side} {listed(names, 'and')}"


def _behind(places: list[Place], side: Side) -> str:
    text = listed([_noted(p.name, p.note) for p in places], "and")
    return f"{text} on both sides" if side == "both" else f"{text} {side}"


def _unsided(places: list[Place], missing: str) -> str:
    names = [_noted(p.name, p.note) for p in places]
    return f"{listed(names, 'and')}, {missing}" if missing else listed(names, "and")


def _noted(name: str, note: str) -> str:
    return f"{name} ({note})" if note else name
