"""The garbage collector, where it would only be in the way."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

# Walks of the younger objects before one of the oldest; Python has ten.
_RARELY = 100


def begin_collecting() -> None:
    """Let the collector work from now on, on what is made from now on.

    What stands when the program does stays for as long as it runs: walking the content again and again would cost
    a tenth of a second each time, in the middle of a key press. The widgets that come after it stay as well, so that
    the oldest are looked at a tenth as often as Python would.
    """
    gc.freeze()
    gc.set_threshold(*gc.get_threshold()[:2], _RARELY)
    gc.enable()


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
