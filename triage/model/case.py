"""The case: one flat, immutable mapping from key to value."""

from __future__ import annotations

from collections.abc import Callable, ItemsView, Iterator, KeysView, Mapping, ValuesView
from typing import TypeVar, overload

from triage.model.values import Value

_T = TypeVar("_T")


class Case(Mapping[str, Value]):
    """Everything a clinician recorded, by key. What is not in it was not assessed."""

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, Value] | None = None) -> None:
        self._values: dict[str, Value] = dict(values or {})

    def __getitem__(self, key: str) -> Value:
        return self._values[key]

    def __contains__(self, key: object) -> bool:
        return key in self._values

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    # At the speed of a dictionary, for facts are read at every key press.

    def items(self) -> ItemsView[str, Value]:
        """Return keys and values."""
        return self._values.items()

    def keys(self) -> KeysView[str]:
        """Return the keys."""
        return self._values.keys()

    def values(self) -> ValuesView[Value]:
        """Return the values."""
        return self._values.values()

    @property
    def lookup(self) -> Callable[[str], Value | None]:
        """What gives what stands under a key, for whoever asks many times."""
        return self._values.get

    @overload
    def get(self, key: str) -> Value | None: ...

    @overload
    def get(self, key: str, default: Value | _T) -> Value | _T: ...

    def get(self, key: str, default: Value | _T | None = None) -> Value | _T | None:
        """Return what stands under a key, else `default`."""
        return self._values.get(key, default)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Case) and self._values == other._values

    def __hash__(self) -> int:
        return hash(frozenset(self._values.items()))

    def __repr__(self) -> str:
        # Never the values: a repr ends up in logs and tracebacks.
        return f"<Case with {len(self._values)} answers>"

    def with_(self, changes: Mapping[str, Value | None]) -> Case:
        """Return a case with `changes` made; None removes a key."""
        values = dict(self._values)
        for key, value in changes.items():
            if value is None:
                values.pop(key, None)
            else:
                values[key] = value
        return Case(values)

    def differences(self, other: Case) -> dict[str, tuple[Value | None, Value | None]]:
        """Return, by key, what stands here and what stands in `other`, where they differ."""
        here, there = self._values, other._values
        keys = {k for k, value in here.items() if value is not (o := there.get(k)) and value != o}
        keys |= there.keys() - here.keys()
        return {key: (here.get(key), there.get(key)) for key in sorted(keys)}
