"""What rests on a name, so that what was found out is asked again only where something has changed."""

from __future__ import annotations

from collections.abc import Container, KeysView
from typing import Generic, TypeVar

T = TypeVar("T")


class Dependants(Generic[T]):
    """Things, each with the names on which it rests.

    They are looked through once for each name that ever changes: an index of all names would be a hundred times
    as large as what is asked of it.
    """

    def __init__(self) -> None:
        self._all: dict[T, tuple[Container[str], ...]] = {}
        self._of: dict[str, tuple[T, ...]] = {}

    def add(self, thing: T, *names: Container[str]) -> None:
        """Take a thing that rests on any of `names`."""
        self._all[thing] = names
        self._of.clear()

    def of(self, name: str) -> tuple[T, ...]:
        """Return what rests on `name`."""
        found = self._of.get(name)
        if found is None:
            found = self._of[name] = tuple(
                thing for thing, rests in self._all.items() if any(name in names for names in rests)
            )
        return found

    @property
    def all(self) -> KeysView[T]:
        """All that rest on anything."""
        return self._all.keys()
