"""What the names in a condition stand for, as far as the language has to know."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum
from types import MappingProxyType
from typing import Any, NamedTuple

from triage.errors import did_you_mean


class Kind(Enum):
    """What may be done with a name."""

    FINDING = "finding"  # a truth of its own
    TRUTH = "named finding"  # a truth derived from others
    CHOICE = "choice"  # one of some options, or a grade on a scale
    QUANTITY = "quantity"  # a number with a unit
    RESULT = "result"  # a measured number, or a word for it
    OPTIONS = "choice of result"  # a result that is one of some options
    NUMBER = "named number"  # a number derived from others
    GROUP = "group"  # several names at once: list, grid, row, pair, group
    CONDITION = "condition"  # a differential diagnosis
    OTHER = "text"  # text, date, table: only known() makes sense


_NONE: Mapping[str, Any] = MappingProxyType({})


class Symbol(NamedTuple):
    """One name of the language.

    Parameters
    ----------
    id
        The name.
    kind
        What may be done with it.
    members
        The names that a group stands for.
    options
        Option -> rank on the scale (None: off the scale); for choices.
    spans
        Option off the scale -> the two options between which it lies ("weak": 0 to 4+).
    ordered
        Whether the options are a scale.
    unit
        The default unit of a number.
    also
        A second choice that is read together with this one.
    truth
        Whether a group may stand bare as a truth: a pair or a sided option, which is either side.
    listed
        Whether the group is a list that is known once an option is ticked or all are denied.
    whole
        What may be done with an answer under the group's own name, beside its members: found, side not stated.
    """

    id: str
    kind: Kind
    members: tuple[str, ...] = ()
    options: Mapping[str, int | None] = _NONE
    spans: Mapping[str, tuple[str, str]] = _NONE
    ordered: bool = False
    unit: str = ""
    also: str = ""
    truth: bool = False
    listed: bool = False
    whole: Symbol | None = None


class Scope:
    """The names that a condition may use.

    Parameters
    ----------
    symbols
        All names, by id.
    """

    def __init__(self, symbols: Iterable[Symbol] = ()) -> None:
        self._symbols = {symbol.id: symbol for symbol in symbols}
        # By the options of a choice and the comparison: what each option comes to. A grid asks the same of every row.
        self.tables: dict[tuple[int, str, tuple[str, ...]], Mapping[str, bool | None]] = {}

    def add(self, symbol: Symbol) -> None:
        """Make one more name known."""
        self._symbols[symbol.id] = symbol

    def wider(self, symbols: Iterable[Symbol]) -> Scope:
        """Return a scope with further names, which this one does not know."""
        found = Scope((*self._symbols.values(), *symbols))
        found.tables = self.tables
        return found

    def get(self, name: str) -> Symbol | None:
        """Return the symbol called `name`, or None."""
        return self._symbols.get(name)

    def closest(self, name: str) -> str:
        """Return a hint such as `` (did you mean 'neuro.weakness'?)``, or an empty string."""
        return did_you_mean(name, self._symbols)
