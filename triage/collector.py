"""The garbage collector, where it would only be in the way, and on the one thread where it harms nothing."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


def spare_what_stands() -> None:
    """Never look again at what there is by now.

    What stands when the program does stays for as long as it runs: walking the content again and again would cost
    a tenth of a second each time, in the middle of a key press.
    """
    gc.freeze()


def collect_due() -> None:
    """Collect what Python would have collected by now, on the thread that calls.

    Python collects on whichever thread asks for memory at that moment. Where that is the one that saves, the widgets
    of a window that was closed would be destroyed there, while Qt is at work with them on theirs: the program dies.
    """
    limits = gc.get_threshold()
    for generation, (count, limit) in reversed(
        list(enumerate(zip(gc.get_count(), limits, strict=True)))
    ):
        if count > limit:
            gc.collect(generation)
            return


@contextmanager
def without_collector() -> Iterator[None]:
    """Make a great many small objects that stay, or go by themselves: the collector would walk them in vain."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()
