"""The window. The only package that knows Qt."""

from __future__ import annotations

import sys

if sys.version_info < (3, 12):
    import ctypes

    # PySide6 6.12.0 gives back one reference to None with every call that returns nothing, without having taken
    # one (6.11.3 does not). Before Python 3.12, where None became immortal, a few minutes of work use up all of
    # them, and Python aborts with "deallocating None". So None gets more references than can be used up.
    ctypes.c_ssize_t.from_address(id(None)).value += 1 << 40
