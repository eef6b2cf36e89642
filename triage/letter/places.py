"""Regions and sides in words: ``both forearms and calves``, ``the right thigh``."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from triage.letter.phrase import listed

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
