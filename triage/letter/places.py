"""Places and their sides, said the same way everywhere: ``both forearms and calves, right hand``."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from triage.letter.phrase import listed

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


_ODD = {"calf": "calves", "foot": "feet"}
_SIDES = ("right", "left")


def area(name: str) -> str:
    """Return a region that is one area with a slash: "forearm or hand" would say that one of them is meant."""
    return name.partition(" (")[0].replace(" or ", "/").replace(", ", "/")


def places(found: Mapping[str, Collection[str]]) -> str:
    """Return regions with the sides on which each was found; those without a side come last.

    Parameters
    ----------
    found
        By region, the sides; empty where none was recorded or it has none.
    """
    both = [name for name, sides in found.items() if {*_SIDES} <= {*sides}]
    parts = [f"both {_and([_plural(name) for name in both])}"] if both else []
    for side in _SIDES:
        here = [n for n, sides in found.items() if side in sides and n not in both]
        if here:
            parts.append(f"the {side} {_and([_single(name) for name in here])}")
    bare = [name for name, sides in found.items() if not {*_SIDES} & {*sides}]
    return _and(parts + bare) if len(parts) < 2 else listed([*parts, *bare], "and")


def _and(names: list[str]) -> str:
    return listed(names, "and")


def _single(name: str) -> str:
    # What is called "one arm" where its side is not known.
    return name.removeprefix("one ")


def _plural(name: str) -> str:
    return "/".join(_many(part) for part in _single(name).split("/"))


def _many(name: str) -> str:
    head, of, rest = name.partition(" of the ")
    first, _, last = head.rpartition(" ")
    many = _ODD.get(last, last if last.endswith("s") else f"{last}s")
    return f"{first} {many}".strip() + of + rest
