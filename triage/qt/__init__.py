"""The window. The only package that knows Qt."""

from __future__ import annotations

import sys

if sys.version_info < (3, 12):
    import ctypes

    # PySide6 6.12.0 gives back one reference to None with every call that returns nothing, and now and then one
    # to True or False, without having taken one (6.11.3 does not). Before Python 3.12, where these became
    # immortal, minutes of work use them up, and Python aborts with "deallocating None". So they get more
    # references than can be used up.
    for _single in (None, True, False, NotImplemented):
        ctypes.c_ssize_t.from_address(id(_single)).value += 1 << 40
