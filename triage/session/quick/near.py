"""Which names come nearest to a text that fits none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Generic, TypeVar

T = TypeVar("T")
MOST = 3
# Nobody mistypes more.
_LONGEST = 60


def _pairs(text: str) -> frozenset[str]:
    text = f" {text[:_LONGEST].casefold().strip()} "
    return frozenset(text[at : at + 2] for at in range(len(text) - 1))


class Nearest(Generic[T]):
    """Names, and what they stand for.

    Two names are near that share many pairs of letters (Dice): a fiftieth of the time of an edit distance, which
    over thousands of names would be felt at each key.

    Parameters
    ----------
    named
        Each name with what it stands for.
    """

    def __init__(self, named: Iterable[tuple[str, T]]) -> None:
        unique = dict.fromkeys((name, thing) for name, thing in named if name)
        self._things = [thing for _, thing in unique]
        self._sizes: list[int] = []
        self._by_pair: dict[str, list[int]] = {}
        for n, (name, _) in enumerate(unique):
            pairs = _pairs(name)
            self._sizes.append(len(pairs))
            for pair in pairs:
                self._by_pair.setdefault(pair, []).append(n)

    def to(self, text: str, most: int = MOST) -> list[T]:
        """Return what the nearest names stand for, each once, the nearest first."""
        wanted = _pairs(text)
        shared = Counter(n for pair in wanted for n in self._by_pair.get(pair, ()))
        scored = sorted(
            (-2 * many / (len(wanted) + self._sizes[n]), n) for n, many in shared.items()
        )
        found: dict[T, None] = {}
        for _, n in scored:
            if len(found) == most:
                break
            found[self._things[n]] = None
        return list(found)
