"""The window. The only package that knows Qt."""

from __future__ import annotations

import builtins
import sys

import PySide6.QtCore  # noqa: F401

# PySide6 puts a function of its own in the place of Python's import: it reads the source of every module that is
# imported, for a feature that nothing here uses, and keeps it all. That was a twentieth of the start.
builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)

if sys.version_info < (3, 12):
    import ctypes

    # PySide6 6.12.0 gives back one reference to None with every call that returns nothing, and now and then one
    # to True or False, without having taken one (6.11.3 does not). Before Python 3.12, where these became
    # immortal, minutes of work use them up, and Python aborts with "deallocating None". So they get more
    # references than can be used up.
    for _single in (None, True, False, NotImplemented):
        ctypes.c_ssize_t.from_address(id(_single)).value += 1 << 40
