"""Starts a module of the store as a process of its own."""

from __future__ import annotations

import subprocess
import sys


def start_child(
    module: str, key: bytes, *words: str, heard: bool = False
) -> subprocess.Popen[bytes]:
    """Start `module` with the data key on its standard input, and go on at once.

    It outlives the program that started it, so that a close waits for nothing.

    Parameters
    ----------
    heard
        Whether what it prints is kept for the caller; it must fit into a pipe, 64 KiB.
    """
    child = subprocess.Popen(
        [sys.executable, "-m", module, *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE if heard else subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    assert child.stdin is not None
    # By a pipe: arguments are seen by every user of the computer.
    child.stdin.write(key.hex().encode())
    child.stdin.close()
    return child


def read_key() -> bytes:
    """Return the key that `start_child` gave this process."""
    return bytes.fromhex(sys.stdin.read().strip())
