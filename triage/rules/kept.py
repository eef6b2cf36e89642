"""What each rule came to at the last reading, kept until something changes on which it rests.

At a key press one answer changes, and of a thousand rules some ten rest on it.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping, Set
from typing import Any, Generic, ParamSpec, TypeVar

from triage.expr.dependants import Dependants
from triage.expr.explain import Explained
from triage.rules.facts import CaseFacts

T = TypeVar("T")
P = ParamSpec("P")
_OPEN: Any = object()
# Names of another case: what rests on none of them is not worth a search.
_MANY = 100


class Cell(Generic[T]):
    """What one rule came to, or nothing yet."""

    __slots__ = ("_found",)

    def __init__(self) -> None:
        self._found: T = _OPEN

    def get(self, find: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Return what is kept, else what `find` finds."""
        if self._found is _OPEN:
            self._found = find(*args, **kwargs)
        return self._found

    def drop(self) -> None:
        """Keep nothing."""
        self._found = _OPEN


class Kept:
    """The cells of rules that read the same facts; made once for a content."""

    def __init__(self) -> None:
        self._cells: Dependants[Cell[Any]] = Dependants()
        self._read = CaseFacts()
        self._concluded: dict[str, Mapping[str, object]] = {}

    def cell(self, nodes: Iterable[Explained], *names: Container[str]) -> Cell[Any]:
        """Return a cell for what rests on conditions, and on further names."""
        parts: dict[int, Container[str]] = {}
        for node in nodes:
            for part in (node.answers, node.scored):
                if part:
                    parts[id(part)] = part
        made: Cell[Any] = Cell()
        self._cells.add(made, *parts.values(), *filter(None, names))
        return made

    def turn(self, read: CaseFacts) -> None:
        """Go on with other facts."""
        if read is not self._read:
            self._drop(read.unlike(self._read))
            self._read = read

    def conclude(self, about: str, found: Mapping[str, object]) -> None:
        """Take what was concluded from the facts, by name, and is itself read by rules."""
        before = self._concluded.get(about)
        self._concluded[about] = found
        # Before the first conclusion nothing is found that rests on it.
        if before is not None:
            self._drop({n for n in found.keys() | before.keys() if found.get(n) != before.get(n)})

    def forget(self) -> None:
        """Keep nothing."""
        self._drop_all(self._cells.all)
        self._read = CaseFacts()

    def _drop(self, names: Set[str]) -> None:
        if len(names) > _MANY:
            self._drop_all(self._cells.all)
        else:
            for name in names:
                self._drop_all(self._cells.of(name))

    @staticmethod
    def _drop_all(cells: Iterable[Cell[Any]]) -> None:
        for cell in cells:
            cell.drop()
