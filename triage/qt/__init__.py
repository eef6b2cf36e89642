"""The window. The only package that knows Qt."""

from __future__ import annotations

import linecache
import sys

# Once PySide6 is there it reads the source of every module that is imported, for a feature that nothing here
# uses, and `linecache` keeps it all. So what knows no Qt is imported before it; the rest `forget_sources` drops.
import triage.session.draft
import triage.session.letters
import triage.session.own  # noqa: F401

if sys.version_info < (3, 12):
    import ctypes

    # PySide6 6.12.0 gives back one reference to None with every call that returns nothing, and now and then one
    # to True or False, without having taken one (6.11.3 does not). Before Python 3.12, where these became
    # immortal, minutes of work use them up, and Python aborts with "deallocating None". So they get more
    # references than can be used up.
    for _single in (None, True, False, NotImplemented):
        ctypes.c_ssize_t.from_address(id(_single)).value += 1 << 40


def forget_sources() -> None:
    """Drop the sources that PySide6 had read: a traceback reads anew the few lines that it shows."""
    linecache.clearcache()
