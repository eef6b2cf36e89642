"""What rests on a name, so that what was found out is asked again only where something has changed."""

from __future__ import annotations

from collections.abc import Container, KeysView
from itertools import chain
from typing import Generic, TypeVar

T = TypeVar("T")


class Dependants(Generic[T]):
    """Things, each with the names on which it rests.

    They are looked through once for each name that ever changes: an index of all names would be a hundred times
    as large as what is asked of it.
    """

    def __init__(self) -> None:
        self._all: dict[T, None] = {}
        # Many things rest on the same names: these are looked through once for all of them.
        self._resting: dict[int, tuple[Container[str], list[T]]] = {}
        self._of: dict[str, tuple[T, ...]] = {}

    def add(self, thing: T, *names: Container[str]) -> None:
        """Take a thing that rests on any of `names`."""
        self._all[thing] = None
        for part in names:
            self._resting.setdefault(id(part), (part, []))[1].append(thing)
        self._of.clear()

    def of(self, name: str) -> tuple[T, ...]:
        """Return what rests on `name`."""
        found = self._of.get(name)
        if found is None:
            resting = [things for names, things in self._resting.values() if name in names]
            found = self._of[name] = tuple(dict.fromkeys(chain.from_iterable(resting)))
        return found

    @property
    def all(self) -> KeysView[T]:
        """All that rest on anything."""
        return self._all.keys()
