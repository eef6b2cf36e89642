"""How the benchmarks measure and what they report."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a benchmark.

    Parameters
    ----------
    name
        What was measured.
    value
        The figure.
    unit
        ``x`` for a ratio to the floor, ``ms`` for a time.
    aim
        What it should not exceed.
    detail
        How it came about: measured value and floor, medians, rounds.
    """

    name: str
    value: float
    unit: str
    aim: float
    detail: str

    @property
    def met(self) -> bool:
        """Whether the aim was met."""
        return self.value <= self.aim


def times(work: Callable[[int], object], rounds: int, warm_up: int = 3) -> list[float]:
    """Return the milliseconds of each of `rounds` calls; `work` gets the number of its round."""
    for i in range(warm_up):
        work(-1 - i)
    taken = []
    for i in range(rounds):
        start = time.perf_counter()
        work(i)
        taken.append((time.perf_counter() - start) * 1000)
    return taken


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value that `share` of `values` do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def ratio(
    name: str, measured: Sequence[float], floor: Sequence[float], aim: float, unit: str
) -> Figure:
    """Return the ratio of the medians of what was measured and its floor."""
    top, bottom = statistics.median(measured), statistics.median(floor)
    detail = f"{top:.1f} {unit} against {bottom:.1f} {unit}, medians of {len(measured)}"
    return Figure(name, top / bottom, "x", aim, detail)


def tail(name: str, measured: Sequence[float], aim: float) -> Figure:
    """Return the 99th percentile of times in milliseconds."""
    detail = f"median {statistics.median(measured):.2f} ms of {len(measured)}"
    return Figure(name, percentile(measured, 0.99), "ms", aim, detail)
