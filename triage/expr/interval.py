"""Numbers that are only known to lie somewhere."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

INFINITY = Decimal("Infinity")


class Interval(NamedTuple):
    """All numbers from `low` to `high`; `low_in` and `high_in` say whether the ends belong to it."""

    low: Decimal
    high: Decimal
    low_in: bool = True
    high_in: bool = True

    def compare(self, op: str, limit: Decimal) -> bool | None:
        """Return whether all numbers compare so (True), none does (False), or some do (None)."""
        match op:
            case "<":
                if self.high < limit or (self.high == limit and not self.high_in):
                    return True
                return False if self.low >= limit else None
            case "<=":
                if self.high <= limit:
                    return True
                return (
                    False if self.low > limit or (self.low == limit and not self.low_in) else None
                )
            case "==":
                if self.low == self.high == limit:
                    return True
                outside = self.compare("<", limit) or self.compare(">", limit)
                return False if outside else None
            case "!=":
                return opposite(self.compare("==", limit))
            case ">=":
                if self.low >= limit:
                    return True
                return (
                    False
                    if self.high < limit or (self.high == limit and not self.high_in)
                    else None
                )
            case ">":
                if self.low > limit or (self.low == limit and not self.low_in):
                    return True
                return False if self.high <= limit else None
        raise ValueError(op)

    def divided(self, by: Decimal) -> Interval:
        """Return the interval with both ends divided by the positive number `by`."""
        return type(self)(self.low / by, self.high / by, self.low_in, self.high_in)

    def over(self, other: Interval) -> Interval:
        """Return how many times `other` this is; both are of amounts, which are not below 0."""
        low, other_low = max(self.low, Decimal(0)), max(other.low, Decimal(0))
        least = low / other.high if Decimal(0) < other.high < INFINITY else Decimal(0)
        is_bounded = self.high < INFINITY and other_low > 0
        most = self.high / other_low if is_bounded else INFINITY
        both = self.low_in and other.high_in, self.high_in and other.low_in and is_bounded
        made = Interval(least, most, *both)
        is_doubtful = isinstance(self, Doubtful) or isinstance(other, Doubtful)
        return Doubtful(*made) if is_doubtful else made


class Doubtful(Interval):
    """A number that cannot be, such as a potassium of 41: it may alarm, and it never reassures."""

    __slots__ = ()

    def compare(self, op: str, limit: Decimal) -> bool | None:
        """Return True where the number as typed compares so, else None: it may have been another."""
        return super().compare(op, limit) or None


def point(number: Decimal) -> Interval:
    """Return the interval that holds just `number`."""
    return Interval(number, number)


def bounded(comparator: str, number: Decimal) -> Interval:
    """Return what a number with a comparator stands for: ``<0.01``, ``>=18``, or the number itself."""
    match comparator:
        case "<":
            return Interval(-INFINITY, number, False, False)
        case "<=":
            return Interval(-INFINITY, number, False, True)
        case ">":
            return Interval(number, INFINITY, False, False)
        case ">=":
            return Interval(number, INFINITY, True, False)
    return point(number)


def opposite(truth: bool | None) -> bool | None:
    """Return Kleene's *not*."""
    return None if truth is None else not truth
