"""Keeps what is in the memory of the window out of files that the system writes of a process that died."""

from __future__ import annotations

import os
import sys

# Set by tests that watch the process from outside; the kernel hides what is not dumpable from them.
WATCHED = "TRIAGE_WATCHED"
_PR_SET_DUMPABLE = 4


def without_core_dumps() -> None:
    """Ask the system for no memory image of this process: it would hold passphrase, key and patients."""
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux" and not os.environ.get(WATCHED):
        import ctypes

        # A pipe of the system (systemd-coredump) heeds no limit of size.
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
